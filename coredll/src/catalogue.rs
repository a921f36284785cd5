//! Every export of COREDLL that is known, by CE version, also those that cerium lacks; and the other libraries
//! that cerium serves in place of a file.
//!
//! The facts are a table of ordinals and names (`data/coredll-ordinals.tsv`, with its origin in its head).

use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The processors whose exports differ.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Processor {
    /// ARM, Thumb and Thumb-2.
    Arm,
    /// x86.
    X86,
}

/// One export.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Export {
    /// Its ordinal.
    pub ordinal: u16,
    /// Its name; C names without their leading underscore.
    pub name: &'static str,
    /// What it is about, in one word.
    pub area: &'static str,
    /// The versions that have it: 5, WM, 6, 6k, 7.
    pub versions: &'static str,
    /// The processors that have it: both, arm, x86, or arm? where no SDK library says so.
    pub processors: &'static str,
}

impl Export {
    fn parse(line: &'static str) -> Option<Export> {
        let mut columns = line.split('\t');
        Some(Export {
            ordinal: columns.next()?.parse().ok()?,
            name: columns.next()?,
            area: columns.next()?,
            versions: columns.next()?,
            processors: columns.next()?,
        })
    }

    /// Whether this processor's COREDLL has it.
    pub fn is_on(&self, processor: Processor) -> bool {
        match processor {
            Processor::Arm => self.processors != "x86",
            Processor::X86 => self.processors == "both" || self.processors == "x86",
        }
    }

    /// How well attested it is: CE 6 before other versions, an SDK library before an image.
    fn rank(&self) -> (bool, bool) {
        (self.versions.split(',').any(|version| version == "6"), self.processors != "arm?")
    }
}

struct Catalogue {
    exports: Vec<Export>,
    by_ordinal: BTreeMap<(Processor, u16), usize>,
    by_name: BTreeMap<(Processor, &'static str), usize>,
}

fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        let lines = include_str!("../data/coredll-ordinals.tsv").lines();
        let exports: Vec<Export> = lines.filter_map(Export::parse).collect();
        let mut by_ordinal: BTreeMap<(Processor, u16), usize> = BTreeMap::new();
        let mut by_name = BTreeMap::new();
        for (place, export) in exports.iter().enumerate() {
            for processor in [Processor::Arm, Processor::X86] {
                if !export.is_on(processor) {
                    continue;
                }
                by_name.entry((processor, export.name)).or_insert(place);
                let best = by_ordinal.entry((processor, export.ordinal)).or_insert(place);
                if export.rank() > exports[*best].rank() {
                    *best = place;
                }
            }
        }
        Catalogue { exports, by_ordinal, by_name }
    })
}

/// A library that cerium serves: a program that imports it needs no file of that name.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Library {
    /// COREDLL.
    Coredll,
    /// TOOLHELP.
    Toolhelp,
}

impl Library {
    /// The library of that name, with or without its ending; names of modules have no case.
    pub fn named(module: &str) -> Option<Library> {
        let module = module.to_ascii_lowercase();
        match module.strip_suffix(".dll").unwrap_or(&module) {
            "coredll" => Some(Library::Coredll),
            "toolhelp" => Some(Library::Toolhelp),
            _ => None,
        }
    }

    /// What a processor's library exports at an ordinal.
    pub fn at_ordinal(self, processor: Processor, ordinal: u16) -> Option<&'static Export> {
        match self {
            Library::Coredll => at_ordinal(processor, ordinal),
            // No list of them is public.
            Library::Toolhelp => None,
        }
    }

    /// What a processor's library exports by a name.
    pub fn by_name(self, processor: Processor, name: &str) -> Option<&'static Export> {
        match self {
            Library::Coredll => by_name(processor, name),
            Library::Toolhelp => toolhelp().iter().find(|export| export.name == name),
        }
    }
}

/// Every export of TOOLHELP, which is imported by name.
pub fn toolhelp() -> &'static [Export] {
    static EXPORTS: OnceLock<Vec<Export>> = OnceLock::new();
    let lines = include_str!("../data/toolhelp-exports.tsv").lines();
    EXPORTS.get_or_init(|| lines.filter_map(Export::parse).collect())
}

/// Every export, by ordinal.
pub fn exports() -> &'static [Export] {
    &catalogue().exports
}

/// What a processor's COREDLL exports at an ordinal; where versions differ, what CE 6 does.
pub fn at_ordinal(processor: Processor, ordinal: u16) -> Option<&'static Export> {
    let catalogue = catalogue();
    catalogue.by_ordinal.get(&(processor, ordinal)).map(|place| &catalogue.exports[*place])
}

/// What a processor's COREDLL exports by a name.
pub fn by_name(processor: Processor, name: &str) -> Option<&'static Export> {
    let catalogue = catalogue();
    catalogue.by_name.get(&(processor, name)).map(|place| &catalogue.exports[*place])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinals_differ_by_processor_from_2000_up() {
        assert_eq!(at_ordinal(Processor::Arm, 2005).unwrap().name, "__rt_sdiv");
        assert_eq!(at_ordinal(Processor::X86, 2005).unwrap().name, "_allshl");
        assert_eq!(at_ordinal(Processor::X86, 496).unwrap().name, "Sleep");
        assert_eq!(by_name(Processor::Arm, "waveOutOpen").unwrap().ordinal, 399);
        assert!(at_ordinal(Processor::Arm, 60000).is_none());
    }

    #[test]
    fn libraries_are_known_by_names_without_case_or_ending() {
        for name in ["TOOLHELP.DLL", "toolhelp", "ToolHelp.dll"] {
            assert_eq!(Library::named(name), Some(Library::Toolhelp));
        }
        assert_eq!(Library::named("COREDLL.dll"), Some(Library::Coredll));
        assert_eq!(Library::named("toolhelp.exe"), None);
        assert_eq!(toolhelp().len(), 13);
    }

    #[test]
    fn every_row_of_the_table_is_an_export_at_its_ordinals() {
        for row in crate::TABLE {
            for (processor, ordinal) in
                [(Processor::X86, row.ordinals.x86), (Processor::Arm, row.ordinals.arm)]
            {
                let Some(ordinal) = ordinal else { continue };
                let names: Vec<_> = exports()
                    .iter()
                    .filter(|export| export.ordinal == ordinal && export.is_on(processor))
                    .map(|export| export.name)
                    .collect();
                assert!(names.contains(&row.export), "{} at {ordinal}: {names:?}", row.export);
            }
            if row.ordinals.x86.is_none() && row.ordinals.arm.is_none() {
                let export = Library::Toolhelp.by_name(Processor::Arm, row.export);
                assert!(export.is_some(), "{} has no ordinal and is not TOOLHELP's", row.export);
            }
        }
    }
}

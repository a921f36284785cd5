//! The report for people.

use std::fmt::{self, Write as _};

use super::imports::{Function, Library, Module, Standing};
use super::{Exports, Inspection, Section, Table, pages};
use crate::columns::{Align, Columns};

impl fmt::Display for Inspection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let machine = &self.machine;
        writeln!(f, "{}: a {} for Windows CE on {}", self.file, self.kind, machine.name)?;
        writeln!(f)?;
        let mut fact = |name: &str, value: String| writeln!(f, "  {name:<12}{value}");
        fact("machine", format!("{} ({:#x})", machine.name, machine.code))?;
        let subsystem = &self.subsystem;
        fact("subsystem", format!("{} (Windows CE), version {}", subsystem.number, subsystem.version))?;
        fact("image base", format!("{:#010x}", self.image_base))?;
        fact("size", format!("{:#x} bytes, {} pages", self.size_of_image, pages(self.size_of_image)))?;
        fact("entry", self.entry())?;
        fact("stack", self.stack())?;
        fact("timestamp", self.timestamp())?;
        fact("relocations", self.relocations())?;
        sections(f, &self.sections)?;
        directories(f, &self.directories)?;
        for module in &self.imports {
            imports(f, module, "imports from")?;
        }
        for library in &self.libraries {
            self::library(f, library)?;
        }
        if let Some(exports) = &self.exports {
            self::exports(f, exports)?;
        }
        self.close(f)
    }
}

impl Inspection {
    fn entry(&self) -> String {
        match &self.entry {
            None => "none".to_owned(),
            Some(entry) => {
                let section = entry.section.as_deref().unwrap_or("no section");
                format!("{:#010x} (rva {:#x}, {section}, {})", entry.address, entry.rva, entry.code)
            }
        }
    }

    fn stack(&self) -> String {
        match self.stack_reserve {
            0 => "left to the system".to_owned(),
            size => format!("{size:#x} bytes"),
        }
    }

    fn timestamp(&self) -> String {
        match self.timestamp.seconds {
            0 => "none".to_owned(),
            seconds => format!("{} ({seconds:#x})", self.timestamp.utc),
        }
    }

    fn relocations(&self) -> String {
        if self.relocations.stripped {
            return format!("stripped; it only loads at {:#010x}", self.image_base);
        }
        let kinds: Vec<String> =
            self.relocations.kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        if kinds.is_empty() { "0, none needed".to_owned() } else { kinds.join(", ") }
    }

    /// The closing line.
    fn close(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let functions = &self.functions;
        write!(f, "\ncerium has {} of {} functions", functions.had, functions.imported)?;
        if functions.in_libraries > 0 {
            write!(f, ", its libraries have {}", functions.in_libraries)?;
        }
        let lists = [
            ("in part", &functions.partial),
            ("missing", &functions.missing),
            ("unknown", &functions.unknown),
        ];
        for (what, list) in lists {
            if !list.is_empty() {
                let names: Vec<String> = list.iter().map(Function::label).collect();
                write!(f, "; {what}: {}", names.join(", "))?;
            }
        }
        match (self.runs, &self.reason) {
            (true, None) => writeln!(f, "; runs"),
            (true, Some(reason)) => writeln!(f, "; runs, but {reason}"),
            (false, reason) => {
                writeln!(f, "; does not run because: {}", reason.as_deref().unwrap_or("unknown"))
            }
        }
    }
}

impl Standing {
    fn words(self) -> &'static str {
        match self {
            Standing::Kernel => "kernel",
            Standing::Crt => "C library",
            Standing::Loader => "loader",
            Standing::Library => "that library",
            Standing::Missing => "missing",
            Standing::Unknown => "unknown to every CE version",
            Standing::NotExported => "not exported there",
            Standing::NoModule => "no such module",
        }
    }
}

fn sections(f: &mut fmt::Formatter<'_>, sections: &[Section]) -> fmt::Result {
    let mut columns = Columns::new([
        ("section", Align::Left),
        ("rva", Align::Right),
        ("size", Align::Right),
        ("file offset", Align::Right),
        ("file size", Align::Right),
        ("access", Align::Left),
    ]);
    for section in sections {
        let mut access = section.access.clone();
        for (is_so, word) in [(section.shared, " shared"), (section.discardable, " discardable")] {
            access.push_str(if is_so { word } else { "" });
        }
        let numbers = [section.rva, section.virtual_size, section.file_offset, section.file_size];
        let [rva, size, file_offset, file_size] = numbers.map(|number| format!("{number:#x}"));
        columns.line([section.name.clone(), rva, size, file_offset, file_size, access]);
    }
    write!(f, "\n{columns}")
}

fn directories(f: &mut fmt::Formatter<'_>, directories: &[Table]) -> fmt::Result {
    let mut columns =
        Columns::new([("directory", Align::Left), ("rva", Align::Right), ("size", Align::Right)]);
    for table in directories {
        columns.line([table.name.to_owned(), format!("{:#x}", table.rva), format!("{:#x}", table.size)]);
    }
    if directories.is_empty() { Ok(()) } else { write!(f, "\n{columns}") }
}

/// A library of the guest's, and what it imports.
fn library(f: &mut fmt::Formatter<'_>, library: &Library) -> fmt::Result {
    if let Some(problem) = &library.problem {
        return writeln!(f, "\nlibrary {}: {problem}", library.module);
    }
    for module in &library.imports {
        imports(f, module, &format!("{} imports from", library.module))?;
    }
    Ok(())
}

fn imports(f: &mut fmt::Formatter<'_>, module: &Module, title: &str) -> fmt::Result {
    let mut columns = Columns::new([
        ("ordinal", Align::Right),
        ("function", Align::Left),
        ("by", Align::Left),
        ("cerium", Align::Left),
        ("in part", Align::Left),
    ]);
    for function in &module.functions {
        let ordinal = function.ordinal.map_or_else(|| "-".to_owned(), |ordinal| ordinal.to_string());
        let name = function.name.as_deref().unwrap_or("-").to_owned();
        let (by, cerium) = (function.by.to_owned(), function.cerium.words().to_owned());
        columns.line([ordinal, name, by, cerium, function.partial.unwrap_or_default().to_owned()]);
    }
    let file = module.file.as_ref().map_or_else(String::new, |file| format!(" ({file})"));
    write!(f, "\n{title} {}{file}: {}\n{columns}", module.module, module.functions.len())
}

fn exports(f: &mut fmt::Formatter<'_>, exports: &Exports) -> fmt::Result {
    let mut columns =
        Columns::new([("ordinal", Align::Right), ("function", Align::Left), ("at", Align::Left)]);
    for export in &exports.functions {
        let names = if export.names.is_empty() { "-".to_owned() } else { export.names.join(", ") };
        let mut at = String::new();
        match (&export.rva, &export.forward) {
            (Some(rva), _) => write!(at, "{rva:#x}")?,
            (None, forward) => write!(at, "-> {}", forward.as_deref().unwrap_or_default())?,
        }
        columns.line([export.ordinal.to_string(), names, at]);
    }
    write!(f, "\nexports as {}: {}\n{columns}", exports.module, exports.functions.len())
}

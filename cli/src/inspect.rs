//! `cerium inspect`: what an image is, what it needs, and whether cerium has it.
//!
//! The report is a value that serde writes for programs, and `text` for people. `imports` has what the image
//! and the libraries beside it import.

mod imports;
mod text;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use cerium_files::FileSystem;
use cerium_loader::{ImageFile, Options, Survey, load};
use cerium_pe::{Directory, ExportTarget, Image, Kind, Protection, RelocationKind};
use cerium_pe::{PAGE_SIZE, Relocations};
use serde::Serialize;

use crate::arguments::InspectOptions;
use crate::file::{print, print_json, read};
use crate::inspect::imports::{Functions, Library, Module};
use crate::run::folder_of;
use crate::status;

/// The subsystem of every image that is read: Windows CE.
const SUBSYSTEM: u16 = 9;

/// What is said of an image.
#[derive(Serialize, Debug)]
struct Inspection {
    /// The file, as the user named it.
    file: String,
    /// program or library.
    kind: &'static str,
    machine: Machine,
    subsystem: Subsystem,
    image_base: u32,
    /// Bytes in memory.
    size_of_image: u32,
    /// Where a program begins; a library may have none.
    entry: Option<Entry>,
    /// Bytes for the first thread's stack; 0 leaves it to the system.
    stack_reserve: u32,
    timestamp: Timestamp,
    relocations: RelocationCounts,
    sections: Vec<Section>,
    imports: Vec<Module>,
    /// The libraries that the image needs, itself or through others, in the order in which they are met.
    libraries: Vec<Library>,
    exports: Option<Exports>,
    directories: Vec<Table>,
    functions: Functions,
    /// Whether `cerium run` starts it.
    runs: bool,
    /// Why not, or what ends it although it starts.
    reason: Option<String>,
}

#[derive(Serialize, Debug)]
struct Machine {
    name: String,
    code: u16,
}

#[derive(Serialize, Debug)]
struct Subsystem {
    number: u16,
    /// The CE version it was linked for.
    version: String,
}

#[derive(Serialize, Debug)]
struct Entry {
    rva: u32,
    address: u32,
    section: Option<String>,
    /// The instructions it begins with: x86, ARM or Thumb.
    code: &'static str,
}

#[derive(Serialize, Debug)]
struct Timestamp {
    seconds: u32,
    /// As a date, for those linkers that put one there.
    utc: String,
}

#[derive(Serialize, Debug)]
struct RelocationCounts {
    /// Without relocations an image loads at its base only.
    stripped: bool,
    count: usize,
    kinds: BTreeMap<&'static str, usize>,
}

#[derive(Serialize, Debug)]
struct Section {
    name: String,
    rva: u32,
    virtual_size: u32,
    file_offset: u32,
    file_size: u32,
    /// As `r-x`.
    access: String,
    shared: bool,
    discardable: bool,
    characteristics: u32,
}

#[derive(Serialize, Debug)]
struct Exports {
    module: String,
    functions: Vec<Export>,
}

#[derive(Serialize, Debug)]
struct Export {
    ordinal: u16,
    names: Vec<String>,
    rva: Option<u32>,
    forward: Option<String>,
}

#[derive(Serialize, Debug)]
struct Table {
    name: &'static str,
    rva: u32,
    size: u32,
}

/// Describes an image, and returns the exit status.
pub fn inspect(options: &InspectOptions) -> u8 {
    match try_inspect(options) {
        Ok(inspection) => {
            if options.json {
                print_json(&inspection)
            } else {
                print(&inspection.to_string())
            }
        }
        Err(message) => {
            eprintln!("cerium: {message}");
            status::BAD_FILE
        }
    }
}

fn try_inspect(options: &InspectOptions) -> Result<Inspection, String> {
    let file = &options.file;
    let name = file.display().to_string();
    let bytes = read(file)?;
    let image = Image::parse(&bytes).map_err(|error| format!("{name}: {error}"))?;
    let mut files = files_for(file, options.root.as_deref())?;
    let last = file.file_name().map_or_else(|| "program.exe".into(), |last| last.to_string_lossy());
    let path = format!("\\Program\\{last}");
    // The loader itself is asked, so that both commands say the same.
    let survey = Survey::of(&image, &path, &mut files);
    let imports = imports::modules(&image, &survey.imports, &survey);
    let libraries = imports::libraries(&survey);
    let functions =
        Functions::of(imports.iter().chain(libraries.iter().flat_map(|library| &library.imports)));
    let loading = ImageFile { name: &name, path: &path, bytes: &bytes };
    let loaded = load(loading, &[], &Options::default(), &mut files);
    let reason = match &loaded {
        Err(error) => Some(error.problem.to_string()),
        Ok(_) if !functions.missing.is_empty() => {
            Some("a call to a missing function ends it, or returns 0 with --unimplemented zero".to_owned())
        }
        Ok(_) => None,
    };
    Ok(Inspection {
        kind: match image.kind {
            Kind::Exe => "program",
            Kind::Dll => "library",
        },
        machine: Machine { name: image.machine.to_string(), code: image.machine.code() },
        subsystem: Subsystem {
            number: SUBSYSTEM,
            version: format!("{}.{:02}", image.subsystem_version.0, image.subsystem_version.1),
        },
        image_base: image.image_base,
        size_of_image: image.size_of_image,
        entry: Entry::of(&image),
        stack_reserve: image.size_of_stack_reserve,
        timestamp: Timestamp::of(image.timestamp),
        relocations: RelocationCounts::of(&image.relocations),
        sections: image.sections.iter().map(Section::of).collect(),
        imports,
        libraries,
        exports: image.exports.as_ref().map(Exports::of),
        directories: directories(&image),
        functions,
        runs: loaded.is_ok(),
        reason,
        file: name,
    })
}

/// What the program of `run` would see.
fn files_for(file: &Path, root: Option<&Path>) -> Result<FileSystem, String> {
    let mut files = FileSystem::default();
    if let Some(root) = root {
        files = files.with_root(root, false).map_err(|error| {
            format!("{}: --root wants a folder that can be read: {error}", root.display())
        })?;
    }
    let folder = folder_of(file);
    files.with_program(&folder).map_err(|error| format!("{}: {error}", folder.display()))
}

impl Entry {
    fn of(image: &Image) -> Option<Self> {
        // On ARM the lowest bit says which instructions it begins with, and is no part of the address.
        let is_arm = image.machine.is_arm();
        let rva = if is_arm { image.entry_rva & !1 } else { image.entry_rva };
        let code = match (is_arm, image.entry_rva % 2) {
            (false, _) => "x86",
            (true, 0) => "ARM",
            (true, _) => "Thumb",
        };
        let section = image.section_at(rva).map(|section| section.name.clone());
        (image.entry_rva != 0).then(|| Entry { rva, address: image.image_base + rva, section, code })
    }
}

impl Timestamp {
    fn of(seconds: u32) -> Self {
        let time = UNIX_EPOCH + Duration::from_secs(u64::from(seconds));
        Timestamp { seconds, utc: humantime::format_rfc3339_seconds(time).to_string() }
    }
}

impl RelocationCounts {
    fn of(relocations: &Relocations) -> Self {
        let Relocations::Present(places) = relocations else {
            return RelocationCounts { stripped: true, count: 0, kinds: BTreeMap::new() };
        };
        let mut kinds = BTreeMap::new();
        for place in places {
            *kinds.entry(kind_name(place.kind)).or_default() += 1;
        }
        RelocationCounts { stripped: false, count: places.len(), kinds }
    }
}

/// A kind of relocation, by its published name.
fn kind_name(kind: RelocationKind) -> &'static str {
    match kind {
        RelocationKind::High => "HIGH",
        RelocationKind::Low => "LOW",
        RelocationKind::HighLow => "HIGHLOW",
        RelocationKind::HighAdjusted(_) => "HIGHADJ",
        RelocationKind::ArmMov32 => "ARM_MOV32",
        RelocationKind::ThumbMov32 => "THUMB_MOV32",
    }
}

impl Section {
    fn of(section: &cerium_pe::Section) -> Self {
        let allowed = |flag: Protection, letter| if section.protection.contains(flag) { letter } else { '-' };
        Section {
            name: section.name.clone(),
            rva: section.rva,
            virtual_size: section.virtual_size,
            file_offset: section.file_offset,
            file_size: section.file_size,
            access: String::from_iter([
                allowed(Protection::READ, 'r'),
                allowed(Protection::WRITE, 'w'),
                allowed(Protection::EXECUTE, 'x'),
            ]),
            shared: section.shared,
            discardable: section.discardable,
            characteristics: section.characteristics,
        }
    }
}

impl Exports {
    fn of(exports: &cerium_pe::Exports) -> Self {
        let mut names: BTreeMap<u16, Vec<String>> = BTreeMap::new();
        for name in &exports.names {
            names.entry(name.ordinal).or_default().push(name.name.clone());
        }
        let export = |export: &cerium_pe::Export| {
            let (rva, forward) = match &export.target {
                ExportTarget::Rva(rva) => (Some(*rva), None),
                ExportTarget::Forward(to) => (None, Some(to.clone())),
            };
            let names = names.get(&export.ordinal).cloned().unwrap_or_default();
            Export { ordinal: export.ordinal, names, rva, forward }
        };
        Exports { module: exports.module.clone(), functions: exports.functions.iter().map(export).collect() }
    }
}

fn directories(image: &Image) -> Vec<Table> {
    const NAMES: [(Directory, &str); 10] = [
        (Directory::Export, "exports"),
        (Directory::Import, "imports"),
        (Directory::Resource, "resources"),
        (Directory::Exception, "exceptions"),
        (Directory::Relocation, "relocations"),
        (Directory::Debug, "debug"),
        (Directory::Tls, "thread-local storage"),
        (Directory::ImportAddress, "import addresses"),
        (Directory::DelayImport, "delayed imports"),
        (Directory::Managed, "managed"),
    ];
    let table = |(directory, name)| {
        let entry = image.directory(directory)?;
        Some(Table { name, rva: entry.rva, size: entry.size })
    };
    NAMES.into_iter().filter_map(table).collect()
}

/// In whole pages, as it lies in memory.
fn pages(bytes: u32) -> u32 {
    bytes.div_ceil(PAGE_SIZE)
}

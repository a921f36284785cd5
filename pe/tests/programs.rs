//! The programs of `tests/programs` as they are built, cut short, and with headers that lie.

use std::fs;
use std::path::{Path, PathBuf};

use cerium_pe::{
    Directory, ErrorKind, Image, ImportTarget, Kind, Machine, PeError, Protection, RelocationKind,
    Relocations,
};

/// Whether a folder has what Free Pascal's linker made: large programs, which would take long to cut anywhere.
fn is_pascals(folder: &Path) -> bool {
    folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with("pascal"))
}

/// Our own programs.
fn programs() -> Vec<(PathBuf, Vec<u8>)> {
    let found = programs_of(|folder| !is_pascals(folder));
    assert!(found.len() >= 34, "programs for four instruction sets");
    found
}

fn programs_of(wanted: impl Fn(&Path) -> bool) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/programs/bin");
    let mut found = Vec::new();
    for folder in fs::read_dir(folder).expect("tests/programs/bin is there") {
        let folder = folder.expect("a readable folder").path();
        if !folder.is_dir() || !wanted(&folder) {
            continue;
        }
        for file in fs::read_dir(folder).expect("a readable folder") {
            let path = file.expect("a readable file").path();
            // The conformance cases have folders of their own below; they are built alike.
            if path.is_dir() {
                continue;
            }
            let bytes = fs::read(&path).expect("a readable file");
            found.push((path, bytes));
        }
    }
    found.sort();
    found
}

fn program(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/programs/bin").join(name);
    fs::read(path).expect("a program of tests/programs")
}

/// Parses, and does with the image whatever can be done with it.
fn exercise(bytes: &[u8]) -> Result<Image, PeError> {
    let image = Image::parse(bytes)?;
    // Many variants claim images of megabytes; laying all of them out would only measure the allocator.
    if image.size_of_image <= 1 << 20 {
        let mut mapped = image.lay_out(bytes).expect("what was parsed can be laid out");
        assert_eq!(mapped.len(), image.mapped_size() as usize);
        let _ = image.relocate(&mut mapped, 0x1234_0000);
    }
    let imports: usize = image.imports.iter().map(|module| module.functions.len()).sum();
    assert!(imports <= bytes.len() / 4, "imports are bounded by the file");
    if let Relocations::Present(relocations) = &image.relocations {
        assert!(relocations.len() <= bytes.len() / 2, "relocations are bounded by the file");
    }
    Ok(image)
}

#[test]
fn every_program_is_described() {
    for (path, bytes) in programs() {
        let image = exercise(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let folder = path.parent().and_then(Path::file_name).and_then(|name| name.to_str());
        let (machine, version) = match folder.expect("a folder") {
            "x86" => (Machine::X86, (5, 0)),
            "armv4" => (Machine::Arm, (5, 0)),
            "armv4i" => (Machine::Thumb, (5, 0)),
            "armnt" => (Machine::ArmNt, (8, 0)),
            other => panic!("a folder for an unknown machine: {other}"),
        };
        assert_eq!((image.machine, image.subsystem_version), (machine, version), "{}", path.display());
        if path.extension().is_some_and(|extension| extension == "dll") {
            assert_eq!(image.kind, Kind::Dll, "{}", path.display());
            assert!(image.exports.is_some() && image.is_relocatable(), "{}", path.display());
            continue;
        }
        assert_eq!((image.kind, image.image_base), (Kind::Exe, 0x10000));
        assert_eq!(image.size_of_stack_reserve, 0x10000);
        let fixed = path.ends_with("hello_fixed.exe");
        assert_eq!(image.is_relocatable(), !fixed, "{}", path.display());
        let code = image.section_at(image.entry_rva).expect("the entry point lies in a section");
        assert_eq!(code.protection, Protection::READ | Protection::EXECUTE);
        let modules = image.imports.iter().map(|module| module.name.to_ascii_uppercase());
        assert!(modules.clone().any(|name| name == "COREDLL.DLL"), "{}", path.display());
        assert!(image.exports.is_none() && !image.is_managed());
        assert!(image.directory(Directory::Import).is_some());
    }
}

#[test]
fn images_of_another_linker_are_described() {
    let found = programs_of(is_pascals);
    assert_eq!(found.len(), 6, "two programs and a library for two processors");
    for (path, bytes) in found {
        let image = exercise(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let is_arm = path.parent().is_some_and(|folder| folder.ends_with("pascal-arm"));
        assert_eq!(image.machine, if is_arm { Machine::Arm } else { Machine::X86 });
        assert_eq!((image.subsystem_version, image.size_of_stack_reserve), ((3, 0), 0x40000));
        // Its programs have no relocations; all imports are by name.
        let is_library = path.extension().is_some_and(|extension| extension == "dll");
        let wanted = (if is_library { Kind::Dll } else { Kind::Exe }, is_library);
        assert_eq!((image.kind, image.is_relocatable()), wanted, "{}", path.display());
        assert_eq!(image.exports.map_or(0, |exports| exports.names.len()), if is_library { 6 } else { 0 });
        let functions = image.imports.iter().flat_map(|module| &module.functions);
        assert!(functions.clone().count() > 50);
        assert!(functions.clone().all(|import| matches!(import.target, ImportTarget::Name { .. })));
    }
}

#[test]
fn imports_stand_as_ordinals_or_names() {
    let functions = |file: &str| {
        let image = Image::parse(&program(file)).expect("a good image");
        let module = image.imports.into_iter().find(|module| module.name.eq_ignore_ascii_case("coredll.dll"));
        module.expect("COREDLL").functions
    };
    for folder in ["x86", "armv4", "armv4i", "armnt"] {
        let by_ordinal = functions(&format!("{folder}/hello.exe"));
        assert!(by_ordinal.iter().any(|import| import.target == ImportTarget::Ordinal(545)), "NKDbgPrintfW");
        let by_name = functions(&format!("{folder}/hello_byname.exe"));
        let is_name = |target: &ImportTarget| match target {
            ImportTarget::Name { name, .. } => name == "NKDbgPrintfW",
            ImportTarget::Ordinal(_) => false,
        };
        assert!(by_name.iter().any(|import| is_name(&import.target)));
    }
}

#[test]
fn the_import_words_follow_one_another() {
    for (_, bytes) in programs() {
        for module in Image::parse(&bytes).expect("a good image").imports {
            for pair in module.functions.windows(2) {
                assert_eq!(pair[0].iat_rva + 4, pair[1].iat_rva);
            }
        }
    }
}

#[test]
fn a_moved_image_differs_by_the_distance_at_each_relocation() {
    const DISTANCE: u32 = 0x0005_0000;
    let mut pairs = 0;
    for (path, bytes) in programs() {
        let image = Image::parse(&bytes).expect("a good image");
        let Relocations::Present(relocations) = &image.relocations else { continue };
        let before = image.lay_out(&bytes).expect("a good image");
        let mut after = before.clone();
        image.relocate(&mut after, DISTANCE).expect("a good image");
        for relocation in relocations {
            let at = relocation.rva as usize;
            let word = |image: &[u8]| u32::from_le_bytes(image[at..at + 4].try_into().expect("four bytes"));
            match relocation.kind {
                RelocationKind::HighLow => {
                    assert_eq!(word(&before) + DISTANCE, word(&after));
                    let target = word(&before) - image.image_base;
                    assert!(target <= image.mapped_size(), "{}: an address in the image", path.display());
                }
                // 0x10000 is in the half that movt loads, so movw stays.
                RelocationKind::ThumbMov32 => {
                    assert_eq!(word(&before), word(&after));
                    pairs += 1;
                }
                kind => panic!("no program has {kind:?}"),
            }
        }
        image.relocate(&mut after, DISTANCE.wrapping_neg()).expect("a good image");
        assert!(before == after, "{}: there and back again", path.display());
    }
    assert!(pairs > 0, "the programs for ARMv7 have movw/movt pairs");
}

#[test]
fn an_image_without_relocations_stays_where_it_is() {
    let bytes = program("armv4/hello_fixed.exe");
    let image = Image::parse(&bytes).expect("a good image");
    let mut mapped = image.lay_out(&bytes).expect("a good image");
    image.relocate(&mut mapped, 0).expect("no distance, no relocations needed");
    let error = image.relocate(&mut mapped, 0x10000).expect_err("no relocations");
    assert!(error.to_string().contains("only be loaded at its base, 0x10000"), "{error}");
}

#[test]
fn a_program_cut_anywhere_is_refused() {
    for (path, bytes) in programs() {
        for length in 0..bytes.len() {
            let error = exercise(&bytes[..length]);
            assert!(error.is_err(), "{} cut to {length} bytes", path.display());
        }
    }
}

#[test]
fn what_is_cut_away_is_named() {
    let bytes = program("x86/hello.exe");
    let image = Image::parse(&bytes).expect("a good image");
    for section in &image.sections {
        let end = section.file_offset as usize + 1;
        let error = Image::parse(&bytes[..end]).expect_err("a section's data is missing");
        assert_eq!(error.kind(), ErrorKind::CutShort);
        let named = image.sections.iter().any(|section| error.to_string().contains(&section.name));
        assert!(named, "{error}");
        assert!(error.place().offset.is_some(), "{error}");
    }
}

/// A small generator of our own: the same variants everywhere, for ever.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn byte(&mut self) -> u8 {
        const LIKED: [u8; 8] = [0, 1, 0x7F, 0x80, 0xFF, 0xFE, 0x10, 0x40];
        match self.below(3) {
            0 => LIKED[self.below(LIKED.len())],
            _ => self.below(256) as u8,
        }
    }
}

#[test]
fn each_header_byte_changed_never_panics() {
    let mut random = Random(0xCE);
    let mut refused = 0;
    for (path, mut bytes) in programs() {
        if !path.ends_with("hello.exe") && !path.ends_with("msgqueue.exe") {
            continue;
        }
        let headers = Image::parse(&bytes).expect("a good image").size_of_headers as usize;
        for at in 0..headers {
            let good = bytes[at];
            for value in [0, 0xFF, 0x80, good ^ 1, good.wrapping_add(1), random.byte(), random.byte()] {
                bytes[at] = value;
                refused += usize::from(exercise(&bytes).is_err());
            }
            bytes[at] = good;
        }
    }
    assert!(refused > 1000, "most of the header matters");
}

#[test]
fn many_bytes_changed_anywhere_never_panic() {
    for (index, (_, bytes)) in programs().into_iter().enumerate() {
        let mut random = Random(index as u64);
        let headers = Image::parse(&bytes).expect("a good image").size_of_headers as usize;
        for _ in 0..1500 {
            let mut variant = bytes.clone();
            let limit = if random.below(2) == 0 { headers } else { bytes.len() };
            for _ in 0..=random.below(6) {
                let at = random.below(limit);
                variant[at] = random.byte();
            }
            let _ = exercise(&variant);
        }
    }
}

#[test]
fn tables_changed_word_by_word_never_panic() {
    const LIES: [u32; 8] = [0, 1, 0x1000, 0x2001, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFF0, 0xFFFF_FFFF];
    for name in ["x86/hello_byname.exe", "armnt/hello.exe", "armv4i/hello.exe"] {
        let bytes = program(name);
        let mut variant = bytes.clone();
        for at in (0..bytes.len() - 3).step_by(2) {
            for lie in LIES {
                variant[at..at + 4].copy_from_slice(&lie.to_le_bytes());
                let _ = exercise(&variant);
            }
            variant[at..at + 4].copy_from_slice(&bytes[at..at + 4]);
        }
    }
}

//! Images made by hand, each with one thing wrong.

use cerium_pe::{ErrorKind, ExportTarget, Image, Kind, PeError, RelocationKind, Relocations};

const NT: usize = 0x40;
const FILE_HEADER: usize = NT + 4;
const OPTIONAL: usize = FILE_HEADER + 20;
const DIRECTORIES: usize = OPTIONAL + 96;
const TABLE: usize = OPTIONAL + 96 + 16 * 8;
/// The one section: file offset and address, 0x1000 bytes each.
const DATA: usize = 0x400;
const RVA: u32 = 0x1000;

struct Made(Vec<u8>);

impl Made {
    /// The smallest image that is good: one section that may do everything, full of zeros.
    fn new() -> Made {
        let mut made = Made(vec![0; DATA + 0x1000]);
        made.0[..2].copy_from_slice(b"MZ");
        made.put32(60, NT as u32);
        made.0[NT..NT + 4].copy_from_slice(b"PE\0\0");
        made.put16(FILE_HEADER, 0x1C2).put16(FILE_HEADER + 2, 1).put16(FILE_HEADER + 16, 96 + 128);
        made.put16(FILE_HEADER + 18, 0x0102).put16(OPTIONAL, 0x10B);
        made.put32(OPTIONAL + 16, RVA).put32(OPTIONAL + 28, 0x10000).put32(OPTIONAL + 32, 0x1000);
        made.put32(OPTIONAL + 36, 0x200).put16(OPTIONAL + 48, 5).put32(OPTIONAL + 56, 0x2000);
        made.put32(OPTIONAL + 60, 0x400).put16(OPTIONAL + 68, 9).put32(OPTIONAL + 92, 16);
        made.0[TABLE..TABLE + 5].copy_from_slice(b".text");
        made.put32(TABLE + 8, 0x1000).put32(TABLE + 12, RVA).put32(TABLE + 16, 0x1000);
        made.put32(TABLE + 20, DATA as u32).put32(TABLE + 36, 0xE000_0020);
        made
    }

    fn put16(&mut self, at: usize, value: u16) -> &mut Made {
        self.0[at..at + 2].copy_from_slice(&value.to_le_bytes());
        self
    }

    fn put32(&mut self, at: usize, value: u32) -> &mut Made {
        self.0[at..at + 4].copy_from_slice(&value.to_le_bytes());
        self
    }

    /// Puts words into the section.
    fn words(&mut self, rva: u32, words: &[u32]) -> &mut Made {
        for (index, &word) in words.iter().enumerate() {
            self.put32(at(rva) + 4 * index, word);
        }
        self
    }

    fn text(&mut self, rva: u32, text: &[u8]) -> &mut Made {
        self.0[at(rva)..at(rva) + text.len()].copy_from_slice(text);
        self
    }

    fn directory(&mut self, index: usize, rva: u32, size: u32) -> &mut Made {
        self.put32(DIRECTORIES + 8 * index, rva).put32(DIRECTORIES + 8 * index + 4, size)
    }

    fn parse(&self) -> Result<Image, PeError> {
        Image::parse(&self.0)
    }

    #[track_caller]
    fn refused(&self, kind: ErrorKind, words: &[&str]) {
        let error = self.parse().expect_err("an image with a lie in it");
        assert_eq!(error.kind(), kind, "{error}");
        for word in words {
            assert!(error.to_string().contains(word), "\"{error}\" says {word}");
        }
    }
}

fn at(rva: u32) -> usize {
    DATA + (rva - RVA) as usize
}

#[track_caller]
fn refused(bytes: &[u8], kind: ErrorKind, words: &[&str]) {
    Made(bytes.to_vec()).refused(kind, words);
}

#[test]
fn the_made_image_is_good() {
    let image = Made::new().parse().expect("a good image");
    assert_eq!((image.kind, image.entry_rva, image.sections.len()), (Kind::Exe, RVA, 1));
    assert_eq!(image.relocations, Relocations::Stripped);
}

#[test]
fn other_files_are_told_apart() {
    use ErrorKind::NotExecutable;
    refused(b"", ErrorKind::Empty, &["empty file"]);
    refused(b"hello, world\r\n", NotExecutable, &["text", "offset 0x0", "MZ"]);
    refused(b"\xFF\xFEh\0i\0", NotExecutable, &["text"]);
    refused(b"\x7FELF\x01\x01\x01", NotExecutable, &["an ELF file"]);
    refused(b"PK\x03\x04\0\0", NotExecutable, &["ZIP"]);
    refused(b"MSCF\0\0", NotExecutable, &["CAB"]);
    refused(b"\0\x01\x02\x03", NotExecutable, &["unknown data"]);
    refused(b"M", NotExecutable, &["MZ"]);
    refused(b"MZ", ErrorKind::CutShort, &["DOS header"]);
}

#[test]
fn programs_before_windows_ce_are_told_apart() {
    let mut made = Made::new();
    made.put32(60, 0).refused(ErrorKind::DosProgram, &["a DOS program", "e_lfanew"]);
    made.put32(60, 0x80).refused(ErrorKind::DosProgram, &["a DOS program", "0x80"]);
    made.text(RVA, b"NE").put32(60, DATA as u32).refused(ErrorKind::DosProgram, &["16-bit Windows"]);
    made.put32(60, 0xFFFF_FFFF).refused(ErrorKind::DosProgram, &["0xffffffff"]);
    made.put32(60, 0x13FE).put32(0x13FC, 0);
    assert!(made.parse().is_err());
}

#[test]
fn images_for_others_are_told_apart() {
    Made::new().put16(FILE_HEADER, 0x166).refused(
        ErrorKind::OtherMachine,
        &["a CE image for MIPS", "offset 0x44 (Machine)", "cerium runs ARM, Thumb and x86"],
    );
    Made::new().put16(FILE_HEADER, 0x1A6).refused(ErrorKind::OtherMachine, &["a CE image for SH4"]);
    Made::new().put16(FILE_HEADER, 0x1234).refused(ErrorKind::OtherMachine, &["unknown machine (0x1234)"]);
    Made::new().put16(OPTIONAL + 68, 3).refused(
        ErrorKind::OtherSubsystem,
        &["a desktop Windows program (subsystem 3, console)", "offset 0x9c (Subsystem)", "subsystem 9"],
    );
    Made::new().put16(OPTIONAL + 68, 2).refused(ErrorKind::OtherSubsystem, &["subsystem 2, windows"]);
    let mut wide = Made::new();
    wide.put16(FILE_HEADER, 0x8664).put16(OPTIONAL, 0x20B);
    wide.refused(ErrorKind::SixtyFourBit, &["64-bit", "AMD64"]);
    Made::new().put16(OPTIONAL, 0).refused(ErrorKind::Damaged, &["magic 0x0"]);
}

#[test]
fn a_library_says_so() {
    let image =
        Made::new().put16(FILE_HEADER + 18, 0x2102).put32(OPTIONAL + 16, 0).parse().expect("a good image");
    assert!(image.is_dll());
    assert!(image.is_relocatable(), "without code there is nothing to relocate");
}

#[test]
fn sizes_and_addresses_of_the_header_are_checked() {
    use ErrorKind::{CutShort, Damaged, TooLarge};
    let refused = |offset: usize, value: u32, kind, word: &str| {
        Made::new().put32(OPTIONAL + offset, value).refused(kind, &[word]);
    };
    refused(56, 0xFFFF_FFFF, TooLarge, "SizeOfImage");
    refused(56, (256 << 20) + 1, TooLarge, "SizeOfImage");
    refused(56, 0, Damaged, "SizeOfImage");
    refused(56, 0x1FFF, Damaged, ".text");
    refused(28, 0x10001, Damaged, "ImageBase");
    let mut top = Made::new();
    top.put32(OPTIONAL + 28, 0xFFFF_0000).put32(OPTIONAL + 56, 0x10000).refused(Damaged, &["ImageBase"]);
    refused(60, 0x8000_0000, CutShort, "SizeOfHeaders");
    refused(60, 0x1400, Damaged, "overlaps the headers");
    refused(16, 0x2000, Damaged, "AddressOfEntryPoint");
    refused(16, 0, Damaged, "AddressOfEntryPoint");
    Made::new()
        .put16(FILE_HEADER + 16, 96)
        .refused(Damaged, &["SizeOfOptionalHeader", "16 data directories"]);
    Made::new().put32(OPTIONAL + 92, u32::MAX).parse().expect("only sixteen directories have a meaning");
    Made::new().put16(FILE_HEADER + 16, 0xFFFF).refused(CutShort, &["section table"]);
}

#[test]
fn an_image_of_the_largest_size_is_accepted() {
    let mut made = Made::new();
    made.put32(OPTIONAL + 56, 256 << 20);
    assert_eq!(made.parse().expect("a good image").mapped_size(), 256 << 20);
}

#[test]
fn sections_are_checked() {
    use ErrorKind::{CutShort, Damaged};
    Made::new().put16(FILE_HEADER + 2, 0).refused(Damaged, &["NumberOfSections"]);
    Made::new().put16(FILE_HEADER + 2, 97).refused(Damaged, &["97 sections"]);
    let refused = |offset: usize, value: u32, kind, word: &str| {
        Made::new().put32(TABLE + offset, value).refused(kind, &[word, ".text"]);
    };
    refused(8, 0xFFFF_FFFF, Damaged, "VirtualSize");
    refused(12, 0x1001, Damaged, "VirtualAddress");
    refused(12, 0xFFFF_F000, Damaged, "VirtualSize");
    refused(16, 0x1001, CutShort, "0x1001 bytes from 0x400");
    refused(20, 0xFFFF_FFFF, CutShort, "0xffffffff");
    let mut two = Made::new();
    two.put16(FILE_HEADER + 2, 2).put32(OPTIONAL + 56, 0x3000);
    two.put32(TABLE + 40 + 8, 0x1000).put32(TABLE + 40 + 12, RVA);
    two.refused(Damaged, &["overlaps .text"]);
    let mut bss = Made::new();
    bss.put32(TABLE + 20, 0).put32(TABLE + 16, u32::MAX);
    assert_eq!(bss.parse().expect("no data without a pointer").sections[0].file_size, 0);
}

const DESCRIPTOR: u32 = RVA + 0x100;
const LOOKUP: u32 = RVA + 0x200;
const NAME: u32 = RVA + 0x300;
const HINT: u32 = RVA + 0x320;

fn importer() -> Made {
    let mut made = Made::new();
    made.directory(1, DESCRIPTOR, 40);
    made.words(DESCRIPTOR, &[LOOKUP, 0, 0, NAME, RVA + 0x280]);
    made.words(LOOKUP, &[0x8000_0221, HINT]);
    made.text(NAME, b"COREDLL.dll").text(HINT, b"\x05\0SetEvent");
    made
}

#[test]
fn imports_are_read() {
    let image = importer().parse().expect("a good image");
    assert_eq!(image.imports.len(), 1);
    let words: Vec<u32> = image.imports[0].functions.iter().map(|import| import.iat_rva).collect();
    assert_eq!(words, [RVA + 0x280, RVA + 0x284]);
}

#[test]
fn imports_that_lie_are_refused() {
    use ErrorKind::Damaged;
    importer().directory(1, 0xFFFF_FFF8, 40).refused(Damaged, &["import directory"]);
    importer().words(DESCRIPTOR + 12, &[0x0100_0000]).refused(Damaged, &["name of an imported module"]);
    importer().words(DESCRIPTOR, &[0xFFFF_FFFC]).refused(Damaged, &["imports from COREDLL.dll"]);
    importer().words(DESCRIPTOR + 16, &[RVA + 0xFFE]).refused(Damaged, &["imports from COREDLL.dll", "word"]);
    importer().words(LOOKUP, &[0x8001_0000]).refused(Damaged, &["ordinal of 16 bits"]);
    importer().words(LOOKUP, &[0x7FFF_FFFF]).refused(Damaged, &["imports from COREDLL.dll"]);
    importer().text(HINT, b"\0\0bad\x01name").refused(Damaged, &["bad\\x01name", "printable"]);
    importer().words(DESCRIPTOR + 12, &[RVA]).refused(Damaged, &["name \"\""]);
}

#[test]
fn a_name_without_an_end_is_refused() {
    let mut made = importer();
    made.text(RVA + 0xFF8, b"COREDLLX").words(DESCRIPTOR + 12, &[RVA + 0xFF8]);
    made.refused(ErrorKind::Damaged, &["name without an end", "file offset 0x13f8", "rva 0x1ff8"]);
}

#[test]
fn import_tables_without_an_end_are_refused() {
    let mut made = importer();
    for rva in (DESCRIPTOR..RVA + 0x1000).step_by(20).take_while(|rva| rva + 20 <= RVA + 0x1000) {
        made.words(rva, &[LOOKUP, 0, 0, NAME, RVA + 0x280]);
    }
    assert!(made.parse().is_err(), "descriptors up to the end of the section");
    let mut made = importer();
    for rva in (LOOKUP..RVA + 0x1000).step_by(4) {
        made.words(rva, &[0x8000_0001]);
    }
    assert!(made.parse().is_err(), "thunks up to the end of the section");
}

#[test]
fn import_tables_that_overlap_are_bounded_by_the_file() {
    let mut made = Made::new();
    made.directory(1, RVA, 40).text(RVA + 0xFF0, b"X.dll");
    for index in 0..100 {
        made.words(RVA + 20 * index, &[RVA + 0x900, 0, 0, RVA + 0xFF0, RVA + 0x900]);
    }
    for rva in (RVA + 0x900..RVA + 0xF00).step_by(4) {
        made.words(rva, &[0x8000_0001]);
    }
    made.refused(ErrorKind::Damaged, &["import tables that overlap"]);
    for rva in (RVA + 0x900..RVA + 0xF00).step_by(4) {
        made.words(rva, &[RVA + 0xF00]);
    }
    made.text(RVA + 0xF00, &[b'A'; 0xEF]).refused(ErrorKind::Damaged, &["names that overlap"]);
}

fn relocated(words: &[u16]) -> Made {
    let mut made = Made::new();
    let size = 8 + 2 * words.len() as u32;
    made.directory(5, RVA + 0x800, size).words(RVA + 0x800, &[RVA, size]);
    for (index, &word) in words.iter().enumerate() {
        made.put16(at(RVA + 0x808) + 2 * index, word);
    }
    made
}

fn moved(made: &Made, delta: u32) -> Result<Vec<u8>, PeError> {
    let image = made.parse()?;
    let mut mapped = image.lay_out(&made.0)?;
    image.relocate(&mut mapped, delta)?;
    Ok(mapped[RVA as usize..].to_vec())
}

#[test]
fn each_kind_of_relocation_moves_its_address() {
    let mut made = relocated(&[0x3000, 0x1010, 0x2020, 0x4030, 0x8000, 0]);
    made.words(RVA, &[0x0001_F000])
        .words(RVA + 0x10, &[1])
        .words(RVA + 0x20, &[0xF000])
        .words(RVA + 0x30, &[2]);
    let moved = moved(&made, 0x0002_3000).expect("good relocations");
    let word = |offset: usize| u32::from_le_bytes(moved[offset..offset + 4].try_into().expect("four bytes"));
    assert_eq!((word(0), word(0x10), word(0x20)), (0x0004_2000, 3, 0x2000));
    // 0x2_0000 - 0x8000 + 0x2_3000 = 0x3_b000, whose upper half rounds to 4.
    assert_eq!(word(0x30), 4);
    let Relocations::Present(list) = made.parse().expect("a good image").relocations else {
        panic!("there are some")
    };
    assert_eq!(list[3].kind, RelocationKind::HighAdjusted(-0x8000));
    assert_eq!(list.len(), 4, "the last one is padding");
}

#[test]
fn pairs_of_movw_and_movt_move_together() {
    let mut made = relocated(&[0x7000, 0x5010]);
    // movw r3, #0xF234; movt r3, #0x0001, as Thumb-2 and as ARM.
    for (index, half) in [0xF24F_u16, 0x2334, 0xF2C0, 0x0301].into_iter().enumerate() {
        made.put16(at(RVA) + 2 * index, half);
    }
    made.words(RVA + 0x10, &[0xE30F_3234, 0xE340_3001]);
    let moved = moved(&made, 0x0FFF_1800).expect("good relocations");
    let half = |offset: usize| u16::from_le_bytes([moved[offset], moved[offset + 1]]);
    // 0x1_F234 + 0x0FFF_1800 = 0x1001_0A34.
    assert_eq!([half(0), half(2), half(4), half(6)], [0xF640, 0x2334, 0xF2C1, 0x0301]);
    let word = |offset: usize| u32::from_le_bytes(moved[offset..offset + 4].try_into().expect("four bytes"));
    assert_eq!([word(0x10), word(0x14)], [0xE300_3A34, 0xE341_3001]);
}

#[test]
fn a_pair_that_is_none_is_refused() {
    for entry in [0x7000, 0x5000] {
        let error = moved(&relocated(&[entry, 0]), 0x10000).expect_err("zeros are no movw");
        assert!(error.to_string().contains("movw"), "{error}");
    }
}

#[test]
fn relocations_that_lie_are_refused() {
    use ErrorKind::{Damaged, UnknownRelocation};
    relocated(&[0x6000, 0]).refused(UnknownRelocation, &["type 6", "file offset 0xc08", "Thumb"]);
    relocated(&[0xA000, 0]).refused(UnknownRelocation, &["type 10"]);
    relocated(&[0x7000, 0]).put16(FILE_HEADER, 0x14C).refused(UnknownRelocation, &["type 7", "x86"]);
    relocated(&[0x3FFD, 0]).refused(Damaged, &["place 0x1ffd", "SizeOfImage"]);
    relocated(&[0x3FFC, 0]).parse().expect("the last word of the image");
    relocated(&[0x7FFC, 0]).refused(Damaged, &["SizeOfImage"]);
    relocated(&[0x3000, 0x4000]).refused(Damaged, &["HIGHADJ"]);
    relocated(&[0x3000, 0]).words(RVA + 0x800, &[0xFFFF_FFFF]).refused(Damaged, &["SizeOfImage"]);
    for size in [0, 1, 7, 9, 11, 14, 0xFFFF_FFFF] {
        relocated(&[0x3000, 0]).words(RVA + 0x804, &[size]).refused(Damaged, &["relocation block of"]);
    }
    relocated(&[0x3000, 0]).directory(5, RVA + 0xFFC, 12).refused(Damaged, &["relocation table"]);
    relocated(&[0x3000, 0]).directory(5, RVA, u32::MAX).refused(Damaged, &["relocation table"]);
    relocated(&[0x3000, 0, 1])
        .words(RVA + 0x804, &[12])
        .directory(5, RVA + 0x800, 13)
        .refused(Damaged, &["1 bytes after"]);
    relocated(&[0x3000, 0]).directory(5, RVA + 0x800, 0x100).parse().expect("zeros after the last block");
    relocated(&[]).parse().expect("a block without entries");
}

const EXPORTS: u32 = RVA + 0x100;

fn exporter() -> Made {
    let mut made = Made::new();
    made.put16(FILE_HEADER + 18, 0x2102).directory(0, EXPORTS, 0x100);
    let tables = [EXPORTS + 0x40, EXPORTS + 0x50, EXPORTS + 0x58];
    made.words(EXPORTS, &[0, 0, 0, EXPORTS + 0x60, 10, 3, 2, tables[0], tables[1], tables[2]]);
    made.words(tables[0], &[RVA + 0x20, 0, EXPORTS + 0x70])
        .words(tables[1], &[EXPORTS + 0x80, EXPORTS + 0x88]);
    made.put16(at(tables[2]), 0).put16(at(tables[2]) + 2, 2);
    made.text(EXPORTS + 0x60, b"our.dll").text(EXPORTS + 0x70, b"COREDLL.#496");
    made.text(EXPORTS + 0x80, b"First").text(EXPORTS + 0x88, b"Sleep");
    made
}

#[test]
fn exports_are_read() {
    let exports = exporter().parse().expect("a good image").exports.expect("exports");
    assert_eq!(exports.module, "our.dll");
    let functions: Vec<_> = exports.functions.iter().map(|export| (export.ordinal, &export.target)).collect();
    let forward = ExportTarget::Forward("COREDLL.#496".to_string());
    assert_eq!(functions, [(10, &ExportTarget::Rva(RVA + 0x20)), (12, &forward)]);
    let names: Vec<_> = exports.names.iter().map(|export| (export.name.as_str(), export.ordinal)).collect();
    assert_eq!(names, [("First", 10), ("Sleep", 12)]);
}

#[test]
fn exports_that_lie_are_refused() {
    use ErrorKind::Damaged;
    let refused = |index: u32, value: u32, word: &str| {
        exporter().words(EXPORTS + 4 * index, &[value]).refused(Damaged, &[word]);
    };
    refused(3, 0x8000_0000, "module's name");
    refused(4, 0xFFFE, "ordinals of 16 bits");
    refused(5, 0xFFFF_FFFF, "ordinals of 16 bits");
    refused(5, 0x8000, "AddressOfFunctions");
    refused(5, 2, "a name for export 2");
    refused(6, 0xFFFF_FFFF, "names of exports");
    refused(6, 0x1000_0000, "AddressOfNames");
    refused(7, RVA + 0xFF8, "AddressOfFunctions");
    refused(9, 0x4000, "AddressOfNameOrdinals");
    exporter().words(EXPORTS + 0x40, &[0x2000]).refused(Damaged, &["export 10 at 0x2000"]);
    exporter().directory(0, RVA + 0xFF0, 0x28).refused(Damaged, &["export directory"]);
}

#[test]
fn tables_for_others_lie_within_the_image() {
    for index in [2, 3] {
        Made::new().directory(index, RVA, 0x1001).refused(ErrorKind::Damaged, &["directory", "SizeOfImage"]);
        Made::new().directory(index, RVA, 0x1000).parse().expect("it just fits");
    }
}

#[test]
fn a_shorter_file_than_the_parsed_one_is_refused() {
    let made = Made::new();
    let image = made.parse().expect("a good image");
    for length in 0..made.0.len() {
        assert_eq!(image.lay_out(&made.0[..length]).expect_err("too short").kind(), ErrorKind::CutShort);
    }
    let error =
        Image::parse(&relocated(&[0x3000, 0]).0).expect("a good image").relocate(&mut [0; 16], 0x10000);
    assert!(error.is_err(), "a buffer that is too short");
}

use object::LittleEndian as LE;
use object::pe::{
    ImageDataDirectory, ImageDosHeader, ImageFileHeader, ImageOptionalHeader32, ImageSectionHeader,
};
use object::pod::{Pod, from_bytes};

use crate::error::{ErrorKind, PeError, Place};
use crate::machine::{self, Machine};
use crate::section::{self, MAX_SECTIONS, Section};
use crate::{MAX_IMAGE_SIZE, PAGE_SIZE};

/// CE allocates address space in steps of this size, so images begin at a multiple of it.
const ALLOCATION_GRANULARITY: u32 = 0x10000;

const MAX_DIRECTORIES: usize = object::pe::IMAGE_NUMBEROF_DIRECTORY_ENTRIES;

/// A table of the image that the headers point to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Directory {
    /// Functions for others.
    Export,
    /// Functions from others.
    Import,
    /// Icons, strings and the like.
    Resource,
    /// Function table for exceptions (`.pdata`).
    Exception,
    /// Relocations.
    Relocation,
    /// Debug information.
    Debug,
    /// Thread-local storage.
    Tls,
    /// Import address table.
    ImportAddress,
    /// Imports that are bound on first use.
    DelayImport,
    /// Header of managed code (.NET Compact Framework).
    Managed,
}

impl Directory {
    fn index(self) -> usize {
        match self {
            Directory::Export => object::pe::IMAGE_DIRECTORY_ENTRY_EXPORT,
            Directory::Import => object::pe::IMAGE_DIRECTORY_ENTRY_IMPORT,
            Directory::Resource => object::pe::IMAGE_DIRECTORY_ENTRY_RESOURCE,
            Directory::Exception => object::pe::IMAGE_DIRECTORY_ENTRY_EXCEPTION,
            Directory::Relocation => object::pe::IMAGE_DIRECTORY_ENTRY_BASERELOC,
            Directory::Debug => object::pe::IMAGE_DIRECTORY_ENTRY_DEBUG,
            Directory::Tls => object::pe::IMAGE_DIRECTORY_ENTRY_TLS,
            Directory::ImportAddress => object::pe::IMAGE_DIRECTORY_ENTRY_IAT,
            Directory::DelayImport => object::pe::IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT,
            Directory::Managed => object::pe::IMAGE_DIRECTORY_ENTRY_COM_DESCRIPTOR,
        }
    }
}

/// Where a table lies in the image. Not compared with the image's size unless this crate reads the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DataDirectory {
    /// Address relative to the image's base.
    pub rva: u32,
    /// Size in bytes.
    pub size: u32,
}

/// What the headers say, checked.
pub(crate) struct Headers {
    pub(crate) machine: Machine,
    pub(crate) file: ImageFileHeader,
    pub(crate) optional: ImageOptionalHeader32,
    pub(crate) sections: Vec<Section>,
    directories: Vec<DataDirectory>,
    optional_offset: u64,
}

impl Headers {
    pub(crate) fn read(bytes: &[u8]) -> Result<Headers, PeError> {
        let nt = find_nt_headers(bytes)?;
        let file: ImageFileHeader = read_at(bytes, nt + 4, "file header")?;
        let optional_offset = nt + 4 + size_of::<ImageFileHeader>() as u64;
        check_magic(bytes, optional_offset, &file)?;
        let optional: ImageOptionalHeader32 = read_at(bytes, optional_offset, "optional header")?;
        let machine = check_target(nt, optional_offset, &file, &optional)?;
        check_sizes(bytes, optional_offset, &optional)?;
        let directories = read_directories(bytes, optional_offset, &file, &optional)?;
        let table = optional_offset + u64::from(file.size_of_optional_header.get(LE));
        let sections = read_sections(bytes, nt, table, &file, &optional)?;
        Ok(Headers { machine, file, optional, sections, directories, optional_offset })
    }

    /// A directory that is there: the file has an entry for it, with an address and a size.
    pub(crate) fn directory(&self, directory: Directory) -> Option<DataDirectory> {
        self.directories.get(directory.index()).copied().filter(|entry| entry.rva != 0 && entry.size != 0)
    }

    pub(crate) fn into_parts(self) -> (Vec<Section>, Vec<DataDirectory>) {
        (self.sections, self.directories)
    }

    /// Checks the entry point of a program, and that what others will read lies in the image.
    pub(crate) fn check_addresses(&self, is_dll: bool) -> Result<(), PeError> {
        let image_size = self.optional.size_of_image.get(LE);
        let entry = self.optional.address_of_entry_point.get(LE);
        let outside = entry >= image_size || (entry == 0 && !is_dll);
        if outside {
            let place = Place::file(self.optional_offset + 16, "AddressOfEntryPoint");
            let expected = format!("expected an address within SizeOfImage, {image_size:#x}");
            return Err(PeError::damaged(format!("entry point {entry:#x}"), place, expected));
        }
        for directory in [Directory::Resource, Directory::Exception] {
            let Some(entry) = self.directory(directory) else { continue };
            if u64::from(entry.rva) + u64::from(entry.size) > u64::from(image_size) {
                let at = self.optional_offset + 96 + 8 * directory.index() as u64;
                let what = format!("table of {:#x} bytes from {:#x}", entry.size, entry.rva);
                let place = Place::file(at, format!("{directory:?} directory"));
                let expected = format!("expected an end within SizeOfImage, {image_size:#x}");
                return Err(PeError::damaged(what, place, expected));
            }
        }
        Ok(())
    }
}

/// The entry of a directory in the list that the headers gave.
pub(crate) fn entry(directories: &[DataDirectory], directory: Directory) -> Option<DataDirectory> {
    directories.get(directory.index()).copied().filter(|entry| entry.rva != 0 && entry.size != 0)
}

fn read_at<T: Pod>(bytes: &[u8], offset: u64, field: &str) -> Result<T, PeError> {
    usize::try_from(offset)
        .ok()
        .and_then(|start| bytes.get(start..))
        .and_then(|rest| from_bytes::<T>(rest).ok())
        .map(|(value, _)| *value)
        .ok_or_else(|| {
            PeError::cut_short(Place::file(offset, field), size_of::<T>() as u64, bytes.len() as u64)
        })
}

/// Finds the offset of the signature `PE\0\0`, and says what the file is when it has none.
fn find_nt_headers(bytes: &[u8]) -> Result<u64, PeError> {
    let start = |field: &str| Place::file(0, field);
    if bytes.is_empty() {
        return Err(PeError::new(ErrorKind::Empty, "empty file", start("start"), "expected a CE executable"));
    }
    if !bytes.starts_with(b"MZ") {
        let what = format!("{}, not an executable", guess_format(bytes));
        let expected = "expected the signature MZ of an executable";
        return Err(PeError::new(ErrorKind::NotExecutable, what, start("MZ signature"), expected));
    }
    let dos: ImageDosHeader = read_at(bytes, 0, "DOS header")?;
    let nt = u64::from(dos.e_lfanew.get(LE));
    if nt < 4 {
        let (what, expected) = ("a DOS program", "expected the offset of a PE header");
        return Err(PeError::new(ErrorKind::DosProgram, what, Place::file(60, "e_lfanew"), expected));
    }
    let signature: [u8; 4] = match read_at::<[u8; 4]>(bytes, nt, "PE signature") {
        Ok(signature) => signature,
        // A file that stops before its PE header and one that never had any look the same; so say both.
        Err(error) => {
            let what = "a DOS program, or an executable cut short";
            let kind = if nt < 0x1000 { ErrorKind::CutShort } else { ErrorKind::DosProgram };
            return Err(PeError::new(kind, what, error.place().clone(), error.expected()));
        }
    };
    if signature == *b"PE\0\0" {
        return Ok(nt);
    }
    let what = match &signature[..2] {
        b"NE" => "a program for 16-bit Windows",
        b"LE" | b"LX" => "a program for OS/2 or a driver of Windows 9x",
        _ => "a DOS program",
    };
    let expected = "expected the signature PE";
    Err(PeError::new(ErrorKind::DosProgram, what, Place::file(nt, "PE signature"), expected))
}

fn guess_format(bytes: &[u8]) -> &'static str {
    const FORMATS: [(&[u8], &str); 9] = [
        (b"\x7FELF", "an ELF file"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"MSCF", "a CAB file (an installation package)"),
        (b"B000FF\n", "a ROM image (.bin)"),
        (b"ECEC", "a ROM image"),
        (b"\x1F\x8B", "a gzip file"),
        (b"L\x01", "an object file"),
        (b"!<arch>", "a library of object files"),
        (b"ITSF", "a help file"),
    ];
    if let Some((_, name)) = FORMATS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return name;
    }
    let head = &bytes[..bytes.len().min(512)];
    let is_text = head.iter().all(|&byte| byte >= 0x20 || matches!(byte, b'\t' | b'\n' | b'\r'));
    let is_wide_text = head.starts_with(&[0xFF, 0xFE]);
    if is_text || is_wide_text { "text" } else { "unknown data" }
}

fn check_magic(bytes: &[u8], offset: u64, file: &ImageFileHeader) -> Result<(), PeError> {
    let code = file.machine.get(LE).0;
    let magic = u16::from_le_bytes(read_at::<[u8; 2]>(bytes, offset, "Magic of the optional header")?);
    let place = Place::file(offset, "Magic of the optional header");
    match magic {
        0x10B => Ok(()),
        0x20B => {
            let what = format!("a 64-bit image (PE32+, {})", machine::name(code));
            Err(PeError::new(
                ErrorKind::SixtyFourBit,
                what,
                place,
                "expected 0x10b; every CE image is 32-bit",
            ))
        }
        0x107 => Err(PeError::damaged("a ROM image", place, "expected 0x10b, a PE32 image")),
        _ => Err(PeError::damaged(format!("magic {magic:#x}"), place, "expected 0x10b, a PE32 image")),
    }
}

/// Checks that the image is for CE and for a machine that we run.
fn check_target(
    nt: u64,
    optional_offset: u64,
    file: &ImageFileHeader,
    optional: &ImageOptionalHeader32,
) -> Result<Machine, PeError> {
    let subsystem = optional.subsystem.get(LE).0;
    let code = file.machine.get(LE).0;
    let is_ce = subsystem == object::pe::IMAGE_SUBSYSTEM_WINDOWS_CE_GUI.0;
    let Some(machine) = Machine::from_code(code) else {
        let image = if is_ce { "a CE image" } else { "an image" };
        let what = format!("{image} for {} ({code:#x})", machine::name(code));
        let place = Place::file(nt + 4, "Machine");
        let expected = "cerium runs ARM, Thumb and x86";
        return Err(PeError::new(ErrorKind::OtherMachine, what, place, expected));
    };
    if !is_ce {
        let what = match subsystem {
            1 => "a driver or native program of desktop Windows (subsystem 1)".to_string(),
            2 => "a desktop Windows program (subsystem 2, windows)".to_string(),
            3 => "a desktop Windows program (subsystem 3, console)".to_string(),
            10..=13 => format!("an EFI program (subsystem {subsystem})"),
            14 | 17 => format!("an Xbox program (subsystem {subsystem})"),
            16 => "a Windows boot program (subsystem 16)".to_string(),
            _ => format!("a program for subsystem {subsystem}"),
        };
        let place = Place::file(optional_offset + 68, "Subsystem");
        return Err(PeError::new(ErrorKind::OtherSubsystem, what, place, "expected subsystem 9, Windows CE"));
    }
    Ok(machine)
}

fn check_sizes(bytes: &[u8], offset: u64, optional: &ImageOptionalHeader32) -> Result<(), PeError> {
    let base = optional.image_base.get(LE);
    let size = optional.size_of_image.get(LE);
    let headers_size = optional.size_of_headers.get(LE);
    if size > MAX_IMAGE_SIZE {
        let place = Place::file(offset + 56, "SizeOfImage");
        let expected = format!("expected at most {MAX_IMAGE_SIZE:#x}, our limit");
        return Err(PeError::new(ErrorKind::TooLarge, format!("image of {size:#x} bytes"), place, expected));
    }
    if size < PAGE_SIZE {
        let place = Place::file(offset + 56, "SizeOfImage");
        return Err(PeError::damaged(format!("image of {size:#x} bytes"), place, "expected at least a page"));
    }
    // The image's last page ends below the top of the address space, where the kernel's data is.
    if !base.is_multiple_of(ALLOCATION_GRANULARITY)
        || u64::from(base) + u64::from(size.next_multiple_of(PAGE_SIZE)) >= 1 << 32
    {
        let place = Place::file(offset + 28, "ImageBase");
        let expected = "expected a multiple of 0x10000 with room for the image above it";
        return Err(PeError::damaged(format!("image base {base:#x}"), place, expected));
    }
    if u64::from(headers_size) > bytes.len() as u64 {
        let place = Place::file(0, "headers, SizeOfHeaders");
        return Err(PeError::cut_short(place, u64::from(headers_size), bytes.len() as u64));
    }
    if headers_size > size {
        let place = Place::file(offset + 60, "SizeOfHeaders");
        let expected = format!("expected at most SizeOfImage, {size:#x}");
        return Err(PeError::damaged(format!("headers of {headers_size:#x} bytes"), place, expected));
    }
    Ok(())
}

fn read_directories(
    bytes: &[u8],
    offset: u64,
    file: &ImageFileHeader,
    optional: &ImageOptionalHeader32,
) -> Result<Vec<DataDirectory>, PeError> {
    let fixed = size_of::<ImageOptionalHeader32>() as u64;
    let each = size_of::<ImageDataDirectory>() as u64;
    // More than sixteen may be announced; those beyond have no meaning.
    let count = u64::from(optional.number_of_rva_and_sizes.get(LE)).min(MAX_DIRECTORIES as u64);
    let size = u64::from(file.size_of_optional_header.get(LE));
    if fixed + count * each > size {
        let place = Place::file(offset - 4, "SizeOfOptionalHeader");
        let expected = format!("expected at least {:#x} for {count} data directories", fixed + count * each);
        return Err(PeError::damaged(format!("optional header of {size:#x} bytes"), place, expected));
    }
    (0..count)
        .map(|index| {
            let entry: ImageDataDirectory =
                read_at(bytes, offset + fixed + index * each, "data directories")?;
            Ok(DataDirectory { rva: entry.virtual_address.get(LE), size: entry.size.get(LE) })
        })
        .collect()
}

fn read_sections(
    bytes: &[u8],
    nt: u64,
    table: u64,
    file: &ImageFileHeader,
    optional: &ImageOptionalHeader32,
) -> Result<Vec<Section>, PeError> {
    let count = file.number_of_sections.get(LE);
    if count == 0 || count > MAX_SECTIONS {
        let place = Place::file(nt + 6, "NumberOfSections");
        let expected = format!("expected 1 to {MAX_SECTIONS}");
        return Err(PeError::damaged(format!("{count} sections"), place, expected));
    }
    let each = size_of::<ImageSectionHeader>() as u64;
    let image_size = optional.size_of_image.get(LE);
    let sections = (0..u64::from(count))
        .map(|index| {
            let offset = table + index * each;
            let header: ImageSectionHeader = read_at(bytes, offset, "section table")?;
            Section::read(&header, offset, image_size, bytes.len() as u64)
        })
        .collect::<Result<Vec<Section>, PeError>>()?;
    section::check_overlaps(&sections, optional.size_of_headers.get(LE), table)?;
    Ok(sections)
}

use bitflags::bitflags;
use object::LittleEndian as LE;
use object::pe::ImageSectionHeader;

use crate::error::{ErrorKind, PeError, Place};
use crate::{MAX_IMAGE_SIZE, PAGE_SIZE};

/// More than any linker makes; desktop Windows has the same limit.
pub(crate) const MAX_SECTIONS: u16 = 96;

bitflags! {
    /// What a section's pages allow.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Protection: u8 {
        /// May be read.
        const READ = 1;
        /// May be written.
        const WRITE = 2;
        /// Holds instructions.
        const EXECUTE = 4;
    }
}

/// A stretch of the image with one protection. Its end lies within the image, its data within the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The name as far as it is text, such as `.text`.
    pub name: String,
    /// Address relative to the image's base, a multiple of the page size.
    pub rva: u32,
    /// Bytes in memory; those beyond the file's data are zero.
    pub virtual_size: u32,
    /// Offset of the data in the file.
    pub file_offset: u32,
    /// Bytes of data in the file that are mapped; at most `virtual_size`.
    pub file_size: u32,
    /// What its pages allow.
    pub protection: Protection,
    /// Not needed once the image is loaded.
    pub discardable: bool,
    /// One copy for all processes.
    pub shared: bool,
    /// The characteristics as they stand in the file.
    pub characteristics: u32,
}

impl Section {
    /// The address after the last byte, relative to the image's base.
    #[must_use]
    pub fn end(&self) -> u32 {
        self.rva + self.virtual_size
    }

    /// Whether the address, relative to the image's base, lies in the section.
    #[must_use]
    pub fn contains(&self, rva: u32) -> bool {
        rva >= self.rva && rva < self.end()
    }

    /// Reads the header at `offset`; the section must lie in an image of `image_size` bytes and in a
    /// file of `file_size`.
    pub(crate) fn read(
        header: &ImageSectionHeader,
        offset: u64,
        image_size: u32,
        file_size: u64,
    ) -> Result<Section, PeError> {
        let name = section_name(header.name);
        let rva = header.virtual_address.get(LE);
        let raw_size = header.size_of_raw_data.get(LE);
        let raw_offset = header.pointer_to_raw_data.get(LE);
        // Some old linkers leave VirtualSize at zero and mean the size of the data.
        let virtual_size = match header.virtual_size.get(LE) {
            0 => raw_size,
            size => size,
        };
        let place = |field: &str, at: u64| Place::file(offset + at, format!("{field} of section {name}"));

        if !rva.is_multiple_of(PAGE_SIZE) {
            let expected = format!("expected a multiple of the page size {PAGE_SIZE:#x}");
            return Err(PeError::damaged(
                format!("section at {rva:#x}"),
                place("VirtualAddress", 12),
                expected,
            ));
        }
        if virtual_size > MAX_IMAGE_SIZE || u64::from(rva) + u64::from(virtual_size) > u64::from(image_size) {
            let what = format!("section of {virtual_size:#x} bytes from {rva:#x}");
            let expected = format!("expected an end within SizeOfImage, {image_size:#x}");
            return Err(PeError::damaged(what, place("VirtualSize", 8), expected));
        }
        // A section without a pointer has no data, whatever its size says (uninitialized data of old linkers).
        let has_data = raw_offset != 0 && raw_size != 0;
        if has_data && u64::from(raw_offset) + u64::from(raw_size) > file_size {
            let field = format!("data of section {name}");
            return Err(PeError::new(
                ErrorKind::CutShort,
                "cut short",
                Place::file(file_size.max(u64::from(raw_offset)), field),
                format!("expected {raw_size:#x} bytes from {raw_offset:#x}, the file ends at {file_size:#x}"),
            ));
        }
        let characteristics = header.characteristics.get(LE).0;
        Ok(Section {
            rva,
            virtual_size,
            file_offset: if has_data { raw_offset } else { 0 },
            file_size: if has_data { raw_size.min(virtual_size) } else { 0 },
            protection: protection(characteristics),
            discardable: characteristics & object::pe::IMAGE_SCN_MEM_DISCARDABLE.0 != 0,
            shared: characteristics & object::pe::IMAGE_SCN_MEM_SHARED.0 != 0,
            characteristics,
            name,
        })
    }
}

/// Checks that no section overlaps another or the headers.
pub(crate) fn check_overlaps(sections: &[Section], headers_size: u32, table: u64) -> Result<(), PeError> {
    let mut order: Vec<&Section> = sections.iter().filter(|section| section.virtual_size > 0).collect();
    order.sort_by_key(|section| section.rva);
    let mut end = headers_size;
    let mut before = "the headers";
    for section in order {
        if section.rva < end {
            let what = format!("section {} at {:#x} overlaps {before}", section.name, section.rva);
            let expected = format!("expected a start at {end:#x} or later");
            return Err(PeError::damaged(what, Place::file(table, "section table"), expected));
        }
        end = section.end();
        before = &section.name;
    }
    Ok(())
}

fn protection(characteristics: u32) -> Protection {
    let mut protection = Protection::empty();
    protection.set(Protection::READ, characteristics & object::pe::IMAGE_SCN_MEM_READ.0 != 0);
    protection.set(Protection::WRITE, characteristics & object::pe::IMAGE_SCN_MEM_WRITE.0 != 0);
    protection.set(Protection::EXECUTE, characteristics & object::pe::IMAGE_SCN_MEM_EXECUTE.0 != 0);
    protection
}

fn section_name(bytes: [u8; 8]) -> String {
    let length = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    bytes[..length].escape_ascii().to_string()
}

//! The file seen through its sections: reads by address instead of by offset.

use object::pod::{Pod, from_bytes};

use crate::error::{PeError, Place};
use crate::section::Section;

/// The longest name of a module or function that is believed; mangled C++ names stay far below.
const MAX_NAME: usize = 4096;

/// How many times the file's size all its names together may take. Names that lie over one another would
/// otherwise make a small file fill the memory; linkers share at most the odd suffix.
const NAME_BUDGET: usize = 4;

struct Region {
    rva: u32,
    size: u32,
    file_offset: usize,
    file_size: u32,
}

/// The bytes of a file with the places in the image where they go.
pub(crate) struct Mapped<'a> {
    bytes: &'a [u8],
    regions: Vec<Region>,
    names_left: usize,
}

impl<'a> Mapped<'a> {
    pub(crate) fn new(bytes: &'a [u8], headers_size: u32, sections: &[Section]) -> Mapped<'a> {
        let headers = Region { rva: 0, size: headers_size, file_offset: 0, file_size: headers_size };
        let sections = sections.iter().map(|section| Region {
            rva: section.rva,
            size: section.virtual_size,
            file_offset: section.file_offset as usize,
            file_size: section.file_size,
        });
        Mapped {
            bytes,
            regions: std::iter::once(headers).chain(sections).collect(),
            names_left: bytes.len().saturating_mul(NAME_BUDGET),
        }
    }

    /// How many items of `size` bytes the file can hold; the bound for every count that it announces.
    pub(crate) fn room_for(&self, size: usize) -> usize {
        self.bytes.len() / size
    }

    /// Whether `size` bytes at `rva` lie in the headers or in one section.
    pub(crate) fn contains(&self, rva: u32, size: u32) -> bool {
        self.region(rva).is_some_and(|region| region.size - (rva - region.rva) >= size)
    }

    /// Reads a structure. What lies in the image but not in the file is zero.
    pub(crate) fn read<T: Pod>(&self, rva: u32, field: &str) -> Result<T, PeError> {
        let size = size_of::<T>();
        let mut buffer = [0; 40];
        assert!(size <= buffer.len(), "the largest structure read by address is a section header's size");
        let Some(region) =
            self.region(rva).filter(|region| (region.size - (rva - region.rva)) as usize >= size)
        else {
            let expected = format!("expected {size} bytes within one section");
            return Err(PeError::damaged("address outside the image", self.place(rva, field), expected));
        };
        let data = self.data(region, rva);
        let length = data.len().min(size);
        buffer[..length].copy_from_slice(&data[..length]);
        let (value, _) =
            from_bytes::<T>(&buffer).expect("the buffer is large enough, and the types have alignment 1");
        Ok(*value)
    }

    /// The `length` bytes at `rva`, all of which must be in the file.
    pub(crate) fn slice(&self, rva: u32, length: u32, field: &str) -> Result<&'a [u8], PeError> {
        let data = self.region(rva).map_or(&[][..], |region| self.data(region, rva));
        data.get(..length as usize).ok_or_else(|| {
            let what = format!("{length:#x} bytes of which the file has {:#x}", data.len());
            PeError::damaged(what, self.place(rva, field), "expected them within the data of one section")
        })
    }

    /// Reads a name that ends with a zero byte.
    pub(crate) fn name(&mut self, rva: u32, field: &str) -> Result<String, PeError> {
        let Some(region) = self.region(rva) else {
            let expected = "expected a name within a section";
            return Err(PeError::damaged("address outside the image", self.place(rva, field), expected));
        };
        let data = self.data(region, rva);
        let zero_filled = region.size > region.file_size;
        let length = match data.iter().take(MAX_NAME + 1).position(|&byte| byte == 0) {
            Some(length) => length,
            None if zero_filled && data.len() <= MAX_NAME => data.len(),
            None => {
                let expected = format!("expected a zero byte within {MAX_NAME} bytes and the section");
                return Err(PeError::damaged("name without an end", self.place(rva, field), expected));
            }
        };
        let text = &data[..length];
        if text.is_empty() || !text.iter().all(|byte| (0x20..0x7F).contains(byte)) {
            let shown: String = text.iter().take(40).copied().collect::<Vec<u8>>().escape_ascii().to_string();
            let expected = "expected printable ASCII";
            return Err(PeError::damaged(format!("name \"{shown}\""), self.place(rva, field), expected));
        }
        let Some(left) = self.names_left.checked_sub(length) else {
            let expected =
                format!("expected all names together to be shorter than {NAME_BUDGET} times the file");
            return Err(PeError::damaged("names that overlap", self.place(rva, field), expected));
        };
        self.names_left = left;
        Ok(text.iter().map(|&byte| char::from(byte)).collect())
    }

    /// The place of an address, with its offset in the file where there is one.
    pub(crate) fn place(&self, rva: u32, field: &str) -> Place {
        let offset = self.region(rva).and_then(|region| {
            let into = rva - region.rva;
            (into < region.file_size).then(|| region.file_offset as u64 + u64::from(into))
        });
        Place { offset, rva: Some(rva), field: field.to_string() }
    }

    fn region(&self, rva: u32) -> Option<&Region> {
        self.regions.iter().find(|region| rva >= region.rva && rva - region.rva < region.size)
    }

    /// What the file has of a region, from an address in it to its end.
    fn data(&self, region: &Region, rva: u32) -> &'a [u8] {
        let into = (rva - region.rva).min(region.file_size) as usize;
        let end = region.file_offset + region.file_size as usize;
        &self.bytes[region.file_offset + into..end]
    }
}

//! The bytes of memory maps, and where programs see them.
//!
//! A map without a file has the same address in every process that maps it (ee482776), so its address is
//! given out here, device-wide. A process that maps a part of it sees all of it; further views of the same
//! process share the mapping, and it goes with the last of them.

use std::collections::BTreeMap;

use cerium_coredll::{FileSection, win32_of};
use cerium_files::{FileSystem, MappedBytes};
use cerium_kernel::{CeResult, Win32Error};
use cerium_memory::{PAGE_SIZE, Section};
use slab::Slab;

use crate::program::Program;

/// Where maps without a file are seen: CE 6 keeps 0x60000000 to 0x6FFFFFFF for them (ee482776).
const FIRST: u32 = 0x6000_0000;
const END: u32 = 0x7000_0000;
const GRANULARITY: u32 = 0x1_0000;

/// A section as the file system sees it.
struct FileBytes(Section);

impl MappedBytes for FileBytes {
    fn read(&self, offset: u32, bytes: &mut [u8]) {
        self.0.read(offset, bytes).expect("the range lies inside");
    }

    fn write(&self, offset: u32, bytes: &[u8]) {
        self.0.write(offset, bytes).expect("the range lies inside");
    }
}

/// Every section of a device.
#[derive(Default)]
pub(crate) struct Sections {
    sections: Slab<Entry>,
    /// Who has which address: the section by where it begins.
    addresses: BTreeMap<u32, u32>,
}

struct Entry {
    bytes: Section,
    address: u32,
    /// How many bytes were asked for.
    size: u32,
    /// How many maps are made of it.
    maps: u32,
    /// The file whose bytes it has.
    file: Option<u32>,
    /// By program: how many views, and whether any may write.
    views: BTreeMap<u32, Views>,
}

#[derive(Copy, Clone, Default)]
struct Views {
    count: u32,
    writable: bool,
}

impl Sections {
    pub(crate) fn create(&mut self, size: u32) -> CeResult<u32> {
        // Whole granules, so that an address belongs to one section.
        let room = size.checked_next_multiple_of(GRANULARITY).ok_or(Win32Error::NOT_ENOUGH_MEMORY)?;
        let address = self.free_address(room).ok_or(Win32Error::NOT_ENOUGH_MEMORY)?;
        let pages = size.next_multiple_of(PAGE_SIZE);
        let bytes = Section::new(pages).map_err(|_| Win32Error::NOT_ENOUGH_MEMORY)?;
        let section =
            self.sections.insert(Entry { bytes, address, size, maps: 1, file: None, views: BTreeMap::new() })
                as u32;
        self.addresses.insert(address, section);
        Ok(section)
    }

    /// The lowest gap of that size.
    fn free_address(&self, room: u32) -> Option<u32> {
        let mut free = FIRST;
        for (address, section) in &self.addresses {
            if address - free >= room {
                return Some(free);
            }
            let size = self.sections[*section as usize].bytes.size();
            free = address + size.next_multiple_of(GRANULARITY);
        }
        (END - free >= room).then_some(free)
    }

    /// Makes a section of a file's bytes, or shares the one that another map of the file has.
    pub(crate) fn create_of_file(
        &mut self,
        files: &mut FileSystem,
        open: u32,
        size: u64,
        writable: bool,
    ) -> CeResult<FileSection> {
        let present = files.size(open).map_err(win32_of)?;
        let wanted = if size == 0 { present } else { size };
        if wanted == 0 {
            return Err(Win32Error::FILE_INVALID);
        }
        let room = u64::from(END - FIRST);
        let wanted = u32::try_from(wanted).ok().filter(|wanted| u64::from(*wanted) <= room);
        let wanted = wanted.ok_or(Win32Error::NOT_ENOUGH_MEMORY)?;
        // A map to be read cannot make its file longer, as desktop documentation has it.
        if !writable && u64::from(wanted) > present {
            return Err(Win32Error::NOT_ENOUGH_MEMORY);
        }
        files.extend(open, wanted.into()).map_err(win32_of)?;
        let held = files.hold_for_mapping(open).map_err(win32_of)?;
        let shared = match held.mapped {
            None => self.map_file(files, held.node, wanted, writable),
            Some(mapped) => self.share_file(files, held.node, mapped, wanted, writable),
        };
        match shared {
            Ok(section) => Ok(FileSection { section, size: wanted }),
            Err(error) => {
                files.release_mapping(held.node);
                Err(error)
            }
        }
    }

    fn map_file(&mut self, files: &mut FileSystem, node: u32, size: u32, writable: bool) -> CeResult<u32> {
        let section = self.create(size)?;
        let bytes = FileBytes(self.sections[section as usize].bytes.clone());
        if let Err(error) = files.map(node, Box::new(bytes), size, writable) {
            let entry = self.sections.remove(section as usize);
            self.addresses.remove(&entry.address);
            return Err(win32_of(error));
        }
        self.sections[section as usize].file = Some(node);
        Ok(section)
    }

    fn share_file(
        &mut self,
        files: &mut FileSystem,
        node: u32,
        mapped: u32,
        wanted: u32,
        writable: bool,
    ) -> CeResult<u32> {
        let found = self.sections.iter().find(|(_, entry)| entry.file == Some(node));
        let section = found.expect("a mapped file has a section").0 as u32;
        if wanted > mapped {
            self.enlarge(files, section, node, wanted)?;
        }
        if writable {
            files.make_mapping_writable(node).map_err(win32_of)?;
        }
        self.sections[section as usize].maps += 1;
        Ok(section)
    }

    /// Gives the section of a file more bytes, which it can have while nobody looks at it.
    fn enlarge(&mut self, files: &mut FileSystem, section: u32, node: u32, size: u32) -> CeResult<()> {
        if !self.sections[section as usize].views.is_empty() {
            return Err(Win32Error::USER_MAPPED_FILE);
        }
        let larger = self.create(size)?;
        let Entry { bytes, address, .. } = self.sections.remove(larger as usize);
        files.unmap(node);
        let mapped = files.map(node, Box::new(FileBytes(bytes.clone())), size, true);
        let entry = &mut self.sections[section as usize];
        if let Err(error) = mapped {
            self.addresses.remove(&address);
            // As it was: there was room for it.
            let again = FileBytes(entry.bytes.clone());
            let size = entry.size;
            files.map(node, Box::new(again), size, true).map_err(win32_of)?;
            return Err(win32_of(error));
        }
        self.addresses.remove(&entry.address);
        self.addresses.insert(address, section);
        (entry.bytes, entry.address, entry.size) = (bytes, address, size);
        Ok(())
    }

    /// Brings what views have changed to the file, if there is one.
    pub(crate) fn flush(&mut self, files: &mut FileSystem, section: u32) -> CeResult<()> {
        match self.sections[section as usize].file {
            Some(node) => files.flush_mapping(node).map_err(win32_of),
            None => Ok(()),
        }
    }

    /// Gives up one map of a section; with the last the section goes, and what was changed is in its file.
    pub(crate) fn discard(&mut self, files: &mut FileSystem, section: u32) {
        let entry = &mut self.sections[section as usize];
        entry.maps -= 1;
        let (is_last, file) = (entry.maps == 0, entry.file);
        if let Some(node) = file {
            if is_last {
                files.unmap(node);
            }
            files.release_mapping(node);
        }
        if !is_last {
            return;
        }
        let entry = self.sections.remove(section as usize);
        assert!(entry.views.is_empty(), "views keep a section");
        self.addresses.remove(&entry.address);
    }

    /// Lets a program see a section, and returns the address of the byte at `offset`.
    pub(crate) fn map(
        &mut self,
        section: u32,
        program: u32,
        code: &mut dyn Program,
        offset: u32,
        writable: bool,
    ) -> CeResult<u32> {
        let entry = &mut self.sections[section as usize];
        let address = entry.address;
        let views = entry.views.get(&program).copied().unwrap_or_default();
        if views.count == 0 {
            code.map_section(address, &entry.bytes, writable)?;
        } else if writable && !views.writable {
            code.unmap_section(address, &entry.bytes);
            code.map_section(address, &entry.bytes, true)?;
        }
        entry.views.insert(program, Views { count: views.count + 1, writable: views.writable || writable });
        Ok(address + offset)
    }

    /// Undoes one mapping of the section that lies at an address.
    pub(crate) fn unmap(&mut self, program: u32, code: &mut dyn Program, address: u32) {
        let (_, section) = self.addresses.range(..=address).next_back().expect("a view lies in a section");
        let entry = &mut self.sections[*section as usize];
        let views = entry.views.get_mut(&program).expect("the program has a view");
        views.count -= 1;
        if views.count == 0 {
            entry.views.remove(&program);
            code.unmap_section(entry.address, &entry.bytes);
        }
    }

    /// Forgets the views of a program that is gone.
    pub(crate) fn forget_program(&mut self, program: u32) {
        for (_, entry) in &mut self.sections {
            entry.views.remove(&program);
        }
    }
}

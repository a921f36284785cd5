//! The bytes of memory maps, and where programs see them.
//!
//! A map without a file has the same address in every process that maps it (ee482776), so its address is
//! given out here, device-wide. A process that maps a part of it sees all of it; further views of the same
//! process share the mapping, and it goes with the last of them.

use std::collections::BTreeMap;

use cerium_kernel::{CeResult, Win32Error};
use cerium_memory::{PAGE_SIZE, Section};
use slab::Slab;

use crate::program::Program;

/// Where maps without a file are seen: CE 6 keeps 0x60000000 to 0x6FFFFFFF for them (ee482776).
const FIRST: u32 = 0x6000_0000;
const END: u32 = 0x7000_0000;
const GRANULARITY: u32 = 0x1_0000;

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
        let section = self.sections.insert(Entry { bytes, address, views: BTreeMap::new() }) as u32;
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

    pub(crate) fn discard(&mut self, section: u32) {
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

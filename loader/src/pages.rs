//! The pages of a process, as the C library's heaps ask for them.

use cerium_crt::GuestMemory;
use cerium_crt::memory::Pages;
use cerium_memory::{AddressSpace, Fault, Protection};

use crate::layout::{DATA, GRANULARITY};

/// The memory of one process.
pub(crate) struct ProcessPages<'a>(pub(crate) &'a mut AddressSpace);

impl GuestMemory for ProcessPages<'_> {
    fn read(&self, address: u32, into: &mut [u8]) -> Result<(), Fault> {
        self.0.read_bytes(address, into)
    }

    fn write(&mut self, address: u32, bytes: &[u8]) -> Result<(), Fault> {
        self.0.write_bytes(address, bytes)
    }
}

impl Pages for ProcessPages<'_> {
    fn map_pages(&mut self, size: u32) -> Option<u32> {
        let address = self.0.find_free(DATA, size, GRANULARITY)?;
        self.0.map(address, size, Protection::READ | Protection::WRITE).ok()?;
        Some(address)
    }

    fn unmap_pages(&mut self, base: u32, size: u32) {
        if self.0.unmap(base, size).is_err() {
            log::warn!(target: "loader", "the heap's pages at {base:#x} are not mapped any more");
        }
    }
}

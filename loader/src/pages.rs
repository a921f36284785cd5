//! The pages of a process, as the C library's heaps ask for them.

use std::ops::Range;

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

    fn find_free(&self, within: Range<u32>, size: u32) -> Option<u32> {
        self.0.find_free(within, size, GRANULARITY)
    }

    fn map_at(&mut self, address: u32, size: u32, protection: Protection) -> bool {
        self.0.map(address, size, protection).is_ok()
    }

    fn unmap_at(&mut self, address: u32, size: u32) {
        if self.0.unmap(address, size).is_err() {
            log::warn!(target: "loader", "the pages at {address:#x} are not mapped any more");
        }
    }

    fn protect_at(&mut self, address: u32, size: u32, protection: Protection) -> bool {
        self.0.protect(address, size, protection).is_ok()
    }

    fn protection_at(&self, address: u32) -> Option<Protection> {
        self.0.protection_at(address)
    }

    fn memory_left(&self) -> (u64, u64) {
        (self.0.limit(), self.0.limit() - self.0.committed())
    }
}

//! How the device's memory is divided between the object store and programs.

use cerium_kernel::Win32Error;
use cerium_memory::{Access, PAGE_SIZE};

use crate::calls::{Out, Use};
use crate::executable::Executable;
use crate::isa::Isa;

/// The division is as it was asked for.
const SYSMEM_CHANGED: u32 = 0;
/// It cannot be so.
const SYSMEM_FAILED: u32 = 3;

impl<I: Isa> Executable<I> {
    fn store_pages(used: &Use<'_>) -> u32 {
        pages(used.files.space().total)
    }

    /// `GetSystemMemoryDivision`: the pages of the object store and of programs, as GetStoreInformation and
    /// GlobalMemoryStatus count them in bytes.
    pub(crate) fn memory_division(
        &mut self,
        guest: u32,
        used: &mut Use<'_>,
        store_pages: u32,
        ram_pages: u32,
        page_size: u32,
    ) -> Out {
        let words = [
            (store_pages, Self::store_pages(used)),
            (ram_pages, pages(self.memory.limit())),
            (page_size, PAGE_SIZE),
        ];
        let is_room = |(address, _): &(u32, u32)| self.memory.check(*address, 4, Access::Write).is_ok();
        if !words.iter().all(is_room) {
            return self.fail(guest, used, Win32Error::INVALID_PARAMETER, 0);
        }

        for (address, word) in words {
            self.memory.write_unaligned_u32(address, word).expect("there is room");
        }
        self.return_word(guest, 1)
    }

    /// `SetSystemMemoryDivision`. Our choice: the division is fixed, as on a device whose maker has fixed it, so
    /// that every other is out of range.
    pub(crate) fn set_memory_division(&mut self, guest: u32, used: &mut Use<'_>, store_pages: u32) -> Out {
        if store_pages != Self::store_pages(used) {
            return self.fail(guest, used, Win32Error::INVALID_PARAMETER, SYSMEM_FAILED);
        }
        self.return_word(guest, SYSMEM_CHANGED)
    }
}

fn pages(bytes: u64) -> u32 {
    u32::try_from(bytes / u64::from(PAGE_SIZE)).unwrap_or(u32::MAX)
}

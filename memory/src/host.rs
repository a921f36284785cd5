//! The host's side: the one place that asks the host for memory.

use std::ffi::c_void;
use std::ptr;
use std::sync::atomic::AtomicU8;

use rustix::io::Errno;
use rustix::mm::{self, Advice, MapFlags, MprotectFlags, MremapFlags, ProtFlags};

use crate::PAGE_SHIFT;

/// Bytes a guest can address.
pub(crate) const SPACE_BYTES: u64 = 1 << 32;
/// Pages a guest can address.
pub(crate) const SPACE_PAGES: u32 = 1 << (32 - PAGE_SHIFT);

/// Entries of an access table: a page number, and above it the three low bits of a misaligned 8-byte access.
pub(crate) const TABLE_BYTES: usize = (SPACE_PAGES as usize) << 3;

/// Nothing is there: a wild access just past the space kills the host program instead of going unseen.
const GUARD_BYTES: usize = 1 << 16;

const READ_TABLE: usize = SPACE_BYTES as usize + GUARD_BYTES;
const WRITE_TABLE: usize = READ_TABLE + TABLE_BYTES;
const STATES: usize = WRITE_TABLE + TABLE_BYTES;
const RESERVATION_BYTES: usize = STATES + SPACE_PAGES as usize;

/// The tables of a space that has no pages yet, so that an access needs no test for that.
/// (Atomic only so that it lands in memory the binary does not carry. It is never written.)
static EMPTY: [AtomicU8; TABLE_BYTES] = [const { AtomicU8::new(0) }; TABLE_BYTES];

/// The host memory of one address space: its bytes, the two access tables, and a state for each page.
#[derive(Debug)]
pub(crate) struct Reservation {
    /// Host address of guest address 0; dangling while `is_empty`.
    pub(crate) base: *mut u8,
    /// Nonzero: the guest may read there.
    pub(crate) read: *mut u8,
    /// Nonzero: the guest may write there, and nobody needs to know.
    pub(crate) write: *mut u8,
    /// A byte of `space::state` bits for each page.
    pub(crate) states: *mut u8,
}

impl Reservation {
    /// No host memory, and tables that allow nothing.
    pub(crate) fn empty() -> Reservation {
        let nothing = EMPTY.as_ptr().cast::<u8>().cast_mut();
        Reservation { base: ptr::dangling_mut(), read: nothing, write: nothing, states: nothing }
    }

    pub(crate) fn is_empty(&self) -> bool {
        ptr::eq(self.states, EMPTY.as_ptr().cast())
    }

    /// Takes the address range from the host. Pages cost memory when touched, not before.
    pub(crate) fn new() -> Result<Reservation, Errno> {
        let readwrite = ProtFlags::READ | ProtFlags::WRITE;
        let flags = MapFlags::PRIVATE | MapFlags::NORESERVE;
        // SAFETY: a new mapping at an address of the host's choice touches nothing that exists.
        let base =
            unsafe { mm::mmap_anonymous(ptr::null_mut(), RESERVATION_BYTES, readwrite, flags)? }.cast::<u8>();
        let reservation = Reservation {
            base,
            read: base.wrapping_add(READ_TABLE),
            write: base.wrapping_add(WRITE_TABLE),
            states: base.wrapping_add(STATES),
        };
        no_huge_pages(base, RESERVATION_BYTES);
        // SAFETY: the guard lies inside the mapping just made, and nobody points into it.
        unsafe {
            mm::mprotect(base.add(SPACE_BYTES as usize).cast(), GUARD_BYTES, MprotectFlags::empty())?;
        }
        Ok(reservation)
    }

    fn at(&self, page: u32) -> *mut c_void {
        assert!(!self.is_empty() && page < SPACE_PAGES, "a host call needs a page of a real reservation");
        self.base.wrapping_add((page as usize) << PAGE_SHIFT).cast()
    }

    /// Gives private pages back; they read as zero afterwards.
    pub(crate) fn discard(&self, page: u32, count: u32) -> Result<(), Errno> {
        // SAFETY: the pages are ours (checked in `at`, and by the caller for the count), private and
        // anonymous, and no reference into guest memory lives longer than one access.
        unsafe { mm::madvise(self.at(page), (count as usize) << PAGE_SHIFT, Advice::LinuxDontNeed) }
    }

    /// Puts the section's bytes at these pages.
    pub(crate) fn share(
        &self,
        page: u32,
        count: u32,
        bytes: &SharedBytes,
        offset: usize,
    ) -> Result<(), Errno> {
        let size = (count as usize) << PAGE_SHIFT;
        assert!(offset + size <= bytes.len, "a view must lie inside its section");
        // SAFETY: an old size of zero makes a second mapping of the same shared pages and leaves the first
        // alone. The target lies inside our reservation, where nobody holds references.
        unsafe {
            mm::mremap_fixed(bytes.start.add(offset).cast(), 0, size, MremapFlags::MAYMOVE, self.at(page))?;
        }
        Ok(())
    }

    /// Takes a section's bytes away; the pages are private and zero afterwards.
    pub(crate) fn unshare(&self, page: u32, count: u32) -> Result<(), Errno> {
        let size = (count as usize) << PAGE_SHIFT;
        let readwrite = ProtFlags::READ | ProtFlags::WRITE;
        let flags = MapFlags::PRIVATE | MapFlags::NORESERVE | MapFlags::FIXED;
        // SAFETY: the target lies inside our reservation, where nobody holds references.
        unsafe { mm::mmap_anonymous(self.at(page), size, readwrite, flags)? };
        no_huge_pages(self.at(page).cast(), size);
        Ok(())
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        if !self.is_empty() {
            // SAFETY: the mapping is ours, and its owner is going away. A failure would only leak address
            // range.
            let _ = unsafe { mm::munmap(self.base.cast(), RESERVATION_BYTES) };
        }
    }
}

/// The bytes behind a section: shared and anonymous. Further mappings of them are made from this one,
/// so a section costs no file descriptor (a host gives a process a thousand or so).
#[derive(Debug)]
pub(crate) struct SharedBytes {
    pub(crate) start: *mut u8,
    pub(crate) len: usize,
}

impl SharedBytes {
    /// `len` must be a multiple of the page size and not zero.
    pub(crate) fn new(len: usize) -> Result<SharedBytes, Errno> {
        let readwrite = ProtFlags::READ | ProtFlags::WRITE;
        let flags = MapFlags::SHARED | MapFlags::NORESERVE;
        // SAFETY: a new mapping at an address of the host's choice touches nothing that exists.
        let start = unsafe { mm::mmap_anonymous(ptr::null_mut(), len, readwrite, flags)? }.cast();
        Ok(SharedBytes { start, len })
    }
}

impl Drop for SharedBytes {
    fn drop(&mut self) {
        // SAFETY: the mapping is ours and its owner is going away; mappings made from it live on by
        // themselves.
        let _ = unsafe { mm::munmap(self.start.cast(), self.len) };
    }
}

/// One touched guest page shall cost one host page, not 512. A host without huge pages refuses, and that is
/// fine.
fn no_huge_pages(start: *mut u8, size: usize) {
    // SAFETY: advice about our own mapping changes no bytes.
    let _ = unsafe { mm::madvise(start.cast(), size, Advice::LinuxNoHugepage) };
}

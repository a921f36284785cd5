//! Address spaces: which pages there are, and what may be done with them.

use std::fmt;
use std::ops::Range;

use crate::host::{Reservation, SPACE_BYTES, SPACE_PAGES};
use crate::section::TableView;
use crate::{MapError, MemoryError, PAGE_SHIFT, PAGE_SIZE, Protection, Section};

/// The bits of a page's state. The lowest three are [`Protection`].
pub(crate) mod state {
    pub(crate) const PROTECTION: u8 = 0x07;
    /// The page exists.
    pub(crate) const MAPPED: u8 = 0x08;
    /// This space's CPU has decoded code there.
    pub(crate) const CODE: u8 = 0x10;
    /// The page belongs to a section.
    pub(crate) const SHARED: u8 = 0x20;
    /// The host failed to take a view away: nothing is known about the host page, so it is never used again.
    pub(crate) const LOST: u8 = 0x40;
}

/// Views of sections a space may have. A host process has some 65,000 mappings in all, and each view costs up
/// to two.
const MAX_VIEWS: usize = 1024;

/// The 4 GiB that a process sees.
pub struct AddressSpace {
    pub(crate) host: Reservation,
    /// Bytes that may be mapped at once, private or shared.
    limit: u64,
    committed: u64,
    /// Mapped pieces of sections; they never overlap. In order of mapping.
    pub(crate) views: Vec<View>,
    /// Pages whose decoded code is stale. A page is here at most once: entering takes its `CODE` bit.
    pub(crate) changed_code: Vec<u32>,
}

/// A run of pages that show a section.
#[derive(Clone, Debug)]
pub(crate) struct View {
    pub(crate) page: u32,
    pub(crate) count: u32,
    pub(crate) section_page: u32,
    pub(crate) section: Section,
    /// The section's epoch up to which changes of code were taken over.
    pub(crate) seen: u64,
}

impl View {
    pub(crate) fn contains(&self, page: u32) -> bool {
        page.wrapping_sub(self.page) < self.count
    }

    fn pages(&self) -> Range<u32> {
        self.page..self.page + self.count
    }
}

// SAFETY: the space owns its reservation, and nothing else points there but the sections it maps, which
// belong to the same machine and move with it.
unsafe impl Send for AddressSpace {}

/// Sections are mapped page by page, so the host's pages must be of the guest's size.
pub(crate) fn require_host_pages() -> Result<(), MemoryError> {
    match rustix::param::page_size() {
        size if size == PAGE_SIZE as usize => Ok(()),
        size => Err(MemoryError::HostPageSize(size)),
    }
}

impl AddressSpace {
    /// An empty space in which at most `limit` bytes may be mapped at once. It takes nothing from the host
    /// until the first `map`.
    pub fn new(limit: u64) -> Result<AddressSpace, MemoryError> {
        require_host_pages()?;
        let host = Reservation::empty();
        Ok(AddressSpace { host, limit, committed: 0, views: Vec::new(), changed_code: Vec::new() })
    }

    /// How many bytes may be mapped at once.
    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// Bytes mapped now.
    pub fn committed(&self) -> u64 {
        self.committed
    }

    /// Maps private pages that read as zero.
    pub fn map(&mut self, address: u32, size: u32, protection: Protection) -> Result<(), MapError> {
        let pages = self.free_pages(address, size)?;

        self.enter(pages, state::MAPPED, protection);
        Ok(())
    }

    /// Maps `size` bytes of a section from `offset` on. The last page may reach past the section's size; it
    /// reads as zero there.
    pub fn map_section(
        &mut self,
        address: u32,
        section: &Section,
        offset: u32,
        size: u32,
        protection: Protection,
    ) -> Result<(), MapError> {
        let shown = page_range(offset, size)?;
        if shown.end > section.pages() {
            return Err(MapError::OutOfRange);
        }
        let pages = self.free_pages(address, size)?;
        if self.views.len() >= MAX_VIEWS {
            return Err(MapError::LimitReached);
        }
        let count = pages.end - pages.start;
        if let Err(errno) = self.host.share(pages.start, count, section.bytes(), offset as usize) {
            return Err(self.lose(pages, errno));
        }

        let seen = section.watch().epoch;
        let section = section.clone();
        self.add_view(View { page: pages.start, count, section_page: shown.start, section, seen });
        self.enter(pages, state::MAPPED | state::SHARED, protection);
        Ok(())
    }

    /// Takes pages away, private or shared. Pages that are not mapped are passed over.
    pub fn unmap(&mut self, address: u32, size: u32) -> Result<(), MapError> {
        let pages = page_range(address, size)?;
        if self.host.is_empty() {
            return Ok(());
        }
        for page in pages.clone() {
            self.drop_code(page);
        }
        self.unmap_views(&pages)?;
        let mut page = pages.start;
        while page < pages.end {
            // Only what is mapped may be handed to the host: a lost page may not be ours any more.
            let run =
                (page..pages.end).take_while(|page| self.state(*page) & state::MAPPED != 0).count() as u32;
            if run > 0 {
                self.host.discard(page, run).map_err(MapError::Host)?;
                (page..page + run).for_each(|page| self.forget(page));
            }
            page += run.max(1);
        }
        Ok(())
    }

    /// Changes what may be done with pages, all of which must be mapped.
    pub fn protect(&mut self, address: u32, size: u32, protection: Protection) -> Result<(), MapError> {
        let pages = page_range(address, size)?;
        if pages.clone().any(|page| self.state(page) & state::MAPPED == 0) {
            return Err(MapError::NotMapped);
        }

        for page in pages {
            self.drop_code(page);
            let kept = self.state(page) & !state::PROTECTION;
            self.set_state(page, kept | protection.bits());
        }
        Ok(())
    }

    /// What may be done with the page of this address; `None` if there is none.
    pub fn protection_at(&self, address: u32) -> Option<Protection> {
        let state = self.state(address >> PAGE_SHIFT);
        (state & state::MAPPED != 0).then_some(Protection::from_bits_truncate(state))
    }

    /// The lowest address in `within` where `size` bytes are free. `alignment` is a power of two, at least a
    /// page.
    pub fn find_free(&self, within: Range<u32>, size: u32, alignment: u32) -> Option<u32> {
        if size == 0 || !alignment.is_power_of_two() {
            return None;
        }
        let step = u64::from(alignment.max(PAGE_SIZE));
        let size = u64::from(size).next_multiple_of(u64::from(PAGE_SIZE));
        let mut start = u64::from(within.start).next_multiple_of(step);
        while start + size <= u64::from(within.end) {
            let pages = (start >> PAGE_SHIFT) as u32..((start + size) >> PAGE_SHIFT) as u32;
            match pages.rev().find(|page| self.state(*page) != 0) {
                None => return Some(start as u32),
                Some(used) => start = (u64::from(used + 1) << PAGE_SHIFT).next_multiple_of(step),
            }
        }
        None
    }

    /// Checks all that `map` and `map_section` have in common, and makes the reservation if there is none.
    fn free_pages(&mut self, address: u32, size: u32) -> Result<Range<u32>, MapError> {
        let pages = page_range(address, size)?;
        if pages.clone().any(|page| self.state(page) != 0) {
            return Err(MapError::Overlap);
        }
        if self.committed.checked_add(u64::from(size)).is_none_or(|sum| sum > self.limit) {
            return Err(MapError::LimitReached);
        }
        if self.host.is_empty() {
            self.host = Reservation::new().map_err(MapError::Host)?;
        }
        Ok(pages)
    }

    fn enter(&mut self, pages: Range<u32>, kind: u8, protection: Protection) {
        self.committed += u64::from(pages.end - pages.start) << PAGE_SHIFT;
        for page in pages {
            self.set_state(page, kind | protection.bits());
        }
    }

    fn forget(&mut self, page: u32) {
        if self.state(page) & state::MAPPED != 0 {
            self.committed -= u64::from(PAGE_SIZE);
            self.set_state(page, 0);
        }
    }

    /// Cuts the range out of every view, keeping what lies before and after it.
    fn unmap_views(&mut self, pages: &Range<u32>) -> Result<(), MapError> {
        let mut index = 0;
        while index < self.views.len() {
            let view = &self.views[index];
            let cut = view.page.max(pages.start)..(view.page + view.count).min(pages.end);
            if cut.is_empty() {
                index += 1;
                continue;
            }
            let view = self.remove_view(index);
            let (before, after) = (cut.start - view.page, view.pages().end - cut.end);
            if after > 0 {
                let section_page = view.section_page + (cut.end - view.page);
                self.add_view(View { page: cut.end, count: after, section_page, ..view.clone() });
            }
            if before > 0 {
                self.add_view(View { count: before, ..view });
            }
            if let Err(errno) = self.host.unshare(cut.start, cut.end - cut.start) {
                return Err(self.lose(cut, errno));
            }
            for page in cut {
                self.forget(page);
            }
        }
        Ok(())
    }

    /// After a failure the host may have taken the pages from us: they must never be touched again.
    #[cold]
    fn lose(&mut self, pages: Range<u32>, errno: rustix::io::Errno) -> MapError {
        for page in pages {
            self.forget(page);
            self.set_state(page, state::LOST);
        }
        MapError::Host(errno)
    }

    fn add_view(&mut self, view: View) {
        let entry = self.table_view(&view);
        view.section.watch().add_view(entry);
        self.views.push(view);
    }

    fn remove_view(&mut self, index: usize) -> View {
        let view = self.views.swap_remove(index);
        let entry = self.table_view(&view);
        view.section.watch().remove_view(entry);
        view
    }

    fn table_view(&self, view: &View) -> TableView {
        let View { page, count, section_page, .. } = *view;
        TableView { write_table: self.host.write, page, count, section_page }
    }

    pub(crate) fn state(&self, page: u32) -> u8 {
        assert!(page < SPACE_PAGES, "a page number has 20 bits");
        // SAFETY: there is a state for each page, also in the empty tables.
        unsafe { *self.host.states.add(page as usize) }
    }

    /// Sets the state, and the tables' entries that follow from it.
    pub(crate) fn set_state(&mut self, page: u32, state: u8) {
        assert!(!self.host.is_empty() && page < SPACE_PAGES, "only a real reservation has states to set");
        let readable = state & Protection::READ.bits() != 0;
        let writable = state & Protection::WRITE.bits() != 0 && !self.is_watched(page, state);
        // SAFETY: the reservation is real, so its tables may be written, and each has an entry for each page.
        unsafe {
            *self.host.states.add(page as usize) = state;
            *self.host.read.add(page as usize) = u8::from(readable);
            *self.host.write.add(page as usize) = u8::from(writable);
        }
    }

    /// Whether a store must be noticed: by this space's CPU, or by another that decoded the same section.
    fn is_watched(&self, page: u32, state: u8) -> bool {
        if state & state::SHARED == 0 {
            return state & state::CODE != 0;
        }
        let view = self.views.iter().find(|view| view.contains(page));
        view.is_some_and(|view| view.section.watch().is_watched(view.section_page + page - view.page))
    }
}

impl Drop for AddressSpace {
    fn drop(&mut self) {
        while !self.views.is_empty() {
            self.remove_view(self.views.len() - 1);
        }
    }
}

impl fmt::Debug for AddressSpace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let AddressSpace { host: _, limit, committed, views, changed_code } = self;
        f.debug_struct("AddressSpace")
            .field("limit", limit)
            .field("committed", committed)
            .field("views", views)
            .field("changed_code", changed_code)
            .finish_non_exhaustive()
    }
}

/// The pages of a range given in bytes, which must be whole pages inside the 4 GiB.
fn page_range(address: u32, size: u32) -> Result<Range<u32>, MapError> {
    if size == 0 || !address.is_multiple_of(PAGE_SIZE) || !size.is_multiple_of(PAGE_SIZE) {
        return Err(MapError::Misaligned);
    }
    if u64::from(address) + u64::from(size) > SPACE_BYTES {
        return Err(MapError::OutOfRange);
    }
    let first = address >> PAGE_SHIFT;
    Ok(first..first + (size >> PAGE_SHIFT))
}

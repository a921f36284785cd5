//! Regions of address space: what `VirtualAlloc` reserves, and which of its pages are committed.
//!
//! The bookkeeping is on the host's side. A reserved page exists only here; a committed one is a page of the
//! process. Regions lie in a part of the address space of their own, so that nothing else is ever put between
//! their pages.

use std::collections::BTreeMap;
use std::ops::Range;

use cerium_memory::{PAGE_SIZE, Protection};

use crate::memory::Pages;

/// Where regions lie: above stacks and heaps, below libraries.
pub const ZONE: Range<u32> = 0x2000_0000..0x4000_0000;

/// What a reservation's address is a multiple of (dwAllocationGranularity).
pub const GRANULARITY: u32 = 0x1_0000;

/// Why a call failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegionError {
    /// A size, flag or combination that means nothing.
    InvalidParameter,
    /// The address is in no region, or in one already.
    InvalidAddress,
    /// There is no room, or no memory.
    OutOfMemory,
}

/// A page's protection, as `PAGE_` flags; 0 for one that is reserved only.
type PageFlags = u16;

/// What `VirtualAlloc` reserved at once.
#[derive(Debug, Clone)]
struct Region {
    /// flProtect of the reservation.
    protect: u32,
    pages: Vec<PageFlags>,
}

impl Region {
    fn size(&self) -> u32 {
        self.pages.len() as u32 * PAGE_SIZE
    }
}

/// What `VirtualQuery` tells of a run of pages that are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Description {
    /// The first page.
    pub base: u32,
    /// The region that it is in; 0 if in none.
    pub allocation_base: u32,
    /// flProtect of the reservation.
    pub allocation_protect: u32,
    /// How many bytes are alike.
    pub size: u32,
    /// Whether they are committed, reserved or free.
    pub state: State,
    /// The protection of committed pages.
    pub protect: u32,
}

/// What a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It can be used.
    Committed,
    /// Its address is taken.
    Reserved,
    /// Nothing is there.
    Free,
}

/// The regions of a process.
#[derive(Debug, Clone, Default)]
pub struct Regions {
    regions: BTreeMap<u32, Region>,
}

const PAGE_NOACCESS: u32 = 0x01;
const PAGE_READONLY: u32 = 0x02;
const PAGE_READWRITE: u32 = 0x04;
const PAGE_EXECUTE: u32 = 0x10;
const PAGE_EXECUTE_READ: u32 = 0x20;
const PAGE_EXECUTE_READWRITE: u32 = 0x40;
/// PAGE_GUARD, PAGE_NOCACHE and PAGE_WRITECOMBINE, which change nothing here.
const MODIFIERS: u32 = 0x700;

/// What a guest may do under `PAGE_` flags.
fn protection_of(protect: u32) -> Result<Protection, RegionError> {
    Ok(match protect & !MODIFIERS {
        PAGE_NOACCESS => Protection::empty(),
        PAGE_READONLY => Protection::READ,
        PAGE_READWRITE => Protection::READ | Protection::WRITE,
        PAGE_EXECUTE => Protection::EXECUTE,
        PAGE_EXECUTE_READ => Protection::READ | Protection::EXECUTE,
        PAGE_EXECUTE_READWRITE => Protection::READ | Protection::WRITE | Protection::EXECUTE,
        _ => return Err(RegionError::InvalidParameter),
    })
}

/// The `PAGE_` flag of what a guest may do.
fn flags_of(protection: Protection) -> u32 {
    match (protection.contains(Protection::WRITE), protection.contains(Protection::EXECUTE)) {
        (true, true) => PAGE_EXECUTE_READWRITE,
        (true, false) => PAGE_READWRITE,
        (false, true) => PAGE_EXECUTE_READ,
        (false, false) if protection.contains(Protection::READ) => PAGE_READONLY,
        (false, false) => PAGE_NOACCESS,
    }
}

/// The pages that a range of bytes touches: the first one's address, and how many bytes to the end of the last.
fn whole_pages(address: u32, size: u32) -> Result<(u32, u32), RegionError> {
    if size == 0 {
        return Err(RegionError::InvalidParameter);
    }
    let start = address & !(PAGE_SIZE - 1);
    let end = u64::from(address) + u64::from(size);
    let bytes = end.next_multiple_of(u64::from(PAGE_SIZE)) - u64::from(start);
    Ok((start, u32::try_from(bytes).map_err(|_| RegionError::InvalidParameter)?))
}

impl Regions {
    /// Reserves addresses: at `address`, rounded down to the granularity, or anywhere if that is 0.
    ///
    /// # Errors
    ///
    /// See [`RegionError`].
    pub fn reserve(
        &mut self,
        pages: &dyn Pages,
        address: u32,
        size: u32,
        protect: u32,
    ) -> Result<u32, RegionError> {
        protection_of(protect)?;
        let start = address & !(GRANULARITY - 1);
        let wanted = size.checked_add(address - start).ok_or(RegionError::InvalidParameter)?;
        let (_, bytes) = whole_pages(start, wanted)?;
        let base = match address {
            0 => self.find_gap(pages, bytes).ok_or(RegionError::OutOfMemory)?,
            _ if self.is_gap(pages, start, bytes) => start,
            _ => return Err(RegionError::InvalidAddress),
        };
        let region = Region { protect, pages: vec![0; (bytes / PAGE_SIZE) as usize] };
        self.regions.insert(base, region);
        Ok(base)
    }

    /// Whether nothing lies in a range of the zone.
    fn is_gap(&self, pages: &dyn Pages, start: u32, bytes: u32) -> bool {
        let Some(end) = start.checked_add(bytes) else { return false };
        if start < ZONE.start || end > ZONE.end {
            return false;
        }
        let before = self.regions.range(..end).next_back();
        let is_taken = before.is_some_and(|(base, region)| base + region.size() > start);
        !is_taken && pages.find_free(start..end, bytes) == Some(start)
    }

    /// The lowest gap of that size on a multiple of the granularity.
    fn find_gap(&self, pages: &dyn Pages, bytes: u32) -> Option<u32> {
        let mut start = ZONE.start;
        let ends = self.regions.iter().map(|(base, region)| (*base, base + region.size()));
        for (base, end) in ends.chain([(ZONE.end, ZONE.end)]) {
            if base.saturating_sub(start) >= bytes
                && let Some(found) = pages.find_free(start..base, bytes)
            {
                return Some(found);
            }
            start = end.checked_next_multiple_of(GRANULARITY)?;
        }
        None
    }

    /// The region that holds all of a range of pages.
    fn region_of(&mut self, start: u32, bytes: u32) -> Option<(u32, &mut Region)> {
        let (base, region) = self.regions.range_mut(..=start).next_back()?;
        let end = u64::from(start) + u64::from(bytes);
        (end <= u64::from(base + region.size())).then_some((*base, region))
    }

    /// Commits pages of a region; those that are committed already get the protection too.
    ///
    /// # Errors
    ///
    /// See [`RegionError`]. Pages before one for which there was no memory stay committed.
    pub fn commit(
        &mut self,
        pages: &mut dyn Pages,
        address: u32,
        size: u32,
        protect: u32,
    ) -> Result<u32, RegionError> {
        let protection = protection_of(protect)?;
        let (start, bytes) = whole_pages(address, size)?;
        let (base, region) = self.region_of(start, bytes).ok_or(RegionError::InvalidAddress)?;
        for at in (start..start + bytes).step_by(PAGE_SIZE as usize) {
            let page = &mut region.pages[((at - base) / PAGE_SIZE) as usize];
            let done = if *page == 0 {
                pages.map_at(at, PAGE_SIZE, protection)
            } else {
                pages.protect_at(at, PAGE_SIZE, protection)
            };
            if !done {
                return Err(RegionError::OutOfMemory);
            }
            *page = protect as PageFlags;
        }
        Ok(start)
    }

    /// Takes the memory of pages away; their addresses stay reserved.
    ///
    /// # Errors
    ///
    /// See [`RegionError`].
    pub fn decommit(&mut self, pages: &mut dyn Pages, address: u32, size: u32) -> Result<(), RegionError> {
        let (start, bytes) = match self.regions.get(&address) {
            Some(region) if size == 0 => (address, region.size()),
            _ => whole_pages(address, size)?,
        };
        let (base, region) = self.region_of(start, bytes).ok_or(RegionError::InvalidAddress)?;
        for at in (start..start + bytes).step_by(PAGE_SIZE as usize) {
            let page = &mut region.pages[((at - base) / PAGE_SIZE) as usize];
            if std::mem::take(page) != 0 {
                pages.unmap_at(at, PAGE_SIZE);
            }
        }
        Ok(())
    }

    /// Gives up a region, by the address that it begins at.
    ///
    /// # Errors
    ///
    /// See [`RegionError`].
    pub fn release(&mut self, pages: &mut dyn Pages, address: u32) -> Result<(), RegionError> {
        if !self.regions.contains_key(&address) {
            return Err(RegionError::InvalidAddress);
        }
        self.decommit(pages, address, 0)?;
        self.regions.remove(&address);
        Ok(())
    }

    /// Changes the protection of committed pages and returns what the first one had.
    ///
    /// # Errors
    ///
    /// See [`RegionError`]; nothing has changed then.
    pub fn protect(
        &mut self,
        pages: &mut dyn Pages,
        address: u32,
        size: u32,
        protect: u32,
    ) -> Result<u32, RegionError> {
        let protection = protection_of(protect)?;
        let (start, bytes) = whole_pages(address, size)?;
        let (base, region) = self.region_of(start, bytes).ok_or(RegionError::InvalidAddress)?;
        let first = ((start - base) / PAGE_SIZE) as usize;
        let changed = &mut region.pages[first..first + (bytes / PAGE_SIZE) as usize];
        if changed.contains(&0) {
            return Err(RegionError::InvalidAddress);
        }
        let before = u32::from(changed[0]);
        if !pages.protect_at(start, bytes, protection) {
            return Err(RegionError::InvalidAddress);
        }
        changed.fill(protect as PageFlags);
        Ok(before)
    }

    /// Describes the run of pages from an address on that are alike.
    pub fn query(&self, pages: &dyn Pages, address: u32) -> Description {
        let base = address & !(PAGE_SIZE - 1);
        let region =
            self.regions.range(..=base).next_back().filter(|(start, region)| base - **start < region.size());
        if let Some((start, region)) = region {
            let first = ((base - start) / PAGE_SIZE) as usize;
            let page = region.pages[first];
            let alike = region.pages[first..].iter().take_while(|other| **other == page).count();
            return Description {
                base,
                allocation_base: *start,
                allocation_protect: region.protect,
                size: alike as u32 * PAGE_SIZE,
                state: if page == 0 { State::Reserved } else { State::Committed },
                protect: u32::from(page),
            };
        }
        // Not one of these: an image, a stack, a heap, or nothing. A page at a time is true, if not all.
        let protection = pages.protection_at(base);
        let protect = protection.map_or(0, flags_of);
        Description {
            base,
            allocation_base: if protection.is_some() { base } else { 0 },
            allocation_protect: protect,
            size: PAGE_SIZE,
            state: if protection.is_some() { State::Committed } else { State::Free },
            protect,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::GuestMemory;
    use crate::memory::testing::TestMemory;

    #[test]
    fn reserved_pages_cannot_be_used_until_they_are_committed() {
        let mut memory = TestMemory::new(1);
        let mut regions = Regions::default();
        let base = regions.reserve(&memory, 0, 3 * PAGE_SIZE, PAGE_READWRITE).unwrap();
        assert_eq!(base % GRANULARITY, 0);
        assert!(memory.write_u32(base, 1).is_err());
        assert_eq!(
            regions.commit(&mut memory, base + PAGE_SIZE + 5, 1, PAGE_READWRITE),
            Ok(base + PAGE_SIZE)
        );
        assert!(memory.write_u32(base + PAGE_SIZE, 1).is_ok());
        assert!(memory.write_u32(base + 2 * PAGE_SIZE, 1).is_err());
        let described = regions.query(&memory, base + PAGE_SIZE + 100);
        assert_eq!((described.state, described.size), (State::Committed, PAGE_SIZE));
        regions.decommit(&mut memory, base + PAGE_SIZE, 1).unwrap();
        assert!(memory.read_u32(base + PAGE_SIZE).is_err());
        regions.release(&mut memory, base).unwrap();
        assert_eq!(regions.release(&mut memory, base), Err(RegionError::InvalidAddress));
        assert_eq!(regions.query(&memory, base).state, State::Free);
    }

    #[test]
    fn regions_do_not_overlap_and_find_the_lowest_gap() {
        let memory = TestMemory::new(1);
        let mut regions = Regions::default();
        let first = regions.reserve(&memory, 0, GRANULARITY + 1, PAGE_READWRITE).unwrap();
        let second = regions.reserve(&memory, 0, 1, PAGE_READWRITE).unwrap();
        assert_eq!(second, first + 2 * GRANULARITY);
        assert_eq!(
            regions.reserve(&memory, first + GRANULARITY, 1, PAGE_READWRITE),
            Err(RegionError::InvalidAddress)
        );
        let third = regions.reserve(&memory, second + GRANULARITY + 5, 1, PAGE_READWRITE);
        assert_eq!(third, Ok(second + GRANULARITY));
    }

    #[test]
    fn what_means_nothing_is_refused() {
        let mut memory = TestMemory::new(1);
        let mut regions = Regions::default();
        for (address, size, protect) in
            [(0, 0, PAGE_READWRITE), (0, 1, 0), (0, 1, 8), (u32::MAX, u32::MAX, PAGE_READWRITE)]
        {
            assert!(regions.reserve(&memory, address, size, protect).is_err(), "{address:#x} {size:#x}");
        }
        assert!(regions.reserve(&memory, 0, u32::MAX, PAGE_READWRITE).is_err());
        assert_eq!(
            regions.commit(&mut memory, ZONE.start, 1, PAGE_READWRITE),
            Err(RegionError::InvalidAddress)
        );
        let base = regions.reserve(&memory, 0, PAGE_SIZE, PAGE_READWRITE).unwrap();
        assert_eq!(
            regions.protect(&mut memory, base, 1, PAGE_READONLY),
            Err(RegionError::InvalidAddress),
            "a reserved page has no protection"
        );
    }
}

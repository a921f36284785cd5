//! Guest heaps: `HeapAlloc`, `LocalAlloc`, `malloc`.
//!
//! A heap's blocks lie in guest memory; what is known about them is here, on the host's side. A guest that
//! writes past a block damages its own data and nothing else: there are no headers to overwrite.
//!
//! **Where a block goes.** Blocks are multiples of 16 bytes at multiples of 16. A block takes the smallest
//! free piece that is large enough, of those the lowest; when there is none, the heap maps a region of 64
//! KiB, or larger for a larger block. So addresses depend on the calls before and on nothing else. Each
//! operation is O(log n) in the number of blocks.
//!
//! **What goes back.** A free piece joins its neighbours in the same region. A region larger than 64 KiB is
//! unmapped as soon as it is all free; of the others one may stay, so that a block allocated and freed again
//! and again does not map and unmap each time. A heap's first region stays as long as the heap does: its
//! address is the heap's handle.
//!
//! **Invariant.** Free pieces and blocks cover each region exactly, and no two free pieces of a region touch.

use std::collections::{BTreeMap, BTreeSet};

use crate::block;
use crate::memory::{Fault, Pages};

/// What sizes and addresses of blocks are multiples of. Our choice: enough for any type of any processor
/// here.
pub const ALIGNMENT: u32 = 16;

/// What a heap usually grows by.
pub const REGION_SIZE: u32 = 0x1_0000;

/// The largest block. Above it rounding would leave 32 bits, and no CE process has so much.
pub const BLOCK_LIMIT: u32 = 0x7FFF_0000;

/// Heaps a process may have.
pub const HEAP_LIMIT: usize = 4096;

/// The front of a heap's first region is kept free, so that no block has the heap's handle for an address.
const HEADER_SIZE: u32 = 64;

/// The unit in which regions are mapped.
const PAGE_SIZE: u32 = 4096;

const ERROR_INVALID_HANDLE: u32 = 6;
const ERROR_NOT_ENOUGH_MEMORY: u32 = 8;
const ERROR_NOACCESS: u32 = 998;

/// Why a heap function failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeapError {
    /// There is no such heap, or it may not be destroyed.
    InvalidHeap,
    /// The heap has no such block: freed already, or never its own.
    InvalidBlock,
    /// The block is too large, or the process has had all the memory it may have.
    OutOfMemory,
    /// The block's memory is not what it was: the guest has unmapped or protected it.
    Fault(Fault),
}

impl HeapError {
    /// What the guest is told; of a block that is none, functions say different things.
    #[must_use]
    pub fn win32(self, bad_block: u32) -> u32 {
        match self {
            HeapError::InvalidHeap => ERROR_INVALID_HANDLE,
            HeapError::InvalidBlock => bad_block,
            HeapError::OutOfMemory => ERROR_NOT_ENOUGH_MEMORY,
            HeapError::Fault(_) => ERROR_NOACCESS,
        }
    }
}

impl From<Fault> for HeapError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// What new bytes of a block hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// Whatever was there.
    Leave,
    /// Zeros.
    Zero,
}

/// Whether a block may get a new address when it grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moving {
    /// It may.
    Allowed,
    /// It must stay; growing fails if there is no room behind it.
    InPlace,
}

/// The heaps of a process.
#[derive(Debug, Clone)]
pub struct Heaps {
    process_heap: u32,
    heaps: BTreeMap<u32, Heap>,
}

impl Heaps {
    /// Makes the process heap.
    ///
    /// # Errors
    ///
    /// [`HeapError::OutOfMemory`].
    pub fn new(pages: &mut dyn Pages) -> Result<Self, HeapError> {
        let mut heaps = Self { process_heap: 0, heaps: BTreeMap::new() };
        heaps.process_heap = heaps.create(pages, 0, 0)?;
        Ok(heaps)
    }

    /// The heaps, the process heap first.
    pub fn handles(&self) -> impl Iterator<Item = u32> {
        let others = self.heaps.keys().copied().filter(|heap| *heap != self.process_heap);
        std::iter::once(self.process_heap).chain(others)
    }

    /// Every block: its heap, where it lies, how many bytes it has.
    pub fn blocks(&self) -> impl Iterator<Item = (u32, u32, u32)> {
        let of_heap = |(handle, heap): (&u32, &Heap)| {
            let handle = *handle;
            heap.blocks.iter().map(|(address, block)| (handle, *address, block.size)).collect::<Vec<_>>()
        };
        self.heaps.iter().flat_map(of_heap)
    }

    /// `GetProcessHeap`: the heap behind `malloc` and `LocalAlloc`.
    #[must_use]
    pub fn process_heap(&self) -> u32 {
        self.process_heap
    }

    /// `HeapCreate`: with a `maximum` that is not 0 the heap has that size from the start and never grows.
    ///
    /// # Errors
    ///
    /// [`HeapError::OutOfMemory`].
    pub fn create(&mut self, pages: &mut dyn Pages, initial: u32, maximum: u32) -> Result<u32, HeapError> {
        let wanted = if maximum == 0 { initial.max(REGION_SIZE) } else { maximum.max(HEADER_SIZE) };
        if self.heaps.len() >= HEAP_LIMIT || wanted > BLOCK_LIMIT {
            return Err(HeapError::OutOfMemory);
        }
        let size = wanted.next_multiple_of(PAGE_SIZE);
        let base = pages.map_pages(size).ok_or(HeapError::OutOfMemory)?;

        let mut heap = Heap { growable: maximum == 0, ..Heap::default() };
        heap.regions.insert(base, size);
        heap.insert_free(base + HEADER_SIZE, size - HEADER_SIZE);
        let taken = self.heaps.insert(base, heap);
        assert!(taken.is_none(), "two regions have different addresses");
        Ok(base)
    }

    /// `HeapDestroy`: gives back all of the heap's memory. The process heap stays.
    ///
    /// # Errors
    ///
    /// [`HeapError::InvalidHeap`].
    pub fn destroy(&mut self, pages: &mut dyn Pages, heap: u32) -> Result<(), HeapError> {
        if heap == self.process_heap {
            return Err(HeapError::InvalidHeap);
        }
        let heap = self.heaps.remove(&heap).ok_or(HeapError::InvalidHeap)?;

        heap.regions.iter().for_each(|(&base, &size)| pages.unmap_pages(base, size));
        Ok(())
    }

    /// `HeapAlloc`: a block of `size` bytes; a size of 0 is a block like any other.
    ///
    /// # Errors
    ///
    /// [`HeapError::InvalidHeap`], [`HeapError::OutOfMemory`]; a fault when filling.
    pub fn allocate(
        &mut self,
        pages: &mut dyn Pages,
        heap: u32,
        size: u32,
        fill: Fill,
    ) -> Result<u32, HeapError> {
        self.heap(heap)?.allocate(pages, size, fill)
    }

    /// `HeapReAlloc`: gives the block another size, keeps what fits of its bytes; returns its address.
    ///
    /// # Errors
    ///
    /// [`HeapError::InvalidHeap`], [`HeapError::InvalidBlock`], [`HeapError::OutOfMemory`]; a fault when
    /// copying or filling. The block is as it was.
    pub fn reallocate(
        &mut self,
        pages: &mut dyn Pages,
        heap: u32,
        address: u32,
        size: u32,
        fill: Fill,
        moving: Moving,
    ) -> Result<u32, HeapError> {
        self.heap(heap)?.reallocate(pages, address, size, fill, moving)
    }

    /// `HeapFree`.
    ///
    /// # Errors
    ///
    /// [`HeapError::InvalidHeap`], [`HeapError::InvalidBlock`].
    pub fn free(&mut self, pages: &mut dyn Pages, heap: u32, address: u32) -> Result<(), HeapError> {
        self.heap(heap)?.free(pages, address)
    }

    /// `HeapSize`: the size the block was asked for with.
    ///
    /// # Errors
    ///
    /// [`HeapError::InvalidHeap`], [`HeapError::InvalidBlock`].
    pub fn size(&self, heap: u32, address: u32) -> Result<u32, HeapError> {
        let heap = self.heaps.get(&heap).ok_or(HeapError::InvalidHeap)?;
        heap.blocks.get(&address).map(|block| block.size).ok_or(HeapError::InvalidBlock)
    }

    /// `HeapValidate`: whether there is such a heap, and such a block in it if one is named.
    #[must_use]
    pub fn validate(&self, heap: u32, address: Option<u32>) -> bool {
        self.heaps
            .get(&heap)
            .is_some_and(|heap| address.is_none_or(|address| heap.blocks.contains_key(&address)))
    }

    fn heap(&mut self, heap: u32) -> Result<&mut Heap, HeapError> {
        self.heaps.get_mut(&heap).ok_or(HeapError::InvalidHeap)
    }
}

/// A block in use.
#[derive(Debug, Clone, Copy)]
struct Block {
    /// What the guest asked for.
    size: u32,
    /// What it occupies.
    span: u32,
}

#[derive(Debug, Clone, Default)]
struct Heap {
    growable: bool,
    /// Mapped memory: base and size.
    regions: BTreeMap<u32, u32>,
    blocks: BTreeMap<u32, Block>,
    /// Free pieces: address and size.
    free: BTreeMap<u32, u32>,
    /// The same by size, to find the best.
    free_by_size: BTreeSet<(u32, u32)>,
    /// The region of the usual size that is all free and stays mapped.
    spare: Option<u32>,
}

impl Heap {
    fn allocate(&mut self, pages: &mut dyn Pages, size: u32, fill: Fill) -> Result<u32, HeapError> {
        let span = span(size)?;
        let best = self.free_by_size.range((span, 0)..).next().copied();
        let (found, address) = match best {
            Some(best) => best,
            None => self.grow(pages, span)?,
        };
        if fill == Fill::Zero && best.is_some() {
            // What has just been mapped is zero already.
            block::set(pages, address, 0, size)?;
        }

        self.take_front(address, found, span);
        self.blocks.insert(address, Block { size, span });
        Ok(address)
    }

    fn reallocate(
        &mut self,
        pages: &mut dyn Pages,
        address: u32,
        size: u32,
        fill: Fill,
        moving: Moving,
    ) -> Result<u32, HeapError> {
        let old = *self.blocks.get(&address).ok_or(HeapError::InvalidBlock)?;
        let span = span(size)?;
        let grown = size.saturating_sub(old.size);
        if span > old.span && !self.room_behind(address, old.span, span) {
            return match moving {
                Moving::InPlace => Err(HeapError::OutOfMemory),
                Moving::Allowed => self.relocate(pages, address, old, size, fill),
            };
        }
        if fill == Fill::Zero && grown > 0 {
            block::set(pages, address + old.size, 0, grown)?;
        }

        if span > old.span {
            let behind = address + old.span;
            let found = self.free[&behind];
            self.take_front(behind, found, span - old.span);
        } else if span < old.span {
            self.give_back(pages, address + span, old.span - span);
        }
        self.blocks.insert(address, Block { size, span });
        Ok(address)
    }

    /// Whether a block can grow where it is.
    fn room_behind(&self, address: u32, old_span: u32, span: u32) -> bool {
        let behind = address + old_span;
        // Memory behind the region's end may be another region, mapped and unmapped by itself.
        !self.regions.contains_key(&behind)
            && self.free.get(&behind).is_some_and(|&found| found >= span - old_span)
    }

    fn relocate(
        &mut self,
        pages: &mut dyn Pages,
        address: u32,
        old: Block,
        size: u32,
        fill: Fill,
    ) -> Result<u32, HeapError> {
        let moved = self.allocate(pages, size, Fill::Leave)?;
        let mut copied = block::copy(pages, moved, address, old.size);
        if fill == Fill::Zero {
            copied = copied.and_then(|_| block::set(pages, moved + old.size, 0, size - old.size));
        }
        if let Err(fault) = copied {
            self.free(pages, moved)?;
            return Err(fault.into());
        }
        self.free(pages, address)?;
        Ok(moved)
    }

    fn free(&mut self, pages: &mut dyn Pages, address: u32) -> Result<(), HeapError> {
        let block = self.blocks.remove(&address).ok_or(HeapError::InvalidBlock)?;

        self.give_back(pages, address, block.span);
        Ok(())
    }

    /// Maps a region with room for `span` bytes and returns the free piece it is: size and address.
    fn grow(&mut self, pages: &mut dyn Pages, span: u32) -> Result<(u32, u32), HeapError> {
        if !self.growable {
            return Err(HeapError::OutOfMemory);
        }
        let size = span.max(REGION_SIZE).next_multiple_of(PAGE_SIZE);
        let base = pages.map_pages(size).ok_or(HeapError::OutOfMemory)?;
        assert!(base.is_multiple_of(ALIGNMENT), "regions are aligned");
        self.regions.insert(base, size);
        self.insert_free(base, size);
        Ok((size, base))
    }

    /// Takes the first `span` bytes of a free piece.
    fn take_front(&mut self, address: u32, found: u32, span: u32) {
        self.remove_free(address, found);
        if found > span {
            self.insert_free(address + span, found - span);
        }
        if self.spare == Some(address) {
            self.spare = None;
        }
    }

    /// Makes a piece free, joins it with its neighbours, and unmaps its region if nothing else is there.
    fn give_back(&mut self, pages: &mut dyn Pages, address: u32, span: u32) {
        let (&base, &size) =
            self.regions.range(..=address).next_back().expect("a block lies in a region of its heap");
        let (mut start, mut end) = (address, address + span);
        if let Some((&before, &found)) = self.free.range(base..address).next_back()
            && before + found == address
        {
            self.remove_free(before, found);
            start = before;
        }
        if end < base + size
            && let Some(&found) = self.free.get(&end)
        {
            self.remove_free(end, found);
            end += found;
        }
        if start != base || end - start != size {
            self.insert_free(start, end - start);
        } else if size == REGION_SIZE && self.spare.is_none() {
            self.insert_free(start, size);
            self.spare = Some(base);
        } else {
            self.regions.remove(&base);
            pages.unmap_pages(base, size);
        }
    }

    fn insert_free(&mut self, address: u32, size: u32) {
        self.free.insert(address, size);
        self.free_by_size.insert((size, address));
    }

    fn remove_free(&mut self, address: u32, size: u32) {
        let known = self.free.remove(&address) == Some(size) && self.free_by_size.remove(&(size, address));
        assert!(known, "a free piece is in both tables");
    }
}

/// What a block of this size occupies.
fn span(size: u32) -> Result<u32, HeapError> {
    if size > BLOCK_LIMIT {
        return Err(HeapError::OutOfMemory);
    }
    Ok(size.max(1).next_multiple_of(ALIGNMENT))
}

#[cfg(test)]
mod tests;

//! `malloc`, `LocalAlloc`, `HeapAlloc` and their kin.

use crate::call::Cx;
use crate::heap::{Fill, HeapError, Moving};
use crate::memory::Fault;
use crate::string;
use crate::unit::Unit;

const ERROR_INVALID_HANDLE: u32 = 6;
const ERROR_INVALID_PARAMETER: u32 = 87;

const HEAP_ZERO_MEMORY: u32 = 0x8;
const HEAP_REALLOC_IN_PLACE_ONLY: u32 = 0x10;

const LMEM_MOVEABLE: u32 = 0x2;
const LMEM_ZEROINIT: u32 = 0x40;

/// `_recalloc` and `calloc` of a product that does not fit.
fn product(count: u32, size: u32) -> u32 {
    // No block is so large, so that this fails where it must.
    count.saturating_mul(size)
}

fn fill_if(wanted: bool) -> Fill {
    if wanted { Fill::Zero } else { Fill::Leave }
}

/// Notes the error that a heap's refusal is to the guest.
fn note(cx: &mut Cx<'_>, error: HeapError, bad_block: u32) {
    cx.last_error = Some(error.win32(bad_block));
}

/// `HeapAlloc`: 0 when there is no memory.
pub(crate) fn allocate(cx: &mut Cx<'_>, heap: u32, flags: u32, size: u32) -> u32 {
    let fill = fill_if(flags & HEAP_ZERO_MEMORY != 0);
    match cx.process.heaps.allocate(cx.memory, heap, size, fill) {
        Ok(address) => address,
        Err(error) => {
            note(cx, error, ERROR_INVALID_PARAMETER);
            0
        }
    }
}

/// `HeapReAlloc`.
pub(crate) fn reallocate(cx: &mut Cx<'_>, heap: u32, flags: u32, address: u32, size: u32) -> u32 {
    let fill = fill_if(flags & HEAP_ZERO_MEMORY != 0);
    let moving = if flags & HEAP_REALLOC_IN_PLACE_ONLY != 0 { Moving::InPlace } else { Moving::Allowed };
    match cx.process.heaps.reallocate(cx.memory, heap, address, size, fill, moving) {
        Ok(address) => address,
        Err(error) => {
            note(cx, error, ERROR_INVALID_PARAMETER);
            0
        }
    }
}

/// `HeapFree`: freeing nothing is done.
pub(crate) fn free(cx: &mut Cx<'_>, heap: u32, address: u32) -> bool {
    if address == 0 {
        return true;
    }
    let freed = cx.process.heaps.free(cx.memory, heap, address);
    if let Err(error) = freed {
        log::warn!("a block that is none is freed: {address:#x} of heap {heap:#x}");
        note(cx, error, ERROR_INVALID_PARAMETER);
    }
    freed.is_ok()
}

/// `HeapSize`: −1 for what is no block.
pub(crate) fn size(cx: &mut Cx<'_>, heap: u32, address: u32) -> u32 {
    match cx.process.heaps.size(heap, address) {
        Ok(size) => size,
        Err(error) => {
            note(cx, error, ERROR_INVALID_PARAMETER);
            u32::MAX
        }
    }
}

/// `HeapCreate`: 0 when there is no memory.
pub(crate) fn create(cx: &mut Cx<'_>, initial: u32, maximum: u32) -> u32 {
    match cx.process.heaps.create(cx.memory, initial, maximum) {
        Ok(heap) => heap,
        Err(error) => {
            note(cx, error, ERROR_INVALID_PARAMETER);
            0
        }
    }
}

/// `HeapDestroy`.
pub(crate) fn destroy(cx: &mut Cx<'_>, heap: u32) -> bool {
    let destroyed = cx.process.heaps.destroy(cx.memory, heap);
    if let Err(error) = destroyed {
        note(cx, error, ERROR_INVALID_PARAMETER);
    }
    destroyed.is_ok()
}

/// `malloc`, `operator new`.
pub(crate) fn malloc(cx: &mut Cx<'_>, size: u32) -> u32 {
    allocate(cx, cx.process.heaps.process_heap(), 0, size)
}

/// `calloc`.
pub(crate) fn calloc(cx: &mut Cx<'_>, count: u32, size: u32) -> u32 {
    allocate(cx, cx.process.heaps.process_heap(), HEAP_ZERO_MEMORY, product(count, size))
}

/// `realloc`: of nothing it allocates, to a size of 0 it frees.
pub(crate) fn realloc(cx: &mut Cx<'_>, address: u32, size: u32) -> u32 {
    if address == 0 {
        return malloc(cx, size);
    }
    if size == 0 {
        free_block(cx, address);
        return 0;
    }
    reallocate(cx, cx.process.heaps.process_heap(), 0, address, size)
}

/// `_recalloc`: new bytes are zero.
pub(crate) fn recalloc(cx: &mut Cx<'_>, address: u32, count: u32, size: u32) -> u32 {
    let size = product(count, size);
    if address == 0 {
        return calloc(cx, 1, size);
    }
    if size == 0 {
        free_block(cx, address);
        return 0;
    }
    reallocate(cx, cx.process.heaps.process_heap(), HEAP_ZERO_MEMORY, address, size)
}

/// `free`, `operator delete`.
pub(crate) fn free_block(cx: &mut Cx<'_>, address: u32) {
    free(cx, cx.process.heaps.process_heap(), address);
}

/// `_msize`.
pub(crate) fn block_size(cx: &mut Cx<'_>, address: u32) -> u32 {
    size(cx, cx.process.heaps.process_heap(), address)
}

/// `LocalAlloc`.
pub(crate) fn local_allocate(cx: &mut Cx<'_>, flags: u32, size: u32) -> u32 {
    let zero = if flags & LMEM_ZEROINIT != 0 { HEAP_ZERO_MEMORY } else { 0 };
    allocate(cx, cx.process.heaps.process_heap(), zero, size)
}

/// `LocalReAlloc`: the block moves only with `LMEM_MOVEABLE`.
pub(crate) fn local_reallocate(cx: &mut Cx<'_>, address: u32, size: u32, flags: u32) -> u32 {
    let heap = cx.process.heaps.process_heap();
    let fill = fill_if(flags & LMEM_ZEROINIT != 0);
    let moving = if flags & LMEM_MOVEABLE != 0 { Moving::Allowed } else { Moving::InPlace };
    match cx.process.heaps.reallocate(cx.memory, heap, address, size, fill, moving) {
        Ok(address) => address,
        Err(error) => {
            note(cx, error, ERROR_INVALID_HANDLE);
            0
        }
    }
}

/// `LocalFree`: 0, or the block itself when it is none.
pub(crate) fn local_free(cx: &mut Cx<'_>, address: u32) -> u32 {
    let heap = cx.process.heaps.process_heap();
    if address == 0 {
        return 0;
    }
    match cx.process.heaps.free(cx.memory, heap, address) {
        Ok(()) => 0,
        Err(error) => {
            note(cx, error, ERROR_INVALID_HANDLE);
            address
        }
    }
}

/// `LocalSize`: 0 for what is no block.
pub(crate) fn local_size(cx: &mut Cx<'_>, address: u32) -> u32 {
    match cx.process.heaps.size(cx.process.heaps.process_heap(), address) {
        Ok(size) => size,
        Err(error) => {
            note(cx, error, ERROR_INVALID_HANDLE);
            0
        }
    }
}

/// `_strdup`, `_wcsdup`: 0 without memory, and of no string.
pub(crate) fn duplicate<U: Unit>(cx: &mut Cx<'_>, text: u32) -> Result<u32, Fault> {
    if text == 0 {
        return Ok(0);
    }
    let units = string::length::<U>(cx.memory, text)? + 1;
    let copy = malloc(cx, units.saturating_mul(U::SIZE));
    if copy != 0 {
        string::copy::<U>(cx.memory, copy, text)?;
    }
    Ok(copy)
}

//! `VirtualAlloc` and its kin, and what a program is told of the machine's memory.

use crate::call::Cx;
use crate::memory::Fault;
use crate::regions::{Description, GRANULARITY, RegionError, State, ZONE};

const ERROR_NOT_ENOUGH_MEMORY: u32 = 8;
const ERROR_INVALID_PARAMETER: u32 = 87;
const ERROR_INVALID_ADDRESS: u32 = 487;

const MEM_COMMIT: u32 = 0x1000;
const MEM_RESERVE: u32 = 0x2000;
const MEM_DECOMMIT: u32 = 0x4000;
const MEM_RELEASE: u32 = 0x8000;
const MEM_FREE: u32 = 0x1_0000;
const MEM_PRIVATE: u32 = 0x2_0000;

/// Notes why a call failed.
fn refuse(cx: &mut Cx<'_>, error: RegionError) -> u32 {
    cx.last_error = Some(match error {
        RegionError::InvalidParameter => ERROR_INVALID_PARAMETER,
        RegionError::InvalidAddress => ERROR_INVALID_ADDRESS,
        RegionError::OutOfMemory => ERROR_NOT_ENOUGH_MEMORY,
    });
    0
}

/// `VirtualAlloc`: reserves, commits, or both; committing at no address reserves too.
pub(crate) fn allocate(cx: &mut Cx<'_>, address: u32, size: u32, kind: u32, protect: u32) -> u32 {
    let (commits, reserves) = (kind & MEM_COMMIT != 0, kind & MEM_RESERVE != 0 || address == 0);
    if !commits && kind & MEM_RESERVE == 0 {
        return refuse(cx, RegionError::InvalidParameter);
    }
    let regions = &mut cx.process.regions;
    let mut result = Ok(address);
    if reserves {
        result = regions.reserve(cx.memory, address, size, protect);
    }
    if commits && let Ok(start) = result {
        let committed = regions.commit(cx.memory, start, size, protect);
        if let (Err(_), true) = (committed, reserves) {
            // What was reserved for this is given up again; it was reserved just now.
            let _ = regions.release(cx.memory, start);
        }
        result = committed;
    }
    result.unwrap_or_else(|error| refuse(cx, error))
}

/// `VirtualFree`: decommits pages, or releases a region by its beginning and no size.
pub(crate) fn free(cx: &mut Cx<'_>, address: u32, size: u32, kind: u32) -> bool {
    let regions = &mut cx.process.regions;
    let result = match kind {
        MEM_DECOMMIT => regions.decommit(cx.memory, address, size),
        MEM_RELEASE if size == 0 => regions.release(cx.memory, address),
        _ => Err(RegionError::InvalidParameter),
    };
    result.map_err(|error| refuse(cx, error)).is_ok()
}

/// `VirtualProtect`: the old protection goes to an address that must be good.
pub(crate) fn protect(
    cx: &mut Cx<'_>,
    address: u32,
    size: u32,
    protect: u32,
    old: u32,
) -> Result<bool, Fault> {
    // Tried before anything changes.
    let before = cx.memory.read_u32(old)?;
    cx.memory.write_u32(old, before)?;
    match cx.process.regions.protect(cx.memory, address, size, protect) {
        Ok(before) => cx.memory.write_u32(old, before).map(|()| true),
        Err(error) => {
            refuse(cx, error);
            Ok(false)
        }
    }
}

/// `VirtualQuery`: fills in a MEMORY_BASIC_INFORMATION and returns its size.
pub(crate) fn query(cx: &mut Cx<'_>, address: u32, buffer: u32, length: u32) -> Result<u32, Fault> {
    const SIZE: u32 = 28;
    if length < SIZE {
        return Ok(refuse(cx, RegionError::InvalidParameter));
    }
    let described = cx.process.regions.query(cx.memory, address);
    let Description { base, allocation_base, allocation_protect, size, state, protect } = described;
    let (state, kind) = match state {
        State::Committed => (MEM_COMMIT, MEM_PRIVATE),
        State::Reserved => (MEM_RESERVE, MEM_PRIVATE),
        State::Free => (MEM_FREE, 0),
    };
    let words = [base, allocation_base, allocation_protect, size, state, protect, kind];
    write_words(cx, buffer, &words)?;
    Ok(SIZE)
}

/// `GetSystemInfo`: fills in a SYSTEM_INFO.
pub(crate) fn system_info(cx: &mut Cx<'_>, buffer: u32) -> Result<(), Fault> {
    const PROCESSOR_ARCHITECTURE_INTEL: u32 = 0;
    const PROCESSOR_ARCHITECTURE_ARM: u32 = 5;
    const PROCESSOR_INTEL_486: u32 = 486;
    const PROCESSOR_STRONGARM: u32 = 2577;
    let (architecture, kind) = if cx.arguments.is_x86() {
        (PROCESSOR_ARCHITECTURE_INTEL, PROCESSOR_INTEL_486)
    } else {
        (PROCESSOR_ARCHITECTURE_ARM, PROCESSOR_STRONGARM)
    };
    let page_size = 0x1000;
    // Architecture, page size, lowest and highest address, processor mask and count, type, granularity, level.
    let words = [architecture, page_size, 0x1_0000, 0x7fff_ffff, 1, 1, kind, GRANULARITY, 4];
    write_words(cx, buffer, &words)
}

/// `GlobalMemoryStatus`: fills in a MEMORYSTATUS.
pub(crate) fn memory_status(cx: &mut Cx<'_>, buffer: u32) -> Result<(), Fault> {
    let (total, free) = cx.memory.memory_left();
    let load = if total == 0 { 0 } else { ((total - free) * 100 / total) as u32 };
    let clamp = |bytes: u64| u32::try_from(bytes).unwrap_or(u32::MAX);
    let space = ZONE.end;
    // There is no page file.
    let words = [32, load, clamp(total), clamp(free), 0, 0, space, clamp(free).min(space)];
    write_words(cx, buffer, &words)
}

fn write_words(cx: &mut Cx<'_>, address: u32, words: &[u32]) -> Result<(), Fault> {
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    cx.memory.write(address, &bytes)
}

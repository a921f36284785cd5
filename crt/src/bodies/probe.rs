//! Words that several threads change, and whether memory may be used.

use cerium_memory::FaultKind;

use crate::call::Cx;
use crate::memory::{Access, Fault};

/// Changes a word and returns what it was. One call is one step: nobody runs in between.
pub(crate) fn exchange_with(
    cx: &mut Cx<'_>,
    address: u32,
    change: impl Fn(u32) -> u32,
) -> Result<u32, Fault> {
    // InterlockedExchange of CE 5: only an x86 takes an address that is no multiple of 4.
    if !cx.arguments.is_x86() && !address.is_multiple_of(4) {
        return Err(Fault { address, access: Access::Write, kind: FaultKind::Misaligned });
    }
    let before = cx.memory.read_u32(address)?;
    cx.memory.write_u32(address, change(before))?;
    Ok(before)
}

/// The distance between the bytes that are tried: no page is smaller.
const STEP: u32 = 4096;

/// `IsBadReadPtr`, `IsBadCodePtr`: whether any of the bytes cannot be read.
pub(crate) fn is_bad_to_read(cx: &mut Cx<'_>, address: u32, size: u32) -> bool {
    is_bad(address, size, |at| cx.memory.read(at, &mut [0]))
}

/// `IsBadWritePtr`: whether any of the bytes cannot be written.
pub(crate) fn is_bad_to_write(cx: &mut Cx<'_>, address: u32, size: u32) -> bool {
    is_bad(address, size, |at| {
        let mut byte = [0];
        cx.memory.read(at, &mut byte)?;
        cx.memory.write(at, &byte)
    })
}

/// Tries a byte of each page, and the last.
fn is_bad(address: u32, size: u32, mut attempt: impl FnMut(u32) -> Result<(), Fault>) -> bool {
    if size == 0 {
        return false;
    }
    let Some(last) = address.checked_add(size - 1) else { return true };
    let mut at = address;
    loop {
        if attempt(at).is_err() {
            return true;
        }
        if at == last {
            return false;
        }
        at = at.saturating_add(STEP).min(last);
    }
}

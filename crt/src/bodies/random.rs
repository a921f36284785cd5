//! Numbers that no program can foresee on a device. Here every run can be had again, so they are a sequence that
//! is the same in every run.

use crate::call::Cx;
use crate::memory::Fault;
use crate::secure::EINVAL;

/// The most bytes that are made at once.
const CHUNK: u32 = 4096;

/// The next 64 bits of the process's sequence (SplitMix64).
pub(crate) fn next(cx: &mut Cx<'_>) -> u64 {
    cx.process.entropy = cx.process.entropy.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = cx.process.entropy;
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ mixed >> 31
}

/// `rand_s`: stores a number.
pub(crate) fn number(cx: &mut Cx<'_>, place: u32) -> Result<u32, Fault> {
    if place == 0 {
        return Ok(EINVAL);
    }
    let number = next(cx) as u32;
    cx.memory.write_u32(place, number)?;
    Ok(0)
}

/// `CeGenRandom`: fills a buffer.
pub(crate) fn fill(cx: &mut Cx<'_>, size: u32, buffer: u32) -> Result<bool, Fault> {
    let mut done = 0;
    while done < size {
        let count = (size - done).min(CHUNK);
        let bytes: Vec<u8> = (0..count.div_ceil(8)).flat_map(|_| next(cx).to_le_bytes()).collect();
        cx.memory.write(buffer.wrapping_add(done), &bytes[..count as usize])?;
        done += count;
    }
    Ok(true)
}

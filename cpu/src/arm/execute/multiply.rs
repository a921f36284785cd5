//! Multiplication: words, long results, and the DSP halves.

use super::{Core, Cursor, Flow, Handler};
use crate::arm::block::Step;
use crate::arm::op::HalfProduct;

/// MUL and MLA. Carry and overflow stay, as from ARMv5 on.
pub(in crate::arm) fn multiply(set_flags: bool, accumulate: bool) -> Handler {
    fn step<const FLAGS: bool, const ACCUMULATE: bool>(core: &mut Core<'_>, step: Cursor<'_>) -> Flow {
        let mut result = core.get(step.rm).wrapping_mul(core.get(step.rs));
        if ACCUMULATE {
            result = result.wrapping_add(core.get(step.rn));
        }
        core.set(step.rd, result);
        if FLAGS {
            (core.n, core.z) = (result, result);
        }
        step.proceed(core)
    }
    match (set_flags, accumulate) {
        (false, false) => step::<false, false>,
        (false, true) => step::<false, true>,
        (true, false) => step::<true, false>,
        (true, true) => step::<true, true>,
    }
}

/// UMULL and its kin: high part to rd, low part to rn. `bits`: whether flags are set.
pub(in crate::arm) fn long_multiply(signed: bool, accumulate: bool) -> Handler {
    fn step<const SIGNED: bool, const ACCUMULATE: bool>(core: &mut Core<'_>, step: Cursor<'_>) -> Flow {
        let (a, b) = (core.get(step.rm), core.get(step.rs));
        let mut result = match SIGNED {
            true => (i64::from(a as i32) * i64::from(b as i32)) as u64,
            false => u64::from(a) * u64::from(b),
        };
        if ACCUMULATE {
            result = result.wrapping_add(pair(core, &step));
        }
        set_pair(core, &step, result);
        if step.bits != 0 {
            core.n = (result >> 32) as u32;
            core.z = core.n | result as u32;
        }
        step.proceed(core)
    }
    match (signed, accumulate) {
        (false, false) => step::<false, false>,
        (false, true) => step::<false, true>,
        (true, false) => step::<true, false>,
        (true, true) => step::<true, true>,
    }
}

fn pair(core: &Core<'_>, step: &Step) -> u64 {
    u64::from(core.get(step.rd)) << 32 | u64::from(core.get(step.rn))
}

fn set_pair(core: &mut Core<'_>, step: &Step, value: u64) {
    core.set(step.rn, value as u32);
    core.set(step.rd, (value >> 32) as u32);
}

/// SMLAxy and its kin. `bits`: 1 takes the top half of rm, 2 that of rs.
pub(in crate::arm) fn half_multiply(product: HalfProduct) -> Handler {
    match product {
        HalfProduct::Accumulate => |core, step| {
            let product = halves(core, &step) as i32;
            accumulate(core, step, product)
        },
        HalfProduct::WideAccumulate => |core, step| {
            let product = word_by_half(core, &step);
            accumulate(core, step, product)
        },
        HalfProduct::Wide => |core, step| {
            core.set(step.rd, word_by_half(core, &step) as u32);
            step.proceed(core)
        },
        HalfProduct::LongAccumulate => |core, step| {
            let sum = pair(core, &step).wrapping_add(halves(core, &step) as u64);
            set_pair(core, &step, sum);
            step.proceed(core)
        },
        HalfProduct::Plain => |core, step| {
            core.set(step.rd, halves(core, &step) as u32);
            step.proceed(core)
        },
    }
}

fn half(value: u32, top: bool) -> i64 {
    let half = if top { (value >> 16) as u16 } else { value as u16 };
    i64::from(half as i16)
}

fn halves(core: &Core<'_>, step: &Step) -> i64 {
    half(core.get(step.rm), step.bits & 1 != 0) * half(core.get(step.rs), step.bits & 2 != 0)
}

/// The high 32 of 48 bits.
fn word_by_half(core: &Core<'_>, step: &Step) -> i32 {
    let word = i64::from(core.get(step.rm) as i32);
    ((word * half(core.get(step.rs), step.bits & 2 != 0)) >> 16) as i32
}

/// Adds rn, wrapping, and sets Q if that overflowed.
fn accumulate(core: &mut Core<'_>, step: Cursor<'_>, product: i32) -> Flow {
    let (sum, overflow) = product.overflowing_add(core.get(step.rn) as i32);
    core.set(step.rd, sum as u32);
    core.q |= overflow;
    step.proceed(core)
}

//! Data processing: the sixteen operations, the shifter, saturation, and the status register.

use super::{Core, Cursor, Flow, Handler};
use crate::arm::block::{Step, THUMB};
use crate::arm::op::{DataOp, Shift};
use crate::cache::Key;

/// The kinds of second operand that steps are bound for.
pub(in crate::arm) mod operand {
    pub(in crate::arm) const IMMEDIATE: u8 = 0;
    pub(in crate::arm) const REGISTER: u8 = 1;
    pub(in crate::arm) const LSL: u8 = 2;
    pub(in crate::arm) const SHIFTED: u8 = 3;
    pub(in crate::arm) const BY_REGISTER: u8 = 4;

    /// In `Step::amount`: an immediate that leaves the carry alone. Otherwise the carry is there.
    pub(in crate::arm) const CARRY_KEPT: u8 = 2;
}

/// The handler of an operation.
pub(in crate::arm) fn data(op: DataOp, set_flags: bool, kind: u8) -> Handler {
    match op {
        DataOp::And => kinds::<0>(set_flags, kind),
        DataOp::Eor => kinds::<1>(set_flags, kind),
        DataOp::Sub => kinds::<2>(set_flags, kind),
        DataOp::Rsb => kinds::<3>(set_flags, kind),
        DataOp::Add => kinds::<4>(set_flags, kind),
        DataOp::Adc => kinds::<5>(set_flags, kind),
        DataOp::Sbc => kinds::<6>(set_flags, kind),
        DataOp::Rsc => kinds::<7>(set_flags, kind),
        DataOp::Tst => kinds::<8>(true, kind),
        DataOp::Teq => kinds::<9>(true, kind),
        DataOp::Cmp => kinds::<10>(true, kind),
        DataOp::Cmn => kinds::<11>(true, kind),
        DataOp::Orr => kinds::<12>(set_flags, kind),
        DataOp::Mov => kinds::<13>(set_flags, kind),
        DataOp::Bic => kinds::<14>(set_flags, kind),
        DataOp::Mvn => kinds::<15>(set_flags, kind),
    }
}

fn kinds<const OP: u8>(set_flags: bool, kind: u8) -> Handler {
    match (set_flags, kind) {
        (false, operand::IMMEDIATE) => data_step::<OP, false, { operand::IMMEDIATE }>,
        (false, operand::REGISTER) => data_step::<OP, false, { operand::REGISTER }>,
        (false, operand::LSL) => data_step::<OP, false, { operand::LSL }>,
        (false, operand::SHIFTED) => data_step::<OP, false, { operand::SHIFTED }>,
        (false, _) => data_step::<OP, false, { operand::BY_REGISTER }>,
        (true, operand::IMMEDIATE) => data_step::<OP, true, { operand::IMMEDIATE }>,
        (true, operand::REGISTER) => data_step::<OP, true, { operand::REGISTER }>,
        (true, operand::LSL) => data_step::<OP, true, { operand::LSL }>,
        (true, operand::SHIFTED) => data_step::<OP, true, { operand::SHIFTED }>,
        (true, _) => data_step::<OP, true, { operand::BY_REGISTER }>,
    }
}

fn data_step<const OP: u8, const FLAGS: bool, const KIND: u8>(core: &mut Core<'_>, step: Cursor<'_>) -> Flow {
    let op = const { DataOp::from_bits(OP as u32) };
    let (second, carry) = shifter(core, &step, KIND);
    let first = core.get(step.rn);
    let result = compute(core, op, FLAGS, first, second, carry);
    if !op.is_compare() {
        core.set(step.rd, result);
    }
    step.proceed(core)
}

/// The handler of an operation whose result is a branch. It does not change the instruction set (ARMv7 in ARM
/// state will). `bits`: kind of operand, operation above it.
pub(in crate::arm) fn data_to_pc(thumb: bool) -> Handler {
    fn result(core: &mut Core<'_>, step: &Step) -> u32 {
        let (second, carry) = shifter(core, step, step.bits & 15);
        let first = core.get(step.rn);
        compute(core, DataOp::from_bits(u32::from(step.bits >> 4)), false, first, second, carry)
    }
    fn in_arm(core: &mut Core<'_>, step: Cursor<'_>) -> Flow {
        core.next = Key::new(result(core, &step) & !3, 0);
        Flow::Jump
    }
    fn in_thumb(core: &mut Core<'_>, step: Cursor<'_>) -> Flow {
        core.next = Key::new(result(core, &step) & !1, THUMB);
        Flow::Jump
    }
    if thumb { in_thumb } else { in_arm }
}

/// The second operand and the carry out of the shifter. Unused carries cost nothing: this is inlined.
#[inline(always)]
fn shifter(core: &Core<'_>, step: &Step, kind: u8) -> (u32, u32) {
    match kind {
        operand::IMMEDIATE => {
            let carry = if step.amount == operand::CARRY_KEPT { core.c } else { u32::from(step.amount) };
            (step.imm, carry)
        }
        operand::REGISTER => (core.get(step.rm), core.c),
        operand::LSL => {
            let (value, amount) = (core.get(step.rm), u32::from(step.amount) & 31);
            (value << amount, value >> ((32 - amount) & 31) & 1)
        }
        operand::SHIFTED => shift(core, core.get(step.rm), step.shift, u32::from(step.amount)),
        _ => shift(core, core.get(step.rm), step.shift, core.get(step.rs) & 0xFF),
    }
}

/// Shifts by any amount; by 0 the carry stays.
#[inline(always)]
pub(super) fn shift(core: &Core<'_>, value: u32, kind: Shift, amount: u32) -> (u32, u32) {
    let wide = u64::from(value);
    match (kind, amount) {
        (Shift::Rrx, _) => (core.c << 31 | value >> 1, value & 1),
        (_, 0) => (value, core.c),
        (Shift::Lsl, _) => {
            let shifted = if amount > 32 { 0 } else { wide << amount };
            (shifted as u32, (shifted >> 32) as u32 & 1)
        }
        (Shift::Lsr, _) => {
            let shifted = if amount > 32 { 0 } else { (wide << 1) >> amount };
            ((shifted >> 1) as u32, shifted as u32 & 1)
        }
        (Shift::Asr, _) => {
            let shifted = (i64::from(value as i32) << 1) >> amount.min(32);
            ((shifted >> 1) as u32, shifted as u32 & 1)
        }
        (Shift::Ror, _) => {
            let rotated = value.rotate_right(amount & 31);
            (rotated, rotated >> 31)
        }
    }
}

/// The operation itself. `carry` is the shifter's, for the logical ones.
#[inline(always)]
fn compute(core: &mut Core<'_>, op: DataOp, flags: bool, a: u32, b: u32, carry: u32) -> u32 {
    let logical = match op {
        DataOp::And | DataOp::Tst => a & b,
        DataOp::Eor | DataOp::Teq => a ^ b,
        DataOp::Orr => a | b,
        DataOp::Mov => b,
        DataOp::Bic => a & !b,
        DataOp::Mvn => !b,
        DataOp::Add | DataOp::Cmn => return add(core, flags, a, b, 0),
        DataOp::Adc => return add(core, flags, a, b, core.c),
        DataOp::Sub | DataOp::Cmp => return subtract(core, flags, a, b),
        DataOp::Rsb => return subtract(core, flags, b, a),
        DataOp::Sbc => return add(core, flags, a, !b, core.c),
        DataOp::Rsc => return add(core, flags, b, !a, core.c),
    };
    if flags {
        (core.n, core.z, core.c) = (logical, logical, carry);
    }
    logical
}

#[inline(always)]
fn add(core: &mut Core<'_>, flags: bool, a: u32, b: u32, carry: u32) -> u32 {
    let sum = u64::from(a) + u64::from(b) + u64::from(carry);
    let result = sum as u32;
    if flags {
        (core.n, core.z) = (result, result);
        core.c = (sum >> 32) as u32;
        core.v = (a ^ result) & (b ^ result);
    }
    result
}

#[inline(always)]
fn subtract(core: &mut Core<'_>, flags: bool, a: u32, b: u32) -> u32 {
    let result = a.wrapping_sub(b);
    if flags {
        (core.n, core.z) = (result, result);
        core.c = u32::from(a >= b);
        core.v = (a ^ b) & (a ^ result);
    }
    result
}

/// QADD and its kin. `bits`: 1 subtracts, 2 doubles rn first.
pub(in crate::arm) fn saturate(core: &mut Core<'_>, step: Cursor<'_>) -> Flow {
    let (first, mut second) = (core.get(step.rm) as i32, core.get(step.rn) as i32);
    if step.bits & 2 != 0 {
        second = saturated(core, second.checked_mul(2), second < 0);
    }
    let (sum, negative) = match step.bits & 1 != 0 {
        true => (first.checked_sub(second), first < 0),
        false => (first.checked_add(second), first < 0),
    };
    let result = saturated(core, sum, negative);
    core.set(step.rd, result as u32);
    step.proceed(core)
}

/// The value, or the bound it passed, which sets Q.
fn saturated(core: &mut Core<'_>, value: Option<i32>, negative: bool) -> i32 {
    value.unwrap_or_else(|| {
        core.q = true;
        if negative { i32::MIN } else { i32::MAX }
    })
}

/// CLZ.
pub(in crate::arm) fn count_leading_zeros(core: &mut Core<'_>, step: Cursor<'_>) -> Flow {
    core.set(step.rd, core.get(step.rm).leading_zeros());
    step.proceed(core)
}

/// MRS.
pub(in crate::arm) fn read_status(core: &mut Core<'_>, step: Cursor<'_>) -> Flow {
    core.set(step.rd, core.cpsr());
    step.proceed(core)
}

/// MSR. `bits`: kind of operand.
pub(in crate::arm) fn write_status(core: &mut Core<'_>, step: Cursor<'_>) -> Flow {
    let (value, _) = shifter(core, &step, step.bits);
    core.set_status(value);
    step.proceed(core)
}

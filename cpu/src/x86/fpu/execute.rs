//! x87 instructions but for those about the environment.
//!
//! In [`Op::immediate`] the upper half is the opcode as FNSTENV shows it, the lower half is the handler's
//! own.

use std::cmp::Ordering;

use cerium_memory::{AddressSpace, Fault};

use super::arithmetic::{self, Remainder};
use super::convert::{self, DOUBLE, SINGLE};
use super::float::{Class, Extended, Format, Outcome, flag};
use super::state::Fpu;
use super::{transcendental, wide};
use crate::x86::flags::bit;
use crate::x86::op::{Leave, Machine, Op, Step, after_store};

/// The type of a memory operand, in `Op::b`.
pub mod format {
    /// A 32-bit real.
    pub const SINGLE: u8 = 0;
    /// A 64-bit real.
    pub const DOUBLE: u8 = 1;
    /// An 80-bit real.
    pub const EXTENDED: u8 = 2;
    /// A 16-bit integer.
    pub const INTEGER_16: u8 = 3;
    /// A 32-bit integer.
    pub const INTEGER_32: u8 = 4;
    /// A 64-bit integer.
    pub const INTEGER_64: u8 = 5;
    /// Eighteen decimal digits.
    pub const DECIMAL: u8 = 6;
}

/// The arithmetic, in the immediate's lowest byte.
pub mod operation {
    /// Target plus source.
    pub const ADD: u32 = 0;
    /// Target times source.
    pub const MULTIPLY: u32 = 1;
    /// Target minus source.
    pub const SUBTRACT: u32 = 2;
    /// Source minus target.
    pub const SUBTRACT_REVERSED: u32 = 3;
    /// Target by source.
    pub const DIVIDE: u32 = 4;
    /// Source by target.
    pub const DIVIDE_REVERSED: u32 = 5;
}

/// In the immediate: how many registers leave the stack.
pub const POP_SHIFT: u32 = 8;
/// In the immediate of a comparison: quiet NaNs raise nothing.
pub const QUIETLY: u32 = 1 << 10;
/// In the immediate of a comparison: the result goes to EFLAGS.
pub const TO_EFLAGS: u32 = 1 << 11;
/// In the immediate: the opcode as FNSTENV shows it.
pub const OPCODE_SHIFT: u32 = 16;

/// Stops if an exception is pending.
pub fn wait(machine: &mut Machine<'_>) -> Result<(), Leave> {
    if machine.fpu.status & flag::ES != 0 { Err(Leave::Float) } else { Ok(()) }
}

/// Notes where we are, for FNSTENV.
fn note(machine: &mut Machine<'_>, op: &Op) {
    machine.fpu.instruction = op.pc;
    machine.fpu.opcode = (op.immediate >> OPCODE_SHIFT) as u16;
}

fn note_with_operand(machine: &mut Machine<'_>, op: &Op) {
    note(machine, op);
    machine.fpu.data = machine.offset(op);
}

impl Fpu {
    fn pop_some(&mut self, op: &Op) {
        for _ in 0..op.immediate >> POP_SHIFT & 3 {
            self.pop();
        }
    }

    /// Puts a result where it belongs, if what happened allows it.
    fn settle(&mut self, number: u8, outcome: Outcome) -> bool {
        let stores = self.raise(outcome.flags);
        if stores {
            self.set_register(number, outcome.value);
        }
        stores
    }

    /// The response to an empty operand: no answer in the target, unless that is not masked.
    fn underflow(&mut self, number: u8) -> bool {
        self.settle(number, Outcome::invalid().with(flag::SF))
    }

    /// Pushes, or responds to a full stack, and says whether there was room.
    fn push(&mut self, outcome: Outcome) -> bool {
        let full = !self.is_empty(7) && outcome.flags & flag::SF == 0;
        let outcome = if full { Outcome::invalid().with(flag::SF | flag::C1) } else { outcome };
        if self.raise(outcome.flags) {
            self.top = self.top.wrapping_sub(1) & 7;
            self.set_register(0, outcome.value);
        }
        !full
    }
}

/// Loads a memory operand. A denormal is reported, a signaling NaN stays one.
fn load(machine: &Machine<'_>, memory: &AddressSpace, op: &Op) -> Result<(Extended, u16), Fault> {
    let address = machine.address(op);
    let integer = |value: i64| Ok((Extended::from_i64(value), 0));
    match op.b {
        format::SINGLE => Ok(SINGLE.widen(u64::from(memory.read_unaligned_u32(address)?))),
        format::DOUBLE => Ok(DOUBLE.widen(memory.read_unaligned_u64(address)?)),
        format::INTEGER_16 => integer(i64::from(memory.read_unaligned_u16(address)? as i16)),
        format::INTEGER_32 => integer(i64::from(memory.read_unaligned_u32(address)? as i32)),
        format::INTEGER_64 => integer(memory.read_unaligned_u64(address)? as i64),
        wide => {
            let mut bytes = [0; 10];
            memory.read_bytes(address, &mut bytes)?;
            let decimal = wide == format::DECIMAL;
            Ok((if decimal { convert::from_decimal(bytes) } else { Extended::from_bytes(bytes) }, 0))
        }
    }
}

fn compute(operation: u32, target: Extended, source: Extended, format: Format) -> Outcome {
    match operation & 0xFF {
        operation::ADD => arithmetic::add(target, source, false, format),
        operation::MULTIPLY => arithmetic::multiply(target, source, format),
        operation::SUBTRACT => arithmetic::add(target, source, true, format),
        operation::SUBTRACT_REVERSED => arithmetic::add(source, target, true, format),
        operation::DIVIDE => arithmetic::divide(target, source, format),
        _ => arithmetic::divide(source, target, format),
    }
}

/// FADD and its kin with memory.
pub fn arithmetic_memory(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    wait(machine)?;
    let (source, denormal) = load(machine, memory, op)?;

    note_with_operand(machine, op);
    let fpu = &mut *machine.fpu;
    if fpu.is_empty(0) {
        fpu.underflow(0);
        return Ok(());
    }
    let target = fpu.register(0);
    let outcome = compute(op.immediate, target, source, fpu.format());
    // A NaN and a division by zero come before a denormal.
    let screened = arithmetic::screen_one(target).is_err();
    let outcome = if screened || outcome.flags & flag::ZE != 0 { outcome } else { outcome.with(denormal) };
    fpu.settle(0, outcome);
    Ok(())
}

/// FADD and its kin on registers: target `a`, source `b`.
pub fn arithmetic_register(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    wait(machine)?;

    note(machine, op);
    let fpu = &mut *machine.fpu;
    let stored = if fpu.is_empty(op.a) || fpu.is_empty(op.b) {
        fpu.underflow(op.a)
    } else {
        let outcome = compute(op.immediate, fpu.register(op.a), fpu.register(op.b), fpu.format());
        fpu.settle(op.a, outcome)
    };
    if stored {
        fpu.pop_some(op);
    }
    Ok(())
}

/// FCOM and its kin with memory.
pub fn compare_memory(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    wait(machine)?;
    let (source, denormal) = load(machine, memory, op)?;

    note_with_operand(machine, op);
    compare(machine, op, source, denormal, machine.fpu.is_empty(0));
    Ok(())
}

/// FCOM and its kin with a register.
pub fn compare_register(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    wait(machine)?;

    note(machine, op);
    let source = machine.fpu.register(op.b);
    let empty = machine.fpu.is_empty(0) || machine.fpu.is_empty(op.b);
    compare(machine, op, source, 0, empty);
    Ok(())
}

/// FTST
pub fn test(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    wait(machine)?;

    note(machine, op);
    compare(machine, op, Extended::zero(false), 0, machine.fpu.is_empty(0));
    Ok(())
}

fn compare(machine: &mut Machine<'_>, op: &Op, source: Extended, denormal: u16, empty: bool) {
    let fpu = &mut *machine.fpu;
    let (order, flags) = if empty {
        (None, flag::IE | flag::SF)
    } else {
        arithmetic::compare(fpu.register(0), source, op.immediate & QUIETLY != 0)
    };
    let flags = if order.is_some() { flags | denormal } else { flags };
    // An exception that is not masked keeps the operands on the stack, but not the result from being told.
    let stores = fpu.raise(flags);
    if op.immediate & TO_EFLAGS != 0 {
        let bits = match order {
            Some(Ordering::Greater) => 0,
            Some(Ordering::Less) => bit::CF,
            Some(Ordering::Equal) => bit::ZF,
            None => bit::CF | bit::PF | bit::ZF,
        };
        machine.flags.set_bits(bits);
    } else {
        fpu.set_conditions(match order {
            Some(Ordering::Greater) => 0,
            Some(Ordering::Less) => flag::C0,
            Some(Ordering::Equal) => flag::C3,
            None => flag::C0 | flag::C2 | flag::C3,
        });
    }
    if stores {
        fpu.pop_some(op);
    }
}

/// FLD, FILD, FBLD
pub fn load_memory(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    wait(machine)?;
    let (value, denormal) = load(machine, memory, op)?;

    note_with_operand(machine, op);
    let narrow = matches!(op.b, format::SINGLE | format::DOUBLE);
    let outcome = if narrow && value.class() == Class::Signaling {
        Outcome { value: value.quieted(), flags: flag::IE }
    } else {
        Outcome::exact(value)
    };
    // A denormal is loaded even if that is not masked.
    if machine.fpu.push(outcome) && denormal != 0 {
        machine.fpu.raise(denormal);
    }
    Ok(())
}

/// FLD of a register.
pub fn load_register(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    wait(machine)?;

    note(machine, op);
    let fpu = &mut *machine.fpu;
    let outcome = if fpu.is_empty(op.a) {
        Outcome::invalid().with(flag::SF)
    } else {
        Outcome::exact(fpu.register(op.a))
    };
    fpu.push(outcome);
    Ok(())
}

/// FLD1 and its kin, by `Op::a`.
pub fn load_constant(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    wait(machine)?;

    note(machine, op);
    let format = machine.fpu.full_format();
    let value = match op.a {
        0 => Extended::ONE,
        1 => transcendental::constant(wide::LOG2_10, format),
        2 => transcendental::constant(wide::LOG2_E, format),
        3 => transcendental::constant(wide::PI, format),
        4 => transcendental::constant(wide::LOG10_2, format),
        5 => transcendental::constant(wide::LN_2, format),
        _ => Extended::zero(false),
    };
    machine.fpu.push(Outcome::exact(value));
    Ok(())
}

/// FST and FSTP to a register.
pub fn store_register(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    wait(machine)?;

    note(machine, op);
    let fpu = &mut *machine.fpu;
    let stored =
        if fpu.is_empty(0) { fpu.underflow(op.a) } else { fpu.settle(op.a, Outcome::exact(fpu.register(0))) };
    if stored {
        fpu.pop_some(op);
    }
    Ok(())
}

/// The bytes of a number in a format, and what happened.
fn encode(fpu: &Fpu, value: Extended, kind: u8) -> ([u8; 10], usize, u16) {
    let mut bytes = [0; 10];
    let mut small = |value: u64, flags: u16, len: usize| {
        bytes[..8].copy_from_slice(&value.to_le_bytes());
        (bytes, len, flags)
    };
    let integer = |bits: u32| convert::to_integer(value, bits, fpu.mode());
    let (value, flags, len) = match kind {
        format::SINGLE => {
            let (bits, flags) = SINGLE.narrow(value, fpu.full_format());
            (bits, flags, 4)
        }
        format::DOUBLE => {
            let (bits, flags) = DOUBLE.narrow(value, fpu.full_format());
            (bits, flags, 8)
        }
        format::INTEGER_16 | format::INTEGER_32 | format::INTEGER_64 => {
            let len = 2 << (kind - format::INTEGER_16);
            let (value, flags) = integer(len as u32 * 8);
            (value as u64, flags, len)
        }
        format::DECIMAL => {
            let (bytes, flags) = convert::to_decimal(value, fpu.mode());
            return (bytes, 10, flags);
        }
        _ => return (value.to_bytes(), 10, 0),
    };
    small(value, flags, len)
}

/// FST, FIST, FBSTP and their kin to memory.
pub fn store_memory(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    wait(machine)?;
    let fpu = &*machine.fpu;
    let empty = fpu.is_empty(0);
    let value = if empty { Extended::INDEFINITE } else { fpu.register(0) };
    let (bytes, len, flags) = encode(fpu, value, op.b);
    let flags = if empty { flag::IE | flag::SF } else { flags };
    // What is not masked keeps the number on the stack; a mere inexactness does not, and is not reported
    // without a store.
    let stores = !fpu.traps(flags & !flag::PE);
    let flags = if stores { flags } else { flags & !(flag::PE | flag::C1) };
    if stores {
        memory.write_bytes(machine.address(op), &bytes[..len])?;
    }

    note_with_operand(machine, op);
    machine.fpu.raise(flags);
    if stores {
        machine.fpu.pop_some(op);
    }
    after_store(memory)
}

/// FXCH
pub fn exchange(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    wait(machine)?;

    note(machine, op);
    let fpu = &mut *machine.fpu;
    let value = |number: u8| if fpu.is_empty(number) { Extended::INDEFINITE } else { fpu.register(number) };
    let (first, second) = (value(0), value(op.b));
    let empty = fpu.is_empty(0) || fpu.is_empty(op.b);
    if fpu.raise(if empty { flag::IE | flag::SF } else { 0 }) {
        fpu.set_register(0, second);
        fpu.set_register(op.b, first);
    }
    Ok(())
}

/// The instructions on the stack's top alone, by `Op::a`.
pub mod on_top {
    /// FCHS
    pub const NEGATE: u8 = 0;
    /// FABS
    pub const MAGNITUDE: u8 = 1;
    /// FSQRT
    pub const ROOT: u8 = 2;
    /// FRNDINT
    pub const ROUND: u8 = 3;
    /// F2XM1
    pub const POWER: u8 = 4;
}

/// FCHS, FABS, FSQRT, FRNDINT, F2XM1
pub fn one_operand(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    wait(machine)?;

    note(machine, op);
    let fpu = &mut *machine.fpu;
    if fpu.is_empty(0) {
        fpu.underflow(0);
        return Ok(());
    }
    let value = fpu.register(0);
    let outcome = match op.a {
        on_top::NEGATE => Outcome::exact(value.with_sign(!value.is_negative())),
        on_top::MAGNITUDE => Outcome::exact(value.with_sign(false)),
        on_top::ROOT => arithmetic::square_root(value, fpu.format()),
        on_top::ROUND => arithmetic::round_to_integer(value, fpu.mode()),
        _ => transcendental::power_minus_one(value, fpu.full_format()),
    };
    fpu.settle(0, outcome);
    Ok(())
}

/// The instructions on the two topmost, by `Op::a`.
pub mod on_two {
    /// FSCALE
    pub const SCALE: u8 = 0;
    /// FYL2X
    pub const LOGARITHM: u8 = 1;
    /// FYL2XP1
    pub const LOGARITHM_PLUS_ONE: u8 = 2;
    /// FPATAN
    pub const ARCTANGENT: u8 = 3;
}

/// FSCALE, and FYL2X, FYL2XP1, FPATAN, which put their result in ST(1) and pop.
pub fn two_operands(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    wait(machine)?;

    note(machine, op);
    let fpu = &mut *machine.fpu;
    let target = u8::from(op.a != on_two::SCALE);
    let stored = if fpu.is_empty(0) || fpu.is_empty(1) {
        fpu.underflow(target)
    } else {
        let (x, y, format) = (fpu.register(0), fpu.register(1), fpu.full_format());
        let outcome = match op.a {
            on_two::SCALE => arithmetic::scale(x, y, format),
            on_two::LOGARITHM => transcendental::logarithm(y, x, format),
            on_two::LOGARITHM_PLUS_ONE => transcendental::logarithm_plus_one(y, x, format),
            _ => transcendental::arctangent(y, x, format),
        };
        fpu.settle(target, outcome)
    };
    if stored && target == 1 {
        fpu.pop();
    }
    Ok(())
}

/// FPREM, and FPREM1 if `Op::a` says so.
pub fn remainder(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    wait(machine)?;

    note(machine, op);
    let fpu = &mut *machine.fpu;
    if fpu.is_empty(0) || fpu.is_empty(1) {
        fpu.underflow(0);
        fpu.status &= !flag::C2;
        return Ok(());
    }
    let Remainder { outcome, quotient, partial } =
        arithmetic::remainder(fpu.register(0), fpu.register(1), op.a != 0, fpu.full_format());
    if !fpu.settle(0, outcome) {
        fpu.status &= !flag::C2;
        return Ok(());
    }
    let condition = |on: bool, flag: u16| if on { flag } else { 0 };
    if outcome.value.is_nan() {
        // There is no quotient; what was said of the last one stays.
        fpu.status &= !flag::C2;
    } else if partial {
        fpu.set_conditions(flag::C2);
    } else {
        fpu.set_conditions(condition(quotient & 4 != 0, flag::C0) | condition(quotient & 2 != 0, flag::C3));
        fpu.status |= condition(quotient & 1 != 0, flag::C1);
    }
    Ok(())
}

/// FXTRACT
pub fn extract(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    wait(machine)?;

    note(machine, op);
    let fpu = &mut *machine.fpu;
    if fpu.is_empty(0) {
        push_two(fpu, Outcome::invalid().with(flag::SF), Extended::INDEFINITE);
        return Ok(());
    }
    let value = fpu.register(0);
    let negative = value.is_negative();
    let (exponent, significand) = match (arithmetic::screen_one(value), value.class()) {
        (Err(outcome), _) => (outcome, outcome.value),
        (_, Class::Zero) => (Outcome { value: Extended::infinity(true), flags: flag::ZE }, value),
        (_, Class::Infinite) => (Outcome::exact(Extended::infinity(false)), value),
        (Ok(flags), _) => {
            let parts = value.parts();
            let exponent = Outcome { value: Extended::from_i64(i64::from(parts.exponent)), flags };
            let significand = Extended { significand: parts.significand, ..Extended::ONE };
            (exponent, significand.with_sign(negative))
        }
    };
    push_two(fpu, exponent, significand);
    Ok(())
}

/// Replaces the top and pushes; a full stack loses both.
fn push_two(fpu: &mut Fpu, replaced: Outcome, pushed: Extended) {
    let full = !fpu.is_empty(7) && replaced.flags & flag::SF == 0;
    let overflow = Outcome::invalid().with(flag::SF | flag::C1);
    let (replaced, pushed) = if full { (overflow, overflow.value) } else { (replaced, pushed) };
    if fpu.settle(0, replaced) {
        fpu.top = fpu.top.wrapping_sub(1) & 7;
        fpu.set_register(0, pushed);
    }
}

/// The instructions on angles, by `Op::a`.
pub mod on_angle {
    /// FSIN
    pub const SINE: u8 = 0;
    /// FCOS
    pub const COSINE: u8 = 1;
    /// FSINCOS
    pub const BOTH: u8 = 2;
    /// FPTAN
    pub const TANGENT: u8 = 3;
}

/// FSIN, FCOS, FSINCOS, FPTAN; C2 says that the angle is too large, and then nothing else happens.
pub fn angle(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    wait(machine)?;

    note(machine, op);
    let fpu = &mut *machine.fpu;
    let (x, format) = (fpu.register(0), fpu.full_format());
    let pushes = matches!(op.a, on_angle::BOTH | on_angle::TANGENT);
    let answer = if fpu.is_empty(0) {
        let invalid = Outcome::invalid().with(flag::SF);
        Some((invalid, invalid))
    } else if pushes && !fpu.is_empty(7) {
        // Whatever the angle; `push_two` finds it again.
        Some((Outcome::invalid(), Outcome::invalid()))
    } else if op.a == on_angle::TANGENT {
        transcendental::tangent(x, format).map(|tangent| {
            let second = if tangent.value.is_nan() { tangent.value } else { Extended::ONE };
            (tangent, Outcome::exact(second))
        })
    } else {
        transcendental::sine_cosine(x, format)
    };
    let Some((first, second)) = answer else {
        fpu.raise(0);
        fpu.status |= flag::C2;
        return Ok(());
    };
    fpu.status &= !flag::C2;
    if pushes {
        push_two(fpu, first.with(second.flags), second.value);
    } else {
        fpu.settle(0, if op.a == on_angle::SINE { first } else { second });
    }
    Ok(())
}

/// FXAM
pub fn examine(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    wait(machine)?;

    note(machine, op);
    let fpu = &mut *machine.fpu;
    let value = fpu.register(0);
    let conditions = match value.class() {
        _ if fpu.is_empty(0) => flag::C3 | flag::C0,
        Class::Unsupported => 0,
        Class::Quiet | Class::Signaling => flag::C0,
        Class::Normal => flag::C2,
        Class::Infinite => flag::C2 | flag::C0,
        Class::Zero => flag::C3,
        Class::Denormal => flag::C3 | flag::C2,
    };
    fpu.set_conditions(conditions);
    let sign = if value.is_negative() { flag::C1 } else { 0 };
    fpu.status = fpu.status & !flag::C1 | sign;
    Ok(())
}

/// FCMOVcc; the condition is `Op::a`, numbered as everywhere, the source `Op::b`.
pub fn move_condition(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    wait(machine)?;

    note(machine, op);
    let holds = machine.flags.holds(op.a);
    let fpu = &mut *machine.fpu;
    if fpu.is_empty(0) || fpu.is_empty(op.b) {
        fpu.underflow(0);
    } else if holds {
        // C1 stays.
        fpu.set_register(0, fpu.register(op.b));
    }
    Ok(())
}

/// FINCSTP and FDECSTP: the top moves by `Op::a`.
pub fn rotate(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    wait(machine)?;

    note(machine, op);
    machine.fpu.raise(0);
    machine.fpu.top = machine.fpu.top.wrapping_add(op.a) & 7;
    Ok(())
}

/// FFREE, and FFREEP, which pops.
pub fn free(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    wait(machine)?;

    note(machine, op);
    machine.fpu.raise(0);
    machine.fpu.set_empty(op.a);
    machine.fpu.pop_some(op);
    Ok(())
}

/// FNOP
pub fn nothing(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    wait(machine)?;

    note(machine, op);
    Ok(())
}

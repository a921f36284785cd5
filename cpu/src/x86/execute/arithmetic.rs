//! Addition, subtraction, logic.

use cerium_memory::AddressSpace;

use crate::x86::flags::Flags;
use crate::x86::op::{Machine, Op, Place, Step, Width, at_hand};

/// A two-operand instruction.
pub trait Binary {
    /// Whether the first operand takes the result.
    const WRITES: bool = true;

    /// The result; sets the flags.
    fn apply<W: Width>(flags: &mut Flags, a: u32, b: u32) -> u32;
}

macro_rules! binary {
    ($($(#[$doc:meta])* $name:ident $writes:literal |$flags:ident, $a:ident, $b:ident| $result:expr;)*) => {
        $(
            $(#[$doc])*
            pub enum $name {}

            impl Binary for $name {
                const WRITES: bool = $writes;

                #[inline(always)]
                fn apply<W: Width>($flags: &mut Flags, $a: u32, $b: u32) -> u32 {
                    $result
                }
            }
        )*
    };
}

binary! {
    /// ADD
    Add true |flags, a, b| flags.add::<W>(a, b, false);
    /// OR
    Or true |flags, a, b| flags.logic::<W>(a | b);
    /// ADC
    Adc true |flags, a, b| { let carry = flags.carry(); flags.add::<W>(a, b, carry) };
    /// SBB
    Sbb true |flags, a, b| { let borrow = flags.carry(); flags.subtract::<W>(a, b, borrow) };
    /// AND
    And true |flags, a, b| flags.logic::<W>(a & b);
    /// SUB
    Sub true |flags, a, b| flags.subtract::<W>(a, b, false);
    /// XOR
    Xor true |flags, a, b| flags.logic::<W>(a ^ b);
    /// CMP
    Cmp false |flags, a, b| flags.subtract::<W>(a, b, false);
    /// TEST
    Test false |flags, a, b| flags.logic::<W>(a & b);
}

/// Carries out a [`Binary`] instruction.
pub fn binary<O: Binary, W: Width, D: Place, S: Place>(
    machine: &mut Machine<'_>,
    memory: &mut AddressSpace,
    op: &Op,
) -> Step {
    if at_hand::<S, W>(machine, memory, op, false, true)
        && at_hand::<D, W>(machine, memory, op, O::WRITES, true)
    {
        binary_at_hand::<O, W, D, S>(machine, memory, op)
    } else {
        binary_slowly::<O, W, D, S>(machine, memory, op)
    }
}

#[cold]
#[inline(never)]
fn binary_slowly<O: Binary, W: Width, D: Place, S: Place>(
    machine: &mut Machine<'_>,
    memory: &mut AddressSpace,
    op: &Op,
) -> Step {
    binary_at_hand::<O, W, D, S>(machine, memory, op)
}

#[inline(always)]
fn binary_at_hand<O: Binary, W: Width, D: Place, S: Place>(
    machine: &mut Machine<'_>,
    memory: &mut AddressSpace,
    op: &Op,
) -> Step {
    let source = S::load::<W>(machine, memory, op, S::address(machine, op))?;
    let address = D::address(machine, op);
    if !O::WRITES {
        let target = D::load::<W>(machine, memory, op, address)?;
        O::apply::<W>(&mut machine.flags, target, source);
        return Ok(());
    }
    let target = D::load_for_update::<W>(machine, memory, op, address)?;
    let mut flags = machine.flags;
    let result = O::apply::<W>(&mut flags, target, source);
    D::store::<W>(machine, memory, op, address, result)?;

    machine.flags = flags;
    D::stored(memory)
}

/// A one-operand instruction.
pub trait Unary {
    /// The result; sets the flags.
    fn apply<W: Width>(flags: &mut Flags, value: u32) -> u32;
}

/// INC
pub enum Inc {}
/// DEC
pub enum Dec {}
/// NEG
pub enum Neg {}
/// NOT
pub enum Not {}

impl Unary for Inc {
    #[inline(always)]
    fn apply<W: Width>(flags: &mut Flags, value: u32) -> u32 {
        let before = *flags;
        let result = flags.add::<W>(value, 1, false);
        flags.keep_carry(before);
        result
    }
}

impl Unary for Dec {
    #[inline(always)]
    fn apply<W: Width>(flags: &mut Flags, value: u32) -> u32 {
        let before = *flags;
        let result = flags.subtract::<W>(value, 1, false);
        flags.keep_carry(before);
        result
    }
}

impl Unary for Neg {
    #[inline(always)]
    fn apply<W: Width>(flags: &mut Flags, value: u32) -> u32 {
        flags.subtract::<W>(0, value, false)
    }
}

impl Unary for Not {
    #[inline(always)]
    fn apply<W: Width>(_: &mut Flags, value: u32) -> u32 {
        !value & W::MASK
    }
}

/// Carries out a [`Unary`] instruction.
pub fn unary<O: Unary, W: Width, D: Place>(
    machine: &mut Machine<'_>,
    memory: &mut AddressSpace,
    op: &Op,
) -> Step {
    if at_hand::<D, W>(machine, memory, op, true, true) {
        unary_at_hand::<O, W, D>(machine, memory, op)
    } else {
        unary_slowly::<O, W, D>(machine, memory, op)
    }
}

#[cold]
#[inline(never)]
fn unary_slowly<O: Unary, W: Width, D: Place>(
    machine: &mut Machine<'_>,
    memory: &mut AddressSpace,
    op: &Op,
) -> Step {
    unary_at_hand::<O, W, D>(machine, memory, op)
}

#[inline(always)]
fn unary_at_hand<O: Unary, W: Width, D: Place>(
    machine: &mut Machine<'_>,
    memory: &mut AddressSpace,
    op: &Op,
) -> Step {
    let address = D::address(machine, op);
    let value = D::load_for_update::<W>(machine, memory, op, address)?;
    let mut flags = machine.flags;
    let result = O::apply::<W>(&mut flags, value);
    D::store::<W>(machine, memory, op, address, result)?;

    machine.flags = flags;
    D::stored(memory)
}

/// XADD
pub fn exchange_add<W: Width, D: Place>(
    machine: &mut Machine<'_>,
    memory: &mut AddressSpace,
    op: &Op,
) -> Step {
    let address = D::address(machine, op);
    let target = D::load_for_update::<W>(machine, memory, op, address)?;
    let mut flags = machine.flags;
    let sum = flags.add::<W>(target, W::get(machine, op.b), false);
    if D::IS_MEMORY {
        D::store::<W>(machine, memory, op, address, sum)?;
    }

    W::set(machine, op.b, target);
    if !D::IS_MEMORY {
        // Both may be one register, which then holds the sum.
        D::store::<W>(machine, memory, op, address, sum)?;
    }
    machine.flags = flags;
    D::stored(memory)
}

/// CMPXCHG; it writes in any case.
pub fn compare_exchange<W: Width, D: Place>(
    machine: &mut Machine<'_>,
    memory: &mut AddressSpace,
    op: &Op,
) -> Step {
    let address = D::address(machine, op);
    let target = D::load_for_update::<W>(machine, memory, op, address)?;
    let accumulator = W::get(machine, 0);
    let equal = accumulator == target;
    let written = if equal { W::get(machine, op.b) } else { target };
    D::store::<W>(machine, memory, op, address, written)?;

    machine.flags.subtract::<W>(accumulator, target, false);
    if !equal {
        W::set(machine, 0, target);
    }
    D::stored(memory)
}

/// CMPXCHG8B; it writes in any case.
pub fn compare_exchange_8(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    use crate::x86::context::register::{EAX, EBX, ECX, EDX};
    let pair = |low: usize, high: usize| {
        u64::from(machine.registers[low]) | u64::from(machine.registers[high]) << 32
    };
    let address = machine.address(op);
    let target = memory.read_unaligned_u64(address).map_err(for_update)?;
    let equal = pair(EAX, EDX) == target;
    let written = if equal { pair(EBX, ECX) } else { target };
    memory.write_unaligned_u64(address, written)?;

    machine.flags.set_zero(equal);
    if !equal {
        machine.registers[EAX] = target as u32;
        machine.registers[EDX] = (target >> 32) as u32;
    }
    crate::x86::op::after_store(memory)
}

/// What a refused load is if the instruction would have written there.
pub fn for_update(fault: cerium_memory::Fault) -> cerium_memory::Fault {
    cerium_memory::Fault { access: cerium_memory::Access::Write, ..fault }
}

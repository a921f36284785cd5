//! Single bits: tests, scans, conditions.

use cerium_memory::AddressSpace;

use crate::x86::op::{Machine, Op, Place, Step, Width, after_store};

/// What a bit test does to the bit.
pub trait BitChange {
    /// Whether it does anything.
    const WRITES: bool = true;

    /// The value with the bits of the mask changed.
    fn change(value: u32, mask: u32) -> u32;
}

/// BT
pub enum Keep {}
/// BTS
pub enum Set {}
/// BTR
pub enum Reset {}
/// BTC
pub enum Complement {}

impl BitChange for Keep {
    const WRITES: bool = false;

    fn change(value: u32, _: u32) -> u32 {
        value
    }
}

impl BitChange for Set {
    fn change(value: u32, mask: u32) -> u32 {
        value | mask
    }
}

impl BitChange for Reset {
    fn change(value: u32, mask: u32) -> u32 {
        value & !mask
    }
}

impl BitChange for Complement {
    fn change(value: u32, mask: u32) -> u32 {
        value ^ mask
    }
}

/// BT and its kin on a register, or on memory with an immediate, where the number wraps.
pub fn bit_test<O: BitChange, W: Width, D: Place, S: Place>(
    machine: &mut Machine<'_>,
    memory: &mut AddressSpace,
    op: &Op,
) -> Step {
    let number = S::load::<W>(machine, memory, op, 0)?;
    let address = D::address(machine, op);
    bit_test_at::<O, W, D>(machine, memory, op, address, number)
}

/// BT and its kin on memory with a register, which may point anywhere.
pub fn bit_test_string<O: BitChange, W: Width, D: Place>(
    machine: &mut Machine<'_>,
    memory: &mut AddressSpace,
    op: &Op,
) -> Step {
    let number = W::sign_extend(W::get(machine, op.b));
    let units = (number as i32) >> W::BITS.trailing_zeros();
    let distance = (units as u32).wrapping_mul(W::BYTES);
    let offset = machine.offset(op).wrapping_add(distance);
    let offset = if op.address16 { offset & 0xFFFF } else { offset };
    let address = offset.wrapping_add(machine.register(op.segment));
    bit_test_at::<O, W, D>(machine, memory, op, address, number)
}

#[inline(always)]
fn bit_test_at<O: BitChange, W: Width, D: Place>(
    machine: &mut Machine<'_>,
    memory: &mut AddressSpace,
    op: &Op,
    address: u32,
    number: u32,
) -> Step {
    let mask = 1 << (number & (W::BITS - 1));
    if !O::WRITES {
        let value = D::load::<W>(machine, memory, op, address)?;
        machine.flags.set_carry(value & mask != 0);
        return Ok(());
    }
    let value = D::load_for_update::<W>(machine, memory, op, address)?;
    D::store::<W>(machine, memory, op, address, O::change(value, mask))?;

    machine.flags.set_carry(value & mask != 0);
    D::stored(memory)
}

/// BSF; of zero it leaves the target as it was.
pub fn scan_forward<W: Width, S: Place>(
    machine: &mut Machine<'_>,
    memory: &mut AddressSpace,
    op: &Op,
) -> Step {
    let source = S::load::<W>(machine, memory, op, S::address(machine, op))?;

    machine.flags.logic::<W>(source);
    if source != 0 {
        W::set(machine, op.a, source.trailing_zeros());
    }
    Ok(())
}

/// BSR; of zero it leaves the target as it was.
pub fn scan_reverse<W: Width, S: Place>(
    machine: &mut Machine<'_>,
    memory: &mut AddressSpace,
    op: &Op,
) -> Step {
    let source = S::load::<W>(machine, memory, op, S::address(machine, op))?;

    machine.flags.logic::<W>(source);
    if source != 0 {
        W::set(machine, op.a, 31 - source.leading_zeros());
    }
    Ok(())
}

/// BSWAP of a full register.
pub fn swap_bytes(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    let value = machine.register(op.a);
    machine.set_register(op.a, value.swap_bytes());
    Ok(())
}

/// BSWAP of half a register is undefined; it gives zero, as most processors do.
pub fn swap_bytes_half(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    let value = machine.register(op.a);
    machine.set_register(op.a, value & !0xFFFF);
    Ok(())
}

/// SETcc; the condition is `Op::immediate`.
pub fn set_condition<D: Place>(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    use crate::x86::op::Byte;
    let value = u32::from(machine.flags.holds(op.immediate as u8));
    let address = D::address(machine, op);
    D::store::<Byte>(machine, memory, op, address, value)?;
    if D::IS_MEMORY { after_store(memory) } else { Ok(()) }
}

/// CMOVcc; it loads in any case.
pub fn move_condition<W: Width, S: Place>(
    machine: &mut Machine<'_>,
    memory: &mut AddressSpace,
    op: &Op,
) -> Step {
    let value = S::load::<W>(machine, memory, op, S::address(machine, op))?;
    if machine.flags.holds(op.immediate as u8) {
        W::set(machine, op.a, value);
    }
    Ok(())
}

//! Multiplication and division.

use cerium_memory::AddressSpace;

use crate::x86::op::{Leave, Machine, Op, Place, Step, Width};

/// The double-width accumulator: AX, DX:AX, EDX:EAX.
fn accumulator<W: Width>(machine: &Machine<'_>) -> u64 {
    let (low, high) = (machine.registers[0], machine.registers[2]);
    match W::BITS {
        8 => u64::from(low & 0xFFFF),
        16 => u64::from(low & 0xFFFF | high << 16),
        _ => u64::from(low) | u64::from(high) << 32,
    }
}

fn set_accumulator<W: Width>(machine: &mut Machine<'_>, low: u32, high: u32) {
    W::set(machine, 0, low);
    // AH, DX, EDX.
    W::set(machine, if W::BITS == 8 { 4 } else { 2 }, high);
}

/// MUL
pub fn multiply<W: Width, S: Place>(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    let source = S::load::<W>(machine, memory, op, S::address(machine, op))?;

    let product = u64::from(W::get(machine, 0)) * u64::from(source);
    let (low, high) = (product as u32 & W::MASK, (product >> W::BITS) as u32);
    set_accumulator::<W>(machine, low, high);
    machine.flags.shifted::<W>(low, high != 0, high != 0);
    Ok(())
}

fn signed_product<W: Width>(a: u32, b: u32) -> (u64, bool) {
    let signed = |value: u32| i64::from(W::sign_extend(value) as i32);
    let product = signed(a) * signed(b);
    let fits = product == i64::from(W::sign_extend(product as u32) as i32);
    (product as u64, !fits)
}

/// IMUL with one operand.
pub fn multiply_signed<W: Width, S: Place>(
    machine: &mut Machine<'_>,
    memory: &mut AddressSpace,
    op: &Op,
) -> Step {
    let source = S::load::<W>(machine, memory, op, S::address(machine, op))?;

    let (product, overflow) = signed_product::<W>(W::get(machine, 0), source);
    set_accumulator::<W>(machine, product as u32 & W::MASK, (product >> W::BITS) as u32);
    machine.flags.shifted::<W>(product as u32, overflow, overflow);
    Ok(())
}

/// IMUL with two operands.
pub fn multiply_to<W: Width, S: Place>(
    machine: &mut Machine<'_>,
    memory: &mut AddressSpace,
    op: &Op,
) -> Step {
    let source = S::load::<W>(machine, memory, op, S::address(machine, op))?;

    let (product, overflow) = signed_product::<W>(W::get(machine, op.a), source);
    W::set(machine, op.a, product as u32);
    machine.flags.shifted::<W>(product as u32, overflow, overflow);
    Ok(())
}

/// IMUL with three operands.
pub fn multiply_by<W: Width, S: Place>(
    machine: &mut Machine<'_>,
    memory: &mut AddressSpace,
    op: &Op,
) -> Step {
    let source = S::load::<W>(machine, memory, op, S::address(machine, op))?;

    let (product, overflow) = signed_product::<W>(source, op.immediate);
    W::set(machine, op.a, product as u32);
    machine.flags.shifted::<W>(product as u32, overflow, overflow);
    Ok(())
}

/// DIV
pub fn divide<W: Width, S: Place>(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    let divisor = u64::from(S::load::<W>(machine, memory, op, S::address(machine, op))?);
    let dividend = accumulator::<W>(machine);
    let quotient = dividend.checked_div(divisor).ok_or(Leave::Divide)?;
    if quotient > u64::from(W::MASK) {
        return Err(Leave::Divide);
    }

    set_accumulator::<W>(machine, quotient as u32, (dividend % divisor) as u32);
    Ok(())
}

/// IDIV
pub fn divide_signed<W: Width, S: Place>(
    machine: &mut Machine<'_>,
    memory: &mut AddressSpace,
    op: &Op,
) -> Step {
    let divisor = S::load::<W>(machine, memory, op, S::address(machine, op))?;
    let divisor = i64::from(W::sign_extend(divisor) as i32);
    let unused = 64 - 2 * W::BITS;
    let dividend = (accumulator::<W>(machine) << unused) as i64 >> unused;
    // Nothing for zero, and for the one quotient that 64 bits cannot hold.
    let quotient = dividend.checked_div(divisor).ok_or(Leave::Divide)?;
    if quotient != i64::from(W::sign_extend(quotient as u32) as i32) {
        return Err(Leave::Divide);
    }

    set_accumulator::<W>(machine, quotient as u32, (dividend % divisor) as u32);
    Ok(())
}

//! Moves without arithmetic.

use cerium_memory::AddressSpace;

use crate::x86::op::{Byte, Half, Machine, Op, Place, Step, Width, Word, at_hand};

/// MOV
pub fn move_to<W: Width, D: Place, S: Place>(
    machine: &mut Machine<'_>,
    memory: &mut AddressSpace,
    op: &Op,
) -> Step {
    if at_hand::<S, W>(machine, memory, op, false, true) && at_hand::<D, W>(machine, memory, op, true, false)
    {
        move_to_at_hand::<W, D, S>(machine, memory, op)
    } else {
        move_to_slowly::<W, D, S>(machine, memory, op)
    }
}

#[cold]
#[inline(never)]
fn move_to_slowly<W: Width, D: Place, S: Place>(
    machine: &mut Machine<'_>,
    memory: &mut AddressSpace,
    op: &Op,
) -> Step {
    move_to_at_hand::<W, D, S>(machine, memory, op)
}

#[inline(always)]
fn move_to_at_hand<W: Width, D: Place, S: Place>(
    machine: &mut Machine<'_>,
    memory: &mut AddressSpace,
    op: &Op,
) -> Step {
    let value = S::load::<W>(machine, memory, op, S::address(machine, op))?;
    let address = D::address(machine, op);
    D::store::<W>(machine, memory, op, address, value)?;
    D::stored(memory)
}

/// MOVZX
pub fn zero_extend<W: Width, F: Width, S: Place>(
    machine: &mut Machine<'_>,
    memory: &mut AddressSpace,
    op: &Op,
) -> Step {
    let value = S::load::<F>(machine, memory, op, S::address(machine, op))?;
    W::set(machine, op.a, value);
    Ok(())
}

/// MOVSX
pub fn sign_extend<W: Width, F: Width, S: Place>(
    machine: &mut Machine<'_>,
    memory: &mut AddressSpace,
    op: &Op,
) -> Step {
    let value = S::load::<F>(machine, memory, op, S::address(machine, op))?;
    W::set(machine, op.a, F::sign_extend(value));
    Ok(())
}

/// LEA; no segment.
pub fn load_address<W: Width>(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    let offset = machine.offset(op);
    W::set(machine, op.a, offset);
    Ok(())
}

/// LEA from base and displacement.
pub fn load_near_address(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    let offset = machine.register(op.base).wrapping_add(op.displacement);
    machine.set_register(op.a, offset);
    Ok(())
}

/// XCHG
pub fn exchange<W: Width, D: Place>(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    let address = D::address(machine, op);
    let target = D::load_for_update::<W>(machine, memory, op, address)?;
    let source = W::get(machine, op.b);
    D::store::<W>(machine, memory, op, address, source)?;

    W::set(machine, op.b, target);
    D::stored(memory)
}

/// XLAT
pub fn translate(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    let offset = machine.register(op.base).wrapping_add(Byte::get(machine, 0));
    let offset = if op.address16 { offset & 0xFFFF } else { offset };
    let value = Byte::read(memory, offset.wrapping_add(machine.register(op.segment)))?;
    Byte::set(machine, 0, value);
    Ok(())
}

/// CBW and CWDE: the accumulator's lower half, sign-extended to `W`.
pub fn extend_accumulator<W: Width>(machine: &mut Machine<'_>, _: &mut AddressSpace, _: &Op) -> Step {
    let eax = machine.registers[0];
    let value = if W::BITS == 16 { Byte::sign_extend(eax) } else { Half::sign_extend(eax) };
    W::set(machine, 0, value);
    Ok(())
}

/// CWD and CDQ: the accumulator's sign in all of DX or EDX.
pub fn spread_sign<W: Width>(machine: &mut Machine<'_>, _: &mut AddressSpace, _: &Op) -> Step {
    let sign = (W::sign_extend(machine.registers[0]) as i32 >> 31) as u32;
    W::set(machine, 2, sign);
    Ok(())
}

/// MOV of a full register to another, the most frequent form of all.
pub fn move_register(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    let value = Word::get(machine, op.b);
    Word::set(machine, op.a, value);
    Ok(())
}

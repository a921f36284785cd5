//! Jumps, calls, loops, traps.

use cerium_memory::AddressSpace;

use crate::x86::context::register::ESP;
use crate::x86::op::{Leave, Machine, Op, Place, Step, Width, at_hand, can_pop, can_push};

/// JMP to `Op::immediate`.
pub fn jump(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    machine.eip = op.immediate;
    Err(Leave::Branch)
}

/// Jcc to `Op::immediate`; if it does not jump, the block goes on.
pub fn jump_condition<const CONDITION: u8>(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    if machine.flags.holds(CONDITION) {
        machine.eip = op.immediate;
        return Err(Leave::Branch);
    }
    Ok(())
}

/// JMP to where a place says.
pub fn jump_indirect<W: Width, S: Place>(
    machine: &mut Machine<'_>,
    memory: &mut AddressSpace,
    op: &Op,
) -> Step {
    machine.eip = S::load::<W>(machine, memory, op, S::address(machine, op))?;
    Err(Leave::Branch)
}

/// CALL of what a place says; `Immediate` is a direct call.
pub fn call<W: Width, S: Place>(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    if at_hand::<S, W>(machine, memory, op, false, true) && can_push::<W>(machine, memory) {
        call_at_hand::<W, S>(machine, memory, op)
    } else {
        call_slowly::<W, S>(machine, memory, op)
    }
}

#[cold]
#[inline(never)]
fn call_slowly<W: Width, S: Place>(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    call_at_hand::<W, S>(machine, memory, op)
}

#[inline(always)]
fn call_at_hand<W: Width, S: Place>(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    let target = S::load::<W>(machine, memory, op, S::address(machine, op))?;
    let top = machine.registers[ESP].wrapping_sub(W::BYTES);
    W::write(memory, top, op.next)?;

    machine.registers[ESP] = top;
    machine.eip = target;
    Err(Leave::Branch)
}

/// RET; `Op::immediate` more bytes leave the stack.
pub fn ret<W: Width>(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    if can_pop::<W>(machine, memory) {
        ret_at_hand::<W>(machine, memory, op)
    } else {
        ret_slowly::<W>(machine, memory, op)
    }
}

#[cold]
#[inline(never)]
fn ret_slowly<W: Width>(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    ret_at_hand::<W>(machine, memory, op)
}

#[inline(always)]
fn ret_at_hand<W: Width>(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    let top = machine.registers[ESP];
    machine.eip = W::read(memory, top)?;
    machine.registers[ESP] = top.wrapping_add(W::BYTES).wrapping_add(op.immediate);
    Err(Leave::Branch)
}

/// LOOP always.
pub const LOOP: u8 = 0;
/// LOOPE
pub const LOOP_WHILE_ZERO: u8 = 1;
/// LOOPNE
pub const LOOP_WHILE_NOT_ZERO: u8 = 2;

/// LOOP, LOOPE, LOOPNE; the counter has the size of an address.
pub fn loop_back<W: Width, const KIND: u8>(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    let count = W::get(machine, 1).wrapping_sub(1) & W::MASK;
    W::set(machine, 1, count);
    let holds = match KIND {
        LOOP_WHILE_ZERO => machine.flags.zero(),
        LOOP_WHILE_NOT_ZERO => !machine.flags.zero(),
        _ => true,
    };
    machine.eip = if count != 0 && holds { op.immediate } else { op.next };
    Err(Leave::Branch)
}

/// JCXZ, JECXZ
pub fn jump_no_count<W: Width>(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    machine.eip = if W::get(machine, 1) == 0 { op.immediate } else { op.next };
    Err(Leave::Branch)
}

/// INT n
pub fn interrupt(_: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    Err(Leave::Interrupt(op.immediate as u8))
}

/// INTO: a trap, so the instruction is behind us when it is taken.
pub fn interrupt_on_overflow(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    if machine.flags.overflow() {
        return Err(Leave::Interrupt(4));
    }
    machine.eip = op.next;
    Err(Leave::Branch)
}

/// INT3
pub fn breakpoint(_: &mut Machine<'_>, _: &mut AddressSpace, _: &Op) -> Step {
    Err(Leave::Breakpoint)
}

/// BOUND: a fault.
pub fn bound<W: Width>(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    let signed = |value: u32| W::sign_extend(value) as i32;
    let address = machine.address(op);
    memory.check(address, u64::from(2 * W::BYTES), cerium_memory::Access::Read)?;
    let lower = signed(W::read(memory, address)?);
    let upper = signed(W::read(memory, address.wrapping_add(W::BYTES))?);
    let index = signed(W::get(machine, op.a));
    if index < lower || index > upper { Err(Leave::Bound) } else { Ok(()) }
}

/// What is not an instruction, or none of ours.
pub fn undefined(_: &mut Machine<'_>, _: &mut AddressSpace, _: &Op) -> Step {
    Err(Leave::Undefined)
}

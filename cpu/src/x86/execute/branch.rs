//! Jumps, calls, loops, traps. Each is the last of its block.

use cerium_memory::AddressSpace;

use crate::x86::context::register::ESP;
use crate::x86::op::{Flow, Machine, Op, Place, Step, Trap, Width};

/// JMP to `Op::immediate`.
pub fn jump(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    machine.eip = op.immediate;
    Ok(Flow::Branch)
}

/// Jcc to `Op::immediate`.
pub fn jump_condition<const CONDITION: u8>(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    machine.eip = if machine.flags.holds(CONDITION) { op.immediate } else { op.next };
    Ok(Flow::Branch)
}

/// JMP to where a place says.
pub fn jump_indirect<W: Width, S: Place>(
    machine: &mut Machine<'_>,
    memory: &mut AddressSpace,
    op: &Op,
) -> Step {
    machine.eip = S::load::<W>(machine, memory, op, S::address(machine, op))?;
    Ok(Flow::Branch)
}

/// CALL of what a place says; `Immediate` is a direct call.
pub fn call<W: Width, S: Place>(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    let target = S::load::<W>(machine, memory, op, S::address(machine, op))?;
    let top = machine.registers[ESP].wrapping_sub(W::BYTES);
    W::write(memory, top, op.next)?;

    machine.registers[ESP] = top;
    machine.eip = target;
    Ok(Flow::Branch)
}

/// RET; `Op::immediate` more bytes leave the stack.
pub fn ret<W: Width>(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    let top = machine.registers[ESP];
    machine.eip = W::read(memory, top)?;
    machine.registers[ESP] = top.wrapping_add(W::BYTES).wrapping_add(op.immediate);
    Ok(Flow::Branch)
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
    Ok(Flow::Branch)
}

/// JCXZ, JECXZ
pub fn jump_no_count<W: Width>(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    machine.eip = if W::get(machine, 1) == 0 { op.immediate } else { op.next };
    Ok(Flow::Branch)
}

/// INT n
pub fn interrupt(_: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    Err(Trap::Interrupt(op.immediate as u8))
}

/// INTO: a trap, so the instruction is behind us when it is taken.
pub fn interrupt_on_overflow(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    if machine.flags.overflow() {
        return Err(Trap::Interrupt(4));
    }
    machine.eip = op.next;
    Ok(Flow::Branch)
}

/// INT3
pub fn breakpoint(_: &mut Machine<'_>, _: &mut AddressSpace, _: &Op) -> Step {
    Err(Trap::Breakpoint)
}

/// BOUND: a fault.
pub fn bound<W: Width>(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    let signed = |value: u32| W::sign_extend(value) as i32;
    let address = machine.address(op);
    memory.check(address, u64::from(2 * W::BYTES), cerium_memory::Access::Read)?;
    let lower = signed(W::read(memory, address)?);
    let upper = signed(W::read(memory, address.wrapping_add(W::BYTES))?);
    let index = signed(W::get(machine, op.a));
    if index < lower || index > upper { Err(Trap::Bound) } else { Ok(Flow::Next) }
}

/// What is not an instruction, or none of ours.
pub fn undefined(_: &mut Machine<'_>, _: &mut AddressSpace, _: &Op) -> Step {
    Err(Trap::Undefined)
}

//! The stack.

use cerium_memory::{Access, AddressSpace};

use crate::x86::context::register::{EBP, ESP};
use crate::x86::flags::bit;
use crate::x86::op::{Machine, Op, Place, Step, Width, after_store, at_hand, can_pop, can_push};

/// PUSH
pub fn push<W: Width, S: Place>(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    if at_hand::<S, W>(machine, memory, op, false, true) && can_push::<W>(machine, memory) {
        push_at_hand::<W, S>(machine, memory, op)
    } else {
        push_slowly::<W, S>(machine, memory, op)
    }
}

#[cold]
#[inline(never)]
fn push_slowly<W: Width, S: Place>(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    push_at_hand::<W, S>(machine, memory, op)
}

#[inline(always)]
fn push_at_hand<W: Width, S: Place>(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    let value = S::load::<W>(machine, memory, op, S::address(machine, op))?;
    let top = machine.registers[ESP].wrapping_sub(W::BYTES);
    W::write(memory, top, value)?;

    machine.registers[ESP] = top;
    after_store(memory)
}

/// POP to a register.
pub fn pop<W: Width>(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    if can_pop::<W>(machine, memory) {
        pop_at_hand::<W>(machine, memory, op)
    } else {
        pop_slowly::<W>(machine, memory, op)
    }
}

#[cold]
#[inline(never)]
fn pop_slowly<W: Width>(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    pop_at_hand::<W>(machine, memory, op)
}

#[inline(always)]
fn pop_at_hand<W: Width>(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    let top = machine.registers[ESP];
    let value = W::read(memory, top)?;

    machine.registers[ESP] = top.wrapping_add(W::BYTES);
    W::set(machine, op.a, value);
    Ok(())
}

/// POP to memory, whose address is computed after ESP has moved.
pub fn pop_to_memory<W: Width>(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    let top = machine.registers[ESP];
    let value = W::read(memory, top)?;
    machine.registers[ESP] = top.wrapping_add(W::BYTES);
    let address = machine.address(op);
    if let Err(fault) = W::write(memory, address, value) {
        machine.registers[ESP] = top;
        return Err(fault.into());
    }
    after_store(memory)
}

/// PUSHA
pub fn push_all<W: Width>(machine: &mut Machine<'_>, memory: &mut AddressSpace, _: &Op) -> Step {
    let top = machine.registers[ESP];
    let bottom = top.wrapping_sub(8 * W::BYTES);
    memory.check(bottom, u64::from(8 * W::BYTES), Access::Write)?;

    for number in 0..8u8 {
        let place = top.wrapping_sub((u32::from(number) + 1) * W::BYTES);
        W::write(memory, place, W::get(machine, number))?;
    }
    machine.registers[ESP] = bottom;
    after_store(memory)
}

/// POPA; it passes over the saved ESP.
pub fn pop_all<W: Width>(machine: &mut Machine<'_>, memory: &mut AddressSpace, _: &Op) -> Step {
    let bottom = machine.registers[ESP];
    memory.check(bottom, u64::from(8 * W::BYTES), Access::Read)?;

    for number in (0..8u8).filter(|number| usize::from(*number) != ESP) {
        let value = W::read(memory, bottom.wrapping_add((7 - u32::from(number)) * W::BYTES))?;
        W::set(machine, number, value);
    }
    machine.registers[ESP] = bottom.wrapping_add(8 * W::BYTES);
    Ok(())
}

/// PUSHF
pub fn push_flags<W: Width>(machine: &mut Machine<'_>, memory: &mut AddressSpace, _: &Op) -> Step {
    let top = machine.registers[ESP].wrapping_sub(W::BYTES);
    W::write(memory, top, machine.eflags())?;

    machine.registers[ESP] = top;
    after_store(memory)
}

/// POPF
pub fn pop_flags<W: Width>(machine: &mut Machine<'_>, memory: &mut AddressSpace, _: &Op) -> Step {
    let top = machine.registers[ESP];
    let value = W::read(memory, top)?;

    machine.registers[ESP] = top.wrapping_add(W::BYTES);
    machine.flags.set_bits(value);
    let changed = bit::CONTROL & W::MASK;
    machine.control = machine.control & !changed | value & changed;
    Ok(())
}

/// ENTER; `Op::immediate` bytes of locals, `Op::a` levels.
pub fn enter<W: Width>(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    let level = u32::from(op.a & 31);
    let (top, base) = (machine.registers[ESP], machine.registers[EBP]);
    let frame = top.wrapping_sub(W::BYTES);
    let pushed = (level + 1) * W::BYTES;
    memory.check(top.wrapping_sub(pushed), u64::from(pushed), Access::Write)?;
    for outer in 1..level {
        W::read(memory, base.wrapping_sub(outer * W::BYTES))?;
    }

    W::write(memory, frame, base)?;
    for outer in 1..level {
        let link = W::read(memory, base.wrapping_sub(outer * W::BYTES))?;
        W::write(memory, frame.wrapping_sub(outer * W::BYTES), link)?;
    }
    if level > 0 {
        W::write(memory, frame.wrapping_sub(level * W::BYTES), frame)?;
    }
    W::set(machine, EBP as u8, frame);
    machine.registers[ESP] = top.wrapping_sub(pushed).wrapping_sub(op.immediate);
    after_store(memory)
}

/// LEAVE
pub fn leave<W: Width>(machine: &mut Machine<'_>, memory: &mut AddressSpace, _: &Op) -> Step {
    let frame = machine.registers[EBP];
    let value = W::read(memory, frame)?;

    machine.registers[ESP] = frame.wrapping_add(W::BYTES);
    W::set(machine, EBP as u8, value);
    Ok(())
}

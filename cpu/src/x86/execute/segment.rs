//! Segment registers read and loaded. A load is the last of its block: what follows may be decoded for other
//! registers.

use cerium_memory::{Access, AddressSpace, Fault, FaultKind};

use crate::x86::context::register::{ECX, ESP};
use crate::x86::op::{Half, Leave, Machine, Op, Place, Step, Width, after_store};

/// #GP, which has no address. Our choice: as a refused read of the last byte, which is what a 32-bit Windows
/// makes of it.
fn protection() -> Leave {
    Leave::from(Fault { address: u32::MAX, access: Access::Read, kind: FaultKind::Unmapped })
}

/// An instruction that goes to memory through a null selector.
pub fn through_null(_: &mut Machine<'_>, _: &mut AddressSpace, _: &Op) -> Step {
    Err(protection())
}

/// The same of a repeated string instruction, which goes nowhere if the count is zero.
pub fn repeated_through_null(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    let mask = if op.address16 { 0xFFFF } else { u32::MAX };
    if machine.registers[ECX] & mask != 0 {
        return Err(protection());
    }
    machine.eip = op.next;
    Err(Leave::Branch)
}

/// MOV from a segment register, whose number is `Op::b`.
pub fn store<W: Width, D: Place>(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    let selector = machine.selector(op.b);
    let address = D::address(machine, op);
    D::store::<W>(machine, memory, op, address, selector.into())?;
    D::stored(memory)
}

/// PUSH of a segment register, whose number is `Op::a`.
pub fn push<W: Width>(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    let top = machine.registers[ESP].wrapping_sub(W::BYTES);
    W::write(memory, top, machine.selector(op.a).into())?;

    machine.registers[ESP] = top;
    after_store(memory)
}

/// MOV to the segment register with the number `Op::a`.
pub fn load<S: Place>(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    let selector = S::load::<Half>(machine, memory, op, S::address(machine, op))?;
    take(machine, op.a, selector)?;
    machine.eip = op.next;
    Err(Leave::Branch)
}

/// POP to the segment register with the number `Op::a`.
pub fn pop<W: Width>(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    let top = machine.registers[ESP];
    let selector = W::read(memory, top)?;
    take(machine, op.a, selector)?;
    machine.registers[ESP] = top.wrapping_add(W::BYTES);
    machine.eip = op.next;
    Err(Leave::Branch)
}

/// LDS and its like: the register `Op::a` and the segment register with the number `Op::b`.
pub fn load_far<W: Width>(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    let address = machine.address(op);
    let offset = W::read(memory, address)?;
    let selector = Half::read(memory, address.wrapping_add(W::BYTES))?;
    take(machine, op.b, selector)?;
    W::set(machine, op.a, offset);
    machine.eip = op.next;
    Err(Leave::Branch)
}

fn take(machine: &mut Machine<'_>, register: u8, selector: u32) -> Step {
    machine.load_segment(register, selector as u16).map_err(|_| protection())
}

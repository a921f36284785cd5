//! String instructions. Repeated ones count an iteration as an instruction, so the budget bounds them, and
//! whatever stops them finds the registers as they are between two iterations and EIP on the instruction.

use cerium_memory::AddressSpace;

use crate::x86::context::register::{ECX, EDI, ESI};
use crate::x86::flags::bit;
use crate::x86::op::{Leave, Machine, Op, Step, Width, after_store};

/// What a string instruction does once.
pub trait StringOp {
    /// Whether REPE and REPNE look at ZF.
    const COMPARES: bool = false;
    /// Whether it stores.
    const STORES: bool = false;

    /// Once; the pointers move by `step`.
    fn once<W: Width>(
        machine: &mut Machine<'_>,
        memory: &mut AddressSpace,
        op: &Op,
        step: u32,
    ) -> Result<(), Leave>;
}

/// MOVS
pub enum Movs {}
/// CMPS
pub enum Cmps {}
/// STOS
pub enum Stos {}
/// LODS
pub enum Lods {}
/// SCAS
pub enum Scas {}

#[inline(always)]
fn source(machine: &Machine<'_>, op: &Op) -> u32 {
    let offset = machine.registers[ESI];
    let offset = if op.address16 { offset & 0xFFFF } else { offset };
    offset.wrapping_add(machine.register(op.segment))
}

#[inline(always)]
fn target(machine: &Machine<'_>, op: &Op) -> u32 {
    let offset = machine.registers[EDI];
    if op.address16 { offset & 0xFFFF } else { offset }
}

#[inline(always)]
fn advance(machine: &mut Machine<'_>, op: &Op, register: usize, step: u32) {
    let before = machine.registers[register];
    let after = before.wrapping_add(step);
    machine.registers[register] = if op.address16 { before & !0xFFFF | after & 0xFFFF } else { after };
}

impl StringOp for Movs {
    const STORES: bool = true;

    #[inline(always)]
    fn once<W: Width>(
        machine: &mut Machine<'_>,
        memory: &mut AddressSpace,
        op: &Op,
        step: u32,
    ) -> Result<(), Leave> {
        let value = W::read(memory, source(machine, op))?;
        W::write(memory, target(machine, op), value)?;
        advance(machine, op, ESI, step);
        advance(machine, op, EDI, step);
        Ok(())
    }
}

impl StringOp for Cmps {
    const COMPARES: bool = true;

    #[inline(always)]
    fn once<W: Width>(
        machine: &mut Machine<'_>,
        memory: &mut AddressSpace,
        op: &Op,
        step: u32,
    ) -> Result<(), Leave> {
        let first = W::read(memory, source(machine, op))?;
        let second = W::read(memory, target(machine, op))?;
        machine.flags.subtract::<W>(first, second, false);
        advance(machine, op, ESI, step);
        advance(machine, op, EDI, step);
        Ok(())
    }
}

impl StringOp for Stos {
    const STORES: bool = true;

    #[inline(always)]
    fn once<W: Width>(
        machine: &mut Machine<'_>,
        memory: &mut AddressSpace,
        op: &Op,
        step: u32,
    ) -> Result<(), Leave> {
        W::write(memory, target(machine, op), W::get(machine, 0))?;
        advance(machine, op, EDI, step);
        Ok(())
    }
}

impl StringOp for Lods {
    #[inline(always)]
    fn once<W: Width>(
        machine: &mut Machine<'_>,
        memory: &mut AddressSpace,
        op: &Op,
        step: u32,
    ) -> Result<(), Leave> {
        let value = W::read(memory, source(machine, op))?;
        W::set(machine, 0, value);
        advance(machine, op, ESI, step);
        Ok(())
    }
}

impl StringOp for Scas {
    const COMPARES: bool = true;

    #[inline(always)]
    fn once<W: Width>(
        machine: &mut Machine<'_>,
        memory: &mut AddressSpace,
        op: &Op,
        step: u32,
    ) -> Result<(), Leave> {
        let value = W::read(memory, target(machine, op))?;
        let accumulator = W::get(machine, 0);
        machine.flags.subtract::<W>(accumulator, value, false);
        advance(machine, op, EDI, step);
        Ok(())
    }
}

#[inline(always)]
fn step<W: Width>(machine: &Machine<'_>) -> u32 {
    if machine.control & bit::DF != 0 { W::BYTES.wrapping_neg() } else { W::BYTES }
}

/// A string instruction without a prefix.
pub fn single<O: StringOp, W: Width>(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    let step = step::<W>(machine);
    O::once::<W>(machine, memory, op, step)?;
    if O::STORES { after_store(memory) } else { Ok(()) }
}

/// The prefix of a repeated instruction that compares, in `Op::immediate`: go on while ZF is this.
fn goes_on<O: StringOp>(machine: &Machine<'_>, op: &Op) -> bool {
    !O::COMPARES || machine.flags.zero() == (op.immediate != 0)
}

/// A repeated string instruction: as many iterations as count, budget and ZF allow. The last of its block.
pub fn repeated<O: StringOp, W: Width>(
    machine: &mut Machine<'_>,
    memory: &mut AddressSpace,
    op: &Op,
) -> Step {
    let mask = if op.address16 { 0xFFFF } else { u32::MAX };
    let step = step::<W>(machine);
    machine.eip = op.next;
    if machine.registers[ECX] & mask == 0 {
        return Err(Leave::Branch);
    }
    // What retires is counted by one when the instruction ends; the iterations before the last are counted
    // here.
    let allowed = machine.left - u64::from(op.number);
    let mut done = 0;
    loop {
        if let Err(trap) = O::once::<W>(machine, memory, op, step) {
            machine.left -= done;
            return Err(trap);
        }
        done += 1;
        let count = machine.registers[ECX];
        let rest = count.wrapping_sub(1) & mask;
        machine.registers[ECX] = count & !mask | rest;
        if rest == 0 || !goes_on::<O>(machine, op) {
            break;
        }
        if done == allowed || O::STORES && memory.code_changed() {
            machine.eip = op.pc;
            break;
        }
    }
    machine.left -= done - 1;
    Err(Leave::Branch)
}

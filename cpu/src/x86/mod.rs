//! x86-32 in user mode, as compilers wrote it for the 80486 and its successors.
//!
//! [`Interpreter`] implements [`Cpu`] for the integer instruction set up to the Pentium Pro (CMOV, CMPXCHG8B,
//! XADD, BSWAP) and the x87. MMX and SSE are not there, and CPUID says so. Memory is flat but
//! for FS, whose base the context gives ([`segment`]); instructions that transfer far, or need privilege, are
//! undefined.
//!
//! **From bytes to actions.** `decode` finds blocks and has `iced-x86` decode them; `lower` turns
//! each instruction into an `Op` of 32 bytes with a function to call, chosen by operation, operand size and
//! where the operands are; `execute` has those functions. The status flags are kept as the last result and
//! its carries, and made when somebody asks (`flags`). The x87 (`fpu`) is software on integers: the same bits
//! on every host.
//!
//! **What counts.** Each instruction counts as one; so does each iteration of a repeated string instruction
//! (one that repeats zero times counts as one). RDTSC gives the number of instructions the context has
//! retired.
//!
//! **Exits.** INT n and INTO are [`Exit::Svc`] with the vector as number (INTO's is 4). BOUND's failure is
//! [`Exit::Svc`] with 5, but EIP stays on the instruction and nothing was retired. Software cannot set TF. A
//! pending x87 exception that is not masked is [`Exit::FpTrap`] at the next x87 instruction that waits.

mod context;
mod decode;
mod execute;
mod flags;
mod fpu;
mod lower;
mod op;
pub mod segment;
#[cfg(test)]
mod tests;

use std::ops::Range;

use cerium_memory::AddressSpace;

pub use context::{Context, register};
pub use flags::bit;
pub use fpu::{Extended, Fpu, SAVED_FPU};

use crate::cache::{BlockCache, Index};
use crate::{Cpu, Exit};
use decode::NoBlock;
use flags::Flags;
use op::{Leave, Machine, Op};

/// Runs x86-32 code, an instruction after the other.
#[derive(Default)]
pub struct Interpreter {
    cache: BlockCache<Op>,
}

impl Cpu for Interpreter {
    type Context = Context;

    fn run(&mut self, context: &mut Context, memory: &mut AddressSpace, budget: &mut u64) -> Exit {
        memory.collect_section_changes();
        let mut machine = Machine::enter(context, *budget);
        let exit = self.run_blocks(&mut machine, memory);

        let Machine { registers, eip, left, time_stamp_end, .. } = machine;
        let eflags = machine.eflags();
        context.registers.copy_from_slice(&registers[..8]);
        context.eip = eip;
        context.eflags = eflags;
        context.time_stamp = time_stamp_end.wrapping_sub(left);
        *budget = left;
        exit
    }

    fn invalidate(&mut self, range: Range<u32>) {
        self.cache.invalidate(range);
    }
}

impl Interpreter {
    /// An engine that has decoded nothing yet.
    pub fn new() -> Interpreter {
        Interpreter::default()
    }

    fn run_blocks(&mut self, machine: &mut Machine<'_>, memory: &mut AddressSpace) -> Exit {
        loop {
            if memory.code_changed() {
                self.forget_changed(memory);
            }
            let index = match self.cache.probe(decode::key(machine.eip, machine.nulls)) {
                Some(index) => index,
                None => match self.find(machine, memory) {
                    Ok(index) => index,
                    Err(exit) => return exit,
                },
            };
            let ops = &self.cache.block(index).steps;
            let start = machine.eip;
            // A loop that is one block needs no search. A load of a segment register ends its block and goes on
            // behind it, so the code here is still decoded for the registers as they are.
            while machine.eip == start {
                if machine.left == 0 {
                    return Exit::Budget;
                }
                if let Some(exit) = run_block(ops, machine, memory) {
                    return exit;
                }
                if memory.code_changed() {
                    break;
                }
            }
        }
    }

    #[cold]
    fn forget_changed(&mut self, memory: &mut AddressSpace) {
        while let Some(page) = memory.take_changed_code() {
            self.cache.invalidate_page(page);
        }
    }

    /// The block at `eip`, decoded if it must be.
    #[cold]
    fn find(&mut self, machine: &Machine<'_>, memory: &mut AddressSpace) -> Result<Index, Exit> {
        let pc = machine.eip;
        let key = decode::key(pc, machine.nulls);
        if let Some(index) = self.cache.find(key) {
            return Ok(index);
        }
        match decode::decode(memory, key) {
            Ok(block) => Ok(self.cache.insert(block)),
            Err(NoBlock::Hypercall) => Err(Exit::Hypercall(pc)),
            // An instruction that the budget does not reach has not been fetched.
            Err(NoBlock::Fault(_)) if machine.left == 0 => Err(Exit::Budget),
            Err(NoBlock::Fault(fault)) => Err(Exit::Fault { pc, fault }),
        }
    }
}

/// Runs a block from its start, or as much of it as the budget allows. Without an exit, the machine's `eip`
/// says where to go on.
#[inline(always)]
fn run_block(ops: &[Op], machine: &mut Machine<'_>, memory: &mut AddressSpace) -> Option<Exit> {
    let allowed = usize::try_from(machine.left).unwrap_or(usize::MAX);
    let ops = if ops.len() <= allowed { ops } else { &ops[..allowed] };
    for op in ops {
        match (op.handler)(machine, memory, op) {
            Ok(()) => {}
            Err(Leave::Branch) => {
                machine.left -= u64::from(op.number) + 1;
                return None;
            }
            Err(leave) => return left(leave, op, machine),
        }
    }
    machine.left -= ops.len() as u64;
    machine.eip = ops.last().map_or(machine.eip, |op| op.next);
    None
}

/// Leaves a block for another reason than a branch.
#[cold]
fn left(leave: Leave, op: &Op, machine: &mut Machine<'_>) -> Option<Exit> {
    let pc = op.pc;
    let done = matches!(leave, Leave::Refetch | Leave::Interrupt(_));
    machine.left -= u64::from(op.number) + u64::from(done);
    machine.eip = if done { op.next } else { pc };
    match leave {
        Leave::Branch | Leave::Refetch => None,
        Leave::Interrupt(vector) => Some(Exit::Svc { pc, imm: u32::from(vector) }),
        Leave::Fault(fault) => Some(Exit::Fault { pc, fault: fault.into() }),
        Leave::Undefined => Some(Exit::Undefined { pc }),
        Leave::Divide => Some(Exit::DivideError { pc }),
        Leave::Breakpoint => Some(Exit::Breakpoint { pc }),
        Leave::Float => Some(Exit::FpTrap { pc }),
        Leave::Bound => Some(Exit::Svc { pc, imm: 5 }),
    }
}

impl<'a> Machine<'a> {
    fn enter(context: &'a mut Context, budget: u64) -> Machine<'a> {
        let Context { registers, eip, eflags, fs_base, segments, time_stamp, fpu } = context;
        let mut all = [0; 16];
        all[..8].copy_from_slice(registers);
        let mut machine = Machine {
            registers: all,
            eip: *eip,
            flags: Flags::from_bits(*eflags),
            control: *eflags & bit::CONTROL,
            left: budget,
            time_stamp_end: time_stamp.wrapping_add(budget),
            fpu,
            segments,
            nulls: 0,
            thread_base: *fs_base,
        };
        machine.follow_segments();
        machine
    }

    /// EFLAGS, whole.
    fn eflags(&self) -> u32 {
        self.flags.bits() | self.control | bit::FIXED | bit::IF
    }
}

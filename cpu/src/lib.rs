//! Runs instructions over an address space.
//!
//! A [`Cpu`] is one process's engine for one instruction set. It owns what is derived from code (decoded
//! blocks), never registers: those are a [`Cpu::Context`], plain data, one a thread. [`Cpu::run`] goes on
//! until there is an [`Exit`], which is a value.
//!
//! **Exact budget.** `run` retires exactly as many instructions as the budget allows, and `*budget` is the
//! exact rest. An instruction whose condition fails counts as one. N instructions in one run or in N runs
//! give the same state.
//! **Exact faults.** An instruction that faults has done nothing and is not counted; the context's pc is on
//! it.
//! **Hypercalls.** A fetch at or above [`HYPERCALL_BASE`] from a page that is not executable leaves with
//! [`Exit::Hypercall`]. Import thunks, kernel trap addresses and return stubs are all of them such addresses.
//! It is no instruction: it costs nothing, and is reported even if the budget is used up.
//! **Determinism.** No host clock, no hash order, no random state.
//!
//! Code may change under the CPU: by the guest's own stores, through another mapping, by the loader.
//! [`cerium_memory`] reports such pages, and the CPU forgets what it decoded there, at the latest before the
//! next instruction. [`Cpu::invalidate`] forgets by order.
//!
//! [`cache`] is shared by the instruction sets; [`arm`] is A32 and T16 of ARMv5TE, [`x86`] is x86-32 with x87.
#![deny(unsafe_code)]

pub mod arm;
pub mod cache;
pub mod x86;

use std::fmt;
use std::ops::Range;

use cerium_memory::{AddressSpace, Fault};

/// From here on, a fetch that finds no executable page is a call out of the guest.
pub const HYPERCALL_BASE: u32 = 0xF000_0000;

/// Why the CPU stopped. `pc` is the instruction's address, without a mode bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub enum Exit {
    /// The budget is used up; the context is ready to go on.
    Budget,
    /// The guest went to this address (see [`HYPERCALL_BASE`]); the context's pc is there. To return, go to
    /// the link register.
    Hypercall(u32),
    /// An access was refused. Not counted; the context's pc is on the instruction.
    Fault {
        /// The instruction.
        pc: u32,
        /// What it tried.
        fault: Fault,
    },
    /// Not an instruction, or not one for user mode. Not counted; pc on it.
    Undefined {
        /// The instruction.
        pc: u32,
    },
    /// A breakpoint instruction. Not counted; pc on it.
    Breakpoint {
        /// The instruction.
        pc: u32,
    },
    /// A supervisor call. Counted; the context's pc is behind it.
    Svc {
        /// The instruction.
        pc: u32,
        /// Its number.
        imm: u32,
    },
    /// A division by zero or out of range. Not counted; pc on it.
    DivideError {
        /// The instruction.
        pc: u32,
    },
    /// An enabled floating-point exception. Not counted; pc on it.
    FpTrap {
        /// The instruction.
        pc: u32,
    },
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Exit::Budget => f.write_str("budget used up"),
            Exit::Hypercall(address) => write!(f, "call out at {address:08X}"),
            Exit::Fault { pc, fault } => write!(f, "fault at {pc:08X}: {fault}"),
            Exit::Undefined { pc } => write!(f, "undefined instruction at {pc:08X}"),
            Exit::Breakpoint { pc } => write!(f, "breakpoint at {pc:08X}"),
            Exit::Svc { pc, imm } => write!(f, "supervisor call {imm} at {pc:08X}"),
            Exit::DivideError { pc } => write!(f, "divide error at {pc:08X}"),
            Exit::FpTrap { pc } => write!(f, "floating-point exception at {pc:08X}"),
        }
    }
}

/// One process's engine for one instruction set.
pub trait Cpu {
    /// A thread's registers.
    type Context: Clone + Default;

    /// Runs until there is a reason to stop. `memory` must be the same space each time.
    fn run(&mut self, context: &mut Self::Context, memory: &mut AddressSpace, budget: &mut u64) -> Exit;

    /// Forgets what was decoded from these addresses.
    fn invalidate(&mut self, range: Range<u32>);
}

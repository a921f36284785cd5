//! What each operation does: the handlers that steps are bound to, and the state they work on.
//!
//! A handler is a plain function of the state and its step. The common ones are generic over what is known when a step is bound
//! (operation, kind of operand, width), so that at run time only registers are looked up.

mod branch;
mod data;
mod multiply;
mod transfer;

pub(super) use branch::{
    branch, branch_if, branch_link, branch_link_register, branch_register, breakpoint, nothing, supervisor,
    thumb_call, undefined,
};
pub(super) use data::{count_leading_zeros, data, data_to_pc, operand, read_status, saturate, write_status};
pub(super) use multiply::{half_multiply, long_multiply, multiply};
pub(super) use transfer::{load, load_multiple, offset, store, store_multiple, swap_byte, swap_word};

use cerium_memory::{AddressSpace, Fault};

use super::block::{Step, THUMB, guard};
use super::context::{Context, Status, USER_MODE};
use super::op::Register;
use crate::Exit;
use crate::cache::Key;

/// Carries out a step.
pub(super) type Handler = fn(&mut Core<'_>, &Step) -> Flow;

/// Where a step leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// To the next step.
    Next,
    /// To the block's branch target.
    Taken,
    /// To `Core::next`.
    Jump,
    /// To the next step, but decoded code has changed.
    Changed,
    /// Nowhere: the step was not carried out, for `Core::exit`.
    Refused,
    /// Out, for `Core::exit`, with the step carried out.
    Called,
}

/// The registers while code runs. Flags are kept as the values they come from and read when wanted.
pub(super) struct Core<'m> {
    pub(super) registers: [u32; 16],
    /// N is the top bit.
    n: u32,
    /// Z is set if this is zero.
    z: u32,
    /// C: 0 or 1.
    c: u32,
    /// V is the top bit.
    v: u32,
    q: bool,
    pub(super) memory: &'m mut AddressSpace,
    /// Where to go, after `Flow::Jump`.
    pub(super) next: Key,
    /// Why, after `Flow::Refused` and `Flow::Called`.
    pub(super) exit: Exit,
}

impl<'m> Core<'m> {
    /// Takes over a thread's registers.
    pub(super) fn new(context: &Context, memory: &'m mut AddressSpace) -> Core<'m> {
        let status = context.status;
        let next = Key::new(context.registers[15], u32::from(status.contains(Status::T)) * THUMB);
        let (n, z, c, v) = (0, 0, 0, 0);
        let mut core =
            Core { registers: context.registers, n, z, c, v, q: false, memory, next, exit: Exit::Budget };
        core.set_status(status.bits());
        core
    }

    /// Gives the registers back, to go on at `next`.
    pub(super) fn store(&self, next: Key, context: &mut Context) {
        context.registers = self.registers;
        context.registers[15] = next.address();
        let thumb = if next.state() == THUMB { Status::T } else { Status::empty() };
        context.status = Status::from_bits_truncate(self.status()) | thumb;
    }

    #[inline(always)]
    fn get(&self, register: Register) -> u32 {
        self.registers[register as usize]
    }

    #[inline(always)]
    fn set(&mut self, register: Register, value: u32) {
        self.registers[register as usize] = value;
    }

    /// The flags at their places in the CPSR.
    fn status(&self) -> u32 {
        let (n, v) = (self.n >> 31, self.v >> 31);
        n << 31 | u32::from(self.z == 0) << 30 | self.c << 29 | v << 28 | u32::from(self.q) << 27
    }

    /// Sets the flags as in the CPSR.
    fn set_status(&mut self, bits: u32) {
        let bits = Status::from_bits_truncate(bits);
        self.n = u32::from(bits.contains(Status::N)) << 31;
        self.z = u32::from(!bits.contains(Status::Z));
        self.c = u32::from(bits.contains(Status::C));
        self.v = u32::from(bits.contains(Status::V)) << 31;
        self.q = bits.contains(Status::Q);
    }

    /// What MRS reads.
    fn cpsr(&self) -> u32 {
        self.status() | USER_MODE
    }

    /// What must be done before a guarded step; whether its condition holds.
    #[inline(never)]
    pub(super) fn admits(&mut self, step: &Step) -> bool {
        if step.guard & guard::PC_PLUS_8 != 0 {
            self.registers[15] = step.pc.wrapping_add(8);
        } else if step.guard & guard::PC_PLUS_4 != 0 {
            self.registers[15] = step.pc.wrapping_add(4);
        }
        self.holds(step.guard & guard::CONDITION)
    }

    /// Whether a condition holds.
    #[inline(always)]
    fn holds(&self, condition: u8) -> bool {
        let less = (self.n ^ self.v) >> 31 != 0;
        match condition {
            0 => self.z == 0,
            1 => self.z != 0,
            2 => self.c != 0,
            3 => self.c == 0,
            4 => self.n >> 31 != 0,
            5 => self.n >> 31 == 0,
            6 => self.v >> 31 != 0,
            7 => self.v >> 31 == 0,
            8 => self.c != 0 && self.z != 0,
            9 => self.c == 0 || self.z == 0,
            10 => !less,
            11 => less,
            12 => self.z != 0 && !less,
            13 => self.z == 0 || less,
            _ => true,
        }
    }

    /// Goes to an address whose bit 0 selects the instruction set.
    #[inline(always)]
    fn exchange_to(&mut self, address: u32) -> Flow {
        self.next = Key::new(address & !1, address & 1);
        Flow::Jump
    }

    /// Stops on this step, which has done nothing.
    #[cold]
    fn refuse(&mut self, exit: Exit) -> Flow {
        self.exit = exit;
        Flow::Refused
    }

    #[cold]
    #[inline(never)]
    fn fault(&mut self, step: &Step, fault: Fault) -> Flow {
        self.refuse(Exit::Fault { pc: step.pc, fault })
    }

    /// Where a store leads: on, unless it changed code.
    #[inline(always)]
    fn stored(&self) -> Flow {
        if self.memory.code_changed() { Flow::Changed } else { Flow::Next }
    }
}

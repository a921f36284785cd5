//! What each operation does: the handlers that steps are bound to, and the state they work on.
//!
//! A handler is a plain function of the state and its step. The common ones are generic over what is known
//! when a step is bound (operation, kind of operand, width), so that at run time only registers are looked
//! up.

mod branch;
mod data;
mod guard;
mod multiply;
mod transfer;

pub(super) use branch::{
    branch_if, branch_link, branch_link_register, branch_register, breakpoint, end_of_block, nothing,
    supervisor, thumb_call, undefined,
};
pub(super) use data::{count_leading_zeros, data, data_to_pc, operand, read_status, saturate, write_status};
pub(super) use guard::guard;
pub(super) use multiply::{half_multiply, long_multiply, multiply};
pub(super) use transfer::{load, load_multiple, offset, store, store_multiple, swap_byte, swap_word};

use std::marker::PhantomData;
use std::ops::Deref;

use cerium_memory::{AddressSpace, Fault};

use super::block::{Step, THUMB};
use super::context::{Context, Status, USER_MODE};
use super::op::{Condition, Register};
use crate::Exit;
use crate::cache::Key;

/// Carries out a step and, by calling its handler, the next one. The last thing each handler does is that
/// call, so it becomes a jump; where the compiler does not make it one, a block's length bounds the depth.
pub(super) type Handler = fn(&mut Core<'_>, Cursor<'_>) -> Flow;

/// Where a block was left to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// To what is behind it.
    Through,
    /// To its branch target.
    Taken,
    /// To `Core::next`.
    Jump,
    /// To what is behind the step at `Core::stopped_at`, as decoded code has changed.
    Changed,
    /// Nowhere: the step at `Core::stopped_at` was not carried out, for `Core::exit`.
    Refused,
    /// Out, for `Core::exit`, with the step at `Core::stopped_at` carried out.
    Called,
}

/// A place in a block's steps.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'b> {
    step: *const Step,
    block: PhantomData<&'b [Step]>,
}

#[allow(unsafe_code, reason = "a test for the end of the steps would cost a seventh of the time")]
impl<'b> Cursor<'b> {
    /// The place of the first of these steps.
    pub(super) fn first_of(steps: &'b [Step]) -> Cursor<'b> {
        debug_assert!(
            steps.last().is_some_and(Step::ends_block),
            "whoever follows the steps must come to a stop"
        );
        Cursor { step: steps.as_ptr(), block: PhantomData }
    }

    /// Goes on with the next step.
    #[inline(always)]
    fn proceed(self, core: &mut Core<'_>) -> Flow {
        // SAFETY: the last step of the slice ends the block, and its handler does not come here; so there is
        // a next one.
        let next = Cursor { step: unsafe { self.step.add(1) }, ..self };
        (next.handler)(core, next)
    }

    /// Goes on after a store, unless that changed code.
    #[inline(always)]
    fn proceed_unless_changed(self, core: &mut Core<'_>) -> Flow {
        if core.memory.code_changed() {
            return core.stop(&self, Exit::Budget, Flow::Changed);
        }
        self.proceed(core)
    }
}

impl Deref for Cursor<'_> {
    type Target = Step;

    #[inline(always)]
    #[allow(unsafe_code, reason = "see above")]
    fn deref(&self) -> &Step {
        // SAFETY: a cursor is made inside a slice that outlives it, and `proceed` keeps it there.
        unsafe { &*self.step }
    }
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
    /// Where, after these and `Flow::Changed`: the step's address.
    pub(super) stopped_at: u32,
}

impl<'m> Core<'m> {
    /// Takes over a thread's registers.
    pub(super) fn new(context: &Context, memory: &'m mut AddressSpace) -> Core<'m> {
        let status = context.status;
        let next = Key::new(context.registers[15], u32::from(status.contains(Status::T)) * THUMB);
        let (n, z, c, v) = (0, 0, 0, 0);
        let mut core = Core {
            registers: context.registers,
            n,
            z,
            c,
            v,
            q: false,
            memory,
            next,
            exit: Exit::Budget,
            stopped_at: 0,
        };
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

    /// Whether a condition holds.
    #[inline(always)]
    fn holds(&self, condition: Condition) -> bool {
        let less = (self.n ^ self.v) >> 31 != 0;
        match condition {
            Condition::Eq => self.z == 0,
            Condition::Ne => self.z != 0,
            Condition::Cs => self.c != 0,
            Condition::Cc => self.c == 0,
            Condition::Mi => self.n >> 31 != 0,
            Condition::Pl => self.n >> 31 == 0,
            Condition::Vs => self.v >> 31 != 0,
            Condition::Vc => self.v >> 31 == 0,
            Condition::Hi => self.c != 0 && self.z != 0,
            Condition::Ls => self.c == 0 || self.z == 0,
            Condition::Ge => !less,
            Condition::Lt => less,
            Condition::Gt => self.z != 0 && !less,
            Condition::Le => self.z == 0 || less,
            Condition::Always => true,
        }
    }

    /// Goes to an address whose bit 0 selects the instruction set.
    #[inline(always)]
    fn exchange_to(&mut self, address: u32) -> Flow {
        self.next = Key::new(address & !1, address & 1);
        Flow::Jump
    }

    /// Leaves the block at this step.
    #[cold]
    fn stop(&mut self, step: &Step, exit: Exit, flow: Flow) -> Flow {
        self.exit = exit;
        self.stopped_at = step.pc;
        flow
    }

    /// Stops on this step, which has done nothing.
    fn refuse(&mut self, step: &Step, exit: Exit) -> Flow {
        self.stop(step, exit, Flow::Refused)
    }

    #[cold]
    #[inline(never)]
    fn fault(&mut self, step: &Step, fault: Fault) -> Flow {
        self.refuse(step, Exit::Fault { pc: step.pc, fault })
    }
}

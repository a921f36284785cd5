//! What differs by processor.

use cerium_coredll::catalogue::Processor;
use cerium_cpu::Cpu;
use cerium_crt::call::{Answer, ArgumentList};
use cerium_memory::{AddressSpace, Fault};

use crate::calls::{Out, Use};
use crate::context::GuestContext;
use crate::executable::Executable;
use crate::seh::{Raised, SehStep};

/// How a thread begins.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Start {
    /// The first instruction; odd for Thumb.
    pub(crate) entry: u32,
    /// The function's arguments.
    pub(crate) arguments: [u32; 4],
    /// Just above the first word of its stack.
    pub(crate) stack_top: u32,
    /// The thread's block, for processors that keep a pointer to it.
    pub(crate) thread_block: u32,
    /// Where the function returns to.
    pub(crate) return_to: u32,
}

/// Where a function was called, when it has just been called: what its caller finds again however much the
/// function itself has called.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Linkage {
    /// Where the function is.
    pub(crate) pc: u32,
    /// The stack pointer.
    pub(crate) sp: u32,
    /// The register with the return address, where there is one.
    pub(crate) lr: u32,
}

/// Functions that each processor has in its own way, or not at all.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Special {
    /// `setjmp`, `_setjmp3`.
    SetJump,
    /// `longjmp`.
    LongJump,
    /// `__C_specific_handler`, `_except_handler3`: a function's handler.
    Handler,
    /// `_except_handler4_common`.
    Handler4,
    /// `_local_unwind2`.
    LocalUnwind,
    /// `_local_unwind4`.
    LocalUnwind4,
    /// `__abnormal_termination`.
    IsAbnormal,
    /// `_SEH_prolog`.
    Prolog,
    /// `_SEH_epilog`.
    Epilog,
    /// `__CxxFrameHandler`, `__CxxFrameHandler3`.
    CxxHandler,
    /// `_EH_prolog`.
    CxxProlog,
}

/// An instruction set with its calling convention on CE.
pub(crate) trait Isa: Cpu<Context: GuestContext> + Default + 'static {
    /// Whose exports its images import.
    const PROCESSOR: Processor;
    /// PUserKData: where the user data page begins.
    const USER_DATA: u32;

    /// The registers of a new thread.
    fn start(start: Start, memory: &mut AddressSpace) -> Result<Self::Context, Fault>;

    /// The argument word at a place, when the callee has just been called.
    fn argument(context: &Self::Context, memory: &AddressSpace, place: u32) -> Result<u32, Fault>;

    /// Leaves a callee that was called just now, with its result.
    fn finish_call(context: &mut Self::Context, memory: &AddressSpace, value: u32) -> Result<(), Fault>;

    /// The arguments of a call of the C library.
    fn argument_list(context: &Self::Context) -> ArgumentList;

    /// Leaves a function of the C library, with its result.
    fn finish_crt_call(
        context: &mut Self::Context,
        memory: &AddressSpace,
        answer: Answer,
        arguments: &ArgumentList,
    ) -> Result<(), Fault>;

    /// Where the function was called that has just been called.
    fn linkage(context: &Self::Context) -> Linkage;

    /// Makes it as if the function had just been called. Registers that a function keeps are as the guest's
    /// code has left them; the others are anybody's.
    fn set_linkage(context: &mut Self::Context, linkage: Linkage);

    /// Calls the guest's code from a function that has just been called: with these words, below everything
    /// on its stack. It will return to `return_to` at a lower stack pointer than the function's.
    fn call_guest(
        context: &mut Self::Context,
        memory: &mut AddressSpace,
        address: u32,
        arguments: &[u32],
        return_to: u32,
    ) -> Result<(), Fault>;

    /// Moves the stack pointer.
    fn set_sp(context: &mut Self::Context, sp: u32);

    /// Looks for a handler of an exception.
    fn dispatch(process: &mut Executable<Self>, guest: u32, raised: Box<Raised>) -> Out;

    /// A filter or handler has returned to a function of exceptions.
    fn seh_go_on(process: &mut Executable<Self>, guest: u32, step: SehStep, answer: u32) -> Out;

    /// A function that only one processor has.
    fn special(process: &mut Executable<Self>, guest: u32, special: Special, words: [u32; 4]) -> Out;

    /// `_CxxThrowException`.
    fn throw(process: &mut Executable<Self>, guest: u32, object: u32, types: u32, used: &mut Use<'_>) -> Out;

    /// The return register.
    fn result(context: &Self::Context) -> u32;

    /// Where it is.
    fn pc(context: &Self::Context) -> u32;

    /// The stack pointer.
    fn sp(context: &Self::Context) -> u32;

    /// Where the callee returns to, when it has just been called.
    fn caller(context: &Self::Context, memory: &AddressSpace) -> Option<u32>;

    /// The register with the return address, where there is one.
    fn link(context: &Self::Context) -> Option<u32>;

    /// Whether the instruction before this one calls.
    fn is_behind_call(memory: &AddressSpace, address: u32) -> bool;

    /// The registers, for people.
    fn registers(context: &Self::Context) -> String;

    /// Which set and method a kernel trap address stands for (traps.md).
    fn trap(address: u32) -> Option<(u32, u32)>;
}

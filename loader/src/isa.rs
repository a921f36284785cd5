//! What differs by processor.

use cerium_coredll::catalogue::Processor;
use cerium_cpu::Cpu;
use cerium_crt::call::{Answer, ArgumentList};
use cerium_memory::{AddressSpace, Fault};

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

/// An instruction set with its calling convention on CE.
pub(crate) trait Isa: Cpu + Default + 'static {
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

    /// The return register.
    fn result(context: &Self::Context) -> u32;

    /// Where it is.
    fn pc(context: &Self::Context) -> u32;

    /// The stack pointer.
    fn sp(context: &Self::Context) -> u32;

    /// Where the callee returns to, when it has just been called.
    fn caller(context: &Self::Context, memory: &AddressSpace) -> Option<u32>;

    /// The registers, for people.
    fn registers(context: &Self::Context) -> String;

    /// Which set and method a kernel trap address stands for (traps.md).
    fn trap(address: u32) -> Option<(u32, u32)>;
}

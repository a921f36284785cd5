//! Fibers (processes-threads.md §10): registers and a stack each, which a thread changes when it is asked to.
//!
//! A fiber uses whatever its thread is: the kernel knows nothing of it. What a guest calls a fiber's address is
//! where its stack begins. A function of the host's that waits belongs to the fiber that called it.

use std::collections::BTreeMap;

use cerium_coredll::Call;
use cerium_crt::call::{Answer, ArgumentList, Value};
use cerium_crt::pause::FiberCall;
use cerium_kernel::{CeResult, Win32Error};

use crate::calls::{HostFrame, Use};
use crate::crash::Exception;
use crate::executable::{Executable, Stack};
use crate::isa::{Isa, Start};
use crate::layout::{MAXIMUM_THREADS, THREAD_RETURN};

/// A fiber.
pub(crate) struct Fiber<I: Isa> {
    /// What GetFiberData returns in it.
    data: u32,
    pub(crate) stack: Stack,
    /// Whether that is its thread's, with which it goes.
    is_threads: bool,
    state: FiberState<I>,
}

enum FiberState<I: Isa> {
    /// A thread is in it.
    Runs,
    /// It goes on with these when a thread switches to it.
    Rests { context: I::Context, frames: Vec<HostFrame> },
    /// Its thread has ended in it.
    Over,
}

/// The fibers of a process, by their addresses.
pub(crate) type Fibers<I> = BTreeMap<u32, Fiber<I>>;

impl<I: Isa> Executable<I> {
    /// Does what a fiber function asks. Gives what the kernel is to be asked, if the thread is to end.
    pub(crate) fn fiber_call(
        &mut self,
        guest: u32,
        call: FiberCall,
        arguments: &ArgumentList,
        used: &mut Use<'_>,
    ) -> Result<Option<Call>, Exception> {
        if let FiberCall::Delete { fiber } = call
            && self.threads[guest as usize].fiber == Some(fiber)
        {
            // As on other Windows: who deletes the fiber that it is in ends its thread.
            return Ok(Some(Call::ExitThread { dwExitCode: 0 }));
        }
        let done = match call {
            FiberCall::Convert { data } => self.convert(guest, data),
            FiberCall::Create { stack, start, data } => self.create_fiber(stack, start, data),
            FiberCall::Delete { fiber } => self.delete_fiber(fiber).map(|()| 0),
            FiberCall::Switch { fiber } => self.check_switch(guest, fiber).map(|()| 0),
            FiberCall::Current => Ok(self.threads[guest as usize].fiber.unwrap_or(0)),
            FiberCall::Data => {
                let current = self.threads[guest as usize].fiber;
                Ok(current.and_then(|fiber| self.fibers.get(&fiber)).map_or(0, |fiber| fiber.data))
            }
        };
        let value = done.unwrap_or_else(|error| {
            used.used.last_error = Some(error);
            0
        });
        let context = &mut self.threads[guest as usize].context;
        let answer = Answer { value: Value::Word(value), pops: 0 };
        I::finish_crt_call(context, &self.memory, answer, arguments).map_err(Exception::of_fault)?;
        if let (FiberCall::Switch { fiber }, Ok(_)) = (call, done) {
            self.switch(guest, fiber);
        }
        Ok(None)
    }

    /// Makes a thread's own code a fiber; a thread that is one already is refused. Our choice.
    fn convert(&mut self, guest: u32, data: u32) -> CeResult<u32> {
        let thread = &mut self.threads[guest as usize];
        if thread.fiber.is_some() {
            return Err(Win32Error::INVALID_PARAMETER);
        }
        let (stack, address) = (thread.stack, thread.stack.origin());
        thread.fiber = Some(address);
        self.fibers.insert(address, Fiber { data, stack, is_threads: true, state: FiberState::Runs });
        Ok(address)
    }

    fn create_fiber(&mut self, stack: u32, start: u32, data: u32) -> CeResult<u32> {
        if start == 0 {
            return Err(Win32Error::INVALID_PARAMETER);
        }
        if self.threads.len() + self.fibers.len() >= MAXIMUM_THREADS {
            return Err(Win32Error::NOT_ENOUGH_MEMORY);
        }
        let stack = self.map_stack(stack)?;
        let start = Start {
            entry: start,
            arguments: [data, 0, 0, 0],
            stack_top: stack.thread_block(),
            thread_block: stack.thread_block(),
            // A fiber function that returns ends the thread that is in it.
            return_to: THREAD_RETURN,
        };
        let context = I::start(start, &mut self.memory).map_err(|_| Win32Error::NOT_ENOUGH_MEMORY)?;
        let state = FiberState::Rests { context, frames: Vec::new() };
        self.fibers.insert(stack.base, Fiber { data, stack, is_threads: false, state });
        Ok(stack.base)
    }

    /// A fiber that another thread is in is not deleted: that is undefined, and this does least harm.
    fn delete_fiber(&mut self, fiber: u32) -> CeResult<()> {
        match self.fibers.get(&fiber) {
            None | Some(Fiber { state: FiberState::Runs, .. }) => Err(Win32Error::INVALID_PARAMETER),
            // A thread's own: its stack stays its own.
            Some(Fiber { is_threads: true, .. }) => Err(Win32Error::INVALID_PARAMETER),
            Some(Fiber { stack, .. }) => {
                let stack = *stack;
                self.fibers.remove(&fiber);
                self.unmap_stack(stack);
                Ok(())
            }
        }
    }

    /// A thread that is no fiber may not switch (ee488422), and not to where nothing rests.
    fn check_switch(&self, guest: u32, fiber: u32) -> CeResult<()> {
        let current = self.threads[guest as usize].fiber.ok_or(Win32Error::INVALID_PARAMETER)?;
        match self.fibers.get(&fiber) {
            Some(Fiber { state: FiberState::Rests { .. }, .. }) => Ok(()),
            Some(_) if fiber == current => Ok(()),
            Some(_) | None => Err(Win32Error::INVALID_PARAMETER),
        }
    }

    /// Puts the fiber that a thread is in to rest and lets it go on in another; to its own it is nothing.
    fn switch(&mut self, guest: u32, fiber: u32) {
        let thread = &mut self.threads[guest as usize];
        if thread.fiber == Some(fiber) {
            return;
        }
        let Some(next) = self.fibers.get_mut(&fiber) else { return };
        let FiberState::Rests { context, frames } = std::mem::replace(&mut next.state, FiberState::Runs)
        else {
            unreachable!("check_switch was asked")
        };
        let context = std::mem::replace(&mut thread.context, context);
        let frames = std::mem::replace(&mut thread.frames, frames);
        let former = thread.fiber.replace(fiber);
        // The one that it leaves may have gone with the thread whose stack it was.
        if let Some(former) = former.and_then(|former| self.fibers.get_mut(&former)) {
            former.state = FiberState::Rests { context, frames };
        }
    }

    /// A thread ends: the fiber that it is in goes on no more, and its own goes with its stack. Gives that
    /// stack, as it is now.
    pub(crate) fn forget_fibers_of(&mut self, current: Option<u32>, stack: Stack) -> Stack {
        if let Some(current) = current.and_then(|current| self.fibers.get_mut(&current)) {
            current.state = FiberState::Over;
        }
        match self.fibers.get(&stack.origin()) {
            Some(Fiber { is_threads: true, stack: own, .. }) => {
                let own = *own;
                self.fibers.remove(&stack.origin());
                own
            }
            _ => stack,
        }
    }
}

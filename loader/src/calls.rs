//! Calls out of the guest: what an address stands for, functions of the kernel and of the C library, and
//! functions that pause.
//!
//! A function that asks for something (see `cerium_crt::pause`) leaves a [`HostFrame`] with its thread. When
//! it has asked for the guest's code, that runs on the thread's own stack and returns to [`HOST_RETURN`];
//! when it has asked for the kernel, the reply is its, not the guest's. Either way it goes on where it was,
//! and returns to its own caller in the end, unless the guest has left by another way.
//!
//! **Invariant.** A frame's function was called at a stack pointer above everything that it has called. So a
//! frame at or below the stack pointer of running code is one that the guest has left, and is forgotten.

use cerium_coredll::{Call, Function, Reply};
use cerium_crt::Step;
use cerium_crt::call::{ArgumentList, Cx as CrtCx, Output, Stop as CrtStop, Stream};
use cerium_crt::pause::{Continue, Pause};
use cerium_crt::table::Function as CrtFunction;
use cerium_guest::{Device, Missing, Program, Stop, Used};
use cerium_kernel::Win32Error;
use cerium_memory::{Access, Fault, FaultKind};

use crate::abi::Arguments;
use crate::binding::Target;
use crate::crash::{Exception, Place};
use crate::executable::Executable;
use crate::isa::{Isa, Linkage};
use crate::layout::{HOST_RETURN, THREAD_RETURN, thunk_index};
use crate::load::Unimplemented;
use crate::pages::ProcessPages;

/// The console's text in one turn at which the turn ends, so that the host's memory is bounded.
const CONSOLE_LIMIT: usize = 0x1_0000;

/// How many functions of one thread may wait for what they asked for, one called by another. More is a stack
/// overflow. Our choice.
const MAXIMUM_HOST_FRAMES: usize = 1024;

/// How a call out of the guest went on.
pub(crate) enum Out {
    /// The guest runs on, and the time that a call takes has passed.
    Goes,
    /// The guest runs on with the kernel's answer; the device has charged the call.
    Answered,
    /// The turn is over.
    Stops(Stop),
}

/// A function of the host's that waits for what it asked for.
#[derive(Clone, Debug)]
pub(crate) struct HostFrame {
    /// Where it was called.
    linkage: Linkage,
    /// Its arguments, as far as it has taken them.
    arguments: ArgumentList,
    then: Then,
}

/// What a paused function waits for.
#[derive(Clone, Debug)]
enum Then {
    Guest(Box<dyn Continue<u32>>),
    Kernel(Box<dyn Continue<Reply>>),
}

/// What a turn has besides the process: the device, and what was used since the last call of the kernel.
pub(crate) struct Use<'a> {
    pub(crate) device: &'a mut Device,
    pub(crate) used: Used,
}

impl<I: Isa> Executable<I> {
    /// A guest went to an address where nothing is: an import, the end of its function, a kernel trap.
    pub(crate) fn call_out(&mut self, guest: u32, address: u32, used: &mut Use<'_>) -> Out {
        match address {
            THREAD_RETURN => {
                return Out::Stops(Stop::Exit(I::result(&self.threads[guest as usize].context)));
            }
            HOST_RETURN => return self.host_return(guest, used),
            _ => {}
        }
        let target = thunk_index(address).and_then(|index| self.targets.get(index).copied());
        match target {
            Some(Target::Kernel(function)) => self.kernel_call(guest, function, used),
            Some(Target::Crt(function)) => self.crt_call(guest, function, used),
            Some(Target::Lacking(export)) => {
                let named = format!("{} (COREDLL ordinal {})", export.name, export.ordinal);
                self.lacking(guest, named)
            }
            None => self.trap(guest, address, used),
        }
    }

    /// A kernel function that is reached by an address that faults (traps.md).
    pub(crate) fn trap(&mut self, guest: u32, address: u32, used: &mut Use<'_>) -> Out {
        match I::trap(address) {
            Some((2, 2)) => self.kernel_call(guest, Function::TerminateProcess, used),
            Some((set, method)) => self.lacking(guest, format!("kernel trap set {set} method {method}")),
            None => self.nowhere(guest, address),
        }
    }

    /// A guest went where no code is.
    fn nowhere(&mut self, guest: u32, address: u32) -> Out {
        let fault = Fault { address, access: Access::Execute, kind: FaultKind::Unmapped };
        Out::Stops(self.crash(guest, Exception::of_fault(fault)))
    }

    fn kernel_call(&mut self, guest: u32, function: Function, used: &mut Use<'_>) -> Out {
        let thread = &mut self.threads[guest as usize];
        let mut arguments = Arguments::<I>::new(&thread.context, &self.memory);
        let mut call = match Call::from_abi(function, &mut arguments) {
            Ok(call) => call,
            Err(fault) => return Out::Stops(self.crash(guest, Exception::unreadable_stack(fault.address))),
        };
        thread.outs = arguments.outs;
        match used.device.call(std::mem::take(&mut used.used), &mut call) {
            Some(reply) => self.finish_call(guest, reply),
            None => Out::Stops(Stop::Called),
        }
    }

    /// The kernel has replied to the call that the guest's code made.
    pub(crate) fn finish_call(&mut self, guest: u32, reply: &Reply) -> Out {
        self.write_outs(guest, &reply.outs);
        let thread = &mut self.threads[guest as usize];
        thread.outs.clear();
        match I::finish_call(&mut thread.context, &self.memory, reply.value) {
            Ok(()) => Out::Answered,
            Err(fault) => Out::Stops(self.crash(guest, Exception::of_fault(fault))),
        }
    }

    /// A paused function asks the kernel. It is told in the guest's next turn, so that no chain of questions
    /// grows here.
    fn ask_kernel(&mut self, mut call: Call, used: &mut Use<'_>) -> Out {
        if used.device.call(std::mem::take(&mut used.used), &mut call).is_some() {
            used.device.keep_reply();
        }
        Out::Stops(Stop::Called)
    }

    fn crt_call(&mut self, guest: u32, function: CrtFunction, used: &mut Use<'_>) -> Out {
        let mut arguments = I::argument_list(&self.threads[guest as usize].context);
        let step = self.with_crt(guest, &mut arguments, used, |cx| function.call(cx));
        self.take_step(guest, step, arguments, used)
    }

    /// Lets a function of the C library run, as far as it comes by itself.
    fn with_crt(
        &mut self,
        guest: u32,
        arguments: &mut ArgumentList,
        used: &mut Use<'_>,
        run: impl FnOnce(&mut CrtCx<'_>) -> Result<Step, CrtStop>,
    ) -> Result<Step, CrtStop> {
        let mut cx = CrtCx {
            memory: &mut ProcessPages(&mut self.memory),
            process: &mut self.crt,
            thread: &mut self.threads[guest as usize].crt,
            arguments,
            output: &mut Console(used.device),
            last_error: None,
        };
        let step = run(&mut cx);
        if let Some(error) = cx.last_error {
            used.used.last_error = Some(Win32Error(error));
        }
        step
    }

    /// Does what a function has come to: returns from it, or asks for what it asks for.
    fn take_step(
        &mut self,
        guest: u32,
        step: Result<Step, CrtStop>,
        arguments: ArgumentList,
        used: &mut Use<'_>,
    ) -> Out {
        let done = match step {
            Ok(Step::Return(answer)) => {
                let context = &mut self.threads[guest as usize].context;
                let finished = I::finish_crt_call(context, &self.memory, answer, &arguments);
                finished.map(|()| None).map_err(Exception::of_fault)
            }
            Ok(Step::Pause(pause)) => self.pause(guest, *pause, arguments, used),
            Err(CrtStop::Fault(fault)) => Err(Exception::of_fault(fault)),
            Err(CrtStop::DivideByZero) => Err(Exception::division_by_zero()),
        };
        match done {
            Ok(Some(call)) => self.ask_kernel(call, used),
            Ok(None) if used.device.text_to_put_out() > CONSOLE_LIMIT => Out::Stops(Stop::SliceEnd),
            Ok(None) => Out::Goes,
            Err(exception) => Out::Stops(self.crash(guest, exception)),
        }
    }

    /// Puts a function aside until it has what it asks for. Gives what the kernel is to be asked.
    fn pause(
        &mut self,
        guest: u32,
        pause: Pause,
        arguments: ArgumentList,
        used: &mut Use<'_>,
    ) -> Result<Option<Call>, Exception> {
        self.forget_left_frames(guest);
        let thread = &mut self.threads[guest as usize];
        if thread.frames.len() >= MAXIMUM_HOST_FRAMES {
            return Err(Exception::stack_overflow());
        }
        let linkage = I::linkage(&thread.context);
        match pause {
            Pause::Guest { address, arguments: words, then } => {
                I::call_guest(&mut thread.context, &mut self.memory, address, &words, HOST_RETURN)
                    .map_err(Exception::of_fault)?;
                thread.frames.push(HostFrame { linkage, arguments, then: Then::Guest(then) });
                Ok(None)
            }
            Pause::Fiber(call) => self.fiber_call(guest, call, &arguments, used),
            Pause::Kernel { call, then } => {
                thread.outs.clear();
                thread.frames.push(HostFrame { linkage, arguments, then: Then::Kernel(then) });
                thread.frame_asks = true;
                Ok(Some(call))
            }
        }
    }

    /// The guest's code that a paused function called has returned.
    fn host_return(&mut self, guest: u32, used: &mut Use<'_>) -> Out {
        self.forget_left_frames(guest);
        let thread = &mut self.threads[guest as usize];
        let result = I::result(&thread.context);
        match thread.frames.pop() {
            Some(HostFrame { linkage, mut arguments, then: Then::Guest(then) }) => {
                // A return is an instruction, so that going on for ever uses up any limit.
                used.used.instructions += 1;
                I::set_linkage(&mut thread.context, linkage);
                let step = self.with_crt(guest, &mut arguments, used, |cx| then.go_on(cx, result));
                self.take_step(guest, step, arguments, used)
            }
            // Nothing has called what returns here.
            Some(HostFrame { then: Then::Kernel(_), .. }) | None => self.nowhere(guest, HOST_RETURN),
        }
    }

    /// The kernel has replied to what a paused function asked.
    pub(crate) fn reply_to_frame(&mut self, guest: u32, reply: Reply, used: &mut Use<'_>) -> Out {
        let thread = &mut self.threads[guest as usize];
        thread.frame_asks = false;
        match thread.frames.pop() {
            Some(HostFrame { mut arguments, then: Then::Kernel(then), .. }) => {
                let step = self.with_crt(guest, &mut arguments, used, |cx| then.go_on(cx, reply));
                self.take_step(guest, step, arguments, used)
            }
            Some(HostFrame { then: Then::Guest(_), .. }) | None => {
                unreachable!("the frame that asked the kernel is the last one, as its thread has not run")
            }
        }
    }

    /// Forgets functions that the guest has left by another way than returning to them.
    pub(crate) fn forget_left_frames(&mut self, guest: u32) {
        let thread = &mut self.threads[guest as usize];
        let sp = I::sp(&thread.context);
        // What runs on another stack says nothing about this one.
        if !thread.stack.contains(sp) {
            return;
        }
        while let Some(frame) = thread.frames.last()
            && thread.stack.contains(frame.linkage.sp)
            && frame.linkage.sp <= sp
        {
            thread.frames.pop();
        }
    }

    fn lacking(&mut self, guest: u32, function: String) -> Out {
        let context = &self.threads[guest as usize].context;
        let caller = match I::caller(context, &self.memory) {
            Some(address) => Place::of(address, &self.module).to_string(),
            None => "unknown".to_owned(),
        };
        if self.unimplemented == Unimplemented::Zero {
            log::warn!(target: "loader", "{function}, called from {caller}, is missing: it returns 0");
            let context = &mut self.threads[guest as usize].context;
            return match I::finish_call(context, &self.memory, 0) {
                Ok(()) => Out::Goes,
                Err(fault) => Out::Stops(self.crash(guest, Exception::of_fault(fault))),
            };
        }
        Out::Stops(Stop::Missing(Box::new(Missing { function, caller })))
    }

    pub(crate) fn crash(&self, guest: u32, exception: Exception) -> Stop {
        let thread = &self.threads[guest as usize];
        let report = exception.report::<I>(&thread.context, &self.memory, &self.module, thread.stack);
        Stop::Crash(Box::new(report))
    }
}

/// Takes the text of the C library.
struct Console<'a>(&'a mut Device);

impl Output for Console<'_> {
    fn print(&mut self, _: Stream, text: &str) {
        self.0.put_out(text);
    }
}

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

use cerium_coredll::{Call, Function, Reply, Text};
use cerium_crt::Step;
use cerium_crt::call::{ArgumentList, Cx as CrtCx, Output, Stop as CrtStop, Stream};
use cerium_crt::pause::{Continue, Pause};
use cerium_crt::table::Function as CrtFunction;
use cerium_files::FileSystem;
use cerium_guest::{Device, Missing, Program, Stop, Used};
use cerium_kernel::Win32Error;
use cerium_memory::{Access, Fault, FaultKind};

use crate::abi::Arguments;
use crate::binding::Target;
use crate::crash::{Exception, Place};
use crate::executable::{Executable, Stack};
use crate::isa::{Isa, Linkage};
use crate::layout::{HOST_RETURN, THREAD_RETURN};
use crate::load::Unimplemented;
use crate::notify::{Act, Acts, Awaited, CURRENT_PROCESS};
use crate::pages::ProcessPages;
use crate::seh::{Seh, SehStep};

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
    then: Then,
}

/// How a paused function goes on.
#[derive(Clone, Debug)]
pub(crate) enum Then {
    /// One of the C library, that has called the guest: with its arguments as far as it has taken them.
    Guest(ArgumentList, Box<dyn Continue<u32>>),
    /// One of the C library, that has called the kernel.
    Kernel(ArgumentList, Box<dyn Continue<Reply>>),
    /// A list of acts.
    Acts(Acts, Awaited),
    /// One about exceptions.
    Seh(Box<Seh>),
}

impl HostFrame {
    /// Where the function was called.
    pub(crate) fn linkage(&self) -> Linkage {
        self.linkage
    }

    /// What it waits for, if it is a function of exceptions.
    pub(crate) fn seh(&self) -> Option<&SehStep> {
        match &self.then {
            Then::Seh(seh) => Some(&seh.step),
            Then::Guest(..) | Then::Kernel(..) | Then::Acts(..) => None,
        }
    }

    /// Whether code of this stack with this stack pointer is not called by it any more.
    fn is_left_at(&self, sp: u32, stack: Stack) -> bool {
        stack.contains(self.linkage.sp) && self.linkage.sp <= sp
    }

    /// The same, to be changed.
    pub(crate) fn seh_mut(&mut self) -> Option<&mut SehStep> {
        match &mut self.then {
            Then::Seh(seh) => Some(&mut seh.step),
            Then::Guest(..) | Then::Kernel(..) | Then::Acts(..) => None,
        }
    }

    /// Whether it waits for a library's entry point. Our choice: neither an exception nor a jump gets out of
    /// that. Whoever asked for the library could not leave its lock any more.
    pub(crate) fn is_notifying(&self) -> bool {
        matches!(self.then, Then::Acts(..))
    }

    /// The record of the exception for which a handler is looked for.
    pub(crate) fn record(&self) -> Option<u32> {
        match self.seh() {
            Some(SehStep::ArmHandler { raised, .. }) => Some(raised.record),
            _ => None,
        }
    }
}

/// What a turn has besides the process: the device and its files, and what was used since the last call of
/// the kernel.
pub(crate) struct Use<'a> {
    pub(crate) device: &'a mut Device,
    pub(crate) files: &'a mut FileSystem,
    pub(crate) used: Used,
}

impl<I: Isa> Executable<I> {
    /// A guest went to an address where nothing is: an import, the end of its function, a kernel trap.
    pub(crate) fn call_out(&mut self, guest: u32, address: u32, used: &mut Use<'_>) -> Out {
        match address {
            THREAD_RETURN => {
                let code = I::result(&self.threads[guest as usize].context);
                let acts = self.acts_of_ending(guest, Act::Exit(code));
                return self.act(guest, acts, used);
            }
            HOST_RETURN => return self.host_return(guest, used),
            _ => {}
        }
        match self.thunks.target(address) {
            Some(Target::Kernel(function)) => self.kernel_call(guest, function, used),
            Some(Target::Crt(function)) => self.crt_call(guest, function, used),
            Some(Target::Loader(function)) => self.loader_call(guest, function, used),
            Some(Target::Lacking(export)) => {
                self.lacking(guest, format!("{} (COREDLL ordinal {})", export.name, export.ordinal))
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
        self.raise(guest, Exception::of_fault(fault))
    }

    fn kernel_call(&mut self, guest: u32, function: Function, used: &mut Use<'_>) -> Out {
        let thread = &mut self.threads[guest as usize];
        let mut arguments = Arguments::<I>::new(&thread.context, &self.memory);
        let call = match Call::from_abi(function, &mut arguments) {
            Ok(call) => call,
            Err(fault) => return self.raise(guest, Exception::unreadable_stack(fault.address)),
        };
        thread.outs = arguments.outs;
        match call {
            // Libraries are told first of what ends.
            Call::ExitThread { .. } => {
                let acts = self.acts_of_ending(guest, Act::Call(call));
                self.act(guest, acts, used)
            }
            // Whatever handle it has for it: who ends counts.
            Call::TerminateProcess { hProcess, uExitCode } if used.device.is_own_process(hProcess) => {
                let mut acts = self.acts_of_exit(guest, Act::Call(call));
                // A library that is told may close the handle.
                if acts.len() > 1 {
                    let call = Call::TerminateProcess { hProcess: CURRENT_PROCESS, uExitCode };
                    acts.pop_back();
                    acts.push_back(Act::Call(call));
                }
                self.act(guest, acts, used)
            }
            // The kernel knows the program only.
            Call::GetModuleFileName { hModule, lpFilename } if self.is_library(hModule) => {
                self.library_file_name(guest, hModule, lpFilename, used)
            }
            Call::GetModuleHandle { lpModuleName: Text::Units(ref name) } => {
                match self.library_named(&String::from_utf16_lossy(name)) {
                    Some(base) => self.return_word(guest, base),
                    None => self.plain_call(guest, call, used),
                }
            }
            call => self.plain_call(guest, call, used),
        }
    }

    /// Calls the kernel in the guest's stead; the reply is the guest's.
    pub(crate) fn plain_call(&mut self, guest: u32, mut call: Call, used: &mut Use<'_>) -> Out {
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
        match step {
            Ok(Step::Return(answer)) => {
                let context = &mut self.threads[guest as usize].context;
                match I::finish_crt_call(context, &self.memory, answer, &arguments) {
                    Ok(()) if used.device.text_to_put_out() > CONSOLE_LIMIT => Out::Stops(Stop::SliceEnd),
                    Ok(()) => Out::Goes,
                    Err(fault) => self.raise(guest, Exception::of_fault(fault)),
                }
            }
            Ok(Step::Pause(pause)) => self.pause(guest, *pause, arguments, used),
            Err(CrtStop::Fault(fault)) => self.raise(guest, Exception::of_fault(fault)),
            Err(CrtStop::DivideByZero) => self.raise(guest, Exception::division_by_zero()),
        }
    }

    /// Puts a function of the C library aside until it has what it asks for.
    fn pause(&mut self, guest: u32, pause: Pause, arguments: ArgumentList, used: &mut Use<'_>) -> Out {
        match pause {
            Pause::Fiber(call) => match self.fiber_call(guest, call, &arguments, used) {
                Ok(None) => Out::Goes,
                Ok(Some(call)) => {
                    let acts = self.acts_of_ending(guest, Act::Call(call));
                    self.act(guest, acts, used)
                }
                Err(exception) => self.raise(guest, exception),
            },
            Pause::Guest { address, arguments: words, then } => {
                self.ask_guest(guest, address, &words, Then::Guest(arguments, then))
            }
            Pause::Kernel { call, then } => self.ask_kernel(guest, call, Then::Kernel(arguments, then), used),
        }
    }

    /// Calls the guest's code; the function that was just called waits for it.
    pub(crate) fn ask_guest(&mut self, guest: u32, address: u32, words: &[u32], then: Then) -> Out {
        let linkage = match self.linkage(guest) {
            Ok(linkage) => linkage,
            Err(exception) => return self.raise(guest, exception),
        };
        let thread = &mut self.threads[guest as usize];
        let called = I::call_guest(&mut thread.context, &mut self.memory, address, words, HOST_RETURN);
        if let Err(fault) = called {
            return self.raise(guest, Exception::of_fault(fault));
        }
        thread.frames.push(HostFrame { linkage, then });
        Out::Goes
    }

    /// Calls the kernel; the function that was just called waits for its reply.
    pub(crate) fn ask_kernel(&mut self, guest: u32, mut call: Call, then: Then, used: &mut Use<'_>) -> Out {
        let linkage = match self.linkage(guest) {
            Ok(linkage) => linkage,
            Err(exception) => return self.raise(guest, exception),
        };
        let thread = &mut self.threads[guest as usize];
        thread.outs.clear();
        thread.frames.push(HostFrame { linkage, then });
        thread.frame_asks = true;
        // The reply is given when the turn goes on.
        if used.device.call(std::mem::take(&mut used.used), &mut call).is_some() {
            used.device.keep_reply();
        }
        Out::Stops(Stop::Called)
    }

    /// Where the function that was just called was called from, if one more may wait.
    fn linkage(&mut self, guest: u32) -> Result<Linkage, Exception> {
        self.forget_left_frames(guest);
        let thread = &self.threads[guest as usize];
        if thread.frames.len() >= MAXIMUM_HOST_FRAMES {
            return Err(Exception::stack_overflow());
        }
        Ok(I::linkage(&thread.context))
    }

    /// Whether no more functions of the host's may wait in a thread.
    pub(crate) fn has_all_frames(&self, guest: u32) -> bool {
        self.threads[guest as usize].frames.len() >= MAXIMUM_HOST_FRAMES
    }

    /// The guest's code that a paused function called has returned.
    fn host_return(&mut self, guest: u32, used: &mut Use<'_>) -> Out {
        self.forget_left_frames(guest);
        let thread = &mut self.threads[guest as usize];
        let result = I::result(&thread.context);
        let Some(HostFrame { linkage, then }) = thread.frames.pop() else {
            // Nobody has called what returns here.
            return self.nowhere(guest, HOST_RETURN);
        };
        // A return is an instruction, so that going on for ever uses up any limit.
        used.used.instructions += 1;
        I::set_linkage(&mut thread.context, linkage);
        match then {
            Then::Guest(mut arguments, then) => {
                let step = self.with_crt(guest, &mut arguments, used, |cx| then.go_on(cx, result));
                self.take_step(guest, step, arguments, used)
            }
            Then::Acts(acts, awaited) => self.act_on_answer(guest, acts, &awaited, result, used),
            Then::Seh(seh) => self.seh_go_on(guest, *seh, result, used),
            Then::Kernel(..) => self.nowhere(guest, HOST_RETURN),
        }
    }

    /// The kernel has replied to what a paused function asked.
    pub(crate) fn reply_to_frame(&mut self, guest: u32, reply: Reply, used: &mut Use<'_>) -> Out {
        let thread = &mut self.threads[guest as usize];
        thread.frame_asks = false;
        match thread.frames.pop().map(|frame| frame.then) {
            Some(Then::Kernel(mut arguments, then)) => {
                let step = self.with_crt(guest, &mut arguments, used, |cx| then.go_on(cx, reply));
                self.take_step(guest, step, arguments, used)
            }
            Some(Then::Acts(acts, awaited)) => self.act_on_reply(guest, acts, &awaited, &reply, used),
            Some(Then::Guest(..) | Then::Seh(_)) | None => {
                unreachable!("the frame that asked the kernel is the last one, as its thread has not run")
            }
        }
    }

    /// Forgets functions that the guest has left by another way than returning to them. One that waits for a
    /// library's entry point stays, so that it is known that it has been left.
    pub(crate) fn forget_left_frames(&mut self, guest: u32) {
        let stack = *self.stack(guest);
        let thread = &mut self.threads[guest as usize];
        let sp = I::sp(&thread.context);
        // What runs on another stack says nothing about this one.
        if !stack.contains(sp) {
            return;
        }
        while let Some(frame) = thread.frames.last()
            && frame.is_left_at(sp, stack)
            && !frame.is_notifying()
        {
            thread.frames.pop();
        }
    }

    /// Whether code with this stack pointer has left a library's entry point.
    pub(crate) fn leaves_entry_point(&mut self, guest: u32, sp: u32) -> bool {
        if self.threads[guest as usize].frames.is_empty() {
            return false;
        }
        let stack = *self.stack(guest);
        let frames = self.threads[guest as usize].frames.iter().rev();
        stack.contains(sp)
            && frames.take_while(|frame| frame.is_left_at(sp, stack)).any(HostFrame::is_notifying)
    }

    pub(crate) fn lacking(&mut self, guest: u32, function: String) -> Out {
        let context = &self.threads[guest as usize].context;
        let caller = match I::caller(context, &self.memory) {
            Some(address) => Place::of(address, &self.modules).to_string(),
            None => "unknown".to_owned(),
        };
        if self.unimplemented == Unimplemented::Zero {
            log::warn!(target: "loader", "{function}, called from {caller}, is missing: it returns 0");
            let context = &mut self.threads[guest as usize].context;
            return match I::finish_call(context, &self.memory, 0) {
                Ok(()) => Out::Goes,
                Err(fault) => self.raise(guest, Exception::of_fault(fault)),
            };
        }
        Out::Stops(Stop::Missing(Box::new(Missing { function, caller })))
    }

    /// Returns a word from the function that was just called.
    pub(crate) fn return_word(&mut self, guest: u32, word: u32) -> Out {
        let context = &mut self.threads[guest as usize].context;
        match I::finish_call(context, &self.memory, word) {
            Ok(()) => Out::Goes,
            Err(fault) => self.raise(guest, Exception::of_fault(fault)),
        }
    }

    /// Fails: returns a word, with a last error.
    pub(crate) fn fail(&mut self, guest: u32, used: &mut Use<'_>, error: Win32Error, word: u32) -> Out {
        used.used.last_error = Some(error);
        self.return_word(guest, word)
    }

    pub(crate) fn crash(&mut self, guest: u32, exception: Exception) -> Stop {
        let stack = *self.stack(guest);
        let context = &self.threads[guest as usize].context;
        let report = exception.report::<I>(context, &self.memory, &self.modules, stack);
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

//! Structured exceptions: what both processors have in common.
//!
//! An exception writes its EXCEPTION_RECORD, the CONTEXT and an EXCEPTION_POINTERS below the thread's stack
//! pointer and looks for a handler in its processor's way (`seh_x86`: the chain at fs:0; `seh_arm`: unwinding
//! data). Filters and handlers are the guest's code, called by functions that pause; what such a function
//! was when it asked is in its [`Seh`]. What nobody handles ends the process, as the registers were when it
//! happened.

use cerium_cpu::arm;
use cerium_memory::Fault;

use crate::calls::{Out, Then, Use};
use crate::context::GuestContext;
use crate::crash::Exception;
use crate::cxx::{Catch, Goal};
use crate::executable::Executable;
use crate::isa::{Isa, Special};

/// A handler's answer: goes on where the exception happened.
pub(crate) const CONTINUE_EXECUTION: u32 = 0;
/// A handler's answer: it is not its exception.
pub(crate) const CONTINUE_SEARCH: u32 = 1;

/// ExceptionFlags: nobody may go on.
pub(crate) const NONCONTINUABLE: u32 = 1;
/// ExceptionFlags: frames are being left.
pub(crate) const UNWINDING: u32 = 2;
/// ExceptionFlags: all frames are being left.
pub(crate) const EXIT_UNWIND: u32 = 4;
/// ExceptionFlags: the frame is the one that handles the exception.
pub(crate) const TARGET_UNWIND: u32 = 0x20;

/// A handler goes on after an exception after which nobody may.
const STATUS_NONCONTINUABLE_EXCEPTION: u32 = 0xC000_0025;
/// A handler gives an answer that is none.
const STATUS_INVALID_DISPOSITION: u32 = 0xC000_0026;
/// The code of the record that handlers are given when frames are left without an exception.
pub(crate) const STATUS_UNWIND: u32 = 0xC000_0027;

/// What programs guard their frames with. Our choice: always the same, for a run is to be had again. It is not what
/// a compiler's library has before it asks.
const SECURITY_COOKIE: u32 = 0x5EC0_0C1E;

/// How many bytes an EXCEPTION_RECORD has: five words and fifteen of information.
const RECORD: u32 = 80;
/// EXCEPTION_POINTERS, and room for what a processor hands on to handlers.
const POINTERS: u32 = 8;
const HANDED_ON: u32 = 24;

/// An exception on its way.
#[derive(Clone, Debug)]
pub(crate) struct Raised {
    /// For the report, if nobody handles it.
    pub(crate) exception: Exception,
    /// The registers when it happened, as a CONTEXT.
    pub(crate) before: Vec<u8>,
    /// Whether the pc is behind a call: the guest has raised it.
    pub(crate) is_call: bool,
    /// Where its EXCEPTION_RECORD is.
    pub(crate) record: u32,
    /// Where its CONTEXT is.
    pub(crate) context: u32,
    /// Room for what is handed on to handlers.
    pub(crate) handed_on: u32,
}

/// What a paused function of exceptions was about.
#[derive(Clone, Debug)]
pub(crate) struct Seh {
    /// The registers at its call, as a CONTEXT: filters and handlers keep none.
    pub(crate) saved: Vec<u8>,
    pub(crate) step: SehStep,
}

/// What it waits for.
#[derive(Clone, Debug)]
pub(crate) enum SehStep {
    /// A handler's answer, on x86: of this registration.
    X86Handler { raised: Box<Raised>, registration: u32 },
    /// A filter's answer: the scope's level in the registration.
    X86Filter { frame: ScopeFrame, level: u32, record: u32 },
    /// A handler that is told that its frame is left, and what comes when all are.
    X86Unwind { registration: u32, target: u32, record: u32, then: X86Then },
    /// A termination handler of a frame, and what comes when all are done.
    X86Local { frame: ScopeFrame, stop: u32, then: X86Then },
    /// A function of a jump buffer's that leaves scopes.
    X86Jump { buffer: u32, value: u32 },
    /// What leaving a state does, in C++, and what comes when all are left.
    X86State { registration: u32, tables: u32, stop: u32, then: X86Then },
    /// A constructor that makes the variable of a `catch`.
    X86Copied { catch: Catch },
    /// A `catch`, what the frame's stack pointer was before it, and whether an exception has left it.
    X86Catch { catch: Catch, sp: u32, is_left: bool },
    /// A destructor of what was caught, and what comes then.
    X86Destroyed { then: X86Then },
    /// The function that set_terminate was given.
    Terminated,
    /// A handler's answer, on ARM.
    ArmHandler { raised: Box<Raised>, walk: Box<ArmWalk> },
    /// A filter's answer: the scope's place.
    ArmFilter { words: [u32; 4], place: u32 },
    /// A handler that is told that its frame is left.
    ArmUnwind { walk: Box<ArmWalk>, leaving: ArmLeaving },
    /// A termination handler.
    ArmLocal { words: [u32; 4], place: u32 },
}

/// A frame on x86 with a scope table.
#[derive(Copy, Clone, Debug)]
pub(crate) struct ScopeFrame {
    pub(crate) registration: u32,
    /// What its table's address is encoded with, if it is one of `_except_handler4`.
    pub(crate) cookie: Option<u32>,
}

/// What comes after unwinding on x86.
#[derive(Copy, Clone, Debug)]
pub(crate) enum X86Then {
    /// The scope of this level of this registration is left, then its handler runs.
    Enter { frame: ScopeFrame, level: u32 },
    /// The handler of this level runs.
    Jump { frame: ScopeFrame, level: u32 },
    /// The function returns a word.
    Return(u32),
    /// The scopes of the frame that a jump buffer leads to, then its registers, with this result.
    LeaveForJump { buffer: u32, value: u32 },
    /// The registers of a jump buffer, with this result.
    LongJump { buffer: u32, value: u32 },
    /// States of a frame are left.
    LeaveStates { goal: Goal },
    /// So is the `catch` that ran in them.
    LeaveCatch { goal: Goal },
    /// The code of a `catch`.
    RunClause { catch: Catch },
    /// The frame goes on behind a `catch`.
    GoOn { registration: u32, sp: u32, address: u32 },
}

/// Where unwinding on ARM is.
#[derive(Clone, Debug)]
pub(crate) struct ArmWalk {
    /// The registers in the frame that is looked at.
    pub(crate) body: arm::Context,
    /// Those of its caller.
    pub(crate) caller: arm::Context,
    /// The frame's address: the stack pointer at its function's entry.
    pub(crate) establisher: u32,
    /// How many of the thread's paused functions lie further out.
    pub(crate) outer: usize,
    /// Whether the pc is behind a call.
    pub(crate) is_call: bool,
    /// The first of the function's scopes that has not been left.
    pub(crate) scope: u32,
}

/// Whither unwinding on ARM leads.
#[derive(Copy, Clone, Debug)]
pub(crate) enum ArmGoal {
    /// To the frame that handles the exception; it goes on at `resume` and finds `value` in r0.
    Handler { target: u32, resume: u32, value: u32 },
    /// To the frame in which `setjmp` was called with this stack pointer and return address, with a buffer
    /// that `longjmp` was given, and the value.
    Jump { sp: u32, resume: u32, buffer: u32, value: u32 },
}

impl ArmGoal {
    /// Whether the frame is the one that it leads to.
    pub(crate) fn is_in(self, walk: &ArmWalk) -> bool {
        match self {
            ArmGoal::Handler { target, .. } => walk.establisher == target,
            ArmGoal::Jump { sp, .. } => (walk.body.sp()..walk.establisher).contains(&sp),
        }
    }

    /// Above which stack pointer no frame is left.
    pub(crate) fn sp(self) -> u32 {
        match self {
            ArmGoal::Handler { target: sp, .. } | ArmGoal::Jump { sp, .. } => sp,
        }
    }
}

/// What handlers are told while frames are left on ARM.
#[derive(Copy, Clone, Debug)]
pub(crate) struct ArmLeaving {
    pub(crate) goal: ArmGoal,
    /// The EXCEPTION_RECORD.
    pub(crate) record: u32,
    /// Where the CONTEXT of the exception is.
    pub(crate) context: u32,
    /// Where what is handed on to handlers is.
    pub(crate) handed_on: u32,
}

impl<I: Isa> Executable<I> {
    /// A thread has met an exception: looks for a handler.
    pub(crate) fn raise(&mut self, guest: u32, exception: Exception) -> Out {
        self.forget_left_frames(guest);
        // Where no handler can be called, nobody can handle it.
        if self.has_all_frames(guest) {
            return Out::Stops(self.crash(guest, exception));
        }
        // Named by the stack as it was before it got a page for this.
        let exception = exception.in_stack(*self.stack(guest));
        let described = match self.describe(guest, &exception) {
            Err(_) if self.extend_stack(guest) => self.describe(guest, &exception),
            described => described,
        };
        match described {
            Ok(raised) => I::dispatch(self, guest, Box::new(raised)),
            // Nor where there is no stack for it: then it is that of which the process dies.
            Err(fault) if self.stack(guest).is_below(fault.address) => {
                Out::Stops(self.crash(guest, Exception::of_fault(fault)))
            }
            Err(_) => Out::Stops(self.crash(guest, exception)),
        }
    }

    /// Writes an exception's record, CONTEXT and pointers below the stack pointer, and moves that below them.
    pub(crate) fn describe(&mut self, guest: u32, exception: &Exception) -> Result<Raised, Fault> {
        let thread = &self.threads[guest as usize];
        let before = thread.context.to_guest();
        let size = HANDED_ON + POINTERS + RECORD + I::Context::SIZE;
        let handed_on = I::sp(&thread.context).wrapping_sub(size) & !7;
        let pointers = handed_on.wrapping_add(HANDED_ON);
        let record = pointers.wrapping_add(POINTERS);
        let context = record.wrapping_add(RECORD);
        let mut bytes = vec![0; HANDED_ON as usize];
        let pc = I::pc(&thread.context);
        let words = [record, context, exception.code(), exception.flags(), exception.cause(), pc];
        bytes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
        let information = exception.information();
        bytes.extend((information.len() as u32).to_le_bytes());
        bytes.extend(information.iter().flat_map(|word| word.to_le_bytes()));
        bytes.resize((size - I::Context::SIZE) as usize, 0);
        bytes.extend(&before);
        self.memory.write_bytes(handed_on, &bytes)?;
        I::set_sp(&mut self.threads[guest as usize].context, handed_on);
        let is_call = exception.is_guests();
        Ok(Raised { exception: exception.clone(), before, is_call, record, context, handed_on })
    }

    /// Nobody handles it.
    pub(crate) fn unhandled(&mut self, guest: u32, raised: &Raised) -> Out {
        let terminate = self.threads[guest as usize].terminate;
        if raised.is_thrown() && terminate != 0 {
            let seh = Seh { saved: self.saved(guest), step: SehStep::Terminated };
            return self.ask_handler(guest, terminate, &[], seh);
        }
        let context = &mut self.threads[guest as usize].context;
        context.take_guest(&raised.before, I::Context::FULL);
        Out::Stops(self.crash(guest, raised.exception.clone()))
    }

    /// A handler has answered. Says whether the search goes on.
    pub(crate) fn take_disposition(&mut self, guest: u32, raised: &Raised, answer: u32) -> Option<Out> {
        match answer {
            CONTINUE_EXECUTION => Some(self.continue_execution(guest, raised)),
            CONTINUE_SEARCH => None,
            _ => {
                let senseless = Exception::in_handling(STATUS_INVALID_DISPOSITION, raised.record);
                Some(self.raise(guest, senseless))
            }
        }
    }

    /// Goes on with the registers of the CONTEXT, which handlers may have changed.
    fn continue_execution(&mut self, guest: u32, raised: &Raised) -> Out {
        if raised.exception.flags() & NONCONTINUABLE != 0 {
            let refused = Exception::in_handling(STATUS_NONCONTINUABLE_EXCEPTION, raised.record);
            return self.raise(guest, refused);
        }
        let mut bytes = vec![0; I::Context::SIZE as usize];
        if let Err(fault) = self.memory.read_bytes(raised.context, &mut bytes) {
            return self.raise(guest, Exception::of_fault(fault));
        }
        let flags = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        let context = &mut self.threads[guest as usize].context;
        context.take_guest(&raised.before, I::Context::FULL);
        context.take_guest(&bytes, flags);
        self.forget_left_frames(guest);
        Out::Goes
    }

    /// The registers of the function that was just called, to come back to.
    pub(crate) fn saved(&self, guest: u32) -> Vec<u8> {
        self.threads[guest as usize].context.to_guest()
    }

    /// Calls a filter or handler; registers that functions keep may be changed by it.
    pub(crate) fn ask_handler(&mut self, guest: u32, address: u32, words: &[u32], seh: Seh) -> Out {
        self.ask_guest(guest, address, words, Then::Seh(Box::new(seh)))
    }

    /// A filter or handler has returned.
    pub(crate) fn seh_go_on(&mut self, guest: u32, seh: Seh, answer: u32, used: &mut Use<'_>) -> Out {
        let context = &mut self.threads[guest as usize].context;
        context.take_guest(&seh.saved, I::Context::FULL);
        match seh.step {
            SehStep::Terminated => self.abort(guest, used),
            step => I::seh_go_on(self, guest, step, answer),
        }
    }

    /// `RaiseException`: an exception of the guest's own making. Our choice: as if just behind the call.
    pub(crate) fn raise_exception(
        &mut self,
        guest: u32,
        _: &mut Use<'_>,
        code: u32,
        flags: u32,
        count: u32,
        arguments: u32,
    ) -> Out {
        let count = if arguments == 0 { 0 } else { count.min(15) };
        let words: Result<Vec<u32>, Fault> = (0..count)
            .map(|place| self.memory.read_unaligned_u32(arguments.wrapping_add(4 * place)))
            .collect();
        let words = match words {
            Ok(words) => words,
            Err(fault) => return self.raise(guest, Exception::of_fault(fault)),
        };
        let exception = Exception::of_guest(code, flags & NONCONTINUABLE, words);
        match I::finish_call(&mut self.threads[guest as usize].context, &self.memory, 0) {
            Ok(()) => self.raise(guest, exception),
            Err(fault) => self.raise(guest, Exception::of_fault(fault)),
        }
    }

    pub(crate) fn set_jump(&mut self, guest: u32, _: &mut Use<'_>, buffer: u32) -> Out {
        I::special(self, guest, Special::SetJump, [buffer, 0, 0, 0])
    }

    pub(crate) fn set_jump_3(&mut self, guest: u32, _: &mut Use<'_>, buffer: u32, count: u32) -> Out {
        I::special(self, guest, Special::SetJump, [buffer, count, 0, 0])
    }

    pub(crate) fn long_jump(&mut self, guest: u32, _: &mut Use<'_>, buffer: u32, value: u32) -> Out {
        I::special(self, guest, Special::LongJump, [buffer, value, 0, 0])
    }

    pub(crate) fn handler(
        &mut self,
        guest: u32,
        _: &mut Use<'_>,
        record: u32,
        frame: u32,
        context: u32,
        dispatcher: u32,
    ) -> Out {
        I::special(self, guest, Special::Handler, [record, frame, context, dispatcher])
    }

    pub(crate) fn local_unwind(&mut self, guest: u32, _: &mut Use<'_>, frame: u32, level: u32) -> Out {
        I::special(self, guest, Special::LocalUnwind, [frame, level, 0, 0])
    }

    #[allow(clippy::too_many_arguments, reason = "CE's parameters")]
    pub(crate) fn handler_4(
        &mut self,
        guest: u32,
        _: &mut Use<'_>,
        cookie: u32,
        _: u32,
        record: u32,
        frame: u32,
        context: u32,
        _: u32,
    ) -> Out {
        I::special(self, guest, Special::Handler4, [cookie, record, frame, context])
    }

    pub(crate) fn local_unwind_4(
        &mut self,
        guest: u32,
        _: &mut Use<'_>,
        cookie: u32,
        frame: u32,
        level: u32,
    ) -> Out {
        I::special(self, guest, Special::LocalUnwind4, [cookie, frame, level, 0])
    }

    pub(crate) fn abnormal_termination(&mut self, guest: u32, _: &mut Use<'_>) -> Out {
        I::special(self, guest, Special::IsAbnormal, [0; 4])
    }

    pub(crate) fn throw(&mut self, guest: u32, used: &mut Use<'_>, object: u32, types: u32) -> Out {
        I::throw(self, guest, object, types, used)
    }

    pub(crate) fn cxx_handler(
        &mut self,
        guest: u32,
        _: &mut Use<'_>,
        record: u32,
        frame: u32,
        context: u32,
        dispatcher: u32,
    ) -> Out {
        I::special(self, guest, Special::CxxHandler, [record, frame, context, dispatcher])
    }

    pub(crate) fn cxx_prolog(&mut self, guest: u32, _: &mut Use<'_>) -> Out {
        I::special(self, guest, Special::CxxProlog, [0; 4])
    }

    pub(crate) fn seh_prolog(&mut self, guest: u32, _: &mut Use<'_>) -> Out {
        I::special(self, guest, Special::Prolog, [0; 4])
    }

    pub(crate) fn seh_epilog(&mut self, guest: u32, _: &mut Use<'_>) -> Out {
        I::special(self, guest, Special::Epilog, [0; 4])
    }

    /// `_XcptFilter`: what a program's main function asks of an exception that it does not know itself. Our
    /// choice: there are no signals on CE, so it is nobody's.
    pub(crate) fn xcpt_filter(&mut self, guest: u32, _: &mut Use<'_>, _: u32, _: u32) -> Out {
        self.return_word(guest, 0)
    }

    /// `__security_gen_cookie`: what functions guard their frames with.
    pub(crate) fn security_cookie(&mut self, guest: u32, _: &mut Use<'_>) -> Out {
        self.return_word(guest, SECURITY_COOKIE)
    }

    /// `__report_gsfailure`: nothing of the process can be trusted any more, its handlers neither.
    pub(crate) fn report_overrun(&mut self, guest: u32, _: &mut Use<'_>) -> Out {
        Out::Stops(self.crash(guest, Exception::reported_cookie()))
    }

    /// Stops the run where the guest's data for exceptions make no sense.
    pub(crate) fn bad_handler(&mut self, guest: u32, fault: Fault) -> Out {
        Out::Stops(self.crash(guest, Exception::of_fault(fault)))
    }
}

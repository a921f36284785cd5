//! Unhandled exceptions: their codes, and the report that people read.

use std::fmt::{self, Write as _};

use cerium_cpu::Exit;
use cerium_guest::Crash;
use cerium_memory::{Access, AddressSpace, Fault, FaultKind, Protection};

use crate::cxx::{THROWN, thrown_type};
use crate::executable::Stack;
use crate::isa::Isa;
use crate::modules::Modules;
use crate::seh::NONCONTINUABLE;

/// What a thread met.
#[derive(Clone, Debug)]
pub(crate) struct Exception {
    code: u32,
    fault: Option<Fault>,
    /// ExceptionFlags and ExceptionInformation, if it is of the guest's own making.
    flags: u32,
    words: Vec<u32>,
    is_guests: bool,
    /// ExceptionRecord: that of the exception that led to it.
    cause: u32,
    /// What the report adds.
    why: Option<String>,
}

const ACCESS_VIOLATION: u32 = 0xC000_0005;
const DATATYPE_MISALIGNMENT: u32 = 0x8000_0002;
const BREAKPOINT: u32 = 0x8000_0003;
const ILLEGAL_INSTRUCTION: u32 = 0xC000_001D;
const FLOAT_INVALID_OPERATION: u32 = 0xC000_0090;
const INTEGER_DIVIDE_BY_ZERO: u32 = 0xC000_0094;
const STACK_OVERFLOW: u32 = 0xC000_00FD;
/// STATUS_STACK_BUFFER_OVERRUN.
const STACK_BUFFER_OVERRUN: u32 = 0xC000_0409;
/// Frames are to be left up to one that is not there, or not to be gone to.
pub(crate) const INVALID_UNWIND_TARGET: u32 = 0xC000_0029;

/// How many return addresses a report names.
const MAXIMUM_FRAMES: usize = 16;
/// How many words of the stack are searched for them.
const SEARCHED_WORDS: u32 = 4096;

impl Exception {
    pub(crate) fn of_fault(fault: Fault) -> Self {
        let code = match fault.kind {
            FaultKind::Unmapped | FaultKind::Protection => ACCESS_VIOLATION,
            FaultKind::Misaligned => DATATYPE_MISALIGNMENT,
        };
        Self { fault: Some(fault), ..Self::of_code(code) }
    }

    /// An exception of which only the code is known.
    pub(crate) fn of_code(code: u32) -> Self {
        Self { code, fault: None, flags: 0, words: Vec::new(), is_guests: false, cause: 0, why: None }
    }

    /// An exception after which nobody may go on, in handling that with this EXCEPTION_RECORD.
    pub(crate) fn in_handling(code: u32, cause: u32) -> Self {
        Self { flags: NONCONTINUABLE, cause, ..Self::of_code(code) }
    }

    /// A library's entry point is left, or is to be left, by another way than its return.
    pub(crate) fn out_of_entry_point() -> Self {
        let why = "a library's entry point must return: nothing jumps out of it".to_owned();
        Self { why: Some(why), ..Self::in_handling(INVALID_UNWIND_TARGET, 0) }
    }

    /// A frame's security cookie is not what it was.
    pub(crate) fn overwritten_cookie(place: u32, frame: u32) -> Self {
        let why =
            format!("the security cookie at {place:#010x} of the frame at {frame:#010x} is overwritten");
        Self { why: Some(why), ..Self::in_handling(STACK_BUFFER_OVERRUN, 0) }
    }

    /// The guest says that a security cookie of its is not what it was.
    pub(crate) fn reported_cookie() -> Self {
        let why = "the program says that a security cookie is overwritten".to_owned();
        Self { why: Some(why), ..Self::in_handling(STACK_BUFFER_OVERRUN, 0) }
    }

    /// An exception that the guest raises.
    pub(crate) fn of_guest(code: u32, flags: u32, words: Vec<u32>) -> Self {
        Self { flags, words, is_guests: true, ..Self::of_code(code) }
    }

    /// Whether the guest has raised it.
    pub(crate) fn is_guests(&self) -> bool {
        self.is_guests
    }

    /// The same in a thread with this stack: a fault just below it is an overflow.
    pub(crate) fn in_stack(&self, stack: Stack) -> Self {
        let mut exception = self.clone();
        if exception.fault.is_some_and(|fault| stack.is_below(fault.address)) {
            exception.code = STACK_OVERFLOW;
        }
        exception
    }

    pub(crate) fn code(&self) -> u32 {
        self.code
    }

    pub(crate) fn flags(&self) -> u32 {
        self.flags
    }

    pub(crate) fn cause(&self) -> u32 {
        self.cause
    }

    /// ExceptionInformation: of a refused access, whether it wrote, and where.
    pub(crate) fn information(&self) -> Vec<u32> {
        match self.fault {
            Some(fault) => vec![u32::from(fault.access == Access::Write), fault.address],
            None => self.words.clone(),
        }
    }

    pub(crate) fn unreadable_stack(address: u32) -> Self {
        Self::of_fault(Fault { address, access: Access::Read, kind: FaultKind::Unmapped })
    }

    pub(crate) fn division_by_zero() -> Self {
        Self::of_code(INTEGER_DIVIDE_BY_ZERO)
    }

    pub(crate) fn stack_overflow() -> Self {
        Self::of_code(STACK_OVERFLOW)
    }

    /// What a CPU that stopped for neither budget nor hypercall has met.
    pub(crate) fn of_exit(exit: Exit) -> Self {
        let code = match exit {
            Exit::Fault { fault, .. } => return Self::of_fault(fault),
            Exit::Breakpoint { .. } => BREAKPOINT,
            Exit::DivideError { .. } => INTEGER_DIVIDE_BY_ZERO,
            Exit::FpTrap { .. } => FLOAT_INVALID_OPERATION,
            Exit::Undefined { .. } | Exit::Svc { .. } => ILLEGAL_INSTRUCTION,
            Exit::Budget | Exit::Hypercall(_) => unreachable!("they are no exceptions"),
        };
        Self::of_code(code)
    }

    /// The report of this exception in a thread.
    pub(crate) fn report<I: Isa>(
        &self,
        context: &I::Context,
        memory: &AddressSpace,
        modules: &Modules,
        stack: Stack,
    ) -> Crash {
        let Self { code, fault, why, .. } = self.in_stack(stack);
        let mut report = String::new();
        let at = Place::of(I::pc(context), modules);
        // Writing to a string cannot fail.
        let _ = writeln!(report, "exception {code:#010x} ({}) at {at}", name_of(code));
        if let Some(fault) = fault {
            let _ = writeln!(report, "  {fault}");
        }
        if let Some(why) = why {
            let _ = writeln!(report, "  {why}");
        }
        if code == THROWN
            && let Some(name) = thrown_type(memory, &self.words)
        {
            let _ = writeln!(report, "  thrown: {name}");
        }
        for line in I::registers(context).lines() {
            let _ = writeln!(report, "  {line}");
        }
        let _ = writeln!(report, "  return addresses:");
        for address in return_addresses::<I>(context, memory, stack) {
            let _ = writeln!(report, "    {}", Place::of(address, modules));
        }
        Crash { code, report }
    }
}

fn name_of(code: u32) -> &'static str {
    match code {
        ACCESS_VIOLATION => "access violation",
        DATATYPE_MISALIGNMENT => "data type misalignment",
        BREAKPOINT => "breakpoint",
        ILLEGAL_INSTRUCTION => "illegal instruction",
        FLOAT_INVALID_OPERATION => "invalid floating-point operation",
        INTEGER_DIVIDE_BY_ZERO => "integer division by zero",
        STACK_OVERFLOW => "stack overflow",
        STACK_BUFFER_OVERRUN => "stack buffer overrun",
        INVALID_UNWIND_TARGET => "invalid unwind target",
        THROWN => "C++ exception",
        _ => "unknown",
    }
}

/// What looks like a return address: where the callee would return to, then words of the stack that point
/// behind a call. Without unwinding data no more can be said, whatever registers hold.
fn return_addresses<I: Isa>(context: &I::Context, memory: &AddressSpace, stack: Stack) -> Vec<u32> {
    let is_code = |address: u32| {
        memory.protection_at(address & !1).is_some_and(|page| page.contains(Protection::EXECUTE))
    };
    let is_return = |address: &u32| is_code(*address) && I::is_behind_call(memory, *address);
    let first = I::link(context).filter(is_return);
    // A function that needs more room than there is may have moved it below the stack.
    let sp = I::sp(context);
    let sp = if stack.is_below(sp) { stack.base } else { sp };
    let words = (0..SEARCHED_WORDS).map_while(|place| memory.read_u32(sp.wrapping_add(4 * place) & !3).ok());
    first.into_iter().chain(words.filter(is_return)).map(|word| word & !1).take(MAXIMUM_FRAMES).collect()
}

/// An address, with its module and offset where it lies in one.
pub(crate) struct Place {
    address: u32,
    module: Option<(String, u32)>,
}

impl Place {
    pub(crate) fn of(address: u32, modules: &Modules) -> Self {
        let module = modules.containing(address);
        let module = module.map(|module| (module.name.clone(), address.wrapping_sub(module.base)));
        Self { address, module }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#010x}", self.address)?;
        match &self.module {
            Some((name, offset)) => write!(f, " {name} + {offset:#x}"),
            None => Ok(()),
        }
    }
}

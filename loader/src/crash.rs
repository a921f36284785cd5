//! Unhandled exceptions: their codes, and the report that people read.

use std::fmt::{self, Write as _};

use cerium_cpu::Exit;
use cerium_guest::Crash;
use cerium_memory::{Access, AddressSpace, Fault, FaultKind, Protection};

use crate::executable::{Module, Stack};
use crate::isa::Isa;
use crate::layout::GRANULARITY;

/// What a thread did that nobody handles.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Exception {
    code: u32,
    fault: Option<Fault>,
}

const ACCESS_VIOLATION: u32 = 0xC000_0005;
const DATATYPE_MISALIGNMENT: u32 = 0x8000_0002;
const BREAKPOINT: u32 = 0x8000_0003;
const ILLEGAL_INSTRUCTION: u32 = 0xC000_001D;
const FLOAT_INVALID_OPERATION: u32 = 0xC000_0090;
const INTEGER_DIVIDE_BY_ZERO: u32 = 0xC000_0094;
const STACK_OVERFLOW: u32 = 0xC000_00FD;

/// How many return addresses a report names.
const MAXIMUM_FRAMES: usize = 16;
/// How many words of the stack are searched for them.
const SEARCHED_WORDS: u32 = 512;

impl Exception {
    pub(crate) fn of_fault(fault: Fault) -> Self {
        let code = match fault.kind {
            FaultKind::Unmapped | FaultKind::Protection => ACCESS_VIOLATION,
            FaultKind::Misaligned => DATATYPE_MISALIGNMENT,
        };
        Self { code, fault: Some(fault) }
    }

    pub(crate) fn unreadable_stack(address: u32) -> Self {
        Self::of_fault(Fault { address, access: Access::Read, kind: FaultKind::Unmapped })
    }

    pub(crate) fn division_by_zero() -> Self {
        Self { code: INTEGER_DIVIDE_BY_ZERO, fault: None }
    }

    pub(crate) fn stack_overflow() -> Self {
        Self { code: STACK_OVERFLOW, fault: None }
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
        Self { code, fault: None }
    }

    /// The report of this exception in a thread.
    pub(crate) fn report<I: Isa>(
        mut self,
        context: &I::Context,
        memory: &AddressSpace,
        module: &Module,
        stack: Stack,
    ) -> Crash {
        if self.fault.is_some_and(|fault| is_below(stack, fault.address)) {
            self.code = STACK_OVERFLOW;
        }
        let mut report = String::new();
        let at = Place::of(I::pc(context), module);
        // Writing to a string cannot fail.
        let _ = writeln!(report, "exception {:#010x} ({}) at {at}", self.code, name_of(self.code));
        if let Some(fault) = self.fault {
            let _ = writeln!(report, "  {fault}");
        }
        for line in I::registers(context).lines() {
            let _ = writeln!(report, "  {line}");
        }
        let _ = writeln!(report, "  return addresses:");
        for address in return_addresses::<I>(context, memory) {
            let _ = writeln!(report, "    {}", Place::of(address, module));
        }
        Crash { code: self.code, report }
    }
}

/// Whether an address lies in the room left free below a stack.
fn is_below(stack: Stack, address: u32) -> bool {
    (stack.base - GRANULARITY..stack.base).contains(&address)
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
        _ => "unknown",
    }
}

/// What looks like a return address: where the callee would return to, then words of the stack that point
/// into code. Without unwinding data no more can be said.
fn return_addresses<I: Isa>(context: &I::Context, memory: &AddressSpace) -> Vec<u32> {
    let is_code = |address: u32| {
        memory.protection_at(address & !1).is_some_and(|page| page.contains(Protection::EXECUTE))
    };
    let first = I::caller(context, memory).filter(|address| is_code(*address));
    let words = (0..SEARCHED_WORDS).map_while(|place| {
        let address = I::sp(context).wrapping_add(4 * place) & !3;
        memory.read_u32(address).ok()
    });
    let found = words.filter(|word| is_code(*word)).map(|word| word & !1);
    first.into_iter().chain(found).take(MAXIMUM_FRAMES).collect()
}

/// An address, with its module and offset where it lies in one.
pub(crate) struct Place {
    address: u32,
    module: Option<(String, u32)>,
}

impl Place {
    pub(crate) fn of(address: u32, module: &Module) -> Self {
        let offset = address.wrapping_sub(module.base);
        let module = (offset < module.size).then(|| (module.name.clone(), offset));
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

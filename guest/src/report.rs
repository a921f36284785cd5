//! How a run ends, and what it did.

use cerium_coredll::Function;
use cerium_kernel::Stall;

use crate::limits::Limit;
use crate::program::{Crash, Missing};

/// How a run ended.
#[must_use]
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Every process has ended.
    Finished,
    /// Nobody can ever run again.
    Stalled(Box<Stall>),
    /// A limit was reached.
    Limit(Limit),
    /// A watchdog or a program has reset the device, with this parameter.
    Reset(u32),
    /// A function was called that cerium lacks.
    Missing(Box<Missing>),
    /// A guest found that something is not as it must be.
    Failed(Box<str>),
    /// Somebody outside wanted it to end.
    Interrupted,
}

/// A process that has ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProcessEnd {
    /// Its id.
    pub id: u32,
    /// The path of its image.
    pub image: String,
    /// Its exit code.
    pub exit_code: u32,
    /// The unhandled exception that ended it.
    pub crash: Option<Crash>,
}

/// A count for each function.
#[derive(Clone, Debug)]
struct Calls([u64; Function::COUNT]);

impl Default for Calls {
    fn default() -> Self {
        Self([0; Function::COUNT])
    }
}

/// What a run has done so far.
#[derive(Clone, Default, Debug)]
pub struct Statistics {
    /// Instructions of executables.
    pub instructions: u64,
    /// Calls of kernel functions, by function.
    calls: Calls,
    /// Their sum, which a limit of steps asks for at every turn.
    all_calls: u64,
    /// Processes that have ended, in order.
    pub ended: Vec<ProcessEnd>,
    /// Threads that were created, over all.
    pub threads_ended: u64,
}

impl Statistics {
    #[inline]
    pub(crate) fn count_call(&mut self, function: Function) {
        self.calls.0[function as usize] += 1;
        self.all_calls += 1;
    }

    /// How often a function was called.
    pub fn calls_of(&self, function: Function) -> u64 {
        self.calls.0[function as usize]
    }

    /// Calls and instructions together, which a limit of steps counts.
    pub(crate) fn steps(&self) -> u64 {
        self.instructions + self.all_calls
    }

    /// All calls.
    pub fn all_calls(&self) -> u64 {
        self.all_calls
    }
}

//! How far a run may go.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cerium_process::Instant;

/// The limits of a run; none is the default.
#[derive(Clone, Default, Debug)]
pub struct Limits {
    /// Virtual time.
    pub time: Option<Instant>,
    /// Calls and instructions together.
    pub steps: Option<u64>,
    /// Set by somebody outside who wants the run to end; looked at between turns.
    pub interrupt: Option<Arc<AtomicBool>>,
}

/// The limit that a run reached.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Limit {
    /// Virtual time.
    Time,
    /// Calls and instructions.
    Steps,
    /// The clock's own end, a hundred years after the start.
    EndOfTime,
}

impl Limits {
    /// How many nanoseconds are left at a time.
    pub(crate) fn time_left(&self, now: Instant) -> u64 {
        self.time.map_or(u64::MAX, |limit| limit.since(now))
    }

    /// How many steps are left after so many.
    pub(crate) fn steps_left(&self, steps: u64) -> u64 {
        self.steps.map_or(u64::MAX, |limit| limit.saturating_sub(steps))
    }

    pub(crate) fn is_interrupted(&self) -> bool {
        self.interrupt.as_ref().is_some_and(|interrupt| interrupt.load(Ordering::Relaxed))
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Limit::Time => "the limit of virtual time",
            Limit::Steps => "the limit of steps",
            Limit::EndOfTime => "the end of virtual time",
        })
    }
}

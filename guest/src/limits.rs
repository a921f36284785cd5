//! How far a run may go.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cerium_process::{Instant, cost};

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
    /// Whether there is any.
    #[inline]
    pub(crate) fn is_any(&self) -> bool {
        self.time.is_some() || self.steps.is_some() || self.interrupt.is_some()
    }

    /// Which limit is reached at a time, after so many steps.
    pub(crate) fn reached(&self, now: Instant, steps: u64) -> Option<Limit> {
        if self.time.is_some_and(|time| now >= time) {
            return Some(Limit::Time);
        }
        self.steps.is_some_and(|limit| steps >= limit).then_some(Limit::Steps)
    }

    /// When a turn that begins now ends at the latest, so that no limit is passed in it.
    pub(crate) fn horizon(&self, now: Instant, steps: u64) -> Instant {
        let time = self.time.unwrap_or(Instant::NEVER);
        // No step takes less time than an instruction.
        let left = self.steps.map_or(u64::MAX, |limit| limit.saturating_sub(steps));
        let steps = now.after(left.saturating_mul(cost::INSTRUCTION));
        let look = if self.interrupt.is_some() { now.after(cost::QUANTUM) } else { Instant::NEVER };
        time.min(steps).min(look)
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

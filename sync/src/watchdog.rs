//! Watchdog timers: signaled when nobody refreshes them in time, and then they act.

use cerium_handle::{ProcessId, ThreadId};

use crate::{Dispatcher, Satisfied};

/// What a watchdog does when nobody has refreshed or stopped it in time (ee482966).
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum WatchdogAction {
    /// WDOG_NO_DFLT_ACTION: nothing but its signal.
    Nothing,
    /// WDOG_KILL_PROCESS: ends the watched process.
    KillProcess,
    /// WDOG_RESET_DEVICE: IOCTL_HAL_REBOOT with the timer's parameter.
    ResetDevice,
}

/// Where a watchdog stands (ipc-objects.md §3).
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum WatchdogState {
    /// It does not run.
    Stopped,
    /// It runs; its period ends when its timer fires.
    Running,
    /// Its period has passed; it acts when its timer fires.
    Missed,
}

/// A watchdog timer.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Watchdog {
    /// dwPeriod: how long it may go without being refreshed, in milliseconds.
    pub period: u32,
    /// dwWait: how long after that it acts, in milliseconds.
    pub wait: u32,
    /// dwDfltAction.
    pub action: WatchdogAction,
    /// dwParam, for the reset.
    pub parameter: u32,
    /// Where it stands.
    pub state: WatchdogState,
    /// Whether a wait on it is satisfied: from the missed period until it is stopped, refreshed or started
    /// (OQ-53).
    pub signaled: bool,
    /// The process that started it (ee482881).
    pub watched: Option<ProcessId>,
}

impl Dispatcher for Watchdog {
    fn is_signaled(&self, _: ThreadId) -> bool {
        self.signaled
    }

    fn satisfy(&mut self, _: ThreadId) -> Satisfied {
        Satisfied::Normal
    }
}

//! Watchdog timers (ipc-objects.md §3): a period to be refreshed in, a signal when it was not, and an action.

use cerium_handle::{ObjectId, ProcessId, ThreadId};
use cerium_process::{Timeout, Timer};
use cerium_sync::{Watchdog, WatchdogAction, WatchdogState};

use crate::{Body, Kernel, KernelObject};

/// A watchdog with its place among the deadlines.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct WatchdogTimer {
    /// The state machine.
    pub watchdog: Watchdog,
    /// When its period or its wait ends, while it runs.
    pub(crate) timer: Option<Timer>,
}

impl WatchdogTimer {
    /// A watchdog that was never started.
    pub fn new(period: u32, wait: u32, action: WatchdogAction, parameter: u32) -> Self {
        let state = WatchdogState::Stopped;
        let watchdog = Watchdog { period, wait, action, parameter, state, signaled: false, watched: None };
        Self { watchdog, timer: None }
    }
}

/// The exit code of a process that a watchdog ends. Our choice, for CE names none: ERROR_TIMEOUT.
const KILLED: u32 = 1460;

impl Kernel {
    /// Starts a watchdog that does not run; the caller's process is watched (ee482881). One that runs goes
    /// on as it was (OQ-50).
    pub fn start_watchdog(&mut self, thread: ThreadId, id: ObjectId) {
        if self.get::<WatchdogTimer>(id).watchdog.state == WatchdogState::Running {
            return;
        }
        let process = self.process_of(thread);
        self.get_mut::<WatchdogTimer>(id).watchdog.watched = Some(process);
        self.begin_period(id);
    }

    /// Begins a period anew, unless it does not run (ee482794). After a missed period it runs again, and
    /// does not act (OQ-49).
    pub fn refresh_watchdog(&mut self, id: ObjectId) {
        if self.get::<WatchdogTimer>(id).watchdog.state != WatchdogState::Stopped {
            self.begin_period(id);
        }
    }

    /// Stops a watchdog; it will not act (ee482847).
    pub fn stop_watchdog(&mut self, id: ObjectId) {
        self.disarm(id);
        let watchdog = &mut self.get_mut::<WatchdogTimer>(id).watchdog;
        watchdog.state = WatchdogState::Stopped;
        watchdog.signaled = false;
    }

    fn begin_period(&mut self, id: ObjectId) {
        self.disarm(id);
        let watchdog = &mut self.get_mut::<WatchdogTimer>(id).watchdog;
        watchdog.state = WatchdogState::Running;
        watchdog.signaled = false;
        let period = watchdog.period;
        self.arm(id, period);
    }

    fn arm(&mut self, id: ObjectId, milliseconds: u32) {
        let deadline = Timeout::Milliseconds(milliseconds.min(Timeout::LONGEST)).deadline(self.now);
        let timer = deadline.map(|at| self.set_deadline(at, id));
        self.get_mut::<WatchdogTimer>(id).timer = timer;
    }

    pub(crate) fn disarm(&mut self, id: ObjectId) {
        if let Some(timer) = self.get_mut::<WatchdogTimer>(id).timer.take() {
            self.timers.cancel(timer, id);
        }
    }

    /// What happens when a watchdog's deadline has come.
    pub(crate) fn watchdog_fires(&mut self, id: ObjectId) {
        let body = self.get_mut::<WatchdogTimer>(id);
        body.timer = None;
        let Watchdog { wait, action, parameter, state, watched, .. } = body.watchdog.clone();
        match state {
            WatchdogState::Running => {
                body.watchdog.state = WatchdogState::Missed;
                body.watchdog.signaled = true;
                self.arm(id, wait);
                self.wake(id);
            }
            WatchdogState::Missed => {
                body.watchdog.state = WatchdogState::Stopped;
                self.watchdog_acts(action, parameter, watched);
            }
            WatchdogState::Stopped => unreachable!("a stopped watchdog has no deadline"),
        }
    }

    /// Resets the device (IOCTL_HAL_REBOOT): nothing runs any more.
    pub fn reset_device(&mut self, parameter: u32) {
        self.reset = Some(parameter);
        self.look_again();
    }

    fn watchdog_acts(&mut self, action: WatchdogAction, parameter: u32, watched: Option<ProcessId>) {
        match action {
            WatchdogAction::Nothing => {}
            WatchdogAction::ResetDevice => self.reset_device(parameter),
            WatchdogAction::KillProcess => {
                // The watched process may have ended, and gone (OQ-51).
                if let Some(process) = watched.filter(|process| self.processes.contains_key(process)) {
                    self.exit_process(process, KILLED);
                }
            }
        }
    }

    /// A process has ended: the watchdogs that watched it stop (OQ-51).
    pub(crate) fn stop_watching(&mut self, process: ProcessId) {
        let watches = |object: &KernelObject| {
            WatchdogTimer::of(object).is_some_and(|timer| {
                timer.watchdog.watched == Some(process) && timer.watchdog.state != WatchdogState::Stopped
            })
        };
        // Most devices have no watchdog at all, and need not walk over all objects.
        if self.watchdogs == 0 {
            return;
        }
        let watching: Vec<ObjectId> =
            self.objects.iter().filter(|(_, object)| watches(&object.body)).map(|(id, _)| id).collect();
        for id in watching {
            self.stop_watchdog(id);
        }
    }
}

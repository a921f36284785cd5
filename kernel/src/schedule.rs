//! Who runs, and how long: 256 levels, round robin within one, and the clock that jumps when nobody can.

use cerium_handle::{ObjectId, ThreadId};
use cerium_process::{END_OF_TIME, Instant, Priority, Thread, ThreadState, Timer};
use cerium_sync::Completion;

use crate::{Ended, Event, Kernel, Kind, Running};

/// What CE leaves open, asked of a [`Chooser`] with the answers in CE's own order.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Choice<'a> {
    /// Which of these ready threads of one level runs next; CE takes the first.
    NextThread(&'a [ThreadId]),
    /// Whether the running thread's quantum ends here although time is left: 0 no, 1 yes.
    QuantumEnd(ThreadId),
}

/// Resolves what CE leaves open. 0 is always what CE's rules take.
pub trait Chooser {
    /// Whether it says 0 to everything, and need not be asked.
    fn is_strict(&self) -> bool {
        false
    }

    /// The number of the answer.
    fn choose(&mut self, choice: Choice<'_>) -> usize;
}

/// The chooser that keeps to CE's own order.
#[derive(Copy, Clone, Default, Debug)]
pub struct Strict;

impl Chooser for Strict {
    #[inline]
    fn is_strict(&self) -> bool {
        true
    }

    fn choose(&mut self, _: Choice<'_>) -> usize {
        0
    }
}

/// What happens next.
#[must_use]
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Next {
    /// This thread runs until the end of its quantum, or the next deadline.
    Run {
        /// Which.
        thread: ThreadId,
        /// Until when at most.
        until: Instant,
    },
    /// Every process has ended.
    Finished,
    /// Nobody can ever run again.
    Stalled,
    /// The clock has come to [`END_OF_TIME`].
    EndOfTime,
    /// A watchdog or a program has reset the device, with this parameter (IOCTL_HAL_REBOOT).
    Reset(u32),
}

impl Kernel {
    /// Lets time pass that the running thread has used, and ends the waits that run out in it.
    #[inline]
    pub fn advance(&mut self, ns: u64) {
        self.now = self.now.after(ns);
        if self.now >= self.until {
            self.fire_timers();
        }
    }

    /// Whether the running thread goes on without [`Kernel::schedule`] being asked: it runs still, nothing
    /// has come to be that is more urgent, and neither its quantum nor the time to the next deadline is over.
    #[inline]
    pub fn goes_on(&self) -> bool {
        self.now < self.until
    }

    /// Has [`Kernel::schedule`] asked at this time at the latest.
    pub fn look_again_at(&mut self, at: Instant) {
        self.until = self.until.min(at);
    }

    /// Has `schedule` asked after this call.
    pub(crate) fn look_again(&mut self) {
        self.until = Instant(0);
    }

    /// Lets a thread run that could, after its equals.
    #[inline]
    pub(crate) fn make_ready(&mut self, priority: Priority, thread: ThreadId) {
        self.ready.push_back(priority, thread);
        // With nobody running there is nobody to go on.
        if let Some(running) = &self.running
            && priority < running.priority
        {
            self.look_again();
        }
    }

    /// Adds a deadline.
    pub(crate) fn set_deadline(&mut self, at: Instant, object: ObjectId) -> Timer {
        if at < self.until {
            self.look_again();
        }
        self.timers.arm(at, object)
    }

    /// Notes that something has ended, for the machine.
    pub(crate) fn note_end(&mut self, ended: Ended) {
        self.ended.push(ended);
        self.look_again();
    }

    fn fire_timers(&mut self) {
        while let Some(object) = self.timers.pop_due(self.now) {
            match self.objects[object].body.kind() {
                Kind::WatchdogTimer => self.watchdog_fires(object),
                _ => self.unblock(ThreadId(object), Completion::TimedOut),
            }
        }
    }

    /// Decides who runs next. The only place where a thread that could go on loses the CPU.
    #[inline]
    pub fn schedule(&mut self, chooser: &mut impl Chooser) -> Next {
        if let Some(running) = self.running {
            let goes_on = match self.ready.most_urgent() {
                None => true,
                Some(level) if chooser.is_strict() => running.priority <= level,
                Some(level) => running.priority < level,
            };
            // Most turns end here: nobody is as urgent, and the quantum has not run out.
            let is_over = self.now >= END_OF_TIME || self.reset.is_some();
            if goes_on && self.now < running.quantum_end && !is_over {
                return self.run(running, chooser);
            }
            if self.keeps_cpu(running, chooser) {
                let running = self.running.expect("it keeps the CPU");
                return self.run(running, chooser);
            }
        }
        self.next_thread(chooser)
    }

    fn run(&mut self, running: Running, chooser: &impl Chooser) -> Next {
        let end = running.quantum_end.min(self.timers.next());
        // Another chooser is asked after every call.
        self.until = if chooser.is_strict() { end.min(END_OF_TIME) } else { Instant(0) };
        Next::Run { thread: running.thread, until: end }
    }

    /// Whether the running thread goes on, perhaps with a new quantum; if not, it is ready again.
    fn keeps_cpu(&mut self, running: Running, chooser: &mut impl Chooser) -> bool {
        if self.now >= END_OF_TIME || self.reset.is_some() {
            return false;
        }
        let Running { thread, priority, quantum_end, .. } = running;
        let mut quantum_ended = self.now >= quantum_end;
        let level = self.ready.most_urgent();
        if !quantum_ended && level == Some(priority) && !chooser.is_strict() {
            quantum_ended = chooser.choose(Choice::QuantumEnd(thread)) == 1;
        }
        if quantum_ended {
            self.refill_quantum(thread);
        }
        let gives_way = match level {
            None => false,
            Some(level) => level < priority || (level == priority && quantum_ended),
        };
        if gives_way {
            self.leave_cpu(thread);
            // Preempted, it stays the first of its level and keeps the rest of its quantum (OQ-22); with
            // its quantum ended it goes behind its equals.
            if self.rules.preempted_to_back && !quantum_ended {
                self.refill_quantum(thread);
                self.ready.push_back(priority, thread);
            } else if quantum_ended {
                self.ready.push_back(priority, thread);
            } else {
                self.ready.push_front(priority, thread);
            }
        }
        !gives_way
    }

    /// Gives a thread a whole quantum, whether it runs or not.
    pub(crate) fn refill_quantum(&mut self, thread: ThreadId) {
        let body = self.thread_mut(thread);
        body.quantum_left = body.quantum;
        let quantum = body.quantum;
        let now = self.now;
        if let Some(running) = self.running.as_mut().filter(|running| running.thread == thread) {
            running.quantum_end = quantum_end(now, quantum, quantum);
            running.quantum_changed = false;
            self.look_again();
        }
    }

    /// Takes the running thread off the CPU; it is ready, or the caller gives it another state.
    pub(crate) fn leave_cpu(&mut self, thread: ThreadId) {
        let body = self.off_cpu(thread);
        // One that has not been resumed since its wait ended keeps its completion.
        if let ThreadState::Running = body.state {
            body.state = ThreadState::Ready { completion: None };
        }
    }

    /// Takes the running thread off the CPU; the caller gives it another state.
    #[inline(always)]
    pub(crate) fn off_cpu(&mut self, thread: ThreadId) -> &mut Thread {
        let now = self.now;
        let Some(running) = &self.running else { nobody_runs() };
        assert_eq!(running.thread, thread, "only the running thread leaves the CPU");
        let ran = now.since(running.since);
        let (end, quantum_changed) = (running.quantum_end, running.quantum_changed);
        self.running = None;
        self.look_again();
        let body = self.thread_mut(thread);
        body.run_time += ran;
        if !quantum_changed && body.quantum > 0 {
            body.quantum_left = end.since(now);
        }
        body
    }

    /// Puts the first thread of the most urgent level on the CPU, or lets the clock jump until there is one.
    fn next_thread(&mut self, chooser: &mut impl Chooser) -> Next {
        loop {
            if let Some(parameter) = self.reset {
                return Next::Reset(parameter);
            }
            if self.now >= END_OF_TIME {
                return Next::EndOfTime;
            }
            if let Some((level, thread)) = self.take_ready(chooser) {
                if let Some(next) = self.start_thread(level, thread, chooser) {
                    return next;
                }
                continue;
            }
            if self.processes.is_empty() {
                return Next::Finished;
            }
            let deadline = self.timers.next();
            if deadline == Instant::NEVER {
                return Next::Stalled;
            }
            self.idle_time += deadline.since(self.now);
            self.trace.push(self.now, || Event::Switch(None));
            self.now = deadline.min(END_OF_TIME);
            self.fire_timers();
        }
    }

    /// Takes the thread out of the ready queue that runs next, with its level.
    #[inline]
    fn take_ready(&mut self, chooser: &mut impl Chooser) -> Option<(Priority, ThreadId)> {
        if chooser.is_strict() {
            return self.ready.remove_first();
        }
        let level = self.ready.most_urgent()?;
        let place = match self.ready.at(level) {
            [_] => 0,
            candidates => chooser.choose(Choice::NextThread(candidates)),
        };
        Some((level, self.ready.remove_at(level, place)))
    }

    /// Puts a thread of this level on the CPU; none if it lost its urgency at the last moment.
    #[inline]
    fn start_thread(&mut self, level: Priority, thread: ThreadId, chooser: &impl Chooser) -> Option<Next> {
        let now = self.now;
        let body = self.thread_mut(thread);
        if body.loan_is_stale {
            // It is about to run, so a loan from a waiter that gave up ends now (ee482778).
            self.ready.push_front(level, thread);
            self.reckon_loan(thread);
            return None;
        }
        let running = Running {
            thread,
            priority: level,
            since: now,
            quantum_end: quantum_end(now, body.quantum, body.quantum_left),
            process: body.process,
            is_completed: matches!(body.state, ThreadState::Ready { completion: Some(_) }),
            quantum_changed: false,
        };
        if !running.is_completed {
            // What it was owned nothing.
            std::mem::forget(std::mem::replace(&mut body.state, ThreadState::Running));
        }
        self.running = Some(running);
        self.trace.push(now, || Event::Switch(Some(thread)));
        Some(self.run(running, chooser))
    }

    /// Whether the running thread was blocked in a call that has come back, and has not been told.
    #[inline]
    pub fn has_completion(&self) -> bool {
        self.running.as_ref().is_some_and(|running| running.is_completed)
    }

    /// Takes the place of the object that the running thread has, and whether it was abandoned, if it was
    /// an object that it waited for, as nearly all do.
    #[inline(always)]
    pub fn take_object(&mut self, thread: ThreadId) -> Option<(u8, bool)> {
        let body = self.thread_mut(thread);
        let ThreadState::Ready { completion: Some(Completion::Object { index, abandoned }) } = body.state
        else {
            return None;
        };
        // That is nothing to drop.
        std::mem::forget(std::mem::replace(&mut body.state, ThreadState::Running));
        if let Some(running) = &mut self.running {
            running.is_completed = false;
        }
        Some((index, abandoned))
    }

    /// Takes why the call came back that a thread was blocked in, now that it runs.
    #[inline]
    pub fn take_completion(&mut self, thread: ThreadId) -> Option<Completion> {
        let running = self.running.as_mut().expect("a thread is resumed that runs");
        assert_eq!(running.thread, thread, "only the running thread is resumed");
        if !std::mem::take(&mut running.is_completed) {
            return None;
        }
        let body = self.thread_mut(thread);
        let ThreadState::Ready { completion } = &mut body.state else {
            panic!("{thread:?} runs but was not ready")
        };
        let completion = completion.take();
        body.state = ThreadState::Running;
        completion
    }

    /// Sleep(0): lets a ready thread of equal priority run; lower ones never get in (aa909009).
    pub fn yield_to_equals(&mut self, thread: ThreadId) {
        let running = self.running.expect("the caller runs");
        assert_eq!(running.thread, thread, "only the running thread yields");
        // A more urgent thread may have become ready in this very call; it does not hide the equals.
        if self.ready.at(running.priority).is_empty() {
            return;
        }
        self.refill_quantum(thread);
        self.leave_cpu(thread);
        self.ready.push_back(running.priority, thread);
    }
}

/// When a quantum ends of which so much is left; a quantum of 0 never does.
fn quantum_end(now: Instant, quantum: u64, left: u64) -> Instant {
    if quantum == 0 { Instant::NEVER } else { now.after(left) }
}

/// Somebody is to leave the CPU, and nobody has it: our bug.
#[cold]
#[inline(never)]
fn nobody_runs() -> ! {
    panic!("nobody runs")
}

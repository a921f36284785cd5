//! Who runs, and time.

use super::life::KILLED_BY_WATCHDOG;
use super::state::{Model, Phase, State, Target, Thing};

/// What is left open, asked with thread ids.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Question {
    NextThread(Vec<u32>),
    QuantumEnd(u32),
}

#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Next {
    /// This thread, for so long at most.
    Run(usize, u64),
    Finished,
    Stalled,
    Reset(u32),
}

/// Something whose time comes.
enum Due {
    Thread(usize),
    Watchdog(usize),
}

impl Model {
    /// The ready threads of the most urgent level, in order.
    fn most_urgent(&self) -> Option<(u8, Vec<usize>)> {
        let is_ready = |thread: &usize| {
            let body = &self.threads[*thread];
            body.state == State::Ready && body.suspended == 0
        };
        let ready: Vec<usize> = (0..self.threads.len()).filter(is_ready).collect();
        let level = ready.iter().map(|thread| self.effective(*thread)).min()?;
        let mut equals: Vec<usize> =
            ready.into_iter().filter(|thread| self.effective(*thread) == level).collect();
        equals.sort_by_key(|thread| self.threads[*thread].place);
        Some((level, equals))
    }

    fn front(&mut self) -> i64 {
        self.next_front -= 1;
        self.next_front
    }

    fn slice(&self, thread: usize) -> u64 {
        let quantum_end = self.threads[thread].left.map_or(u64::MAX, |left| self.now + left);
        let next = self.next_due().map_or(u64::MAX, |((at, _), _)| at);
        quantum_end.min(next) - self.now
    }

    /// The soonest deadline; of several at one tick the one that was set first.
    fn next_due(&self) -> Option<((u64, u64), Due)> {
        let of_threads = (0..self.threads.len()).filter_map(|thread| {
            let deadline = self.wait_of(thread)?.deadline?;
            Some((deadline, Due::Thread(thread)))
        });
        let of_watchdogs = self.objects.iter().enumerate().filter_map(|(place, object)| {
            let Thing::Watchdog(watchdog) = &object.thing else { return None };
            Some((watchdog.deadline?, Due::Watchdog(place)))
        });
        of_threads.chain(of_watchdogs).min_by_key(|(deadline, _)| *deadline)
    }

    /// Lets time pass that the running thread has used.
    pub(crate) fn advance(&mut self, ns: u64) {
        if let Some(thread) = self.running {
            let left = &mut self.threads[thread].left;
            *left = left.map(|left| left.saturating_sub(ns));
        }
        self.now += ns;
        self.fire();
    }

    fn fire(&mut self) {
        while let Some(((at, _), due)) = self.next_due() {
            if at > self.now {
                break;
            }
            match due {
                Due::Thread(thread) => self.time_out(thread),
                Due::Watchdog(object) => self.watchdog_fires(object),
            }
        }
    }

    fn watchdog_fires(&mut self, object: usize) {
        let Thing::Watchdog(watchdog) = &mut self.objects[object].thing else { panic!("no watchdog") };
        watchdog.deadline = None;
        let wait = watchdog.wait;
        if watchdog.phase == Phase::Running {
            watchdog.phase = Phase::Missed;
            watchdog.signaled = true;
            self.arm_watchdog(object, wait);
            self.wake(Target::Object(object));
            return;
        }
        // Its handle stays signaled until it is started again (OQ-53).
        watchdog.phase = Phase::Stopped;
        let (action, parameter, watched) = (watchdog.action, watchdog.parameter, watchdog.watched);
        match (action, watched) {
            (1, Some(process)) if self.processes[process].exit_code.is_none() => {
                self.exit_process(process, KILLED_BY_WATCHDOG);
            }
            (2, _) => self.reset = Some(parameter),
            _ => {}
        }
    }

    pub(crate) fn arm_watchdog(&mut self, object: usize, milliseconds: u32) {
        let deadline = self.deadline(Some(milliseconds.min(0x7fff_ffff)));
        let Thing::Watchdog(watchdog) = &mut self.objects[object].thing else { panic!("no watchdog") };
        watchdog.deadline = deadline;
    }

    /// Decides who runs next. `choose` is none where nothing is left open.
    pub(crate) fn schedule(&mut self, mut choose: Option<&mut dyn FnMut(Question) -> usize>) -> Next {
        if let Some(parameter) = self.reset {
            return Next::Reset(parameter);
        }
        if let Some(thread) = self.running {
            let level = self.effective(thread);
            let best = self.most_urgent().map(|(level, _)| level);
            let mut quantum_ended = self.threads[thread].left == Some(0);
            if !quantum_ended
                && best == Some(level)
                && let Some(choose) = &mut choose
            {
                quantum_ended = choose(Question::QuantumEnd(self.threads[thread].id)) == 1;
            }
            if quantum_ended {
                self.refill(thread);
            }
            let gives_way = best.is_some_and(|best| best < level || (best == level && quantum_ended));
            if !gives_way {
                return Next::Run(thread, self.slice(thread));
            }
            self.running = None;
            self.threads[thread].state = State::Ready;
            // Preempted it stays first of its level (OQ-22), at the end of its quantum it goes behind.
            self.threads[thread].place = if quantum_ended { self.number() as i64 } else { self.front() };
        }
        self.start_next(choose)
    }

    fn start_next(&mut self, mut choose: Option<&mut dyn FnMut(Question) -> usize>) -> Next {
        loop {
            if let Some(parameter) = self.reset {
                return Next::Reset(parameter);
            }
            let Some((_, equals)) = self.most_urgent() else {
                if self.processes.iter().all(|process| process.exit_code.is_some()) {
                    return Next::Finished;
                }
                let Some(((at, _), _)) = self.next_due() else { return Next::Stalled };
                self.idle += at - self.now;
                self.now = at;
                self.fire();
                continue;
            };
            let mut place = 0;
            if equals.len() > 1
                && let Some(choose) = &mut choose
            {
                let ids = equals.iter().map(|thread| self.threads[*thread].id).collect();
                place = choose(Question::NextThread(ids));
            }
            let thread = equals[place];
            if self.threads[thread].kept.is_some() {
                self.give_back_loan(thread);
                continue;
            }
            let body = &mut self.threads[thread];
            body.state = State::Running;
            if body.fresh {
                self.refill(thread);
            }
            self.running = Some(thread);
            return Next::Run(thread, self.slice(thread));
        }
    }

    /// A thread is about to start that has kept a loan: it has it no more, and may no longer be first.
    fn give_back_loan(&mut self, thread: usize) {
        self.threads[thread].kept = None;
        self.threads[thread].place = self.front();
        if self.effective(thread) > self.threads[thread].level {
            self.threads[thread].fresh = true;
        }
        self.settle(thread);
    }

    /// Gives a thread a whole quantum now.
    pub(crate) fn refill(&mut self, thread: usize) {
        let body = &mut self.threads[thread];
        body.fresh = false;
        body.left = (body.quantum > 0).then_some(body.quantum);
    }

    /// Sleep(0): hands over to a ready thread of equal priority, if there is one (aa909009).
    pub(crate) fn yield_to_equals(&mut self, thread: usize) {
        let level = self.effective(thread);
        let is_equal = |other: usize| {
            let body = &self.threads[other];
            body.state == State::Ready && body.suspended == 0 && self.effective(other) == level
        };
        if !(0..self.threads.len()).any(is_equal) {
            return;
        }
        self.running = None;
        let place = self.number() as i64;
        let body = &mut self.threads[thread];
        body.state = State::Ready;
        body.place = place;
        body.fresh = true;
    }
}

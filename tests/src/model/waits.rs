//! Waiting, being released, and what that does to priorities.

use super::state::{Answer, Message, Model, Reason, State, Target, Thing, Wait};

pub(crate) const TICK: u64 = 1_000_000;
const WAIT_TIMEOUT: u32 = 258;
const ERROR_TIMEOUT: u32 = 1460;

impl Answer {
    pub(crate) fn of(value: u32) -> Answer {
        Answer { value, ..Answer::default() }
    }

    pub(crate) fn failed(value: u32, error: u32) -> Answer {
        Answer { value, error: Some(error), ..Answer::default() }
    }
}

impl Model {
    /// When a wait of so many milliseconds gives up: at tick T + n + 1 (ee482948, SQ-20). None is for ever.
    pub(crate) fn deadline(&mut self, milliseconds: Option<u32>) -> Option<(u64, u64)> {
        let n = u64::from(milliseconds?);
        // What is not comparable by signed difference is cut (SQ-20).
        let ticks = (n + 1).min(0x7fff_ffff);
        Some(((self.now / TICK + ticks) * TICK, self.number()))
    }

    /// Takes the running thread off the CPU until one of the targets is signaled or the time is out.
    pub(crate) fn block(
        &mut self,
        thread: usize,
        reason: Reason,
        targets: Vec<Target>,
        milliseconds: Option<u32>,
        message: Option<Message>,
    ) {
        let effective = self.effective(thread);
        let wait = Wait {
            reason,
            targets: targets.clone(),
            urgency: effective,
            lends: effective,
            arrival: self.number(),
            deadline: self.deadline(milliseconds),
            message,
        };
        self.running = None;
        self.threads[thread].state = State::Blocked(wait);
        self.settle_owners(&targets);
    }

    /// The owners of what somebody waits for may have been lent more: each is put where it then belongs, in
    /// the order of the list.
    pub(crate) fn settle_owners(&mut self, targets: &[Target]) {
        for target in targets {
            if let Some(owner) = self.owner_of(*target) {
                self.settle(owner);
            }
        }
    }

    /// Puts a thread where its effective priority says, if that has changed: a ready one behind its new
    /// equals (OQ-21), a blocked one up among the waiters but never down (ms885155).
    pub(crate) fn settle(&mut self, thread: usize) {
        let effective = self.effective(thread);
        if effective == self.threads[thread].level {
            return;
        }
        let number = self.number();
        let body = &mut self.threads[thread];
        body.level = effective;
        match &mut body.state {
            State::Ready => body.place = number as i64,
            State::Blocked(wait) if effective < wait.urgency => {
                wait.urgency = effective;
                wait.arrival = number;
            }
            State::Blocked(_) | State::Running | State::Ended(_) => {}
        }
    }

    /// A thread stops waiting: what it lent to the owners of other objects they keep until they next start
    /// to run (ee482778).
    pub(crate) fn stop_lending(&mut self, thread: usize) {
        let Some(wait) = self.wait_of(thread) else { return };
        for target in wait.targets.clone() {
            let Some(owner) = self.owner_of(target) else { continue };
            if owner != thread && !self.has_ended(owner) {
                self.threads[owner].kept = self.lent(owner);
            }
        }
    }

    /// Ends a thread's wait.
    pub(crate) fn unblock(&mut self, thread: usize, answer: Answer) {
        self.stop_lending(thread);
        let place = self.number() as i64;
        let body = &mut self.threads[thread];
        body.state = State::Ready;
        body.place = place;
        // A fresh quantum after a wait (OQ-23).
        body.fresh = true;
        body.answer = Some(answer);
    }

    /// A wait has lasted too long.
    pub(crate) fn time_out(&mut self, thread: usize) {
        let wait = self.wait_of(thread).expect("only a blocked thread has a deadline");
        let answer = match wait.reason {
            Reason::Objects => Answer::of(WAIT_TIMEOUT),
            Reason::Sleep | Reason::SelfSuspend | Reason::Section => Answer::of(0),
            Reason::Read(_) | Reason::Write => Answer::failed(0, ERROR_TIMEOUT),
        };
        self.unblock(thread, answer);
    }

    /// Lets a thread have a target that is signaled for it.
    pub(crate) fn satisfy(&mut self, target: Target, thread: usize) {
        let number = self.number();
        let Target::Object(object) = target else { return };
        match &mut self.objects[object].thing {
            Thing::Event { manual, signaled, .. } => *signaled = *manual,
            Thing::Mutex(owned) | Thing::Section { owned, .. } => {
                if owned.owner.is_none() {
                    owned.taken = number;
                }
                owned.owner = Some(thread);
                owned.count += 1;
            }
            Thing::Semaphore { count, .. } => *count -= 1,
            Thing::Watchdog(_) => {}
            Thing::Queue(_) | Thing::Map { .. } => panic!("it is never signaled"),
        }
    }

    /// Gives a target that has changed to those that it now satisfies, one after the other.
    pub(crate) fn wake(&mut self, target: Target) {
        while let Some(thread) = self.best_waiter(target) {
            if !self.is_signaled(target, thread) {
                break;
            }
            self.satisfy(target, thread);
            let wait = self.wait_of(thread).expect("a waiter waits");
            let index = wait.targets.iter().position(|other| *other == target).expect("it waits for it");
            let answer = match wait.reason {
                Reason::Section => Answer::of(0),
                _ => Answer::of(index as u32),
            };
            self.unblock(thread, answer);
            // Whoever waits on lends to the new owner.
            self.settle(thread);
        }
    }

    /// A thread has freed an object: what it was lent with it ends, also what it kept; then the best waiter
    /// has the object. Whoever loses a loan gets a fresh quantum (ee482778).
    pub(crate) fn let_go(&mut self, thread: usize, object: usize) {
        self.threads[thread].kept = None;
        if self.effective(thread) > self.threads[thread].level {
            self.refill(thread);
        }
        self.settle(thread);
        self.wake(Target::Object(object));
    }

    /// Waits for the first of these targets.
    pub(crate) fn wait(
        &mut self,
        thread: usize,
        targets: Vec<Target>,
        milliseconds: Option<u32>,
    ) -> Option<Answer> {
        for (index, target) in targets.iter().enumerate() {
            if self.is_signaled(*target, thread) {
                self.satisfy(*target, thread);
                return Some(Answer::of(index as u32));
            }
        }
        if milliseconds == Some(0) {
            return Some(Answer::of(WAIT_TIMEOUT));
        }
        self.block(thread, Reason::Objects, targets, milliseconds, None);
        None
    }
}

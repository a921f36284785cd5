//! Waiting and waking: the one path that every object and every blocking call uses.
//!
//! A thread that must wait leaves a waiter on each object and is taken off the CPU. Whoever signals an object
//! afterwards calls `wake`: it lets the best waiter have the object, unlinks it everywhere, and stores why
//! its call comes back. The waiter does nothing more than return.

use cerium_handle::{Handle, ObjectId, ThreadId};
use cerium_process::{Owned, ThreadState, Timeout, Wait, WaitBlocks, WaitReason};
use cerium_sync::{Completion, WaitBlock, Waiter};

use crate::object::Taken;
use crate::{CeResult, Event, Kernel, KernelObject, Win32Error};

/// What a wait came to at once.
#[must_use]
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Waited {
    /// The object at this place of the list was signaled, and is the thread's.
    Object {
        /// The place.
        index: u8,
        /// It was a mutex whose last owner had ended.
        abandoned: bool,
    },
    /// None was, and the time-out is 0.
    TimedOut,
    /// The thread is blocked; a completion will be stored for it.
    Blocked,
}

/// What came of asking for an object.
#[must_use]
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Tried {
    /// It is the thread's.
    Has {
        /// It was a mutex whose last owner had ended.
        abandoned: bool,
    },
    /// It is not signaled.
    MustWait(ObjectId),
}

/// What a wait came to for an object that is not signaled.
#[must_use]
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum WaitBegan {
    /// The thread is blocked; a completion will be stored for it.
    Blocked,
    /// The time-out is 0.
    TimedOut,
    /// It is an interrupt's event, and somebody waits for it already: ERROR_INVALID_PARAMETER.
    Refused,
}

impl Kernel {
    /// Lets the running thread wait for the first of these objects, at most so long.
    ///
    /// The first object that is signaled, in the order of the list, is satisfied at once (aa915354). A
    /// signaled object wins over a time-out of 0.
    pub fn wait(&mut self, thread: ThreadId, objects: &[ObjectId], timeout: Timeout) -> CeResult<Waited> {
        for (index, id) in objects.iter().enumerate() {
            let body = &mut self.objects[*id].body;
            // Most of a list are events that are not signaled.
            if matches!(body, KernelObject::Event(event) if !event.signaled) {
                continue;
            }
            let taken = body.take(thread);
            if taken != Taken::Nothing {
                self.note_wait(objects);
                return self.had(thread, *id, taken, index as u8);
            }
        }
        self.wait_on(thread, objects, timeout)
    }

    /// Lets a thread have the one object behind a handle, which must be one that can be waited on. If it cannot
    /// now, the object is for [`Kernel::wait_on_one`].
    #[inline(always)]
    pub fn try_wait(&mut self, thread: ThreadId, handle: Handle) -> CeResult<Tried> {
        let id = self.lookup(thread, handle)?;
        match self.objects[id].body.take_for_wait(thread) {
            Taken::Satisfied => Ok(Tried::Has { abandoned: false }),
            Taken::Nothing => Ok(Tried::MustWait(id)),
            Taken::Unwaitable => Err(Win32Error::INVALID_HANDLE),
            Taken::Refused => Err(Win32Error::INVALID_PARAMETER),
            taken => Ok(Tried::Has { abandoned: self.own(thread, id, taken) }),
        }
    }

    /// A thread has an object, or is refused it.
    #[inline]
    fn had(&mut self, thread: ThreadId, id: ObjectId, taken: Taken, index: u8) -> CeResult<Waited> {
        if taken == Taken::Refused {
            return Err(Win32Error::INVALID_PARAMETER);
        }
        Ok(Waited::Object { index, abandoned: self.own(thread, id, taken) })
    }

    /// None of the objects is signaled.
    fn wait_on(&mut self, thread: ThreadId, objects: &[ObjectId], timeout: Timeout) -> CeResult<Waited> {
        self.note_wait(objects);
        if timeout.is_zero() {
            return Ok(Waited::TimedOut);
        }
        if self.has_interrupts() {
            self.check_interrupt_waiters(objects)?;
        }
        self.block(thread, WaitReason::Objects, objects, timeout);
        Ok(Waited::Blocked)
    }

    /// Lets the running thread wait for an object that it could not have.
    #[inline(never)]
    pub fn wait_on_one(&mut self, thread: ThreadId, id: ObjectId, timeout: Timeout) -> WaitBegan {
        if timeout.is_zero() || self.has_interrupts() {
            self.note_wait(&[id]);
            if timeout.is_zero() {
                return WaitBegan::TimedOut;
            }
            if self.check_interrupt_waiters(&[id]).is_err() {
                return WaitBegan::Refused;
            }
        }
        self.block_on(thread, WaitReason::Objects, id, timeout);
        WaitBegan::Blocked
    }

    /// Notes that a thread owns an object from now on. Says whether it is to be told that it was abandoned.
    #[inline]
    fn own(&mut self, thread: ThreadId, id: ObjectId, taken: Taken) -> bool {
        let (owned, abandoned) = match taken {
            Taken::Mutex { abandoned } => (Owned::Mutex(id), abandoned),
            Taken::CriticalSection => (Owned::CriticalSection(id), false),
            Taken::Nothing | Taken::Refused | Taken::Unwaitable | Taken::Satisfied => return false,
        };
        self.thread_mut(thread).owned.push(owned);
        // SQ-01: by default an abandoned mutex is had like any other.
        abandoned && self.rules.report_abandoned
    }

    /// An event that was once waited on, however the wait ended, is refused to an interrupt (ee482998). One
    /// that is satisfied notes it by itself.
    fn note_wait(&mut self, objects: &[ObjectId]) {
        for id in objects {
            if let KernelObject::Event(event) = &mut self.objects[*id].body {
                event.was_waited_on = true;
            }
        }
    }

    /// Only one thread may wait on an interrupt's event (ee488762; SQ-18 for the code).
    fn check_interrupt_waiters(&self, objects: &[ObjectId]) -> CeResult<()> {
        let [id] = objects else { return Ok(()) };
        if self.is_interrupt_event(*id) && !self.objects[*id].waiters.is_empty() {
            return Err(Win32Error::INVALID_PARAMETER);
        }
        Ok(())
    }

    /// Takes the running thread off the CPU until one of these objects is signaled or the time is out.
    pub(crate) fn block(
        &mut self,
        thread: ThreadId,
        reason: WaitReason,
        objects: &[ObjectId],
        timeout: Timeout,
    ) {
        if let [id] = objects {
            return self.block_on(thread, reason, *id, timeout);
        }
        let deadline = timeout.deadline(self.now);
        self.trace.push(self.now, || Event::Block { thread, reason, objects: objects.into(), deadline });
        let (blocks, has_owner) = match objects {
            [] => (WaitBlocks::None, false),
            _ => self.stand_in_lines(thread, objects),
        };
        let timer = deadline.map(|at| self.set_deadline(at, thread.0));
        self.off_cpu(thread).state = ThreadState::Blocked(Wait { reason, blocks, timer, message: None });
        if has_owner {
            objects.iter().for_each(|id| self.lend_to_owner(*id));
        }
    }

    /// The same for one object.
    #[inline(always)]
    fn block_on(&mut self, thread: ThreadId, reason: WaitReason, id: ObjectId, timeout: Timeout) {
        let deadline = timeout.deadline(self.now);
        self.trace.push(self.now, || Event::Block { thread, reason, objects: [id].into(), deadline });
        let (block, has_owner) = self.stand_in_line(thread, 0, id);
        let timer = deadline.map(|at| self.set_deadline(at, thread.0));
        let body = self.off_cpu(thread);
        assert!(matches!(body.state, ThreadState::Running), "only a thread that runs begins to wait");
        body.state =
            ThreadState::Blocked(Wait { reason, blocks: WaitBlocks::One(block), timer, message: None });
        if has_owner {
            self.lend_to_owner(id);
        }
    }

    /// Lets the running thread wait behind all others of an object. Says whether such an object has an owner.
    #[inline(always)]
    fn stand_in_line(&mut self, thread: ThreadId, index: u8, id: ObjectId) -> (WaitBlock, bool) {
        let priority = self.running.as_ref().expect("the caller runs").priority.0;
        let (object, reference) = self.objects.refer(id);
        object.waiters.push(Waiter { thread, index, rank: priority, lends: priority });
        // Nearly always it is an event.
        let has_owner = if let KernelObject::Event(event) = &mut object.body {
            event.was_waited_on = true;
            false
        } else {
            object.body.kind().has_owner()
        };
        (WaitBlock { object: reference }, has_owner)
    }

    fn stand_in_lines(&mut self, thread: ThreadId, objects: &[ObjectId]) -> (WaitBlocks, bool) {
        let mut blocks = Vec::with_capacity(objects.len());
        let mut any_has_owner = false;
        for (index, id) in objects.iter().enumerate() {
            let (block, has_owner) = self.stand_in_line(thread, index as u8, *id);
            blocks.push(block);
            any_has_owner |= has_owner;
        }
        (WaitBlocks::Many(blocks), any_has_owner)
    }

    /// Takes an object that the kernel found free for a thread: ownership at creation, an uncontended entry.
    pub(crate) fn take(&mut self, thread: ThreadId, id: ObjectId) {
        let taken = self.objects[id].body.take(thread);
        assert!(!matches!(taken, Taken::Nothing | Taken::Refused), "only a free object is taken");
        self.own(thread, id, taken);
    }

    /// Gives an object that has just changed to whoever it now satisfies: the most urgent waiter first,
    /// then the one that has waited longest (SQ-13), until it is no longer signaled. What a waiter is given is
    /// its own from then on, also if it is ended before it runs (SQ-26).
    #[inline]
    pub(crate) fn wake(&mut self, id: ObjectId) {
        if !self.objects[id].waiters.is_empty() {
            self.wake_waiters(id);
        }
    }

    /// The same of an object that somebody waits for; nearly always that is one thread.
    #[inline(never)]
    pub(crate) fn wake_waiters(&mut self, id: ObjectId) {
        let object = &mut self.objects[id];
        let Some(waiter) = object.waiters.only() else { return self.wake_several(id) };
        let taken = object.body.take(waiter.thread);
        if matches!(taken, Taken::Nothing | Taken::Refused) {
            return;
        }
        object.waiters.clear();
        let abandoned = taken != Taken::Satisfied && self.own(waiter.thread, id, taken);
        let completion = Completion::Object { index: waiter.index, abandoned };
        match self.complete_wait(waiter.thread, completion) {
            // It has the object, and its line has been left.
            WaitBlocks::One(block) => self.release(block.object),
            blocks => self.leave_lines(waiter.thread, blocks),
        }
    }

    #[inline(never)]
    fn wake_several(&mut self, id: ObjectId) {
        // Its last handle may be closed: then its waiters are all that keeps it.
        let mut kept = None;
        loop {
            let object = &mut self.objects[id];
            let Some(waiter) = object.waiters.best() else { break };
            let taken = object.body.take(waiter.thread);
            if matches!(taken, Taken::Nothing | Taken::Refused) {
                break;
            }
            let is_last = object.waiters.len() == 1;
            if !is_last && kept.is_none() {
                kept = Some(self.objects.reference(id));
            }
            let abandoned = taken != Taken::Satisfied && self.own(waiter.thread, id, taken);
            self.unblock(waiter.thread, Completion::Object { index: waiter.index, abandoned });
            if is_last {
                break;
            }
            // Whoever waits on lends to the new owner.
            self.lend_to_owner(id);
        }
        if let Some(kept) = kept {
            self.release(kept);
        }
    }

    /// Ends a thread's wait: out of every queue, its completion stored, ready to run.
    pub(crate) fn unblock(&mut self, thread: ThreadId, completion: Completion) {
        let blocks = self.complete_wait(thread, completion);
        self.leave_lines(thread, blocks);
    }

    /// Ends a thread's wait, but for the queues that it stands in, which it is to leave.
    #[inline(always)]
    fn complete_wait(&mut self, thread: ThreadId, completion: Completion) -> WaitBlocks {
        self.trace.push(self.now, || Event::Wake { thread, completion: completion.clone() });
        let has_timed_out = matches!(completion, Completion::TimedOut);
        let body = self.thread_mut(thread);
        let ThreadState::Blocked(wait) = &mut body.state else { not_blocked(thread) };
        let blocks = std::mem::replace(&mut wait.blocks, WaitBlocks::None);
        let timer = wait.timer;
        wait.message = None;
        // What it owned has been taken out, so there is nothing to drop.
        std::mem::forget(std::mem::replace(
            &mut body.state,
            ThreadState::Ready { completion: Some(completion) },
        ));
        // A fresh quantum after a wait (OQ-23).
        body.quantum_left = body.quantum;
        let (suspended, priority) = (body.suspend_count > 0, body.priority());
        if let Some(timer) = timer.filter(|_| !has_timed_out) {
            self.timers.cancel(timer, thread.0);
        }
        if !suspended {
            self.make_ready(priority, thread);
        }
        blocks
    }

    /// Takes a blocked thread out of the queues of the objects that it waits for, and its deadline back.
    /// It is left without a wait; the caller gives it a new state.
    pub(crate) fn unlink(&mut self, thread: ThreadId) {
        let state = ThreadState::Ready { completion: None };
        let state = std::mem::replace(&mut self.thread_mut(thread).state, state);
        let ThreadState::Blocked(wait) = state else { not_blocked(thread) };
        if let Some(timer) = wait.timer {
            self.timers.cancel(timer, thread.0);
        }
        self.leave_lines(thread, wait.blocks);
    }

    #[inline(always)]
    fn leave_lines(&mut self, thread: ThreadId, blocks: WaitBlocks) {
        match blocks {
            WaitBlocks::None => {}
            WaitBlocks::One(block) => self.leave_line(thread, block),
            WaitBlocks::Many(blocks) => {
                for block in blocks {
                    self.leave_line(thread, block);
                }
            }
        }
    }

    #[inline]
    fn leave_line(&mut self, thread: ThreadId, block: WaitBlock) {
        let id = block.object.id();
        let object = &mut self.objects[id];
        object.waiters.remove(thread);
        // If it did not become the owner it has given up, and what it lent is to be looked at again.
        if object.body.kind().has_owner()
            && let Some(owner) = self.owner_of(id)
            && owner != thread
        {
            self.doubt_loan(owner);
        }
        self.release(block.object);
    }
}

/// A thread is not blocked that must be: our bug.
#[cold]
#[inline(never)]
fn not_blocked(thread: ThreadId) -> ! {
    panic!("{thread:?} is not blocked")
}

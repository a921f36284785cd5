//! Waiting and waking: the one path that every object and every blocking call uses.
//!
//! A thread that must wait leaves a waiter on each object and is taken off the CPU. Whoever signals an object
//! afterwards calls `wake`: it lets the best waiter have the object, unlinks it everywhere, and stores why
//! its call comes back. The waiter does nothing more than return.

use cerium_handle::{ObjectId, ThreadId};
use cerium_process::{Owned, ThreadState, Timeout, Wait, WaitBlocks, WaitReason};
use cerium_sync::{Completion, Dispatcher, Satisfied, WaitBlock, Waiter};

use crate::{CeResult, Event, Kernel, KernelObject, Win32Error};

/// What a wait came to at once.
#[must_use]
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Waited {
    /// It is over.
    Now(Completion),
    /// The thread is blocked; a completion will be stored for it.
    Blocked,
}

impl Kernel {
    /// Lets the running thread wait for the first of these objects, at most so long.
    ///
    /// The first object that is signaled, in the order of the list, is satisfied at once (aa915354). A
    /// signaled object wins over a time-out of 0.
    #[inline]
    pub fn wait(&mut self, thread: ThreadId, objects: &[ObjectId], timeout: Timeout) -> CeResult<Waited> {
        let reports = self.rules.report_abandoned;
        for (index, id) in objects.iter().enumerate() {
            let body = &mut self.objects[*id].body;
            if body.is_signaled(thread) {
                check_count(body)?;
                let (abandoned, owned) = satisfy(body, thread, *id, reports);
                if let Some(owned) = owned {
                    self.thread_mut(thread).owned.push(owned);
                }
                if objects.len() > 1 {
                    self.note_wait(objects);
                }
                return Ok(Waited::Now(Completion::Object { index: index as u8, abandoned }));
            }
        }
        self.note_wait(objects);
        if timeout.is_zero() {
            return Ok(Waited::Now(Completion::TimedOut));
        }
        self.check_interrupt_waiters(objects)?;
        self.block(thread, WaitReason::Objects, objects, timeout);
        Ok(Waited::Blocked)
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
        let deadline = timeout.deadline(self.now);
        self.trace.push(self.now, || Event::Block { thread, reason, objects: objects.into(), deadline });
        self.leave_cpu(thread);
        let priority = self.thread(thread).priority().0;
        for (index, id) in objects.iter().enumerate() {
            let waiter = Waiter { thread, index: index as u8, rank: priority, lends: priority };
            self.objects[*id].waiters.push(waiter);
        }
        let blocks = match objects {
            [] => WaitBlocks::None,
            [id] => WaitBlocks::One(WaitBlock { object: self.objects.reference(*id) }),
            _ => WaitBlocks::Many(
                objects.iter().map(|id| WaitBlock { object: self.objects.reference(*id) }).collect(),
            ),
        };
        let timer = deadline.map(|at| self.timers.arm(at, thread.0));
        self.thread_mut(thread).state = ThreadState::Blocked(Wait { reason, blocks, timer, message: None });
        for id in objects {
            self.lend_to_owner(*id);
        }
    }

    /// Lets a thread have an object that is signaled for it. Says whether it was abandoned.
    #[inline]
    fn satisfy(&mut self, thread: ThreadId, id: ObjectId) -> bool {
        let reports = self.rules.report_abandoned;
        let (abandoned, owned) = satisfy(&mut self.objects[id].body, thread, id, reports);
        if let Some(owned) = owned {
            self.thread_mut(thread).owned.push(owned);
        }
        abandoned
    }

    /// Takes an object that the kernel found free for a thread: ownership at creation, an uncontended entry.
    pub(crate) fn take(&mut self, thread: ThreadId, id: ObjectId) {
        assert!(self.objects[id].body.is_signaled(thread), "only a free object is taken");
        self.satisfy(thread, id);
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

    fn wake_waiters(&mut self, id: ObjectId) {
        // Its last handle may be closed: then its waiters are all that keeps it.
        let kept = self.objects.reference(id);
        while let Some(waiter) = self.best_waiter(id) {
            let abandoned = self.satisfy(waiter.thread, id);
            self.unblock(waiter.thread, Completion::Object { index: waiter.index, abandoned });
            // Whoever waits on lends to the new owner.
            self.lend_to_owner(id);
        }
        self.release(kept);
    }

    fn best_waiter(&self, id: ObjectId) -> Option<Waiter> {
        let object = &self.objects[id];
        let waiter = object.waiters.best()?;
        object.body.is_signaled(waiter.thread).then_some(waiter)
    }

    /// Ends a thread's wait: out of every queue, its completion stored, ready to run.
    pub(crate) fn unblock(&mut self, thread: ThreadId, completion: Completion) {
        self.trace.push(self.now, || Event::Wake { thread, completion: completion.clone() });
        self.unlink(thread, completion != Completion::TimedOut);
        let body = self.thread_mut(thread);
        body.state = ThreadState::Ready { completion: Some(completion) };
        // A fresh quantum after a wait (OQ-23).
        body.quantum_left = body.quantum;
        let (suspended, priority) = (body.suspend_count > 0, body.priority());
        if !suspended {
            self.ready.push_back(priority, thread);
        }
    }

    /// Takes a blocked thread out of the queues of the objects that it waits for, and its deadline back.
    /// It is left without a wait; the caller gives it a new state.
    pub(crate) fn unlink(&mut self, thread: ThreadId, timer_is_armed: bool) {
        let state = ThreadState::Ready { completion: None };
        let state = std::mem::replace(&mut self.thread_mut(thread).state, state);
        let ThreadState::Blocked(wait) = state else { panic!("{thread:?} is not blocked") };
        if timer_is_armed && let Some(timer) = wait.timer {
            self.timers.cancel(timer, thread.0);
        }
        match wait.blocks {
            WaitBlocks::None => {}
            WaitBlocks::One(block) => self.unlink_block(thread, block),
            WaitBlocks::Many(blocks) => {
                for block in blocks {
                    self.unlink_block(thread, block);
                }
            }
        }
    }

    fn unlink_block(&mut self, thread: ThreadId, block: WaitBlock) {
        let id = block.object.id();
        self.objects[id].waiters.remove(thread);
        // If it did not become the owner it has given up, and what it lent is to be looked at again.
        if self.objects[id].body.kind().has_owner()
            && let Some(owner) = self.owner_of(id)
            && owner != thread
        {
            self.doubt_loan(owner);
        }
        self.release(block.object);
    }
}

/// Lets a thread have an object. Says whether it was abandoned, and what the thread newly owns.
#[inline]
fn satisfy(
    body: &mut KernelObject,
    thread: ThreadId,
    id: ObjectId,
    reports_abandoned: bool,
) -> (bool, Option<Owned>) {
    let owned = match body {
        KernelObject::Mutex(mutex) if mutex.owner().is_none() => Some(Owned::Mutex(id)),
        KernelObject::CriticalSection(section) if section.owner().is_none() => {
            Some(Owned::CriticalSection(id))
        }
        _ => None,
    };
    // SQ-01: by default an abandoned mutex is had like any other.
    (body.satisfy(thread) == Satisfied::Abandoned && reports_abandoned, owned)
}

/// A mutex cannot be taken more often than its count can say (SQ-17).
#[inline]
fn check_count(body: &KernelObject) -> CeResult<()> {
    match body {
        KernelObject::Mutex(mutex) if !mutex.can_be_taken_again() => Err(Win32Error::INVALID_PARAMETER),
        _ => Ok(()),
    }
}

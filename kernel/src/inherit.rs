//! Priority inheritance: the owner of a mutex or a critical section runs at its most urgent waiter's
//! priority until it lets go. One level deep, never for events and semaphores (page ee482778). Whoever waits
//! for several lends to all their owners (SQ-25), and lends the priority that it blocked with (OQ-52).

use cerium_handle::{ObjectId, ThreadId};
use cerium_process::{Priority, Thread, ThreadState};

use crate::{Event, Kernel, KernelObject};

impl Kernel {
    /// The living thread that owns an object, if it is of a kind that has owners.
    pub(crate) fn owner_of(&self, id: ObjectId) -> Option<ThreadId> {
        let owner = match &self.objects[id].body {
            KernelObject::Mutex(mutex) => mutex.owner(),
            KernelObject::CriticalSection(section) => section.owner(),
            _ => None,
        }?;
        // The owner of a critical section may have ended inside it.
        let KernelObject::Thread(thread) = &self.objects.get(owner.0)?.body else { return None };
        thread.exit_code().is_none().then_some(owner)
    }

    /// Lends an object's owner the priority of its most urgent waiter. The loan is noted also where it is
    /// no more urgent than the owner's own priority, which may change.
    pub(crate) fn lend_to_owner(&mut self, id: ObjectId) {
        let object = &self.objects[id];
        if !object.body.kind().has_owner() {
            return;
        }
        let Some(lent) = object.waiters.lent() else { return };
        let Some(owner) = self.owner_of(id) else { return };
        if self.thread(owner).inherited.is_none_or(|inherited| Priority(lent) < inherited) {
            self.change_priority(owner, |thread| thread.inherited = Some(Priority(lent)));
        }
    }

    /// Notes that somebody who lent this thread a priority gave up. It keeps the loan until it next starts
    /// to run (ee482778).
    pub(crate) fn doubt_loan(&mut self, owner: ThreadId) {
        let owner = self.thread_mut(owner);
        owner.loan_is_stale |= owner.inherited.is_some();
    }

    /// Reckons anew what the waiters for a thread's objects lend it. Whoever loses a loan gets a fresh
    /// quantum (ee482778).
    pub(crate) fn reckon_loan(&mut self, owner: ThreadId) {
        let thread = self.thread(owner);
        if thread.inherited.is_none() {
            return;
        }
        let lent = thread.owned.iter().filter_map(|owned| self.objects[owned.id()].waiters.lent()).min();
        let before = thread.priority();
        self.thread_mut(owner).loan_is_stale = false;
        self.change_priority(owner, |thread| thread.inherited = lent.map(Priority));
        if self.thread(owner).priority() > before {
            self.refill_quantum(owner);
        }
    }

    /// Changes what a thread's priority depends on, and puts it where it then belongs: a ready thread behind
    /// its new equals (OQ-21); a blocked one up in the queues it stands in, but not down.
    pub(crate) fn change_priority(&mut self, id: ThreadId, change: impl FnOnce(&mut Thread)) {
        let thread = self.thread_mut(id);
        let (before, inherited) = (thread.priority(), thread.inherited);
        change(thread);
        let after = thread.priority();
        if before == after {
            return;
        }
        if thread.inherited != inherited {
            self.trace.push(self.now, || Event::Invert { thread: id, priority: after });
        }
        let thread = self.thread(id);
        let suspended = thread.suspend_count > 0;
        match &thread.state {
            ThreadState::Running => {
                let running = self.running.as_mut().expect("a running thread runs");
                running.priority = after;
                self.look_again();
            }
            ThreadState::Ready { .. } if !suspended => {
                self.ready.remove(before, id);
                self.make_ready(after, id);
            }
            ThreadState::Ready { .. } | ThreadState::Terminated { .. } => {}
            ThreadState::Blocked(wait) => {
                let objects: Vec<_> = wait.blocks.as_slice().iter().map(|b| b.object.id()).collect();
                // What it has borrowed it does not lend on: `set_priority` lends what is its own.
                for object in objects {
                    self.objects[object].waiters.raise(id, after.0);
                }
            }
        }
    }
}

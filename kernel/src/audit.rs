//! Counts everything anew, from scratch, and compares.

use std::collections::BTreeMap;

use cerium_handle::{HandleTable, ObjectId, ThreadId};
use cerium_process::{ThreadState, WaitReason};
use cerium_sync::{End, QueueEnd};

use crate::queues::queue_charge;
use crate::{Kernel, KernelObject};

impl Kernel {
    /// Recounts references, handle counts, waiters, the ready queue, deadlines, owners and names, and
    /// asserts that nobody waits for what it could have.
    ///
    /// # Panics
    /// If anything differs, with words: it is our bug.
    pub fn audit(&self) {
        self.audit_references();
        self.audit_waits();
        self.audit_ready();
        self.audit_owners();
        self.audit_names();
        self.audit_queues();
        self.audit_shared();
    }

    /// Where handles belong to the device: a value means one object in every table, and is open as often as
    /// it is counted.
    fn audit_shared(&self) {
        if !self.profile.has_one_handle_table() {
            return;
        }
        let mut opens: BTreeMap<ObjectId, u32> = BTreeMap::new();
        for process in self.processes() {
            for (handle, id) in self.handles_of(process).iter() {
                assert_eq!(self.shared.get(handle), Some(id), "what {handle} means");
                *opens.entry(id).or_default() += 1;
            }
        }
        for (id, counted) in self.shared.opens() {
            assert_eq!(opens.remove(&id).unwrap_or(0), counted, "opens of {id}");
        }
        assert!(opens.is_empty(), "handles without a value: {opens:?}");
    }

    fn audit_references(&self) {
        let mut references: BTreeMap<ObjectId, u32> = BTreeMap::new();
        let mut handles: BTreeMap<ObjectId, u32> = BTreeMap::new();
        let mut refer = |id: ObjectId| *references.entry(id).or_default() += 1;
        for reference in self.processes.values() {
            refer(reference.id());
        }
        self.interrupt_events().for_each(&mut refer);
        for event in &self.system_events {
            refer(event.id());
            *handles.entry(event.id()).or_default() += 1;
        }
        for (_, id) in self.handles.iter().flat_map(HandleTable::iter) {
            refer(id);
            *handles.entry(id).or_default() += 1;
        }
        for (_, object) in self.objects.iter() {
            match &object.body {
                KernelObject::Process(process) => {
                    process.threads.values().for_each(|thread| refer(thread.id()));
                    for view in &process.views {
                        refer(view.object.id());
                        *handles.entry(view.object.id()).or_default() += 1;
                    }
                }
                KernelObject::Thread(thread) => {
                    thread.messages.iter().for_each(|messages| refer(messages.id()));
                    if let ThreadState::Blocked(wait) = &thread.state {
                        wait.blocks.as_slice().iter().for_each(|block| refer(block.object.id()));
                    }
                }
                KernelObject::QueueEnd(end) => refer(end.queue.id()),
                _ => {}
            }
        }
        for (id, object) in self.objects.iter() {
            let counted = references.remove(&id).unwrap_or(0);
            assert_eq!(counted, self.objects.references(id), "references to {id}");
            assert_eq!(handles.remove(&id).unwrap_or(0), object.handles, "handles to {id}");
        }
        assert!(references.is_empty(), "references to objects that are gone: {references:?}");
    }

    fn audit_waits(&self) {
        let mut deadlines: Vec<_> = self.timers.iter().collect();
        deadlines.sort();
        let mut expected = Vec::new();
        for (id, object) in self.objects.iter() {
            for waiter in object.waiters.iter() {
                let ThreadState::Blocked(wait) = &self.thread(waiter.thread).state else {
                    panic!("{:?} stands in the queue of {id} but is not blocked", waiter.thread)
                };
                let block = &wait.blocks.as_slice()[usize::from(waiter.index)];
                assert_eq!(block.object.id(), id, "wait block {} of {:?}", waiter.index, waiter.thread);
                assert!(
                    !object.body.is_signaled(waiter.thread),
                    "{:?} waits for {id}, its own",
                    waiter.thread
                );
            }
            if let KernelObject::WatchdogTimer(body) = &object.body {
                expected.extend(body.timer.map(|timer| (timer.at(), id)));
            }
            let KernelObject::Thread(thread) = &object.body else { continue };
            let ThreadState::Blocked(wait) = &thread.state else { continue };
            for (index, block) in wait.blocks.as_slice().iter().enumerate() {
                let mut waiters = self.objects[block.object.id()].waiters.iter();
                let stands = waiters.any(|w| w.thread.0 == id && usize::from(w.index) == index);
                assert!(stands, "{id} has a wait block for {} but no waiter there", block.object.id());
            }
            expected.extend(wait.timer.map(|timer| (timer.at(), id)));
        }
        expected.sort();
        assert_eq!(deadlines, expected, "deadlines");
    }

    fn audit_ready(&self) {
        let mut ready: Vec<_> = self.ready.iter().map(|(level, thread)| (thread, level)).collect();
        ready.sort();
        let mut expected = Vec::new();
        for (id, object) in self.objects.iter() {
            let KernelObject::Thread(thread) = &object.body else { continue };
            let is_current = self.current() == Some(ThreadId(id));
            match thread.state {
                ThreadState::Ready { .. } if !is_current && thread.suspend_count == 0 => {
                    expected.push((ThreadId(id), thread.priority()));
                }
                ThreadState::Running => assert!(is_current, "{id} runs but is not current"),
                ThreadState::Ready { .. } | ThreadState::Blocked(_) | ThreadState::Terminated { .. } => {}
            }
        }
        expected.sort();
        assert_eq!(ready, expected, "ready queue");
        let most_urgent = expected.iter().map(|(_, priority)| *priority).min();
        assert_eq!(self.ready.most_urgent(), most_urgent, "the most urgent level");
        if let Some(running) = self.running {
            let thread = self.thread(running.thread);
            assert_eq!(thread.priority(), running.priority, "priority of the running thread");
            assert_eq!(thread.suspend_count, 0, "a suspended thread runs");
            if self.goes_on() {
                let is_outranked = self.ready.most_urgent().is_some_and(|level| level < running.priority);
                assert!(!is_outranked, "somebody more urgent than {:?} is ready", running.thread);
                assert!(self.until <= self.timers.next(), "{:?} goes on beyond a deadline", running.thread);
                assert!(self.until <= running.quantum_end, "{:?} goes on beyond its quantum", running.thread);
                assert!(self.ended.is_empty() && self.reset.is_none(), "the machine has something to do");
            }
        }
    }

    fn audit_owners(&self) {
        for (id, object) in self.objects.iter() {
            if let Some(owner) = self.owner_of(id) {
                let owned = self.thread(owner).owned.iter().filter(|owned| owned.id() == id).count();
                assert_eq!(owned, 1, "{owner:?} owns {id}");
            }
            let KernelObject::Thread(thread) = &object.body else { continue };
            for owned in &thread.owned {
                assert_eq!(self.owner_of(owned.id()), Some(ThreadId(id)), "owner of {}", owned.id());
            }
            self.audit_loan(ThreadId(id));
        }
    }

    /// A thread is lent what its most urgent waiter lends, or more if one gave up since it last ran.
    fn audit_loan(&self, id: ThreadId) {
        let thread = self.thread(id);
        if thread.exit_code().is_some() {
            return;
        }
        let lent = thread.owned.iter().filter_map(|owned| self.objects[owned.id()].waiters.lent()).min();
        let inherited = thread.inherited.map(|priority| priority.0);
        if thread.loan_is_stale {
            // What it keeps from those who gave up is at least what it is lent now.
            assert!(inherited <= lent.or(inherited), "{id:?} is lent {lent:?} and has {inherited:?}");
        } else {
            assert_eq!(lent, inherited, "what {id:?} is lent");
        }
    }

    fn audit_names(&self) {
        let mut named = 0;
        for (id, object) in self.objects.iter() {
            let Some(name) = &object.name else { continue };
            named += 1;
            let handles = match &object.body {
                KernelObject::MessageQueue(_) => self.attached(id, End::Read) + self.attached(id, End::Write),
                _ => object.handles,
            };
            assert!(handles > 0, "{id} has a name but no handle");
            assert_eq!(self.names.get(object.body.kind(), name), Some(id), "the name {name}");
        }
        assert_eq!(named, self.names.len(), "names");
    }

    /// Nobody waits for a message that is there, or for room that is there.
    fn audit_queues(&self) {
        let mut bytes = 0;
        for (id, object) in self.objects.iter() {
            let KernelObject::MessageQueue(queue) = &object.body else { continue };
            bytes += queue_charge(queue);
            for waiter in object.waiters.iter() {
                let ThreadState::Blocked(wait) = &self.thread(waiter.thread).state else { continue };
                match (wait.reason, &wait.message) {
                    (WaitReason::ReadMessage { .. }, None) => assert!(queue.is_empty(), "{id} has a message"),
                    (WaitReason::WriteMessage, Some(message)) => {
                        assert!(!queue.has_room_for(message.is_alert), "{id} has room");
                    }
                    (reason, _) => panic!("{:?} waits for {id} as {reason:?}", waiter.thread),
                }
            }
            for end in [End::Read, End::Write] {
                let Some(end_id) = queue.end(end) else { continue };
                assert_eq!(self.get::<QueueEnd>(end_id).queue.id(), id, "queue of {end_id}");
            }
        }
        assert_eq!(bytes, self.queue_bytes, "memory of message queues");
    }
}

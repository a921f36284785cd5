//! A stable summary of everything that decides the future. Not the trace: that is the past.

use std::hash::{Hash, Hasher};

use crate::{Kernel, KernelObject, Object};

impl Kernel {
    /// Feeds the whole state to a hasher. Taken apart field by field: a new one does not compile until it
    /// has been thought of.
    pub fn digest(&self, hasher: &mut impl Hasher) {
        let Kernel {
            objects,
            handles,
            names: _, // Said by the objects' own names.
            processes,
            ready,
            timers,
            now,
            epoch,
            time_zone,
            set_season,
            running,
            until: _, // Follows from the others.
            idle_time,
            queue_bytes,
            interrupts,
            system_events,
            rules,
            profile,
            shared,
            watchdogs,
            lock_tickets,
            snapshot_entries,
            reset,
            default_quantum,
            last_id,
            ended,
            trace: _,
        } = self;
        for (id, object) in objects.iter() {
            let Object { waiters, handles, name, body } = object;
            (id, waiters, handles, name, objects.references(id)).hash(hasher);
            match body {
                KernelObject::Event(body) => body.hash(hasher),
                KernelObject::Mutex(body) => body.hash(hasher),
                KernelObject::Semaphore(body) => body.hash(hasher),
                KernelObject::CriticalSection(body) => body.hash(hasher),
                KernelObject::MessageQueue(body) => body.hash(hasher),
                KernelObject::QueueEnd(body) => body.hash(hasher),
                KernelObject::WatchdogTimer(body) => body.hash(hasher),
                KernelObject::ThreadMessages(body) => body.hash(hasher),
                KernelObject::MemoryMap(body) => body.hash(hasher),
                KernelObject::OpenFile(body) => body.hash(hasher),
                KernelObject::FindHandle(body) => body.hash(hasher),
                KernelObject::RegistryKey(body) => body.hash(hasher),
                KernelObject::Snapshot(body) => body.hash(hasher),
                KernelObject::Process(body) => body.hash(hasher),
                KernelObject::Thread(body) => body.hash(hasher),
            }
        }
        handles.iter().filter(|table| !table.is_empty()).for_each(|table| table.hash(hasher));
        (processes, ready, timers, now, running, idle_time, queue_bytes).hash(hasher);
        (epoch, time_zone, set_season, profile, shared, snapshot_entries).hash(hasher);
        (interrupts, system_events, rules, watchdogs, lock_tickets, reset, default_quantum, last_id, ended)
            .hash(hasher);
    }
}

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
        // Slots that nobody has used since, or ever, are the same.
        let open = handles.iter().enumerate().filter(|(_, table)| !table.is_empty());
        open.for_each(|(slot, table)| (slot, table).hash(hasher));
        (processes, ready, timers, now, running, idle_time, queue_bytes).hash(hasher);
        (epoch, time_zone, set_season, profile, shared, snapshot_entries).hash(hasher);
        (interrupts, system_events, rules, watchdogs, lock_tickets, reset, default_quantum, last_id, ended)
            .hash(hasher);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::hash::DefaultHasher;
    use std::sync::Arc;

    use cerium_handle::{Handle, ProcessId};
    use cerium_process::ThreadStart;

    use crate::NewProcess;

    /// A device with a thread in each of two processes.
    fn device() -> (Kernel, [ProcessId; 2]) {
        let mut kernel = Kernel::default();
        let processes = [0, 1].map(|program| {
            let text: Arc<[u16]> = Arc::default();
            let new = NewProcess { program, image: text.clone(), command_line: text, module: 0 };
            let process = kernel.create_process(new);
            kernel.create_thread(process, program, ThreadStart::default(), false);
            process
        });
        (kernel, processes)
    }

    fn digest(kernel: &Kernel) -> u64 {
        let mut hasher = DefaultHasher::new();
        kernel.digest(&mut hasher);
        hasher.finish()
    }

    fn open(kernel: &mut Kernel, by: ProcessId, of: ProcessId) -> Handle {
        kernel.open_handle_in(by, of.0).expect("there is room")
    }

    #[test]
    fn the_same_device_has_the_same_digest() {
        let ((mut one, [a, b]), (mut other, _)) = (device(), device());
        assert_eq!(digest(&one), digest(&other));
        open(&mut one, a, b);
        open(&mut other, a, b);
        assert_eq!(digest(&one), digest(&other));
    }

    #[test]
    fn who_has_which_handle_is_part_of_it() {
        let (mut one, [a, b]) = device();
        let (mut other, _) = device();
        // Each of the objects has one handle in both devices, and each process has one handle.
        open(&mut one, a, b);
        open(&mut one, b, a);
        open(&mut other, a, a);
        open(&mut other, b, b);
        assert_ne!(digest(&one), digest(&other), "they are handles of other objects");
        let (mut one, _) = device();
        let (mut other, _) = device();
        open(&mut one, a, b);
        open(&mut other, b, b);
        assert_ne!(digest(&one), digest(&other), "the handle is another process's");
    }
}

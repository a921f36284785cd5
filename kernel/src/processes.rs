//! Processes: their beginning, their end, and their TLS indexes.

use std::collections::BTreeMap;
use std::sync::Arc;

use cerium_handle::{HandleTable, ProcessId, ThreadId};
use cerium_process::Process;

use crate::{CeResult, Ended, Event, Kernel, Win32Error};

/// What a new process is made of.
#[derive(Clone, Debug)]
pub struct NewProcess {
    /// The number by which the machine knows its program.
    pub program: u32,
    /// The path of its image.
    pub image: Arc<[u16]>,
    /// Its command line.
    pub command_line: Arc<[u16]>,
    /// Where its image is loaded.
    pub module: u32,
}

/// TLS indexes below this one are the system's (TLSSLOT_*, OQ-18).
const FIRST_TLS_INDEX: u32 = 4;
/// TLS_MINIMUM_AVAILABLE (aa450642).
const TLS_SLOTS: u32 = 64;

impl Kernel {
    /// Whether there is room for another process.
    pub fn check_room_for_process(&self) -> CeResult<()> {
        if self.processes.len() >= self.profile.maximum_processes() {
            return Err(Win32Error::OUTOFMEMORY);
        }
        Ok(())
    }

    /// Makes a process without threads. It lives until its last thread or its primary one ends.
    pub fn create_process(&mut self, new: NewProcess) -> ProcessId {
        let id = self.next_id();
        let NewProcess { program, image, command_line, module } = new;
        let reference = self.create(Process {
            id,
            program,
            image,
            command_line,
            module,
            threads: BTreeMap::new(),
            views: Vec::new(),
            primary: None,
            tls_in_use: (1 << FIRST_TLS_INDEX) - 1,
            exit_code: None,
            created_at: self.now,
        });
        let process = ProcessId(reference.id());
        if self.profile.has_one_handle_table() {
            self.process_mut(process).id = self.shared.value_of(reference.id()).0;
        }
        self.trace_creation(reference.id());
        let slot = process.0.slot();
        if slot >= self.handles.len() {
            self.handles.resize_with(slot + 1, HandleTable::default);
        }
        assert!(self.handles[slot].is_empty(), "whoever was there before has closed its handles");
        self.processes.insert(process, reference);
        process
    }

    /// Ends a process, in the documented order (aa450927): its handles are closed, its threads stop, it is
    /// signaled, its threads are signaled. All of them get its exit code.
    pub fn exit_process(&mut self, process: ProcessId, exit_code: u32) {
        self.close_all_handles(process);
        self.remove_all_views(process);
        let threads: Vec<ThreadId> = self.process(process).threads.keys().copied().collect();
        for thread in &threads {
            self.stop_thread(*thread, exit_code);
        }
        // Only now, so that no mutex passes to a thread of the process that is about to stop.
        for thread in &threads {
            self.let_go_of_mutexes(*thread);
        }
        self.process_mut(process).exit_code = Some(exit_code);
        self.trace.push(self.now, || Event::End { object: process.0, exit_code });
        self.stop_watching(process);
        self.wake(process.0);
        for thread in threads {
            self.bury_thread(process, thread);
        }
        let body = self.process(process);
        let (program, id, image) = (body.program, body.id, body.image.clone());
        self.note_end(Ended::Process { process, program, id, image, exit_code });
        let reference = self.processes.remove(&process).expect("a living process is in the list");
        self.release(reference);
        if self.processes.is_empty() {
            self.disable_all_interrupts();
            self.release_system_events();
        }
    }

    /// Ends a process from outside or inside (aa450927), at once: none of its threads runs again (OQ-12). One
    /// that has ended already is refused (OQ-13).
    pub fn terminate_process(&mut self, process: ProcessId, exit_code: u32) -> CeResult<()> {
        if self.process(process).exit_code.is_some() {
            return Err(Win32Error::INVALID_HANDLE);
        }
        self.exit_process(process, exit_code);
        Ok(())
    }

    /// The living processes, in the order in which they were made.
    pub fn processes(&self) -> impl Iterator<Item = ProcessId> {
        self.processes.keys().copied()
    }

    /// The living process with this id.
    pub fn process_with_id(&self, id: u32) -> Option<ProcessId> {
        self.processes().find(|process| self.process(*process).id == id)
    }

    /// The living thread with this id.
    pub fn thread_with_id(&self, id: u32) -> Option<ThreadId> {
        self.processes()
            .flat_map(|process| self.process(process).threads.keys())
            .find(|thread| self.thread(**thread).id == id)
            .copied()
    }

    /// Gives out the lowest free TLS index of a process (processes-threads.md §9).
    pub fn allocate_tls(&mut self, process: ProcessId) -> Option<u32> {
        let in_use = &mut self.process_mut(process).tls_in_use;
        let index = in_use.trailing_ones();
        if index >= TLS_SLOTS {
            return None;
        }
        *in_use |= 1 << index;
        Some(index)
    }

    /// Takes a TLS index back; every thread of the process reads 0 there afterwards.
    pub fn free_tls(&mut self, process: ProcessId, index: u32) -> CeResult<()> {
        if !(FIRST_TLS_INDEX..TLS_SLOTS).contains(&index) {
            return Err(Win32Error::INVALID_PARAMETER);
        }
        let in_use = self.process(process).tls_in_use;
        if in_use & (1 << index) == 0 {
            return Err(Win32Error::INVALID_PARAMETER);
        }

        self.process_mut(process).tls_in_use &= !(1 << index);
        let threads: Vec<ThreadId> = self.process(process).threads.keys().copied().collect();
        for thread in threads {
            self.set_tls_value(thread, index, 0);
        }
        Ok(())
    }

    /// Whether an index is one of the 64 slots; reading and storing ask no more than that.
    pub fn check_tls_index(index: u32) -> CeResult<()> {
        if index < TLS_SLOTS { Ok(()) } else { Err(Win32Error::INVALID_PARAMETER) }
    }
}

//! Threads: their life, their priority, and being suspended.

use cerium_handle::{ObjectId, ProcessId, ThreadId};
use cerium_process::{
    Instant, MAXIMUM_SUSPEND_COUNT, Owned, Priority, Thread, ThreadStart, ThreadState, Timeout, Wait,
    WaitBlocks, WaitReason,
};
use cerium_sync::{Completion, CriticalSection, Mutex};

use crate::{CeResult, Ended, Event, Kernel, Win32Error};

impl Kernel {
    /// Makes a thread, ready to run or suspended. The first thread of a process is its primary one.
    pub fn create_thread(
        &mut self,
        process: ProcessId,
        guest: u32,
        start: ThreadStart,
        suspended: bool,
    ) -> ThreadId {
        let id = self.next_id();
        let mut body = Thread::new(process, id, guest, start, self.system_time());
        body.suspend_count = u32::from(suspended);
        body.quantum = self.default_quantum;
        body.quantum_left = self.default_quantum;
        let priority = body.priority();
        let reference = self.create(body);
        let thread = ThreadId(reference.id());
        if self.profile.has_one_handle_table() {
            self.thread_mut(thread).id = self.shared.value_of(reference.id()).0;
        }
        self.trace_creation(reference.id());
        let owner = self.process_mut(process);
        owner.threads.insert(thread, reference);
        if owner.primary.is_none() {
            owner.primary = Some(thread);
        }
        if !suspended {
            self.make_ready(priority, thread);
        }
        thread
    }

    /// Makes the thread of an outside input: as urgent as can be, and asleep until its time.
    pub fn create_input_thread(&mut self, process: ProcessId, guest: u32, at: Instant) -> ThreadId {
        let thread = self.create_thread(process, guest, ThreadStart::default(), true);
        let timer = self.set_deadline(at, thread.0);
        let wait =
            Wait { reason: WaitReason::Sleep, blocks: WaitBlocks::None, timer: Some(timer), message: None };
        let body = self.thread_mut(thread);
        body.suspend_count = 0;
        body.base_priority = Priority(0);
        body.state = ThreadState::Blocked(wait);
        if at <= self.now {
            self.advance(0);
        }
        thread
    }

    pub(crate) fn next_id(&mut self) -> u32 {
        // Never a handle (their lowest bits are 10), never 0, and no id comes again soon (OQ-2).
        self.last_id = self.last_id.wrapping_add(4).max(4);
        self.last_id
    }

    /// Ends a thread; with the primary thread, or the last, its process (ee482850).
    pub fn exit_thread(&mut self, thread: ThreadId, exit_code: u32) {
        let process = self.process_of(thread);
        let body = self.process(process);
        if body.primary == Some(thread) || body.threads.len() == 1 {
            self.exit_process(process, exit_code);
            return;
        }
        self.stop_thread(thread, exit_code);
        self.let_go_of_mutexes(thread);
        self.bury_thread(process, thread);
    }

    /// Whether the end of one thread is the end of another: the same one, or the primary one of its process.
    pub fn ending_thread_ends(&self, ending: ThreadId, other: ThreadId) -> bool {
        let process = self.process_of(ending);
        ending == other
            || (process == self.process_of(other) && self.process(process).primary == Some(ending))
    }

    /// Takes a thread out of whatever it is doing, for good.
    pub(crate) fn stop_thread(&mut self, id: ThreadId, exit_code: u32) {
        if self.current() == Some(id) {
            self.leave_cpu(id);
        } else {
            let thread = self.thread(id);
            match &thread.state {
                ThreadState::Ready { .. } if thread.suspend_count == 0 => {
                    let priority = thread.priority();
                    self.ready.remove(priority, id);
                }
                ThreadState::Ready { .. } => {}
                ThreadState::Blocked(_) => self.unlink(id),
                ThreadState::Running => unreachable!("only one thread runs"),
                ThreadState::Terminated { .. } => unreachable!("a thread ends once"),
            }
        }
        let (now, date) = (self.now, self.system_time());
        let thread = self.thread_mut(id);
        thread.state = ThreadState::Terminated { exit_code };
        thread.exited_at = Some(date);
        thread.inherited = None;
        thread.loan_is_stale = false;
        let guest = thread.guest;
        let process = thread.process;
        if let Some(messages) = thread.messages.take() {
            self.release(messages);
        }
        let program = self.process(process).program;
        self.trace.push(now, || Event::End { object: id.0, exit_code });
        self.note_end(Ended::Thread { program, guest });
    }

    /// Releases every mutex of a thread that has stopped, whatever the counts (sync.md §3.4). Its critical
    /// sections stay locked (SQ-21).
    pub(crate) fn let_go_of_mutexes(&mut self, thread: ThreadId) {
        // One after the other: a mutex without handles goes with its last waiter, whom another may free.
        while !self.thread(thread).owned.is_empty() {
            match self.thread_mut(thread).owned.remove(0) {
                Owned::Mutex(id) => {
                    self.get_mut::<Mutex>(id).abandon();
                    self.wake(id);
                }
                Owned::CriticalSection(id) => {
                    log::warn!(target: "kernel", "{thread:?} ended inside critical section {id}");
                    let owner = self.thread(thread).id;
                    self.get_mut::<CriticalSection>(id).owner_ended(owner);
                }
            }
        }
    }

    /// Signals a thread that has stopped, and lets go of it.
    pub(crate) fn bury_thread(&mut self, process: ProcessId, thread: ThreadId) {
        self.wake(thread.0);
        let threads = &mut self.process_mut(process).threads;
        let reference = threads.remove(&thread).expect("a thread is in its process");
        self.release(reference);
    }

    /// Ends another thread, or the caller, as if it had exited (ee488176). One that waits leaves its wait
    /// without having taken anything (SQ-14).
    pub fn terminate_thread(&mut self, id: ObjectId, exit_code: u32) -> CeResult<()> {
        let thread = ThreadId(id);
        if self.thread(thread).exit_code().is_some() {
            return Err(Win32Error::INVALID_HANDLE);
        }
        self.exit_thread(thread, exit_code);
        Ok(())
    }

    /// Stores what GetLastError is to return.
    #[inline]
    pub fn set_last_error(&mut self, thread: ThreadId, error: Win32Error) {
        self.thread_mut(thread).last_error = error.0;
    }

    /// Gives a thread another priority. Raising a blocked one acts at once, on its place in the queues and
    /// on the owner it lends to (OQ-26); lowering one acts when it is no longer blocked (ms885155). What it has
    /// borrowed it keeps (OQ-25).
    pub fn set_priority(&mut self, id: ObjectId, priority: Priority) {
        let thread = ThreadId(id);
        self.change_priority(thread, |body| body.base_priority = priority);
        if let ThreadState::Blocked(wait) = &self.thread(thread).state {
            let objects: Vec<_> = wait.blocks.as_slice().iter().map(|block| block.object.id()).collect();
            for object in objects {
                // Also if a loan hides its own priority: that is what it lends.
                self.objects[object].waiters.lend(thread, priority.0);
                self.lend_to_owner(object);
            }
        }
    }

    /// Gives a thread another quantum, in nanoseconds; it counts from when the thread is next scheduled
    /// (ms885136). 0 lets it run to completion.
    pub fn set_quantum(&mut self, id: ObjectId, quantum: u64) {
        let body = self.thread_mut(ThreadId(id));
        body.quantum = quantum;
        body.quantum_left = quantum;
        if let Some(running) = self.running.as_mut().filter(|running| running.thread.0 == id) {
            running.quantum_changed = true;
        }
    }

    /// How long a thread has had the CPU, in nanoseconds.
    pub fn run_time(&self, thread: ThreadId) -> u64 {
        let this_turn = self.running.filter(|running| running.thread == thread);
        self.thread(thread).run_time + this_turn.map_or(0, |running| self.now.since(running.since))
    }

    /// Whether a thread waits for something.
    pub fn is_blocked(&self, thread: ThreadId) -> bool {
        matches!(self.thread(thread).state, ThreadState::Blocked(_))
    }

    /// Adds one to a thread's suspend count and returns it as it was (ee488373). A blocked thread goes on
    /// waiting, and stops when its wait is over (OQ-17).
    pub fn suspend_thread(&mut self, id: ObjectId) -> CeResult<u32> {
        let thread = ThreadId(id);
        let body = self.thread(thread);
        if body.exit_code().is_some() {
            return Err(Win32Error::INVALID_HANDLE);
        }
        let previous = body.suspend_count;
        let is_in_call = matches!(body.state, ThreadState::Blocked(_));
        if previous >= MAXIMUM_SUSPEND_COUNT || (is_in_call && self.rules.refuse_blocked_suspend) {
            return Err(Win32Error::SIGNAL_REFUSED);
        }

        if previous == 0 && matches!(body.state, ThreadState::Ready { .. }) {
            let priority = body.priority();
            self.ready.remove(priority, thread);
        }
        if self.current() == Some(thread) {
            self.leave_cpu(thread);
        }
        self.thread_mut(thread).suspend_count += 1;
        Ok(previous)
    }

    /// Takes one from a thread's suspend count and returns it as it was; 0 changes nothing (ee488648).
    pub fn resume_thread(&mut self, id: ObjectId) -> CeResult<u32> {
        let thread = ThreadId(id);
        let body = self.thread_mut(thread);
        if body.exit_code().is_some() {
            return Err(Win32Error::INVALID_HANDLE);
        }
        let previous = body.suspend_count;
        if previous == 0 {
            return Ok(0);
        }

        body.suspend_count -= 1;
        if body.suspend_count > 0 {
            return Ok(previous);
        }
        let priority = body.priority();
        match &body.state {
            ThreadState::Ready { .. } => self.make_ready(priority, thread),
            ThreadState::Blocked(wait) if wait.reason == WaitReason::SelfSuspend => {
                self.unblock(thread, Completion::Resumed);
            }
            ThreadState::Blocked(_) => {}
            ThreadState::Running => unreachable!("a suspended thread does not run"),
            ThreadState::Terminated { .. } => unreachable!("it was asked above"),
        }
        Ok(previous)
    }

    /// Sleep for at least so long; INFINITE is the same as suspending oneself (aa909009).
    pub fn sleep(&mut self, thread: ThreadId, timeout: Timeout) {
        if timeout == Timeout::Infinite {
            self.block(thread, WaitReason::SelfSuspend, &[], timeout);
            self.thread_mut(thread).suspend_count = 1;
        } else {
            self.block(thread, WaitReason::Sleep, &[], timeout);
        }
    }

    /// Reads a TLS slot below 64; one that was never stored is 0.
    pub fn tls_value(&self, thread: ThreadId, index: u32) -> u32 {
        self.thread(thread).tls.as_ref().map_or(0, |values| values[index as usize])
    }

    /// Stores a TLS value in a slot below 64.
    pub fn set_tls_value(&mut self, thread: ThreadId, index: u32, value: u32) {
        let tls = &mut self.thread_mut(thread).tls;
        if value != 0 || tls.is_some() {
            tls.get_or_insert_with(|| Box::new([0; 64]))[index as usize] = value;
        }
    }
}

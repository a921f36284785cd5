//! Processes and threads, and the handles that go with them.

use super::state::{Entry, Model, Phase, Process, Side, State, Target, Thing, Thread};
use super::waits::TICK;

/// Our choice: no page names the exit code of a process that a watchdog ended.
pub(crate) const KILLED_BY_WATCHDOG: u32 = 1460;
pub(crate) const INVALID_HANDLE: u32 = 6;
const NORMAL: u8 = 251;
const PSEUDO_THREAD: u32 = 65;
const PSEUDO_PROCESS: u32 = 66;

impl Model {
    /// Makes a process without threads, whose id it is told.
    pub(crate) fn create_process(&mut self, id: u32) -> usize {
        self.adopt_id(id);
        let mut tls_in_use = [false; 64];
        // The system's (OQ-18).
        tls_in_use[..4].fill(true);
        self.processes.push(Process { id, primary: None, tls_in_use, exit_code: None });
        self.processes.len() - 1
    }

    pub(crate) fn create_thread(&mut self, process: usize, id: u32, suspended: bool) -> usize {
        self.adopt_id(id);
        let place = self.number() as i64;
        self.threads.push(Thread {
            process,
            id,
            state: State::Ready,
            base: NORMAL,
            kept: None,
            level: NORMAL,
            place,
            suspended: u32::from(suspended),
            quantum: self.quantum,
            left: None,
            fresh: true,
            last_error: 0,
            tls: [0; 64],
            answer: None,
        });
        let thread = self.threads.len() - 1;
        self.processes[process].primary.get_or_insert(thread);
        thread
    }

    /// An id is unique, and no handle of anybody (OQ-1, OQ-2).
    fn adopt_id(&mut self, id: u32) {
        let is_known = self.processes.iter().any(|process| process.id == id)
            || self.threads.iter().any(|thread| thread.id == id);
        if id == 0 || is_known || self.handles.iter().any(|entry| entry.value == id) {
            self.complaints.push(format!("the new id {id} is not a new one"));
        }
    }

    /// What a handle of a thread's process means, pseudo-handles included.
    pub(crate) fn look(&self, thread: usize, value: u32) -> Result<Target, u32> {
        let process = self.threads[thread].process;
        match value {
            PSEUDO_THREAD => Ok(Target::Thread(thread)),
            PSEUDO_PROCESS => Ok(Target::Process(process)),
            _ => self.look_in(process, value),
        }
    }

    /// What a handle of any process means.
    pub(crate) fn look_in(&self, process: usize, value: u32) -> Result<Target, u32> {
        let found = self.handles.iter().find(|entry| entry.process == process && entry.value == value);
        found.map(|entry| entry.target).ok_or(INVALID_HANDLE)
    }

    pub(crate) fn look_thread(&self, thread: usize, value: u32) -> Result<usize, u32> {
        let Target::Thread(found) = self.look(thread, value)? else { return Err(INVALID_HANDLE) };
        Ok(found)
    }

    pub(crate) fn look_process(&self, thread: usize, value: u32) -> Result<usize, u32> {
        let Target::Process(found) = self.look(thread, value)? else { return Err(INVALID_HANDLE) };
        Ok(found)
    }

    /// Opens one more handle, whose value it is told: one that is not in use and never special.
    pub(crate) fn open(&mut self, process: usize, target: Target, value: u32) {
        if matches!(value, 0 | PSEUDO_THREAD | PSEUDO_PROCESS | u32::MAX)
            || self.look_in(process, value).is_ok()
        {
            self.complaints.push(format!("the new handle {value:#x} is not a new one"));
        }
        let is_first = self.handles_to(target) == 0;
        self.handles.push(Entry { process, value, target });
        if let Target::End(queue, side) = target
            && is_first
        {
            self.queue_mut(queue).ever[side as usize] = true;
            self.refresh(queue);
        }
    }

    pub(crate) fn close(&mut self, process: usize, value: u32) -> Result<(), u32> {
        let is_it = |entry: &Entry| entry.process == process && entry.value == value;
        let place = self.handles.iter().position(is_it).ok_or(INVALID_HANDLE)?;
        let target = self.handles.remove(place).target;
        if self.handles_to(target) > 0 {
            return Ok(());
        }
        match target {
            Target::End(queue, side) => self.end_left(queue, side),
            Target::Object(object) => {
                // OQ-48: the last handle stops a watchdog.
                if let Thing::Watchdog(watchdog) = &mut self.objects[object].thing {
                    watchdog.phase = Phase::Stopped;
                    watchdog.deadline = None;
                }
            }
            Target::Process(_) | Target::Thread(_) => {}
        }
        Ok(())
    }

    /// DuplicateHandle; says where the new handle is to be, and closes the source if that was asked.
    pub(crate) fn duplicate(
        &mut self,
        thread: usize,
        [from, source, to, options]: [u32; 4],
        inherit: bool,
        wants_target: bool,
        told: Option<u32>,
    ) -> Result<u32, u32> {
        let found = self.find_duplicate(thread, [from, source, to, options], inherit, wants_target);
        let opened = found.map(|(process, target)| {
            let value = told.unwrap_or(0);
            self.open(process, target, value);
            value
        });
        // ee488902: the source is closed whatever the outcome.
        if options & 1 != 0
            && let Ok(from) = self.look_process(thread, from)
        {
            let _ = self.close(from, source);
        }
        opened
    }

    fn find_duplicate(
        &self,
        thread: usize,
        [from, source, to, options]: [u32; 4],
        inherit: bool,
        wants_target: bool,
    ) -> Result<(usize, Target), u32> {
        if options & 2 == 0 || inherit {
            return Err(87);
        }
        let from = self.look_process(thread, from)?;
        let target = match source {
            PSEUDO_THREAD | PSEUDO_PROCESS => self.look(thread, source)?,
            _ => self.look_in(from, source)?,
        };
        let to = self.look_process(thread, to)?;
        if !wants_target {
            return Err(87);
        }
        if self.processes[to].exit_code.is_some() {
            return Err(INVALID_HANDLE);
        }
        Ok((to, target))
    }

    /// Ends a thread; with the primary one its process (ee482850).
    pub(crate) fn exit_thread(&mut self, thread: usize, code: u32) {
        let process = self.threads[thread].process;
        if self.processes[process].primary == Some(thread) {
            self.exit_process(process, code);
            return;
        }
        self.stop(thread, code);
        self.abandon_mutexes(thread);
        self.wake(Target::Thread(thread));
    }

    /// Ends a process in the documented order (aa450927).
    pub(crate) fn exit_process(&mut self, process: usize, code: u32) {
        let mut values: Vec<u32> =
            self.handles.iter().filter(|entry| entry.process == process).map(|entry| entry.value).collect();
        // No page gives an order. Ours: by the place in the table, which a value's middle says, backwards.
        values.sort_by_key(|value| std::cmp::Reverse((value >> 2) & 0xffff));
        for value in values {
            self.close(process, value).expect("it is open");
        }
        self.views.retain(|view| view.process != process);
        let is_its = |thread: &usize| self.threads[*thread].process == process && !self.has_ended(*thread);
        let threads: Vec<usize> = (0..self.threads.len()).filter(is_its).collect();
        for thread in &threads {
            self.stop(*thread, code);
        }
        // No mutex passes to a thread of the process that stops. In the order of the threads' creation.
        for thread in &threads {
            self.abandon_mutexes(*thread);
        }
        self.processes[process].exit_code = Some(code);
        for object in &mut self.objects {
            if let Thing::Watchdog(watchdog) = &mut object.thing
                && watchdog.watched == Some(process)
                && watchdog.phase != Phase::Stopped
            {
                // OQ-51.
                watchdog.phase = Phase::Stopped;
                watchdog.signaled = false;
                watchdog.deadline = None;
            }
        }
        self.wake(Target::Process(process));
        for thread in threads {
            self.wake(Target::Thread(thread));
        }
    }

    fn stop(&mut self, thread: usize, code: u32) {
        self.stop_lending(thread);
        if self.running == Some(thread) {
            self.running = None;
        }
        let body = &mut self.threads[thread];
        body.state = State::Ended(code);
        body.kept = None;
        body.answer = None;
    }

    /// Its mutexes become free, whatever the counts, in the order in which it took them; its critical
    /// sections stay locked (SQ-21).
    fn abandon_mutexes(&mut self, thread: usize) {
        let mut taken = Vec::new();
        for (place, object) in self.objects.iter_mut().enumerate() {
            if let Thing::Mutex(owned) = &mut object.thing
                && owned.owner == Some(thread)
            {
                taken.push((owned.taken, place));
            }
        }
        taken.sort_unstable();
        for (_, place) in taken {
            if let Thing::Mutex(owned) = &mut self.objects[place].thing {
                owned.owner = None;
                owned.count = 0;
            }
            self.wake(Target::Object(place));
        }
    }

    pub(crate) fn suspend(&mut self, thread: usize) -> Result<u32, u32> {
        if self.has_ended(thread) {
            return Err(INVALID_HANDLE);
        }
        let previous = self.threads[thread].suspended;
        if previous >= 127 {
            return Err(156);
        }
        self.threads[thread].suspended += 1;
        if self.running == Some(thread) {
            self.running = None;
            self.threads[thread].state = State::Ready;
        }
        Ok(previous)
    }

    pub(crate) fn resume(&mut self, thread: usize) -> Result<u32, u32> {
        if self.has_ended(thread) {
            return Err(INVALID_HANDLE);
        }
        let previous = self.threads[thread].suspended;
        if previous == 0 {
            return Ok(0);
        }
        self.threads[thread].suspended -= 1;
        if previous > 1 {
            return Ok(previous);
        }
        match &self.threads[thread].state {
            State::Ready => self.threads[thread].place = self.number() as i64,
            State::Blocked(wait) if wait.reason == super::state::Reason::SelfSuspend => {
                self.unblock(thread, super::state::Answer::of(0));
            }
            State::Blocked(_) => {}
            state => panic!("a suspended thread is {state:?}"),
        }
        Ok(previous)
    }

    /// Raising a blocked thread acts at once, on its place and on what it lends (ms885155, OQ-26).
    pub(crate) fn set_priority(&mut self, thread: usize, level: u8) {
        let body = &mut self.threads[thread];
        body.base = level;
        let mut targets = Vec::new();
        if let State::Blocked(wait) = &mut body.state {
            wait.lends = wait.lends.min(level);
            targets.clone_from(&wait.targets);
        }
        if !self.has_ended(thread) {
            self.settle(thread);
            self.settle_owners(&targets);
        }
    }

    /// A new quantum counts from when the thread is next scheduled (ms885136).
    pub(crate) fn set_quantum(&mut self, thread: usize, milliseconds: u32) {
        self.threads[thread].quantum = u64::from(milliseconds) * TICK;
        self.threads[thread].fresh = true;
    }

    pub(crate) fn living_thread(&self, id: u32) -> Option<usize> {
        (0..self.threads.len()).find(|thread| self.threads[*thread].id == id && !self.has_ended(*thread))
    }

    pub(crate) fn living_process(&self, id: u32) -> Option<usize> {
        self.processes.iter().position(|process| process.id == id && process.exit_code.is_none())
    }

    pub(crate) fn side_of(reads: bool) -> Side {
        if reads { Side::Read } else { Side::Write }
    }
}

//! The whole observable state of both sides, looked at after each step.

use std::collections::BTreeMap;

use cerium_handle::{Handle, ObjectId, ProcessId, ThreadId};
use cerium_kernel::{Kernel, KernelObject};
use cerium_process::{Thread as KernelThread, ThreadState, WaitReason};
use cerium_sync::{CriticalSection, End, MessageQueue, WatchdogState};

use super::state::{Model, Object, Owned, Phase, Reason, Side, State, Target, Thing, Thread};

/// Which object of the kernel is which of the model's.
#[derive(Clone, Default, Debug)]
pub(crate) struct Twins(BTreeMap<Target, ObjectId>);

type Compared = Result<(), String>;

/// Says what differs, if something does.
fn same<T: PartialEq + std::fmt::Debug>(
    what: &str,
    of: impl std::fmt::Debug,
    kernel: T,
    model: T,
) -> Compared {
    if kernel == model {
        return Ok(());
    }
    Err(format!("{what} of {of:?}: kernel {kernel:?}, model {model:?}"))
}

impl Twins {
    /// Compares everything.
    pub(crate) fn compare(&mut self, kernel: &Kernel, model: &Model) -> Compared {
        let reachable = self.forget_unreachable(model);
        self.learn(kernel, model)?;
        same("time", "the device", kernel.now().0, model.now)?;
        same("idle time", "the device", kernel.idle_time(), model.idle)?;
        same("living objects", "the device", kernel.object_count(), reachable.len())?;
        let current = kernel.current().map(|thread| kernel.thread(thread).id);
        same("running thread", "the device", current, model.running.map(|thread| model.threads[thread].id))?;
        for target in reachable {
            let Some(id) = self.0.get(&target) else { return Err(format!("{target:?} was never seen")) };
            self.compare_target(kernel, model, target, *id)?;
        }
        Ok(())
    }

    /// Forgets what is gone, of which there may be the like anew, and returns what there is.
    pub(crate) fn forget_unreachable(&mut self, model: &Model) -> Vec<Target> {
        let reachable = model.reachable();
        self.0.retain(|target, _| reachable.binary_search(target).is_ok());
        reachable
    }

    /// Finds out which object is which, and that handles mean what they meant.
    fn learn(&mut self, kernel: &Kernel, model: &Model) -> Compared {
        for id in kernel.processes() {
            let number = kernel.process(id).id;
            let Some(process) = model.living_process(number) else {
                return Err(format!("process {number} lives in the kernel only"));
            };
            self.meet(Target::Process(process), id.0)?;
            for thread in kernel.process(id).threads.keys() {
                let number = kernel.thread(*thread).id;
                let Some(thread_place) = model.living_thread(number) else {
                    return Err(format!("thread {number} lives in the kernel only"));
                };
                self.meet(Target::Thread(thread_place), thread.0)?;
            }
            let handles = model.handles.iter().filter(|entry| entry.process == process).count();
            same("open handles", Target::Process(process), kernel.handles_of(id).len(), handles)?;
        }
        for entry in &model.handles {
            let Some(process) = self.0.get(&Target::Process(entry.process)).copied() else {
                return Err(format!("process {} lives in the model only", entry.process));
            };
            let Ok(id) = kernel.lookup_in(ProcessId(process), Handle(entry.value)) else {
                return Err(format!("handle {:#x} is open in the model only", entry.value));
            };
            self.meet(entry.target, id)?;
            if let Target::End(queue, _) = entry.target {
                let KernelObject::QueueEnd(end) = kernel.object(id).expect("it was looked up").body() else {
                    return Err(format!("handle {:#x} is of another kind", entry.value));
                };
                self.meet(Target::Object(queue), end.queue.id())?;
            }
        }
        Ok(())
    }

    fn meet(&mut self, target: Target, id: ObjectId) -> Compared {
        same("twin", target, id, *self.0.entry(target).or_insert(id))
    }

    fn compare_target(&self, kernel: &Kernel, model: &Model, target: Target, id: ObjectId) -> Compared {
        let Some(object) = kernel.object(id) else { return Err(format!("{target:?} is gone in the kernel")) };
        let views = model.views.iter().filter(|view| Target::Object(view.map) == target).count();
        same("handles", target, object.handles() as usize, model.handles_to(target) + views)?;
        let mut waiting: Vec<_> = model.waiters(target).collect();
        waiting.sort_by_key(|(_, wait)| wait.arrival);
        let waiting: Vec<_> = waiting
            .iter()
            .flat_map(|(thread, wait)| {
                let places = (0..wait.targets.len()).filter(|place| wait.targets[*place] == target);
                places.map(|place| (model.threads[*thread].id, place, wait.urgency, wait.lends))
            })
            .collect();
        let waiters: Vec<_> = object
            .waiters()
            .iter()
            .map(|waiter| (kernel.thread(waiter.thread).id, waiter.index.into(), waiter.rank, waiter.lends))
            .collect();
        same("waiters (thread, place, urgency, lends)", target, waiters, waiting)?;
        match (object.body(), target) {
            (KernelObject::Process(body), Target::Process(place)) => {
                let process = &model.processes[place];
                same("id", target, body.id, process.id)?;
                same("exit code", target, body.exit_code, process.exit_code)?;
                let views = model.views.iter().filter(|view| view.process == place).count();
                same("views", target, body.views.len(), views)
            }
            (KernelObject::Thread(body), Target::Thread(place)) => {
                self.compare_thread(kernel, model, ThreadId(id), body, &model.threads[place], place)
            }
            (KernelObject::QueueEnd(body), Target::End(queue, side)) => {
                let is_same_end = (body.end == End::Read) == (side == Side::Read);
                same("end", target, is_same_end, true)?;
                same("signal", target, body.signaled, model.queue(queue).signaled[side as usize])
            }
            (body, Target::Object(place)) => {
                let name = object.name().map(|name| name.units().to_vec());
                let is_named = model.is_named(place);
                let expected = model.objects[place].name.clone().filter(|_| is_named);
                same("name", target, name, expected)?;
                compare_object(kernel, model, target, body, &model.objects[place])
            }
            (body, _) => Err(format!("{target:?} is a {} in the kernel", body.kind().word())),
        }
    }

    fn compare_thread(
        &self,
        kernel: &Kernel,
        model: &Model,
        id: ThreadId,
        body: &KernelThread,
        thread: &Thread,
        place: usize,
    ) -> Compared {
        let who = format!("thread {}", thread.id);
        same("id", &who, body.id, thread.id)?;
        same("base priority", &who, body.base_priority.0, thread.base)?;
        if let (ThreadState::Terminated { exit_code }, State::Ended(code)) = (&body.state, &thread.state) {
            return same("exit code", &who, *exit_code, *code);
        }
        same("priority", &who, body.priority().0, model.effective(place))?;
        same("settled priority", &who, body.priority().0, thread.level)?;
        same("suspend count", &who, body.suspend_count, thread.suspended)?;
        same("quantum", &who, body.quantum, thread.quantum)?;
        same("last error", &who, body.last_error, thread.last_error)?;
        let tls = body.tls.as_ref().map_or([0; 64], |values| **values);
        same("TLS", &who, tls, thread.tls)?;
        same("runs", &who, kernel.current() == Some(id), thread.state == State::Running)?;
        match (&body.state, &thread.state) {
            (ThreadState::Running, State::Running) => Ok(()),
            (ThreadState::Ready { completion }, State::Ready) => {
                same("pending answer", &who, completion.is_some(), thread.answer.is_some())?;
                let left = if thread.fresh { thread.quantum } else { thread.left.unwrap_or(0) };
                let kernel_left = if body.quantum == 0 { left } else { body.quantum_left };
                same("rest of the quantum", &who, kernel_left, left)
            }
            (ThreadState::Blocked(wait), State::Blocked(expected)) => {
                let reason = match wait.reason {
                    WaitReason::Objects => Reason::Objects,
                    WaitReason::Sleep => Reason::Sleep,
                    WaitReason::SelfSuspend => Reason::SelfSuspend,
                    WaitReason::CriticalSection => Reason::Section,
                    WaitReason::ReadMessage { buffer } => Reason::Read(buffer.size),
                    WaitReason::WriteMessage => Reason::Write,
                    WaitReason::GetMessage { .. } => return Err(format!("{who} waits for a posted message")),
                    WaitReason::LockFile(_) => return Err(format!("{who} waits for a lock on a file")),
                };
                same("reason", &who, reason, expected.reason)?;
                let deadline = wait.timer.map(|timer| timer.at().0);
                same("deadline", &who, deadline, expected.deadline.map(|(at, _)| at))?;
                let blocks: Vec<_> = wait.blocks.as_slice().iter().map(|block| block.object.id()).collect();
                let targets: Vec<_> =
                    expected.targets.iter().filter_map(|target| self.0.get(target).copied()).collect();
                same("what it waits for", &who, blocks, targets)
            }
            (state, expected) => Err(format!("state of {who}: kernel {state:?}, model {expected:?}")),
        }
    }
}

fn compare_object(
    kernel: &Kernel,
    model: &Model,
    target: Target,
    body: &KernelObject,
    object: &Object,
) -> Compared {
    match (body, &object.thing) {
        (KernelObject::Event(body), Thing::Event { manual, signaled, data }) => {
            let state = (body.manual_reset, body.signaled, body.data);
            same("event (manual, signaled, data)", target, state, (*manual, *signaled, *data))
        }
        (KernelObject::Mutex(body), Thing::Mutex(owned)) => {
            let owner = body.owner().map(|owner| kernel.thread(owner).id);
            same("mutex (owner, count)", target, (owner, body.count()), owned_state(model, owned))
        }
        (KernelObject::Semaphore(body), Thing::Semaphore { count, maximum }) => {
            let state = (i64::from(body.count()), i64::from(body.maximum()));
            same("semaphore (count, maximum)", target, state, (*count, *maximum))
        }
        (KernelObject::CriticalSection(body), Thing::Section { owned, contentions }) => {
            compare_section(kernel, model, target, body, owned, *contentions)
        }
        (KernelObject::MessageQueue(body), Thing::Queue(queue)) => {
            let state = (body.len() as usize, body.is_empty(), body.is_full(), body.high_water());
            let is_full = queue.maximum > 0 && queue.messages.len() >= queue.maximum as usize;
            let is_empty = queue.messages.is_empty() && queue.alert.is_none();
            let expected = (queue.messages.len(), is_empty, is_full, queue.high_water);
            same("queue (messages, empty, full, high water)", target, state, expected)?;
            same("bytes", target, body.bytes(), bytes_in(queue.alert.iter().chain(&queue.messages)))?;
            compare_broken(model, target, body)
        }
        (KernelObject::WatchdogTimer(body), Thing::Watchdog(watchdog)) => {
            let phase = match body.watchdog.state {
                WatchdogState::Stopped => Phase::Stopped,
                WatchdogState::Running => Phase::Running,
                WatchdogState::Missed => Phase::Missed,
            };
            let state = (phase, body.watchdog.signaled);
            same("watchdog (phase, signaled)", target, state, (watchdog.phase, watchdog.signaled))
        }
        (KernelObject::MemoryMap(body), Thing::Map { size }) => same("size", target, body.size, *size),
        (body, _) => Err(format!("{target:?} is a {} in the kernel", body.kind().word())),
    }
}

fn owned_state(model: &Model, owned: &Owned) -> (Option<u32>, u32) {
    (owned.owner.map(|owner| model.threads[owner].id), owned.count)
}

fn compare_section(
    kernel: &Kernel,
    model: &Model,
    target: Target,
    body: &CriticalSection,
    owned: &Owned,
    contentions: u32,
) -> Compared {
    // An owner that ended inside may be gone for good; its words are compared where they are handed out.
    let state = (body.owner().is_some(), body.count(), body.contentions());
    same(
        "section (owned, count, contentions)",
        target,
        state,
        (owned.owner.is_some(), owned.count, contentions),
    )?;
    match body.owner().filter(|owner| kernel.object(owner.0).is_some()) {
        Some(owner) => same("owner", target, Some(kernel.thread(owner).id), owned_state(model, owned).0),
        None => Ok(()),
    }
}

fn bytes_in<'a>(messages: impl Iterator<Item = &'a Vec<u8>>) -> u64 {
    messages.map(|bytes| bytes.len() as u64).sum()
}

/// Both sides say alike of each end whether it should be signaled.
fn compare_broken(model: &Model, target: Target, body: &MessageQueue) -> Compared {
    let Target::Object(queue) = target else { return Ok(()) };
    let ends = [(End::Read, Side::Read), (End::Write, Side::Write)];
    for (end, side) in ends {
        same("broken end", target, body.is_broken_at(end), model.is_broken_at(queue, side))?;
    }
    Ok(())
}

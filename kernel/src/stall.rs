//! The verdict on a run that nobody can continue: who waits for what, who owns that, and the cycle.

use std::fmt;

use cerium_handle::{ObjectId, ThreadId};
use cerium_process::{ThreadState, WaitReason};

use crate::{Kernel, KernelObject, Kind};

/// A run in which nobody can ever run again.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Stall {
    /// Every thread that is left.
    pub threads: Vec<StalledThread>,
    /// Threads of which each waits for something that the next one owns, and the last for the first's.
    pub cycles: Vec<Vec<ThreadId>>,
}

/// A thread that can never run again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StalledThread {
    /// Which.
    pub thread: ThreadId,
    /// Its id, as the guest knows it.
    pub id: u32,
    /// Its process's id.
    pub process_id: u32,
    /// Its process's image.
    pub image: String,
    /// The kind of wait; none if it is only suspended.
    pub reason: Option<WaitReason>,
    /// How often it is suspended.
    pub suspend_count: u32,
    /// What it waits for.
    pub waits_for: Vec<WaitedFor>,
}

/// Something that a stalled thread waits for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WaitedFor {
    /// Which object.
    pub object: ObjectId,
    /// What it is.
    pub kind: Kind,
    /// What it is called.
    pub name: Option<String>,
    /// Who owns it.
    pub owner: Option<ThreadId>,
    /// Its owner's thread id, also when that thread has ended inside a critical section.
    pub owner_id: Option<u32>,
}

impl Kernel {
    /// Describes why nobody can run.
    pub fn describe_stall(&self) -> Stall {
        let mut stall = Stall::default();
        for process in self.processes() {
            for thread in self.process(process).threads.keys() {
                stall.threads.push(self.describe_thread(*thread));
            }
        }
        stall.cycles = cycles(&stall.threads);
        stall
    }

    fn describe_thread(&self, id: ThreadId) -> StalledThread {
        let thread = self.thread(id);
        let process = self.process(thread.process);
        let mut described = StalledThread {
            thread: id,
            id: thread.id,
            process_id: process.id,
            image: String::from_utf16_lossy(&process.image),
            reason: None,
            suspend_count: thread.suspend_count,
            waits_for: Vec::new(),
        };
        if let ThreadState::Blocked(wait) = &thread.state {
            described.reason = Some(wait.reason);
            let objects = wait.blocks.as_slice().iter().map(|block| block.object.id());
            described.waits_for = objects.map(|object| self.describe_object(object)).collect();
        }
        described
    }

    fn describe_object(&self, id: ObjectId) -> WaitedFor {
        let object = &self.objects[id];
        let owner = self.owner_of(id);
        let ended_owner = match &object.body {
            KernelObject::CriticalSection(section) => section.ended_owner(),
            _ => None,
        };
        WaitedFor {
            object: id,
            kind: object.body.kind(),
            name: object.name().map(|name| String::from_utf16_lossy(name.units())),
            owner,
            owner_id: ended_owner.or_else(|| owner.map(|owner| self.thread(owner).id)),
        }
    }
}

/// Follows from each thread the owners of what it waits for, until a thread comes again.
fn cycles(threads: &[StalledThread]) -> Vec<Vec<ThreadId>> {
    let next = |thread: ThreadId| {
        let stalled = threads.iter().find(|stalled| stalled.thread == thread)?;
        // A thread that waits for several objects can be freed by any: only a single wait is a link.
        match stalled.waits_for.as_slice() {
            [single] => single.owner,
            _ => None,
        }
    };
    let mut found: Vec<Vec<ThreadId>> = Vec::new();
    for start in threads {
        let mut path = vec![start.thread];
        while let Some(owner) = path.last().and_then(|last| next(*last)) {
            if owner == start.thread {
                if !found.iter().any(|cycle| cycle.contains(&owner)) {
                    found.push(path);
                }
                break;
            }
            if path.contains(&owner) {
                break;
            }
            path.push(owner);
        }
    }
    found
}

impl fmt::Display for Stall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "stalled: nobody can ever run again")?;
        for thread in &self.threads {
            writeln!(f, "  {thread}")?;
        }
        for cycle in &self.cycles {
            let ids: Vec<String> = cycle
                .iter()
                .filter_map(|thread| self.threads.iter().find(|stalled| stalled.thread == *thread))
                .map(|stalled| format!("thread {}", stalled.id))
                .collect();
            writeln!(f, "  cycle: {} -> {}", ids.join(" -> "), ids.first().map_or("", |id| id))?;
        }
        Ok(())
    }
}

impl fmt::Display for StalledThread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "thread {} of process {} ({})", self.id, self.process_id, self.image)?;
        match self.reason {
            None => {}
            Some(WaitReason::Sleep) => f.write_str(" sleeps")?,
            Some(WaitReason::GetMessage { .. }) => f.write_str(" waits for a posted message")?,
            Some(WaitReason::SelfSuspend) => f.write_str(" sleeps until somebody resumes it")?,
            // Only WaitForAPIReady waits so.
            Some(WaitReason::Objects) if self.waits_for.is_empty() => {
                f.write_str(" waits for functions that nobody serves")?;
            }
            Some(reason) => {
                f.write_str(match reason {
                    WaitReason::ReadMessage { .. } => " waits for a message in ",
                    WaitReason::WriteMessage => " waits for room in ",
                    WaitReason::LockFile(_) => " waits for a lock on ",
                    _ => " waits for ",
                })?;
                for (place, object) in self.waits_for.iter().enumerate() {
                    write!(f, "{}{object}", if place > 0 { " or " } else { "" })?;
                }
            }
        }
        if self.suspend_count > 0 && self.reason != Some(WaitReason::SelfSuspend) {
            write!(
                f,
                "{} is suspended {} times",
                if self.reason.is_some() { ", and" } else { "" },
                self.suspend_count
            )?;
        }
        Ok(())
    }
}

impl fmt::Display for WaitedFor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.word(), self.object)?;
        if let Some(name) = &self.name {
            write!(f, " {name:?}")?;
        }
        match self.owner_id {
            Some(owner) => write!(f, " (owned by thread {owner})"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cerium_handle::ObjectTable;

    /// A thread that waits so, for these.
    fn stalled(reason: Option<WaitReason>, suspend_count: u32, waits_for: Vec<WaitedFor>) -> StalledThread {
        let mut table = ObjectTable::default();
        let thread = ThreadId(table.insert(()).id());
        StalledThread {
            thread,
            id: 7,
            process_id: 3,
            image: "a.exe".into(),
            reason,
            suspend_count,
            waits_for,
        }
    }

    #[test]
    fn a_stalled_thread_is_told_with_all_that_it_waits_for() {
        let mut table = ObjectTable::default();
        let ids: Vec<_> = (0..2).map(|_| table.insert(()).id()).collect();
        let event = WaitedFor { object: ids[0], kind: Kind::Event, name: None, owner: None, owner_id: None };
        let mutex = WaitedFor {
            object: ids[1],
            kind: Kind::Mutex,
            name: Some("M".into()),
            owner: Some(ThreadId(ids[0])),
            owner_id: Some(9),
        };
        let one = stalled(Some(WaitReason::Objects), 0, vec![mutex.clone()]).to_string();
        let mutex_text = mutex.to_string();
        assert!(mutex_text.ends_with(" \"M\" (owned by thread 9)"), "{mutex_text}");
        assert_eq!(one, format!("thread 7 of process 3 (a.exe) waits for {mutex_text}"));
        let both = stalled(Some(WaitReason::Objects), 2, vec![event.clone(), mutex]).to_string();
        assert_eq!(
            both,
            format!(
                "thread 7 of process 3 (a.exe) waits for {event} or {mutex_text}, and is suspended 2 times"
            )
        );
        let suspended = stalled(None, 1, Vec::new()).to_string();
        assert_eq!(suspended, "thread 7 of process 3 (a.exe) is suspended 1 times");
        let itself = stalled(Some(WaitReason::SelfSuspend), 1, Vec::new()).to_string();
        assert_eq!(itself, "thread 7 of process 3 (a.exe) sleeps until somebody resumes it");
    }
}

//! What happened: typed events in the order in which they did. The kernel collects, the machine drains.

use cerium_handle::{ObjectId, ThreadId};
use cerium_namespace::Name;
use cerium_process::{Instant, Priority, WaitReason};
use cerium_sync::Completion;

use crate::Kind;

/// One event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    /// When it happened.
    pub at: Instant,
    /// What happened.
    pub event: Event,
}

/// What can happen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// A thread asked for something; the machine knows what, by this number.
    Call {
        /// Who asked.
        thread: ThreadId,
        /// The place in the machine's list of calls.
        index: u32,
    },
    /// A thread was answered.
    Reply {
        /// Who was.
        thread: ThreadId,
        /// The place in the machine's list of replies.
        index: u32,
    },
    /// Another thread runs, or nobody.
    Switch(Option<ThreadId>),
    /// The running thread waits.
    Block {
        /// Who.
        thread: ThreadId,
        /// In what kind of wait.
        reason: WaitReason,
        /// For what.
        objects: Box<[ObjectId]>,
        /// Until when at most.
        deadline: Option<Instant>,
    },
    /// A thread's wait is over.
    Wake {
        /// Whose.
        thread: ThreadId,
        /// Why.
        completion: Completion,
    },
    /// An object came to be.
    Create {
        /// Its id.
        object: ObjectId,
        /// What it is.
        kind: Kind,
        /// What it is called.
        name: Option<Name>,
    },
    /// An object went with its last reference.
    Destroy {
        /// Its id.
        object: ObjectId,
    },
    /// A thread or a process ended.
    End {
        /// Which.
        object: ObjectId,
        /// Its exit code.
        exit_code: u32,
    },
    /// A thread began or ceased to run at a borrowed priority (CEL_SYSTEM_INVERT, ee488594).
    Invert {
        /// Which.
        thread: ThreadId,
        /// The priority that counts from now on.
        priority: Priority,
    },
    /// A guest noted something for whoever reads the trace.
    Note {
        /// Who.
        thread: ThreadId,
        /// What.
        text: Box<str>,
    },
    /// A guest put out text.
    Output {
        /// Who.
        thread: ThreadId,
        /// The text.
        text: Box<str>,
    },
}

/// The events since they were last drained.
#[derive(Clone, Default)]
pub struct Trace {
    records: Vec<Record>,
    enabled: bool,
}

impl Trace {
    /// Begins to collect.
    pub fn enable(&mut self) {
        self.enabled = true;
    }

    /// How many events wait to be drained.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether none does.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Adds an event, if events are collected.
    #[inline]
    pub fn push(&mut self, at: Instant, event: impl FnOnce() -> Event) {
        if self.enabled {
            self.records.push(Record { at, event: event() });
        }
    }

    /// Hands out what was collected.
    pub fn drain(&mut self) -> std::vec::Drain<'_, Record> {
        self.records.drain(..)
    }
}

//! Threads, and what they wait for.

use cerium_handle::{ObjectId, ObjectRef, ProcessId, ThreadId};
use cerium_sync::{Completion, Dispatcher, Message, MessageFilter, ReadBuffer, Satisfied, WaitBlock};

use crate::timers::Timer;
use crate::{FileTime, Priority, cost};

/// How often a thread may be suspended on top of itself: MAXCHAR of the CE winnt.h.
pub const MAXIMUM_SUSPEND_COUNT: u32 = 127;

/// Where a thread begins.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct ThreadStart {
    /// lpStartAddress; 0 for the entry point of the process.
    pub address: u32,
    /// lpvThreadParam.
    pub parameter: u32,
    /// How much stack it asked for, in bytes; 0 for what its image says.
    pub stack: u32,
}

/// A thread object.
#[derive(Clone, Hash, Debug)]
pub struct Thread {
    /// Whose thread it is.
    pub process: ProcessId,
    /// What GetCurrentThreadId returns. It is no handle.
    pub id: u32,
    /// The number by which the process's program knows it.
    pub guest: u32,
    /// Where it began.
    pub start: ThreadStart,
    /// What it does now.
    pub state: ThreadState,
    /// The priority it was given.
    pub base_priority: Priority,
    /// What the waiters for its mutexes and critical sections lend it.
    pub inherited: Option<Priority>,
    /// A waiter that lent gave up: the loan ends when the thread next starts to run (ee482778).
    pub loan_is_stale: bool,
    /// How long it may run before its equals, in nanoseconds; 0 is for ever.
    pub quantum: u64,
    /// What is left of the quantum while it does not run.
    pub quantum_left: u64,
    /// Above 0 it does not run, whatever its state.
    pub suspend_count: u32,
    /// What GetLastError returns.
    pub last_error: u32,
    /// The mutexes and critical sections that it owns, in the order in which it took them.
    pub owned: Vec<Owned>,
    /// What is posted to it, from when that is first used.
    pub messages: Option<ObjectRef>,
    /// Its TLS values, made when the first is stored.
    pub tls: Option<Box<[u32; 64]>>,
    /// How long it has run.
    pub run_time: u64,
    /// When it was made.
    pub created_at: FileTime,
    /// When it ended.
    pub exited_at: Option<FileTime>,
}

/// An object with an owner, as the owner sees it.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Owned {
    /// A mutex; released when its owner ends.
    Mutex(ObjectId),
    /// A critical section; stays locked when its owner ends (SQ-21).
    CriticalSection(ObjectId),
}

impl Owned {
    /// The object.
    pub fn id(self) -> ObjectId {
        match self {
            Owned::Mutex(id) | Owned::CriticalSection(id) => id,
        }
    }
}

/// What a thread does.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum ThreadState {
    /// It could run. With the completion of the call that it was blocked in.
    Ready {
        /// Why that call came back; taken when the thread is resumed.
        completion: Option<Completion>,
    },
    /// It runs.
    Running,
    /// It waits.
    Blocked(Wait),
    /// It has ended.
    Terminated {
        /// What GetExitCodeThread says.
        exit_code: u32,
    },
}

/// What a blocked thread waits for.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Wait {
    /// Which kind of wait it is.
    pub reason: WaitReason,
    /// The objects, in the order of the caller's list.
    pub blocks: WaitBlocks,
    /// When it runs out.
    pub timer: Option<Timer>,
    /// The message that it wants to put into a queue.
    pub message: Option<Message>,
}

/// Why a thread is blocked; for people, and for what a wake must do.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum WaitReason {
    /// WaitForSingleObject, WaitForMultipleObjects.
    Objects,
    /// Sleep.
    Sleep,
    /// Sleep(INFINITE): until it is resumed (aa909009).
    SelfSuspend,
    /// EnterCriticalSection.
    CriticalSection,
    /// ReadMsgQueue.
    ReadMessage {
        /// Its buffer.
        buffer: ReadBuffer,
    },
    /// WriteMsgQueue.
    WriteMessage,
    /// GetMessage.
    GetMessage {
        /// Which messages.
        filter: MessageFilter,
    },
    /// LockFileEx.
    LockFile(LockRequest),
}

/// What LockFileEx wants.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct LockRequest {
    /// The first byte.
    pub offset: u64,
    /// How many bytes.
    pub length: u64,
    /// Whether nobody else may have a lock there.
    pub is_exclusive: bool,
    /// Its place among all that ever waited.
    pub ticket: u64,
}

/// Wait blocks; nearly always one, which costs no allocation.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum WaitBlocks {
    /// A wait on nothing but time.
    None,
    /// A wait on one object.
    One(WaitBlock),
    /// A wait on several.
    Many(Vec<WaitBlock>),
}

impl WaitBlocks {
    /// The blocks as a list.
    pub fn as_slice(&self) -> &[WaitBlock] {
        match self {
            WaitBlocks::None => &[],
            WaitBlocks::One(block) => std::slice::from_ref(block),
            WaitBlocks::Many(blocks) => blocks,
        }
    }
}

impl Thread {
    /// A new thread of a process, ready to run.
    pub fn new(process: ProcessId, id: u32, guest: u32, start: ThreadStart, now: FileTime) -> Self {
        Self {
            process,
            id,
            guest,
            start,
            state: ThreadState::Ready { completion: None },
            base_priority: Priority::NORMAL,
            inherited: None,
            loan_is_stale: false,
            quantum: cost::QUANTUM,
            quantum_left: cost::QUANTUM,
            suspend_count: 0,
            last_error: 0,
            owned: Vec::new(),
            messages: None,
            tls: None,
            run_time: 0,
            created_at: now,
            exited_at: None,
        }
    }

    /// The priority that counts: the more urgent of its own and what it is lent.
    #[inline]
    pub fn priority(&self) -> Priority {
        match self.inherited {
            Some(lent) => self.base_priority.min(lent),
            None => self.base_priority,
        }
    }

    /// What GetExitCodeThread says, once it has ended.
    pub fn exit_code(&self) -> Option<u32> {
        match self.state {
            ThreadState::Terminated { exit_code } => Some(exit_code),
            ThreadState::Ready { .. } | ThreadState::Running | ThreadState::Blocked(_) => None,
        }
    }
}

impl Dispatcher for Thread {
    fn is_signaled(&self, _: ThreadId) -> bool {
        self.exit_code().is_some()
    }

    fn satisfy(&mut self, _: ThreadId) -> Satisfied {
        Satisfied::Normal
    }
}

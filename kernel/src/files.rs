//! The kernel's side of files: objects with the numbers that the keeper of files gave, and who waits for a
//! lock. Files themselves, and what is locked in them, are kept elsewhere.

use cerium_handle::{Handle, ObjectId, ThreadId};
use cerium_process::{LockRequest, ThreadState, Timeout, WaitReason};
use cerium_sync::Completion;

use crate::{Body, Created, Kernel, KernelObject};

/// An open file (CreateFile).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct OpenFile {
    /// The open's number.
    pub open: u32,
    /// It was opened by CreateFileForMapping: the handle goes to whoever maps it.
    pub for_mapping: bool,
}

/// A search for files (FindFirstFile).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct FindHandle {
    /// The search's number.
    pub find: u32,
}

/// An open key of the registry.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct RegistryKey {
    /// The open key's number.
    pub key: u32,
}

/// A thread that waits in LockFileEx.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct LockWaiter {
    /// Who waits.
    pub thread: ThreadId,
    /// The number of its open.
    pub open: u32,
    /// What it wants.
    pub request: LockRequest,
}

impl Kernel {
    /// Makes an object without a name, and opens it for a thread's process; there is room.
    pub fn create_unnamed<T: Body>(&mut self, thread: ThreadId, body: T) -> Handle {
        let made = self.create_or_open(thread, None, || Ok(body));
        match made {
            Ok(Created::New(handle)) => handle,
            made => panic!("the caller has seen to it that there is room: {made:?}"),
        }
    }

    /// Lets the running thread wait until somebody grants it a lock on a file.
    pub fn wait_for_lock(&mut self, thread: ThreadId, file: ObjectId, mut request: LockRequest) {
        self.lock_tickets += 1;
        request.ticket = self.lock_tickets;
        self.block(thread, WaitReason::LockFile(request), &[file], Timeout::Infinite);
    }

    /// The threads that wait for locks: most urgent first, then those that have waited longest (SQ-13).
    pub fn lock_waiters(&self) -> Vec<LockWaiter> {
        let mut found = Vec::new();
        for (_, object) in self.objects.iter() {
            let KernelObject::OpenFile(file) = &object.body else { continue };
            for waiter in object.waiters.iter() {
                let ThreadState::Blocked(wait) = &self.thread(waiter.thread).state else { continue };
                let WaitReason::LockFile(request) = wait.reason else { continue };
                let waiting = LockWaiter { thread: waiter.thread, open: file.open, request };
                found.push((waiter.rank, request.ticket, waiting));
            }
        }
        found.sort_by_key(|(rank, ticket, _)| (*rank, *ticket));
        found.into_iter().map(|(_, _, waiting)| waiting).collect()
    }

    /// Completes the call of a thread that was given the lock it waited for.
    pub fn grant_lock(&mut self, waiter: LockWaiter) {
        self.unblock(waiter.thread, Completion::Locked);
    }

    /// Whether threads may wait for locks: none ever did, if not.
    pub fn has_lock_waiters(&self) -> bool {
        self.lock_tickets > 0
    }
}

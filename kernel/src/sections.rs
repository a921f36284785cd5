//! Critical sections (sync.md §9). The kernel's object is the truth; the 20 bytes in the guest's memory are
//! written from it whenever it changes, for programs that look.

use cerium_handle::{Handle, ObjectId, ThreadId};
use cerium_process::{Timeout, WaitReason};
use cerium_sync::{CriticalSection, Dispatcher};

use crate::{CeResult, Kernel, Waited};

/// What a CRITICAL_SECTION in memory is to say (constants.md §6).
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct SectionWords {
    /// LockCount: how many times the owner must leave; 0 when free.
    pub lock_count: u32,
    /// OwnerThread: the owner's thread id (SQ-21).
    pub owner_thread: u32,
    /// hCrit: the handle of the kernel's object.
    pub h_crit: Handle,
    /// needtrap: whether somebody waits.
    pub need_trap: u32,
    /// dwContentions: how many entries had to block.
    pub contentions: u32,
}

impl Kernel {
    /// Makes the object behind a critical section.
    pub fn create_section(&mut self, thread: ThreadId) -> CeResult<Handle> {
        self.check_room_for_handle(thread)?;

        let reference = self.create(CriticalSection::default());
        self.trace_creation(reference.id());
        Ok(self.open(self.process_of(thread), reference))
    }

    /// Lets the running thread enter, at once or after all that are inside or before it.
    pub fn enter_section(&mut self, thread: ThreadId, id: ObjectId) -> Waited {
        if self.try_enter_section(thread, id) {
            return Waited::Object { index: 0, abandoned: false };
        }
        self.get_mut::<CriticalSection>(id).contend();
        self.block(thread, WaitReason::CriticalSection, &[id], Timeout::Infinite);
        Waited::Blocked
    }

    /// Lets the running thread enter if nobody else is inside.
    pub fn try_enter_section(&mut self, thread: ThreadId, id: ObjectId) -> bool {
        let is_free = self.get::<CriticalSection>(id).is_signaled(thread);
        if is_free {
            self.take(thread, id);
        }
        is_free
    }

    /// Lets the running thread leave; the best waiter is inside before it has run. A thread that is not
    /// inside changes nothing (SQ-21).
    pub fn leave_section(&mut self, thread: ThreadId, id: ObjectId) {
        match self.get_mut::<CriticalSection>(id).leave(thread) {
            Ok(cerium_sync::Released::Free) => self.let_go(thread, id),
            Ok(cerium_sync::Released::StillOwned) => {}
            Err(cerium_sync::NotOwner) => {
                log::warn!(target: "kernel", "{thread:?} leaves critical section {id}, which it is not in");
            }
        }
    }

    /// What the guest's memory is to say of a section.
    pub fn section_words(&self, h_crit: Handle, id: ObjectId) -> SectionWords {
        let section = self.get::<CriticalSection>(id);
        let living_owner = || section.owner().map(|owner| self.thread(owner).id);
        SectionWords {
            lock_count: section.count(),
            owner_thread: section.ended_owner().or_else(living_owner).unwrap_or(0),
            h_crit,
            need_trap: u32::from(!self.objects[id].waiters.is_empty()),
            contentions: section.contentions(),
        }
    }
}

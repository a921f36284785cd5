//! Critical sections: what stands behind the 20 bytes in a guest's memory.

use cerium_handle::ThreadId;

use crate::{Dispatcher, NotOwner, Released, Satisfied};

/// The kernel's side of a CRITICAL_SECTION (constants.md §6, page ee488915).
///
/// Unlike a mutex it stays locked when its owner ends (SQ-21), and nobody waits on it through a handle.
#[derive(Clone, Default, PartialEq, Eq, Hash, Debug)]
pub struct CriticalSection {
    owner: Option<ThreadId>,
    /// The id of the owner, from when that has ended inside: its object may go, but OwnerThread stays.
    ended_owner: Option<u32>,
    count: u32,
    contentions: u32,
}

impl CriticalSection {
    /// The thread that is inside; perhaps one that has ended there.
    pub fn owner(&self) -> Option<ThreadId> {
        self.owner
    }

    /// The id of an owner that has ended inside.
    pub fn ended_owner(&self) -> Option<u32> {
        self.ended_owner
    }

    /// Notes that its owner, with this id, has ended inside. It stays locked (SQ-21).
    pub fn owner_ended(&mut self, id: u32) {
        self.ended_owner = Some(id);
    }

    /// How many times its owner must leave.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// How many entries had to block.
    pub fn contentions(&self) -> u32 {
        self.contentions
    }

    /// Counts an entry that has to block.
    pub fn contend(&mut self) {
        self.contentions = self.contentions.wrapping_add(1);
    }

    /// Undoes one entry of its owner.
    pub fn leave(&mut self, thread: ThreadId) -> Result<Released, NotOwner> {
        if self.owner != Some(thread) {
            return Err(NotOwner);
        }
        self.count -= 1;
        if self.count > 0 {
            return Ok(Released::StillOwned);
        }
        self.owner = None;
        Ok(Released::Free)
    }
}

impl Dispatcher for CriticalSection {
    #[inline]
    fn is_signaled(&self, thread: ThreadId) -> bool {
        self.owner.is_none_or(|owner| owner == thread)
    }

    #[inline]
    fn satisfy(&mut self, thread: ThreadId) -> Satisfied {
        self.owner = Some(thread);
        // No program lives long enough to overflow it: an entry costs a microsecond of 2^32.
        self.count = self.count.saturating_add(1);
        Satisfied::Normal
    }
}

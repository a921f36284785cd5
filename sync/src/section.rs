//! Critical sections: what stands behind the 20 bytes in a guest's memory.

use cerium_handle::ThreadId;

use crate::{Dispatcher, NotOwner, Released, Satisfied};

/// The kernel's side of a CRITICAL_SECTION (constants.md §6, page ee488915).
///
/// Unlike a mutex it stays locked when its owner ends (SQ-21), and nobody waits on it through a handle.
#[derive(Clone, Default, PartialEq, Eq, Hash, Debug)]
pub struct CriticalSection {
    owner: Option<ThreadId>,
    count: u32,
    contentions: u32,
}

impl CriticalSection {
    /// The thread that is inside; perhaps one that has ended there.
    pub fn owner(&self) -> Option<ThreadId> {
        self.owner
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

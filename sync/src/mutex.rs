//! Mutexes: owned by one thread, any number of times.

use cerium_handle::ThreadId;

use crate::{Dispatcher, Satisfied};

/// A mutex object (pages aa914601, ee488152).
#[derive(Clone, Default, PartialEq, Eq, Hash, Debug)]
pub struct Mutex {
    owner: Option<ThreadId>,
    /// How many releases its owner owes.
    count: u32,
    /// Its last owner ended without releasing it. Cleared when the next owner has released it (aa450577).
    abandoned: bool,
}

/// The thread does not own the mutex, so it cannot release it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct NotOwner;

/// What a release left behind.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Released {
    /// The owner took it more often than it has released it.
    StillOwned,
    /// It is free.
    Free,
}

impl Mutex {
    /// The thread that owns it.
    pub fn owner(&self) -> Option<ThreadId> {
        self.owner
    }

    /// How many releases the owner owes; 0 when free.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Whether the owner could take it once more without the count overflowing (SQ-17).
    pub fn can_be_taken_again(&self) -> bool {
        self.count < i32::MAX as u32
    }

    /// Undoes one take of its owner.
    pub fn release(&mut self, thread: ThreadId) -> Result<Released, NotOwner> {
        if self.owner != Some(thread) {
            return Err(NotOwner);
        }
        self.count -= 1;
        if self.count > 0 {
            return Ok(Released::StillOwned);
        }
        self.owner = None;
        self.abandoned = false;
        Ok(Released::Free)
    }

    /// Frees it whatever the count: its owner ended.
    pub fn abandon(&mut self) {
        self.owner = None;
        self.count = 0;
        self.abandoned = true;
    }
}

impl Dispatcher for Mutex {
    #[inline]
    fn is_signaled(&self, thread: ThreadId) -> bool {
        self.owner.is_none_or(|owner| owner == thread)
    }

    #[inline]
    fn satisfy(&mut self, thread: ThreadId) -> Satisfied {
        let first = self.owner.is_none();
        self.owner = Some(thread);
        self.count += 1;
        // Reported once, to the thread that took it over; the flag itself stays until that owner releases.
        if first && self.abandoned { Satisfied::Abandoned } else { Satisfied::Normal }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cerium_handle::ObjectTable;

    fn threads() -> (ThreadId, ThreadId) {
        let mut table = ObjectTable::default();
        (ThreadId(table.insert(()).id()), ThreadId(table.insert(()).id()))
    }

    #[test]
    fn it_can_be_taken_as_often_as_a_signed_count_tells() {
        let (a, _) = threads();
        let mut mutex = Mutex::default();
        mutex.satisfy(a);
        mutex.count = i32::MAX as u32 - 1;
        assert!(mutex.can_be_taken_again());
        mutex.satisfy(a);
        assert!(!mutex.can_be_taken_again());
        assert_eq!(mutex.release(a), Ok(Released::StillOwned));
        assert!(mutex.can_be_taken_again());
    }

    #[test]
    fn it_takes_as_many_releases_as_takes() {
        let (a, b) = threads();
        let mut mutex = Mutex::default();
        mutex.satisfy(a);
        mutex.satisfy(a);
        assert!(!mutex.is_signaled(b) && mutex.is_signaled(a));
        assert_eq!(mutex.release(b), Err(NotOwner));
        assert_eq!(mutex.release(a), Ok(Released::StillOwned));
        assert_eq!(mutex.release(a), Ok(Released::Free));
        assert_eq!(mutex.release(a), Err(NotOwner));
        assert!(mutex.is_signaled(b));
    }

    #[test]
    fn abandonment_is_told_to_the_next_owner_once() {
        let (a, b) = threads();
        let mut mutex = Mutex::default();
        mutex.satisfy(a);
        mutex.satisfy(a);
        mutex.abandon();
        assert_eq!(mutex.satisfy(b), Satisfied::Abandoned);
        assert_eq!(mutex.satisfy(b), Satisfied::Normal);
        assert_eq!(mutex.count(), 2);
        assert_eq!(mutex.release(b), Ok(Released::StillOwned));
        assert_eq!(mutex.release(b), Ok(Released::Free));
        assert_eq!(mutex.satisfy(a), Satisfied::Normal);
    }
}

//! Locks on ranges of a file (LockFileEx). They belong to opens, and hold against every other.

/// A range that an open has locked.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Range {
    /// The first byte.
    pub offset: u64,
    /// How many bytes; the range may lie beyond the end of the file.
    pub length: u64,
}

impl Range {
    fn meets(self, other: Range) -> bool {
        self.length > 0
            && other.length > 0
            && self.offset <= other.offset.saturating_add(other.length - 1)
            && other.offset <= self.offset.saturating_add(self.length - 1)
    }
}

#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
struct Lock {
    open: u32,
    range: Range,
    is_exclusive: bool,
}

/// The locks on a file.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Locks {
    locks: Vec<Lock>,
}

/// How many locks a file may have. Our choice: CE names no limit.
pub(crate) const MAXIMUM_LOCKS: usize = 4096;

impl Locks {
    pub(crate) fn is_full(&self) -> bool {
        self.locks.len() >= MAXIMUM_LOCKS
    }

    /// Whether a range could be locked. Also an open's own locks are in its way, as documented for
    /// LockFileEx: an exclusive lock meets no other, and shared ones meet shared ones only.
    pub(crate) fn can_lock(&self, range: Range, is_exclusive: bool) -> bool {
        !self.locks.iter().any(|lock| (is_exclusive || lock.is_exclusive) && lock.range.meets(range))
    }

    pub(crate) fn lock(&mut self, open: u32, range: Range, is_exclusive: bool) {
        self.locks.push(Lock { open, range, is_exclusive });
    }

    /// Takes back the oldest lock of an open on exactly this range. Says whether there was one.
    pub(crate) fn unlock(&mut self, open: u32, range: Range) -> bool {
        let place = self.locks.iter().position(|lock| lock.open == open && lock.range == range);
        place.map(|place| self.locks.remove(place)).is_some()
    }

    /// Takes back all locks of an open that is closed.
    pub(crate) fn close(&mut self, open: u32) {
        self.locks.retain(|lock| lock.open != open);
    }

    /// Whether an open may read a range: no other's exclusive lock meets it.
    pub(crate) fn allows_read(&self, open: u32, range: Range) -> bool {
        !self.locks.iter().any(|lock| lock.open != open && lock.is_exclusive && lock.range.meets(range))
    }

    /// Whether an open may write a range: no lock meets it but the open's own exclusive ones.
    pub(crate) fn allows_write(&self, open: u32, range: Range) -> bool {
        !self.locks.iter().any(|lock| !(lock.open == open && lock.is_exclusive) && lock.range.meets(range))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(offset: u64, length: u64) -> Range {
        Range { offset, length }
    }

    #[test]
    fn shared_locks_meet_and_exclusive_ones_do_not() {
        let mut locks = Locks::default();
        locks.lock(1, range(0, 10), false);
        assert!(locks.can_lock(range(5, 10), false));
        assert!(!locks.can_lock(range(5, 10), true));
        assert!(locks.can_lock(range(10, 10), true));
        assert!(!locks.allows_write(1, range(9, 1)), "a shared lock keeps everybody from writing");
        assert!(locks.allows_read(2, range(9, 1)));
        locks.lock(1, range(10, u64::MAX), true);
        assert!(!locks.allows_read(2, range(u64::MAX, 1)));
        assert!(locks.allows_write(1, range(11, 5)));
        assert!(!locks.unlock(1, range(0, 9)), "only what was locked is unlocked");
        assert!(!locks.unlock(2, range(0, 10)));
        locks.close(1);
        assert!(locks.can_lock(range(0, u64::MAX), true));
    }
}

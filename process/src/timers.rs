//! Deadlines, soonest first.

use std::collections::BTreeSet;

use cerium_handle::ObjectId;

use crate::Instant;

/// What is to happen at a time: the wait of a thread runs out.
///
/// Entries name objects, so that other kinds that live by the clock can stand here too. Of several deadlines
/// at one tick the one that was set first comes first.
#[derive(Clone, Hash)]
pub struct TimerQueue {
    entries: BTreeSet<(Instant, u64, ObjectId)>,
    armed: u64,
    /// The soonest deadline, which is asked for at every turn.
    next: Instant,
}

impl Default for TimerQueue {
    fn default() -> Self {
        Self { entries: BTreeSet::new(), armed: 0, next: Instant::NEVER }
    }
}

/// Names an entry, so that it can be taken back.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Timer {
    at: Instant,
    sequence: u64,
}

impl Timer {
    /// The deadline.
    pub fn at(self) -> Instant {
        self.at
    }
}

impl TimerQueue {
    /// Adds a deadline.
    pub fn arm(&mut self, at: Instant, object: ObjectId) -> Timer {
        self.armed += 1;
        self.entries.insert((at, self.armed, object));
        self.next = self.next.min(at);
        Timer { at, sequence: self.armed }
    }

    /// Takes a deadline back that has not come.
    ///
    /// # Panics
    /// If it is not there.
    pub fn cancel(&mut self, timer: Timer, object: ObjectId) {
        let was_there = self.entries.remove(&(timer.at, timer.sequence, object));
        assert!(was_there, "only an armed timer is cancelled");
        self.find_next();
    }

    fn find_next(&mut self) {
        self.next = self.entries.first().map_or(Instant::NEVER, |entry| entry.0);
    }

    /// The soonest deadline.
    #[inline]
    pub fn next(&self) -> Instant {
        self.next
    }

    /// Takes out the soonest entry if its time has come.
    pub fn pop_due(&mut self, now: Instant) -> Option<ObjectId> {
        if self.next() > now {
            return None;
        }
        let due = self.entries.pop_first();
        self.find_next();
        due.map(|entry| entry.2)
    }

    /// Every deadline, soonest first.
    pub fn iter(&self) -> impl Iterator<Item = (Instant, ObjectId)> {
        self.entries.iter().map(|entry| (entry.0, entry.2))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cerium_handle::ObjectTable;

    #[test]
    fn deadlines_come_soonest_first_and_in_the_order_they_were_set() {
        let mut table = ObjectTable::default();
        let ids: Vec<_> = (0..4).map(|_| table.insert(()).id()).collect();
        let mut timers = TimerQueue::default();
        timers.arm(Instant(20), ids[0]);
        timers.arm(Instant(10), ids[2]);
        timers.arm(Instant(10), ids[1]);
        let cancelled = timers.arm(Instant(5), ids[3]);
        timers.cancel(cancelled, ids[3]);
        assert_eq!(timers.next(), Instant(10));
        assert_eq!(timers.pop_due(Instant(9)), None);
        assert_eq!(timers.pop_due(Instant(10)), Some(ids[2]));
        assert_eq!(timers.pop_due(Instant(10)), Some(ids[1]));
        assert_eq!(timers.pop_due(Instant(10)), None);
        assert_eq!(timers.pop_due(Instant(99)), Some(ids[0]));
        assert_eq!(timers.next(), Instant::NEVER);
    }
}

//! Priorities, and the threads that could run.

use std::collections::VecDeque;
use std::fmt;

use cerium_handle::ThreadId;

/// One of 256 levels; 0 is the most urgent.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Priority(pub u8);

impl Priority {
    /// THREAD_PRIORITY_NORMAL, what a new thread has (ee488168).
    pub const NORMAL: Priority = Priority(251);
}

impl fmt::Debug for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The ready threads by priority, each level in the order in which they are to run.
#[derive(Clone, Hash)]
pub struct ReadyQueue {
    levels: Box<[VecDeque<ThreadId>; 256]>,
    /// A bit for each level that has somebody.
    occupied: [u64; 4],
    /// The most urgent level that has somebody, which is asked for at every turn.
    most_urgent: Option<Priority>,
}

impl Default for ReadyQueue {
    fn default() -> Self {
        Self { levels: Box::new([const { VecDeque::new() }; 256]), occupied: [0; 4], most_urgent: None }
    }
}

impl ReadyQueue {
    /// Lets a thread run after all others of its level.
    #[inline]
    pub fn push_back(&mut self, priority: Priority, thread: ThreadId) {
        self.level(priority).push_back(thread);
    }

    /// Lets a thread run before all others of its level.
    pub fn push_front(&mut self, priority: Priority, thread: ThreadId) {
        self.level(priority).push_front(thread);
    }

    #[inline]
    fn level(&mut self, priority: Priority) -> &mut VecDeque<ThreadId> {
        if self.most_urgent.is_none_or(|most_urgent| priority < most_urgent) {
            self.most_urgent = Some(priority);
        }
        let level = usize::from(priority.0);
        self.occupied[level / 64] |= 1 << (level % 64);
        &mut self.levels[level]
    }

    /// Takes a thread out that is there.
    ///
    /// # Panics
    /// If it does not stand at this level.
    pub fn remove(&mut self, priority: Priority, thread: ThreadId) {
        let level = &mut self.levels[usize::from(priority.0)];
        let place = level.iter().position(|other| *other == thread).expect("a ready thread is in its level");
        self.remove_at(priority, place);
    }

    /// Takes out the thread at a place of a level and returns it.
    #[inline]
    pub fn remove_at(&mut self, priority: Priority, place: usize) -> ThreadId {
        let index = usize::from(priority.0);
        let level = &mut self.levels[index];
        let thread = if place == 0 { level.pop_front() } else { level.remove(place) };
        if level.is_empty() {
            self.occupied[index / 64] &= !(1 << (index % 64));
            if self.most_urgent == Some(priority) {
                self.most_urgent = self.first_occupied();
            }
        }
        thread.expect("the place is in the level")
    }

    /// The most urgent level that has somebody.
    #[inline]
    pub fn most_urgent(&self) -> Option<Priority> {
        self.most_urgent
    }

    fn first_occupied(&self) -> Option<Priority> {
        for (word, bits) in self.occupied.iter().enumerate() {
            if *bits != 0 {
                return Some(Priority((word as u32 * 64 + bits.trailing_zeros()) as u8));
            }
        }
        None
    }

    /// The threads of one level, in order.
    pub fn at(&mut self, priority: Priority) -> &[ThreadId] {
        self.levels[usize::from(priority.0)].make_contiguous()
    }

    /// Every ready thread with its level.
    pub fn iter(&self) -> impl Iterator<Item = (Priority, ThreadId)> {
        self.levels
            .iter()
            .enumerate()
            .flat_map(|(level, threads)| threads.iter().map(move |thread| (Priority(level as u8), *thread)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cerium_handle::ObjectTable;

    #[test]
    fn the_most_urgent_level_is_found_and_kept_in_order() {
        let mut table = ObjectTable::default();
        let ids: Vec<_> = (0..4).map(|_| ThreadId(table.insert(()).id())).collect();
        let mut ready = ReadyQueue::default();
        assert_eq!(ready.most_urgent(), None);
        ready.push_back(Priority(255), ids[0]);
        ready.push_back(Priority(64), ids[1]);
        ready.push_back(Priority(64), ids[2]);
        ready.push_front(Priority(64), ids[3]);
        assert_eq!(ready.most_urgent(), Some(Priority(64)));
        assert_eq!(ready.at(Priority(64)), [ids[3], ids[1], ids[2]]);
        ready.remove(Priority(64), ids[1]);
        assert_eq!(ready.remove_at(Priority(64), 0), ids[3]);
        assert_eq!(ready.remove_at(Priority(64), 0), ids[2]);
        assert_eq!(ready.most_urgent(), Some(Priority(255)));
    }
}

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
    /// A bit for each of these words that has a bit.
    words: u8,
}

impl Default for ReadyQueue {
    fn default() -> Self {
        Self { levels: Box::new([const { VecDeque::new() }; 256]), occupied: [0; 4], words: 0 }
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
        let level = usize::from(priority.0);
        self.occupied[level / 64] |= 1 << (level % 64);
        self.words |= 1 << (level / 64);
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

    /// Takes out the first thread of a level that has one, and returns it.
    #[inline]
    pub fn remove_first(&mut self, priority: Priority) -> ThreadId {
        let level = &mut self.levels[usize::from(priority.0)];
        let thread = level.pop_front();
        if level.is_empty() {
            self.left_empty(priority);
        }
        thread.expect("the level has somebody")
    }

    /// Takes out the thread at a place of a level and returns it.
    pub fn remove_at(&mut self, priority: Priority, place: usize) -> ThreadId {
        let level = &mut self.levels[usize::from(priority.0)];
        let thread = level.remove(place);
        if level.is_empty() {
            self.left_empty(priority);
        }
        thread.expect("the place is in the level")
    }

    #[inline]
    fn left_empty(&mut self, priority: Priority) {
        let level = usize::from(priority.0);
        let word = &mut self.occupied[level / 64];
        *word &= !(1 << (level % 64));
        if *word == 0 {
            self.words &= !(1 << (level / 64));
        }
    }

    /// The most urgent level that has somebody.
    #[inline]
    pub fn most_urgent(&self) -> Option<Priority> {
        if self.words == 0 {
            return None;
        }
        // There are four words, and so four bits.
        let word = self.words.trailing_zeros() % 4;
        Some(Priority((word * 64 + self.occupied[word as usize].trailing_zeros()) as u8))
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

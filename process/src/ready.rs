//! Priorities, and the threads that could run.

use std::collections::VecDeque;
use std::fmt;
use std::hash::{Hash, Hasher};

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
#[derive(Clone)]
pub struct ReadyQueue {
    /// Who runs before all that stand in `levels`. Often there is nobody else.
    first: Option<(Priority, ThreadId)>,
    levels: Box<[VecDeque<ThreadId>; 256]>,
    /// A bit for each level that has somebody.
    occupied: [u64; 4],
    /// A bit for each of these words that has a bit.
    words: u8,
}

impl Default for ReadyQueue {
    fn default() -> Self {
        let levels = Box::new([const { VecDeque::new() }; 256]);
        Self { first: None, levels, occupied: [0; 4], words: 0 }
    }
}

impl Hash for ReadyQueue {
    /// Who stands where, and not how it is kept.
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.iter().for_each(|ready| ready.hash(hasher));
        u64::MAX.hash(hasher);
    }
}

impl ReadyQueue {
    /// Lets a thread run after all others of its level.
    #[inline]
    pub fn push_back(&mut self, priority: Priority, thread: ThreadId) {
        match self.first {
            None if self.words == 0 => self.first = Some((priority, thread)),
            Some((other, _)) if priority < other => self.push_front(priority, thread),
            _ => self.level(priority).push_back(thread),
        }
    }

    /// Lets a thread run before all others of its level.
    #[inline(never)]
    pub fn push_front(&mut self, priority: Priority, thread: ThreadId) {
        match self.first {
            Some((other, _)) if priority > other => self.level(priority).push_front(thread),
            None if self.most_urgent().is_some_and(|other| priority > other) => {
                self.level(priority).push_front(thread);
            }
            _ => {
                self.join_levels();
                self.first = Some((priority, thread));
            }
        }
    }

    /// Puts the first thread where it stands among the others.
    fn join_levels(&mut self) {
        if let Some((priority, thread)) = self.first.take() {
            self.level(priority).push_front(thread);
        }
    }

    #[inline(never)]
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
        if self.first == Some((priority, thread)) {
            self.first = None;
            return;
        }
        let level = &mut self.levels[usize::from(priority.0)];
        let place = level.iter().position(|other| *other == thread).expect("a ready thread is in its level");
        self.remove_from_level(priority, place);
    }

    /// Takes out the first thread of the most urgent level, with that level.
    #[inline]
    pub fn remove_first(&mut self) -> Option<(Priority, ThreadId)> {
        if let Some(first) = self.first {
            self.first = None;
            return Some(first);
        }
        let priority = self.most_urgent()?;
        Some((priority, self.remove_from_level(priority, 0)))
    }

    /// Takes out the thread at a place of a level and returns it.
    pub fn remove_at(&mut self, priority: Priority, place: usize) -> ThreadId {
        self.join_levels();
        self.remove_from_level(priority, place)
    }

    #[inline(never)]
    fn remove_from_level(&mut self, priority: Priority, place: usize) -> ThreadId {
        let index = usize::from(priority.0);
        let level = &mut self.levels[index];
        let thread = if place == 0 { level.pop_front() } else { level.remove(place) };
        if level.is_empty() {
            let word = &mut self.occupied[index / 64];
            *word &= !(1 << (index % 64));
            if *word == 0 {
                self.words &= !(1 << (index / 64));
            }
        }
        thread.expect("the place is in the level")
    }

    /// The most urgent level that has somebody.
    #[inline]
    pub fn most_urgent(&self) -> Option<Priority> {
        if let Some((priority, _)) = self.first {
            return Some(priority);
        }
        if self.words == 0 {
            return None;
        }
        // There are four words, and so four bits.
        let word = self.words.trailing_zeros() % 4;
        Some(Priority((word * 64 + self.occupied[word as usize].trailing_zeros()) as u8))
    }

    /// The threads of one level, in order.
    pub fn at(&mut self, priority: Priority) -> &[ThreadId] {
        self.join_levels();
        self.levels[usize::from(priority.0)].make_contiguous()
    }

    /// Every ready thread with its level. Levels that have nobody cost nothing.
    pub fn iter(&self) -> impl Iterator<Item = (Priority, ThreadId)> {
        let rest = self
            .occupied_levels()
            .flat_map(|level| self.levels[level].iter().map(move |thread| (Priority(level as u8), *thread)));
        // Nobody stands before the first.
        self.first.into_iter().chain(rest)
    }

    fn occupied_levels(&self) -> impl Iterator<Item = usize> {
        let (mut word, mut left) = (0, self.occupied[0]);
        std::iter::from_fn(move || {
            while left == 0 {
                word += 1;
                left = *self.occupied.get(word)?;
            }
            let level = word * 64 + left.trailing_zeros() as usize;
            left &= left - 1;
            Some(level)
        })
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
        assert_eq!(ready.remove_first(), Some((Priority(64), ids[3])));
        assert_eq!(ready.remove_at(Priority(64), 0), ids[2]);
        assert_eq!(ready.most_urgent(), Some(Priority(255)));
        assert_eq!(ready.remove_first(), Some((Priority(255), ids[0])));
        assert_eq!(ready.remove_first(), None);
    }

    /// What the queue is to be: a list, in which a thread is put before or behind its equals.
    #[derive(Default)]
    struct Plain(Vec<(Priority, ThreadId)>);

    impl Plain {
        fn push(&mut self, priority: Priority, thread: ThreadId, in_front: bool) {
            let stands_before = |other: &Priority| *other < priority || (*other == priority && !in_front);
            let place = self.0.iter().filter(|(other, _)| stands_before(other)).count();
            self.0.insert(place, (priority, thread));
        }
    }

    fn hash_of(ready: &ReadyQueue) -> u64 {
        let mut hasher = std::hash::DefaultHasher::new();
        ready.hash(&mut hasher);
        hasher.finish()
    }

    /// Every sequence of five pushes, removals and looks, at two levels.
    #[test]
    fn it_is_a_list_however_it_is_kept() {
        let mut table = ObjectTable::default();
        let ids: Vec<_> = (0..5).map(|_| ThreadId(table.insert(()).id())).collect();
        let levels = [Priority(3), Priority(200)];
        for sequence in 0..8_u32.pow(5) {
            let (mut ready, mut plain) = (ReadyQueue::default(), Plain::default());
            for (step, thread) in ids.iter().enumerate() {
                let act = sequence / 8_u32.pow(step as u32) % 8;
                let level = levels[act as usize % 2];
                match act / 2 {
                    0 => {
                        ready.push_back(level, *thread);
                        plain.push(level, *thread, false);
                    }
                    1 => {
                        ready.push_front(level, *thread);
                        plain.push(level, *thread, true);
                    }
                    2 if level == levels[0] => {
                        let first = (!plain.0.is_empty()).then(|| plain.0.remove(0));
                        assert_eq!(ready.remove_first(), first);
                    }
                    2 => {
                        if let Some((level, last)) = plain.0.pop() {
                            ready.remove(level, last);
                        }
                    }
                    _ => {
                        let there: Vec<_> =
                            plain.0.iter().filter(|(other, _)| *other == level).map(|(_, id)| *id).collect();
                        assert_eq!(ready.at(level), there);
                    }
                }
                assert_eq!(ready.iter().collect::<Vec<_>>(), plain.0, "{sequence:o}");
                assert_eq!(ready.most_urgent(), plain.0.first().map(|(level, _)| *level), "{sequence:o}");
            }
            let mut anew = ReadyQueue::default();
            plain.0.iter().rev().for_each(|(level, thread)| anew.push_front(*level, *thread));
            assert_eq!(hash_of(&ready), hash_of(&anew), "{sequence:o}");
        }
    }
}

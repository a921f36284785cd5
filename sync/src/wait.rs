//! The two sides of a wait, and how it ends.

use cerium_handle::{ObjectRef, ThreadId};

use crate::{Message, PostedMessage, ReadBuffer};

/// The thread's side: one object that it waits for.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct WaitBlock {
    /// Keeps what is waited for alive.
    pub object: ObjectRef,
}

/// The object's side: one thread that waits for it.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Waiter {
    /// Who waits.
    pub thread: ThreadId,
    /// The object's place in the caller's list.
    pub index: u8,
    /// Its rank in this queue: the priority that it waits with, 0 most urgent. Raising the thread lifts it;
    /// lowering does not, for the present wait (ms885155).
    pub rank: u8,
    /// The priority that it lends to an owner: as `rank`, but never one that it has borrowed after it
    /// blocked, for inheritance goes one level deep (ee482778).
    pub lends: u8,
}

/// The threads that wait for one object, in order of arrival.
#[derive(Clone, Default, PartialEq, Eq, Hash, Debug)]
pub struct WaitQueue {
    waiters: Vec<Waiter>,
}

impl WaitQueue {
    /// Lets a thread wait, behind all that have come.
    #[inline]
    pub fn push(&mut self, waiter: Waiter) {
        self.waiters.push(waiter);
    }

    /// Takes a thread out, every entry of it: one object may stand in its list several times.
    #[inline]
    pub fn remove(&mut self, thread: ThreadId) {
        // Mostly there is one.
        if let [only] = self.waiters.as_slice() {
            if only.thread == thread {
                self.waiters.clear();
            }
            return;
        }
        self.waiters.retain(|waiter| waiter.thread != thread);
    }

    /// The waiter, if there is only one.
    #[inline]
    pub fn only(&self) -> Option<Waiter> {
        match self.waiters.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// Takes everybody out.
    #[inline]
    pub fn clear(&mut self) {
        self.waiters.clear();
    }

    /// The waiter to serve next: most urgent, then longest waiting (ee488915; SQ-13), then lowest index.
    #[inline]
    pub fn best(&self) -> Option<Waiter> {
        if let [only] = self.waiters.as_slice() {
            return Some(*only);
        }
        self.waiters.iter().min_by_key(|waiter| waiter.rank).copied()
    }

    /// Moves a thread up to a more urgent rank, behind those that have it already (SQ-13).
    pub fn raise(&mut self, thread: ThreadId, rank: u8) {
        let mut raised = Vec::new();
        self.waiters.retain(|waiter| {
            let is_raised = waiter.thread == thread && rank < waiter.rank;
            if is_raised {
                raised.push(Waiter { rank, ..*waiter });
            }
            !is_raised
        });
        self.waiters.append(&mut raised);
    }

    /// Lets a thread lend at least this priority, which is its own, from now on.
    pub fn lend(&mut self, thread: ThreadId, priority: u8) {
        for waiter in self.waiters.iter_mut().filter(|waiter| waiter.thread == thread) {
            waiter.lends = waiter.lends.min(priority);
        }
    }

    /// The most urgent priority that is lent here.
    pub fn lent(&self) -> Option<u8> {
        self.waiters.iter().map(|waiter| waiter.lends).min()
    }

    /// Everybody who waits, in order of arrival.
    pub fn iter(&self) -> impl Iterator<Item = Waiter> {
        self.waiters.iter().copied()
    }

    /// Whether nobody waits.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.waiters.is_empty()
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.waiters.len()
    }
}

/// Why a blocked call came back. Stored by whoever ends the wait, so that the waiter need not look again.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Completion {
    /// The object at this place of its list was satisfied for it.
    Object {
        /// The place.
        index: u8,
        /// The object was a mutex whose last owner had ended.
        abandoned: bool,
    },
    /// Its time ran out.
    TimedOut,
    /// Another thread resumed it: the end of Sleep(INFINITE).
    Resumed,
    /// It was given a message.
    Received {
        /// The message.
        message: Message,
        /// The buffer that it is for.
        buffer: ReadBuffer,
    },
    /// Its message was put in.
    Sent,
    /// It was posted a message.
    Posted(PostedMessage),
    /// The other end of the queue went.
    Broken,
    /// It was given the lock on a file.
    Locked,
}

#[cfg(test)]
mod tests {
    use super::*;
    use cerium_handle::ObjectTable;

    #[test]
    fn the_best_waiter_is_the_most_urgent_then_the_first() {
        let mut table = ObjectTable::default();
        let ids: Vec<_> = (0..4).map(|_| ThreadId(table.insert(()).id())).collect();
        let mut queue = WaitQueue::default();
        for (thread, rank) in ids.iter().zip([200, 100, 100, 150]) {
            queue.push(Waiter { thread: *thread, index: 0, rank, lends: rank });
        }
        assert_eq!(queue.best().unwrap().thread, ids[1]);
        queue.raise(ids[0], 100);
        queue.remove(ids[1]);
        assert_eq!(queue.best().unwrap().thread, ids[2]);
        queue.remove(ids[2]);
        assert_eq!(queue.best().unwrap().thread, ids[0]);
        queue.raise(ids[0], 180);
        assert_eq!(queue.best().unwrap().rank, 100, "a lowered waiter keeps its place");
    }
}

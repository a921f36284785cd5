//! The messages posted to a thread. There are no windows: what PostThreadMessage leaves, GetMessage takes.

use std::collections::VecDeque;

use cerium_handle::ThreadId;

use crate::{Dispatcher, Satisfied};

/// A message of a thread (MSG), without a window.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct PostedMessage {
    /// Which message.
    pub message: u32,
    /// wParam.
    pub w_param: u32,
    /// lParam.
    pub l_param: u32,
    /// When it was posted: GetTickCount.
    pub time: u32,
}

/// Which messages a call asks for: wMsgFilterMin to wMsgFilterMax; both 0 is all.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct MessageFilter {
    /// The first.
    pub min: u32,
    /// The last.
    pub max: u32,
}

impl MessageFilter {
    /// Whether it lets a message through.
    pub fn admits(self, message: &PostedMessage) -> bool {
        (self.min == 0 && self.max == 0) || (self.min..=self.max).contains(&message.message)
    }
}

/// What is posted to one thread, and what it waits on for it: MsgWaitForMultipleObjectsEx appends it to its
/// list of objects (ms931461).
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct ThreadMessages {
    messages: VecDeque<PostedMessage>,
    /// A message has come since the thread last looked.
    has_new: bool,
    /// The thread waits for posted messages.
    is_awaited: bool,
    signaled: bool,
}

/// How many messages may lie there. Our choice: CE names no limit.
const MAXIMUM_MESSAGES: usize = 10_000;

impl ThreadMessages {
    /// Adds a message. Says whether there was room.
    pub fn post(&mut self, message: PostedMessage) -> bool {
        if self.messages.len() >= MAXIMUM_MESSAGES {
            return false;
        }
        self.messages.push_back(message);
        self.has_new = true;
        self.signaled = self.is_awaited;
        true
    }

    /// Looks for the first message that a filter lets through, and takes it out if it is to be removed. The
    /// rest is old from now on.
    pub fn look(&mut self, filter: MessageFilter, remove: bool) -> Option<PostedMessage> {
        self.has_new = false;
        let place = self.messages.iter().position(|message| filter.admits(message))?;
        if remove { self.messages.remove(place) } else { self.messages.get(place).copied() }
    }

    /// Begins a wait: for posted messages or not, and perhaps also for old ones (MWMO_INPUTAVAILABLE).
    pub fn await_input(&mut self, posted: bool, old_too: bool) {
        self.is_awaited = posted;
        self.signaled = posted && (self.has_new || (old_too && !self.messages.is_empty()));
    }

    /// Whether nothing is there.
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }
}

impl Dispatcher for ThreadMessages {
    fn is_signaled(&self, _: ThreadId) -> bool {
        self.signaled
    }

    fn satisfy(&mut self, _: ThreadId) -> Satisfied {
        Satisfied::Normal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(number: u32) -> PostedMessage {
        PostedMessage { message: number, ..Default::default() }
    }

    #[test]
    fn what_was_looked_at_is_old() {
        let mut messages = ThreadMessages::default();
        messages.post(message(1));
        messages.await_input(true, false);
        assert!(messages.signaled);
        assert_eq!(messages.look(MessageFilter::default(), false), Some(message(1)));
        messages.await_input(true, false);
        assert!(!messages.signaled);
        messages.await_input(true, true);
        assert!(messages.signaled);
        messages.await_input(false, true);
        assert!(!messages.signaled);
    }

    #[test]
    fn a_filter_takes_what_it_admits() {
        let mut messages = ThreadMessages::default();
        messages.post(message(10));
        messages.post(message(20));
        assert_eq!(messages.look(MessageFilter { min: 15, max: 25 }, true), Some(message(20)));
        assert_eq!(messages.look(MessageFilter { min: 15, max: 25 }, true), None);
        assert_eq!(messages.look(MessageFilter::default(), true), Some(message(10)));
        assert!(messages.is_empty());
    }
}

//! Point-to-point message queues: the messages, and the two ends that handles are for.

use std::collections::VecDeque;

use cerium_handle::{ObjectId, ObjectRef, ThreadId};

use crate::{Dispatcher, Satisfied};

/// What a queue was made with (MSGQUEUEOPTIONS, ee488171).
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct QueueOptions {
    /// dwMaxMessages; 0 is no limit.
    pub maximum_messages: u32,
    /// cbMaxMessage.
    pub maximum_size: u32,
    /// MSGQUEUE_ALLOW_BROKEN: one end may be without the other.
    pub allow_broken: bool,
    /// dwFlags as given, for GetMsgQueueInfo.
    pub flags: u32,
}

/// Which end of a queue a handle is for.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum End {
    /// Messages are taken here.
    Read,
    /// Messages are put in here.
    Write,
}

impl End {
    /// The other end.
    pub fn other(self) -> End {
        match self {
            End::Read => End::Write,
            End::Write => End::Read,
        }
    }
}

/// The buffer of a ReadMsgQueue.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct ReadBuffer {
    /// Its size.
    pub size: u32,
    /// Whether the call succeeds though the message is cut to it (OQ-40).
    pub short_succeeds: bool,
}

/// A message.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Message {
    /// Its bytes.
    pub bytes: Box<[u8]>,
    /// It was written as an alert and is still one (MSGQUEUE_MSGALERT).
    pub is_alert: bool,
}

/// A message queue (ee488163).
#[derive(Clone, Hash, Debug)]
pub struct MessageQueue {
    options: QueueOptions,
    messages: VecDeque<Box<[u8]>>,
    /// The one message that overtakes all others (ee482757).
    alert: Option<Box<[u8]>>,
    /// dwMaxQueueMessages: the most messages that were ever in it.
    high_water: u32,
    /// How many bytes the messages have, the alert's too.
    bytes: u64,
    ends: [EndState; 2],
}

/// What a queue knows of an end.
#[derive(Copy, Clone, Default, PartialEq, Eq, Hash, Debug)]
struct EndState {
    object: Option<ObjectId>,
    /// Its last handle went, and no other was opened since.
    has_left: bool,
}

impl MessageQueue {
    /// An empty queue without ends.
    pub fn new(options: QueueOptions) -> Self {
        let ends = Default::default();
        Self { options, messages: VecDeque::new(), alert: None, high_water: 0, bytes: 0, ends }
    }

    /// What it was made with.
    pub fn options(&self) -> QueueOptions {
        self.options
    }

    /// How many messages are in it; an alert does not count (OQ-38).
    pub fn len(&self) -> u32 {
        self.messages.len() as u32
    }

    /// Whether there is nothing to read, an alert neither.
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty() && self.alert.is_none()
    }

    /// Whether there is no room for a message.
    pub fn is_full(&self) -> bool {
        self.options.maximum_messages != 0 && self.len() >= self.options.maximum_messages
    }

    /// Whether a message could be put in now: an alert has a place of its own, if that is free (OQ-37).
    pub fn has_room_for(&self, is_alert: bool) -> bool {
        (is_alert && self.alert.is_none()) || !self.is_full()
    }

    /// The most messages that were ever in it.
    pub fn high_water(&self) -> u32 {
        self.high_water
    }

    /// How many bytes its messages have.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Puts a message in, for which there is room. A second alert is an ordinary message (ee488786).
    pub fn put(&mut self, message: Message) {
        self.bytes += message.bytes.len() as u64;
        if message.is_alert && self.alert.is_none() {
            self.alert = Some(message.bytes);
            return;
        }
        assert!(!self.is_full(), "the writer asks for room first");
        self.messages.push_back(message.bytes);
        self.high_water = self.high_water.max(self.len());
    }

    /// Takes the next message out: the alert first.
    pub fn take(&mut self) -> Option<Message> {
        let message = match self.alert.take() {
            Some(bytes) => Message { bytes, is_alert: true },
            None => Message { bytes: self.messages.pop_front()?, is_alert: false },
        };
        self.bytes -= message.bytes.len() as u64;
        Some(message)
    }

    /// The object of an end, if it has one.
    pub fn end(&self, end: End) -> Option<ObjectId> {
        self.ends[end as usize].object
    }

    /// Notes the object of an end, or that it went.
    pub fn set_end(&mut self, end: End, object: Option<ObjectId>) {
        self.ends[end as usize].object = object;
    }

    /// Notes whether the last handle of an end went.
    pub fn set_left(&mut self, end: End, has_left: bool) {
        self.ends[end as usize].has_left = has_left;
    }

    /// Whether an end is broken: the other's last handle went, and that is not allowed (ee488163).
    pub fn is_broken_at(&self, end: End) -> bool {
        !self.options.allow_broken && self.ends[end.other() as usize].has_left
    }

    /// Whether a wait on a handle for this end is to be satisfied: there is something to read, there is
    /// room, or the queue is broken (OQ-33).
    pub fn should_signal(&self, end: End) -> bool {
        let by_state = match end {
            End::Read => !self.is_empty(),
            End::Write => !self.is_full(),
        };
        by_state || self.is_broken_at(end)
    }
}

/// One end of a queue: what its handles name, and what is waited on.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct QueueEnd {
    /// The queue; an end keeps it.
    pub queue: ObjectRef,
    /// Which end.
    pub end: End,
    /// A state of its own, set by every operation of the queue, and by EventModify until the next (OQ-30).
    pub signaled: bool,
}

impl Dispatcher for QueueEnd {
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

    fn queue(maximum_messages: u32) -> MessageQueue {
        let options = QueueOptions { maximum_messages, maximum_size: 16, allow_broken: false, flags: 0 };
        MessageQueue::new(options)
    }

    fn message(byte: u8, is_alert: bool) -> Message {
        Message { bytes: Box::new([byte]), is_alert }
    }

    #[test]
    fn an_alert_overtakes_and_a_second_one_does_not() {
        let mut queue = queue(4);
        for (byte, is_alert) in [(1, false), (2, true), (3, true)] {
            queue.put(message(byte, is_alert));
        }
        assert_eq!(queue.len(), 2);
        assert_eq!(queue.take(), Some(message(2, true)));
        assert_eq!(queue.take(), Some(message(1, false)));
        assert_eq!(queue.take(), Some(message(3, false)));
        assert_eq!(queue.take(), None);
        assert_eq!(queue.high_water(), 2);
    }

    #[test]
    fn a_full_queue_has_room_for_an_alert() {
        let mut queue = queue(1);
        queue.put(message(1, false));
        assert!(queue.is_full() && !queue.has_room_for(false) && queue.has_room_for(true));
        queue.put(message(2, true));
        assert!(!queue.has_room_for(true));
    }
}

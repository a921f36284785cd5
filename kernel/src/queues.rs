//! Message queues (ipc-objects.md §1): writing, reading, waiting for the other side, and its going.
//!
//! A blocked ReadMsgQueue or WriteMsgQueue waits on the queue itself, a wait function on one of its ends. A
//! queue is never empty and full at once, so the calls that wait on it are all of one kind.

use cerium_handle::{Handle, ObjectId, ThreadId};
use cerium_namespace::Name;
use cerium_process::{ThreadState, Timeout, Wait, WaitReason};
use cerium_sync::{Completion, End, Message, MessageQueue, QueueEnd, QueueOptions, ReadBuffer};

use crate::{CeResult, Created, Kernel, Kind, Win32Error};

/// How much memory the queues of a device may hold. Our choice: CE names no limit but memory.
const MAXIMUM_QUEUE_BYTES: u64 = 256 << 20;

/// What a message costs beside its bytes, so that empty ones are not free.
const MESSAGE_OVERHEAD: u64 = 32;

/// What a queue counts for in the memory of all queues: its buffers if they are allocated beforehand, what it
/// holds if not (ee488171).
pub(crate) fn queue_charge(queue: &MessageQueue) -> u64 {
    let options = queue.options();
    if is_committed_before(&options) {
        return committed_bytes(&options);
    }
    queue.bytes() + (u64::from(queue.len()) + 1) * MESSAGE_OVERHEAD
}

const MSGQUEUE_NOPRECOMMIT: u32 = 1;

/// An unlimited queue cannot have its buffers beforehand (ee488171).
fn is_committed_before(options: &QueueOptions) -> bool {
    options.maximum_messages != 0 && options.flags & MSGQUEUE_NOPRECOMMIT == 0
}

fn committed_bytes(options: &QueueOptions) -> u64 {
    let size = u64::from(options.maximum_size) + MESSAGE_OVERHEAD;
    (u64::from(options.maximum_messages) + 1).saturating_mul(size)
}

/// What ReadMsgQueue came to at once.
#[must_use]
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Read {
    /// A message.
    Message(Message),
    /// The caller is blocked; a completion will be stored for it.
    Blocked,
}

/// What WriteMsgQueue came to at once.
#[must_use]
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Wrote {
    /// The message is in the queue, or was taken out of it.
    Done,
    /// The caller is blocked; a completion will be stored for it.
    Blocked,
}

/// What GetMsgQueueInfo tells (MSGQUEUEINFO, ee487993).
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct QueueInformation {
    /// What it was made with.
    pub options: QueueOptions,
    /// How many messages are in it.
    pub messages: u32,
    /// The most that ever were.
    pub high_water: u32,
    /// How many handles its read end has.
    pub readers: u32,
    /// How many its write end has.
    pub writers: u32,
}

impl Kernel {
    /// Opens an end of the queue of this name, or makes the queue.
    pub fn create_or_open_queue(
        &mut self,
        thread: ThreadId,
        name: Option<Name>,
        options: QueueOptions,
        end: End,
    ) -> CeResult<Created> {
        self.check_room_for_handle(thread)?;
        if let Some(name) = &name
            && let Some(queue) = self.names.get(Kind::MessageQueue, name)
        {
            return Ok(Created::Existing(self.open_end(thread, queue, end)));
        }
        if options.maximum_size == 0 {
            return Err(Win32Error::INVALID_PARAMETER);
        }
        let queue = MessageQueue::new(options);
        let charge = queue_charge(&queue);
        if self.queue_bytes.saturating_add(charge) > MAXIMUM_QUEUE_BYTES {
            return Err(Win32Error::OUTOFMEMORY);
        }

        self.queue_bytes += charge;
        let reference = self.create(queue);
        let id = reference.id();
        if let Some(name) = name {
            self.objects[id].name = Some(name.clone());
            self.names.of_mut(Kind::MessageQueue).bind(name, id);
        }
        self.trace_creation(id);
        let handle = self.open_end(thread, id, end);
        // The end keeps the queue from now on.
        self.release(reference);
        Ok(Created::New(handle))
    }

    /// Opens one more handle to an end of a living queue; there is room.
    pub fn open_end(&mut self, thread: ThreadId, queue: ObjectId, end: End) -> Handle {
        let reference = match self.get::<MessageQueue>(queue).end(end) {
            Some(id) => self.objects.reference(id),
            None => {
                let queue_reference = self.objects.reference(queue);
                let signaled = self.get::<MessageQueue>(queue).should_signal(end);
                let made = self.create(QueueEnd { queue: queue_reference, end, signaled });
                self.get_mut::<MessageQueue>(queue).set_end(end, Some(made.id()));
                self.trace_creation(made.id());
                made
            }
        };
        self.open(self.process_of(thread), reference)
    }

    /// How many handles an end of a queue has.
    pub(crate) fn attached(&self, queue: ObjectId, end: End) -> u32 {
        self.get::<MessageQueue>(queue).end(end).map_or(0, |end| self.objects[end].handles)
    }

    /// The first handle to an end was opened: the queue is whole again (OQ-43).
    pub(crate) fn end_attached(&mut self, id: ObjectId) {
        let (queue, end) = self.queue_of(id);
        self.get_mut::<MessageQueue>(queue).set_left(end, false);
        self.refresh_signals(queue);
    }

    /// The last handle to an end went: whoever waits at the other end learns it, unless the queue may be
    /// broken; with both ends gone the name is free.
    pub(crate) fn end_left(&mut self, id: ObjectId) {
        let (queue, end) = self.queue_of(id);
        self.get_mut::<MessageQueue>(queue).set_left(end, true);
        let may_break = self.get::<MessageQueue>(queue).options().allow_broken;
        let is_gone = self.profile.broken_queues_go() && !may_break;
        if (is_gone || self.attached(queue, end.other()) == 0)
            && let Some(name) = self.objects[queue].name.take()
        {
            self.names.of_mut(Kind::MessageQueue).unbind(&name);
        }
        if self.get::<MessageQueue>(queue).is_broken_at(end.other()) {
            while let Some(thread) = self.best_caller(queue, end.other()) {
                self.unblock(thread, Completion::Broken);
            }
        }
        self.refresh_signals(queue);
    }

    /// The queue that an end belongs to, and which end it is.
    pub fn queue_of(&self, id: ObjectId) -> (ObjectId, End) {
        let end = self.get::<QueueEnd>(id);
        (end.queue.id(), end.end)
    }

    /// Puts a message in, or lets the running thread wait for room (ee488786).
    pub fn write_queue(
        &mut self,
        thread: ThreadId,
        queue: ObjectId,
        message: Message,
        timeout: Timeout,
    ) -> CeResult<Wrote> {
        let body = self.get::<MessageQueue>(queue);
        let options = body.options();
        if message.bytes.len() as u64 > u64::from(options.maximum_size) {
            return Err(Win32Error::INSUFFICIENT_BUFFER);
        }
        // OQ-36: also if there never was a reader.
        if !options.allow_broken && self.attached(queue, End::Read) == 0 {
            return Err(Win32Error::PIPE_NOT_CONNECTED);
        }
        let charge = message.bytes.len() as u64 + MESSAGE_OVERHEAD;
        if !is_committed_before(&options) && self.queue_bytes + charge > MAXIMUM_QUEUE_BYTES {
            return Err(Win32Error::OUTOFMEMORY);
        }
        let has_room = body.has_room_for(message.is_alert);
        if !has_room && timeout.is_zero() {
            return Err(Win32Error::TIMEOUT);
        }

        if !has_room {
            self.block(thread, WaitReason::WriteMessage, &[queue], timeout);
            let ThreadState::Blocked(wait) = &mut self.thread_mut(thread).state else {
                unreachable!("it was blocked just now")
            };
            wait.message = Some(message);
            return Ok(Wrote::Blocked);
        }
        self.change_queue(queue, |body| body.put(message));
        self.settle_queue(queue);
        Ok(Wrote::Done)
    }

    /// Takes the next message out, or lets the running thread wait for one (ee488410).
    pub fn read_queue(
        &mut self,
        thread: ThreadId,
        queue: ObjectId,
        buffer: ReadBuffer,
        timeout: Timeout,
    ) -> CeResult<Read> {
        let body = self.get::<MessageQueue>(queue);
        // OQ-41: what writers that are gone have left can be read.
        if body.is_empty() {
            if !body.options().allow_broken && self.attached(queue, End::Write) == 0 {
                return Err(Win32Error::PIPE_NOT_CONNECTED);
            }
            if timeout.is_zero() {
                return Err(Win32Error::TIMEOUT);
            }

            self.block(thread, WaitReason::ReadMessage { buffer }, &[queue], timeout);
            return Ok(Read::Blocked);
        }

        let message = self.change_queue(queue, MessageQueue::take).expect("it is not empty");
        self.settle_queue(queue);
        Ok(Read::Message(message))
    }

    /// Changes a queue and keeps the count of memory.
    fn change_queue<T>(&mut self, queue: ObjectId, change: impl FnOnce(&mut MessageQueue) -> T) -> T {
        let body = self.get_mut::<MessageQueue>(queue);
        let before = queue_charge(body);
        let result = change(body);
        let after = queue_charge(body);
        self.queue_bytes = self.queue_bytes + after - before;
        result
    }

    /// Completes the blocked calls that a change lets go on, one after the other: a reader is given the next
    /// message, a writer's message is put in. Then tells the ends.
    fn settle_queue(&mut self, queue: ObjectId) {
        loop {
            if !self.get::<MessageQueue>(queue).is_empty()
                && let Some(reader) = self.best_caller(queue, End::Read)
            {
                // Whoever waits on the read end sees that a message came, though it is gone again.
                self.set_signal(queue, End::Read, true);
                let message = self.change_queue(queue, MessageQueue::take).expect("it is not empty");
                let buffer = self.buffer_of(reader);
                self.unblock(reader, Completion::Received { message, buffer });
                continue;
            }
            let Some(writer) = self.best_caller(queue, End::Write) else { break };
            let message = self.message_of(writer);
            self.change_queue(queue, |body| body.put(message));
            self.unblock(writer, Completion::Sent);
        }
        self.refresh_signals(queue);
    }

    /// The buffer that a blocked reader waits with.
    fn buffer_of(&self, reader: ThreadId) -> ReadBuffer {
        match &self.thread(reader).state {
            ThreadState::Blocked(Wait { reason: WaitReason::ReadMessage { buffer }, .. }) => *buffer,
            state => unreachable!("a reader waits for a message: {state:?}"),
        }
    }

    /// Takes the message that a blocked writer waits with.
    fn message_of(&mut self, writer: ThreadId) -> Message {
        let ThreadState::Blocked(wait) = &mut self.thread_mut(writer).state else {
            unreachable!("a waiter is blocked")
        };
        wait.message.take().expect("a writer waits with its message")
    }

    /// The call that goes on first of those that are blocked in this way and could: most urgent, then
    /// longest waiting. A writer of an alert may find room where others do not.
    fn best_caller(&self, queue: ObjectId, end: End) -> Option<ThreadId> {
        let body = self.get::<MessageQueue>(queue);
        let is_broken = body.is_broken_at(end);
        let can_go_on = |thread: ThreadId| {
            let ThreadState::Blocked(wait) = &self.thread(thread).state else { return false };
            match (end, &wait.message) {
                (End::Read, None) => true,
                (End::Write, Some(message)) => is_broken || body.has_room_for(message.is_alert),
                (End::Read, Some(_)) | (End::Write, None) => false,
            }
        };
        let waiters = self.objects[queue].waiters.iter().filter(|waiter| can_go_on(waiter.thread));
        waiters.min_by_key(|waiter| waiter.rank).map(|waiter| waiter.thread)
    }

    /// Gives both ends the state that the queue's says.
    fn refresh_signals(&mut self, queue: ObjectId) {
        for end in [End::Read, End::Write] {
            let signaled = self.get::<MessageQueue>(queue).should_signal(end);
            self.set_signal(queue, end, signaled);
        }
    }

    fn set_signal(&mut self, queue: ObjectId, end: End, signaled: bool) {
        if let Some(id) = self.get::<MessageQueue>(queue).end(end) {
            self.set_end_signal(id, signaled);
        }
    }

    /// Sets the state of an end, as its queue or EventModify does (OQ-30).
    pub fn set_end_signal(&mut self, id: ObjectId, signaled: bool) {
        self.get_mut::<QueueEnd>(id).signaled = signaled;
        if signaled {
            self.wake(id);
        }
    }

    /// What GetMsgQueueInfo tells.
    pub fn queue_information(&self, queue: ObjectId) -> QueueInformation {
        let body = self.get::<MessageQueue>(queue);
        QueueInformation {
            options: body.options(),
            messages: body.len(),
            high_water: body.high_water(),
            readers: self.attached(queue, End::Read),
            writers: self.attached(queue, End::Write),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(maximum_messages: u32, maximum_size: u32, flags: u32) -> QueueOptions {
        QueueOptions { maximum_messages, maximum_size, allow_broken: true, flags }
    }

    #[test]
    fn a_queue_has_its_buffers_beforehand_unless_it_is_unlimited_or_told_otherwise() {
        for (messages, flags, expected) in [
            (4, 0, true),
            (4, MSGQUEUE_NOPRECOMMIT, false),
            (0, 0, false),
            (0, MSGQUEUE_NOPRECOMMIT, false),
            (4, MSGQUEUE_NOPRECOMMIT | 2, false),
            (4, 2, true),
        ] {
            assert_eq!(is_committed_before(&options(messages, 10, flags)), expected, "{messages}, {flags}");
        }
    }

    #[test]
    fn a_queue_counts_for_its_buffers_or_for_what_it_holds() {
        // A queue's own overhead is that of a message.
        assert_eq!(queue_charge(&MessageQueue::new(options(4, 10, 0))), 5 * (10 + 32));
        let mut queue = MessageQueue::new(options(4, 10, MSGQUEUE_NOPRECOMMIT));
        assert_eq!(queue_charge(&queue), 32);
        for _ in 0..3 {
            queue.put(Message { bytes: Box::from(&b"1234567"[..]), is_alert: false });
        }
        assert_eq!(queue_charge(&queue), 3 * 7 + 4 * 32);
    }
}

//! Message queues (ipc-objects.md §1).

use super::life::INVALID_HANDLE;
use super::state::{Answer, Message, Model, Queue, Reason, Side, Target};

const ERROR_INVALID_PARAMETER: u32 = 87;
const ERROR_INSUFFICIENT_BUFFER: u32 = 122;
const ERROR_PIPE_NOT_CONNECTED: u32 = 233;
const ERROR_TIMEOUT: u32 = 1460;
const ALLOW_BROKEN: u32 = 2;

impl Queue {
    fn is_empty(&self) -> bool {
        self.alert.is_none() && self.messages.is_empty()
    }

    fn is_full(&self) -> bool {
        self.maximum > 0 && self.messages.len() as u32 >= self.maximum
    }

    /// An alert has a place of its own, if that is free (OQ-37).
    fn has_room_for(&self, message: &Message) -> bool {
        (message.is_alert && self.alert.is_none()) || !self.is_full()
    }

    fn put(&mut self, message: Message) {
        if message.is_alert && self.alert.is_none() {
            self.alert = Some(message.bytes);
            return;
        }
        self.messages.push(message.bytes);
        self.high_water = self.high_water.max(self.messages.len() as u32);
    }

    fn take(&mut self) -> Message {
        match self.alert.take() {
            Some(bytes) => Message { bytes, is_alert: true },
            None => Message { bytes: self.messages.remove(0), is_alert: false },
        }
    }
}

impl Answer {
    /// A message in a buffer of this size; what does not fit is lost (OQ-40).
    fn read(message: Message, buffer: u32) -> Answer {
        let Message { mut bytes, is_alert } = message;
        let is_cut = bytes.len() > buffer as usize;
        bytes.truncate(buffer as usize);
        let size = (bytes.len() as u32).to_le_bytes().to_vec();
        let flags = u32::from(is_alert).to_le_bytes().to_vec();
        let error = is_cut.then_some(ERROR_INSUFFICIENT_BUFFER);
        Answer { value: u32::from(!is_cut), outs: vec![bytes, size, flags], error }
    }
}

impl Model {
    /// The queue behind a handle that must be for this end (OQ-34).
    fn queue_at(&self, thread: usize, handle: u32, wanted: Side) -> Result<usize, u32> {
        match self.look(thread, handle)? {
            Target::End(queue, side) if side == wanted => Ok(queue),
            _ => Err(INVALID_HANDLE),
        }
    }

    fn attached(&self, queue: usize, side: Side) -> usize {
        self.handles_to(Target::End(queue, side))
    }

    /// An end is broken when the other's last handle has gone, and that is not allowed.
    pub(crate) fn is_broken_at(&self, queue: usize, side: Side) -> bool {
        let body = self.queue(queue);
        let other = side.other();
        body.flags & ALLOW_BROKEN == 0 && body.ever[other as usize] && self.attached(queue, other) == 0
    }

    /// Gives both ends the state that the queue's says; an end that is signaled frees its waiters.
    pub(crate) fn refresh(&mut self, queue: usize) {
        for side in [Side::Read, Side::Write] {
            let body = self.queue(queue);
            let by_state = match side {
                Side::Read => !body.is_empty(),
                Side::Write => !body.is_full(),
            };
            let signaled = by_state || self.is_broken_at(queue, side);
            self.set_signal(queue, side, signaled);
        }
    }

    pub(crate) fn set_signal(&mut self, queue: usize, side: Side, signaled: bool) {
        self.queue_mut(queue).signaled[side as usize] = signaled;
        if signaled {
            self.wake(Target::End(queue, side));
        }
    }

    /// The last handle of an end went: who is blocked in a call at the other end learns it.
    pub(crate) fn end_left(&mut self, queue: usize, side: Side) {
        if self.is_broken_at(queue, side.other()) {
            while let Some(thread) = self.best_caller(queue, side.other()) {
                self.unblock(thread, Answer::failed(0, ERROR_PIPE_NOT_CONNECTED));
            }
        }
        self.refresh(queue);
    }

    /// The blocked call that goes on first of those at one end that could.
    fn best_caller(&self, queue: usize, side: Side) -> Option<usize> {
        let is_broken = self.is_broken_at(queue, side);
        self.waiters(Target::Object(queue))
            .filter(|(_, wait)| match (side, wait.reason) {
                (Side::Read, Reason::Read(_)) => true,
                (Side::Write, Reason::Write) => {
                    let message = wait.message.as_ref().expect("a writer has a message");
                    is_broken || self.queue(queue).has_room_for(message)
                }
                _ => false,
            })
            .min_by_key(|(_, wait)| (wait.urgency, wait.arrival))
            .map(|(thread, _)| thread)
    }

    /// Lets the blocked calls go on that now can, one after the other.
    fn serve(&mut self, queue: usize) {
        loop {
            if !self.queue(queue).is_empty()
                && let Some(reader) = self.best_caller(queue, Side::Read)
            {
                // Our choice: whoever waits on the read end sees that a message came.
                self.set_signal(queue, Side::Read, true);
                let message = self.queue_mut(queue).take();
                let Reason::Read(buffer) = self.wait_of(reader).expect("it waits").reason else {
                    panic!("a reader reads")
                };
                self.unblock(reader, Answer::read(message, buffer));
                continue;
            }
            let Some(writer) = self.best_caller(queue, Side::Write) else { break };
            let message = self.wait_of(writer).and_then(|wait| wait.message.clone());
            self.queue_mut(queue).put(message.expect("a writer has a message"));
            self.unblock(writer, Answer::of(1));
        }
        self.refresh(queue);
    }

    pub(crate) fn read_queue(
        &mut self,
        thread: usize,
        handle: u32,
        buffer: Option<u32>,
        milliseconds: Option<u32>,
    ) -> Result<Option<Answer>, u32> {
        let queue = self.queue_at(thread, handle, Side::Read)?;
        let Some(buffer) = buffer.filter(|size| *size > 0) else { return Err(ERROR_INVALID_PARAMETER) };
        if self.queue(queue).is_empty() {
            if self.queue(queue).flags & ALLOW_BROKEN == 0 && self.attached(queue, Side::Write) == 0 {
                return Err(ERROR_PIPE_NOT_CONNECTED);
            }
            if milliseconds == Some(0) {
                return Err(ERROR_TIMEOUT);
            }
            self.block(thread, Reason::Read(buffer), vec![Target::Object(queue)], milliseconds, None);
            return Ok(None);
        }
        let message = self.queue_mut(queue).take();
        self.serve(queue);
        Ok(Some(Answer::read(message, buffer)))
    }

    pub(crate) fn write_queue(
        &mut self,
        thread: usize,
        handle: u32,
        bytes: Vec<u8>,
        milliseconds: Option<u32>,
        flags: u32,
    ) -> Result<Option<Answer>, u32> {
        let queue = self.queue_at(thread, handle, Side::Write)?;
        if bytes.is_empty() {
            return Err(ERROR_INVALID_PARAMETER);
        }
        if bytes.len() > self.queue(queue).size as usize {
            return Err(ERROR_INSUFFICIENT_BUFFER);
        }
        if self.queue(queue).flags & ALLOW_BROKEN == 0 && self.attached(queue, Side::Read) == 0 {
            return Err(ERROR_PIPE_NOT_CONNECTED);
        }
        let message = Message { bytes, is_alert: flags & 1 != 0 };
        if !self.queue(queue).has_room_for(&message) {
            if milliseconds == Some(0) {
                return Err(ERROR_TIMEOUT);
            }
            let targets = vec![Target::Object(queue)];
            self.block(thread, Reason::Write, targets, milliseconds, Some(message));
            return Ok(None);
        }
        self.queue_mut(queue).put(message);
        self.serve(queue);
        Ok(Some(Answer::of(1)))
    }

    /// The words of MSGQUEUEINFO.
    pub(crate) fn queue_information(&self, queue: usize) -> Vec<u8> {
        let body = self.queue(queue);
        let readers = self.attached(queue, Side::Read) as u32;
        let writers = self.attached(queue, Side::Write) as u32;
        let words = [
            28,
            body.flags,
            body.maximum,
            body.size,
            body.messages.len() as u32,
            body.high_water,
            readers | (writers << 16),
        ];
        words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }
}

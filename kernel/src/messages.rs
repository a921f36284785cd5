//! Messages posted to threads (sync.md §7). A thread has a queue from when it is first used (SQ-19).

use cerium_handle::{ObjectId, ThreadId};
use cerium_process::{ThreadState, Timeout, Wait, WaitReason};
use cerium_sync::{Completion, MessageFilter, PostedMessage, ThreadMessages};

use crate::{CeResult, Kernel, Waited, Win32Error};

impl Kernel {
    /// The queue of a thread, made now if it has none.
    fn messages_of(&mut self, thread: ThreadId) -> ObjectId {
        if let Some(queue) = &self.thread(thread).messages {
            return queue.id();
        }
        let reference = self.create(ThreadMessages::default());
        let id = reference.id();
        self.trace_creation(id);
        self.thread_mut(thread).messages = Some(reference);
        id
    }

    /// Posts a message to a living thread. If the thread waits in GetMessage for it, it has it at once.
    pub fn post_message(&mut self, to: ThreadId, mut message: PostedMessage) -> CeResult<()> {
        message.time = self.now.ticks() as u32;
        if let ThreadState::Blocked(Wait { reason: WaitReason::GetMessage { filter }, .. }) =
            &self.thread(to).state
            && filter.admits(&message)
        {
            self.unblock(to, Completion::Posted(message));
            return Ok(());
        }
        let queue = self.messages_of(to);
        if !self.get_mut::<ThreadMessages>(queue).post(message) {
            return Err(Win32Error::NOT_ENOUGH_MEMORY);
        }
        self.wake(queue);
        Ok(())
    }

    /// PeekMessage: the first message that the filter lets through.
    pub fn peek_message(
        &mut self,
        thread: ThreadId,
        filter: MessageFilter,
        remove: bool,
    ) -> Option<PostedMessage> {
        let queue = self.messages_of(thread);
        self.get_mut::<ThreadMessages>(queue).look(filter, remove)
    }

    /// GetMessage: takes the first message that the filter lets through, or lets the running thread wait.
    pub fn get_message(&mut self, thread: ThreadId, filter: MessageFilter) -> Option<PostedMessage> {
        let message = self.peek_message(thread, filter, true);
        if message.is_none() {
            self.block(thread, WaitReason::GetMessage { filter }, &[], Timeout::Infinite);
        }
        message
    }

    /// MsgWaitForMultipleObjectsEx: waits for objects, and behind them for input. `posted` says whether
    /// posted messages count, `old_too` whether also those that were looked at.
    pub fn wait_with_input(
        &mut self,
        thread: ThreadId,
        objects: &mut Vec<ObjectId>,
        posted: bool,
        old_too: bool,
        timeout: Timeout,
    ) -> CeResult<Waited> {
        let queue = self.messages_of(thread);
        self.get_mut::<ThreadMessages>(queue).await_input(posted, old_too);
        objects.push(queue);
        self.wait(thread, objects, timeout)
    }
}

//! What can be waited on: events, mutexes, semaphores, critical sections and message queues as plain
//! state machines, and the
//! wait queue that every object carries.
//!
//! These types know nothing of handles, names or scheduling. Each answers [`Dispatcher`]'s two questions, and
//! the kernel does the rest in one place: it finds the best waiter, lets the object be satisfied for it, and
//! makes it ready.
//!
//! Key types: [`Event`], [`Mutex`], [`Semaphore`], [`CriticalSection`], [`MessageQueue`] with its
//! [`QueueEnd`]s; [`WaitQueue`] and [`Waiter`], the
//! object's side of a wait; [`WaitBlock`], the thread's side; [`Completion`], why a blocked call came back.
//! Needs `handle`.
//!
//! Invariants: `satisfy` is called only on a signaled object; an object that is signaled for one of its
//! waiters does not exist between two calls of guests (the kernel's audit checks it).

mod event;
mod mutex;
mod posted;
mod queue;
mod section;
mod semaphore;
mod wait;
mod watchdog;

pub use event::Event;
pub use mutex::{Mutex, NotOwner, Released};
pub use posted::{MessageFilter, PostedMessage, ThreadMessages};
pub use queue::{End, Message, MessageQueue, QueueEnd, QueueOptions, ReadBuffer};
pub use section::CriticalSection;
pub use semaphore::{Semaphore, SemaphoreError};
pub use wait::{Completion, WaitBlock, WaitQueue, Waiter};
pub use watchdog::{Watchdog, WatchdogAction, WatchdogState};

use cerium_handle::ThreadId;

/// What every object that a thread can wait on answers.
pub trait Dispatcher {
    /// Whether a wait of this thread would be satisfied now.
    fn is_signaled(&self, thread: ThreadId) -> bool;

    /// Takes the object for this thread, for which it is signaled.
    fn satisfy(&mut self, thread: ThreadId) -> Satisfied;
}

/// What a satisfied wait found.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Satisfied {
    /// Nothing to report.
    Normal,
    /// A mutex whose last owner ended without releasing it.
    Abandoned,
}

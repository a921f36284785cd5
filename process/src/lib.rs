//! What runs: processes, threads, priorities, the ready queue, the timer queue, the clock.
//!
//! These are the data of scheduling; the decisions are `kernel`'s. Time is virtual: [`Instant`] counts
//! nanoseconds since the device was started, [`FileTime`] says which day that is, and everything that costs time is in [`cost`].
//!
//! Key types: [`Process`], [`Thread`] and its [`ThreadState`]; [`Wait`]; [`Priority`]; [`ReadyQueue`];
//! [`TimerQueue`]. Needs `handle` and `sync`.
//!
//! Invariants: a thread stands in the ready queue exactly when its state is `Ready` and its suspend count 0,
//! at its current priority; a deadline stands in the timer queue exactly while its thread is blocked with it.

mod calendar;
mod clock;
pub mod cost;
mod process;
mod ready;
mod thread;
mod timers;

pub use calendar::{Date, FileTime, Season, TimeZone};
pub use clock::{END_OF_TIME, Instant, Timeout};
pub use process::{Process, View};
pub use ready::{Priority, ReadyQueue};
pub use thread::{
    LockRequest, MAXIMUM_SUSPEND_COUNT, Owned, Thread, ThreadStart, ThreadState, Wait, WaitBlocks, WaitReason,
};
pub use timers::{Timer, TimerQueue};

//! A slow, obvious model of the device, written from the specification and not from the kernel; and random
//! programs that both must agree on, step by step.
//!
//! The model has no queues, no counts and nothing linked: vectors of processes, threads, objects, handle
//! entries and waits with arrival numbers. Whoever is asked for is found by a scan: the best waiter, the
//! object of a name, what is still reachable, what a thread's waiters lend it, who runs. It is told what is
//! policy and not rule (the value of a new handle, an id, an address) and checks that it is a fresh one.
//!
//! Read `state` first, then `waits` and `schedule`; `calls` says what each function checks and does, with
//! `things`, `queues` and `life` behind it. Then `program` (what a random program is, and its listing),
//! `generate`, `run` (both sides, one step at a time), `compare` (the whole observable state) and `shrink`.
//!
//! Where the specification is silent about an order (of two threads that one act makes ready), the model
//! says so in a comment and takes the order that follows from doing one thing after the other.

mod calls;
mod compare;
mod generate;
mod life;
mod program;
mod queues;
mod run;
mod schedule;
mod shrink;
mod state;
mod things;
mod waits;

pub use generate::{Random, generate};
pub use program::{Program, parse};
pub use run::{Difference, Ran, run};
pub use shrink::shrink;

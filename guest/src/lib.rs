//! The contract with running code, the machine that drives it, and guests written in Rust.
//!
//! A [`Program`] is the code of one process: it makes a guest for each thread and resumes one when the kernel
//! says so, until the guest wants something. What it wants is a value, a [`cerium_coredll::Call`]; the answer
//! is a [`cerium_coredll::Reply`]: at once, from the [`Device`] that it has while its turn lasts, or when it is
//! next resumed. The [`Machine`] is the loop between the two: read `machine.rs` first, then `device.rs`.
//!
//! Other files: `program` (the contract), `native` (guests as async functions), `world` (what bodies of the
//! API ask the machine for), `sections` (the bytes of memory maps and where they are seen), `trace` (the
//! canonical text), `limits` and `report` (how a run ends).
//!
//! Needs `coredll`, and `memory` for sections.
//!
//! Invariants: one guest runs at a time; a guest is a function of the replies and slices that it was given;
//! there is no host clock here, no thread, and no randomness.

mod device;
mod limits;
mod machine;
mod native;
mod program;
mod report;
mod sections;
mod trace;
mod world;

pub use device::{Device, Lent, Used};
pub use limits::{Limit, Limits};
pub use machine::Machine;
pub use native::{Ce, Native, NativeImages};
pub use program::{Crash, Images, Missing, NoImages, Prepared, Program, Ran, Stop, Turn};
pub use report::{ProcessEnd, Statistics, Verdict};
pub use trace::{TeeTrace, TextTrace, TraceSink};

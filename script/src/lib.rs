//! Guests written in Lua, and scenario files.
//!
//! A scenario is a Lua 5.4 file that declares processes, each with a body that calls CE functions by their
//! names. [`Scenario::load`] reads the file and runs its top level, which says what there is;
//! [`Scenario::start`] puts it on a machine; [`Scenario::judge`] says whether the run ended as it should. Each
//! process runs the file anew in a Lua state of its own, so nothing is shared between processes but what CE
//! lets them share.
//!
//! Inside: `scenario` (files, what they declare, how they are judged), `program` (a process: threads as
//! coroutines, calls, slices), `constants` (CE's, by name), and `lua` (the language itself, made
//! deterministic, and the functions that scripts find).
//!
//! Needs `guest`, and `memory` for views.
//!
//! Invariants: a script is a function of its text and of the replies and slices that it was given; it sees no
//! address, no clock, no random seed and no moment of the collector's; it runs no further than its slice,
//! counted in instructions of Lua's machine and in steps of what Lua's library does.

mod constants;
mod lua;
mod program;
mod scenario;

pub use scenario::{
    DEFAULT_MEMORY, DEFAULT_STEPS, Executables, Failure, FailureKind, NoExecutables, Scenario, ScriptError,
};

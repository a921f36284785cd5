//! One Lua state: the code of a process, its threads as coroutines.
//!
//! `state` is the state as safe Rust sees it; `frame` is a function that Lua calls, with its arguments and
//! results; `direct` is how most calls of CE are made, without one; `functions` are those functions;
//! `prelude.lua` is what is easier said in Lua; `mathematics` is Lua's, without the host's library; `ffi` is
//! Lua's interface. How Lua itself is changed stands in `build.rs`.
//!
//! Why raw Lua and not a binding: a call of CE through a plain C function and `lua_yield` costs two thirds of
//! one through closures that catch and convert errors, and determinism needs Lua's sources in any case.
//!
//! Invariants, which the arguments beside each `unsafe` lean on:
//! - A Lua error jumps over Rust's frames. So no Rust value that must be dropped lives across a call that can
//!   raise one: functions do their work while allocation cannot fail ([`frame::Frame`]) and nothing else of
//!   Lua's that they use can raise; what they come to is plain data, and only then they raise or yield.
//! - Outside of `cerium_resume`, `lua_resume` and `lua_pcallk` nothing is called that can raise.
//! - A state is used by the host thread that drives its machine, and by no other.
#![allow(
    unsafe_code,
    reason = "Lua is C, and bindings with safe closures cost a third more a call; each block has its argument"
)]

mod direct;
mod ffi;
mod frame;
mod functions;
mod mathematics;
mod state;

pub(crate) use state::{Declared, DeclaredProcess, Ended, Guest, Lua, Modules, Request, Turned};

//! What things cost in virtual nanoseconds. The only place where such figures stand.

/// One guest instruction: a 100 MHz device that retires one a cycle.
pub const INSTRUCTION: u64 = 10;

/// One instruction of Lua's machine, or one step of a long library call; it does the work of ten of a CPU's.
pub const LUA_INSTRUCTION: u64 = 100;

/// One call of a CE function, whichever it is.
pub const CALL: u64 = 1_000;

/// One millisecond: the system tick, and the unit of time-outs (ee482948).
pub const TICK: u64 = 1_000_000;

/// A thread's quantum unless it is changed (ee479383).
pub const QUANTUM: u64 = 100 * TICK;

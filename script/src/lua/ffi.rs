//! Lua's C functions, as far as they are used here, and cerium's own beside them.

use std::ffi::{c_char, c_int, c_longlong, c_void};

/// A Lua thread.
pub(super) enum State {}

/// A function that Lua calls.
pub(super) type Function = unsafe extern "C-unwind" fn(*mut State) -> c_int;
type Continuation = unsafe extern "C-unwind" fn(*mut State, c_int, isize) -> c_int;

/// What stands beside every state; `lua/cerium.h` has the same.
#[repr(C)]
pub(super) struct Cerium {
    pub(super) used: usize,
    pub(super) limit: usize,
    pub(super) objects: u64,
    pub(super) running: *mut State,
    pub(super) over: c_longlong,
    pub(super) bound: c_longlong,
    pub(super) exempt: c_int,
    pub(super) cut: c_int,
    pub(super) row: Function,
}

/// What a function is called with; `lua/cerium.h` has the same.
#[repr(C)]
pub(super) struct Entry {
    pub(super) cerium: *mut Cerium,
    pub(super) upvalue: c_longlong,
    pub(super) count: c_int,
    pub(super) can_yield: c_int,
    pub(super) is_plain: c_int,
}

/// A value as Lua lays it out.
#[derive(Copy, Clone)]
#[repr(C)]
pub(super) struct Slot {
    pub(super) value: c_longlong,
    pub(super) tag: u8,
}

/// The tags of plain values.
pub(super) mod tag {
    pub(crate) const NIL: u8 = 0x00;
    pub(crate) const FALSE: u8 = 0x01;
    pub(crate) const TRUE: u8 = 0x11;
    pub(crate) const INTEGER: u8 = 0x03;
}

/// Makes a call whose arguments are plain, and gives its results if they are; `lua/cerium.h` has the same.
pub(super) type Door = unsafe extern "C-unwind" fn(*mut Cerium, *mut Slot, c_int, c_longlong) -> c_int;

/// What a door says that gives no results: nothing is done.
pub(super) const DECLINED: c_int = -1;
/// The call is answered, by more than plain values.
pub(super) const MORE: c_int = -2;
/// The thread leaves its coroutine with it.
pub(super) const LEAVES: c_int = -3;

pub(super) const OK: c_int = 0;
pub(super) const YIELD: c_int = 1;
pub(super) const REGISTRY: c_int = -1_000_000 - 1000;
pub(super) const NO_REFERENCE: c_int = -2;

pub(super) const NIL: c_int = 0;
pub(super) const BOOLEAN: c_int = 1;
pub(super) const NUMBER: c_int = 3;
pub(super) const STRING: c_int = 4;
pub(super) const TABLE: c_int = 5;
pub(super) const FUNCTION: c_int = 6;

unsafe extern "C-unwind" {
    pub(super) fn cerium_newstate(cerium: *mut Cerium) -> *mut State;
    pub(super) fn cerium_enter(state: *mut State, entry: *mut Entry);
    pub(super) fn cerium_resume(state: *mut State, steps: c_int, arguments: c_int) -> c_int;
    pub(super) fn cerium_called(state: *mut State);
    pub(super) fn cerium_start(state: *mut State, instructions: c_int);
    pub(super) fn cerium_taken(state: *mut State) -> c_longlong;
    pub(super) fn cerium_spend(cerium: *mut Cerium, count: usize);

    pub(super) fn lua_close(state: *mut State);
    pub(super) fn lua_newthread(state: *mut State) -> *mut State;
    pub(super) fn lua_resume(
        state: *mut State,
        from: *mut State,
        arguments: c_int,
        results: *mut c_int,
    ) -> c_int;
    pub(super) fn lua_yieldk(state: *mut State, results: c_int, cx: isize, k: Option<Continuation>) -> c_int;
    pub(super) fn lua_pcallk(
        state: *mut State,
        arguments: c_int,
        results: c_int,
        handler: c_int,
        cx: isize,
        k: Option<Continuation>,
    ) -> c_int;
    pub(super) fn lua_error(state: *mut State) -> c_int;

    pub(super) fn lua_gettop(state: *mut State) -> c_int;
    pub(super) fn lua_settop(state: *mut State, index: c_int);
    pub(super) fn lua_checkstack(state: *mut State, room: c_int) -> c_int;
    pub(super) fn lua_pushvalue(state: *mut State, index: c_int);
    pub(super) fn lua_rotate(state: *mut State, index: c_int, n: c_int);
    pub(super) fn lua_xmove(from: *mut State, to: *mut State, count: c_int);

    pub(super) fn lua_type(state: *mut State, index: c_int) -> c_int;
    pub(super) fn lua_isinteger(state: *mut State, index: c_int) -> c_int;
    pub(super) fn lua_tonumberx(state: *mut State, index: c_int, is: *mut c_int) -> f64;
    pub(super) fn lua_tointegerx(state: *mut State, index: c_int, is: *mut c_int) -> i64;
    pub(super) fn lua_toboolean(state: *mut State, index: c_int) -> c_int;
    pub(super) fn lua_tolstring(state: *mut State, index: c_int, length: *mut usize) -> *const c_char;
    pub(super) fn lua_rawlen(state: *mut State, index: c_int) -> u64;

    pub(super) fn lua_pushnil(state: *mut State);
    pub(super) fn lua_pushboolean(state: *mut State, value: c_int);
    pub(super) fn lua_pushinteger(state: *mut State, value: i64);
    pub(super) fn lua_pushlstring(state: *mut State, text: *const c_char, length: usize) -> *const c_char;
    pub(super) fn lua_pushlightuserdata(state: *mut State, pointer: *mut c_void);
    pub(super) fn lua_pushcclosure(state: *mut State, function: Function, upvalues: c_int);

    pub(super) fn lua_createtable(state: *mut State, items: c_int, members: c_int);
    pub(super) fn lua_rawget(state: *mut State, index: c_int) -> c_int;
    pub(super) fn lua_rawset(state: *mut State, index: c_int);
    pub(super) fn lua_rawgeti(state: *mut State, index: c_int, place: i64) -> c_int;
    pub(super) fn lua_setupvalue(state: *mut State, index: c_int, place: c_int) -> *const c_char;

    pub(super) fn luaL_ref(state: *mut State, table: c_int) -> c_int;
    pub(super) fn luaL_unref(state: *mut State, table: c_int, reference: c_int);
    pub(super) fn luaL_loadbufferx(
        state: *mut State,
        text: *const c_char,
        length: usize,
        name: *const c_char,
        mode: *const c_char,
    ) -> c_int;
    pub(super) fn luaL_where(state: *mut State, level: c_int);
    pub(super) fn luaL_traceback(state: *mut State, of: *mut State, text: *const c_char, level: c_int);
    pub(super) fn luaL_requiref(state: *mut State, name: *const c_char, open: Function, global: c_int);
    pub(super) fn luaopen_base(state: *mut State) -> c_int;
    pub(super) fn luaopen_string(state: *mut State) -> c_int;
    pub(super) fn luaopen_table(state: *mut State) -> c_int;
    pub(super) fn luaopen_math(state: *mut State) -> c_int;
    pub(super) fn luaopen_utf8(state: *mut State) -> c_int;
}

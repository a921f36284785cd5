//! A function that Lua calls: arguments in, results out, and how it ends.

use std::ffi::{c_char, c_int};
use std::mem::MaybeUninit;
use std::slice;

use cerium_coredll::{Call, Field, Results, Value, Values};
use cerium_guest::Used;
use cerium_process::{Instant, cost};

use super::ffi::{self, Entry, State};
use super::state::{Answer, Context, push_results};

/// `lua/cerium.h` counts a call of CE as so many steps.
const CALL_STEPS: u64 = 10;
const _: () = assert!(CALL_STEPS * cost::LUA_INSTRUCTION == cost::CALL);

/// How a function ends. Plain data: whatever comes after it may jump.
pub(super) enum Flow {
    /// With so many results on the stack.
    Return(c_int),
    /// The thread leaves its coroutine with a request.
    Yield,
}

/// A call of a function by Lua. While it lives no allocation of the state fails, so nothing here raises.
pub(super) struct Frame {
    state: *mut State,
    context: *mut Context,
    entry: Entry,
}

/// Runs a function's body and ends as it says.
///
/// # Safety
/// Lua calls it with the state that it gave to the function.
#[inline(always)]
pub(super) unsafe fn enter(
    state: *mut State,
    body: impl FnOnce(&mut Frame) -> Result<Flow, String>,
) -> c_int {
    let mut entry = MaybeUninit::uninit();
    // SAFETY: it only reads the state, and fills in the entry.
    let entry: Entry = unsafe {
        ffi::cerium_enter(state, entry.as_mut_ptr());
        entry.assume_init()
    };
    // Every state is made with its context beside it.
    let context = entry.cerium.cast::<Context>();
    // SAFETY: as above; the body's values are dropped when the block ends, before anything jumps.
    let flow = unsafe {
        (*context).cerium.exempt = 1;
        let flow = match body(&mut Frame { state, context, entry }) {
            Ok(flow) => Some(flow),
            Err(message) => {
                push_error(state, &message);
                None
            }
        };
        (*context).cerium.exempt = 0;
        flow
    };
    match flow {
        Some(Flow::Return(count)) => count,
        // SAFETY: nothing that must be dropped is left in this frame or in the function that called it.
        Some(Flow::Yield) => unsafe { ffi::lua_yieldk(state, 0, 0, None) },
        // SAFETY: as above.
        None => unsafe { ffi::lua_error(state) },
    }
}

/// Pushes a message with the place in the script in front of it.
///
/// # Safety
/// Allocation cannot fail, and the stack has room for a C function's.
unsafe fn push_error(state: *mut State, message: &str) {
    // SAFETY: the caller's promise.
    unsafe {
        let text = format!("{}{message}", place_from(state, 1));
        ffi::lua_pushlstring(state, text.as_ptr().cast(), text.len());
    }
}

/// How many levels of calls are searched for a place.
const LEVELS: c_int = 16;
/// How places in the prelude begin.
const PRELUDE: &[u8] = b"[cerium]";

/// The place of the innermost call from a script, from a level on, as `file:line: `; empty if there is none.
///
/// # Safety
/// Allocation cannot fail; the state is one of ours and does not run, or runs the caller.
pub(super) unsafe fn place_from(state: *mut State, first: c_int) -> String {
    for level in first..LEVELS {
        // SAFETY: the caller's promise; luaL_where pushes one string, and there is room for it.
        unsafe {
            if ffi::lua_checkstack(state, 4) == 0 {
                break;
            }
            ffi::luaL_where(state, level);
            let text = bytes_at(state, -1);
            let place = (!text.is_empty() && !text.starts_with(PRELUDE))
                .then(|| String::from_utf8_lossy(text).into_owned());
            ffi::lua_settop(state, -2);
            if let Some(place) = place {
                return place;
            }
        }
    }
    String::new()
}

/// The bytes of a string on the stack.
///
/// # Safety
/// There is a string at this place, and it stays there or in a table while the bytes are used.
pub(super) unsafe fn bytes_at<'a>(state: *mut State, index: c_int) -> &'a [u8] {
    let mut length = 0;
    // SAFETY: the caller's promise; for a string it neither converts nor raises.
    unsafe {
        let start: *const c_char = ffi::lua_tolstring(state, index, &mut length);
        if start.is_null() { &[] } else { slice::from_raw_parts(start.cast(), length) }
    }
}

/// A value on the stack.
///
/// # Safety
/// As for [`bytes_at`], if it is a string.
#[inline]
pub(super) unsafe fn value_at<'a>(state: *mut State, index: c_int) -> Value<'a> {
    // SAFETY: each function is asked for a value of its type, and then none of them converts or raises.
    unsafe {
        match ffi::lua_type(state, index) {
            ffi::NUMBER => {
                let mut is_integer = 0;
                // A float that is a whole number counts as one, as it does to Lua's own functions.
                let number = ffi::lua_tointegerx(state, index, &mut is_integer);
                if is_integer != 0 { Value::Integer(number) } else { Value::Other }
            }
            ffi::BOOLEAN => Value::Boolean(ffi::lua_toboolean(state, index) != 0),
            ffi::STRING => Value::Text(bytes_at(state, index)),
            ffi::TABLE => Value::Table(ffi::lua_rawlen(state, index).try_into().unwrap_or(u32::MAX)),
            kind if kind <= ffi::NIL => Value::Nil,
            _ => Value::Other,
        }
    }
}

impl Frame {
    /// What stands beside the state.
    pub(super) fn context(&mut self) -> &mut Context {
        // SAFETY: the context outlives its state, and nobody else looks at it while a function runs.
        unsafe { &mut *self.context }
    }

    /// How many arguments were given.
    pub(super) fn count(&self) -> c_int {
        self.entry.count
    }

    /// An argument, counted from 1; one that was left out is nil.
    pub(super) fn argument(&self, place: c_int) -> Value<'_> {
        // SAFETY: arguments stay on the stack while the function runs.
        unsafe { value_at(self.state, place) }
    }

    /// A number among the arguments.
    pub(super) fn number(&self, place: c_int) -> Option<f64> {
        // SAFETY: for a number it does not convert.
        unsafe {
            (ffi::lua_type(self.state, place) == ffi::NUMBER)
                .then(|| ffi::lua_tonumberx(self.state, place, std::ptr::null_mut()))
        }
    }

    /// What an argument is, for messages.
    pub(super) fn type_name(&self, place: c_int) -> &'static str {
        // SAFETY: it only reads.
        match unsafe { ffi::lua_type(self.state, place) } {
            ffi::BOOLEAN => "a boolean",
            // SAFETY: as above.
            ffi::NUMBER if unsafe { ffi::lua_isinteger(self.state, place) } == 0 => "a fraction",
            ffi::NUMBER => "an integer",
            ffi::STRING => "a string",
            ffi::TABLE => "a table",
            ffi::FUNCTION => "a function",
            kind if kind < ffi::NIL => "nothing",
            ffi::NIL => "nil",
            _ => "something else",
        }
    }

    /// The number that the function was made with.
    #[inline]
    pub(super) fn upvalue(&self) -> usize {
        self.entry.upvalue as usize
    }

    /// Whether the thread can leave its coroutine here; the file's top level never does.
    #[inline]
    pub(super) fn can_yield(&mut self) -> bool {
        self.entry.can_yield != 0 && !self.context().is_declaring
    }

    /// Where the script called, as `file:line: `.
    pub(super) fn place(&self) -> String {
        // SAFETY: this is a running function, and its allocations do not fail.
        unsafe { place_from(self.state, 1) }
    }

    /// Virtual time here and now.
    pub(super) fn now(&mut self) -> Instant {
        let taken = self.used().time;
        self.context().device().map_or(Instant(0), |device| device.now().after(taken))
    }

    /// What the thread has used since its last call. Taking a call's arguments is part of it, for they may
    /// need memory.
    #[inline]
    fn used(&self) -> Used {
        // SAFETY: it only reads.
        let steps = unsafe { ffi::cerium_taken(self.state) } as u64;
        Used { time: steps * cost::LUA_INSTRUCTION, instructions: steps, last_error: None }
    }

    /// Makes a call of CE. With its results the thread runs on; without, it leaves its coroutine.
    ///
    /// So it does also where Lua's machine does not simply go on behind the function: behind a tail call, in
    /// an iterator or a metamethod it would take other steps than a thread that comes back.
    #[inline(always)]
    pub(super) fn call(&mut self, mut call: Call, answer: Answer) -> Flow {
        let (state, used) = (self.state, self.used());
        let is_plain = self.entry.is_plain != 0;
        let Some(device) = self.context().device() else { unreachable!("a thread calls in its turn") };
        let function = call.function();
        let results = match device.call(used, &mut call) {
            Some(reply) if is_plain => Some(push_results(state, function, answer, reply)),
            Some(_) => {
                device.keep_reply();
                None
            }
            None => None,
        };
        // SAFETY: this is the running thread.
        unsafe { ffi::cerium_called(state) };
        match results {
            Some(count) => Flow::Return(count),
            None => {
                self.context().asked = Some((function, answer));
                Flow::Yield
            }
        }
    }

    /// Gives what the call was answered that was made without this frame.
    pub(super) fn give_answer(&mut self) -> Option<Flow> {
        let (function, answer) = self.context().answered.take()?;
        let state = self.state;
        let Some(device) = self.context().device() else { unreachable!("a thread calls in its turn") };
        let count = push_results(state, function, answer, device.reply());
        // SAFETY: this is the running thread.
        unsafe { ffi::cerium_called(state) };
        Some(Flow::Return(count))
    }

    /// Counts work that is no instructions.
    pub(super) fn spend(&mut self, steps: usize) {
        // SAFETY: the context is the one that stands beside the state.
        unsafe { ffi::cerium_spend(&mut (*self.context).cerium, steps) }
    }

    /// Loads text as a function and pushes it, or pushes a message and says that it is one. With a limit on
    /// memory, unlike everything else here; it does not raise.
    pub(super) fn load(&mut self, text: &[u8], name: &str) -> bool {
        self.context().cerium.exempt = 0;
        // SAFETY: text and name live until it returns, and it reports errors by its result.
        let is_loaded = unsafe { load(self.state, text, name) };
        self.context().cerium.exempt = 1;
        is_loaded
    }

    /// Gives the function on top another environment: the value at a place.
    pub(super) fn set_environment(&mut self, place: c_int) {
        // SAFETY: a loaded chunk is on top; its first upvalue, if it has one, is its environment.
        unsafe {
            ffi::lua_pushvalue(self.state, place);
            if ffi::lua_setupvalue(self.state, -2, 1).is_null() {
                ffi::lua_settop(self.state, -2);
            }
        }
    }

    /// Exchanges the two values on top.
    pub(super) fn swap(&mut self) {
        // SAFETY: there are two.
        unsafe { ffi::lua_rotate(self.state, -2, 1) }
    }

    /// The text on top.
    pub(super) fn text_on_top(&mut self) -> String {
        // SAFETY: it stays where it is; what is no string reads as an empty one.
        unsafe { String::from_utf8_lossy(bytes_at(self.state, -1)).into_owned() }
    }

    /// The arguments, for a row of the API.
    #[inline]
    pub(super) fn arguments(&mut self) -> Arguments<'_> {
        Arguments { last: 0, frame: self }
    }

    /// Takes results.
    pub(super) fn results(&mut self) -> Pushed {
        Pushed { state: self.state, count: 0 }
    }
}

/// Loads text as a function and pushes it, or a message.
///
/// # Safety
/// The state is one of ours.
pub(super) unsafe fn load(state: *mut State, text: &[u8], name: &str) -> bool {
    let name: Vec<u8> = name.bytes().filter(|byte| *byte != 0).chain([0]).collect();
    // SAFETY: both texts live until it returns; the mode is a string that lives for ever.
    let status = unsafe {
        let mode = c"t".as_ptr();
        ffi::luaL_loadbufferx(state, text.as_ptr().cast(), text.len(), name.as_ptr().cast(), mode)
    };
    status == ffi::OK
}

/// The arguments of a call as rows take them.
pub(super) struct Arguments<'f> {
    frame: &'f mut Frame,
    last: c_int,
}

impl Arguments<'_> {
    /// The place of the argument that was taken last.
    pub(super) fn last(&self) -> c_int {
        self.last
    }
}

impl Values for Arguments<'_> {
    #[inline(always)]
    fn next(&mut self) -> Value<'_> {
        self.last += 1;
        // SAFETY: arguments stay on the stack while the function runs.
        unsafe { value_at(self.frame.state, self.last) }
    }

    fn item(&mut self, place: u32) -> Value<'_> {
        let state = self.frame.state;
        // SAFETY: the last argument is a table; the item stays in it when it is popped.
        unsafe {
            ffi::lua_rawgeti(state, self.last, i64::from(place));
            let value = value_at(state, -1);
            ffi::lua_settop(state, -2);
            value
        }
    }

    fn member(&mut self, name: &'static str) -> Value<'_> {
        let state = self.frame.state;
        // SAFETY: as above.
        unsafe {
            ffi::lua_pushlstring(state, name.as_ptr().cast(), name.len());
            ffi::lua_rawget(state, self.last);
            let value = value_at(state, -1);
            ffi::lua_settop(state, -2);
            value
        }
    }

    fn inner(&mut self, name: &'static str, inner: &'static str) -> Value<'_> {
        let state = self.frame.state;
        // SAFETY: as above; what is no table has no members.
        unsafe {
            ffi::lua_pushlstring(state, name.as_ptr().cast(), name.len());
            ffi::lua_rawget(state, self.last);
            let mut value = Value::Nil;
            if matches!(value_at(state, -1), Value::Table(_)) {
                ffi::lua_pushlstring(state, inner.as_ptr().cast(), inner.len());
                ffi::lua_rawget(state, -2);
                value = value_at(state, -1);
                ffi::lua_settop(state, -2);
            }
            ffi::lua_settop(state, -2);
            value
        }
    }

    fn keep(&mut self) -> u32 {
        // SAFETY: there is an argument at this place; luaL_ref takes the copy.
        let reference = unsafe {
            ffi::lua_pushvalue(self.frame.state, self.last);
            ffi::luaL_ref(self.frame.state, ffi::REGISTRY)
        };
        self.frame.context().keep(reference)
    }
}

/// Results on their way to a script.
pub(super) struct Pushed {
    pub(super) state: *mut State,
    pub(super) count: c_int,
}

impl Pushed {
    /// Pushes a table of the members of a structure; one that lies in another is not deep.
    fn push_record(&mut self, members: &[(&'static str, Field)]) {
        // SAFETY: see below; the table is new, so nothing of the script's runs.
        unsafe { ffi::lua_createtable(self.state, 0, members.len() as c_int) }
        for (name, value) in members {
            // SAFETY: as above; the text is copied.
            unsafe {
                ffi::lua_pushlstring(self.state, name.as_ptr().cast(), name.len());
            }
            match value {
                // SAFETY: as above.
                Field::Number(number) => unsafe { ffi::lua_pushinteger(self.state, *number) },
                // SAFETY: as above.
                Field::Text(text) => unsafe {
                    ffi::lua_pushlstring(self.state, text.as_ptr().cast(), text.len());
                },
                Field::Record(members) => self.push_record(members),
            }
            // SAFETY: as above.
            unsafe { ffi::lua_rawset(self.state, -3) }
        }
    }
}

// What all of them lean on: the stack has room for what a function returns, and allocation cannot fail.
impl Results for Pushed {
    #[inline]
    fn nil(&mut self) {
        // SAFETY: see above.
        unsafe { ffi::lua_pushnil(self.state) }
        self.count += 1;
    }

    #[inline]
    fn boolean(&mut self, value: bool) {
        // SAFETY: see above.
        unsafe { ffi::lua_pushboolean(self.state, c_int::from(value)) }
        self.count += 1;
    }

    #[inline]
    fn integer(&mut self, value: i64) {
        // SAFETY: see above.
        unsafe { ffi::lua_pushinteger(self.state, value) }
        self.count += 1;
    }

    fn bytes(&mut self, value: &[u8]) {
        // SAFETY: see above.
        unsafe { ffi::lua_pushlstring(self.state, value.as_ptr().cast(), value.len()) };
        self.count += 1;
    }

    fn record(&mut self, members: &[(&'static str, Field)]) {
        self.push_record(members);
        self.count += 1;
    }
}

//! Calls without a frame: a call instruction calls a row with plain values, and goes on with plain results.
//!
//! Nearly all calls are such. Of them Lua's machine knows no function that runs: the arguments are read where
//! they stand, and the results stand there after. What is not plain (text, tables, more than a few results)
//! is declined or left to a [`Frame`](super::frame::Frame), which can all of it.

use std::ffi::{c_int, c_longlong};

use cerium_coredll::{BadArgument, Field, Known, Results, Ret, Value, Values};
use cerium_guest::Used;
use cerium_process::cost;

use super::ffi::{Cerium, DECLINED, LEAVES, MORE, Slot, tag};
use super::state::{Answer, Context};

/// How many results are given without a frame. There is room for as many as a function of C's may push.
const RESULTS: usize = 4;

/// Makes a call, if its arguments are plain; its results take the place of the function.
///
/// # Safety
/// `cerium_call` calls it, with what stands beside the state, and the place of the function on its stack.
#[inline(always)]
pub(super) unsafe fn pass<K: Known>(
    (cerium, function, count, steps): (*mut Cerium, *mut Slot, c_int, c_longlong),
    answer: Answer,
    expand: impl FnOnce(&mut Plain) -> Result<K::Arguments, BadArgument>,
) -> c_int {
    // SAFETY: every state is made with its context beside it, and nobody else looks at it while a call is made.
    let context = unsafe { &mut *cerium.cast::<Context>() };
    let mut values = Plain { last: function, left: count, is_plain: true };
    // What is wrong with an argument is said by the frame.
    let Ok(arguments) = expand(&mut values) else { return DECLINED };
    if !values.is_plain || values.left > 0 {
        return DECLINED;
    }
    let Some(device) = context.device() else { return DECLINED };
    let steps = steps as u64;
    let used = Used { time: steps * cost::LUA_INSTRUCTION, instructions: steps, last_error: None };
    match device.call_row::<K>(used, arguments) {
        Some(reply) => {
            let mut results = PlainResults { slots: [Slot { value: 0, tag: tag::NIL }; RESULTS], count: 0 };
            match answer {
                Answer::Row => K::Returns::give(reply, &mut results),
                Answer::Boolean => results.boolean(reply.value != 0),
            }
            if let Some(slots) = results.slots.get(..results.count) {
                for (place, slot) in slots.iter().enumerate() {
                    // SAFETY: the caller has made sure of the room.
                    unsafe {
                        let to = function.add(place);
                        (*to).value = slot.value;
                        (*to).tag = slot.tag;
                    }
                }
                results.count as c_int
            } else {
                context.answered = Some((K::FUNCTION, answer));
                MORE
            }
        }
        None => {
            context.asked = Some((K::FUNCTION, answer));
            LEAVES
        }
    }
}

/// Arguments as they stand on the stack.
pub(super) struct Plain {
    /// The one that was taken last.
    last: *const Slot,
    /// How many are left.
    left: c_int,
    /// None was to be kept.
    is_plain: bool,
}

/// An argument that is no integer. What is not plain either no row takes for anything; it says what it wants,
/// and the frame gives it that.
#[inline(never)]
fn other(tag: u8) -> Value<'static> {
    match tag {
        tag::NIL => Value::Nil,
        tag::TRUE => Value::Boolean(true),
        tag::FALSE => Value::Boolean(false),
        _ => Value::Other,
    }
}

impl Values for Plain {
    #[inline(always)]
    fn next(&mut self) -> Value<'_> {
        if self.left <= 0 {
            return Value::Nil;
        }
        self.left -= 1;
        // SAFETY: so many arguments stand above the function, and stay there until results are given.
        let slot = unsafe {
            self.last = self.last.add(1);
            *self.last
        };
        if slot.tag == tag::INTEGER { Value::Integer(slot.value) } else { other(slot.tag) }
    }

    fn item(&mut self, _: u32) -> Value<'_> {
        Value::Other
    }

    fn member(&mut self, _: &'static str) -> Value<'_> {
        Value::Other
    }

    fn inner(&mut self, _: &'static str, _: &'static str) -> Value<'_> {
        Value::Other
    }

    fn keep(&mut self) -> u32 {
        self.is_plain = false;
        0
    }
}

/// Results on their way to where Lua's machine takes them from.
struct PlainResults {
    slots: [Slot; RESULTS],
    /// How many there are; more than there is room for if they are not plain.
    count: usize,
}

impl PlainResults {
    #[inline(always)]
    fn push(&mut self, tag: u8, value: i64) {
        match self.slots.get_mut(self.count) {
            Some(slot) => {
                *slot = Slot { value, tag };
                self.count += 1;
            }
            None => self.are_not_plain(),
        }
    }

    fn are_not_plain(&mut self) {
        self.count = RESULTS + 1;
    }
}

impl Results for PlainResults {
    #[inline]
    fn nil(&mut self) {
        self.push(tag::NIL, 0);
    }

    #[inline]
    fn boolean(&mut self, value: bool) {
        self.push(if value { tag::TRUE } else { tag::FALSE }, 0);
    }

    #[inline]
    fn integer(&mut self, value: i64) {
        self.push(tag::INTEGER, value);
    }

    fn bytes(&mut self, _: &[u8]) {
        self.are_not_plain();
    }

    fn record(&mut self, _: &[(&'static str, Field)]) {
        self.are_not_plain();
    }
}

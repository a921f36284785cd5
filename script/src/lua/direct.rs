//! Calls without a frame: a call instruction calls a row with plain values, and goes on with plain results.
//!
//! Nearly all calls are such. Of them Lua's machine knows no function that runs: the arguments are read where
//! they stand, and the results stand there after. What is not plain (text, tables, more than a few results)
//! is declined or left to a [`Frame`](super::frame::Frame), which can all of it.

use std::slice;

use cerium_coredll::{BadArgument, Call, Field, Known, Results, Ret, Value, Values};
use cerium_guest::Used;
use cerium_process::cost;

use super::ffi::{Came, Cerium, Direct, RESULTS, Slot, tag};
use super::state::{Answer, Context};

/// Makes a call, if its arguments are plain.
///
/// # Safety
/// `cerium_call` calls it, with what stands beside the state and a call that it has filled in.
#[inline(always)]
pub(super) unsafe fn pass<K: Known>(
    cerium: *mut Cerium,
    direct: *mut Direct,
    answer: Answer,
    expand: impl FnOnce(&mut Plain<'_>) -> Result<Call, BadArgument>,
) -> Came {
    // SAFETY: every state is made with its context beside it, and nobody else looks at it while a call is made;
    // the arguments stay on the stack meanwhile.
    let (context, direct, arguments) = unsafe {
        let arguments = slice::from_raw_parts((*direct).arguments, (*direct).count as usize);
        (&mut *cerium.cast::<Context>(), &mut *direct, arguments)
    };
    let used = Used {
        time: direct.steps as u64 * cost::LUA_INSTRUCTION,
        instructions: direct.steps as u64,
        last_error: None,
    };
    let mut values = Plain { arguments: arguments.iter(), is_plain: true };
    // What is wrong with an argument is said by the frame.
    let Ok(mut call) = expand(&mut values) else { return Came::Declined };
    let is_all = values.is_plain && values.arguments.as_slice().is_empty();
    let Some(device) = context.device().filter(|_| is_all) else { return Came::Declined };
    let came = match device.call_row::<K>(used, &mut call) {
        Some(reply) => {
            let mut results = PlainResults { direct, is_plain: true };
            match answer {
                Answer::Row => K::Returns::give(reply, &mut results),
                Answer::Boolean => results.boolean(reply.value != 0),
            }
            if results.is_plain {
                Came::Answered
            } else {
                context.answered = Some((K::FUNCTION, answer));
                Came::More
            }
        }
        None => {
            context.asked = Some((K::FUNCTION, answer));
            Came::Leaves
        }
    };
    K::discard(call);
    came
}

/// Arguments as they stand on the stack.
pub(super) struct Plain<'a> {
    arguments: slice::Iter<'a, Slot>,
    /// Nothing else was among what was asked for.
    is_plain: bool,
}

impl Plain<'_> {
    fn other(&mut self) -> Value<'static> {
        self.is_plain = false;
        Value::Nil
    }
}

impl Values for Plain<'_> {
    #[inline(always)]
    fn next(&mut self) -> Value<'_> {
        match self.arguments.next() {
            None => Value::Nil,
            Some(slot) => match slot.tag {
                tag::INTEGER => Value::Integer(slot.value),
                tag::NIL => Value::Nil,
                tag::TRUE => Value::Boolean(true),
                tag::FALSE => Value::Boolean(false),
                _ => self.other(),
            },
        }
    }

    fn item(&mut self, _: u32) -> Value<'_> {
        self.other()
    }

    fn member(&mut self, _: &'static str) -> Value<'_> {
        self.other()
    }

    fn inner(&mut self, _: &'static str, _: &'static str) -> Value<'_> {
        self.other()
    }

    fn keep(&mut self) -> u32 {
        self.is_plain = false;
        0
    }
}

/// Results where Lua's machine takes them from.
struct PlainResults<'a> {
    direct: &'a mut Direct,
    is_plain: bool,
}

impl PlainResults<'_> {
    #[inline(always)]
    fn push(&mut self, tag: u8, value: i64) {
        let place = self.direct.results as usize;
        if place < RESULTS {
            self.direct.result[place].write(Slot { value, tag });
            self.direct.results += 1;
        } else {
            self.is_plain = false;
        }
    }
}

impl Results for PlainResults<'_> {
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
        self.is_plain = false;
    }

    fn record(&mut self, _: &[(&'static str, Field)]) {
        self.is_plain = false;
    }
}

//! The floating-point environment: `_controlfp` and its kin.

use crate::call::{Cx, Environment};
use crate::float::{self, Control};
use crate::memory::Fault;
use crate::secure::EINVAL;

/// `_controlfp`: changes the bits of a mask, and returns the whole word.
pub(crate) fn control(cx: &mut Cx<'_>, bits: u32, mask: u32) -> u32 {
    if !cx.arguments.is_x86() {
        // Our choice: the word is the thread's and is kept, but the helpers for arithmetic round to nearest and
        // note no exceptions. There is no coprocessor, and no page says that CE's library does otherwise.
        cx.thread.float_control = cx.thread.float_control.with(bits, mask);
        return cx.thread.float_control.0;
    }
    let environment = cx.arguments.environment();
    let control = Control::of_x87(environment.control).with(bits, mask);
    if mask != 0 {
        cx.arguments.set_environment(Environment { control: control.to_x87(), ..environment });
    }
    control.0
}

/// `_controlfp_s`: stores the word, if a place for it is given.
pub(crate) fn control_checked(cx: &mut Cx<'_>, place: u32, bits: u32, mask: u32) -> Result<u32, Fault> {
    const KNOWN: u32 = float::MASKS | float::INFINITY | float::PRECISION | float::ROUNDING | 0x0300_0000;
    if bits & mask & !KNOWN != 0 {
        return Ok(EINVAL);
    }
    let control = control(cx, bits, mask);
    if place != 0 {
        cx.memory.write_u32(place, control)?;
    }
    Ok(0)
}

/// `_statusfp`: the exceptions that were raised.
pub(crate) fn status(cx: &Cx<'_>) -> u32 {
    float::to_float_h(cx.arguments.environment().status)
}

/// `_clearfp`: the exceptions that were raised, which are forgotten.
pub(crate) fn clear(cx: &mut Cx<'_>) -> u32 {
    let status = status(cx);
    let environment = float::cleared(cx.arguments.environment());
    cx.arguments.set_environment(environment);
    status
}

/// `_fpreset`: the environment that a thread begins with, without exceptions.
pub(crate) fn reset(cx: &mut Cx<'_>) {
    cx.thread.float_control = Control::default();
    let environment = float::cleared(cx.arguments.environment());
    cx.arguments.set_environment(Environment { control: Control::default().to_x87(), ..environment });
}

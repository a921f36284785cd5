//! The functions of streams: what `fopen`, `printf`, `fgets` and their kin do with a FILE.
//!
//! What needs a file asks the kernel (see [`request`](crate::bodies::request)) and goes on with its reply.

pub(crate) mod input;
pub(crate) mod opening;
pub(crate) mod output;

use crate::bodies::heap;
use crate::call::{Cx, Stream};
use crate::secure::EINVAL;
use crate::stdio::Standard;
use crate::unit::Unit;

/// The console's name.
const CONSOLE: &str = "CON1:";

/// The size of a FILE structure, which is the run-time's own affair.
const FILE_SIZE: u32 = 32;

/// `EOF` and `WEOF`.
fn end_of_file<U: Unit>() -> u32 {
    if U::WIDE { 0xFFFF } else { u32::MAX }
}

fn console_stream(standard: Standard) -> Stream {
    match standard {
        Standard::Error => Stream::Error,
        Standard::Input | Standard::Output => Stream::Output,
    }
}

/// `_getstdfilex`: the FILE of standard input, output or error; 0 for another number.
pub(crate) fn standard_file(cx: &mut Cx<'_>, number: u32) -> u32 {
    if number > 2 {
        return 0;
    }
    if cx.process.files.standard(0) == 0 {
        let block = heap::calloc(cx, 3, FILE_SIZE);
        if block == 0 {
            return 0;
        }
        cx.process.files.make_standard([0, 1, 2].map(|place| block + place * FILE_SIZE));
    }
    cx.process.files.standard(number as usize)
}

/// `feof`: whether a read met the end.
pub(crate) fn has_ended(cx: &mut Cx<'_>, file: u32) -> bool {
    cx.process.files.get(file).is_some_and(|stream| stream.ended)
}

/// `ferror`: whether a read or a write failed.
pub(crate) fn has_failed(cx: &mut Cx<'_>, file: u32) -> bool {
    cx.process.files.get(file).is_some_and(|stream| stream.failed)
}

/// `clearerr`, and the error number of `clearerr_s`.
pub(crate) fn clear(cx: &mut Cx<'_>, file: u32) -> u32 {
    match cx.process.files.get(file) {
        Some(stream) => {
            (stream.exhausted, stream.ended, stream.failed) = (false, false, false);
            0
        }
        None => EINVAL,
    }
}

/// `fflush`: what is written is never held back; 0, or the end-of-file value for what is no stream.
pub(crate) fn flush(cx: &mut Cx<'_>, file: u32) -> i32 {
    if file == 0 || cx.process.files.get(file).is_some() { 0 } else { -1 }
}

/// `_flushall`: how many streams there are.
pub(crate) fn flush_all(cx: &mut Cx<'_>) -> u32 {
    standard_file(cx, 0);
    cx.process.files.addresses().len() as u32
}

/// `setvbuf`: 0 for a stream and a mode that is one.
pub(crate) fn set_buffer(cx: &mut Cx<'_>, file: u32, mode: u32) -> i32 {
    const FULL: u32 = 0;
    const NONE: u32 = 4;
    const LINES: u32 = 0x40;
    let is_known = matches!(mode, FULL | NONE | LINES) && cx.process.files.get(file).is_some();
    if is_known { 0 } else { -1 }
}

/// `_setmode`: the mode before, −1 for what is no stream or mode.
pub(crate) fn set_mode(cx: &mut Cx<'_>, file: u32, mode: u32) -> u32 {
    const TEXT: u32 = 0x4000;
    const BINARY: u32 = 0x8000;
    let (Some(stream), TEXT | BINARY) = (cx.process.files.get(file), mode) else { return u32::MAX };
    let before = if stream.mode.text { TEXT } else { BINARY };
    stream.mode.text = mode == TEXT;
    before
}

//! `wsprintfW` and `wvsprintfW`: Win32's own formatter, smaller than the C run-time's.
//!
//! It has the flags `-`, `#` and `0`, a width and a precision in digits (no `*`), the sizes of the run-time
//! and the types c C d i u x X p s S; no floating point. Text ends at 1024 units, the NUL among them.

use super::field::{Field, Sink};
use super::spec::Spec;
use super::{Arguments, FormatError, number, put_character, put_string, read_format};
use crate::memory::GuestMemory;
use crate::string;

/// The documented size of the buffer: no more is written, the NUL included.
pub const BUFFER_UNITS: usize = 1024;

/// Formats into the buffer and returns the length of the text; text that is too long is cut.
///
/// # Errors
///
/// A fault; or the format is longer than [`super::OUTPUT_LIMIT`].
pub fn wsprintf(
    memory: &mut dyn GuestMemory,
    buffer: u32,
    format: u32,
    arguments: &mut dyn Arguments,
) -> Result<i32, FormatError> {
    let format: Vec<u16> = read_format(memory, format)?;
    let mut sink = Sink::new(BUFFER_UNITS - 1);
    let mut rest = &format[..];
    while let Some((&unit, after)) = rest.split_first() {
        if sink.is_cut() {
            break;
        }
        rest = after;
        if unit != u16::from(b'%') {
            sink.push(unit);
            continue;
        }
        let (spec, after) = Spec::parse_win32(rest);
        rest = after;
        match spec.conversion {
            Some(conversion) => convert(memory, &spec, conversion, arguments, &mut sink)?,
            None => break,
        }
    }
    let made = sink.finish();
    string::write(memory, buffer, &made.units)?;
    Ok(made.units.len() as i32)
}

fn convert(
    memory: &dyn GuestMemory,
    spec: &Spec,
    conversion: u16,
    arguments: &mut dyn Arguments,
    sink: &mut Sink<u16>,
) -> Result<(), FormatError> {
    let field: Field<u16> = match u8::try_from(conversion).unwrap_or(0) {
        b'd' | b'i' => number::signed(spec, super::next_signed(memory, spec.size, arguments)?),
        b'u' => number::unsigned(spec, super::next_unsigned(memory, spec.size, arguments)?, 10),
        b'x' => number::hexadecimal(spec, super::next_unsigned(memory, spec.size, arguments)?, false),
        b'X' => number::hexadecimal(spec, super::next_unsigned(memory, spec.size, arguments)?, true),
        b'p' => number::pointer(spec, arguments.next_u32(memory)?),
        b'c' => return Ok(put_character(memory, true, spec, arguments, sink)?),
        b'C' => return Ok(put_character(memory, false, spec, arguments, sink)?),
        b's' => return Ok(put_string(memory, true, spec, arguments, sink)?),
        b'S' => return Ok(put_string(memory, false, spec, arguments, sink)?),
        _ => {
            sink.push(conversion);
            return Ok(());
        }
    };
    sink.put(&field, spec);
    Ok(())
}

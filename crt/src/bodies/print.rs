//! Functions that format: results as the guest sees them, and text that goes to a stream.

use crate::call::{ArgumentList, Cx, Stream};
use crate::codepage;
use crate::format::{FormatError, text};
use crate::memory::Fault;
use crate::unit::Unit;

/// What the family returns when text would be beyond all bounds.
const FAILED: i32 = -1;

/// A formatting function's result as the guest sees it: only a fault stops it.
pub(crate) fn returned(result: Result<i32, FormatError>) -> Result<i32, Fault> {
    match result {
        Ok(length) => Ok(length),
        Err(FormatError::TooLong) => Ok(FAILED),
        Err(FormatError::Fault(fault)) => Err(fault),
    }
}

/// Units as text.
pub(crate) fn decoded<U: Unit>(units: &[U]) -> String {
    let wide: Vec<u16> = if U::WIDE {
        units.iter().map(|unit| unit.code()).collect()
    } else {
        units.iter().map(|unit| codepage::to_wide(unit.code() as u8)).collect()
    };
    String::from_utf16_lossy(&wide)
}

/// Formats the call's own variable arguments and puts the text out.
pub(crate) fn print<U: Unit>(cx: &mut Cx<'_>, stream: Stream, format: u32) -> Result<i32, Fault> {
    let arguments = *cx.arguments;
    print_list::<U>(cx, stream, format, arguments)
}

/// Formats a list of arguments and puts the text out; returns its length.
pub(crate) fn print_list<U: Unit>(
    cx: &mut Cx<'_>,
    stream: Stream,
    format: u32,
    mut arguments: ArgumentList,
) -> Result<i32, Fault> {
    let made: Result<Vec<U>, FormatError> = text(cx.memory, format, &mut arguments);
    if let Ok(units) = &made {
        cx.output.print(stream, &decoded(units));
    }
    returned(made.map(|units| units.len() as i32))
}

//! `sprintf` and its kin: what becomes of the text in the guest's buffer.
//!
//! All return the C `int` as it is, negative for failure. Those that take a `va_list` are the same with other
//! [`Arguments`].

use super::{Arguments, FormatError, format, text};
use crate::memory::{GuestMemory, write_units};
use crate::string;
use crate::unit::Unit;

/// `sprintf`, `swprintf`, `vsprintf`, `vswprintf`: writes the text and a NUL; returns its length.
///
/// # Errors
///
/// As [`format()`]; nothing is written then, as text is written when it is whole.
pub fn unbounded<U: Unit>(
    memory: &mut dyn GuestMemory,
    buffer: u32,
    format: u32,
    arguments: &mut dyn Arguments,
) -> Result<i32, FormatError> {
    let units: Vec<U> = text(memory, format, arguments)?;
    string::write(memory, buffer, &units)?;
    Ok(units.len() as i32)
}

/// `_snprintf`, `_snwprintf`, `_vsnprintf`, `_vsnwprintf`: writes at most `count` units.
///
/// The NUL is one of them if it fits: text of exactly `count` units has none and its length is returned. Text
/// that is longer is cut, has none, and −1 is returned. A null buffer with a count of 0 asks for the length.
///
/// # Errors
///
/// As [`format()`].
pub fn bounded<U: Unit>(
    memory: &mut dyn GuestMemory,
    buffer: u32,
    count: u32,
    format: u32,
    arguments: &mut dyn Arguments,
) -> Result<i32, FormatError> {
    if buffer == 0 && count == 0 {
        return length::<U>(memory, format, arguments);
    }
    let made = self::format::<U>(memory, format, arguments, count as usize)?;
    if made.cut || made.units.len() == count as usize {
        write_units(memory, buffer, &made.units)?;
    } else {
        string::write(memory, buffer, &made.units)?;
    }
    Ok(if made.cut { -1 } else { made.units.len() as i32 })
}

/// `_scprintf`, `_scwprintf`: how long the text would be.
///
/// # Errors
///
/// As [`format()`].
pub fn length<U: Unit>(
    memory: &mut dyn GuestMemory,
    format: u32,
    arguments: &mut dyn Arguments,
) -> Result<i32, FormatError> {
    Ok(text::<U>(memory, format, arguments)?.len() as i32)
}

/// What a bounded print that always ends its text has done: the core of `StringCchPrintf` and `sprintf_s`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terminated {
    /// The length of what is in the buffer, without its NUL.
    pub length: u32,
    /// Whether the text was cut.
    pub cut: bool,
}

/// Writes at most `count` units of which the last is a NUL; `count` is not 0.
///
/// # Errors
///
/// As [`format()`].
pub fn terminated<U: Unit>(
    memory: &mut dyn GuestMemory,
    buffer: u32,
    count: u32,
    format: u32,
    arguments: &mut dyn Arguments,
) -> Result<Terminated, FormatError> {
    assert!(count > 0, "a buffer without room for a NUL is the caller's to refuse");
    let made = self::format::<U>(memory, format, arguments, (count - 1) as usize)?;
    string::write(memory, buffer, &made.units)?;
    Ok(Terminated { length: made.units.len() as u32, cut: made.cut })
}

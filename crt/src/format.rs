//! Formatting: the `printf` family of Windows CE's C run-time, and `wsprintf`.
//!
//! [`format()`] is the engine. It reads the format string and the arguments and makes units of text; it knows
//! nothing of where they go. [`print`](mod@print) has what the functions do with them: `sprintf`, `_snprintf`
//! and so on; [`win32`] is `wsprintf`, a formatter of its own.
//!
//! The rules are those of the documented run-time of that time, where it differs from C99: `%s` and `%c` take
//! the function's own kind of text and `%S` and `%C` the other; `%hs` and `%ls` say which; exponents have
//! three digits; `%p` is eight upper case hexadecimal digits; the flag `0` fills strings too; an unknown
//! conversion prints itself.
//!
//! How arguments are passed is the caller's affair: it hands them out one by one through [`Arguments`].
//!
//! **Invariant.** No more than the stated capacity is ever stored, however wide the fields ask to be.

mod field;
mod number;
pub(crate) use number::digits;
pub mod print;
mod spec;
pub mod win32;

#[cfg(test)]
mod tests;

use crate::memory::{Fault, GuestMemory};
use crate::string;
use crate::unit::Unit;
use field::{Field, Sink};
use spec::{Size, Spec};

/// The most units one call makes, and the longest format string. Our choice: far above what CE's own
/// functions were used for, and little for a host.
pub const OUTPUT_LIMIT: usize = 1 << 20;

/// The arguments of a call, in order. How they are passed is the implementor's affair, and where they are:
/// some in registers, the others in guest memory, which is handed in because the call itself may write to it
/// meanwhile.
pub trait Arguments {
    /// The next argument of 32 bits or less.
    fn next_u32(&mut self, memory: &dyn GuestMemory) -> Result<u32, Fault>;

    /// The next integer of 64 bits.
    fn next_u64(&mut self, memory: &dyn GuestMemory) -> Result<u64, Fault>;

    /// The next double.
    fn next_f64(&mut self, memory: &dyn GuestMemory) -> Result<f64, Fault>;
}

/// Why a call gave no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormatError {
    /// The format, a string or an argument was not in memory.
    Fault(Fault),
    /// The text or the format would be longer than [`OUTPUT_LIMIT`].
    TooLong,
}

impl From<Fault> for FormatError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// What a call has made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formatted<U> {
    /// The text, without a NUL at its end.
    pub units: Vec<U>,
    /// Whether there would have been more than fitted; formatting stopped there.
    pub cut: bool,
}

/// Formats up to `capacity` units; the format string is at `format`, narrow or wide as the units are.
///
/// # Errors
///
/// A fault; or [`FormatError::TooLong`] when more than [`OUTPUT_LIMIT`] would fit the capacity and be needed.
pub fn format<U: Unit>(
    memory: &mut dyn GuestMemory,
    format: u32,
    arguments: &mut dyn Arguments,
    capacity: usize,
) -> Result<Formatted<U>, FormatError> {
    let format: Vec<U> = read_format(memory, format)?;
    let mut sink = Sink::new(capacity.min(OUTPUT_LIMIT));
    let mut rest = &format[..];
    while let Some((&unit, after)) = rest.split_first() {
        if sink.is_cut() {
            break;
        }
        rest = after;
        if unit.code() != u16::from(b'%') {
            sink.push(unit);
            continue;
        }
        let (spec, after) = Spec::parse(rest, memory, arguments)?;
        rest = after;
        match spec.conversion {
            Some(conversion) => convert(memory, &spec, conversion, arguments, &mut sink)?,
            None => break,
        }
    }
    let formatted = sink.finish();
    if formatted.cut && capacity > OUTPUT_LIMIT {
        return Err(FormatError::TooLong);
    }
    Ok(formatted)
}

/// Formats all of the text, for functions that write to a stream or a debugger.
///
/// # Errors
///
/// As [`format()`].
pub fn text<U: Unit>(
    memory: &mut dyn GuestMemory,
    format: u32,
    arguments: &mut dyn Arguments,
) -> Result<Vec<U>, FormatError> {
    Ok(self::format(memory, format, arguments, usize::MAX)?.units)
}

/// Formats one argument by a specification without its percent sign.
///
/// # Errors
///
/// As [`format()`].
pub(crate) fn insert(
    memory: &mut dyn GuestMemory,
    specification: &[u16],
    arguments: &mut dyn Arguments,
) -> Result<Vec<u16>, FormatError> {
    let mut sink = Sink::new(OUTPUT_LIMIT);
    let (spec, _) = Spec::parse(specification, memory, arguments)?;
    if let Some(conversion) = spec.conversion {
        convert(memory, &spec, conversion, arguments, &mut sink)?;
    }
    let made = sink.finish();
    if made.cut { Err(FormatError::TooLong) } else { Ok(made.units) }
}

pub(crate) fn read_format<U: Unit>(memory: &dyn GuestMemory, format: u32) -> Result<Vec<U>, FormatError> {
    let units = string::read(memory, format, OUTPUT_LIMIT as u32 + 1)?;
    if units.len() > OUTPUT_LIMIT { Err(FormatError::TooLong) } else { Ok(units) }
}

/// Does one conversion.
fn convert<U: Unit>(
    memory: &mut dyn GuestMemory,
    spec: &Spec,
    conversion: u16,
    arguments: &mut dyn Arguments,
    sink: &mut Sink<U>,
) -> Result<(), FormatError> {
    match u8::try_from(conversion).unwrap_or(0) {
        b'd' | b'i' => sink.put(&number::signed(spec, next_signed(memory, spec.size, arguments)?), spec),
        b'u' => sink.put(&number::unsigned(spec, next_unsigned(memory, spec.size, arguments)?, 10), spec),
        b'o' => sink.put(&number::octal(spec, next_unsigned(memory, spec.size, arguments)?), spec),
        b'x' => {
            sink.put(&number::hexadecimal(spec, next_unsigned(memory, spec.size, arguments)?, false), spec)
        }
        b'X' => {
            sink.put(&number::hexadecimal(spec, next_unsigned(memory, spec.size, arguments)?, true), spec)
        }
        b'p' => sink.put(&number::pointer(spec, arguments.next_u32(memory)?), spec),
        letter @ (b'e' | b'E' | b'f' | b'g' | b'G') => {
            sink.put(&number::float(spec, arguments.next_f64(memory)?, letter), spec);
        }
        b'c' => put_character(memory, U::WIDE, spec, arguments, sink)?,
        b'C' => put_character(memory, !U::WIDE, spec, arguments, sink)?,
        b's' => put_string(memory, U::WIDE, spec, arguments, sink)?,
        b'S' => put_string(memory, !U::WIDE, spec, arguments, sink)?,
        b'n' => store_count(memory, spec, arguments, sink.count())?,
        // "%%", and what has no meaning: printed as it is, without the field's flags and width.
        _ => sink.push(U::from_code(conversion)),
    }
    Ok(())
}

fn next_signed(memory: &dyn GuestMemory, size: Size, arguments: &mut dyn Arguments) -> Result<i64, Fault> {
    Ok(match size {
        Size::Bits64 => arguments.next_u64(memory)? as i64,
        Size::Short => i64::from(arguments.next_u32(memory)? as i16),
        Size::Default | Size::Long => i64::from(arguments.next_u32(memory)? as i32),
    })
}

fn next_unsigned(memory: &dyn GuestMemory, size: Size, arguments: &mut dyn Arguments) -> Result<u64, Fault> {
    Ok(match size {
        Size::Bits64 => arguments.next_u64(memory)?,
        Size::Short => u64::from(arguments.next_u32(memory)? as u16),
        Size::Default | Size::Long => u64::from(arguments.next_u32(memory)?),
    })
}

/// Whether the argument is wide: the size decides, and without one the letter and the function.
fn is_wide(size: Size, by_letter: bool) -> bool {
    match size {
        Size::Short => false,
        Size::Long => true,
        Size::Default | Size::Bits64 => by_letter,
    }
}

fn put_character<U: Unit>(
    memory: &dyn GuestMemory,
    by_letter: bool,
    spec: &Spec,
    arguments: &mut dyn Arguments,
    sink: &mut Sink<U>,
) -> Result<(), Fault> {
    let character = arguments.next_u32(memory)?;
    let unit = if is_wide(spec.size, by_letter) {
        U::from_wide(character as u16)
    } else {
        U::from_narrow(character as u8)
    };
    sink.put(&Field::text(vec![unit], spec), spec);
    Ok(())
}

fn put_string<U: Unit>(
    memory: &dyn GuestMemory,
    by_letter: bool,
    spec: &Spec,
    arguments: &mut dyn Arguments,
    sink: &mut Sink<U>,
) -> Result<(), Fault> {
    let address = arguments.next_u32(memory)?;
    let most = spec.precision.unwrap_or(u32::MAX);
    // One more than there is room for shows that the text is cut; the rest of the string is not looked at.
    let limit = most.min(sink.room().saturating_add(1) as u32);
    let units: Vec<U> = if address == 0 {
        b"(null)".iter().take(most as usize).map(|&c| U::from_ascii(c)).collect()
    } else if is_wide(spec.size, by_letter) {
        string::read(memory, address, limit)?.into_iter().map(U::from_wide).collect()
    } else {
        string::read(memory, address, limit)?.into_iter().map(U::from_narrow).collect()
    };
    sink.put(&Field::text(units, spec), spec);
    Ok(())
}

/// `%n`: stores how many units there are so far, in as many bits as the size says.
fn store_count(
    memory: &mut dyn GuestMemory,
    spec: &Spec,
    arguments: &mut dyn Arguments,
    count: usize,
) -> Result<(), Fault> {
    let address = arguments.next_u32(memory)?;
    let bytes = (count as u64).to_le_bytes();
    let size = match spec.size {
        Size::Short => 2,
        Size::Default | Size::Long => 4,
        Size::Bits64 => 8,
    };
    memory.write(address, &bytes[..size])
}

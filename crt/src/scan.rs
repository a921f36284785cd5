//! Scanning: `sscanf`, `swscanf`, and the engine beneath the `scanf` family.
//!
//! The engine reads units from a [`Source`], a guest's string or one day a stream, looking one unit ahead.
//! Conversions are d i u o x X e E f g G c C s S [ n p and %%; sizes as in [`format`](mod@crate::format); `*`
//! reads and does not store. Which kind of text `%s` and `%c` store follows the same rule as there.

use crate::convert::{FloatText, digit, is_space};
use crate::format::{Arguments, FormatError, read_format};
use crate::memory::{Fault, GuestMemory, write_unit};
use crate::string;
use crate::unit::Unit;

mod spec;

use spec::{Kind, Size, Spec};

/// Where the units come from.
pub trait Source<U> {
    /// The next unit, which stays the next; `None` at the end.
    fn peek(&mut self, memory: &dyn GuestMemory) -> Result<Option<U>, Fault>;

    /// Moves past the unit that was looked at.
    fn advance(&mut self);
}

/// A guest's string as a source.
pub struct StringSource {
    address: u32,
    unit_size: u32,
}

impl StringSource {
    /// The string of units `U` at `address`.
    #[must_use]
    pub fn new<U: Unit>(address: u32) -> Self {
        Self { address, unit_size: U::SIZE }
    }
}

impl<U: Unit> Source<U> for StringSource {
    fn peek(&mut self, memory: &dyn GuestMemory) -> Result<Option<U>, Fault> {
        let mut bytes = [0; 2];
        let bytes = &mut bytes[..U::SIZE as usize];
        memory.read(self.address, bytes)?;
        let mut unit = [U::NUL];
        U::decode_all(bytes, &mut unit);
        Ok((unit[0] != U::NUL).then_some(unit[0]))
    }

    fn advance(&mut self) {
        self.address = self.address.wrapping_add(self.unit_size);
    }
}

/// `sscanf`, `swscanf`: returns how many conversions were stored, −1 if the text ended before the first.
///
/// # Errors
///
/// A fault; [`FormatError::TooLong`] for a format beyond its limit.
pub fn scan_string<U: Unit>(
    memory: &mut dyn GuestMemory,
    text: u32,
    format: u32,
    arguments: &mut dyn Arguments,
) -> Result<i32, FormatError> {
    scan::<U>(memory, &mut StringSource::new::<U>(text), format, arguments, Sizes::None)
}

/// Whether the arguments tell how large the buffers of texts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sizes {
    /// They do not: `sscanf`.
    None,
    /// Each buffer's size in units follows its address: `sscanf_s`.
    Follow,
}

/// `sscanf_s`, `swscanf_s`: texts that do not fit their buffers are not stored and end the scan.
///
/// # Errors
///
/// As [`scan_string`].
pub fn scan_string_checked<U: Unit>(
    memory: &mut dyn GuestMemory,
    text: u32,
    format: u32,
    arguments: &mut dyn Arguments,
) -> Result<i32, FormatError> {
    if text == 0 || format == 0 {
        return Ok(-1);
    }
    scan::<U>(memory, &mut StringSource::new::<U>(text), format, arguments, Sizes::Follow)
}

/// Scans any source.
///
/// # Errors
///
/// As [`scan_string`].
pub fn scan<U: Unit>(
    memory: &mut dyn GuestMemory,
    source: &mut dyn Source<U>,
    format: u32,
    arguments: &mut dyn Arguments,
    sizes: Sizes,
) -> Result<i32, FormatError> {
    let format: Vec<U> = read_format(memory, format)?;
    let mut scanner = Scanner { memory, source, sizes, taken: 0, stored: 0 };
    let mut rest = &format[..];
    let mut end = End::Matched;
    while let Some((&unit, after)) = rest.split_first() {
        rest = after;
        end = if is_space(unit) {
            scanner.skip_space()?;
            End::Matched
        } else if unit.code() != u16::from(b'%') {
            scanner.literal(unit)?
        } else {
            let (spec, after) = Spec::parse(rest);
            rest = after;
            scanner.convert(&spec, arguments)?
        };
        if end != End::Matched {
            break;
        }
    }
    // The end of the text before anything was stored, and before anything differed, is end of file.
    Ok(if end == End::Input && scanner.stored == 0 { -1 } else { scanner.stored })
}

/// How a directive of the format ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// It matched; the next one follows.
    Matched,
    /// The text is something else.
    Differed,
    /// The text ended before it.
    Input,
}

struct Scanner<'m, U> {
    memory: &'m mut dyn GuestMemory,
    source: &'m mut dyn Source<U>,
    sizes: Sizes,
    /// Units read so far, for `%n`.
    taken: u32,
    stored: i32,
}

impl<U: Unit> Scanner<'_, U> {
    fn peek(&mut self) -> Result<Option<U>, Fault> {
        self.source.peek(self.memory)
    }

    fn advance(&mut self) {
        self.source.advance();
        self.taken = self.taken.saturating_add(1);
    }

    fn skip_space(&mut self) -> Result<(), Fault> {
        while self.peek()?.is_some_and(is_space) {
            self.advance();
        }
        Ok(())
    }

    fn literal(&mut self, unit: U) -> Result<End, Fault> {
        Ok(match self.peek()? {
            None => End::Input,
            Some(next) if next == unit => {
                self.advance();
                End::Matched
            }
            Some(_) => End::Differed,
        })
    }

    fn convert(&mut self, spec: &Spec<U>, arguments: &mut dyn Arguments) -> Result<End, Fault> {
        if !matches!(spec.kind, Kind::Characters { .. } | Kind::Set(_) | Kind::Count | Kind::Literal(_)) {
            self.skip_space()?;
        }
        match &spec.kind {
            Kind::Literal(unit) => {
                self.skip_space()?;
                self.literal(*unit)
            }
            Kind::Nothing => Ok(End::Differed),
            Kind::Count => {
                self.store_integer(spec, u64::from(self.taken), arguments)?;
                Ok(End::Matched)
            }
            Kind::Integer { radix } => self.integer(spec, *radix, arguments),
            Kind::Float => self.float(spec, arguments),
            Kind::Characters { wide } => {
                let width = spec.width.unwrap_or(1);
                self.text(spec, *wide, width, false, |_| true, arguments)
            }
            Kind::String { wide } => {
                let width = spec.width.unwrap_or(u32::MAX);
                self.text(spec, *wide, width, true, |unit| !is_space(unit), arguments)
            }
            Kind::Set(set) => {
                let width = spec.width.unwrap_or(u32::MAX);
                let wide = spec.is_wide(U::WIDE);
                self.text(spec, wide, width, true, |unit| set.contains(unit), arguments)
            }
        }
    }

    /// Takes the next unit if the width allows and it is one of those that may come.
    fn take_if(&mut self, left: &mut u32, may_come: impl Fn(u8) -> bool) -> Result<Option<u8>, Fault> {
        if *left == 0 {
            return Ok(None);
        }
        let next = self.peek()?.and_then(|unit| u8::try_from(unit.code()).ok());
        let found = next.filter(|&character| may_come(character));
        if found.is_some() {
            *left -= 1;
            self.advance();
        }
        Ok(found)
    }

    fn integer(&mut self, spec: &Spec<U>, radix: u32, arguments: &mut dyn Arguments) -> Result<End, Fault> {
        if self.peek()?.is_none() {
            return Ok(End::Input);
        }
        let mut left = spec.width.unwrap_or(u32::MAX);
        let sign = self.take_if(&mut left, |c| matches!(c, b'+' | b'-'))?;
        let mut digits = 0;
        let mut radix = radix;
        if matches!(radix, 0 | 16) && self.take_if(&mut left, |c| c == b'0')?.is_some() {
            digits += 1;
            let prefixed = self.take_if(&mut left, |c| matches!(c, b'x' | b'X'))?.is_some();
            radix = if prefixed { 16 } else { radix.max(8) };
        } else if radix == 0 {
            radix = 10;
        }
        let mut value = 0_u64;
        while let Some(character) = self.take_if(&mut left, |c| digit(c, radix).is_some())? {
            let digit = digit(character, radix).expect("taken as a digit");
            value = value.wrapping_mul(u64::from(radix)).wrapping_add(u64::from(digit));
            digits += 1;
        }
        if digits == 0 {
            return Ok(End::Differed);
        }
        let value = if sign == Some(b'-') { value.wrapping_neg() } else { value };
        if !spec.suppressed {
            self.store_integer(spec, value, arguments)?;
            self.stored += 1;
        }
        Ok(End::Matched)
    }

    fn store_integer(
        &mut self,
        spec: &Spec<U>,
        value: u64,
        arguments: &mut dyn Arguments,
    ) -> Result<(), Fault> {
        if spec.suppressed {
            return Ok(());
        }
        let address = arguments.next_u32(self.memory)?;
        let size = match spec.size {
            Size::Short => 2,
            Size::Default | Size::Long => 4,
            Size::Bits64 => 8,
        };
        self.memory.write(address, &value.to_le_bytes()[..size])
    }

    fn float(&mut self, spec: &Spec<U>, arguments: &mut dyn Arguments) -> Result<End, Fault> {
        if self.peek()?.is_none() {
            return Ok(End::Input);
        }
        let mut left = spec.width.unwrap_or(u32::MAX);
        let mut number = FloatText::default();
        let is_digit = |c: u8| c.is_ascii_digit();
        let value = |c: u8| u32::from(c - b'0');
        number.negative = self.take_if(&mut left, |c| matches!(c, b'+' | b'-'))? == Some(b'-');
        while let Some(character) = self.take_if(&mut left, is_digit)? {
            number.push(value(character), false);
        }
        if self.take_if(&mut left, |c| c == b'.')?.is_some() {
            while let Some(character) = self.take_if(&mut left, is_digit)? {
                number.push(value(character), true);
            }
        }
        if !number.is_number {
            return Ok(End::Differed);
        }
        if self.take_if(&mut left, |c| matches!(c, b'e' | b'E'))?.is_some() {
            let negative = self.take_if(&mut left, |c| matches!(c, b'+' | b'-'))? == Some(b'-');
            while let Some(character) = self.take_if(&mut left, is_digit)? {
                number.push_exponent(value(character));
            }
            if negative {
                number.exponent = -number.exponent;
            }
        }
        if !spec.suppressed {
            let address = arguments.next_u32(self.memory)?;
            // Without a size it is a float, with l or L a double.
            match spec.size {
                Size::Default | Size::Short => {
                    self.memory.write(address, &(number.value() as f32).to_le_bytes())?;
                }
                Size::Long | Size::Bits64 => self.memory.write(address, &number.value().to_le_bytes())?,
            }
            self.stored += 1;
        }
        Ok(End::Matched)
    }

    /// Reads units as long as they belong, and stores them as narrow or wide text.
    fn text(
        &mut self,
        spec: &Spec<U>,
        wide: bool,
        width: u32,
        terminated: bool,
        belongs: impl Fn(U) -> bool,
        arguments: &mut dyn Arguments,
    ) -> Result<End, Fault> {
        if self.peek()?.is_none() {
            return Ok(End::Input);
        }
        let start = if spec.suppressed { 0 } else { arguments.next_u32(self.memory)? };
        let room = match self.sizes {
            Sizes::Follow if !spec.suppressed => arguments.next_u32(self.memory)?,
            _ => u32::MAX,
        };
        let mut address = start;
        let mut count = 0;
        while count < width
            && let Some(unit) = self.peek()?
            && belongs(unit)
        {
            self.advance();
            count += 1;
            // The NUL needs room too.
            if count.saturating_add(u32::from(terminated)) > room {
                if room > 0 {
                    self.store_unit(start, U::NUL, wide)?;
                }
                return Ok(End::Differed);
            }
            if !spec.suppressed {
                address = self.store_unit(address, unit, wide)?;
            }
        }
        // Fewer characters than `%3c` asks for will do at the end of the text, as with the hosts' libraries.
        if count == 0 {
            return Ok(if self.peek()?.is_none() { End::Input } else { End::Differed });
        }
        if !spec.suppressed {
            if terminated {
                self.store_unit(address, U::NUL, wide)?;
            }
            self.stored += 1;
        }
        Ok(End::Matched)
    }

    /// Stores a unit as narrow or wide and returns the address behind it.
    fn store_unit(&mut self, address: u32, unit: U, wide: bool) -> Result<u32, Fault> {
        match (U::WIDE, wide) {
            (_, false) => {
                let narrow = if U::WIDE { u8::from_wide(unit.code()) } else { unit.code() as u8 };
                write_unit(self.memory, address, narrow)?;
                Ok(string::offset::<u8>(address, 1))
            }
            (from_wide, true) => {
                let wide = if from_wide { unit.code() } else { u16::from_narrow(unit.code() as u8) };
                write_unit(self.memory, address, wide)?;
                Ok(string::offset::<u16>(address, 1))
            }
        }
    }
}

#[cfg(test)]
mod tests;

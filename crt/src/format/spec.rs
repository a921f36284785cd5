//! What stands between a `%` and its letter.

use super::Arguments;
use crate::memory::{Fault, GuestMemory};
use crate::unit::Unit;

/// The size of an argument, as far as it makes a difference: `int` and `long` are both of 32 bits, `long
/// double` is `double`, and a pointer-sized integer is of 32 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Size {
    /// None given, or one that changes nothing: `L`, `I32`, `I`.
    #[default]
    Default,
    /// `h`: a short integer, narrow text.
    Short,
    /// `l` or `w`: 32 bits, wide text.
    Long,
    /// `I64` or `ll`.
    Bits64,
}

/// A conversion specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Spec {
    /// `-`: the field's text stands at its left.
    pub left: bool,
    /// `+`: a signed number always has a sign.
    pub plus: bool,
    /// A space: a signed number that is not negative has a space for a sign.
    pub space: bool,
    /// `#`: the alternate form.
    pub alternate: bool,
    /// `0`: the field is filled with zeros.
    pub zero: bool,
    /// The least width of the field.
    pub width: u32,
    /// What stands after the point.
    pub precision: Option<u32>,
    /// The size of the argument.
    pub size: Size,
    /// The letter; `None` when the format ended before it.
    pub conversion: Option<u16>,
}

impl Spec {
    /// Reads the C run-time's specification after a `%`; returns what of the format is left.
    /// Takes the arguments that `*` stands for.
    pub fn parse<'f, U: Unit>(
        format: &'f [U],
        memory: &dyn GuestMemory,
        arguments: &mut dyn Arguments,
    ) -> Result<(Self, &'f [U]), Fault> {
        let mut spec = Self::default();
        let mut cursor = Cursor(format);
        while spec.flag(cursor.peek()) {
            cursor.skip(1);
        }
        if cursor.accept(b"*") {
            let width = arguments.next_u32(memory)? as i32;
            spec.left |= width < 0;
            spec.width = width.unsigned_abs();
        } else {
            spec.width = cursor.number();
        }
        if cursor.accept(b".") {
            spec.precision = if cursor.accept(b"*") {
                // A negative precision is as none at all.
                u32::try_from(arguments.next_u32(memory)? as i32).ok()
            } else {
                Some(cursor.number())
            };
        }
        while let Some(size) = cursor.size() {
            spec.size = size;
        }
        spec.conversion = cursor.take();
        Ok((spec, cursor.0))
    }

    /// Reads `wsprintf`'s specification: fewer flags, no `*`.
    pub fn parse_win32<U: Unit>(format: &[U]) -> (Self, &[U]) {
        let mut spec = Self::default();
        let mut cursor = Cursor(format);
        while matches!(cursor.peek(), b'-' | b'#' | b'0') && spec.flag(cursor.peek()) {
            cursor.skip(1);
        }
        spec.width = cursor.number();
        if cursor.accept(b".") {
            spec.precision = Some(cursor.number());
        }
        while let Some(size) = cursor.size() {
            spec.size = size;
        }
        spec.conversion = cursor.take();
        (spec, cursor.0)
    }

    /// Notes a flag; says whether it was one.
    fn flag(&mut self, character: u8) -> bool {
        match character {
            b'-' => self.left = true,
            b'+' => self.plus = true,
            b' ' => self.space = true,
            b'#' => self.alternate = true,
            b'0' => self.zero = true,
            _ => return false,
        }
        true
    }
}

/// The rest of a format string.
struct Cursor<'f, U>(&'f [U]);

impl<U: Unit> Cursor<'_, U> {
    /// The next unit if it is ASCII, else 0.
    fn peek(&self) -> u8 {
        self.0.first().and_then(|unit| u8::try_from(unit.code()).ok()).unwrap_or(0)
    }

    fn skip(&mut self, count: usize) {
        self.0 = &self.0[count..];
    }

    fn take(&mut self) -> Option<u16> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first.code())
    }

    fn accept(&mut self, text: &[u8]) -> bool {
        let found = self.0.len() >= text.len()
            && self.0.iter().zip(text).all(|(unit, &character)| unit.code() == u16::from(character));
        if found {
            self.skip(text.len());
        }
        found
    }

    /// A decimal number, 0 if there is none; one that is too big is the biggest.
    fn number(&mut self) -> u32 {
        let mut number = 0_u32;
        while let digit @ b'0'..=b'9' = self.peek() {
            number = number.saturating_mul(10).saturating_add(u32::from(digit - b'0'));
            self.skip(1);
        }
        number
    }

    fn size(&mut self) -> Option<Size> {
        let sizes: [(&[u8], Size); 8] = [
            (b"I64", Size::Bits64),
            (b"I32", Size::Default),
            (b"I", Size::Default),
            (b"ll", Size::Bits64),
            (b"l", Size::Long),
            (b"w", Size::Long),
            (b"h", Size::Short),
            (b"L", Size::Default),
        ];
        sizes.into_iter().find(|(text, _)| self.accept(text)).map(|(_, size)| size)
    }
}

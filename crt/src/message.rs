//! `FormatMessage`: text with numbered inserts.
//!
//! `%1` to `%99` stand for arguments, `%1!fmt!` for one formatted by printf's rules (`!s!` when nothing is said);
//! `%0` ends the text, `%n` is a new line, `%%` a percent sign, `%.` `%!` `%r` `%t` `%b` what they say. A width
//! makes lines of at most so many characters, broken at spaces; line ends of the text are then spaces.

use crate::format::{self, Arguments, FormatError};
use crate::memory::{Fault, GuestMemory};

/// The longest text: the documented limit.
pub const LIMIT: usize = 0x1_0000;

/// How lines are made: `FORMAT_MESSAGE_MAX_WIDTH_MASK`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// As they are in the text.
    Kept,
    /// Only where the text has `%n`.
    Escaped,
    /// Of at most so many characters.
    Width(usize),
}

/// The arguments that the inserts stand for, by number.
pub trait Inserts {
    /// The arguments from the one at `place` (0 for `%1`) on: words in an array or a `va_list`.
    fn from(&self, place: u32) -> Box<dyn Arguments>;
}

/// Why there is no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageError {
    /// An insert is badly written.
    BadInsert,
    /// The text is too long, or an argument is not in memory.
    Format(FormatError),
}

impl From<Fault> for MessageError {
    fn from(fault: Fault) -> Self {
        MessageError::Format(FormatError::Fault(fault))
    }
}

impl From<FormatError> for MessageError {
    fn from(error: FormatError) -> Self {
        MessageError::Format(error)
    }
}

const NEW_LINE: [u16; 2] = [0x0D, 0x0A];

/// Makes the text of a definition; without inserts they stay as they are written.
///
/// # Errors
///
/// An insert that is none, and what its argument fails by.
pub fn text(
    memory: &mut dyn GuestMemory,
    definition: &[u16],
    inserts: Option<&dyn Inserts>,
    lines: Lines,
) -> Result<Vec<u16>, MessageError> {
    let mut made = Line::new(lines);
    let mut rest = definition;
    while let Some((&unit, after)) = rest.split_first() {
        rest = after;
        if made.text.len() > LIMIT {
            return Err(FormatError::TooLong.into());
        }
        if unit != u16::from(b'%') {
            rest = made.character(unit, rest);
            continue;
        }
        let Some((&escape, after)) = rest.split_first() else { return Err(MessageError::BadInsert) };
        match u8::try_from(escape).unwrap_or(0) {
            b'0' => return Ok(made.text),
            b'1'..=b'9' => {
                let (number, after) = insert_number(rest);
                let (spec, after) = insert_format(after)?;
                match inserts {
                    Some(inserts) => {
                        let mut arguments = inserts.from(number - 1);
                        made.extend(&format::insert(memory, spec, &mut *arguments)?);
                    }
                    None => {
                        made.extend(&[unit]);
                        made.extend(&rest[..rest.len() - after.len()]);
                    }
                }
                rest = after;
            }
            other => {
                rest = after;
                match other {
                    b'n' => made.new_line(),
                    b'r' => made.extend(&[0x0D]),
                    b't' => made.extend(&[0x09]),
                    b'b' | b' ' => made.extend(&[0x20]),
                    _ => made.extend(&[escape]),
                }
            }
        }
    }
    Ok(made.text)
}

/// One or two digits.
fn insert_number(text: &[u16]) -> (u32, &[u16]) {
    let digit = |unit: &u16| char::from_u32(u32::from(*unit)).and_then(|character| character.to_digit(10));
    let first = text.first().and_then(digit).unwrap_or(0);
    match text.get(1).and_then(digit) {
        Some(second) => (first * 10 + second, &text[2..]),
        None => (first, &text[1..]),
    }
}

/// What stands between exclamation marks, or `s`.
fn insert_format(text: &[u16]) -> Result<(&[u16], &[u16]), MessageError> {
    const MARK: u16 = b'!' as u16;
    const STRING: &[u16] = &[b's' as u16];
    let Some(after) = text.strip_prefix(&[MARK]) else { return Ok((STRING, text)) };
    let end = after.iter().position(|unit| *unit == MARK).ok_or(MessageError::BadInsert)?;
    Ok((&after[..end], &after[end + 1..]))
}

/// Gathers text, and breaks its lines.
struct Line {
    text: Vec<u16>,
    lines: Lines,
    /// Where the line began, and where it can be broken.
    start: usize,
    space: Option<usize>,
}

impl Line {
    fn new(lines: Lines) -> Self {
        Self { text: Vec::new(), lines, start: 0, space: None }
    }

    /// A character of the definition; returns what is left of it.
    fn character<'t>(&mut self, unit: u16, rest: &'t [u16]) -> &'t [u16] {
        if self.lines == Lines::Kept || !matches!(unit, 0x0D | 0x0A) {
            // A new line without a carriage return gets one.
            let is_bare = unit == 0x0A && self.text.last() != Some(&0x0D);
            self.extend(if is_bare { &NEW_LINE } else { std::slice::from_ref(&unit) });
            return rest;
        }
        self.extend(&[0x20]);
        if unit == 0x0D && rest.first() == Some(&0x0A) { &rest[1..] } else { rest }
    }

    fn new_line(&mut self) {
        self.text.extend(NEW_LINE);
        (self.start, self.space) = (self.text.len(), None);
    }

    fn extend(&mut self, units: &[u16]) {
        let Lines::Width(width) = self.lines else {
            self.text.extend(units);
            return;
        };
        for unit in units {
            if *unit == 0x20 {
                self.space = Some(self.text.len());
            }
            self.text.push(*unit);
            if self.text.len() - self.start > width
                && let Some(space) = self.space.take()
            {
                self.text.splice(space..=space, NEW_LINE);
                self.start = space + NEW_LINE.len();
            }
        }
    }
}

//! What narrow and wide text have in common.

use crate::{codepage, ctype};

mod sealed {
    pub trait Sealed {}
    impl Sealed for u8 {}
    impl Sealed for u16 {}
}

/// A unit of text: `u8` in narrow strings (ANSI code page 1252), `u16` in wide ones (UTF-16).
pub trait Unit: sealed::Sealed + Copy + Ord + std::fmt::Debug + 'static {
    /// Bytes in guest memory.
    const SIZE: u32;
    /// What ends a string.
    const NUL: Self;
    /// Whether this is the wide unit.
    const WIDE: bool;

    /// The unit with this number; a narrow one keeps the low byte, as C's conversion does.
    fn from_code(code: u16) -> Self;

    /// The unit for an ASCII character.
    fn from_ascii(character: u8) -> Self {
        Self::from_code(u16::from(character))
    }

    /// The unit's number.
    fn code(self) -> u16;

    /// The unit that stands for this narrow character of the ANSI code page.
    fn from_narrow(narrow: u8) -> Self;

    /// The unit that stands for this wide character; `?` where the code page has none.
    fn from_wide(wide: u16) -> Self;

    /// Lower case: ASCII for narrow text (the C locale), simple Unicode mapping for wide.
    fn lower(self) -> Self;

    /// Upper case, likewise.
    fn upper(self) -> Self;

    /// Decodes as many whole units as `bytes` has into the front of `units`; returns how many.
    fn decode_all(bytes: &[u8], units: &mut [Self]) -> usize;

    /// Encodes units into the front of `bytes`; returns how many bytes.
    fn encode_all(units: &[Self], bytes: &mut [u8]) -> usize;
}

impl Unit for u8 {
    const SIZE: u32 = 1;
    const NUL: Self = 0;
    const WIDE: bool = false;

    fn from_code(code: u16) -> Self {
        code as u8
    }

    fn code(self) -> u16 {
        u16::from(self)
    }

    fn from_narrow(narrow: u8) -> Self {
        narrow
    }

    fn from_wide(wide: u16) -> Self {
        codepage::to_narrow(wide).unwrap_or(codepage::DEFAULT_CHARACTER)
    }

    fn lower(self) -> Self {
        self.to_ascii_lowercase()
    }

    fn upper(self) -> Self {
        self.to_ascii_uppercase()
    }

    fn decode_all(bytes: &[u8], units: &mut [Self]) -> usize {
        units[..bytes.len()].copy_from_slice(bytes);
        bytes.len()
    }

    fn encode_all(units: &[Self], bytes: &mut [u8]) -> usize {
        bytes[..units.len()].copy_from_slice(units);
        units.len()
    }
}

impl Unit for u16 {
    const SIZE: u32 = 2;
    const NUL: Self = 0;
    const WIDE: bool = true;

    fn from_code(code: u16) -> Self {
        code
    }

    fn code(self) -> u16 {
        self
    }

    fn from_narrow(narrow: u8) -> Self {
        codepage::to_wide(narrow)
    }

    fn from_wide(wide: u16) -> Self {
        wide
    }

    fn lower(self) -> Self {
        ctype::to_lower_wide(self)
    }

    fn upper(self) -> Self {
        ctype::to_upper_wide(self)
    }

    fn decode_all(bytes: &[u8], units: &mut [Self]) -> usize {
        let pairs = bytes.chunks_exact(2);
        let count = pairs.len();
        for (unit, pair) in units.iter_mut().zip(pairs) {
            *unit = u16::from_le_bytes([pair[0], pair[1]]);
        }
        count
    }

    fn encode_all(units: &[Self], bytes: &mut [u8]) -> usize {
        for (unit, pair) in units.iter().zip(bytes.chunks_exact_mut(2)) {
            pair.copy_from_slice(&unit.to_le_bytes());
        }
        units.len() * 2
    }
}

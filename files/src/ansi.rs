//! Code page 1252, the ANSI code page of Western devices, as far as bytes become characters.

/// 0x80 to 0x9F; the rest of the page is Latin-1. The five unused places stand for themselves (best fit).
pub const HIGH_CONTROLS: [u16; 32] = [
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152,
    0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122,
    0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
];

/// The wide character for a narrow one.
#[must_use]
pub fn to_wide(narrow: u8) -> u16 {
    match narrow {
        0x80..=0x9F => HIGH_CONTROLS[usize::from(narrow - 0x80)],
        _ => u16::from(narrow),
    }
}

/// The character for a narrow one.
#[must_use]
pub fn to_char(narrow: u8) -> char {
    char::from_u32(u32::from(to_wide(narrow))).unwrap_or(char::REPLACEMENT_CHARACTER)
}

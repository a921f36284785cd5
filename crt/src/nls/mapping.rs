//! Text mapped: case, width, kana, digits, and composed or not. What `LCMapString` and `FoldString` do.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{compose, decompose_compatible};

use super::order;
use crate::ctype;

/// Flags of `LCMapString`.
pub mod flag {
    pub const LOWERCASE: u32 = 0x100;
    pub const UPPERCASE: u32 = 0x200;
    pub const SORTKEY: u32 = 0x400;
    pub const BYTEREV: u32 = 0x800;
    pub const HIRAGANA: u32 = 0x10_0000;
    pub const KATAKANA: u32 = 0x20_0000;
    pub const HALFWIDTH: u32 = 0x40_0000;
    pub const FULLWIDTH: u32 = 0x80_0000;
    pub const LINGUISTIC_CASING: u32 = 0x100_0000;
}

/// Flags of `FoldString`.
pub mod fold {
    pub const COMPATIBILITY_ZONE: u32 = 0x10;
    pub const PRECOMPOSED: u32 = 0x20;
    pub const COMPOSITE: u32 = 0x40;
    pub const DIGITS: u32 = 0x80;
    pub const LIGATURES: u32 = 0x2000;
}

/// Whether `LCMapString` may be asked for these together.
#[must_use]
pub fn may_map(flags: u32) -> bool {
    use flag::*;
    let known =
        LOWERCASE | UPPERCASE | BYTEREV | HIRAGANA | KATAKANA | HALFWIDTH | FULLWIDTH | LINGUISTIC_CASING;
    if flags & SORTKEY != 0 {
        return flags & !(SORTKEY | BYTEREV | order::FLAGS) == 0;
    }
    let both = |two: u32| flags & two == two;
    let removes = order::IGNORE_MARKS | order::IGNORE_SYMBOLS;
    let only_removes = flags & known == 0 && flags & removes != 0;
    (only_removes && flags & !removes == 0)
        || (flags & known & !LINGUISTIC_CASING != 0
            && flags & !known == 0
            && !both(LOWERCASE | UPPERCASE)
            && !both(HIRAGANA | KATAKANA)
            && !both(HALFWIDTH | FULLWIDTH))
}

/// Text mapped by flags that may be asked for together, other than for a sort key.
#[must_use]
pub fn map(text: &[u16], flags: u32) -> Vec<u16> {
    if flags & (order::IGNORE_MARKS | order::IGNORE_SYMBOLS) != 0 {
        return without(text, flags);
    }
    let mut made: Vec<u16> = text.to_vec();
    if flags & flag::HALFWIDTH != 0 {
        made = made.into_iter().flat_map(to_half).collect();
    }
    if flags & flag::FULLWIDTH != 0 {
        made = to_full(&made);
    }
    for unit in &mut made {
        if flags & flag::LOWERCASE != 0 {
            *unit = ctype::to_lower_wide(*unit);
        }
        if flags & flag::UPPERCASE != 0 {
            *unit = ctype::to_upper_wide(*unit);
        }
        if flags & flag::HIRAGANA != 0 {
            *unit = mapped(*unit, hiragana);
        }
        if flags & flag::KATAKANA != 0 {
            *unit = mapped(*unit, katakana);
        }
        if flags & flag::BYTEREV != 0 {
            *unit = unit.swap_bytes();
        }
    }
    made
}

/// The text without marks or symbols.
fn without(text: &[u16], flags: u32) -> Vec<u16> {
    let is_kept = |unit: &u16| {
        let Some(character) = char::from_u32(u32::from(*unit)) else { return true };
        let is_mark = unicode_normalization::char::is_combining_mark(character);
        let is_symbol =
            !is_mark && !character.is_alphanumeric() && !character.is_whitespace() && !character.is_control();
        !(is_mark && flags & order::IGNORE_MARKS != 0 || is_symbol && flags & order::IGNORE_SYMBOLS != 0)
    };
    text.iter().copied().filter(is_kept).collect()
}

fn mapped(unit: u16, map: fn(char) -> Option<char>) -> u16 {
    let made = char::from_u32(u32::from(unit)).and_then(map);
    made.map_or(unit, |character| character as u16)
}

/// The hiragana for a katakana.
pub(super) fn hiragana(character: char) -> Option<char> {
    match character {
        '\u{30A1}'..='\u{30F6}' | '\u{30FD}' | '\u{30FE}' => char::from_u32(u32::from(character) - 0x60),
        _ => None,
    }
}

fn katakana(character: char) -> Option<char> {
    match character {
        '\u{3041}'..='\u{3096}' | '\u{309D}' | '\u{309E}' => char::from_u32(u32::from(character) + 0x60),
        _ => None,
    }
}

/// The narrow character for a wide one of ASCII.
pub(super) fn narrow_letter(character: char) -> Option<char> {
    match character {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(character) - 0xFEE0),
        '\u{3000}' => Some(' '),
        _ => None,
    }
}

/// The wide kana for a narrow one (U+FF61 to U+FF9F).
pub(super) fn wide_kana(character: char) -> Option<char> {
    if !('\u{FF61}'..='\u{FF9F}').contains(&character) {
        return None;
    }
    let mut wide = None;
    decompose_compatible(character, |part| wide = Some(part));
    wide
}

/// The narrow form of a wide unit: two of them for a voiced kana.
fn to_half(unit: u16) -> Vec<u16> {
    let Some(character) = char::from_u32(u32::from(unit)) else { return vec![unit] };
    if let Some(narrow) = narrow_letter(character) {
        return vec![narrow as u16];
    }
    let find = |wanted: char| (0xFF61..=0xFF9F_u16).find(|half| mapped(*half, wide_kana) == wanted as u16);
    if !matches!(character, '\u{3001}'..='\u{30FF}') {
        return vec![unit];
    }
    let mut parts = Vec::new();
    unicode_normalization::char::decompose_canonical(character, |part| parts.push(part));
    let halves: Option<Vec<u16>> = parts.into_iter().map(find).collect();
    halves.unwrap_or_else(|| vec![unit])
}

/// The wide forms: a narrow kana and its voicing mark become one.
fn to_full(text: &[u16]) -> Vec<u16> {
    let mut made: Vec<u16> = Vec::new();
    for unit in text {
        let wide = match *unit {
            0x20 => 0x3000,
            0x21..=0x7E => *unit + 0xFEE0,
            _ => mapped(*unit, wide_kana),
        };
        let last = made.last().and_then(|last| char::from_u32(u32::from(*last)));
        let voiced = match (last, char::from_u32(u32::from(wide))) {
            (Some(last), Some(mark @ ('\u{3099}' | '\u{309A}'))) => compose(last, mark),
            _ => None,
        };
        match (voiced, made.last_mut()) {
            (Some(voiced), Some(last)) => *last = voiced as u16,
            _ => made.push(wide),
        }
    }
    made
}

/// Whether `FoldString` may be asked for these together.
#[must_use]
pub fn may_fold(flags: u32) -> bool {
    use fold::*;
    let known = COMPATIBILITY_ZONE | PRECOMPOSED | COMPOSITE | DIGITS | LIGATURES;
    let clashes = flags & COMPOSITE != 0 && flags & (PRECOMPOSED | LIGATURES) != 0;
    flags != 0 && flags & !known == 0 && !clashes
}

/// Text folded by flags that may be asked for together.
#[must_use]
pub fn folded(text: &[u16], flags: u32) -> Vec<u16> {
    let mut made = String::new();
    for character in char::decode_utf16(text.iter().copied()).map(|decoded| decoded.unwrap_or('\u{FFFD}')) {
        let is_zone = matches!(character, '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FFEF}');
        let is_ligature = matches!(character, '\u{FB00}'..='\u{FB06}' | '\u{132}' | '\u{133}');
        match (digit(character), character) {
            (Some(digit), _) if flags & fold::DIGITS != 0 => made.push(digit),
            _ if is_zone && flags & fold::COMPATIBILITY_ZONE != 0 => {
                decompose_compatible(character, |c| made.push(c))
            }
            _ if is_ligature && flags & fold::LIGATURES != 0 => {
                decompose_compatible(character, |c| made.push(c))
            }
            (_, '\u{C6}') if flags & fold::LIGATURES != 0 => made.push_str("AE"),
            (_, '\u{E6}') if flags & fold::LIGATURES != 0 => made.push_str("ae"),
            (_, '\u{152}') if flags & fold::LIGATURES != 0 => made.push_str("OE"),
            (_, '\u{153}') if flags & fold::LIGATURES != 0 => made.push_str("oe"),
            _ => made.push(character),
        }
    }
    if flags & fold::PRECOMPOSED != 0 {
        made = made.nfc().collect();
    }
    if flags & fold::COMPOSITE != 0 {
        made = made.nfd().collect();
    }
    made.encode_utf16().collect()
}

/// Where the ten digits of a script begin.
const ZEROS: [u32; 37] = [
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
    0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0,
    0x1C40, 0x1C50, 0x2080, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
];

fn digit(character: char) -> Option<char> {
    let code = u32::from(character);
    let value = match code {
        0xB2 | 0xB3 => code - 0xB0,
        0xB9 => 1,
        0x2070 => 0,
        0x2074..=0x2079 => code - 0x2070,
        _ => {
            let zero = ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&code))?;
            code - zero
        }
    };
    char::from_digit(value, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(text: &str, make: impl Fn(&[u16]) -> Vec<u16>) -> String {
        String::from_utf16(&make(&text.encode_utf16().collect::<Vec<_>>())).unwrap()
    }

    #[test]
    fn widths_and_kana() {
        let wide = "\u{FF21}\u{3000}\u{30AC}\u{30D1}\u{30A2}\u{3001}";
        let narrow = "A \u{FF76}\u{FF9E}\u{FF8A}\u{FF9F}\u{FF71}\u{FF64}";
        assert_eq!(with(wide, |text| map(text, flag::HALFWIDTH)), narrow);
        assert_eq!(with(narrow, |text| map(text, flag::FULLWIDTH)), wide);
        assert_eq!(with("\u{3042}b", |text| map(text, flag::KATAKANA)), "\u{30A2}b");
        assert_eq!(with("\u{30A2}B", |text| map(text, flag::HIRAGANA | flag::LOWERCASE)), "\u{3042}b");
        assert_eq!(with("a-b\u{301}", |text| map(text, order::IGNORE_SYMBOLS | order::IGNORE_MARKS)), "ab");
    }

    #[test]
    fn folding() {
        assert_eq!(with("\u{B2}\u{663}\u{967}", |text| folded(text, fold::DIGITS)), "231");
        assert_eq!(with("\u{E9}", |text| folded(text, fold::COMPOSITE)), "e\u{301}");
        assert_eq!(with("e\u{301}", |text| folded(text, fold::PRECOMPOSED)), "\u{E9}");
        assert_eq!(with("\u{FF21}\u{F900}", |text| folded(text, fold::COMPATIBILITY_ZONE)), "A\u{8C48}");
        assert_eq!(with("\u{FB01}\u{E6}", |text| folded(text, fold::LIGATURES)), "fiae");
    }

    #[test]
    fn what_may_not_be_asked_together() {
        assert!(may_map(flag::LOWERCASE) && may_map(flag::SORTKEY | order::IGNORE_CASE));
        assert!(!may_map(0) && !may_map(flag::LOWERCASE | flag::UPPERCASE));
        assert!(!may_map(flag::SORTKEY | flag::LOWERCASE) && !may_map(0x0200_0000));
        assert!(may_fold(fold::DIGITS) && !may_fold(0) && !may_fold(fold::COMPOSITE | fold::PRECOMPOSED));
    }
}

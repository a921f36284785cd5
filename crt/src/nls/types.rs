//! Types of characters as `GetStringType` tells them: class, direction, and how it takes part in text.

use unicode_bidi::BidiClass;
use unicode_normalization::char::is_combining_mark;

use super::mapping;
use crate::ctype;

/// What is told of characters: `CT_CTYPE1`, `CT_CTYPE2`, `CT_CTYPE3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Classes, as `iswctype` has them.
    Class,
    /// Direction.
    Direction,
    /// What it is in the processing of text.
    Processing,
}

impl Kind {
    /// The kind that a `dwInfoType` asks for.
    #[must_use]
    pub fn of(number: u32) -> Option<Self> {
        match number {
            1 => Some(Kind::Class),
            2 => Some(Kind::Direction),
            4 => Some(Kind::Processing),
            _ => None,
        }
    }

    /// It of a unit. A half of a surrogate pair has none.
    #[must_use]
    pub fn told(self, unit: u16) -> u16 {
        if self == Kind::Class {
            return ctype::classes_wide(unit);
        }
        let Some(character) = char::from_u32(u32::from(unit)) else { return 0 };
        match self {
            Kind::Class | Kind::Processing => processing(character),
            Kind::Direction => direction(character),
        }
    }
}

/// `C2_…`.
fn direction(character: char) -> u16 {
    match unicode_bidi::bidi_class(character) {
        BidiClass::L | BidiClass::LRE | BidiClass::LRO => 1,
        BidiClass::R | BidiClass::AL | BidiClass::RLE | BidiClass::RLO => 2,
        BidiClass::EN => 3,
        BidiClass::ES => 4,
        BidiClass::ET => 5,
        BidiClass::AN => 6,
        BidiClass::CS => 7,
        BidiClass::B => 8,
        BidiClass::S => 9,
        BidiClass::WS => 10,
        BidiClass::ON => 11,
        _ => 0,
    }
}

/// `C3_…`.
fn processing(character: char) -> u16 {
    const NONSPACING: u16 = 0x1;
    const DIACRITIC: u16 = 0x2;
    const VOWELMARK: u16 = 0x4;
    const SYMBOL: u16 = 0x8;
    const KATAKANA: u16 = 0x10;
    const HIRAGANA: u16 = 0x20;
    const HALFWIDTH: u16 = 0x40;
    const FULLWIDTH: u16 = 0x80;
    const IDEOGRAPH: u16 = 0x100;
    const KASHIDA: u16 = 0x200;
    const LEXICAL: u16 = 0x400;
    const ALPHA: u16 = 0x8000;
    let is_symbol = !character.is_alphanumeric()
        && !character.is_whitespace()
        && !character.is_control()
        && !is_combining_mark(character);
    let is_half = matches!(character, '\u{21}'..='\u{7E}' | '\u{FF61}'..='\u{FF9F}');
    let is_full = mapping::narrow_letter(character).is_some() || matches!(character, '\u{3041}'..='\u{30FE}');
    [
        (matches!(character, '\u{300}'..='\u{36F}' | '\u{3099}' | '\u{309A}'), NONSPACING | DIACRITIC),
        (is_combining_mark(character), NONSPACING),
        (matches!(character, '^' | '`' | '\u{A8}' | '\u{AF}' | '\u{B4}' | '\u{B8}'), DIACRITIC),
        (matches!(character, '\u{5B0}'..='\u{5BB}' | '\u{64B}'..='\u{652}'), VOWELMARK),
        (is_symbol, SYMBOL),
        (matches!(character, '\u{30A1}'..='\u{30FE}' | '\u{FF66}'..='\u{FF9D}'), KATAKANA),
        (matches!(character, '\u{3041}'..='\u{309E}'), HIRAGANA),
        (is_half, HALFWIDTH),
        (is_full, FULLWIDTH),
        (
            matches!(character, '\u{3400}'..='\u{4DB5}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'),
            IDEOGRAPH,
        ),
        (character == '\u{640}', KASHIDA),
        (matches!(character, '-' | '\'' | '\u{AD}' | '\u{2010}' | '\u{2011}'), LEXICAL),
        (character.is_alphabetic(), ALPHA),
    ]
    .iter()
    .filter(|(holds, _)| *holds)
    .fold(0, |all, (_, bits)| all | bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_some_characters() {
        let told = |kind: Kind, character: char| kind.told(character as u16);
        assert_eq!(told(Kind::Class, 'A'), 0x181);
        assert_eq!(told(Kind::Direction, 'A'), 1);
        assert_eq!(told(Kind::Direction, '\u{5D0}'), 2);
        assert_eq!(told(Kind::Direction, '7'), 3);
        assert_eq!(told(Kind::Direction, ','), 7);
        assert_eq!(told(Kind::Direction, ' '), 10);
        assert_eq!(told(Kind::Processing, 'A'), 0x8040);
        assert_eq!(told(Kind::Processing, '\u{301}'), 0x3);
        assert_eq!(told(Kind::Processing, '\u{4E00}'), 0x8100);
        assert_eq!(told(Kind::Processing, '-'), 0x448);
        assert_eq!((Kind::of(3), Kind::Direction.told(0xD800)), (None, 0));
    }
}

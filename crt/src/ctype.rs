//! Classes and case of characters.
//!
//! The masks are those of the documented `ctype.h`. Narrow characters follow the C locale: only ASCII has
//! classes and case. Wide characters follow Unicode.

/// An upper case letter.
pub const UPPER: u16 = 0x1;
/// A lower case letter.
pub const LOWER: u16 = 0x2;
/// A decimal digit.
pub const DIGIT: u16 = 0x4;
/// White space: tab to carriage return, and the space.
pub const SPACE: u16 = 0x8;
/// Punctuation.
pub const PUNCT: u16 = 0x10;
/// A control character.
pub const CONTROL: u16 = 0x20;
/// The space itself.
pub const BLANK: u16 = 0x40;
/// A hexadecimal digit.
pub const HEX: u16 = 0x80;
/// A letter; set for wide characters only, whose letters need not have a case.
pub const ALPHA: u16 = 0x100;

/// The end-of-file value of `isalpha` and its kin, and of `iswalpha` (`WEOF`): a character of no class.
const END_OF_FILE: u16 = 0xFFFF;

/// The classes of a narrow character.
#[must_use]
pub fn classes_narrow(character: u8) -> u16 {
    match character {
        b'\t'..=b'\r' => SPACE | CONTROL,
        0..=0x1F | 0x7F => CONTROL,
        b' ' => SPACE | BLANK,
        b'0'..=b'9' => DIGIT | HEX,
        b'A'..=b'F' => UPPER | HEX,
        b'G'..=b'Z' => UPPER,
        b'a'..=b'f' => LOWER | HEX,
        b'g'..=b'z' => LOWER,
        0x21..=0x7E => PUNCT,
        0x80..=0xFF => 0,
    }
}

/// The classes of a wide character; a half of a surrogate pair has none.
#[must_use]
pub fn classes_wide(unit: u16) -> u16 {
    if unit < 0x80 {
        let classes = classes_narrow(unit as u8);
        return if classes & (UPPER | LOWER) != 0 { classes | ALPHA } else { classes };
    }
    let Some(character) = char::from_u32(u32::from(unit)) else { return 0 };
    match character {
        _ if unit == END_OF_FILE => 0,
        '\u{80}'..='\u{9F}' => CONTROL,
        '\u{A0}' | '\u{3000}' => SPACE | BLANK,
        _ if character.is_uppercase() => UPPER | ALPHA,
        _ if character.is_lowercase() => LOWER | ALPHA,
        _ if character.is_alphabetic() => ALPHA,
        _ if character.is_whitespace() => SPACE,
        _ if character.is_numeric() => DIGIT,
        '\u{A1}'..='\u{BF}' | '\u{D7}' | '\u{F7}' | '\u{2010}'..='\u{205E}' | '\u{3001}'..='\u{3020}' => {
            PUNCT
        }
        _ => 0,
    }
}

/// `_isctype`: which of the classes in `mask` a character has; it is −1 or a byte, anything else has none.
#[must_use]
pub fn is_class_narrow(character: u32, mask: u32) -> u32 {
    match u8::try_from(character) {
        Ok(narrow) => u32::from(classes_narrow(narrow)) & mask,
        Err(_) => 0,
    }
}

/// `iswctype`: which of the classes in `mask` a wide character has.
#[must_use]
pub fn is_class_wide(character: u32, mask: u32) -> u32 {
    u32::from(classes_wide(character as u16)) & mask
}

/// `tolower` of an `int`: what is not an ASCII upper case letter comes back as it is.
#[must_use]
pub fn to_lower_narrow(character: u32) -> u32 {
    if matches!(character, 0x41..=0x5A) { character + 0x20 } else { character }
}

/// `toupper` of an `int`.
#[must_use]
pub fn to_upper_narrow(character: u32) -> u32 {
    if matches!(character, 0x61..=0x7A) { character - 0x20 } else { character }
}

/// `towlower`: Unicode's simple mapping.
#[must_use]
pub fn to_lower_wide(unit: u16) -> u16 {
    if unit < 0x80 {
        return u16::from((unit as u8).to_ascii_lowercase());
    }
    char::from_u32(u32::from(unit)).map_or(unit, |c| single(unit, c.to_lowercase()))
}

/// `towupper`, likewise.
#[must_use]
pub fn to_upper_wide(unit: u16) -> u16 {
    if unit < 0x80 {
        return u16::from((unit as u8).to_ascii_uppercase());
    }
    char::from_u32(u32::from(unit)).map_or(unit, |c| single(unit, c.to_uppercase()))
}

/// Takes a mapping that is one unit for one unit. What would leave Latin-1's or any other block for ASCII,
/// and the micro sign, stay, as in Windows' own table: the long s is not an S.
fn single(unit: u16, mut mapped: impl Iterator<Item = char>) -> u16 {
    let (Some(first), None) = (mapped.next(), mapped.next()) else { return unit };
    match u16::try_from(u32::from(first)) {
        Ok(code) if code >= 0x80 && unit != 0xB5 => code,
        _ => unit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrow_classes_are_those_of_the_c_locale() {
        for c in 0..=255_u8 {
            let classes = classes_narrow(c);
            assert_eq!(classes & (UPPER | LOWER) != 0, c.is_ascii_alphabetic(), "{c:#x}");
            assert_eq!(classes & DIGIT != 0, c.is_ascii_digit(), "{c:#x}");
            assert_eq!(classes & HEX != 0, c.is_ascii_hexdigit(), "{c:#x}");
            assert_eq!(classes & PUNCT != 0, c.is_ascii_punctuation(), "{c:#x}");
            assert_eq!(classes & CONTROL != 0, c.is_ascii_control(), "{c:#x}");
            assert_eq!(classes & SPACE != 0, c.is_ascii_whitespace() || c == 0x0B, "{c:#x}");
        }
    }

    #[test]
    fn end_of_file_has_no_class() {
        assert_eq!(is_class_narrow(u32::MAX, 0xFFFF), 0);
        assert_eq!(is_class_wide(0xFFFF, 0xFFFF), 0);
        assert_eq!(is_class_narrow(u32::from(b'7'), u32::from(DIGIT)), u32::from(DIGIT));
        assert_ne!(is_class_wide(0x416, u32::from(ALPHA)), 0);
    }

    #[test]
    fn wide_case_maps_one_unit_to_one() {
        assert_eq!(to_upper_wide(u16::from(b'z')), u16::from(b'Z'));
        assert_eq!(to_upper_wide(0xE9), 0xC9);
        assert_eq!(to_upper_wide(0xFF), 0x178);
        assert_eq!(to_lower_wide(0x416), 0x436);
        for stays in [0xDF, 0xB5, 0x17F, 0x131, 0x149, 0xD800] {
            assert_eq!(to_upper_wide(stays), stays, "{stays:#x}");
        }
        for stays in [0x130, 0x212A] {
            assert_eq!(to_lower_wide(stays), stays, "{stays:#x}");
        }
    }

    #[test]
    fn narrow_case_leaves_what_is_no_letter() {
        assert_eq!(to_upper_narrow(u32::from(b'a')), u32::from(b'A'));
        assert_eq!(to_lower_narrow(u32::MAX), u32::MAX);
        assert_eq!(to_upper_narrow(0xE9), 0xE9);
    }
}

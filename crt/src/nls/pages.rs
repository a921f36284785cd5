//! Code pages: 437 (OEM), 1252 (ANSI), UTF-7 and UTF-8; and text converted whole by one of them.

use crate::codepage::{self, DEFAULT_CHARACTER};

/// A code page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodePage {
    /// 437, the OEM page.
    Oem,
    /// 1252, the ANSI page.
    Ansi,
    /// 65000.
    Utf7,
    /// 65001.
    Utf8,
}

/// The pages' numbers, in the order in which they are enumerated.
pub const NUMBERS: [u32; 4] = [437, 1252, 65000, 65001];

/// The upper half of page 437, after the Unicode consortium's table.
const OEM_UPPER: [u16; 128] = [
    0x00C7, 0x00FC, 0x00E9, 0x00E2, 0x00E4, 0x00E0, 0x00E5, 0x00E7, 0x00EA, 0x00EB, 0x00E8, 0x00EF, 0x00EE,
    0x00EC, 0x00C4, 0x00C5, 0x00C9, 0x00E6, 0x00C6, 0x00F4, 0x00F6, 0x00F2, 0x00FB, 0x00F9, 0x00FF, 0x00D6,
    0x00DC, 0x00A2, 0x00A3, 0x00A5, 0x20A7, 0x0192, 0x00E1, 0x00ED, 0x00F3, 0x00FA, 0x00F1, 0x00D1, 0x00AA,
    0x00BA, 0x00BF, 0x2310, 0x00AC, 0x00BD, 0x00BC, 0x00A1, 0x00AB, 0x00BB, 0x2591, 0x2592, 0x2593, 0x2502,
    0x2524, 0x2561, 0x2562, 0x2556, 0x2555, 0x2563, 0x2551, 0x2557, 0x255D, 0x255C, 0x255B, 0x2510, 0x2514,
    0x2534, 0x252C, 0x251C, 0x2500, 0x253C, 0x255E, 0x255F, 0x255A, 0x2554, 0x2569, 0x2566, 0x2560, 0x2550,
    0x256C, 0x2567, 0x2568, 0x2564, 0x2565, 0x2559, 0x2558, 0x2552, 0x2553, 0x256B, 0x256A, 0x2518, 0x250C,
    0x2588, 0x2584, 0x258C, 0x2590, 0x2580, 0x03B1, 0x00DF, 0x0393, 0x03C0, 0x03A3, 0x03C3, 0x00B5, 0x03C4,
    0x03A6, 0x0398, 0x03A9, 0x03B4, 0x221E, 0x03C6, 0x03B5, 0x2229, 0x2261, 0x00B1, 0x2265, 0x2264, 0x2320,
    0x2321, 0x00F7, 0x2248, 0x00B0, 0x2219, 0x00B7, 0x221A, 0x207F, 0x00B2, 0x25A0, 0x00A0,
];

impl CodePage {
    /// The page of a number, or of `CP_ACP`, `CP_OEMCP`, `CP_THREAD_ACP`.
    #[must_use]
    pub fn of(number: u32) -> Option<Self> {
        match number {
            0 | 3 | 1252 => Some(CodePage::Ansi),
            1 | 437 => Some(CodePage::Oem),
            65000 => Some(CodePage::Utf7),
            65001 => Some(CodePage::Utf8),
            _ => None,
        }
    }

    /// The most bytes of a character.
    #[must_use]
    pub fn longest(self) -> u32 {
        match self {
            CodePage::Oem | CodePage::Ansi => 1,
            CodePage::Utf7 => 5,
            CodePage::Utf8 => 4,
        }
    }

    /// Whether each character is a byte, with a default for what the page lacks.
    #[must_use]
    pub fn is_table(self) -> bool {
        self.longest() == 1
    }

    /// Text made wide; `None` for what is no text of the page, if that is not to be replaced.
    #[must_use]
    pub fn to_wide(self, text: &[u8], replaces: bool) -> Option<Vec<u16>> {
        Some(match self {
            CodePage::Ansi => text.iter().map(|byte| codepage::to_wide(*byte)).collect(),
            CodePage::Oem => text.iter().map(|byte| oem_to_wide(*byte)).collect(),
            CodePage::Utf7 => utf7_to_wide(text),
            CodePage::Utf8 if replaces => String::from_utf8_lossy(text).encode_utf16().collect(),
            CodePage::Utf8 => std::str::from_utf8(text).ok()?.encode_utf16().collect(),
        })
    }

    /// Text made narrow, and whether something in it was replaced by the default.
    #[must_use]
    pub fn to_narrow(self, text: &[u16], default: u8) -> (Vec<u8>, bool) {
        let by_table = |narrow: fn(u16) -> Option<u8>| {
            let found: Vec<Option<u8>> = text.iter().map(|unit| narrow(*unit)).collect();
            let replaced = found.contains(&None);
            (found.into_iter().map(|byte| byte.unwrap_or(default)).collect(), replaced)
        };
        match self {
            CodePage::Ansi => by_table(codepage::to_narrow),
            CodePage::Oem => by_table(oem_to_narrow),
            CodePage::Utf7 => (wide_to_utf7(text), false),
            CodePage::Utf8 => (String::from_utf16_lossy(text).into_bytes(), false),
        }
    }
}

/// The default of all pages.
pub const DEFAULT: u8 = DEFAULT_CHARACTER;

fn oem_to_wide(byte: u8) -> u16 {
    if byte < 0x80 { u16::from(byte) } else { OEM_UPPER[usize::from(byte) - 0x80] }
}

fn oem_to_narrow(unit: u16) -> Option<u8> {
    match u8::try_from(unit) {
        Ok(byte @ 0..=0x7F) => Some(byte),
        _ => OEM_UPPER.iter().position(|wide| *wide == unit).map(|place| place as u8 + 0x80),
    }
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Whether UTF-7 writes a character as it is: RFC 2152's set D, space, tab, new lines, and NUL, which ends text.
fn is_direct(unit: u16) -> bool {
    u8::try_from(unit).is_ok_and(|byte| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'\'' | b'('..=b')' | b','..=b'/' | b':' | b'?')
            || matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0)
    })
}

/// RFC 2152.
fn wide_to_utf7(text: &[u16]) -> Vec<u8> {
    let mut made = Vec::new();
    let mut rest = text;
    while let Some((&unit, after)) = rest.split_first() {
        if is_direct(unit) {
            made.push(unit as u8);
            rest = after;
        } else if unit == u16::from(b'+') {
            made.extend(b"+-");
            rest = after;
        } else {
            let count = rest.iter().take_while(|unit| !is_direct(**unit)).count();
            let (run, after) = rest.split_at(count);
            made.push(b'+');
            let mut bits = 0_u32;
            let mut have = 0;
            for unit in run {
                bits = bits << 16 | u32::from(*unit);
                have += 16;
                while have >= 6 {
                    have -= 6;
                    made.push(BASE64[(bits >> have & 63) as usize]);
                }
            }
            if have > 0 {
                made.push(BASE64[(bits << (6 - have) & 63) as usize]);
            }
            made.push(b'-');
            rest = after;
        }
    }
    made
}

/// What is no UTF-7 comes through byte by byte.
fn utf7_to_wide(text: &[u8]) -> Vec<u16> {
    let mut made = Vec::new();
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'+' {
            made.push(u16::from(byte));
            continue;
        }
        if let [b'-', after @ ..] = rest {
            made.push(u16::from(b'+'));
            rest = after;
            continue;
        }
        let mut bits = 0_u32;
        let mut have = 0;
        while let [digit, after @ ..] = rest
            && let Some(value) = BASE64.iter().position(|known| known == digit)
        {
            rest = after;
            bits = bits << 6 | value as u32;
            have += 6;
            if have >= 16 {
                have -= 16;
                made.push((bits >> have) as u16);
            }
        }
        if let [b'-', after @ ..] = rest {
            rest = after;
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_survive_the_round_trip() {
        let all: Vec<u8> = (0..=255).collect();
        for page in [CodePage::Oem, CodePage::Ansi] {
            let wide = page.to_wide(&all, false).unwrap();
            assert_eq!(page.to_narrow(&wide, b'?'), (all.clone(), false));
        }
        assert_eq!(CodePage::Oem.to_wide(b"\x81", false), Some(vec![0xFC]));
        assert_eq!(CodePage::Oem.to_narrow(&[0x20AC], b'#'), (b"#".to_vec(), true));
    }

    #[test]
    fn utf7_is_that_of_its_document() {
        let wide = |text: &str| text.encode_utf16().collect::<Vec<u16>>();
        for (text, narrow) in [
            ("A\u{2262}\u{391}.", "A+ImIDkQ-."),
            ("Hi Mom -\u{263A}-!", "Hi Mom -+Jjo--+ACE-"),
            ("1 + 1", "1 +- 1"),
            ("\u{65E5}\u{672C}\u{8A9E}", "+ZeVnLIqe-"),
        ] {
            assert_eq!(CodePage::Utf7.to_narrow(&wide(text), 0).0, narrow.as_bytes(), "{text}");
            assert_eq!(CodePage::Utf7.to_wide(narrow.as_bytes(), true), Some(wide(text)), "{narrow}");
        }
    }

    #[test]
    fn utf8_replaces_or_refuses() {
        assert_eq!(CodePage::Utf8.to_wide(b"a\xFFb", true), Some(vec![0x61, 0xFFFD, 0x62]));
        assert_eq!(CodePage::Utf8.to_wide(b"a\xFFb", false), None);
        assert_eq!(CodePage::of(932), None);
    }
}

//! The order of text: `CompareString`, and the sort keys of `LCMapString`, by which it compares.
//!
//! Text is compared by levels: first by letters, then by diacritics, then by case, width and kana, and last by
//! where hyphens and apostrophes stand, unless those are sorted as symbols. Space and punctuation come before
//! symbols of mathematics, those before digits, those before letters; letters of Latin script as in the
//! alphabet, whatever is on top of them. This is what the reference tells of the order. Our choice: what it
//! does not tell, the order within punctuation and outside Latin script, is that of Unicode's numbers.

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// `NORM_IGNORECASE`.
pub const IGNORE_CASE: u32 = 0x1;
/// `NORM_IGNORENONSPACE`: marks make no difference.
pub const IGNORE_MARKS: u32 = 0x2;
/// `NORM_IGNORESYMBOLS`.
pub const IGNORE_SYMBOLS: u32 = 0x4;
/// `SORT_STRINGSORT`: hyphens and apostrophes are symbols like others.
pub const STRING_SORT: u32 = 0x1000;
/// `NORM_IGNOREKANATYPE`.
pub const IGNORE_KANA: u32 = 0x1_0000;
/// `NORM_IGNOREWIDTH`.
pub const IGNORE_WIDTH: u32 = 0x2_0000;
/// All of them.
pub const FLAGS: u32 = 0x3_1007;

/// Ends a level of a key; all weights are above it.
const LEVEL_END: u8 = 1;
/// Added to every byte of a weight.
const OFFSET: u8 = 2;
/// How many values a byte of a weight has.
const RADIX: u32 = 254;

const UPPER: u8 = 1;
const WIDE: u8 = 2;
const KATAKANA: u8 = 4;

/// What a character weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Weight {
    letter: u32,
    marks: u8,
    form: u8,
}

/// Gathers weights.
#[derive(Default)]
struct Weights {
    weights: Vec<Weight>,
    /// Hyphens and apostrophes: in front of which weight, and which.
    specials: Vec<(u32, u32)>,
}

/// The key of a text: keys compare byte by byte as their texts do. It ends with a zero, the only one.
#[must_use]
pub fn sort_key(text: &[u16], flags: u32) -> Vec<u8> {
    let mut weights = Weights::default();
    for decoded in char::decode_utf16(text.iter().copied()) {
        match decoded {
            Ok(character) => weights.add(character, flags),
            Err(half) => weights.push(class::OTHER | 0x11_0000 | u32::from(half.unpaired_surrogate()), 0),
        }
    }
    weights.into_key(flags)
}

impl Weights {
    fn add(&mut self, character: char, flags: u32) {
        if has_no_weight(character) {
            return;
        }
        let narrow = super::mapping::narrow_letter(character).or(super::mapping::wide_kana(character));
        let mut form = if narrow.is_some() { WIDE } else { 0 };
        let mut folded = narrow.unwrap_or(character);
        if let Some(hiragana) = super::mapping::hiragana(folded) {
            form |= KATAKANA;
            folded = hiragana;
        }
        let mut parts = Vec::new();
        decompose_canonical(folded, |part| parts.push(part));
        for part in parts {
            self.add_part(part, form, flags);
        }
    }

    fn add_part(&mut self, part: char, form: u8, flags: u32) {
        if is_combining_mark(part) {
            if flags & IGNORE_MARKS == 0 {
                self.mark(part);
            }
            return;
        }
        if matches!(part, '-' | '\'' | '\u{2010}' | '\u{2011}') && flags & STRING_SORT == 0 {
            if flags & IGNORE_SYMBOLS == 0 {
                self.specials.push((self.weights.len() as u32, u32::from(part)));
            }
            return;
        }
        if let Some((_, base, mark)) = EXPANSIONS.iter().find(|(letter, ..)| *letter == part) {
            let form = form | if part.is_uppercase() { UPPER } else { 0 };
            for letter in base.chars() {
                self.push(weight_of(letter), form);
            }
            if *mark && flags & IGNORE_MARKS == 0 {
                self.mark(STROKE);
            }
            return;
        }
        let mut lower = part.to_lowercase();
        let (case, letter) = match (part.is_uppercase(), lower.next(), lower.next()) {
            (true, Some(lower), None) => (UPPER, lower),
            _ => (0, part),
        };
        let weight = weight_of(letter);
        if flags & IGNORE_SYMBOLS != 0 && weight < class::DIGIT {
            return;
        }
        self.push(weight, form | case);
    }

    fn push(&mut self, letter: u32, form: u8) {
        self.weights.push(Weight { letter, marks: 0, form });
    }

    /// Adds a mark to the last letter; one without a letter stands for itself.
    fn mark(&mut self, mark: char) {
        if self.weights.is_empty() {
            self.push(class::SPACE, 0);
        }
        let last = self.weights.last_mut().expect("there is one now");
        let weight = match u32::from(mark) {
            code @ 0x300..=0x36F => (code - 0x300 + 1) as u8,
            _ => 0x80,
        };
        last.marks = last.marks.saturating_add(weight).min(RADIX as u8 - 1);
    }

    fn into_key(self, flags: u32) -> Vec<u8> {
        let ignored = [(IGNORE_CASE, UPPER), (IGNORE_WIDTH, WIDE), (IGNORE_KANA, KATAKANA)];
        let ignored =
            ignored.iter().filter(|(flag, _)| flags & flag != 0).fold(0, |all, (_, form)| all | form);
        let mut key = Vec::new();
        self.weights.iter().for_each(|weight| put(&mut key, weight.letter, 3));
        key.push(LEVEL_END);
        put_level(&mut key, self.weights.iter().map(|weight| weight.marks));
        key.push(LEVEL_END);
        put_level(&mut key, self.weights.iter().map(|weight| weight.form & !ignored));
        key.extend([LEVEL_END, LEVEL_END]);
        for (place, special) in self.specials {
            put(&mut key, place, 3);
            put(&mut key, special, 3);
        }
        key.push(0);
        key
    }
}

fn put(key: &mut Vec<u8>, value: u32, bytes: u32) {
    key.extend((0..bytes).rev().map(|place| (value / RADIX.pow(place) % RADIX) as u8 + OFFSET));
}

/// Puts a level, without the zeros at its end.
fn put_level(key: &mut Vec<u8>, weights: impl Iterator<Item = u8>) {
    let start = key.len();
    key.extend(weights.map(|weight| weight + OFFSET));
    while key.len() > start && key.last() == Some(&OFFSET) {
        key.pop();
    }
}

/// Classes of characters, in their order, above the 21 bits of a character's number.
mod class {
    pub const SPACE: u32 = 1 << 21;
    pub const PUNCTUATION: u32 = 2 << 21;
    pub const MATHEMATICS: u32 = 3 << 21;
    pub const DIGIT: u32 = 4 << 21;
    pub const LATIN: u32 = 5 << 21;
    pub const OTHER: u32 = 6 << 21;
}

/// The place of a letter in the alphabet, above what tells letters of one place apart.
const ALPHABET_SHIFT: u32 = 12;

/// Stands for what crosses a letter and has no mark of its own.
const STROKE: char = '\u{338}';

/// Letters that are others, two of them or with a stroke.
const EXPANSIONS: &[(char, &str, bool)] = &[
    ('\u{C6}', "ae", false),  // Æ
    ('\u{E6}', "ae", false),  // æ
    ('\u{152}', "oe", false), // Œ
    ('\u{153}', "oe", false), // œ
    ('\u{DF}', "ss", false),  // ß
    ('\u{DE}', "th", false),  // Þ
    ('\u{FE}', "th", false),  // þ
    ('\u{132}', "ij", false), // Ĳ
    ('\u{133}', "ij", false), // ĳ
    ('\u{D8}', "o", true),    // Ø
    ('\u{F8}', "o", true),    // ø
    ('\u{110}', "d", true),   // Đ
    ('\u{111}', "d", true),   // đ
    ('\u{126}', "h", true),   // Ħ
    ('\u{127}', "h", true),   // ħ
    ('\u{141}', "l", true),   // Ł
    ('\u{142}', "l", true),   // ł
    ('\u{166}', "t", true),   // Ŧ
    ('\u{167}', "t", true),   // ŧ
    ('\u{131}', "i", true),   // ı
];

/// Control characters and those that only say how text is laid out.
fn has_no_weight(character: char) -> bool {
    let is_laid_out =
        matches!(character, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{FEFF}');
    is_laid_out || (character.is_control() && !character.is_whitespace())
}

fn weight_of(character: char) -> u32 {
    let code = u32::from(character);
    match character {
        'a'..='z' => class::LATIN | (code - u32::from(b'a') + 1) << ALPHABET_SHIFT,
        // Eth stands behind d.
        '\u{F0}' => class::LATIN | 4 << ALPHABET_SHIFT | 1,
        '+' | '<' | '=' | '>' | '\u{AC}' | '\u{B1}' | '\u{D7}' | '\u{F7}' | '\u{2190}'..='\u{22FF}' => {
            class::MATHEMATICS | code
        }
        _ if character.is_whitespace() => class::SPACE | code,
        _ if character.is_numeric() => class::DIGIT | code,
        _ if !character.is_alphabetic() => class::PUNCTUATION | code,
        // Other letters of Latin script stand behind z.
        '\u{AA}'..='\u{2AF}' | '\u{1D00}'..='\u{1EFF}' | '\u{2C60}'..='\u{2C7F}' => {
            class::LATIN | (27 << ALPHABET_SHIFT) + code
        }
        _ => class::OTHER | code,
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::*;

    fn compare(left: &str, right: &str, flags: u32) -> Ordering {
        let key = |text: &str| sort_key(&text.encode_utf16().collect::<Vec<_>>(), flags);
        key(left).cmp(&key(right))
    }

    #[test]
    fn levels_come_one_after_the_other() {
        let sorted = [
            "", " ", "!", "_", "+", "1", "2", "a", "A", "\u{E1}", "aa", "ab", "Ab", "\u{E6}", "B", "z",
            "\u{416}",
        ];
        for pair in sorted.windows(2) {
            assert_eq!(compare(pair[0], pair[1], 0), Ordering::Less, "{pair:?}");
        }
        assert_eq!(compare("cote", "C\u{D4}TE", 0), Ordering::Less);
        assert_eq!(compare("cot\u{E9}", "cOte", 0), Ordering::Greater, "marks count more than case");
    }

    #[test]
    fn flags_take_differences_away() {
        for (left, right, flags) in [
            ("ABC", "abc", IGNORE_CASE),
            ("r\u{E9}sum\u{E9}", "resume", IGNORE_MARKS),
            ("a.b,c!", "abc", IGNORE_SYMBOLS),
            ("\u{FF21}\u{FF22}", "AB", IGNORE_WIDTH),
            ("\u{30A2}", "\u{3042}", IGNORE_KANA),
            ("\u{E9}", "e\u{301}", 0),
            ("a\0b", "ab", 0),
        ] {
            assert_eq!(compare(left, right, flags), Ordering::Equal, "{left:?} {right:?}");
            if flags != 0 {
                assert_ne!(compare(left, right, 0), Ordering::Equal, "{left:?} {right:?}");
            }
        }
    }

    #[test]
    fn words_keep_together_whatever_their_hyphens() {
        let mut words = ["co-op", "cop", "coop", "con", "co-ops"];
        words.sort_by(|a, b| compare(a, b, 0));
        assert_eq!(words, ["con", "coop", "co-op", "co-ops", "cop"]);
        words.sort_by(|a, b| compare(a, b, STRING_SORT));
        assert_eq!(words, ["co-op", "co-ops", "con", "coop", "cop"]);
    }

    #[test]
    fn a_key_has_one_zero_at_its_end() {
        let text: Vec<u16> = (0..=u16::MAX).collect();
        for piece in text.chunks(7) {
            let key = sort_key(piece, 0);
            assert_eq!(key.iter().position(|byte| *byte == 0), Some(key.len() - 1));
        }
    }
}

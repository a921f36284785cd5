//! Names: paths taken apart, compared without case, and matched with wildcards.

use crate::{FileError, FileResult};

/// What a path may have at most, with its NUL (MAX_PATH).
pub const MAXIMUM_PATH: usize = 260;

/// What one part of a path may have at most.
const MAXIMUM_PART: usize = 255;

/// A path from the root, taken apart: every part a valid name, `.` and `..` followed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Path {
    /// Its parts, from the root down.
    pub(crate) parts: Vec<Vec<u16>>,
    /// It ended in a separator: it can only mean a folder.
    pub(crate) is_folder: bool,
}

const BACKSLASH: u16 = b'\\' as u16;
const SLASH: u16 = b'/' as u16;
const COLON: u16 = b':' as u16;
const DOT: u16 = b'.' as u16;
const SPACE: u16 = b' ' as u16;

fn is_separator(unit: u16) -> bool {
    unit == BACKSLASH || unit == SLASH
}

impl Path {
    /// Takes a guest's path apart. There is no current directory: every path begins at the root,
    /// "Windows CE does not have the concept of a current directory").
    ///
    /// `.` and `..` are followed here, by the words alone; above the root is the root. So no part that is
    /// looked up can lead out of its folder.
    ///
    /// # Errors
    /// [`FileError::NameTooLong`], [`FileError::InvalidName`]; [`FileError::NoDevice`] for a name with a
    /// device's colon, [`FileError::NoNetwork`] for one that begins with two separators.
    pub fn parse(text: &[u16]) -> FileResult<Path> {
        Self::parse_with(text, is_allowed)
    }

    /// The same for a pattern, whose last part may have wildcards.
    pub(crate) fn parse_pattern(text: &[u16]) -> FileResult<Path> {
        let path = Self::parse_with(text, |unit| is_allowed(unit) || is_wildcard(unit))?;
        let folders = path.parts.len().saturating_sub(1);
        if path.parts[..folders].iter().flatten().any(|unit| is_wildcard(*unit)) {
            return Err(FileError::InvalidName);
        }
        Ok(path)
    }

    fn parse_with(text: &[u16], is_allowed: impl Fn(u16) -> bool) -> FileResult<Path> {
        if text.len() >= MAXIMUM_PATH {
            return Err(FileError::NameTooLong);
        }
        if let [first, second, ..] = text
            && is_separator(*first)
            && is_separator(*second)
        {
            return Err(FileError::NoNetwork);
        }
        if let Some((&COLON, name)) = text.split_last()
            && !name.iter().any(|unit| is_separator(*unit) || *unit == COLON)
        {
            return Err(FileError::NoDevice);
        }
        let mut parts: Vec<Vec<u16>> = Vec::new();
        for part in text.split(|unit| is_separator(*unit)) {
            match part {
                [] | [DOT] => {}
                [DOT, DOT] => {
                    parts.pop();
                }
                _ => parts.push(valid_part(part, &is_allowed)?),
            }
        }
        let is_folder = text.last().is_none_or(|last| is_separator(*last) || parts.is_empty());
        Ok(Path { parts, is_folder })
    }
}

/// A part as it is stored: without the dots and spaces at its end, which FAT does not keep.
fn valid_part(part: &[u16], is_allowed: impl Fn(u16) -> bool) -> FileResult<Vec<u16>> {
    if part.len() > MAXIMUM_PART {
        return Err(FileError::NameTooLong);
    }
    if !part.iter().all(|unit| is_allowed(*unit)) {
        return Err(FileError::InvalidName);
    }
    let kept = part.iter().rposition(|unit| *unit != DOT && *unit != SPACE).map_or(0, |last| last + 1);
    if kept == 0 {
        return Err(FileError::InvalidName);
    }
    Ok(part[..kept].to_vec())
}

fn is_wildcard(unit: u16) -> bool {
    unit == u16::from(b'*') || unit == u16::from(b'?')
}

/// Whether a name may have this character.
fn is_allowed(unit: u16) -> bool {
    unit >= 0x20 && !b"<>:\"|?*\\/".iter().any(|refused| unit == u16::from(*refused))
}

/// A name of the host as the guest sees it; none if no guest could say it.
pub(crate) fn from_host(name: &str) -> Option<Vec<u16>> {
    let units: Vec<u16> = name.encode_utf16().collect();
    let valid = valid_part(&units, is_allowed).ok()?;
    (valid.len() == units.len() && name != "." && name != "..").then_some(units)
}

/// A name without case: each unit on its own, as CE compares.
pub(crate) fn fold(name: &[u16]) -> Vec<u16> {
    name.iter().map(|unit| fold_unit(*unit)).collect()
}

fn fold_unit(unit: u16) -> u16 {
    let Some(character) = char::from_u32(u32::from(unit)) else { return unit };
    let mut upper = character.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(upper), None) => u16::try_from(u32::from(upper)).unwrap_or(unit),
        _ => unit,
    }
}

/// Whether a folded name matches a folded pattern: `*` is any run, `?` any one character, and `.*` at the
/// end also matches a name without an ending.
pub(crate) fn matches(name: &[u16], pattern: &[u16]) -> bool {
    const ENDING: &[u16] = &[DOT, b'*' as u16];
    matches_plainly(name, pattern)
        || pattern
            .strip_suffix(ENDING)
            .is_some_and(|stem| !name.contains(&DOT) && matches_plainly(name, stem))
}

fn matches_plainly(name: &[u16], pattern: &[u16]) -> bool {
    const STAR: u16 = b'*' as u16;
    const ANY: u16 = b'?' as u16;
    let (mut at, mut wanted) = (0, 0);
    // Where the last star stands, and up to where it has eaten: only the last one needs another try.
    let mut star: Option<(usize, usize)> = None;
    while at < name.len() {
        match pattern.get(wanted) {
            Some(&STAR) => {
                star = Some((wanted, at));
                wanted += 1;
            }
            Some(&unit) if unit == ANY || unit == name[at] => {
                at += 1;
                wanted += 1;
            }
            _ => {
                let Some((place, eaten)) = star else { return false };
                star = Some((place, eaten + 1));
                at = eaten + 1;
                wanted = place + 1;
            }
        }
    }
    pattern[wanted..].iter().all(|unit| *unit == STAR)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(text: &str) -> Vec<u16> {
        text.encode_utf16().collect()
    }

    fn parsed(text: &str) -> FileResult<Vec<String>> {
        let path = Path::parse(&units(text))?;
        Ok(path.parts.iter().map(|part| String::from_utf16_lossy(part)).collect())
    }

    #[test]
    fn every_path_begins_at_the_root() {
        assert_eq!(parsed("a\\b.txt").unwrap(), ["a", "b.txt"]);
        assert_eq!(parsed("\\a/b\\\\c\\").unwrap(), ["a", "b", "c"]);
        assert_eq!(parsed("\\").unwrap(), [""; 0]);
    }

    #[test]
    fn dots_never_lead_above_the_root() {
        assert_eq!(parsed("\\..\\..\\x").unwrap(), ["x"]);
        assert_eq!(parsed("a\\..\\..\\b\\.\\c").unwrap(), ["b", "c"]);
        assert_eq!(parsed("a\\...\\b"), Err(FileError::InvalidName));
        assert_eq!(parsed("a. .\\b").unwrap(), ["a", "b"]);
    }

    #[test]
    fn names_that_no_file_can_have_are_refused() {
        for name in ["a<b", "a>b", "a|b", "a\"b", "a?b", "a*b", "a\u{1}b", "c:\\x", "x:stream", "\u{0}"] {
            assert_eq!(parsed(name), Err(FileError::InvalidName), "{name:?}");
        }
        assert_eq!(parsed("COM1:"), Err(FileError::NoDevice));
        assert_eq!(parsed("\\\\.\\PhysicalDrive0"), Err(FileError::NoNetwork));
        assert_eq!(parsed("//server/share"), Err(FileError::NoNetwork));
        assert_eq!(parsed(&"x".repeat(260)), Err(FileError::NameTooLong));
        assert_eq!(parsed(&"x".repeat(256)), Err(FileError::NameTooLong));
        assert!(parsed(&"x".repeat(255)).is_ok());
    }

    #[test]
    fn names_have_no_case() {
        assert_eq!(fold(&units("straße.ÄÖ")), fold(&units("STRAßE.äö")));
        assert_ne!(fold(&units("a")), fold(&units("b")));
    }

    #[test]
    fn wildcards_match_runs_and_single_characters() {
        let matched = |name: &str, pattern: &str| matches(&units(name), &units(pattern));
        for (name, pattern) in [
            ("ABC.TXT", "*"),
            ("ABC.TXT", "*.*"),
            ("ABC", "*.*"),
            ("ABC", "ABC.*"),
            ("ABC.TXT", "*.TXT"),
            ("ABC.TXT", "A?C.*"),
            ("AAAB", "*A*B"),
            ("", "*"),
        ] {
            assert!(matched(name, pattern), "{name} {pattern}");
        }
        for (name, pattern) in
            [("ABC.TXT", "*.TX"), ("ABC", "AB"), ("ABC", "A?"), ("ABC", "?*?*?*?"), ("ABCD", "ABC.*")]
        {
            assert!(!matched(name, pattern), "{name} {pattern}");
        }
    }
}

//! The registry as text: `.reg` files of REGEDIT4 and of "Windows Registry Editor Version 5.00".

use std::fmt;
use std::fmt::Write as _;

use super::{MAXIMUM_DATA, Registry, RegistryError, Root, Value};

/// What is wrong with a `.reg` file, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RegFileError {
    /// The line, counted from 1; that on which what is wrong begins.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for RegFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl std::error::Error for RegFileError {}

const REG_SZ: u32 = 1;
const REG_EXPAND_SZ: u32 = 2;
const REG_BINARY: u32 = 3;
const REG_DWORD: u32 = 4;
const REG_MULTI_SZ: u32 = 7;

const HEADER_4: &str = "REGEDIT4";
const HEADER_5: &str = "Windows Registry Editor Version 5.00";

/// The largest file that is read, in bytes.
const LARGEST_FILE: usize = 64 << 20;

type Parsed<T> = Result<T, String>;

impl Registry {
    /// Reads a `.reg` file in: UTF-8, or UTF-16 with a byte order mark. What it names is made, changed or
    /// deleted, on top of what is there. HKEY_CURRENT_USER is nobody's in particular, whoever the user is.
    ///
    /// # Errors
    /// What is wrong with it, and on which line. What stands before that has been taken in.
    pub fn load_text(&mut self, bytes: &[u8]) -> Result<(), RegFileError> {
        let text = decode(bytes)?;
        let mut reader = Reader { registry: self, key: None, is_ansi: false, has_header: false };
        let mut lines = text.lines().enumerate();
        while let Some((number, line)) = lines.next() {
            let mut whole = line.trim().to_owned();
            // Bytes may go on behind a backslash.
            while is_continued(&whole) {
                whole.pop();
                match lines.next() {
                    Some((_, next)) => whole.push_str(next.trim()),
                    None => break,
                }
            }
            reader.take(&whole).map_err(|reason| RegFileError { line: number + 1, reason })?;
        }
        if reader.has_header {
            return Ok(());
        }
        Err(RegFileError { line: 1, reason: format!("there is neither {HEADER_4:?} nor {HEADER_5:?}") })
    }

    /// Writes the registry as a `.reg` file of version 5.00, in UTF-8. Keys stand in the order of their
    /// names; read in again it gives the same keys and values. HKEY_CURRENT_USER is nobody's in particular,
    /// whoever the user is; the keys of users are in HKEY_USERS. Classes are not written, as other registries'
    /// editors do not, and a name with a control character, which no such file can have, is a comment only.
    pub fn to_text(&self) -> String {
        let mut text = format!("{HEADER_5}\n");
        for root in Root::ALL {
            let mut keys = vec![(root as usize, root.name().to_owned())];
            while let Some((id, path)) = keys.pop() {
                let key = &self.keys[id];
                // What has neither keys nor values says by its name that it is there.
                if !key.values.is_empty() || (key.keys.is_empty() && key.depth > 0) {
                    let _ = write!(text, "\n[{path}]\n");
                }
                for (_, value) in &key.values {
                    match sayable(&value.name) {
                        Some(name) => write_value(&mut text, &name, value),
                        None => leave_out(&mut text, &value.name),
                    }
                }
                for (_, id) in key.keys.iter().rev() {
                    match sayable(&self.keys[*id].name) {
                        Some(name) => keys.push((*id, format!("{path}\\{name}"))),
                        None => leave_out(&mut text, &self.keys[*id].name),
                    }
                }
            }
        }
        text
    }
}

fn decode(bytes: &[u8]) -> Result<String, RegFileError> {
    let wrong = |reason: &str| RegFileError { line: 1, reason: reason.to_owned() };
    if bytes.len() > LARGEST_FILE {
        return Err(wrong("the file is too large for a registry"));
    }
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        if !bytes.len().is_multiple_of(2) {
            return Err(wrong("UTF-16 text has an odd number of bytes"));
        }
        let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        let text: Result<String, _> = char::decode_utf16(units).collect();
        text.map_err(|_| wrong("a surrogate stands alone in UTF-16 text"))
    };
    match bytes {
        [0xFF, 0xFE, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] | rest => str::from_utf8(rest).map(str::to_owned).map_err(|error| {
            let before = &rest[..error.valid_up_to()];
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            RegFileError { line, reason: "the text is neither UTF-8 nor UTF-16".to_owned() }
        }),
    }
}

/// Whether a line of bytes goes on in the next.
fn is_continued(line: &str) -> bool {
    let Some((_, value)) = split_name(line) else { return false };
    value.trim_start().to_ascii_lowercase().starts_with("hex") && line.ends_with('\\')
}

/// The end of the name that a line begins with, and what stands behind its `=`.
fn split_name(line: &str) -> Option<(&str, &str)> {
    if let Some(rest) = line.strip_prefix('@') {
        return Some(("@", rest.trim_start().strip_prefix('=')?));
    }
    let quoted = line.strip_prefix('"')?;
    let end = end_of_quoted(quoted)?;
    Some((&line[..end + 2], quoted[end + 1..].trim_start().strip_prefix('=')?))
}

/// Where the quotation mark stands that ends a text.
fn end_of_quoted(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    for (place, character) in text.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return Some(place),
            _ => {}
        }
    }
    None
}

/// Takes a text out of its quotation marks; gives what stands behind.
fn unquote(text: &str) -> Parsed<(String, &str)> {
    let quoted = text.strip_prefix('"').ok_or("a quotation mark is missing")?;
    let end = end_of_quoted(quoted).ok_or("a text has no quotation mark at its end")?;
    let mut plain = String::new();
    let mut characters = quoted[..end].chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => plain.extend(characters.next()),
            _ => plain.push(character),
        }
    }
    Ok((plain, &quoted[end + 1..]))
}

struct Reader<'a> {
    registry: &'a mut Registry,
    /// The key that values go into.
    key: Option<usize>,
    /// Bytes of texts are the code page's, not UTF-16.
    is_ansi: bool,
    has_header: bool,
}

impl Reader<'_> {
    fn take(&mut self, line: &str) -> Parsed<()> {
        if line.is_empty() || line.starts_with(';') {
            return Ok(());
        }
        if !self.has_header {
            self.is_ansi = line == HEADER_4;
            self.has_header = self.is_ansi || line == HEADER_5;
            return match self.has_header {
                true => Ok(()),
                false => Err(format!("the first line is neither {HEADER_4:?} nor {HEADER_5:?}")),
            };
        }
        if let Some(rest) = line.strip_prefix('[') {
            let end = rest.rfind(']').ok_or("a key's name has no ] at its end")?;
            require_end(&rest[end + 1..])?;
            return self.take_key(&rest[..end]);
        }
        let (name, value) = split_name(line)
            .ok_or("this is neither a key in [ ], nor a value as \"name\"=, nor a comment")?;
        let name = if name == "@" { String::new() } else { unquote(name)?.0 };
        self.take_value(&name, value.trim())
    }

    fn take_key(&mut self, path: &str) -> Parsed<()> {
        let (deletes, path) = match path.strip_prefix('-') {
            Some(path) => (true, path),
            None => (false, path),
        };
        let (root, below) = path.split_once('\\').unwrap_or((path, ""));
        let is_named = |known: &&Root| {
            root.eq_ignore_ascii_case(known.name()) || root.eq_ignore_ascii_case(known.short_name())
        };
        let root = *Root::ALL.iter().find(is_named).ok_or_else(|| {
            let names = Root::ALL.map(Root::name);
            format!("there is no key {root:?}: a path begins with {}", names.join(", "))
        })?;
        if below.chars().any(char::is_control) {
            return Err("a key's name has a control character".to_owned());
        }
        let below: Vec<u16> = below.encode_utf16().collect();
        if deletes {
            self.key = None;
            return match self.registry.delete_below(root as usize, &below) {
                // What is not there need not be deleted.
                Ok(()) | Err(RegistryError::NotFound) => Ok(()),
                Err(error) => Err(words(error).to_owned()),
            };
        }
        let made = self.registry.make(root as usize, &below, &[]);
        self.key = Some(made.map_err(words)?.0);
        Ok(())
    }

    fn take_value(&mut self, name: &str, text: &str) -> Parsed<()> {
        let key = self.key.ok_or("a value stands in no key")?;
        if name.chars().any(char::is_control) {
            return Err("a value's name has a control character".to_owned());
        }
        let name: Vec<u16> = name.encode_utf16().collect();
        if text.strip_prefix('-').is_some_and(|rest| require_end(rest).is_ok()) {
            if let Ok(place) = self.registry.value_place(key, &name) {
                let (_, value) = self.registry.keys[key].values.remove(place);
                self.registry.used -= super::cost_of(&value);
            }
            return Ok(());
        }
        let (kind, data) = self.value(text)?;
        if data.len() > MAXIMUM_DATA {
            return Err(format!(
                "the value has {} bytes, and a value has at most {MAXIMUM_DATA}",
                data.len()
            ));
        }
        self.registry.set_value_of(key, &name, kind, &data).map_err(|error| words(error).to_owned())
    }

    fn value(&self, text: &str) -> Parsed<(u32, Vec<u8>)> {
        if text.starts_with('"') {
            let (plain, rest) = unquote(text)?;
            require_end(rest)?;
            return Ok((REG_SZ, wide_bytes(&plain)));
        }
        let (kind, digits) = text
            .split_once(':')
            .ok_or_else(|| "a value is \"text\", dword:, hex:, hex(number):, multi_sz: or -".to_owned())?;
        let kind = kind.trim().to_ascii_lowercase();
        match kind.as_str() {
            "dword" => {
                let digits = without_comment(digits);
                let number = u32::from_str_radix(digits, 16);
                let number = number
                    .map_err(|_| format!("{digits:?} is no number of up to eight hexadecimal digits"))?;
                Ok((REG_DWORD, number.to_le_bytes().to_vec()))
            }
            "hex" => Ok((REG_BINARY, hex_bytes(digits)?)),
            "multi_sz" => Ok((REG_MULTI_SZ, several_texts(digits)?)),
            _ => {
                let number = kind.strip_prefix("hex(").and_then(|rest| rest.strip_suffix(')'));
                let number = number.and_then(|number| u32::from_str_radix(number, 16).ok());
                let kind = number.ok_or_else(|| format!("there is no kind of value called {kind:?}"))?;
                let bytes = hex_bytes(digits)?;
                let is_text = matches!(kind, REG_SZ | REG_EXPAND_SZ | REG_MULTI_SZ);
                // REGEDIT4 keeps texts in the code page; on CE they are wide.
                Ok((kind, if is_text && self.is_ansi { widened(&bytes) } else { bytes }))
            }
        }
    }
}

fn widened(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().flat_map(|byte| crate::ansi::to_wide(*byte).to_le_bytes()).collect()
}

/// Nothing may follow but a comment.
fn require_end(rest: &str) -> Parsed<()> {
    match without_comment(rest) {
        "" => Ok(()),
        rest => Err(format!("{rest:?} stands behind the end")),
    }
}

fn without_comment(text: &str) -> &str {
    text.split(';').next().unwrap_or(text).trim()
}

/// A text as a value keeps it: UTF-16, with its NUL.
fn wide_bytes(text: &str) -> Vec<u8> {
    text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()
}

/// The texts of `multi_sz:"a","b"`, which CE's build tools write.
fn several_texts(text: &str) -> Parsed<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (plain, behind) = unquote(rest)?;
        bytes.extend(wide_bytes(&plain));
        let behind = behind.trim();
        rest = match behind.strip_prefix(',') {
            Some(next) => next.trim(),
            None => {
                require_end(behind)?;
                ""
            }
        };
    }
    bytes.extend([0, 0]);
    Ok(bytes)
}

fn hex_bytes(text: &str) -> Parsed<Vec<u8>> {
    let mut bytes = Vec::new();
    for digits in without_comment(text).split(',') {
        let digits = digits.trim();
        // A comma at the end is nothing.
        if digits.is_empty() {
            continue;
        }
        let is_short = digits.len() <= 2 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let byte = u8::from_str_radix(digits, 16).ok().filter(|_| is_short);
        bytes.push(byte.ok_or_else(|| format!("{digits:?} is no byte of two hexadecimal digits"))?);
    }
    Ok(bytes)
}

fn words(error: RegistryError) -> &'static str {
    match error {
        RegistryError::InvalidParameter => {
            "a name has more than 255 characters, or a key would lie more than 16 deep or have no name"
        }
        RegistryError::OutOfMemory => "the registry has no room for more",
        RegistryError::NotFound | RegistryError::Deleted => "there is no such key",
        RegistryError::NoMoreItems => "there are no more",
        RegistryError::AccessDenied => "this key cannot be deleted",
    }
}

/// A name that a line can have.
fn sayable(name: &[u16]) -> Option<String> {
    let name = String::from_utf16(name).ok()?;
    (!name.chars().any(char::is_control)).then_some(name)
}

fn leave_out(text: &mut String, name: &[u16]) {
    let name = String::from_utf16_lossy(name);
    log::warn!(target: "files", "no .reg file can have the name {name:?}: it is left out");
    let _ = writeln!(text, "; left out: {name:?}");
}

fn write_value(text: &mut String, name: &str, value: &Value) {
    if name.is_empty() {
        text.push('@');
    } else {
        write_quoted(text, name);
    }
    text.push('=');
    let plain = (value.kind == REG_SZ).then(|| plain_text(&value.data)).flatten();
    match (plain, value.kind, value.data.as_slice()) {
        (Some(plain), _, _) => write_quoted(text, &plain),
        (None, REG_DWORD, [a, b, c, d]) => {
            let _ = write!(text, "dword:{:08x}", u32::from_le_bytes([*a, *b, *c, *d]));
        }
        (None, kind, data) => {
            text.push_str("hex");
            if kind != REG_BINARY {
                let _ = write!(text, "({kind:x})");
            }
            text.push(':');
            for (place, byte) in data.iter().enumerate() {
                let _ = write!(text, "{}{byte:02x}", if place == 0 { "" } else { "," });
            }
        }
    }
    text.push('\n');
}

/// The text of a REG_SZ that can stand in quotation marks and be read in again as the same bytes.
fn plain_text(data: &[u8]) -> Option<String> {
    let (units, []) = data.as_chunks::<2>() else { return None };
    let units: Vec<u16> = units.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
    let (0, rest) = units.split_last().map(|(last, rest)| (*last, rest))? else { return None };
    let text = String::from_utf16(rest).ok()?;
    text.chars().all(|character| !character.is_control()).then_some(text)
}

fn write_quoted(text: &mut String, plain: &str) {
    text.push('"');
    for character in plain.chars() {
        if matches!(character, '"' | '\\') {
            text.push('\\');
        }
        text.push(character);
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::KeyRef;

    fn units(text: &str) -> Vec<u16> {
        text.encode_utf16().collect()
    }

    const SAMPLE: &str = "Windows Registry Editor Version 5.00\r\n\r\n; a comment\r\n\
        [HKEY_LOCAL_MACHINE\\Software\\Mine]\r\n@=\"default\"\r\n\"Path\"=\"\\\\Temp\\\\a\\\"b;c\"\r\n\
        \"Number\"=dword:0000002a ; the answer\r\n\"Bytes\"=hex:01,02,\\\r\n  03\r\n\
        \"Several\"=multi_sz:\"a\",\"b\"\r\n\"Odd\"=hex(2):41,00,00,00\r\n\
        [hklm\\Software\\Empty]\r\n[HKEY_CURRENT_USER]\r\n\"\\u00e4\"=\"\u{e4}\"\r\n";

    fn check(registry: &Registry) {
        let mut registry = registry.clone();
        let key = registry.open(KeyRef::Root(Root::LocalMachine), &units("SOFTWARE\\mine")).unwrap();
        let value = |name: &str| {
            let value = registry.value(KeyRef::Open(key), &units(name)).unwrap();
            (value.kind, value.data.clone())
        };
        assert_eq!(value(""), (REG_SZ, wide_bytes("default")));
        assert_eq!(value("path"), (REG_SZ, wide_bytes("\\Temp\\a\"b;c")));
        assert_eq!(value("number"), (REG_DWORD, vec![42, 0, 0, 0]));
        assert_eq!(value("bytes"), (REG_BINARY, vec![1, 2, 3]));
        assert_eq!(value("several"), (REG_MULTI_SZ, b"a\0\0\0b\0\0\0\0\0".to_vec()));
        assert_eq!(value("odd"), (REG_EXPAND_SZ, b"A\0\0\0".to_vec()));
        assert!(registry.open(KeyRef::Root(Root::LocalMachine), &units("software\\empty")).is_ok());
    }

    #[test]
    fn what_is_written_reads_in_again_as_the_same() {
        let mut registry = Registry::default();
        registry.load_text(SAMPLE.as_bytes()).unwrap();
        check(&registry);
        let mut again = Registry::default();
        again.load_text(registry.to_text().as_bytes()).unwrap();
        check(&again);
        assert_eq!(again.to_text(), registry.to_text());
    }

    #[test]
    fn the_users_of_a_file_are_those_that_wrote_it() {
        let user = KeyRef::Root(Root::CurrentUser);
        let mut registry = Registry::default();
        registry.set_value(user, &units("x"), REG_DWORD, &[1, 0, 0, 0]).unwrap();
        registry.make_user(&units("Anna")).unwrap();
        registry.set_value(user, &units("x"), REG_DWORD, &[2, 0, 0, 0]).unwrap();
        let text = registry.to_text();
        assert_eq!(
            text,
            format!(
                "{HEADER_5}\n\n[HKEY_CURRENT_USER]\n\"x\"=dword:00000001\n\n[HKEY_USERS\\Anna]\n\"x\"=dword:00000002\n"
            )
        );
        let mut again = Registry::default();
        again.load_text(text.as_bytes()).unwrap();
        again.use_user(&units("Anna")).unwrap();
        assert_eq!(again.value(user, &units("x")).unwrap().data, [2, 0, 0, 0]);
        again.load_text(b"REGEDIT4\n[HKCU\\new]\n\"x\"=\"1\"\n[HKCU]\n\"x\"=dword:3\n").unwrap();
        assert_eq!(again.value(user, &units("x")).unwrap().data, [2, 0, 0, 0]);
        again.load_text(b"REGEDIT4\n[-HKCU\\new]\n").unwrap();
        again.use_default_user();
        assert_eq!(again.value(user, &units("x")).unwrap().data, [3, 0, 0, 0]);
        assert_eq!(again.information(user).unwrap().keys, 0);
    }

    #[test]
    fn utf_16_of_either_order_reads_as_utf_8_does() {
        for (mark, unit) in [
            ([0xFF, 0xFE], u16::to_le_bytes as fn(u16) -> [u8; 2]),
            ([0xFE, 0xFF], u16::to_be_bytes as fn(u16) -> [u8; 2]),
        ] {
            let bytes: Vec<u8> = mark.into_iter().chain(SAMPLE.encode_utf16().flat_map(unit)).collect();
            let mut registry = Registry::default();
            registry.load_text(&bytes).unwrap();
            check(&registry);
        }
    }

    #[test]
    fn texts_of_regedit4_are_in_the_code_page() {
        let mut registry = Registry::default();
        registry.load_text(b"REGEDIT4\n[HKLM\\a]\n\"x\"=hex(2):80,00\n").unwrap();
        let key = registry.open(KeyRef::Root(Root::LocalMachine), &units("a")).unwrap();
        assert_eq!(registry.value(KeyRef::Open(key), &units("x")).unwrap().data, [0xAC, 0x20, 0, 0]);
    }

    #[test]
    fn keys_and_values_are_deleted_by_a_minus() {
        let mut registry = Registry::default();
        let text = "REGEDIT4\n[HKLM\\a\\b]\n\"x\"=\"1\"\n\"y\"=\"2\"\n[HKLM\\c]\n[HKLM\\a\\b]\n\"X\"=-\n[-HKLM\\c]\n";
        registry.load_text(text.as_bytes()).unwrap();
        assert_eq!(
            registry.to_text(),
            "Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\a\\b]\n\"y\"=\"2\"\n"
        );
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let long = format!("REGEDIT4\n\n[HKLM\\a]\n\"x\"=hex:{}\n", "00,".repeat(4097));
        for (text, line, part) in [
            ("", 1, "neither"),
            ("REGEDIT5\n", 1, "neither"),
            ("REGEDIT4\n\"x\"=\"y\"\n", 2, "in no key"),
            ("REGEDIT4\n[HKXX\\a]\n", 2, "HKXX"),
            ("REGEDIT4\n[HKLM\\a\n", 2, "]"),
            ("REGEDIT4\n[HKLM]\nx=y\n", 3, "neither"),
            ("REGEDIT4\n[HKLM]\n\"x\"=\"y\n", 3, "quotation mark"),
            ("REGEDIT4\n[HKLM]\n\"x\"=dword:12345678g\n", 3, "hexadecimal"),
            ("REGEDIT4\n[HKLM]\n\"x\"=hex:1,+2\n", 3, "+2"),
            ("REGEDIT4\n[HKLM]\n\"x\"=qword:1\n", 3, "qword"),
            ("REGEDIT4\n[HKLM]\n\"x\"=\"y\" z\n", 3, "behind the end"),
            (&long, 4, "4097"),
        ] {
            let error = Registry::default().load_text(text.as_bytes()).unwrap_err();
            assert_eq!(error.line, line, "{text:?}: {error}");
            assert!(error.reason.contains(part), "{text:?}: {error}");
        }
        assert_eq!(Registry::default().load_text(b"REGEDIT4\n\xff\n").unwrap_err().line, 2);
        assert!(Registry::default().load_text(&[0xFF, 0xFE, 0]).is_err());
    }
}

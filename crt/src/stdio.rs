//! Streams: what a FILE is behind its address.
//!
//! A FILE is a block of the process heap whose address stands for a stream; what the stream is, is kept on the
//! host's side, where a guest cannot overwrite it. As on CE a stream is a handle of CreateFile's and what was
//! read ahead. What is written goes to the handle at once: our choice, as a program that ends without closing
//! its streams loses nothing then.
//!
//! Standard streams are the console until a program opens them anew. They have a handle once one is asked for.

use std::collections::BTreeMap;

use crate::codepage;
use crate::unit::Unit;

/// What a standard stream is attached to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standard {
    Input,
    Output,
    Error,
}

/// How a stream was opened: the letters of `fopen`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mode {
    pub reads: bool,
    pub writes: bool,
    /// Writes go to the end.
    pub appends: bool,
    /// A file that is there is emptied.
    pub empties: bool,
    /// New lines are translated.
    pub text: bool,
}

impl Mode {
    /// Reads a mode; `None` if it is none.
    pub fn parse(letters: &[u8]) -> Option<Self> {
        let (first, rest) = letters.split_first()?;
        let mut mode = Self { reads: false, writes: false, appends: false, empties: false, text: true };
        match first {
            b'r' => mode.reads = true,
            b'w' => (mode.writes, mode.empties) = (true, true),
            b'a' => (mode.writes, mode.appends) = (true, true),
            _ => return None,
        }
        for letter in rest {
            match letter {
                b'+' => (mode.reads, mode.writes) = (true, true),
                b'b' => mode.text = false,
                // Whether writes reach the disk, and hints for caches.
                b't' | b'c' | b'n' | b'S' | b'R' | b'T' => {}
                _ => return None,
            }
        }
        Some(mode)
    }
}

/// A stream.
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub mode: Mode,
    /// Its handle; a standard stream may have none yet, a closed one has none any more.
    pub handle: Option<u32>,
    /// The console that it is.
    pub standard: Option<Standard>,
    /// The handle has no more to give.
    pub exhausted: bool,
    /// A read met the end, of the handle or of text.
    pub ended: bool,
    /// A read or a write failed.
    pub failed: bool,
    /// What was read from the handle, and how much of it was given on.
    input: Vec<u8>,
    given: usize,
}

/// What a stream has to give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Got<T> {
    /// A unit, and how many bytes of input it is.
    Unit(T, usize),
    /// There are no more.
    End,
    /// It must be read from the handle first.
    Starved,
}

/// The most that is read ahead of what is asked for: a scan that needs more has met the end. Our choice.
const READ_AHEAD_LIMIT: usize = 1 << 20;

/// What ends a text file, as on CP/M.
const CONTROL_Z: u8 = 0x1A;

impl File {
    pub fn new(mode: Mode, handle: u32) -> Self {
        Self { mode, handle: Some(handle), ..Self::console(mode, None) }
    }

    fn console(mode: Mode, standard: Option<Standard>) -> Self {
        Self {
            mode,
            handle: None,
            standard,
            exhausted: false,
            ended: false,
            failed: false,
            input: Vec::new(),
            given: 0,
        }
    }

    /// Whether what is written to it is the console's text.
    pub fn console_output(&self) -> Option<Standard> {
        self.standard.filter(|standard| *standard != Standard::Input)
    }

    /// How many bytes were read and not given on.
    pub fn unread(&self) -> usize {
        self.input.len() - self.given
    }

    /// Forgets what was read.
    pub fn discard(&mut self) {
        self.input.clear();
        self.given = 0;
    }

    /// Takes in what was read; nothing is the end.
    pub fn receive(&mut self, bytes: &[u8]) {
        self.exhausted |= bytes.is_empty();
        self.input.drain(..self.given);
        self.given = 0;
        self.input.extend_from_slice(bytes);
    }

    /// Puts bytes back to be given next.
    pub fn push_back(&mut self, bytes: &[u8]) {
        self.ended = false;
        self.input.splice(..self.given, bytes.iter().copied());
        self.given = 0;
    }

    /// Gives so many bytes on.
    pub fn give(&mut self, bytes: usize) {
        self.given += bytes;
    }

    /// The unit that starts so many bytes from here: a character, or of a binary stream two bytes if it is wide.
    pub fn unit_at<U: Unit>(&self, place: usize) -> Got<U> {
        if U::WIDE && !self.mode.text {
            return match (self.byte(place), self.byte(place + 1)) {
                (Got::Unit(low, _), Got::Unit(high, _)) => {
                    Got::Unit(U::from_code(u16::from_le_bytes([low, high])), 2)
                }
                (Got::Starved, _) | (_, Got::Starved) => Got::Starved,
                _ => Got::End,
            };
        }
        match self.character(place) {
            Got::Unit(byte, size) if U::WIDE => Got::Unit(U::from_code(codepage::to_wide(byte)), size),
            Got::Unit(byte, size) => Got::Unit(U::from_code(u16::from(byte)), size),
            Got::End => Got::End,
            Got::Starved => Got::Starved,
        }
    }

    /// The bytes that can be given on as they are.
    pub fn bytes(&self) -> &[u8] {
        &self.input[self.given..]
    }

    fn byte(&self, place: usize) -> Got<u8> {
        match self.bytes().get(place) {
            Some(byte) => Got::Unit(*byte, 1),
            None if self.exhausted || self.failed || self.unread() >= READ_AHEAD_LIMIT => Got::End,
            None => Got::Starved,
        }
    }

    /// A byte; of text a new line for a carriage return and a line feed.
    fn character(&self, place: usize) -> Got<u8> {
        let first = self.byte(place);
        if !self.mode.text {
            return first;
        }
        match first {
            Got::Unit(CONTROL_Z, _) => Got::End,
            Got::Unit(b'\r', _) => match self.byte(place + 1) {
                Got::Unit(b'\n', _) => Got::Unit(b'\n', 2),
                Got::Starved => Got::Starved,
                _ => first,
            },
            _ => first,
        }
    }
}

/// The streams of a process, by the addresses of their FILEs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Files {
    files: BTreeMap<u32, File>,
    standard: [u32; 3],
}

impl Files {
    pub fn get(&mut self, address: u32) -> Option<&mut File> {
        self.files.get_mut(&address)
    }

    /// Makes a stream, or another one at an address that stood for one.
    pub fn put(&mut self, address: u32, file: File) {
        self.files.insert(address, file);
    }

    pub fn remove(&mut self, address: u32) -> Option<File> {
        self.files.remove(&address)
    }

    /// The addresses of all streams that are open.
    pub fn addresses(&self) -> Vec<u32> {
        self.files.keys().copied().collect()
    }

    /// Whether an address is that of a standard stream, whatever it stands for now.
    pub fn is_standard(&self, address: u32) -> bool {
        address != 0 && self.standard.contains(&address)
    }

    /// Where a standard stream's FILE is; 0 before it was made.
    pub fn standard(&self, number: usize) -> u32 {
        self.standard[number]
    }

    /// Makes the three standard streams, at these addresses.
    pub fn make_standard(&mut self, addresses: [u32; 3]) {
        self.standard = addresses;
        let streams = [Standard::Input, Standard::Output, Standard::Error];
        for (address, standard) in addresses.into_iter().zip(streams) {
            let reads = standard == Standard::Input;
            let mode = Mode { reads, writes: !reads, appends: false, empties: false, text: true };
            self.put(address, File::console(mode, Some(standard)));
        }
    }
}

/// What units are as bytes of a stream of this mode.
pub(crate) fn encoded<U: Unit>(units: &[U], mode: Mode) -> Vec<u8> {
    if U::WIDE && !mode.text {
        return units.iter().flat_map(|unit| unit.code().to_le_bytes()).collect();
    }
    let narrow = |unit: &U| {
        if U::WIDE { u8::from_wide(unit.code()) } else { unit.code() as u8 }
    };
    let mut bytes = Vec::with_capacity(units.len());
    for byte in units.iter().map(narrow) {
        if byte == b'\n' && mode.text {
            bytes.push(b'\r');
        }
        bytes.push(byte);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: Mode = Mode { reads: true, writes: false, appends: false, empties: false, text: true };
    const BINARY: Mode = Mode { text: false, ..TEXT };

    #[test]
    fn modes() {
        assert_eq!(Mode::parse(b"r"), Some(TEXT));
        assert_eq!(Mode::parse(b"rb"), Some(BINARY));
        assert_eq!(Mode::parse(b"w+t"), Some(Mode { writes: true, empties: true, ..TEXT }));
        assert_eq!(Mode::parse(b"a"), Some(Mode { reads: false, writes: true, appends: true, ..TEXT }));
        assert_eq!((Mode::parse(b""), Mode::parse(b"x"), Mode::parse(b"rq")), (None, None, None));
    }

    #[test]
    fn text_has_its_lines_translated_and_an_end() {
        let mut file = File::new(TEXT, 1);
        file.receive(b"a\r\n\rb\r");
        assert_eq!(file.unit_at::<u8>(0), Got::Unit(b'a', 1));
        assert_eq!(file.unit_at::<u16>(1), Got::Unit(u16::from(b'\n'), 2));
        assert_eq!(file.unit_at::<u8>(3), Got::Unit(b'\r', 1));
        assert_eq!(file.unit_at::<u8>(5), Got::Starved, "a line feed may follow");
        file.receive(b"\x1Ac");
        assert_eq!(file.unit_at::<u8>(5), Got::Unit(b'\r', 1));
        assert_eq!(file.unit_at::<u8>(6), Got::End);
        file.receive(b"");
        assert_eq!(file.unit_at::<u8>(8), Got::End);
        assert_eq!(encoded::<u16>(&[0x20AC, 0x0A], TEXT), b"\x80\r\n");
    }

    #[test]
    fn binary_streams_have_wide_characters_of_two_bytes() {
        let mut file = File::new(BINARY, 1);
        file.receive(b"\xAC\x20\r");
        assert_eq!(file.unit_at::<u16>(0), Got::Unit(0x20AC, 2));
        assert_eq!(file.unit_at::<u16>(2), Got::Starved);
        assert_eq!(file.unit_at::<u8>(2), Got::Unit(b'\r', 1));
        assert_eq!(encoded::<u16>(&[0x20AC, 0x0A], BINARY), b"\xAC\x20\n\0");
    }

    #[test]
    fn what_is_pushed_back_comes_next() {
        let mut file = File::new(TEXT, 1);
        file.receive(b"bc");
        file.give(1);
        file.push_back(b"x");
        assert_eq!((file.bytes(), file.unread()), (&b"xc"[..], 2));
    }
}

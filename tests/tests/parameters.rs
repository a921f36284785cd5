//! Parameters and results at both doors: what an executable's registers and memory come to, and what a
//! script's values do.
#![allow(missing_docs, reason = "tests say what they test by their names")]

use std::collections::BTreeMap;

use cerium_coredll::{
    Abi, Bytes, Context, DataRoom, Field, FileData, FileHandle, FindData, Handles, In, MAXIMUM_TEXT,
    MAXIMUM_WAIT_OBJECTS, MaybeTime, MsgQueueInfo, OutType, Overlapped, Param, PathBuffer, Results, Ret,
    StackFault, Text, TextBuffer, Unreadable, Value, Values,
};
use cerium_handle::Handle;
use cerium_kernel::Win32Error;
use cerium_process::FileTime;

/// Where the guest's memory begins; in front of it there is none.
const START: u32 = 0x1_0000;
/// From here on it can be written and not read.
const WRITE_ONLY: u32 = 0x40_0000;
const END: u32 = 0x50_0000;

/// An executable's call: argument words, and memory that is filled with one unit.
struct Guest {
    words: Vec<u32>,
    memory: Vec<u8>,
}

impl Guest {
    fn new(words: &[u32]) -> Self {
        let words = words.iter().rev().copied().collect();
        Guest { words, memory: b"a\0".repeat((WRITE_ONLY - START) as usize / 2) }
    }

    fn with(mut self, address: u32, bytes: &[u8]) -> Self {
        let start = (address - START) as usize;
        self.memory[start..start + bytes.len()].copy_from_slice(bytes);
        self
    }

    fn argument<P: Param>(mut self) -> P {
        P::from_abi(&mut self).expect("there are enough words")
    }
}

impl Abi for Guest {
    fn word(&mut self) -> Result<u32, StackFault> {
        self.words.pop().ok_or(StackFault { address: 0 })
    }

    fn read(&mut self, address: u32, into: &mut [u8]) -> Result<(), Unreadable> {
        let start = address.checked_sub(START).ok_or(Unreadable)? as usize;
        into.copy_from_slice(self.memory.get(start..start + into.len()).ok_or(Unreadable)?);
        Ok(())
    }

    fn readable_run(&mut self, address: u32, limit: u32) -> Result<u32, Unreadable> {
        self.read(address, &mut [0])?;
        Ok(limit.min(0x1000 - address % 0x1000))
    }

    fn out(&mut self, address: u32, size: u32) -> bool {
        address >= START && address.checked_add(size).is_some_and(|end| end <= END)
    }

    fn context_size(&self) -> u32 {
        4
    }
}

/// A script's call of one argument.
struct Script {
    value: Value<'static>,
    members: BTreeMap<&'static str, i64>,
}

impl Script {
    fn new(value: Value<'static>) -> Self {
        Script { value, members: BTreeMap::new() }
    }

    fn record(members: &[(&'static str, i64)]) -> Self {
        Script { value: Value::Table(0), members: members.iter().copied().collect() }
    }

    fn argument<P: Param>(mut self) -> P {
        P::from_values(&mut self).expect("it is what the parameter wants")
    }

    fn refused<P: Param>(mut self) -> bool {
        P::from_values(&mut self).is_err()
    }
}

impl Values for Script {
    fn next(&mut self) -> Value<'_> {
        self.value
    }

    fn item(&mut self, _: u32) -> Value<'_> {
        Value::Nil
    }

    fn member(&mut self, name: &'static str) -> Value<'_> {
        self.members.get(name).map_or(Value::Nil, |number| Value::Integer(*number))
    }

    fn inner(&mut self, _: &'static str, _: &'static str) -> Value<'_> {
        Value::Nil
    }

    fn keep(&mut self) -> u32 {
        0
    }
}

/// What a script receives.
#[derive(Default)]
struct Received(Vec<String>);

impl Results for Received {
    fn nil(&mut self) {
        self.0.push("nil".into());
    }

    fn boolean(&mut self, value: bool) {
        self.0.push(value.to_string());
    }

    fn integer(&mut self, value: i64) {
        self.0.push(value.to_string());
    }

    fn bytes(&mut self, value: &[u8]) {
        self.0.push(String::from_utf8_lossy(value).into_owned());
    }

    fn record(&mut self, members: &[(&'static str, Field)]) {
        let number = |field: &Field| match field {
            Field::Number(number) => number.to_string(),
            Field::Text(text) => text.clone(),
            Field::Record(_) => "a record".into(),
        };
        self.0.extend(members.iter().map(|(name, field)| format!("{name}={}", number(field))));
    }
}

#[test]
fn a_text_may_be_as_long_as_a_text_may_be() {
    for (length, expected_fits) in [(0, true), (1, true), (MAXIMUM_TEXT, true), (MAXIMUM_TEXT + 100, false)] {
        let end = START + 2 * length as u32;
        let text: Text = Guest::new(&[START]).with(end, &[0, 0]).argument();
        match text {
            Text::Units(units) => assert!(expected_fits && units.len() == length, "{length}"),
            Text::TooLong => assert!(!expected_fits, "{length}"),
            Text::Null | Text::Unreadable => panic!("{length}: {text:?}"),
        }
    }
    assert_eq!(Guest::new(&[0]).argument::<Text>(), Text::Null);
    assert_eq!(Guest::new(&[START - 2]).argument::<Text>(), Text::Unreadable);
    assert_eq!(Guest::new(&[WRITE_ONLY - 64]).argument::<Text>(), Text::Unreadable, "it has no end");
}

#[test]
fn a_list_of_handles_is_read_unless_it_is_too_long() {
    let list = |count, address| Guest::new(&[count, address]).argument::<Handles>();
    assert!(
        matches!(list(MAXIMUM_WAIT_OBJECTS, START), Handles::List(handles) if handles.len() == 64 && handles[63] == Handle(0x61_0061))
    );
    assert_eq!(list(MAXIMUM_WAIT_OBJECTS + 1, START), Handles::TooMany(65));
    assert_eq!(list(1, 0), Handles::Unreadable);
    assert_eq!(Script::new(Value::Nil).argument::<Handles>(), Handles::Unreadable);
    assert_eq!(Script::new(Value::Table(65)).argument::<Handles>(), Handles::TooMany(65));
}

#[test]
fn text_is_cut_to_the_room_that_there_is_and_always_ended() {
    let text = [65, 66, 67];
    for (size, expected) in
        [(0, &[] as &[u16]), (1, &[0]), (3, &[65, 66, 0]), (4, &[65, 66, 67, 0]), (5, &[65, 66, 67, 0])]
    {
        assert_eq!(TextBuffer::from(size).fit(&text), expected, "{size}");
    }
}

#[test]
fn bytes_are_taken_in_up_to_a_limit() {
    let bytes = |size| Guest::new(&[START, size]).argument::<Bytes>();
    assert_eq!(bytes(0), Bytes::Content(Box::default()));
    assert_eq!(bytes(3), Bytes::Content(b"a\0a".to_vec().into()));
    let limit = 64 << 20;
    assert_eq!(bytes(limit), Bytes::Unreadable, "no more than may be taken in, but more than there is");
    assert_eq!(bytes(limit + 1), Bytes::TooLong(limit + 1));
    assert_eq!(Guest::new(&[0, 3]).argument::<Bytes>(), Bytes::Null);
}

#[test]
fn a_size_that_cannot_be_read_is_bad_and_none_is_none() {
    let room = |buffer, size| {
        Guest::new(&[buffer, size]).with(START, &8_u32.to_le_bytes()).argument::<DataRoom>().check()
    };
    assert_eq!(room(START + 8, START), Ok(Some(8)));
    assert_eq!(room(0, START), Ok(None));
    assert_eq!(room(0, 0), Ok(None), "nothing is asked for");
    assert_eq!(room(START + 8, 0), Err(Win32Error::INVALID_PARAMETER), "a buffer without a size");
    assert_eq!(room(START + 8, WRITE_ONLY), Err(Win32Error::INVALID_PARAMETER));
    assert_eq!(room(START - 8, START), Err(Win32Error::INVALID_PARAMETER));
}

#[test]
fn a_path_buffer_must_be_good_for_a_whole_path() {
    let checked = |address| Guest::new(&[address]).argument::<PathBuffer>().check();
    assert_eq!(checked(START), Ok(()));
    assert_eq!(checked(END - 520), Ok(()));
    assert_eq!(checked(END - 518), Err(Win32Error::INVALID_PARAMETER));
    assert_eq!(checked(0), Err(Win32Error::INVALID_PARAMETER));
}

#[test]
fn a_context_is_read_where_there_is_one() {
    let context = |address| format!("{:?}", Guest::new(&[address]).argument::<Context>());
    assert!(context(START).contains("Some([97, 0, 97, 0])"), "{}", context(START));
    for address in [0, START - 4, WRITE_ONLY] {
        assert!(context(address).contains("bytes: None"), "{address:#x}");
    }
}

#[test]
fn structures_come_from_bytes_and_from_members() {
    let words: Vec<u8> = [1_u32, 2, 3, 4, 5].iter().flat_map(|word| word.to_le_bytes()).collect();
    let overlapped = Overlapped { Offset: 3, OffsetHigh: 4 };
    let In::Value(read) = Guest::new(&[START]).with(START, &words).argument::<In<Overlapped>>() else {
        panic!("it can be read")
    };
    assert_eq!(read, overlapped);
    assert_eq!(overlapped.offset(), 0x4_0000_0003);
    let members = [("dwLowDateTime", 0x8000_0001), ("dwHighDateTime", 5)];
    let In::Value(time) = Script::record(&members).argument::<In<FileTime>>() else {
        panic!("it is a record")
    };
    assert_eq!(time, FileTime(0x5_8000_0001));
    let In::Value(time) = Script::new(Value::Integer(77)).argument::<In<FileTime>>() else {
        panic!("a time is a number too")
    };
    assert_eq!(time, FileTime(77));
    assert!(Script::new(Value::Integer(77)).refused::<In<Overlapped>>(), "a range is no number");
}

#[test]
fn a_time_may_be_left_out() {
    assert_eq!(Script::new(Value::Nil).argument::<MaybeTime>(), MaybeTime::Null);
    assert_eq!(Script::new(Value::Integer(5)).argument::<MaybeTime>(), MaybeTime::At(5));
    assert_eq!(Guest::new(&[0]).argument::<MaybeTime>(), MaybeTime::Null);
    assert_eq!(Guest::new(&[START]).argument::<MaybeTime>(), MaybeTime::At(0x61_0061_0061_0061));
    assert_eq!(Guest::new(&[START - 1]).argument::<MaybeTime>(), MaybeTime::Unreadable);
}

#[test]
fn files_are_described_as_the_headers_lay_them_out() {
    assert_eq!(FindData::SIZE, 560);
    let data = FileData { attributes: 32, created: 1 << 33, accessed: 2, written: 3, size: 5 << 32 | 7 };
    let bytes: Vec<u8> =
        [32, 0, 2, 2, 0, 3, 0, 5, 7_u32].iter().flat_map(|word| word.to_le_bytes()).collect();
    assert_eq!(FileData::decode(&bytes), data);
    let mut received = Received::default();
    data.give(&mut received);
    assert_eq!(received.0[0], "dwFileAttributes=32");
    assert_eq!(received.0.last().map(String::as_str), Some("nFileSizeLow=7"));
}

#[test]
fn a_script_is_given_handles_and_records() {
    let mut received = Received::default();
    let handle = FileHandle(Handle(0x1234));
    FileHandle::give(&handle.into_reply(), &mut received);
    assert_eq!(received.0, ["4660"]);
    let mut received = Received::default();
    let queue =
        MsgQueueInfo { dwSize: 28, dwMaxMessages: 4, wNumReaders: 1, wNumWriters: 2, ..Default::default() };
    queue.give(&mut received);
    assert_eq!(
        received.0,
        [
            "dwSize=28",
            "dwFlags=0",
            "dwMaxMessages=4",
            "cbMaxMessage=0",
            "dwCurrentMessages=0",
            "dwMaxQueueMessages=0",
            "wNumReaders=1",
            "wNumWriters=2",
        ]
    );
}

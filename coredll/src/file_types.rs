//! Parameter and result types of the file functions.

use std::fmt;

use cerium_handle::Handle;
use cerium_kernel::Win32Error;

use crate::param::{Abi, Null, Param, StackFault, Structure, Wanted};
use crate::reply::{OutValue, Reply};
use crate::ret::{Completed, OutType, Ret, Units, word_at};
use crate::values::{Field, Results, Value, Values, Wants, member, word};
use cerium_sync::Completion;

/// How an address that a guest handed over can be used.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Place {
    Null,
    Good,
    Bad,
}

impl Place {
    pub(crate) fn of(address: u32, is_good: bool) -> Self {
        match (address, is_good) {
            (0, _) => Place::Null,
            (_, true) => Place::Good,
            (_, false) => Place::Bad,
        }
    }
}

/// A DWORD or LONG that is read and then written, or NULL.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum InOut {
    /// NULL.
    Null,
    /// What stands there.
    Value(u32),
    /// It cannot be read or written.
    Bad,
}

impl InOut {
    /// Reads the word at an address and notes that it is to be written.
    pub(crate) fn take(abi: &mut dyn Abi) -> Result<Self, StackFault> {
        let address = abi.word()?;
        Ok(Self::at(abi, address))
    }

    pub(crate) fn at(abi: &mut dyn Abi, address: u32) -> Self {
        let mut bytes = [0; 4];
        let is_readable = address != 0 && abi.read(address, &mut bytes).is_ok();
        let is_writable = abi.out(address, 4);
        match Place::of(address, is_readable && is_writable) {
            Place::Null => InOut::Null,
            Place::Good => InOut::Value(u32::from_le_bytes(bytes)),
            Place::Bad => InOut::Bad,
        }
    }
}

impl Param for InOut {
    fn from_abi(abi: &mut dyn Abi) -> Result<Self, StackFault> {
        InOut::take(abi)
    }

    fn from_values(values: &mut impl Values) -> Result<Self, Wants> {
        match values.next() {
            Value::Nil => Ok(InOut::Null),
            value => word(value).map(InOut::Value).map_err(|_| Wants("an integer or nil")),
        }
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InOut::Null => f.write_str("NULL"),
            InOut::Value(value) => write!(f, "{value}"),
            InOut::Bad => f.write_str("unreadable"),
        }
    }
}

impl From<Null> for InOut {
    fn from(_: Null) -> Self {
        InOut::Null
    }
}

impl From<u32> for InOut {
    fn from(value: u32) -> Self {
        InOut::Value(value)
    }
}

/// A FILETIME that is handed in by its address, or NULL.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum MaybeTime {
    /// NULL: it is not meant.
    Null,
    /// 100 ns since 1601.
    At(u64),
    /// It cannot be read.
    Unreadable,
}

impl MaybeTime {
    /// The time, if one is meant.
    pub fn optional(self) -> Result<Option<u64>, Win32Error> {
        match self {
            MaybeTime::Null => Ok(None),
            MaybeTime::At(time) => Ok(Some(time)),
            MaybeTime::Unreadable => Err(Win32Error::INVALID_PARAMETER),
        }
    }
}

impl Param for MaybeTime {
    fn from_abi(abi: &mut dyn Abi) -> Result<Self, StackFault> {
        let address = abi.word()?;
        let mut bytes = [0; 8];
        Ok(match (address, abi.read(address, &mut bytes)) {
            (0, _) => MaybeTime::Null,
            (_, Ok(())) => MaybeTime::At(u64::from_le_bytes(bytes)),
            (_, Err(_)) => MaybeTime::Unreadable,
        })
    }

    fn from_values(values: &mut impl Values) -> Result<Self, Wants> {
        match values.next() {
            Value::Nil => Ok(MaybeTime::Null),
            Value::Integer(time) => Ok(MaybeTime::At(time as u64)),
            _ => Err(Wants("an integer or nil")),
        }
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MaybeTime::Null => f.write_str("NULL"),
            MaybeTime::At(time) => write!(f, "{time}"),
            MaybeTime::Unreadable => f.write_str("unreadable"),
        }
    }
}

impl From<Null> for MaybeTime {
    fn from(_: Null) -> Self {
        MaybeTime::Null
    }
}

impl From<u64> for MaybeTime {
    fn from(time: u64) -> Self {
        MaybeTime::At(time)
    }
}

/// A buffer of wide characters to be filled: its size in characters, then a pointer.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct SizedBuffer {
    /// Its size in characters.
    pub size: u32,
    place: Place,
}

impl SizedBuffer {
    /// Whether so many characters can be written there.
    pub fn is_good(self) -> bool {
        self.place == Place::Good
    }
}

impl Param for SizedBuffer {
    fn from_abi(abi: &mut dyn Abi) -> Result<Self, StackFault> {
        let size = abi.word()?;
        let address = abi.word()?;
        let is_writable = abi.out(address, size.min(LONGEST_PATH) * 2);
        Ok(SizedBuffer { size, place: Place::of(address, is_writable) })
    }

    fn from_values(values: &mut impl Values) -> Result<Self, Wants> {
        word(values.next()).map(SizedBuffer::from).map_err(|_| Wants("a size"))
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.size)
    }
}

impl From<u32> for SizedBuffer {
    fn from(size: u32) -> Self {
        SizedBuffer { size, place: Place::Good }
    }
}

/// What a path needs at most, with its NUL.
const LONGEST_PATH: u32 = 260;

/// A buffer of MAX_PATH wide characters to be filled.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct PathBuffer {
    place: Place,
}

impl PathBuffer {
    /// There must be a buffer, and one that can be written in full.
    pub fn check(self) -> Result<(), Win32Error> {
        if self.place == Place::Good { Ok(()) } else { Err(Win32Error::INVALID_PARAMETER) }
    }
}

impl Param for PathBuffer {
    const IS_SHOWN: bool = false;

    fn from_abi(abi: &mut dyn Abi) -> Result<Self, StackFault> {
        let address = abi.word()?;
        let is_writable = abi.out(address, LONGEST_PATH * 2);
        Ok(PathBuffer { place: Place::of(address, is_writable) })
    }

    fn from_values(values: &mut impl Values) -> Result<Self, Wants> {
        let _ = values;
        Ok(PathBuffer { place: Place::Good })
    }

    fn show(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl From<Wanted> for PathBuffer {
    fn from(_: Wanted) -> Self {
        PathBuffer { place: Place::Good }
    }
}

impl From<Null> for PathBuffer {
    fn from(_: Null) -> Self {
        PathBuffer { place: Place::Null }
    }
}

/// OVERLAPPED, where a file function looks at it.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
#[allow(non_snake_case, reason = "CE's member names")]
#[allow(missing_docs, reason = "CE's members")]
pub struct Overlapped {
    pub Offset: u32,
    pub OffsetHigh: u32,
}

impl Overlapped {
    /// Where the range begins.
    pub fn offset(self) -> u64 {
        u64::from(self.Offset) | u64::from(self.OffsetHigh) << 32
    }
}

impl Structure for Overlapped {
    const SIZE: usize = 20;

    fn decode(bytes: &[u8]) -> Self {
        Self { Offset: word_at(bytes, 2), OffsetHigh: word_at(bytes, 3) }
    }

    fn from_members(values: &mut impl Values) -> Result<Self, Wants> {
        Ok(Self { Offset: member(values, "Offset")?, OffsetHigh: member(values, "OffsetHigh")? })
    }
}

/// What CreateFile and FindFirstFile return.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct FileHandle(pub Handle);

impl FileHandle {
    /// Whether it is a handle.
    pub fn is_valid(self) -> bool {
        self.0 != Handle::INVALID
    }
}

impl Ret for FileHandle {
    /// INVALID_HANDLE_VALUE.
    const FAILURE: u32 = Handle::INVALID.0;

    fn into_reply(self) -> Reply {
        Reply::of(self.0.0)
    }

    fn from_reply(reply: &Reply) -> Self {
        FileHandle(Handle(reply.value))
    }

    fn give(reply: &Reply, to: &mut impl Results) {
        to.integer(i64::from(reply.value));
    }
}

/// What LockFileEx returns.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Locked(pub bool);

impl Ret for Locked {
    const FAILURE: u32 = 0;

    fn into_reply(self) -> Reply {
        Reply::of(u32::from(self.0))
    }

    fn from_reply(reply: &Reply) -> Self {
        Locked(reply.value != 0)
    }

    fn give(reply: &Reply, to: &mut impl Results) {
        to.boolean(reply.value != 0);
    }

    fn from_completion(completion: Completion) -> Completed {
        match completion {
            Completion::Locked => Completed::well(Reply::of(1)),
            other => unreachable!("LockFileEx's wait ends otherwise: {other:?}"),
        }
    }
}

/// Lays words out one after the other.
fn laid_out(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn halves(value: u64) -> [u32; 2] {
    [value as u32, (value >> 32) as u32]
}

fn whole(bytes: &[u8], index: usize) -> u64 {
    u64::from(word_at(bytes, index)) | u64::from(word_at(bytes, index + 1)) << 32
}

/// What is known of a file: WIN32_FILE_ATTRIBUTE_DATA, and the beginning of what others tell.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct FileData {
    /// dwFileAttributes.
    pub attributes: u32,
    /// ftCreationTime.
    pub created: u64,
    /// ftLastAccessTime.
    pub accessed: u64,
    /// ftLastWriteTime.
    pub written: u64,
    /// nFileSizeHigh and nFileSizeLow.
    pub size: u64,
}

impl FileData {
    fn words(&self) -> [u32; 9] {
        let [c, d] = halves(self.created);
        let [e, f] = halves(self.accessed);
        let [g, h] = halves(self.written);
        let [low, high] = halves(self.size);
        [self.attributes, c, d, e, f, g, h, high, low]
    }

    /// To a script times are numbers, as FILETIME is everywhere.
    fn members(&self) -> Vec<(&'static str, Field)> {
        let [low, high] = halves(self.size);
        vec![
            ("dwFileAttributes", Field::Number(self.attributes.into())),
            ("ftCreationTime", Field::Number(self.created as i64)),
            ("ftLastAccessTime", Field::Number(self.accessed as i64)),
            ("ftLastWriteTime", Field::Number(self.written as i64)),
            ("nFileSizeHigh", Field::Number(high.into())),
            ("nFileSizeLow", Field::Number(low.into())),
        ]
    }
}

impl OutType for FileData {
    const SIZE: u32 = 36;

    fn encode(&self) -> OutValue {
        OutValue::new(&laid_out(&self.words()))
    }

    fn decode(bytes: &[u8]) -> Self {
        Self {
            attributes: word_at(bytes, 0),
            created: whole(bytes, 1),
            accessed: whole(bytes, 3),
            written: whole(bytes, 5),
            size: u64::from(word_at(bytes, 7)) << 32 | u64::from(word_at(bytes, 8)),
        }
    }

    fn give(&self, to: &mut impl Results) {
        to.record(&self.members());
    }
}

/// WIN32_FIND_DATA of CE, which has an object id and no short name.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct FindData {
    /// What is known of the file.
    pub data: FileData,
    /// dwOID.
    pub oid: u32,
    /// cFileName, without its NUL.
    pub name: Vec<u16>,
}

impl FindData {
    /// The name as text.
    pub fn file_name(&self) -> String {
        String::from_utf16_lossy(&self.name)
    }
}

impl OutType for FindData {
    const SIZE: u32 = 40 + 2 * LONGEST_PATH;

    fn encode(&self) -> OutValue {
        let mut bytes = laid_out(&self.data.words());
        bytes.extend(self.oid.to_le_bytes());
        bytes.extend(self.name.iter().flat_map(|unit| unit.to_le_bytes()));
        bytes.resize(Self::SIZE as usize, 0);
        OutValue::new(&bytes)
    }

    fn decode(bytes: &[u8]) -> Self {
        let name = Units::decode(bytes.get(40..).unwrap_or_default());
        let length = name.0.iter().position(|unit| *unit == 0).unwrap_or(name.0.len());
        Self { data: FileData::decode(bytes), oid: word_at(bytes, 9), name: name.0[..length].to_vec() }
    }

    fn give(&self, to: &mut impl Results) {
        let mut members = self.data.members();
        members.push(("dwOID", Field::Number(self.oid.into())));
        members.push(("cFileName", Field::Text(self.file_name())));
        to.record(&members);
    }
}

/// BY_HANDLE_FILE_INFORMATION of CE, which ends in an object id.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct FileInformation {
    /// What is known of the file.
    pub data: FileData,
    /// nFileIndexLow and dwOID: a number that no other file has.
    pub index: u32,
}

impl OutType for FileInformation {
    const SIZE: u32 = 56;

    fn encode(&self) -> OutValue {
        let [attributes, times @ .., high, low] = self.data.words();
        let mut words = vec![attributes];
        words.extend(times);
        // No volume serial number; one link; the index in two halves; the object id.
        words.extend([0, high, low, 1, 0, self.index, self.index]);
        OutValue::new(&laid_out(&words))
    }

    fn decode(bytes: &[u8]) -> Self {
        let size = u64::from(word_at(bytes, 8)) << 32 | u64::from(word_at(bytes, 9));
        let data = FileData { size, ..FileData::decode(bytes) };
        Self { data, index: word_at(bytes, 12) }
    }

    fn give(&self, to: &mut impl Results) {
        let mut members = self.data.members();
        members.push(("nFileIndexLow", Field::Number(self.index.into())));
        to.record(&members);
    }
}

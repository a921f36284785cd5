//! Parameter types: how each kind of guest hands an argument over, and what a body receives.
//!
//! A type is learned once, here, for every row that has a parameter of it. Arguments are owned: a body never
//! sees guest memory. What the guest's memory refused arrives as a value that says so, and the body decides
//! at its place in the order of checks.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use cerium_handle::Handle;
use cerium_kernel::{CeResult, Rules, SectionWords, Win32Error};
use cerium_namespace::{MAXIMUM_NAME, Name};
use cerium_process::Timeout;
use smallvec::SmallVec;

use crate::ret::OutType;
use crate::values::{Value, Values, Wants, member, units, word};

/// The argument list of an executable's call: registers, then stack, and the memory behind them.
pub trait Abi {
    /// The next argument word.
    fn word(&mut self) -> Result<u32, StackFault>;

    /// Reads guest memory, all of it or nothing.
    fn read(&mut self, address: u32, into: &mut [u8]) -> Result<(), Unreadable>;

    /// How many bytes can be read from this address on, at least one and at most `limit`, without crossing
    /// into another page.
    fn readable_run(&mut self, address: u32, limit: u32) -> Result<u32, Unreadable>;

    /// Notes where the next out-parameter goes. Says whether it could be written there. NULL is noted too:
    /// nothing will be written, and that is all right.
    fn out(&mut self, address: u32, size: u32) -> bool;

    /// How many bytes a CONTEXT of the guest's processor has.
    fn context_size(&self) -> u32 {
        0
    }
}

/// The stack pointer of a guest that called does not point at its arguments.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct StackFault {
    /// The address that could not be read.
    pub address: u32,
}

/// The guest's memory cannot be read there.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Unreadable;

/// A parameter type.
pub trait Param: Clone {
    /// Takes the argument of an executable.
    fn from_abi(abi: &mut dyn Abi) -> Result<Self, StackFault>;

    /// Takes the argument of a script.
    fn from_values(values: &mut impl Values) -> Result<Self, Wants>;

    /// Takes it out of its call. What stays behind is never looked at.
    #[inline]
    fn take(&mut self) -> Self {
        self.clone()
    }

    /// Writes it as the trace shows it.
    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;

    /// Whether the trace shows it at all; an out-parameter is an address, or nothing.
    const IS_SHOWN: bool = true;
}

/// NULL, for a native guest.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Null;

/// NULL, as a native guest writes it.
pub const NULL: Null = Null;

macro_rules! word_param {
    ($($type:ty, $word:ident => $make:expr, $value:ident => $from:expr, $self:ident, $f:ident => $show:expr;)*) => {
        $(impl Param for $type {
            #[inline]
            fn from_abi(abi: &mut dyn Abi) -> Result<Self, StackFault> {
                let $word = abi.word()?;
                Ok($make)
            }

            #[inline(always)]
            fn from_values(values: &mut impl Values) -> Result<Self, Wants> {
                let $value = values.next();
                $from
            }

            fn show(&self, $f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let $self = self;
                $show
            }
        })*
    };
}

word_param! {
    u32, word => word, value => crate::values::word(value), this, f => write!(f, "{this}");
    i32, word => word as i32, value => crate::values::word(value).map(|word| word as i32), this, f => write!(f, "{this}");
    Handle, word => Handle(word), value => handle(value), this, f => write!(f, "{this}");
    Timeout, word => Timeout::from_milliseconds(word), value => timeout(value), this, f => write!(f, "{this:?}");
    Bool, word => Bool(word != 0), value => truth(value), this, f => write!(f, "{}", this.0);
}

#[inline]
fn handle(value: Value<'_>) -> Result<Handle, Wants> {
    word(value).map(Handle).map_err(|_| Wants("a handle or nil"))
}

#[inline]
fn timeout(value: Value<'_>) -> Result<Timeout, Wants> {
    match value {
        Value::Integer(number) => Ok(Timeout::from_milliseconds(number as u32)),
        _ => Err(Wants("an integer")),
    }
}

#[inline]
fn truth(value: Value<'_>) -> Result<Bool, Wants> {
    match value {
        Value::Boolean(value) => Ok(Bool(value)),
        value => word(value).map(|word| Bool(word != 0)).map_err(|_| Wants("a boolean or an integer")),
    }
}

impl Param for Address {
    #[inline]
    fn from_abi(abi: &mut dyn Abi) -> Result<Self, StackFault> {
        abi.word().map(Address)
    }

    fn from_values(values: &mut impl Values) -> Result<Self, Wants> {
        Ok(match values.next() {
            Value::Nil => Address(0),
            Value::Integer(number) if u32::try_from(number).is_ok() => Address(number as u32),
            Value::Boolean(_) | Value::Integer(_) | Value::Text(_) | Value::Table(_) | Value::Other => {
                Address(values.keep())
            }
        })
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

/// A BOOL: any nonzero value is TRUE.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Bool(pub bool);

impl From<bool> for Bool {
    fn from(value: bool) -> Self {
        Bool(value)
    }
}

/// An address that the guest itself uses: where a thread starts, a view, a thread's parameter.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Address(pub u32);

impl From<u32> for Address {
    fn from(value: u32) -> Self {
        Address(value)
    }
}

impl From<Null> for Address {
    fn from(_: Null) -> Self {
        Address(0)
    }
}

/// A parameter that CE does not support: accepted whatever it is and never looked at (SQ-22, OQ-5).
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Ignored;

impl Param for Ignored {
    const IS_SHOWN: bool = false;

    fn from_abi(abi: &mut dyn Abi) -> Result<Self, StackFault> {
        abi.word().map(|_| Ignored)
    }

    fn from_values(values: &mut impl Values) -> Result<Self, Wants> {
        let _ = values.next();
        Ok(Ignored)
    }

    fn show(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl From<Null> for Ignored {
    fn from(_: Null) -> Self {
        Ignored
    }
}

/// As [`Ignored`], and left out altogether by scripts.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Omitted;

impl Param for Omitted {
    const IS_SHOWN: bool = false;

    fn from_abi(abi: &mut dyn Abi) -> Result<Self, StackFault> {
        abi.word().map(|_| Omitted)
    }

    fn from_values(_: &mut impl Values) -> Result<Self, Wants> {
        Ok(Omitted)
    }

    fn show(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl From<Null> for Omitted {
    fn from(_: Null) -> Self {
        Omitted
    }
}

/// A wide string, or none.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Text {
    /// NULL.
    Null,
    /// Its UTF-16 units, without the NUL.
    Units(Arc<[u16]>),
    /// It ran into memory that cannot be read.
    Unreadable,
    /// It has more units than [`MAXIMUM_TEXT`].
    TooLong,
}

/// The longest string that is taken in, in units. No function of CE takes one nearly as long.
pub const MAXIMUM_TEXT: usize = 0x1_0000;

impl Text {
    /// The text as an object name of at most `limit` units; NULL is no name (naming.md N1).
    pub fn name_within(&self, limit: usize, rules: Rules) -> CeResult<Option<Name>> {
        match self {
            Text::Null => Ok(None),
            // SQ-11: an ordinary character, unless a rule says otherwise.
            Text::Units(units) if rules.refuse_backslash && units.contains(&u16::from(b'\\')) => {
                Err(Win32Error::INVALID_PARAMETER)
            }
            Text::Units(units) => Ok(Some(Name::new(units.clone(), limit)?)),
            // SQ-10: an unreadable name is a bad parameter, and so is one that is too long.
            Text::Unreadable | Text::TooLong => Err(Win32Error::INVALID_PARAMETER),
        }
    }

    /// The text as the name of an event, mutex, semaphore or memory map.
    pub fn name(&self, rules: Rules) -> CeResult<Option<Name>> {
        self.name_within(MAXIMUM_NAME, rules)
    }

    /// The text where NULL means something of its own.
    pub fn optional(&self) -> CeResult<Option<Arc<[u16]>>> {
        match self {
            Text::Null => Ok(None),
            Text::Units(units) => Ok(Some(units.clone())),
            Text::Unreadable | Text::TooLong => Err(Win32Error::INVALID_PARAMETER),
        }
    }

    /// The text where there must be one.
    pub fn required(&self) -> CeResult<Arc<[u16]>> {
        self.optional()?.ok_or(Win32Error::INVALID_PARAMETER)
    }
}

impl Param for Text {
    fn from_abi(abi: &mut dyn Abi) -> Result<Self, StackFault> {
        let start = abi.word()?;
        if start == 0 {
            return Ok(Text::Null);
        }
        let mut units: SmallVec<[u16; 64]> = SmallVec::new();
        let mut address = start;
        loop {
            let Ok(run) = abi.readable_run(address, 128) else { return Ok(Text::Unreadable) };
            // A unit may lie across two pages.
            let run = if run < 2 { 2 } else { run & !1 };
            let mut bytes = [0; 128];
            let bytes = &mut bytes[..run as usize];
            if abi.read(address, bytes).is_err() {
                return Ok(Text::Unreadable);
            }
            for pair in bytes.chunks_exact(2) {
                match u16::from_le_bytes([pair[0], pair[1]]) {
                    0 => return Ok(Text::Units(units.as_slice().into())),
                    unit => units.push(unit),
                }
            }
            if units.len() > MAXIMUM_TEXT {
                return Ok(Text::TooLong);
            }
            address = address.wrapping_add(run);
        }
    }

    fn from_values(values: &mut impl Values) -> Result<Self, Wants> {
        let units = match values.next() {
            Value::Nil => return Ok(Text::Null),
            Value::Text(text) => units(text)?,
            _ => return Err(Wants("a string or nil")),
        };
        Ok(if units.len() > MAXIMUM_TEXT { Text::TooLong } else { Text::Units(units.into()) })
    }

    fn take(&mut self) -> Self {
        std::mem::replace(self, Text::Null)
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Text::Null => f.write_str("NULL"),
            Text::Units(units) => write!(f, "{:?}", String::from_utf16_lossy(units)),
            Text::Unreadable => f.write_str("unreadable"),
            Text::TooLong => f.write_str("too long"),
        }
    }
}

impl From<Null> for Text {
    fn from(_: Null) -> Self {
        Text::Null
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Text::Units(text.encode_utf16().collect())
    }
}

impl From<&Text> for Text {
    fn from(text: &Text) -> Self {
        text.clone()
    }
}

/// The handles of a wait: a count and a pointer to so many.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Handles {
    /// The list.
    List(SmallVec<[Handle; 4]>),
    /// The count is above [`MAXIMUM_WAIT_OBJECTS`]; nothing was read.
    TooMany(u32),
    /// The pointer is NULL or bad.
    Unreadable,
}

/// MAXIMUM_WAIT_OBJECTS.
pub const MAXIMUM_WAIT_OBJECTS: u32 = 64;

impl Param for Handles {
    fn from_abi(abi: &mut dyn Abi) -> Result<Self, StackFault> {
        let count = abi.word()?;
        let address = abi.word()?;
        if count > MAXIMUM_WAIT_OBJECTS {
            return Ok(Handles::TooMany(count));
        }
        let mut bytes = [0; 4 * MAXIMUM_WAIT_OBJECTS as usize];
        let bytes = &mut bytes[..4 * count as usize];
        if count > 0 && abi.read(address, bytes).is_err() {
            return Ok(Handles::Unreadable);
        }
        let handle = |word: &[u8]| Handle(u32::from_le_bytes([word[0], word[1], word[2], word[3]]));
        Ok(Handles::List(bytes.chunks_exact(4).map(handle).collect()))
    }

    fn from_values(values: &mut impl Values) -> Result<Self, Wants> {
        let count = match values.next() {
            Value::Table(count) => count,
            Value::Nil => return Ok(Handles::Unreadable),
            _ => return Err(Wants("a list of handles")),
        };
        if count > MAXIMUM_WAIT_OBJECTS {
            return Ok(Handles::TooMany(count));
        }
        let mut handles = SmallVec::new();
        for place in 1..=count {
            handles.push(handle(values.item(place)).map_err(|_| Wants("a list of handles"))?);
        }
        Ok(Handles::List(handles))
    }

    fn take(&mut self) -> Self {
        std::mem::replace(self, Handles::Unreadable)
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Handles::List(handles) => f.debug_list().entries(handles).finish(),
            Handles::TooMany(count) => write!(f, "{count} handles"),
            Handles::Unreadable => f.write_str("unreadable"),
        }
    }
}

impl From<&[Handle]> for Handles {
    fn from(handles: &[Handle]) -> Self {
        if handles.len() > MAXIMUM_WAIT_OBJECTS as usize {
            return Handles::TooMany(handles.len() as u32);
        }
        Handles::List(handles.into())
    }
}

impl<const N: usize> From<&[Handle; N]> for Handles {
    fn from(handles: &[Handle; N]) -> Self {
        handles.as_slice().into()
    }
}

impl From<Null> for Handles {
    fn from(_: Null) -> Self {
        Handles::Unreadable
    }
}

/// An out-parameter of one value: an address to an executable; to the others a word that says whether it is
/// wanted. What it receives comes back in the reply.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Out<T> {
    state: OutState,
    of: PhantomData<fn() -> T>,
}

#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
enum OutState {
    Null,
    Writable,
    Unwritable,
}

/// An out-parameter that is wanted, as a native guest writes it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Wanted;

/// The address of an out-parameter, as a native guest writes it.
pub const OUT: Wanted = Wanted;

impl<T> Out<T> {
    /// Whether the guest passed NULL.
    pub fn is_null(self) -> bool {
        self.state == OutState::Null
    }

    /// NULL is all right; an address that cannot be written is not.
    pub fn check_optional(self) -> CeResult<()> {
        match self.state {
            OutState::Null | OutState::Writable => Ok(()),
            OutState::Unwritable => Err(Win32Error::INVALID_PARAMETER),
        }
    }

    /// There must be an address, and one that can be written.
    pub fn check_required(self) -> CeResult<()> {
        match self.state {
            OutState::Writable => Ok(()),
            OutState::Null | OutState::Unwritable => Err(Win32Error::INVALID_PARAMETER),
        }
    }
}

impl<T: OutType> Param for Out<T> {
    const IS_SHOWN: bool = false;

    fn from_abi(abi: &mut dyn Abi) -> Result<Self, StackFault> {
        let address = abi.word()?;
        let writable = abi.out(address, T::SIZE);
        let state = match (address, writable) {
            (0, _) => OutState::Null,
            (_, true) => OutState::Writable,
            (_, false) => OutState::Unwritable,
        };
        Ok(Out { state, of: PhantomData })
    }

    fn from_values(values: &mut impl Values) -> Result<Self, Wants> {
        let _ = values;
        Ok(Out { state: OutState::Writable, of: PhantomData })
    }

    fn show(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl<T> From<Null> for Out<T> {
    fn from(_: Null) -> Self {
        Out { state: OutState::Null, of: PhantomData }
    }
}

impl<T> From<Wanted> for Out<T> {
    fn from(_: Wanted) -> Self {
        Out { state: OutState::Writable, of: PhantomData }
    }
}

/// A buffer of wide characters to be filled: a pointer, then its size in characters.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct TextBuffer {
    /// Its size in characters.
    pub size: u32,
    state: OutState,
}

impl TextBuffer {
    /// There must be a buffer, and one that can be written in full.
    pub fn check(self) -> CeResult<()> {
        match self.state {
            OutState::Writable => Ok(()),
            OutState::Null | OutState::Unwritable => Err(Win32Error::INVALID_PARAMETER),
        }
    }

    /// What of a text fits, with its NUL, cut where it does not (and then with the NUL in the last place).
    pub fn fit(self, text: &[u16]) -> Vec<u16> {
        let room = (self.size as usize).saturating_sub(1).min(text.len());
        let mut fitting = text[..room].to_vec();
        if self.size > 0 {
            fitting.push(0);
        }
        fitting
    }
}

impl Param for TextBuffer {
    fn from_abi(abi: &mut dyn Abi) -> Result<Self, StackFault> {
        let address = abi.word()?;
        let size = abi.word()?;
        // No text that is handed out is longer than a path; a larger buffer need not be good to its end.
        let probed = size.min(MAXIMUM_TEXT as u32);
        let writable = abi.out(address, probed * 2);
        let state = match (address, writable) {
            (0, _) => OutState::Null,
            (_, true) => OutState::Writable,
            (_, false) => OutState::Unwritable,
        };
        Ok(TextBuffer { size, state })
    }

    fn from_values(values: &mut impl Values) -> Result<Self, Wants> {
        let size = word(values.next()).map_err(|_| Wants("a size"))?;
        Ok(TextBuffer::from(size))
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.size)
    }
}

impl From<u32> for TextBuffer {
    fn from(size: u32) -> Self {
        TextBuffer { size, state: OutState::Writable }
    }
}

/// A buffer of bytes to be filled: a pointer, then its size.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct ByteBuffer {
    /// Its size in bytes.
    pub size: u32,
    state: OutState,
}

impl ByteBuffer {
    /// There must be a buffer, of some size, that can be written in full.
    pub fn check(self) -> CeResult<()> {
        match self.state {
            OutState::Writable if self.size > 0 => Ok(()),
            OutState::Writable | OutState::Null | OutState::Unwritable => Err(Win32Error::INVALID_PARAMETER),
        }
    }
}

impl Param for ByteBuffer {
    fn from_abi(abi: &mut dyn Abi) -> Result<Self, StackFault> {
        let address = abi.word()?;
        let size = abi.word()?;
        let writable = abi.out(address, size);
        let state = match (address, writable) {
            (0, _) => OutState::Null,
            (_, true) => OutState::Writable,
            (_, false) => OutState::Unwritable,
        };
        Ok(ByteBuffer { size, state })
    }

    fn from_values(values: &mut impl Values) -> Result<Self, Wants> {
        match values.next() {
            Value::Nil => Ok(ByteBuffer { size: 0, state: OutState::Null }),
            value => word(value).map(ByteBuffer::from).map_err(|_| Wants("a size or nil")),
        }
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.size)
    }
}

impl From<u32> for ByteBuffer {
    fn from(size: u32) -> Self {
        ByteBuffer { size, state: OutState::Writable }
    }
}

impl From<Null> for ByteBuffer {
    fn from(_: Null) -> Self {
        ByteBuffer { size: 0, state: OutState::Null }
    }
}

/// A buffer of bytes handed in: a pointer, then its size.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Bytes {
    /// NULL.
    Null,
    /// Its contents.
    Content(Box<[u8]>),
    /// It has more than `MAXIMUM_BYTES`; nothing was read.
    TooLong(u32),
    /// It cannot be read.
    Unreadable,
}

/// The largest buffer that is taken in.
pub const MAXIMUM_BYTES: u32 = 64 << 20;

impl Param for Bytes {
    fn from_abi(abi: &mut dyn Abi) -> Result<Self, StackFault> {
        let address = abi.word()?;
        let size = abi.word()?;
        if address == 0 {
            return Ok(Bytes::Null);
        }
        if size > MAXIMUM_BYTES {
            return Ok(Bytes::TooLong(size));
        }
        let mut bytes = vec![0; size as usize];
        Ok(match abi.read(address, &mut bytes) {
            Ok(()) => Bytes::Content(bytes.into()),
            Err(Unreadable) => Bytes::Unreadable,
        })
    }

    fn from_values(values: &mut impl Values) -> Result<Self, Wants> {
        match values.next() {
            Value::Nil => Ok(Bytes::Null),
            Value::Text(bytes) if bytes.len() > MAXIMUM_BYTES as usize => {
                Ok(Bytes::TooLong(bytes.len().try_into().unwrap_or(u32::MAX)))
            }
            Value::Text(bytes) => Ok(Bytes::Content(bytes.into())),
            _ => Err(Wants("a string or nil")),
        }
    }

    fn take(&mut self) -> Self {
        std::mem::replace(self, Bytes::Null)
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Bytes::Null => f.write_str("NULL"),
            Bytes::Content(bytes) => {
                f.write_str("x")?;
                bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
            Bytes::TooLong(size) => write!(f, "{size} bytes"),
            Bytes::Unreadable => f.write_str("unreadable"),
        }
    }
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Self {
        Bytes::Content(bytes.into())
    }
}

impl<const N: usize> From<&[u8; N]> for Bytes {
    fn from(bytes: &[u8; N]) -> Self {
        Bytes::Content(bytes.as_slice().into())
    }
}

impl From<Null> for Bytes {
    fn from(_: Null) -> Self {
        Bytes::Null
    }
}

/// A structure handed in by its address.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum In<T> {
    /// Its members.
    Value(T),
    /// The address is NULL or bad.
    Unreadable,
}

/// A structure that a guest hands in.
pub trait Structure: Clone + fmt::Debug {
    /// How many bytes it has.
    const SIZE: usize;
    /// Reads it from its bytes.
    fn decode(bytes: &[u8]) -> Self;
    /// Reads it from the members of a script's table; those left out are 0.
    fn from_members(values: &mut impl Values) -> Result<Self, Wants>;
    /// Takes it from a script's number, if it is no more than one.
    fn from_number(number: i64) -> Option<Self> {
        let _ = number;
        None
    }
}

/// The largest structure that is handed in.
const LARGEST_STRUCTURE: usize = 176;

impl<T> In<T> {
    /// The structure, where there must be one.
    pub fn required(self) -> CeResult<T> {
        match self {
            In::Value(value) => Ok(value),
            In::Unreadable => Err(Win32Error::INVALID_PARAMETER),
        }
    }
}

impl<T: Structure> Param for In<T> {
    fn from_abi(abi: &mut dyn Abi) -> Result<Self, StackFault> {
        let address = abi.word()?;
        let mut bytes = [0; LARGEST_STRUCTURE];
        let bytes = &mut bytes[..T::SIZE];
        let readable = address != 0 && abi.read(address, bytes).is_ok();
        Ok(if readable { In::Value(T::decode(bytes)) } else { In::Unreadable })
    }

    fn from_values(values: &mut impl Values) -> Result<Self, Wants> {
        match values.next() {
            Value::Nil => Ok(In::Unreadable),
            Value::Table(_) => T::from_members(values).map(In::Value),
            Value::Integer(number) => T::from_number(number).map(In::Value).ok_or(Wants("a table or nil")),
            _ => Err(Wants("a table or nil")),
        }
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            In::Value(value) => write!(f, "{value:?}"),
            In::Unreadable => f.write_str("unreadable"),
        }
    }
}

impl<T: Structure> From<T> for In<T> {
    fn from(value: T) -> Self {
        In::Value(value)
    }
}

impl<T> From<Null> for In<T> {
    fn from(_: Null) -> Self {
        In::Unreadable
    }
}

/// A structure to be filled whose first member, dwSize, the caller has set.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct WithSize<T> {
    /// dwSize; none if the address is NULL or bad.
    size: Option<u32>,
    of: PhantomData<fn() -> T>,
}

impl<T: OutType> WithSize<T> {
    /// The structure must be there, and dwSize at least what it has (OQ-42).
    pub fn check(self) -> CeResult<()> {
        match self.size {
            Some(size) if size >= T::SIZE => Ok(()),
            Some(_) | None => Err(Win32Error::INVALID_PARAMETER),
        }
    }
}

impl<T: OutType> Param for WithSize<T> {
    const IS_SHOWN: bool = false;

    fn from_abi(abi: &mut dyn Abi) -> Result<Self, StackFault> {
        let address = abi.word()?;
        let mut word = [0; 4];
        let readable = address != 0 && abi.read(address, &mut word).is_ok();
        let writable = abi.out(address, T::SIZE);
        let size = (readable && writable).then(|| u32::from_le_bytes(word));
        Ok(WithSize { size, of: PhantomData })
    }

    fn from_values(values: &mut impl Values) -> Result<Self, Wants> {
        let _ = values;
        Ok(WithSize { size: Some(T::SIZE), of: PhantomData })
    }

    fn show(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl<T> From<u32> for WithSize<T> {
    fn from(size: u32) -> Self {
        WithSize { size: Some(size), of: PhantomData }
    }
}

impl<T> From<Null> for WithSize<T> {
    fn from(_: Null) -> Self {
        WithSize { size: None, of: PhantomData }
    }
}

/// A CRITICAL_SECTION in the guest's memory; native guests hold its handle.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Section {
    /// Its hCrit: the handle of the kernel's object, or whatever stands there.
    At(Handle),
    /// The pointer is NULL or bad.
    Unreadable,
}

impl Param for Section {
    fn from_abi(abi: &mut dyn Abi) -> Result<Self, StackFault> {
        let address = abi.word()?;
        let mut bytes = [0; SectionWords::SIZE as usize];
        let readable = address != 0 && abi.read(address, &mut bytes).is_ok();
        if !abi.out(address, SectionWords::SIZE) || !readable {
            return Ok(Section::Unreadable);
        }
        let words = SectionWords::decode(&bytes);
        Ok(Section::At(words.h_crit))
    }

    fn from_values(values: &mut impl Values) -> Result<Self, Wants> {
        match values.next() {
            Value::Nil => Ok(Section::Unreadable),
            Value::Table(_) => member(values, "hCrit").map(|handle| Section::At(Handle(handle))),
            _ => Err(Wants("a critical section")),
        }
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Section::At(handle) => write!(f, "{handle}"),
            Section::Unreadable => f.write_str("unreadable"),
        }
    }
}

impl From<&SectionWords> for Section {
    fn from(words: &SectionWords) -> Self {
        Section::At(words.h_crit)
    }
}

impl From<Null> for Section {
    fn from(_: Null) -> Self {
        Section::Unreadable
    }
}

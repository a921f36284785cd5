//! Parameters that are structures: handed in by their address, or to be filled.

use std::fmt;
use std::marker::PhantomData;

use cerium_kernel::{CeResult, Win32Error};

use crate::param::{Abi, Null, Param, StackFault};
use crate::ret::{OutType, word_at};
use crate::values::{Value, Values, Wants, member, word};

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
}

/// The largest structure that is handed in.
const LARGEST_STRUCTURE: usize = 64;

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

/// MSGQUEUEOPTIONS.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
#[allow(non_snake_case, reason = "CE's member names")]
#[allow(missing_docs, reason = "CE's members")]
pub struct MsgQueueOptions {
    pub dwSize: u32,
    pub dwFlags: u32,
    pub dwMaxMessages: u32,
    pub cbMaxMessage: u32,
    pub bReadAccess: u32,
}

impl MsgQueueOptions {
    /// dwSize of a full structure.
    pub const SIZE: u32 = 20;
}

impl Structure for MsgQueueOptions {
    const SIZE: usize = 20;

    fn decode(bytes: &[u8]) -> Self {
        Self {
            dwSize: word_at(bytes, 0),
            dwFlags: word_at(bytes, 1),
            dwMaxMessages: word_at(bytes, 2),
            cbMaxMessage: word_at(bytes, 3),
            bReadAccess: word_at(bytes, 4),
        }
    }

    fn from_members(values: &mut impl Values) -> Result<Self, Wants> {
        // A script need not count bytes: without dwSize the structure is whole.
        let size = match values.member("dwSize") {
            Value::Nil => Self::SIZE,
            value => word(value)?,
        };
        Ok(Self {
            dwSize: size,
            dwFlags: member(values, "dwFlags")?,
            dwMaxMessages: member(values, "dwMaxMessages")?,
            cbMaxMessage: member(values, "cbMaxMessage")?,
            bReadAccess: member(values, "bReadAccess")?,
        })
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

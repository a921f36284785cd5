//! Rows of the safe string functions: counts in characters or bytes, and what the extended forms store.

use crate::call::{ArgumentList, Cx};
use crate::format::FormatError;
use crate::memory::{Fault, GuestMemory};
use crate::strsafe::{self, Buffer, Extended, Outcome};
use crate::unit::Unit;

/// What a count counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Count {
    /// Characters: `…Cch…`.
    Units,
    /// Bytes: `…Cb…`.
    Bytes,
}

impl Count {
    fn to_units<U: Unit>(self, count: u32) -> u32 {
        match self {
            Count::Units => count,
            Count::Bytes => count / U::SIZE,
        }
    }
}

/// Where an extended form stores what.
#[derive(Clone, Copy, Default)]
pub(crate) struct Places {
    /// Where the address of the end goes, or 0.
    pub end: u32,
    /// Where the rest's size goes, or 0.
    pub remaining: u32,
    /// The flags.
    pub flags: u32,
}

/// A buffer and how it is counted.
#[derive(Clone, Copy)]
pub(crate) struct Target {
    /// Where it is.
    pub address: u32,
    /// Its size.
    pub size: u32,
    /// In what.
    pub count: Count,
}

impl Target {
    fn buffer<U: Unit>(self) -> Buffer {
        Buffer { address: self.address, capacity: self.count.to_units::<U>(self.size) }
    }

    fn settle<U: Unit>(
        self,
        memory: &mut dyn GuestMemory,
        outcome: Outcome,
        places: Places,
    ) -> Result<u32, Fault> {
        if let Some(rest) = outcome.rest {
            if places.end != 0 {
                memory.write_u32(places.end, rest.address)?;
            }
            if places.remaining != 0 {
                let remaining = match self.count {
                    Count::Units => rest.capacity,
                    // An odd byte at the end is left too.
                    Count::Bytes => rest.capacity * U::SIZE + self.size % U::SIZE,
                };
                memory.write_u32(places.remaining, remaining)?;
            }
        }
        Ok(outcome.result)
    }
}

/// `StringCchCopy…`; the limit is counted as the buffer is.
pub(crate) fn copy<U: Unit>(
    cx: &mut Cx<'_>,
    target: Target,
    source: u32,
    limit: Option<u32>,
    places: Places,
) -> Result<u32, Fault> {
    let limit = limit.map(|limit| target.count.to_units::<U>(limit));
    let extended = Extended { flags: places.flags };
    let outcome = strsafe::copy::<U>(cx.memory, target.buffer::<U>(), source, limit, extended)?;
    target.settle::<U>(cx.memory, outcome, places)
}

/// `StringCchCat…`.
pub(crate) fn append<U: Unit>(
    cx: &mut Cx<'_>,
    target: Target,
    source: u32,
    limit: Option<u32>,
    places: Places,
) -> Result<u32, Fault> {
    let limit = limit.map(|limit| target.count.to_units::<U>(limit));
    let extended = Extended { flags: places.flags };
    let outcome = strsafe::append::<U>(cx.memory, target.buffer::<U>(), source, limit, extended)?;
    target.settle::<U>(cx.memory, outcome, places)
}

/// `StringCchPrintf…`, `StringCchVPrintf…`.
pub(crate) fn print<U: Unit>(
    cx: &mut Cx<'_>,
    target: Target,
    format: u32,
    mut arguments: ArgumentList,
    places: Places,
) -> Result<u32, Fault> {
    let extended = Extended { flags: places.flags };
    match strsafe::print::<U>(cx.memory, target.buffer::<U>(), format, &mut arguments, extended) {
        Ok(outcome) => target.settle::<U>(cx.memory, outcome, places),
        Err(FormatError::Fault(fault)) => Err(fault),
        // Text beyond all bounds does not fit this buffer either.
        Err(FormatError::TooLong) => Ok(strsafe::STRSAFE_E_INSUFFICIENT_BUFFER),
    }
}

/// `StringCchLength`, `StringCbLength`.
pub(crate) fn length<U: Unit>(
    cx: &mut Cx<'_>,
    text: u32,
    limit: u32,
    stored: u32,
    count: Count,
) -> Result<u32, Fault> {
    let length = strsafe::length::<U>(cx.memory, text, count.to_units::<U>(limit))?;
    if stored != 0 {
        let units = length.unwrap_or(0);
        cx.memory.write_u32(stored, if count == Count::Bytes { units * U::SIZE } else { units })?;
    }
    Ok(if length.is_some() { strsafe::S_OK } else { strsafe::STRSAFE_E_INVALID_PARAMETER })
}

/// A buffer counted in characters.
pub(crate) fn units(address: u32, size: u32) -> Target {
    Target { address, size, count: Count::Units }
}

/// A buffer counted in bytes.
pub(crate) fn bytes(address: u32, size: u32) -> Target {
    Target { address, size, count: Count::Bytes }
}

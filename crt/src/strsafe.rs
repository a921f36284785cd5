//! The safe string functions: `StringCchCopyW` and its kin, for both kinds of unit.
//!
//! One shape serves all: text is put into a buffer of known capacity, after what is there already or in its
//! place, and the flags of the `…Ex` forms say what else happens. The `…Cb…` forms count bytes; their caller
//! divides.

use crate::block;
use crate::format::{Arguments, FormatError, format};
use crate::memory::{Fault, GuestMemory, write_unit};
use crate::string;
use crate::unit::Unit;

/// All went well.
pub const S_OK: u32 = 0;
/// A count of 0 or too large, or a buffer without a NUL.
pub const STRSAFE_E_INVALID_PARAMETER: u32 = 0x8007_0057;
/// The text was cut.
pub const STRSAFE_E_INSUFFICIENT_BUFFER: u32 = 0x8007_007A;
/// The largest count there is, in characters.
pub const STRSAFE_MAX_CCH: u32 = 0x7FFF_FFFF;

/// A null pointer is an empty string.
pub const STRSAFE_IGNORE_NULLS: u32 = 0x100;
/// The bytes behind the NUL are filled, with the flags' low byte.
pub const STRSAFE_FILL_BEHIND_NULL: u32 = 0x200;
/// After a failure the whole buffer is filled.
pub const STRSAFE_FILL_ON_FAILURE: u32 = 0x400;
/// After a failure the buffer holds an empty string.
pub const STRSAFE_NULL_ON_FAILURE: u32 = 0x800;
/// Text that does not fit is not put in at all.
pub const STRSAFE_NO_TRUNCATION: u32 = 0x1000;

/// A buffer of the guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Buffer {
    /// Its address.
    pub address: u32,
    /// How many units it has.
    pub capacity: u32,
}

/// What the extended forms ask for and tell; the plain ones ask for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extended {
    /// The flags, with the byte to fill with.
    pub flags: u32,
}

/// What a function has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// The HRESULT.
    pub result: u32,
    /// The address of the NUL and the units from there to the buffer's end; an extended function stores them
    /// where it was told to, unless a parameter was invalid.
    pub rest: Option<Buffer>,
}

impl Outcome {
    const INVALID: Self = Self { result: STRSAFE_E_INVALID_PARAMETER, rest: None };
}

/// `StringCchCopy`, `StringCchCopyN` (with a `limit` of units to take), `StringCchCopyEx`.
pub fn copy<U: Unit>(
    memory: &mut dyn GuestMemory,
    buffer: Buffer,
    source: u32,
    limit: Option<u32>,
    extended: Extended,
) -> Result<Outcome, Fault> {
    if !is_valid(buffer, extended) || limit.is_some_and(|limit| limit > STRSAFE_MAX_CCH) {
        return Ok(Outcome::INVALID);
    }
    put::<U>(memory, buffer, 0, source, limit, extended)
}

/// `StringCchCat`, `StringCchCatN`, `StringCchCatEx`.
pub fn append<U: Unit>(
    memory: &mut dyn GuestMemory,
    buffer: Buffer,
    source: u32,
    limit: Option<u32>,
    extended: Extended,
) -> Result<Outcome, Fault> {
    if !is_valid(buffer, extended) || limit.is_some_and(|limit| limit > STRSAFE_MAX_CCH) {
        return Ok(Outcome::INVALID);
    }
    let length = if buffer.address == 0 {
        0
    } else {
        string::bounded_length::<U>(memory, buffer.address, buffer.capacity)?
    };
    if length == buffer.capacity && length > 0 {
        return Ok(Outcome::INVALID);
    }
    put::<U>(memory, buffer, length, source, limit, extended)
}

/// `StringCchPrintf`, `StringCchVPrintf`, and their extended forms.
///
/// # Errors
///
/// As [`format()`].
pub fn print<U: Unit>(
    memory: &mut dyn GuestMemory,
    buffer: Buffer,
    format_string: u32,
    arguments: &mut dyn Arguments,
    extended: Extended,
) -> Result<Outcome, FormatError> {
    if !is_valid(buffer, extended) {
        return Ok(Outcome::INVALID);
    }
    let room = buffer.capacity.saturating_sub(1) as usize;
    let ignored = format_string == 0 && extended.flags & STRSAFE_IGNORE_NULLS != 0;
    let (units, cut) = if ignored {
        (Vec::new(), false)
    } else {
        let made = format::<U>(memory, format_string, arguments, room)?;
        (made.units, made.cut)
    };
    Ok(finish(memory, buffer, 0, &units, cut, extended)?)
}

/// `StringCchLength`: the length, or `None` for an invalid parameter: no string, or no NUL within `capacity`
/// units.
pub fn length<U: Unit>(memory: &dyn GuestMemory, string: u32, capacity: u32) -> Result<Option<u32>, Fault> {
    if string == 0 || capacity > STRSAFE_MAX_CCH {
        return Ok(None);
    }
    let length = string::bounded_length::<U>(memory, string, capacity)?;
    Ok((length < capacity).then_some(length))
}

fn is_valid(buffer: Buffer, extended: Extended) -> bool {
    let nothing_there = buffer.address == 0 && buffer.capacity == 0;
    let ignored = extended.flags & STRSAFE_IGNORE_NULLS != 0 && nothing_there;
    ignored || (1..=STRSAFE_MAX_CCH).contains(&buffer.capacity)
}

fn put<U: Unit>(
    memory: &mut dyn GuestMemory,
    buffer: Buffer,
    start: u32,
    source: u32,
    limit: Option<u32>,
    extended: Extended,
) -> Result<Outcome, Fault> {
    let room = buffer.capacity.saturating_sub(start + 1);
    let ignored = source == 0 && extended.flags & STRSAFE_IGNORE_NULLS != 0;
    // One unit more than there is room for shows whether the text is cut.
    let wanted = limit.unwrap_or(u32::MAX).min(room + 1);
    let mut units: Vec<U> = if ignored { Vec::new() } else { string::read(memory, source, wanted)? };
    let cut = units.len() > room as usize;
    units.truncate(room as usize);
    finish(memory, buffer, start, &units, cut, extended)
}

/// Writes what the flags leave of the text, and tells where it ends.
fn finish<U: Unit>(
    memory: &mut dyn GuestMemory,
    buffer: Buffer,
    start: u32,
    units: &[U],
    cut: bool,
    extended: Extended,
) -> Result<Outcome, Fault> {
    let flags = extended.flags;
    let result = if cut { STRSAFE_E_INSUFFICIENT_BUFFER } else { S_OK };
    if buffer.capacity == 0 {
        return Ok(Outcome { result, rest: Some(buffer) });
    }
    let end = if cut && flags & STRSAFE_FILL_ON_FAILURE != 0 {
        block::set(memory, buffer.address, flags, buffer.capacity * U::SIZE)?;
        if flags & 0xFF == 0 { 0 } else { buffer.capacity - 1 }
    } else if cut && flags & STRSAFE_NULL_ON_FAILURE != 0 {
        0
    } else if cut && flags & STRSAFE_NO_TRUNCATION != 0 {
        start
    } else {
        crate::memory::write_units(memory, string::offset::<U>(buffer.address, start), units)?;
        start + units.len() as u32
    };
    let rest = Buffer { address: string::offset::<U>(buffer.address, end), capacity: buffer.capacity - end };
    write_unit(memory, rest.address, U::NUL)?;
    if !cut && flags & STRSAFE_FILL_BEHIND_NULL != 0 {
        block::set(memory, string::offset::<U>(rest.address, 1), flags, (rest.capacity - 1) * U::SIZE)?;
    }
    Ok(Outcome { result, rest: Some(rest) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::testing::{BASE, PAGE, TestMemory};

    const SOURCE: u32 = BASE + 0x400;
    const PLAIN: Extended = Extended { flags: 0 };

    fn buffer(capacity: u32) -> Buffer {
        Buffer { address: BASE, capacity }
    }

    fn memory(source: &str) -> TestMemory {
        let mut memory = TestMemory::new(1);
        memory.put::<u16>(SOURCE, source);
        memory.put::<u16>(BASE, "ab");
        memory
    }

    #[test]
    fn copies_end_with_a_nul_and_tell_when_cut() {
        let mut memory = memory("hello");
        let whole = copy::<u16>(&mut memory, buffer(6), SOURCE, None, PLAIN).unwrap();
        assert_eq!(whole, Outcome { result: S_OK, rest: Some(Buffer { address: BASE + 10, capacity: 1 }) });
        assert_eq!(memory.text::<u16>(BASE), "hello");
        let cut = copy::<u16>(&mut memory, buffer(4), SOURCE, None, PLAIN).unwrap();
        assert_eq!(cut.result, STRSAFE_E_INSUFFICIENT_BUFFER);
        assert_eq!(memory.text::<u16>(BASE), "hel");
        assert_eq!(copy::<u16>(&mut memory, buffer(9), SOURCE, Some(2), PLAIN).unwrap().result, S_OK);
        assert_eq!(memory.text::<u16>(BASE), "he");
        for capacity in [0, STRSAFE_MAX_CCH + 1] {
            let refused = copy::<u16>(&mut memory, buffer(capacity), SOURCE, None, PLAIN).unwrap();
            assert_eq!(refused, Outcome::INVALID);
        }
        assert!(copy::<u16>(&mut memory, buffer(4), 0, None, PLAIN).is_err());
    }

    #[test]
    fn appending_needs_a_string_to_append_to() {
        let mut memory = memory("cde");
        assert_eq!(append::<u16>(&mut memory, buffer(6), SOURCE, None, PLAIN).unwrap().result, S_OK);
        assert_eq!(memory.text::<u16>(BASE), "abcde");
        let cut = append::<u16>(&mut memory, buffer(7), SOURCE, None, PLAIN).unwrap();
        assert_eq!(cut.result, STRSAFE_E_INSUFFICIENT_BUFFER);
        assert_eq!(memory.text::<u16>(BASE), "abcdec");
        assert_eq!(append::<u16>(&mut memory, buffer(3), SOURCE, None, PLAIN).unwrap(), Outcome::INVALID);
    }

    #[test]
    fn flags_say_what_becomes_of_the_buffer() {
        let cut = |flags| {
            let mut memory = memory("hello");
            let outcome = append::<u16>(&mut memory, buffer(4), SOURCE, None, Extended { flags }).unwrap();
            assert_eq!(outcome.result, STRSAFE_E_INSUFFICIENT_BUFFER);
            (memory.bytes(BASE, 8), outcome.rest.unwrap())
        };
        let at = |units: u32| Buffer { address: BASE + 2 * units, capacity: 4 - units };
        assert_eq!(cut(0), (b"a\0b\0h\0\0\0".to_vec(), at(3)));
        assert_eq!(cut(STRSAFE_NO_TRUNCATION).1, at(2));
        assert_eq!(cut(STRSAFE_NULL_ON_FAILURE), (b"\0\0b\0\0\0\0\0".to_vec(), at(0)));
        assert_eq!(cut(STRSAFE_FILL_ON_FAILURE | 0x21), (b"!!!!!!\0\0".to_vec(), at(3)));
        assert_eq!(cut(STRSAFE_FILL_ON_FAILURE), (vec![0; 8], at(0)));
        let mut memory = memory("x");
        let flags = STRSAFE_FILL_BEHIND_NULL | 0x23;
        copy::<u16>(&mut memory, buffer(4), SOURCE, None, Extended { flags }).unwrap();
        assert_eq!(memory.bytes(BASE, 10), b"x\0\0\0####\0\0");
        let ignoring = Extended { flags: STRSAFE_IGNORE_NULLS };
        assert_eq!(copy::<u16>(&mut memory, buffer(4), 0, None, ignoring).unwrap().result, S_OK);
        assert_eq!(memory.text::<u16>(BASE), "");
        let nowhere = Buffer { address: 0, capacity: 0 };
        assert_eq!(copy::<u16>(&mut memory, nowhere, 0, None, ignoring).unwrap().result, S_OK);
        let cut = copy::<u16>(&mut memory, nowhere, SOURCE, None, ignoring).unwrap();
        assert_eq!(cut.result, STRSAFE_E_INSUFFICIENT_BUFFER);
    }

    #[test]
    fn lengths_have_a_bound() {
        let mut memory = memory("hello");
        assert_eq!(length::<u16>(&memory, SOURCE, 6), Ok(Some(5)));
        assert_eq!(length::<u16>(&memory, SOURCE, 5), Ok(None));
        assert_eq!(length::<u16>(&memory, 0, 5), Ok(None));
        assert_eq!(length::<u16>(&memory, SOURCE, u32::MAX), Ok(None));
        memory.write(BASE + PAGE - 2, b"xy").unwrap();
        assert!(length::<u8>(&memory, BASE + PAGE - 2, 3).is_err());
    }

    #[test]
    fn printing_cuts_and_ends_with_a_nul() {
        struct Seven;
        impl Arguments for Seven {
            fn next_u32(&mut self, _: &dyn GuestMemory) -> Result<u32, Fault> {
                Ok(7)
            }
            fn next_u64(&mut self, _: &dyn GuestMemory) -> Result<u64, Fault> {
                Ok(7)
            }
            fn next_f64(&mut self, _: &dyn GuestMemory) -> Result<f64, Fault> {
                Ok(7.0)
            }
        }
        let mut memory = memory("%d-%03d");
        let whole = print::<u16>(&mut memory, buffer(6), SOURCE, &mut Seven, PLAIN).unwrap();
        assert_eq!(whole.result, S_OK);
        assert_eq!(memory.text::<u16>(BASE), "7-007");
        let cut = print::<u16>(&mut memory, buffer(4), SOURCE, &mut Seven, PLAIN).unwrap();
        assert_eq!(cut.result, STRSAFE_E_INSUFFICIENT_BUFFER);
        assert_eq!(memory.text::<u16>(BASE), "7-0");
        assert_eq!(
            print::<u16>(&mut memory, buffer(0), SOURCE, &mut Seven, PLAIN).unwrap(),
            Outcome::INVALID
        );
    }
}

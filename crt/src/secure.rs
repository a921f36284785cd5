//! The `…_s` functions of CE 6: bounded, and refusing rather than cutting. They return an error number, 0 for
//! success.
//!
//! Where the documented ones call a handler for invalid parameters that ends the program, these return the
//! error they document for a handler that returns.

use crate::block;
use crate::format::{Arguments, FormatError, format};
use crate::memory::{Fault, GuestMemory, write_unit};
use crate::string;
use crate::unit::Unit;

/// A parameter is invalid.
pub const EINVAL: u32 = 22;
/// The buffer is too small.
pub const ERANGE: u32 = 34;
/// The text was cut, as was asked for.
pub const STRUNCATE: u32 = 80;
/// The count that asks for as much as fits.
pub const TRUNCATE: u32 = u32::MAX;

/// `strcpy_s`, `wcscpy_s`; with a `count` `strncpy_s`.
pub fn copy<U: Unit>(
    memory: &mut dyn GuestMemory,
    buffer: u32,
    size: u32,
    source: u32,
    count: Option<u32>,
) -> Result<u32, Fault> {
    if buffer == 0 || size == 0 {
        return Ok(EINVAL);
    }
    put::<U>(memory, buffer, size, 0, source, count)
}

/// `strcat_s`, `wcscat_s`; with a `count` `strncat_s`.
pub fn append<U: Unit>(
    memory: &mut dyn GuestMemory,
    buffer: u32,
    size: u32,
    source: u32,
    count: Option<u32>,
) -> Result<u32, Fault> {
    if buffer == 0 || size == 0 {
        return Ok(EINVAL);
    }
    let length = string::bounded_length::<U>(memory, buffer, size)?;
    if length == size {
        write_unit(memory, buffer, U::NUL)?;
        return Ok(EINVAL);
    }
    put::<U>(memory, buffer, size, length, source, count)
}

fn put<U: Unit>(
    memory: &mut dyn GuestMemory,
    buffer: u32,
    size: u32,
    start: u32,
    source: u32,
    count: Option<u32>,
) -> Result<u32, Fault> {
    if source == 0 && count != Some(0) {
        write_unit(memory, buffer, U::NUL)?;
        return Ok(EINVAL);
    }
    let room = size - start - 1;
    let wanted = match count {
        None | Some(TRUNCATE) => room + 1,
        Some(count) => count.min(room + 1),
    };
    let mut units: Vec<U> = if wanted == 0 { Vec::new() } else { string::read(memory, source, wanted)? };
    let cut = units.len() > room as usize;
    if cut && count != Some(TRUNCATE) {
        write_unit(memory, buffer, U::NUL)?;
        return Ok(ERANGE);
    }
    units.truncate(room as usize);
    string::write(memory, string::offset::<U>(buffer, start), &units)?;
    Ok(if cut { STRUNCATE } else { 0 })
}

/// `memcpy_s` and `memmove_s`: zeroes the buffer if the source does not fit.
pub fn copy_block(
    memory: &mut dyn GuestMemory,
    buffer: u32,
    size: u32,
    source: u32,
    count: u32,
) -> Result<u32, Fault> {
    if count == 0 {
        return Ok(0);
    }
    if buffer == 0 {
        return Ok(EINVAL);
    }
    if source == 0 || size < count {
        block::set(memory, buffer, 0, size)?;
        return Ok(if source == 0 { EINVAL } else { ERANGE });
    }
    block::copy(memory, buffer, source, count)?;
    Ok(0)
}

/// `sprintf_s`, `_snprintf_s` and those with a `va_list`: the length, or −1 for text that does not fit, of
/// which as much is kept as `count` says, nothing if it says nothing.
///
/// # Errors
///
/// As [`format()`].
pub fn print<U: Unit>(
    memory: &mut dyn GuestMemory,
    buffer: u32,
    size: u32,
    count: Option<u32>,
    format_string: u32,
    arguments: &mut dyn Arguments,
) -> Result<i32, FormatError> {
    if buffer == 0 || size == 0 || format_string == 0 {
        return Ok(-1);
    }
    let room = size - 1;
    let kept = count.unwrap_or(room).min(room);
    let made = format::<U>(memory, format_string, arguments, kept as usize)?;
    let may_cut = count.is_some_and(|count| count == TRUNCATE || count <= room);
    let units = if made.cut && !may_cut { &[][..] } else { &made.units[..] };
    string::write(memory, buffer, units)?;
    Ok(if made.cut { -1 } else { made.units.len() as i32 })
}

/// `_strlwr_s`, `_wcsupr_s` and their kin.
pub fn change_case<U: Unit>(
    memory: &mut dyn GuestMemory,
    text: u32,
    size: u32,
    each: fn(U) -> U,
) -> Result<u32, Fault> {
    if text == 0 {
        return Ok(EINVAL);
    }
    let length = string::bounded_length::<U>(memory, text, size)?;
    if length == size {
        return Ok(EINVAL);
    }
    string::map(memory, text, length, each)?;
    Ok(0)
}

/// `strtok_s`, `wcstok_s`: what `strtok` keeps is kept where `context` points.
pub fn token<U: Unit>(
    memory: &mut dyn GuestMemory,
    text: u32,
    delimiters: u32,
    context: u32,
) -> Result<u32, Fault> {
    let mut rest = memory.read_u32(context)?;
    let token = string::token::<U>(memory, text, delimiters, &mut rest)?;
    memory.write_u32(context, rest)?;
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::testing::{BASE, TestMemory};

    const SOURCE: u32 = BASE + 0x400;

    struct Sevens;

    impl Arguments for Sevens {
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

    fn memory(source: &str) -> TestMemory {
        let mut memory = TestMemory::new(1);
        memory.put::<u16>(SOURCE, source);
        memory.put::<u16>(BASE, "ab");
        memory
    }

    #[test]
    fn copies_refuse_what_does_not_fit_and_cut_when_asked() {
        let mut memory = memory("hello");
        assert_eq!(copy::<u16>(&mut memory, BASE, 6, SOURCE, None), Ok(0));
        assert_eq!(memory.text::<u16>(BASE), "hello");
        assert_eq!(copy::<u16>(&mut memory, BASE, 5, SOURCE, None), Ok(ERANGE));
        assert_eq!(memory.text::<u16>(BASE), "");
        assert_eq!(copy::<u16>(&mut memory, BASE, 5, SOURCE, Some(TRUNCATE)), Ok(STRUNCATE));
        assert_eq!(memory.text::<u16>(BASE), "hell");
        assert_eq!(copy::<u16>(&mut memory, BASE, 5, SOURCE, Some(3)), Ok(0));
        assert_eq!(memory.text::<u16>(BASE), "hel");
        assert_eq!(copy::<u16>(&mut memory, BASE, 0, SOURCE, None), Ok(EINVAL));
        assert_eq!(copy::<u16>(&mut memory, BASE, 5, 0, None), Ok(EINVAL));
        assert_eq!(append::<u16>(&mut memory, BASE, 8, SOURCE, Some(2)), Ok(0));
        assert_eq!(memory.text::<u16>(BASE), "he");
    }

    #[test]
    fn blocks_that_do_not_fit_leave_zeros() {
        let mut memory = memory("hello");
        assert_eq!(copy_block(&mut memory, BASE, 4, SOURCE, 4), Ok(0));
        assert_eq!(memory.bytes(BASE, 4), b"h\0e\0");
        assert_eq!(copy_block(&mut memory, BASE, 4, SOURCE, 5), Ok(ERANGE));
        assert_eq!(memory.bytes(BASE, 4), [0; 4]);
        assert_eq!(copy_block(&mut memory, 0, 4, SOURCE, 4), Ok(EINVAL));
    }

    #[test]
    fn prints_keep_what_the_count_allows() {
        let mut memory = memory("%05d");
        let mut print = |size, count| {
            let length = print::<u16>(&mut memory, BASE, size, count, SOURCE, &mut Sevens).unwrap();
            (length, memory.text::<u16>(BASE))
        };
        assert_eq!(print(6, None), (5, "00007".into()));
        assert_eq!(print(5, None), (-1, String::new()));
        assert_eq!(print(5, Some(TRUNCATE)), (-1, "0000".into()));
        assert_eq!(print(9, Some(2)), (-1, "00".into()));
        assert_eq!(print(4, Some(8)), (-1, String::new()));
    }

    #[test]
    fn tokens_and_case() {
        let mut memory = memory(" ,");
        memory.put::<u16>(BASE, "a,b");
        let context = BASE + 0x800;
        assert_eq!(token::<u16>(&mut memory, BASE, SOURCE, context), Ok(BASE));
        assert_eq!(token::<u16>(&mut memory, 0, SOURCE, context), Ok(BASE + 4));
        assert_eq!(token::<u16>(&mut memory, 0, SOURCE, context), Ok(0));
        assert_eq!(change_case::<u16>(&mut memory, BASE, 2, u16::upper), Ok(0));
        assert_eq!(memory.text::<u16>(BASE), "A");
        assert_eq!(change_case::<u16>(&mut memory, BASE, 1, u16::upper), Ok(EINVAL));
    }
}

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

/// `_strset_s`, `_wcsset_s`; with a `count` `_strnset_s`.
pub fn fill<U: Unit>(
    memory: &mut dyn GuestMemory,
    text: u32,
    size: u32,
    unit: U,
    count: u32,
) -> Result<u32, Fault> {
    if text == 0 || size == 0 {
        return Ok(EINVAL);
    }
    if string::bounded_length::<U>(memory, text, size)? == size {
        write_unit(memory, text, U::NUL)?;
        return Ok(EINVAL);
    }
    string::fill_bounded(memory, text, unit, count)?;
    Ok(0)
}

/// What `mbstowcs_s` and `wcstombs_s` are given.
#[derive(Debug, Clone, Copy)]
pub struct Conversion {
    /// Where the length goes, its NUL counted, or 0.
    pub length: u32,
    /// The buffer, or 0 to ask for the length.
    pub buffer: u32,
    /// Its size in units.
    pub size: u32,
    /// The text.
    pub source: u32,
    /// How many units are converted at most, or [`TRUNCATE`].
    pub count: u32,
}

/// `mbstowcs_s`, `wcstombs_s`: converts text unit by unit, and always ends it.
pub fn convert<F: Unit, T: Unit>(
    memory: &mut dyn GuestMemory,
    call: Conversion,
    each: fn(F) -> T,
) -> Result<u32, Fault> {
    if (call.buffer == 0) != (call.size == 0) || call.source == 0 {
        if call.buffer != 0 && call.size != 0 {
            write_unit(memory, call.buffer, T::NUL)?;
        }
        return Ok(EINVAL);
    }
    // One more than there is room for shows that it does not fit.
    let limit = if call.buffer == 0 { u32::MAX } else { call.count.min(call.size) };
    let source: Vec<F> = string::read(memory, call.source, limit)?;
    let mut units: Vec<T> = source.into_iter().map(each).collect();
    let cut = call.buffer != 0 && units.len() as u32 >= call.size;
    let error = match (cut, call.count) {
        (false, _) => 0,
        (true, TRUNCATE) => STRUNCATE,
        (true, _) => ERANGE,
    };
    match error {
        ERANGE => units.clear(),
        STRUNCATE => units.truncate(call.size as usize - 1),
        _ => {}
    }
    if call.length != 0 {
        memory.write_u32(call.length, if error == ERANGE { 0 } else { units.len() as u32 + 1 })?;
    }
    if call.buffer != 0 {
        string::write(memory, call.buffer, &units)?;
    }
    Ok(error)
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
    fn conversions_end_their_text_and_count_its_nul() {
        let mut memory = memory("h\u{20AC}y");
        let length = BASE + 0x800;
        let mut narrow = |buffer, size, count| {
            let call = Conversion { length, buffer, size, source: SOURCE, count };
            let error = convert::<u16, u8>(&mut memory, call, u8::from_wide).unwrap();
            (error, memory.read_u32(length).unwrap(), memory.bytes(BASE, 4))
        };
        assert_eq!(narrow(0, 0, 0), (0, 4, b"a\0b\0".to_vec()));
        assert_eq!(narrow(BASE, 4, TRUNCATE), (0, 4, b"h\x80y\0".to_vec()));
        assert_eq!(narrow(BASE, 3, 9).0, ERANGE);
        assert_eq!(narrow(BASE, 3, TRUNCATE), (STRUNCATE, 3, b"h\x80\0\0".to_vec()));
        assert_eq!(narrow(BASE, 3, 1), (0, 2, b"h\0\0\0".to_vec()));
        assert_eq!(narrow(BASE, 0, 1).0, EINVAL);
    }

    #[test]
    fn fills_refuse_text_without_an_end() {
        let mut memory = memory("hello");
        assert_eq!(fill::<u16>(&mut memory, SOURCE, 6, u16::from(b'x'), 2), Ok(0));
        assert_eq!(memory.text::<u16>(SOURCE), "xxllo");
        assert_eq!(fill::<u16>(&mut memory, SOURCE, 5, u16::from(b'x'), 2), Ok(EINVAL));
        assert_eq!(memory.text::<u16>(SOURCE), "");
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

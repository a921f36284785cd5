//! The standard streams. What `fopen` opens is a file, and files are not here.

use crate::bodies::{heap, print};
use crate::call::{ArgumentList, Cx, Stream};
use crate::memory::Fault;
use crate::string;
use crate::unit::Unit;

/// `EOF`.
const END_OF_FILE: i32 = -1;

/// The size of a FILE structure, which is the run-time's own affair.
const FILE_SIZE: u32 = 32;

/// The most that one call puts out.
const WRITE_LIMIT: u32 = 1 << 20;

/// `_getstdfilex`: the FILE of standard input, output or error; 0 for another number.
pub(crate) fn standard_file(cx: &mut Cx<'_>, number: u32) -> u32 {
    if number > 2 {
        return 0;
    }
    if cx.process.standard_files == 0 {
        cx.process.standard_files = heap::calloc(cx, 3, FILE_SIZE);
    }
    match cx.process.standard_files {
        0 => 0,
        files => files + number * FILE_SIZE,
    }
}

/// Which stream a FILE that can be written to is.
fn stream(cx: &Cx<'_>, file: u32) -> Option<Stream> {
    let files = cx.process.standard_files;
    match (files, file.wrapping_sub(files) / FILE_SIZE) {
        (0, _) => None,
        (_, 1) => Some(Stream::Output),
        (_, 2) => Some(Stream::Error),
        _ => None,
    }
}

/// `fprintf`, `fwprintf` and those with a `va_list`.
pub(crate) fn print<U: Unit>(
    cx: &mut Cx<'_>,
    file: u32,
    format: u32,
    arguments: ArgumentList,
) -> Result<i32, Fault> {
    match stream(cx, file) {
        Some(stream) => print::print_list::<U>(cx, stream, format, arguments),
        None => Ok(END_OF_FILE),
    }
}

/// `fputs`, `fputws`.
pub(crate) fn put_string<U: Unit>(cx: &mut Cx<'_>, text: u32, file: u32) -> Result<i32, Fault> {
    match stream(cx, file) {
        Some(stream) => put::<U>(cx, stream, text, "").map(|()| 0),
        None => Ok(END_OF_FILE),
    }
}

/// `puts`, `_putws`: the text and a new line.
pub(crate) fn put_line<U: Unit>(cx: &mut Cx<'_>, text: u32) -> Result<i32, Fault> {
    put::<U>(cx, Stream::Output, text, "\n").map(|()| 0)
}

fn put<U: Unit>(cx: &mut Cx<'_>, stream: Stream, text: u32, end: &str) -> Result<(), Fault> {
    let units: Vec<U> = string::read(cx.memory, text, WRITE_LIMIT)?;
    cx.output.print(stream, &(print::decoded(&units) + end));
    Ok(())
}

/// `putchar`, `putwchar`: the character.
pub(crate) fn put_character<U: Unit>(cx: &mut Cx<'_>, character: u32) -> u32 {
    let unit = U::from_code(character as u16);
    cx.output.print(Stream::Output, &print::decoded(&[unit]));
    u32::from(unit.code())
}

/// `fputc`, `fputwc`: the character, or the end-of-file value.
pub(crate) fn put_character_to<U: Unit>(cx: &mut Cx<'_>, character: u32, file: u32) -> u32 {
    let unit = U::from_code(character as u16);
    match stream(cx, file) {
        Some(stream) => {
            cx.output.print(stream, &print::decoded(&[unit]));
            u32::from(unit.code())
        }
        None if U::WIDE => 0xFFFF,
        None => u32::MAX,
    }
}

/// `fwrite`: how many elements were written.
pub(crate) fn write(cx: &mut Cx<'_>, data: u32, size: u32, count: u32, file: u32) -> Result<u32, Fault> {
    let wanted = size.checked_mul(count).filter(|&bytes| bytes <= WRITE_LIMIT);
    let (Some(stream), Some(bytes)) = (stream(cx, file), wanted) else { return Ok(0) };
    let mut units = vec![0_u8; bytes as usize];
    cx.memory.read(data, &mut units)?;
    cx.output.print(stream, &print::decoded(&units));
    Ok(if size == 0 { 0 } else { count })
}

/// `fflush` and others that have nothing to do for a stream that is there: 0, or the end-of-file value.
pub(crate) fn settle(cx: &Cx<'_>, file: u32) -> i32 {
    if file == 0 || stream(cx, file).is_some() { 0 } else { END_OF_FILE }
}

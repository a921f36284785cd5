//! Output to streams.

use cerium_coredll::Reply;

use super::{console_stream, end_of_file};
use crate::bodies::print::decoded;
use crate::bodies::request::{self, Origin};
use crate::call::{ArgumentList, Cx, Stop};
use crate::format::{FormatError, text};
use crate::memory::Fault;
use crate::pause::Step;
use crate::stdio::encoded;
use crate::string;
use crate::unit::Unit;

/// The most that one call puts out, in units.
const LIMIT: u32 = 1 << 20;

/// What is returned: if all was written, and if not.
#[derive(Debug, Clone, Copy)]
struct Returned {
    success: u32,
    failure: u32,
}

/// A write on its way.
#[derive(Debug, Clone)]
struct Write {
    file: u32,
    bytes: Vec<u8>,
    returned: Returned,
}

/// Writes units to a stream.
fn put<U: Unit>(cx: &mut Cx<'_>, file: u32, units: &[U], returned: Returned) -> Step {
    let Some(stream) = cx.process.files.get(file) else { return Step::done(returned.failure) };
    if let Some(standard) = stream.console_output() {
        cx.output.print(console_stream(standard), &decoded(units));
        return Step::done(returned.success);
    }
    let bytes = encoded(units, stream.mode);
    put_bytes(cx, file, bytes, returned)
}

/// Writes bytes to a stream that is no console.
fn put_bytes(cx: &mut Cx<'_>, file: u32, bytes: Vec<u8>, returned: Returned) -> Step {
    let Some(stream) = cx.process.files.get(file) else { return Step::done(returned.failure) };
    let (true, Some(handle)) = (stream.mode.writes, stream.handle) else {
        stream.failed = true;
        return Step::done(returned.failure);
    };
    if bytes.is_empty() {
        return Step::done(returned.success);
    }
    let unread = stream.unread() as i32;
    stream.discard();
    let appends = stream.mode.appends;
    let write = Write { file, bytes, returned };
    match (appends, unread) {
        (true, _) => request::seek(handle, 0, Origin::End, write, Write::placed),
        (false, 0) => write.perform(handle),
        // The stream is where the program has read to, not where it was read ahead to.
        (false, unread) => request::seek(handle, -unread, Origin::Current, write, Write::placed),
    }
}

impl Write {
    fn perform(self, handle: u32) -> Step {
        let bytes = self.bytes.clone();
        request::write(handle, &bytes, self, Write::written)
    }

    fn placed(self, cx: &mut Cx<'_>, reply: Reply) -> Result<Step, Stop> {
        let handle = cx.process.files.get(self.file).and_then(|stream| stream.handle);
        Ok(match handle {
            Some(handle) if reply.value != request::FAILED => self.perform(handle),
            _ => self.end(cx, false),
        })
    }

    fn written(self, cx: &mut Cx<'_>, reply: Reply) -> Result<Step, Stop> {
        Ok(self.end(cx, reply.value != 0))
    }

    fn end(self, cx: &mut Cx<'_>, succeeded: bool) -> Step {
        if succeeded {
            return Step::done(self.returned.success);
        }
        if let Some(stream) = cx.process.files.get(self.file) {
            stream.failed = true;
        }
        Step::done(self.returned.failure)
    }
}

/// `fprintf`, `fwprintf` and those with a `va_list`: the length of the text.
pub(crate) fn print<U: Unit>(
    cx: &mut Cx<'_>,
    file: u32,
    format: u32,
    mut arguments: ArgumentList,
) -> Result<Step, Stop> {
    let made: Result<Vec<U>, FormatError> = text(cx.memory, format, &mut arguments);
    match made {
        Ok(units) => {
            let returned = Returned { success: units.len() as u32, failure: u32::MAX };
            Ok(put(cx, file, &units, returned))
        }
        Err(FormatError::TooLong) => Ok(Step::done(u32::MAX)),
        Err(FormatError::Fault(fault)) => Err(fault.into()),
    }
}

/// `printf`, `wprintf` and those with a `va_list`: to the standard output.
pub(crate) fn print_out<U: Unit>(
    cx: &mut Cx<'_>,
    format: u32,
    arguments: ArgumentList,
) -> Result<Step, Stop> {
    let file = super::standard_file(cx, 1);
    print::<U>(cx, file, format, arguments)
}

/// `printf_s` and its kin: a format or a stream that is none is refused.
pub(crate) fn print_checked<U: Unit>(
    cx: &mut Cx<'_>,
    file: u32,
    format: u32,
    arguments: ArgumentList,
) -> Result<Step, Stop> {
    if file == 0 || format == 0 { Ok(Step::done(u32::MAX)) } else { print::<U>(cx, file, format, arguments) }
}

/// `fputs`, `fputws`: 0, or the end-of-file value.
pub(crate) fn put_string<U: Unit>(cx: &mut Cx<'_>, address: u32, file: u32) -> Result<Step, Fault> {
    let units: Vec<U> = string::read(cx.memory, address, LIMIT)?;
    Ok(put(cx, file, &units, Returned { success: 0, failure: end_of_file::<U>() }))
}

/// `puts`, `_putws`: the text and a new line to the standard output.
pub(crate) fn put_line<U: Unit>(cx: &mut Cx<'_>, address: u32) -> Result<Step, Fault> {
    let mut units: Vec<U> = string::read(cx.memory, address, LIMIT)?;
    units.push(U::from_ascii(b'\n'));
    let file = super::standard_file(cx, 1);
    Ok(put(cx, file, &units, Returned { success: 0, failure: end_of_file::<U>() }))
}

/// `fputc`, `fputwc`: the character, or the end-of-file value.
pub(crate) fn put_character<U: Unit>(cx: &mut Cx<'_>, character: u32, file: u32) -> Step {
    let unit = U::from_code(character as u16);
    put(cx, file, &[unit], Returned { success: u32::from(unit.code()), failure: end_of_file::<U>() })
}

/// `putchar`, `putwchar`.
pub(crate) fn put_character_out<U: Unit>(cx: &mut Cx<'_>, character: u32) -> Step {
    let file = super::standard_file(cx, 1);
    put_character::<U>(cx, character, file)
}

/// `fwrite`: how many elements were written.
pub(crate) fn write(cx: &mut Cx<'_>, data: u32, size: u32, count: u32, file: u32) -> Result<Step, Fault> {
    let bytes = size.checked_mul(count).filter(|bytes| (1..=LIMIT * 16).contains(bytes));
    let Some(bytes) = bytes else { return Ok(Step::done(0_u32)) };
    let mut units = vec![0_u8; bytes as usize];
    cx.memory.read(data, &mut units)?;
    Ok(put(cx, file, &units, Returned { success: count, failure: 0 }))
}

//! Input from streams.
//!
//! What a call wants of a stream is an [`Input`]: it takes what was read ahead, and when there is no more the
//! handle is read and it is asked again. So it is at any time data.

use cerium_coredll::Reply;

use super::{CONSOLE, end_of_file};
use crate::bodies::request::{self, Opening};
use crate::call::{ArgumentList, Cx, Stop};
use crate::format::FormatError;
use crate::memory::{Fault, GuestMemory, write_unit, write_units};
use crate::pause::Step;
use crate::scan::{self, Sizes, Source};
use crate::stdio::{File, Got};
use crate::string;
use crate::unit::Unit;

/// What is read ahead.
const AHEAD: u32 = 4096;
/// What is read at once of what was asked for at once.
const LARGEST_READ: u32 = 1 << 16;
/// The most that is taken before it is stored.
const CHUNK: usize = 1 << 16;

/// How far an input has come.
enum Attempt {
    /// The call returns this.
    Done(u32),
    /// So many bytes should be read.
    Starved(u32),
}

/// What a call wants of a stream.
trait Input: Clone + std::fmt::Debug + 'static {
    /// The stream.
    fn file(&self) -> u32;
    /// What is returned when there is no such stream, or it cannot be read.
    fn failure(&self) -> u32;
    /// Takes what there is.
    fn attempt(&mut self, cx: &mut Cx<'_>) -> Result<Attempt, Stop>;
}

/// An input that waits for bytes.
#[derive(Debug, Clone)]
struct Waiting<I> {
    input: I,
    size: u32,
}

fn run<I: Input>(mut input: I, cx: &mut Cx<'_>) -> Result<Step, Stop> {
    let Some(stream) = cx.process.files.get(input.file()) else { return Ok(Step::done(input.failure())) };
    if !stream.mode.reads {
        stream.failed = true;
        return Ok(Step::done(input.failure()));
    }
    match input.attempt(cx)? {
        Attempt::Done(value) => Ok(Step::done(value)),
        Attempt::Starved(size) => Waiting { input, size }.fill(cx),
    }
}

impl<I: Input> Waiting<I> {
    fn fill(self, cx: &mut Cx<'_>) -> Result<Step, Stop> {
        let Some(stream) = cx.process.files.get(self.input.file()) else {
            return Ok(Step::done(self.input.failure()));
        };
        if let Some(handle) = stream.handle {
            let size = self.size;
            return Ok(request::read(handle, size, self, Waiting::received));
        }
        if stream.standard.is_none() {
            return Ok(Step::done(self.input.failure()));
        }
        let console: Vec<u16> = CONSOLE.encode_utf16().collect();
        Ok(request::open(&console, Opening::CONSOLE, self, Waiting::opened))
    }

    fn opened(self, cx: &mut Cx<'_>, reply: Reply) -> Result<Step, Stop> {
        let stream = cx.process.files.get(self.input.file());
        match stream {
            Some(stream) if reply.value != request::FAILED => {
                // Another thread may have opened it meanwhile; then there is one more handle to the same.
                stream.handle = Some(reply.value);
                self.fill(cx)
            }
            _ => Ok(Step::done(self.input.failure())),
        }
    }

    fn received(self, cx: &mut Cx<'_>, reply: Reply) -> Result<Step, Stop> {
        if let Some(stream) = cx.process.files.get(self.input.file()) {
            match request::bytes_read(&reply) {
                Some(bytes) => stream.receive(bytes),
                None => stream.failed = true,
            }
        }
        run(self.input, cx)
    }
}

/// Takes the next unit of a stream that is there.
fn take<U: Unit>(stream: &mut File) -> Got<U> {
    let got = stream.unit_at::<U>(0);
    match got {
        Got::Unit(_, size) => stream.give(size),
        Got::End => stream.ended = !stream.failed,
        Got::Starved => {}
    }
    got
}

fn stream<'a>(cx: &'a mut Cx<'_>, file: u32) -> &'a mut File {
    cx.process.files.get(file).expect("an attempt is made of a stream that is there")
}

/// `fgetc`, `fgetwc`.
#[derive(Debug, Clone)]
struct Character<U> {
    file: u32,
    kind: std::marker::PhantomData<fn() -> U>,
}

impl<U: Unit> Input for Character<U> {
    fn file(&self) -> u32 {
        self.file
    }

    fn failure(&self) -> u32 {
        end_of_file::<U>()
    }

    fn attempt(&mut self, cx: &mut Cx<'_>) -> Result<Attempt, Stop> {
        Ok(match take::<U>(stream(cx, self.file)) {
            Got::Unit(unit, _) => Attempt::Done(u32::from(unit.code())),
            Got::End => Attempt::Done(self.failure()),
            Got::Starved => Attempt::Starved(AHEAD),
        })
    }
}

/// What becomes of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    /// As much of it as fits; the new line is kept: `fgets`.
    Kept,
    /// All of it; the new line is not kept: `gets`.
    Unbounded,
    /// All of it or nothing: `gets_s`.
    Checked,
}

/// `fgets`, `gets` and the wide ones.
#[derive(Debug, Clone)]
struct TakeLine<U> {
    file: u32,
    buffer: u32,
    /// The buffer's size in units.
    size: u32,
    line: Line,
    /// How many units are stored.
    stored: u32,
    kind: std::marker::PhantomData<fn() -> U>,
}

impl<U: Unit> Input for TakeLine<U> {
    fn file(&self) -> u32 {
        self.file
    }

    fn failure(&self) -> u32 {
        0
    }

    fn attempt(&mut self, cx: &mut Cx<'_>) -> Result<Attempt, Stop> {
        let mut taken: Vec<U> = Vec::new();
        let room = self.size - 1;
        let reached = loop {
            let count = self.stored.saturating_add(taken.len() as u32);
            if self.line == Line::Kept && count >= room {
                break Some(self.buffer);
            }
            match take::<U>(stream(cx, self.file)) {
                Got::Unit(unit, _) if unit == U::from_ascii(b'\n') => {
                    taken.extend((self.line == Line::Kept).then_some(unit));
                    break Some(self.buffer);
                }
                Got::Unit(..) if self.line == Line::Checked && count >= room => {
                    write_unit(cx.memory, self.buffer, U::NUL)?;
                    return Ok(Attempt::Done(0));
                }
                Got::Unit(unit, _) => taken.push(unit),
                Got::End if count == 0 || stream(cx, self.file).failed => return Ok(Attempt::Done(0)),
                Got::End => break Some(self.buffer),
                Got::Starved => break None,
            }
        };
        write_units(cx.memory, string::offset::<U>(self.buffer, self.stored), &taken)?;
        self.stored = self.stored.saturating_add(taken.len() as u32);
        match reached {
            Some(buffer) => {
                write_unit(cx.memory, string::offset::<U>(self.buffer, self.stored), U::NUL)?;
                Ok(Attempt::Done(buffer))
            }
            None => Ok(Attempt::Starved(AHEAD)),
        }
    }
}

/// `fread`.
#[derive(Debug, Clone)]
struct Block {
    file: u32,
    buffer: u32,
    /// The size of an element, and all bytes.
    size: u32,
    wanted: u32,
    stored: u32,
}

impl Input for Block {
    fn file(&self) -> u32 {
        self.file
    }

    fn failure(&self) -> u32 {
        self.stored / self.size
    }

    fn attempt(&mut self, cx: &mut Cx<'_>) -> Result<Attempt, Stop> {
        while self.stored < self.wanted {
            let left = ((self.wanted - self.stored) as usize).min(CHUNK);
            let (chunk, end) = take_bytes(stream(cx, self.file), left);
            cx.memory.write(self.buffer.wrapping_add(self.stored), &chunk)?;
            self.stored += chunk.len() as u32;
            match end {
                Some(Got::Starved) => {
                    let left = self.wanted - self.stored;
                    return Ok(Attempt::Starved(left.clamp(AHEAD, LARGEST_READ)));
                }
                Some(_) => break,
                None => {}
            }
        }
        Ok(Attempt::Done(self.stored / self.size))
    }
}

/// Takes so many bytes, and says why there are fewer.
fn take_bytes(stream: &mut File, wanted: usize) -> (Vec<u8>, Option<Got<u8>>) {
    let mut chunk = Vec::new();
    if !stream.mode.text {
        chunk.extend(stream.bytes().iter().take(wanted));
        stream.give(chunk.len());
    }
    while chunk.len() < wanted {
        match take::<u8>(stream) {
            Got::Unit(byte, _) => chunk.push(byte),
            end => return (chunk, Some(end)),
        }
    }
    (chunk, None)
}

/// `fscanf` and its kin: the text is looked through from its start whenever there is more of it.
#[derive(Debug, Clone)]
struct Scan<U> {
    file: u32,
    format: u32,
    arguments: ArgumentList,
    sizes: Sizes,
    kind: std::marker::PhantomData<fn() -> U>,
}

/// A stream as a source; nothing is taken from it.
struct Ahead<'a> {
    stream: &'a File,
    place: usize,
    /// The unit that was looked at.
    size: usize,
    starved: bool,
    met_end: bool,
}

impl<U: Unit> Source<U> for Ahead<'_> {
    fn peek(&mut self, _: &dyn GuestMemory) -> Result<Option<U>, Fault> {
        let got = self.stream.unit_at::<U>(self.place);
        self.starved |= got == Got::Starved;
        self.met_end |= got == Got::End;
        match got {
            Got::Unit(unit, size) => {
                self.size = size;
                Ok(Some(unit))
            }
            Got::End | Got::Starved => Ok(None),
        }
    }

    fn advance(&mut self) {
        self.place += self.size;
    }
}

impl<U: Unit> Input for Scan<U> {
    fn file(&self) -> u32 {
        self.file
    }

    fn failure(&self) -> u32 {
        u32::MAX
    }

    fn attempt(&mut self, cx: &mut Cx<'_>) -> Result<Attempt, Stop> {
        let mut arguments = self.arguments;
        let Some(stream) = cx.process.files.get(self.file) else { return Ok(Attempt::Done(u32::MAX)) };
        let mut ahead = Ahead { stream, place: 0, size: 0, starved: false, met_end: false };
        let made = scan::scan::<U>(cx.memory, &mut ahead, self.format, &mut arguments, self.sizes);
        let Ahead { place, starved, met_end, .. } = ahead;
        if starved {
            // Each time as much again, so that the work stays in proportion.
            return Ok(Attempt::Starved((stream.unread() as u32).clamp(AHEAD, LARGEST_READ)));
        }
        stream.ended |= met_end && !stream.failed;
        stream.give(place);
        match made {
            Ok(count) => Ok(Attempt::Done(count as u32)),
            Err(FormatError::TooLong) => Ok(Attempt::Done(u32::MAX)),
            Err(FormatError::Fault(fault)) => Err(fault.into()),
        }
    }
}

/// `fgetc`, `fgetwc`: the character, or the end-of-file value.
pub(crate) fn character<U: Unit>(cx: &mut Cx<'_>, file: u32) -> Result<Step, Stop> {
    run(Character::<U> { file, kind: std::marker::PhantomData }, cx)
}

/// `getchar`, `getwchar`.
pub(crate) fn character_in<U: Unit>(cx: &mut Cx<'_>) -> Result<Step, Stop> {
    let file = super::standard_file(cx, 0);
    character::<U>(cx, file)
}

/// `fgets`, `fgetws`: the buffer, or 0.
pub(crate) fn line<U: Unit>(
    cx: &mut Cx<'_>,
    buffer: u32,
    size: i32,
    file: u32,
    line: Line,
) -> Result<Step, Stop> {
    if buffer == 0 || size <= 0 {
        return Ok(Step::done(0_u32));
    }
    if size == 1 && line == Line::Kept {
        write_unit(cx.memory, buffer, U::NUL)?;
        return Ok(Step::done(buffer));
    }
    let kind = std::marker::PhantomData;
    run(TakeLine::<U> { file, buffer, size: size as u32, line, stored: 0, kind }, cx)
}

/// `gets`, `_getws`, `gets_s`, `_getws_s`: a line of the standard input.
pub(crate) fn line_in<U: Unit>(cx: &mut Cx<'_>, buffer: u32, size: i32, kind: Line) -> Result<Step, Stop> {
    let file = super::standard_file(cx, 0);
    line::<U>(cx, buffer, size, file, kind)
}

/// `fread`: how many elements were read.
pub(crate) fn block(cx: &mut Cx<'_>, buffer: u32, size: u32, count: u32, file: u32) -> Result<Step, Stop> {
    match size.checked_mul(count) {
        Some(wanted) if wanted > 0 => run(Block { file, buffer, size, wanted, stored: 0 }, cx),
        _ => Ok(Step::done(0_u32)),
    }
}

/// `fread_s`: what would not fit the buffer is not begun.
pub(crate) fn block_checked(
    cx: &mut Cx<'_>,
    (buffer, room): (u32, u32),
    size: u32,
    count: u32,
    file: u32,
) -> Result<Step, Stop> {
    let fits = size.checked_mul(count).is_some_and(|wanted| wanted <= room);
    if buffer == 0 || !fits { Ok(Step::done(0_u32)) } else { block(cx, buffer, size, count, file) }
}

/// `fscanf`, `fwscanf`, and with `Sizes::Follow` their checked forms.
pub(crate) fn scan<U: Unit>(cx: &mut Cx<'_>, file: u32, format: u32, sizes: Sizes) -> Result<Step, Stop> {
    let arguments = *cx.arguments;
    run(Scan::<U> { file, format, arguments, sizes, kind: std::marker::PhantomData }, cx)
}

/// `scanf`, `wscanf`.
pub(crate) fn scan_in<U: Unit>(cx: &mut Cx<'_>, format: u32, sizes: Sizes) -> Result<Step, Stop> {
    let file = super::standard_file(cx, 0);
    scan::<U>(cx, file, format, sizes)
}

/// `ungetc`, `ungetwc`: the character, or the end-of-file value.
pub(crate) fn push_back<U: Unit>(cx: &mut Cx<'_>, character: u32, file: u32) -> u32 {
    let is_end = character == u32::MAX || (U::WIDE && character & 0xFFFF == 0xFFFF);
    match cx.process.files.get(file) {
        Some(stream) if stream.mode.reads && !is_end => {
            let unit = U::from_code(character as u16);
            let bytes = match (U::WIDE, stream.mode.text) {
                (true, false) => unit.code().to_le_bytes().to_vec(),
                (true, true) => vec![u8::from_wide(unit.code())],
                (false, _) => vec![unit.code() as u8],
            };
            stream.push_back(&bytes);
            u32::from(unit.code())
        }
        _ => end_of_file::<U>(),
    }
}

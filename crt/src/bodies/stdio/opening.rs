//! Streams opened, placed and closed.

use cerium_coredll::Reply;

use super::CONSOLE;
use crate::bodies::heap;
use crate::bodies::request::{self, Opening, Origin};
use crate::call::{Cx, Stop};
use crate::memory::Fault;
use crate::pause::Step;
use crate::secure::EINVAL;
use crate::stdio::{File, Mode};
use crate::string;
use crate::unit::Unit;

const ERROR_INVALID_PARAMETER: u32 = 87;

const GENERIC_READ: u32 = 0x8000_0000;
const GENERIC_WRITE: u32 = 0x4000_0000;
const FILE_SHARE_READ: u32 = 1;
const FILE_SHARE_WRITE: u32 = 2;
const CREATE_ALWAYS: u32 = 2;
const OPEN_EXISTING: u32 = 3;
const OPEN_ALWAYS: u32 = 4;

/// The size of a FILE structure, which is the run-time's own affair.
const FILE_SIZE: u32 = 32;

/// The longest name and mode that are looked at.
const NAME_LIMIT: u32 = 1024;

impl Opening {
    /// How the console is opened.
    pub(crate) const CONSOLE: Opening = Opening {
        access: GENERIC_READ | GENERIC_WRITE,
        share: FILE_SHARE_READ | FILE_SHARE_WRITE,
        disposition: OPEN_EXISTING,
    };

    fn of(mode: Mode, share: u32) -> Self {
        let access = [(mode.reads, GENERIC_READ), (mode.writes, GENERIC_WRITE)];
        Opening {
            access: access.iter().filter(|(wanted, _)| *wanted).fold(0, |all, (_, bit)| all | bit),
            share,
            disposition: match (mode.empties, mode.appends) {
                (true, _) => CREATE_ALWAYS,
                (_, true) => OPEN_ALWAYS,
                _ => OPEN_EXISTING,
            },
        }
    }
}

/// How a function of the `fopen` family tells what it opened.
#[derive(Debug, Clone, Copy)]
enum Told {
    /// It returns the FILE: `fopen`.
    Returned,
    /// It stores the FILE and returns an error number: `fopen_s`.
    Stored(u32),
}

/// An opening on its way.
#[derive(Debug, Clone, Copy)]
struct Open {
    mode: Mode,
    /// The FILE that is to be used, or 0 for a new one.
    file: u32,
    told: Told,
}

impl Open {
    fn failed(self, cx: &mut Cx<'_>) -> Result<Step, Stop> {
        match self.told {
            Told::Returned => Ok(Step::done(0_u32)),
            Told::Stored(place) => {
                cx.memory.write_u32(place, 0)?;
                Ok(Step::done(EINVAL))
            }
        }
    }

    fn opened(self, cx: &mut Cx<'_>, reply: Reply) -> Result<Step, Stop> {
        if reply.value == request::FAILED {
            return self.failed(cx);
        }
        let file = if self.file == 0 { heap::malloc(cx, FILE_SIZE) } else { self.file };
        if file == 0 {
            return Ok(request::close(reply.value, self, |open, cx, _| open.failed(cx)));
        }
        cx.process.files.put(file, File::new(self.mode, reply.value));
        match self.told {
            Told::Returned => Ok(Step::done(file)),
            Told::Stored(place) => {
                cx.memory.write_u32(place, file)?;
                Ok(Step::done(0_u32))
            }
        }
    }
}

/// A name and a mode in guest memory, as wide text and letters.
fn name_and_mode<U: Unit>(cx: &Cx<'_>, name: u32, mode: u32) -> Result<(Vec<u16>, Option<Mode>), Fault> {
    let wide = |unit: U| if U::WIDE { unit.code() } else { u16::from_narrow(unit.code() as u8) };
    let name: Vec<u16> = string::read::<U>(cx.memory, name, NAME_LIMIT)?.into_iter().map(wide).collect();
    let letters: Vec<u8> =
        string::read::<U>(cx.memory, mode, NAME_LIMIT)?.into_iter().map(|unit| unit.code() as u8).collect();
    Ok((name, Mode::parse(&letters)))
}

/// `fopen`, `_wfopen`: the FILE, or 0.
pub(crate) fn open<U: Unit>(cx: &mut Cx<'_>, name: u32, mode: u32) -> Result<Step, Stop> {
    open_with::<U>(cx, name, mode, FILE_SHARE_READ | FILE_SHARE_WRITE, Told::Returned)
}

/// `fopen_s`, `_wfopen_s`: an error number. What they open is not shared.
pub(crate) fn open_checked<U: Unit>(cx: &mut Cx<'_>, place: u32, name: u32, mode: u32) -> Result<Step, Stop> {
    if place == 0 || name == 0 || mode == 0 {
        return Ok(Step::done(EINVAL));
    }
    open_with::<U>(cx, name, mode, 0, Told::Stored(place))
}

fn open_with<U: Unit>(cx: &mut Cx<'_>, name: u32, mode: u32, share: u32, told: Told) -> Result<Step, Stop> {
    let (name, mode) = name_and_mode::<U>(cx, name, mode)?;
    let Some(mode) = mode else {
        cx.last_error = Some(ERROR_INVALID_PARAMETER);
        let none = Mode { reads: false, writes: false, appends: false, empties: false, text: true };
        return Open { mode: none, file: 0, told }.failed(cx);
    };
    Ok(request::open(&name, Opening::of(mode, share), Open { mode, file: 0, told }, Open::opened))
}

/// What `_wfreopen` opens after it has closed.
#[derive(Debug, Clone)]
struct Reopen {
    name: Vec<u16>,
    open: Open,
}

impl Reopen {
    fn proceed(self) -> Step {
        let share = FILE_SHARE_READ | FILE_SHARE_WRITE;
        request::open(&self.name, Opening::of(self.open.mode, share), self.open, Open::opened)
    }
}

/// `_wfreopen`: closes what a FILE stands for, and opens another for it.
pub(crate) fn reopen(cx: &mut Cx<'_>, name: u32, mode: u32, file: u32) -> Result<Step, Stop> {
    reopen_with(cx, name, mode, file, Told::Returned)
}

/// `_wfreopen_s`.
pub(crate) fn reopen_checked(
    cx: &mut Cx<'_>,
    place: u32,
    name: u32,
    mode: u32,
    file: u32,
) -> Result<Step, Stop> {
    if place == 0 || name == 0 || mode == 0 {
        return Ok(Step::done(EINVAL));
    }
    reopen_with(cx, name, mode, file, Told::Stored(place))
}

fn reopen_with(cx: &mut Cx<'_>, name: u32, mode: u32, file: u32, told: Told) -> Result<Step, Stop> {
    let (name, mode) = name_and_mode::<u16>(cx, name, mode)?;
    let is_stream = cx.process.files.get(file).is_some() || cx.process.files.is_standard(file);
    let (Some(mode), true) = (mode, is_stream) else {
        cx.last_error = Some(ERROR_INVALID_PARAMETER);
        let none = Mode { reads: false, writes: false, appends: false, empties: false, text: true };
        return Open { mode: none, file: 0, told }.failed(cx);
    };
    let reopen = Reopen { name, open: Open { mode, file, told } };
    match cx.process.files.remove(file).and_then(|stream| stream.handle) {
        Some(handle) => Ok(request::close(handle, reopen, |reopen, _, _| Ok(reopen.proceed()))),
        None => Ok(reopen.proceed()),
    }
}

/// `_wfdopen`: a stream of a handle that is open already.
pub(crate) fn of_handle(cx: &mut Cx<'_>, handle: u32, mode: u32) -> Result<u32, Fault> {
    let letters: Vec<u8> =
        string::read::<u16>(cx.memory, mode, NAME_LIMIT)?.into_iter().map(|unit| unit as u8).collect();
    let Some(mode) = Mode::parse(&letters) else {
        cx.last_error = Some(ERROR_INVALID_PARAMETER);
        return Ok(0);
    };
    let file = heap::malloc(cx, FILE_SIZE);
    if file != 0 {
        cx.process.files.put(file, File::new(mode, handle));
    }
    Ok(file)
}

/// `_fileno`: a stream's handle, that of the console if it is one; −1 for what is no stream.
pub(crate) fn handle(cx: &mut Cx<'_>, file: u32) -> Step {
    match cx.process.files.get(file) {
        Some(File { handle: Some(handle), .. }) => Step::done(*handle),
        Some(File { standard: Some(_), .. }) => {
            let console: Vec<u16> = CONSOLE.encode_utf16().collect();
            request::open(&console, Opening::CONSOLE, file, |file, cx, reply| {
                if reply.value != request::FAILED
                    && let Some(stream) = cx.process.files.get(file)
                {
                    stream.handle = Some(reply.value);
                }
                Ok(Step::done(reply.value))
            })
        }
        _ => Step::done(u32::MAX),
    }
}

/// `fclose`: 0, or the end-of-file value.
pub(crate) fn close(cx: &mut Cx<'_>, file: u32) -> Step {
    let Some(stream) = cx.process.files.remove(file) else { return Step::done(u32::MAX) };
    // The standard FILEs are there for ever, for `_wfreopen`.
    if !cx.process.files.is_standard(file) {
        heap::free_block(cx, file);
    }
    match stream.handle {
        Some(handle) => request::close(handle, (), |(), _, reply| {
            Ok(Step::done(if reply.value == 0 { u32::MAX } else { 0 }))
        }),
        None => Step::done(0_u32),
    }
}

/// Streams that are closed one after the other, and how many were.
#[derive(Debug, Clone)]
struct CloseAll {
    closed: u32,
}

/// `_fcloseall`: closes all but the standard streams; how many were closed.
pub(crate) fn close_all(cx: &mut Cx<'_>) -> Result<Step, Stop> {
    CloseAll { closed: 0 }.next(cx)
}

impl CloseAll {
    fn next(mut self, cx: &mut Cx<'_>) -> Result<Step, Stop> {
        for file in cx.process.files.addresses() {
            if cx.process.files.is_standard(file) {
                continue;
            }
            let stream = cx.process.files.remove(file);
            heap::free_block(cx, file);
            self.closed += 1;
            if let Some(handle) = stream.and_then(|stream| stream.handle) {
                return Ok(request::close(handle, self, |all, cx, _| all.next(cx)));
            }
        }
        Ok(Step::done(self.closed))
    }
}

/// What is made of a position.
#[derive(Debug, Clone, Copy)]
enum Position {
    /// It is returned: `ftell`.
    Returned,
    /// It is stored, and 0 returned: `fgetpos`.
    Stored(u32),
}

/// `fseek`: 0, or not.
pub(crate) fn seek(cx: &mut Cx<'_>, file: u32, offset: i32, origin: u32) -> Step {
    let origin = match origin {
        0 => Origin::Begin,
        1 => Origin::Current,
        2 => Origin::End,
        _ => return Step::done(u32::MAX),
    };
    let Some(stream) = cx.process.files.get(file) else { return Step::done(u32::MAX) };
    let (Some(handle), None) = (stream.handle, stream.standard) else { return Step::done(u32::MAX) };
    let unread = if origin == Origin::Current { stream.unread() as i32 } else { 0 };
    request::seek(handle, offset.wrapping_sub(unread), origin, file, |file, cx, reply| {
        if reply.value == request::FAILED {
            return Ok(Step::done(u32::MAX));
        }
        if let Some(stream) = cx.process.files.get(file) {
            stream.discard();
            (stream.exhausted, stream.ended) = (false, false);
        }
        Ok(Step::done(0_u32))
    })
}

/// `fsetpos`: a position that `fgetpos` has stored.
pub(crate) fn set_position(cx: &mut Cx<'_>, file: u32, place: u32) -> Result<Step, Fault> {
    let position = cx.memory.read_u32(place)?;
    Ok(seek(cx, file, position as i32, 0))
}

/// `ftell`: the position, or −1.
pub(crate) fn position(cx: &mut Cx<'_>, file: u32) -> Step {
    tell(cx, file, Position::Returned)
}

/// `fgetpos`: 0, or not.
pub(crate) fn get_position(cx: &mut Cx<'_>, file: u32, place: u32) -> Step {
    tell(cx, file, Position::Stored(place))
}

fn tell(cx: &mut Cx<'_>, file: u32, wanted: Position) -> Step {
    let Some(stream) = cx.process.files.get(file) else { return Step::done(u32::MAX) };
    let (Some(handle), None) = (stream.handle, stream.standard) else { return Step::done(u32::MAX) };
    request::seek(handle, 0, Origin::Current, (file, wanted), |(file, wanted), cx, reply| {
        if reply.value == request::FAILED {
            return Ok(Step::done(u32::MAX));
        }
        let unread = cx.process.files.get(file).map_or(0, |stream| stream.unread() as u32);
        let position = reply.value.wrapping_sub(unread);
        match wanted {
            Position::Returned => Ok(Step::done(position)),
            Position::Stored(place) => {
                cx.memory.write_u32(place, position)?;
                Ok(Step::done(0_u32))
            }
        }
    })
}

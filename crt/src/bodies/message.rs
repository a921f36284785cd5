//! `FormatMessageW`.

use crate::bodies::heap;
use crate::call::{ArgumentList, Cx};
use crate::format::{Arguments, FormatError};
use crate::memory::Fault;
use crate::message::{self, Inserts, Lines, MessageError};
use crate::nls::system_messages;
use crate::string;

const ERROR_INVALID_PARAMETER: u32 = 87;
const ERROR_INSUFFICIENT_BUFFER: u32 = 122;
const ERROR_MR_MID_NOT_FOUND: u32 = 317;
const ERROR_RESOURCE_TYPE_NOT_FOUND: u32 = 1813;

const ALLOCATE_BUFFER: u32 = 0x100;
const IGNORE_INSERTS: u32 = 0x200;
const FROM_STRING: u32 = 0x400;
const FROM_HMODULE: u32 = 0x800;
const FROM_SYSTEM: u32 = 0x1000;
const ARGUMENT_ARRAY: u32 = 0x2000;
const MAX_WIDTH_MASK: u32 = 0xFF;

/// What the function is given.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request {
    pub flags: u32,
    pub source: u32,
    pub id: u32,
    pub buffer: u32,
    pub size: u32,
    /// The address of a `va_list`, or an array of words.
    pub arguments: u32,
}

/// Arguments one word after the other, wherever they are.
struct Words(ArgumentList);

impl Inserts for Words {
    fn from(&self, place: u32) -> Box<dyn Arguments> {
        let mut list = self.0;
        list.skip(place);
        Box::new(list)
    }
}

/// The length of the text, 0 if there is none.
pub(crate) fn format(cx: &mut Cx<'_>, request: Request) -> Result<u32, Fault> {
    match attempt(cx, request) {
        Ok(length) => Ok(length),
        Err(error) => {
            cx.last_error = Some(error);
            Ok(0)
        }
    }
}

/// The same, with the error that the function notes.
fn attempt(cx: &mut Cx<'_>, request: Request) -> Result<u32, u32> {
    let unreadable = |_: Fault| ERROR_INVALID_PARAMETER;
    let has = |flag: u32| request.flags & flag != 0;
    if request.buffer == 0 || (has(FROM_STRING) && has(FROM_SYSTEM | FROM_HMODULE)) {
        return Err(ERROR_INVALID_PARAMETER);
    }
    let definition = definition(cx, request)?;
    let words = match (has(IGNORE_INSERTS), has(ARGUMENT_ARRAY), request.arguments) {
        (true, ..) => None,
        // Without arguments an insert is at no address.
        (false, _, 0) => Some(Words(cx.arguments.list_at(0))),
        (false, true, array) => Some(Words(cx.arguments.list_at(array))),
        (false, false, place) => {
            Some(Words(cx.arguments.list_at(cx.memory.read_u32(place).map_err(unreadable)?)))
        }
    };
    let lines = match request.flags & MAX_WIDTH_MASK {
        0 => Lines::Kept,
        MAX_WIDTH_MASK => Lines::Escaped,
        width => Lines::Width(width as usize),
    };
    let made =
        message::text(cx.memory, &definition, words.as_ref().map(|words| words as &dyn Inserts), lines);
    let text = made.map_err(|error| match error {
        MessageError::BadInsert | MessageError::Format(FormatError::Fault(_)) => ERROR_INVALID_PARAMETER,
        MessageError::Format(FormatError::TooLong) => ERROR_INSUFFICIENT_BUFFER,
    })?;
    let length = text.len() as u32;
    if !has(ALLOCATE_BUFFER) {
        if length >= request.size {
            return Err(ERROR_INSUFFICIENT_BUFFER);
        }
        string::write(cx.memory, request.buffer, &text).map_err(unreadable)?;
        return Ok(length);
    }
    // That the address can be stored is seen before there is a block.
    cx.memory.write_u32(request.buffer, 0).map_err(unreadable)?;
    let block = heap::malloc(cx, (length + 1).max(request.size).saturating_mul(2));
    if block == 0 {
        return Err(cx.last_error.unwrap_or(ERROR_INSUFFICIENT_BUFFER));
    }
    string::write(cx.memory, block, &text).map_err(unreadable)?;
    cx.memory.write_u32(request.buffer, block).map_err(unreadable)?;
    Ok(length)
}

/// The text that the message is made of.
fn definition(cx: &Cx<'_>, request: Request) -> Result<Vec<u16>, u32> {
    let has = |flag: u32| request.flags & flag != 0;
    if has(FROM_STRING) {
        let text = string::read(cx.memory, request.source, message::LIMIT as u32);
        return text.map_err(|_| ERROR_INVALID_PARAMETER);
    }
    if has(FROM_SYSTEM) {
        let text = system_messages::of(request.id).ok_or(ERROR_MR_MID_NOT_FOUND)?;
        return Ok(text.encode_utf16().chain([0x0D, 0x0A]).collect());
    }
    Err(if has(FROM_HMODULE) { ERROR_RESOURCE_TYPE_NOT_FOUND } else { ERROR_INVALID_PARAMETER })
}

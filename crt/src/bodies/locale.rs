//! Characters and code pages. The device's language is English of the United States; its ANSI code page is
//! 1252, its OEM code page 437.

use crate::call::Cx;
use crate::memory::{Fault, Reader, write_units};
use crate::nls::pages::{CodePage, DEFAULT};
use crate::string;
use crate::unit::Unit;

/// The ANSI code page.
pub(crate) const ANSI: u32 = 1252;
/// The OEM code page.
pub(crate) const OEM: u32 = 437;

const ERROR_INVALID_PARAMETER: u32 = 87;
const ERROR_INSUFFICIENT_BUFFER: u32 = 122;
const ERROR_NO_UNICODE_TRANSLATION: u32 = 1113;

const MB_ERR_INVALID_CHARS: u32 = 8;

/// The longest text that is converted at once, in units of its source.
pub(crate) const LIMIT: u32 = 1 << 24;

fn fail(cx: &mut Cx<'_>, error: u32) -> u32 {
    cx.last_error = Some(error);
    0
}

/// A text whose length is given, or −1 for all up to and with its NUL.
pub(crate) fn source<U: Unit>(cx: &Cx<'_>, text: u32, length: i32) -> Result<Option<Vec<U>>, Fault> {
    if text == 0 || length == 0 || length < -1 || length > LIMIT as i32 {
        return Ok(None);
    }
    if length == -1 {
        let mut units: Vec<U> = string::read(cx.memory, text, LIMIT)?;
        units.push(U::NUL);
        return Ok(Some(units));
    }
    let mut reader = Reader::<U>::new(cx.memory, text);
    (0..length).map(|_| reader.take()).collect::<Result<Vec<U>, Fault>>().map(Some)
}

/// Stores converted text, or with a size of 0 only tells its length.
pub(crate) fn store<U: Unit>(cx: &mut Cx<'_>, units: &[U], buffer: u32, size: i32) -> Result<u32, Fault> {
    if size == 0 {
        return Ok(units.len() as u32);
    }
    if size < 0 || buffer == 0 {
        return Ok(fail(cx, ERROR_INVALID_PARAMETER));
    }
    let fits = units.len().min(size as usize);
    write_units(cx.memory, buffer, &units[..fits])?;
    if fits < units.len() {
        return Ok(fail(cx, ERROR_INSUFFICIENT_BUFFER));
    }
    Ok(units.len() as u32)
}

/// `MultiByteToWideChar`.
pub(crate) fn to_wide(
    cx: &mut Cx<'_>,
    page: u32,
    flags: u32,
    text: u32,
    length: i32,
    buffer: u32,
    size: i32,
) -> Result<u32, Fault> {
    let (Some(page), true) = (CodePage::of(page), size >= 0) else {
        return Ok(fail(cx, ERROR_INVALID_PARAMETER));
    };
    let Some(narrow) = source::<u8>(cx, text, length)? else { return Ok(fail(cx, ERROR_INVALID_PARAMETER)) };
    let Some(wide) = page.to_wide(&narrow, flags & MB_ERR_INVALID_CHARS == 0) else {
        return Ok(fail(cx, ERROR_NO_UNICODE_TRANSLATION));
    };
    store(cx, &wide, buffer, size)
}

/// The text of a `WideCharToMultiByte` and what it becomes.
#[derive(Clone, Copy)]
pub(crate) struct ToNarrow {
    pub page: u32,
    pub text: u32,
    pub length: i32,
    pub buffer: u32,
    pub size: i32,
    /// Points to the character for what the page lacks, or 0.
    pub default: u32,
    /// Where is stored whether it was used, or 0.
    pub used: u32,
}

/// `WideCharToMultiByte`.
pub(crate) fn to_narrow(cx: &mut Cx<'_>, call: ToNarrow) -> Result<u32, Fault> {
    let has_default = call.default != 0 || call.used != 0;
    let page = CodePage::of(call.page).filter(|page| page.is_table() || !has_default);
    let (Some(page), true) = (page, call.size >= 0) else { return Ok(fail(cx, ERROR_INVALID_PARAMETER)) };
    let Some(wide) = source::<u16>(cx, call.text, call.length)? else {
        return Ok(fail(cx, ERROR_INVALID_PARAMETER));
    };
    let mut default = [DEFAULT];
    if call.default != 0 {
        cx.memory.read(call.default, &mut default)?;
    }
    let (narrow, replaced) = page.to_narrow(&wide, default[0]);
    if call.used != 0 {
        cx.memory.write_u32(call.used, u32::from(replaced))?;
    }
    store(cx, &narrow, call.buffer, call.size)
}

/// `CharLowerW`, `CharUpperW`: of a character if the upper half of the pointer is 0, else of a string in
/// place.
pub(crate) fn change_case(cx: &mut Cx<'_>, text: u32, each: fn(u16) -> u16) -> Result<u32, Fault> {
    if text >> 16 == 0 {
        return Ok(u32::from(each(text as u16)));
    }
    let length = string::length::<u16>(cx.memory, text)?;
    string::map(cx.memory, text, length, each)
}

/// `CharLowerBuffW`, `CharUpperBuffW`: returns how many characters it went over.
pub(crate) fn change_case_of(
    cx: &mut Cx<'_>,
    text: u32,
    length: u32,
    each: fn(u16) -> u16,
) -> Result<u32, Fault> {
    string::map(cx.memory, text, length, each)?;
    Ok(length)
}

/// `CharNextW`: the next character's address; at the end its own.
pub(crate) fn next_character(cx: &mut Cx<'_>, text: u32) -> Result<u32, Fault> {
    let unit = Reader::<u16>::new(cx.memory, text).take()?;
    Ok(if unit == 0 { text } else { text.wrapping_add(2) })
}

/// `IsDBCSLeadByteEx`: no byte is, in pages that there are.
pub(crate) fn is_lead_byte(cx: &mut Cx<'_>, page: u32) -> bool {
    if CodePage::of(page).is_none() {
        fail(cx, ERROR_INVALID_PARAMETER);
    }
    false
}

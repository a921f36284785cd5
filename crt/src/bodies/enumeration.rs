//! Functions that tell the guest's function one text after the other: `EnumDateFormats` and its kin.

use crate::bodies::heap;
use crate::call::{Cx, Stop};
use crate::memory::Fault;
use crate::nls::{locale, pages};
use crate::pause::Step;
use crate::string;

const ERROR_INVALID_PARAMETER: u32 = 87;
const ERROR_INVALID_FLAGS: u32 = 1004;

/// An enumeration on its way.
#[derive(Debug, Clone)]
struct Enumeration {
    procedure: u32,
    /// What the procedure is given behind the text, if anything.
    parameter: Option<u32>,
    /// The texts that are left, the next one last.
    left: Vec<String>,
    /// Where the text is told.
    block: u32,
}

/// Tells texts, until the procedure returns 0.
fn tell(cx: &mut Cx<'_>, procedure: u32, parameter: Option<u32>, texts: &[String]) -> Result<Step, Stop> {
    let longest = texts.iter().map(|text| text.encode_utf16().count()).max().unwrap_or(0) as u32;
    let block = heap::malloc(cx, 2 * (longest + 1));
    if block == 0 {
        return Ok(Step::done(false));
    }
    let left = texts.iter().rev().cloned().collect();
    Ok(Enumeration { procedure, parameter, left, block }.next(cx)?)
}

impl Enumeration {
    fn next(mut self, cx: &mut Cx<'_>) -> Result<Step, Fault> {
        let Some(text) = self.left.pop() else { return Ok(self.end(cx)) };
        string::write(cx.memory, self.block, &text.encode_utf16().collect::<Vec<_>>())?;
        let words: Vec<u32> = [self.block].into_iter().chain(self.parameter).collect();
        Ok(Step::ask_guest(self.procedure, &words, self, |enumeration, cx, goes_on| {
            Ok(if goes_on == 0 { enumeration.end(cx) } else { enumeration.next(cx)? })
        }))
    }

    fn end(self, cx: &mut Cx<'_>) -> Step {
        heap::free_block(cx, self.block);
        Step::done(true)
    }
}

fn refuse(cx: &mut Cx<'_>, error: u32) -> Result<Step, Stop> {
    cx.last_error = Some(error);
    Ok(Step::done(false))
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// `EnumDateFormatsW`.
pub(crate) fn date_formats(cx: &mut Cx<'_>, procedure: u32, lcid: u32, flags: u32) -> Result<Step, Stop> {
    if procedure == 0 || !locale::is_known(lcid) {
        return refuse(cx, ERROR_INVALID_PARAMETER);
    }
    match flags {
        1 => tell(cx, procedure, None, &owned(&locale::SHORT_DATES)),
        2 => tell(cx, procedure, None, &owned(&locale::LONG_DATES)),
        8 => tell(cx, procedure, None, &owned(&[locale::YEAR_MONTH])),
        _ => refuse(cx, ERROR_INVALID_FLAGS),
    }
}

/// `EnumTimeFormatsW`.
pub(crate) fn time_formats(cx: &mut Cx<'_>, procedure: u32, lcid: u32, flags: u32) -> Result<Step, Stop> {
    match (procedure != 0 && locale::is_known(lcid), flags) {
        (false, _) => refuse(cx, ERROR_INVALID_PARAMETER),
        (true, 0) => tell(cx, procedure, None, &owned(&locale::TIMES)),
        (true, _) => refuse(cx, ERROR_INVALID_FLAGS),
    }
}

/// `EnumCalendarInfoW`: of all calendars or of the Gregorian one, which is the only one.
pub(crate) fn calendar_info(
    cx: &mut Cx<'_>,
    procedure: u32,
    lcid: u32,
    calendar: u32,
    kind: u32,
) -> Result<Step, Stop> {
    const ALL: u32 = u32::MAX;
    if procedure == 0 || !locale::is_known(lcid) || !matches!(calendar, 1 | ALL) {
        return refuse(cx, ERROR_INVALID_PARAMETER);
    }
    match locale::calendar(kind) {
        Some(texts) => tell(cx, procedure, None, &owned(texts)),
        None => refuse(cx, ERROR_INVALID_FLAGS),
    }
}

/// Whether flags ask for what is installed or for what is supported, which is the same.
fn is_asked(flags: u32) -> bool {
    matches!(flags, 1 | 2)
}

/// `EnumSystemLocalesW`.
pub(crate) fn locales(cx: &mut Cx<'_>, procedure: u32, flags: u32) -> Result<Step, Stop> {
    match (procedure, is_asked(flags)) {
        (0, _) => refuse(cx, ERROR_INVALID_PARAMETER),
        (_, false) => refuse(cx, ERROR_INVALID_FLAGS),
        _ => tell(cx, procedure, None, &[format!("{:08x}", locale::LCID)]),
    }
}

/// `EnumSystemCodePagesW`.
pub(crate) fn code_pages(cx: &mut Cx<'_>, procedure: u32, flags: u32) -> Result<Step, Stop> {
    match (procedure, is_asked(flags)) {
        (0, _) => refuse(cx, ERROR_INVALID_PARAMETER),
        (_, false) => refuse(cx, ERROR_INVALID_FLAGS),
        _ => tell(cx, procedure, None, &pages::NUMBERS.map(|number| number.to_string())),
    }
}

/// `EnumUILanguagesW`.
pub(crate) fn languages(cx: &mut Cx<'_>, procedure: u32, flags: u32, parameter: u32) -> Result<Step, Stop> {
    match (procedure, flags) {
        (0, _) => refuse(cx, ERROR_INVALID_PARAMETER),
        (_, 0) => tell(cx, procedure, Some(parameter), &[format!("{:04x}", locale::LCID)]),
        _ => refuse(cx, ERROR_INVALID_FLAGS),
    }
}

//! The national language functions: arguments taken, results stored, errors noted.

use cerium_coredll::Reply;

use crate::bodies::locale::{LIMIT, source, store};
use crate::bodies::request;
use crate::call::{Cx, Stop};
use crate::memory::Fault;
use crate::nls::dates::{LeftOut, SYSTEMTIME_SIZE, SystemTime};
use crate::nls::locale::Kind as LocaleKind;
use crate::nls::numbers::{self, Number, Style};
use crate::nls::pages::{CodePage, DEFAULT};
use crate::nls::types::Kind as TypeKind;
use crate::nls::{dates, locale, mapping, order};
use crate::pause::Step;
use crate::string;

const ERROR_INVALID_PARAMETER: u32 = 87;
const ERROR_INVALID_FLAGS: u32 = 1004;

/// `LOCALE_NOUSEROVERRIDE`: nothing is overridden.
const NO_USER_OVERRIDE: u32 = 0x8000_0000;
/// `LOCALE_USE_CP_ACP`, which means nothing where all is wide.
const USE_CP_ACP: u32 = 0x4000_0000;
/// `LOCALE_RETURN_NUMBER`.
const RETURN_NUMBER: u32 = 0x2000_0000;

/// The longest picture or separator that is looked at. Our choice.
const PICTURE_LIMIT: u32 = 1024;

fn fail(cx: &mut Cx<'_>, error: u32) -> u32 {
    cx.last_error = Some(error);
    0
}

fn wide(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

/// Stores text and a NUL; returns the length with it, which alone is asked for by a size of 0.
fn store_text(cx: &mut Cx<'_>, text: &[u16], buffer: u32, size: i32) -> Result<u32, Fault> {
    store(cx, &[text, &[0]].concat(), buffer, size)
}

/// A text whose length is given, or −1; its NUL is not counted.
fn text(cx: &Cx<'_>, address: u32, length: i32) -> Result<Option<Vec<u16>>, Fault> {
    if address == 0 || length < -1 || length > LIMIT as i32 {
        return Ok(None);
    }
    match length {
        -1 => string::read(cx.memory, address, LIMIT).map(Some),
        0 => Ok(Some(Vec::new())),
        _ => source(cx, address, length),
    }
}

/// `GetLocaleInfoW`.
pub(crate) fn locale_info(
    cx: &mut Cx<'_>,
    lcid: u32,
    kind: u32,
    buffer: u32,
    size: i32,
) -> Result<u32, Fault> {
    let asked = kind & !(NO_USER_OVERRIDE | USE_CP_ACP | RETURN_NUMBER);
    if !locale::is_known(lcid) || size < 0 || (size > 0 && buffer == 0) {
        return Ok(fail(cx, ERROR_INVALID_PARAMETER));
    }
    let Some((form, value)) = locale::information(asked) else { return Ok(fail(cx, ERROR_INVALID_FLAGS)) };
    if kind & RETURN_NUMBER == 0 {
        return store_text(cx, &wide(value), buffer, size);
    }
    let radix = match form {
        LocaleKind::Text => return Ok(fail(cx, ERROR_INVALID_FLAGS)),
        LocaleKind::Number => 10,
        LocaleKind::Hexadecimal => 16,
    };
    let number = u32::from_str_radix(value, radix).expect("a test holds the table to this");
    store(cx, &[number as u16, (number >> 16) as u16], buffer, size)
}

/// `GetCalendarInfoW`.
pub(crate) fn calendar_info(
    cx: &mut Cx<'_>,
    (lcid, calendar, kind): (u32, u32, u32),
    buffer: u32,
    size: i32,
    value: u32,
) -> Result<u32, Fault> {
    const TWO_DIGIT_YEAR_MAX: u32 = 0x30;
    const GREGORIAN: u32 = 1;
    let asked = kind & !(NO_USER_OVERRIDE | USE_CP_ACP | RETURN_NUMBER);
    if !locale::is_known(lcid) || calendar != GREGORIAN {
        return Ok(fail(cx, ERROR_INVALID_PARAMETER));
    }
    if kind & RETURN_NUMBER != 0 {
        let number = match asked {
            TWO_DIGIT_YEAR_MAX => 2029,
            GREGORIAN => 1,
            _ => return Ok(fail(cx, ERROR_INVALID_FLAGS)),
        };
        if value == 0 || buffer != 0 || size != 0 {
            return Ok(fail(cx, ERROR_INVALID_PARAMETER));
        }
        cx.memory.write_u32(value, number)?;
        return Ok(2);
    }
    match locale::calendar(asked) {
        Some([first, ..]) => store_text(cx, &wide(first), buffer, size),
        _ if asked == TWO_DIGIT_YEAR_MAX => store_text(cx, &wide("2029"), buffer, size),
        _ => Ok(fail(cx, ERROR_INVALID_FLAGS)),
    }
}

/// `IsValidLocale`: installed and supported are the same.
pub(crate) fn is_valid_locale(lcid: u32, flags: u32) -> bool {
    matches!(flags, 1 | 2) && lcid == locale::LCID
}

/// `ConvertDefaultLocale`: the locale that a default stands for.
pub(crate) fn real_locale(lcid: u32) -> u32 {
    if locale::is_known(lcid) { locale::LCID } else { lcid }
}

/// `SetUserDefaultLCID` and its kin: the one locale can be set, which changes nothing.
pub(crate) fn set_locale(cx: &mut Cx<'_>, lcid: u32) -> bool {
    let known = locale::is_known(lcid);
    if !known {
        fail(cx, ERROR_INVALID_PARAMETER);
    }
    known
}

/// `CompareStringW`: 1, 2 or 3 for less, equal and greater.
pub(crate) fn compare(
    cx: &mut Cx<'_>,
    (lcid, flags): (u32, u32),
    (left, left_length): (u32, i32),
    (right, right_length): (u32, i32),
) -> Result<u32, Fault> {
    let (left, right) = (text(cx, left, left_length)?, text(cx, right, right_length)?);
    let (Some(left), Some(right), true) = (left, right, locale::is_known(lcid)) else {
        return Ok(fail(cx, ERROR_INVALID_PARAMETER));
    };
    let flags = flags & !USE_CP_ACP;
    if flags & !order::FLAGS != 0 {
        return Ok(fail(cx, ERROR_INVALID_FLAGS));
    }
    let (left, right) = (order::sort_key(&left, flags), order::sort_key(&right, flags));
    Ok((left.cmp(&right) as i32 + 2) as u32)
}

/// `lstrcmpW`, `lstrcmpiW`: as `CompareString` compares, −1, 0 or 1.
pub(crate) fn compare_strings(cx: &mut Cx<'_>, left: u32, right: u32, flags: u32) -> Result<i32, Fault> {
    let key = |address: u32| {
        string::read::<u16>(cx.memory, address, LIMIT).map(|text| order::sort_key(&text, flags))
    };
    Ok(key(left)?.cmp(&key(right)?) as i32)
}

/// `LCMapStringW`; of a sort key the size counts bytes.
pub(crate) fn map(
    cx: &mut Cx<'_>,
    (lcid, flags): (u32, u32),
    (address, length): (u32, i32),
    buffer: u32,
    size: i32,
) -> Result<u32, Fault> {
    let flags = flags & !USE_CP_ACP;
    let text = source::<u16>(cx, address, length)?;
    let (Some(text), true) = (text, locale::is_known(lcid)) else {
        return Ok(fail(cx, ERROR_INVALID_PARAMETER));
    };
    if !mapping::may_map(flags) {
        return Ok(fail(cx, ERROR_INVALID_FLAGS));
    }
    if flags & mapping::flag::SORTKEY == 0 {
        return store(cx, &mapping::map(&text, flags), buffer, size);
    }
    let mut key = order::sort_key(&text, flags & order::FLAGS);
    if flags & mapping::flag::BYTEREV != 0 {
        key.chunks_exact_mut(2).for_each(|pair| pair.swap(0, 1));
    }
    store(cx, &key, buffer, size)
}

/// `FoldStringW`.
pub(crate) fn fold(
    cx: &mut Cx<'_>,
    flags: u32,
    (address, length): (u32, i32),
    buffer: u32,
    size: i32,
) -> Result<u32, Fault> {
    let Some(text) = source::<u16>(cx, address, length)? else {
        return Ok(fail(cx, ERROR_INVALID_PARAMETER));
    };
    if !mapping::may_fold(flags) {
        return Ok(fail(cx, ERROR_INVALID_FLAGS));
    }
    store(cx, &mapping::folded(&text, flags), buffer, size)
}

/// `GetStringTypeW`, `GetStringTypeExW`: a word for each unit of the text.
pub(crate) fn string_type(
    cx: &mut Cx<'_>,
    kind: u32,
    address: u32,
    length: i32,
    types: u32,
) -> Result<bool, Fault> {
    let text = source::<u16>(cx, address, length)?;
    let (Some(text), true) = (text, types != 0) else {
        return Ok(fail(cx, ERROR_INVALID_PARAMETER) != 0);
    };
    let Some(kind) = TypeKind::of(kind) else { return Ok(fail(cx, ERROR_INVALID_FLAGS) != 0) };
    let bytes: Vec<u8> = text.into_iter().flat_map(|unit| kind.told(unit).to_le_bytes()).collect();
    cx.memory.write(types, &bytes)?;
    Ok(true)
}

/// `GetStringTypeExW`: the locale must be one.
pub(crate) fn string_type_of(
    cx: &mut Cx<'_>,
    (lcid, kind): (u32, u32),
    address: u32,
    length: i32,
    types: u32,
) -> Result<bool, Fault> {
    if !locale::is_known(lcid) {
        return Ok(fail(cx, ERROR_INVALID_PARAMETER) != 0);
    }
    string_type(cx, kind, address, length, types)
}

/// `GetCPInfo`: fills in a CPINFO.
pub(crate) fn code_page_info(cx: &mut Cx<'_>, page: u32, info: u32) -> Result<bool, Fault> {
    let (Some(page), true) = (CodePage::of(page), info != 0) else {
        return Ok(fail(cx, ERROR_INVALID_PARAMETER) != 0);
    };
    // MaxCharSize, DefaultChar, and LeadByte, of which there are none.
    let mut bytes = [0; 20];
    bytes[..4].copy_from_slice(&page.longest().to_le_bytes());
    bytes[4] = DEFAULT;
    cx.memory.write(info, &bytes)?;
    Ok(true)
}

/// What a function that formats is given besides its value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Form {
    pub lcid: u32,
    pub flags: u32,
    /// The picture or the structure, or 0 for the locale's.
    pub format: u32,
    pub buffer: u32,
    pub size: i32,
}

impl Form {
    /// Refuses what no formatting function takes.
    fn refused(&self, known: u32) -> Option<u32> {
        let flags = self.flags & !(NO_USER_OVERRIDE | USE_CP_ACP);
        if !locale::is_known(self.lcid) || self.size < 0 || (self.size > 0 && self.buffer == 0) {
            return Some(ERROR_INVALID_PARAMETER);
        }
        let clashes = self.format != 0 && self.flags & NO_USER_OVERRIDE != 0;
        (flags & !known != 0 || clashes).then_some(ERROR_INVALID_FLAGS)
    }

    fn picture(&self, cx: &Cx<'_>, default: &str) -> Result<Vec<u16>, Fault> {
        if self.format == 0 { Ok(wide(default)) } else { string::read(cx.memory, self.format, PICTURE_LIMIT) }
    }
}

/// A `SYSTEMTIME` in memory.
fn system_time(cx: &Cx<'_>, address: u32) -> Result<SystemTime, Fault> {
    let mut bytes = [0; SYSTEMTIME_SIZE];
    cx.memory.read(address, &mut bytes)?;
    Ok(SystemTime::from_bytes(bytes))
}

/// `GetDateFormatW` of a date.
pub(crate) fn date(cx: &mut Cx<'_>, form: Form, time: SystemTime) -> Result<u32, Fault> {
    const SHORT: u32 = 1;
    const LONG: u32 = 2;
    const ALTERNATE_CALENDAR: u32 = 4;
    const YEAR_MONTH: u32 = 8;
    const READING: u32 = 0x30;
    if let Some(error) = form.refused(SHORT | LONG | YEAR_MONTH | ALTERNATE_CALENDAR | READING) {
        return Ok(fail(cx, error));
    }
    let default = match form.flags & (SHORT | LONG | YEAR_MONTH) {
        0 | SHORT => locale::SHORT_DATE,
        LONG => locale::LONG_DATE,
        YEAR_MONTH => locale::YEAR_MONTH,
        _ => return Ok(fail(cx, ERROR_INVALID_FLAGS)),
    };
    if form.format != 0 && form.flags & (SHORT | LONG | YEAR_MONTH) != 0 {
        return Ok(fail(cx, ERROR_INVALID_FLAGS));
    }
    if !time.is_date() {
        return Ok(fail(cx, ERROR_INVALID_PARAMETER));
    }
    let picture = form.picture(cx, default)?;
    store_text(cx, &dates::date(&picture, time), form.buffer, form.size)
}

/// `GetTimeFormatW` of a time.
pub(crate) fn time(cx: &mut Cx<'_>, form: Form, time: SystemTime) -> Result<u32, Fault> {
    if let Some(error) = form.refused(0xF) {
        return Ok(fail(cx, error));
    }
    if !time.is_time() {
        return Ok(fail(cx, ERROR_INVALID_PARAMETER));
    }
    let has = |flag: u32| form.flags & flag != 0;
    let left_out = LeftOut { minutes: has(1), seconds: has(2), marker: has(4), halves: has(8) };
    let picture = form.picture(cx, locale::TIME)?;
    store_text(cx, &dates::time(&picture, time, left_out), form.buffer, form.size)
}

/// `GetDateFormatW`: of the local date now if none is given.
pub(crate) fn date_at(cx: &mut Cx<'_>, form: Form, address: u32) -> Result<Step, Stop> {
    if address == 0 {
        return Ok(request::local_time(form, |form, cx, reply| {
            Ok(Step::done(date(cx, form, given(&reply))?))
        }));
    }
    let moment = system_time(cx, address)?;
    Ok(Step::done(date(cx, form, moment)?))
}

/// `GetTimeFormatW`: of the local time now if none is given.
pub(crate) fn time_at(cx: &mut Cx<'_>, form: Form, address: u32) -> Result<Step, Stop> {
    if address == 0 {
        return Ok(request::local_time(form, |form, cx, reply| {
            Ok(Step::done(time(cx, form, given(&reply))?))
        }));
    }
    let moment = system_time(cx, address)?;
    Ok(Step::done(time(cx, form, moment)?))
}

/// The moment that a reply gives.
fn given(reply: &Reply) -> SystemTime {
    let bytes = reply.outs.as_slice().first().and_then(|out| out.as_bytes().first_chunk());
    bytes.map_or_else(SystemTime::default, |bytes| SystemTime::from_bytes(*bytes))
}

/// Reads a structure that says how numbers are written: its words, and the texts two of them point to.
fn style(cx: &Cx<'_>, address: u32) -> Result<Option<Style>, Fault> {
    let word = |place: u32| cx.memory.read_u32(address.wrapping_add(4 * place));
    let (digits, leading, grouping) = (word(0)?, word(1)?, word(2)?);
    let separators = (word(3)?, word(4)?);
    if digits > 9 || leading > 1 || (grouping > 9 && grouping != 32) || separators.0 == 0 || separators.1 == 0
    {
        return Ok(None);
    }
    let decimal = string::read(cx.memory, separators.0, PICTURE_LIMIT)?;
    let thousand = string::read(cx.memory, separators.1, PICTURE_LIMIT)?;
    Ok(Some(Style { digits, leading_zero: leading != 0, grouping, decimal, thousand }))
}

/// The locale's own style.
fn default_style() -> Style {
    Style { digits: 2, leading_zero: true, grouping: 3, decimal: wide("."), thousand: wide(",") }
}

/// `GetNumberFormatW`.
pub(crate) fn number(cx: &mut Cx<'_>, form: Form, value: u32) -> Result<u32, Fault> {
    if let Some(error) = form.refused(0) {
        return Ok(fail(cx, error));
    }
    let (style, negative_order) = match form.format {
        0 => (Some(default_style()), 1),
        address => (style(cx, address)?, cx.memory.read_u32(address.wrapping_add(20))?),
    };
    let text = string::read::<u16>(cx.memory, value, PICTURE_LIMIT)?;
    let pattern = numbers::NEGATIVE_NUMBERS.get(negative_order as usize);
    let (Some(style), Some(pattern), Some(number)) = (style, pattern, Number::parse(&text)) else {
        return Ok(fail(cx, ERROR_INVALID_PARAMETER));
    };
    let (negative, digits) = number.write(&style);
    let made = numbers::arrange(if negative { pattern } else { "n" }, &digits, &[]);
    store_text(cx, &made, form.buffer, form.size)
}

/// `GetCurrencyFormatW`.
pub(crate) fn currency(cx: &mut Cx<'_>, form: Form, value: u32) -> Result<u32, Fault> {
    if let Some(error) = form.refused(0) {
        return Ok(fail(cx, error));
    }
    let (style, negative_order, positive_order, symbol) = match form.format {
        0 => (Some(default_style()), 0, 0, wide("$")),
        address => {
            let word = |place: u32| cx.memory.read_u32(address.wrapping_add(4 * place));
            let symbol = string::read(cx.memory, word(7)?, PICTURE_LIMIT)?;
            (style(cx, address)?, word(5)?, word(6)?, symbol)
        }
    };
    let text = string::read::<u16>(cx.memory, value, PICTURE_LIMIT)?;
    let patterns = (
        numbers::NEGATIVE_AMOUNTS.get(negative_order as usize),
        numbers::POSITIVE_AMOUNTS.get(positive_order as usize),
    );
    let (Some(style), (Some(negative_pattern), Some(pattern)), Some(number)) =
        (style, patterns, Number::parse(&text))
    else {
        return Ok(fail(cx, ERROR_INVALID_PARAMETER));
    };
    let (negative, digits) = number.write(&style);
    let made = numbers::arrange(if negative { negative_pattern } else { pattern }, &digits, &symbol);
    store_text(cx, &made, form.buffer, form.size)
}

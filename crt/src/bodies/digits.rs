//! Floating-point numbers as digits: `_ecvt`, `_fcvt`, `_gcvt`; and text to numbers that tell of their range.

use crate::bodies::heap;
use crate::call::Cx;
use crate::convert;
use crate::decimal::Decimal;
use crate::memory::Fault;
use crate::secure::{EINVAL, ERANGE};
use crate::string;

/// `_CVTBUFSIZE`: what the digits of the greatest double and forty more need.
const BUFFER_SIZE: u32 = 309 + 40;

/// `_OVERFLOW` and `_UNDERFLOW` of `math.h`.
const OVERFLOW: u32 = 3;
const UNDERFLOW: u32 = 4;

/// What a count of digits is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counted {
    /// The first digit: `_ecvt`.
    Significant,
    /// The point: `_fcvt`.
    AfterPoint,
}

/// Digits without a point, where the point is, and the sign.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Digits {
    text: Vec<u8>,
    point: i32,
    negative: bool,
}

impl Digits {
    /// At most as many digits as a buffer of the run-time's own size holds.
    fn new(value: f64, count: i32, counted: Counted) -> Self {
        let mut decimal = Decimal::new(value);
        let count = i64::from(count.min(BUFFER_SIZE as i32 - 1));
        let keep = match counted {
            Counted::Significant => count,
            Counted::AfterPoint => decimal.point + count,
        };
        let was_zero = decimal.digits.is_empty();
        decimal.round(keep);
        let point = match (decimal.digits.is_empty(), was_zero) {
            (false, _) => decimal.point,
            // A zero has its point in front.
            (true, true) => 0,
            // Nothing is left of it: no digits, and the point as far in front as was looked.
            (true, false) => -count,
        };
        let shown = match counted {
            Counted::Significant => count,
            Counted::AfterPoint => point + count,
        };
        let text =
            (0..shown.clamp(0, i64::from(BUFFER_SIZE) - 1)).map(|place| decimal.digit(place)).collect();
        Self { text, point: point as i32, negative: decimal.negative }
    }

    fn store_parts(&self, cx: &mut Cx<'_>, point: u32, sign: u32) -> Result<(), Fault> {
        cx.memory.write_u32(point, self.point as u32)?;
        cx.memory.write_u32(sign, u32::from(self.negative))
    }
}

/// `_ecvt`, `_fcvt`: the digits are in a buffer of the thread's, which the next call uses again; 0 if there is
/// no memory for it.
pub(crate) fn digits(
    cx: &mut Cx<'_>,
    value: f64,
    count: i32,
    counted: Counted,
    point: u32,
    sign: u32,
) -> Result<u32, Fault> {
    if cx.thread.digits == 0 {
        cx.thread.digits = heap::malloc(cx, BUFFER_SIZE);
    }
    let buffer = cx.thread.digits;
    if buffer == 0 {
        return Ok(0);
    }
    let digits = Digits::new(value, count, counted);
    digits.store_parts(cx, point, sign)?;
    string::write(cx.memory, buffer, &digits.text)?;
    Ok(buffer)
}

/// Where the checked forms put what they make.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Places {
    pub buffer: u32,
    pub size: u32,
    pub point: u32,
    pub sign: u32,
}

/// `_ecvt_s`, `_fcvt_s`.
pub(crate) fn digits_checked(
    cx: &mut Cx<'_>,
    places: Places,
    value: f64,
    count: i32,
    counted: Counted,
) -> Result<u32, Fault> {
    let Places { buffer, size, point, sign } = places;
    if buffer == 0 || size == 0 || point == 0 || sign == 0 {
        return Ok(EINVAL);
    }
    let digits = Digits::new(value, count, counted);
    digits.store_parts(cx, point, sign)?;
    put(cx, buffer, size, &digits.text)
}

/// Stores text if it fits with its NUL, else an empty text.
fn put(cx: &mut Cx<'_>, buffer: u32, size: u32, text: &[u8]) -> Result<u32, Fault> {
    let fits = text.len() < size as usize;
    string::write(cx.memory, buffer, if fits { text } else { &[] })?;
    Ok(if fits { 0 } else { ERANGE })
}

/// `_gcvt`'s text: so many significant digits, without zeros at the end but with the point; with an exponent
/// where it would be less than a tenth or have more digits before the point.
fn general(value: f64, count: i32) -> Vec<u8> {
    let count = i64::from(count.clamp(1, BUFFER_SIZE as i32 - 1));
    let mut decimal = Decimal::new(value);
    decimal.round(count);
    let power = decimal.point - 1;
    let digits = decimal.digits.len() as i64;
    let mut text = Vec::new();
    text.extend(decimal.negative.then_some(b'-'));
    if (-1..count).contains(&power) {
        text.extend((0..decimal.point.max(1)).map(|place| decimal.digit(place - (1 - decimal.point).max(0))));
        text.push(b'.');
        text.extend((decimal.point..digits).map(|place| decimal.digit(place)));
        return text;
    }
    text.extend([decimal.digit(0), b'.']);
    text.extend((1..digits).map(|place| decimal.digit(place)));
    let sign = if power < 0 { '-' } else { '+' };
    text.extend(format!("e{sign}{:03}", power.abs()).bytes());
    text
}

/// `_gcvt`: returns the buffer.
pub(crate) fn text(cx: &mut Cx<'_>, value: f64, count: i32, buffer: u32) -> Result<u32, Fault> {
    string::write(cx.memory, buffer, &general(value, count))?;
    Ok(buffer)
}

/// `_gcvt_s`.
pub(crate) fn text_checked(
    cx: &mut Cx<'_>,
    buffer: u32,
    size: u32,
    value: f64,
    count: i32,
) -> Result<u32, Fault> {
    if buffer == 0 || size == 0 {
        return Ok(EINVAL);
    }
    if count <= 0 || count as u32 >= size {
        return put(cx, buffer, size, &[]).map(|_| ERANGE);
    }
    put(cx, buffer, size, &general(value, count))
}

/// `_atodbl`: stores the number and says whether it is out of range.
pub(crate) fn to_double(cx: &mut Cx<'_>, place: u32, text: u32) -> Result<u32, Fault> {
    let value = convert::to_double::<u8>(cx.memory, text, 0)?;
    cx.memory.write(place, &value.to_bits().to_le_bytes())?;
    let tiny = value != 0.0 && value.abs() < f64::MIN_POSITIVE;
    Ok(range(value.is_infinite(), tiny))
}

/// `_atoflt`.
pub(crate) fn to_float(cx: &mut Cx<'_>, place: u32, text: u32) -> Result<u32, Fault> {
    let double = convert::to_double::<u8>(cx.memory, text, 0)?;
    let value = double as f32;
    cx.memory.write_u32(place, value.to_bits())?;
    Ok(range(value.is_infinite(), double != 0.0 && value.abs() < f32::MIN_POSITIVE))
}

fn range(over: bool, under: bool) -> u32 {
    match (over, under) {
        (true, _) => OVERFLOW,
        (_, true) => UNDERFLOW,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;

    fn made(value: f64, count: i32, counted: Counted) -> (String, i32, bool) {
        let Digits { text, point, negative } = Digits::new(value, count, counted);
        (String::from_utf8(text).unwrap(), point, negative)
    }

    #[test]
    fn digits_and_where_the_point_is() {
        assert_eq!(made(PI, 10, Counted::Significant), ("3141592654".into(), 1, false));
        assert_eq!(made(-0.00125, 2, Counted::Significant), ("13".into(), -2, true));
        assert_eq!(made(0.0, 3, Counted::Significant), ("000".into(), 0, false));
        assert_eq!(made(PI, 7, Counted::AfterPoint), ("31415927".into(), 1, false));
        assert_eq!(made(1234.0, -2, Counted::AfterPoint), ("12".into(), 4, false));
        assert_eq!(made(0.001, 2, Counted::AfterPoint), (String::new(), -2, false));
        assert_eq!(made(1e300, i32::MAX, Counted::AfterPoint).0.len(), BUFFER_SIZE as usize - 1);
    }

    #[test]
    fn the_general_form_keeps_its_point() {
        let text = |value, count| String::from_utf8(general(value, count)).unwrap();
        assert_eq!(text(-3.1415e5, 7), "-314150.");
        assert_eq!(text(-3.1415e15, 7), "-3.1415e+015");
        assert_eq!(text(0.5, 5), "0.5");
        assert_eq!(text(0.05, 5), "5.e-002");
        assert_eq!(text(42.0, 2), "42.");
        assert_eq!(text(0.0, 5), "0.");
        assert_eq!(text(999.96, 4), "1000.");
    }
}

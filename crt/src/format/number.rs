//! Numbers as text.

use super::field::Field;
use super::spec::Spec;
use crate::decimal::Decimal;
use crate::unit::Unit;

/// The precision of floating-point conversions when none is given.
const FLOAT_PRECISION: u32 = 6;

/// `%d`.
pub(super) fn signed<U: Unit>(spec: &Spec, value: i64) -> Field<U> {
    integer(spec, sign(spec, value < 0), value.unsigned_abs(), 10, false)
}

/// `%u`, and the digits of any other radix.
pub(super) fn unsigned<U: Unit>(spec: &Spec, value: u64, radix: u64) -> Field<U> {
    integer(spec, b"", value, radix, false)
}

/// `%o`: the alternate form has a zero in front, unless there is one already.
pub(super) fn octal<U: Unit>(spec: &Spec, value: u64) -> Field<U> {
    let mut field = unsigned(spec, value, 8);
    if spec.alternate && field.leading == 0 && field.body.first() != Some(&U::from_ascii(b'0')) {
        field.leading = 1;
    }
    field
}

/// `%x` and `%X`: the alternate form has `0x` in front, unless the value is 0.
pub(super) fn hexadecimal<U: Unit>(spec: &Spec, value: u64, upper: bool) -> Field<U> {
    let prefix: &[u8] = match (spec.alternate && value != 0, upper) {
        (false, _) => b"",
        (true, false) => b"0x",
        (true, true) => b"0X",
    };
    integer(spec, prefix, value, 16, upper)
}

/// `%p`: eight upper case digits whatever the precision.
pub(super) fn pointer<U: Unit>(spec: &Spec, value: u32) -> Field<U> {
    hexadecimal(&Spec { precision: Some(8), ..*spec }, u64::from(value), true)
}

fn sign(spec: &Spec, negative: bool) -> &'static [u8] {
    match (negative, spec.plus, spec.space) {
        (true, ..) => b"-",
        (false, true, _) => b"+",
        (false, false, true) => b" ",
        (false, false, false) => b"",
    }
}

fn ascii<U: Unit>(text: &[u8]) -> Vec<U> {
    text.iter().map(|&character| U::from_ascii(character)).collect()
}

fn integer<U: Unit>(spec: &Spec, prefix: &[u8], value: u64, radix: u64, upper: bool) -> Field<U> {
    let mut body: Vec<U> = digits(value, radix, upper).into_iter().map(U::from_ascii).collect();
    if value == 0 && spec.precision == Some(0) {
        body.clear();
    }
    // The least number of digits; where it is given, the flag 0 has no meaning.
    let leading = u64::from(spec.precision.unwrap_or(1)).saturating_sub(body.len() as u64);
    let zero_fill = spec.zero && spec.precision.is_none();
    Field { prefix: ascii(prefix), leading, body, trailing: 0, suffix: Vec::new(), zero_fill }
}

/// The digits of a number, at least one.
pub(crate) fn digits(value: u64, radix: u64, upper: bool) -> Vec<u8> {
    let letters: &[u8; 36] =
        if upper { b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" } else { b"0123456789abcdefghijklmnopqrstuvwxyz" };
    let mut digits = Vec::with_capacity(20);
    let mut rest = value;
    loop {
        digits.push(letters[(rest % radix) as usize]);
        rest /= radix;
        if rest == 0 {
            break;
        }
    }
    digits.reverse();
    digits
}

/// `%e`, `%f`, `%g` and their upper case forms.
pub(super) fn float<U: Unit>(spec: &Spec, value: f64, letter: u8) -> Field<U> {
    let mut decimal = Decimal::new(value);
    let precision = i64::from(spec.precision.unwrap_or(FLOAT_PRECISION));
    let text = match letter {
        b'f' => {
            decimal.round(decimal.point + precision);
            fixed(&decimal, precision, spec.alternate)
        }
        b'e' | b'E' => {
            decimal.round(precision + 1);
            scientific(&decimal, precision, spec.alternate, letter)
        }
        _ => general(&mut decimal, precision.max(1), spec.alternate, letter - 2),
    };
    let FloatText { head, zeros, exponent } = text;
    Field {
        prefix: ascii(sign(spec, decimal.negative)),
        leading: 0,
        body: ascii(&head),
        trailing: zeros,
        suffix: ascii(&exponent),
        zero_fill: spec.zero,
    }
}

/// A float's digits, the zeros that follow them, and its exponent.
struct FloatText {
    head: Vec<u8>,
    zeros: u64,
    exponent: Vec<u8>,
}

/// The form without an exponent, `places` digits after the point; the number is rounded already.
fn fixed(decimal: &Decimal, places: i64, point_always: bool) -> FloatText {
    let mut head: Vec<u8> = (0..decimal.point).map(|place| decimal.digit(place)).collect();
    if head.is_empty() {
        head.push(b'0');
    }
    if places > 0 || point_always {
        head.push(b'.');
    }
    let stored = (decimal.digits.len() as i64 - decimal.point).clamp(0, places);
    head.extend((decimal.point..decimal.point + stored).map(|place| decimal.digit(place)));
    FloatText { head, zeros: (places - stored) as u64, exponent: Vec::new() }
}

/// The form with an exponent, of three digits at least.
fn scientific(decimal: &Decimal, places: i64, point_always: bool, letter: u8) -> FloatText {
    let mut head = vec![decimal.digit(0)];
    if places > 0 || point_always {
        head.push(b'.');
    }
    let stored = (decimal.digits.len() as i64 - 1).clamp(0, places);
    head.extend((1..=stored).map(|place| decimal.digit(place)));
    let power = decimal.point - 1;
    let sign = if power < 0 { '-' } else { '+' };
    let exponent = format!("{}{sign}{:03}", char::from(letter), power.abs()).into_bytes();
    FloatText { head, zeros: (places - stored) as u64, exponent }
}

/// The shorter of the two, with `precision` significant digits; without the zeros at the end unless
/// alternate.
fn general(decimal: &mut Decimal, precision: i64, alternate: bool, letter: u8) -> FloatText {
    decimal.round(precision);
    let power = decimal.point - 1;
    let shown = if alternate { precision } else { (decimal.digits.len() as i64).max(1) };
    if power < -4 || power >= precision {
        scientific(decimal, shown - 1, alternate, letter)
    } else {
        fixed(decimal, (shown - decimal.point).max(0), alternate)
    }
}

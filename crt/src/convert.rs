//! Text to numbers and numbers to text: `strtol`, `atoi`, `strtod`, `_itoa` and the wide ones.

use crate::ctype;
use crate::format::digits;
use crate::memory::{Fault, GuestMemory, Reader};
use crate::secure::{EINVAL, ERANGE};
use crate::string;
use crate::unit::Unit;

/// An integer as it stands in text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Integer {
    /// Whether there is a minus sign.
    pub negative: bool,
    /// The digits' value, modulo 2⁶⁴.
    pub magnitude: u64,
    /// Whether the value does not fit 64 bits.
    pub overflow: bool,
    /// The address after the last digit; of the text's start if there is no number.
    pub end: u32,
}

impl Integer {
    /// The value as a two's complement number; bits that do not fit are lost.
    #[must_use]
    pub fn wrapped(&self) -> u64 {
        if self.negative { self.magnitude.wrapping_neg() } else { self.magnitude }
    }

    /// The value as a signed number of so many bits, the nearest one if it does not fit.
    fn signed(&self, bits: u32) -> i64 {
        let most = (1_u64 << (bits - 1)) - u64::from(!self.negative);
        let magnitude = if self.overflow { most } else { self.magnitude.min(most) };
        if self.negative { (magnitude as i64).wrapping_neg() } else { magnitude as i64 }
    }

    /// The value as an unsigned number of so many bits; a minus negates it there, and what does not fit is
    /// all ones.
    fn unsigned(&self, bits: u32) -> u64 {
        let most = u64::MAX >> (64 - bits);
        if self.overflow || self.magnitude > most { most } else { self.wrapped() & most }
    }
}

/// Reads an integer: white space, a sign, perhaps `0x`, digits.
///
/// The radix is 2 to 36, or 0 to tell by the text (`0x` 16, `0` 8, else 10). With any other there is no
/// number.
///
/// # Errors
///
/// A fault.
pub fn parse_integer<U: Unit>(memory: &dyn GuestMemory, text: u32, radix: u32) -> Result<Integer, Fault> {
    let mut number = Integer { negative: false, magnitude: 0, overflow: false, end: text };
    if radix == 1 || radix > 36 {
        return Ok(number);
    }
    let mut reader = Reader::<U>::new(memory, text);
    skip_space(&mut reader)?;
    number.negative = take_sign(&mut reader)?;
    let mut radix = radix;
    if matches!(radix, 0 | 16) && digit(reader.peek()?, 10) == Some(0) {
        // The zero is a number by itself: with no digit behind it, "0x" ends before the x.
        number.end = string::offset::<U>(reader.address(), 1);
        let mut ahead = Reader::<U>::new(memory, number.end);
        let is_hexadecimal =
            matches!(ahead.take()?.code(), 0x58 | 0x78) && digit(ahead.peek()?, 16).is_some();
        radix = if is_hexadecimal { 16 } else { radix.max(8) };
        reader = if is_hexadecimal { ahead } else { Reader::new(memory, number.end) };
    } else if radix == 0 {
        radix = 10;
    }
    while let Some(digit) = digit(reader.peek()?, radix) {
        reader.take()?;
        let (shifted, over) = number.magnitude.overflowing_mul(u64::from(radix));
        let (sum, carried) = shifted.overflowing_add(u64::from(digit));
        number.magnitude = sum;
        number.overflow |= over | carried;
        number.end = reader.address();
    }
    if number.end == text {
        number.negative = false;
    }
    Ok(number)
}

fn skip_space<U: Unit>(reader: &mut Reader<'_, U>) -> Result<(), Fault> {
    while is_space(reader.peek()?) {
        reader.take()?;
    }
    Ok(())
}

/// Whether a unit is white space.
pub(crate) fn is_space<U: Unit>(unit: U) -> bool {
    let code = unit.code();
    let classes = if U::WIDE { ctype::classes_wide(code) } else { ctype::classes_narrow(code as u8) };
    classes & ctype::SPACE != 0
}

fn take_sign<U: Unit>(reader: &mut Reader<'_, U>) -> Result<bool, Fault> {
    let sign = reader.peek()?.code();
    if matches!(sign, 0x2B | 0x2D) {
        reader.take()?;
    }
    Ok(sign == 0x2D)
}

/// The value of a digit of a radix.
pub(crate) fn digit<U: Unit>(unit: U, radix: u32) -> Option<u32> {
    char::from_u32(u32::from(unit.code()))?.to_digit(radix)
}

/// `strtol`, `wcstol`: the nearest `long`; where the number ends is stored unless `end_pointer` is null.
pub fn to_long<U: Unit>(
    memory: &mut dyn GuestMemory,
    text: u32,
    end_pointer: u32,
    radix: u32,
) -> Result<u32, Fault> {
    let number = parse_integer::<U>(memory, text, radix)?;
    store_end(memory, end_pointer, number.end)?;
    Ok(number.signed(32) as u32)
}

/// `strtoul`, `wcstoul`.
pub fn to_unsigned_long<U: Unit>(
    memory: &mut dyn GuestMemory,
    text: u32,
    end_pointer: u32,
    radix: u32,
) -> Result<u32, Fault> {
    let number = parse_integer::<U>(memory, text, radix)?;
    store_end(memory, end_pointer, number.end)?;
    Ok(number.unsigned(32) as u32)
}

/// `_strtoi64`, `_wcstoi64`.
pub fn to_int64<U: Unit>(
    memory: &mut dyn GuestMemory,
    text: u32,
    end_pointer: u32,
    radix: u32,
) -> Result<u64, Fault> {
    let number = parse_integer::<U>(memory, text, radix)?;
    store_end(memory, end_pointer, number.end)?;
    Ok(number.signed(64) as u64)
}

/// `_strtoui64`, `_wcstoui64`.
pub fn to_unsigned_int64<U: Unit>(
    memory: &mut dyn GuestMemory,
    text: u32,
    end_pointer: u32,
    radix: u32,
) -> Result<u64, Fault> {
    let number = parse_integer::<U>(memory, text, radix)?;
    store_end(memory, end_pointer, number.end)?;
    Ok(number.unsigned(64))
}

/// `atoi`, `atol`, `_wtol`: the low 32 bits. What happens on overflow is undefined; our choice is to wrap.
pub fn decimal_long<U: Unit>(memory: &dyn GuestMemory, text: u32) -> Result<u32, Fault> {
    Ok(parse_integer::<U>(memory, text, 10)?.wrapped() as u32)
}

/// `_atoi64`, `_wtoll`.
pub fn decimal_int64<U: Unit>(memory: &dyn GuestMemory, text: u32) -> Result<u64, Fault> {
    Ok(parse_integer::<U>(memory, text, 10)?.wrapped())
}

/// Significant digits of a float that are looked at. No double needs more than 768 to be told from its
/// neighbours; of the rest it only matters whether all are zero.
const FLOAT_DIGITS: usize = 800;

/// The text of a float, gathered: what any kind of reader of floats fills and turns into a number.
#[derive(Debug, Clone, Default)]
pub(crate) struct FloatText {
    pub negative: bool,
    digits: String,
    /// The power of ten of the last digit kept.
    power: i64,
    has_more: bool,
    /// Whether there was any digit.
    pub is_number: bool,
    /// What the exponent says.
    pub exponent: i64,
}

impl FloatText {
    /// Adds a digit; `fraction` if it stands after the point.
    pub fn push(&mut self, digit: u32, fraction: bool) {
        self.is_number = true;
        if fraction {
            self.power -= 1;
        }
        if self.digits.is_empty() && digit == 0 {
            return;
        }
        if self.digits.len() < FLOAT_DIGITS {
            self.digits.push(char::from(b'0' + digit as u8));
        } else {
            self.power += 1;
            self.has_more |= digit != 0;
        }
    }

    /// Adds a digit of the exponent, which stays within bounds that any double is inside of.
    pub fn push_exponent(&mut self, digit: u32) {
        self.exponent = (self.exponent * 10 + i64::from(digit)).min(1 << 40);
    }

    /// The nearest double, ties to even; infinite when it is too big.
    pub fn value(&self) -> f64 {
        let (sticky, power) = if self.has_more { ("1", self.power - 1) } else { ("", self.power) };
        let digits = if self.digits.is_empty() { "0" } else { &self.digits };
        let exponent = power.saturating_add(self.exponent).clamp(-100_000, 100_000);
        let value: f64 = format!("{digits}{sticky}e{exponent}").parse().expect("digits and an exponent");
        if self.negative { -value } else { value }
    }
}

/// `strtod`, `wcstod`, `atof`: the number and the address after it; 0 and the text's start if there is none.
///
/// White space, a sign, digits with a point, and an exponent after `e`, `E`, `d` or `D`. Where a number is
/// too big for a double the run-time gives `HUGE_VAL`, infinity.
///
/// # Errors
///
/// A fault.
pub fn parse_float<U: Unit>(memory: &dyn GuestMemory, text: u32) -> Result<(f64, u32), Fault> {
    let mut reader = Reader::<U>::new(memory, text);
    let mut number = FloatText::default();
    skip_space(&mut reader)?;
    number.negative = take_sign(&mut reader)?;
    take_digits(&mut reader, |digit| number.push(digit, false))?;
    if reader.peek()?.code() == u16::from(b'.') {
        reader.take()?;
        take_digits(&mut reader, |digit| number.push(digit, true))?;
    }
    if !number.is_number {
        return Ok((0.0, text));
    }
    let mut end = reader.address();
    if matches!(u8::try_from(reader.peek()?.code()), Ok(b'e' | b'E' | b'd' | b'D')) {
        reader.take()?;
        let negative = take_sign(&mut reader)?;
        let start = reader.address();
        take_digits(&mut reader, |digit| number.push_exponent(digit))?;
        if reader.address() != start {
            end = reader.address();
        }
        if negative {
            number.exponent = -number.exponent;
        }
    }
    Ok((number.value(), end))
}

fn take_digits<U: Unit>(reader: &mut Reader<'_, U>, mut each: impl FnMut(u32)) -> Result<(), Fault> {
    while let Some(digit) = digit(reader.peek()?, 10) {
        reader.take()?;
        each(digit);
    }
    Ok(())
}

/// `strtod`, `wcstod`: stores where the number ends unless `end_pointer` is null.
pub fn to_double<U: Unit>(memory: &mut dyn GuestMemory, text: u32, end_pointer: u32) -> Result<f64, Fault> {
    let (value, end) = parse_float::<U>(memory, text)?;
    store_end(memory, end_pointer, end)?;
    Ok(value)
}

fn store_end(memory: &mut dyn GuestMemory, end_pointer: u32, end: u32) -> Result<(), Fault> {
    if end_pointer == 0 { Ok(()) } else { memory.write_u32(end_pointer, end) }
}

/// `_itoa`, `_ltow`: a minus sign only in radix 10, in others the bits. Returns the buffer.
///
/// With a radix that is none the text is empty.
pub fn from_long<U: Unit>(
    memory: &mut dyn GuestMemory,
    value: u32,
    buffer: u32,
    radix: u32,
) -> Result<u32, Fault> {
    let signed = value as i32;
    let negative = radix == 10 && signed < 0;
    let magnitude = if negative { signed.unsigned_abs() } else { value };
    write_number::<U>(memory, negative, u64::from(magnitude), buffer, radix)
}

/// `_ultoa`, `_ultow`.
pub fn from_unsigned_long<U: Unit>(
    memory: &mut dyn GuestMemory,
    value: u32,
    buffer: u32,
    radix: u32,
) -> Result<u32, Fault> {
    write_number::<U>(memory, false, u64::from(value), buffer, radix)
}

fn write_number<U: Unit>(
    memory: &mut dyn GuestMemory,
    negative: bool,
    magnitude: u64,
    buffer: u32,
    radix: u32,
) -> Result<u32, Fault> {
    string::write(memory, buffer, &number_text::<U>(negative, magnitude, radix))?;
    Ok(buffer)
}

/// A number's text; none with a radix that is none.
fn number_text<U: Unit>(negative: bool, magnitude: u64, radix: u32) -> Vec<U> {
    let mut units: Vec<U> = Vec::new();
    if (2..=36).contains(&radix) {
        units.extend(negative.then(|| U::from_ascii(b'-')));
        units.extend(digits(magnitude, u64::from(radix), false).into_iter().map(U::from_ascii));
    }
    units
}

/// `_itoa_s`, `_ltow_s`, and with `signed` false `_ultoa_s`: an error number, and an empty text with it.
pub fn checked_from_long<U: Unit>(
    memory: &mut dyn GuestMemory,
    value: u32,
    signed: bool,
    (buffer, size): (u32, u32),
    radix: u32,
) -> Result<u32, Fault> {
    if buffer == 0 || size == 0 {
        return Ok(EINVAL);
    }
    let negative = signed && radix == 10 && (value as i32) < 0;
    let magnitude = if negative { (value as i32).unsigned_abs() } else { value };
    let text: Vec<U> = number_text(negative, u64::from(magnitude), radix);
    let error = match text.len() as u32 {
        0 => EINVAL,
        length if length >= size => ERANGE,
        _ => 0,
    };
    string::write(memory, buffer, if error == 0 { &text } else { &[] })?;
    Ok(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::testing::{BASE, PAGE, TestMemory};

    const END: u32 = BASE + 0x800;

    fn with<T>(text: &str, run: impl FnOnce(&mut TestMemory) -> Result<T, Fault>) -> (T, u32) {
        let mut memory = TestMemory::new(1);
        memory.put::<u16>(BASE, text);
        let value = run(&mut memory).unwrap();
        (value, memory.read_u32(END).unwrap().wrapping_sub(BASE) / 2)
    }

    #[test]
    fn integers_of_every_radix_and_where_they_end() {
        for (text, radix, value, end) in [
            ("123", 10, 123, 3),
            ("  \t-45x", 10, -45, 6),
            ("+7", 10, 7, 2),
            ("0x1F", 16, 31, 4),
            ("0x1F", 0, 31, 4),
            ("1F", 16, 31, 2),
            ("017", 0, 15, 3),
            ("017", 10, 17, 3),
            ("0xg", 0, 0, 1),
            ("0x", 16, 0, 1),
            ("08", 0, 0, 1),
            ("z", 36, 35, 1),
            ("102", 2, 2, 2),
            ("", 10, 0, 0),
            ("-", 10, 0, 0),
            ("x1", 10, 0, 0),
            ("12", 1, 0, 0),
            ("12", 37, 0, 0),
            ("2147483647", 10, i32::MAX, 10),
            ("2147483648", 10, i32::MAX, 10),
            ("-2147483648", 10, i32::MIN, 11),
            ("-99999999999999999999999", 10, i32::MIN, 24),
        ] {
            let made = with(text, |m| to_long::<u16>(m, BASE, END, radix));
            assert_eq!(made, (value as u32, end), "{text:?} in {radix}");
        }
    }

    #[test]
    fn unsigned_and_64_bit_integers() {
        let unsigned = |text| with(text, |m| to_unsigned_long::<u16>(m, BASE, END, 0)).0;
        assert_eq!(unsigned("4294967295"), u32::MAX);
        assert_eq!(unsigned("4294967296"), u32::MAX);
        assert_eq!(unsigned("-1"), u32::MAX);
        assert_eq!(unsigned("0xFFFFFFFF"), u32::MAX);
        let signed64 = |text| with(text, |m| to_int64::<u16>(m, BASE, END, 10)).0 as i64;
        assert_eq!(signed64("9223372036854775807"), i64::MAX);
        assert_eq!(signed64("9223372036854775808"), i64::MAX);
        assert_eq!(signed64("-9223372036854775808"), i64::MIN);
        assert_eq!(with("18446744073709551616", |m| to_unsigned_int64::<u16>(m, BASE, END, 10)).0, u64::MAX);
        assert_eq!(with("-42", |m| decimal_int64::<u16>(m, BASE)).0 as i64, -42);
    }

    #[test]
    fn atoi_wraps_and_needs_no_end() {
        assert_eq!(with("4294967297abc", |m| decimal_long::<u16>(m, BASE)).0, 1);
        assert_eq!(with("-12", |m| decimal_long::<u16>(m, BASE)).0 as i32, -12);
        assert_eq!(with("0x10", |m| decimal_long::<u16>(m, BASE)).0, 0);
        let mut memory = TestMemory::new(1);
        memory.write(BASE + PAGE - 1, b"1").unwrap();
        assert!(decimal_long::<u8>(&memory, BASE + PAGE - 1).is_err(), "digits up to the end of memory");
    }

    #[test]
    fn floats_and_where_they_end() {
        for (text, value, end) in [
            ("1.5", 1.5, 3),
            (" -2.5e3x", -2500.0, 7),
            (".5", 0.5, 2),
            ("5.", 5.0, 2),
            (".", 0.0, 0),
            ("1e", 1.0, 1),
            ("1e+", 1.0, 1),
            ("1d2", 100.0, 3),
            ("1e400", f64::INFINITY, 5),
            ("1e-400", 0.0, 6),
            ("1e99999999999999999999", f64::INFINITY, 22),
            ("0e99999999999999999999", 0.0, 22),
            ("0.1", 0.1, 3),
            ("9007199254740993", 9_007_199_254_740_992.0, 16),
            ("9007199254740993.0000000000000000000000001", 9_007_199_254_740_994.0, 42),
            ("inf", 0.0, 0),
        ] {
            assert_eq!(with(text, |m| to_double::<u16>(m, BASE, END)), (value, end), "{text:?}");
        }
        assert!(with("-0", |m| to_double::<u16>(m, BASE, END)).0.is_sign_negative());
    }

    #[test]
    fn a_float_of_very_many_digits_is_rounded_by_all_of_them() {
        let half = "9007199254740993";
        for (tail, value) in [("", 9_007_199_254_740_992.0), ("1", 9_007_199_254_740_994.0)] {
            let text = format!("{half}.{}{tail}", "0".repeat(900));
            assert_eq!(with(&text, |m| to_double::<u16>(m, BASE, 0)).0, value);
        }
        let text = format!("{}1{}", "0".repeat(500), "0".repeat(300));
        assert_eq!(with(&text, |m| to_double::<u16>(m, BASE, 0)).0, 1e300);
    }

    #[test]
    fn numbers_to_text() {
        let long = |value: i32, radix| {
            let mut memory = TestMemory::new(1);
            assert_eq!(from_long::<u8>(&mut memory, value as u32, BASE, radix), Ok(BASE));
            memory.text::<u8>(BASE)
        };
        assert_eq!(long(-42, 10), "-42");
        assert_eq!(long(i32::MIN, 10), "-2147483648");
        assert_eq!(long(-1, 16), "ffffffff");
        assert_eq!(long(255, 2), "11111111");
        assert_eq!(long(35, 36), "z");
        assert_eq!(long(0, 10), "0");
        assert_eq!(long(5, 1), "");
        let mut memory = TestMemory::new(1);
        let mut checked = |value: i32, signed, size, radix| {
            let error =
                checked_from_long::<u8>(&mut memory, value as u32, signed, (BASE, size), radix).unwrap();
            (error, memory.text::<u8>(BASE))
        };
        assert_eq!(checked(-42, true, 4, 10), (0, "-42".into()));
        assert_eq!(checked(-42, true, 3, 10), (ERANGE, String::new()));
        assert_eq!(checked(-1, false, 11, 10), (0, "4294967295".into()));
        assert_eq!(checked(1, true, 9, 37), (EINVAL, String::new()));
        assert_eq!(checked_from_long::<u8>(&mut memory, 1, true, (0, 9), 10), Ok(EINVAL));
        let mut memory = TestMemory::new(1);
        from_unsigned_long::<u16>(&mut memory, u32::MAX, BASE, 10).unwrap();
        assert_eq!(memory.text::<u16>(BASE), "4294967295");
    }
}

//! Numbers and amounts of money: `GetNumberFormat`, `GetCurrencyFormat`.

/// How a number is written: `NUMBERFMT`, and `CURRENCYFMT` without its symbol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Style {
    /// Digits after the point.
    pub digits: u32,
    /// Whether a zero stands before the point of what is less than one.
    pub leading_zero: bool,
    /// Digits in a group; 32 for three and then twos, 0 for none.
    pub grouping: u32,
    /// Between whole and fraction.
    pub decimal: Vec<u16>,
    /// Between groups.
    pub thousand: Vec<u16>,
}

/// A number as a caller writes it: perhaps a minus, digits, perhaps a point and digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    negative: bool,
    whole: Vec<u8>,
    fraction: Vec<u8>,
}

impl Number {
    /// Reads one; `None` if there is anything else in it.
    #[must_use]
    pub fn parse(text: &[u16]) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix(&[u16::from(b'-')]) {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let mut parts = digits.split(|unit| *unit == u16::from(b'.'));
        let digits = |part: &[u16]| -> Option<Vec<u8>> {
            part.iter().map(|unit| u8::try_from(*unit).ok().filter(u8::is_ascii_digit)).collect()
        };
        let whole = digits(parts.next()?)?;
        let fraction = parts.next().map_or(Some(Vec::new()), digits)?;
        (parts.next().is_none() && whole.len() + fraction.len() > 0).then_some(Self {
            negative,
            whole,
            fraction,
        })
    }

    /// Writes it without a sign, and says whether it has one: what is rounded to zero has none.
    #[must_use]
    pub fn write(&self, style: &Style) -> (bool, Vec<u16>) {
        let (whole, fraction) = self.rounded(style.digits as usize);
        let is_zero = whole.iter().chain(&fraction).all(|digit| *digit == b'0');
        let first = whole.iter().position(|digit| *digit != b'0').unwrap_or(whole.len());
        let mut shown = &whole[first..];
        if shown.is_empty() && (style.leading_zero || fraction.is_empty()) {
            shown = b"0";
        }
        let mut made = Vec::new();
        for (place, digit) in shown.iter().enumerate() {
            if place > 0 && starts_group(shown.len() - place, style.grouping) {
                made.extend(&style.thousand);
            }
            made.push(u16::from(*digit));
        }
        if !fraction.is_empty() {
            made.extend(&style.decimal);
            made.extend(fraction.iter().map(|digit| u16::from(*digit)));
        }
        (self.negative && !is_zero, made)
    }

    /// The digits before the point and so many after it, halves away from zero.
    fn rounded(&self, places: usize) -> (Vec<u8>, Vec<u8>) {
        let mut fraction = self.fraction.clone();
        fraction.resize(places.max(fraction.len()), b'0');
        let up = fraction.get(places).is_some_and(|digit| *digit >= b'5');
        fraction.truncate(places);
        let mut digits = [&b"0"[..], &self.whole, &fraction].concat();
        if up {
            for digit in digits.iter_mut().rev() {
                if *digit < b'9' {
                    *digit += 1;
                    break;
                }
                *digit = b'0';
            }
        }
        let fraction = digits.split_off(digits.len() - places);
        (digits, fraction)
    }
}

/// Whether a group begins where so many digits are left before the point.
fn starts_group(left: usize, grouping: u32) -> bool {
    match grouping as usize {
        0 => false,
        // Three, then twos.
        32 => left >= 3 && (left - 3).is_multiple_of(2),
        size => left.is_multiple_of(size),
    }
}

/// Puts sign and symbol to a number as a pattern says: `n` is the number, `$` the symbol.
#[must_use]
pub fn arrange(pattern: &str, number: &[u16], symbol: &[u16]) -> Vec<u16> {
    let mut made = Vec::new();
    for character in pattern.chars() {
        match character {
            'n' => made.extend(number),
            '$' => made.extend(symbol),
            other => made.push(other as u16),
        }
    }
    made
}

/// `LOCALE_INEGNUMBER`.
pub const NEGATIVE_NUMBERS: [&str; 5] = ["(n)", "-n", "- n", "n-", "n -"];
/// `LOCALE_ICURRENCY`.
pub const POSITIVE_AMOUNTS: [&str; 4] = ["$n", "n$", "$ n", "n $"];
/// `LOCALE_INEGCURR`.
pub const NEGATIVE_AMOUNTS: [&str; 16] = [
    "($n)", "-$n", "$-n", "$n-", "(n$)", "-n$", "n-$", "n$-", "-n $", "-$ n", "n $-", "$ n-", "$ -n", "n- $",
    "($ n)", "(n $)",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str, digits: u32, leading_zero: bool, grouping: u32) -> Option<(bool, String)> {
        let wide = |text: &str| text.encode_utf16().collect::<Vec<u16>>();
        let style = Style { digits, leading_zero, grouping, decimal: wide("."), thousand: wide(",") };
        let (negative, made) = Number::parse(&wide(text))?.write(&style);
        Some((negative, String::from_utf16(&made).unwrap()))
    }

    #[test]
    fn numbers_are_rounded_and_grouped() {
        let is = |negative, text: &str| Some((negative, text.to_owned()));
        assert_eq!(written("1234567.895", 2, true, 3), is(false, "1,234,567.90"));
        assert_eq!(written("-1234567", 0, true, 32), is(true, "12,34,567"));
        assert_eq!(written("999.999", 2, true, 3), is(false, "1,000.00"));
        assert_eq!(written(".5", 1, false, 3), is(false, ".5"));
        assert_eq!(written("0.5", 1, true, 3), is(false, "0.5"));
        assert_eq!(written("0", 0, false, 3), is(false, "0"));
        assert_eq!(written("-0.001", 2, true, 3), is(false, "0.00"));
        assert_eq!(written("0012", 1, true, 0), is(false, "12.0"));
    }

    #[test]
    fn what_is_no_number() {
        for text in ["", "-", ".", "1.2.3", "1,000", "+1", "1 ", "--1"] {
            assert_eq!(written(text, 2, true, 3), None, "{text:?}");
        }
    }

    #[test]
    fn patterns_put_sign_and_symbol() {
        let made = arrange(NEGATIVE_AMOUNTS[14], &[b'1'.into()], &[b'E'.into()]);
        assert_eq!(String::from_utf16(&made).unwrap(), "(E 1)");
    }
}

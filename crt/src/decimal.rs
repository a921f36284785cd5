//! Decimal digits of doubles, exact: every finite double has a finite decimal expansion, and this makes it.
//!
//! Rounding is to the nearest, and a tie goes away from zero. Microsoft documents that its run-time rounded
//! exactly representable numbers that end in 5 up until 2020, where others round half to even.

/// A number taken apart: a sign, digits, and where the point is.
///
/// The value is 0.d₁d₂d₃… × 10^`point`. There is no zero at either end of the digits; zero has no digits and
/// its point is 1, so that it prints as one `0` before the point. What is not a number has text for digits,
/// see [`Decimal::new`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal {
    /// Whether there is a minus sign; a negative zero has one.
    pub negative: bool,
    /// ASCII digits.
    pub digits: Vec<u8>,
    /// How many of them stand before the point; may be negative or more than there are.
    pub point: i64,
}

/// Nine decimal digits to a limb, as many as a `u32` holds.
const LIMB: u64 = 1_000_000_000;
const LIMB_DIGITS: usize = 9;

/// The quiet NaN that x86 makes of an invalid operation; the run-time gives it a name of its own.
const INDEFINITE: u64 = 0xFFF8_0000_0000_0000;

impl Decimal {
    /// Takes a double apart without loss.
    ///
    /// Infinity has the digits `1#INF`, which print as `1.#INF` and round like digits (`%.2f` gives `1.#J`):
    /// this is what Microsoft's run-time printed until 2015. The others are `1#QNAN`, `1#SNAN` and `1#IND`.
    #[must_use]
    pub fn new(value: f64) -> Self {
        let bits = value.to_bits();
        let negative = bits >> 63 != 0;
        let mantissa = bits & ((1 << 52) - 1);
        let exponent = (bits >> 52 & 0x7FF) as i64;
        if exponent == 0x7FF {
            let text: &[u8] = match mantissa {
                0 => b"1#INF",
                _ if bits == INDEFINITE => b"1#IND",
                _ if mantissa >> 51 != 0 => b"1#QNAN",
                _ => b"1#SNAN",
            };
            return Self { negative, digits: text.to_vec(), point: 1 };
        }
        let (mantissa, exponent) =
            if exponent == 0 { (mantissa, -1074) } else { (mantissa | 1 << 52, exponent - 1075) };
        let (whole, fraction) = if exponent >= 0 {
            (whole_digits(u128::from(mantissa), exponent as u32), Vec::new())
        } else {
            let below = exponent.unsigned_abs() as u32;
            let whole = if below < 64 { mantissa >> below } else { 0 };
            let left = if below < 64 { mantissa & ((1 << below) - 1) } else { mantissa };
            (whole_digits(u128::from(whole), 0), fraction_digits(left, below))
        };
        let point = whole.len() as i64;
        let digits = [whole, fraction].concat();
        Self { negative, digits, point }.normal()
    }

    /// The digit at a place counted from the first one; 0 before and after them.
    #[must_use]
    pub fn digit(&self, place: i64) -> u8 {
        usize::try_from(place).ok().and_then(|place| self.digits.get(place).copied()).unwrap_or(b'0')
    }

    /// Rounds so that at most `keep` digits are left; with `keep` 0 the number becomes 0 or 10^`point`.
    pub fn round(&mut self, keep: i64) {
        if keep >= self.digits.len() as i64 {
            return;
        }
        let up = self.digit(keep) >= b'5';
        self.digits.truncate(usize::try_from(keep).unwrap_or(0));
        if up {
            while self.digits.last() == Some(&b'9') {
                self.digits.pop();
            }
            match self.digits.last_mut() {
                Some(last) => *last += 1,
                None => {
                    self.digits.push(b'1');
                    self.point += 1;
                }
            }
        }
        let rounded =
            Self { negative: self.negative, digits: std::mem::take(&mut self.digits), point: self.point };
        *self = rounded.normal();
    }

    /// Strips zeros from both ends.
    fn normal(mut self) -> Self {
        let used = self.digits.iter().rposition(|&d| d != b'0').map_or(0, |last| last + 1);
        self.digits.truncate(used);
        let leading = self.digits.iter().take_while(|&&d| d == b'0').count();
        self.digits.drain(..leading);
        self.point = if self.digits.is_empty() { 1 } else { self.point - leading as i64 };
        self
    }
}

/// The digits of `mantissa` × 2^`shift`; leading zeros are possible, none at all for 0.
fn whole_digits(mantissa: u128, shift: u32) -> Vec<u8> {
    let mut limbs: Vec<u64> = Vec::new();
    let mut rest = mantissa;
    while rest > 0 {
        limbs.push((rest % u128::from(LIMB)) as u64);
        rest /= u128::from(LIMB);
    }
    let mut left = shift;
    while left > 0 {
        // 30 bits at a time: a limb below 2^30, shifted, and the carry fit 64 bits.
        let step = left.min(30);
        let mut carry = 0;
        for limb in &mut limbs {
            let shifted = (*limb << step) + carry;
            *limb = shifted % LIMB;
            carry = shifted / LIMB;
        }
        while carry > 0 {
            limbs.push(carry % LIMB);
            carry /= LIMB;
        }
        left -= step;
    }
    let mut digits = Vec::with_capacity(limbs.len() * LIMB_DIGITS);
    limbs.iter().rev().for_each(|&limb| push_limb(&mut digits, limb));
    digits
}

/// The digits after the point of `numerator` / 2^`bits`, all of them; the numerator is less than 2^`bits`.
fn fraction_digits(numerator: u64, bits: u32) -> Vec<u8> {
    // A binary fraction: words of 32 bits, the most significant last; times 10^9 gives nine digits above it.
    let words = bits.div_ceil(32) as usize;
    let shift = words as u32 * 32 - bits;
    let aligned = u128::from(numerator) << shift;
    let mut fraction = vec![0_u32; words.max(4)];
    for (i, word) in fraction.iter_mut().take(4).enumerate() {
        *word = (aligned >> (32 * i)) as u32;
    }
    fraction.truncate(words);
    let mut lowest = 0;
    let mut digits = Vec::new();
    loop {
        // Each product has nine more factors of two, so the low words run empty; they are skipped.
        while lowest < words && fraction[lowest] == 0 {
            lowest += 1;
        }
        if lowest == words {
            return digits;
        }
        let mut carry = 0;
        for word in &mut fraction[lowest..] {
            let product = u64::from(*word) * LIMB + carry;
            *word = product as u32;
            carry = product >> 32;
        }
        push_limb(&mut digits, carry);
    }
}

fn push_limb(digits: &mut Vec<u8>, limb: u64) {
    let mut rest = limb;
    let start = digits.len();
    digits.resize(start + LIMB_DIGITS, b'0');
    for digit in digits[start..].iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(value: f64) -> (String, i64) {
        let decimal = Decimal::new(value);
        (String::from_utf8(decimal.digits).unwrap(), decimal.point)
    }

    #[test]
    fn digits_are_exact() {
        assert_eq!(taken(0.0), (String::new(), 1));
        assert_eq!(taken(1.0), ("1".into(), 1));
        assert_eq!(taken(0.1), ("1000000000000000055511151231257827021181583404541015625".into(), 0));
        assert_eq!(taken(2f64.powi(80)), ("1208925819614629174706176".into(), 25));
        assert_eq!(taken(-1234.5), ("12345".into(), 4));
        assert_eq!(taken(100.0), ("1".into(), 3));
        let (digits, point) = taken(f64::from_bits(1));
        assert_eq!((digits.len(), point), (751, -323));
        assert!(digits.starts_with("494065645841246544176568792868") && digits.ends_with("533447265625"));
        let (digits, point) = taken(f64::MAX);
        assert_eq!((digits.len(), point), (309, 309));
        assert!(digits.starts_with("17976931348623157081452742373170435"));
    }

    #[test]
    fn digits_agree_with_the_shortest_form_read_back() {
        let mut bits = 0x9E37_79B9_7F4A_7C15_u64;
        for _ in 0..2000 {
            bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let value = f64::from_bits(bits);
            if !value.is_finite() {
                continue;
            }
            let (digits, point) = taken(value.abs());
            let text = format!("0.{digits}e{point}");
            assert_eq!(text.parse::<f64>().unwrap().to_bits(), value.abs().to_bits());
        }
    }

    #[test]
    fn rounding_goes_half_away_and_carries() {
        let rounded = |value, keep| {
            let mut decimal = Decimal::new(value);
            decimal.round(keep);
            (String::from_utf8(decimal.digits).unwrap(), decimal.point)
        };
        assert_eq!(rounded(2.5, 1), ("3".into(), 1));
        assert_eq!(rounded(0.5, 0), ("1".into(), 1));
        assert_eq!(rounded(0.25, 1), ("3".into(), 0));
        assert_eq!(rounded(0.3, 0), (String::new(), 1));
        assert_eq!(rounded(9.96, 2), ("1".into(), 2));
        assert_eq!(rounded(999.0, 0), ("1".into(), 4));
        assert_eq!(rounded(0.001, -2), (String::new(), 1));
        assert_eq!(rounded(1.25, 7), ("125".into(), 1));
    }

    #[test]
    fn what_is_no_number_has_text_for_digits() {
        assert_eq!(taken(f64::INFINITY).0, "1#INF");
        assert_eq!(taken(f64::from_bits(0x7FF8_0000_0000_0000)).0, "1#QNAN");
        assert_eq!(taken(f64::from_bits(0x7FF0_0000_0000_0001)).0, "1#SNAN");
        assert_eq!(taken(f64::from_bits(INDEFINITE)).0, "1#IND");
        assert!(Decimal::new(f64::from_bits(INDEFINITE)).negative);
    }
}

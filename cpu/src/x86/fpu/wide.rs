//! Numbers of 128 bits of significand, for what is computed by series. An operation's error is a few units of
//! the last bit.

use super::float::{Extended, shift_jamming};

/// A number: zero if the significand is zero, else it has its highest bit set and counts as 1 to 2.
#[derive(Clone, Copy, Debug)]
pub struct Wide {
    pub negative: bool,
    pub exponent: i32,
    pub significand: u128,
}

pub const LN_2: Wide = Wide::new(-1, 0xB172_17F7_D1CF_79AB_C9E3_B398_03F2_F6AF);
pub const LOG2_E: Wide = Wide::new(0, 0xB8AA_3B29_5C17_F0BB_BE87_FED0_691D_3E89);
pub const PI: Wide = Wide::new(1, 0xC90F_DAA2_2168_C234_C4C6_628B_80DC_1CD1);
pub const LOG2_10: Wide = Wide::new(1, 0xD49A_784B_CD1B_8AFE_492B_F6FF_4DAF_DB4D);
pub const LOG10_2: Wide = Wide::new(-2, 0x9A20_9A84_FBCF_F798_8F89_59AC_0B7C_9178);
pub const ONE: Wide = Wide::new(0, 1 << 127);

/// The arctangents of 1/8 to 8/8.
const ARCTANGENTS: [Wide; 8] = [
    Wide::new(-4, 0xFEAD_D4D5_617B_6E32_C897_989F_3E88_8EF8),
    Wide::new(-3, 0xFADB_AFC9_6406_EB15_6DC7_9EF5_F7A2_17E6),
    Wide::new(-2, 0xB7B0_CA0F_26F7_8473_8AA3_2122_DCFE_4483),
    Wide::new(-2, 0xED63_382B_0DDA_7B45_6FE4_45EC_BC3A_8D03),
    Wide::new(-1, 0x8F00_5D5E_F7F5_9F9B_5C83_5E16_65C4_3748),
    Wide::new(-1, 0xA4BC_7D19_34F7_0924_19A8_7F2A_457D_AC9F),
    Wide::new(-1, 0xB805_3E2B_C231_9E73_CB2D_A552_10A4_443D),
    Wide::new(-1, 0xC90F_DAA2_2168_C234_C4C6_628B_80DC_1CD1),
];

/// A series has converged when a term is this many powers of two below the first.
const ENOUGH: i32 = 124;

/// No series needs more terms.
const MAX_TERMS: u64 = 96;

impl Wide {
    const ZERO: Wide = Wide { negative: false, exponent: 0, significand: 0 };

    pub const fn new(exponent: i32, significand: u128) -> Wide {
        Wide { negative: false, exponent, significand }
    }

    /// From a finite number.
    pub fn from_extended(value: Extended) -> Wide {
        if value.significand == 0 {
            return Wide::ZERO;
        }
        let parts = value.parts();
        Wide {
            negative: parts.negative,
            exponent: parts.exponent,
            significand: u128::from(parts.significand) << 64,
        }
    }

    /// `value * 2^unit`.
    pub fn from_integer(value: u128, unit: i32) -> Wide {
        if value == 0 {
            return Wide::ZERO;
        }
        let shift = value.leading_zeros();
        Wide::new(127 - shift as i32 + unit, value << shift)
    }

    pub fn negate(self) -> Wide {
        Wide { negative: !self.negative, ..self }
    }

    pub fn magnitude(self) -> Wide {
        Wide { negative: false, ..self }
    }

    pub fn times_power(self, exponent: i32) -> Wide {
        Wide { exponent: self.exponent + exponent, ..self }
    }

    pub fn add(self, other: Wide) -> Wide {
        if self.significand == 0 {
            return other;
        }
        if other.significand == 0 {
            return self;
        }
        let first = (self.exponent, self.significand) >= (other.exponent, other.significand);
        let (large, small) = if first { (self, other) } else { (other, self) };
        let shifted = shift_jamming(small.significand, large.exponent.abs_diff(small.exponent));
        if large.negative == small.negative {
            let (sum, carried) = large.significand.overflowing_add(shifted);
            if !carried {
                return Wide { significand: sum, ..large };
            }
            let significand = 1 << 127 | sum >> 1 | sum & 1;
            return Wide { significand, exponent: large.exponent + 1, ..large };
        }
        let difference = large.significand - shifted;
        if difference == 0 {
            return Wide::ZERO;
        }
        let shift = difference.leading_zeros();
        Wide { significand: difference << shift, exponent: large.exponent - shift as i32, ..large }
    }

    pub fn subtract(self, other: Wide) -> Wide {
        self.add(other.negate())
    }

    pub fn multiply(self, other: Wide) -> Wide {
        if self.significand == 0 || other.significand == 0 {
            return Wide::ZERO;
        }
        let halves = |value: u128| (value >> 64, value & u128::from(u64::MAX));
        let ((a1, a0), (b1, b0)) = (halves(self.significand), halves(other.significand));
        let (middle, low) = (a1 * b0, a0 * b0);
        let (cross, carried) = middle.overflowing_add(a0 * b1);
        let (_, carry_low) = low.overflowing_add(cross << 64);
        let high = a1 * b1 + (cross >> 64) + (u128::from(carried) << 64) + u128::from(carry_low);
        let shift = high.leading_zeros();
        Wide {
            negative: self.negative != other.negative,
            exponent: self.exponent + other.exponent + 1 - shift as i32,
            significand: high << shift,
        }
    }

    /// Divides by a small number other than zero.
    fn divide_small(self, divisor: u64) -> Wide {
        if self.significand == 0 {
            return self;
        }
        let divisor = u128::from(divisor);
        let (quotient, rest) = (self.significand / divisor, self.significand % divisor);
        let shift = quotient.leading_zeros();
        let significand = (quotient << shift) | ((rest << shift) / divisor);
        Wide { significand, exponent: self.exponent - shift as i32, ..self }
    }

    /// Divides by a number other than zero, a bit at a time.
    pub fn divide(self, divisor: Wide) -> Wide {
        if self.significand == 0 {
            return self;
        }
        let (mut rest, modulus) = (self.significand, divisor.significand);
        let mut exponent = self.exponent - divisor.exponent;
        let mut carried = false;
        if rest < modulus {
            exponent -= 1;
            carried = rest >> 127 != 0;
            rest <<= 1;
        }
        let mut quotient = 0;
        for _ in 0..128 {
            quotient <<= 1;
            if carried || rest >= modulus {
                rest = rest.wrapping_sub(modulus);
                quotient |= 1;
            }
            carried = rest >> 127 != 0;
            rest <<= 1;
        }
        Wide { negative: self.negative != divisor.negative, exponent, significand: quotient }
    }

    fn is_below(self, first: Wide) -> bool {
        self.significand == 0 || self.exponent < first.exponent - ENOUGH
    }

    /// `e^self - 1` for less than one.
    pub fn exponential_minus_one(self) -> Wide {
        let (mut sum, mut term) = (self, self);
        for number in 2..MAX_TERMS {
            term = term.multiply(self).divide_small(number);
            if term.is_below(self) {
                break;
            }
            sum = sum.add(term);
        }
        // The first neglected term says on which side of a tie or a bound we are.
        sum.add(term)
    }

    /// `sum of self^n / n` over the odd `n`, for less than one half; with alternating signs, the arctangent.
    fn odd_series(self, alternating: bool) -> Wide {
        let square = self.multiply(self);
        let square = if alternating { square.negate() } else { square };
        let (mut sum, mut power) = (self, self);
        for number in 1..MAX_TERMS {
            power = power.multiply(square);
            let term = power.divide_small(2 * number + 1);
            sum = sum.add(term);
            if term.is_below(self) {
                break;
            }
        }
        sum
    }

    /// The binary logarithm of a number above zero.
    pub fn binary_logarithm(self) -> Wide {
        // Between the roots of 1/2 and 2, so that nothing cancels.
        let upper = self.significand > 0xB504_F333_F9DE_6484_597D_89B3_754A_BE9F;
        let power = self.exponent + i32::from(upper);
        let mantissa = Wide { exponent: -i32::from(upper), ..self };
        let ratio = mantissa.subtract(ONE).divide(mantissa.add(ONE));
        let whole = Wide::from_integer(u128::from(power.unsigned_abs()), 0);
        let whole = if power < 0 { whole.negate() } else { whole };
        let fraction = ratio.odd_series(false).times_power(1).multiply(LOG2_E);
        whole.add(fraction)
    }

    /// The binary logarithm of one more, for a number near zero.
    pub fn binary_logarithm_plus_one(self) -> Wide {
        if self.exponent >= -2 {
            return self.add(ONE).binary_logarithm();
        }
        let two = ONE.times_power(1);
        let ratio = self.divide(self.add(two));
        ratio.odd_series(false).times_power(1).multiply(LOG2_E)
    }

    /// The arctangent, for zero to one.
    pub fn arctangent(self) -> Wide {
        // The nearest eighth, whose arctangent is known.
        let eighths = match self.exponent {
            ..-4 => 0,
            exponent => ((self.significand >> 64 >> (59 - exponent)) as u64).div_ceil(2),
        };
        if eighths == 0 {
            return self.odd_series(true);
        }
        let eighths = eighths.min(8);
        let near = Wide::from_integer(u128::from(eighths), -3);
        let rest = self.subtract(near).divide(self.multiply(near).add(ONE));
        rest.odd_series(true).add(ARCTANGENTS[eighths as usize - 1])
    }

    /// The sine, for less than one.
    pub fn sine(self) -> Wide {
        self.alternating_factorials(self, 1)
    }

    /// The cosine, for less than one.
    pub fn cosine(self) -> Wide {
        self.alternating_factorials(ONE, 0)
    }

    fn alternating_factorials(self, first: Wide, start: u64) -> Wide {
        let square = self.multiply(self).negate();
        let (mut sum, mut term, mut number) = (first, first, start);
        while number < MAX_TERMS {
            term = term.multiply(square).divide_small((number + 1) * (number + 2));
            sum = sum.add(term);
            number += 2;
            if term.is_below(first) {
                break;
            }
        }
        sum
    }
}

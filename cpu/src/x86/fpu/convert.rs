//! To and from the formats of memory.

use super::float::{BIAS, Class, Extended, Finite, Format, Mode, Rounded, flag, round, round_integer};

/// A format of reals in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Real {
    precision: u32,
    max_exponent: i32,
}

/// 32 bits.
pub const SINGLE: Real = Real { precision: 24, max_exponent: 127 };
/// 64 bits.
pub const DOUBLE: Real = Real { precision: 53, max_exponent: 1023 };

impl Real {
    const fn fraction_bits(self) -> u32 {
        self.precision - 1
    }

    const fn exponent_ones(self) -> u64 {
        self.max_exponent as u64 * 2 + 1
    }

    const fn sign_bit(self) -> u32 {
        self.fraction_bits() + (self.max_exponent as u64 * 2 + 1).count_ones()
    }

    /// Widens, which is always exact; a signaling NaN stays one. DE if it was denormal.
    pub fn widen(self, bits: u64) -> (Extended, u16) {
        let negative = bits >> self.sign_bit() & 1 != 0;
        let biased = bits >> self.fraction_bits() & self.exponent_ones();
        let fraction = bits & ((1 << self.fraction_bits()) - 1);
        let aligned = fraction << (63 - self.fraction_bits());
        let number = |biased: i32, significand: u64| {
            Extended { sign_exponent: biased as u16, significand }.with_sign(negative)
        };
        match biased {
            0 if fraction == 0 => (Extended::zero(negative), 0),
            0 => {
                let shift = aligned.leading_zeros();
                let exponent = 1 - self.max_exponent - shift as i32;
                (number(exponent + BIAS, aligned << shift), flag::DE)
            }
            ones if ones == self.exponent_ones() => (number(0x7FFF, 1 << 63 | aligned), 0),
            biased => (number(biased as i32 - self.max_exponent + BIAS, 1 << 63 | aligned), 0),
        }
    }

    /// Narrows, rounding. The format's precision and range are this one's.
    pub fn narrow(self, value: Extended, format: Format) -> (u64, u16) {
        let sign = u64::from(value.is_negative()) << self.sign_bit();
        let infinity = self.exponent_ones() << self.fraction_bits();
        let payload = value.significand << 1 >> (64 - self.fraction_bits());
        let quiet = 1 << (self.fraction_bits() - 1);
        match value.class() {
            Class::Zero => (sign, 0),
            Class::Infinite => (sign | infinity, 0),
            Class::Quiet => (sign | infinity | payload, 0),
            Class::Signaling => (sign | infinity | payload | quiet, flag::IE),
            Class::Unsupported => (1 << self.sign_bit() | infinity | quiet, flag::IE),
            Class::Normal | Class::Denormal => {
                let Finite { negative, exponent, significand } = value.parts();
                let format = Format { precision: self.precision, max_exponent: self.max_exponent, ..format };
                let rounded = round(negative, exponent, u128::from(significand) << 64, format);
                (sign | self.encode(rounded), rounded.flags)
            }
        }
    }

    fn encode(self, rounded: Rounded) -> u64 {
        if rounded.infinite {
            return self.exponent_ones() << self.fraction_bits();
        }
        let significand = rounded.significand >> (64 - self.precision);
        // Without a leading one the exponent is the smallest and written as zero: the sum takes care of it.
        let biased = (rounded.exponent + self.max_exponent - 1) as u64 & self.exponent_ones();
        (biased << self.fraction_bits()) + significand
    }
}

/// Rounds to a signed integer of so many bits; what does not fit is the most negative one.
pub fn to_integer(value: Extended, bits: u32, mode: Mode) -> (i64, u16) {
    let indefinite = (i64::MIN >> (64 - bits), flag::IE);
    match value.class() {
        Class::Zero => (0, 0),
        Class::Normal | Class::Denormal => {
            let (magnitude, flags) = round_integer(value.parts(), mode);
            let limit = 1u128 << (bits - 1);
            if magnitude > limit || magnitude == limit && !value.is_negative() {
                return indefinite;
            }
            let magnitude = magnitude as i64;
            (if value.is_negative() { magnitude.wrapping_neg() } else { magnitude }, flags)
        }
        Class::Infinite | Class::Quiet | Class::Signaling | Class::Unsupported => indefinite,
    }
}

const DECIMAL_LIMIT: u128 = 1_000_000_000_000_000_000;

/// The ten bytes of no answer in decimal.
pub const DECIMAL_INDEFINITE: [u8; 10] = [0, 0, 0, 0, 0, 0, 0, 0xC0, 0xFF, 0xFF];

/// Rounds to eighteen decimal digits and a sign.
pub fn to_decimal(value: Extended, mode: Mode) -> ([u8; 10], u16) {
    let (magnitude, flags) = match value.class() {
        Class::Zero => (0, 0),
        Class::Normal | Class::Denormal => round_integer(value.parts(), mode),
        _ => return (DECIMAL_INDEFINITE, flag::IE),
    };
    if magnitude >= DECIMAL_LIMIT {
        return (DECIMAL_INDEFINITE, flag::IE);
    }
    let mut bytes = [0; 10];
    let mut rest = magnitude as u64;
    for byte in &mut bytes[..9] {
        let pair = (rest % 100) as u8;
        *byte = ((pair / 10) << 4) | (pair % 10);
        rest /= 100;
    }
    bytes[9] = if value.is_negative() { 0x80 } else { 0 };
    (bytes, flags)
}

/// From eighteen decimal digits and a sign; digits above nine count as they are.
pub fn from_decimal(bytes: [u8; 10]) -> Extended {
    let digits = |byte: &u8| i64::from(byte >> 4) * 10 + i64::from(byte & 0xF);
    let magnitude = bytes[..9].iter().rev().fold(0, |sum: i64, byte| sum * 100 + digits(byte));
    Extended::from_i64(magnitude).with_sign(bytes[9] & 0x80 != 0)
}

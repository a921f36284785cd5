//! The 80-bit format, and the one place where results are rounded.

use std::fmt;

/// Bits of the status word that operations report. `C1` says that the result was rounded up.
pub mod flag {
    /// Invalid operation.
    pub const IE: u16 = 1;
    /// Denormal operand.
    pub const DE: u16 = 1 << 1;
    /// Division by zero.
    pub const ZE: u16 = 1 << 2;
    /// Overflow.
    pub const OE: u16 = 1 << 3;
    /// Underflow.
    pub const UE: u16 = 1 << 4;
    /// Inexact.
    pub const PE: u16 = 1 << 5;
    /// Stack fault.
    pub const SF: u16 = 1 << 6;
    /// An exception that is not masked is pending.
    pub const ES: u16 = 1 << 7;
    /// Condition code 0.
    pub const C0: u16 = 1 << 8;
    /// Condition code 1.
    pub const C1: u16 = 1 << 9;
    /// Condition code 2.
    pub const C2: u16 = 1 << 10;
    /// Condition code 3.
    pub const C3: u16 = 1 << 14;
    /// As `ES`, for the 8087's sake.
    pub const BUSY: u16 = 1 << 15;
    /// All exceptions.
    pub const EXCEPTIONS: u16 = 0x3F;
    /// Found before there is a result; if not masked, there is none.
    pub const EARLY: u16 = IE | DE | ZE;
}

/// The exponent of the largest finite number, and the bias.
pub const BIAS: i32 = 16383;
const TOP: u64 = 1 << 63;
const QUIET: u64 = 1 << 62;

/// A number of 80 bits: sign, 15 bits of exponent, 64 of significand with the leading one written out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Extended {
    /// The sign above the biased exponent.
    pub sign_exponent: u16,
    /// The significand.
    pub significand: u64,
}

/// What kind of number it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Of either sign.
    Zero,
    /// Smaller than the smallest with a leading one, or not but encoded so.
    Denormal,
    /// Any other finite number.
    Normal,
    /// Of either sign.
    Infinite,
    /// A NaN that passes through.
    Quiet,
    /// A NaN that raises an exception.
    Signaling,
    /// What the 80287 gave up.
    Unsupported,
}

/// A finite number other than zero: `significand` has its highest bit set and counts as 1 to 2.
#[derive(Clone, Copy, Debug)]
pub struct Finite {
    /// Below zero.
    pub negative: bool,
    /// Of two, unbiased.
    pub exponent: i32,
    /// From 2^63 up.
    pub significand: u64,
}

impl Extended {
    /// The NaN that stands for no answer.
    pub const INDEFINITE: Extended = Extended { sign_exponent: 0xFFFF, significand: TOP | QUIET };
    /// One.
    pub const ONE: Extended = Extended { sign_exponent: BIAS as u16, significand: TOP };

    /// A zero.
    pub const fn zero(negative: bool) -> Extended {
        Extended { sign_exponent: (negative as u16) << 15, significand: 0 }
    }

    /// An infinity.
    pub const fn infinity(negative: bool) -> Extended {
        Extended { sign_exponent: 0x7FFF | (negative as u16) << 15, significand: TOP }
    }

    /// From the ten bytes it has in memory.
    pub fn from_bytes(bytes: [u8; 10]) -> Extended {
        let [s0, s1, s2, s3, s4, s5, s6, s7, e0, e1] = bytes;
        Extended {
            significand: u64::from_le_bytes([s0, s1, s2, s3, s4, s5, s6, s7]),
            sign_exponent: u16::from_le_bytes([e0, e1]),
        }
    }

    /// The ten bytes it has in memory.
    pub fn to_bytes(self) -> [u8; 10] {
        let mut bytes = [0; 10];
        bytes[..8].copy_from_slice(&self.significand.to_le_bytes());
        bytes[8..].copy_from_slice(&self.sign_exponent.to_le_bytes());
        bytes
    }

    /// Whether the sign is set, also of a zero or a NaN.
    pub const fn is_negative(self) -> bool {
        self.sign_exponent & 0x8000 != 0
    }

    /// With this sign.
    pub const fn with_sign(self, negative: bool) -> Extended {
        Extended { sign_exponent: self.sign_exponent & 0x7FFF | (negative as u16) << 15, ..self }
    }

    /// What kind of number it is.
    pub fn class(self) -> Class {
        let leading = self.significand & TOP != 0;
        match self.sign_exponent & 0x7FFF {
            0 if self.significand == 0 => Class::Zero,
            0 => Class::Denormal,
            _ if !leading => Class::Unsupported,
            0x7FFF if self.significand == TOP => Class::Infinite,
            0x7FFF if self.significand & QUIET != 0 => Class::Quiet,
            0x7FFF => Class::Signaling,
            _ => Class::Normal,
        }
    }

    /// Whether it is a NaN.
    pub fn is_nan(self) -> bool {
        matches!(self.class(), Class::Quiet | Class::Signaling)
    }

    /// A NaN that raises nothing any more.
    pub const fn quieted(self) -> Extended {
        Extended { significand: self.significand | QUIET, ..self }
    }

    /// Its parts, of a finite number other than zero.
    pub fn parts(self) -> Finite {
        let biased = i32::from(self.sign_exponent & 0x7FFF).max(1);
        let shift = self.significand.leading_zeros();
        Finite {
            negative: self.is_negative(),
            exponent: biased - BIAS - shift as i32,
            significand: self.significand.checked_shl(shift).unwrap_or(0),
        }
    }

    /// From an integer; always exact.
    pub fn from_i64(value: i64) -> Extended {
        if value == 0 {
            return Extended::zero(false);
        }
        let magnitude = value.unsigned_abs();
        let shift = magnitude.leading_zeros();
        let biased = (BIAS + 63) as u16 - shift as u16;
        Extended { sign_exponent: biased, significand: magnitude << shift }.with_sign(value < 0)
    }
}

impl fmt::Display for Extended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}:{:016X}", self.sign_exponent, self.significand)
    }
}

/// What happens to what does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// To the nearest, of two to the even one.
    Nearest,
    /// Towards minus infinity.
    Down,
    /// Towards plus infinity.
    Up,
    /// Towards zero.
    Zero,
}

/// Where a result has to fit, and how.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// Bits of significand.
    pub precision: u32,
    /// The largest exponent; the smallest is one less below zero.
    pub max_exponent: i32,
    /// The direction.
    pub mode: Mode,
    /// If not masked, an overflow gives a result with a smaller exponent.
    pub overflow_masked: bool,
    /// If not masked, an underflow gives a result with a larger exponent.
    pub underflow_masked: bool,
}

/// A result and what happened on the way to it.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// The result.
    pub value: Extended,
    /// Bits of [`flag`].
    pub flags: u16,
}

impl Outcome {
    /// A result that nothing happened to.
    pub fn exact(value: Extended) -> Outcome {
        Outcome { value, flags: 0 }
    }

    /// No answer.
    pub fn invalid() -> Outcome {
        Outcome { value: Extended::INDEFINITE, flags: flag::IE }
    }

    /// The same with more flags.
    pub fn with(self, flags: u16) -> Outcome {
        Outcome { flags: self.flags | flags, ..self }
    }
}

/// A rounded number: `significand` counts as 1 to 2, or as less than one if it is denormal.
#[derive(Clone, Copy, Debug)]
pub struct Rounded {
    /// Too large for the format.
    pub infinite: bool,
    /// Unbiased.
    pub exponent: i32,
    /// Its highest bits are those kept.
    pub significand: u64,
    /// Bits of [`flag`].
    pub flags: u16,
}

/// A significand cut to its highest bits.
struct Cut {
    significand: u64,
    carried: bool,
    inexact: bool,
    up: bool,
}

fn rounds_up(mode: Mode, negative: bool, odd: bool, rest: u128, half: u128) -> bool {
    match mode {
        Mode::Nearest => rest > half || rest == half && odd,
        Mode::Down => negative && rest != 0,
        Mode::Up => !negative && rest != 0,
        Mode::Zero => false,
    }
}

fn cut(significand: u128, precision: u32, mode: Mode, negative: bool) -> Cut {
    let low = 128 - precision;
    let rest = significand & ((1 << low) - 1);
    let kept = significand >> low;
    let up = rounds_up(mode, negative, kept & 1 != 0, rest, 1 << (low - 1));
    let kept = kept + u128::from(up);
    let carried = kept >> precision != 0;
    let kept = if carried { kept >> 1 } else { kept };
    Cut { significand: (kept << (64 - precision)) as u64, carried, inexact: rest != 0, up }
}

/// Shifts right, keeping in the lowest bit that ones were lost.
pub fn shift_jamming(value: u128, by: u32) -> u128 {
    match by {
        0 => value,
        1..=127 => value >> by | u128::from(value << (128 - by) != 0),
        _ => u128::from(value != 0),
    }
}

/// Rounds a number whose significand has its highest bit set and counts as 1 to 2. Lost ones are jammed into
/// the lowest bit.
pub fn round(negative: bool, exponent: i32, significand: u128, format: Format) -> Rounded {
    debug_assert!(significand >> 127 == 1, "only normalised numbers are rounded");
    let Format { precision, max_exponent, mode, .. } = format;
    // A quarter of the exponents more than a format has on both sides: the bias adjust.
    let adjust = (max_exponent + 1) / 2 * 3;
    let first = cut(significand, precision, mode, negative);
    let inexact = if first.inexact { flag::PE } else { 0 } | if first.up { flag::C1 } else { 0 };
    let rounded = exponent + i32::from(first.carried);
    let normal = |exponent: i32, flags: u16| Rounded {
        infinite: false,
        exponent,
        significand: first.significand,
        flags,
    };
    if rounded > max_exponent {
        if !format.overflow_masked && rounded - adjust <= max_exponent {
            return normal(rounded - adjust, inexact | flag::OE);
        }
        // Only FSCALE goes so far that the smaller exponent is still too large: infinity in any direction.
        let format = if format.overflow_masked { format } else { Format { mode: Mode::Nearest, ..format } };
        return overflowed(negative, format);
    }
    let min_exponent = 1 - max_exponent;
    if rounded >= min_exponent {
        return normal(rounded, inexact);
    }
    if !format.underflow_masked && rounded + adjust >= min_exponent {
        return normal(rounded + adjust, inexact | flag::UE);
    }
    if !format.underflow_masked {
        // Only FSCALE goes so far that the larger exponent is still too small: zero in any direction.
        return Rounded {
            infinite: false,
            exponent: min_exponent,
            significand: 0,
            flags: flag::UE | flag::PE,
        };
    }
    let shifted = shift_jamming(significand, min_exponent.abs_diff(exponent));
    let second = cut(shifted, precision, mode, negative);
    let mut flags = if second.up { flag::C1 } else { 0 };
    if second.inexact {
        flags |= flag::UE | flag::PE;
    }
    Rounded { infinite: false, exponent: min_exponent, significand: second.significand, flags }
}

/// The masked response to an overflow: infinity, or the largest number if the direction is towards zero.
fn overflowed(negative: bool, format: Format) -> Rounded {
    let infinite = match format.mode {
        Mode::Nearest => true,
        Mode::Down => negative,
        Mode::Up => !negative,
        Mode::Zero => false,
    };
    let significand = if infinite { TOP } else { u64::MAX << (64 - format.precision) };
    let flags = flag::OE | flag::PE | if infinite { flag::C1 } else { 0 };
    Rounded { infinite, exponent: format.max_exponent, significand, flags }
}

/// Rounds to the 80-bit format.
pub fn round_extended(negative: bool, exponent: i32, significand: u128, format: Format) -> Outcome {
    let rounded = round(negative, exponent, significand, format);
    if rounded.infinite {
        return Outcome { value: Extended::infinity(negative), flags: rounded.flags };
    }
    let denormal = rounded.significand & TOP == 0;
    let biased = if denormal { 0 } else { (rounded.exponent + BIAS).clamp(0, 0x7FFE) as u16 };
    let value = Extended { sign_exponent: biased, significand: rounded.significand };
    Outcome { value: value.with_sign(negative), flags: rounded.flags }
}

/// Rounds the magnitude of a number to an integer of at most 2^64.
pub fn round_integer(number: Finite, mode: Mode) -> (u128, u16) {
    // 64 bits before the point, 64 behind it.
    let fixed = match number.exponent {
        64.. => return (u128::MAX, 0),
        exponent => shift_jamming(u128::from(number.significand) << 64, (63 - exponent) as u32),
    };
    let (whole, rest) = (fixed >> 64, fixed & u128::from(u64::MAX));
    let up = rounds_up(mode, number.negative, whole & 1 != 0, rest, 1 << 63);
    let flags = if rest != 0 { flag::PE } else { 0 } | if up { flag::C1 } else { 0 };
    (whole + u128::from(up), flags)
}

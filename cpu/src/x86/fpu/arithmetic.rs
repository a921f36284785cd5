//! Addition, multiplication, division, roots, remainders, comparison: exact, then rounded once.

use std::cmp::Ordering;

use super::float::{
    BIAS, Class, Extended, Finite, Format, Mode, Outcome, flag, round_extended, round_integer, shift_jamming,
};

/// What both operands have to say before anything is computed: a NaN, or DE.
fn screen(a: Extended, b: Extended) -> Result<u16, Outcome> {
    let (first, second) = (a.class(), b.class());
    if first == Class::Unsupported || second == Class::Unsupported {
        return Err(Outcome::invalid());
    }
    if a.is_nan() || b.is_nan() {
        let signaling = first == Class::Signaling || second == Class::Signaling;
        let flags = if signaling { flag::IE } else { 0 };
        return Err(Outcome { value: choose_nan(a, b), flags });
    }
    let denormal = first == Class::Denormal || second == Class::Denormal;
    Ok(if denormal { flag::DE } else { 0 })
}

/// Of two NaNs the one with the larger significand, a quiet one before a signaling one; of two alike the
/// positive one.
fn choose_nan(a: Extended, b: Extended) -> Extended {
    if !b.is_nan() {
        return a.quieted();
    }
    if !a.is_nan() {
        return b.quieted();
    }
    let chosen = match (a.class(), b.class()) {
        (Class::Signaling, Class::Quiet) => b,
        (Class::Quiet, Class::Signaling) => a,
        _ => match a.significand.cmp(&b.significand) {
            Ordering::Greater => a,
            Ordering::Less => b,
            Ordering::Equal if a.is_negative() => b,
            Ordering::Equal => a,
        },
    };
    chosen.quieted()
}

/// A NaN's or an unsupported number's effect on an instruction with one operand.
pub fn screen_one(a: Extended) -> Result<u16, Outcome> {
    screen(a, a)
}

/// The same for two operands.
pub fn screen_two(a: Extended, b: Extended) -> Result<u16, Outcome> {
    screen(a, b)
}

/// `a + b`, or `a - b`.
pub fn add(a: Extended, b: Extended, subtracts: bool, format: Format) -> Outcome {
    let flags = match screen(a, b) {
        Ok(flags) => flags,
        Err(outcome) => return outcome,
    };
    let b = b.with_sign(b.is_negative() != subtracts);
    let outcome = match (a.class(), b.class()) {
        (Class::Infinite, Class::Infinite) if a.is_negative() != b.is_negative() => {
            return Outcome::invalid();
        }
        (Class::Infinite, _) => Outcome::exact(a),
        (_, Class::Infinite) => Outcome::exact(b),
        (Class::Zero, Class::Zero) if a.is_negative() == b.is_negative() => Outcome::exact(a),
        (Class::Zero, Class::Zero) => Outcome::exact(Extended::zero(format.mode == Mode::Down)),
        // The other operand still has to fit the precision.
        (Class::Zero, _) => refit(b.parts(), format),
        (_, Class::Zero) => refit(a.parts(), format),
        _ => add_finite(a.parts(), b.parts(), format),
    };
    outcome.with(flags)
}

fn refit(number: Finite, format: Format) -> Outcome {
    round_extended(number.negative, number.exponent, u128::from(number.significand) << 64, format)
}

fn add_finite(a: Finite, b: Finite, format: Format) -> Outcome {
    let a_first = (a.exponent, a.significand) >= (b.exponent, b.significand);
    let (large, small) = if a_first { (a, b) } else { (b, a) };
    // One bit above for the carry, 63 below for what is shifted out.
    let aligned = u128::from(large.significand) << 63;
    let shifted = shift_jamming(u128::from(small.significand) << 63, large.exponent.abs_diff(small.exponent));
    let sum = if large.negative == small.negative { aligned + shifted } else { aligned - shifted };
    if sum == 0 {
        return Outcome::exact(Extended::zero(format.mode == Mode::Down));
    }
    let shift = sum.leading_zeros();
    round_extended(large.negative, large.exponent + 1 - shift as i32, sum << shift, format)
}

/// `a * b`.
pub fn multiply(a: Extended, b: Extended, format: Format) -> Outcome {
    let flags = match screen(a, b) {
        Ok(flags) => flags,
        Err(outcome) => return outcome,
    };
    let negative = a.is_negative() != b.is_negative();
    let outcome = match (a.class(), b.class()) {
        (Class::Infinite, Class::Zero) | (Class::Zero, Class::Infinite) => return Outcome::invalid(),
        (Class::Infinite, _) | (_, Class::Infinite) => Outcome::exact(Extended::infinity(negative)),
        (Class::Zero, _) | (_, Class::Zero) => Outcome::exact(Extended::zero(negative)),
        _ => {
            let (a, b) = (a.parts(), b.parts());
            let product = u128::from(a.significand) * u128::from(b.significand);
            let shift = product.leading_zeros();
            let exponent = a.exponent + b.exponent + 1 - shift as i32;
            round_extended(negative, exponent, product << shift, format)
        }
    };
    outcome.with(flags)
}

/// `a / b`.
pub fn divide(a: Extended, b: Extended, format: Format) -> Outcome {
    let flags = match screen(a, b) {
        Ok(flags) => flags,
        Err(outcome) => return outcome,
    };
    let negative = a.is_negative() != b.is_negative();
    let outcome = match (a.class(), b.class()) {
        (Class::Infinite, Class::Infinite) | (Class::Zero, Class::Zero) => return Outcome::invalid(),
        (Class::Infinite, _) => Outcome::exact(Extended::infinity(negative)),
        (_, Class::Infinite) | (Class::Zero, _) => Outcome::exact(Extended::zero(negative)),
        (_, Class::Zero) => return Outcome { value: Extended::infinity(negative), flags: flag::ZE },
        _ => divide_finite(negative, a.parts(), b.parts(), format),
    };
    outcome.with(flags)
}

fn divide_finite(negative: bool, a: Finite, b: Finite, format: Format) -> Outcome {
    let fits = a.significand >= b.significand;
    let dividend = u128::from(a.significand) << if fits { 63 } else { 64 };
    let divisor = u128::from(b.significand);
    let (quotient, rest) = (dividend / divisor, dividend % divisor);
    // The next bit, and whether there is anything behind it.
    let half = u128::from(2 * rest >= divisor) << 63;
    let sticky = u128::from(rest != 0 && 2 * rest != divisor);
    let exponent = a.exponent - b.exponent - i32::from(!fits);
    round_extended(negative, exponent, quotient << 64 | half | sticky, format)
}

/// The square root.
pub fn square_root(a: Extended, format: Format) -> Outcome {
    let flags = match screen_one(a) {
        Ok(flags) => flags,
        Err(outcome) => return outcome,
    };
    match a.class() {
        Class::Zero => return Outcome::exact(a),
        _ if a.is_negative() => return Outcome::invalid(),
        Class::Infinite => return Outcome::exact(a),
        _ => {}
    }
    let number = a.parts();
    let odd = number.exponent & 1 != 0;
    let radicand = u128::from(number.significand) << if odd { 64 } else { 63 };
    let root = radicand.isqrt();
    let rest = radicand - root * root;
    let half = u128::from(rest > root) << 63;
    let sticky = u128::from(rest != 0);
    round_extended(false, number.exponent >> 1, root << 64 | half | sticky, format).with(flags)
}

/// How `a` stands to `b`, in the order of numbers; `None` if it does not.
pub fn compare(a: Extended, b: Extended, quietly: bool) -> (Option<Ordering>, u16) {
    match screen(a, b) {
        Ok(flags) => (Some(order(a, b)), flags),
        Err(outcome) if quietly && outcome.flags == 0 => (None, 0),
        Err(_) => (None, flag::IE),
    }
}

fn order(a: Extended, b: Extended) -> Ordering {
    let rank = |number: Extended| match number.class() {
        Class::Zero => (0, 0),
        Class::Infinite => (i32::MAX, 0),
        _ => {
            let Finite { exponent, significand, .. } = number.parts();
            (exponent + 2 * BIAS, significand)
        }
    };
    let (first, second) = (rank(a), rank(b));
    let a_below = a.is_negative() && first != (0, 0);
    let b_below = b.is_negative() && second != (0, 0);
    match (a_below, b_below) {
        (false, false) => first.cmp(&second),
        (true, true) => second.cmp(&first),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
    }
}

/// FRNDINT
pub fn round_to_integer(a: Extended, mode: Mode) -> Outcome {
    let flags = match screen_one(a) {
        Ok(flags) => flags,
        Err(outcome) => return outcome,
    };
    if matches!(a.class(), Class::Zero | Class::Infinite) {
        return Outcome::exact(a);
    }
    let number = a.parts();
    if number.exponent >= 63 {
        return Outcome::exact(a);
    }
    let (whole, happened) = round_integer(number, mode);
    let value = Extended::from_i64(whole as i64);
    // 2^63 is the one magnitude that an `i64` has only below zero.
    let value = if whole == 1 << 63 {
        Extended { sign_exponent: (BIAS + 63) as u16, significand: 1 << 63 }
    } else {
        value
    };
    Outcome { value: value.with_sign(a.is_negative()), flags: happened | flags }
}

/// FSCALE: `a` times two to the integer part of `by`.
pub fn scale(a: Extended, by: Extended, format: Format) -> Outcome {
    let flags = match screen(a, by) {
        Ok(flags) => flags,
        Err(outcome) => return outcome,
    };
    let outcome = match (a.class(), by.class()) {
        (Class::Zero, Class::Infinite) if !by.is_negative() => return Outcome::invalid(),
        (Class::Infinite, Class::Infinite) if by.is_negative() => return Outcome::invalid(),
        (Class::Zero | Class::Infinite, _) => Outcome::exact(a),
        (_, Class::Infinite) if by.is_negative() => Outcome::exact(Extended::zero(a.is_negative())),
        (_, Class::Infinite) => Outcome::exact(Extended::infinity(a.is_negative())),
        (_, Class::Zero) => refit(a.parts(), format),
        _ => {
            let steps = by.parts();
            // Farther than any exponent is far enough.
            let count = if steps.exponent > 17 { 1 << 18 } else { round_integer(steps, Mode::Zero).0 as i32 };
            let mut number = a.parts();
            number.exponent += if steps.negative { -count } else { count };
            refit(number, format)
        }
    };
    outcome.with(flags)
}

/// What FPREM and FPREM1 give.
pub struct Remainder {
    /// The remainder.
    pub outcome: Outcome,
    /// The quotient's lowest bits.
    pub quotient: u64,
    /// The reduction is not finished.
    pub partial: bool,
}

/// FPREM (towards zero) and FPREM1 (to nearest).
pub fn remainder(a: Extended, b: Extended, nearest: bool, format: Format) -> Remainder {
    let done = |outcome: Outcome| Remainder { outcome, quotient: 0, partial: false };
    let flags = match screen(a, b) {
        Ok(flags) => flags,
        Err(outcome) => return done(outcome),
    };
    match (a.class(), b.class()) {
        (Class::Infinite, _) | (_, Class::Zero) => return done(Outcome::invalid()),
        (Class::Zero, _) => return done(Outcome::exact(a).with(flags)),
        (_, Class::Infinite) => return done(refit(a.parts(), format).with(flags)),
        _ => {}
    }
    let (dividend, divisor) = (a.parts(), b.parts());
    let distance = dividend.exponent - divisor.exponent;
    if distance < -1 || distance < 0 && !nearest {
        return done(refit(dividend, format).with(flags));
    }
    let reduced = reduce(dividend, divisor, nearest, format);
    Remainder { outcome: reduced.outcome.with(flags), ..reduced }
}

fn reduce(dividend: Finite, divisor: Finite, nearest: bool, format: Format) -> Remainder {
    let distance = dividend.exponent - divisor.exponent;
    let partial = distance >= 64;
    // The hardware's choice of how far a partial reduction goes.
    let steps = if partial { 32 + distance % 32 } else { distance };
    let modulus = u128::from(divisor.significand);
    let mut rest = u128::from(dividend.significand);
    let mut quotient = 0u64;
    // With the exponents one apart the divisor counts double, and only rounding to nearest can take it.
    if steps >= 0 {
        for step in 0..=steps {
            if step > 0 {
                rest <<= 1;
            }
            quotient <<= 1;
            if rest >= modulus {
                rest -= modulus;
                quotient |= 1;
            }
        }
    }
    let mut negative = dividend.negative;
    // The rest is in units of the divisor's last bit, moved up by what is left of the distance.
    let mut exponent = divisor.exponent + (distance - steps.max(0)).max(0);
    let mut modulus = modulus;
    if distance < 0 {
        modulus <<= 1;
        exponent -= 1;
    }
    if nearest && !partial {
        let twice = rest << 1;
        if twice > modulus || twice == modulus && quotient & 1 != 0 {
            rest = modulus - rest;
            negative = !negative;
            quotient = quotient.wrapping_add(1);
        }
    }
    let outcome = if rest == 0 {
        Outcome::exact(Extended::zero(dividend.negative))
    } else {
        let shift = rest.leading_zeros();
        // The rest has its point behind bit 63. It is exact, but may be too small for an exponent.
        round_extended(negative, exponent + 64 - shift as i32, rest << shift, format)
    };
    Remainder { outcome, quotient, partial }
}

//! Numbers that are returned in two parts.

use crate::arithmetic::{self, DivideByZero, Division};
use crate::call::{Cx, LongDivision, Pair, ResultPlace, Stop};
use crate::math;
use crate::memory::Fault;

/// `frexp`: stores the power.
pub(crate) fn take_apart(cx: &mut Cx<'_>, x: f64, place: u32) -> Result<f64, Fault> {
    let (fraction, power) = math::fraction_and_power(x);
    cx.memory.write_u32(place, power as u32)?;
    Ok(fraction)
}

/// `modf`: stores the whole part.
pub(crate) fn split(cx: &mut Cx<'_>, x: f64, place: u32) -> Result<f64, Fault> {
    let (fraction, whole) = math::fraction_and_whole(x);
    cx.memory.write(place, &whole.to_bits().to_le_bytes())?;
    Ok(fraction)
}

/// `div`, `ldiv`: stores or returns the quotient and the remainder.
pub(crate) fn divide(cx: &mut Cx<'_>, place: ResultPlace, numer: i32, denom: i32) -> Result<Pair, Stop> {
    let Division { quotient, remainder } = arithmetic::divide_signed(denom as u32, numer as u32)?;
    Ok(Pair::new(cx, place, [quotient, remainder])?)
}

/// `MulDiv`: rounded to the nearest, halves away from zero; −1 for what is no number of 32 bits.
pub(crate) fn multiply_and_divide(number: i32, numerator: i32, denominator: i32) -> i32 {
    if denominator == 0 {
        return -1;
    }
    let product = i64::from(number) * i64::from(numerator);
    let half = i64::from(denominator).abs() / 2;
    let adjusted = if product < 0 { product - half } else { product + half };
    i32::try_from(adjusted / i64::from(denominator)).unwrap_or(-1)
}

/// A signed division with its remainder.
pub(crate) fn divide_signed(divisor: u64, dividend: u64) -> Result<LongDivision, DivideByZero> {
    Ok(LongDivision {
        quotient: arithmetic::divide_signed_64(dividend, divisor)?,
        remainder: arithmetic::remainder_signed_64(dividend, divisor)?,
    })
}

/// An unsigned division with its remainder.
pub(crate) fn divide_unsigned(divisor: u64, dividend: u64) -> Result<LongDivision, DivideByZero> {
    Ok(LongDivision {
        quotient: arithmetic::divide_unsigned_64(dividend, divisor)?,
        remainder: arithmetic::remainder_unsigned_64(dividend, divisor)?,
    })
}

/// What the x87 stores for a number that is not within 64 bits.
const INDEFINITE: u64 = 1 << 63;

/// `_ftol`: towards zero.
pub(crate) fn truncated(x: f64) -> u64 {
    let bound = INDEFINITE as f64;
    if (-bound..bound).contains(&x) { x as i64 as u64 } else { INDEFINITE }
}

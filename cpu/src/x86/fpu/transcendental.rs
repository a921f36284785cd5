//! Logarithms, exponentials, angles: computed with some 120 bits and rounded once, in the direction that is
//! set. The error is below 0.5 + 2^-40 units of the last place. Angles are reduced with the hardware's π of
//! 66 bits.

use super::arithmetic::{multiply, screen_one, screen_two};
use super::float::{Class, Extended, Format, Outcome, flag, round_extended};
use super::wide::{self, Wide};

/// Rounds what is never exact.
fn inexact(value: Wide, format: Format) -> Outcome {
    if value.significand == 0 {
        return Outcome { value: Extended::zero(value.negative), flags: flag::PE };
    }
    round_extended(value.negative, value.exponent, value.significand | 1, format)
}

/// A constant in the set direction, as the load instructions give it: without flags.
pub fn constant(value: Wide, format: Format) -> Extended {
    round_extended(value.negative, value.exponent, value.significand, format).value
}

/// F2XM1: `2^x - 1` from -1 to 1. Beyond, where it is undefined, a number stays as it is.
pub fn power_minus_one(x: Extended, format: Format) -> Outcome {
    let flags = match screen_one(x) {
        Ok(flags) => flags,
        Err(outcome) => return outcome,
    };
    let minus_one = Extended::ONE.with_sign(true);
    match x.class() {
        Class::Zero => return Outcome::exact(x),
        Class::Infinite if x.is_negative() => return Outcome::exact(minus_one),
        Class::Infinite => return Outcome::exact(x),
        _ => {}
    }
    let number = Wide::from_extended(x);
    if number.exponent >= 0 {
        let half = Extended { sign_exponent: 0xBFFE, significand: 1 << 63 };
        // An undefined answer passes for an inexact one.
        let value = if x == minus_one { half } else { x };
        return Outcome { value, flags: flags | flag::PE };
    }
    inexact(number.multiply(wide::LN_2).exponential_minus_one(), format).with(flags)
}

/// FYL2X: `y * log2(x)`.
pub fn logarithm(y: Extended, x: Extended, format: Format) -> Outcome {
    let flags = match screen_two(y, x) {
        Ok(flags) => flags,
        Err(outcome) => return outcome,
    };
    let (of_y, of_x) = (y.class(), x.class());
    if x.is_negative() && of_x != Class::Zero {
        return Outcome::invalid();
    }
    let infinity = |negative: bool| Outcome::exact(Extended::infinity(negative));
    if of_x == Class::Zero {
        return match of_y {
            Class::Zero => Outcome::invalid(),
            Class::Infinite => infinity(!y.is_negative()),
            _ => infinity(!y.is_negative()).with(flag::ZE),
        };
    }
    let is_one = x == Extended::ONE;
    let below = of_x != Class::Infinite && Wide::from_extended(x).exponent < 0;
    match (of_y, of_x) {
        (Class::Zero, Class::Infinite) => Outcome::invalid(),
        (_, Class::Infinite) => infinity(y.is_negative()).with(flags),
        (Class::Infinite, _) if is_one => Outcome::invalid(),
        (Class::Infinite, _) => infinity(y.is_negative() != below).with(flags),
        (Class::Zero, _) => Outcome::exact(Extended::zero(y.is_negative() != below)).with(flags),
        _ if is_one => Outcome::exact(Extended::zero(y.is_negative())).with(flags),
        _ if x.parts().significand == 1 << 63 => {
            // A power of two has an integer for a logarithm. The processor reports it as inexact all the
            // same.
            let power = Extended::from_i64(i64::from(x.parts().exponent));
            let product = multiply(y, power, format);
            let tiny = if product.value.class() == Class::Denormal { flag::UE } else { 0 };
            product.with(flags | tiny | flag::PE)
        }
        _ => {
            let log = Wide::from_extended(x).binary_logarithm();
            inexact(log.multiply(Wide::from_extended(y)), format).with(flags)
        }
    }
}

/// FYL2XP1: `y * log2(x + 1)`, for `x` near zero; it works for all above -1. Others stay.
pub fn logarithm_plus_one(y: Extended, x: Extended, format: Format) -> Outcome {
    let flags = match screen_two(y, x) {
        Ok(flags) => flags,
        Err(outcome) => return outcome,
    };
    let negative = y.is_negative() != x.is_negative();
    match (y.class(), x.class()) {
        (Class::Zero, Class::Infinite) | (Class::Infinite, Class::Zero) => return Outcome::invalid(),
        (_, Class::Infinite) if x.is_negative() => return Outcome::invalid(),
        (_, Class::Infinite) | (Class::Infinite, _) => {
            return Outcome::exact(Extended::infinity(negative)).with(flags);
        }
        (Class::Zero, _) | (_, Class::Zero) => {
            return Outcome::exact(Extended::zero(negative)).with(flags);
        }
        _ => {}
    }
    let number = Wide::from_extended(x);
    if number.negative && number.exponent >= 0 {
        // Undefined: the number comes through, inexact, as processors have it.
        return Outcome { value: x, flags: flags | flag::PE };
    }
    let log = number.binary_logarithm_plus_one();
    inexact(log.multiply(Wide::from_extended(y)), format).with(flags)
}

/// FPATAN: the angle of the point (x, y).
pub fn arctangent(y: Extended, x: Extended, format: Format) -> Outcome {
    let flags = match screen_two(y, x) {
        Ok(flags) => flags,
        Err(outcome) => return outcome,
    };
    let half_pi = wide::PI.times_power(-1);
    let quarter_pi = wide::PI.times_power(-2);
    let left = x.is_negative();
    let angle = match (y.class(), x.class()) {
        (Class::Infinite, Class::Infinite) if left => half_pi.add(quarter_pi),
        (Class::Infinite, Class::Infinite) => quarter_pi,
        (Class::Infinite, _) => half_pi,
        (Class::Zero, _) | (_, Class::Infinite) if left => wide::PI,
        (Class::Zero, _) | (_, Class::Infinite) => {
            return Outcome::exact(Extended::zero(y.is_negative())).with(flags);
        }
        (_, Class::Zero) => half_pi,
        _ => {
            let (rise, run) = (Wide::from_extended(y).magnitude(), Wide::from_extended(x).magnitude());
            if !left && rise.significand == run.significand && rise.exponent == run.exponent {
                return inexact(Wide { negative: y.is_negative(), ..quarter_pi }, format).with(flags);
            }
            steepness(rise, run, left)
        }
    };
    inexact(Wide { negative: y.is_negative(), ..angle }, format).with(flags)
}

fn steepness(rise: Wide, run: Wide, left: bool) -> Wide {
    let steep = (rise.exponent, rise.significand) > (run.exponent, run.significand);
    let angle = if steep {
        wide::PI.times_power(-1).subtract(run.divide(rise).arctangent())
    } else {
        rise.divide(run).arctangent()
    };
    if left { wide::PI.subtract(angle) } else { angle }
}

/// π/2 as the hardware has it, in units of 2^-65.
const HALF_PI: u128 = 0x3_243F_6A88_85A3_08D3;

/// An angle brought between -π/4 and π/4, and the quarter turns taken off.
struct Reduced {
    rest: Wide,
    quarters: u32,
}

fn reduce(number: Wide) -> Reduced {
    if number.exponent < -1 {
        return Reduced { rest: number, quarters: 0 };
    }
    let mut rest = number.significand >> 64;
    let mut quarters = (rest / HALF_PI) as u32;
    rest %= HALF_PI;
    // The significand's last bit is worth 2^(exponent - 63).
    for _ in 0..number.exponent - 63 + 65 {
        rest <<= 1;
        quarters <<= 1;
        if rest >= HALF_PI {
            rest -= HALF_PI;
            quarters |= 1;
        }
    }
    let over = rest > HALF_PI / 2;
    let rest = if over { HALF_PI - rest } else { rest };
    let quarters = (quarters & 3) + u32::from(over);
    let rest = Wide { negative: over != number.negative, ..Wide::from_integer(rest, -65) };
    Reduced { rest, quarters: if number.negative { 4 - quarters } else { quarters } & 3 }
}

/// The sine and cosine of an angle; `None` if it is too large.
pub fn sine_cosine(x: Extended, format: Format) -> Option<(Outcome, Outcome)> {
    let flags = match screen_one(x) {
        Ok(flags) => flags,
        Err(outcome) => return Some((outcome, outcome)),
    };
    match x.class() {
        Class::Zero => return Some((Outcome::exact(x), Outcome::exact(Extended::ONE))),
        Class::Infinite => return Some((Outcome::invalid(), Outcome::invalid())),
        _ => {}
    }
    let number = Wide::from_extended(x);
    if number.exponent >= 63 {
        return None;
    }
    let (sine, cosine) = turned(number);
    Some((inexact(sine, format).with(flags), inexact(cosine, format).with(flags)))
}

fn turned(number: Wide) -> (Wide, Wide) {
    let Reduced { rest, quarters } = reduce(number);
    let (sine, cosine) = (rest.sine(), rest.cosine());
    match quarters {
        0 => (sine, cosine),
        1 => (cosine, sine.negate()),
        2 => (sine.negate(), cosine.negate()),
        _ => (cosine.negate(), sine),
    }
}

/// The tangent of an angle; `None` if it is too large.
pub fn tangent(x: Extended, format: Format) -> Option<Outcome> {
    let flags = match screen_one(x) {
        Ok(flags) => flags,
        Err(outcome) => return Some(outcome),
    };
    match x.class() {
        Class::Zero => return Some(Outcome::exact(x)),
        Class::Infinite => return Some(Outcome::invalid()),
        _ => {}
    }
    let number = Wide::from_extended(x);
    if number.exponent >= 63 {
        return None;
    }
    let (sine, cosine) = turned(number);
    if cosine.significand == 0 {
        return Some(Outcome { value: Extended::infinity(sine.negative), flags: flags | flag::PE });
    }
    Some(inexact(sine.divide(cosine), format).with(flags))
}

//! Mathematical functions.
//!
//! The elementary ones are those of the `libm` crate: the same bits on every host, which a host's own library
//! does not promise, and within an ulp of the true value, which is what a C run-time promised. A NaN that
//! comes out is always the one of [`double_bits`](crate::arithmetic::double_bits).

/// Makes every NaN the one.
fn one_nan(value: f64) -> f64 {
    f64::from_bits(crate::arithmetic::double_bits(value))
}

/// Functions of one double that are `libm`'s.
macro_rules! of_one {
    ($($name:ident: $what:literal;)*) => { $(
        #[doc = $what]
        #[must_use]
        pub fn $name(x: f64) -> f64 {
            one_nan(libm::$name(x))
        }
    )* };
}

of_one! {
    acos: "`acos`: the arc cosine.";
    asin: "`asin`: the arc sine.";
    atan: "`atan`: the arc tangent.";
    ceil: "`ceil`: the least integer not below.";
    cos: "`cos`: the cosine.";
    cosh: "`cosh`: the hyperbolic cosine.";
    exp: "`exp`: the exponential.";
    floor: "`floor`: the greatest integer not above.";
    j0: "`_j0`: the Bessel function of the first kind, order 0.";
    j1: "`_j1`: the Bessel function of the first kind, order 1.";
    log: "`log`: the natural logarithm.";
    log10: "`log10`: the decimal logarithm.";
    sin: "`sin`: the sine.";
    sinh: "`sinh`: the hyperbolic sine.";
    sqrt: "`sqrt`: the square root, rounded correctly.";
    tan: "`tan`: the tangent.";
    tanh: "`tanh`: the hyperbolic tangent.";
    y0: "`_y0`: the Bessel function of the second kind, order 0.";
    y1: "`_y1`: the Bessel function of the second kind, order 1.";
}

/// Functions of two doubles that are `libm`'s.
macro_rules! of_two {
    ($($name:ident: $what:literal;)*) => { $(
        #[doc = $what]
        #[must_use]
        pub fn $name(x: f64, y: f64) -> f64 {
            one_nan(libm::$name(x, y))
        }
    )* };
}

of_two! {
    atan2: "`atan2`: the angle of the point (y, x); the ordinate comes first.";
    fmod: "`fmod`: the remainder of a division rounded towards zero; exact.";
    hypot: "`_hypot`: the length of a hypotenuse.";
    nextafter: "`_nextafter`: the neighbour in a direction.";
    pow: "`pow`: a power.";
}

/// `_frnd`: the nearest whole number, the even one of two.
#[must_use]
pub fn round(x: f64) -> f64 {
    one_nan(x.round_ties_even())
}

/// `fabs`.
#[must_use]
pub fn absolute(x: f64) -> f64 {
    x.abs()
}

/// `_chgsign`.
#[must_use]
pub fn change_sign(x: f64) -> f64 {
    -x
}

/// `_copysign`: the first number with the sign of the second.
#[must_use]
pub fn copy_sign(x: f64, y: f64) -> f64 {
    x.copysign(y)
}

/// `ldexp`, `_scalb`: times a power of two.
#[must_use]
pub fn scale(x: f64, power: i32) -> f64 {
    one_nan(libm::scalbn(x, power))
}

/// `frexp`: a fraction of at least one half and less than one, and the power of two.
#[must_use]
pub fn fraction_and_power(x: f64) -> (f64, i32) {
    if x == 0.0 || !x.is_finite() {
        return (one_nan(x), 0);
    }
    libm::frexp(x)
}

/// `modf`: the fraction and the whole part, both with the number's sign.
#[must_use]
pub fn fraction_and_whole(x: f64) -> (f64, f64) {
    if x.is_infinite() {
        return (0_f64.copysign(x), x);
    }
    let whole = x.trunc();
    (one_nan((x - whole).copysign(x)), one_nan(whole))
}

/// `_logb`: the power of two of a number's first bit, as a double.
#[must_use]
pub fn power(x: f64) -> f64 {
    if x == 0.0 {
        return f64::NEG_INFINITY;
    }
    if !x.is_finite() {
        return one_nan(x.abs());
    }
    f64::from(libm::ilogb(x))
}

/// `_jn`: the Bessel function of the first kind.
#[must_use]
pub fn jn(order: i32, x: f64) -> f64 {
    one_nan(libm::jn(order, x))
}

/// `_yn`: the Bessel function of the second kind.
#[must_use]
pub fn yn(order: i32, x: f64) -> f64 {
    one_nan(libm::yn(order, x))
}

/// `_fpclass`: the documented flags `_FPCLASS_…`.
#[must_use]
pub fn class(x: f64) -> u32 {
    let quiet = x.to_bits() >> 51 & 1 != 0;
    match (x.classify(), x.is_sign_negative()) {
        (std::num::FpCategory::Nan, _) => 1 << u32::from(quiet),
        (std::num::FpCategory::Infinite, true) => 0x4,
        (std::num::FpCategory::Normal, true) => 0x8,
        (std::num::FpCategory::Subnormal, true) => 0x10,
        (std::num::FpCategory::Zero, true) => 0x20,
        (std::num::FpCategory::Zero, false) => 0x40,
        (std::num::FpCategory::Subnormal, false) => 0x80,
        (std::num::FpCategory::Normal, false) => 0x100,
        (std::num::FpCategory::Infinite, false) => 0x200,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_values() {
        assert_eq!(sqrt(2.0), std::f64::consts::SQRT_2);
        assert_eq!(pow(2.0, 10.0), 1024.0);
        assert_eq!(atan2(1.0, -1.0), 3.0 * std::f64::consts::FRAC_PI_4);
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(log10(1000.0), 3.0);
        assert_eq!(sin(0.0), 0.0);
        assert_eq!((floor(-1.5), ceil(-1.5)), (-2.0, -1.0));
        assert_eq!(fmod(-7.5, 2.0), -1.5);
        assert_eq!(
            cos(1e22).to_bits(),
            0.523_214_785_395_139_f64.to_bits(),
            "large angles are reduced exactly"
        );
    }

    /// How many doubles lie between two of one sign.
    fn distance(made: f64, right: f64) -> u64 {
        assert_eq!(made.is_sign_negative(), right.is_sign_negative(), "{made:e} for {right:e}");
        made.abs().to_bits().abs_diff(right.abs().to_bits())
    }

    /// The table is written by `math/table.py`, from numbers of 300 bits.
    #[test]
    fn results_are_within_an_ulp_of_the_correctly_rounded_ones() {
        let double = |bits: &str| f64::from_bits(u64::from_str_radix(bits, 16).unwrap_or(0));
        let mut worst = std::collections::BTreeMap::new();
        for line in include_str!("math/table.tsv").lines().filter(|line| !line.starts_with('#')) {
            let [name, x, y, right] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
            let (x, y, right) = (double(x), double(y), double(right));
            let made = match name {
                "acos" => acos(x),
                "asin" => asin(x),
                "atan" => atan(x),
                "cos" => cos(x),
                "sin" => sin(x),
                "tan" => tan(x),
                "cosh" => cosh(x),
                "sinh" => sinh(x),
                "tanh" => tanh(x),
                "exp" => exp(x),
                "log" => log(x),
                "log10" => log10(x),
                "sqrt" => sqrt(x),
                "atan2" => atan2(x, y),
                "fmod" => fmod(x, y),
                "hypot" => hypot(x, y),
                "pow" => pow(x, y),
                other => panic!("{other} is not in the table"),
            };
            let worst = worst.entry(name).or_insert(0);
            *worst = distance(made, right).max(*worst);
        }
        let exact = ["fmod", "sqrt"];
        for (name, ulps) in &worst {
            assert!(*ulps <= u64::from(!exact.contains(name)), "{name} is {ulps} ulps away; all: {worst:?}");
        }
        assert_eq!(worst.len(), 17);
    }

    #[test]
    fn every_nan_is_the_one() {
        let negative = -f64::NAN;
        for value in [sqrt(-1.0), log(-1.0), sin(f64::INFINITY), pow(-2.0, 0.5), acos(2.0), floor(negative)] {
            assert_eq!(value.to_bits(), crate::arithmetic::double_bits(f64::NAN));
        }
    }

    #[test]
    fn numbers_are_taken_apart() {
        assert_eq!(fraction_and_power(8.0), (0.5, 4));
        assert_eq!(fraction_and_power(-0.0).0.to_bits(), 1 << 63);
        assert_eq!(fraction_and_power(5e-324), (0.5, -1073));
        assert_eq!(fraction_and_whole(-2.25), (-0.25, -2.0));
        assert_eq!(fraction_and_whole(f64::NEG_INFINITY), (0.0, f64::NEG_INFINITY));
        assert_eq!((power(8.0), power(0.75), power(5e-324)), (3.0, -1.0, -1074.0));
        assert_eq!(scale(0.5, 4), 8.0);
    }

    #[test]
    fn classes_are_the_documented_flags() {
        let signaling = f64::from_bits(0x7FF0_0000_0000_0001);
        let values =
            [signaling, f64::NAN, f64::NEG_INFINITY, -1.0, -5e-324, -0.0, 0.0, 5e-324, 1.0, f64::INFINITY];
        for (i, value) in values.into_iter().enumerate() {
            assert_eq!(class(value), 1 << i, "{value}");
        }
    }
}

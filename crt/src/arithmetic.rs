//! What compilers call where the processor has no instruction: division, shifts of 64 bits, floating point;
//! and `rand`.
//!
//! Floating point is on bit patterns. Rust's operations are IEEE 754's, rounded to nearest, on every host;
//! only the pattern of a NaN is the host's own, so every NaN that comes out is one and the same.

/// An integer was divided by zero, which the guest sees as an exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DivideByZero;

/// A quotient and its remainder, in the order of the registers they are returned in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Division {
    /// Rounded towards zero.
    pub quotient: u32,
    /// With the sign of the dividend.
    pub remainder: u32,
}

/// `__rt_sdiv`: the divisor comes first. The one quotient that does not fit wraps.
pub fn divide_signed(divisor: u32, dividend: u32) -> Result<Division, DivideByZero> {
    let (divisor, dividend) = (divisor as i32, dividend as i32);
    if divisor == 0 {
        return Err(DivideByZero);
    }
    let quotient = dividend.wrapping_div(divisor) as u32;
    Ok(Division { quotient, remainder: dividend.wrapping_rem(divisor) as u32 })
}

/// `__rt_udiv`: the divisor comes first.
pub fn divide_unsigned(divisor: u32, dividend: u32) -> Result<Division, DivideByZero> {
    let quotient = dividend.checked_div(divisor).ok_or(DivideByZero)?;
    Ok(Division { quotient, remainder: dividend % divisor })
}

/// `__rt_sdiv64by64`, `_alldiv`, `__rt_sdiv64`.
pub fn divide_signed_64(dividend: u64, divisor: u64) -> Result<u64, DivideByZero> {
    if divisor == 0 { Err(DivideByZero) } else { Ok((dividend as i64).wrapping_div(divisor as i64) as u64) }
}

/// `__rt_srem64by64`, `_allrem`.
pub fn remainder_signed_64(dividend: u64, divisor: u64) -> Result<u64, DivideByZero> {
    if divisor == 0 { Err(DivideByZero) } else { Ok((dividend as i64).wrapping_rem(divisor as i64) as u64) }
}

/// `__rt_udiv64by64`, `_aulldiv`.
pub fn divide_unsigned_64(dividend: u64, divisor: u64) -> Result<u64, DivideByZero> {
    dividend.checked_div(divisor).ok_or(DivideByZero)
}

/// `__rt_urem64by64`, `_aullrem`.
pub fn remainder_unsigned_64(dividend: u64, divisor: u64) -> Result<u64, DivideByZero> {
    dividend.checked_rem(divisor).ok_or(DivideByZero)
}

/// `_allmul`.
#[must_use]
pub fn multiply_64(left: u64, right: u64) -> u64 {
    left.wrapping_mul(right)
}

/// `_allshl`: by 64 or more it is 0.
#[must_use]
pub fn shift_left_64(value: u64, count: u32) -> u64 {
    value.checked_shl(count).unwrap_or(0)
}

/// `_aullshr`, `__rt_ursh`: by 64 or more it is 0.
#[must_use]
pub fn shift_right_unsigned_64(value: u64, count: u32) -> u64 {
    value.checked_shr(count).unwrap_or(0)
}

/// `_allshr`, `__rt_srsh`: by 64 or more only the sign is left.
#[must_use]
pub fn shift_right_signed_64(value: u64, count: u32) -> u64 {
    (value as i64 >> count.min(63)) as u64
}

/// The NaN of all results that are none: quiet, positive, without a payload, as ARM's default.
const NAN_SINGLE: u32 = 0x7FC0_0000;
const NAN_DOUBLE: u64 = 0x7FF8_0000_0000_0000;

fn single_bits(value: f32) -> u32 {
    if value.is_nan() { NAN_SINGLE } else { value.to_bits() }
}

/// The bits of a double, of the one NaN if it is none.
#[must_use]
pub fn double_bits(value: f64) -> u64 {
    if value.is_nan() { NAN_DOUBLE } else { value.to_bits() }
}

/// An operation of two floats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// `__adds`, `__addd`.
    Add,
    /// `__subs`, `__subd`: the second from the first.
    Subtract,
    /// `__muls`, `__muld`.
    Multiply,
    /// `__divs`, `__divd`: the first by the second. By zero it is infinite, or no number; no exception.
    Divide,
}

/// Carries out an operation on single-precision patterns.
#[must_use]
pub fn operate_single(operation: Operation, left: u32, right: u32) -> u32 {
    let (left, right) = (f32::from_bits(left), f32::from_bits(right));
    single_bits(match operation {
        Operation::Add => left + right,
        Operation::Subtract => left - right,
        Operation::Multiply => left * right,
        Operation::Divide => left / right,
    })
}

/// Carries out an operation on double-precision patterns.
#[must_use]
pub fn operate_double(operation: Operation, left: u64, right: u64) -> u64 {
    let (left, right) = (f64::from_bits(left), f64::from_bits(right));
    double_bits(match operation {
        Operation::Add => left + right,
        Operation::Subtract => left - right,
        Operation::Multiply => left * right,
        Operation::Divide => left / right,
    })
}

/// A comparison of two floats; with a NaN only "not equal" holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// `__eqs`, `__eqd`.
    Equal,
    /// `__nes`, `__ned`.
    NotEqual,
    /// `__lts`, `__ltd`.
    Less,
    /// `__les`, `__led`.
    LessOrEqual,
    /// `__gts`, `__gtd`.
    Greater,
    /// `__ges`, `__ged`.
    GreaterOrEqual,
}

impl Relation {
    fn holds<T: PartialOrd>(self, left: T, right: T) -> bool {
        match self {
            Relation::Equal => left == right,
            Relation::NotEqual => left != right,
            Relation::Less => left < right,
            Relation::LessOrEqual => left <= right,
            Relation::Greater => left > right,
            Relation::GreaterOrEqual => left >= right,
        }
    }
}

/// Whether a relation holds between single-precision patterns.
#[must_use]
pub fn compare_single(relation: Relation, left: u32, right: u32) -> bool {
    relation.holds(f32::from_bits(left), f32::from_bits(right))
}

/// Whether a relation holds between double-precision patterns.
#[must_use]
pub fn compare_double(relation: Relation, left: u64, right: u64) -> bool {
    relation.holds(f64::from_bits(left), f64::from_bits(right))
}

/// `__negs`: the sign changes, of a NaN too.
#[must_use]
pub fn negate_single(value: u32) -> u32 {
    value ^ 1 << 31
}

/// `__negd`.
#[must_use]
pub fn negate_double(value: u64) -> u64 {
    value ^ 1 << 63
}

/// `__stod`.
#[must_use]
pub fn single_to_double(value: u32) -> u64 {
    double_bits(f64::from(f32::from_bits(value)))
}

/// `__dtos`.
#[must_use]
pub fn double_to_single(value: u64) -> u32 {
    single_bits(f64::from_bits(value) as f32)
}

/// `__stoi`, `__stou`, `__stoi64`, `__stou64` start here: a single is a double without loss.
fn single(value: u32) -> f64 {
    f64::from(f32::from_bits(value))
}

// Out of range the C conversion is undefined; ours gives the nearest integer there is, and 0 for a NaN, as
// VFP does.

/// `__stoi`: towards zero.
#[must_use]
pub fn single_to_i32(value: u32) -> u32 {
    single(value) as i32 as u32
}

/// `__stou`.
#[must_use]
pub fn single_to_u32(value: u32) -> u32 {
    single(value) as u32
}

/// `__stoi64`.
#[must_use]
pub fn single_to_i64(value: u32) -> u64 {
    single(value) as i64 as u64
}

/// `__stou64`.
#[must_use]
pub fn single_to_u64(value: u32) -> u64 {
    single(value) as u64
}

/// `__dtoi`: towards zero.
#[must_use]
pub fn double_to_i32(value: u64) -> u32 {
    f64::from_bits(value) as i32 as u32
}

/// `__dtou`.
#[must_use]
pub fn double_to_u32(value: u64) -> u32 {
    f64::from_bits(value) as u32
}

/// `__dtoi64`.
#[must_use]
pub fn double_to_i64(value: u64) -> u64 {
    f64::from_bits(value) as i64 as u64
}

/// `__dtou64`.
#[must_use]
pub fn double_to_u64(value: u64) -> u64 {
    f64::from_bits(value) as u64
}

/// `__itos`.
#[must_use]
pub fn i32_to_single(value: u32) -> u32 {
    (value as i32 as f32).to_bits()
}

/// `__utos`.
#[must_use]
pub fn u32_to_single(value: u32) -> u32 {
    (value as f32).to_bits()
}

/// `__i64tos`: rounded once.
#[must_use]
pub fn i64_to_single(value: u64) -> u32 {
    (value as i64 as f32).to_bits()
}

/// `__u64tos`.
#[must_use]
pub fn u64_to_single(value: u64) -> u32 {
    (value as f32).to_bits()
}

/// `__itod`.
#[must_use]
pub fn i32_to_double(value: u32) -> u64 {
    f64::from(value as i32).to_bits()
}

/// `__utod`.
#[must_use]
pub fn u32_to_double(value: u32) -> u64 {
    f64::from(value).to_bits()
}

/// `__i64tod`.
#[must_use]
pub fn i64_to_double(value: u64) -> u64 {
    (value as i64 as f64).to_bits()
}

/// `__u64tod`.
#[must_use]
pub fn u64_to_double(value: u64) -> u64 {
    (value as f64).to_bits()
}

/// What `rand` gives: a linear congruential sequence, one for each thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Random {
    state: u32,
}

impl Default for Random {
    /// The sequence of a thread that has not called `srand`.
    fn default() -> Self {
        Self::new(1)
    }
}

impl Random {
    /// `srand`.
    #[must_use]
    pub fn new(seed: u32) -> Self {
        Self { state: seed }
    }

    /// `rand`: 0 to 32767.
    pub fn next_number(&mut self) -> u32 {
        self.state = self.state.wrapping_mul(214_013).wrapping_add(2_531_011);
        self.state >> 16 & 0x7FFF
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn division_takes_the_divisor_first_and_rounds_towards_zero() {
        let signed = |divisor: i32, dividend: i32| {
            let made = divide_signed(divisor as u32, dividend as u32).unwrap();
            (made.quotient as i32, made.remainder as i32)
        };
        assert_eq!(signed(2, 7), (3, 1));
        assert_eq!(signed(2, -7), (-3, -1));
        assert_eq!(signed(-2, 7), (-3, 1));
        assert_eq!(signed(-1, i32::MIN), (i32::MIN, 0));
        assert_eq!(divide_unsigned(10, u32::MAX), Ok(Division { quotient: 429_496_729, remainder: 5 }));
    }

    #[test]
    fn division_by_zero_is_an_error_of_every_kind() {
        assert_eq!(divide_signed(0, 5), Err(DivideByZero));
        assert_eq!(divide_unsigned(0, 5), Err(DivideByZero));
        for divide in [divide_signed_64, divide_unsigned_64, remainder_signed_64, remainder_unsigned_64] {
            assert_eq!(divide(5, 0), Err(DivideByZero));
        }
    }

    #[test]
    fn sixty_four_bits() {
        let minus = |value: i64| value as u64;
        assert_eq!(divide_signed_64(minus(-7), 2), Ok(minus(-3)));
        assert_eq!(remainder_signed_64(minus(-7), 2), Ok(minus(-1)));
        assert_eq!(divide_signed_64(minus(i64::MIN), minus(-1)), Ok(minus(i64::MIN)));
        assert_eq!(remainder_signed_64(minus(i64::MIN), minus(-1)), Ok(0));
        assert_eq!(divide_unsigned_64(u64::MAX, 10), Ok(1_844_674_407_370_955_161));
        assert_eq!(remainder_unsigned_64(u64::MAX, 10), Ok(5));
        assert_eq!(shift_left_64(1, 63), 1 << 63);
        assert_eq!(shift_left_64(1, 64), 0);
        assert_eq!(shift_right_unsigned_64(minus(-1), 64), 0);
        assert_eq!(shift_right_signed_64(minus(-8), 1), minus(-4));
        assert_eq!(shift_right_signed_64(minus(-8), 200), minus(-1));
        assert_eq!(multiply_64(1 << 40, 1 << 30), 0);
    }

    #[test]
    fn floats_are_ieee_and_every_nan_is_the_same() {
        let single = |operation, left: f32, right: f32| {
            f32::from_bits(operate_single(operation, left.to_bits(), right.to_bits()))
        };
        assert_eq!(single(Operation::Add, 0.1, 0.2), 0.1_f32 + 0.2_f32);
        assert_eq!(single(Operation::Subtract, 1.0, 3.0), -2.0);
        assert_eq!(single(Operation::Divide, 1.0, 0.0), f32::INFINITY);
        assert_eq!(operate_single(Operation::Divide, 0, 0), NAN_SINGLE);
        assert_eq!(operate_single(Operation::Add, 0xFFC1_2345, 0), NAN_SINGLE);
        assert_eq!(
            operate_single(Operation::Multiply, 1, 0x3F00_0000),
            0,
            "half the smallest is zero, to even"
        );
        let infinity = f64::INFINITY.to_bits();
        assert_eq!(operate_double(Operation::Subtract, infinity, infinity), NAN_DOUBLE);
        assert_eq!(
            operate_double(Operation::Multiply, 3_f64.to_bits(), 0.5_f64.to_bits()),
            1.5_f64.to_bits()
        );
        assert_eq!(single_to_double(0xFFC1_2345), NAN_DOUBLE);
        assert_eq!(double_to_single(1e300_f64.to_bits()), f32::INFINITY.to_bits());
        assert_eq!(negate_single(0), 0x8000_0000);
        assert_eq!(negate_double(NAN_DOUBLE), NAN_DOUBLE | 1 << 63);
    }

    #[test]
    fn a_nan_is_only_not_equal() {
        use Relation::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
        let one = 1_f64.to_bits();
        for relation in [Equal, Less, LessOrEqual, Greater, GreaterOrEqual] {
            assert!(!compare_double(relation, NAN_DOUBLE, one));
            assert!(!compare_single(relation, NAN_SINGLE, NAN_SINGLE));
        }
        assert!(compare_double(NotEqual, NAN_DOUBLE, NAN_DOUBLE));
        assert!(compare_double(Equal, 0, 1 << 63), "the zeros are equal");
        assert!(compare_double(LessOrEqual, one, one) && compare_double(Less, one | 1 << 63, one));
    }

    #[test]
    fn conversions_saturate_and_truncate() {
        assert_eq!(double_to_i32((-1.9_f64).to_bits()), -1_i32 as u32);
        assert_eq!(double_to_i32(1e10_f64.to_bits()), i32::MAX as u32);
        assert_eq!(double_to_u32((-1.0_f64).to_bits()), 0);
        assert_eq!(double_to_i32(NAN_DOUBLE), 0);
        assert_eq!(double_to_u64(1e30_f64.to_bits()), u64::MAX);
        assert_eq!(double_to_i64((-2.5_f64).to_bits()), -2_i64 as u64);
        assert_eq!(single_to_i32((-7.9_f32).to_bits()), -7_i32 as u32);
        assert_eq!(single_to_u64(1e10_f32.to_bits()), 10_000_000_000);
        assert_eq!(single_to_u32(3e9_f32.to_bits()), 3_000_000_000);
        assert_eq!(single_to_i64((-1.0_f32).to_bits()), u64::MAX);
        assert_eq!(i32_to_single(16_777_217), 16_777_216_f32.to_bits());
        assert_eq!(u32_to_single(u32::MAX), 4_294_967_296_f32.to_bits());
        assert_eq!(i32_to_double(u32::MAX), (-1.0_f64).to_bits());
        assert_eq!(u32_to_double(u32::MAX), 4_294_967_295_f64.to_bits());
        assert_eq!(u64_to_double(u64::MAX), 18_446_744_073_709_551_616_f64.to_bits());
        assert_eq!(i64_to_double(u64::MAX), (-1.0_f64).to_bits());
        assert_eq!(u64_to_single(u64::MAX), 18_446_744_073_709_551_616_f32.to_bits());
        assert_eq!(
            i64_to_single(0x4000_0040_0000_0001),
            f32::from_bits(0x5E80_0001).to_bits(),
            "rounded once"
        );
    }

    #[test]
    fn rand_is_the_known_sequence() {
        let mut random = Random::default();
        let numbers: Vec<u32> = (0..6).map(|_| random.next_number()).collect();
        assert_eq!(numbers, [41, 18467, 6334, 26500, 19169, 15724]);
        assert_eq!(Random::new(0).next_number(), 38);
    }
}

//! Numbers: as text, whole ones, and mathematics.

use cerium_coredll::Row;

use super::{Entry, NONE, OWN, arm, at, done, settle};
use crate::arithmetic::Random;
use crate::bodies::digits::Counted;
use crate::bodies::{digits, float, number, random};
use crate::call::{Argument, Cx, Return, Stop};
use crate::call::{Pair, ResultPlace};
use crate::pause::Step;
use crate::row::crt_functions;
use crate::{convert, math};

crt_functions! {
    // Numbers and text.

    /// Reads a decimal number.
    atoi = "atoi" @ at(993), ["C99 7.20.1.2"] (string: u32) -> u32
        = |cx| convert::decimal_long::<u8>(cx.memory, string);
    /// Reads a decimal number.
    atol = "atol" @ at(994), ["C99 7.20.1.2"] (string: u32) -> u32
        = |cx| convert::decimal_long::<u8>(cx.memory, string);
    /// Reads a decimal number.
    _wtol = "_wtol" @ at(78), [OWN] (string: u32) -> u32
        = |cx| convert::decimal_long::<u16>(cx.memory, string);
    /// Reads a decimal number.
    _wtoi = "_wtoi" @ at(3026), [OWN] (string: u32) -> u32
        = |cx| convert::decimal_long::<u16>(cx.memory, string);
    /// Reads a decimal number.
    _atoi64 = "_atoi64" @ at(1418), [OWN] (string: u32) -> u64
        = |cx| convert::decimal_int64::<u8>(cx.memory, string);
    /// Reads a decimal number.
    _wtoll = "_wtoll" @ at(79), [OWN] (string: u32) -> u64
        = |cx| convert::decimal_int64::<u16>(cx.memory, string);
    /// Reads a number of any radix.
    strtol = "strtol" @ at(1404), ["C99 7.20.1.4"] (nptr: u32, endptr: u32, base: u32) -> u32
        = |cx| convert::to_long::<u8>(cx.memory, nptr, endptr, base);
    /// Reads a number of any radix.
    strtoul = "strtoul" @ at(1405), ["C99 7.20.1.4"] (nptr: u32, endptr: u32, base: u32) -> u32
        = |cx| convert::to_unsigned_long::<u8>(cx.memory, nptr, endptr, base);
    /// Reads a number of any radix.
    wcstol = "wcstol" @ at(1082), ["C99 7.24.4.1.2"] (nptr: u32, endptr: u32, base: u32) -> u32
        = |cx| convert::to_long::<u16>(cx.memory, nptr, endptr, base);
    /// Reads a number of any radix.
    wcstoul = "wcstoul" @ at(1083), ["C99 7.24.4.1.2"] (nptr: u32, endptr: u32, base: u32) -> u32
        = |cx| convert::to_unsigned_long::<u16>(cx.memory, nptr, endptr, base);
    /// Reads a number of any radix.
    _strtoi64 = "_strtoi64" @ at(3025), [OWN] (nptr: u32, endptr: u32, base: u32) -> u64
        = |cx| convert::to_int64::<u8>(cx.memory, nptr, endptr, base);
    /// Reads a number of any radix.
    _strtoui64 = "_strtoui64" @ at(3022), [OWN] (nptr: u32, endptr: u32, base: u32) -> u64
        = |cx| convert::to_unsigned_int64::<u8>(cx.memory, nptr, endptr, base);
    /// Reads a number of any radix.
    _wcstoi64 = "_wcstoi64" @ at(3023), [OWN] (nptr: u32, endptr: u32, base: u32) -> u64
        = |cx| convert::to_int64::<u16>(cx.memory, nptr, endptr, base);
    /// Reads a number of any radix.
    _wcstoui64 = "_wcstoui64" @ at(3024), [OWN] (nptr: u32, endptr: u32, base: u32) -> u64
        = |cx| convert::to_unsigned_int64::<u16>(cx.memory, nptr, endptr, base);
    /// Reads a floating-point number.
    atof = "atof" @ at(995), ["C99 7.20.1.1"] (string: u32) -> f64
        = |cx| convert::to_double::<u8>(cx.memory, string, 0);
    /// Reads a floating-point number.
    _wtof = "_wtof" @ at(3027), [OWN] (string: u32) -> f64
        = |cx| convert::to_double::<u16>(cx.memory, string, 0);
    /// Reads a floating-point number and tells where it ends.
    strtod = "strtod" @ at(1403), ["C99 7.20.1.3"] (nptr: u32, endptr: u32) -> f64
        = |cx| convert::to_double::<u8>(cx.memory, nptr, endptr);
    /// Reads a floating-point number and tells where it ends.
    wcstod = "wcstod" @ at(1081), ["C99 7.24.4.1.1"] (nptr: u32, endptr: u32) -> f64
        = |cx| convert::to_double::<u16>(cx.memory, nptr, endptr);
    /// Writes a number.
    _itoa = "_itoa" @ at(1025), [OWN] (value: u32, string: u32, radix: u32) -> u32
        = |cx| convert::from_long::<u8>(cx.memory, value, string, radix);
    /// Writes a number.
    _itow = "_itow" @ at(1026), [OWN] (value: u32, string: u32, radix: u32) -> u32
        = |cx| convert::from_long::<u16>(cx.memory, value, string, radix);
    /// Writes a number.
    _ltoa = "_ltoa" @ at(1039), [OWN] (value: u32, string: u32, radix: u32) -> u32
        = |cx| convert::from_long::<u8>(cx.memory, value, string, radix);
    /// Writes a number.
    _ltow = "_ltow" @ at(1040), [OWN] (value: u32, string: u32, radix: u32) -> u32
        = |cx| convert::from_long::<u16>(cx.memory, value, string, radix);
    /// Writes a number.
    _ultoa = "_ultoa" @ at(1079), [OWN] (value: u32, string: u32, radix: u32) -> u32
        = |cx| convert::from_unsigned_long::<u8>(cx.memory, value, string, radix);
    /// Writes a number.
    _ultow = "_ultow" @ at(1080), [OWN] (value: u32, string: u32, radix: u32) -> u32
        = |cx| convert::from_unsigned_long::<u16>(cx.memory, value, string, radix);
    /// Writes a number into a buffer of known size.
    _itoa_s = "_itoa_s" @ at(2649), [OWN]
        (value: u32, buffer: u32, size: u32, radix: u32) -> u32
        = |cx| convert::checked_from_long::<u8>(cx.memory, value, true, (buffer, size), radix);
    /// Writes a number into a buffer of known size.
    _itow_s = "_itow_s" @ at(2647), [OWN]
        (value: u32, buffer: u32, size: u32, radix: u32) -> u32
        = |cx| convert::checked_from_long::<u16>(cx.memory, value, true, (buffer, size), radix);
    /// Writes a number into a buffer of known size.
    _ltoa_s = "_ltoa_s" @ at(2650), [OWN]
        (value: u32, buffer: u32, size: u32, radix: u32) -> u32
        = |cx| convert::checked_from_long::<u8>(cx.memory, value, true, (buffer, size), radix);
    /// Writes a number into a buffer of known size.
    _ltow_s = "_ltow_s" @ at(2651), [OWN]
        (value: u32, buffer: u32, size: u32, radix: u32) -> u32
        = |cx| convert::checked_from_long::<u16>(cx.memory, value, true, (buffer, size), radix);
    /// Writes a number into a buffer of known size.
    _ultoa_s = "_ultoa_s" @ at(2663), [OWN]
        (value: u32, buffer: u32, size: u32, radix: u32) -> u32
        = |cx| convert::checked_from_long::<u8>(cx.memory, value, false, (buffer, size), radix);
    /// Writes a number into a buffer of known size.
    _ultow_s = "_ultow_s" @ at(2664), [OWN]
        (value: u32, buffer: u32, size: u32, radix: u32) -> u32
        = |cx| convert::checked_from_long::<u16>(cx.memory, value, false, (buffer, size), radix);
    /// Writes the digits of a number, and tells where its point is.
    _ecvt = "_ecvt" @ at(1008), [OWN]
        (value: f64, count: i32, dec: u32, sign: u32) -> u32
        = |cx| digits::digits(cx, value, count, Counted::Significant, dec, sign);
    /// Writes the digits of a number down to a place after the point.
    _fcvt = "_fcvt" @ at(1011), [OWN]
        (value: f64, count: i32, dec: u32, sign: u32) -> u32
        = |cx| digits::digits(cx, value, count, Counted::AfterPoint, dec, sign);
    /// Writes a floating-point number.
    _gcvt = "_gcvt" @ at(1022), [OWN]
        (value: f64, digits: i32, buffer: u32) -> u32
        = |cx| digits::text(cx, value, digits, buffer);
    /// Writes the digits of a number into a buffer of known size.
    _ecvt_s = "_ecvt_s" @ at(2645), [OWN]
        (buffer: u32, size: u32, value: f64, count: i32, point: u32, sign: u32) -> u32
        = |cx| digits::digits_checked(
            cx, digits::Places { buffer, size, point, sign }, value, count, Counted::Significant
        );
    /// Writes the digits of a number into a buffer of known size.
    _fcvt_s = "_fcvt_s" @ at(2646), [OWN]
        (buffer: u32, size: u32, value: f64, count: i32, point: u32, sign: u32) -> u32
        = |cx| digits::digits_checked(
            cx, digits::Places { buffer, size, point, sign }, value, count, Counted::AfterPoint
        );
    /// Writes a floating-point number into a buffer of known size.
    _gcvt_s = "_gcvt_s" @ at(2648), [OWN]
        (buffer: u32, size: u32, value: f64, digits: i32) -> u32
        = |cx| digits::text_checked(cx, buffer, size, value, digits);
    /// Reads a floating-point number and tells whether it is out of range.
    _atodbl = "_atodbl" @ at(996), [OWN]
        (value: u32, string: u32) -> u32
        = |cx| digits::to_double(cx, value, string);
    /// Reads a floating-point number and tells whether it is out of range.
    _atoflt = "_atoflt" @ at(997), [OWN]
        (value: u32, string: u32) -> u32
        = |cx| digits::to_float(cx, value, string);
    /// Reads a decimal number; the name of Compact 7.
    _wtoi64 = "_wtoi64" @ NONE, [OWN]
        (string: u32) -> u64
        = |cx| convert::decimal_int64::<u16>(cx.memory, string);

    // Integers.

    /// Takes the sign away.
    abs = "abs" @ at(988), ["C99 7.20.6.1"] (n: i32) -> i32 = |_cx| done(n.wrapping_abs());
    /// Takes the sign away.
    labs = "labs" @ at(1030), ["C99 7.20.6.1"] (n: i32) -> i32 = |_cx| done(n.wrapping_abs());
    /// Takes the sign away.
    _abs64 = "_abs64" @ at(1621), [OWN] (n: u64) -> u64 = |_cx| done((n as i64).wrapping_abs() as u64);
    /// Multiplies and divides, the product of 64 bits.
    MulDiv = "MulDiv" @ at(1877), [OWN]
        (nNumber: i32, nNumerator: i32, nDenominator: i32) -> i32
        = |_cx| done(number::multiply_and_divide(nNumber, nNumerator, nDenominator));
    /// Divides, with the remainder.
    div = "div" @ at(1007), ["C99 7.20.6.2"]
        (place: ResultPlace, numer: i32, denom: i32) -> Pair
        = |cx| number::divide(cx, place, numer, denom);
    /// Divides, with the remainder.
    ldiv = "ldiv" @ at(1032), ["C99 7.20.6.2"]
        (place: ResultPlace, numer: i32, denom: i32) -> Pair
        = |cx| number::divide(cx, place, numer, denom);
    /// Rotates to the left.
    _lrotl = "_lrotl" @ at(1037), [OWN] (value: u32, shift: u32) -> u32
        = |_cx| done(value.rotate_left(shift % 32));
    /// Rotates to the right.
    _lrotr = "_lrotr" @ at(1038), [OWN] (value: u32, shift: u32) -> u32
        = |_cx| done(value.rotate_right(shift % 32));
    /// Rotates to the left.
    _rotl = "_rotl" @ at(1055), [OWN] (value: u32, shift: u32) -> u32
        = |_cx| done(value.rotate_left(shift % 32));
    /// Rotates to the right.
    _rotr = "_rotr" @ at(1056), [OWN] (value: u32, shift: u32) -> u32
        = |_cx| done(value.rotate_right(shift % 32));
    /// Rotates to the left.
    _rotl64 = "_rotl64" @ at(1638), [OWN] (value: u64, shift: u32) -> u64
        = |_cx| done(value.rotate_left(shift % 64));
    /// Rotates to the right.
    _rotr64 = "_rotr64" @ at(1639), [OWN] (value: u64, shift: u32) -> u64
        = |_cx| done(value.rotate_right(shift % 64));
    /// Returns the next number of the thread's sequence.
    rand = "rand" @ at(1053), ["C99 7.20.2.1"] () -> u32 = |cx| done(cx.thread.random.next_number());
    /// Begins the thread's sequence.
    srand = "srand" @ at(1061), ["C99 7.20.2.2"] (seed: u32) -> ()
        = |cx| done(cx.thread.random = Random::new(seed));
    /// Stores a number that nobody foresees.
    rand_s = "rand_s" @ at(2655), [OWN, "the sequence is the same in every run"]
        (randomValue: u32) -> u32
        = |cx| random::number(cx, randomValue);
    /// Fills a buffer with bytes that nobody foresees.
    CeGenRandom = "CeGenRandom" @ at(1601), [OWN, "the sequence is the same in every run"]
        (dwLen: u32, pbBuffer: u32) -> bool
        = |cx| random::fill(cx, dwLen, pbBuffer);
    /// Returns a number that nobody foresees.
    Random = "Random" @ at(80), [OWN, "the sequence is the same in every run"]
        () -> u32
        = |cx| done(random::next(cx) as u32);
    /// Returns a seed that nobody foresees.
    CeGetRandomSeed = "CeGetRandomSeed" @ at(1443), [OWN, "the sequence is the same in every run"]
        () -> u64
        = |cx| done(random::next(cx));
    /// Counts bits.
    _CountLeadingZeros = "_CountLeadingZeros" @ arm(1629), [OWN] (x: u32) -> u32
        = |_cx| done(x.leading_zeros());
    /// Counts bits.
    _CountLeadingOnes = "_CountLeadingOnes" @ arm(1625), [OWN] (x: u32) -> u32 = |_cx| done(x.leading_ones());
    /// Counts bits.
    _CountOneBits = "_CountOneBits" @ arm(1631), [OWN] (x: u32) -> u32 = |_cx| done(x.count_ones());
    /// Counts bits.
    _CountLeadingZeros64 = "_CountLeadingZeros64" @ arm(1630), [OWN] (x: u64) -> u32
        = |_cx| done(x.leading_zeros());
    /// Counts bits.
    _CountLeadingOnes64 = "_CountLeadingOnes64" @ arm(1626), [OWN] (x: u64) -> u32
        = |_cx| done(x.leading_ones());
    /// Counts bits.
    _CountOneBits64 = "_CountOneBits64" @ arm(1632), [OWN] (x: u64) -> u32 = |_cx| done(x.count_ones());
    /// Counts the bits at the start that are as the sign.
    _CountLeadingSigns = "_CountLeadingSigns" @ arm(1627), [OWN]
        (x: i32) -> u32
        = |_cx| done((x ^ x >> 31).leading_zeros() - 1);
    /// Counts the bits at the start that are as the sign.
    _CountLeadingSigns64 = "_CountLeadingSigns64" @ arm(1628), [OWN]
        (x: u64) -> u32
        = |_cx| done((x as i64 ^ x as i64 >> 63).leading_zeros() - 1);
    /// Returns the upper half of a product.
    _MulHigh = "_MulHigh" @ arm(1636), [OWN] (a: i32, b: i32) -> u32
        = |_cx| done(((i64::from(a) * i64::from(b)) >> 32) as u32);
    /// Returns the upper half of a product.
    _MulUnsignedHigh = "_MulUnsignedHigh" @ arm(1637), [OWN] (a: u32, b: u32) -> u32
        = |_cx| done(((u64::from(a) * u64::from(b)) >> 32) as u32);

    // Mathematics.

    /// A function of a double.
    acos = "acos" @ at(989), ["C99 7.12.4.1"] (x: f64) -> f64 = |_cx| done(math::acos(x));
    /// A function of a double.
    asin = "asin" @ at(990), ["C99 7.12.4.2"] (x: f64) -> f64 = |_cx| done(math::asin(x));
    /// A function of a double.
    atan = "atan" @ at(991), ["C99 7.12.4.3"] (x: f64) -> f64 = |_cx| done(math::atan(x));
    /// A function of a double.
    ceil = "ceil" @ at(999), ["C99 7.12.9.1"] (x: f64) -> f64 = |_cx| done(math::ceil(x));
    /// A function of a double.
    cos = "cos" @ at(1004), ["C99 7.12.4.5"] (x: f64) -> f64 = |_cx| done(math::cos(x));
    /// A function of a double.
    cosh = "cosh" @ at(1005), ["C99 7.12.5.4"] (x: f64) -> f64 = |_cx| done(math::cosh(x));
    /// A function of a double.
    exp = "exp" @ at(1009), ["C99 7.12.6.1"] (x: f64) -> f64 = |_cx| done(math::exp(x));
    /// A function of a double.
    floor = "floor" @ at(1013), ["C99 7.12.9.2"] (x: f64) -> f64 = |_cx| done(math::floor(x));
    /// A function of a double.
    log = "log" @ at(1033), ["C99 7.12.6.7"] (x: f64) -> f64 = |_cx| done(math::log(x));
    /// A function of a double.
    log10 = "log10" @ at(1034), ["C99 7.12.6.8"] (x: f64) -> f64 = |_cx| done(math::log10(x));
    /// A function of a double.
    sin = "sin" @ at(1058), ["C99 7.12.4.6"] (x: f64) -> f64 = |_cx| done(math::sin(x));
    /// A function of a double.
    sinh = "sinh" @ at(1059), ["C99 7.12.5.5"] (x: f64) -> f64 = |_cx| done(math::sinh(x));
    /// A function of a double.
    sqrt = "sqrt" @ at(1060), ["C99 7.12.7.5"] (x: f64) -> f64 = |_cx| done(math::sqrt(x));
    /// A function of a double.
    tan = "tan" @ at(1075), ["C99 7.12.4.7"] (x: f64) -> f64 = |_cx| done(math::tan(x));
    /// A function of a double.
    tanh = "tanh" @ at(1076), ["C99 7.12.5.6"] (x: f64) -> f64 = |_cx| done(math::tanh(x));
    /// A function of a double.
    _j0 = "_j0" @ at(1027), [OWN, "near its zeros only the absolute error is small"]
        (x: f64) -> f64 = |_cx| done(math::j0(x));
    /// A function of a double.
    _j1 = "_j1" @ at(1028), [OWN, "near its zeros only the absolute error is small"]
        (x: f64) -> f64 = |_cx| done(math::j1(x));
    /// A function of a double.
    _y0 = "_y0" @ at(1084), [OWN, "near its zeros only the absolute error is small"]
        (x: f64) -> f64 = |_cx| done(math::y0(x));
    /// A function of a double.
    _y1 = "_y1" @ at(1085), [OWN, "near its zeros only the absolute error is small"]
        (x: f64) -> f64 = |_cx| done(math::y1(x));
    /// A function of a double.
    _logb = "_logb" @ at(1035), [OWN] (x: f64) -> f64 = |_cx| done(math::power(x));
    /// A function of a double.
    _chgsign = "_chgsign" @ at(1000), [OWN] (x: f64) -> f64 = |_cx| done(math::change_sign(x));
    /// A function of a double.
    _fsqrt = "_fsqrt" @ at(1021), [OWN] (x: f64) -> f64 = |_cx| done(math::sqrt(x));
    /// Takes the sign away.
    fabs = "fabs" @ at(1010), ["C99 7.12.7.2"] (x: f64) -> f64 = |_cx| done(math::absolute(x));
    /// A function of two doubles.
    atan2 = "atan2" @ at(992), ["C99 7.12.4.4"] (x: f64, y: f64) -> f64 = |_cx| done(math::atan2(x, y));
    /// A function of two doubles.
    fmod = "fmod" @ at(1014), ["C99 7.12.10.1"] (x: f64, y: f64) -> f64 = |_cx| done(math::fmod(x, y));
    /// A function of two doubles.
    pow = "pow" @ at(1051), ["C99 7.12.7.4"] (x: f64, y: f64) -> f64 = |_cx| done(math::pow(x, y));
    /// A function of two doubles.
    _hypot = "_hypot" @ at(1023), [OWN] (x: f64, y: f64) -> f64 = |_cx| done(math::hypot(x, y));
    /// A function of two doubles.
    _nextafter = "_nextafter" @ at(1050), [OWN] (x: f64, y: f64) -> f64 = |_cx| done(math::nextafter(x, y));
    /// A function of two doubles.
    _copysign = "_copysign" @ at(1003), [OWN] (x: f64, y: f64) -> f64 = |_cx| done(math::copy_sign(x, y));
    /// Returns the seconds between two times.
    difftime = "difftime" @ at(1006), ["C99 7.23.2.2"] (timer1: u32, timer0: u32) -> f64
        = |_cx| done(f64::from(timer1 as i32) - f64::from(timer0 as i32));
    /// Multiplies by a power of two.
    ldexp = "ldexp" @ at(1031), ["C99 7.12.6.6"] (x: f64, exp: i32) -> f64 = |_cx| done(math::scale(x, exp));
    /// Multiplies by a power of two.
    _scalb = "_scalb" @ at(1057), [OWN] (x: f64, exp: i32) -> f64 = |_cx| done(math::scale(x, exp));
    /// Takes a number apart: fraction and power of two.
    frexp = "frexp" @ at(1019), ["C99 7.12.6.4"] (x: f64, expptr: u32) -> f64
        = |cx| number::take_apart(cx, x, expptr);
    /// Takes a number apart: fraction and whole part.
    modf = "modf" @ at(1048), ["C99 7.12.6.12"] (x: f64, intptr: u32) -> f64
        = |cx| number::split(cx, x, intptr);
    /// A Bessel function.
    _jn = "_jn" @ at(1029), [OWN, "near its zeros only the absolute error is small"]
        (n: i32, x: f64) -> f64 = |_cx| done(math::jn(n, x));
    /// A Bessel function.
    _yn = "_yn" @ at(1086), [OWN, "near its zeros only the absolute error is small"]
        (n: i32, x: f64) -> f64 = |_cx| done(math::yn(n, x));
    /// Tells whether a number is finite.
    _finite = "_finite" @ at(1012), [OWN] (x: f64) -> bool = |_cx| done(x.is_finite());
    /// Tells whether a number is none.
    _isnan = "_isnan" @ at(1024), [OWN] (x: f64) -> bool = |_cx| done(x.is_nan());
    /// Tells whether a number is none.
    _isnanf = "_isnanf" @ at(1633), [OWN] (x: f32) -> bool = |_cx| done(x.is_nan());
    /// Tells whether one of two numbers is none.
    _isunordered = "_isunordered" @ at(1634), [OWN] (x: f64, y: f64) -> bool
        = |_cx| done(x.is_nan() || y.is_nan());
    /// Tells whether one of two numbers is none.
    _isunorderedf = "_isunorderedf" @ at(1635), [OWN] (x: f32, y: f32) -> bool
        = |_cx| done(x.is_nan() || y.is_nan());
    /// Tells the kind of a number.
    _fpclass = "_fpclass" @ at(1015), [OWN] (x: f64) -> u32 = |_cx| done(math::class(x));
    /// Changes rounding, precision and masked exceptions.
    _controlfp = "_controlfp" @ at(1002), [OWN, "on ARM operations round to nearest whatever is set"]
        (new: u32, mask: u32) -> u32
        = |cx| done(float::control(cx, new, mask));
    /// Changes rounding, precision and masked exceptions.
    _controlfp_s = "_controlfp_s" @ at(2644), [OWN, "on ARM operations round to nearest whatever is set"]
        (currentControl: u32, newControl: u32, mask: u32) -> u32
        = |cx| float::control_checked(cx, currentControl, newControl, mask);
    /// Tells what exceptions there were.
    _statusfp = "_statusfp" @ at(1062), [OWN, "on ARM no exception is noted"]
        () -> u32
        = |cx| done(float::status(cx));
    /// Tells what exceptions there were, and forgets them.
    _clearfp = "_clearfp" @ at(1001), [OWN, "on ARM no exception is noted"]
        () -> u32
        = |cx| done(float::clear(cx));
    /// Sets the environment to what a thread begins with.
    _fpreset = "_fpreset" @ at(1017), [OWN]
        () -> ()
        = |cx| done(float::reset(cx));
    /// Rounds to a whole number.
    _frnd = "_frnd" @ at(1020), [OWN]
        (x: f64) -> f64
        = |_cx| done(math::round(x));
    /// The distance of a complex number from zero.
    _cabs = "_cabs" @ at(998), [OWN]
        (x: f64, y: f64) -> f64
        = |_cx| done(math::hypot(x, y));
    /// A function of a float.
    ceilf = "ceilf" @ at(1640), [OWN] (x: f32) -> f32 = |_cx| done(math::ceil(f64::from(x)) as f32);
    /// A function of a float.
    fabsf = "fabsf" @ at(1641), [OWN] (x: f32) -> f32 = |_cx| done(math::absolute(f64::from(x)) as f32);
    /// A function of a float.
    floorf = "floorf" @ at(1642), [OWN] (x: f32) -> f32 = |_cx| done(math::floor(f64::from(x)) as f32);
    /// A function of a float.
    sqrtf = "sqrtf" @ at(1644), [OWN] (x: f32) -> f32 = |_cx| done(math::sqrt(f64::from(x)) as f32);
    /// The remainder of a division rounded towards zero.
    fmodf = "fmodf" @ at(1643), [OWN] (x: f32, y: f32) -> f32
        = |_cx| done(math::fmod(f64::from(x), f64::from(y)) as f32);
}

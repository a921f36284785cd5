//! What compilers call: for C++, for ARM, for x86.

use cerium_coredll::Row;

use super::{Entry, NONE, OWN, arm, at, done, settle, x86};
use crate::arithmetic::{Division, Operation, Relation};
use crate::bodies::{number, objects, stack};
use crate::call::{Argument, Cl, Cx, EdxEax, LongDivision, Popping, Return, Stop};
use crate::call::{Room, Top, TopTwo};
use crate::pause::Step;
use crate::row::crt_functions;
use crate::{arithmetic, math};

crt_functions! {
    // What compilers of C++ call.

    /// Ends a process that calls a purely virtual function.
    _purecall = "_purecall" @ at(1092), [OWN]
        () -> Step
        = |cx| done(objects::pure_call(cx));
    /// Makes an array of objects.
    vector_constructor = "??_L@YAXPAXIHP6AX0@Z1@Z" @ arm(1576), [OWN, "an exception of a constructor leaves the objects before as they are"]
        (array: u32, size: u32, count: u32, constructor: u32, _destructor: u32) -> Step
        = |_cx| objects::construct(array, size, count, constructor);
    /// Takes an array of objects apart.
    vector_destructor = "??_M@YAXPAXIHP6AX0@Z@Z" @ arm(1578), [OWN]
        (array: u32, size: u32, count: u32, destructor: u32) -> Step
        = |_cx| objects::destroy(array, size, count, destructor);

    // What compilers for ARM call.

    /// Divides signed numbers.
    __rt_sdiv = "__rt_sdiv" @ arm(2005), [OWN] (divisor: u32, dividend: u32) -> Division
        = |_cx| arithmetic::divide_signed(divisor, dividend);
    /// Divides unsigned numbers.
    __rt_udiv = "__rt_udiv" @ arm(2008), [OWN] (divisor: u32, dividend: u32) -> Division
        = |_cx| arithmetic::divide_unsigned(divisor, dividend);
    /// Divides a signed number by ten.
    __rt_sdiv10 = "__rt_sdiv10" @ arm(2006), [OWN] (dividend: u32) -> Division
        = |_cx| arithmetic::divide_signed(10, dividend);
    /// Divides an unsigned number by ten.
    __rt_udiv10 = "__rt_udiv10" @ arm(2009), [OWN] (dividend: u32) -> Division
        = |_cx| arithmetic::divide_unsigned(10, dividend);
    /// Divides numbers of 64 bits.
    __rt_sdiv64by64 = "__rt_sdiv64by64" @ arm(2000), [OWN] (dividend: u64, divisor: u64) -> u64
        = |_cx| arithmetic::divide_signed_64(dividend, divisor);
    /// Divides numbers of 64 bits.
    __rt_srem64by64 = "__rt_srem64by64" @ arm(2001), [OWN] (dividend: u64, divisor: u64) -> u64
        = |_cx| arithmetic::remainder_signed_64(dividend, divisor);
    /// Divides numbers of 64 bits.
    __rt_udiv64by64 = "__rt_udiv64by64" @ arm(2002), [OWN] (dividend: u64, divisor: u64) -> u64
        = |_cx| arithmetic::divide_unsigned_64(dividend, divisor);
    /// Divides numbers of 64 bits.
    __rt_urem64by64 = "__rt_urem64by64" @ arm(2003), [OWN] (dividend: u64, divisor: u64) -> u64
        = |_cx| arithmetic::remainder_unsigned_64(dividend, divisor);
    /// Divides signed numbers of 64 bits, for version 7.
    __rt_sdiv64 = "__rt_sdiv64" @ NONE, [OWN] (divisor: u64, dividend: u64) -> LongDivision
        = |_cx| number::divide_signed(divisor, dividend);
    /// Divides unsigned numbers of 64 bits, for version 7.
    __rt_udiv64 = "__rt_udiv64" @ NONE, [OWN] (divisor: u64, dividend: u64) -> LongDivision
        = |_cx| number::divide_unsigned(divisor, dividend);
    /// Shifts to the right with the sign.
    __rt_srsh = "__rt_srsh" @ arm(2010), [OWN] (value: u64, count: u32) -> u64
        = |_cx| done(arithmetic::shift_right_signed_64(value, count));
    /// Shifts to the right.
    __rt_ursh = "__rt_ursh" @ arm(2011), [OWN] (value: u64, count: u32) -> u64
        = |_cx| done(arithmetic::shift_right_unsigned_64(value, count));
    /// Computes with floats.
    __adds = "__adds" @ arm(2051), [OWN] (a: u32, b: u32) -> u32
        = |_cx| done(arithmetic::operate_single(Operation::Add, a, b));
    /// Computes with doubles.
    __addd = "__addd" @ arm(2053), [OWN] (a: u64, b: u64) -> u64
        = |_cx| done(arithmetic::operate_double(Operation::Add, a, b));
    /// Computes with floats.
    __subs = "__subs" @ arm(2015), [OWN] (a: u32, b: u32) -> u32
        = |_cx| done(arithmetic::operate_single(Operation::Subtract, a, b));
    /// Computes with doubles.
    __subd = "__subd" @ arm(2016), [OWN] (a: u64, b: u64) -> u64
        = |_cx| done(arithmetic::operate_double(Operation::Subtract, a, b));
    /// Computes with floats.
    __muls = "__muls" @ arm(2026), [OWN] (a: u32, b: u32) -> u32
        = |_cx| done(arithmetic::operate_single(Operation::Multiply, a, b));
    /// Computes with doubles.
    __muld = "__muld" @ arm(2027), [OWN] (a: u64, b: u64) -> u64
        = |_cx| done(arithmetic::operate_double(Operation::Multiply, a, b));
    /// Computes with floats.
    __divs = "__divs" @ arm(2047), [OWN] (a: u32, b: u32) -> u32
        = |_cx| done(arithmetic::operate_single(Operation::Divide, a, b));
    /// Computes with doubles.
    __divd = "__divd" @ arm(2048), [OWN] (a: u64, b: u64) -> u64
        = |_cx| done(arithmetic::operate_double(Operation::Divide, a, b));
    /// Compares floats.
    __eqs = "__eqs" @ arm(2040), [OWN] (a: u32, b: u32) -> bool
        = |_cx| done(arithmetic::compare_single(Relation::Equal, a, b));
    /// Compares doubles.
    __eqd = "__eqd" @ arm(2041), [OWN] (a: u64, b: u64) -> bool
        = |_cx| done(arithmetic::compare_double(Relation::Equal, a, b));
    /// Compares floats.
    __nes = "__nes" @ arm(2022), [OWN] (a: u32, b: u32) -> bool
        = |_cx| done(arithmetic::compare_single(Relation::NotEqual, a, b));
    /// Compares doubles.
    __ned = "__ned" @ arm(2025), [OWN] (a: u64, b: u64) -> bool
        = |_cx| done(arithmetic::compare_double(Relation::NotEqual, a, b));
    /// Compares floats.
    __lts = "__lts" @ arm(2028), [OWN] (a: u32, b: u32) -> bool
        = |_cx| done(arithmetic::compare_single(Relation::Less, a, b));
    /// Compares doubles.
    __ltd = "__ltd" @ arm(2029), [OWN] (a: u64, b: u64) -> bool
        = |_cx| done(arithmetic::compare_double(Relation::Less, a, b));
    /// Compares floats.
    __les = "__les" @ arm(2030), [OWN] (a: u32, b: u32) -> bool
        = |_cx| done(arithmetic::compare_single(Relation::LessOrEqual, a, b));
    /// Compares doubles.
    __led = "__led" @ arm(2031), [OWN] (a: u64, b: u64) -> bool
        = |_cx| done(arithmetic::compare_double(Relation::LessOrEqual, a, b));
    /// Compares floats.
    __gts = "__gts" @ arm(2036), [OWN] (a: u32, b: u32) -> bool
        = |_cx| done(arithmetic::compare_single(Relation::Greater, a, b));
    /// Compares doubles.
    __gtd = "__gtd" @ arm(2037), [OWN] (a: u64, b: u64) -> bool
        = |_cx| done(arithmetic::compare_double(Relation::Greater, a, b));
    /// Compares floats.
    __ges = "__ges" @ arm(2038), [OWN] (a: u32, b: u32) -> bool
        = |_cx| done(arithmetic::compare_single(Relation::GreaterOrEqual, a, b));
    /// Compares doubles.
    __ged = "__ged" @ arm(2039), [OWN] (a: u64, b: u64) -> bool
        = |_cx| done(arithmetic::compare_double(Relation::GreaterOrEqual, a, b));
    /// Converts or negates a number.
    __negs = "__negs" @ arm(2023), [OWN] (value: u32) -> u32 = |_cx| done(arithmetic::negate_single(value));
    /// Converts or negates a number.
    __negd = "__negd" @ arm(2024), [OWN] (value: u64) -> u64 = |_cx| done(arithmetic::negate_double(value));
    /// Converts or negates a number.
    __stod = "__stod" @ arm(2021), [OWN] (value: u32) -> u64
        = |_cx| done(arithmetic::single_to_double(value));
    /// Converts or negates a number.
    __dtos = "__dtos" @ arm(2044), [OWN] (value: u64) -> u32
        = |_cx| done(arithmetic::double_to_single(value));
    /// Converts or negates a number.
    __stoi = "__stoi" @ arm(2020), [OWN] (value: u32) -> u32 = |_cx| done(arithmetic::single_to_i32(value));
    /// Converts or negates a number.
    __stou = "__stou" @ arm(2018), [OWN] (value: u32) -> u32 = |_cx| done(arithmetic::single_to_u32(value));
    /// Converts or negates a number.
    __stoi64 = "__stoi64" @ arm(2019), [OWN] (value: u32) -> u64
        = |_cx| done(arithmetic::single_to_i64(value));
    /// Converts or negates a number.
    __stou64 = "__stou64" @ arm(2017), [OWN] (value: u32) -> u64
        = |_cx| done(arithmetic::single_to_u64(value));
    /// Converts or negates a number.
    __dtoi = "__dtoi" @ arm(2046), [OWN] (value: u64) -> u32 = |_cx| done(arithmetic::double_to_i32(value));
    /// Converts or negates a number.
    __dtou = "__dtou" @ arm(2043), [OWN] (value: u64) -> u32 = |_cx| done(arithmetic::double_to_u32(value));
    /// Converts or negates a number.
    __dtoi64 = "__dtoi64" @ arm(2045), [OWN] (value: u64) -> u64
        = |_cx| done(arithmetic::double_to_i64(value));
    /// Converts or negates a number.
    __dtou64 = "__dtou64" @ arm(2042), [OWN] (value: u64) -> u64
        = |_cx| done(arithmetic::double_to_u64(value));
    /// Converts or negates a number.
    __itos = "__itos" @ arm(2032), [OWN] (value: u32) -> u32 = |_cx| done(arithmetic::i32_to_single(value));
    /// Converts or negates a number.
    __utos = "__utos" @ arm(2052), [OWN] (value: u32) -> u32 = |_cx| done(arithmetic::u32_to_single(value));
    /// Converts or negates a number.
    __i64tos = "__i64tos" @ arm(2034), [OWN] (value: u64) -> u32
        = |_cx| done(arithmetic::i64_to_single(value));
    /// Converts or negates a number.
    __u64tos = "__u64tos" @ arm(2013), [OWN] (value: u64) -> u32
        = |_cx| done(arithmetic::u64_to_single(value));
    /// Converts or negates a number.
    __itod = "__itod" @ arm(2033), [OWN] (value: u32) -> u64 = |_cx| done(arithmetic::i32_to_double(value));
    /// Converts or negates a number.
    __utod = "__utod" @ arm(2012), [OWN] (value: u32) -> u64 = |_cx| done(arithmetic::u32_to_double(value));
    /// Converts or negates a number.
    __i64tod = "__i64tod" @ arm(2035), [OWN] (value: u64) -> u64
        = |_cx| done(arithmetic::i64_to_double(value));
    /// Converts or negates a number.
    __u64tod = "__u64tod" @ arm(2014), [OWN] (value: u64) -> u64
        = |_cx| done(arithmetic::u64_to_double(value));

    // What compilers for x86 call.

    /// Divides numbers of 64 bits.
    _alldiv = "_alldiv" @ x86(2001), [OWN] (dividend: u64, divisor: u64) -> Popping<u64>
        = |_cx| arithmetic::divide_signed_64(dividend, divisor).map(Popping);
    /// Divides numbers of 64 bits.
    _allrem = "_allrem" @ x86(2003), [OWN] (dividend: u64, divisor: u64) -> Popping<u64>
        = |_cx| arithmetic::remainder_signed_64(dividend, divisor).map(Popping);
    /// Divides numbers of 64 bits.
    _aulldiv = "_aulldiv" @ x86(2006), [OWN] (dividend: u64, divisor: u64) -> Popping<u64>
        = |_cx| arithmetic::divide_unsigned_64(dividend, divisor).map(Popping);
    /// Divides numbers of 64 bits.
    _aullrem = "_aullrem" @ x86(2008), [OWN] (dividend: u64, divisor: u64) -> Popping<u64>
        = |_cx| arithmetic::remainder_unsigned_64(dividend, divisor).map(Popping);
    /// Multiplies numbers of 64 bits.
    _allmul = "_allmul" @ x86(2002), [OWN] (a: u64, b: u64) -> Popping<u64>
        = |_cx| done(Popping(arithmetic::multiply_64(a, b)));
    /// Divides signed numbers of 64 bits, with the remainder.
    _alldvrm = "_alldvrm" @ x86(2035), [OWN] (dividend: u64, divisor: u64) -> Popping<LongDivision>
        = |_cx| number::divide_signed(divisor, dividend).map(Popping);
    /// Divides unsigned numbers of 64 bits, with the remainder.
    _aulldvrm = "_aulldvrm" @ x86(2036), [OWN] (dividend: u64, divisor: u64) -> Popping<LongDivision>
        = |_cx| number::divide_unsigned(divisor, dividend).map(Popping);
    /// Shifts a number of 64 bits.
    _allshl = "_allshl" @ x86(2005), [OWN] (value: EdxEax, count: Cl) -> u64
        = |_cx| done(arithmetic::shift_left_64(value.0, count.0));
    /// Shifts a number of 64 bits.
    _allshr = "_allshr" @ x86(2004), [OWN] (value: EdxEax, count: Cl) -> u64
        = |_cx| done(arithmetic::shift_right_signed_64(value.0, count.0));
    /// Shifts a number of 64 bits.
    _aullshr = "_aullshr" @ x86(2007), [OWN] (value: EdxEax, count: Cl) -> u64
        = |_cx| done(arithmetic::shift_right_unsigned_64(value.0, count.0));
    /// Makes an integer of a floating-point number.
    _ftol = "_ftol" @ x86(2028), [OWN] (value: Top) -> u64 = |_cx| done(number::truncated(value.0));
    /// Makes an integer of a floating-point number.
    _ftol2 = "_ftol2" @ x86(2039), [OWN] (value: Top) -> u64 = |_cx| done(number::truncated(value.0));
    /// Makes an integer of a floating-point number.
    _ftol2_sse = "_ftol2_sse" @ x86(2043), [OWN] (value: Top) -> u64 = |_cx| done(number::truncated(value.0));
    /// Makes room on the stack, eax bytes.
    _chkstk = "_chkstk" @ x86(2009), [OWN]
        (size: EdxEax) -> Room
        = |cx| stack::make_room(cx, size.0 as u32, 4);
    /// Makes room on the stack, eax bytes.
    _alloca_probe = "_alloca_probe" @ x86(2010), [OWN]
        (size: EdxEax) -> Room
        = |cx| stack::make_room(cx, size.0 as u32, 4);
    /// Makes room on the stack, eax bytes.
    _alloca_probe_8 = "_alloca_probe_8" @ x86(2041), [OWN]
        (size: EdxEax) -> Room
        = |cx| stack::make_room(cx, size.0 as u32, 8);
    /// Makes room on the stack, eax bytes.
    _alloca_probe_16 = "_alloca_probe_16" @ x86(2042), [OWN]
        (size: EdxEax) -> Room
        = |cx| stack::make_room(cx, size.0 as u32, 16);
    /// Makes an integer of a floating-point number.
    _ftol2_sse_excpt = "_ftol2_sse_excpt" @ x86(2044), [OWN]
        (value: Top) -> u64
        = |_cx| done(number::truncated(value.0));
    /// A function of the top of the coprocessor's stack.
    _CIsqrt = "_CIsqrt" @ x86(2011), [OWN] (x: Top) -> f64 = |_cx| done(math::sqrt(x.0));
    /// A function of the top of the coprocessor's stack.
    _CIlog = "_CIlog" @ x86(2013), [OWN] (x: Top) -> f64 = |_cx| done(math::log(x.0));
    /// A function of the top of the coprocessor's stack.
    _CIlog10 = "_CIlog10" @ x86(2014), [OWN] (x: Top) -> f64 = |_cx| done(math::log10(x.0));
    /// A function of the top of the coprocessor's stack.
    _CIexp = "_CIexp" @ x86(2015), [OWN] (x: Top) -> f64 = |_cx| done(math::exp(x.0));
    /// A function of the top of the coprocessor's stack.
    _CIsin = "_CIsin" @ x86(2016), [OWN] (x: Top) -> f64 = |_cx| done(math::sin(x.0));
    /// A function of the top of the coprocessor's stack.
    _CIcos = "_CIcos" @ x86(2017), [OWN] (x: Top) -> f64 = |_cx| done(math::cos(x.0));
    /// A function of the top of the coprocessor's stack.
    _CItan = "_CItan" @ x86(2018), [OWN] (x: Top) -> f64 = |_cx| done(math::tan(x.0));
    /// A function of the top of the coprocessor's stack.
    _CIasin = "_CIasin" @ x86(2019), [OWN] (x: Top) -> f64 = |_cx| done(math::asin(x.0));
    /// A function of the top of the coprocessor's stack.
    _CIacos = "_CIacos" @ x86(2020), [OWN] (x: Top) -> f64 = |_cx| done(math::acos(x.0));
    /// A function of the top of the coprocessor's stack.
    _CIatan = "_CIatan" @ x86(2021), [OWN] (x: Top) -> f64 = |_cx| done(math::atan(x.0));
    /// A function of the top of the coprocessor's stack.
    _CIsinh = "_CIsinh" @ x86(2023), [OWN] (x: Top) -> f64 = |_cx| done(math::sinh(x.0));
    /// A function of the top of the coprocessor's stack.
    _CIcosh = "_CIcosh" @ x86(2024), [OWN] (x: Top) -> f64 = |_cx| done(math::cosh(x.0));
    /// A function of the top of the coprocessor's stack.
    _CItanh = "_CItanh" @ x86(2025), [OWN] (x: Top) -> f64 = |_cx| done(math::tanh(x.0));
    /// A function of the two topmost values; the second operand is on top.
    _CIpow = "_CIpow" @ x86(2012), [OWN] (operands: TopTwo) -> f64
        = |_cx| done(math::pow(operands.1, operands.0));
    /// A function of the two topmost values; the second operand is on top.
    _CIatan2 = "_CIatan2" @ x86(2022), [OWN] (operands: TopTwo) -> f64
        = |_cx| done(math::atan2(operands.1, operands.0));
    /// A function of the two topmost values; the second operand is on top.
    _CIfmod = "_CIfmod" @ x86(2026), [OWN] (operands: TopTwo) -> f64
        = |_cx| done(math::fmod(operands.1, operands.0));
}

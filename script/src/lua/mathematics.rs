//! Lua's mathematical functions: the same bits on every host.
//!
//! What a host library computes differs in the last place from one to the next; these are computed here.
//! Functions whose result is exact (floor, fmod, sqrt, …) stay the host's.

macro_rules! functions {
    ($($name:ident = $function:path, ($($parameter:ident),*);)*) => {
        $(#[unsafe(no_mangle)]
        extern "C" fn $name($($parameter: f64),*) -> f64 {
            $function($($parameter),*)
        })*
    };
}

functions! {
    cerium_sin = libm::sin, (x);
    cerium_cos = libm::cos, (x);
    cerium_tan = libm::tan, (x);
    cerium_asin = libm::asin, (x);
    cerium_acos = libm::acos, (x);
    cerium_atan2 = libm::atan2, (y, x);
    cerium_exp = libm::exp, (x);
    cerium_log = libm::log, (x);
    cerium_log2 = libm::log2, (x);
    cerium_log10 = libm::log10, (x);
    cerium_pow = libm::pow, (a, b);
}

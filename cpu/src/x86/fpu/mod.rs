//! The x87: software on integers, so that every host computes the same bits.
//!
//! `float` has the format and the one function that rounds; `arithmetic` and `convert` are exact up to it;
//! `transcendental` computes on `wide` numbers. `state` is the registers, `execute` and `environment` the
//! instructions. A library for arbitrary formats was weighed (rustc_apfloat) and not taken: it has neither
//! precision control with the full range of exponents, nor square roots, nor C1 and the denormal exception.

mod arithmetic;
mod convert;
pub mod environment;
pub mod execute;
mod float;
mod state;
mod transcendental;
mod values;
mod wide;

pub use environment::SAVED as SAVED_FPU;
pub use float::Extended;
pub use state::Fpu;

//! The floating-point environment as `float.h` has it, and the words of x86's coprocessor.
//!
//! `_controlfp` knows a word of its own, the same on every processor. On x86 it stands for the coprocessor's
//! control and status words. Without a coprocessor it is kept for the thread.

use crate::call::Environment;

/// `_MCW_EM`: which exceptions are masked.
pub const MASKS: u32 = 0x0008_001F;
/// `_MCW_IC`: kept, and without effect since the 80287.
pub const INFINITY: u32 = 0x0004_0000;
/// `_MCW_PC`: how many bits results have; 0 is 64.
pub const PRECISION: u32 = 0x0003_0000;
/// `_PC_53`.
pub const PRECISION_53: u32 = 0x0001_0000;
/// `_PC_24`.
pub const PRECISION_24: u32 = 0x0002_0000;
/// `_MCW_RC`: how results are rounded; in the order of the coprocessor.
pub const ROUNDING: u32 = 0x0000_0300;

/// `_EM_DENORMAL`, `_SW_DENORMAL`; `_controlfp` does not change it.
const DENORMAL: u32 = 0x0008_0000;

/// The exceptions in the coprocessor's order: its bit, and the bit in `float.h`.
const EXCEPTIONS: [(u16, u32); 6] = [
    (0x01, 0x10),     // invalid
    (0x02, DENORMAL), // denormal
    (0x04, 0x08),     // division by zero
    (0x08, 0x04),     // overflow
    (0x10, 0x02),     // underflow
    (0x20, 0x01),     // inexact
];

/// The coprocessor's status bits that `fnclex` clears: the exceptions, stack fault, summary and busy.
const STATUS_EXCEPTIONS: u16 = 0x80FF;

/// A control word as `_controlfp` returns it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Control(pub u32);

impl Default for Control {
    /// `_CW_DEFAULT`: to nearest, 53 bits, nothing raised.
    fn default() -> Self {
        Control(PRECISION_53 | MASKS)
    }
}

impl Control {
    /// The word that a coprocessor's control word stands for.
    #[must_use]
    pub fn of_x87(control: u16) -> Self {
        let precision = match control >> 8 & 3 {
            0 => PRECISION_24,
            2 => PRECISION_53,
            _ => 0,
        };
        let infinity = u32::from(control & 0x1000) << 6;
        Control(to_float_h(control) | precision | infinity | u32::from(control >> 10 & 3) << 8)
    }

    /// The coprocessor's control word for it.
    #[must_use]
    pub fn to_x87(self) -> u16 {
        let masks = EXCEPTIONS.iter().filter(|(_, bit)| self.0 & bit != 0).fold(0, |all, (x87, _)| all | x87);
        let precision = match self.0 & PRECISION {
            PRECISION_24 => 0,
            PRECISION_53 => 2,
            _ => 3,
        };
        let rounding = (self.0 >> 8 & 3) as u16;
        masks | 0x40 | precision << 8 | rounding << 10 | (self.0 >> 6) as u16 & 0x1000
    }

    /// The word with the bits of a mask replaced, as `_controlfp` replaces them.
    #[must_use]
    pub fn with(self, bits: u32, mask: u32) -> Self {
        let mask = mask & (MASKS | INFINITY | PRECISION | ROUNDING) & !DENORMAL;
        Control(self.0 & !mask | bits & mask)
    }
}

/// The exceptions of a coprocessor's word as `float.h` numbers them.
#[must_use]
pub fn to_float_h(x87: u16) -> u32 {
    EXCEPTIONS.iter().filter(|(bit, _)| x87 & bit != 0).fold(0, |all, (_, bit)| all | bit)
}

/// The coprocessor's words without exceptions.
#[must_use]
pub fn cleared(environment: Environment) -> Environment {
    Environment { status: environment.status & !STATUS_EXCEPTIONS, ..environment }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_the_control_word_say_the_same() {
        assert_eq!(Control::default().to_x87(), 0x027F);
        assert_eq!(Control::of_x87(0x027F), Control::default());
        assert_eq!(Control::of_x87(0x037F).0 & PRECISION, 0);
        for x87 in (0..=0x1F7F_u16).map(|word| word & 0x1F3F | 0x40).filter(|word| word >> 8 & 3 != 1) {
            assert_eq!(Control::of_x87(x87).to_x87(), x87, "{x87:#x}");
        }
    }

    #[test]
    fn only_the_bits_of_the_mask_change() {
        let control = Control::default().with(0x300, ROUNDING);
        assert_eq!(control.0, Control::default().0 | 0x300);
        assert_eq!(control.with(0, MASKS).0 & MASKS, DENORMAL, "the denormal mask stays");
        assert_eq!(control.to_x87() >> 10 & 3, 3);
    }

    #[test]
    fn exceptions_have_other_bits_in_float_h() {
        assert_eq!(to_float_h(0x01), 0x10);
        assert_eq!(to_float_h(0x20), 0x01);
        assert_eq!(cleared(Environment { control: 1, status: 0xFFFF }).status, 0x7F00);
    }
}

//! The registers as a host sees them that takes a function's arguments from them and leaves its result there.

use super::convert::DOUBLE;
use super::float::Extended;
use super::state::Fpu;

impl Fpu {
    /// A register by its distance from the stack's top, rounded to a double as FST would; a quiet NaN if it
    /// is empty.
    pub fn double(&self, number: u8) -> f64 {
        if self.is_empty(number) {
            return f64::NAN;
        }
        let format = super::float::Format { precision: 53, max_exponent: 1023, ..self.full_format() };
        f64::from_bits(DOUBLE.narrow(self.register(number), format).0)
    }

    /// Puts a value on top of the stack, whatever was there.
    pub fn push_double(&mut self, value: f64) {
        self.top = (self.top + 7) & 7;
        let (extended, _): (Extended, u16) = DOUBLE.widen(value.to_bits());
        self.set_register(0, extended);
    }

    /// Takes values off the stack.
    pub fn drop_values(&mut self, count: u32) {
        for _ in 0..count {
            self.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pushed_is_read_and_dropped() {
        let mut fpu = Fpu::default();
        for value in [1.5, -0.0, f64::INFINITY, f64::MIN_POSITIVE / 8.0, 1e300] {
            fpu.push_double(value);
            assert_eq!(fpu.double(0).to_bits(), value.to_bits());
        }
        assert_eq!(fpu.double(4), 1.5);
        assert!(fpu.double(5).is_nan());
        fpu.drop_values(5);
        assert!(fpu.is_empty(0));
    }
}

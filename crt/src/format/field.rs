//! A converted argument, and the place where text gathers.

use super::Formatted;
use super::spec::Spec;
use crate::unit::Unit;

/// The text of one conversion, before it is fitted to its width: a sign or `0x`, the text, zeros, an
/// exponent. Zeros are counted, not stored, as a format may ask for two thousand million of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field<U> {
    /// The sign, `0x`, or nothing. A filling of zeros stands after it.
    pub prefix: Vec<U>,
    /// Zeros after the prefix, from an integer's precision.
    pub leading: u64,
    /// The text.
    pub body: Vec<U>,
    /// Zeros after the text, from a float's precision.
    pub trailing: u64,
    /// The exponent.
    pub suffix: Vec<U>,
    /// Whether zeros fill the field up to its width.
    pub zero_fill: bool,
}

impl<U> Field<U> {
    /// A field of text alone; the flag `0` fills it with zeros like a number.
    pub fn text(body: Vec<U>, spec: &Spec) -> Self {
        let zero_fill = spec.zero;
        Self { prefix: Vec::new(), leading: 0, body, trailing: 0, suffix: Vec::new(), zero_fill }
    }

    fn width(&self) -> u64 {
        self.leading + self.trailing + (self.prefix.len() + self.body.len() + self.suffix.len()) as u64
    }
}

/// Gathers units up to a capacity, and notes when there was more.
pub(super) struct Sink<U> {
    units: Vec<U>,
    capacity: usize,
    cut: bool,
}

impl<U: Unit> Sink<U> {
    pub fn new(capacity: usize) -> Self {
        Self { units: Vec::new(), capacity, cut: false }
    }

    pub fn is_cut(&self) -> bool {
        self.cut
    }

    /// How many units there are.
    pub fn count(&self) -> usize {
        self.units.len()
    }

    /// How many more units fit.
    pub fn room(&self) -> usize {
        self.capacity - self.units.len()
    }

    pub fn push(&mut self, unit: U) {
        self.extend(&[unit]);
    }

    /// Puts a field in, at its width.
    pub fn put(&mut self, field: &Field<U>, spec: &Spec) {
        let padding = u64::from(spec.width).saturating_sub(field.width());
        let (before, zeros, after) = match (spec.left, field.zero_fill) {
            (true, _) => (0, 0, padding),
            (false, true) => (0, padding, 0),
            (false, false) => (padding, 0, 0),
        };
        self.fill(b' ', before);
        self.extend(&field.prefix);
        self.fill(b'0', zeros + field.leading);
        self.extend(&field.body);
        self.fill(b'0', field.trailing);
        self.extend(&field.suffix);
        self.fill(b' ', after);
    }

    pub fn finish(self) -> Formatted<U> {
        Formatted { units: self.units, cut: self.cut }
    }

    fn extend(&mut self, units: &[U]) {
        let fits = units.len().min(self.room());
        self.units.extend_from_slice(&units[..fits]);
        self.cut |= fits < units.len();
    }

    fn fill(&mut self, character: u8, count: u64) {
        let fits = count.min(self.room() as u64);
        self.units.resize(self.units.len() + fits as usize, U::from_ascii(character));
        self.cut |= fits < count;
    }
}

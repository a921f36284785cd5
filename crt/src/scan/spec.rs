//! What stands behind a `%` in a scan format.

use crate::unit::Unit;

/// The size of what is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    /// None given.
    Default,
    /// `h`: a short integer, narrow text.
    Short,
    /// `l`, `w`, `L`: 32 bits, a double, wide text.
    Long,
    /// `I64`, `ll`.
    Bits64,
}

/// The kind of a conversion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind<U> {
    /// d, i (radix 0), u, o, x, p.
    Integer { radix: u32 },
    /// e, f, g.
    Float,
    /// c: so many units, no NUL.
    Characters { wide: bool },
    /// s: up to white space.
    String { wide: bool },
    /// [: units of a set.
    Set(Set<U>),
    /// n: how many units were read.
    Count,
    /// %, and every letter without a meaning: it must stand there.
    Literal(U),
    /// The format ended.
    Nothing,
}

/// A conversion specification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spec<U> {
    pub suppressed: bool,
    pub width: Option<u32>,
    pub size: Size,
    pub kind: Kind<U>,
}

impl<U: Unit> Spec<U> {
    /// Reads a specification; returns what of the format is left.
    pub fn parse(format: &[U]) -> (Self, &[U]) {
        let mut rest = format;
        let suppressed = accept(&mut rest, b"*");
        let mut width = None;
        while let Some(digit) = rest.first().and_then(|&unit| crate::convert::digit(unit, 10)) {
            width = Some(width.unwrap_or(0_u32).saturating_mul(10).saturating_add(digit));
            rest = &rest[1..];
        }
        let sizes: [(&[u8], Size); 8] = [
            (b"I64", Size::Bits64),
            (b"I32", Size::Default),
            (b"I", Size::Default),
            (b"ll", Size::Bits64),
            (b"l", Size::Long),
            (b"L", Size::Long),
            (b"w", Size::Long),
            (b"h", Size::Short),
        ];
        let size = sizes.into_iter().find(|(text, _)| accept(&mut rest, text)).map(|(_, size)| size);
        let mut spec = Self { suppressed, width, size: size.unwrap_or(Size::Default), kind: Kind::Nothing };
        if let Some((&letter, after)) = rest.split_first() {
            rest = after;
            spec.kind = spec.kind_of(letter, &mut rest);
        }
        (spec, rest)
    }

    fn kind_of(&self, letter: U, rest: &mut &[U]) -> Kind<U> {
        match u8::try_from(letter.code()).unwrap_or(0) {
            b'd' | b'u' => Kind::Integer { radix: 10 },
            b'i' => Kind::Integer { radix: 0 },
            b'o' => Kind::Integer { radix: 8 },
            b'x' | b'X' | b'p' => Kind::Integer { radix: 16 },
            b'e' | b'E' | b'f' | b'g' | b'G' => Kind::Float,
            b'c' => Kind::Characters { wide: self.is_wide(U::WIDE) },
            b'C' => Kind::Characters { wide: self.is_wide(!U::WIDE) },
            b's' => Kind::String { wide: self.is_wide(U::WIDE) },
            b'S' => Kind::String { wide: self.is_wide(!U::WIDE) },
            b'[' => Set::parse(rest).map_or(Kind::Nothing, Kind::Set),
            b'n' => Kind::Count,
            _ => Kind::Literal(letter),
        }
    }

    /// Whether text is stored wide, if it would be so without a size.
    pub fn is_wide(&self, by_letter: bool) -> bool {
        match self.size {
            Size::Short => false,
            Size::Long => true,
            Size::Default | Size::Bits64 => by_letter,
        }
    }
}

fn accept<U: Unit>(rest: &mut &[U], text: &[u8]) -> bool {
    let found = rest.len() >= text.len()
        && rest.iter().zip(text).all(|(unit, &character)| unit.code() == u16::from(character));
    if found {
        *rest = &rest[text.len()..];
    }
    found
}

/// The set of a `%[`: ranges, or all but them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Set<U> {
    ranges: Vec<(U, U)>,
    negated: bool,
}

impl<U: Unit> Set<U> {
    /// Reads a set after its bracket; `None` if the other bracket is missing.
    fn parse(rest: &mut &[U]) -> Option<Self> {
        let negated = accept(rest, b"^");
        let mut ranges = Vec::new();
        let bracket = U::from_ascii(b']');
        // A bracket in the first place is one of the set.
        let last = rest.iter().skip(1).position(|&unit| unit == bracket)? + 1;
        let mut units = &rest[..last];
        *rest = &rest[last + 1..];
        while let Some((&first, after)) = units.split_first() {
            if let [dash, end, after @ ..] = after
                && *dash == U::from_ascii(b'-')
            {
                // A range may be written either way round.
                ranges.push((first.min(*end), first.max(*end)));
                units = after;
            } else {
                ranges.push((first, first));
                units = after;
            }
        }
        Some(Self { ranges, negated })
    }

    pub fn contains(&self, unit: U) -> bool {
        self.ranges.iter().any(|&(first, last)| (first..=last).contains(&unit)) != self.negated
    }
}

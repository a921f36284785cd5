//! Virtual time: instants, and time-outs as guests give them.

use std::fmt;

use crate::cost::TICK;

/// A point in virtual time: nanoseconds since the device was started.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Instant(pub u64);

/// No run goes on beyond this: a hundred years. It keeps every sum of times below 2^64.
pub const END_OF_TIME: Instant = Instant(100 * 366 * 24 * 3600 * 1_000_000_000);

impl Instant {
    /// Never: the deadline of what has none.
    pub const NEVER: Instant = Instant(u64::MAX);

    /// This much later; at most [`Instant::NEVER`].
    #[inline]
    pub fn after(self, ns: u64) -> Instant {
        Instant(self.0.saturating_add(ns))
    }

    /// How long from `earlier` until now; 0 if that is later.
    #[inline]
    pub fn since(self, earlier: Instant) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Whole milliseconds since the start: GetTickCount, but for its 32 bits.
    pub fn ticks(self) -> u64 {
        self.0 / TICK
    }
}

impl fmt::Display for Instant {
    /// Seconds with nine decimals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:09}", self.0 / 1_000_000_000, self.0 % 1_000_000_000)
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// How long a guest is willing to wait: a dwMilliseconds.
#[derive(Copy, Clone, PartialEq, Eq, Hash)]
pub enum Timeout {
    /// At least so many milliseconds; at most 0x7FFFFFFF.
    Milliseconds(u32),
    /// For ever.
    Infinite,
}

impl Timeout {
    /// The longest finite time-out; 0x80000000 to 0xFFFFFFFE mean the same (aa450988), also to Sleep
    /// (OQ-27).
    pub const LONGEST: u32 = 0x7fff_ffff;

    /// Reads a dwMilliseconds.
    #[inline]
    pub fn from_milliseconds(dw_milliseconds: u32) -> Self {
        match dw_milliseconds {
            u32::MAX => Timeout::Infinite,
            n => Timeout::Milliseconds(n.min(Self::LONGEST)),
        }
    }

    /// Whether the caller does not want to wait at all.
    #[inline]
    pub fn is_zero(self) -> bool {
        self == Timeout::Milliseconds(0)
    }

    /// When a wait that begins now runs out: at tick T + n + 1, so that n full milliseconds pass in any case
    /// (ee482948; SQ-20).
    #[inline]
    pub fn deadline(self, now: Instant) -> Option<Instant> {
        match self {
            Timeout::Infinite => None,
            // T + 0x80000000 could not be told from the past by a signed difference (SQ-20).
            Timeout::Milliseconds(Self::LONGEST) => {
                Some(Instant((now.ticks() + u64::from(Self::LONGEST)) * TICK))
            }
            Timeout::Milliseconds(n) => Some(Instant((now.ticks() + u64::from(n) + 1) * TICK)),
        }
    }
}

impl fmt::Debug for Timeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Timeout::Milliseconds(n) => write!(f, "{n}"),
            Timeout::Infinite => f.write_str("INFINITE"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_the_tick_after_the_last_full_millisecond() {
        let at = |now, ms| Timeout::from_milliseconds(ms).deadline(Instant(now));
        assert_eq!(at(0, 1), Some(Instant(2 * TICK)));
        assert_eq!(at(TICK - 1, 1), Some(Instant(2 * TICK)));
        assert_eq!(at(TICK, 10), Some(Instant(12 * TICK)));
        assert_eq!(at(5, u32::MAX), None);
    }

    #[test]
    fn finite_timeouts_above_the_longest_are_the_longest() {
        for ms in [0x8000_0000, 0xffff_fffe, 0x7fff_ffff] {
            assert_eq!(Timeout::from_milliseconds(ms), Timeout::Milliseconds(0x7fff_ffff));
        }
        assert_eq!(Timeout::from_milliseconds(u32::MAX), Timeout::Infinite);
    }
}

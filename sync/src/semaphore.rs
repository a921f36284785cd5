//! Semaphores: a count between nothing and a maximum.

use cerium_handle::ThreadId;

use crate::{Dispatcher, Satisfied};

/// A semaphore object (pages ee488431, ee488572).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Semaphore {
    count: i32,
    maximum: i32,
}

/// Why a count was refused.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum SemaphoreError {
    /// A count that is negative, zero where it may not be, or above the maximum at creation.
    BadCount,
    /// The release would lift the count above the maximum.
    TooManyPosts,
}

impl Semaphore {
    /// A new semaphore: 0 ≤ initial ≤ maximum, maximum > 0 (ms885184).
    pub fn new(initial: i32, maximum: i32) -> Result<Self, SemaphoreError> {
        if maximum <= 0 || !(0..=maximum).contains(&initial) {
            return Err(SemaphoreError::BadCount);
        }
        Ok(Self { count: initial, maximum })
    }

    /// The count.
    pub fn count(&self) -> i32 {
        self.count
    }

    /// The maximum.
    pub fn maximum(&self) -> i32 {
        self.maximum
    }

    /// Adds units and returns the count before. The sum is judged before any waiter takes a unit (SQ-06).
    pub fn release(&mut self, units: i32) -> Result<i32, SemaphoreError> {
        if units <= 0 {
            return Err(SemaphoreError::BadCount);
        }
        if units > self.maximum - self.count {
            return Err(SemaphoreError::TooManyPosts);
        }
        let previous = self.count;
        self.count += units;
        Ok(previous)
    }
}

impl Dispatcher for Semaphore {
    #[inline]
    fn is_signaled(&self, _: ThreadId) -> bool {
        self.count > 0
    }

    #[inline]
    fn satisfy(&mut self, _: ThreadId) -> Satisfied {
        self.count -= 1;
        Satisfied::Normal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_out_of_range_are_refused() {
        for (initial, maximum) in [(0, 0), (-1, 1), (2, 1), (0, -1), (i32::MIN, i32::MAX)] {
            assert_eq!(Semaphore::new(initial, maximum), Err(SemaphoreError::BadCount));
        }
    }

    #[test]
    fn a_release_past_the_maximum_changes_nothing() {
        let mut semaphore = Semaphore::new(1, i32::MAX).unwrap();
        assert_eq!(semaphore.release(i32::MAX), Err(SemaphoreError::TooManyPosts));
        assert_eq!(semaphore.release(0), Err(SemaphoreError::BadCount));
        assert_eq!(semaphore.release(-1), Err(SemaphoreError::BadCount));
        assert_eq!(semaphore.count(), 1);
        assert_eq!(semaphore.release(i32::MAX - 1), Ok(1));
    }
}

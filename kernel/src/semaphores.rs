//! Operations on semaphores.

use cerium_handle::ObjectId;
use cerium_sync::Semaphore;

use crate::{CeResult, Kernel};

impl Kernel {
    /// Adds units, lets waiters take them, and returns the count before (ee488572).
    #[inline]
    pub fn release_semaphore(&mut self, id: ObjectId, units: i32) -> CeResult<i32> {
        let previous = self.get_mut::<Semaphore>(id).release(units)?;
        self.wake(id);
        Ok(previous)
    }
}

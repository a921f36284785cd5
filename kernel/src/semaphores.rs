//! Operations on semaphores.

use cerium_handle::ObjectId;

use crate::handles::wrong_kind;
use crate::{CeResult, Kernel, KernelObject, Kind};

impl Kernel {
    /// Adds units, lets waiters take them, and returns the count before (ee488572).
    #[inline]
    pub fn release_semaphore(&mut self, id: ObjectId, units: i32) -> CeResult<i32> {
        let object = &mut self.objects[id];
        let KernelObject::Semaphore(semaphore) = &mut object.body else { wrong_kind(id, Kind::Semaphore) };
        let previous = semaphore.release(units)?;
        if !object.waiters.is_empty() {
            self.wake_waiters(id);
        }
        Ok(previous)
    }
}

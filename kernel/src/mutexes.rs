//! Operations on mutexes.

use cerium_handle::{ObjectId, ThreadId};
use cerium_sync::{Mutex, Released};

use crate::{CeResult, Kernel};

impl Kernel {
    /// Makes the caller the owner of a mutex that it has just created (bInitialOwner).
    pub fn own_new_mutex(&mut self, thread: ThreadId, id: ObjectId) {
        self.take(thread, id);
    }

    /// Undoes one take of its owner; with the last the best waiter owns it, before that one has run.
    #[inline]
    pub fn release_mutex(&mut self, thread: ThreadId, id: ObjectId) -> CeResult<()> {
        if self.get_mut::<Mutex>(id).release(thread)? == Released::Free {
            self.let_go(thread, id);
        }
        Ok(())
    }

    /// What follows when a thread has freed an object that it owned: the loan that came with it ends, and
    /// the next owner has it.
    #[inline]
    pub(crate) fn let_go(&mut self, thread: ThreadId, id: ObjectId) {
        let owned = &mut self.thread_mut(thread).owned;
        // What was taken last is let go first, mostly.
        let place = owned.iter().rposition(|owned| owned.id() == id).expect("an owner has what it owns");
        owned.remove(place);
        self.reckon_loan(thread);
        self.wake(id);
    }
}

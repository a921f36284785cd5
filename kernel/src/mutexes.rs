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
        let body = self.thread_mut(thread);
        let owned = &mut body.owned;
        // What was taken last is let go first, mostly.
        match owned.last() {
            Some(last) if last.id() == id => drop(owned.pop()),
            _ => {
                let place = owned.iter().position(|owned| owned.id() == id);
                owned.remove(place.expect("an owner has what it owns"));
            }
        }
        if body.inherited.is_some() {
            self.reckon_loan(thread);
        }
        self.wake(id);
    }
}

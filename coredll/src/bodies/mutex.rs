//! Mutexes (sync.md §3).

use cerium_handle::Handle;
use cerium_kernel::Created;
use cerium_sync::Mutex;

use super::check;
use crate::{Bool, Cx, Ignored, Outcome, Text};

pub(crate) fn create(cx: &mut Cx<'_>, _: Ignored, initial_owner: Bool, name: Text) -> Outcome<Handle> {
    let name = check!(name.name(cx.kernel.rules()));
    let created = cx.kernel.create_or_open(cx.thread, name, || Ok(Mutex::default()));
    // aa914601: bInitialOwner counts for a new mutex only.
    if let Ok(Created::New(handle)) = created
        && initial_owner.0
    {
        let id = cx.kernel.lookup(cx.thread, handle).expect("it was opened just now");
        cx.kernel.own_new_mutex(cx.thread, id);
    }
    cx.created(created)
}

#[inline(always)]
pub(crate) fn release(cx: &mut Cx<'_>, mutex: Handle) -> Outcome<Bool> {
    let id = check!(cx.kernel.lookup_as::<Mutex>(cx.thread, mutex));
    cx.kernel.release_mutex(cx.thread, id).map(|()| Bool(true)).into()
}

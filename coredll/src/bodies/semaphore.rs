//! Semaphores (sync.md §4).

use cerium_handle::Handle;
use cerium_kernel::Win32Error;
use cerium_sync::Semaphore;

use super::check;
use crate::{Bool, Cx, Ignored, Out, Outcome, Text};

pub(crate) fn create(cx: &mut Cx<'_>, _: Ignored, initial: i32, maximum: i32, name: Text) -> Outcome<Handle> {
    let name = check!(name.name(cx.kernel.rules()));
    // SQ-07: the counts are judged only where they matter, for a new semaphore.
    let created = cx.kernel.create_or_open(cx.thread, name, || Ok(Semaphore::new(initial, maximum)?));
    cx.created(created)
}

#[inline(always)]
pub(crate) fn release(
    cx: &mut Cx<'_>,
    semaphore: Handle,
    units: i32,
    previous: Out<i32>,
) -> Outcome<(Bool, i32)> {
    if units <= 0 {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    }
    let id = check!(cx.kernel.lookup_as::<Semaphore>(cx.thread, semaphore));
    check!(previous.check_optional());
    cx.kernel.release_semaphore(id, units).map(|previous| (Bool(true), previous)).into()
}

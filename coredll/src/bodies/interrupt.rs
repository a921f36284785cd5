//! Interrupts (scheduler.md §8). The drivers that call these run in the kernel on a device; here everybody may.

use cerium_handle::Handle;
use cerium_sync::Event;

use super::check;
use crate::{Bool, Cx, Ignored, Outcome};

pub(crate) fn initialize(
    cx: &mut Cx<'_>,
    sysintr: u32,
    event: Handle,
    _data: Ignored,
    _size: u32,
) -> Outcome<Bool> {
    let id = check!(cx.kernel.lookup_as::<Event>(cx.thread, event));
    cx.kernel.initialize_interrupt(sysintr, id).map(|()| Bool(true)).into()
}

pub(crate) fn done(cx: &mut Cx<'_>, sysintr: u32) -> Outcome<()> {
    cx.kernel.interrupt_done(sysintr);
    Outcome::Return(())
}

pub(crate) fn disable(cx: &mut Cx<'_>, sysintr: u32) -> Outcome<()> {
    cx.kernel.disable_interrupt(sysintr);
    Outcome::Return(())
}

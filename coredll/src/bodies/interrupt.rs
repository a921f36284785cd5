//! Interrupts (scheduler.md §8). The drivers that call these run in the kernel on a device; here everybody may.

use cerium_handle::Handle;
use cerium_kernel::Win32Error;
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

/// Our choice: an interrupt that is not bound is a bad parameter, and one that is being served comes once
/// more after InterruptDone, as a device that still asserts its line would make it come.
pub(crate) fn set_event(cx: &mut Cx<'_>, sysintr: u32) -> Outcome<Bool> {
    if !cx.kernel.raise_interrupt(sysintr) {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    }
    Outcome::Return(Bool(true))
}

pub(crate) fn done(cx: &mut Cx<'_>, sysintr: u32) -> Outcome<()> {
    cx.kernel.interrupt_done(sysintr);
    Outcome::Return(())
}

pub(crate) fn disable(cx: &mut Cx<'_>, sysintr: u32) -> Outcome<()> {
    cx.kernel.disable_interrupt(sysintr);
    Outcome::Return(())
}

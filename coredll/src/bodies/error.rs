//! The last error.

use cerium_kernel::Win32Error;

use crate::{Cx, Outcome};

pub(crate) fn get(cx: &mut Cx<'_>) -> Outcome<u32> {
    Outcome::Return(cx.kernel.thread(cx.thread).last_error)
}

pub(crate) fn set(cx: &mut Cx<'_>, code: u32) -> Outcome<()> {
    cx.kernel.set_last_error(cx.thread, Win32Error(code));
    Outcome::Return(())
}

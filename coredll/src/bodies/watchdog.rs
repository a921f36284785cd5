//! Watchdog timers (ipc-objects.md §3).

use cerium_handle::{Handle, ObjectId};
use cerium_kernel::{CeResult, WatchdogTimer, Win32Error};
use cerium_sync::WatchdogAction;

use super::check;
use crate::{Bool, Cx, Outcome, Text};

/// The action of a dwDfltAction.
fn action_of(action: u32) -> CeResult<WatchdogAction> {
    match action {
        0 => Ok(WatchdogAction::Nothing),
        1 => Ok(WatchdogAction::KillProcess),
        2 => Ok(WatchdogAction::ResetDevice),
        _ => Err(Win32Error::INVALID_PARAMETER),
    }
}

pub(crate) fn create(
    cx: &mut Cx<'_>,
    name: Text,
    period: u32,
    wait: u32,
    action: u32,
    parameter: u32,
    flags: u32,
) -> Outcome<Handle> {
    // OQ-47: there are no flags, and a period of 0 is none.
    if flags != 0 || period == 0 {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    }
    let action = check!(action_of(action));
    let name = check!(name.name(cx.kernel.rules()));
    let make = || Ok(WatchdogTimer::new(period, wait, action, parameter));
    let created = cx.kernel.create_or_open(cx.thread, name, make);
    cx.created(created)
}

pub(crate) fn open(cx: &mut Cx<'_>, name: Text, flags: u32) -> Outcome<Handle> {
    if flags != 0 {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    }
    let Some(name) = check!(name.name(cx.kernel.rules())) else {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    };
    match check!(cx.kernel.open_named::<WatchdogTimer>(cx.thread, &name)) {
        Some(handle) => Outcome::Return(handle),
        None => Outcome::Fail(Win32Error::FILE_NOT_FOUND),
    }
}

fn timer(cx: &Cx<'_>, handle: Handle, flags: u32) -> CeResult<ObjectId> {
    if flags != 0 {
        return Err(Win32Error::INVALID_PARAMETER);
    }
    cx.kernel.lookup_as::<WatchdogTimer>(cx.thread, handle)
}

pub(crate) fn start(cx: &mut Cx<'_>, handle: Handle, flags: u32) -> Outcome<Bool> {
    let id = check!(timer(cx, handle, flags));
    cx.kernel.start_watchdog(cx.thread, id);
    Outcome::Return(Bool(true))
}

pub(crate) fn stop(cx: &mut Cx<'_>, handle: Handle, flags: u32) -> Outcome<Bool> {
    let id = check!(timer(cx, handle, flags));
    cx.kernel.stop_watchdog(id);
    Outcome::Return(Bool(true))
}

pub(crate) fn refresh(cx: &mut Cx<'_>, handle: Handle, flags: u32) -> Outcome<Bool> {
    let id = check!(timer(cx, handle, flags));
    cx.kernel.refresh_watchdog(id);
    Outcome::Return(Bool(true))
}

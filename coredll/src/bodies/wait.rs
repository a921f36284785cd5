//! Waiting and sleeping (sync.md §5 to §8).

use cerium_handle::{Handle, ObjectId};
use cerium_kernel::{CeResult, Tried, WaitBegan, Waited, Win32Error};
use cerium_process::Timeout;

use super::check;
use crate::{Bool, Cx, Handles, MAXIMUM_WAIT_OBJECTS, Outcome, Outs, WAIT_TIMEOUT, WaitStatus};

#[inline(always)]
pub(crate) fn single(cx: &mut Cx<'_>, handle: Handle, timeout: Timeout) -> Outcome<WaitStatus> {
    match check!(cx.kernel.try_wait(cx.thread, handle)) {
        Tried::Has { abandoned } => Outcome::Return(WaitStatus::of_object(0, abandoned)),
        Tried::MustWait(id) => match cx.kernel.wait_on_one(cx.thread, id, timeout) {
            WaitBegan::Blocked => Outcome::Block(Outs::None),
            WaitBegan::TimedOut => Outcome::Return(WAIT_TIMEOUT),
            WaitBegan::Refused => Outcome::Fail(Win32Error::INVALID_PARAMETER),
        },
    }
}

#[inline]
pub(crate) fn finish(waited: Waited) -> Outcome<WaitStatus> {
    match waited {
        Waited::Object { index, abandoned } => Outcome::Return(WaitStatus::of_object(index, abandoned)),
        Waited::TimedOut => Outcome::Return(WAIT_TIMEOUT),
        Waited::Blocked => Outcome::Block(Outs::None),
    }
}

pub(crate) fn multiple(
    cx: &mut Cx<'_>,
    handles: Handles,
    wait_all: Bool,
    timeout: Timeout,
) -> Outcome<WaitStatus> {
    // aa915354: fWaitAll must be FALSE (SQ-02), the count 1 to 64 (SQ-03).
    let Handles::List(handles) = handles else { return Outcome::Fail(Win32Error::INVALID_PARAMETER) };
    if wait_all.0 || handles.is_empty() {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    }
    let mut room = [cx.thread.0; MAXIMUM_WAIT_OBJECTS as usize];
    let ids = check!(waitable_objects(cx, &handles, &mut room));
    finish(check!(cx.kernel.wait(cx.thread, ids, timeout)))
}

/// The objects of a wait for several, in this room.
pub(crate) fn waitable_objects<'r>(
    cx: &Cx<'_>,
    handles: &[Handle],
    room: &'r mut [ObjectId; MAXIMUM_WAIT_OBJECTS as usize],
) -> CeResult<&'r [ObjectId]> {
    let ids = &mut room[..handles.len()];
    // SQ-04: one bad handle fails the wait, wherever it stands.
    if !cx.kernel.has_interrupts() {
        cx.kernel.lookup_waitables(cx.thread, handles, ids)?;
        return Ok(ids);
    }
    for (id, handle) in ids.iter_mut().zip(handles) {
        *id = cx.kernel.lookup_waitable(cx.thread, *handle)?;
        // ee482998: not on the event of an interrupt; SQ-18 for the code.
        if cx.kernel.is_interrupt_event(*id) {
            return Err(Win32Error::INVALID_PARAMETER);
        }
    }
    Ok(ids)
}

pub(crate) fn sleep(cx: &mut Cx<'_>, timeout: Timeout) -> Outcome<()> {
    if timeout.is_zero() {
        cx.kernel.yield_to_equals(cx.thread);
        return Outcome::Return(());
    }
    cx.kernel.sleep(cx.thread, timeout);
    Outcome::Block(Outs::None)
}

pub(crate) fn sleep_till_tick(cx: &mut Cx<'_>) -> Outcome<()> {
    // The next tick: that is how long a time-out of 0 would take if it blocked (ee482769).
    cx.kernel.sleep(cx.thread, Timeout::Milliseconds(0));
    Outcome::Block(Outs::None)
}

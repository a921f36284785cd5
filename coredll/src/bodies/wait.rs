//! Waiting and sleeping (sync.md §5 to §8).

use cerium_handle::{Handle, ObjectId};
use cerium_kernel::{CeResult, Waited, Win32Error};
use cerium_process::Timeout;
use smallvec::SmallVec;

use super::check;
use crate::{Bool, Cx, Handles, Outcome, Outs, WAIT_TIMEOUT, WaitStatus};

#[inline(always)]
pub(crate) fn single(cx: &mut Cx<'_>, handle: Handle, timeout: Timeout) -> Outcome<WaitStatus> {
    finish(check!(cx.kernel.wait_for(cx.thread, handle, timeout)))
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
    let ids = check!(waitable_objects(cx, &handles));
    finish(check!(cx.kernel.wait(cx.thread, &ids, timeout)))
}

/// The objects of a wait for several.
pub(crate) fn waitable_objects(cx: &Cx<'_>, handles: &[Handle]) -> CeResult<SmallVec<[ObjectId; 64]>> {
    // SQ-04: one bad handle fails the wait, wherever it stands.
    let mut ids = SmallVec::new();
    let has_interrupts = cx.kernel.has_interrupts();
    for handle in handles {
        let id = cx.kernel.lookup_waitable(cx.thread, *handle)?;
        // ee482998: not on the event of an interrupt; SQ-18 for the code.
        if has_interrupts && cx.kernel.is_interrupt_event(id) {
            return Err(Win32Error::INVALID_PARAMETER);
        }
        ids.push(id);
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

//! Priorities and quanta (scheduler.md §1, §3).

use cerium_handle::{Handle, ThreadId};
use cerium_kernel::Win32Error;
use cerium_process::{Priority, Thread, cost};

use super::check;
use crate::{Bool, Cx, Dword, Outcome, Quantum, ThreadPriority};

/// The level of THREAD_PRIORITY_TIME_CRITICAL, the first of the eight old levels (ee488350).
const FIRST_OF_EIGHT: u8 = 248;

fn set_level(cx: &mut Cx<'_>, thread: Handle, level: Option<u8>) -> Outcome<Bool> {
    let Some(level) = level else { return Outcome::Fail(Win32Error::INVALID_PARAMETER) };
    let id = check!(cx.kernel.lookup_as::<Thread>(cx.thread, thread));

    cx.kernel.set_priority(id, Priority(level));
    Outcome::Return(Bool(true))
}

pub(crate) fn set_of_eight(cx: &mut Cx<'_>, thread: Handle, priority: i32) -> Outcome<Bool> {
    let level = u8::try_from(priority).ok().and_then(|value| value.checked_add(FIRST_OF_EIGHT));
    set_level(cx, thread, level)
}

pub(crate) fn set(cx: &mut Cx<'_>, thread: Handle, priority: i32) -> Outcome<Bool> {
    set_level(cx, thread, u8::try_from(priority).ok())
}

pub(crate) fn of_eight(cx: &mut Cx<'_>, thread: Handle) -> Outcome<ThreadPriority> {
    let id = check!(cx.kernel.lookup_as::<Thread>(cx.thread, thread));
    let level = cx.kernel.thread(ThreadId(id)).base_priority.0;
    // OQ-20: what is above the eight reads as the first of them.
    Outcome::Return(Dword(u32::from(level.saturating_sub(FIRST_OF_EIGHT))))
}

pub(crate) fn get(cx: &mut Cx<'_>, thread: Handle) -> Outcome<ThreadPriority> {
    let id = check!(cx.kernel.lookup_as::<Thread>(cx.thread, thread));
    // ee488168: the base priority, never an inherited one.
    Outcome::Return(Dword(u32::from(cx.kernel.thread(ThreadId(id)).base_priority.0)))
}

pub(crate) fn set_quantum(cx: &mut Cx<'_>, thread: Handle, milliseconds: u32) -> Outcome<Bool> {
    let id = check!(cx.kernel.lookup_as::<Thread>(cx.thread, thread));

    cx.kernel.set_quantum(id, u64::from(milliseconds) * cost::TICK);
    Outcome::Return(Bool(true))
}

pub(crate) fn quantum(cx: &mut Cx<'_>, thread: Handle) -> Outcome<Quantum> {
    let id = check!(cx.kernel.lookup_as::<Thread>(cx.thread, thread));
    let quantum = cx.kernel.thread(ThreadId(id)).quantum / cost::TICK;
    Outcome::Return(Dword(quantum as u32))
}

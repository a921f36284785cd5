//! Events (sync.md §2).

use cerium_handle::{Handle, ObjectId};
use cerium_kernel::{Kind, Win32Error};
use cerium_sync::Event;

use super::check;
use crate::{Bool, Cx, Ignored, Outcome, Text};

const EVENT_PULSE: u32 = 1;
const EVENT_RESET: u32 = 2;
const EVENT_SET: u32 = 3;
const EVENT_ALL_ACCESS: u32 = 0x001f_0003;

pub(crate) fn create(
    cx: &mut Cx<'_>,
    _: Ignored,
    manual_reset: Bool,
    initial_state: Bool,
    name: Text,
) -> Outcome<Handle> {
    let name = check!(name.name(cx.kernel.rules()));
    let make = || Ok(Event::new(manual_reset.0, initial_state.0));
    let created = cx.kernel.create_or_open(cx.thread, name, make);
    cx.created(created)
}

pub(crate) fn open(cx: &mut Cx<'_>, access: u32, inherit: Bool, name: Text) -> Outcome<Handle> {
    // ee488185: EVENT_ALL_ACCESS, FALSE, and a name; SQ-09 for the codes.
    let any_access = cx.kernel.rules().any_event_access;
    if !any_access && (access != EVENT_ALL_ACCESS || inherit.0) {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    }
    let Some(name) = check!(name.name(cx.kernel.rules())) else {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    };
    match check!(cx.kernel.open_named::<Event>(cx.thread, &name)) {
        Some(handle) => Outcome::Return(handle),
        None => Outcome::Fail(Win32Error::FILE_NOT_FOUND),
    }
}

pub(crate) fn is_named_signaled(cx: &mut Cx<'_>, name: Text, _flags: u32) -> Outcome<Bool> {
    let Some(name) = check!(name.name(cx.kernel.rules())) else {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    };
    let Some(id) = cx.kernel.find_named::<Event>(&name) else {
        return Outcome::Fail(Win32Error::FILE_NOT_FOUND);
    };
    Outcome::Return(Bool(cx.kernel.get::<Event>(id).signaled))
}

#[inline(always)]
pub(crate) fn modify(cx: &mut Cx<'_>, event: Handle, func: u32) -> Outcome<Bool> {
    // Nearly always it is set.
    if func == EVENT_SET {
        let id = check!(cx.kernel.lookup(cx.thread, event));
        if cx.kernel.kind(id) == Kind::Event {
            cx.kernel.set_event(id);
            return Outcome::Return(Bool(true));
        }
    }
    modify_otherwise(&mut Cx { kernel: cx.kernel, thread: cx.thread }, event, func)
}

#[inline(never)]
fn modify_otherwise(cx: &mut Cx<'_>, event: Handle, func: u32) -> Outcome<Bool> {
    // SQ-15: an unknown code is a bad flag, and flags are looked at first.
    if !(EVENT_PULSE..=EVENT_SET).contains(&func) {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    }
    let id = check!(cx.kernel.lookup(cx.thread, event));
    match cx.kernel.kind(id) {
        Kind::Event if func == EVENT_SET => cx.kernel.set_event(id),
        Kind::Event if func == EVENT_RESET => cx.kernel.reset_event(id),
        Kind::Event => cx.kernel.pulse_event(id),
        // OQ-30: an end of a message queue is event-like, and has its state until the queue next changes.
        Kind::QueueEnd => modify_end(cx, id, func),
        _ => return Outcome::Fail(Win32Error::INVALID_HANDLE),
    }
    Outcome::Return(Bool(true))
}

fn modify_end(cx: &mut Cx<'_>, end: ObjectId, func: u32) {
    if func != EVENT_RESET {
        cx.kernel.set_end_signal(end, true);
    }
    if func != EVENT_SET {
        cx.kernel.set_end_signal(end, false);
    }
}

pub(crate) fn set_data(cx: &mut Cx<'_>, event: Handle, data: u32) -> Outcome<Bool> {
    // SQ-16: allowed to everybody, unless a rule says otherwise.
    if cx.kernel.rules().privileged_event_data {
        return Outcome::Fail(Win32Error::ACCESS_DENIED);
    }
    let id = check!(cx.kernel.lookup_as::<Event>(cx.thread, event));

    cx.kernel.set_event_data(id, data);
    Outcome::Return(Bool(true))
}

pub(crate) fn data(cx: &mut Cx<'_>, event: Handle) -> Outcome<u32> {
    let id = check!(cx.kernel.lookup_as::<Event>(cx.thread, event));
    let data = cx.kernel.get::<Event>(id).data;

    // ms885627: only the last error tells a stored 0 from a failure.
    if data == 0 {
        cx.kernel.set_last_error(cx.thread, Win32Error::SUCCESS);
    }
    Outcome::Return(data)
}

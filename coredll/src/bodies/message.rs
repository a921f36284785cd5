//! Messages of threads, and waiting for them (sync.md §7).

use cerium_handle::Handle;
use cerium_kernel::Win32Error;
use cerium_process::Timeout;
use cerium_sync::{MessageFilter, PostedMessage};

use super::check;
use super::wait::{finish, waitable_objects};
use crate::ret::Msg;
use crate::{Bool, Cx, Handles, MAXIMUM_WAIT_OBJECTS, MessageGot, Out, Outcome, Outs, WaitStatus};

/// QS_POSTMESSAGE.
const QS_POSTMESSAGE: u32 = 0x8;
/// MWMO_INPUTAVAILABLE, the only flag that a CE header defines; others are ignored (SQ-19).
const MWMO_INPUTAVAILABLE: u32 = 0x4;
/// One less than MAXIMUM_WAIT_OBJECTS: the input stands behind the objects.
const MAXIMUM_OBJECTS: usize = 63;
const PM_REMOVE: u32 = 1;

pub(crate) fn post(cx: &mut Cx<'_>, id: u32, message: u32, w_param: u32, l_param: u32) -> Outcome<Bool> {
    let Some(thread) = cx.kernel.thread_with_id(id) else {
        return Outcome::Fail(Win32Error::INVALID_THREAD_ID);
    };
    let message = PostedMessage { message, w_param, l_param, time: 0 };
    cx.kernel.post_message(thread, message).map(|()| Bool(true)).into()
}

pub(crate) fn get(cx: &mut Cx<'_>, to: Out<Msg>, _window: Handle, min: u32, max: u32) -> Outcome<MessageGot> {
    check!(to.check_required());
    match cx.kernel.get_message(cx.thread, MessageFilter { min, max }) {
        Some(message) => Outcome::Return(MessageGot::of(message)),
        None => Outcome::Block(Outs::None),
    }
}

pub(crate) fn peek(
    cx: &mut Cx<'_>,
    to: Out<Msg>,
    _window: Handle,
    min: u32,
    max: u32,
    remove: u32,
) -> Outcome<(Bool, Msg)> {
    check!(to.check_required());
    let remove = remove & PM_REMOVE != 0;
    match cx.kernel.peek_message(cx.thread, MessageFilter { min, max }, remove) {
        Some(message) => Outcome::Return((Bool(true), Msg::of(message))),
        // No message is no failure: the last error stays.
        None => Outcome::Return((Bool(false), Msg::default())),
    }
}

pub(crate) fn wait(
    cx: &mut Cx<'_>,
    handles: Handles,
    timeout: Timeout,
    wake_mask: u32,
    flags: u32,
) -> Outcome<WaitStatus> {
    let Handles::List(handles) = handles else { return Outcome::Fail(Win32Error::INVALID_PARAMETER) };
    if handles.len() > MAXIMUM_OBJECTS {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    }
    // ms931461: it waits as WaitForMultipleObjects does, with the input behind the objects.
    let mut room = [cx.thread.0; MAXIMUM_WAIT_OBJECTS as usize];
    let mut ids = check!(waitable_objects(cx, &handles, &mut room)).to_vec();
    let posted = wake_mask & QS_POSTMESSAGE != 0;
    let old_too = flags & MWMO_INPUTAVAILABLE != 0;
    finish(check!(cx.kernel.wait_with_input(cx.thread, &mut ids, posted, old_too, timeout)))
}

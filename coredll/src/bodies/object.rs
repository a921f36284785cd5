//! Handles to any kind of object (processes-threads.md §1.2, §11).

use cerium_handle::{Handle, ObjectId, ProcessId};
use cerium_kernel::{CeResult, Kind, Snapshot, Win32Error};
use cerium_process::Process;

use crate::{Bool, Cx, Out, Outcome};

const DUPLICATE_CLOSE_SOURCE: u32 = 1;
const DUPLICATE_SAME_ACCESS: u32 = 2;

pub(crate) fn close(cx: &mut Cx<'_>, handle: Handle) -> Outcome<Bool> {
    let is_pseudo = matches!(handle, Handle::CURRENT_THREAD | Handle::CURRENT_PROCESS);
    if is_pseudo && cx.kernel.rules().accept_pseudo_close {
        return Outcome::Return(Bool(true));
    }
    // ee487995: a snapshot is closed by a function of its own.
    if cx.kernel.has_snapshots() && cx.kernel.lookup_as::<Snapshot>(cx.thread, handle).is_ok() {
        return Outcome::Fail(Win32Error::INVALID_HANDLE);
    }
    cx.kernel.close_handle(cx.thread, handle).map(|()| Bool(true)).into()
}

#[allow(clippy::too_many_arguments, reason = "CE's parameters")]
pub(crate) fn duplicate(
    cx: &mut Cx<'_>,
    source_process: Handle,
    source: Handle,
    target_process: Handle,
    target: Out<Handle>,
    _desired_access: u32,
    inherit: Bool,
    options: u32,
) -> Outcome<(Bool, Handle)> {
    let from = cx.kernel.lookup_as::<Process>(cx.thread, source_process).map(ProcessId);
    let duplicated = copy(cx, from, source, target_process, target, inherit, options);
    // ee488902: the source is closed whatever the outcome.
    if options & DUPLICATE_CLOSE_SOURCE != 0
        && let Ok(from) = from
    {
        // A bad source was reported above, and a pseudo-handle is not closed.
        let _ = cx.kernel.close_handle_of(from, source);
    }
    duplicated.map(|handle| (Bool(true), handle)).into()
}

fn copy(
    cx: &mut Cx<'_>,
    from: CeResult<ProcessId>,
    source: Handle,
    target_process: Handle,
    target: Out<Handle>,
    inherit: Bool,
    options: u32,
) -> CeResult<Handle> {
    if options & DUPLICATE_SAME_ACCESS == 0 || inherit.0 {
        return Err(Win32Error::INVALID_PARAMETER);
    }
    let object = source_object(cx, from?, source)?;
    let is_any = !matches!(cx.kernel.kind(object), Kind::Event | Kind::Mutex | Kind::Semaphore);
    if is_any && !cx.kernel.profile().duplicates_any_handle() {
        return Err(Win32Error::INVALID_HANDLE);
    }
    let to = ProcessId(cx.kernel.lookup_as::<Process>(cx.thread, target_process)?);
    target.check_required()?;
    cx.kernel.open_handle_in(to, object)
}

/// The object that a handle of another process means; a pseudo-handle means the caller's own.
fn source_object(cx: &Cx<'_>, from: ProcessId, source: Handle) -> CeResult<ObjectId> {
    match source {
        Handle::CURRENT_THREAD | Handle::CURRENT_PROCESS => cx.kernel.lookup(cx.thread, source),
        _ => cx.kernel.lookup_in(from, source),
    }
}

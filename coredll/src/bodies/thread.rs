//! Threads (processes-threads.md §3, §5 to §7).

use cerium_handle::{Handle, ThreadId};
use cerium_kernel::{CeResult, Win32Error};
use cerium_process::{Thread, ThreadStart};

use super::check;
use crate::{
    Address, Bool, Context, Cx, Data, Dword, HostCx, Ignored, Out, Outcome, SuspendCount, ThreadTimes,
};

bitflags::bitflags! {
    /// fdwCreate of CreateThread and CreateProcess. Flags that CE does not support are ignored (OQ-6).
    #[derive(Copy, Clone, PartialEq, Eq, Debug)]
    pub(crate) struct CreationFlags: u32 {
        const DEBUG_PROCESS = 0x1;
        const DEBUG_ONLY_THIS_PROCESS = 0x2;
        const CREATE_SUSPENDED = 0x4;
        const CREATE_NEW_CONSOLE = 0x10;
        const STACK_SIZE_PARAM_IS_A_RESERVATION = 0x1_0000;
        const INHERIT_CALLER_PRIORITY = 0x2_0000;
    }
}

impl CreationFlags {
    /// What CreateProcess takes (ee488927). There is no debugger: its flags change nothing until it is asked
    /// for, which ends the run.
    pub(crate) const OF_PROCESS: CreationFlags = CreationFlags::DEBUG_PROCESS
        .union(CreationFlags::DEBUG_ONLY_THIS_PROCESS)
        .union(CreationFlags::CREATE_SUSPENDED)
        .union(CreationFlags::CREATE_NEW_CONSOLE)
        .union(CreationFlags::INHERIT_CALLER_PRIORITY);
}

/// What GetExitCodeThread and GetExitCodeProcess say before the end.
pub(crate) const STILL_ACTIVE: u32 = 259;

pub(crate) fn create(
    cx: &mut HostCx<'_>,
    _: Ignored,
    stack: u32,
    start: Address,
    parameter: Address,
    flags: u32,
    id: Out<u32>,
) -> Outcome<(Handle, u32)> {
    let flags = CreationFlags::from_bits_truncate(flags);
    if start.0 == 0 {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    }
    check!(id.check_optional());
    check!(cx.kernel.check_room_for_handle(cx.thread));
    let process = cx.kernel.process_of(cx.thread);
    let program = cx.kernel.process(process).program;
    // ee488162: without the flag the stack is as large as the image says.
    let is_reservation = flags.contains(CreationFlags::STACK_SIZE_PARAM_IS_A_RESERVATION);
    let stack = if is_reservation { stack } else { 0 };
    let start = ThreadStart { address: start.0, parameter: parameter.0, stack };
    let guest = check!(cx.host.create_guest(program, start));

    let suspended = flags.contains(CreationFlags::CREATE_SUSPENDED);
    let thread = cx.kernel.create_thread(process, guest, start, suspended);
    let handle = cx.kernel.open_handle(cx.thread, thread.0);
    Outcome::Return((handle, cx.kernel.thread(thread).id))
}

pub(crate) fn open(cx: &mut Cx<'_>, _access: u32, _inherit: Bool, id: u32) -> Outcome<Handle> {
    // OQ-8: access and inheritance are accepted and not enforced. OQ-9, OQ-10: only living threads.
    let Some(thread) = cx.kernel.thread_with_id(id) else {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    };
    check!(cx.kernel.check_room_for_handle(cx.thread));
    Outcome::Return(cx.kernel.open_handle(cx.thread, thread.0))
}

pub(crate) fn exit(_: &mut Cx<'_>, code: u32) -> Outcome<()> {
    Outcome::Exit(code)
}

pub(crate) fn terminate(cx: &mut Cx<'_>, thread: Handle, code: u32) -> Outcome<Bool> {
    let id = check!(cx.kernel.lookup_as::<Thread>(cx.thread, thread));
    let ends_caller = cx.kernel.ending_thread_ends(ThreadId(id), cx.thread);
    check!(cx.kernel.terminate_thread(id, code));
    if ends_caller { Outcome::Ended } else { Outcome::Return(Bool(true)) }
}

pub(crate) fn exit_code(cx: &mut Cx<'_>, thread: Handle, code: Out<u32>) -> Outcome<(Bool, u32)> {
    let id = check!(cx.kernel.lookup_as::<Thread>(cx.thread, thread));
    check!(code.check_required());
    let code = cx.kernel.thread(ThreadId(id)).exit_code().unwrap_or(STILL_ACTIVE);
    Outcome::Return((Bool(true), code))
}

/// Nanoseconds in a unit of FILETIME.
const FILETIME_UNIT: u64 = 100;

pub(crate) fn times(
    cx: &mut Cx<'_>,
    thread: Handle,
    creation: Out<u64>,
    exit: Out<u64>,
    kernel: Out<u64>,
    user: Out<u64>,
) -> Outcome<ThreadTimes> {
    let id = ThreadId(check!(cx.kernel.lookup_as::<Thread>(cx.thread, thread)));
    for time in [creation, exit, kernel, user] {
        check!(time.check_required());
    }
    let thread = cx.kernel.thread(id);
    Outcome::Return(ThreadTimes {
        ok: true,
        creation: thread.created_at.0,
        // ee487997: undefined before the end.
        exit: thread.exited_at.map_or(0, |at| at.0),
        // A call costs its caller time like any other work.
        kernel: 0,
        user: cx.kernel.run_time(id) / FILETIME_UNIT,
    })
}

/// What SuspendThread of Compact 2013 returns for a bad handle and for a thread that ends (ee488373).
const NEVER_TO_BE_SUSPENDED: Dword<0xffff_ffff> = Dword(0xffff_fffe);

pub(crate) fn suspend(cx: &mut Cx<'_>, thread: Handle) -> Outcome<SuspendCount> {
    let is_late = cx.kernel.profile().suspends_late();
    let id = cx.kernel.lookup_as::<Thread>(cx.thread, thread);
    let is_in_call = id.is_ok_and(|id| cx.kernel.is_blocked(ThreadId(id)));
    match id.and_then(|id| cx.kernel.suspend_thread(id)) {
        // It is marked, and stops when its call is over.
        Ok(_) if is_late && is_in_call => Outcome::Return(Dword(0)),
        Ok(previous) => Outcome::Return(Dword(previous)),
        Err(Win32Error::INVALID_HANDLE) if is_late => {
            cx.kernel.set_last_error(cx.thread, Win32Error::INVALID_HANDLE);
            Outcome::Return(NEVER_TO_BE_SUSPENDED)
        }
        Err(error) => Outcome::Fail(error),
    }
}

pub(crate) fn resume(cx: &mut Cx<'_>, thread: Handle) -> Outcome<SuspendCount> {
    let id = check!(cx.kernel.lookup_as::<Thread>(cx.thread, thread));
    cx.kernel.resume_thread(id).map(Dword).into()
}

pub(crate) fn id(cx: &mut Cx<'_>, thread: Handle) -> Outcome<u32> {
    let id = check!(cx.kernel.lookup_as::<Thread>(cx.thread, thread));
    Outcome::Return(cx.kernel.thread(ThreadId(id)).id)
}

/// The program and the guest of a thread that has not ended; one that has has no registers any more.
fn guest_of(cx: &HostCx<'_>, thread: Handle) -> CeResult<(u32, u32)> {
    let thread = cx.kernel.thread(ThreadId(cx.kernel.lookup_as::<Thread>(cx.thread, thread)?));
    if thread.exit_code().is_some() {
        return Err(Win32Error::INVALID_HANDLE);
    }
    Ok((cx.kernel.process(thread.process).program, thread.guest))
}

pub(crate) fn context(cx: &mut HostCx<'_>, thread: Handle, context: Context) -> Outcome<(Bool, Data)> {
    let (program, guest) = check!(guest_of(cx, thread));
    let given = check!(context.required_writable());
    // Guests in Rust and Lua have no registers.
    match cx.host.context(program, guest, given) {
        None => Outcome::Fail(Win32Error::NOT_SUPPORTED),
        Some(registers) => Outcome::Return((Bool(true), Data(check!(registers).into()))),
    }
}

pub(crate) fn set_context(cx: &mut HostCx<'_>, thread: Handle, context: Context) -> Outcome<Bool> {
    let (program, guest) = check!(guest_of(cx, thread));
    let given = check!(context.required());
    match cx.host.set_context(program, guest, given) {
        None => Outcome::Fail(Win32Error::NOT_SUPPORTED),
        Some(set) => set.map(|()| Bool(true)).into(),
    }
}

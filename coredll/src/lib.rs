//! The CE API: one row per function, its parameters, result, failure value, page, and body.
//!
//! `table.rs` is the table; read it first. From a row come the [`Call`] that a guest asks for, the decoding
//! from an executable's registers and stack, the async methods of native guests ([`CeApi`]), the trace's
//! text, and the listing of what there is. A row's body is a plain function in `bodies`, a file a family: it
//! checks, in CE's order (counts and flags, handle value, handle kind, pointers, state), and then performs.
//!
//! [`dispatch`] is the door. It settles what all calls have in common: last error and failure value.
//! [`catalogue`] knows every export of COREDLL, also those that cerium lacks.
//!
//! Needs `kernel` and what stands below it.
//!
//! Invariants: a body that fails has changed nothing; no guest memory is touched here; a function is one row.

mod bodies;
pub mod catalogue;
mod file_types;
mod host;
mod param;
mod registry_types;
mod reply;
mod ret;
mod row;
mod structures;
mod table;
mod values;

use std::fmt;

use cerium_files::{FileError, FileSystem, Range};
use cerium_handle::ThreadId;
use cerium_kernel::{CeResult, Kernel, Win32Error};

pub use file_types::{
    FileData, FileHandle, FileInformation, FindData, InOut, Locked, MaybeTime, Overlapped, PathBuffer,
    SizedBuffer,
};
pub use host::{FileSection, Host, LoadedImage};
pub use param::{
    Abi, Address, Bool, ByteBuffer, Bytes, Handles, Ignored, In, MAXIMUM_TEXT, MAXIMUM_WAIT_OBJECTS, NULL,
    Null, OUT, Omitted, Out, Param, Section, StackFault, Structure, Text, TextBuffer, Unreadable, Wanted,
    WithSize,
};
pub use registry_types::{DataRoom, Given, Room, Status, TextRoom};
pub use reply::{OutValue, Outs, Reply};
pub use ret::{
    Completed, Data, Dword, MessageGot, MessageRead, MessageReadFrom, MessageSent, Msg, MsgQueueInfo,
    OutType, ProcessInformation, Quantum, Ret, SnapshotHandle, SuspendCount, ThreadPriority, ThreadTimes,
    TimeZoneId, TlsIndex, Units, WAIT_ABANDONED_0, WAIT_FAILED, WAIT_OBJECT_0, WAIT_TIMEOUT, WaitStatus,
};
pub use row::{Calling, Known, Ordinals, Row, WithRow};
pub use structures::{
    Context, HeapEntry32, HeapList32, ModuleEntry32, ModuleInfo, MsgQueueOptions, OsVersionInfo,
    ProcessEntry32, StoreInformation, SystemTime, ThreadEntry32, TimeZoneInformation,
};
pub use table::{Call, CeApi, Function, TABLE, rows};
pub use values::{BadArgument, Field, Results, Value, Values, Wants};

/// The calling thread, at the kernel's door.
pub struct Cx<'a> {
    /// The device.
    pub kernel: &'a mut Kernel,
    /// Who calls.
    pub thread: ThreadId,
}

/// The same, for a body that asks the machine for something: a row that says `where host`.
pub struct HostCx<'a> {
    /// The device.
    pub kernel: &'a mut Kernel,
    /// The machine.
    pub host: &'a mut dyn Host,
    /// Who calls.
    pub thread: ThreadId,
}

impl HostCx<'_> {
    /// The calling thread without the machine.
    fn caller(&mut self) -> Cx<'_> {
        Cx { kernel: self.kernel, thread: self.thread }
    }
}

/// How a body ends.
#[must_use]
pub enum Outcome<T> {
    /// It is done.
    Return(T),
    /// It failed and changed nothing.
    Fail(Win32Error),
    /// The caller is blocked; whoever ends its wait completes the call. The values are for its
    /// out-parameters now, before anybody else runs.
    Block(Outs),
    /// The caller ends with this exit code.
    Exit(u32),
    /// The caller has ended: the call ended its process.
    Ended,
}

impl<T> Outcome<T> {
    #[inline]
    fn map<U>(self, change: impl FnOnce(T) -> U) -> Outcome<U> {
        match self {
            Outcome::Return(value) => Outcome::Return(change(value)),
            Outcome::Fail(error) => Outcome::Fail(error),
            Outcome::Block(outs) => Outcome::Block(outs),
            Outcome::Exit(code) => Outcome::Exit(code),
            Outcome::Ended => Outcome::Ended,
        }
    }
}

impl<T> From<CeResult<T>> for Outcome<T> {
    #[inline]
    fn from(result: CeResult<T>) -> Self {
        match result {
            Ok(value) => Outcome::Return(value),
            Err(error) => Outcome::Fail(error),
        }
    }
}

/// What a call came to, for whoever drives the guest.
#[must_use]
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Dispatched {
    /// It is answered.
    Answered,
    /// The thread is blocked, or will be answered when it next runs. The reply has what its out-parameters
    /// receive now.
    Blocked,
    /// The thread is no more.
    Ended,
    /// Nothing was done: the row needs the machine, and there is none. The call is to be made again with it.
    NeedsHost,
}

/// The door: runs a call, writes its reply, and settles what every call has in common. The call's arguments
/// are taken out of it.
#[inline(always)]
pub fn dispatch(
    kernel: &mut Kernel,
    host: Option<&mut dyn Host>,
    thread: ThreadId,
    call: &mut Call,
    reply: &mut Reply,
) -> Dispatched {
    table::perform(Cx { kernel, thread }, host, call, reply)
}

/// Settles what every call has in common: last error and failure value.
#[inline(always)]
fn settle<T: Ret>(cx: &mut Cx<'_>, outcome: Outcome<T>, reply: &mut Reply) -> Dispatched {
    match outcome {
        Outcome::Return(value) => {
            reply.become_of(value.into_reply());
            Dispatched::Answered
        }
        Outcome::Fail(error) => {
            cx.kernel.set_last_error(cx.thread, error);
            reply.become_of(Reply::of(T::FAILURE));
            Dispatched::Answered
        }
        Outcome::Block(outs) => {
            reply.become_of(Reply { value: 0, outs });
            Dispatched::Blocked
        }
        Outcome::Exit(code) => {
            cx.kernel.exit_thread(cx.thread, code);
            Dispatched::Ended
        }
        Outcome::Ended => Dispatched::Ended,
    }
}

/// The code by which a guest knows a file error.
pub fn win32_of(error: FileError) -> Win32Error {
    bodies::file::win32(error)
}

/// Grants the locks on files that can be granted now: called when somebody has let one go.
pub fn grant_file_locks(kernel: &mut Kernel, files: &mut FileSystem) {
    if !kernel.has_lock_waiters() {
        return;
    }
    for waiter in kernel.lock_waiters() {
        let range = Range { offset: waiter.request.offset, length: waiter.request.length };
        // A range that was good when the wait began is good still.
        if files.lock(waiter.open, range, waiter.request.is_exclusive) == Ok(true) {
            kernel.grant_lock(waiter);
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.show(f)
    }
}

//! Message queues (ipc-objects.md §1).

use cerium_handle::{Handle, ObjectId, ProcessId};
use cerium_kernel::{CeResult, Read, Win32Error, Wrote};
use cerium_process::{Process, Timeout};
use cerium_sync::{End, Message, QueueEnd, QueueOptions, ReadBuffer};

use super::check;
use crate::ret::MSGQUEUE_MSGALERT;
use crate::{
    Bool, ByteBuffer, Bytes, Cx, In, MessageRead, MessageReadFrom, MessageSent, MsgQueueInfo,
    MsgQueueOptions, Out, Outcome, Outs, Text, WithSize,
};

const MSGQUEUE_NOPRECOMMIT: u32 = 1;
const MSGQUEUE_ALLOW_BROKEN: u32 = 2;

/// Which end the options ask for.
fn end_of(options: &MsgQueueOptions) -> End {
    if options.bReadAccess != 0 { End::Read } else { End::Write }
}

fn check_size(options: &MsgQueueOptions) -> CeResult<()> {
    // OQ-31: exactly so large, or larger.
    if options.dwSize < MsgQueueOptions::SIZE { Err(Win32Error::INVALID_PARAMETER) } else { Ok(()) }
}

pub(crate) fn create(cx: &mut Cx<'_>, name: Text, options: In<MsgQueueOptions>) -> Outcome<Handle> {
    let options = check!(options.required());
    check!(check_size(&options));
    let profile = cx.kernel.profile();
    let unknown = options.dwFlags & !(MSGQUEUE_NOPRECOMMIT | MSGQUEUE_ALLOW_BROKEN);
    if unknown != 0 && profile.checks_queue_flags() {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    }
    let name = check!(name.name_within(profile.maximum_queue_name(), cx.kernel.rules()));
    let shape = QueueOptions {
        maximum_messages: options.dwMaxMessages,
        maximum_size: options.cbMaxMessage,
        allow_broken: options.dwFlags & MSGQUEUE_ALLOW_BROKEN != 0,
        flags: options.dwFlags,
    };
    let created = cx.kernel.create_or_open_queue(cx.thread, name, shape, end_of(&options));
    cx.created(created)
}

pub(crate) fn open(
    cx: &mut Cx<'_>,
    source_process: Handle,
    queue: Handle,
    options: In<MsgQueueOptions>,
) -> Outcome<Handle> {
    let process = ProcessId(check!(cx.kernel.lookup_as::<Process>(cx.thread, source_process)));
    let end = check!(cx.kernel.lookup_in_as::<QueueEnd>(process, queue));
    let options = check!(options.required());
    check!(check_size(&options));
    check!(cx.kernel.check_room_for_handle(cx.thread));

    let (queue, _) = cx.kernel.queue_of(end);
    let handle = cx.kernel.open_end(cx.thread, queue, end_of(&options));
    // ee482776: the queue is there already, and the last error says so.
    cx.kernel.set_last_error(cx.thread, Win32Error::ALREADY_EXISTS);
    Outcome::Return(handle)
}

/// The queue behind a handle that must be for this end (OQ-34).
fn queue_at(cx: &Cx<'_>, handle: Handle, wanted: End) -> CeResult<ObjectId> {
    let id = cx.kernel.lookup_as::<QueueEnd>(cx.thread, handle)?;
    let (queue, end) = cx.kernel.queue_of(id);
    if end == wanted { Ok(queue) } else { Err(Win32Error::INVALID_HANDLE) }
}

pub(crate) fn read(
    cx: &mut Cx<'_>,
    queue: Handle,
    buffer: ByteBuffer,
    size: Out<u32>,
    timeout: Timeout,
    flags: Out<u32>,
) -> Outcome<MessageRead> {
    let queue = check!(queue_at(cx, queue, End::Read));
    check!(buffer.check());
    check!(size.check_required());
    // OQ-39: an out-parameter that is written in any case.
    check!(flags.check_required());
    let short_succeeds = cx.kernel.rules().short_read_succeeds;
    let buffer = ReadBuffer { size: buffer.size, short_succeeds };
    match check!(cx.kernel.read_queue(cx.thread, queue, buffer, timeout)) {
        Read::Message(message) => {
            let (read, error) = MessageRead::fit(message, buffer);
            if let Some(error) = error {
                cx.kernel.set_last_error(cx.thread, error);
            }
            Outcome::Return(read)
        }
        Read::Blocked => Outcome::Block(Outs::None),
    }
}

pub(crate) fn read_from(
    cx: &mut Cx<'_>,
    queue: Handle,
    buffer: ByteBuffer,
    size: Out<u32>,
    timeout: Timeout,
    flags: Out<u32>,
    token: Out<Handle>,
) -> Outcome<MessageReadFrom> {
    check!(queue_at(cx, queue, End::Read));
    check!(token.check_optional());
    read(cx, queue, buffer, size, timeout, flags).map(MessageReadFrom)
}

pub(crate) fn write(
    cx: &mut Cx<'_>,
    queue: Handle,
    buffer: Bytes,
    timeout: Timeout,
    flags: u32,
) -> Outcome<MessageSent> {
    let queue = check!(queue_at(cx, queue, End::Write));
    let bytes = match buffer {
        Bytes::Content(bytes) if !bytes.is_empty() => bytes,
        // No queue takes so large a message.
        Bytes::TooLong(_) => return Outcome::Fail(Win32Error::INSUFFICIENT_BUFFER),
        Bytes::Content(_) | Bytes::Null | Bytes::Unreadable => {
            return Outcome::Fail(Win32Error::INVALID_PARAMETER);
        }
    };
    // OQ-35: other flags are ignored.
    let message = Message { bytes, is_alert: flags & MSGQUEUE_MSGALERT != 0 };
    match check!(cx.kernel.write_queue(cx.thread, queue, message, timeout)) {
        Wrote::Done => Outcome::Return(MessageSent(true)),
        Wrote::Blocked => Outcome::Block(Outs::None),
    }
}

pub(crate) fn information(
    cx: &mut Cx<'_>,
    queue: Handle,
    information: WithSize<MsgQueueInfo>,
) -> Outcome<(Bool, MsgQueueInfo)> {
    let id = check!(cx.kernel.lookup_as::<QueueEnd>(cx.thread, queue));
    check!(information.check());
    let (queue, _) = cx.kernel.queue_of(id);
    let known = cx.kernel.queue_information(queue);
    let described = MsgQueueInfo {
        dwSize: 28,
        dwFlags: known.options.flags,
        dwMaxMessages: known.options.maximum_messages,
        cbMaxMessage: known.options.maximum_size,
        dwCurrentMessages: known.messages,
        dwMaxQueueMessages: known.high_water,
        wNumReaders: known.readers.try_into().unwrap_or(u16::MAX),
        wNumWriters: known.writers.try_into().unwrap_or(u16::MAX),
    };
    Outcome::Return((Bool(true), described))
}

pub(crate) fn close(cx: &mut Cx<'_>, queue: Handle) -> Outcome<Bool> {
    check!(cx.kernel.lookup_as::<QueueEnd>(cx.thread, queue));
    cx.kernel.close_handle(cx.thread, queue).map(|()| Bool(true)).into()
}

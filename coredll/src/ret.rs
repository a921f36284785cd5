//! Return types: a function's failure value, its reply, and how the end of a wait reads as one.

use cerium_handle::Handle;
use cerium_kernel::{SectionWords, Win32Error};
use cerium_process::FileTime;
use cerium_sync::{Completion, Message, PostedMessage, ReadBuffer};

use crate::param::Bool;
use crate::reply::{OutValue, Outs, Reply, SMALL};
use crate::values::{Field, Results};

/// A type that an out-parameter receives.
pub trait OutType: Clone {
    /// How many bytes it has in a guest's memory.
    const SIZE: u32;
    /// Lays it out.
    fn encode(&self) -> OutValue;
    /// Reads it back, for a native guest.
    fn decode(bytes: &[u8]) -> Self;
    /// How many values it is to a script.
    const VALUES: usize = 1;
    /// Gives it to a script.
    fn give(&self, to: &mut impl Results);
}

fn give_handle(handle: Handle, to: &mut impl Results) {
    if handle.0 == 0 { to.nil() } else { to.integer(i64::from(handle.0)) }
}

/// Gives a script what an out-parameter received; as many nils if it received nothing.
pub(crate) fn give_out<T: OutType>(reply: &Reply, place: usize, to: &mut impl Results) {
    match reply.outs.as_slice().get(place) {
        Some(received) => T::decode(received.as_bytes()).give(to),
        None => (0..T::VALUES).for_each(|_| to.nil()),
    }
}

pub(crate) fn word_at(bytes: &[u8], index: usize) -> u32 {
    let at = index * 4;
    bytes.get(at..at + 4).map_or(0, |word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
}

fn encode_words<const N: usize>(words: [u32; N]) -> OutValue {
    let mut bytes = [0; SMALL];
    for (place, word) in words.iter().enumerate() {
        bytes[place * 4..place * 4 + 4].copy_from_slice(&word.to_le_bytes());
    }
    OutValue::Small { length: (N * 4) as u8, bytes }
}

impl OutType for u32 {
    const SIZE: u32 = 4;

    fn encode(&self) -> OutValue {
        encode_words([*self])
    }

    fn decode(bytes: &[u8]) -> Self {
        word_at(bytes, 0)
    }

    fn give(&self, to: &mut impl Results) {
        to.integer(i64::from(*self));
    }
}

impl OutType for i32 {
    const SIZE: u32 = 4;

    fn encode(&self) -> OutValue {
        encode_words([*self as u32])
    }

    fn decode(bytes: &[u8]) -> Self {
        word_at(bytes, 0) as i32
    }

    fn give(&self, to: &mut impl Results) {
        to.integer(i64::from(*self));
    }
}

impl OutType for Handle {
    const SIZE: u32 = 4;

    fn encode(&self) -> OutValue {
        encode_words([self.0])
    }

    fn decode(bytes: &[u8]) -> Self {
        Handle(word_at(bytes, 0))
    }

    fn give(&self, to: &mut impl Results) {
        give_handle(*self, to);
    }
}

impl OutType for u64 {
    const SIZE: u32 = 8;

    fn encode(&self) -> OutValue {
        OutValue::new(&self.to_le_bytes())
    }

    fn decode(bytes: &[u8]) -> Self {
        u64::from(word_at(bytes, 0)) | (u64::from(word_at(bytes, 1)) << 32)
    }

    fn give(&self, to: &mut impl Results) {
        to.integer(*self as i64);
    }
}

impl OutType for FileTime {
    const SIZE: u32 = 8;

    fn encode(&self) -> OutValue {
        self.0.encode()
    }

    fn decode(bytes: &[u8]) -> Self {
        FileTime(u64::decode(bytes))
    }

    fn give(&self, to: &mut impl Results) {
        self.0.give(to);
    }
}

/// PROCESS_INFORMATION.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
#[allow(non_snake_case, reason = "CE's member names")]
#[allow(missing_docs, reason = "CE's members")]
pub struct ProcessInformation {
    pub hProcess: Handle,
    pub hThread: Handle,
    pub dwProcessId: u32,
    pub dwThreadId: u32,
}

impl OutType for ProcessInformation {
    const SIZE: u32 = 16;

    fn encode(&self) -> OutValue {
        encode_words([self.hProcess.0, self.hThread.0, self.dwProcessId, self.dwThreadId])
    }

    fn decode(bytes: &[u8]) -> Self {
        Self {
            hProcess: Handle(word_at(bytes, 0)),
            hThread: Handle(word_at(bytes, 1)),
            dwProcessId: word_at(bytes, 2),
            dwThreadId: word_at(bytes, 3),
        }
    }

    const VALUES: usize = 4;

    fn give(&self, to: &mut impl Results) {
        let Self { hProcess, hThread, dwProcessId, dwThreadId } = *self;
        give_handle(hProcess, to);
        give_handle(hThread, to);
        to.integer(i64::from(dwProcessId));
        to.integer(i64::from(dwThreadId));
    }
}

impl OutType for SectionWords {
    const SIZE: u32 = 20;

    fn encode(&self) -> OutValue {
        let Self { lock_count, owner_thread, h_crit, need_trap, contentions } = *self;
        encode_words([lock_count, owner_thread, h_crit.0, need_trap, contentions])
    }

    fn decode(bytes: &[u8]) -> Self {
        Self {
            lock_count: word_at(bytes, 0),
            owner_thread: word_at(bytes, 1),
            h_crit: Handle(word_at(bytes, 2)),
            need_trap: word_at(bytes, 3),
            contentions: word_at(bytes, 4),
        }
    }

    /// A script's critical section is its handle, which does not change.
    fn give(&self, to: &mut impl Results) {
        give_handle(self.h_crit, to);
    }
}

/// UTF-16 units that a buffer receives, with their NUL.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Units(pub Vec<u16>);

impl OutType for Units {
    const SIZE: u32 = 0;

    fn encode(&self) -> OutValue {
        let bytes: Vec<u8> = self.0.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        OutValue::new(&bytes)
    }

    fn decode(bytes: &[u8]) -> Self {
        Units(bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect())
    }

    fn give(&self, to: &mut impl Results) {
        let text = self.0.strip_suffix(&[0]).unwrap_or(&self.0);
        to.bytes(String::from_utf16_lossy(text).as_bytes());
    }
}

/// Bytes that a buffer receives.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Data(pub Box<[u8]>);

impl OutType for Data {
    const SIZE: u32 = 0;

    fn encode(&self) -> OutValue {
        OutValue::new(&self.0)
    }

    fn decode(bytes: &[u8]) -> Self {
        Data(bytes.into())
    }

    fn give(&self, to: &mut impl Results) {
        to.bytes(&self.0);
    }
}

/// MSGQUEUEINFO.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
#[allow(non_snake_case, reason = "CE's member names")]
#[allow(missing_docs, reason = "CE's members")]
pub struct MsgQueueInfo {
    pub dwSize: u32,
    pub dwFlags: u32,
    pub dwMaxMessages: u32,
    pub cbMaxMessage: u32,
    pub dwCurrentMessages: u32,
    pub dwMaxQueueMessages: u32,
    pub wNumReaders: u16,
    pub wNumWriters: u16,
}

impl OutType for MsgQueueInfo {
    const SIZE: u32 = 28;

    fn encode(&self) -> OutValue {
        let words = [
            self.dwSize,
            self.dwFlags,
            self.dwMaxMessages,
            self.cbMaxMessage,
            self.dwCurrentMessages,
            self.dwMaxQueueMessages,
            u32::from(self.wNumReaders) | (u32::from(self.wNumWriters) << 16),
        ];
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        OutValue::new(&bytes)
    }

    fn decode(bytes: &[u8]) -> Self {
        let ends = word_at(bytes, 6);
        Self {
            dwSize: word_at(bytes, 0),
            dwFlags: word_at(bytes, 1),
            dwMaxMessages: word_at(bytes, 2),
            cbMaxMessage: word_at(bytes, 3),
            dwCurrentMessages: word_at(bytes, 4),
            dwMaxQueueMessages: word_at(bytes, 5),
            wNumReaders: ends as u16,
            wNumWriters: (ends >> 16) as u16,
        }
    }

    fn give(&self, to: &mut impl Results) {
        let number = |number| Field::Number(i64::from(number));
        to.record(&[
            ("dwSize", number(self.dwSize)),
            ("dwFlags", number(self.dwFlags)),
            ("dwMaxMessages", number(self.dwMaxMessages)),
            ("cbMaxMessage", number(self.cbMaxMessage)),
            ("dwCurrentMessages", number(self.dwCurrentMessages)),
            ("dwMaxQueueMessages", number(self.dwMaxQueueMessages)),
            ("wNumReaders", number(u32::from(self.wNumReaders))),
            ("wNumWriters", number(u32::from(self.wNumWriters))),
        ]);
    }
}

/// The end of a blocked call: its reply, and the last error if it failed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Completed {
    /// The reply.
    pub reply: Reply,
    /// Why it failed.
    pub error: Option<Win32Error>,
}

impl Completed {
    #[inline]
    pub(crate) fn well(reply: Reply) -> Self {
        Self { reply, error: None }
    }

    pub(crate) fn failed(value: u32, error: Win32Error) -> Self {
        Self { reply: Reply::of(value), error: Some(error) }
    }
}

/// What WriteMsgQueue returns.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct MessageSent(pub bool);

impl Ret for MessageSent {
    const FAILURE: u32 = 0;

    #[inline]
    fn into_reply(self) -> Reply {
        Reply::of(u32::from(self.0))
    }

    fn from_reply(reply: &Reply) -> Self {
        MessageSent(reply.value != 0)
    }

    #[inline]
    fn give(reply: &Reply, to: &mut impl Results) {
        to.boolean(reply.value != 0);
    }

    fn from_completion(completion: Completion) -> Completed {
        match completion {
            Completion::Sent => Completed::well(Reply::of(1)),
            Completion::Broken => Completed::failed(0, Win32Error::PIPE_NOT_CONNECTED),
            Completion::TimedOut => Completed::failed(0, Win32Error::TIMEOUT),
            other => unreachable!("a writer's wait ends otherwise: {other:?}"),
        }
    }
}

/// What ReadMsgQueue returns and fills in.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct MessageRead {
    /// The result.
    pub ok: bool,
    /// What the buffer receives.
    pub data: Data,
    /// lpNumberOfBytesRead.
    pub size: u32,
    /// pdwFlags.
    pub flags: u32,
}

/// MSGQUEUE_MSGALERT.
pub(crate) const MSGQUEUE_MSGALERT: u32 = 1;

impl MessageRead {
    /// Fits a message into a buffer. What does not fit is lost; the call fails then, though the buffer is
    /// filled (OQ-40).
    pub(crate) fn fit(message: Message, buffer: ReadBuffer) -> (Self, Option<Win32Error>) {
        let ReadBuffer { size: buffer, short_succeeds } = buffer;
        let is_cut = message.bytes.len() > buffer as usize;
        let bytes = if is_cut { message.bytes[..buffer as usize].into() } else { message.bytes };
        let read = MessageRead {
            ok: !is_cut || short_succeeds,
            size: bytes.len() as u32,
            data: Data(bytes),
            flags: if message.is_alert { MSGQUEUE_MSGALERT } else { 0 },
        };
        (read, is_cut.then_some(Win32Error::INSUFFICIENT_BUFFER))
    }
}

impl Ret for MessageRead {
    const FAILURE: u32 = 0;

    #[inline]
    fn into_reply(self) -> Reply {
        let outs = Box::new([self.data.encode(), self.size.encode(), self.flags.encode()]);
        Reply { value: u32::from(self.ok), outs: Outs::Several(outs) }
    }

    fn from_reply(reply: &Reply) -> Self {
        let ok = reply.value != 0;
        MessageRead { ok, data: out(reply, 0), size: out(reply, 1), flags: out(reply, 2) }
    }

    #[inline]
    fn give(reply: &Reply, to: &mut impl Results) {
        to.boolean(reply.value != 0);
        // The length of the text says lpNumberOfBytesRead.
        give_out::<Data>(reply, 0, to);
        give_out::<u32>(reply, 2, to);
    }

    fn from_completion(completion: Completion) -> Completed {
        match completion {
            Completion::Received { message, buffer } => {
                let (read, error) = MessageRead::fit(message, buffer);
                Completed { reply: read.into_reply(), error }
            }
            Completion::Broken => Completed::failed(0, Win32Error::PIPE_NOT_CONNECTED),
            Completion::TimedOut => Completed::failed(0, Win32Error::TIMEOUT),
            other => unreachable!("a reader's wait ends otherwise: {other:?}"),
        }
    }
}

/// What ReadMsgQueueEx returns and fills in. There are no tokens: phTok receives none.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct MessageReadFrom(pub MessageRead);

impl Ret for MessageReadFrom {
    const FAILURE: u32 = 0;

    #[inline]
    fn into_reply(self) -> Reply {
        with_token(self.0.into_reply())
    }

    fn from_reply(reply: &Reply) -> Self {
        MessageReadFrom(MessageRead::from_reply(reply))
    }

    fn give(reply: &Reply, to: &mut impl Results) {
        MessageRead::give(reply, to);
        give_out::<Handle>(reply, 3, to);
    }

    fn from_completion(completion: Completion) -> Completed {
        let Completed { reply, error } = MessageRead::from_completion(completion);
        // A call that failed without a message fills nothing in.
        let reply = if reply.outs.is_empty() { reply } else { with_token(reply) };
        Completed { reply, error }
    }
}

fn with_token(reply: Reply) -> Reply {
    let received = reply.outs.as_slice().iter().cloned();
    let outs = received.chain([Handle::NULL.encode()]).collect();
    Reply { outs: Outs::Several(outs), ..reply }
}

/// What GetThreadTimes returns and fills in: FILETIMEs, in units of 100 ns.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct ThreadTimes {
    /// The result.
    pub ok: bool,
    /// lpCreationTime: since 1601.
    pub creation: u64,
    /// lpExitTime: since 1601; 0 before the end.
    pub exit: u64,
    /// lpKernelTime: how long.
    pub kernel: u64,
    /// lpUserTime: how long.
    pub user: u64,
}

impl Ret for ThreadTimes {
    const FAILURE: u32 = 0;

    #[inline]
    fn into_reply(self) -> Reply {
        let ThreadTimes { ok, creation, exit, kernel, user } = self;
        let outs = [creation, exit, kernel, user].iter().map(OutType::encode).collect();
        Reply { value: u32::from(ok), outs: Outs::Several(outs) }
    }

    fn give(reply: &Reply, to: &mut impl Results) {
        to.boolean(reply.value != 0);
        (0..4).for_each(|place| give_out::<u64>(reply, place, to));
    }

    fn from_reply(reply: &Reply) -> Self {
        ThreadTimes {
            ok: reply.value != 0,
            creation: out(reply, 0),
            exit: out(reply, 1),
            kernel: out(reply, 2),
            user: out(reply, 3),
        }
    }
}

/// MSG, without a window.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
#[allow(non_snake_case, reason = "CE's member names")]
#[allow(missing_docs, reason = "CE's members")]
pub struct Msg {
    pub hwnd: u32,
    pub message: u32,
    pub wParam: u32,
    pub lParam: u32,
    pub time: u32,
    pub x: u32,
    pub y: u32,
}

impl Msg {
    pub(crate) fn of(message: PostedMessage) -> Self {
        let PostedMessage { message, w_param, l_param, time } = message;
        Msg { message, wParam: w_param, lParam: l_param, time, ..Msg::default() }
    }
}

impl OutType for Msg {
    const SIZE: u32 = 28;

    fn encode(&self) -> OutValue {
        let Msg { hwnd, message, wParam, lParam, time, x, y } = *self;
        let words = [hwnd, message, wParam, lParam, time, x, y];
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        OutValue::new(&bytes)
    }

    fn decode(bytes: &[u8]) -> Self {
        Self {
            hwnd: word_at(bytes, 0),
            message: word_at(bytes, 1),
            wParam: word_at(bytes, 2),
            lParam: word_at(bytes, 3),
            time: word_at(bytes, 4),
            x: word_at(bytes, 5),
            y: word_at(bytes, 6),
        }
    }

    fn give(&self, to: &mut impl Results) {
        let number = |number| Field::Number(i64::from(number));
        to.record(&[
            ("hwnd", number(self.hwnd)),
            ("message", number(self.message)),
            ("wParam", number(self.wParam)),
            ("lParam", number(self.lParam)),
            ("time", number(self.time)),
        ]);
    }
}

/// What GetMessage returns: FALSE for WM_QUIT, TRUE for all others; and the message.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct MessageGot {
    /// Whether it is another message than WM_QUIT.
    pub goes_on: bool,
    /// The message.
    pub message: Msg,
}

const WM_QUIT: u32 = 0x12;

impl MessageGot {
    pub(crate) fn of(message: PostedMessage) -> Self {
        MessageGot { goes_on: message.message != WM_QUIT, message: Msg::of(message) }
    }
}

impl Ret for MessageGot {
    /// A failure is -1, which is neither TRUE nor FALSE.
    const FAILURE: u32 = 0xffff_ffff;

    #[inline]
    fn into_reply(self) -> Reply {
        Reply { value: u32::from(self.goes_on), outs: Outs::One(self.message.encode()) }
    }

    fn from_reply(reply: &Reply) -> Self {
        MessageGot { goes_on: reply.value != 0, message: out(reply, 0) }
    }

    fn give(reply: &Reply, to: &mut impl Results) {
        to.boolean(reply.value != 0);
        give_out::<Msg>(reply, 0, to);
    }

    fn from_completion(completion: Completion) -> Completed {
        match completion {
            Completion::Posted(message) => Completed::well(MessageGot::of(message).into_reply()),
            other => unreachable!("GetMessage's wait ends otherwise: {other:?}"),
        }
    }
}

/// A return type.
pub trait Ret: Sized {
    /// What the function returns when it fails.
    const FAILURE: u32;
    /// It is a [`WaitStatus`].
    const IS_WAIT_STATUS: bool = false;
    /// The reply of a call that succeeded.
    fn into_reply(self) -> Reply;
    /// Reads a reply back, for a native guest.
    fn from_reply(reply: &Reply) -> Self;
    /// Gives a reply to a script.
    fn give(reply: &Reply, to: &mut impl Results);
    /// The reply of a blocked call whose wait is over.
    fn from_completion(completion: Completion) -> Completed {
        let _ = completion;
        unreachable!("a function of this return type never blocks")
    }
}

impl Ret for () {
    const FAILURE: u32 = 0;

    #[inline]
    fn into_reply(self) -> Reply {
        Reply::of(0)
    }

    fn from_reply(_: &Reply) -> Self {}

    #[inline]
    fn give(reply: &Reply, to: &mut impl Results) {
        let _ = (reply, to);
    }

    fn from_completion(_: Completion) -> Completed {
        Completed::well(Reply::of(0))
    }
}

macro_rules! word_ret {
    ($($type:ty, $failure:expr, $self:ident => $into:expr, $value:ident => $from:expr, $to:ident => $give:expr;)*) => {
        $(impl Ret for $type {
            const FAILURE: u32 = $failure;

            #[inline]
            fn into_reply(self) -> Reply {
                let $self = self;
                Reply::of($into)
            }

            #[inline]
            fn from_reply(reply: &Reply) -> Self {
                let $value = reply.value;
                $from
            }

            #[inline]
            fn give(reply: &Reply, $to: &mut impl Results) {
                let $value = reply.value;
                $give
            }
        })*
    };
}

word_ret! {
    Bool, 0, this => u32::from(this.0), value => Bool(value != 0), to => to.boolean(value != 0);
    Handle, 0, this => this.0, value => Handle(value), to => give_handle(Handle(value), to);
    u32, 0, this => this, value => value, to => to.integer(i64::from(value));
    i32, 0, this => this as u32, value => value as i32, to => to.integer(i64::from(value as i32));
}

/// A DWORD that says failure in a way of its own.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Dword<const FAILURE: u32>(pub u32);

impl<const FAILURE: u32> Ret for Dword<FAILURE> {
    const FAILURE: u32 = FAILURE;

    #[inline]
    fn into_reply(self) -> Reply {
        Reply::of(self.0)
    }

    fn from_reply(reply: &Reply) -> Self {
        Dword(reply.value)
    }

    #[inline]
    fn give(reply: &Reply, to: &mut impl Results) {
        to.integer(i64::from(reply.value));
    }
}

/// What SuspendThread and ResumeThread return: the suspend count as it was.
pub type SuspendCount = Dword<0xffff_ffff>;
/// What GetTimeZoneInformation returns; TIME_ZONE_ID_INVALID on failure.
pub type TimeZoneId = Dword<0xffff_ffff>;
/// What CreateToolhelp32Snapshot returns; INVALID_HANDLE_VALUE on failure.
pub type SnapshotHandle = Dword<0xffff_ffff>;
/// What CeGetThreadPriority returns; THREAD_PRIORITY_ERROR_RETURN on failure.
pub type ThreadPriority = Dword<0x7fff_ffff>;
/// What CeGetThreadQuantum returns; MAXDWORD on failure.
pub type Quantum = Dword<0xffff_ffff>;
/// What TlsAlloc returns; TLS_OUT_OF_INDEXES on failure.
pub type TlsIndex = Dword<0xffff_ffff>;

/// What a wait function returns.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct WaitStatus(pub u32);

/// The object at the first place was or became signaled.
pub const WAIT_OBJECT_0: WaitStatus = WaitStatus(0);
/// As WAIT_OBJECT_0, of a mutex whose owner had ended; reported only under a rule (SQ-01).
pub const WAIT_ABANDONED_0: WaitStatus = WaitStatus(0x80);
/// The time-out ran out.
pub const WAIT_TIMEOUT: WaitStatus = WaitStatus(258);
/// The wait failed; GetLastError says why.
pub const WAIT_FAILED: WaitStatus = WaitStatus(0xffff_ffff);

impl WaitStatus {
    /// The object at this place is the waiter's.
    #[inline]
    pub fn of_object(index: u8, abandoned: bool) -> Self {
        WaitStatus(if abandoned { WAIT_ABANDONED_0.0 } else { 0 } + u32::from(index))
    }

    /// Reads the end of a wait.
    #[inline]
    pub fn of(completion: Completion) -> Self {
        match completion {
            Completion::Object { index, abandoned } => Self::of_object(index, abandoned),
            Completion::TimedOut => WAIT_TIMEOUT,
            other => unreachable!("a wait function's wait ends otherwise: {other:?}"),
        }
    }
}

impl From<WaitStatus> for Reply {
    #[inline]
    fn from(status: WaitStatus) -> Self {
        Reply::of(status.0)
    }
}

impl Ret for WaitStatus {
    const FAILURE: u32 = WAIT_FAILED.0;
    const IS_WAIT_STATUS: bool = true;

    #[inline]
    fn into_reply(self) -> Reply {
        Reply::of(self.0)
    }

    #[inline]
    fn from_reply(reply: &Reply) -> Self {
        WaitStatus(reply.value)
    }

    #[inline]
    fn give(reply: &Reply, to: &mut impl Results) {
        to.integer(i64::from(reply.value));
    }

    #[inline]
    fn from_completion(completion: Completion) -> Completed {
        Completed::well(Reply::of(WaitStatus::of(completion).0))
    }
}

/// What a critical section function leaves in the guest's 20 bytes.
impl Ret for SectionWords {
    const FAILURE: u32 = 0;

    #[inline]
    fn into_reply(self) -> Reply {
        Reply { value: 0, outs: Outs::One(self.encode()) }
    }

    fn from_reply(reply: &Reply) -> Self {
        out(reply, 0)
    }

    #[inline]
    fn give(reply: &Reply, to: &mut impl Results) {
        give_out::<SectionWords>(reply, 0, to);
    }

    /// Whoever left wrote the words for the next owner.
    fn from_completion(_: Completion) -> Completed {
        Completed::well(Reply::of(0))
    }
}

pub(crate) fn out<T: OutType>(reply: &Reply, place: usize) -> T {
    T::decode(reply.outs.as_slice().get(place).map_or(&[], OutValue::as_bytes))
}

impl<R: Ret, A: OutType> Ret for (R, A) {
    const FAILURE: u32 = R::FAILURE;

    #[inline]
    fn into_reply(self) -> Reply {
        Reply { value: self.0.into_reply().value, outs: Outs::One(self.1.encode()) }
    }

    fn from_reply(reply: &Reply) -> Self {
        (R::from_reply(reply), out(reply, 0))
    }

    #[inline]
    fn give(reply: &Reply, to: &mut impl Results) {
        R::give(reply, to);
        give_out::<A>(reply, 0, to);
    }
}

impl<R: Ret, A: OutType, B: OutType> Ret for (R, A, B) {
    const FAILURE: u32 = R::FAILURE;

    #[inline]
    fn into_reply(self) -> Reply {
        let outs = Box::new([self.1.encode(), self.2.encode()]);
        Reply { value: self.0.into_reply().value, outs: Outs::Several(outs) }
    }

    fn from_reply(reply: &Reply) -> Self {
        (R::from_reply(reply), out(reply, 0), out(reply, 1))
    }

    #[inline]
    fn give(reply: &Reply, to: &mut impl Results) {
        R::give(reply, to);
        give_out::<A>(reply, 0, to);
        give_out::<B>(reply, 1, to);
    }
}

impl<R: Ret, A: OutType, B: OutType, C: OutType> Ret for (R, A, B, C) {
    const FAILURE: u32 = R::FAILURE;

    fn into_reply(self) -> Reply {
        let outs = Box::new([self.1.encode(), self.2.encode(), self.3.encode()]);
        Reply { value: self.0.into_reply().value, outs: Outs::Several(outs) }
    }

    fn from_reply(reply: &Reply) -> Self {
        (R::from_reply(reply), out(reply, 0), out(reply, 1), out(reply, 2))
    }

    #[inline]
    fn give(reply: &Reply, to: &mut impl Results) {
        R::give(reply, to);
        give_out::<A>(reply, 0, to);
        give_out::<B>(reply, 1, to);
        give_out::<C>(reply, 2, to);
    }
}

//! The device: the kernel, and what every call of a guest passes on its way to it and back.
//!
//! A guest has it while its turn lasts and makes its calls there ([`Device::call`]). Nearly all are answered
//! at once and the guest runs on. It leaves its turn only for what concerns others: it is blocked, somebody
//! more urgent is ready, its slice is over, the row needs the machine, or there is text to hand on.

use std::ops::{Deref, DerefMut};

use cerium_coredll::{Call, Completed, Cx, Dispatched, Function, Host, Known, Reply, WaitStatus, dispatch};
use cerium_handle::{Handle, ProcessId, ThreadId};
use cerium_kernel::{Event, Kernel, Win32Error};
use cerium_process::{Instant, Process, cost};

use crate::report::Statistics;
use crate::trace::TraceSink;

/// How many events are collected before they are handed on.
const TRACE_BATCH: usize = 4096;

/// The kernel, and what stands around it when it is called.
pub struct Device {
    pub(crate) kernel: Kernel,
    pub(crate) statistics: Statistics,
    /// What guests have put out and nobody has fetched yet.
    pub(crate) console: String,
    /// The thread whose turn it is.
    pub(crate) thread: Option<ThreadId>,
    /// When its turn ends.
    pub(crate) until: Instant,
    /// The reply of the call that was made last, or that the guest is resumed with.
    pub(crate) reply: Reply,
    /// The guest is resumed with a reply, and has not yet taken it.
    pub(crate) has_reply: bool,
    /// Why its guest was to leave.
    pub(crate) left: Left,
    tracing: Option<Tracing>,
    audit: bool,
    /// Every call is traced or audited.
    is_watched: bool,
}

/// Why a guest was to leave its turn with a call.
#[derive(Debug)]
pub(crate) enum Left {
    /// It was not.
    Nothing,
    /// The call is answered: the reply is for its thread's next turn.
    Answered,
    /// The thread is blocked in this function; the reply has what its out-parameters receive now.
    Blocked(Function),
    /// The thread has ended.
    Ended,
    /// The call is still to be made, by the machine.
    ForMachine(Box<Call>),
}

struct Tracing {
    sink: Box<dyn TraceSink>,
    calls: Vec<Call>,
    replies: Vec<Reply>,
}

/// What a guest has used since its turn began or it last called.
#[derive(Copy, Clone, Default, Debug)]
pub struct Used {
    /// Nanoseconds.
    pub time: u64,
    /// Instructions.
    pub instructions: u64,
    /// What its last error is to be, if a function that the kernel does not see has stored one.
    pub last_error: Option<Win32Error>,
}

impl Device {
    pub(crate) fn new() -> Self {
        Self {
            kernel: Kernel::default(),
            statistics: Statistics::default(),
            console: String::new(),
            thread: None,
            until: Instant(0),
            reply: Reply::default(),
            has_reply: false,
            left: Left::Nothing,
            tracing: None,
            audit: false,
            is_watched: false,
        }
    }

    /// Virtual time, as of the last call.
    #[inline]
    pub fn now(&self) -> Instant {
        self.kernel.now()
    }

    /// For how many nanoseconds its guest may run from here on. A call that begins within them may end
    /// after them.
    #[inline]
    pub fn slice(&self) -> u64 {
        self.until.since(self.kernel.now())
    }

    /// Puts out text of the guest. It is handed on when the guest leaves its turn, with its next call at the
    /// latest.
    pub fn put_out(&mut self, text: &str) {
        self.console.push_str(text);
        self.kernel.look_again_at(Instant(0));
    }

    /// How much text waits to be handed on when the guest leaves its turn, in bytes.
    pub fn text_to_put_out(&self) -> usize {
        self.console.len()
    }

    /// The reply of the call that the guest stopped with; none when it is resumed for the first time or after
    /// the end of a slice.
    #[inline]
    pub fn take_reply(&mut self) -> Option<&Reply> {
        std::mem::take(&mut self.has_reply).then_some(&self.reply)
    }

    /// The reply that was taken or given last.
    #[inline]
    pub fn reply(&self) -> &Reply {
        &self.reply
    }

    /// Keeps the reply that [`Device::call`] has just given for the guest's next turn: it stops after all.
    pub fn keep_reply(&mut self) {
        self.left = Left::Answered;
    }

    /// Resumes the guest with this reply.
    #[inline]
    pub(crate) fn resume_with(&mut self, reply: Reply) {
        self.reply.become_of(reply);
        self.has_reply = true;
    }

    /// Makes the reply of a call that a thread was blocked in and that has come back.
    #[inline(always)]
    pub(crate) fn complete(&mut self, thread: ThreadId, function: Function) {
        // Nearly all calls that block are waits, and nearly all waits end with an object.
        if function.returns_wait_status()
            && let Some((index, abandoned)) = self.kernel.take_object(thread)
        {
            self.resume_with(WaitStatus::of_object(index, abandoned).into());
        } else {
            self.complete_otherwise(thread, function);
        }
        self.trace_completion(thread);
    }

    #[inline(never)]
    fn complete_otherwise(&mut self, thread: ThreadId, function: Function) {
        let completion = self.kernel.take_completion(thread).expect("it was asked before");
        let Completed { reply, error } = function.complete(completion);
        if let Some(error) = error {
            self.kernel.set_last_error(thread, error);
        }
        self.resume_with(reply);
    }

    #[inline]
    pub(crate) fn begin_turn(&mut self, thread: ThreadId, until: Instant) {
        self.thread = Some(thread);
        self.until = until;
        self.has_reply = false;
        self.kernel.look_again_at(until);
    }

    /// Whether a handle of the guest whose turn it is, or a pseudo handle, is of its own process.
    pub fn is_own_process(&self, handle: Handle) -> bool {
        let caller = self.caller();
        let named = self.kernel.lookup_as::<Process>(caller, handle);
        named.is_ok_and(|named| ProcessId(named) == self.kernel.process_of(caller))
    }

    /// Makes a call of the guest whose turn it is. With the reply it runs on; without, it stops with
    /// [`Stop::Called`](crate::Stop::Called), and is given the reply when it is next resumed.
    #[inline]
    pub fn call(&mut self, used: Used, call: &mut Call) -> Option<&Reply> {
        if !self.begin_call(used, call.function()) {
            return None;
        }
        if self.is_watched {
            return self.make_watched(call.clone());
        }
        let thread = self.caller();
        let dispatched = dispatch(&mut self.kernel, None, thread, call, &mut self.reply);
        match dispatched {
            Dispatched::Answered if self.kernel.goes_on() => return Some(&self.reply),
            Dispatched::NeedsHost => self.left = Left::ForMachine(Box::new(call.clone())),
            dispatched => self.leave(dispatched, call.function()),
        }
        None
    }

    /// The same, where it is known which function it is that is called.
    #[inline(always)]
    pub fn call_row<K: Known>(&mut self, used: Used, mut arguments: K::Arguments) -> Option<&Reply> {
        if !self.begin_call(used, K::FUNCTION) {
            return None;
        }
        if self.is_watched {
            return self.make_watched(K::call(arguments));
        }
        let cx = Cx { thread: self.caller(), kernel: &mut self.kernel };
        match K::perform(cx, None, &mut arguments, &mut self.reply) {
            Dispatched::Answered if self.kernel.goes_on() => return Some(&self.reply),
            Dispatched::Blocked => {
                // It has left with nothing else: that is nothing to drop.
                std::mem::forget(std::mem::replace(&mut self.left, Left::Blocked(K::FUNCTION)));
            }
            Dispatched::NeedsHost => self.left = Left::ForMachine(Box::new(K::call(arguments))),
            dispatched => self.leave(dispatched, K::FUNCTION),
        }
        None
    }

    /// What every call begins with. Whether there still is somebody who makes it.
    #[inline(always)]
    fn begin_call(&mut self, used: Used, function: Function) -> bool {
        if self.charge(used, cost::CALL) && self.has_lost_caller() {
            return false;
        }
        self.statistics.count_call(function);
        true
    }

    #[inline(always)]
    fn caller(&self) -> ThreadId {
        match self.kernel.current() {
            Some(thread) => thread,
            None => unreachable!("a guest calls in its turn"),
        }
    }

    /// A guest is to leave its turn with a call.
    #[inline(never)]
    fn leave(&mut self, dispatched: Dispatched, function: Function) {
        self.left = match dispatched {
            Dispatched::Answered => Left::Answered,
            Dispatched::Blocked => Left::Blocked(function),
            Dispatched::Ended => Left::Ended,
            Dispatched::NeedsHost => unreachable!("the call is kept by whoever has it"),
        };
    }

    /// Makes a call of a run that is traced or audited.
    #[inline(never)]
    fn make_watched(&mut self, mut call: Call) -> Option<&Reply> {
        let thread = self.caller();
        self.trace_call(thread, &call);
        let dispatched = dispatch(&mut self.kernel, None, thread, &mut call, &mut self.reply);
        if dispatched == Dispatched::Answered {
            let must_leave = self.watch(thread);
            if self.kernel.goes_on() && !must_leave {
                return Some(&self.reply);
            }
        }
        match dispatched {
            Dispatched::NeedsHost => self.left = Left::ForMachine(Box::new(call)),
            dispatched => self.leave(dispatched, call.function()),
        }
        None
    }

    /// Lets the time pass that a guest has used. Whether `schedule` may have something to say about it.
    #[inline(always)]
    pub(crate) fn charge(&mut self, used: Used, cost: u64) -> bool {
        self.statistics.instructions += used.instructions;
        if let (Some(error), Some(thread)) = (used.last_error, self.thread) {
            self.kernel.set_last_error(thread, error);
        }
        self.kernel.advance(used.time + cost);
        !self.kernel.goes_on()
    }

    /// A watchdog may have ended the caller's process in that time.
    #[cold]
    fn has_lost_caller(&mut self) -> bool {
        let is_lost = self.kernel.current() != self.thread;
        if is_lost {
            self.left = Left::Ended;
        }
        is_lost
    }

    /// Performs the call that a guest has left with, now that there is the machine. It was counted and traced
    /// before.
    pub(crate) fn perform_with(&mut self, host: &mut dyn Host) {
        let Left::ForMachine(mut call) = std::mem::replace(&mut self.left, Left::Nothing) else { return };
        let thread = self.thread.expect("a guest calls in its turn");
        let function = call.function();
        self.left = match dispatch(&mut self.kernel, Some(host), thread, &mut call, &mut self.reply) {
            Dispatched::Answered => {
                if self.tracing.is_some() {
                    self.trace_reply(thread, self.reply.clone());
                }
                Left::Answered
            }
            Dispatched::Blocked => Left::Blocked(function),
            Dispatched::Ended => Left::Ended,
            Dispatched::NeedsHost => unreachable!("it has the machine"),
        }
    }

    /// Traces the reply, and audits; whether the guest must leave all the same.
    #[cold]
    fn watch(&mut self, thread: ThreadId) -> bool {
        let reply = self.reply.clone();
        self.trace_reply(thread, reply);
        if self.kernel.goes_on() {
            self.audit();
        }
        self.trace_is_full()
    }
}

/// The trace.
impl Device {
    pub(crate) fn set_trace(&mut self, sink: Box<dyn TraceSink>) {
        self.kernel.trace.enable();
        self.tracing = Some(Tracing { sink, calls: Vec::new(), replies: Vec::new() });
        self.is_watched = true;
    }

    pub(crate) fn set_audit(&mut self, audit: bool) {
        self.audit = audit;
        self.is_watched = audit || self.tracing.is_some();
    }

    /// Audits, if every step is audited.
    pub(crate) fn audit(&self) {
        if self.audit {
            self.kernel.audit();
        }
    }

    fn trace_is_full(&self) -> bool {
        self.tracing.is_some() && self.kernel.trace.len() >= TRACE_BATCH
    }

    #[cold]
    fn trace_call(&mut self, thread: ThreadId, call: &Call) {
        let Some(tracing) = &mut self.tracing else { return };
        let index = tracing.calls.len() as u32;
        tracing.calls.push(call.clone());
        let now = self.kernel.now();
        self.kernel.trace.push(now, || Event::Call { thread, index });
    }

    #[cold]
    fn trace_reply(&mut self, thread: ThreadId, reply: Reply) {
        let Some(tracing) = &mut self.tracing else { return };
        let index = tracing.replies.len() as u32;
        tracing.replies.push(reply);
        let now = self.kernel.now();
        self.kernel.trace.push(now, || Event::Reply { thread, index });
    }

    /// Whether every call is traced or audited.
    #[inline]
    pub(crate) fn is_watched(&self) -> bool {
        self.is_watched
    }

    /// What is done after every turn of a run that is watched.
    #[inline(never)]
    pub(crate) fn after_turn(&mut self) {
        if self.trace_is_full() {
            self.hand_on();
        }
        self.audit();
    }

    /// Traces the reply of a call that a thread was blocked in, with which it is resumed.
    #[inline]
    fn trace_completion(&mut self, thread: ThreadId) {
        if self.is_watched {
            self.trace_reply(thread, self.reply.clone());
        }
    }

    /// Hands the trace on.
    pub(crate) fn hand_on(&mut self) {
        let Some(tracing) = &mut self.tracing else { return };
        tracing.sink.take(&mut self.kernel.trace.drain(), &tracing.calls, &tracing.replies);
        tracing.calls.clear();
        tracing.replies.clear();
    }

    /// The sink, when the run is over.
    pub(crate) fn take_sink(&mut self) -> Option<Box<dyn TraceSink>> {
        self.tracing.take().map(|tracing| tracing.sink)
    }
}

/// The device in the hands of whoever's turn it is. A native guest's future cannot borrow it, so it is given
/// away whole and handed back.
pub struct Lent {
    device: Option<Box<Device>>,
}

impl Lent {
    pub(crate) fn new(device: Device) -> Self {
        Self { device: Some(Box::new(device)) }
    }

    /// Gives the device away for a while.
    #[inline]
    pub(crate) fn lend(&mut self) -> Option<Box<Device>> {
        self.device.take()
    }

    /// Takes it back.
    #[inline]
    pub(crate) fn give_back(&mut self, device: Option<Box<Device>>) {
        self.device = device;
    }
}

/// What is said if the device is asked for while it is lent.
const AWAY: &str = "the device is here, but in a native guest's turn";

impl Deref for Lent {
    type Target = Device;

    #[inline]
    fn deref(&self) -> &Device {
        self.device.as_ref().expect(AWAY)
    }
}

impl DerefMut for Lent {
    #[inline]
    fn deref_mut(&mut self) -> &mut Device {
        self.device.as_mut().expect(AWAY)
    }
}

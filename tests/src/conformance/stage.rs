//! What the guests of the cases share: objects in a word, threads at a priority, other processes, and the
//! last error around a call.
//!
//! The lists' words: *blocked* is who has not come back at the next point at which nobody runs
//! ([`Stage::settle`]); *LE* is the last error after a call before which [`POISON`] was stored, and *LE kept*
//! means that it is still there.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::rc::Rc;
use std::task::Poll;

use cerium_coredll::{
    Abi, Address, Bool, Call, CeApi, Function, NULL, OUT, ProcessInformation, Reply, StackFault, Text,
    Unreadable, WAIT_FAILED, WAIT_OBJECT_0, WAIT_TIMEOUT, WaitStatus,
};
use cerium_guest::Ce;
use cerium_handle::Handle;
use cerium_process::Timeout;

/// What the last error is before a call that is looked at.
pub(crate) const POISON: u32 = 0x2000_dead;
/// The last error is what it was.
pub(crate) const KEPT: u32 = POISON;
/// TRUE.
pub(crate) const TRUE: Bool = Bool(true);
/// FALSE.
pub(crate) const FALSE: Bool = Bool(false);
/// What a wait returned that took its object: WAIT_OBJECT_0.
pub(crate) const OBJ0: WaitStatus = WAIT_OBJECT_0;
/// What a wait returned whose time ran out.
pub(crate) const TMO: WaitStatus = WAIT_TIMEOUT;
/// What a wait returned that failed.
pub(crate) const FAIL: WaitStatus = WAIT_FAILED;
/// A waiter that has returned WAIT_OBJECT_0.
pub(crate) const RELEASED: Option<WaitStatus> = Some(WAIT_OBJECT_0);
/// A waiter that has not returned.
pub(crate) const BLOCKED: Option<WaitStatus> = None;
/// Why what changes a guest's own memory is not shown.
pub(crate) const NEEDS_MEMORY: &str =
    "needs an executable: the arguments of a Rust guest are its own no more";
/// INFINITE.
pub(crate) const INFINITE: Timeout = Timeout::Infinite;

/// A dwMilliseconds.
pub(crate) fn ms(milliseconds: u32) -> Timeout {
    Timeout::from_milliseconds(milliseconds)
}

/// WAIT_OBJECT_0 and a place.
pub(crate) fn object(index: u32) -> WaitStatus {
    WaitStatus(WAIT_OBJECT_0.0 + index)
}

/// The handle value that a process was given as its command line.
pub(crate) fn given_handle(ce: &Ce) -> Handle {
    Handle(ce.command_line().parse().expect("the command line is a number"))
}

/// A command line that gives a handle value.
pub(crate) fn giving(handle: Handle) -> Text {
    Text::from(handle.0.to_string().as_str())
}

/// What a function of a boolean result did: it failed with this error.
pub(crate) fn refused(error: u32) -> (Bool, u32) {
    (FALSE, error)
}

/// A wait failed with this error.
pub(crate) fn failed(error: u32) -> (WaitStatus, u32) {
    (FAIL, error)
}

/// What a function of a boolean result did: it succeeded, and left the last error alone.
pub(crate) const DONE: (Bool, u32) = (TRUE, KEPT);

/// EVENT_ALL_ACCESS.
pub(crate) const EVENT_ALL_ACCESS: u32 = 0x001f_0003;

/// A thread of a case, and what came of it.
pub(crate) struct Task<T> {
    /// Its handle.
    pub(crate) handle: Handle,
    /// Its id.
    pub(crate) id: u32,
    result: Rc<RefCell<Option<T>>>,
}

impl<T: Clone> Task<T> {
    /// What its body returned; none while it has not.
    pub(crate) fn result(&self) -> Option<T> {
        self.result.borrow().clone()
    }
}

/// What several waiters have returned.
pub(crate) fn results<T: Clone, const N: usize>(tasks: &[Task<T>; N]) -> [Option<T>; N] {
    tasks.each_ref().map(Task::result)
}

/// The arguments of an executable without any memory.
struct Words<'a>(&'a [u32]);

impl Abi for Words<'_> {
    fn word(&mut self) -> Result<u32, StackFault> {
        let (first, rest) = self.0.split_first().ok_or(StackFault { address: 0 })?;
        self.0 = rest;
        Ok(*first)
    }

    fn read(&mut self, _: u32, _: &mut [u8]) -> Result<(), Unreadable> {
        Err(Unreadable)
    }

    fn readable_run(&mut self, _: u32, _: u32) -> Result<u32, Unreadable> {
        Err(Unreadable)
    }

    fn out(&mut self, _: u32, _: u32) -> bool {
        false
    }
}

/// The order in which things happened.
#[derive(Clone, Default)]
pub(crate) struct Log(Rc<RefCell<String>>);

impl Log {
    /// Adds a word.
    pub(crate) fn add(&self, word: &str) {
        self.0.borrow_mut().push_str(word);
    }

    /// All words.
    pub(crate) fn text(&self) -> String {
        self.0.borrow().clone()
    }
}

/// What a case's guests do over and over.
pub(crate) trait Stage: CeApi {
    /// Makes a thread function of something that runs once.
    fn once<F: AsyncFnOnce(Ce) -> u32 + 'static>(&self, body: F) -> Address;

    /// Starts the process of this number of the case and lets it come to where it blocks or ends.
    async fn start(&self, image: &str) -> ProcessInformation {
        self.start_with(image, NULL).await
    }

    /// The same, with a command line.
    async fn start_with(&self, image: &str, command_line: impl Into<Text>) -> ProcessInformation {
        let command_line = command_line.into();
        let (created, information) =
            self.CreateProcess(image, &command_line, NULL, NULL, NULL, 0_u32, NULL, NULL, NULL, OUT).await;
        assert_eq!(created, TRUE, "CreateProcess({image})");
        self.settle().await;
        information
    }

    /// An event: manual or auto reset, signaled or not.
    async fn event(&self, manual_reset: bool, signaled: bool) -> Handle {
        self.CreateEvent(NULL, manual_reset, signaled, NULL).await
    }

    /// A nonsignaled auto-reset event.
    async fn auto_event(&self) -> Handle {
        self.event(false, false).await
    }

    /// A nonsignaled manual-reset event.
    async fn manual_event(&self) -> Handle {
        self.event(true, false).await
    }

    /// A free mutex.
    async fn mutex(&self) -> Handle {
        self.CreateMutex(NULL, false, NULL).await
    }

    /// A semaphore.
    async fn semaphore(&self, count: i32, maximum: i32) -> Handle {
        self.CreateSemaphore(NULL, count, maximum, NULL).await
    }

    /// ReleaseSemaphore(h, n, NULL).
    async fn release(&self, semaphore: Handle, units: i32) -> Bool {
        self.ReleaseSemaphore(semaphore, units, NULL).await.0
    }

    /// A call with these argument words, as an executable makes it. It sees no memory: every address is bad.
    async fn call_with(&self, function: Function, words: &[u32]) -> Reply {
        let call = Call::from_abi(function, &mut Words(words)).expect("all words are there");
        self.make(call).await
    }

    /// Makes a call and returns the whole reply.
    async fn make(&self, mut call: Call) -> Reply {
        match self.call_any(&mut call, Reply::clone) {
            Poll::Ready(reply) => reply,
            Poll::Pending => poll_fn(|_| self.poll_reply(Reply::clone)).await,
        }
    }

    /// WaitForSingleObject(h, 0).
    async fn poll(&self, object: Handle) -> WaitStatus {
        self.WaitForSingleObject(object, ms(0)).await
    }

    /// WaitForSingleObject(h, INFINITE).
    async fn wait(&self, object: Handle) -> WaitStatus {
        self.WaitForSingleObject(object, INFINITE).await
    }

    /// WaitForMultipleObjects(n, {…}, FALSE, ms).
    async fn wait_any<const N: usize>(&self, objects: &[Handle; N], timeout: Timeout) -> WaitStatus {
        self.WaitForMultipleObjects(objects, false, timeout).await
    }

    /// What a call returned, and the last error after it: [`KEPT`] if it left that alone.
    async fn noting<T>(&self, call: impl Future<Output = T>) -> (T, u32) {
        self.SetLastError(POISON).await;
        let result = call.await;
        (result, self.GetLastError().await)
    }

    /// A handle value that was good and is closed.
    async fn closed_handle(&self) -> Handle {
        let event = self.auto_event().await;
        assert_eq!(self.CloseHandle(event).await, TRUE);
        event
    }

    /// OpenEvent with what it must be given.
    async fn open_event(&self, name: &str) -> Handle {
        self.OpenEvent(EVENT_ALL_ACCESS, false, name).await
    }

    /// A named event, not signaled.
    async fn named_event(&self, manual_reset: bool, name: &str) -> Handle {
        self.CreateEvent(NULL, manual_reset, false, name).await
    }

    /// Gives the caller a priority.
    async fn run_at(&self, priority: i32) {
        assert_eq!(self.CeSetThreadPriority(Handle::CURRENT_THREAD, priority).await, TRUE);
    }

    /// Waits until everybody else is blocked or has ended.
    async fn settle(&self) {
        self.Sleep(ms(1)).await;
    }

    /// Starts a thread at a priority; it runs when the scheduler lets it.
    async fn thread<T: 'static>(&self, priority: i32, body: impl AsyncFnOnce(Ce) -> T + 'static) -> Task<T> {
        let task = self.suspended(priority, body).await;
        assert_eq!(self.ResumeThread(task.handle).await.0, 1);
        task
    }

    /// Makes a thread at a priority, suspended.
    async fn suspended<T: 'static>(
        &self,
        priority: i32,
        body: impl AsyncFnOnce(Ce) -> T + 'static,
    ) -> Task<T> {
        let result = Rc::new(RefCell::new(None));
        let returned = result.clone();
        let function = self.once(async move |ce| {
            let value = body(ce).await;
            returned.replace(Some(value));
            0
        });
        let (handle, id) = self.CreateThread(NULL, 0_u32, function, 0_u32, 4_u32, OUT).await;
        assert!(handle != Handle::NULL, "there is room for a thread");
        assert_eq!(self.CeSetThreadPriority(handle, priority).await, TRUE);
        Task { handle, id, result }
    }

    /// Lets another thread do something, and returns what it returned. What it owns it loses by its end.
    async fn other<T: Clone + 'static>(&self, body: impl AsyncFnOnce(Ce) -> T + 'static) -> T {
        let task = self.thread(251, body).await;
        assert_eq!(self.wait(task.handle).await, OBJ0);
        task.result().expect("it has ended")
    }

    /// Threads at these priorities that wait for the object, blocked in this order. Each stays when its wait
    /// is over, and keeps what it took.
    async fn waiters<const N: usize>(&self, priorities: [i32; N], object: Handle) -> [Task<WaitStatus>; N] {
        let mut tasks = Vec::new();
        for priority in priorities {
            tasks.push(self.stayer(priority, async move |ce| ce.wait(object).await).await);
            self.settle().await;
        }
        let Ok(tasks) = tasks.try_into() else { unreachable!("one for each priority") };
        tasks
    }

    /// Starts a thread that stays when its body is done, and keeps what it owns.
    async fn stayer<T: 'static>(&self, priority: i32, body: impl AsyncFnOnce(Ce) -> T + 'static) -> Task<T> {
        let result = Rc::new(RefCell::new(None));
        let returned = result.clone();
        let stays = async move |ce: Ce| {
            let value = body(ce.clone()).await;
            returned.replace(Some(value));
            ce.Sleep(INFINITE).await;
        };
        let Task { handle, id, result: _ } = self.thread(priority, stays).await;
        Task { handle, id, result }
    }
}

impl Stage for Ce {
    fn once<F: AsyncFnOnce(Ce) -> u32 + 'static>(&self, body: F) -> Address {
        let body = Rc::new(RefCell::new(Some(body)));
        self.function(move |ce, _| {
            let body = body.take().expect("this thread function runs once");
            async move { body(ce).await }
        })
    }
}

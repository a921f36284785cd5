//! Every kind of kernel object: a header that all share, and a body.

use cerium_handle::ThreadId;
use cerium_namespace::Name;
use cerium_process::{Process, Thread};
use cerium_sync::{
    CriticalSection, Dispatcher, Event, MessageQueue, Mutex, QueueEnd, Satisfied, Semaphore, ThreadMessages,
    WaitQueue,
};

use crate::files::{FindHandle, OpenFile, RegistryKey};
use crate::snapshots::Snapshot;
use crate::watchdogs::WatchdogTimer;

/// An object of the device.
#[derive(Clone)]
pub struct Object {
    /// Who waits for it.
    pub(crate) waiters: WaitQueue,
    /// How many handles to it and views of it there are, in all processes. At none its name goes.
    pub(crate) handles: u32,
    /// What it is called.
    pub(crate) name: Option<Name>,
    /// What it is.
    pub(crate) body: KernelObject,
}

impl Default for Object {
    /// What stands in a place of the table where no object is.
    fn default() -> Self {
        let body = KernelObject::Event(Event::new(false, false));
        Self { waiters: WaitQueue::default(), handles: 0, name: None, body }
    }
}

impl Object {
    /// What it is.
    pub fn body(&self) -> &KernelObject {
        &self.body
    }

    /// What it is called.
    pub fn name(&self) -> Option<&Name> {
        self.name.as_ref()
    }

    /// How many handles name it.
    pub fn handles(&self) -> u32 {
        self.handles
    }

    /// Who waits for it.
    pub fn waiters(&self) -> &WaitQueue {
        &self.waiters
    }
}

/// A memory map: the kernel's side of a section (page ee490172).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct MemoryMap {
    /// The bytes, by the number that the keeper of sections gave.
    pub section: u32,
    /// How many bytes it has.
    pub size: u32,
    /// Whether views of it may be written.
    pub writable: bool,
}

macro_rules! kernel_objects {
    ($($(#[$doc:meta])* $kind:ident($body:ty),)*) => {
        /// The body of an object. A closed set: a new kind is a new variant, and the compiler lists the places.
        #[derive(Clone)]
        #[repr(u8)] // The kind's number stands in front, and need not be worked out.
        pub enum KernelObject {
            $($(#[$doc])* $kind($body),)*
        }

        /// The kinds of kernel object.
        #[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[repr(u8)]
        pub enum Kind {
            $($(#[$doc])* $kind,)*
        }

        impl KernelObject {
            /// Which kind it is.
            #[inline]
            pub fn kind(&self) -> Kind {
                match self {
                    $(KernelObject::$kind(_) => Kind::$kind,)*
                }
            }
        }
    };
}

kernel_objects! {
    /// An event.
    Event(Event),
    /// A mutex.
    Mutex(Mutex),
    /// A semaphore.
    Semaphore(Semaphore),
    /// What stands behind a CRITICAL_SECTION.
    CriticalSection(CriticalSection),
    /// A message queue: what its two ends have in common.
    MessageQueue(Box<MessageQueue>),
    /// An end of a message queue.
    QueueEnd(QueueEnd),
    /// What is posted to a thread; nobody has a handle to it.
    ThreadMessages(Box<ThreadMessages>),
    /// A watchdog timer.
    WatchdogTimer(Box<WatchdogTimer>),
    /// A memory map.
    MemoryMap(MemoryMap),
    /// An open file.
    OpenFile(OpenFile),
    /// A search for files.
    FindHandle(FindHandle),
    /// An open key of the registry.
    RegistryKey(RegistryKey),
    /// A ToolHelp snapshot.
    Snapshot(Box<Snapshot>),
    /// A process.
    Process(Box<Process>),
    /// A thread.
    Thread(Box<Thread>),
}

impl Kind {
    /// The word that people are shown.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Event => "event",
            Kind::Mutex => "mutex",
            Kind::Semaphore => "semaphore",
            Kind::CriticalSection => "critical section",
            Kind::MessageQueue => "message queue",
            Kind::QueueEnd => "end of message queue",
            Kind::ThreadMessages => "messages of thread",
            Kind::WatchdogTimer => "watchdog timer",
            Kind::MemoryMap => "memory map",
            Kind::OpenFile => "file",
            Kind::FindHandle => "search for files",
            Kind::RegistryKey => "registry key",
            Kind::Snapshot => "snapshot",
            Kind::Process => "process",
            Kind::Thread => "thread",
        }
    }

    /// Whether a wait function takes a handle of this kind (SQ-18; ipc-objects.md §5).
    #[inline]
    pub fn is_waitable(self) -> bool {
        match self {
            Kind::Event | Kind::Mutex | Kind::Semaphore | Kind::QueueEnd => true,
            Kind::WatchdogTimer | Kind::Process | Kind::Thread => true,
            Kind::CriticalSection | Kind::MessageQueue | Kind::MemoryMap | Kind::ThreadMessages => false,
            Kind::OpenFile | Kind::FindHandle | Kind::RegistryKey | Kind::Snapshot => false,
        }
    }
}

impl Kind {
    /// Whether objects of this kind have an owner.
    #[inline(never)] // Asked where it is nearly always known that they have none.
    pub(crate) fn has_owner(self) -> bool {
        matches!(self, Kind::Mutex | Kind::CriticalSection)
    }
}

/// What a thread has got that asked for an object.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Taken {
    /// Nothing: it is not signaled for it.
    Nothing,
    /// Nothing: it owns the mutex, and its count can say no more (SQ-17).
    Refused,
    /// Nothing: no handle of its kind is waited on.
    Unwaitable,
    /// The object, for this wait.
    Satisfied,
    /// A mutex, from now on its own; `abandoned` if the last owner ended without releasing it.
    Mutex {
        /// The last owner ended.
        abandoned: bool,
    },
    /// A critical section, from now on its own.
    CriticalSection,
}

impl KernelObject {
    /// Lets a thread have the object if it is signaled for it.
    #[inline(always)]
    pub(crate) fn take(&mut self, thread: ThreadId) -> Taken {
        match self.take_for_wait(thread) {
            // Waits that are no wait function's are for these.
            Taken::Unwaitable => match self {
                KernelObject::CriticalSection(body) => match body.owner() {
                    None => {
                        body.satisfy(thread);
                        Taken::CriticalSection
                    }
                    Some(_) => plain(body, thread),
                },
                KernelObject::ThreadMessages(body) => plain(body.as_mut(), thread),
                _ => Taken::Nothing,
            },
            taken => taken,
        }
    }

    /// The same for a wait function, which does not take every kind (SQ-18; ipc-objects.md §5).
    #[inline(always)]
    pub(crate) fn take_for_wait(&mut self, thread: ThreadId) -> Taken {
        match self {
            KernelObject::Event(body) => plain(body, thread),
            KernelObject::Semaphore(body) => plain(body, thread),
            KernelObject::Mutex(body) => match body.owner() {
                None => Taken::Mutex { abandoned: body.satisfy(thread) == Satisfied::Abandoned },
                Some(owner) if owner != thread => Taken::Nothing,
                Some(_) if !body.can_be_taken_again() => Taken::Refused,
                Some(_) => plain(body, thread),
            },
            KernelObject::Process(body) => plain(body.as_mut(), thread),
            KernelObject::Thread(body) => plain(body.as_mut(), thread),
            KernelObject::QueueEnd(body) => plain(body, thread),
            KernelObject::WatchdogTimer(body) => plain(&mut body.watchdog, thread),
            KernelObject::CriticalSection(_)
            | KernelObject::ThreadMessages(_)
            | KernelObject::MessageQueue(_)
            | KernelObject::MemoryMap(_)
            | KernelObject::Snapshot(_)
            | KernelObject::OpenFile(_)
            | KernelObject::FindHandle(_)
            | KernelObject::RegistryKey(_) => Taken::Unwaitable,
        }
    }
}

/// Lets a thread have an object without an owner if it is signaled for it.
#[inline(always)]
fn plain(body: &mut impl Dispatcher, thread: ThreadId) -> Taken {
    if !body.is_signaled(thread) {
        return Taken::Nothing;
    }
    body.satisfy(thread);
    Taken::Satisfied
}

impl KernelObject {
    /// Whether a wait of this thread would be satisfied now.
    #[inline]
    pub(crate) fn is_signaled(&self, thread: ThreadId) -> bool {
        match self {
            KernelObject::Event(body) => body.is_signaled(thread),
            KernelObject::Mutex(body) => body.is_signaled(thread),
            KernelObject::Semaphore(body) => body.is_signaled(thread),
            KernelObject::CriticalSection(body) => body.is_signaled(thread),
            KernelObject::Process(body) => body.is_signaled(thread),
            KernelObject::Thread(body) => body.is_signaled(thread),
            KernelObject::QueueEnd(body) => body.is_signaled(thread),
            KernelObject::WatchdogTimer(body) => body.watchdog.is_signaled(thread),
            KernelObject::ThreadMessages(body) => body.is_signaled(thread),
            KernelObject::MessageQueue(_)
            | KernelObject::MemoryMap(_)
            | KernelObject::Snapshot(_)
            | KernelObject::OpenFile(_)
            | KernelObject::FindHandle(_)
            | KernelObject::RegistryKey(_) => false,
        }
    }
}

/// A type that is the body of one kind of object.
pub trait Body: Sized {
    /// That kind.
    const KIND: Kind;
    /// The body, if the object is of this kind.
    fn of(object: &KernelObject) -> Option<&Self>;
    /// The body, to be changed.
    fn of_mut(object: &mut KernelObject) -> Option<&mut Self>;
    /// An object with this body.
    fn into_object(self) -> KernelObject;
}

macro_rules! bodies {
    ($($type:ident => $wrap:expr;)*) => {
        $(impl Body for $type {
            const KIND: Kind = Kind::$type;

            #[inline]
            fn of(object: &KernelObject) -> Option<&Self> {
                if let KernelObject::$type(body) = object { Some(body) } else { None }
            }

            #[inline]
            fn of_mut(object: &mut KernelObject) -> Option<&mut Self> {
                if let KernelObject::$type(body) = object { Some(body) } else { None }
            }

            fn into_object(self) -> KernelObject {
                KernelObject::$type($wrap(self))
            }
        })*
    };
}

bodies! {
    Event => std::convert::identity;
    Mutex => std::convert::identity;
    Semaphore => std::convert::identity;
    CriticalSection => std::convert::identity;
    MessageQueue => Box::new;
    QueueEnd => std::convert::identity;
    WatchdogTimer => Box::new;
    ThreadMessages => Box::new;
    MemoryMap => std::convert::identity;
    OpenFile => std::convert::identity;
    FindHandle => std::convert::identity;
    RegistryKey => std::convert::identity;
    Snapshot => Box::new;
    Process => Box::new;
    Thread => Box::new;
}

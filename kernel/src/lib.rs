//! The device: it owns every object, performs every operation, and decides who runs.
//!
//! A [`Kernel`] is a value. It holds no closure, no cell and nothing of the host; a clone is a snapshot. It
//! never calls a guest and never sees guest memory: the machine that drives the guests hands it what they
//! ask for, one call at a time, and asks it after each who runs next.
//!
//! Read on in `wait.rs`, the heart: how a thread blocks, and how whoever signals an object completes the
//! waits on it. Then `schedule.rs`. The other files are a subject each: `object` (what there is), `handles`
//! (look up, open, close), `naming`, `events`, `mutexes`, `semaphores`, `sections`, `maps`, `files`, `threads`,
//! `processes`, `queues`, `watchdogs`, `snapshots`, `messages`, `interrupts`, `rules`, `profile`, `shared`, `dates`, `inherit` (priority
//! inheritance), `stall`, `trace`, `audit`, `digest`, `error`.
//!
//! Needs `handle`, `namespace`, `sync`, `process`.
//!
//! Invariants:
//! - A body of the API checks first and performs after; what performs here cannot fail.
//! - Only [`Kernel::schedule`] takes the CPU from a thread that could go on.
//! - The waker completes the waiter's call; nobody wakes to look again.
//! - Counts are touched on open, close, block, unblock, creation and end, and [`Kernel::audit`] recounts them.

mod audit;
mod dates;
mod digest;
mod error;
mod events;
mod files;
mod handles;
mod inherit;
mod interrupts;
mod maps;
mod messages;
mod mutexes;
mod naming;
mod object;
mod processes;
mod profile;
mod queues;
mod rules;
mod schedule;
mod sections;
mod semaphores;
mod shared;
mod snapshots;
mod stall;
mod threads;
mod trace;
mod wait;
mod watchdogs;

use std::collections::BTreeMap;
use std::sync::Arc;

use cerium_handle::{HandleTable, ObjectRef, ObjectTable, ProcessId, ThreadId};
use cerium_process::{Instant, Priority, ReadyQueue, Season, TimeZone, TimerQueue, cost};

pub use dates::START_DATE;
pub use error::{CeResult, Win32Error};
pub use files::{FindHandle, LockWaiter, OpenFile, RegistryKey};
pub use naming::Created;
pub use object::{Body, KernelObject, Kind, MemoryMap, Object};
pub use processes::NewProcess;
pub use profile::{Profile, VERSIONS, Version, VersionNumber};
pub use queues::{QueueInformation, Read, Wrote};
pub use rules::{RULES, Rule, Rules};
pub use schedule::{Choice, Chooser, Next, Strict};
pub use sections::SectionWords;
pub use snapshots::{
    HeapBlock, ModuleEntry, ProcessContents, ProcessEntry, Snapshot, SnapshotList, ThreadEntry,
};
pub use stall::{Stall, StalledThread, WaitedFor};
pub use trace::{Event, Record, Trace};
pub use wait::{Tried, WaitBegan, Waited};
pub use watchdogs::WatchdogTimer;

/// Something ended whose other half the machine keeps.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Ended {
    /// A thread: the program's number, and the guest's in it.
    Thread {
        /// The program.
        program: u32,
        /// The guest.
        guest: u32,
    },
    /// A process, after all its threads.
    Process {
        /// Its object.
        process: ProcessId,
        /// Its program.
        program: u32,
        /// Its id.
        id: u32,
        /// The path of its image.
        image: Arc<[u16]>,
        /// Its exit code.
        exit_code: u32,
    },
    /// The last handle to and view of a memory map went.
    Section(u32),
    /// The last handle to an open file went.
    File(u32),
    /// The last handle to a search for files went.
    Find(u32),
    /// The last handle to an open key of the registry went.
    Key(u32),
}

/// A CE device.
#[derive(Clone)]
pub struct Kernel {
    /// Every object.
    objects: ObjectTable<Object>,
    /// What handles mean: a table for each process, by the slot of its object.
    handles: Vec<HandleTable>,
    /// What named objects are called.
    names: naming::Namespaces,
    /// The processes that have not ended; they live without handles.
    processes: BTreeMap<ProcessId, ObjectRef>,
    /// Who could run.
    ready: ReadyQueue,
    /// What happens at a time.
    timers: TimerQueue,
    /// Virtual time.
    now: Instant,
    /// Which day that is: units of 100 ns from the beginning of 1601 to that of virtual time, UTC.
    epoch: i64,
    /// What local time is.
    time_zone: TimeZone,
    /// Which time the zone has, if somebody has said so whatever its dates say.
    set_season: Option<Season>,
    /// Who runs, with what `schedule` must know of it at every turn.
    running: Option<Running>,
    /// Until when whoever runs goes on without `schedule` being asked: one figure for the end of its quantum,
    /// the next deadline, and whatever else may take the CPU from it, which sets it to 0.
    until: Instant,
    /// How long nobody ran.
    idle_time: u64,
    /// How much memory message queues have reserved or hold.
    queue_bytes: u64,
    /// The events that interrupts signal, by SYSINTR.
    interrupts: BTreeMap<u32, interrupts::Interrupt>,
    /// Events that are there from the start, for subsystems that tell by them that they are ready.
    system_events: Vec<ObjectRef>,
    /// The answers to open questions that are in force.
    rules: Rules,
    /// What the version of CE does differently.
    profile: Profile,
    /// The handles that belong to the device, if the version has such.
    shared: shared::SharedHandles,
    /// How many entries snapshots have.
    snapshot_entries: u64,
    /// How many watchdog timers there are.
    watchdogs: u32,
    /// How often a thread has waited for a lock on a file: the order of those that wait.
    lock_tickets: u64,
    /// A watchdog or a program has reset the device, with this parameter.
    reset: Option<u32>,
    /// What a new thread's quantum is (dwDefaultThreadQuantum, ee479383).
    default_quantum: u64,
    /// The last process or thread id given out; they are multiples of four and never handles.
    last_id: u32,
    /// What ended since the machine last asked.
    ended: Vec<Ended>,
    /// What happened since the machine last drained it.
    pub trace: Trace,
}

/// The running thread.
#[derive(Copy, Clone, Hash, Debug)]
struct Running {
    thread: ThreadId,
    /// A copy of its current priority.
    priority: Priority,
    /// When it began this turn.
    since: Instant,
    /// When its quantum ends.
    quantum_end: Instant,
    /// The process that it belongs to.
    process: ProcessId,
    /// Its state has a completion that is still to be taken.
    is_completed: bool,
    /// It was given another quantum during this turn: that counts from its next one.
    quantum_changed: bool,
}

impl Default for Kernel {
    fn default() -> Self {
        Self {
            objects: ObjectTable::default(),
            handles: Vec::new(),
            names: Default::default(),
            processes: BTreeMap::new(),
            ready: ReadyQueue::default(),
            timers: TimerQueue::default(),
            now: Instant(0),
            epoch: START_DATE.0 as i64,
            time_zone: TimeZone::default(),
            set_season: None,
            running: None,
            until: Instant(0),
            idle_time: 0,
            queue_bytes: 0,
            interrupts: BTreeMap::new(),
            system_events: Vec::new(),
            rules: Rules::default(),
            profile: Profile::default(),
            shared: Default::default(),
            snapshot_entries: 0,
            watchdogs: 0,
            lock_tickets: 0,
            reset: None,
            default_quantum: cost::QUANTUM,
            last_id: 0,
            ended: Vec::new(),
            trace: Trace::default(),
        }
    }
}

impl Kernel {
    /// Virtual time.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// How long nobody ran, in nanoseconds.
    pub fn idle_time(&self) -> u64 {
        self.idle_time
    }

    /// The running thread.
    pub fn current(&self) -> Option<ThreadId> {
        self.running.map(|running| running.thread)
    }

    /// How many objects live.
    pub fn object_count(&self) -> usize {
        self.objects.len()
    }

    /// The answers to open questions that are in force.
    pub fn rules(&self) -> Rules {
        self.rules
    }

    /// Answers open questions otherwise, from now on.
    pub fn set_rules(&mut self, rules: Rules) {
        self.rules = rules;
    }

    /// What the version of CE does differently.
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// Makes it a device of another version; before there is anything on it.
    pub fn set_profile(&mut self, profile: Profile) {
        assert!(self.objects.is_empty(), "a device has one version all its life");
        self.profile = profile;
    }

    /// Sets the quantum that threads have which are made from now on, in nanoseconds.
    pub fn set_default_quantum(&mut self, quantum: u64) {
        self.default_quantum = quantum;
    }

    /// What ended since this was last asked, in order.
    pub fn take_ended(&mut self) -> Vec<Ended> {
        std::mem::take(&mut self.ended)
    }

    /// Whether [`Kernel::take_ended`] has something.
    #[inline]
    pub fn has_ended(&self) -> bool {
        !self.ended.is_empty()
    }
}

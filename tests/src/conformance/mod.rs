//! The conformance cases: what the pages of Windows CE say of a function, checked one by one.
//!
//! [`assertions`] is the whole list, as `tests/data/assertions.tsv` has it: an id, what it says, where that is
//! said. A [`Case`] is the program that shows one of them; [`families`] has the cases, a file a family. An
//! assertion without a program is a case too, with the reason: nothing is left out in silence.
//!
//! A case is written with `case!`: the id, the page, and what the first process does. It fails by a panic.
//! More processes are images that the first one starts (`Stage::start`). `stage` has what guests share.
//! `runner` runs cases: audited at every step, within limits, and with an empty object table at the end.
//!
//! Cases come to the kernel through three doors: as Rust (the files of `families`), as Lua (`script`), and as
//! executables (`executable`). An assertion may have a case at each; [`cases`] gives them all.

mod assertion;
mod executable;
mod ipc_handles;
mod ipc_maps;
mod ipc_processes;
mod ipc_queues;
mod ipc_scheduling;
mod ipc_stage;
mod ipc_threads;
mod ipc_watchdogs;
mod runner;
mod script;
mod stage;
mod sync_events;
mod sync_handles;
mod sync_interlocked;
mod sync_messages;
mod sync_mutexes;
mod sync_names;
mod sync_sections;
mod sync_semaphores;
mod sync_time;
mod sync_waits;

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

use cerium_guest::Ce;

use cerium_kernel::Version;

use crate::Outcome;

pub use assertion::{Assertion, Authority, assertions};
pub use executable::Executable;
pub use runner::{Report, Verdict, run, run_all};
pub use script::Script;

/// A guest's main function.
pub type Main = fn(Ce) -> Pin<Box<dyn Future<Output = u32>>>;

/// What shows one assertion.
#[derive(Copy, Clone)]
pub struct Case {
    /// Which: `sync/EV-001`.
    pub id: &'static str,
    /// Through which door.
    pub door: Door,
    /// How it is shown, or why it is not.
    pub body: Body,
}

/// How a case reaches the kernel.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Door {
    /// As a Rust guest.
    Native,
    /// As a Lua script.
    Lua,
    /// As an executable.
    Exe,
}

impl fmt::Display for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Door::Native => "native",
            Door::Lua => "lua",
            Door::Exe => "exe",
        })
    }
}

/// How an assertion is shown.
#[derive(Copy, Clone)]
pub enum Body {
    /// By Rust guests.
    Run(Run),
    /// By a script.
    Script(Script),
    /// By an executable, on each processor.
    Executable(Executable),
    /// Not, for this reason.
    Skip(&'static str),
}

/// A run of a device.
#[derive(Copy, Clone)]
pub struct Run {
    /// The page, or the open question, that it follows.
    pub page: &'static str,
    /// What the processes do: the first is started, the others are the images `P2`, `P3`, … .
    pub processes: &'static [Main],
    /// Other answers to open questions: `abandoned=report`.
    pub rules: &'static [&'static str],
    /// The version of CE.
    pub version: Version,
    /// Looks at the run when it is over.
    pub afterwards: Option<fn(&Outcome)>,
    /// Whether the kernel is audited at every step.
    pub audited: bool,
}

impl Case {
    /// A case that runs these processes.
    pub const fn new(id: &'static str, page: &'static str, processes: &'static [Main]) -> Self {
        let run = Run { page, processes, rules: &[], version: Version::Ce6, afterwards: None, audited: true };
        Case { id, door: Door::Native, body: Body::Run(run) }
    }

    /// An assertion that is not shown, and why.
    pub const fn skipped(id: &'static str, reason: &'static str) -> Self {
        Case { id, door: Door::Native, body: Body::Skip(reason) }
    }

    /// The page, or the open question, that it follows; none if it is skipped.
    pub fn page(&self) -> Option<&'static str> {
        match self.body {
            Body::Run(run) => Some(run.page),
            Body::Script(script) => Some(script.page),
            Body::Executable(executable) => Some(executable.page),
            Body::Skip(_) => None,
        }
    }

    /// Answers open questions otherwise than by default.
    pub const fn under(mut self, rules: &'static [&'static str]) -> Self {
        if let Body::Run(run) = &mut self.body {
            run.rules = rules;
        }
        self
    }

    /// Runs on another version of CE.
    pub const fn on(mut self, version: Version) -> Self {
        if let Body::Run(run) = &mut self.body {
            run.version = version;
        }
        self
    }

    /// Looks at the run when it is over: for what only the trace shows.
    pub const fn then(mut self, look: fn(&Outcome)) -> Self {
        if let Body::Run(run) = &mut self.body {
            run.afterwards = Some(look);
        }
        self
    }

    /// Runs without audits: with so many objects that each would take long.
    pub const fn unaudited(mut self) -> Self {
        if let Body::Run(run) = &mut self.body {
            run.audited = false;
        }
        self
    }
}

/// Writes a case: its id, its page, and what its processes do. Their last expression is the exit code, or
/// nothing for 0.
macro_rules! case {
    ($id:literal, $page:literal, $(async |$ce:ident| $body:block),+ $(,)?) => {
        $crate::conformance::Case::new($id, $page, const {
            &[$(|$ce: cerium_guest::Ce| Box::pin(async move {
                let code = async { $body }.await;
                $crate::conformance::ExitCode::exit_code(code)
            })),+]
        })
    };
}

pub(crate) use case;

/// What a process of a case can end with.
pub trait ExitCode {
    /// The exit code.
    fn exit_code(self) -> u32;
}

impl ExitCode for () {
    fn exit_code(self) -> u32 {
        0
    }
}

impl ExitCode for u32 {
    fn exit_code(self) -> u32 {
        self
    }
}

/// Cases of one subject.
#[derive(Copy, Clone)]
pub struct Family {
    /// What all ids begin with: `sync/EV`.
    pub prefix: &'static str,
    /// What they are about.
    pub title: &'static str,
    /// The cases, in the order of the list.
    pub cases: &'static [Case],
}

/// Every family of the list.
pub fn families() -> &'static [Family] {
    const fn family(prefix: &'static str, title: &'static str, cases: &'static [Case]) -> Family {
        Family { prefix, title, cases }
    }
    const {
        &[
            family("sync/EV", "events", sync_events::EVENTS),
            family("sync/OE", "opening events", sync_events::OPENING),
            family("sync/MX", "mutexes", sync_mutexes::MUTEXES),
            family("sync/SM", "semaphores", sync_semaphores::SEMAPHORES),
            family("sync/NS", "names", sync_names::NAMES),
            family("sync/WT", "waits", sync_waits::WAITS),
            family("sync/MW", "waits for messages", sync_messages::MESSAGES),
            family("sync/TM", "time", sync_time::TIME),
            family("sync/CS", "critical sections", sync_sections::SECTIONS),
            family("sync/IL", "interlocked functions", sync_interlocked::INTERLOCKED),
            family("sync/HL", "handles", sync_handles::HANDLES),
            family("ipc/PR", "processes", ipc_processes::PROCESSES),
            family("ipc/TH", "threads", ipc_threads::THREADS),
            family("ipc/TL", "thread local storage", ipc_threads::LOCAL_STORAGE),
            family("ipc/HD", "handles of several processes", ipc_handles::HANDLES),
            family("ipc/SC", "scheduling", ipc_scheduling::SCHEDULING),
            family("ipc/MQ", "message queues", ipc_queues::QUEUES),
            family("ipc/MM", "memory maps", ipc_maps::MAPS),
            family("ipc/WD", "watchdog timers", ipc_watchdogs::WATCHDOGS),
            family("ipc/WT", "waits on them", ipc_watchdogs::WAITS),
        ]
    }
}

/// What is said of an assertion at a door where it has no case.
const OTHER_DOOR: &str = "no case of it goes through this door";

/// All cases through a door, or through all of them, in the order of the list. An assertion that has none there
/// is a case that is skipped, and says why.
pub fn cases(through: Option<Door>) -> Vec<Case> {
    let mut others: BTreeMap<&str, Vec<Case>> = BTreeMap::new();
    for case in script::cases().into_iter().chain(executable::cases()) {
        if through.is_none_or(|door| door == case.door) {
            others.entry(case.id).or_default().push(case);
        }
    }
    let mut cases = Vec::new();
    for native in families().iter().flat_map(|family| family.cases) {
        let others = others.remove(native.id).unwrap_or_default();
        match (native.body, through) {
            (Body::Skip(_), None | Some(Door::Native)) if others.is_empty() => cases.push(*native),
            (Body::Skip(_), None | Some(Door::Native)) => {}
            (_, None | Some(Door::Native)) => cases.push(*native),
            (_, Some(door)) if others.is_empty() => {
                cases.push(Case { door, ..Case::skipped(native.id, OTHER_DOOR) });
            }
            (_, Some(_)) => {}
        }
        cases.extend(others);
    }
    assert!(others.is_empty(), "cases of assertions that the list lacks: {:?}", others.keys());
    cases
}

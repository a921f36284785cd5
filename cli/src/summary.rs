//! What `--summary` writes.

use std::collections::BTreeMap;

use cerium_coredll::Function;
use cerium_guest::{Machine, ProcessEnd, Verdict};
use serde::Serialize;

/// A run in figures.
#[derive(Serialize, Debug)]
pub struct Summary {
    /// cerium's exit status.
    status: u8,
    /// How the run ended: finished, stalled, limit, reset, missing, failed or interrupted.
    verdict: &'static str,
    /// The first process's exit code, if it has ended.
    exit_code: Option<u32>,
    /// Virtual time at the end, in nanoseconds.
    virtual_time_ns: u64,
    /// How long nobody ran, in nanoseconds.
    idle_time_ns: u64,
    /// Instructions of executables.
    instructions: u64,
    /// Calls of kernel functions.
    calls: BTreeMap<&'static str, u64>,
    /// The processes that have ended, in order.
    processes: Vec<Process>,
    /// How many threads have ended.
    threads_ended: u64,
    /// The threads that can never run again, if the run stalled.
    stalled: Vec<StalledThread>,
    /// The limit that was reached, if one was.
    limit: Option<String>,
    /// The parameter of the reset, if the device was reset.
    reset_parameter: Option<u32>,
    /// The function that was called and is missing, if one was.
    missing: Option<Missing>,
    /// The check that failed, if one did.
    failed: Option<String>,
}

#[derive(Serialize, Debug)]
struct Process {
    id: u32,
    image: String,
    exit_code: u32,
    exception: Option<String>,
}

#[derive(Serialize, Debug)]
struct StalledThread {
    thread: u32,
    process: u32,
    image: String,
    suspend_count: u32,
    waits_for: Vec<WaitedFor>,
}

#[derive(Serialize, Debug)]
struct WaitedFor {
    kind: &'static str,
    name: Option<String>,
    owner: Option<u32>,
}

#[derive(Serialize, Debug)]
struct Missing {
    function: String,
    caller: String,
}

impl Summary {
    /// Takes the figures of a run.
    pub fn new(machine: &Machine, verdict: &Verdict, first: Option<&ProcessEnd>, status: u8) -> Self {
        let statistics = machine.statistics();
        let called = |function: &Function| {
            let count = statistics.calls_of(*function);
            (count > 0).then(|| (function.row().name, count))
        };
        let mut summary = Summary {
            status,
            verdict: "finished",
            exit_code: first.map(|end| end.exit_code),
            virtual_time_ns: machine.kernel().now().0,
            idle_time_ns: machine.kernel().idle_time(),
            instructions: statistics.instructions,
            calls: Function::all().iter().filter_map(called).collect(),
            processes: statistics.ended.iter().map(Process::of).collect(),
            threads_ended: statistics.threads_ended,
            stalled: Vec::new(),
            limit: None,
            reset_parameter: None,
            missing: None,
            failed: None,
        };
        match verdict {
            Verdict::Finished => {}
            Verdict::Stalled(stall) => {
                summary.verdict = "stalled";
                summary.stalled = stall.threads.iter().map(StalledThread::of).collect();
            }
            Verdict::Limit(limit) => {
                summary.verdict = "limit";
                summary.limit = Some(limit.to_string());
            }
            Verdict::Missing(missing) => {
                summary.verdict = "missing";
                let (function, caller) = (missing.function.clone(), missing.caller.clone());
                summary.missing = Some(Missing { function, caller });
            }
            Verdict::Reset(parameter) => {
                summary.verdict = "reset";
                summary.reset_parameter = Some(*parameter);
            }
            Verdict::Failed(text) => {
                summary.verdict = "failed";
                summary.failed = Some(text.to_string());
            }
            Verdict::Interrupted => summary.verdict = "interrupted",
        }
        summary
    }
}

impl Process {
    fn of(end: &ProcessEnd) -> Self {
        Process {
            id: end.id,
            image: end.image.clone(),
            exit_code: end.exit_code,
            exception: end.crash.as_ref().map(|crash| crash.report.clone()),
        }
    }
}

impl StalledThread {
    fn of(thread: &cerium_kernel::StalledThread) -> Self {
        let waited = |object: &cerium_kernel::WaitedFor| WaitedFor {
            kind: object.kind.word(),
            name: object.name.clone(),
            owner: object.owner_id,
        };
        StalledThread {
            thread: thread.id,
            process: thread.process_id,
            image: thread.image.clone(),
            suspend_count: thread.suspend_count,
            waits_for: thread.waits_for.iter().map(waited).collect(),
        }
    }
}

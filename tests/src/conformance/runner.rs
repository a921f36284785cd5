//! Runs cases, and says what came of each.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use cerium_guest::{Limits, NativeImages};
use cerium_kernel::Rules;
use cerium_process::Instant;

use super::{Body, Case, Run, executable, script};
use crate::Device;

/// What came of a case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// The kernel does what the assertion says.
    Passed,
    /// It does not; what was seen.
    Failed(String),
    /// It was not run; why.
    Skipped(&'static str),
}

/// A case and what came of it.
pub struct Report {
    /// The case.
    pub case: Case,
    /// What came of it.
    pub verdict: Verdict,
}

/// More calls than any case makes.
const STEPS: u64 = 200_000;
/// Longer than any time-out but INFINITE can be, twice and again: 200 days.
pub(super) const TIME: Instant = Instant(200 * 24 * 3600 * 1_000_000_000);

/// The event that the registry of the cases' device names.
pub(super) const REGISTERED_EVENT: &str = "SYSTEM/GweApiSetReady";

/// Runs cases in their order, and tells of each as soon as it is known.
pub fn run_all(cases: &[Case], mut tell: impl FnMut(&Report)) -> Vec<Report> {
    let mut reports = Vec::new();
    for case in cases {
        let report = Report { case: *case, verdict: run(case) };
        tell(&report);
        reports.push(report);
    }
    reports
}

/// Runs a case.
pub fn run(case: &Case) -> Verdict {
    let done = match case.body {
        Body::Skip(reason) => return Verdict::Skipped(reason),
        Body::Run(run) => catch(|| perform(&run)),
        Body::Script(script) => catch(|| script::perform(&script)),
        Body::Executable(executable) => catch(|| executable::perform(case.id, &executable)),
    };
    match done {
        Ok(()) => Verdict::Passed,
        Err(message) => Verdict::Failed(message),
    }
}

/// Panics, in these words for how it ended, if a run did not finish.
pub(super) fn expect_end(verdict: &cerium_guest::Verdict, words: &dyn Fn(&str) -> String) {
    match verdict {
        cerium_guest::Verdict::Finished => {}
        cerium_guest::Verdict::Stalled(stall) => panic!("{}", words(&stall.to_string())),
        other => panic!("{}", words(&format!("the run ended by {other:?}"))),
    }
}

fn perform(run: &Run) {
    let mut images = NativeImages::default();
    for (place, main) in run.processes.iter().enumerate() {
        let main = *main;
        images.add(&format!("P{}", place + 1), move |ce, _| main(ce));
    }
    let first = run.processes[0];
    let limits = Limits { steps: Some(STEPS), time: Some(TIME), ..Limits::default() };
    let mut rules = Rules::default();
    for rule in run.rules {
        rules.set(rule).unwrap_or_else(|error| panic!("{error}"));
    }
    let device =
        Device::with_images(images).version(run.version).limits(limits).rules(rules).audit(run.audited);
    let device = device.registry(&format!(
        "Windows Registry Editor Version 5.00\n[HKEY_LOCAL_MACHINE\\SYSTEM\\Events]\n\"{REGISTERED_EVENT}\"=\"\"\n"
    ));
    let device = device.process("P1", move |ce, _| first(ce));
    let outcome = device.run();
    // A device that resets itself does not finish; the look says whether it should.
    let is_reset = matches!(outcome.verdict, cerium_guest::Verdict::Reset(_)) && run.afterwards.is_some();
    if !is_reset {
        expect_end(&outcome.verdict, &|end| end.to_owned());
    }
    if let Some(look) = run.afterwards {
        look(&outcome);
    }
}

thread_local! {
    /// While a case runs: where and why it panicked, once it has.
    static PANIC: RefCell<Option<Option<String>>> = const { RefCell::new(None) };
}

/// Runs something, and returns in words why it panicked if it did. Nothing is written to stderr.
fn catch(action: impl FnOnce()) -> Result<(), String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let others = panic::take_hook();
        panic::set_hook(Box::new(move |information| {
            let is_ours = PANIC.with_borrow_mut(|panic| {
                if let Some(message) = panic {
                    let place = information.location().map(ToString::to_string).unwrap_or_default();
                    let words = words_of(information.payload());
                    message.get_or_insert(format!("{place}: {words}"));
                }
                panic.is_some()
            });
            if !is_ours {
                others(information);
            }
        }));
    });
    PANIC.set(Some(None));
    let result = panic::catch_unwind(AssertUnwindSafe(action));
    let message = PANIC.take().flatten();
    result.map_err(|_| message.unwrap_or_else(|| "no words".to_owned()))
}

fn words_of(payload: &dyn Any) -> &str {
    match payload.downcast_ref::<String>() {
        Some(words) => words,
        None => payload.downcast_ref::<&str>().copied().unwrap_or("no words"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::case;

    #[test]
    fn a_case_fails_in_words_with_its_place() {
        let case = case!("sync/EV-001", "ee488008", async |ce| {
            assert!(!ce.command_line().is_empty(), "seen {}", 7);
        });
        let Verdict::Failed(message) = run(&case) else { panic!("it fails") };
        assert!(message.contains("runner.rs:") && message.ends_with("seen 7"), "{message}");
    }

    #[test]
    fn a_case_that_stalls_fails() {
        use cerium_coredll::CeApi;
        use cerium_process::Timeout;
        let case = case!("sync/EV-001", "ee488008", async |ce| {
            ce.Sleep(Timeout::Infinite).await;
        });
        assert!(matches!(run(&case), Verdict::Failed(message) if message.contains("stalled")));
    }
}

//! `cerium conform`: runs the conformance cases, and says what came of them by family and by authority.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use cerium_tests::conformance::{
    Assertion, Authority, Body, Case, Report, Verdict, cases_of, families, run_all,
};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use serde::Serialize;

use crate::arguments::{ConformOptions, DoorOption};
use crate::columns::{Align, Columns};
use crate::file::{print, print_json};
use crate::status;

/// Something failed.
const FAILED: u8 = 1;
/// The one door that has cases.
const NATIVE: &str = "native";
/// What is said of a case at a door that has none.
const NO_CASES: &str = "no case goes through this door yet";

/// Runs the cases, and returns the exit status.
pub fn conform(options: &ConformOptions) -> u8 {
    let cases = selected(options);
    if cases.is_empty() {
        eprintln!("cerium: no case has an id that matches; `cerium conform --list` has them all");
        return status::USAGE;
    }
    if options.list {
        return list(&cases, options.json);
    }
    if std::env::var_os("RUST_LOG").is_none() {
        // What the cases' guests do wrong they do on purpose.
        log::set_max_level(log::LevelFilter::Error);
    }
    let (door, reports) = match options.door {
        DoorOption::Native | DoorOption::All => (NATIVE, run(&cases)),
        DoorOption::Lua => ("lua", skip_all(&cases)),
        DoorOption::Exe => ("exe", skip_all(&cases)),
    };
    if let Some(path) = &options.junit
        && let Err(error) = write_junit(path, &reports)
    {
        eprintln!("cerium: {}: cannot be written: {error}", path.display());
        return status::BAD_FILE;
    }
    let summary = Summary::new(door, &reports);
    if options.json {
        print_json(&summary);
    } else {
        print(&text(&reports));
    }
    if summary.failed > 0 { FAILED } else { 0 }
}

fn selected(options: &ConformOptions) -> Vec<Case> {
    let wanted = |case: &Case| options.filter.as_ref().is_none_or(|filter| filter.matches(case.id));
    families().iter().flat_map(cases_of).filter(wanted).collect()
}

/// Runs the cases, with a progress bar on a terminal if it takes long.
fn run(cases: &[Case]) -> Vec<Report> {
    let bar = ProgressBar::with_draw_target(Some(cases.len() as u64), ProgressDrawTarget::hidden());
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {msg}");
    bar.set_style(style.expect("the template is well formed"));
    let mut is_shown = false;
    let reports = run_all(cases, |report| {
        if !is_shown && bar.elapsed() > Duration::from_secs(1) {
            is_shown = true;
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        bar.set_message(report.case.id);
        bar.inc(1);
    });
    bar.finish_and_clear();
    reports
}

fn skip_all(cases: &[Case]) -> Vec<Report> {
    let skipped = |case: &Case| Report { case: *case, verdict: Verdict::Skipped(NO_CASES) };
    cases.iter().map(skipped).collect()
}

fn assertion(case: &Case) -> &'static Assertion {
    Assertion::find(case.id).expect("every case is of the list")
}

/// A case, listed.
#[derive(Serialize)]
struct Listed {
    id: &'static str,
    authority: String,
    source: &'static str,
    says: &'static str,
    skipped: Option<&'static str>,
}

fn list(cases: &[Case], json: bool) -> u8 {
    let listed: Vec<Listed> = cases.iter().map(Listed::of).collect();
    if json {
        print_json(&listed);
        return 0;
    }
    let mut text = String::new();
    for Listed { id, authority, source, says, skipped } in listed {
        let mark = if skipped.is_some() { "skipped" } else { "" };
        writeln!(text, "{id}  {authority:10}  {mark:7}  {says} ({source})").expect("a string can be written");
    }
    print(&text);
    0
}

impl Listed {
    fn of(case: &Case) -> Self {
        let Assertion { id, authority, source, says } = *assertion(case);
        let skipped = match case.body {
            Body::Run(_) => None,
            Body::Skip(reason) => Some(reason),
        };
        Listed { id, authority: authority.to_string(), source, says, skipped }
    }
}

/// What came of the cases, for programs.
#[derive(Serialize)]
struct Summary {
    total: usize,
    passed: usize,
    failed: usize,
    skipped: usize,
    documented: Count,
    defaults: Count,
    cases: Vec<CaseResult>,
}

#[derive(Copy, Clone, Default, Serialize)]
struct Count {
    passed: usize,
    failed: usize,
    #[serde(skip)]
    skipped: usize,
}

#[derive(Serialize)]
struct CaseResult {
    id: &'static str,
    authority: String,
    door: &'static str,
    result: &'static str,
    message: Option<String>,
}

impl Count {
    fn of<'a>(reports: impl Iterator<Item = &'a Report>) -> Self {
        let mut count = Count::default();
        for report in reports {
            match report.verdict {
                Verdict::Passed => count.passed += 1,
                Verdict::Failed(_) => count.failed += 1,
                Verdict::Skipped(_) => count.skipped += 1,
            }
        }
        count
    }

    fn of_authority(reports: &[Report], authority: Authority) -> Self {
        Count::of(reports.iter().filter(|report| assertion(&report.case).authority == authority))
    }

    fn cells(self) -> [String; 3] {
        [self.passed, self.failed, self.skipped].map(|number| number.to_string())
    }
}

impl Summary {
    fn new(door: &'static str, reports: &[Report]) -> Self {
        let Count { passed, failed, skipped } = Count::of(reports.iter());
        Summary {
            total: reports.len(),
            passed,
            failed,
            skipped,
            documented: Count::of_authority(reports, Authority::Documented),
            defaults: Count::of_authority(reports, Authority::Default),
            cases: reports.iter().map(|report| CaseResult::of(door, report)).collect(),
        }
    }
}

impl CaseResult {
    fn of(door: &'static str, report: &Report) -> Self {
        let (result, message) = match &report.verdict {
            Verdict::Passed => ("passed", None),
            Verdict::Failed(message) => ("failed", Some(message.clone())),
            Verdict::Skipped(reason) => ("skipped", Some((*reason).to_owned())),
        };
        let Assertion { id, authority, .. } = *assertion(&report.case);
        CaseResult { id, authority: authority.to_string(), door, result, message }
    }
}

/// What came of the cases, for people.
fn text(reports: &[Report]) -> String {
    let mut text = failures(reports);
    let left = |head| (head, Align::Left);
    let right = |head| (head, Align::Right);
    let mut by_family =
        Columns::new([left("family"), left("about"), right("passed"), right("failed"), right("skipped")]);
    for family in families() {
        let of_family = |report: &&Report| assertion(&report.case).family() == family.prefix;
        let count = Count::of(reports.iter().filter(of_family));
        let [passed, failed, skipped] = count.cells();
        if count.passed + count.failed + count.skipped > 0 {
            by_family.line([family.prefix.to_owned(), family.title.to_owned(), passed, failed, skipped]);
        }
    }
    let mut by_authority =
        Columns::new([left("authority"), right("passed"), right("failed"), right("skipped")]);
    for authority in [Authority::Documented, Authority::Default] {
        let [passed, failed, skipped] = Count::of_authority(reports, authority).cells();
        by_authority.line([authority.to_string(), passed, failed, skipped]);
    }
    let Count { passed, failed, skipped } = Count::of(reports.iter());
    text += &format!("{by_family}\n{by_authority}\n{}", skips(reports));
    text += &format!("{} cases: {passed} passed, {failed} failed, {skipped} skipped\n", reports.len());
    text
}

fn failures(reports: &[Report]) -> String {
    let mut text = String::new();
    for report in reports {
        if let Verdict::Failed(message) = &report.verdict {
            let Assertion { id, authority, source, says } = assertion(&report.case);
            text += &format!("{id} failed ({authority}, {source})\n  {says}\n  {message}\n\n");
        }
    }
    text
}

/// What was skipped, by reason.
fn skips(reports: &[Report]) -> String {
    let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for report in reports {
        if let Verdict::Skipped(reason) = report.verdict {
            by_reason.entry(reason).or_default().push(report.case.id);
        }
    }
    let mut text = String::new();
    for (reason, ids) in by_reason {
        text += &format!("skipped: {reason}\n  {}\n\n", ranges(&ids).join(", "));
    }
    text
}

/// Ids that follow one another as `sync/IL-001 to 015`.
fn ranges(ids: &[&str]) -> Vec<String> {
    let number = |id: &str| id.rsplit_once('-').and_then(|(_, number)| number.parse::<u32>().ok());
    let follows = |before: &str, id: &str| {
        before.rsplit_once('-').map(|(family, _)| family) == id.rsplit_once('-').map(|(family, _)| family)
            && number(id) == number(before).map(|number| number + 1)
    };
    let runs = ids.chunk_by(|before, id| follows(before, id));
    runs.map(|run| match run {
        [first, .., last] => format!("{first} to {}", &last[last.len() - 3..]),
        _ => run.concat(),
    })
    .collect()
}

fn write_junit(path: &Path, reports: &[Report]) -> Result<(), String> {
    let mut document = quick_junit::Report::new("cerium conform");
    for family in families() {
        let mut suite = TestSuite::new(family.prefix);
        for report in reports {
            let assertion = assertion(&report.case);
            if assertion.family() == family.prefix {
                suite.add_test_case(junit_case(assertion, &report.verdict));
            }
        }
        if !suite.test_cases.is_empty() {
            document.add_test_suite(suite);
        }
    }
    let text = document.to_string().map_err(|error| error.to_string())?;
    std::fs::write(path, text).map_err(|error| error.to_string())
}

fn junit_case(assertion: &Assertion, verdict: &Verdict) -> TestCase {
    let status = match verdict {
        Verdict::Passed => TestCaseStatus::success(),
        Verdict::Failed(message) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(message.as_str()).set_description(assertion.says);
            status
        }
        Verdict::Skipped(reason) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(*reason);
            status
        }
    };
    let mut case = TestCase::new(assertion.id, status);
    case.set_classname(format!("cerium.{}", assertion.authority));
    case
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_follow_one_another_are_a_range() {
        let ids = ["sync/IL-014", "sync/IL-015", "sync/IL-017", "sync/WT-018"];
        assert_eq!(ranges(&ids), ["sync/IL-014 to 015", "sync/IL-017", "sync/WT-018"]);
    }
}

//! `cerium conform`: runs the conformance cases, and says what came of them by family and by authority.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use cerium_tests::conformance::{
    Assertion, Authority, Body, Case, Door, Report, Verdict, cases, families, run_all,
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
    let reports = run(&cases);
    if let Some(path) = &options.junit
        && let Err(error) = write_junit(path, &reports)
    {
        eprintln!("cerium: {}: cannot be written: {error}", path.display());
        return status::BAD_FILE;
    }
    let summary = Summary::new(&reports);
    if options.json {
        print_json(&summary);
    } else {
        print(&text(&reports));
    }
    if summary.failed > 0 { FAILED } else { 0 }
}

fn selected(options: &ConformOptions) -> Vec<Case> {
    let wanted = |case: &Case| options.filter.as_ref().is_none_or(|filter| filter.matches(case.id));
    let door = match options.door {
        DoorOption::Native => Some(Door::Native),
        DoorOption::Lua => Some(Door::Lua),
        DoorOption::Exe => Some(Door::Exe),
        DoorOption::All => None,
    };
    cases(door).into_iter().filter(wanted).collect()
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

fn assertion(case: &Case) -> &'static Assertion {
    Assertion::find(case.id).expect("every case is of the list")
}

/// A case, listed.
#[derive(Serialize)]
struct Listed {
    id: &'static str,
    authority: String,
    door: String,
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
    for Listed { id, authority, door, source, says, skipped } in listed {
        let how = if skipped.is_some() { "skipped" } else { &door };
        writeln!(text, "{id}  {authority:10}  {how:7}  {says} ({source})").expect("a string can be written");
    }
    print(&text);
    0
}

impl Listed {
    fn of(case: &Case) -> Self {
        let Assertion { id, authority, source, says } = *assertion(case);
        let skipped = match case.body {
            Body::Skip(reason) => Some(reason),
            Body::Run(_) | Body::Script(_) | Body::Executable(_) => None,
        };
        let (authority, door) = (authority.to_string(), case.door.to_string());
        Listed { id, authority, door, source, says, skipped }
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
    door: String,
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
    fn new(reports: &[Report]) -> Self {
        let Count { passed, failed, skipped } = Count::of(reports.iter());
        Summary {
            total: reports.len(),
            passed,
            failed,
            skipped,
            documented: Count::of_authority(reports, Authority::Documented),
            defaults: Count::of_authority(reports, Authority::Default),
            cases: reports.iter().map(CaseResult::of).collect(),
        }
    }
}

impl CaseResult {
    fn of(report: &Report) -> Self {
        let (result, message) = match &report.verdict {
            Verdict::Passed => ("passed", None),
            Verdict::Failed(message) => ("failed", Some(message.clone())),
            Verdict::Skipped(reason) => ("skipped", Some((*reason).to_owned())),
        };
        let Assertion { id, authority, .. } = *assertion(&report.case);
        let (authority, door) = (authority.to_string(), report.case.door.to_string());
        CaseResult { id, authority, door, result, message }
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
    text += &format!("{by_family}\n{by_authority}\n{}\n{}", by_door(reports), skips(reports));
    let Count { passed, failed, skipped } = Count::of(reports.iter());
    let ids: BTreeSet<&str> = reports.iter().map(|report| report.case.id).collect();
    let (cases, ids) = (reports.len(), ids.len());
    text +=
        &format!("{cases} cases of {ids} assertions: {passed} passed, {failed} failed, {skipped} skipped\n");
    text
}

fn by_door(reports: &[Report]) -> Columns<4> {
    let right = |head| (head, Align::Right);
    let mut columns =
        Columns::new([("door", Align::Left), right("passed"), right("failed"), right("skipped")]);
    for door in [Door::Native, Door::Lua, Door::Exe] {
        let [passed, failed, skipped] =
            Count::of(reports.iter().filter(|report| report.case.door == door)).cells();
        columns.line([door.to_string(), passed, failed, skipped]);
    }
    columns
}

fn failures(reports: &[Report]) -> String {
    let mut text = String::new();
    for report in reports {
        if let Verdict::Failed(message) = &report.verdict {
            let Assertion { id, authority, source, says } = assertion(&report.case);
            let door = report.case.door;
            text +=
                &format!("{id} failed at the door {door} ({authority}, {source})\n  {says}\n  {message}\n\n");
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
                suite.add_test_case(junit_case(assertion, report));
            }
        }
        if !suite.test_cases.is_empty() {
            document.add_test_suite(suite);
        }
    }
    let text = document.to_string().map_err(|error| error.to_string())?;
    std::fs::write(path, text).map_err(|error| error.to_string())
}

fn junit_case(assertion: &Assertion, report: &Report) -> TestCase {
    let status = match &report.verdict {
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
    case.set_classname(format!("cerium.{}.{}", assertion.authority, report.case.door));
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

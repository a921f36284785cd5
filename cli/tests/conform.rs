//! `cerium conform`: what it says to people, to programs and to build servers, and its exit statuses.
#![allow(missing_docs, reason = "tests say what they test by their names")]

mod support;

use support::{Folder, cerium, finish};

fn conform(arguments: &[&str]) -> support::Finished {
    finish(cerium().arg("conform").args(arguments))
}

#[test]
fn json_has_every_case_once_and_counts_by_authority() {
    let finished = conform(&["--json", "--filter", "sync/OE-*"]);
    assert_eq!(finished.status, 0, "{}", finished.stderr);
    let document: serde_json::Value = serde_json::from_str(&finished.stdout).unwrap();
    let number = |value: &serde_json::Value| value.as_u64().unwrap();
    assert_eq!(number(&document["total"]), 15);
    assert_eq!(number(&document["failed"]), 0);
    let passed = number(&document["documented"]["passed"]) + number(&document["defaults"]["passed"]);
    assert_eq!(passed, number(&document["passed"]));
    let first = &document["cases"][0];
    assert_eq!(first["id"], "sync/OE-001");
    assert_eq!(first["authority"], "documented");
    assert_eq!(first["door"], "native");
    assert_eq!(first["result"], "passed");
}

#[test]
fn a_door_without_cases_skips_them_and_says_so() {
    let finished = conform(&["--door", "lua", "--filter", "sync/OE-*"]);
    assert_eq!(finished.status, 0);
    assert!(finished.stdout.contains("15 cases: 0 passed, 0 failed, 15 skipped"), "{}", finished.stdout);
    assert!(finished.stdout.contains("door"), "{}", finished.stdout);
}

#[test]
fn the_list_says_what_each_case_is_about() {
    let finished = conform(&["--list", "--filter", "sync/EV-00[12]"]);
    assert_eq!(finished.status, 0);
    let lines: Vec<&str> = finished.stdout.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].contains("CreateEvent") && lines[0].contains("ee488008"), "{}", lines[0]);
    assert!(lines[1].contains("default"), "{}", lines[1]);
}

#[test]
fn a_junit_report_has_a_suite_for_each_family() {
    let folder = Folder::new("conform-junit");
    let path = folder.0.join("conform.xml");
    let finished = conform(&["--filter", "sync/OE-*", "--junit", path.to_str().unwrap()]);
    assert_eq!(finished.status, 0, "{}", finished.stderr);
    let report = std::fs::read_to_string(path).unwrap();
    assert!(report.contains("<testsuite name=\"sync/OE\" tests=\"15\""), "{report}");
    let nowhere = folder.0.join("no/conform.xml");
    assert_eq!(conform(&["--filter", "sync/OE-*", "--junit", nowhere.to_str().unwrap()]).status, 124);
}

#[test]
fn a_filter_that_is_wrong_or_matches_nothing_is_wrong_usage() {
    assert_eq!(conform(&["--filter", "["]).status, 2);
    let finished = conform(&["--filter", "sync/XX-*"]);
    assert_eq!(finished.status, 2);
    assert!(finished.stderr.contains("--list"), "{}", finished.stderr);
    assert_eq!(conform(&["--door", "window"]).status, 2);
}

//! `cerium conform`: what it says to people, to programs and to build servers, and its exit statuses.
#![allow(missing_docs, reason = "tests say what they test by their names")]

mod support;

use std::collections::BTreeSet;

use support::{Folder, cerium, finish};

fn conform(arguments: &[&str]) -> support::Finished {
    finish(cerium().arg("conform").args(arguments))
}

fn json(arguments: &[&str]) -> serde_json::Value {
    let finished = conform(&[&["--json"], arguments].concat());
    assert_eq!(finished.status, 0, "{}", finished.stderr);
    serde_json::from_str(&finished.stdout).unwrap()
}

fn number(value: &serde_json::Value) -> u64 {
    value.as_u64().unwrap()
}

#[test]
fn json_has_every_case_of_a_door_once_and_counts_by_authority() {
    let document = json(&["--door", "native", "--filter", "sync/OE-*"]);
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
fn all_doors_are_the_default_and_each_has_its_cases() {
    let document = json(&["--filter", "sync/OE-*"]);
    let cases = document["cases"].as_array().unwrap();
    let ids: BTreeSet<&str> = cases.iter().map(|case| case["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 15);
    for door in ["native", "lua", "exe"] {
        let of_door = cases.iter().filter(|case| case["door"] == door);
        assert!(of_door.filter(|case| case["result"] == "passed").count() >= 3, "{door}");
    }
}

#[test]
fn a_door_skips_what_has_no_case_there_and_says_so() {
    let document = json(&["--door", "lua", "--filter", "sync/OE-*"]);
    assert_eq!(number(&document["total"]), 15);
    assert!(number(&document["passed"]) >= 3 && number(&document["skipped"]) >= 3);
    let skipped = document["cases"].as_array().unwrap().iter().find(|case| case["result"] == "skipped");
    assert!(skipped.unwrap()["message"].as_str().unwrap().contains("door"));
}

#[test]
fn the_list_says_what_each_case_is_about() {
    let finished = conform(&["--list", "--door", "native", "--filter", "sync/EV-00[12]"]);
    assert_eq!(finished.status, 0);
    let lines: Vec<&str> = finished.stdout.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].contains("CreateEvent") && lines[0].contains("ee488008"), "{}", lines[0]);
    assert!(lines[1].contains("default") && lines[1].contains("native"), "{}", lines[1]);
}

#[test]
fn another_parser_reads_the_junit_report_and_finds_what_json_says() {
    let folder = Folder::new("conform-junit");
    let path = folder.0.join("conform.xml");
    let path = path.to_str().unwrap();
    let document = json(&["--filter", "*/[HOW][DET]-*", "--junit", path]);
    let text = std::fs::read_to_string(path).unwrap();
    let report = roxmltree::Document::parse(&text).unwrap();
    let elements = |name| report.descendants().filter(move |node| node.has_tag_name(name));
    let suites: Vec<&str> = elements("testsuite").map(|suite| suite.attribute("name").unwrap()).collect();
    assert_eq!(suites, ["sync/OE", "sync/WT", "ipc/HD", "ipc/WD", "ipc/WT"]);
    let mut seen = Vec::new();
    for case in elements("testcase") {
        let result =
            if case.children().any(|node| node.has_tag_name("skipped")) { "skipped" } else { "passed" };
        let class: Vec<&str> = case.attribute("classname").unwrap().split('.').collect();
        let id = case.attribute("name").unwrap();
        seen.push([id, class[1], class[2], result].map(str::to_owned));
    }
    let words = ["id", "authority", "door", "result"];
    let cases = document["cases"].as_array().unwrap();
    let expected: Vec<[String; 4]> =
        cases.iter().map(|case| words.map(|word| case[word].as_str().unwrap().to_owned())).collect();
    assert_eq!(seen, expected);
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

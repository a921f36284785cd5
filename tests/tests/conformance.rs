//! The conformance suite as a test, and that its list is whole.
#![allow(missing_docs, reason = "tests say what they test by their names")]

use std::collections::BTreeSet;

use cerium_tests::conformance::{Body, Case, Door, Verdict, assertions, cases, families, run_all};

#[test]
fn every_assertion_has_one_case_in_its_family() {
    let mut missing: BTreeSet<&str> = assertions().iter().map(|assertion| assertion.id).collect();
    assert_eq!(missing.len(), assertions().len(), "an id stands in the list twice");
    for family in families() {
        for case in family.cases {
            assert!(missing.remove(case.id), "{} has two cases, or is not in the list", case.id);
            let prefix = format!("{}-", family.prefix);
            assert!(case.id.starts_with(&prefix), "{} stands in {}", case.id, family.prefix);
        }
    }
    assert!(missing.is_empty(), "assertions without a case: {missing:?}");
}

#[test]
fn a_case_cites_a_source_of_its_assertion() {
    for case in cases(None) {
        let assertion = assertions().iter().find(|assertion| assertion.id == case.id).unwrap();
        if let Some(page) = case.page() {
            assert!(assertion.source.contains(page), "{} at {} cites {page}", case.id, case.door);
        }
    }
}

/// Scripts and executables count their checks when they run; of Rust the text must do.
#[test]
fn every_native_case_asserts_something() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/conformance");
    let mut found = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let (_, cases) = text.split_once("case!(").unwrap_or_default();
        for case in cases.split("case!(") {
            let case = case.split("Case::skipped(").next().unwrap_or_default();
            let id = case.split('"').nth(1).unwrap_or_default();
            if assertions().iter().any(|assertion| assertion.id == id) {
                assert!(case.contains("assert"), "{id} asserts nothing");
                found += 1;
            }
        }
    }
    assert!(found > 570, "{found} cases");
}

#[test]
fn an_assertion_has_one_case_at_a_door() {
    let mut seen = BTreeSet::new();
    for case in cases(None) {
        assert!(seen.insert((case.id, case.door)), "{} has two cases at {}", case.id, case.door);
    }
}

#[test]
fn every_family_has_cases_at_every_door() {
    for family in families() {
        for door in [Door::Native, Door::Lua, Door::Exe] {
            let is_here = |case: &&Case| case.page().is_some() && case.id.starts_with(family.prefix);
            let count = cases(Some(door)).iter().filter(is_here).count();
            let nowhere = family.prefix == "sync/IL" && door == Door::Native;
            assert!(count >= 3 || nowhere, "{} has {count} cases at {door}", family.prefix);
        }
    }
    let executables = cases(Some(Door::Exe)).iter().filter(|case| case.page().is_some()).count();
    assert!(executables >= 400, "{executables} cases are executables");
}

/// The table of families as the document has it.
fn table() -> String {
    let mut text = "| family | about | assertions | native | lua | exe | skipped |\n".to_owned();
    text += "|---|---|---|---|---|---|---|\n";
    let all = cases(None);
    let mut sums = [0; 5];
    for family in families() {
        let of_family: Vec<&Case> = all.iter().filter(|case| case.id.starts_with(family.prefix)).collect();
        let at = |door| of_family.iter().filter(|case| case.page().is_some() && case.door == door).count();
        let skipped = of_family.iter().filter(|case| case.page().is_none()).count();
        let counts = [family.cases.len(), at(Door::Native), at(Door::Lua), at(Door::Exe), skipped];
        sums = std::array::from_fn(|place| sums[place] + counts[place]);
        let [assertions, native, lua, exe, skipped] = counts;
        let (prefix, title) = (family.prefix, family.title);
        text += &format!("| {prefix} | {title} | {assertions} | {native} | {lua} | {exe} | {skipped} |\n");
    }
    let [assertions, native, lua, exe, skipped] = sums;
    text += &format!("| all | | {assertions} | {native} | {lua} | {exe} | {skipped} |\n\nSkipped:\n\n");
    for case in &all {
        if let Body::Skip(reason) = case.body {
            text += &format!("- {}: {reason}.\n", case.id);
        }
    }
    text
}

#[test]
fn the_document_has_the_cases_that_there_are() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/conformance.md");
    let document = std::fs::read_to_string(path).unwrap();
    let (before, rest) = document.split_once("<!-- families -->\n").unwrap();
    let (written, after) = rest.split_once("<!-- end -->").unwrap();
    let table = table();
    if std::env::var_os("BLESS").is_some() && written != table {
        let whole = format!("{before}<!-- families -->\n{table}<!-- end -->{after}");
        std::fs::write(path, whole).unwrap();
    } else {
        assert_eq!(written, table, "BLESS=1 brings docs/conformance.md up to date");
    }
}

fn assert_all_pass(door: Door) {
    let mut failures = String::new();
    run_all(&cases(Some(door)), |report| match &report.verdict {
        Verdict::Passed => {}
        Verdict::Failed(message) => failures += &format!("{}: {message}\n", report.case.id),
        Verdict::Skipped(reason) => assert!(!reason.is_empty(), "{} says why", report.case.id),
    });
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn native_cases_pass_or_say_why_they_are_skipped() {
    assert_all_pass(Door::Native);
}

#[test]
fn cases_of_scripts_pass() {
    assert_all_pass(Door::Lua);
}

#[test]
fn cases_of_executables_pass() {
    assert_all_pass(Door::Exe);
}

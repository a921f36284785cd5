//! The conformance suite as a test, and that its list is whole.
#![allow(missing_docs, reason = "tests say what they test by their names")]

use std::collections::BTreeSet;

use cerium_tests::conformance::{Body, Case, Verdict, assertions, cases_of, families, run_all};

fn all_cases() -> Vec<Case> {
    families().iter().flat_map(cases_of).collect()
}

#[test]
fn every_assertion_has_one_case_in_its_family() {
    let mut missing: BTreeSet<&str> = assertions().iter().map(|assertion| assertion.id).collect();
    assert_eq!(missing.len(), assertions().len(), "an id stands in the list twice");
    for family in families() {
        for case in cases_of(family) {
            assert!(missing.remove(case.id), "{} has two cases, or is not in the list", case.id);
            let prefix = format!("{}-", family.prefix);
            assert!(case.id.starts_with(&prefix), "{} stands in {}", case.id, family.prefix);
        }
    }
    assert!(missing.is_empty(), "assertions without a case: {missing:?}");
}

#[test]
fn a_case_cites_a_source_of_its_assertion() {
    for case in all_cases() {
        let assertion = assertions().iter().find(|assertion| assertion.id == case.id).unwrap();
        if let Body::Run(run) = case.body {
            assert!(assertion.source.contains(run.page), "{} cites {}: {assertion:?}", case.id, run.page);
        }
    }
}

#[test]
fn all_cases_pass_or_say_why_they_are_skipped() {
    let mut failures = String::new();
    run_all(&all_cases(), |report| match &report.verdict {
        Verdict::Passed => {}
        Verdict::Failed(message) => failures += &format!("{}: {message}\n", report.case.id),
        Verdict::Skipped(reason) => assert!(!reason.is_empty(), "{} says why", report.case.id),
    });
    assert!(failures.is_empty(), "{failures}");
}

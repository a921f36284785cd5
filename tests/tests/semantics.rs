//! Holds `docs/semantics.md`, the notes' open questions, the cases and the code together.
#![allow(missing_docs, reason = "tests say what they test by their names")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use cerium_kernel::RULES;
use cerium_tests::conformance::{Assertion, cases};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests is a folder of the project").to_path_buf()
}

fn document() -> String {
    fs::read_to_string(root().join("docs/semantics.md")).expect("the document can be read")
}

/// The numbers of the notes.
fn questions() -> BTreeSet<&'static str> {
    include_str!("../data/open-questions.txt").lines().filter(|line| !line.starts_with('#')).collect()
}

/// The numbers in a text: `SQ-01`, `OQ-7`.
fn numbers(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (place, _) in text.match_indices("Q-") {
        let Some(start) = place.checked_sub(1).filter(|at| matches!(text.as_bytes()[*at], b'S' | b'O'))
        else {
            continue;
        };
        let rest = &text[place + 2..];
        let digits = rest.len() - rest.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
        if digits > 0 {
            found.push(&text[start..place + 2 + digits]);
        }
    }
    found
}

/// The rows of the document: number, and what shows it.
fn rows(document: &str) -> BTreeMap<&str, (&str, &str)> {
    let mut rows = BTreeMap::new();
    for line in document.lines() {
        let cells: Vec<&str> = line.split(" | ").map(|cell| cell.trim_matches(['|', ' '])).collect();
        if let [number, .., shown] = cells[..]
            && numbers(number) == [number]
        {
            assert!(rows.insert(number, (line, shown)).is_none(), "{number} has two rows");
        }
    }
    rows
}

/// Every Rust source of the project.
fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the project can be read") {
            let path = entry.expect("an entry can be read").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() && name != "target" && !name.starts_with('.') {
                folders.push(path);
            } else if name.ends_with(".rs") {
                let text = fs::read_to_string(&path).expect("a source is text");
                found.push((path.strip_prefix(root()).expect("it is below the root").to_path_buf(), text));
            }
        }
    }
    found
}

#[test]
fn every_open_question_has_its_row_and_no_other_does() {
    let document = document();
    let rows: BTreeSet<&str> = rows(&document).into_keys().collect();
    assert_eq!(rows, questions());
}

#[test]
fn every_number_cited_in_code_and_cases_has_a_row() {
    let document = document();
    let rows = rows(&document);
    for (path, text) in sources() {
        for number in numbers(&text) {
            assert!(rows.contains_key(number), "{} cites {number}", path.display());
        }
    }
    for assertion in cerium_tests::conformance::assertions() {
        for number in numbers(assertion.source) {
            assert!(rows.contains_key(number), "{} cites {number}", assertion.id);
        }
    }
}

#[test]
fn what_shows_an_answer_is_there_and_cites_its_question() {
    let shown: BTreeSet<&str> =
        cases(None).iter().filter(|case| case.page().is_some()).map(|case| case.id).collect();
    for (number, (row, places)) in rows(&document()) {
        let mut is_cited = places == "–";
        for place in places.split(", ").filter(|place| *place != "–") {
            if place.ends_with(".rs") {
                let text = fs::read_to_string(root().join(place)).unwrap_or_else(|_| panic!("{row}"));
                assert!(numbers(&text).contains(&number), "{place} does not cite {number}");
                is_cited = true;
            } else {
                assert!(shown.contains(place), "{number}: no case shows {place}");
                let assertion = Assertion::find(place).expect("it is of the list");
                is_cited |= numbers(assertion.source).contains(&number);
            }
        }
        assert!(is_cited, "nothing that is named cites {number}");
    }
}

#[test]
fn a_question_that_a_rule_answers_names_the_rule() {
    let document = document();
    let rows = rows(&document);
    for rule in RULES {
        for question in numbers(rule.question) {
            let (row, _) = rows[question];
            let words = format!("`--rule {}={}`", rule.name, rule.values[1]);
            assert!(row.contains(&words), "{row} should say {words}");
        }
    }
}

#[test]
fn every_choice_of_ours_in_code_is_listed() {
    let document = document();
    let (_, others) = document.split_once("## Other choices").expect("it has that part");
    let mut missing = Vec::new();
    for (path, text) in sources() {
        let path = path.to_string_lossy();
        if path.starts_with("tests/") || path.starts_with("bench/") {
            continue;
        }
        let chooses = text.lines().any(|line| {
            let line = line.to_lowercase();
            line.trim_start().starts_with("//") && line.contains("our choice") && numbers(&line).is_empty()
        });
        if chooses && !others.contains(&format!("`{path}`")) {
            missing.push(path.into_owned());
        }
    }
    assert!(missing.is_empty(), "docs/semantics.md lacks the choices made in {missing:?}");
    for line in others.lines().filter(|line| line.starts_with("| `")) {
        let path = line.split('`').nth(1).expect("a path stands there");
        let text = fs::read_to_string(root().join(path)).unwrap_or_else(|_| panic!("{line}"));
        assert!(text.to_lowercase().contains("our choice"), "{path} makes none");
    }
}

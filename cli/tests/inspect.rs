//! `cerium inspect` and `cerium api`: what they say, word by word. `BLESS=1` rewrites the expected files.
#![allow(missing_docs, reason = "tests say what they test by their names")]

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::{Folder, PROGRAM, cerium, finish, image, library, programs};

/// Compares with a file under `inspect/`, or writes it.
fn check(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inspect").join(name);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, found).expect("the expected file can be written");
        return;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "{}: BLESS=1 rewrites it; found\n{found}\nexpected\n{expected}",
        path.display()
    );
}

fn inspect(folder: &Path, arguments: &[&str]) -> String {
    let finished = finish(cerium().current_dir(folder).arg("inspect").args(arguments));
    assert_eq!((finished.status, finished.stderr.as_str()), (0, ""), "{arguments:?}");
    finished.stdout
}

#[test]
fn images_are_described_for_people() {
    let guests = [
        "armv4i/hello_byname",
        "armv4/hello_fixed",
        "armv4/missing_function",
        "armv4i/unknown_import",
        "armv4i/missing_dll",
        "armnt/hello",
    ];
    for guest in guests {
        let text = inspect(&programs().join("bin"), &[&format!("{guest}.exe")]);
        check(&format!("{}.txt", guest.replace('/', "-")), &text);
    }
}

#[test]
fn images_are_described_for_programs() {
    let text = inspect(&programs().join("bin"), &["--json", "armv4i/missing_function.exe"]);
    check("armv4i-missing_function.json", &text);
    let value: Value = serde_json::from_str(&text).expect("one JSON document");
    assert_eq!(value["functions"]["missing"][0]["name"], "waveOutOpen");
    assert_eq!(value["functions"]["missing"][0]["ordinal"], 399);
}

#[test]
fn libraries_are_described_with_their_exports() {
    let folder = Folder::new("inspect-library");
    folder.write("small.dll", library());
    check("small.dll.txt", &inspect(&folder.0, &["small.dll"]));
}

#[test]
fn every_guest_has_all_but_what_it_was_written_to_lack() {
    for processor in ["armv4", "armv4i", "armnt", "x86"] {
        for entry in fs::read_dir(programs().join("bin").join(processor)).unwrap() {
            let file = entry.unwrap().path();
            let name = file.file_stem().unwrap().to_string_lossy().into_owned();
            let text = inspect(&programs(), &["--json", file.to_str().unwrap()]);
            let value: Value = serde_json::from_str(&text).unwrap();
            let missing: Vec<&str> = value["functions"]["missing"]
                .as_array()
                .unwrap()
                .iter()
                .map(|function| function["name"].as_str().unwrap())
                .collect();
            let expected: &[&str] = if name == "missing_function" { &["waveOutOpen"] } else { &[] };
            assert_eq!(missing, expected, "{processor}/{name}");
            let runs = value["runs"].as_bool().unwrap();
            assert!(
                !runs || !matches!(name.as_str(), "unknown_import" | "missing_dll"),
                "{processor}/{name}"
            );
        }
    }
}

#[test]
fn files_that_are_no_images_are_refused_with_the_reason() {
    let folder = Folder::new("inspect-hostile");
    let hello = fs::read(programs().join("bin/armv4/hello.exe")).unwrap();
    folder.write("text.exe", "Not a program, but a letter.\n");
    folder.write("empty.exe", "");
    folder.write("cut.exe", &hello[..hello.len() / 2]);
    folder.write("cut_headers.exe", &hello[..0x90]);
    folder.write("desktop.exe", image(0x14C, 3, PROGRAM, 0, &[0xC3]));
    folder.write("other.exe", image(0x1A6, 9, PROGRAM, 0, &[0xC3]));
    fs::create_dir(folder.0.join("folder.exe")).unwrap();
    let names = ["text", "empty", "cut", "cut_headers", "desktop", "other", "folder", "nothing"];
    let mut said = String::new();
    for name in names {
        let mut command = cerium();
        let finished = finish(command.current_dir(&folder.0).arg("inspect").arg(format!("{name}.exe")));
        assert_eq!((finished.status, finished.stdout.as_str()), (124, ""), "{name}");
        said.push_str(&finished.stderr);
    }
    check("refused.txt", &said);
}

#[test]
fn wrong_usage_is_2() {
    for arguments in [&["inspect"][..], &["inspect", "--xml", "a"], &["inspect", "a", "b"], &["api", "x"]] {
        let finished = finish(cerium().args(arguments));
        assert_eq!((finished.status, finished.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(finished.stderr.contains("Usage:"), "{}", finished.stderr);
    }
}

#[test]
fn help_shows_two_examples() {
    for command in ["run", "inspect", "api"] {
        let finished = finish(cerium().args([command, "--help"]));
        assert_eq!(finished.status, 0);
        let examples = finished.stdout.split("Examples:").nth(1).expect("examples");
        assert_eq!(examples.matches("  cerium ").count(), 2, "{command}");
    }
}

#[test]
fn the_api_is_listed_with_totals() {
    let listed = finish(cerium().arg("api"));
    assert_eq!(listed.status, 0);
    let line = |name: &str| {
        let has = |line: &&str| line.split_whitespace().any(|word| word == name);
        listed.stdout.lines().find(has).unwrap_or_default().split_whitespace().collect::<Vec<_>>()
    };
    assert_eq!(
        line("WaitForSingleObject"),
        ["497", "497", "WaitForSingleObject", "sync", "kernel", "ee488762"]
    );
    assert_eq!(line("waveOutOpen"), ["399", "399", "waveOutOpen", "audio", "missing"]);
    assert!(listed.stdout.lines().last().unwrap().starts_with("cerium has "));

    let all: Value = serde_json::from_str(&finish(cerium().args(["api", "--json"])).stdout).unwrap();
    let missing = finish(cerium().args(["api", "--json", "--missing"])).stdout;
    let missing: Value = serde_json::from_str(&missing).unwrap();
    let count = |value: &Value| value["functions"].as_array().unwrap().len() as u64;
    assert_eq!(count(&all), all["all"]["known"].as_u64().unwrap());
    assert_eq!(count(&missing), all["all"]["missing"].as_u64().unwrap());
    assert_eq!(missing["totals"], all["totals"]);
    let sum: u64 =
        all["totals"].as_array().unwrap().iter().map(|total| total["known"].as_u64().unwrap()).sum();
    assert_eq!(sum, count(&all));
}

#[test]
fn the_page_of_the_api_says_what_the_tables_say() {
    let written = finish(cerium().args(["api", "--markdown"]));
    assert_eq!((written.status, written.stderr.as_str()), (0, ""));
    check("../../../docs/api.md", &written.stdout);
}

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
fn libraries_beside_the_program_are_found_as_run_finds_them() {
    // By ordinal and by name, through a forwarder, and in a circle of two libraries.
    for guest in ["armv4i/libraries", "pascal-x86/pascal"] {
        let text = inspect(&programs().join("bin"), &[&format!("{guest}.exe")]);
        check(&format!("{}.txt", guest.replace('/', "-")), &text);
    }
    let text = inspect(&programs().join("bin"), &["--json", "armv4i/libraries.exe"]);
    let value: Value = serde_json::from_str(&text).expect("one JSON document");
    assert_eq!((&value["runs"], &value["functions"]["unknown"]), (&true.into(), &Value::Array(Vec::new())));
    let libraries = value["libraries"].as_array().unwrap();
    let names: Vec<&str> = libraries.iter().map(|library| library["module"].as_str().unwrap()).collect();
    assert_eq!(names, ["first.dll", "second.dll"]);
    assert_eq!(libraries[1]["file"], "\\Program\\second.dll");
    let from = |module: &Value, name: &str| {
        let modules = module["imports"].as_array().unwrap();
        modules.iter().find(|module| module["module"] == name).unwrap()["functions"][0].clone()
    };
    assert_eq!(from(&value, "first.dll")["cerium"], "library");
    assert_eq!(from(&libraries[1], "first.dll")["cerium"], "library");
    assert!(from(&value, "first.dll")["name"].is_string(), "an ordinal's name is the library's affair");
}

#[test]
fn what_a_library_lacks_is_told_as_run_tells_it() {
    let bin = programs().join("bin");
    let folder = Folder::new("inspect-libraries");
    let copy = |from: &str, to: &str| fs::copy(bin.join(from), folder.0.join(to)).unwrap();
    let ask = |options: &[&str]| -> Value {
        let mut arguments = vec!["--json", "libraries.exe"];
        arguments.extend(options);
        let value: Value = serde_json::from_str(&inspect(&folder.0, &arguments)).unwrap();
        let mut command = cerium();
        let ran = finish(
            command
                .current_dir(&folder.0)
                .args(["run", "--step-limit", "0"])
                .args(options)
                .arg("libraries.exe"),
        );
        assert_eq!(value["runs"].as_bool().unwrap(), ran.status != 124, "{}", ran.stderr);
        value
    };
    let first = |value: &Value| {
        let modules = value["imports"].as_array().unwrap();
        modules.iter().find(|module| module["module"] == "first.dll").unwrap()["functions"][0]["cerium"]
            .clone()
    };
    copy("armv4i/libraries.exe", "libraries.exe");
    let value = ask(&[]);
    assert_eq!((first(&value), &value["runs"]), ("no_module".into(), &false.into()));
    assert_eq!(value["libraries"][0]["problem"], "not found");

    // Another library by the name, which does not export it.
    copy("armv4i/third.dll", "first.dll");
    copy("armv4i/second.dll", "second.dll");
    let value = ask(&[]);
    assert_eq!((first(&value), &value["runs"]), ("not_exported".into(), &false.into()));

    copy("x86/first.dll", "first.dll");
    let value = ask(&[]);
    assert_eq!((first(&value), &value["runs"]), ("no_module".into(), &false.into()));
    assert!(value["libraries"][0]["problem"].as_str().unwrap().contains("a library for x86"));

    // Only the library's own library is not there.
    copy("armv4i/first.dll", "first.dll");
    fs::remove_file(folder.0.join("second.dll")).unwrap();
    let value = ask(&[]);
    assert_eq!((first(&value), &value["runs"]), ("library".into(), &false.into()));
    assert_eq!(value["libraries"][1]["problem"], "not found");

    // In the folder that the guest sees as \Windows.
    fs::create_dir_all(folder.0.join("root/Windows")).unwrap();
    copy("armv4i/second.dll", "root/Windows/second.dll");
    let root = folder.0.join("root");
    let value = ask(&["--root", root.to_str().unwrap()]);
    assert_eq!((first(&value), &value["runs"]), ("library".into(), &true.into()));
    assert_eq!(value["libraries"][1]["file"], "\\Windows\\second.dll");
}

#[test]
fn every_guest_has_all_but_what_it_was_written_to_lack() {
    for processor in ["armv4", "armv4i", "armnt", "x86", "pascal-arm", "pascal-x86"] {
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
            let expected: &[&str] = match name.as_str() {
                "missing_function" => &["waveOutOpen"],
                // What Free Pascal's library imports for Beep, which no program of ours calls.
                "fpchello" | "pascal" | "paslib" => &["MessageBeep"],
                _ => &[],
            };
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

//! Holds the tree to the house's rules: which crate may need which, how long files and functions may be, and
//! words that may not stay.
#![allow(missing_docs, reason = "tests say what they test by their names")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests is a folder of the project").to_path_buf()
}

/// Which rooms a room may need, directly. `tests`, `cli` and `bench` may need all that stand before them.
const NEEDS: &[(&str, &[&str])] = &[
    ("handle", &[]),
    ("namespace", &["handle"]),
    ("sync", &["handle"]),
    ("process", &["handle", "sync"]),
    ("kernel", &["handle", "namespace", "sync", "process"]),
    ("files", &[]),
    ("coredll", &["handle", "namespace", "sync", "process", "kernel", "files"]),
    ("memory", &[]),
    ("guest", &["handle", "sync", "process", "kernel", "files", "coredll", "memory"]),
    (
        "script",
        &[
            "handle",
            "namespace",
            "sync",
            "process",
            "kernel",
            "files",
            "coredll",
            "memory",
            "guest",
            "loader",
        ],
    ),
    ("pe", &[]),
    ("cpu", &["memory"]),
    ("crt", &["memory", "files", "coredll"]),
    ("loader", &["handle", "process", "kernel", "files", "coredll", "memory", "pe", "cpu", "crt", "guest"]),
];

/// What the first five rooms may use of others' crates.
const PLAIN: &[&str] = &["slab", "bitflags", "log"];

#[derive(Default)]
struct Manifest {
    rooms: Vec<String>,
    others: Vec<String>,
}

fn manifest(room: &str) -> Option<Manifest> {
    let text = fs::read_to_string(root().join(room).join("Cargo.toml")).ok()?;
    let mut manifest = Manifest::default();
    let mut in_dependencies = false;
    for line in text.lines() {
        if line.starts_with('[') {
            in_dependencies = line == "[dependencies]";
            continue;
        }
        if !in_dependencies {
            continue;
        }
        let Some(name) = line.split(['.', ' ', '=']).next().filter(|name| !name.is_empty()) else { continue };
        match name.strip_prefix("cerium-") {
            Some(room) => manifest.rooms.push(room.to_owned()),
            None => manifest.others.push(name.to_owned()),
        }
    }
    Some(manifest)
}

#[test]
fn crates_need_only_what_stands_before_them() {
    for (room, allowed) in NEEDS {
        let Some(manifest) = manifest(room) else { continue };
        for needed in &manifest.rooms {
            assert!(allowed.contains(&needed.as_str()), "{room} may not need {needed}");
        }
    }
}

#[test]
fn the_first_five_rooms_use_next_to_nothing() {
    for room in ["handle", "namespace", "sync", "process", "kernel"] {
        let manifest = manifest(room).expect("it has a manifest");
        for other in &manifest.others {
            assert!(PLAIN.contains(&other.as_str()), "{room} may not use {other}");
        }
    }
}

/// Every file of the project with this ending but generated ones, by its path from the root, with its text.
fn files_ending_in(ending: &str) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the project can be read") {
            let path = entry.expect("an entry can be read").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() && name != "target" && !name.starts_with('.') {
                folders.push(path);
            } else if name.ends_with(ending) {
                let text = fs::read_to_string(&path).expect("it is text");
                let relative = path.strip_prefix(root()).expect("it is below the root").to_path_buf();
                found.insert(relative, text);
            }
        }
    }
    found
}

fn sources() -> BTreeMap<PathBuf, String> {
    files_ending_in(".rs")
}

fn documents() -> BTreeMap<PathBuf, String> {
    files_ending_in(".md")
}

const LONGEST_LINE: usize = 140;
const LONGEST_FILE: usize = 900;
const LONGEST_FUNCTION: usize = 70;

#[test]
fn files_and_lines_are_not_too_long() {
    for (path, text) in sources() {
        let is_table = path.file_stem().is_some_and(|stem| stem == "table");
        let lines = text.lines().count();
        assert!(is_table || lines <= LONGEST_FILE, "{} has {lines} lines", path.display());
        for (number, line) in text.lines().enumerate() {
            // A row of a table in a comment cannot be folded, nor a literal that is quoted from elsewhere.
            let words = line.trim_start();
            let is_whole = words.starts_with("//! |") || words.starts_with('"');
            let length = if is_whole { 0 } else { line.chars().count() };
            assert!(length <= LONGEST_LINE, "{}:{} has {length} characters", path.display(), number + 1);
        }
    }
}

#[test]
fn functions_are_not_too_long() {
    for (path, text) in sources() {
        let mut started: Option<(usize, usize)> = None;
        for (number, line) in text.lines().enumerate() {
            let indent = line.len() - line.trim_start().len();
            let words = line.trim_start();
            let is_function =
                ["fn ", "pub fn ", "pub(crate) fn ", "pub(super) fn ", "async fn ", "unsafe fn "]
                    .iter()
                    .any(|start| words.starts_with(start));
            if is_function && !line.trim_end().ends_with([';', '}']) {
                started = Some((number, indent));
            }
            if let Some((start, at)) = started
                && indent == at
                && words.starts_with('}')
            {
                let length = number + 1 - start;
                assert!(
                    length <= LONGEST_FUNCTION,
                    "{}:{} has a function of {length} lines",
                    path.display(),
                    start + 1
                );
                started = None;
            }
        }
    }
}

#[test]
fn nothing_is_left_for_later() {
    // Put together here, so that this file does not contain them.
    let words = [["to", "do!("].concat(), ["unimpl", "emented!("].concat(), ["#[ign", "ore"].concat()];
    for (path, text) in sources() {
        for word in &words {
            assert!(!text.contains(word), "{} has {word}", path.display());
        }
    }
}

/// Every file of the project's own that is read by a program other than the compiler, and has text.
fn scripts_and_lists() -> Vec<PathBuf> {
    let here = |folder: &str| root().join(folder);
    let mut found: Vec<PathBuf> = [".ci", "tests", "tests/programs", "tests/data", "."]
        .iter()
        .flat_map(|folder| fs::read_dir(here(folder)).expect("a folder of the project can be read"))
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| path.is_file())
        .collect();
    found.sort();
    found
}

#[test]
fn no_merge_is_left_half_done() {
    let marks = ["<<<<<<", "======", ">>>>>>"].map(|mark| format!("{mark}{}", &mark[..1]));
    let texts = sources().into_keys().chain(documents().into_keys()).map(|path| root().join(path));
    for path in texts.chain(scripts_and_lists()) {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let is_mark =
            |line: &str| marks.iter().any(|mark| line == mark || line.starts_with(&format!("{mark} ")));
        assert!(!text.lines().any(is_mark), "{} has marks of a merge", path.display());
    }
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut links = 0;
    for (path, text) in documents() {
        for link in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
            if link.is_empty() || link.contains("://") || link.contains(char::is_whitespace) {
                continue;
            }
            let folder = root().join(path.parent().expect("a file is in a folder"));
            assert!(folder.join(link).exists(), "{} links to {link}, which is not there", path.display());
            links += 1;
        }
    }
    assert!(links > 10, "the documents are linked");
}

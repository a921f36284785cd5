//! `cerium run` over every guest of `tests/programs`: how each ends, what it says, and that it does so twice.
#![allow(missing_docs, reason = "tests say what they test by their names")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use support::{Finished, Folder, LIBRARY, PROGRAM, cerium, finish, image, library, programs};

/// A line of expected.tsv.
struct Row {
    guest: String,
    options: Vec<String>,
    status: i32,
    line: Option<String>,
}

fn rows() -> Vec<Row> {
    let text = fs::read_to_string(programs().join("expected.tsv")).unwrap();
    let row = |line: &str| {
        let [guest, options, status, line] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("four columns: {line}")
        };
        Row {
            guest: guest.to_owned(),
            options: options.split_whitespace().map(str::to_owned).collect(),
            status: status.parse().unwrap(),
            line: (line != "-").then(|| line.to_owned()),
        }
    };
    text.lines().filter(|line| !line.starts_with('#')).map(row).collect()
}

fn guest(processor: &str, name: &str) -> PathBuf {
    programs().join("bin").join(processor).join(name).with_extension("exe")
}

fn run(options: &[&str], file: &Path) -> Finished {
    finish(cerium().arg("run").args(options).arg(file))
}

/// Whether an image loads at its base only.
fn is_fixed(file: &Path) -> bool {
    let inspected = finish(cerium().args(["inspect", "--json"]).arg(file));
    let value: Value = serde_json::from_str(&inspected.stdout).unwrap();
    value["relocations"]["stripped"].as_bool().unwrap()
}

/// Runs a row with a trace, and checks status and text.
fn check(row: &Row, file: &Path, extra: &[&str], trace: &Path) -> Finished {
    let mut options: Vec<&str> = row.options.iter().map(String::as_str).collect();
    options.extend(extra);
    options.extend(["--trace", trace.to_str().unwrap()]);
    let finished = run(&options, file);
    let Finished { status, stdout, stderr } = &finished;
    let told = format!("{} {options:?}\nstdout: {stdout}\nstderr: {stderr}", file.display());
    assert_eq!(*status, row.status, "{told}");
    match &row.line {
        Some(line) => assert!(stdout.lines().any(|said| said.starts_with(line.as_str())), "{told}"),
        None => assert_eq!(stdout, "", "{told}"),
    }
    finished
}

/// Every guest of a folder, each twice, at its own base and elsewhere.
fn check_folder(processor: &str) {
    let rows = rows();
    for entry in fs::read_dir(programs().join("bin").join(processor)).unwrap() {
        let file = entry.unwrap().path();
        let has_row = rows.iter().any(|row| file.file_stem().is_some_and(|stem| stem == row.guest.as_str()));
        assert!(
            has_row || file.extension().is_some_and(|extension| extension == "dll"),
            "{}",
            file.display()
        );
    }
    let folder = Folder::new(&format!("programs-{processor}"));
    let traces = [folder.0.join("one.txt"), folder.0.join("two.txt")];
    for row in rows {
        let file = guest(processor, &row.guest);
        if !file.exists() {
            // Not every guest is for every folder.
            continue;
        }
        let bases: &[&[&str]] = if is_fixed(&file) { &[&[]] } else { &[&[], &["--image-base", "0x60000"]] };
        for base in bases {
            let [one, two] = traces.each_ref().map(|trace| check(&row, &file, base, trace));
            assert_eq!((one.stdout, one.stderr), (two.stdout, two.stderr), "{} {base:?}", row.guest);
            if row.status == 124 {
                continue;
            }
            let [one, two] = traces.each_ref().map(|trace| fs::read(trace).unwrap());
            assert!(!one.is_empty() && one == two, "{}: the traces of two runs differ", file.display());
        }
    }
}

/// A folder whose processor is not run: each guest is refused by the processor's name.
fn check_refused_folder(processor: &str) {
    for entry in fs::read_dir(programs().join("bin").join(processor)).unwrap() {
        let file = entry.unwrap().path();
        let refused = run(&[], &file);
        assert_eq!((refused.status, refused.stdout.as_str()), (124, ""), "{}", file.display());
        let name = match processor {
            "armnt" => "Thumb-2",
            other => other,
        };
        let said = format!("cerium: {}: a program for {name}, which cerium does not run", file.display());
        assert!(refused.stderr.starts_with(&said), "{}", refused.stderr);
    }
}

#[test]
fn every_row_is_some_guests() {
    let folders = ["armv4", "armv4i", "x86", "pascal-arm", "pascal-x86"];
    for row in rows() {
        assert!(folders.iter().any(|folder| guest(folder, &row.guest).exists()), "{}", row.guest);
    }
}

#[test]
fn armv4_guests_end_as_expected() {
    check_folder("armv4");
}

#[test]
fn armv4i_guests_end_as_expected() {
    check_folder("armv4i");
}

#[test]
fn pascal_guests_end_as_expected_on_arm() {
    check_folder("pascal-arm");
}

#[test]
fn pascal_guests_end_as_expected_on_x86() {
    check_folder("pascal-x86");
}

#[test]
fn x86_guests_end_as_expected() {
    check_folder("x86");
}

#[test]
fn armnt_guests_end_as_expected() {
    check_refused_folder("armnt");
}

#[test]
fn an_image_without_relocations_stays_where_it_was_linked_for() {
    let file = guest("armv4", "hello_fixed");
    assert_eq!(run(&["--image-base", "0x10000"], &file).status, 0);
    let refused = run(&["--image-base", "0x60000"], &file);
    assert_eq!((refused.status, refused.stdout.as_str()), (124, ""));
    assert!(refused.stderr.contains("0x60000: it has no relocations"), "{}", refused.stderr);
}

#[test]
fn an_image_is_not_loaded_where_none_can_lie() {
    for base in ["0x0", "0x60001", "0x40000000", "0xFFFF0000"] {
        let refused = run(&["--image-base", base], &guest("armv4", "hello"));
        assert_eq!((refused.status, refused.stdout.as_str()), (124, ""), "{base}");
        assert!(refused.stderr.contains("it cannot be loaded at 0x"), "{base}: {}", refused.stderr);
    }
}

/// Asserts that a text has each of these parts, in this order.
fn assert_parts(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let place = rest.find(part).unwrap_or_else(|| panic!("no {part:?} in its place in\n{text}"));
        rest = &rest[place + part.len()..];
    }
}

#[test]
fn an_exception_of_the_programs_own_that_nobody_handles_is_reported() {
    for processor in ["armv4", "armv4i", "x86"] {
        let file = guest(processor, "exceptions");
        let crashed = finish(cerium().arg("run").arg(&file).arg("die-raising"));
        assert_eq!((crashed.status, crashed.stdout.as_str()), (121, ""), "{processor}: {}", crashed.stderr);
        let parts = ["exception 0xe0000042", " at 0x0001", "exceptions.exe + 0x1", "return addresses:"];
        assert_parts(&crashed.stderr, &parts);
    }
}

#[test]
fn what_is_wrong_is_said_of_an_overwritten_cookie_and_of_a_jump_out_of_an_entry_point() {
    for (processor, word, status, why) in [
        ("x86", "die-buffer-cookie", "0xc0000409 (stack buffer overrun)", "the security cookie at 0x00"),
        ("x86", "die-gsfailure", "0xc0000409 (stack buffer overrun)", "a security cookie is overwritten"),
        ("x86", "die-jumping", "0xc0000029 (invalid unwind target)", "a library's entry point must return"),
        (
            "armv4i",
            "die-jumping",
            "0xc0000029 (invalid unwind target)",
            "a library's entry point must return",
        ),
        ("armv4", "die-resumed", "0xc0000029 (invalid unwind target)", "a library's entry point must return"),
    ] {
        let file = guest(processor, "exceptions");
        let crashed = finish(cerium().arg("run").arg(&file).arg(word));
        assert_eq!((crashed.status, crashed.stdout.as_str()), (121, ""), "{processor}: {}", crashed.stderr);
        assert_parts(&crashed.stderr, &["exception ", status, why, "return addresses:"]);
    }
}

/// The stack pointer is below the stack then, and no register is a frame.
#[test]
fn return_addresses_are_found_where_large_frames_have_used_up_the_stack() {
    for processor in ["armv4", "armv4i", "x86"] {
        let file = guest(processor, "exceptions");
        let crashed = finish(cerium().arg("run").arg(&file).arg("die-in-large-frames"));
        assert_eq!(crashed.status, 121, "{processor}: {}", crashed.stderr);
        let (_, addresses) = crashed.stderr.split_once("return addresses:\n").expect("a report");
        assert!(crashed.stderr.contains("exception 0xc00000fd (stack overflow)"), "{}", crashed.stderr);
        // On ARM the register with the return address is one.
        let expected = if processor == "x86" { 1 } else { 2 };
        assert!(addresses.lines().count() >= expected, "{processor}: {}", crashed.stderr);
    }
}

#[test]
fn an_object_of_cpp_that_nobody_catches_is_reported_or_terminates() {
    let throw = |word: &str| finish(cerium().arg("run").arg(guest("x86", "cpp")).arg(word));
    let uncaught = throw("uncaught");
    assert_eq!((uncaught.status, uncaught.stdout.as_str()), (121, ""));
    let parts = ["exception 0xe06d7363 (C++ exception) at 0x0001", "thrown: .?AUBoth@@", "return addresses:"];
    assert_parts(&uncaught.stderr, &parts);
    for (word, status, said) in [
        ("handler", 41, "cpp: last words"),
        ("back", 3, "cpp: few words"),
        ("noexcept", 3, ""),
        ("rethrow", 3, ""),
    ] {
        let ended = throw(word);
        assert_eq!((ended.status, ended.stdout.trim_end()), (status, said), "{word}: {}", ended.stderr);
    }
}

#[test]
fn an_unhandled_exception_is_reported_with_its_place() {
    for processor in ["armv4", "armv4i"] {
        let crashed = run(&[], &guest(processor, "null_write"));
        assert_eq!(crashed.status, 121);
        let parts = [
            "process 4 (\\Program\\null_write.exe): exception 0xc0000005 (access violation) at 0x0001",
            "null_write.exe + 0x1",
            "write at 00000000",
            "r0 ",
            "sp 0",
            "lr 0001",
            "pc 0001",
            "return addresses:",
            "null_write.exe + 0x1",
        ];
        assert_parts(&crashed.stderr, &parts);
    }
    let crashed = run(&[], &guest("x86", "null_write"));
    let parts = [
        "exception 0xc0000005 (access violation) at 0x0001",
        "null_write.exe + 0x1",
        "write at 00000000",
        "eax=",
        "esp=",
        "eip=0001",
        "return addresses:",
        "null_write.exe + 0x1",
    ];
    assert_parts(&crashed.stderr, &parts);
    let overflow = run(&[], &guest("armv4", "endless_recursion"));
    assert_parts(&overflow.stderr, &["exception 0xc00000fd (stack overflow)", "return addresses:"]);
}

#[test]
fn a_deadlock_is_told_with_its_threads_mutexes_and_cycle() {
    let stalled = run(&[], &guest("armv4", "deadlock"));
    assert_eq!(stalled.status, 120);
    let lines: Vec<&str> = stalled.stderr.lines().collect();
    assert_eq!(lines.len(), 4, "{}", stalled.stderr);
    assert_eq!(lines[0], "cerium: stalled: nobody can ever run again");
    // Ids are the kernel's affair; that they fit together is ours.
    let ids = |line: &str| -> Vec<String> {
        line.split(|letter: char| !letter.is_ascii_digit())
            .filter(|id| !id.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let (first, second) = (ids(lines[1]), ids(lines[2]));
    assert_parts(lines[1], &["thread ", "of process ", "deadlock.exe) waits for mutex", "(owned by thread "]);
    assert_parts(lines[2], &["thread ", "of process ", "deadlock.exe) waits for mutex", "(owned by thread "]);
    for name in ["\"deadlock A\"", "\"deadlock B\""] {
        assert_eq!(lines[1..3].iter().filter(|line| line.contains(name)).count(), 1, "{name}");
    }
    assert_eq!((first.first(), first.last()), (second.last(), second.first()));
    assert_ne!(first[1], second[1], "the threads are of two processes");
    let cycle = format!("cycle: thread {0} -> thread {1} -> thread {0}", first[0], second[0]);
    assert_eq!(lines[3].trim(), cycle);
}

#[test]
fn a_missing_function_is_named_with_its_ordinal_and_caller() {
    let missing = run(&[], &guest("armv4i", "missing_function"));
    assert_eq!(missing.status, 123);
    let parts =
        ["cerium: waveOutOpen (COREDLL ordinal 399)", "called from 0x0001", "missing_function.exe + 0x1"];
    assert_parts(&missing.stderr, &parts);
    let zero = run(&["--unimplemented", "zero"], &guest("armv4i", "missing_function"));
    assert_parts(
        &zero.stderr,
        &["waveOutOpen (COREDLL ordinal 399)", "missing_function.exe + 0x1", "returns 0"],
    );
}

#[test]
fn extreme_limits_are_limits() {
    let file = guest("armv4", "hello");
    for (options, status) in [
        (["--memory-limit", "0"], 124),
        (["--memory-limit", "1"], 124),
        (["--memory-limit", "64KiB"], 124),
        (["--memory-limit", "100TiB"], 0),
        (["--step-limit", "0"], 122),
        (["--step-limit", "1"], 122),
        (["--step-limit", "18446744073709551615"], 0),
        (["--time-limit", "0s"], 122),
        (["--time-limit", "1000000y"], 0),
    ] {
        let finished = run(&options, &file);
        assert_eq!(finished.status, status, "{options:?}: {}", finished.stderr);
    }
    let long = "x".repeat(100_000);
    let finished = finish(cerium().args(["run", "--memory-limit", "200KiB"]).arg(&file).arg(&long));
    assert_eq!(finished.status, 124);
    assert!(finished.stderr.contains("not enough memory"), "{}", finished.stderr);
}

#[test]
fn imports_that_cannot_be_had_are_named() {
    let unknown = run(&[], &guest("armv4", "unknown_import"));
    assert_parts(&unknown.stderr, &["unknown_import.exe: ", "ordinal 60000", "COREDLL.dll", "no CE version"]);
    let missing = run(&[], &guest("armv4", "missing_dll"));
    assert_parts(&missing.stderr, &["missing_dll.exe: ", "NOSUCH.dll", "not there"]);
}

#[test]
fn limits_are_named() {
    let file = guest("armv4", "endless_loop");
    let ended = run(&["--time-limit", "100ms"], &file);
    assert_eq!((ended.status, ended.stderr.as_str()), (122, "cerium: ended by the limit of virtual time\n"));
    let ended = run(&["--step-limit", "12345"], &file);
    assert_eq!((ended.status, ended.stderr.as_str()), (122, "cerium: ended by the limit of steps\n"));
}

#[test]
fn the_summary_is_json_that_agrees_with_the_run() {
    let folder = Folder::new("summary");
    let path = folder.0.join("summary.json");
    let summary = |options: &[&str], name: &str| -> Value {
        let mut all = vec!["--summary", path.to_str().unwrap()];
        all.extend(options);
        let finished = run(&all, &guest("armv4", name));
        let value: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        assert_eq!(value["status"], finished.status, "{name}");
        value
    };
    let value = summary(&[], "two_process_mutex");
    assert_eq!((&value["verdict"], &value["exit_code"]), (&"finished".into(), &0.into()));
    let ends: Vec<&Value> =
        value["processes"].as_array().unwrap().iter().map(|end| &end["exit_code"]).collect();
    assert_eq!(ends, [77, 0], "the child ends first");
    assert_eq!(value["calls"]["CreateMutex"], 2);
    assert!(value["instructions"].as_u64().unwrap() > 1000 && value["virtual_time_ns"].as_u64().unwrap() > 0);
    assert_eq!((value["stalled"].as_array().unwrap().len(), &value["limit"]), (0, &Value::Null));

    let value = summary(&[], "deadlock");
    assert_eq!((&value["verdict"], &value["exit_code"]), (&"stalled".into(), &Value::Null));
    let stalled = value["stalled"].as_array().unwrap();
    assert_eq!(stalled.len(), 2);
    assert_eq!(stalled[0]["waits_for"][0]["owner"], stalled[1]["thread"]);
    assert_eq!(stalled[1]["waits_for"][0]["owner"], stalled[0]["thread"]);

    let value = summary(&[], "null_write");
    assert_eq!((&value["verdict"], &value["exit_code"]), (&"finished".into(), &0xC000_0005u32.into()));
    assert!(value["processes"][0]["exception"].as_str().unwrap().contains("0xc0000005"));

    let value = summary(&["--step-limit", "5000"], "endless_loop");
    assert_eq!((&value["verdict"], &value["limit"]), (&"limit".into(), &"the limit of steps".into()));

    let value = summary(&[], "missing_function");
    assert_eq!(value["verdict"], "missing");
    assert!(value["missing"]["function"].as_str().unwrap().contains("waveOutOpen"));
}

/// What every refusal has: status 124, nothing on stdout, and a line that begins with the file's name.
fn assert_refused(file: &Path, parts: &[&str]) {
    let refused = run(&[], file);
    assert_eq!((refused.status, refused.stdout.as_str()), (124, ""), "{}", file.display());
    let said = refused.stderr.strip_prefix(&format!("cerium: {}: ", file.display()));
    let said = said.unwrap_or_else(|| panic!("{}: {}", file.display(), refused.stderr));
    assert!(said.lines().count() == 1 && said.len() > 10, "{said}");
    assert_parts(said, parts);
}

#[test]
fn files_that_are_no_programs_are_refused() {
    let folder = Folder::new("hostile");
    let code = 0xE12F_FF1Eu32.to_le_bytes();
    let place = "at file offset ";
    assert_refused(&folder.write("empty.exe", ""), &["empty", place, "expected"]);
    assert_refused(&folder.write("text.exe", "10 PRINT \"MZ\"\n"), &["text", place, "expected"]);
    assert_refused(&folder.write("noise.exe", [0x01; 5000]), &["unknown data", place, "expected"]);
    assert_refused(&folder.write("mz.exe", "MZ"), &["cut short", place, "expected"]);
    let desktop = folder.write("desktop.exe", image(0x14C, 2, PROGRAM, 0, &code));
    assert_refused(&desktop, &["desktop Windows program", place, "Subsystem", "Windows CE"]);
    let console = folder.write("console.exe", image(0x14C, 3, PROGRAM, 0, &code));
    assert_refused(&console, &["desktop Windows program", "console", place, "Subsystem"]);
    let mips = folder.write("mips.exe", image(0x166, 9, PROGRAM, 0, &code));
    assert_refused(&mips, &["CE image for MIPS", place, "Machine"]);
    assert_refused(&folder.write("a.dll", library()), &["a library (DLL)"]);
    assert_refused(&folder.write("b.exe", image(0x1C0, 9, LIBRARY, 0, &code)), &["a library (DLL)"]);
    assert_refused(&folder.0, &["a folder"]);
    assert_refused(&folder.0.join("nothing.exe"), &["cannot be read"]);
    // And the image that they are made from is a program: its entry point returns its first argument.
    let good = folder.write("good.exe", image(0x1C0, 9, PROGRAM, 0, &code));
    assert_eq!(run(&[], &good).status, 119);
}

#[test]
fn a_program_cut_short_anywhere_is_refused() {
    let folder = Folder::new("cut");
    let whole = fs::read(guest("armv4", "hello")).unwrap();
    // Every boundary of the headers, then steps that meet each section.
    let lengths = (0..0x400).step_by(13).chain((0x400..whole.len()).step_by(97)).chain([whole.len() - 1]);
    for length in lengths {
        let file = folder.write("cut.exe", &whole[..length]);
        match length {
            0 => assert_refused(&file, &["empty"]),
            1 => assert_refused(&file, &["at file offset "]),
            _ => assert_refused(&file, &["at file offset ", "expected"]),
        }
    }
}

#[test]
fn standard_input_is_the_guests() {
    let folder = Folder::new("programs-stdin");
    let input = folder.0.join("input.txt");
    fs::write(&input, "one\ntwo words\nnumbers\n 12 30\n-2").unwrap();
    for processor in ["x86", "armv4", "armv4i"] {
        let mut command = cerium();
        command.arg("run").arg(guest(processor, "libc_stdio")).arg("echo");
        let Finished { status, stdout, stderr } = finish(command.stdin(fs::File::open(&input).unwrap()));
        assert_eq!((status, stderr.as_str()), (0, ""), "{processor}");
        assert_eq!(stdout, "[one\n][two words\n]sum 40, end 1\n", "{processor}");
    }
}

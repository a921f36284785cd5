//! The device that the command line asks for.
#![allow(missing_docs, reason = "tests say what they test by their names")]

use std::fs;
use std::process::{Command, Output};

const SCENARIO: &str = r#"
device{ ce = 7, start_date = "2010-05-05" }
process("asker", function()
  local _, version = GetVersionEx()
  local date = GetSystemTime()
  print(version.dwMajorVersion, date.wYear .. "-" .. date.wMonth .. "-" .. date.wDay .. " " .. date.wHour)
end)
"#;

fn run(name: &str, text: &str, options: &[&str]) -> Output {
    let folder = std::env::temp_dir().join(format!("cerium-device-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join(name);
    fs::write(&file, text).unwrap();
    let ran =
        Command::new(env!("CARGO_BIN_EXE_cerium")).arg("run").args(options).arg(&file).output().unwrap();
    fs::remove_file(&file).unwrap();
    ran
}

#[test]
fn the_command_line_chooses_version_and_date_before_the_scenario() {
    let said = |options: &[&str]| {
        let ran = run(&format!("{}.lua", options.len()), SCENARIO, options);
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8(ran.stdout).unwrap()
    };
    assert_eq!(said(&[]), "7\t2010-5-5 0\n");
    assert_eq!(said(&["--ce", "2013"]), "8\t2010-5-5 0\n");
    assert_eq!(said(&["--ce=5", "--start-date", "1999-12-31 23:30"]), "5\t1999-12-31 23\n");
}

#[test]
fn versions_and_dates_that_there_are_not_are_wrong_usage() {
    for wrong in [&["--ce", "4"][..], &["--start-date", "2006-02-30"]] {
        assert_eq!(run("wrong.lua", SCENARIO, wrong).status.code(), Some(2));
    }
    for wrong in ["device{ ce = 4 }", "device{ start_date = 'noon' }", "device{ memory = 1 }", "device()"] {
        let ran =
            run("bad.lua", &SCENARIO.replace("device{ ce = 7, start_date = \"2010-05-05\" }", wrong), &[]);
        assert_eq!(ran.status.code(), Some(124), "{wrong}");
    }
}

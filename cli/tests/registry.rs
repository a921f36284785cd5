//! `--registry` and `--save-registry`.
#![allow(missing_docs, reason = "tests say what they test by their names")]

mod support;

use std::fs;

use support::{Folder, cerium, finish};

const BEFORE: &str =
    "REGEDIT4\n\n[HKEY_LOCAL_MACHINE\\Software\\Mine]\n\"Count\"=dword:00000029\n\"Old\"=\"x\"\n";
const AFTER: &str = "Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\Software\\Mine]\n\
    \"Count\"=dword:0000002a\n\n[HKEY_LOCAL_MACHINE\\Software\\Mine\\New]\n@=\"caf\u{e9}\"\n";

const SCENARIO: &str = r#"
process("main", function()
  local status, key = RegOpenKeyEx(HKEY_LOCAL_MACHINE, "SOFTWARE\\mine", 0, 0)
  check(status == 0)
  local status, kind, data = RegQueryValueEx(key, "count", nil, 100)
  check(status == 0 and kind == REG_DWORD)
  check(RegSetValueEx(key, "Count", 0, REG_DWORD, string.pack("<I4", string.unpack("<I4", data) + 1)) == 0)
  check(RegDeleteValue(key, "old") == 0)
  local status, new, how = RegCreateKeyEx(key, "New", 0, nil, 0, 0, nil)
  check(status == 0 and how == REG_CREATED_NEW_KEY)
  check(RegSetValueEx(new, nil, 0, REG_SZ, "c\0a\0f\0\xe9\0\0\0") == 0)
  local status, name = RegEnumKeyEx(key, 0, 100, nil, nil)
  check(status == 0 and name == "New")
  check(RegEnumKeyEx(key, 1, 100, nil, nil) == ERROR_NO_MORE_ITEMS)
end)
"#;

#[test]
fn guests_find_what_the_file_says_and_leave_it_changed() {
    let folder = Folder::new("registry");
    let scenario = folder.write("change.lua", SCENARIO);
    let before = folder.write("before.reg", BEFORE);
    let after = folder.0.join("after.reg");
    let mut command = cerium();
    let command = command.arg("run").arg("--registry").arg(before).arg("--save-registry").arg(&after);
    let finished = finish(command.arg(scenario));
    assert_eq!(finished.status, 0, "{}", finished.stderr);
    assert_eq!(fs::read_to_string(after).unwrap(), AFTER);
}

#[test]
fn a_file_that_is_no_registry_is_refused_with_its_line() {
    let folder = Folder::new("registry-wrong");
    let scenario = folder.write("empty.lua", "process(\"main\", function() end)");
    let wrong = folder.write("wrong.reg", "REGEDIT4\n[HKEY_LOCAL_MACHINE\\a]\n\"x\"=dword:xyz\n");
    let finished = finish(cerium().arg("run").arg("--registry").arg(&wrong).arg(&scenario));
    assert_eq!(finished.status, 124);
    let place = format!("{}: line 3: ", wrong.display());
    assert!(finished.stderr.contains(&place), "{}", finished.stderr);
    let finished = finish(cerium().arg("run").arg("--registry").arg("nothing.reg").arg(&scenario));
    assert_eq!(finished.status, 124);
    assert!(finished.stderr.contains("nothing.reg"), "{}", finished.stderr);
}

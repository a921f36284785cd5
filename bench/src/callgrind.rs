//! Instruction counts: this program again, under callgrind.

use std::process::Command;

/// Whether callgrind can be run here.
pub fn is_present() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success())
}

/// What is said where it cannot.
pub const MISSING: &str =
    "valgrind is not installed: no instruction counts (they are in its Debian package, valgrind)";

/// How many host instructions one more iteration of `once program` takes. The difference of two runs, so
/// that what comes before and after the iterations cancels.
pub fn instructions(program: &str, iterations: (u64, u64)) -> Result<f64, String> {
    crate::progress(&format!("counting the instructions of {program}"));
    let (few, many) = iterations;
    let difference = count(program, many)? as f64 - count(program, few)? as f64;
    Ok(difference / (many - few) as f64)
}

fn count(program: &str, iterations: u64) -> Result<u64, String> {
    let this = std::env::current_exe().map_err(|error| format!("this program cannot be found: {error}"))?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(this)
        .args(["once", program, &iterations.to_string()])
        .output()
        .map_err(|error| format!("valgrind cannot be started: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("{program} did not end well under callgrind:\n{said}"));
    }
    let count = said.lines().find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok());
    count.ok_or_else(|| format!("callgrind said no count for {program}:\n{said}"))
}

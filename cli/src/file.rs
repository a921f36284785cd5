//! Reads the file that the user named, and writes to stdout.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;

use crate::status;

/// The largest file that is looked at: no image may be larger in memory.
const LARGEST_FILE: u64 = 512 << 20;

/// Reads a program's or library's file; the error is for people.
pub fn read(file: &Path) -> Result<Vec<u8>, String> {
    let name = file.display();
    let unreadable = |error: io::Error| format!("{name}: cannot be read: {error}");
    let opened = File::open(file).map_err(unreadable)?;
    if opened.metadata().map_err(unreadable)?.is_dir() {
        return Err(format!("{name}: a folder; give the program's file"));
    }
    // The size that a file claims is not asked: a device has none, and no end either.
    let mut bytes = Vec::new();
    opened.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(format!("{name}: more than {LARGEST_FILE} bytes; no CE program has as many"));
    }
    Ok(bytes)
}

/// Writes to stdout, and returns the exit status. A reader that went away is nobody's trouble.
pub fn print(text: &str) -> u8 {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            eprintln!("cerium: stdout cannot be written: {error}");
            status::BAD_FILE
        }
        _ => 0,
    }
}

/// Writes a value to stdout as one JSON document, and returns the exit status.
pub fn print_json(value: &impl serde::Serialize) -> u8 {
    let text = serde_json::to_string_pretty(value).expect("our own structures can be written");
    print(&(text + "\n"))
}

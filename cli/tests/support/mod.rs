//! What the command's tests share: running it, the guests, folders of their own, and small images.
#![allow(dead_code, reason = "each test binary uses a part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The `cerium` command.
pub fn cerium() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cerium"));
    command.env_remove("RUST_LOG");
    command
}

/// A finished command.
pub struct Finished {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

/// Runs a command to its end.
pub fn finish(command: &mut Command) -> Finished {
    let Output { status, stdout, stderr } = command.output().expect("the command was built");
    Finished {
        status: status
            .code()
            .unwrap_or_else(|| panic!("ended by a signal: {}", String::from_utf8_lossy(&stderr))),
        stdout: String::from_utf8(stdout).expect("text"),
        stderr: String::from_utf8(stderr).expect("text"),
    }
}

/// The project's guests.
pub fn programs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/programs").canonicalize().expect("the guests")
}

/// A folder that is empty at first and goes with the value.
pub struct Folder(pub PathBuf);

impl Folder {
    /// A folder for the test of this name.
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("cerium-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("the temporary folder can be written");
        Folder(path.canonicalize().expect("it was made just now"))
    }

    /// Writes a file into it.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, bytes).expect("the folder can be written");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Characteristics of a library: executable, 32-bit, DLL.
pub const LIBRARY: u16 = 0x2102;
/// Characteristics of a program without relocations.
pub const PROGRAM: u16 = 0x0103;

/// A small image: one page of headers, one of code. `data` stands at rva 0x1000, where a program begins.
pub fn image(machine: u16, subsystem: u16, characteristics: u16, exports: u32, data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; 0x400];
    let mut put = |at: usize, value: &[u8]| bytes[at..at + value.len()].copy_from_slice(value);
    put(0, b"MZ");
    put(60, &0x80u32.to_le_bytes());
    put(0x80, b"PE\0\0");
    put(0x84, &machine.to_le_bytes());
    put(0x86, &1u16.to_le_bytes());
    put(0x94, &0xE0u16.to_le_bytes());
    put(0x96, &characteristics.to_le_bytes());
    let optional = 0x98;
    put(optional, &0x10Bu16.to_le_bytes());
    let words = [
        (16, 0x1000),   // AddressOfEntryPoint
        (28, 0x1_0000), // ImageBase
        (32, 0x1000),   // SectionAlignment
        (36, 0x200),    // FileAlignment
        (56, 0x2000),   // SizeOfImage
        (60, 0x200),    // SizeOfHeaders
        (72, 0x1_0000), // SizeOfStackReserve
        (92, 16),       // NumberOfRvaAndSizes
    ];
    for (at, word) in words {
        put(optional + at, &u32::to_le_bytes(word));
    }
    put(optional + 48, &5u16.to_le_bytes());
    put(optional + 68, &subsystem.to_le_bytes());
    if exports != 0 {
        put(optional + 96, &exports.to_le_bytes());
        put(optional + 100, &0x80u32.to_le_bytes());
    }
    let section = optional + 0xE0;
    put(section, b".text");
    for (at, word) in [(8, 0x200u32), (12, 0x1000), (16, 0x200), (20, 0x200), (36, 0x6000_0020)] {
        put(section + at, &word.to_le_bytes());
    }
    put(0x200, data);
    bytes
}

/// A library for ARM that exports `First` at 1 and 3, and forwards `Second` at 2.
pub fn library() -> Vec<u8> {
    let mut data = vec![0; 0x100];
    // bx lr, where a program would begin and where the exports are.
    data[..4].copy_from_slice(&0xE12F_FF1Eu32.to_le_bytes());
    let words: [(usize, u32); 13] = [
        (0x20 + 12, 0x10A0), // its own name
        (0x20 + 16, 1),      // the first ordinal
        (0x20 + 20, 3),
        (0x20 + 24, 2),
        (0x20 + 28, 0x1048),
        (0x20 + 32, 0x1054),
        (0x20 + 36, 0x105C),
        (0x48, 0x1000),
        (0x4C, 0x1080), // within the table: a forward
        (0x50, 0x1004),
        (0x54, 0x1068),
        (0x58, 0x1070),
        (0x5C, 0x0001_0000), // ordinals of the two names: the first and the second
    ];
    for (at, word) in words {
        data[at..at + 4].copy_from_slice(&word.to_le_bytes());
    }
    for (at, text) in [(0x68, "First"), (0x70, "Second"), (0x80, "OTHER.Third"), (0xA0, "small.dll")] {
        data[at..at + text.len()].copy_from_slice(text.as_bytes());
    }
    image(0x1C0, 9, LIBRARY, 0x1020, &data)
}

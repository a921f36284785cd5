//! Libraries that a guest loads: one of those that the guest `libraries` uses is the fuzzer's.

use cerium_files::{Access, Disposition, FileSystem, OpenRequest, Share, attributes};
use cerium_guest::Machine;
use cerium_loader::{FileImages, ImageFile, Options, load};

use crate::run_and_audit;

const STEPS: u64 = 40_000;
const MEMORY: u64 = 4 << 20;

const FOLDER: &str = "\\Program";

/// A program with the libraries that lie beside it.
struct Guests {
    program: &'static [u8],
    libraries: [(&'static str, &'static [u8]); 5],
}

macro_rules! guest {
    ($processor:literal, $name:literal) => {
        include_bytes!(concat!("../../tests/programs/bin/", $processor, "/", $name))
    };
}

macro_rules! guests {
    ($processor:literal) => {
        Guests {
            program: guest!($processor, "libraries.exe"),
            libraries: [
                ("first.dll", guest!($processor, "first.dll")),
                ("second.dll", guest!($processor, "second.dll")),
                ("third.dll", guest!($processor, "third.dll")),
                ("refuse.dll", guest!($processor, "refuse.dll")),
                ("broken.dll", guest!($processor, "broken.dll")),
            ],
        }
    };
}

const ARM: Guests = guests!("armv4");
const X86: Guests = guests!("x86");

/// IMAGE_FILE_MACHINE_I386.
const I386: [u8; 2] = [0x4C, 1];

/// Whether the bytes say that they are for x86.
fn is_x86(bytes: &[u8]) -> bool {
    let header = bytes.get(60..64).map(|at| u32::from_le_bytes(at.try_into().expect("four bytes")));
    let machine = header.and_then(|at| bytes.get(at.checked_add(4)? as usize..)?.get(..2));
    machine == Some(&I386)
}

fn write(files: &mut FileSystem, name: &str, bytes: &[u8]) {
    let path: Vec<u16> = format!("{FOLDER}\\{name}").encode_utf16().collect();
    let opened = files.open(OpenRequest {
        name: &path,
        access: Access { read: false, write: true },
        share: Share::default(),
        disposition: Disposition::CreateAlways,
        attributes: attributes::NORMAL,
        delete_on_close: false,
        write_through: false,
    });
    let id = opened.expect("the folder is in memory").id;
    files.write(id, bytes).expect("there is room for a library");
    files.close(id);
}

/// Lets the bytes be each of two libraries: one that the program imports, and one that it loads.
pub fn run(bytes: &[u8]) {
    let guests = if is_x86(bytes) { X86 } else { ARM };
    for changed in ["first.dll", "third.dll"] {
        let _ = play(&guests, changed, bytes);
    }
}

/// Runs the program; gives the exit codes of its processes, none if it cannot be loaded.
fn play(guests: &Guests, changed: &str, bytes: &[u8]) -> Option<Vec<u32>> {
    let mut files = FileSystem::default();
    let folder: Vec<u16> = FOLDER.encode_utf16().collect();
    files.create_directory(&folder).expect("it is not there yet");
    write(&mut files, "libraries.exe", guests.program);
    for (name, own) in guests.libraries {
        write(&mut files, name, if name == changed { bytes } else { own });
    }
    let options = Options { memory_limit: MEMORY, ..Options::default() };
    let file = ImageFile { name: "libraries", path: "\\Program\\libraries.exe", bytes: guests.program };
    let prepared = match load(file, &[], &options, &mut files) {
        Ok(prepared) => prepared,
        Err(error) => {
            assert!(error.to_string().starts_with("libraries: "));
            return None;
        }
    };
    let mut machine = Machine::new(Box::new(FileImages::new(options)));
    machine.set_files(files);
    machine.start(prepared, "").expect("there is room for the first process");
    let _ = run_and_audit(&mut machine, STEPS);
    Some(machine.statistics().ended.iter().map(|ended| ended.exit_code).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_its_own_libraries_the_program_finds_nothing_amiss() {
        for guests in [ARM, X86] {
            let codes = play(&guests, "", &[]).expect("it can be loaded");
            assert_eq!(codes.last(), Some(&0), "{codes:?}");
        }
    }

    #[test]
    fn another_library_in_a_place_is_noticed() {
        for guests in [ARM, X86] {
            assert_eq!(play(&guests, "first.dll", b"MZ"), None);
            let (_, third) = guests.libraries[2];
            assert!(is_x86(third) == is_x86(guests.program));
            assert_ne!(play(&guests, "third.dll", guests.libraries[1].1).unwrap().last(), Some(&0));
        }
    }
}

//! Whole images, through the loader and a machine.

use cerium_files::FileSystem;
use cerium_guest::{Images, Machine, Prepared};
use cerium_kernel::{CeResult, Win32Error};
use cerium_loader::{ImageFile, Options, Unimplemented, load};

use crate::run_and_audit;

const STEPS: u64 = 20_000;
const MEMORY: u64 = 4 << 20;

/// Every name is this file, so that guests that start themselves can.
struct Itself {
    bytes: Vec<u8>,
    options: Options,
    left: u32,
}

impl Images for Itself {
    fn load(&mut self, files: &mut FileSystem, _: &[u16], command_line: &[u16]) -> CeResult<Prepared> {
        self.left = self.left.checked_sub(1).ok_or(Win32Error::NOT_ENOUGH_MEMORY)?;
        prepare(&self.bytes, command_line, &self.options, files).ok_or(Win32Error::BAD_EXE_FORMAT)
    }
}

fn prepare(
    bytes: &[u8],
    command_line: &[u16],
    options: &Options,
    files: &mut FileSystem,
) -> Option<Prepared> {
    let file = ImageFile { name: "fuzz", path: "\\Program\\fuzz.exe", bytes };
    match load(file, command_line, options, files) {
        Ok(prepared) => Some(prepared),
        Err(error) => {
            assert!(error.to_string().starts_with("fuzz: "));
            None
        }
    }
}

/// Loads the bytes as a program and runs it for a while.
pub fn run(bytes: &[u8]) {
    let options = Options { memory_limit: MEMORY, unimplemented: Unimplemented::Zero, ..Options::default() };
    let Some(prepared) = prepare(bytes, &[], &options, &mut FileSystem::default()) else { return };
    let images = Itself { bytes: bytes.to_vec(), options, left: 8 };
    let mut machine = Machine::new(Box::new(images));
    if machine.start(prepared, "").is_ok() {
        let _ = run_and_audit(&mut machine, STEPS);
    }
}

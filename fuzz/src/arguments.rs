//! Every row of the API with hostile arguments, from executables, several processes at once.

use cerium_files::FileSystem;
use cerium_guest::{Images, Machine, Prepared, Verdict};
use cerium_kernel::{CeResult, Win32Error};
use cerium_loader::{ImageFile, Options, load};

use crate::run_and_audit;
use crate::script::{Bytes, Script};

const STEPS: u64 = 12_000;
const MEMORY: u64 = 1 << 20;
const PROCESSES: u8 = 3;
/// How many processes guests may start.
const CHILDREN: u32 = 6;

/// CreateProcess finds the scripts, in turn.
struct Scripts {
    images: Vec<Vec<u8>>,
    started: u32,
}

fn prepare(image: &[u8]) -> CeResult<Prepared> {
    let options = Options { memory_limit: MEMORY, ..Options::default() };
    let file = ImageFile { name: "script", path: "\\Program\\script.exe", bytes: image };
    load(file, &[], &options, &mut FileSystem::default()).map_err(|_| Win32Error::NOT_ENOUGH_MEMORY)
}

impl Images for Scripts {
    fn load(&mut self, _: &mut FileSystem, _: &[u16], _: &[u16]) -> CeResult<Prepared> {
        if self.started == CHILDREN {
            return Err(Win32Error::FILE_NOT_FOUND);
        }
        self.started += 1;
        prepare(&self.images[self.started as usize % self.images.len()])
    }
}

/// Makes programs of the bytes and runs them, with an audit after each call.
pub fn run(bytes: &[u8]) {
    let _ = play(bytes);
}

fn play(bytes: &[u8]) -> (Machine, Verdict) {
    let mut bytes = Bytes::new(bytes);
    let count = 1 + bytes.byte() % PROCESSES;
    let images: Vec<Vec<u8>> = (0..count).map(|_| Script::read(&mut bytes).image()).collect();
    let prepared: Vec<Prepared> =
        images.iter().map(|image| prepare(image).expect("a script can always be loaded")).collect();
    let mut machine = Machine::new(Box::new(Scripts { images, started: 0 }));
    machine.set_audit(true);
    for program in prepared {
        machine.start(program, "a \"b c\"").expect("there is room for the first processes");
    }
    let verdict = run_and_audit(&mut machine, STEPS);
    (machine, verdict)
}

#[cfg(test)]
mod tests {
    use cerium_coredll::catalogue::Processor;

    use super::*;
    use crate::script::functions;

    fn place(processor: Processor, name: &str) -> [u8; 2] {
        let place = functions(processor).iter().position(|row| row.export == name);
        (place.expect("it is in the table") as u16).to_le_bytes()
    }

    #[test]
    fn a_script_makes_its_calls_with_what_earlier_ones_returned() {
        for (number, processor) in [(0, Processor::Arm), (1, Processor::X86)] {
            // One process: CreateEventW(0, 0, 1, 0) to result 1; WaitForSingleObject and CloseHandle of it.
            let mut bytes = vec![0, number];
            bytes.extend(place(processor, "CreateEventW"));
            bytes.extend([0x41, 0, 0, 1 << 3, 0]);
            bytes.extend(place(processor, "WaitForSingleObject"));
            bytes.extend([0x22, (1 << 3) + 3, 31 << 3]);
            bytes.extend(place(processor, "CloseHandle"));
            bytes.extend([0x12, (1 << 3) + 3]);
            let (machine, verdict) = play(&bytes);
            assert_eq!(verdict, Verdict::Finished);
            let calls = machine.statistics();
            assert_eq!(calls.all_calls(), 3, "{processor:?}");
            assert!(calls.ended[0].crash.is_none());
        }
    }

    #[test]
    fn every_function_can_be_called() {
        for (number, processor) in [(0, Processor::Arm), (1, Processor::X86)] {
            for function in functions(processor) {
                let mut bytes = vec![0, number];
                bytes.extend(place(processor, function.export));
                bytes.push(0);
                let _ = play(&bytes);
            }
        }
    }
}

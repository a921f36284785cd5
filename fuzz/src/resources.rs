//! Trees of resources: the fuzzer's bytes are a program's resources, and the program looks for what is in them.

use cerium_coredll::catalogue::Processor;
use cerium_files::FileSystem;
use cerium_guest::{Machine, NativeImages};
use cerium_loader::{ImageFile, Options, load};

use crate::run_and_audit;
use crate::script::{Argument, Bytes, Script};

const CURRENT_PROCESS: u32 = 0x42;

const STEPS: u64 = 12_000;
const MEMORY: u64 = 1 << 20;

/// Types and names that are looked for beside those that the bytes name: what the seeds have, RT_STRING.
const IDENTIFIERS: [u16; 4] = [6, 1, 10, 42];

/// The first bytes are two numbers that are looked for, the rest is the tree.
pub fn run(bytes: &[u8]) {
    for processor in [Processor::Arm, Processor::X86] {
        let _ = play(processor, bytes);
    }
}

/// Runs the program. Its exit code is the length of the string with the first number, 0 if there is none.
fn play(processor: Processor, bytes: &[u8]) -> Option<u32> {
    let mut head = Bytes::new(bytes);
    let wanted = [head.half(), head.half()];
    let tree = bytes.get(4..).unwrap_or_default();
    let mut script = Script::new(processor);
    let numbers = || wanted.into_iter().chain(IDENTIFIERS).map(u32::from);
    for of_type in wanted.into_iter().chain([IDENTIFIERS[2]]).map(u32::from) {
        for name in numbers().take(3) {
            let found = script.call("FindResourceW", &[0.into(), name.into(), of_type.into()]);
            script.call("SizeofResource", &[0.into(), found]);
            script.call("LoadResource", &[0.into(), found]);
        }
    }
    let lengths: Vec<Argument> = numbers()
        .map(|id| script.call("LoadStringW", &[0.into(), id.into(), Script::ROOM.into(), 64.into()]))
        .collect();
    // A name that is text, and a handle that no search gave.
    script.call("FindResourceW", &[0.into(), Script::wide(1).into(), Script::wide(1).into()]);
    script.call("LoadResource", &[0.into(), u32::from(wanted[0]).into()]);
    script.call("TerminateProcess", &[CURRENT_PROCESS.into(), lengths[0]]);
    let image = script.image_with_resources(tree);
    let options = Options { memory_limit: MEMORY, ..Options::default() };
    let file = ImageFile { name: "resources", path: "\\resources.exe", bytes: &image };
    let prepared = load(file, &[], &options, &mut FileSystem::default()).expect("a script can be loaded");
    let mut machine = Machine::new(Box::new(NativeImages::default()));
    machine.start(prepared, "").expect("there is room for the first process");
    let _ = run_and_audit(&mut machine, STEPS);
    machine.statistics().ended.first().map(|ended| ended.exit_code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_found_in_a_tree_and_not_outside_it() {
        let seed = include_bytes!("../seeds/resources/strings");
        for processor in [Processor::Arm, Processor::X86] {
            assert_eq!(play(processor, seed), Some(5), "the seventh string is \"seven\"");
            let mut other = seed.to_vec();
            other[0] = 9;
            assert_eq!(play(processor, &other), Some(0));
            assert_eq!(play(processor, &seed[..0x40]), Some(0));
            assert_eq!(play(processor, &[]), Some(0));
        }
    }
}

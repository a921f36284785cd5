//! Executables through the loader, audited: what must hold for each guest program, whatever it checks itself.
#![allow(missing_docs, reason = "tests say what they test by their names")]

use cerium_guest::Verdict;
use cerium_process::cost;
use cerium_tests::{Device, Outcome};

const FOLDERS: [&str; 3] = ["armv4", "armv4i", "x86"];

fn ends_with_0(outcome: &Outcome, what: &str) {
    assert_eq!(outcome.verdict, Verdict::Finished, "{what}");
    let first = outcome.ended.last().expect("the first process has ended");
    assert_eq!(first.exit_code, 0, "{what}: {}", outcome.output);
}

/// The harness asserts that the object table is empty at the end.
#[test]
fn small_programs_are_audited_at_every_step_and_leave_nothing() {
    for folder in FOLDERS {
        for program in [
            "hello.exe",
            "entry.exe",
            "make_my_mutex.exe",
            "two_process_mutex.exe",
            "trapend.exe",
            "libraries.exe",
            "callbacks.exe",
            "exceptions.exe",
            "endings.exe",
        ] {
            ends_with_0(&Device::with_program(folder, program).run(), program);
        }
    }
}

/// What a program prints but for the time that it took.
fn result(output: &str) -> Vec<&str> {
    output.split([' ', '\r', '\n']).filter(|word| word.parse::<u32>().is_err()).collect()
}

#[test]
fn a_quantum_of_a_thousand_or_ten_million_instructions_gives_the_same_results() {
    for folder in FOLDERS {
        for program in ["prodcons.exe", "two_process_mutex.exe", "msgqueue.exe", "cpu.exe", "exceptions.exe"]
        {
            let run = |instructions: u64| {
                let quantum = instructions * cost::INSTRUCTION;
                let outcome = Device::with_program(folder, program).audit(false).quantum(quantum).run();
                ends_with_0(&outcome, program);
                outcome.output
            };
            let (short, long) = (run(1_000), run(10_000_000));
            assert_eq!(result(&short), result(&long), "{program}");
        }
    }
}

#[test]
fn a_spinning_urgent_thread_starves_others_and_a_timeout_fires_on_its_tick() {
    for folder in FOLDERS {
        for quantum in [1_000, 10_000_000] {
            let device = Device::with_program(folder, "spin_starve.exe").audit(false);
            let outcome = device.quantum(quantum * cost::INSTRUCTION).run();
            ends_with_0(&outcome, "spin_starve");
            assert!(outcome.output.contains("0 steps below"), "{}", outcome.output);
        }
    }
}

#[test]
fn two_runs_give_one_trace() {
    for folder in FOLDERS {
        let run = || Device::with_program(folder, "prodcons.exe").audit(false).run().trace;
        assert!(run() == run(), "prodcons of {folder}");
    }
}

//! Random programs on the kernel and on the model, for as long as wanted.
//!
//! `cargo run --release -p cerium-tests --example random -- --operations 100000000 --seed 1`, or
//! `--replay FILE` for one listing. What differs is made shorter first, unless `--as-it-is` is given.
#![allow(clippy::disallowed_methods, reason = "somebody waits, and wants to see how fast it goes")]

use std::io::Write;
use std::process::ExitCode;
use std::time::Instant;

use cerium_tests::model::{generate, parse, run, shrink};

fn word(name: &str) -> Option<String> {
    let mut arguments = std::env::args();
    arguments.find(|argument| argument == name)?;
    arguments.next()
}

fn argument(name: &str) -> Option<u64> {
    word(name)?.parse().ok()
}

/// Runs one listing, and shows how it goes where it differs.
fn replay(path: &str) -> ExitCode {
    let text = std::fs::read_to_string(path).expect("a listing can be read");
    let program = parse(&text).unwrap_or_else(|line| panic!("{line}"));
    match run(&program) {
        Ok(ran) => println!("{path}: {} calls, no difference", ran.calls),
        Err(difference) => {
            println!("{path}\n{difference}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn main() -> ExitCode {
    if let Some(path) = word("--replay") {
        return replay(&path);
    }
    let operations = argument("--operations").unwrap_or(1_000_000);
    let first = argument("--seed").unwrap_or(1);
    let started = Instant::now();
    let (mut calls, mut blocked, mut failed, mut told) = (0, 0, 0, 0);
    let mut seed = first;
    std::panic::set_hook(Box::new(|_| {}));
    while calls < operations {
        let program = generate(seed);
        match run(&program) {
            Ok(ran) => {
                calls += ran.calls;
                blocked += ran.blocked;
                failed += ran.failed;
            }
            Err(difference) => {
                let as_it_is = std::env::args().any(|argument| argument == "--as-it-is");
                let (program, difference) = if as_it_is { (program, difference) } else { shrink(&program) };
                println!("# seed {seed}\n{program}\n{difference}");
                return ExitCode::FAILURE;
            }
        }
        seed += 1;
        if calls / 1_000_000 > told {
            told = calls / 1_000_000;
            let seconds = started.elapsed().as_secs_f64();
            print!("{told} million operations, {} programs, {seconds:.0} s\r", seed - first);
            let _ = std::io::stdout().flush();
        }
    }
    println!("{calls} operations, {} programs: no difference", seed - first);
    println!("{}% of the calls blocked, {}% failed", blocked * 100 / calls, failed * 100 / calls);
    ExitCode::SUCCESS
}

//! Measures cerium against its peers and against the figures that it is to reach.
//!
//! `kernel` measures operations of the kernel through native guests on the product's own machine; `cpu`
//! measures the instructions of an executable. Every program of a table takes turns with the others, and a
//! table shows the medians: absolute times drift on a shared machine, ratios within one run hold. Instruction
//! counts come from callgrind, which runs this same program again with two iteration counts, so that what
//! comes before the first iteration cancels.
//!
//! Files: `operations` (what is measured of the kernel), `peers` (what it is held against), `kernel` and
//! `cpu` (the two commands), `callgrind`, `rounds` (turns and medians), `table` (rows, and how they print).
#![allow(clippy::disallowed_methods, reason = "the peers run on the host: its clock and its threads")]
#![allow(clippy::disallowed_types, reason = "the peers share what they measure")]

mod callgrind;
mod cpu;
mod kernel;
mod operations;
mod peers;
mod rounds;
mod table;

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

const EXAMPLES: &str = "\
Examples:
  bench kernel                     the kernel's operations, as a table
  bench cpu --json figures.json    guest code against qemu-arm, and a file for a gate";

#[derive(Parser)]
#[command(name = "bench", about = "Measures cerium against its peers.", after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Operations of the kernel, through native guests
    Kernel(Output),
    /// Instructions of an executable, through the loader
    Cpu(Output),
    /// Runs one of our programs and says nothing: what callgrind counts
    #[command(hide = true)]
    Once {
        /// The operation, or the executable's file
        program: String,
        /// How often
        iterations: u64,
    },
}

/// Where the figures go.
#[derive(Args)]
struct Output {
    /// Writes the rows to a file too, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// How many turns each program has
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Kernel(output) => kernel::measure(output.rounds, output.json.as_deref()),
        Command::Cpu(output) => cpu::measure(output.rounds, output.json.as_deref()),
        Command::Once { program, iterations } => once(&program, iterations),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("bench: {message}");
            ExitCode::FAILURE
        }
    }
}

fn once(program: &str, iterations: u64) -> Result<(), String> {
    match operations::OPERATIONS.iter().find(|operation| operation.name == program) {
        Some(operation) => {
            operation.run(iterations);
            Ok(())
        }
        None => cpu::run_file(program.as_ref(), iterations).map(drop),
    }
}

/// Says what is being done, to whoever sits in front of it.
fn progress(message: &str) {
    if std::io::stderr().is_terminal() {
        eprintln!("{message} …");
    }
}

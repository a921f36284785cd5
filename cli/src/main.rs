//! The `cerium` command, and what only it may do: read files, ask the terminal, be interrupted.
//!
//! `arguments` is what a user can say; `run` (with `scenario`), `inspect` and `api` do it; `summary` is what `--summary` writes;
//! `file` reads what the user named, `columns` lines up what people read; `status` is the contract of exit
//! statuses.
#![allow(clippy::disallowed_types, reason = "the command is above the machine, which forbids them")]

mod api;
mod arguments;
mod columns;
mod file;
mod inspect;
mod run;
mod scenario;
mod status;
mod summary;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};

fn main() -> ExitCode {
    // The log is for us: warnings are shown, more with RUST_LOG.
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("warn"))
        .format_target(false)
        .init();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // clap prints help to stdout and errors to stderr; a closed pipe is nobody's trouble.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { status::USAGE } else { 0 });
        }
    };
    let status = match arguments.command {
        Command::Run(options) => run::run(&options),
        Command::Inspect(options) => inspect::inspect(&options),
        Command::Api(options) => api::api(&options),
    };
    ExitCode::from(status)
}

//! What a user can say.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cerium_kernel::{Rules, VERSIONS, Version};
use cerium_process::{Date, FileTime};
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Runs Windows CE programs, unmodified, on a deterministic Windows CE kernel.
#[derive(Parser, Debug)]
#[command(name = "cerium", version, max_term_width = 100)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Runs a Windows CE executable
    Run(Box<RunOptions>),
    /// Says what an image is, what it needs, and whether cerium has it
    Inspect(InspectOptions),
    /// Lists every Windows CE function that is known, and whether cerium has it
    Api(ApiOptions),
    /// Runs the conformance cases: what the pages of Windows CE say, checked one by one
    Conform(ConformOptions),
}

const RUN_EXAMPLES: &str = "\
Examples:
  cerium run tests/programs/bin/armv4i/two_process_mutex.exe
      runs a program; what it prints goes to stdout, its exit code is cerium's

  cerium run --trace trace.txt --time-limit 10s scanner.exe /selftest COM1
      writes every call, wait and switch to trace.txt, and ends after 10 seconds of virtual time

Exit status: the program's own exit code when it is 0 to 117; 118 the device was reset, 119 a larger
exit code, 120 stalled, 121 an unhandled exception, 122 a limit was reached, 123 a function was called
that cerium lacks, 124 the file cannot be used, 130 interrupted, 2 wrong usage.";

/// Options of `run`.
#[derive(Args, Debug)]
#[command(after_help = RUN_EXAMPLES, override_usage = "cerium run [OPTIONS] <FILE> [ARGS]...")]
pub struct RunOptions {
    /// The program, a Windows CE executable, known by its contents, or a scenario (.lua); then what
    /// it finds in its command line
    // One list: clap takes for its own what looks like an option until it has begun the last one.
    #[arg(required = true, trailing_var_arg = true, num_args = 1.., value_name = "FILE [ARGS]")]
    program: Vec<OsString>,

    /// The folder that the guest sees as `\`; what it changes is kept in memory. FILE's own folder is
    /// `\Program` in any case, read-only
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,

    /// Lets the guest change the files under --root
    #[arg(long, requires = "root")]
    pub writable: bool,

    /// Fills the registry from a .reg file before the run
    #[arg(long, value_name = "FILE")]
    pub registry: Option<PathBuf>,

    /// Writes the registry as a .reg file after the run
    #[arg(long, value_name = "FILE")]
    pub save_registry: Option<PathBuf>,

    /// Writes the trace, as text (.txt); may be given several times
    #[arg(long, value_name = "FILE")]
    pub trace: Vec<PathBuf>,

    /// Writes what the run did, as JSON
    #[arg(long, value_name = "FILE")]
    pub summary: Option<PathBuf>,

    /// Ends the run after so much virtual time: 500ms, 10s, 2m
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    pub time_limit: Option<Duration>,

    /// Ends the run after so many calls and instructions
    #[arg(long, value_name = "N")]
    pub step_limit: Option<u64>,

    /// How much memory a process may have: 64KiB, 512MiB; if not set, 512MiB, and 64MiB in a scenario
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    pub memory_limit: Option<u64>,

    /// Loads a relocatable program elsewhere: 0x60000
    #[arg(long, value_name = "ADDR", value_parser = parse_address)]
    pub image_base: Option<u32>,

    /// The version of Windows CE whose rules hold: 5, 6, 7, 2013
    #[arg(long, value_name = "VERSION", value_parser = parse_version)]
    pub ce: Option<Version>,

    /// The date in UTC when the device is started: 2006-11-01, "2006-11-01 08:30:00"; if not set, the first
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub start_date: Option<FileTime>,

    /// Another answer to an open question of CE's documentation; `cerium api --rules` lists them
    #[arg(long, value_name = "NAME=VALUE", value_parser = parse_rule)]
    pub rule: Vec<String>,

    /// What message boxes are answered that have such a button; others get their default
    #[arg(long, value_name = "BUTTON")]
    pub answer: Option<AnswerOption>,

    /// What a call to a function does that cerium lacks
    #[arg(long, value_name = "WHAT", default_value = "fail")]
    pub unimplemented: UnimplementedOption,
}

impl RunOptions {
    /// The program.
    pub fn file(&self) -> &Path {
        Path::new(&self.program[0])
    }

    /// What it finds in its command line.
    pub fn guest_arguments(&self) -> Vec<String> {
        self.program[1..].iter().map(|argument| argument.to_string_lossy().into_owned()).collect()
    }
}

const INSPECT_EXAMPLES: &str = "\
Examples:
  cerium inspect tests/programs/bin/armv4i/hello.exe
      tells its processor, sections and imports, and whether it runs

  cerium inspect --json scanner.exe | jq -r '.functions.missing[].name'
      lists the functions that a program imports and cerium lacks

Exit status: 0; 124 the file is no Windows CE image or is damaged, 2 wrong usage.";

/// Options of `inspect`.
#[derive(Args, Debug)]
#[command(after_help = INSPECT_EXAMPLES)]
pub struct InspectOptions {
    /// A program or a library for Windows CE, known by its contents
    pub file: PathBuf,

    /// Looks for libraries in this folder, too, which the guest sees as \, as `run --root` does
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,

    /// Writes one JSON document
    #[arg(long)]
    pub json: bool,
}

const CONFORM_EXAMPLES: &str = "\
Examples:
  cerium conform --filter 'sync/MX-*'
      runs the cases on mutexes, and tells what is skipped and why

  cerium conform --json --junit conform.xml > conform.json
      runs all cases for a program to read, and for a build server

Exit status: 0 nothing failed, 1 something did; 124 a file cannot be written, 2 wrong usage.";

/// Options of `conform`.
#[derive(Args, Debug)]
#[command(after_help = CONFORM_EXAMPLES)]
pub struct ConformOptions {
    /// Only the cases whose ids match: 'sync/EV-*', '*-00[1-5]'
    #[arg(long, value_name = "GLOB", value_parser = glob::Pattern::new)]
    pub filter: Option<glob::Pattern>,

    /// How the cases reach the kernel
    #[arg(long, value_name = "DOOR", default_value = "all")]
    pub door: DoorOption,

    /// Lists the cases with what they say, and runs none
    #[arg(long)]
    pub list: bool,

    /// Writes one JSON document
    #[arg(long)]
    pub json: bool,

    /// Writes a JUnit report
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
}

/// How a case reaches the kernel.
#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub enum DoorOption {
    /// As Rust
    Native,
    /// As a Lua script
    Lua,
    /// As an executable
    Exe,
    /// Every way that there are cases for
    All,
}

const API_EXAMPLES: &str = "\
Examples:
  cerium api --missing
      lists what programs may import and cerium does not have yet, with totals by area

  cerium api --json | jq '.totals[] | select(.area == \"sync\")'
      tells how much of one area there is

Exit status: 0; 2 wrong usage.";

/// Options of `api`.
#[derive(Args, Debug)]
#[command(after_help = API_EXAMPLES)]
pub struct ApiOptions {
    /// Writes one JSON document
    #[arg(long)]
    pub json: bool,

    /// Lists only the functions that cerium lacks; the totals are the same
    #[arg(long, conflicts_with = "rules")]
    pub missing: bool,

    /// Writes the page docs/api.md
    #[arg(long, conflicts_with_all = ["rules", "json", "missing"])]
    pub markdown: bool,

    /// Lists the open questions of CE's documentation that `run --rule` answers otherwise
    #[arg(long)]
    pub rules: bool,
}

/// A button of a message box.
#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
#[allow(missing_docs, reason = "what stands on them")]
pub enum AnswerOption {
    Ok,
    Cancel,
    Abort,
    Retry,
    Ignore,
    Yes,
    No,
}

/// What a call to a function does that cerium lacks.
#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub enum UnimplementedOption {
    /// Ends the run with status 123
    Fail,
    /// Returns 0, with a warning on stderr
    Zero,
}

fn parse_size(text: &str) -> Result<u64, String> {
    let size = parse_size::Config::new().with_binary().parse_size(text);
    size.map_err(|error| format!("{error}; a size is written as 64KiB or 512MiB"))
}

/// Takes only what the kernel knows.
fn parse_rule(text: &str) -> Result<String, String> {
    Rules::default().set(text)?;
    Ok(text.to_owned())
}

fn parse_version(text: &str) -> Result<Version, String> {
    let names = || VERSIONS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    Version::named(text).ok_or_else(|| format!("the versions are {}", names()))
}

fn parse_date(text: &str) -> Result<FileTime, String> {
    let date = Date::parse(text).and_then(Date::file_time);
    date.ok_or_else(|| "a date is written as 2006-11-01 or \"2006-11-01 08:30:00\"".to_owned())
}

fn parse_address(text: &str) -> Result<u32, String> {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let parsed = match digits {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => text.parse(),
    };
    parsed.map_err(|error| format!("{error}; an address is written as 0x60000"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_the_file_is_the_guests() {
        let line = ["cerium", "run", "--time-limit", "2m", "a.exe", "--trace", "x", "-1"];
        let Command::Run(options) = Arguments::try_parse_from(line).unwrap().command else {
            panic!("it is `run`");
        };
        assert_eq!(options.file(), Path::new("a.exe"));
        assert_eq!(options.guest_arguments(), ["--trace", "x", "-1"]);
        assert_eq!(options.time_limit, Some(Duration::from_secs(120)));
        assert!(options.trace.is_empty());
        // What cerium does not know before the file is wrong usage, not a file.
        assert!(Arguments::try_parse_from(["cerium", "run", "--bogus", "a.exe"]).is_err());
        assert!(Arguments::try_parse_from(["cerium", "run"]).is_err());
    }

    #[test]
    fn sizes_and_addresses_are_read_as_people_write_them() {
        assert_eq!(parse_size("64KiB"), Ok(0x1_0000));
        assert_eq!(parse_size("512MiB"), Ok(512 << 20));
        assert_eq!(parse_address("0x60000"), Ok(0x6_0000));
        assert!(parse_address("base").is_err());
    }

    #[test]
    fn versions_and_dates_are_read_or_refused_with_what_there_is() {
        assert_eq!(parse_version("2013"), Ok(Version::Compact2013));
        assert!(parse_version("4").unwrap_err().contains("5, 6, 7, 2013"));
        assert_eq!(parse_date("1601-01-01 00:01"), Ok(FileTime(600_000_000)));
        assert!(parse_date("tomorrow").unwrap_err().contains("2006-11-01"));
    }
}

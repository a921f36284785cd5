//! `cerium run`: runs a program to its end and says how it ended.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cerium_files::FileSystem;
use cerium_files::registry::Registry;
use cerium_guest::{Limits, Machine, Prepared, ProcessEnd, TeeTrace, TextTrace, TraceSink, Verdict};
use cerium_kernel::{Rules, Strict};
use cerium_loader::{Button, FileImages, ImageFile, Options, Unimplemented, load};
use cerium_process::Instant;

use crate::arguments::{AnswerOption, RunOptions, UnimplementedOption};
use crate::file::read;
use crate::scenario;
use crate::status;
use crate::summary::Summary;

/// How much memory an executable's process may have.
const DEFAULT_MEMORY: u64 = 512 << 20;

/// Runs a program, and returns the exit status.
pub fn run(options: &RunOptions) -> u8 {
    match try_run(options) {
        Ok(status) => status,
        Err(message) => {
            eprintln!("cerium: {message}");
            status::BAD_FILE
        }
    }
}

fn try_run(options: &RunOptions) -> Result<u8, String> {
    let loading = Options {
        image_base: options.image_base,
        memory_limit: options.memory_limit.unwrap_or(DEFAULT_MEMORY),
        unimplemented: match options.unimplemented {
            UnimplementedOption::Fail => Unimplemented::Fail,
            UnimplementedOption::Zero => Unimplemented::Zero,
        },
        answer: options.answer.map(button),
    };
    if is_scenario(options.file()) {
        return scenario::run(options, loading);
    }
    let command_line = join_arguments(&options.guest_arguments());
    let mut files = files(options)?;
    let prepared = load_first(options.file(), &command_line, &loading, &mut files)?;
    // Children go where their image wants to be: --image-base is the first program's, and its copies'.
    let mut machine = Machine::new(Box::new(FileImages::new(loading)));
    machine.set_files(files);
    machine.set_output(put_out);
    set_up(&mut machine, options, rules(options)?);
    *machine.registry() = registry(options)?;
    if let Some(trace) = open_traces(&options.trace)? {
        machine.set_trace(trace);
    }
    let first = machine.start(prepared, &command_line);
    let first = first.map_err(|error| format!("{}: cannot be started: {error}", options.file().display()))?;
    let verdict = machine.run(&mut Strict, &limits(options));
    machine.finish_trace().map_err(|error| format!("the trace cannot be written: {error}"))?;
    save_registry(options, &mut machine)?;
    finish(options, &machine, &verdict, first)
}

fn button(answer: AnswerOption) -> Button {
    match answer {
        AnswerOption::Ok => Button::Ok,
        AnswerOption::Cancel => Button::Cancel,
        AnswerOption::Abort => Button::Abort,
        AnswerOption::Retry => Button::Retry,
        AnswerOption::Ignore => Button::Ignore,
        AnswerOption::Yes => Button::Yes,
        AnswerOption::No => Button::No,
    }
}

/// The registry that the user wants the guests to find.
pub(crate) fn registry(options: &RunOptions) -> Result<Registry, String> {
    let mut registry = Registry::default();
    if let Some(file) = &options.registry {
        let bytes = read(file)?;
        registry.load_text(&bytes).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(registry)
}

/// Writes what has become of the registry, if the user wants it.
pub(crate) fn save_registry(options: &RunOptions, machine: &mut Machine) -> Result<(), String> {
    let Some(file) = &options.save_registry else { return Ok(()) };
    std::fs::write(file, machine.registry().to_text())
        .map_err(|error| format!("{}: the registry cannot be written: {error}", file.display()))
}

/// The file system that the user wants the guests to see.
pub(crate) fn files(options: &RunOptions) -> Result<FileSystem, String> {
    let mut files = FileSystem::default();
    if let Some(root) = &options.root {
        files = files.with_root(root, options.writable).map_err(|error| {
            format!("{}: --root wants a folder that can be read: {error}", root.display())
        })?;
    }
    let program = folder_of(options.file());
    let mut files =
        files.with_program(&program).map_err(|error| format!("{}: {error}", program.display()))?;
    files.set_console_input(Box::new(io::stdin()));
    Ok(files)
}

/// The answers to open questions that the user wants.
pub(crate) fn rules(options: &RunOptions) -> Result<Rules, String> {
    let mut rules = Rules::default();
    for rule in &options.rule {
        rules.set(rule)?;
    }
    Ok(rules)
}

/// Gives a device its rules, its version and its date.
pub(crate) fn set_up(machine: &mut Machine, options: &RunOptions, rules: Rules) {
    machine.set_rules(rules);
    if let Some(version) = options.ce {
        machine.set_version(version);
    }
    if let Some(date) = options.start_date {
        machine.set_date(date);
    }
}

/// Puts the guests' text out.
pub(crate) fn put_out(text: &str) {
    let mut stdout = io::stdout().lock();
    // A reader that went away is not the guest's trouble.
    let _ = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
}

/// Whether a file is a scenario: it is called so, and is no executable.
fn is_scenario(file: &Path) -> bool {
    let is_called_so = file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("lua"));
    let mut magic = [0; 2];
    let is_read = File::open(file).and_then(|mut file| file.read_exact(&mut magic)).is_ok();
    is_called_so && !(is_read && magic == *b"MZ")
}

/// Loads the program that the user named; its libraries are among the guest's files.
pub(crate) fn load_first(
    file: &Path,
    command_line: &str,
    options: &Options,
    files: &mut FileSystem,
) -> Result<Prepared, String> {
    let name = file.display().to_string();
    let bytes = read(file)?;
    let last = file.file_name().map_or_else(|| "program.exe".into(), |last| last.to_string_lossy());
    let path = format!("\\Program\\{last}");
    let image = ImageFile { name: &name, path: &path, bytes: &bytes };
    let units: Vec<u16> = command_line.encode_utf16().collect();
    load(image, &units, options, files).map_err(|error| error.to_string())
}

/// The folder that a file is in.
pub(crate) fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if folder != Path::new("") => folder.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

pub(crate) fn open_traces(paths: &[PathBuf]) -> Result<Option<Box<dyn TraceSink>>, String> {
    let mut sinks: Vec<Box<dyn TraceSink>> = Vec::new();
    for path in paths {
        let name = path.display();
        if path.extension().is_none_or(|ending| ending != "txt") {
            return Err(format!("{name}: a trace is written as text so far: end its name in .txt"));
        }
        let file = File::create(path).map_err(|error| format!("{name}: cannot be written: {error}"))?;
        sinks.push(Box::new(TextTrace::new(BufWriter::new(file))));
    }
    Ok(match sinks.len() {
        0 | 1 => sinks.pop(),
        _ => Some(Box::new(TeeTrace::new(sinks))),
    })
}

pub(crate) fn limits(options: &RunOptions) -> Limits {
    let interrupt = Arc::new(AtomicBool::new(false));
    let flag = interrupt.clone();
    // Without a handler Ctrl-C ends us without the summary, which is all that is lost.
    let handler = ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            // Asked twice: the run does not come to the end of its turn.
            std::process::exit(i32::from(status::INTERRUPTED));
        }
    });
    if let Err(error) = handler {
        log::warn!("Ctrl-C is not handled: {error}");
    }
    let time = options.time_limit.map(|time| Instant(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)));
    Limits { time, steps: options.step_limit, interrupt: Some(interrupt) }
}

/// Says how the run ended: the summary, words on stderr, and the status.
fn finish(options: &RunOptions, machine: &Machine, verdict: &Verdict, first: u32) -> Result<u8, String> {
    let ended = &machine.statistics().ended;
    let first = ended.iter().find(|end| end.id == first);
    let status = status::of(verdict, first);
    for end in ended {
        if let Some(crash) = &end.crash {
            eprintln!("cerium: process {} ({}): {}", end.id, end.image, crash.report.trim_end());
        }
    }
    explain(verdict, first, status);
    write_summary(options, machine, verdict, first, status)?;
    Ok(status)
}

/// Writes the summary, if it is wanted.
pub(crate) fn write_summary(
    options: &RunOptions,
    machine: &Machine,
    verdict: &Verdict,
    first: Option<&ProcessEnd>,
    status: u8,
) -> Result<(), String> {
    let summary = Summary::new(machine, verdict, first, status);
    if let Some(path) = &options.summary {
        let text = serde_json::to_string_pretty(&summary).map_err(|error| error.to_string())?;
        std::fs::write(path, text + "\n")
            .map_err(|error| format!("{}: cannot be written: {error}", path.display()))?;
    }
    Ok(())
}

fn explain(verdict: &Verdict, first: Option<&ProcessEnd>, status: u8) {
    match verdict {
        Verdict::Finished => {
            if let (status::LARGE_EXIT_CODE, Some(end)) = (status, first) {
                eprintln!("cerium: {} ended with exit code {1} ({1:#x})", end.image, end.exit_code);
            }
        }
        Verdict::Stalled(stall) => eprint!("cerium: {stall}"),
        Verdict::Limit(limit) => eprintln!("cerium: ended by {limit}"),
        Verdict::Missing(missing) => eprintln!(
            "cerium: {} was called and is missing; called from {}. \
             --unimplemented zero lets such calls return 0.",
            missing.function, missing.caller
        ),
        Verdict::Reset(parameter) => {
            eprintln!("cerium: the device was reset (IOCTL_HAL_REBOOT with {parameter:#x})");
        }
        Verdict::Failed(text) => eprintln!("cerium: {text}"),
        Verdict::Interrupted => eprintln!("cerium: interrupted"),
    }
}

/// Joins the guest's arguments as Windows programs read them back: what has spaces or quotes is quoted, and
/// backslashes before a quote are doubled.
fn join_arguments(arguments: &[String]) -> String {
    let quoted: Vec<String> = arguments.iter().map(|argument| quote(argument)).collect();
    quoted.join(" ")
}

fn quote(argument: &str) -> String {
    if !argument.is_empty() && !argument.contains([' ', '\t', '"']) {
        return argument.to_owned();
    }
    let mut quoted = String::from("\"");
    let mut backslashes = 0;
    for character in argument.chars() {
        match character {
            '\\' => backslashes += 1,
            '"' => {
                quoted.extend(std::iter::repeat_n('\\', 2 * backslashes + 1));
                quoted.push('"');
                backslashes = 0;
            }
            _ => {
                quoted.extend(std::iter::repeat_n('\\', backslashes));
                quoted.push(character);
                backslashes = 0;
            }
        }
    }
    quoted.extend(std::iter::repeat_n('\\', 2 * backslashes));
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_quoted_as_windows_programs_read_them() {
        let joined = |arguments: &[&str]| {
            join_arguments(&arguments.iter().map(|argument| (*argument).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(joined(&["a", "b c"]), "a \"b c\"");
        assert_eq!(joined(&["say \"x\""]), "\"say \\\"x\\\"\"");
        assert_eq!(joined(&["c:\\a b\\"]), "\"c:\\a b\\\\\"");
        assert_eq!(joined(&["", "c:\\x\\"]), "\"\" c:\\x\\");
    }
}

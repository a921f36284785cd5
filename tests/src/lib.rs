//! The harness of the test suites: run native guests on a machine, and look at how it ended.
//!
//! Every run here is audited after each step and must leave an empty object table when it finishes.
#![allow(clippy::disallowed_types, reason = "native guests and the test share what was seen")]

pub mod conformance;
pub mod database;
pub mod model;

use std::cell::RefCell;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use cerium_files::FileSystem;
use cerium_guest::{
    Ce, Limits, Machine, Native, NativeImages, NoImages, Prepared, ProcessEnd, TextTrace, Verdict,
};
use cerium_kernel::{Choice, Chooser, Rules, Strict, Version};
use cerium_loader::{FileImages, ImageFile, Options, load};
use cerium_process::{FileTime, Instant};
use cerium_script::{Executables, Failure, Scenario, ScriptError};

/// How a run ended, and what it said.
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// The processes that ended, in order.
    pub ended: Vec<ProcessEnd>,
    /// The guests' text.
    pub output: String,
    /// The canonical trace.
    pub trace: String,
    /// Virtual time at the end.
    pub now: Instant,
}

/// A writer whose bytes can be read by others.
#[derive(Clone, Default)]
struct Shared(Rc<RefCell<Vec<u8>>>);

impl std::io::Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// How a scenario ended, and what it said.
pub struct Played {
    /// Whether it ended as it should.
    pub judged: Result<(), Failure>,
    /// The guests' text.
    pub output: String,
    /// The canonical trace.
    pub trace: String,
    /// Virtual time at the end.
    pub ended_at: Instant,
    /// How many calls were made.
    pub calls: u64,
    /// How many instructions were taken.
    pub instructions: u64,
}

/// Who looks at a run.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Watched {
    /// It is audited at every step, and traced.
    AtEveryStep,
    /// Nobody, as when people run it.
    Not,
}

/// Executables of the host's file system.
struct Files(Options);

impl Executables for Files {
    fn load(&mut self, file: &Path, command_line: &str) -> Result<Prepared, String> {
        let bytes = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
        let last = file.file_name().unwrap_or_default().to_string_lossy();
        let (name, path) = (file.display().to_string(), format!("\\Program\\{last}"));
        let command_line: Vec<u16> = command_line.encode_utf16().collect();
        let mut files = files_with_program(file.parent().unwrap_or(Path::new(".")));
        load(ImageFile { name: &name, path: &path, bytes: &bytes }, &command_line, &self.0, &mut files)
            .map_err(|error| error.to_string())
    }
}

/// A file system in memory with this folder as `\Program`.
fn files_with_program(folder: &Path) -> FileSystem {
    FileSystem::default().with_program(folder).expect("the folder is in the tree")
}

/// Plays a scenario, audited at every step, and says how it ended.
pub fn play(scenario: &Scenario, folder: Option<PathBuf>) -> Result<Played, ScriptError> {
    play_with(scenario, folder, &mut Strict)
}

/// A chooser that answers as CE does, but wants to be asked: then every call leaves its guest's turn.
pub struct Asked;

impl Chooser for Asked {
    fn choose(&mut self, _: Choice<'_>) -> usize {
        0
    }
}

/// Plays a scenario with a chooser, audited at every step, and says how it ended.
pub fn play_with(
    scenario: &Scenario,
    folder: Option<PathBuf>,
    chooser: &mut impl Chooser,
) -> Result<Played, ScriptError> {
    play_as(scenario, folder, chooser, Watched::AtEveryStep)
}

/// Plays a scenario that nobody traces or audits: its calls go the short way.
pub fn play_unwatched(scenario: &Scenario, folder: Option<PathBuf>) -> Result<Played, ScriptError> {
    play_as(scenario, folder, &mut Strict, Watched::Not)
}

fn play_as(
    scenario: &Scenario,
    folder: Option<PathBuf>,
    chooser: &mut impl Chooser,
    watched: Watched,
) -> Result<Played, ScriptError> {
    let _ = env_logger::builder().is_test(true).try_init();
    let trace = Shared::default();
    let output = Rc::new(RefCell::new(String::new()));
    let others = FileImages::new(Options::default());
    let files = folder.map(|folder| files_with_program(&folder));
    let executables = Files(Options::default());
    let (mut machine, first) = scenario.start(Box::new(executables), Box::new(others), |machine| {
        if let Some(files) = files {
            machine.set_files(files);
        }
        if watched == Watched::AtEveryStep {
            machine.set_audit(true);
            machine.set_trace(Box::new(TextTrace::new(trace.clone())));
        }
        let said = output.clone();
        machine.set_output(move |text| said.borrow_mut().push_str(text));
    })?;
    let limits = Limits { steps: None, ..Limits::default() };
    let verdict = machine.run(chooser, &scenario.limits(limits));
    machine.finish_trace().expect("memory can be written");
    if verdict == Verdict::Finished {
        assert_eq!(machine.kernel().object_count(), 0, "a run that ends leaves an empty object table");
    }
    let judged = scenario.judge(&machine, &verdict, first);
    let trace = String::from_utf8(trace.0.borrow().clone()).expect("a trace is text");
    let output = output.borrow().clone();
    let (ended_at, statistics) = (machine.kernel().now(), machine.statistics());
    let (calls, instructions) = (statistics.all_calls(), statistics.instructions);
    Ok(Played { judged, output, trace, ended_at, calls, instructions })
}

/// A device with native processes.
pub struct Device {
    machine: Machine,
    trace: Shared,
    output: Rc<RefCell<String>>,
    limits: Limits,
}

impl Default for Device {
    fn default() -> Self {
        Self::over(Machine::new(Box::new(NoImages)))
    }
}

impl Device {
    /// A device whose CreateProcess finds these images.
    pub fn with_images(images: NativeImages) -> Self {
        Self::over(Machine::new(Box::new(images)))
    }

    /// A device that runs one of the guest programs of `tests/programs/bin`.
    pub fn with_program(folder: &str, program: &str) -> Self {
        Self::with_files(folder, program, "", FileSystem::default())
    }

    /// The same with a command line, and a file system beside its folder.
    pub fn with_files(folder: &str, program: &str, command_line: &str, files: FileSystem) -> Self {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("programs/bin").join(folder);
        let bytes = std::fs::read(folder.join(program)).expect("the guest is in the tree");
        let options = Options { memory_limit: 16 << 20, ..Options::default() };
        let path = format!("\\Program\\{program}");
        let file = ImageFile { name: program, path: &path, bytes: &bytes };
        let mut files = files.with_program(&folder).expect("the folder is in the tree");
        let units: Vec<u16> = command_line.encode_utf16().collect();
        let prepared = load(file, &units, &options, &mut files).unwrap_or_else(|error| panic!("{error}"));
        let mut device = Self::over(Machine::new(Box::new(FileImages::new(options))));
        device.machine.set_files(files);
        device.limits.steps = Some(2_000_000_000);
        device.machine.start(prepared, command_line).expect("there is room for a process");
        device
    }

    /// Lets guests read this as the standard input.
    pub fn console_input(mut self, input: &'static [u8]) -> Self {
        self.machine.files().set_console_input(Box::new(input));
        self
    }

    /// Whether every step is audited; it is unless this says otherwise.
    pub fn audit(mut self, audit: bool) -> Self {
        self.machine.set_audit(audit);
        self
    }

    /// Answers open questions otherwise than by default.
    pub fn rules(mut self, rules: Rules) -> Self {
        self.machine.set_rules(rules);
        self
    }

    /// Makes it a device of another version of CE; before anything starts on it.
    pub fn version(mut self, version: Version) -> Self {
        self.machine.set_version(version);
        self
    }

    /// Sets the clock, in UTC.
    pub fn date(mut self, date: FileTime) -> Self {
        self.machine.set_date(date);
        self
    }

    /// Fills the registry from the text of a `.reg` file; before anything starts on it.
    pub fn registry(mut self, text: &str) -> Self {
        self.machine.registry().load_text(text.as_bytes()).expect("it is a registry file");
        self
    }

    /// Sets the quantum of threads made from now on, in nanoseconds.
    pub fn quantum(mut self, quantum: u64) -> Self {
        self.machine.set_default_quantum(quantum);
        self
    }

    fn over(mut machine: Machine) -> Self {
        let _ = env_logger::builder().is_test(true).try_init();
        let trace = Shared::default();
        let output = Rc::new(RefCell::new(String::new()));
        machine.set_audit(true);
        machine.set_trace(Box::new(TextTrace::new(trace.clone())));
        let said = output.clone();
        machine.set_output(move |text| said.borrow_mut().push_str(text));
        // No test needs more; a test that does not end is a failure with words.
        let limits = Limits { steps: Some(10_000_000), ..Limits::default() };
        Self { machine, trace, output, limits }
    }

    /// Adds a process that runs this function.
    pub fn process<F: Future<Output = u32> + 'static>(
        mut self,
        name: &str,
        main: impl Fn(Ce, u32) -> F + 'static,
    ) -> Self {
        let started = self.machine.start(Native::new("", main).prepared(name), "");
        started.expect("there is room for another process");
        self
    }

    /// Limits the run.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Runs until the end, audited at every step.
    pub fn run(mut self) -> Outcome {
        let verdict = self.machine.run(&mut Strict, &self.limits);
        self.machine.finish_trace().expect("memory can be written");
        if verdict == Verdict::Finished {
            assert_eq!(
                self.machine.kernel().object_count(),
                0,
                "a run that ends leaves an empty object table"
            );
        }
        let trace = String::from_utf8(self.trace.0.borrow().clone()).expect("a trace is text");
        let output = self.output.borrow().clone();
        let ended = self.machine.statistics().ended.clone();
        Outcome { verdict, ended, output, trace, now: self.machine.kernel().now() }
    }

    /// Runs, and asserts that every process ended with code 0.
    pub fn run_well(self) -> Outcome {
        let outcome = self.run();
        assert_eq!(outcome.verdict, Verdict::Finished, "{}", outcome.trace);
        for end in &outcome.ended {
            assert_eq!(end.exit_code, 0, "process {}\n{}", end.image, outcome.trace);
        }
        outcome
    }
}

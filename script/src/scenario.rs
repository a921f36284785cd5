//! Scenario files: what they declare, how they are put on a machine, and whether a run ended as it should.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cerium_files::FileSystem;
use cerium_guest::{Images, Limit, Limits, Machine, Prepared, ProcessEnd, Verdict};
use cerium_kernel::{CeResult, Version, Win32Error};
use cerium_process::{Date, FileTime, Instant, Priority};

use crate::lua::{Declared, DeclaredProcess, Lua, Modules};
use crate::program::{BodyOf, Script};

/// How many steps a scenario may take unless it says otherwise: ten seconds of nothing but Lua.
pub const DEFAULT_STEPS: u64 = 100_000_000;
/// How much memory each process of a scenario may have unless somebody says otherwise.
pub const DEFAULT_MEMORY: u64 = 64 << 20;
/// The largest scenario file.
const LARGEST_FILE: u64 = 16 << 20;
/// What the processes of inputs are called.
const KERNEL: &str = "nk.exe";

/// A scenario that cannot be run, with the place in the file and what is wrong there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScriptError(String);

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ScriptError {}

/// Makes programs of the executables that a scenario names.
pub trait Executables {
    /// Loads an executable from a file of the host.
    fn load(&mut self, file: &Path, command_line: &str) -> Result<Prepared, String>;
}

/// No executables at all.
pub struct NoExecutables;

impl Executables for NoExecutables {
    fn load(&mut self, file: &Path, _: &str) -> Result<Prepared, String> {
        Err(format!("{}: executables are not run here", file.display()))
    }
}

/// A scenario's text, and what it takes to run it.
pub(crate) struct Source {
    name: String,
    text: Arc<[u8]>,
    modules: Arc<Modules>,
    memory_limit: u64,
}

impl Source {
    /// Runs the file's top level in a new state.
    pub(crate) fn run_file(&self) -> Result<Lua, String> {
        Lua::new(&self.name, &self.text, self.modules.clone(), self.memory_limit)
    }
}

/// A scenario, ready to be run any number of times.
pub struct Scenario {
    source: Arc<Source>,
    folder: Option<PathBuf>,
    declared: Arc<Declared>,
    version: Option<Version>,
    start_date: Option<FileTime>,
    output: String,
}

/// Why a scenario has not passed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// How it ended instead.
    pub kind: FailureKind,
    /// What happened where, for people.
    pub message: String,
}

/// How a scenario ended that has not passed.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum FailureKind {
    /// A check failed, or the end is another than the expected one.
    Check,
    /// Nobody can ever run again, and no end was expected.
    Stalled,
    /// A process ended by an unhandled exception, and no end was expected.
    Exception,
    /// A limit was reached.
    Limit,
    /// A watchdog has reset the device.
    Reset,
    /// An executable called a function that cerium lacks.
    Missing,
    /// Somebody outside wanted it to end.
    Interrupted,
}

impl Scenario {
    /// Reads a scenario file and runs its top level.
    pub fn load(file: &Path, memory_limit: u64) -> Result<Scenario, ScriptError> {
        let name = file.display().to_string();
        let fail = |error: &dyn fmt::Display| ScriptError(format!("{name}: cannot be read: {error}"));
        let length = std::fs::metadata(file).map_err(|error| fail(&error))?.len();
        if length > LARGEST_FILE {
            return Err(fail(&format!("{length} bytes are too many for a scenario")));
        }
        let text = std::fs::read(file).map_err(|error| fail(&error))?;
        let folder = match file.parent() {
            Some(folder) if folder != Path::new("") => folder.to_path_buf(),
            _ => PathBuf::from("."),
        };
        Self::new(&name, &text, Some(folder), memory_limit)
    }

    /// Takes a scenario's text and runs its top level. The folder is where it finds other files.
    pub fn new(
        name: &str,
        text: &[u8],
        folder: Option<PathBuf>,
        memory_limit: u64,
    ) -> Result<Scenario, ScriptError> {
        let modules = Arc::new(Modules::new(folder.clone()));
        let source = Arc::new(Source { name: name.to_owned(), text: text.into(), modules, memory_limit });
        let mut lua = source.run_file().map_err(ScriptError)?;
        let declared = lua.declared();
        if !declared.processes.iter().any(|process| process.starts) {
            return Err(ScriptError(format!("{name}: declares no process, so there is nothing to run")));
        }
        let bad = |what: &str| ScriptError(format!("{name}: {what}"));
        let version = declared.ce.as_deref().map(|text| {
            Version::named(text)
                .ok_or_else(|| bad(&format!("there is no CE {text}; there are 5, 6, 7 and 2013")))
        });
        let start_date = declared.start_date.as_deref().map(|text| {
            let date = Date::parse(text).and_then(Date::file_time);
            date.ok_or_else(|| bad(&format!("{text:?} is no date such as 2006-11-01 08:30:00")))
        });
        let (version, start_date) = (version.transpose()?, start_date.transpose()?);
        let output = lua.take_output();
        Ok(Scenario { version, start_date, source, folder, declared: Arc::new(declared), output })
    }

    /// What it has printed at its top level.
    pub fn output(&self) -> &str {
        &self.output
    }

    /// Its limits, where whoever runs it has set none.
    pub fn limits(&self, given: Limits) -> Limits {
        let Limits { time, steps, interrupt } = given;
        let time = time.or(self.declared.time.map(Instant));
        let steps = steps.or(self.declared.steps).or(Some(DEFAULT_STEPS));
        Limits { time, steps, interrupt }
    }

    /// Makes a machine with the scenario's processes started, in order. CreateProcess finds its images first,
    /// then the others. The machine can be set up before anything starts. Gives the first process's id too.
    pub fn start(
        &self,
        mut executables: Box<dyn Executables>,
        others: Box<dyn Images>,
        set_up: impl FnOnce(&mut Machine),
    ) -> Result<(Machine, u32), ScriptError> {
        let mut starting = Vec::new();
        for (place, process) in self.declared.processes.iter().enumerate() {
            if process.starts {
                let command_line = process.command_line.as_deref().unwrap_or_default();
                let prepared =
                    self.prepare(executables.as_mut(), place, command_line).map_err(ScriptError)?;
                starting.push((process, command_line, prepared));
            }
        }
        let images = ScenarioImages { scenario: self.clone(), executables, others };
        let mut machine = Machine::new(Box::new(images));
        if let Some(version) = self.version {
            machine.set_version(version);
        }
        if let Some(date) = self.start_date {
            machine.set_date(date);
        }
        set_up(&mut machine);
        let mut first = None;
        for (process, command_line, prepared) in starting {
            let priority = process.priority.map_or(Priority::NORMAL, Priority);
            let started = machine.start_at(prepared, command_line, priority);
            let id = started.map_err(|error| self.cannot_start(&process.name, error))?;
            first.get_or_insert(id);
        }
        for (place, at) in self.declared.inputs.iter().enumerate() {
            let prepared =
                Script::prepare(&self.source, BodyOf::Input(place), KERNEL, "").map_err(ScriptError)?;
            machine.input(*at, prepared).map_err(|error| self.cannot_start(KERNEL, error))?;
        }
        Ok((machine, first.expect("a scenario has a process")))
    }

    fn cannot_start(&self, name: &str, error: Win32Error) -> ScriptError {
        ScriptError(format!("{}: \"{name}\" cannot be started: {error}", self.source.name))
    }

    /// Makes the program of a declared process.
    fn prepare(
        &self,
        executables: &mut dyn Executables,
        place: usize,
        command_line: &str,
    ) -> Result<Prepared, String> {
        let DeclaredProcess { name, path, .. } = &self.declared.processes[place];
        match path {
            Some(path) => {
                let file = self.folder.clone().unwrap_or_default().join(path);
                executables.load(&file, command_line)
            }
            None => Script::prepare(&self.source, BodyOf::Process(place), name, command_line),
        }
    }

    /// Says whether a run ended as the scenario wants it to.
    pub fn judge(&self, machine: &Machine, verdict: &Verdict, first: u32) -> Result<(), Failure> {
        let ended = &machine.statistics().ended;
        let fail = |kind, message: String| Err(Failure { kind, message });
        match verdict {
            Verdict::Failed(text) => return fail(FailureKind::Check, text.to_string()),
            Verdict::Limit(limit) => return fail(FailureKind::Limit, self.describe_limit(machine, *limit)),
            Verdict::Missing(missing) => {
                let message = format!("{} was called, from {}", missing.function, missing.caller);
                return fail(FailureKind::Missing, message);
            }
            Verdict::Reset(parameter) => {
                let message = format!("the device was reset, with {parameter:#x}");
                return fail(FailureKind::Reset, message);
            }
            Verdict::Interrupted => return fail(FailureKind::Interrupted, "interrupted".to_owned()),
            Verdict::Finished | Verdict::Stalled(_) => {}
        }
        let crash = ended.iter().find(|end| end.crash.is_some());
        let end = Self::describe_end(verdict, crash, ended, first);
        let other = |wanted: &str| {
            fail(FailureKind::Check, format!("{}: expected {wanted}, but {end}", self.source.name))
        };
        match (self.declared.expect.as_deref(), verdict) {
            (None, Verdict::Stalled(stall)) => fail(FailureKind::Stalled, stall.to_string()),
            (None, _) => match (crash, ended.iter().find(|end| end.exit_code != 0)) {
                (Some(_), _) => fail(FailureKind::Exception, end),
                (None, Some(_)) => fail(FailureKind::Check, end),
                (None, None) => Ok(()),
            },
            (Some("stall"), Verdict::Stalled(_)) => Ok(()),
            (Some("stall"), _) => other("a stall"),
            (Some("fault"), Verdict::Finished) if crash.is_some() => Ok(()),
            (Some("fault"), _) => other("a fault"),
            (Some(code), _) => {
                let first = ended.iter().find(|end| end.id == first);
                let is_met = first.is_some_and(|end| {
                    // A script may have written the code with a sign.
                    end.exit_code.to_string() == code || (end.exit_code as i32).to_string() == code
                });
                let is_met = is_met && *verdict == Verdict::Finished;
                if is_met { Ok(()) } else { other(&format!("exit code {code}")) }
            }
        }
    }

    fn describe_end(
        verdict: &Verdict,
        crash: Option<&ProcessEnd>,
        ended: &[ProcessEnd],
        first: u32,
    ) -> String {
        if let Verdict::Stalled(stall) = verdict {
            return stall.to_string();
        }
        let describe = |end: &ProcessEnd| match &end.crash {
            Some(crash) => format!("process {} ({}): {}", end.id, end.image, crash.report.trim_end()),
            None => format!("process {} ({}) ended with exit code {}", end.id, end.image, end.exit_code),
        };
        let worst = crash
            .or_else(|| ended.iter().find(|end| end.exit_code != 0))
            .or_else(|| ended.iter().find(|end| end.id == first));
        worst.map_or_else(|| "nothing ended".to_owned(), describe)
    }

    fn describe_limit(&self, machine: &Machine, limit: Limit) -> String {
        let place = machine.place().map(|place| format!("; {place} was running")).unwrap_or_default();
        format!("{}: ended by {limit}, at {} ms{place}", self.source.name, machine.kernel().now().ticks())
    }
}

impl Clone for Scenario {
    fn clone(&self) -> Self {
        Scenario {
            source: self.source.clone(),
            folder: self.folder.clone(),
            declared: self.declared.clone(),
            version: self.version,
            start_date: self.start_date,
            output: self.output.clone(),
        }
    }
}

/// The images that CreateProcess finds in a scenario: those that it declares, then others.
struct ScenarioImages {
    scenario: Scenario,
    executables: Box<dyn Executables>,
    others: Box<dyn Images>,
}

impl Images for ScenarioImages {
    fn load(&mut self, files: &mut FileSystem, image: &[u16], command_line: &[u16]) -> CeResult<Prepared> {
        let name = String::from_utf16_lossy(image);
        let processes = &self.scenario.declared.processes;
        let declared = processes.iter().position(|process| is_same_file(&process.name, &name));
        // An executable that starts itself finds the file that it came from, wherever that lies.
        let is_own_file = |process: &DeclaredProcess| {
            let file = process.path.as_deref().and_then(|path| path.rsplit('/').next());
            file.is_some_and(|file| is_same_file(file, name.rsplit('\\').next().unwrap_or(&name)))
        };
        let Some(place) = declared.or_else(|| processes.iter().position(is_own_file)) else {
            return self.others.load(files, image, command_line);
        };
        let command_line = String::from_utf16_lossy(command_line);
        self.scenario.prepare(self.executables.as_mut(), place, &command_line).map_err(|error| {
            log::warn!(target: "script", "CreateProcess: {name}: {error}");
            Win32Error::NOT_ENOUGH_MEMORY
        })
    }
}

/// Whether two names mean the same file: they have no case, and `.exe` may be left out.
fn is_same_file(declared: &str, wanted: &str) -> bool {
    let plain = |name: &str| {
        let name = name.to_lowercase();
        name.strip_suffix(".exe").map(str::to_owned).unwrap_or(name)
    };
    plain(declared) == plain(wanted)
}

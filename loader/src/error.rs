//! Why a file is no program for cerium.

use std::fmt;

use cerium_coredll::catalogue::Library;
use cerium_kernel::Win32Error;
use cerium_memory::{MapError, MemoryError};
use cerium_pe::{Machine, PeError};

/// A file that cannot be run, by the name that it was given.
#[derive(Debug)]
pub struct LoadError {
    /// The file.
    pub file: String,
    /// What is wrong.
    pub problem: Box<LoadProblem>,
}

/// What is wrong with a file.
#[derive(Debug)]
pub enum LoadProblem {
    /// It could not be read.
    Unreadable(std::io::Error),
    /// There is no such file for the guest.
    NotFound,
    /// It is no CE executable, or a damaged one.
    Image(PeError),
    /// It is a library.
    Library,
    /// It is a program, and a library is wanted.
    Program,
    /// It is for a processor that cerium does not run yet.
    Processor(Machine),
    /// It is a library for another processor than the program's.
    OtherProcessor(Machine),
    /// One of its libraries cannot be loaded.
    InLibrary {
        /// The library's path, as the guest sees it.
        library: String,
        /// What is wrong with it.
        problem: Box<LoadProblem>,
    },
    /// It needs a module that is not there.
    MissingModule {
        /// The module.
        module: String,
        /// How many functions it takes from it.
        functions: usize,
    },
    /// It imports what no CE version exports.
    UnknownImport {
        /// The module.
        module: String,
        /// The function's name or ordinal.
        function: String,
    },
    /// It cannot lie where it must.
    Address {
        /// Where.
        base: u32,
        /// Why not.
        reason: String,
    },
    /// There is not enough memory for it.
    Memory(String),
}

impl LoadProblem {
    /// The error that CreateProcess fails with.
    pub(crate) fn win32(&self) -> Win32Error {
        match self {
            LoadProblem::Unreadable(_) | LoadProblem::NotFound => Win32Error::FILE_NOT_FOUND,
            LoadProblem::Image(_)
            | LoadProblem::Library
            | LoadProblem::Program
            | LoadProblem::Processor(_)
            | LoadProblem::OtherProcessor(_) => Win32Error::BAD_EXE_FORMAT,
            LoadProblem::InLibrary { problem, .. } => problem.win32(),
            LoadProblem::MissingModule { .. } => Win32Error::MOD_NOT_FOUND,
            LoadProblem::UnknownImport { .. } => Win32Error::PROC_NOT_FOUND,
            LoadProblem::Address { .. } => Win32Error::BAD_EXE_FORMAT,
            LoadProblem::Memory(_) => Win32Error::NOT_ENOUGH_MEMORY,
        }
    }
}

impl LoadProblem {
    /// The error that LoadLibrary fails with.
    pub(crate) fn win32_of_library(&self) -> Win32Error {
        match self {
            LoadProblem::Unreadable(_) | LoadProblem::NotFound => Win32Error::MOD_NOT_FOUND,
            LoadProblem::InLibrary { problem, .. } => problem.win32_of_library(),
            other => other.win32(),
        }
    }
}

impl From<PeError> for LoadProblem {
    fn from(error: PeError) -> Self {
        LoadProblem::Image(error)
    }
}

impl From<MemoryError> for LoadProblem {
    fn from(error: MemoryError) -> Self {
        LoadProblem::Memory(error.to_string())
    }
}

impl From<MapError> for LoadProblem {
    fn from(error: MapError) -> Self {
        LoadProblem::Memory(error.to_string())
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.problem)
    }
}

impl std::error::Error for LoadError {}

impl fmt::Display for LoadProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadProblem::Unreadable(error) => write!(f, "cannot be read: {error}"),
            LoadProblem::NotFound => f.write_str("not found"),
            LoadProblem::Image(error) => error.fmt(f),
            LoadProblem::Library => {
                f.write_str("a library (DLL); it can be loaded by a program, but not run as one")
            }
            LoadProblem::Program => f.write_str("a program, where a library (DLL) is wanted"),
            LoadProblem::OtherProcessor(machine) => {
                write!(f, "a library for {machine}, which is not the program's processor")
            }
            LoadProblem::InLibrary { library, problem } => write!(f, "{library}: {problem}"),
            LoadProblem::Processor(machine) => {
                write!(f, "a program for {machine}, which cerium does not run yet")
            }
            LoadProblem::MissingModule { module, functions } => write!(
                f,
                "it imports {functions} functions from {module}, which is not there (nor in \\Windows, \\ or \\Program)"
            ),
            LoadProblem::UnknownImport { module, function } => match Library::named(module).is_some() {
                true => write!(f, "it imports {function} from {module}, which no CE version exports"),
                false => write!(f, "it imports {function} from {module}, which does not export it"),
            },
            LoadProblem::Address { base, reason } => write!(f, "it cannot be loaded at {base:#x}: {reason}"),
            LoadProblem::Memory(error) => write!(f, "not enough memory for it: {error}"),
        }
    }
}

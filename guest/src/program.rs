//! The contract between running code and the machine.

use std::sync::Arc;

use cerium_coredll::{Function, Outs};
use cerium_files::FileSystem;
use cerium_kernel::{CeResult, ModuleEntry, ProcessContents, Win32Error};
use cerium_memory::Section;
use cerium_process::ThreadStart;

use crate::device::{Lent, Used};

/// The exit code of an input's process that blocked (0xE, then "blk").
const BLOCKED_IN_INPUT: u32 = 0xE062_6C6B;

/// The code of one process, and the guests that are its threads.
pub trait Program {
    /// Makes the guest for a new thread and returns its number. It is resumed later.
    fn create_guest(&mut self, start: ThreadStart) -> CeResult<u32>;

    /// Runs one guest until it stops.
    fn resume(&mut self, guest: u32, turn: Turn<'_>) -> Ran;

    /// Writes what out-parameters receive although the call goes on: the caller is blocked in it.
    fn write_outs(&mut self, guest: u32, outs: &Outs) {
        let _ = (guest, outs);
    }

    /// Where a guest is in its code, for people; none if the program cannot tell.
    fn place(&self, guest: u32) -> Option<String> {
        let _ = guest;
        None
    }

    /// A guest's registers as a CONTEXT: the parts that the ContextFlags of the given one name, the others as
    /// they are given. None: it has no registers.
    fn context(&self, guest: u32, given: &[u8]) -> Option<CeResult<Vec<u8>>> {
        let _ = (guest, given);
        None
    }

    /// Gives a guest the registers of a CONTEXT: the parts that its ContextFlags name. One that is in a call
    /// has them when that is over. None: it has no registers.
    fn set_context(&mut self, guest: u32, context: &[u8]) -> Option<CeResult<()>> {
        let _ = (guest, context);
        None
    }

    /// Says what it is for a guest to block where it may not.
    fn refuse_block(&self, guest: u32, function: Function) -> Crash {
        let place = self.place(guest).unwrap_or_default();
        let report = format!("{} would block, in an input that may not: {place}", function.row().name);
        Crash { code: BLOCKED_IN_INPUT, report }
    }

    /// Takes back a guest whose thread has ended.
    fn end_guest(&mut self, guest: u32);

    /// Shows the program a section at an address.
    fn map_section(&mut self, address: u32, section: &Section, writable: bool) -> CeResult<()>;

    /// Takes a section away again.
    fn unmap_section(&mut self, address: u32, section: &Section);

    /// Reads its memory, all of it or nothing, for ReadProcessMemory. None: it has none that others could read.
    fn read_memory(&mut self, address: u32, size: u32) -> Option<CeResult<Box<[u8]>>> {
        let _ = (address, size);
        None
    }

    /// Writes its memory, all of it or nothing, for WriteProcessMemory. None: it has none that others could
    /// write.
    fn write_memory(&mut self, address: u32, bytes: &[u8]) -> Option<CeResult<()>> {
        let _ = (address, bytes);
        None
    }

    /// Makes a block of its own heap, for LocalAllocInProcess; its bytes are 0 if they are to be. None: it has no
    /// heap that others could use.
    fn allocate_block(&mut self, size: u32, zeroed: bool) -> Option<CeResult<u32>> {
        let _ = (size, zeroed);
        None
    }

    /// Frees a block of its own heap, for LocalFreeInProcess. None: as above.
    fn free_block(&mut self, address: u32) -> Option<CeResult<()>> {
        let _ = address;
        None
    }

    /// Says how large a block of its own heap is, for LocalSizeInProcess. None: as above.
    fn block_size(&mut self, address: u32) -> Option<CeResult<u32>> {
        let _ = address;
        None
    }

    /// Says which modules it has, its image first, as far as it can tell.
    fn modules(&self) -> Vec<ModuleEntry> {
        Vec::new()
    }

    /// Says which modules and heaps it has, as far as it can tell.
    fn contents(&self) -> ProcessContents {
        ProcessContents::default()
    }

    /// Tells it that one of its guests has another TLS value.
    fn tls_changed(&mut self, guest: u32, index: u32, value: u32) {
        let _ = (guest, index, value);
    }
}

/// What a guest is given when it is resumed.
pub struct Turn<'a> {
    /// Where it finds the reply of the call that it stopped with, and makes others.
    pub device: &'a mut Lent,
    /// The id of its thread.
    pub thread_id: u32,
    /// The id of its process.
    pub process_id: u32,
    /// The device's files, where libraries are found.
    pub files: &'a mut FileSystem,
}

/// What a guest did with its turn.
#[derive(Debug)]
pub struct Ran {
    /// Why it stopped.
    pub stop: Stop,
    /// What it used since its last call.
    pub used: Used,
}

impl Ran {
    /// It stopped, and none of its work is counted.
    #[inline]
    pub fn stopped(stop: Stop) -> Self {
        Ran { stop, used: Used::default() }
    }
}

/// Why a guest stopped.
#[derive(Debug)]
pub enum Stop {
    /// It made a call with which it could not run on.
    Called,
    /// Its slice is over.
    SliceEnd,
    /// Its thread function returned.
    Exit(u32),
    /// It did what no handler catches; its process ends with the exception's code.
    Crash(Box<Crash>),
    /// It notes something in the trace, and goes on.
    Note(Box<str>),
    /// It found that something is not as it must be; the run ends with these words.
    Failed(Box<str>),
    /// It called a function that CE has and cerium does not; the run cannot go on.
    Missing(Box<Missing>),
}

/// An unhandled exception.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Crash {
    /// The exception's code, such as 0xC0000005 for an access violation.
    pub code: u32,
    /// What happened where, with registers and return addresses, for people.
    pub report: String,
}

/// A function that cerium lacks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Missing {
    /// What was called: name and ordinal, or set and method of a trap address.
    pub function: String,
    /// Who called it.
    pub caller: String,
}

/// A program that could become a process.
pub struct Prepared {
    /// Its code.
    pub program: Box<dyn Program>,
    /// The path of its image, as the guest sees it.
    pub path: Arc<[u16]>,
    /// Where its image is loaded.
    pub module: u32,
}

/// Where CreateProcess finds programs.
pub trait Images {
    /// Finds an image, among the guest's files if it is kept there, and makes it ready.
    fn load(&mut self, files: &mut FileSystem, image: &[u16], command_line: &[u16]) -> CeResult<Prepared>;
}

/// No images at all.
pub struct NoImages;

impl Images for NoImages {
    fn load(&mut self, _: &mut FileSystem, _: &[u16], _: &[u16]) -> CeResult<Prepared> {
        Err(Win32Error::FILE_NOT_FOUND)
    }
}

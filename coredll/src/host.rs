//! What a body needs of the machine that drives the guests: programs, memory, and a place for text.

use std::sync::Arc;

use cerium_files::FileSystem;
use cerium_files::registry::Registry;
use cerium_kernel::{CeResult, ModuleEntry, ProcessContents};
use cerium_process::ThreadStart;

/// A program that was made ready to be a process.
#[derive(Clone, Debug)]
pub struct LoadedImage {
    /// The number by which the machine knows it.
    pub program: u32,
    /// The path of its image, as the guest sees it.
    pub path: Arc<[u16]>,
    /// Where the image is loaded.
    pub module: u32,
}

/// A section that is a file's.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct FileSection {
    /// Its number.
    pub section: u32,
    /// How many bytes it has.
    pub size: u32,
}

/// The machine, as a body of the API sees it.
///
/// What can fail is asked for before the kernel is changed; what was made and is not used after all is
/// discarded again.
pub trait Host {
    /// Finds an image as CreateProcess does and makes it ready (ee482760).
    fn load_image(&mut self, image: &[u16], command_line: &[u16]) -> CeResult<LoadedImage>;

    /// Gives up a program that became no process.
    fn discard_program(&mut self, program: u32);

    /// Makes a guest for a new thread of a program: its stack and first registers.
    fn create_guest(&mut self, program: u32, start: ThreadStart) -> CeResult<u32>;

    /// Makes bytes that several processes can see; all are 0.
    fn create_section(&mut self, size: u32) -> CeResult<u32>;

    /// Makes the bytes of a file into a section, as long as `size`, or as the file if that is 0; the file grows if
    /// it is shorter. All maps of a file see the same bytes.
    fn create_file_section(&mut self, open: u32, size: u64, writable: bool) -> CeResult<FileSection>;

    /// Brings what views of a section have changed to its file, if it has one.
    fn flush_section(&mut self, section: u32) -> CeResult<()>;

    /// Gives up a section that became no memory map.
    fn discard_section(&mut self, section: u32);

    /// Shows a program a part of a section, and returns where.
    fn map_view(
        &mut self,
        program: u32,
        section: u32,
        offset: u32,
        size: u32,
        writable: bool,
    ) -> CeResult<u32>;

    /// Takes a view away again.
    fn unmap_view(&mut self, program: u32, address: u32, size: u32);

    /// Tells a program that one of its guests has another TLS value, for those that read it from memory.
    fn tls_changed(&mut self, program: u32, guest: u32, index: u32, value: u32);

    /// The registry.
    fn registry(&mut self) -> &mut Registry;

    /// Reads a program's memory, all of it or nothing. None: it has no memory that others could read.
    fn read_memory(&mut self, program: u32, address: u32, size: u32) -> Option<CeResult<Box<[u8]>>>;

    /// Writes a program's memory, all of it or nothing. None: it has no memory that others could write.
    fn write_memory(&mut self, program: u32, address: u32, bytes: &[u8]) -> Option<CeResult<()>>;

    /// Makes a block of a program's own heap; its bytes are 0 if they are to be. None: it has no heap that others
    /// could use.
    fn allocate_block(&mut self, program: u32, size: u32, zeroed: bool) -> Option<CeResult<u32>>;

    /// Frees a block of a program's own heap. None: as above.
    fn free_block(&mut self, program: u32, address: u32) -> Option<CeResult<()>>;

    /// Says how large a block of a program's own heap is. None: as above.
    fn block_size(&mut self, program: u32, address: u32) -> Option<CeResult<u32>>;

    /// A guest's registers as a CONTEXT: the parts that the given one names, the others as they are given.
    /// None: it has no registers.
    fn context(&mut self, program: u32, guest: u32, given: &[u8]) -> Option<CeResult<Vec<u8>>>;

    /// Gives a guest the registers of a CONTEXT. None: it has no registers.
    fn set_context(&mut self, program: u32, guest: u32, context: &[u8]) -> Option<CeResult<()>>;

    /// Says which modules a program has, its image first, as far as it can tell.
    fn modules(&mut self, program: u32) -> Vec<ModuleEntry>;

    /// Says which modules and heaps a program has, as far as it can tell.
    fn contents(&mut self, program: u32) -> ProcessContents;

    /// The file system.
    fn files(&mut self) -> &mut FileSystem;

    /// Puts out text of the guest.
    fn output(&mut self, text: &str);
}

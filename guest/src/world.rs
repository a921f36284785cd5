//! What the bodies of the API ask the machine for.

use cerium_coredll::{FileSection, Host, LoadedImage};
use cerium_files::FileSystem;
use cerium_files::registry::Registry;
use cerium_kernel::{CeResult, ModuleEntry, ProcessContents};
use cerium_process::ThreadStart;
use slab::Slab;

use crate::program::{Images, Prepared, Program};
use crate::sections::Sections;

/// Everything of a machine but its kernel.
pub(crate) struct World {
    pub(crate) programs: Slab<Box<dyn Program>>,
    pub(crate) sections: Sections,
    pub(crate) images: Box<dyn Images>,
    pub(crate) files: FileSystem,
    pub(crate) registry: Registry,
    /// What bodies have put out and nobody has fetched yet.
    pub(crate) console: String,
}

impl World {
    pub(crate) fn new(images: Box<dyn Images>) -> Self {
        Self {
            programs: Slab::new(),
            sections: Sections::default(),
            images,
            files: FileSystem::default(),
            registry: Registry::default(),
            console: String::new(),
        }
    }

    pub(crate) fn admit(&mut self, prepared: Prepared) -> LoadedImage {
        let Prepared { program, path, module } = prepared;
        LoadedImage { program: self.programs.insert(program) as u32, path, module }
    }
}

impl Host for World {
    fn load_image(&mut self, image: &[u16], command_line: &[u16]) -> CeResult<LoadedImage> {
        let prepared = self.images.load(&mut self.files, image, command_line)?;
        Ok(self.admit(prepared))
    }

    fn discard_program(&mut self, program: u32) {
        self.sections.forget_program(program);
        self.programs.remove(program as usize);
    }

    fn create_guest(&mut self, program: u32, start: ThreadStart) -> CeResult<u32> {
        self.programs[program as usize].create_guest(start)
    }

    fn create_section(&mut self, size: u32) -> CeResult<u32> {
        self.sections.create(size)
    }

    fn create_file_section(&mut self, open: u32, size: u64, writable: bool) -> CeResult<FileSection> {
        self.sections.create_of_file(&mut self.files, open, size, writable)
    }

    fn flush_section(&mut self, section: u32) -> CeResult<()> {
        self.sections.flush(&mut self.files, section)
    }

    fn discard_section(&mut self, section: u32) {
        self.sections.discard(&mut self.files, section);
    }

    fn map_view(
        &mut self,
        program: u32,
        section: u32,
        offset: u32,
        _size: u32,
        writable: bool,
    ) -> CeResult<u32> {
        let code = self.programs[program as usize].as_mut();
        self.sections.map(section, program, code, offset, writable)
    }

    fn unmap_view(&mut self, program: u32, address: u32, _size: u32) {
        let code = self.programs[program as usize].as_mut();
        self.sections.unmap(program, code, address);
    }

    fn tls_changed(&mut self, program: u32, guest: u32, index: u32, value: u32) {
        self.programs[program as usize].tls_changed(guest, index, value);
    }

    fn registry(&mut self) -> &mut Registry {
        &mut self.registry
    }

    fn read_memory(&mut self, program: u32, address: u32, size: u32) -> Option<CeResult<Box<[u8]>>> {
        self.programs[program as usize].read_memory(address, size)
    }

    fn write_memory(&mut self, program: u32, address: u32, bytes: &[u8]) -> Option<CeResult<()>> {
        self.programs[program as usize].write_memory(address, bytes)
    }

    fn allocate_block(&mut self, program: u32, size: u32, zeroed: bool) -> Option<CeResult<u32>> {
        self.programs[program as usize].allocate_block(size, zeroed)
    }

    fn free_block(&mut self, program: u32, address: u32) -> Option<CeResult<()>> {
        self.programs[program as usize].free_block(address)
    }

    fn block_size(&mut self, program: u32, address: u32) -> Option<CeResult<u32>> {
        self.programs[program as usize].block_size(address)
    }

    fn context(&mut self, program: u32, guest: u32, given: &[u8]) -> Option<CeResult<Vec<u8>>> {
        self.programs[program as usize].context(guest, given)
    }

    fn set_context(&mut self, program: u32, guest: u32, context: &[u8]) -> Option<CeResult<()>> {
        self.programs[program as usize].set_context(guest, context)
    }

    fn modules(&mut self, program: u32) -> Vec<ModuleEntry> {
        self.programs[program as usize].modules()
    }

    fn contents(&mut self, program: u32) -> ProcessContents {
        self.programs[program as usize].contents()
    }

    fn files(&mut self) -> &mut FileSystem {
        &mut self.files
    }

    fn output(&mut self, text: &str) {
        self.console.push_str(text);
    }
}

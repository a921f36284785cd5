//! Loads libraries: finds their files, maps them, binds their imports and those of what they import from.
//!
//! Loading touches nobody's code: entry points are called afterwards (see `notify`). A library that cannot be
//! loaded whole is not loaded at all, nor is what it alone would have needed.

use cerium_coredll::catalogue::{Library, Processor};
use cerium_files::FileSystem;
use cerium_memory::{AddressSpace, PAGE_SIZE, Protection};
use cerium_pe::{ExportTarget, Image, ImportTarget, Machine};

use crate::binding::{self, Unbound, bind_in, processor_of};
use crate::error::LoadProblem;
use crate::folders::{find_library, read_image};
use crate::layout::{COREDLL, GRANULARITY, IMAGES, LIBRARIES, TOOLHELP};
use crate::modules::{Module, Modules, State};
use crate::thunks::Thunks;

/// How many modules a process may have. Our choice.
pub(crate) const MAXIMUM_MODULES: usize = 256;

/// How many forwarders may lead to one another.
pub(crate) const MAXIMUM_FORWARDS: u32 = 16;

/// What a library is loaded for.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Purpose {
    /// To be run.
    Code,
    /// To be looked at.
    Data,
}

/// Everything of a process that loading changes.
pub(crate) struct Loading<'a> {
    pub(crate) memory: &'a mut AddressSpace,
    pub(crate) modules: &'a mut Modules,
    pub(crate) thunks: &'a mut Thunks,
    pub(crate) files: &'a mut FileSystem,
    /// Whose libraries can be run.
    pub(crate) processor: Processor,
}

impl Loading<'_> {
    /// Loads a library, or finds it loaded. Gives where it lies.
    pub(crate) fn load(&mut self, name: &str, purpose: Purpose) -> Result<u32, LoadProblem> {
        if let Some(library) = Library::named(name) {
            return self.host_library(library);
        }
        let count = self.modules.len();
        let loaded = self.find_or_map(name, purpose);
        if loaded.is_err() {
            self.take_back(count);
        }
        loaded
    }

    /// Takes the modules away that came after the first `count`.
    pub(crate) fn take_back(&mut self, count: usize) {
        for module in self.modules.truncate(count) {
            unmap(self.memory, &module);
        }
    }

    fn find_or_map(&mut self, name: &str, purpose: Purpose) -> Result<u32, LoadProblem> {
        let found = self.modules.named(name).map(|module| (module.base, module.state));
        match (found, purpose) {
            (Some((base, state)), _) if state != State::Data || purpose == Purpose::Data => Ok(base),
            (Some((base, _)), Purpose::Code) => {
                // Until now it was only looked at.
                let path = self.modules.at(base).expect("it was found").path();
                let image = self.read(&path)?.1;
                self.bind_library(base, &image).map(|()| base)
            }
            _ => self.map_library(name, purpose),
        }
    }

    fn read(&mut self, name: &str) -> Result<(String, Image, Vec<u8>), LoadProblem> {
        read_library(self.files, name, &self.modules.program().path(), self.processor)
    }

    /// Puts a library that is not there where it goes.
    fn map_library(&mut self, name: &str, purpose: Purpose) -> Result<u32, LoadProblem> {
        let (path, image, bytes) = self.read(name)?;
        let mapped = self.map(&path, &image, &bytes, purpose);
        mapped.map_err(|problem| in_library(&path, problem))
    }

    fn map(&mut self, path: &str, image: &Image, bytes: &[u8], purpose: Purpose) -> Result<u32, LoadProblem> {
        if self.modules.len() >= MAXIMUM_MODULES {
            return Err(LoadProblem::Memory(format!("a process has {MAXIMUM_MODULES} modules at most")));
        }
        if purpose == Purpose::Code && !image.is_dll() {
            return Err(LoadProblem::Program);
        }
        let base = self.base_for(image)?;
        let mut laid_out = image.lay_out(bytes)?;
        image.relocate(&mut laid_out, base.wrapping_sub(image.image_base))?;
        map_image(self.memory, image, base, &laid_out)?;
        self.modules.add(Module::new(image, path, base, State::Data));
        if purpose == Purpose::Code {
            self.bind_library(base, image)?;
        }
        Ok(base)
    }

    fn bind_library(&mut self, base: u32, image: &Image) -> Result<(), LoadProblem> {
        // Before what it needs is loaded, which may need it in its turn.
        self.modules.at_mut(base).expect("it was added").state = State::Loaded;
        let bound = self.bind(base, image);
        if bound.is_err() {
            self.modules.at_mut(base).expect("it was added").state = State::Data;
        }
        self.modules.take_place(base);
        bound
    }

    /// Where a library goes: where it was linked for, or else above the program's part.
    fn base_for(&self, image: &Image) -> Result<u32, LoadProblem> {
        let (wanted, size) = (image.image_base, image.mapped_size());
        let is_possible = wanted.is_multiple_of(GRANULARITY) && wanted >= IMAGES.start;
        let end = wanted.checked_add(size).filter(|end| *end <= LIBRARIES.end);
        if let Some(end) = end.filter(|_| is_possible)
            && self.memory.find_free(wanted..end, size, GRANULARITY) == Some(wanted)
        {
            return Ok(wanted);
        }
        if !image.is_relocatable() {
            let reason = "it has no relocations, and something else is there already".to_owned();
            return Err(LoadProblem::Address { base: wanted, reason });
        }
        let free = self.memory.find_free(LIBRARIES, size, GRANULARITY);
        free.ok_or_else(|| LoadProblem::Memory("no room for a library".to_owned()))
    }

    /// Settles every import of a module, loading what it imports from.
    pub(crate) fn bind(&mut self, base: u32, image: &Image) -> Result<(), LoadProblem> {
        for import in &image.imports {
            let missing = |problem: LoadProblem| match problem {
                LoadProblem::NotFound => LoadProblem::MissingModule {
                    module: import.name.clone(),
                    functions: import.functions.len(),
                },
                other => other,
            };
            let from = match Library::named(&import.name) {
                Some(library) => self.host_library(library)?,
                None => {
                    let from = self.find_or_map(&import.name, Purpose::Code).map_err(missing)?;
                    self.note_need(base, from);
                    from
                }
            };
            for function in &import.functions {
                let address = self.address_of(from, &function.target, base, 0)?;
                let Some(address) = address else {
                    return Err(LoadProblem::UnknownImport {
                        module: import.name.clone(),
                        function: binding::words(&function.target),
                    });
                };
                let word = self.memory.poke(base.wrapping_add(function.iat_rva), &address.to_le_bytes());
                word.expect("an import's word lies in the image, which is mapped");
            }
        }
        Ok(())
    }

    fn note_need(&mut self, base: u32, needed: u32) {
        let module = self.modules.at_mut(base).expect("it was found or added");
        if !module.needs.contains(&needed) {
            module.needs.push(needed);
        }
    }

    /// The address of an export. A forwarder leads on to another module, which `user` then needs.
    pub(crate) fn address_of(
        &mut self,
        base: u32,
        wanted: &ImportTarget,
        user: u32,
        forwards: u32,
    ) -> Result<Option<u32>, LoadProblem> {
        if let Some(library) = host_library(base) {
            return Ok(self.host_function(library, wanted));
        }
        let forward = match self.modules.at(base).and_then(|module| module.export(wanted)) {
            None => return Ok(None),
            Some(ExportTarget::Rva(rva)) => return Ok(Some(base.wrapping_add(*rva))),
            Some(ExportTarget::Forward(forward)) => forward.clone(),
        };
        let Some((module, function)) = forwarded(&forward).filter(|_| forwards < MAXIMUM_FORWARDS) else {
            return Ok(None);
        };
        if let Some(library) = Library::named(&module) {
            return Ok(self.host_function(library, &function));
        }
        let next = self.find_or_map(&module, Purpose::Code)?;
        self.note_need(user, next);
        self.address_of(next, &function, user, forwards + 1)
    }

    /// The address of an export that a guest asks for; what a forwarder needs is loaded whole or not at all.
    pub(crate) fn address_of_export(
        &mut self,
        base: u32,
        wanted: &ImportTarget,
    ) -> Result<Option<u32>, LoadProblem> {
        let count = self.modules.len();
        let found = self.address_of(base, wanted, base, 0);
        if found.is_err() {
            self.take_back(count);
        }
        found
    }

    fn host_function(&mut self, library: Library, wanted: &ImportTarget) -> Option<u32> {
        match bind_in(self.processor, library, wanted) {
            Ok(target) => Some(self.thunks.address(target)),
            Err(Unbound::MissingModule | Unbound::UnknownFunction) => None,
        }
    }

    /// The handle of a library that cerium serves. Its functions are the host's, so that there is nothing to
    /// see there but a page.
    fn host_library(&mut self, library: Library) -> Result<u32, LoadProblem> {
        let base = host_base(library);
        if self.memory.protection_at(base).is_none() {
            self.memory.map(base, PAGE_SIZE, Protection::READ)?;
        }
        Ok(base)
    }
}

/// Finds and reads a library that a program can have.
pub(crate) fn read_library(
    files: &mut FileSystem,
    name: &str,
    program: &str,
    processor: Processor,
) -> Result<(String, Image, Vec<u8>), LoadProblem> {
    let path = find_library(files, name, program).ok_or(LoadProblem::NotFound)?;
    let (path, bytes) = read_image(files, &path).map_err(|error| {
        log::warn!(target: "loader", "{path}: {error}");
        LoadProblem::NotFound
    })?;
    let image = Image::parse(&bytes).map_err(|error| in_library(&path, error.into()))?;
    if image.machine == Machine::ArmNt || processor_of(image.machine) != processor {
        return Err(in_library(&path, LoadProblem::OtherProcessor(image.machine)));
    }
    Ok((path, image, bytes))
}

/// The handle of a library that cerium serves.
pub(crate) fn host_base(library: Library) -> u32 {
    match library {
        Library::Coredll => COREDLL,
        Library::Toolhelp => TOOLHELP,
    }
}

/// The path by which a guest sees a library that cerium serves.
pub(crate) fn served_path(library: Library) -> &'static str {
    match library {
        Library::Coredll => "\\Windows\\coredll.dll",
        Library::Toolhelp => "\\Windows\\toolhelp.dll",
    }
}

/// The library that cerium serves by this handle.
pub(crate) fn host_library(base: u32) -> Option<Library> {
    [Library::Coredll, Library::Toolhelp].into_iter().find(|library| host_base(*library) == base)
}

/// A forwarder's module and function: `MODULE.name` or `MODULE.#ordinal`.
pub(crate) fn forwarded(forward: &str) -> Option<(String, ImportTarget)> {
    let (module, function) = forward.rsplit_once('.')?;
    let function = match function.strip_prefix('#') {
        Some(ordinal) => ImportTarget::Ordinal(ordinal.parse().ok()?),
        None => ImportTarget::Name { hint: 0, name: function.to_owned() },
    };
    Some((module.to_owned(), function))
}

/// A problem, with the library that has it; one that names a library already keeps that name.
fn in_library(path: &str, problem: LoadProblem) -> LoadProblem {
    match problem {
        LoadProblem::InLibrary { .. } => problem,
        problem => LoadProblem::InLibrary { library: path.to_owned(), problem: Box::new(problem) },
    }
}

/// Maps an image that is laid out.
pub(crate) fn map_image(
    memory: &mut AddressSpace,
    image: &Image,
    base: u32,
    laid_out: &[u8],
) -> Result<(), LoadProblem> {
    memory.map(base, image.mapped_size(), Protection::READ)?;
    memory.poke(base, laid_out).expect("it was mapped just now");
    for section in &image.sections {
        let size = (section.end() - section.rva).next_multiple_of(PAGE_SIZE);
        if size > 0 {
            memory.protect(base + section.rva, size, protection(section.protection))?;
        }
    }
    Ok(())
}

/// Takes an image's pages away.
pub(crate) fn unmap(memory: &mut AddressSpace, module: &Module) {
    if memory.unmap(module.base, module.size).is_err() {
        log::warn!(target: "loader", "{} at {:#x} is not mapped any more", module.name, module.base);
    }
}

/// What a guest may do in a section. Code can be read: compilers for ARM keep constants in it.
fn protection(of: cerium_pe::Protection) -> Protection {
    let mut protection = Protection::empty();
    protection.set(Protection::READ, !of.is_empty());
    protection.set(Protection::WRITE, of.contains(cerium_pe::Protection::WRITE));
    protection.set(Protection::EXECUTE, of.contains(cerium_pe::Protection::EXECUTE));
    protection
}

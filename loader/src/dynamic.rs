//! LoadLibrary and its kin: the bodies of the rows about modules.

use cerium_coredll::catalogue::Library;
use cerium_coredll::{Call, OutType, TextBuffer, Units};
use cerium_crt::string;
use cerium_kernel::Win32Error;
use cerium_memory::Fault;
use cerium_pe::ImportTarget;

use crate::calls::{Out, Use};
use crate::crash::Exception;
use crate::executable::Executable;
use crate::folders::find_library;
use crate::isa::Isa;
use crate::libraries::{Loading, Purpose, host_base, host_library, served_path};
use crate::modules::State;
use crate::notify::{Act, Acts};

const DONT_RESOLVE_DLL_REFERENCES: u32 = 1;
const LOAD_LIBRARY_AS_DATAFILE: u32 = 2;

/// MAX_PATH: no file's name is longer.
const MAXIMUM_PATH: u32 = 260;
/// No function's name that a linker makes is longer.
const MAXIMUM_NAME: u32 = 4096;

impl<I: Isa> Executable<I> {
    /// What loading changes.
    fn loading<'a>(&'a mut self, used: &'a mut Use<'_>) -> Loading<'a> {
        Loading {
            memory: &mut self.memory,
            modules: &mut self.modules,
            thunks: &mut self.thunks,
            files: used.files,
            processor: I::PROCESSOR,
        }
    }

    /// A wide text that a guest points to; none if it is longer than it may be.
    fn wide_text(&self, address: u32, limit: u32) -> Result<Option<String>, Fault> {
        let units: Vec<u16> = string::read(&self.memory, address, limit)?;
        Ok((units.len() < limit as usize).then(|| String::from_utf16_lossy(&units)))
    }

    pub(crate) fn is_library(&self, base: u32) -> bool {
        host_library(base).is_some() || self.modules.library_at(base).is_some()
    }

    /// The library of a name that is there.
    pub(crate) fn library_named(&mut self, name: &str) -> Option<u32> {
        if let Some(library) = Library::named(name) {
            return Some(host_base(library));
        }
        self.modules.named(name).filter(|module| module.state != State::Program).map(|module| module.base)
    }

    pub(crate) fn load_library(&mut self, guest: u32, used: &mut Use<'_>, name: u32) -> Out {
        self.load_library_ex(guest, used, name, 0, 0)
    }

    pub(crate) fn load_library_ex(
        &mut self,
        guest: u32,
        used: &mut Use<'_>,
        name: u32,
        file: u32,
        flags: u32,
    ) -> Out {
        let known = DONT_RESOLVE_DLL_REFERENCES | LOAD_LIBRARY_AS_DATAFILE;
        // ms886737: hFile is reserved and must be NULL. Our choice: so are flags that CE does not name.
        if file != 0 || flags & !known != 0 {
            return self.fail(guest, used, Win32Error::INVALID_PARAMETER, 0);
        }
        let name = match self.library_name(name) {
            Ok(name) => name,
            Err(error) => return self.fail(guest, used, error, 0),
        };
        let purpose = if flags & known == 0 { Purpose::Code } else { Purpose::Data };
        match self.loading(used).load(&name, purpose) {
            Ok(base) => {
                if let Some(module) = self.modules.at_mut(base) {
                    module.loads = module.loads.saturating_add(1);
                }
                let acts = match purpose {
                    Purpose::Code => self.acts_of_loading(base),
                    Purpose::Data => Acts::from([Act::Return(base)]),
                };
                self.act(guest, acts, used)
            }
            Err(problem) => {
                log::warn!(target: "loader", "LoadLibrary: {name}: {problem}");
                self.fail(guest, used, problem.win32_of_library(), 0)
            }
        }
    }

    /// The name of a library that a guest asks for.
    fn library_name(&self, address: u32) -> Result<String, Win32Error> {
        match self.wide_text(address, MAXIMUM_PATH) {
            Ok(Some(name)) if !name.is_empty() => Ok(name),
            Ok(_) => Err(Win32Error::MOD_NOT_FOUND),
            Err(_) => Err(Win32Error::INVALID_PARAMETER),
        }
    }

    /// `LoadKernelLibrary`. Our choice: it looks for the library as LoadLibrary does, and refuses one that is there
    /// as to a program without privilege: the kernel is no guest's code, and can run none.
    pub(crate) fn load_kernel_library(&mut self, guest: u32, used: &mut Use<'_>, name: u32) -> Out {
        let name = match self.library_name(name) {
            Ok(name) => name,
            Err(error) => return self.fail(guest, used, error, 0),
        };
        let is_there = Library::named(&name).is_some()
            || self.modules.named(&name).is_some()
            || find_library(used.files, &name, &self.modules.program().path()).is_some();
        if !is_there {
            return self.fail(guest, used, Win32Error::MOD_NOT_FOUND, 0);
        }
        log::warn!(target: "loader", "LoadKernelLibrary: {name}: the kernel runs no code of the guest's");
        self.fail(guest, used, Win32Error::ACCESS_DENIED, 0)
    }

    /// Counts a library down. Says whether there is such a library.
    fn count_down(&mut self, base: u32) -> bool {
        if let Some(module) = self.modules.at_mut(base) {
            // Our choice: what the program itself imports stays, and giving it back changes nothing.
            module.loads = module.loads.saturating_sub(1);
        }
        self.is_library(base)
    }

    pub(crate) fn free_library(&mut self, guest: u32, used: &mut Use<'_>, module: u32) -> Out {
        if !self.count_down(module) {
            return self.fail(guest, used, Win32Error::MOD_NOT_FOUND, 0);
        }
        let acts = self.acts_of_freeing();
        self.act(guest, acts, used)
    }

    pub(crate) fn free_library_and_exit_thread(
        &mut self,
        guest: u32,
        used: &mut Use<'_>,
        module: u32,
        code: u32,
    ) -> Out {
        self.count_down(module);
        let mut acts = self.acts_of_freeing();
        // Instead of returning.
        acts.pop_back();
        acts.extend(self.acts_of_ending(guest, Act::Call(Call::ExitThread { dwExitCode: code })));
        self.act(guest, acts, used)
    }

    pub(crate) fn proc_address_wide(
        &mut self,
        guest: u32,
        used: &mut Use<'_>,
        module: u32,
        name: u32,
    ) -> Out {
        let text = if name <= 0xFFFF { Ok(None) } else { self.wide_text(name, MAXIMUM_NAME) };
        self.proc_address(guest, used, module, name, text)
    }

    pub(crate) fn proc_address_narrow(
        &mut self,
        guest: u32,
        used: &mut Use<'_>,
        module: u32,
        name: u32,
    ) -> Out {
        let text = if name <= 0xFFFF {
            Ok(None)
        } else {
            let bytes: Result<Vec<u8>, Fault> = string::read(&self.memory, name, MAXIMUM_NAME);
            // Names of exports are printable ASCII, or the image would have been refused.
            bytes.map(|bytes| String::from_utf8(bytes).ok().or(Some(String::new())))
        };
        self.proc_address(guest, used, module, name, text)
    }

    fn proc_address(
        &mut self,
        guest: u32,
        used: &mut Use<'_>,
        module: u32,
        word: u32,
        text: Result<Option<String>, Fault>,
    ) -> Out {
        let wanted = match text {
            Ok(Some(name)) => ImportTarget::Name { hint: 0, name },
            Ok(None) => ImportTarget::Ordinal(word as u16),
            Err(_) => return self.fail(guest, used, Win32Error::INVALID_PARAMETER, 0),
        };
        if host_library(module).is_none() && self.modules.at(module).is_none() {
            return self.fail(guest, used, Win32Error::MOD_NOT_FOUND, 0);
        }
        let found = self.loading(used).address_of_export(module, &wanted);
        let address = match found {
            Ok(Some(address)) => address,
            Ok(None) => return self.fail(guest, used, Win32Error::PROC_NOT_FOUND, 0),
            Err(problem) => {
                log::warn!(target: "loader", "GetProcAddress: {problem}");
                return self.fail(guest, used, problem.win32_of_library(), 0);
            }
        };
        // A forwarder may have brought libraries in.
        let mut acts = self.acts_of_loading(module);
        if acts.len() == 1 || self.modules.in_order(|module| module.state == State::Loaded).is_empty() {
            return self.return_word(guest, address);
        }
        acts.pop_back();
        acts.push_back(Act::Return(address));
        self.act(guest, acts, used)
    }

    pub(crate) fn disable_thread_library_calls(&mut self, guest: u32, used: &mut Use<'_>, base: u32) -> Out {
        match self.modules.at_mut(base) {
            Some(module) if module.state != State::Program => {
                module.wants_threads = false;
                self.return_word(guest, 1)
            }
            _ => self.fail(guest, used, Win32Error::MOD_NOT_FOUND, 0),
        }
    }

    /// GetModuleFileName of a library.
    pub(crate) fn library_file_name(
        &mut self,
        guest: u32,
        base: u32,
        buffer: TextBuffer,
        used: &mut Use<'_>,
    ) -> Out {
        if let Err(error) = buffer.check() {
            return self.fail(guest, used, error, 0);
        }
        let served = || {
            let library = host_library(base).unwrap_or(Library::Coredll);
            served_path(library).encode_utf16().collect()
        };
        let path = self.modules.at(base).map_or_else(served, |module| module.path.clone());
        let fitting = buffer.fit(&path);
        let length = fitting.len().saturating_sub(1) as u32;
        let address = self.threads[guest as usize].outs.first().copied().unwrap_or(0);
        match self.memory.write_bytes(address, Units(fitting).encode().as_bytes()) {
            Ok(()) => self.return_word(guest, length),
            Err(fault) => self.raise(guest, Exception::of_fault(fault)),
        }
    }
}

//! What an image's imports come to, found as the loader finds them and with nothing loaded.

use cerium_coredll::catalogue::{Library, Processor};
use cerium_files::FileSystem;
use cerium_pe::{ExportTarget, Image, ImportModule, ImportTarget};

use crate::binding::{Target, Unbound, bind_in, processor_of};
use crate::error::LoadProblem;
use crate::libraries::{MAXIMUM_FORWARDS, MAXIMUM_MODULES, forwarded, read_library};
use crate::modules::{Module, State, library_name};

/// Where an import was found.
#[derive(Copy, Clone, Debug)]
pub enum Found {
    /// Among the functions of CE, which cerium has or lacks.
    Ce(Target),
    /// In a library of the guest's.
    Library,
}

/// What each function of an image's import modules comes to, in their order.
pub type Findings = Vec<Vec<Result<Found, Unbound>>>;

/// A library that an image needs, itself or through another library.
#[derive(Debug)]
pub struct SurveyedLibrary {
    /// Its file's name.
    pub name: String,
    /// The file and its image, as the guest sees it; or why it cannot be loaded.
    pub file: Result<(String, Image), LoadProblem>,
    /// What its own imports come to.
    pub imports: Findings,
}

/// An image's imports, and the libraries that they lead to in the order in which they are met.
#[derive(Debug, Default)]
pub struct Survey {
    /// What the image's own imports come to.
    pub imports: Findings,
    /// The libraries, each once.
    pub libraries: Vec<SurveyedLibrary>,
}

impl Survey {
    /// Looks for what an image at this path of the guest's would be bound to.
    pub fn of(image: &Image, path: &str, files: &mut FileSystem) -> Survey {
        let mut surveyor = Surveyor {
            files,
            program: path,
            processor: processor_of(image.machine),
            survey: Survey::default(),
        };
        surveyor.survey.imports = surveyor.all(&image.imports);
        let mut next = 0;
        while let Some(library) = surveyor.survey.libraries.get(next) {
            if let Ok((_, image)) = &library.file {
                let imports = image.imports.clone();
                surveyor.survey.libraries[next].imports = surveyor.all(&imports);
            }
            next += 1;
        }
        surveyor.survey
    }

    /// The library of a file's name.
    pub fn library(&self, name: &str) -> Option<&SurveyedLibrary> {
        let wanted = library_name(name);
        self.libraries.iter().find(|library| library.name.eq_ignore_ascii_case(&wanted))
    }
}

struct Surveyor<'a> {
    files: &'a mut FileSystem,
    program: &'a str,
    processor: Processor,
    survey: Survey,
}

impl Surveyor<'_> {
    fn all(&mut self, modules: &[ImportModule]) -> Findings {
        let all = |module: &ImportModule| {
            module.functions.iter().map(|import| self.find(&module.name, &import.target, 0)).collect()
        };
        modules.iter().map(all).collect()
    }

    /// What a module's function comes to. A forwarder leads on to another module.
    fn find(&mut self, module: &str, wanted: &ImportTarget, forwards: u32) -> Result<Found, Unbound> {
        if let Some(library) = Library::named(module) {
            return bind_in(self.processor, library, wanted).map(Found::Ce);
        }
        if self.survey.library(module).is_none() {
            self.read(module);
        }
        let library = self.survey.library(module).ok_or(Unbound::MissingModule)?;
        let Ok((path, image)) = &library.file else { return Err(Unbound::MissingModule) };
        let exporter = Module::new(image, path, image.image_base, State::Data);
        match exporter.export(wanted) {
            None => Err(Unbound::UnknownFunction),
            Some(ExportTarget::Rva(_)) => Ok(Found::Library),
            Some(ExportTarget::Forward(forward)) => {
                let next = forwarded(forward).filter(|_| forwards < MAXIMUM_FORWARDS);
                let (module, function) = next.ok_or(Unbound::UnknownFunction)?;
                self.find(&module, &function, forwards + 1)
            }
        }
    }

    fn read(&mut self, name: &str) {
        if self.survey.libraries.len() >= MAXIMUM_MODULES {
            return;
        }
        let file =
            read_library(self.files, name, self.program, self.processor).and_then(|(path, image, _)| {
                if image.is_dll() { Ok((path, image)) } else { Err(LoadProblem::Program) }
            });
        self.survey.libraries.push(SurveyedLibrary { name: library_name(name), file, imports: Vec::new() });
    }
}

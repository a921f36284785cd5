//! What an image imports, and the libraries of the guest's that it imports from.

use std::collections::BTreeSet;

use cerium_coredll::catalogue::{Library as CeLibrary, Processor};
use cerium_crt::table::Function as CrtFunction;
use cerium_loader::{Findings, Found, Survey, Target, Unbound, processor_of};
use cerium_pe::{Image, Import, ImportTarget};
use serde::Serialize;

/// The functions that an image imports from a module.
#[derive(Serialize, Debug)]
pub(super) struct Module {
    pub module: String,
    /// Where the guest finds it, if it is a library of the guest's.
    pub file: Option<String>,
    pub functions: Vec<Function>,
}

/// A library of the guest's.
#[derive(Serialize, Debug)]
pub(super) struct Library {
    pub module: String,
    /// Where the guest finds it.
    pub file: Option<String>,
    /// Why it cannot be loaded.
    pub problem: Option<String>,
    /// What it imports in its turn.
    pub imports: Vec<Module>,
}

/// Where an import is found.
#[derive(Copy, Clone, PartialEq, Eq, Serialize, Debug)]
#[serde(rename_all = "snake_case")]
pub(super) enum Standing {
    /// The kernel performs it.
    Kernel,
    /// The C library does.
    Crt,
    /// The loader does: modules, resources, exceptions.
    Loader,
    /// A library of the guest's exports it.
    Library,
    /// CE has it, cerium does not: to call it ends the run.
    Missing,
    /// No CE version has it: the image cannot be loaded.
    Unknown,
    /// The library is there and does not export it: the image cannot be loaded.
    NotExported,
    /// The module is not there: the image cannot be loaded.
    NoModule,
}

#[derive(Clone, Serialize, Debug)]
pub(super) struct Function {
    /// Its ordinal, if it is known.
    pub ordinal: Option<u16>,
    /// The same function's exported name.
    pub name: Option<String>,
    /// How the image names it.
    pub by: &'static str,
    pub cerium: Standing,
    /// What of it is not done or not done so, if cerium has it in part.
    pub partial: Option<&'static str>,
}

/// All imports of the image and of its libraries together, each function once.
#[derive(Serialize, Debug)]
pub(super) struct Functions {
    pub imported: usize,
    /// Those of them that cerium has.
    pub had: usize,
    /// Those that libraries of the guest's have.
    pub in_libraries: usize,
    /// Those that cerium has in part.
    pub partial: Vec<Function>,
    /// Those that CE has and cerium lacks.
    pub missing: Vec<Function>,
    /// Those that no CE version has, or whose module is not there or does not export them.
    pub unknown: Vec<Function>,
}

/// What an image imports, module by module.
pub(super) fn modules(image: &Image, findings: &Findings, survey: &Survey) -> Vec<Module> {
    let processor = processor_of(image.machine);
    let modules = image.imports.iter().zip(findings);
    let module = |(module, found): (&cerium_pe::ImportModule, &Vec<Result<Found, Unbound>>)| {
        let library = survey.library(&module.name).and_then(|library| library.file.as_ref().ok());
        let functions = module.functions.iter().zip(found);
        let function = |(import, found): (&Import, &Result<Found, Unbound>)| {
            Function::of(processor, &module.name, library.map(|(_, image)| image), import, found)
        };
        Module {
            module: module.name.clone(),
            file: library.map(|(path, _)| path.clone()),
            functions: functions.map(function).collect(),
        }
    };
    modules.map(module).collect()
}

/// The libraries of a survey.
pub(super) fn libraries(survey: &Survey) -> Vec<Library> {
    let library = |library: &cerium_loader::SurveyedLibrary| {
        let (file, problem, imports) = match &library.file {
            Ok((path, image)) => (Some(path.clone()), None, modules(image, &library.imports, survey)),
            Err(problem) => (None, Some(problem.to_string()), Vec::new()),
        };
        Library { module: library.name.clone(), file, problem, imports }
    };
    survey.libraries.iter().map(library).collect()
}

impl Function {
    fn of(
        processor: Processor,
        module: &str,
        library: Option<&Image>,
        import: &Import,
        found: &Result<Found, Unbound>,
    ) -> Self {
        let cerium = match found {
            Ok(Found::Library) => Standing::Library,
            Ok(Found::Ce(Target::Kernel(_))) => Standing::Kernel,
            Ok(Found::Ce(Target::Crt(_))) => Standing::Crt,
            Ok(Found::Ce(Target::Loader(_))) => Standing::Loader,
            Ok(Found::Ce(Target::Lacking(_))) => Standing::Missing,
            Err(Unbound::UnknownFunction) if library.is_some() => Standing::NotExported,
            Err(Unbound::UnknownFunction) => Standing::Unknown,
            Err(Unbound::MissingModule) => c_library(module, &import.target).unwrap_or(Standing::NoModule),
        };
        let partial = match found {
            Ok(Found::Ce(Target::Kernel(function))) => function.row().partial,
            Ok(Found::Ce(Target::Crt(function))) => function.row().partial,
            Ok(Found::Ce(Target::Loader(function))) => function.row().partial,
            Ok(Found::Ce(Target::Lacking(_)) | Found::Library) | Err(_) => None,
        };
        // What a module exports that is not there, nobody can say.
        let (ordinal, name) = match library {
            Some(image) => in_library(image, &import.target),
            None => in_ce(processor, module, &import.target),
        };
        match &import.target {
            ImportTarget::Ordinal(wanted) => {
                Function { ordinal: Some(*wanted), name, by: "ordinal", cerium, partial }
            }
            ImportTarget::Name { name: wanted, .. } => {
                Function { ordinal, name: Some(wanted.clone()), by: "name", cerium, partial }
            }
        }
    }

    /// Its name, or else its ordinal.
    pub(super) fn label(&self) -> String {
        match (&self.name, self.ordinal) {
            (Some(name), _) => name.clone(),
            (None, Some(ordinal)) => format!("ordinal {ordinal}"),
            (None, None) => unreachable!("an import has a name or an ordinal"),
        }
    }
}

/// The ordinal and the name of a function that CE exports.
fn in_ce(processor: Processor, module: &str, wanted: &ImportTarget) -> (Option<u16>, Option<String>) {
    let export = CeLibrary::named(module).and_then(|library| match wanted {
        ImportTarget::Ordinal(ordinal) => library.at_ordinal(processor, *ordinal),
        ImportTarget::Name { name, .. } => library.by_name(processor, name),
    });
    // 0: of some libraries the ordinals are not known.
    let ordinal = export.map(|export| export.ordinal).filter(|ordinal| *ordinal != 0);
    (ordinal, export.map(|export| export.name.to_owned()))
}

/// The ordinal and the name of a function that a library of the guest's exports.
fn in_library(image: &Image, wanted: &ImportTarget) -> (Option<u16>, Option<String>) {
    let names = image.exports.iter().flat_map(|exports| &exports.names);
    let export = names.clone().find(|export| match wanted {
        ImportTarget::Ordinal(ordinal) => export.ordinal == *ordinal,
        ImportTarget::Name { name, .. } => export.name == *name,
    });
    (export.map(|export| export.ordinal), export.map(|export| export.name.clone()))
}

/// Where a function of Compact 2013's C library stands, which is a module of its own there: most of them are
/// COREDLL's of before.
fn c_library(module: &str, function: &ImportTarget) -> Option<Standing> {
    let ImportTarget::Name { name, .. } = function else { return None };
    let is_had = CrtFunction::exported_as(name).is_some();
    module.eq_ignore_ascii_case("MSVCRT.dll").then_some(if is_had {
        Standing::Crt
    } else {
        Standing::Missing
    })
}

impl Functions {
    pub(super) fn of<'a>(modules: impl Iterator<Item = &'a Module>) -> Self {
        let mut all = Functions {
            imported: 0,
            had: 0,
            in_libraries: 0,
            partial: Vec::new(),
            missing: Vec::new(),
            unknown: Vec::new(),
        };
        let mut seen = BTreeSet::new();
        for module in modules {
            for function in &module.functions {
                if seen.insert((module.module.to_ascii_lowercase(), function.label())) {
                    all.add(function);
                }
            }
        }
        all
    }

    fn add(&mut self, function: &Function) {
        self.imported += 1;
        self.partial.extend(function.partial.map(|_| function.clone()));
        match function.cerium {
            Standing::Kernel | Standing::Crt | Standing::Loader => self.had += 1,
            Standing::Library => self.in_libraries += 1,
            Standing::Missing => self.missing.push(function.clone()),
            Standing::Unknown | Standing::NotExported | Standing::NoModule => {
                self.unknown.push(function.clone());
            }
        }
    }
}

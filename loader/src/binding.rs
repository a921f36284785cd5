//! What an import comes to.

use cerium_coredll::Function;
use cerium_coredll::catalogue::{Export, Library, Processor};
use cerium_crt::table::Function as CrtFunction;
use cerium_pe::{Image, ImportTarget, Machine};

use crate::error::LoadProblem;

/// What is behind an import's thunk.
#[derive(Copy, Clone, Debug)]
pub enum Target {
    /// A function of the kernel.
    Kernel(Function),
    /// A function of the C library.
    Crt(CrtFunction),
    /// A function that CE has and cerium lacks.
    Lacking(&'static Export),
}

/// An import that cannot be bound.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Unbound {
    /// The module is not there.
    MissingModule,
    /// No CE version exports the function.
    UnknownFunction,
}

/// Whose COREDLL an image imports from.
pub fn processor_of(machine: Machine) -> Processor {
    if machine.is_arm() { Processor::Arm } else { Processor::X86 }
}

/// Settles one import: the function of a module.
///
/// # Errors
///
/// Says what is not there.
pub fn bind_import(processor: Processor, module: &str, function: &ImportTarget) -> Result<Target, Unbound> {
    let library = Library::named(module).ok_or(Unbound::MissingModule)?;
    let export = match function {
        ImportTarget::Ordinal(ordinal) => library.at_ordinal(processor, *ordinal),
        ImportTarget::Name { name, .. } => library.by_name(processor, name),
    };
    export.map(target).ok_or(Unbound::UnknownFunction)
}

/// Settles every import of an image, in the order of the image, with the place that wants its address.
pub(crate) fn bind(image: &Image, processor: Processor) -> Result<Vec<(u32, Target)>, LoadProblem> {
    let mut bound = Vec::new();
    for module in &image.imports {
        let missing =
            || LoadProblem::MissingModule { module: module.name.clone(), functions: module.functions.len() };
        if Library::named(&module.name).is_none() {
            return Err(missing());
        }
        for import in &module.functions {
            match bind_import(processor, &module.name, &import.target) {
                Ok(target) => bound.push((import.iat_rva, target)),
                Err(Unbound::MissingModule) => return Err(missing()),
                Err(Unbound::UnknownFunction) => {
                    let function = match &import.target {
                        ImportTarget::Ordinal(ordinal) => format!("ordinal {ordinal}"),
                        ImportTarget::Name { name, .. } => name.clone(),
                    };
                    return Err(LoadProblem::UnknownImport { module: module.name.clone(), function });
                }
            }
        }
    }
    Ok(bound)
}

/// What an export comes to.
fn target(export: &'static Export) -> Target {
    if let Some(function) = Function::exported_as(export.name) {
        return Target::Kernel(function);
    }
    match CrtFunction::exported_as(export.name) {
        Some(function) => Target::Crt(function),
        None => Target::Lacking(export),
    }
}

//! What an import comes to.

use cerium_coredll::Function;
use cerium_coredll::catalogue::{Export, Library, Processor};
use cerium_crt::table::Function as CrtFunction;
use cerium_pe::{ImportTarget, Machine};

use crate::table::Function as LoaderFunction;

/// What is behind an import's thunk.
#[derive(Copy, Clone, Debug)]
pub enum Target {
    /// A function of the kernel.
    Kernel(Function),
    /// A function of the C library.
    Crt(CrtFunction),
    /// A function about modules, resources or exceptions.
    Loader(LoaderFunction),
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

/// Settles one import from a library that cerium serves.
pub(crate) fn bind_in(
    processor: Processor,
    library: Library,
    function: &ImportTarget,
) -> Result<Target, Unbound> {
    let export = match function {
        ImportTarget::Ordinal(ordinal) => library.at_ordinal(processor, *ordinal),
        ImportTarget::Name { name, .. } => library.by_name(processor, name),
    };
    export.map(|export| target(processor, export)).ok_or(Unbound::UnknownFunction)
}

/// An import's function in words: its name or its ordinal.
pub(crate) fn words(function: &ImportTarget) -> String {
    match function {
        ImportTarget::Ordinal(ordinal) => format!("ordinal {ordinal}"),
        ImportTarget::Name { name, .. } => name.clone(),
    }
}

/// What an export comes to on a processor.
fn target(processor: Processor, export: &'static Export) -> Target {
    if let Some(function) = Function::exported_as(export.name) {
        return Target::Kernel(function);
    }
    if let Some(function) = LoaderFunction::exported_as(export.name)
        && function.is_on(processor)
    {
        return Target::Loader(function);
    }
    match CrtFunction::exported_as(export.name) {
        Some(function) => Target::Crt(function),
        None => Target::Lacking(export),
    }
}

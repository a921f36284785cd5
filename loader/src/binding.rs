//! What an import comes to.

use cerium_coredll::Function;
use cerium_coredll::catalogue::{self, Export, Processor};
use cerium_pe::{Image, ImportTarget};

use crate::error::LoadProblem;

/// What is behind an import's thunk.
#[derive(Copy, Clone, Debug)]
pub(crate) enum Target {
    /// A function of the kernel.
    Kernel(Function),
    /// A function that CE has and cerium lacks.
    Lacking(&'static Export),
}

/// Settles every import of an image, in the order of the image, with the place that wants its address.
pub(crate) fn bind(image: &Image, processor: Processor) -> Result<Vec<(u32, Target)>, LoadProblem> {
    let mut bound = Vec::new();
    for module in &image.imports {
        if !is_coredll(&module.name) {
            return Err(LoadProblem::MissingModule {
                module: module.name.clone(),
                functions: module.functions.len(),
            });
        }
        for function in &module.functions {
            let export = match &function.target {
                ImportTarget::Ordinal(ordinal) => catalogue::at_ordinal(processor, *ordinal),
                ImportTarget::Name { name, .. } => catalogue::by_name(processor, name),
            };
            let Some(export) = export else {
                let function = match &function.target {
                    ImportTarget::Ordinal(ordinal) => format!("ordinal {ordinal}"),
                    ImportTarget::Name { name, .. } => name.clone(),
                };
                return Err(LoadProblem::UnknownImport { module: module.name.clone(), function });
            };
            bound.push((function.iat_rva, target(export)));
        }
    }
    Ok(bound)
}

fn target(export: &'static Export) -> Target {
    match Function::exported_as(export.name) {
        Some(function) => Target::Kernel(function),
        None => Target::Lacking(export),
    }
}

/// COREDLL, with or without its ending; module names have no case.
fn is_coredll(module: &str) -> bool {
    module.eq_ignore_ascii_case("COREDLL.dll") || module.eq_ignore_ascii_case("COREDLL")
}

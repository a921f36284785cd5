//! `cerium run` of a scenario.

use std::path::Path;

use cerium_files::FileSystem;
use cerium_guest::Prepared;
use cerium_kernel::Strict;
use cerium_loader::{FileImages, Options};
use cerium_script::{DEFAULT_MEMORY, Executables, Scenario};

use crate::arguments::RunOptions;
use crate::run::{
    files, folder_of, limits, load_first, open_traces, put_out, registry, rules, save_registry, set_up,
    write_summary,
};
use crate::status;

/// Runs a scenario, and returns the exit status.
pub(crate) fn run(options: &RunOptions, loading: Options) -> Result<u8, String> {
    let memory_limit = options.memory_limit.unwrap_or(DEFAULT_MEMORY);
    let scenario = Scenario::load(options.file(), memory_limit).map_err(|error| error.to_string())?;
    let rules = rules(options)?;
    let trace = open_traces(&options.trace)?;
    put_out(scenario.output());
    let (files, registry) = (files(options)?, registry(options)?);
    let others = FileImages::new(loading.clone());
    let set_up = |machine: &mut cerium_guest::Machine| {
        machine.set_output(put_out);
        set_up(machine, options, rules);
        machine.set_files(files);
        *machine.registry() = registry;
        if let Some(trace) = trace {
            machine.set_trace(trace);
        }
    };
    let started = scenario.start(Box::new(Files(loading)), Box::new(others), set_up);
    let (mut machine, first) = started.map_err(|error| error.to_string())?;
    let verdict = machine.run(&mut Strict, &scenario.limits(limits(options)));
    save_registry(options, &mut machine)?;
    machine.finish_trace().map_err(|error| format!("the trace cannot be written: {error}"))?;

    let status = match scenario.judge(&machine, &verdict, first) {
        Ok(()) => 0,
        Err(failure) => {
            eprintln!("cerium: {}", failure.message.trim_end());
            status::of_failure(failure.kind)
        }
    };
    let first = machine.statistics().ended.iter().find(|end| end.id == first);
    write_summary(options, &machine, &verdict, first, status)?;
    Ok(status)
}

/// The executables that a scenario names.
struct Files(Options);

impl Executables for Files {
    fn load(&mut self, file: &Path, command_line: &str) -> Result<Prepared, String> {
        let folder = folder_of(file);
        // Its libraries stand beside it.
        let files = FileSystem::default().with_program(&folder);
        let mut files = files.map_err(|error| format!("{}: {error}", folder.display()))?;
        load_first(file, command_line, &self.0, &mut files)
    }
}

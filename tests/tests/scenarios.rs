//! Every file in `tests/scenarios` is a test: it must end as it says, and its trace must be the blessed one
//! beside it. `BLESS=1` writes the traces anew; a test without a trace needs it too. The examples that people
//! read are tests as well, without traces.

use std::fs;
use std::path::{Path, PathBuf};

use cerium_kernel::{Chooser, Strict};
use cerium_script::{DEFAULT_MEMORY, Scenario, ScriptError};
use cerium_tests::{Asked, Played, play_unwatched, play_with};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut trials = Vec::new();
    for file in scripts(&root.join("scenarios")) {
        trials.push(Trial::test(name_of(&file), move || compare(&file)));
    }
    for file in scripts(&root.join("../examples")) {
        trials.push(Trial::test(format!("examples::{}", name_of(&file)), move || run(&file).map(|_| ())));
    }
    for file in scripts(&root.join("scenarios")) {
        let name = format!("asked::{}", name_of(&file));
        trials.push(Trial::test(name, move || differs_not_when_every_call_leaves(&file)));
    }
    for file in scripts(&root.join("scenarios")) {
        let name = format!("unwatched::{}", name_of(&file));
        trials.push(Trial::test(name, move || differs_not_when_nobody_watches(&file)));
    }
    trials.push(Trial::test("guide::outputs_are_shown_as_they_are", outputs_are_shown_as_they_are));
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// A run that is traced or audited makes its calls by another way than one that is not. That must not be seen.
fn differs_not_when_nobody_watches(file: &Path) -> Result<(), Failed> {
    let (watched, played) = (play_file(file)?, play_file_as(file, play_unwatched)?);
    let of = |output, ended_at, calls, instructions| format!("{output}{ended_at}: {calls}, {instructions}");
    let expected = of(watched.output, watched.ended_at, watched.calls, watched.instructions);
    let got = of(played.output, played.ended_at, played.calls, played.instructions);
    if got == expected { Ok(()) } else { Err(Failed::from(format!("watched: {expected}\nunwatched: {got}"))) }
}

/// The scenarios of a folder, in order.
fn scripts(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let files = entries.map(|entry| entry.expect("a readable folder").path());
    let mut files: Vec<PathBuf> = files.filter(|file| file.extension().is_some_and(|e| e == "lua")).collect();
    files.sort();
    files
}

fn name_of(file: &Path) -> String {
    file.file_stem().expect("a file has a name").to_string_lossy().into_owned()
}

/// Runs a scenario, which must end as it says, and gives its trace.
fn run(file: &Path) -> Result<String, Failed> {
    play_file(file).map(|played| played.trace)
}

fn play_file(file: &Path) -> Result<Played, Failed> {
    play_file_with(file, &mut Strict)
}

/// A guest's calls are answered within its turn where they can be. That must not be seen: with a chooser that
/// is asked after every call, and so lets none be, the trace is the same.
fn differs_not_when_every_call_leaves(file: &Path) -> Result<(), Failed> {
    let (within, asked) = (play_file(file)?.trace, play_file_with(file, &mut Asked)?.trace);
    let differing = within.lines().zip(asked.lines()).find(|(within, asked)| within != asked);
    match differing {
        Some((within, asked)) => Err(Failed::from(format!("within its turn: {within}\nleaving it: {asked}"))),
        None if within.len() == asked.len() => Ok(()),
        None => Err(Failed::from("one trace goes on where the other ends")),
    }
}

fn play_file_with(file: &Path, chooser: &mut impl Chooser) -> Result<Played, Failed> {
    play_file_as(file, |scenario, folder| play_with(scenario, folder, chooser))
}

fn play_file_as(
    file: &Path,
    play: impl FnOnce(&Scenario, Option<PathBuf>) -> Result<Played, ScriptError>,
) -> Result<Played, Failed> {
    let folder = file.parent().expect("a file is in a folder").to_path_buf();
    let text = fs::read(file).map_err(|error| Failed::from(error.to_string()))?;
    // Its own name and no path, so that messages are the same wherever the sources lie.
    let name = format!("{}.lua", name_of(file));
    let scenario = Scenario::new(&name, &text, Some(folder.clone()), DEFAULT_MEMORY);
    let played = scenario.and_then(|scenario| play(&scenario, Some(folder)));
    let played = played.map_err(|error| Failed::from(error.to_string()))?;
    match played.judged {
        Ok(()) => Ok(played),
        Err(failure) => Err(Failed::from(format!("{}\n{}{}", failure.message, played.output, played.trace))),
    }
}

/// What the guide shows below `$ cerium run examples/NAME.lua` is what that prints.
fn outputs_are_shown_as_they_are() -> Result<(), Failed> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let guide = fs::read_to_string(root.join("docs/guide.md")).map_err(|error| error.to_string())?;
    let mut lines = guide.lines().peekable();
    let mut examples = 0;
    while let Some(line) = lines.next() {
        let Some(example) = line.strip_prefix("    $ cerium run ") else { continue };
        let mut shown = Vec::new();
        while let Some(line) = lines.next_if(|line| line.starts_with("    ")) {
            shown.push(line.trim());
        }
        let output = play_file(&root.join(example))?.output;
        let output: Vec<&str> = output.lines().map(str::trim).collect();
        if shown != output {
            return Err(Failed::from(format!("{example} prints {output:?}, and the guide shows {shown:?}")));
        }
        examples += 1;
    }
    if examples < 5 { Err(Failed::from(format!("the guide has {examples} examples"))) } else { Ok(()) }
}

fn compare(file: &Path) -> Result<(), Failed> {
    let trace = run(file)?;
    let blessed = file.with_extension("trace");
    if std::env::var_os("BLESS").is_some_and(|bless| bless == "1") {
        fs::write(&blessed, &trace).map_err(|error| Failed::from(error.to_string()))?;
        return Ok(());
    }
    let Ok(expected) = fs::read_to_string(&blessed) else {
        return Err(Failed::from(format!("{} is missing; BLESS=1 writes it", blessed.display())));
    };
    if expected == trace {
        return Ok(());
    }
    let differing = expected.lines().zip(trace.lines()).position(|(expected, found)| expected != found);
    let line = differing.unwrap_or_else(|| expected.lines().count().min(trace.lines().count()));
    let (was, is) = (expected.lines().nth(line), trace.lines().nth(line));
    Err(Failed::from(format!(
        "the trace differs from {} in line {}:\n  blessed: {}\n  now:     {}\nBLESS=1 writes it anew",
        blessed.display(),
        line + 1,
        was.unwrap_or("(its end)"),
        is.unwrap_or("(its end)"),
    )))
}

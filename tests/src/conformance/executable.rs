//! The door of the executables: cases written in C, as programs for ARM and for x86 through the loader. What a
//! Rust guest cannot pass or see shows here: addresses, structures in memory, the user data page.
//!
//! `tests/programs/conform` has the sources, a file a family; a line `CASE("id", "page")` in them is a case.
//! What `build.sh` makes of them is in the tree, and in this crate, so that nothing is looked for at run time.

use cerium_files::{Access, Disposition, FileSystem, OpenRequest, Share};
use cerium_guest::{Limits, Machine};
use cerium_kernel::Rules;
use cerium_loader::{FileImages, ImageFile, Options, load};

use super::runner::{TIME, expect_end};
use super::{Body, Case, Door};
use crate::Device;

/// A file of cases, and the programs made of it.
pub(super) struct Family {
    /// The file's name without its ending.
    name: &'static str,
    /// Its text.
    source: &'static str,
    /// What it came to, by processor.
    programs: [Program; 2],
}

/// An executable.
#[derive(Copy, Clone)]
struct Program {
    processor: &'static str,
    bytes: &'static [u8],
    /// `starter.dll`, which those of `modules` import.
    starter: &'static [u8],
}

macro_rules! families {
    ($($name:literal),* $(,)?) => {
        &[$(Family {
            name: $name,
            source: include_str!(concat!("../../programs/conform/", $name, ".c")),
            programs: [
                Program {
                    processor: "ARM",
                    bytes: include_bytes!(concat!("../../programs/bin/conform/armv4i/", $name, ".exe")),
                    starter: include_bytes!("../../programs/bin/armv4i/starter.dll"),
                },
                Program {
                    processor: "x86",
                    bytes: include_bytes!(concat!("../../programs/bin/conform/x86/", $name, ".exe")),
                    starter: include_bytes!("../../programs/bin/x86/starter.dll"),
                },
            ],
        }),*]
    };
}

static FAMILIES: &[Family] = families![
    "events",
    "mutexes",
    "semaphores",
    "names",
    "waits",
    "messages",
    "time",
    "sections",
    "interlocked",
    "handles",
    "processes",
    "threads",
    "scheduling",
    "queues",
    "maps",
    "watchdogs",
    "modules",
];

/// A case of a file.
#[derive(Copy, Clone)]
pub struct Executable {
    /// The page, or the open question, that it follows.
    pub page: &'static str,
    /// Another answer to an open question: `abandoned=report`.
    rule: Option<&'static str>,
    family: &'static Family,
}

/// All cases, as the sources have them.
pub(super) fn cases() -> Vec<Case> {
    FAMILIES.iter().flat_map(|family| family.source.lines().filter_map(|line| case(family, line))).collect()
}

/// The case that begins on this line, if one does.
fn case(family: &'static Family, line: &'static str) -> Option<Case> {
    let line = line.trim_start();
    let words = line.strip_prefix("CASE(").or_else(|| line.strip_prefix("CASE_UNDER("))?;
    let mut quoted = words.split('"').skip(1).step_by(2);
    let (id, page) = (quoted.next()?, quoted.next()?);
    let rule = line.starts_with("CASE_UNDER(").then(|| quoted.next()).flatten();
    Some(Case { id, door: Door::Exe, body: Body::Executable(Executable { page, rule, family }) })
}

/// More instructions than any case takes.
const STEPS: u64 = 200_000_000;

/// Puts a file where the guests find it.
fn write(files: &mut FileSystem, path: &str, bytes: &[u8]) {
    let name: Vec<u16> = path.encode_utf16().collect();
    let request = OpenRequest {
        name: &name,
        access: Access { read: false, write: true },
        share: Share::default(),
        disposition: Disposition::CreateNew,
        attributes: 0,
        delete_on_close: false,
        write_through: false,
    };
    let opened = files.open(request).expect("the folder is there");
    files.write(opened.id, bytes).expect("there is room for it");
    files.close(opened.id);
}

/// Runs a case on each processor.
pub(super) fn perform(id: &str, case: &Executable) {
    for program in case.family.programs {
        perform_on(program, id, case);
    }
}

fn perform_on(program: Program, id: &str, case: &Executable) {
    let options = Options { memory_limit: 16 << 20, ..Options::default() };
    let path = format!("\\Windows\\{}.exe", case.family.name);
    let mut machine = Machine::new(Box::new(FileImages::new(options.clone())));
    // It can so start itself.
    write(machine.files(), &path, program.bytes);
    write(machine.files(), "\\Windows\\starter.dll", program.starter);
    let command_line: Vec<u16> = id.encode_utf16().collect();
    let file = ImageFile { name: &path, path: &path, bytes: program.bytes };
    let prepared =
        load(file, &command_line, &options, machine.files()).unwrap_or_else(|error| panic!("{error}"));
    let mut rules = Rules::default();
    if let Some(rule) = case.rule {
        rules.set(rule).unwrap_or_else(|error| panic!("{error}"));
    }
    machine.set_rules(rules);
    let first = machine.start(prepared, id).expect("there is room for a process");
    let limits = Limits { steps: Some(STEPS), time: Some(TIME), ..Limits::default() };
    let outcome = Device::over(machine).limits(limits).run();
    let on = program.processor;
    let said = outcome.output.trim_end();
    let words =
        |end: &str| if said.is_empty() { format!("on {on}: {end}") } else { format!("on {on}: {said}") };
    let ended = outcome.ended.iter().find(|end| end.id == first);
    match ended {
        Some(end) if end.exit_code == 0 => {}
        Some(end) => panic!("{}", words(&format!("it left with {:#x}", end.exit_code))),
        None => {}
    }
    expect_end(&outcome.verdict, &|end| words(end));
    assert!(ended.is_some(), "{}", words("it has not ended"));
}

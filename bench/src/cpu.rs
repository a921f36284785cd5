//! Instructions of an executable through the loader, against qemu running the same source.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cerium_files::FileSystem;
use cerium_guest::{Limits, Machine, NoImages, Verdict};
use cerium_kernel::Strict;
use cerium_loader::{ImageFile, Options, load};

use crate::rounds::{children_time, median, processor_time};
use crate::table::{Row, show};
use crate::{callgrind, progress};

/// What `cpu.exe` is told, and how often it then does its work.
const REPETITIONS: u64 = 5;
/// Between which repetitions qemu is timed, so that its start and its translating cancel.
const QEMU_REPETITIONS: (u64, u64) = (5, 105);
/// The processors for which there is an executable.
const PROCESSORS: [&str; 3] = ["armv4", "armv4i", "x86"];

/// A program of the tests, by the folder of its processor.
fn executable(processor: &str) -> PathBuf {
    programs().join("bin").join(processor).join("cpu.exe")
}

fn programs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/programs")
}

/// Measures all, and shows it.
pub fn measure(rounds: u32, json: Option<&Path>) -> Result<(), String> {
    if !callgrind::is_present() {
        eprintln!("bench: {}", callgrind::MISSING);
    }
    let mut rows = Vec::new();
    for processor in PROCESSORS {
        let file = executable(processor);
        match run_file(&file, REPETITIONS) {
            Ok(instructions) => rows.push(measure_one(processor, &file, instructions, rounds)?),
            Err(reason) => eprintln!("bench: {processor} is left out: {reason}"),
        }
    }
    println!("One guest instruction of ours; the peer's time is for the same work, shared out over as many.");
    show(&rows, json)
}

fn measure_one(processor: &str, file: &Path, instructions: u64, rounds: u32) -> Result<Row, String> {
    let qemu = Qemu::build(processor);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 1..=rounds {
        progress(&format!("{processor}, round {round} of {rounds}"));
        let before = processor_time();
        run_file(file, REPETITIONS)?;
        ours.push((processor_time() - before) as f64);
        if let Ok(qemu) = &qemu {
            theirs.push(qemu.time()?);
        }
    }
    let ns = median(&mut ours) / instructions as f64;
    let mut row = Row { operation: format!("{processor} instruction"), ns, ..Row::default() };
    if callgrind::is_present() {
        let name = file.to_str().ok_or("the path of the programs is no text")?;
        // Of the same start-up, so that what is left is guest code.
        let more = run_file(file, REPETITIONS)? - run_file(file, 1)?;
        let host = callgrind::instructions(name, (1, REPETITIONS))? * (REPETITIONS - 1) as f64;
        row.instructions = Some(host / more as f64);
    }
    match qemu {
        Ok(qemu) => {
            let per_repetition = instructions as f64 / REPETITIONS as f64;
            let peer_ns = median(&mut theirs) / per_repetition;
            row.peer = Some(qemu.emulator.to_owned());
            row.peer_ns = Some(peer_ns);
            row.ratio = Some(peer_ns / ns);
        }
        Err(reason) => eprintln!("bench: {processor} has no peer: {reason}"),
    }
    Ok(row)
}

/// Runs an executable of the tests once, and returns how many guest instructions that took.
pub fn run_file(file: &Path, repetitions: u64) -> Result<u64, String> {
    let name = file.display().to_string();
    let bytes = std::fs::read(file).map_err(|error| format!("{name}: {error}"))?;
    let command_line = repetitions.to_string();
    let units: Vec<u16> = command_line.encode_utf16().collect();
    let image = ImageFile { name: &name, path: "\\Program\\cpu.exe", bytes: &bytes };
    let prepared = load(image, &units, &Options::default(), &mut FileSystem::default())
        .map_err(|error| error.to_string())?;
    let mut machine = Machine::new(Box::new(NoImages));
    let started = machine.start(prepared, &command_line);
    started.map_err(|error| format!("{name}: cannot be started: {error}"))?;
    match machine.run(&mut Strict, &Limits::default()) {
        Verdict::Finished if machine.statistics().ended[0].exit_code == 0 => {}
        verdict => return Err(format!("{name}: it ended badly: {verdict:?}")),
    }
    Ok(machine.statistics().instructions)
}

/// What has the peers.
const PACKAGES: &str =
    "qemu-user; gcc-arm-linux-gnueabi, libc6-dev-armel-cross; gcc-i686-linux-gnu, libc6-dev-i386-cross";

/// The same source as a static Linux program, run by qemu's user mode.
struct Qemu {
    emulator: &'static str,
    program: PathBuf,
}

/// Repeats what the source does once, as the executable does.
const REPEAT: &str = "
#define NATIVE
#define main once
#include \"cpu.c\"
#undef main
#include <stdlib.h>
int main(int count, char **arguments)
{
    int left = count > 1 ? atoi(arguments[1]) : 1;
    while (left-- > 0)
        once();
    return 0;
}
";

impl Qemu {
    fn build(processor: &str) -> Result<Self, String> {
        // As the tests' executables are built, except for ARM's C library, which wants ARMv5.
        let (compiler, options, emulator) = match processor {
            "armv4" => ("arm-linux-gnueabi-gcc", ["-march=armv5te", "-marm"], "qemu-arm"),
            "armv4i" => ("arm-linux-gnueabi-gcc", ["-march=armv5te", "-mthumb"], "qemu-arm"),
            "x86" => ("i686-linux-gnu-gcc", ["-march=i486", "-mfpmath=387"], "qemu-i386"),
            _ => return Err("nothing of that kind is built for qemu".to_owned()),
        };
        let found = |tool| Command::new(tool).arg("--version").output().is_ok_and(|out| out.status.success());
        for tool in [emulator, compiler] {
            if !found(tool) {
                return Err(format!("{tool} is not installed (Debian: {PACKAGES})"));
            }
        }
        progress("building the same source for qemu");
        let folder = std::env::temp_dir();
        let source = folder.join(format!("cerium-bench-{}.c", std::process::id()));
        let program = source.with_extension("elf");
        std::fs::write(&source, REPEAT).map_err(|error| format!("{}: {error}", source.display()))?;
        let built = Command::new(compiler)
            .args(["-std=gnu11", "-Os", "-static"])
            .args(options)
            .arg("-I")
            .arg(programs().join("src"))
            .arg(&source)
            .arg("-o")
            .arg(&program)
            .status();
        let _ = std::fs::remove_file(&source);
        match built {
            Ok(status) if status.success() => Ok(Self { emulator, program }),
            Ok(status) => Err(format!("the compiler ended with {status}")),
            Err(error) => Err(format!("the compiler cannot be started: {error}")),
        }
    }

    /// Nanoseconds of processor time of one repetition.
    fn time(&self) -> Result<f64, String> {
        let (few, many) = QEMU_REPETITIONS;
        let difference = self.run(many)? - self.run(few)?;
        Ok(difference / (many - few) as f64)
    }

    fn run(&self, repetitions: u64) -> Result<f64, String> {
        let before = children_time()?;
        let status = Command::new(self.emulator)
            .arg(&self.program)
            .arg(repetitions.to_string())
            .stdout(Stdio::null())
            .status()
            .map_err(|error| format!("{} cannot be started: {error}", self.emulator))?;
        if !status.success() {
            return Err(format!("{} ended with {status}", self.emulator));
        }
        Ok((children_time()? - before) as f64)
    }
}

impl Drop for Qemu {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.program);
    }
}

//! From the bytes of a file to a program: mapping, relocating, binding, and what a process finds in memory.

use std::sync::Arc;

use cerium_cpu::{arm, x86};
use cerium_crt::call::Button;
use cerium_files::FileSystem;
use cerium_guest::Prepared;
use cerium_memory::{AddressSpace, PAGE_SIZE, Protection};
use cerium_pe::{Image, Machine};

use crate::error::{LoadError, LoadProblem};
use crate::executable::Executable;
use crate::isa::Isa;
use crate::layout::{DATA, DEFAULT_STACK, GRANULARITY, IMAGES};
use crate::libraries::{Loading, map_image};
use crate::modules::{Module, Modules, State};
use crate::thunks::Thunks;

/// What a call to a function that cerium lacks does.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub enum Unimplemented {
    /// It ends the run, with the function's name.
    #[default]
    Fail,
    /// It returns 0, with a warning in the log.
    Zero,
}

/// How images are loaded.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to load a relocatable image, if not where it was linked for.
    pub image_base: Option<u32>,
    /// How much memory a process may have, in bytes.
    pub memory_limit: u64,
    /// What a call to a function that cerium lacks does.
    pub unimplemented: Unimplemented,
    /// What message boxes are answered that have such a button; others get their default.
    pub answer: Option<Button>,
}

impl Default for Options {
    fn default() -> Self {
        Self { image_base: None, memory_limit: 512 << 20, unimplemented: Unimplemented::Fail, answer: None }
    }
}

/// A file with a program.
#[derive(Copy, Clone, Debug)]
pub struct ImageFile<'a> {
    /// The name that people know it by; for messages.
    pub name: &'a str,
    /// The path that the guest sees.
    pub path: &'a str,
    /// Its contents.
    pub bytes: &'a [u8],
}

/// Makes a program of an executable, with the libraries that it imports from, which are among these files.
///
/// # Errors
///
/// Says what is wrong with the file, or with which library.
pub fn load(
    file: ImageFile<'_>,
    command_line: &[u16],
    options: &Options,
    files: &mut FileSystem,
) -> Result<Prepared, LoadError> {
    let mut prepare = || -> Result<Prepared, LoadProblem> {
        let image = Image::parse(file.bytes)?;
        if image.is_dll() {
            return Err(LoadProblem::Library);
        }
        match image.machine {
            Machine::Arm | Machine::Thumb => {
                prepare::<arm::Interpreter>(&image, file, command_line, options, files)
            }
            Machine::X86 => prepare::<x86::Interpreter>(&image, file, command_line, options, files),
            Machine::ArmNt => Err(LoadProblem::Processor(image.machine)),
        }
    };
    prepare().map_err(|problem| LoadError { file: file.name.to_owned(), problem: Box::new(problem) })
}

fn prepare<I: Isa>(
    image: &Image,
    file: ImageFile<'_>,
    command_line: &[u16],
    options: &Options,
    files: &mut FileSystem,
) -> Result<Prepared, LoadProblem> {
    let base = base_of(image, options)?;
    let mut laid_out = image.lay_out(file.bytes)?;
    image.relocate(&mut laid_out, base.wrapping_sub(image.image_base))?;
    let mut memory = AddressSpace::new(options.memory_limit)?;
    map_image(&mut memory, image, base, &laid_out)?;
    let (mut modules, mut thunks) = (Modules::default(), Thunks::default());
    let mut program = Module::new(image, file.path, base, State::Program);
    if program.stack == 0 {
        program.stack = DEFAULT_STACK;
    }
    modules.add(program);
    let processor = I::PROCESSOR;
    let mut loading =
        Loading { memory: &mut memory, modules: &mut modules, thunks: &mut thunks, files, processor };
    loading.bind(base, image)?;
    modules.are_static();
    let command_line = map_command_line(&mut memory, command_line)?;
    map_user_data::<I>(&mut memory)?;

    let path: Arc<[u16]> = file.path.encode_utf16().collect();
    let executable = Executable::<I>::new(memory, modules, thunks, command_line, options)?;
    Ok(Prepared { program: Box::new(executable), path, module: base })
}

/// Where an image goes: where it was linked for, or where the user wants it.
fn base_of(image: &Image, options: &Options) -> Result<u32, LoadProblem> {
    let base = options.image_base.unwrap_or(image.image_base);
    let wrong = |reason: &str| LoadProblem::Address { base, reason: reason.to_owned() };
    if base != image.image_base && !image.is_relocatable() {
        return Err(wrong("it has no relocations, so it must lie where it was linked for"));
    }
    if !base.is_multiple_of(GRANULARITY) {
        return Err(wrong("an image lies on a multiple of 0x10000"));
    }
    let end = base.checked_add(image.mapped_size()).ok_or_else(|| wrong("it would end beyond 4 GiB"))?;
    if base < IMAGES.start || end > IMAGES.end {
        return Err(wrong("a program lies between 0x10000 and 0x40000000"));
    }
    Ok(base)
}

/// Puts the command line where the entry point's argument can point to.
fn map_command_line(memory: &mut AddressSpace, command_line: &[u16]) -> Result<u32, LoadProblem> {
    let mut bytes: Vec<u8> = command_line.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    bytes.extend([0, 0]);
    let size = (bytes.len() as u32).next_multiple_of(PAGE_SIZE);
    let address = memory
        .find_free(DATA, size, GRANULARITY)
        .ok_or_else(|| LoadProblem::Memory("no room for the command line".to_owned()))?;
    memory.map(address, size, Protection::READ | Protection::WRITE)?;
    memory.poke(address, &bytes).expect("it was mapped just now");
    Ok(address)
}

/// The page of PUserKData, which a guest reads and only the system writes.
fn map_user_data<I: Isa>(memory: &mut AddressSpace) -> Result<(), LoadProblem> {
    let page = I::USER_DATA & !(PAGE_SIZE - 1);
    memory.map(page, PAGE_SIZE, Protection::READ)?;
    Ok(())
}

//! Processes (processes-threads.md §2 to §4).

use cerium_handle::{Handle, ProcessId};
use cerium_kernel::{CeResult, Kernel, NewProcess, Win32Error};
use cerium_process::{Process, ThreadStart};

use super::check;
use super::thread::{CreationFlags, STILL_ACTIVE};
use crate::param::MAXIMUM_BYTES;
use crate::ret::OutType;
use crate::{
    Address, Bool, ByteBuffer, Bytes, Cx, Data, HostCx, ModuleInfo, Omitted, Out, Outcome,
    ProcessInformation, Text, TextBuffer, Units,
};

#[allow(clippy::too_many_arguments, reason = "CE's parameters")]
pub(crate) fn create(
    cx: &mut HostCx<'_>,
    image: Text,
    command_line: Text,
    _: Omitted,
    _: Omitted,
    _: Omitted,
    flags: u32,
    _: Omitted,
    _: Omitted,
    _: Omitted,
    information: Out<ProcessInformation>,
) -> Outcome<(Bool, ProcessInformation)> {
    if flags & !CreationFlags::OF_PROCESS.bits() != 0 && cx.kernel.rules().refuse_creation_flags {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    }
    let flags = CreationFlags::from_bits_truncate(flags);
    let image = check!(image.required());
    // ee488927: without a command line the image's name serves.
    let command_line = check!(command_line.optional()).unwrap_or_else(|| image.clone());
    check!(information.check_optional());
    check!(cx.kernel.check_room_for_process());
    check!(cx.kernel.check_room_for_handles(cx.thread, 2));
    let loaded = check!(cx.host.load_image(&image, &command_line));
    let start = ThreadStart::default();
    let guest = match cx.host.create_guest(loaded.program, start) {
        Ok(guest) => guest,
        Err(error) => {
            cx.host.discard_program(loaded.program);
            return Outcome::Fail(error);
        }
    };

    let process = cx.kernel.create_process(NewProcess {
        program: loaded.program,
        image: loaded.path,
        command_line,
        module: loaded.module,
    });
    let suspended = flags.contains(CreationFlags::CREATE_SUSPENDED);
    let thread = cx.kernel.create_thread(process, guest, start, suspended);
    if flags.contains(CreationFlags::INHERIT_CALLER_PRIORITY) {
        let priority = cx.kernel.thread(cx.thread).base_priority;
        cx.kernel.set_priority(thread.0, priority);
    }
    let mut described = ProcessInformation {
        dwProcessId: cx.kernel.process(process).id,
        dwThreadId: cx.kernel.thread(thread).id,
        ..Default::default()
    };
    // Nobody could close handles that nobody is told of.
    if !information.is_null() {
        described.hProcess = cx.kernel.open_handle(cx.thread, process.0);
        described.hThread = cx.kernel.open_handle(cx.thread, thread.0);
    }
    Outcome::Return((Bool(true), described))
}

pub(crate) fn open(cx: &mut Cx<'_>, _access: u32, _inherit: Bool, id: u32) -> Outcome<Handle> {
    // OQ-8: access and inheritance are accepted and not enforced. OQ-9, OQ-10: only living processes.
    let Some(process) = cx.kernel.process_with_id(id) else {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    };
    check!(cx.kernel.check_room_for_handle(cx.thread));
    Outcome::Return(cx.kernel.open_handle(cx.thread, process.0))
}

pub(crate) fn terminate(cx: &mut Cx<'_>, process: Handle, code: u32) -> Outcome<Bool> {
    let id = ProcessId(check!(cx.kernel.lookup_as::<Process>(cx.thread, process)));
    let ends_caller = cx.kernel.process_of(cx.thread) == id;
    check!(cx.kernel.terminate_process(id, code));
    if ends_caller { Outcome::Ended } else { Outcome::Return(Bool(true)) }
}

pub(crate) fn exit_code(cx: &mut Cx<'_>, process: Handle, code: Out<u32>) -> Outcome<(Bool, u32)> {
    let id = check!(cx.kernel.lookup_as::<Process>(cx.thread, process));
    check!(code.check_required());
    let code = cx.kernel.process(ProcessId(id)).exit_code.unwrap_or(STILL_ACTIVE);
    Outcome::Return((Bool(true), code))
}

pub(crate) fn id(cx: &mut Cx<'_>, process: Handle) -> Outcome<u32> {
    let id = check!(cx.kernel.lookup_as::<Process>(cx.thread, process));
    Outcome::Return(cx.kernel.process(ProcessId(id)).id)
}

pub(crate) fn module_file_name(cx: &mut Cx<'_>, module: u32, buffer: TextBuffer) -> Outcome<(u32, Units)> {
    let process = cx.kernel.process(cx.kernel.process_of(cx.thread));
    if module != 0 && module != process.module {
        return Outcome::Fail(Win32Error::MOD_NOT_FOUND);
    }
    check!(buffer.check());
    let fitting = buffer.fit(&process.image);
    let length = fitting.len().saturating_sub(1) as u32;
    Outcome::Return((length, Units(fitting)))
}

pub(crate) fn module_handle(cx: &mut Cx<'_>, name: Text) -> Outcome<u32> {
    let name = check!(name.optional());
    let process = cx.kernel.process(cx.kernel.process_of(cx.thread));
    match name {
        None => Outcome::Return(process.module),
        Some(name) if is_file_name(&process.image, &name) => Outcome::Return(process.module),
        Some(_) => Outcome::Fail(Win32Error::MOD_NOT_FOUND),
    }
}

/// Whether a path or a file name means this image; file names have no case.
fn is_file_name(image: &[u16], name: &[u16]) -> bool {
    let last = image.rsplit(|unit| *unit == u16::from(b'\\')).next().unwrap_or(image);
    let folded = |text: &[u16]| String::from_utf16_lossy(text).to_lowercase();
    folded(name) == folded(image) || folded(name) == folded(last)
}

/// Says what a process came to whose program has no memory that others could reach: a guest in Rust or Lua.
fn reached<T>(result: Option<CeResult<T>>) -> CeResult<T> {
    result.unwrap_or(Err(Win32Error::NOT_SUPPORTED))
}

pub(crate) fn module_information(
    cx: &mut HostCx<'_>,
    process: Handle,
    module: u32,
    information: Out<ModuleInfo>,
    size: u32,
) -> Outcome<(Bool, ModuleInfo)> {
    let process = ProcessId(check!(cx.kernel.lookup_as::<Process>(cx.thread, process)));
    if size < ModuleInfo::SIZE {
        return Outcome::Fail(Win32Error::INSUFFICIENT_BUFFER);
    }
    check!(information.check_required());
    let program = check!(living(cx.kernel, process));
    let image = cx.kernel.process(process).module;
    let modules = cx.host.modules(program);
    let found = modules.iter().find(|entry| entry.base == module);
    let (size, entry) = match found {
        Some(entry) => (entry.size, entry.entry),
        // Of a program that cannot tell its image is known.
        None if module == image => (0, 0),
        None => return Outcome::Fail(Win32Error::MOD_NOT_FOUND),
    };
    Outcome::Return((Bool(true), ModuleInfo { lpBaseOfDll: module, SizeOfImage: size, EntryPoint: entry }))
}

pub(crate) fn read_memory(
    cx: &mut HostCx<'_>,
    process: Handle,
    address: Address,
    buffer: ByteBuffer,
    count: Out<u32>,
) -> Outcome<(Bool, Data, u32)> {
    let id = ProcessId(check!(cx.kernel.lookup_as::<Process>(cx.thread, process)));
    read_memory_of(cx, id, address, buffer, count)
}

pub(crate) fn read_memory_by_id(
    cx: &mut HostCx<'_>,
    id: u32,
    address: Address,
    buffer: ByteBuffer,
    count: Out<u32>,
) -> Outcome<(Bool, Data, u32)> {
    // As CreateToolhelp32Snapshot: 0 is the caller's own.
    let own = cx.kernel.process_of(cx.thread);
    let process = if id == 0 { Some(own) } else { cx.kernel.process_with_id(id) };
    let Some(process) = process else { return Outcome::Fail(Win32Error::INVALID_PARAMETER) };
    read_memory_of(cx, process, address, buffer, count)
}

fn read_memory_of(
    cx: &mut HostCx<'_>,
    process: ProcessId,
    address: Address,
    buffer: ByteBuffer,
    count: Out<u32>,
) -> Outcome<(Bool, Data, u32)> {
    check!(buffer.check());
    check!(count.check_optional());
    if buffer.size > MAXIMUM_BYTES {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    }
    let program = check!(living(cx.kernel, process));
    let bytes = check!(reached(cx.host.read_memory(program, address.0, buffer.size)));
    let count = bytes.len() as u32;
    Outcome::Return((Bool(true), Data(bytes), count))
}

/// The program of a process that has not ended; one that has has no memory any more.
fn living(kernel: &Kernel, process: ProcessId) -> CeResult<u32> {
    let process = kernel.process(process);
    if process.exit_code.is_some() { Err(Win32Error::INVALID_HANDLE) } else { Ok(process.program) }
}

pub(crate) fn write_memory(
    cx: &mut HostCx<'_>,
    process: Handle,
    address: Address,
    buffer: Bytes,
    count: Out<u32>,
) -> Outcome<(Bool, u32)> {
    let id = ProcessId(check!(cx.kernel.lookup_as::<Process>(cx.thread, process)));
    let Bytes::Content(bytes) = buffer else { return Outcome::Fail(Win32Error::INVALID_PARAMETER) };
    check!(count.check_optional());
    let program = check!(living(cx.kernel, id));
    check!(reached(cx.host.write_memory(program, address.0, &bytes)));
    Outcome::Return((Bool(true), bytes.len() as u32))
}

/// LMEM_ZEROINIT.
const ZEROED: u32 = 0x40;

pub(crate) fn allocate(cx: &mut HostCx<'_>, flags: u32, size: u32, process: Handle) -> Outcome<u32> {
    let program = check!(program_of(cx, process));
    // Our choice: it is LocalAlloc there, of whose flags only this one counts.
    reached(cx.host.allocate_block(program, size, flags & ZEROED != 0)).into()
}

/// As LocalFree: 0, or the block itself when it is none. The process comes first: without one there is no block.
pub(crate) fn free(cx: &mut HostCx<'_>, block: u32, process: Handle) -> Outcome<u32> {
    let freed = program_of(cx, process).and_then(|program| match block {
        0 => Ok(()),
        _ => reached(cx.host.free_block(program, block)),
    });
    if let Err(error) = freed {
        cx.kernel.set_last_error(cx.thread, error);
        return Outcome::Return(block);
    }
    Outcome::Return(0)
}

pub(crate) fn block_size(cx: &mut HostCx<'_>, block: u32, process: Handle) -> Outcome<u32> {
    let program = check!(program_of(cx, process));
    reached(cx.host.block_size(program, block)).into()
}

/// The program of the process that a handle means.
fn program_of(cx: &HostCx<'_>, process: Handle) -> CeResult<u32> {
    living(cx.kernel, ProcessId(cx.kernel.lookup_as::<Process>(cx.thread, process)?))
}

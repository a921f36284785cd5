//! ToolHelp (ipc-objects.md §6): snapshots, and walking through them.

use cerium_handle::Handle;
use cerium_kernel::{CeResult, ProcessContents, Snapshot, SnapshotList, ThreadEntry, Win32Error};
use cerium_process::Priority;

use super::check;
use crate::ret::OutType;
use crate::structures::wide;
use crate::{
    Bool, Cx, Dword, HeapEntry32, HeapList32, HostCx, ModuleEntry32, Outcome, ProcessEntry32, SnapshotHandle,
    ThreadEntry32, WithSize,
};

bitflags::bitflags! {
    /// TH32CS_*: what a snapshot shows.
    #[derive(Copy, Clone, PartialEq, Eq, Debug)]
    struct Shows: u32 {
        const HEAPLIST = 1;
        const PROCESS = 2;
        const THREAD = 4;
        const MODULE = 8;
        const NOHEAPS = 0x4000_0000;
        const GETALLMODS = 0x8000_0000;
    }
}

impl Shows {
    /// What of one process, and not of the device.
    const OF_A_PROCESS: Shows = Shows::HEAPLIST.union(Shows::MODULE);
}

pub(crate) fn create(cx: &mut HostCx<'_>, flags: u32, process: u32) -> Outcome<SnapshotHandle> {
    let shows = Shows::from_bits_truncate(flags);
    // Our choice: a snapshot of nothing is a mistake.
    if !shows.intersects(Shows::OF_A_PROCESS | Shows::PROCESS | Shows::THREAD) {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    }
    let contents = check!(contents(cx, shows, process));
    let of_processes = shows.contains(Shows::PROCESS);
    let processes = if of_processes { cx.kernel.process_entries() } else { Vec::new() };
    let of_threads = shows.contains(Shows::THREAD);
    let threads = if of_threads { cx.kernel.thread_entries() } else { Vec::new() };
    let snapshot = Snapshot::new(processes, threads, contents);
    let handle = check!(cx.kernel.create_snapshot(cx.thread, snapshot));
    Outcome::Return(Dword(handle.0))
}

/// What there is in one process; ee487995: 0 is the caller's own.
fn contents(cx: &mut HostCx<'_>, shows: Shows, process: u32) -> CeResult<ProcessContents> {
    if !shows.intersects(Shows::OF_A_PROCESS) {
        return Ok(ProcessContents::default());
    }
    let own = cx.kernel.process_of(cx.thread);
    let process = if process == 0 { Some(own) } else { cx.kernel.process_with_id(process) };
    let process = process.ok_or(Win32Error::INVALID_PARAMETER)?;
    let body = cx.kernel.process(process);
    let mut contents = cx.host.contents(body.program);
    contents.process = body.id;
    match contents.modules.first_mut() {
        // The program knows its file's name, the process its path.
        Some(image) => image.path = body.image.clone(),
        None => contents.modules.push(cerium_kernel::ModuleEntry {
            base: body.module,
            size: 0,
            entry: 0,
            path: body.image.clone(),
        }),
    }
    if !shows.contains(Shows::MODULE) {
        contents.modules.clear();
    }
    if !shows.contains(Shows::HEAPLIST) || shows.contains(Shows::NOHEAPS) {
        contents.heaps.clear();
        contents.blocks.clear();
    }
    Ok(contents)
}

pub(crate) fn close(cx: &mut Cx<'_>, snapshot: Handle) -> Outcome<Bool> {
    cx.kernel.close_snapshot(cx.thread, snapshot).map(|()| Bool(true)).into()
}

/// Looks at the first or next entry of a list.
fn walk<T: OutType>(
    cx: &mut Cx<'_>,
    snapshot: Handle,
    entry: WithSize<T>,
    list: SnapshotList,
    from_start: bool,
    find: impl FnOnce(&Snapshot, usize) -> Option<T>,
) -> Outcome<(Bool, T)> {
    check!(cx.kernel.lookup_as::<Snapshot>(cx.thread, snapshot));
    check!(entry.check());
    let (snapshot, place) = check!(cx.kernel.walk_snapshot(cx.thread, snapshot, list, from_start));
    match find(snapshot, place) {
        Some(found) => Outcome::Return((Bool(true), found)),
        None => Outcome::Fail(Win32Error::NO_MORE_FILES),
    }
}

/// The last part of a path.
fn file_name(path: &[u16]) -> &[u16] {
    path.rsplit(|unit| *unit == u16::from(b'\\')).next().unwrap_or(path)
}

fn process_at(snapshot: &Snapshot, place: usize) -> Option<ProcessEntry32> {
    snapshot.processes.get(place).map(|process| ProcessEntry32 {
        dwSize: ProcessEntry32::SIZE,
        cntUsage: 1,
        th32ProcessID: process.id,
        th32ModuleID: process.module,
        cntThreads: process.threads,
        // Our choice: what a thread of it begins with, of 256 levels, as in THREADENTRY32.
        pcPriClassBase: i32::from(Priority::NORMAL.0),
        szExeFile: wide(file_name(&process.image)),
        th32MemoryBase: process.module,
        ..Default::default()
    })
}

pub(crate) fn first_process(
    cx: &mut Cx<'_>,
    snapshot: Handle,
    entry: WithSize<ProcessEntry32>,
) -> Outcome<(Bool, ProcessEntry32)> {
    walk(cx, snapshot, entry, SnapshotList::Processes, true, process_at)
}

pub(crate) fn next_process(
    cx: &mut Cx<'_>,
    snapshot: Handle,
    entry: WithSize<ProcessEntry32>,
) -> Outcome<(Bool, ProcessEntry32)> {
    walk(cx, snapshot, entry, SnapshotList::Processes, false, process_at)
}

fn thread_at(snapshot: &Snapshot, place: usize) -> Option<ThreadEntry32> {
    snapshot.threads.get(place).map(|ThreadEntry { id, process, priority }| ThreadEntry32 {
        dwSize: ThreadEntry32::SIZE,
        cntUsage: 1,
        th32ThreadID: *id,
        th32OwnerProcessID: *process,
        tpBasePri: i32::from(*priority),
        // No thread is in another process than its own.
        th32CurrentProcessID: *process,
        ..Default::default()
    })
}

pub(crate) fn first_thread(
    cx: &mut Cx<'_>,
    snapshot: Handle,
    entry: WithSize<ThreadEntry32>,
) -> Outcome<(Bool, ThreadEntry32)> {
    walk(cx, snapshot, entry, SnapshotList::Threads, true, thread_at)
}

pub(crate) fn next_thread(
    cx: &mut Cx<'_>,
    snapshot: Handle,
    entry: WithSize<ThreadEntry32>,
) -> Outcome<(Bool, ThreadEntry32)> {
    walk(cx, snapshot, entry, SnapshotList::Threads, false, thread_at)
}

fn module_at(snapshot: &Snapshot, place: usize) -> Option<ModuleEntry32> {
    let contents = &snapshot.contents;
    contents.modules.get(place).map(|module| ModuleEntry32 {
        dwSize: ModuleEntry32::SIZE,
        th32ModuleID: module.base,
        th32ProcessID: contents.process,
        GlblcntUsage: 1,
        ProccntUsage: 1,
        modBaseAddr: module.base,
        modBaseSize: module.size,
        hModule: module.base,
        szModule: wide(file_name(&module.path)),
        szExePath: wide(&module.path),
        ..Default::default()
    })
}

pub(crate) fn first_module(
    cx: &mut Cx<'_>,
    snapshot: Handle,
    entry: WithSize<ModuleEntry32>,
) -> Outcome<(Bool, ModuleEntry32)> {
    walk(cx, snapshot, entry, SnapshotList::Modules, true, module_at)
}

pub(crate) fn next_module(
    cx: &mut Cx<'_>,
    snapshot: Handle,
    entry: WithSize<ModuleEntry32>,
) -> Outcome<(Bool, ModuleEntry32)> {
    walk(cx, snapshot, entry, SnapshotList::Modules, false, module_at)
}

/// HF32_DEFAULT: the process heap.
const HF32_DEFAULT: u32 = 1;

fn heap_at(snapshot: &Snapshot, place: usize) -> Option<HeapList32> {
    let contents = &snapshot.contents;
    contents.heaps.get(place).map(|heap| HeapList32 {
        dwSize: HeapList32::SIZE,
        th32ProcessID: contents.process,
        th32HeapID: *heap,
        dwFlags: if place == 0 { HF32_DEFAULT } else { 0 },
    })
}

pub(crate) fn first_heap(
    cx: &mut Cx<'_>,
    snapshot: Handle,
    entry: WithSize<HeapList32>,
) -> Outcome<(Bool, HeapList32)> {
    walk(cx, snapshot, entry, SnapshotList::Heaps, true, heap_at)
}

pub(crate) fn next_heap(
    cx: &mut Cx<'_>,
    snapshot: Handle,
    entry: WithSize<HeapList32>,
) -> Outcome<(Bool, HeapList32)> {
    walk(cx, snapshot, entry, SnapshotList::Heaps, false, heap_at)
}

/// LF32_FIXED: a block that does not move.
const LF32_FIXED: u32 = 1;

pub(crate) fn first_block(
    cx: &mut Cx<'_>,
    snapshot: Handle,
    entry: WithSize<HeapEntry32>,
    process: u32,
    heap: u32,
) -> Outcome<(Bool, HeapEntry32)> {
    walk(cx, snapshot, entry, SnapshotList::Blocks { process, heap }, true, block_at)
}

pub(crate) fn next_block(
    cx: &mut Cx<'_>,
    snapshot: Handle,
    entry: WithSize<HeapEntry32>,
) -> Outcome<(Bool, HeapEntry32)> {
    walk(cx, snapshot, entry, SnapshotList::MoreBlocks, false, block_at)
}

fn block_at(snapshot: &Snapshot, place: usize) -> Option<HeapEntry32> {
    snapshot.block(place).map(|block| HeapEntry32 {
        dwSize: HeapEntry32::SIZE,
        hHandle: block.address,
        dwAddress: block.address,
        dwBlockSize: block.size,
        dwFlags: LF32_FIXED,
        th32ProcessID: snapshot.contents.process,
        th32HeapID: block.heap,
        ..Default::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    use cerium_kernel::{HeapBlock, Kernel, ModuleEntry, NewProcess};
    use cerium_process::ThreadStart;

    /// What a walk through a list of a snapshot shows first, of a process 8 with a module and a block.
    fn first<T>(list: SnapshotList, entry: impl Fn(&Snapshot, usize) -> Option<T>) -> Option<T> {
        let path: Arc<[u16]> = "\\a\\b.dll".encode_utf16().collect();
        let mut kernel = Kernel::default();
        let new = NewProcess { program: 0, image: path.clone(), command_line: path.clone(), module: 0 };
        let process = kernel.create_process(new);
        let thread = kernel.create_thread(process, 0, ThreadStart::default(), false);
        let contents = ProcessContents {
            process: 8,
            modules: vec![ModuleEntry { base: 0x1000, size: 0x2000, entry: 0x1004, path }],
            heaps: vec![0x3000],
            blocks: vec![HeapBlock { heap: 0x3000, address: 0x3010, size: 24 }],
        };
        let snapshot = Snapshot::new(Vec::new(), Vec::new(), contents);
        let handle = kernel.create_snapshot(thread, snapshot).expect("there is room");
        let (snapshot, place) = kernel.walk_snapshot(thread, handle, list, true).expect("it is a snapshot");
        entry(snapshot, place)
    }

    #[test]
    fn a_module_has_every_member() {
        let found = first(SnapshotList::Modules, module_at).expect("there is one");
        assert!(found.szModule.starts_with(&"b.dll\0".encode_utf16().collect::<Vec<_>>()));
        assert!(found.szExePath.starts_with(&"\\a\\b.dll\0".encode_utf16().collect::<Vec<_>>()));
        let expected = ModuleEntry32 {
            dwSize: 1076,
            th32ModuleID: 0x1000,
            th32ProcessID: 8,
            GlblcntUsage: 1,
            ProccntUsage: 1,
            modBaseAddr: 0x1000,
            modBaseSize: 0x2000,
            hModule: 0x1000,
            szModule: found.szModule,
            szExePath: found.szExePath,
            ..Default::default()
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn a_heap_and_its_block_have_every_member() {
        let expected = HeapList32 { dwSize: 16, th32ProcessID: 8, th32HeapID: 0x3000, dwFlags: HF32_DEFAULT };
        assert_eq!(first(SnapshotList::Heaps, heap_at), Some(expected));
        let expected = HeapEntry32 {
            dwSize: 36,
            hHandle: 0x3010,
            dwAddress: 0x3010,
            dwBlockSize: 24,
            dwFlags: LF32_FIXED,
            th32ProcessID: 8,
            th32HeapID: 0x3000,
            ..Default::default()
        };
        let list = |process, heap| SnapshotList::Blocks { process, heap };
        assert_eq!(first(list(8, 0x3000), block_at), Some(expected));
        assert_eq!(first(list(8, 0x3001), block_at), None);
        assert_eq!(first(list(9, 0x3000), block_at), None);
    }
}

//! ToolHelp snapshots (ipc-objects.md §6): what there was at one moment, for tools to walk through.
//!
//! A snapshot is a copy, and keeps nothing alive of what it tells of. What only the machine knows, modules and
//! heaps, it hands in.

use std::sync::Arc;

use cerium_handle::{Handle, ProcessId, ThreadId};
use cerium_process::Thread;

use crate::{CeResult, Kernel, Win32Error};

/// How many entries the snapshots of a device may have in all. Our choice: CE's limit is memory.
const MAXIMUM_ENTRIES: u64 = 1 << 20;

/// A process, as a snapshot tells of it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ProcessEntry {
    /// Its id.
    pub id: u32,
    /// How many threads it has.
    pub threads: u32,
    /// Where its image is loaded.
    pub module: u32,
    /// The path of its image.
    pub image: Arc<[u16]>,
}

/// A thread, as a snapshot tells of it.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct ThreadEntry {
    /// Its id.
    pub id: u32,
    /// The id of its process.
    pub process: u32,
    /// The priority that it was given, of 256.
    pub priority: u8,
}

/// A module of a process.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ModuleEntry {
    /// Where it is loaded.
    pub base: u32,
    /// How many bytes it covers; 0 if nobody can say.
    pub size: u32,
    /// Its entry point; 0 if it has none, or nobody can say.
    pub entry: u32,
    /// The path of its file.
    pub path: Arc<[u16]>,
}

/// A block of a heap of a process.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct HeapBlock {
    /// The heap.
    pub heap: u32,
    /// Where the block lies.
    pub address: u32,
    /// How many bytes it has.
    pub size: u32,
}

/// What a snapshot shows of one process, as the machine told.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct ProcessContents {
    /// The process's id.
    pub process: u32,
    /// Its modules, its image first.
    pub modules: Vec<ModuleEntry>,
    /// Its heaps, the process heap first.
    pub heaps: Vec<u32>,
    /// The blocks of its heaps.
    pub blocks: Vec<HeapBlock>,
}

/// A snapshot.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Snapshot {
    /// The processes, in the order in which they were made.
    pub processes: Vec<ProcessEntry>,
    /// The threads of all processes.
    pub threads: Vec<ThreadEntry>,
    /// What it shows of one process.
    pub contents: ProcessContents,
    /// How far each list was walked.
    places: [u32; LISTS],
    /// The heap whose blocks are walked through.
    walked_heap: Option<u32>,
}

/// The lists of a snapshot.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum SnapshotList {
    /// Process32First, Process32Next.
    Processes,
    /// Thread32First, Thread32Next.
    Threads,
    /// Module32First, Module32Next.
    Modules,
    /// Heap32ListFirst, Heap32ListNext.
    Heaps,
    /// Heap32First: the blocks of this heap of this process.
    Blocks {
        /// The process's id.
        process: u32,
        /// The heap.
        heap: u32,
    },
    /// Heap32Next: of the heap that Heap32First was given.
    MoreBlocks,
}

impl SnapshotList {
    fn place(self) -> usize {
        match self {
            SnapshotList::Processes => 0,
            SnapshotList::Threads => 1,
            SnapshotList::Modules => 2,
            SnapshotList::Heaps => 3,
            SnapshotList::Blocks { .. } | SnapshotList::MoreBlocks => 4,
        }
    }
}

const LISTS: usize = 5;

impl Snapshot {
    pub(crate) fn entries(&self) -> u64 {
        let Snapshot { processes, threads, contents, places: _, walked_heap: _ } = self;
        let ProcessContents { process: _, modules, heaps, blocks } = contents;
        // The snapshot itself counts too.
        (1 + processes.len() + threads.len() + modules.len() + heaps.len() + blocks.len()) as u64
    }

    /// A snapshot of these.
    pub fn new(
        processes: Vec<ProcessEntry>,
        threads: Vec<ThreadEntry>,
        mut contents: ProcessContents,
    ) -> Snapshot {
        contents.blocks.sort_by_key(|block| (block.heap, block.address));
        Snapshot { processes, threads, contents, places: [0; LISTS], walked_heap: None }
    }

    /// The block at a place of the heap that is walked through.
    pub fn block(&self, place: usize) -> Option<HeapBlock> {
        let heap = self.walked_heap?;
        let blocks = &self.contents.blocks;
        let first = blocks.partition_point(|block| block.heap < heap);
        blocks.get(first.saturating_add(place)).filter(|block| block.heap == heap).copied()
    }

    /// Goes to the first entry of a list, or to the next, and returns its place, which may be behind the last.
    fn step(&mut self, list: SnapshotList, from_start: bool) -> usize {
        if let SnapshotList::Blocks { process, heap } = list {
            let is_shown = process == self.contents.process || process == 0;
            self.walked_heap = is_shown.then_some(heap);
        }
        let place = &mut self.places[list.place()];
        let current = if from_start { 0 } else { *place };
        *place = current.saturating_add(1);
        current as usize
    }
}

impl Kernel {
    /// The processes that live now.
    pub fn process_entries(&self) -> Vec<ProcessEntry> {
        let entry = |process: ProcessId| {
            let body = self.process(process);
            ProcessEntry {
                id: body.id,
                threads: body.threads.len() as u32,
                module: body.module,
                image: body.image.clone(),
            }
        };
        self.processes().map(entry).collect()
    }

    /// The threads that live now.
    pub fn thread_entries(&self) -> Vec<ThreadEntry> {
        let of_process = |process: ProcessId| {
            let body = self.process(process);
            body.threads.keys().map(move |thread: &ThreadId| {
                let thread: &Thread = self.thread(*thread);
                ThreadEntry { id: thread.id, process: body.id, priority: thread.base_priority.0 }
            })
        };
        self.processes().flat_map(of_process).collect()
    }

    /// Whether there is any snapshot.
    #[inline]
    pub fn has_snapshots(&self) -> bool {
        self.snapshot_entries > 0
    }

    /// Makes a snapshot.
    pub fn create_snapshot(&mut self, thread: ThreadId, snapshot: Snapshot) -> CeResult<Handle> {
        self.check_room_for_handle(thread)?;
        let entries = snapshot.entries();
        if self.snapshot_entries + entries > MAXIMUM_ENTRIES {
            return Err(Win32Error::OUTOFMEMORY);
        }

        self.snapshot_entries += entries;
        let reference = self.create(snapshot);
        self.trace_creation(reference.id());
        Ok(self.open(self.process_of(thread), reference))
    }

    /// The snapshot behind a handle, and the place that a walk through a list goes to.
    pub fn walk_snapshot(
        &mut self,
        thread: ThreadId,
        handle: Handle,
        list: SnapshotList,
        from_start: bool,
    ) -> CeResult<(&Snapshot, usize)> {
        let id = self.lookup_as::<Snapshot>(thread, handle)?;
        let place = self.get_mut::<Snapshot>(id).step(list, from_start);
        Ok((self.get(id), place))
    }

    /// Closes a handle to a snapshot, which CloseHandle does not (ee487995).
    pub fn close_snapshot(&mut self, thread: ThreadId, handle: Handle) -> CeResult<()> {
        self.lookup_as::<Snapshot>(thread, handle)?;
        self.close_handle_of(self.process_of(thread), handle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A snapshot of this many of everything, with two heaps of two blocks each.
    fn snapshot() -> Snapshot {
        let process = ProcessEntry { id: 5, threads: 1, module: 0, image: Arc::default() };
        let thread = ThreadEntry { id: 6, process: 5, priority: 251 };
        let module = ModuleEntry { base: 0, size: 0, entry: 0, path: Arc::default() };
        let blocks = [(2, 0x20), (1, 0x30), (2, 0x10), (1, 0x40)];
        let contents = ProcessContents {
            process: 5,
            modules: vec![module; 16],
            heaps: vec![1, 2],
            blocks: blocks.map(|(heap, address)| HeapBlock { heap, address, size: 8 }).to_vec(),
        };
        Snapshot::new(vec![process; 32], vec![thread; 64], contents)
    }

    #[test]
    fn every_entry_counts_and_the_snapshot_itself() {
        assert_eq!(snapshot().entries(), 1 + 32 + 64 + 16 + 2 + 4);
    }

    /// The addresses of the blocks that a walk shows, until there is none.
    fn walk(snapshot: &mut Snapshot, process: u32, heap: u32) -> Vec<u32> {
        let mut place = snapshot.step(SnapshotList::Blocks { process, heap }, true);
        let mut seen = Vec::new();
        while let Some(block) = snapshot.block(place) {
            seen.push(block.address);
            place = snapshot.step(SnapshotList::MoreBlocks, false);
        }
        seen
    }

    #[test]
    fn blocks_are_walked_by_heap_in_order_of_their_addresses() {
        let mut snapshot = snapshot();
        assert_eq!(walk(&mut snapshot, 5, 1), [0x30, 0x40]);
        assert_eq!(walk(&mut snapshot, 5, 2), [0x10, 0x20]);
        assert_eq!(walk(&mut snapshot, 0, 2), [0x10, 0x20], "0 is the process that is shown");
        assert_eq!(walk(&mut snapshot, 6, 2), [], "another process");
        assert_eq!(walk(&mut snapshot, 5, 3), [], "no heap of it");
    }

    #[test]
    fn each_list_has_a_place_of_its_own() {
        let mut snapshot = snapshot();
        let lists = [
            SnapshotList::Processes,
            SnapshotList::Threads,
            SnapshotList::Modules,
            SnapshotList::Heaps,
            SnapshotList::Blocks { process: 5, heap: 1 },
        ];
        for list in lists {
            assert_eq!(snapshot.step(list, false), 0, "{list:?}");
        }
        for list in lists {
            assert_eq!(snapshot.step(list, false), 1, "{list:?}");
        }
        assert_eq!(snapshot.step(SnapshotList::Threads, true), 0);
        assert_eq!(snapshot.step(SnapshotList::Threads, false), 1);
        assert_eq!(snapshot.step(SnapshotList::Modules, false), 2);
    }
}

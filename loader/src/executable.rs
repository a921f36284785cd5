//! A process that is an executable: its memory, its threads, and what happens in a turn.

use cerium_coredll::catalogue::Library;
use cerium_coredll::{Call, Outs};
use cerium_cpu::Exit;
use cerium_crt::call::{ProcessState, ThreadState};
use cerium_crt::heap::{Fill, HeapError};
use cerium_guest::{Device, Program, Ran, Stop, Turn, Used};
use cerium_handle::Handle;
use cerium_kernel::{CeResult, HeapBlock, ModuleEntry, ProcessContents, Win32Error};
use cerium_memory::{Access, AddressSpace, Fault, PAGE_SIZE, Protection, Section};
use cerium_process::{ThreadStart, cost};
use slab::Slab;

use crate::abi::OutAddresses;
use crate::calls::{HostFrame, Out, Use};
use crate::context::GuestContext;
use crate::crash::Exception;
use crate::error::LoadProblem;
use crate::fibers::Fibers;
use crate::isa::{Isa, Start};
use crate::layout::{
    DATA, GRANULARITY, MAXIMUM_STACK, MAXIMUM_THREADS, THREAD_BLOCK, THREAD_RETURN, user_data,
};
use crate::libraries::{host_base, served_path};
use crate::load::{Options, Unimplemented};
use crate::modules::{Module, Modules};
use crate::pages::ProcessPages;
use crate::thunks::Thunks;

/// nCmdShow, the fourth argument of the entry point: SW_SHOW.
const SW_SHOW: u32 = 5;

/// What looking at a frame for an exception costs. Our choice.
const INSTRUCTIONS_A_FRAME: u64 = 10;

/// A thread.
pub(crate) struct Thread<I: Isa> {
    pub(crate) context: I::Context,
    pub(crate) stack: Stack,
    /// Where the out-parameters of the call go that it waits in.
    pub(crate) outs: OutAddresses,
    pub(crate) crt: ThreadState,
    /// The functions of the host's that wait for what they asked for, the innermost last.
    pub(crate) frames: Vec<HostFrame>,
    /// Whether it is the innermost of them that the kernel's next reply is for.
    pub(crate) frame_asks: bool,
    /// Its registers at its beginning, while libraries are told of it.
    pub(crate) begin: Option<I::Context>,
    /// Whether it has not run yet.
    is_new: bool,
    /// Whether the process ends with it.
    pub(crate) is_primary: bool,
    /// Whether libraries have been told that it ends.
    pub(crate) is_ending: bool,
    /// The fiber that it is in, if it is one.
    pub(crate) fiber: Option<u32>,
    /// Whether it waits for the kernel's reply.
    in_call: bool,
    /// The CONTEXT that it takes on when it has that reply.
    set_later: Option<Box<[u8]>>,
    /// What set_terminate was given.
    pub(crate) terminate: u32,
}

/// Where a thread's stack lies; below it is room that nobody has.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Stack {
    pub(crate) base: u32,
    pub(crate) size: u32,
    /// Where the room below it begins.
    limit: u32,
}

impl Stack {
    /// The thread's block at its top: TLS values, and on x86 what fs points at.
    pub(crate) fn thread_block(self) -> u32 {
        self.base + self.size - THREAD_BLOCK
    }

    /// Where it began before it ran over.
    pub(crate) fn origin(self) -> u32 {
        self.limit + GRANULARITY
    }

    /// Whether an address lies in the room below it.
    pub(crate) fn is_below(self, address: u32) -> bool {
        (self.limit..self.base).contains(&address)
    }

    /// Whether an address lies in it, or is its top.
    pub(crate) fn contains(self, address: u32) -> bool {
        address.checked_sub(self.base).is_some_and(|offset| offset <= self.size)
    }
}

/// A process.
pub(crate) struct Executable<I: Isa> {
    cpu: I,
    pub(crate) memory: AddressSpace,
    pub(crate) modules: Modules,
    pub(crate) thunks: Thunks,
    command_line: u32,
    pub(crate) unimplemented: Unimplemented,
    pub(crate) threads: Slab<Thread<I>>,
    pub(crate) crt: ProcessState,
    /// The critical section that keeps entry points of libraries apart; made when it is first wanted.
    pub(crate) lock: Option<Handle>,
    /// The thread that tells libraries that the process ends; no other runs any more.
    pub(crate) ended_by: Option<u32>,
    pub(crate) fibers: Fibers<I>,
    /// Whose values the user data page holds.
    on_page: Option<u32>,
    /// How many frames were walked for exceptions since that was last charged.
    pub(crate) walked: u64,
}

impl<I: Isa> Executable<I> {
    pub(crate) fn new(
        mut memory: AddressSpace,
        modules: Modules,
        thunks: Thunks,
        command_line: u32,
        options: &Options,
    ) -> Result<Self, LoadProblem> {
        let mut crt = ProcessState::new(&mut ProcessPages(&mut memory))
            .map_err(|error: HeapError| LoadProblem::Memory(format!("the heap: {error:?}")))?;
        crt.command_line = command_line;
        crt.answer = options.answer;
        Ok(Self {
            cpu: I::default(),
            memory,
            modules,
            thunks,
            command_line,
            unimplemented: options.unimplemented,
            threads: Slab::new(),
            crt,
            lock: None,
            ended_by: None,
            fibers: Fibers::new(),
            on_page: None,
            walked: 0,
        })
    }

    pub(crate) fn map_stack(&mut self, wanted: u32) -> CeResult<Stack> {
        let wanted = if wanted == 0 { self.modules.program().stack } else { wanted };
        let size = wanted.clamp(GRANULARITY, MAXIMUM_STACK).next_multiple_of(PAGE_SIZE);
        // One more granule below, where a stack that overflows faults.
        let room = size + GRANULARITY;
        let free = self.memory.find_free(DATA, room, GRANULARITY).ok_or(Win32Error::NOT_ENOUGH_MEMORY)?;
        let stack = Stack { base: free + GRANULARITY, size, limit: free };
        let mapped = self.memory.map(stack.base, size, Protection::READ | Protection::WRITE);
        mapped.map_err(|_| Win32Error::NOT_ENOUGH_MEMORY)?;
        Ok(stack)
    }

    pub(crate) fn unmap_stack(&mut self, stack: Stack) {
        if self.memory.unmap(stack.base, stack.size).is_err() {
            log::warn!(target: "loader", "the stack at {:#x} was unmapped by the guest", stack.base);
        }
    }

    /// The stack that a thread's code runs on: its own, or its fiber's.
    pub(crate) fn stack(&mut self, guest: u32) -> &mut Stack {
        let thread = &mut self.threads[guest as usize];
        match thread.fiber.and_then(|fiber| self.fibers.get_mut(&fiber)) {
            Some(fiber) => &mut fiber.stack,
            None => &mut thread.stack,
        }
    }

    /// Gives a stack that has run over one page more, for whoever handles that; once in its life. Says whether
    /// it did. Our choice; a device has it in the reserve of the stack.
    pub(crate) fn extend_stack(&mut self, guest: u32) -> bool {
        let Stack { base, .. } = *self.stack(guest);
        if base != self.stack(guest).origin() {
            return false;
        }
        let page = base - PAGE_SIZE;
        let is_mapped = self.memory.map(page, PAGE_SIZE, Protection::READ | Protection::WRITE).is_ok();
        if is_mapped {
            let stack = self.stack(guest);
            (stack.base, stack.size) = (page, stack.size + PAGE_SIZE);
        }
        is_mapped
    }

    /// Makes the user data page the running thread's (processes-threads.md §1.3).
    fn show_thread(&mut self, guest: u32, turn: &Turn<'_>) {
        if self.on_page == Some(guest) {
            return;
        }
        let page = I::USER_DATA;
        let tls = self.threads[guest as usize].stack.thread_block();
        let ids = [turn.thread_id, turn.process_id];
        let bytes: Vec<u8> = ids.iter().flat_map(|id| id.to_le_bytes()).collect();
        let poked = self
            .memory
            .poke(page + user_data::TLS, &tls.to_le_bytes())
            .and_then(|()| self.memory.poke(page + user_data::THREAD_ID, &bytes));
        poked.expect("the user data page is always mapped");
        self.on_page = Some(guest);
    }

    /// Answers the call that the guest waits in.
    fn answer(&mut self, guest: u32, used: &mut Use<'_>) -> Out {
        if self.threads[guest as usize].frame_asks {
            let reply = used.device.reply().clone();
            return self.reply_to_frame(guest, reply, used);
        }
        self.finish_call(guest, used.device.reply())
    }

    /// Tells libraries of a thread that has not run yet.
    fn begin(&mut self, guest: u32, used: &mut Use<'_>) -> Out {
        let thread = &mut self.threads[guest as usize];
        if !std::mem::replace(&mut thread.is_new, false) {
            return Out::Goes;
        }
        let is_primary = thread.is_primary;
        let Some(acts) = self.acts_of_beginning(is_primary) else { return Out::Goes };
        let thread = &mut self.threads[guest as usize];
        thread.begin = Some(thread.context.clone());
        self.act(guest, acts, used)
    }

    /// The process ends: a thread that does not end it runs no more, until it ends with it. It is suspended, and
    /// whoever resumes it changes nothing.
    fn stand_still(device: &mut Device) -> Ran {
        let mut call = Call::SuspendThread { hThread: Handle::CURRENT_THREAD };
        if device.call(Used::default(), &mut call).is_some() {
            device.keep_reply();
        }
        Ran { stop: Stop::Called, used: Used::default() }
    }

    /// Runs a guest until its turn is over; adds up what it used.
    fn run(&mut self, guest: u32, used: &mut Use<'_>) -> Stop {
        loop {
            let left = used.device.slice().saturating_sub(used.used.time);
            if left == 0 {
                return Stop::SliceEnd;
            }
            let allowed = left.div_ceil(cost::INSTRUCTION);
            let mut budget = allowed;
            let context = &mut self.threads[guest as usize].context;
            let exit = self.cpu.run(context, &mut self.memory, &mut budget);
            used.used.instructions += allowed - budget;
            used.used.time += (allowed - budget) * cost::INSTRUCTION;
            let sp = I::sp(&self.threads[guest as usize].context);
            let out = match exit {
                Exit::Budget => return Stop::SliceEnd,
                _ if self.leaves_entry_point(guest, sp) => {
                    Out::Stops(self.crash(guest, Exception::out_of_entry_point()))
                }
                Exit::Hypercall(address) => self.call_out(guest, address, used),
                Exit::Fault { fault, .. } if I::trap(fault.address).is_some() && is_fetch(&fault) => {
                    self.trap(guest, fault.address, used)
                }
                exit => self.raise(guest, Exception::of_exit(exit)),
            };
            let walked = std::mem::take(&mut self.walked) * INSTRUCTIONS_A_FRAME;
            used.used.instructions += walked;
            used.used.time += walked * cost::INSTRUCTION;
            match out {
                Out::Goes => used.used.time += cost::CALL,
                Out::Answered => {}
                // The kernel's calls are charged by the device.
                Out::Stops(stop @ (Stop::Called | Stop::Exit(_))) => return stop,
                Out::Stops(stop) => {
                    used.used.time += cost::CALL;
                    return stop;
                }
            }
        }
    }
}

fn is_fetch(fault: &Fault) -> bool {
    fault.access == cerium_memory::Access::Execute
}

/// ContextFlags.
fn context_flags(context: &[u8]) -> u32 {
    context.first_chunk().map_or(0, |flags| u32::from_le_bytes(*flags))
}

impl<I: Isa> Program for Executable<I> {
    fn create_guest(&mut self, start: ThreadStart) -> CeResult<u32> {
        if self.threads.len() >= MAXIMUM_THREADS {
            return Err(Win32Error::NOT_ENOUGH_MEMORY);
        }
        let stack = self.map_stack(start.stack)?;
        let (entry, arguments) = match start.address {
            // The primary thread: the four arguments of WinMain.
            0 => {
                let program = self.modules.program();
                (program.entry, [program.base, 0, self.command_line, SW_SHOW])
            }
            address => (address, [start.parameter, 0, 0, 0]),
        };
        let is_primary = start.address == 0;
        let start = Start {
            entry,
            arguments,
            stack_top: stack.thread_block(),
            thread_block: stack.thread_block(),
            return_to: THREAD_RETURN,
        };
        let context = I::start(start, &mut self.memory).map_err(|_| Win32Error::NOT_ENOUGH_MEMORY)?;
        Ok(self.threads.insert(Thread {
            context,
            stack,
            outs: OutAddresses::new(),
            crt: ThreadState::default(),
            frames: Vec::new(),
            frame_asks: false,
            begin: None,
            is_new: true,
            is_primary,
            is_ending: false,
            fiber: None,
            in_call: false,
            set_later: None,
            terminate: 0,
        }) as u32)
    }

    fn resume(&mut self, guest: u32, turn: Turn<'_>) -> Ran {
        if self.ended_by.is_some_and(|by| by != guest) {
            return Self::stand_still(turn.device);
        }
        self.show_thread(guest, &turn);
        let mut used = Use { device: turn.device, files: turn.files, used: Used::default() };
        let answered = match used.device.take_reply() {
            Some(_) => self.answer(guest, &mut used),
            None => self.begin(guest, &mut used),
        };
        let stop = match answered {
            Out::Goes | Out::Answered => {
                let thread = &mut self.threads[guest as usize];
                if let Some(context) = thread.set_later.take() {
                    thread.context.take_guest(&context, context_flags(&context));
                }
                self.run(guest, &mut used)
            }
            Out::Stops(stop) => stop,
        };
        self.threads[guest as usize].in_call = matches!(stop, Stop::Called);
        Ran { stop, used: used.used }
    }

    fn write_outs(&mut self, guest: u32, outs: &Outs) {
        let addresses = &self.threads[guest as usize].outs;
        for (address, out) in addresses.iter().zip(outs) {
            // It could be written when the call began; what has become of it since is the guest's affair.
            if *address != 0 && self.memory.write_bytes(*address, out.as_bytes()).is_err() {
                log::warn!(target: "loader", "an out-parameter at {address:#x} cannot be written any more");
            }
        }
    }

    fn context(&self, guest: u32, given: &[u8]) -> Option<CeResult<Vec<u8>>> {
        let flags = context_flags(given);
        if flags & I::Context::PROCESSOR == 0 {
            return Some(Err(Win32Error::INVALID_PARAMETER));
        }
        let thread = &self.threads[guest as usize];
        let mut context = thread.context.clone();
        // Who is in a call will find itself behind it.
        if thread.in_call && I::finish_call(&mut context, &self.memory, 0).is_err() {
            return Some(Err(Win32Error::INVALID_PARAMETER));
        }
        // What is not asked for stays as it is given.
        let registers = context.to_guest();
        let mut parts = given.to_vec();
        for (flag, from, to) in I::Context::PARTS {
            if flags & flag != 0 && *to <= parts.len() {
                parts[*from..*to].copy_from_slice(&registers[*from..*to]);
            }
        }
        Some(Ok(parts))
    }

    fn set_context(&mut self, guest: u32, context: &[u8]) -> Option<CeResult<()>> {
        // Parts that are not kept are not an error; another processor's registers are.
        if context_flags(context) & I::Context::PROCESSOR == 0 {
            return Some(Err(Win32Error::INVALID_PARAMETER));
        }
        let thread = &mut self.threads[guest as usize];
        if thread.in_call {
            thread.set_later = Some(context.into());
        } else {
            thread.context.take_guest(context, context_flags(context));
        }
        Some(Ok(()))
    }

    fn end_guest(&mut self, guest: u32) {
        let thread = self.threads.remove(guest as usize);
        let own = self.forget_fibers_of(thread.fiber, thread.stack);
        self.unmap_stack(own);
        if self.on_page == Some(guest) {
            self.on_page = None;
        }
    }

    fn map_section(&mut self, address: u32, section: &Section, writable: bool) -> CeResult<()> {
        let mut protection = Protection::READ;
        protection.set(Protection::WRITE, writable);
        let mapped = self.memory.map_section(address, section, 0, section.size(), protection);
        mapped.map_err(|_| Win32Error::NOT_ENOUGH_MEMORY)
    }

    fn unmap_section(&mut self, address: u32, section: &Section) {
        if self.memory.unmap(address, section.size()).is_err() {
            log::warn!(target: "loader", "the view at {address:#x} was unmapped already");
        }
    }

    fn read_memory(&mut self, address: u32, size: u32) -> Option<CeResult<Box<[u8]>>> {
        // Asked first, so that no host memory is taken for what is not there.
        let there = self.memory.check(address, u64::from(size), Access::Read);
        Some(there.map_err(|_| Win32Error::INVALID_PARAMETER).map(|()| {
            let mut bytes = vec![0; size as usize];
            self.memory.read_bytes(address, &mut bytes).expect("it was asked");
            bytes.into()
        }))
    }

    fn write_memory(&mut self, address: u32, bytes: &[u8]) -> Option<CeResult<()>> {
        let there = self.memory.check(address, bytes.len() as u64, Access::Write);
        Some(there.map_err(|_| Win32Error::INVALID_PARAMETER).map(|()| {
            self.memory.write_bytes(address, bytes).expect("it was asked");
        }))
    }

    fn allocate_block(&mut self, size: u32, zeroed: bool) -> Option<CeResult<u32>> {
        let heaps = &mut self.crt.heaps;
        let fill = if zeroed { Fill::Zero } else { Fill::Leave };
        let made = heaps.allocate(&mut ProcessPages(&mut self.memory), heaps.process_heap(), size, fill);
        Some(made.map_err(of_local_block))
    }

    fn free_block(&mut self, address: u32) -> Option<CeResult<()>> {
        let heaps = &mut self.crt.heaps;
        let freed = heaps.free(&mut ProcessPages(&mut self.memory), heaps.process_heap(), address);
        Some(freed.map_err(of_local_block))
    }

    fn block_size(&mut self, address: u32) -> Option<CeResult<u32>> {
        let heaps = &self.crt.heaps;
        Some(heaps.size(heaps.process_heap(), address).map_err(of_local_block))
    }

    fn modules(&self) -> Vec<ModuleEntry> {
        let entry = |module: &Module| ModuleEntry {
            base: module.base,
            size: module.size,
            entry: module.entry,
            path: module.path.clone(),
        };
        // Those that cerium serves are where somebody wants them.
        let served = [Library::Coredll, Library::Toolhelp].into_iter().filter_map(|library| {
            let base = host_base(library);
            let path = served_path(library).encode_utf16().collect();
            let entry = ModuleEntry { base, size: PAGE_SIZE, entry: 0, path };
            self.memory.protection_at(base).is_some().then_some(entry)
        });
        self.modules.all().map(entry).chain(served).collect()
    }

    fn contents(&self) -> ProcessContents {
        let blocks = self.crt.heaps.blocks();
        ProcessContents {
            process: 0,
            modules: self.modules(),
            heaps: self.crt.heaps.handles().collect(),
            blocks: blocks.map(|(heap, address, size)| HeapBlock { heap, address, size }).collect(),
        }
    }

    fn tls_changed(&mut self, guest: u32, index: u32, value: u32) {
        let block = self.threads[guest as usize].stack.thread_block();
        if self.memory.poke(block + 4 * index, &value.to_le_bytes()).is_err() {
            log::warn!(target: "loader", "the TLS values at {block:#x} are not mapped any more");
        }
    }
}

/// A heap's refusal as LocalAlloc and its kin tell of it.
fn of_local_block(error: HeapError) -> Win32Error {
    Win32Error(error.win32(Win32Error::INVALID_HANDLE.0))
}

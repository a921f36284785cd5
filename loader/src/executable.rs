//! A process that is an executable: its memory, its threads, and what happens in a turn.

use cerium_coredll::{Call, Function, Outs, Reply};
use cerium_cpu::Exit;
use cerium_crt::call::{Cx as CrtCx, Output, ProcessState, Stop as CrtStop, Stream, ThreadState};
use cerium_crt::heap::HeapError;
use cerium_crt::table::Function as CrtFunction;
use cerium_guest::{Device, Missing, Program, Ran, Stop, Turn, Used};
use cerium_kernel::{CeResult, Win32Error};
use cerium_memory::{AddressSpace, Fault, FaultKind, PAGE_SIZE, Protection, Section};
use cerium_process::{ThreadStart, cost};
use slab::Slab;

use crate::abi::{Arguments, OutAddresses};
use crate::binding::Target;
use crate::crash::{Exception, Place};
use crate::error::LoadProblem;
use crate::isa::{Isa, Start};
use crate::layout::{
    DATA, GRANULARITY, MAXIMUM_STACK, MAXIMUM_THREADS, THREAD_BLOCK, THREAD_RETURN, thunk_index, user_data,
};
use crate::load::Unimplemented;
use crate::pages::ProcessPages;

/// An image in memory.
#[derive(Clone, Debug)]
pub(crate) struct Module {
    /// Its file's name.
    pub(crate) name: String,
    /// Where it lies.
    pub(crate) base: u32,
    /// How many bytes it covers.
    pub(crate) size: u32,
    /// Its entry point.
    pub(crate) entry: u32,
    /// How much stack its threads have.
    pub(crate) stack: u32,
}

/// The console's text in one turn at which the turn ends, so that the host's memory is bounded.
const CONSOLE_LIMIT: usize = 0x1_0000;

/// nCmdShow, the fourth argument of the entry point: SW_SHOW.
const SW_SHOW: u32 = 5;

/// A thread.
struct Thread<I: Isa> {
    context: I::Context,
    stack: Stack,
    /// Where the out-parameters of the call go that it waits in.
    outs: OutAddresses,
    crt: ThreadState,
}

/// Where a thread's stack lies; below it is a page that nobody has.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Stack {
    pub(crate) base: u32,
    pub(crate) size: u32,
}

impl Stack {
    /// The thread's block at its top: TLS values, and on x86 what fs points at.
    fn thread_block(self) -> u32 {
        self.base + self.size - THREAD_BLOCK
    }
}

/// A process.
pub(crate) struct Executable<I: Isa> {
    cpu: I,
    memory: AddressSpace,
    module: Module,
    targets: Vec<Target>,
    command_line: u32,
    unimplemented: Unimplemented,
    threads: Slab<Thread<I>>,
    crt: ProcessState,
    /// Whose values the user data page holds.
    on_page: Option<u32>,
}

/// How a call out of the guest went on.
enum Out {
    /// The guest runs on, and the time that a call takes has passed.
    Goes,
    /// The guest runs on with the kernel's answer.
    Answered,
    /// The turn is over.
    Stops(Stop),
}

impl<I: Isa> Executable<I> {
    pub(crate) fn new(
        mut memory: AddressSpace,
        module: Module,
        targets: Vec<Target>,
        command_line: u32,
        unimplemented: Unimplemented,
    ) -> Result<Self, LoadProblem> {
        let crt = ProcessState::new(&mut ProcessPages(&mut memory))
            .map_err(|error: HeapError| LoadProblem::Memory(format!("the heap: {error:?}")))?;
        Ok(Self {
            cpu: I::default(),
            memory,
            module,
            targets,
            command_line,
            unimplemented,
            threads: Slab::new(),
            crt,
            on_page: None,
        })
    }

    fn map_stack(&mut self, wanted: u32) -> CeResult<Stack> {
        let wanted = if wanted == 0 { self.module.stack } else { wanted };
        let size = wanted.clamp(GRANULARITY, MAXIMUM_STACK).next_multiple_of(PAGE_SIZE);
        // One more granule below, where a stack that overflows faults.
        let room = size + GRANULARITY;
        let free = self.memory.find_free(DATA, room, GRANULARITY).ok_or(Win32Error::NOT_ENOUGH_MEMORY)?;
        let stack = Stack { base: free + GRANULARITY, size };
        let mapped = self.memory.map(stack.base, size, Protection::READ | Protection::WRITE);
        mapped.map_err(|_| Win32Error::NOT_ENOUGH_MEMORY)?;
        Ok(stack)
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
    fn answer(&mut self, guest: u32, reply: &Reply) -> Result<(), Exception> {
        self.write_outs(guest, &reply.outs);
        let thread = &mut self.threads[guest as usize];
        thread.outs.clear();
        I::finish_call(&mut thread.context, &self.memory, reply.value).map_err(Exception::of_fault)
    }

    /// A guest went to an address where nothing is: an import, the end of its function, a kernel trap.
    fn call_out(&mut self, guest: u32, address: u32, device: &mut Device, used: &mut Used) -> Out {
        if address == THREAD_RETURN {
            return Out::Stops(Stop::Exit(I::result(&self.threads[guest as usize].context)));
        }
        let target = thunk_index(address).and_then(|index| self.targets.get(index).copied());
        match target {
            Some(Target::Kernel(function)) => self.kernel_call(guest, function, device, used),
            Some(Target::Crt(function)) => self.crt_call(guest, function, device, used),
            Some(Target::Lacking(export)) => {
                let named = format!("{} (COREDLL ordinal {})", export.name, export.ordinal);
                self.lacking(guest, named)
            }
            None => self.trap(guest, address, device, used),
        }
    }

    /// A kernel function that is reached by an address that faults (traps.md).
    fn trap(&mut self, guest: u32, address: u32, device: &mut Device, used: &mut Used) -> Out {
        match I::trap(address) {
            Some((2, 2)) => self.kernel_call(guest, Function::TerminateProcess, device, used),
            Some((set, method)) => self.lacking(guest, format!("kernel trap set {set} method {method}")),
            None => {
                let fault =
                    Fault { address, access: cerium_memory::Access::Execute, kind: FaultKind::Unmapped };
                Out::Stops(self.crash(guest, Exception::of_fault(fault)))
            }
        }
    }

    fn kernel_call(&mut self, guest: u32, function: Function, device: &mut Device, used: &mut Used) -> Out {
        let thread = &mut self.threads[guest as usize];
        let mut arguments = Arguments::<I>::new(&thread.context, &self.memory);
        let mut call = match Call::from_abi(function, &mut arguments) {
            Ok(call) => call,
            Err(fault) => return Out::Stops(self.crash(guest, Exception::unreadable_stack(fault.address))),
        };
        thread.outs = arguments.outs;
        let Some(reply) = device.call(std::mem::take(used), &mut call) else {
            return Out::Stops(Stop::Called);
        };
        match self.answer(guest, reply) {
            Ok(()) => Out::Answered,
            Err(exception) => Out::Stops(self.crash(guest, exception)),
        }
    }

    fn crt_call(&mut self, guest: u32, function: CrtFunction, device: &mut Device, used: &mut Used) -> Out {
        let thread = &mut self.threads[guest as usize];
        let mut arguments = I::argument_list(&thread.context);
        let mut output = Console(device);
        let mut cx = CrtCx {
            memory: &mut ProcessPages(&mut self.memory),
            process: &mut self.crt,
            thread: &mut thread.crt,
            arguments: &mut arguments,
            output: &mut output,
            last_error: None,
        };
        let answer = function.call(&mut cx);
        if let Some(error) = cx.last_error {
            used.last_error = Some(Win32Error(error));
        }
        let finished = match answer {
            Ok(answer) => {
                let context = &mut self.threads[guest as usize].context;
                I::finish_crt_call(context, &self.memory, answer, &arguments).map_err(Exception::of_fault)
            }
            Err(CrtStop::Fault(fault)) => Err(Exception::of_fault(fault)),
            Err(CrtStop::DivideByZero) => Err(Exception::division_by_zero()),
        };
        match finished {
            Ok(()) if device.text_to_put_out() > CONSOLE_LIMIT => Out::Stops(Stop::SliceEnd),
            Ok(()) => Out::Goes,
            Err(exception) => Out::Stops(self.crash(guest, exception)),
        }
    }

    fn lacking(&mut self, guest: u32, function: String) -> Out {
        let context = &self.threads[guest as usize].context;
        let caller = match I::caller(context, &self.memory) {
            Some(address) => Place::of(address, &self.module).to_string(),
            None => "unknown".to_owned(),
        };
        if self.unimplemented == Unimplemented::Zero {
            log::warn!(target: "loader", "{function}, called from {caller}, is missing: it returns 0");
            let context = &mut self.threads[guest as usize].context;
            return match I::finish_call(context, &self.memory, 0) {
                Ok(()) => Out::Goes,
                Err(fault) => Out::Stops(self.crash(guest, Exception::of_fault(fault))),
            };
        }
        Out::Stops(Stop::Missing(Box::new(Missing { function, caller })))
    }

    fn crash(&self, guest: u32, exception: Exception) -> Stop {
        let thread = &self.threads[guest as usize];
        let report = exception.report::<I>(&thread.context, &self.memory, &self.module, thread.stack);
        Stop::Crash(Box::new(report))
    }

    /// Runs a guest until its turn is over; adds up what it used since its last call.
    fn run(&mut self, guest: u32, device: &mut Device, used: &mut Used) -> Stop {
        loop {
            let left = device.slice().saturating_sub(used.time);
            if left == 0 {
                return Stop::SliceEnd;
            }
            let allowed = left.div_ceil(cost::INSTRUCTION);
            let mut budget = allowed;
            let context = &mut self.threads[guest as usize].context;
            let exit = self.cpu.run(context, &mut self.memory, &mut budget);
            used.instructions += allowed - budget;
            used.time += (allowed - budget) * cost::INSTRUCTION;
            let out = match exit {
                Exit::Budget => return Stop::SliceEnd,
                Exit::Hypercall(address) => self.call_out(guest, address, device, used),
                Exit::Fault { fault, .. } if I::trap(fault.address).is_some() && is_fetch(&fault) => {
                    self.trap(guest, fault.address, device, used)
                }
                exit => return self.crash(guest, Exception::of_exit(exit)),
            };
            match out {
                Out::Goes => used.time += cost::CALL,
                Out::Answered => {}
                // The kernel's calls are charged by the device.
                Out::Stops(stop @ (Stop::Called | Stop::Exit(_))) => return stop,
                Out::Stops(stop) => {
                    used.time += cost::CALL;
                    return stop;
                }
            }
        }
    }
}

fn is_fetch(fault: &Fault) -> bool {
    fault.access == cerium_memory::Access::Execute
}

impl<I: Isa> Program for Executable<I> {
    fn create_guest(&mut self, start: ThreadStart) -> CeResult<u32> {
        if self.threads.len() >= MAXIMUM_THREADS {
            return Err(Win32Error::NOT_ENOUGH_MEMORY);
        }
        let stack = self.map_stack(start.stack)?;
        let (entry, arguments) = match start.address {
            // The primary thread: the four arguments of WinMain.
            0 => (self.module.entry, [self.module.base, 0, self.command_line, SW_SHOW]),
            address => (address, [start.parameter, 0, 0, 0]),
        };
        let start = Start {
            entry,
            arguments,
            stack_top: stack.thread_block(),
            thread_block: stack.thread_block(),
            return_to: THREAD_RETURN,
        };
        let context = I::start(start, &mut self.memory).map_err(|_| Win32Error::NOT_ENOUGH_MEMORY)?;
        let thread = Thread { context, stack, outs: OutAddresses::new(), crt: ThreadState::default() };
        Ok(self.threads.insert(thread) as u32)
    }

    fn resume(&mut self, guest: u32, turn: Turn<'_>) -> Ran {
        let mut used = Used::default();
        self.show_thread(guest, &turn);
        let answered = match turn.device.take_reply() {
            Some(reply) => self.answer(guest, reply),
            None => Ok(()),
        };
        let stop = match answered {
            Ok(()) => self.run(guest, turn.device, &mut used),
            Err(exception) => self.crash(guest, exception),
        };
        Ran { stop, used }
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

    fn end_guest(&mut self, guest: u32) {
        let thread = self.threads.remove(guest as usize);
        let unmapped = self.memory.unmap(thread.stack.base, thread.stack.size);
        if unmapped.is_err() {
            log::warn!(target: "loader", "the stack at {:#x} was unmapped by the guest", thread.stack.base);
        }
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

    fn tls_changed(&mut self, guest: u32, index: u32, value: u32) {
        let block = self.threads[guest as usize].stack.thread_block();
        if self.memory.poke(block + 4 * index, &value.to_le_bytes()).is_err() {
            log::warn!(target: "loader", "the TLS values at {block:#x} are not mapped any more");
        }
    }
}

/// Takes the text of the C library.
struct Console<'a>(&'a mut Device);

impl Output for Console<'_> {
    fn print(&mut self, _: Stream, text: &str) {
        self.0.put_out(text);
    }
}

//! The machine: a kernel, the programs, and each thread's guest. The only loop.

use cerium_coredll::{Call, Completed, Dispatched, Function, Host, Outs, Reply, dispatch, grant_file_locks};
use cerium_files::FileSystem;
use cerium_files::registry::Registry;
use cerium_handle::{ProcessId, ThreadId};
use cerium_kernel::{CeResult, Chooser, Ended, Event, Kernel, NewProcess, Next, Rules, Version};
use cerium_process::{FileTime, Instant, Priority, ThreadStart, ThreadState, cost};
use cerium_sync::Completion;

use crate::limits::{Limit, Limits};
use crate::program::{Crash, Images, Prepared, Stop, Turn};
use crate::report::{ProcessEnd, Statistics, Verdict};
use crate::trace::TraceSink;
use crate::world::World;

/// What the machine keeps of a thread between its turns.
struct Activation {
    thread: ThreadId,
    program: u32,
    guest: u32,
    process_id: u32,
    thread_id: u32,
    /// The function that it is blocked in.
    pending: Option<Function>,
    /// What it is to be answered when it next runs.
    reply: Option<Reply>,
}

/// A CE device with running programs.
pub struct Machine {
    kernel: Kernel,
    world: World,
    /// By the slots of the threads' objects.
    activations: Vec<Option<Activation>>,
    /// Takes the guests' text.
    output: Box<dyn FnMut(&str)>,
    trace: Option<Tracing>,
    statistics: Statistics,
    /// Exceptions that have ended processes whose end is still to be noted.
    crashes: Vec<(ProcessId, Crash)>,
    /// The processes of inputs that have not ended.
    inputs: Vec<ProcessId>,
    /// Whether every step is audited.
    audit: bool,
}

struct Tracing {
    sink: Box<dyn TraceSink>,
    calls: Vec<Call>,
    replies: Vec<Reply>,
}

/// How many events are collected before they are handed on.
const TRACE_BATCH: usize = 4096;
/// How much text a guest puts out before it is handed on.
const CONSOLE_BATCH: usize = 4096;

impl Machine {
    /// A device without processes, whose CreateProcess finds these images.
    pub fn new(images: Box<dyn Images>) -> Self {
        Self {
            kernel: Kernel::default(),
            world: World::new(images),
            activations: Vec::new(),
            output: Box::new(|_| {}),
            trace: None,
            statistics: Statistics::default(),
            crashes: Vec::new(),
            inputs: Vec::new(),
            audit: false,
        }
    }

    /// Sends the guests' text somewhere.
    pub fn set_output(&mut self, output: impl FnMut(&str) + 'static) {
        self.output = Box::new(output);
    }

    /// Sends the trace somewhere.
    pub fn set_trace(&mut self, sink: Box<dyn TraceSink>) {
        self.kernel.trace.enable();
        self.trace = Some(Tracing { sink, calls: Vec::new(), replies: Vec::new() });
    }

    /// Audits the kernel after every step from now on; for small runs.
    pub fn set_audit(&mut self, audit: bool) {
        self.audit = audit;
    }

    /// Answers questions that CE's documentation leaves open otherwise than by default.
    pub fn set_rules(&mut self, rules: Rules) {
        self.kernel.set_rules(rules);
    }

    /// Makes it a device of another version of CE; before anything starts on it.
    pub fn set_version(&mut self, version: Version) {
        self.kernel.set_profile(version.profile());
    }

    /// Sets the clock, in UTC.
    pub fn set_date(&mut self, date: FileTime) {
        self.kernel.set_system_time(date);
    }

    /// Sets the quantum of the threads that are made from now on, in nanoseconds.
    pub fn set_default_quantum(&mut self, quantum: u64) {
        self.kernel.set_default_quantum(quantum);
    }

    /// Gives the guests another file system; before the first process is started. Until then they have one in
    /// memory, with `\Temp` and `\Windows`.
    pub fn set_files(&mut self, files: FileSystem) {
        self.world.files = files;
    }

    /// The guests' file system, to look at and to put files in.
    pub fn files(&mut self) -> &mut FileSystem {
        &mut self.world.files
    }

    /// The guests' registry, to fill before the first process is started and to look at.
    pub fn registry(&mut self) -> &mut Registry {
        &mut self.world.registry
    }

    /// The kernel, to look at.
    pub fn kernel(&self) -> &Kernel {
        &self.kernel
    }

    /// What the run has done so far.
    pub fn statistics(&self) -> &Statistics {
        &self.statistics
    }

    /// Starts a process, as CreateProcess would, and returns its id.
    pub fn start(&mut self, prepared: Prepared, command_line: &str) -> CeResult<u32> {
        let (process, guest) = self.admit(prepared, command_line)?;
        self.kernel.create_thread(process, guest, ThreadStart::default(), false);
        Ok(self.kernel.process(process).id)
    }

    /// Starts a process whose primary thread has this priority.
    pub fn start_at(&mut self, prepared: Prepared, command_line: &str, priority: Priority) -> CeResult<u32> {
        let (process, guest) = self.admit(prepared, command_line)?;
        let thread = self.kernel.create_thread(process, guest, ThreadStart::default(), false);
        self.kernel.set_priority(thread.0, priority);
        Ok(self.kernel.process(process).id)
    }

    /// Lets something from outside happen at a virtual time: a thread of the kernel's own, above every other,
    /// which may do anything but block. It is part of the record like every other thread. What is still to
    /// come when all processes have ended does not come.
    pub fn input(&mut self, at: Instant, prepared: Prepared) -> CeResult<u32> {
        let (process, guest) = self.admit(prepared, "")?;
        let thread = self.kernel.create_input_thread(process, guest, at);
        // It wakes as from a Sleep.
        activation(&mut self.activations, &self.kernel, thread).pending = Some(Function::Sleep);
        self.inputs.push(process);
        Ok(self.kernel.process(process).id)
    }

    /// Makes a process of a program, and the guest of its primary thread.
    fn admit(&mut self, prepared: Prepared, command_line: &str) -> CeResult<(ProcessId, u32)> {
        self.kernel.check_room_for_process()?;
        let loaded = self.world.admit(prepared);
        let guest = match self.world.create_guest(loaded.program, ThreadStart::default()) {
            Ok(guest) => guest,
            Err(error) => {
                self.world.discard_program(loaded.program);
                return Err(error);
            }
        };
        let process = self.kernel.create_process(NewProcess {
            program: loaded.program,
            image: loaded.path,
            command_line: command_line.encode_utf16().collect(),
            module: loaded.module,
        });
        Ok((process, guest))
    }

    /// Where the running thread is in its code, if its program can tell.
    pub fn place(&self) -> Option<String> {
        let thread = self.kernel.current()?;
        let body = self.kernel.thread(thread);
        let program = self.kernel.process(body.process).program;
        self.world.programs[program as usize].place(body.guest)
    }

    /// Runs until every process has ended or none can go on, or a limit is reached.
    pub fn run(&mut self, chooser: &mut impl Chooser, limits: &Limits) -> Verdict {
        let verdict = loop {
            if let Some(verdict) = self.step(chooser, limits) {
                break verdict;
            }
        };
        self.hand_on();
        verdict
    }

    /// Hands on what is left of the trace and says whether it could be written.
    pub fn finish_trace(&mut self) -> std::io::Result<()> {
        self.hand_on();
        self.trace.take().map_or(Ok(()), |mut tracing| tracing.sink.finish())
    }

    /// One decision of the scheduler and one turn of a guest.
    #[inline]
    pub fn step(&mut self, chooser: &mut impl Chooser, limits: &Limits) -> Option<Verdict> {
        let next = self.kernel.schedule(chooser);
        // A watchdog ends processes while nobody runs.
        if self.kernel.has_ended() {
            self.clean_up();
        }
        let time = limits.time_left(self.kernel.now());
        let (thread, slice) = match next {
            Next::Run { thread, slice } => (thread, slice.min(time)),
            Next::Finished => return Some(Verdict::Finished),
            Next::Stalled => return Some(Verdict::Stalled(Box::new(self.kernel.describe_stall()))),
            Next::Reset(parameter) => return Some(Verdict::Reset(parameter)),
            Next::EndOfTime => return Some(Verdict::Limit(Limit::EndOfTime)),
        };
        if time == 0 {
            return Some(Verdict::Limit(Limit::Time));
        }
        let steps = match limits.steps {
            None => u64::MAX,
            Some(_) => limits.steps_left(self.statistics.instructions + self.statistics.all_calls()),
        };
        if steps == 0 {
            return Some(Verdict::Limit(Limit::Steps));
        }
        if limits.is_interrupted() {
            return Some(Verdict::Interrupted);
        }
        let verdict = self.turn(thread, slice, steps);
        if self.audit {
            self.kernel.audit();
        }
        verdict
    }

    /// Lets a guest run until it stops, and does what it asks.
    #[inline]
    fn turn(&mut self, thread: ThreadId, slice: u64, steps: u64) -> Option<Verdict> {
        if let Some(completion) = self.kernel.take_completion(thread) {
            self.complete(thread, completion);
        }
        let activation = activation(&mut self.activations, &self.kernel, thread);
        let (program, guest) = (activation.program, activation.guest);
        let ran = self.world.programs[program as usize].resume(
            guest,
            Turn {
                reply: activation.reply.take(),
                slice,
                steps,
                now: self.kernel.now(),
                thread_id: activation.thread_id,
                process_id: activation.process_id,
                console: &mut self.world.console,
                files: &mut self.world.files,
            },
        );
        let took = ran.took;
        self.statistics.instructions += ran.instructions;
        if let Some(error) = ran.last_error {
            self.kernel.set_last_error(thread, error);
        }
        let cost = if matches!(ran.stop, Stop::Call(_)) { cost::CALL } else { 0 };
        self.kernel.advance(took + cost);
        // A watchdog may have ended the caller's process in that time.
        if self.kernel.current() == Some(thread) {
            match ran.stop {
                Stop::Call(call) => self.call(thread, program, guest, call),
                Stop::SliceEnd => {}
                Stop::Exit(code) => self.kernel.exit_thread(thread, code),
                Stop::Crash(crash) => {
                    let process = self.kernel.process_of(thread);
                    let code = crash.code;
                    self.crashes.push((process, *crash));
                    self.kernel.exit_process(process, code);
                }
                Stop::Note(text) => {
                    let now = self.kernel.now();
                    self.kernel.trace.push(now, || Event::Note { thread, text });
                }
                Stop::Failed(text) => {
                    self.put_out(thread);
                    return Some(Verdict::Failed(text));
                }
                Stop::Missing(missing) => {
                    self.put_out(thread);
                    return Some(Verdict::Missing(missing));
                }
            }
        }
        if !self.world.console.is_empty() {
            self.put_out(thread);
        }
        if self.kernel.has_ended() {
            self.clean_up();
        }
        if self.trace.is_some() && self.kernel.trace.len() >= TRACE_BATCH {
            self.hand_on();
        }
        None
    }

    /// Makes the reply of a call that a thread was blocked in.
    fn complete(&mut self, thread: ThreadId, completion: Completion) {
        let activation = self.activations[thread.0.slot()].as_mut().expect("it has run before");
        let function = activation.pending.take().expect("only a blocked call is completed");
        let Completed { reply, error } = function.complete(completion);
        if let Some(error) = error {
            self.kernel.set_last_error(thread, error);
        }
        self.trace_reply(thread, &reply);
        activation_reply(&mut self.activations, thread, reply);
    }

    /// Performs a guest's call.
    #[inline]
    fn call(&mut self, thread: ThreadId, program: u32, guest: u32, call: Call) {
        let function = call.function();
        self.statistics.count_call(function);
        if self.trace.is_some() {
            self.trace_call(thread, &call);
        }
        match dispatch(&mut self.kernel, &mut self.world, thread, call) {
            Dispatched::Reply(reply) => {
                self.trace_reply(thread, &reply);
                activation_reply(&mut self.activations, thread, reply);
            }
            Dispatched::Blocked(outs) => {
                self.write_outs(program, guest, outs);
                let activation = self.activations[thread.0.slot()].as_mut().expect("it has just run");
                activation.pending = Some(function);
                if !self.inputs.is_empty() {
                    self.refuse_block(thread, function);
                }
            }
            Dispatched::Ended => {}
        }
    }

    /// Ends an input that has blocked.
    fn refuse_block(&mut self, thread: ThreadId, function: Function) {
        let process = self.kernel.process_of(thread);
        // Nobody is kept from running by a thread that gives way and is ready.
        let is_blocked = matches!(self.kernel.thread(thread).state, ThreadState::Blocked(_));
        if is_blocked && self.inputs.contains(&process) {
            let body = self.kernel.thread(thread);
            let program = self.kernel.process(process).program;
            let crash = self.world.programs[program as usize].refuse_block(body.guest, function);
            let code = crash.code;
            self.crashes.push((process, crash));
            self.kernel.exit_process(process, code);
        }
    }

    fn write_outs(&mut self, program: u32, guest: u32, outs: Outs) {
        if !outs.is_empty() {
            self.world.programs[program as usize].write_outs(guest, outs);
        }
    }

    #[cold]
    fn trace_call(&mut self, thread: ThreadId, call: &Call) {
        let Some(tracing) = &mut self.trace else { return };
        let index = tracing.calls.len() as u32;
        tracing.calls.push(call.clone());
        let now = self.kernel.now();
        self.kernel.trace.push(now, || Event::Call { thread, index });
    }

    #[inline(always)]
    fn trace_reply(&mut self, thread: ThreadId, reply: &Reply) {
        if self.trace.is_some() {
            self.add_reply(thread, reply.clone());
        }
    }

    #[cold]
    fn add_reply(&mut self, thread: ThreadId, reply: Reply) {
        let Some(tracing) = &mut self.trace else { return };
        let index = tracing.replies.len() as u32;
        tracing.replies.push(reply);
        let now = self.kernel.now();
        self.kernel.trace.push(now, || Event::Reply { thread, index });
    }

    /// Hands the guests' text on.
    fn put_out(&mut self, thread: ThreadId) {
        let text = std::mem::take(&mut self.world.console);
        if text.is_empty() {
            return;
        }
        (self.output)(&text);
        let now = self.kernel.now();
        self.kernel.trace.push(now, || Event::Output { thread, text: text.as_str().into() });
        if text.capacity() <= CONSOLE_BATCH {
            self.world.console = text;
            self.world.console.clear();
        }
    }

    /// Hands the trace on.
    fn hand_on(&mut self) {
        let Some(tracing) = &mut self.trace else { return };
        tracing.sink.take(&mut self.kernel.trace.drain(), &tracing.calls, &tracing.replies);
        tracing.calls.clear();
        tracing.replies.clear();
    }

    /// Takes back the machine's half of what has ended in the kernel.
    fn clean_up(&mut self) {
        let mut sections = Vec::new();
        let mut files = 0;
        let inputs = self.inputs.len();
        for ended in self.kernel.take_ended() {
            match ended {
                Ended::Thread { program, guest } => {
                    self.statistics.threads_ended += 1;
                    self.world.programs[program as usize].end_guest(guest);
                }
                Ended::Process { process, program, id, image, exit_code } => {
                    let place = self.crashes.iter().position(|(crashed, _)| *crashed == process);
                    let crash = place.map(|place| self.crashes.swap_remove(place).1);
                    let image = String::from_utf16_lossy(&image);
                    self.inputs.retain(|input| *input != process);
                    self.statistics.ended.push(ProcessEnd { id, image, exit_code, crash });
                    self.world.discard_program(program);
                }
                Ended::Section(section) => sections.push(section),
                Ended::File(open) => {
                    self.world.files.close(open);
                    files += 1;
                }
                Ended::Find(find) => self.world.files.close_find(find),
                Ended::Key(key) => self.world.registry.close(key),
            }
        }
        // Last: the views of a process that has ended go with its program.
        for section in sections {
            self.world.discard_section(section);
        }
        // Locks went with their opens: whoever waited for one has it now.
        if files > 0 {
            grant_file_locks(&mut self.kernel, &mut self.world.files);
        }
        if inputs > 0 {
            self.end_late_inputs();
        }
    }
}

impl Machine {
    /// Ends the inputs that are still to come when nobody is left for whom they could.
    fn end_late_inputs(&mut self) {
        let is_late = |process: ProcessId| {
            let primary = self.kernel.process(process).primary.expect("an input has a thread");
            let sleeps = matches!(self.kernel.thread(primary).state, ThreadState::Blocked(_));
            self.inputs.contains(&process) && sleeps
        };
        if !self.kernel.processes().all(is_late) {
            return;
        }
        let late: Vec<ProcessId> = self.kernel.processes().collect();
        for process in late {
            self.kernel.exit_process(process, 0);
        }
        if self.kernel.has_ended() {
            self.clean_up();
        }
    }
}

/// Keeps the reply for the turn in which its thread next runs.
#[inline]
fn activation_reply(activations: &mut [Option<Activation>], thread: ThreadId, reply: Reply) {
    let activation = activations[thread.0.slot()].as_mut().expect("it has run before");
    activation.reply = Some(reply);
}

/// What the machine keeps of a thread; made when the thread first runs.
#[inline]
fn activation<'a>(
    activations: &'a mut Vec<Option<Activation>>,
    kernel: &Kernel,
    thread: ThreadId,
) -> &'a mut Activation {
    let slot = thread.0.slot();
    // A slot may be the second tenant's.
    if !matches!(activations.get(slot), Some(Some(activation)) if activation.thread == thread) {
        admit(activations, kernel, thread);
    }
    activations[slot].as_mut().expect("it was made above")
}

#[cold]
fn admit(activations: &mut Vec<Option<Activation>>, kernel: &Kernel, thread: ThreadId) {
    let slot = thread.0.slot();
    if slot >= activations.len() {
        activations.resize_with(slot + 1, || None);
    }
    let body = kernel.thread(thread);
    let process = kernel.process(body.process);
    activations[slot] = Some(Activation {
        thread,
        program: process.program,
        guest: body.guest,
        process_id: process.id,
        thread_id: body.id,
        pending: None,
        reply: None,
    });
}

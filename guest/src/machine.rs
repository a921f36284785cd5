//! The machine: a kernel, the programs, and each thread's guest. The only loop.

use cerium_coredll::{Function, Host, Reply, grant_file_locks};
use cerium_files::FileSystem;
use cerium_files::registry::{Registry, Root};
use cerium_handle::{ProcessId, ThreadId};
use cerium_kernel::{CeResult, Chooser, Ended, Event, Kernel, NewProcess, Next, Rules, Version};
use cerium_process::{FileTime, Instant, Priority, ThreadStart, ThreadState};

use crate::device::{Device, Left, Lent};
use crate::limits::{Limit, Limits};
use crate::program::{Crash, Images, Prepared, Ran, Stop, Turn};
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
    device: Lent,
    world: World,
    /// By the slots of the threads' objects.
    activations: Vec<Option<Activation>>,
    /// Takes the guests' text.
    output: Box<dyn FnMut(&str)>,
    /// Exceptions that have ended processes whose end is still to be noted.
    crashes: Vec<(ProcessId, Crash)>,
    /// The processes of inputs that have not ended.
    inputs: Vec<ProcessId>,
}

/// The key below HKEY_LOCAL_MACHINE whose values name events that are there from the start.
const SYSTEM_EVENTS: &str = "SYSTEM\\Events";

/// How much text a guest puts out before it is handed on.
const CONSOLE_BATCH: usize = 4096;

impl Machine {
    /// A device without processes, whose CreateProcess finds these images.
    pub fn new(images: Box<dyn Images>) -> Self {
        Self {
            device: Lent::new(Device::new()),
            world: World::new(images),
            activations: Vec::new(),
            output: Box::new(|_| {}),
            crashes: Vec::new(),
            inputs: Vec::new(),
        }
    }

    /// Sends the guests' text somewhere.
    pub fn set_output(&mut self, output: impl FnMut(&str) + 'static) {
        self.output = Box::new(output);
    }

    /// Sends the trace somewhere.
    pub fn set_trace(&mut self, sink: Box<dyn TraceSink>) {
        self.device.set_trace(sink);
    }

    /// Audits the kernel after every step from now on; for small runs.
    pub fn set_audit(&mut self, audit: bool) {
        self.device.set_audit(audit);
    }

    /// Answers questions that CE's documentation leaves open otherwise than by default.
    pub fn set_rules(&mut self, rules: Rules) {
        self.device.kernel.set_rules(rules);
    }

    /// Makes it a device of another version of CE; before anything starts on it.
    pub fn set_version(&mut self, version: Version) {
        self.device.kernel.set_profile(version.profile());
    }

    /// Sets the clock, in UTC.
    pub fn set_date(&mut self, date: FileTime) {
        self.device.kernel.set_system_time(date);
    }

    /// Sets the quantum of the threads that are made from now on, in nanoseconds.
    pub fn set_default_quantum(&mut self, quantum: u64) {
        self.device.kernel.set_default_quantum(quantum);
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

    /// The guests' registry, to fill before the first process is started and to look at. What `SYSTEM\Events`
    /// of HKEY_LOCAL_MACHINE names then is an event when it starts.
    pub fn registry(&mut self) -> &mut Registry {
        &mut self.world.registry
    }

    /// The kernel, to look at.
    pub fn kernel(&self) -> &Kernel {
        &self.device.kernel
    }

    /// What the run has done so far.
    pub fn statistics(&self) -> &Statistics {
        &self.device.statistics
    }

    /// Starts a process, as CreateProcess would, and returns its id.
    pub fn start(&mut self, prepared: Prepared, command_line: &str) -> CeResult<u32> {
        let (process, guest) = self.admit(prepared, command_line)?;
        self.device.kernel.create_thread(process, guest, ThreadStart::default(), false);
        Ok(self.device.kernel.process(process).id)
    }

    /// Starts a process whose primary thread has this priority.
    pub fn start_at(&mut self, prepared: Prepared, command_line: &str, priority: Priority) -> CeResult<u32> {
        let (process, guest) = self.admit(prepared, command_line)?;
        let thread = self.device.kernel.create_thread(process, guest, ThreadStart::default(), false);
        self.device.kernel.set_priority(thread.0, priority);
        Ok(self.device.kernel.process(process).id)
    }

    /// Lets something from outside happen at a virtual time: a thread of the kernel's own, above every other,
    /// which may do anything but block. It is part of the record like every other thread. What is still to
    /// come when all processes have ended does not come.
    pub fn input(&mut self, at: Instant, prepared: Prepared) -> CeResult<u32> {
        let (process, guest) = self.admit(prepared, "")?;
        let thread = self.device.kernel.create_input_thread(process, guest, at);
        // It wakes as from a Sleep.
        activation(&mut self.activations, &self.device.kernel, thread).pending = Some(Function::Sleep);
        self.inputs.push(process);
        Ok(self.device.kernel.process(process).id)
    }

    /// The device starts: the names of the registry's list become events (aa450538).
    fn make_system_events(&mut self) {
        for name in self.world.registry.value_names(Root::LocalMachine, SYSTEM_EVENTS) {
            if self.device.kernel.create_system_event(name).is_err() {
                let name = String::from_utf16_lossy(name);
                log::warn!(target: "guest", "HKEY_LOCAL_MACHINE\\{SYSTEM_EVENTS}: {name:?} cannot name an event");
            }
        }
    }

    /// Makes a process of a program, and the guest of its primary thread.
    fn admit(&mut self, prepared: Prepared, command_line: &str) -> CeResult<(ProcessId, u32)> {
        if self.device.kernel.processes().next().is_none() {
            self.make_system_events();
        }
        self.device.kernel.check_room_for_process()?;
        let loaded = self.world.admit(prepared);
        let guest = match self.world.create_guest(loaded.program, ThreadStart::default()) {
            Ok(guest) => guest,
            Err(error) => {
                self.world.discard_program(loaded.program);
                return Err(error);
            }
        };
        let process = self.device.kernel.create_process(NewProcess {
            program: loaded.program,
            image: loaded.path,
            command_line: command_line.encode_utf16().collect(),
            module: loaded.module,
        });
        Ok((process, guest))
    }

    /// Where the running thread is in its code, if its program can tell.
    pub fn place(&self) -> Option<String> {
        let thread = self.device.kernel.current()?;
        let body = self.device.kernel.thread(thread);
        let program = self.device.kernel.process(body.process).program;
        self.world.programs[program as usize].place(body.guest)
    }

    /// Runs until every process has ended or none can go on, or a limit is reached.
    pub fn run(&mut self, chooser: &mut impl Chooser, limits: &Limits) -> Verdict {
        let verdict = loop {
            if let Some(verdict) = self.step(chooser, limits) {
                break verdict;
            }
        };
        self.device.hand_on();
        verdict
    }

    /// Hands on what is left of the trace and says whether it could be written.
    pub fn finish_trace(&mut self) -> std::io::Result<()> {
        self.device.hand_on();
        self.device.take_sink().map_or(Ok(()), |mut sink| sink.finish())
    }

    /// One decision of the scheduler and one turn of a guest.
    #[inline]
    pub fn step(&mut self, chooser: &mut impl Chooser, limits: &Limits) -> Option<Verdict> {
        let next = self.device.kernel.schedule(chooser);
        // A watchdog ends processes while nobody runs.
        if self.device.kernel.has_ended() {
            self.clean_up();
        }
        let (thread, mut until) = match next {
            Next::Run { thread, until } => (thread, until),
            Next::Finished => return Some(Verdict::Finished),
            Next::Stalled => return Some(Verdict::Stalled(Box::new(self.device.kernel.describe_stall()))),
            Next::Reset(parameter) => return Some(Verdict::Reset(parameter)),
            Next::EndOfTime => return Some(Verdict::Limit(Limit::EndOfTime)),
        };
        if limits.is_any() {
            match self.horizon(limits) {
                Ok(horizon) => until = until.min(horizon),
                Err(verdict) => return Some(verdict),
            }
        }
        self.device.begin_turn(thread, until);
        self.turn(thread)
    }

    /// When the next turn ends at the latest, or which limit is reached.
    fn horizon(&self, limits: &Limits) -> Result<Instant, Verdict> {
        let (now, steps) = (self.device.now(), self.device.statistics.steps());
        if let Some(limit) = limits.reached(now, steps) {
            return Err(Verdict::Limit(limit));
        }
        if limits.is_interrupted() {
            return Err(Verdict::Interrupted);
        }
        Ok(limits.horizon(now, steps))
    }

    /// Lets a guest run until it stops, and does what it asks.
    #[inline]
    fn turn(&mut self, thread: ThreadId) -> Option<Verdict> {
        let Machine { device: lent, world, activations, .. } = self;
        let device: &mut Device = lent;
        let activation = activation(activations, &device.kernel, thread);
        if device.kernel.has_completion() {
            let function = activation.pending.take().expect("only a blocked call is completed");
            device.complete(thread, function);
        } else if let Some(reply) = activation.reply.take() {
            device.resume_with(reply);
        }
        let (program, guest) = (activation.program, activation.guest);
        let ran = world.programs[program as usize].resume(
            guest,
            Turn {
                device: lent,
                thread_id: activation.thread_id,
                process_id: activation.process_id,
                files: &mut world.files,
            },
        );
        let device: &mut Device = lent;
        if let Stop::Called = ran.stop {
            // That is nothing to drop.
            std::mem::forget(ran);
            match device.left {
                // Most leave like this, and to most nothing is written.
                Left::Blocked(function) if device.reply.outs.is_empty() && self.inputs.is_empty() => {
                    device.left = Left::Nothing;
                    activation.pending = Some(function);
                }
                _ => self.called(thread, program, guest),
            }
        } else if let Some(verdict) = self.stopped(thread, ran) {
            self.device.audit();
            return Some(verdict);
        }
        let device: &mut Device = &mut self.device;
        if !device.console.is_empty() || !self.world.console.is_empty() {
            self.put_out(thread);
        }
        if self.device.kernel.has_ended() {
            self.clean_up();
        }
        if self.device.is_watched() {
            self.device.after_turn();
        }
        None
    }

    /// A guest has stopped without a call.
    #[inline(never)]
    fn stopped(&mut self, thread: ThreadId, ran: Ran) -> Option<Verdict> {
        self.device.charge(ran.used, 0);
        let kernel = &mut self.device.kernel;
        // A watchdog may have ended its process in that time.
        if kernel.current() != Some(thread) {
            return None;
        }
        match ran.stop {
            Stop::Called => unreachable!("it stopped otherwise"),
            Stop::SliceEnd => {}
            Stop::Exit(code) => kernel.exit_thread(thread, code),
            Stop::Crash(crash) => {
                let process = kernel.process_of(thread);
                let code = crash.code;
                self.crashes.push((process, *crash));
                kernel.exit_process(process, code);
            }
            Stop::Note(text) => {
                let now = kernel.now();
                kernel.trace.push(now, || Event::Note { thread, text });
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
        None
    }

    /// A guest has left its turn with a call.
    #[inline(never)]
    fn called(&mut self, thread: ThreadId, program: u32, guest: u32) {
        if let Left::ForMachine(_) = self.device.left {
            self.device.perform_with(&mut self.world);
        }
        match std::mem::replace(&mut self.device.left, Left::Nothing) {
            Left::Answered => {
                let activation = self.activations[thread.0.slot()].as_mut().expect("it has just run");
                activation.reply = Some(std::mem::take(&mut self.device.reply));
            }
            Left::Blocked(function) => {
                if !self.device.reply.outs.is_empty() {
                    let outs = std::mem::take(&mut self.device.reply).outs;
                    self.world.programs[program as usize].write_outs(guest, &outs);
                }
                let activation = self.activations[thread.0.slot()].as_mut().expect("it has just run");
                activation.pending = Some(function);
                if !self.inputs.is_empty() {
                    self.refuse_block(thread, function);
                }
            }
            Left::Ended => {}
            Left::Nothing | Left::ForMachine(_) => unreachable!("a guest that called leaves with a call"),
        }
    }

    /// Ends an input that has blocked.
    fn refuse_block(&mut self, thread: ThreadId, function: Function) {
        let process = self.device.kernel.process_of(thread);
        // Nobody is kept from running by a thread that gives way and is ready.
        let is_blocked = matches!(self.device.kernel.thread(thread).state, ThreadState::Blocked(_));
        if is_blocked && self.inputs.contains(&process) {
            let body = self.device.kernel.thread(thread);
            let program = self.device.kernel.process(process).program;
            let crash = self.world.programs[program as usize].refuse_block(body.guest, function);
            let code = crash.code;
            self.crashes.push((process, crash));
            self.device.kernel.exit_process(process, code);
        }
    }

    /// Hands the guests' text on.
    #[inline(never)]
    fn put_out(&mut self, thread: ThreadId) {
        let mut text = std::mem::take(&mut self.device.console);
        text.push_str(&self.world.console);
        self.world.console.clear();
        if text.is_empty() {
            return;
        }
        (self.output)(&text);
        let kernel = &mut self.device.kernel;
        kernel.trace.push(kernel.now(), || Event::Output { thread, text: text.as_str().into() });
        if text.capacity() <= CONSOLE_BATCH {
            text.clear();
            self.device.console = text;
        }
    }

    /// Takes back the machine's half of what has ended in the kernel.
    #[inline(never)]
    fn clean_up(&mut self) {
        let mut sections = Vec::new();
        let mut files = 0;
        let inputs = self.inputs.len();
        for ended in self.device.kernel.take_ended() {
            match ended {
                Ended::Thread { program, guest } => {
                    self.device.statistics.threads_ended += 1;
                    self.world.programs[program as usize].end_guest(guest);
                }
                Ended::Process { process, program, id, image, exit_code } => {
                    let place = self.crashes.iter().position(|(crashed, _)| *crashed == process);
                    let crash = place.map(|place| self.crashes.swap_remove(place).1);
                    let image = String::from_utf16_lossy(&image);
                    self.inputs.retain(|input| *input != process);
                    self.device.statistics.ended.push(ProcessEnd { id, image, exit_code, crash });
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
            grant_file_locks(&mut self.device.kernel, &mut self.world.files);
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
            let primary = self.device.kernel.process(process).primary.expect("an input has a thread");
            let sleeps = matches!(self.device.kernel.thread(primary).state, ThreadState::Blocked(_));
            self.inputs.contains(&process) && sleeps
        };
        if !self.device.kernel.processes().all(is_late) {
            return;
        }
        let late: Vec<ProcessId> = self.device.kernel.processes().collect();
        for process in late {
            self.device.kernel.exit_process(process, 0);
        }
        if self.device.kernel.has_ended() {
            self.clean_up();
        }
    }
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
    if matches!(activations.get(slot), Some(Some(activation)) if activation.thread == thread) {
        return activations[slot].as_mut().expect("it was seen above");
    }
    admit(activations, kernel, thread);
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

//! Runs a program on the kernel and on the model, one step at a time, and compares after each.

use std::collections::BTreeMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use cerium_coredll::{
    Call, Completed, Dispatched, FileSection, Function, Host, LoadedImage, Outs, Reply, Text, dispatch,
};
use cerium_files::FileSystem;
use cerium_files::registry::Registry;
use cerium_handle::{Handle, ProcessId, ThreadId};
use cerium_kernel::{
    CeResult, Choice, Chooser, Ended, Kernel, ModuleEntry, NewProcess, Next as KernelNext, ProcessContents,
    Win32Error,
};
use cerium_process::{Process, ThreadStart, cost};

use super::calls::{Did, Told};
use super::compare::Twins;
use super::generate::Random;
use super::program::{Act, Argument, Gives, Program, Step, VARIABLES, Value};
use super::schedule::{Next, Question};
use super::state::{Answer, Model};

/// An image that no program has.
pub(crate) const MISSING_IMAGE: &str = "none";
/// How many turns a run takes at most.
const TURNS: u64 = 4000;
/// How many processes and threads a run makes at most; after that the calls that make them are left out.
const MAXIMUM_THREADS: usize = 24;

/// What a run came to.
#[derive(Copy, Clone, PartialEq, Eq, Default, Debug)]
pub struct Ran {
    /// How many calls it made.
    pub calls: u64,
    /// How many of them blocked.
    pub blocked: u64,
    /// How many failed.
    pub failed: u64,
    /// How often it decided who runs.
    pub turns: u64,
}

/// Where the two sides differ.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// What differs.
    pub what: String,
    /// What happened before, a line a step.
    pub story: Vec<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.story {
            writeln!(f, "{line}")?;
        }
        writeln!(f, "difference: {}", self.what)
    }
}

/// Runs a program on both sides.
///
/// # Errors
/// The first difference; a failed assertion of the kernel is one too.
pub fn run(program: &Program) -> Result<Ran, Difference> {
    // The story costs more than the run: it is told only of what failed, by running it again.
    run_both(program, false).or_else(|_| run_both(program, true))
}

fn run_both(program: &Program, tells: bool) -> Result<Ran, Difference> {
    let mut both = Both::new(program);
    both.tells = tells;
    let result = catch_unwind(AssertUnwindSafe(|| both.run()));
    let what = match result {
        Ok(Ok(())) => return Ok(both.ran),
        Ok(Err(what)) => what,
        Err(panic) => {
            let words = panic.downcast_ref::<String>().cloned();
            words
                .or_else(|| panic.downcast_ref::<&str>().map(|words| (*words).to_owned()))
                .unwrap_or_default()
        }
    };
    Err(Difference { what, story: both.story })
}

/// The kernel's machine: no programs behind it, only numbers.
#[derive(Default)]
struct Stub {
    /// The sections that live.
    sections: Vec<u32>,
    made: u32,
    views: u32,
    files: FileSystem,
    registry: Registry,
}

impl Host for Stub {
    fn load_image(&mut self, image: &[u16], _: &[u16]) -> CeResult<LoadedImage> {
        if String::from_utf16_lossy(image) == MISSING_IMAGE {
            return Err(Win32Error::FILE_NOT_FOUND);
        }
        Ok(LoadedImage { program: 0, path: image.into(), module: 0x1_0000 })
    }

    fn discard_program(&mut self, _: u32) {}

    fn create_guest(&mut self, _: u32, _: ThreadStart) -> CeResult<u32> {
        Ok(0)
    }

    fn create_section(&mut self, _: u32) -> CeResult<u32> {
        self.made += 1;
        self.sections.push(self.made);
        Ok(self.made)
    }

    fn create_file_section(&mut self, _: u32, _: u64, _: bool) -> CeResult<FileSection> {
        Err(Win32Error::NOT_SUPPORTED)
    }

    fn flush_section(&mut self, _: u32) -> CeResult<()> {
        Ok(())
    }

    fn discard_section(&mut self, section: u32) {
        self.sections.retain(|other| *other != section);
    }

    fn map_view(&mut self, _: u32, _: u32, _: u32, _: u32, _: bool) -> CeResult<u32> {
        self.views += 1;
        Ok(0x4000_0000 + (self.views << 16))
    }

    fn unmap_view(&mut self, _: u32, _: u32, _: u32) {}

    fn tls_changed(&mut self, _: u32, _: u32, _: u32, _: u32) {}

    fn registry(&mut self) -> &mut Registry {
        &mut self.registry
    }

    fn read_memory(&mut self, _: u32, _: u32, _: u32) -> Option<CeResult<Box<[u8]>>> {
        None
    }

    fn write_memory(&mut self, _: u32, _: u32, _: &[u8]) -> Option<CeResult<()>> {
        None
    }

    fn allocate_block(&mut self, _: u32, _: u32, _: bool) -> Option<CeResult<u32>> {
        None
    }

    fn free_block(&mut self, _: u32, _: u32) -> Option<CeResult<()>> {
        None
    }

    fn block_size(&mut self, _: u32, _: u32) -> Option<CeResult<u32>> {
        None
    }

    fn context(&mut self, _: u32, _: u32, _: &[u8]) -> Option<CeResult<Vec<u8>>> {
        None
    }

    fn set_context(&mut self, _: u32, _: u32, _: &[u8]) -> Option<CeResult<()>> {
        None
    }

    fn modules(&mut self, _: u32) -> Vec<ModuleEntry> {
        Vec::new()
    }

    fn contents(&mut self, _: u32) -> ProcessContents {
        ProcessContents::default()
    }

    fn files(&mut self) -> &mut FileSystem {
        &mut self.files
    }

    fn output(&mut self, _: &str) {}
}

/// A question as the kernel asks it.
enum Asked {
    NextThread(Vec<ThreadId>),
    QuantumEnd(ThreadId),
}

/// Answers what is left open, at random or strictly, and remembers.
struct Choices {
    random: Option<Random>,
    asked: Vec<(Asked, usize)>,
}

impl Chooser for Choices {
    fn is_strict(&self) -> bool {
        self.random.is_none()
    }

    fn choose(&mut self, choice: Choice<'_>) -> usize {
        let random = self.random.as_mut().expect("a strict chooser is not asked");
        let (asked, answer) = match choice {
            Choice::NextThread(threads) => {
                let answer = if random.percent(40) { random.below(threads.len()) } else { 0 };
                (Asked::NextThread(threads.to_vec()), answer)
            }
            Choice::QuantumEnd(thread) => (Asked::QuantumEnd(thread), usize::from(random.percent(25))),
        };
        self.asked.push((asked, answer));
        answer
    }
}

/// Where a thread is in its function.
#[derive(Clone, Default)]
struct Cursor {
    function: usize,
    at: usize,
    /// What is left to compute.
    computes: u64,
    /// What it is blocked in.
    pending: Option<Function>,
}

/// Both sides, and what the program itself remembers.
struct Both<'a> {
    program: &'a Program,
    kernel: Kernel,
    host: Stub,
    model: Model,
    choices: Choices,
    twins: Twins,
    /// By the model's number of the process.
    variables: BTreeMap<usize, [u32; VARIABLES]>,
    /// By the model's number of the thread.
    cursors: Vec<Cursor>,
    /// Every id that was seen.
    ids: Vec<u32>,
    ran: Ran,
    /// Whether the story is told.
    tells: bool,
    story: Vec<String>,
}

type Step1<T> = Result<T, String>;

fn same<T: PartialEq + fmt::Debug>(what: &str, kernel: T, model: T) -> Step1<()> {
    if kernel == model { Ok(()) } else { Err(format!("{what}: kernel {kernel:?}, model {model:?}")) }
}

fn bytes_of(outs: &Outs) -> Vec<Vec<u8>> {
    outs.as_slice().iter().map(|out| out.as_bytes().to_vec()).collect()
}

impl<'a> Both<'a> {
    fn new(program: &'a Program) -> Self {
        let mut kernel = Kernel::default();
        kernel.set_default_quantum(program.quantum);
        let mut both = Both {
            program,
            kernel,
            host: Stub::default(),
            model: Model::new(program.quantum),
            choices: Choices { random: program.choices.map(Random::new), asked: Vec::new() },
            twins: Twins::default(),
            variables: BTreeMap::new(),
            cursors: Vec::new(),
            ids: Vec::new(),
            ran: Ran::default(),
            tells: false,
            story: Vec::new(),
        };
        for function in &program.processes {
            both.start_process(*function);
        }
        both
    }

    /// A process that is there from the beginning.
    fn start_process(&mut self, function: usize) {
        let text: std::sync::Arc<[u16]> = [].into();
        let new = NewProcess { program: 0, image: text.clone(), command_line: text, module: 0x1_0000 };
        let process = self.kernel.create_process(new);
        let thread = self.kernel.create_thread(process, 0, ThreadStart::default(), false);
        let ids = [self.kernel.process(process).id, self.kernel.thread(thread).id];
        let place = self.model.create_process(ids[0]);
        self.model.create_thread(place, ids[1], false);
        self.ids.extend(ids);
        self.cursors.push(Cursor { function, ..Cursor::default() });
    }

    fn run(&mut self) -> Step1<()> {
        while self.ran.turns < TURNS && self.turn()? {
            self.ran.turns += 1;
            self.clean_up()?;
            self.kernel.audit();
            self.twins.compare(&self.kernel, &self.model)?;
            if let Some(complaint) = self.model.complaints.first() {
                return Err(complaint.clone());
            }
        }
        Ok(())
    }

    fn clean_up(&mut self) -> Step1<()> {
        for ended in self.kernel.take_ended() {
            if let Ended::Section(section) = ended {
                self.host.discard_section(section);
            }
        }
        let is_map = |target: &super::state::Target| {
            let super::state::Target::Object(object) = target else { return false };
            matches!(self.model.objects[*object].thing, super::state::Thing::Map { .. })
        };
        let maps = self.model.reachable().iter().filter(|target| is_map(target)).count();
        same("living sections", self.host.sections.len(), maps)
    }

    /// Decides who runs, on both sides. None if the run is over.
    fn schedule(&mut self) -> Step1<Option<(ThreadId, usize, u64)>> {
        let next = self.kernel.schedule(&mut self.choices);
        let kernel = &self.kernel;
        let id = |thread: &ThreadId| kernel.thread(*thread).id;
        let mut asked =
            std::mem::take(&mut self.choices.asked).into_iter().map(|(asked, answer)| match asked {
                Asked::NextThread(threads) => {
                    (Question::NextThread(threads.iter().map(id).collect()), answer)
                }
                Asked::QuantumEnd(thread) => (Question::QuantumEnd(id(&thread)), answer),
            });
        let mut wrong = None;
        let mut choose = |question: Question| match asked.next() {
            Some((other, answer)) if other == question => answer,
            other => {
                wrong.get_or_insert(format!("choice: kernel {other:?}, model {question:?}"));
                0
            }
        };
        let is_open = self.program.choices.is_some();
        let expected = self.model.schedule(is_open.then_some(&mut choose as &mut dyn FnMut(_) -> _));
        if let Some(wrong) = wrong {
            return Err(wrong);
        }
        same("choices that were asked for", asked.next(), None)?;
        match (next, expected) {
            (KernelNext::Run { thread, until }, Next::Run(place, expected)) => {
                let slice = until.since(self.kernel.now());
                same("who runs", id(&thread), self.model.threads[place].id)?;
                same("slice", slice, expected)?;
                Ok(Some((thread, place, slice)))
            }
            (KernelNext::Finished, Next::Finished) => {
                same("objects that are left", self.kernel.object_count(), 0)?;
                Ok(None)
            }
            (KernelNext::Stalled, Next::Stalled) => Ok(None),
            (KernelNext::Reset(parameter), Next::Reset(expected)) => {
                same("parameter", parameter, expected)?;
                Ok(None)
            }
            (next, expected) => Err(format!("what happens next: kernel {next:?}, model {expected:?}")),
        }
    }

    /// One decision and one step of a thread. Says whether the run goes on.
    fn turn(&mut self) -> Step1<bool> {
        let Some((thread, place, slice)) = self.schedule()? else { return Ok(false) };
        self.forget_ended();
        self.finish_call(thread, place)?;
        let cursor = &mut self.cursors[place];
        if cursor.computes > 0 {
            let took = cursor.computes.min(slice);
            cursor.computes -= took;
            self.advance(took);
            return Ok(true);
        }
        let step = self.program.functions[cursor.function].get(cursor.at);
        cursor.at += 1;
        let id = self.model.threads[place].id;
        let act = step.map_or(Act::Return(0), |step| self.act(place, step));
        match act {
            // Until just before the next tick, so that the next call ends after it.
            Act::Compute(0) => {
                self.cursors[place].computes =
                    cost::TICK - 500 - self.model.now % cost::TICK % (cost::TICK - 500)
            }
            Act::Compute(ns) => self.cursors[place].computes = ns,
            Act::Return(code) => {
                self.note(|| format!("{id}: returns {code}"));
                self.kernel.exit_thread(thread, code);
                self.model.exit_thread(place, code);
            }
            Act::Call(call) => {
                self.advance(cost::CALL);
                self.forget_ended();
                // A watchdog may have ended the caller in that time.
                let runs = self.kernel.current() == Some(thread);
                same("the caller runs on", runs, self.model.running == Some(place))?;
                if runs {
                    self.call(thread, place, step.expect("a call is a step"), call)?;
                }
            }
        }
        Ok(true)
    }

    /// A watchdog has ended a process: the thread that runs now may make anew what went with it, before the
    /// comparison.
    fn forget_ended(&mut self) {
        if self.kernel.has_ended() {
            self.twins.forget_unreachable(&self.model);
        }
    }

    fn advance(&mut self, ns: u64) {
        self.kernel.advance(ns);
        self.model.advance(ns);
    }

    /// A thread runs whose call came back meanwhile.
    fn finish_call(&mut self, thread: ThreadId, place: usize) -> Step1<()> {
        let completion = self.kernel.take_completion(thread);
        let answer = self.model.threads[place].answer.take();
        let completed = completion.map(|completion| {
            let function = self.cursors[place].pending.take().expect("only a blocked call is completed");
            let Completed { reply, error } = function.complete(completion);
            if let Some(error) = error {
                self.kernel.set_last_error(thread, error);
            }
            Answer { value: reply.value, outs: bytes_of(&reply.outs), error: error.map(|error| error.0) }
        });
        let id = self.model.threads[place].id;
        if let Some(completed) = &completed {
            self.note(|| format!("{id}: came back with {completed:?}"));
        }
        same("answer of a blocked call", &completed, &answer)?;
        if let Some(Answer { error: Some(error), .. }) = answer {
            self.model.threads[place].last_error = error;
        }
        Ok(())
    }

    fn note(&mut self, line: impl FnOnce() -> String) {
        if self.tells {
            let now = self.kernel.now();
            self.story.push(format!("{now} {}", line()));
        }
    }

    fn call(&mut self, thread: ThreadId, place: usize, step: &Step, call: Call) -> Step1<()> {
        self.ran.calls += 1;
        let process = self.model.threads[place].process;
        let id = self.model.threads[place].id;
        // Whose variable a duplicate goes to is to be asked before a handle of that process is closed.
        let target = self.target_process(thread, &call);
        let function = call.function();
        let threads_before = self.model.threads.len();
        self.note(|| format!("{id}: {call}"));
        let mut reply = Reply::default();
        let dispatched = self.dispatch(thread, &mut call.clone(), &mut reply);
        let told = match &dispatched {
            Dispatched::Answered => Told { value: reply.value, outs: bytes_of(&reply.outs) },
            Dispatched::Blocked => Told { value: 0, outs: bytes_of(&reply.outs) },
            Dispatched::Ended | Dispatched::NeedsHost => Told::default(),
        };
        let did = self.model.call(place, &call, &told);
        self.ran.blocked += u64::from(matches!(did, Did::Blocked(_)));
        self.ran.failed += u64::from(matches!(&did, Did::Answered(Answer { error: Some(1..=182), .. })));
        if let Some(line) = self.story.last_mut() {
            line.push_str(&match &did {
                Did::Answered(answer) => format!(" -> {:#x}", answer.value),
                Did::Blocked(_) => " blocks".to_owned(),
                Did::Ended => " ends it".to_owned(),
            });
        }
        match (dispatched, did) {
            (Dispatched::Answered, Did::Answered(answer)) => {
                same("reply", (reply.value, bytes_of(&reply.outs)), (answer.value, answer.outs))?;
            }
            (Dispatched::Blocked, Did::Blocked(expected)) => {
                same("out-parameters", bytes_of(&reply.outs), expected)?;
                self.cursors[place].pending = Some(function);
            }
            (Dispatched::Ended, Did::Ended) => {}
            (dispatched, did) => return Err(format!("{call}: kernel {dispatched:?}, model {did:?}")),
        }
        self.remember(process, target, step, &told);
        for _ in threads_before..self.model.threads.len() {
            let function = self.first_function(&call);
            self.cursors.push(Cursor { function, ..Cursor::default() });
        }
        Ok(())
    }

    /// As a device does: without the machine, and with it where the row asks for it.
    fn dispatch(&mut self, thread: ThreadId, call: &mut Call, reply: &mut Reply) -> Dispatched {
        match dispatch(&mut self.kernel, None, thread, call, reply) {
            Dispatched::NeedsHost => dispatch(&mut self.kernel, Some(&mut self.host), thread, call, reply),
            dispatched => dispatched,
        }
    }

    /// What a new thread runs.
    fn first_function(&self, call: &Call) -> usize {
        let number = match call {
            Call::CreateThread { lpStartAddr, .. } => lpStartAddr.0 as usize - 1,
            Call::CreateProcess { pszImageName: Text::Units(units), .. } => {
                String::from_utf16_lossy(units).parse().unwrap_or(0)
            }
            _ => 0,
        };
        number.min(self.program.functions.len() - 1)
    }

    /// The process that a duplicate is for, as the model numbers it.
    fn target_process(&self, thread: ThreadId, call: &Call) -> Option<usize> {
        let Call::DuplicateHandle { hTargetProcessHandle, .. } = call else { return None };
        let process = self.kernel.lookup_as::<Process>(thread, *hTargetProcessHandle).ok()?;
        self.model.living_process(self.kernel.process(ProcessId(process)).id)
    }

    /// Keeps what a call gave for later calls.
    fn remember(&mut self, process: usize, target: Option<usize>, step: &Step, told: &Told) {
        let mut store = |process: usize, variable: u8, value: u32| {
            self.variables.entry(process).or_default()[usize::from(variable) % VARIABLES] = value;
        };
        let Some(into) = step.into else { return };
        match step.row.gives {
            Gives::Nothing => {}
            Gives::Value => store(process, into, told.value),
            Gives::Duplicate => {
                if let Some(target) = target.filter(|_| told.value != 0) {
                    store(target, into, told.word(0, 0));
                }
            }
            Gives::Section if !told.outs.is_empty() => store(process, into, told.word(0, 2)),
            Gives::Section => {}
            Gives::Thread => {
                store(process, into, told.value);
                self.ids.extend((told.value != 0).then(|| told.word(0, 0)));
            }
            Gives::Process if told.value != 0 => {
                store(process, into, told.word(0, 0));
                store(process, into.wrapping_add(1), told.word(0, 1));
                self.ids.extend([told.word(0, 2), told.word(0, 3)]);
            }
            Gives::Process => {}
        }
    }

    /// What a step means here and now.
    fn act(&self, place: usize, step: &Step) -> Act {
        let process = self.model.threads[place].process;
        let makes = matches!(step.row.gives, Gives::Thread | Gives::Process);
        if makes && self.model.threads.len() >= MAXIMUM_THREADS {
            return Act::Compute(1);
        }
        let values: Vec<Value> =
            step.arguments.iter().map(|argument| self.value(process, argument)).collect();
        (step.row.make)(&values)
    }

    fn value(&self, process: usize, argument: &Argument) -> Value {
        match argument {
            Argument::Name(None) => Value::Text(Text::Null),
            Argument::Name(Some(name)) => Value::Text(name.as_str().into()),
            Argument::Long(length) => Value::Text("x".repeat(*length as usize).as_str().into()),
            Argument::List(list) => {
                Value::List(list.iter().map(|one| Handle(self.value(process, one).number())).collect())
            }
            Argument::Number(number) => Value::Number(*number),
            Argument::Variable(variable) => {
                let variables = self.variables.get(&process);
                Value::Number(variables.map_or(0, |values| values[usize::from(*variable) % VARIABLES]))
            }
            Argument::Id(id) => Value::Number(self.ids[usize::from(*id) % self.ids.len()]),
        }
    }
}

//! A Lua state as safe Rust sees it: it runs a file, has the threads that the file's bodies run in, and says
//! what each wants.

use std::collections::BTreeMap;
use std::ffi::{c_int, c_longlong};
use std::path::PathBuf;
use std::ptr;
use std::sync::{Arc, Mutex, PoisonError};

use cerium_coredll::{Function, Reply, Results};
use cerium_guest::Device;
use cerium_memory::Section;
use cerium_process::{Instant, cost};

use super::ffi::{self, Cerium, State};
use super::frame::{self, Pushed, bytes_at, load, place_from};
use super::functions::{HEADER_FUNCTIONS, PRELUDE_FUNCTIONS, call_row, door_of};
use crate::constants::CONSTANTS;

/// How many steps a script may take where no other thread can run: at the file's top level, in a function
/// that the library calls, in one call of the library. A second of virtual time.
const BOUND: c_longlong = 10_000_000;
/// The most instructions of one turn.
const LONGEST_TURN: u64 = 1 << 30;
/// The addresses of kept values begin here: where user code lies, and nothing of a script's does.
const FIRST_KEPT: u32 = 0x0100_0000;
/// How much of a report is kept.
const LONGEST_REPORT: usize = 16 << 10;

const PRELUDE: &str = include_str!("prelude.lua");

/// Where `require` finds files, and what it has found.
pub(crate) struct Modules {
    folder: Option<PathBuf>,
    found: Mutex<BTreeMap<String, Arc<[u8]>>>,
}

impl Modules {
    /// Files of this folder, if there is one.
    pub(crate) fn new(folder: Option<PathBuf>) -> Self {
        Self { folder, found: Mutex::default() }
    }

    /// The file of a module: its name and its text. All processes see the text that the first has read.
    pub(crate) fn find(&self, name: &str) -> Result<(String, Arc<[u8]>), String> {
        let is_plain = |part: &str| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
        };
        if !name.split('.').all(is_plain) {
            return Err(format!(
                "'{name}' is no module: its name has letters, digits, _ and -, parted by dots"
            ));
        }
        let file = format!("{}.lua", name.replace('.', "/"));
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(text) = found.get(&file) {
            return Ok((file, text.clone()));
        }
        let Some(folder) = &self.folder else {
            return Err(format!("module '{name}' not found: this scenario is not in a folder"));
        };
        let text = std::fs::read(folder.join(&file))
            .map_err(|error| format!("module '{name}' not found: {file} beside the scenario: {error}"))?;
        let text: Arc<[u8]> = text.into();
        found.insert(file.clone(), text.clone());
        Ok((file, text))
    }
}

/// How a call's reply becomes results.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Answer {
    /// As the row says.
    Row,
    /// As a truth value.
    Boolean,
}

/// What a thread leaves its coroutine with.
#[derive(Debug)]
pub(crate) enum Request {
    /// So many nanoseconds of the CPU.
    Compute(u64),
    /// A line for the trace.
    Note(String),
    /// A check has failed.
    Failed(String),
}

/// What stands beside a state. The first member is what the C half knows of it.
#[repr(C)]
pub(super) struct Context {
    pub(super) cerium: Cerium,
    /// What the thread leaves its coroutine with that is no call.
    pub(super) request: Option<Request>,
    /// The function of the call that it leaves with.
    pub(super) asked: Option<(Function, Answer)>,
    /// The function of a call that is answered, and whose results are still to be given.
    pub(super) answered: Option<(Function, Answer)>,
    pub(super) is_declaring: bool,
    pub(super) name: String,
    pub(super) command_line: String,
    pub(super) modules: Arc<Modules>,
    /// Where calls are made, while a turn lasts; null otherwise.
    pub(super) device: *mut Device,
    pub(super) thread_id: u32,
    pub(super) process_id: u32,
    output: String,
    /// Values that have an address, by that address.
    kept: BTreeMap<u32, c_int>,
    next_kept: u32,
    /// What the process sees of memory maps, by address.
    sections: BTreeMap<u32, (Section, bool)>,
}

impl Context {
    /// Gives a value an address.
    pub(super) fn keep(&mut self, reference: c_int) -> u32 {
        let address = self.next_kept;
        self.next_kept = self.next_kept.wrapping_add(4).max(FIRST_KEPT);
        self.kept.insert(address, reference);
        address
    }

    /// What lies at an address: the section, the offset in it, and whether it may be written.
    pub(super) fn section_at(&self, address: u32) -> Option<(Section, u32, bool)> {
        let (base, (section, writable)) = self.sections.range(..=address).next_back()?;
        let offset = address - base;
        (offset < section.size()).then(|| (section.clone(), offset, *writable))
    }

    pub(super) fn print(&mut self, text: &str) {
        match self.device() {
            Some(device) => device.put_out(text),
            None => self.output.push_str(text),
        }
    }

    /// The device, while a turn lasts.
    #[inline]
    pub(super) fn device(&mut self) -> Option<&mut Device> {
        // SAFETY: `Lua::resume` sets it for as long as it has the device borrowed, and takes it away after.
        unsafe { self.device.as_mut() }
    }
}

/// A process that a file declares.
#[derive(Clone, Debug)]
pub(crate) struct DeclaredProcess {
    pub(crate) name: String,
    /// The executable that stands for a body.
    pub(crate) path: Option<String>,
    /// Whether it starts with the scenario.
    pub(crate) starts: bool,
    pub(crate) priority: Option<u8>,
    pub(crate) command_line: Option<String>,
}

/// What a file declares.
#[derive(Clone, Default, Debug)]
pub(crate) struct Declared {
    pub(crate) processes: Vec<DeclaredProcess>,
    /// When each input comes.
    pub(crate) inputs: Vec<Instant>,
    /// `stall`, `fault`, or an exit code in digits.
    pub(crate) expect: Option<String>,
    pub(crate) time: Option<u64>,
    pub(crate) steps: Option<u64>,
    /// The version of CE.
    pub(crate) ce: Option<String>,
    /// The date when the device is started.
    pub(crate) start_date: Option<String>,
}

/// A thread of a script.
pub(crate) struct Guest {
    state: *mut State,
    /// What keeps it from the collector.
    reference: c_int,
    /// How many arguments its function is to be given; none once it runs.
    start: Option<c_int>,
    pending: Option<(Function, Answer)>,
}

/// Why a turn of a thread is over.
pub(crate) enum Ended {
    /// It wants something.
    Request(Request),
    /// Its slice is over.
    SliceEnd,
    /// Its function has returned this exit code.
    Exit(u32),
    /// An error that nobody caught.
    Error(String),
}

/// What a turn of a thread came to.
pub(crate) struct Turned {
    pub(crate) ended: Ended,
    /// Steps that it took since its last call.
    pub(crate) steps: u64,
}

/// A Lua state with a file that has run in it.
pub(crate) struct Lua {
    /// The first thread; it runs the file's top level and nothing else.
    main: *mut State,
    context: *mut Context,
    /// The table of what the file declares.
    declared: c_int,
}

impl Lua {
    /// Makes a state and runs a file's top level in it.
    pub(crate) fn new(
        file: &str,
        source: &[u8],
        modules: Arc<Modules>,
        memory_limit: u64,
    ) -> Result<Lua, String> {
        let cerium = Cerium {
            used: 0,
            limit: memory_limit.try_into().unwrap_or(usize::MAX),
            objects: 0,
            running: ptr::null_mut(),
            over: 0,
            bound: BOUND,
            // While the state is made nothing may fail.
            exempt: 1,
            cut: 0,
            row: call_row,
        };
        let context = Box::into_raw(Box::new(Context {
            cerium,
            request: None,
            asked: None,
            answered: None,
            is_declaring: true,
            name: String::new(),
            command_line: String::new(),
            modules,
            device: ptr::null_mut(),
            thread_id: 0,
            process_id: 0,
            output: String::new(),
            kept: BTreeMap::new(),
            next_kept: FIRST_KEPT,
            sections: BTreeMap::new(),
        }));
        // SAFETY: the context outlives the state; `Lua` closes the one and then drops the other.
        let main = unsafe { ffi::cerium_newstate(context.cast()) };
        assert!(!main.is_null(), "the host has memory for a Lua state");
        let mut lua = Lua { main, context, declared: ffi::NO_REFERENCE };
        lua.open_libraries();
        lua.set_globals();
        lua.run_prelude()?;
        lua.run_file(file, source)?;
        lua.context().is_declaring = false;
        Ok(lua)
    }

    fn context(&mut self) -> &mut Context {
        // SAFETY: the context lives as long as this value; functions of Lua, which look at it too, run only
        // in calls that hold no reference to it.
        unsafe { &mut *self.context }
    }

    fn open_libraries(&mut self) {
        let libraries: [(&std::ffi::CStr, ffi::Function); 5] = [
            (c"_G", ffi::luaopen_base),
            (c"string", ffi::luaopen_string),
            (c"table", ffi::luaopen_table),
            (c"math", ffi::luaopen_math),
            (c"utf8", ffi::luaopen_utf8),
        ];
        for (name, open) in libraries {
            // SAFETY: the state is new, allocation does not fail, and Lua's own libraries open without errors.
            unsafe {
                ffi::luaL_requiref(self.main, name.as_ptr(), open, 1);
                ffi::lua_settop(self.main, 0);
            }
        }
    }

    /// The constants and the functions of CE, as globals.
    fn set_globals(&mut self) {
        for (name, value) in CONSTANTS {
            self.set_global(name, |results| results.integer(*value));
        }
        for (place, function) in Function::all().iter().enumerate() {
            self.set_global(function.row().name, |results| results.row(place, door_of(*function)));
        }
        for (place, header) in HEADER_FUNCTIONS.iter().enumerate() {
            self.set_global(header.name, |results| results.row(Function::COUNT + place, header.door));
        }
    }

    fn set_global(&mut self, name: &str, push: impl FnOnce(&mut Pushed)) {
        /// LUA_RIDX_GLOBALS: where the registry has the table of globals.
        const GLOBALS: i64 = 2;
        // SAFETY: allocation does not fail; the globals have no metatable yet, and rawset asks for none.
        unsafe {
            ffi::lua_rawgeti(self.main, ffi::REGISTRY, GLOBALS);
            ffi::lua_pushlstring(self.main, name.as_ptr().cast(), name.len());
            push(&mut Pushed { state: self.main, count: 0 });
            ffi::lua_rawset(self.main, -3);
            ffi::lua_settop(self.main, 0);
        }
    }

    fn run_prelude(&mut self) -> Result<(), String> {
        // SAFETY: allocation does not fail; the stack is empty and has room for what is pushed.
        unsafe {
            assert!(load(self.main, PRELUDE.as_bytes(), "=[cerium]"), "the prelude is a chunk");
            ffi::lua_createtable(self.main, 0, PRELUDE_FUNCTIONS.len() as c_int);
            for (name, function) in PRELUDE_FUNCTIONS {
                ffi::lua_pushlstring(self.main, name.as_ptr().cast(), name.len());
                ffi::lua_pushcclosure(self.main, *function, 0);
                ffi::lua_rawset(self.main, -3);
            }
        }
        self.call(1)?;
        // SAFETY: the prelude's result is on top, and luaL_ref takes it.
        self.declared = unsafe { ffi::luaL_ref(self.main, ffi::REGISTRY) };
        Ok(())
    }

    /// Runs the file's top level in a thread of its own, so that whatever ends it the place can be told.
    fn run_file(&mut self, file: &str, source: &[u8]) -> Result<(), String> {
        self.context().cerium.exempt = 0;
        // SAFETY: it reports errors by its result.
        let is_loaded = unsafe { load(self.main, without_first_line(source), &format!("@{file}")) };
        let result = if is_loaded { self.run_top_level() } else { Err(self.text_on_top()) };
        // SAFETY: it only drops what is left there.
        self.exempt(|lua| unsafe { ffi::lua_settop(lua.main, 0) });
        // An error of the reader's or the allocator's may name no place.
        result.map_err(|text| if text.starts_with(file) { text } else { format!("{file}: {text}") })
    }

    /// Runs the function on top of the first thread, to its end.
    fn run_top_level(&mut self) -> Result<(), String> {
        let guest = self.exempt(|lua| {
            let guest = lua.create_thread();
            // SAFETY: a new thread has room for the function.
            unsafe { ffi::lua_xmove(lua.main, guest.state, 1) };
            guest
        });
        let mut results = 0;
        // SAFETY: the thread has not run yet; lua_resume catches every error, and no reference to the context
        // is held.
        let status = unsafe {
            ffi::cerium_start(guest.state, BOUND as c_int);
            let status = ffi::lua_resume(guest.state, ptr::null_mut(), 0, &mut results);
            (*self.context).cerium.running = ptr::null_mut();
            status
        };
        let result = match status {
            ffi::OK => Ok(()),
            // Its hook came: nothing else leaves the top level.
            ffi::YIELD => {
                Err(format!("{}: more than {BOUND} steps at the file's top level", self.place(&guest)))
            }
            _ => Err(self.describe_error(guest.state)),
        };
        self.end(guest);
        result
    }

    fn text_on_top(&mut self) -> String {
        // SAFETY: the text stays where it is; what is no string reads as an empty one.
        unsafe { String::from_utf8_lossy(bytes_at(self.main, -1)).into_owned() }
    }

    /// Calls the function below its arguments on the first thread; its result is left on top.
    fn call(&mut self, arguments: c_int) -> Result<(), String> {
        // SAFETY: errors are caught by lua_pcallk, and its handler is one of ours.
        let status = unsafe {
            let handler = ffi::lua_gettop(self.main) - arguments;
            ffi::lua_pushcclosure(self.main, add_traceback, 0);
            ffi::lua_rotate(self.main, handler, 1);
            ffi::cerium_start(self.main, BOUND as c_int);
            let status = ffi::lua_pcallk(self.main, arguments, 1, handler, 0, None);
            (*self.context).cerium.running = ptr::null_mut();
            status
        };
        if status == ffi::OK { Ok(()) } else { Err(shortened(self.text_on_top())) }
    }

    /// What the file has printed at its top level, and its threads since this was last asked.
    pub(crate) fn take_output(&mut self) -> String {
        std::mem::take(&mut self.context().output)
    }

    /// Says what the process is called and what it was started with.
    pub(crate) fn set_process(&mut self, name: &str, command_line: &str) {
        let context = self.context();
        context.name = name.to_owned();
        context.command_line = command_line.to_owned();
    }

    /// What the file declares.
    pub(crate) fn declared(&mut self) -> Declared {
        let mut declared = Declared::default();
        self.exempt(|lua| {
            let mut table = Reader::new(lua.main, lua.declared);
            table.each("processes", |entry| {
                declared.processes.push(DeclaredProcess {
                    name: entry.text("name").unwrap_or_default(),
                    path: entry.text("path"),
                    starts: entry.truth("starts"),
                    priority: entry.integer("priority").and_then(|priority| priority.try_into().ok()),
                    command_line: entry.text("command_line"),
                });
            });
            table.each("inputs", |entry| {
                let at = entry.integer("at").unwrap_or_default();
                declared.inputs.push(Instant(at.try_into().unwrap_or_default()));
            });
            declared.expect =
                table.integer("expect").map(|code| code.to_string()).or_else(|| table.text("expect"));
            declared.ce = table.text("ce");
            declared.start_date = table.text("start_date");
            declared.time = table.integer("time").and_then(|time| time.try_into().ok());
            declared.steps = table.integer("steps").and_then(|steps| steps.try_into().ok());
        });
        declared
    }

    fn exempt<T>(&mut self, work: impl FnOnce(&mut Lua) -> T) -> T {
        self.context().cerium.exempt = 1;
        let result = work(self);
        self.context().cerium.exempt = 0;
        result
    }

    /// Makes the thread that runs a declared body: of a process, or of an input.
    pub(crate) fn create_body(&mut self, list: &str, place: usize) -> Guest {
        self.exempt(|lua| {
            let mut guest = lua.create_thread();
            // SAFETY: allocation does not fail, and there is room for what is pushed.
            unsafe {
                let depth = ffi::lua_gettop(lua.main);
                let mut table = Reader::new(lua.main, lua.declared);
                table.open(list);
                ffi::lua_rawgeti(lua.main, -1, place as i64 + 1);
                push_name(lua.main, "body");
                ffi::lua_rawget(lua.main, -2);
                ffi::lua_xmove(lua.main, guest.state, 1);
                drop(table);
                ffi::lua_settop(lua.main, depth);
                let line = &(*lua.context).command_line;
                ffi::lua_pushlstring(guest.state, line.as_ptr().cast(), line.len());
            }
            guest.start = Some(1);
            guest
        })
    }

    /// Makes the thread that runs a function that a script has given an address, with this parameter.
    pub(crate) fn create_function(&mut self, address: u32, parameter: u32) -> Option<Guest> {
        let function = self.context().kept.get(&address).copied()?;
        let is_function = self.exempt(|lua| {
            // SAFETY: it reads the registry and drops what it read.
            unsafe {
                let kind = ffi::lua_rawgeti(lua.main, ffi::REGISTRY, i64::from(function));
                ffi::lua_settop(lua.main, -2);
                kind == ffi::FUNCTION
            }
        });
        if !is_function {
            return None;
        }
        let guest = self.exempt(|lua| {
            let mut guest = lua.create_thread();
            lua.take_kept(address, guest.state);
            if !lua.take_kept(parameter, guest.state) {
                Pushed { state: guest.state, count: 0 }.integer(i64::from(parameter));
            }
            guest.start = Some(1);
            guest
        });
        Some(guest)
    }

    /// Pushes a kept value, and forgets its address.
    fn take_kept(&mut self, address: u32, to: *mut State) -> bool {
        let Some(reference) = self.context().kept.remove(&address) else { return false };
        // SAFETY: the registry has it, and there is room for it.
        unsafe {
            ffi::lua_rawgeti(to, ffi::REGISTRY, i64::from(reference));
            ffi::luaL_unref(to, ffi::REGISTRY, reference);
        }
        true
    }

    /// Makes a thread; only while allocation does not fail.
    fn create_thread(&mut self) -> Guest {
        // SAFETY: as said; luaL_ref takes the thread from the stack.
        unsafe {
            let state = ffi::lua_newthread(self.main);
            let reference = ffi::luaL_ref(self.main, ffi::REGISTRY);
            Guest { state, reference, start: None, pending: None }
        }
    }

    /// Forgets a thread.
    pub(crate) fn end(&mut self, guest: Guest) {
        // SAFETY: the reference is the guest's own.
        self.exempt(|lua| unsafe { ffi::luaL_unref(lua.main, ffi::REGISTRY, guest.reference) });
    }

    /// Says who it is that runs next.
    #[inline]
    pub(crate) fn set_turn(&mut self, thread_id: u32, process_id: u32) {
        let context = self.context();
        context.thread_id = thread_id;
        context.process_id = process_id;
    }

    /// Runs a thread for as long as its slice, with the reply of the call that it left with. None: it has made
    /// a call with which it could not run on.
    #[inline]
    pub(crate) fn resume(&mut self, guest: &mut Guest, device: &mut Device) -> Option<Turned> {
        let state = guest.state;
        let steps = steps_in(device.slice());
        // SAFETY: the guest is one of this state's and does not run. What is pushed has room and allocation
        // cannot fail meanwhile; cerium_resume catches every error. No reference to the context is held.
        let status = unsafe {
            (*self.context).cerium.exempt = 1;
            let arguments = match guest.pending.take() {
                Some((function, answer)) => push_reply(state, function, answer, device.take_reply()),
                None => guest.start.take().unwrap_or(0),
            };
            (*self.context).cerium.exempt = 0;
            (*self.context).device = device;
            let status = ffi::cerium_resume(state, steps, arguments);
            (*self.context).cerium.running = ptr::null_mut();
            (*self.context).device = ptr::null_mut();
            status
        };
        if status == ffi::YIELD
            && let Some(asked) = self.context().asked.take()
        {
            guest.pending = Some(asked);
            return None;
        }
        Some(self.end_of_turn(state, status))
    }

    /// What a turn came to that was not left with a call.
    #[inline(never)]
    fn end_of_turn(&mut self, state: *mut State, status: c_int) -> Turned {
        // SAFETY: it only reads.
        let taken = unsafe { ffi::cerium_taken(state) };
        // A thread that has ended in a call has not left with it.
        self.context().asked = None;
        let request = self.context().request.take();
        let ended = match (status, request) {
            (_, Some(Request::Failed(text))) => Ended::Request(Request::Failed(text)),
            (ffi::YIELD, Some(request)) => Ended::Request(request),
            (ffi::YIELD, None) => Ended::SliceEnd,
            (ffi::OK, _) => self.exit_code(state),
            (_, _) => Ended::Error(self.describe_error(state)),
        };
        Turned { ended, steps: u64::try_from(taken).unwrap_or(0) }
    }

    /// What a body has returned.
    fn exit_code(&mut self, state: *mut State) -> Ended {
        use cerium_coredll::Value;
        // SAFETY: the results are on the stack; without one the place reads as nil.
        let value = unsafe {
            let count = ffi::lua_gettop(state);
            if count == 0 { Value::Nil } else { frame::value_at(state, 1) }
        };
        match value {
            Value::Nil => Ended::Exit(0),
            Value::Integer(code) => Ended::Exit(code as u32),
            Value::Boolean(_) | Value::Text(_) | Value::Table(_) | Value::Other => {
                Ended::Error("a body returns its exit code: an integer, or nothing".to_owned())
            }
        }
    }

    /// The error on top of a dead thread, with the calls that led to it.
    fn describe_error(&mut self, state: *mut State) -> String {
        self.exempt(|lua| {
            // SAFETY: allocation does not fail; the thread is dead and is only read.
            unsafe {
                let text = error_text(state);
                ffi::lua_checkstack(lua.main, 8);
                let text: Vec<u8> = text.bytes().filter(|byte| *byte != 0).chain([0]).collect();
                ffi::luaL_traceback(lua.main, state, text.as_ptr().cast(), 0);
                let report = lua.text_on_top();
                ffi::lua_settop(lua.main, -2);
                shortened(report)
            }
        })
    }

    /// Where a thread is in its script, as `file:line`; empty before it has begun.
    pub(crate) fn place(&self, guest: &Guest) -> String {
        // SAFETY: the thread does not run, and allocation does not fail meanwhile.
        unsafe {
            (*self.context).cerium.exempt = 1;
            let place = place_from(guest.state, 0);
            (*self.context).cerium.exempt = 0;
            place.trim_end_matches([':', ' ']).to_owned()
        }
    }

    /// Shows the process a section.
    pub(crate) fn map(&mut self, address: u32, section: Section, writable: bool) {
        self.context().sections.insert(address, (section, writable));
    }

    /// Takes a section away.
    pub(crate) fn unmap(&mut self, address: u32) {
        self.context().sections.remove(&address);
    }
}

impl Drop for Lua {
    fn drop(&mut self) {
        // SAFETY: nothing uses the state any more; closing it runs no code of the script's, which has no
        // finalizers. The context was made by a box and goes after the state.
        unsafe {
            (*self.context).cerium.running = ptr::null_mut();
            ffi::lua_close(self.main);
            drop(Box::from_raw(self.context));
        }
    }
}

impl Pushed {
    /// Pushes the function of a row: its number, and the door through which it is called without a frame.
    fn row(&mut self, number: usize, door: ffi::Door) {
        self.integer(number as i64);
        // SAFETY: its upvalues are on top, and allocation does not fail.
        unsafe {
            ffi::lua_pushlightuserdata(self.state, door as *mut std::ffi::c_void);
            ffi::lua_pushcclosure(self.state, call_row, 2);
        }
    }
}

/// Pushes a reply as the results of the function that a thread left with; only while allocation cannot fail.
#[inline]
fn push_reply(state: *mut State, function: Function, answer: Answer, reply: Option<&Reply>) -> c_int {
    reply.map_or(0, |reply| push_results(state, function, answer, reply))
}

/// Pushes a reply as the results of a function; only while allocation cannot fail.
#[inline]
pub(super) fn push_results(state: *mut State, function: Function, answer: Answer, reply: &Reply) -> c_int {
    // A C function has room for twenty values, of which no call takes as many as ten.
    let mut results = Pushed { state, count: 0 };
    match answer {
        Answer::Row => function.give(reply, &mut results),
        Answer::Boolean => results.boolean(reply.value != 0),
    }
    results.count
}

/// A message handler: adds the calls that led to an error.
unsafe extern "C-unwind" fn add_traceback(state: *mut State) -> c_int {
    // SAFETY: Lua calls this with the error on the stack; what is pushed has room. An allocation may fail
    // here, but no value of Rust's lives when it does: the text is Lua's.
    unsafe {
        if ffi::lua_type(state, 1) == ffi::STRING {
            let text = ffi::lua_tolstring(state, 1, ptr::null_mut());
            ffi::luaL_traceback(state, state, text, 1);
        } else {
            ffi::luaL_traceback(state, state, c"an error that is no text".as_ptr(), 1);
        }
        1
    }
}

/// The text of the error on top of a dead thread.
///
/// # Safety
/// The thread is dead by an error, which is on top.
unsafe fn error_text(state: *mut State) -> String {
    // SAFETY: the caller's promise; a number is not converted in place, it is read.
    unsafe {
        match ffi::lua_type(state, -1) {
            ffi::STRING => String::from_utf8_lossy(bytes_at(state, -1)).into_owned(),
            ffi::NUMBER => ffi::lua_tonumberx(state, -1, ptr::null_mut()).to_string(),
            ffi::NIL => "an error without a value (nil)".to_owned(),
            ffi::TABLE => "an error that is a table".to_owned(),
            _ => "an error that is no text".to_owned(),
        }
    }
}

/// # Safety
/// Allocation cannot fail, and there is room on the stack.
unsafe fn push_name(state: *mut State, name: &str) {
    // SAFETY: the caller's promise.
    unsafe { ffi::lua_pushlstring(state, name.as_ptr().cast(), name.len()) };
}

/// A first line that begins with # is for the shell.
fn without_first_line(source: &[u8]) -> &[u8] {
    if source.first() != Some(&b'#') {
        return source;
    }
    let end = source.iter().position(|byte| *byte == b'\n').unwrap_or(source.len());
    &source[end..]
}

fn shortened(mut text: String) -> String {
    if text.len() > LONGEST_REPORT {
        let end = (0..=LONGEST_REPORT).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        text.truncate(end);
        text.push_str(" …");
    }
    text
}

/// Reads a table of the prelude's, which is on top of the stack. Only while allocation does not fail.
struct Reader {
    state: *mut State,
    depth: c_int,
}

impl Reader {
    fn new(state: *mut State, reference: c_int) -> Self {
        // SAFETY: the registry has the table; there is room for it.
        unsafe {
            let depth = ffi::lua_gettop(state);
            ffi::lua_checkstack(state, 16);
            ffi::lua_rawgeti(state, ffi::REGISTRY, i64::from(reference));
            Reader { state, depth }
        }
    }

    /// Puts a member on top.
    fn open(&mut self, name: &str) {
        // SAFETY: a table is on top, and there is room.
        unsafe {
            push_name(self.state, name);
            ffi::lua_rawget(self.state, -2);
        }
    }

    fn close(&mut self) {
        // SAFETY: what `open` put there is on top.
        unsafe { ffi::lua_settop(self.state, -2) }
    }

    fn text(&mut self, name: &str) -> Option<String> {
        self.open(name);
        // SAFETY: the text is copied before it is popped.
        let text = unsafe {
            (ffi::lua_type(self.state, -1) == ffi::STRING)
                .then(|| String::from_utf8_lossy(bytes_at(self.state, -1)).into_owned())
        };
        self.close();
        text
    }

    fn integer(&mut self, name: &str) -> Option<i64> {
        self.open(name);
        // SAFETY: for a number it does not convert.
        let number = unsafe {
            (ffi::lua_type(self.state, -1) == ffi::NUMBER)
                .then(|| ffi::lua_tointegerx(self.state, -1, ptr::null_mut()))
        };
        self.close();
        number
    }

    fn truth(&mut self, name: &str) -> bool {
        self.open(name);
        // SAFETY: it only reads.
        let truth = unsafe { ffi::lua_toboolean(self.state, -1) != 0 };
        self.close();
        truth
    }

    /// Reads each table of a list.
    fn each(&mut self, name: &str, mut read: impl FnMut(&mut Reader)) {
        self.open(name);
        // SAFETY: the list is on top while its items are read.
        unsafe {
            for place in 1..=ffi::lua_rawlen(self.state, -1) {
                ffi::lua_rawgeti(self.state, -1, place as i64);
                read(self);
                self.close();
            }
        }
        self.close();
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        // SAFETY: it drops what was pushed since the reader was made.
        unsafe { ffi::lua_settop(self.state, self.depth) }
    }
}

/// How many steps fit into so many nanoseconds; at least the one that is begun, and no more than a turn has.
fn steps_in(ns: u64) -> c_int {
    let ns = ns.min(LONGEST_TURN * cost::LUA_INSTRUCTION);
    // One division, and not two as `div_ceil` has.
    (ns + cost::LUA_INSTRUCTION - 1).wrapping_div(cost::LUA_INSTRUCTION).max(1) as c_int
}

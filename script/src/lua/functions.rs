//! The functions that scripts find: a row each of the API's table, what the headers make of them, and what
//! the prelude is made of.

use std::ffi::{c_int, c_longlong};

use cerium_coredll::{
    BadArgument, Call, Function, Known, Param, Results, Value, Values, Wants, WithRow, rows,
};
use cerium_handle::Handle;
use cerium_memory::Section;

use super::direct::pass;
use super::ffi::{Cerium, Door, Slot, State};
use super::frame::{Arguments, Flow, Frame, enter};
use super::state::{Answer, Request};

/// A function that only the headers have.
pub(super) struct HeaderFunction {
    pub(super) name: &'static str,
    /// Calls it in a frame of its own.
    call: fn(&mut Frame) -> Result<Flow, String>,
    /// Calls it without.
    pub(super) door: Door,
}

/// Declares the functions that only the headers have: what each is to the kernel, and how it answers.
macro_rules! header_functions {
    ($($name:ident = $row:ident($values:ident => $expand:expr), $answer:ident;)*) => {
        /// The functions that only the headers have.
        pub(super) const HEADER_FUNCTIONS: &[HeaderFunction] = &[$(HeaderFunction {
            name: stringify!($name),
            call: |frame: &mut Frame| {
                ask(frame, stringify!($name), Answer::$answer, |$values| $expand.map(rows::$row::call))
            },
            door: headers::$name,
        }),*];

        #[allow(non_snake_case, reason = "CE's names")]
        mod headers {
            use super::*;

            $(pub(super) unsafe extern "C-unwind" fn $name(
                cerium: *mut Cerium,
                function: *mut Slot,
                count: c_int,
                steps: c_longlong,
            ) -> c_int {
                // SAFETY: cerium_call calls this.
                unsafe { pass::<rows::$row>((cerium, function, count, steps), Answer::$answer, |$values| $expand) }
            })*
        }
    };
}

header_functions! {
    SetEvent = EventModify(values => modify(values, 3)), Boolean;
    ResetEvent = EventModify(values => modify(values, 2)), Boolean;
    PulseEvent = EventModify(values => modify(values, 1)), Boolean;
    TlsAlloc = TlsCall(_values => Ok((0, 0))), Row;
    TlsFree = TlsCall(values => free_tls(values)), Boolean;
}

#[inline(always)]
fn modify(values: &mut impl Values, func: u32) -> Result<(Handle, u32), BadArgument> {
    let wrong = |Wants(wants)| BadArgument { parameter: "hEvent", wants };
    Ok((Handle::from_values(values).map_err(wrong)?, func))
}

fn free_tls(values: &mut impl Values) -> Result<(u32, u32), BadArgument> {
    let wrong = |Wants(wants)| BadArgument { parameter: "dwTlsIndex", wants };
    Ok((1, u32::from_values(values).map_err(wrong)?))
}

/// Calls the row that the function was made with.
pub(super) unsafe extern "C-unwind" fn call_row(state: *mut State) -> c_int {
    // SAFETY: Lua calls this.
    unsafe {
        enter(state, |frame| {
            if let Some(flow) = frame.give_answer() {
                return Ok(flow);
            }
            let number = frame.upvalue();
            match Function::all().get(number) {
                Some(function) => {
                    ask(frame, function.row().name, Answer::Row, |values| function.with(FromValues(values)))
                }
                None => (HEADER_FUNCTIONS[number - Function::COUNT].call)(frame),
            }
        })
    }
}

/// Takes the arguments of a call.
struct FromValues<'v, 'f>(&'v mut Arguments<'f>);

impl WithRow for FromValues<'_, '_> {
    type Gives = Result<Call, BadArgument>;

    #[inline(always)]
    fn with<K: Known>(self) -> Self::Gives {
        K::from_values(self.0).map(K::call)
    }
}

/// The door of a row.
pub(super) fn door_of(function: Function) -> Door {
    function.with(TheDoor)
}

struct TheDoor;

impl WithRow for TheDoor {
    type Gives = Door;

    fn with<K: Known>(self) -> Door {
        unsafe extern "C-unwind" fn row<K: Known>(
            cerium: *mut Cerium,
            function: *mut Slot,
            count: c_int,
            steps: c_longlong,
        ) -> c_int {
            // SAFETY: cerium_call calls this.
            unsafe {
                pass::<K>((cerium, function, count, steps), Answer::Row, |values| K::from_values(values))
            }
        }
        row::<K>
    }
}

/// Makes a call; leaves the coroutine if the thread cannot run on with the reply.
#[inline(always)]
fn ask(
    frame: &mut Frame,
    name: &str,
    answer: Answer,
    expand: impl FnOnce(&mut Arguments<'_>) -> Result<Call, BadArgument>,
) -> Result<Flow, String> {
    if !frame.can_yield() {
        return Err(cannot_leave(frame, name));
    }
    let count = frame.count();
    let mut arguments = frame.arguments();
    let call = expand(&mut arguments);
    let last = arguments.last();
    match call {
        Ok(call) => {
            // Nils behind the arguments say nothing; anything else was meant for a parameter that is not there.
            if count > last && has_more(frame, last) {
                return Err(format!("'{name}' takes {last} arguments here, and {count} were given"));
            }
            Ok(frame.call(call, answer))
        }
        Err(BadArgument { parameter, wants }) => {
            let got = frame.type_name(last);
            Err(format!("bad argument #{last} '{parameter}' to '{name}' ({wants} expected, got {got})"))
        }
    }
}

/// Whether anything but nil stands behind an argument.
#[cold]
fn has_more(frame: &Frame, last: c_int) -> bool {
    (last + 1..=frame.count()).any(|place| frame.argument(place) != Value::Nil)
}

/// Why a function that leaves the coroutine cannot be called here.
fn cannot_leave(frame: &mut Frame, name: &str) -> String {
    if frame.context().is_declaring {
        format!("'{name}' is for inside a body, not for the file's top level")
    } else {
        format!("'{name}' cannot be called here: a function of the library waits for this one to return")
    }
}

/// A function of the prelude.
macro_rules! prelude_functions {
    ($($name:ident = $body:path;)*) => {
        /// What the prelude is made of.
        pub(super) const PRELUDE_FUNCTIONS: &[(&str, super::ffi::Function)] = &[$((stringify!($name), $name)),*];

        $(unsafe extern "C-unwind" fn $name(state: *mut State) -> c_int {
            // SAFETY: Lua calls this.
            unsafe { enter(state, $body) }
        })*
    };
}

prelude_functions! {
    declaring = body::declaring;
    fail = body::fail;
    compute = body::compute;
    note = body::note;
    print = body::print;
    load = body::load;
    module = body::module;
    thread_id = body::thread_id;
    process_id = body::process_id;
    command_line = body::command_line;
    view_size = body::view_size;
    read = body::read;
    write = body::write;
    word = body::word;
    interlocked = body::interlocked;
}

mod body {
    use super::*;

    pub(super) fn declaring(frame: &mut Frame) -> Result<Flow, String> {
        let is_declaring = frame.context().is_declaring;
        frame.results().boolean(is_declaring);
        Ok(Flow::Return(1))
    }

    /// A check has failed: the scenario ends.
    pub(super) fn fail(frame: &mut Frame) -> Result<Flow, String> {
        if frame.context().is_declaring {
            return Err(cannot_leave(frame, "check"));
        }
        let text = match frame.argument(1) {
            Value::Nil => "check failed".to_owned(),
            Value::Text(text) => format!("check failed: {}", String::from_utf8_lossy(text)),
            Value::Integer(number) => format!("check failed: {number}"),
            _ => format!("check failed: {}", frame.type_name(1)),
        };
        let (place, now) = (frame.place(), frame.now());
        let context = frame.context();
        let (thread, name) = (context.thread_id, &context.name);
        let text = format!("{place}{text} (thread {thread} of \"{name}\", at {} ms)", milliseconds(now.0));
        context.request = Some(Request::Failed(text));
        if frame.can_yield() { Ok(Flow::Yield) } else { Err("check failed".to_owned()) }
    }

    fn milliseconds(ns: u64) -> String {
        let (whole, rest) = (ns / 1_000_000, ns % 1_000_000);
        if rest == 0 {
            return whole.to_string();
        }
        format!("{whole}.{rest:06}").trim_end_matches('0').to_owned()
    }

    /// The longest computation, in milliseconds: a year.
    const LONGEST: f64 = 366.0 * 24.0 * 3600.0 * 1000.0;

    pub(super) fn compute(frame: &mut Frame) -> Result<Flow, String> {
        let ms = frame.number(1).filter(|ms| (0.0..=LONGEST).contains(ms));
        let Some(ms) = ms else {
            let got = frame.type_name(1);
            return Err(format!("bad argument #1 to 'compute' (milliseconds expected, got {got})"));
        };
        if !frame.can_yield() {
            return Err(cannot_leave(frame, "compute"));
        }
        frame.context().request = Some(Request::Compute((ms * 1e6) as u64));
        Ok(Flow::Yield)
    }

    pub(super) fn note(frame: &mut Frame) -> Result<Flow, String> {
        let text = match frame.argument(1) {
            Value::Text(text) => String::from_utf8_lossy(text).into_owned(),
            Value::Integer(number) => number.to_string(),
            Value::Boolean(value) => value.to_string(),
            Value::Nil | Value::Table(_) | Value::Other => {
                let got = frame.type_name(1);
                return Err(format!("bad argument #1 to 'note' (a string expected, got {got})"));
            }
        };
        if !frame.can_yield() {
            return Err(cannot_leave(frame, "note"));
        }
        frame.context().request = Some(Request::Note(text));
        Ok(Flow::Yield)
    }

    /// Puts out a line.
    pub(super) fn print(frame: &mut Frame) -> Result<Flow, String> {
        if let Value::Text(text) = frame.argument(1) {
            let line = String::from_utf8_lossy(text).into_owned();
            frame.spend(line.len());
            frame.context().print(&line);
        }
        Ok(Flow::Return(0))
    }

    pub(super) fn load(frame: &mut Frame) -> Result<Flow, String> {
        let (Value::Text(text), Value::Text(name)) = (frame.argument(1), frame.argument(2)) else {
            return Err("bad argument to 'load' (a string expected)".to_owned());
        };
        let (text, name) = (text.to_vec(), String::from_utf8_lossy(name).into_owned());
        frame.spend(text.len());
        let is_loaded = frame.load(&text, &name);
        if !is_loaded {
            frame.results().nil();
            frame.swap();
            return Ok(Flow::Return(2));
        }
        if frame.argument(3) == Value::Boolean(true) {
            frame.set_environment(4);
        }
        Ok(Flow::Return(1))
    }

    /// The chunk of a file beside the scenario.
    pub(super) fn module(frame: &mut Frame) -> Result<Flow, String> {
        let Value::Text(name) = frame.argument(1) else {
            let got = frame.type_name(1);
            return Err(format!("bad argument #1 to 'require' (a string expected, got {got})"));
        };
        let name = String::from_utf8_lossy(name).into_owned();
        let (file, text) = frame.context().modules.find(&name)?;
        frame.spend(text.len());
        if frame.load(&text, &format!("@{file}")) {
            return Ok(Flow::Return(1));
        }
        Err(frame.text_on_top())
    }

    pub(super) fn thread_id(frame: &mut Frame) -> Result<Flow, String> {
        let id = frame.context().thread_id;
        frame.results().integer(i64::from(id));
        Ok(Flow::Return(1))
    }

    pub(super) fn process_id(frame: &mut Frame) -> Result<Flow, String> {
        let id = frame.context().process_id;
        frame.results().integer(i64::from(id));
        Ok(Flow::Return(1))
    }

    pub(super) fn command_line(frame: &mut Frame) -> Result<Flow, String> {
        let line = frame.context().command_line.clone();
        frame.results().bytes(line.as_bytes());
        Ok(Flow::Return(1))
    }

    /// An argument that is an address in a view: the bytes behind it.
    fn view_at(frame: &mut Frame, place: c_int) -> Result<(Section, u32, bool), String> {
        let Value::Integer(address) = frame.argument(place) else {
            return Err("an address expected".to_owned());
        };
        let view = u32::try_from(address).ok().and_then(|address| frame.context().section_at(address));
        view.ok_or_else(|| "access violation: the view is not mapped any more".to_owned())
    }

    pub(super) fn view_size(frame: &mut Frame) -> Result<Flow, String> {
        let (section, offset, _) = view_at(frame, 1)?;
        frame.results().integer(i64::from(section.size() - offset));
        Ok(Flow::Return(1))
    }

    pub(super) fn read(frame: &mut Frame) -> Result<Flow, String> {
        let (section, offset, _) = view_at(frame, 1)?;
        let Value::Integer(length) = frame.argument(2) else { return Err("a length expected".to_owned()) };
        let length = u32::try_from(length).ok().filter(|length| *length <= section.size() - offset);
        let length = length.ok_or_else(|| "access violation: beyond the end of the map".to_owned())?;
        let mut bytes = vec![0; length as usize];
        section.read(offset, &mut bytes).map_err(|error| error.to_string())?;
        frame.spend(bytes.len() / 8);
        frame.results().bytes(&bytes);
        Ok(Flow::Return(1))
    }

    fn writable(frame: &mut Frame) -> Result<(Section, u32), String> {
        match view_at(frame, 1)? {
            (section, offset, true) => Ok((section, offset)),
            (_, _, false) => Err("access violation: the view is read-only".to_owned()),
        }
    }

    pub(super) fn write(frame: &mut Frame) -> Result<Flow, String> {
        let (section, offset) = writable(frame)?;
        let Value::Text(bytes) = frame.argument(2) else { return Err("a string expected".to_owned()) };
        let steps = bytes.len() / 8;
        section.write(offset, bytes).map_err(|_| "access violation: beyond the end of the map".to_owned())?;
        frame.spend(steps);
        Ok(Flow::Return(0))
    }

    fn read_word(section: &Section, offset: u32) -> Result<u32, String> {
        let mut bytes = [0; 4];
        section
            .read(offset, &mut bytes)
            .map_err(|_| "access violation: beyond the end of the map".to_owned())?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn write_word(section: &Section, offset: u32, value: u32) -> Result<(), String> {
        section
            .write(offset, &value.to_le_bytes())
            .map_err(|_| "access violation: beyond the end of the map".to_owned())
    }

    fn integer(frame: &Frame, place: c_int) -> Result<u32, String> {
        match frame.argument(place) {
            Value::Integer(number) => Ok(number as u32),
            _ => Err(format!("bad argument (an integer expected, got {})", frame.type_name(place))),
        }
    }

    pub(super) fn word(frame: &mut Frame) -> Result<Flow, String> {
        if frame.count() < 2 {
            let (section, offset, _) = view_at(frame, 1)?;
            let value = read_word(&section, offset)?;
            frame.results().integer(i64::from(value));
            return Ok(Flow::Return(1));
        }
        let (section, offset) = writable(frame)?;
        write_word(&section, offset, integer(frame, 2)?)?;
        Ok(Flow::Return(0))
    }

    /// What an interlocked function takes, in steps.
    const INTERLOCKED: usize = 10;

    /// Reads, changes and writes a word before anybody else runs.
    pub(super) fn interlocked(frame: &mut Frame) -> Result<Flow, String> {
        let Value::Integer(operation) = frame.argument(1) else { return Err("no operation".to_owned()) };
        let Value::Integer(address) = frame.argument(2) else { return Err("no address".to_owned()) };
        if address % 4 != 0 {
            return Err("datatype misalignment: an interlocked word lies on a multiple of 4".to_owned());
        }
        let view = u32::try_from(address).ok().and_then(|address| frame.context().section_at(address));
        let (section, offset, is_writable) =
            view.ok_or_else(|| "access violation: the view is not mapped any more".to_owned())?;
        if !is_writable {
            return Err("access violation: the view is read-only".to_owned());
        }
        let old = read_word(&section, offset)?;
        let (new, result) = match operation {
            0 => (old.wrapping_add(1), old.wrapping_add(1)),
            1 => (old.wrapping_sub(1), old.wrapping_sub(1)),
            2 => (integer(frame, 3)?, old),
            3 => (old.wrapping_add(integer(frame, 3)?), old),
            _ => {
                let (exchange, comparand) = (integer(frame, 3)?, integer(frame, 4)?);
                (if old == comparand { exchange } else { old }, old)
            }
        };
        write_word(&section, offset, new)?;
        frame.spend(INTERLOCKED);
        // A LONG has a sign.
        frame.results().integer(i64::from(result as i32));
        Ok(Flow::Return(1))
    }
}

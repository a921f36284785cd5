//! C++ exceptions on x86: what `throw` raises, and the compiler's handler of functions with `try` or destructors.
//!
//! A thrown object is an exception of three words: a number, the object, and a description of its types. A
//! function's registration has its state behind next and handler, and the stack pointer before them; its
//! handler is given tables in eax: for each state what leaving it does and which state that leads to, and for each
//! `try` its states and its `catch` clauses, which are functions that find the frame by ebp and return where it
//! goes on. Layouts are after public descriptions (Igor Skochinsky, "Reversing Microsoft Visual C++ Part I:
//! Exception Handling", and the tables that LLVM writes for this target). On ARM none is public, so there these
//! functions are missing.
//!
//! A `catch` runs below everything that the throw has called, since the object lies there; so the functions that
//! look for a handler still wait while it runs, and are forgotten when the frame goes on. That it runs is known
//! by its [`SehStep::X86Catch`]: what it has caught is what `throw;` throws again.

use cerium_coredll::Call;
use cerium_cpu::x86::Interpreter;
use cerium_cpu::x86::register::{EAX, EBP, ECX, ESP};
use cerium_crt::string;
use cerium_memory::{AddressSpace, Fault};

use crate::calls::{Out, Use};
use crate::crash::Exception;
use crate::executable::Executable;
use crate::isa::Isa;
use crate::notify::{Act, CURRENT_PROCESS};
use crate::seh::{
    CONTINUE_SEARCH, EXIT_UNWIND, NONCONTINUABLE, Raised, STATUS_UNWIND, Seh, SehStep, UNWINDING, X86Then,
};
use crate::seh_x86::X86;

/// The exception that a thrown object is.
pub(crate) const THROWN: u32 = 0xE06D_7363;

/// The first of its words, and of a function's tables: the version of their layouts, in the lower bits.
const VERSIONS: std::ops::RangeInclusive<u32> = 0x1993_0520..=0x1993_0522;
const VERSION_BITS: u32 = 0x1FFF_FFFF;
/// The version in which tables got flags.
const FLAGS_SINCE: u32 = 0x1993_0522;

/// A table's flag: only thrown objects are exceptions of this function's (`/EHs`).
const SYNCHRONOUS: u32 = 1;
/// A clause's: it takes a reference.
const REFERENCE: u32 = 8;
/// A clause's and a thrown pointer's: const, volatile, unaligned.
const QUALIFIERS: u32 = 7;
/// A type's: its values are bits.
const SIMPLE: u32 = 1;
/// A type's: it can be taken by reference only.
const REFERENCE_ONLY: u32 = 2;
/// A type's: it has virtual bases, and its copy constructor wants to be told.
const VIRTUAL_BASES: u32 = 4;

/// Above the registration's next and handler: the state, and what ebp is.
const STATE: u32 = 8;
const FRAME: u32 = 12;

/// No table is longer, nor are all that a search looks at; no object has more types, no name is longer.
const MAXIMUM_ENTRIES: u32 = 0x1_0000;
const MAXIMUM_TYPES: u32 = 256;
const MAXIMUM_NAME: u32 = 4096;
const MAXIMUM_OBJECT: u32 = 0x10_0000;

/// abort's exit code.
const ABORTED: u32 = 3;

/// A `catch` that takes an exception.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Catch {
    registration: u32,
    /// The function's tables.
    tables: u32,
    /// The states of its `try`, and the last of the clauses'.
    low: u32,
    high: u32,
    last: u32,
    clause: u32,
    /// The object, and the description of its types.
    object: u32,
    types: u32,
    record: u32,
}

/// Why states are left.
#[derive(Copy, Clone, Debug)]
pub(crate) enum Goal {
    /// The frame itself is left, while this object is thrown.
    Caller { registration: u32, tables: u32, object: u32 },
    /// A clause of the frame takes the exception.
    Clause(Catch),
}

impl Goal {
    /// The frame, its tables, and what is thrown.
    fn frame(&self) -> (u32, u32, u32) {
        match *self {
            Goal::Caller { registration, tables, object } => (registration, tables, object),
            Goal::Clause(Catch { registration, tables, object, .. }) => (registration, tables, object),
        }
    }

    /// Whether a `catch` of the frame that runs is left: all are, but those in which the clause's `try` is.
    fn leaves(&self, running: &Catch) -> bool {
        match self {
            Goal::Caller { .. } => true,
            Goal::Clause(taken) => taken.low <= running.high || taken.high > running.last,
        }
    }
}

/// A thrown object.
struct Thrown {
    object: u32,
    types: u32,
    /// Which of const, volatile and unaligned a thrown pointer's target is.
    qualifiers: u32,
    /// As what it can be caught.
    catchable: Vec<Catchable>,
}

/// What a catch clause is for.
struct Clause {
    adjectives: u32,
    kind: u32,
    place: u32,
    code: u32,
}

/// As what a thrown object can be caught.
#[derive(Clone)]
struct Catchable {
    properties: u32,
    kind: u32,
    name: Vec<u8>,
    /// Where in the object this is: an offset, and two to find a virtual base by.
    place: [u32; 3],
    size: u32,
    copy: u32,
}

/// A clause that takes an exception: of a `try` with these states, as what.
struct Found {
    low: u32,
    high: u32,
    last: u32,
    clause: Clause,
    catchable: Option<Catchable>,
}

/// A function's tables.
struct Tables {
    version: u32,
    states: u32,
    state_count: u32,
    tries: u32,
    try_count: u32,
    flags: u32,
}

fn words<const N: usize>(memory: &AddressSpace, address: u32) -> Result<[u32; N], Fault> {
    let mut words = [0; N];
    for (place, word) in words.iter_mut().enumerate() {
        *word = memory.read_unaligned_u32(address.wrapping_add(4 * place as u32))?;
    }
    Ok(words)
}

impl Tables {
    fn read(memory: &AddressSpace, address: u32) -> Result<Self, Fault> {
        let [version, state_count, states, try_count, tries] = words(memory, address)?;
        let version = version & VERSION_BITS;
        // Behind them a table of places and one of permitted types, which nobody asks.
        let flags = match version {
            FLAGS_SINCE => memory.read_unaligned_u32(address.wrapping_add(32))?,
            _ => 0,
        };
        Ok(Self { version, states, state_count, tries, try_count: try_count.min(MAXIMUM_ENTRIES), flags })
    }
}

impl Catchable {
    /// As what an object of these types can be caught.
    fn all(memory: &AddressSpace, types: u32) -> Result<Vec<Self>, Fault> {
        let [list] = words(memory, types.wrapping_add(12))?;
        let [count] = words(memory, list)?;
        (0..count.min(MAXIMUM_TYPES))
            .map(|place| {
                let [address] = words(memory, list.wrapping_add(4 + 4 * place))?;
                let [properties, kind, place, base, offset, size, copy] = words(memory, address)?;
                let name = name_of(memory, kind)?;
                Ok(Self { properties, kind, name, place: [place, base, offset], size, copy })
            })
            .collect()
    }

    /// Where in an object this is.
    fn within(&self, memory: &AddressSpace, object: u32) -> Result<u32, Fault> {
        let [place, base, offset] = self.place;
        let direct = object.wrapping_add(place);
        if (base as i32) < 0 {
            return Ok(direct);
        }
        let [table] = words(memory, object.wrapping_add(base))?;
        let [further] = words(memory, table.wrapping_add(offset))?;
        Ok(direct.wrapping_add(base).wrapping_add(further))
    }
}

/// A type's name, as the compiler decorates it.
fn name_of(memory: &AddressSpace, kind: u32) -> Result<Vec<u8>, Fault> {
    string::read(memory, kind.wrapping_add(8), MAXIMUM_NAME)
}

/// The name of what is thrown by an exception with these words.
pub(crate) fn thrown_type(memory: &AddressSpace, information: &[u32]) -> Option<String> {
    let [version, _, types] = information else { return None };
    if !VERSIONS.contains(version) || *types == 0 {
        return None;
    }
    let first = Catchable::all(memory, *types).ok()?.into_iter().next()?;
    let name = first.name;
    name.iter().all(u8::is_ascii_graphic).then(|| String::from_utf8_lossy(&name).into_owned())
}

impl<I: Isa> Executable<I> {
    /// `set_terminate`: each thread has its own.
    pub(crate) fn set_terminate(&mut self, guest: u32, _: &mut Use<'_>, handler: u32) -> Out {
        let former = std::mem::replace(&mut self.threads[guest as usize].terminate, handler);
        self.return_word(guest, former)
    }

    /// `terminate`: the thread's function for that; if it comes back, as if it had called abort. Our choice: where
    /// there is no such function, what nobody catches is reported like any exception.
    pub(crate) fn terminate(&mut self, guest: u32, used: &mut Use<'_>) -> Out {
        match self.threads[guest as usize].terminate {
            0 => self.abort(guest, used),
            handler => {
                let seh = Seh { saved: self.saved(guest), step: SehStep::Terminated };
                self.ask_handler(guest, handler, &[], seh)
            }
        }
    }

    /// Ends the process as abort does.
    pub(crate) fn abort(&mut self, guest: u32, used: &mut Use<'_>) -> Out {
        let call = Call::TerminateProcess { hProcess: CURRENT_PROCESS, uExitCode: ABORTED };
        let acts = self.acts_of_exit(guest, Act::Call(call));
        self.act(guest, acts, used)
    }

    /// `uncaught_exception`: whether an object is on its way to its `catch`.
    pub(crate) fn uncaught_exception(&mut self, guest: u32, _: &mut Use<'_>) -> Out {
        self.forget_left_frames(guest);
        let frames = &self.threads[guest as usize].frames;
        let decided = frames.iter().rev().find_map(|frame| match frame.seh() {
            Some(SehStep::X86Catch { is_left: false, .. }) => Some(false),
            Some(SehStep::X86Handler { raised, .. }) if raised.exception.code() == THROWN => Some(true),
            _ => None,
        });
        self.return_word(guest, decided.unwrap_or(false).into())
    }
}

impl X86 {
    fn thrown(&self, record: u32) -> Result<Option<Thrown>, Fault> {
        let [code, _, _, _, count] = words(&self.memory, record)?;
        if code != THROWN || count < 3 {
            return Ok(None);
        }
        let [version, object, types] = words(&self.memory, record.wrapping_add(20))?;
        if !VERSIONS.contains(&version) {
            return Ok(None);
        }
        let [qualifiers] = words(&self.memory, types)?;
        let catchable = Catchable::all(&self.memory, types)?;
        Ok(Some(Thrown { object, types, qualifiers, catchable }))
    }

    /// The innermost `catch` that runs.
    fn current_catch(&self, guest: u32) -> Option<Catch> {
        self.threads[guest as usize].frames.iter().rev().find_map(|frame| match frame.seh() {
            Some(SehStep::X86Catch { catch, is_left: false, .. }) => Some(*catch),
            _ => None,
        })
    }

    /// `_CxxThrowException`: an object and the description of its types; none is `throw;`.
    pub(crate) fn x86_throw(&mut self, guest: u32, object: u32, types: u32, used: &mut Use<'_>) -> Out {
        self.forget_left_frames(guest);
        let exception = if types != 0 {
            let words = vec![*VERSIONS.start(), object, types];
            Exception::of_guest(THROWN, NONCONTINUABLE, words)
        } else {
            // throw; where nothing is caught.
            let Some(catch) = self.current_catch(guest) else { return self.terminate(guest, used) };
            match self.caught(&catch) {
                Ok(exception) => exception,
                Err(fault) => return self.raise(guest, Exception::of_fault(fault)),
            }
        };
        match Interpreter::finish_call(&mut self.threads[guest as usize].context, &self.memory, 0) {
            Ok(()) => self.raise(guest, exception),
            Err(fault) => self.raise(guest, Exception::of_fault(fault)),
        }
    }

    /// What a `catch` has caught, to be thrown again: an object, or an exception of another kind.
    fn caught(&self, catch: &Catch) -> Result<Exception, Fault> {
        if catch.types != 0 {
            let words = vec![*VERSIONS.start(), catch.object, catch.types];
            return Ok(Exception::of_guest(THROWN, NONCONTINUABLE, words));
        }
        let [code, flags, _, _, count] = words(&self.memory, catch.record)?;
        let information: Result<Vec<u32>, Fault> = (0..count.min(15))
            .map(|place| words(&self.memory, catch.record.wrapping_add(20 + 4 * place)).map(|[word]| word))
            .collect();
        Ok(Exception::of_guest(code, flags & NONCONTINUABLE, information?))
    }

    /// `__CxxFrameHandler`.
    pub(crate) fn x86_cxx_handler(&mut self, guest: u32, arguments: [u32; 4]) -> Out {
        let tables = self.threads[guest as usize].context.registers[EAX];
        let handled = self.cxx_handle(guest, arguments, tables);
        handled.unwrap_or_else(|fault| self.raise(guest, Exception::of_fault(fault)))
    }

    fn cxx_handle(&mut self, guest: u32, arguments: [u32; 4], address: u32) -> Result<Out, Fault> {
        let [record, registration, ..] = arguments;
        let tables = Tables::read(&self.memory, address)?;
        if !VERSIONS.contains(&tables.version) {
            let version = format!("C++ exception tables of version {:#x}", tables.version);
            return Ok(self.lacking(guest, version));
        }
        let [code, flags] = words(&self.memory, record)?;
        let thrown = self.thrown(record)?;
        let is_ours = thrown.is_some() || code == STATUS_UNWIND || tables.flags & SYNCHRONOUS == 0;
        if !is_ours {
            return Ok(self.return_word(guest, CONTINUE_SEARCH));
        }
        if flags & (UNWINDING | EXIT_UNWIND) != 0 {
            let object = thrown.map_or(0, |thrown| thrown.object);
            let goal = Goal::Caller { registration, tables: address, object };
            return Ok(self.leave_for(guest, goal));
        }
        let Some(found) = self.find_clause(registration, &tables, thrown.as_ref())? else {
            return Ok(self.return_word(guest, CONTINUE_SEARCH));
        };
        let (object, types) = thrown.map_or((0, 0), |thrown| (thrown.object, thrown.types));
        let Found { low, high, last, clause, catchable } = found;
        let catch = Catch {
            registration,
            tables: address,
            low,
            high,
            last,
            clause: clause.code,
            object,
            types,
            record,
        };
        self.take(guest, catch, &clause, catchable)
    }

    /// The first clause that takes an exception, of the innermost `try` that its function is in.
    fn find_clause(
        &mut self,
        registration: u32,
        tables: &Tables,
        thrown: Option<&Thrown>,
    ) -> Result<Option<Found>, Fault> {
        let [state] = words(&self.memory, registration.wrapping_add(STATE))?;
        let mut left = MAXIMUM_ENTRIES;
        for place in 0..tables.try_count {
            let [low, high, last, count, clauses] =
                words(&self.memory, tables.tries.wrapping_add(20 * place))?;
            self.walked += 1;
            if !(low..=high).contains(&state) {
                continue;
            }
            let looked_at = count.min(left);
            left -= looked_at;
            for place in 0..looked_at {
                let [adjectives, kind, place, code] = words(&self.memory, clauses.wrapping_add(16 * place))?;
                let clause = Clause { adjectives, kind, place, code };
                self.walked += 1;
                if let Some(catchable) = self.is_taken(&clause, thrown)? {
                    return Ok(Some(Found { low, high, last, clause, catchable }));
                }
            }
        }
        Ok(None)
    }

    /// Whether a clause takes an exception, and as what; `catch (...)` takes it as nothing.
    fn is_taken(&self, clause: &Clause, thrown: Option<&Thrown>) -> Result<Option<Option<Catchable>>, Fault> {
        if clause.kind == 0 {
            return Ok(Some(None));
        }
        let name = name_of(&self.memory, clause.kind)?;
        let is_reference = clause.adjectives & REFERENCE != 0;
        let found = match thrown {
            _ if name.is_empty() => return Ok(Some(None)),
            Some(thrown) if thrown.qualifiers & QUALIFIERS & !clause.adjectives == 0 => {
                thrown.catchable.iter().find(|catchable| {
                    let is_same = catchable.kind == clause.kind || catchable.name == name;
                    is_same && (is_reference || catchable.properties & REFERENCE_ONLY == 0)
                })
            }
            Some(_) | None => None,
        };
        Ok(found.cloned().map(Some))
    }

    /// A clause takes an exception: its variable is made, frames are left, states are left, it runs.
    fn take(
        &mut self,
        guest: u32,
        catch: Catch,
        clause: &Clause,
        catchable: Option<Catchable>,
    ) -> Result<Out, Fault> {
        let variable = catch.registration.wrapping_add(FRAME).wrapping_add(clause.place);
        if let Some(catchable) = catchable.filter(|_| clause.place != 0) {
            let source = catchable.within(&self.memory, catch.object)?;
            if clause.adjectives & REFERENCE != 0 {
                self.memory.write_unaligned_u32(variable, source)?;
            } else if catchable.properties & SIMPLE != 0 {
                self.copy_object(catch.object, variable, catchable.size)?;
                let [value] = words(&self.memory, variable)?;
                // A pointer to an object is one to its base.
                if catchable.size == 4 && value != 0 {
                    let value = catchable.within(&self.memory, value)?;
                    self.memory.write_unaligned_u32(variable, value)?;
                }
            } else if catchable.copy == 0 {
                self.copy_object(source, variable, catchable.size)?;
            } else {
                let saved = self.saved(guest);
                self.threads[guest as usize].context.registers[ECX] = variable;
                let arguments = [source, 1];
                let count = if catchable.properties & VIRTUAL_BASES != 0 { 2 } else { 1 };
                let seh = Seh { saved, step: SehStep::X86Copied { catch } };
                return Ok(self.ask_handler(guest, catchable.copy, &arguments[..count], seh));
            }
        }
        Ok(self.begin_catch(guest, catch))
    }

    fn copy_object(&mut self, from: u32, to: u32, size: u32) -> Result<(), Fault> {
        let mut bytes = vec![0; size.min(MAXIMUM_OBJECT) as usize];
        self.memory.read_bytes(from, &mut bytes)?;
        self.memory.write_bytes(to, &bytes)
    }

    /// The variable of a `catch` is made.
    pub(crate) fn begin_catch(&mut self, guest: u32, catch: Catch) -> Out {
        let then = X86Then::LeaveStates { goal: Goal::Clause(catch) };
        self.unwind_to(guest, catch.registration, catch.record, then)
    }

    /// Leaves states of a frame, and the `catch`es that run in them, the innermost first.
    pub(crate) fn leave_for(&mut self, guest: u32, goal: Goal) -> Out {
        let (registration, tables, _) = goal.frame();
        let (stop, then) = match (self.innermost_left(guest, &goal), goal) {
            // The first state behind those of its try is the clause's own.
            (Some((_, catch)), _) => (catch.high.wrapping_add(1), X86Then::LeaveCatch { goal }),
            (None, Goal::Caller { .. }) => (u32::MAX, X86Then::Return(CONTINUE_SEARCH)),
            (None, Goal::Clause(catch)) => (catch.low, X86Then::RunClause { catch }),
        };
        self.leave_states(guest, registration, tables, stop, then)
    }

    /// The innermost running `catch` of the frame, if it is left: its place among what waits.
    fn innermost_left(&self, guest: u32, goal: &Goal) -> Option<(usize, Catch)> {
        let (registration, ..) = goal.frame();
        let frames = self.threads[guest as usize].frames.iter().enumerate();
        let innermost = frames.rev().find_map(|(place, frame)| match frame.seh() {
            Some(SehStep::X86Catch { catch, is_left: false, .. }) if catch.registration == registration => {
                Some((place, *catch))
            }
            _ => None,
        });
        innermost.filter(|(_, catch)| goal.leaves(catch))
    }

    /// The states of a `catch` have been left: it is, too, and what it had caught goes unless it is still
    /// thrown.
    pub(crate) fn leave_catch(&mut self, guest: u32, goal: Goal) -> Out {
        let (registration, _, thrown) = goal.frame();
        let Some((place, left)) = self.innermost_left(guest, &goal) else {
            return self.leave_for(guest, goal);
        };
        if let Some(SehStep::X86Catch { sp, is_left, .. }) =
            self.threads[guest as usize].frames[place].seh_mut()
        {
            *is_left = true;
            // The frame's stack pointer, which the clause has put there anew for a try of its own.
            let sp = *sp;
            if let Err(fault) = self.memory.write_unaligned_u32(registration.wrapping_sub(4), sp) {
                return self.raise(guest, Exception::of_fault(fault));
            }
        }
        let then = X86Then::LeaveStates { goal };
        if left.object == thrown { self.leave_for(guest, goal) } else { self.destroy(guest, &left, then) }
    }

    /// Leaves the states of a frame down to `stop`, which stays; destructors run.
    pub(crate) fn leave_states(
        &mut self,
        guest: u32,
        registration: u32,
        tables: u32,
        stop: u32,
        then: X86Then,
    ) -> Out {
        for _ in 0..MAXIMUM_ENTRIES {
            self.walked += 1;
            match self.leave_state(registration, tables, stop) {
                Ok(None) => break,
                Ok(Some(0)) => {}
                Ok(Some(action)) => {
                    let saved = self.saved(guest);
                    let frame = registration.wrapping_add(FRAME);
                    self.threads[guest as usize].context.registers[EBP] = frame;
                    let step = SehStep::X86State { registration, tables, stop, then };
                    return self.ask_handler(guest, action, &[], Seh { saved, step });
                }
                Err(fault) => return self.raise(guest, Exception::of_fault(fault)),
            }
        }
        self.after_unwinding(guest, then)
    }

    /// Leaves a frame's state. Gives what that does, or 0; nothing if it is the last to be left.
    fn leave_state(&mut self, registration: u32, tables: u32, stop: u32) -> Result<Option<u32>, Fault> {
        let tables = Tables::read(&self.memory, tables)?;
        let [state] = words(&self.memory, registration.wrapping_add(STATE))?;
        // States that lie in others have higher numbers.
        if (state as i32) <= (stop as i32) || state >= tables.state_count {
            return Ok(None);
        }
        let [next, action] = words(&self.memory, tables.states.wrapping_add(8 * state))?;
        self.memory.write_unaligned_u32(registration.wrapping_add(STATE), next)?;
        Ok(Some(action))
    }

    /// Calls the destructor of what a `catch` had caught, if it has one and no other has caught it; then goes
    /// on.
    fn destroy(&mut self, guest: u32, catch: &Catch, then: X86Then) -> Out {
        let is_held = self.threads[guest as usize].frames.iter().any(|frame| match frame.seh() {
            Some(SehStep::X86Catch { catch: other, is_left: false, .. }) => other.object == catch.object,
            _ => false,
        });
        if catch.types == 0 || catch.object == 0 || is_held {
            return self.after_unwinding(guest, then);
        }
        match words(&self.memory, catch.types.wrapping_add(4)) {
            Ok([0]) => self.after_unwinding(guest, then),
            Ok([destructor]) => {
                let saved = self.saved(guest);
                self.threads[guest as usize].context.registers[ECX] = catch.object;
                let step = SehStep::X86Destroyed { then };
                self.ask_handler(guest, destructor, &[], Seh { saved, step })
            }
            Err(fault) => self.raise(guest, Exception::of_fault(fault)),
        }
    }

    /// Runs a clause.
    pub(crate) fn run_clause(&mut self, guest: u32, catch: Catch) -> Out {
        let registration = catch.registration;
        // The state behind those of the try; the frame's stack pointer is put there anew by clauses.
        let begun = self
            .memory
            .write_unaligned_u32(registration.wrapping_add(STATE), catch.high.wrapping_add(1))
            .and_then(|()| words(&self.memory, registration.wrapping_sub(4)));
        match begun {
            Ok([sp]) => {
                let saved = self.saved(guest);
                let frame = registration.wrapping_add(FRAME);
                self.threads[guest as usize].context.registers[EBP] = frame;
                let step = SehStep::X86Catch { catch, sp, is_left: false };
                self.ask_handler(guest, catch.clause, &[], Seh { saved, step })
            }
            Err(fault) => self.raise(guest, Exception::of_fault(fault)),
        }
    }

    /// A clause has ended, and the frame goes on at this address.
    pub(crate) fn after_clause(&mut self, guest: u32, catch: Catch, sp: u32, address: u32) -> Out {
        let registration = catch.registration;
        self.destroy(guest, &catch, X86Then::GoOn { registration, sp, address })
    }

    /// A frame goes on behind a `catch`.
    pub(crate) fn go_on_behind(&mut self, guest: u32, registration: u32, sp: u32, address: u32) -> Out {
        let chain = self.threads[guest as usize].context.fs_base;
        let put = self
            .memory
            .write_unaligned_u32(registration.wrapping_sub(4), sp)
            .and_then(|()| self.memory.write_unaligned_u32(chain, registration));
        if let Err(fault) = put {
            return self.raise(guest, Exception::of_fault(fault));
        }
        let context = &mut self.threads[guest as usize].context;
        context.registers[EBP] = registration.wrapping_add(FRAME);
        context.registers[ESP] = sp;
        context.eip = address;
        self.forget_left_frames(guest);
        Out::Goes
    }

    /// `_EH_prolog`: the beginning of such a function, with its handler in eax.
    pub(crate) fn x86_cxx_prolog(&mut self, guest: u32) -> Out {
        let context = &self.threads[guest as usize].context;
        let (sp, handler, chain) = (context.registers[ESP], context.registers[EAX], context.fs_base);
        let ebp = context.registers[EBP];
        let registration = sp.wrapping_sub(12);
        let entered = words(&self.memory, chain).and_then(|[next]| {
            let [back] = words(&self.memory, sp)?;
            // The old ebp where the return address was.
            for (place, word) in [(0, next), (4, handler), (STATE, u32::MAX), (FRAME, ebp)] {
                self.memory.write_unaligned_u32(registration.wrapping_add(place), word)?;
            }
            self.memory.write_unaligned_u32(chain, registration)?;
            Ok(back)
        });
        match entered {
            Ok(back) => {
                let context = &mut self.threads[guest as usize].context;
                context.registers[EBP] = sp;
                context.registers[ESP] = registration;
                context.registers[EAX] = back;
                context.eip = back;
                Out::Goes
            }
            Err(fault) => self.raise(guest, Exception::of_fault(fault)),
        }
    }
}

impl Raised {
    /// Whether it is a thrown object.
    pub(crate) fn is_thrown(&self) -> bool {
        self.exception.code() == THROWN
    }
}

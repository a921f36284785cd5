//! ARM: frames are walked by unwinding data; `__C_specific_handler` reads a function's scopes.
//!
//! A handler is called with the record, the frame, the CONTEXT and what is handed on to it: where its function
//! was left, its line in the function table, the frame, and the CONTEXT of its registers (DISPATCHER_CONTEXT in
//! winnt.h); behind them, for our own handler, the first scope that has not been left, and where a jump goes
//! on. A function's scope
//! table is a count and four words a scope: from, to, handler, target. A scope without a target is `__finally`;
//! a handler that is 1 handles everything. Our choice, where the documentation of CE is silent: a frame's
//! address is the stack pointer at its function's entry; a filter is given the pointers and the frame, a
//! termination handler TRUE and the frame; both find r4 to r11 as they were in the function.

use cerium_cpu::arm::{Context, Interpreter};
use cerium_memory::Fault;

use crate::calls::Out;
use crate::context::GuestContext;
use crate::crash::{Exception, INVALID_UNWIND_TARGET};
use crate::executable::Executable;
use crate::layout::{HOST_RETURN, THREAD_RETURN};
use crate::seh::{
    ArmGoal, ArmLeaving, ArmWalk, CONTINUE_EXECUTION, CONTINUE_SEARCH, Raised, STATUS_UNWIND, Seh, SehStep,
    TARGET_UNWIND, UNWINDING,
};
use crate::unwind_arm::{Function, finish, function_at, unwind};

/// How many frames are walked at most: a stack has no more.
const MAXIMUM_FRAMES: u32 = 1 << 20;

/// Within what is handed on to a handler: the first scope that counts, and where `longjmp` goes on, in the frame
/// that it leads to.
const SCOPE: u32 = 16;
const JUMPS_TO: u32 = 20;

/// The whole stack is walked.
const NO_END: u32 = u32::MAX;

/// How many scopes a function may have.
const MAXIMUM_SCOPES: u32 = 4096;

/// A filter that takes everything.
const TAKES_ALL: u32 = 1;

type Arm = Executable<Interpreter>;

/// A frame that has a handler.
struct Handled {
    walk: ArmWalk,
    function: Function,
    control_pc: u32,
    handler: u32,
}

/// A place on the way outwards: the registers there, and the rest as in [`ArmWalk`].
struct Walk {
    body: Context,
    is_call: bool,
    outer: usize,
    scope: u32,
}

impl Walk {
    /// The caller of a frame.
    fn above(frame: ArmWalk) -> Self {
        Self { body: frame.caller, is_call: true, outer: frame.outer, scope: 0 }
    }
}

/// A line of a scope table.
struct Scope {
    from: u32,
    to: u32,
    handler: u32,
    target: u32,
}

impl Arm {
    fn word(&self, address: u32) -> Result<u32, Fault> {
        self.memory.read_unaligned_u32(address)
    }

    /// Looks for the first frame from this one outwards that has a handler, and whose stack pointer is not above
    /// `end`.
    fn next_handled(&mut self, guest: u32, from: Walk, end: u32) -> Option<Handled> {
        let Walk { mut body, mut is_call, mut outer, mut scope } = from;
        // The place behind the scope whose termination handler has been come through.
        let mut next_scope = 0;
        for _ in 0..MAXIMUM_FRAMES {
            self.walked += 1;
            let pc = body.pc();
            if pc == THREAD_RETURN || body.sp() > end {
                return None;
            }
            if pc == HOST_RETURN {
                // A function of the host's has called this; it was called in its turn.
                Walk { body, is_call, outer, scope } =
                    self.above_host(guest, body, outer, &mut next_scope)?;
                continue;
            }
            // A return address is behind the call, which may be the last instruction of a scope.
            let control_pc = if is_call { pc.wrapping_sub(2) } else { pc };
            let function = function_at(&self.modules, &self.memory, control_pc);
            // Who calls is in no epilogue.
            let finished = function.filter(|_| !is_call).and_then(|it| finish(&self.memory, &it, &body));
            let caller = match finished {
                Some(caller) => caller,
                None => unwind(&self.memory, function.as_ref(), &body, pc).ok()?,
            };
            // A stack only grows downwards, and who has called keeps on it where to return to; so it has an end.
            let is_above = if is_call { caller.sp() > body.sp() } else { caller.sp() >= body.sp() };
            if !is_above {
                return None;
            }
            let handler = function.and_then(|it| it.handler(&self.memory).ok().flatten());
            if let (Some(function), Some((handler, _))) = (function, handler) {
                let establisher = caller.sp();
                let walk = ArmWalk { body, caller, establisher, outer, is_call, scope };
                return Some(Handled { walk, function, control_pc, handler });
            }
            (body, is_call, scope) = (caller, true, 0);
        }
        None
    }

    /// Where the walk goes on from code that a function of the host's has called, of which so many wait.
    fn above_host(&self, guest: u32, body: Context, outer: usize, next_scope: &mut u32) -> Option<Walk> {
        let outer = outer.checked_sub(1)?;
        let frame = &self.threads[guest as usize].frames[outer];
        // Nothing gets out of a library's entry point.
        if frame.is_notifying() {
            return None;
        }
        match frame.seh() {
            // A handler was looked for: the walk comes to what had happened.
            Some(SehStep::ArmHandler { raised, .. }) => Some(self.begin_of(guest, raised, outer)),
            // A frame was being left: it still is, without the scopes that have been left.
            Some(SehStep::ArmUnwind { walk, .. }) => {
                let scope = walk.scope.max(std::mem::take(next_scope));
                let ArmWalk { body, outer, is_call, .. } = (**walk).clone();
                Some(Walk { body, is_call, outer, scope })
            }
            step => {
                if let Some(SehStep::ArmLocal { place, .. }) = step {
                    *next_scope = place + 1;
                }
                // What functions keep is as its callback has left it.
                let mut caller = body;
                let linkage = frame.linkage();
                caller.registers[13] = linkage.sp;
                caller.registers[14] = linkage.lr;
                caller.go_to(linkage.lr);
                Some(Walk { body: caller, is_call: true, outer, scope: 0 })
            }
        }
    }

    /// Where an exception happened, which so many waiting functions lie further out than.
    fn begin_of(&self, guest: u32, raised: &Raised, outer: usize) -> Walk {
        let mut body = self.threads[guest as usize].context.clone();
        body.take_guest(&raised.before, Context::FULL);
        Walk { body, is_call: raised.is_call, outer, scope: 0 }
    }

    pub(crate) fn arm_dispatch(&mut self, guest: u32, raised: Box<Raised>) -> Out {
        let from = self.begin_of(guest, &raised, self.threads[guest as usize].frames.len());
        let found = self.next_handled(guest, from, NO_END);
        self.ask_arm_handler(guest, raised, found)
    }

    fn ask_arm_handler(&mut self, guest: u32, raised: Box<Raised>, found: Option<Handled>) -> Out {
        let Some(handled) = found else { return self.unhandled(guest, &raised) };
        let Handled { walk, handler, .. } = &handled;
        let words = [raised.record, walk.establisher, raised.context, raised.handed_on];
        let handler = *handler;
        let saved = self.saved(guest);
        match self.hand_on(guest, raised.handed_on, &handled, 0) {
            Ok(()) => {
                let step = SehStep::ArmHandler { raised, walk: Box::new(handled.walk) };
                self.ask_handler(guest, handler, &words, Seh { saved, step })
            }
            Err(fault) => self.bad_handler(guest, fault),
        }
    }

    /// Writes what a handler is told of its frame; the registers go below the stack pointer.
    fn hand_on(&mut self, guest: u32, place: u32, handled: &Handled, jumps_to: u32) -> Result<(), Fault> {
        let registers = handled.walk.body.to_guest();
        let context = &mut self.threads[guest as usize].context;
        let at = context.sp().wrapping_sub(registers.len() as u32 + 8) & !7;
        self.memory.write_bytes(at, &registers)?;
        context.registers[13] = at;
        let Handled { walk, function, control_pc, .. } = handled;
        let words = [*control_pc, function.entry, walk.establisher, at, walk.scope, jumps_to];
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        self.memory.write_bytes(place, &bytes)
    }

    fn after_arm_handler(&mut self, guest: u32, raised: Box<Raised>, walk: ArmWalk, answer: u32) -> Out {
        if let Some(out) = self.take_disposition(guest, &raised, answer) {
            return out;
        }
        let found = self.next_handled(guest, Walk::above(walk), NO_END);
        self.ask_arm_handler(guest, raised, found)
    }

    fn scope(&self, table: u32, place: u32) -> Result<Scope, Fault> {
        let line = table.wrapping_add(4 + 16 * place);
        Ok(Scope {
            from: self.word(line)? & !1,
            to: self.word(line.wrapping_add(4))? & !1,
            handler: self.word(line.wrapping_add(8))?,
            target: self.word(line.wrapping_add(12))?,
        })
    }

    /// Where a function's scope table is, how many scopes it has, and where the function was left.
    fn scopes(&self, handed_on: u32) -> Result<(u32, u32, u32), Fault> {
        let control_pc = self.word(handed_on)?;
        let entry = self.word(handed_on.wrapping_add(4))?;
        let start = self.word(entry)? & !1;
        let table = self.word(start.wrapping_sub(4))?;
        Ok((table, self.word(table)?.min(MAXIMUM_SCOPES), control_pc))
    }

    /// `__C_specific_handler`: record, frame, CONTEXT, what is handed on.
    pub(crate) fn arm_specific_handler(&mut self, guest: u32, words: [u32; 4]) -> Out {
        match self.word(words[0].wrapping_add(4)) {
            Ok(flags) => match self.word(words[3].wrapping_add(SCOPE)) {
                Ok(first) if flags & UNWINDING == 0 => self.ask_arm_filter(guest, words, first),
                Ok(first) => self.leave_arm_scopes(guest, words, first),
                Err(fault) => self.raise(guest, Exception::of_fault(fault)),
            },
            Err(fault) => self.raise(guest, Exception::of_fault(fault)),
        }
    }

    fn ask_arm_filter(&mut self, guest: u32, words: [u32; 4], first: u32) -> Out {
        let asked = self.find_filter(words, first);
        match asked {
            Ok(None) => self.return_word(guest, CONTINUE_SEARCH),
            Ok(Some((place, scope))) if scope.handler == TAKES_ALL => {
                self.take_exception(guest, words, place)
            }
            Ok(Some((place, scope))) => {
                let saved = self.saved(guest);
                let called = self.prepare_filter(guest, words).and_then(|pointers| {
                    self.take_frame_registers(guest, words[3])?;
                    Ok(pointers)
                });
                match called {
                    Ok(pointers) => {
                        let step = SehStep::ArmFilter { words, place };
                        self.ask_handler(guest, scope.handler, &[pointers, words[1]], Seh { saved, step })
                    }
                    Err(fault) => self.raise(guest, Exception::of_fault(fault)),
                }
            }
            Err(fault) => self.raise(guest, Exception::of_fault(fault)),
        }
    }

    fn find_filter(&self, words: [u32; 4], first: u32) -> Result<Option<(u32, Scope)>, Fault> {
        let (table, count, pc) = self.scopes(words[3])?;
        for place in first..count {
            let scope = self.scope(table, place)?;
            if scope.target != 0 && (scope.from..scope.to).contains(&pc) {
                return Ok(Some((place, scope)));
            }
        }
        Ok(None)
    }

    /// Puts EXCEPTION_POINTERS where a filter finds them.
    fn prepare_filter(&mut self, guest: u32, words: [u32; 4]) -> Result<u32, Fault> {
        let context = &mut self.threads[guest as usize].context;
        let at = context.sp().wrapping_sub(16) & !7;
        context.registers[13] = at;
        self.memory.write_unaligned_u32(at, words[0])?;
        self.memory.write_unaligned_u32(at.wrapping_add(4), words[2])?;
        Ok(at)
    }

    /// Gives the registers that functions keep the values that they have in the frame.
    fn take_frame_registers(&mut self, guest: u32, handed_on: u32) -> Result<(), Fault> {
        let registers = self.word(handed_on.wrapping_add(12))?;
        for register in 4..12 {
            let word = self.word(registers.wrapping_add(4 + 4 * register))?;
            self.threads[guest as usize].context.registers[register as usize] = word;
        }
        Ok(())
    }

    fn after_arm_filter(&mut self, guest: u32, words: [u32; 4], place: u32, answer: u32) -> Out {
        match answer as i32 {
            ..0 => self.return_word(guest, CONTINUE_EXECUTION),
            0 => self.ask_arm_filter(guest, words, place + 1),
            1.. => self.take_exception(guest, words, place),
        }
    }

    /// A scope takes the exception: the frames below its own are left, and it goes on at its target.
    fn take_exception(&mut self, guest: u32, words: [u32; 4], place: u32) -> Out {
        let [record, target, context, handed_on] = words;
        let prepared = self.scopes(handed_on).and_then(|(table, ..)| {
            let resume = self.scope(table, place)?.target;
            Ok((resume, self.word(record)?))
        });
        match prepared {
            Ok((resume, value)) => {
                let goal = ArmGoal::Handler { target, resume, value };
                self.begin_leaving(guest, ArmLeaving { goal, record, context, handed_on })
            }
            Err(fault) => self.raise(guest, Exception::of_fault(fault)),
        }
    }

    /// Leaves the frames from where the exception happened to the one that takes it.
    fn begin_leaving(&mut self, guest: u32, leaving: ArmLeaving) -> Out {
        // The innermost frames are those of the functions that look for a handler; where they began is known
        // to the first of them that is about this exception.
        let frames = &self.threads[guest as usize].frames;
        let about = frames.iter().rposition(|frame| frame.record() == Some(leaving.record));
        let Some(place) = about else {
            return self.bad_unwinding(guest, leaving.record);
        };
        let Some(SehStep::ArmHandler { raised, .. }) = frames[place].seh() else {
            unreachable!("it has a record")
        };
        let from = self.begin_of(guest, raised, place);
        let found = self.next_handled(guest, from, leaving.goal.sp());
        self.leave_frame(guest, leaving, found)
    }

    fn leave_frame(&mut self, guest: u32, leaving: ArmLeaving, found: Option<Handled>) -> Out {
        let handled = match (found, leaving.goal) {
            (Some(handled), ArmGoal::Handler { target, .. }) if handled.walk.establisher <= target => handled,
            (Some(handled), ArmGoal::Jump { .. }) => handled,
            (_, ArmGoal::Handler { .. }) => return self.bad_unwinding(guest, leaving.record),
            // The frame that it leads to has no handler, or cannot be told from here.
            (None, ArmGoal::Jump { buffer, value, .. }) => {
                return self.arm_jump_to_buffer(guest, buffer, value);
            }
        };
        let is_target = leaving.goal.is_in(&handled.walk);
        let saved = self.saved(guest);
        match self.tell_of_leaving(guest, leaving, &handled, is_target) {
            Ok(()) => {
                let words = [leaving.record, handled.walk.establisher, leaving.context, leaving.handed_on];
                let step = SehStep::ArmUnwind { walk: Box::new(handled.walk), leaving };
                self.ask_handler(guest, handled.handler, &words, Seh { saved, step })
            }
            Err(fault) => self.raise(guest, Exception::of_fault(fault)),
        }
    }

    /// Writes what the handler of a frame that is left finds.
    fn tell_of_leaving(
        &mut self,
        guest: u32,
        leaving: ArmLeaving,
        handled: &Handled,
        is_target: bool,
    ) -> Result<(), Fault> {
        let flags = self.word(leaving.record.wrapping_add(4))?;
        let flags = flags | UNWINDING | if is_target { TARGET_UNWIND } else { 0 };
        self.memory.write_unaligned_u32(leaving.record.wrapping_add(4), flags)?;
        let jumps_to = match leaving.goal {
            ArmGoal::Jump { resume, .. } if is_target => resume,
            ArmGoal::Jump { .. } | ArmGoal::Handler { .. } => 0,
        };
        self.hand_on(guest, leaving.handed_on, handled, jumps_to)?;
        match leaving.goal {
            // The target's scope is known to the handler by where the frame goes on.
            ArmGoal::Handler { resume, .. } if is_target => {
                self.memory.write_unaligned_u32(leaving.record.wrapping_add(8), resume)
            }
            ArmGoal::Handler { .. } | ArmGoal::Jump { .. } => Ok(()),
        }
    }

    fn after_leaving(&mut self, guest: u32, walk: ArmWalk, leaving: ArmLeaving) -> Out {
        match leaving.goal {
            ArmGoal::Handler { resume, value, .. } if leaving.goal.is_in(&walk) => {
                let context = &mut self.threads[guest as usize].context;
                *context = walk.body;
                context.registers[0] = value;
                let is_thumb = context.status.contains(cerium_cpu::arm::Status::T) || resume & 1 != 0;
                context.go_to(resume | u32::from(is_thumb));
                self.forget_left_frames(guest);
                Out::Goes
            }
            ArmGoal::Jump { buffer, value, .. } if leaving.goal.is_in(&walk) => {
                self.arm_jump_to_buffer(guest, buffer, value)
            }
            ArmGoal::Handler { .. } | ArmGoal::Jump { .. } => {
                let found = self.next_handled(guest, Walk::above(walk), leaving.goal.sp());
                self.leave_frame(guest, leaving, found)
            }
        }
    }

    /// The frame that is to be gone to is not there.
    fn bad_unwinding(&mut self, guest: u32, record: u32) -> Out {
        self.raise(guest, Exception::in_handling(INVALID_UNWIND_TARGET, record))
    }

    /// Runs the termination handlers of the scopes that are left, from this place of the table on.
    fn leave_arm_scopes(&mut self, guest: u32, words: [u32; 4], first: u32) -> Out {
        match self.find_termination(words, first) {
            Ok(None) => self.return_word(guest, CONTINUE_SEARCH),
            Ok(Some((place, handler))) => {
                let saved = self.saved(guest);
                match self.take_frame_registers(guest, words[3]) {
                    Ok(()) => {
                        let step = SehStep::ArmLocal { words, place };
                        self.ask_handler(guest, handler, &[1, words[1]], Seh { saved, step })
                    }
                    Err(fault) => self.raise(guest, Exception::of_fault(fault)),
                }
            }
            Err(fault) => self.raise(guest, Exception::of_fault(fault)),
        }
    }

    fn find_termination(&self, words: [u32; 4], first: u32) -> Result<Option<(u32, u32)>, Fault> {
        let (table, count, pc) = self.scopes(words[3])?;
        let flags = self.word(words[0].wrapping_add(4))?;
        let resume = if flags & TARGET_UNWIND != 0 { self.word(words[0].wrapping_add(8))? } else { 0 };
        // Where setjmp was called, as that is known by where it returned to.
        let jumps_to = (self.word(words[3].wrapping_add(JUMPS_TO))? & !1).wrapping_sub(2);
        for place in first..count {
            let scope = self.scope(table, place)?;
            if !(scope.from..scope.to).contains(&pc) {
                continue;
            }
            // Scopes around the one that goes on are not left, nor are those that a jump stays in.
            let is_around = resume != 0 && scope.target == resume;
            if is_around || (scope.from..scope.to).contains(&jumps_to) {
                return Ok(None);
            }
            if scope.target == 0 {
                return Ok(Some((place, scope.handler)));
            }
        }
        Ok(None)
    }

    /// A filter or handler has returned.
    pub(crate) fn arm_go_on(&mut self, guest: u32, step: SehStep, answer: u32) -> Out {
        match step {
            SehStep::ArmHandler { raised, walk } => self.after_arm_handler(guest, raised, *walk, answer),
            SehStep::ArmFilter { words, place } => self.after_arm_filter(guest, words, place, answer),
            SehStep::ArmUnwind { walk, leaving } => self.after_leaving(guest, *walk, leaving),
            SehStep::ArmLocal { words, place } => self.leave_arm_scopes(guest, words, place + 1),
            other => unreachable!("a step of another processor: {other:?}"),
        }
    }

    /// `setjmp`: r4 to r11, the stack pointer, the return address.
    pub(crate) fn arm_set_jump(&mut self, guest: u32, buffer: u32) -> Out {
        let registers = &self.threads[guest as usize].context.registers;
        let words = registers[4..12].iter().chain(&registers[13..15]);
        let bytes: Vec<u8> = words.flat_map(|word| word.to_le_bytes()).collect();
        match self.memory.write_bytes(buffer, &bytes) {
            Ok(()) => self.return_word(guest, 0),
            Err(fault) => self.raise(guest, Exception::of_fault(fault)),
        }
    }

    /// `longjmp`: leaves the frames in between, and the scopes of the one that it leads to in which `setjmp` was
    /// not called; then back to where that returned. Our choice: how far that goes. Frames are left as long as
    /// they can be walked, and those of another stack not at all.
    pub(crate) fn arm_long_jump(&mut self, guest: u32, buffer: u32, value: u32) -> Out {
        let words =
            self.word(buffer.wrapping_add(32)).and_then(|sp| Ok((sp, self.word(buffer.wrapping_add(36))?)));
        let (sp, resume) = match words {
            Ok(words) => words,
            Err(fault) => return self.raise(guest, Exception::of_fault(fault)),
        };
        if self.leaves_entry_point(guest, sp) {
            return self.raise(guest, Exception::out_of_entry_point());
        }
        let goal = ArmGoal::Jump { sp, resume, buffer, value };
        self.forget_left_frames(guest);
        let stack = *self.stack(guest);
        let thread = &self.threads[guest as usize];
        let mut body = thread.context.clone();
        let from = body.sp();
        body.go_to(body.lr());
        let outer = thread.frames.len();
        let is_here = stack.contains(from) && stack.contains(sp) && from <= sp;
        let walk = Walk { body, is_call: true, outer, scope: 0 };
        let found = if is_here { self.next_handled(guest, walk, sp) } else { None };
        let Some(found) = found else {
            return self.arm_jump_to_buffer(guest, buffer, value);
        };
        match self.describe(guest, &Exception::of_code(STATUS_UNWIND)) {
            Ok(Raised { record, context, handed_on, .. }) => {
                let leaving = ArmLeaving { goal, record, context, handed_on };
                self.leave_frame(guest, leaving, Some(found))
            }
            Err(fault) => self.raise(guest, Exception::of_fault(fault)),
        }
    }

    fn arm_jump_to_buffer(&mut self, guest: u32, buffer: u32, value: u32) -> Out {
        let words: Result<Vec<u32>, Fault> =
            (0..10).map(|place| self.word(buffer.wrapping_add(4 * place))).collect();
        let words = match words {
            Ok(words) => words,
            Err(fault) => return self.raise(guest, Exception::of_fault(fault)),
        };
        let context = &mut self.threads[guest as usize].context;
        context.registers[4..12].copy_from_slice(&words[..8]);
        context.registers[13] = words[8];
        context.registers[14] = words[9];
        context.registers[0] = value.max(1);
        context.go_to(words[9]);
        self.forget_left_frames(guest);
        Out::Goes
    }
}

//! x86: the chain of registrations at fs:0, and the compiler's handler for `__try`.
//!
//! A registration is two words on the stack: the next one's address, and a handler. The compiler's own are
//! longer: behind them the scope table's address, the level of the innermost scope, and the frame's ebp; below
//! them the stack pointer, and where a filter finds the EXCEPTION_POINTERS. Public descriptions of it are
//! many; ours is after Matt Pietrek, "A Crash Course on the Depths of Win32 Structured Exception Handling". Later
//! compilers encode the table's address and put cookies before it (Igor Skochinsky, "Reversing Microsoft Visual
//! C++ Part I: Exception Handling").

use cerium_cpu::x86::Interpreter;
use cerium_cpu::x86::register::{EAX, EBP, EBX, ECX, EDI, EDX, ESI, ESP};
use cerium_memory::Fault;

use crate::binding::Target;
use crate::calls::{HostFrame, Out};
use crate::crash::Exception;
use crate::executable::Executable;
use crate::seh::{
    CONTINUE_EXECUTION, CONTINUE_SEARCH, EXIT_UNWIND, Raised, STATUS_UNWIND, ScopeFrame, Seh, SehStep,
    UNWINDING, X86Then,
};
use crate::table::Function;

/// The end of the chain, and of scopes.
const NONE: u32 = 0xFFFF_FFFF;
/// The end of scopes of `_except_handler4`, and how many bytes stand before their table: where the frame has
/// cookies: of its buffers, if it has any, and of its registration. Each is an offset from ebp, and one to ebp that
/// the cookie was encoded with.
const NONE_4: u32 = 0xFFFF_FFFE;
const COOKIES: u32 = 16;
const BUFFER_COOKIE: u32 = 0;
const FRAME_COOKIE: u32 = 8;

/// Where in a compiler's registration things are.
mod at {
    pub(super) const HANDLER: u32 = 4;
    pub(super) const SCOPES: u32 = 8;
    pub(super) const LEVEL: u32 = 12;
    pub(super) const EBP: u32 = 16;
    /// How far below it the stack pointer is, and the pointers.
    pub(super) const ESP_BELOW: u32 = 8;
    pub(super) const POINTERS_BELOW: u32 = 4;
}

/// Where in a jump buffer things are.
mod jump {
    pub(super) const ESP: u32 = 16;
    pub(super) const REGISTRATION: u32 = 24;
    pub(super) const LEVEL: u32 = 28;
    pub(super) const COOKIE: u32 = 32;
    pub(super) const UNWIND: u32 = 36;
}

/// What a jump buffer says that has all of these.
const VC20: u32 = u32::from_be_bytes(*b"VC20");

/// How many scopes of one function may lie in one another; a chain that is longer leads in a circle.
const MAXIMUM_SCOPES: u32 = 4096;

/// A line of a scope table: the level around it, the filter (none: a termination handler), the handler.
struct Scope {
    around: u32,
    filter: u32,
    handler: u32,
}

pub(crate) type X86 = Executable<Interpreter>;

impl ScopeFrame {
    /// The level outside of all scopes.
    fn end(self) -> u32 {
        if self.cookie.is_some() { NONE_4 } else { NONE }
    }
}

impl X86 {
    fn word(&self, address: u32) -> Result<u32, Fault> {
        self.memory.read_unaligned_u32(address)
    }

    fn put(&mut self, address: u32, word: u32) -> Result<(), Fault> {
        self.memory.write_unaligned_u32(address, word)
    }

    fn chain(&self, guest: u32) -> u32 {
        self.threads[guest as usize].context.fs_base
    }

    fn scope(&self, frame: ScopeFrame, level: u32) -> Result<Scope, Fault> {
        let table = self.word(frame.registration.wrapping_add(at::SCOPES))?;
        let table = frame.cookie.map_or(table, |cookie| (table ^ cookie).wrapping_add(COOKIES));
        let line = table.wrapping_add(level.wrapping_mul(12));
        Ok(Scope {
            around: self.word(line)?,
            filter: self.word(line.wrapping_add(4))?,
            handler: self.word(line.wrapping_add(8))?,
        })
    }

    /// Asks the handler of the next registration from `registration` on.
    pub(crate) fn x86_dispatch(&mut self, guest: u32, raised: Box<Raised>, registration: u32) -> Out {
        let stack = *self.stack(guest);
        // The chain lies in the thread's stack, and above the exception.
        let is_good = stack.contains(registration)
            && registration > raised.record
            && registration.is_multiple_of(4)
            && !self.is_beyond_entry_point(guest, registration);
        let handler = match self.word(registration.wrapping_add(at::HANDLER)) {
            Ok(handler) if is_good => handler,
            _ => return self.unhandled(guest, &raised),
        };
        let words = [raised.record, registration, raised.context, raised.handed_on];
        let saved = self.saved(guest);
        let step = SehStep::X86Handler { raised, registration };
        self.ask_handler(guest, handler, &words, Seh { saved, step })
    }

    /// Whether a registration is of somebody for whom a library's entry point was called, from which no
    /// exception gets out.
    fn is_beyond_entry_point(&self, guest: u32, registration: u32) -> bool {
        let frames = &self.threads[guest as usize].frames;
        let entry_point = frames.iter().rev().find(|frame| frame.is_notifying());
        entry_point.is_some_and(|frame| registration >= frame.linkage().sp)
    }

    fn after_handler(&mut self, guest: u32, raised: Box<Raised>, registration: u32, answer: u32) -> Out {
        if let Some(out) = self.take_disposition(guest, &raised, answer) {
            return out;
        }
        match self.word(registration) {
            // A chain goes up the stack; so it has an end.
            Ok(next) if next > registration && next != NONE => self.x86_dispatch(guest, raised, next),
            _ => self.unhandled(guest, &raised),
        }
    }

    /// `_except_handler4_common`: its first argument is where the cookie is.
    pub(crate) fn x86_except_handler4(&mut self, guest: u32, words: [u32; 4]) -> Out {
        let [cookie, record, registration, context] = words;
        match self.word(cookie) {
            Ok(cookie) => {
                let frame = ScopeFrame { registration, cookie: Some(cookie) };
                match self.overwritten_cookie(registration, cookie) {
                    Ok(None) => self.x86_except_handler(guest, record, frame, context),
                    // The scope table may be anybody's: no code of it runs.
                    Ok(Some(place)) => {
                        let overrun = Exception::overwritten_cookie(place, registration);
                        Out::Stops(self.crash(guest, overrun))
                    }
                    Err(fault) => self.raise(guest, Exception::of_fault(fault)),
                }
            }
            Err(fault) => self.raise(guest, Exception::of_fault(fault)),
        }
    }

    /// Where a frame has a cookie that is not the module's. Our choice: what the function for checks would
    /// compare is compared here, and a mismatch is an end whatever that would do.
    fn overwritten_cookie(&self, registration: u32, cookie: u32) -> Result<Option<u32>, Fault> {
        let table = self.word(registration.wrapping_add(at::SCOPES))? ^ cookie;
        let ebp = registration.wrapping_add(at::EBP);
        for kind in [BUFFER_COOKIE, FRAME_COOKIE] {
            let offset = self.word(table.wrapping_add(kind))?;
            let encoded_with = ebp.wrapping_add(self.word(table.wrapping_add(kind + 4))?);
            if kind == BUFFER_COOKIE && offset == NONE_4 {
                continue;
            }
            let place = ebp.wrapping_add(offset);
            if self.word(place)? ^ encoded_with != cookie {
                return Ok(Some(place));
            }
        }
        Ok(None)
    }

    /// `_except_handler3` and the like.
    pub(crate) fn x86_except_handler(
        &mut self,
        guest: u32,
        record: u32,
        frame: ScopeFrame,
        context: u32,
    ) -> Out {
        let registration = frame.registration;
        let begun = self.word(record.wrapping_add(4)).and_then(|flags| {
            let level = self.word(registration.wrapping_add(at::LEVEL))?;
            if flags & (UNWINDING | EXIT_UNWIND) == 0 {
                // A filter finds the pointers below its registration.
                let pointers = self.threads[guest as usize].context.registers[ESP].wrapping_sub(16);
                self.put(pointers, record)?;
                self.put(pointers.wrapping_add(4), context)?;
                self.put(registration.wrapping_sub(at::POINTERS_BELOW), pointers)?;
            }
            Ok((flags, level))
        });
        match begun {
            Ok((flags, _)) if flags & (UNWINDING | EXIT_UNWIND) != 0 => {
                self.leave_scopes(guest, frame, frame.end(), X86Then::Return(CONTINUE_SEARCH))
            }
            Ok((_, level)) => self.ask_filter(guest, frame, level, record),
            Err(fault) => self.raise(guest, Exception::of_fault(fault)),
        }
    }

    /// Asks the filter of the innermost scope from `level` outwards that has one.
    fn ask_filter(&mut self, guest: u32, frame: ScopeFrame, mut level: u32, record: u32) -> Out {
        for _ in 0..MAXIMUM_SCOPES {
            if level == frame.end() {
                break;
            }
            let scope = match self.scope(frame, level) {
                Ok(scope) => scope,
                Err(fault) => return self.raise(guest, Exception::of_fault(fault)),
            };
            if scope.filter != 0 {
                let saved = self.saved(guest);
                // The pointers that were put there must stay.
                let registers = &mut self.threads[guest as usize].context.registers;
                registers[ESP] = registers[ESP].wrapping_sub(16);
                registers[EBP] = frame.registration.wrapping_add(at::EBP);
                let step = SehStep::X86Filter { frame, level, record };
                return self.ask_handler(guest, scope.filter, &[], Seh { saved, step });
            }
            level = scope.around;
        }
        self.return_word(guest, CONTINUE_SEARCH)
    }

    fn after_filter(&mut self, guest: u32, frame: ScopeFrame, level: u32, record: u32, answer: u32) -> Out {
        match answer as i32 {
            ..0 => self.return_word(guest, CONTINUE_EXECUTION),
            0 => match self.scope(frame, level) {
                Ok(scope) => self.ask_filter(guest, frame, scope.around, record),
                Err(fault) => self.raise(guest, Exception::of_fault(fault)),
            },
            1.. => {
                // Frames below this one are left, then scopes of this one.
                let then = X86Then::Enter { frame, level };
                self.unwind_to(guest, frame.registration, record, then)
            }
        }
    }

    /// Leaves the frames before `target` in the chain, the innermost first; their handlers are told.
    pub(crate) fn unwind_to(&mut self, guest: u32, target: u32, record: u32, then: X86Then) -> Out {
        let chain = self.chain(guest);
        let first = match self.word(chain) {
            Ok(first) => first,
            Err(fault) => return self.bad_handler(guest, fault),
        };
        let stack = *self.stack(guest);
        if first == target || first == NONE || !stack.contains(first) || first > target {
            return self.after_unwinding(guest, then);
        }
        let told = self.word(record.wrapping_add(4)).and_then(|flags| {
            self.put(record.wrapping_add(4), flags | UNWINDING)?;
            self.word(first.wrapping_add(at::HANDLER))
        });
        match told {
            Ok(handler) => {
                let saved = self.saved(guest);
                let step = SehStep::X86Unwind { registration: first, target, record, then };
                self.ask_handler(guest, handler, &[record, first, 0, 0], Seh { saved, step })
            }
            Err(fault) => self.raise(guest, Exception::of_fault(fault)),
        }
    }

    pub(crate) fn after_unwinding(&mut self, guest: u32, then: X86Then) -> Out {
        match then {
            X86Then::Enter { frame, level } => {
                let jump = X86Then::Jump { frame, level };
                self.leave_scopes(guest, frame, level, jump)
            }
            X86Then::Jump { frame, level } => {
                let entered = self.jump(guest, frame, level);
                entered.unwrap_or_else(|fault| self.raise(guest, Exception::of_fault(fault)))
            }
            X86Then::Return(word) => self.return_word(guest, word),
            X86Then::LeaveForJump { buffer, value } => self.leave_for_jump(guest, buffer, value),
            X86Then::LongJump { buffer, value } => self.x86_jump_to_buffer(guest, buffer, value),
            X86Then::LeaveStates { goal } => self.leave_for(guest, goal),
            X86Then::LeaveCatch { goal } => self.leave_catch(guest, goal),
            X86Then::RunClause { catch } => self.run_clause(guest, catch),
            X86Then::GoOn { registration, sp, address } => {
                self.go_on_behind(guest, registration, sp, address)
            }
        }
    }

    /// Leaves a frame's scopes, from the innermost out to the level `stop`, which stays; their termination
    /// handlers run.
    pub(crate) fn leave_scopes(&mut self, guest: u32, frame: ScopeFrame, stop: u32, then: X86Then) -> Out {
        let registration = frame.registration;
        for _ in 0..MAXIMUM_SCOPES {
            let left = self.word(registration.wrapping_add(at::LEVEL)).and_then(|level| {
                if level == frame.end() || level == stop {
                    return Ok(None);
                }
                let scope = self.scope(frame, level)?;
                self.put(registration.wrapping_add(at::LEVEL), scope.around)?;
                Ok(Some(scope))
            });
            match left {
                Ok(None) => break,
                Ok(Some(scope)) if scope.filter == 0 => {
                    let saved = self.saved(guest);
                    self.threads[guest as usize].context.registers[EBP] = registration.wrapping_add(at::EBP);
                    let step = SehStep::X86Local { frame, stop, then };
                    return self.ask_handler(guest, scope.handler, &[], Seh { saved, step });
                }
                Ok(Some(_)) => {}
                Err(fault) => return self.raise(guest, Exception::of_fault(fault)),
            }
        }
        self.after_unwinding(guest, then)
    }

    /// Enters the handler of a scope: the frame's own registers, and the level around it.
    fn jump(&mut self, guest: u32, frame: ScopeFrame, level: u32) -> Result<Out, Fault> {
        let registration = frame.registration;
        let scope = self.scope(frame, level)?;
        let sp = self.word(registration.wrapping_sub(at::ESP_BELOW))?;
        self.put(registration.wrapping_add(at::LEVEL), scope.around)?;
        let chain = self.chain(guest);
        self.put(chain, registration)?;

        let context = &mut self.threads[guest as usize].context;
        context.registers[EBP] = registration.wrapping_add(at::EBP);
        context.registers[ESP] = sp;
        context.eip = scope.handler;
        self.forget_left_frames(guest);
        Ok(Out::Goes)
    }

    /// A filter or handler has returned.
    pub(crate) fn x86_go_on(&mut self, guest: u32, step: SehStep, answer: u32) -> Out {
        match step {
            SehStep::X86Handler { raised, registration } => {
                self.after_handler(guest, raised, registration, answer)
            }
            SehStep::X86Filter { frame, level, record } => {
                self.after_filter(guest, frame, level, record, answer)
            }
            SehStep::X86Unwind { registration, target, record, then } => {
                let chain = self.chain(guest);
                let popped = self.word(registration).and_then(|next| self.put(chain, next));
                match popped {
                    Ok(()) => self.unwind_to(guest, target, record, then),
                    Err(fault) => self.raise(guest, Exception::of_fault(fault)),
                }
            }
            SehStep::X86Local { frame, stop, then } => self.leave_scopes(guest, frame, stop, then),
            SehStep::X86Jump { buffer, value } => self.x86_jump_to_buffer(guest, buffer, value),
            SehStep::X86State { registration, tables, stop, then } => {
                self.leave_states(guest, registration, tables, stop, then)
            }
            SehStep::X86Copied { catch } => self.begin_catch(guest, catch),
            SehStep::X86Catch { catch, sp, .. } => self.after_clause(guest, catch, sp, answer),
            SehStep::X86Destroyed { then } => self.after_unwinding(guest, then),
            other => unreachable!("a step of another processor: {other:?}"),
        }
    }

    /// `_SEH_prolog`: the beginning of a function with `__try`, called with the size of its locals above its
    /// scope table.
    pub(crate) fn x86_prolog(&mut self, guest: u32) -> Out {
        let handler = self.thunks.address(Target::Loader(Function::_except_handler3));
        let done = self.enter_frame(guest, handler);
        done.map_or_else(|fault| self.raise(guest, Exception::of_fault(fault)), |()| Out::Goes)
    }

    fn enter_frame(&mut self, guest: u32, handler: u32) -> Result<(), Fault> {
        let context = &self.threads[guest as usize].context;
        let (sp, registers, chain) = (context.registers[ESP], context.registers, context.fs_base);
        let [back, scopes, size] = [0, 4, 8].map(|offset| self.word(sp.wrapping_add(offset)));
        let (back, scopes, size) = (back?, scopes?, size?);
        // The frame: ebp where the size was; below it level, scopes, handler, next; then what the size counts:
        // pointers, stack pointer, locals.
        let ebp = sp.wrapping_add(8);
        let registration = ebp.wrapping_sub(at::EBP);
        let bottom = registration.wrapping_sub(size).wrapping_sub(12);
        let next = self.word(chain)?;
        let words = [
            (ebp, registers[EBP]),
            (registration.wrapping_add(at::LEVEL), NONE),
            (registration.wrapping_add(at::SCOPES), scopes),
            (registration.wrapping_add(at::HANDLER), handler),
            (registration, next),
            (bottom.wrapping_add(8), registers[EBX]),
            (bottom.wrapping_add(4), registers[ESI]),
            (bottom, registers[EDI]),
            (registration.wrapping_sub(at::ESP_BELOW), bottom),
            (chain, registration),
        ];
        for (address, word) in words {
            self.put(address, word)?;
        }
        let context = &mut self.threads[guest as usize].context;
        context.registers[EBP] = ebp;
        context.registers[ESP] = bottom;
        context.registers[EAX] = registration;
        context.eip = back;
        Ok(())
    }

    /// `_SEH_epilog`: the end of such a function.
    pub(crate) fn x86_epilog(&mut self, guest: u32) -> Out {
        let done = self.leave_frame(guest);
        done.map_or_else(|fault| self.raise(guest, Exception::of_fault(fault)), |()| Out::Goes)
    }

    fn leave_frame(&mut self, guest: u32) -> Result<(), Fault> {
        let context = &self.threads[guest as usize].context;
        let (sp, ebp, chain) = (context.registers[ESP], context.registers[EBP], context.fs_base);
        let next = self.word(ebp.wrapping_sub(at::EBP))?;
        let back = self.word(sp)?;
        let [edi, esi, ebx] = [4, 8, 12].map(|offset| self.word(sp.wrapping_add(offset)));
        let (edi, esi, ebx, outer) = (edi?, esi?, ebx?, self.word(ebp)?);
        self.put(chain, next)?;
        let context = &mut self.threads[guest as usize].context;
        context.registers[EDI] = edi;
        context.registers[ESI] = esi;
        context.registers[EBX] = ebx;
        context.registers[ECX] = back;
        context.registers[EBP] = outer;
        context.registers[ESP] = ebp.wrapping_add(4);
        context.eip = back;
        Ok(())
    }

    /// `_setjmp3`: what longjmp will want (setjmp.h: ebp, ebx, edi, esi, esp, eip, the registration, its
    /// level, and a cookie, a function and its data for C++).
    pub(crate) fn x86_set_jump(&mut self, guest: u32, buffer: u32, count: u32) -> Out {
        let done = self.fill_buffer(guest, buffer, count);
        match done {
            Ok(()) => self.return_word(guest, 0),
            Err(fault) => self.raise(guest, Exception::of_fault(fault)),
        }
    }

    fn fill_buffer(&mut self, guest: u32, buffer: u32, count: u32) -> Result<(), Fault> {
        let context = &self.threads[guest as usize].context;
        let (registers, chain, sp) = (context.registers, context.fs_base, context.registers[ESP]);
        let registration = self.word(chain)?;
        let given = |place: u32| self.word(sp.wrapping_add(12 + 4 * place));
        let (unwind, level) = match (registration, count) {
            (NONE, _) => (0, NONE),
            (_, 0) => (0, self.word(registration.wrapping_add(at::LEVEL))?),
            (_, 1) => (given(0)?, self.word(registration.wrapping_add(at::LEVEL))?),
            _ => (given(0)?, given(1)?),
        };
        let mut words = vec![
            registers[EBP],
            registers[EBX],
            registers[EDI],
            registers[ESI],
            sp,
            self.word(sp)?,
            registration,
            level,
            VC20,
            unwind,
        ];
        for place in 2..count.min(8) {
            words.push(given(place)?);
        }
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        self.memory.write_bytes(buffer, &bytes)
    }

    /// `longjmp`: leaves the frames in between, then the scopes of the one that it leads to.
    pub(crate) fn x86_long_jump(&mut self, guest: u32, buffer: u32, value: u32) -> Out {
        // The frame's stack is above the return address and the arguments, of which there are two at least.
        match self.word(buffer.wrapping_add(jump::ESP)) {
            Ok(sp) if self.leaves_entry_point(guest, sp.wrapping_add(12)) => {
                return self.raise(guest, Exception::out_of_entry_point());
            }
            Ok(_) => {}
            Err(fault) => return self.raise(guest, Exception::of_fault(fault)),
        }
        let registration = match self.word(buffer.wrapping_add(jump::REGISTRATION)) {
            Ok(0) => return self.x86_jump_to_buffer(guest, buffer, value),
            Ok(registration) => registration,
            Err(fault) => return self.raise(guest, Exception::of_fault(fault)),
        };
        // A record for handlers that are told.
        let sp = self.threads[guest as usize].context.registers[ESP];
        let record = sp.wrapping_sub(96) & !7;
        let mut bytes = vec![0; 80];
        bytes[..4].copy_from_slice(&STATUS_UNWIND.to_le_bytes());
        if let Err(fault) = self.memory.write_bytes(record, &bytes) {
            return self.raise(guest, Exception::of_fault(fault));
        }
        self.threads[guest as usize].context.registers[ESP] = record;
        self.unwind_to(guest, registration, record, X86Then::LeaveForJump { buffer, value })
    }

    /// Leaves the scopes of the frame that a jump buffer leads to: by a function of the buffer's, if it names one.
    fn leave_for_jump(&mut self, guest: u32, buffer: u32, value: u32) -> Out {
        let place = [jump::REGISTRATION, jump::LEVEL, jump::COOKIE, jump::UNWIND];
        let [registration, level, cookie, unwind] = place.map(|at| self.word(buffer.wrapping_add(at)));
        match (registration, level, cookie, unwind) {
            (Ok(NONE), ..) => self.x86_jump_to_buffer(guest, buffer, value),
            (Ok(_), Ok(_), Ok(VC20), Ok(unwind @ 1..)) => {
                let saved = self.saved(guest);
                let step = SehStep::X86Jump { buffer, value };
                self.ask_handler(guest, unwind, &[buffer], Seh { saved, step })
            }
            (Ok(registration), Ok(level), Ok(_), Ok(_)) => {
                let frame = ScopeFrame { registration, cookie: None };
                self.leave_scopes(guest, frame, level, X86Then::LongJump { buffer, value })
            }
            (Err(fault), ..) | (_, Err(fault), ..) | (.., Err(fault), _) | (.., Err(fault)) => {
                self.raise(guest, Exception::of_fault(fault))
            }
        }
    }

    fn x86_jump_to_buffer(&mut self, guest: u32, buffer: u32, value: u32) -> Out {
        let words: Result<Vec<u32>, Fault> =
            (0..7).map(|place| self.word(buffer.wrapping_add(4 * place))).collect();
        let words = match words {
            Ok(words) => words,
            Err(fault) => return self.raise(guest, Exception::of_fault(fault)),
        };
        let chain = self.chain(guest);
        if let Err(fault) = self.put(chain, if words[6] == 0 { NONE } else { words[6] }) {
            return self.raise(guest, Exception::of_fault(fault));
        }
        let context = &mut self.threads[guest as usize].context;
        for (register, word) in [EBP, EBX, EDI, ESI].into_iter().zip(&words) {
            context.registers[register] = *word;
        }
        // As a return from setjmp: the return address is off the stack.
        context.registers[ESP] = words[4].wrapping_add(4);
        context.registers[EAX] = value.max(1);
        context.registers[EDX] = 0;
        context.eip = words[5];
        self.forget_left_frames(guest);
        Out::Goes
    }

    /// `__abnormal_termination`, which a termination handler calls: whether its scope is left by an exception, a
    /// jump or `return`. It knows its frame by ebp.
    pub(crate) fn x86_is_abnormal(&mut self, guest: u32) -> Out {
        self.forget_left_frames(guest);
        let thread = &self.threads[guest as usize];
        let frame = thread.context.registers[EBP].wrapping_sub(at::EBP);
        let is_abnormal = match thread.frames.last().and_then(HostFrame::seh) {
            Some(SehStep::X86Local { frame: left, .. }) => left.registration == frame,
            _ => false,
        };
        self.return_word(guest, is_abnormal.into())
    }

    /// `_local_unwind2`: leaves a frame's scopes down to a level.
    pub(crate) fn x86_local_unwind(&mut self, guest: u32, frame: ScopeFrame, stop: u32) -> Out {
        self.leave_scopes(guest, frame, stop, X86Then::Return(0))
    }

    /// `_local_unwind4`: its first argument is where the cookie is.
    pub(crate) fn x86_local_unwind4(&mut self, guest: u32, words: [u32; 4]) -> Out {
        let [cookie, registration, stop, _] = words;
        match self.word(cookie) {
            Ok(cookie) => {
                self.x86_local_unwind(guest, ScopeFrame { registration, cookie: Some(cookie) }, stop)
            }
            Err(fault) => self.raise(guest, Exception::of_fault(fault)),
        }
    }
}

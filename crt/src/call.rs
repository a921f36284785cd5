//! A call from a guest: how its arguments are passed, what it may touch, what it comes to.

use crate::arithmetic::{DivideByZero, Division};
use crate::format::Arguments;
use crate::heap::{HeapError, Heaps};
use crate::memory::{Fault, GuestMemory, Pages};
use crate::pause::Step;
use crate::regions::Regions;

/// How a processor's compilers pass arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Convention {
    /// All on the stack, none aligned to more than 4. Doubles return on the coprocessor's stack.
    X86,
    /// ARM before version 7: four words in registers, the rest on the stack. A 64-bit argument is two words
    /// wherever they fall, in the last register and on the stack if so. Floats are words.
    Arm,
    /// ARM version 7 of Compact 2013: 64-bit arguments start at an even word; floats that are not variable
    /// arguments are passed in the coprocessor's registers.
    ArmV7,
}

/// Words that are in a register of x86 when one of its compilers' helpers is called.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct X86Registers {
    /// The pair edx:eax.
    pub edx_eax: u64,
    /// The register cl, or all of ecx.
    pub ecx: u32,
    /// The top of the coprocessor's stack, and what is beneath it.
    pub st: [f64; 2],
    /// What the coprocessor is told and tells.
    pub environment: Environment,
}

/// The words of x86's coprocessor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Environment {
    /// Rounding, precision and masked exceptions.
    pub control: u16,
    /// The exceptions that were raised, among others.
    pub status: u16,
}

/// A guest's list of arguments: those of a call, or what a `va_list` points to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ArgumentList {
    convention: Convention,
    words: [u32; 4],
    word_count: u32,
    /// How many words are taken, registers and stack together.
    taken: u32,
    stack: u32,
    floats: [u32; 16],
    floats_taken: usize,
    variable: bool,
    x86: X86Registers,
    /// How many values the function has taken off the coprocessor's stack.
    coprocessor_taken: u32,
    /// The coprocessor's words as the function wants them from now on.
    environment: Option<Environment>,
}

impl ArgumentList {
    /// The arguments of a call on x86: `stack` is the address behind the return address.
    #[must_use]
    pub fn x86(stack: u32, registers: X86Registers) -> Self {
        Self { x86: registers, ..Self::va_list(Convention::X86, stack) }
    }

    /// The arguments of a call on ARM: r0 to r3, and the stack pointer.
    #[must_use]
    pub fn arm(words: [u32; 4], stack: u32) -> Self {
        Self { words, word_count: 4, ..Self::va_list(Convention::Arm, stack) }
    }

    /// The arguments of a call on ARM version 7: r0 to r3, the stack pointer, and s0 to s15.
    #[must_use]
    pub fn arm_v7(words: [u32; 4], stack: u32, floats: [u32; 16]) -> Self {
        let list = Self::va_list(Convention::ArmV7, stack);
        Self { words, word_count: 4, floats, variable: false, ..list }
    }

    /// What a `va_list` with this value points to.
    #[must_use]
    pub fn va_list(convention: Convention, address: u32) -> Self {
        Self {
            convention,
            words: [0; 4],
            word_count: 0,
            taken: 0,
            stack: address,
            floats: [0; 16],
            floats_taken: 0,
            variable: true,
            x86: X86Registers::default(),
            coprocessor_taken: 0,
            environment: None,
        }
    }

    /// The words at an address as arguments, as this caller's processor passes them in a `va_list`.
    pub(crate) fn list_at(&self, address: u32) -> Self {
        Self::va_list(self.convention, address)
    }

    /// Leaves words out.
    pub(crate) fn skip(&mut self, words: u32) {
        self.taken = self.taken.wrapping_add(words);
    }

    /// Whether the caller's processor is an x86.
    pub(crate) fn is_x86(&self) -> bool {
        self.convention == Convention::X86
    }

    /// The words of x86's coprocessor.
    pub(crate) fn environment(&self) -> Environment {
        self.environment.unwrap_or(self.x86.environment)
    }

    /// Changes the words of x86's coprocessor.
    pub(crate) fn set_environment(&mut self, environment: Environment) {
        self.environment = Some(environment);
    }

    /// The coprocessor's words, if the function has changed them.
    #[must_use]
    pub fn changed_environment(&self) -> Option<Environment> {
        self.environment
    }

    /// Where the arguments on the stack begin: on x86 the stack pointer before the call.
    pub(crate) fn stack(&self) -> u32 {
        self.stack
    }

    /// How many values the function took off the coprocessor's stack of x86; they are to be dropped there.
    #[must_use]
    pub fn coprocessor_taken(&self) -> u32 {
        self.coprocessor_taken
    }

    fn word(&mut self, memory: &dyn GuestMemory) -> Result<u32, Fault> {
        let word = if self.taken < self.word_count {
            self.words[self.taken as usize]
        } else {
            memory.read_u32(self.stack.wrapping_add((self.taken - self.word_count).wrapping_mul(4)))?
        };
        self.taken = self.taken.wrapping_add(1);
        Ok(word)
    }

    /// Moves to where a 64-bit argument may start.
    fn align(&mut self) {
        if self.convention != Convention::ArmV7 {
            return;
        }
        // The stack is aligned to 8 at a call, and so are the words of a call's list; a va_list may start
        // between.
        let address = self.stack.wrapping_add(self.taken.wrapping_sub(self.word_count).wrapping_mul(4));
        let is_odd = if self.word_count > 0 { self.taken % 2 == 1 } else { !address.is_multiple_of(8) };
        self.taken = self.taken.wrapping_add(u32::from(is_odd));
    }

    /// Whether floats come in registers of their own.
    fn has_floats(&self) -> bool {
        self.convention == Convention::ArmV7 && !self.variable
    }
}

impl Arguments for ArgumentList {
    fn next_u32(&mut self, memory: &dyn GuestMemory) -> Result<u32, Fault> {
        self.word(memory)
    }

    fn next_u64(&mut self, memory: &dyn GuestMemory) -> Result<u64, Fault> {
        self.align();
        let low = self.word(memory)?;
        Ok(u64::from(low) | u64::from(self.word(memory)?) << 32)
    }

    fn next_f64(&mut self, memory: &dyn GuestMemory) -> Result<f64, Fault> {
        if !self.has_floats() {
            return Ok(f64::from_bits(self.next_u64(memory)?));
        }
        let place = self.floats_taken.next_multiple_of(2) % self.floats.len();
        self.floats_taken = place + 2;
        let pair = [self.floats[place], self.floats[place + 1]];
        Ok(f64::from_bits(u64::from(pair[0]) | u64::from(pair[1]) << 32))
    }
}

impl ArgumentList {
    /// The next argument that is a `float` of the function's own; a variable argument is never one.
    fn next_f32(&mut self, memory: &dyn GuestMemory) -> Result<f32, Fault> {
        if !self.has_floats() {
            return Ok(f32::from_bits(self.word(memory)?));
        }
        let place = self.floats_taken % self.floats.len();
        self.floats_taken = place + 1;
        Ok(f32::from_bits(self.floats[place]))
    }
}

/// Where text goes that is not put in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stream {
    /// The standard output.
    Output,
    /// The standard error.
    Error,
    /// The debugger.
    Debug,
}

/// What takes the text.
pub trait Output {
    /// Takes text, which need not be a whole line.
    fn print(&mut self, stream: Stream, text: &str);
}

/// A button of a message box, with the number that stands for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Button {
    /// `IDOK`.
    Ok = 1,
    /// `IDCANCEL`.
    Cancel = 2,
    /// `IDABORT`.
    Abort = 3,
    /// `IDRETRY`.
    Retry = 4,
    /// `IDIGNORE`.
    Ignore = 5,
    /// `IDYES`.
    Yes = 6,
    /// `IDNO`.
    No = 7,
}

impl Button {
    /// What stands on it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Button::Ok => "OK",
            Button::Cancel => "Cancel",
            Button::Abort => "Abort",
            Button::Retry => "Retry",
            Button::Ignore => "Ignore",
            Button::Yes => "Yes",
            Button::No => "No",
        }
    }
}

/// What this crate knows of a process.
#[derive(Debug, Clone)]
pub struct ProcessState {
    /// Its heaps.
    pub heaps: Heaps,
    /// What it has by `VirtualAlloc`.
    pub regions: Regions,
    /// Its streams.
    pub(crate) files: crate::stdio::Files,
    /// Where its command line is.
    pub command_line: u32,
    /// What message boxes are answered that have such a button; others get their default.
    pub answer: Option<Button>,
    /// What `rand_s` and `CeGenRandom` go on from.
    pub(crate) entropy: u64,
}

impl ProcessState {
    /// A new process: its heap is there from the start.
    ///
    /// # Errors
    ///
    /// [`HeapError::OutOfMemory`].
    pub fn new(pages: &mut dyn Pages) -> Result<Self, HeapError> {
        Ok(Self {
            heaps: Heaps::new(pages)?,
            regions: Regions::default(),
            files: crate::stdio::Files::default(),
            command_line: 0,
            answer: None,
            entropy: 0,
        })
    }
}

/// What this crate knows of a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ThreadState {
    /// What `rand` goes on from.
    pub(crate) random: crate::arithmetic::Random,
    /// Where `strtok` goes on.
    pub(crate) narrow_token: u32,
    /// Where `wcstok` goes on.
    pub(crate) wide_token: u32,
    /// What `_controlfp` was told on a processor without a coprocessor.
    pub(crate) float_control: crate::float::Control,
    /// Where `_ecvt` and `_fcvt` put their digits, or 0 before they were called.
    pub(crate) digits: u32,
}

/// All that a call may touch.
pub struct Cx<'a> {
    /// The process's memory.
    pub memory: &'a mut dyn Pages,
    /// The process.
    pub process: &'a mut ProcessState,
    /// The thread.
    pub thread: &'a mut ThreadState,
    /// The call's arguments.
    pub arguments: &'a mut ArgumentList,
    /// Where text goes.
    pub output: &'a mut dyn Output,
    /// The error that the caller's last error becomes, if any.
    pub last_error: Option<u32>,
}

/// Why a call did not return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// An access violation.
    Fault(Fault),
    /// The exception of an integer division by zero.
    DivideByZero,
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Stop::Fault(fault)
    }
}

impl From<DivideByZero> for Stop {
    fn from(_: DivideByZero) -> Self {
        Stop::DivideByZero
    }
}

/// What a function returns, to be put where the convention says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// Nothing: the registers stay.
    Nothing,
    /// A word: eax, r0.
    Word(u32),
    /// 64 bits: edx:eax, r1:r0.
    Long(u64),
    /// A `float`: on top of x86's coprocessor stack, in r0, or in s0 of version 7.
    Single(f32),
    /// A `double`: on top of x86's coprocessor stack, in r1:r0, or in d0 of version 7.
    Double(f64),
    /// ARM's division: the quotient in r0, the remainder in r1.
    Division(Division),
    /// A division of 64 bits with both results: r1:r0 and r3:r2; on x86 edx:eax and ebx:ecx.
    LongDivision {
        /// The quotient.
        quotient: u64,
        /// The remainder.
        remainder: u64,
    },
}

/// What a call has come to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answer {
    /// What it returns.
    pub value: Value,
    /// How many bytes of arguments it takes off the stack of x86; none but for a compiler's helpers. Of those
    /// that make room on the stack it is negative, and wraps.
    pub pops: u32,
}

/// A parameter type: how an argument is taken.
pub(crate) trait Argument: Sized {
    fn take(cx: &mut Cx<'_>) -> Result<Self, Stop>;
}

impl Argument for u32 {
    #[inline]
    fn take(cx: &mut Cx<'_>) -> Result<Self, Stop> {
        Ok(cx.arguments.next_u32(cx.memory)?)
    }
}

impl Argument for i32 {
    fn take(cx: &mut Cx<'_>) -> Result<Self, Stop> {
        Ok(cx.arguments.next_u32(cx.memory)? as i32)
    }
}

impl Argument for u64 {
    fn take(cx: &mut Cx<'_>) -> Result<Self, Stop> {
        Ok(cx.arguments.next_u64(cx.memory)?)
    }
}

impl Argument for f64 {
    fn take(cx: &mut Cx<'_>) -> Result<Self, Stop> {
        Ok(cx.arguments.next_f64(cx.memory)?)
    }
}

impl Argument for f32 {
    fn take(cx: &mut Cx<'_>) -> Result<Self, Stop> {
        Ok(cx.arguments.next_f32(cx.memory)?)
    }
}

/// The variable arguments: the body goes on taking them.
pub(crate) struct Rest;

impl Argument for Rest {
    fn take(cx: &mut Cx<'_>) -> Result<Self, Stop> {
        cx.arguments.variable = true;
        Ok(Rest)
    }
}

/// A `va_list`.
pub(crate) struct VaList(ArgumentList);

impl VaList {
    /// The arguments it points to.
    pub fn list(&self) -> ArgumentList {
        self.0
    }
}

impl Argument for VaList {
    fn take(cx: &mut Cx<'_>) -> Result<Self, Stop> {
        let address = cx.arguments.next_u32(cx.memory)?;
        Ok(VaList(ArgumentList::va_list(cx.arguments.convention, address)))
    }
}

/// The pair edx:eax as an argument.
pub(crate) struct EdxEax(pub u64);

impl Argument for EdxEax {
    fn take(cx: &mut Cx<'_>) -> Result<Self, Stop> {
        Ok(EdxEax(cx.arguments.x86.edx_eax))
    }
}

/// The register cl as an argument.
pub(crate) struct Cl(pub u32);

impl Argument for Cl {
    fn take(cx: &mut Cx<'_>) -> Result<Self, Stop> {
        Ok(Cl(cx.arguments.x86.ecx & 0xFF))
    }
}

/// Where a structure goes that the function returns: on ARM the caller says so in front of the other
/// arguments, on x86 a structure of 8 bytes is returned in edx:eax.
pub(crate) struct ResultPlace(Option<u32>);

impl Argument for ResultPlace {
    fn take(cx: &mut Cx<'_>) -> Result<Self, Stop> {
        if cx.arguments.is_x86() {
            return Ok(ResultPlace(None));
        }
        Ok(ResultPlace(Some(cx.arguments.next_u32(cx.memory)?)))
    }
}

/// A structure of two words that a function returns, in memory or in registers.
pub(crate) enum Pair {
    /// It is in registers.
    Registers(u64),
    /// It was stored at this address.
    Stored(u32),
}

impl Pair {
    /// Stores two words where the caller wants them.
    pub fn new(cx: &mut Cx<'_>, place: ResultPlace, words: [u32; 2]) -> Result<Self, Fault> {
        let long = u64::from(words[0]) | u64::from(words[1]) << 32;
        match place.0 {
            None => Ok(Pair::Registers(long)),
            Some(address) => cx.memory.write(address, &long.to_le_bytes()).map(|()| Pair::Stored(address)),
        }
    }
}

impl Return for Pair {
    fn step(self) -> Step {
        let value = match self {
            Pair::Registers(long) => Value::Long(long),
            Pair::Stored(address) => Value::Word(address),
        };
        Step::Return(Answer { value, pops: 0 })
    }
}

/// Room that was made on the stack, so many bytes of it.
pub(crate) struct Room(pub u32);

impl Return for Room {
    fn step(self) -> Step {
        Step::Return(Answer { value: Value::Nothing, pops: self.0.wrapping_neg() })
    }
}

/// The top of the coprocessor's stack as an argument, which the function takes away.
pub(crate) struct Top(pub f64);

impl Argument for Top {
    fn take(cx: &mut Cx<'_>) -> Result<Self, Stop> {
        cx.arguments.coprocessor_taken = 1;
        Ok(Top(cx.arguments.x86.st[0]))
    }
}

/// The two topmost values of the coprocessor's stack, the upper one first, which the function takes away.
pub(crate) struct TopTwo(pub f64, pub f64);

impl Argument for TopTwo {
    fn take(cx: &mut Cx<'_>) -> Result<Self, Stop> {
        cx.arguments.coprocessor_taken = 2;
        let [upper, lower] = cx.arguments.x86.st;
        Ok(TopTwo(upper, lower))
    }
}

/// A return type.
pub(crate) trait Return {
    fn step(self) -> Step;
}

impl Return for Step {
    fn step(self) -> Step {
        self
    }
}

/// A result whose function takes its sixteen bytes of arguments off the stack.
pub(crate) struct Popping<T>(pub T);

impl<T: Return> Return for Popping<T> {
    fn step(self) -> Step {
        match self.0.step() {
            Step::Return(answer) => Step::Return(Answer { pops: 16, ..answer }),
            pause => pause,
        }
    }
}

macro_rules! returns {
    ($($type:ty, $value:ident => $made:expr;)*) => { $(
        impl Return for $type {
            #[inline]
            fn step(self) -> Step {
                let $value = self;
                Step::Return(Answer { value: $made, pops: 0 })
            }
        }
    )* };
}

returns! {
    (), _nothing => Value::Nothing;
    u32, word => Value::Word(word);
    i32, word => Value::Word(word as u32);
    bool, holds => Value::Word(u32::from(holds));
    u64, long => Value::Long(long);
    f32, single => Value::Single(single);
    f64, double => Value::Double(double);
    Division, both => Value::Division(both);
}

/// A quotient and a remainder of 64 bits.
pub(crate) struct LongDivision {
    pub quotient: u64,
    pub remainder: u64,
}

impl Return for LongDivision {
    fn step(self) -> Step {
        let value = Value::LongDivision { quotient: self.quotient, remainder: self.remainder };
        Step::Return(Answer { value, pops: 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::testing::{BASE, TestMemory};

    fn memory() -> TestMemory {
        let mut memory = TestMemory::new(1);
        (0..16).for_each(|i| memory.write_u32(BASE + 4 * i, 100 + i).unwrap());
        memory
    }

    #[test]
    fn old_arm_splits_a_long_between_register_and_stack() {
        let memory = memory();
        let mut list = ArgumentList::arm([1, 2, 3, 4], BASE);
        for expected in 1..=3 {
            assert_eq!(list.next_u32(&memory), Ok(expected));
        }
        assert_eq!(list.next_u64(&memory), Ok(100 << 32 | 4));
        assert_eq!(list.next_u32(&memory), Ok(101));
        assert_eq!(list.next_f64(&memory).map(f64::to_bits), Ok(103 << 32 | 102));
    }

    #[test]
    fn version_7_aligns_longs_and_has_registers_for_floats() {
        let memory = memory();
        let floats = std::array::from_fn(|i| i as u32);
        let mut list = ArgumentList::arm_v7([1, 2, 3, 4], BASE, floats);
        assert_eq!(list.next_u32(&memory), Ok(1));
        assert_eq!(list.next_u64(&memory), Ok(4 << 32 | 3));
        assert_eq!(list.next_f32(&memory).map(f32::to_bits), Ok(0));
        assert_eq!(list.next_f64(&memory).map(f64::to_bits), Ok(3 << 32 | 2));
        assert_eq!(list.next_u32(&memory), Ok(100));
        assert_eq!(list.next_u64(&memory), Ok(103 << 32 | 102));
        let mut list = ArgumentList::va_list(Convention::ArmV7, BASE + 4);
        assert_eq!(
            list.next_f64(&memory).map(f64::to_bits),
            Ok(103 << 32 | 102),
            "a va_list is aligned by address"
        );
    }

    #[test]
    fn x86_has_everything_on_the_stack() {
        let memory = memory();
        let mut list = ArgumentList::x86(BASE, X86Registers::default());
        assert_eq!(list.next_u32(&memory), Ok(100));
        assert_eq!(list.next_u64(&memory), Ok(102 << 32 | 101));
        let mut nowhere = ArgumentList::x86(0, X86Registers::default());
        assert!(nowhere.next_u32(&memory).is_err());
    }
}

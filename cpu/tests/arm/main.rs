//! The ARM interpreter, by what a program can see. Expected values are the architecture's, worked out by
//! hand.

mod code;
mod control;
mod data;
mod exact;
mod hostile;
mod transfers;

use cerium_cpu::arm::{Context, Interpreter, Status};
use cerium_cpu::{Cpu, Exit};
use cerium_memory::{AddressSpace, PAGE_SIZE, Protection};

/// Two pages of code that may not be written.
pub const CODE: u32 = 0x1_0000;
/// A page of data; nothing is mapped on either side.
pub const DATA: u32 = 0x2_0000;

/// A processor with its memory and one thread.
pub struct Machine {
    /// The processor.
    pub cpu: Interpreter,
    /// Its memory.
    pub memory: AddressSpace,
    /// The thread.
    pub context: Context,
}

impl Machine {
    fn new(code: &[u8], status: Status) -> Machine {
        let mut memory = AddressSpace::new(1 << 20).unwrap();
        memory.map(CODE, 2 * PAGE_SIZE, Protection::READ | Protection::EXECUTE).unwrap();
        memory.map(DATA, PAGE_SIZE, Protection::READ | Protection::WRITE).unwrap();
        memory.poke(CODE, code).unwrap();
        let mut context = Context { status, ..Context::default() };
        context.registers[15] = CODE;
        Machine { cpu: Interpreter::new(), memory, context }
    }

    /// About to run these A32 instructions.
    pub fn arm(code: &[u32]) -> Machine {
        let bytes: Vec<u8> = code.iter().flat_map(|word| word.to_le_bytes()).collect();
        Machine::new(&bytes, Status::empty())
    }

    /// About to run these T16 instructions.
    pub fn thumb(code: &[u16]) -> Machine {
        let bytes: Vec<u8> = code.iter().flat_map(|half| half.to_le_bytes()).collect();
        Machine::new(&bytes, Status::T)
    }

    /// With these values in the registers from r0 on.
    pub fn with(mut self, registers: &[u32]) -> Machine {
        self.context.registers[..registers.len()].copy_from_slice(registers);
        self
    }

    /// With these words at the start of the data.
    pub fn with_data(mut self, words: &[u32]) -> Machine {
        for (offset, word) in (0..).step_by(4).zip(words) {
            self.memory.write_u32(DATA + offset, *word).unwrap();
        }
        self
    }

    /// Runs; says why it stopped and what is left.
    pub fn run(&mut self, budget: u64) -> (Exit, u64) {
        let mut left = budget;
        let exit = self.cpu.run(&mut self.context, &mut self.memory, &mut left);
        (exit, left)
    }

    /// Runs instructions that do nothing unusual.
    pub fn steps(&mut self, count: u64) {
        assert_eq!(self.run(count), (Exit::Budget, 0), "{}", self.context);
    }

    /// A register.
    pub fn r(&self, number: usize) -> u32 {
        self.context.registers[number]
    }

    /// A word of data.
    pub fn data(&self, offset: u32) -> u32 {
        self.memory.read_u32(DATA + offset).unwrap()
    }
}

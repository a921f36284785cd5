//! Runs cases for `cpu/oracle/x86_oracle.py` and `x86_fpu.py`: records on stdin, results on stdout, both of
//! fixed size.

use std::io::{self, Read, Write};

use cerium_cpu::x86::{Context, Fpu, Interpreter};
use cerium_cpu::{Cpu, Exit};
use cerium_memory::{AddressSpace, Protection};

const RECORD: usize = 256;
const CODE: u32 = 0x0040_0000;
const CODE_BYTES: u32 = 0x0040_0000;
const DATA: u32 = 0x0002_0000;
const READ_ONLY: u32 = 0x0003_0000;
const OPERAND: u32 = DATA + 0x800;
/// Where FRSTOR and FNSAVE exchange the FPU's state with us.
const EXCHANGE: u32 = 0xE000_0000;
const PAGE: usize = 4096;

/// The data page's contents, as the script makes them.
fn fill(seed: u32, page: &mut [u8; PAGE]) {
    let mut state = seed | 1;
    for word in page.chunks_exact_mut(4) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        word.copy_from_slice(&state.to_le_bytes());
    }
}

fn crc32(bytes: &[u8], table: &[u32; 256]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| crc >> 8 ^ table[usize::from(crc as u8 ^ byte)])
}

fn crc_table() -> [u32; 256] {
    std::array::from_fn(|index| {
        (0..8).fold(index as u32, |crc, _| crc >> 1 ^ if crc & 1 != 0 { 0xEDB8_8320 } else { 0 })
    })
}

fn kind(exit: Exit) -> u32 {
    match exit {
        Exit::Budget => 0,
        Exit::Hypercall(_) => 1,
        Exit::Fault { .. } => 2,
        Exit::Undefined { .. } => 3,
        Exit::Breakpoint { .. } => 4,
        Exit::Svc { .. } => 5,
        Exit::DivideError { .. } => 6,
        Exit::FpTrap { .. } => 7,
    }
}

/// Runs one instruction of ours, to load or save the FPU.
fn exchange(cpu: &mut Interpreter, fpu: &mut Fpu, memory: &mut AddressSpace, offset: u32) {
    let mut context =
        Context { eip: EXCHANGE + PAGE as u32 + offset, fpu: fpu.clone(), ..Context::default() };
    let exit = cpu.run(&mut context, memory, &mut 1);
    assert!(exit == Exit::Budget, "the exchange cannot fail");
    *fpu = context.fpu;
}

struct Runner {
    cpu: Interpreter,
    memory: AddressSpace,
    table: [u32; 256],
    page: [u8; PAGE],
}

impl Runner {
    fn new() -> Runner {
        let mut memory = AddressSpace::new(1 << 26).expect("an empty space");
        let all = Protection::READ | Protection::WRITE;
        let code = Protection::READ | Protection::EXECUTE;
        let page = PAGE as u32;
        memory.map(CODE, CODE_BYTES, code).expect("code");
        memory.map(DATA, page, all).expect("data");
        memory.map(READ_ONLY, page, Protection::READ).expect("read-only data");
        memory.map(EXCHANGE, page, all).expect("exchange");
        memory.map(EXCHANGE + page, page, code).expect("exchange code");
        // FRSTOR and FNSAVE of the exchange page.
        memory.poke(EXCHANGE + page, &[0xDD, 0x25, 0, 0, 0, 0xE0]).expect("mapped");
        memory.poke(EXCHANGE + page + 16, &[0xDD, 0x35, 0, 0, 0, 0xE0]).expect("mapped");
        Runner { cpu: Interpreter::new(), memory, table: crc_table(), page: [0; PAGE] }
    }

    fn run(&mut self, record: &[u8; RECORD]) -> Vec<u8> {
        let word = |at: usize| u32::from_le_bytes(record[at..at + 4].try_into().expect("four bytes"));
        let (steps, len, seed, pc) = (word(36), word(40) as usize, word(44), word(48));
        let (code, operand, image) = (&record[56..56 + len], &record[112..144], &record[144..252]);
        fill(seed, &mut self.page);
        self.memory.poke(READ_ONLY, &self.page).expect("mapped");
        self.page[0x800..0x820].copy_from_slice(operand);
        self.memory.poke(DATA, &self.page).expect("mapped");
        self.memory.poke(pc, code).expect("mapped");
        self.memory.poke(EXCHANGE, image).expect("mapped");
        let mut context = Context { eip: pc, eflags: word(32), fs_base: word(52), ..Context::default() };
        for (number, register) in context.registers.iter_mut().enumerate() {
            *register = word(number * 4);
        }
        exchange(&mut self.cpu, &mut context.fpu, &mut self.memory, 0);
        let mut budget = u64::from(steps);
        let exit = self.cpu.run(&mut context, &mut self.memory, &mut budget);
        self.result(&context, exit, budget)
    }

    fn result(&mut self, context: &Context, exit: Exit, budget: u64) -> Vec<u8> {
        let mut result = Vec::with_capacity(256);
        for register in context.registers {
            result.extend(register.to_le_bytes());
        }
        self.memory.peek(DATA, &mut self.page).expect("mapped");
        let words = [context.eip, context.eflags, kind(exit), budget as u32, crc32(&self.page, &self.table)];
        result.extend(words.iter().flat_map(|word| word.to_le_bytes()));
        self.memory.peek(OPERAND, &mut self.page[..32]).expect("mapped");
        result.extend(&self.page[..32]);
        exchange(&mut self.cpu, &mut context.fpu.clone(), &mut self.memory, 16);
        self.memory.peek(EXCHANGE, &mut self.page[..108]).expect("mapped");
        result.extend(&self.page[..108]);
        result
    }
}

fn main() -> io::Result<()> {
    let mut runner = Runner::new();
    let (mut input, mut output) = (io::stdin().lock(), io::BufWriter::new(io::stdout().lock()));
    let mut record = [0; RECORD];
    loop {
        match input.read_exact(&mut record) {
            Ok(()) => output.write_all(&runner.run(&record))?,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return output.flush(),
            Err(error) => return Err(error),
        }
    }
}

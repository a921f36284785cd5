//! Runs test cases for `cpu/oracle/compare.py`: binary cases on standard input, binary results on standard
//! output.
//!
//! A case is little-endian words: pc, CPSR (with T), budget, r0 to r14, then 32 bytes of code to be put at
//! pc. A result is: how it ended, what is left of the budget, r0 to r15, CPSR, CRC-32 of the data pages.
#![allow(unused_crate_dependencies, reason = "an example sees its package's dependencies")]

use std::io::{self, Read, Write};

use cerium_cpu::arm::{Context, Interpreter, Status};
use cerium_cpu::{Cpu, Exit};
use cerium_memory::{AddressSpace, FaultKind, Protection};

const CODE: u32 = 0x10000;
const CODE_BYTES: u32 = 0x10000;
const DATA: u32 = 0x3_0000;
const DATA_BYTES: usize = 0x2000;
const CASE_WORDS: usize = 3 + 15;

fn main() -> io::Result<()> {
    let mut memory = AddressSpace::new(1 << 20).map_err(io::Error::other)?;
    memory.map(CODE, CODE_BYTES, Protection::READ | Protection::EXECUTE).map_err(io::Error::other)?;
    memory.map(DATA, DATA_BYTES as u32, Protection::READ | Protection::WRITE).map_err(io::Error::other)?;
    let fresh_code: Vec<u8> = (0..CODE_BYTES).map(|at| (at.wrapping_mul(0x9E37_79B1) >> 24) as u8).collect();
    memory.poke(CODE, &fresh_code).map_err(io::Error::other)?;
    let fresh = &fresh_code[..DATA_BYTES];
    let mut data = fresh.to_vec();
    let mut cpu = Interpreter::new();
    let (mut input, mut output) = (io::stdin().lock(), io::BufWriter::new(io::stdout().lock()));
    let mut case = [0; CASE_WORDS * 4 + 32];
    while input.read_exact(&mut case).is_ok() {
        let words: Vec<u32> = case[..CASE_WORDS * 4].chunks(4).map(word).collect();
        let mut context = Context::default();
        context.registers[..15].copy_from_slice(&words[3..]);
        context.registers[15] = words[0];
        context.status = Status::from_bits_truncate(words[1]);
        memory.poke(words[0], &case[CASE_WORDS * 4..]).map_err(io::Error::other)?;
        memory.poke(DATA, fresh).map_err(io::Error::other)?;

        let mut budget = u64::from(words[2]);
        let exit = cpu.run(&mut context, &mut memory, &mut budget);

        let at = (words[0] - CODE) as usize;
        memory.poke(words[0], &fresh_code[at..at + 32]).map_err(io::Error::other)?;
        memory.peek(DATA, &mut data).map_err(io::Error::other)?;
        let mut result = vec![kind(exit), budget as u32];
        result.extend(context.registers);
        result.extend([context.cpsr(), crc32(&data)]);
        for word in result {
            output.write_all(&word.to_le_bytes())?;
        }
    }
    output.flush()
}

fn word(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |word, byte| word << 8 | u32::from(*byte))
}

fn kind(exit: Exit) -> u32 {
    match exit {
        Exit::Budget | Exit::Hypercall(_) => 0,
        Exit::Fault { fault, .. } if fault.kind == FaultKind::Misaligned => 2,
        Exit::Fault { .. } => 1,
        Exit::Undefined { .. } => 3,
        Exit::Breakpoint { .. } => 4,
        Exit::Svc { .. } => 5,
        Exit::DivideError { .. } | Exit::FpTrap { .. } => 6,
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut index = 0;
        while index < 256 {
            let mut value = index as u32;
            let mut bit = 0;
            while bit < 8 {
                value = (value >> 1) ^ if value & 1 != 0 { 0xEDB8_8320 } else { 0 };
                bit += 1;
            }
            table[index] = value;
            index += 1;
        }
        table
    };
    !bytes.iter().fold(!0, |crc, byte| (crc >> 8) ^ TABLE[((crc ^ u32::from(*byte)) & 0xFF) as usize])
}

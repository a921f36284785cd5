//! Runs a flat x86 image and tells how many instructions it took; for measuring under callgrind.
//!
//! `x86_measure IMAGE ENTRY ARG0 ARG1 [SLICE]`: the image lies at 0x10000;
//! the program is a C function; it may call its third argument (a hypercall that returns its argument plus
//! one) and returns a checksum.

use std::io;

use cerium_cpu::x86::{Context, Interpreter, register};
use cerium_cpu::{Cpu, Exit, HYPERCALL_BASE};
use cerium_memory::{AddressSpace, PAGE_SIZE, Protection};

const IMAGE: u32 = 0x10000;
const STACK: u32 = 0x0200_0000;
const FINISHED: u32 = HYPERCALL_BASE;
const INCREMENT: u32 = HYPERCALL_BASE + 16;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [path, numbers @ ..] = &arguments[..] else { return Err(io::Error::other("which image?")) };
    let number = |index: usize| -> u64 {
        let text = numbers.get(index).map_or("0", String::as_str);
        let hexadecimal = text.strip_prefix("0x").map(|digits| u64::from_str_radix(digits, 16));
        hexadecimal.unwrap_or_else(|| text.parse()).unwrap_or(0)
    };
    let image = std::fs::read(path)?;
    let mut memory = AddressSpace::new(1 << 26).map_err(io::Error::other)?;
    let size = (image.len() as u32 + 0x10_0000).next_multiple_of(PAGE_SIZE);
    memory.map(IMAGE, size, Protection::all()).map_err(io::Error::other)?;
    memory.poke(IMAGE, &image).map_err(io::Error::other)?;
    memory.map(STACK - 0x10000, 0x10000, Protection::READ | Protection::WRITE).map_err(io::Error::other)?;

    let mut context = Context::default();
    // The stack: the return address and three arguments.
    let top = STACK - 32;
    for (place, word) in [FINISHED, number(1) as u32, number(2) as u32, INCREMENT].into_iter().enumerate() {
        memory.poke(top + 4 * place as u32, &word.to_le_bytes()).map_err(io::Error::other)?;
    }
    context.registers[register::ESP] = top;
    context.eip = number(0) as u32;
    let slice = if number(3) == 0 { u64::MAX } else { number(3) };
    let (mut cpu, mut instructions) = (Interpreter::new(), 0);
    let exit = loop {
        let mut budget = slice;
        let exit = cpu.run(&mut context, &mut memory, &mut budget);
        instructions += slice - budget;
        match exit {
            Exit::Budget => {}
            Exit::Hypercall(INCREMENT) => {
                let mut words = [0; 8];
                let top = context.registers[register::ESP];
                memory.peek(top, &mut words).map_err(io::Error::other)?;
                let word =
                    |at: usize| u32::from_le_bytes([words[at], words[at + 1], words[at + 2], words[at + 3]]);
                context.registers[register::EAX] = word(4).wrapping_add(1);
                context.registers[register::ESP] = top.wrapping_add(4);
                context.eip = word(0);
            }
            exit => break exit,
        }
    };
    println!("{exit}; eax {:08X}; {instructions} instructions", context.registers[register::EAX]);
    Ok(())
}

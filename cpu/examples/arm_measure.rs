//! Runs a flat ARM image and tells how many instructions it took; for measuring under callgrind.
//!
//! `arm_measure IMAGE ENTRY ARG0 ARG1 [SLICE]`: the image lies at 0x10000; bit 0 of the entry selects Thumb;
//! the program calls its third argument as a function (a hypercall that returns its argument plus one) and
//! returns a checksum.

use std::io;

use cerium_cpu::arm::{Context, Interpreter};
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
    context.registers[..3].copy_from_slice(&[number(1) as u32, number(2) as u32, INCREMENT]);
    context.registers[13] = STACK;
    context.registers[14] = FINISHED;
    context.go_to(number(0) as u32);
    let slice = if number(3) == 0 { u64::MAX } else { number(3) };
    let (mut cpu, mut instructions) = (Interpreter::new(), 0);
    let exit = loop {
        let mut budget = slice;
        let exit = cpu.run(&mut context, &mut memory, &mut budget);
        instructions += slice - budget;
        match exit {
            Exit::Budget => {}
            Exit::Hypercall(INCREMENT) => {
                context.registers[0] = context.registers[0].wrapping_add(1);
                context.go_to(context.lr());
            }
            exit => break exit,
        }
    };
    println!("{exit}; r0 {:08X}; {instructions} instructions", context.registers[0]);
    Ok(())
}

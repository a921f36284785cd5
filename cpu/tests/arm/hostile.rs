//! Whatever the guest is made of, nothing panics, and every way of slicing agrees.

use cerium_cpu::Cpu;
use cerium_cpu::arm::Status;
use cerium_memory::{PAGE_SIZE, Protection};

use crate::{CODE, DATA, Machine};

/// A small generator; the seed is the test's.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as u32
    }
}

/// Random code, half of it unconditional, with pages that can be written and executed, at both ends of the
/// space too.
fn random_machine(seed: u64) -> Machine {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let thumb = random.next() & 1 != 0;
    let code: Vec<u32> = (0..2048)
        .map(|_| match (thumb, random.next() & 1) {
            (false, 0) => random.next() & 0x0FFF_FFFF | 0xE000_0000,
            _ => random.next(),
        })
        .collect();
    let mut machine = Machine::arm(&code);
    machine.memory.protect(CODE, 2 * PAGE_SIZE, Protection::all()).unwrap();
    for page in [0, 0xFFFF_F000] {
        machine.memory.map(page, PAGE_SIZE, Protection::all()).unwrap();
    }
    for register in 0..15 {
        let near = [CODE, DATA, DATA + 0x800, 0, 0xFFFF_FFF0, random.next()][random.next() as usize % 6];
        machine.context.registers[register] = near.wrapping_add(random.next() & 0xFC);
    }
    machine.context.status.set(Status::T, thumb);
    machine
}

#[test]
fn random_code_runs_alike_in_one_piece_and_step_by_step() {
    for seed in 1..400 {
        let (mut whole, mut single) = (random_machine(seed), random_machine(seed));
        for round in 0..20 {
            let (exit, left) = whole.run(40);
            let mut single_left = 40;
            let single_exit = loop {
                let mut one = u64::from(single_left > 0);
                let had = one;
                let exit = single.cpu.run(&mut single.context, &mut single.memory, &mut one);
                single_left -= had - one;
                if exit != cerium_cpu::Exit::Budget || single_left == 0 {
                    break exit;
                }
            };
            // An exit that costs nothing may be met with nothing left; the whole run says `Budget` first
            // there, too.
            assert_eq!((exit, left), (single_exit, single_left), "seed {seed}, round {round}");
            assert_eq!(whole.context, single.context, "seed {seed}, round {round}");
            let next =
                whole.context.pc().wrapping_add(if whole.context.status.contains(Status::T) { 2 } else { 4 });
            let target =
                if next < 0x1000 || (CODE..DATA).contains(&next) { next } else { CODE + (next & 0xFFC) };
            (whole.context.registers[15], single.context.registers[15]) = (target, target);
        }
    }
}

#[test]
fn every_thumb_encoding_and_many_arm_ones_do_something() {
    let mut machine = random_machine(77);
    let start = machine.context.clone();
    let mut random = Random(78);
    for number in 0..=0x3_FFFF {
        let (mode, code) = if number <= 0xFFFF { (1, number) } else { (0, random.next()) };
        machine.context = start.clone();
        machine.context.go_to(CODE | mode);
        machine.memory.poke(CODE, &code.to_le_bytes()).unwrap();
        let (_, left) = machine.run(1);
        assert!(left <= 1, "{code:08X}");
    }
}

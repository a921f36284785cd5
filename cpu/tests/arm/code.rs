//! Code that changes: by its own stores, by the loader, through another mapping, by order.

use cerium_cpu::{Cpu, Exit};
use cerium_memory::{PAGE_SIZE, Protection, Section};

use crate::{CODE, Machine};

const MOV_R1_2: u32 = 0xE3A0_1002;
const STR_R2_R0: u32 = 0xE580_2000;
const MOV_R3: u32 = 0xE3A0_3000;

fn writable(code: &[u32]) -> Machine {
    let mut machine = Machine::arm(code);
    machine.memory.protect(CODE, 2 * PAGE_SIZE, Protection::all()).unwrap();
    machine
}

#[test]
fn the_next_instruction_can_be_rewritten() {
    for budget in [3, 1] {
        // str r2, [r0]; mov r3, #1, which becomes mov r3, #9; mov r1, #2
        let mut machine = writable(&[STR_R2_R0, MOV_R3 | 1, MOV_R1_2]).with(&[CODE + 4, 0, MOV_R3 | 9]);
        for _ in 0..3 / budget {
            machine.steps(budget);
        }
        assert_eq!((machine.r(3), machine.r(1), machine.r(15)), (9, 2, CODE + 12));
    }
}

#[test]
fn a_loop_that_rewrites_itself_runs_what_it_wrote() {
    let mut machine = writable(&[
        MOV_R3,      // loop: mov r3, #counter
        0xE084_4003, // add r4, r4, r3
        0xE282_2001, // add r2, r2, #1
        STR_R2_R0,   // str r2, [r0]
        0xEAFF_FFFA, // b loop
    ])
    .with(&[CODE, 0, MOV_R3]);
    machine.steps(5 * 10);
    assert_eq!((machine.r(4), machine.r(3)), (45, 9));
}

#[test]
fn a_store_of_several_words_rewrites_too() {
    // stmia r0!, {r1, r2}; then what it wrote
    let mut machine = writable(&[0xE8A0_0006, 0, 0]).with(&[CODE + 4, MOV_R3 | 5, 0xE3A0_4006]);
    machine.steps(3);
    assert_eq!((machine.r(3), machine.r(4), machine.r(0)), (5, 6, CODE + 12));
}

#[test]
fn what_the_loader_writes_or_forbids_is_seen() {
    let mut machine = Machine::arm(&[MOV_R3 | 1, 0xEAFF_FFFD]);
    machine.steps(4);
    machine.memory.poke(CODE, &(MOV_R3 | 8).to_le_bytes()).unwrap();
    machine.steps(2);
    assert_eq!(machine.r(3), 8);
    machine.memory.protect(CODE, PAGE_SIZE, Protection::READ).unwrap();
    assert!(matches!(machine.run(5), (Exit::Fault { pc: CODE, .. }, 5)));
    machine.memory.unmap(CODE, PAGE_SIZE).unwrap();
    machine.memory.map(CODE, PAGE_SIZE, Protection::all()).unwrap();
    machine.steps(1);
    assert_eq!(machine.r(15), CODE + 4, "zero is andeq r0, r0, r0");
}

#[test]
fn code_in_a_section_changes_through_any_view() {
    let section = Section::new(PAGE_SIZE).unwrap();
    section.write(0, &(MOV_R3 | 1).to_le_bytes()).unwrap();
    section.write(4, &0xEAFF_FFFD_u32.to_le_bytes()).unwrap();
    let mut machine = Machine::arm(&[]);
    machine
        .memory
        .map_section(0x8_0000, &section, 0, PAGE_SIZE, Protection::READ | Protection::EXECUTE)
        .unwrap();
    machine.context.registers[15] = 0x8_0000;
    machine.steps(4);
    section.write(0, &[2]).unwrap();
    machine.steps(2);
    assert_eq!(machine.r(3), 2);

    let mut other = Machine::arm(&[STR_R2_R0]).with(&[0x9_0000, 0, MOV_R3 | 3]);
    other.memory.map_section(0x9_0000, &section, 0, PAGE_SIZE, Protection::READ | Protection::WRITE).unwrap();
    other.steps(1);
    machine.steps(2);
    assert_eq!(machine.r(3), 3);
}

#[test]
fn invalidating_forgets_and_nothing_else_happens() {
    let mut machine = Machine::arm(&[MOV_R3 | 1, 0xEAFF_FFFD]);
    machine.steps(3);
    machine.cpu.invalidate(CODE..CODE + 4);
    machine.cpu.invalidate(0..u32::MAX);
    machine.steps(3);
    assert_eq!((machine.r(3), machine.r(15)), (1, CODE));
}

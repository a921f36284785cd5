//! Budgets to the instruction, and faults that leave nothing behind.

use cerium_cpu::Exit;
use cerium_memory::{Access, Fault, FaultKind, PAGE_SIZE, Protection};

use crate::{CODE, DATA, Machine};

/// A loop with a skipped instruction, loads, stores, a call and a return; it never ends.
fn busy() -> Machine {
    Machine::arm(&[
        0xE3A0_0802, // mov r0, #0x20000
        0xE3A0_1000, // mov r1, #0
        0xE281_1001, // loop: add r1, r1, #1
        0xE311_0001, // tst r1, #1
        0x0282_2003, // addeq r2, r2, #3
        0xE780_1101, // str r1, [r0, r1, lsl #2]
        0xE790_3101, // ldr r3, [r0, r1, lsl #2]
        0x1B00_0001, // blne function
        0xE201_10FF, // and r1, r1, #255
        0xEAFF_FFF7, // b loop
        0xE084_4003, // function: add r4, r4, r3
        0xE1A0_F00E, // mov pc, lr
    ])
}

#[test]
fn one_run_of_n_is_n_runs_of_one() {
    let mut single = busy();
    for n in 0..400 {
        let mut whole = busy();
        whole.steps(n);
        assert_eq!(whole.context, single.context, "after {n} instructions");
        single.steps(1);
    }
}

#[test]
fn slices_of_any_length_come_to_the_same() {
    let mut whole = busy();
    whole.steps(10_000);
    for slice in 1..60 {
        let mut sliced = busy();
        let mut left = 10_000;
        while left > 0 {
            let now = slice.min(left);
            sliced.steps(now);
            left -= now;
        }
        assert_eq!(sliced.context, whole.context, "in slices of {slice}");
    }
}

#[test]
fn threads_with_different_budgets_share_a_processor() {
    let mut machine = busy();
    let mut other = machine.context.clone();
    for slice in [3, 1, 7, 2, 50, 5] {
        machine.steps(slice);
        std::mem::swap(&mut machine.context, &mut other);
        machine.steps(slice);
        std::mem::swap(&mut machine.context, &mut other);
    }
    assert_eq!(machine.context.registers[15], other.registers[15]);
}

/// Runs one instruction that must fault, and checks that nothing else happened.
fn refused(machine: &mut Machine, fault: Fault) {
    let before = machine.context.clone();
    let mut bytes = vec![0; PAGE_SIZE as usize];
    machine.memory.peek(DATA, &mut bytes).unwrap();
    assert_eq!(machine.run(7), (Exit::Fault { pc: before.pc(), fault }, 7));
    assert_eq!(machine.context, before);
    let mut after = vec![0; PAGE_SIZE as usize];
    machine.memory.peek(DATA, &mut after).unwrap();
    assert!(bytes == after, "memory has changed");
}

#[test]
fn a_refused_access_changes_nothing() {
    let end = DATA + PAGE_SIZE;
    let unmapped = |address, access| Fault { address, access, kind: FaultKind::Unmapped };
    for (word, base, fault) in [
        (0xE4C0_1001, end, unmapped(end, Access::Write)),
        (0xE7B0_1102, end, unmapped(end + 8, Access::Read)),
        (0xE8B0_8006, end - 8, unmapped(end, Access::Read)),
        (0xE990_000E, end - 8, unmapped(end, Access::Read)),
        (0xE8A0_0007, end - 4, unmapped(end, Access::Write)),
        (0xE930_0003, DATA + 4, unmapped(DATA - 4, Access::Read)),
        (0xE1C0_20D8, end - 8, unmapped(end, Access::Read)),
        (0xE0C0_20F8, end, unmapped(end, Access::Write)),
        (0xE100_1092, end, unmapped(end, Access::Read)),
        (0xE590_F000, end, unmapped(end, Access::Read)),
    ] {
        let mut machine = Machine::arm(&[word]).with(&[base, 1, 2, 3]).with_data(&[9; 1024]);
        refused(&mut machine, fault);
    }
}

#[test]
fn a_misaligned_access_is_refused() {
    let misaligned = |address, access| Fault { address, access, kind: FaultKind::Misaligned };
    for (word, base, fault) in [
        (0xE580_1000, DATA + 2, misaligned(DATA + 2, Access::Write)),
        (0xE590_1000, DATA + 1, misaligned(DATA + 1, Access::Read)),
        (0xE1E0_10B2, DATA + 1, misaligned(DATA + 3, Access::Write)),
        (0xE1C0_20D8, DATA + 4, misaligned(DATA + 12, Access::Read)),
        (0xE8B0_8006, DATA + 2, misaligned(DATA + 2, Access::Read)),
        (0xE8A0_0007, DATA + 1, misaligned(DATA + 1, Access::Write)),
        (0xE100_1092, DATA + 2, misaligned(DATA + 2, Access::Read)),
    ] {
        refused(&mut Machine::arm(&[word]).with(&[base, 1, 2, 3]), fault);
    }
    let mut byte = Machine::arm(&[0xE4C0_1001]).with(&[DATA + 3, 5]);
    byte.steps(1);
    assert_eq!(byte.data(0), 5 << 24);
}

#[test]
fn a_swap_needs_both_rights() {
    let mut machine = Machine::arm(&[0xE100_1092]).with(&[DATA, 1, 2]).with_data(&[3]);
    machine.memory.protect(DATA, PAGE_SIZE, Protection::READ).unwrap();
    refused(&mut machine, Fault { address: DATA, access: Access::Write, kind: FaultKind::Protection });
}

#[test]
fn a_fault_in_the_middle_of_a_block_counts_what_came_before() {
    // add, add, str to nowhere, add
    let mut machine = Machine::arm(&[0xE282_2001, 0xE282_2001, 0xE580_1000, 0xE282_2001]);
    for budget in 3..6 {
        machine.context = Machine::arm(&[]).context;
        let fault = Fault { address: 0, access: Access::Write, kind: FaultKind::Unmapped };
        assert_eq!(machine.run(budget), (Exit::Fault { pc: CODE + 8, fault }, budget - 2));
        assert_eq!((machine.r(2), machine.r(15)), (2, CODE + 8));
    }
    machine.context = Machine::arm(&[]).context;
    machine.steps(2);
    assert_eq!(machine.r(15), CODE + 8, "the budget ends before the fault");
}

#[test]
fn a_program_goes_on_after_its_fault_is_mended() {
    let mut machine = Machine::arm(&[0xE282_2001, 0xE580_1000, 0xE282_2001]).with(&[0x9000, 77]);
    assert!(matches!(machine.run(3).0, Exit::Fault { pc, .. } if pc == CODE + 4));
    machine.memory.map(0x9000, PAGE_SIZE, Protection::READ | Protection::WRITE).unwrap();
    machine.steps(2);
    assert_eq!((machine.r(2), machine.memory.read_u32(0x9000)), (2, Ok(77)));
}

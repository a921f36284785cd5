//! Branches, the two instruction sets, and the ways out of the guest.

use cerium_cpu::arm::Status;
use cerium_cpu::{Exit, HYPERCALL_BASE};
use cerium_memory::{Access, Fault, FaultKind, PAGE_SIZE, Protection};

use crate::{CODE, DATA, Machine};

fn is_thumb(machine: &Machine) -> bool {
    machine.context.status.contains(Status::T)
}

#[test]
fn a_call_leaves_its_return_address_in_lr() {
    let mut machine = Machine::arm(&[0xEB00_003E]);
    machine.steps(1);
    assert_eq!((machine.r(15), machine.r(14)), (CODE + 0x100, CODE + 4));
}

#[test]
fn bit_zero_of_a_target_selects_the_instruction_set() {
    for (word, links) in [(0xE12F_FF11, false), (0xE12F_FF31, true)] {
        for target in [CODE + 0x20, CODE + 0x21, CODE + 0x23] {
            let mut machine = Machine::arm(&[word]).with(&[0, target]);
            machine.steps(1);
            assert_eq!((machine.r(15), is_thumb(&machine)), (target & !1, target & 1 != 0));
            assert_eq!(machine.r(14), if links { CODE + 4 } else { 0 });
        }
    }
    let mut machine = Machine::thumb(&[0x4788]).with(&[0, CODE + 0x40]);
    machine.steps(1);
    assert_eq!((machine.r(15), machine.r(14), is_thumb(&machine)), (CODE + 0x40, CODE + 3, false));
}

#[test]
fn what_is_loaded_into_pc_selects_it_too() {
    for (word, offset) in [(0xE590_F000_u32, 0), (0xE8B0_8006, 8)] {
        let mut machine = Machine::arm(&[word]).with(&[DATA]);
        machine.memory.write_u32(DATA + offset, CODE + 0x31).unwrap();
        machine.steps(1);
        assert_eq!((machine.r(15), is_thumb(&machine)), (CODE + 0x30, true), "{word:08X}");
    }
}

#[test]
fn blx_to_a_constant_changes_sides() {
    // blx +8+2 from ARM: to a halfword
    let mut machine = Machine::arm(&[0xFB00_0000]);
    machine.steps(1);
    assert_eq!((machine.r(15), machine.r(14), is_thumb(&machine)), (CODE + 10, CODE + 4, true));
    // and back: the suffix aligns its target
    let mut machine = Machine::thumb(&[0x46C0, 0xF000, 0xE802]);
    machine.steps(3);
    assert_eq!((machine.r(15), machine.r(14), is_thumb(&machine)), (CODE + 8, CODE + 7, false));
}

#[test]
fn a_thumb_call_is_two_instructions_together_or_apart() {
    for slices in [&[2][..], &[1, 1]] {
        let mut machine = Machine::thumb(&[0xF001, 0xF802]);
        for slice in slices {
            machine.steps(*slice);
        }
        assert_eq!((machine.r(15), machine.r(14)), (CODE + 4 + 0x1000 + 4, CODE + 5));
    }
    let mut machine = Machine::thumb(&[0xF802]).with(&[0; 14]);
    machine.context.registers[14] = CODE + 0x200;
    machine.steps(1);
    assert_eq!((machine.r(15), machine.r(14)), (CODE + 0x204, CODE + 3), "the second half alone");
}

#[test]
fn supervisor_calls_are_done_and_breakpoints_are_not() {
    let mut machine = Machine::arm(&[0xE3A0_1001, 0xEF00_1234]);
    assert_eq!(machine.run(10), (Exit::Svc { pc: CODE + 4, imm: 0x1234 }, 8));
    assert_eq!(machine.r(15), CODE + 8);
    let mut machine = Machine::arm(&[0xE3A0_1001, 0xE120_0077]);
    assert_eq!(machine.run(10), (Exit::Breakpoint { pc: CODE + 4 }, 9));
    assert_eq!(machine.r(15), CODE + 4);
    let mut machine = Machine::thumb(&[0xDF09, 0xBE01]);
    assert_eq!(machine.run(10), (Exit::Svc { pc: CODE, imm: 9 }, 9));
    assert_eq!(machine.run(10), (Exit::Breakpoint { pc: CODE + 2 }, 10));
}

#[test]
fn what_user_mode_does_not_have_is_undefined() {
    for word in [
        0xE7F0_00F0,
        0xEE10_1F10,
        0xED90_0A00,
        0xE1B0_F00E,
        0xE8D0_8000,
        0xE14F_0000,
        0xF57F_F05F,
        0xE8B0_0000,
        0xE1C0_10D0,
        0xE000_0F91,
        0xF101_0000,
    ] {
        let mut machine = Machine::arm(&[word]).with(&[DATA; 15]);
        let before = machine.context.clone();
        assert_eq!(machine.run(10), (Exit::Undefined { pc: CODE }, 10), "{word:08X}");
        assert_eq!(machine.context, before);
    }
    for half in [0xDE00, 0xB100, 0xBF00, 0xE801, 0xB400, 0xBA00] {
        assert_eq!(Machine::thumb(&[half]).run(10).0, Exit::Undefined { pc: CODE }, "{half:04X}");
    }
}

#[test]
fn a_branch_above_the_base_is_a_call_out() {
    for (target, called) in
        [(HYPERCALL_BASE, HYPERCALL_BASE), (0xFFFF_FFFD, 0xFFFF_FFFC), (0xF000_F7F8, 0xF000_F7F8)]
    {
        // mov r2, #2; blx r1; add r2, r2, #1
        let mut machine = Machine::arm(&[0xE3A0_2002, 0xE12F_FF31, 0xE282_2001]).with(&[0, target]);
        assert_eq!(machine.run(10), (Exit::Hypercall(called), 8));
        assert_eq!((machine.r(15), machine.r(14)), (called, CODE + 8));
        assert_eq!(
            machine.run(10),
            (Exit::Hypercall(called), 10),
            "it costs nothing, and is there until the host returns"
        );
        machine.context.go_to(machine.context.lr());
        machine.steps(1);
        assert_eq!(machine.r(2), 3);
    }
}

#[test]
fn a_call_out_is_reported_with_nothing_left() {
    let mut machine = Machine::arm(&[0xE12F_FF31]).with(&[0, HYPERCALL_BASE]);
    assert_eq!(machine.run(1), (Exit::Hypercall(HYPERCALL_BASE), 0));
    assert_eq!(machine.run(0), (Exit::Hypercall(HYPERCALL_BASE), 0));
}

#[test]
fn executable_pages_above_the_base_are_code() {
    let mut machine = Machine::arm(&[0xE12F_FF11]).with(&[0, 0xF800_0000]);
    machine.memory.map(0xF800_0000, PAGE_SIZE, Protection::READ | Protection::EXECUTE).unwrap();
    machine.memory.poke(0xF800_0000, &0xE3A0_2007_u32.to_le_bytes()).unwrap();
    machine.steps(2);
    assert_eq!(machine.r(2), 7);
    machine.memory.protect(0xF800_0000, PAGE_SIZE, Protection::READ).unwrap();
    machine.context.registers[15] = 0xF800_0000;
    assert_eq!(machine.run(5), (Exit::Hypercall(0xF800_0000), 5));
}

#[test]
fn elsewhere_a_fetch_that_finds_nothing_faults() {
    for (target, kind) in [
        (DATA, FaultKind::Protection),
        (0x5000_0000, FaultKind::Unmapped),
        (CODE + 2, FaultKind::Misaligned),
        (CODE + 2 * PAGE_SIZE, FaultKind::Unmapped),
    ] {
        let mut machine = Machine::arm(&[0xE12F_FF11]).with(&[0, target]);
        let fault = Fault { address: target, access: Access::Execute, kind };
        assert_eq!(machine.run(10), (Exit::Fault { pc: target, fault }, 9));
        assert_eq!(machine.r(15), target);
    }
}

#[test]
fn code_runs_on_into_the_next_page_and_off_the_last() {
    let mut machine = Machine::arm(&[0xE282_2001; 2 * 1024]);
    let end = CODE + 2 * PAGE_SIZE;
    let fault = Fault { address: end, access: Access::Execute, kind: FaultKind::Unmapped };
    assert_eq!(machine.run(5000), (Exit::Fault { pc: end, fault }, 5000 - 2048));
    assert_eq!(machine.r(2), 2048);
}

#[test]
fn a_context_can_be_read() {
    let mut machine = Machine::thumb(&[]).with(&[0xDEAD_BEEF]);
    machine.context.status |= Status::N | Status::Q;
    let text = machine.context.to_string();
    assert!(text.starts_with(" r0 DEADBEEF"), "{text}");
    assert!(text.ends_with("pc 00010000\n    NzcvQ Thumb"), "{text}");
    assert_eq!(machine.context.cpsr(), 0x8800_0030);
}

//! What a program can see: results, flags, exact stops, changed code. The oracles compare the rest.

use cerium_memory::{Access, AddressSpace, Fault, FaultKind, Protection};

use super::register::{EAX, EBX, ECX, EDI, EDX, ESI, ESP};
use super::{Context, Extended, Interpreter, bit, segment};
use crate::{Cpu, Exit, HYPERCALL_BASE};

const CODE: u32 = 0x1_0000;
const DATA: u32 = 0x2_0000;
const READ_ONLY: u32 = 0x2_2000;
const STACK_TOP: u32 = 0x3_1000;

/// A program with two pages of code that it may change, two pages of data, a read-only page behind them, and
/// a stack of a page.
struct Program {
    cpu: Interpreter,
    memory: AddressSpace,
    context: Context,
}

impl Program {
    fn new(code: &[u8]) -> Program {
        let mut memory = AddressSpace::new(1 << 20).unwrap();
        let data = Protection::READ | Protection::WRITE;
        memory.map(CODE, 0x2000, Protection::all()).unwrap();
        memory.map(DATA, 0x2000, data).unwrap();
        memory.map(READ_ONLY, 0x1000, Protection::READ).unwrap();
        memory.map(STACK_TOP - 0x1000, 0x1000, data).unwrap();
        memory.poke(CODE, code).unwrap();
        let mut context = Context { eip: CODE, ..Context::default() };
        context.registers[ESP] = STACK_TOP;
        Program { cpu: Interpreter::new(), memory, context }
    }

    fn run(&mut self, budget: u64) -> (Exit, u64) {
        let mut rest = budget;
        let exit = self.cpu.run(&mut self.context, &mut self.memory, &mut rest);
        (exit, rest)
    }

    /// Runs as many instructions, all of which must retire.
    fn steps(&mut self, count: u64) {
        assert_eq!(self.run(count), (Exit::Budget, 0), "{}", self.context);
    }

    fn word(&self, address: u32) -> u32 {
        let mut bytes = [0; 4];
        self.memory.peek(address, &mut bytes).unwrap();
        u32::from_le_bytes(bytes)
    }

    fn status(&self) -> u32 {
        self.context.eflags & bit::STATUS
    }
}

fn fault(address: u32, access: Access, kind: FaultKind) -> Fault {
    Fault { address, access, kind }
}

#[test]
fn addition_sets_every_flag() {
    let mut program = Program::new(&[0x01, 0xD8, 0x00, 0xD9, 0x66, 0x29, 0xD0]);
    program.context.registers[EAX] = 0x7FFF_FFFF;
    program.context.registers[EBX] = 1;
    program.context.registers[ECX] = 0x0000_01FF;
    program.context.registers[EDX] = 0x0001_0001;
    program.steps(1);
    assert_eq!(program.context.registers[EAX], 0x8000_0000);
    assert_eq!(program.status(), bit::OF | bit::SF | bit::AF | bit::PF);
    program.steps(1);
    assert_eq!(program.context.registers[ECX], 0x0000_0100, "the carry stays out of the next byte");
    assert_eq!(program.status(), bit::CF | bit::ZF | bit::AF | bit::PF);
    program.steps(1);
    assert_eq!(program.context.registers[EAX], 0x8000_FFFF, "half a register");
    assert_eq!(program.status(), bit::CF | bit::SF | bit::AF | bit::PF);
}

#[test]
fn increment_keeps_carry() {
    // STC; INC EAX; DEC EAX; DEC EAX
    let mut program = Program::new(&[0xF9, 0x40, 0x48, 0x48]);
    program.steps(2);
    assert_eq!(program.status(), bit::CF);
    program.steps(2);
    assert_eq!(program.status(), bit::CF | bit::SF | bit::AF | bit::PF);
}

#[test]
fn flags_survive_pushf_and_popf_in_any_combination() {
    // POPF; PUSHF
    let mut program = Program::new(&[0x9D, 0x9C]);
    for bits in 0..64u32 {
        let spread = [bit::CF, bit::PF, bit::AF, bit::ZF, bit::SF, bit::OF];
        let flags = spread.iter().enumerate().filter(|(at, _)| bits >> at & 1 != 0).map(|(_, flag)| flag);
        let flags = flags.sum::<u32>() | bit::FIXED | bit::IF | bit::ID;
        program.context.eip = CODE;
        program.memory.write_u32(STACK_TOP - 4, flags | 1 << 8).unwrap();
        program.context.registers[ESP] = STACK_TOP - 4;
        program.steps(2);
        assert_eq!(program.context.eflags, flags, "TF is not ours to set");
        assert_eq!(program.word(STACK_TOP - 4), flags);
    }
}

#[test]
fn division_errors_stop_at_the_instruction() {
    // DIV ECX; IDIV ECX
    for code in [[0xF7, 0xF1], [0xF7, 0xF9]] {
        let mut program = Program::new(&code);
        program.context.registers[EDX] = 0x8000_0000;
        for divisor in [0, 1, u32::MAX] {
            program.context.registers[ECX] = divisor;
            let before = program.context.clone();
            if code[1] == 0xF1 && divisor == u32::MAX {
                continue;
            }
            assert_eq!(program.run(5), (Exit::DivideError { pc: CODE }, 5));
            assert_eq!(program.context, before);
        }
    }
}

#[test]
fn a_refused_access_leaves_everything_as_it_was() {
    let below = STACK_TOP - 0x1000;
    let write = |address: u32, kind: FaultKind| fault(address, Access::Write, kind);
    let cases: &[(&[u8], u32, Fault)] = &[
        (&[0x50], below, write(below - 4, FaultKind::Unmapped)),
        (&[0xE8, 0, 0, 0, 0], below, write(below - 4, FaultKind::Unmapped)),
        (&[0x60], below + 28, write(below - 4, FaultKind::Unmapped)),
        (&[0x61], STACK_TOP - 28, fault(STACK_TOP, Access::Read, FaultKind::Unmapped)),
        (&[0xC3], STACK_TOP, fault(STACK_TOP, Access::Read, FaultKind::Unmapped)),
        // ADD [EBX], EAX and XCHG and NEG on a read-only page; a read-only page is written, not read.
        (&[0x01, 0x03], STACK_TOP, write(READ_ONLY, FaultKind::Protection)),
        (&[0x87, 0x03], STACK_TOP, write(READ_ONLY, FaultKind::Protection)),
        (&[0xF7, 0x1B], STACK_TOP, write(READ_ONLY, FaultKind::Protection)),
        // ADD [EBX-2], EAX: across the edge.
        (&[0x01, 0x43, 0xFE], STACK_TOP, write(READ_ONLY, FaultKind::Protection)),
        // An update of what is not there is a write.
        (&[0xFF, 0x00], STACK_TOP, write(5, FaultKind::Unmapped)),
        // POP [EBX]
        (&[0x8F, 0x03], STACK_TOP - 4, write(READ_ONLY, FaultKind::Protection)),
        // FSTP TBYTE [EBX-8]; FNSAVE [EBX-8]
        (&[0xDB, 0x7B, 0xF8], STACK_TOP, write(READ_ONLY, FaultKind::Protection)),
        (&[0xDD, 0x73, 0xF8], STACK_TOP, write(READ_ONLY, FaultKind::Protection)),
    ];
    for (code, top, expected) in cases {
        let mut program = Program::new(code);
        program.context.registers[EAX] = 5;
        program.context.registers[EBX] = READ_ONLY;
        program.context.registers[ESP] = *top;
        let before = program.context.clone();
        assert_eq!(program.run(3), (Exit::Fault { pc: CODE, fault: *expected }, 3), "{code:02X?}");
        assert_eq!(program.context, before, "{code:02X?}");
        assert_eq!(program.word(READ_ONLY - 4), 0, "{code:02X?}");
        assert_eq!(program.word(below), 0, "{code:02X?}");
    }
}

#[test]
fn a_repeated_instruction_counts_its_iterations_and_stops_between_them() {
    // REP MOVSD; NOP
    let mut program = Program::new(&[0xF3, 0xA5, 0x90]);
    program.context.registers[ECX] = 10;
    program.context.registers[ESI] = DATA;
    program.context.registers[EDI] = READ_ONLY - 5 * 4;
    program.steps(3);
    assert_eq!(program.context.eip, CODE);
    assert_eq!(program.context.registers[ECX], 7);
    assert_eq!(program.context.registers[ESI], DATA + 12);
    let refused = fault(READ_ONLY, Access::Write, FaultKind::Protection);
    assert_eq!(program.run(10), (Exit::Fault { pc: CODE, fault: refused }, 8));
    assert_eq!(program.context.registers[ECX], 5);
    assert_eq!(program.context.registers[EDI], READ_ONLY);
    program.context.registers[EDI] = DATA + 0x100;
    program.steps(5);
    assert_eq!(program.context.eip, CODE + 2);
    program.context.eip = CODE;
    program.steps(2);
    assert_eq!(program.context.eip, CODE + 3, "no iteration counts as one");
}

#[test]
fn calls_out_cost_nothing_and_need_no_budget() {
    // CALL EAX; JMP EBX
    let mut program = Program::new(&[0xFF, 0xD0, 0xFF, 0xE3]);
    let (first, second) = (HYPERCALL_BASE + 0x123, 0xFFFF_F9FC);
    program.context.registers[EAX] = first;
    program.context.registers[EBX] = second;
    assert_eq!(program.run(1), (Exit::Hypercall(first), 0));
    assert_eq!(program.context.eip, first);
    assert_eq!(program.word(STACK_TOP - 4), CODE + 2);
    assert_eq!(program.run(0), (Exit::Hypercall(first), 0));
    program.context.eip = CODE + 2;
    assert_eq!(program.run(9), (Exit::Hypercall(second), 8));
    program.context.eip = HYPERCALL_BASE - 1;
    let refused = fault(HYPERCALL_BASE - 1, Access::Execute, FaultKind::Unmapped);
    assert_eq!(program.run(9), (Exit::Fault { pc: HYPERCALL_BASE - 1, fault: refused }, 9));
    assert_eq!(program.run(0), (Exit::Budget, 0));
}

#[test]
fn each_trap_has_its_exit() {
    let cases: &[(&[u8], Exit, u32, u64)] = &[
        (&[0xCC], Exit::Breakpoint { pc: CODE }, 0, 0),
        (&[0xCD, 0x2E], Exit::Svc { pc: CODE, imm: 0x2E }, 2, 1),
        (&[0xCE], Exit::Svc { pc: CODE, imm: 4 }, 1, 1),
        (&[0x62, 0x03], Exit::Svc { pc: CODE, imm: 5 }, 0, 0),
        (&[0x0F, 0x0B], Exit::Undefined { pc: CODE }, 0, 0),
        (&[0x8E, 0xC8], Exit::Undefined { pc: CODE }, 0, 0),
        (&[0x8E, 0xF0], Exit::Undefined { pc: CODE }, 0, 0),
        (&[0x0F, 0x58, 0xC1], Exit::Undefined { pc: CODE }, 0, 0),
        (&[0x0F, 0x77], Exit::Undefined { pc: CODE }, 0, 0),
        (&[0xF4], Exit::Undefined { pc: CODE }, 0, 0),
        (&[0xEC], Exit::Undefined { pc: CODE }, 0, 0),
        (&[0xCB], Exit::Undefined { pc: CODE }, 0, 0),
        (&[0x66; 15], Exit::Undefined { pc: CODE }, 0, 0),
        (&[0xF0, 0x90], Exit::Undefined { pc: CODE }, 0, 0),
    ];
    for (code, exit, advance, retired) in cases {
        let mut program = Program::new(code);
        program.context.eflags |= bit::OF;
        program.context.registers[EAX] = 7;
        program.context.registers[EBX] = DATA;
        assert_eq!(program.run(9), (*exit, 9 - retired), "{code:02X?}");
        assert_eq!(program.context.eip, CODE + advance, "{code:02X?}");
    }
}

#[test]
fn an_instruction_may_end_on_the_next_page_or_not_at_all() {
    // MOV EAX, 0x11223344 across the edge of two code pages, and across the end of both.
    let code = [0xB8, 0x44, 0x33, 0x22, 0x11];
    let mut program = Program::new(&[]);
    program.memory.poke(CODE + 0xFFE, &code).unwrap();
    program.context.eip = CODE + 0xFFE;
    program.steps(1);
    assert_eq!(program.context.registers[EAX], 0x1122_3344);
    // What changes on the second page is seen.
    program.memory.write_u8(CODE + 0x1000, 0x55).unwrap();
    program.context.eip = CODE + 0xFFE;
    program.steps(1);
    assert_eq!(program.context.registers[EAX], 0x1122_5544);
    program.memory.poke(CODE + 0x1FFE, &code[..2]).unwrap();
    program.context.eip = CODE + 0x1FFE;
    let refused = fault(CODE + 0x2000, Access::Execute, FaultKind::Unmapped);
    assert_eq!(program.run(1), (Exit::Fault { pc: CODE + 0x1FFE, fault: refused }, 1));
}

#[test]
fn code_that_changes_the_next_instruction_sees_it() {
    // MOV BYTE [CODE+8], 7; MOV AL, 1 (whose operand is at 8)
    let mut program = Program::new(&[0xC6, 0x05, 8, 0, 1, 0, 7, 0xB0, 1]);
    program.steps(2);
    assert_eq!(program.context.registers[EAX], 7);
    // From outside, and by order.
    program.memory.poke(CODE + 8, &[9]).unwrap();
    program.context.eip = CODE + 7;
    program.cpu.invalidate(CODE..CODE + 9);
    program.steps(1);
    assert_eq!(program.context.registers[EAX], 9);
}

#[test]
fn fs_is_based_and_the_other_segments_are_flat() {
    // MOV EAX, FS:[0]; MOV ECX, GS:[DATA]; MOV EDX, FS:[EAX]; LEA EBX, FS:[EAX]
    let code = [0x64, 0xA1, 0, 0, 0, 0, 0x65, 0x8B, 0x0D, 0, 0, 2, 0, 0x64, 0x8B, 0x10, 0x64, 0x8D, 0x18];
    let mut program = Program::new(&code);
    program.context.fs_base = DATA + 0x100;
    program.memory.write_u32(DATA, 0x1234).unwrap();
    program.memory.write_u32(DATA + 0x100, 8).unwrap();
    program.memory.write_u32(DATA + 0x108, 0x5678).unwrap();
    program.steps(4);
    assert_eq!(program.context.registers[..4], [8, 0x1234, 0x5678, 8]);
}

/// What #GP looks like from outside.
fn general_protection(pc: u32) -> Exit {
    Exit::Fault { pc, fault: fault(u32::MAX, Access::Read, FaultKind::Unmapped) }
}

#[test]
fn segment_registers_are_read_as_selectors() {
    // MOV AX, SS; MOV EBX, CS; MOV [DATA], FS (with a 32-bit operand); PUSH DS; PUSH word GS; PUSH CS
    let code = [0x66, 0x8C, 0xD0, 0x8C, 0xCB, 0x8C, 0x25, 0, 0, 2, 0, 0x1E, 0x66, 0x0F, 0xA8, 0x0E];
    let mut program = Program::new(&code);
    program.context.registers[EAX] = 0xAAAA_AAAA;
    program.context.registers[EBX] = 0xAAAA_AAAA;
    program.memory.write_u32(DATA, 0xAAAA_AAAA).unwrap();
    program.memory.write_u32(STACK_TOP - 4, 0xAAAA_AAAA).unwrap();
    program.memory.write_u32(STACK_TOP - 12, 0xAAAA_AAAA).unwrap();
    program.steps(6);
    let (code, data, thread) = (segment::CODE, segment::DATA, segment::THREAD);
    assert_eq!(program.context.registers[EAX], 0xAAAA_0000 | u32::from(data));
    assert_eq!(program.context.registers[EBX], u32::from(code));
    assert_eq!(program.word(DATA), 0xAAAA_0000 | u32::from(thread));
    assert_eq!(program.context.registers[ESP], STACK_TOP - 10);
    assert_eq!(program.word(STACK_TOP - 4), u32::from(data));
    assert_eq!(program.word(STACK_TOP - 8) >> 16, u32::from(data));
    assert_eq!(program.word(STACK_TOP - 10), u32::from(code));
}

#[test]
fn segment_registers_take_what_a_flat_system_has() {
    // PUSH DS; POP ES; MOV AX, 20h; MOV DS, AX; MOV EAX, DS; MOV ECX, [DATA]; LES EDX, [DATA]
    let code = [
        0x1E, 0x07, 0x66, 0xB8, 0x20, 0, 0x8E, 0xD8, 0x8C, 0xD8, 0x8B, 0x0D, 0, 0, 2, 0, 0xC4, 0x15, 0, 0, 2,
        0,
    ];
    let mut program = Program::new(&code);
    program.memory.write_u32(DATA, 0x1234).unwrap();
    program.memory.write_u32(DATA + 4, segment::DATA.into()).unwrap();
    program.steps(7);
    assert_eq!(program.context.registers[EAX], 0x20, "the privilege in a selector stays as it was written");
    assert_eq!(program.context.registers[ECX..=EDX], [0x1234, 0x1234]);
    assert_eq!(program.context.registers[ESP], STACK_TOP);
    // A register, and the selectors that it does and does not take.
    let (code, data, thread) = (segment::CODE, segment::DATA, segment::THREAD);
    let cases: [(usize, &[u16], &[u16]); 5] = [
        (segment::ES, &[0, 3, data, 0x20], &[code, thread, 4, 0x27, 0x43, 0xFFFF]),
        (segment::SS, &[data], &[0, 3, 0x20, code, thread, 0x27, 0x43]),
        (segment::DS, &[0, 1, data, 0x21], &[code, thread, 0x27]),
        (segment::FS, &[0, 2, data, thread, 0x38], &[code, 0x3F, 0x40]),
        (segment::GS, &[0, data], &[code, thread]),
    ];
    for (register, taken, refused) in cases {
        for selector in taken.iter().chain(refused) {
            // MOV register, CX
            let mut program = Program::new(&[0x8E, 0xC1 | (register as u8) << 3]);
            program.context.registers[ECX] = 0x5555_0000 | u32::from(*selector);
            let before = program.context.segments.selector(register);
            let (exit, after) = if taken.contains(selector) {
                (Exit::Budget, *selector)
            } else {
                (general_protection(CODE), before)
            };
            assert_eq!(program.run(1).0, exit, "{register} {selector:#x}");
            assert_eq!(program.context.segments.selector(register), after, "{register} {selector:#x}");
        }
    }
}

#[test]
fn a_load_that_is_refused_has_done_nothing() {
    // POP SS; LDS EDX, [ESP]
    for (code, address) in [(&[0x17][..], STACK_TOP - 8), (&[0xC5, 0x14, 0x24], STACK_TOP - 12)] {
        let mut program = Program::new(code);
        program.context.registers[ESP] = STACK_TOP - 8;
        program.memory.write_u32(STACK_TOP - 8, 7).unwrap();
        program.memory.write_u32(STACK_TOP - 4, 7).unwrap();
        let before = program.context.clone();
        assert_eq!(program.run(1), (general_protection(CODE), 1), "{address:#x}");
        assert_eq!(program.context, before);
    }
}

#[test]
fn a_null_selector_is_caught_when_memory_is_reached_through_it() {
    // The code, and which register is null: MOV EAX, [DATA]; REP MOVSB; STOSB; MOV EAX, FS:[0]; XLAT;
    // FLD [DATA]; POP [DATA]
    let caught: [(&[u8], usize); 7] = [
        (&[0xA1, 0, 0, 2, 0], segment::DS),
        (&[0xF3, 0xA4], segment::ES),
        (&[0xAA], segment::ES),
        (&[0x64, 0xA1, 0, 0, 0, 0], segment::FS),
        (&[0xD7], segment::DS),
        (&[0xD9, 0x05, 0, 0, 2, 0], segment::DS),
        (&[0x8F, 0x05, 0, 0, 2, 0], segment::DS),
    ];
    let ready = |code: &[u8]| {
        let mut program = Program::new(code);
        program.context.fs_base = DATA;
        program.context.registers[EBX] = DATA;
        program.context.registers[ECX] = 4;
        program.context.registers[ESI] = DATA;
        program.context.registers[EDI] = DATA;
        program.context.registers[ESP] = STACK_TOP - 8;
        program
    };
    for (code, register) in caught {
        let mut program = ready(code);
        // Decoded for a flat data segment before.
        assert_eq!(program.run(1).0, Exit::Budget, "{code:02X?}");
        program = Program { context: ready(code).context, ..program };
        program.context.segments.load(register, 0).unwrap();
        assert_eq!(program.run(1), (general_protection(CODE), 1), "{code:02X?}");
        assert_eq!(program.context.eip, CODE);
    }
    // LEA EAX, [EBX]; MOV EAX, [ESP]; MOV EAX, SS:[DATA]; UD2: nothing of DS; REP MOVSB with a count of zero.
    let not_caught: [&[u8]; 4] =
        [&[0x8D, 0x03], &[0x8B, 0x04, 0x24], &[0x36, 0xA1, 0, 0, 2, 0], &[0xF3, 0xA4]];
    for code in not_caught {
        let mut program = ready(code);
        program.context.registers[ECX] = 0;
        program.context.segments.load(segment::DS, 0).unwrap();
        program.steps(1);
    }
    // MOV DS, CX; MOV EAX, [DATA]: the load decides about what follows it; and about the loop of one block.
    let mut program = ready(&[0x8E, 0xD9, 0xA1, 0, 0, 2, 0]);
    program.context.registers[ECX] = 0;
    assert_eq!(program.run(5), (general_protection(CODE + 2), 4));
    // L: MOV EAX, [DATA]; MOV DS, CX; JMP L
    let mut program = ready(&[0xA1, 0, 0, 2, 0, 0x8E, 0xD9, 0xEB, 0xF7]);
    program.context.registers[ECX] = 0;
    assert_eq!(program.run(9), (general_protection(CODE), 6));
}

#[test]
fn fs_may_be_made_flat_and_the_threads_again() {
    // MOV FS, CX; MOV EAX, FS:[EBX]; MOV FS, DX; MOV EAX, FS:[4]
    let code = [0x8E, 0xE1, 0x64, 0x8B, 0x03, 0x8E, 0xE2, 0x64, 0xA1, 4, 0, 0, 0];
    let mut program = Program::new(&code);
    program.context.fs_base = DATA;
    program.context.registers[EBX] = DATA + 8;
    program.context.registers[ECX] = segment::DATA.into();
    program.context.registers[EDX] = segment::THREAD.into();
    program.memory.write_u32(DATA + 4, 4).unwrap();
    program.memory.write_u32(DATA + 8, 8).unwrap();
    program.steps(2);
    assert_eq!(program.context.registers[EAX], 8);
    program.steps(2);
    assert_eq!(program.context.registers[EAX], 4);
}

#[test]
fn addresses_of_sixteen_bits_wrap() {
    // LEA EAX, [BX+SI-1] with 16-bit addressing; LOOP with CX
    let mut program = Program::new(&[0x67, 0x8D, 0x40, 0xFF, 0x67, 0xE2, 0x10]);
    program.context.registers[EBX] = 0x1_FFFF;
    program.context.registers[ESI] = 5;
    program.context.registers[ECX] = 0x7_0000;
    program.steps(2);
    assert_eq!(program.context.registers[EAX], 3);
    assert_eq!(program.context.registers[ECX], 0x7_FFFF);
    assert_eq!(program.context.eip, CODE + 0x17);
}

#[test]
fn the_time_stamp_counts_retired_instructions() {
    // NOP; RDTSC; MOV EBX, EAX; RDTSC; CPUID
    let code = [0x90, 0x0F, 0x31, 0x89, 0xC3, 0x0F, 0x31];
    for slice in [1, 4] {
        let mut program = Program::new(&code);
        program.context.time_stamp = 100;
        for _ in 0..4 / slice {
            program.steps(slice);
        }
        assert_eq!((program.context.registers[EBX], program.context.registers[EAX]), (101, 103));
        assert_eq!(program.context.time_stamp, 104);
    }
}

#[test]
fn precision_and_rounding_control_are_honoured() {
    // FLDCW [EBX]; FLD1; FILD [EBX+4]; FDIVP; FSTP TBYTE [EBX+8]
    let code = [0xD9, 0x2B, 0xD9, 0xE8, 0xDB, 0x43, 4, 0xDE, 0xF9, 0xDB, 0x7B, 8];
    let cases = [
        (0x037F, 0xAAAA_AAAA_AAAA_AAAB),
        (0x077F, 0xAAAA_AAAA_AAAA_AAAA),
        (0x027F, 0xAAAA_AAAA_AAAA_A800),
        (0x0A7F, 0xAAAA_AAAA_AAAA_B000),
        (0x007F, 0xAAAA_AB00_0000_0000),
    ];
    for (control, significand) in cases {
        let mut program = Program::new(&code);
        program.context.registers[EBX] = DATA;
        program.memory.write_u32(DATA, control).unwrap();
        program.memory.write_u32(DATA + 4, 3).unwrap();
        program.steps(5);
        let mut bytes = [0; 10];
        program.memory.peek(DATA + 8, &mut bytes).unwrap();
        assert_eq!(Extended::from_bytes(bytes), Extended { sign_exponent: 0x3FFD, significand });
    }
}

#[test]
fn an_exception_that_is_not_masked_stops_the_next_instruction_that_waits() {
    // FLDCW [EBX]; FLDZ; FLD1; FDIV ST, ST(1); FNSTSW AX; FLD1
    let code = [0xD9, 0x2B, 0xD9, 0xEE, 0xD9, 0xE8, 0xD8, 0xF1, 0xDF, 0xE0, 0xD9, 0xE8];
    let mut program = Program::new(&code);
    program.context.registers[EBX] = DATA;
    program.memory.write_u32(DATA, 0x037B).unwrap();
    assert_eq!(program.run(9), (Exit::FpTrap { pc: CODE + 10 }, 4));
    assert_eq!(program.context.registers[EAX], 0xB084, "ZE, pending");
    assert_eq!(program.context.fpu.register(0), Extended::ONE, "the operands are still there");
}

#[test]
fn the_fpu_can_be_saved_and_restored() {
    // FLDPI; FLD1; FCHS; FNSAVE [EBX]; FRSTOR [EBX]
    let code = [0xD9, 0xEB, 0xD9, 0xE8, 0xD9, 0xE0, 0xDD, 0x33, 0xDD, 0x23];
    let mut program = Program::new(&code);
    program.context.registers[EBX] = DATA + 1;
    program.steps(3);
    let before = program.context.fpu.clone();
    program.steps(1);
    assert_eq!((program.context.fpu.tags(), program.context.fpu.control()), (0xFFFF, 0x037F));
    program.steps(1);
    assert_eq!(program.context.fpu, before);
    assert_eq!(before.register(1).significand, 0xC90F_DAA2_2168_C235);
}

/// A generator good enough for bytes.
fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// Random bytes as a program, with registers that point somewhere.
fn random_program(seed: u64) -> Program {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut code = [0; 0x2000];
    code.fill_with(|| random(&mut state) as u8);
    let mut program = Program::new(&code);
    program.memory.poke(DATA, &code).unwrap();
    for register in 0..8 {
        let value = random(&mut state) as u32;
        let near = [DATA, CODE, STACK_TOP - 0x1000, READ_ONLY][(value >> 30) as usize] + (value & 0xFFF);
        program.context.registers[register] = if value & 0x1_0000 == 0 { near } else { value };
    }
    program.context.fs_base = DATA;
    program
}

#[test]
fn any_bytes_run_the_same_in_one_go_and_one_by_one() {
    for seed in 1..2000 {
        let (mut whole, mut parts) = (random_program(seed), random_program(seed));
        for _ in 0..20 {
            let (exit, rest) = whole.run(50);
            let mut left = 50;
            let last = loop {
                let (exit, unused) = parts.run(1);
                left -= 1 - unused;
                if exit != Exit::Budget || left == 0 {
                    break exit;
                }
            };
            let same = exit == last || left == 0 && exit == Exit::Budget;
            assert!(same && rest == left, "seed {seed}: {exit} with {rest}, {last} with {left}");
            assert_eq!(whole.context, parts.context, "seed {seed}");
            // Past what cannot be run.
            whole.context.eip = CODE + (whole.context.eip.wrapping_add(1) & 0x1FFF);
            parts.context.eip = whole.context.eip;
        }
        for page in [CODE, DATA, STACK_TOP - 0x1000] {
            let (mut first, mut second) = ([0; 0x1000], [0; 0x1000]);
            whole.memory.peek(page, &mut first).unwrap();
            parts.memory.peek(page, &mut second).unwrap();
            assert!(first == second, "seed {seed}: page {page:X}");
        }
    }
}

#[test]
fn a_context_is_shown_as_a_dump() {
    let mut program = Program::new(&[0xD9, 0xE8, 0xF9]);
    program.steps(2);
    let shown = program.context.to_string();
    assert!(shown.contains("esp=00031000"), "{shown}");
    assert!(shown.contains("eip=00010003 eflags=00000203 [------C] fs=00000000 tsc=2"), "{shown}");
    assert!(shown.contains("fcw=037F fsw=3800 ftw=3FFF\nst0=3FFF:8000000000000000"), "{shown}");
}

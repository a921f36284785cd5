//! The 32-bit encoding, of ARMv5TE in user mode.
//!
//! What the architecture calls UNPREDICTABLE is decided in `arm`'s module page.

use super::op::{
    Address, Condition, DataOp, HalfProduct, Index, Instruction, Offset, Op, Operand, Register, Shift, Width,
};

/// How far ahead of an instruction pc reads.
pub(super) const PC_AHEAD: u32 = 8;

fn bit(word: u32, number: u32) -> bool {
    word >> number & 1 != 0
}

/// The register whose number starts at this bit.
fn register(word: u32, low: u32) -> Register {
    Register::from_bits(word >> low)
}

/// Decodes the instruction at an address.
pub fn decode(word: u32, address: u32) -> Instruction {
    if word >> 28 == 15 {
        return Instruction { condition: Condition::Always, op: unconditional(word, address) };
    }
    let pc = address.wrapping_add(PC_AHEAD);
    let op = match word >> 25 & 7 {
        0 if word & 0x90 == 0x90 => multiply_or_transfer(word, pc),
        0 if word & 0x0190_0000 == 0x0100_0000 => miscellaneous(word),
        1 if word & 0x0190_0000 == 0x0100_0000 => status_immediate(word),
        0 | 1 => data(word, pc),
        2 => single(word, pc),
        3 if !bit(word, 4) => single(word, pc),
        4 => multiple(word),
        5 => Op::Branch { target: branch_target(word, pc), link: bit(word, 24), exchange: false },
        7 if bit(word, 24) => Op::Supervisor { imm: word & 0x00FF_FFFF },
        // Media instructions of ARMv6, and coprocessors, of which user mode has none.
        _ => Op::Undefined,
    };
    Instruction { condition: Condition::from_bits(word >> 28), op }
}

fn unconditional(word: u32, address: u32) -> Op {
    if word & 0x0E00_0000 == 0x0A00_0000 {
        let halfword = (word >> 23) & 2;
        let target = branch_target(word, address.wrapping_add(PC_AHEAD)).wrapping_add(halfword);
        return Op::Branch { target, link: true, exchange: true };
    }
    let is_preload = word & 0x0D70_F000 == 0x0550_F000 && (!bit(word, 25) || !bit(word, 4));
    if is_preload { Op::Nothing } else { Op::Undefined }
}

fn branch_target(word: u32, pc: u32) -> u32 {
    // Sign-extends 24 bits and multiplies by four.
    pc.wrapping_add(((word << 8) as i32 >> 6) as u32)
}

fn data(word: u32, pc: u32) -> Op {
    let op = DataOp::from_bits(word >> 21);
    let (rn, rd) = (register(word, 16), register(word, 12));
    let set_flags = bit(word, 20);
    if rd == Register::Pc && set_flags && !op.is_compare() {
        // Returns from an exception, of which user mode has none.
        return Op::Undefined;
    }
    let operand = match bit(word, 25) {
        true => rotated_immediate(word),
        false => shifted_register(word),
    };
    fold_pc(Op::Data { op, set_flags, rd, rn, operand }, pc)
}

/// Makes a move of a constant of what is one: ADR, and a copy of pc.
fn fold_pc(op: Op, pc: u32) -> Op {
    let Op::Data { op: data_op, set_flags: false, rd, rn, operand } = op else { return op };
    let value = match (data_op, rn, operand) {
        (DataOp::Add, Register::Pc, Operand::Immediate { value, .. }) => pc.wrapping_add(value),
        (DataOp::Sub, Register::Pc, Operand::Immediate { value, .. }) => pc.wrapping_sub(value),
        (DataOp::Mov, _, operand) if operand == Operand::register(Register::Pc) => pc,
        _ => return op,
    };
    Op::Data { op: DataOp::Mov, set_flags: false, rd, rn, operand: Operand::constant(value) }
}

fn rotated_immediate(word: u32) -> Operand {
    let rotation = (word >> 8 & 15) * 2;
    let value = (word & 0xFF).rotate_right(rotation);
    Operand::Immediate { value, carry: (rotation != 0).then_some(value >> 31 != 0) }
}

fn shifted_register(word: u32) -> Operand {
    let rm = register(word, 0);
    if bit(word, 4) {
        return Operand::ByRegister { rm, shift: Shift::from_bits(word >> 5), rs: register(word, 8) };
    }
    let (shift, amount) = Shift::immediate(word >> 5, word >> 7);
    Operand::Shifted { rm, shift, amount }
}

/// The space with bits 7 and 4 set.
fn multiply_or_transfer(word: u32, pc: u32) -> Op {
    if word & 0x60 != 0 {
        return halfword_or_double(word, pc);
    }
    let (rd, rn) = (register(word, 16), register(word, 12));
    let (rs, rm) = (register(word, 8), register(word, 0));
    let set_flags = bit(word, 20);
    let op = match word >> 21 & 15 {
        0 => Op::Multiply { set_flags, rd, rm, rs, accumulate: None },
        1 => Op::Multiply { set_flags, rd, rm, rs, accumulate: Some(rn) },
        kind @ 4..=7 => {
            let (signed, accumulate) = (kind & 2 != 0, kind & 1 != 0);
            Op::LongMultiply { set_flags, low: rn, high: rd, rm, rs, signed, accumulate }
        }
        // Here the fields named rd and rn are the other way round, and rs is none.
        8 | 10 if !set_flags => {
            let named = [rd, rn, rm];
            return defined_without_pc(Op::Swap { byte: bit(word, 22), rd: rn, rm, rn: rd }, &named);
        }
        _ => return Op::Undefined,
    };
    match op {
        Op::Multiply { accumulate: None, .. } => defined_without_pc(op, &[rd, rs, rm]),
        _ => defined_without_pc(op, &[rd, rn, rs, rm]),
    }
}

fn defined_without_pc(op: Op, named: &[Register]) -> Op {
    if named.contains(&Register::Pc) { Op::Undefined } else { op }
}

/// LDRH, STRH, LDRSB, LDRSH, LDRD, STRD.
fn halfword_or_double(word: u32, pc: u32) -> Op {
    let rd = register(word, 12);
    let (load, width) = match (bit(word, 20), word >> 5 & 3) {
        (true, 1) => (true, Width::Half),
        (true, 2) => (true, Width::SignedByte),
        (true, _) => (true, Width::SignedHalf),
        (false, 1) => (false, Width::Half),
        (false, 2) => (true, Width::Double),
        (false, _) => (false, Width::Double),
    };
    let user_access = !bit(word, 24) && bit(word, 21);
    let bad_pair = width == Width::Double && (rd as u32 & 1 != 0 || rd == Register::Lr);
    if user_access || bad_pair || rd == Register::Pc {
        return Op::Undefined;
    }
    let up = bit(word, 23);
    let offset = match bit(word, 22) {
        true => immediate_offset(word >> 4 & 0xF0 | word & 15, up),
        false => Offset::Register { rm: register(word, 0), shift: Shift::Lsl, amount: 0, subtract: !up },
    };
    transfer(word, pc, load, width, offset)
}

/// LDR, STR, LDRB, STRB, and their T forms, which in user mode are the same.
fn single(word: u32, pc: u32) -> Op {
    let up = bit(word, 23);
    let offset = if bit(word, 25) {
        let (shift, amount) = Shift::immediate(word >> 5, word >> 7);
        Offset::Register { rm: register(word, 0), shift, amount, subtract: !up }
    } else {
        immediate_offset(word & 0xFFF, up)
    };
    let width = if bit(word, 22) { Width::Byte } else { Width::Word };
    if width == Width::Byte && register(word, 12) == Register::Pc {
        return Op::Undefined;
    }
    transfer(word, pc, bit(word, 20), width, offset)
}

fn immediate_offset(value: u32, up: bool) -> Offset {
    Offset::Immediate(if up { value } else { value.wrapping_neg() })
}

fn transfer(word: u32, pc: u32, load: bool, width: Width, offset: Offset) -> Op {
    let (rn, rd) = (register(word, 16), register(word, 12));
    let index = match (bit(word, 24), bit(word, 21)) {
        (true, false) => Index::Offset,
        (true, true) => Index::Pre,
        (false, _) => Index::Post,
    };
    let address = match (rn, index, offset) {
        (Register::Pc, Index::Offset, Offset::Immediate(value)) => Address::Literal(pc.wrapping_add(value)),
        (Register::Pc, Index::Pre | Index::Post, _) => return Op::Undefined,
        _ => Address::Based { rn, offset, index },
    };
    if load { Op::Load { width, rd, address } } else { Op::Store { width, rd, address } }
}

fn multiple(word: u32) -> Op {
    let (rn, list) = (register(word, 16), word as u16);
    let (before, up, write_back) = (bit(word, 24), bit(word, 23), bit(word, 21));
    let user_bank = bit(word, 22);
    if user_bank || list == 0 || rn == Register::Pc {
        return Op::Undefined;
    }
    match bit(word, 20) {
        true => Op::LoadMultiple { rn, list, before, up, write_back },
        false => Op::StoreMultiple { rn, list, before, up, write_back },
    }
}

/// The space of compares that set no flags, with bit 7 or 4 clear.
fn miscellaneous(word: u32) -> Op {
    let (rn, rd, rs, rm) = (register(word, 16), register(word, 12), register(word, 8), register(word, 0));
    let kind = word >> 21 & 3;
    match (word >> 4 & 15, kind) {
        (0, 0) => defined_without_pc(Op::ReadStatus { rd }, &[rd]),
        (0, 1) => write_status(word, Operand::register(rm)),
        (1, 1) => Op::BranchRegister { rm, link: false },
        (1, 3) => defined_without_pc(Op::CountLeadingZeros { rd, rm }, &[rd, rm]),
        (3, 1) => defined_without_pc(Op::BranchRegister { rm, link: true }, &[rm]),
        (5, _) => {
            let op = Op::Saturate { rd, rm, rn, subtract: kind & 1 != 0, double: kind & 2 != 0 };
            defined_without_pc(op, &[rd, rm, rn])
        }
        (7, 1) => Op::Breakpoint,
        (low, _) if low & 9 == 8 => {
            let (top_m, top_s) = (low & 2 != 0, low & 4 != 0);
            let product = match kind {
                0 => HalfProduct::Accumulate,
                1 if top_m => HalfProduct::Wide,
                1 => HalfProduct::WideAccumulate,
                2 => HalfProduct::LongAccumulate,
                _ => HalfProduct::Plain,
            };
            // Here, too, rd is in rn's place.
            let op = Op::HalfMultiply { product, rd: rn, rn: rd, rm, rs, top_m, top_s };
            match product {
                HalfProduct::Plain | HalfProduct::Wide => defined_without_pc(op, &[rn, rs, rm]),
                _ => defined_without_pc(op, &[rn, rd, rs, rm]),
            }
        }
        _ => Op::Undefined,
    }
}

fn status_immediate(word: u32) -> Op {
    match word >> 21 & 3 {
        1 => write_status(word, rotated_immediate(word)),
        _ => Op::Undefined,
    }
}

/// MSR to the CPSR. Of its four fields user mode can write the flags.
fn write_status(word: u32, operand: Operand) -> Op {
    if bit(word, 19) { Op::WriteStatus { operand } } else { Op::Nothing }
}

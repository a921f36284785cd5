//! The 16-bit encoding, of ARMv5TE. Thumb-2's additions to it (IT, CBZ, REV, …) are undefined here.

use super::op::{
    Address, Condition, DataOp, Index, Instruction, Offset, Op, Operand, Register, Shift, Width,
};

/// How far ahead of an instruction pc reads.
pub(super) const PC_AHEAD: u32 = 4;

/// The low register whose number starts at this bit.
fn register(half: u32, low: u32) -> Register {
    Register::from_bits(half >> low & 7)
}

fn bit(half: u32, number: u32) -> bool {
    half >> number & 1 != 0
}

/// Decodes the instruction at an address.
pub fn decode(half: u16, address: u32) -> Instruction {
    let half = u32::from(half);
    let pc = address.wrapping_add(PC_AHEAD);
    if half >> 12 == 0b1101 && half >> 8 & 15 < 14 {
        let target = pc.wrapping_add(sign_extend(half, 8) << 1);
        let op = Op::Branch { target, link: false, exchange: false };
        return Instruction { condition: Condition::from_bits(half >> 8), op };
    }
    let op = match half >> 11 {
        0..=2 => shift_immediate(half),
        3 => add_subtract(half),
        4..=7 => immediate(half),
        8 if !bit(half, 10) => alu(half),
        8 => high_registers(half),
        9 => load_literal(half, pc),
        10 | 11 => register_offset(half),
        12..=17 => immediate_offset(half),
        18 | 19 => stack_relative(half),
        20 | 21 => address_of(half, pc),
        22 | 23 => miscellaneous(half),
        24 | 25 => multiple(half),
        26 | 27 if half >> 8 & 15 == 15 => Op::Supervisor { imm: half & 0xFF },
        26 | 27 => Op::Undefined,
        28 => {
            Op::Branch { target: pc.wrapping_add(sign_extend(half, 11) << 1), link: false, exchange: false }
        }
        29 if bit(half, 0) => Op::Undefined,
        29 => Op::ThumbCall { offset: (half & 0x7FF) << 1, exchange: true },
        // The first half of a call: lr = pc plus the offset's high part, a constant.
        30 => data(
            DataOp::Mov,
            false,
            Register::Lr,
            Operand::constant(pc.wrapping_add(sign_extend(half, 11) << 12)),
        ),
        _ => Op::ThumbCall { offset: (half & 0x7FF) << 1, exchange: false },
    };
    Instruction { condition: Condition::Always, op }
}

fn sign_extend(half: u32, bits: u32) -> u32 {
    ((half << (32 - bits)) as i32 >> (32 - bits)) as u32
}

/// An operation on a register and an operand, into that register.
fn data(op: DataOp, set_flags: bool, rd: Register, operand: Operand) -> Op {
    Op::Data { op, set_flags, rd, rn: rd, operand }
}

fn shift_immediate(half: u32) -> Op {
    let (shift, amount) = Shift::immediate(half >> 11, half >> 6);
    data(DataOp::Mov, true, register(half, 0), Operand::Shifted { rm: register(half, 3), shift, amount })
}

fn add_subtract(half: u32) -> Op {
    let op = if bit(half, 9) { DataOp::Sub } else { DataOp::Add };
    let operand = match bit(half, 10) {
        true => Operand::constant(half >> 6 & 7),
        false => Operand::register(register(half, 6)),
    };
    Op::Data { op, set_flags: true, rd: register(half, 0), rn: register(half, 3), operand }
}

fn immediate(half: u32) -> Op {
    let op = [DataOp::Mov, DataOp::Cmp, DataOp::Add, DataOp::Sub][(half >> 11 & 3) as usize];
    data(op, true, register(half, 8), Operand::constant(half & 0xFF))
}

fn alu(half: u32) -> Op {
    let (rd, rm) = (register(half, 0), register(half, 3));
    let by_register = |shift| data(DataOp::Mov, true, rd, Operand::ByRegister { rm: rd, shift, rs: rm });
    let plain = |op| data(op, true, rd, Operand::register(rm));
    match half >> 6 & 15 {
        0 => plain(DataOp::And),
        1 => plain(DataOp::Eor),
        2 => by_register(Shift::Lsl),
        3 => by_register(Shift::Lsr),
        4 => by_register(Shift::Asr),
        5 => plain(DataOp::Adc),
        6 => plain(DataOp::Sbc),
        7 => by_register(Shift::Ror),
        8 => plain(DataOp::Tst),
        9 => Op::Data { op: DataOp::Rsb, set_flags: true, rd, rn: rm, operand: Operand::constant(0) },
        10 => plain(DataOp::Cmp),
        11 => plain(DataOp::Cmn),
        12 => plain(DataOp::Orr),
        13 => Op::Multiply { set_flags: true, rd, rm, rs: rd, accumulate: None },
        14 => plain(DataOp::Bic),
        _ => plain(DataOp::Mvn),
    }
}

fn high_registers(half: u32) -> Op {
    let rd = Register::from_bits(half >> 4 & 8 | half & 7);
    let rm = Register::from_bits(half >> 3);
    let operand = Operand::register(rm);
    match half >> 8 & 3 {
        0 => data(DataOp::Add, false, rd, operand),
        1 => data(DataOp::Cmp, true, rd, operand),
        2 => data(DataOp::Mov, false, rd, operand),
        _ if bit(half, 7) && rm == Register::Pc => Op::Undefined,
        _ => Op::BranchRegister { rm, link: bit(half, 7) },
    }
}

fn load_literal(half: u32, pc: u32) -> Op {
    let address = Address::Literal((pc & !3).wrapping_add((half & 0xFF) * 4));
    Op::Load { width: Width::Word, rd: register(half, 8), address }
}

fn transfer(load: bool, width: Width, rd: Register, rn: Register, offset: Offset) -> Op {
    let address = Address::Based { rn, offset, index: Index::Offset };
    if load { Op::Load { width, rd, address } } else { Op::Store { width, rd, address } }
}

fn register_offset(half: u32) -> Op {
    let (load, width) = match half >> 9 & 7 {
        0 => (false, Width::Word),
        1 => (false, Width::Half),
        2 => (false, Width::Byte),
        3 => (true, Width::SignedByte),
        4 => (true, Width::Word),
        5 => (true, Width::Half),
        6 => (true, Width::Byte),
        _ => (true, Width::SignedHalf),
    };
    let offset = Offset::Register { rm: register(half, 6), shift: Shift::Lsl, amount: 0, subtract: false };
    transfer(load, width, register(half, 0), register(half, 3), offset)
}

fn immediate_offset(half: u32) -> Op {
    let (width, size) = match half >> 12 {
        6 => (Width::Word, 4),
        7 => (Width::Byte, 1),
        _ => (Width::Half, 2),
    };
    let offset = Offset::Immediate((half >> 6 & 31) * size);
    transfer(bit(half, 11), width, register(half, 0), register(half, 3), offset)
}

fn stack_relative(half: u32) -> Op {
    let offset = Offset::Immediate((half & 0xFF) * 4);
    transfer(bit(half, 11), Width::Word, register(half, 8), Register::Sp, offset)
}

fn address_of(half: u32, pc: u32) -> Op {
    let (rd, offset) = (register(half, 8), (half & 0xFF) * 4);
    match bit(half, 11) {
        true => Op::Data {
            op: DataOp::Add,
            set_flags: false,
            rd,
            rn: Register::Sp,
            operand: Operand::constant(offset),
        },
        false => data(DataOp::Mov, false, rd, Operand::constant((pc & !3).wrapping_add(offset))),
    }
}

fn miscellaneous(half: u32) -> Op {
    match half >> 8 & 15 {
        0 => {
            let op = if bit(half, 7) { DataOp::Sub } else { DataOp::Add };
            data(op, false, Register::Sp, Operand::constant((half & 0x7F) * 4))
        }
        4 | 5 => push_pop(half, 0x4000),
        12 | 13 => push_pop(half, 0x8000),
        14 => Op::Breakpoint,
        _ => Op::Undefined,
    }
}

/// PUSH, which may have lr, or POP, which may have pc.
fn push_pop(half: u32, extra: u16) -> Op {
    let list = (half & 0xFF) as u16 | if bit(half, 8) { extra } else { 0 };
    if list == 0 {
        return Op::Undefined;
    }
    match bit(half, 11) {
        true => Op::LoadMultiple { rn: Register::Sp, list, before: false, up: true, write_back: true },
        false => Op::StoreMultiple { rn: Register::Sp, list, before: true, up: false, write_back: true },
    }
}

fn multiple(half: u32) -> Op {
    let (rn, list) = (register(half, 8), (half & 0xFF) as u16);
    if list == 0 {
        return Op::Undefined;
    }
    match bit(half, 11) {
        true => Op::LoadMultiple { rn, list, before: false, up: true, write_back: true },
        false => Op::StoreMultiple { rn, list, before: false, up: true, write_back: true },
    }
}

//! From code to blocks: fetch, decode, and bind each operation to the handler that carries it out.

use cerium_memory::{AddressSpace, Fault, PAGE_SIZE};

use super::execute::{self, Handler};
use super::op::{Address, Condition, DataOp, Index, Instruction, Offset, Op, Operand, Register, Shift};
use super::{decode_a32, decode_t16};
use crate::cache::{Block, Key};

/// The states a block can be decoded in.
pub(super) const ARM: u32 = 0;
/// See [`ARM`].
pub(super) const THUMB: u32 = 1;

/// Instructions in a block, at most.
const MAX_STEPS: usize = 64;

/// An instruction bound to its handler, with the operands where that handler looks for them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// Carries the step out, or looks first whether it is to be.
    pub(super) handler: Handler,
    /// What a handler that looks first goes on to.
    pub(super) guarded: Handler,
    /// The constant of the instruction: operand, offset, address, register list.
    pub(super) imm: u32,
    /// The instruction's address.
    pub(super) pc: u32,
    pub(super) condition: Condition,
    pub(super) rd: Register,
    pub(super) rn: Register,
    pub(super) rm: Register,
    pub(super) rs: Register,
    pub(super) shift: Shift,
    pub(super) amount: u8,
    /// Whatever else the handler wants to know; each says what.
    pub(super) bits: u8,
}

/// Decodes the block that starts at a key, as far as its page goes. It faults if its first instruction cannot
/// be fetched. Behind the instructions comes a step that ends the block.
pub(super) fn build(key: Key, memory: &AddressSpace) -> Result<Block<Step>, Fault> {
    let thumb = key.state() == THUMB;
    let size = if thumb { 2 } else { 4 };
    let mut steps: Vec<Step> = Vec::with_capacity(16);
    let mut targets = [Key::NONE; 2];
    let mut address = key.address();
    let mut call_base = None;
    loop {
        let instruction = match fetch(address, thumb, memory) {
            Ok(instruction) => resolve(instruction, call_base),
            Err(fault) if steps.is_empty() => return Err(fault),
            Err(_) => break,
        };
        steps.push(bind(instruction, address, thumb));
        address = address.wrapping_add(size);
        if let Op::Branch { target, exchange, .. } = instruction.op {
            targets[1] = Key::new(target, if thumb != exchange { THUMB } else { ARM });
        }
        if instruction.op.ends_block() || steps.len() == MAX_STEPS || address.is_multiple_of(PAGE_SIZE) {
            break;
        }
        call_base = high_part_of_call(instruction, thumb);
    }
    targets[0] = Key::new(address, key.state());
    let count = steps.len() as u32;
    steps.push(Step::end(address));
    Ok(Block::new(key, count * size, count, targets, steps))
}

fn fetch(address: u32, thumb: bool, memory: &AddressSpace) -> Result<Instruction, Fault> {
    match thumb {
        true => Ok(decode_t16::decode(memory.fetch_u16(address)?, address)),
        false => Ok(decode_a32::decode(memory.fetch_u32(address)?, address)),
    }
}

/// The constant that this instruction leaves in lr, if it is the first half of a Thumb call.
fn high_part_of_call(instruction: Instruction, thumb: bool) -> Option<u32> {
    match instruction.op {
        Op::Data { op: DataOp::Mov, rd: Register::Lr, operand: Operand::Immediate { value, .. }, .. }
            if thumb =>
        {
            Some(value)
        }
        _ => None,
    }
}

/// The second half of a Thumb call is a branch to a constant if the first is in front of it.
fn resolve(instruction: Instruction, call_base: Option<u32>) -> Instruction {
    let (Op::ThumbCall { offset, exchange }, Some(base)) = (instruction.op, call_base) else {
        return instruction;
    };
    let target = base.wrapping_add(offset) & if exchange { !3 } else { !1 };
    Instruction { op: Op::Branch { target, link: true, exchange }, ..instruction }
}

/// Binds one instruction.
fn bind(instruction: Instruction, address: u32, thumb: bool) -> Step {
    let Instruction { condition, op } = instruction;
    let mut step = Step { handler: execute::undefined, pc: address, condition, ..Step::end(address) };
    match op {
        Op::Data { op, set_flags, rd, rn, operand } => {
            step.operands(rd, rn, Register::R0, Register::R0);
            let kind = step.operand(operand);
            step.handler = match rd {
                Register::Pc if !op.is_compare() => {
                    step.bits = kind | (op as u8) << 4;
                    execute::data_to_pc(thumb)
                }
                _ => execute::data(op, set_flags, kind),
            };
        }
        Op::Load { width, rd, address } => {
            step.rd = rd;
            let (kind, index) = step.address(address);
            step.handler = execute::load(width, rd, kind, index);
        }
        Op::Store { width, rd, address } => {
            step.rd = rd;
            let (kind, index) = step.address(address);
            step.handler = execute::store(width, kind, index);
        }
        Op::LoadMultiple { rn, list, before, up, write_back } => {
            step.multiple(rn, list, before, up, write_back);
            step.handler = execute::load_multiple(list);
        }
        Op::StoreMultiple { rn, list, before, up, write_back } => {
            step.multiple(rn, list, before, up, write_back);
            step.handler = execute::store_multiple;
        }
        _ => step.rest(op, thumb),
    }
    step.guarded = step.handler;
    if let Some(handler) = execute::guard(op, condition, thumb) {
        step.handler = handler;
    }
    step
}

impl Step {
    /// What stands behind the instructions of a block.
    pub(super) fn end(address: u32) -> Step {
        Step {
            handler: execute::end_of_block,
            guarded: execute::end_of_block,
            imm: 0,
            pc: address,
            condition: Condition::Always,
            rd: Register::R0,
            rn: Register::R0,
            rm: Register::R0,
            rs: Register::R0,
            shift: Shift::Lsl,
            amount: 0,
            bits: 0,
        }
    }

    /// Whether it is one.
    pub(super) fn ends_block(&self) -> bool {
        std::ptr::fn_addr_eq(self.handler, execute::end_of_block as Handler)
    }

    fn operands(&mut self, rd: Register, rn: Register, rm: Register, rs: Register) {
        (self.rd, self.rn, self.rm, self.rs) = (rd, rn, rm, rs);
    }

    /// Stores a second operand and says which kind it is.
    fn operand(&mut self, operand: Operand) -> u8 {
        use execute::operand;
        match operand {
            Operand::Immediate { value, carry } => {
                self.imm = value;
                self.amount = carry.map_or(operand::CARRY_KEPT, u8::from);
                operand::IMMEDIATE
            }
            Operand::Shifted { rm, shift, amount } => {
                (self.rm, self.shift, self.amount) = (rm, shift, amount);
                match shift {
                    Shift::Lsl if amount == 0 => operand::REGISTER,
                    Shift::Lsl => operand::LSL,
                    _ => operand::SHIFTED,
                }
            }
            Operand::ByRegister { rm, shift, rs } => {
                (self.rm, self.shift, self.rs) = (rm, shift, rs);
                operand::BY_REGISTER
            }
        }
    }

    /// Stores an address and says which kind it is.
    fn address(&mut self, address: Address) -> (u8, Index) {
        use execute::offset;
        match address {
            Address::Literal(value) => {
                self.imm = value;
                (offset::LITERAL, Index::Offset)
            }
            Address::Based { rn, offset: Offset::Immediate(value), index } => {
                (self.rn, self.imm) = (rn, value);
                (offset::IMMEDIATE, index)
            }
            Address::Based { rn, offset: Offset::Register { rm, shift, amount, subtract }, index } => {
                self.operands(self.rd, rn, rm, Register::R0);
                (self.shift, self.amount, self.bits) = (shift, amount, u8::from(subtract));
                let plain = shift == Shift::Lsl && !subtract;
                (if plain { offset::LSL } else { offset::SHIFTED }, index)
            }
        }
    }

    /// Stores a register list and where its words begin and the base ends, both relative to the base.
    fn multiple(&mut self, rn: Register, list: u16, before: bool, up: bool, write_back: bool) {
        let bytes = list.count_ones() as u8 * 4;
        let lowest = if up { 0 } else { bytes.wrapping_neg() };
        self.rn = rn;
        self.imm = u32::from(list);
        self.amount = if before == up { lowest.wrapping_add(4) } else { lowest };
        self.bits = match (write_back, up) {
            (false, _) => 0,
            (true, true) => bytes,
            (true, false) => bytes.wrapping_neg(),
        };
    }

    /// The operations that are seldom, or simple.
    fn rest(&mut self, op: Op, thumb: bool) {
        match op {
            Op::Multiply { set_flags, rd, rm, rs, accumulate } => {
                self.operands(rd, accumulate.unwrap_or(Register::R0), rm, rs);
                self.handler = execute::multiply(set_flags, accumulate.is_some());
            }
            Op::LongMultiply { set_flags, low, high, rm, rs, signed, accumulate } => {
                self.operands(high, low, rm, rs);
                self.bits = u8::from(set_flags);
                self.handler = execute::long_multiply(signed, accumulate);
            }
            Op::HalfMultiply { product, rd, rn, rm, rs, top_m, top_s } => {
                self.operands(rd, rn, rm, rs);
                self.bits = u8::from(top_m) | u8::from(top_s) << 1;
                self.handler = execute::half_multiply(product);
            }
            Op::Saturate { rd, rm, rn, subtract, double } => {
                self.operands(rd, rn, rm, Register::R0);
                self.bits = u8::from(subtract) | u8::from(double) << 1;
                self.handler = execute::saturate;
            }
            Op::CountLeadingZeros { rd, rm } => {
                self.operands(rd, Register::R0, rm, Register::R0);
                self.handler = execute::count_leading_zeros;
            }
            Op::Swap { byte, rd, rm, rn } => {
                self.operands(rd, rn, rm, Register::R0);
                self.handler = if byte { execute::swap_byte } else { execute::swap_word };
            }
            Op::Branch { .. } | Op::BranchRegister { .. } | Op::ThumbCall { .. } => self.branch(op, thumb),
            Op::ReadStatus { rd } => {
                self.rd = rd;
                self.handler = execute::read_status;
            }
            Op::WriteStatus { operand } => {
                self.bits = self.operand(operand);
                self.handler = execute::write_status;
            }
            Op::Supervisor { imm } => {
                self.imm = imm;
                self.handler = execute::supervisor;
            }
            Op::Breakpoint => self.handler = execute::breakpoint,
            Op::Nothing => self.handler = execute::nothing,
            _ => self.handler = execute::undefined,
        }
    }

    /// The operations that only branch.
    fn branch(&mut self, op: Op, thumb: bool) {
        let size = if thumb { 2 } else { 4 };
        let return_address = self.pc.wrapping_add(size) | u32::from(thumb);
        match op {
            Op::Branch { link, .. } => {
                self.imm = return_address;
                self.handler = if link { execute::branch_link } else { execute::branch_if(self.condition) };
            }
            Op::BranchRegister { rm, link } => {
                (self.rm, self.imm) = (rm, return_address);
                self.handler = if link { execute::branch_link_register } else { execute::branch_register };
            }
            Op::ThumbCall { offset, exchange } => {
                (self.imm, self.bits) = (offset, u8::from(exchange));
                self.handler = execute::thumb_call;
            }
            _ => self.handler = execute::undefined,
        }
    }
}

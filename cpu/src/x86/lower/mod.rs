//! From the decoder's instructions to [`Op`]s: which handler, and where the operands are.

mod control;
mod float;
mod integer;
mod selector;

use iced_x86::{Instruction, MemorySize, Mnemonic, OpKind, Register};

use super::execute::{branch, segment as segment_access};
use super::op::{FS_BASE, Handler, Op, ZERO};
use super::segment;

/// A lowered instruction, and whether nothing can follow it in its block.
pub struct Lowered {
    /// The instruction.
    pub op: Op,
    /// The last of its block.
    pub ends_block: bool,
}

/// An operand's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Size {
    Byte,
    Half,
    Word,
}

/// Where an operand is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Register,
    Immediate,
    Near,
    Far,
}

/// An instruction on its way.
struct Form<'a> {
    instruction: &'a Instruction,
    bytes: &'a [u8],
    op: Op,
    ends_block: bool,
}

/// Lowers an instruction that was decoded from these bytes. What we do not have raises the exception when it
/// is reached, and what goes through a segment register that is null, by their bits in `nulls`, too.
pub fn lower(instruction: &Instruction, bytes: &[u8], nulls: u32) -> Lowered {
    let pc = instruction.ip32();
    let op = Op {
        handler: branch::undefined,
        pc,
        next: pc.wrapping_add(bytes.len() as u32),
        immediate: 0,
        displacement: 0,
        a: 0,
        b: 0,
        base: ZERO,
        index: ZERO,
        scale: 0,
        segment: ZERO,
        address16: false,
        number: 0,
    };
    let mut form = Form { instruction, bytes, op, ends_block: false };
    form.take_operands();
    let handler =
        form.segment().or_else(|| form.integer()).or_else(|| form.control()).or_else(|| form.float());
    let handler = handler.map(|handler| form.checked(handler, nulls));
    form.op.handler = handler.unwrap_or(branch::undefined);
    form.ends_block |= handler.is_none();
    Lowered { op: form.op, ends_block: form.ends_block }
}

impl Form<'_> {
    fn mnemonic(&self) -> Mnemonic {
        self.instruction.mnemonic()
    }

    /// The first operand's register goes to `a`, the second's to `b`; then the immediate and the memory
    /// operand.
    fn take_operands(&mut self) {
        for number in 0..self.instruction.op_count().min(3) {
            match self.instruction.op_kind(number) {
                OpKind::Register => {
                    let register = register_number(self.instruction.op_register(number));
                    match number {
                        0 => self.op.a = register,
                        1 => self.op.b = register,
                        _ => {}
                    }
                }
                OpKind::Memory => self.take_memory(),
                OpKind::NearBranch16 | OpKind::NearBranch32 => {
                    self.op.immediate = self.instruction.near_branch_target() as u32;
                }
                OpKind::MemorySegSI | OpKind::MemoryESDI => self.op.address16 = true,
                OpKind::Immediate8
                | OpKind::Immediate8to16
                | OpKind::Immediate8to32
                | OpKind::Immediate16
                | OpKind::Immediate32 => self.op.immediate = self.instruction.immediate(number) as u32,
                _ => {}
            }
        }
        if self.instruction.memory_segment() == Register::FS {
            self.op.segment = FS_BASE;
        }
    }

    fn take_memory(&mut self) {
        let instruction = self.instruction;
        let address = |register: Register| match register {
            Register::None => ZERO,
            register => register_number(register),
        };
        let (base, index) = (instruction.memory_base(), instruction.memory_index());
        // BX to DI are numbered like EBX to EDI, and the sum loses its upper half.
        self.op.address16 = is_half(base)
            || is_half(index)
            || base == Register::None && index == Register::None && instruction.memory_displ_size() == 2;
        self.op.base = address(base);
        self.op.index = address(index);
        self.op.scale = instruction.memory_index_scale().trailing_zeros() as u8;
        self.op.displacement = instruction.memory_displacement32();
        // An index alone is as good as a base.
        if base == Register::None && index != Register::None && self.op.scale == 0 {
            self.op.base = self.op.index;
            self.op.index = ZERO;
        }
    }

    fn kind(&self, number: u32) -> Kind {
        match self.instruction.op_kind(number) {
            OpKind::Register => Kind::Register,
            OpKind::Memory => self.memory_kind(),
            _ => Kind::Immediate,
        }
    }

    fn memory_kind(&self) -> Kind {
        let plain = !self.op.address16 && self.instruction.memory_segment() != Register::FS;
        if plain && self.op.index == ZERO { Kind::Near } else { Kind::Far }
    }

    /// The size of an operand; `None` for those of no integer register.
    fn size(&self, number: u32) -> Option<Size> {
        let bytes = match self.instruction.op_kind(number) {
            OpKind::Register => register_size(self.instruction.op_register(number))?,
            OpKind::Immediate8 => 1,
            OpKind::Immediate16 | OpKind::Immediate8to16 | OpKind::NearBranch16 => 2,
            OpKind::Immediate32 | OpKind::Immediate8to32 | OpKind::NearBranch32 => 4,
            _ => memory_bytes(self.instruction.memory_size()),
        };
        match bytes {
            1 => Some(Size::Byte),
            2 => Some(Size::Half),
            4 => Some(Size::Word),
            _ => None,
        }
    }

    /// The handler, or another if the instruction goes through a segment register that is null.
    fn checked(&mut self, handler: Handler, nulls: u32) -> Handler {
        if !segment::uses_null(self.instruction, nulls) {
            return handler;
        }
        self.ends_block = true;
        let repeats = self.instruction.has_rep_prefix() || self.instruction.has_repne_prefix();
        if repeats && self.is_string() {
            segment_access::repeated_through_null
        } else {
            segment_access::through_null
        }
    }

    /// Whether it is a string instruction: MOVSD and CMPSD are also SSE2's names.
    fn is_string(&self) -> bool {
        (0..self.instruction.op_count()).any(|number| {
            matches!(
                self.instruction.op_kind(number),
                OpKind::MemorySegSI | OpKind::MemorySegESI | OpKind::MemoryESDI | OpKind::MemoryESEDI
            )
        })
    }

    /// The last of its block.
    fn ends(&mut self, handler: Handler) -> Option<Handler> {
        self.ends_block = true;
        Some(handler)
    }
}

fn is_half(register: Register) -> bool {
    (Register::AX..=Register::DI).contains(&register)
}

/// The number in the instruction set; of a register of another class, something below eight.
fn register_number(register: Register) -> u8 {
    let from = |first: Register| (register as u32 - first as u32) as u8;
    match register {
        register if (Register::AL..=Register::BH).contains(&register) => from(Register::AL),
        register if is_half(register) => from(Register::AX),
        register if (Register::EAX..=Register::EDI).contains(&register) => from(Register::EAX),
        register if (Register::ST0..=Register::ST7).contains(&register) => from(Register::ST0),
        register => segment::number(register).unwrap_or(0),
    }
}

fn register_size(register: Register) -> Option<usize> {
    match register {
        register if (Register::AL..=Register::BH).contains(&register) => Some(1),
        register if is_half(register) => Some(2),
        register if (Register::EAX..=Register::EDI).contains(&register) => Some(4),
        _ => None,
    }
}

/// The size of an integer in memory; of anything else, something that is none.
fn memory_bytes(size: MemorySize) -> usize {
    match size {
        MemorySize::UInt8 | MemorySize::Int8 => 1,
        MemorySize::UInt16 | MemorySize::Int16 | MemorySize::WordOffset => 2,
        MemorySize::UInt32 | MemorySize::Int32 | MemorySize::DwordOffset => 4,
        _ => 0,
    }
}

/// Picks the handler for a size, which it calls `W`.
macro_rules! sized {
    ($size:expr, $handler:expr) => {
        match $size {
            Size::Byte => {
                type W = Byte;
                $handler as Handler
            }
            Size::Half => {
                type W = Half;
                $handler as Handler
            }
            Size::Word => {
                type W = Word;
                $handler as Handler
            }
        }
    };
}

/// Picks the handler for a size that is not a byte.
macro_rules! wide {
    ($size:expr, $handler:expr) => {
        match $size {
            Size::Byte | Size::Half => {
                type W = Half;
                $handler as Handler
            }
            Size::Word => {
                type W = Word;
                $handler as Handler
            }
        }
    };
}

use {sized, wide};

//! Decoded instructions: what the two encodings have in common, and the one thing that gives them meaning.
//!
//! pc as an operand is resolved where the result is a constant (literal loads, ADR); elsewhere it is register
//! 15.

/// A decoded instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// When it does anything.
    pub condition: Condition,
    /// What it does.
    pub op: Op,
}

/// A core register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Register {
    R0,
    R1,
    R2,
    R3,
    R4,
    R5,
    R6,
    R7,
    R8,
    R9,
    R10,
    R11,
    R12,
    Sp,
    Lr,
    Pc,
}

impl Register {
    /// The register whose number is in the low four bits.
    #[inline]
    pub fn from_bits(bits: u32) -> Register {
        use Register::*;
        [R0, R1, R2, R3, R4, R5, R6, R7, R8, R9, R10, R11, R12, Sp, Lr, Pc][bits as usize & 15]
    }

    /// The next one; the one after pc is r0.
    pub fn next(self) -> Register {
        Register::from_bits(self as u32 + 1)
    }
}

/// When an instruction is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs, reason = "the architecture's names")]
pub enum Condition {
    Eq,
    Ne,
    Cs,
    Cc,
    Mi,
    Pl,
    Vs,
    Vc,
    Hi,
    Ls,
    Ge,
    Lt,
    Gt,
    Le,
    Always,
}

impl Condition {
    /// The condition encoded in the low four bits; the fifteenth is not one.
    pub const fn from_bits(bits: u32) -> Condition {
        use Condition::*;
        [Eq, Ne, Cs, Cc, Mi, Pl, Vs, Vc, Hi, Ls, Ge, Lt, Gt, Le, Always, Always][bits as usize & 15]
    }
}

/// The data-processing operations, in the order of their encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs, reason = "the architecture's names")]
pub enum DataOp {
    And,
    Eor,
    Sub,
    Rsb,
    Add,
    Adc,
    Sbc,
    Rsc,
    Tst,
    Teq,
    Cmp,
    Cmn,
    Orr,
    Mov,
    Bic,
    Mvn,
}

impl DataOp {
    /// The operation encoded in the low four bits.
    #[inline]
    pub const fn from_bits(bits: u32) -> DataOp {
        use DataOp::*;
        [And, Eor, Sub, Rsb, Add, Adc, Sbc, Rsc, Tst, Teq, Cmp, Cmn, Orr, Mov, Bic, Mvn][bits as usize & 15]
    }

    /// Whether it only sets flags.
    #[inline]
    pub const fn is_compare(self) -> bool {
        matches!(self, DataOp::Tst | DataOp::Teq | DataOp::Cmp | DataOp::Cmn)
    }

    /// Whether it has no first operand.
    pub const fn is_move(self) -> bool {
        matches!(self, DataOp::Mov | DataOp::Mvn)
    }
}

/// How a register is shifted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs, reason = "the architecture's names")]
pub enum Shift {
    Lsl,
    Lsr,
    Asr,
    Ror,
    /// Right by one, through the carry; the amount does not matter.
    Rrx,
}

impl Shift {
    /// The shift encoded in the low two bits.
    pub fn from_bits(bits: u32) -> Shift {
        [Shift::Lsl, Shift::Lsr, Shift::Asr, Shift::Ror][bits as usize & 3]
    }

    /// An immediate shift: an amount of 0 stands for 32 or for RRX, but for LSL.
    pub fn immediate(bits: u32, amount: u32) -> (Shift, u8) {
        match (Shift::from_bits(bits), amount & 31) {
            (Shift::Lsr | Shift::Asr, 0) => (Shift::from_bits(bits), 32),
            (Shift::Ror, 0) => (Shift::Rrx, 1),
            (shift, amount) => (shift, amount as u8),
        }
    }
}

/// The second operand of a data-processing instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A constant, and the carry its rotation leaves, if it was rotated.
    Immediate {
        /// The constant.
        value: u32,
        /// The shifter's carry out.
        carry: Option<bool>,
    },
    /// A register shifted by a constant; LSL by 0 is the register itself.
    Shifted {
        /// The register.
        rm: Register,
        /// How.
        shift: Shift,
        /// 0 to 32.
        amount: u8,
    },
    /// A register shifted by the low byte of another.
    ByRegister {
        /// The register.
        rm: Register,
        /// How.
        shift: Shift,
        /// How far.
        rs: Register,
    },
}

impl Operand {
    /// The register itself.
    pub const fn register(rm: Register) -> Operand {
        Operand::Shifted { rm, shift: Shift::Lsl, amount: 0 }
    }

    /// A constant that leaves the carry alone.
    pub const fn constant(value: u32) -> Operand {
        Operand::Immediate { value, carry: None }
    }

    fn reads_pc(self) -> bool {
        match self {
            Operand::Immediate { .. } => false,
            Operand::Shifted { rm, .. } => rm == Register::Pc,
            Operand::ByRegister { rm, rs, .. } => rm == Register::Pc || rs == Register::Pc,
        }
    }
}

/// What is loaded or stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Width {
    Byte,
    SignedByte,
    Half,
    SignedHalf,
    Word,
    /// Two registers, at a multiple of eight.
    Double,
}

/// What is added to the base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offset {
    /// A constant; negative ones wrap.
    Immediate(u32),
    /// A shifted register.
    Register {
        /// The register.
        rm: Register,
        /// How it is shifted.
        shift: Shift,
        /// 0 to 32.
        amount: u8,
        /// Taken from the base instead.
        subtract: bool,
    },
}

/// When the base gets its offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Index {
    /// For the access only.
    Offset,
    /// Before the access, and the base keeps it.
    Pre,
    /// After the access.
    Post,
}

/// Where a load or store goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Address {
    /// A constant: pc was the base.
    Literal(u32),
    /// Base and offset.
    Based {
        /// The base.
        rn: Register,
        /// The offset.
        offset: Offset,
        /// What the base becomes.
        index: Index,
    },
}

/// A product of halves, of ARMv5TE's DSP instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum HalfProduct {
    /// SMLAxy: half by half, added to rn; Q if that overflows.
    Accumulate,
    /// SMLAWy: word by half, its high 32 bits, added to rn; Q if that overflows.
    WideAccumulate,
    /// SMULWy: word by half, its high 32 bits.
    Wide,
    /// SMLALxy: half by half, added to 64 bits in rd (high) and rn (low).
    LongAccumulate,
    /// SMULxy: half by half.
    Plain,
}

/// What an instruction does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "fields have the architecture's names")]
pub enum Op {
    /// AND to MVN.
    Data { op: DataOp, set_flags: bool, rd: Register, rn: Register, operand: Operand },
    /// MUL, MLA.
    Multiply { set_flags: bool, rd: Register, rm: Register, rs: Register, accumulate: Option<Register> },
    /// UMULL, UMLAL, SMULL, SMLAL.
    LongMultiply {
        set_flags: bool,
        low: Register,
        high: Register,
        rm: Register,
        rs: Register,
        signed: bool,
        accumulate: bool,
    },
    /// SMLAxy and its kin.
    HalfMultiply {
        product: HalfProduct,
        rd: Register,
        rn: Register,
        rm: Register,
        rs: Register,
        top_m: bool,
        top_s: bool,
    },
    /// QADD, QSUB, QDADD, QDSUB.
    Saturate { rd: Register, rm: Register, rn: Register, subtract: bool, double: bool },
    /// CLZ.
    CountLeadingZeros { rd: Register, rm: Register },
    /// SWP, SWPB.
    Swap { byte: bool, rd: Register, rm: Register, rn: Register },
    /// LDR and its kin.
    Load { width: Width, rd: Register, address: Address },
    /// STR and its kin.
    Store { width: Width, rd: Register, address: Address },
    /// LDM, POP.
    LoadMultiple { rn: Register, list: u16, before: bool, up: bool, write_back: bool },
    /// STM, PUSH.
    StoreMultiple { rn: Register, list: u16, before: bool, up: bool, write_back: bool },
    /// B, BL, BLX to a constant; `exchange` goes to the other instruction set.
    Branch { target: u32, link: bool, exchange: bool },
    /// BX, BLX to a register; bit 0 selects the instruction set.
    BranchRegister { rm: Register, link: bool },
    /// The second half of a Thumb BL or BLX: to lr plus offset.
    ThumbCall { offset: u32, exchange: bool },
    /// MRS.
    ReadStatus { rd: Register },
    /// MSR; only the flags can be written.
    WriteStatus { operand: Operand },
    /// SVC.
    Supervisor { imm: u32 },
    /// BKPT.
    Breakpoint,
    /// PLD, and hints.
    Nothing,
    /// Everything else.
    Undefined,
}

impl Op {
    /// Whether register 15 is among its operands.
    pub fn reads_pc(self) -> bool {
        use Register::Pc;
        match self {
            Op::Data { op, rn, operand, .. } => (rn == Pc && !op.is_move()) || operand.reads_pc(),
            Op::Load { address, .. } => address.reads_pc(),
            Op::Store { rd, address, .. } => rd == Pc || address.reads_pc(),
            Op::StoreMultiple { list, .. } => list & 0x8000 != 0,
            Op::BranchRegister { rm, .. } => rm == Pc,
            Op::WriteStatus { operand } => operand.reads_pc(),
            // The decoder makes the others undefined if they name r15.
            _ => false,
        }
    }

    /// Whether the next instruction may be another than the one behind it: the end of a block.
    pub fn ends_block(self) -> bool {
        use Register::Pc;
        match self {
            Op::Data { op, rd, .. } => rd == Pc && !op.is_compare(),
            Op::Load { rd, .. } => rd == Pc,
            Op::LoadMultiple { list, .. } => list & 0x8000 != 0,
            Op::Branch { .. } | Op::BranchRegister { .. } | Op::ThumbCall { .. } => true,
            Op::Supervisor { .. } | Op::Breakpoint | Op::Undefined => true,
            _ => false,
        }
    }
}

impl Address {
    fn reads_pc(self) -> bool {
        match self {
            Address::Literal(_) => false,
            Address::Based { rn, offset, .. } => {
                rn == Register::Pc || matches!(offset, Offset::Register { rm: Register::Pc, .. })
            }
        }
    }
}

//! Integer instructions that go on to the next one.

use iced_x86::{Code, Mnemonic, OpKind};

use super::{Form, Kind, Size, sized, wide};
use crate::x86::execute::arithmetic::{self, Binary, Unary};
use crate::x86::execute::bits::{self, BitChange};
use crate::x86::execute::shift::{self, Shift};
use crate::x86::execute::{decimal, multiply, stack, system, transfer};
use crate::x86::op::{Byte, Far, Half, Handler, Immediate, Near, RegisterA, RegisterB, Word};

impl Form<'_> {
    /// The handler of an integer instruction.
    pub(super) fn integer(&mut self) -> Option<Handler> {
        self.two_operand()
            .or_else(|| self.one_operand())
            .or_else(|| self.shifting())
            .or_else(|| self.multiplying())
            .or_else(|| self.bitwise())
            .or_else(|| self.moving())
            .or_else(|| self.conditional())
            .or_else(|| self.stacking())
            .or_else(|| self.plain())
    }

    fn two_operand(&mut self) -> Option<Handler> {
        match self.mnemonic() {
            Mnemonic::Add => self.binary::<arithmetic::Add>(),
            Mnemonic::Or => self.binary::<arithmetic::Or>(),
            Mnemonic::Adc => self.binary::<arithmetic::Adc>(),
            Mnemonic::Sbb => self.binary::<arithmetic::Sbb>(),
            Mnemonic::And => self.binary::<arithmetic::And>(),
            Mnemonic::Sub => self.binary::<arithmetic::Sub>(),
            Mnemonic::Xor => self.binary::<arithmetic::Xor>(),
            Mnemonic::Cmp => self.binary::<arithmetic::Cmp>(),
            Mnemonic::Test => self.binary::<arithmetic::Test>(),
            _ => None,
        }
    }

    fn binary<O: Binary>(&mut self) -> Option<Handler> {
        use arithmetic::binary;
        let size = self.size(0)?;
        self.mask_immediate(size);
        Some(match (self.kind(0), self.kind(1)) {
            (Kind::Register, Kind::Register) => sized!(size, binary::<O, W, RegisterA, RegisterB>),
            (Kind::Register, Kind::Immediate) => sized!(size, binary::<O, W, RegisterA, Immediate>),
            (Kind::Register, Kind::Near) => sized!(size, binary::<O, W, RegisterA, Near>),
            (Kind::Register, Kind::Far) => sized!(size, binary::<O, W, RegisterA, Far>),
            (Kind::Near, Kind::Register) => sized!(size, binary::<O, W, Near, RegisterB>),
            (Kind::Near, Kind::Immediate) => sized!(size, binary::<O, W, Near, Immediate>),
            (Kind::Far, Kind::Register) => sized!(size, binary::<O, W, Far, RegisterB>),
            (Kind::Far, Kind::Immediate) => sized!(size, binary::<O, W, Far, Immediate>),
            _ => return None,
        })
    }

    fn mask_immediate(&mut self, size: Size) {
        self.op.immediate &= match size {
            Size::Byte => 0xFF,
            Size::Half => 0xFFFF,
            Size::Word => u32::MAX,
        };
    }

    fn one_operand(&mut self) -> Option<Handler> {
        match self.mnemonic() {
            Mnemonic::Inc => self.unary::<arithmetic::Inc>(),
            Mnemonic::Dec => self.unary::<arithmetic::Dec>(),
            Mnemonic::Neg => self.unary::<arithmetic::Neg>(),
            Mnemonic::Not => self.unary::<arithmetic::Not>(),
            _ => None,
        }
    }

    fn unary<O: Unary>(&mut self) -> Option<Handler> {
        use arithmetic::unary;
        let size = self.size(0)?;
        Some(match self.kind(0) {
            Kind::Register => sized!(size, unary::<O, W, RegisterA>),
            Kind::Near => sized!(size, unary::<O, W, Near>),
            _ => sized!(size, unary::<O, W, Far>),
        })
    }

    fn shifting(&mut self) -> Option<Handler> {
        match self.mnemonic() {
            Mnemonic::Shl | Mnemonic::Sal => self.shift::<shift::Shl>(),
            Mnemonic::Shr => self.shift::<shift::Shr>(),
            Mnemonic::Sar => self.shift::<shift::Sar>(),
            Mnemonic::Rol => self.shift::<shift::Rol>(),
            Mnemonic::Ror => self.shift::<shift::Ror>(),
            Mnemonic::Rcl => self.shift::<shift::Rcl>(),
            Mnemonic::Rcr => self.shift::<shift::Rcr>(),
            Mnemonic::Shld | Mnemonic::Shrd => self.double_shift(),
            _ => None,
        }
    }

    fn shift<O: Shift>(&mut self) -> Option<Handler> {
        use shift::shift;
        let size = self.size(0)?;
        let by_register = self.kind(1) == Kind::Register;
        Some(match (self.kind(0), by_register) {
            (Kind::Register, false) => sized!(size, shift::<O, W, RegisterA, Immediate>),
            (Kind::Register, true) => sized!(size, shift::<O, W, RegisterA, RegisterB>),
            (_, false) => sized!(size, shift::<O, W, Far, Immediate>),
            (_, true) => sized!(size, shift::<O, W, Far, RegisterB>),
        })
    }

    fn double_shift(&mut self) -> Option<Handler> {
        use shift::{double_left, double_right};
        let size = self.size(0)?;
        if self.kind(2) == Kind::Register {
            self.op.immediate = shift::COUNT_IN_CL;
        } else {
            self.op.immediate &= 31;
        }
        let left = self.mnemonic() == Mnemonic::Shld;
        Some(match (left, self.kind(0)) {
            (true, Kind::Register) => wide!(size, double_left::<W, RegisterA>),
            (true, _) => wide!(size, double_left::<W, Far>),
            (false, Kind::Register) => wide!(size, double_right::<W, RegisterA>),
            (false, _) => wide!(size, double_right::<W, Far>),
        })
    }

    fn multiplying(&mut self) -> Option<Handler> {
        use multiply::{divide, divide_signed, multiply, multiply_by, multiply_signed, multiply_to};
        let operands = self.instruction.op_count();
        if !matches!(self.mnemonic(), Mnemonic::Mul | Mnemonic::Imul | Mnemonic::Div | Mnemonic::Idiv) {
            return None;
        }
        let size = self.size(0)?;
        let in_register = self.kind(if operands == 1 { 0 } else { 1 }) == Kind::Register;
        Some(match (self.mnemonic(), operands, in_register) {
            (Mnemonic::Mul, _, true) => sized!(size, multiply::<W, RegisterA>),
            (Mnemonic::Mul, _, false) => sized!(size, multiply::<W, Far>),
            (Mnemonic::Imul, 1, true) => sized!(size, multiply_signed::<W, RegisterA>),
            (Mnemonic::Imul, 1, false) => sized!(size, multiply_signed::<W, Far>),
            (Mnemonic::Imul, 2, true) => wide!(size, multiply_to::<W, RegisterB>),
            (Mnemonic::Imul, 2, false) => wide!(size, multiply_to::<W, Far>),
            (Mnemonic::Imul, _, true) => wide!(size, multiply_by::<W, RegisterB>),
            (Mnemonic::Imul, _, false) => wide!(size, multiply_by::<W, Far>),
            (Mnemonic::Div, _, true) => sized!(size, divide::<W, RegisterA>),
            (Mnemonic::Div, _, false) => sized!(size, divide::<W, Far>),
            (_, _, true) => sized!(size, divide_signed::<W, RegisterA>),
            (_, _, false) => sized!(size, divide_signed::<W, Far>),
        })
    }

    fn bitwise(&mut self) -> Option<Handler> {
        match self.mnemonic() {
            Mnemonic::Bt => self.bit_test::<bits::Keep>(),
            Mnemonic::Bts => self.bit_test::<bits::Set>(),
            Mnemonic::Btr => self.bit_test::<bits::Reset>(),
            Mnemonic::Btc => self.bit_test::<bits::Complement>(),
            Mnemonic::Bsf => self.scan(true),
            Mnemonic::Bsr => self.scan(false),
            Mnemonic::Bswap if self.size(0)? == Size::Word => Some(bits::swap_bytes),
            Mnemonic::Bswap => Some(bits::swap_bytes_half),
            _ => None,
        }
    }

    fn scan(&mut self, forward: bool) -> Option<Handler> {
        use bits::{scan_forward, scan_reverse};
        let size = self.size(0)?;
        Some(match (forward, self.kind(1)) {
            (true, Kind::Register) => wide!(size, scan_forward::<W, RegisterB>),
            (true, _) => wide!(size, scan_forward::<W, Far>),
            (false, Kind::Register) => wide!(size, scan_reverse::<W, RegisterB>),
            (false, _) => wide!(size, scan_reverse::<W, Far>),
        })
    }

    fn bit_test<O: BitChange>(&mut self) -> Option<Handler> {
        let size = self.size(0)?;
        let half = size == Size::Half;
        Some(match (self.kind(0), self.kind(1)) {
            (Kind::Register, Kind::Register) if half => bits::bit_test::<O, Half, RegisterA, RegisterB>,
            (Kind::Register, Kind::Register) => bits::bit_test::<O, Word, RegisterA, RegisterB>,
            (Kind::Register, _) if half => bits::bit_test::<O, Half, RegisterA, Immediate>,
            (Kind::Register, _) => bits::bit_test::<O, Word, RegisterA, Immediate>,
            (_, Kind::Register) if half => bits::bit_test_string::<O, Half, Far>,
            (_, Kind::Register) => bits::bit_test_string::<O, Word, Far>,
            _ if half => bits::bit_test::<O, Half, Far, Immediate>,
            _ => bits::bit_test::<O, Word, Far, Immediate>,
        })
    }

    fn moving(&mut self) -> Option<Handler> {
        match self.mnemonic() {
            Mnemonic::Mov => self.mov(),
            Mnemonic::Movzx | Mnemonic::Movsx => self.extend(),
            Mnemonic::Lea if self.size(0)? == Size::Half => Some(transfer::load_address::<Half>),
            Mnemonic::Lea if self.memory_kind() == Kind::Near => Some(transfer::load_near_address),
            Mnemonic::Lea => Some(transfer::load_address::<Word>),
            Mnemonic::Xchg => self.exchange(),
            Mnemonic::Xadd | Mnemonic::Cmpxchg => self.exchange_with_arithmetic(),
            Mnemonic::Cmpxchg8b => Some(arithmetic::compare_exchange_8),
            _ => None,
        }
    }

    fn mov(&mut self) -> Option<Handler> {
        use transfer::move_to;
        // Other registers than those for integers have no size here, so moves of them are not lowered.
        let size = self.size(0)?;
        if self.kind(1) == Kind::Register {
            self.size(1)?;
        }
        self.mask_immediate(size);
        Some(match (self.kind(0), self.kind(1)) {
            (Kind::Register, Kind::Register) if size == Size::Word => transfer::move_register,
            (Kind::Register, Kind::Register) => sized!(size, move_to::<W, RegisterA, RegisterB>),
            (Kind::Register, Kind::Immediate) => sized!(size, move_to::<W, RegisterA, Immediate>),
            (Kind::Register, Kind::Near) => sized!(size, move_to::<W, RegisterA, Near>),
            (Kind::Register, Kind::Far) => sized!(size, move_to::<W, RegisterA, Far>),
            (Kind::Near, Kind::Register) => sized!(size, move_to::<W, Near, RegisterB>),
            (Kind::Near, Kind::Immediate) => sized!(size, move_to::<W, Near, Immediate>),
            (Kind::Far, Kind::Register) => sized!(size, move_to::<W, Far, RegisterB>),
            (Kind::Far, Kind::Immediate) => sized!(size, move_to::<W, Far, Immediate>),
            _ => return None,
        })
    }

    fn extend(&mut self) -> Option<Handler> {
        use transfer::{sign_extend, zero_extend};
        let (to, from) = (self.size(0)?, self.size(1)?);
        let signed = self.mnemonic() == Mnemonic::Movsx;
        Some(match (signed, from, self.kind(1)) {
            (false, Size::Byte, Kind::Register) => wide!(to, zero_extend::<W, Byte, RegisterB>),
            (false, Size::Byte, Kind::Near) => wide!(to, zero_extend::<W, Byte, Near>),
            (false, Size::Byte, _) => wide!(to, zero_extend::<W, Byte, Far>),
            (false, _, Kind::Register) => wide!(to, zero_extend::<W, Half, RegisterB>),
            (false, _, _) => wide!(to, zero_extend::<W, Half, Far>),
            (true, Size::Byte, Kind::Register) => wide!(to, sign_extend::<W, Byte, RegisterB>),
            (true, Size::Byte, _) => wide!(to, sign_extend::<W, Byte, Far>),
            (true, _, Kind::Register) => wide!(to, sign_extend::<W, Half, RegisterB>),
            (true, _, _) => wide!(to, sign_extend::<W, Half, Far>),
        })
    }

    fn exchange(&mut self) -> Option<Handler> {
        use transfer::exchange;
        let size = self.size(0)?;
        // The decoder may name either operand first.
        if self.kind(0) == Kind::Register && self.kind(1) != Kind::Register {
            self.op.b = self.op.a;
            return Some(sized!(size, exchange::<W, Far>));
        }
        Some(match self.kind(0) {
            Kind::Register => sized!(size, exchange::<W, RegisterA>),
            _ => sized!(size, exchange::<W, Far>),
        })
    }

    fn exchange_with_arithmetic(&mut self) -> Option<Handler> {
        use arithmetic::{compare_exchange, exchange_add};
        let size = self.size(0)?;
        let adds = self.mnemonic() == Mnemonic::Xadd;
        Some(match (adds, self.kind(0)) {
            (true, Kind::Register) => sized!(size, exchange_add::<W, RegisterA>),
            (true, _) => sized!(size, exchange_add::<W, Far>),
            (false, Kind::Register) => sized!(size, compare_exchange::<W, RegisterA>),
            (false, _) => sized!(size, compare_exchange::<W, Far>),
        })
    }

    fn conditional(&mut self) -> Option<Handler> {
        use bits::{move_condition, set_condition};
        let (condition, moves) = condition_of(self.mnemonic())?;
        self.op.immediate = condition;
        if !moves {
            return Some(match self.kind(0) {
                Kind::Register => set_condition::<RegisterA>,
                _ => set_condition::<Far>,
            });
        }
        let size = self.size(0)?;
        Some(match self.kind(1) {
            Kind::Register => wide!(size, move_condition::<W, RegisterB>),
            _ => wide!(size, move_condition::<W, Far>),
        })
    }

    fn stacking(&mut self) -> Option<Handler> {
        Some(match self.mnemonic() {
            Mnemonic::Push => return self.push(),
            Mnemonic::Pop => return self.pop(),
            Mnemonic::Pushad => stack::push_all::<Word>,
            Mnemonic::Pusha => stack::push_all::<Half>,
            Mnemonic::Popad => stack::pop_all::<Word>,
            Mnemonic::Popa => stack::pop_all::<Half>,
            Mnemonic::Pushfd => stack::push_flags::<Word>,
            Mnemonic::Pushf => stack::push_flags::<Half>,
            Mnemonic::Popfd => stack::pop_flags::<Word>,
            Mnemonic::Popf => stack::pop_flags::<Half>,
            Mnemonic::Enter => return self.enter(),
            Mnemonic::Leave => {
                if self.instruction.code() == Code::Leavew {
                    stack::leave::<Half>
                } else {
                    stack::leave::<Word>
                }
            }
            _ => return None,
        })
    }

    fn enter(&mut self) -> Option<Handler> {
        self.op.immediate = u32::from(self.instruction.immediate16());
        self.op.a = self.instruction.immediate8_2nd();
        let half = self.instruction.code() == Code::Enterw_imm16_imm8;
        Some(if half { stack::enter::<Half> } else { stack::enter::<Word> })
    }

    fn push(&mut self) -> Option<Handler> {
        use stack::push;
        let half = matches!(
            self.instruction.code(),
            Code::Push_r16 | Code::Push_rm16 | Code::Push_imm16 | Code::Pushw_imm8
        );
        let size = if half { Size::Half } else { Size::Word };
        if self.kind(0) == Kind::Register {
            self.size(0)?;
        }
        self.mask_immediate(size);
        Some(match self.kind(0) {
            Kind::Register => wide!(size, push::<W, RegisterA>),
            Kind::Immediate => wide!(size, push::<W, Immediate>),
            Kind::Near => wide!(size, push::<W, Near>),
            Kind::Far => wide!(size, push::<W, Far>),
        })
    }

    fn pop(&mut self) -> Option<Handler> {
        use stack::{pop, pop_to_memory};
        let size = self.size(0)?;
        Some(match self.kind(0) {
            Kind::Register => wide!(size, pop::<W>),
            _ => wide!(size, pop_to_memory::<W>),
        })
    }

    fn plain(&mut self) -> Option<Handler> {
        Some(match self.mnemonic() {
            Mnemonic::Nop | Mnemonic::Pause => system::nothing,
            Mnemonic::Cbw => transfer::extend_accumulator::<Half>,
            Mnemonic::Cwde => transfer::extend_accumulator::<Word>,
            Mnemonic::Cwd => transfer::spread_sign::<Half>,
            Mnemonic::Cdq => transfer::spread_sign::<Word>,
            Mnemonic::Lahf => system::load_flags,
            Mnemonic::Sahf => system::store_flags,
            Mnemonic::Clc | Mnemonic::Stc => {
                self.op.immediate = u32::from(self.mnemonic() == Mnemonic::Stc);
                system::set_carry
            }
            Mnemonic::Cmc => system::complement_carry,
            Mnemonic::Cld | Mnemonic::Std => {
                self.op.immediate = u32::from(self.mnemonic() == Mnemonic::Std);
                system::set_direction
            }
            Mnemonic::Rdtsc => system::read_time_stamp,
            Mnemonic::Cpuid => system::identify,
            Mnemonic::Daa => decimal::daa,
            Mnemonic::Das => decimal::das,
            Mnemonic::Aaa => decimal::aaa,
            Mnemonic::Aas => decimal::aas,
            Mnemonic::Aam => decimal::aam,
            Mnemonic::Aad => decimal::aad,
            Mnemonic::Xlatb => {
                self.op.base = 3;
                let kind = self.instruction.op_kind(0);
                self.op.address16 = kind == OpKind::Memory && super::is_half(self.instruction.memory_base());
                transfer::translate
            }
            _ => return None,
        })
    }
}

/// The condition's number, and whether it is a CMOVcc (or a SETcc).
fn condition_of(mnemonic: Mnemonic) -> Option<(u32, bool)> {
    Some(match mnemonic {
        Mnemonic::Seto => (0, false),
        Mnemonic::Setno => (1, false),
        Mnemonic::Setb => (2, false),
        Mnemonic::Setae => (3, false),
        Mnemonic::Sete => (4, false),
        Mnemonic::Setne => (5, false),
        Mnemonic::Setbe => (6, false),
        Mnemonic::Seta => (7, false),
        Mnemonic::Sets => (8, false),
        Mnemonic::Setns => (9, false),
        Mnemonic::Setp => (10, false),
        Mnemonic::Setnp => (11, false),
        Mnemonic::Setl => (12, false),
        Mnemonic::Setge => (13, false),
        Mnemonic::Setle => (14, false),
        Mnemonic::Setg => (15, false),
        Mnemonic::Cmovo => (0, true),
        Mnemonic::Cmovno => (1, true),
        Mnemonic::Cmovb => (2, true),
        Mnemonic::Cmovae => (3, true),
        Mnemonic::Cmove => (4, true),
        Mnemonic::Cmovne => (5, true),
        Mnemonic::Cmovbe => (6, true),
        Mnemonic::Cmova => (7, true),
        Mnemonic::Cmovs => (8, true),
        Mnemonic::Cmovns => (9, true),
        Mnemonic::Cmovp => (10, true),
        Mnemonic::Cmovnp => (11, true),
        Mnemonic::Cmovl => (12, true),
        Mnemonic::Cmovge => (13, true),
        Mnemonic::Cmovle => (14, true),
        Mnemonic::Cmovg => (15, true),
        _ => return None,
    })
}

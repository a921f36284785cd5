//! Instructions that end a block, and string instructions.

use iced_x86::{Code, Mnemonic};

use super::{Form, Kind, Size, sized};
use crate::x86::execute::branch::{self, LOOP, LOOP_WHILE_NOT_ZERO, LOOP_WHILE_ZERO};
use crate::x86::execute::string::{self, StringOp};
use crate::x86::op::{Byte, Far, Half, Handler, Immediate, Near, RegisterA, Word};

impl Form<'_> {
    /// The handler of a control transfer or a string instruction.
    pub(super) fn control(&mut self) -> Option<Handler> {
        self.branching()
            .or_else(|| self.branching_condition())
            .or_else(|| self.looping())
            .or_else(|| self.trapping())
            .or_else(|| self.string())
    }

    fn branching(&mut self) -> Option<Handler> {
        let handler = match self.mnemonic() {
            Mnemonic::Jmp => self.jump()?,
            Mnemonic::Call => self.call()?,
            Mnemonic::Ret => {
                self.op.immediate &= 0xFFFF;
                if matches!(self.instruction.code(), Code::Retnw | Code::Retnw_imm16) {
                    branch::ret::<Half>
                } else {
                    branch::ret::<Word>
                }
            }
            _ => return None,
        };
        self.ends(handler)
    }

    /// A conditional jump does not end the block, which goes on where it does not jump.
    fn branching_condition(&mut self) -> Option<Handler> {
        Some(match self.mnemonic() {
            Mnemonic::Jo => branch::jump_condition::<0>,
            Mnemonic::Jno => branch::jump_condition::<1>,
            Mnemonic::Jb => branch::jump_condition::<2>,
            Mnemonic::Jae => branch::jump_condition::<3>,
            Mnemonic::Je => branch::jump_condition::<4>,
            Mnemonic::Jne => branch::jump_condition::<5>,
            Mnemonic::Jbe => branch::jump_condition::<6>,
            Mnemonic::Ja => branch::jump_condition::<7>,
            Mnemonic::Js => branch::jump_condition::<8>,
            Mnemonic::Jns => branch::jump_condition::<9>,
            Mnemonic::Jp => branch::jump_condition::<10>,
            Mnemonic::Jnp => branch::jump_condition::<11>,
            Mnemonic::Jl => branch::jump_condition::<12>,
            Mnemonic::Jge => branch::jump_condition::<13>,
            Mnemonic::Jle => branch::jump_condition::<14>,
            Mnemonic::Jg => branch::jump_condition::<15>,
            _ => return None,
        })
    }

    /// Whether the operand is a near target; a far one is not for user code.
    fn is_near(&self) -> bool {
        matches!(
            self.instruction.code(),
            Code::Jmp_rel16
                | Code::Jmp_rel32_32
                | Code::Jmp_rel8_16
                | Code::Jmp_rel8_32
                | Code::Jmp_rm16
                | Code::Jmp_rm32
                | Code::Call_rel16
                | Code::Call_rel32_32
                | Code::Call_rm16
                | Code::Call_rm32
        )
    }

    fn jump(&mut self) -> Option<Handler> {
        use branch::jump_indirect;
        if !self.is_near() {
            return None;
        }
        let half = self.size(0)? == Size::Half;
        Some(match self.kind(0) {
            Kind::Immediate => branch::jump,
            Kind::Register if half => jump_indirect::<Half, RegisterA>,
            Kind::Register => jump_indirect::<Word, RegisterA>,
            _ if half => jump_indirect::<Half, Far>,
            _ => jump_indirect::<Word, Far>,
        })
    }

    fn call(&mut self) -> Option<Handler> {
        use branch::call;
        if !self.is_near() {
            return None;
        }
        let half = self.size(0)? == Size::Half;
        Some(match self.kind(0) {
            Kind::Immediate if half => call::<Half, Immediate>,
            Kind::Immediate => call::<Word, Immediate>,
            Kind::Register if half => call::<Half, RegisterA>,
            Kind::Register => call::<Word, RegisterA>,
            Kind::Near if !half => call::<Word, Near>,
            _ if half => call::<Half, Far>,
            _ => call::<Word, Far>,
        })
    }

    fn looping(&mut self) -> Option<Handler> {
        use branch::loop_back;
        // The counter has the size of an address; the operand size only cuts the target.
        let counts_half = matches!(
            self.instruction.code(),
            Code::Loop_rel8_16_CX
                | Code::Loop_rel8_32_CX
                | Code::Loope_rel8_16_CX
                | Code::Loope_rel8_32_CX
                | Code::Loopne_rel8_16_CX
                | Code::Loopne_rel8_32_CX
        );
        let handler = match (self.mnemonic(), counts_half) {
            (Mnemonic::Loop, false) => loop_back::<Word, LOOP>,
            (Mnemonic::Loop, true) => loop_back::<Half, LOOP>,
            (Mnemonic::Loope, false) => loop_back::<Word, LOOP_WHILE_ZERO>,
            (Mnemonic::Loope, true) => loop_back::<Half, LOOP_WHILE_ZERO>,
            (Mnemonic::Loopne, false) => loop_back::<Word, LOOP_WHILE_NOT_ZERO>,
            (Mnemonic::Loopne, true) => loop_back::<Half, LOOP_WHILE_NOT_ZERO>,
            (Mnemonic::Jecxz, _) => branch::jump_no_count::<Word>,
            (Mnemonic::Jcxz, _) => branch::jump_no_count::<Half>,
            _ => return None,
        };
        self.ends(handler)
    }

    fn trapping(&mut self) -> Option<Handler> {
        let handler: Handler = match self.mnemonic() {
            Mnemonic::Int => branch::interrupt,
            Mnemonic::Int3 => branch::breakpoint,
            Mnemonic::Into => branch::interrupt_on_overflow,
            Mnemonic::Bound if self.size(0)? == Size::Half => return Some(branch::bound::<Half>),
            Mnemonic::Bound => return Some(branch::bound::<Word>),
            _ => return None,
        };
        self.ends(handler)
    }

    fn string(&mut self) -> Option<Handler> {
        match self.mnemonic() {
            Mnemonic::Movsb => self.string_op::<string::Movs>(Size::Byte),
            Mnemonic::Movsw => self.string_op::<string::Movs>(Size::Half),
            Mnemonic::Movsd => self.string_op::<string::Movs>(Size::Word),
            Mnemonic::Cmpsb => self.string_op::<string::Cmps>(Size::Byte),
            Mnemonic::Cmpsw => self.string_op::<string::Cmps>(Size::Half),
            Mnemonic::Cmpsd => self.string_op::<string::Cmps>(Size::Word),
            Mnemonic::Stosb => self.string_op::<string::Stos>(Size::Byte),
            Mnemonic::Stosw => self.string_op::<string::Stos>(Size::Half),
            Mnemonic::Stosd => self.string_op::<string::Stos>(Size::Word),
            Mnemonic::Lodsb => self.string_op::<string::Lods>(Size::Byte),
            Mnemonic::Lodsw => self.string_op::<string::Lods>(Size::Half),
            Mnemonic::Lodsd => self.string_op::<string::Lods>(Size::Word),
            Mnemonic::Scasb => self.string_op::<string::Scas>(Size::Byte),
            Mnemonic::Scasw => self.string_op::<string::Scas>(Size::Half),
            Mnemonic::Scasd => self.string_op::<string::Scas>(Size::Word),
            _ => None,
        }
    }

    fn string_op<O: StringOp>(&mut self, size: Size) -> Option<Handler> {
        use string::{repeated, single};
        if !self.is_string() {
            return None;
        }
        let (equal, unequal) = (self.instruction.has_rep_prefix(), self.instruction.has_repne_prefix());
        if !equal && !unequal {
            return Some(sized!(size, single::<O, W>));
        }
        self.op.immediate = u32::from(equal);
        self.ends(sized!(size, repeated::<O, W>))
    }
}

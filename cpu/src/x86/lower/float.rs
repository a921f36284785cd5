//! x87 instructions.

use iced_x86::{Code, MemorySize, Mnemonic};

use super::{Form, Kind};
use crate::x86::fpu::environment;
use crate::x86::fpu::execute::{
    self, OPCODE_SHIFT, POP_SHIFT, QUIETLY, TO_EFLAGS, format, on_angle, on_top, on_two, operation,
};
use crate::x86::op::Handler;

impl Form<'_> {
    /// The handler of an x87 instruction.
    pub(super) fn float(&mut self) -> Option<Handler> {
        self.op.immediate = self.opcode() << OPCODE_SHIFT;
        self.float_arithmetic()
            .or_else(|| self.float_comparison())
            .or_else(|| self.float_move())
            .or_else(|| self.float_function())
            .or_else(|| self.float_control())
    }

    /// The escape byte's three bits and the byte behind it.
    fn opcode(&self) -> u32 {
        let mut bytes = self.bytes.iter().skip_while(|byte| !(0xD8..=0xDF).contains(*byte));
        match (bytes.next(), bytes.next()) {
            (Some(escape), Some(behind)) => u32::from(escape & 7) << 8 | u32::from(*behind),
            _ => 0,
        }
    }

    fn float_arithmetic(&mut self) -> Option<Handler> {
        let (operation, pops) = match self.mnemonic() {
            Mnemonic::Fadd | Mnemonic::Fiadd => (operation::ADD, 0),
            Mnemonic::Fmul | Mnemonic::Fimul => (operation::MULTIPLY, 0),
            Mnemonic::Fsub | Mnemonic::Fisub => (operation::SUBTRACT, 0),
            Mnemonic::Fsubr | Mnemonic::Fisubr => (operation::SUBTRACT_REVERSED, 0),
            Mnemonic::Fdiv | Mnemonic::Fidiv => (operation::DIVIDE, 0),
            Mnemonic::Fdivr | Mnemonic::Fidivr => (operation::DIVIDE_REVERSED, 0),
            Mnemonic::Faddp => (operation::ADD, 1),
            Mnemonic::Fmulp => (operation::MULTIPLY, 1),
            Mnemonic::Fsubp => (operation::SUBTRACT, 1),
            Mnemonic::Fsubrp => (operation::SUBTRACT_REVERSED, 1),
            Mnemonic::Fdivp => (operation::DIVIDE, 1),
            Mnemonic::Fdivrp => (operation::DIVIDE_REVERSED, 1),
            _ => return None,
        };
        self.op.immediate |= operation | pops << POP_SHIFT;
        self.by_operand(execute::arithmetic_memory, execute::arithmetic_register)
    }

    fn float_comparison(&mut self) -> Option<Handler> {
        let (pops, options) = match self.mnemonic() {
            Mnemonic::Fcom | Mnemonic::Ficom => (0, 0),
            Mnemonic::Fcomp | Mnemonic::Ficomp => (1, 0),
            Mnemonic::Fcompp => (2, 0),
            Mnemonic::Fucom => (0, QUIETLY),
            Mnemonic::Fucomp => (1, QUIETLY),
            Mnemonic::Fucompp => (2, QUIETLY),
            Mnemonic::Fcomi => (0, TO_EFLAGS),
            Mnemonic::Fcomip => (1, TO_EFLAGS),
            Mnemonic::Fucomi => (0, TO_EFLAGS | QUIETLY),
            Mnemonic::Fucomip => (1, TO_EFLAGS | QUIETLY),
            Mnemonic::Ftst => return Some(execute::test),
            Mnemonic::Fxam => return Some(execute::examine),
            _ => return None,
        };
        self.op.immediate |= options | pops << POP_SHIFT;
        if pops == 2 {
            self.op.b = 1;
            return Some(execute::compare_register);
        }
        self.by_operand(execute::compare_memory, execute::compare_register)
    }

    fn by_operand(&mut self, memory: Handler, register: Handler) -> Option<Handler> {
        if self.kind(0) == Kind::Register {
            return Some(register);
        }
        self.op.b = self.memory_format()?;
        Some(memory)
    }

    fn memory_format(&self) -> Option<u8> {
        Some(match self.instruction.memory_size() {
            MemorySize::Float32 => format::SINGLE,
            MemorySize::Float64 => format::DOUBLE,
            MemorySize::Float80 => format::EXTENDED,
            MemorySize::Int16 => format::INTEGER_16,
            MemorySize::Int32 => format::INTEGER_32,
            MemorySize::Int64 => format::INTEGER_64,
            MemorySize::Bcd => format::DECIMAL,
            _ => return None,
        })
    }

    fn float_move(&mut self) -> Option<Handler> {
        let stores = |form: &mut Self, pops: u32| {
            form.op.immediate |= pops << POP_SHIFT;
            form.by_operand(execute::store_memory, execute::store_register)
        };
        let constant = |form: &mut Self, number: u8| {
            form.op.a = number;
            Some(execute::load_constant as Handler)
        };
        match self.mnemonic() {
            Mnemonic::Fld if self.kind(0) == Kind::Register => {
                // The decoder may name the stack's top first.
                if self.instruction.op_count() > 1 {
                    self.op.a = self.op.b;
                }
                Some(execute::load_register)
            }
            Mnemonic::Fld | Mnemonic::Fild | Mnemonic::Fbld => {
                self.op.b = self.memory_format()?;
                Some(execute::load_memory)
            }
            Mnemonic::Fst | Mnemonic::Fist => stores(self, 0),
            Mnemonic::Fstp | Mnemonic::Fistp | Mnemonic::Fbstp => stores(self, 1),
            Mnemonic::Fxch => Some(execute::exchange),
            Mnemonic::Fld1 => constant(self, 0),
            Mnemonic::Fldl2t => constant(self, 1),
            Mnemonic::Fldl2e => constant(self, 2),
            Mnemonic::Fldpi => constant(self, 3),
            Mnemonic::Fldlg2 => constant(self, 4),
            Mnemonic::Fldln2 => constant(self, 5),
            Mnemonic::Fldz => constant(self, 6),
            Mnemonic::Fcmovb => self.float_condition(2),
            Mnemonic::Fcmovnb => self.float_condition(3),
            Mnemonic::Fcmove => self.float_condition(4),
            Mnemonic::Fcmovne => self.float_condition(5),
            Mnemonic::Fcmovbe => self.float_condition(6),
            Mnemonic::Fcmovnbe => self.float_condition(7),
            Mnemonic::Fcmovu => self.float_condition(10),
            Mnemonic::Fcmovnu => self.float_condition(11),
            _ => None,
        }
    }

    fn float_condition(&mut self, condition: u8) -> Option<Handler> {
        self.op.a = condition;
        Some(execute::move_condition)
    }

    fn float_function(&mut self) -> Option<Handler> {
        let (handler, number): (Handler, u8) = match self.mnemonic() {
            Mnemonic::Fchs => (execute::one_operand, on_top::NEGATE),
            Mnemonic::Fabs => (execute::one_operand, on_top::MAGNITUDE),
            Mnemonic::Fsqrt => (execute::one_operand, on_top::ROOT),
            Mnemonic::Frndint => (execute::one_operand, on_top::ROUND),
            Mnemonic::F2xm1 => (execute::one_operand, on_top::POWER),
            Mnemonic::Fscale => (execute::two_operands, on_two::SCALE),
            Mnemonic::Fyl2x => (execute::two_operands, on_two::LOGARITHM),
            Mnemonic::Fyl2xp1 => (execute::two_operands, on_two::LOGARITHM_PLUS_ONE),
            Mnemonic::Fpatan => (execute::two_operands, on_two::ARCTANGENT),
            Mnemonic::Fprem => (execute::remainder, 0),
            Mnemonic::Fprem1 => (execute::remainder, 1),
            Mnemonic::Fxtract => (execute::extract, 0),
            Mnemonic::Fsin => (execute::angle, on_angle::SINE),
            Mnemonic::Fcos => (execute::angle, on_angle::COSINE),
            Mnemonic::Fsincos => (execute::angle, on_angle::BOTH),
            Mnemonic::Fptan => (execute::angle, on_angle::TANGENT),
            Mnemonic::Fincstp => (execute::rotate, 1),
            Mnemonic::Fdecstp => (execute::rotate, 7),
            _ => return None,
        };
        self.op.a = number;
        Some(handler)
    }

    fn float_control(&mut self) -> Option<Handler> {
        let code = self.instruction.code();
        let short = matches!(
            code,
            Code::Fnstenv_m14byte | Code::Fldenv_m14byte | Code::Fnsave_m94byte | Code::Frstor_m94byte
        );
        let handler: Handler = match self.mnemonic() {
            Mnemonic::Wait => environment::check,
            Mnemonic::Fninit => environment::initialize,
            Mnemonic::Fnclex => environment::clear_exceptions,
            Mnemonic::Fldcw => environment::load_control,
            Mnemonic::Fnstcw => environment::store_control,
            Mnemonic::Fnstsw if self.kind(0) == Kind::Register => environment::store_status_register,
            Mnemonic::Fnstsw => environment::store_status,
            Mnemonic::Fnstenv => environment::store_environment,
            Mnemonic::Fldenv => environment::load_environment,
            Mnemonic::Fnsave => environment::save,
            Mnemonic::Frstor => environment::restore,
            Mnemonic::Ffree => return Some(execute::free),
            Mnemonic::Ffreep => {
                self.op.immediate |= 1 << POP_SHIFT;
                return Some(execute::free);
            }
            Mnemonic::Fnop => execute::nothing,
            _ => return None,
        };
        self.op.a = u8::from(short);
        Some(handler)
    }
}

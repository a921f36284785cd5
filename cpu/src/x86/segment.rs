//! Segment registers, as a flat system shows them to user code.
//!
//! Our choice, which no page tells: there are three descriptors that user mode may use. They are all of memory
//! as code, all of memory as data, and the thread's block, which is FS's. A register takes what the manual lets
//! it take of these, and keeps the selector as it was written; the code's goes into no data segment register,
//! and the thread's into FS only. Data segment registers also take a null selector; the access through one is
//! what raises #GP.

use iced_x86::{Instruction, Mnemonic, OpKind, Register};

/// Everything as code, at privilege 3.
pub const CODE: u16 = 0x1B;
/// Everything as data, at privilege 3.
pub const DATA: u16 = 0x23;
/// The thread's block, at privilege 3.
pub const THREAD: u16 = 0x3B;

/// The privilege that a selector asks for.
const PRIVILEGE: u16 = 3;

/// The registers' numbers in the instruction set.
pub const ES: usize = 0;
/// CS; nothing but a far transfer loads it.
pub const CS: usize = 1;
/// SS
pub const SS: usize = 2;
/// DS
pub const DS: usize = 3;
/// FS
pub const FS: usize = 4;
/// GS
pub const GS: usize = 5;

/// A selector that its register does not take: #GP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused;

/// The selectors in ES, CS, SS, DS, FS and GS.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Segments([u16; 6]);

impl Default for Segments {
    fn default() -> Segments {
        Segments([DATA, CODE, DATA, DATA, THREAD, DATA])
    }
}

impl Segments {
    /// The selector in a register, by its number.
    pub fn selector(&self, register: usize) -> u16 {
        self.0[register]
    }

    /// Loads a register other than CS.
    ///
    /// # Errors
    ///
    /// The register does not take this selector, and keeps the one it has.
    pub fn load(&mut self, register: usize, selector: u16) -> Result<(), Refused> {
        let descriptor = selector | PRIVILEGE;
        let taken = match register {
            CS => false,
            // A stack's selector must ask for the privilege that the code has.
            SS => selector == DATA,
            FS if descriptor == THREAD => true,
            _ => is_null(selector) || descriptor == DATA,
        };
        if !taken {
            return Err(Refused);
        }
        self.0[register] = selector;
        Ok(())
    }

    /// Whether FS is the thread's block; else it begins at 0.
    pub fn fs_is_thread(&self) -> bool {
        self.0[FS] | PRIVILEGE == THREAD
    }

    /// The registers that are null, a bit for each number. Code is decoded for them.
    pub fn nulls(&self) -> u32 {
        (0..).zip(self.0).fold(0, |nulls, (number, selector)| nulls | u32::from(is_null(selector)) << number)
    }
}

fn is_null(selector: u16) -> bool {
    selector & !PRIVILEGE == 0
}

/// The number of a segment register; `None` for another register.
pub fn number(register: Register) -> Option<u8> {
    let number = (register as u32).checked_sub(Register::ES as u32)?;
    (register <= Register::GS).then_some(number as u8)
}

/// Whether an instruction goes to memory through one of the registers in `nulls`.
pub fn uses_null(instruction: &Instruction, nulls: u32) -> bool {
    if nulls == 0 || matches!(instruction.mnemonic(), Mnemonic::Lea | Mnemonic::Nop) {
        return false;
    }
    (0..instruction.op_count()).any(|operand| {
        let segment = match instruction.op_kind(operand) {
            OpKind::Memory | OpKind::MemorySegSI | OpKind::MemorySegESI => instruction.memory_segment(),
            OpKind::MemoryESDI | OpKind::MemoryESEDI => Register::ES,
            _ => return false,
        };
        number(segment).is_some_and(|number| nulls >> number & 1 != 0)
    })
}

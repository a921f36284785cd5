//! The registers of the x87.

use std::fmt;

use super::float::{BIAS, Class, Extended, Format, Mode, flag};

/// The control word after FNINIT: all masked, 64 bits, to nearest.
const INITIAL_CONTROL: u16 = 0x037F;

/// The control word's bits that can be changed; bit 6 reads as one.
const CONTROL_BITS: u16 = 0x1F3F;
const CONTROL_FIXED: u16 = 0x0040;

/// The floating-point unit: eight registers used as a stack, a control and a status word, and where the last
/// instruction was.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fpu {
    /// The registers in their fixed places.
    pub(super) registers: [Extended; 8],
    pub(super) control: u16,
    /// Without the stack's top.
    pub(super) status: u16,
    /// Which register is the stack's top.
    pub(super) top: u8,
    /// A bit for each register that is empty.
    pub(super) empty: u8,
    /// The opcode of the last instruction that was not about control: eleven bits.
    pub(super) opcode: u16,
    /// Its address.
    pub(super) instruction: u32,
    /// The address of its memory operand.
    pub(super) data: u32,
}

impl Default for Fpu {
    fn default() -> Fpu {
        Fpu {
            registers: [Extended::zero(false); 8],
            control: INITIAL_CONTROL,
            status: 0,
            top: 0,
            empty: 0xFF,
            opcode: 0,
            instruction: 0,
            data: 0,
        }
    }
}

impl Fpu {
    /// FNINIT: the registers keep their bits, and are empty.
    pub fn initialize(&mut self) {
        let registers = self.registers;
        *self = Fpu { registers, ..Fpu::default() };
    }

    /// The control word.
    pub fn control(&self) -> u16 {
        self.control
    }

    /// Sets the control word; an exception that was raised and is not masked any more becomes pending.
    pub fn set_control(&mut self, control: u16) {
        self.control = control & CONTROL_BITS | CONTROL_FIXED;
        self.update_pending();
    }

    /// The status word.
    pub fn status(&self) -> u16 {
        self.status | u16::from(self.top) << 11
    }

    /// Sets the status word.
    pub fn set_status(&mut self, status: u16) {
        self.top = (status >> 11 & 7) as u8;
        self.status = status & !(7 << 11);
        self.update_pending();
    }

    fn update_pending(&mut self) {
        let pending = self.status & !self.control & flag::EXCEPTIONS != 0;
        self.status &= !(flag::ES | flag::BUSY);
        if pending {
            self.status |= flag::ES | flag::BUSY;
        }
    }

    /// The tag word: two bits a register, in their fixed places.
    pub fn tags(&self) -> u16 {
        (0..8).rev().fold(0, |tags, place| tags << 2 | self.tag(place))
    }

    fn tag(&self, place: usize) -> u16 {
        if self.empty >> place & 1 != 0 {
            return 3;
        }
        match self.registers[place].class() {
            Class::Normal => 0,
            Class::Zero => 1,
            _ => 2,
        }
    }

    /// Sets which registers are empty; the rest of the tag word follows from their contents.
    pub fn set_tags(&mut self, tags: u16) {
        self.empty =
            (0..8).filter(|place| tags >> (2 * place) & 3 == 3).fold(0, |empty, place| empty | 1 << place);
    }

    pub(super) fn place(&self, number: u8) -> usize {
        usize::from(self.top.wrapping_add(number) & 7)
    }

    /// A register by its distance from the stack's top, whether it is empty or not.
    pub fn register(&self, number: u8) -> Extended {
        self.registers[self.place(number)]
    }

    /// Whether a register is empty.
    pub fn is_empty(&self, number: u8) -> bool {
        self.empty >> self.place(number) & 1 != 0
    }

    /// Sets a register, which is not empty then.
    pub fn set_register(&mut self, number: u8, value: Extended) {
        let place = self.place(number);
        self.registers[place] = value;
        self.empty &= !(1 << place);
    }

    pub(super) fn set_empty(&mut self, number: u8) {
        self.empty |= 1 << self.place(number);
    }

    pub(super) fn pop(&mut self) {
        self.set_empty(0);
        self.top = (self.top + 1) & 7;
    }

    /// Notes what happened: exceptions, and C1 as told. Says whether the result is to be stored.
    pub(super) fn raise(&mut self, flags: u16) -> bool {
        let unmasked = flags & !self.control & flag::EXCEPTIONS;
        let mut flags = flags;
        if unmasked & flag::EARLY != 0 {
            // There is no result, so nothing can have happened to it.
            flags &= flag::EARLY | flag::SF | if flags & flag::SF != 0 { flag::C1 } else { 0 };
        }
        self.status = self.status & !flag::C1 | flags;
        if unmasked != 0 {
            self.status |= flag::ES | flag::BUSY;
        }
        unmasked & flag::EARLY == 0
    }

    /// Whether an exception is not masked.
    pub(super) fn traps(&self, flags: u16) -> bool {
        flags & !self.control & flag::EXCEPTIONS != 0
    }

    pub(super) fn set_conditions(&mut self, conditions: u16) {
        self.status = self.status & !(flag::C0 | flag::C2 | flag::C3) | conditions;
    }

    /// The rounding direction.
    pub(super) fn mode(&self) -> Mode {
        match self.control >> 10 & 3 {
            0 => Mode::Nearest,
            1 => Mode::Down,
            2 => Mode::Up,
            _ => Mode::Zero,
        }
    }

    /// How results are rounded that precision control does not touch.
    pub(super) fn full_format(&self) -> Format {
        Format {
            precision: 64,
            max_exponent: BIAS,
            mode: self.mode(),
            overflow_masked: self.control & flag::OE != 0,
            underflow_masked: self.control & flag::UE != 0,
        }
    }

    /// How results of addition, multiplication, division and square root are rounded.
    pub(super) fn format(&self) -> Format {
        let precision = match self.control >> 8 & 3 {
            0 => 24,
            2 => 53,
            _ => 64,
        };
        Format { precision, ..self.full_format() }
    }
}

impl fmt::Display for Fpu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "fcw={:04X} fsw={:04X} ftw={:04X}", self.control, self.status(), self.tags())?;
        for number in (0..8).filter(|number| !self.is_empty(*number)) {
            write!(f, "\nst{number}={}", self.register(number))?;
        }
        Ok(())
    }
}

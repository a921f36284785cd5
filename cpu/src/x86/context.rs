//! A thread's registers.

use std::fmt;

use super::flags::bit;
use super::fpu::Fpu;
use super::segment::Segments;

/// The registers' numbers in the instruction set.
pub mod register {
    /// EAX.
    pub const EAX: usize = 0;
    /// ECX.
    pub const ECX: usize = 1;
    /// EDX.
    pub const EDX: usize = 2;
    /// EBX.
    pub const EBX: usize = 3;
    /// ESP.
    pub const ESP: usize = 4;
    /// EBP.
    pub const EBP: usize = 5;
    /// ESI.
    pub const ESI: usize = 6;
    /// EDI.
    pub const EDI: usize = 7;
}

/// The registers of a thread: plain data. A new one has all zero, an initialised FPU, and EFLAGS as user mode
/// sees it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Context {
    /// EAX to EDI, by [`register`].
    pub registers: [u32; 8],
    /// The next instruction.
    pub eip: u32,
    /// The flags. Bits that user code cannot change read as on a CE device: IF set, the others clear.
    pub eflags: u32,
    /// Where FS begins: the thread's block, with the exception chain at its start.
    pub fs_base: u32,
    /// The segment registers.
    pub segments: Segments,
    /// Instructions retired in this context, which is what RDTSC reads.
    pub time_stamp: u64,
    /// The floating-point unit.
    pub fpu: Fpu,
}

impl Default for Context {
    fn default() -> Context {
        Context {
            registers: [0; 8],
            eip: 0,
            eflags: bit::FIXED | bit::IF,
            fs_base: 0,
            segments: Segments::default(),
            time_stamp: 0,
            fpu: Fpu::default(),
        }
    }
}

const NAMES: [&str; 8] = ["eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"];

impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, name) in NAMES.iter().enumerate() {
            let end = if number % 4 == 3 { '\n' } else { ' ' };
            write!(f, "{name}={:08X}{end}", self.registers[number])?;
        }
        write!(f, "eip={:08X} eflags={:08X} [", self.eip, self.eflags)?;
        let shown = [
            (bit::OF, 'O'),
            (bit::DF, 'D'),
            (bit::SF, 'S'),
            (bit::ZF, 'Z'),
            (bit::AF, 'A'),
            (bit::PF, 'P'),
            (bit::CF, 'C'),
        ];
        for (bit, letter) in shown {
            write!(f, "{}", if self.eflags & bit != 0 { letter } else { '-' })?;
        }
        writeln!(f, "] fs={:08X} tsc={}", self.fs_base, self.time_stamp)?;
        write!(f, "{}", self.fpu)
    }
}

//! A thread's registers.

use std::fmt;

bitflags::bitflags! {
    /// The parts of the CPSR that user mode knows, at their architectural places.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct Status: u32 {
        /// The result was negative.
        const N = 1 << 31;
        /// The result was zero.
        const Z = 1 << 30;
        /// There was a carry, or no borrow.
        const C = 1 << 29;
        /// The signed result overflowed.
        const V = 1 << 28;
        /// A result was saturated; stays until written.
        const Q = 1 << 27;
        /// The next instruction is Thumb.
        const T = 1 << 5;
    }
}

/// What MRS reads besides the flags: user mode.
pub(super) const USER_MODE: u32 = 0x10;

/// The registers of a thread in user mode. Plain data: a thread switch is passing another one.
///
/// ARMv7 will add s0-s31, FPSCR, and ITSTATE beside `status`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Context {
    /// r0 to r15. r15 is the address of the next instruction, without a mode bit.
    pub registers: [u32; 16],
    /// Flags and instruction set.
    pub status: Status,
}

impl Context {
    /// The address of the next instruction.
    pub fn pc(&self) -> u32 {
        self.registers[15]
    }

    /// Where the current function returns to.
    pub fn lr(&self) -> u32 {
        self.registers[14]
    }

    /// The stack pointer.
    pub fn sp(&self) -> u32 {
        self.registers[13]
    }

    /// Goes to an address as BX does: bit 0 says whether Thumb code is there. `go_to(context.lr())` returns
    /// from a hypercall.
    pub fn go_to(&mut self, address: u32) {
        self.registers[15] = address & !1;
        self.status.set(Status::T, address & 1 != 0);
    }

    /// The CPSR as MRS reads it, with the T bit where a debugger looks for it.
    pub fn cpsr(&self) -> u32 {
        self.status.bits() | USER_MODE
    }
}

impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, value) in self.registers.iter().enumerate() {
            let name = [
                "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "sp", "lr",
                "pc",
            ];
            let end = if number % 4 == 3 { '\n' } else { ' ' };
            write!(f, "{:>3} {value:08X}{end}", name[number])?;
        }
        let letter = |flag, set, clear| if self.status.contains(flag) { set } else { clear };
        let (n, z) = (letter(Status::N, 'N', 'n'), letter(Status::Z, 'Z', 'z'));
        let (c, v) = (letter(Status::C, 'C', 'c'), letter(Status::V, 'V', 'v'));
        let q = letter(Status::Q, 'Q', 'q');
        let t = if self.status.contains(Status::T) { "Thumb" } else { "ARM" };
        write!(f, "    {n}{z}{c}{v}{q} {t}")
    }
}

use std::fmt;

/// A processor and instruction set that cerium runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Machine {
    /// 32-bit x86, 0x14C.
    X86,
    /// ARM instructions, 0x1C0.
    Arm,
    /// Thumb instructions, with ARM ones between them, 0x1C2.
    Thumb,
    /// Thumb-2 instructions of ARMv7, 0x1C4.
    ArmNt,
}

impl Machine {
    pub(crate) fn from_code(code: u16) -> Option<Machine> {
        match code {
            0x014C => Some(Machine::X86),
            0x01C0 => Some(Machine::Arm),
            0x01C2 => Some(Machine::Thumb),
            0x01C4 => Some(Machine::ArmNt),
            _ => None,
        }
    }

    /// The value in the image's header.
    #[must_use]
    pub fn code(self) -> u16 {
        match self {
            Machine::X86 => 0x014C,
            Machine::Arm => 0x01C0,
            Machine::Thumb => 0x01C2,
            Machine::ArmNt => 0x01C4,
        }
    }

    /// Whether the processor is an ARM, whatever the instruction set.
    #[must_use]
    pub fn is_arm(self) -> bool {
        self != Machine::X86
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(name(self.code()))
    }
}

/// The name of a machine code, well known or not.
pub(crate) fn name(code: u16) -> &'static str {
    match code {
        0x014C => "x86",
        0x0162 | 0x0166 | 0x0168 | 0x0169 | 0x0266 | 0x0366 | 0x0466 => "MIPS",
        0x0184 | 0x0284 => "Alpha",
        0x01A2..=0x01A4 => "SH3",
        0x01A6 => "SH4",
        0x01A8 => "SH5",
        0x01C0 => "ARM",
        0x01C2 => "Thumb",
        0x01C4 => "Thumb-2",
        0x01D3 => "AM33",
        0x01F0..=0x01F2 => "PowerPC",
        0x0200 => "Itanium",
        0x0520 => "TriCore",
        0x0EBC => "EFI byte code",
        0x5032 | 0x5064 | 0x5128 => "RISC-V",
        0x6232 | 0x6264 => "LoongArch",
        0x8664 => "AMD64",
        0x9041 => "M32R",
        0xAA64 => "ARM64",
        _ => "an unknown machine",
    }
}

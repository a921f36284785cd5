//! CONTEXT: a thread's registers as they lie in guest memory. The layouts are those of CE's public winnt.h;
//! exceptions, GetThreadContext and SetThreadContext share them.

use cerium_cpu::arm::{self, Status};
use cerium_cpu::x86::{self, SAVED_FPU, bit, register, segment};

/// Which parts of a CONTEXT mean something; the processor's own bit stands beside them in ContextFlags.
pub(crate) const CONTEXT_CONTROL: u32 = 1;
/// Registers of whole numbers.
pub(crate) const CONTEXT_INTEGER: u32 = 2;
/// The segment registers on x86, but for CS and SS, which go with control.
pub(crate) const CONTEXT_SEGMENTS: u32 = 4;
/// The coprocessor's registers on x86.
pub(crate) const CONTEXT_FLOATING_POINT: u32 = 8;

/// Registers that have a place in guest memory.
pub(crate) trait GuestContext {
    /// How many bytes a CONTEXT has.
    const SIZE: u32;
    /// The processor's bit in ContextFlags.
    const PROCESSOR: u32;
    /// CONTEXT_FULL: all parts that are kept.
    const FULL: u32;
    /// Where the parts lie: their flag, first byte, and first byte behind them.
    const PARTS: &[(u32, usize, usize)];

    /// The registers as a CONTEXT with all its parts.
    fn to_guest(&self) -> Vec<u8>;

    /// Takes the parts that `flags` names from the bytes of a CONTEXT; what is missing at its end is zero.
    fn take_guest(&mut self, bytes: &[u8], flags: u32);
}

/// The word at an offset; 0 beyond the end.
fn word(bytes: &[u8], offset: usize) -> u32 {
    let word = bytes.get(offset..offset + 4);
    word.map_or(0, |word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
}

fn put(bytes: &mut [u8], offset: usize, value: u32) {
    bytes[offset..offset + 4].copy_from_slice(&value.to_le_bytes());
}

/// ARM: ContextFlags, R0 to R12, Sp, Lr, Pc, Psr; then the registers of a coprocessor that no processor of
/// ours has.
impl GuestContext for arm::Context {
    const SIZE: u32 = 244;
    const PROCESSOR: u32 = 0x40;
    const FULL: u32 = Self::PROCESSOR | CONTEXT_CONTROL | CONTEXT_INTEGER;
    const PARTS: &[(u32, usize, usize)] = &[(CONTEXT_INTEGER, 4, 56), (CONTEXT_CONTROL, 56, 72)];

    fn to_guest(&self) -> Vec<u8> {
        let mut bytes = vec![0; Self::SIZE as usize];
        put(&mut bytes, 0, Self::FULL);
        for (place, register) in self.registers.iter().enumerate() {
            put(&mut bytes, 4 + 4 * place, *register);
        }
        put(&mut bytes, 68, self.cpsr());
        bytes
    }

    fn take_guest(&mut self, bytes: &[u8], flags: u32) {
        let registers = |place: usize| word(bytes, 4 + 4 * place);
        if flags & CONTEXT_INTEGER != 0 {
            (0..13).for_each(|place| self.registers[place] = registers(place));
        }
        if flags & CONTEXT_CONTROL != 0 {
            (13..16).for_each(|place| self.registers[place] = registers(place));
            self.status = Status::from_bits_truncate(word(bytes, 68));
            // An odd address is Thumb code whatever Psr says.
            if self.registers[15] & 1 != 0 {
                self.go_to(self.registers[15]);
            }
        }
    }
}

/// x86: where the parts lie.
mod place {
    /// FLOATING_SAVE_AREA: what FNSAVE stores, and Cr0NpxState.
    pub(super) const FLOAT: usize = 28;
    /// The segment registers by their numbers in the instruction set.
    pub(super) const SEGMENTS: [(usize, usize); 4] = {
        use super::segment::{DS, ES, FS, GS};
        [(GS, 140), (FS, 144), (ES, 148), (DS, 152)]
    };
    pub(super) const CS: usize = 188;
    pub(super) const SS: usize = 200;
    /// The registers of whole numbers by their numbers in the instruction set.
    pub(super) const INTEGER: [(usize, usize); 6] = {
        use super::register::{EAX, EBX, ECX, EDI, EDX, ESI};
        [(EDI, 156), (ESI, 160), (EBX, 164), (EDX, 168), (ECX, 172), (EAX, 176)]
    };
    pub(super) const EBP: usize = 180;
    pub(super) const EIP: usize = 184;
    pub(super) const EFLAGS: usize = 192;
    pub(super) const ESP: usize = 196;
}

/// EFLAGS that a context may set: those of arithmetic, and the direction.
const SETTABLE: u32 = bit::CF | bit::PF | bit::AF | bit::ZF | bit::SF | bit::DF | bit::OF;

impl GuestContext for x86::Context {
    const SIZE: u32 = 204;
    const PROCESSOR: u32 = 0x1_0000;
    const FULL: u32 =
        Self::PROCESSOR | CONTEXT_CONTROL | CONTEXT_INTEGER | CONTEXT_SEGMENTS | CONTEXT_FLOATING_POINT;
    const PARTS: &[(u32, usize, usize)] = &[
        (CONTEXT_FLOATING_POINT, 28, 140),
        (CONTEXT_SEGMENTS, 140, 156),
        (CONTEXT_INTEGER, 156, 180),
        (CONTEXT_CONTROL, 180, 204),
    ];

    fn to_guest(&self) -> Vec<u8> {
        let mut bytes = vec![0; Self::SIZE as usize];
        put(&mut bytes, 0, Self::FULL);
        bytes[place::FLOAT..place::FLOAT + SAVED_FPU].copy_from_slice(&self.fpu.saved());
        for (number, offset) in place::INTEGER {
            put(&mut bytes, offset, self.registers[number]);
        }
        put(&mut bytes, place::EBP, self.registers[register::EBP]);
        put(&mut bytes, place::EIP, self.eip);
        put(&mut bytes, place::EFLAGS, self.eflags);
        put(&mut bytes, place::ESP, self.registers[register::ESP]);
        let segments = [(segment::CS, place::CS), (segment::SS, place::SS)];
        for (number, offset) in segments.into_iter().chain(place::SEGMENTS) {
            put(&mut bytes, offset, self.segments.selector(number).into());
        }
        bytes
    }

    fn take_guest(&mut self, bytes: &[u8], flags: u32) {
        if flags & CONTEXT_FLOATING_POINT != 0 {
            let mut saved = [0; SAVED_FPU];
            let given = bytes.get(place::FLOAT..).unwrap_or_default();
            let length = given.len().min(SAVED_FPU);
            saved[..length].copy_from_slice(&given[..length]);
            self.fpu.restore(&saved);
        }
        if flags & CONTEXT_INTEGER != 0 {
            for (number, offset) in place::INTEGER {
                self.registers[number] = word(bytes, offset);
            }
        }
        if flags & CONTEXT_SEGMENTS != 0 {
            for (number, offset) in place::SEGMENTS {
                let selector = word(bytes, offset) as u16;
                // Our choice: a null selector, and one that the register does not take, are passed over.
                if selector != 0 {
                    let _ = self.segments.load(number, selector);
                }
            }
        }
        if flags & CONTEXT_CONTROL != 0 {
            self.registers[register::EBP] = word(bytes, place::EBP);
            self.eip = word(bytes, place::EIP);
            self.eflags = (self.eflags & !SETTABLE) | (word(bytes, place::EFLAGS) & SETTABLE);
            self.registers[register::ESP] = word(bytes, place::ESP);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_context_comes_back_as_it_went() {
        let mut thumb =
            arm::Context { registers: std::array::from_fn(|i| 100 + i as u32), ..Default::default() };
        thumb.status = Status::N | Status::T;
        let bytes = thumb.to_guest();
        assert_eq!((bytes.len(), word(&bytes, 4), word(&bytes, 64)), (244, 100, 115));
        let mut other = arm::Context::default();
        other.take_guest(&bytes, arm::Context::FULL);
        thumb.go_to(115);
        assert_eq!(other, thumb, "an odd pc is Thumb code");

        let mut x86 =
            x86::Context { registers: std::array::from_fn(|i| i as u32), eip: 9, ..Default::default() };
        x86.fpu.push_double(1.5);
        x86.eflags |= bit::ZF;
        let bytes = x86.to_guest();
        assert_eq!((bytes.len(), word(&bytes, 0), word(&bytes, 196)), (204, 0x1_000F, 4));
        assert_eq!((word(&bytes, 144), word(&bytes, 188)), (segment::THREAD.into(), segment::CODE.into()));
        let mut other = x86::Context { fs_base: 0, ..Default::default() };
        other.take_guest(&bytes, x86::Context::FULL);
        assert_eq!(other.fpu.double(0), 1.5);
        assert_eq!((other.registers, other.eip, other.eflags), (x86.registers, 9, x86.eflags));
    }

    #[test]
    fn only_the_named_parts_are_taken_and_no_system_flag() {
        let mut x86 = x86::Context::default();
        let mut bytes = x86.to_guest();
        put(&mut bytes, place::EFLAGS, u32::MAX);
        put(&mut bytes, place::EIP, 7);
        put(&mut bytes, 176, 5);
        x86.take_guest(&bytes, CONTEXT_INTEGER);
        assert_eq!((x86.registers[register::EAX], x86.eip), (5, 0));
        x86.take_guest(&bytes, CONTEXT_CONTROL);
        assert_eq!(x86.eflags, x86::Context::default().eflags | SETTABLE);
        // Segment registers take what the processor would let them take.
        put(&mut bytes, 144, segment::DATA.into());
        put(&mut bytes, 148, 0);
        put(&mut bytes, 152, segment::CODE.into());
        x86.take_guest(&bytes, CONTEXT_SEGMENTS);
        let selectors = [segment::FS, segment::ES, segment::DS].map(|number| x86.segments.selector(number));
        assert_eq!(selectors, [segment::DATA; 3]);
        // A CONTEXT that is cut short is as one with zeros.
        x86.take_guest(&bytes[..10], x86::Context::FULL);
        assert_eq!((x86.registers[register::EAX], x86.eip), (0, 0));
    }
}

//! The status flags, kept as what they are made of until somebody asks.
//!
//! Most instructions set all six and few read them. So an instruction stores its result, sign-extended, and
//! its **carries**: the carry (or borrow) out of each bit. Every flag is a function of the two.
//!
//! **Flags that the manuals leave undefined** follow one rule, so that a run can be had again:
//! shifts and rotates by more than one leave OF as their last one-bit step would; AF is clear after shifts,
//! logic and multiplication; a multiplication's SF, ZF and PF describe the lower half; divisions, and bit
//! tests but for CF, change nothing; BSF and BSR leave the flags of a logical operation that gave their
//! source.

use super::op::Width;

/// Bits of EFLAGS.
pub mod bit {
    /// Carry.
    pub const CF: u32 = 1;
    /// Always one.
    pub const FIXED: u32 = 1 << 1;
    /// Even parity of the lowest byte.
    pub const PF: u32 = 1 << 2;
    /// Carry out of the lowest four bits.
    pub const AF: u32 = 1 << 4;
    /// Zero.
    pub const ZF: u32 = 1 << 6;
    /// Sign.
    pub const SF: u32 = 1 << 7;
    /// Interrupts are enabled, as always in user mode.
    pub const IF: u32 = 1 << 9;
    /// String instructions go down.
    pub const DF: u32 = 1 << 10;
    /// Overflow.
    pub const OF: u32 = 1 << 11;
    /// Nested task; user code may set it, and it means nothing here.
    pub const NT: u32 = 1 << 14;
    /// Alignment check; user code may set it to recognise a 486. No access is ever refused for it.
    pub const AC: u32 = 1 << 18;
    /// User code may change it, so there is CPUID.
    pub const ID: u32 = 1 << 21;
    /// The six that arithmetic sets.
    pub const STATUS: u32 = CF | PF | AF | ZF | SF | OF;
    /// What POPF may change besides; TF is not among them, as there is no single stepping inside.
    pub const CONTROL: u32 = DF | NT | AC | ID;
}

const CARRY: u32 = 1 << 31;
const CARRY_BELOW: u32 = 1 << 30;
const HALF_CARRY: u32 = 1 << 3;

/// The six status flags.
#[derive(Clone, Copy, Debug, Default)]
pub struct Flags {
    /// ZF: the lower half is zero. SF: the highest bit. PF: parity of the bytes 0 and 4, of which the second
    /// is even for a sign-extended result.
    result: u64,
    /// CF: bit 31. OF: bits 31 and 30 differ. AF: bit 3.
    carries: u32,
}

impl Flags {
    /// From EFLAGS.
    pub fn from_bits(bits: u32) -> Flags {
        let mut flags = Flags::default();
        flags.set_bits(bits);
        flags
    }

    /// Takes all six from EFLAGS.
    pub fn set_bits(&mut self, bits: u32) {
        let (carry, overflow) = (bits & bit::CF != 0, bits & bit::OF != 0);
        self.set_result_bits(bits & bit::ZF != 0, bits & bit::SF != 0, bits & bit::PF != 0);
        self.carries = u32::from(carry) << 31
            | u32::from(carry != overflow) << 30
            | if bits & bit::AF != 0 { HALF_CARRY } else { 0 };
    }

    fn set_result_bits(&mut self, zero: bool, sign: bool, parity: bool) {
        let low = u64::from(!zero);
        // One set bit among bytes 0 and 4 is odd parity.
        let fix = u64::from(parity != zero) << 32;
        self.result = low | fix | u64::from(sign) << 63;
    }

    /// All six, as in EFLAGS.
    pub fn bits(self) -> u32 {
        let flag = |on: bool, bit: u32| if on { bit } else { 0 };
        flag(self.carry(), bit::CF)
            | flag(self.parity(), bit::PF)
            | flag(self.half_carry(), bit::AF)
            | flag(self.zero(), bit::ZF)
            | flag(self.sign(), bit::SF)
            | flag(self.overflow(), bit::OF)
    }

    /// CF.
    #[inline(always)]
    pub fn carry(self) -> bool {
        self.carries & CARRY != 0
    }

    /// OF.
    #[inline(always)]
    pub fn overflow(self) -> bool {
        (self.carries ^ self.carries << 1) & CARRY != 0
    }

    /// AF.
    #[inline(always)]
    pub fn half_carry(self) -> bool {
        self.carries & HALF_CARRY != 0
    }

    /// ZF.
    #[inline(always)]
    pub fn zero(self) -> bool {
        self.result as u32 == 0
    }

    /// SF.
    #[inline(always)]
    pub fn sign(self) -> bool {
        (self.result as i64) < 0
    }

    /// PF.
    #[inline(always)]
    pub fn parity(self) -> bool {
        ((self.result ^ self.result >> 32) as u8).count_ones() & 1 == 0
    }

    /// Whether a condition holds, by its number in the instruction set.
    #[inline(always)]
    pub fn holds(self, condition: u8) -> bool {
        let positive = match condition >> 1 {
            0 => self.overflow(),
            1 => self.carry(),
            2 => self.zero(),
            3 => self.carry() | self.zero(),
            4 => self.sign(),
            5 => self.parity(),
            6 => self.sign() != self.overflow(),
            _ => self.zero() | (self.sign() != self.overflow()),
        };
        positive != (condition & 1 != 0)
    }

    #[inline(always)]
    fn set<W: Width>(&mut self, result: u32, carries: u32) {
        self.result = W::sign_extend(result) as i32 as i64 as u64;
        self.carries = if W::BITS == 32 { carries } else { carries << (32 - W::BITS) | carries & HALF_CARRY };
    }

    /// Adds, and sets all.
    #[inline(always)]
    pub fn add<W: Width>(&mut self, a: u32, b: u32, carry: bool) -> u32 {
        let sum = a.wrapping_add(b).wrapping_add(u32::from(carry));
        self.set::<W>(sum, (a & b) | ((a | b) & !sum));
        sum & W::MASK
    }

    /// Subtracts, and sets all.
    #[inline(always)]
    pub fn subtract<W: Width>(&mut self, a: u32, b: u32, borrow: bool) -> u32 {
        let difference = a.wrapping_sub(b).wrapping_sub(u32::from(borrow));
        self.set::<W>(difference, (!a & b) | (!(a ^ b) & difference));
        difference & W::MASK
    }

    /// Sets all after a logical operation: CF, OF and AF clear.
    #[inline(always)]
    pub fn logic<W: Width>(&mut self, result: u32) -> u32 {
        self.set::<W>(result, 0);
        result & W::MASK
    }

    /// Sets SF, ZF and PF of a result, CF and OF as told, AF clear.
    #[inline(always)]
    pub fn shifted<W: Width>(&mut self, result: u32, carry: bool, overflow: bool) {
        self.set::<W>(result, 0);
        self.carries = u32::from(carry) << 31 | u32::from(carry != overflow) << 30;
    }

    /// Sets CF and OF, the rest stays.
    #[inline(always)]
    pub fn set_carry_overflow(&mut self, carry: bool, overflow: bool) {
        let kept = self.carries & !(CARRY | CARRY_BELOW);
        self.carries = kept | u32::from(carry) << 31 | u32::from(carry != overflow) << 30;
    }

    /// Sets CF, the rest stays.
    #[inline(always)]
    pub fn set_carry(&mut self, carry: bool) {
        if self.carry() != carry {
            // Both bits, so that OF keeps its value.
            self.carries ^= CARRY | CARRY_BELOW;
        }
    }

    /// Takes CF back from before, the rest stays (INC and DEC).
    #[inline(always)]
    pub fn keep_carry(&mut self, before: Flags) {
        let changed = (self.carries ^ before.carries) & CARRY;
        self.carries ^= changed | changed >> 1;
    }

    /// Sets ZF, the rest stays.
    pub fn set_zero(&mut self, zero: bool) {
        let (sign, parity) = (self.sign(), self.parity());
        self.set_result_bits(zero, sign, parity);
    }
}

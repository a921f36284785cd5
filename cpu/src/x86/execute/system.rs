//! Flags, and what the processor says of itself.

use cerium_memory::AddressSpace;

use crate::x86::context::register::{EAX, EBX, ECX, EDX};
use crate::x86::flags::bit;
use crate::x86::op::{Byte, Machine, Op, Step, Width};

const AH: u8 = 4;
/// What LAHF and SAHF move.
const LOW_FLAGS: u32 = bit::CF | bit::PF | bit::AF | bit::ZF | bit::SF;

/// NOP, PAUSE, and the hints.
pub fn nothing(_: &mut Machine<'_>, _: &mut AddressSpace, _: &Op) -> Step {
    Ok(())
}

/// LAHF
pub fn load_flags(machine: &mut Machine<'_>, _: &mut AddressSpace, _: &Op) -> Step {
    let flags = machine.flags.bits() & LOW_FLAGS | bit::FIXED;
    Byte::set(machine, AH, flags);
    Ok(())
}

/// SAHF
pub fn store_flags(machine: &mut Machine<'_>, _: &mut AddressSpace, _: &Op) -> Step {
    let overflow = machine.flags.bits() & bit::OF;
    let flags = Byte::get(machine, AH) & LOW_FLAGS;
    machine.flags.set_bits(flags | overflow);
    Ok(())
}

/// CLC, STC: CF becomes `Op::immediate`.
pub fn set_carry(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    machine.flags.set_carry(op.immediate != 0);
    Ok(())
}

/// CMC
pub fn complement_carry(machine: &mut Machine<'_>, _: &mut AddressSpace, _: &Op) -> Step {
    let carry = machine.flags.carry();
    machine.flags.set_carry(!carry);
    Ok(())
}

/// CLD, STD: DF becomes `Op::immediate`.
pub fn set_direction(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    machine.control = machine.control & !bit::DF | if op.immediate != 0 { bit::DF } else { 0 };
    Ok(())
}

/// RDTSC: the instructions retired in this context before this one.
pub fn read_time_stamp(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    let left = machine.left.wrapping_sub(u64::from(op.number));
    let now = machine.time_stamp_end.wrapping_sub(left);
    machine.registers[EAX] = now as u32;
    machine.registers[EDX] = (now >> 32) as u32;
    Ok(())
}

/// CPUID: a Pentium Pro, which has what we have: FPU, TSC, CMPXCHG8B and CMOV, but no MMX.
pub fn identify(machine: &mut Machine<'_>, _: &mut AddressSpace, _: &Op) -> Step {
    const FPU: u32 = 1;
    const TSC: u32 = 1 << 4;
    const CX8: u32 = 1 << 8;
    const CMOV: u32 = 1 << 15;
    let text = |bytes: &[u8; 4]| u32::from_le_bytes(*bytes);
    let answer = match machine.registers[EAX] {
        0 => [1, text(b"Genu"), text(b"ntel"), text(b"ineI")],
        // Any leaf that is not there reads as the last one.
        _ => [0x611, 0, 0, FPU | TSC | CX8 | CMOV],
    };
    for (register, value) in [EAX, EBX, ECX, EDX].into_iter().zip(answer) {
        machine.registers[register] = value;
    }
    Ok(())
}

//! Decimal adjustment. Flags that the manuals leave undefined: OF is clear, and AAA and AAS describe AL by
//! SF, ZF and PF.

use cerium_memory::AddressSpace;

use crate::x86::op::{Byte, Leave, Machine, Op, Step, Width};

const AL: u8 = 0;
const AH: u8 = 4;

fn finish(machine: &mut Machine<'_>, carry: bool, half_carry: bool) {
    use crate::x86::flags::bit;
    let al = Byte::get(machine, AL);
    machine.flags.logic::<Byte>(al);
    let mut bits = machine.flags.bits();
    bits |= if carry { bit::CF } else { 0 } | if half_carry { bit::AF } else { 0 };
    machine.flags.set_bits(bits);
}

/// DAA
pub fn daa(machine: &mut Machine<'_>, _: &mut AddressSpace, _: &Op) -> Step {
    let al = Byte::get(machine, AL);
    let half_carry = al & 0xF > 9 || machine.flags.half_carry();
    let carry = al > 0x99 || machine.flags.carry();
    let adjust = if half_carry { 6 } else { 0 } + if carry { 0x60 } else { 0 };
    Byte::set(machine, AL, al + adjust);
    finish(machine, carry, half_carry);
    Ok(())
}

/// DAS
pub fn das(machine: &mut Machine<'_>, _: &mut AddressSpace, _: &Op) -> Step {
    let al = Byte::get(machine, AL);
    let half_carry = al & 0xF > 9 || machine.flags.half_carry();
    let borrow = al > 0x99 || machine.flags.carry();
    let adjust = if half_carry { 6 } else { 0 } + if borrow { 0x60 } else { 0 };
    // Taking six from less borrows too.
    let carry = borrow || half_carry && al < 6;
    Byte::set(machine, AL, al.wrapping_sub(adjust));
    finish(machine, carry, half_carry);
    Ok(())
}

fn adjust_unpacked(machine: &mut Machine<'_>, by: u32) -> Step {
    let adjusts = Byte::get(machine, AL) & 0xF > 9 || machine.flags.half_carry();
    if adjusts {
        // AX as a whole: a carry out of AL goes to AH.
        let ax = machine.registers[0] & 0xFFFF;
        let ax = ax.wrapping_add(by);
        machine.registers[0] = machine.registers[0] & !0xFFFF | ax & 0xFFFF;
    }
    let al = Byte::get(machine, AL);
    Byte::set(machine, AL, al & 0xF);
    finish(machine, adjusts, adjusts);
    Ok(())
}

/// AAA
pub fn aaa(machine: &mut Machine<'_>, _: &mut AddressSpace, _: &Op) -> Step {
    adjust_unpacked(machine, 0x106)
}

/// AAS
pub fn aas(machine: &mut Machine<'_>, _: &mut AddressSpace, _: &Op) -> Step {
    adjust_unpacked(machine, 0x106u32.wrapping_neg())
}

/// AAM
pub fn aam(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    let base = op.immediate & 0xFF;
    if base == 0 {
        return Err(Leave::Divide);
    }
    let al = Byte::get(machine, AL);
    Byte::set(machine, AH, al / base);
    Byte::set(machine, AL, al % base);
    finish(machine, false, false);
    Ok(())
}

/// AAD
pub fn aad(machine: &mut Machine<'_>, _: &mut AddressSpace, op: &Op) -> Step {
    let al = Byte::get(machine, AL).wrapping_add(Byte::get(machine, AH).wrapping_mul(op.immediate));
    Byte::set(machine, AL, al);
    Byte::set(machine, AH, 0);
    finish(machine, false, false);
    Ok(())
}

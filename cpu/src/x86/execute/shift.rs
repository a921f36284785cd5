//! Shifts and rotates. The count's source is a place; only its lowest five bits count.

use cerium_memory::AddressSpace;

use crate::x86::flags::Flags;
use crate::x86::op::{Machine, Op, Place, Step, Width};

/// A shift by 1 to 31.
pub trait Shift {
    /// The result; sets the flags.
    fn apply<W: Width>(flags: &mut Flags, value: u32, count: u32) -> u32;
}

macro_rules! shifts {
    ($($(#[$doc:meta])* $name:ident |$flags:ident, $value:ident, $count:ident| $result:expr;)*) => {
        $(
            $(#[$doc])*
            pub enum $name {}

            impl Shift for $name {
                #[inline(always)]
                fn apply<W: Width>($flags: &mut Flags, $value: u32, $count: u32) -> u32 {
                    $result
                }
            }
        )*
    };
}

shifts! {
    /// SHL
    Shl |flags, value, count| {
        let wide = u64::from(value) << count;
        let carry = wide >> W::BITS & 1 != 0;
        let result = wide as u32 & W::MASK;
        flags.shifted::<W>(result, carry, (result & W::SIGN != 0) != carry);
        result
    };
    /// SHR
    Shr |flags, value, count| {
        let before = value >> (count - 1);
        let result = before >> 1;
        flags.shifted::<W>(result, before & 1 != 0, before & W::SIGN != 0);
        result
    };
    /// SAR
    Sar |flags, value, count| {
        let before = W::sign_extend(value) as i32 >> (count - 1);
        let result = (before >> 1) as u32 & W::MASK;
        flags.shifted::<W>(result, before & 1 != 0, false);
        result
    };
    /// ROL
    Rol |flags, value, count| {
        let turn = count % W::BITS;
        let result = (u64::from(value) << turn | u64::from(value) >> (W::BITS - turn)) as u32 & W::MASK;
        let carry = result & 1 != 0;
        flags.set_carry_overflow(carry, (result & W::SIGN != 0) != carry);
        result
    };
    /// ROR
    Ror |flags, value, count| {
        let turn = count % W::BITS;
        let result = (u64::from(value) >> turn | u64::from(value) << (W::BITS - turn)) as u32 & W::MASK;
        let (top, below) = (result & W::SIGN != 0, result & W::SIGN >> 1 != 0);
        flags.set_carry_overflow(top, top != below);
        result
    };
    /// RCL
    Rcl |flags, value, count| {
        let turn = count % (W::BITS + 1);
        if turn == 0 {
            return value;
        }
        let ring = u64::from(flags.carry()) << W::BITS | u64::from(value);
        let ring = ring << turn | ring >> (W::BITS + 1 - turn);
        let (carry, result) = (ring >> W::BITS & 1 != 0, ring as u32 & W::MASK);
        flags.set_carry_overflow(carry, (result & W::SIGN != 0) != carry);
        result
    };
    /// RCR
    Rcr |flags, value, count| {
        let turn = count % (W::BITS + 1);
        if turn == 0 {
            return value;
        }
        let ring = u64::from(flags.carry()) << W::BITS | u64::from(value);
        let ring = ring >> turn | ring << (W::BITS + 1 - turn);
        let (carry, result) = (ring >> W::BITS & 1 != 0, ring as u32 & W::MASK);
        let (top, below) = (result & W::SIGN != 0, result & W::SIGN >> 1 != 0);
        flags.set_carry_overflow(carry, top != below);
        result
    };
}

/// Carries out a [`Shift`].
pub fn shift<O: Shift, W: Width, D: Place, S: Place>(
    machine: &mut Machine<'_>,
    memory: &mut AddressSpace,
    op: &Op,
) -> Step {
    let count = S::load::<W>(machine, memory, op, 0)? & 31;
    let address = D::address(machine, op);
    let value = D::load_for_update::<W>(machine, memory, op, address)?;
    let mut flags = machine.flags;
    let result = if count == 0 { value } else { O::apply::<W>(&mut flags, value, count) };
    // A count of zero still writes, which matters where writing is refused.
    D::store::<W>(machine, memory, op, address, result)?;

    machine.flags = flags;
    D::stored(memory)
}

/// SHLD by `Op::immediate`, or by CL if that is 32.
pub fn double_left<W: Width, D: Place>(
    machine: &mut Machine<'_>,
    memory: &mut AddressSpace,
    op: &Op,
) -> Step {
    double::<W, D>(machine, memory, op, |value, fill, count| {
        // Past sixteen, the first operand comes in again behind the second.
        let ring = u128::from(value) << (2 * W::BITS) | u128::from(fill) << W::BITS | u128::from(value);
        let before = ring << (count - 1);
        let sign = 3 * W::BITS - 1;
        let carry = before >> sign & 1 != 0;
        let result = (before >> (2 * W::BITS - 1)) as u32 & W::MASK;
        (result, carry, (result & W::SIGN != 0) != carry)
    })
}

/// SHRD by `Op::immediate`, or by CL if that is 32.
pub fn double_right<W: Width, D: Place>(
    machine: &mut Machine<'_>,
    memory: &mut AddressSpace,
    op: &Op,
) -> Step {
    double::<W, D>(machine, memory, op, |value, fill, count| {
        let ring = u128::from(value) << (2 * W::BITS) | u128::from(fill) << W::BITS | u128::from(value);
        let before = (ring >> (count - 1)) as u64;
        let result = (before >> 1) as u32 & W::MASK;
        (result, before & 1 != 0, (before as u32 ^ result) & W::SIGN != 0)
    })
}

/// The result, CF and OF of a double shift.
type Doubled = (u32, bool, bool);

#[inline(always)]
fn double<W: Width, D: Place>(
    machine: &mut Machine<'_>,
    memory: &mut AddressSpace,
    op: &Op,
    apply: impl Fn(u32, u32, u32) -> Doubled,
) -> Step {
    let count = if op.immediate == COUNT_IN_CL { machine.registers[1] } else { op.immediate } & 31;
    let address = D::address(machine, op);
    let value = D::load_for_update::<W>(machine, memory, op, address)?;
    if count == 0 {
        D::store::<W>(machine, memory, op, address, value)?;
        return Ok(());
    }
    let (result, carry, overflow) = apply(value, W::get(machine, op.b), count);
    D::store::<W>(machine, memory, op, address, result)?;

    machine.flags.shifted::<W>(result, carry, overflow);
    D::stored(memory)
}

/// In `Op::immediate` of a double shift: the count is in CL.
pub const COUNT_IN_CL: u32 = 32;

//! Loads and stores. Each makes its access before it changes a register, so a fault leaves nothing behind.

use cerium_memory::{Access, Fault};

use super::{Core, Cursor, Flow, Handler};
use crate::arm::block::Step;
use crate::arm::op::{Index, Register, Width};

/// The kinds of address that steps are bound for.
pub(in crate::arm) mod offset {
    /// The address is `Step::imm`.
    pub(in crate::arm) const LITERAL: u8 = 0;
    /// `Step::imm` is added.
    pub(in crate::arm) const IMMEDIATE: u8 = 1;
    /// A register is added, shifted left.
    pub(in crate::arm) const LSL: u8 = 2;
    /// A register is added, or taken away if `Step::bits` is 1, shifted in whatever way.
    pub(in crate::arm) const SHIFTED: u8 = 3;
}

const BYTE: u8 = Width::Byte as u8;
const SIGNED_BYTE: u8 = Width::SignedByte as u8;
const HALF: u8 = Width::Half as u8;
const SIGNED_HALF: u8 = Width::SignedHalf as u8;
const WORD: u8 = Width::Word as u8;
const DOUBLE: u8 = Width::Double as u8;

const OFFSET: u8 = Index::Offset as u8;
const PRE: u8 = Index::Pre as u8;
const POST: u8 = Index::Post as u8;

/// A function for each kind of address.
macro_rules! addressed {
    ($step:ident, $kind:ident, $index:ident; $($width:ident,)?) => {
        match ($kind, $index) {
            (offset::LITERAL, _) => $step::<$($width,)? { offset::LITERAL }, OFFSET>,
            (offset::IMMEDIATE, Index::Offset) => $step::<$($width,)? { offset::IMMEDIATE }, OFFSET>,
            (offset::IMMEDIATE, Index::Pre) => $step::<$($width,)? { offset::IMMEDIATE }, PRE>,
            (offset::IMMEDIATE, Index::Post) => $step::<$($width,)? { offset::IMMEDIATE }, POST>,
            (offset::LSL, Index::Offset) => $step::<$($width,)? { offset::LSL }, OFFSET>,
            (offset::LSL, Index::Pre) => $step::<$($width,)? { offset::LSL }, PRE>,
            (offset::LSL, Index::Post) => $step::<$($width,)? { offset::LSL }, POST>,
            (_, Index::Offset) => $step::<$($width,)? { offset::SHIFTED }, OFFSET>,
            (_, Index::Pre) => $step::<$($width,)? { offset::SHIFTED }, PRE>,
            (_, Index::Post) => $step::<$($width,)? { offset::SHIFTED }, POST>,
        }
    };
}

/// The handler of a load.
pub(in crate::arm) fn load(width: Width, rd: Register, kind: u8, index: Index) -> Handler {
    if rd == Register::Pc {
        return addressed!(load_to_pc, kind, index;);
    }
    match width {
        Width::Byte => addressed!(load_step, kind, index; BYTE,),
        Width::SignedByte => addressed!(load_step, kind, index; SIGNED_BYTE,),
        Width::Half => addressed!(load_step, kind, index; HALF,),
        Width::SignedHalf => addressed!(load_step, kind, index; SIGNED_HALF,),
        Width::Word => addressed!(load_step, kind, index; WORD,),
        Width::Double => addressed!(load_double, kind, index;),
    }
}

/// The handler of a store.
pub(in crate::arm) fn store(width: Width, kind: u8, index: Index) -> Handler {
    match width {
        Width::Byte | Width::SignedByte => addressed!(store_step, kind, index; BYTE,),
        Width::Half | Width::SignedHalf => addressed!(store_step, kind, index; HALF,),
        Width::Word => addressed!(store_step, kind, index; WORD,),
        Width::Double => addressed!(store_step, kind, index; DOUBLE,),
    }
}

/// Where the access goes, and what the base becomes.
#[inline(always)]
fn address<const KIND: u8, const INDEX: u8>(core: &Core<'_>, step: &Step) -> (u32, u32) {
    if KIND == offset::LITERAL {
        return (step.imm, 0);
    }
    let base = core.get(step.rn);
    let moved = match KIND {
        offset::IMMEDIATE => base.wrapping_add(step.imm),
        offset::LSL => base.wrapping_add(core.get(step.rm) << (step.amount & 31)),
        _ => {
            let (value, _) = super::data::shift(core, core.get(step.rm), step.shift, u32::from(step.amount));
            if step.bits != 0 { base.wrapping_sub(value) } else { base.wrapping_add(value) }
        }
    };
    (if INDEX == POST { base } else { moved }, moved)
}

#[inline(always)]
fn write_back<const INDEX: u8>(core: &mut Core<'_>, step: &Step, moved: u32) {
    if INDEX != OFFSET {
        core.set(step.rn, moved);
    }
}

fn load_step<const WIDTH: u8, const KIND: u8, const INDEX: u8>(
    core: &mut Core<'_>,
    step: Cursor<'_>,
) -> Flow {
    let (address, moved) = address::<KIND, INDEX>(core, &step);
    let loaded = match WIDTH {
        BYTE => core.memory.read_u8(address).map(u32::from),
        SIGNED_BYTE => core.memory.read_u8(address).map(|value| value as i8 as u32),
        HALF => core.memory.read_u16(address).map(u32::from),
        SIGNED_HALF => core.memory.read_u16(address).map(|value| value as i16 as u32),
        _ => core.memory.read_u32(address),
    };
    match loaded {
        Ok(value) => {
            write_back::<INDEX>(core, &step, moved);
            core.set(step.rd, value);
            step.proceed(core)
        }
        Err(fault) => core.fault(&step, fault),
    }
}

/// A load that is a branch; bit 0 selects the instruction set, as from ARMv5 on.
fn load_to_pc<const KIND: u8, const INDEX: u8>(core: &mut Core<'_>, step: Cursor<'_>) -> Flow {
    let (address, moved) = address::<KIND, INDEX>(core, &step);
    match core.memory.read_u32(address) {
        Ok(target) => {
            write_back::<INDEX>(core, &step, moved);
            core.exchange_to(target)
        }
        Err(fault) => core.fault(&step, fault),
    }
}

fn load_double<const KIND: u8, const INDEX: u8>(core: &mut Core<'_>, step: Cursor<'_>) -> Flow {
    let (address, moved) = address::<KIND, INDEX>(core, &step);
    match core.memory.read_u64(address) {
        Ok(value) => {
            write_back::<INDEX>(core, &step, moved);
            core.set(step.rd, value as u32);
            core.set(step.rd.next(), (value >> 32) as u32);
            step.proceed(core)
        }
        Err(fault) => core.fault(&step, fault),
    }
}

fn store_step<const WIDTH: u8, const KIND: u8, const INDEX: u8>(
    core: &mut Core<'_>,
    step: Cursor<'_>,
) -> Flow {
    let (address, moved) = address::<KIND, INDEX>(core, &step);
    let value = core.get(step.rd);
    let stored = match WIDTH {
        BYTE => core.memory.write_u8(address, value as u8),
        HALF => core.memory.write_u16(address, value as u16),
        DOUBLE => {
            let high = core.get(step.rd.next());
            core.memory.write_u64(address, u64::from(high) << 32 | u64::from(value))
        }
        _ => core.memory.write_u32(address, value),
    };
    match stored {
        Ok(()) => {
            write_back::<INDEX>(core, &step, moved);
            step.proceed_unless_changed(core)
        }
        Err(fault) => core.fault(&step, fault),
    }
}

/// The handler of a load of several registers, from the lowest up.
/// `imm`: the list; `amount`: from the base to the first word; `bits`: to what the base becomes.
pub(in crate::arm) fn load_multiple(list: u16) -> Handler {
    fn step<const PC: bool>(core: &mut Core<'_>, step: Cursor<'_>) -> Flow {
        let base = core.get(step.rn);
        let mut address = base.wrapping_add_signed(i32::from(step.amount as i8));
        let bytes = step.imm.count_ones() * 4;
        if !core.memory.can_read_words(address, bytes) {
            let refused = check_words(core, address, bytes, Access::Read);
            if let Err(fault) = refused {
                return core.fault(&step, fault);
            }
        }
        // A base that is in the list gets what is loaded.
        core.set(step.rn, base.wrapping_add_signed(i32::from(step.bits as i8)));
        let mut list = step.imm;
        while list != 0 {
            match core.memory.read_u32(address) {
                Ok(value) => core.registers[list.trailing_zeros() as usize & 15] = value,
                Err(fault) => return core.fault(&step, fault),
            }
            list &= list - 1;
            address = address.wrapping_add(4);
        }
        if PC { core.exchange_to(core.registers[15]) } else { step.proceed(core) }
    }
    if list & 0x8000 != 0 { step::<true> } else { step::<false> }
}

/// STM and PUSH; fields as for a load. A base that is in the list is stored as it was.
pub(in crate::arm) fn store_multiple(core: &mut Core<'_>, step: Cursor<'_>) -> Flow {
    let base = core.get(step.rn);
    let mut address = base.wrapping_add_signed(i32::from(step.amount as i8));
    let bytes = step.imm.count_ones() * 4;
    if !core.memory.can_write_words(address, bytes) {
        let refused = check_words(core, address, bytes, Access::Write);
        if let Err(fault) = refused {
            return core.fault(&step, fault);
        }
    }
    let mut list = step.imm;
    while list != 0 {
        let value = core.registers[list.trailing_zeros() as usize & 15];
        if let Err(fault) = core.memory.write_u32(address, value) {
            return core.fault(&step, fault);
        }
        list &= list - 1;
        address = address.wrapping_add(4);
    }
    core.set(step.rn, base.wrapping_add_signed(i32::from(step.bits as i8)));
    step.proceed_unless_changed(core)
}

/// The first word that refuses. Words go round the end of the space.
#[cold]
fn check_words(core: &Core<'_>, address: u32, bytes: u32, access: Access) -> Result<(), Fault> {
    for offset in (0..bytes).step_by(4) {
        core.memory.check_word(address.wrapping_add(offset), access)?;
    }
    Ok(())
}

/// SWP.
pub(in crate::arm) fn swap_word(core: &mut Core<'_>, step: Cursor<'_>) -> Flow {
    let address = core.get(step.rn);
    let swapped = core.memory.read_u32(address).and_then(|loaded| {
        core.memory.write_u32(address, core.registers[step.rm as usize])?;
        Ok(loaded)
    });
    finish_swap(core, step, swapped)
}

/// SWPB.
pub(in crate::arm) fn swap_byte(core: &mut Core<'_>, step: Cursor<'_>) -> Flow {
    let address = core.get(step.rn);
    let swapped = core.memory.read_u8(address).and_then(|loaded| {
        core.memory.write_u8(address, core.registers[step.rm as usize] as u8)?;
        Ok(u32::from(loaded))
    });
    finish_swap(core, step, swapped)
}

fn finish_swap(core: &mut Core<'_>, step: Cursor<'_>, swapped: Result<u32, Fault>) -> Flow {
    match swapped {
        Ok(loaded) => {
            core.set(step.rd, loaded);
            step.proceed_unless_changed(core)
        }
        Err(fault) => core.fault(&step, fault),
    }
}

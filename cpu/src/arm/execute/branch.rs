//! Branches, and what leaves the guest.

use super::{Core, Cursor, Flow, Handler};
use crate::Exit;
use crate::arm::op::Condition;

/// Behind every block's instructions.
// Never inlined, so that there is one of it: a step is known to be the last by this function's address, and
// a function that is copied into several units of the compiler has several.
#[inline(never)]
pub(in crate::arm) fn end_of_block(_: &mut Core<'_>, _: Cursor<'_>) -> Flow {
    Flow::Through
}

/// B, with a condition or without.
pub(in crate::arm) fn branch_if(condition: Condition) -> Handler {
    fn on<const CONDITION: u8>(core: &mut Core<'_>, _: Cursor<'_>) -> Flow {
        let condition = const { Condition::from_bits(CONDITION as u32) };
        if core.holds(condition) { Flow::Taken } else { Flow::Through }
    }
    match condition {
        Condition::Eq => on::<0>,
        Condition::Ne => on::<1>,
        Condition::Cs => on::<2>,
        Condition::Cc => on::<3>,
        Condition::Mi => on::<4>,
        Condition::Pl => on::<5>,
        Condition::Vs => on::<6>,
        Condition::Vc => on::<7>,
        Condition::Hi => on::<8>,
        Condition::Ls => on::<9>,
        Condition::Ge => on::<10>,
        Condition::Lt => on::<11>,
        Condition::Gt => on::<12>,
        Condition::Le => on::<13>,
        Condition::Always => on::<14>,
    }
}

/// BL and BLX to a constant.
pub(in crate::arm) fn branch_link(core: &mut Core<'_>, step: Cursor<'_>) -> Flow {
    core.registers[14] = step.imm;
    Flow::Taken
}

/// BX.
pub(in crate::arm) fn branch_register(core: &mut Core<'_>, step: Cursor<'_>) -> Flow {
    core.exchange_to(core.get(step.rm))
}

/// BLX to a register, which may be lr.
pub(in crate::arm) fn branch_link_register(core: &mut Core<'_>, step: Cursor<'_>) -> Flow {
    let target = core.get(step.rm);
    core.registers[14] = step.imm;
    core.exchange_to(target)
}

/// The second half of a Thumb call on its own. `bits`: whether it goes to ARM code.
pub(in crate::arm) fn thumb_call(core: &mut Core<'_>, step: Cursor<'_>) -> Flow {
    let target = core.registers[14].wrapping_add(step.imm);
    core.registers[14] = step.pc.wrapping_add(2) | 1;
    core.exchange_to(if step.bits != 0 { target & !3 } else { target | 1 })
}

/// SVC.
pub(in crate::arm) fn supervisor(core: &mut Core<'_>, step: Cursor<'_>) -> Flow {
    core.stop(&step, Exit::Svc { pc: step.pc, imm: step.imm }, Flow::Called)
}

/// BKPT.
pub(in crate::arm) fn breakpoint(core: &mut Core<'_>, step: Cursor<'_>) -> Flow {
    core.refuse(&step, Exit::Breakpoint { pc: step.pc })
}

/// What has no meaning.
pub(in crate::arm) fn undefined(core: &mut Core<'_>, step: Cursor<'_>) -> Flow {
    core.refuse(&step, Exit::Undefined { pc: step.pc })
}

/// What has no effect.
pub(in crate::arm) fn nothing(core: &mut Core<'_>, step: Cursor<'_>) -> Flow {
    step.proceed(core)
}

//! Branches, and what leaves the guest.

use super::{Core, Flow, Handler};
use crate::Exit;
use crate::arm::block::Step;

/// B.
pub(in crate::arm) fn branch(_: &mut Core<'_>, _: &Step) -> Flow {
    Flow::Taken
}

/// B with a condition.
pub(in crate::arm) fn branch_if(condition: u8) -> Handler {
    fn branch_on<const CONDITION: u8>(core: &mut Core<'_>, _: &Step) -> Flow {
        if core.holds(CONDITION) { Flow::Taken } else { Flow::Next }
    }
    match condition {
        0 => branch_on::<0>,
        1 => branch_on::<1>,
        2 => branch_on::<2>,
        3 => branch_on::<3>,
        4 => branch_on::<4>,
        5 => branch_on::<5>,
        6 => branch_on::<6>,
        7 => branch_on::<7>,
        8 => branch_on::<8>,
        9 => branch_on::<9>,
        10 => branch_on::<10>,
        11 => branch_on::<11>,
        12 => branch_on::<12>,
        13 => branch_on::<13>,
        _ => branch,
    }
}

/// BL and BLX to a constant.
pub(in crate::arm) fn branch_link(core: &mut Core<'_>, step: &Step) -> Flow {
    core.registers[14] = step.imm;
    Flow::Taken
}

/// BX.
pub(in crate::arm) fn branch_register(core: &mut Core<'_>, step: &Step) -> Flow {
    core.exchange_to(core.get(step.rm))
}

/// BLX to a register, which may be lr.
pub(in crate::arm) fn branch_link_register(core: &mut Core<'_>, step: &Step) -> Flow {
    let target = core.get(step.rm);
    core.registers[14] = step.imm;
    core.exchange_to(target)
}

/// The second half of a Thumb call on its own. `bits`: whether it goes to ARM code.
pub(in crate::arm) fn thumb_call(core: &mut Core<'_>, step: &Step) -> Flow {
    let target = core.registers[14].wrapping_add(step.imm);
    core.registers[14] = step.pc.wrapping_add(2) | 1;
    core.exchange_to(if step.bits != 0 { target & !3 } else { target | 1 })
}

/// SVC.
pub(in crate::arm) fn supervisor(core: &mut Core<'_>, step: &Step) -> Flow {
    core.exit = Exit::Svc { pc: step.pc, imm: step.imm };
    Flow::Called
}

/// BKPT.
pub(in crate::arm) fn breakpoint(core: &mut Core<'_>, step: &Step) -> Flow {
    core.refuse(Exit::Breakpoint { pc: step.pc })
}

/// What has no meaning.
pub(in crate::arm) fn undefined(core: &mut Core<'_>, step: &Step) -> Flow {
    core.refuse(Exit::Undefined { pc: step.pc })
}

/// What has no effect.
pub(in crate::arm) fn nothing(_: &mut Core<'_>, _: &Step) -> Flow {
    Flow::Next
}

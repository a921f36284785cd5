//! What comes before an instruction: its condition, and pc if it reads it.

use super::{Core, Cursor, Flow, Handler};
use crate::arm::op::{Condition, Op};
use crate::arm::{decode_a32, decode_t16};

/// What an instruction's step must start with; `None` if it can start with itself.
pub(in crate::arm) fn guard(op: Op, condition: Condition, thumb: bool) -> Option<Handler> {
    if op.reads_pc() {
        return Some(if thumb {
            with_pc::<{ decode_t16::PC_AHEAD }>
        } else {
            with_pc::<{ decode_a32::PC_AHEAD }>
        });
    }
    match op {
        // It looks at the condition itself.
        Op::Branch { link: false, .. } => None,
        _ => conditional(condition),
    }
}

fn with_pc<const AHEAD: u32>(core: &mut Core<'_>, step: Cursor<'_>) -> Flow {
    core.registers[15] = step.pc.wrapping_add(AHEAD);
    if core.holds(step.condition) { (step.guarded)(core, step) } else { step.proceed(core) }
}

fn conditional(condition: Condition) -> Option<Handler> {
    fn on<const CONDITION: u8>(core: &mut Core<'_>, step: Cursor<'_>) -> Flow {
        let condition = const { Condition::from_bits(CONDITION as u32) };
        if core.holds(condition) { (step.guarded)(core, step) } else { step.proceed(core) }
    }
    Some(match condition {
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
        Condition::Always => return None,
    })
}

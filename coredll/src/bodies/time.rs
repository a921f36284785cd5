//! Time (scheduler.md §9).

use cerium_process::cost;

use super::check;
use crate::{Bool, Cx, Out, Outcome};

pub(crate) fn tick_count(cx: &mut Cx<'_>) -> Outcome<u32> {
    // It wraps after 49.7 days, as CE's does.
    Outcome::Return(cx.kernel.now().ticks() as u32)
}

pub(crate) fn idle_time(cx: &mut Cx<'_>) -> Outcome<u32> {
    Outcome::Return((cx.kernel.idle_time() / cost::TICK) as u32)
}

pub(crate) fn performance_counter(cx: &mut Cx<'_>, count: Out<u64>) -> Outcome<(Bool, u64)> {
    check!(count.check_required());
    // ee488620: a device without a better counter counts ticks.
    Outcome::Return((Bool(true), cx.kernel.now().ticks()))
}

pub(crate) fn performance_frequency(_: &mut Cx<'_>, frequency: Out<u64>) -> Outcome<(Bool, u64)> {
    check!(frequency.check_required());
    Outcome::Return((Bool(true), 1_000_000_000 / cost::TICK))
}

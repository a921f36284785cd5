//! Interlocked functions (sync/IL). They only touch memory: to the kernel there is nothing to see, and a Rust
//! guest has no memory of its own for them.

use super::Case;

/// Why what an interlocked function does is not shown.
const IN_MEMORY: &str = "needs an executable: interlocked functions work on a guest's memory";

pub(super) const INTERLOCKED: &[Case] = &[
    Case::skipped("sync/IL-001", IN_MEMORY),
    Case::skipped("sync/IL-002", IN_MEMORY),
    Case::skipped("sync/IL-003", IN_MEMORY),
    Case::skipped("sync/IL-004", IN_MEMORY),
    Case::skipped("sync/IL-005", IN_MEMORY),
    Case::skipped("sync/IL-006", IN_MEMORY),
    Case::skipped("sync/IL-007", IN_MEMORY),
    Case::skipped("sync/IL-008", IN_MEMORY),
    Case::skipped("sync/IL-009", IN_MEMORY),
    Case::skipped("sync/IL-010", IN_MEMORY),
    Case::skipped("sync/IL-011", IN_MEMORY),
    Case::skipped("sync/IL-012", IN_MEMORY),
    Case::skipped("sync/IL-013", IN_MEMORY),
    Case::skipped("sync/IL-014", IN_MEMORY),
    Case::skipped("sync/IL-015", IN_MEMORY),
    Case::skipped(
        "sync/IL-016",
        "needs a table of exports by version: the one there is gives these functions to x86 of CE 5 too",
    ),
    Case::skipped("sync/IL-017", IN_MEMORY),
];

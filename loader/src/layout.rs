//! Which addresses are for what. CE 6 gives a process the lower 2 GiB: itself up to 0x3FFFFFFF, libraries
//! above, memory maps from 0x60000000 (ee482776).

use std::ops::Range;

/// Where an image may lie.
pub(crate) const IMAGES: Range<u32> = 0x1_0000..0x4000_0000;

/// Where libraries lie that cannot lie where they were linked for.
pub(crate) const LIBRARIES: Range<u32> = 0x4000_0000..0x5FFE_0000;

/// COREDLL's handle: a page at the end of the libraries' part.
pub(crate) const COREDLL: u32 = 0x5FFF_0000;

/// TOOLHELP's handle, likewise.
pub(crate) const TOOLHELP: u32 = 0x5FFE_0000;

/// Where stacks, heaps and the process's own data lie; what VirtualAlloc gives lies above.
pub(crate) const DATA: Range<u32> = 0x0010_0000..cerium_crt::regions::ZONE.start;

/// The granularity of reservations.
pub(crate) const GRANULARITY: u32 = 0x1_0000;

/// A thread's stack if its image does not say (ee488927).
pub(crate) const DEFAULT_STACK: u32 = 0x1_0000;

/// The largest stack that is given, whatever is asked for. Our choice.
pub(crate) const MAXIMUM_STACK: u32 = 0x0100_0000;

/// At the top of each stack: the thread's TLS values, and what fs points at on x86.
pub(crate) const THREAD_BLOCK: u32 = 0x200;

/// Within the thread's block: where fs points on x86, behind the TLS values.
pub(crate) const EXCEPTION_CHAIN: u32 = 0x100;

/// How many threads one process may have at once; each has a stack in `DATA`.
pub(crate) const MAXIMUM_THREADS: usize = 4096;

/// Where calls out of the guest go: an import's place, sixteen bytes each. Above the trap addresses of ARM,
/// below those of x86.
pub(crate) const THUNKS: u32 = 0xF100_0000;

/// Where a thread function returns to.
pub(crate) const THREAD_RETURN: u32 = THUNKS - 16;

/// Where the guest's code returns to that a function of the host's has called.
pub(crate) const HOST_RETURN: u32 = THUNKS - 32;

/// The address of an import's thunk.
pub(crate) fn thunk_address(index: usize) -> u32 {
    THUNKS + 16 * index as u32
}

/// Which import's thunk an address is.
pub(crate) fn thunk_index(address: u32) -> Option<usize> {
    let offset = address.checked_sub(THUNKS)?;
    (offset % 16 == 0).then_some(offset as usize / 16)
}

/// What the user data page holds, from its start at PUserKData (processes-threads.md §1.3).
pub(crate) mod user_data {
    /// The address of the running thread's TLS values.
    pub(crate) const TLS: u32 = 0;
    /// GetCurrentThreadId.
    pub(crate) const THREAD_ID: u32 = 8;
}

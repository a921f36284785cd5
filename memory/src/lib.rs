//! Guest memory: address spaces with permissions, and sections that several processes see as one.
//!
//! An [`AddressSpace`] is the 4 GiB a process sees. Behind it is one reservation of host memory, made when
//! the first page is mapped, so a guest address is a host address plus a constant. What the guest may do with
//! a page is written in **byte tables** and never in the host's MMU: an access is one load and one test, a
//! fault is a value ([`Fault`]) and happens at the same instruction on every host, and there are no signal
//! handlers. The index into a table is `address.rotate_right(log2 size) >> (12 - log2 size)`: the low
//! bits of a misaligned
//! address land above the page number, in a part of the table that is always zero. So the one test also
//! catches misalignment.
//!
//! A [`Section`] is bytes that can be mapped in several spaces (and several times in one), all seeing the
//! same bytes. Host code (a Lua guest, the kernel) reads and writes it without mapping it.
//!
//! **Code.** Whoever decodes instructions says so ([`AddressSpace::watch_code`]). A watched page loses its
//! entry in the write table, in every space that maps it, so the next store there takes the slow path, is
//! carried out, and leaves the page's address in a list that the CPU reads
//! ([`AddressSpace::take_changed_code`]) before it runs on. Snapshots that journal pages can use the same
//! entry.
//!
//! **Invariants.** A page not mapped has no entry in any table. An entry in the write table says that the
//! guest may write _and_ nobody needs to know. Private pages and new sections read as zero first. Nothing here
//! panics, whatever the guest asks.
//!
//! **Deliberately not here:** which addresses CE gives to whom, reserved but uncommitted pages (the loader
//! keeps them), host protection, other hosts than Linux (a software page table could stand in; it would cost
//! two loads an access).
#![allow(
    unsafe_code,
    reason = "guest memory is host memory reached by address; each block carries its argument"
)]

mod access;
mod code;
mod error;
mod host;
mod section;
mod space;

pub use error::{Access, Fault, FaultKind, MapError, MemoryError};
pub use section::Section;
pub use space::AddressSpace;

/// The size of a page, of guest and host.
pub const PAGE_SIZE: u32 = 4096;

pub(crate) const PAGE_SHIFT: u32 = 12;

bitflags::bitflags! {
    /// What a guest may do with a page. No flag at all is a page that exists and refuses everything
    /// (`PAGE_NOACCESS`).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub struct Protection: u8 {
        /// Data may be read.
        const READ = 1;
        /// Data may be written.
        const WRITE = 2;
        /// Instructions may be fetched.
        const EXECUTE = 4;
    }
}

//! What can go wrong: for the guest ([`Fault`]), for who maps ([`MapError`]), for who creates
//! ([`MemoryError`]).

use std::fmt;

use rustix::io::Errno;

/// What an access wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    /// To load data.
    Read,
    /// To store data.
    Write,
    /// To fetch an instruction.
    Execute,
}

/// Why an access was refused. Misalignment is looked at first, as the architectures do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// The address is not a multiple of the access's size.
    Misaligned,
    /// There is no page.
    Unmapped,
    /// There is a page, and it does not allow this.
    Protection,
}

/// A guest access that was refused. Nothing of it has been done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fault {
    /// The first byte that could not be accessed; the access's own address if misaligned.
    pub address: u32,
    /// What was wanted.
    pub access: Access,
    /// Why not.
    pub kind: FaultKind,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let access = match self.access {
            Access::Read => "read",
            Access::Write => "write",
            Access::Execute => "execute",
        };
        let kind = match self.kind {
            FaultKind::Misaligned => "misaligned",
            FaultKind::Unmapped => "no page",
            FaultKind::Protection => "not allowed",
        };
        write!(f, "{access} at {:08X}: {kind}", self.address)
    }
}

impl std::error::Error for Fault {}

/// Why pages could not be mapped, unmapped, or protected. Nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MapError {
    /// An address, a size or an offset is not a multiple of [`PAGE_SIZE`](crate::PAGE_SIZE), or the size is
    /// zero.
    Misaligned,
    /// The range leaves the 4 GiB, or the section.
    OutOfRange,
    /// A page of the range is mapped already.
    Overlap,
    /// A page of the range is not mapped.
    NotMapped,
    /// More bytes than the space may commit, or more views of sections than it may have.
    LimitReached,
    /// The host refused.
    Host(Errno),
}

impl fmt::Display for MapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MapError::Misaligned => f.write_str("address or size is not a multiple of the page size"),
            MapError::OutOfRange => f.write_str("the range leaves the address space or the section"),
            MapError::Overlap => f.write_str("a page of the range is mapped already"),
            MapError::NotMapped => f.write_str("a page of the range is not mapped"),
            MapError::LimitReached => f.write_str("the address space may not commit more"),
            MapError::Host(errno) => write!(f, "the host refused: {errno}"),
        }
    }
}

impl std::error::Error for MapError {}

/// Why an address space or a section could not be created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemoryError {
    /// The host's pages are not of the guest's size, so sections could not be mapped.
    HostPageSize(usize),
    /// A section of no bytes, or an access past a section's end.
    OutOfRange,
    /// The host refused.
    Host(Errno),
}

impl fmt::Display for MemoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MemoryError::HostPageSize(size) => write!(f, "the host's pages have {size} bytes, not 4096"),
            MemoryError::OutOfRange => f.write_str("outside the section"),
            MemoryError::Host(errno) => write!(f, "the host refused: {errno}"),
        }
    }
}

impl std::error::Error for MemoryError {}

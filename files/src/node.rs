//! The tree of files and folders, as far as the guest has looked.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::content::{Content, MappedBytes};
use crate::locks::Locks;

/// A place in the tree. It stays the same node's as long as somebody holds it.
pub(crate) type NodeId = usize;

/// FILE_ATTRIBUTE_*: what a file is said to be.
pub mod attributes {
    /// It may not be written.
    pub const READONLY: u32 = 0x1;
    /// It is not to be shown.
    pub const HIDDEN: u32 = 0x2;
    /// It is the system's.
    pub const SYSTEM: u32 = 0x4;
    /// It is a folder.
    pub const DIRECTORY: u32 = 0x10;
    /// It was changed since it was last kept.
    pub const ARCHIVE: u32 = 0x20;
    /// Nothing else is set.
    pub const NORMAL: u32 = 0x80;
    /// It is temporary.
    pub const TEMPORARY: u32 = 0x100;
    /// What a guest can set.
    pub const SETTABLE: u32 = READONLY | HIDDEN | SYSTEM | ARCHIVE | TEMPORARY;
}

/// When something happened to a file: FILETIMEs, in 100 ns since 1601.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Times {
    /// It was made.
    pub created: u64,
    /// It was last read or written.
    pub accessed: u64,
    /// It was last written.
    pub written: u64,
}

/// A file or a folder.
pub(crate) struct Node {
    pub(crate) parent: NodeId,
    /// Its name as it was made.
    pub(crate) name: Vec<u16>,
    /// Of those that can be set.
    pub(crate) attributes: u32,
    pub(crate) times: Times,
    /// Opens, find handles and mappings: while there are any the node stays, though it may be in no folder.
    pub(crate) holds: u32,
    /// It has been taken out of its folder.
    pub(crate) is_removed: bool,
    /// It and what is in it may not be changed.
    pub(crate) is_read_only: bool,
    /// What it costs for itself was taken from the budget.
    pub(crate) is_charged: bool,
    /// Where changes to it are made on the host too; none if they are not.
    pub(crate) through: Option<PathBuf>,
    pub(crate) body: Body,
}

pub(crate) enum Body {
    Folder(Folder),
    File(Box<FileBody>),
}

/// A folder.
#[derive(Default)]
pub(crate) struct Folder {
    /// By names without case.
    pub(crate) entries: BTreeMap<Vec<u16>, NodeId>,
    /// The host's folder whose entries are still to be taken in.
    pub(crate) unlisted: Option<PathBuf>,
    /// Its place on the host is known but nothing is there yet: it is made when something is made in it.
    pub(crate) is_missing: bool,
}

/// A file.
#[derive(Default)]
pub(crate) struct FileBody {
    pub(crate) content: Content,
    pub(crate) locks: Locks,
    /// By open: what it may do, and what it lets others do.
    pub(crate) opens: Vec<u32>,
    pub(crate) mapped: Option<Mapped>,
}

/// The bytes of a file that is mapped.
pub(crate) struct Mapped {
    pub(crate) bytes: Box<dyn MappedBytes>,
    pub(crate) size: u32,
    /// How many clusters were set aside for what views may change.
    pub(crate) reserved: u64,
    /// Whether views may change it.
    pub(crate) is_writable: bool,
}

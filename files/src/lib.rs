//! The guest's file system: CE's rules over a sandboxed root and an overlay; and the registry.
//!
//! A [`FileSystem`] is a tree of folders and files as CE shows it: names keep their case and are compared
//! without it, every path begins at `\`, and there are no drives. What is under `\` is in memory, or a folder
//! of the host that the user gave; over that lie the guest's changes, in memory too, unless the user lets
//! them through. `\Program` is the first program's own folder, to be read only.
//!
//! Files, a subject each: `name` (paths taken apart, wildcards), `node` (the tree), `system` (how a name is
//! found, how much room there is), `open` (open files), `content` (the bytes of one file), `locks`, `find`,
//! `manage` (what is done by name), `console`, `registry`, `ansi` (the code page), and `host`, the only place
//! where the host's files are touched.
//!
//! Needs nothing of cerium. What it gives numbers to (opens, find handles) is kept alive by whoever has the
//! number, the kernel's objects; it knows no threads and no handles.
//!
//! Invariants:
//! - Nothing outside the folders that the user gave is read or written. A guest's path is followed through
//!   folders' listings, part by part, and links are not followed. That somebody else exchanges a folder for a
//!   link while the guest runs is out of scope.
//! - Nothing of the host is changed unless the root is writable, and then only what a guest asked for.
//! - The host's dates are never seen; what is not the guest's own is dated [`HOST_DATE`].
//! - What is stored in memory is never more than the limit: the rest is [`FileError::DiskFull`].

pub mod ansi;
mod console;
mod content;
mod error;
mod find;
mod host;
mod locks;
mod manage;
mod name;
mod node;
mod open;
pub mod registry;
mod system;

pub use content::{MAXIMUM_FILE, MappedBytes};
pub use error::{FileError, FileResult};
pub use find::Found;
pub use locks::Range;
pub use name::{MAXIMUM_PATH, Path};
pub use node::{Times, attributes};
pub use open::{Access, Disposition, Information, MappedFile, OpenRequest, Opened, SeekFrom, Share};
pub use system::{DEFAULT_LIMIT, FileSystem, HOST_DATE, Space};

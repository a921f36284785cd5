//! Reads CE executables: bytes in, description out.
//!
//! [`Image::parse`] takes the bytes of a file and gives plain owned data: machine, sections, imports, exports,
//! relocations. [`Image::lay_out`] puts the same bytes where the loader would, [`Image::relocate`] moves the result.
//! Structures and constants come from the `object` crate; what is ours is the order in which they are believed.
//!
//! Headers lie. So a number from the file is compared with the file's size or with a limit before it is
//! used to index,
//! to allocate or to loop, and what does not hold becomes a [`PeError`] that says where it stood and what
//! was expected.
//!
//! - No input makes this crate panic.
//! - Memory is bounded by a small multiple of the file's size; only `lay_out` allocates `SizeOfImage` bytes,
//!   and that has the limit [`MAX_IMAGE_SIZE`].
//! - What `parse` accepted, `lay_out` and `relocate` do not refuse, but for a `movw`/`movt` pair that is none.
//!
//! Deliberately not here: where an image goes, whether a DLL is fit to be started, which imports exist.
//! `loader` decides.

mod error;
mod export;
mod header;
mod image;
mod import;
mod machine;
mod mapped;
mod relocation;
mod section;

pub use error::{ErrorKind, PeError, Place};
pub use export::{Export, ExportName, ExportTarget, Exports};
pub use header::{DataDirectory, Directory};
pub use image::{Image, Kind};
pub use import::{Import, ImportModule, ImportTarget};
pub use machine::Machine;
pub use relocation::{Relocation, RelocationKind, Relocations};
pub use section::{Protection, Section};

/// The largest image that is accepted, in bytes: no CE 5 slot held more than 32 MiB, no CE 6 program was
/// seen near it.
pub const MAX_IMAGE_SIZE: u32 = 256 << 20;

/// The size of a page of every CE processor that we run, to which sections are aligned.
pub const PAGE_SIZE: u32 = 0x1000;

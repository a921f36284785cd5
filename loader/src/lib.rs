//! Makes a process of an executable: maps it, binds its imports, and runs its threads on a CPU.
//!
//! [`load`] takes the bytes of a file and gives a program for the machine, or a [`LoadError`] that says what
//! is wrong with the file and where. [`FileImages`] finds the files that CreateProcess names, in the guest's file
//! system.
//!
//! Inside, a file a subject: `load` (mapping and binding), `binding` (what an import comes to), `executable`
//! (a process: its memory, its threads, and the loop of a turn), `fibers`, `calls` (calls out of the guest, and
//! functions that wait for what they asked for), `table` (the functions of this crate) and `thunks` (the
//! addresses of all functions), `modules`, `libraries`, `notify`, `dynamic`, `resources` (what is loaded, how it
//! is loaded and told, LoadLibrary and its kin), `seh` with `seh_arm`, `unwind_arm`, `seh_x86` (structured
//! exceptions) and `cxx` (those of C++), `isa` with `arm` and `x86` (what differs by processor:
//! registers, arguments, returns), `context` (CONTEXT in guest memory), `abi` (arguments as parameter types
//! read them), `layout` (which addresses are for what), `crash` (the report of an unhandled exception),
//! `division` (memory for files and for programs), `folders` (finding an image in the guest's file system),
//! `survey` (what an image would be bound to).
//!
//! Needs `pe`, `cpu`, `memory`, `files`, `crt`, and the contract of `guest`.
//!
//! Invariants: a guest's address is never trusted; what an import means is settled when the image is loaded,
//! and an import that cerium lacks is named when it is called, not before; the user data page is right
//! whenever an instruction of the thread runs.

mod abi;
mod arm;
mod binding;
mod calls;
mod context;
mod crash;
mod cxx;
mod division;
mod dynamic;
mod error;
mod executable;
mod fibers;
mod folders;
mod isa;
mod layout;
mod libraries;
mod load;
mod modules;
mod notify;
mod pages;
mod resources;
mod seh;
mod seh_arm;
mod seh_x86;
mod survey;
pub mod table;
mod thunks;
mod unwind_arm;
mod x86;

pub use binding::{Target, Unbound, processor_of};
pub use cerium_crt::call::Button;
pub use error::{LoadError, LoadProblem};
pub use folders::{FileImages, find_image};
pub use load::{ImageFile, Options, Unimplemented, load};
pub use survey::{Findings, Found, Survey, SurveyedLibrary};

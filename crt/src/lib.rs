//! COREDLL's functions that run on guest memory: C library, strings, heaps, formatting, locale, helpers.
//!
//! Most of them are plain functions of guest memory and argument words. Nothing asks the host: no host
//! `printf`, no host libm, no host locale, no clock. The same words and the same memory give the same result on
//! every machine. What needs files, time or the guest's own code asks for it and goes on with the answer
//! ([`pause`]): streams are made of the kernel's files this way.
//!
//! - [`table`]: every exported function, a row each, in the form of coredll's table; read it first. [`call`]
//!   has what a call needs and what it comes to, and the conventions by which processors pass arguments.
//! - [`pause`]: how a function asks the guest's code or the kernel for something and goes on with the result.
//! - [`memory`]: the two traits through which guest memory is reached, [`GuestMemory`] and [`memory::Pages`],
//!   and the walk over strings that never reads past the page a string ends on.
//! - [`unit`](mod@unit): what narrow (`u8`) and wide (`u16`) text have in common; most functions exist once
//!   for both.
//! - [`string`], [`block`], [`strsafe`], [`secure`]: the `str…`/`wcs…`, the `mem…`, the `StringCch…` and the
//!   `…_s` families.
//! - [`ctype`], [`codepage`]: classes and case of characters, and the ANSI code page 1252.
//! - [`convert`]: text to numbers and back (`strtol`, `_itow`, `strtod`).
//! - [`format`](mod@format): the `printf` family and `wsprintf`; [`decimal`]: exact decimal digits of doubles
//!   beneath it.
//! - [`scan`]: the `scanf` family. `stdio`: what streams are; they ask the kernel for files.
//! - [`nls`]: the locale, the order of text, code pages; [`message`]: `FormatMessage`.
//! - [`heap`]: guest heaps. Bookkeeping is on the host's side, where a guest cannot overwrite it.
//! - [`regions`]: what `VirtualAlloc` reserves and commits.
//! - [`arithmetic`]: what compilers for processors without division or floating point call; `rand`.
//! - [`math`]: `sin`, `pow`, `floor` and the like; [`float`]: `_controlfp` and its kin.
//! - [`hash`]: MD5 and SHA-1.
//!
//! **Invariant.** A guest address is only followed through [`GuestMemory`]; a bad one is a [`Fault`], a
//! value. **Invariant.** The work of a call is bounded by the guest memory it covers, or by a named limit.

pub mod arithmetic;
pub mod block;
mod bodies;
pub mod call;
pub mod codepage;
pub mod convert;
pub mod ctype;
pub mod decimal;
pub mod float;
pub mod format;
pub mod hash;
pub mod heap;
pub mod math;
pub mod memory;
pub mod message;
pub mod nls;
pub mod pause;
pub mod regions;
mod row;
pub mod scan;
pub mod secure;
mod sort;
mod stdio;
pub mod string;
pub mod strsafe;
pub mod table;
pub mod unit;

pub use call::{
    Answer, ArgumentList, Convention, Cx, Environment, Output, ProcessState, Stop, Stream, ThreadState, Value,
};
pub use memory::{Access, Fault, GuestMemory};
pub use pause::{Pause, Step};
pub use table::Function;
pub use unit::Unit;

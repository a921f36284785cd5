//! How things are referred to: object ids, counted references, the object table, handle tables.
//!
//! Nothing in cerium points at a kernel object. Everything holds an [`ObjectId`], a key that claims nothing
//! about life; what must keep an object alive holds an [`ObjectRef`], which is counted. A guest holds a
//! [`Handle`], 32 bits that mean something only in the [`HandleTable`] of one process.
//!
//! Key types: [`ObjectTable`] owns every object; [`HandleTable`] is one process's map from handle values to
//! references. This room needs no other; `namespace`, `sync`, `process` and `kernel` stand on it.
//!
//! Invariants: an [`ObjectRef`] is stored, moved, and given back exactly once; a [`Handle`] that was closed
//! stays invalid until its slot has been reused more than sixteen thousand times; no handle value is 0, a
//! pseudo-handle or −1; an id that a guest is shown (process, thread) is never a valid handle.

mod object;
mod table;

pub use object::{ObjectId, ObjectRef, ObjectTable, ProcessId, ThreadId};
pub use table::{BadHandle, Handle, HandleTable, MAXIMUM_HANDLES};

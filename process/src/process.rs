//! Processes: a handle table, threads, and an end.

use std::collections::BTreeMap;
use std::sync::Arc;

use cerium_handle::{ObjectRef, ThreadId};
use cerium_sync::{Dispatcher, Satisfied};

use crate::Instant;

/// A view that a process has of a memory map; it keeps the object alive.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct View {
    /// The address that MapViewOfFile returned.
    pub address: u32,
    /// How many bytes it covers.
    pub size: u32,
    /// The memory map.
    pub object: ObjectRef,
}

/// A process object.
#[derive(Clone, Hash)]
pub struct Process {
    /// What GetCurrentProcessId returns. It is no handle.
    pub id: u32,
    /// The number by which the machine knows its program.
    pub program: u32,
    /// The path of its image, as GetModuleFileName gives it.
    pub image: Arc<[u16]>,
    /// Its command line, without the program's name.
    pub command_line: Arc<[u16]>,
    /// Where its image is loaded: what GetModuleHandle(NULL) returns.
    pub module: u32,
    /// The threads that have not ended; they live without handles.
    pub threads: BTreeMap<ThreadId, ObjectRef>,
    /// The memory maps that it sees.
    pub views: Vec<View>,
    /// The thread whose end ends the process (ee482850).
    pub primary: Option<ThreadId>,
    /// The TLS indexes that TlsAlloc has given out, a bit each.
    pub tls_in_use: u64,
    /// What GetExitCodeProcess says, once it has ended.
    pub exit_code: Option<u32>,
    /// When it was made.
    pub created_at: Instant,
}

impl Dispatcher for Process {
    fn is_signaled(&self, _: ThreadId) -> bool {
        self.exit_code.is_some()
    }

    fn satisfy(&mut self, _: ThreadId) -> Satisfied {
        Satisfied::Normal
    }
}

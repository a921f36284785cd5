//! The bodies of the rows, a file a family. Each checks first, in CE's order, and performs after.

pub(crate) mod date;
pub(crate) mod debug;
pub(crate) mod device;
pub(crate) mod error;
pub(crate) mod event;
pub(crate) mod file;
pub(crate) mod folder;
pub(crate) mod interrupt;
pub(crate) mod map;
pub(crate) mod message;
pub(crate) mod mutex;
pub(crate) mod object;
pub(crate) mod priority;
pub(crate) mod process;
pub(crate) mod queue;
pub(crate) mod registry;
pub(crate) mod section;
pub(crate) mod semaphore;
pub(crate) mod snapshot;
pub(crate) mod thread;
pub(crate) mod time;
pub(crate) mod tls;
pub(crate) mod wait;
pub(crate) mod watchdog;

use cerium_handle::Handle;
use cerium_kernel::{CeResult, Created, Win32Error};

use crate::{Cx, Outcome};

/// Leaves a body with the error of a check that failed.
macro_rules! check {
    ($result:expr) => {
        match $result {
            Ok(value) => value,
            Err(error) => return crate::Outcome::Fail(error),
        }
    };
}

pub(crate) use check;

impl Cx<'_> {
    /// What every create function has in common: the last error says whether the object is new (SQ-12).
    fn created(&mut self, created: CeResult<Created>) -> Outcome<Handle> {
        let created = check!(created);
        let error = match created {
            Created::New(_) => Win32Error::SUCCESS,
            Created::Existing(_) => Win32Error::ALREADY_EXISTS,
        };
        self.kernel.set_last_error(self.thread, error);
        Outcome::Return(created.handle())
    }
}

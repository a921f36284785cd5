//! The console: what guests read of the standard input, and what they write.

use std::fmt;
use std::io::{BufRead, BufReader, Read};

use crate::{FileError, FileResult};

/// The console of a device. Its input is asked for when a guest reads, not before.
#[derive(Default)]
pub(crate) struct Console {
    input: Option<BufReader<Box<dyn Read>>>,
    output: Vec<u8>,
}

impl fmt::Debug for Console {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Console").field("output", &self.output.len()).finish_non_exhaustive()
    }
}

/// What a read of the console gives at most.
const LONGEST_READ: u32 = 1 << 16;

impl Console {
    pub(crate) fn set_input(&mut self, input: Box<dyn Read>) {
        self.input = Some(BufReader::new(input));
    }

    /// The next line, or so much of it; nothing at the end of the input. So it does not depend on the pieces
    /// in which the host hands the input over.
    pub(crate) fn read(&mut self, size: u32) -> FileResult<Vec<u8>> {
        let Some(input) = &mut self.input else { return Ok(Vec::new()) };
        let mut line = Vec::new();
        let limit = u64::from(size.min(LONGEST_READ));
        match input.by_ref().take(limit).read_until(b'\n', &mut line) {
            Ok(_) => Ok(line),
            Err(error) => {
                log::warn!(target: "files", "the standard input: {error}");
                Err(FileError::Device)
            }
        }
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) {
        self.output.extend_from_slice(bytes);
    }

    pub(crate) fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.output)
    }
}

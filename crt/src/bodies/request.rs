//! Calls that functions of this crate make of the kernel, with arguments of the host's.

use cerium_coredll::{Abi, Call, Function, Reply, StackFault, Unreadable};

use crate::call::{Cx, Stop};
use crate::pause::Step;

/// Where a call's name or data stand in its arguments; they are in no guest's memory.
const TEXT: u32 = 0x1_0000;
/// Where what the call gives back stands.
const RESULT: u32 = 0x7000_0000;

/// A call's arguments.
struct Words<'a> {
    words: &'a [u32],
    text: &'a [u8],
}

impl Abi for Words<'_> {
    fn word(&mut self) -> Result<u32, StackFault> {
        let (first, rest) = self.words.split_first().ok_or(StackFault { address: 0 })?;
        self.words = rest;
        Ok(*first)
    }

    fn read(&mut self, address: u32, into: &mut [u8]) -> Result<(), Unreadable> {
        let start = address.checked_sub(TEXT).ok_or(Unreadable)? as usize;
        let bytes = self.text.get(start..).and_then(|rest| rest.get(..into.len())).ok_or(Unreadable)?;
        into.copy_from_slice(bytes);
        Ok(())
    }

    fn readable_run(&mut self, address: u32, limit: u32) -> Result<u32, Unreadable> {
        let start = address.checked_sub(TEXT).ok_or(Unreadable)?;
        match (self.text.len() as u32).checked_sub(start) {
            Some(left) if left > 0 => Ok(left.min(limit)),
            _ => Err(Unreadable),
        }
    }

    fn out(&mut self, address: u32, _: u32) -> bool {
        address != 0
    }
}

/// Asks the kernel, and goes on with its reply.
fn ask<S: Clone + std::fmt::Debug + 'static>(
    function: Function,
    words: &[u32],
    text: &[u8],
    state: S,
    go_on: fn(S, &mut Cx<'_>, Reply) -> Result<Step, Stop>,
) -> Step {
    let call = Call::from_abi(function, &mut Words { words, text });
    Step::ask_kernel(call.expect("a function takes as many words as it is given here"), state, go_on)
}

/// What goes on with a reply.
pub(crate) type GoOn<S> = fn(S, &mut Cx<'_>, Reply) -> Result<Step, Stop>;

/// How a file is opened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Opening {
    pub access: u32,
    pub share: u32,
    pub disposition: u32,
}

/// `CreateFile`.
pub(crate) fn open<S: Clone + std::fmt::Debug + 'static>(
    name: &[u16],
    opening: Opening,
    state: S,
    go_on: GoOn<S>,
) -> Step {
    let text: Vec<u8> = name.iter().chain(&[0]).flat_map(|unit| unit.to_le_bytes()).collect();
    let Opening { access, share, disposition } = opening;
    ask(Function::CreateFile, &[TEXT, access, share, 0, disposition, 0x80, 0], &text, state, go_on)
}

/// `ReadFile`.
pub(crate) fn read<S: Clone + std::fmt::Debug + 'static>(
    handle: u32,
    size: u32,
    state: S,
    go_on: GoOn<S>,
) -> Step {
    ask(Function::ReadFile, &[handle, RESULT, size, RESULT, 0], &[], state, go_on)
}

/// What a `ReadFile` has read; `None` if it failed.
pub(crate) fn bytes_read(reply: &Reply) -> Option<&[u8]> {
    if reply.value == 0 {
        return None;
    }
    let outs = reply.outs.as_slice();
    let count = outs.get(1)?.as_bytes().first_chunk::<4>()?;
    outs[0].as_bytes().get(..u32::from_le_bytes(*count) as usize)
}

/// `WriteFile`.
pub(crate) fn write<S: Clone + std::fmt::Debug + 'static>(
    handle: u32,
    bytes: &[u8],
    state: S,
    go_on: GoOn<S>,
) -> Step {
    ask(Function::WriteFile, &[handle, TEXT, bytes.len() as u32, RESULT, 0], bytes, state, go_on)
}

/// Where a position is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    Begin = 0,
    Current = 1,
    End = 2,
}

/// `SetFilePointer`.
pub(crate) fn seek<S: Clone + std::fmt::Debug + 'static>(
    handle: u32,
    offset: i32,
    origin: Origin,
    state: S,
    go_on: GoOn<S>,
) -> Step {
    ask(Function::SetFilePointer, &[handle, offset as u32, 0, origin as u32], &[], state, go_on)
}

/// `GetLocalTime`.
pub(crate) fn local_time<S: Clone + std::fmt::Debug + 'static>(state: S, go_on: GoOn<S>) -> Step {
    ask(Function::GetLocalTime, &[RESULT], &[], state, go_on)
}

/// `TerminateProcess` of the calling process.
pub(crate) fn terminate(code: u32) -> Step {
    const CURRENT_PROCESS: u32 = 66;
    ask(Function::TerminateProcess, &[CURRENT_PROCESS, code], &[], (), |(), _, _| Ok(Step::done(())))
}

/// What a `SetFilePointer` or `CreateFile` returns when it fails.
pub(crate) const FAILED: u32 = u32::MAX;

/// `CloseHandle`.
pub(crate) fn close<S: Clone + std::fmt::Debug + 'static>(handle: u32, state: S, go_on: GoOn<S>) -> Step {
    ask(Function::CloseHandle, &[handle], &[], state, go_on)
}

//! Room on the stack of x86: `_chkstk` and its kin.

use crate::call::{Cx, Room};
use crate::memory::Fault;

/// No page is smaller.
const PAGE: u32 = 4096;

/// Makes room of so many bytes, and so many more that the stack pointer is a multiple of `alignment`. Each page
/// on the way is touched, as the function does; a stack that is too small faults.
pub(crate) fn make_room(cx: &mut Cx<'_>, size: u32, alignment: u32) -> Result<Room, Fault> {
    let top = cx.arguments.stack();
    let bottom = top.wrapping_sub(size) & !(alignment - 1);
    let mut at = top;
    while top.wrapping_sub(at) < top.wrapping_sub(bottom) {
        at = at.wrapping_sub(PAGE.min(at.wrapping_sub(bottom)));
        cx.memory.read(at, &mut [0])?;
    }
    Ok(Room(top.wrapping_sub(bottom)))
}

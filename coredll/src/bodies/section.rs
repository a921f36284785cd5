//! Critical sections (sync.md §9). They have no failure value and no last error; what cannot be done is not
//! done, and the log says so.

use cerium_handle::{Handle, ObjectId};
use cerium_kernel::{CeResult, SectionWords, Waited, Win32Error};
use cerium_sync::CriticalSection;

use super::check;
use crate::{Bool, Cx, Out, OutType, Outcome, Outs, Section};

pub(crate) fn initialize(cx: &mut Cx<'_>, section: Out<SectionWords>) -> Outcome<SectionWords> {
    check!(section.check_required());
    // SQ-21: initialising once more makes a new object; the old one stays until the process ends.
    let handle = check!(cx.kernel.create_section(cx.thread));
    let id = cx.kernel.lookup(cx.thread, handle).expect("it was opened just now");
    Outcome::Return(cx.kernel.section_words(handle, id))
}

impl Cx<'_> {
    /// The object behind a critical section; made now if the structure was never initialised (SQ-21).
    fn section(&mut self, section: Section) -> CeResult<(Handle, ObjectId)> {
        let Section::At(handle) = section else { return Err(Win32Error::INVALID_PARAMETER) };
        if let Ok(id) = self.kernel.lookup_as::<CriticalSection>(self.thread, handle) {
            return Ok((handle, id));
        }
        log::warn!(target: "coredll", "{:?} uses a critical section that was not initialised", self.thread);
        let handle = self.kernel.create_section(self.thread)?;
        Ok((handle, self.kernel.lookup(self.thread, handle)?))
    }
}

pub(crate) fn delete(cx: &mut Cx<'_>, section: Section) -> Outcome<SectionWords> {
    let Section::At(handle) = section else { return Outcome::Fail(Win32Error::INVALID_PARAMETER) };
    check!(cx.kernel.lookup_as::<CriticalSection>(cx.thread, handle));

    // Whoever waits inside keeps the object, and waits on (SQ-21).
    let closed = cx.kernel.close_handle(cx.thread, handle);
    assert!(closed.is_ok(), "it was looked up just now");
    Outcome::Return(SectionWords::default())
}

pub(crate) fn enter(cx: &mut Cx<'_>, section: Section) -> Outcome<SectionWords> {
    let (handle, id) = check!(cx.section(section));
    let waited = cx.kernel.enter_section(cx.thread, id);
    let words = cx.kernel.section_words(handle, id);
    match waited {
        Waited::Object { .. } | Waited::TimedOut => Outcome::Return(words),
        Waited::Blocked => Outcome::Block(Outs::One(words.encode())),
    }
}

pub(crate) fn try_enter(cx: &mut Cx<'_>, section: Section) -> Outcome<(Bool, SectionWords)> {
    let (handle, id) = check!(cx.section(section));
    let entered = cx.kernel.try_enter_section(cx.thread, id);
    Outcome::Return((Bool(entered), cx.kernel.section_words(handle, id)))
}

pub(crate) fn leave(cx: &mut Cx<'_>, section: Section) -> Outcome<SectionWords> {
    let (handle, id) = check!(cx.section(section));
    cx.kernel.leave_section(cx.thread, id);
    Outcome::Return(cx.kernel.section_words(handle, id))
}

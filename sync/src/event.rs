//! Events: signaled or not, until somebody resets them or a wait does.

use cerium_handle::ThreadId;

use crate::{Dispatcher, Satisfied};

/// An event object (pages ee488008, ee488785).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Event {
    /// Whether only EVENT_RESET makes it nonsignaled; otherwise a satisfied wait does.
    pub manual_reset: bool,
    /// The state.
    pub signaled: bool,
    /// The word that SetEventData stores and nothing else touches (ee482792).
    pub data: u32,
    /// Whether it was ever waited on: it cannot become an interrupt's any more (ee482998).
    pub was_waited_on: bool,
    /// The interrupt that signals it.
    pub interrupt: Option<u32>,
}

impl Event {
    /// A new event; its data is 0.
    pub fn new(manual_reset: bool, signaled: bool) -> Self {
        Self { manual_reset, signaled, data: 0, was_waited_on: false, interrupt: None }
    }
}

impl Dispatcher for Event {
    #[inline]
    fn is_signaled(&self, _: ThreadId) -> bool {
        self.signaled
    }

    #[inline]
    fn satisfy(&mut self, _: ThreadId) -> Satisfied {
        self.signaled = self.manual_reset;
        self.was_waited_on = true;
        Satisfied::Normal
    }
}

//! Simulated interrupts: events that a SYSINTR signals (scheduler.md §8, page ee482998).

use cerium_handle::{ObjectId, ObjectRef};
use cerium_sync::Event;

use crate::{CeResult, Kernel, Win32Error};

/// An interrupt that an event is bound to.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Interrupt {
    /// The event.
    event: ObjectRef,
    /// It was raised and InterruptDone has not been called: it is masked.
    in_service: bool,
    /// It was raised once more meanwhile.
    is_pending: bool,
}

impl Kernel {
    /// Binds an event to an interrupt. An interrupt has one event, and an event that was waited on before or
    /// is bound already is refused (ee482998).
    pub fn initialize_interrupt(&mut self, sysintr: u32, event: ObjectId) -> CeResult<()> {
        let body = self.get::<Event>(event);
        if body.was_waited_on || body.interrupt.is_some() || self.interrupts.contains_key(&sysintr) {
            return Err(Win32Error::INVALID_PARAMETER);
        }

        self.get_mut::<Event>(event).interrupt = Some(sysintr);
        let event = self.objects.reference(event);
        self.interrupts.insert(sysintr, Interrupt { event, in_service: false, is_pending: false });
        Ok(())
    }

    /// Unmasks an interrupt that was served; one that came meanwhile comes now.
    pub fn interrupt_done(&mut self, sysintr: u32) {
        let Some(interrupt) = self.interrupts.get_mut(&sysintr) else { return };
        interrupt.in_service = false;
        if std::mem::take(&mut interrupt.is_pending) {
            self.raise_interrupt(sysintr);
        }
    }

    /// Takes the event of an interrupt away.
    pub fn disable_interrupt(&mut self, sysintr: u32) {
        if let Some(interrupt) = self.interrupts.remove(&sysintr) {
            self.get_mut::<Event>(interrupt.event.id()).interrupt = None;
            self.release(interrupt.event);
        }
    }

    /// An interrupt comes from outside. Says whether anything is bound to it.
    pub fn raise_interrupt(&mut self, sysintr: u32) -> bool {
        let Some(interrupt) = self.interrupts.get_mut(&sysintr) else { return false };
        if interrupt.in_service {
            interrupt.is_pending = true;
        } else {
            interrupt.in_service = true;
            let event = interrupt.event.id();
            self.set_event(event);
        }
        true
    }

    /// Whether an event is bound to any interrupt.
    pub fn has_interrupts(&self) -> bool {
        !self.interrupts.is_empty()
    }

    /// Whether an object is an event of an interrupt, which WaitForMultipleObjects does not take (ee482998).
    pub fn is_interrupt_event(&self, id: ObjectId) -> bool {
        match &self.objects[id].body {
            crate::KernelObject::Event(event) => event.interrupt.is_some(),
            _ => false,
        }
    }

    /// The events of interrupts, which the kernel refers to.
    pub(crate) fn interrupt_events(&self) -> impl Iterator<Item = ObjectId> {
        self.interrupts.values().map(|interrupt| interrupt.event.id())
    }

    /// Every process has ended: nobody serves interrupts any more.
    pub(crate) fn disable_all_interrupts(&mut self) {
        let bound: Vec<u32> = self.interrupts.keys().copied().collect();
        for sysintr in bound {
            self.disable_interrupt(sysintr);
        }
    }
}

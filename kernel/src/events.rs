//! Operations on events.

use cerium_handle::ObjectId;
use cerium_namespace::{MAXIMUM_NAME, Name};
use cerium_sync::Event;

use crate::handles::wrong_kind;
use crate::{CeResult, Kernel, KernelObject, Kind};

impl Kernel {
    /// EVENT_SET: signals the event; an auto-reset one frees one waiter, a manual-reset one all (ee488785).
    #[inline(always)]
    pub fn set_event(&mut self, id: ObjectId) {
        let object = &mut self.objects[id];
        let KernelObject::Event(event) = &mut object.body else { wrong_kind(id, Kind::Event) };
        event.signaled = true;
        if !object.waiters.is_empty() {
            self.wake_waiters(id);
        }
    }

    /// EVENT_RESET (aa908992).
    #[inline]
    pub fn reset_event(&mut self, id: ObjectId) {
        self.get_mut::<Event>(id).signaled = false;
    }

    /// EVENT_PULSE: frees whoever waits now, as a set would, and leaves the event nonsignaled (bb202763).
    #[inline(never)]
    pub fn pulse_event(&mut self, id: ObjectId) {
        self.set_event(id);
        self.reset_event(id);
    }

    /// Makes an event by which a subsystem tells that it is ready (aa450538, bb202795): manual-reset, not
    /// signaled, there until the last process has ended. A name that is taken keeps its event.
    ///
    /// # Errors
    /// The name is longer than an event's may be.
    pub fn create_system_event(&mut self, name: &[u16]) -> CeResult<()> {
        let name = Name::new(name.into(), MAXIMUM_NAME)?;
        if self.find_named::<Event>(&name).is_none() {
            let event = self.create_named(Some(name), Event::new(true, false));
            // The device has it as a process has what it has a handle to.
            self.objects[event.id()].handles += 1;
            self.system_events.push(event);
        }
        Ok(())
    }

    /// Every process has ended: nobody asks for them any more.
    pub(crate) fn release_system_events(&mut self) {
        for event in std::mem::take(&mut self.system_events) {
            self.closed(event);
        }
    }

    /// Stores an event's data.
    pub fn set_event_data(&mut self, id: ObjectId, data: u32) {
        self.get_mut::<Event>(id).data = data;
    }
}

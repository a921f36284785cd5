//! Operations on events.

use cerium_handle::ObjectId;
use cerium_sync::Event;

use crate::handles::wrong_kind;
use crate::{Kernel, KernelObject, Kind};

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

    /// Stores an event's data.
    pub fn set_event_data(&mut self, id: ObjectId, data: u32) {
        self.get_mut::<Event>(id).data = data;
    }
}

//! Memory maps and the views of them. The bytes are kept elsewhere; here is who may see them, and how long.

use cerium_handle::{ObjectId, ProcessId, ThreadId};

use crate::{CeResult, Kernel, Win32Error};

impl Kernel {
    /// Notes that a thread's process has mapped a view; the view keeps the memory map alive.
    pub fn add_view(&mut self, thread: ThreadId, map: ObjectId, address: u32, size: u32) {
        let object = self.objects.reference(map);
        // A view keeps the name as a handle does (ms892373).
        self.objects[map].handles += 1;
        let process = self.process_of(thread);
        self.process_mut(process).views.push(cerium_process::View { address, size, object });
    }

    /// Whether a thread's process has a view at exactly this address; its size.
    pub fn view_at(&self, thread: ThreadId, address: u32) -> CeResult<u32> {
        let views = &self.process(self.process_of(thread)).views;
        let view = views.iter().find(|view| view.address == address);
        view.map(|view| view.size).ok_or(Win32Error::INVALID_PARAMETER)
    }

    /// Forgets the view at this address.
    pub fn remove_view(&mut self, thread: ThreadId, address: u32) {
        let process = self.process_of(thread);
        let views = &mut self.process_mut(process).views;
        let place = views.iter().position(|view| view.address == address).expect("view_at was asked");
        let view = views.remove(place);
        self.closed(view.object);
    }

    /// Forgets every view of a process that ends.
    pub(crate) fn remove_all_views(&mut self, process: ProcessId) {
        for view in std::mem::take(&mut self.process_mut(process).views) {
            self.closed(view.object);
        }
    }
}

//! Objects and the ways to them: creating, looking up, opening, closing, duplicating.

use cerium_handle::{Handle, HandleTable, MAXIMUM_HANDLES, ObjectId, ObjectRef, ProcessId, ThreadId};
use cerium_process::{Process, Thread};
use cerium_sync::MessageQueue;

use crate::queues::queue_charge;
use crate::{Body, CeResult, Ended, Event, Kernel, KernelObject, Kind, Object, Win32Error};

/// An object is of another kind than it must be: our bug.
#[cold]
#[inline(never)]
pub(crate) fn wrong_kind(id: ObjectId, kind: Kind) -> ! {
    panic!("{id} is not a {}", kind.word())
}

impl Kernel {
    /// The object, if it lives.
    pub fn object(&self, id: ObjectId) -> Option<&Object> {
        self.objects.get(id)
    }

    /// The body of an object whose kind is known.
    ///
    /// # Panics
    /// If it is gone or of another kind: our bug.
    #[inline(always)]
    pub fn get<T: Body>(&self, id: ObjectId) -> &T {
        match T::of(&self.objects[id].body) {
            Some(body) => body,
            None => wrong_kind(id, T::KIND),
        }
    }

    /// The same, to be changed.
    #[inline(always)]
    pub(crate) fn get_mut<T: Body>(&mut self, id: ObjectId) -> &mut T {
        match T::of_mut(&mut self.objects[id].body) {
            Some(body) => body,
            None => wrong_kind(id, T::KIND),
        }
    }

    /// A thread.
    #[inline(always)]
    pub fn thread(&self, thread: ThreadId) -> &Thread {
        match &self.objects[thread.0].body {
            KernelObject::Thread(body) => body,
            _ => wrong_kind(thread.0, Kind::Thread),
        }
    }

    /// A thread, to be changed.
    #[inline(always)]
    pub(crate) fn thread_mut(&mut self, thread: ThreadId) -> &mut Thread {
        match &mut self.objects[thread.0].body {
            KernelObject::Thread(body) => body,
            _ => wrong_kind(thread.0, Kind::Thread),
        }
    }

    /// A process.
    #[inline(always)]
    pub fn process(&self, process: ProcessId) -> &Process {
        self.get(process.0)
    }

    /// What the handles of a living process mean.
    #[inline(always)]
    pub fn handles_of(&self, process: ProcessId) -> &HandleTable {
        &self.handles[process.0.slot()]
    }

    /// The process that a thread belongs to.
    #[inline(always)]
    pub fn process_of(&self, thread: ThreadId) -> ProcessId {
        // Mostly it is the caller's own that is asked for.
        match &self.running {
            Some(running) if running.thread == thread => running.process,
            _ => self.process_of_other(thread),
        }
    }

    #[cold]
    fn process_of_other(&self, thread: ThreadId) -> ProcessId {
        self.thread(thread).process
    }

    #[inline(always)]
    pub(crate) fn process_mut(&mut self, process: ProcessId) -> &mut Process {
        self.get_mut(process.0)
    }

    /// Takes a new object in. The first reference to it is the caller's.
    pub(crate) fn create<T: Body>(&mut self, body: T) -> ObjectRef {
        self.watchdogs += u32::from(T::KIND == Kind::WatchdogTimer);
        let object = Object { waiters: Default::default(), handles: 0, name: None, body: body.into_object() };
        self.objects.insert(object)
    }

    pub(crate) fn trace_creation(&mut self, object: ObjectId) {
        let Object { name, body, .. } = &self.objects[object];
        let kind = body.kind();
        self.trace.push(self.now, || Event::Create { object, kind, name: name.clone() });
    }

    /// Gives a reference back, and lets the object go with the last.
    #[inline]
    pub(crate) fn release(&mut self, reference: ObjectRef) {
        if let Some(last) = self.objects.give_back(reference) {
            self.release_last(last);
        }
    }

    #[inline(never)]
    fn release_last(&mut self, reference: ObjectRef) {
        let id = reference.id();
        if let Some(object) = self.objects.dereference(reference) {
            self.destroyed(id, object);
        }
    }

    fn destroyed(&mut self, id: ObjectId, object: Object) {
        assert!(object.waiters.is_empty(), "waiters hold references");
        assert!(object.name.is_none(), "the name went with the last handle");
        self.trace.push(self.now, || Event::Destroy { object: id });
        if self.profile.has_one_handle_table() {
            self.shared.forget(id);
        }
        match object.body {
            KernelObject::Mutex(body) => self.disown(body.owner(), id),
            KernelObject::CriticalSection(body) => self.disown(body.owner(), id),
            KernelObject::WatchdogTimer(body) => {
                self.watchdogs -= 1;
                assert!(body.timer.is_none(), "it stopped with the last handle");
            }
            KernelObject::MemoryMap(body) => self.note_end(Ended::Section(body.section)),
            KernelObject::OpenFile(body) => self.note_end(Ended::File(body.open)),
            KernelObject::FindHandle(body) => self.note_end(Ended::Find(body.find)),
            KernelObject::RegistryKey(body) => self.note_end(Ended::Key(body.key)),
            KernelObject::Snapshot(body) => self.snapshot_entries -= body.entries(),
            KernelObject::MessageQueue(body) => self.queue_bytes -= queue_charge(&body),
            KernelObject::QueueEnd(body) => {
                self.get_mut::<MessageQueue>(body.queue.id()).set_end(body.end, None);
                self.release(body.queue);
            }
            KernelObject::Event(_) | KernelObject::Semaphore(_) | KernelObject::ThreadMessages(_) => {}
            KernelObject::Process(body) => assert!(body.exit_code.is_some(), "a living process has gone"),
            KernelObject::Thread(body) => assert!(body.exit_code().is_some(), "a living thread has gone"),
        }
    }

    /// An object with an owner goes: the owner no longer has it, nor what its waiters lent (there are none).
    fn disown(&mut self, owner: Option<ThreadId>, id: ObjectId) {
        let Some(owner) = owner else { return };
        // The owner of a critical section may have ended inside it and gone.
        if self.objects.get(owner.0).is_some() {
            self.thread_mut(owner).owned.retain(|owned| owned.id() != id);
        }
    }

    /// Whether the process of a thread has no room for another handle (OQ-4).
    pub fn check_room_for_handle(&self, thread: ThreadId) -> CeResult<()> {
        self.check_room_for_handles(thread, 1)
    }

    /// Whether the process of a thread has room for so many handles.
    pub fn check_room_for_handles(&self, thread: ThreadId, count: usize) -> CeResult<()> {
        if self.handles_of(self.process_of(thread)).len() + count > MAXIMUM_HANDLES {
            return Err(Win32Error::OUTOFMEMORY);
        }
        Ok(())
    }

    /// Stores a reference in a process's table; there is room.
    pub(crate) fn open(&mut self, process: ProcessId, reference: ObjectRef) -> Handle {
        let object = &mut self.objects[reference.id()];
        object.handles += 1;
        if object.handles == 1 && matches!(object.body, KernelObject::QueueEnd(_)) {
            self.end_attached(reference.id());
        }
        if self.profile.has_one_handle_table() {
            let handle = self.shared.open(reference.id());
            self.handles[process.0.slot()].open_as(handle, reference);
            return handle;
        }
        self.handles[process.0.slot()].open(reference)
    }

    /// The object that a handle means although the process has not opened it.
    #[cold]
    fn lookup_shared(&self, handle: Handle) -> CeResult<ObjectId> {
        self.shared.get(handle).ok_or(Win32Error::INVALID_HANDLE)
    }

    /// A handle was closed: the object's value goes with the last. A process or a thread keeps its own, which
    /// is its id (ms885614).
    fn closed_shared(&mut self, id: ObjectId) {
        let keeps = matches!(self.kind(id), Kind::Process | Kind::Thread);
        if self.shared.close(id) == Some(0) && !keeps {
            self.shared.forget(id);
        }
    }

    /// Opens one more handle to a living object for a thread's process; there is room.
    pub fn open_handle(&mut self, thread: ThreadId, id: ObjectId) -> Handle {
        let reference = self.objects.reference(id);
        self.open(self.process_of(thread), reference)
    }

    /// Opens one more handle to a living object, in a process that may be another's.
    pub fn open_handle_in(&mut self, process: ProcessId, id: ObjectId) -> CeResult<Handle> {
        if self.process(process).exit_code.is_some() {
            return Err(Win32Error::INVALID_HANDLE);
        }
        if self.handles_of(process).is_full() {
            return Err(Win32Error::OUTOFMEMORY);
        }

        let reference = self.objects.reference(id);
        Ok(self.open(process, reference))
    }

    /// The object behind a handle of a process that may be another's; pseudo-handles mean nothing here.
    pub fn lookup_in(&self, process: ProcessId, handle: Handle) -> CeResult<ObjectId> {
        self.handles_of(process).get(handle).or_else(|_| self.lookup_shared(handle))
    }

    /// The same, of this kind.
    pub fn lookup_in_as<T: Body>(&self, process: ProcessId, handle: Handle) -> CeResult<ObjectId> {
        let id = self.lookup_in(process, handle)?;
        if T::of(&self.objects[id].body).is_none() {
            return Err(Win32Error::INVALID_HANDLE);
        }
        Ok(id)
    }

    /// The object behind a handle of the calling thread's process, pseudo-handles included.
    #[inline(always)]
    pub fn lookup(&self, thread: ThreadId, handle: Handle) -> CeResult<ObjectId> {
        let process = self.process_of(thread);
        match self.handles_of(process).get(handle) {
            Ok(id) => Ok(id),
            Err(_) => self.lookup_pseudo(thread, handle),
        }
    }

    /// What a handle means that is not in the table: a pseudo-handle, or nothing.
    #[cold]
    fn lookup_pseudo(&self, thread: ThreadId, handle: Handle) -> CeResult<ObjectId> {
        match handle {
            Handle::CURRENT_THREAD => Ok(thread.0),
            Handle::CURRENT_PROCESS => Ok(self.process_of(thread).0),
            _ => self.lookup_shared(handle),
        }
    }

    /// The object behind a handle, which must be of this kind.
    #[inline(always)]
    pub fn lookup_as<T: Body>(&self, thread: ThreadId, handle: Handle) -> CeResult<ObjectId> {
        let id = self.lookup(thread, handle)?;
        if T::of(&self.objects[id].body).is_none() {
            return Err(Win32Error::INVALID_HANDLE);
        }
        Ok(id)
    }

    /// The object behind a handle that is to be waited on.
    #[inline(always)]
    pub fn lookup_waitable(&self, thread: ThreadId, handle: Handle) -> CeResult<ObjectId> {
        let id = self.lookup(thread, handle)?;
        if !self.objects[id].body.kind().is_waitable() {
            return Err(Win32Error::INVALID_HANDLE);
        }
        Ok(id)
    }

    /// The objects behind handles that are to be waited on, in this room, which has as many places.
    pub fn lookup_waitables(
        &self,
        thread: ThreadId,
        handles: &[Handle],
        room: &mut [ObjectId],
    ) -> CeResult<()> {
        let table = self.handles_of(self.process_of(thread));
        for (id, handle) in room.iter_mut().zip(handles) {
            *id = match table.get(*handle) {
                Ok(id) => id,
                Err(_) => self.lookup_pseudo(thread, *handle)?,
            };
            if !self.objects[*id].body.kind().is_waitable() {
                return Err(Win32Error::INVALID_HANDLE);
            }
        }
        Ok(())
    }

    /// Closes a handle of the caller's process. A pseudo-handle is refused (OQ-3).
    pub fn close_handle(&mut self, thread: ThreadId, handle: Handle) -> CeResult<()> {
        self.close_handle_of(self.process_of(thread), handle)
    }

    /// Closes a handle of a process that may be another's.
    pub fn close_handle_of(&mut self, process: ProcessId, handle: Handle) -> CeResult<()> {
        let reference = self.handles[process.0.slot()].close(handle)?;
        self.closed_handle(reference);
        Ok(())
    }

    /// What follows when a handle has been taken out of its table.
    fn closed_handle(&mut self, reference: ObjectRef) {
        if self.profile.has_one_handle_table() {
            self.closed_shared(reference.id());
        }
        self.closed(reference);
    }

    /// What follows when a handle or a view has gone.
    pub(crate) fn closed(&mut self, reference: ObjectRef) {
        let object = &mut self.objects[reference.id()];
        object.handles -= 1;
        if object.handles == 0
            && let Some(name) = object.name.take()
        {
            let kind = object.body.kind();
            self.names.of_mut(kind).unbind(&name);
        }
        let object = &self.objects[reference.id()];
        match object.body {
            KernelObject::QueueEnd(_) if object.handles == 0 => self.end_left(reference.id()),
            // OQ-48: the last handle stops it, also if somebody still waits.
            KernelObject::WatchdogTimer(_) if object.handles == 0 => self.stop_watchdog(reference.id()),
            _ => {}
        }
        self.release(reference);
    }

    /// Closes every handle of a process that ends.
    pub(crate) fn close_all_handles(&mut self, process: ProcessId) {
        let mut handles: HandleTable = std::mem::take(&mut self.handles[process.0.slot()]);
        while let Some(reference) = handles.pop() {
            self.closed_handle(reference);
        }
    }

    /// The kind of a living object.
    #[inline]
    pub fn kind(&self, id: ObjectId) -> Kind {
        self.objects[id].body.kind()
    }
}

//! Named objects: one name space for each type, the whole device over.

use cerium_handle::{Handle, ObjectId, ObjectRef, ThreadId};
use cerium_namespace::{Name, Namespace};

use crate::{Body, CeResult, Kernel, Kind};

/// The name spaces (naming.md N5).
#[derive(Clone, Default)]
pub(crate) struct Namespaces {
    tables: [Namespace; NAMED_KINDS],
}

const NAMED_KINDS: usize = 6;

/// Which table has the names of a kind.
fn table_of(kind: Kind) -> Option<usize> {
    match kind {
        Kind::Event => Some(0),
        Kind::Mutex => Some(1),
        Kind::Semaphore => Some(2),
        Kind::MemoryMap => Some(3),
        Kind::MessageQueue => Some(4),
        Kind::WatchdogTimer => Some(5),
        Kind::CriticalSection | Kind::QueueEnd | Kind::ThreadMessages | Kind::Process | Kind::Thread => None,
        Kind::OpenFile | Kind::FindHandle | Kind::RegistryKey | Kind::Snapshot => None,
    }
}

impl Namespaces {
    /// The object that a kind's name means.
    pub(crate) fn get(&self, kind: Kind, name: &Name) -> Option<ObjectId> {
        self.tables[table_of(kind)?].get(name)
    }

    /// The names of a kind that has names.
    pub(crate) fn of_mut(&mut self, kind: Kind) -> &mut Namespace {
        match table_of(kind) {
            Some(table) => &mut self.tables[table],
            None => panic!("a {} has no name", kind.word()),
        }
    }

    /// How many names there are, of all types.
    pub(crate) fn len(&self) -> usize {
        self.tables.iter().map(Namespace::len).sum()
    }
}

/// What a create function came to.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Created {
    /// A new object.
    New(Handle),
    /// A new handle to the object that has the name already; its shape is as it was (naming.md N12).
    Existing(Handle),
}

impl Created {
    /// The handle, either way.
    pub fn handle(self) -> Handle {
        match self {
            Created::New(handle) | Created::Existing(handle) => handle,
        }
    }
}

impl Kernel {
    /// Opens the object of this type and name, or makes it. Look-up and binding are one step.
    ///
    /// `make` checks the shape of a new object; it is not asked when the object exists.
    pub fn create_or_open<T: Body>(
        &mut self,
        thread: ThreadId,
        name: Option<Name>,
        make: impl FnOnce() -> CeResult<T>,
    ) -> CeResult<Created> {
        self.check_room_for_handle(thread)?;
        if let Some(name) = &name
            && let Some(id) = self.names.get(T::KIND, name)
        {
            return Ok(Created::Existing(self.open_handle(thread, id)));
        }
        let body = make()?;

        let reference = self.create_named(name, body);
        Ok(Created::New(self.open(self.process_of(thread), reference)))
    }

    /// Makes an object, under a name that is free.
    pub(crate) fn create_named<T: Body>(&mut self, name: Option<Name>, body: T) -> ObjectRef {
        let reference = self.create(body);
        let id = reference.id();
        if let Some(name) = name {
            self.objects[id].name = Some(name.clone());
            self.names.of_mut(T::KIND).bind(name, id);
        }
        self.trace_creation(id);
        reference
    }

    /// The object of this type and name, if there is one.
    pub fn find_named<T: Body>(&self, name: &Name) -> Option<ObjectId> {
        self.names.get(T::KIND, name)
    }

    /// Opens the object of this type and name, if there is one.
    pub fn open_named<T: Body>(&mut self, thread: ThreadId, name: &Name) -> CeResult<Option<Handle>> {
        let Some(id) = self.find_named::<T>(name) else { return Ok(None) };
        self.check_room_for_handle(thread)?;
        Ok(Some(self.open_handle(thread, id)))
    }
}

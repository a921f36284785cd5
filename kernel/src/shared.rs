//! Handles that belong to the device, as in CE 5.0: an object has one value, the same in every process.
//!
//! Each process's table still counts what it has opened, under that value, and gives it back when it ends. An
//! open handle works in every process; it is closed by whoever opened it (our choice: no page says what
//! CloseHandle does with another process's).

use std::collections::BTreeMap;

use cerium_handle::{Handle, ObjectId};

/// The values of a device's objects; empty where each process has its own.
#[derive(Clone, Hash, Default)]
pub(crate) struct SharedHandles {
    objects: BTreeMap<Handle, ObjectId>,
    values: BTreeMap<ObjectId, Value>,
    last: u32,
}

#[derive(Copy, Clone, Hash)]
struct Value {
    handle: Handle,
    /// How many handles of this value are open.
    opens: u32,
}

/// What every value ends with, as those of a process's own table do.
const TAG: u32 = 0b10;
/// The first value: no small number, so that none is a pseudo-handle.
const FIRST: u32 = 0x1_0000;

impl SharedHandles {
    /// The value of an object, given out if it has none.
    pub(crate) fn value_of(&mut self, object: ObjectId) -> Handle {
        if let Some(value) = self.values.get(&object) {
            return value.handle;
        }
        let handle = loop {
            self.last = self.last.wrapping_add(4).max(FIRST);
            let handle = Handle(self.last | TAG);
            if !self.objects.contains_key(&handle) {
                break handle;
            }
        };
        self.objects.insert(handle, object);
        self.values.insert(object, Value { handle, opens: 0 });
        handle
    }

    /// Counts a handle to an object, and returns its value.
    pub(crate) fn open(&mut self, object: ObjectId) -> Handle {
        let handle = self.value_of(object);
        self.values.get_mut(&object).expect("it has a value").opens += 1;
        handle
    }

    /// Counts one less, and says how many are left; none for an object that has no value.
    pub(crate) fn close(&mut self, object: ObjectId) -> Option<u32> {
        let value = self.values.get_mut(&object)?;
        value.opens -= 1;
        Some(value.opens)
    }

    /// Takes an object's value back.
    pub(crate) fn forget(&mut self, object: ObjectId) {
        if let Some(value) = self.values.remove(&object) {
            self.objects.remove(&value.handle);
        }
    }

    /// How often each object is open.
    pub(crate) fn opens(&self) -> impl Iterator<Item = (ObjectId, u32)> {
        self.values.iter().map(|(id, value)| (*id, value.opens))
    }

    /// The object that a value means everywhere.
    pub(crate) fn get(&self, handle: Handle) -> Option<ObjectId> {
        self.objects.get(&handle).copied()
    }
}

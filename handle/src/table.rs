//! Handles, and the table of them that each process has.

use std::collections::BTreeMap;
use std::fmt;

use crate::object::{ObjectId, ObjectRef};

/// The guest's 32-bit name for an object of its own process.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Handle(pub u32);

impl Handle {
    /// No handle: what a create that failed returns.
    pub const NULL: Handle = Handle(0);
    /// The pseudo-handle of the calling thread, SYS_HANDLE_BASE + SH_CURTHREAD.
    pub const CURRENT_THREAD: Handle = Handle(65);
    /// The pseudo-handle of the calling process, SYS_HANDLE_BASE + SH_CURPROC.
    pub const CURRENT_PROCESS: Handle = Handle(66);
    /// INVALID_HANDLE_VALUE; never issued, and a bad handle like any other where one is taken.
    pub const INVALID: Handle = Handle(u32::MAX);
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The value is not a handle of this table: never issued, closed, or another process's.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct BadHandle;

/// How many handles a process may have open at once. Our choice (OQ-4): CE documents no figure.
pub const MAXIMUM_HANDLES: usize = 1 << SLOT_BITS;

const SLOT_BITS: u32 = 16;
/// The lowest two bits of each handle. Ids shown to guests end in 00, so that none is a handle by chance.
const TAG: u32 = 0b10;
const REUSE_SHIFT: u32 = SLOT_BITS + 2;
const MAXIMUM_REUSE: u32 = (1 << (32 - REUSE_SHIFT)) - 1;

fn value(slot: u32, reuse: u32) -> u32 {
    (reuse << REUSE_SHIFT) | (slot << 2) | TAG
}

fn slot_of(handle: Handle) -> usize {
    ((handle.0 >> 2) & ((1 << SLOT_BITS) - 1)) as usize
}

/// One slot: the value that is valid here now, or would be next, and what it refers to.
#[derive(Clone, Hash)]
struct Slot {
    handle: Handle,
    object: Option<ObjectRef>,
    next_free: u32,
}

const NO_SLOT: u32 = u32::MAX;

/// One process's handles: value to counted reference.
///
/// A slot's values differ from use to use, so a handle that was closed is refused although its slot has a
/// new tenant; the same object opened twice has two values.
#[derive(Clone, Hash)]
pub struct HandleTable {
    slots: Vec<Slot>,
    first_free: u32,
    open: u32,
    /// What is open under values from outside, as often as it was opened.
    given: BTreeMap<Handle, Vec<ObjectRef>>,
}

impl Default for HandleTable {
    fn default() -> Self {
        Self { slots: Vec::new(), first_free: NO_SLOT, open: 0, given: BTreeMap::new() }
    }
}

impl HandleTable {
    /// Whether [`HandleTable::open`] would find the table full.
    #[inline]
    pub fn is_full(&self) -> bool {
        self.first_free == NO_SLOT && self.slots.len() >= MAXIMUM_HANDLES || self.len() >= MAXIMUM_HANDLES
    }

    /// Stores a reference under a value that is the same wherever the object is open: where handles belong to
    /// the device (CE 5.0). It counts; each open is closed by itself. A table has values of one sort.
    pub fn open_as(&mut self, handle: Handle, object: ObjectRef) {
        assert!(!self.is_full() && self.slots.is_empty(), "the caller asks is_full first");
        self.open += 1;
        self.given.entry(handle).or_default().push(object);
    }

    /// Stores a reference under a new value. The caller has asked [`HandleTable::is_full`] before, so that
    /// its reference is not lost here.
    #[inline]
    pub fn open(&mut self, object: ObjectRef) -> Handle {
        assert!(!self.is_full(), "the caller asks is_full first");
        self.open += 1;
        if self.first_free == NO_SLOT {
            let slot = self.slots.len() as u32;
            let handle = Handle(value(slot, 1));
            self.slots.push(Slot { handle, object: Some(object), next_free: NO_SLOT });
            return handle;
        }
        let slot = &mut self.slots[self.first_free as usize];
        self.first_free = slot.next_free;
        slot.object = Some(object);
        slot.handle
    }

    /// The object behind a handle.
    #[inline(always)]
    pub fn get(&self, handle: Handle) -> Result<ObjectId, BadHandle> {
        match self.slots.get(slot_of(handle)) {
            Some(Slot { handle: valid, object: Some(object), .. }) if *valid == handle => Ok(object.id()),
            _ => self.get_given(handle),
        }
    }

    #[cold]
    fn get_given(&self, handle: Handle) -> Result<ObjectId, BadHandle> {
        let opened = self.given.get(&handle).and_then(|opened| opened.last());
        opened.map(ObjectRef::id).ok_or(BadHandle)
    }

    /// Takes back one open of a value from outside.
    fn close_given(&mut self, handle: Handle) -> Result<ObjectRef, BadHandle> {
        let opened = self.given.get_mut(&handle).ok_or(BadHandle)?;
        let object = opened.pop().ok_or(BadHandle)?;
        if opened.is_empty() {
            self.given.remove(&handle);
        }
        self.open -= 1;
        Ok(object)
    }

    /// Takes a handle out of the table and hands its reference back.
    #[inline]
    pub fn close(&mut self, handle: Handle) -> Result<ObjectRef, BadHandle> {
        let index = slot_of(handle);
        let Some(slot) = self.slots.get_mut(index).filter(|slot| slot.handle == handle) else {
            return self.close_given(handle);
        };
        let object = slot.object.take().ok_or(BadHandle)?;
        let reuse = handle.0 >> REUSE_SHIFT;
        let reuse = if reuse == MAXIMUM_REUSE { 1 } else { reuse + 1 };
        slot.handle = Handle(value(index as u32, reuse));
        slot.next_free = self.first_free;
        self.first_free = index as u32;
        self.open -= 1;
        Ok(object)
    }

    /// Takes out the open handle with the highest slot; for a process that ends.
    pub fn pop(&mut self) -> Option<ObjectRef> {
        if self.open == 0 {
            return None;
        }
        if let Some((handle, _)) = self.given.last_key_value() {
            let handle = *handle;
            return self.close_given(handle).ok();
        }
        // Slots above the last open one are never looked at again: the table is being emptied.
        while let Some(slot) = self.slots.pop() {
            if slot.object.is_some() {
                self.open -= 1;
                self.first_free = NO_SLOT;
                return slot.object;
            }
        }
        unreachable!("the count of open handles says that there is one")
    }

    /// Every open handle and its object, by slot.
    pub fn iter(&self) -> impl Iterator<Item = (Handle, ObjectId)> {
        let own = self.slots.iter().filter_map(|slot| Some((slot.handle, slot.object.as_ref()?.id())));
        let each = |(handle, opened): (&Handle, &Vec<ObjectRef>)| {
            let handle = *handle;
            opened.iter().map(|object| (handle, object.id())).collect::<Vec<_>>()
        };
        own.chain(self.given.iter().flat_map(each))
    }

    /// How many handles are open.
    #[inline]
    pub fn len(&self) -> usize {
        self.open as usize
    }

    /// Whether no handle is open.
    pub fn is_empty(&self) -> bool {
        self.open == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ObjectTable;

    fn opened() -> (ObjectTable<u8>, HandleTable, Handle) {
        let mut objects = ObjectTable::default();
        let mut handles = HandleTable::default();
        let handle = handles.open(objects.insert(7));
        (objects, handles, handle)
    }

    #[test]
    fn two_opens_of_one_object_give_two_values() {
        let (mut objects, mut handles, first) = opened();
        let id = handles.get(first).unwrap();
        let second = handles.open(objects.reference(id));
        assert_ne!(first, second);
        assert_eq!(handles.get(second), Ok(id));
        assert_eq!(handles.len(), 2);
    }

    #[test]
    fn a_closed_handle_is_refused_although_its_slot_is_used_again() {
        let (mut objects, mut handles, old) = opened();
        let reference = handles.close(old).unwrap();
        assert_eq!(handles.get(old), Err(BadHandle));
        assert_eq!(handles.close(old), Err(BadHandle));
        assert_eq!(objects.dereference(reference), Some(7));
        let new = handles.open(objects.insert(8));
        assert_eq!(slot_of(old), slot_of(new));
        assert_eq!(handles.get(old), Err(BadHandle));
        assert!(handles.get(new).is_ok());
    }

    #[test]
    fn forged_values_are_refused() {
        let (_, handles, handle) = opened();
        for forged in [0, 65, 66, u32::MAX, handle.0 ^ 1, handle.0 + 4, handle.0 + (1 << REUSE_SHIFT), 1, 2] {
            assert_eq!(handles.get(Handle(forged)), Err(BadHandle), "{forged:#x}");
        }
    }

    #[test]
    fn a_free_slot_does_not_honour_the_value_it_will_have_next() {
        let (mut objects, mut handles, handle) = opened();
        let reference = handles.close(handle).unwrap();
        let next = handles.slots[0].handle;
        assert_eq!(handles.get(next), Err(BadHandle));
        assert_eq!(handles.close(next), Err(BadHandle));
        let _ = objects.dereference(reference);
    }

    #[test]
    fn values_begin_again_after_the_last_reuse_and_are_never_special() {
        let (_, mut handles, mut handle) = opened();
        for _ in 0..MAXIMUM_REUSE + 2 {
            assert!(handle.0 >= 1 << REUSE_SHIFT && handle.0 & 3 == TAG);
            let reference = handles.close(handle).unwrap();
            handle = handles.open(reference);
        }
    }

    #[test]
    fn a_value_from_outside_is_open_as_often_as_it_was_opened() {
        let (mut objects, mut handles) = (ObjectTable::default(), HandleTable::default());
        let reference = objects.insert(7);
        let id = reference.id();
        let handle = Handle(0x1002);
        handles.open_as(handle, reference);
        handles.open_as(handle, objects.reference(id));
        assert_eq!((handles.len(), handles.get(handle)), (2, Ok(id)));
        assert_eq!(handles.iter().count(), 2);
        let _ = objects.dereference(handles.close(handle).unwrap());
        assert_eq!(handles.get(handle), Ok(id));
        assert_eq!(objects.dereference(handles.pop().unwrap()), Some(7));
        assert_eq!((handles.get(handle), handles.close(handle)), (Err(BadHandle), Err(BadHandle)));
        assert!(handles.is_empty());
    }

    #[test]
    fn the_table_fills_at_its_limit_and_can_be_emptied() {
        let mut objects = ObjectTable::default();
        let mut handles = HandleTable::default();
        for _ in 0..MAXIMUM_HANDLES {
            handles.open(objects.insert(0));
        }
        assert!(handles.is_full());
        let mut last = 0;
        while let Some(reference) = handles.pop() {
            let _ = objects.dereference(reference);
            last += 1;
        }
        assert_eq!(last, MAXIMUM_HANDLES);
        assert!(handles.is_empty() && objects.is_empty());
    }
}

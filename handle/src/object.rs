//! Object ids, counted references, and the table that owns every object.

use std::fmt;
use std::num::NonZeroU64;
use std::ops::{Index, IndexMut};

use slab::Slab;

/// Names an object: a key to look up now, not a claim that it lives. Ids are in the order of creation.
///
/// One word, for it is compared and handed around more than anything else: the serial above the slot.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(NonZeroU64);

impl ObjectId {
    fn new(serial: u32, slot: u32) -> Self {
        let word = u64::from(serial) << 32 | u64::from(slot);
        Self(NonZeroU64::new(word).expect("serials begin at 1"))
    }

    /// The place in the table; unique among living objects, and small, so that others may index by it.
    #[inline]
    pub fn slot(self) -> usize {
        self.0.get() as u32 as usize
    }

    /// The number of this object in the order of creation, counted from 1; what people are shown.
    pub fn serial(self) -> u32 {
        (self.0.get() >> 32) as u32
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.serial())
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A counted reference to an object.
///
/// It is moved, stored, and given back once, to [`ObjectTable::dereference`]. `Clone` is there for snapshots
/// of a whole kernel, where the table with the counts is cloned too; nothing else may use it.
#[must_use = "a reference that is dropped without being given back keeps its object for ever"]
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ObjectRef(ObjectId);

impl ObjectRef {
    /// The object that this refers to.
    #[inline]
    pub fn id(&self) -> ObjectId {
        self.0
    }
}

/// The id of an object that is a thread.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ThreadId(pub ObjectId);

/// The id of an object that is a process.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProcessId(pub ObjectId);

impl fmt::Debug for ThreadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "thread {}", self.0)
    }
}

impl fmt::Debug for ProcessId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {}", self.0)
    }
}

#[derive(Clone, Hash)]
struct Entry<T> {
    id: ObjectId,
    references: u32,
    body: T,
}

/// The single owner of every object.
#[derive(Clone)]
pub struct ObjectTable<T> {
    slots: Slab<Entry<T>>,
    next_serial: u32,
}

impl<T> Default for ObjectTable<T> {
    fn default() -> Self {
        Self { slots: Slab::new(), next_serial: 1 }
    }
}

impl<T> ObjectTable<T> {
    /// Takes an object in and returns the first reference to it.
    #[inline]
    pub fn insert(&mut self, body: T) -> ObjectRef {
        let serial = self.next_serial;
        // After 2^32 objects the numbers begin again; an id is told apart by its slot as well.
        self.next_serial = self.next_serial.wrapping_add(1).max(1);
        let entry = self.slots.vacant_entry();
        let slot = u32::try_from(entry.key()).expect("fewer than 2^32 objects live at once");
        let id = ObjectId::new(serial, slot);
        entry.insert(Entry { id, references: 1, body });
        ObjectRef(id)
    }

    /// Makes one more reference to a living object.
    ///
    /// # Panics
    /// If the object is gone: the caller's id was stale, which is our bug.
    pub fn reference(&mut self, id: ObjectId) -> ObjectRef {
        self.refer(id).1
    }

    /// The same, and hands out the object too.
    #[inline]
    pub fn refer(&mut self, id: ObjectId) -> (&mut T, ObjectRef) {
        let entry = self.entry_mut(id);
        entry.references = entry.references.checked_add(1).expect("reference count overflows");
        (&mut entry.body, ObjectRef(id))
    }

    /// Gives a reference back that is not the last; the last one is handed back again.
    #[inline(always)]
    pub fn give_back(&mut self, reference: ObjectRef) -> Option<ObjectRef> {
        let entry = self.entry_mut(reference.0);
        if entry.references == 1 {
            return Some(reference);
        }
        entry.references -= 1;
        None
    }

    /// Gives a reference back; hands out the body with the last one.
    #[inline]
    #[must_use]
    pub fn dereference(&mut self, reference: ObjectRef) -> Option<T> {
        let entry = self.entry_mut(reference.0);
        entry.references -= 1;
        if entry.references > 0 {
            return None;
        }
        Some(self.slots.remove(reference.0.slot()).body)
    }

    /// The object, if it lives.
    pub fn get(&self, id: ObjectId) -> Option<&T> {
        self.slots.get(id.slot()).filter(|entry| entry.id == id).map(|entry| &entry.body)
    }

    /// How many references a living object has.
    pub fn references(&self, id: ObjectId) -> u32 {
        assert!(self.get(id).is_some(), "stale object id {id}");
        self.slots[id.slot()].references
    }

    /// Every living object, by slot.
    pub fn iter(&self) -> impl Iterator<Item = (ObjectId, &T)> {
        self.slots.iter().map(|(_, entry)| (entry.id, &entry.body))
    }

    /// How many objects live.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether no object lives.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    #[inline(always)]
    fn entry_mut(&mut self, id: ObjectId) -> &mut Entry<T> {
        match self.slots.get_mut(id.slot()) {
            Some(entry) if entry.id == id => entry,
            _ => stale(id),
        }
    }
}

/// An id is used whose object is gone: our bug.
#[cold]
#[inline(never)]
fn stale(id: ObjectId) -> ! {
    panic!("stale object id {id}")
}

impl<T> Index<ObjectId> for ObjectTable<T> {
    type Output = T;

    #[inline]
    fn index(&self, id: ObjectId) -> &T {
        match self.slots.get(id.slot()) {
            Some(entry) if entry.id == id => &entry.body,
            _ => stale(id),
        }
    }
}

impl<T> IndexMut<ObjectId> for ObjectTable<T> {
    #[inline]
    fn index_mut(&mut self, id: ObjectId) -> &mut T {
        &mut self.entry_mut(id).body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_comes_back_with_the_last_reference() {
        let mut table = ObjectTable::default();
        let first = table.insert("body");
        let second = table.reference(first.id());
        assert_eq!(table.references(first.id()), 2);
        assert_eq!(table.dereference(first), None);
        assert_eq!(table.dereference(second), Some("body"));
        assert!(table.is_empty());
    }

    #[test]
    fn a_stale_id_finds_nothing_although_its_slot_is_used_again() {
        let mut table = ObjectTable::default();
        let old = table.insert(1);
        let stale = old.id();
        assert_eq!(table.dereference(old), Some(1));
        let new = table.insert(2);
        assert_eq!(stale.slot(), new.id().slot());
        assert_eq!(table.get(stale), None);
        assert_eq!(table[new.id()], 2);
    }

    #[test]
    #[should_panic(expected = "stale object id")]
    fn referencing_a_stale_id_is_our_bug() {
        let mut table = ObjectTable::default();
        let old = table.insert(1);
        let stale = old.id();
        let _ = table.dereference(old);
        let _ = table.reference(stale);
    }
}

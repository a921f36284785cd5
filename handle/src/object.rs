//! Object ids, counted references, and the table that owns every object.

use std::fmt;
use std::num::NonZeroU64;
use std::ops::{Index, IndexMut};

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

/// A place of the table.
#[derive(Clone)]
struct Entry<T> {
    /// Who stands here, so that one comparison says of an id that it is no stale one. None: the place is free.
    id: Option<ObjectId>,
    /// How many references there are; of a free place, which is the next that is free.
    references: u32,
    /// Of a free place, nothing.
    body: T,
}

/// The single owner of every object.
#[derive(Clone)]
pub struct ObjectTable<T> {
    entries: Vec<Entry<T>>,
    /// The place that is used next: the one that was left last.
    first_free: u32,
    live: usize,
    next_serial: u32,
}

impl<T> Default for ObjectTable<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), first_free: NO_PLACE, live: 0, next_serial: 1 }
    }
}

/// No place is free but behind all others.
const NO_PLACE: u32 = u32::MAX;

impl<T> ObjectTable<T> {
    /// Takes an object in and returns the first reference to it.
    #[inline]
    pub fn insert(&mut self, body: T) -> ObjectRef {
        let serial = self.next_serial;
        // After 2^32 objects the numbers begin again; an id is told apart by its slot as well.
        self.next_serial = self.next_serial.wrapping_add(1).max(1);
        self.live += 1;
        if self.first_free != NO_PLACE {
            let slot = self.first_free;
            let entry = &mut self.entries[slot as usize];
            let id = ObjectId::new(serial, slot);
            self.first_free = entry.references;
            entry.id = Some(id);
            entry.references = 1;
            entry.body = body;
            return ObjectRef(id);
        }
        let slot = u32::try_from(self.entries.len()).ok().filter(|slot| *slot != NO_PLACE);
        let id = ObjectId::new(serial, slot.expect("fewer than 2^32 objects live at once"));
        self.entries.push(Entry { id: Some(id), references: 1, body });
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

    /// The object, if it lives.
    pub fn get(&self, id: ObjectId) -> Option<&T> {
        self.entries.get(id.slot()).filter(|entry| entry.id == Some(id)).map(|entry| &entry.body)
    }

    /// How many references a living object has.
    pub fn references(&self, id: ObjectId) -> u32 {
        assert!(self.get(id).is_some(), "stale object id {id}");
        self.entries[id.slot()].references
    }

    /// Every living object, by slot.
    pub fn iter(&self) -> impl Iterator<Item = (ObjectId, &T)> {
        self.entries.iter().filter_map(|entry| Some((entry.id?, &entry.body)))
    }

    /// How many objects live.
    pub fn len(&self) -> usize {
        self.live
    }

    /// Whether no object lives.
    pub fn is_empty(&self) -> bool {
        self.live == 0
    }

    #[inline(always)]
    fn entry_mut(&mut self, id: ObjectId) -> &mut Entry<T> {
        match self.entries.get_mut(id.slot()) {
            Some(entry) if entry.id == Some(id) => entry,
            _ => stale(id),
        }
    }
}

impl<T: Default> ObjectTable<T> {
    /// Gives a reference back; hands out the body with the last one.
    #[inline]
    #[must_use]
    pub fn dereference(&mut self, reference: ObjectRef) -> Option<T> {
        let last = self.give_back(reference)?;
        let first_free = self.first_free;
        let entry = self.entry_mut(last.0);
        entry.id = None;
        entry.references = first_free;
        let body = std::mem::take(&mut entry.body);
        self.first_free = last.0.slot() as u32;
        self.live -= 1;
        Some(body)
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
        match self.entries.get(id.slot()) {
            Some(entry) if entry.id == Some(id) => &entry.body,
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
    fn the_place_that_was_left_last_is_used_first() {
        let mut table = ObjectTable::default();
        let mut references: Vec<_> = (0..4).map(|number| table.insert(number)).collect();
        let slots: Vec<_> = references.iter().map(|reference| reference.id().slot()).collect();
        assert_eq!(table.dereference(references.remove(1)), Some(1));
        assert_eq!(table.dereference(references.remove(1)), Some(2));
        assert_eq!((table.len(), table.iter().count()), (2, 2));
        let anew: Vec<_> = (4..7).map(|number| table.insert(number).id().slot()).collect();
        assert_eq!(anew, [slots[2], slots[1], 4]);
        let bodies: Vec<_> = table.iter().map(|(_, body)| *body).collect();
        assert_eq!(bodies, [0, 5, 4, 3, 6]);
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

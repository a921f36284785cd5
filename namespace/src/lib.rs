//! What things are called: a valid name, and a table of names for each type of object.
//!
//! CE has one name space for each type of named object, the whole device over (page aa909014): the kernel
//! keeps one [`Namespace`] for each. A name holds nothing alive: it goes when its object's last handle goes.
//!
//! Key types: [`Name`], valid by construction; [`Namespace`], from name to object. Needs `handle`.
//!
//! Invariants: two names are equal when their UTF-16 units are, case and all; the empty name is a name;
//! a table is never walked in the order of its hash.

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use cerium_handle::ObjectId;

/// The longest name of an event, mutex, semaphore, file mapping or watchdog, in UTF-16 units without the
/// final NUL: MAX_PATH − 1 (naming.md N7; SQ-10).
pub const MAXIMUM_NAME: usize = 259;

/// The longest name of a message queue on CE 6: each end is stored with a two-character prefix (ee488163).
pub const MAXIMUM_QUEUE_NAME: usize = 257;

/// A valid object name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(Arc<[u16]>);

/// Why a text is no name.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum NameError {
    /// It has more units than its type of object allows.
    TooLong,
}

impl Name {
    /// Judges a text as a name of a type of object that allows `limit` units.
    ///
    /// A backslash is accepted as an ordinary character (SQ-11).
    pub fn new(units: Arc<[u16]>, limit: usize) -> Result<Name, NameError> {
        if units.len() > limit {
            return Err(NameError::TooLong);
        }
        Ok(Name(units))
    }

    /// The UTF-16 units, without a final NUL.
    pub fn units(&self) -> &[u16] {
        &self.0
    }
}

impl std::hash::Hash for Name {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        // The length stands for the end mark, so that no name is another's beginning.
        state.write_usize(self.0.len());
        for unit in self.0.iter() {
            state.write_u16(*unit);
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", String::from_utf16_lossy(&self.0))
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The names of one type of object.
#[derive(Clone, Default)]
pub struct Namespace {
    names: HashMap<Name, ObjectId, BuildHasherDefault<NameHasher>>,
}

impl Namespace {
    /// The object of that name.
    #[inline]
    pub fn get(&self, name: &Name) -> Option<ObjectId> {
        self.names.get(name).copied()
    }

    /// Gives a new object its name.
    ///
    /// # Panics
    /// If the name is taken: look-up and binding are one step of the kernel.
    pub fn bind(&mut self, name: Name, object: ObjectId) {
        let former = self.names.insert(name, object);
        assert!(former.is_none(), "a name is bound once");
    }

    /// Frees the name of an object whose last handle went.
    ///
    /// # Panics
    /// If the name is not bound.
    pub fn unbind(&mut self, name: &Name) {
        let former = self.names.remove(name);
        assert!(former.is_some(), "only a bound name is unbound");
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is no name.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

/// A hash without a seed: the same on every machine, and cheap for short names.
///
/// A guest that crafts colliding names slows itself down and nobody else; it cannot choose more than the
/// handles it may have.
#[derive(Clone, Default)]
struct NameHasher(u64);

impl NameHasher {
    const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
}

impl Hasher for NameHasher {
    #[inline]
    fn finish(&self) -> u64 {
        // The table takes its bits from both ends of the word; fold the well-mixed top half down.
        self.0 ^ (self.0 >> 32)
    }

    #[inline]
    fn write_u16(&mut self, unit: u16) {
        self.0 = (self.0.rotate_left(5) ^ u64::from(unit)).wrapping_mul(Self::MULTIPLIER);
    }

    #[inline]
    fn write_usize(&mut self, length: usize) {
        self.0 = (self.0.rotate_left(5) ^ length as u64).wrapping_mul(Self::MULTIPLIER);
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u16(u16::from(*byte));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cerium_handle::ObjectTable;

    fn name(text: &str) -> Name {
        Name::new(text.encode_utf16().collect(), MAXIMUM_NAME).unwrap()
    }

    #[test]
    fn names_differ_by_case_and_the_empty_name_is_one() {
        let mut objects = ObjectTable::default();
        let mut names = Namespace::default();
        for text in ["Lock", "lock", "", "lock\\", "lo", "ck"] {
            names.bind(name(text), objects.insert(()).id());
        }
        assert_eq!(names.len(), 6);
        assert_ne!(names.get(&name("Lock")), names.get(&name("lock")));
        assert!(names.get(&name("")).is_some());
        assert_eq!(names.get(&name("LOCK")), None);
    }

    #[test]
    fn a_name_has_at_most_the_units_of_its_type() {
        let units = |n: usize| vec![u16::from(b'x'); n].into();
        assert!(Name::new(units(259), MAXIMUM_NAME).is_ok());
        assert_eq!(Name::new(units(260), MAXIMUM_NAME), Err(NameError::TooLong));
        assert!(Name::new(units(257), MAXIMUM_QUEUE_NAME).is_ok());
        assert_eq!(Name::new(units(258), MAXIMUM_QUEUE_NAME), Err(NameError::TooLong));
    }

    #[test]
    fn an_unbound_name_is_free_again() {
        let mut objects = ObjectTable::default();
        let mut names = Namespace::default();
        names.bind(name("x"), objects.insert(()).id());
        names.unbind(&name("x"));
        assert!(names.is_empty());
        names.bind(name("x"), objects.insert(()).id());
    }
}

//! The registry: keys, values, and who has which key open. In memory; `text` reads and writes it as `.reg`.

mod text;

use slab::Slab;

use crate::name::fold;

pub use text::RegFileError;

/// What a name of a key or a value may have at most, in units (RegCreateKeyEx, RegSetValueEx of CE: 255
/// characters).
pub const MAXIMUM_NAME: usize = 255;
/// What a value may hold at most, in bytes (CE's registry limits a value to 4 KB).
pub const MAXIMUM_DATA: usize = 4096;
/// How deep keys may lie in one another (CE's registry has at most 16 levels).
pub const MAXIMUM_DEPTH: usize = 16;
/// How much all keys and values may take. Our choice: CE names no limit but memory.
const MAXIMUM_TOTAL: usize = 16 << 20;
/// What a key or a value costs beside its name and data.
const OVERHEAD: usize = 64;
/// How many keys may be open at once.
const MAXIMUM_OPEN: usize = 65_536;

/// The keys that are there from the start.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Root {
    /// HKEY_CLASSES_ROOT.
    ClassesRoot,
    /// HKEY_CURRENT_USER.
    CurrentUser,
    /// HKEY_LOCAL_MACHINE.
    LocalMachine,
    /// HKEY_USERS.
    Users,
}

impl Root {
    /// All of them.
    pub const ALL: [Root; 4] = [Root::ClassesRoot, Root::CurrentUser, Root::LocalMachine, Root::Users];

    /// The name that the headers and `.reg` files give it.
    pub fn name(self) -> &'static str {
        match self {
            Root::ClassesRoot => "HKEY_CLASSES_ROOT",
            Root::CurrentUser => "HKEY_CURRENT_USER",
            Root::LocalMachine => "HKEY_LOCAL_MACHINE",
            Root::Users => "HKEY_USERS",
        }
    }

    /// The short name that some `.reg` files use.
    fn short_name(self) -> &'static str {
        match self {
            Root::ClassesRoot => "HKCR",
            Root::CurrentUser => "HKCU",
            Root::LocalMachine => "HKLM",
            Root::Users => "HKU",
        }
    }
}

/// A key as it is named: one that is there from the start, or one that was opened.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum KeyRef {
    /// One of those that are always there.
    Root(Root),
    /// An open key, by its number.
    Open(u32),
}

/// Why a registry function failed.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum RegistryError {
    /// There is no such key or value.
    NotFound,
    /// The key was deleted while it was open.
    Deleted,
    /// There is no key or value at this index.
    NoMoreItems,
    /// It would have no name, a name too long, too much data, or lie too deep.
    InvalidParameter,
    /// One of the keys that are always there cannot go.
    AccessDenied,
    /// There is no room left.
    OutOfMemory,
}

/// What a registry function comes to.
pub type RegistryResult<T> = Result<T, RegistryError>;

/// A value.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Value {
    /// Its name as it was first given; empty for the default value.
    pub name: Vec<u16>,
    /// REG_SZ and its like.
    pub kind: u32,
    /// Its bytes.
    pub data: Vec<u8>,
}

/// A key.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Key {
    parent: usize,
    depth: usize,
    name: Vec<u16>,
    class: Vec<u16>,
    /// When it or a value of it was last changed: 100 ns since 1601.
    written: u64,
    /// In the order of their names without case.
    keys: Vec<(Vec<u16>, usize)>,
    /// In the order of their names without case.
    values: Vec<(Vec<u16>, Value)>,
    holds: u32,
    is_deleted: bool,
}

/// What is known of a key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyInformation {
    /// Its class.
    pub class: Vec<u16>,
    /// How many keys are in it.
    pub keys: u32,
    /// The longest of their names, in units.
    pub longest_key: u32,
    /// The longest of their classes, in units.
    pub longest_class: u32,
    /// How many values it has.
    pub values: u32,
    /// The longest of their names, in units.
    pub longest_value_name: u32,
    /// The largest of them, in bytes.
    pub largest_value: u32,
    /// When it was last changed: 100 ns since 1601.
    pub written: u64,
}

/// The registry of a device.
#[derive(Clone, Debug)]
pub struct Registry {
    keys: Slab<Key>,
    opens: Slab<usize>,
    /// What HKEY_CURRENT_USER means: the key that is there from the start, or a user's, which this holds.
    user: usize,
    used: usize,
    now: u64,
}

impl Default for Registry {
    fn default() -> Self {
        let (keys, opens, user) = (Slab::new(), Slab::new(), Root::CurrentUser as usize);
        let mut registry = Self { keys, opens, user, used: 0, now: crate::HOST_DATE };
        for root in Root::ALL {
            let id = registry.keys.insert(Key {
                parent: 0,
                depth: 0,
                name: root.name().encode_utf16().collect(),
                class: Vec::new(),
                written: registry.now,
                keys: Vec::new(),
                values: Vec::new(),
                // They never go.
                holds: 1,
                is_deleted: false,
            });
            assert_eq!(id, root as usize, "the first keys are the roots");
        }
        registry
    }
}

impl Registry {
    /// Sets the time that changes are given from now on: 100 ns since 1601.
    pub fn set_now(&mut self, now: u64) {
        self.now = now;
    }

    fn resolve(&self, key: KeyRef) -> RegistryResult<usize> {
        let id = match key {
            KeyRef::Root(Root::CurrentUser) => self.user,
            KeyRef::Root(root) => root as usize,
            KeyRef::Open(open) => self.opens[open as usize],
        };
        if self.keys[id].is_deleted { Err(RegistryError::Deleted) } else { Ok(id) }
    }

    /// Makes HKEY_CURRENT_USER mean the keys of nobody in particular, as at the start.
    pub fn use_default_user(&mut self) {
        self.take_user(Root::CurrentUser as usize);
    }

    /// Makes HKEY_CURRENT_USER mean a user's keys. Our choice: they are the user's key in HKEY_USERS, which has
    /// the data of all users; whoever has such a key is a user. Keys that are open stay whose they were.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`]; [`RegistryError::InvalidParameter`] for what is no name of one key.
    pub fn use_user(&mut self, name: &[u16]) -> RegistryResult<()> {
        Self::check_user(name)?;
        let user = self.child(Root::Users as usize, name).map_err(|_| RegistryError::NotFound)?;
        self.take_user(user);
        Ok(())
    }

    /// The same, and makes the user if there is none of that name.
    ///
    /// # Errors
    /// As above but for the first; [`RegistryError::OutOfMemory`].
    pub fn make_user(&mut self, name: &[u16]) -> RegistryResult<()> {
        Self::check_user(name)?;
        let (user, _) = self.make(Root::Users as usize, name, &[])?;
        self.take_user(user);
        Ok(())
    }

    fn check_user(name: &[u16]) -> RegistryResult<()> {
        let is_one_key = !name.is_empty() && name.len() <= MAXIMUM_NAME && !name.contains(&u16::from(b'\\'));
        if is_one_key { Ok(()) } else { Err(RegistryError::InvalidParameter) }
    }

    fn take_user(&mut self, user: usize) {
        self.keys[user].holds += 1;
        let former = std::mem::replace(&mut self.user, user);
        self.give_up(former);
    }

    /// The parts of a path below a key; a separator at its end or beginning counts for nothing.
    fn parts(path: &[u16]) -> impl Iterator<Item = &[u16]> {
        path.split(|unit| *unit == u16::from(b'\\')).filter(|part| !part.is_empty())
    }

    fn child(&self, key: usize, name: &[u16]) -> Result<usize, usize> {
        let folded = fold(name);
        let keys = &self.keys[key].keys;
        keys.binary_search_by(|(other, _)| other.cmp(&folded)).map(|place| keys[place].1)
    }

    fn walk(&self, from: usize, path: &[u16]) -> RegistryResult<usize> {
        let mut at = from;
        for part in Self::parts(path) {
            at = self.child(at, part).map_err(|_| RegistryError::NotFound)?;
        }
        Ok(at)
    }

    fn open_id(&mut self, id: usize) -> RegistryResult<u32> {
        if self.opens.len() >= MAXIMUM_OPEN {
            return Err(RegistryError::OutOfMemory);
        }
        self.keys[id].holds += 1;
        Ok(self.opens.insert(id) as u32)
    }

    /// Opens a key below another; without a path, that one once more. The number is given back with
    /// [`Registry::close`].
    ///
    /// # Errors
    /// [`RegistryError::NotFound`], [`RegistryError::Deleted`].
    pub fn open(&mut self, key: KeyRef, path: &[u16]) -> RegistryResult<u32> {
        let id = self.walk(self.resolve(key)?, path)?;
        self.open_id(id)
    }

    /// Opens a key below another, and makes it and those on the way if they are not there. Says whether it
    /// was there.
    ///
    /// # Errors
    /// [`RegistryError::InvalidParameter`] for a name too long or too deep, [`RegistryError::OutOfMemory`];
    /// then nothing is made.
    pub fn create(&mut self, key: KeyRef, path: &[u16], class: &[u16]) -> RegistryResult<(u32, bool)> {
        if self.opens.len() >= MAXIMUM_OPEN {
            return Err(RegistryError::OutOfMemory);
        }
        let (id, existed) = self.make(self.resolve(key)?, path, class)?;
        Ok((self.open_id(id)?, existed))
    }

    fn make(&mut self, from: usize, path: &[u16], class: &[u16]) -> RegistryResult<(usize, bool)> {
        let mut parts = Self::parts(path).peekable();
        let mut at = from;
        while let Some(part) = parts.peek() {
            let Ok(child) = self.child(at, part) else { break };
            at = child;
            parts.next();
        }
        let missing: Vec<&[u16]> = parts.collect();
        if missing.is_empty() {
            return Ok((at, true));
        }
        let is_bad = |part: &&[u16]| part.len() > MAXIMUM_NAME || part.contains(&0);
        let is_too_deep = self.keys[at].depth + missing.len() > MAXIMUM_DEPTH;
        if is_too_deep || missing.iter().any(is_bad) || class.len() > MAXIMUM_NAME {
            return Err(RegistryError::InvalidParameter);
        }
        let cost: usize = missing.iter().map(|part| 4 * part.len() + OVERHEAD).sum();
        self.take(cost + 2 * class.len())?;

        let last = missing.len() - 1;
        for (place, part) in missing.into_iter().enumerate() {
            let class = if place == last { class.to_vec() } else { Vec::new() };
            at = self.insert(at, part, class);
        }
        Ok((at, false))
    }

    fn insert(&mut self, parent: usize, name: &[u16], class: Vec<u16>) -> usize {
        let depth = self.keys[parent].depth + 1;
        let id = self.keys.insert(Key {
            parent,
            depth,
            name: name.to_vec(),
            class,
            written: self.now,
            keys: Vec::new(),
            values: Vec::new(),
            holds: 0,
            is_deleted: false,
        });
        let folded = fold(name);
        let keys = &mut self.keys[parent].keys;
        let place = keys.binary_search_by(|(other, _)| other.cmp(&folded)).expect_err("it is new");
        keys.insert(place, (folded, id));
        self.keys[parent].written = self.now;
        id
    }

    fn take(&mut self, cost: usize) -> RegistryResult<()> {
        if self.used + cost > MAXIMUM_TOTAL {
            return Err(RegistryError::OutOfMemory);
        }
        self.used += cost;
        Ok(())
    }

    /// Closes an open key.
    pub fn close(&mut self, open: u32) {
        let id = self.opens.remove(open as usize);
        self.give_up(id);
    }

    /// Gives back a hold of a key; one that was deleted goes with the last.
    fn give_up(&mut self, id: usize) {
        self.keys[id].holds -= 1;
        if self.keys[id].holds == 0 && self.keys[id].is_deleted {
            self.keys.remove(id);
        }
    }

    /// Deletes a key below another, with all that is in it. Who has it open finds it deleted.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`]; [`RegistryError::InvalidParameter`] without a path.
    pub fn delete_key(&mut self, key: KeyRef, path: &[u16]) -> RegistryResult<()> {
        self.delete_below(self.resolve(key)?, path)
    }

    fn delete_below(&mut self, from: usize, path: &[u16]) -> RegistryResult<()> {
        let id = self.walk(from, path)?;
        if id == from {
            return Err(RegistryError::InvalidParameter);
        }

        let parent = self.keys[id].parent;
        self.keys[parent].keys.retain(|(_, other)| *other != id);
        self.keys[parent].written = self.now;
        let mut gone = vec![id];
        while let Some(id) = gone.pop() {
            let key = &mut self.keys[id];
            gone.extend(std::mem::take(&mut key.keys).into_iter().map(|(_, id)| id));
            let values = std::mem::take(&mut key.values);
            key.is_deleted = true;
            let names = 4 * key.name.len() + 2 * key.class.len() + OVERHEAD;
            self.used -= names + values.iter().map(|(_, value)| cost_of(value)).sum::<usize>();
            if self.keys[id].holds == 0 {
                self.keys.remove(id);
            }
        }
        Ok(())
    }

    fn value_place(&self, key: usize, name: &[u16]) -> Result<usize, usize> {
        let folded = fold(name);
        self.keys[key].values.binary_search_by(|(other, _)| other.cmp(&folded))
    }

    /// A value by its name; the empty name is the default value's.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`], [`RegistryError::Deleted`].
    pub fn value(&self, key: KeyRef, name: &[u16]) -> RegistryResult<&Value> {
        let id = self.resolve(key)?;
        let place = self.value_place(id, name).map_err(|_| RegistryError::NotFound)?;
        Ok(&self.keys[id].values[place].1)
    }

    /// Sets a value.
    ///
    /// # Errors
    /// [`RegistryError::InvalidParameter`] beyond [`MAXIMUM_NAME`] or [`MAXIMUM_DATA`];
    /// [`RegistryError::OutOfMemory`].
    pub fn set_value(&mut self, key: KeyRef, name: &[u16], kind: u32, data: &[u8]) -> RegistryResult<()> {
        let id = self.resolve(key)?;
        self.set_value_of(id, name, kind, data)
    }

    fn set_value_of(&mut self, id: usize, name: &[u16], kind: u32, data: &[u8]) -> RegistryResult<()> {
        if name.len() > MAXIMUM_NAME || data.len() > MAXIMUM_DATA || name.contains(&0) {
            return Err(RegistryError::InvalidParameter);
        }
        let value = Value { name: name.to_vec(), kind, data: data.to_vec() };
        let now = self.now;
        match self.value_place(id, name) {
            Ok(place) => {
                let former = cost_of(&self.keys[id].values[place].1);
                // It keeps the spelling of its name.
                let name = self.keys[id].values[place].1.name.clone();
                let value = Value { name, ..value };
                let cost = cost_of(&value);
                self.take(cost.saturating_sub(former))?;
                self.used -= former.saturating_sub(cost);
                self.keys[id].values[place].1 = value;
            }
            Err(place) => {
                self.take(cost_of(&value))?;
                self.keys[id].values.insert(place, (fold(name), value));
            }
        }
        self.keys[id].written = now;
        Ok(())
    }

    /// Deletes a value.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`], [`RegistryError::Deleted`].
    pub fn delete_value(&mut self, key: KeyRef, name: &[u16]) -> RegistryResult<()> {
        let id = self.resolve(key)?;
        let place = self.value_place(id, name).map_err(|_| RegistryError::NotFound)?;
        let (_, value) = self.keys[id].values.remove(place);
        self.used -= cost_of(&value);
        self.keys[id].written = self.now;
        Ok(())
    }

    /// The name, class and last change of the key at an index in another, in the order of names.
    ///
    /// # Errors
    /// [`RegistryError::NoMoreItems`], [`RegistryError::Deleted`].
    pub fn key_at(&self, key: KeyRef, index: u32) -> RegistryResult<(&[u16], &[u16], u64)> {
        let keys = &self.keys[self.resolve(key)?].keys;
        let (_, id) = keys.get(index as usize).ok_or(RegistryError::NoMoreItems)?;
        let found = &self.keys[*id];
        Ok((&found.name, &found.class, found.written))
    }

    /// The value at an index in a key, in the order of names.
    ///
    /// # Errors
    /// [`RegistryError::NoMoreItems`], [`RegistryError::Deleted`].
    pub fn value_at(&self, key: KeyRef, index: u32) -> RegistryResult<&Value> {
        let values = &self.keys[self.resolve(key)?].values;
        values.get(index as usize).map(|(_, value)| value).ok_or(RegistryError::NoMoreItems)
    }

    /// The names of a key's values, but for the default one; none if there is no such key.
    pub fn value_names(&self, root: Root, path: &str) -> impl Iterator<Item = &[u16]> {
        let path: Vec<u16> = path.encode_utf16().collect();
        let key = self.resolve(KeyRef::Root(root)).and_then(|root| self.walk(root, &path)).ok();
        let values = key.into_iter().flat_map(|id| &self.keys[id].values);
        values.map(|(_, value)| value.name.as_slice()).filter(|name| !name.is_empty())
    }

    /// What is known of a key.
    ///
    /// # Errors
    /// [`RegistryError::Deleted`].
    pub fn information(&self, key: KeyRef) -> RegistryResult<KeyInformation> {
        let key = &self.keys[self.resolve(key)?];
        let longest = |lengths: &mut dyn Iterator<Item = usize>| lengths.max().unwrap_or(0) as u32;
        let keys = || key.keys.iter().map(|(_, id)| &self.keys[*id]);
        let values = || key.values.iter().map(|(_, value)| value);
        Ok(KeyInformation {
            class: key.class.clone(),
            keys: key.keys.len() as u32,
            longest_key: longest(&mut keys().map(|key| key.name.len())),
            longest_class: longest(&mut keys().map(|key| key.class.len())),
            values: key.values.len() as u32,
            longest_value_name: longest(&mut values().map(|value| value.name.len())),
            largest_value: longest(&mut values().map(|value| value.data.len())),
            written: key.written,
        })
    }
}

fn cost_of(value: &Value) -> usize {
    4 * value.name.len() + value.data.len() + OVERHEAD
}

#[cfg(test)]
mod tests {
    use super::*;

    const MACHINE: KeyRef = KeyRef::Root(Root::LocalMachine);

    fn units(text: &str) -> Vec<u16> {
        text.encode_utf16().collect()
    }

    #[test]
    fn keys_are_found_without_case_and_keep_their_spelling() {
        let mut registry = Registry::default();
        let (key, existed) = registry.create(MACHINE, &units("Software\\Mine"), &[]).unwrap();
        assert!(!existed);
        assert!(registry.create(MACHINE, &units("SOFTWARE\\mine\\"), &[]).unwrap().1);
        registry.set_value(KeyRef::Open(key), &units("Name"), 1, b"a\0\0\0").unwrap();
        registry.set_value(KeyRef::Open(key), &units("NAME"), 4, &[1, 0, 0, 0]).unwrap();
        let value = registry.value_at(KeyRef::Open(key), 0).unwrap();
        assert_eq!((value.name.clone(), value.kind), (units("Name"), 4));
        assert_eq!(registry.value_at(KeyRef::Open(key), 1), Err(RegistryError::NoMoreItems));
        assert_eq!(registry.key_at(MACHINE, 0).unwrap().0, units("Software"));
    }

    #[test]
    fn a_key_that_is_open_finds_itself_deleted() {
        let mut registry = Registry::default();
        let (key, _) = registry.create(MACHINE, &units("a\\b\\c"), &[]).unwrap();
        registry.set_value(KeyRef::Open(key), &[], 3, &[1; 100]).unwrap();
        registry.delete_key(MACHINE, &units("A")).unwrap();
        assert_eq!(registry.value(KeyRef::Open(key), &[]), Err(RegistryError::Deleted));
        assert_eq!(registry.open(MACHINE, &units("a")), Err(RegistryError::NotFound));
        registry.close(key);
        assert_eq!((registry.used, registry.keys.len()), (0, 4), "nothing is left of it");
    }

    const USER: KeyRef = KeyRef::Root(Root::CurrentUser);

    fn number(registry: &Registry, key: KeyRef) -> Option<u8> {
        registry.value(key, &units("Number")).ok().map(|value| value.data[0])
    }

    #[test]
    fn each_user_has_keys_of_its_own() {
        let mut registry = Registry::default();
        registry.set_value(USER, &units("Number"), 4, &[1, 0, 0, 0]).unwrap();
        assert_eq!(registry.use_user(&units("anna")), Err(RegistryError::NotFound));
        assert_eq!(number(&registry, USER), Some(1), "nothing has changed");

        registry.make_user(&units("Anna")).unwrap();
        assert_eq!(number(&registry, USER), None);
        registry.set_value(USER, &units("Number"), 4, &[2, 0, 0, 0]).unwrap();
        registry.make_user(&units("Otto")).unwrap();
        assert_eq!(number(&registry, USER), None);
        registry.make_user(&units("ANNA")).unwrap();
        assert_eq!(
            number(&registry, USER),
            Some(2),
            "names have no case, and whoever is there is not made anew"
        );
        registry.use_user(&units("otto")).unwrap();
        assert_eq!(number(&registry, USER), None);

        registry.use_default_user();
        assert_eq!(number(&registry, USER), Some(1));
        let theirs = registry.open(KeyRef::Root(Root::Users), &units("Anna")).unwrap();
        assert_eq!(number(&registry, KeyRef::Open(theirs)), Some(2));
    }

    #[test]
    fn keys_that_are_open_stay_whose_they_were() {
        let mut registry = Registry::default();
        let (key, _) = registry.create(USER, &units("Mine"), &[]).unwrap();
        registry.make_user(&units("Anna")).unwrap();
        registry.set_value(KeyRef::Open(key), &units("Number"), 4, &[1, 0, 0, 0]).unwrap();
        assert_eq!(registry.open(USER, &units("Mine")), Err(RegistryError::NotFound));
        registry.use_default_user();
        assert!(registry.open(USER, &units("Mine")).is_ok());
        assert_eq!(number(&registry, KeyRef::Open(key)), Some(1));
    }

    #[test]
    fn a_user_that_is_deleted_is_gone_until_it_is_made_again() {
        let mut registry = Registry::default();
        registry.make_user(&units("Anna")).unwrap();
        registry.delete_key(KeyRef::Root(Root::Users), &units("Anna")).unwrap();
        assert_eq!(registry.information(USER), Err(RegistryError::Deleted));
        assert_eq!(registry.use_user(&units("Anna")), Err(RegistryError::NotFound));
        registry.make_user(&units("Anna")).unwrap();
        assert_eq!(registry.information(USER).unwrap().keys, 0);
        assert_eq!(registry.keys.len(), 5, "of the first nothing is left");
    }

    #[test]
    fn a_user_is_named_as_one_key_is() {
        let mut registry = Registry::default();
        let long = "x".repeat(MAXIMUM_NAME + 1);
        for name in ["", "\\", "a\\b", "\\a", "a\\", &long] {
            assert_eq!(registry.make_user(&units(name)), Err(RegistryError::InvalidParameter), "{name:?}");
            assert_eq!(registry.use_user(&units(name)), Err(RegistryError::InvalidParameter), "{name:?}");
        }
        assert_eq!(registry.keys.len(), 4, "nothing was made");
        registry.make_user(&units(&long[1..])).unwrap();
        registry.use_user(&units(&long[1..])).unwrap();
    }

    #[test]
    fn users_take_room_as_other_keys_do() {
        let mut registry = Registry { used: MAXIMUM_TOTAL, ..Registry::default() };
        assert_eq!(registry.make_user(&units("Anna")), Err(RegistryError::OutOfMemory));
        assert!(registry.information(USER).is_ok());
        assert_eq!(registry.keys.len(), 4);
    }

    #[test]
    fn limits_hold_and_nothing_is_half_made() {
        let mut registry = Registry::default();
        let long = units(&"x".repeat(MAXIMUM_NAME + 1));
        let deep = units(&"a\\".repeat(MAXIMUM_DEPTH + 1));
        for path in [&long, &deep] {
            assert_eq!(registry.create(MACHINE, path, &[]), Err(RegistryError::InvalidParameter));
        }
        assert_eq!(registry.information(MACHINE).unwrap().keys, 0);
        let data = vec![0; MAXIMUM_DATA + 1];
        assert_eq!(registry.set_value(MACHINE, &[], 3, &data), Err(RegistryError::InvalidParameter));
        assert!(registry.set_value(MACHINE, &[], 3, &data[1..]).is_ok());
        assert_eq!(registry.delete_key(MACHINE, &[]), Err(RegistryError::InvalidParameter));
    }
}

//! The modules of a process: the program and its libraries, where they lie, what they offer, who needs whom.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cerium_pe::{DataDirectory, Directory, Export, ExportTarget, Exports, Image, ImportTarget};

/// How far a module has come.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum State {
    /// It is the program.
    Program,
    /// It is looked at, and its code is not run (LOAD_LIBRARY_AS_DATAFILE, DONT_RESOLVE_DLL_REFERENCES).
    Data,
    /// It is bound; its entry point has not been called.
    Loaded,
    /// Its entry point has agreed, or it has none.
    Attached,
}

/// An image in memory.
#[derive(Clone, Debug)]
pub(crate) struct Module {
    /// Its file's name.
    pub(crate) name: String,
    /// Its file's path, as the guest sees it.
    pub(crate) path: Arc<[u16]>,
    /// Where it lies.
    pub(crate) base: u32,
    /// How many bytes it covers.
    pub(crate) size: u32,
    /// Its entry point; 0 for a library without one.
    pub(crate) entry: u32,
    /// How much stack its threads have, if it is the program.
    pub(crate) stack: u32,
    /// Where its resources are, relative to its base.
    pub(crate) resources: Option<DataDirectory>,
    /// Where its functions' unwinding data are, relative to its base.
    pub(crate) unwinding: Option<DataDirectory>,
    pub(crate) state: State,
    /// How often LoadLibrary has given it, less FreeLibrary.
    pub(crate) loads: u32,
    /// Whether it is loaded since the process began: lpReserved of its entry point says so.
    pub(crate) is_static: bool,
    /// Whether its entry point is told of threads.
    pub(crate) wants_threads: bool,
    /// The modules that it imports from, by where they lie.
    pub(crate) needs: Vec<u32>,
    /// Its place in the order in which modules are told of things: those that it imports from come before it.
    pub(crate) sequence: u32,
    functions: Vec<Export>,
    names: BTreeMap<String, u16>,
}

impl Module {
    /// An image that lies at this base, seen at this path.
    pub(crate) fn new(image: &Image, path: &str, base: u32, state: State) -> Self {
        let Exports { functions, names, .. } = image.exports.clone().unwrap_or_default();
        Self {
            name: last_part(path).to_owned(),
            path: path.encode_utf16().collect(),
            base,
            size: image.mapped_size(),
            entry: if image.entry_rva == 0 { 0 } else { base.wrapping_add(image.entry_rva) },
            stack: image.size_of_stack_reserve,
            resources: image.directory(Directory::Resource),
            unwinding: image.directory(Directory::Exception),
            state,
            loads: 0,
            is_static: false,
            wants_threads: true,
            needs: Vec::new(),
            sequence: 0,
            functions,
            // The first of several equal names counts, as in a search from the front.
            names: names.into_iter().rev().map(|named| (named.name, named.ordinal)).collect(),
        }
    }

    /// Whether an address lies in it.
    pub(crate) fn contains(&self, address: u32) -> bool {
        address.wrapping_sub(self.base) < self.size
    }

    /// What it exports by a name or an ordinal.
    pub(crate) fn export(&self, wanted: &ImportTarget) -> Option<&ExportTarget> {
        let ordinal = match wanted {
            ImportTarget::Ordinal(ordinal) => *ordinal,
            ImportTarget::Name { name, .. } => *self.names.get(name)?,
        };
        let place = self.functions.binary_search_by_key(&ordinal, |export| export.ordinal).ok()?;
        Some(&self.functions[place].target)
    }

    /// Whether its entry point is to be told of threads that come and go.
    pub(crate) fn hears_of_threads(&self) -> bool {
        self.state == State::Attached && self.wants_threads && self.entry != 0
    }

    /// The path that the guest sees, as text.
    pub(crate) fn path(&self) -> String {
        String::from_utf16_lossy(&self.path)
    }
}

/// The last part of a path: a file's name.
pub(crate) fn last_part(path: &str) -> &str {
    path.rsplit(['\\', '/']).next().unwrap_or(path)
}

/// A library's file name: `.dll` is added to one without an ending; a dot at its end stands for none
/// (ms886736).
pub(crate) fn library_name(name: &str) -> String {
    let last = last_part(name);
    match last.strip_suffix('.') {
        Some(bare) => bare.to_owned(),
        None if last.contains('.') => last.to_owned(),
        None => format!("{last}.dll"),
    }
}

/// The modules of a process; the program is the first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Modules {
    list: Vec<Module>,
    next_sequence: u32,
}

impl Modules {
    /// The program.
    pub(crate) fn program(&self) -> &Module {
        self.list.first().expect("a process has a program from the start")
    }

    pub(crate) fn add(&mut self, module: Module) {
        self.list.push(module);
    }

    /// All of them, the program first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Module> {
        self.list.iter()
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// Takes away those that came after the first `count`, the last first.
    pub(crate) fn truncate(&mut self, count: usize) -> Vec<Module> {
        let mut gone = self.list.split_off(count);
        gone.reverse();
        for module in &mut self.list {
            module.needs.retain(|base| gone.iter().all(|gone| gone.base != *base));
        }
        gone
    }

    /// The module that lies at this base.
    pub(crate) fn at(&self, base: u32) -> Option<&Module> {
        self.list.iter().find(|module| module.base == base)
    }

    pub(crate) fn at_mut(&mut self, base: u32) -> Option<&mut Module> {
        self.list.iter_mut().find(|module| module.base == base)
    }

    /// The library that lies at this base.
    pub(crate) fn library_at(&self, base: u32) -> Option<&Module> {
        self.at(base).filter(|module| module.state != State::Program)
    }

    /// The module in which an address lies.
    pub(crate) fn containing(&self, address: u32) -> Option<&Module> {
        self.list.iter().find(|module| module.contains(address))
    }

    /// The module of a file's name, which has no case. Our choice: a path does not make two modules of one
    /// name; the documentation of CE speaks of modules by their files' names.
    pub(crate) fn named(&self, name: &str) -> Option<&Module> {
        let wanted = library_name(name);
        self.list.iter().find(|module| module.name.eq_ignore_ascii_case(&wanted))
    }

    /// Gives a module the next place in the order of being told.
    pub(crate) fn take_place(&mut self, base: u32) {
        self.next_sequence += 1;
        let sequence = self.next_sequence;
        if let Some(module) = self.at_mut(base) {
            module.sequence = sequence;
        }
    }

    /// The libraries that a condition holds for, in the order in which they are told.
    pub(crate) fn in_order(&self, holds: impl Fn(&Module) -> bool) -> Vec<u32> {
        let mut chosen: Vec<&Module> = self.list.iter().filter(|module| holds(module)).collect();
        chosen.sort_by_key(|module| module.sequence);
        chosen.iter().map(|module| module.base).collect()
    }

    /// The libraries that nobody needs: neither the program, nor one that LoadLibrary has given, nor one that
    /// such a module imports from, near or far. Those that import from others come first.
    pub(crate) fn unneeded(&self) -> Vec<u32> {
        let is_root = |module: &&Module| module.state == State::Program || module.loads > 0;
        let mut open: Vec<u32> = self.list.iter().filter(is_root).map(|module| module.base).collect();
        let mut needed = BTreeSet::new();
        while let Some(base) = open.pop() {
            if needed.insert(base) {
                open.extend(self.at(base).into_iter().flat_map(|module| module.needs.iter().copied()));
            }
        }
        let mut unneeded = self.in_order(|module| !needed.contains(&module.base));
        unneeded.reverse();
        unneeded
    }

    /// Notes that those that are there came with the program.
    pub(crate) fn are_static(&mut self) {
        self.list.iter_mut().for_each(|module| module.is_static = true);
    }

    /// Takes a module away.
    pub(crate) fn remove(&mut self, base: u32) -> Option<Module> {
        let place = self.list.iter().position(|module| module.base == base)?;
        let gone = self.list.remove(place);
        for module in &mut self.list {
            module.needs.retain(|needed| *needed != base);
        }
        Some(gone)
    }
}

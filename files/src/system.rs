//! The file system: its tree, how a name is found in it, and how much room there is.

use std::fs;
use std::io;
use std::path::{Path as HostPath, PathBuf};

use slab::Slab;

use crate::console::Console;
use crate::content::{Budget, CLUSTER, Content, clusters};
use crate::find::Find;
use crate::name::{self, Path};
use crate::node::{Body, FileBody, Folder, Node, NodeId, Times, attributes};
use crate::open::Open;
use crate::{FileError, FileResult, host};

/// The date that every file of the host has, and a file system's clock before it is set: 2006-11-01, when
/// CE 6.0 came out. The host's own dates are never seen, so that a run does not depend on them.
pub const HOST_DATE: u64 = 128_068_128_000_000_000;

/// How much a guest may store unless another limit is set, in bytes.
pub const DEFAULT_LIMIT: u64 = 256 << 20;

/// How many files and find handles may be open at once. Our choice: CE names no limit but memory.
pub(crate) const MAXIMUM_OPEN: usize = 65_536;

/// The name under which the first program's own folder is seen.
const PROGRAM: &str = "Program";

pub(crate) const ROOT: NodeId = 0;

/// The guest's file system.
pub struct FileSystem {
    pub(crate) nodes: Slab<Node>,
    pub(crate) opens: Slab<Open>,
    pub(crate) finds: Slab<Find>,
    pub(crate) console: Console,
    pub(crate) budget: Budget,
    /// What new times are.
    pub(crate) now: u64,
}

impl Default for FileSystem {
    /// A file system in memory, with `\Temp` and `\Windows`.
    fn default() -> Self {
        let mut system = Self {
            nodes: Slab::new(),
            opens: Slab::new(),
            finds: Slab::new(),
            console: Console::default(),
            budget: Budget { used: 0, limit: clusters(DEFAULT_LIMIT) },
            now: HOST_DATE,
        };
        let root = system.new_node(ROOT, &[], Body::Folder(Folder::default()));
        assert_eq!(system.nodes.insert(root), ROOT, "the root is the first node");
        system.add_system_folders(None);
        system
    }
}

impl FileSystem {
    /// Shows the guest a folder of the host as `\`. Unless it is writable, what the guest changes stays in
    /// memory. Called first, before anything is looked at.
    ///
    /// # Errors
    /// The folder is not there.
    pub fn with_root(mut self, folder: &HostPath, is_writable: bool) -> io::Result<Self> {
        // The user may name the folder by a link; below it none is followed.
        let folder = fs::canonicalize(folder)?;
        if !folder.is_dir() {
            return Err(io::Error::from(io::ErrorKind::NotADirectory));
        }
        let through = is_writable.then(|| folder.clone());
        let root = &mut self.nodes[ROOT];
        root.through = through.clone();
        root.body = Body::Folder(Folder { unlisted: Some(folder), ..Folder::default() });
        self.nodes.retain(|id, _| id == ROOT);
        self.list(ROOT).map_err(|error| io::Error::other(error.to_string()))?;
        self.add_system_folders(through.as_deref());
        Ok(self)
    }

    /// Shows the guest a folder of the host as `\Program`, to be read only.
    ///
    /// # Errors
    /// The folder is not there.
    pub fn with_program(mut self, folder: &HostPath) -> io::Result<Self> {
        let folder = fs::canonicalize(folder)?;
        if !folder.is_dir() {
            return Err(io::Error::from(io::ErrorKind::NotADirectory));
        }
        let name: Vec<u16> = PROGRAM.encode_utf16().collect();
        let body = Folder { unlisted: Some(folder), ..Folder::default() };
        let mut node = self.new_node(ROOT, &name, Body::Folder(body));
        node.is_read_only = true;
        self.add(node);
        Ok(self)
    }

    /// Sets how much a guest may store, in bytes.
    #[must_use]
    pub fn with_limit(mut self, bytes: u64) -> Self {
        self.budget.limit = clusters(bytes);
        self
    }

    /// `\Temp` and `\Windows` are there in any case. On the host they are made when something is put there.
    fn add_system_folders(&mut self, through: Option<&HostPath>) {
        for name in ["Temp", "Windows"] {
            let units: Vec<u16> = name.encode_utf16().collect();
            if self.entry(ROOT, &units).is_ok_and(|entry| entry.is_some()) {
                continue;
            }
            let through = through.map(|through| through.join(name));
            let body = Folder { is_missing: through.is_some(), ..Folder::default() };
            let mut node = self.new_node(ROOT, &units, Body::Folder(body));
            node.through = through;
            self.add(node);
        }
    }

    /// Sets the time that files are given from now on: 100 ns since 1601.
    pub fn set_now(&mut self, now: u64) {
        self.now = now;
    }

    /// How much a guest may store, and how much of that is left, in bytes.
    pub fn space(&self) -> Space {
        let free = self.budget.limit.saturating_sub(self.budget.used);
        Space { total: self.budget.limit * CLUSTER, free: free * CLUSTER }
    }

    pub(crate) fn new_node(&self, parent: NodeId, name: &[u16], body: Body) -> Node {
        let attributes = match body {
            Body::Folder(_) => 0,
            Body::File(_) => attributes::ARCHIVE,
        };
        let times = Times { created: self.now, accessed: self.now, written: self.now };
        Node {
            parent,
            name: name.to_vec(),
            attributes,
            times,
            holds: 0,
            is_removed: false,
            is_read_only: false,
            is_charged: false,
            through: None,
            body,
        }
    }

    /// Puts a node into its parent's folder, in place of what had its name.
    pub(crate) fn add(&mut self, node: Node) -> NodeId {
        let (parent, folded) = (node.parent, name::fold(&node.name));
        let id = self.nodes.insert(node);
        self.folder_mut(parent).entries.insert(folded, id);
        id
    }

    pub(crate) fn folder(&self, id: NodeId) -> Option<&Folder> {
        match &self.nodes[id].body {
            Body::Folder(folder) => Some(folder),
            Body::File(_) => None,
        }
    }

    pub(crate) fn folder_mut(&mut self, id: NodeId) -> &mut Folder {
        match &mut self.nodes[id].body {
            Body::Folder(folder) => folder,
            Body::File(_) => panic!("node {id} is no folder"),
        }
    }

    pub(crate) fn file(&self, id: NodeId) -> Option<&FileBody> {
        match &self.nodes[id].body {
            Body::File(file) => Some(file),
            Body::Folder(_) => None,
        }
    }

    /// The file and the budget that its changes are paid from.
    pub(crate) fn file_mut(&mut self, id: NodeId) -> (&mut FileBody, &mut Budget) {
        match &mut self.nodes[id].body {
            Body::File(file) => (file, &mut self.budget),
            Body::Folder(_) => panic!("node {id} is no file"),
        }
    }

    /// Takes in what is in the host's folder, once.
    pub(crate) fn list(&mut self, id: NodeId) -> FileResult<()> {
        let Some(path) = self.folder(id).and_then(|folder| folder.unlisted.clone()) else { return Ok(()) };
        let entries = host::list(&path)?;
        self.folder_mut(id).unlisted = None;
        let (is_read_only, through) = (self.nodes[id].is_read_only, self.nodes[id].through.clone());
        for entry in entries {
            let Some(name) = name::from_host(&entry.name) else { continue };
            let folded = name::fold(&name);
            // Of names that differ by case alone the first in order is seen; a mount hides what has its name.
            if self.folder(id).is_some_and(|folder| folder.entries.contains_key(&folded)) {
                continue;
            }
            let path = path.join(&entry.name);
            let body = match entry.length {
                None => Body::Folder(Folder { unlisted: Some(path), ..Folder::default() }),
                Some(length) => {
                    let content = Content::of_host(path, length, through.is_some());
                    Body::File(Box::new(FileBody { content, ..FileBody::default() }))
                }
            };
            let mut node = self.new_node(id, &name, body);
            node.times = Times { created: HOST_DATE, accessed: HOST_DATE, written: HOST_DATE };
            node.is_read_only = is_read_only;
            node.through = through.as_ref().map(|through| through.join(&entry.name));
            self.add(node);
        }
        Ok(())
    }

    /// The entry of a folder that has this name, whatever its case.
    pub(crate) fn entry(&mut self, folder: NodeId, name: &[u16]) -> FileResult<Option<NodeId>> {
        self.list(folder)?;
        let folded = name::fold(name);
        Ok(self.folder(folder).and_then(|folder| folder.entries.get(&folded).copied()))
    }

    /// The folder that these parts lead to.
    fn walk(&mut self, parts: &[Vec<u16>]) -> FileResult<NodeId> {
        let mut at = ROOT;
        for part in parts {
            at = self.entry(at, part)?.ok_or(FileError::PathNotFound)?;
            if self.folder(at).is_none() {
                return Err(FileError::PathNotFound);
            }
        }
        Ok(at)
    }

    /// What a path means, if it is there; its folder must be.
    pub(crate) fn find(&mut self, path: &Path) -> FileResult<NodeId> {
        let Some((last, folders)) = path.parts.split_last() else { return Ok(ROOT) };
        let folder = self.walk(folders)?;
        let found = self.entry(folder, last)?.ok_or(FileError::FileNotFound)?;
        if path.is_folder && self.folder(found).is_none() {
            return Err(FileError::PathNotFound);
        }
        Ok(found)
    }

    /// The folder in which a path's last part is or would be, that part, and what has the name already.
    pub(crate) fn locate(&mut self, path: &Path) -> FileResult<Place> {
        let Some((last, folders)) = path.parts.split_last() else { return Err(FileError::AccessDenied) };
        let folder = self.walk(folders)?;
        let existing = self.entry(folder, last)?;
        Ok(Place { folder, name: last.clone(), existing })
    }

    /// A node's path as the guest sees it, spelt as its folders spell it.
    pub(crate) fn path_of(&self, id: NodeId) -> Vec<u16> {
        let mut names = Vec::new();
        let mut at = id;
        while at != ROOT {
            names.push(&self.nodes[at].name);
            at = self.nodes[at].parent;
        }
        let mut path = Vec::new();
        for name in names.iter().rev() {
            path.push(u16::from(b'\\'));
            path.extend_from_slice(name);
        }
        path
    }

    /// Makes a node in a folder, on the host too where changes go there.
    pub(crate) fn make(&mut self, place: &Place, body: Body, attributes: u32) -> FileResult<NodeId> {
        if self.nodes[place.folder].is_read_only {
            return Err(FileError::AccessDenied);
        }
        let through = self.host_place(place)?;
        self.budget.take(1)?;
        let mut node = self.new_node(place.folder, &place.name, body);
        if let Some(path) = &through {
            let made = match node.body {
                Body::Folder(_) => host::create_folder(path),
                Body::File(_) => host::create(path),
            };
            if let Err(error) = made {
                self.budget.give_back(1);
                return Err(error);
            }
            if let Body::File(file) = &mut node.body {
                file.content = Content::of_host(path.clone(), 0, true);
            }
        }
        node.attributes = attributes & attributes::SETTABLE;
        node.is_charged = true;
        node.through = through;
        let id = self.add(node);
        self.touch(place.folder);
        Ok(id)
    }

    /// Where on the host a name in a folder is, if changes go there; the folder is made if it is not there.
    pub(crate) fn host_place(&mut self, place: &Place) -> FileResult<Option<PathBuf>> {
        let Some(folder) = self.nodes[place.folder].through.clone() else { return Ok(None) };
        if self.folder(place.folder).is_some_and(|folder| folder.is_missing) {
            host::create_folder(&folder)?;
            self.folder_mut(place.folder).is_missing = false;
        }
        // The name came through `Path::parse`: it has no separator and is not a name of dots.
        let name = String::from_utf16(&place.name).map_err(|_| FileError::InvalidName)?;
        if cfg!(windows) && is_dos_device(&name) {
            return Err(FileError::InvalidName);
        }
        Ok(Some(folder.join(name)))
    }

    /// Notes that a folder or file was changed.
    pub(crate) fn touch(&mut self, id: NodeId) {
        let now = self.now;
        let times = &mut self.nodes[id].times;
        times.written = now;
        times.accessed = now;
    }

    /// Takes a node out of its folder; it goes when nobody holds it.
    pub(crate) fn take_out(&mut self, id: NodeId) {
        let (parent, folded) = (self.nodes[id].parent, name::fold(&self.nodes[id].name));
        self.folder_mut(parent).entries.remove(&folded);
        self.touch(parent);
        self.nodes[id].is_removed = true;
        self.drop_if_free(id);
    }

    /// Lets a node go that is in no folder and that nobody holds.
    pub(crate) fn drop_if_free(&mut self, id: NodeId) {
        let Node { is_removed: true, holds: 0, .. } = self.nodes[id] else { return };
        let mut node = self.nodes.remove(id);
        if node.is_charged {
            self.budget.give_back(1);
        }
        if let Body::File(file) = &mut node.body {
            file.content.discard(&mut self.budget);
        }
    }

    /// Notes that somebody holds a node no longer.
    pub(crate) fn release(&mut self, id: NodeId) {
        self.nodes[id].holds -= 1;
        self.drop_if_free(id);
    }
}

impl Drop for FileSystem {
    /// What views of mapped files have changed is in the files when the run is over, however it ended.
    fn drop(&mut self) {
        let mapped =
            self.nodes.iter().filter(|(id, _)| self.file(*id).is_some_and(|file| file.mapped.is_some()));
        let mapped: Vec<NodeId> = mapped.map(|(id, _)| id).collect();
        for id in mapped {
            self.unmap(id as u32);
        }
    }
}

/// Names that mean devices to a host of that kind, in every folder and with any ending.
fn is_dos_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_ascii_uppercase();
    let numbered =
        |prefix: &str| stem.strip_prefix(prefix).is_some_and(|rest| rest.chars().count() == 1 && rest != "0");
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT")
}

/// A place for a name in a folder.
pub(crate) struct Place {
    pub(crate) folder: NodeId,
    pub(crate) name: Vec<u16>,
    pub(crate) existing: Option<NodeId>,
}

/// How much room there is.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Space {
    /// For everything, in bytes.
    pub total: u64,
    /// How much of it is left.
    pub free: u64,
}

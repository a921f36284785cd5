//! What is done with files by their names: deleting, moving, copying, folders, attributes.

use crate::name::{self, Path};
use crate::node::{Body, Folder, NodeId, attributes};
use crate::open::{Information, is_root};
use crate::system::{FileSystem, Place};
use crate::{FileError, FileResult, host};

/// How much is copied at once.
const STEP: u64 = 1 << 16;

impl FileSystem {
    /// Deletes a file that nobody has open (CE keeps an open file from being deleted).
    ///
    /// # Errors
    /// [`FileError::AccessDenied`] for a folder or a file that may not be written;
    /// [`FileError::SharingViolation`]; those of the path.
    pub fn delete(&mut self, name: &[u16]) -> FileResult<()> {
        let node = self.find(&Path::parse(name)?)?;
        self.check_deletable(node)?;
        self.remove_node(node)
    }

    fn check_deletable(&self, node: NodeId) -> FileResult<()> {
        if self.file(node).is_none() {
            return Err(FileError::AccessDenied);
        }
        self.check_changeable(node)
    }

    /// Whether a file or folder may be removed or given another name.
    fn check_changeable(&self, node: NodeId) -> FileResult<()> {
        let is_kept =
            self.nodes[node].is_read_only || self.nodes[node].attributes & attributes::READONLY != 0;
        if is_kept || is_root(node) {
            return Err(FileError::AccessDenied);
        }
        if self.file(node).is_some() && self.nodes[node].holds > 0 {
            return Err(FileError::SharingViolation);
        }
        Ok(())
    }

    /// Removes a file or an empty folder, on the host too where changes go there.
    pub(crate) fn remove_node(&mut self, node: NodeId) -> FileResult<()> {
        if let Some(path) = self.nodes[node].through.clone() {
            match &self.nodes[node].body {
                Body::File(_) => host::remove(&path)?,
                Body::Folder(folder) if folder.is_missing => {}
                Body::Folder(_) => host::remove_folder(&path)?,
            }
        }
        self.take_out(node);
        Ok(())
    }

    /// Makes a folder.
    ///
    /// # Errors
    /// [`FileError::AlreadyExists`]; those of the path.
    pub fn create_directory(&mut self, name: &[u16]) -> FileResult<()> {
        let path = Path::parse(name)?;
        if path.parts.is_empty() {
            return Err(FileError::AlreadyExists);
        }
        let place = self.locate(&path)?;
        if place.existing.is_some() {
            return Err(FileError::AlreadyExists);
        }
        self.make(&place, Body::Folder(Folder::default()), 0).map(|_| ())
    }

    /// Removes an empty folder.
    ///
    /// # Errors
    /// [`FileError::NotDirectory`], [`FileError::DirectoryNotEmpty`], [`FileError::AccessDenied`]; those of
    /// the path.
    pub fn remove_directory(&mut self, name: &[u16]) -> FileResult<()> {
        let node = self.find(&Path::parse(name)?)?;
        if self.folder(node).is_none() {
            return Err(FileError::NotDirectory);
        }
        self.check_changeable(node)?;
        self.list(node)?;
        if self.folder(node).is_some_and(|folder| !folder.entries.is_empty()) {
            return Err(FileError::DirectoryNotEmpty);
        }
        self.remove_node(node)
    }

    /// Gives a file or folder another name or place, at once.
    ///
    /// # Errors
    /// [`FileError::AlreadyExists`] if the target is there, [`FileError::SharingViolation`] if the file, or
    /// one in the folder, is open; [`FileError::AccessDenied`]; those of the paths.
    pub fn rename(&mut self, from: &[u16], to: &[u16]) -> FileResult<()> {
        let node = self.find(&Path::parse(from)?)?;
        self.check_changeable(node)?;
        let to = Path::parse(to)?;
        let place = self.locate(&to)?;
        // Another spelling of the same name is another name.
        if place.existing.is_some_and(|existing| existing != node) {
            return Err(FileError::AlreadyExists);
        }
        if to.is_folder && self.file(node).is_some() {
            return Err(FileError::InvalidName);
        }
        if self.folder(node).is_some() {
            self.check_movable(node, place.folder)?;
        }
        self.move_node(node, &place, false)
    }

    /// Whether a folder may go into another: nothing in it is open, and that is not in it.
    fn check_movable(&self, folder: NodeId, into: NodeId) -> FileResult<()> {
        let mut at = into;
        while !is_root(at) {
            if at == folder {
                return Err(FileError::SharingViolation);
            }
            at = self.nodes[at].parent;
        }
        let mut folders = vec![folder];
        while let Some(folder) = folders.pop() {
            for entry in self.folder(folder).expect("only folders are followed").entries.values() {
                match &self.nodes[*entry].body {
                    Body::Folder(_) => folders.push(*entry),
                    Body::File(_) if self.nodes[*entry].holds > 0 => {
                        return Err(FileError::SharingViolation);
                    }
                    Body::File(_) => {}
                }
            }
        }
        Ok(())
    }

    /// Moves a node to its new place, on the host first: that is what can fail.
    fn move_node(&mut self, node: NodeId, place: &Place, replaces: bool) -> FileResult<()> {
        if self.nodes[place.folder].is_read_only {
            return Err(FileError::AccessDenied);
        }
        let target = self.host_place(place)?;
        if let (Some(from), Some(to)) = (&self.nodes[node].through, &target) {
            let is_missing = self.folder(node).is_some_and(|folder| folder.is_missing);
            let is_same = place.existing == Some(node);
            if !is_missing {
                host::rename(from, to, replaces || is_same)?;
            }
        }
        let old = self.nodes[node].parent;
        let folded = name::fold(&self.nodes[node].name);
        self.folder_mut(old).entries.remove(&folded);
        self.nodes[node].name = place.name.clone();
        self.nodes[node].parent = place.folder;
        self.folder_mut(place.folder).entries.insert(name::fold(&place.name), node);
        self.touch(old);
        self.touch(place.folder);
        if let Some(target) = target {
            self.moved_on_host(node, target);
        }
        Ok(())
    }

    /// Tells a node, and what is known to be in it, where it is on the host now.
    fn moved_on_host(&mut self, node: NodeId, path: std::path::PathBuf) {
        let mut moved = vec![(node, path)];
        while let Some((id, path)) = moved.pop() {
            let old = self.nodes[id].through.replace(path.clone());
            match &mut self.nodes[id].body {
                Body::File(file) => file.content.moved(&path),
                Body::Folder(folder) => {
                    if folder.unlisted.is_some() {
                        folder.unlisted = Some(path.clone());
                    }
                    let entries: Vec<NodeId> = folder.entries.values().copied().collect();
                    for entry in entries {
                        let former = self.nodes[entry].through.as_ref();
                        let name = former.and_then(|former| former.strip_prefix(old.as_ref()?).ok());
                        if let Some(name) = name {
                            moved.push((entry, path.join(name)));
                        }
                    }
                }
            }
        }
    }

    /// Replaces a file by another, which loses its name, at once.
    ///
    /// # Errors
    /// As [`FileSystem::delete`] of the first and [`FileSystem::rename`] of the second.
    pub fn delete_and_rename(&mut self, target: &[u16], source: &[u16]) -> FileResult<()> {
        let from = self.find(&Path::parse(source)?)?;
        let to = self.find(&Path::parse(target)?)?;
        self.check_deletable(from)?;
        self.check_deletable(to)?;
        if from == to {
            return Err(FileError::SharingViolation);
        }
        let place =
            Place { folder: self.nodes[to].parent, name: self.nodes[to].name.clone(), existing: None };
        let is_through = self.nodes[to].through.is_some();
        if !is_through {
            self.take_out(to);
            return self.move_node(from, &place, true);
        }
        self.move_node(from, &place, true)?;
        // The host has replaced it already, and so has the folder.
        self.nodes[to].is_removed = true;
        self.drop_if_free(to);
        Ok(())
    }

    /// Copies a file, with its attributes and the time of its last change.
    ///
    /// # Errors
    /// [`FileError::FileExists`] if the target is there and is not to be replaced; those of opening both.
    pub fn copy(&mut self, from: &[u16], to: &[u16], fails_if_exists: bool) -> FileResult<()> {
        use crate::open::{Access, Disposition, OpenRequest, Share};
        let source = self.open(OpenRequest {
            name: from,
            access: Access { read: true, write: false },
            share: Share { read: true, write: false },
            disposition: Disposition::OpenExisting,
            attributes: 0,
            delete_on_close: false,
            write_through: false,
        })?;
        let information = self.information(source.id);
        let disposition = if fails_if_exists { Disposition::CreateNew } else { Disposition::CreateAlways };
        let target = information.and_then(|information| {
            let target = self.open(OpenRequest {
                name: to,
                access: Access { read: false, write: true },
                share: Share::default(),
                disposition,
                attributes: information.attributes,
                delete_on_close: false,
                write_through: false,
            })?;
            Ok((target, information))
        });
        let copied = match &target {
            Ok((target, information)) => self.copy_bytes(source.id, target.id, information),
            Err(error) => Err(*error),
        };
        self.close(source.id);
        if let Ok((target, _)) = target {
            self.close(target.id);
            if copied.is_err() {
                // Half a copy is none. It may have been made one that nobody may delete.
                let _ = self.set_attributes(to, 0).and_then(|()| self.delete(to));
            }
        }
        copied
    }

    fn copy_bytes(&mut self, source: u32, target: u32, information: &Information) -> FileResult<()> {
        let mut at = 0;
        while at < information.length {
            let bytes = self.read_at(source, at, STEP as u32)?;
            self.write_at(target, at, &bytes)?;
            at += bytes.len() as u64;
        }
        self.set_times(target, None, None, Some(information.times.written))
    }

    /// What is known of a file or folder.
    ///
    /// # Errors
    /// Those of the path.
    pub fn information_by_name(&mut self, name: &[u16]) -> FileResult<Information> {
        let node = self.find(&Path::parse(name)?)?;
        Ok(self.information_of(node))
    }

    /// Sets what a file or folder is said to be; what cannot be set stays.
    ///
    /// # Errors
    /// [`FileError::AccessDenied`] where nothing may be changed; those of the path.
    pub fn set_attributes(&mut self, name: &[u16], attributes: u32) -> FileResult<()> {
        let node = self.find(&Path::parse(name)?)?;
        if self.nodes[node].is_read_only || is_root(node) {
            return Err(FileError::AccessDenied);
        }
        self.nodes[node].attributes = attributes & attributes::SETTABLE;
        Ok(())
    }

    /// Reads a file as a whole, for whoever loads it, and gives the path as its folders spell it. It is read
    /// whoever has it open.
    ///
    /// # Errors
    /// [`FileError::NotSupported`] if it has more than `limit` bytes; those of the path.
    pub fn read_whole(&mut self, name: &[u16], limit: u64) -> FileResult<(Vec<u16>, Vec<u8>)> {
        let node = self.find(&Path::parse(name)?)?;
        let Some(file) = self.file(node) else { return Err(FileError::FileNotFound) };
        let length = file.content.length();
        if length > limit {
            return Err(FileError::NotSupported);
        }
        let mut bytes = vec![0; length as usize];
        self.write_back(node)?;
        let is_open = self.nodes[node].holds > 0;
        let (file, _) = self.file_mut(node);
        let read = file.content.read(0, &mut bytes);
        if !is_open {
            file.content.rest();
        }
        read?;
        Ok((self.path_of(node), bytes))
    }

    /// Whether there is a plain file of this name; its path as its folders spell it.
    pub fn find_file(&mut self, name: &[u16]) -> Option<Vec<u16>> {
        let node = self.find(&Path::parse(name).ok()?).ok()?;
        self.file(node).map(|_| self.path_of(node))
    }

    /// Lets guests read this as the standard input.
    pub fn set_console_input(&mut self, input: Box<dyn std::io::Read>) {
        self.console.set_input(input);
    }

    /// What guests have written to the console and nobody has fetched.
    pub fn take_console_output(&mut self) -> Vec<u8> {
        self.console.take_output()
    }
}

//! Open files: opening with access and sharing, reading, writing, positions, sizes, locks, mappings.

use crate::content::{MAXIMUM_FILE, MappedBytes, clusters};
use crate::locks::Range;
use crate::name::{self, Path};
use crate::node::{Body, FileBody, Mapped, NodeId, Times, attributes};
use crate::system::{FileSystem, MAXIMUM_OPEN, Place, ROOT};
use crate::{FileError, FileResult};

/// What an open may do.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Access {
    /// GENERIC_READ.
    pub read: bool,
    /// GENERIC_WRITE.
    pub write: bool,
}

/// What an open lets others do beside it.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Share {
    /// FILE_SHARE_READ.
    pub read: bool,
    /// FILE_SHARE_WRITE.
    pub write: bool,
}

/// What an open does with a file that is there, and with one that is not.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Disposition {
    /// CREATE_NEW: it must not be there.
    CreateNew,
    /// CREATE_ALWAYS: it is empty afterwards.
    CreateAlways,
    /// OPEN_EXISTING: it must be there.
    OpenExisting,
    /// OPEN_ALWAYS: it is made if it is not there.
    OpenAlways,
    /// TRUNCATE_EXISTING: it must be there, and is empty afterwards.
    TruncateExisting,
}

/// What CreateFile is asked for.
#[derive(Copy, Clone, Debug)]
pub struct OpenRequest<'a> {
    /// The path.
    pub name: &'a [u16],
    /// What the open may do.
    pub access: Access,
    /// What others may do.
    pub share: Share,
    /// What is to happen.
    pub disposition: Disposition,
    /// What a new file is said to be; see [`attributes`].
    pub attributes: u32,
    /// The file goes with its last open.
    pub delete_on_close: bool,
    /// Every write reaches the host's disk before it is done.
    pub write_through: bool,
}

/// What CreateFile came to.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Opened {
    /// The number of the open.
    pub id: u32,
    /// The file was there before.
    pub existed: bool,
}

/// From where a position is counted.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum SeekFrom {
    /// The beginning.
    Begin,
    /// The present position.
    Current,
    /// The end.
    End,
}

/// What is known of a file.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Information {
    /// FILE_ATTRIBUTE_*.
    pub attributes: u32,
    /// When it was made and used.
    pub times: Times,
    /// How many bytes it has; 0 for a folder.
    pub length: u64,
    /// A number that no other file has.
    pub index: u32,
}

/// An open file, or the console.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Open {
    /// The file; none for the console.
    pub(crate) node: Option<NodeId>,
    access: Access,
    share: Share,
    position: u64,
    delete_on_close: bool,
    write_through: bool,
}

/// The name by which the console is opened.
const CONSOLE: &str = "CON1:";

impl FileSystem {
    /// Opens or makes a file. The number is given back with [`FileSystem::close`].
    ///
    /// # Errors
    /// As CreateFile documents them.
    pub fn open(&mut self, request: OpenRequest<'_>) -> FileResult<Opened> {
        if self.opens.len() >= MAXIMUM_OPEN {
            return Err(FileError::TooManyOpenFiles);
        }
        if name::fold(request.name).iter().copied().eq(CONSOLE.encode_utf16()) {
            return Ok(Opened { id: self.open_console(request.access), existed: true });
        }
        let path = Path::parse(request.name)?;
        if path.parts.is_empty() {
            return Err(FileError::AccessDenied);
        }
        let place = self.locate(&path)?;
        let Some(node) = place.existing else { return self.open_new(request, &path, &place) };
        if request.disposition == Disposition::CreateNew {
            return Err(FileError::FileExists);
        }
        self.check_open(node, &request)?;
        self.file_mut(node).0.content.prepare()?;
        let truncates =
            matches!(request.disposition, Disposition::CreateAlways | Disposition::TruncateExisting);
        if truncates {
            self.set_length_of(node, 0)?;
            if request.disposition == Disposition::CreateAlways {
                self.nodes[node].attributes =
                    (request.attributes & attributes::SETTABLE) | attributes::ARCHIVE;
            }
        }
        Ok(Opened { id: self.new_open(node, &request), existed: true })
    }

    fn open_new(&mut self, request: OpenRequest<'_>, path: &Path, place: &Place) -> FileResult<Opened> {
        match request.disposition {
            Disposition::OpenExisting | Disposition::TruncateExisting => {
                return Err(if path.is_folder { FileError::PathNotFound } else { FileError::FileNotFound });
            }
            Disposition::CreateNew | Disposition::CreateAlways | Disposition::OpenAlways => {}
        }
        if path.is_folder {
            return Err(FileError::InvalidName);
        }
        let body = Body::File(Box::default());
        let node = self.make(place, body, request.attributes | attributes::ARCHIVE)?;
        Ok(Opened { id: self.new_open(node, &request), existed: false })
    }

    /// Whether a file that is there may be opened so: what it is, then who else has it open.
    fn check_open(&self, node: NodeId, request: &OpenRequest<'_>) -> FileResult<()> {
        let Some(file) = self.file(node) else { return Err(FileError::AccessDenied) };
        let changes = request.access.write
            || request.delete_on_close
            || !matches!(request.disposition, Disposition::OpenExisting | Disposition::OpenAlways);
        let is_read_only = self.nodes[node].attributes & attributes::READONLY != 0;
        if changes && (is_read_only || self.nodes[node].is_read_only) {
            return Err(FileError::AccessDenied);
        }
        // Deleting and emptying a file is a write to everybody who does not share it.
        let wanted = Access { write: changes, ..request.access };
        for other in &file.opens {
            let other = &self.opens[*other as usize];
            let is_refused =
                |access: Access, share: Share| (access.read && !share.read) || (access.write && !share.write);
            if is_refused(wanted, other.share) || is_refused(other.access, request.share) {
                return Err(FileError::SharingViolation);
            }
        }
        Ok(())
    }

    fn new_open(&mut self, node: NodeId, request: &OpenRequest<'_>) -> u32 {
        let id = self.opens.insert(Open {
            node: Some(node),
            access: request.access,
            share: request.share,
            position: 0,
            delete_on_close: request.delete_on_close,
            write_through: request.write_through,
        }) as u32;
        self.nodes[node].holds += 1;
        self.file_mut(node).0.opens.push(id);
        id
    }

    fn open_console(&mut self, access: Access) -> u32 {
        let share = Share { read: true, write: true };
        let open =
            Open { node: None, access, share, position: 0, delete_on_close: false, write_through: false };
        self.opens.insert(open) as u32
    }

    /// Closes an open: its locks go, and with the last one a file that was to be deleted.
    pub fn close(&mut self, id: u32) {
        let open = self.opens.remove(id as usize);
        let Some(node) = open.node else { return };
        let (file, _) = self.file_mut(node);
        file.opens.retain(|other| *other != id);
        file.locks.close(id);
        let is_last = file.opens.is_empty();
        if open.delete_on_close {
            if is_last && !self.nodes[node].is_removed {
                if let Err(error) = self.remove_node(node) {
                    log::warn!(target: "files", "a file stays that was to go with its last open: {error}");
                }
            } else {
                // The last one deletes it, whichever that is.
                self.pass_on_deletion(node);
            }
        }
        if is_last && let Some(Body::File(file)) = self.nodes.get_mut(node).map(|node| &mut node.body) {
            file.content.rest();
        }
        self.release(node);
    }

    fn pass_on_deletion(&mut self, node: NodeId) {
        let other = self.file(node).and_then(|file| file.opens.first().copied());
        if let Some(other) = other {
            self.opens[other as usize].delete_on_close = true;
        }
    }

    /// The file behind an open; the console is none.
    fn node_of(&self, id: u32) -> FileResult<NodeId> {
        self.opens[id as usize].node.ok_or(FileError::NotSupported)
    }

    /// What an open may do.
    pub fn access(&self, id: u32) -> Access {
        self.opens[id as usize].access
    }

    /// Whether an open is the console's.
    pub fn is_console(&self, id: u32) -> bool {
        self.opens[id as usize].node.is_none()
    }

    /// Reads from the position on, at most so many bytes, and moves it; fewer only at the end of the file.
    /// From the console a line at most.
    ///
    /// # Errors
    /// [`FileError::AccessDenied`], [`FileError::LockViolation`], [`FileError::Device`].
    pub fn read(&mut self, id: u32, size: u32) -> FileResult<Vec<u8>> {
        let open = self.opens[id as usize];
        if !open.access.read {
            return Err(FileError::AccessDenied);
        }
        if open.node.is_none() {
            return self.console.read(size);
        }
        let bytes = self.read_at(id, open.position, size)?;
        self.opens[id as usize].position += bytes.len() as u64;
        Ok(bytes)
    }

    /// Reads at a place, and leaves the position where it is.
    ///
    /// # Errors
    /// As [`FileSystem::read`]; [`FileError::NotSupported`] for the console.
    pub fn read_at(&mut self, id: u32, offset: u64, size: u32) -> FileResult<Vec<u8>> {
        if !self.opens[id as usize].access.read {
            return Err(FileError::AccessDenied);
        }
        let node = self.node_of(id)?;
        let now = self.now;
        let (file, _) = self.file_mut(node);
        let count = file.content.length().saturating_sub(offset).min(u64::from(size));
        if !file.locks.allows_read(id, Range { offset, length: count }) {
            return Err(FileError::LockViolation);
        }
        let mut bytes = vec![0; count as usize];
        if count > 0 {
            read_body(file, offset, &mut bytes)?;
            self.nodes[node].times.accessed = now;
        }
        Ok(bytes)
    }

    /// Writes at the position, and moves it; all of it or nothing. What is written to the console waits for
    /// [`FileSystem::take_console_output`].
    ///
    /// # Errors
    /// [`FileError::AccessDenied`], [`FileError::LockViolation`], [`FileError::DiskFull`],
    /// [`FileError::Device`].
    pub fn write(&mut self, id: u32, bytes: &[u8]) -> FileResult<()> {
        let open = self.opens[id as usize];
        if !open.access.write {
            return Err(FileError::AccessDenied);
        }
        if open.node.is_none() {
            self.console.write(bytes);
            return Ok(());
        }
        self.write_at(id, open.position, bytes)?;
        self.opens[id as usize].position += bytes.len() as u64;
        Ok(())
    }

    /// Writes at a place, and leaves the position where it is.
    ///
    /// # Errors
    /// As [`FileSystem::write`]; [`FileError::NotSupported`] for the console.
    pub fn write_at(&mut self, id: u32, offset: u64, bytes: &[u8]) -> FileResult<()> {
        let open = self.opens[id as usize];
        if !open.access.write {
            return Err(FileError::AccessDenied);
        }
        let node = self.node_of(id)?;
        let (file, budget) = self.file_mut(node);
        if !file.locks.allows_write(id, Range { offset, length: bytes.len() as u64 }) {
            return Err(FileError::LockViolation);
        }
        let mapped = file.mapped.as_ref().map_or(0, |mapped| u64::from(mapped.size));
        let inside = mapped.saturating_sub(offset).min(bytes.len() as u64) as usize;
        // What views may change was set aside and is kept by the map; without such views it goes to the file as
        // well, and there it counts. This can fail, so it comes first.
        let is_kept = file.mapped.as_ref().is_some_and(|mapped| mapped.is_writable);
        let kept = if is_kept { inside } else { 0 };
        file.content.write(offset + kept as u64, &bytes[kept..], budget)?;
        if let Some(mapped) = file.mapped.as_ref().filter(|_| inside > 0) {
            mapped.bytes.write(offset as u32, &bytes[..inside]);
        }
        if open.write_through {
            self.flush(id)?;
        }
        self.nodes[node].attributes |= attributes::ARCHIVE;
        self.touch(node);
        Ok(())
    }

    /// Moves the position and returns it. It may lie beyond the end.
    ///
    /// # Errors
    /// [`FileError::NegativeSeek`]; [`FileError::NotSupported`] for the console.
    pub fn seek(&mut self, id: u32, from: SeekFrom, distance: i64) -> FileResult<u64> {
        let node = self.node_of(id)?;
        let start = match from {
            SeekFrom::Begin => 0,
            SeekFrom::Current => self.opens[id as usize].position,
            SeekFrom::End => self.file(node).expect("an open is a file's").content.length(),
        };
        let position = start.checked_add_signed(distance).filter(|position| *position <= i64::MAX as u64);
        let position = position.ok_or(FileError::NegativeSeek)?;
        self.opens[id as usize].position = position;
        Ok(position)
    }

    /// Where an open reads and writes next.
    pub fn position(&self, id: u32) -> u64 {
        self.opens[id as usize].position
    }

    /// How many bytes the file has.
    ///
    /// # Errors
    /// [`FileError::NotSupported`] for the console.
    pub fn size(&self, id: u32) -> FileResult<u64> {
        let node = self.node_of(id)?;
        Ok(self.file(node).expect("an open is a file's").content.length())
    }

    /// Makes the file end at the position.
    ///
    /// # Errors
    /// [`FileError::AccessDenied`], [`FileError::DiskFull`], [`FileError::Mapped`].
    pub fn set_end(&mut self, id: u32) -> FileResult<()> {
        let open = self.opens[id as usize];
        if !open.access.write {
            return Err(FileError::AccessDenied);
        }
        let node = self.node_of(id)?;
        self.set_length_of(node, open.position)
    }

    fn set_length_of(&mut self, node: NodeId, length: u64) -> FileResult<()> {
        let (file, budget) = self.file_mut(node);
        if file.mapped.as_ref().is_some_and(|mapped| length < u64::from(mapped.size)) {
            return Err(FileError::Mapped);
        }
        if file.content.length() != length {
            file.content.set_length(length, budget)?;
            self.touch(node);
        }
        Ok(())
    }

    /// Brings what was written to where it outlives a crash: with a writable root, the host's disk.
    ///
    /// # Errors
    /// [`FileError::AccessDenied`] without the right to write; [`FileError::Device`].
    pub fn flush(&mut self, id: u32) -> FileResult<()> {
        if !self.opens[id as usize].access.write {
            return Err(FileError::AccessDenied);
        }
        if self.is_console(id) {
            return Ok(());
        }
        let node = self.node_of(id)?;
        self.write_back(node)?;
        self.file_mut(node).0.content.flush()
    }

    /// What is known of the file.
    ///
    /// # Errors
    /// [`FileError::NotSupported`] for the console.
    pub fn information(&self, id: u32) -> FileResult<Information> {
        Ok(self.information_of(self.node_of(id)?))
    }

    pub(crate) fn information_of(&self, id: NodeId) -> Information {
        let node = &self.nodes[id];
        let (kind, length) = match &node.body {
            Body::Folder(_) => (attributes::DIRECTORY, 0),
            Body::File(file) => (0, file.content.length()),
        };
        let attributes = match node.attributes | kind {
            0 => attributes::NORMAL,
            attributes => attributes,
        };
        Information { attributes, times: node.times, length, index: id as u32 + 1 }
    }

    /// Sets the file's times; none stays as it is.
    ///
    /// # Errors
    /// [`FileError::AccessDenied`] without the right to write; [`FileError::NotSupported`] for the console.
    pub fn set_times(
        &mut self,
        id: u32,
        created: Option<u64>,
        accessed: Option<u64>,
        written: Option<u64>,
    ) -> FileResult<()> {
        if !self.opens[id as usize].access.write {
            return Err(FileError::AccessDenied);
        }
        let node = self.node_of(id)?;
        let times = &mut self.nodes[node].times;
        times.created = created.unwrap_or(times.created);
        times.accessed = accessed.unwrap_or(times.accessed);
        times.written = written.unwrap_or(times.written);
        Ok(())
    }

    /// Locks a range, if no lock is in its way; says whether it did.
    ///
    /// # Errors
    /// [`FileError::InvalidParameter`] for a range that passes 2^64, or when the file has too many locks;
    /// [`FileError::NotSupported`] for the console.
    pub fn lock(&mut self, id: u32, range: Range, is_exclusive: bool) -> FileResult<bool> {
        let node = self.node_of(id)?;
        let (file, _) = self.file_mut(node);
        if range.offset.checked_add(range.length).is_none() || file.locks.is_full() {
            return Err(FileError::InvalidParameter);
        }
        let can = file.locks.can_lock(range, is_exclusive);
        if can {
            file.locks.lock(id, range, is_exclusive);
        }
        Ok(can)
    }

    /// Takes a lock back.
    ///
    /// # Errors
    /// [`FileError::NotLocked`] unless the open has locked exactly this range.
    pub fn unlock(&mut self, id: u32, range: Range) -> FileResult<()> {
        let node = self.node_of(id)?;
        if self.file_mut(node).0.locks.unlock(id, range) { Ok(()) } else { Err(FileError::NotLocked) }
    }

    /// Makes the file at least so long, for a mapping of it; how long it is then.
    ///
    /// # Errors
    /// [`FileError::AccessDenied`] if it must grow and may not be written; [`FileError::DiskFull`].
    pub fn extend(&mut self, id: u32, length: u64) -> FileResult<u64> {
        let node = self.node_of(id)?;
        let present = self.size(id)?;
        if length > present {
            if !self.opens[id as usize].access.write {
                return Err(FileError::AccessDenied);
            }
            if length > MAXIMUM_FILE {
                return Err(FileError::DiskFull);
            }
            self.set_length_of(node, length)?;
        }
        Ok(length.max(present))
    }

    /// A file that is held for a mapping, and how much of it is mapped already. The hold is given back with
    /// [`FileSystem::release_mapping`]: the file stays open as long as it is mapped (ms892373).
    ///
    /// # Errors
    /// [`FileError::NotSupported`] for the console.
    pub fn hold_for_mapping(&mut self, id: u32) -> FileResult<MappedFile> {
        let node = self.node_of(id)?;
        self.nodes[node].holds += 1;
        let size = self.file(node).and_then(|file| file.mapped.as_ref()).map(|mapped| mapped.size);
        Ok(MappedFile { node: node as u32, mapped: size })
    }

    /// From now on the first bytes of a held file are those of a mapping; they are copied there. Room is
    /// set aside for what writable views may change, so that it is never lost.
    ///
    /// # Errors
    /// [`FileError::DiskFull`], [`FileError::Device`]; then the file is as it was.
    pub fn map(
        &mut self,
        node: u32,
        bytes: Box<dyn MappedBytes>,
        size: u32,
        is_writable: bool,
    ) -> FileResult<()> {
        const STEP: u64 = 1 << 16;
        let node = node as NodeId;
        let (file, budget) = self.file_mut(node);
        assert!(file.mapped.is_none(), "a file has one mapping, which all share");
        let mut buffer = vec![0; STEP as usize];
        let mut at = 0;
        while at < u64::from(size) {
            let count = STEP.min(u64::from(size) - at) as usize;
            read_body(file, at, &mut buffer[..count])?;
            // Memory that is 0 already need not be touched.
            if buffer[..count].iter().any(|byte| *byte != 0) {
                bytes.write(at as u32, &buffer[..count]);
            }
            at += count as u64;
        }
        let reserved = if is_writable { file.content.cost_of_changing(size.into()) } else { 0 };
        budget.take(reserved)?;
        file.mapped = Some(Mapped { bytes, size, reserved, is_writable });
        Ok(())
    }

    /// Lets a mapping that was made to be read be written too.
    ///
    /// # Errors
    /// [`FileError::DiskFull`].
    pub fn make_mapping_writable(&mut self, node: u32) -> FileResult<()> {
        let (file, budget) = self.file_mut(node as NodeId);
        let Some(mapped) = file.mapped.as_mut().filter(|mapped| !mapped.is_writable) else { return Ok(()) };
        let reserved = file.content.cost_of_changing(mapped.size.into());
        budget.take(reserved)?;
        mapped.reserved = reserved;
        mapped.is_writable = true;
        Ok(())
    }

    /// Writes what views have changed to the file, and brings it to where it outlives a crash.
    ///
    /// # Errors
    /// [`FileError::Device`].
    pub fn flush_mapping(&mut self, node: u32) -> FileResult<()> {
        self.write_back(node as NodeId)?;
        self.file_mut(node as NodeId).0.content.flush()
    }

    /// Ends the mapping of a file: what views have changed is in the file from now on.
    pub fn unmap(&mut self, node: u32) {
        let node = node as NodeId;
        if let Err(error) = self.write_back(node) {
            log::error!(target: "files", "what a view has changed could not be kept: {error}");
        }
        let (file, budget) = self.file_mut(node);
        if let Some(mapped) = file.mapped.take() {
            budget.give_back(mapped.reserved);
        }
    }

    /// Gives a hold for a mapping back.
    pub fn release_mapping(&mut self, node: u32) {
        let node = node as NodeId;
        if self.file(node).is_some_and(|file| file.opens.is_empty() && file.mapped.is_none()) {
            self.file_mut(node).0.content.rest();
        }
        self.release(node);
    }

    /// Brings what views have changed into the file's own bytes.
    pub(crate) fn write_back(&mut self, node: NodeId) -> FileResult<()> {
        let (file, budget) = self.file_mut(node);
        let Some(mapped) = file.mapped.take() else { return Ok(()) };
        // What was set aside is used now, and what is still to be changed is set aside anew.
        budget.give_back(mapped.reserved);
        let FileBody { content, .. } = file;
        let written = write_changes(content, &mapped, budget);
        let reserved = if mapped.is_writable { content.cost_of_changing(mapped.size.into()) } else { 0 };
        budget.take(reserved).expect("it is what is left of what was set aside");
        file.mapped = Some(Mapped { reserved, ..mapped });
        let has_changed = written?;
        if has_changed {
            self.touch(node);
        }
        Ok(())
    }
}

/// A file that is held for a mapping.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct MappedFile {
    /// The file's number.
    pub node: u32,
    /// How many of its first bytes are mapped already; none if it is not mapped.
    pub mapped: Option<u32>,
}

/// Reads what views would see.
fn read_body(file: &mut FileBody, offset: u64, into: &mut [u8]) -> FileResult<()> {
    let mapped = file.mapped.as_ref().map_or(0, |mapped| u64::from(mapped.size));
    let inside = mapped.saturating_sub(offset).min(into.len() as u64) as usize;
    let (first, rest) = into.split_at_mut(inside);
    if !rest.is_empty() {
        file.content.read(offset + inside as u64, rest)?;
    }
    if let Some(mapped) = file.mapped.as_ref().filter(|_| !first.is_empty()) {
        mapped.bytes.read(offset as u32, first);
    }
    Ok(())
}

/// Writes the pages of a mapping that differ from the file's own.
fn write_changes(
    content: &mut crate::content::Content,
    mapped: &Mapped,
    budget: &mut crate::content::Budget,
) -> FileResult<bool> {
    let cluster = crate::content::CLUSTER;
    let (mut seen, mut kept) = (vec![0; cluster as usize], vec![0; cluster as usize]);
    let mut has_changed = false;
    for page in 0..clusters(mapped.size.into()) {
        let offset = page * cluster;
        let count = cluster.min(u64::from(mapped.size) - offset) as usize;
        mapped.bytes.read(offset as u32, &mut seen[..count]);
        content.read(offset, &mut kept[..count])?;
        if seen[..count] != kept[..count] {
            content.write(offset, &seen[..count], budget)?;
            has_changed = true;
        }
    }
    Ok(has_changed)
}

/// The node that nobody may open or remove: for messages of our own.
pub(crate) const fn is_root(node: NodeId) -> bool {
    node == ROOT
}

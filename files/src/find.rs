//! Find handles: the entries of a folder that match a pattern, one by one, in the order of their names.

use std::ops::Bound;

use crate::name::{self, Path};
use crate::node::NodeId;
use crate::open::Information;
use crate::system::{FileSystem, MAXIMUM_OPEN};
use crate::{FileError, FileResult};

/// A search that is under way.
pub(crate) struct Find {
    folder: NodeId,
    /// Without case.
    pattern: Vec<u16>,
    /// The name without case of the entry that was given last.
    last: Vec<u16>,
}

/// An entry that a search found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// Its name, without a path.
    pub name: Vec<u16>,
    /// What is known of it.
    pub information: Information,
}

impl FileSystem {
    /// Begins a search and gives the first entry. There is no `.` and no `..` on CE. Its number is given back
    /// with [`FileSystem::close_find`].
    ///
    /// # Errors
    /// [`FileError::FileNotFound`] if nothing matches; [`FileError::PathNotFound`].
    pub fn find_first(&mut self, pattern: &[u16]) -> FileResult<(u32, Found)> {
        if self.finds.len() >= MAXIMUM_OPEN {
            return Err(FileError::TooManyOpenFiles);
        }
        let path = Path::parse_pattern(pattern)?;
        let (Some((last, folders)), false) = (path.parts.split_last(), path.is_folder) else {
            return Err(FileError::FileNotFound);
        };
        let folder = self.find(&Path { parts: folders.to_vec(), is_folder: true }).map_err(|error| {
            if error == FileError::FileNotFound { FileError::PathNotFound } else { error }
        })?;
        self.list(folder)?;
        let find = Find { folder, pattern: name::fold(last), last: Vec::new() };
        let Some((folded, found)) = self.next_match(&find) else { return Err(FileError::FileNotFound) };
        self.nodes[folder].holds += 1;
        Ok((self.finds.insert(Find { last: folded, ..find }) as u32, found))
    }

    /// Gives the next entry. What was made or removed meanwhile is seen as it is now.
    ///
    /// # Errors
    /// [`FileError::NoMoreFiles`].
    pub fn find_next(&mut self, id: u32) -> FileResult<Found> {
        let (folded, found) = self.next_match(&self.finds[id as usize]).ok_or(FileError::NoMoreFiles)?;
        self.finds[id as usize].last = folded;
        Ok(found)
    }

    /// Ends a search.
    pub fn close_find(&mut self, id: u32) {
        let find = self.finds.remove(id as usize);
        self.release(find.folder);
    }

    fn next_match(&self, find: &Find) -> Option<(Vec<u16>, Found)> {
        let entries = &self.folder(find.folder)?.entries;
        let rest = (Bound::Excluded(find.last.as_slice()), Bound::Unbounded);
        let (folded, node) =
            entries.range::<[u16], _>(rest).find(|(folded, _)| name::matches(folded, &find.pattern))?;
        let found = Found { name: self.nodes[*node].name.clone(), information: self.information_of(*node) };
        Some((folded.clone(), found))
    }
}

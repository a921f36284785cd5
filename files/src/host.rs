//! The only place where the host's files are touched.
//!
//! A path that comes here is a folder that the user gave, and below it only names that were found in the
//! folders' listings or made by the guest as valid single names: never a path of the guest's. Links are
//! not followed: what is not a plain file or a plain folder is not there. Whoever exchanges a folder for a
//! link while the guest runs is out of scope: the guest itself cannot make links.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::{FileError, FileResult};

/// What the guest can see of an entry of a folder.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Its name.
    pub(crate) name: String,
    /// How many bytes it has; none if it is a folder.
    pub(crate) length: Option<u64>,
}

/// The plain files and folders in a folder, in the order of their names.
pub(crate) fn list(folder: &Path) -> FileResult<Vec<Entry>> {
    if !fs::symlink_metadata(folder)?.is_dir() {
        return Err(FileError::PathNotFound);
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // A name that is not Unicode cannot be said by a guest.
        let Ok(name) = entry.file_name().into_string() else { continue };
        // Of the entry itself: a link is neither a file nor a folder.
        let Ok(metadata) = entry.metadata() else { continue };
        if metadata.is_dir() {
            found.push(Entry { name, length: None });
        } else if metadata.is_file() {
            found.push(Entry { name, length: Some(metadata.len()) });
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// Opens a plain file.
pub(crate) fn open(path: &Path, to_write: bool) -> FileResult<File> {
    require_file(path)?;
    Ok(OpenOptions::new().read(true).write(to_write).open(path)?)
}

fn require_file(path: &Path) -> FileResult<()> {
    if fs::symlink_metadata(path)?.is_file() { Ok(()) } else { Err(FileError::AccessDenied) }
}

fn require_folder(path: &Path) -> FileResult<()> {
    if fs::symlink_metadata(path)?.is_dir() { Ok(()) } else { Err(FileError::AccessDenied) }
}

/// Makes an empty file where nothing is, not even a link.
pub(crate) fn create(path: &Path) -> FileResult<()> {
    OpenOptions::new().write(true).create_new(true).open(path)?;
    Ok(())
}

/// Makes a folder where nothing is.
pub(crate) fn create_folder(path: &Path) -> FileResult<()> {
    Ok(fs::create_dir(path)?)
}

/// Removes a plain file.
pub(crate) fn remove(path: &Path) -> FileResult<()> {
    require_file(path)?;
    Ok(fs::remove_file(path)?)
}

/// Removes an empty folder.
pub(crate) fn remove_folder(path: &Path) -> FileResult<()> {
    require_folder(path)?;
    Ok(fs::remove_dir(path)?)
}

/// Gives a file or folder another name, at once; `replaces` says whether the target may be there. A name
/// that differs only by case may be.
pub(crate) fn rename(from: &Path, to: &Path, replaces: bool) -> FileResult<()> {
    fs::symlink_metadata(from)?;
    if !replaces && fs::symlink_metadata(to).is_ok() {
        return Err(FileError::AlreadyExists);
    }
    Ok(fs::rename(from, to)?)
}

/// Reads at a place; what the host's file no longer has reads as 0.
pub(crate) fn read_at(file: &mut File, offset: u64, into: &mut [u8]) -> FileResult<()> {
    file.seek(SeekFrom::Start(offset))?;
    let mut filled = 0;
    while filled < into.len() {
        match file.read(&mut into[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    into[filled..].fill(0);
    Ok(())
}

pub(crate) fn write_at(file: &mut File, offset: u64, bytes: &[u8]) -> FileResult<()> {
    file.seek(SeekFrom::Start(offset))?;
    Ok(file.write_all(bytes)?)
}

pub(crate) fn set_length(file: &mut File, length: u64) -> FileResult<()> {
    Ok(file.set_len(length)?)
}

pub(crate) fn sync(file: &mut File) -> FileResult<()> {
    Ok(file.sync_all()?)
}

//! What a file function can fail with.

use std::fmt;
use std::io;

/// Why a function of the file system failed. Whoever talks to guests gives it its number.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum FileError {
    /// There is no file of this name.
    FileNotFound,
    /// A folder on the way to the file is not there.
    PathNotFound,
    /// The open does not have the right, or the file may not be changed.
    AccessDenied,
    /// Another open keeps this one out.
    SharingViolation,
    /// Another open has locked a part of the range.
    LockViolation,
    /// The range is not locked, or not by this open.
    NotLocked,
    /// A file of this name is there already.
    FileExists,
    /// The target of a move or a new folder is there already.
    AlreadyExists,
    /// The folder has entries.
    DirectoryNotEmpty,
    /// It is no folder.
    NotDirectory,
    /// The name has characters that no name may have.
    InvalidName,
    /// The name or the path is too long.
    NameTooLong,
    /// The name is a network's, and there is none.
    NoNetwork,
    /// The name is a device's, and there is none.
    NoDevice,
    /// There is no room left on the disk.
    DiskFull,
    /// There are more open files than the system has room for.
    TooManyOpenFiles,
    /// A position before the beginning.
    NegativeSeek,
    /// There is no further entry.
    NoMoreFiles,
    /// The file is mapped, and cannot be made shorter than what is mapped.
    Mapped,
    /// An argument makes no sense.
    InvalidParameter,
    /// It is no such thing as can do this: a console asked for its size.
    NotSupported,
    /// The host failed to read or write.
    Device,
}

/// What a function of the file system comes to.
pub type FileResult<T> = Result<T, FileError>;

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FileError::FileNotFound => "there is no such file",
            FileError::PathNotFound => "there is no such folder",
            FileError::AccessDenied => "access is denied",
            FileError::SharingViolation => "it is in use",
            FileError::LockViolation => "a part of it is locked",
            FileError::NotLocked => "it is not locked",
            FileError::FileExists | FileError::AlreadyExists => "it is there already",
            FileError::DirectoryNotEmpty => "the folder is not empty",
            FileError::NotDirectory => "it is no folder",
            FileError::InvalidName => "no file can have this name",
            FileError::NameTooLong => "the name is too long",
            FileError::NoNetwork => "there is no network",
            FileError::NoDevice => "there is no such device",
            FileError::DiskFull => "the disk is full",
            FileError::TooManyOpenFiles => "too many files are open",
            FileError::NegativeSeek => "a position before the beginning",
            FileError::NoMoreFiles => "there are no more files",
            FileError::Mapped => "it is mapped",
            FileError::InvalidParameter => "an argument is wrong",
            FileError::NotSupported => "it is not supported",
            FileError::Device => "the host could not read or write",
        })
    }
}

impl std::error::Error for FileError {}

impl From<io::Error> for FileError {
    /// The host's trouble as the guest sees it. Its words go to the log and nowhere else.
    fn from(error: io::Error) -> Self {
        log::info!(target: "files", "the host says: {error}");
        match error.kind() {
            io::ErrorKind::NotFound => FileError::FileNotFound,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => FileError::AccessDenied,
            io::ErrorKind::AlreadyExists => FileError::AlreadyExists,
            io::ErrorKind::DirectoryNotEmpty => FileError::DirectoryNotEmpty,
            io::ErrorKind::InvalidFilename => FileError::NameTooLong,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                FileError::DiskFull
            }
            _ => FileError::Device,
        }
    }
}

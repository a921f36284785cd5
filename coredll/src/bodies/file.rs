//! Open files: CreateFile and what is done with its handle.

use cerium_files::{Access, Disposition, FileError, OpenRequest, Range, SeekFrom, Share};
use cerium_handle::{Handle, ObjectId};
use cerium_kernel::{CeResult, OpenFile, Win32Error};
use cerium_process::LockRequest;

use super::check;
use crate::file_types::{FileData, FileHandle, FileInformation, InOut, Locked, MaybeTime, Overlapped};
use crate::{Bool, ByteBuffer, Bytes, Data, Dword, HostCx, Ignored, In, Out, Outcome, Outs, Text};

const GENERIC_READ: u32 = 0x8000_0000;
const GENERIC_WRITE: u32 = 0x4000_0000;
const GENERIC_EXECUTE: u32 = 0x2000_0000;
const GENERIC_ALL: u32 = 0x1000_0000;
const FILE_READ_DATA: u32 = 1;
const FILE_WRITE_DATA: u32 = 2;
const FILE_SHARE_READ: u32 = 1;
const FILE_SHARE_WRITE: u32 = 2;
const FILE_SHARE_DELETE: u32 = 4;
const FILE_FLAG_WRITE_THROUGH: u32 = 0x8000_0000;
const FILE_FLAG_DELETE_ON_CLOSE: u32 = 0x0400_0000;
const LOCKFILE_FAIL_IMMEDIATELY: u32 = 1;
const LOCKFILE_EXCLUSIVE_LOCK: u32 = 2;

/// The most that one call reads or writes. Our choice: more than a device of the time had memory; above it
/// the call fails (ERROR_NO_SYSTEM_RESOURCES), so that no guest takes a short read for the end of the file.
const LARGEST_TRANSFER: u64 = 64 << 20;

/// The code by which a guest knows a file error.
pub(crate) fn win32(error: FileError) -> Win32Error {
    match error {
        FileError::FileNotFound => Win32Error::FILE_NOT_FOUND,
        FileError::PathNotFound => Win32Error::PATH_NOT_FOUND,
        FileError::AccessDenied => Win32Error::ACCESS_DENIED,
        FileError::SharingViolation => Win32Error::SHARING_VIOLATION,
        FileError::LockViolation => Win32Error::LOCK_VIOLATION,
        FileError::NotLocked => Win32Error::NOT_LOCKED,
        FileError::FileExists => Win32Error::FILE_EXISTS,
        FileError::AlreadyExists => Win32Error::ALREADY_EXISTS,
        FileError::DirectoryNotEmpty => Win32Error::DIR_NOT_EMPTY,
        FileError::NotDirectory => Win32Error::DIRECTORY,
        FileError::InvalidName => Win32Error::INVALID_NAME,
        FileError::NameTooLong => Win32Error::FILENAME_EXCED_RANGE,
        FileError::NoNetwork => Win32Error::BAD_NETPATH,
        FileError::NoDevice => Win32Error::DEV_NOT_EXIST,
        FileError::DiskFull => Win32Error::DISK_FULL,
        FileError::TooManyOpenFiles => Win32Error::TOO_MANY_OPEN_FILES,
        FileError::NegativeSeek => Win32Error::NEGATIVE_SEEK,
        FileError::NoMoreFiles => Win32Error::NO_MORE_FILES,
        FileError::Mapped => Win32Error::USER_MAPPED_FILE,
        FileError::InvalidParameter => Win32Error::INVALID_PARAMETER,
        FileError::NotSupported => Win32Error::NOT_SUPPORTED,
        FileError::Device => Win32Error::GEN_FAILURE,
    }
}

/// Leaves a body with the code of a file function that failed.
macro_rules! check_file {
    ($result:expr) => {
        match $result {
            Ok(value) => value,
            Err(error) => return crate::Outcome::Fail(crate::bodies::file::win32(error)),
        }
    };
}

pub(crate) use check_file;

impl HostCx<'_> {
    /// The file system, told what time it is.
    pub(crate) fn files(&mut self) -> &mut cerium_files::FileSystem {
        let now = self.kernel.system_time().0;
        let files = self.host.files();
        files.set_now(now);
        files
    }

    /// The open behind a handle: its object and its number.
    pub(crate) fn open_file(&self, handle: Handle) -> CeResult<(ObjectId, u32)> {
        let id = self.kernel.lookup_as::<OpenFile>(self.thread, handle)?;
        Ok((id, self.kernel.get::<OpenFile>(id).open))
    }

    /// Grants what locks can be granted now: somebody has let one go.
    pub(crate) fn grant_locks(&mut self) {
        crate::grant_file_locks(self.kernel, self.host.files());
    }
}

/// What the access of CreateFile comes to.
fn access_of(desired: u32) -> Access {
    Access {
        read: desired & (GENERIC_READ | GENERIC_ALL | GENERIC_EXECUTE | FILE_READ_DATA) != 0,
        write: desired & (GENERIC_WRITE | GENERIC_ALL | FILE_WRITE_DATA) != 0,
    }
}

fn disposition_of(number: u32) -> CeResult<Disposition> {
    match number {
        1 => Ok(Disposition::CreateNew),
        2 => Ok(Disposition::CreateAlways),
        3 => Ok(Disposition::OpenExisting),
        4 => Ok(Disposition::OpenAlways),
        5 => Ok(Disposition::TruncateExisting),
        _ => Err(Win32Error::INVALID_PARAMETER),
    }
}

#[allow(clippy::too_many_arguments, reason = "CE's parameters")]
pub(crate) fn create(
    cx: &mut HostCx<'_>,
    name: Text,
    access: u32,
    share: u32,
    _: Ignored,
    disposition: u32,
    flags: u32,
    _: Ignored,
) -> Outcome<FileHandle> {
    open(cx, name, access, share, disposition, flags, false)
}

/// CreateFileForMapping opens a file so that nobody can write it beside the map; the map owns the handle
/// (ee483004).
#[allow(clippy::too_many_arguments, reason = "CE's parameters")]
pub(crate) fn create_for_mapping(
    cx: &mut HostCx<'_>,
    name: Text,
    access: u32,
    share: u32,
    _: Ignored,
    disposition: u32,
    flags: u32,
    _: Ignored,
) -> Outcome<FileHandle> {
    open(cx, name, access, share, disposition, flags, true)
}

fn open(
    cx: &mut HostCx<'_>,
    name: Text,
    access: u32,
    share: u32,
    disposition: u32,
    flags: u32,
    for_mapping: bool,
) -> Outcome<FileHandle> {
    if share & !(FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE) != 0 {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    }
    let disposition = check!(disposition_of(disposition));
    let access = access_of(access);
    // What is to be emptied must be writable.
    if disposition == Disposition::TruncateExisting && !access.write {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    }
    let name = check!(name.required());
    check!(cx.kernel.check_room_for_handle(cx.thread));
    let opened = check_file!(cx.files().open(OpenRequest {
        name: &name,
        access,
        share: Share { read: share & FILE_SHARE_READ != 0, write: share & FILE_SHARE_WRITE != 0 },
        disposition,
        attributes: flags,
        delete_on_close: flags & FILE_FLAG_DELETE_ON_CLOSE != 0,
        write_through: flags & FILE_FLAG_WRITE_THROUGH != 0,
    }));

    let handle = cx.kernel.create_unnamed(cx.thread, OpenFile { open: opened.id, for_mapping });
    // The two that make a file or take the one that is there say which they did.
    let tells = matches!(disposition, Disposition::CreateAlways | Disposition::OpenAlways);
    let error = if tells && opened.existed { Win32Error::ALREADY_EXISTS } else { Win32Error::SUCCESS };
    cx.kernel.set_last_error(cx.thread, error);
    Outcome::Return(FileHandle(handle))
}

pub(crate) fn read(
    cx: &mut HostCx<'_>,
    file: Handle,
    buffer: ByteBuffer,
    count: Out<u32>,
    _: Ignored,
) -> Outcome<(Bool, Data, u32)> {
    let (_, open) = check!(cx.open_file(file));
    check!(check_buffer(buffer));
    check!(count.check_required());
    let position = cx.host.files().position(open);
    check!(check_transfer(cx, open, position, buffer.size));
    let bytes = check_file!(cx.files().read(open, buffer.size));
    let count = bytes.len() as u32;
    Outcome::Return((Bool(true), Data(bytes.into()), count))
}

pub(crate) fn read_with_seek(
    cx: &mut HostCx<'_>,
    file: Handle,
    buffer: ByteBuffer,
    count: Out<u32>,
    _: Ignored,
    low: u32,
    high: u32,
) -> Outcome<(Bool, Data, u32)> {
    let (_, open) = check!(cx.open_file(file));
    check!(check_buffer(buffer));
    check!(count.check_required());
    let offset = u64::from(high) << 32 | u64::from(low);
    check!(check_transfer(cx, open, offset, buffer.size));
    let bytes = check_file!(cx.files().read_at(open, offset, buffer.size));
    let count = bytes.len() as u32;
    Outcome::Return((Bool(true), Data(bytes.into()), count))
}

/// A buffer of no bytes may be anywhere.
fn check_buffer(buffer: ByteBuffer) -> CeResult<()> {
    if buffer.size == 0 { Ok(()) } else { buffer.check() }
}

/// Whether what would be read is not too much for one call.
fn check_transfer(cx: &mut HostCx<'_>, open: u32, offset: u64, size: u32) -> CeResult<()> {
    let length = cx.host.files().size(open).unwrap_or(0);
    if length.saturating_sub(offset).min(u64::from(size)) > LARGEST_TRANSFER {
        return Err(Win32Error::NO_SYSTEM_RESOURCES);
    }
    Ok(())
}

/// The bytes that are to be written.
fn content(buffer: Bytes) -> CeResult<Box<[u8]>> {
    match buffer {
        Bytes::Content(bytes) => Ok(bytes),
        Bytes::TooLong(_) => Err(Win32Error::NO_SYSTEM_RESOURCES),
        Bytes::Null | Bytes::Unreadable => Err(Win32Error::INVALID_PARAMETER),
    }
}

pub(crate) fn write(
    cx: &mut HostCx<'_>,
    file: Handle,
    buffer: Bytes,
    count: Out<u32>,
    _: Ignored,
) -> Outcome<(Bool, u32)> {
    let (_, open) = check!(cx.open_file(file));
    let bytes = check!(content(buffer));
    check!(count.check_required());
    check_file!(cx.files().write(open, &bytes));
    if cx.host.files().is_console(open) {
        let written = cx.host.files().take_console_output();
        let text: String = written.iter().map(|byte| cerium_files::ansi::to_char(*byte)).collect();
        cx.host.output(&text);
    }
    Outcome::Return((Bool(true), bytes.len() as u32))
}

pub(crate) fn write_with_seek(
    cx: &mut HostCx<'_>,
    file: Handle,
    buffer: Bytes,
    count: Out<u32>,
    _: Ignored,
    low: u32,
    high: u32,
) -> Outcome<(Bool, u32)> {
    let (_, open) = check!(cx.open_file(file));
    let bytes = check!(content(buffer));
    check!(count.check_required());
    check_file!(cx.files().write_at(open, u64::from(high) << 32 | u64::from(low), &bytes));
    Outcome::Return((Bool(true), bytes.len() as u32))
}

/// What SetFilePointer returns: INVALID_SET_FILE_POINTER on failure.
pub(crate) type FilePointer = Dword<0xffff_ffff>;

pub(crate) fn set_pointer(
    cx: &mut HostCx<'_>,
    file: Handle,
    low: i32,
    high: InOut,
    method: u32,
) -> Outcome<(FilePointer, u32)> {
    let from = match method {
        0 => SeekFrom::Begin,
        1 => SeekFrom::Current,
        2 => SeekFrom::End,
        _ => return Outcome::Fail(Win32Error::INVALID_PARAMETER),
    };
    let (_, open) = check!(cx.open_file(file));
    let distance = match high {
        // Without a high half the low one has a sign.
        InOut::Null => i64::from(low),
        InOut::Value(high) => (u64::from(high) << 32 | u64::from(low as u32)) as i64,
        InOut::Bad => return Outcome::Fail(Win32Error::INVALID_PARAMETER),
    };
    if high == InOut::Null {
        // A position that does not fit into the result is none.
        let files = cx.host.files();
        let start = match from {
            SeekFrom::Begin => 0,
            SeekFrom::Current => files.position(open),
            SeekFrom::End => check_file!(files.size(open)),
        };
        if start.checked_add_signed(distance).is_some_and(|position| position > u64::from(u32::MAX)) {
            return Outcome::Fail(Win32Error::INVALID_PARAMETER);
        }
    }
    let position = check_file!(cx.files().seek(open, from, distance));
    if position as u32 == u32::MAX {
        // Only the last error tells this position from a failure.
        cx.kernel.set_last_error(cx.thread, Win32Error::SUCCESS);
    }
    Outcome::Return((Dword(position as u32), (position >> 32) as u32))
}

pub(crate) fn size(cx: &mut HostCx<'_>, file: Handle, high: Out<u32>) -> Outcome<(FilePointer, u32)> {
    let (_, open) = check!(cx.open_file(file));
    check!(high.check_optional());
    let size = check_file!(cx.host.files().size(open));
    if size as u32 == u32::MAX {
        cx.kernel.set_last_error(cx.thread, Win32Error::SUCCESS);
    }
    Outcome::Return((Dword(size as u32), (size >> 32) as u32))
}

pub(crate) fn set_end(cx: &mut HostCx<'_>, file: Handle) -> Outcome<Bool> {
    let (_, open) = check!(cx.open_file(file));
    check_file!(cx.files().set_end(open));
    Outcome::Return(Bool(true))
}

pub(crate) fn flush(cx: &mut HostCx<'_>, file: Handle) -> Outcome<Bool> {
    let (_, open) = check!(cx.open_file(file));
    check_file!(cx.files().flush(open));
    Outcome::Return(Bool(true))
}

pub(crate) fn times(
    cx: &mut HostCx<'_>,
    file: Handle,
    created: Out<u64>,
    accessed: Out<u64>,
    written: Out<u64>,
) -> Outcome<(Bool, u64, u64, u64)> {
    let (_, open) = check!(cx.open_file(file));
    for out in [created, accessed, written] {
        check!(out.check_optional());
    }
    let times = check_file!(cx.host.files().information(open)).times;
    Outcome::Return((Bool(true), times.created, times.accessed, times.written))
}

pub(crate) fn set_times(
    cx: &mut HostCx<'_>,
    file: Handle,
    created: MaybeTime,
    accessed: MaybeTime,
    written: MaybeTime,
) -> Outcome<Bool> {
    let (_, open) = check!(cx.open_file(file));
    let (created, accessed) = (check!(created.optional()), check!(accessed.optional()));
    let written = check!(written.optional());
    check_file!(cx.files().set_times(open, created, accessed, written));
    Outcome::Return(Bool(true))
}

/// What is known of a file, as the structures have it.
pub(crate) fn data_of(information: &cerium_files::Information) -> FileData {
    FileData {
        attributes: information.attributes,
        created: information.times.created,
        accessed: information.times.accessed,
        written: information.times.written,
        size: information.length,
    }
}

pub(crate) fn information(
    cx: &mut HostCx<'_>,
    file: Handle,
    information: Out<FileInformation>,
) -> Outcome<(Bool, FileInformation)> {
    let (_, open) = check!(cx.open_file(file));
    check!(information.check_required());
    let known = check_file!(cx.host.files().information(open));
    Outcome::Return((Bool(true), FileInformation { data: data_of(&known), index: known.index }))
}

fn range_of(overlapped: Overlapped, low: u32, high: u32) -> Range {
    Range { offset: overlapped.offset(), length: u64::from(high) << 32 | u64::from(low) }
}

pub(crate) fn lock(
    cx: &mut HostCx<'_>,
    file: Handle,
    flags: u32,
    reserved: u32,
    low: u32,
    high: u32,
    overlapped: In<Overlapped>,
) -> Outcome<Locked> {
    if reserved != 0 || flags & !(LOCKFILE_FAIL_IMMEDIATELY | LOCKFILE_EXCLUSIVE_LOCK) != 0 {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    }
    let (id, open) = check!(cx.open_file(file));
    let range = range_of(check!(overlapped.required()), low, high);
    let is_exclusive = flags & LOCKFILE_EXCLUSIVE_LOCK != 0;
    if check_file!(cx.files().lock(open, range, is_exclusive)) {
        return Outcome::Return(Locked(true));
    }
    if flags & LOCKFILE_FAIL_IMMEDIATELY != 0 {
        return Outcome::Fail(Win32Error::LOCK_VIOLATION);
    }
    let request = LockRequest { offset: range.offset, length: range.length, is_exclusive, ticket: 0 };
    cx.kernel.wait_for_lock(cx.thread, id, request);
    Outcome::Block(Outs::None)
}

pub(crate) fn unlock(
    cx: &mut HostCx<'_>,
    file: Handle,
    reserved: u32,
    low: u32,
    high: u32,
    overlapped: In<Overlapped>,
) -> Outcome<Bool> {
    if reserved != 0 {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    }
    let (_, open) = check!(cx.open_file(file));
    let range = range_of(check!(overlapped.required()), low, high);
    check_file!(cx.files().unlock(open, range));
    cx.grant_locks();
    Outcome::Return(Bool(true))
}

/// There are no devices behind files: the code is refused whatever it asks.
#[allow(clippy::too_many_arguments, reason = "CE's parameters")]
pub(crate) fn device_control(
    cx: &mut HostCx<'_>,
    device: Handle,
    _code: u32,
    _input: Ignored,
    _input_size: Ignored,
    _output: Ignored,
    _output_size: Ignored,
    _returned: Ignored,
    _overlapped: Ignored,
) -> Outcome<Bool> {
    check!(cx.open_file(device));
    Outcome::Fail(Win32Error::NOT_SUPPORTED)
}

//! What is done with files by their names: folders, searches, attributes, temporary names, the disk.

use cerium_files::{Access, Disposition, FileError, Found, OpenRequest, Share};
use cerium_handle::Handle;
use cerium_kernel::{FindHandle, Win32Error};

use super::check;
use super::file::{check_file, data_of};
use crate::file_types::{FileData, FileHandle, FindData, PathBuffer, SizedBuffer};
use crate::{Bool, Dword, HostCx, Ignored, Out, Outcome, StoreInformation, Text, Units};

pub(crate) fn delete(cx: &mut HostCx<'_>, name: Text) -> Outcome<Bool> {
    let name = check!(name.required());
    check_file!(cx.files().delete(&name));
    Outcome::Return(Bool(true))
}

pub(crate) fn rename(cx: &mut HostCx<'_>, from: Text, to: Text) -> Outcome<Bool> {
    let (from, to) = (check!(from.required()), check!(to.required()));
    check_file!(cx.files().rename(&from, &to));
    Outcome::Return(Bool(true))
}

pub(crate) fn copy(cx: &mut HostCx<'_>, from: Text, to: Text, fails_if_exists: Bool) -> Outcome<Bool> {
    let (from, to) = (check!(from.required()), check!(to.required()));
    check_file!(cx.files().copy(&from, &to, fails_if_exists.0));
    Outcome::Return(Bool(true))
}

pub(crate) fn delete_and_rename(cx: &mut HostCx<'_>, target: Text, source: Text) -> Outcome<Bool> {
    let (target, source) = (check!(target.required()), check!(source.required()));
    check_file!(cx.files().delete_and_rename(&target, &source));
    Outcome::Return(Bool(true))
}

pub(crate) fn create(cx: &mut HostCx<'_>, name: Text, _: Ignored) -> Outcome<Bool> {
    let name = check!(name.required());
    check_file!(cx.files().create_directory(&name));
    Outcome::Return(Bool(true))
}

pub(crate) fn remove(cx: &mut HostCx<'_>, name: Text) -> Outcome<Bool> {
    let name = check!(name.required());
    check_file!(cx.files().remove_directory(&name));
    Outcome::Return(Bool(true))
}

/// What GetFileAttributes returns; INVALID_FILE_ATTRIBUTES on failure.
pub(crate) type FileAttributes = Dword<0xffff_ffff>;

pub(crate) fn attributes(cx: &mut HostCx<'_>, name: Text) -> Outcome<FileAttributes> {
    let name = check!(name.required());
    let known = check_file!(cx.host.files().information_by_name(&name));
    Outcome::Return(Dword(known.attributes))
}

const GET_FILE_EX_INFO_STANDARD: u32 = 0;

pub(crate) fn attributes_ex(
    cx: &mut HostCx<'_>,
    name: Text,
    level: u32,
    information: Out<FileData>,
) -> Outcome<(Bool, FileData)> {
    if level != GET_FILE_EX_INFO_STANDARD {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    }
    let name = check!(name.required());
    check!(information.check_required());
    let known = check_file!(cx.host.files().information_by_name(&name));
    Outcome::Return((Bool(true), data_of(&known)))
}

pub(crate) fn set_attributes(cx: &mut HostCx<'_>, name: Text, attributes: u32) -> Outcome<Bool> {
    let name = check!(name.required());
    check_file!(cx.files().set_attributes(&name, attributes));
    Outcome::Return(Bool(true))
}

fn find_data(found: Found) -> FindData {
    FindData { data: data_of(&found.information), oid: found.information.index, name: found.name }
}

pub(crate) fn find_first(
    cx: &mut HostCx<'_>,
    name: Text,
    data: Out<FindData>,
) -> Outcome<(FileHandle, FindData)> {
    let name = check!(name.required());
    check!(data.check_required());
    check!(cx.kernel.check_room_for_handle(cx.thread));
    let (find, found) = check_file!(cx.files().find_first(&name));

    let handle = cx.kernel.create_unnamed(cx.thread, FindHandle { find });
    Outcome::Return((FileHandle(handle), find_data(found)))
}

const FIND_EX_INFO_STANDARD: u32 = 0;
const FIND_EX_SEARCH_NAME_MATCH: u32 = 0;
const FIND_EX_SEARCH_LIMIT_TO_DIRECTORIES: u32 = 1;

/// FindFirstFileEx: the only level is the standard one. A search for folders alone is a hint that a file
/// system need not take, as documented.
pub(crate) fn find_first_ex(
    cx: &mut HostCx<'_>,
    name: Text,
    level: u32,
    data: Out<FindData>,
    operation: u32,
    _: Ignored,
    _flags: u32,
) -> Outcome<(FileHandle, FindData)> {
    let is_known = matches!(operation, FIND_EX_SEARCH_NAME_MATCH | FIND_EX_SEARCH_LIMIT_TO_DIRECTORIES);
    if level != FIND_EX_INFO_STANDARD || !is_known {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    }
    find_first(cx, name, data)
}

pub(crate) fn find_next(cx: &mut HostCx<'_>, find: Handle, data: Out<FindData>) -> Outcome<(Bool, FindData)> {
    let id = check!(cx.kernel.lookup_as::<FindHandle>(cx.thread, find));
    check!(data.check_required());
    let find = cx.kernel.get::<FindHandle>(id).find;
    let found = check_file!(cx.host.files().find_next(find));
    Outcome::Return((Bool(true), find_data(found)))
}

pub(crate) fn find_close(cx: &mut HostCx<'_>, find: Handle) -> Outcome<Bool> {
    check!(cx.kernel.lookup_as::<FindHandle>(cx.thread, find));
    cx.kernel.close_handle(cx.thread, find).map(|()| Bool(true)).into()
}

const TEMPORARY: &str = "\\Temp\\";

/// GetTempPath: the length without the NUL if the buffer is large enough, with it if not.
pub(crate) fn temp_path(cx: &mut HostCx<'_>, buffer: SizedBuffer) -> Outcome<(u32, Units)> {
    let _ = cx;
    let mut path: Vec<u16> = TEMPORARY.encode_utf16().collect();
    let length = path.len() as u32;
    if buffer.size <= length {
        return Outcome::Return((length + 1, Units(Vec::new())));
    }
    if !buffer.is_good() {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    }
    path.push(0);
    Outcome::Return((length, Units(path)))
}

/// How many characters of a prefix count.
const PREFIX: usize = 3;

/// GetTempFileName: `path\preXXXX.TMP`. With a number of 0 the first that is free is taken, from the device's
/// tick count on, and the file is made.
pub(crate) fn temp_file_name(
    cx: &mut HostCx<'_>,
    path: Text,
    prefix: Text,
    number: u32,
    buffer: PathBuffer,
) -> Outcome<(u32, Units)> {
    let (path, prefix) = (check!(path.required()), check!(prefix.optional()).unwrap_or_default());
    check!(buffer.check());
    let mut start: Vec<u16> = path.to_vec();
    if start.last().is_some_and(|last| *last != u16::from(b'\\')) {
        start.push(u16::from(b'\\'));
    }
    start.extend(prefix.iter().take(PREFIX));
    let named = |number: u16| -> Vec<u16> {
        start.iter().copied().chain(format!("{number:X}.TMP").encode_utf16()).collect()
    };
    // With its NUL the longest such name must fit into the buffer.
    if named(u16::MAX).len() >= cerium_files::MAXIMUM_PATH {
        return Outcome::Fail(Win32Error::FILENAME_EXCED_RANGE);
    }
    if number as u16 != 0 {
        return Outcome::Return((number, Units(with_nul(named(number as u16)))));
    }
    let first = (cx.kernel.now().0 / cerium_process::cost::TICK) as u16;
    for step in 0..=u16::MAX {
        let number = first.wrapping_add(step);
        if number == 0 {
            continue;
        }
        let name = named(number);
        match cx.files().open(OpenRequest {
            name: &name,
            access: Access { read: false, write: true },
            share: Share::default(),
            disposition: Disposition::CreateNew,
            attributes: 0,
            delete_on_close: false,
            write_through: false,
        }) {
            Ok(opened) => {
                cx.host.files().close(opened.id);
                return Outcome::Return((u32::from(number), Units(with_nul(name))));
            }
            Err(FileError::FileExists) => {}
            // Desktop documentation: a path that is no folder is ERROR_DIRECTORY.
            Err(FileError::PathNotFound) => return Outcome::Fail(Win32Error::DIRECTORY),
            Err(error) => return Outcome::Fail(super::file::win32(error)),
        }
    }
    Outcome::Fail(Win32Error::FILE_EXISTS)
}

fn with_nul(mut name: Vec<u16>) -> Vec<u16> {
    name.push(0);
    name
}

pub(crate) fn disk_free_space(
    cx: &mut HostCx<'_>,
    folder: Text,
    available: Out<u64>,
    total: Out<u64>,
    free: Out<u64>,
) -> Outcome<(Bool, u64, u64, u64)> {
    for out in [available, total, free] {
        check!(out.check_optional());
    }
    if let Some(folder) = check!(folder.optional()) {
        let known = check_file!(cx.host.files().information_by_name(&folder));
        if known.attributes & cerium_files::attributes::DIRECTORY == 0 {
            return Outcome::Fail(Win32Error::DIRECTORY);
        }
    }
    let space = cx.host.files().space();
    Outcome::Return((Bool(true), space.free, space.total, space.free))
}

pub(crate) fn store_information(
    cx: &mut HostCx<'_>,
    information: Out<StoreInformation>,
) -> Outcome<(Bool, StoreInformation)> {
    check!(information.check_required());
    let space = cx.host.files().space();
    let word = |bytes: u64| u32::try_from(bytes).unwrap_or(u32::MAX);
    Outcome::Return((
        Bool(true),
        StoreInformation { dwStoreSize: word(space.total), dwFreeSize: word(space.free) },
    ))
}

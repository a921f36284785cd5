//! The registry. Its functions return their error.

use cerium_files::registry::{KeyRef, RegistryError, Root, Value};
use cerium_handle::Handle;
use cerium_kernel::{CeResult, RegistryKey, Win32Error};

use super::check;
use crate::registry_types::{DataRoom, Given, Status, TextRoom};
use crate::{Bool, Bytes, Data, HostCx, Ignored, Out, Outcome, Text, Units};

const REG_CREATED_NEW_KEY: u32 = 1;
const REG_OPENED_EXISTING_KEY: u32 = 2;

fn win32(error: RegistryError) -> Win32Error {
    match error {
        RegistryError::NotFound => Win32Error::FILE_NOT_FOUND,
        RegistryError::Deleted => Win32Error::KEY_DELETED,
        RegistryError::NoMoreItems => Win32Error::NO_MORE_ITEMS,
        RegistryError::InvalidParameter => Win32Error::INVALID_PARAMETER,
        RegistryError::AccessDenied => Win32Error::ACCESS_DENIED,
        RegistryError::OutOfMemory => Win32Error::OUTOFMEMORY,
    }
}

/// A function's end: what it gives, or its error, which is its result.
fn answer<T: Given>(result: CeResult<Status<T>>) -> Outcome<Status<T>> {
    Outcome::Return(result.unwrap_or_else(|code| Status { code, given: None }))
}

impl HostCx<'_> {
    /// The registry, told what time it is.
    fn registry(&mut self) -> &mut cerium_files::registry::Registry {
        let now = self.kernel.system_time().0;
        let registry = self.host.registry();
        registry.set_now(now);
        registry
    }

    /// The key that a handle means: one of those that are always there, or one that was opened.
    fn key(&self, key: Handle) -> CeResult<KeyRef> {
        let root = match key.0 {
            0x8000_0000 => Root::ClassesRoot,
            0x8000_0001 => Root::CurrentUser,
            0x8000_0002 => Root::LocalMachine,
            0x8000_0003 => Root::Users,
            _ => {
                let id = self.kernel.lookup_as::<RegistryKey>(self.thread, key)?;
                return Ok(KeyRef::Open(self.kernel.get::<RegistryKey>(id).key));
            }
        };
        Ok(KeyRef::Root(root))
    }
}

/// A path or name, of which NULL is the empty one.
fn text_or_empty(text: &Text) -> CeResult<std::sync::Arc<[u16]>> {
    Ok(text.optional()?.unwrap_or_default())
}

pub(crate) fn open(
    cx: &mut HostCx<'_>,
    key: Handle,
    path: Text,
    _options: u32,
    _access: u32,
    result: Out<Handle>,
) -> Outcome<Status<(Handle,)>> {
    let mut open = || {
        let key = cx.key(key)?;
        let path = text_or_empty(&path)?;
        result.check_required()?;
        cx.kernel.check_room_for_handle(cx.thread)?;
        let opened = cx.registry().open(key, &path).map_err(win32)?;
        Ok(Status::done((cx.kernel.create_unnamed(cx.thread, RegistryKey { key: opened }),)))
    };
    answer(open())
}

#[allow(clippy::too_many_arguments, reason = "CE's parameters")]
pub(crate) fn create(
    cx: &mut HostCx<'_>,
    key: Handle,
    path: Text,
    _: u32,
    class: Text,
    _options: u32,
    _access: u32,
    _: Ignored,
    result: Out<Handle>,
    disposition: Out<u32>,
) -> Outcome<Status<(Handle, u32)>> {
    let mut create = || {
        let key = cx.key(key)?;
        let (path, class) = (path.required()?, text_or_empty(&class)?);
        result.check_required()?;
        disposition.check_optional()?;
        cx.kernel.check_room_for_handle(cx.thread)?;
        let (opened, existed) = cx.registry().create(key, &path, &class).map_err(win32)?;
        let handle = cx.kernel.create_unnamed(cx.thread, RegistryKey { key: opened });
        Ok(Status::done((handle, if existed { REG_OPENED_EXISTING_KEY } else { REG_CREATED_NEW_KEY })))
    };
    answer(create())
}

pub(crate) fn close(cx: &mut HostCx<'_>, key: Handle) -> Outcome<Status<()>> {
    let mut close = || {
        // Those that are always there are never closed, and it is no mistake to try.
        if let KeyRef::Open(_) = cx.key(key)? {
            cx.kernel.close_handle(cx.thread, key)?;
        }
        Ok(Status::done(()))
    };
    answer(close())
}

/// The registry is in memory: it is written when the run ends, if the user wants it.
pub(crate) fn flush(cx: &mut HostCx<'_>, key: Handle) -> Outcome<Status<()>> {
    answer(cx.key(key).map(|_| Status::done(())))
}

pub(crate) fn delete_key(cx: &mut HostCx<'_>, key: Handle, path: Text) -> Outcome<Status<()>> {
    let mut delete = || {
        let key = cx.key(key)?;
        let path = path.required()?;
        cx.registry().delete_key(key, &path).map_err(win32)?;
        Ok(Status::done(()))
    };
    answer(delete())
}

pub(crate) fn delete_value(cx: &mut HostCx<'_>, key: Handle, name: Text) -> Outcome<Status<()>> {
    let mut delete = || {
        let key = cx.key(key)?;
        let name = text_or_empty(&name)?;
        cx.registry().delete_value(key, &name).map_err(win32)?;
        Ok(Status::done(()))
    };
    answer(delete())
}

/// A value's bytes as they fit into a buffer: all or nothing, and in any case how many there are.
fn fit_data(value: &Value, room: Option<u32>) -> (Win32Error, Data, u32) {
    let size = value.data.len() as u32;
    match room {
        None => (Win32Error::SUCCESS, Data::default(), size),
        Some(room) if room < size => (Win32Error::MORE_DATA, Data::default(), size),
        Some(_) => (Win32Error::SUCCESS, Data(value.data.as_slice().into()), size),
    }
}

/// A name as it fits into a buffer with its NUL: all or nothing, and in any case its length without it.
fn fit_text(text: &[u16], room: u32) -> (Win32Error, Units, u32) {
    let length = text.len() as u32;
    if room <= length {
        return (Win32Error::MORE_DATA, Units::default(), length);
    }
    (Win32Error::SUCCESS, Units(text.iter().copied().chain([0]).collect()), length)
}

pub(crate) fn query_value(
    cx: &mut HostCx<'_>,
    key: Handle,
    name: Text,
    _: Ignored,
    kind: Out<u32>,
    data: DataRoom,
) -> Outcome<Status<(u32, Data, u32)>> {
    let mut query = || {
        let key = cx.key(key)?;
        let name = text_or_empty(&name)?;
        kind.check_optional()?;
        let room = data.check()?;
        let value = cx.host.registry().value(key, &name).map_err(win32)?;
        let (code, bytes, size) = fit_data(value, room);
        Ok(Status { code, given: Some((value.kind, bytes, size)) })
    };
    answer(query())
}

pub(crate) fn set_value(
    cx: &mut HostCx<'_>,
    key: Handle,
    name: Text,
    _: u32,
    kind: u32,
    data: Bytes,
) -> Outcome<Status<()>> {
    let mut set = || {
        let key = cx.key(key)?;
        let name = text_or_empty(&name)?;
        let bytes: &[u8] = match &data {
            Bytes::Content(bytes) => bytes,
            Bytes::Null => &[],
            Bytes::TooLong(_) | Bytes::Unreadable => return Err(Win32Error::INVALID_PARAMETER),
        };
        cx.registry().set_value(key, &name, kind, bytes).map_err(win32)?;
        Ok(Status::done(()))
    };
    answer(set())
}

type EnumeratedValue = Status<(Units, u32, u32, Data, u32)>;

pub(crate) fn enum_value(
    cx: &mut HostCx<'_>,
    key: Handle,
    index: u32,
    name: TextRoom,
    _: Ignored,
    kind: Out<u32>,
    data: DataRoom,
) -> Outcome<EnumeratedValue> {
    let mut enumerate = || {
        let key = cx.key(key)?;
        let name = name.required()?;
        kind.check_optional()?;
        let room = data.check()?;
        let value = cx.host.registry().value_at(key, index).map_err(win32)?;
        let (name_code, name, length) = fit_text(&value.name, name);
        let (data_code, bytes, size) = fit_data(value, room);
        let code = if name_code == Win32Error::SUCCESS { data_code } else { name_code };
        Ok(Status { code, given: Some((name, length, value.kind, bytes, size)) })
    };
    answer(enumerate())
}

type EnumeratedKey = Status<(Units, u32, Units, u32, u64)>;

pub(crate) fn enum_key(
    cx: &mut HostCx<'_>,
    key: Handle,
    index: u32,
    name: TextRoom,
    _: Ignored,
    class: TextRoom,
    written: Out<u64>,
) -> Outcome<EnumeratedKey> {
    let mut enumerate = || {
        let key = cx.key(key)?;
        let name = name.required()?;
        let class = class.check()?;
        written.check_optional()?;
        let (found, found_class, time) = cx.host.registry().key_at(key, index).map_err(win32)?;
        let (name_code, name, length) = fit_text(found, name);
        let (class_code, class, class_length) = fit_class(found_class, class);
        let code = if name_code == Win32Error::SUCCESS { class_code } else { name_code };
        Ok(Status { code, given: Some((name, length, class, class_length, time)) })
    };
    answer(enumerate())
}

fn fit_class(class: &[u16], room: Option<u32>) -> (Win32Error, Units, u32) {
    match room {
        Some(room) => fit_text(class, room),
        None => (Win32Error::SUCCESS, Units::default(), class.len() as u32),
    }
}

type KeyInformation = Status<(Units, u32, u32, u32, u32, u32, u32, u32, u32, u64)>;

#[allow(clippy::too_many_arguments, reason = "CE's parameters")]
pub(crate) fn query_information(
    cx: &mut HostCx<'_>,
    key: Handle,
    class: TextRoom,
    _: Ignored,
    keys: Out<u32>,
    longest_key: Out<u32>,
    longest_class: Out<u32>,
    values: Out<u32>,
    longest_name: Out<u32>,
    largest_value: Out<u32>,
    descriptor: Out<u32>,
    written: Out<u64>,
) -> Outcome<KeyInformation> {
    let mut query = || {
        let key = cx.key(key)?;
        let class = class.check()?;
        for out in [keys, longest_key, longest_class, values, longest_name, largest_value, descriptor] {
            out.check_optional()?;
        }
        written.check_optional()?;
        let known = cx.host.registry().information(key).map_err(win32)?;
        let (code, class, length) = fit_class(&known.class, class);
        let given = (
            class,
            length,
            known.keys,
            known.longest_key,
            known.longest_class,
            known.values,
            known.longest_value_name,
            known.largest_value,
            // There are no security descriptors.
            0,
            known.written,
        );
        Ok(Status { code, given: Some(given) })
    };
    answer(query())
}

pub(crate) fn set_user(cx: &mut HostCx<'_>, name: Text, data: Bytes, create: Bool) -> Outcome<Bool> {
    let name = check!(name.optional());
    // What it is for is the file system's affair: keys that are kept in memory have no lock that it could open.
    if matches!(data, Bytes::TooLong(_) | Bytes::Unreadable) {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    }
    let registry = cx.registry();
    let set = match name {
        None => {
            registry.use_default_user();
            Ok(())
        }
        Some(name) if create.0 => registry.make_user(&name),
        Some(name) => registry.use_user(&name),
    };
    set.map(|()| Bool(true)).map_err(win32).into()
}

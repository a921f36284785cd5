//! Memory maps (ipc-objects.md §2), of memory and of files.

use cerium_handle::Handle;
use cerium_kernel::{Created, MemoryMap, OpenFile, Win32Error};

use super::check;
use crate::{Address, Bool, HostCx, Ignored, Outcome, Text};

const PAGE_READONLY: u32 = 0x02;
const PAGE_READWRITE: u32 = 0x04;
const SEC_COMMIT: u32 = 0x0800_0000;
const FILE_MAP_WRITE: u32 = 0x2;
const FILE_MAP_READ: u32 = 0x4;
const ALLOCATION_GRANULARITY: u32 = 0x1_0000;

#[allow(clippy::too_many_arguments, reason = "CE's parameters")]
pub(crate) fn create(
    cx: &mut HostCx<'_>,
    file: Handle,
    _: Ignored,
    protect: u32,
    size_high: u32,
    size_low: u32,
    name: Text,
) -> Outcome<Handle> {
    let protect = protect & !SEC_COMMIT;
    if protect != PAGE_READONLY && protect != PAGE_READWRITE {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    }
    if file != Handle::INVALID {
        return create_of_file(cx, file, protect == PAGE_READWRITE, size_high, size_low, name);
    }
    let name = check!(name.name(cx.kernel.rules()));
    let mut section = None;
    let (host, kernel) = (&mut *cx.host, &mut *cx.kernel);
    let created = kernel.create_or_open(cx.thread, name, || {
        // OQ-44: without a file only a map that exists may be opened read-only. OQ-45: a size is needed.
        if protect == PAGE_READONLY || size_high != 0 || size_low == 0 {
            return Err(Win32Error::INVALID_PARAMETER);
        }
        let made = host.create_section(size_low)?;
        section = Some(made);
        Ok(MemoryMap { section: made, size: size_low, writable: true })
    });
    if let (Some(section), Err(_)) = (section, &created) {
        cx.host.discard_section(section);
    }
    debug_assert_eq!(
        section.is_some(),
        matches!(created, Ok(Created::New(_))),
        "only a new map has new bytes"
    );
    cx.caller().created(created)
}

/// A map of a file. All maps of one file see the same bytes, and so do ReadFile and WriteFile.
fn create_of_file(
    cx: &mut HostCx<'_>,
    file: Handle,
    writable: bool,
    size_high: u32,
    size_low: u32,
    name: Text,
) -> Outcome<Handle> {
    let (id, open) = check!(cx.open_file(file));
    let for_mapping = cx.kernel.get::<OpenFile>(id).for_mapping;
    let name = check!(name.name(cx.kernel.rules()));
    let access = cx.host.files().access(open);
    // What views may do the open must be allowed to do.
    if !access.read || (writable && !access.write) {
        return Outcome::Fail(Win32Error::ACCESS_DENIED);
    }
    let size = u64::from(size_high) << 32 | u64::from(size_low);
    let mut section = None;
    let (host, kernel) = (&mut *cx.host, &mut *cx.kernel);
    let created = kernel.create_or_open(cx.thread, name, || {
        let made = host.create_file_section(open, size, writable)?;
        section = Some(made.section);
        Ok(MemoryMap { section: made.section, size: made.size, writable })
    });
    if let (Some(section), Err(_)) = (section, &created) {
        cx.host.discard_section(section);
    }
    // ee483004: a handle of CreateFileForMapping is the map's from now on; the map keeps the file by itself.
    if created.is_ok() && for_mapping {
        cx.kernel.close_handle(cx.thread, file).expect("it was looked up above");
    }
    cx.caller().created(created)
}

pub(crate) fn view(
    cx: &mut HostCx<'_>,
    map: Handle,
    access: u32,
    offset_high: u32,
    offset_low: u32,
    bytes: u32,
) -> Outcome<u32> {
    // FILE_MAP_ALL_ACCESS has both bits and means the same as FILE_MAP_WRITE.
    if access & (FILE_MAP_READ | FILE_MAP_WRITE) == 0 {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    }
    let writable = access & FILE_MAP_WRITE != 0;
    let id = check!(cx.kernel.lookup_as::<MemoryMap>(cx.thread, map));
    let map = cx.kernel.get::<MemoryMap>(id);
    // OQ-46: an offset off the granularity is a bad parameter, and so is a part beyond the end.
    if offset_high != 0 || !offset_low.is_multiple_of(ALLOCATION_GRANULARITY) || offset_low >= map.size {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    }
    let rest = map.size - offset_low;
    if bytes > rest {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    }
    if writable && !map.writable {
        return Outcome::Fail(Win32Error::ACCESS_DENIED);
    }
    let size = if bytes == 0 { rest } else { bytes };
    let (section, process) = (map.section, cx.kernel.process_of(cx.thread));
    let program = cx.kernel.process(process).program;
    let address = check!(cx.host.map_view(program, section, offset_low, size, writable));

    cx.kernel.add_view(cx.thread, id, address, size);
    Outcome::Return(address)
}

pub(crate) fn unmap(cx: &mut HostCx<'_>, base: Address) -> Outcome<Bool> {
    let size = check!(cx.kernel.view_at(cx.thread, base.0));

    let program = cx.kernel.process(cx.kernel.process_of(cx.thread)).program;
    cx.host.unmap_view(program, base.0, size);
    cx.kernel.remove_view(cx.thread, base.0);
    Outcome::Return(Bool(true))
}

pub(crate) fn flush(cx: &mut HostCx<'_>, base: Address, bytes: u32) -> Outcome<Bool> {
    // ee490145: a count of 0 is refused; ee489549: the address lies on the granularity.
    if bytes == 0 || !base.0.is_multiple_of(ALLOCATION_GRANULARITY) {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    }
    let views = &cx.kernel.process(cx.kernel.process_of(cx.thread)).views;
    let is_within = |address: u32, size: u32| {
        base.0 >= address && u64::from(base.0) + u64::from(bytes) <= u64::from(address) + u64::from(size)
    };
    let Some(view) = views.iter().find(|view| is_within(view.address, view.size)) else {
        return Outcome::Fail(Win32Error::INVALID_PARAMETER);
    };
    // Memory without a file is its own backing: there is nothing to write.
    let section = cx.kernel.get::<MemoryMap>(view.object.id()).section;
    check!(cx.host.flush_section(section));
    Outcome::Return(Bool(true))
}

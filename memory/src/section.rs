//! Sections: the bytes behind file mappings, seen by everybody who maps them, and by host code directly.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{fmt, ptr};

use crate::host::SharedBytes;
use crate::{MemoryError, PAGE_SHIFT, PAGE_SIZE};

/// Shared bytes, zero at first. A clone is the same section; it lives as long as any clone or any view of it.
///
/// A section and the spaces that map it belong to one machine, which runs on one host thread at a time.
#[derive(Clone)]
pub struct Section {
    inner: Arc<Inner>,
}

struct Inner {
    size: u32,
    bytes: SharedBytes,
    watch: Mutex<Watch>,
}

// SAFETY: the pointers are to host memory that the section and its views own. A section, its clones and the
// spaces with views of it belong to one machine, and a machine moves between threads as a whole; the
// book-keeping is behind a lock.
unsafe impl Send for Inner {}
// SAFETY: as above: host code reaches the bytes only while no guest of the machine runs.
unsafe impl Sync for Inner {}

/// Who maps the section, and which of its pages hold code that somebody has decoded.
#[derive(Default)]
pub(crate) struct Watch {
    /// Counts events (a page watched, a watched page written). A space that has seen this number has nothing
    /// to do.
    pub(crate) epoch: u64,
    /// Only pages that are or were watched, by page of the section.
    pages: BTreeMap<u32, CodePage>,
    /// Where in which write table each view lies.
    views: Vec<TableView>,
}

#[derive(Clone, Copy, Default)]
struct CodePage {
    watched: bool,
    /// The epoch of the last write that found the page watched.
    written_at: u64,
}

/// A range of a write table through which pages of this section can be written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct TableView {
    pub(crate) write_table: *mut u8,
    pub(crate) page: u32,
    pub(crate) count: u32,
    pub(crate) section_page: u32,
}

impl Watch {
    pub(crate) fn add_view(&mut self, view: TableView) {
        self.views.push(view);
    }

    pub(crate) fn remove_view(&mut self, view: TableView) {
        self.views.retain(|other| *other != view);
    }

    pub(crate) fn is_watched(&self, section_page: u32) -> bool {
        self.pages.get(&section_page).is_some_and(|page| page.watched)
    }

    /// Notes that the page holds decoded code: no view of it may be written unseen.
    pub(crate) fn watch(&mut self, section_page: u32) {
        let page = self.pages.entry(section_page).or_default();
        if page.watched {
            return;
        }
        page.watched = true;
        self.epoch += 1;
        for view in &self.views {
            if let Some(offset) =
                section_page.checked_sub(view.section_page).filter(|offset| *offset < view.count)
            {
                // SAFETY: a view is taken off the list before its table goes, and its pages are inside the
                // table.
                unsafe { *view.write_table.add((view.page + offset) as usize) = 0 };
            }
        }
    }

    /// Notes a write to the page; whoever decoded it finds it by `written_since`.
    pub(crate) fn written(&mut self, section_page: u32) {
        if let Some(page) = self.pages.get_mut(&section_page).filter(|page| page.watched) {
            self.epoch += 1;
            *page = CodePage { watched: false, written_at: self.epoch };
        }
    }

    /// The pages of a range that were written while watched, after `epoch`.
    pub(crate) fn written_since(&self, epoch: u64, first: u32, count: u32) -> impl Iterator<Item = u32> + '_ {
        let range = first..first.saturating_add(count);
        self.pages.range(range).filter(move |(_, page)| page.written_at > epoch).map(|(page, _)| *page)
    }
}

impl Section {
    /// A section of `size` bytes. The host gives memory when a page is first touched.
    pub fn new(size: u32) -> Result<Section, MemoryError> {
        crate::space::require_host_pages()?;
        if size == 0 {
            return Err(MemoryError::OutOfRange);
        }
        let len = (size as usize).next_multiple_of(PAGE_SIZE as usize);
        let bytes = SharedBytes::new(len).map_err(MemoryError::Host)?;
        Ok(Section { inner: Arc::new(Inner { size, bytes, watch: Mutex::default() }) })
    }

    /// The size it was made with, in bytes.
    pub fn size(&self) -> u32 {
        self.inner.size
    }

    /// Copies bytes out; all of them or, if they pass the end, none.
    pub fn read(&self, offset: u32, bytes: &mut [u8]) -> Result<(), MemoryError> {
        let start = self.locate(offset, bytes.len())?;
        // SAFETY: `locate` checked that the bytes lie inside the mapping; a caller's slice cannot lie there.
        unsafe { ptr::copy_nonoverlapping(start, bytes.as_mut_ptr(), bytes.len()) };
        Ok(())
    }

    /// Copies bytes in; all of them or, if they pass the end, none.
    pub fn write(&self, offset: u32, bytes: &[u8]) -> Result<(), MemoryError> {
        let start = self.locate(offset, bytes.len())?;
        if bytes.is_empty() {
            return Ok(());
        }

        let last = (u64::from(offset) + bytes.len() as u64 - 1) >> PAGE_SHIFT;
        let mut watch = self.watch();
        for page in offset >> PAGE_SHIFT..=last as u32 {
            watch.written(page);
        }
        // SAFETY: as in `read`.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), start, bytes.len()) };
        Ok(())
    }

    /// The host address of a range that lies inside.
    fn locate(&self, offset: u32, len: usize) -> Result<*mut u8, MemoryError> {
        let end = (offset as usize).checked_add(len).ok_or(MemoryError::OutOfRange)?;
        if end > self.inner.size as usize {
            return Err(MemoryError::OutOfRange);
        }
        Ok(self.inner.bytes.start.wrapping_add(offset as usize))
    }

    /// Pages it occupies.
    pub(crate) fn pages(&self) -> u32 {
        (self.inner.bytes.len >> PAGE_SHIFT) as u32
    }

    pub(crate) fn bytes(&self) -> &SharedBytes {
        &self.inner.bytes
    }

    pub(crate) fn watch(&self) -> MutexGuard<'_, Watch> {
        self.inner.watch.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Two values are equal if they are the same section.
impl PartialEq for Section {
    fn eq(&self, other: &Section) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }
}

impl Eq for Section {}

impl fmt::Debug for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Section").field("size", &self.inner.size).finish_non_exhaustive()
    }
}

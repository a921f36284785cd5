//! Which pages hold code that a CPU has decoded, and which of them have changed since.

use crate::space::state;
use crate::{AddressSpace, PAGE_SHIFT};

impl AddressSpace {
    /// Notes that code was decoded from the page of this address: from now on a write to it, through whatever
    /// mapping, or a change of its protection, is reported by `take_changed_code`. Once; then the page must
    /// be watched again.
    pub fn watch_code(&mut self, address: u32) {
        let page = address >> PAGE_SHIFT;
        let state = self.state(page);
        if state & state::MAPPED == 0 || state & state::CODE != 0 {
            return;
        }
        if let Some(view) = self.views.iter().find(|view| view.contains(page)) {
            view.section.watch().watch(view.section_page + page - view.page);
        }
        self.set_state(page, state | state::CODE);
    }

    /// Whether `take_changed_code` has something to say.
    #[inline(always)]
    pub fn code_changed(&self) -> bool {
        !self.changed_code.is_empty()
    }

    /// The address of a watched page that has changed, and is not watched any more.
    pub fn take_changed_code(&mut self) -> Option<u32> {
        self.changed_code.pop().map(|page| page << PAGE_SHIFT)
    }

    /// Finds changes made to sections from outside this space. A CPU asks before it runs.
    #[inline]
    pub fn collect_section_changes(&mut self) {
        if !self.views.is_empty() {
            self.collect_views();
        }
    }

    fn collect_views(&mut self) {
        for index in 0..self.views.len() {
            let view = &mut self.views[index];
            let watch = view.section.watch();
            if watch.epoch == view.seen {
                continue;
            }
            let written = watch.written_since(view.seen, view.section_page, view.count);
            let pages: Vec<u32> = written.map(|page| view.page + (page - view.section_page)).collect();
            view.seen = watch.epoch;
            drop(watch);
            for page in pages {
                self.drop_code(page);
            }
        }
    }

    /// Reports a watched page as changed, and stops watching it.
    pub(crate) fn drop_code(&mut self, page: u32) {
        let state = self.state(page);
        if state & state::CODE != 0 {
            self.changed_code.push(page);
            self.set_state(page, state & !state::CODE);
        }
    }

    /// Makes the page's bytes ready to be changed: whoever decoded them will know.
    pub(crate) fn before_write(&mut self, page: u32) {
        let state = self.state(page);
        if state & state::SHARED != 0 {
            if let Some(view) = self.views.iter().find(|view| view.contains(page)) {
                view.section.watch().written(view.section_page + page - view.page);
            }
            self.collect_views();
            // The page may have been watched by others alone; its entry in the write table can come back.
            self.set_state(page, self.state(page));
        }
        self.drop_code(page);
    }
}

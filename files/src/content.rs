//! What is in a file: the host's bytes, with changed pages in memory over them, or the host's alone.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use crate::{FileError, FileResult, host};

/// How the disk is counted, and how much of a file is kept at once.
pub(crate) const CLUSTER: u64 = 4096;

/// The largest file that there may be: what FAT keeps.
pub const MAXIMUM_FILE: u64 = 0xffff_ffff;

pub(crate) fn clusters(bytes: u64) -> u64 {
    bytes.div_ceil(CLUSTER)
}

/// How much of the disk is used, in clusters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Budget {
    pub(crate) used: u64,
    pub(crate) limit: u64,
}

impl Budget {
    /// Takes so many clusters, if they are left.
    pub(crate) fn take(&mut self, clusters: u64) -> FileResult<()> {
        if clusters > self.limit.saturating_sub(self.used) {
            return Err(FileError::DiskFull);
        }
        self.used += clusters;
        Ok(())
    }

    pub(crate) fn give_back(&mut self, clusters: u64) {
        self.used = self.used.checked_sub(clusters).expect("only what was taken is given back");
    }
}

/// Bytes of a file that are kept elsewhere while the file is mapped, so that views and calls see the same.
pub trait MappedBytes {
    /// Copies bytes out; the range lies inside.
    fn read(&self, offset: u32, bytes: &mut [u8]);
    /// Copies bytes in; the range lies inside.
    fn write(&self, offset: u32, bytes: &[u8]);
}

/// The host's file under a file of the guest.
#[derive(Debug)]
struct Base {
    path: PathBuf,
    /// How many of its bytes count.
    valid: u64,
    /// Whether changes go to it.
    through: bool,
    /// It is open while the guest has it open.
    file: Option<File>,
}

/// What is in a file.
#[derive(Debug, Default)]
pub(crate) struct Content {
    length: u64,
    base: Option<Base>,
    pages: BTreeMap<u64, Box<[u8; CLUSTER as usize]>>,
    /// How much of the disk it uses, in clusters.
    charge: u64,
}

impl Content {
    /// A file of the host as it is now.
    pub(crate) fn of_host(path: PathBuf, length: u64, through: bool) -> Self {
        let base = Base { path, valid: length, through, file: None };
        Content { length, base: Some(base), ..Content::default() }
    }

    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    fn is_through(&self) -> bool {
        self.base.as_ref().is_some_and(|base| base.through)
    }

    /// The host's file, opened.
    fn base_file(&mut self) -> FileResult<Option<&mut File>> {
        let Some(base) = &mut self.base else { return Ok(None) };
        if base.file.is_none() {
            base.file = Some(host::open(&base.path, base.through)?);
        }
        Ok(base.file.as_mut())
    }

    /// Opens the host's file, so that what cannot be opened is refused before anybody has a handle.
    pub(crate) fn prepare(&mut self) -> FileResult<()> {
        self.base_file().map(|_| ())
    }

    /// Closes the host's file: nobody has it open.
    pub(crate) fn rest(&mut self) {
        if let Some(base) = &mut self.base {
            base.file = None;
        }
    }

    /// The host's file has another path now.
    pub(crate) fn moved(&mut self, path: &Path) {
        if let Some(base) = &mut self.base {
            base.path = path.to_owned();
            base.file = None;
        }
    }

    /// Reads a range that lies inside the file.
    pub(crate) fn read(&mut self, offset: u64, into: &mut [u8]) -> FileResult<()> {
        let end = offset + into.len() as u64;
        debug_assert!(end <= self.length, "the range lies inside");
        into.fill(0);
        let valid = self.base.as_ref().map_or(0, |base| base.valid);
        if offset < valid {
            let count = (valid - offset).min(into.len() as u64) as usize;
            if let Some(file) = self.base_file()? {
                host::read_at(file, offset, &mut into[..count])?;
            }
        }
        if into.is_empty() {
            return Ok(());
        }
        for (page, bytes) in self.pages.range(offset / CLUSTER..=(end - 1) / CLUSTER) {
            let start = (page * CLUSTER).max(offset);
            let stop = ((page + 1) * CLUSTER).min(end);
            let from = &bytes[(start - page * CLUSTER) as usize..(stop - page * CLUSTER) as usize];
            into[(start - offset) as usize..(stop - offset) as usize].copy_from_slice(from);
        }
        Ok(())
    }

    /// Writes a range; what lies between the former end and it reads as 0. All or nothing.
    pub(crate) fn write(&mut self, offset: u64, bytes: &[u8], budget: &mut Budget) -> FileResult<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        let end = offset.checked_add(bytes.len() as u64).filter(|end| *end <= MAXIMUM_FILE);
        let end = end.ok_or(FileError::DiskFull)?;
        if self.is_through() {
            return self.write_through(offset, bytes, end, budget);
        }
        let wanted = self.charge_after_write(offset, end);
        self.recharge(wanted, budget)?;
        let mut at = offset;
        while at < end {
            let page = at / CLUSTER;
            let stop = ((page + 1) * CLUSTER).min(end);
            if !self.pages.contains_key(&page) {
                // A page that is written in full need not be read.
                let is_whole = stop - at == CLUSTER;
                let old = if is_whole { Ok(Box::new([0; CLUSTER as usize])) } else { self.load(page) };
                match old {
                    Ok(old) => self.pages.insert(page, old),
                    Err(error) => {
                        // What has been written stays; what it costs is counted anew.
                        self.length = self.length.max(at);
                        let charge = self.counted_charge();
                        budget.give_back(self.charge - charge);
                        self.charge = charge;
                        return Err(error);
                    }
                };
            }
            let into = self.pages.get_mut(&page).expect("it is there by now");
            let from = &bytes[(at - offset) as usize..(stop - offset) as usize];
            into[(at - page * CLUSTER) as usize..(stop - page * CLUSTER) as usize].copy_from_slice(from);
            at = stop;
        }
        self.length = self.length.max(end);
        Ok(())
    }

    /// The page as it was before its first change.
    fn load(&mut self, page: u64) -> FileResult<Box<[u8; CLUSTER as usize]>> {
        let mut bytes = Box::new([0; CLUSTER as usize]);
        let valid = self.base.as_ref().map_or(0, |base| base.valid);
        let count = valid.saturating_sub(page * CLUSTER).min(CLUSTER) as usize;
        if count > 0
            && let Some(file) = self.base_file()?
        {
            host::read_at(file, page * CLUSTER, &mut bytes[..count])?;
        }
        Ok(bytes)
    }

    fn write_through(&mut self, offset: u64, bytes: &[u8], end: u64, budget: &mut Budget) -> FileResult<()> {
        let growth = clusters(self.length.max(end)) - clusters(self.length);
        budget.take(growth)?;
        let written = match self.base_file() {
            Ok(Some(file)) => host::write_at(file, offset, bytes),
            Ok(None) => unreachable!("a file that is written through has a base"),
            Err(error) => Err(error),
        };
        if let Err(error) = written {
            budget.give_back(growth);
            return Err(error);
        }
        self.charge += growth;
        self.length = self.length.max(end);
        self.base.as_mut().expect("it has a base").valid = self.length;
        Ok(())
    }

    /// How many clusters of the host's file count.
    fn base_clusters(&self) -> u64 {
        clusters(self.base.as_ref().map_or(0, |base| base.valid))
    }

    /// What an overlay file costs: everything that the host's file does not lend it. So its pages in memory
    /// are never more than what it costs.
    fn counted_charge(&self) -> u64 {
        let lent = self.base_clusters();
        let copied = self.pages.range(..lent).count() as u64;
        clusters(self.length) - lent + copied
    }

    fn charge_after_write(&self, offset: u64, end: u64) -> u64 {
        let lent = self.base_clusters();
        let first = offset / CLUSTER;
        let stop = clusters(end).min(lent);
        let growth = clusters(self.length.max(end)) - clusters(self.length);
        let present = if first < stop { self.pages.range(first..stop).count() as u64 } else { 0 };
        self.charge + growth + stop.saturating_sub(first) - present
    }

    fn recharge(&mut self, wanted: u64, budget: &mut Budget) -> FileResult<()> {
        match wanted.checked_sub(self.charge) {
            Some(more) => budget.take(more)?,
            None => budget.give_back(self.charge - wanted),
        }
        self.charge = wanted;
        Ok(())
    }

    /// Makes it longer, with zeros, or shorter.
    pub(crate) fn set_length(&mut self, length: u64, budget: &mut Budget) -> FileResult<()> {
        if length > MAXIMUM_FILE {
            return Err(FileError::DiskFull);
        }
        if self.is_through() {
            return self.set_length_through(length, budget);
        }
        if length >= self.length {
            let wanted = self.charge + clusters(length) - clusters(self.length);
            self.recharge(wanted, budget)?;
            self.length = length;
            return Ok(());
        }
        // What is cut off must read as 0 when the file grows again.
        self.pages.split_off(&clusters(length));
        let last = length / CLUSTER;
        if let Some(page) = self.pages.get_mut(&last) {
            page[(length % CLUSTER) as usize..].fill(0);
        }
        if let Some(base) = &mut self.base {
            base.valid = base.valid.min(length);
        }
        self.length = length;
        let charge = self.counted_charge();
        self.recharge(charge, budget)
    }

    fn set_length_through(&mut self, length: u64, budget: &mut Budget) -> FileResult<()> {
        let growth = clusters(length).saturating_sub(clusters(self.length));
        let freed = clusters(self.length).saturating_sub(clusters(length));
        budget.take(growth)?;
        let set = match self.base_file() {
            Ok(Some(file)) => host::set_length(file, length),
            Ok(None) => unreachable!("a file that is written through has a base"),
            Err(error) => Err(error),
        };
        if let Err(error) = set {
            budget.give_back(growth);
            return Err(error);
        }
        // What was there before the run is not the guest's to give back to its budget.
        let freed = freed.min(self.charge);
        budget.give_back(freed);
        self.charge = self.charge + growth - freed;
        self.length = length;
        self.base.as_mut().expect("it has a base").valid = length;
        Ok(())
    }

    /// Sees to it that what was written outlives the host's crash.
    pub(crate) fn flush(&mut self) -> FileResult<()> {
        if self.is_through()
            && let Some(file) = self.base_file()?
        {
            host::sync(file)?;
        }
        Ok(())
    }

    /// Gives back what it used of the disk: the file goes.
    pub(crate) fn discard(&mut self, budget: &mut Budget) {
        budget.give_back(self.charge);
        *self = Content::default();
    }

    /// How many more clusters it would take to change all of its first bytes.
    pub(crate) fn cost_of_changing(&self, bytes: u64) -> u64 {
        if self.is_through() {
            return 0;
        }
        self.charge_after_write(0, bytes).saturating_sub(self.charge)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget(limit: u64) -> Budget {
        Budget { used: 0, limit }
    }

    #[test]
    fn holes_read_as_zero_and_are_paid_for() {
        let (mut content, mut budget) = (Content::default(), budget(4));
        content.write(CLUSTER * 2 + 1, b"x", &mut budget).unwrap();
        let mut bytes = [9; 4];
        content.read(CLUSTER * 2 - 2, &mut bytes).unwrap();
        assert_eq!(bytes, [0, 0, 0, b'x']);
        assert_eq!(budget.used, 3);
        assert_eq!(content.write(CLUSTER * 4, b"y", &mut budget), Err(FileError::DiskFull));
        assert_eq!(content.length(), CLUSTER * 2 + 2, "a write that fails changes nothing");
        content.set_length(0, &mut budget).unwrap();
        assert_eq!(budget.used, 0);
    }

    #[test]
    fn what_was_cut_off_does_not_come_back() {
        let (mut content, mut budget) = (Content::default(), budget(4));
        content.write(0, &[7; 100], &mut budget).unwrap();
        content.set_length(10, &mut budget).unwrap();
        content.set_length(20, &mut budget).unwrap();
        let mut bytes = [9; 20];
        content.read(0, &mut bytes).unwrap();
        assert_eq!(bytes[..10], [7; 10]);
        assert_eq!(bytes[10..], [0; 10]);
    }

    #[test]
    fn no_file_is_larger_than_fat_keeps() {
        let (mut content, mut budget) = (Content::default(), budget(u64::MAX));
        assert_eq!(content.write(MAXIMUM_FILE, b"x", &mut budget), Err(FileError::DiskFull));
        assert_eq!(content.set_length(MAXIMUM_FILE + 1, &mut budget), Err(FileError::DiskFull));
        assert_eq!(content.write(u64::MAX, b"x", &mut budget), Err(FileError::DiskFull));
    }
}

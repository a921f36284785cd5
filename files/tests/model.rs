//! Random calls, compared with a model: the file system in memory, over a folder of the host that must stay
//! as it is, and writing through to one that must end as the model says.
#![allow(missing_docs, reason = "tests say what they test by their names")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use cerium_files::{Access, Disposition, FileError, FileSystem, OpenRequest, SeekFrom, Share};

/// A small generator of numbers (xorshift), so that a seed is a run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: u64) -> u64 {
        (self.next() >> 16) % limit
    }
}

/// The model: a map of paths without case. It knows no tree, no pages and no host.
#[derive(Default)]
struct Model {
    entries: BTreeMap<String, Entry>,
}

#[derive(Clone)]
enum Entry {
    Folder,
    File(Vec<u8>),
}

fn parent(path: &str) -> &str {
    path.rsplit_once('\\').map_or("", |(parent, _)| parent)
}

impl Model {
    fn is_folder(&self, path: &str) -> bool {
        path.is_empty() || matches!(self.entries.get(path), Some(Entry::Folder))
    }

    fn missing(&self, path: &str) -> FileError {
        if self.is_folder(parent(path)) { FileError::FileNotFound } else { FileError::PathNotFound }
    }

    fn has_children(&self, path: &str) -> bool {
        let inside = format!("{path}\\");
        self.entries.keys().any(|other| other.starts_with(&inside))
    }

    fn create_directory(&mut self, path: &str) -> Result<(), FileError> {
        if !self.is_folder(parent(path)) {
            return Err(FileError::PathNotFound);
        }
        if self.entries.contains_key(path) {
            return Err(FileError::AlreadyExists);
        }
        self.entries.insert(path.to_owned(), Entry::Folder);
        Ok(())
    }

    fn remove_directory(&mut self, path: &str) -> Result<(), FileError> {
        match self.entries.get(path) {
            None => return Err(self.missing(path)),
            Some(Entry::File(_)) => return Err(FileError::NotDirectory),
            Some(Entry::Folder) => {}
        }
        if self.has_children(path) {
            return Err(FileError::DirectoryNotEmpty);
        }
        self.entries.remove(path);
        Ok(())
    }

    fn delete(&mut self, path: &str) -> Result<(), FileError> {
        match self.entries.get(path) {
            None => Err(self.missing(path)),
            Some(Entry::Folder) => Err(FileError::AccessDenied),
            Some(Entry::File(_)) => {
                self.entries.remove(path);
                Ok(())
            }
        }
    }

    fn rename(&mut self, from: &str, to: &str) -> Result<(), FileError> {
        let Some(entry) = self.entries.get(from).cloned() else { return Err(self.missing(from)) };
        if !self.is_folder(parent(to)) {
            return Err(FileError::PathNotFound);
        }
        if from != to && self.entries.contains_key(to) {
            return Err(FileError::AlreadyExists);
        }
        let inside = format!("{from}\\");
        if to.starts_with(&inside) {
            return Err(FileError::SharingViolation);
        }
        let moved: Vec<String> =
            self.entries.keys().filter(|key| key.starts_with(&inside)).cloned().collect();
        for key in moved {
            let entry = self.entries.remove(&key).unwrap();
            self.entries.insert(format!("{to}\\{}", &key[inside.len()..]), entry);
        }
        self.entries.remove(from);
        self.entries.insert(to.to_owned(), entry);
        Ok(())
    }

    /// What writing at a place makes of a file; what is between reads as 0.
    fn write(&mut self, path: &str, at: usize, bytes: &[u8]) {
        let Some(Entry::File(content)) = self.entries.get_mut(path) else { panic!("{path} is no file") };
        if bytes.is_empty() {
            return;
        }
        if content.len() < at + bytes.len() {
            content.resize(at + bytes.len(), 0);
        }
        content[at..at + bytes.len()].copy_from_slice(bytes);
    }

    fn content(&mut self, path: &str) -> &mut Vec<u8> {
        match self.entries.get_mut(path) {
            Some(Entry::File(content)) => content,
            _ => panic!("{path} is no file"),
        }
    }
}

fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

fn request(name: &[u16], write: bool, disposition: Disposition) -> OpenRequest<'_> {
    OpenRequest {
        name,
        access: Access { read: true, write },
        share: Share { read: true, write: true },
        disposition,
        attributes: 0,
        delete_on_close: false,
        write_through: false,
    }
}

/// A run: the file system beside the model, and the files that are open in both.
struct Run {
    files: FileSystem,
    model: Model,
    random: Random,
    /// By open: the path without case.
    open: Vec<(u32, String)>,
    story: Vec<String>,
}

const NAMES: [&str; 5] = ["a", "b", "LONGER.NAME.TXT", "\u{e4}\u{416}", "sp ace"];

impl Run {
    /// A path of up to three parts, in some spelling, and as the model knows it.
    fn path(&mut self) -> (String, String) {
        let depth = 1 + self.random.below(3);
        let parts: Vec<&str> = (0..depth).map(|_| NAMES[self.random.below(5) as usize]).collect();
        let key: Vec<String> = parts.iter().map(|part| part.to_uppercase()).collect();
        let spelt: Vec<String> = parts
            .iter()
            .map(|part| if self.random.below(2) == 0 { part.to_lowercase() } else { part.to_uppercase() })
            .collect();
        let key = format!("\\{}", key.join("\\"));
        let spelt = match self.random.below(4) {
            0 => spelt.join("/"),
            1 => format!("\\x\\..\\.\\{}", spelt.join("\\\\")),
            _ => format!("\\{}", spelt.join("\\")),
        };
        (spelt, key)
    }

    fn is_open(&self, key: &str) -> bool {
        let inside = format!("{key}\\");
        self.open.iter().any(|(_, other)| other == key || other.starts_with(&inside))
    }

    fn same<T: PartialEq + std::fmt::Debug>(&mut self, what: String, real: T, wanted: T) {
        let differs = real != wanted;
        self.story.push(format!("{what} -> {real:?}"));
        assert!(!differs, "wanted {wanted:?}\n{}", self.story.join("\n"));
    }

    fn step(&mut self) {
        match self.random.below(14) {
            0 | 1 => self.create(),
            2 => {
                let (path, key) = self.path();
                let real = self.files.create_directory(&units(&path));
                let wanted = self.model.create_directory(&key);
                self.same(format!("create_directory {path}"), real, wanted);
            }
            3 => {
                let (path, key) = self.path();
                let real = self.files.remove_directory(&units(&path));
                let wanted = self.model.remove_directory(&key);
                self.same(format!("remove_directory {path}"), real, wanted);
            }
            4 => {
                let (path, key) = self.path();
                let real = self.files.delete(&units(&path));
                let is_open = self.open.iter().any(|(_, other)| *other == key);
                let wanted = if is_open { Err(FileError::SharingViolation) } else { self.model.delete(&key) };
                self.same(format!("delete {path}"), real, wanted);
            }
            5 => self.rename(),
            6 => {
                if let Some(place) = self.any_open() {
                    let (open, key) = self.open.swap_remove(place);
                    self.files.close(open);
                    self.story.push(format!("close {key}"));
                }
            }
            7 => self.list(),
            8 => self.whole(),
            9 => self.replace(),
            10 => self.copy(),
            _ => self.use_open(),
        }
    }

    fn any_open(&mut self) -> Option<usize> {
        let count = self.open.len() as u64;
        (count > 0).then(|| self.random.below(count) as usize)
    }

    fn create(&mut self) {
        let (path, key) = self.path();
        let disposition = match self.random.below(4) {
            0 => Disposition::CreateNew,
            1 => Disposition::CreateAlways,
            2 => Disposition::OpenExisting,
            _ => Disposition::OpenAlways,
        };
        let real = self.files.open(request(&units(&path), true, disposition));
        let wanted = match self.model.entries.get(&key) {
            Some(_) if disposition == Disposition::CreateNew => Err(FileError::FileExists),
            Some(Entry::Folder) => Err(FileError::AccessDenied),
            Some(Entry::File(_)) => Ok(true),
            None if !self.model.is_folder(parent(&key)) => Err(FileError::PathNotFound),
            None if disposition == Disposition::OpenExisting => Err(FileError::FileNotFound),
            None => Ok(false),
        };
        self.same(format!("open {path} {disposition:?}"), real.map(|opened| opened.existed), wanted);
        if let Ok(opened) = real {
            if !opened.existed || disposition == Disposition::CreateAlways {
                self.model.entries.insert(key.clone(), Entry::File(Vec::new()));
            }
            self.open.push((opened.id, key));
        }
    }

    fn rename(&mut self) {
        let ((from, from_key), (to, to_key)) = (self.path(), self.path());
        let real = self.files.rename(&units(&from), &units(&to));
        // What is open keeps its place; a file is looked at before the target, a folder after.
        let exists = self.model.entries.contains_key(&from_key);
        let is_file = matches!(self.model.entries.get(&from_key), Some(Entry::File(_)));
        let wanted = if exists && is_file && self.is_open(&from_key) {
            Err(FileError::SharingViolation)
        } else if exists && !is_file && self.is_open(&from_key) {
            let mut tried = Model { entries: self.model.entries.clone() };
            tried.rename(&from_key, &to_key).and(Err(FileError::SharingViolation))
        } else {
            self.model.rename(&from_key, &to_key)
        };
        self.same(format!("rename {from} {to}"), real, wanted);
    }

    fn replace(&mut self) {
        let ((target, target_key), (source, source_key)) = (self.path(), self.path());
        let real = self.files.delete_and_rename(&units(&target), &units(&source));
        let wanted = self.replaced(&target_key, &source_key);
        self.same(format!("delete_and_rename {target} {source}"), real, wanted);
    }

    /// Both must be there; then each must be a file that nobody has open.
    fn replaced(&mut self, target: &str, source: &str) -> Result<(), FileError> {
        for key in [source, target] {
            if !self.model.entries.contains_key(key) {
                return Err(self.model.missing(key));
            }
        }
        for key in [source, target] {
            if matches!(self.model.entries[key], Entry::Folder) {
                return Err(FileError::AccessDenied);
            }
            if self.is_open(key) {
                return Err(FileError::SharingViolation);
            }
        }
        if source == target {
            return Err(FileError::SharingViolation);
        }
        let entry = self.model.entries.remove(source).unwrap();
        self.model.entries.insert(target.to_owned(), entry);
        Ok(())
    }

    fn copy(&mut self) {
        let ((from, from_key), (to, to_key)) = (self.path(), self.path());
        if self.is_open(&from_key) || self.is_open(&to_key) || from_key == to_key {
            return;
        }
        let real = self.files.copy(&units(&from), &units(&to), true);
        let wanted = match (self.model.entries.get(&from_key).cloned(), self.model.entries.get(&to_key)) {
            (None, _) => Err(self.model.missing(&from_key)),
            (Some(Entry::Folder), _) => Err(FileError::AccessDenied),
            (Some(_), Some(_)) => Err(FileError::FileExists),
            (Some(_), None) if !self.model.is_folder(parent(&to_key)) => Err(FileError::PathNotFound),
            (Some(entry), None) => {
                self.model.entries.insert(to_key, entry);
                Ok(())
            }
        };
        self.same(format!("copy {from} {to}"), real, wanted);
    }

    fn list(&mut self) {
        let (path, key) = self.path();
        let pattern = format!("{path}\\*");
        let mut found = Vec::new();
        let real = match self.files.find_first(&units(&pattern)) {
            Ok((find, first)) => {
                found.push(first);
                while let Ok(next) = self.files.find_next(find) {
                    found.push(next);
                }
                self.files.close_find(find);
                Ok(())
            }
            Err(error) => Err(error),
        };
        let inside = format!("{key}\\");
        let mut wanted: Vec<(String, u64)> = Vec::new();
        for (path, entry) in &self.model.entries {
            if let Some(name) = path.strip_prefix(&inside).filter(|name| !name.contains('\\')) {
                let length = if let Entry::File(content) = entry { content.len() as u64 } else { 0 };
                wanted.push((name.to_owned(), length));
            }
        }
        wanted.sort_by_key(|(name, _)| units(name));
        let wanted_result = match (self.model.is_folder(&key), wanted.is_empty()) {
            (false, _) => Err(FileError::PathNotFound),
            (true, true) => Err(FileError::FileNotFound),
            (true, false) => Ok(()),
        };
        self.same(format!("find {pattern}"), real, wanted_result);
        let found: Vec<(String, u64)> = found
            .into_iter()
            .map(|found| (String::from_utf16_lossy(&found.name).to_uppercase(), found.information.length))
            .collect();
        self.same(format!("find {pattern}"), found, wanted);
    }

    fn whole(&mut self) {
        let (path, key) = self.path();
        let real = self.files.read_whole(&units(&path), 1 << 20).map(|(_, bytes)| bytes).ok();
        let wanted = match self.model.entries.get(&key) {
            Some(Entry::File(content)) => Some(content.clone()),
            _ => None,
        };
        self.same(format!("read_whole {path}"), real, wanted);
    }

    fn use_open(&mut self) {
        let Some(place) = self.any_open() else { return };
        let (open, key) = self.open[place].clone();
        let at = self.random.below(20_000);
        self.files.seek(open, SeekFrom::Begin, at as i64).unwrap();
        match self.random.below(4) {
            0 => {
                let size = self.random.below(9_000) as u32;
                let real = self.files.read(open, size).unwrap();
                let content = self.model.content(&key);
                let start = (at as usize).min(content.len());
                let end = (start + size as usize).min(content.len());
                let wanted = content[start..end].to_vec();
                self.same(format!("read {key} {at} {size}"), real, wanted);
            }
            1 => {
                self.files.set_end(open).unwrap();
                self.model.content(&key).resize(at as usize, 0);
                self.story.push(format!("set_end {key} {at}"));
            }
            _ => {
                let size = self.random.below(9_000) as usize;
                let byte = self.random.next() as u8;
                let bytes: Vec<u8> = (0..size).map(|i| byte.wrapping_add(i as u8)).collect();
                self.files.write(open, &bytes).unwrap();
                self.model.write(&key, at as usize, &bytes);
                self.story.push(format!("write {key} {at} {size}"));
            }
        }
        let real = self.files.size(open).unwrap();
        let wanted = self.model.content(&key).len() as u64;
        self.same(format!("size {key}"), real, wanted);
    }

    fn run(mut self, steps: u32) -> Self {
        for _ in 0..steps {
            self.step();
            if self.story.len() > 400 {
                self.story.drain(..200);
            }
        }
        for (open, _) in std::mem::take(&mut self.open) {
            self.files.close(open);
        }
        self
    }
}

/// What is in a folder of the host, by paths as the model has them.
fn snapshot(folder: &Path) -> BTreeMap<String, Option<Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![(folder.to_path_buf(), String::new())];
    while let Some((folder, path)) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            let path = format!("{path}\\{}", name.to_uppercase());
            if entry.file_type().unwrap().is_dir() {
                found.insert(path.clone(), None);
                folders.push((entry.path(), path));
            } else {
                found.insert(path, Some(fs::read(entry.path()).unwrap()));
            }
        }
    }
    found
}

/// A folder of the host with something in it, and the model of that.
fn host_folder(name: &str) -> (PathBuf, Model) {
    let folder = std::env::temp_dir().join(format!("cerium-files-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("a/b")).unwrap();
    let mut model = Model::default();
    model.create_directory("\\A").unwrap();
    model.create_directory("\\A\\B").unwrap();
    for (path, key, size) in [("a/b/a", "\\A\\B\\A", 5_000), ("b", "\\B", 12_345)] {
        let content: Vec<u8> = (0..size).map(|i| (i * 7) as u8).collect();
        fs::write(folder.join(path), &content).unwrap();
        model.entries.insert(key.to_owned(), Entry::File(content));
    }
    (folder, model)
}

fn start(files: FileSystem, model: Model, seed: u64) -> Run {
    Run { files, model, random: Random(seed | 1), open: Vec::new(), story: vec![format!("seed {seed}")] }
}

#[test]
fn the_file_system_in_memory_agrees_with_the_model() {
    for seed in 1..40 {
        start(FileSystem::default(), Model::default(), seed * 0x9E37_79B9).run(1_500);
    }
}

#[test]
fn over_a_folder_of_the_host_it_agrees_and_the_host_is_left_as_it_was() {
    for seed in 1..20 {
        let (folder, model) = host_folder("overlay");
        let before = snapshot(&folder);
        let files = FileSystem::default().with_root(&folder, false).unwrap();
        start(files, model, seed * 0x9E37_79B9).run(1_500);
        assert_eq!(snapshot(&folder), before, "seed {seed}");
        fs::remove_dir_all(folder).unwrap();
    }
}

#[test]
fn what_is_written_through_is_on_the_host_as_the_model_says() {
    for seed in 1..20 {
        let (folder, model) = host_folder("through");
        let files = FileSystem::default().with_root(&folder, true).unwrap();
        let run = start(files, model, seed * 0x9E37_79B9).run(1_500);
        let wanted: BTreeMap<String, Option<Vec<u8>>> = run
            .model
            .entries
            .into_iter()
            .map(|(path, entry)| (path, if let Entry::File(content) = entry { Some(content) } else { None }))
            .collect();
        assert!(snapshot(&folder) == wanted, "seed {seed}");
        // What is under the root is removed again; it was all that the guest stored.
        let mut files = run.files;
        for path in wanted.keys().rev() {
            let removed = match wanted[path] {
                None => files.remove_directory(&units(path)),
                Some(_) => files.delete(&units(path)),
            };
            removed.unwrap();
        }
        assert_eq!(files.space().free, files.space().total, "seed {seed}");
        fs::remove_dir_all(folder).unwrap();
    }
}

#[test]
fn all_that_was_stored_is_given_back() {
    let mut files = FileSystem::default();
    let before = files.space();
    let run = start(FileSystem::default(), Model::default(), 77).run(3_000);
    let (mut used, model) = (run.files, run.model);
    for path in model.entries.keys().rev() {
        let removed = match model.entries[path] {
            Entry::Folder => used.remove_directory(&units(path)),
            Entry::File(_) => used.delete(&units(path)),
        };
        removed.unwrap();
    }
    assert_eq!(used.space(), before);
    assert!(files.create_directory(&units("\\x")).is_ok());
    assert!(files.space().free < before.free, "folders cost something too");
}

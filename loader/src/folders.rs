//! The files that a guest's CreateProcess can name: two folders of the host, and nothing outside them.
//!
//! The guest's names have no case; each part of a path is looked up in its folder's listing. Links are not
//! followed, and a part that could lead out of a folder is no name.

use std::fs;
use std::path::{Path, PathBuf};

use cerium_guest::{Images, Prepared};
use cerium_kernel::{CeResult, Win32Error};

use crate::load::{ImageFile, Options, load};

/// What a path of the guest may have at most (MAX_PATH).
const MAXIMUM_PATH: usize = 260;

/// The folders that a guest sees.
#[derive(Clone, Debug, Default)]
pub struct Folders {
    /// What it sees as `\`.
    root: Option<PathBuf>,
    /// What it sees as `\Program`.
    program: Option<PathBuf>,
}

/// The name under which the first program's own folder is seen.
const PROGRAM: &str = "Program";

impl Folders {
    /// The folder seen as `\`, if any, and the one seen as `\Program`.
    pub fn new(root: Option<PathBuf>, program: Option<PathBuf>) -> Self {
        Self { root, program }
    }

    /// Finds an image as CreateProcess does (ee482760): with a path, there; without one in `\Windows`, `\`
    /// and `\Program`. `.exe` is added to a name without an ending. Gives the path that the guest sees and
    /// the host's file.
    pub(crate) fn find_image(&self, name: &str) -> Option<(String, PathBuf)> {
        let name = name.trim_matches('"');
        if name.is_empty() || name.encode_utf16().count() >= MAXIMUM_PATH {
            return None;
        }
        let name = name.replace('/', "\\");
        let has_path = name.contains('\\');
        let last = name.rsplit('\\').next().unwrap_or(&name);
        // ee488927: not if it ends in a dot or has a path; programs that give a path without it exist all
        // the same, so it is tried second there.
        let with_ending = (!last.contains('.')).then(|| format!("{name}.exe"));
        let names = if has_path { [Some(name), with_ending] } else { [with_ending.or(Some(name)), None] };
        for name in names.iter().flatten() {
            let places: Vec<String> = if has_path {
                vec![name.clone()]
            } else {
                ["\\Windows\\", "\\", "\\Program\\"].iter().map(|place| format!("{place}{name}")).collect()
            };
            for place in places {
                if let Some(found) = self.find(&place) {
                    return Some(found);
                }
            }
        }
        None
    }

    /// Finds a file by its full path; gives it as its folders spell it.
    fn find(&self, path: &str) -> Option<(String, PathBuf)> {
        let parts: Vec<&str> = path.split('\\').filter(|part| !part.is_empty()).collect();
        let (first, rest) = parts.split_first()?;
        if first.eq_ignore_ascii_case(PROGRAM)
            && let Some(program) = &self.program
            && let Some((spelt, file)) = walk(program, rest)
        {
            return Some((format!("\\{PROGRAM}{spelt}"), file));
        }
        walk(self.root.as_ref()?, &parts)
    }
}

/// Follows the parts of a path down from a folder to a plain file.
fn walk(folder: &Path, parts: &[&str]) -> Option<(String, PathBuf)> {
    let mut at = folder.to_path_buf();
    let mut spelt = String::new();
    for part in parts {
        let name = entry_named(&at, part)?;
        at.push(&name);
        spelt.push('\\');
        spelt.push_str(&name);
    }
    // A link is neither a file nor a folder here, so that none leads outside.
    let is_file = fs::symlink_metadata(&at).is_ok_and(|metadata| metadata.is_file());
    (is_file && !parts.is_empty()).then_some((spelt, at))
}

/// The entry of a folder that has this name, whatever its case; the first in order if several have.
fn entry_named(folder: &Path, part: &str) -> Option<String> {
    if part == "." || part == ".." {
        return None;
    }
    if !fs::symlink_metadata(folder).is_ok_and(|metadata| metadata.is_dir()) {
        return None;
    }
    let wanted = part.to_lowercase();
    let entries = fs::read_dir(folder).ok()?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.filter(|name| name.to_lowercase() == wanted).min()
}

/// The programs that CreateProcess finds in the guest's folders.
pub struct FolderImages {
    folders: Folders,
    options: Options,
}

impl FolderImages {
    /// Programs of these folders, loaded with these options.
    pub fn new(folders: Folders, options: Options) -> Self {
        Self { folders, options }
    }
}

impl Images for FolderImages {
    fn load(&mut self, image: &[u16], command_line: &[u16]) -> CeResult<Prepared> {
        let name = String::from_utf16_lossy(image);
        let Some((path, file)) = self.folders.find_image(&name) else {
            log::info!(target: "loader", "CreateProcess: there is no {name:?}");
            return Err(Win32Error::FILE_NOT_FOUND);
        };
        let bytes = read_image(&file).map_err(|error| {
            log::warn!(target: "loader", "CreateProcess: {path}: {error}");
            Win32Error::FILE_NOT_FOUND
        })?;
        load(ImageFile { name: &path, path: &path, bytes: &bytes }, command_line, &self.options).map_err(
            |error| {
                log::warn!(target: "loader", "CreateProcess: {error}");
                error.problem.win32()
            },
        )
    }
}

/// Reads an image that is no larger than one may be in memory.
fn read_image(file: &Path) -> std::io::Result<Vec<u8>> {
    let size = fs::metadata(file)?.len();
    if size > 2 * u64::from(cerium_pe::MAX_IMAGE_SIZE) {
        return Err(std::io::Error::other(format!("{size} bytes are too many for an image")));
    }
    fs::read(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folders() -> (PathBuf, Folders) {
        let base = std::env::temp_dir().join(format!("cerium-folders-{}", std::process::id()));
        let _ = fs::remove_dir_all(&base);
        fs::create_dir_all(base.join("root/Windows")).unwrap();
        fs::create_dir_all(base.join("program")).unwrap();
        fs::write(base.join("root/Windows/Shell.exe"), "shell").unwrap();
        fs::write(base.join("program/App.exe"), "app").unwrap();
        fs::write(base.join("outside.exe"), "outside").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(base.join("outside.exe"), base.join("root/link.exe")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(&base, base.join("root/up")).unwrap();
        let folders = Folders::new(Some(base.join("root")), Some(base.join("program")));
        (base, folders)
    }

    #[test]
    fn images_are_found_without_case_and_never_outside() {
        let (base, folders) = folders();
        let found = |name: &str| folders.find_image(name).map(|(path, _)| path);
        assert_eq!(found("shell"), Some("\\Windows\\Shell.exe".into()));
        assert_eq!(found("\\windows\\SHELL.EXE"), Some("\\Windows\\Shell.exe".into()));
        assert_eq!(found("\\Program\\app.exe"), Some("\\Program\\App.exe".into()));
        assert_eq!(found("app.exe"), Some("\\Program\\App.exe".into()));
        let long = "x".repeat(5000);
        let escapes = [
            "..\\outside.exe",
            "\\..\\outside.exe",
            "\\Program\\..\\..\\outside.exe",
            "../outside.exe",
            "link.exe",
            "\\up\\outside.exe",
            "\\Windows\\..\\..\\outside.exe",
            "",
            "\\",
            "CON",
            "\\\\.\\PhysicalDrive0",
            &long,
        ];
        for escape in escapes {
            assert_eq!(found(escape), None, "{escape}");
        }
        fs::remove_dir_all(base).unwrap();
    }
}

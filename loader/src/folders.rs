//! Finding the image that a guest's CreateProcess names, in the guest's file system.

use cerium_files::{FileError, FileSystem};
use cerium_guest::{Images, Prepared};
use cerium_kernel::{CeResult, Win32Error};

use crate::load::{ImageFile, Options, load};

/// Finds an image as CreateProcess and LoadLibrary do (ee482760): with a path, there; without one in
/// `\Windows`, `\` and `\Program`. `ending` (`.exe`, `.dll`) is added to a name without one. Gives the path
/// as the file system spells it.
pub fn find_image(files: &mut FileSystem, name: &str, ending: &str) -> Option<String> {
    find(files, name, ending, &["\\Windows\\", "\\", "\\Program\\"])
}

/// Finds a library as LoadLibrary does (ms886736): with a path, there; without one beside the program, in
/// `\Windows`, and where programs are found.
pub(crate) fn find_library(files: &mut FileSystem, name: &str, program: &str) -> Option<String> {
    let beside = program.rsplit_once('\\').map_or("", |(folder, _)| folder);
    find(files, name, ".dll", &[&format!("{beside}\\"), "\\Windows\\", "\\", "\\Program\\"])
}

fn find(files: &mut FileSystem, name: &str, ending: &str, folders: &[&str]) -> Option<String> {
    let name = name.trim_matches('"').replace('/', "\\");
    if name.is_empty() {
        return None;
    }
    let has_path = name.contains('\\');
    let last = name.rsplit('\\').next().unwrap_or(&name);
    // ee488927: not if it ends in a dot or has a path; programs that give a path without it exist all the
    // same, so it is tried second there.
    let with_ending = (!last.contains('.')).then(|| format!("{name}{ending}"));
    let names = if has_path { [Some(name), with_ending] } else { [with_ending.or(Some(name)), None] };
    for name in names.iter().flatten() {
        let places: &[&str] = if has_path { &[""] } else { folders };
        for place in places {
            let path: Vec<u16> = place.encode_utf16().chain(name.encode_utf16()).collect();
            if let Some(found) = files.find_file(&path) {
                return Some(String::from_utf16_lossy(&found));
            }
        }
    }
    None
}

/// Reads an image that is no larger than one may be in memory; gives the path as the file system spells it.
pub(crate) fn read_image(files: &mut FileSystem, path: &str) -> Result<(String, Vec<u8>), FileError> {
    let path: Vec<u16> = path.encode_utf16().collect();
    let (spelt, bytes) = files.read_whole(&path, 2 * u64::from(cerium_pe::MAX_IMAGE_SIZE))?;
    Ok((String::from_utf16_lossy(&spelt), bytes))
}

/// The programs that CreateProcess finds in the guest's file system.
pub struct FileImages {
    options: Options,
}

impl FileImages {
    /// Programs loaded with these options.
    pub fn new(options: Options) -> Self {
        Self { options }
    }
}

impl Images for FileImages {
    fn load(&mut self, files: &mut FileSystem, image: &[u16], command_line: &[u16]) -> CeResult<Prepared> {
        let name = String::from_utf16_lossy(image);
        let Some(path) = find_image(files, &name, ".exe") else {
            log::info!(target: "loader", "CreateProcess: there is no {name:?}");
            return Err(Win32Error::FILE_NOT_FOUND);
        };
        let (path, bytes) = read_image(files, &path).map_err(|error| {
            log::warn!(target: "loader", "CreateProcess: {path}: {error}");
            Win32Error::FILE_NOT_FOUND
        })?;
        load(ImageFile { name: &path, path: &path, bytes: &bytes }, command_line, &self.options, files)
            .map_err(|error| {
                log::warn!(target: "loader", "CreateProcess: {error}");
                error.problem.win32()
            })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::*;

    fn folders() -> (PathBuf, FileSystem) {
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
        let files = FileSystem::default().with_root(&base.join("root"), false).unwrap();
        let files = files.with_program(&base.join("program")).unwrap();
        (base, files)
    }

    #[test]
    fn images_are_found_without_case_and_never_outside() {
        let (base, mut files) = folders();
        let mut found = |name: &str| find_image(&mut files, name, ".exe");
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

//! Nothing outside the folders that were given is read or written, whatever names a guest thinks of.
#![allow(missing_docs, reason = "tests say what they test by their names")]
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use cerium_files::{Access, Disposition, FileError, FileSystem, HOST_DATE, OpenRequest, Share};

const SECRET: &[u8] = b"secret";

/// `root` and `program` are shown; `outside` and everything beside them is not.
fn scene(name: &str) -> PathBuf {
    let base = std::env::temp_dir().join(format!("cerium-sandbox-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&base);
    for folder in ["root/Windows", "root/inside", "program", "outside/deep"] {
        fs::create_dir_all(base.join(folder)).unwrap();
    }
    for file in ["outside/secret.txt", "outside/deep/secret.txt", "secret.txt"] {
        fs::write(base.join(file), SECRET).unwrap();
    }
    fs::write(base.join("root/inside/plain.txt"), "plain").unwrap();
    fs::write(base.join("program/app.exe"), "app").unwrap();
    symlink(base.join("outside"), base.join("root/away")).unwrap();
    symlink(base.join("outside/secret.txt"), base.join("root/link.txt")).unwrap();
    symlink("../../outside", base.join("root/inside/up")).unwrap();
    symlink(base.join("outside"), base.join("program/away")).unwrap();
    symlink("nowhere", base.join("root/dangling.txt")).unwrap();
    base
}

/// Everything in a folder, links by where they point to.
fn snapshot(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let metadata = fs::symlink_metadata(&path).unwrap();
            if metadata.is_symlink() {
                let target = fs::read_link(&path).unwrap();
                found.push((path, target.to_string_lossy().into_owned().into_bytes()));
            } else if metadata.is_dir() {
                found.push((path.clone(), Vec::new()));
                folders.push(path);
            } else {
                let content = fs::read(&path).unwrap();
                found.push((path, content));
            }
        }
    }
    found.sort();
    found
}

fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

fn names(base: &Path) -> Vec<String> {
    let base = base.display();
    let mut names: Vec<String> = [
        "\\..\\secret.txt",
        "..\\..\\outside\\secret.txt",
        "../outside/secret.txt",
        "\\inside\\..\\..\\outside\\secret.txt",
        "\\Program\\..\\..\\outside\\secret.txt",
        "\\away\\secret.txt",
        "\\away\\deep\\secret.txt",
        "\\AWAY\\SECRET.TXT",
        "\\link.txt",
        "\\inside\\up\\secret.txt",
        "\\Program\\away\\secret.txt",
        "\\\\.\\C:\\secret.txt",
        "\\\\?\\C:\\secret.txt",
        "\\\\localhost\\c$\\secret.txt",
        "C:\\secret.txt",
        "c:secret.txt",
        "\\inside\\plain.txt:stream",
        "CON:",
        "COM1:",
        "PRN:",
        "$device\\COM1",
        "\\inside\\..\u{2215}..\u{2215}secret.txt",
        "\\.. \\secret.txt",
        "\\... \\secret.txt",
        "\\..\u{0}\\secret.txt",
        "\\dangling.txt\\x",
    ]
    .map(str::to_owned)
    .to_vec();
    names.push(format!("{base}/secret.txt"));
    names.push(format!("\\{base}\\outside\\secret.txt"));
    names.push("..\\".repeat(80) + "secret.txt");
    names.push("..\\".repeat(200) + "secret.txt");
    names.push(format!("\\{}\\secret.txt", "x".repeat(300)));
    names
}

fn request(name: &[u16], disposition: Disposition) -> OpenRequest<'_> {
    OpenRequest {
        name,
        access: Access { read: true, write: true },
        share: Share { read: true, write: true },
        disposition,
        attributes: 0,
        delete_on_close: false,
        write_through: true,
    }
}

/// Tries a name in every way there is.
fn attack(files: &mut FileSystem, name: &str) {
    let name = units(name);
    if let Ok(opened) = files.open(request(&name, Disposition::OpenExisting)) {
        let read = files.read(opened.id, 100).unwrap();
        assert_ne!(read, SECRET, "{}", String::from_utf16_lossy(&name));
        files.close(opened.id);
    }
    for disposition in [Disposition::CreateAlways, Disposition::OpenAlways, Disposition::CreateNew] {
        if let Ok(opened) = files.open(request(&name, disposition)) {
            files.write(opened.id, b"broken").unwrap();
            files.close(opened.id);
        }
    }
    let inside = units("\\inside\\plain.txt");
    let _ = files.copy(&inside, &name, false);
    let _ = files.rename(&inside, &name);
    let _ = files.rename(&name, &inside);
    let _ = files.delete_and_rename(&name, &inside);
    let _ = files.delete_and_rename(&inside, &name);
    let _ = files.set_attributes(&name, 1);
    let _ = files.set_attributes(&name, 0);
    let _ = files.delete(&name);
    let _ = files.create_directory(&name);
    let _ = files.remove_directory(&name);
    if let Ok((find, _)) = files.find_first(&units(&(String::from_utf16_lossy(&name) + "\\*"))) {
        files.close_find(find);
    }
    assert!(files.read_whole(&name, 1 << 20).map_or(true, |(_, bytes)| bytes != SECRET));
}

#[test]
fn an_overlay_changes_nothing_on_the_host_at_all() {
    let base = scene("overlay");
    let before = snapshot(&base);
    for name in names(&base) {
        let files = FileSystem::default().with_root(&base.join("root"), false).unwrap();
        let mut files = files.with_program(&base.join("program")).unwrap();
        attack(&mut files, &name);
    }
    assert_eq!(snapshot(&base), before);
    fs::remove_dir_all(base).unwrap();
}

#[test]
fn a_writable_root_lets_nothing_outside_it_be_changed() {
    let base = scene("writable");
    let outside = |base: &Path| -> Vec<(PathBuf, Vec<u8>)> {
        snapshot(base).into_iter().filter(|(path, _)| !path.starts_with(base.join("root"))).collect()
    };
    let before = outside(&base);
    for name in names(&base) {
        let files = FileSystem::default().with_root(&base.join("root"), true).unwrap();
        let mut files = files.with_program(&base.join("program")).unwrap();
        attack(&mut files, &name);
        assert_eq!(outside(&base), before, "{name}");
    }
    // The links in it are not the guest's to touch either.
    for link in ["root/away", "root/link.txt", "root/inside/up", "root/dangling.txt"] {
        assert!(fs::symlink_metadata(base.join(link)).unwrap().is_symlink(), "{link}");
    }
    fs::remove_dir_all(base).unwrap();
}

#[test]
fn links_are_not_there_and_their_names_cannot_be_taken() {
    let base = scene("links");
    let mut files = FileSystem::default().with_root(&base.join("root"), true).unwrap();
    for name in ["\\away", "\\link.txt", "\\dangling.txt"] {
        assert_eq!(files.information_by_name(&units(name)), Err(FileError::FileNotFound), "{name}");
        assert!(files.open(request(&units(name), Disposition::CreateAlways)).is_err(), "{name}");
    }
    let names: Vec<String> = {
        let (find, first) = files.find_first(&units("\\*")).unwrap();
        let mut names = vec![first.name];
        while let Ok(found) = files.find_next(find) {
            names.push(found.name);
        }
        names.iter().map(|name| String::from_utf16_lossy(name)).collect()
    };
    assert_eq!(names, ["inside", "Temp", "Windows"]);
    fs::remove_dir_all(base).unwrap();
}

#[test]
fn the_programs_folder_is_read_only() {
    let base = scene("program");
    let mut files = FileSystem::default().with_program(&base.join("program")).unwrap();
    let before = snapshot(&base);
    let app = units("\\program\\APP.EXE");
    assert_eq!(files.read_whole(&app, 100).unwrap().0, units("\\Program\\app.exe"));
    assert_eq!(files.open(request(&app, Disposition::OpenExisting)), Err(FileError::AccessDenied));
    let new = units("\\Program\\new.txt");
    assert_eq!(files.open(request(&new, Disposition::CreateNew)), Err(FileError::AccessDenied));
    assert_eq!(files.delete(&app), Err(FileError::AccessDenied));
    assert_eq!(files.rename(&app, &units("\\x.exe")), Err(FileError::AccessDenied));
    assert_eq!(files.rename(&units("\\Program"), &units("\\x")), Err(FileError::AccessDenied));
    assert_eq!(files.create_directory(&units("\\Program\\x")), Err(FileError::AccessDenied));
    assert_eq!(files.set_attributes(&app, 0), Err(FileError::AccessDenied));
    files.copy(&app, &units("\\Temp\\copy.exe"), true).unwrap();
    assert_eq!(files.read_whole(&units("\\Temp\\copy.exe"), 100).unwrap().1, b"app");
    assert_eq!(snapshot(&base), before);
    fs::remove_dir_all(base).unwrap();
}

#[test]
fn the_hosts_dates_are_never_seen() {
    let base = scene("dates");
    let mut files = FileSystem::default().with_root(&base.join("root"), false).unwrap();
    let times = files.information_by_name(&units("\\inside\\plain.txt")).unwrap().times;
    assert_eq!([times.created, times.accessed, times.written], [HOST_DATE; 3]);
    fs::remove_dir_all(base).unwrap();
}

#[test]
fn with_a_writable_root_temp_is_made_on_the_host_when_it_is_used_and_not_before() {
    let base = scene("temp");
    let mut files = FileSystem::default().with_root(&base.join("root"), true).unwrap();
    assert!(!base.join("root/Temp").exists());
    let opened = files.open(request(&units("\\Temp\\x"), Disposition::CreateNew)).unwrap();
    files.write(opened.id, b"kept").unwrap();
    assert_eq!(fs::read(base.join("root/Temp/x")).unwrap(), b"kept");
    files.close(opened.id);
    fs::remove_dir_all(base).unwrap();
}

//! A guest sees the folders that it was given, and nothing outside them.
#![allow(missing_docs, reason = "tests say what they test by their names")]

mod support;

use std::fs::{self, File, FileTimes};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use support::{Folder, PROGRAM, cerium, finish, image};

const CREATE_PROCESS: u32 = 493;
const GET_LAST_ERROR: u32 = 516;

/// A program for ARM that starts what its command line names, and ends with 0 or with the last error.
fn launcher() -> Vec<u8> {
    let code = [
        0xE92D_4000u32, // push {lr}
        0xE24D_D018,    // sub sp, sp, #24
        0xE1A0_0002,    // mov r0, r2: the command line
        0xE3A0_1000,    // mov r1, #0
        0xE3A0_2000,    // mov r2, #0
        0xE3A0_3000,    // mov r3, #0
        0xE58D_1000,    // str r1, [sp], and the other five on the stack
        0xE58D_1004,
        0xE58D_1008,
        0xE58D_100C,
        0xE58D_1010,
        0xE58D_1014,
        0xE59F_C028, // ldr r12, =CreateProcessW's place
        0xE1A0_E00F, // mov lr, pc
        0xE59C_F000, // ldr pc, [r12]
        0xE350_0000, // cmp r0, #0
        0x13A0_0000, // movne r0, #0
        0x1A00_0002, // bne end
        0xE59F_C014, // ldr r12, =GetLastError's place
        0xE1A0_E00F, // mov lr, pc
        0xE59C_F000, // ldr pc, [r12]
        0xE28D_D018, // end: add sp, sp, #24
        0xE8BD_8000, // pop {pc}
        0,
        0x1_1000 + IAT,
        0x1_1000 + IAT + 4,
    ];
    const IAT: u32 = 0x100;
    const NAMES: u32 = 0x120;
    const DIRECTORY: u32 = 0x140;
    let mut data = vec![0; 0x200];
    let mut put = |at: u32, words: &[u32]| {
        for (place, word) in words.iter().enumerate() {
            let at = at as usize + 4 * place;
            data[at..at + 4].copy_from_slice(&word.to_le_bytes());
        }
    };
    put(0, &code);
    put(IAT, &[0x8000_0000 | CREATE_PROCESS, 0x8000_0000 | GET_LAST_ERROR]);
    put(DIRECTORY, &[0x1000 + IAT, 0, 0, 0x1000 + NAMES, 0x1000 + IAT]);
    data[NAMES as usize..NAMES as usize + 11].copy_from_slice(b"COREDLL.dll");
    let mut bytes = image(0x1C0, 9, PROGRAM, 0, &data);
    // The import directory is the second; the section can be written, for the addresses.
    bytes[0x98 + 104..0x98 + 112].copy_from_slice(&[0x40, 0x11, 0, 0, 40, 0, 0, 0]);
    bytes
}

/// Everything below a folder: path, time of the last change, contents; links are not followed.
fn listing(folder: &Path) -> Vec<(PathBuf, SystemTime, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let metadata = fs::symlink_metadata(&path).unwrap();
            let bytes = if metadata.is_file() { fs::read(&path).unwrap() } else { Vec::new() };
            if metadata.is_dir() {
                folders.push(path.clone());
            }
            found.push((path, metadata.modified().unwrap(), bytes));
        }
    }
    found.sort();
    found
}

fn old() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_000_000_000)
}

/// Makes a file look as if it had last been read long ago.
fn age(file: &Path) {
    File::options().write(true).open(file).unwrap().set_times(FileTimes::new().set_accessed(old())).unwrap();
}

fn was_read(file: &Path) -> bool {
    fs::metadata(file).unwrap().accessed().unwrap() != old()
}

struct Scene {
    base: Folder,
    launcher: PathBuf,
}

/// `base/root` is `\`, `base/program` is `\Program`; what stands beside them is a program that must not start.
fn scene(name: &str) -> Scene {
    let base = Folder::new(name);
    for folder in ["root/Windows/deep", "program", "outside/deep"] {
        fs::create_dir_all(base.0.join(folder)).unwrap();
    }
    // It returns 0 at once: started, it would be no error.
    let child = image(0x1C0, 9, PROGRAM, 0, &[0, 0, 0xA0, 0xE3, 0x1E, 0xFF, 0x2F, 0xE1]);
    let launcher = base.write("program/launcher.exe", launcher());
    for place in ["root/inside.exe", "root/Windows/deep/child.exe", "program/beside.exe"] {
        base.write(place, &child);
    }
    for place in ["canary.exe", "outside/canary.exe", "outside/deep/canary.exe"] {
        base.write(place, &child);
    }
    #[cfg(unix)]
    for (to, link) in [
        ("canary.exe", "root/link.exe"),
        ("outside", "root/away"),
        ("", "root/up"),
        ("outside", "root/Windows/deep/away"),
        ("canary.exe", "program/link.exe"),
        ("outside", "program/away"),
    ] {
        std::os::unix::fs::symlink(base.0.join(to), base.0.join(link)).unwrap();
    }
    Scene { base, launcher }
}

impl Scene {
    /// Lets the guest start something; the exit code is its last error, or 0.
    fn start(&self, name: &str) -> i32 {
        let root = self.base.0.join("root");
        let mut command = cerium();
        // The folder that cerium stands in is not the guest's either.
        command.current_dir(self.base.0.join("outside"));
        let finished = finish(command.arg("run").arg("--root").arg(root).arg(&self.launcher).arg(name));
        assert_eq!(finished.stdout, "", "{name}");
        finished.status
    }
}

const FILE_NOT_FOUND: i32 = 2;

/// Names that lead out of a folder on one system or another.
fn escapes(base: &Path) -> Vec<String> {
    let base = base.display().to_string();
    let mut names: Vec<String> = [
        "canary.exe",
        "..\\canary.exe",
        "\\..\\canary.exe",
        "../canary.exe",
        "/../canary.exe",
        ".\\..\\canary.exe",
        "\\.\\..\\canary.exe",
        "\\Windows\\..\\..\\canary.exe",
        "\\Windows\\deep\\..\\..\\..\\outside\\canary.exe",
        "\\Program\\..\\canary.exe",
        "\\Program\\..\\..\\outside\\canary.exe",
        "\\Program/../../outside/canary.exe",
        "\\.. \\canary.exe",
        "\\...\\canary.exe",
        "\\..\\..\\..\\..\\..\\..\\..\\..\\etc\\passwd",
        "link.exe",
        "\\link.exe",
        "\\up\\canary.exe",
        "\\up\\root\\inside.exe",
        "\\away\\canary.exe",
        "\\away\\deep\\canary.exe",
        "\\Windows\\deep\\away\\canary.exe",
        "\\Program\\link.exe",
        "\\Program\\away\\canary.exe",
        "\\\\?\\canary.exe",
        "\\\\.\\PhysicalDrive0",
        "\\\\server\\share\\canary.exe",
        "C:\\canary.exe",
        "CON",
        "NUL",
        "COM1:",
        "\\dev\\zero",
        "/dev/stdin",
        "/proc/self/exe",
        "",
        "\"",
        "\\",
        ".",
        "..",
        "...",
        "canary.exe\n",
        "~/canary.exe",
        "$HOME/canary.exe",
        "%2e%2e\\canary.exe",
        "..\u{2215}canary.exe",
        "\u{ff0e}\u{ff0e}\\canary.exe",
    ]
    .map(str::to_owned)
    .to_vec();
    names.push(format!("{base}/canary.exe"));
    names.push(format!("{base}/outside/canary.exe").replace('/', "\\"));
    names.push("x".repeat(5000));
    names.push(format!("{}canary.exe", "..\\".repeat(80)));
    names.push(format!("\\Windows{}\\..\\..\\canary.exe", "\\deep\\..".repeat(1000)));
    names.push(format!("\\{}", "\u{1f4be}".repeat(130)));
    names
}

#[test]
fn a_guest_starts_nothing_outside_its_folders() {
    let scene = scene("sandbox-escapes");
    let root = &scene.base.0;
    // What is inside can be started; so the launcher works, and what fails below fails for its place.
    for name in ["inside.exe", "\\INSIDE", "\\windows\\Deep\\child.exe", "\\Program\\beside", "beside.exe"] {
        assert_eq!(scene.start(name), 0, "{name}");
    }
    let canaries =
        ["canary.exe", "outside/canary.exe", "outside/deep/canary.exe"].map(|name| root.join(name));
    // Some file systems do not note when a file was read.
    age(&canaries[0]);
    let _ = fs::read(&canaries[0]).unwrap();
    let is_noted = was_read(&canaries[0]);
    let before = listing(root);
    canaries.iter().for_each(|canary| age(canary));
    for name in escapes(root) {
        assert_eq!(scene.start(&name), FILE_NOT_FOUND, "{name}");
        for canary in &canaries {
            assert!(!is_noted || !was_read(canary), "{name} made {} be read", canary.display());
        }
    }
    assert!(listing(root) == before, "nothing was written anywhere");
}

#[test]
fn a_root_that_is_no_folder_is_refused() {
    let scene = scene("sandbox-root");
    for root in ["canary.exe", "nothing"] {
        let root = scene.base.0.join(root);
        let finished = finish(cerium().arg("run").arg("--root").arg(&root).arg(&scene.launcher));
        assert_eq!((finished.status, finished.stdout.as_str()), (124, ""));
        assert!(finished.stderr.contains("--root wants a folder"), "{}", finished.stderr);
    }
}

#[test]
fn without_a_root_there_is_the_programs_folder_only() {
    let scene = scene("sandbox-program");
    let start = |name: &str| {
        let mut command = cerium();
        command.current_dir(scene.base.0.join("root"));
        finish(command.arg("run").arg(&scene.launcher).arg(name)).status
    };
    assert_eq!(start("beside.exe"), 0);
    for name in ["inside.exe", "\\inside.exe", "..\\root\\inside.exe", "\\Program\\..\\root\\inside.exe", "/"]
    {
        assert_eq!(start(name), FILE_NOT_FOUND, "{name}");
    }
}

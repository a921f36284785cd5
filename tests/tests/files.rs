//! Files through the native door: the rules of CreateFile and its kin, between handles and processes.
#![allow(missing_docs, reason = "tests say what they test by their names")]

use cerium_coredll::{CeApi, Data, NULL, OUT, Overlapped, WAIT_FAILED, WAIT_OBJECT_0};
use cerium_guest::Ce;
use cerium_handle::Handle;
use cerium_process::Timeout;
use cerium_tests::Device;

const READ: u32 = 0x8000_0000;
const WRITE: u32 = 0x4000_0000;
const SHARE_READ: u32 = 1;
const SHARE_WRITE: u32 = 2;
const CREATE_NEW: u32 = 1;
const CREATE_ALWAYS: u32 = 2;
const OPEN_EXISTING: u32 = 3;
const OPEN_ALWAYS: u32 = 4;
const TRUNCATE_EXISTING: u32 = 5;
const DELETE_ON_CLOSE: u32 = 0x0400_0000;
const INFINITE: Timeout = Timeout::Infinite;

async fn open(ce: &Ce, name: &str, access: u32, share: u32, how: u32) -> Handle {
    ce.CreateFile(name, access, share, NULL, how, 0_u32, NULL).await.0
}

async fn error(ce: &Ce) -> u32 {
    ce.GetLastError().await
}

/// Makes a file with these bytes.
async fn put(ce: &Ce, name: &str, bytes: &[u8]) {
    let file = open(ce, name, WRITE, 0, CREATE_ALWAYS).await;
    assert_ne!(file, Handle::INVALID, "{name}");
    let (ok, count) = ce.WriteFile(file, bytes, OUT, NULL).await;
    assert!(ok.0 && count as usize == bytes.len());
    assert!(ce.CloseHandle(file).await.0);
}

/// What is in a file.
async fn get(ce: &Ce, name: &str) -> Vec<u8> {
    let file = open(ce, name, READ, SHARE_READ | SHARE_WRITE, OPEN_EXISTING).await;
    assert_ne!(file, Handle::INVALID, "{name}");
    let (ok, Data(bytes), count) = ce.ReadFile(file, 100_000_u32, OUT, NULL).await;
    assert!(ok.0 && count as usize == bytes.len());
    assert!(ce.CloseHandle(file).await.0);
    bytes.into()
}

fn run(main: impl AsyncFn(Ce) + Clone + 'static) {
    let main = move |ce: Ce, _| {
        let main = main.clone();
        async move {
            main(ce).await;
            0
        }
    };
    Device::default().process("files", main).run_well();
}

#[test]
fn dispositions_say_what_becomes_of_a_file_that_is_there_and_of_one_that_is_not() {
    run(async |ce| {
        assert_eq!(open(&ce, "\\x", READ, 0, OPEN_EXISTING).await, Handle::INVALID);
        assert_eq!(error(&ce).await, 2);
        assert_eq!(open(&ce, "\\x", READ | WRITE, 0, TRUNCATE_EXISTING).await, Handle::INVALID);
        assert_eq!(error(&ce).await, 2);
        let file = open(&ce, "\\x", READ | WRITE, 0, OPEN_ALWAYS).await;
        assert_ne!(file, Handle::INVALID);
        assert_eq!(error(&ce).await, 0);
        assert!(ce.WriteFile(file, b"abc", OUT, NULL).await.0.0);
        ce.CloseHandle(file).await;
        assert_eq!(open(&ce, "\\X", READ, 0, CREATE_NEW).await, Handle::INVALID);
        assert_eq!(error(&ce).await, 80);
        let file = open(&ce, "\\X", READ | WRITE, 0, OPEN_ALWAYS).await;
        assert_eq!((error(&ce).await, ce.GetFileSize(file, OUT).await.0.0), (183, 3));
        ce.CloseHandle(file).await;
        let file = open(&ce, "x", READ | WRITE, 0, CREATE_ALWAYS).await;
        assert_eq!((error(&ce).await, ce.GetFileSize(file, OUT).await.0.0), (183, 0));
        ce.CloseHandle(file).await;
        // Flags come before names.
        assert_eq!(open(&ce, "\\nothing\\y", READ, 0, 9).await, Handle::INVALID);
        assert_eq!(error(&ce).await, 87);
        assert_eq!(open(&ce, "\\x", READ, 0, TRUNCATE_EXISTING).await, Handle::INVALID);
        assert_eq!(error(&ce).await, 87);
        assert_eq!(open(&ce, "\\nothing\\y", READ, 0, OPEN_ALWAYS).await, Handle::INVALID);
        assert_eq!(error(&ce).await, 3);
        assert_eq!(open(&ce, "COM9:", READ, 0, OPEN_EXISTING).await, Handle::INVALID);
        assert_eq!(error(&ce).await, 55);
        assert_eq!(open(&ce, "\\Windows", READ, 0, OPEN_EXISTING).await, Handle::INVALID);
        assert_eq!(error(&ce).await, 5);
    });
}

#[test]
fn a_handle_does_only_what_it_was_opened_for() {
    run(async |ce| {
        put(&ce, "\\x", b"abc").await;
        let reader = open(&ce, "\\x", READ, SHARE_READ | SHARE_WRITE, OPEN_EXISTING).await;
        assert!(!ce.WriteFile(reader, b"d", OUT, NULL).await.0.0);
        assert_eq!(error(&ce).await, 5);
        assert!(!ce.SetEndOfFile(reader).await.0);
        assert_eq!(error(&ce).await, 5);
        assert!(!ce.FlushFileBuffers(reader).await.0);
        assert_eq!(error(&ce).await, 5);
        let writer = open(&ce, "\\x", WRITE, SHARE_READ | SHARE_WRITE, OPEN_EXISTING).await;
        assert!(!ce.ReadFile(writer, 1_u32, OUT, NULL).await.0.0);
        assert_eq!(error(&ce).await, 5);
        assert!(!ce.ReadFile(reader, 1_u32, NULL, NULL).await.0.0);
        assert_eq!(error(&ce).await, 87);
        // A file is not waited for, and is no event.
        assert_eq!(ce.WaitForSingleObject(reader, Timeout::Milliseconds(0)).await, WAIT_FAILED);
        assert_eq!(error(&ce).await, 6);
        assert!(!ce.SetEvent(reader).await.0);
        ce.CloseHandle(reader).await;
        assert!(!ce.ReadFile(reader, 1_u32, OUT, NULL).await.0.0);
        assert_eq!(error(&ce).await, 6);
        assert!(!ce.DeviceIoControl(writer, 1_u32, NULL, NULL, NULL, NULL, NULL, NULL).await.0);
        assert_eq!(error(&ce).await, 50);
    });
}

#[test]
fn sharing_is_asked_of_both_sides() {
    run(async |ce| {
        put(&ce, "\\x", b"abc").await;
        let first = open(&ce, "\\x", READ, SHARE_READ, OPEN_EXISTING).await;
        for (access, share, opens) in [
            (READ, SHARE_READ, true),
            (READ, 0, false),
            (WRITE, SHARE_READ, false),
            (WRITE, SHARE_READ | SHARE_WRITE, false),
            (0, SHARE_READ, true),
            (0, 0, false),
        ] {
            let second = open(&ce, "\\x", access, share, OPEN_EXISTING).await;
            assert_eq!(second != Handle::INVALID, opens, "{access:x} {share}");
            if opens {
                ce.CloseHandle(second).await;
            } else {
                assert_eq!(error(&ce).await, 32);
            }
        }
        assert!(!ce.DeleteFile("\\x").await.0);
        assert_eq!(error(&ce).await, 32);
        assert!(!ce.MoveFile("\\x", "\\y").await.0);
        assert_eq!(error(&ce).await, 32);
        ce.CloseHandle(first).await;
        assert!(ce.MoveFile("\\x", "\\y").await.0);
        assert!(ce.DeleteFile("\\y").await.0);
    });
}

#[test]
fn a_handle_to_a_file_of_an_ended_process_is_closed() {
    Device::default()
        .process("owner", async |ce, _| {
            let _ = open(&ce, "\\x", WRITE, 0, CREATE_NEW).await;
            ce.Sleep(Timeout::Milliseconds(5)).await;
            0
        })
        .process("other", async |ce, _| {
            ce.Sleep(Timeout::Milliseconds(2)).await;
            assert_eq!(open(&ce, "\\x", READ, 0, OPEN_EXISTING).await, Handle::INVALID);
            assert_eq!(error(&ce).await, 32);
            ce.Sleep(Timeout::Milliseconds(10)).await;
            assert_ne!(open(&ce, "\\x", READ, 0, OPEN_EXISTING).await, Handle::INVALID);
            0
        })
        .run_well();
}

#[test]
fn positions_move_past_the_end_and_never_before_the_beginning() {
    run(async |ce| {
        let file = open(&ce, "\\x", READ | WRITE, 0, CREATE_NEW).await;
        ce.WriteFile(file, b"0123456789", OUT, NULL).await;
        let seek = async |low: i32, high: Option<u32>, method: u32| match high {
            Some(high) => ce.SetFilePointer(file, low, high, method).await,
            None => ce.SetFilePointer(file, low, NULL, method).await,
        };
        assert_eq!(seek(-3, None, 2).await.0.0, 7);
        assert_eq!(seek(-7, None, 1).await.0.0, 0);
        assert_eq!(seek(-1, None, 1).await.0.0, u32::MAX);
        assert_eq!(error(&ce).await, 131);
        assert_eq!(seek(0, None, 3).await.0.0, u32::MAX);
        assert_eq!(error(&ce).await, 87);
        let (low, high) = seek(5, Some(2), 0).await;
        assert_eq!((low.0, high), (5, 2));
        assert!(ce.ReadFile(file, 4_u32, OUT, NULL).await.1.0.is_empty(), "nothing is read past the end");
        assert_eq!(seek(20, None, 0).await.0.0, 20);
        ce.WriteFile(file, b"x", OUT, NULL).await;
        assert_eq!(get_at(&ce, file, 8, 13).await, b"89\0\0\0\0\0\0\0\0\0\0x");
        seek(4, None, 0).await;
        assert!(ce.SetEndOfFile(file).await.0);
        assert_eq!(ce.GetFileSize(file, OUT).await.0.0, 4);
        // Without a high half a position must fit into the result.
        seek(-6, Some(0), 0).await;
        assert_eq!(seek(5, None, 1).await.0.0, u32::MAX);
        assert_eq!(error(&ce).await, 0, "it is a position, the last that fits");
        for distance in [1, 2, i32::MAX] {
            assert_eq!(seek(distance, None, 1).await.0.0, u32::MAX);
            assert_eq!(error(&ce).await, 87, "{distance}");
        }
        assert_eq!(seek(0, None, 1).await.0.0, u32::MAX, "nothing was moved");
        assert_eq!(error(&ce).await, 0);
        // A position of 0xFFFFFFFF is told from a failure by the last error alone.
        ce.SetLastError(77_u32).await;
        assert_eq!(seek(-1, Some(0), 0).await, (cerium_coredll::Dword(u32::MAX), 0));
        assert_eq!(error(&ce).await, 0);
    });
}

async fn get_at(ce: &Ce, file: Handle, offset: u32, size: u32) -> Vec<u8> {
    let (ok, Data(bytes), _) = ce.ReadFileWithSeek(file, size, OUT, NULL, offset, 0_u32).await;
    assert!(ok.0);
    bytes.into()
}

#[test]
fn names_are_found_without_case_and_keep_theirs() {
    run(async |ce| {
        assert!(ce.CreateDirectory("\\Data", NULL).await.0);
        assert!(!ce.CreateDirectory("\\DATA", NULL).await.0);
        assert_eq!(error(&ce).await, 183);
        for name in ["b.TXT", "A.txt", "c.dat", "d"] {
            put(&ce, &format!("\\data\\{name}"), name.as_bytes()).await;
        }
        let found = async |pattern: &str| {
            let (find, first) = ce.FindFirstFile(pattern, OUT).await;
            assert!(find.is_valid(), "{pattern}");
            let mut names = vec![first.file_name()];
            loop {
                let (ok, next) = ce.FindNextFile(find.0, OUT).await;
                if !ok.0 {
                    break;
                }
                names.push(next.file_name());
            }
            assert_eq!(error(&ce).await, 18);
            assert!(ce.FindClose(find.0).await.0);
            names
        };
        assert_eq!(found("\\Data\\*.txt").await, ["A.txt", "b.TXT"]);
        assert_eq!(found("Data/*.*").await, ["A.txt", "b.TXT", "c.dat", "d"]);
        assert_eq!(found("\\Data\\?").await, ["d"]);
        assert_eq!(found("\\*").await, ["Data", "Temp", "Windows"]);
        for (level, operation, is_known) in
            [(0_u32, 0_u32, true), (0, 1, true), (0, 2, false), (1, 0, false), (1, 2, false)]
        {
            let name = "\\Data\\c.*";
            let (find, data) = ce.FindFirstFileEx(name, level, OUT, operation, NULL, 0_u32).await;
            assert_eq!(find.is_valid(), is_known, "{level}, {operation}");
            if is_known {
                assert_eq!(data.file_name(), "c.dat");
            } else {
                assert_eq!(error(&ce).await, 87);
            }
        }
        assert!(!ce.FindFirstFile("\\Data\\*.x", OUT).await.0.is_valid());
        assert_eq!(error(&ce).await, 2);
        assert!(!ce.FindFirstFile("\\none\\*", OUT).await.0.is_valid());
        assert_eq!(error(&ce).await, 3);
        assert!(!ce.RemoveDirectory("\\data").await.0);
        assert_eq!(error(&ce).await, 145);
        assert!(!ce.RemoveDirectory("\\data\\d").await.0);
        assert_eq!(error(&ce).await, 267);
    });
}

#[test]
fn moving_copying_and_replacing_keep_what_is_in_a_file() {
    run(async |ce| {
        put(&ce, "\\a", b"one").await;
        put(&ce, "\\b", b"two").await;
        assert!(!ce.MoveFile("\\a", "\\B").await.0);
        assert_eq!(error(&ce).await, 183);
        assert!(!ce.CopyFile("\\a", "\\b", true).await.0);
        assert_eq!(error(&ce).await, 80);
        assert!(ce.CopyFile("\\a", "\\c", true).await.0);
        assert!(ce.DeleteAndRenameFile("\\b", "\\a").await.0);
        assert_eq!((get(&ce, "\\b").await, get(&ce, "\\c").await), (b"one".to_vec(), b"one".to_vec()));
        assert_eq!(ce.GetFileAttributes("\\a").await.0, u32::MAX);
        assert_eq!(error(&ce).await, 2);
        assert!(ce.MoveFile("\\c", "\\Temp\\C.txt").await.0);
        assert_eq!(get(&ce, "\\temp\\c.TXT").await, b"one");
        assert!(!ce.MoveFile("\\Temp", "\\Temp\\in").await.0);
    });
}

#[test]
fn attributes_keep_a_file_from_being_written_and_times_are_the_devices() {
    run(async |ce| {
        put(&ce, "\\x", b"abc").await;
        assert_eq!(ce.GetFileAttributes("\\x").await.0, 0x20);
        assert_eq!(ce.GetFileAttributes("\\Temp").await.0, 0x10);
        assert!(ce.SetFileAttributes("\\x", 0x3_u32).await.0);
        assert_eq!(ce.GetFileAttributes("\\x").await.0, 0x3);
        assert_eq!(open(&ce, "\\x", WRITE, 0, OPEN_EXISTING).await, Handle::INVALID);
        assert_eq!(error(&ce).await, 5);
        assert!(!ce.DeleteFile("\\x").await.0);
        assert_eq!(error(&ce).await, 5);
        assert!(ce.SetFileAttributes("\\x", 0x80_u32).await.0);
        assert_eq!(ce.GetFileAttributes("\\x").await.0, 0x80);

        ce.Sleep(Timeout::Milliseconds(100)).await;
        let file = open(&ce, "\\x", READ | WRITE, 0, OPEN_EXISTING).await;
        let (_, created, _, before) = ce.GetFileTime(file, OUT, OUT, OUT).await;
        assert!(created < before, "it was written after it was made");
        ce.WriteFile(file, b"d", OUT, NULL).await;
        let (_, _, _, after) = ce.GetFileTime(file, OUT, OUT, OUT).await;
        assert!((1_000_000..1_020_000).contains(&(after - before)), "100 ms in units of 100 ns");
        assert!(ce.SetFileTime(file, 5_u64, NULL, 7_u64).await.0);
        assert_eq!(ce.GetFileTime(file, OUT, OUT, OUT).await, (true.into(), 5, after, 7));
        let (ok, known) = ce.GetFileInformationByHandle(file, OUT).await;
        assert!(ok.0 && known.data.size == 3 && known.data.written == 7);
        let (ok, data) = ce.GetFileAttributesEx("\\X", 0_u32, OUT).await;
        assert!(ok.0 && data == known.data);
    });
}

#[test]
fn a_file_goes_with_its_last_handle_if_it_was_opened_so() {
    run(async |ce| {
        let share = SHARE_READ | SHARE_WRITE;
        let flags = DELETE_ON_CLOSE;
        let file = ce.CreateFile("\\x", READ | WRITE, share, NULL, CREATE_NEW, flags, NULL).await.0;
        let other = open(&ce, "\\x", READ, share, OPEN_EXISTING).await;
        ce.CloseHandle(file).await;
        assert_eq!(ce.GetFileAttributes("\\x").await.0, 0x20, "somebody has it open still");
        ce.CloseHandle(other).await;
        assert_eq!(ce.GetFileAttributes("\\x").await.0, u32::MAX);
    });
}

#[test]
fn temporary_names_are_new_and_their_files_are_made() {
    run(async |ce| {
        let (length, path) = ce.GetTempPath(260_u32).await;
        assert_eq!((length, path.0.len()), (6, 7));
        assert_eq!(ce.GetTempPath(6_u32).await.0, 7, "with its NUL it needs seven");
        let (first, name) = ce.GetTempFileName("\\Temp", "abcd", 0_u32, OUT).await;
        let (second, other) = ce.GetTempFileName("\\Temp\\", "abcd", 0_u32, OUT).await;
        assert!(first != 0 && second != 0 && first != second);
        let text = |name: &[u16]| String::from_utf16(&name[..name.len() - 1]).unwrap();
        assert_eq!(text(&name.0), format!("\\Temp\\abc{first:X}.TMP"));
        assert_eq!(get(&ce, &text(&other.0)).await, b"");
        assert_eq!(ce.GetTempFileName("\\none", "a", 0_u32, OUT).await.0, 0);
        assert_eq!(error(&ce).await, 267);
        let (number, name) = ce.GetTempFileName("\\Temp", "a", 0x12_u32, OUT).await;
        assert_eq!((number, text(&name.0)), (0x12, "\\Temp\\a12.TMP".to_owned()));
        assert_eq!(ce.GetFileAttributes("\\Temp\\a12.TMP").await.0, u32::MAX, "only named");
    });
}

#[test]
fn what_is_stored_takes_room_until_it_is_gone() {
    run(async |ce| {
        let (ok, free, total, _) = ce.GetDiskFreeSpaceEx(NULL, OUT, OUT, OUT).await;
        assert!(ok.0 && free <= total);
        let store = ce.GetStoreInformation(OUT).await.1;
        assert_eq!((u64::from(store.dwStoreSize), u64::from(store.dwFreeSize)), (total, free));
        put(&ce, "\\x", &[1; 10_000]).await;
        let (_, less, _, _) = ce.GetDiskFreeSpaceEx("\\Temp", OUT, OUT, OUT).await;
        assert_eq!(free - less, 4 * 4096, "three clusters, and one for its entry");
        let file = open(&ce, "\\x", WRITE, 0, OPEN_EXISTING).await;
        ce.SetFilePointer(file, 0x7fff_0000, NULL, 0_u32).await;
        assert!(!ce.SetEndOfFile(file).await.0);
        assert_eq!(error(&ce).await, 112);
        assert!(!ce.WriteFile(file, b"x", OUT, NULL).await.0.0);
        assert_eq!(error(&ce).await, 112);
        ce.CloseHandle(file).await;
        ce.DeleteFile("\\x").await;
        assert_eq!(ce.GetDiskFreeSpaceEx(NULL, OUT, OUT, OUT).await.1, free);
        assert!(!ce.GetDiskFreeSpaceEx("\\none", OUT, OUT, OUT).await.0.0);
        assert_eq!(error(&ce).await, 2);
    });
}

fn at(offset: u32) -> Overlapped {
    Overlapped { Offset: offset, OffsetHigh: 0 }
}

const IMMEDIATELY: u32 = 1;
const EXCLUSIVE: u32 = 2;

#[test]
fn a_lock_keeps_other_handles_out_of_its_range() {
    run(async |ce| {
        put(&ce, "\\x", &[7; 100]).await;
        let share = SHARE_READ | SHARE_WRITE;
        let mine = open(&ce, "\\x", READ | WRITE, share, OPEN_EXISTING).await;
        let other = open(&ce, "\\x", READ | WRITE, share, OPEN_EXISTING).await;
        assert!(ce.LockFileEx(mine, EXCLUSIVE, 0_u32, 10_u32, 0_u32, at(50)).await.0);
        assert!(!ce.LockFileEx(other, IMMEDIATELY, 0_u32, 1_u32, 0_u32, at(59)).await.0);
        assert_eq!(error(&ce).await, 33);
        assert!(!ce.ReadFile(other, 100_u32, OUT, NULL).await.0.0);
        assert_eq!(error(&ce).await, 33);
        assert!(ce.ReadFile(other, 50_u32, OUT, NULL).await.0.0);
        assert!(!ce.WriteFile(other, b"x", OUT, NULL).await.0.0);
        assert_eq!(error(&ce).await, 33);
        assert!(ce.ReadFile(mine, 100_u32, OUT, NULL).await.0.0);
        assert!(!ce.UnlockFileEx(other, 0_u32, 10_u32, 0_u32, at(50)).await.0);
        assert_eq!(error(&ce).await, 158);
        assert!(!ce.UnlockFileEx(mine, 0_u32, 9_u32, 0_u32, at(50)).await.0);
        assert!(ce.UnlockFileEx(mine, 0_u32, 10_u32, 0_u32, at(50)).await.0);
        assert!(ce.WriteFile(other, b"x", OUT, NULL).await.0.0);
        assert!(!ce.LockFileEx(mine, 4_u32, 0_u32, 1_u32, 0_u32, at(0)).await.0);
        assert_eq!(error(&ce).await, 87);
        assert!(!ce.LockFileEx(mine, 0_u32, 0_u32, 1_u32, 0_u32, NULL).await.0);
        assert_eq!(error(&ce).await, 87);
    });
}

#[test]
fn a_lock_is_waited_for_and_goes_to_the_most_urgent() {
    Device::default()
        .process("locks", async |ce, _| {
            put(&ce, "\\x", &[7; 100]).await;
            let share = SHARE_READ | SHARE_WRITE;
            let mine = open(&ce, "\\x", READ | WRITE, share, OPEN_EXISTING).await;
            assert!(ce.LockFileEx(mine, EXCLUSIVE, 0_u32, 10_u32, 0_u32, at(0)).await.0);
            let worker = ce.function(move |ce, number| async move {
                let file = open(&ce, "\\x", READ | WRITE, share, OPEN_EXISTING).await;
                assert!(ce.LockFileEx(file, EXCLUSIVE, 0_u32, 5_u32, 0_u32, at(3)).await.0);
                ce.print(&format!("{number} "));
                // The lock goes with the handle.
                assert!(ce.CloseHandle(file).await.0);
                0
            });
            let mut threads = Vec::new();
            for (number, level) in [(1_u32, 100), (2, 90), (3, 100), (4, 80)] {
                let (thread, _) = ce.CreateThread(NULL, 0_u32, worker, number, 4_u32, OUT).await;
                ce.CeSetThreadPriority(thread, level).await;
                ce.ResumeThread(thread).await;
                threads.push(thread);
            }
            assert!(ce.UnlockFileEx(mine, 0_u32, 10_u32, 0_u32, at(0)).await.0);
            for thread in threads {
                assert_eq!(ce.WaitForSingleObject(thread, INFINITE).await, WAIT_OBJECT_0);
            }
            0
        })
        .run_well()
        .output
        .split_whitespace()
        .zip(["4", "2", "1", "3"])
        .for_each(|(seen, wanted)| assert_eq!(seen, wanted));
}

#[test]
fn the_locks_of_a_process_that_ends_are_given_on() {
    Device::default()
        .process("holder", async |ce, _| {
            put(&ce, "\\x", &[7; 100]).await;
            let file = open(&ce, "\\x", READ | WRITE, 3, OPEN_EXISTING).await;
            assert!(ce.LockFileEx(file, EXCLUSIVE, 0_u32, 100_u32, 0_u32, at(0)).await.0);
            ce.Sleep(Timeout::Milliseconds(5)).await;
            0
        })
        .process("waiter", async |ce, _| {
            ce.Sleep(Timeout::Milliseconds(1)).await;
            let file = open(&ce, "\\x", READ | WRITE, 3, OPEN_EXISTING).await;
            assert!(ce.LockFileEx(file, 0_u32, 0_u32, 1_u32, 0_u32, at(0)).await.0);
            assert!(ce.GetTickCount().await >= 5);
            0
        })
        .run_well();
}

#[test]
fn a_duplicated_handle_shares_the_position() {
    run(async |ce| {
        let file = open(&ce, "\\x", READ | WRITE, 0, CREATE_NEW).await;
        let process = Handle::CURRENT_PROCESS;
        let (ok, copy) = ce.DuplicateHandle(process, file, process, OUT, 0_u32, false, 2_u32).await;
        assert!(ok.0);
        ce.WriteFile(file, b"ab", OUT, NULL).await;
        ce.WriteFile(copy, b"cd", OUT, NULL).await;
        ce.CloseHandle(file).await;
        assert_eq!(get_at(&ce, copy, 0, 10).await, b"abcd");
    });
}

const PAGE_READONLY: u32 = 2;
const PAGE_READWRITE: u32 = 4;
const FILE_MAP_WRITE: u32 = 2;
const FILE_MAP_READ: u32 = 4;

#[test]
fn maps_of_a_file_and_its_handles_see_the_same_bytes() {
    Device::default()
        .process("first", async |ce, _| {
            let file = open(&ce, "\\map", READ | WRITE, 3, CREATE_NEW).await;
            ce.WriteFile(file, b"\x01\0\0\0\x02\0\0\0", OUT, NULL).await;
            let map = ce.CreateFileMapping(file, NULL, PAGE_READWRITE, 0_u32, 0x2_0000_u32, NULL).await;
            assert_eq!(ce.GetFileSize(file, OUT).await.0.0, 0x2_0000, "the file grows to the map");
            let view = ce.MapViewOfFile(map, FILE_MAP_WRITE, 0_u32, 0_u32, 0_u32).await;
            assert_eq!(ce.read_u32(view + 4), Some(2));
            ce.write_u32(view, 0x1234).unwrap();
            ce.write_u32(view + 0x1_fffc, 0x99).unwrap();
            assert_eq!(get_at(&ce, file, 0, 4).await, [0x34, 0x12, 0, 0]);
            ce.WriteFileWithSeek(file, b"\x05\0\0\0", OUT, NULL, 8_u32, 0_u32).await;
            assert_eq!(ce.read_u32(view + 8), Some(5));
            // The map keeps the file when its handle goes; what it has is not cut off.
            ce.SetFilePointer(file, 4, NULL, 0_u32).await;
            assert!(!ce.SetEndOfFile(file).await.0);
            assert_eq!(error(&ce).await, 1224);
            ce.CloseHandle(file).await;
            ce.CloseHandle(map).await;
            assert!(!ce.DeleteFile("\\map").await.0);
            assert!(ce.FlushViewOfFile(view, 8_u32).await.0);
            ce.Sleep(Timeout::Milliseconds(5)).await;
            assert_eq!(ce.read_u32(view + 12), Some(77), "the other process has written");
            ce.write_u32(view + 16, 88).unwrap();
            assert!(ce.UnmapViewOfFile(view).await.0);
            0
        })
        .process("second", async |ce, _| {
            ce.Sleep(Timeout::Milliseconds(2)).await;
            let file = open(&ce, "\\map", READ | WRITE, 3, OPEN_EXISTING).await;
            let map = ce.CreateFileMapping(file, NULL, PAGE_READWRITE, 0_u32, 0_u32, NULL).await;
            let view = ce.MapViewOfFile(map, FILE_MAP_WRITE, 0_u32, 0_u32, 0_u32).await;
            assert_eq!(ce.read_u32(view), Some(0x1234));
            ce.write_u32(view + 12, 77).unwrap();
            ce.UnmapViewOfFile(view).await;
            ce.CloseHandle(map).await;
            ce.Sleep(Timeout::Milliseconds(10)).await;
            // Nobody maps it any more: all of it is in the file.
            assert_eq!(get_at(&ce, file, 0, 20).await[12..], [77, 0, 0, 0, 88, 0, 0, 0]);
            assert_eq!(get_at(&ce, file, 0x1_fffc, 4).await, [0x99, 0, 0, 0]);
            0
        })
        .run_well();
}

#[test]
fn a_map_may_do_what_its_file_may() {
    run(async |ce| {
        put(&ce, "\\x", &[1; 100]).await;
        put(&ce, "\\empty", &[]).await;
        let reader = open(&ce, "\\x", READ, 3, OPEN_EXISTING).await;
        let map =
            |file, protect: u32, size: u32| ce.CreateFileMapping(file, NULL, protect, 0_u32, size, NULL);
        assert_eq!(map(reader, PAGE_READWRITE, 0).await, Handle::NULL);
        assert_eq!(error(&ce).await, 5);
        assert_eq!(map(reader, PAGE_READONLY, 200).await, Handle::NULL);
        assert_eq!(error(&ce).await, 8);
        let read_only = map(reader, PAGE_READONLY, 0).await;
        assert_ne!(read_only, Handle::NULL);
        assert_eq!(ce.MapViewOfFile(read_only, FILE_MAP_WRITE, 0_u32, 0_u32, 0_u32).await, 0);
        assert_eq!(error(&ce).await, 5);
        let view = ce.MapViewOfFile(read_only, FILE_MAP_READ, 0_u32, 0_u32, 0_u32).await;
        assert_eq!(ce.read_u32(view), Some(0x0101_0101));
        assert_eq!(ce.write_u32(view, 0), None);
        let empty = open(&ce, "\\empty", READ, 3, OPEN_EXISTING).await;
        assert_eq!(map(empty, PAGE_READONLY, 0).await, Handle::NULL);
        assert_eq!(error(&ce).await, 1006);
        // The handle of CreateFileForMapping is the map's from then on.
        let file = ce.CreateFileForMapping("\\x", READ, 3_u32, NULL, OPEN_EXISTING, 0_u32, NULL).await.0;
        assert_ne!(map(file, PAGE_READONLY, 0).await, Handle::NULL);
        assert!(!ce.CloseHandle(file).await.0);
        assert_eq!(error(&ce).await, 6);
    });
}

#[test]
fn a_map_of_a_file_grows_while_nobody_sees_it() {
    run(async |ce| {
        put(&ce, "\\x", &[1; 100]).await;
        let file = open(&ce, "\\x", READ | WRITE, 3, OPEN_EXISTING).await;
        let map = |size: u32| ce.CreateFileMapping(file, NULL, PAGE_READWRITE, 0_u32, size, NULL);
        let small = map(0).await;
        let large = map(0x3_0000).await;
        assert!(small != Handle::NULL && large != Handle::NULL);
        let view = ce.MapViewOfFile(large, FILE_MAP_WRITE, 0_u32, 0_u32, 0_u32).await;
        assert_eq!(ce.read_u32(view), Some(0x0101_0101));
        assert_eq!(map(0x4_0000).await, Handle::NULL);
        assert_eq!(error(&ce).await, 1224);
        assert_eq!(ce.MapViewOfFile(small, FILE_MAP_WRITE, 0_u32, 0_u32, 0_u32).await, view);
    });
}

#[test]
fn the_console_takes_what_is_written_and_gives_lines() {
    let outcome = Device::default()
        .console_input(b"first line\nsecond")
        .process("console", async |ce, _| {
            let console = open(&ce, "CON1:", READ | WRITE, 0, OPEN_EXISTING).await;
            assert!(ce.WriteFile(console, b"caf\xe9 \x80\n", OUT, NULL).await.0.0);
            let (_, Data(line), _) = ce.ReadFile(console, 100_u32, OUT, NULL).await;
            assert_eq!(&*line, b"first line\n");
            let (_, Data(line), _) = ce.ReadFile(console, 3_u32, OUT, NULL).await;
            assert_eq!(&*line, b"sec");
            let (_, Data(line), _) = ce.ReadFile(console, 100_u32, OUT, NULL).await;
            assert_eq!(&*line, b"ond");
            let (ok, _, count) = ce.ReadFile(console, 100_u32, OUT, NULL).await;
            assert!(ok.0 && count == 0, "the end of the input is no failure");
            assert_eq!(ce.GetFileSize(console, OUT).await.0.0, u32::MAX);
            assert_eq!(error(&ce).await, 50);
            0
        })
        .run_well();
    assert_eq!(outcome.output, "caf\u{e9} \u{20ac}\n");
}

const LOCAL_MACHINE: Handle = Handle(0x8000_0002);

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()
}

#[test]
fn the_registry_gives_back_what_was_put_in() {
    run(async |ce| {
        let missing = ce.RegOpenKeyEx(LOCAL_MACHINE, "Software\\Mine", 0_u32, 0_u32, OUT).await;
        assert_eq!((missing.code.0, missing.given), (2, None));
        let create =
            || ce.RegCreateKeyEx(LOCAL_MACHINE, "Software\\Mine", 0_u32, "c", 0_u32, 0_u32, NULL, OUT, OUT);
        let (key, how) = create().await.expect("it is made");
        assert_eq!(how, 1);
        let (again, how) = create().await.expect("it is opened");
        assert_eq!(how, 2);
        assert_eq!(ce.RegSetValueEx(key, "Name", 0_u32, 1_u32, wide("value").as_slice()).await.code.0, 0);
        assert_eq!(ce.RegSetValueEx(key, NULL, 0_u32, 4_u32, &[7, 0, 0, 0]).await.code.0, 0);
        let (kind, data, size) =
            ce.RegQueryValueEx(again, "NAME", NULL, OUT, 100_u32).await.expect("it is there");
        assert_eq!((kind, &*data.0, size), (1, &*wide("value"), 12));
        let short = ce.RegQueryValueEx(again, "name", NULL, OUT, 11_u32).await;
        assert_eq!(short.code.0, 234);
        assert_eq!(short.given.map(|(_, data, size)| (data.0.len(), size)), Some((0, 12)));
        let asked = ce.RegQueryValueEx(again, "name", NULL, OUT, NULL).await.expect("only its size");
        assert_eq!(asked.2, 12);
        assert_eq!(ce.RegQueryValueEx(key, "none", NULL, OUT, NULL).await.code.0, 2);

        let (name, length, _, _, _) =
            ce.RegEnumValue(key, 1_u32, 255_u32, NULL, OUT, 100_u32).await.expect("the second");
        assert_eq!((String::from_utf16(&name.0[..4]).unwrap().as_str(), length), ("Name", 4));
        assert_eq!(ce.RegEnumValue(key, 2_u32, 255_u32, NULL, OUT, NULL).await.code.0, 259);
        let (name, _, _, _, _) =
            ce.RegEnumKeyEx(LOCAL_MACHINE, 0_u32, 9_u32, NULL, NULL, OUT).await.expect("the first");
        assert_eq!(String::from_utf16(&name.0).unwrap(), "Software\0");
        let short = ce.RegEnumKeyEx(LOCAL_MACHINE, 0_u32, 8_u32, NULL, NULL, OUT).await;
        assert_eq!(short.code.0, 234);
        let known = ce
            .RegQueryInfoKey(key, 10_u32, NULL, OUT, OUT, OUT, OUT, OUT, OUT, OUT, OUT)
            .await
            .expect("it is known");
        assert_eq!((known.0.0, known.5, known.6, known.7), (vec![u16::from(b'c'), 0], 2, 4, 12));

        assert_eq!(ce.RegDeleteValue(key, "Name").await.code.0, 0);
        assert_eq!(ce.RegDeleteValue(key, "Name").await.code.0, 2);
        assert_eq!(ce.RegDeleteKey(LOCAL_MACHINE, "software").await.code.0, 0);
        assert_eq!(ce.RegQueryValueEx(key, NULL, NULL, OUT, NULL).await.code.0, 1018);
        assert_eq!(ce.RegCloseKey(key).await.code.0, 0);
        assert_eq!(ce.RegCloseKey(key).await.code.0, 6);
        assert_eq!(ce.RegCloseKey(LOCAL_MACHINE).await.code.0, 0);
        assert_eq!(ce.RegFlushKey(LOCAL_MACHINE).await.code.0, 0);
        let event = ce.CreateEvent(NULL, false, false, NULL).await;
        assert_eq!(ce.RegCloseKey(event).await.code.0, 6, "an event is no key");
        for root in 0x8000_0000..=0x8000_0003_u32 {
            let create = ce.RegCreateKeyEx(Handle(root), "Own", 0_u32, NULL, 0_u32, 0_u32, NULL, OUT, OUT);
            assert_eq!(create.await.expect("it is made").1, 1, "{root:#x}: each root has keys of its own");
        }
        assert_eq!(ce.RegDeleteKey(Handle(0x8000_0004), "Own").await.code.0, 6);
    });
}

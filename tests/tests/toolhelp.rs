//! ToolHelp, and the memory of other processes (ipc-objects.md §6).
#![allow(missing_docs, reason = "tests say what they test by their names")]

use cerium_coredll::{
    CeApi, HeapList32, ModuleEntry32, ModuleInfo, NULL, OUT, OutType, ProcessEntry32, ThreadEntry32,
    WAIT_FAILED,
};
use cerium_handle::Handle;
use cerium_process::Timeout;
use cerium_tests::Device;

const SNAPHEAPLIST: u32 = 1;
const SNAPPROCESS: u32 = 2;
const SNAPTHREAD: u32 = 4;
const SNAPMODULE: u32 = 8;

fn text(units: &[u16]) -> String {
    String::from_utf16_lossy(units.split(|unit| *unit == 0).next().unwrap_or_default())
}

#[test]
fn a_snapshot_shows_what_there_was_and_not_what_came_after() {
    Device::default()
        .process("\\Windows\\idler.exe", async |ce, _| {
            ce.Sleep(Timeout::Milliseconds(50)).await;
            0
        })
        .process("looker.exe", async |ce, _| {
            let idle = ce.function(async |ce, _| {
                ce.Sleep(Timeout::Milliseconds(20)).await;
                0
            });
            let (thread, id) = ce.CreateThread(NULL, 0_u32, idle, 0_u32, 0_u32, OUT).await;
            ce.CeSetThreadPriority(thread, 100).await;
            let taken = ce.CreateToolhelp32Snapshot(SNAPPROCESS | SNAPTHREAD, 0_u32).await;
            let snapshot = Handle(taken.0);
            // Everybody else goes, and the snapshot still tells of them.
            ce.Sleep(Timeout::Milliseconds(100)).await;
            let (ok, first) = ce.Process32First(snapshot, ProcessEntry32::SIZE).await;
            assert!(ok.0 && text(&first.szExeFile) == "idler.exe" && first.cntThreads == 1);
            let (ok, second) = ce.Process32Next(snapshot, ProcessEntry32::SIZE).await;
            assert!(ok.0 && text(&second.szExeFile) == "looker.exe" && second.cntThreads == 2);
            assert_eq!(second.dwSize, 564);
            assert_eq!(second.th32ProcessID, ce.GetProcessId(Handle::CURRENT_PROCESS).await);
            for _ in 0..2 {
                assert!(!ce.Process32Next(snapshot, ProcessEntry32::SIZE).await.0.0);
                assert_eq!(ce.GetLastError().await, 18);
            }
            assert!(
                ce.Process32First(snapshot, ProcessEntry32::SIZE).await.0.0,
                "a list can be walked again"
            );
            let mut threads = Vec::new();
            let (mut ok, mut entry) = ce.Thread32First(snapshot, ThreadEntry32::SIZE).await;
            while ok.0 {
                threads.push((entry.th32ThreadID, entry.th32OwnerProcessID, entry.tpBasePri));
                (ok, entry) = ce.Thread32Next(snapshot, ThreadEntry32::SIZE).await;
            }
            assert_eq!(threads.len(), 3);
            assert!(threads.contains(&(id, second.th32ProcessID, 100)));
            assert!(ce.CloseToolhelp32Snapshot(snapshot).await.0);
            0
        })
        .run_well();
}

#[test]
fn entries_have_every_member() {
    Device::default()
        .process("\\Windows\\looker.exe", async |ce, _| {
            let flags = SNAPPROCESS | SNAPTHREAD | SNAPMODULE;
            let snapshot = Handle(ce.CreateToolhelp32Snapshot(flags, 0_u32).await.0);
            let base = ce.GetModuleHandle(NULL).await;
            let (id, thread) = (
                ce.GetProcessId(Handle::CURRENT_PROCESS).await,
                ce.GetThreadId(Handle::CURRENT_THREAD).await,
            );

            let (_, entry) = ce.Process32First(snapshot, ProcessEntry32::SIZE).await;
            let mut expected =
                ProcessEntry32 { dwSize: ProcessEntry32::SIZE, cntUsage: 1, ..Default::default() };
            expected.th32ProcessID = id;
            expected.th32ModuleID = base;
            expected.th32MemoryBase = base;
            expected.cntThreads = 1;
            expected.pcPriClassBase = 251;
            expected.szExeFile = entry.szExeFile;
            assert_eq!(entry, expected);
            assert_eq!(text(&entry.szExeFile), "looker.exe");

            let (_, entry) = ce.Thread32First(snapshot, ThreadEntry32::SIZE).await;
            let mut expected =
                ThreadEntry32 { dwSize: ThreadEntry32::SIZE, cntUsage: 1, ..Default::default() };
            expected.th32ThreadID = thread;
            expected.th32OwnerProcessID = id;
            expected.th32CurrentProcessID = id;
            expected.tpBasePri = 251;
            assert_eq!(entry, expected);

            let (_, entry) = ce.Module32First(snapshot, ModuleEntry32::SIZE).await;
            let mut expected = ModuleEntry32 { dwSize: ModuleEntry32::SIZE, ..Default::default() };
            expected.th32ModuleID = base;
            expected.th32ProcessID = id;
            (expected.GlblcntUsage, expected.ProccntUsage) = (1, 1);
            (expected.modBaseAddr, expected.hModule) = (base, base);
            (expected.szModule, expected.szExePath) = (entry.szModule, entry.szExePath);
            assert_eq!(entry, expected);
            assert_eq!(text(&entry.szModule), "looker.exe");
            assert_eq!(text(&entry.szExePath), "\\Windows\\looker.exe");
            0
        })
        .run_well();
}

#[test]
fn lists_of_a_snapshot_are_walked_each_for_itself() {
    Device::default()
        .process("looker", async |ce, _| {
            let idle = ce.function(async |ce, _| {
                ce.Sleep(Timeout::Milliseconds(20)).await;
                0
            });
            ce.CreateThread(NULL, 0_u32, idle, 0_u32, 0_u32, OUT).await;
            let flags = SNAPPROCESS | SNAPTHREAD | SNAPMODULE;
            let snapshot = Handle(ce.CreateToolhelp32Snapshot(flags, 0_u32).await.0);
            let (_, first) = ce.Thread32First(snapshot, ThreadEntry32::SIZE).await;
            assert!(ce.Process32First(snapshot, ProcessEntry32::SIZE).await.0.0);
            assert!(ce.Module32First(snapshot, ModuleEntry32::SIZE).await.0.0);
            let (ok, second) = ce.Thread32Next(snapshot, ThreadEntry32::SIZE).await;
            assert!(ok.0 && second.th32ThreadID != first.th32ThreadID);
            assert!(!ce.Process32Next(snapshot, ProcessEntry32::SIZE).await.0.0);
            assert!(!ce.Module32Next(snapshot, ModuleEntry32::SIZE).await.0.0);
            0
        })
        .run_well();
}

#[test]
fn a_program_that_cannot_tell_its_modules_has_its_image() {
    Device::default()
        .process("looker", async |ce, _| {
            let own = ce.GetModuleHandle(NULL).await;
            let (ok, module) =
                ce.GetModuleInformation(Handle::CURRENT_PROCESS, own, OUT, ModuleInfo::SIZE).await;
            assert!(ok.0 && module.lpBaseOfDll == own && module.SizeOfImage == 0 && module.EntryPoint == 0);
            let none = ce.GetModuleInformation(Handle::CURRENT_PROCESS, own + 1, OUT, ModuleInfo::SIZE).await;
            assert!(!none.0.0);
            assert_eq!(ce.GetLastError().await, 126);
            let short =
                ce.GetModuleInformation(Handle::CURRENT_PROCESS, own, OUT, ModuleInfo::SIZE - 1).await;
            assert!(!short.0.0);
            assert_eq!(ce.GetLastError().await, 122);
            let wrong = ce.GetModuleInformation(Handle(4), own, OUT, ModuleInfo::SIZE).await;
            assert!(!wrong.0.0);
            assert_eq!(ce.GetLastError().await, 6);
            0
        })
        .run_well();
}

#[test]
fn a_snapshot_is_closed_by_its_own_function_and_waited_on_by_none() {
    Device::default()
        .process("looker", async |ce, _| {
            let snapshot = Handle(ce.CreateToolhelp32Snapshot(SNAPTHREAD, 0_u32).await.0);
            assert!(!ce.CloseHandle(snapshot).await.0);
            assert_eq!(ce.GetLastError().await, 6);
            assert_eq!(ce.WaitForSingleObject(snapshot, Timeout::Milliseconds(0)).await, WAIT_FAILED);
            assert!(ce.CloseToolhelp32Snapshot(snapshot).await.0);
            assert!(!ce.CloseToolhelp32Snapshot(snapshot).await.0);
            assert_eq!(ce.GetLastError().await, 6);
            let event = ce.CreateEvent(NULL, false, false, NULL).await;
            assert!(!ce.CloseToolhelp32Snapshot(event).await.0, "an event is no snapshot");
            assert!(!ce.Thread32First(event, ThreadEntry32::SIZE).await.0.0);
            for (flags, process) in [(0_u32, 0_u32), (0x10, 0), (SNAPMODULE, 2)] {
                assert_eq!(ce.CreateToolhelp32Snapshot(flags, process).await.0, u32::MAX);
                assert_eq!(ce.GetLastError().await, 87);
            }
            let snapshot = Handle(ce.CreateToolhelp32Snapshot(SNAPPROCESS, 12345_u32).await.0);
            assert!(!ce.Process32First(snapshot, ProcessEntry32::SIZE - 1).await.0.0, "dwSize");
            assert_eq!(ce.GetLastError().await, 87);
            assert!(!ce.Thread32First(snapshot, ThreadEntry32::SIZE).await.0.0, "it shows no threads");
            assert_eq!(ce.GetLastError().await, 18);
            // It goes with its process.
            0
        })
        .run_well();
}

#[test]
fn modules_are_shown_by_process_and_rust_guests_have_no_heaps_and_no_memory() {
    Device::default()
        .process("\\Windows\\idler.exe", async |ce, _| {
            ce.Sleep(Timeout::Milliseconds(50)).await;
            0
        })
        .process("looker", async |ce, _| {
            let taken = ce.CreateToolhelp32Snapshot(SNAPPROCESS, 0_u32).await;
            let (_, idler) = ce.Process32First(Handle(taken.0), ProcessEntry32::SIZE).await;
            let flags = SNAPMODULE | SNAPHEAPLIST;
            let snapshot = Handle(ce.CreateToolhelp32Snapshot(flags, idler.th32ProcessID).await.0);
            let (ok, module) = ce.Module32First(snapshot, ModuleEntry32::SIZE).await;
            assert!(ok.0 && text(&module.szModule) == "idler.exe");
            assert_eq!(text(&module.szExePath), "\\Windows\\idler.exe");
            assert_eq!(module.th32ProcessID, idler.th32ProcessID);
            assert!(!ce.Module32Next(snapshot, ModuleEntry32::SIZE).await.0.0);
            assert!(!ce.Heap32ListFirst(snapshot, HeapList32::SIZE).await.0.0);
            let process = ce.OpenProcess(0_u32, false, idler.th32ProcessID).await;
            let (ok, _, _) = ce.ReadProcessMemory(process, 0x1_0000_u32, 4_u32, OUT).await;
            assert!(!ok.0);
            assert_eq!(ce.GetLastError().await, 50);
            let (ok, _) = ce.WriteProcessMemory(process, 0x1_0000_u32, b"1234", OUT).await;
            assert!(!ok.0);
            assert_eq!(ce.GetLastError().await, 50);
            let (ok, _, _) = ce.ReadProcessMemory(Handle(2), 0x1_0000_u32, 4_u32, OUT).await;
            assert!(!ok.0);
            assert_eq!(ce.GetLastError().await, 6);
            0
        })
        .run_well();
}

#[test]
fn snapshots_take_no_more_memory_than_there_is() {
    Device::default()
        .audit(false)
        .process("hoarder", async |ce, _| {
            let idle = ce.function(async |ce, _| {
                ce.Sleep(Timeout::Infinite).await;
                0
            });
            for _ in 0..400 {
                ce.CreateThread(NULL, 0_u32, idle, 0_u32, 0_u32, OUT).await;
            }
            let mut made = 0;
            while ce.CreateToolhelp32Snapshot(SNAPTHREAD, 0_u32).await.0 != u32::MAX {
                made += 1;
            }
            assert_eq!(ce.GetLastError().await, 14);
            assert!((2000..3000).contains(&made), "{made}");
            0
        })
        .run_well();
}

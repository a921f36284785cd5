//! The device as guests see it: its version, its date, and what can be called on it.
#![allow(missing_docs, reason = "tests say what they test by their names")]

use cerium_coredll::{
    CeApi, MsgQueueOptions, NULL, OUT, OsVersionInfo, OutType, SystemTime, TimeZoneInformation, WAIT_FAILED,
    WAIT_OBJECT_0, WAIT_TIMEOUT,
};
use cerium_guest::{Ce, NativeImages, Verdict};
use cerium_handle::Handle;
use cerium_kernel::{Rules, Version};
use cerium_process::{FileTime, Timeout};
use cerium_tests::Device;

fn ms(milliseconds: u32) -> Timeout {
    Timeout::Milliseconds(milliseconds)
}

#[test]
fn a_device_starts_in_november_2006_unless_it_is_told_otherwise() {
    Device::default()
        .process("clock", async |ce, _| {
            let ((), date) = ce.GetSystemTime(OUT).await;
            assert_eq!((date.wYear, date.wMonth, date.wDay, date.wHour), (2006, 11, 1, 0));
            0
        })
        .run_well();
    Device::default()
        .date(FileTime(0))
        .process("clock", async |ce, _| {
            ce.compute(3_000_000_000).await;
            let ((), date) = ce.GetSystemTime(OUT).await;
            assert_eq!((date.wYear, date.wMonth, date.wDay, date.wSecond), (1601, 1, 1, 3));
            let ((), time) = ce.GetSystemTimeAsFileTime(OUT).await;
            assert!(time.0 >= 30_000_000);
            0
        })
        .run_well();
}

#[test]
fn the_clock_is_set_for_all_and_threads_keep_when_they_began() {
    Device::default()
        .process("clock", async |ce, _| {
            let thread = Handle::CURRENT_THREAD;
            let began = ce.GetThreadTimes(thread, OUT, OUT, OUT, OUT).await.creation;
            let date = SystemTime { wYear: 1999, wMonth: 12, wDay: 31, wHour: 23, ..Default::default() };
            assert!(ce.SetSystemTime(date).await.0);
            assert_eq!(ce.GetSystemTime(OUT).await.1.wYear, 1999);
            assert_eq!(ce.GetThreadTimes(thread, OUT, OUT, OUT, OUT).await.creation, began);
            let zone = TimeZoneInformation { Bias: -120, ..Default::default() };
            assert!(ce.SetTimeZoneInformation(zone).await.0);
            assert_eq!(ce.GetTimeZoneInformation(OUT).await.0.0, 0, "a zone without daylight saving time");
            let ((), local) = ce.GetLocalTime(OUT).await;
            assert_eq!((local.wYear, local.wDay, local.wHour), (2000, 1, 1));
            assert!(
                ce.SetLocalTime(SystemTime { wYear: 2001, wMonth: 1, wDay: 1, ..Default::default() }).await.0
            );
            assert_eq!(ce.GetSystemTime(OUT).await.1.wYear, 2000);
            let (_, local) = ce.FileTimeToLocalFileTime(FileTime(0), OUT).await;
            assert_eq!(local.0, 2 * 3600 * 10_000_000);
            let (_, utc) = ce.LocalFileTimeToFileTime(local, OUT).await;
            assert_eq!(utc.0, 0);
            0
        })
        .run_well();
}

#[test]
fn bad_dates_and_bad_pointers_are_bad_parameters() {
    Device::default()
        .process("clock", async |ce, _| {
            let before = ce.GetSystemTimeAsFileTime(OUT).await.1;
            let none = SystemTime { wYear: 2006, wMonth: 2, wDay: 30, ..Default::default() };
            macro_rules! refused {
                ($($call:expr),* $(,)?) => {$(
                    ce.SetLastError(0_u32).await;
                    assert!(!$call.0);
                    assert_eq!(ce.GetLastError().await, 87);
                )*};
            }
            refused![
                ce.SetSystemTime(none.clone()).await,
                ce.SetLocalTime(none.clone()).await,
                ce.SystemTimeToFileTime(none, OUT).await.0,
                ce.SetSystemTime(NULL).await,
                ce.FileTimeToSystemTime(FileTime(1 << 63), OUT).await.0,
                ce.FileTimeToSystemTime(FileTime(1), NULL).await.0,
                ce.FileTimeToLocalFileTime(NULL, OUT).await.0,
                ce.SetTimeZoneInformation(NULL).await,
            ];
            assert_eq!(ce.GetTimeZoneInformation(NULL).await.0.0, u32::MAX);
            assert_eq!(ce.CompareFileTime(FileTime(2), FileTime(1)).await, 1);
            assert_eq!(ce.CompareFileTime(FileTime(1), FileTime(1)).await, 0);
            assert_eq!(ce.CompareFileTime(FileTime(0), FileTime(u64::MAX)).await, -1);
            assert!(ce.GetSystemTimeAsFileTime(OUT).await.1 > before, "nothing was set");
            0
        })
        .run_well();
}

#[test]
fn each_version_says_which_it_is() {
    for (version, number) in [
        (Version::Ce5, (5, 0)),
        (Version::Ce6, (6, 0)),
        (Version::Compact7, (7, 0)),
        (Version::Compact2013, (8, 0)),
    ] {
        Device::default()
            .version(version)
            .process("asker", move |ce: Ce, _| async move {
                let (ok, told) = ce.GetVersionEx(OsVersionInfo::SIZE).await;
                assert!(ok.0 && told.dwPlatformId == 3);
                assert_eq!((told.dwMajorVersion, told.dwMinorVersion), number);
                assert_eq!(told.dwOSVersionInfoSize, OsVersionInfo::SIZE);
                assert!(told.dwBuildNumber > 1000, "{}", told.dwBuildNumber);
                assert!(!ce.GetVersionEx(OsVersionInfo::SIZE - 1).await.0.0);
                assert_eq!(ce.GetLastError().await, 87);
                0
            })
            .run_well();
    }
}

#[test]
fn a_device_without_a_display_has_no_metrics() {
    Device::default()
        .process("asker", async |ce, _| {
            ce.SetLastError(7_u32).await;
            // SM_CXSCREEN, SM_CYSCREEN, SM_MOUSEPRESENT, SM_CMONITORS, and what no header defines.
            for index in [0_i32, 1, 19, 80, 4711, -1] {
                assert_eq!(ce.GetSystemMetrics(index).await, 0);
            }
            assert_eq!(ce.GetLastError().await, 7);
            0
        })
        .run_well();
}

#[test]
fn events_of_the_registry_are_there_from_the_start_and_until_the_end() {
    let lines = "REGEDIT4\n[HKEY_LOCAL_MACHINE\\system\\events]\n@=\"\"\n\"SYSTEM/Ready\"=\"\"\n";
    Device::default()
        .registry(lines)
        .process("service", async |ce, _| {
            let ready = ce.OpenEvent(0x1f_0003_u32, false, "SYSTEM/Ready").await;
            assert!(ce.SetEvent(ready).await.0 && ce.CloseHandle(ready).await.0);
            // It is manual-reset, and stays although nobody has a handle to it.
            let again = ce.CreateEvent(NULL, false, false, "SYSTEM/Ready").await;
            assert_eq!(ce.GetLastError().await, 183);
            assert_eq!(ce.WaitForSingleObject(again, ms(0)).await, WAIT_OBJECT_0);
            assert_eq!(ce.WaitForSingleObject(again, ms(0)).await, WAIT_OBJECT_0);
            // The value without a name names none.
            let unnamed = ce.OpenEvent(0x1f_0003_u32, false, "").await;
            assert_eq!(unnamed, Handle::NULL);
            0
        })
        .run_well();
}

#[test]
fn what_is_served_is_ready_and_what_is_not_never_is() {
    Device::default()
        .process("asker", async |ce, _| {
            assert!(ce.IsAPIReady(84_u32).await.0, "the file system");
            assert!(!ce.IsAPIReady(81_u32).await.0, "windows");
            assert_eq!(ce.WaitForAPIReady(0_u32, Timeout::Infinite).await, WAIT_OBJECT_0);
            assert_eq!(ce.WaitForAPIReady(81_u32, ms(0)).await, WAIT_TIMEOUT);
            let before = ce.GetTickCount().await;
            assert_eq!(ce.WaitForAPIReady(81_u32, ms(10)).await, WAIT_TIMEOUT);
            assert!(ce.GetTickCount().await - before >= 10);
            assert_eq!(ce.WaitForAPIReady(128_u32, ms(0)).await, WAIT_FAILED);
            assert_eq!(ce.GetLastError().await, 87);
            // No program's event says that windows are ready, so they never will be (aa450538).
            let ready = ce.OpenEvent(0x1f_0003_u32, false, "SYSTEM/GweApiSetReady").await;
            assert_eq!((ready, ce.GetLastError().await), (Handle::NULL, 2));
            0
        })
        .run_well();
}

#[test]
fn a_stall_says_that_a_thread_waits_for_what_nobody_serves() {
    let outcome = Device::default()
        .process("asker", async |ce, _| {
            ce.WaitForAPIReady(81_u32, Timeout::Infinite).await;
            0
        })
        .run();
    let Verdict::Stalled(stall) = outcome.verdict else { panic!("{:?}", outcome.verdict) };
    assert!(stall.to_string().contains("waits for functions that nobody serves"), "{stall}");
}

/// Which of a driver's waits for its interrupt, each at most 30 ms long, were satisfied, and at which tick.
async fn served(ce: &Ce, event: Handle, times: usize) -> Vec<(bool, u32)> {
    let mut seen = Vec::new();
    for _ in 0..times {
        let status = ce.WaitForSingleObject(event, ms(30)).await;
        seen.push((status == WAIT_OBJECT_0, ce.GetTickCount().await));
    }
    seen
}

const SYSINTR: u32 = 17;

#[test]
fn an_interrupt_that_is_being_served_comes_again_once_when_it_is_done() {
    Device::default()
        .process("driver", async |ce, _| {
            let event = ce.CreateEvent(NULL, false, false, NULL).await;
            assert!(ce.InterruptInitialize(SYSINTR, event, NULL, 0_u32).await.0);
            let start = ce.GetTickCount().await;
            for _ in 0..3 {
                assert!(ce.SetInterruptEvent(SYSINTR).await.0);
            }
            let first = served(&ce, event, 2).await;
            assert_eq!(first, [(true, start), (false, start + 31)], "masked until it is done");
            ce.InterruptDone(SYSINTR).await;
            assert!(served(&ce, event, 1).await[0].0, "what came meanwhile comes now");
            ce.InterruptDone(SYSINTR).await;
            assert!(!served(&ce, event, 1).await[0].0, "once, however often it came");
            assert!(ce.SetInterruptEvent(SYSINTR).await.0);
            assert!(served(&ce, event, 1).await[0].0, "it is unmasked");
            ce.InterruptDone(SYSINTR + 1).await;
            assert!(ce.SetInterruptEvent(SYSINTR).await.0);
            assert!(!served(&ce, event, 1).await[0].0, "another interrupt's end is nothing to it");
            0
        })
        .run_well();
}

#[test]
fn an_interrupt_without_an_event_is_a_bad_parameter() {
    Device::default()
        .process("driver", async |ce, _| {
            assert!(!ce.SetInterruptEvent(SYSINTR).await.0);
            assert_eq!(ce.GetLastError().await, 87);
            let event = ce.CreateEvent(NULL, false, false, NULL).await;
            assert!(ce.InterruptInitialize(SYSINTR, event, NULL, 0_u32).await.0);
            assert!(!ce.SetInterruptEvent(SYSINTR + 1).await.0);
            let other = ce.CreateEvent(NULL, false, false, NULL).await;
            for (sysintr, event) in [(SYSINTR, other), (SYSINTR + 1, event)] {
                assert!(!ce.InterruptInitialize(sysintr, event, NULL, 0_u32).await.0, "one of them is bound");
                assert_eq!(ce.GetLastError().await, 87);
            }
            ce.InterruptDisable(SYSINTR).await;
            assert!(!ce.SetInterruptEvent(SYSINTR).await.0, "its event was taken away");
            assert_eq!(ce.WaitForSingleObject(event, ms(0)).await, WAIT_TIMEOUT);
            0
        })
        .run_well();
}

#[test]
fn a_program_is_found_by_its_path_or_its_file_name_without_case() {
    Device::default()
        .process("\\Windows\\Asker.exe", async |ce, _| {
            let own = ce.GetModuleHandle(NULL).await;
            assert_ne!(own, 0);
            for name in ["asker.exe", "\\windows\\ASKER.EXE"] {
                assert_eq!(ce.GetModuleHandle(name).await, own, "{name}");
            }
            for name in ["other.exe", "Windows", "asker"] {
                assert_eq!(ce.GetModuleHandle(name).await, 0, "{name}");
                assert_eq!(ce.GetLastError().await, 126);
            }
            0
        })
        .run_well();
}

#[test]
fn the_last_time_with_a_sign_is_the_last_that_is_a_date() {
    Device::default()
        .process("clock", async |ce, _| {
            let (ok, last) = ce.FileTimeToSystemTime(FileTime(i64::MAX as u64), OUT).await;
            assert!(ok.0 && last.wYear == 30828 && last.wMonth == 9 && last.wDay == 14);
            let (ok, _) = ce.FileTimeToSystemTime(FileTime(1 << 63), OUT).await;
            assert!(!ok.0);
            assert_eq!(ce.GetLastError().await, 87);
            0
        })
        .run_well();
}

#[test]
fn only_the_events_of_interrupts_are_refused_several_waits_and_waiters() {
    Device::default()
        .process("driver", async |ce, _| {
            let bound = ce.CreateEvent(NULL, false, false, NULL).await;
            let plain = ce.CreateEvent(NULL, false, false, NULL).await;
            let others = [ce.CreateMutex(NULL, false, NULL).await, plain];
            assert!(ce.InterruptInitialize(SYSINTR, bound, NULL, 0_u32).await.0);
            assert_eq!(ce.WaitForMultipleObjects(&others, false, ms(0)).await, WAIT_OBJECT_0);
            assert_eq!(ce.WaitForMultipleObjects(&[plain, bound], false, ms(0)).await, WAIT_FAILED);
            for event in [plain, plain, bound] {
                let wait = ce.function(move |ce, _| async move {
                    ce.WaitForSingleObject(event, Timeout::Infinite).await;
                    0
                });
                ce.CreateThread(NULL, 0_u32, wait, 0_u32, 0_u32, OUT).await;
            }
            ce.Sleep(ms(5)).await;
            assert_eq!(ce.WaitForSingleObject(plain, ms(5)).await, WAIT_TIMEOUT);
            assert_eq!(ce.WaitForSingleObject(bound, ms(5)).await, WAIT_FAILED);
            assert_eq!(ce.GetLastError().await, 87);
            0
        })
        .run_well();
}

#[test]
fn a_program_resets_the_device_by_its_io_control() {
    let outcome = Device::default()
        .process("resetter", async |ce, _| {
            assert!(!ce.KernelIoControl(0x0101_0000_u32, NULL, NULL, NULL).await.0);
            assert_eq!(ce.GetLastError().await, 50);
            ce.KernelIoControl(0x0101_003c_u32, NULL, NULL, NULL).await;
            unreachable!("nothing runs after a reset")
        })
        .run();
    assert_eq!(outcome.verdict, Verdict::Reset(0));
}

#[test]
fn guests_without_registers_have_no_context() {
    Device::default()
        .process("asker", async |ce, _| {
            let me = Handle::CURRENT_THREAD;
            assert!(!ce.GetThreadContext(me, OUT).await.0.0);
            assert_eq!(ce.GetLastError().await, 50);
            assert!(!ce.SetThreadContext(me, OUT).await.0);
            assert_eq!(ce.GetLastError().await, 50);
            assert!(!ce.GetThreadContext(me, NULL).await.0.0);
            assert_eq!(ce.GetLastError().await, 87);
            assert!(!ce.GetThreadContext(Handle::CURRENT_PROCESS, OUT).await.0.0);
            assert_eq!(ce.GetLastError().await, 6);
            0
        })
        .run_well();
}

#[test]
fn owner_and_caller_are_the_process_itself() {
    Device::default()
        .process("asker", async |ce, _| {
            let owner = ce.GetOwnerProcess().await;
            assert_eq!(owner, ce.GetCallerProcess().await);
            let id = ce.GetProcessId(owner).await;
            assert_eq!(id, ce.GetDirectCallerProcessId().await);
            assert_eq!(id, ce.GetCallerVMProcessId().await);
            assert!(!ce.SetKMode(true).await.0 && !ce.SetKMode(false).await.0);
            assert_eq!(ce.SetProcPermissions(1_u32).await, ce.GetCurrentPermissions().await);
            0
        })
        .run_well();
}

#[test]
fn up_to_ce_5_there_are_32_processes_and_ids_are_handles() {
    let mut images = NativeImages::default();
    images.add("idler", async |ce, _| {
        ce.Sleep(ms(1000)).await;
        0
    });
    Device::with_images(images)
        .version(Version::Ce5)
        .process("starter", async |ce, _| {
            for _ in 1..32 {
                let (ok, told) =
                    ce.CreateProcess("idler", NULL, NULL, NULL, NULL, 0_u32, NULL, NULL, NULL, OUT).await;
                assert!(ok.0);
                assert_eq!(Handle(told.dwProcessId), told.hProcess);
                assert_eq!(ce.GetExitCodeProcess(Handle(told.dwProcessId), OUT).await.1, 259);
                assert!(ce.CloseHandle(told.hProcess).await.0 && ce.CloseHandle(told.hThread).await.0);
                // Nobody has a handle, and the id is one all the same.
                assert!(ce.SuspendThread(Handle(told.dwThreadId)).await.0 == 0);
                assert!(ce.ResumeThread(Handle(told.dwThreadId)).await.0 == 1);
            }
            let (ok, _) =
                ce.CreateProcess("idler", NULL, NULL, NULL, NULL, 0_u32, NULL, NULL, NULL, OUT).await;
            assert!(!ok.0);
            assert_eq!(ce.GetLastError().await, 14);
            0
        })
        .run_well();
}

#[test]
fn versions_differ_in_queues_duplicates_and_suspension() {
    let run = |version: Version| {
        Device::default()
            .version(version)
            .process("asker", move |ce: Ce, _| async move {
                let is_5 = version == Version::Ce5;
                let options = |flags| MsgQueueOptions {
                    dwSize: MsgQueueOptions::SIZE,
                    dwFlags: flags,
                    dwMaxMessages: 1,
                    cbMaxMessage: 4,
                    bReadAccess: 1,
                };
                for (length, flags, made) in [(257, 0, true), (258, 0, is_5), (260, 0, false), (1, 4, is_5)] {
                    let queue = ce.CreateMsgQueue("q".repeat(length).as_str(), options(flags)).await;
                    assert_eq!(queue != Handle::NULL, made, "{length} {flags}");
                    if queue != Handle::NULL {
                        let me = Handle::CURRENT_PROCESS;
                        let (ok, copy) = ce.DuplicateHandle(me, queue, me, OUT, 0_u32, false, 2_u32).await;
                        assert_eq!(ok.0, !is_5);
                        assert!(!ok.0 || ce.CloseHandle(copy).await.0);
                        assert!(ce.CloseHandle(queue).await.0);
                    }
                }
                let function = ce.function(async |ce, _| {
                    ce.Sleep(ms(10)).await;
                    0
                });
                let (thread, _) = ce.CreateThread(NULL, 0_u32, function, 0_u32, 0_u32, OUT).await;
                ce.Sleep(ms(1)).await;
                let is_late = version == Version::Compact2013;
                assert_eq!(ce.SuspendThread(thread).await.0, 0);
                assert_eq!(ce.SuspendThread(thread).await.0, if is_late { 0 } else { 1 });
                assert_eq!(ce.ResumeThread(thread).await.0, 2);
                assert_eq!(ce.ResumeThread(thread).await.0, 1);
                let (ready, _) = ce.CreateThread(NULL, 0_u32, function, 0_u32, 4_u32, OUT).await;
                assert_eq!(ce.SuspendThread(ready).await.0, 1, "it is in no call, and stops at once");
                ce.TerminateThread(ready, 0_u32).await;
                assert_eq!(ce.SuspendThread(Handle(2)).await.0, if is_late { 0xffff_fffe } else { u32::MAX });
                assert_eq!(ce.GetLastError().await, 6);
                assert_eq!(ce.WaitForSingleObject(thread, Timeout::Infinite).await, WAIT_OBJECT_0);
                0
            })
            .run_well();
    };
    [Version::Ce5, Version::Ce6, Version::Compact7, Version::Compact2013].into_iter().for_each(run);
}

#[test]
fn a_broken_queue_of_ce_5_leaves_its_name() {
    for version in [Version::Ce5, Version::Ce6] {
        Device::default()
            .version(version)
            .process("maker", move |ce: Ce, _| async move {
                let options = |reads| MsgQueueOptions {
                    dwSize: MsgQueueOptions::SIZE,
                    dwFlags: 0,
                    dwMaxMessages: 1,
                    cbMaxMessage: 4,
                    bReadAccess: reads,
                };
                let reader = ce.CreateMsgQueue("Q", options(1)).await;
                let writer = ce.CreateMsgQueue("Q", options(0)).await;
                assert!(ce.CloseMsgQueue(writer).await.0);
                let again = ce.CreateMsgQueue("Q", options(0)).await;
                let error = ce.GetLastError().await;
                // CE 5 has made another queue; CE 6 has mended this one (OQ-43).
                assert_eq!(error, if version == Version::Ce5 { 0 } else { 183 });
                assert!(ce.CloseMsgQueue(again).await.0 && ce.CloseMsgQueue(reader).await.0);
                0
            })
            .run_well();
    }
}

fn rules(text: &str) -> Rules {
    let mut rules = Rules::default();
    rules.set(text).unwrap();
    rules
}

#[test]
fn rules_answer_open_questions_otherwise() {
    for (rule, closes, creates, suspends) in [
        ("abandoned=silent", false, true, true),
        ("close-pseudo=accept", true, true, true),
        ("creation-flags=refuse", false, false, true),
        ("suspend-blocked=refuse", false, true, false),
    ] {
        let mut images = NativeImages::default();
        images.add("child", async |_, _| 0);
        Device::with_images(images)
            .rules(rules(rule))
            .process("asker", move |ce: Ce, _| async move {
                for pseudo in [Handle::CURRENT_THREAD, Handle::CURRENT_PROCESS] {
                    assert_eq!(ce.CloseHandle(pseudo).await.0, closes);
                }
                // CREATE_NEW_PROCESS_GROUP.
                let flags = 0x200_u32;
                let made =
                    ce.CreateProcess("child", NULL, NULL, NULL, NULL, flags, NULL, NULL, NULL, OUT).await;
                assert_eq!(made.0.0, creates);
                let sleeper = ce.function(async |ce, _| {
                    ce.Sleep(ms(10)).await;
                    0
                });
                let (thread, _) = ce.CreateThread(NULL, 0_u32, sleeper, 0_u32, 0_u32, OUT).await;
                ce.Sleep(ms(1)).await;
                assert_eq!(ce.SuspendThread(thread).await.0 == 0, suspends);
                assert!(suspends || ce.GetLastError().await == 156);
                ce.ResumeThread(thread).await;
                0
            })
            .run_well();
    }
}

#[test]
fn a_preempted_thread_goes_behind_its_equals_if_the_rule_says_so() {
    for (rule, first) in [("preempted=front", "a"), ("preempted=back", "b")] {
        let outcome = Device::default()
            .rules(rules(rule))
            .process("starter", async |ce, _| {
                ce.CeSetThreadPriority(Handle::CURRENT_THREAD, 10).await;
                for name in ["a", "b"] {
                    let work = ce.function(move |ce: Ce, _| async move {
                        ce.compute(30_000_000).await;
                        ce.print(name);
                        0
                    });
                    ce.CreateThread(NULL, 0_u32, work, 0_u32, 0_u32, OUT).await;
                }
                // Preempts the first in the middle of its work.
                ce.Sleep(ms(10)).await;
                ce.Sleep(ms(500)).await;
                0
            })
            .run_well();
        assert!(outcome.output.starts_with(first), "{rule}: {}", outcome.output);
    }
}

#[test]
fn whether_it_is_daylight_saving_time_can_be_set_until_a_zone_is_set() {
    Device::default()
        .process("clock", async |ce, _| {
            let season = async || ce.GetTimeZoneInformation(OUT).await.0.0;
            let hour = async || ce.GetLocalTime(OUT).await.1.wHour;
            // Central Europe: on the first of November it is winter.
            let last_sunday =
                |month, hour| SystemTime { wMonth: month, wDay: 5, wHour: hour, ..Default::default() };
            let zone = TimeZoneInformation {
                Bias: -60,
                StandardDate: last_sunday(10, 3),
                DaylightDate: last_sunday(3, 2),
                DaylightBias: -60,
                ..Default::default()
            };
            assert!(ce.SetTimeZoneInformation(zone.clone()).await.0);
            assert_eq!((season().await, hour().await), (1, 1));

            ce.SetDaylightTime(true).await;
            assert_eq!((season().await, hour().await), (2, 2));
            let (_, local) = ce.FileTimeToLocalFileTime(FileTime(0), OUT).await;
            assert_eq!(local.0, 2 * 3600 * 10_000_000);
            assert_eq!(ce.LocalFileTimeToFileTime(local, OUT).await.1.0, 0);
            ce.SetDaylightTime(false).await;
            assert_eq!((season().await, hour().await), (1, 1));

            // The dates do not change it, a zone does.
            let summer = SystemTime { wYear: 2006, wMonth: 7, wDay: 1, ..Default::default() };
            assert!(ce.SetSystemTime(summer).await.0);
            assert_eq!((season().await, hour().await), (1, 1));
            assert!(!ce.SetTimeZoneInformation(NULL).await.0);
            assert_eq!(season().await, 1, "a call that fails changes nothing");
            assert!(ce.SetTimeZoneInformation(zone).await.0);
            assert_eq!((season().await, hour().await), (2, 2));
            0
        })
        .run_well();
}

#[test]
fn a_zone_with_one_time_has_the_one_that_is_set() {
    Device::default()
        .process("clock", async |ce, _| {
            assert_eq!(ce.GetTimeZoneInformation(OUT).await.0.0, 0);
            ce.SetDaylightTime(false).await;
            assert_eq!(ce.GetTimeZoneInformation(OUT).await.0.0, 1);
            ce.SetDaylightTime(true).await;
            assert_eq!(ce.GetTimeZoneInformation(OUT).await.0.0, 2);
            0
        })
        .run_well();
}

const OAL: Handle = Handle(1);

#[test]
fn the_only_library_of_the_kernel_is_the_makers_code() {
    let outcome = Device::default()
        .process("asker", async |ce, _| {
            for library in [Handle(0), Handle(2), Handle(0xffff_ffff), Handle::CURRENT_PROCESS] {
                ce.SetLastError(0_u32).await;
                assert!(!ce.KernelLibIoControl(library, 0x0101_003c_u32, NULL, NULL, NULL).await.0);
                assert_eq!(ce.GetLastError().await, 6);
            }
            // Of it, the same can be had as of KernelIoControl.
            assert!(!ce.KernelLibIoControl(OAL, 0x0101_0000_u32, NULL, NULL, NULL).await.0);
            assert_eq!(ce.GetLastError().await, 50);
            ce.KernelLibIoControl(OAL, 0x0101_003c_u32, NULL, NULL, NULL).await;
            unreachable!("nothing runs after a reset")
        })
        .run();
    assert_eq!(outcome.verdict, Verdict::Reset(0));
}

#[test]
fn a_process_is_refused_to_serve_others() {
    Device::default()
        .process("server", async |ce, _| {
            macro_rules! refused {
                ($call:expr, $failure:expr) => {
                    ce.SetLastError(0_u32).await;
                    assert_eq!($call.await, $failure);
                    assert_eq!(ce.GetLastError().await, 5);
                };
            }
            // Whatever the arguments are: there can be no good set.
            refused!(ce.CreateAPISet(NULL, 0_u32, NULL, NULL), Handle::NULL);
            refused!(ce.CreateAPIHandle(Handle::NULL, 0_u32), Handle::NULL);
            refused!(ce.CreateAPIHandle(Handle::CURRENT_PROCESS, 1_u32), Handle::NULL);
            for set in [Handle::NULL, Handle::CURRENT_PROCESS] {
                refused!(ce.RegisterAPISet(set, 81_u32), false.into());
            }
            assert!(!ce.IsAPIReady(81_u32).await.0);
            0
        })
        .run_well();
}

#[test]
fn each_user_has_its_own_current_user() {
    const CURRENT_USER: Handle = Handle(0x8000_0001);
    Device::default()
        .process("owner", async |ce, _| {
            let write = async || ce.RegSetValueEx(CURRENT_USER, "x", 0_u32, 3_u32, b"1").await.code.0;
            let read = async || ce.RegQueryValueEx(CURRENT_USER, "x", NULL, OUT, 8_u32).await.code.0;
            assert_eq!((write().await, read().await), (0, 0));
            assert!(!ce.SetCurrentUser("anna", NULL, false).await.0);
            assert_eq!((ce.GetLastError().await, read().await), (2, 0));

            assert!(ce.SetCurrentUser("Anna", b"whatever opens her keys", true).await.0);
            assert_eq!(read().await, 2);
            // Who has a key open keeps it.
            let (mine, _) = ce
                .RegCreateKeyEx(CURRENT_USER, "Mine", 0_u32, NULL, 0_u32, 0_u32, NULL, OUT, OUT)
                .await
                .expect("it is made");
            assert!(ce.SetCurrentUser(NULL, NULL, false).await.0);
            assert_eq!(read().await, 0);
            assert_eq!(ce.RegSetValueEx(mine, "x", 0_u32, 3_u32, b"2").await.code.0, 0);
            assert_eq!(ce.RegOpenKeyEx(CURRENT_USER, "Mine", 0_u32, 0_u32, OUT).await.code.0, 2);
            assert!(ce.SetCurrentUser("ANNA", NULL, false).await.0);
            assert_eq!(ce.RegOpenKeyEx(CURRENT_USER, "Mine", 0_u32, 0_u32, OUT).await.code.0, 0);

            for name in ["", "a\\b", &"n".repeat(256)] {
                for create in [true, false] {
                    assert!(!ce.SetCurrentUser(name, NULL, create).await.0);
                    assert_eq!(ce.GetLastError().await, 87);
                }
            }
            0
        })
        .run_well();
}

#[test]
fn guests_without_memory_have_no_heap() {
    Device::default()
        .process("asker", async |ce, _| {
            let me = Handle::CURRENT_PROCESS;
            assert_eq!(ce.LocalAllocInProcess(0_u32, 16_u32, me).await, 0);
            assert_eq!(ce.GetLastError().await, 50);
            assert_eq!(ce.LocalFreeInProcess(64_u32, me).await, 64);
            assert_eq!(ce.LocalSizeInProcess(64_u32, me).await, 0);
            assert_eq!(ce.LocalAllocInProcess(0_u32, 16_u32, Handle::CURRENT_THREAD).await, 0);
            assert_eq!(ce.GetLastError().await, 6);
            0
        })
        .run_well();
}

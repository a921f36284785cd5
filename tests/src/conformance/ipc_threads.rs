//! Threads (ipc/TH) and thread local storage (ipc/TL).

use cerium_coredll::{Address, CeApi, NULL, OUT, OutType, ProcessEntry32, ThreadEntry32};
use cerium_guest::Ce;
use cerium_handle::Handle;

use super::ipc_stage::*;
use super::stage::*;
use super::{Case, case};

/// What SuspendThread and ResumeThread return when they fail, with the last error after it.
fn no_count(error: u32) -> (u32, u32) {
    (u32::MAX, error)
}

pub(super) const THREADS: &[Case] = &[
    case!("ipc/TH-001", "ee488162", async |ce| {
        let function = ce.function(async move |_, parameter| parameter);
        let (thread, id) = ce.CreateThread(NULL, 0_u32, function, 77_u32, 0_u32, OUT).await;
        assert!(thread != Handle::NULL && id != 0);
        ce.wait(thread).await;
        assert_eq!(ce.thread_code(thread).await, 77);
    }),
    case!("ipc/TH-002", "ee488162", async |ce| {
        let create = ce.CreateThread(NULL, 0_u32, Address(0), 0_u32, 0_u32, OUT);
        assert_eq!(ce.noting(create).await, ((Handle::NULL, 0), 87));
    }),
    case!("ipc/TH-003", "ee488162", async |ce| {
        let function = ce.once(async |_ce| 0);
        let (thread, _) = ce.CreateThread(NULL, 0_u32, function, 0_u32, 0_u32, NULL).await;
        assert_eq!(ce.wait(thread).await, OBJ0);
    }),
    case!("ipc/TH-004", "ee488168", async |ce| {
        ce.run_at(150).await;
        let thread = ce.thread_of(async |_ce| 0).await;
        assert_eq!(ce.CeGetThreadPriority(thread).await.0, 251);
    }),
    case!("ipc/TH-005", "aa909212", async |ce| {
        let thread = ce.thread_of(async |_ce| 0).await;
        assert_eq!(ce.CeGetThreadQuantum(thread).await.0, 100);
    }),
    Case::skipped("ipc/TH-006", "needs an executable: a Rust guest has no stack of its own"),
    Case::skipped("ipc/TH-007", "needs an executable: a Rust guest has no stack of its own"),
    case!("ipc/TH-008", "ee488162", async |ce| {
        let function = ce.once(async |_ce| 1);
        let (thread, _) = ce.CreateThread(NULL, 0_u32, function, 0_u32, CREATE_SUSPENDED, OUT).await;
        assert_eq!(ce.WaitForSingleObject(thread, ms(500)).await, TMO);
        assert_eq!(ce.ResumeThread(thread).await.0, 1);
        assert_eq!(ce.wait(thread).await, OBJ0);
    }),
    case!("ipc/TH-009", "aa915065", async |ce| {
        let thread = ce.thread(251, async |ce| ce.Sleep(ms(10)).await).await;
        ce.settle().await;
        assert_eq!(ce.GetExitCodeThread(thread.handle, OUT).await, (TRUE, STILL_ACTIVE));
    }),
    case!("ipc/TH-010", "aa915065", async |ce| {
        let thread = ce.thread_of(async |_ce| 42).await;
        ce.wait(thread).await;
        assert_eq!(ce.GetExitCodeThread(thread, OUT).await, (TRUE, 42));
    }),
    case!("ipc/TH-011", "aa915065", async |ce| {
        let leave = async |ce: cerium_guest::Ce| {
            ce.ExitThread(43_u32).await;
            0
        };
        let thread = ce.thread_of(leave).await;
        assert_eq!(ce.wait(thread).await, OBJ0);
        assert_eq!(ce.thread_code(thread).await, 43);
    }),
    case!("ipc/TH-012", "ee488176", async |ce| {
        let thread = ce.thread(252, async |ce| ce.spin().await).await;
        ce.settle().await;
        assert_eq!(ce.TerminateThread(thread.handle, 44_u32).await, TRUE);
        assert_eq!(ce.wait(thread.handle).await, OBJ0);
        assert_eq!(ce.thread_code(thread.handle).await, 44);
    }),
    case!("ipc/TH-013", "ee482771", async |ce| {
        let thread = ce.thread_of(async |_ce| 0).await;
        ce.wait(thread).await;
        for _ in 0..3 {
            assert_eq!(ce.poll(thread).await, OBJ0);
        }
    }),
    case!("ipc/TH-014", "ee490442", async |ce| {
        let thread = ce.thread(251, async |ce| ce.Sleep(ms(10)).await).await;
        ce.settle().await;
        ce.CloseHandle(thread.handle).await;
        ce.Sleep(ms(20)).await;
        assert_eq!(thread.result(), Some(()));
    }),
    case!(
        "ipc/TH-015",
        "ee488176",
        async |ce| {
            let child = ce.start("P2").await;
            assert_eq!(ce.TerminateThread(child.hThread, 6_u32).await, TRUE);
            assert_eq!(ce.wait(child.hProcess).await, OBJ0);
        },
        async |ce| {
            ce.thread(251, async |ce| ce.Sleep(INFINITE).await).await;
            ce.Sleep(INFINITE).await;
        }
    ),
    case!("ipc/TH-016", "ee488176", async |ce| {
        let mutex = ce.mutex().await;
        let [owner, next] = ce.waiters([251, 251], mutex).await;
        assert_eq!(next.result(), None);
        ce.TerminateThread(owner.handle, 0_u32).await;
        ce.settle().await;
        assert_eq!(next.result(), Some(OBJ0));
    }),
    case!("ipc/TH-017", "inference", async |ce| {
        let section = ce.InitializeCriticalSection(OUT).await;
        let inside = async move |ce: cerium_guest::Ce| ce.EnterCriticalSection(&section).await;
        let owner = ce.stayer(251, inside).await;
        ce.settle().await;
        ce.TerminateThread(owner.handle, 0_u32).await;
        ce.wait(owner.handle).await;
        assert_eq!(ce.TryEnterCriticalSection(&section).await.0, FALSE);
    }),
    case!("ipc/TH-018", "ee488762", async |ce| {
        let event = ce.auto_event().await;
        let [waiter] = ce.waiters([251], event).await;
        assert_eq!(ce.TerminateThread(waiter.handle, 0_u32).await, TRUE);
        assert_eq!(ce.wait(waiter.handle).await, OBJ0);
    }),
    case!("ipc/TH-019", "ee488755", async |ce| {
        let thread = ce.thread(251, async |_ce| ()).await;
        let opened = ce.open_thread(thread.id).await;
        assert_ne!(opened, Handle::NULL);
        assert_eq!(ce.SuspendThread(opened).await.0, 0);
        ce.settle().await;
        assert_eq!(thread.result(), None);
    }),
    case!("ipc/TH-020", "OQ-1", async |ce| {
        let thread = ce.thread(251, async |_ce| ()).await;
        let (count, error) = ce.noting(ce.SuspendThread(Handle(thread.id))).await;
        assert_eq!((count.0, error), no_count(6));
    }),
    case!("ipc/TH-021", "ee488755", async |ce| {
        assert_eq!(ce.open_thread(0x7fff_fff0).await, Handle::NULL);
    }),
    case!("ipc/TH-022", "kfuncs.h", async |ce| {
        let thread = ce.thread(251, async |ce| ce.GetThreadId(Handle(65)).await).await;
        ce.wait(thread.handle).await;
        assert_eq!(thread.result(), Some(thread.id));
    }),
    case!("ipc/TH-023", "ms885613", async |ce| {
        assert_eq!(ce.CeGetThreadPriority(THIS_THREAD).await.0, 251);
        ce.run_at(150).await;
        assert_eq!(ce.CeGetThreadPriority(THIS_THREAD).await.0, 150);
    }),
    case!("ipc/TH-024", "ee488373", async |ce| {
        let log = Log::default();
        let said = log.clone();
        let thread = ce.thread(252, async move |ce| ce.work(&said, "T", 100, 1).await).await;
        ce.settle().await;
        assert_eq!(ce.SuspendThread(thread.handle).await.0, 0);
        assert_eq!(ce.SuspendThread(thread.handle).await.0, 1);
        let before = log.text();
        assert_eq!(ce.ResumeThread(thread.handle).await.0, 2);
        ce.Sleep(ms(50)).await;
        assert_eq!(log.text(), before);
        assert_eq!(ce.ResumeThread(thread.handle).await.0, 1);
        ce.wait(thread.handle).await;
        assert_eq!(log.text().len(), 100);
    }),
    case!("ipc/TH-025", "ee488648", async |ce| {
        let thread = ce.thread(252, async |ce| ce.compute(10 * MS).await).await;
        ce.settle().await;
        assert_eq!(ce.ResumeThread(thread.handle).await.0, 0);
        assert_eq!(ce.wait(thread.handle).await, OBJ0);
    }),
    case!("ipc/TH-026", "ee488373", async |ce| {
        let thread = ce.thread(251, async |_ce| ()).await;
        assert_eq!(ce.SuspendThread(thread.handle).await.0, 0);
        ce.Sleep(ms(10_000)).await;
        assert_eq!(thread.result(), None);
    }),
    case!("ipc/TH-027", "ee488373", async |ce| {
        let thread = ce.suspended(251, async |_ce| ()).await;
        for count in 1..127 {
            assert_eq!(ce.SuspendThread(thread.handle).await.0, count);
        }
        let (count, error) = ce.noting(ce.SuspendThread(thread.handle)).await;
        assert_eq!((count.0, error), no_count(156));
        assert_eq!(ce.ResumeThread(thread.handle).await.0, 127);
    }),
    case!("ipc/TH-028", "ee488373", async |ce| {
        let thread = ce.closed_handle().await;
        let (count, error) = ce.noting(ce.SuspendThread(thread)).await;
        assert_eq!((count.0, error), no_count(6));
    }),
    case!("ipc/TH-029", "aa909009", async |ce| {
        let thread = ce.thread(251, async |ce| ce.Sleep(INFINITE).await).await;
        ce.settle().await;
        assert_eq!(ce.ResumeThread(thread.handle).await.0, 1);
        assert_eq!(ce.wait(thread.handle).await, OBJ0);
        assert_eq!(thread.result(), Some(()));
    }),
    case!("ipc/TH-030", "aa909009", async |ce| {
        let thread = ce.thread(251, async |ce| ce.Sleep(INFINITE).await).await;
        ce.settle().await;
        assert_eq!(ce.SuspendThread(thread.handle).await.0, 1);
        assert_eq!(ce.ResumeThread(thread.handle).await.0, 2);
        ce.settle().await;
        assert_eq!(thread.result(), None);
        assert_eq!(ce.ResumeThread(thread.handle).await.0, 1);
        assert_eq!(ce.wait(thread.handle).await, OBJ0);
    }),
    case!("ipc/TH-031", "aa909009", async |ce| {
        let thread = ce.thread(251, async |ce| ce.timing(ce.Sleep(ms(1000))).await.1).await;
        ce.settle().await;
        assert_eq!(ce.ResumeThread(thread.handle).await.0, 0);
        ce.wait(thread.handle).await;
        assert!(thread.result() >= Some(1000));
    }),
    case!("ipc/TH-032", "ee488373", async |ce| {
        let thread = ce.thread(251, async |ce| ce.SuspendThread(THIS_THREAD).await.0).await;
        ce.settle().await;
        assert_eq!(thread.result(), None);
        assert_eq!(ce.ResumeThread(thread.handle).await.0, 1);
        ce.settle().await;
        assert_eq!(thread.result(), Some(0));
    }),
    case!("ipc/TH-033", "OQ-17", async |ce| {
        let event = ce.auto_event().await;
        let [waiter] = ce.waiters([251], event).await;
        assert_eq!(ce.SuspendThread(waiter.handle).await.0, 0);
        ce.SetEvent(event).await;
        ce.settle().await;
        assert_eq!(waiter.result(), None);
        assert_eq!(ce.poll(event).await, TMO);
        ce.ResumeThread(waiter.handle).await;
        ce.settle().await;
        assert_eq!(waiter.result(), Some(OBJ0));
    }),
    case!("ipc/TH-034", "ee488176", async |ce| {
        let thread = ce.suspended(251, async |_ce| ()).await;
        assert_eq!(ce.TerminateThread(thread.handle, 1_u32).await, TRUE);
        assert_eq!(ce.wait(thread.handle).await, OBJ0);
        assert_eq!(thread.result(), None);
    }),
    case!("ipc/TH-035", "ee487997", async |ce| {
        let thread = ce.thread_of(async |ce| {
            ce.compute(200 * MS).await;
            0
        });
        let thread = thread.await;
        ce.wait(thread).await;
        let times = ce.GetThreadTimes(thread, OUT, OUT, OUT, OUT).await;
        assert!((times.kernel + times.user).abs_diff(2_000_000) <= 10_000, "{times:?}");
    }),
    case!("ipc/TH-036", "Timing a Thread", async |ce| {
        let before = ce.GetThreadTimes(THIS_THREAD, OUT, OUT, OUT, OUT).await;
        ce.Sleep(ms(500)).await;
        let after = ce.GetThreadTimes(THIS_THREAD, OUT, OUT, OUT, OUT).await;
        assert!(after.kernel + after.user - before.kernel - before.user <= 10_000);
    }),
    case!("ipc/TH-037", "ee487997", async |ce| {
        let thread = ce.thread_of(async |_ce| 0).await;
        ce.wait(thread).await;
        let times = ce.GetThreadTimes(thread, OUT, OUT, OUT, OUT).await;
        assert!(times.ok && times.creation > 0 && times.exit >= times.creation);
    }),
    case!("ipc/TH-038", "ee482771", async |ce| {
        let late = ce.thread(251, async |ce| ce.Sleep(ms(20)).await).await;
        let soon = ce.thread(251, async |ce| ce.Sleep(ms(10)).await).await;
        assert_eq!(ce.wait_any(&[late.handle, soon.handle], INFINITE).await, object(1));
    }),
    case!("ipc/TH-039", "OQ-10", async |ce| {
        let thread = ce.thread(251, async |_ce| ()).await;
        ce.wait(thread.handle).await;
        assert_eq!(ce.open_thread(thread.id).await, Handle::NULL);
    }),
    case!(
        "ipc/TH-040",
        "ee482850",
        async |ce| {
            assert_eq!(ce.end_of("P2").await, 3);
        },
        async |ce| {
            let secondary = ce.thread(251, async |ce| ce.ExitThread(9_u32).await).await;
            assert_eq!(ce.wait(secondary.handle).await, OBJ0);
            3_u32
        }
    ),
    case!("ipc/TH-041", "ee490442", async |ce| {
        for _ in 0..200 {
            let thread = ce.thread_of(async |_ce| 0).await;
            ce.wait(thread).await;
            ce.CloseHandle(thread).await;
        }
        ce.GetTickCount().await;
    })
    .then(|outcome| assert_eq!(came_and_went(outcome, "thread"), 200)),
    Case::skipped("ipc/TH-042", "needs code in the kernel: there are no threads of the kernel here"),
];

/// Why what fibers do is not shown here.
const NO_FIBERS: &str = "needs an executable: a Rust guest has no stack to switch";

/// TH32CS_SNAPPROCESS.
const SNAPPROCESS: u32 = 2;
/// TH32CS_SNAPTHREAD.
const SNAPTHREAD: u32 = 4;
/// TH32CS_SNAPNOHEAPS.
const SNAPNOHEAPS: u32 = 0x4000_0000;

/// A snapshot of everybody's.
async fn snapshot(ce: &Ce, flags: u32) -> Handle {
    Handle(ce.CreateToolhelp32Snapshot(flags, 0_u32).await.0)
}

/// The ids of the processes in a snapshot.
async fn processes_in(ce: &Ce, snapshot: Handle) -> Vec<u32> {
    let mut ids = Vec::new();
    let (mut found, mut entry) = ce.Process32First(snapshot, ProcessEntry32::SIZE).await;
    while found == TRUE {
        ids.push(entry.th32ProcessID);
        (found, entry) = ce.Process32Next(snapshot, ProcessEntry32::SIZE).await;
    }
    ids
}

pub(super) const LOCAL_STORAGE: &[Case] = &[
    case!("ipc/TL-001", "aa908741", async |ce| {
        assert!(ce.TlsCall(0_u32, 0_u32).await.0 < 64);
    }),
    case!("ipc/TL-002", "aa450642", async |ce| {
        let mut successes = 0;
        while ce.TlsCall(0_u32, 0_u32).await.0 != u32::MAX {
            successes += 1;
            assert!(successes <= 64);
        }
        assert!(successes > 0);
    }),
    case!("ipc/TL-003", "aa908823", async |ce| {
        let index = ce.TlsCall(0_u32, 0_u32).await.0;
        assert_eq!(ce.noting(ce.TlsGetValue(index)).await, (0, 0));
        assert_eq!(ce.other(async move |ce| ce.noting(ce.TlsGetValue(index)).await).await, (0, 0));
    }),
    case!("ipc/TL-004", "aa908728", async |ce| {
        let index = ce.TlsCall(0_u32, 0_u32).await.0;
        assert_eq!(ce.TlsSetValue(index, 5_u32).await, TRUE);
        assert_eq!(ce.other(async move |ce| ce.TlsGetValue(index).await).await, 0);
        assert_eq!(ce.TlsGetValue(index).await, 5);
    }),
    case!("ipc/TL-005", "aa908823", async |ce| {
        let index = ce.TlsCall(0_u32, 0_u32).await.0;
        ce.TlsSetValue(index, 0_u32).await;
        ce.SetLastError(99_u32).await;
        assert_eq!(ce.TlsGetValue(index).await, 0);
        assert_eq!(ce.GetLastError().await, 0);
    }),
    case!("ipc/TL-006", "aa908823", async |ce| {
        let read = async |ce: cerium_guest::Ce| {
            let index = ce.heard().await;
            ce.TlsGetValue(index).await
        };
        let thread = ce.thread(251, read).await;
        ce.settle().await;
        let index = ce.TlsCall(0_u32, 0_u32).await.0;
        ce.TlsSetValue(index, 5_u32).await;
        ce.tell(index).await;
        ce.wait(thread.handle).await;
        assert_eq!(thread.result(), Some(0));
    }),
    case!("ipc/TL-007", "aa908728", async |ce| {
        assert_eq!(ce.TlsSetValue(63_u32, 5_u32).await, TRUE);
    }),
    case!("ipc/TL-008", "inference", async |ce| {
        assert_eq!(ce.TlsSetValue(64_u32, 5_u32).await, FALSE);
    }),
    case!("ipc/TL-009", "inference", async |ce| {
        let index = ce.TlsCall(0_u32, 0_u32).await.0;
        let user = async move |ce: cerium_guest::Ce| {
            ce.TlsSetValue(index, 6_u32).await;
            ce.heard().await;
            ce.TlsGetValue(index).await
        };
        let user = ce.thread(251, user).await;
        ce.TlsSetValue(index, 5_u32).await;
        ce.settle().await;
        assert_eq!(ce.TlsCall(1_u32, index).await.0, 1);
        assert_eq!(ce.TlsCall(0_u32, 0_u32).await.0, index);
        assert_eq!(ce.TlsGetValue(index).await, 0);
        ce.tell(0).await;
        ce.wait(user.handle).await;
        assert_eq!(user.result(), Some(0));
    }),
    case!(
        "ipc/TL-010",
        "aa908741",
        async |ce| {
            let index = ce.TlsCall(0_u32, 0_u32).await.0;
            ce.TlsSetValue(index, 5_u32).await;
            let child = ce.start_with("P2", saying(&[index])).await;
            assert_eq!(ce.process_code(child.hProcess).await, 0);
        },
        async |ce| {
            let [index] = given(&ce);
            assert_eq!(ce.TlsCall(0_u32, 0_u32).await.0, index);
            ce.TlsGetValue(index).await
        }
    ),
    case!("ipc/TL-011", "kfuncs.h", async |ce| {
        let index = ce.TlsCall(0_u32, 0_u32).await.0;
        assert_ne!(index, u32::MAX);
        assert_ne!(ce.TlsCall(1_u32, index).await.0, 0);
        assert_eq!(ce.TlsCall(1_u32, index).await.0, 0, "it is free");
    }),
    Case::skipped("ipc/TL-012", NO_FIBERS),
    Case::skipped("ipc/TL-013", NO_FIBERS),
    Case::skipped("ipc/TL-014", NO_FIBERS),
    Case::skipped("ipc/TL-015", NO_FIBERS),
    case!("ipc/TL-016", "ee487995", async |ce| {
        let snapshot = snapshot(&ce, SNAPPROCESS | SNAPNOHEAPS).await;
        let id = ce.GetProcessId(THIS_PROCESS).await;
        assert!(processes_in(&ce, snapshot).await.contains(&id));
    }),
    case!(
        "ipc/TL-017",
        "ee487995",
        async |ce| {
            let child = ce.start("P2").await;
            let snapshot = snapshot(&ce, SNAPPROCESS | SNAPNOHEAPS).await;
            ce.end_process(child.hProcess).await;
            assert_eq!(ce.wait(child.hProcess).await, OBJ0);
            assert!(processes_in(&ce, snapshot).await.contains(&child.dwProcessId));
        },
        async |ce| {
            ce.Sleep(INFINITE).await;
        }
    ),
    case!(
        "ipc/TL-018",
        "ee487995",
        async |ce| {
            let child = ce.start("P2").await;
            let own = ce.thread(100, async |ce| ce.Sleep(INFINITE).await).await;
            let snapshot = snapshot(&ce, SNAPTHREAD).await;
            let mut threads = Vec::new();
            let (mut found, mut entry) = ce.Thread32First(snapshot, ThreadEntry32::SIZE).await;
            while found == TRUE {
                threads.push((entry.th32ThreadID, entry.th32OwnerProcessID, entry.tpBasePri));
                (found, entry) = ce.Thread32Next(snapshot, ThreadEntry32::SIZE).await;
            }
            assert_eq!(threads.len(), 3);
            let id = ce.GetProcessId(THIS_PROCESS).await;
            assert!(threads.contains(&(own.id, id, 100)));
            assert!(threads.contains(&(child.dwThreadId, child.dwProcessId, 251)));
            ce.end_process(child.hProcess).await;
        },
        async |ce| {
            ce.Sleep(INFINITE).await;
        }
    ),
    case!("ipc/TL-019", "ee487995", async |ce| {
        for flags in [0, 0x10] {
            assert_eq!(snapshot(&ce, flags).await, Handle::INVALID);
        }
    }),
    case!("ipc/TL-020", "ee487995", async |ce| {
        let snapshot = snapshot(&ce, SNAPTHREAD).await;
        assert_eq!(ce.CloseHandle(snapshot).await, FALSE);
        assert_eq!(ce.CloseToolhelp32Snapshot(snapshot).await, TRUE);
    }),
    case!("ipc/TL-021", "inference", async |ce| {
        let snapshot = snapshot(&ce, SNAPTHREAD).await;
        assert_eq!(ce.poll(snapshot).await, FAIL);
    }),
];

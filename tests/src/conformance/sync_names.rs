//! Names of objects (sync/NS).

use cerium_coredll::{CeApi, Function, MsgQueueOptions, NULL, OUT};
use cerium_guest::Ce;
use cerium_handle::Handle;
use cerium_kernel::Version;

use super::stage::*;
use super::{Case, case};

/// MSGQUEUEOPTIONS of a reader's end of a small queue.
fn reading() -> MsgQueueOptions {
    MsgQueueOptions {
        dwSize: MsgQueueOptions::SIZE,
        dwFlags: 0,
        dwMaxMessages: 2,
        cbMaxMessage: 4,
        bReadAccess: 1,
    }
}

/// Makes or opens one object of each type under a name, and returns the last errors.
async fn create_all(ce: &Ce, name: &str) -> [(Handle, u32); 6] {
    [
        ce.noting(ce.CreateEvent(NULL, false, false, name)).await,
        ce.noting(ce.CreateMutex(NULL, false, name)).await,
        ce.noting(ce.CreateSemaphore(NULL, 1, 1, name)).await,
        ce.noting(ce.CreateFileMapping(Handle::INVALID, NULL, 4_u32, 0_u32, 4096_u32, name)).await,
        ce.noting(ce.CreateMsgQueue(name, reading())).await,
        ce.noting(ce.CreateWatchDogTimer(name, 1000_u32, 0_u32, 0_u32, 0_u32, 0_u32)).await,
    ]
}

/// Makes or opens an event, a mutex and a semaphore of a name.
async fn create_three(ce: &Ce, name: &str) -> [(Handle, u32); 3] {
    [
        ce.noting(ce.CreateEvent(NULL, false, false, name)).await,
        ce.noting(ce.CreateMutex(NULL, false, name)).await,
        ce.noting(ce.CreateSemaphore(NULL, 1, 1, name)).await,
    ]
}

/// Asserts that all were made, with this last error.
fn assert_made<const N: usize>(created: [(Handle, u32); N], error: u32) {
    for (handle, last_error) in created {
        assert_ne!(handle, Handle::NULL);
        assert_eq!(last_error, error);
    }
}

/// Asserts that two names are names of two events.
async fn assert_differ(ce: &Ce, first: &str, second: &str) {
    let (one, error) = ce.noting(ce.named_event(true, first)).await;
    assert_eq!(error, 0);
    let (other, error) = ce.noting(ce.named_event(true, second)).await;
    assert_eq!(error, 0, "{second:?} is a name of its own");
    ce.SetEvent(one).await;
    assert_eq!(ce.poll(other).await, TMO);
}

pub(super) const NAMES: &[Case] = &[
    case!("sync/NS-001", "aa909014", async |ce| {
        ce.named_event(false, "X").await;
        let (mutex, error) = ce.noting(ce.CreateMutex(NULL, false, "X")).await;
        assert_eq!(error, 0);
        assert_eq!(ce.poll(mutex).await, OBJ0);
        assert_eq!(ce.ReleaseMutex(mutex).await, TRUE);
    }),
    case!("sync/NS-002", "aa909014", async |ce| {
        let created = create_all(&ce, "X").await;
        assert_made(created, 0);
        let [event, mutex, semaphore, ..] = created.map(|(handle, _)| handle);
        ce.SetEvent(event).await;
        assert_eq!(ce.poll(mutex).await, OBJ0);
        assert_eq!(ce.ReleaseMutex(mutex).await, TRUE);
        assert_eq!(ce.poll(semaphore).await, OBJ0);
        assert_eq!(ce.poll(event).await, OBJ0);
    }),
    case!("sync/NS-003", "aa909014", async |ce| {
        let first = create_all(&ce, "X").await;
        let second = create_all(&ce, "X").await;
        assert_made(second, 183);
        ce.SetEvent(second[0].0).await;
        assert_eq!(ce.poll(first[0].0).await, OBJ0);
        ce.wait(second[1].0).await;
        assert_eq!(ce.ReleaseMutex(first[1].0).await, TRUE);
        ce.wait(second[2].0).await;
        assert_eq!(ce.poll(first[2].0).await, TMO);
    }),
    case!("sync/NS-004", "SQ-08", async |ce| {
        ce.named_event(false, "X").await;
        let (semaphore, error) = ce.noting(ce.CreateSemaphore(NULL, 1, 1, "X")).await;
        assert_ne!(semaphore, Handle::NULL);
        assert_eq!(error, 0);
    }),
    case!(
        "sync/NS-005",
        "aa909014",
        async |ce| {
            let event = ce.named_event(false, "").await;
            let child = ce.start("P2").await;
            ce.SetEvent(event).await;
            assert_eq!(ce.wait(child.hProcess).await, OBJ0);
        },
        async |ce| {
            let (event, error) = ce.noting(ce.named_event(false, "")).await;
            assert_eq!(error, 183);
            assert_eq!(ce.WaitForSingleObject(event, ms(100)).await, OBJ0);
        }
    ),
    case!("sync/NS-006", "ee488008", async |ce| {
        let (first, second) = (ce.auto_event().await, ce.auto_event().await);
        ce.SetEvent(first).await;
        assert_eq!(ce.poll(second).await, TMO);
    }),
    case!("sync/NS-007", "aa909014", async |ce| {
        assert_differ(&ce, "name", "Name").await;
    }),
    case!("sync/NS-008", "[P] SQLite", async |ce| {
        let lower = ce.noting(ce.CreateMutex(NULL, false, "_program files_data.db")).await;
        let mapping =
            ce.CreateFileMapping(Handle::INVALID, NULL, 4_u32, 0_u32, 4096_u32, "_PROGRAM FILES_DATA.DB");
        assert_made([lower, ce.noting(mapping).await], 0);
    }),
    case!("sync/NS-009", "SQ-10", async |ce| {
        let name = "n".repeat(259);
        assert_made(create_three(&ce, &name).await, 0);
        assert_made(create_three(&ce, &name).await, 183);
    }),
    case!("sync/NS-010", "SQ-10", async |ce| {
        let name = "n".repeat(260);
        // Twice: the first did not make it.
        for _ in 0..2 {
            assert_eq!(create_three(&ce, &name).await, [(Handle::NULL, 87); 3]);
        }
    }),
    case!("sync/NS-011", "SQ-10", async |ce| {
        let name = "n".repeat(259);
        ce.named_event(false, &name).await;
        for end in ["a", "b"] {
            let created = ce.noting(ce.named_event(false, &(name.clone() + end))).await;
            assert_eq!(created, (Handle::NULL, 87), "it is not cut to the name that exists");
        }
    }),
    case!("sync/NS-012", "SQ-11", async |ce| {
        assert_made(create_three(&ce, "a\\b").await, 0);
        assert_made(create_three(&ce, "a\\b").await, 183);
    }),
    case!("sync/NS-013", "SQ-11", async |ce| {
        assert_eq!(create_three(&ce, "a\\b").await, [(Handle::NULL, 87); 3]);
    })
    .under(&["backslash=refuse"]),
    case!("sync/NS-014", "aa909014", async |ce| {
        for name in ["/", ":", "*", " ", "\u{e9}", "\u{4e2d}"] {
            assert_made(create_three(&ce, name).await, 0);
            assert_made(create_three(&ce, name).await, 183);
        }
    }),
    case!("sync/NS-015", "naming N4", async |ce| {
        assert_differ(&ce, "\u{e9}", "e\u{301}").await;
    }),
    case!("sync/NS-016", "naming N6", async |ce| {
        assert_differ(&ce, "X", "Global\\X").await;
    }),
    case!("sync/NS-017", "ee488008", async |ce| {
        ce.named_event(false, "E").await;
        let (event, error) = ce.noting(ce.CreateEvent(NULL, true, true, "E")).await;
        assert_eq!(error, 183);
        assert_eq!(ce.poll(event).await, TMO);
        ce.SetEvent(event).await;
        assert_eq!(ce.poll(event).await, OBJ0);
        assert_eq!(ce.poll(event).await, TMO);
    }),
    case!("sync/NS-018", "ee488008", async |ce| {
        ce.CreateEvent(NULL, true, true, "E").await;
        let (event, error) = ce.noting(ce.CreateEvent(NULL, false, false, "E")).await;
        assert_eq!(error, 183);
        assert_eq!(ce.poll(event).await, OBJ0);
    }),
    case!("sync/NS-019", "ee488008", async |ce| {
        let first = ce.named_event(false, "X").await;
        ce.named_event(false, "X").await;
        ce.CloseHandle(first).await;
        assert_eq!(ce.noting(ce.named_event(false, "X")).await.1, 183);
    }),
    case!("sync/NS-020", "ee488008", async |ce| {
        let (first, second) = (ce.named_event(false, "X").await, ce.named_event(false, "X").await);
        ce.CloseHandle(first).await;
        ce.CloseHandle(second).await;
        let (event, error) = ce.noting(ce.CreateEvent(NULL, true, true, "X")).await;
        assert_eq!(error, 0);
        assert_eq!(ce.poll(event).await, OBJ0);
        assert_eq!(ce.poll(event).await, OBJ0);
    }),
    case!(
        "sync/NS-021",
        "ee488008",
        async |ce| {
            let child = ce.start("P2").await;
            let (event, error) = ce.noting(ce.named_event(false, "X")).await;
            assert_eq!(error, 183);
            ce.CloseHandle(event).await;
            ce.wait(child.hProcess).await;
            assert_eq!(ce.noting(ce.named_event(false, "X")).await.1, 0);
        },
        async |ce| {
            ce.named_event(false, "X").await;
            ce.Sleep(ms(10)).await;
        }
    ),
    case!(
        "sync/NS-022",
        "aa450927",
        async |ce| {
            let child = ce.start("P2").await;
            assert_eq!(ce.TerminateProcess(child.hProcess, 0_u32).await, TRUE);
            ce.wait(child.hProcess).await;
            assert_eq!(ce.noting(ce.named_event(false, "X")).await.1, 0);
        },
        async |ce| {
            ce.named_event(false, "X").await;
            ce.Sleep(INFINITE).await;
        }
    ),
    case!(
        "sync/NS-023",
        "aa914601",
        async |ce| {
            let start = ce.named_event(true, "start").await;
            let children = [ce.start("P2").await, ce.start("P3").await];
            ce.SetEvent(start).await;
            let mut errors = Vec::new();
            for child in children {
                ce.wait(child.hProcess).await;
                errors.push(ce.GetExitCodeProcess(child.hProcess, OUT).await.1);
            }
            errors.sort_unstable();
            assert_eq!(errors, [0, 183]);
        },
        async |ce| { race(&ce).await },
        async |ce| { race(&ce).await }
    ),
    case!("sync/NS-024", "SQ-12", async |ce| {
        ce.SetLastError(183_u32).await;
        ce.named_event(false, "X").await;
        assert_eq!(ce.GetLastError().await, 0);
    }),
    case!("sync/NS-025", "SQ-12", async |ce| {
        ce.SetLastError(183_u32).await;
        ce.CreateMutex(NULL, false, "X").await;
        assert_eq!(ce.GetLastError().await, 0);
    }),
    case!("sync/NS-026", "ms885184", async |ce| {
        assert_eq!(ce.noting(ce.CreateSemaphore(NULL, 0, 1, "X")).await.1, 0);
    }),
    case!("sync/NS-027", "CreateMsgQueue SDK5", async |ce| {
        assert_eq!(ce.noting(ce.CreateMsgQueue("X", reading())).await.1, 0);
        assert_eq!(ce.noting(ce.CreateMsgQueue("X", reading())).await.1, 183);
    }),
    Case::skipped("sync/NS-028", "needs code in the kernel's mode, which no guest here has"),
    case!("sync/NS-029", "bb202793", async |ce| {
        let (first, second) = (ce.named_event(true, "X").await, ce.named_event(true, "X").await);
        assert_ne!(first, second);
        ce.SetEvent(first).await;
        assert_eq!(ce.poll(second).await, OBJ0);
    }),
    case!("sync/NS-030", "bb202793", async |ce| {
        let first = ce.CreateMutex(NULL, false, "X").await;
        assert_eq!(ce.CreateMutex(NULL, false, "X").await, first);
        assert_eq!(ce.CloseHandle(first).await, TRUE);
        // Still there, and still under its name.
        assert_eq!(ce.poll(first).await, OBJ0);
        assert_eq!(ce.CreateMutex(NULL, false, "X").await, first);
        assert_eq!(ce.CloseHandle(first).await, TRUE);
        assert_eq!(ce.CloseHandle(first).await, TRUE);
        assert_eq!(ce.poll(first).await, FAIL);
    })
    .on(Version::Ce5),
    case!(
        "sync/NS-031",
        "bb202793",
        async |ce| {
            let event = ce.CreateEvent(NULL, true, false, NULL).await;
            ce.start_with("P2", giving(event)).await;
            ce.Sleep(ms(10)).await;
            assert_eq!(ce.poll(event).await, OBJ0);
        },
        async |ce| {
            assert_eq!(ce.SetEvent(given_handle(&ce)).await, TRUE);
        }
    )
    .on(Version::Ce5),
    case!("sync/NS-032", "SQ-10", async |ce| {
        let create = ce.call_with(Function::CreateEvent, &[0, 0, 0, 0x2000_dead]);
        let (reply, error) = ce.noting(create).await;
        assert_eq!((reply.value, error), (0, 87));
    }),
    Case::skipped("sync/NS-033", NEEDS_MEMORY),
    case!("sync/NS-034", "OpenMsgQueue SDK5", async |ce| {
        // It has no parameter for a name.
        let parameters = Function::OpenMsgQueue.row().parameters.iter().map(|(name, _)| *name);
        assert!(parameters.eq(["hSrcProc", "hMsgQ", "lpOptions"]));
        let opened = ce.noting(ce.OpenMsgQueue(Handle::CURRENT_PROCESS, Handle::NULL, reading())).await;
        assert_eq!(opened, (Handle::NULL, 6));
    }),
];

/// Two processes make one mutex; each waits for the start, and tells what it saw.
async fn race(ce: &Ce) -> u32 {
    let start = ce.open_event("start").await;
    ce.wait(start).await;
    let (mutex, error) = ce.noting(ce.CreateMutex(NULL, false, "X")).await;
    assert_ne!(mutex, Handle::NULL);
    ce.Sleep(ms(10)).await;
    error
}

//! Handles of several processes (ipc/HD).

use cerium_coredll::{CeApi, MsgQueueOptions, NULL, OUT, WAIT_FAILED};
use cerium_handle::Handle;

use super::ipc_stage::*;
use super::stage::*;
use super::{Case, case};

/// A queue's write end, a memory map and a watchdog timer.
async fn named_things(ce: &cerium_guest::Ce) -> [Handle; 3] {
    let options =
        MsgQueueOptions { dwSize: 20, dwFlags: 0, dwMaxMessages: 4, cbMaxMessage: 16, bReadAccess: 0 };
    [
        ce.CreateMsgQueue(NULL, options).await,
        ce.CreateFileMapping(Handle::INVALID, NULL, 4_u32, 0_u32, 8192_u32, NULL).await,
        ce.CreateWatchDogTimer("w", 100_u32, 50_u32, 0_u32, 0_u32, 0_u32).await,
    ]
}

pub(super) const HANDLES: &[Case] = &[
    case!("ipc/HD-001", "ee482861", async |ce| {
        let first = ce.named_event(false, "E").await;
        let (second, error) = ce.noting(ce.named_event(false, "E")).await;
        assert!(second != Handle::NULL && second != first);
        assert_eq!(error, 183);
    }),
    case!("ipc/HD-002", "ee490442", async |ce| {
        let first = ce.named_event(false, "E").await;
        let second = ce.named_event(false, "E").await;
        assert_eq!(ce.CloseHandle(first).await, TRUE);
        assert_eq!(ce.SetEvent(second).await, TRUE);
        assert_eq!(ce.poll(second).await, OBJ0);
    }),
    case!("ipc/HD-003", "ee490442", async |ce| {
        let first = ce.named_event(false, "E").await;
        let second = ce.named_event(false, "E").await;
        ce.CloseHandle(first).await;
        ce.CloseHandle(second).await;
        assert_eq!(ce.noting(ce.named_event(false, "E")).await.1, 0);
    }),
    case!(
        "ipc/HD-004",
        "ee482861",
        async |ce| {
            let event = ce.auto_event().await;
            ce.start_with("P2", giving(event)).await;
            assert_eq!(ce.poll(event).await, TMO);
        },
        async |ce| {
            let event = given_handle(&ce);
            assert_eq!(ce.noting(ce.SetEvent(event)).await, refused(6));
        }
    ),
    case!(
        "ipc/HD-005",
        "ee482861",
        async |ce| {
            let event = ce.auto_event().await;
            let child = ce.start("P2").await;
            assert_eq!(ce.process_code(child.hProcess).await, event.0, "else nothing is shown");
            assert_eq!(ce.poll(event).await, TMO);
        },
        async |ce| {
            let event = ce.auto_event().await;
            assert_eq!(ce.SetEvent(event).await, TRUE);
            assert_eq!(ce.poll(event).await, OBJ0);
            ce.SetEvent(event).await;
            event.0
        }
    ),
    case!("ipc/HD-006", "inference", async |ce| {
        let closed = ce.closed_handle().await;
        assert_eq!(ce.noting(ce.CloseHandle(closed)).await, refused(6));
    }),
    case!("ipc/HD-007", "inference", async |ce| {
        assert_eq!(ce.noting(ce.CloseHandle(Handle::NULL)).await, refused(6));
        assert_eq!(ce.noting(ce.CloseHandle(Handle::INVALID)).await, refused(6));
    }),
    case!("ipc/HD-008", "ee488762", async |ce| {
        let event = ce.auto_event().await;
        let wait = async move |ce: cerium_guest::Ce| ce.timing(ce.WaitForSingleObject(event, ms(100))).await;
        let waiter = ce.thread(251, wait).await;
        ce.settle().await;
        assert_eq!(ce.CloseHandle(event).await, TRUE);
        ce.settle().await;
        assert!(waiter.result().is_none());
        ce.wait(waiter.handle).await;
        let (status, ticks) = waiter.result().expect("it has ended");
        assert_eq!(status, TMO);
        assert!(ticks >= 100);
    }),
    case!(
        "ipc/HD-009",
        "ee482861",
        async |ce| {
            let event = ce.named_event(false, "E").await;
            let [waiter] = ce.waiters([251], event).await;
            ce.start("P2").await;
            ce.CloseHandle(event).await;
            ce.Sleep(ms(20)).await;
            assert_eq!(waiter.result(), RELEASED);
        },
        async |ce| {
            let event = ce.open_event("E").await;
            ce.Sleep(ms(10)).await;
            assert_eq!(ce.SetEvent(event).await, TRUE);
        }
    ),
    case!("ipc/HD-010", "inference", async |ce| {
        let event = ce.auto_event().await;
        assert_eq!(ce.noting(ce.ReleaseMutex(event)).await, refused(6));
    }),
    case!("ipc/HD-011", "OQ-1", async |ce| {
        let id = ce.GetProcessId(THIS_PROCESS).await;
        assert_eq!(ce.CloseHandle(Handle(id)).await, FALSE);
    }),
    case!("ipc/HD-012", "ee488902", async |ce| {
        let event = ce.auto_event().await;
        let second = ce.duplicate(event).await;
        assert_ne!(second, event);
        assert_eq!(ce.SetEvent(second).await, TRUE);
        assert_eq!(ce.poll(event).await, OBJ0);
    }),
    case!(
        "ipc/HD-013",
        "ee488902",
        async |ce| {
            let event = ce.auto_event().await;
            let child = ce.start("P2").await;
            let theirs = ce.duplicate_into(child.hProcess, event).await;
            ce.tell(theirs.0).await;
            assert_eq!(ce.wait(event).await, OBJ0);
        },
        async |ce| {
            let event = Handle(ce.heard().await);
            assert_eq!(ce.SetEvent(event).await, TRUE);
        }
    ),
    case!("ipc/HD-014", "ms885613", async |ce| {
        ce.CloseHandle(THIS_PROCESS).await;
        assert_eq!(ce.process_code(THIS_PROCESS).await, STILL_ACTIVE);
    }),
    case!("ipc/HD-015", "ee488902", async |ce| {
        let event = ce.auto_event().await;
        let duplicate = ce.DuplicateHandle(THIS_PROCESS, event, THIS_PROCESS, OUT, 0_u32, false, 0_u32);
        let ((done, _), error) = ce.noting(duplicate).await;
        assert_eq!((done, error), refused(87));
    }),
    case!("ipc/HD-016", "ee488902", async |ce| {
        let event = ce.auto_event().await;
        let duplicate =
            ce.DuplicateHandle(THIS_PROCESS, event, THIS_PROCESS, NULL, 0_u32, false, SAME_ACCESS);
        let ((done, _), error) = ce.noting(duplicate).await;
        assert_eq!((done, error), refused(87));
    }),
    case!("ipc/HD-017", "ee488902", async |ce| {
        let event = ce.auto_event().await;
        let options = SAME_ACCESS | CLOSE_SOURCE;
        let duplicate = ce.DuplicateHandle(THIS_PROCESS, event, THIS_PROCESS, OUT, 0_u32, false, options);
        let (done, second) = duplicate.await;
        assert_eq!(done, TRUE);
        assert_eq!(ce.SetEvent(second).await, TRUE);
        assert_eq!(ce.SetEvent(event).await, FALSE);
    }),
    case!("ipc/HD-018", "ee488902", async |ce| {
        let event = ce.auto_event().await;
        let nobody = ce.closed_handle().await;
        let options = SAME_ACCESS | CLOSE_SOURCE;
        let (done, _) = ce.DuplicateHandle(THIS_PROCESS, event, nobody, OUT, 0_u32, false, options).await;
        assert_eq!(done, FALSE);
        assert_eq!(ce.SetEvent(event).await, FALSE, "it is closed");
    }),
    case!("ipc/HD-019", "ee488902", async |ce| {
        let mut sources = vec![ce.mutex().await, ce.semaphore(0, 1).await];
        sources.push(ce.thread(251, async |_ce| ()).await.handle);
        let id = ce.GetProcessId(THIS_PROCESS).await;
        sources.push(ce.open_process(id).await);
        sources.extend(named_things(&ce).await);
        for source in sources {
            let second = ce.duplicate(source).await;
            assert!(second != Handle::NULL && second != source);
        }
    }),
    case!("ipc/HD-020", "ee488902", async |ce| {
        let thread = ce.duplicate(THIS_THREAD).await;
        assert_ne!(thread, THIS_THREAD);
        assert_eq!(ce.GetThreadId(thread).await, ce.GetThreadId(THIS_THREAD).await);
    }),
    case!(
        "ipc/HD-021",
        "ee490442",
        async |ce| {
            let child = ce.start("P2").await;
            let second = ce.duplicate(child.hProcess).await;
            ce.CloseHandle(child.hProcess).await;
            ce.CloseHandle(child.hThread).await;
            assert_eq!(ce.wait(second).await, OBJ0);
            assert_eq!(ce.process_code(second).await, 7);
        },
        async |ce| {
            ce.Sleep(ms(10)).await;
            7_u32
        }
    ),
    case!(
        "ipc/HD-022",
        "ee488902",
        async |ce| {
            let event = ce.auto_event().await;
            let duplicate =
                ce.DuplicateHandle(THIS_PROCESS, event, THIS_PROCESS, OUT, 0_u32, true, SAME_ACCESS);
            let (done, second) = duplicate.await;
            let given = if done == TRUE { second } else { event };
            ce.start_with("P2", giving(given)).await;
            assert_eq!(ce.poll(event).await, TMO);
        },
        async |ce| {
            assert_eq!(ce.SetEvent(given_handle(&ce)).await, FALSE);
        }
    ),
    case!(
        "ipc/HD-023",
        "ee482760",
        async |ce| {
            let event = ce.auto_event().await;
            let mutex = ce.mutex().await;
            ce.start_with("P2", saying(&[event.0, mutex.0])).await;
        },
        async |ce| {
            for handle in given::<2>(&ce) {
                assert_eq!(ce.noting(ce.CloseHandle(Handle(handle))).await, refused(6));
            }
        }
    ),
    case!("ipc/HD-024", "ee482861", async |ce| {
        let mut values = std::collections::BTreeSet::from([0, 65, 66, u32::MAX]);
        for _ in 0..10_000 {
            assert!(values.insert(ce.auto_event().await.0));
        }
    })
    .unaudited(),
    case!("ipc/HD-025", "inference", async |ce| {
        // Not a million times: a run keeps its trace. What goes each time does not grow.
        for _ in 0..10_000 {
            ce.closed_handle().await;
        }
        ce.GetTickCount().await;
    })
    .then(|outcome| assert_eq!(came_and_went(outcome, "event"), 10_000)),
    case!(
        "ipc/HD-026",
        "ee488902",
        async |ce| {
            let event = ce.auto_event().await;
            let target = ce.start("P2").await;
            let me = ce.GetProcessId(THIS_PROCESS).await;
            ce.start_with("P3", saying(&[me, event.0, target.dwProcessId])).await;
            assert_eq!(ce.wait(event).await, OBJ0);
        },
        async |ce| {
            let event = Handle(ce.heard().await);
            assert_eq!(ce.SetEvent(event).await, TRUE);
        },
        async |ce| {
            let [source, event, target] = given(&ce);
            let source = ce.open_process(source).await;
            let target = ce.open_process(target).await;
            let duplicate = ce.DuplicateHandle(source, Handle(event), target, OUT, 0_u32, false, SAME_ACCESS);
            let (done, theirs) = duplicate.await;
            assert_eq!(done, TRUE);
            ce.tell(theirs.0).await;
            ce.wait(target).await;
        }
    ),
    case!("ipc/HD-027", "CE sync docs", async |ce| {
        let mutex = ce.CreateMutex(NULL, true, NULL).await;
        let second = ce.duplicate(mutex).await;
        assert_eq!(ce.other(async move |ce| ce.ReleaseMutex(second).await).await, FALSE);
        assert_eq!(ce.ReleaseMutex(second).await, TRUE);
        assert_eq!(ce.ReleaseMutex(mutex).await, FALSE, "it is free");
    }),
    case!("ipc/HD-028", "inference", async |ce| {
        let [_, map, _] = named_things(&ce).await;
        assert_eq!(ce.noting(ce.poll(map)).await, (WAIT_FAILED, 6));
    }),
];

//! Mutexes (sync/MX).

use cerium_coredll::{CeApi, Function, NULL, WAIT_ABANDONED_0, WaitStatus};
use cerium_guest::Ce;
use cerium_handle::Handle;

use super::stage::*;
use super::{Case, case};

/// The rule under which a wait says that the mutex was abandoned.
const REPORT: &[&str] = &["abandoned=report"];

/// A mutex that the caller owns.
async fn owned_mutex(ce: &Ce) -> Handle {
    ce.CreateMutex(NULL, true, NULL).await
}

/// What another thread finds when it tries to take the mutex.
async fn other_polls(ce: &Ce, mutex: Handle) -> WaitStatus {
    ce.other(async move |ce| ce.poll(mutex).await).await
}

pub(super) const MUTEXES: &[Case] = &[
    case!("sync/MX-001", "aa914601", async |ce| {
        let mutex = ce.CreateMutex(NULL, false, NULL).await;
        assert_ne!(mutex, Handle::NULL);
        assert_eq!(ce.poll(mutex).await, OBJ0);
    }),
    case!("sync/MX-002", "aa914601", async |ce| {
        let mutex = owned_mutex(&ce).await;
        assert_eq!(other_polls(&ce, mutex).await, TMO);
    }),
    case!("sync/MX-003", "ee488152", async |ce| {
        let mutex = owned_mutex(&ce).await;
        assert_eq!(ce.ReleaseMutex(mutex).await, TRUE);
        assert_eq!(other_polls(&ce, mutex).await, OBJ0);
    }),
    case!("sync/MX-004", "ee488152", async |ce| {
        let mutex = owned_mutex(&ce).await;
        assert_eq!(ce.poll(mutex).await, OBJ0);
        assert_eq!(ce.wait(mutex).await, OBJ0);
    }),
    case!("sync/MX-005", "ee488152", async |ce| {
        let mutex = ce.mutex().await;
        for _ in 0..3 {
            ce.wait(mutex).await;
        }
        ce.ReleaseMutex(mutex).await;
        ce.ReleaseMutex(mutex).await;
        assert_eq!(other_polls(&ce, mutex).await, TMO);
        ce.ReleaseMutex(mutex).await;
        assert_eq!(other_polls(&ce, mutex).await, OBJ0);
    }),
    case!("sync/MX-006", "aa914601", async |ce| {
        let mutex = owned_mutex(&ce).await;
        ce.wait(mutex).await;
        assert_eq!(ce.ReleaseMutex(mutex).await, TRUE);
        assert_eq!(other_polls(&ce, mutex).await, TMO);
        assert_eq!(ce.ReleaseMutex(mutex).await, TRUE);
        assert_eq!(other_polls(&ce, mutex).await, OBJ0);
    }),
    case!("sync/MX-007", "ee488152", async |ce| {
        let mutex = owned_mutex(&ce).await;
        ce.ReleaseMutex(mutex).await;
        assert_eq!(ce.noting(ce.ReleaseMutex(mutex)).await, refused(288));
    }),
    case!("sync/MX-008", "ee488152", async |ce| {
        let mutex = owned_mutex(&ce).await;
        let released = ce.other(async move |ce| ce.noting(ce.ReleaseMutex(mutex)).await).await;
        assert_eq!(released, refused(288));
        assert_eq!(other_polls(&ce, mutex).await, TMO);
        assert_eq!(ce.ReleaseMutex(mutex).await, TRUE);
    }),
    case!("sync/MX-009", "ee488152", async |ce| {
        let mutex = ce.mutex().await;
        assert_eq!(ce.noting(ce.ReleaseMutex(mutex)).await, refused(288));
    }),
    case!("sync/MX-010", "sync §1.3", async |ce| {
        let closed = ce.closed_handle().await;
        assert_eq!(ce.noting(ce.ReleaseMutex(closed)).await, refused(6));
    }),
    case!("sync/MX-011", "sync §1.3", async |ce| {
        let event = ce.auto_event().await;
        assert_eq!(ce.noting(ce.ReleaseMutex(event)).await, refused(6));
    }),
    case!("sync/MX-012", "ee488152", async |ce| {
        let mutex = owned_mutex(&ce).await;
        let waits_and_releases = async move |ce: Ce| (ce.wait(mutex).await, ce.ReleaseMutex(mutex).await);
        let b = ce.thread(251, waits_and_releases).await;
        ce.settle().await;
        ce.ReleaseMutex(mutex).await;
        ce.settle().await;
        assert_eq!(b.result(), Some((OBJ0, TRUE)));
    }),
    case!("sync/MX-013", "SQ-13", async |ce| {
        let mutex = owned_mutex(&ce).await;
        let waiters = ce.waiters([251, 251], mutex).await;
        ce.ReleaseMutex(mutex).await;
        ce.settle().await;
        assert_eq!(results(&waiters), [RELEASED, BLOCKED]);
    }),
    case!("sync/MX-014", "SQ-13", async |ce| {
        let mutex = owned_mutex(&ce).await;
        let waiters = ce.waiters([251, 100], mutex).await;
        ce.ReleaseMutex(mutex).await;
        ce.settle().await;
        assert_eq!(results(&waiters), [BLOCKED, RELEASED]);
    }),
    case!("sync/MX-015", "SQ-13", async |ce| {
        let mutex = owned_mutex(&ce).await;
        let [b] = ce.waiters([251], mutex).await;
        ce.ReleaseMutex(mutex).await;
        assert_eq!(ce.poll(mutex).await, TMO);
        ce.settle().await;
        assert_eq!(b.result(), RELEASED);
    }),
    case!("sync/MX-016", "ee488152", async |ce| {
        let mutex = owned_mutex(&ce).await;
        ce.wait(mutex).await;
        let [b] = ce.waiters([251], mutex).await;
        ce.ReleaseMutex(mutex).await;
        ce.settle().await;
        assert_eq!(b.result(), BLOCKED);
    }),
    case!("sync/MX-017", "sync §3.2", async |ce| {
        let first = ce.CreateMutex(NULL, true, "M").await;
        let second = ce.CreateMutex(NULL, false, "M").await;
        assert_ne!(first, second);
        assert_eq!(ce.ReleaseMutex(second).await, TRUE);
        assert_eq!(other_polls(&ce, first).await, OBJ0);
    }),
    case!("sync/MX-018", "aa914601", async |ce| {
        let mutex = ce.mutex().await;
        ce.wait(mutex).await;
        assert_eq!(other_polls(&ce, mutex).await, TMO);
    }),
    case!("sync/MX-019", "aa914601", async |ce| {
        ce.CreateMutex(NULL, false, "M").await;
        let (mutex, error) = ce.noting(ce.CreateMutex(NULL, true, "M")).await;
        assert_ne!(mutex, Handle::NULL);
        assert_eq!(error, 183);
        assert_eq!(other_polls(&ce, mutex).await, OBJ0);
    }),
    case!("sync/MX-020", "aa914601", async |ce| {
        ce.stayer(251, async |ce| ce.CreateMutex(NULL, true, "M").await).await;
        ce.settle().await;
        let (mutex, error) = ce.noting(ce.CreateMutex(NULL, true, "M")).await;
        assert_eq!(error, 183);
        assert_eq!(ce.noting(ce.ReleaseMutex(mutex)).await, refused(288));
    }),
    case!("sync/MX-021", "naming N13", async |ce| {
        ce.CreateMutex(NULL, true, "M").await;
        let mutex = ce.CreateMutex(NULL, true, "M").await;
        assert_eq!(ce.ReleaseMutex(mutex).await, TRUE);
        assert_eq!(other_polls(&ce, mutex).await, OBJ0);
    }),
    case!("sync/MX-022", "aa914601", async |ce| {
        let (mutex, error) = ce.noting(ce.CreateMutex(NULL, true, "M")).await;
        assert_eq!(error, 0);
        assert_eq!(other_polls(&ce, mutex).await, TMO);
        assert_eq!(ce.ReleaseMutex(mutex).await, TRUE);
    }),
    case!("sync/MX-023", "SQ-01", async |ce| {
        let mutex = ce.mutex().await;
        assert_eq!(ce.other(async move |ce| ce.wait(mutex).await).await, OBJ0);
        assert_eq!(ce.poll(mutex).await, OBJ0);
    }),
    case!("sync/MX-024", "aa450577", async |ce| {
        let mutex = ce.mutex().await;
        ce.other(async move |ce| ce.wait(mutex).await).await;
        assert_eq!(ce.poll(mutex).await, WAIT_ABANDONED_0);
        assert_eq!(ce.ReleaseMutex(mutex).await, TRUE);
    })
    .under(REPORT),
    case!("sync/MX-025", "aa450577", async |ce| {
        let mutex = ce.mutex().await;
        ce.other(async move |ce| ce.wait(mutex).await).await;
        assert_eq!(ce.poll(mutex).await, WAIT_ABANDONED_0);
        ce.ReleaseMutex(mutex).await;
        assert_eq!(other_polls(&ce, mutex).await, OBJ0);
    })
    .under(REPORT),
    case!("sync/MX-026", "SQ-01", async |ce| {
        let mutex = ce.mutex().await;
        ce.other(async move |ce| {
            for _ in 0..5 {
                ce.wait(mutex).await;
            }
        })
        .await;
        assert_eq!(ce.wait(mutex).await, OBJ0);
        assert_eq!(ce.ReleaseMutex(mutex).await, TRUE);
        assert_eq!(other_polls(&ce, mutex).await, OBJ0);
    }),
    case!("sync/MX-027", "aa450577", async |ce| {
        let mutex = ce.mutex().await;
        ce.thread(251, async move |ce| {
            ce.wait(mutex).await;
            ce.Sleep(ms(10)).await;
        })
        .await;
        ce.settle().await;
        assert_eq!(ce.poll(mutex).await, TMO);
        assert_eq!(ce.wait(mutex).await, OBJ0);
        assert_eq!(ce.ReleaseMutex(mutex).await, TRUE);
    }),
    case!("sync/MX-028", "SQ-01", async |ce| {
        let (event, mutex) = (ce.auto_event().await, ce.mutex().await);
        ce.thread(251, async move |ce| {
            ce.wait(mutex).await;
            ce.Sleep(ms(10)).await;
        })
        .await;
        ce.settle().await;
        assert_eq!(ce.wait_any(&[event, mutex], INFINITE).await, object(1));
    }),
    case!("sync/MX-029", "aa450577", async |ce| {
        let mutex = ce.mutex().await;
        let [a] = ce.waiters([251], mutex).await;
        assert_eq!(ce.poll(mutex).await, TMO);
        ce.TerminateThread(a.handle, 0_u32).await;
        assert_eq!(ce.poll(mutex).await, OBJ0);
    }),
    case!(
        "sync/MX-030",
        "aa450927",
        async |ce| {
            let child = ce.start("P2").await;
            let mutex = ce.CreateMutex(NULL, false, "M").await;
            let [waiter] = ce.waiters([251], mutex).await;
            assert_eq!(waiter.result(), BLOCKED);
            assert_eq!(ce.TerminateProcess(child.hProcess, 0_u32).await, TRUE);
            ce.settle().await;
            assert_eq!(waiter.result(), RELEASED);
        },
        async |ce| {
            ce.CreateMutex(NULL, true, "M").await;
            ce.Sleep(INFINITE).await;
        }
    ),
    case!(
        "sync/MX-031",
        "processes-threads §4",
        async |ce| {
            ce.start("P2").await;
            let mutex = ce.CreateMutex(NULL, false, "M").await;
            let [waiter] = ce.waiters([251], mutex).await;
            assert_eq!(waiter.result(), BLOCKED);
            ce.Sleep(ms(20)).await;
            assert_eq!(waiter.result(), RELEASED);
        },
        async |ce| {
            ce.stayer(251, async |ce| ce.CreateMutex(NULL, true, "M").await).await;
            ce.Sleep(ms(10)).await;
        }
    ),
    case!("sync/MX-032", "sync §3.4", async |ce| {
        let owned = ce.CreateMutex(NULL, true, "M").await;
        let second = ce.CreateMutex(NULL, false, "M").await;
        ce.CloseHandle(owned).await;
        assert_eq!(other_polls(&ce, second).await, TMO);
    }),
    case!("sync/MX-033", "naming N18", async |ce| {
        let owned = ce.CreateMutex(NULL, true, "M").await;
        ce.CloseHandle(owned).await;
        let (mutex, error) = ce.noting(ce.CreateMutex(NULL, false, "M")).await;
        assert_eq!(error, 0);
        assert_eq!(other_polls(&ce, mutex).await, OBJ0);
    }),
    case!("sync/MX-034", "ee482778", async |ce| {
        let mutex = owned_mutex(&ce).await;
        ce.thread(50, async move |ce| ce.wait(mutex).await).await;
        let c = ce.thread(100, async |_| ()).await;
        ce.compute(1_000_000).await;
        assert_eq!(c.result(), None, "the owner runs at 50");
        ce.ReleaseMutex(mutex).await;
        assert_eq!(c.result(), Some(()));
    }),
    case!("sync/MX-035", "ee482778", async |ce| {
        let mutex = owned_mutex(&ce).await;
        let log = Log::default();
        let (b_log, c_log) = (log.clone(), log.clone());
        ce.thread(50, async move |ce| {
            ce.wait(mutex).await;
            b_log.add("B");
        })
        .await;
        ce.thread(100, async move |_| c_log.add("C")).await;
        ce.ReleaseMutex(mutex).await;
        log.add("A");
        assert_eq!(log.text(), "BCA");
    }),
    case!("sync/MX-036", "ee488168", async |ce| {
        let mutex = owned_mutex(&ce).await;
        let c = ce.suspended(100, async |_| ()).await;
        ce.waiters([50], mutex).await;
        ce.ResumeThread(c.handle).await;
        assert_eq!(c.result(), None, "the boost is on");
        assert_eq!(ce.GetThreadPriority(Handle::CURRENT_THREAD).await.0, 3);
        assert_eq!(ce.CeGetThreadPriority(Handle::CURRENT_THREAD).await.0, 251);
    }),
    case!("sync/MX-037", "ee482778", async |ce| {
        let (m1, m2, go) = (ce.mutex().await, ce.mutex().await, ce.manual_event().await);
        let log = Log::default();
        ce.run_at(40).await;
        // Each says its letter when it runs after `go`; who is as urgent as D says it before D.
        let word = |letter: &'static str| {
            let log = log.clone();
            async move |ce: Ce| {
                ce.wait(go).await;
                log.add(letter);
            }
        };
        ce.thread(252, word("Q")).await;
        ce.settle().await;
        let says_d = word("D");
        ce.stayer(252, async move |ce: Ce| {
            ce.wait(m2).await;
            says_d(ce).await;
        })
        .await;
        ce.settle().await;
        ce.stayer(251, async move |ce| (ce.wait(m1).await, ce.wait(m2).await)).await;
        ce.settle().await;
        ce.thread(150, word("P")).await;
        ce.thread(50, async move |ce| ce.wait(m1).await).await;
        ce.settle().await;
        ce.SetEvent(go).await;
        ce.settle().await;
        assert_eq!(log.text(), "PDQ");
    }),
    case!("sync/MX-038", "SQ-12", async |ce| {
        let mutex = owned_mutex(&ce).await;
        assert_eq!(ce.noting(ce.ReleaseMutex(mutex)).await, DONE);
    }),
    case!("sync/MX-039", "SQ-12", async |ce| {
        let mutex = owned_mutex(&ce).await;
        let waited = ce.other(async move |ce| ce.noting(ce.WaitForSingleObject(mutex, ms(5))).await).await;
        assert_eq!(waited, (TMO, KEPT));
    }),
    case!("sync/MX-040", "aa914601", async |ce| {
        let mutex = Handle(ce.call_with(Function::CreateMutex, &[0x2000_dead, 0, 0]).await.value);
        assert_eq!(ce.poll(mutex).await, OBJ0);
    }),
];

//! Semaphores (sync/SM).

use cerium_coredll::catalogue::{Processor, by_name};
use cerium_coredll::{Call, CeApi, NULL, OUT};
use cerium_guest::Ce;
use cerium_handle::Handle;

use super::stage::*;
use super::{Case, case};

/// How many units can be taken now; they are taken.
async fn units(ce: &Ce, semaphore: Handle) -> u32 {
    let mut units = 0;
    while ce.poll(semaphore).await == OBJ0 {
        units += 1;
    }
    units
}

/// What a bad count comes to.
const BAD: (Handle, u32) = (Handle::NULL, 87);

pub(super) const SEMAPHORES: &[Case] = &[
    case!("sync/SM-001", "ms885184", async |ce| {
        let (semaphore, error) = ce.noting(ce.semaphore(0, 1)).await;
        assert_ne!(semaphore, Handle::NULL);
        assert_eq!(error, 0);
        assert_eq!(ce.poll(semaphore).await, TMO);
    }),
    case!("sync/SM-002", "ms885184", async |ce| {
        let semaphore = ce.semaphore(3, 5).await;
        for _ in 0..3 {
            assert_eq!(ce.poll(semaphore).await, OBJ0);
        }
        assert_eq!(ce.poll(semaphore).await, TMO);
    }),
    case!("sync/SM-003", "ms886798", async |ce| {
        let semaphore = ce.semaphore(0, 5).await;
        assert_eq!(ce.ReleaseSemaphore(semaphore, 2, OUT).await, (TRUE, 0));
        assert_eq!(units(&ce, semaphore).await, 2);
    }),
    case!("sync/SM-004", "ms886798", async |ce| {
        let semaphore = ce.semaphore(1, 5).await;
        assert_eq!(ce.ReleaseSemaphore(semaphore, 3, OUT).await, (TRUE, 1));
    }),
    case!("sync/SM-005", "ms886798", async |ce| {
        let semaphore = ce.semaphore(4, 5).await;
        let ((released, _), error) = ce.noting(ce.ReleaseSemaphore(semaphore, 2, OUT)).await;
        assert_eq!((released, error), refused(298));
        assert_eq!(units(&ce, semaphore).await, 4);
    }),
    case!("sync/SM-006", "SQ-06", async |ce| {
        let semaphore = ce.semaphore(4, 5).await;
        let call =
            Call::ReleaseSemaphore { hSemaphore: semaphore, lReleaseCount: 2, lpPreviousCount: OUT.into() };
        let reply = ce.make(call).await;
        assert!(reply.value == 0 && reply.outs.is_empty(), "nothing is written: {reply:?}");
    }),
    case!("sync/SM-007", "ms886798", async |ce| {
        let semaphore = ce.semaphore(4, 5).await;
        assert_eq!(ce.ReleaseSemaphore(semaphore, 1, NULL).await.0, TRUE);
        assert_eq!(units(&ce, semaphore).await, 5);
    }),
    case!("sync/SM-008", "ms886798", async |ce| {
        let semaphore = ce.semaphore(5, 5).await;
        assert_eq!(ce.noting(ce.release(semaphore, 1)).await, refused(298));
    }),
    case!("sync/SM-009", "ms886798", async |ce| {
        let semaphore = ce.semaphore(2, 5).await;
        let ((released, _), error) = ce.noting(ce.ReleaseSemaphore(semaphore, 0, OUT)).await;
        assert_eq!((released, error), refused(87));
        assert_eq!(units(&ce, semaphore).await, 2);
    }),
    case!("sync/SM-010", "ms886798", async |ce| {
        let semaphore = ce.semaphore(2, 5).await;
        assert_eq!(ce.noting(ce.release(semaphore, -1)).await, refused(87));
    }),
    case!("sync/SM-011", "SQ-06", async |ce| {
        let semaphore = ce.semaphore(1, i32::MAX).await;
        assert_eq!(ce.noting(ce.release(semaphore, i32::MAX)).await, refused(298));
    }),
    case!("sync/SM-012", "ms885184", async |ce| {
        assert_eq!(ce.noting(ce.semaphore(0, 0)).await, BAD);
    }),
    case!("sync/SM-013", "ms885184", async |ce| {
        assert_eq!(ce.noting(ce.semaphore(-1, 5)).await, BAD);
    }),
    case!("sync/SM-014", "ms885184", async |ce| {
        assert_eq!(ce.noting(ce.semaphore(6, 5)).await, BAD);
    }),
    case!("sync/SM-015", "ms885184", async |ce| {
        assert_eq!(ce.noting(ce.semaphore(0, -1)).await, BAD);
    }),
    case!("sync/SM-016", "ms885184", async |ce| {
        let semaphore = ce.semaphore(5, 5).await;
        assert_ne!(semaphore, Handle::NULL);
        assert_eq!(units(&ce, semaphore).await, 5);
    }),
    case!("sync/SM-017", "ms885184", async |ce| {
        let semaphore = ce.semaphore(2, 10).await;
        assert_eq!(ce.release(semaphore, 8).await, TRUE);
        assert_eq!(units(&ce, semaphore).await, 10);
    }),
    case!("sync/SM-018", "ms886798", async |ce| {
        let semaphore = ce.semaphore(0, 5).await;
        let waiters = ce.waiters([251, 251, 251], semaphore).await;
        assert_eq!(ce.ReleaseSemaphore(semaphore, 2, OUT).await, (TRUE, 0));
        ce.settle().await;
        let released = results(&waiters).iter().filter(|result| **result == RELEASED).count();
        assert_eq!(released, 2);
        assert_eq!(ce.poll(semaphore).await, TMO);
    }),
    case!("sync/SM-019", "ms886798", async |ce| {
        let semaphore = ce.semaphore(0, 5).await;
        let [a] = ce.waiters([251], semaphore).await;
        ce.release(semaphore, 3).await;
        ce.settle().await;
        assert_eq!(a.result(), RELEASED);
        assert_eq!(units(&ce, semaphore).await, 2);
    }),
    case!("sync/SM-020", "SQ-06", async |ce| {
        let semaphore = ce.semaphore(0, 1).await;
        let [a] = ce.waiters([251], semaphore).await;
        assert_eq!(ce.noting(ce.release(semaphore, 2)).await, refused(298));
        ce.settle().await;
        assert_eq!(a.result(), BLOCKED);
    }),
    case!("sync/SM-021", "SQ-13", async |ce| {
        let semaphore = ce.semaphore(0, 5).await;
        let waiters = ce.waiters([251, 100], semaphore).await;
        ce.release(semaphore, 1).await;
        ce.settle().await;
        assert_eq!(results(&waiters), [BLOCKED, RELEASED]);
    }),
    case!("sync/SM-022", "SQ-13", async |ce| {
        let semaphore = ce.semaphore(0, 5).await;
        let waiters = ce.waiters([251, 251], semaphore).await;
        ce.release(semaphore, 1).await;
        ce.settle().await;
        assert_eq!(results(&waiters), [RELEASED, BLOCKED]);
    }),
    case!("sync/SM-023", "ms886798", async |ce| {
        let semaphore = ce.semaphore(1, 1).await;
        assert_eq!(ce.wait(semaphore).await, OBJ0);
        assert_eq!(ce.other(async move |ce| ce.release(semaphore, 1).await).await, TRUE);
    }),
    case!("sync/SM-024", "ms885184", async |ce| {
        let semaphore = ce.semaphore(1, 1).await;
        let a = ce.thread(251, async move |ce| (ce.wait(semaphore).await, ce.wait(semaphore).await)).await;
        ce.settle().await;
        assert_eq!(a.result(), None);
    }),
    case!("sync/SM-025", "ms885184", async |ce| {
        ce.CreateSemaphore(NULL, 2, 9, "S").await;
        let (second, error) = ce.noting(ce.CreateSemaphore(NULL, 0, 1, "S")).await;
        assert_ne!(second, Handle::NULL);
        assert_eq!(error, 183);
        assert_eq!(units(&ce, second).await, 2);
        assert_eq!(ce.release(second, 9).await, TRUE);
        assert_eq!(ce.release(second, 1).await, FALSE);
    }),
    case!("sync/SM-026", "ms885184", async |ce| {
        let (semaphore, error) = ce.noting(ce.CreateSemaphore(NULL, 0, 1, "S")).await;
        assert_ne!(semaphore, Handle::NULL);
        assert_eq!(error, 0);
    }),
    case!("sync/SM-027", "sync §1.3", async |ce| {
        let closed = ce.closed_handle().await;
        assert_eq!(ce.noting(ce.release(closed, 1)).await, refused(6));
    }),
    case!("sync/SM-028", "sync §1.3", async |ce| {
        let mutex = ce.mutex().await;
        assert_eq!(ce.noting(ce.release(mutex, 1)).await, refused(6));
    }),
    case!("sync/SM-029", "aa915356", async |ce| {
        let semaphore = ce.semaphore(1, 1).await;
        ce.wait(semaphore).await;
        let [high] = ce.waiters([50], semaphore).await;
        let middle = ce.thread(100, async |_| ()).await;
        assert_eq!(middle.result(), Some(()), "it runs before whoever took the unit");
        assert_eq!(high.result(), BLOCKED);
    }),
    case!("sync/SM-030", "[P] cegcc", async |ce| {
        let semaphore = ce.semaphore(0, 65535).await;
        assert_ne!(semaphore, Handle::NULL);
        assert_eq!(ce.release(semaphore, 65535).await, TRUE);
    }),
    case!("sync/SM-031", "CreateSemaphore SDK5", async |_ce| {
        for processor in [Processor::Arm, Processor::X86] {
            for name in ["OpenSemaphore", "OpenSemaphoreW", "OpenMutex", "OpenMutexW"] {
                assert_eq!(by_name(processor, name), None);
            }
        }
    }),
    case!("sync/SM-032", "SQ-12", async |ce| {
        let semaphore = ce.semaphore(0, 1).await;
        assert_eq!(ce.noting(ce.release(semaphore, 1)).await, DONE);
    }),
];

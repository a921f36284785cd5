//! Handles and lifetime (sync/HL).

use cerium_coredll::{CeApi, Function, NULL, OUT};
use cerium_guest::Ce;
use cerium_handle::Handle;

use super::stage::*;
use super::{Case, case};

const CLOSE_SOURCE: u32 = 1;
const SAME_ACCESS: u32 = 2;
const SELF: Handle = Handle::CURRENT_PROCESS;

/// DuplicateHandle within the caller's process, as it must be called.
async fn duplicate(ce: &Ce, handle: Handle) -> Handle {
    let (done, duplicate) = ce.DuplicateHandle(SELF, handle, SELF, OUT, 0_u32, false, SAME_ACCESS).await;
    assert_eq!(done, TRUE);
    duplicate
}

pub(super) const HANDLES: &[Case] = &[
    case!("sync/HL-001", "ee490442", async |ce| {
        let event = ce.auto_event().await;
        assert_eq!(ce.CloseHandle(event).await, TRUE);
        assert_eq!(ce.noting(ce.CloseHandle(event)).await, refused(6));
    }),
    case!("sync/HL-002", "ee488902", async |ce| {
        let event = ce.auto_event().await;
        let second = duplicate(&ce, event).await;
        assert_ne!(second, event);
        ce.SetEvent(second).await;
        assert_eq!(ce.poll(event).await, OBJ0);
    }),
    case!(
        "sync/HL-003",
        "ee488902",
        async |ce| {
            let tells = ce.named_event(false, "tells").await;
            let event = ce.auto_event().await;
            let child = ce.start("P2").await.hProcess;
            let (done, duplicate) =
                ce.DuplicateHandle(SELF, event, child, OUT, 0_u32, false, SAME_ACCESS).await;
            assert_eq!(done, TRUE);
            assert_eq!(ce.noting(ce.SetEvent(duplicate)).await, refused(6));
            ce.SetEventData(tells, duplicate.0).await;
            ce.SetEvent(tells).await;
            assert_eq!(ce.WaitForSingleObject(event, ms(100)).await, OBJ0);
        },
        async |ce| {
            // So that no value of a new handle here is one over there.
            for _ in 0..50 {
                ce.auto_event().await;
            }
            let tells = ce.open_event("tells").await;
            ce.wait(tells).await;
            let event = Handle(ce.GetEventData(tells).await);
            assert_eq!(ce.SetEvent(event).await, TRUE);
        }
    ),
    case!("sync/HL-004", "ee488902", async |ce| {
        let event = ce.auto_event().await;
        let call = ce.DuplicateHandle(SELF, event, SELF, OUT, 0_u32, false, 0_u32);
        let ((done, _), error) = ce.noting(call).await;
        assert_eq!((done, error), refused(87));
    }),
    case!("sync/HL-005", "ee488902", async |ce| {
        let event = ce.auto_event().await;
        let bad = ce.closed_handle().await;
        let options = SAME_ACCESS | CLOSE_SOURCE;
        let (done, _) = ce.DuplicateHandle(SELF, event, bad, OUT, 0_u32, false, options).await;
        assert_eq!(done, FALSE);
        assert_eq!(ce.noting(ce.SetEvent(event)).await, refused(6));
    }),
    case!("sync/HL-006", "ee488902", async |ce| {
        let event = ce.auto_event().await;
        let call = ce.DuplicateHandle(SELF, event, SELF, NULL, 0_u32, false, SAME_ACCESS);
        let ((done, _), error) = ce.noting(call).await;
        assert_eq!((done, error), refused(87));
    }),
    case!("sync/HL-007", "sync §3.2", async |ce| {
        let mutex = ce.CreateMutex(NULL, true, NULL).await;
        let second = duplicate(&ce, mutex).await;
        assert_eq!(ce.ReleaseMutex(second).await, TRUE);
        assert_eq!(ce.other(async move |ce| ce.poll(mutex).await).await, OBJ0);
    }),
    case!("sync/HL-008", "ee488008", async |ce| {
        let event = ce.named_event(false, "E").await;
        let second = duplicate(&ce, event).await;
        ce.CloseHandle(event).await;
        assert_eq!(ce.SetEvent(second).await, TRUE);
        let (third, error) = ce.noting(ce.named_event(false, "E")).await;
        assert_eq!(error, 183);
        assert_eq!(ce.poll(third).await, OBJ0);
    }),
    case!(
        "sync/HL-009",
        "aa450927",
        async |ce| {
            let event = ce.named_event(false, "E").await;
            let [a] = ce.waiters([251], event).await;
            let child = ce.start("P2").await;
            assert_eq!(ce.poll(child.hProcess).await, OBJ0);
            assert_eq!(a.result(), BLOCKED);
            ce.SetEvent(event).await;
            ce.settle().await;
            assert_eq!(a.result(), RELEASED);
        },
        async |ce| {
            assert_ne!(ce.open_event("E").await, Handle::NULL);
        }
    ),
    case!("sync/HL-010", "ee488008", async |ce| {
        let long = "n".repeat(300);
        let created = [
            ce.named_event(false, &long).await,
            ce.open_event("none").await,
            ce.CreateMutex(NULL, false, &*long).await,
            ce.CreateSemaphore(NULL, 0, 1, &*long).await,
            ce.semaphore(2, 1).await,
            ce.CreateWatchDogTimer(&*long, 1_u32, 0_u32, 0_u32, 0_u32, 0_u32).await,
            ce.CreateFileMapping(Handle::INVALID, NULL, 4_u32, 0_u32, 4096_u32, &*long).await,
            ce.CreateMsgQueue(NULL, NULL).await,
            Handle(ce.call_with(Function::CreateThread, &[0; 6]).await.value),
        ];
        assert_eq!(created, [Handle::NULL; 9]);
    }),
];

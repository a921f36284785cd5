//! Events (sync/EV) and OpenEvent (sync/OE).

use cerium_coredll::{CeApi, Function, NULL};
use cerium_handle::Handle;
use cerium_kernel::Version;

use super::stage::*;
use super::{Case, case};

pub(super) const EVENTS: &[Case] = &[
    case!("sync/EV-001", "ee488008", async |ce| {
        assert_ne!(ce.CreateEvent(NULL, false, false, NULL).await, Handle::NULL);
    }),
    case!("sync/EV-002", "SQ-12", async |ce| {
        let (event, error) = ce.noting(ce.auto_event()).await;
        assert_ne!(event, Handle::NULL);
        assert_eq!(error, 0);
    }),
    case!("sync/EV-003", "ee488008", async |ce| {
        let event = ce.event(true, true).await;
        assert_eq!(ce.poll(event).await, OBJ0);
    }),
    case!("sync/EV-004", "ee488008", async |ce| {
        let event = ce.event(true, true).await;
        for _ in 0..3 {
            assert_eq!(ce.poll(event).await, OBJ0);
        }
    }),
    case!("sync/EV-005", "ee488008", async |ce| {
        let event = ce.event(false, true).await;
        assert_eq!(ce.poll(event).await, OBJ0);
        assert_eq!(ce.poll(event).await, TMO);
    }),
    case!("sync/EV-006", "ee488762", async |ce| {
        let event = ce.auto_event().await;
        assert_eq!(ce.noting(ce.poll(event)).await, (TMO, KEPT));
    }),
    case!("sync/EV-007", "ee488008", async |ce| {
        let event = Handle(ce.call_with(Function::CreateEvent, &[0, 2, 5, 0]).await.value);
        assert_eq!(ce.poll(event).await, OBJ0);
        assert_eq!(ce.poll(event).await, OBJ0);
    }),
    case!("sync/EV-008", "ee488785", async |ce| {
        let event = ce.auto_event().await;
        assert_eq!(ce.SetEvent(event).await, TRUE);
        assert_eq!(ce.poll(event).await, OBJ0);
    }),
    case!("sync/EV-009", "ee488785", async |ce| {
        let event = ce.auto_event().await;
        for _ in 0..3 {
            ce.SetEvent(event).await;
        }
        assert_eq!(ce.poll(event).await, OBJ0);
        assert_eq!(ce.poll(event).await, TMO);
    }),
    case!("sync/EV-010", "ee488785", async |ce| {
        let event = ce.auto_event().await;
        ce.SetEvent(event).await;
        ce.Sleep(ms(1000)).await;
        assert_eq!(ce.poll(event).await, OBJ0);
    }),
    case!("sync/EV-011", "aa908992", async |ce| {
        let event = ce.manual_event().await;
        ce.SetEvent(event).await;
        ce.ResetEvent(event).await;
        assert_eq!(ce.poll(event).await, TMO);
    }),
    case!("sync/EV-012", "ms886800", async |ce| {
        let event = ce.manual_event().await;
        for _ in 0..3 {
            ce.SetEvent(event).await;
        }
        ce.ResetEvent(event).await;
        assert_eq!(ce.poll(event).await, TMO);
    }),
    case!("sync/EV-013", "aa908992", async |ce| {
        let event = ce.event(false, true).await;
        ce.ResetEvent(event).await;
        assert_eq!(ce.poll(event).await, TMO);
    }),
    case!("sync/EV-014", "aa908992", async |ce| {
        let event = ce.manual_event().await;
        assert_eq!(ce.ResetEvent(event).await, TRUE);
    }),
    case!("sync/EV-015", "ee488785", async |ce| {
        let event = ce.event(true, true).await;
        assert_eq!(ce.SetEvent(event).await, TRUE);
        assert_eq!(ce.poll(event).await, OBJ0);
    }),
    case!("sync/EV-016", "ee488785", async |ce| {
        let event = ce.manual_event().await;
        let waiters = ce.waiters([251, 251, 251], event).await;
        assert_eq!(results(&waiters), [BLOCKED; 3]);
        ce.SetEvent(event).await;
        ce.settle().await;
        assert_eq!(results(&waiters), [RELEASED; 3]);
        assert_eq!(ce.poll(event).await, OBJ0);
    }),
    case!("sync/EV-017", "ee488785", async |ce| {
        let event = ce.auto_event().await;
        let waiters = ce.waiters([251, 251, 251], event).await;
        ce.SetEvent(event).await;
        ce.settle().await;
        let released = results(&waiters).iter().filter(|result| **result == RELEASED).count();
        let blocked = results(&waiters).iter().filter(|result| **result == BLOCKED).count();
        assert_eq!((released, blocked), (1, 2));
        assert_eq!(ce.poll(event).await, TMO);
    }),
    case!("sync/EV-018", "ee488785", async |ce| {
        let event = ce.auto_event().await;
        let waiters = ce.waiters([251, 251, 251], event).await;
        for _ in 0..3 {
            ce.SetEvent(event).await;
        }
        ce.settle().await;
        assert_eq!(results(&waiters), [RELEASED; 3]);
        assert_eq!(ce.poll(event).await, TMO);
    }),
    case!("sync/EV-019", "bb202763", async |ce| {
        let event = ce.manual_event().await;
        let waiters = ce.waiters([251, 251], event).await;
        ce.PulseEvent(event).await;
        assert_eq!(ce.poll(event).await, TMO);
        ce.settle().await;
        assert_eq!(results(&waiters), [RELEASED; 2]);
    }),
    case!("sync/EV-020", "bb202763", async |ce| {
        let event = ce.auto_event().await;
        let waiters = ce.waiters([251, 251], event).await;
        ce.PulseEvent(event).await;
        assert_eq!(ce.poll(event).await, TMO);
        ce.settle().await;
        let released = results(&waiters).iter().filter(|result| **result == RELEASED).count();
        assert_eq!(released, 1);
    }),
    case!("sync/EV-021", "bb202763", async |ce| {
        let event = ce.manual_event().await;
        assert_eq!(ce.PulseEvent(event).await, TRUE);
        assert_eq!(ce.poll(event).await, TMO);
    }),
    case!("sync/EV-022", "bb202763", async |ce| {
        let event = ce.event(false, true).await;
        assert_eq!(ce.PulseEvent(event).await, TRUE);
        assert_eq!(ce.poll(event).await, TMO);
    }),
    case!("sync/EV-023", "bb202763", async |ce| {
        let event = ce.manual_event().await;
        ce.PulseEvent(event).await;
        let a = ce.thread(251, async move |ce| ce.WaitForSingleObject(event, ms(10)).await).await;
        ce.wait(a.handle).await;
        assert_eq!(a.result(), Some(TMO));
    }),
    case!("sync/EV-024", "bb202763", async |ce| {
        let (other, event) = (ce.auto_event().await, ce.manual_event().await);
        let a = ce.thread(251, async move |ce| ce.wait_any(&[other, event], INFINITE).await).await;
        ce.settle().await;
        ce.PulseEvent(event).await;
        ce.settle().await;
        assert_eq!(a.result(), Some(object(1)));
    }),
    case!("sync/EV-025", "SQ-13", async |ce| {
        let event = ce.auto_event().await;
        let waiters = ce.waiters([200, 100], event).await;
        ce.SetEvent(event).await;
        ce.settle().await;
        assert_eq!(results(&waiters), [BLOCKED, RELEASED]);
    }),
    case!("sync/EV-026", "SQ-13", async |ce| {
        let event = ce.auto_event().await;
        let waiters = ce.waiters([251, 251], event).await;
        ce.SetEvent(event).await;
        ce.settle().await;
        assert_eq!(results(&waiters), [RELEASED, BLOCKED]);
    }),
    case!("sync/EV-027", "SQ-13", async |ce| {
        let event = ce.auto_event().await;
        let [a] = ce.waiters([251], event).await;
        ce.SetEvent(event).await;
        assert_eq!(ce.poll(event).await, TMO);
        ce.settle().await;
        assert_eq!(a.result(), RELEASED);
    }),
    case!("sync/EV-028", "ee482789", async |ce| {
        let event = ce.auto_event().await;
        let [a] = ce.waiters([100], event).await;
        ce.SetEvent(event).await;
        assert_eq!(a.result(), RELEASED);
    }),
    case!("sync/EV-029", "ee482789", async |ce| {
        let event = ce.auto_event().await;
        ce.run_at(100).await;
        let [a] = ce.waiters([251], event).await;
        ce.SetEvent(event).await;
        assert_eq!(a.result(), BLOCKED);
        ce.settle().await;
        assert_eq!(a.result(), RELEASED);
    }),
    case!("sync/EV-030", "ms886800", async |ce| {
        assert_eq!(ce.noting(ce.SetEvent(Handle::NULL)).await, refused(6));
    }),
    case!("sync/EV-031", "ms886800", async |ce| {
        let event = ce.closed_handle().await;
        assert_eq!(ce.noting(ce.ResetEvent(event)).await, refused(6));
    }),
    case!("sync/EV-032", "sync §1.3", async |ce| {
        let event = ce.closed_handle().await;
        assert_eq!(ce.noting(ce.PulseEvent(event)).await, refused(6));
    }),
    case!("sync/EV-033", "SQ-15", async |ce| {
        let mutex = ce.CreateMutex(NULL, true, NULL).await;
        assert_eq!(ce.noting(ce.SetEvent(mutex)).await, refused(6));
        assert_eq!(ce.other(async move |ce| ce.poll(mutex).await).await, TMO);
    }),
    case!("sync/EV-034", "sync §1.3", async |ce| {
        assert_eq!(ce.noting(ce.SetEvent(Handle::INVALID)).await, refused(6));
    }),
    case!("sync/EV-035", "kfuncs.h", async |ce| {
        let event = ce.manual_event().await;
        assert_eq!(ce.EventModify(event, 3_u32).await, TRUE);
        assert_eq!(ce.poll(event).await, OBJ0);
        assert_eq!(ce.EventModify(event, 2_u32).await, TRUE);
        assert_eq!(ce.poll(event).await, TMO);
        let waiters = ce.waiters([251, 251], event).await;
        assert_eq!(ce.EventModify(event, 1_u32).await, TRUE);
        assert_eq!(ce.poll(event).await, TMO);
        ce.settle().await;
        assert_eq!(results(&waiters), [RELEASED; 2]);
    }),
    case!("sync/EV-036", "SQ-15", async |ce| {
        for signaled in [false, true] {
            let event = ce.event(true, signaled).await;
            assert_eq!(ce.noting(ce.EventModify(event, 0_u32)).await, refused(87));
            assert_eq!(ce.noting(ce.EventModify(event, 4_u32)).await, refused(87));
            assert_eq!(ce.poll(event).await, if signaled { OBJ0 } else { TMO });
        }
    }),
    case!("sync/EV-037", "SQ-12", async |ce| {
        let event = ce.auto_event().await;
        assert_eq!(ce.noting(ce.SetEvent(event)).await, DONE);
        assert_eq!(ce.noting(ce.ResetEvent(event)).await, DONE);
        assert_eq!(ce.noting(ce.PulseEvent(event)).await, DONE);
    }),
    case!(
        "sync/EV-038",
        "aa909014",
        async |ce| {
            let event = ce.named_event(false, "E").await;
            ce.start("P2").await;
            assert_eq!(ce.wait(event).await, OBJ0);
        },
        async |ce| {
            let event = ce.open_event("E").await;
            ce.Sleep(ms(10)).await;
            assert_eq!(ce.SetEvent(event).await, TRUE);
        }
    ),
    case!(
        "sync/EV-039",
        "bb202793",
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
    case!("sync/EV-040", "SQ-22", async |ce| {
        let event = Handle(ce.call_with(Function::CreateEvent, &[0x2000_dead, 0, 1, 0]).await.value);
        assert_eq!(ce.poll(event).await, OBJ0);
    }),
    case!("sync/EV-041", "sync §2.4", async |ce| {
        let event = ce.auto_event().await;
        assert_eq!(ce.noting(ce.GetEventData(event)).await, (0, 0));
    }),
    case!("sync/EV-042", "ee482792", async |ce| {
        let event = ce.auto_event().await;
        assert_eq!(ce.SetEventData(event, 0x1234_u32).await, TRUE);
        assert_eq!(ce.GetEventData(event).await, 0x1234);
    }),
    case!("sync/EV-043", "ee482792", async |ce| {
        let event = ce.auto_event().await;
        ce.SetEventData(event, 1_u32).await;
        ce.SetEventData(event, 2_u32).await;
        assert_eq!(ce.GetEventData(event).await, 2);
    }),
    case!("sync/EV-044", "sync §2.4", async |ce| {
        let event = ce.auto_event().await;
        ce.SetEventData(event, 7_u32).await;
        ce.SetEvent(event).await;
        assert_eq!(ce.poll(event).await, OBJ0);
        ce.ResetEvent(event).await;
        ce.PulseEvent(event).await;
        assert_eq!(ce.GetEventData(event).await, 7);
    }),
    case!("sync/EV-045", "ee482792", async |ce| {
        for manual_reset in [false, true] {
            let event = ce.event(manual_reset, false).await;
            assert_eq!(ce.SetEventData(event, 0x1234_u32).await, TRUE);
            ce.SetEvent(event).await;
            assert_eq!(ce.GetEventData(event).await, 0x1234);
        }
    }),
    case!("sync/EV-046", "sync §2.4", async |ce| {
        let first = ce.named_event(false, "E").await;
        let second = ce.open_event("E").await;
        ce.SetEventData(first, 5_u32).await;
        assert_eq!(ce.GetEventData(second).await, 5);
    }),
    case!("sync/EV-047", "ms885619", async |ce| {
        let event = ce.auto_event().await;
        ce.SetEventData(event, 0_u32).await;
        assert_eq!(ce.noting(ce.GetEventData(event)).await, (0, 0));
    }),
    case!("sync/EV-048", "ms885619", async |ce| {
        let event = ce.closed_handle().await;
        assert_eq!(ce.noting(ce.GetEventData(event)).await, (0, 6));
    }),
    case!("sync/EV-049", "ee482792", async |ce| {
        let event = ce.closed_handle().await;
        assert_eq!(ce.noting(ce.SetEventData(event, 1_u32)).await, refused(6));
    }),
    case!("sync/EV-050", "SQ-16", async |ce| {
        let event = ce.auto_event().await;
        assert_eq!(ce.noting(ce.SetEventData(event, 1_u32)).await, refused(5));
    })
    .under(&["event-data=privileged"]),
    case!("sync/EV-051", "ee488008", async |ce| {
        let event = ce.auto_event().await;
        ce.CloseHandle(event).await;
        assert_eq!(ce.noting(ce.SetEvent(event)).await, refused(6));
    }),
    case!("sync/EV-052", "ee488785", async |ce| {
        let event = ce.auto_event().await;
        let a = ce.thread(251, async move |ce| ce.WaitForSingleObject(event, ms(10)).await).await;
        ce.Sleep(ms(50)).await;
        assert_eq!(a.result(), Some(TMO));
        ce.SetEvent(event).await;
        ce.settle().await;
        assert_eq!(ce.poll(event).await, OBJ0);
    }),
    case!("sync/EV-053", "SQ-23", async |ce| {
        let event = ce.auto_event().await;
        let [a] = ce.waiters([251], event).await;
        assert_eq!(ce.SuspendThread(a.handle).await.0, 0);
        ce.SetEvent(event).await;
        ce.settle().await;
        assert_eq!(a.result(), None, "it is suspended");
        assert_eq!(ce.poll(event).await, TMO);
        assert_eq!(ce.ResumeThread(a.handle).await.0, 1);
        ce.settle().await;
        assert_eq!(a.result(), RELEASED);
    }),
    case!("sync/EV-054", "SQ-14", async |ce| {
        let event = ce.auto_event().await;
        let [a] = ce.waiters([251], event).await;
        assert_eq!(ce.TerminateThread(a.handle, 0_u32).await, TRUE);
        ce.SetEvent(event).await;
        assert_eq!(ce.other(async move |ce| ce.poll(event).await).await, OBJ0);
    }),
];

pub(super) const OPENING: &[Case] = &[
    case!("sync/OE-001", "ee488185", async |ce| {
        ce.named_event(false, "E").await;
        assert_ne!(ce.open_event("E").await, Handle::NULL);
    }),
    case!("sync/OE-002", "ee488185", async |ce| {
        let created = ce.named_event(false, "E").await;
        let [a] = ce.waiters([251], created).await;
        let opened = ce.open_event("E").await;
        ce.SetEvent(opened).await;
        ce.settle().await;
        assert_eq!(a.result(), RELEASED);
    }),
    case!("sync/OE-003", "ee488185", async |ce| {
        let created = ce.CreateEvent(NULL, true, true, "E").await;
        ce.open_event("E").await;
        assert_eq!(ce.poll(created).await, OBJ0);
    }),
    case!("sync/OE-004", "SQ-09", async |ce| {
        assert_eq!(ce.noting(ce.open_event("E")).await, (Handle::NULL, 2));
    }),
    case!("sync/OE-005", "aa909014", async |ce| {
        ce.CreateMutex(NULL, false, "E").await;
        assert_eq!(ce.noting(ce.open_event("E")).await, (Handle::NULL, 2));
    }),
    case!("sync/OE-006", "kfuncs.h", async |ce| {
        let opened = ce.noting(ce.OpenEvent(EVENT_ALL_ACCESS, false, NULL)).await;
        assert_eq!(opened, (Handle::NULL, 87));
    }),
    case!("sync/OE-007", "ee488185", async |ce| {
        ce.named_event(false, "").await;
        assert_ne!(ce.open_event("").await, Handle::NULL);
    }),
    case!("sync/OE-008", "ee488185", async |ce| {
        ce.auto_event().await;
        assert_eq!(ce.noting(ce.open_event("")).await, (Handle::NULL, 2));
    }),
    case!("sync/OE-009", "ee488185", async |ce| {
        ce.named_event(false, "E").await;
        let opened = ce.noting(ce.OpenEvent(EVENT_ALL_ACCESS, true, "E")).await;
        assert_eq!(opened, (Handle::NULL, 87));
    }),
    case!("sync/OE-010", "ee488185", async |ce| {
        ce.named_event(false, "E").await;
        let opened = ce.noting(ce.OpenEvent(2_u32, false, "E")).await;
        assert_eq!(opened, (Handle::NULL, 87));
    }),
    case!("sync/OE-011", "ee488185", async |ce| {
        ce.named_event(false, "Ev").await;
        assert_eq!(ce.open_event("EV").await, Handle::NULL);
    }),
    case!("sync/OE-012", "ee488185", async |ce| {
        let event = ce.named_event(false, "E").await;
        ce.CloseHandle(event).await;
        assert_eq!(ce.noting(ce.open_event("E")).await, (Handle::NULL, 2));
    }),
    case!(
        "sync/OE-013",
        "ee488185",
        async |ce| {
            let event = ce.named_event(true, "E").await;
            let child = ce.start("P2").await;
            ce.CloseHandle(event).await;
            let third = ce.open_event("E").await;
            assert_ne!(third, Handle::NULL);
            assert_eq!(ce.wait(child.hProcess).await, OBJ0);
            assert_eq!(ce.poll(third).await, OBJ0);
        },
        async |ce| {
            let event = ce.open_event("E").await;
            ce.Sleep(ms(20)).await;
            assert_eq!(ce.SetEvent(event).await, TRUE);
        }
    ),
    case!("sync/OE-014", "bb202793", async |ce| {
        let created = ce.named_event(false, "E").await;
        assert_ne!(ce.open_event("E").await, created);
    }),
    case!("sync/OE-015", "bb202793", async |ce| {
        let created = ce.CreateEvent(NULL, false, false, "E").await;
        assert_eq!(ce.open_event("E").await, created);
        assert_eq!(ce.CloseHandle(created).await, TRUE);
        assert_eq!(ce.CloseHandle(created).await, TRUE);
        let third = ce.CloseHandle(created);
        assert_eq!(ce.noting(third).await, refused(6));
    })
    .on(Version::Ce5),
];

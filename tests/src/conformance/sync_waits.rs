//! Single and multiple waits (sync/WT).

use cerium_coredll::catalogue::{Processor, by_name};
use cerium_coredll::{CeApi, Function, MsgQueueOptions, NULL, OUT, Ret, WaitStatus};
use cerium_guest::Ce;
use cerium_handle::Handle;

use super::stage::*;
use super::{Case, case};

/// MSGQUEUEOPTIONS of one end of a queue for one message.
fn one_message(read_access: bool) -> MsgQueueOptions {
    MsgQueueOptions {
        dwSize: MsgQueueOptions::SIZE,
        dwFlags: 0,
        dwMaxMessages: 1,
        cbMaxMessage: 4,
        bReadAccess: u32::from(read_access),
    }
}

/// How long a call took, in milliseconds.
async fn timed<T>(ce: &Ce, call: impl Future<Output = T>) -> (T, u32) {
    let before = ce.GetTickCount().await;
    let result = call.await;
    (result, ce.GetTickCount().await.wrapping_sub(before))
}

/// Sleeps until GetTickCount says so; that is more than a millisecond away.
async fn sleep_until(ce: &Ce, tick: u32) {
    loop {
        let left = tick.wrapping_sub(ce.GetTickCount().await);
        if left < 2 {
            break;
        }
        ce.Sleep(ms((left - 1).min(0x7fff_0000))).await;
    }
    assert_eq!(ce.GetTickCount().await, tick);
}

/// An event bound to an interrupt.
async fn interrupt_event(ce: &Ce) -> Handle {
    let event = ce.auto_event().await;
    assert_eq!(ce.InterruptInitialize(17_u32, event, NULL, 0_u32).await, TRUE);
    event
}

/// Asserts that a wait returns its time-out after about so long.
async fn assert_times_out_after(ce: &Ce, timeout: u32, expected: u32) {
    let event = ce.auto_event().await;
    let (status, elapsed) = timed(ce, ce.WaitForSingleObject(event, ms(timeout))).await;
    assert_eq!(status, TMO);
    assert!((expected..=expected + 1).contains(&elapsed), "after {elapsed:#x}");
}

pub(super) const WAITS: &[Case] = &[
    case!("sync/WT-001", "ee488762", async |ce| {
        let event = ce.event(true, true).await;
        let (status, elapsed) = timed(&ce, ce.wait(event)).await;
        assert_eq!((status, elapsed), (OBJ0, 0));
    }),
    case!("sync/WT-002", "ee488762", async |ce| {
        let event = ce.auto_event().await;
        let equal = ce.thread(251, async |_| ()).await;
        assert_eq!(ce.poll(event).await, TMO);
        assert_eq!(equal.result(), None, "nobody else has run");
    }),
    case!("sync/WT-003", "ee482948", async |ce| {
        assert_times_out_after(&ce, 50, 50).await;
    }),
    case!("sync/WT-004", "ee488762", async |ce| {
        let event = ce.auto_event().await;
        ce.thread(251, async move |ce| {
            ce.Sleep(ms(30)).await;
            ce.SetEvent(event).await;
        })
        .await;
        let (status, elapsed) = timed(&ce, ce.WaitForSingleObject(event, ms(100))).await;
        assert_eq!(status, OBJ0);
        assert!((30..=31).contains(&elapsed), "after {elapsed}");
    }),
    case!("sync/WT-005", "aa450988", async |ce| {
        let event = ce.auto_event().await;
        let a = ce.thread(251, async move |ce| ce.WaitForSingleObject(event, ms(0x8000_0000)).await).await;
        ce.Sleep(ms(0x7000_0000)).await;
        assert_eq!(a.result(), BLOCKED);
    }),
    case!("sync/WT-006", "aa450988", async |ce| {
        assert_times_out_after(&ce, 0xffff_fffe, 0x7fff_ffff).await;
    }),
    case!("sync/WT-007", "aa450988", async |ce| {
        assert_times_out_after(&ce, 0x7fff_ffff, 0x7fff_ffff).await;
    }),
    case!("sync/WT-008", "ee488762", async |ce| {
        let event = ce.auto_event().await;
        let [a] = ce.waiters([251], event).await;
        ce.Sleep(ms(0x4800_0000)).await;
        ce.Sleep(ms(0x4800_0000)).await;
        assert_eq!(a.result(), BLOCKED);
    }),
    case!("sync/WT-009", "ee482948", async |ce| {
        sleep_until(&ce, 0xffff_fff0).await;
        assert_times_out_after(&ce, 0x40, 0x40).await;
    }),
    case!("sync/WT-010", "aa450988", async |ce| {
        assert_eq!(ce.noting(ce.wait(Handle::NULL)).await, failed(6));
    }),
    case!("sync/WT-011", "aa450988", async |ce| {
        let closed = ce.closed_handle().await;
        assert_eq!(ce.noting(ce.wait(closed)).await, failed(6));
    }),
    case!("sync/WT-012", "aa450988", async |ce| {
        assert_eq!(ce.noting(ce.wait(Handle::INVALID)).await, failed(6));
    }),
    case!("sync/WT-013", "aa450988", async |ce| {
        assert_eq!(ce.noting(ce.wait(Handle(0x1234_5678))).await, failed(6));
    }),
    case!("sync/WT-014", "SQ-18", async |ce| {
        let made = ce.CreateFile("\\Temp\\x", 0xC000_0000_u32, 0_u32, NULL, 2_u32, 0_u32, NULL).await;
        assert!(made.is_valid());
        assert_eq!(ce.noting(ce.wait(made.0)).await, failed(6));
    }),
    case!(
        "sync/WT-015",
        "bb202793",
        async |ce| {
            let event = ce.event(true, true).await;
            ce.start_with("P2", giving(event)).await;
        },
        async |ce| {
            assert_eq!(ce.noting(ce.wait(given_handle(&ce))).await, failed(6));
        }
    ),
    case!("sync/WT-016", "ee482771", async |ce| {
        let a = ce.thread(251, async |ce| ce.Sleep(INFINITE).await).await;
        assert_eq!(ce.poll(a.handle).await, TMO);
    }),
    case!("sync/WT-017", "ee482771", async |ce| {
        let function = ce.once(async |ce| {
            ce.Sleep(ms(5)).await;
            7
        });
        let (thread, _) = ce.CreateThread(NULL, 0_u32, function, 0_u32, 0_u32, OUT).await;
        assert_eq!(ce.wait(thread).await, OBJ0);
        assert_eq!(ce.GetExitCodeThread(thread, OUT).await, (TRUE, 7));
    }),
    case!("sync/WT-018", "ee482771", async |ce| {
        let a = ce.thread(251, async |_| ()).await;
        for _ in 0..3 {
            assert_eq!(ce.wait(a.handle).await, OBJ0);
        }
    }),
    case!("sync/WT-019", "ee482771", async |ce| {
        let ending = ce.thread(251, async |ce| ce.Sleep(ms(20)).await).await;
        let waiters = ce.waiters([251, 251, 251], ending.handle).await;
        assert_eq!(results(&waiters), [BLOCKED; 3]);
        ce.Sleep(ms(30)).await;
        assert_eq!(results(&waiters), [RELEASED; 3]);
    }),
    case!(
        "sync/WT-020",
        "ExitThread SDK5",
        async |ce| {
            let child = ce.start("P2").await;
            assert_eq!(ce.poll(child.hProcess).await, TMO);
            assert_eq!(ce.WaitForSingleObject(child.hProcess, ms(100)).await, OBJ0);
        },
        async |ce| {
            ce.thread(251, async |ce| ce.Sleep(INFINITE).await).await;
            ce.Sleep(ms(10)).await;
        }
    ),
    case!(
        "sync/WT-021",
        "aa450927",
        async |ce| {
            let child = ce.start("P2").await;
            assert_eq!(ce.TerminateProcess(child.hProcess, 0_u32).await, TRUE);
            assert_eq!(ce.poll(child.hProcess).await, OBJ0);
            assert_eq!(ce.poll(child.hThread).await, OBJ0);
        },
        async |ce| { ce.Sleep(INFINITE).await }
    ),
    case!("sync/WT-022", "sync §5", async |ce| {
        let id = ce.GetThreadId(Handle::CURRENT_THREAD).await;
        let own = ce.OpenThread(0_u32, false, id).await;
        assert_ne!(own, Handle::NULL);
        assert_eq!(ce.WaitForSingleObject(own, ms(10)).await, TMO);
    }),
    case!("sync/WT-023", "kfuncs.h", async |ce| {
        assert_eq!(ce.poll(Handle(66)).await, TMO);
    }),
    case!("sync/WT-024", "ee488762", async |ce| {
        let event = ce.auto_event().await;
        let a = ce.thread(251, async move |ce| ce.WaitForSingleObject(event, ms(5)).await).await;
        ce.Sleep(ms(10)).await;
        ce.SetEvent(event).await;
        assert_eq!(a.result(), Some(TMO));
        assert_eq!(ce.other(async move |ce| ce.poll(event).await).await, OBJ0);
    }),
    case!("sync/WT-025", "SQ-12", async |ce| {
        let event = ce.event(true, true).await;
        assert_eq!(ce.noting(ce.wait(event)).await, (OBJ0, KEPT));
        let event = ce.auto_event().await;
        let a = ce.thread(251, async move |ce| ce.noting(ce.wait(event)).await).await;
        ce.settle().await;
        ce.SetEvent(event).await;
        ce.settle().await;
        assert_eq!(a.result(), Some((OBJ0, KEPT)));
    }),
    case!("sync/WT-026", "SQ-14", async |ce| {
        let (event, sibling) = (ce.named_event(false, "E").await, ce.named_event(false, "E").await);
        let [a] = ce.waiters([251], event).await;
        ce.CloseHandle(sibling).await;
        ce.settle().await;
        assert_eq!(a.result(), BLOCKED);
        ce.SetEvent(event).await;
        ce.settle().await;
        assert_eq!(a.result(), RELEASED);
    }),
    case!("sync/WT-027", "ee488762", async |ce| {
        let event = ce.auto_event().await;
        let waits = async move |ce: Ce| timed(&ce, ce.noting(ce.WaitForSingleObject(event, ms(100)))).await;
        let a = ce.thread(251, waits).await;
        ce.Sleep(ms(30)).await;
        assert_eq!(ce.CloseHandle(event).await, TRUE);
        ce.Sleep(ms(60)).await;
        assert_eq!(a.result(), None);
        ce.Sleep(ms(20)).await;
        let (ended, elapsed) = a.result().expect("its time is out");
        assert_eq!(ended, (TMO, KEPT));
        assert!((100..=101).contains(&elapsed));
    }),
    case!("sync/WT-028", "SQ-14", async |ce| {
        let event = ce.auto_event().await;
        let [a] = ce.waiters([251], event).await;
        ce.TerminateThread(a.handle, 0_u32).await;
        assert_eq!(ce.poll(a.handle).await, OBJ0);
        ce.SetEvent(event).await;
        ce.settle().await;
        assert_eq!(a.result(), None);
    }),
    case!("sync/WT-030", "aa915354", async |ce| {
        let (e1, e2) = (ce.auto_event().await, ce.event(false, true).await);
        assert_eq!(ce.wait_any(&[e1, e2], INFINITE).await, object(1));
    }),
    case!("sync/WT-031", "aa915354", async |ce| {
        let (e1, e2) = (ce.event(false, true).await, ce.event(false, true).await);
        assert_eq!(ce.wait_any(&[e1, e2], INFINITE).await, object(0));
        assert_eq!(ce.poll(e2).await, OBJ0);
    }),
    case!("sync/WT-032", "aa915354", async |ce| {
        let (e1, e2) = (ce.event(false, true).await, ce.event(false, true).await);
        assert_eq!(ce.wait_any(&[e1, e2], INFINITE).await, object(0));
        assert_eq!(ce.wait_any(&[e1, e2], INFINITE).await, object(1));
        assert_eq!(ce.wait_any(&[e1, e2], ms(0)).await, TMO);
    }),
    case!("sync/WT-033", "aa915354", async |ce| {
        let events = [ce.auto_event().await, ce.auto_event().await, ce.auto_event().await];
        let a = ce.thread(251, async move |ce| ce.wait_any(&events, INFINITE).await).await;
        ce.settle().await;
        ce.SetEvent(events[2]).await;
        ce.settle().await;
        assert_eq!(a.result(), Some(object(2)));
    }),
    case!("sync/WT-034", "SQ-13", async |ce| {
        ce.run_at(100).await;
        let events = [ce.auto_event().await, ce.auto_event().await, ce.auto_event().await];
        let a = ce.thread(251, async move |ce| ce.wait_any(&events, INFINITE).await).await;
        ce.settle().await;
        ce.SetEvent(events[2]).await;
        ce.SetEvent(events[0]).await;
        assert_eq!(a.result(), None, "it has not run");
        ce.settle().await;
        assert_eq!(a.result(), Some(object(2)));
        assert_eq!(ce.poll(events[0]).await, OBJ0);
    }),
    case!("sync/WT-035", "aa915354", async |ce| {
        let events = [ce.auto_event().await, ce.auto_event().await];
        let wait = ce.noting(ce.WaitForMultipleObjects(&events, true, ms(100)));
        assert_eq!(timed(&ce, wait).await, (failed(87), 0));
    }),
    case!("sync/WT-036", "SQ-02", async |ce| {
        let events = [ce.event(false, true).await, ce.event(false, true).await];
        assert_eq!(ce.noting(ce.WaitForMultipleObjects(&events, true, INFINITE)).await, failed(87));
        assert_eq!((ce.poll(events[0]).await, ce.poll(events[1]).await), (OBJ0, OBJ0));
    }),
    case!("sync/WT-037", "SQ-02", async |ce| {
        let event = ce.event(true, true).await;
        assert_eq!(ce.noting(ce.WaitForMultipleObjects(&[event], true, INFINITE)).await, failed(87));
    }),
    case!("sync/WT-038", "SQ-03", async |ce| {
        assert_eq!(ce.noting(ce.wait_any(&[], INFINITE)).await, failed(87));
    }),
    case!("sync/WT-039", "aa915354", async |ce| {
        let mut events = [Handle::NULL; 64];
        for event in &mut events {
            *event = ce.auto_event().await;
        }
        ce.SetEvent(events[63]).await;
        assert_eq!(ce.wait_any(&events, INFINITE).await, object(63));
    }),
    case!("sync/WT-040", "aa915354", async |ce| {
        let event = ce.event(true, true).await;
        assert_eq!(ce.noting(ce.wait_any(&[event; 65], INFINITE)).await, failed(87));
    }),
    case!("sync/WT-041", "SQ-03", async |ce| {
        let wait = ce.call_with(Function::WaitForMultipleObjects, &[1, 0, 0, u32::MAX]);
        let (reply, error) = ce.noting(wait).await;
        assert_eq!((WaitStatus::from_reply(&reply), error), failed(87));
    }),
    case!("sync/WT-042", "SQ-04", async |ce| {
        let (event, bad) = (ce.event(false, true).await, ce.closed_handle().await);
        assert_eq!(ce.noting(ce.wait_any(&[event, bad], INFINITE)).await, failed(6));
        assert_eq!(ce.poll(event).await, OBJ0);
    }),
    case!("sync/WT-043", "SQ-04", async |ce| {
        let (event, bad) = (ce.event(false, true).await, ce.closed_handle().await);
        assert_eq!(ce.noting(ce.wait_any(&[bad, event], INFINITE)).await, failed(6));
        assert_eq!(ce.poll(event).await, OBJ0);
    }),
    case!("sync/WT-044", "SQ-03", async |ce| {
        let event = ce.event(false, true).await;
        assert_eq!(ce.wait_any(&[event, event], INFINITE).await, object(0));
        assert_eq!(ce.poll(event).await, TMO);
    }),
    case!("sync/WT-045", "aa450987", async |ce| {
        let (event, mutex, semaphore) = (ce.auto_event().await, ce.mutex().await, ce.semaphore(1, 1).await);
        let [owner] = ce.waiters([251], mutex).await;
        let objects = [event, mutex, semaphore, owner.handle, Handle::CURRENT_PROCESS];
        assert_eq!(ce.wait_any(&objects, INFINITE).await, object(2));
        assert_eq!(ce.poll(semaphore).await, TMO);
        assert_eq!(ce.ReleaseMutex(mutex).await, FALSE);
    }),
    case!("sync/WT-046", "sync §6", async |ce| {
        let (event, mutex) = (ce.auto_event().await, ce.CreateMutex(NULL, true, NULL).await);
        assert_eq!(ce.wait_any(&[event, mutex], INFINITE).await, object(1));
        assert_eq!(ce.ReleaseMutex(mutex).await, TRUE);
        assert_eq!(ce.ReleaseMutex(mutex).await, TRUE);
        assert_eq!(ce.ReleaseMutex(mutex).await, FALSE);
    }),
    case!("sync/WT-047", "aa450987", async |ce| {
        let (event, mutex) = (ce.event(false, true).await, ce.mutex().await);
        assert_eq!(ce.wait_any(&[event, mutex], INFINITE).await, object(0));
        assert_eq!(ce.other(async move |ce| ce.poll(mutex).await).await, OBJ0);
    }),
    case!("sync/WT-048", "aa915354", async |ce| {
        let events = [ce.auto_event().await, ce.auto_event().await];
        assert_eq!(timed(&ce, ce.wait_any(&events, ms(0))).await, (TMO, 0));
    }),
    case!("sync/WT-049", "aa915354", async |ce| {
        let events = [ce.auto_event().await, ce.auto_event().await];
        let (status, elapsed) = timed(&ce, ce.wait_any(&events, ms(30))).await;
        assert_eq!(status, TMO);
        assert!((30..=31).contains(&elapsed), "after {elapsed}");
    }),
    case!("sync/WT-050", "aa450987", async |ce| {
        let events = [ce.auto_event().await, ce.auto_event().await];
        let (status, elapsed) = timed(&ce, ce.wait_any(&events, ms(0x8000_0000))).await;
        assert_eq!(status, TMO);
        assert!(elapsed.abs_diff(0x7fff_ffff) <= 1, "after {elapsed:#x}");
    }),
    Case::skipped("sync/WT-051", NEEDS_MEMORY),
    case!("sync/WT-052", "SQ-13", async |ce| {
        let (e1, e2) = (ce.auto_event().await, ce.auto_event().await);
        let a = ce.thread(251, async move |ce| ce.wait_any(&[e1, e2], INFINITE).await).await;
        ce.settle().await;
        let [b] = ce.waiters([251], e1).await;
        ce.SetEvent(e1).await;
        ce.settle().await;
        assert_eq!([a.result(), b.result()], [RELEASED, BLOCKED]);
    }),
    case!("sync/WT-053", "sync §2.3", async |ce| {
        let (e1, e2) = (ce.auto_event().await, ce.auto_event().await);
        let a = ce.thread(251, async move |ce| ce.wait_any(&[e1, e2], INFINITE).await).await;
        ce.settle().await;
        ce.SetEvent(e1).await;
        ce.SetEvent(e2).await;
        ce.settle().await;
        assert_eq!(a.result(), Some(object(0)));
        assert_eq!(ce.poll(e2).await, OBJ0);
    }),
    case!("sync/WT-054", "CreateMsgQueue SDK5", async |ce| {
        let reader = ce.CreateMsgQueue("Q", one_message(true)).await;
        let writer = ce.CreateMsgQueue("Q", one_message(false)).await;
        assert_eq!(ce.poll(reader).await, TMO);
        assert!(ce.WriteMsgQueue(writer, b"abcd", ms(0), 0_u32).await.0);
        assert_eq!(ce.poll(reader).await, OBJ0);
        assert_eq!(ce.poll(reader).await, OBJ0);
    }),
    case!("sync/WT-055", "CreateMsgQueue SDK5", async |ce| {
        let reader = ce.CreateMsgQueue("Q", one_message(true)).await;
        let writer = ce.CreateMsgQueue("Q", one_message(false)).await;
        assert!(ce.WriteMsgQueue(writer, b"abcd", ms(0), 0_u32).await.0);
        assert_eq!(ce.poll(writer).await, TMO);
        assert!(ce.ReadMsgQueue(reader, 4_u32, OUT, ms(0), OUT).await.ok);
        assert_eq!(ce.poll(writer).await, OBJ0);
    }),
    case!("sync/WT-056", "ee482817", async |ce| {
        let watchdog = ce.CreateWatchDogTimer("W", 10_u32, 0_u32, 0_u32, 0_u32, 0_u32).await;
        assert_eq!(ce.StartWatchDogTimer(watchdog, 0_u32).await, TRUE);
        assert_eq!(ce.poll(watchdog).await, TMO);
        assert_eq!(ce.WaitForSingleObject(watchdog, ms(50)).await, OBJ0);
    }),
    case!("sync/WT-057", "ee482998", async |ce| {
        let (event, interrupt) = (ce.event(true, true).await, interrupt_event(&ce).await);
        assert_eq!(ce.noting(ce.wait_any(&[event, interrupt], INFINITE)).await, failed(87));
    }),
    case!("sync/WT-058", "ee488762", async |ce| {
        let interrupt = interrupt_event(&ce).await;
        let [first] = ce.waiters([251], interrupt).await;
        assert_eq!(ce.noting(ce.wait(interrupt)).await, failed(87));
        assert_eq!(first.result(), BLOCKED);
    }),
    case!("sync/WT-059", "ee482998", async |ce| {
        let event = ce.auto_event().await;
        assert_eq!(ce.poll(event).await, TMO);
        assert_eq!(ce.InterruptInitialize(17_u32, event, NULL, 0_u32).await, FALSE);
    }),
    case!("sync/WT-060", "ms885155", async |ce| {
        let event = ce.auto_event().await;
        let [a, b] = ce.waiters([200, 210], event).await;
        assert_eq!(ce.CeSetThreadPriority(b.handle, 150).await, TRUE);
        ce.SetEvent(event).await;
        ce.settle().await;
        assert_eq!([a.result(), b.result()], [BLOCKED, RELEASED]);
    }),
    case!("sync/WT-061", "ms885155", async |ce| {
        let event = ce.auto_event().await;
        let [a, b] = ce.waiters([200, 210], event).await;
        assert_eq!(ce.CeSetThreadPriority(a.handle, 220).await, TRUE);
        ce.SetEvent(event).await;
        ce.settle().await;
        assert_eq!([a.result(), b.result()], [RELEASED, BLOCKED]);
    }),
    case!("sync/WT-062", "SQ-13", async |ce| {
        let event = ce.manual_event().await;
        let log = Log::default();
        let mut expected = vec![];
        for number in 0..100 {
            let priority = 240 - number % 3;
            let (own_log, word) = (log.clone(), format!("{priority}/{number} "));
            expected.push((priority, word.clone()));
            ce.thread(priority, async move |ce| {
                ce.wait(event).await;
                own_log.add(&word);
            })
            .await;
            ce.settle().await;
        }
        ce.SetEvent(event).await;
        ce.settle().await;
        expected.sort_by_key(|(priority, _)| *priority);
        let expected: String = expected.into_iter().map(|(_, word)| word).collect();
        assert_eq!(log.text(), expected);
    }),
    case!("sync/WT-063", "constants §7", async |_ce| {
        for processor in [Processor::Arm, Processor::X86] {
            for name in
                ["WaitForSingleObjectEx", "WaitForMultipleObjectsEx", "SignalObjectAndWait", "SleepEx"]
            {
                assert_eq!(by_name(processor, name), None);
            }
        }
    }),
];

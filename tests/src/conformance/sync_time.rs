//! Time (sync/TM).

use cerium_coredll::CeApi;
use cerium_guest::Ce;
use cerium_process::Timeout;

use super::stage::*;
use super::{Case, case};

/// How many milliseconds pass in Sleep, from a tick on.
async fn slept(ce: &Ce, timeout: Timeout) -> u32 {
    let before = ce.GetTickCount().await;
    ce.Sleep(timeout).await;
    ce.GetTickCount().await.wrapping_sub(before)
}

/// A thread at a priority that adds a word to the log when it runs.
async fn says(ce: &Ce, priority: i32, log: &Log, word: &'static str) {
    let log = log.clone();
    ce.thread(priority, async move |_| log.add(word)).await;
}

pub(super) const TIME: &[Case] = &[
    case!("sync/TM-001", "ee482948", async |ce| {
        let elapsed = slept(&ce, ms(1)).await;
        assert!((1..=2).contains(&elapsed), "{elapsed}");
    }),
    case!("sync/TM-002", "ee482803", async |ce| {
        for n in [1, 2, 10, 100] {
            let elapsed = slept(&ce, ms(n)).await;
            assert!((n..=n + 1).contains(&elapsed), "Sleep({n}) took {elapsed}");
        }
    }),
    case!("sync/TM-003", "aa909009", async |ce| {
        ce.settle().await;
        assert_eq!(slept(&ce, ms(0)).await, 0);
    }),
    case!("sync/TM-004", "aa909009", async |ce| {
        let log = Log::default();
        says(&ce, 251, &log, "other ").await;
        ce.Sleep(ms(0)).await;
        log.add("self");
        assert_eq!(log.text(), "other self");
    }),
    case!("sync/TM-005", "aa909009", async |ce| {
        let log = Log::default();
        says(&ce, 252, &log, "lower ").await;
        ce.Sleep(ms(0)).await;
        assert_eq!(log.text(), "");
    }),
    case!("sync/TM-006", "ee482803", async |ce| {
        let log = Log::default();
        says(&ce, 252, &log, "lower ").await;
        ce.Sleep(ms(1)).await;
        assert_eq!(log.text(), "lower ");
    }),
    case!("sync/TM-007", "aa909009", async |ce| {
        let a = ce.thread(251, async |ce| ce.Sleep(INFINITE).await).await;
        ce.settle().await;
        assert_eq!(ce.ResumeThread(a.handle).await.0, 1);
        ce.settle().await;
        assert_eq!(a.result(), Some(()));
    }),
    case!("sync/TM-008", "aa909009", async |ce| {
        let a = ce.thread(251, async |ce| ce.Sleep(INFINITE).await).await;
        ce.settle().await;
        assert_eq!(ce.SuspendThread(a.handle).await.0, 1);
        assert_eq!(ce.ResumeThread(a.handle).await.0, 2);
        ce.settle().await;
        assert_eq!(a.result(), None);
        assert_eq!(ce.ResumeThread(a.handle).await.0, 1);
        ce.settle().await;
        assert_eq!(a.result(), Some(()));
    }),
    case!("sync/TM-009", "SQ-20", async |ce| {
        let elapsed = slept(&ce, ms(0x8000_0000)).await;
        assert!(elapsed.abs_diff(0x7fff_ffff) <= 1, "{elapsed:#x}");
    }),
    case!("sync/TM-010", "sync §8.2", async |ce| {
        assert_eq!(ce.noting(ce.Sleep(ms(0))).await, ((), KEPT));
        assert_eq!(ce.noting(ce.Sleep(ms(5))).await, ((), KEPT));
    }),
    case!("sync/TM-011", "ee482948", async |ce| {
        let event = ce.auto_event().await;
        // From the middle of a tick: two ticks later at the earliest.
        ce.settle().await;
        ce.compute(500_000).await;
        let before = ce.GetTickCount().await;
        assert_eq!(ce.WaitForSingleObject(event, ms(1)).await, TMO);
        assert_eq!(ce.GetTickCount().await - before, 2);
    }),
    case!("sync/TM-012", "ee482789", async |ce| {
        let log = Log::default();
        ce.run_at(50).await;
        for (priority, word) in [(200, "B"), (100, "A")] {
            let log = log.clone();
            ce.thread(priority, async move |ce| {
                ce.Sleep(ms(10)).await;
                log.add(word);
            })
            .await;
        }
        ce.Sleep(ms(20)).await;
        assert_eq!(log.text(), "AB");
    }),
    case!("sync/TM-013", "ee482769", async |ce| {
        let log = Log::default();
        says(&ce, 252, &log, "lower").await;
        let before = ce.GetTickCount().await;
        ce.SleepTillTick().await;
        assert_eq!(ce.GetTickCount().await - before, 1);
        assert_eq!(log.text(), "lower");
    }),
    case!("sync/TM-014", "ee482948", async |ce| {
        ce.thread(100, async |ce| {
            ce.Sleep(ms(5)).await;
            ce.compute(50_000_000).await;
        })
        .await;
        let elapsed = slept(&ce, ms(10)).await;
        assert!(elapsed >= 55, "{elapsed}");
    }),
    case!("sync/TM-015", "SQ-20", async |ce| {
        for after in [9, 10, 11] {
            let event = ce.auto_event().await;
            let a = ce.thread(251, async move |ce| ce.WaitForSingleObject(event, ms(10)).await).await;
            ce.Sleep(ms(0)).await;
            ce.Sleep(ms(after)).await;
            ce.SetEvent(event).await;
            let is_left = ce.poll(event).await == OBJ0;
            ce.settle().await;
            let status = a.result().expect("its time is out");
            assert!(status == OBJ0 || status == TMO);
            assert_eq!(status == OBJ0, !is_left, "after {after}");
        }
    }),
];

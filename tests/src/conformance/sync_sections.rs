//! Critical sections (sync/CS). A Rust guest holds the 20 bytes as a value; each call returns what stands in
//! them afterwards.

use cerium_coredll::catalogue::{Processor, by_name};
use cerium_coredll::{CeApi, OUT, OutType};
use cerium_guest::Ce;
use cerium_handle::Handle;
use cerium_kernel::SectionWords;

use super::stage::*;
use super::{Case, case};

/// A free section.
async fn free(ce: &Ce) -> SectionWords {
    ce.InitializeCriticalSection(OUT).await
}

/// A section that the caller is in, once.
async fn entered(ce: &Ce) -> SectionWords {
    let section = free(ce).await;
    ce.EnterCriticalSection(&section).await
}

/// What another thread's TryEnterCriticalSection returns; if it enters, it leaves.
async fn other_tries(ce: &Ce, section: SectionWords) -> bool {
    ce.other(async move |ce| {
        let (entered, words) = ce.TryEnterCriticalSection(&section).await;
        if entered == TRUE {
            ce.LeaveCriticalSection(&words).await;
        }
        entered == TRUE
    })
    .await
}

/// The caller's thread id.
async fn own_id(ce: &Ce) -> u32 {
    ce.GetThreadId(Handle::CURRENT_THREAD).await
}

/// Threads at these priorities that enter in this order, say their number, and leave.
async fn enterers(ce: &Ce, section: SectionWords, priorities: &[i32], log: &Log) {
    for (number, priority) in priorities.iter().enumerate() {
        let log = log.clone();
        ce.thread(*priority, async move |ce| {
            ce.EnterCriticalSection(&section).await;
            log.add(&number.to_string());
            ce.LeaveCriticalSection(&section).await;
        })
        .await;
        ce.settle().await;
    }
}

pub(super) const SECTIONS: &[Case] = &[
    case!("sync/CS-001", "winbase.h", async |_ce| {
        assert_eq!(SectionWords::SIZE, 20);
        let words =
            SectionWords { lock_count: 1, owner_thread: 2, h_crit: Handle(3), need_trap: 4, contentions: 5 };
        let bytes = words.encode();
        for (place, word) in bytes.as_bytes().chunks_exact(4).enumerate() {
            assert_eq!(word, (place as u32 + 1).to_le_bytes());
        }
    }),
    case!("sync/CS-002", "winbase.h", async |ce| {
        let section = free(&ce).await;
        assert_eq!((section.lock_count, section.owner_thread), (0, 0));
        assert_ne!(section.h_crit, Handle::NULL);
    }),
    case!("sync/CS-003", "EnterCriticalSection SDK5", async |ce| {
        let section = free(&ce).await;
        assert_eq!(ce.EnterCriticalSection(&section).await.lock_count, 1);
        assert_eq!(ce.EnterCriticalSection(&section).await.lock_count, 2);
    }),
    case!("sync/CS-004", "EnterCriticalSection SDK5", async |ce| {
        let section = entered(&ce).await;
        ce.EnterCriticalSection(&section).await;
        ce.LeaveCriticalSection(&section).await;
        assert!(!other_tries(&ce, section).await);
        ce.LeaveCriticalSection(&section).await;
        assert!(other_tries(&ce, section).await);
    }),
    case!("sync/CS-005", "bb202746", async |ce| {
        let section = entered(&ce).await;
        let (entered, words) = ce.TryEnterCriticalSection(&section).await;
        assert_eq!((entered, words.lock_count), (TRUE, 2));
    }),
    case!("sync/CS-006", "bb202746", async |ce| {
        let section = entered(&ce).await;
        let (entered, words) = ce.other(async move |ce| ce.TryEnterCriticalSection(&section).await).await;
        assert_eq!(entered, FALSE);
        assert_eq!(words, section);
    }),
    case!("sync/CS-007", "bb202746", async |ce| {
        let section = free(&ce).await;
        let (entered, words) = ce.TryEnterCriticalSection(&section).await;
        assert_eq!((entered, words.owner_thread), (TRUE, own_id(&ce).await));
    }),
    case!("sync/CS-008", "EnterCriticalSection SDK5", async |ce| {
        let section = entered(&ce).await;
        let b = ce.stayer(251, async move |ce| ce.EnterCriticalSection(&section).await).await;
        ce.settle().await;
        assert_eq!(b.result(), None);
        assert_eq!(ce.LeaveCriticalSection(&section).await.owner_thread, b.id);
        ce.settle().await;
        assert!(b.result().is_some());
    }),
    case!("sync/CS-009", "ee488915", async |ce| {
        let section = entered(&ce).await;
        let log = Log::default();
        enterers(&ce, section, &[251, 100], &log).await;
        ce.LeaveCriticalSection(&section).await;
        ce.settle().await;
        assert_eq!(log.text(), "10");
    }),
    case!("sync/CS-010", "ee488915", async |ce| {
        let section = entered(&ce).await;
        let log = Log::default();
        enterers(&ce, section, &[251, 251, 251], &log).await;
        ce.LeaveCriticalSection(&section).await;
        ce.settle().await;
        assert_eq!(log.text(), "012");
    }),
    case!("sync/CS-011", "CEL_CRITSEC_LEAVE SDK5", async |ce| {
        let section = entered(&ce).await;
        let b = ce.stayer(251, async move |ce| ce.EnterCriticalSection(&section).await).await;
        ce.settle().await;
        ce.LeaveCriticalSection(&section).await;
        assert_eq!(ce.TryEnterCriticalSection(&section).await.0, FALSE);
        ce.settle().await;
        assert!(b.result().is_some());
    }),
    case!("sync/CS-012", "ee482778", async |ce| {
        let section = entered(&ce).await;
        ce.thread(50, async move |ce| ce.EnterCriticalSection(&section).await).await;
        let c = ce.thread(100, async |_| ()).await;
        ce.compute(1_000_000).await;
        assert_eq!(c.result(), None, "the owner runs at 50");
        ce.LeaveCriticalSection(&section).await;
        assert_eq!(c.result(), Some(()));
    }),
    case!("sync/CS-013", "CEL_CRITSEC_ENTER SDK5", async |ce| {
        let section = entered(&ce).await;
        ce.LeaveCriticalSection(&section).await;
    })
    .then(|outcome| {
        assert!(!outcome.trace.contains("block enter"), "{}", outcome.trace);
        assert!(!outcome.trace.contains("wake"), "{}", outcome.trace);
    }),
    case!("sync/CS-014", "CEL_CRITSEC_* SDK5", async |ce| {
        let section = entered(&ce).await;
        let b = ce.thread(251, async move |ce| ce.EnterCriticalSection(&section).await).await;
        ce.settle().await;
        ce.LeaveCriticalSection(&section).await;
        ce.wait(b.handle).await;
    })
    .then(|outcome| {
        let lines: Vec<&str> = outcome.trace.lines().collect();
        let blocked: Vec<&&str> = lines.iter().filter(|line| line.contains(" block enter ")).collect();
        assert_eq!(blocked.len(), 1, "{}", outcome.trace);
        let waiter = blocked[0].split(' ').nth(1).expect("a line names its thread");
        let leave = lines.iter().position(|line| line.contains("call LeaveCriticalSection"));
        let next = lines[leave.expect("it is left") + 1];
        // Before the leaver is answered the next owner is known.
        assert!(next.contains(&format!("{waiter} wake object 0")), "{}", outcome.trace);
    }),
    case!("sync/CS-015", "SQ-21", async |ce| {
        let section = entered(&ce).await;
        assert_eq!(section.contentions, 0);
        for number in 1..=2 {
            ce.thread(251, async move |ce| ce.EnterCriticalSection(&section).await).await;
            ce.settle().await;
            let (_, words) = ce.TryEnterCriticalSection(&section).await;
            assert_eq!(words.contentions, number);
        }
    }),
    case!("sync/CS-016", "DeleteCriticalSection SDK5", async |ce| {
        let section = free(&ce).await;
        let deleted = ce.DeleteCriticalSection(&section).await;
        assert_eq!((deleted.lock_count, deleted.owner_thread, deleted.h_crit), (0, 0, Handle::NULL));
        ce.EnterCriticalSection(&deleted).await;
        ce.EnterCriticalSection(&section).await;
        // Neither has harmed anybody else.
        let other = free(&ce).await;
        assert_eq!(ce.EnterCriticalSection(&other).await.lock_count, 1);
    }),
    case!("sync/CS-017", "SQ-21", async |ce| {
        let section = free(&ce).await;
        ce.other(async move |ce| ce.EnterCriticalSection(&section).await).await;
        let b = ce.thread(251, async move |ce| ce.EnterCriticalSection(&section).await).await;
        ce.Sleep(ms(10_000)).await;
        assert_eq!(b.result(), None);
    }),
    case!("sync/CS-018", "SQ-21", async |ce| {
        let section = entered(&ce).await;
        let words = ce.other(async move |ce| ce.LeaveCriticalSection(&section).await).await;
        assert_eq!((words.lock_count, words.owner_thread), (1, own_id(&ce).await));
        assert!(!other_tries(&ce, section).await);
    }),
    case!("sync/CS-019", "SQ-21", async |ce| {
        let section = free(&ce).await;
        let words = ce.LeaveCriticalSection(&section).await;
        assert_eq!((words.lock_count, words.owner_thread), (0, 0));
        assert!(other_tries(&ce, section).await);
    }),
    case!("sync/CS-020", "sync §9", async |ce| {
        let (section, error) = ce.noting(ce.InitializeCriticalSection(OUT)).await;
        assert_eq!(error, KEPT);
        assert_eq!(ce.noting(ce.EnterCriticalSection(&section)).await.1, KEPT);
        assert_eq!(ce.noting(ce.TryEnterCriticalSection(&section)).await.1, KEPT);
        assert_eq!(ce.noting(ce.LeaveCriticalSection(&section)).await.1, KEPT);
        assert_eq!(ce.noting(ce.LeaveCriticalSection(&section)).await.1, KEPT);
        assert_eq!(ce.noting(ce.DeleteCriticalSection(&section)).await.1, KEPT);
    }),
    case!("sync/CS-021", "sync §9", async |ce| {
        let mutex = ce.mutex().await;
        for mutex_first in [false, true] {
            let section = entered(&ce).await;
            ce.wait(mutex).await;
            if mutex_first {
                assert_eq!(ce.ReleaseMutex(mutex).await, TRUE);
            }
            ce.LeaveCriticalSection(&section).await;
            assert!(other_tries(&ce, section).await);
            if !mutex_first {
                assert_eq!(ce.ReleaseMutex(mutex).await, TRUE);
            }
            assert_eq!(ce.other(async move |ce| ce.poll(mutex).await).await, OBJ0);
        }
    }),
    case!("sync/CS-022", "SQ-21", async |ce| {
        let section = entered(&ce).await;
        assert_eq!(section.owner_thread, own_id(&ce).await);
    }),
    Case::skipped("sync/CS-023", "needs an allocation that fails, which no guest here can bring about"),
    case!("sync/CS-024", "constants §7", async |_ce| {
        for processor in [Processor::Arm, Processor::X86] {
            assert_eq!(by_name(processor, "InitializeCriticalSectionAndSpinCount"), None);
        }
    }),
];

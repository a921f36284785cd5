//! Scheduling (ipc/SC).

use cerium_coredll::{CeApi, NULL, OUT};
use cerium_guest::Ce;
use cerium_handle::Handle;
use cerium_kernel::SectionWords;

use super::ipc_stage::*;
use super::stage::*;
use super::{Case, case};

/// What can be held, with an owner or without.
#[derive(Copy, Clone)]
enum Lock {
    Mutex(Handle),
    Section(SectionWords),
    Semaphore(Handle),
}

impl Lock {
    async fn take(&self, ce: &Ce) {
        match self {
            Lock::Mutex(object) | Lock::Semaphore(object) => assert_eq!(ce.wait(*object).await, OBJ0),
            Lock::Section(section) => {
                ce.EnterCriticalSection(section).await;
            }
        }
    }

    async fn give(&self, ce: &Ce) {
        match self {
            Lock::Mutex(mutex) => assert_eq!(ce.ReleaseMutex(*mutex).await, TRUE),
            Lock::Semaphore(semaphore) => assert_eq!(ce.release(*semaphore, 1).await, TRUE),
            Lock::Section(section) => {
                ce.LeaveCriticalSection(section).await;
            }
        }
    }
}

/// L at 252 holds the lock for 20 ms, H at 250 comes for it, X at 251 computes: who gets there first, with
/// `l` for L when it has given the lock back. The caller looks meanwhile.
async fn inversion(ce: &Ce, lock: Lock, look: impl AsyncFnOnce(&Ce, Handle)) -> String {
    ce.run_at(100).await;
    let log = Log::default();
    let said = log.clone();
    let low = async move |ce: Ce| {
        lock.take(&ce).await;
        ce.work(&said, "L", 1, 20).await;
        lock.give(&ce).await;
        said.add("l");
    };
    let low = ce.thread(252, low).await;
    ce.Sleep(ms(5)).await;
    let said = log.clone();
    let high = async move |ce: Ce| {
        lock.take(&ce).await;
        said.add("H");
    };
    let high = ce.thread(250, high).await;
    let said = log.clone();
    let other = ce.thread(251, async move |ce| ce.work(&said, "X", 1, 50).await).await;
    ce.settle().await;
    look(ce, low.handle).await;
    for handle in [low.handle, high.handle, other.handle] {
        ce.wait(handle).await;
    }
    log.text()
}

/// Threads at 251 that compute, 10 ms at a time and so often: what they said.
async fn spinners<const N: usize>(ce: &Ce, words: [&'static str; N], times: u32) -> String {
    ce.run_at(100).await;
    let log = Log::default();
    let mut threads = Vec::new();
    for word in words {
        let said = log.clone();
        threads.push(ce.thread(251, async move |ce| ce.work(&said, word, times, 10).await).await);
    }
    for thread in threads {
        ce.wait(thread.handle).await;
    }
    log.text()
}

/// A at 251 is preempted after 40 ms by C at 250 for 10 ms; B at 251 is ready.
async fn preempted(ce: &Ce) -> String {
    ce.run_at(100).await;
    let log = Log::default();
    let said = log.clone();
    let urgent = async move |ce: Ce| {
        ce.Sleep(ms(39)).await;
        ce.work(&said, "C", 1, 10).await;
    };
    ce.thread(250, urgent).await;
    let said = log.clone();
    let first = ce.thread(251, async move |ce| ce.work(&said, "A", 20, 10).await).await;
    let said = log.clone();
    let second = ce.thread(251, async move |ce| ce.work(&said, "B", 20, 10).await).await;
    ce.wait(first.handle).await;
    ce.wait(second.handle).await;
    log.text()
}

/// The owners' chain: B at 253 owns M2, A at 252 owns M1 and waits for M2, H at 250 waits for M1, X at 251
/// computes. The caller has seen to B.
async fn chain(ce: &Ce) {
    let [m1, m2] = [ce.CreateMutex(NULL, false, "M1").await, ce.CreateMutex(NULL, false, "M2").await];
    let middle = async move |ce: Ce| {
        ce.wait(m1).await;
        ce.wait(m2).await;
        ce.print("A");
        ce.ReleaseMutex(m1).await;
    };
    let middle = ce.thread(252, middle).await;
    ce.Sleep(ms(5)).await;
    let high = async move |ce: Ce| {
        ce.wait(m1).await;
        ce.print("H");
    };
    let high = ce.thread(250, high).await;
    let other = async |ce: Ce| {
        ce.compute(50 * MS).await;
        ce.print("X");
    };
    let other = ce.thread(251, other).await;
    for handle in [middle.handle, high.handle, other.handle] {
        ce.wait(handle).await;
    }
}

/// What B of the chain does.
async fn end_of_chain(ce: Ce) {
    let mutex = ce.CreateMutex(NULL, false, "M2").await;
    ce.wait(mutex).await;
    ce.compute(200 * MS).await;
    ce.print("B");
    ce.ReleaseMutex(mutex).await;
}

/// Threads at these priorities that come for a mutex of the caller, in this order; what they say when they
/// have it.
async fn queue_up<const N: usize>(
    ce: &Ce,
    log: &Log,
    mutex: Handle,
    threads: [(i32, &'static str); N],
) -> [Handle; N] {
    let mut handles = [Handle::NULL; N];
    for ((priority, word), handle) in threads.into_iter().zip(&mut handles) {
        let said = log.clone();
        let come = async move |ce: Ce| {
            ce.wait(mutex).await;
            said.add(word);
            ce.ReleaseMutex(mutex).await;
        };
        *handle = ce.thread(priority, come).await.handle;
        ce.settle().await;
    }
    handles
}

pub(super) const SCHEDULING: &[Case] = &[
    case!("ipc/SC-001", "ee482789", async |ce| {
        ce.run_at(100).await;
        let log = Log::default();
        let (said, too) = (log.clone(), log.clone());
        let low = ce.thread(251, async move |ce| ce.work(&too, "B", 1, 10).await).await;
        let high = async move |ce: Ce| {
            ce.work(&said, "A", 30, 10).await;
            ce.Sleep(ms(50)).await;
            said.add("a");
        };
        let high = ce.thread(250, high).await;
        ce.wait(low.handle).await;
        ce.wait(high.handle).await;
        assert_eq!(turns(&log.text(), 3), "ABa");
    }),
    case!("ipc/SC-002", "ee482789", async |ce| {
        let event = ce.auto_event().await;
        let [high] = ce.waiters([250], event).await;
        ce.SetEvent(event).await;
        assert_eq!(high.result(), RELEASED);
    }),
    case!("ipc/SC-003", "ee482789", async |ce| {
        ce.run_at(250).await;
        let event = ce.auto_event().await;
        let [low] = ce.waiters([251], event).await;
        ce.SetEvent(event).await;
        ce.compute(500 * MS).await;
        assert_eq!(low.result(), BLOCKED);
    }),
    case!("ipc/SC-004", "ee482789", async |ce| {
        let event = ce.auto_event().await;
        let [equal] = ce.waiters([251], event).await;
        ce.SetEvent(event).await;
        ce.compute(50 * MS).await;
        assert_eq!(equal.result(), BLOCKED);
        ce.compute(100 * MS).await;
        assert_eq!(equal.result(), RELEASED);
    }),
    case!("ipc/SC-005", "ee482789", async |ce| {
        let said = spinners(&ce, ["A", "B"], 30).await;
        assert_eq!(turns(&said, 4), "ABAB");
        assert!(rows(&said)[..4].iter().all(|(_, count)| (9..=11).contains(count)), "{said}");
    }),
    case!("ipc/SC-006", "ee482789", async |ce| {
        assert_eq!(turns(&spinners(&ce, ["A", "B", "C"], 30).await, 6), "ABCABC");
    }),
    case!("ipc/SC-007", "ee482789", async |ce| {
        spinners(&ce, ["A"], 100).await;
    })
    .then(|outcome| {
        let turns = outcome.trace.lines().filter(|line| line.ends_with(" run")).count();
        assert_eq!(turns, 3, "the caller's, the spinning thread's, the caller's");
    }),
    case!("ipc/SC-008", "ee482789", async |ce| {
        ce.run_at(100).await;
        let log = Log::default();
        let (said, too) = (log.clone(), log.clone());
        let first = ce.suspended(251, async move |ce| ce.work(&said, "A", 100, 10).await).await;
        ce.CeSetThreadQuantum(first.handle, 0_u32).await;
        ce.ResumeThread(first.handle).await;
        let second = ce.thread(251, async move |ce| ce.work(&too, "B", 1, 10).await).await;
        ce.wait(second.handle).await;
        assert_eq!(rows(&log.text()), [('A', 100), ('B', 1)]);
    }),
    case!("ipc/SC-009", "ee482789", async |ce| {
        ce.run_at(100).await;
        let log = Log::default();
        let [said, too, third] = [log.clone(), log.clone(), log.clone()];
        let first = ce.suspended(251, async move |ce| ce.work(&said, "A", 50, 10).await).await;
        ce.CeSetThreadQuantum(first.handle, 0_u32).await;
        ce.ResumeThread(first.handle).await;
        let second = ce.thread(251, async move |ce| ce.work(&too, "B", 1, 10).await).await;
        let urgent = async move |ce: Ce| {
            ce.Sleep(ms(50)).await;
            third.add("C");
        };
        ce.thread(250, urgent).await;
        ce.wait(second.handle).await;
        assert_eq!(turns(&log.text(), 4), "ACAB");
    }),
    case!("ipc/SC-010", "aa909212", async |ce| {
        ce.run_at(100).await;
        let log = Log::default();
        let (said, too) = (log.clone(), log.clone());
        let short = ce.suspended(251, async move |ce| ce.work(&said, "A", u32::MAX, 1).await).await;
        ce.CeSetThreadQuantum(short.handle, 20_u32).await;
        ce.ResumeThread(short.handle).await;
        ce.thread(251, async move |ce| ce.work(&too, "B", u32::MAX, 1).await).await;
        ce.Sleep(ms(1200)).await;
        let short = log.text().matches('A').count();
        let long = log.text().matches('B').count();
        assert!(short.abs_diff(200) <= 2 && long.abs_diff(1000) <= 2, "{short} {long}");
    }),
    case!("ipc/SC-011", "ms885136", async |ce| {
        ce.run_at(100).await;
        let log = Log::default();
        let (said, too) = (log.clone(), log.clone());
        let changing = async move |ce: Ce| {
            ce.work(&said, "A", 5, 10).await;
            ce.CeSetThreadQuantum(THIS_THREAD, 20_u32).await;
            ce.work(&said, "A", 20, 10).await;
        };
        ce.thread(251, changing).await;
        let second = ce.thread(251, async move |ce| ce.work(&too, "B", 30, 10).await).await;
        ce.wait(second.handle).await;
        let [(_, old), _, (_, new)] = rows(&log.text())[..3] else { panic!("they take turns") };
        assert!((9..=10).contains(&old) && (1..=3).contains(&new), "{}", log.text());
    }),
    case!("ipc/SC-012", "OQ-22", async |ce| {
        assert_eq!(turns(&preempted(&ce).await, 4), "ACAB");
    }),
    case!("ipc/SC-013", "OQ-22", async |ce| {
        let said = preempted(&ce).await;
        let rows = rows(&said);
        assert!((9..=10).contains(&(rows[0].1 + rows[2].1)), "{said}");
    }),
    case!("ipc/SC-014", "OQ-23", async |ce| {
        ce.run_at(100).await;
        let log = Log::default();
        let (said, too) = (log.clone(), log.clone());
        let blocking = async move |ce: Ce| {
            ce.work(&said, "A", 4, 10).await;
            ce.Sleep(ms(5)).await;
            ce.work(&said, "A", 20, 10).await;
        };
        let first = ce.thread(251, blocking).await;
        ce.thread(251, async move |ce| ce.work(&too, "B", 30, 10).await).await;
        ce.wait(first.handle).await;
        let said = log.text();
        assert_eq!(turns(&said, 4), "ABAB");
        assert!((9..=11).contains(&rows(&said)[2].1), "{said}");
    }),
    case!("ipc/SC-015", "aa909009", async |ce| {
        let equal = ce.thread(251, async |_ce| ()).await;
        assert_eq!(equal.result(), None);
        ce.Sleep(ms(0)).await;
        assert_eq!(equal.result(), Some(()));
    }),
    case!("ipc/SC-016", "aa909009", async |ce| {
        let lower = ce.thread(252, async |_ce| ()).await;
        assert_eq!(ce.timing(ce.Sleep(ms(0))).await.1, 0);
        assert_eq!(lower.result(), None);
    }),
    case!("ipc/SC-017", "ee482803", async |ce| {
        ce.run_at(0).await;
        for part in 0..10 {
            ce.compute(part * MS / 10).await;
            assert_eq!(ce.timing(ce.Sleep(ms(1))).await.1, 2);
        }
    })
    .then(|outcome| {
        let now = outcome.now.ticks();
        assert!((10..=25).contains(&now), "ten times one to two milliseconds: {now}");
    }),
    case!("ipc/SC-018", "aa450652", async |ce| {
        for milliseconds in [1, 2, 5, 10, 99, 1000] {
            assert!(ce.timing(ce.Sleep(ms(milliseconds))).await.1 >= milliseconds);
        }
    }),
    case!("ipc/SC-019", "ee506411", async |ce| {
        ce.run_at(100).await;
        let log = Log::default();
        let mut threads = Vec::new();
        for (priority, word) in [(251, "B"), (250, "A")] {
            let said = log.clone();
            let sleeper = async move |ce: Ce| {
                ce.Sleep(ms(10)).await;
                said.add(word);
            };
            threads.push(ce.thread(priority, sleeper).await.handle);
        }
        for thread in threads {
            ce.wait(thread).await;
        }
        assert_eq!(log.text(), "AB");
    }),
    case!("ipc/SC-020", "ee488350", async |ce| {
        assert_eq!(ce.SetThreadPriority(THIS_THREAD, 3).await, TRUE);
        assert_eq!(ce.CeGetThreadPriority(THIS_THREAD).await.0, 251);
    }),
    case!("ipc/SC-021", "ee488350", async |ce| {
        for value in 0..8 {
            assert_eq!(ce.SetThreadPriority(THIS_THREAD, value).await, TRUE);
            assert_eq!(ce.CeGetThreadPriority(THIS_THREAD).await.0, 248 + value as u32);
        }
    }),
    case!("ipc/SC-022", "ee488168", async |ce| {
        for value in 0..8 {
            ce.run_at(248 + value).await;
            assert_eq!(ce.GetThreadPriority(THIS_THREAD).await.0, value as u32);
        }
    }),
    case!("ipc/SC-023", "bb202770", async |ce| {
        ce.run_at(100).await;
        assert_eq!(ce.CeGetThreadPriority(THIS_THREAD).await.0, 100);
        assert_eq!(ce.GetThreadPriority(THIS_THREAD).await.0, 0);
    }),
    case!("ipc/SC-024", "bb202731", async |ce| {
        for level in [256, -1] {
            assert_eq!(ce.CeSetThreadPriority(THIS_THREAD, level).await, FALSE);
            assert_eq!(ce.CeGetThreadPriority(THIS_THREAD).await.0, 251);
        }
    }),
    case!("ipc/SC-025", "ee488350", async |ce| {
        assert_eq!(ce.SetThreadPriority(THIS_THREAD, 8).await, FALSE);
    }),
    case!("ipc/SC-026", "bb202770", async |ce| {
        let closed = ce.closed_handle().await;
        assert_eq!(ce.CeGetThreadPriority(closed).await.0, 0x7fff_ffff);
    }),
    case!("ipc/SC-027", "aa915083", async |ce| {
        let closed = ce.closed_handle().await;
        assert_eq!(ce.CeGetThreadQuantum(closed).await.0, u32::MAX);
        assert_eq!(ce.CeSetThreadQuantum(closed, 20_u32).await, FALSE);
    }),
    case!("ipc/SC-028", "ee482778", async |ce| {
        let lock = Lock::Mutex(ce.mutex().await);
        assert!(inversion(&ce, lock, async |_, _| ()).await.starts_with("LHX"));
    }),
    case!("ipc/SC-029", "ee482778", async |ce| {
        let lock = Lock::Section(ce.InitializeCriticalSection(OUT).await);
        assert!(inversion(&ce, lock, async |_, _| ()).await.starts_with("LHX"));
    }),
    case!("ipc/SC-030", "ee482778", async |ce| {
        let lock = Lock::Semaphore(ce.semaphore(1, 1).await);
        assert!(inversion(&ce, lock, async |_, _| ()).await.starts_with("XL"));
    }),
    case!("ipc/SC-031", "bb202770", async |ce| {
        let lock = Lock::Mutex(ce.mutex().await);
        let look = async |ce: &Ce, low| assert_eq!(ce.CeGetThreadPriority(low).await.0, 252);
        inversion(&ce, lock, look).await;
    })
    .then(|outcome| assert_eq!(inversions(outcome).first(), Some(&250), "it was lent something")),
    case!("ipc/SC-032", "ee482778", async |ce| {
        let lock = Lock::Mutex(ce.mutex().await);
        assert_eq!(inversion(&ce, lock, async |_, _| ()).await, "LHXl");
    }),
    case!("ipc/SC-033", "ee482778", async |ce| {
        ce.run_at(100).await;
        ce.thread(253, end_of_chain).await;
        ce.Sleep(ms(5)).await;
        chain(&ce).await;
    })
    .then(|outcome| {
        assert_eq!(outcome.output, "XBAH");
        assert_eq!(inversions(outcome)[..2], [252, 250], "B by A, A by H, and B no more");
    }),
    case!("ipc/SC-034", "ee482778", async |ce| {
        ce.run_at(100).await;
        let mutex = ce.mutex().await;
        let log = Log::default();
        let [said, too, third] = [log.clone(), log.clone(), log.clone()];
        let owner = async move |ce: Ce| {
            ce.wait(mutex).await;
            ce.compute(80 * MS).await;
            ce.ReleaseMutex(mutex).await;
            ce.work(&said, "L", 20, 10).await;
        };
        let owner = ce.thread(251, owner).await;
        ce.thread(251, async move |ce| ce.work(&too, "Y", 20, 10).await).await;
        ce.Sleep(ms(70)).await;
        let high = async move |ce: Ce| {
            ce.wait(mutex).await;
            third.add("H");
        };
        ce.thread(250, high).await;
        ce.wait(owner.handle).await;
        let said = log.text();
        assert_eq!(turns(&said, 3), "HLY");
        assert!((9..=10).contains(&rows(&said)[1].1), "{said}");
    }),
    case!("ipc/SC-035", "ee482778", async |ce| {
        ce.run_at(100).await;
        let mutex = ce.mutex().await;
        let owner = async move |ce: Ce| {
            ce.wait(mutex).await;
            ce.compute(200 * MS).await;
        };
        let owner = ce.thread(252, owner).await;
        ce.Sleep(ms(5)).await;
        let wait = async move |ce: Ce| ce.WaitForSingleObject(mutex, ms(50)).await;
        let waiter = ce.thread(250, wait).await;
        ce.Sleep(ms(5)).await;
        // The owner is ready and does not run until long after the time-out.
        ce.compute(100 * MS).await;
        ce.GetIdleTime().await;
        ce.wait(owner.handle).await;
        assert_eq!(waiter.result(), Some(TMO));
    })
    .then(|outcome| {
        assert_eq!(inversions(outcome), [250, 252]);
        let (before, after) = outcome.trace.split_once("call GetIdleTime").expect("it is called");
        assert!(before.contains(" priority 250") && !before.contains(" priority 252"));
        assert!(after.contains(" priority 252"));
    }),
    case!("ipc/SC-036", "ee482778", async |ce| {
        ce.run_at(100).await;
        let [mutex, event] = [ce.mutex().await, ce.auto_event().await];
        let [between] = ce.waiters([251], event).await;
        let owner = async move |ce: Ce| {
            ce.wait(mutex).await;
            ce.wait(event).await
        };
        let owner = ce.stayer(252, owner).await;
        ce.settle().await;
        let wait = async move |ce: Ce| ce.WaitForSingleObject(mutex, ms(50)).await;
        let waiter = ce.thread(250, wait).await;
        ce.Sleep(ms(100)).await;
        assert_eq!(waiter.result(), Some(TMO));
        ce.SetEvent(event).await;
        ce.settle().await;
        assert_eq!(owner.result(), RELEASED, "at 250 it comes before 251");
        assert_eq!(between.result(), BLOCKED);
    })
    .then(|outcome| assert_eq!(inversions(outcome), [250, 252])),
    case!("ipc/SC-037", "ee482778", async |ce| {
        ce.run_at(100).await;
        let mutex = ce.mutex().await;
        let owner = async move |ce: Ce| {
            ce.wait(mutex).await;
            ce.compute(100 * MS).await;
            ce.ReleaseMutex(mutex).await;
        };
        let owner = ce.thread(252, owner).await;
        ce.Sleep(ms(5)).await;
        queue_up(&ce, &Log::default(), mutex, [(250, "A"), (249, "B")]).await;
        ce.wait(owner.handle).await;
    })
    .then(|outcome| assert_eq!(inversions(outcome)[..2], [250, 249])),
    case!("ipc/SC-038", "OQ-24", async |ce| {
        ce.run_at(100).await;
        let [m1, m2] = [ce.mutex().await, ce.mutex().await];
        let owner = async move |ce: Ce| {
            ce.wait(m1).await;
            ce.wait(m2).await;
            ce.compute(100 * MS).await;
            ce.ReleaseMutex(m1).await;
            ce.ReleaseMutex(m2).await;
        };
        let owner = ce.thread(252, owner).await;
        ce.Sleep(ms(5)).await;
        queue_up(&ce, &Log::default(), m2, [(250, "B")]).await;
        queue_up(&ce, &Log::default(), m1, [(249, "A")]).await;
        ce.wait(owner.handle).await;
    })
    .then(|outcome| assert_eq!(inversions(outcome), [250, 249, 250, 252])),
    case!("ipc/SC-039", "ms885155", async |ce| {
        let log = Log::default();
        let mutex = ce.CreateMutex(NULL, true, NULL).await;
        let [_, raised] = queue_up(&ce, &log, mutex, [(251, "A"), (252, "B")]).await;
        ce.CeSetThreadPriority(raised, 249).await;
        ce.ReleaseMutex(mutex).await;
        ce.settle().await;
        assert_eq!(log.text(), "BA");
    }),
    case!("ipc/SC-040", "ms885155", async |ce| {
        let log = Log::default();
        let mutex = ce.CreateMutex(NULL, true, NULL).await;
        let [lowered, _] = queue_up(&ce, &log, mutex, [(249, "A"), (251, "B")]).await;
        ce.CeSetThreadPriority(lowered, 252).await;
        ce.ReleaseMutex(mutex).await;
        ce.settle().await;
        assert_eq!(log.text(), "AB");
    }),
    case!("ipc/SC-041", "CE wait-order docs", async |ce| {
        let event = ce.auto_event().await;
        let waiters = ce.waiters([252, 250], event).await;
        ce.SetEvent(event).await;
        ce.settle().await;
        assert_eq!(results(&waiters), [BLOCKED, RELEASED]);
    }),
    case!("ipc/SC-042", "sync.md", async |ce| {
        let event = ce.auto_event().await;
        let waiters = ce.waiters([251, 251], event).await;
        ce.SetEvent(event).await;
        ce.settle().await;
        assert_eq!(results(&waiters), [RELEASED, BLOCKED]);
    }),
    case!("ipc/SC-043", "ee482789", async |ce| {
        ce.run_at(250).await;
        let other = ce.thread(251, async |_ce| ()).await;
        assert_eq!(other.result(), None);
        ce.run_at(252).await;
        assert_eq!(other.result(), Some(()));
    }),
    case!("ipc/SC-044", "ee482789", async |ce| {
        let other = ce.thread(252, async |_ce| ()).await;
        assert_eq!(other.result(), None);
        ce.CeSetThreadPriority(other.handle, 250).await;
        assert_eq!(other.result(), Some(()));
    }),
    case!("ipc/SC-045", "ee487985", async |ce| {
        let before = ce.GetTickCount().await;
        ce.compute(10 * MS).await;
        assert_eq!(ce.GetTickCount().await - before, 10);
        ce.Sleep(ms(0x7fff_ffff)).await;
        let half = ce.GetTickCount().await;
        assert!(half >= 0x7fff_ffff);
        ce.Sleep(ms(0x7fff_ffff)).await;
        assert!(ce.GetTickCount().await < 100, "it has wrapped");
    }),
    case!("ipc/SC-046", "aa450652", async |ce| {
        let event = ce.auto_event().await;
        ce.Sleep(ms(0x7fff_ffff)).await;
        ce.Sleep(ms(0x7fff_ff00)).await;
        let before = ce.GetTickCount().await;
        let (status, ticks) = ce.timing(ce.WaitForSingleObject(event, ms(1000))).await;
        assert_eq!((status, ticks), (TMO, 1001));
        assert!(before > 0xffff_fe00 && ce.GetTickCount().await < 1001, "it has wrapped meanwhile");
    }),
    case!("ipc/SC-047", "ee488620", async |ce| {
        ce.Sleep(ms(10)).await;
        assert_eq!(ce.QueryPerformanceFrequency(OUT).await, (TRUE, 1000));
        let ticks = u64::from(ce.GetTickCount().await);
        assert_eq!(ce.QueryPerformanceCounter(OUT).await, (TRUE, ticks));
    }),
    case!("ipc/SC-048", "ee488013", async |ce| {
        let before = ce.GetIdleTime().await;
        ce.compute(50 * MS).await;
        assert_eq!(ce.GetIdleTime().await, before);
        ce.Sleep(ms(100)).await;
        assert!((ce.GetIdleTime().await - before).abs_diff(100) <= 1);
    }),
    case!("ipc/SC-049", "ee482769", async |ce| {
        for part in 0..10 {
            ce.compute(part * MS / 10).await;
            assert_eq!(ce.timing(ce.SleepTillTick()).await.1, 1);
        }
    }),
    case!(
        "ipc/SC-050",
        "ee482789",
        async |ce| {
            ce.run_at(100).await;
            ce.create("P2", 0).await;
            ce.Sleep(ms(5)).await;
            chain(&ce).await;
        },
        async |ce| {
            ce.run_at(253).await;
            end_of_chain(ce).await;
        }
    )
    .then(|outcome| {
        assert_eq!(outcome.output, "XBAH");
        assert_eq!(inversions(outcome)[..2], [252, 250], "B by A, A by H, and B no more");
    }),
    case!("ipc/SC-051", "ee488594", async |ce| {
        let lock = Lock::Mutex(ce.mutex().await);
        inversion(&ce, lock, async |_, _| ()).await;
    })
    .then(|outcome| assert_eq!(inversions(outcome), [250, 252])),
    Case::skipped("ipc/SC-052", "needs a second processor, which no device here has"),
];

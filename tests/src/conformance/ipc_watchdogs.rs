//! Watchdog timers (ipc/WD), and waits on what several processes share (ipc/WT).

use cerium_coredll::{CeApi, MsgQueueOptions, NULL, WAIT_FAILED};
use cerium_guest::{Ce, Verdict};
use cerium_handle::Handle;

use super::ipc_stage::*;
use super::runner::REGISTERED_EVENT;
use super::stage::*;
use super::{Case, case};

const NOTHING: u32 = 0;
const KILL_PROCESS: u32 = 1;
const RESET_DEVICE: u32 = 2;

/// The watchdog timer "w": a period of 100 ms, then 50 ms until this action.
async fn watchdog(ce: &Ce, action: u32) -> Handle {
    ce.CreateWatchDogTimer("w", 100_u32, 50_u32, action, 77_u32, 0_u32).await
}

async fn open(ce: &Ce) -> Handle {
    ce.OpenWatchDogTimer("w", 0_u32).await
}

async fn start(ce: &Ce, watchdog: Handle) {
    assert_eq!(ce.StartWatchDogTimer(watchdog, 0_u32).await, TRUE);
}

async fn stop(ce: &Ce, watchdog: Handle) {
    assert_eq!(ce.StopWatchDogTimer(watchdog, 0_u32).await, TRUE);
}

async fn refresh(ce: &Ce, watchdog: Handle) {
    assert_eq!(ce.RefreshWatchDogTimer(watchdog, 0_u32).await, TRUE);
}

/// What a process does that starts "w" and never refreshes it.
async fn neglect(ce: &Ce) {
    let watchdog = open(ce).await;
    start(ce, watchdog).await;
    ce.Sleep(INFINITE).await;
}

pub(super) const WATCHDOGS: &[Case] = &[
    case!("ipc/WD-001", "ee482966", async |ce| {
        let (watchdog, error) = ce.noting(watchdog(&ce, NOTHING)).await;
        assert!(watchdog != Handle::NULL && error == 0);
        assert_eq!(ce.poll(watchdog).await, TMO);
    }),
    case!("ipc/WD-002", "ee482776", async |ce| {
        let first = watchdog(&ce, NOTHING).await;
        let (second, error) = ce.noting(watchdog(&ce, NOTHING)).await;
        assert!(second != Handle::NULL && second != first);
        assert_eq!(error, 183);
    }),
    case!("ipc/WD-003", "ee482881", async |ce| {
        let watchdog = watchdog(&ce, NOTHING).await;
        assert_eq!(ce.WaitForSingleObject(watchdog, ms(500)).await, TMO);
    }),
    case!("ipc/WD-004", "ee482966", async |ce| {
        let watchdog = watchdog(&ce, NOTHING).await;
        start(&ce, watchdog).await;
        let (status, ticks) = ce.timing(ce.wait(watchdog)).await;
        assert_eq!(status, OBJ0);
        assert!((100..=102).contains(&ticks), "{ticks}");
    }),
    case!("ipc/WD-005", "ee482794", async |ce| {
        let watchdog = watchdog(&ce, NOTHING).await;
        start(&ce, watchdog).await;
        for _ in 0..20 {
            ce.Sleep(ms(50)).await;
            assert_eq!(ce.poll(watchdog).await, TMO);
            refresh(&ce, watchdog).await;
        }
    }),
    case!("ipc/WD-006", "ee482794", async |ce| {
        let watchdog = watchdog(&ce, NOTHING).await;
        assert_eq!(ce.noting(ce.RefreshWatchDogTimer(watchdog, 0_u32)).await, DONE);
        assert_eq!(ce.WaitForSingleObject(watchdog, ms(500)).await, TMO);
    }),
    case!("ipc/WD-007", "ee482847", async |ce| {
        let watchdog = watchdog(&ce, NOTHING).await;
        start(&ce, watchdog).await;
        stop(&ce, watchdog).await;
        assert_eq!(ce.WaitForSingleObject(watchdog, ms(500)).await, TMO);
    }),
    case!(
        "ipc/WD-008",
        "ee482881",
        async |ce| {
            watchdog(&ce, KILL_PROCESS).await;
            let child = ce.create("P2", 0).await;
            let (status, ticks) = ce.timing(ce.wait(child.hProcess)).await;
            assert_eq!(status, OBJ0);
            assert!((150..=155).contains(&ticks), "{ticks}");
        },
        async |ce| { neglect(&ce).await }
    ),
    case!(
        "ipc/WD-009",
        "ee482847",
        async |ce| {
            let watchdog = watchdog(&ce, KILL_PROCESS).await;
            let child = ce.create("P2", 0).await;
            assert_eq!(ce.wait(watchdog).await, OBJ0);
            stop(&ce, watchdog).await;
            assert_eq!(ce.WaitForSingleObject(child.hProcess, ms(500)).await, TMO);
            ce.end_process(child.hProcess).await;
        },
        async |ce| { neglect(&ce).await }
    ),
    case!("ipc/WD-010", "ms885190", async |ce| {
        let watchdog = watchdog(&ce, NOTHING).await;
        start(&ce, watchdog).await;
        ce.Sleep(ms(500)).await;
        assert_eq!(ce.poll(watchdog).await, OBJ0);
    }),
    case!("ipc/WD-011", "ms885190", async |ce| {
        let watchdog = watchdog(&ce, RESET_DEVICE).await;
        start(&ce, watchdog).await;
        ce.Sleep(ms(500)).await;
    })
    .then(|outcome| {
        assert_eq!(outcome.verdict, Verdict::Reset(77));
        let ticks = outcome.now.ticks();
        assert!((150..=155).contains(&ticks), "{ticks}");
    }),
    case!(
        "ipc/WD-012",
        "ms885190",
        async |ce| {
            let watchdog = watchdog(&ce, KILL_PROCESS).await;
            let child = ce.create("P2", 0).await;
            ce.wait(watchdog).await;
            assert_eq!(ce.WaitForSingleObject(child.hProcess, ms(48)).await, TMO);
            assert_eq!(ce.WaitForSingleObject(child.hProcess, ms(10)).await, OBJ0);
        },
        async |ce| { neglect(&ce).await }
    ),
    case!("ipc/WD-013", "ee482817", async |ce| {
        watchdog(&ce, NOTHING).await;
        let opened = open(&ce).await;
        assert_eq!(ce.poll(opened).await, TMO);
    }),
    case!("ipc/WD-014", "ee482817", async |ce| {
        assert_eq!(open(&ce).await, Handle::NULL);
    }),
    case!("ipc/WD-015", "ee482881", async |ce| {
        let closed = ce.closed_handle().await;
        assert_eq!(ce.noting(ce.StartWatchDogTimer(closed, 0_u32)).await, refused(6));
        assert_eq!(ce.noting(ce.StopWatchDogTimer(closed, 0_u32)).await, refused(6));
        assert_eq!(ce.noting(ce.RefreshWatchDogTimer(closed, 0_u32)).await, refused(6));
    }),
    case!("ipc/WD-016", "inference", async |ce| {
        let event = ce.auto_event().await;
        assert_eq!(ce.noting(ce.StartWatchDogTimer(event, 0_u32)).await, refused(6));
    }),
    case!("ipc/WD-017", "ee482966", async |ce| {
        let watchdog = watchdog(&ce, NOTHING).await;
        let event = ce.auto_event().await;
        start(&ce, watchdog).await;
        assert_eq!(ce.wait_any(&[event, watchdog], ms(500)).await, object(1));
    }),
    case!(
        "ipc/WD-018",
        "OQ-49",
        async |ce| {
            let watchdog = watchdog(&ce, KILL_PROCESS).await;
            let child = ce.create("P2", 0).await;
            ce.wait(watchdog).await;
            refresh(&ce, watchdog).await;
            assert_eq!(ce.poll(watchdog).await, TMO);
            assert_eq!(ce.WaitForSingleObject(child.hProcess, ms(90)).await, TMO);
            assert_eq!(ce.wait(watchdog).await, OBJ0, "it runs again");
            stop(&ce, watchdog).await;
            ce.end_process(child.hProcess).await;
        },
        async |ce| { neglect(&ce).await }
    ),
    // The line asserts nothing; this is our choice.
    case!("ipc/WD-019", "OQ-50", async |ce| {
        let watchdog = watchdog(&ce, NOTHING).await;
        start(&ce, watchdog).await;
        ce.Sleep(ms(60)).await;
        start(&ce, watchdog).await;
        let (status, ticks) = ce.timing(ce.wait(watchdog)).await;
        assert_eq!(status, OBJ0);
        assert!((38..=41).contains(&ticks), "the first start counts: {ticks}");
    }),
    case!(
        "ipc/WD-020",
        "OQ-51",
        async |ce| {
            let watchdog = watchdog(&ce, KILL_PROCESS).await;
            let child = ce.create("P2", 0).await;
            assert_eq!(ce.wait(child.hProcess).await, OBJ0);
            assert_eq!(ce.WaitForSingleObject(watchdog, ms(500)).await, TMO);
            assert_eq!(ce.process_code(child.hProcess).await, 7);
        },
        async |ce| {
            let watchdog = open(&ce).await;
            start(&ce, watchdog).await;
            7_u32
        }
    ),
    case!("ipc/WD-021", "OQ-48", async |ce| {
        let watchdog = watchdog(&ce, KILL_PROCESS).await;
        start(&ce, watchdog).await;
        ce.CloseHandle(watchdog).await;
        ce.Sleep(ms(500)).await;
        ce.print("alive");
    })
    .then(|outcome| assert_eq!(outcome.output, "alive")),
    case!("ipc/WD-022", "ee488902", async |ce| {
        let watchdog = watchdog(&ce, NOTHING).await;
        let second = ce.duplicate(watchdog).await;
        start(&ce, second).await;
        assert_eq!(ce.WaitForSingleObject(watchdog, ms(500)).await, OBJ0);
    }),
    case!(
        "ipc/WD-023",
        "ee482817",
        async |ce| {
            let child = ce.start("P2").await;
            let watchdog = open(&ce).await;
            assert_eq!(ce.wait(watchdog).await, OBJ0);
            assert_eq!(ce.poll(child.hProcess).await, TMO);
            assert_eq!(ce.wait(child.hProcess).await, OBJ0);
        },
        async |ce| {
            watchdog(&ce, KILL_PROCESS).await;
            neglect(&ce).await;
        }
    ),
    case!("ipc/WD-024", "OQ-47", async |ce| {
        let create = ce.CreateWatchDogTimer("w", 100_u32, 50_u32, NOTHING, 0_u32, 1_u32);
        assert_eq!(create.await, Handle::NULL);
    }),
    case!("ipc/WD-025", "ee482966", async |ce| {
        let watchdog = watchdog(&ce, NOTHING).await;
        let event = ce.CreateEvent(NULL, false, false, NULL).await;
        start(&ce, watchdog).await;
        ce.Sleep(ms(200)).await;
        start(&ce, watchdog).await;
        assert_eq!(ce.poll(watchdog).await, TMO);
        let (status, ticks) = ce.timing(ce.wait_any(&[event, watchdog], ms(500))).await;
        assert_eq!(status, object(1));
        assert!((100..=102).contains(&ticks), "{ticks}");
    }),
];

pub(super) const WAITS: &[Case] = &[
    case!("ipc/WT-001", "aa915354", async |ce| {
        let event = ce.event(true, true).await;
        assert_eq!(ce.WaitForMultipleObjects(&[event], true, ms(0)).await, WAIT_FAILED);
    }),
    case!("ipc/WT-002", "ee488762", async |ce| {
        let closed = ce.closed_handle().await;
        assert_eq!(ce.noting(ce.wait(closed)).await, (WAIT_FAILED, 6));
    }),
    case!("ipc/WT-003", "ee488762", async |ce| {
        let event = ce.auto_event().await;
        assert_eq!(ce.InterruptInitialize(17_u32, event, NULL, 0_u32).await, TRUE);
        let [first] = ce.waiters([251], event).await;
        assert_eq!(ce.wait(event).await, WAIT_FAILED);
        assert_eq!(first.result(), BLOCKED);
    }),
    case!("ipc/WT-004", "sync.md", async |ce| {
        let options =
            MsgQueueOptions { dwSize: 20, dwFlags: 0, dwMaxMessages: 4, cbMaxMessage: 16, bReadAccess: 0 };
        let queue = ce.CreateMsgQueue(NULL, options).await;
        let event = ce.auto_event().await;
        let thread = ce.thread(251, async |_ce| ()).await.handle;
        let watchdog = watchdog(&ce, NOTHING).await;
        start(&ce, watchdog).await;
        ce.Sleep(ms(200)).await;
        let objects = [event, thread, queue, watchdog];
        assert_eq!(ce.wait_any(&objects, ms(0)).await, object(1));
        assert_eq!(ce.wait_any(&[event, watchdog, queue, thread], ms(0)).await, object(1));
        ce.SetEvent(event).await;
        assert_eq!(ce.wait_any(&objects, ms(0)).await, object(0));
    }),
    Case::skipped("ipc/WT-005", "needs CeRunAppAtEvent, which does not exist yet"),
    case!("ipc/WT-006", "ee482750", async |ce| {
        let event = ce.named_event(true, "E").await;
        assert_eq!(ce.IsNamedEventSignaled("E", 0_u32).await, FALSE);
        ce.SetEvent(event).await;
        assert_eq!(ce.IsNamedEventSignaled("E", 0_u32).await, TRUE);
        assert_eq!(ce.IsNamedEventSignaled("nothing", 0_u32).await, FALSE);
    }),
    case!("ipc/WT-007", "bb202795", async |ce| {
        let ready = ce.open_event(REGISTERED_EVENT).await;
        assert_eq!(ce.poll(ready).await, TMO);
        assert_eq!(ce.SetEvent(ready).await, TRUE);
        assert_eq!(ce.CloseHandle(ready).await, TRUE);
        let again = ce.open_event(REGISTERED_EVENT).await;
        assert_eq!(ce.poll(again).await, OBJ0);
        assert_eq!(ce.noting(ce.open_event("SYSTEM/ShellAPIReady")).await, (Handle::NULL, 2));
    }),
];

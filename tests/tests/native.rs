//! The native door: CE calls awaited by Rust guests, with CE's consequences.
#![allow(missing_docs, reason = "tests say what they test by their names")]

use cerium_coredll::{CeApi, Msg, NULL, OUT, WAIT_OBJECT_0, WAIT_TIMEOUT};
use cerium_guest::{Limits, Verdict};
use cerium_handle::Handle;
use cerium_process::{Instant, Timeout};
use cerium_tests::Device;

const INFINITE: Timeout = Timeout::Infinite;

fn ms(milliseconds: u32) -> Timeout {
    Timeout::Milliseconds(milliseconds)
}

#[test]
fn two_processes_share_a_mutex_by_name() {
    let outcome = Device::default()
        .process("database", async |ce, _| {
            let mutex = ce.CreateMutex(NULL, false, "MutexToProtectDatabase").await;
            assert_eq!(ce.GetLastError().await, 0);
            assert_eq!(ce.WaitForSingleObject(mutex, INFINITE).await, WAIT_OBJECT_0);
            ce.Sleep(ms(10)).await;
            u32::from(!ce.ReleaseMutex(mutex).await.0)
        })
        .process("client", async |ce, _| {
            let mutex = ce.CreateMutex(NULL, false, "MutexToProtectDatabase").await;
            assert_eq!(ce.GetLastError().await, 183);
            let before = ce.GetTickCount().await;
            assert_eq!(ce.WaitForSingleObject(mutex, INFINITE).await, WAIT_OBJECT_0);
            assert!(ce.GetTickCount().await - before >= 10);
            u32::from(!ce.ReleaseMutex(mutex).await.0)
        })
        .run_well();
    assert_eq!(outcome.ended.len(), 2);
}

#[test]
fn a_sleep_of_n_ends_at_tick_n_plus_1() {
    Device::default()
        .process("sleeper", async |ce, _| {
            let before = ce.GetTickCount().await;
            ce.Sleep(ms(5)).await;
            assert_eq!(ce.GetTickCount().await - before, 6);
            0
        })
        .run_well();
}

#[test]
fn threads_hand_a_turn_to_and_fro() {
    Device::default()
        .process("pingpong", async |ce, _| {
            let ping = ce.CreateEvent(NULL, false, false, NULL).await;
            let pong = ce.CreateEvent(NULL, false, false, NULL).await;
            let other = ce.function(move |ce, _| async move {
                for _ in 0..100 {
                    assert_eq!(ce.WaitForSingleObject(ping, ms(1000)).await, WAIT_OBJECT_0);
                    ce.SetEvent(pong).await;
                }
                7
            });
            let (thread, id) = ce.CreateThread(NULL, 0_u32, other, 0_u32, 0_u32, OUT).await;
            assert!(thread != Handle::NULL && id != 0);
            for _ in 0..100 {
                ce.SetEvent(ping).await;
                assert_eq!(ce.WaitForSingleObject(pong, ms(1000)).await, WAIT_OBJECT_0);
            }
            assert_eq!(ce.WaitForSingleObject(thread, INFINITE).await, WAIT_OBJECT_0);
            assert_eq!(ce.GetExitCodeThread(thread, OUT).await.1, 7);
            0
        })
        .run_well();
}

#[test]
fn a_run_that_nobody_can_continue_is_a_verdict_with_its_cycle() {
    let taker = |first: &'static str, second: &'static str| {
        move |ce: cerium_guest::Ce, _| async move {
            let first = ce.CreateMutex(NULL, true, first).await;
            ce.Sleep(ms(10)).await;
            let second = ce.CreateMutex(NULL, false, second).await;
            ce.WaitForSingleObject(second, INFINITE).await;
            ce.ReleaseMutex(first).await;
            0
        }
    };
    let outcome = Device::default().process("one", taker("a", "b")).process("two", taker("b", "a")).run();
    let Verdict::Stalled(stall) = outcome.verdict else { panic!("{:?}", outcome.verdict) };
    assert_eq!(stall.threads.len(), 2);
    assert_eq!(stall.cycles.len(), 1);
    assert_eq!(stall.cycles[0].len(), 2);
    let text = stall.to_string();
    assert!(text.contains("mutex") && text.contains("\"b\"") && text.contains("cycle"), "{text}");
}

#[test]
fn who_loses_one_of_two_equal_loans_gets_no_fresh_quantum() {
    Device::default()
        .process("p", async |ce, _| {
            let held = [ce.CreateMutex(NULL, true, NULL).await, ce.CreateMutex(NULL, true, NULL).await];
            let mut waiters = Vec::new();
            for mutex in held {
                let wait = ce.function(move |ce, _| async move {
                    ce.WaitForSingleObject(mutex, INFINITE).await;
                    ce.GetTickCount().await
                });
                let (waiter, _) = ce.CreateThread(NULL, 0_u32, wait, 0_u32, 4_u32, OUT).await;
                ce.CeSetThreadPriority(waiter, 100).await;
                ce.ResumeThread(waiter).await;
                waiters.push(waiter);
            }
            // A fresh quantum begins here, of 100 ms.
            ce.Sleep(Timeout::Milliseconds(0)).await;
            let start = ce.GetTickCount().await;
            ce.compute(60_000_000).await;
            ce.ReleaseMutex(held[0]).await;
            ce.compute(60_000_000).await;
            assert_eq!(ce.CeGetThreadPriority(Handle::CURRENT_THREAD).await.0, 251);
            ce.ReleaseMutex(held[1]).await;
            ce.WaitForMultipleObjects(&waiters[..1], false, INFINITE).await;
            let (_, got_it) = ce.GetExitCodeThread(waiters[0], OUT).await;
            assert!((95..=105).contains(&(got_it - start)), "after {} ms", got_it - start);
            0
        })
        .run_well();
}

#[test]
fn the_owner_of_a_mutex_runs_at_its_most_urgent_waiters_priority() {
    let outcome = Device::default()
        .process("inversion", async |ce, _| {
            let mutex = ce.CreateMutex(NULL, true, NULL).await;
            let urgent = ce.function(move |ce, _| async move {
                ce.WaitForSingleObject(mutex, INFINITE).await;
                ce.ReleaseMutex(mutex).await;
                0
            });
            let medium = ce.function(move |ce, _| async move {
                ce.compute(50_000_000).await;
                0
            });
            let (high, _) = ce.CreateThread(NULL, 0_u32, urgent, 0_u32, 4_u32, OUT).await;
            let (middle, _) = ce.CreateThread(NULL, 0_u32, medium, 0_u32, 4_u32, OUT).await;
            ce.CeSetThreadPriority(high, 100).await;
            ce.CeSetThreadPriority(middle, 150).await;
            ce.ResumeThread(high).await;
            let before = ce.GetTickCount().await;
            // The middle thread is more urgent than we are, but not than the one that waits for us.
            ce.ResumeThread(middle).await;
            ce.ReleaseMutex(mutex).await;
            ce.WaitForSingleObject(high, INFINITE).await;
            ce.WaitForSingleObject(middle, INFINITE).await;
            u32::from(ce.GetTickCount().await - before < 50)
        })
        .run_well();
    assert!(outcome.trace.contains("priority 100"), "{}", outcome.trace);
}

#[test]
fn a_limit_of_virtual_time_ends_the_run() {
    let limits = Limits { time: Some(Instant(5_000_000)), ..Limits::default() };
    let outcome = Device::default()
        .process("busy", async |ce, _| {
            loop {
                ce.compute(1_000_000).await;
            }
        })
        .limits(limits)
        .run();
    assert!(matches!(outcome.verdict, Verdict::Limit(_)), "{:?}", outcome.verdict);
    assert_eq!(outcome.now, Instant(5_000_000));
}

#[test]
fn a_watchdog_ends_the_process_that_started_it_though_nobody_runs() {
    let outcome = Device::default()
        .process("watched", async |ce, _| {
            let watchdog = ce.CreateWatchDogTimer("w", 100_u32, 50_u32, 1_u32, 0_u32, 0_u32).await;
            assert!(ce.StartWatchDogTimer(watchdog, 0_u32).await.0);
            ce.Sleep(ms(10_000)).await;
            0
        })
        .run();
    assert_eq!(outcome.verdict, Verdict::Finished);
    assert_eq!(outcome.ended.len(), 1);
    assert!((Instant(150_000_000)..Instant(153_000_000)).contains(&outcome.now), "{}", outcome.now);
}

#[test]
fn a_watchdog_ends_a_process_in_the_middle_of_its_call() {
    let outcome = Device::default()
        .process("busy", async |ce, _| {
            let watchdog = ce.CreateWatchDogTimer("w", 1_u32, 1_u32, 1_u32, 0_u32, 0_u32).await;
            ce.StartWatchDogTimer(watchdog, 0_u32).await;
            loop {
                ce.GetTickCount().await;
            }
        })
        .run();
    assert_eq!(outcome.verdict, Verdict::Finished);
    assert_ne!(outcome.ended[0].exit_code, 0);
}

#[test]
fn a_watchdog_resets_the_device() {
    let outcome = Device::default()
        .process("watched", async |ce, _| {
            let watchdog = ce.CreateWatchDogTimer(NULL, 100_u32, 50_u32, 2_u32, 77_u32, 0_u32).await;
            ce.StartWatchDogTimer(watchdog, 0_u32).await;
            ce.Sleep(INFINITE).await;
            0
        })
        .run();
    assert_eq!(outcome.verdict, Verdict::Reset(77));
}

#[test]
fn a_posted_message_ends_a_wait_for_it() {
    Device::default()
        .process("messages", async |ce, _| {
            let body = ce.function(|ce, _| async move {
                let got = ce.GetMessage(OUT, Handle::NULL, 0_u32, 0_u32).await;
                assert!(got.goes_on);
                let time = ce.GetTickCount().await;
                let expected = Msg { message: 0x400, wParam: 7, lParam: 9, time, ..Default::default() };
                assert_eq!(got.message, expected, "it was waited for, and so is of this moment");
                let input = ce.MsgWaitForMultipleObjectsEx(&[], ms(1000), 0x8_u32, 0_u32).await;
                assert_eq!(input, WAIT_OBJECT_0);
                let (there, message) = ce.PeekMessage(OUT, Handle::NULL, 0_u32, 0_u32, 1_u32).await;
                assert!(there.0 && message.message == 0x401);
                u32::from(ce.GetMessage(OUT, Handle::NULL, 0_u32, 0_u32).await.goes_on)
            });
            let (thread, id) = ce.CreateThread(NULL, 0_u32, body, 0_u32, 0_u32, OUT).await;
            for message in [0x400_u32, 0x401, 0x12] {
                ce.Sleep(ms(5)).await;
                assert!(ce.PostThreadMessage(id, message, 7_u32, 9_u32).await.0);
            }
            ce.WaitForSingleObject(thread, INFINITE).await;
            ce.GetExitCodeThread(thread, OUT).await.1
        })
        .run_well();
}

#[test]
fn a_wait_on_a_closed_handle_fails_and_one_on_a_free_mutex_takes_it() {
    Device::default()
        .process("handles", async |ce, _| {
            let event = ce.CreateEvent(NULL, true, true, NULL).await;
            assert_eq!(ce.WaitForSingleObject(event, ms(0)).await, WAIT_OBJECT_0);
            assert!(ce.ResetEvent(event).await.0);
            assert_eq!(ce.WaitForSingleObject(event, ms(0)).await, WAIT_TIMEOUT);
            assert!(ce.CloseHandle(event).await.0);
            assert!(!ce.CloseHandle(event).await.0);
            assert_eq!(ce.GetLastError().await, 6);
            0
        })
        .run_well();
}

#[test]
fn a_map_is_one_for_all_who_open_it() {
    Device::default()
        .process("writer", async |ce, _| {
            let map = ce.CreateFileMapping(Handle::INVALID, NULL, 4_u32, 0_u32, 4096_u32, "m").await;
            let view = ce.MapViewOfFile(map, 2_u32, 0_u32, 0_u32, 0_u32).await;
            ce.write_u32(view + 8, 77).unwrap();
            ce.Sleep(ms(5)).await;
            assert!(ce.UnmapViewOfFile(view).await.0);
            assert_eq!(ce.read_u32(view), None);
            0
        })
        .process("reader", async |ce, _| {
            let map = ce.CreateFileMapping(Handle::INVALID, NULL, 4_u32, 0_u32, 4096_u32, "m").await;
            assert_eq!(ce.GetLastError().await, 183);
            let view = ce.MapViewOfFile(map, 4_u32, 0_u32, 0_u32, 0_u32).await;
            assert_eq!(ce.read_u32(view + 8), Some(77));
            0
        })
        .run_well();
}

#[test]
fn a_critical_section_is_handed_over_in_order_of_urgency() {
    let outcome = Device::default()
        .process("sections", async |ce, _| {
            let section = ce.InitializeCriticalSection(OUT).await;
            ce.EnterCriticalSection(&section).await;
            let body = ce.function(move |ce, parameter| async move {
                ce.EnterCriticalSection(&section).await;
                ce.print(&format!("{parameter} "));
                ce.LeaveCriticalSection(&section).await;
                0
            });
            let mut threads = Vec::new();
            for priority in [200, 100, 150, 100] {
                let (thread, _) = ce.CreateThread(NULL, 0_u32, body, priority as u32, 0_u32, OUT).await;
                ce.CeSetThreadPriority(thread, priority).await;
                threads.push(thread);
            }
            ce.Sleep(ms(1)).await;
            ce.LeaveCriticalSection(&section).await;
            for thread in threads {
                ce.WaitForSingleObject(thread, INFINITE).await;
            }
            0
        })
        .run_well();
    assert_eq!(outcome.output, "100 100 150 200 ");
}

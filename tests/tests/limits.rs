//! Limits: at each of them, and one beyond.
#![allow(missing_docs, reason = "tests say what they test by their names")]
#![allow(clippy::disallowed_types, reason = "the guest and the test share a count")]

use std::cell::Cell;
use std::rc::Rc;

use cerium_coredll::{CeApi, MsgQueueOptions, NULL, OUT, WAIT_FAILED, WAIT_OBJECT_0};
use cerium_guest::{Ce, Limits, Machine, Native, NativeImages, Verdict};
use cerium_handle::Handle;
use cerium_kernel::Strict;
use cerium_process::Timeout;
use cerium_tests::Device;

/// The most memory that this process has had, in bytes, where the host tells.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

#[test]
fn a_device_runs_32768_processes_and_not_one_more_in_little_memory() {
    let before = peak_memory();
    let mut images = NativeImages::default();
    images.add("idler", async |ce, _| {
        // A handle and a name of its own, as real processes have.
        let event = ce.CreateEvent(NULL, false, false, NULL).await;
        u32::from(ce.WaitForSingleObject(event, Timeout::Milliseconds(2000)).await == WAIT_OBJECT_0)
    });
    let started = Rc::new(Cell::new(1));
    let count = started.clone();
    let starter = move |ce: Ce, _| {
        let count = count.clone();
        async move {
            // The others are to be there together.
            ce.CeSetThreadPriority(Handle::CURRENT_THREAD, 100).await;
            loop {
                let made =
                    ce.CreateProcess("idler", NULL, NULL, NULL, NULL, 0_u32, NULL, NULL, NULL, OUT).await;
                if !made.0.0 {
                    break;
                }
                count.set(count.get() + 1);
                assert!(ce.CloseHandle(made.1.hProcess).await.0 && ce.CloseHandle(made.1.hThread).await.0);
            }
            assert_eq!(ce.GetLastError().await, 14);
            // Somebody ends, and there is room again.
            let (_, told) = {
                ce.Sleep(Timeout::Milliseconds(3000)).await;
                ce.CreateProcess("idler", NULL, NULL, NULL, NULL, 0_u32, NULL, NULL, NULL, OUT).await
            };
            u32::from(ce.WaitForSingleObject(told.hProcess, Timeout::Infinite).await != WAIT_OBJECT_0)
        }
    };
    let mut machine = Machine::new(Box::new(images));
    machine.start(Native::new("", starter).prepared("starter"), "").unwrap();
    let verdict = machine.run(&mut Strict, &Limits::default());
    assert_eq!(verdict, Verdict::Finished);
    assert_eq!(started.get(), 32_768);
    assert_eq!(machine.statistics().ended.len(), 32_769);
    assert!(machine.statistics().ended.iter().all(|end| end.exit_code == 0));
    assert_eq!(machine.kernel().object_count(), 0);
    if let (Some(before), Some(after)) = (before, peak_memory()) {
        // Some 4 KiB for each.
        assert!(after - before < 160 << 20, "{} MiB", (after - before) >> 20);
    }
}

#[test]
fn a_process_has_65536_handles_and_not_one_more() {
    let mut images = NativeImages::default();
    images.add("child", async |_, _| 0);
    Device::with_images(images)
        .audit(false)
        .process("hoarder", async |ce, _| {
            let first = ce.CreateEvent(NULL, false, false, "E").await;
            let mut last = first;
            for _ in 1..65_536 {
                last = ce.CreateEvent(NULL, false, false, "E").await;
                assert_ne!(last, Handle::NULL);
            }
            for _ in 0..2 {
                assert_eq!(ce.CreateEvent(NULL, false, false, NULL).await, Handle::NULL);
                assert_eq!(ce.GetLastError().await, 14);
            }
            let me = Handle::CURRENT_PROCESS;
            assert!(!ce.DuplicateHandle(me, first, me, OUT, 0_u32, false, 2_u32).await.0.0);
            assert_eq!(ce.GetLastError().await, 14);
            let create = async || {
                ce.CreateProcess("child", NULL, NULL, NULL, NULL, 0_u32, NULL, NULL, NULL, OUT).await
            };
            assert!(ce.CloseHandle(first).await.0);
            assert!(!create().await.0.0, "it takes two handles, and there is room for one");
            assert_eq!(ce.GetLastError().await, 14);
            assert!(ce.CloseHandle(last).await.0);
            let (ok, made) = create().await;
            assert!(ok.0, "there is room for two");
            assert!(ce.CloseHandle(made.hProcess).await.0);
            assert_ne!(ce.CreateMutex(NULL, false, NULL).await, Handle::NULL);
            assert_eq!(ce.CreateMutex(NULL, false, NULL).await, Handle::NULL);
            0
        })
        .run_well();
}

#[test]
fn a_wait_is_for_64_objects_and_not_one_more() {
    Device::default()
        .process("waiter", async |ce, _| {
            let mut events = Vec::new();
            for place in 0..65 {
                events.push(ce.CreateEvent(NULL, true, place == 63, NULL).await);
            }
            let waited = ce.WaitForMultipleObjects(&events[..64], false, Timeout::Infinite).await;
            assert_eq!(waited.0, WAIT_OBJECT_0.0 + 63);
            assert_eq!(ce.WaitForMultipleObjects(&events[..], false, Timeout::Infinite).await, WAIT_FAILED);
            assert_eq!(ce.GetLastError().await, 87);
            0
        })
        .run_well();
}

#[test]
fn queues_hold_what_they_were_made_for_and_devices_256_mebibytes_of_them() {
    Device::default()
        .process("hoarder", async |ce, _| {
            let options = |messages, size| MsgQueueOptions {
                dwSize: MsgQueueOptions::SIZE,
                dwFlags: 2,
                dwMaxMessages: messages,
                cbMaxMessage: size,
                bReadAccess: 0,
            };
            let queue = ce.CreateMsgQueue(NULL, options(3, 4)).await;
            for _ in 0..3 {
                assert!(ce.WriteMsgQueue(queue, b"full", Timeout::Milliseconds(0), 0_u32).await.0);
            }
            assert!(!ce.WriteMsgQueue(queue, b"full", Timeout::Milliseconds(0), 0_u32).await.0);
            assert_eq!(ce.GetLastError().await, 1460);
            assert!(!ce.WriteMsgQueue(queue, b"long!", Timeout::Milliseconds(0), 0_u32).await.0);
            assert_eq!(ce.GetLastError().await, 122);
            // 255 MiB are reserved, and there is no room for as much again.
            let large = ce.CreateMsgQueue(NULL, options(254, 1 << 20)).await;
            assert_ne!(large, Handle::NULL);
            assert_eq!(ce.CreateMsgQueue(NULL, options(254, 1 << 20)).await, Handle::NULL);
            assert_eq!(ce.GetLastError().await, 14);
            assert!(ce.CloseMsgQueue(large).await.0);
            assert_ne!(ce.CreateMsgQueue(NULL, options(254, 1 << 20)).await, Handle::NULL);
            0
        })
        .run_well();
}

//! Waits for messages (sync/MW).

use cerium_coredll::{CeApi, Function, OUT, Ret, WaitStatus};
use cerium_guest::Ce;
use cerium_handle::Handle;
use cerium_process::Timeout;

use super::stage::*;
use super::{Case, case};

const QS_ALLINPUT: u32 = 0x7f;
const QS_KEY: u32 = 0x1;
const MWMO_INPUTAVAILABLE: u32 = 0x4;
const WM_APP: u32 = 0x8000;
const WAIT_IO_COMPLETION: WaitStatus = WaitStatus(0xc0);

/// MsgWaitForMultipleObjectsEx(n, {…}, ms, QS_ALLINPUT, 0).
async fn wait_with_input<const N: usize>(ce: &Ce, objects: &[Handle; N], timeout: Timeout) -> WaitStatus {
    ce.MsgWaitForMultipleObjectsEx(objects, timeout, QS_ALLINPUT, 0_u32).await
}

/// The macro of the headers: fWaitAll is dropped.
async fn wait_as_the_macro(ce: &Ce, object: Handle, _wait_all: bool, timeout: Timeout) -> WaitStatus {
    wait_with_input(ce, &[object], timeout).await
}

/// Posts a message to the caller itself.
async fn post_to_self(ce: &Ce) {
    let id = ce.GetThreadId(Handle::CURRENT_THREAD).await;
    assert_eq!(ce.PostThreadMessage(id, WM_APP, 0_u32, 0_u32).await, TRUE);
}

/// Posts a message to the caller itself, and looks at it.
async fn post_and_look(ce: &Ce) {
    post_to_self(ce).await;
    let (found, message) = ce.PeekMessage(OUT, Handle::NULL, 0_u32, 0_u32, 0_u32).await;
    assert_eq!((found, message.message), (TRUE, WM_APP));
}

/// Lets another thread post a message to the caller in a while.
async fn post_later(ce: &Ce) {
    let id = ce.GetThreadId(Handle::CURRENT_THREAD).await;
    ce.thread(251, async move |ce| {
        ce.Sleep(ms(10)).await;
        ce.PostThreadMessage(id, WM_APP, 0_u32, 0_u32).await;
    })
    .await;
}

pub(super) const MESSAGES: &[Case] = &[
    case!("sync/MW-001", "winuser.h", async |ce| {
        let event = ce.auto_event().await;
        assert_eq!(wait_as_the_macro(&ce, event, true, ms(5)).await, TMO);
        ce.SetEvent(event).await;
        assert_eq!(wait_as_the_macro(&ce, event, true, INFINITE).await, OBJ0);
    }),
    case!("sync/MW-002", "ms931461", async |ce| {
        let event = ce.event(false, true).await;
        assert_eq!(wait_with_input(&ce, &[event], INFINITE).await, object(0));
        assert_eq!(ce.poll(event).await, TMO);
    }),
    case!("sync/MW-003", "ms931461", async |ce| {
        let events = [ce.auto_event().await, ce.auto_event().await];
        post_later(&ce).await;
        assert_eq!(wait_with_input(&ce, &events, INFINITE).await, object(2));
    }),
    case!("sync/MW-004", "ms931461", async |ce| {
        let event = ce.auto_event().await;
        post_and_look(&ce).await;
        assert_eq!(wait_with_input(&ce, &[event], ms(20)).await, TMO);
    }),
    case!("sync/MW-005", "ms931461", async |ce| {
        let event = ce.auto_event().await;
        post_and_look(&ce).await;
        let flags = MWMO_INPUTAVAILABLE;
        let status = ce.MsgWaitForMultipleObjectsEx(&[event], ms(20), QS_ALLINPUT, flags).await;
        assert_eq!(status, object(1));
    }),
    case!("sync/MW-006", "ms931461", async |ce| {
        let event = ce.auto_event().await;
        post_to_self(&ce).await;
        assert_eq!(ce.MsgWaitForMultipleObjectsEx(&[event], ms(20), QS_KEY, 0_u32).await, TMO);
    }),
    case!("sync/MW-007", "ms931461", async |ce| {
        let event = ce.event(false, true).await;
        post_to_self(&ce).await;
        assert_eq!(wait_with_input(&ce, &[event], INFINITE).await, object(0));
    }),
    case!("sync/MW-008", "ms931461", async |ce| {
        let mut events = [Handle::NULL; 63];
        for event in &mut events {
            *event = ce.auto_event().await;
        }
        post_to_self(&ce).await;
        assert_eq!(wait_with_input(&ce, &events, INFINITE).await, object(63));
    }),
    case!("sync/MW-009", "ms931461", async |ce| {
        let event = ce.event(true, true).await;
        assert_eq!(ce.noting(wait_with_input(&ce, &[event; 64], INFINITE)).await, failed(87));
    }),
    case!("sync/MW-010", "SQ-19", async |ce| {
        post_later(&ce).await;
        let words = [0, 0, u32::MAX, QS_ALLINPUT, 0];
        let reply = ce.call_with(Function::MsgWaitForMultipleObjectsEx, &words).await;
        assert_eq!(WaitStatus::from_reply(&reply), object(0));
    }),
    case!("sync/MW-011", "sync §1.3", async |ce| {
        let (event, bad) = (ce.event(false, true).await, ce.closed_handle().await);
        assert_eq!(ce.noting(wait_with_input(&ce, &[event, bad], INFINITE)).await, failed(6));
        assert_eq!(ce.poll(event).await, OBJ0);
    }),
    case!("sync/MW-012", "ms931461", async |ce| {
        let event = ce.auto_event().await;
        assert_eq!(wait_with_input(&ce, &[event], ms(0)).await, TMO);
    }),
    case!("sync/MW-013", "constants §1", async |ce| {
        let event = ce.event(false, true).await;
        for flags in [0_u32, 2, MWMO_INPUTAVAILABLE, u32::MAX] {
            for mask in [0_u32, QS_KEY, QS_ALLINPUT, u32::MAX] {
                let status = ce.MsgWaitForMultipleObjectsEx(&[event], ms(1), mask, flags).await;
                assert_ne!(status, WAIT_IO_COMPLETION);
                post_to_self(&ce).await;
                let status = ce.MsgWaitForMultipleObjectsEx(&[], ms(1), mask, flags).await;
                assert_ne!(status, WAIT_IO_COMPLETION);
            }
        }
    }),
];

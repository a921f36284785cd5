//! Message queues (ipc/MQ).

use cerium_coredll::{CeApi, Data, MessageRead, MsgQueueInfo, MsgQueueOptions, NULL, OUT, Text};
use cerium_guest::Ce;
use cerium_handle::Handle;
use cerium_process::Timeout;

use super::ipc_stage::*;
use super::stage::*;
use super::{Case, case};

const READ: bool = true;
const WRITE: bool = false;
const NO_PRECOMMIT: u32 = 1;
const ALLOW_BROKEN: u32 = 2;
const ALERT: u32 = 1;

/// MSGQUEUEOPTIONS for messages of at most 16 bytes.
fn options(flags: u32, messages: u32, read: bool) -> MsgQueueOptions {
    MsgQueueOptions {
        dwSize: 20,
        dwFlags: flags,
        dwMaxMessages: messages,
        cbMaxMessage: 16,
        bReadAccess: u32::from(read),
    }
}

/// An end of the queue "Q" of four messages.
async fn end(ce: &Ce, flags: u32, read: bool) -> Handle {
    ce.CreateMsgQueue("Q", options(flags, 4, read)).await
}

/// Both ends of the queue "Q", for so many messages.
async fn pair(ce: &Ce, flags: u32, messages: u32) -> (Handle, Handle) {
    let reader = ce.CreateMsgQueue("Q", options(flags, messages, READ)).await;
    (reader, ce.CreateMsgQueue("Q", options(flags, messages, WRITE)).await)
}

async fn create_named(ce: &Ce, name: impl Into<Text>, flags: u32) -> (Handle, u32) {
    ce.noting(ce.CreateMsgQueue(name, options(flags, 4, READ))).await
}

async fn write_in(ce: &Ce, queue: Handle, message: &str, timeout: Timeout) -> (bool, u32) {
    let (sent, error) = ce.noting(ce.WriteMsgQueue(queue, message.as_bytes(), timeout, 0_u32)).await;
    (sent.0, error)
}

async fn write(ce: &Ce, queue: Handle, message: &str) -> (bool, u32) {
    write_in(ce, queue, message, ms(0)).await
}

async fn alert(ce: &Ce, queue: Handle, message: &str) -> bool {
    ce.WriteMsgQueue(queue, message.as_bytes(), ms(0), ALERT).await.0
}

async fn read_in(ce: &Ce, queue: Handle, timeout: Timeout) -> (MessageRead, u32) {
    ce.noting(ce.ReadMsgQueue(queue, 16_u32, OUT, timeout, OUT)).await
}

async fn read(ce: &Ce, queue: Handle) -> (MessageRead, u32) {
    read_in(ce, queue, ms(0)).await
}

async fn information(ce: &Ce, queue: Handle) -> MsgQueueInfo {
    let (known, information) = ce.GetMsgQueueInfo(queue, 28_u32).await;
    assert_eq!(known, TRUE);
    information
}

/// A message that was read, with its flags.
fn message(content: &str, flags: u32) -> (MessageRead, u32) {
    let bytes = content.as_bytes();
    let read = MessageRead { ok: true, data: Data(bytes.into()), size: bytes.len() as u32, flags };
    (read, KEPT)
}

/// A message without flags.
fn got(content: &str) -> (MessageRead, u32) {
    message(content, 0)
}

/// A read that failed.
fn nothing(error: u32) -> (MessageRead, u32) {
    (MessageRead::default(), error)
}

const WRITTEN: (bool, u32) = (true, KEPT);

fn unwritten(error: u32) -> (bool, u32) {
    (false, error)
}

/// A thread that reads and says what it got.
async fn reader(ce: &Ce, priority: i32, queue: Handle) -> Task<(MessageRead, u32)> {
    let thread = ce.thread(priority, async move |ce| read_in(&ce, queue, INFINITE).await).await;
    ce.settle().await;
    assert_eq!(thread.result(), None);
    thread
}

/// A thread that writes and says what came of it.
async fn writer(ce: &Ce, queue: Handle, message: &'static str) -> Task<(bool, u32)> {
    let thread = ce.thread(251, async move |ce| write_in(&ce, queue, message, INFINITE).await).await;
    ce.settle().await;
    assert_eq!(thread.result(), None);
    thread
}

/// Ten writers with a thousand messages each, three readers: what each reader got, by writer.
async fn crowd(ce: &Ce) -> [Vec<[u16; 2]>; 3] {
    let (from, to) = pair(ce, 0, 10).await;
    let receive = async move |ce: Ce| {
        let mut messages = Vec::new();
        while let read @ MessageRead { ok: true, .. } = read_in(&ce, from, INFINITE).await.0 {
            let Data(bytes) = read.data;
            messages.push([u16::from(bytes[0]), u16::from_le_bytes([bytes[1], bytes[2]])]);
        }
        messages
    };
    let readers =
        [ce.thread(251, receive).await, ce.thread(250, receive).await, ce.thread(252, receive).await];
    let mut writers = Vec::new();
    for number in 0..10_u8 {
        let send = async move |ce: Ce| {
            for count in 0..1000_u16 {
                let [low, high] = count.to_le_bytes();
                assert!(ce.WriteMsgQueue(to, &[number, low, high], INFINITE, 0_u32).await.0);
            }
        };
        writers.push(ce.thread(251, send).await);
    }
    for writer in writers {
        ce.wait(writer.handle).await;
    }
    ce.CloseMsgQueue(to).await;
    for reader in &readers {
        ce.wait(reader.handle).await;
    }
    readers.map(|reader| reader.result().expect("it has ended"))
}

pub(super) const QUEUES: &[Case] = &[
    case!("ipc/MQ-001", "ee488163", async |ce| {
        let (queue, error) = create_named(&ce, "Q", 0).await;
        assert!(queue != Handle::NULL && error == 0);
    }),
    case!("ipc/MQ-002", "ee488163", async |ce| {
        let (first, _) = create_named(&ce, "Q", 0).await;
        let (second, error) = create_named(&ce, "Q", 0).await;
        assert!(second != Handle::NULL && second != first);
        assert_eq!(error, 183);
    }),
    case!("ipc/MQ-003", "ee488163", async |ce| {
        assert_eq!(create_named(&ce, "Q", 4).await, (Handle::NULL, 87));
    }),
    case!("ipc/MQ-004", "ee488163", async |ce| {
        assert_ne!(create_named(&ce, "Q", NO_PRECOMMIT | ALLOW_BROKEN).await.0, Handle::NULL);
    }),
    case!("ipc/MQ-005", "ee488171", async |ce| {
        let options = MsgQueueOptions { cbMaxMessage: 0, ..options(0, 4, READ) };
        assert_eq!(ce.noting(ce.CreateMsgQueue("Q", options)).await, (Handle::NULL, 87));
    }),
    case!("ipc/MQ-006", "ee488163", async |ce| {
        assert_ne!(create_named(&ce, "x".repeat(257).as_str(), 0).await.0, Handle::NULL);
        assert_eq!(create_named(&ce, "x".repeat(258).as_str(), 0).await, (Handle::NULL, 87));
    }),
    case!("ipc/MQ-007", "ms885180", async |ce| {
        let from = ce.CreateMsgQueue(NULL, options(ALLOW_BROKEN, 4, READ)).await;
        let to = ce.CreateMsgQueue(NULL, options(ALLOW_BROKEN, 4, WRITE)).await;
        assert_eq!(write(&ce, to, "x").await, WRITTEN);
        assert_eq!(read(&ce, from).await, nothing(1460));
    }),
    case!("ipc/MQ-008", "inference", async |ce| {
        assert_eq!(ce.noting(ce.CreateMsgQueue("Q", NULL)).await, (Handle::NULL, 87));
    }),
    case!("ipc/MQ-009", "OQ-31", async |ce| {
        let options = MsgQueueOptions { dwSize: 0, ..options(0, 4, READ) };
        assert_eq!(ce.noting(ce.CreateMsgQueue("Q", options)).await, (Handle::NULL, 87));
    }),
    case!("ipc/MQ-010", "ee482776", async |ce| {
        let event = ce.named_event(false, "Q").await;
        let (from, to) = pair(&ce, 0, 4).await;
        assert_eq!(write(&ce, to, "x").await, WRITTEN);
        assert_eq!(ce.poll(event).await, TMO);
        assert_eq!(read(&ce, from).await, got("x"));
    }),
    case!("ipc/MQ-011", "ee488163", async |ce| {
        let queue = end(&ce, 0, READ).await;
        ce.CreateMsgQueue("Q", options(0, 9, READ)).await;
        assert_eq!(information(&ce, queue).await.dwMaxMessages, 4);
    }),
    case!("ipc/MQ-012", "ee488163", async |ce| {
        let queue = end(&ce, NO_PRECOMMIT, READ).await;
        end(&ce, ALLOW_BROKEN, READ).await;
        assert_eq!(information(&ce, queue).await.dwFlags, NO_PRECOMMIT);
    }),
    // The line asserts nothing; this is our choice.
    case!("ipc/MQ-013", "OQ-32", async |ce| {
        let queue = end(&ce, 0, READ).await;
        let options = MsgQueueOptions { cbMaxMessage: 99, ..options(0, 4, READ) };
        assert_ne!(ce.CreateMsgQueue("Q", options).await, Handle::NULL);
        assert_eq!(information(&ce, queue).await.cbMaxMessage, 16);
    }),
    case!("ipc/MQ-014", "ee488410", async |ce| {
        let (from, to) = pair(&ce, 0, 4).await;
        assert_eq!(write(&ce, to, "abc").await, WRITTEN);
        assert_eq!(read(&ce, from).await, got("abc"));
    }),
    case!("ipc/MQ-015", "ee482757", async |ce| {
        let (from, to) = pair(&ce, 0, 4).await;
        for number in ["1", "2", "3"] {
            write(&ce, to, number).await;
        }
        for number in ["1", "2", "3"] {
            assert_eq!(read(&ce, from).await, got(number));
        }
    }),
    case!("ipc/MQ-016", "ee482757", async |ce| {
        let (from, to) = pair(&ce, 0, 4).await;
        let readers = [reader(&ce, 251, from).await, reader(&ce, 251, from).await];
        write(&ce, to, "x").await;
        ce.settle().await;
        assert_eq!(results(&readers).iter().flatten().count(), 1);
    }),
    case!("ipc/MQ-017", "wait order", async |ce| {
        let (from, to) = pair(&ce, 0, 4).await;
        let readers = [reader(&ce, 252, from).await, reader(&ce, 250, from).await];
        write(&ce, to, "x").await;
        ce.settle().await;
        assert_eq!(results(&readers), [None, Some(got("x"))]);
    }),
    case!("ipc/MQ-018", "ee488410", async |ce| {
        let (from, _) = pair(&ce, 0, 4).await;
        assert_eq!(ce.timing(read(&ce, from)).await, (nothing(1460), 0));
    }),
    case!("ipc/MQ-019", "ee488410", async |ce| {
        let (from, _) = pair(&ce, 0, 4).await;
        let (read, ticks) = ce.timing(read_in(&ce, from, ms(50))).await;
        assert_eq!(read, nothing(1460));
        assert!(ticks >= 50);
    }),
    case!("ipc/MQ-020", "ee488410", async |ce| {
        let (from, to) = pair(&ce, 0, 4).await;
        let reader = reader(&ce, 251, from).await;
        ce.Sleep(ms(30)).await;
        write(&ce, to, "x").await;
        ce.settle().await;
        assert_eq!(reader.result(), Some(got("x")));
    }),
    case!("ipc/MQ-021", "ee488786", async |ce| {
        let (_, to) = pair(&ce, 0, 2).await;
        write(&ce, to, "1").await;
        write(&ce, to, "2").await;
        assert_eq!(write(&ce, to, "3").await, unwritten(1460));
    }),
    case!("ipc/MQ-022", "ee488786", async |ce| {
        let (from, to) = pair(&ce, 0, 1).await;
        write(&ce, to, "1").await;
        let writer = writer(&ce, to, "2").await;
        assert_eq!(read(&ce, from).await, got("1"));
        ce.settle().await;
        assert_eq!(writer.result(), Some(WRITTEN));
        assert_eq!(read(&ce, from).await, got("2"));
    }),
    case!("ipc/MQ-023", "ee488786", async |ce| {
        let (_, to) = pair(&ce, 0, 1).await;
        write(&ce, to, "1").await;
        let (written, ticks) = ce.timing(write_in(&ce, to, "2", ms(50))).await;
        assert_eq!(written, unwritten(1460));
        assert!(ticks >= 50);
    }),
    case!("ipc/MQ-024", "ee488171", async |ce| {
        let (_, to) = pair(&ce, 0, 0).await;
        for _ in 0..1000 {
            assert_eq!(write(&ce, to, "x").await, WRITTEN);
        }
    }),
    case!("ipc/MQ-025", "aa450991", async |ce| {
        let (from, to) = pair(&ce, 0, 4).await;
        assert_eq!(write(&ce, to, "seventeen letters").await, unwritten(122));
        assert_eq!(read(&ce, from).await, nothing(1460));
    }),
    case!("ipc/MQ-026", "ee488171", async |ce| {
        let (_, to) = pair(&ce, 0, 4).await;
        assert_eq!(write(&ce, to, "sixteen letters!").await, WRITTEN);
    }),
    case!("ipc/MQ-027", "ee488786", async |ce| {
        let (_, to) = pair(&ce, 0, 4).await;
        assert_eq!(write(&ce, to, "").await, unwritten(87));
        let (sent, error) = ce.noting(ce.WriteMsgQueue(to, NULL, ms(0), 0_u32)).await;
        assert_eq!((sent.0, error), unwritten(87));
    }),
    case!("ipc/MQ-028", "ee488410", async |ce| {
        let (from, to) = pair(&ce, 0, 4).await;
        write(&ce, to, "x").await;
        assert_eq!(ce.noting(ce.ReadMsgQueue(from, NULL, OUT, ms(0), OUT)).await, nothing(87));
        assert_eq!(ce.noting(ce.ReadMsgQueue(from, 0_u32, OUT, ms(0), OUT)).await, nothing(87));
        assert_eq!(ce.noting(ce.ReadMsgQueue(from, 16_u32, NULL, ms(0), OUT)).await, nothing(87));
        assert_eq!(read(&ce, from).await, got("x"));
    }),
    case!("ipc/MQ-029", "ee488410", async |ce| {
        let (from, to) = pair(&ce, 0, 4).await;
        write(&ce, to, "0123456789").await;
        let (read_part, error) = ce.noting(ce.ReadMsgQueue(from, 4_u32, OUT, ms(0), OUT)).await;
        assert_eq!((read_part.ok, error), (false, 122));
        assert_eq!(*read_part.data.0, *b"0123");
        assert_eq!(read(&ce, from).await, nothing(1460));
    }),
    case!("ipc/MQ-030", "OQ-34", async |ce| {
        let (from, _) = pair(&ce, 0, 4).await;
        assert_eq!(write(&ce, from, "x").await, unwritten(6));
    }),
    case!("ipc/MQ-031", "OQ-34", async |ce| {
        let (_, to) = pair(&ce, 0, 4).await;
        assert_eq!(read(&ce, to).await, nothing(6));
    }),
    case!("ipc/MQ-032", "ee488786", async |ce| {
        let to = end(&ce, 0, WRITE).await;
        assert_eq!(write(&ce, to, "x").await, unwritten(233));
    }),
    case!("ipc/MQ-033", "ee488171", async |ce| {
        let to = end(&ce, ALLOW_BROKEN, WRITE).await;
        assert_eq!(write(&ce, to, "x").await, WRITTEN);
        let from = end(&ce, ALLOW_BROKEN, READ).await;
        assert_eq!(read(&ce, from).await, got("x"));
    }),
    case!("ipc/MQ-034", "ee488410", async |ce| {
        let from = end(&ce, 0, READ).await;
        assert_eq!(read(&ce, from).await, nothing(233));
    }),
    case!("ipc/MQ-035", "ee488171", async |ce| {
        let from = end(&ce, ALLOW_BROKEN, READ).await;
        assert_eq!(read(&ce, from).await, nothing(1460));
    }),
    case!("ipc/MQ-036", "ee488410", async |ce| {
        let (from, to) = pair(&ce, 0, 4).await;
        let reader = reader(&ce, 251, from).await;
        ce.CloseMsgQueue(to).await;
        ce.settle().await;
        assert_eq!(reader.result(), Some(nothing(233)));
    }),
    case!("ipc/MQ-037", "ee488786", async |ce| {
        let (from, to) = pair(&ce, 0, 1).await;
        write(&ce, to, "1").await;
        let writer = writer(&ce, to, "2").await;
        ce.CloseMsgQueue(from).await;
        ce.settle().await;
        assert_eq!(writer.result(), Some(unwritten(233)));
    }),
    case!("ipc/MQ-038", "ee488171", async |ce| {
        let (from, to) = pair(&ce, ALLOW_BROKEN, 4).await;
        let reader = reader(&ce, 251, from).await;
        ce.CloseMsgQueue(to).await;
        ce.Sleep(ms(1000)).await;
        assert_eq!(reader.result(), None);
    }),
    case!("ipc/MQ-039", "ee488410", async |ce| {
        let (from, to) = pair(&ce, 0, 4).await;
        end(&ce, 0, WRITE).await;
        let reader = reader(&ce, 251, from).await;
        ce.CloseMsgQueue(to).await;
        ce.Sleep(ms(1000)).await;
        assert_eq!(reader.result(), None);
    }),
    case!(
        "ipc/MQ-040",
        "ee488410",
        async |ce| {
            let from = end(&ce, 0, READ).await;
            let child = ce.start("P2").await;
            let reader = reader(&ce, 251, from).await;
            ce.end_process(child.hProcess).await;
            ce.settle().await;
            assert_eq!(reader.result(), Some(nothing(233)));
        },
        async |ce| {
            end(&ce, 0, WRITE).await;
            ce.Sleep(INFINITE).await;
        }
    ),
    case!("ipc/MQ-041", "OQ-41", async |ce| {
        let (from, to) = pair(&ce, 0, 4).await;
        write(&ce, to, "1").await;
        write(&ce, to, "2").await;
        ce.CloseMsgQueue(to).await;
        assert_eq!(read(&ce, from).await, got("1"));
        assert_eq!(read(&ce, from).await, got("2"));
        assert_eq!(read(&ce, from).await, nothing(233));
    }),
    case!("ipc/MQ-042", "ee488786", async |ce| {
        let (from, to) = pair(&ce, 0, 4).await;
        write(&ce, to, "1").await;
        write(&ce, to, "2").await;
        assert!(alert(&ce, to, "A").await);
        assert_eq!(read(&ce, from).await, message("A", ALERT));
        assert_eq!(read(&ce, from).await, got("1"));
        assert_eq!(read(&ce, from).await, got("2"));
    }),
    case!("ipc/MQ-043", "ee488786", async |ce| {
        let (from, to) = pair(&ce, 0, 4).await;
        write(&ce, to, "1").await;
        assert!(alert(&ce, to, "A").await && alert(&ce, to, "B").await);
        write(&ce, to, "2").await;
        assert_eq!(read(&ce, from).await, message("A", ALERT));
        for normal in ["1", "B", "2"] {
            assert_eq!(read(&ce, from).await, got(normal));
        }
    }),
    case!("ipc/MQ-044", "ee488786", async |ce| {
        let (from, to) = pair(&ce, 0, 4).await;
        write(&ce, to, "1").await;
        for word in ["A", "B"] {
            assert!(alert(&ce, to, word).await);
            assert_eq!(read(&ce, from).await, message(word, ALERT));
        }
    }),
    case!("ipc/MQ-045", "OQ-37", async |ce| {
        let (_, to) = pair(&ce, 0, 1).await;
        write(&ce, to, "1").await;
        assert!(alert(&ce, to, "A").await);
    }),
    // The line asserts nothing; this is our choice.
    case!("ipc/MQ-046", "OQ-38", async |ce| {
        let (from, to) = pair(&ce, 0, 4).await;
        assert!(alert(&ce, to, "A").await);
        assert_eq!(information(&ce, from).await.dwCurrentMessages, 0);
    }),
    case!("ipc/MQ-047", "ee488163", async |ce| {
        let (from, to) = pair(&ce, 0, 4).await;
        assert_eq!(ce.poll(from).await, TMO);
        write(&ce, to, "1").await;
        assert_eq!([ce.poll(from).await, ce.poll(from).await], [OBJ0; 2]);
        read(&ce, from).await;
        assert_eq!(ce.poll(from).await, TMO);
    }),
    case!("ipc/MQ-048", "ee488163", async |ce| {
        let (from, to) = pair(&ce, 0, 1).await;
        assert_eq!(ce.poll(to).await, OBJ0);
        write(&ce, to, "1").await;
        assert_eq!(ce.poll(to).await, TMO);
        read(&ce, from).await;
        assert_eq!(ce.poll(to).await, OBJ0);
    }),
    case!("ipc/MQ-049", "ee488163", async |ce| {
        let (from, to) = pair(&ce, 0, 4).await;
        assert!(alert(&ce, to, "A").await);
        assert_eq!(ce.poll(from).await, OBJ0);
    }),
    case!("ipc/MQ-050", "ee488163", async |ce| {
        let (from, to) = pair(&ce, 0, 4).await;
        let event = ce.auto_event().await;
        write(&ce, to, "1").await;
        assert_eq!(ce.wait_any(&[event, from], INFINITE).await, object(1));
        ce.SetEvent(event).await;
        read(&ce, from).await;
        assert_eq!(ce.wait_any(&[from, event], INFINITE).await, object(1));
    }),
    case!("ipc/MQ-051", "OQ-33", async |ce| {
        let (from, to) = pair(&ce, 0, 4).await;
        ce.CloseMsgQueue(to).await;
        assert_eq!(ce.poll(from).await, OBJ0);
    }),
    case!("ipc/MQ-052", "ee487993", async |ce| {
        let (from, to) = pair(&ce, 0, 4).await;
        end(&ce, 0, WRITE).await;
        for number in ["1", "2", "3", "4"] {
            write(&ce, to, number).await;
        }
        read(&ce, from).await;
        let expected = MsgQueueInfo {
            dwSize: 28,
            dwFlags: 0,
            dwMaxMessages: 4,
            cbMaxMessage: 16,
            dwCurrentMessages: 3,
            dwMaxQueueMessages: 4,
            wNumReaders: 1,
            wNumWriters: 2,
        };
        assert_eq!(information(&ce, from).await, expected);
        assert_eq!(information(&ce, to).await, expected);
    }),
    case!("ipc/MQ-053", "OQ-42", async |ce| {
        let queue = end(&ce, 0, READ).await;
        assert_eq!(ce.GetMsgQueueInfo(queue, 28_u32).await.0, TRUE);
        assert_eq!(ce.GetMsgQueueInfo(queue, 4_u32).await.0, FALSE);
    }),
    case!("ipc/MQ-054", "ee487993", async |ce| {
        let (from, to) = pair(&ce, 0, 4).await;
        write(&ce, to, "1").await;
        write(&ce, to, "2").await;
        read(&ce, from).await;
        read(&ce, from).await;
        write(&ce, to, "3").await;
        assert_eq!(information(&ce, from).await.dwMaxQueueMessages, 2);
    }),
    case!(
        "ipc/MQ-055",
        "ee488036",
        async |ce| {
            let to = ce.CreateMsgQueue(NULL, options(ALLOW_BROKEN, 4, WRITE)).await;
            write(&ce, to, "x").await;
            let me = ce.GetProcessId(THIS_PROCESS).await;
            let child = ce.start_with("P2", saying(&[me, to.0])).await;
            ce.wait(child.hProcess).await;
        },
        async |ce| {
            let [parent, theirs] = given(&ce);
            let parent = ce.open_process(parent).await;
            let from = ce.OpenMsgQueue(parent, Handle(theirs), options(0, 0, READ)).await;
            assert_eq!(read(&ce, from).await, got("x"));
        }
    ),
    case!("ipc/MQ-056", "inference", async |ce| {
        let to = end(&ce, 0, WRITE).await;
        let options = MsgQueueOptions { dwFlags: 4, cbMaxMessage: 0, ..options(0, 0, READ) };
        let from = ce.OpenMsgQueue(THIS_PROCESS, to, options).await;
        assert_eq!(write(&ce, to, "x").await, WRITTEN);
        assert_eq!(read(&ce, from).await, got("x"));
    }),
    case!("ipc/MQ-057", "ee482776", async |ce| {
        let to = end(&ce, 0, WRITE).await;
        let (from, error) = ce.noting(ce.OpenMsgQueue(THIS_PROCESS, to, options(0, 4, READ))).await;
        assert!(from != Handle::NULL && error == 183);
    }),
    case!("ipc/MQ-058", "ee488036", async |ce| {
        let to = end(&ce, 0, WRITE).await;
        let closed = ce.closed_handle().await;
        assert_eq!(ce.OpenMsgQueue(THIS_PROCESS, closed, options(0, 4, READ)).await, Handle::NULL);
        assert_eq!(ce.OpenMsgQueue(closed, to, options(0, 4, READ)).await, Handle::NULL);
    }),
    case!("ipc/MQ-059", "ee488163", async |ce| {
        let (from, to) = pair(&ce, 0, 4).await;
        assert_eq!(ce.CloseMsgQueue(from).await, TRUE);
        assert_eq!(ce.CloseHandle(to).await, TRUE);
        assert_eq!(ce.CloseMsgQueue(from).await, FALSE);
        assert_eq!(ce.CloseHandle(to).await, FALSE);
    }),
    case!("ipc/MQ-060", "ee488171", async |ce| {
        let (from, to) = pair(&ce, 0, 4).await;
        write(&ce, to, "x").await;
        ce.CloseMsgQueue(from).await;
        ce.CloseMsgQueue(to).await;
        let (from, error) = create_named(&ce, "Q", ALLOW_BROKEN).await;
        assert_eq!(error, 0);
        assert_eq!(read(&ce, from).await, nothing(1460));
    }),
    case!("ipc/MQ-061", "ee488171", async |ce| {
        let (from, to) = pair(&ce, ALLOW_BROKEN, 4).await;
        write(&ce, to, "x").await;
        ce.CloseMsgQueue(to).await;
        assert_eq!(read(&ce, from).await, got("x"));
    }),
    case!("ipc/MQ-062", "OQ-43", async |ce| {
        let (from, to) = pair(&ce, 0, 4).await;
        ce.CloseMsgQueue(from).await;
        assert_eq!(write(&ce, to, "x").await, unwritten(233));
        let from = end(&ce, 0, READ).await;
        assert_eq!(write(&ce, to, "y").await, WRITTEN);
        assert_eq!(read(&ce, from).await, got("y"));
    }),
    case!("ipc/MQ-063", "ee488902", async |ce| {
        let from = end(&ce, 0, READ).await;
        ce.duplicate(from).await;
        assert_eq!(information(&ce, from).await.wNumReaders, 2);
    }),
    case!("ipc/MQ-064", "ee488391", async |ce| {
        let (from, to) = pair(&ce, 0, 4).await;
        write(&ce, to, "x").await;
        for expected in [got("x"), nothing(1460)] {
            let read = ce.noting(ce.ReadMsgQueueEx(from, 16_u32, OUT, ms(0), OUT, NULL)).await;
            assert_eq!((read.0.0, read.1), expected);
        }
        let read = async move |ce: Ce| ce.ReadMsgQueueEx(from, 16_u32, OUT, INFINITE, OUT, NULL).await.0;
        let reader = ce.thread(251, read).await;
        ce.settle().await;
        write(&ce, to, "y").await;
        ce.settle().await;
        assert_eq!(reader.result(), Some(got("y").0));
    }),
    case!("ipc/MQ-065", "inference", async |ce| {
        let (from, _) = pair(&ce, 0, 4).await;
        ce.CloseHandle(from).await;
        assert_eq!(read(&ce, from).await, nothing(6));
    }),
    case!("ipc/MQ-066", "ee482757", async |ce| {
        let received = crowd(&ce).await;
        let mut all: Vec<[u16; 2]> = received.concat();
        all.sort_unstable();
        let sent = (0..10).flat_map(|writer| (0..1000).map(move |count| [writer, count]));
        assert!(all.into_iter().eq(sent), "each once");
        for messages in received {
            for writer in 0..10 {
                let its = messages.iter().filter(|message| message[0] == writer);
                assert!(its.is_sorted(), "in the writer's order");
            }
        }
    }),
];

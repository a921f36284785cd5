//! What the kernel is held against: the same thing done by what people would use instead.

use std::hint::black_box;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rustix::event::{EventfdFlags, eventfd};
use rustix::fs::{Mode, OFlags, open, unlink};
use rustix::process::getppid;
use rustix::thread::{CpuSet, futex, sched_setaffinity};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Mutex, Notify, Semaphore};
use tokio::task::{LocalSet, spawn_local, unconstrained};

use crate::operations::{NAMES, STRIDE, name};

/// A peer of an operation, with the figures of `performance.md`.
pub struct Peer {
    /// Its name in the tables.
    pub name: &'static str,
    /// The operation that it does.
    pub operation: &'static str,
    /// How many times slower than ours it must be at least, where there is a figure.
    pub must: Option<f64>,
    /// Does it so often.
    pub program: fn(u64),
}

/// Every peer.
pub const PEERS: &[Peer] = &[
    Peer { name: "tokio Notify", operation: "ping_pong", must: Some(3.2), program: notify },
    Peer { name: "futex, one core", operation: "ping_pong", must: Some(35.0), program: futex_ping_pong },
    Peer { name: "getppid", operation: "wait_signaled", must: Some(20.0), program: parent },
    Peer { name: "getppid", operation: "set_event", must: Some(20.0), program: parent },
    Peer { name: "tokio Mutex", operation: "mutex_pair", must: Some(3.3), program: mutex },
    Peer { name: "tokio Semaphore", operation: "semaphore_pair", must: Some(4.0), program: semaphore },
    Peer { name: "tokio Mutex", operation: "mutex_hand_off", must: Some(4.9), program: hand_off },
    Peer { name: "eventfd, close", operation: "create_close", must: Some(110.0), program: event_file },
    Peer { name: "open, close in tmpfs", operation: "named_open_1k", must: None, program: named_file },
];

fn runtime() -> Runtime {
    Builder::new_current_thread().build().expect("a runtime can be built")
}

fn notify(iterations: u64) {
    LocalSet::new().block_on(&runtime(), async move {
        let (ping, pong) = (Rc::new(Notify::new()), Rc::new(Notify::new()));
        let (ping_too, pong_too) = (ping.clone(), pong.clone());
        let other = spawn_local(async move {
            for _ in 0..iterations {
                ping_too.notified().await;
                pong_too.notify_one();
            }
        });
        let one = spawn_local(async move {
            for _ in 0..iterations {
                ping.notify_one();
                pong.notified().await;
            }
        });
        one.await.expect("it does not panic");
        other.await.expect("it does not panic");
    });
}

/// Two threads on one core, so that a wake and a wait make a switch.
fn futex_ping_pong(iterations: u64) {
    let words = Arc::new([AtomicU32::new(0), AtomicU32::new(0)]);
    let sides = [0, 1].map(|side| {
        let words = words.clone();
        std::thread::spawn(move || {
            // Both in threads of their own: the affinity goes with them.
            let mut core = CpuSet::new();
            core.set(0);
            let _ = sched_setaffinity(None, &core);
            for _ in 0..iterations {
                if side == 0 {
                    post(&words[0]);
                    wait(&words[1]);
                } else {
                    wait(&words[0]);
                    post(&words[1]);
                }
            }
        })
    });
    for side in sides {
        side.join().expect("it does not panic");
    }
}

fn post(word: &AtomicU32) {
    word.store(1, Ordering::Release);
    let _ = futex::wake(word, futex::Flags::PRIVATE, 1);
}

fn wait(word: &AtomicU32) {
    while word.swap(0, Ordering::Acquire) == 0 {
        let _ = futex::wait(word, futex::Flags::PRIVATE, 0, None);
    }
}

fn parent(iterations: u64) {
    for _ in 0..iterations {
        black_box(getppid());
    }
}

fn mutex(iterations: u64) {
    runtime().block_on(unconstrained(async {
        let mutex = Mutex::new(0_u64);
        for _ in 0..iterations {
            *mutex.lock().await += 1;
        }
        black_box(mutex);
    }));
}

fn semaphore(iterations: u64) {
    runtime().block_on(unconstrained(async {
        let semaphore = Semaphore::new(1);
        for _ in 0..iterations {
            semaphore.acquire().await.expect("it is not closed").forget();
            semaphore.add_permits(1);
        }
    }));
}

fn hand_off(iterations: u64) {
    let turns = iterations.div_ceil(2);
    LocalSet::new().block_on(&runtime(), async move {
        let mutex = Rc::new(Mutex::new(()));
        let sides = [(); 2].map(|()| {
            let mutex = mutex.clone();
            spawn_local(async move {
                let mut guard = mutex.lock().await;
                tokio::task::yield_now().await;
                for _ in 0..turns {
                    drop(guard);
                    guard = mutex.lock().await;
                }
            })
        });
        for side in sides {
            side.await.expect("it does not panic");
        }
    });
}

fn event_file(iterations: u64) {
    for _ in 0..iterations {
        drop(eventfd(0, EventfdFlags::empty()).expect("an eventfd can be made"));
    }
}

/// What POSIX's named semaphores and shared memory are made of: files in /dev/shm.
fn named_file(iterations: u64) {
    let path = |place| format!("/dev/shm/{}-{}", name(place), std::process::id());
    let paths: Vec<String> = (0..NAMES).map(path).collect();
    for path in &paths {
        open(path, OFlags::CREATE | OFlags::RDWR, Mode::RUSR | Mode::WUSR).expect("/dev/shm can be written");
    }
    let mut place = 0;
    for _ in 0..iterations {
        place = (place + STRIDE) % NAMES;
        drop(open(&paths[place], OFlags::RDWR, Mode::empty()).expect("it was made above"));
    }
    for path in &paths {
        let _ = unlink(path);
    }
}

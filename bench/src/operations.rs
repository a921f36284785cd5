//! What is measured of the kernel: native guests, and scenarios in Lua, on the product's own machine, with the
//! trace compiled in and off.

use std::future::Future;

use cerium_coredll::{Call, CeApi, NULL, OUT, Reply, Text, WAIT_OBJECT_0};
use cerium_guest::{Ce, Limits, Machine, Native, NoImages, TraceSink, Verdict};
use cerium_handle::Handle;
use cerium_kernel::{Record, Strict};
use cerium_process::{Priority, Timeout};
use cerium_script::{DEFAULT_MEMORY, NoExecutables, Scenario};

const INFINITE: Timeout = Timeout::Infinite;
const EVENT_ALL_ACCESS: u32 = 0x001f_0003;
/// How many names there are in the name space in which one is opened.
pub const NAMES: usize = 1_000;
/// Coprime to [`NAMES`]: the names are opened in an order that visits them all.
pub const STRIDE: usize = 377;

/// An operation of the kernel, and the figures of `performance.md` for it.
pub struct Operation {
    /// Its name in the tables.
    pub name: &'static str,
    /// The instructions that it may take, and those that would be better.
    pub must: u32,
    /// The same, stretched.
    pub stretch: u32,
    /// Does it so often.
    program: fn(u64),
}

impl Operation {
    /// Does it so often.
    pub fn run(&self, iterations: u64) {
        (self.program)(iterations);
    }
}

const fn operation(name: &'static str, must: u32, stretch: u32, program: fn(u64)) -> Operation {
    Operation { name, must, stretch, program }
}

/// Every operation, in the order of the table.
pub const OPERATIONS: &[Operation] = &[
    operation("ping_pong", 850, 550, |n| run(move |ce, _| ping_pong(ce, n))),
    operation("ping_pong_traced", 1000, 650, |n| run_traced(move |ce, _| ping_pong(ce, n))),
    operation("wait_signaled", 100, 45, |n| run(move |ce, _| wait_signaled(ce, n))),
    operation("set_event", 90, 40, |n| run(move |ce, _| set_event(ce, n))),
    operation("mutex_pair", 215, 110, |n| run(move |ce, _| mutex_pair(ce, n))),
    operation("semaphore_pair", 170, 80, |n| run(move |ce, _| semaphore_pair(ce, n))),
    operation("mutex_hand_off", 515, 350, |n| run(move |ce, _| mutex_hand_off(ce, n))),
    operation("inheritance", 1470, 950, |n| run(move |ce, _| inheritance(ce, n))),
    operation("create_close", 140, 70, |n| run(move |ce, _| create_close(ce, n))),
    operation("named_open_1k", 290, 210, |n| run(move |ce, _| named_open(ce, n))),
    operation("wait_multiple_64", 2230, 1500, |n| run(move |ce, _| wait_multiple(ce, n))),
    operation("lua_call", 330, 300, |n| play(LUA_CALL, n)),
    operation("lua_ping_pong", 2400, 2050, |n| play(LUA_PING_PONG, n)),
];

/// A call that nobody waits for.
const LUA_CALL: &str = "
process('bench', function()
  local event = CreateEvent(nil, true, false, nil)
  local SetEvent = SetEvent
  for _ = 1, ITERATIONS do SetEvent(event) end
end)";

/// Two threads hand a turn to and fro, as the native ones do.
const LUA_PING_PONG: &str = "
process('bench', function()
  local ping, pong = CreateEvent(nil, false, false, nil), CreateEvent(nil, false, false, nil)
  local SetEvent, WaitForSingleObject, INFINITE = SetEvent, WaitForSingleObject, INFINITE
  local count = ITERATIONS
  local thread = CreateThread(nil, 0, function()
    for _ = 1, count do WaitForSingleObject(ping, INFINITE) SetEvent(pong) end
  end, nil, 0)
  for _ = 1, count do SetEvent(ping) WaitForSingleObject(pong, INFINITE) end
  check(WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0)
end)";

/// Plays a scenario to its end; it does its work so often.
fn play(scenario: &str, iterations: u64) {
    let text = scenario.replace("ITERATIONS", &iterations.to_string());
    let scenario =
        Scenario::new("bench.lua", text.as_bytes(), None, DEFAULT_MEMORY).expect("it is well formed");
    let started = scenario.start(Box::new(NoExecutables), Box::new(NoImages), |_| {});
    let (mut machine, first) = started.expect("there is room for a process");
    let verdict = machine.run(&mut Strict, &Limits::default());
    scenario.judge(&machine, &verdict, first).expect("the script says that all went well");
}

/// Runs one process to its end.
fn run<F: Future<Output = u32> + 'static>(main: impl Fn(Ce, u32) -> F + 'static) {
    run_on(Machine::new(Box::new(NoImages)), main);
}

/// The same with the trace collected, and thrown away as it comes: how it would be written is not measured.
fn run_traced<F: Future<Output = u32> + 'static>(main: impl Fn(Ce, u32) -> F + 'static) {
    struct Nowhere;

    impl TraceSink for Nowhere {
        fn take(&mut self, records: &mut dyn Iterator<Item = Record>, _: &[Call], _: &[Reply]) {
            records.for_each(drop);
        }

        fn finish(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    let mut machine = Machine::new(Box::new(NoImages));
    machine.set_trace(Box::new(Nowhere));
    run_on(machine, main);
}

fn run_on<F: Future<Output = u32> + 'static>(mut machine: Machine, main: impl Fn(Ce, u32) -> F + 'static) {
    let started = machine.start(Native::new("", main).prepared("bench.exe"), "");
    started.expect("there is room for a process");
    let verdict = machine.run(&mut Strict, &Limits::default());
    assert_eq!(verdict, Verdict::Finished);
    assert_eq!(machine.statistics().ended[0].exit_code, 0, "the guest says that something went wrong");
}

/// Two threads hand a turn to and fro: two sets, two waits, two switches.
async fn ping_pong(ce: Ce, iterations: u64) -> u32 {
    let ping = ce.CreateEvent(NULL, false, false, NULL).await;
    let pong = ce.CreateEvent(NULL, false, false, NULL).await;
    let other = ce.function(move |ce, _| async move {
        for _ in 0..iterations {
            ce.WaitForSingleObject(ping, INFINITE).await;
            ce.SetEvent(pong).await;
        }
        0
    });
    let (thread, _) = ce.CreateThread(NULL, 0_u32, other, 0_u32, 0_u32, OUT).await;
    for _ in 0..iterations {
        ce.SetEvent(ping).await;
        ce.WaitForSingleObject(pong, INFINITE).await;
    }
    failure(ce.WaitForSingleObject(thread, INFINITE).await == WAIT_OBJECT_0)
}

async fn wait_signaled(ce: Ce, iterations: u64) -> u32 {
    let event = ce.CreateEvent(NULL, true, true, NULL).await;
    let mut good = true;
    for _ in 0..iterations {
        good &= ce.WaitForSingleObject(event, INFINITE).await == WAIT_OBJECT_0;
    }
    failure(good)
}

async fn set_event(ce: Ce, iterations: u64) -> u32 {
    let event = ce.CreateEvent(NULL, true, false, NULL).await;
    let mut good = true;
    for _ in 0..iterations {
        good &= ce.SetEvent(event).await.0;
    }
    failure(good)
}

async fn mutex_pair(ce: Ce, iterations: u64) -> u32 {
    let mutex = ce.CreateMutex(NULL, false, NULL).await;
    let mut good = true;
    for _ in 0..iterations {
        good &= ce.WaitForSingleObject(mutex, INFINITE).await == WAIT_OBJECT_0;
        good &= ce.ReleaseMutex(mutex).await.0;
    }
    failure(good)
}

async fn semaphore_pair(ce: Ce, iterations: u64) -> u32 {
    let semaphore = ce.CreateSemaphore(NULL, 1_i32, 1_i32, NULL).await;
    let mut good = true;
    for _ in 0..iterations {
        good &= ce.WaitForSingleObject(semaphore, INFINITE).await == WAIT_OBJECT_0;
        good &= ce.ReleaseSemaphore(semaphore, 1_i32, NULL).await.0.0;
    }
    failure(good)
}

/// Two threads of one priority that always want the mutex that the other has: an iteration is one release
/// that hands it over and one wait that blocks.
async fn mutex_hand_off(ce: Ce, iterations: u64) -> u32 {
    let mutex = ce.CreateMutex(NULL, true, NULL).await;
    let turns = iterations.div_ceil(2);
    let other = ce.function(move |ce, _| async move {
        ce.WaitForSingleObject(mutex, INFINITE).await;
        take_turns(&ce, mutex, turns).await
    });
    let (thread, _) = ce.CreateThread(NULL, 0_u32, other, 0_u32, 0_u32, OUT).await;
    ce.Sleep(Timeout::Milliseconds(0)).await;
    let failed = take_turns(&ce, mutex, turns).await;
    ce.ReleaseMutex(mutex).await;
    ce.WaitForSingleObject(thread, INFINITE).await;
    failed
}

async fn take_turns(ce: &Ce, mutex: Handle, turns: u64) -> u32 {
    let mut good = true;
    for _ in 0..turns {
        good &= ce.ReleaseMutex(mutex).await.0;
        good &= ce.WaitForSingleObject(mutex, INFINITE).await == WAIT_OBJECT_0;
    }
    failure(good)
}

/// A full cycle of priority inheritance: the less urgent owner wakes the more urgent thread, which wants the
/// mutex and lends its priority; the owner lets go, loses the loan and the CPU.
async fn inheritance(ce: Ce, iterations: u64) -> u32 {
    let mutex = ce.CreateMutex(NULL, false, NULL).await;
    let go = ce.CreateEvent(NULL, false, false, NULL).await;
    let urgent = ce.function(move |ce, _| async move {
        ce.CeSetThreadPriority(Handle::CURRENT_THREAD, i32::from(Priority::NORMAL.0) - 51).await;
        for _ in 0..iterations {
            ce.WaitForSingleObject(go, INFINITE).await;
            ce.WaitForSingleObject(mutex, INFINITE).await;
            ce.ReleaseMutex(mutex).await;
        }
        0
    });
    let (thread, _) = ce.CreateThread(NULL, 0_u32, urgent, 0_u32, 0_u32, OUT).await;
    ce.Sleep(Timeout::Milliseconds(0)).await;
    for _ in 0..iterations {
        ce.WaitForSingleObject(mutex, INFINITE).await;
        ce.SetEvent(go).await;
        ce.ReleaseMutex(mutex).await;
    }
    failure(ce.WaitForSingleObject(thread, INFINITE).await == WAIT_OBJECT_0)
}

async fn create_close(ce: Ce, iterations: u64) -> u32 {
    let mut good = true;
    for _ in 0..iterations {
        let event = ce.CreateEvent(NULL, false, false, NULL).await;
        good &= ce.CloseHandle(event).await.0;
    }
    failure(good)
}

/// The text of a name.
pub fn name(place: usize) -> String {
    format!("bench-event-{place:06}")
}

async fn named_open(ce: Ce, iterations: u64) -> u32 {
    let names: Vec<Text> = (0..NAMES).map(|place| Text::from(name(place).as_str())).collect();
    for name in &names {
        ce.CreateEvent(NULL, false, false, name).await;
    }
    let mut good = true;
    let mut place = 0;
    for _ in 0..iterations {
        place = (place + STRIDE) % NAMES;
        let event = ce.OpenEvent(EVENT_ALL_ACCESS, false, &names[place]).await;
        good &= ce.CloseHandle(event).await.0;
    }
    failure(good)
}

/// A wait for 64 objects of which only the last is signaled.
async fn wait_multiple(ce: Ce, iterations: u64) -> u32 {
    let mut events = [Handle::NULL; 64];
    for (place, event) in events.iter_mut().enumerate() {
        *event = ce.CreateEvent(NULL, true, place == 63, NULL).await;
    }
    let mut good = true;
    for _ in 0..iterations {
        good &= ce.WaitForMultipleObjects(&events, false, INFINITE).await.0 == 63;
    }
    failure(good)
}

/// The exit code of a guest.
fn failure(good: bool) -> u32 {
    u32::from(!good)
}

//! The Lua door: the same as the native one, the same every time, and nothing a script does is a panic.
#![allow(missing_docs, reason = "tests say what they test by their names")]

use std::path::PathBuf;

use cerium_coredll::{CeApi, NULL, OUT};
use cerium_process::Timeout;
use cerium_script::{FailureKind, Scenario, ScriptError};
use cerium_tests::{Device, Played, play};

const MEMORY: u64 = 16 << 20;

fn try_script(text: &[u8]) -> Result<Played, ScriptError> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    Scenario::new("script.lua", text, Some(folder.clone()), MEMORY)
        .and_then(|scenario| play(&scenario, Some(folder)))
}

/// Why the script does not pass: the kind, and the words for people.
fn failure(text: &str) -> (FailureKind, String) {
    let played = try_script(text.as_bytes()).expect("the script loads");
    let failure = played.judged.expect_err("the script does not pass");
    (failure.kind, failure.message)
}

fn body(text: &str) -> String {
    format!("process('p', function()\n{text}\nend)")
}

fn passes(text: &str) -> Played {
    let played = try_script(text.as_bytes()).expect("the script loads");
    played.judged.clone().unwrap_or_else(|failure| panic!("{}\n{}", failure.message, played.trace));
    played
}

#[track_caller]
fn fails(kind: FailureKind, text: &str, words: &[&str]) {
    let (found, message) = failure(text);
    assert_eq!(found, kind, "{message}");
    for word in words {
        assert!(message.contains(word), "{message:?} has no {word:?}");
    }
}

#[track_caller]
fn does_not_load(text: &[u8], words: &[&str]) {
    let error = try_script(text).err().expect("the script does not load").to_string();
    for word in words {
        assert!(error.contains(word), "{error:?} has no {word:?}");
    }
}

// Two doors.

/// The events without times and addresses: what a call is given as an address, and where a reply has one.
fn sequence(trace: &str) -> Vec<String> {
    let is_address = |word: &str| word.contains("Addr=0x") || word.contains("Param=0x");
    let shown = |line: &str| {
        let words: Vec<&str> = line.split(' ').skip(1).filter(|word| !is_address(word)).collect();
        words.join(" ")
    };
    trace.lines().skip(1).map(shown).filter(|line| line != "idle").collect()
}

const INFINITE: Timeout = Timeout::Infinite;

#[test]
fn the_documented_sample_is_the_same_through_both_doors() {
    let native = Device::default()
        .process("database", async |ce, _| {
            let mutex = ce.CreateMutex(NULL, false, "MutexToProtectDatabase").await;
            ce.WaitForSingleObject(mutex, INFINITE).await;
            ce.Sleep(Timeout::Milliseconds(10)).await;
            ce.ReleaseMutex(mutex).await;
            0
        })
        .process("client", async |ce, _| {
            let mutex = ce.CreateMutex(NULL, false, "MutexToProtectDatabase").await;
            ce.GetLastError().await;
            ce.WaitForSingleObject(mutex, INFINITE).await;
            ce.ReleaseMutex(mutex).await;
            0
        })
        .run_well();
    let lua = passes(
        "process('database', function()
           local mutex = CreateMutex(nil, false, 'MutexToProtectDatabase')
           WaitForSingleObject(mutex, INFINITE)
           Sleep(10)
           ReleaseMutex(mutex)
         end)
         process('client', function()
           local mutex = CreateMutex(nil, false, 'MutexToProtectDatabase')
           GetLastError()
           WaitForSingleObject(mutex, INFINITE)
           ReleaseMutex(mutex)
         end)",
    );
    assert_eq!(sequence(&native.trace), sequence(&lua.trace));
}

#[test]
fn threads_events_semaphores_and_time_outs_are_the_same_through_both_doors() {
    let native = Device::default()
        .process("p", async |ce, _| {
            let event = ce.CreateEvent(NULL, false, false, NULL).await;
            let units = ce.CreateSemaphore(NULL, 0, 2, NULL).await;
            let worker = ce.function(move |ce, parameter| async move {
                ce.WaitForSingleObject(event, INFINITE).await;
                ce.compute(3_000_000).await;
                ce.ReleaseSemaphore(units, 2, OUT).await;
                parameter + 1
            });
            let (thread, _) = ce.CreateThread(NULL, 0_u32, worker, 41, 4_u32, OUT).await;
            ce.CeSetThreadPriority(thread, 100).await;
            ce.ResumeThread(thread).await;
            ce.WaitForSingleObject(units, Timeout::Milliseconds(5)).await;
            ce.SetEvent(event).await;
            ce.WaitForMultipleObjects(&[event, units], false, Timeout::Milliseconds(20)).await;
            ce.WaitForSingleObject(thread, INFINITE).await;
            ce.GetExitCodeThread(thread, OUT).await;
            ce.ReleaseSemaphore(units, 5, OUT).await;
            ce.CloseHandle(event).await;
            0
        })
        .run_well();
    let lua = passes(&body(
        "local event = CreateEvent(nil, false, false, nil)
         local units = CreateSemaphore(nil, 0, 2, nil)
         local thread = CreateThread(nil, 0, function(parameter)
           WaitForSingleObject(event, INFINITE)
           compute(3)
           ReleaseSemaphore(units, 2)
           return parameter + 1
         end, 41, CREATE_SUSPENDED)
         CeSetThreadPriority(thread, 100)
         ResumeThread(thread)
         WaitForSingleObject(units, 5)
         SetEvent(event)
         WaitForMultipleObjects({ event, units }, false, 20)
         WaitForSingleObject(thread, INFINITE)
         GetExitCodeThread(thread)
         ReleaseSemaphore(units, 5)
         CloseHandle(event)",
    ));
    assert_eq!(sequence(&native.trace), sequence(&lua.trace));
}

// The same every time.

#[test]
fn limits_of_a_scenario_hold() {
    fails(FailureKind::Limit, &format!("limit{{ time = 5 }} {}", body("Sleep(100)")), &["virtual time"]);
    fails(
        FailureKind::Limit,
        &format!("limit{{ steps = 1000 }} {}", body("while true do end")),
        &["limit of steps", "script.lua:2"],
    );
}

#[test]
fn what_comes_from_outside_at_once_comes_before_every_thread() {
    let played = passes(
        "at(0, function() print('first') end)
         process('p', function() print('process') end, { priority = 1 })
         at(0, function() print('second') end)",
    );
    assert_eq!(played.output, "first\nsecond\nprocess\n");
}

#[test]
fn the_expected_end_is_the_one_that_passes() {
    passes(&format!("expect 'stall' {}", body("Sleep(INFINITE)")));
    passes(&format!("expect 'fault' {}", body("error 'x'")));
    passes(&format!("expect(5) {}", body("return 5")));
    passes(&format!("expect(-1) {}", body("return -1")));
    fails(FailureKind::Check, &format!("expect 'stall' {}", body("")), &["expected a stall"]);
    fails(FailureKind::Check, &format!("expect 'fault' {}", body("")), &["expected a fault"]);
    fails(FailureKind::Check, &format!("expect(5) {}", body("return 6")), &["exit code 5", "exit code 6"]);
    fails(FailureKind::Check, &format!("expect(5) {}", body("Sleep(INFINITE)")), &["exit code 5", "stalled"]);
    fails(FailureKind::Check, &body("return 6"), &["exit code 6"]);
    fails(FailureKind::Stalled, &body("Sleep(INFINITE)"), &["stalled"]);
}

// Wrong scripts say where they are wrong.

#[test]
fn scripts_that_do_not_parse_say_where() {
    does_not_load(b"process('p', function()\n  if then end\nend)", &["script.lua:2", "then"]);
    does_not_load(b"\x1bLua\x54\x00\x19\x93\r\n\x1a\n", &["binary"]);
    does_not_load(b"proces('p', print)", &["script.lua:1", "proces"]);
    does_not_load(b"x = 1", &["script.lua", "no process"]);
    does_not_load(b"while true do end", &["script.lua:1", "steps"]);
    does_not_load(b"process('p', 5)", &["script.lua:1", "a function or exe expected"]);
    does_not_load(b"process('p', print) process('p', print)", &["declared twice"]);
    does_not_load(b"process('p', print, { prio = 3 })", &["no option 'prio'"]);
    does_not_load(b"Sleep(5)", &["'Sleep' is for inside a body"]);
    does_not_load(b"check(false)", &["'check' is for inside a body"]);
    does_not_load(b"process('p', exe 'nowhere.exe')", &["nowhere.exe"]);
    does_not_load(b"require 'nowhere'", &["nowhere.lua"]);
    does_not_load(b"require '../x'", &["is no module"]);
}

#[test]
fn a_failed_check_says_where_when_and_why() {
    let text = body("Sleep(5)\ncheck(1 == 2, 'one is not two')");
    fails(FailureKind::Check, &text, &["script.lua:3", "one is not two", "thread 8", "\"p\"", " ms"]);
    // It cannot be caught.
    fails(FailureKind::Check, &body("pcall(function() check(false) end)"), &["check failed"]);
    fails(FailureKind::Check, &body("table.sort({2, 1}, function() check(false) end)"), &["script.lua:2"]);
}

#[test]
fn wrong_calls_say_what_was_expected() {
    let fault = FailureKind::Exception;
    fails(fault, &body("Foo()"), &["script.lua:2", "'Foo'"]);
    fails(fault, &body("Sleep('x')"), &["script.lua:2", "#1 'dwMilliseconds' to 'Sleep'", "a string"]);
    fails(fault, &body("Sleep(1.5)"), &["an integer expected, got a fraction"]);
    fails(fault, &body("WaitForSingleObject(5)"), &["#2 'dwMilliseconds'", "got nothing"]);
    fails(
        fault,
        &body("WaitForMultipleObjects(2, {1, 2}, false, 3)"),
        &["#1 'lpHandles'", "a list of handles"],
    );
    fails(fault, &body("WaitForMultipleObjects({1, 'x'}, false, 3)"), &["a list of handles"]);
    fails(fault, &body("SetEvent(1, 2)"), &["'SetEvent' takes 1 arguments here, and 2 were given"]);
    fails(fault, &body("CreateEvent(nil, false, false, '\\xff')"), &["UTF-8"]);
    fails(fault, &body("CreateMsgQueue('q', { dwMaxMessages = 'x' })"), &["#2 'lpOptions'"]);
    fails(fault, &body("process('q', print)"), &["process is for the file's top level"]);
    fails(fault, &body("return 'x'"), &["exit code"]);
    fails(fault, &body("error({})"), &["script.lua:2"]);
}

#[test]
fn what_does_not_end_is_ended() {
    let fault = FailureKind::Exception;
    let limit = |text: &str| format!("limit{{ steps = 3000000 }} {}", body(text));
    fails(FailureKind::Limit, &limit("while true do end"), &["script.lua:2"]);
    fails(FailureKind::Limit, &limit("while true do pcall(error) end"), &["script.lua:2"]);
    let pattern = "local s = ('a'):rep(30) s:find(('a?'):rep(30) .. s .. 'b')";
    fails(fault, &body(pattern), &["script.lua:2", "steps"]);
    fails(fault, &body("('a'):rep(300000):find('.-.-.-.-b')"), &["script.lua:2", "steps"]);
    fails(fault, &body("(''):rep(1 << 60)"), &["steps"]);
    fails(fault, &body("table.move({}, 1, 1 << 60, 2)"), &["steps"]);
    fails(
        fault,
        &body("table.insert(setmetatable({}, { __len = function() return 1 << 60 end }), 1, 2)"),
        &["steps"],
    );
    fails(
        fault,
        &body("table.sort({ 3, 2, 1 }, function() while true do end end)"),
        &["script.lua:2", "steps"],
    );
    let stubborn = "while true do pcall(table.sort, { 2, 1 }, function() while true do end end) end";
    fails(FailureKind::Limit, &limit(stubborn), &["script.lua:2"]);
}

#[test]
fn what_does_not_fit_is_refused() {
    let fault = FailureKind::Exception;
    fails(
        fault,
        &body("local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end"),
        &["not enough memory"],
    );
    fails(fault, &body("('x'):rep(1 << 30)"), &["not enough memory"]);
    fails(fault, &body("local s = 'x' while true do s = s .. s end"), &["not enough memory"]);
    fails(fault, &body("local function f() return 1 + f() end f()"), &["script.lua:2"]);
    fails(fault, &body("assert(load('return ' .. ('('):rep(1000) .. (')'):rep(1000)))"), &["overflow"]);
    fails(fault, &body("table.unpack({}, 1, 1 << 30)"), &["too many"]);
    // At the file's top level too, with the place.
    let rest = "\nprocess('p', function() end)";
    for bomb in ["local function f() return 1 + f() end f()", "local s = 'x' while true do s = s .. s end"] {
        does_not_load(
            format!("{bomb}{rest}").as_bytes(),
            &["script.lua", "not enough memory", "script.lua:1:"],
        );
    }
    does_not_load(b"while true do end", &["script.lua:1: more than", "top level"]);
    does_not_load(b"Sleep(1)", &["script.lua:1:", "'Sleep' is for inside a body"]);
    does_not_load(b"\x1bLua", &["script.lua: ", "binary chunk"]);
    // It can be caught, and the process goes on.
    passes(&body("check(not pcall(string.rep, 'x', 1 << 33)) Sleep(1)"));
}

#[test]
fn a_call_where_nobody_else_can_run_is_an_error() {
    let fault = FailureKind::Exception;
    let sort = "table.sort({ 3, 2, 1 }, function(a, b) Sleep(1) return a < b end)";
    fails(fault, &body(sort), &["script.lua:2", "'Sleep' cannot be called here"]);
    let input = "process('p', function() Sleep(10) end) at(1, function() Sleep(5) end)";
    fails(fault, input, &["script.lua:1", "Sleep would block"]);
    let input = "process('p', function() Sleep(10) end) at(1, function()
                   WaitForSingleObject(CreateEvent(), 5) end)";
    fails(fault, input, &["script.lua:2", "WaitForSingleObject would block"]);
    passes("process('p', function() Sleep(10) end) at(1, function() Sleep(0) CreateEvent() end)");
}

#[test]
fn a_script_has_no_way_out() {
    let gone = "io os debug coroutine package dofile loadfile collectgarbage warn";
    for name in gone.split(' ') {
        passes(&body(&format!("check({name} == nil, '{name}')")));
    }
    passes(&body("check(string.dump == nil)"));
    passes(&body("local f, why = load('\\27Lua') check(f == nil and why:find 'binary')"));
    passes(&body("local f, why = load('return 1', 'x', 'b') check(f == nil)"));
    passes(&body("check(load('return ...')(5) == 5 and load('x = 1', 'x', 't', {}))"));
    passes(&body("local t = {} load('x = 1', 'x', 't', t)() check(t.x == 1 and x == nil)"));
    // When the collector runs cannot be seen.
    passes(&body(
        "local seen = false
         for _ = 1, 10000 do setmetatable({}, { __gc = function() seen = true end }) end
         local weak = setmetatable({}, { __mode = 'k' })
         for i = 1, 10000 do weak[{}] = i end
         local count = 0
         for _ in pairs(weak) do count = count + 1 end
         check(not seen and count == 10000)",
    ));
}

#[test]
fn a_closed_handle_and_a_gone_view_are_no_panic() {
    passes(&body(
        "local map = CreateFileMapping(INVALID_HANDLE_VALUE, nil, PAGE_READWRITE, 0, 8192, nil)
         local view = MapViewOfFile(map, FILE_MAP_WRITE, 0, 0, 0)
         check(not pcall(view.read, view, 0, 1 << 40))
         check(not pcall(view.read, view, -1, 1))
         check(not pcall(view.write, view, 8190, 'xyz'))
         check(not pcall(view.u32, view, 1 << 62))
         check(not pcall(InterlockedIncrement, view, 3))
         check(not pcall(InterlockedIncrement, nil, 0))
         UnmapViewOfFile(view)
         check(not pcall(InterlockedIncrement, view, 0))",
    ));
}

// Chance: texts and calls.

/// Xorshift: the same on every host.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

#[test]
fn random_texts_never_panic() {
    const WORDS: &[&str] = &[
        "process", "(", ")", "function", "end", "'a'", ",", "local", "x", "=", "1", "{", "}", "..", "nil",
        "while", "true", "do", "if", "then", "at", "check", "Sleep", "expect", "limit", "exe", "require",
        "[[", "]]", "--", "\n", "return", "0x", "1e999", "goto", "::a::", "\\", "\"", "#", "image", "and",
        "<close>", "\u{fffd}",
    ];
    for seed in 1..400 {
        let mut chance = Chance(u64::wrapping_mul(seed, 0x9E37_79B9_7F4A_7C15));
        let mut text = String::from("limit{ steps = 20000 } process('p', function() ");
        if chance.below(2) == 0 {
            text.clear();
        }
        for _ in 0..chance.below(60) {
            text.push_str(chance.pick(WORDS));
            text.push(' ');
        }
        if !text.is_empty() && chance.below(2) == 0 {
            text.push_str(" end)");
        }
        let _ = try_script(text.as_bytes());
    }
}

#[test]
fn random_calls_never_panic() {
    const ARGUMENTS: &[&str] = &[
        "h[1]",
        "h[2]",
        "h[3]",
        "h[4]",
        "0",
        "1",
        "-1",
        "nil",
        "true",
        "false",
        "65",
        "66",
        "'q'",
        "''",
        "5",
        "64",
        "0xFFFFFFFF",
        "1 << 40",
        "{}",
        "h",
        "{ dwMaxMessages = 2, cbMaxMessage = 8, bReadAccess = true }",
        "function() Sleep(1) end",
        "1.5",
        "4",
        "2",
        "'\\0'",
        "INFINITE",
    ];
    let names: Vec<&str> =
        cerium_coredll::Function::all().iter().map(|function| function.row().name).collect();
    let mut ran = 0;
    for seed in 1..300 {
        let mut chance = Chance(u64::wrapping_mul(seed, 0x2545_F491_4F6C_DD1D));
        let mut calls =
            String::from("limit{ time = 2000, steps = 200000 }\nprocess('p', function() local h = {}\n");
        for _ in 0..40 {
            let arguments: Vec<&str> = (0..chance.below(7)).map(|_| chance.pick(ARGUMENTS)).collect();
            let name = names[chance.below(names.len())];
            calls.push_str(&format!(
                "do local ok, r = pcall({name}{}{}) if ok and math.type(r) == 'integer' then h[1 + r % 4] = r end end\n",
                if arguments.is_empty() { "" } else { ", " },
                arguments.join(", ")
            ));
        }
        calls.push_str("end)\n");
        if try_script(calls.as_bytes()).is_ok() {
            ran += 1;
        }
    }
    assert!(ran > 200, "{ran} ran");
}

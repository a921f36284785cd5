//! Scenarios: arbitrary text as a script, and scripts that make arbitrary calls.

use std::fmt::Write as _;

use cerium_coredll::Function;
use cerium_guest::{Limits, NoImages};
use cerium_kernel::Strict;
use cerium_process::Instant;
use cerium_script::{NoExecutables, Scenario};

use crate::script::Bytes;

const STEPS: u64 = 20_000;
const MEMORY: u64 = 4 << 20;
const PROCESSES: u8 = 3;
const MAXIMUM_CALLS: usize = 32;

/// Takes the bytes as a script's text.
pub fn run_text(bytes: &[u8]) {
    let Ok(scenario) = Scenario::new("fuzz.lua", bytes, None, MEMORY) else { return };
    play(&scenario);
}

/// Makes calls of the bytes: any function, with any values.
pub fn run_calls(bytes: &[u8]) {
    let text = script_of(bytes);
    let scenario = Scenario::new("fuzz.lua", text.as_bytes(), None, MEMORY)
        .unwrap_or_else(|error| panic!("a script of calls can always be loaded: {error}\n{text}"));
    play(&scenario);
}

/// Runs a scenario within limits of our own, whatever it says of its own, and audits it.
fn play(scenario: &Scenario) {
    let started =
        scenario.start(Box::new(NoExecutables), Box::new(NoImages), |machine| machine.set_audit(true));
    let Ok((mut machine, first)) = started else { return };
    let own = scenario.limits(Limits::default());
    let limits = Limits {
        time: Some(own.time.unwrap_or(Instant(u64::MAX)).min(Instant(60_000_000_000))),
        steps: Some(own.steps.unwrap_or(STEPS).min(STEPS)),
        interrupt: None,
    };
    let verdict = machine.run(&mut Strict, &limits);
    machine.kernel().audit();
    if verdict == cerium_guest::Verdict::Finished {
        assert_eq!(machine.kernel().object_count(), 0, "a run that ends leaves an empty object table");
    }
    if let Err(failure) = scenario.judge(&machine, &verdict, first) {
        assert!(!failure.message.is_empty(), "a scenario that fails says why");
    }
}

/// What a call may name beside the rows: what the headers and the scenario's own words make of them.
const OTHERS: [&str; 27] = [
    "SetEvent",
    "ResetEvent",
    "PulseEvent",
    "TlsAlloc",
    "TlsFree",
    "GetCurrentThread",
    "GetCurrentProcess",
    "GetCurrentThreadId",
    "GetCommandLine",
    "ExitProcess",
    "InterlockedIncrement",
    "InterlockedDecrement",
    "InterlockedExchange",
    "InterlockedExchangeAdd",
    "InterlockedCompareExchange",
    "InterlockedTestExchange",
    "compute",
    "note",
    "print",
    "check",
    "require",
    "load",
    "string.rep",
    "string.format",
    "table.concat",
    "table.sort",
    "string.gsub",
];

/// What an argument may be, beside an earlier result.
const VALUES: [&str; 30] = [
    "nil",
    "true",
    "false",
    "0",
    "1",
    "2",
    "3",
    "64",
    "65",
    "66",
    "255",
    "256",
    "65536",
    "-1",
    "0x7fffffff",
    "0x80000000",
    "0xffffffff",
    "1 << 40",
    "0.5",
    "-0.0",
    "0/0",
    "\"\"",
    "\"name\"",
    "\"p1\"",
    "string.rep(\"x\", 300)",
    "\"\\0\\xff\\xfe\"",
    "{}",
    "{ dwMaxMessages = 2, cbMaxMessage = 8, bReadAccess = true, dwFlags = 2, dwSize = 20 }",
    "function(parameter) Sleep(1) return parameter end",
    "setmetatable({}, { __index = function(t, k) return t end, __close = print, __gc = print })",
];

/// Writes a scenario of up to three processes, in which every call may fail but none may end anything by itself.
fn script_of(bytes: &[u8]) -> String {
    let mut bytes = Bytes::new(bytes);
    let mut text =
        String::from("local function keep(v, place, ok, ...)\n  v[place] = ok and (...) or nil\nend\n");
    for process in 0..1 + bytes.byte() % PROCESSES {
        let word = if process == 0 { "process" } else { ["process", "image"][usize::from(bytes.byte() % 2)] };
        let _ = writeln!(text, "{word}(\"p{process}\", function()\n  local v = {{}}");
        for place in 0..usize::from(bytes.byte()) % MAXIMUM_CALLS {
            let call = call_of(&mut bytes);
            let _ = writeln!(text, "  keep(v, {place}, pcall({call}))");
        }
        text.push_str("  return 0\nend)\n");
    }
    text
}

/// A function and its arguments.
fn call_of(bytes: &mut Bytes<'_>) -> String {
    let functions = Function::all();
    let place = usize::from(bytes.byte()) | usize::from(bytes.byte()) << 8;
    let place = place % (functions.len() + OTHERS.len());
    let mut call = match functions.get(place) {
        // Some rows are for executables alone; a script has no such name.
        Some(function) => format!("{0} or error, ", function.row().name),
        None => format!("{}, ", OTHERS[place - functions.len()]),
    };
    for _ in 0..bytes.byte() % 8 {
        call.push_str(&value_of(bytes));
        call.push_str(", ");
    }
    call.push_str("nil");
    call
}

fn value_of(bytes: &mut Bytes<'_>) -> String {
    let byte = bytes.byte();
    match usize::from(byte) {
        place if place < VALUES.len() => VALUES[place].to_owned(),
        place if place < 0xE0 => format!("v[{}]", place % MAXIMUM_CALLS),
        place => format!("{{ v[{}], v[{}] }}", place % MAXIMUM_CALLS, (place + 1) % MAXIMUM_CALLS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(name: &str) -> [u8; 2] {
        let place = Function::all().iter().position(|function| function.row().name == name);
        (place.expect("it is a row") as u16).to_le_bytes()
    }

    #[test]
    fn calls_use_what_earlier_ones_returned() {
        // One process, two calls: CreateEvent(nil, true, true, nil); WaitForSingleObject(v[0], 0).
        let mut bytes = vec![0, 2];
        bytes.extend(place("CreateEvent"));
        bytes.extend([4, 0, 1, 1, 0]);
        bytes.extend(place("WaitForSingleObject"));
        bytes.extend([2, 32, 3]);
        let text = script_of(&bytes);
        assert!(
            text.contains("keep(v, 0, pcall(CreateEvent or error, nil, true, true, nil, nil))"),
            "{text}"
        );
        assert!(text.contains("keep(v, 1, pcall(WaitForSingleObject or error, v[0], 0, nil))"), "{text}");
        run_calls(&bytes);
    }

    #[test]
    fn every_function_can_be_called_with_anything() {
        for place in 0..Function::all().len() + OTHERS.len() {
            for value in 0..VALUES.len() as u8 {
                let [low, high] = (place as u16).to_le_bytes();
                run_calls(&[0, 1, low, high, 3, value, value, value]);
            }
        }
    }
}

//! A process whose code is Lua.

use std::sync::Arc;

use cerium_coredll::Function;
use cerium_guest::{Crash, Prepared, Program, Ran, Stop, Turn, Used};
use cerium_kernel::{CeResult, Win32Error};
use cerium_memory::Section;
use cerium_process::{ThreadStart, cost};
use slab::Slab;

use crate::lua::{Ended, Guest, Lua, Request, Turned};
use crate::scenario::Source;

/// Which body of a scenario a process runs.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum BodyOf {
    /// A declared process or image, by its place.
    Process(usize),
    /// An input, by its place.
    Input(usize),
}

/// The exit code of a process that a Lua error ended: an exception's, 0xE and "Lua".
pub(crate) const LUA_ERROR: u32 = 0xE04C_7561;

/// What GetModuleHandle(NULL) returns to scripts: where images are usually loaded.
const SCRIPT_MODULE: u32 = 0x1_0000;

/// A process of Lua guests.
pub(crate) struct Script {
    lua: Lua,
    body: BodyOf,
    threads: Slab<ScriptThread>,
}

struct ScriptThread {
    guest: Guest,
    /// How many nanoseconds of the CPU it is still to use.
    computing: u64,
}

impl Script {
    /// Runs the scenario's file anew, for a process that runs one of its bodies.
    pub(crate) fn prepare(
        source: &Source,
        body: BodyOf,
        name: &str,
        command_line: &str,
    ) -> Result<Prepared, String> {
        let mut lua = source.run_file()?;
        // It has said what it prints there when the scenario was loaded.
        let _ = lua.take_output();
        lua.set_process(name, command_line);
        let path: Arc<[u16]> = name.encode_utf16().collect();
        let script = Script { lua, body, threads: Slab::new() };
        Ok(Prepared { program: Box::new(script), path, module: SCRIPT_MODULE })
    }
}

impl Program for Script {
    fn create_guest(&mut self, start: ThreadStart) -> CeResult<u32> {
        let guest = match (start.address, self.body) {
            (0, BodyOf::Process(place)) => self.lua.create_body("processes", place),
            (0, BodyOf::Input(place)) => self.lua.create_body("inputs", place),
            (address, _) => {
                let guest = self.lua.create_function(address, start.parameter);
                guest.ok_or(Win32Error::INVALID_PARAMETER)?
            }
        };
        Ok(self.threads.insert(ScriptThread { guest, computing: 0 }) as u32)
    }

    #[inline]
    fn resume(&mut self, guest: u32, turn: Turn<'_>) -> Ran {
        let ScriptThread { guest, computing } = &mut self.threads[guest as usize];
        if *computing > 0 {
            let time = (*computing).min(turn.device.slice());
            *computing -= time;
            return Ran { stop: Stop::SliceEnd, used: Used { time, ..Used::default() } };
        }
        self.lua.set_turn(turn.thread_id, turn.process_id);
        let Some(Turned { ended, steps }) = self.lua.resume(guest, turn.device) else {
            return Ran::stopped(Stop::Called);
        };
        let stop = match ended {
            Ended::Request(Request::Compute(ns)) => {
                *computing = ns;
                Stop::SliceEnd
            }
            Ended::Request(Request::Note(text)) => Stop::Note(text.into()),
            Ended::Request(Request::Failed(text)) => Stop::Failed(text.into()),
            Ended::SliceEnd => Stop::SliceEnd,
            Ended::Exit(code) => Stop::Exit(code),
            Ended::Error(text) => Stop::Crash(Box::new(Crash { code: LUA_ERROR, report: text })),
        };
        let time = steps.saturating_mul(cost::LUA_INSTRUCTION);
        Ran { stop, used: Used { time, instructions: steps, last_error: None } }
    }

    fn place(&self, guest: u32) -> Option<String> {
        let place = self.lua.place(&self.threads[guest as usize].guest);
        (!place.is_empty()).then_some(place)
    }

    fn refuse_block(&self, guest: u32, function: Function) -> Crash {
        let place = self.lua.place(&self.threads[guest as usize].guest);
        let name = function.row().name;
        let report = format!("{place}: {name} would block, and what `at` runs may not");
        Crash { code: LUA_ERROR, report }
    }

    fn end_guest(&mut self, guest: u32) {
        let thread = self.threads.remove(guest as usize);
        self.lua.end(thread.guest);
    }

    fn map_section(&mut self, address: u32, section: &Section, writable: bool) -> CeResult<()> {
        self.lua.map(address, section.clone(), writable);
        Ok(())
    }

    fn unmap_section(&mut self, address: u32, _: &Section) {
        self.lua.unmap(address);
    }
}

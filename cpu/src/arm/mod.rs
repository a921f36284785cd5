//! The ARM interpreter: A32 and T16 of ARMv5TE, user mode.
//!
//! Code is decoded ([`decode_a32`], [`decode_t16`]) into operations ([`op`]), whose meaning both encodings
//! share and a translator can take over; bound to handlers in blocks (`block`), and carried out (`execute`).
//! A block ends where the next instruction may be another than the one behind it, and at the end of its page.
//! Blocks remember each other, so hot code looks nothing up.
//!
//! As CE runs it, alignment is checked: a misaligned load or store faults. A double word wants a multiple of
//! eight, as ARMv5TE does.
//!
//! Measured with `examples/arm_measure.rs` under callgrind, on six compiled loops: 15 to 20 host instructions for
//! an A32 instruction, 18 to 25 for a T16 one, and some 250 (25 ns) for a call out and back.
//!
//! # What the architecture leaves open
//!
//! Every UNPREDICTABLE case has one behaviour here:
//!
//! | case | here |
//! |---|---|
//! | r15 in multiplications, CLZ, saturation, SWP, MRS, BLX; as rd of byte, half and double transfers; as base with write-back, or of LDM/STM | undefined |
//! | empty register list; LDM/STM with the S bit; data processing with S to r15; SPSR; LDRHT and kin; an odd or lr pair | undefined |
//! | r15 elsewhere (stored, shifted by register) | the instruction's address plus 8, in Thumb plus 4 |
//! | base loaded with write-back | the loaded value stays |
//! | base stored with write-back | its old value is stored |
//! | both results of a long multiplication in one register | the high word |
//! | fields that should be zero or one | ignored |
//! | BKPT with a condition | obeys the condition |
//! | MOV and the like to r15 | low bits ignored (two in ARM, one in Thumb), no change of instruction set |
//! | BX, LDR, LDM to ARM code at an address not a multiple of four | goes there, and the fetch faults as misaligned |
//! | MSR to what is not a flag | nothing |
//! | the second half of a Thumb call alone | to lr plus its offset |

mod block;
mod context;
pub mod decode_a32;
pub mod decode_t16;
mod execute;
pub mod op;

use std::ops::Range;

use cerium_memory::{Access, AddressSpace};

pub use context::{Context, Status};

use crate::cache::{Block, BlockCache, Index, Key, Way};
use crate::{Cpu, Exit, HYPERCALL_BASE};
use block::Step;
use execute::{Core, Cursor, Flow};

/// The interpreter of one process.
#[derive(Debug, Default)]
pub struct Interpreter {
    cache: BlockCache<Step>,
}

impl Interpreter {
    /// An interpreter that knows no code yet.
    pub fn new() -> Interpreter {
        Interpreter::default()
    }

    /// Runs from `core.next` on; says why it stopped and where to go on.
    fn execute(&mut self, core: &mut Core<'_>, left: &mut u64) -> (Exit, Key) {
        let mut key = core.next;
        let mut origin = None;
        loop {
            if core.memory.code_changed() {
                self.forget_changed(core.memory);
            }
            let index = match self.find(key, core.memory, *left) {
                Ok(index) => index,
                Err(exit) => return (exit, key),
            };
            if let Some((from, way)) = origin {
                self.cache.link(from, way, index);
            }
            match self.run_blocks(index, core, left) {
                Pause::Find(next, from) => (key, origin) = (next, from),
                Pause::Exit(exit, next) => return (exit, next),
            }
        }
    }

    /// Runs this block and those after it, as long as no block must be looked for. Here the time is spent: on
    /// its own, for the sake of its registers.
    #[inline(never)]
    fn run_blocks(&self, mut index: Index, core: &mut Core<'_>, budget: &mut u64) -> Pause {
        let mut left = *budget;
        let pause = loop {
            let block = self.cache.block(index);
            let Some(after) = left.checked_sub(u64::from(block.count())) else {
                break run_some(core, block, &mut left);
            };
            let way = match run_steps(core, &block.steps) {
                Flow::Through => Way::Through,
                Flow::Taken => Way::Taken,
                Flow::Jump => {
                    left = after;
                    match self.cache.probe(core.next) {
                        Some(found) => {
                            index = found;
                            continue;
                        }
                        None => break Pause::Find(core.next, None),
                    }
                }
                flow => break pause(flow, core, block.key(), &mut left),
            };
            left = after;
            match self.cache.follow(index, way) {
                Some(found) => index = found,
                None => break Pause::Find(block.target(way), Some((index, way))),
            }
        };
        *budget = left;
        pause
    }

    /// The block at a key, decoded if need be; or why there is none.
    fn find(&mut self, key: Key, memory: &mut AddressSpace, left: u64) -> Result<Index, Exit> {
        if let Some(index) = self.cache.probe(key) {
            return Ok(index);
        }
        let pc = key.address();
        if pc >= HYPERCALL_BASE && memory.check(pc, 1, Access::Execute).is_err() {
            return Err(Exit::Hypercall(pc));
        }
        match self.cache.find(key) {
            Some(index) => Ok(index),
            None => self.decode(key, memory, left),
        }
    }

    #[inline(never)]
    fn decode(&mut self, key: Key, memory: &mut AddressSpace, left: u64) -> Result<Index, Exit> {
        let pc = key.address();
        match block::build(key, memory) {
            Ok(block) => {
                memory.watch_code(pc);
                Ok(self.cache.insert(block))
            }
            Err(_) if left == 0 => Err(Exit::Budget),
            Err(fault) => Err(Exit::Fault { pc, fault }),
        }
    }

    fn forget_changed(&mut self, memory: &mut AddressSpace) {
        while let Some(page) = memory.take_changed_code() {
            self.cache.invalidate_page(page);
        }
    }
}

/// Why `run_blocks` came back.
enum Pause {
    /// The block at a key must be found, and perhaps linked to the way that led there.
    Find(Key, Option<(Index, Way)>),
    /// The run is over; where to go on.
    Exit(Exit, Key),
}

/// Runs a block's steps.
#[inline(always)]
fn run_steps(core: &mut Core<'_>, steps: &[Step]) -> Flow {
    let first = Cursor::first_of(steps);
    (first.handler)(core, first)
}

/// Runs the beginning of a block that the budget does not allow to be run whole: a copy that ends earlier.
#[cold]
#[inline(never)]
fn run_some(core: &mut Core<'_>, block: &Block<Step>, left: &mut u64) -> Pause {
    let count = *left as usize;
    let end = block.steps[count].pc;
    let mut steps = block.steps[..count].to_vec();
    steps.push(Step::end(end));
    match run_steps(core, &steps) {
        Flow::Through => {
            *left = 0;
            Pause::Exit(Exit::Budget, Key::new(end, block.key().state()))
        }
        flow => pause(flow, core, block.key(), left),
    }
}

/// A block left in the middle, at `core.stopped_at`.
#[cold]
fn pause(flow: Flow, core: &Core<'_>, block: Key, left: &mut u64) -> Pause {
    let size = if block.state() == block::THUMB { 2 } else { 4 };
    let done = core.stopped_at.wrapping_sub(block.address()) / size;
    let here = Key::new(core.stopped_at, block.state());
    let behind = Key::new(core.stopped_at.wrapping_add(size), block.state());
    if flow == Flow::Refused {
        *left -= u64::from(done);
        return Pause::Exit(core.exit, here);
    }
    *left -= u64::from(done + 1);
    match flow {
        Flow::Changed => Pause::Find(behind, None),
        _ => Pause::Exit(core.exit, behind),
    }
}

impl Cpu for Interpreter {
    type Context = Context;

    fn run(&mut self, context: &mut Context, memory: &mut AddressSpace, budget: &mut u64) -> Exit {
        memory.collect_section_changes();
        let mut core = Core::new(context, memory);
        let (exit, next) = self.execute(&mut core, budget);
        core.store(next, context);
        exit
    }

    fn invalidate(&mut self, range: Range<u32>) {
        self.cache.invalidate(range);
    }
}

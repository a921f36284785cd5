//! Blocks: runs of decoded instructions that are entered at their start.

use cerium_memory::{Access, AddressSpace, Fault, PAGE_SIZE};
use iced_x86::{Decoder, DecoderError, DecoderOptions, Instruction};

use super::lower::lower;
use super::op::Op;
use crate::HYPERCALL_BASE;
use crate::cache::{Block, Key};

/// Instructions in a block.
const MAX_BLOCK_OPS: usize = 64;

/// Bytes of the longest instruction.
const MAX_BYTES: usize = 15;

/// Why there is no block at an address.
pub enum NoBlock {
    /// It is a call out of the guest.
    Hypercall,
    /// The first instruction cannot be fetched.
    Fault(Fault),
}

/// The key of the block at an address, decoded for these null segment registers. All of it is 32-bit code.
#[inline(always)]
pub fn key(address: u32, nulls: u32) -> Key {
    Key::new(address, nulls)
}

/// What can be fetched of one instruction, and why not more.
struct Fetched {
    bytes: [u8; MAX_BYTES],
    count: usize,
    fault: Option<Fault>,
}

fn fetch(memory: &AddressSpace, pc: u32) -> Result<Fetched, Fault> {
    let on_page = (PAGE_SIZE - pc % PAGE_SIZE) as usize;
    let mut fetched = Fetched { bytes: [0; MAX_BYTES], count: MAX_BYTES.min(on_page), fault: None };
    memory.fetch_bytes(pc, &mut fetched.bytes[..fetched.count])?;
    if fetched.count < MAX_BYTES {
        let next_page = pc.wrapping_add(fetched.count as u32);
        match memory.check(pc, MAX_BYTES as u64, Access::Execute) {
            Ok(()) => {
                memory.fetch_bytes(next_page, &mut fetched.bytes[fetched.count..])?;
                fetched.count = MAX_BYTES;
            }
            Err(fault) => fetched.fault = Some(fault),
        }
    }
    Ok(fetched)
}

/// An instruction, its bytes, and its length; `None` if the bytes are none.
type Decoded = (Option<Instruction>, [u8; MAX_BYTES], usize);

fn decode_one(memory: &AddressSpace, pc: u32) -> Result<Decoded, Fault> {
    let Fetched { bytes, count, fault } = fetch(memory, pc)?;
    let mut decoder = Decoder::with_ip(32, &bytes[..count], u64::from(pc), DecoderOptions::NONE);
    let instruction = decoder.decode();
    match (decoder.last_error(), fault) {
        (DecoderError::None, _) => Ok((Some(instruction), bytes, instruction.len())),
        // It would go on where nothing can be fetched.
        (DecoderError::NoMoreBytes, Some(fault)) => Err(fault),
        // Whatever byte of it changes, it is looked at again.
        _ => Ok((None, bytes, count)),
    }
}

/// Decodes the block with a key, and has its pages watched.
pub fn decode(memory: &mut AddressSpace, key: Key) -> Result<Block<Op>, NoBlock> {
    let start = key.address();
    let mut ops: Vec<Op> = Vec::new();
    let mut pc = start;
    while ops.len() < MAX_BLOCK_OPS && pc / PAGE_SIZE == start / PAGE_SIZE {
        let (instruction, bytes, len) = match decode_one(memory, pc) {
            Ok(decoded) => decoded,
            Err(_) if !ops.is_empty() => break,
            Err(fault) if fault.address == start && start >= HYPERCALL_BASE => {
                return Err(NoBlock::Hypercall);
            }
            Err(fault) => return Err(NoBlock::Fault(fault)),
        };
        let mut unknown = Instruction::new();
        unknown.set_ip32(pc);
        let lowered = lower(&instruction.unwrap_or(unknown), &bytes[..len], key.state());
        ops.push(Op { number: ops.len() as u8, ..lowered.op });
        pc = pc.wrapping_add(len as u32);
        if lowered.ends_block {
            break;
        }
    }
    let len = pc.wrapping_sub(start);
    memory.watch_code(start);
    memory.watch_code(start.wrapping_add(len - 1));
    Ok(Block::new(key, len, ops.len() as u32, [Key::NONE; 2], ops))
}

//! Control and status words, and the environment as a whole in memory.

use cerium_memory::{Access, AddressSpace, Fault};

use super::execute::wait;
use super::float::{Extended, flag};
use super::state::Fpu;
use crate::x86::op::{Half, Machine, Op, Step, Width, after_store};

/// Bytes of the environment with 32-bit and with 16-bit operands.
const LONG: usize = 28;
const SHORT: usize = 14;
/// Bytes of the eight registers.
const REGISTERS: usize = 80;

/// What stands in unused upper halves.
const UNUSED: u32 = 0xFFFF_0000;

/// FWAIT
pub fn check(machine: &mut Machine<'_>, _: &mut AddressSpace, _: &Op) -> Step {
    wait(machine)?;
    Ok(())
}

/// FNINIT
pub fn initialize(machine: &mut Machine<'_>, _: &mut AddressSpace, _: &Op) -> Step {
    machine.fpu.initialize();
    Ok(())
}

/// FNCLEX
pub fn clear_exceptions(machine: &mut Machine<'_>, _: &mut AddressSpace, _: &Op) -> Step {
    machine.fpu.status &= flag::C0 | flag::C1 | flag::C2 | flag::C3;
    Ok(())
}

/// FLDCW
pub fn load_control(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    wait(machine)?;
    let control = memory.read_unaligned_u16(machine.address(op))?;

    machine.fpu.set_control(control);
    Ok(())
}

/// FNSTCW
pub fn store_control(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    memory.write_unaligned_u16(machine.address(op), machine.fpu.control())?;
    after_store(memory)
}

/// FNSTSW
pub fn store_status(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    memory.write_unaligned_u16(machine.address(op), machine.fpu.status())?;
    after_store(memory)
}

/// FNSTSW AX
pub fn store_status_register(machine: &mut Machine<'_>, _: &mut AddressSpace, _: &Op) -> Step {
    let status = machine.fpu.status();
    Half::set(machine, 0, u32::from(status));
    Ok(())
}

/// The environment's bytes; `Op::a` says whether it is the short one. Selectors are zero.
fn pack(fpu: &Fpu, short: bool) -> ([u8; LONG], usize) {
    let mut bytes = [0; LONG];
    let (control, status, tags) = (fpu.control(), fpu.status(), fpu.tags());
    if short {
        let words = [control, status, tags, fpu.instruction as u16, 0, fpu.data as u16, 0];
        for (place, word) in bytes.chunks_exact_mut(2).zip(words) {
            place.copy_from_slice(&word.to_le_bytes());
        }
        return (bytes, SHORT);
    }
    let words = [
        UNUSED | u32::from(control),
        UNUSED | u32::from(status),
        UNUSED | u32::from(tags),
        fpu.instruction,
        u32::from(fpu.opcode) << 16,
        fpu.data,
        UNUSED,
    ];
    for (place, word) in bytes.chunks_exact_mut(4).zip(words) {
        place.copy_from_slice(&word.to_le_bytes());
    }
    (bytes, LONG)
}

fn unpack(fpu: &mut Fpu, bytes: &[u8; LONG], short: bool) {
    let half = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
    let word = |at: usize| u32::from(half(at)) | u32::from(half(at + 2)) << 16;
    let step = if short { 2 } else { 4 };
    let pointer = |index: usize| if short { u32::from(half(index * 2)) } else { word(index * 4) };
    fpu.instruction = pointer(3);
    fpu.opcode = if short { 0 } else { half(18) & 0x7FF };
    fpu.data = pointer(5);
    fpu.set_status(half(step));
    fpu.set_tags(half(2 * step));
    // Last, since what is pending follows from both.
    fpu.set_control(half(0));
}

/// How many bytes FNSAVE stores in 32-bit code.
pub const SAVED: usize = LONG + REGISTERS;

impl Fpu {
    /// What FNSAVE would store in 32-bit code; the FPU stays as it is.
    pub fn saved(&self) -> [u8; SAVED] {
        let mut bytes = [0; SAVED];
        let (environment, len) = pack(self, false);
        bytes[..len].copy_from_slice(&environment[..len]);
        for (number, place) in (0..8).zip(bytes[LONG..].chunks_exact_mut(10)) {
            place.copy_from_slice(&self.register(number).to_bytes());
        }
        bytes
    }

    /// Becomes what FRSTOR would make of this; every image is some state.
    pub fn restore(&mut self, bytes: &[u8; SAVED]) {
        let mut environment = [0; LONG];
        environment.copy_from_slice(&bytes[..LONG]);
        unpack(self, &environment, false);
        put_registers(self, &bytes[LONG..]);
    }
}

/// FNSTENV: afterwards all exceptions are masked.
pub fn store_environment(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    let (bytes, len) = pack(machine.fpu, op.a != 0);
    memory.write_bytes(machine.address(op), &bytes[..len])?;

    let masked = machine.fpu.control() | flag::EXCEPTIONS;
    machine.fpu.set_control(masked);
    after_store(memory)
}

fn read(memory: &AddressSpace, address: u32, short: bool) -> Result<[u8; LONG], Fault> {
    let mut bytes = [0; LONG];
    memory.read_bytes(address, &mut bytes[..if short { SHORT } else { LONG }])?;
    Ok(bytes)
}

/// FLDENV
pub fn load_environment(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    wait(machine)?;
    let short = op.a != 0;
    let bytes = read(memory, machine.address(op), short)?;

    unpack(machine.fpu, &bytes, short);
    Ok(())
}

/// FNSAVE: afterwards the FPU is as FNINIT leaves it.
pub fn save(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    let address = machine.address(op);
    let (bytes, len) = pack(machine.fpu, op.a != 0);
    memory.check(address, (len + REGISTERS) as u64, Access::Write)?;

    memory.write_bytes(address, &bytes[..len])?;
    for number in 0..8 {
        let place = address.wrapping_add(len as u32 + u32::from(number) * 10);
        memory.write_bytes(place, &machine.fpu.register(number).to_bytes())?;
    }
    machine.fpu.initialize();
    after_store(memory)
}

/// FRSTOR
pub fn restore(machine: &mut Machine<'_>, memory: &mut AddressSpace, op: &Op) -> Step {
    wait(machine)?;
    let (short, address) = (op.a != 0, machine.address(op));
    let bytes = read(memory, address, short)?;
    let mut saved = [0; REGISTERS];
    memory.read_bytes(address.wrapping_add(if short { SHORT } else { LONG } as u32), &mut saved)?;

    unpack(machine.fpu, &bytes, short);
    put_registers(machine.fpu, &saved);
    Ok(())
}

/// Puts ten bytes a register, in the order of the stack.
fn put_registers(fpu: &mut Fpu, saved: &[u8]) {
    for (number, chunk) in saved.chunks_exact(10).enumerate() {
        let mut ten = [0; 10];
        ten.copy_from_slice(chunk);
        let place = fpu.place(number as u8);
        fpu.registers[place] = Extended::from_bytes(ten);
    }
}

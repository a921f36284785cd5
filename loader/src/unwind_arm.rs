//! Unwinding a function on ARM: what its caller's registers were, from the function's own.
//!
//! An image's function table (`.pdata`) has eight bytes a function: where it begins, and, packed, how many
//! instructions its prologue and the whole of it have, whether they have 32 bits, and whether two words before
//! it name a handler and its data. What the prologue did is undone instruction by instruction, from the last
//! one that was executed back to the first; only those that move the stack pointer or store registers matter
//! (the pages "ARM Prolog and Epilog" and "PDATA Structures" of the CE documentation).

use cerium_cpu::arm::{Context, Status};
use cerium_memory::{AddressSpace, Fault};

use crate::modules::Modules;

const SP: usize = 13;
const LR: usize = 14;
const PC: usize = 15;
const IP: usize = 12;

/// A line of a function table.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) struct Function {
    /// Where the line itself is.
    pub(crate) entry: u32,
    /// The first instruction's address, even for Thumb.
    pub(crate) start: u32,
    /// How many instructions the prologue has.
    prologue: u32,
    /// How many the function has.
    length: u32,
    /// How many bytes an instruction has.
    width: u32,
    has_handler: bool,
}

impl Function {
    fn read(memory: &AddressSpace, entry: u32) -> Result<Function, Fault> {
        let start = memory.read_u32(entry)?;
        let packed = memory.read_u32(entry.wrapping_add(4))?;
        Ok(Function {
            entry,
            start: start & !1,
            prologue: packed & 0xFF,
            length: packed >> 8 & 0x3F_FFFF,
            width: if packed & 1 << 30 != 0 { 4 } else { 2 },
            has_handler: packed & 1 << 31 != 0,
        })
    }

    fn contains(&self, pc: u32) -> bool {
        pc.wrapping_sub(self.start) < self.length * self.width
    }

    /// The handler and its data, which stand before the function.
    pub(crate) fn handler(&self, memory: &AddressSpace) -> Result<Option<(u32, u32)>, Fault> {
        if !self.has_handler {
            return Ok(None);
        }
        let handler = memory.read_u32(self.start.wrapping_sub(8))?;
        Ok(Some((handler, memory.read_u32(self.start.wrapping_sub(4))?)))
    }
}

/// The function in which an address lies; none for one that has no line, as those that call nobody may.
pub(crate) fn function_at(modules: &Modules, memory: &AddressSpace, pc: u32) -> Option<Function> {
    let module = modules.containing(pc)?;
    let table = module.unwinding?;
    let lines = table.size / 8;
    let line = |place: u32| {
        let entry = module.base.wrapping_add(table.rva).wrapping_add(8 * place);
        Function::read(memory, entry).ok()
    };
    // The lines are in the order of their functions.
    let (mut low, mut high) = (0, lines);
    while low < high {
        let middle = low + (high - low) / 2;
        if line(middle)?.start <= pc { low = middle + 1 } else { high = middle }
    }
    line(low.checked_sub(1)?).filter(|function| function.contains(pc))
}

/// What an instruction of a prologue does.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Effect {
    /// Nothing that matters.
    None,
    /// Stores registers below the stack pointer; a bit for each.
    Push(u32),
    /// Moves the stack pointer down by so much.
    Down(u32),
    /// Moves the stack pointer down by what a register holds.
    DownBy(usize),
    /// Makes a register the stack pointer plus so much.
    Frame(usize, u32),
    /// Makes a register another one plus so much.
    Copy(usize, usize, u32),
    /// Loads a register with a constant.
    Constant(usize, u32),
}

/// The value of an operand of A32 that is a rotated constant.
fn rotated(instruction: u32) -> u32 {
    (instruction & 0xFF).rotate_right((instruction >> 8 & 0xF) * 2)
}

/// What an ARM instruction does in a prologue.
fn effect_of_arm(memory: &AddressSpace, at: u32, instruction: u32) -> Effect {
    let register = |shift: u32| (instruction >> shift & 0xF) as usize;
    let (rd, rn) = (register(12), register(16));
    match instruction & 0x0FFF_0000 {
        // STMFD SP!, {...}
        0x092D_0000 => return Effect::Push(instruction & 0xFFFF),
        // STR Rd, [SP, #-4]!
        0x052D_0000 if instruction & 0xFFF == 4 => return Effect::Push(1 << rd),
        // LDR Rd, [PC, #n]
        0x059F_0000 => {
            let constant = memory.read_u32(at.wrapping_add(8).wrapping_add(instruction & 0xFFF) & !3);
            return constant.map_or(Effect::None, |constant| Effect::Constant(rd, constant));
        }
        _ => {}
    }
    match instruction & 0x0FF0_0000 {
        // SUB with a constant.
        0x0240_0000 if rd == SP && rn == SP => Effect::Down(rotated(instruction)),
        0x0240_0000 if rn == SP => Effect::Frame(rd, rotated(instruction).wrapping_neg()),
        0x0240_0000 => Effect::Copy(rd, rn, rotated(instruction).wrapping_neg()),
        // ADD with a constant.
        0x0280_0000 if rd == SP && rn == SP => Effect::Down(rotated(instruction).wrapping_neg()),
        0x0280_0000 if rn == SP => Effect::Frame(rd, rotated(instruction)),
        0x0280_0000 => Effect::Copy(rd, rn, rotated(instruction)),
        // SUB SP, SP, Rm
        0x0040_0000 if rd == SP && rn == SP && instruction & 0xFF0 == 0 => Effect::DownBy(register(0)),
        // MOV Rd, #n and MOV Rd, Rm
        0x03A0_0000 => Effect::Constant(rd, rotated(instruction)),
        0x01A0_0000 if instruction & 0xFF0 == 0 && register(0) == SP => Effect::Frame(rd, 0),
        0x01A0_0000 if instruction & 0xFF0 == 0 => Effect::Copy(rd, register(0), 0),
        _ => Effect::None,
    }
}

/// What a Thumb instruction does in a prologue.
fn effect_of_thumb(memory: &AddressSpace, at: u32, instruction: u32) -> Effect {
    let low = (instruction >> 8 & 7) as usize;
    match instruction & 0xFF00 {
        0xB400 => return Effect::Push(instruction & 0xFF),
        0xB500 => return Effect::Push(instruction & 0xFF | 1 << LR),
        0xB000 if instruction & 0x80 != 0 => return Effect::Down((instruction & 0x7F) * 4),
        0xB000 => return Effect::Down(((instruction & 0x7F) * 4).wrapping_neg()),
        // MOV and ADD between any registers.
        0x4600 | 0x4400 => {
            let to = (instruction & 7 | instruction >> 4 & 8) as usize;
            let from = (instruction >> 3 & 0xF) as usize;
            return match (instruction & 0xFF00, to, from) {
                (0x4600, to, SP) => Effect::Frame(to, 0),
                (0x4600, to, from) => Effect::Copy(to, from, 0),
                // The register holds how much less.
                (_, SP, from) => Effect::DownBy(from | NEGATED),
                _ => Effect::None,
            };
        }
        _ => {}
    }
    match instruction & 0xF800 {
        // ADD Rd, SP, #n
        0xA800 => Effect::Frame(low, (instruction & 0xFF) * 4),
        0x2000 => Effect::Constant(low, instruction & 0xFF),
        0x4800 => {
            let constant = memory.read_u32((at.wrapping_add(4) & !3).wrapping_add((instruction & 0xFF) * 4));
            constant.map_or(Effect::None, |constant| Effect::Constant(low, constant))
        }
        _ => Effect::None,
    }
}

/// A register whose negated value counts.
const NEGATED: usize = 0x10;

/// The instructions of a prologue up to `pc`, in order, as far as they can be read.
fn effects(memory: &AddressSpace, function: &Function, pc: u32) -> Vec<Effect> {
    let end = function.start + function.prologue * function.width;
    let end = end.min(pc).max(function.start);
    let count = (end - function.start) / function.width;
    (0..count)
        .map_while(|place| {
            let at = function.start + place * function.width;
            if function.width == 4 {
                let instruction = memory.read_u32(at).ok()?;
                Some(effect_of_arm(memory, at, instruction))
            } else {
                let mut bytes = [0; 2];
                memory.read_bytes(at, &mut bytes).ok()?;
                Some(effect_of_thumb(memory, at, u16::from_le_bytes(bytes).into()))
            }
        })
        .collect()
}

/// The registers of the caller of a function that is at `pc`.
///
/// # Errors
///
/// A fault where its stack cannot be read.
pub(crate) fn unwind(
    memory: &AddressSpace,
    function: Option<&Function>,
    body: &Context,
    pc: u32,
) -> Result<Context, Fault> {
    let mut caller = body.clone();
    if let Some(function) = function {
        let effects = effects(memory, function, pc);
        for place in (0..effects.len()).rev() {
            undo(memory, &effects[..=place], &mut caller)?;
        }
    }
    caller.registers[PC] = caller.registers[LR] & !1;
    caller.status.set(Status::T, caller.registers[LR] & 1 != 0);
    Ok(caller)
}

/// Undoes the last of these effects.
fn undo(memory: &AddressSpace, effects: &[Effect], registers: &mut Context) -> Result<(), Fault> {
    let Some((last, before)) = effects.split_last() else { return Ok(()) };
    let registers = &mut registers.registers;
    match *last {
        Effect::Push(stored) => {
            let mut at = registers[SP];
            let mut sp = at.wrapping_add(4 * stored.count_ones());
            for register in (0..16).filter(|register| stored & 1 << register != 0) {
                let word = memory.read_u32(at)?;
                at = at.wrapping_add(4);
                match register {
                    // ip was a copy of the stack pointer, and the pc of a frame is no register to restore.
                    SP => sp = word,
                    IP | PC => {}
                    register => registers[register] = word,
                }
            }
            registers[SP] = sp;
        }
        Effect::Down(bytes) => registers[SP] = registers[SP].wrapping_add(bytes),
        Effect::DownBy(register) => {
            let constant = before.iter().rev().find_map(|effect| match effect {
                Effect::Constant(to, constant) if *to == register & 0xF => Some(*constant),
                _ => None,
            });
            let bytes = constant.unwrap_or(0);
            let bytes = if register & NEGATED != 0 { bytes.wrapping_neg() } else { bytes };
            registers[SP] = registers[SP].wrapping_add(bytes);
        }
        // A frame pointer knows better than the stack pointer, which may have moved since.
        Effect::Frame(register @ (7 | 11), offset) => {
            registers[SP] = registers[register].wrapping_sub(offset)
        }
        // The same, by way of ip, which was the stack pointer at the entry.
        Effect::Copy(11, IP, offset) => {
            let entry = registers[11].wrapping_sub(offset);
            let pushed: u32 = before
                .iter()
                .map(|effect| match effect {
                    Effect::Push(stored) => 4 * stored.count_ones(),
                    Effect::Down(bytes) => *bytes,
                    _ => 0,
                })
                .fold(0, u32::wrapping_add);
            registers[SP] = entry.wrapping_sub(pushed);
        }
        Effect::None | Effect::Frame(..) | Effect::Copy(..) | Effect::Constant(..) => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use cerium_memory::Protection;

    const CODE: u32 = 0x1_0000;
    const STACK: u32 = 0x2_0000;

    fn memory(code: &[u32]) -> AddressSpace {
        let mut memory = AddressSpace::new(1 << 20).unwrap();
        memory.map(CODE, 0x1000, Protection::READ | Protection::WRITE).unwrap();
        memory.map(STACK, 0x1000, Protection::READ | Protection::WRITE).unwrap();
        for (place, instruction) in code.iter().enumerate() {
            memory.write_u32(CODE + 4 * place as u32, *instruction).unwrap();
        }
        memory
    }

    fn arm_function(prologue: u32) -> Function {
        Function { entry: 0, start: CODE, prologue, length: 100, width: 4, has_handler: false }
    }

    #[test]
    fn an_arm_prologue_is_undone_from_wherever_it_is() {
        // mov ip, sp; stmfd sp!, {r4, r5, lr}; sub sp, sp, #0x100
        let memory_of = || memory(&[0xE1A0_C00D, 0xE92D_4030, 0xE24D_DC01]);
        let mut memory = memory_of();
        let entry_sp = STACK + 0x800;
        for (place, word) in [44, 55, 0x1234].iter().enumerate() {
            memory.write_u32(entry_sp - 12 + 4 * place as u32, *word).unwrap();
        }
        for (done, sp) in [(3, entry_sp - 12 - 0x100), (2, entry_sp - 12), (1, entry_sp), (0, entry_sp)] {
            let mut body = Context::default();
            body.registers[SP] = sp;
            body.registers[LR] = 0x1234;
            if done < 2 {
                (body.registers[4], body.registers[5]) = (44, 55);
            }
            let caller = unwind(&memory, Some(&arm_function(3)), &body, CODE + 4 * done).unwrap();
            assert_eq!(caller.registers[SP], entry_sp, "{done}");
            assert_eq!((caller.registers[4], caller.registers[5], caller.pc()), (44, 55, 0x1234));
        }
    }

    #[test]
    fn a_frame_pointer_counts_more_than_the_stack_pointer() {
        // stmfd sp!, {r11, lr}; mov r11, sp; sub sp, sp, #16; and then the stack pointer has moved.
        let mut memory = memory(&[0xE92D_4800, 0xE1A0_B00D, 0xE24D_D010]);
        let frame = STACK + 0x100;
        memory.write_u32(frame, 0xAAAA).unwrap();
        memory.write_u32(frame + 4, 0x5679).unwrap();
        let mut body = Context::default();
        body.registers[11] = frame;
        body.registers[SP] = frame - 0x80;
        let caller = unwind(&memory, Some(&arm_function(3)), &body, CODE + 40).unwrap();
        assert_eq!((caller.registers[SP], caller.registers[11]), (frame + 8, 0xAAAA));
        assert_eq!(caller.pc(), 0x5678);
        assert!(caller.status.contains(Status::T));
    }

    #[test]
    fn a_large_thumb_frame_is_found_in_its_constant() {
        // push {r4, lr}; ldr r3, [pc, #4]; add sp, r3; nop; .word -0x200
        let mut memory = memory(&[0x4B01_B510, 0x46C0_449D, 0xFFFF_FE00]);
        let entry_sp = STACK + 0x800;
        memory.write_u32(entry_sp - 8, 4).unwrap();
        memory.write_u32(entry_sp - 4, 0x9999).unwrap();
        let function = Function { width: 2, ..arm_function(3) };
        let mut body = Context::default();
        body.registers[SP] = entry_sp - 8 - 0x200;
        let caller = unwind(&memory, Some(&function), &body, CODE + 8).unwrap();
        assert_eq!((caller.registers[SP], caller.registers[4], caller.registers[LR]), (entry_sp, 4, 0x9999));
    }
}

//! Unwinding a function on ARM: what its caller's registers were, from the function's own.
//!
//! An image's function table (`.pdata`) has eight bytes a function: where it begins, and, packed, how many
//! instructions its prologue and the whole of it have, whether they have 32 bits, and whether two words before
//! it name a handler and its data. What the prologue did is undone instruction by instruction, from the last
//! one that was executed back to the first; only those that move the stack pointer or store registers matter. What
//! an epilogue has not done yet is done instead (the pages "ARM Prolog and Epilog" and "PDATA Structures" of the CE documentation).

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
    function_in(memory, module.base.wrapping_add(table.rva), table.size / 8, pc)
}

/// The same, in a table of so many lines.
fn function_in(memory: &AddressSpace, table: u32, lines: u32, pc: u32) -> Option<Function> {
    let line = |place: u32| Function::read(memory, table.wrapping_add(8 * place)).ok();
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
    let count = function.prologue.min(pc.saturating_sub(function.start) / function.width);
    (0..count)
        .map_while(|place| {
            let at = function.start.wrapping_add(place * function.width);
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

/// What an instruction of an epilogue does.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Leaving {
    /// Moves the stack pointer to a register plus so much.
    Moves(usize, u32),
    /// Loads registers from the stack, and moves its pointer behind them or not.
    Loads(u32, bool),
    /// Loads a register from the stack, and moves its pointer by so much.
    Pops(usize, u32),
    /// Goes to where a register says.
    Returns(usize),
}

/// What an ARM instruction does in an epilogue; none for one that can be in none.
fn leaving_of_arm(instruction: u32) -> Option<Leaving> {
    let register = |shift: u32| (instruction >> shift & 0xF) as usize;
    match (instruction & 0xFFF0_F000, instruction & 0xFFFF_0000, instruction & 0xFFFF_FFF0) {
        // ADD and SUB of a constant, MOV.
        (0xE280_D000, ..) => Some(Leaving::Moves(register(16), rotated(instruction))),
        (0xE240_D000, ..) => Some(Leaving::Moves(register(16), rotated(instruction).wrapping_neg())),
        (.., 0xE1A0_D000) => Some(Leaving::Moves(register(0), 0)),
        // LDMFD SP!, {...} and LDMFD SP, {...}
        (_, 0xE8BD_0000, _) => Some(Leaving::Loads(instruction & 0xFFFF, true)),
        (_, 0xE89D_0000, _) => Some(Leaving::Loads(instruction & 0xFFFF, false)),
        // LDR Rd, [SP], #n
        (_, 0xE49D_0000, _) => Some(Leaving::Pops(register(12), instruction & 0xFFF)),
        // BX Rm, MOV PC, Rm
        (.., 0xE12F_FF10 | 0xE1A0_F000) => Some(Leaving::Returns(register(0))),
        _ => None,
    }
}

/// What a Thumb instruction does in an epilogue.
fn leaving_of_thumb(instruction: u32) -> Option<Leaving> {
    let register = (instruction >> 3 & 0xF) as usize;
    match instruction & 0xFF00 {
        0xB000 if instruction & 0x80 == 0 => Some(Leaving::Moves(SP, (instruction & 0x7F) * 4)),
        // MOV SP, Rm
        0x4600 if instruction & 0x87 == 0x85 => Some(Leaving::Moves(register, 0)),
        0xBC00 => Some(Leaving::Loads(instruction & 0xFF, true)),
        0xBD00 => Some(Leaving::Loads(instruction & 0xFF | 1 << PC, true)),
        0x4700 if instruction & 0x87 == 0 => Some(Leaving::Returns(register)),
        _ => None,
    }
}

/// How many instructions an epilogue has at most.
const EPILOGUE: u32 = 8;

/// The registers of the caller of a function that is in its epilogue, of which some is done: what is left of it
/// is carried out. None if it is not in one, or where its stack cannot be read.
pub(crate) fn finish(memory: &AddressSpace, function: &Function, body: &Context) -> Option<Context> {
    let mut caller = body.clone();
    for place in 0..EPILOGUE {
        let at = body.pc().wrapping_add(place * function.width);
        if !function.contains(at) {
            return None;
        }
        let mut bytes = [0; 4];
        memory.read_bytes(at, &mut bytes[..function.width as usize]).ok()?;
        let instruction = u32::from_le_bytes(bytes);
        let leaving = match function.width {
            4 => leaving_of_arm(instruction)?,
            _ => leaving_of_thumb(instruction)?,
        };
        if let Some(target) = leave(memory, leaving, &mut caller.registers)? {
            caller.registers[PC] = target & !1;
            caller.status.set(Status::T, target & 1 != 0);
            return Some(caller);
        }
    }
    None
}

/// Carries an instruction of an epilogue out; gives where it goes, if it returns. None where it cannot.
fn leave(memory: &AddressSpace, leaving: Leaving, registers: &mut [u32; 16]) -> Option<Option<u32>> {
    match leaving {
        Leaving::Moves(from, offset) => {
            registers[SP] = registers[from].wrapping_add(offset);
            Some(None)
        }
        Leaving::Loads(list, moves) => {
            let base = registers[SP];
            let listed = (0..16).filter(|register| list & 1 << register != 0);
            for (place, register) in listed.enumerate() {
                registers[register] = memory.read_u32(base.wrapping_add(4 * place as u32)).ok()?;
            }
            if moves {
                registers[SP] = base.wrapping_add(4 * list.count_ones());
            }
            Some((list & 1 << PC != 0).then_some(registers[PC]))
        }
        Leaving::Pops(register, offset) => {
            registers[register] = memory.read_u32(registers[SP]).ok()?;
            registers[SP] = registers[SP].wrapping_add(offset);
            Some((register == PC).then_some(registers[PC]))
        }
        Leaving::Returns(register) => Some(Some(registers[register])),
    }
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
    use cerium_cpu::arm::Interpreter;
    use cerium_cpu::{Cpu, Exit};
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

    /// A function table: where each function begins, odd if it does not matter to the table, how many
    /// instructions it has, and of how many bytes.
    fn table(lines: &[(u32, u32, u32)]) -> AddressSpace {
        let mut words = Vec::new();
        for (start, length, width) in lines {
            words.extend([*start, 1 | length << 8 | (width / 4) << 30 | 1 << 31]);
        }
        memory(&words)
    }

    fn found(lines: &[(u32, u32, u32)], pc: u32) -> Option<u32> {
        function_in(&table(lines), CODE, lines.len() as u32, pc).map(|function| function.start)
    }

    #[test]
    fn a_function_is_found_from_its_first_byte_to_its_last() {
        let lines = [(0x100, 4, 4), (0x111, 8, 2), (0x140, 1, 4)];
        for (pc, start) in [
            (0x0, None),
            (0xFE, None),
            (0x100, Some(0x100)),
            (0x10E, Some(0x100)),
            (0x110, Some(0x110)),
            (0x11E, Some(0x110)),
            // A gap.
            (0x120, None),
            (0x13F, None),
            (0x140, Some(0x140)),
            (0x143, Some(0x140)),
            (0x144, None),
            (0xFFFF_FFFE, None),
        ] {
            assert_eq!(found(&lines, pc), start, "{pc:#x}");
        }
        assert_eq!(found(&[], 0x100), None);
    }

    #[test]
    fn a_table_that_is_none_gives_no_function_that_does_not_contain_the_place() {
        // Without a length; overlapping: the later one counts; up to the end of everything.
        assert_eq!(found(&[(0x100, 0, 4)], 0x100), None);
        assert_eq!(found(&[(0x100, 0x20, 4), (0x110, 4, 4)], 0x114), Some(0x110));
        assert_eq!(found(&[(0x100, 0x20, 4), (0x110, 4, 4)], 0x130), None);
        assert_eq!(found(&[(0xFFFF_FFF0, 0x3F_FFFF, 4)], 0xFFFF_FFFE), Some(0xFFFF_FFF0));
        assert_eq!(found(&[(0xFFFF_FFF0, 0x3F_FFFF, 4)], 0x10), None);
        // Not in order.
        for pc in (0..0x200).step_by(2) {
            let start = found(&[(0x140, 4, 4), (0x100, 4, 4), (0x120, 4, 4), (0x110, 4, 4)], pc);
            assert!(start.is_none_or(|start| pc.wrapping_sub(start) < 16), "{pc:#x}");
        }
        // Beyond what is mapped.
        assert_eq!(function_in(&table(&[(0x100, 4, 4)]), CODE, 0x1000_0000, 0x100), None);
        assert_eq!(function_in(&table(&[]), 0x7000_0000, 3, 0x100), None);
    }

    #[test]
    fn a_prologue_at_the_end_of_everything_is_unwound() {
        let start = 0xFFFF_FFF0;
        let function = Function { start, prologue: 0xFF, length: 0x3F_FFFF, ..arm_function(0) };
        let mut body = Context::default();
        body.registers[LR] = 0x1234;
        for pc in [start, 0xFFFF_FFFC, 0, 0x100] {
            let caller = unwind(&memory(&[]), Some(&function), &body, pc).unwrap();
            assert_eq!(caller.pc(), 0x1234, "{pc:#x}");
            body.registers[PC] = pc;
            assert!(finish(&memory(&[]), &function, &body).is_none(), "{pc:#x}");
        }
    }

    #[test]
    fn the_handler_and_its_data_stand_before_the_function() {
        let memory = memory(&[0, 0x1111, 0x2222, 0xE12F_FF1E]);
        let function = Function { has_handler: true, ..arm_function(0) };
        let handler = |start| Function { start, ..function }.handler(&memory);
        assert_eq!(handler(CODE + 12).unwrap(), Some((0x1111, 0x2222)));
        assert!(handler(CODE + 4).is_err(), "the first of its words is not in the image");
        assert!(handler(CODE).is_err() && handler(0).is_err());
        assert_eq!(arm_function(0).handler(&memory).unwrap(), None);
    }

    /// How many instructions of a function are its prologue, its body and its epilogue.
    type Parts = [u32; 3];

    /// Runs a function from its beginning, and unwinds it after every instruction: its caller's registers are what
    /// they were when it was called.
    fn unwinds_everywhere(code: &[u32], width: u32, [prologue, body, epilogue]: Parts) {
        let entry_sp = STACK + 0xF00;
        let mut memory = memory(code);
        memory.protect(CODE, 0x1000, Protection::READ | Protection::EXECUTE).unwrap();
        let length = prologue + body + epilogue;
        let function = Function { length, width, ..arm_function(prologue) };
        let mut entry = Context::default();
        for register in 4..12 {
            entry.registers[register] = 0x1010_1010 * register as u32;
        }
        entry.registers[SP] = entry_sp;
        entry.registers[LR] = CODE + 0x801;
        entry.go_to(CODE | u32::from(width == 2));
        let mut context = entry.clone();
        let mut cpu = Interpreter::default();
        for done in 0..length {
            let finished = finish(&memory, &function, &context);
            let caller = if done < prologue + body {
                assert!(finished.is_none(), "{code:x?} after {done}");
                unwind(&memory, Some(&function), &context, context.pc()).unwrap()
            } else {
                finished.unwrap_or_else(|| panic!("{code:x?} after {done}"))
            };
            assert_eq!(caller.registers[4..12], entry.registers[4..12], "{code:x?} after {done}");
            assert_eq!(caller.registers[SP], entry_sp, "{code:x?} after {done}");
            assert_eq!(caller.pc(), CODE + 0x800, "{code:x?} after {done}");
            assert!(caller.status.contains(Status::T), "{code:x?} after {done}");
            let exit = cpu.run(&mut context, &mut memory, &mut 1);
            assert!(matches!(exit, Exit::Budget), "{code:x?} after {done}: {exit:?}");
        }
        assert_eq!((context.registers[SP], context.pc()), (entry_sp, CODE + 0x800), "{code:x?}");
    }

    #[test]
    fn a_function_of_arm_is_unwound_wherever_it_is() {
        // stmfd sp!, {r4, r5, lr}; mov r4, #0; ldmfd sp!, {r4, r5, lr}; bx lr
        unwinds_everywhere(&[0xE92D_4030, 0xE3A0_4000, 0xE8BD_4030, 0xE12F_FF1E], 4, [1, 1, 2]);
        // str lr, [sp, #-4]!; sub sp, sp, #0x100; nop; add sp, sp, #0x100; ldr pc, [sp], #4
        let code = [0xE52D_E004, 0xE24D_DC01, 0xE1A0_0000, 0xE28D_DC01, 0xE49D_F004];
        unwinds_everywhere(&code, 4, [2, 1, 2]);
        // stmfd sp!, {r4, lr}; ldr ip, [pc, #12]; sub sp, sp, ip; mov r4, #0; add sp, sp, #0x200;
        // ldmfd sp!, {r4, pc}; .word 0x200
        let code = [0xE92D_4010, 0xE59F_C00C, 0xE04D_D00C, 0xE3A0_4000, 0xE28D_DC02, 0xE8BD_8010, 0x200];
        unwinds_everywhere(&code, 4, [3, 1, 2]);
        // mov ip, sp; stmfd sp!, {r0-r3}; stmfd sp!, {r4-r9, r11, ip, lr}; sub r11, ip, #20; sub sp, sp, #64;
        // mov r5, #0; sub sp, r11, #32; ldmfd sp, {r4-r9, r11, sp, pc}
        let code = [
            0xE1A0_C00D,
            0xE92D_000F,
            0xE92D_5BF0,
            0xE24C_B014,
            0xE24D_D040,
            0xE3A0_5000,
            0xE24B_D020,
            0xE89D_ABF0,
        ];
        unwinds_everywhere(&code, 4, [5, 1, 2]);
        // stmfd sp!, {r11, lr}; mov r11, sp; sub sp, sp, #16; nop; mov sp, r11; ldmfd sp!, {r11, pc}
        let code = [0xE92D_4800, 0xE1A0_B00D, 0xE24D_D010, 0xE1A0_4004, 0xE1A0_D00B, 0xE8BD_8800];
        unwinds_everywhere(&code, 4, [3, 1, 2]);
        // stmfd sp!, {r11, lr}; add r11, sp, #4; sub sp, sp, #8; nop; sub sp, r11, #4; ldmfd sp!, {r11, pc}
        let code = [0xE92D_4800, 0xE28D_B004, 0xE24D_D008, 0xE1A0_4004, 0xE24B_D004, 0xE8BD_8800];
        unwinds_everywhere(&code, 4, [3, 1, 2]);
        // str lr, [sp, #-4]!; mov r3, #0x400; sub sp, sp, r3; nop; add sp, sp, #0x400; ldmfd sp!, {lr}; mov pc, lr is
        // no return to Thumb, so: bx lr
        let code =
            [0xE52D_E004, 0xE3A0_3B01, 0xE04D_D003, 0xE1A0_0000, 0xE28D_DB01, 0xE8BD_4000, 0xE12F_FF1E];
        unwinds_everywhere(&code, 4, [3, 1, 3]);
    }

    #[test]
    fn a_function_of_thumb_is_unwound_wherever_it_is() {
        let halves = |code: &[u32]| -> Vec<u32> {
            code.chunks(2).map(|pair| pair[0] | pair.get(1).copied().unwrap_or(0) << 16).collect()
        };
        // push {r4-r7, lr}; sub sp, #40; movs r4, #0; add sp, #40; pop {r4-r7, pc}
        unwinds_everywhere(&halves(&[0xB5F0, 0xB08A, 0x2400, 0xB00A, 0xBDF0]), 2, [2, 1, 2]);
        // push {r4, lr}; movs r4, #0; pop {r4}; pop {r1}; bx r1
        unwinds_everywhere(&halves(&[0xB510, 0x2400, 0xBC10, 0xBC02, 0x4708]), 2, [1, 1, 3]);
        // push {r0-r3}; push {r7, lr}; mov r7, sp; sub sp, #16; nop; mov sp, r7; pop {r7}; pop {r3};
        // add sp, #16; bx r3
        let code = [0xB40F, 0xB580, 0x466F, 0xB084, 0x46C0, 0x46BD, 0xBC80, 0xBC08, 0xB004, 0x4718];
        unwinds_everywhere(&halves(&code), 2, [4, 1, 5]);
        // push {r4, r7, lr}; add r7, sp, #4; ldr r3, [pc, #8]; add sp, r3; nop; subs r4, r7, #4; mov sp, r4;
        // pop {r4, r7, pc}; .word -0x200
        let code = [0xB590, 0xAF01, 0x4B02, 0x449D, 0x46C0, 0x1F3C, 0x46A5, 0xBD90, 0xFE00, 0xFFFF];
        unwinds_everywhere(&halves(&code), 2, [4, 2, 2]);
        // push {r4, lr}; sub sp, #32; sub sp, #32; movs r4, #0; add sp, #64; pop {r4, pc}
        unwinds_everywhere(&halves(&[0xB510, 0xB088, 0xB088, 0x2400, 0xB010, 0xBD10]), 2, [3, 1, 2]);
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

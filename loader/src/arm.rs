//! ARM: arguments in r0 to r3, then on the stack; the result in r0, or r0 and r1.

use cerium_coredll::catalogue::Processor;
use cerium_cpu::arm::{Context, Interpreter};
use cerium_crt::call::{Answer, ArgumentList, Value};
use cerium_memory::{AddressSpace, Fault};

use crate::calls::{Out, Use};
use crate::executable::Executable;
use crate::isa::{Isa, Linkage, Special, Start};
use crate::seh::{Raised, SehStep};

/// Just above the highest trap address.
const TRAPS_END: u32 = 0xF001_0000;
/// Sets 0 to 127, 256 methods each, four bytes a method.
const TRAPS_SIZE: u32 = 128 * 256 * 4;

impl Isa for Interpreter {
    const PROCESSOR: Processor = Processor::Arm;
    const USER_DATA: u32 = 0xFFFF_C800;

    fn start(start: Start, _: &mut AddressSpace) -> Result<Context, Fault> {
        let mut context = Context::default();
        context.registers[..4].copy_from_slice(&start.arguments);
        context.registers[13] = start.stack_top;
        context.registers[14] = start.return_to;
        context.go_to(start.entry);
        Ok(context)
    }

    fn argument(context: &Context, memory: &AddressSpace, place: u32) -> Result<u32, Fault> {
        match place {
            0..=3 => Ok(context.registers[place as usize]),
            _ => memory.read_u32(context.sp().wrapping_add(4 * (place - 4))),
        }
    }

    fn finish_call(context: &mut Context, _: &AddressSpace, value: u32) -> Result<(), Fault> {
        context.registers[0] = value;
        context.go_to(context.lr());
        Ok(())
    }

    fn argument_list(context: &Context) -> ArgumentList {
        let [r0, r1, r2, r3, ..] = context.registers;
        ArgumentList::arm([r0, r1, r2, r3], context.sp())
    }

    fn finish_crt_call(
        context: &mut Context,
        _: &AddressSpace,
        answer: Answer,
        _: &ArgumentList,
    ) -> Result<(), Fault> {
        let [r0, r1, r2, r3, ..] = &mut context.registers;
        let put_long = |low: &mut u32, high: &mut u32, value: u64| {
            (*low, *high) = (value as u32, (value >> 32) as u32);
        };
        match answer.value {
            Value::Nothing => {}
            Value::Word(word) => *r0 = word,
            Value::Long(long) => put_long(r0, r1, long),
            // Without a coprocessor floating point is passed in the registers of whole numbers.
            Value::Single(single) => *r0 = single.to_bits(),
            Value::Double(double) => put_long(r0, r1, double.to_bits()),
            Value::Division(division) => (*r0, *r1) = (division.quotient, division.remainder),
            Value::LongDivision { quotient, remainder } => {
                put_long(r0, r1, quotient);
                put_long(r2, r3, remainder);
            }
        }
        context.go_to(context.lr());
        Ok(())
    }

    fn linkage(context: &Context) -> Linkage {
        Linkage { pc: context.pc(), sp: context.sp(), lr: context.lr() }
    }

    fn set_linkage(context: &mut Context, linkage: Linkage) {
        context.registers[13] = linkage.sp;
        context.registers[14] = linkage.lr;
        context.go_to(linkage.pc);
    }

    fn call_guest(
        context: &mut Context,
        memory: &mut AddressSpace,
        address: u32,
        arguments: &[u32],
        return_to: u32,
    ) -> Result<(), Fault> {
        let (in_registers, on_stack) = arguments.split_at(arguments.len().min(4));
        // A multiple of 8 below the function's own stack pointer.
        let sp = context.sp().wrapping_sub(8 + 4 * on_stack.len() as u32) & !7;
        for (place, word) in on_stack.iter().enumerate() {
            memory.write_u32(sp.wrapping_add(4 * place as u32), *word)?;
        }
        context.registers[..in_registers.len()].copy_from_slice(in_registers);
        context.registers[13] = sp;
        context.registers[14] = return_to;
        context.go_to(address);
        Ok(())
    }

    fn set_sp(context: &mut Context, sp: u32) {
        context.registers[13] = sp;
    }

    fn dispatch(process: &mut Executable<Self>, guest: u32, raised: Box<Raised>) -> Out {
        process.arm_dispatch(guest, raised)
    }

    fn seh_go_on(process: &mut Executable<Self>, guest: u32, step: SehStep, answer: u32) -> Out {
        process.arm_go_on(guest, step, answer)
    }

    fn special(process: &mut Executable<Self>, guest: u32, special: Special, words: [u32; 4]) -> Out {
        match special {
            Special::SetJump => process.arm_set_jump(guest, words[0]),
            Special::LongJump => process.arm_long_jump(guest, words[0], words[1]),
            Special::Handler => process.arm_specific_handler(guest, words),
            // Exported on x86 only, so that no import leads here.
            Special::Handler4
            | Special::LocalUnwind
            | Special::LocalUnwind4
            | Special::IsAbnormal
            | Special::Prolog
            | Special::Epilog
            | Special::CxxHandler
            | Special::CxxProlog => unreachable!("{special:?} is x86's"),
        }
    }

    fn throw(_: &mut Executable<Self>, _: u32, _: u32, _: u32, _: &mut Use<'_>) -> Out {
        unreachable!("_CxxThrowException is served on x86 only")
    }

    fn result(context: &Context) -> u32 {
        context.registers[0]
    }

    fn pc(context: &Context) -> u32 {
        context.pc()
    }

    fn sp(context: &Context) -> u32 {
        context.sp()
    }

    fn caller(context: &Context, _: &AddressSpace) -> Option<u32> {
        Some(context.lr() & !1)
    }

    fn link(context: &Context) -> Option<u32> {
        Some(context.lr())
    }

    fn is_behind_call(memory: &AddressSpace, address: u32) -> bool {
        let half = |before: u32| {
            let mut bytes = [0; 2];
            let read = memory.read_bytes((address & !1).wrapping_sub(before), &mut bytes);
            read.ok().map(|()| u16::from_le_bytes(bytes))
        };
        if address & 1 != 0 {
            // BL or BLX in its two halves, or BLX with a register.
            let is_long = half(4).is_some_and(|half| half & 0xF800 == 0xF000)
                && half(2).is_some_and(|half| half & 0xE800 == 0xE800);
            return is_long || half(2).is_some_and(|half| half & 0xFF87 == 0x4780);
        }
        let word = |before: u32| memory.read_u32(address.wrapping_sub(before)).ok();
        let is_link = |word: u32| {
            // BL, BLX with an offset, BLX with a register.
            word & 0x0F00_0000 == 0x0B00_0000
                || word & 0xFE00_0000 == 0xFA00_0000
                || word & 0x0FFF_FFF0 == 0x012F_FF30
        };
        // Or MOV LR, PC before an instruction that goes somewhere.
        word(4).is_some_and(is_link) || word(8).is_some_and(|word| word & 0x0FFF_FFFF == 0x01A0_E00F)
    }

    fn registers(context: &Context) -> String {
        context.to_string()
    }

    fn trap(address: u32) -> Option<(u32, u32)> {
        let offset = TRAPS_END.checked_sub(address)?;
        let is_trap = offset > 0 && offset < TRAPS_SIZE && offset % 4 == 0;
        is_trap.then_some(((offset / 4) >> 8, (offset / 4) & 0xff))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_return_address_is_behind_a_call() {
        let mut memory = AddressSpace::new(1 << 16).unwrap();
        memory
            .map(0x1_0000, 0x1000, cerium_memory::Protection::READ | cerium_memory::Protection::WRITE)
            .unwrap();
        for (words, address, is_call) in [
            ([0xE1A0_0000, 0xEB00_0001], 0x1_0008, true),
            ([0xE1A0_0000, 0xFA00_0001], 0x1_0008, true),
            ([0xE1A0_0000, 0xE12F_FF33], 0x1_0008, true),
            ([0xE1A0_E00F, 0xE1A0_F003], 0x1_0008, true),
            ([0xE1A0_0000, 0xEA00_0001], 0x1_0008, false),
            ([0x46C0_46C0, 0xF801_F000], 0x1_0009, true),
            ([0x46C0_46C0, 0x4798_46C0], 0x1_0009, true),
            ([0x46C0_46C0, 0x4718_46C0], 0x1_0009, false),
            ([0x46C0_46C0, 0xE801_F000], 0x1_0009, true),
        ] {
            memory.write_u32(0x1_0000, words[0]).unwrap();
            memory.write_u32(0x1_0004, words[1]).unwrap();
            assert_eq!(Interpreter::is_behind_call(&memory, address), is_call, "{words:x?}");
        }
        assert!(!Interpreter::is_behind_call(&memory, 0x1_0000), "nothing is before it");
    }

    #[test]
    fn trap_addresses_name_set_and_method() {
        assert_eq!(Interpreter::trap(0xF000_F7F8), Some((2, 2)));
        assert_eq!(Interpreter::trap(0xF001_0000 - 99 * 4), Some((0, 99)));
        assert_eq!(Interpreter::trap(0xF001_0000), None);
        assert_eq!(Interpreter::trap(0xF000_F7F6), None);
        assert_eq!(Interpreter::trap(0x1_0000), None);
    }
}

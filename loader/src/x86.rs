//! x86: every CE function is cdecl. Arguments on the stack above the return address; the result in eax, or
//! edx:eax, or on top of the coprocessor's stack.

use cerium_coredll::catalogue::Processor;
use cerium_cpu::x86::register::{EAX, EBX, ECX, EDX, ESP};
use cerium_cpu::x86::{Context, Interpreter};
use cerium_crt::call::{Answer, ArgumentList, Environment, Value, X86Registers};
use cerium_memory::{AddressSpace, Fault};

use crate::calls::{Out, Use};
use crate::executable::Executable;
use crate::isa::{Isa, Linkage, Special, Start};
use crate::layout::EXCEPTION_CHAIN;
use crate::seh::{Raised, ScopeFrame, SehStep};

/// Just above the highest trap address.
const TRAPS_END: u32 = 0xFFFF_FE00;
/// Sets 0 to 127, 256 methods each, two bytes a method.
const TRAPS_SIZE: u32 = 128 * 256 * 2;

/// The end of the exception chain at fs:0.
const NO_HANDLER: u32 = 0xFFFF_FFFF;

/// Takes the return address off the stack, with so many bytes of arguments, and goes there.
fn leave(context: &mut Context, memory: &AddressSpace, pops: u32) -> Result<(), Fault> {
    let sp = context.registers[ESP];
    context.eip = memory.read_unaligned_u32(sp)?;
    context.registers[ESP] = sp.wrapping_add(4).wrapping_add(pops);
    Ok(())
}

/// How many bytes CALL r/m32 has with this operand.
fn length_of_call(modrm: u8, sib: u8) -> u32 {
    let (mode, register) = (modrm >> 6, modrm & 7);
    let index = u32::from(mode != 3 && register == 4);
    let offset = match mode {
        0 if register == 5 || register == 4 && sib & 7 == 5 => 4,
        1 => 1,
        2 => 4,
        _ => 0,
    };
    2 + index + offset
}

impl Isa for Interpreter {
    const PROCESSOR: Processor = Processor::X86;
    const USER_DATA: u32 = 0x5800;

    fn start(start: Start, memory: &mut AddressSpace) -> Result<Context, Fault> {
        let mut context = Context::default();
        let sp = start.stack_top - 4 * (1 + start.arguments.len() as u32);
        memory.write_u32(sp, start.return_to)?;
        for (place, argument) in start.arguments.iter().enumerate() {
            memory.write_u32(sp + 4 + 4 * place as u32, *argument)?;
        }
        context.registers[ESP] = sp;
        context.eip = start.entry;
        context.fs_base = start.thread_block + EXCEPTION_CHAIN;
        memory.write_u32(context.fs_base, NO_HANDLER)?;
        Ok(context)
    }

    fn argument(context: &Context, memory: &AddressSpace, place: u32) -> Result<u32, Fault> {
        memory.read_unaligned_u32(context.registers[ESP].wrapping_add(4 + 4 * place))
    }

    fn finish_call(context: &mut Context, memory: &AddressSpace, value: u32) -> Result<(), Fault> {
        leave(context, memory, 0)?;
        context.registers[EAX] = value;
        Ok(())
    }

    fn argument_list(context: &Context) -> ArgumentList {
        let registers = X86Registers {
            edx_eax: (u64::from(context.registers[EDX]) << 32) | u64::from(context.registers[EAX]),
            ecx: context.registers[ECX],
            st: [context.fpu.double(0), context.fpu.double(1)],
            environment: Environment { control: context.fpu.control(), status: context.fpu.status() },
        };
        ArgumentList::x86(context.registers[ESP].wrapping_add(4), registers)
    }

    fn finish_crt_call(
        context: &mut Context,
        memory: &AddressSpace,
        answer: Answer,
        arguments: &ArgumentList,
    ) -> Result<(), Fault> {
        leave(context, memory, answer.pops)?;
        context.fpu.drop_values(arguments.coprocessor_taken());
        if let Some(environment) = arguments.changed_environment() {
            context.fpu.set_control(environment.control);
            context.fpu.set_status(environment.status);
        }
        let registers = &mut context.registers;
        match answer.value {
            Value::Nothing => {}
            Value::Word(word) => registers[EAX] = word,
            Value::Long(long) => {
                (registers[EAX], registers[EDX]) = (long as u32, (long >> 32) as u32);
            }
            Value::Single(single) => context.fpu.push_double(f64::from(single)),
            Value::Double(double) => context.fpu.push_double(double),
            Value::Division(division) => {
                (registers[EAX], registers[EDX]) = (division.quotient, division.remainder);
            }
            Value::LongDivision { quotient, remainder } => {
                (registers[EAX], registers[EDX]) = (quotient as u32, (quotient >> 32) as u32);
                (registers[ECX], registers[EBX]) = (remainder as u32, (remainder >> 32) as u32);
            }
        }
        Ok(())
    }

    fn linkage(context: &Context) -> Linkage {
        Linkage { pc: context.eip, sp: context.registers[ESP], lr: 0 }
    }

    fn set_linkage(context: &mut Context, linkage: Linkage) {
        context.registers[ESP] = linkage.sp;
        context.eip = linkage.pc;
    }

    fn call_guest(
        context: &mut Context,
        memory: &mut AddressSpace,
        address: u32,
        arguments: &[u32],
        return_to: u32,
    ) -> Result<(), Fault> {
        // Whether the callee takes its arguments away or leaves them, it returns below the function's own
        // stack pointer.
        let sp = (context.registers[ESP].wrapping_sub(8 + 4 * arguments.len() as u32) & !3).wrapping_sub(4);
        for (place, word) in std::iter::once(&return_to).chain(arguments).enumerate() {
            memory.write_unaligned_u32(sp.wrapping_add(4 * place as u32), *word)?;
        }
        context.registers[ESP] = sp;
        context.eip = address;
        Ok(())
    }

    fn set_sp(context: &mut Context, sp: u32) {
        context.registers[ESP] = sp;
    }

    fn dispatch(process: &mut Executable<Self>, guest: u32, raised: Box<Raised>) -> Out {
        let chain = process.threads[guest as usize].context.fs_base;
        match process.memory.read_unaligned_u32(chain) {
            Ok(first) => process.x86_dispatch(guest, raised, first),
            Err(_) => process.unhandled(guest, &raised),
        }
    }

    fn seh_go_on(process: &mut Executable<Self>, guest: u32, step: SehStep, answer: u32) -> Out {
        process.x86_go_on(guest, step, answer)
    }

    fn special(process: &mut Executable<Self>, guest: u32, special: Special, words: [u32; 4]) -> Out {
        let [first, second, ..] = words;
        match special {
            Special::SetJump => process.x86_set_jump(guest, first, second),
            Special::LongJump => process.x86_long_jump(guest, first, second),
            Special::Handler => {
                let [record, registration, context, _] = words;
                process.x86_except_handler(guest, record, ScopeFrame { registration, cookie: None }, context)
            }
            Special::Handler4 => process.x86_except_handler4(guest, words),
            Special::LocalUnwind => {
                process.x86_local_unwind(guest, ScopeFrame { registration: first, cookie: None }, second)
            }
            Special::LocalUnwind4 => process.x86_local_unwind4(guest, words),
            Special::IsAbnormal => process.x86_is_abnormal(guest),
            Special::Prolog => process.x86_prolog(guest),
            Special::Epilog => process.x86_epilog(guest),
            Special::CxxHandler => process.x86_cxx_handler(guest, words),
            Special::CxxProlog => process.x86_cxx_prolog(guest),
        }
    }

    fn throw(process: &mut Executable<Self>, guest: u32, object: u32, types: u32, used: &mut Use<'_>) -> Out {
        process.x86_throw(guest, object, types, used)
    }

    fn result(context: &Context) -> u32 {
        context.registers[EAX]
    }

    fn pc(context: &Context) -> u32 {
        context.eip
    }

    fn sp(context: &Context) -> u32 {
        context.registers[ESP]
    }

    fn caller(context: &Context, memory: &AddressSpace) -> Option<u32> {
        memory.read_unaligned_u32(context.registers[ESP]).ok()
    }

    fn link(_: &Context) -> Option<u32> {
        None
    }

    fn is_behind_call(memory: &AddressSpace, address: u32) -> bool {
        let byte = |before: u32| {
            let mut byte = [0];
            memory.read_bytes(address.wrapping_sub(before), &mut byte).ok().map(|()| byte[0])
        };
        // CALL rel32, or CALL r/m32 in each of its lengths.
        let is_indirect = |length: u32| {
            let modrm = (byte(length), byte(length - 1), byte(length - 2));
            let (Some(0xFF), Some(modrm), sib) = modrm else { return false };
            modrm >> 3 & 7 == 2 && length_of_call(modrm, sib.unwrap_or(0)) == length
        };
        byte(5) == Some(0xE8) || (2..=7).any(is_indirect)
    }

    fn registers(context: &Context) -> String {
        context.to_string()
    }

    fn trap(address: u32) -> Option<(u32, u32)> {
        let offset = TRAPS_END.checked_sub(address)?;
        let is_trap = offset > 0 && offset < TRAPS_SIZE && offset.is_multiple_of(2);
        is_trap.then_some((offset / 2 >> 8, offset / 2 & 0xff))
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
        for (code, is_call) in [
            (&[0xE8, 1, 2, 3, 4][..], true),
            (&[0xFF, 0xD0], true),
            (&[0xFF, 0x10], true),
            (&[0xFF, 0x14, 0x88], true),
            (&[0xFF, 0x50, 8], true),
            (&[0xFF, 0x54, 0x88, 8], true),
            (&[0xFF, 0x15, 1, 2, 3, 4], true),
            (&[0xFF, 0x90, 1, 2, 3, 4], true),
            (&[0xFF, 0x14, 0x8D, 1, 2, 3, 4], true),
            (&[0xFF, 0x94, 0x88, 1, 2, 3, 4], true),
            (&[0xFF, 0xE0], false),
            (&[0xFF, 0x50], false),
            (&[0xE9, 1, 2, 3, 4], false),
            (&[0x90], false),
        ] {
            memory.write_bytes(0x1_0000, &[0x90; 16]).unwrap();
            memory.write_bytes(0x1_0010 - code.len() as u32, code).unwrap();
            assert_eq!(Interpreter::is_behind_call(&memory, 0x1_0010), is_call, "{code:x?}");
        }
        assert!(!Interpreter::is_behind_call(&memory, 0x1_0000), "nothing is before it");
    }

    #[test]
    fn trap_addresses_name_set_and_method() {
        assert_eq!(Interpreter::trap(0xFFFF_F9FC), Some((2, 2)));
        assert_eq!(Interpreter::trap(0xFFFF_FE00 - 99 * 2), Some((0, 99)));
        assert_eq!(Interpreter::trap(0xFFFF_FE00), None);
        assert_eq!(Interpreter::trap(0xFFFF_F9FB), None);
    }
}

//! Decoded instructions, the machine they work on, and where operands are.

use cerium_memory::{Access, AddressSpace, Fault, FaultKind};

use super::context::register::ESP;
use super::flags::Flags;
use super::fpu::Fpu;
use super::segment::{Refused, Segments};

/// How an instruction ended: go on with the next one, or leave the block.
pub type Step = Result<(), Leave>;

/// What carries an instruction out.
pub type Handler = fn(&mut Machine<'_>, &mut AddressSpace, &Op) -> Step;

/// Why to leave a block. The tag is a byte of its own, so that going on is one comparison.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// Carried out; go on at the machine's `eip`.
    Branch,
    /// Carried out; go on with the next one, but decoded code has changed.
    Refetch,
    /// Carried out: INT n, or INTO.
    Interrupt(u8),
    /// An access was refused; like what follows, the instruction was not carried out.
    Fault(PackedFault),
    /// Not an instruction we have.
    Undefined,
    /// A quotient that does not exist or does not fit.
    Divide,
    /// INT3.
    Breakpoint,
    /// A floating-point exception that is not masked was pending.
    Float,
    /// BOUND found its index outside.
    Bound,
}

/// A fault without alignment, so that a [`Step`] fits a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackedFault {
    address: [u8; 4],
    access: Access,
    kind: FaultKind,
}

const _: () = assert!(size_of::<Step>() <= 8, "a step is returned in a register");

impl From<Fault> for Leave {
    #[inline(always)]
    fn from(fault: Fault) -> Leave {
        let Fault { address, access, kind } = fault;
        Leave::Fault(PackedFault { address: address.to_ne_bytes(), access, kind })
    }
}

impl From<PackedFault> for Fault {
    fn from(fault: PackedFault) -> Fault {
        let PackedFault { address, access, kind } = fault;
        Fault { address: u32::from_ne_bytes(address), access, kind }
    }
}

/// A decoded instruction. Its fields mean what its handler takes them for; mostly this:
#[derive(Clone, Copy)]
pub struct Op {
    /// Carries it out.
    pub handler: Handler,
    /// Its address.
    pub pc: u32,
    /// The address of the instruction behind it.
    pub next: u32,
    /// An immediate operand, or a branch's target.
    pub immediate: u32,
    /// A memory operand's displacement.
    pub displacement: u32,
    /// The first operand, if a register.
    pub a: u8,
    /// The second operand, if a register.
    pub b: u8,
    /// A memory operand's base, in `Machine::registers`.
    pub base: u8,
    /// Its index.
    pub index: u8,
    /// The index is shifted left by this.
    pub scale: u8,
    /// Where its segment's base is.
    pub segment: u8,
    /// Addresses have 16 bits.
    pub address16: bool,
    /// How many instructions are before it in its block.
    pub number: u8,
}

/// A place in `Machine::registers` that is always zero.
pub const ZERO: u8 = 8;
/// A place in `Machine::registers` with the base of FS.
pub const FS_BASE: u8 = 9;

/// The registers while the CPU runs.
pub struct Machine<'a> {
    /// EAX to EDI, then [`ZERO`] and [`FS_BASE`]. Sixteen, so that a masked number needs no test.
    pub registers: [u32; 16],
    /// Where a branch goes; between blocks, the next instruction.
    pub eip: u32,
    /// The status flags.
    pub flags: Flags,
    /// The other bits of EFLAGS that user code can change.
    pub control: u32,
    /// The budget when the block was entered.
    pub left: u64,
    /// RDTSC as it will be when the budget is used up.
    pub time_stamp_end: u64,
    /// The floating-point unit.
    pub fpu: &'a mut Fpu,
    /// The segment registers.
    pub segments: &'a mut Segments,
    /// Those of them that are null.
    pub nulls: u32,
    /// Where the thread's block begins, whatever FS is.
    pub thread_base: u32,
}

impl Machine<'_> {
    /// A 32-bit register.
    #[inline(always)]
    pub fn register(&self, number: u8) -> u32 {
        self.registers[usize::from(number & 15)]
    }

    /// Sets a 32-bit register.
    #[inline(always)]
    pub fn set_register(&mut self, number: u8, value: u32) {
        self.registers[usize::from(number & 15)] = value;
    }

    /// The selector in a segment register, by its number.
    pub fn selector(&self, number: u8) -> u16 {
        self.segments.selector(usize::from(number))
    }

    /// Loads a segment register, by its number.
    pub fn load_segment(&mut self, number: u8, selector: u16) -> Result<(), Refused> {
        self.segments.load(usize::from(number), selector)?;
        self.follow_segments();
        Ok(())
    }

    /// Keeps what the segment registers decide.
    pub fn follow_segments(&mut self) {
        self.nulls = self.segments.nulls();
        let fs_base = if self.segments.fs_is_thread() { self.thread_base } else { 0 };
        self.set_register(FS_BASE, fs_base);
    }

    /// The offset of a memory operand in its segment.
    #[inline(always)]
    pub fn offset(&self, op: &Op) -> u32 {
        let index = self.register(op.index) << (op.scale & 3);
        let offset = self.register(op.base).wrapping_add(index).wrapping_add(op.displacement);
        if op.address16 { offset & 0xFFFF } else { offset }
    }

    /// The address of any memory operand.
    #[inline(always)]
    pub fn address(&self, op: &Op) -> u32 {
        self.offset(op).wrapping_add(self.register(op.segment))
    }
}

/// After a store that is not the end of a block.
#[inline(always)]
pub fn after_store(memory: &AddressSpace) -> Step {
    if memory.code_changed() { Err(Leave::Refetch) } else { Ok(()) }
}

/// An operand's size. Values travel as `u32`, zero-extended.
pub trait Width {
    /// Eight, sixteen or thirty-two.
    const BITS: u32;
    /// The same in bytes.
    const BYTES: u32 = Self::BITS / 8;
    /// Ones where the value is.
    const MASK: u32 = u32::MAX >> (32 - Self::BITS);
    /// The highest bit.
    const SIGN: u32 = 1 << (Self::BITS - 1);

    /// A register of this size.
    fn get(machine: &Machine<'_>, number: u8) -> u32;
    /// Sets a register of this size; the rest of the full register stays.
    fn set(machine: &mut Machine<'_>, number: u8, value: u32);
    /// Loads from any address.
    fn read(memory: &AddressSpace, address: u32) -> Result<u32, Fault>;
    /// Stores to any address.
    fn write(memory: &mut AddressSpace, address: u32, value: u32) -> Result<(), Fault>;

    /// The value with its sign copied upwards.
    #[inline(always)]
    fn sign_extend(value: u32) -> u32 {
        let unused = 32 - Self::BITS;
        ((value << unused) as i32 >> unused) as u32
    }
}

/// AL to BH.
pub enum Byte {}
/// AX to DI.
pub enum Half {}
/// EAX to EDI.
pub enum Word {}

impl Width for Byte {
    const BITS: u32 = 8;

    #[inline(always)]
    fn get(machine: &Machine<'_>, number: u8) -> u32 {
        machine.register(number & 3) >> ((number & 4) << 1) & 0xFF
    }

    #[inline(always)]
    fn set(machine: &mut Machine<'_>, number: u8, value: u32) {
        let shift = (number & 4) << 1;
        let kept = machine.register(number & 3) & !(0xFF << shift);
        machine.set_register(number & 3, kept | (value & 0xFF) << shift);
    }

    #[inline(always)]
    fn read(memory: &AddressSpace, address: u32) -> Result<u32, Fault> {
        memory.read_u8(address).map(u32::from)
    }

    #[inline(always)]
    fn write(memory: &mut AddressSpace, address: u32, value: u32) -> Result<(), Fault> {
        memory.write_u8(address, value as u8)
    }
}

impl Width for Half {
    const BITS: u32 = 16;

    #[inline(always)]
    fn get(machine: &Machine<'_>, number: u8) -> u32 {
        machine.register(number & 7) & 0xFFFF
    }

    #[inline(always)]
    fn set(machine: &mut Machine<'_>, number: u8, value: u32) {
        let kept = machine.register(number & 7) & !0xFFFF;
        machine.set_register(number & 7, kept | value & 0xFFFF);
    }

    #[inline(always)]
    fn read(memory: &AddressSpace, address: u32) -> Result<u32, Fault> {
        memory.read_unaligned_u16(address).map(u32::from)
    }

    #[inline(always)]
    fn write(memory: &mut AddressSpace, address: u32, value: u32) -> Result<(), Fault> {
        memory.write_unaligned_u16(address, value as u16)
    }
}

impl Width for Word {
    const BITS: u32 = 32;

    #[inline(always)]
    fn get(machine: &Machine<'_>, number: u8) -> u32 {
        machine.register(number)
    }

    #[inline(always)]
    fn set(machine: &mut Machine<'_>, number: u8, value: u32) {
        machine.set_register(number, value);
    }

    #[inline(always)]
    fn read(memory: &AddressSpace, address: u32) -> Result<u32, Fault> {
        // The table that is asked for permission also tells misalignment: one test for the usual case.
        match memory.read_u32(address) {
            Ok(value) => Ok(value),
            Err(_) => read_word_slowly(memory, address),
        }
    }

    #[inline(always)]
    fn write(memory: &mut AddressSpace, address: u32, value: u32) -> Result<(), Fault> {
        match memory.write_u32(address, value) {
            Ok(()) => Ok(()),
            Err(_) => write_word_slowly(memory, address, value),
        }
    }
}

#[cold]
#[inline(never)]
fn read_word_slowly(memory: &AddressSpace, address: u32) -> Result<u32, Fault> {
    memory.read_unaligned_u32(address)
}

#[cold]
#[inline(never)]
fn write_word_slowly(memory: &mut AddressSpace, address: u32, value: u32) -> Result<(), Fault> {
    memory.write_unaligned_u32(address, value)
}

/// Where an operand is.
pub trait Place {
    /// Whether storing there may fail, or change code.
    const IS_MEMORY: bool;

    /// Its address, if it has one.
    fn address(machine: &Machine<'_>, op: &Op) -> u32;
    /// Its value.
    fn load<W: Width>(
        machine: &Machine<'_>,
        memory: &AddressSpace,
        op: &Op,
        address: u32,
    ) -> Result<u32, Fault>;
    /// Changes it.
    fn store<W: Width>(
        machine: &mut Machine<'_>,
        memory: &mut AddressSpace,
        op: &Op,
        address: u32,
        value: u32,
    ) -> Result<(), Fault>;

    /// Its value, to be changed: a fault is one of writing, as the bus sees it.
    #[inline(always)]
    fn load_for_update<W: Width>(
        machine: &Machine<'_>,
        memory: &AddressSpace,
        op: &Op,
        address: u32,
    ) -> Result<u32, Fault> {
        Self::load::<W>(machine, memory, op, address)
            .map_err(|fault| Fault { access: Access::Write, ..fault })
    }

    /// How an instruction that changed it ends.
    #[inline(always)]
    fn stored(memory: &AddressSpace) -> Step {
        if Self::IS_MEMORY { after_store(memory) } else { Ok(()) }
    }
}

/// Whether an operand is certainly accessible: a register, or an aligned word in a page that lets it through
/// at once. Then an instruction's usual way needs no call at all. What this does not know is done by the same
/// code out of line.
#[inline(always)]
pub fn at_hand<P: Place, W: Width>(
    machine: &Machine<'_>,
    memory: &AddressSpace,
    op: &Op,
    writes: bool,
    reads: bool,
) -> bool {
    if !P::IS_MEMORY || W::BITS != 32 {
        return true;
    }
    let address = P::address(machine, op);
    (!writes || memory.can_write_words(address, 4)) && (!reads || memory.can_read_words(address, 4))
}

/// As [`at_hand`], for the place below the stack's top.
#[inline(always)]
pub fn can_push<W: Width>(machine: &Machine<'_>, memory: &AddressSpace) -> bool {
    W::BITS != 32 || memory.can_write_words(machine.registers[ESP].wrapping_sub(4), 4)
}

/// As [`at_hand`], for the stack's top.
#[inline(always)]
pub fn can_pop<W: Width>(machine: &Machine<'_>, memory: &AddressSpace) -> bool {
    W::BITS != 32 || memory.can_read_words(machine.registers[ESP], 4)
}

/// The register `Op::a`.
pub enum RegisterA {}
/// The register `Op::b`.
pub enum RegisterB {}
/// `Op::immediate`, which is never a target.
pub enum Immediate {}
/// Memory at base and displacement.
pub enum Near {}
/// Memory, however addressed.
pub enum Far {}

macro_rules! register_place {
    ($name:ident, $field:ident) => {
        impl Place for $name {
            const IS_MEMORY: bool = false;

            #[inline(always)]
            fn address(_: &Machine<'_>, _: &Op) -> u32 {
                0
            }

            #[inline(always)]
            fn load<W: Width>(
                machine: &Machine<'_>,
                _: &AddressSpace,
                op: &Op,
                _: u32,
            ) -> Result<u32, Fault> {
                Ok(W::get(machine, op.$field))
            }

            #[inline(always)]
            fn store<W: Width>(
                machine: &mut Machine<'_>,
                _: &mut AddressSpace,
                op: &Op,
                _: u32,
                value: u32,
            ) -> Result<(), Fault> {
                W::set(machine, op.$field, value);
                Ok(())
            }
        }
    };
}

register_place!(RegisterA, a);
register_place!(RegisterB, b);

impl Place for Immediate {
    const IS_MEMORY: bool = false;

    #[inline(always)]
    fn address(_: &Machine<'_>, _: &Op) -> u32 {
        0
    }

    #[inline(always)]
    fn load<W: Width>(_: &Machine<'_>, _: &AddressSpace, op: &Op, _: u32) -> Result<u32, Fault> {
        Ok(op.immediate)
    }

    fn store<W: Width>(
        _: &mut Machine<'_>,
        _: &mut AddressSpace,
        _: &Op,
        _: u32,
        _: u32,
    ) -> Result<(), Fault> {
        Ok(())
    }
}

macro_rules! memory_place {
    ($name:ident, |$machine:ident, $op:ident| $address:expr) => {
        impl Place for $name {
            const IS_MEMORY: bool = true;

            #[inline(always)]
            fn address($machine: &Machine<'_>, $op: &Op) -> u32 {
                $address
            }

            #[inline(always)]
            fn load<W: Width>(
                _: &Machine<'_>,
                memory: &AddressSpace,
                _: &Op,
                address: u32,
            ) -> Result<u32, Fault> {
                W::read(memory, address)
            }

            #[inline(always)]
            fn store<W: Width>(
                _: &mut Machine<'_>,
                memory: &mut AddressSpace,
                _: &Op,
                address: u32,
                value: u32,
            ) -> Result<(), Fault> {
                W::write(memory, address, value)
            }
        }
    };
}

memory_place!(Near, |machine, op| machine.register(op.base).wrapping_add(op.displacement));
memory_place!(Far, |machine, op| machine.address(op));

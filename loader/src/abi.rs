//! Arguments as parameter types read them: one word after the other, and the memory behind them.

use cerium_coredll::{Abi, StackFault, Unreadable};
use cerium_memory::{Access, AddressSpace, PAGE_SIZE};
use smallvec::SmallVec;

use crate::context::GuestContext;
use crate::isa::Isa;

/// Where the out-parameters of a call go, in order; NULL for one that is not wanted.
pub(crate) type OutAddresses = SmallVec<[u32; 2]>;

/// The arguments of one call.
pub(crate) struct Arguments<'a, I: Isa> {
    pub(crate) context: &'a I::Context,
    pub(crate) memory: &'a AddressSpace,
    pub(crate) place: u32,
    pub(crate) outs: OutAddresses,
}

impl<'a, I: Isa> Arguments<'a, I> {
    pub(crate) fn new(context: &'a I::Context, memory: &'a AddressSpace) -> Self {
        Self { context, memory, place: 0, outs: SmallVec::new() }
    }
}

impl<I: Isa> Abi for Arguments<'_, I> {
    fn word(&mut self) -> Result<u32, StackFault> {
        let word = I::argument(self.context, self.memory, self.place);
        self.place += 1;
        word.map_err(|fault| StackFault { address: fault.address })
    }

    fn read(&mut self, address: u32, into: &mut [u8]) -> Result<(), Unreadable> {
        self.memory.read_bytes(address, into).map_err(|_| Unreadable)
    }

    fn readable_run(&mut self, address: u32, limit: u32) -> Result<u32, Unreadable> {
        self.memory.check(address, 1, Access::Read).map_err(|_| Unreadable)?;
        let to_end_of_page = PAGE_SIZE - address % PAGE_SIZE;
        Ok(to_end_of_page.min(limit))
    }

    fn context_size(&self) -> u32 {
        I::Context::SIZE
    }

    fn out(&mut self, address: u32, size: u32) -> bool {
        self.outs.push(address);
        address != 0 && self.memory.check(address, u64::from(size), Access::Write).is_ok()
    }
}

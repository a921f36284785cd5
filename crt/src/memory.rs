//! How this crate reaches guest memory: checked reads and writes, and the walk over text.

use std::ops::Range;

use cerium_memory::{AddressSpace, FaultKind, Protection};

use crate::unit::Unit;

pub use cerium_memory::{Access, Fault};

/// The memory of a guest process.
///
/// An access that would run past 0xFFFFFFFF is a fault; it does not wrap.
pub trait GuestMemory {
    /// Copies from guest memory; on a fault the contents of `into` are unspecified.
    fn read(&self, address: u32, into: &mut [u8]) -> Result<(), Fault>;

    /// Copies to guest memory; on a fault nothing has been written.
    fn write(&mut self, address: u32, bytes: &[u8]) -> Result<(), Fault>;

    /// Reads a little-endian 32-bit word; no alignment is asked for.
    fn read_u32(&self, address: u32) -> Result<u32, Fault> {
        let mut bytes = [0; 4];
        self.read(address, &mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    /// Reads a little-endian 64-bit word; no alignment is asked for.
    fn read_u64(&self, address: u32) -> Result<u64, Fault> {
        let mut bytes = [0; 8];
        self.read(address, &mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    /// Writes a little-endian 32-bit word; no alignment is asked for.
    fn write_u32(&mut self, address: u32, value: u32) -> Result<(), Fault> {
        self.write(address, &value.to_le_bytes())
    }
}

impl GuestMemory for AddressSpace {
    fn read(&self, address: u32, into: &mut [u8]) -> Result<(), Fault> {
        self.read_bytes(address, into)
    }

    fn write(&mut self, address: u32, bytes: &[u8]) -> Result<(), Fault> {
        self.write_bytes(address, bytes)
    }
}

/// The address `offset` bytes from `base`; past the end of the address space nothing is mapped.
pub(crate) fn advance(base: u32, offset: u32, access: Access) -> Result<u32, Fault> {
    base.checked_add(offset).ok_or(Fault { address: 0, access, kind: FaultKind::Unmapped })
}

/// Guest memory that can also be given more of, and less: what a heap grows on.
pub trait Pages: GuestMemory {
    /// Maps `size` bytes (a multiple of the page size) of zeroed, writable memory and tells where,
    /// on a multiple of 16; `None` when the process has had all it may have.
    fn map_pages(&mut self, size: u32) -> Option<u32>;

    /// Gives back what one `map_pages` gave, whole.
    fn unmap_pages(&mut self, base: u32, size: u32);

    /// The lowest address of a range, on a multiple of 64 KiB, from which on so many bytes have no pages.
    fn find_free(&self, within: Range<u32>, size: u32) -> Option<u32>;

    /// Maps zeroed pages at an address where there are none. Says whether there was memory for them.
    fn map_at(&mut self, address: u32, size: u32, protection: Protection) -> bool;

    /// Takes pages away that `map_at` gave.
    fn unmap_at(&mut self, address: u32, size: u32);

    /// Changes what may be done with pages that `map_at` gave.
    fn protect_at(&mut self, address: u32, size: u32, protection: Protection) -> bool;

    /// What may be done with a page; none if there is none.
    fn protection_at(&self, address: u32) -> Option<Protection>;

    /// How many bytes the process may have, and how many of them it has left.
    fn memory_left(&self) -> (u64, u64);
}

/// How much of a string is fetched at once. A power of two that divides every page size, so that an aligned
/// piece of this size lies in one page: a string is never read beyond the page its end is on.
const CHUNK: usize = 256;

/// How much of a string is fetched first: most are short. It divides [`CHUNK`].
const FIRST_CHUNK: usize = 32;

/// How much text is written at once.
const WRITE_CHUNK: usize = 256;

/// How much a copy moves at once.
pub(crate) const COPY_CHUNK: usize = 4096;

/// Walks over guest text, one unit after the other, fetching a chunk at a time.
pub(crate) struct Reader<'m, U> {
    memory: &'m dyn GuestMemory,
    fetched_to: u32,
    units: [U; CHUNK],
    next: usize,
    end: usize,
    chunk: usize,
}

impl<'m, U: Unit> Reader<'m, U> {
    /// Stands before the unit at `address`; reads nothing yet.
    pub fn new(memory: &'m dyn GuestMemory, address: u32) -> Self {
        Self { memory, fetched_to: address, units: [U::NUL; CHUNK], next: 0, end: 0, chunk: FIRST_CHUNK }
    }

    /// The address of the unit that `take` gives next.
    pub fn address(&self) -> u32 {
        self.fetched_to.wrapping_sub((self.end - self.next) as u32 * U::SIZE)
    }

    /// Gives the next unit, a NUL like any other, and moves past it.
    #[inline]
    pub fn take(&mut self) -> Result<U, Fault> {
        if self.next == self.end {
            self.fetch()?;
        }
        let unit = self.units[self.next];
        self.next += 1;
        Ok(unit)
    }

    /// Gives the next unit and stays before it.
    pub fn peek(&mut self) -> Result<U, Fault> {
        if self.next == self.end {
            self.fetch()?;
        }
        Ok(self.units[self.next])
    }

    /// Gives the rest of what is fetched, at least one unit, and moves past it.
    pub fn take_chunk(&mut self) -> Result<&[U], Fault> {
        if self.next == self.end {
            self.fetch()?;
        }
        let chunk = &self.units[self.next..self.end];
        self.next = self.end;
        Ok(chunk)
    }

    fn fetch(&mut self) -> Result<(), Fault> {
        let to_boundary = self.chunk - self.fetched_to as usize % self.chunk;
        self.chunk = CHUNK;
        // A wide string at an odd address has a unit across the boundary; that one is read by itself.
        let size = (to_boundary - to_boundary % U::SIZE as usize).max(U::SIZE as usize);
        let mut bytes = [0; CHUNK];
        self.memory.read(self.fetched_to, &mut bytes[..size])?;
        self.end = U::decode_all(&bytes[..size], &mut self.units);
        self.next = 0;
        self.fetched_to = self.fetched_to.wrapping_add(size as u32);
        Ok(())
    }
}

/// Writes units one after the other from `address` on.
pub(crate) fn write_units<U: Unit>(
    memory: &mut dyn GuestMemory,
    address: u32,
    units: &[U],
) -> Result<(), Fault> {
    let mut at = address;
    for chunk in units.chunks(WRITE_CHUNK / U::SIZE as usize) {
        let mut bytes = [0; WRITE_CHUNK];
        let size = U::encode_all(chunk, &mut bytes);
        memory.write(at, &bytes[..size])?;
        at = at.wrapping_add(size as u32);
    }
    Ok(())
}

/// Writes one unit.
pub(crate) fn write_unit<U: Unit>(memory: &mut dyn GuestMemory, address: u32, unit: U) -> Result<(), Fault> {
    write_units(memory, address, &[unit])
}

#[cfg(test)]
pub(crate) mod testing {
    //! A guest memory for unit tests: a few pages at 0x10000, nothing below, above or between.

    use std::collections::BTreeMap;
    use std::ops::Range;

    use cerium_memory::Protection;

    use super::{Access, Fault, FaultKind, GuestMemory, Pages};
    use crate::unit::Unit;

    pub const PAGE: u32 = 0x1000;
    pub const BASE: u32 = 0x10000;

    /// Pages by their number; `map_pages` maps upwards from 0x100000 as long as `pages_left` lasts.
    pub struct TestMemory {
        pages: BTreeMap<u32, Box<[u8; PAGE as usize]>>,
        next_map: u32,
        pub pages_left: u32,
    }

    impl TestMemory {
        /// Memory with `pages` pages from `BASE` on.
        pub fn new(pages: u32) -> Self {
            let mut memory = Self { pages: BTreeMap::new(), next_map: 0x10_0000, pages_left: 0x4000 };
            memory.map(BASE, pages * PAGE);
            memory
        }

        pub fn map(&mut self, base: u32, size: u32) {
            for page in base / PAGE..(base + size) / PAGE {
                self.pages.insert(page, Box::new([0; PAGE as usize]));
            }
        }

        pub fn unmap(&mut self, base: u32, size: u32) {
            for page in base / PAGE..(base + size) / PAGE {
                assert!(self.pages.remove(&page).is_some(), "unmapped what was not mapped");
            }
        }

        /// How many pages there are.
        pub fn page_count(&self) -> usize {
            self.pages.len()
        }

        /// Puts text and a NUL at `address` and returns the address.
        pub fn put<U: Unit>(&mut self, address: u32, text: &str) -> u32 {
            let mut units: Vec<U> = text.encode_utf16().map(U::from_code).collect();
            units.push(U::NUL);
            super::write_units(self, address, &units).expect("test text in mapped memory");
            address
        }

        /// The text up to a NUL at `address`.
        pub fn text<U: Unit>(&self, address: u32) -> String {
            let units: Vec<U> = crate::string::read(self, address, u32::MAX).expect("text in mapped memory");
            String::from_utf16(&units.iter().map(|u| u.code()).collect::<Vec<_>>()).expect("valid text")
        }

        /// The bytes at `address`.
        pub fn bytes(&self, address: u32, size: usize) -> Vec<u8> {
            let mut bytes = vec![0; size];
            self.read(address, &mut bytes).expect("mapped memory");
            bytes
        }
    }

    /// The fault of an access where nothing is mapped.
    pub fn unmapped(address: u32, access: Access) -> Fault {
        Fault { address, access, kind: FaultKind::Unmapped }
    }

    impl TestMemory {
        /// Finds the first address of a range that is not mapped.
        fn check(&self, address: u32, size: usize, access: Access) -> Result<(), Fault> {
            let addresses = u64::from(address)..u64::from(address) + size as u64;
            for at in addresses.map(|at| at as u32).filter(|at| *at == address || at % PAGE == 0) {
                self.pages.get(&(at / PAGE)).ok_or(unmapped(at, access))?;
            }
            Ok(())
        }
    }

    impl GuestMemory for TestMemory {
        fn read(&self, address: u32, into: &mut [u8]) -> Result<(), Fault> {
            self.check(address, into.len(), Access::Read)?;
            for (i, byte) in into.iter_mut().enumerate() {
                let at = address + i as u32;
                *byte = self.pages[&(at / PAGE)][(at % PAGE) as usize];
            }
            Ok(())
        }

        fn write(&mut self, address: u32, bytes: &[u8]) -> Result<(), Fault> {
            self.check(address, bytes.len(), Access::Write)?;
            for (i, byte) in bytes.iter().enumerate() {
                let at = address + i as u32;
                let page = self.pages.get_mut(&(at / PAGE)).expect("checked above");
                page[(at % PAGE) as usize] = *byte;
            }
            Ok(())
        }
    }

    impl Pages for TestMemory {
        fn map_pages(&mut self, size: u32) -> Option<u32> {
            assert_eq!(size % PAGE, 0, "a heap asks for whole pages");
            self.pages_left = self.pages_left.checked_sub(size / PAGE)?;
            let base = self.next_map;
            self.next_map += size + PAGE;
            self.map(base, size);
            Some(base)
        }

        fn unmap_pages(&mut self, base: u32, size: u32) {
            self.pages_left += size / PAGE;
            self.unmap(base, size);
        }

        fn find_free(&self, within: Range<u32>, size: u32) -> Option<u32> {
            let starts = (within.start..within.end).step_by(0x1_0000);
            let is_free = |start: &u32| {
                (*start / PAGE..(start + size).div_ceil(PAGE)).all(|page| !self.pages.contains_key(&page))
            };
            starts.take_while(|start| within.end - start >= size).find(is_free)
        }

        fn map_at(&mut self, address: u32, size: u32, _: Protection) -> bool {
            self.map(address, size);
            true
        }

        fn unmap_at(&mut self, address: u32, size: u32) {
            self.unmap(address, size);
        }

        fn protect_at(&mut self, _: u32, _: u32, _: Protection) -> bool {
            true
        }

        fn protection_at(&self, address: u32) -> Option<Protection> {
            self.pages.get(&(address / PAGE)).map(|_| Protection::READ | Protection::WRITE)
        }

        fn memory_left(&self) -> (u64, u64) {
            let left = u64::from(self.pages_left * PAGE);
            (left, left)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::testing::{BASE, PAGE, TestMemory, unmapped};
    use super::*;

    #[test]
    fn a_walk_stops_at_the_unmapped_page_and_tells_its_address() {
        let mut memory = TestMemory::new(1);
        memory.write(BASE + PAGE - 3, b"abc").unwrap();
        let mut reader = Reader::<u8>::new(&memory, BASE + PAGE - 3);
        assert_eq!([reader.take(), reader.take(), reader.take()], [Ok(b'a'), Ok(b'b'), Ok(b'c')]);
        assert_eq!(reader.take(), Err(unmapped(BASE + PAGE, Access::Read)));
    }

    #[test]
    fn a_wide_walk_from_an_odd_address_crosses_chunks() {
        let mut memory = TestMemory::new(2);
        let units: Vec<u16> = (1..600).collect();
        write_units(&mut memory, BASE + 1, &units).unwrap();
        let mut reader = Reader::<u16>::new(&memory, BASE + 1);
        for (i, unit) in units.iter().enumerate() {
            assert_eq!(reader.address(), BASE + 1 + 2 * i as u32);
            assert_eq!(reader.take(), Ok(*unit));
        }
    }

    #[test]
    fn an_address_space_is_guest_memory() {
        let mut space = AddressSpace::new(1 << 20).unwrap();
        space.map(BASE, PAGE, cerium_memory::Protection::READ | cerium_memory::Protection::WRITE).unwrap();
        space.map(BASE + PAGE, PAGE, cerium_memory::Protection::READ).unwrap();
        crate::string::write(&mut space, BASE + PAGE - 12, &[0x68_u16, 0x69]).unwrap();
        assert_eq!(crate::string::length::<u16>(&space, BASE + PAGE - 12), Ok(2));
        assert_eq!(crate::block::copy(&mut space, BASE, BASE + PAGE, PAGE), Ok(BASE));
        let fault = Fault { address: BASE + PAGE, access: Access::Write, kind: FaultKind::Protection };
        assert_eq!(crate::block::set(&mut space, BASE + PAGE - 4, 0, 8), Err(fault));
        let last = 0xFFFF_F000;
        space.map(last, PAGE, cerium_memory::Protection::READ).unwrap();
        let past = Fault { address: 0, access: Access::Read, kind: FaultKind::Unmapped };
        assert_eq!(crate::block::compare(&space, last, last, 2 * PAGE), Err(past));
    }

    #[test]
    fn words_are_little_endian() {
        let mut memory = TestMemory::new(1);
        memory.write_u32(BASE, 0x0403_0201).unwrap();
        memory.write_u32(BASE + 4, 0x0807_0605).unwrap();
        assert_eq!(memory.bytes(BASE, 4), [1, 2, 3, 4]);
        assert_eq!(memory.read_u64(BASE), Ok(0x0807_0605_0403_0201));
    }
}

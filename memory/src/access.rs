//! Reading and writing guest memory: as the guest may (`read_*`, `write_*`, `fetch_*`), or as the loader may
//! (`peek`, `poke`).

use std::ptr;

use crate::host::{SPACE_BYTES, TABLE_BYTES};
use crate::space::state;
use crate::{Access, AddressSpace, Fault, FaultKind, PAGE_SHIFT, PAGE_SIZE, Protection};

/// Where an access of `1 << log2` bytes looks in a table; past the pages' entries if it is misaligned.
#[inline(always)]
fn table_index(address: u32, log2: u32) -> usize {
    let index = (address.rotate_right(log2) >> (PAGE_SHIFT - log2)) as usize;
    debug_assert!(index < TABLE_BYTES, "at most eight bytes, so three bits above the page number");
    index
}

/// The accessors of one size: aligned, as the CPU loads and stores, and unaligned.
macro_rules! accessors {
    ($($type:ident: $read:ident, $write:ident, $read_unaligned:ident, $write_unaligned:ident;)*) => {
        impl AddressSpace {
            $(
                #[doc = concat!("Loads an aligned `", stringify!($type), "`, if the guest may.")]
                #[inline(always)]
                pub fn $read(&self, address: u32) -> Result<$type, Fault> {
                    const LOG2: u32 = size_of::<$type>().trailing_zeros();
                    // SAFETY: an index is always inside a table.
                    if unsafe { *self.host.read.add(table_index(address, LOG2)) } == 0 {
                        return Err(self.refusal(address, LOG2, Access::Read));
                    }
                    // SAFETY: the entry says that the page is mapped and the access aligned, so the bytes are
                    // ours.
                    let value = unsafe { self.host.base.add(address as usize).cast::<$type>().read() };
                    Ok($type::from_le(value))
                }

                #[doc = concat!("Stores an aligned `", stringify!($type), "`, if the guest may.")]
                #[inline(always)]
                pub fn $write(&mut self, address: u32, value: $type) -> Result<(), Fault> {
                    const LOG2: u32 = size_of::<$type>().trailing_zeros();
                    // SAFETY: an index is always inside a table.
                    if unsafe { *self.host.write.add(table_index(address, LOG2)) } == 0 {
                        self.write_slowly(address, LOG2)?;
                    }
                    // SAFETY: the entry, or the slow path, says that the page is mapped and the access
                    // aligned.
                    unsafe { self.host.base.add(address as usize).cast::<$type>().write(value.to_le()) };
                    Ok(())
                }

                #[doc = concat!("Loads a `", stringify!($type), "` from any address, if the guest may.")]
                #[inline]
                pub fn $read_unaligned(&self, address: u32) -> Result<$type, Fault> {
                    if address.is_multiple_of(size_of::<$type>() as u32) {
                        return self.$read(address);
                    }
                    let mut bytes = [0; size_of::<$type>()];
                    self.read_bytes(address, &mut bytes)?;
                    Ok($type::from_le_bytes(bytes))
                }

                #[doc = concat!("Stores a `", stringify!($type), "` to any address, if the guest may.")]
                #[inline]
                pub fn $write_unaligned(&mut self, address: u32, value: $type) -> Result<(), Fault> {
                    if address.is_multiple_of(size_of::<$type>() as u32) {
                        return self.$write(address, value);
                    }
                    self.write_bytes(address, &value.to_le_bytes())
                }
            )*
        }
    };
}

accessors! {
    u8: read_u8, write_u8, read_unaligned_u8, write_unaligned_u8;
    u16: read_u16, write_u16, read_unaligned_u16, write_unaligned_u16;
    u32: read_u32, write_u32, read_unaligned_u32, write_unaligned_u32;
    u64: read_u64, write_u64, read_unaligned_u64, write_unaligned_u64;
}

impl AddressSpace {
    /// Loads an aligned halfword of code, if the guest may execute it.
    pub fn fetch_u16(&self, address: u32) -> Result<u16, Fault> {
        self.check_aligned(address, 1, Access::Execute)?;
        let mut bytes = [0; 2];
        self.copy_out(address, &mut bytes);
        Ok(u16::from_le_bytes(bytes))
    }

    /// Loads an aligned word of code, if the guest may execute it.
    pub fn fetch_u32(&self, address: u32) -> Result<u32, Fault> {
        self.check_aligned(address, 2, Access::Execute)?;
        let mut bytes = [0; 4];
        self.copy_out(address, &mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    /// Loads bytes of code from any address, if the guest may execute all of them.
    pub fn fetch_bytes(&self, address: u32, bytes: &mut [u8]) -> Result<(), Fault> {
        self.check(address, bytes.len() as u64, Access::Execute)?;
        self.copy_out(address, bytes);
        Ok(())
    }

    /// Copies bytes out, if the guest may read all of them.
    pub fn read_bytes(&self, address: u32, bytes: &mut [u8]) -> Result<(), Fault> {
        self.check(address, bytes.len() as u64, Access::Read)?;
        self.copy_out(address, bytes);
        Ok(())
    }

    /// Copies bytes in, if the guest may write all of them.
    pub fn write_bytes(&mut self, address: u32, bytes: &[u8]) -> Result<(), Fault> {
        self.check(address, bytes.len() as u64, Access::Write)?;
        self.copy_in(address, bytes);
        Ok(())
    }

    /// Copies bytes out of mapped pages, whatever the guest may do with them.
    pub fn peek(&self, address: u32, bytes: &mut [u8]) -> Result<(), Fault> {
        self.check_states(address, bytes.len() as u64, Access::Read, 0)?;
        self.copy_out(address, bytes);
        Ok(())
    }

    /// Copies bytes into mapped pages, whatever the guest may do with them.
    pub fn poke(&mut self, address: u32, bytes: &[u8]) -> Result<(), Fault> {
        self.check_states(address, bytes.len() as u64, Access::Write, 0)?;
        self.copy_in(address, bytes);
        Ok(())
    }

    /// Whether the guest may do this with all of `len` bytes. An access does not go round the end of the 4
    /// GiB: what is past it counts as unmapped, at address 0.
    pub fn check(&self, address: u32, len: u64, access: Access) -> Result<(), Fault> {
        let wanted = match access {
            Access::Read => Protection::READ,
            Access::Write => Protection::WRITE,
            Access::Execute => Protection::EXECUTE,
        };
        self.check_states(address, len, access, wanted.bits())
    }

    /// Whether the guest may do this with the word at this address, which must be aligned.
    pub fn check_word(&self, address: u32, access: Access) -> Result<(), Fault> {
        self.check_aligned(address, 2, access)
    }

    /// Whether up to a page of words can be read for certain; going round the end of the space. Quick;
    /// `check_word` says why not.
    #[inline(always)]
    pub fn can_read_words(&self, address: u32, bytes: u32) -> bool {
        let last = address.wrapping_add(bytes).wrapping_sub(4);
        // SAFETY: an index is always inside a table.
        unsafe {
            *self.host.read.add(table_index(address, 2)) & *self.host.read.add(table_index(last, 2)) != 0
        }
    }

    /// Whether up to a page of words can be written for certain, and nobody needs to know. As
    /// `can_read_words`.
    #[inline(always)]
    pub fn can_write_words(&self, address: u32, bytes: u32) -> bool {
        let last = address.wrapping_add(bytes).wrapping_sub(4);
        // SAFETY: an index is always inside a table.
        unsafe {
            *self.host.write.add(table_index(address, 2)) & *self.host.write.add(table_index(last, 2)) != 0
        }
    }

    fn check_states(&self, address: u32, len: u64, access: Access, wanted: u8) -> Result<(), Fault> {
        if len == 0 {
            return Ok(());
        }
        let end = u64::from(address) + len;
        let last = (end.min(SPACE_BYTES) - 1) >> PAGE_SHIFT;
        for page in address >> PAGE_SHIFT..=last as u32 {
            let state = self.state(page);
            let address = address.max(page << PAGE_SHIFT);
            if state & state::MAPPED == 0 {
                return Err(Fault { address, access, kind: FaultKind::Unmapped });
            }
            if state & wanted != wanted {
                return Err(Fault { address, access, kind: FaultKind::Protection });
            }
        }
        if end > SPACE_BYTES {
            return Err(Fault { address: 0, access, kind: FaultKind::Unmapped });
        }
        Ok(())
    }

    fn check_aligned(&self, address: u32, log2: u32, access: Access) -> Result<(), Fault> {
        if !address.is_multiple_of(1 << log2) {
            return Err(Fault { address, access, kind: FaultKind::Misaligned });
        }
        self.check(address, 1, access)
    }

    /// Why the tables have no entry for this access. Only a write to watched code is refused by a table and
    /// not here.
    #[cold]
    #[inline(never)]
    fn refusal(&self, address: u32, log2: u32, access: Access) -> Fault {
        self.check_aligned(address, log2, access).expect_err("a read table without an entry has a reason")
    }

    /// A store that the write table did not let through: refused, or to a watched page.
    #[cold]
    #[inline(never)]
    fn write_slowly(&mut self, address: u32, log2: u32) -> Result<(), Fault> {
        self.check_aligned(address, log2, Access::Write)?;
        self.before_write(address >> PAGE_SHIFT);
        Ok(())
    }

    /// The caller has checked that every page is mapped.
    fn copy_out(&self, address: u32, bytes: &mut [u8]) {
        // SAFETY: mapped pages are ours, and a caller's slice cannot lie in guest memory.
        unsafe {
            ptr::copy_nonoverlapping(self.host.base.add(address as usize), bytes.as_mut_ptr(), bytes.len())
        };
    }

    /// The caller has checked that every page is mapped.
    fn copy_in(&mut self, address: u32, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        let last = (u64::from(address) + bytes.len() as u64 - 1) / u64::from(PAGE_SIZE);
        for page in address >> PAGE_SHIFT..=last as u32 {
            self.before_write(page);
        }
        // SAFETY: as in `copy_out`.
        unsafe {
            ptr::copy_nonoverlapping(bytes.as_ptr(), self.host.base.add(address as usize), bytes.len())
        };
    }
}

//! Blocks of bytes: the `mem…` functions.

use std::cmp::Ordering;

use crate::memory::{Access, COPY_CHUNK, Fault, GuestMemory, Reader, advance};

/// Up to here a copy goes through a buffer of its own that costs nothing to make; most copies are small.
const SMALL: u32 = 128;

/// `memmove`, and `memcpy` too, for which overlap is undefined and this is as good as any: copies as if
/// through a buffer; returns the destination.
pub fn copy(memory: &mut dyn GuestMemory, destination: u32, source: u32, size: u32) -> Result<u32, Fault> {
    if size <= SMALL {
        let mut buffer = [0; SMALL as usize];
        let bytes = &mut buffer[..size as usize];
        memory.read(source, bytes)?;
        memory.write(destination, bytes)?;
        return Ok(destination);
    }
    let mut buffer = [0; COPY_CHUNK];
    let backward = destination > source && destination - source < size;
    let mut done = 0;
    while done < size {
        let step = (size - done).min(COPY_CHUNK as u32);
        let offset = if backward { size - done - step } else { done };
        let bytes = &mut buffer[..step as usize];
        memory.read(advance(source, offset, Access::Read)?, bytes)?;
        memory.write(advance(destination, offset, Access::Write)?, bytes)?;
        done += step;
    }
    Ok(destination)
}

/// `memset`: fills with the low byte of `value`; returns the destination.
pub fn set(memory: &mut dyn GuestMemory, destination: u32, value: u32, size: u32) -> Result<u32, Fault> {
    if size <= SMALL {
        memory.write(destination, &[value as u8; SMALL as usize][..size as usize])?;
        return Ok(destination);
    }
    let buffer = [value as u8; COPY_CHUNK];
    let mut done = 0;
    while done < size {
        let step = (size - done).min(COPY_CHUNK as u32);
        memory.write(advance(destination, done, Access::Write)?, &buffer[..step as usize])?;
        done += step;
    }
    Ok(destination)
}

/// `memcmp`: −1, 0 or 1 by the first bytes that differ.
pub fn compare(memory: &dyn GuestMemory, left: u32, right: u32, size: u32) -> Result<i32, Fault> {
    compare_by(memory, left, right, size, |byte| byte)
}

/// `_memicmp`: the same with ASCII's case ignored.
pub fn compare_folded(memory: &dyn GuestMemory, left: u32, right: u32, size: u32) -> Result<i32, Fault> {
    compare_by(memory, left, right, size, |byte| byte.to_ascii_lowercase())
}

fn compare_by(
    memory: &dyn GuestMemory,
    left: u32,
    right: u32,
    size: u32,
    fold: impl Fn(u8) -> u8,
) -> Result<i32, Fault> {
    let mut left = Reader::<u8>::new(memory, left);
    let mut right = Reader::<u8>::new(memory, right);
    for _ in 0..size {
        match fold(left.take()?).cmp(&fold(right.take()?)) {
            Ordering::Equal => {}
            unequal => return Ok(unequal as i32),
        }
    }
    Ok(0)
}

/// `memchr`: the address of the first such byte, or 0.
pub fn find(memory: &dyn GuestMemory, block: u32, value: u32, size: u32) -> Result<u32, Fault> {
    let mut reader = Reader::<u8>::new(memory, block);
    let mut left = size as usize;
    while left > 0 {
        let start = reader.address();
        let chunk = reader.take_chunk()?;
        let chunk = &chunk[..chunk.len().min(left)];
        if let Some(at) = chunk.iter().position(|&byte| byte == value as u8) {
            return Ok(start + at as u32);
        }
        left -= chunk.len();
    }
    Ok(0)
}

/// `_memccpy`: copies up to and with the first such byte; returns the address after its copy, or 0.
pub fn copy_to(
    memory: &mut dyn GuestMemory,
    destination: u32,
    source: u32,
    value: u32,
    size: u32,
) -> Result<u32, Fault> {
    match find(memory, source, value, size)? {
        0 => copy(memory, destination, source, size).map(|_| 0),
        found => {
            let size = found - source + 1;
            copy(memory, destination, source, size)?;
            Ok(destination + size)
        }
    }
}

/// `_swab`: copies pairs of bytes, each turned round; an odd byte at the end is left.
pub fn swap(memory: &mut dyn GuestMemory, source: u32, destination: u32, size: u32) -> Result<(), Fault> {
    // The size is an int; a negative one copies nothing.
    let size = if size > i32::MAX as u32 { 0 } else { size & !1 };
    let mut buffer = [0; COPY_CHUNK];
    let mut done = 0;
    while done < size {
        let step = (size - done).min(COPY_CHUNK as u32);
        let bytes = &mut buffer[..step as usize];
        memory.read(advance(source, done, Access::Read)?, bytes)?;
        bytes.chunks_exact_mut(2).for_each(|pair| pair.swap(0, 1));
        memory.write(advance(destination, done, Access::Write)?, bytes)?;
        done += step;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::testing::{BASE, PAGE, TestMemory};

    fn pattern(memory: &mut TestMemory, size: usize) -> Vec<u8> {
        let bytes: Vec<u8> = (0..size).map(|i| (i * 7 + i / 251) as u8).collect();
        memory.write(BASE, &bytes).unwrap();
        bytes
    }

    #[test]
    fn overlapping_copies_are_right_in_both_directions() {
        for (source, destination) in [(0, 100), (100, 0), (0, 5000), (5000, 0), (7, 7), (0, 1), (1, 0)] {
            let mut memory = TestMemory::new(8);
            let mut bytes = pattern(&mut memory, 0x8000);
            bytes.copy_within(source..source + 12_000, destination);
            copy(&mut memory, BASE + destination as u32, BASE + source as u32, 12_000).unwrap();
            assert!(memory.bytes(BASE, 0x8000) == bytes, "{source} to {destination}");
        }
    }

    #[test]
    fn a_copy_out_of_the_address_space_is_a_fault() {
        let mut memory = TestMemory::new(1);
        assert_eq!(copy(&mut memory, BASE, 0xFFFF_FFF0, 0x20).unwrap_err().access, Access::Read);
        assert_eq!(set(&mut memory, 0xFFFF_FFF0, 0, 0x20).unwrap_err().access, Access::Write);
        assert_eq!(set(&mut memory, BASE, 1, PAGE + 1).unwrap_err().address, BASE + PAGE);
        assert_eq!(copy(&mut memory, 0, 0, 0), Ok(0), "nothing to copy touches nothing");
    }

    #[test]
    fn compare_tells_the_order_of_the_first_difference() {
        let mut memory = TestMemory::new(2);
        memory.write(BASE, b"abcd\xFF").unwrap();
        memory.write(BASE + 0x800 - 2, b"abcD\x01").unwrap();
        let right = BASE + 0x800 - 2;
        assert_eq!(compare(&memory, BASE, right, 3), Ok(0));
        assert_eq!(compare(&memory, BASE, right, 4), Ok(1));
        assert_eq!(compare(&memory, right, BASE, 4), Ok(-1));
        assert_eq!(compare_folded(&memory, BASE, right, 4), Ok(0));
        assert_eq!(compare(&memory, BASE + 4, right + 4, 1), Ok(1), "bytes are unsigned");
    }

    #[test]
    fn find_does_not_look_past_its_size() {
        let mut memory = TestMemory::new(1);
        memory.write(BASE + PAGE - 4, b"wxyz").unwrap();
        assert_eq!(find(&memory, BASE + PAGE - 4, u32::from(b'z'), 3), Ok(0));
        assert_eq!(find(&memory, BASE + PAGE - 4, 0x5500 | u32::from(b'z'), 4), Ok(BASE + PAGE - 1));
        assert!(find(&memory, BASE + PAGE - 4, 1, 5).is_err());
    }

    #[test]
    fn copy_to_and_swap() {
        let mut memory = TestMemory::new(1);
        memory.write(BASE, b"ab,cde").unwrap();
        let to = BASE + 0x100;
        assert_eq!(copy_to(&mut memory, to, BASE, u32::from(b','), 6), Ok(to + 3));
        assert_eq!(memory.bytes(to, 4), b"ab,\0");
        assert_eq!(copy_to(&mut memory, to, BASE, u32::from(b'x'), 6), Ok(0));
        swap(&mut memory, BASE, to + 16, 5).unwrap();
        assert_eq!(memory.bytes(to + 16, 5), b"bac,\0");
    }
}

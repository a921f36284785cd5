//! Windows code page 1252, the ANSI code page of Western devices, after the Unicode consortium's table;
//! and the conversions between narrow and wide strings.

use cerium_files::ansi::HIGH_CONTROLS;
pub use cerium_files::ansi::to_wide;

use crate::memory::{Fault, GuestMemory, Reader, write_units};

/// What stands for a character that the code page does not have.
pub const DEFAULT_CHARACTER: u8 = b'?';

/// The narrow character for a wide one, if the page has it.
#[must_use]
pub fn to_narrow(wide: u16) -> Option<u8> {
    match wide {
        0..=0x7F | 0xA0..=0xFF => Some(wide as u8),
        _ => HIGH_CONTROLS.iter().position(|&high| high == wide).map(|i| 0x80 + i as u8),
    }
}

/// `mbstowcs`: converts up to `count` characters and the NUL if there is room; returns the length without it.
/// With a null destination it only counts.
pub fn narrow_to_wide(
    memory: &mut dyn GuestMemory,
    destination: u32,
    source: u32,
    count: u32,
) -> Result<u32, Fault> {
    convert::<u8, u16>(memory, destination, source, count, to_wide)
}

/// `wcstombs`: the other way; what the page lacks becomes `?`.
pub fn wide_to_narrow(
    memory: &mut dyn GuestMemory,
    destination: u32,
    source: u32,
    count: u32,
) -> Result<u32, Fault> {
    convert::<u16, u8>(memory, destination, source, count, |w| to_narrow(w).unwrap_or(DEFAULT_CHARACTER))
}

fn convert<F: crate::Unit, T: crate::Unit>(
    memory: &mut dyn GuestMemory,
    destination: u32,
    source: u32,
    count: u32,
    each: impl Fn(F) -> T,
) -> Result<u32, Fault> {
    if destination == 0 {
        return crate::string::length::<F>(memory, source);
    }
    let mut done = 0;
    while done < count {
        let from = source.wrapping_add(done.wrapping_mul(F::SIZE));
        let mut reader = Reader::<F>::new(memory, from);
        let chunk = reader.take_chunk()?;
        let chunk = &chunk[..chunk.len().min((count - done) as usize)];
        let ended = chunk.iter().position(|&unit| unit == F::NUL);
        let text: Vec<T> =
            chunk[..ended.map_or(chunk.len(), |end| end + 1)].iter().map(|&u| each(u)).collect();
        write_units(memory, destination.wrapping_add(done.wrapping_mul(T::SIZE)), &text)?;
        match ended {
            Some(end) => return Ok(done + end as u32),
            None => done += text.len() as u32,
        }
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::testing::{BASE, TestMemory};

    #[test]
    fn every_narrow_character_survives_the_round_trip() {
        for narrow in 0..=255 {
            assert_eq!(to_narrow(to_wide(narrow)), Some(narrow));
        }
        assert_eq!(to_wide(0x80), 0x20AC);
        assert_eq!(to_narrow(0x0100), None);
    }

    #[test]
    fn conversion_stops_at_count_without_a_nul() {
        let mut memory = TestMemory::new(1);
        memory.put::<u16>(BASE, "pr\u{20AC}is\u{4E00}");
        memory.put::<u8>(BASE + 0x100, "##########");
        assert_eq!(wide_to_narrow(&mut memory, BASE + 0x100, BASE, 3), Ok(3));
        assert_eq!(memory.bytes(BASE + 0x100, 4), b"pr\x80#");
        assert_eq!(wide_to_narrow(&mut memory, BASE + 0x100, BASE, 10), Ok(6));
        assert_eq!(memory.bytes(BASE + 0x100, 8), b"pr\x80is?\0#");
        assert_eq!(narrow_to_wide(&mut memory, BASE + 0x200, BASE + 0x100, 100), Ok(6));
        assert_eq!(memory.text::<u16>(BASE + 0x200), "pr\u{20AC}is?");
        assert_eq!(narrow_to_wide(&mut memory, 0, BASE + 0x100, 0), Ok(6));
    }
}

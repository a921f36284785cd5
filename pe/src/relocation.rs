use object::LittleEndian as LE;
use object::pe::{self, BaseRelocationType, ImageBaseRelocation};
use object::pod::from_bytes;

use crate::error::{ErrorKind, PeError, Place};
use crate::header::DataDirectory;
use crate::machine::Machine;
use crate::mapped::Mapped;

/// Whether an image can be moved, and what must be changed for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Relocations {
    /// The image has none and can only be loaded at its base.
    Stripped,
    /// The places that hold addresses, in the order of the table; each lies within the image.
    Present(Vec<Relocation>),
}

/// A place in the image that holds an address or a part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relocation {
    /// Where it begins, relative to the image's base.
    pub rva: u32,
    /// How the address is held.
    pub kind: RelocationKind,
}

/// How a place holds an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelocationKind {
    /// The upper half in 16 bits.
    High,
    /// The lower half in 16 bits.
    Low,
    /// All of it in 32 bits.
    HighLow,
    /// The upper half in 16 bits, for code that adds a signed lower half; that is given here.
    HighAdjusted(i16),
    /// A pair of ARM instructions, `movw` and `movt`.
    ArmMov32,
    /// A pair of Thumb-2 instructions, `movw` and `movt`.
    ThumbMov32,
}

impl RelocationKind {
    fn width(self) -> u32 {
        match self {
            RelocationKind::High | RelocationKind::Low | RelocationKind::HighAdjusted(_) => 2,
            RelocationKind::HighLow => 4,
            RelocationKind::ArmMov32 | RelocationKind::ThumbMov32 => 8,
        }
    }
}

impl Relocation {
    /// Adds `delta` to the address that the place holds.
    pub(crate) fn apply(self, image: &mut [u8], delta: u32) -> Result<(), PeError> {
        let start = self.rva as usize;
        let available = image.len();
        let Some(place) =
            start.checked_add(self.kind.width() as usize).and_then(|end| image.get_mut(start..end))
        else {
            let what = format!("relocation beyond the image of {available:#x} bytes");
            let expected = "expected the image as it was laid out";
            return Err(PeError::damaged(what, Place::rva(self.rva, "relocation"), expected));
        };
        match self.kind {
            RelocationKind::High => put16(place, get16(place).wrapping_add((delta >> 16) as u16)),
            RelocationKind::Low => put16(place, get16(place).wrapping_add(delta as u16)),
            RelocationKind::HighLow => put32(place, get32(place).wrapping_add(delta)),
            RelocationKind::HighAdjusted(low) => {
                let address = (u32::from(get16(place)) << 16).wrapping_add_signed(i32::from(low));
                // The lower half is added as a signed number, so half of its range rounds up.
                let rounded = address.wrapping_add(delta).wrapping_add(0x8000);
                put16(place, (rounded >> 16) as u16);
            }
            RelocationKind::ArmMov32 => return self.apply_arm_pair(place, delta),
            RelocationKind::ThumbMov32 => return self.apply_thumb_pair(place, delta),
        }
        Ok(())
    }

    fn apply_arm_pair(self, place: &mut [u8], delta: u32) -> Result<(), PeError> {
        let (low, high) = (get32(&place[..4]), get32(&place[4..]));
        if low & 0x0FF0_0000 != 0x0300_0000 || high & 0x0FF0_0000 != 0x0340_0000 {
            return Err(self.no_pair(format!("instructions {low:#010x} {high:#010x}")));
        }
        let half = |word: u32| (word >> 4 & 0xF000) | (word & 0xFFF);
        let value = (half(low) | half(high) << 16).wrapping_add(delta);
        let with = |word: u32, half: u32| word & 0xFFF0_F000 | (half & 0xF000) << 4 | half & 0xFFF;
        put32(&mut place[..4], with(low, value & 0xFFFF));
        put32(&mut place[4..], with(high, value >> 16));
        Ok(())
    }

    fn apply_thumb_pair(self, place: &mut [u8], delta: u32) -> Result<(), PeError> {
        let low = ThumbMove::read(&place[..4]);
        let high = ThumbMove::read(&place[4..]);
        if !low.is(ThumbMove::MOVW) || !high.is(ThumbMove::MOVT) {
            let [a, b, c, d] = [low.0[0], low.0[1], high.0[0], high.0[1]];
            return Err(self.no_pair(format!("instructions {a:04x} {b:04x} {c:04x} {d:04x}")));
        }
        let value = (u32::from(low.half()) | u32::from(high.half()) << 16).wrapping_add(delta);
        low.with_half(value as u16).write(&mut place[..4]);
        high.with_half((value >> 16) as u16).write(&mut place[4..]);
        Ok(())
    }

    fn no_pair(self, what: String) -> PeError {
        PeError::damaged(what, Place::rva(self.rva, "relocation"), "expected a pair of movw and movt")
    }
}

/// A Thumb-2 `movw` or `movt`: two halfwords, the immediate spread over four fields.
struct ThumbMove([u16; 2]);

impl ThumbMove {
    const MOVW: u16 = 0xF240;
    const MOVT: u16 = 0xF2C0;

    fn read(bytes: &[u8]) -> ThumbMove {
        ThumbMove([get16(&bytes[..2]), get16(&bytes[2..])])
    }

    fn is(&self, opcode: u16) -> bool {
        self.0[0] & 0xFBF0 == opcode && self.0[1] & 0x8000 == 0
    }

    fn half(&self) -> u16 {
        let [first, second] = self.0;
        (first & 0xF) << 12 | (first >> 10 & 1) << 11 | (second >> 12 & 7) << 8 | second & 0xFF
    }

    fn with_half(&self, half: u16) -> ThumbMove {
        let [first, second] = self.0;
        ThumbMove([
            first & 0xFBF0 | half >> 12 | (half >> 11 & 1) << 10,
            second & 0x8F00 | (half >> 8 & 7) << 12 | half & 0xFF,
        ])
    }

    fn write(&self, bytes: &mut [u8]) {
        put16(&mut bytes[..2], self.0[0]);
        put16(&mut bytes[2..], self.0[1]);
    }
}

fn get16(bytes: &[u8]) -> u16 {
    u16::from_le_bytes([bytes[0], bytes[1]])
}

fn get32(bytes: &[u8]) -> u32 {
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

fn put16(bytes: &mut [u8], value: u16) {
    bytes[..2].copy_from_slice(&value.to_le_bytes());
}

fn put32(bytes: &mut [u8], value: u32) {
    bytes[..4].copy_from_slice(&value.to_le_bytes());
}

/// Reads the relocation table: blocks of a page each, entries of a type and an offset in the page.
pub(crate) fn read(
    mapped: &Mapped<'_>,
    table: DataDirectory,
    machine: Machine,
    image_size: u32,
) -> Result<Vec<Relocation>, PeError> {
    const HEADER: u32 = size_of::<ImageBaseRelocation>() as u32;
    let mut rest = mapped.slice(table.rva, table.size, "relocation table")?;
    let mut relocations = Vec::new();
    while !rest.is_empty() {
        let at = table.rva + (table.size - rest.len() as u32);
        let place = || mapped.place(at, "relocation block");
        // Some linkers pad the table with zeros.
        if rest.iter().all(|&byte| byte == 0) {
            break;
        }
        let Ok((header, entries)) = from_bytes::<ImageBaseRelocation>(rest) else {
            let what = format!("{} bytes after the last relocation block", rest.len());
            return Err(PeError::damaged(
                what,
                place(),
                format!("expected a block of at least {HEADER} bytes"),
            ));
        };
        let size = header.size_of_block.get(LE);
        if size < HEADER || size % 2 != 0 || size as usize > rest.len() {
            let what = format!("relocation block of {size:#x} bytes");
            let expected = format!("expected an even size from {HEADER} to {:#x}, what is left", rest.len());
            return Err(PeError::damaged(what, place(), expected));
        }
        let block =
            Block { page: header.virtual_address.get(LE), machine, image_size, mapped, rva: at + HEADER };
        block.read(&entries[..(size - HEADER) as usize], &mut relocations)?;
        rest = &rest[size as usize..];
    }
    Ok(relocations)
}

struct Block<'a> {
    page: u32,
    machine: Machine,
    image_size: u32,
    mapped: &'a Mapped<'a>,
    rva: u32,
}

impl Block<'_> {
    fn read(&self, entries: &[u8], relocations: &mut Vec<Relocation>) -> Result<(), PeError> {
        let mut words = entries.chunks_exact(2).map(get16).zip((self.rva..).step_by(2));
        while let Some((word, at)) = words.next() {
            let kind = match self.kind(BaseRelocationType(word >> 12), at)? {
                Entry::Padding => continue,
                Entry::Kind(kind) => kind,
                Entry::Adjusted => {
                    let Some((low, _)) = words.next() else {
                        let expected = "expected the lower half of the address after it";
                        let place = self.mapped.place(at, "relocation");
                        return Err(PeError::damaged(
                            "HIGHADJ relocation at the block's end",
                            place,
                            expected,
                        ));
                    };
                    RelocationKind::HighAdjusted(low.cast_signed())
                }
            };
            let start = u64::from(self.page) + u64::from(word & 0xFFF);
            if start + u64::from(kind.width()) > u64::from(self.image_size) {
                let what = format!("relocation of the place {start:#x}");
                let expected = format!("expected a place within SizeOfImage, {:#x}", self.image_size);
                return Err(PeError::damaged(what, self.mapped.place(at, "relocation"), expected));
            }
            // The check above keeps it below the image's size.
            relocations.push(Relocation { rva: start as u32, kind });
        }
        Ok(())
    }

    fn kind(&self, kind: BaseRelocationType, at: u32) -> Result<Entry, PeError> {
        Ok(match kind {
            pe::IMAGE_REL_BASED_ABSOLUTE => Entry::Padding,
            pe::IMAGE_REL_BASED_HIGH => Entry::Kind(RelocationKind::High),
            pe::IMAGE_REL_BASED_LOW => Entry::Kind(RelocationKind::Low),
            pe::IMAGE_REL_BASED_HIGHLOW => Entry::Kind(RelocationKind::HighLow),
            pe::IMAGE_REL_BASED_HIGHADJ => Entry::Adjusted,
            pe::IMAGE_REL_BASED_ARM_MOV32 if self.machine.is_arm() => Entry::Kind(RelocationKind::ArmMov32),
            pe::IMAGE_REL_BASED_THUMB_MOV32 if self.machine.is_arm() => {
                Entry::Kind(RelocationKind::ThumbMov32)
            }
            BaseRelocationType(code) => {
                let what = format!("relocation of type {code}");
                let expected = format!("expected a type that {} has", self.machine);
                let place = self.mapped.place(at, "relocation");
                return Err(PeError::new(ErrorKind::UnknownRelocation, what, place, expected));
            }
        })
    }
}

enum Entry {
    Padding,
    Kind(RelocationKind),
    Adjusted,
}

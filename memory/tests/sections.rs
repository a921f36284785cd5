//! Sections: the same bytes for everybody, for as long as anybody looks.

use cerium_memory::{AddressSpace, MapError, MemoryError, PAGE_SIZE, Protection, Section};

const RW: Protection = Protection::READ.union(Protection::WRITE);

fn space() -> AddressSpace {
    AddressSpace::new(1 << 24).unwrap()
}

#[test]
fn two_spaces_and_the_host_see_the_same_bytes() {
    let section = Section::new(3 * PAGE_SIZE).unwrap();
    let (mut one, mut two) = (space(), space());
    one.map_section(0x10000, &section, 0, 3 * PAGE_SIZE, RW).unwrap();
    two.map_section(0x40000, &section, PAGE_SIZE, PAGE_SIZE, Protection::READ).unwrap();
    one.write_u32(0x11004, 0x1234).unwrap();
    assert_eq!(two.read_u32(0x40004), Ok(0x1234));
    assert!(two.write_u32(0x40004, 1).is_err());
    let mut bytes = [0; 2];
    section.read(0x1004, &mut bytes).unwrap();
    assert_eq!(bytes, [0x34, 0x12]);
    section.clone().write(0x1004, &[1, 0]).unwrap();
    assert_eq!(one.read_u32(0x11004), Ok(1));
    assert_eq!(two.read_u32(0x40004), Ok(1));
}

#[test]
fn a_view_outlives_the_section_and_the_section_its_views() {
    let section = Section::new(PAGE_SIZE).unwrap();
    let mut one = space();
    one.map_section(0x10000, &section, 0, PAGE_SIZE, RW).unwrap();
    one.write_u32(0x10000, 5).unwrap();
    let kept = section.clone();
    drop(section);
    assert_eq!(one.read_u32(0x10000), Ok(5));
    drop(one);
    let mut two = space();
    two.map_section(0x10000, &kept, 0, PAGE_SIZE, RW).unwrap();
    drop(kept);
    assert_eq!(two.read_u32(0x10000), Ok(5));
}

#[test]
fn unmapping_the_middle_of_a_view_keeps_its_ends() {
    let section = Section::new(4 * PAGE_SIZE).unwrap();
    for page in 0..4 {
        section.write(page * PAGE_SIZE, &[page as u8 + 1]).unwrap();
    }
    let mut space = space();
    space.map_section(0x10000, &section, 0, 4 * PAGE_SIZE, RW).unwrap();
    space.unmap(0x11000, 2 * PAGE_SIZE).unwrap();
    assert_eq!(space.read_u8(0x10000), Ok(1));
    assert!(space.read_u8(0x11000).is_err());
    assert_eq!(space.read_u8(0x13000), Ok(4));
    space.map(0x11000, 2 * PAGE_SIZE, RW).unwrap();
    assert_eq!(space.read_u8(0x11000), Ok(0), "a private page, not the section's");
    space.write_u8(0x11000, 9).unwrap();
    let mut byte = [0];
    section.read(PAGE_SIZE, &mut byte).unwrap();
    assert_eq!(byte, [2]);
    space.unmap(0x10000, 4 * PAGE_SIZE).unwrap();
    assert_eq!(space.committed(), 0);
}

#[test]
fn the_ends_of_a_section_hold() {
    let section = Section::new(PAGE_SIZE + 10).unwrap();
    assert_eq!(section.size(), PAGE_SIZE + 10);
    assert_eq!(section.write(PAGE_SIZE + 9, &[1]), Ok(()));
    assert_eq!(section.write(PAGE_SIZE + 9, &[1, 2]), Err(MemoryError::OutOfRange));
    assert_eq!(section.read(u32::MAX, &mut [0; 8]), Err(MemoryError::OutOfRange));
    assert_eq!(section.read(PAGE_SIZE + 10, &mut []), Ok(()));
    let mut space = space();
    space.map_section(0x10000, &section, 0, 2 * PAGE_SIZE, RW).unwrap();
    assert_eq!(space.read_u16(0x1100A), Ok(0), "past the size, to the end of the page, are zeros");
    let mut map = |offset, size| space.map_section(0x20000, &section, offset, size, RW);
    assert_eq!(map(0, 3 * PAGE_SIZE), Err(MapError::OutOfRange));
    assert_eq!(map(2 * PAGE_SIZE, PAGE_SIZE), Err(MapError::OutOfRange));
    assert_eq!(map(1, PAGE_SIZE), Err(MapError::Misaligned));
    assert_eq!(map(0xFFFF_F000, 0xFFFF_F000), Err(MapError::OutOfRange));
    assert_eq!(Section::new(0), Err(MemoryError::OutOfRange));
}

#[test]
fn a_space_has_a_limited_number_of_views() {
    let section = Section::new(PAGE_SIZE).unwrap();
    let mut space = space();
    let made =
        (0..2000).take_while(|page| space.map_section(page * PAGE_SIZE, &section, 0, PAGE_SIZE, RW).is_ok());
    assert_eq!(made.count(), 1024);
    space.unmap(0x5000, PAGE_SIZE).unwrap();
    assert_eq!(space.map_section(0x5000, &section, 0, PAGE_SIZE, RW), Ok(()));
    space.write_u32(0x5000, 77).unwrap();
    assert_eq!(space.read_u32(0x3FF000), Ok(77));
}

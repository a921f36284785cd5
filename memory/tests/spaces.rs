//! Mapping, unmapping, protecting, and finding room.

use cerium_memory::{Access, AddressSpace, Fault, FaultKind, MapError, PAGE_SIZE, Protection, Section};

const RW: Protection = Protection::READ.union(Protection::WRITE);
const LAST_PAGE: u32 = 0xFFFF_F000;

fn space() -> AddressSpace {
    AddressSpace::new(1 << 20).expect("the tests' host has pages of 4096 bytes")
}

#[test]
fn an_empty_space_refuses_everything() {
    let mut space = space();
    assert_eq!(space.protection_at(0x1000), None);
    let fault = Fault { address: 0x1000, access: Access::Read, kind: FaultKind::Unmapped };
    assert_eq!(space.read_u32(0x1000), Err(fault));
    assert!(space.write_u8(u32::MAX, 1).is_err());
    assert!(space.fetch_u16(0).is_err());
    assert_eq!(space.unmap(0, 0xFFFF_F000), Ok(()));
    assert_eq!(space.protect(0, PAGE_SIZE, RW), Err(MapError::NotMapped));
    assert_eq!(space.committed(), 0);
}

#[test]
fn pages_are_zero_when_mapped_and_zero_again_when_mapped_again() {
    let mut space = space();
    space.map(0x10000, 2 * PAGE_SIZE, RW).unwrap();
    assert_eq!(space.read_u32(0x10FFC), Ok(0));
    space.write_u32(0x10FFC, 7).unwrap();
    space.write_u32(0x11000, 8).unwrap();

    space.unmap(0x10000, PAGE_SIZE).unwrap();
    assert!(space.read_u32(0x10FFC).is_err());
    assert_eq!(space.read_u32(0x11000), Ok(8));
    space.map(0x10000, PAGE_SIZE, RW).unwrap();
    assert_eq!(space.read_u32(0x10FFC), Ok(0));
}

#[test]
fn mapping_checks_its_arguments_before_it_acts() {
    let mut space = space();
    assert_eq!(space.map(0x1001, PAGE_SIZE, RW), Err(MapError::Misaligned));
    assert_eq!(space.map(0x1000, 1, RW), Err(MapError::Misaligned));
    assert_eq!(space.map(0x1000, 0, RW), Err(MapError::Misaligned));
    assert_eq!(space.map(LAST_PAGE, 2 * PAGE_SIZE, RW), Err(MapError::OutOfRange));
    space.map(0x3000, PAGE_SIZE, RW).unwrap();
    assert_eq!(space.map(0x2000, 3 * PAGE_SIZE, RW), Err(MapError::Overlap));
    assert_eq!(space.protection_at(0x2000), None);
    assert_eq!(space.committed(), u64::from(PAGE_SIZE));
}

#[test]
fn no_more_than_the_limit_is_committed() {
    let mut space = AddressSpace::new(3 * u64::from(PAGE_SIZE)).unwrap();
    space.map(0x1000, 2 * PAGE_SIZE, RW).unwrap();
    assert_eq!(space.map(0x8000, 2 * PAGE_SIZE, RW), Err(MapError::LimitReached));
    space.map(0x8000, PAGE_SIZE, RW).unwrap();
    space.unmap(0x1000, PAGE_SIZE).unwrap();
    space.unmap(0x1000, PAGE_SIZE).unwrap();
    assert_eq!(space.committed(), 2 * u64::from(PAGE_SIZE));
    let section = Section::new(2 * PAGE_SIZE).unwrap();
    assert_eq!(space.map_section(0x20000, &section, 0, 2 * PAGE_SIZE, RW), Err(MapError::LimitReached));
    space.map_section(0x20000, &section, PAGE_SIZE, PAGE_SIZE, RW).unwrap();
}

#[test]
fn the_first_and_the_last_page_can_be_mapped() {
    let mut space = space();
    space.map(0, PAGE_SIZE, RW).unwrap();
    space.map(LAST_PAGE, PAGE_SIZE, RW).unwrap();
    space.write_u32(0, 1).unwrap();
    space.write_u32(0xFFFF_FFFC, 2).unwrap();
    assert_eq!(space.read_u32(0), Ok(1));
    assert_eq!(space.read_u8(0xFFFF_FFFC), Ok(2));
    assert_eq!(space.read_u64(0xFFFF_FFF8), Ok(2 << 32));
    space.unmap(LAST_PAGE, PAGE_SIZE).unwrap();
    assert_eq!(space.protection_at(u32::MAX), None);
}

#[test]
fn protection_is_what_the_guest_may_do() {
    let mut space = space();
    space.map(0x1000, 3 * PAGE_SIZE, Protection::READ).unwrap();
    let fault = Fault { address: 0x1000, access: Access::Write, kind: FaultKind::Protection };
    assert_eq!(space.write_u32(0x1000, 1), Err(fault));
    space.protect(0x1000, PAGE_SIZE, RW).unwrap();
    space.write_u32(0x1000, 1).unwrap();
    space.protect(0x1000, PAGE_SIZE, Protection::empty()).unwrap();
    let fault = Fault { address: 0x1000, access: Access::Read, kind: FaultKind::Protection };
    assert_eq!(space.read_u32(0x1000), Err(fault));
    assert_eq!(space.protection_at(0x1FFF), Some(Protection::empty()));
    assert_eq!(space.protection_at(0x2000), Some(Protection::READ));

    space.protect(0x1000, 3 * PAGE_SIZE, Protection::EXECUTE).unwrap();
    assert_eq!(space.fetch_u32(0x1000), Ok(1), "protecting keeps the bytes");
    assert!(space.read_u32(0x1000).is_err(), "execute is not read");
    assert_eq!(space.protect(0x3000, 2 * PAGE_SIZE, RW), Err(MapError::NotMapped));
    assert_eq!(space.protection_at(0x3000), Some(Protection::EXECUTE), "nothing is half done");
}

#[test]
fn room_is_found_at_the_lowest_aligned_address() {
    let mut space = space();
    assert_eq!(space.find_free(0x10000..0x80000, PAGE_SIZE, 0x10000), Some(0x10000));
    space.map(0x10000, PAGE_SIZE, RW).unwrap();
    space.map(0x23000, PAGE_SIZE, RW).unwrap();
    assert_eq!(space.find_free(0x10000..0x80000, PAGE_SIZE, PAGE_SIZE), Some(0x11000));
    assert_eq!(space.find_free(0x10000..0x80000, PAGE_SIZE, 0x10000), Some(0x20000));
    assert_eq!(space.find_free(0x10000..0x80000, 0x4000, 0x10000), Some(0x30000));
    assert_eq!(space.find_free(0x10001..0x23000, 0x12000, PAGE_SIZE), Some(0x11000));
    assert_eq!(space.find_free(0x10001..0x23000, 0x13000, PAGE_SIZE), None);
    assert_eq!(space.find_free(0x10001..0x23000, 1, 3), None);
    assert_eq!(space.find_free(0..u32::MAX, u32::MAX, 1), None);
    assert_eq!(space.find_free(0xFFFF_0000..u32::MAX, 1, 1 << 31), None);
}

#[test]
fn many_spaces_can_be_made() {
    let spaces: Vec<_> = (0..200)
        .map(|value| {
            let mut space = space();
            space.map(0x1000, PAGE_SIZE, RW).unwrap();
            space.write_u32(0x1000, value).unwrap();
            space
        })
        .collect();
    for (value, space) in spaces.iter().enumerate() {
        assert_eq!(space.read_u32(0x1000), Ok(value as u32));
    }
}

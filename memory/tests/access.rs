//! Reading and writing: alignment, page ends, the end of the space, all or nothing.

use cerium_memory::{Access, AddressSpace, Fault, FaultKind, PAGE_SIZE, Protection};

const RW: Protection = Protection::READ.union(Protection::WRITE);

/// Pages at 0x1000 and 0x2000 that may be written, one at 0x3000 that may not; the last page of the space
/// too.
fn space() -> AddressSpace {
    let mut space = AddressSpace::new(1 << 20).unwrap();
    space.map(0x1000, 2 * PAGE_SIZE, RW).unwrap();
    space.map(0x3000, PAGE_SIZE, Protection::READ | Protection::EXECUTE).unwrap();
    space.map(0xFFFF_F000, PAGE_SIZE, RW).unwrap();
    space
}

fn fault(address: u32, access: Access, kind: FaultKind) -> Fault {
    Fault { address, access, kind }
}

#[test]
fn every_size_is_little_endian() {
    let mut space = space();
    space.write_u64(0x1000, 0x8877_6655_4433_2211).unwrap();
    assert_eq!(space.read_u8(0x1001), Ok(0x22));
    assert_eq!(space.read_u16(0x1002), Ok(0x4433));
    assert_eq!(space.read_u32(0x1004), Ok(0x8877_6655));
    space.write_u16(0x1002, 0xAAAA).unwrap();
    space.write_u8(0x1000, 0xBB).unwrap();
    space.write_u32(0x1004, 0).unwrap();
    assert_eq!(space.read_u64(0x1000), Ok(0xAAAA_22BB));
}

#[test]
fn misalignment_is_found_at_every_offset_and_before_anything_else() {
    let mut space = space();
    for offset in 0..16 {
        let address = 0x1FF8_u32 + offset;
        let expect = |size: u32, access| match address.is_multiple_of(size) {
            true => Ok(()),
            false => Err(fault(address, access, FaultKind::Misaligned)),
        };
        assert_eq!(space.read_u16(address).map(drop), expect(2, Access::Read));
        assert_eq!(space.read_u32(address).map(drop), expect(4, Access::Read));
        assert_eq!(space.read_u64(address).map(drop), expect(8, Access::Read));
        assert_eq!(space.write_u16(address, 0), expect(2, Access::Write));
        assert_eq!(space.write_u32(address, 0), expect(4, Access::Write));
        assert_eq!(space.write_u64(address, 0), expect(8, Access::Write));
    }
    let misaligned = Err(fault(0x9001, Access::Read, FaultKind::Misaligned));
    assert_eq!(space.read_u32(0x9001), misaligned);
    assert_eq!(space.fetch_u16(0x3001), Err(fault(0x3001, Access::Execute, FaultKind::Misaligned)));
}

#[test]
fn every_misaligned_address_of_a_whole_space_is_refused() {
    let mut space = AddressSpace::new(1 << 20).unwrap();
    for top in [0u32, 0x4000_0000, 0x7FFF_F000, 0x8000_0000, 0xC000_0000, 0xFFFF_F000] {
        space.map(top, PAGE_SIZE, RW).unwrap();
        for offset in (0..PAGE_SIZE).filter(|offset| offset % 8 != 0) {
            assert!(space.read_u64(top + offset).is_err());
            assert_eq!(space.read_u32(top + offset).is_ok(), offset % 4 == 0);
            assert_eq!(space.read_u16(top + offset).is_ok(), offset % 2 == 0);
        }
    }
}

#[test]
fn unaligned_accessors_cross_pages() {
    let mut space = space();
    space.write_unaligned_u32(0x1FFE, 0x4433_2211).unwrap();
    assert_eq!(space.read_unaligned_u32(0x1FFE), Ok(0x4433_2211));
    assert_eq!(space.read_u16(0x2000), Ok(0x4433));
    space.write_unaligned_u64(0x1FF9, u64::MAX).unwrap();
    assert_eq!(space.read_unaligned_u64(0x1FF9), Ok(u64::MAX));
    assert_eq!(space.read_unaligned_u16(0x1FFF), Ok(0xFFFF));
}

#[test]
fn an_unaligned_store_that_fails_on_its_second_page_does_nothing() {
    let mut space = space();
    let refused = Err(fault(0x3000, Access::Write, FaultKind::Protection));
    assert_eq!(space.write_unaligned_u32(0x2FFE, u32::MAX), refused);
    assert_eq!(space.read_u16(0x2FFE), Ok(0));
    assert_eq!(space.read_unaligned_u32(0x2FFE), Ok(0));
    assert_eq!(space.read_unaligned_u32(0x3FFD), Err(fault(0x4000, Access::Read, FaultKind::Unmapped)));
}

#[test]
fn nothing_goes_round_the_end_of_the_space() {
    let mut space = space();
    space.map(0, PAGE_SIZE, RW).unwrap();
    let past = |access| fault(0, access, FaultKind::Unmapped);
    assert_eq!(space.read_unaligned_u32(0xFFFF_FFFE), Err(past(Access::Read)));
    assert_eq!(space.write_unaligned_u64(0xFFFF_FFFF, 1), Err(past(Access::Write)));
    assert_eq!(space.write_bytes(0xFFFF_FFFE, &[1, 2, 3]), Err(past(Access::Write)));
    assert_eq!(space.write_bytes(0xFFFF_FFFE, &[1, 2]), Ok(()));
    assert_eq!(space.check(0xFFFF_FFFF, 1, Access::Read), Ok(()));
    assert_eq!(space.check(1, u64::from(u32::MAX), Access::Read).unwrap_err().kind, FaultKind::Unmapped);
    assert_eq!(space.check(u32::MAX, 1 << 40, Access::Read), Err(past(Access::Read)));
}

#[test]
fn bytes_are_copied_all_or_not_at_all() {
    let mut space = space();
    let bytes = [7; 0x2001];
    let refused = Err(fault(0x3000, Access::Write, FaultKind::Protection));
    assert_eq!(space.write_bytes(0x1000, &bytes), refused);
    assert_eq!(space.read_u32(0x1000), Ok(0));
    assert_eq!(space.write_bytes(0x1000, &bytes[..0x2000]), Ok(()));
    let mut copy = vec![0; 0x4000];
    assert!(space.read_bytes(0x1000, &mut copy).is_err());
    assert_eq!(copy[0], 0);
    assert_eq!(space.read_bytes(0x1000, &mut copy[..0x3000]), Ok(()));
    assert_eq!((copy[0x1FFF], copy[0x2000]), (7, 0));
}

#[test]
fn no_bytes_can_be_had_from_anywhere() {
    let mut space = AddressSpace::new(0).unwrap();
    assert_eq!(space.read_bytes(u32::MAX, &mut []), Ok(()));
    assert_eq!(space.write_bytes(0, &[]), Ok(()));
    assert_eq!(space.check(5, 0, Access::Execute), Ok(()));
}

#[test]
fn the_loader_writes_what_the_guest_may_not() {
    let mut space = space();
    space.poke(0x2FFF, &[1, 2, 3]).unwrap();
    assert_eq!(space.read_u16(0x3000), Ok(0x0302));
    space.protect(0x2000, PAGE_SIZE, Protection::empty()).unwrap();
    let mut bytes = [0; 2];
    space.peek(0x2FFF, &mut bytes).unwrap();
    assert_eq!(bytes, [1, 2]);
    assert!(space.poke(0x3FFF, &[1, 2]).is_err(), "there is no page at 0x4000");
    assert_eq!(space.read_u8(0x3FFF), Ok(0));
}

//! Whoever decoded code hears of every change to it.

use cerium_memory::{AddressSpace, PAGE_SIZE, Protection, Section};

const CODE: u32 = 0x10000;

fn with_code() -> AddressSpace {
    let mut space = AddressSpace::new(1 << 20).unwrap();
    space.map(CODE, 2 * PAGE_SIZE, Protection::all()).unwrap();
    space.watch_code(CODE + 8);
    space
}

fn with_view(section: &Section) -> AddressSpace {
    let mut space = AddressSpace::new(1 << 20).unwrap();
    space.map_section(CODE, section, 0, section.size(), Protection::all()).unwrap();
    space
}

#[test]
fn a_store_to_watched_code_is_done_and_reported_once() {
    let mut space = with_code();
    space.write_u32(CODE + PAGE_SIZE, 1).unwrap();
    assert!(!space.code_changed(), "that page is not watched");
    space.write_u32(CODE + 0x100, 42).unwrap();
    space.write_u8(CODE, 1).unwrap();
    assert_eq!(space.read_u32(CODE + 0x100), Ok(42));
    assert_eq!(space.take_changed_code(), Some(CODE));
    assert_eq!(space.take_changed_code(), None);
    space.write_u32(CODE, 2).unwrap();
    assert!(!space.code_changed(), "not watched any more");
    space.watch_code(CODE);
    space.write_u32(CODE, 3).unwrap();
    assert!(space.code_changed());
}

#[test]
fn every_way_to_change_code_is_reported() {
    let ways: [fn(&mut AddressSpace); 7] = [
        |space| space.write_u16(CODE + 2, 0).unwrap(),
        |space| space.write_unaligned_u32(CODE + 1, 0).unwrap(),
        |space| space.write_bytes(CODE + 0xFFF, &[1, 2]).unwrap(),
        |space| space.poke(CODE, &[1]).unwrap(),
        |space| space.protect(CODE, PAGE_SIZE, Protection::READ).unwrap(),
        |space| space.unmap(CODE, PAGE_SIZE).unwrap(),
        |space| space.unmap(0, CODE + PAGE_SIZE).unwrap(),
    ];
    for (number, way) in ways.iter().enumerate() {
        let mut space = with_code();
        way(&mut space);
        assert_eq!(space.take_changed_code(), Some(CODE), "way {number}");
    }
}

#[test]
fn a_refused_store_changes_no_code() {
    let mut space = with_code();
    space.protect(CODE, PAGE_SIZE, Protection::READ | Protection::EXECUTE).unwrap();
    space.take_changed_code();
    space.watch_code(CODE);
    assert!(space.write_u32(CODE, 1).is_err());
    assert!(space.write_u32(CODE + 1, 1).is_err());
    assert!(!space.code_changed());
}

#[test]
fn nothing_is_watched_where_nothing_is_mapped() {
    let mut space = AddressSpace::new(1 << 20).unwrap();
    space.watch_code(CODE);
    space.map(CODE, PAGE_SIZE, Protection::all()).unwrap();
    space.watch_code(CODE - 1);
    space.write_u32(CODE, 1).unwrap();
    assert!(!space.code_changed());
}

#[test]
fn code_in_a_section_is_watched_in_every_space() {
    let section = Section::new(2 * PAGE_SIZE).unwrap();
    let (mut decoder, mut writer, mut other) =
        (with_view(&section), with_view(&section), with_view(&section));
    writer.write_u32(CODE, 1).unwrap();
    decoder.watch_code(CODE);
    other.watch_code(CODE);
    writer.write_u32(CODE + 4, 2).unwrap();
    assert!(!writer.code_changed(), "the writer decoded nothing");
    for space in [&mut decoder, &mut other] {
        space.collect_section_changes();
        assert_eq!(space.take_changed_code(), Some(CODE));
        space.collect_section_changes();
        assert!(!space.code_changed());
    }
    writer.write_u32(CODE + 4, 3).unwrap();
    decoder.collect_section_changes();
    assert!(!decoder.code_changed());
}

#[test]
fn a_change_is_not_missed_if_another_space_decodes_again_first() {
    let section = Section::new(PAGE_SIZE).unwrap();
    let (mut slow, mut quick) = (with_view(&section), with_view(&section));
    slow.watch_code(CODE);
    quick.watch_code(CODE);
    quick.write_u32(CODE, 1).unwrap();
    assert_eq!(quick.take_changed_code(), Some(CODE));
    quick.watch_code(CODE);
    slow.collect_section_changes();
    assert_eq!(slow.take_changed_code(), Some(CODE));
}

#[test]
fn the_host_and_a_second_view_change_code_too() {
    let section = Section::new(PAGE_SIZE).unwrap();
    let mut space = with_view(&section);
    space.map_section(0x50000, &section, 0, PAGE_SIZE, Protection::all()).unwrap();
    space.watch_code(CODE);
    section.write(0x10, &[1]).unwrap();
    space.collect_section_changes();
    assert_eq!(space.take_changed_code(), Some(CODE));

    space.watch_code(CODE);
    space.write_u32(0x50020, 1).unwrap();
    assert_eq!(space.take_changed_code(), Some(CODE), "at once, without collecting");
}

#[test]
fn a_view_made_after_the_code_was_decoded_is_watched_too() {
    let section = Section::new(PAGE_SIZE).unwrap();
    let mut decoder = with_view(&section);
    decoder.watch_code(CODE);
    let mut writer = with_view(&section);
    writer.write_u32(CODE, 1).unwrap();
    decoder.collect_section_changes();
    assert_eq!(decoder.take_changed_code(), Some(CODE));
}

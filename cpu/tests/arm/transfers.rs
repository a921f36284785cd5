//! Loads and stores, one and many.

use crate::{CODE, DATA, Machine};

#[test]
fn addressing_modes_move_the_base_before_after_or_not() {
    // ldr r1, [r0, r2, lsl #2]!
    let mut machine = Machine::arm(&[0xE7B0_1102]).with(&[DATA, 0, 3]).with_data(&[0, 1, 2, 33]);
    machine.steps(1);
    assert_eq!((machine.r(1), machine.r(0)), (33, DATA + 12));
    // ldr r1, [r0], -r2, asr #1
    let mut machine = Machine::arm(&[0xE610_10C2]).with(&[DATA + 4, 0, 0xFFFF_FFF8]).with_data(&[0, 7]);
    machine.steps(1);
    assert_eq!((machine.r(1), machine.r(0)), (7, DATA + 8));
    // strh r1, [r0, #2]!; strb r1, [r0], #1
    let mut machine = Machine::arm(&[0xE1E0_10B2, 0xE4C0_1001]).with(&[DATA, 0xAABB_CCDD]);
    machine.steps(2);
    assert_eq!((machine.data(0), machine.r(0)), (0xCCDD_0000, DATA + 3));
}

#[test]
fn small_loads_extend() {
    // ldrsb r1, [r0, #-1]; ldrsh r3, [r0, r2]
    let mut machine = Machine::arm(&[0xE150_10D1, 0xE190_30F2])
        .with(&[DATA + 4, 0, 2])
        .with_data(&[0x8000_0000, 0x8001_0000]);
    machine.steps(2);
    assert_eq!((machine.r(1), machine.r(3)), (0xFFFF_FF80, 0xFFFF_8001));
}

#[test]
fn double_words_go_to_two_registers() {
    // ldrd r2, [r0, #8]; strd r2, [r0], #8
    let mut machine = Machine::arm(&[0xE1C0_20D8, 0xE0C0_20F8]).with(&[DATA]).with_data(&[0, 0, 5, 6]);
    machine.steps(2);
    assert_eq!((machine.r(2), machine.r(3), machine.r(0)), (5, 6, DATA + 8));
    assert_eq!((machine.data(0), machine.data(4)), (5, 6));
}

#[test]
fn literals_are_found_from_pc() {
    let mut machine = Machine::arm(&[0xE59F_1004, 0xE51F_2004, 0, 0, 99]);
    machine.steps(2);
    assert_eq!((machine.r(1), machine.r(2)), (0, 0));
    // Thumb: ldr r1, [pc, #4] at an address that is no multiple of four
    let mut machine = Machine::thumb(&[0x46C0, 0x4901, 0, 0, 0x5678, 0x1234]);
    machine.steps(2);
    assert_eq!(machine.r(1), 0x1234_5678);
}

#[test]
fn pc_is_stored_eight_ahead() {
    // str pc, [r0]; stmdb r0, {r1, pc} with r0 moved
    let mut machine = Machine::arm(&[0xE580_F000, 0xE280_0010, 0xE900_8002]).with(&[DATA, 4]);
    machine.steps(3);
    assert_eq!((machine.data(0), machine.data(8), machine.data(12)), (CODE + 8, 4, CODE + 16));
}

#[test]
fn multiple_transfers_go_upwards_whatever_the_mode() {
    let data = [10, 11, 12, 13, 14, 15];
    for (word, offset, loaded, moved) in [
        (0xE990_000E, 4, [12, 13, 14], 4),
        (0xE830_000E, 12, [11, 12, 13], 0),
        (0xE8B0_000E, 4, [11, 12, 13], 16),
        (0xE930_000E, 12, [10, 11, 12], 0),
    ] {
        let mut machine = Machine::arm(&[word]).with(&[DATA + offset]).with_data(&data);
        machine.steps(1);
        assert_eq!([machine.r(1), machine.r(2), machine.r(3)], loaded, "{word:08X}");
        assert_eq!(machine.r(0), DATA + moved, "{word:08X}");
    }
}

#[test]
fn a_base_in_the_list_is_loaded_over_and_stored_as_it_was() {
    // ldmdb r0!, {r0, r1}
    let mut machine = Machine::arm(&[0xE930_0003]).with(&[DATA + 8]).with_data(&[70, 71]);
    machine.steps(1);
    assert_eq!((machine.r(0), machine.r(1)), (70, 71));
    // stmia r0!, {r0-r2}
    let mut machine = Machine::arm(&[0xE8A0_0007]).with(&[DATA, 1, 2]);
    machine.steps(1);
    assert_eq!((machine.data(0), machine.data(8), machine.r(0)), (DATA, 2, DATA + 12));
}

#[test]
fn push_and_pop_meet() {
    // push {r4, lr}; in Thumb, pop {r4, pc} goes where lr says
    let mut machine = Machine::thumb(&[0xB510, 0xBD10]);
    machine.context.registers[13] = DATA + 0x100;
    machine.context.registers[4] = 44;
    machine.context.registers[14] = CODE + 0x101;
    machine.steps(1);
    assert_eq!((machine.data(0xF8), machine.data(0xFC), machine.r(13)), (44, CODE + 0x101, DATA + 0xF8));
    machine.context.registers[4] = 0;
    machine.steps(1);
    assert_eq!((machine.r(4), machine.r(13), machine.r(15)), (44, DATA + 0x100, CODE + 0x100));
}

#[test]
fn swap_exchanges_register_and_memory() {
    // swp r1, r2, [r0]; swpb r1, r2, [r0]
    let mut machine =
        Machine::arm(&[0xE100_1092, 0xE140_1092]).with(&[DATA, 0, 0x1122_3344]).with_data(&[0xAABB_CCDD]);
    machine.steps(1);
    assert_eq!((machine.r(1), machine.data(0)), (0xAABB_CCDD, 0x1122_3344));
    machine.steps(1);
    assert_eq!((machine.r(1), machine.data(0)), (0x44, 0x1122_3344));
}

#[test]
fn addresses_go_round_the_end_of_the_space() {
    use cerium_memory::{PAGE_SIZE, Protection};
    let mut machine = Machine::arm(&[0xE8B0_000E]).with(&[0xFFFF_FFF8]);
    for page in [0, 0xFFFF_F000] {
        machine.memory.map(page, PAGE_SIZE, Protection::READ | Protection::WRITE).unwrap();
    }
    machine.memory.write_u32(0xFFFF_FFFC, 2).unwrap();
    machine.memory.write_u32(0, 3).unwrap();
    machine.steps(1);
    assert_eq!([machine.r(0), machine.r(1), machine.r(2), machine.r(3)], [4, 0, 2, 3]);
}

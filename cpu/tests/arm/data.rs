//! Data processing, multiplication, saturation, the status register.

use cerium_cpu::arm::Status;

use crate::Machine;

/// Flags as letters: "NzcV".
fn flags(status: Status) -> String {
    let all = [(Status::N, "Nn"), (Status::Z, "Zz"), (Status::C, "Cc"), (Status::V, "Vv"), (Status::Q, "Qq")];
    let letter = |(flag, letters): (Status, &'static str)| {
        if status.contains(flag) { &letters[..1] } else { &letters[1..] }
    };
    all.map(letter).concat()
}

fn status(letters: &str) -> Status {
    letters.chars().fold(Status::empty(), |status, letter| {
        status
            | match letter {
                'N' => Status::N,
                'Z' => Status::Z,
                'C' => Status::C,
                'V' => Status::V,
                'Q' => Status::Q,
                _ => Status::empty(),
            }
    })
}

/// Runs one instruction on r0 to r4; gives r1 and the flags.
fn one(word: u32, flags_before: &str, registers: [u32; 5]) -> (u32, String) {
    let mut machine = Machine::arm(&[word]).with(&registers);
    machine.context.status = status(flags_before);
    machine.steps(1);
    (machine.r(1), flags(machine.context.status))
}

fn check(word: u32, before: &str, operands: [u32; 3], result: u32, after: &str) {
    let [r2, r3, r4] = operands;
    let (r1, flags) = one(word, before, [0, 0, r2, r3, r4]);
    assert_eq!((r1, &flags[..]), (result, after), "{word:08X} on {operands:X?} with {before}");
}

#[test]
fn additions_carry_and_overflow() {
    const ADDS: u32 = 0xE092_1003;
    const ADCS: u32 = 0xE0B2_1003;
    check(ADDS, "", [1, 2, 0], 3, "nzcvq");
    check(ADDS, "", [u32::MAX, 1, 0], 0, "nZCvq");
    check(ADDS, "", [0x7FFF_FFFF, 1, 0], 0x8000_0000, "NzcVq");
    check(ADDS, "Q", [0x8000_0000, 0x8000_0000, 0], 0, "nZCVQ");
    check(ADCS, "C", [u32::MAX, u32::MAX, 0], u32::MAX, "NzCvq");
    check(ADCS, "C", [u32::MAX, 0, 0], 0, "nZCvq");
    check(ADCS, "", [u32::MAX, 0, 0], u32::MAX, "Nzcvq");
    check(ADCS, "C", [0x7FFF_FFFF, 0, 0], 0x8000_0000, "NzcVq");
}

#[test]
fn subtractions_set_carry_when_nothing_is_borrowed() {
    const SUBS: u32 = 0xE052_1003;
    const SBCS: u32 = 0xE0D2_1003;
    const RSCS: u32 = 0xE0F2_1003;
    check(SUBS, "", [5, 5, 0], 0, "nZCvq");
    check(SUBS, "C", [4, 5, 0], u32::MAX, "Nzcvq");
    check(SUBS, "", [0x8000_0000, 1, 0], 0x7FFF_FFFF, "nzCVq");
    check(SBCS, "C", [5, 3, 0], 2, "nzCvq");
    check(SBCS, "", [5, 3, 0], 1, "nzCvq");
    check(SBCS, "", [0, 0, 0], u32::MAX, "Nzcvq");
    check(SBCS, "", [3, u32::MAX, 0], 3, "nzcvq");
    check(RSCS, "C", [3, 5, 0], 2, "nzCvq");
    check(RSCS, "", [5, 5, 0], u32::MAX, "Nzcvq");
}

#[test]
fn logical_operations_take_the_shifters_carry_and_leave_overflow() {
    const LSRS_32: u32 = 0xE1B0_1022;
    const RRXS: u32 = 0xE1B0_1062;
    const MOVS_TOP: u32 = 0xE3B0_1102;
    const ANDS_FF: u32 = 0xE212_10FF;
    check(LSRS_32, "V", [0x8000_0000, 0, 0], 0, "nZCVq");
    check(LSRS_32, "C", [0x7FFF_FFFF, 0, 0], 0, "nZcvq");
    check(RRXS, "C", [1, 0, 0], 0x8000_0000, "NzCvq");
    check(RRXS, "", [2, 0, 0], 1, "nzcvq");
    check(MOVS_TOP, "", [0, 0, 0], 0x8000_0000, "NzCvq");
    check(ANDS_FF, "CV", [0x100, 0, 0], 0, "nZCVq");
}

#[test]
fn shifts_by_register_take_the_low_byte_and_go_past_32() {
    const LSLS: u32 = 0xE1B0_1312;
    const LSRS: u32 = 0xE1B0_1332;
    const ASRS: u32 = 0xE1B0_1352;
    const RORS: u32 = 0xE1B0_1372;
    for (word, amount, result, carry) in [
        (LSLS, 0, 0x8000_0001, 'C'),
        (LSLS, 1, 2, 'C'),
        (LSLS, 31, 0x8000_0000, 'c'),
        (LSLS, 32, 0, 'C'),
        (LSLS, 33, 0, 'c'),
        (LSLS, 0x100, 0x8000_0001, 'C'),
        (LSRS, 1, 0x4000_0000, 'C'),
        (LSRS, 32, 0, 'C'),
        (LSRS, 33, 0, 'c'),
        (LSRS, 255, 0, 'c'),
        (ASRS, 1, 0xC000_0000, 'C'),
        (ASRS, 31, u32::MAX, 'c'),
        (ASRS, 32, u32::MAX, 'C'),
        (ASRS, 200, u32::MAX, 'C'),
        (RORS, 1, 0xC000_0000, 'C'),
        (RORS, 32, 0x8000_0001, 'C'),
        (RORS, 33, 0xC000_0000, 'C'),
        (RORS, 4, 0x1800_0000, 'c'),
    ] {
        let (r1, flags) = one(word, "C", [0, 0, 0x8000_0001, amount, 0]);
        assert_eq!((r1, flags.chars().nth(2)), (result, Some(carry)), "{word:08X} by {amount}");
    }
}

#[test]
fn compares_write_no_register() {
    for (word, before, first, second, after) in [
        (0xE151_0002, "", 1, 2, "Nzcvq"),
        (0xE371_0001, "", u32::MAX, 9, "nZCvq"),
        (0xE131_0002, "CV", 7, 7, "nZCVq"),
        (0xE111_0002, "", 0xF0, 0x0F, "nZcvq"),
    ] {
        let (r1, flags) = one(word, before, [0, first, second, 0, 0]);
        assert_eq!((r1, &flags[..]), (first, after), "{word:08X}");
    }
}

#[test]
fn pc_reads_eight_ahead_and_a_result_in_pc_is_a_branch() {
    // add r1, pc, r2; mov r3, pc; add r4, pc, #4
    let mut machine = Machine::arm(&[0xE08F_1002, 0xE1A0_300F, 0xE28F_4004]).with(&[0, 0, 0x100]);
    machine.steps(3);
    assert_eq!([machine.r(1), machine.r(3), machine.r(4)], [0x1_0108, 0x1_000C, 0x1_0014]);

    let mut machine = Machine::arm(&[0xE1A0_F001]).with(&[0, 0x1_0203]);
    machine.steps(1);
    assert_eq!(
        (machine.r(15), machine.context.status),
        (0x1_0200, Status::empty()),
        "mov pc stays in ARM state"
    );
}

#[test]
fn products_are_exact() {
    check(0xE001_0392, "NZCV", [7, 6, 0], 42, "NZCVq");
    // smlals r1, r2, r3, r4: r2:r1 += r3 * r4
    let (low, flags) = one(0xE0F2_1493, "CV", [0, 5, 0, 0xFFFF_FFFE, 3]);
    assert_eq!((low, &flags[..]), (u32::MAX, "NzCVq"));
    // umull r1, r2, r3, r4
    let mut machine = Machine::arm(&[0xE082_1493]).with(&[0, 0, 0, u32::MAX, u32::MAX]);
    machine.steps(1);
    assert_eq!((machine.r(1), machine.r(2)), (1, 0xFFFF_FFFE));
}

#[test]
fn half_products_choose_halves_and_note_overflow() {
    // smlabt r1, r2, r3, r4
    check(0xE101_43C2, "", [0x0001_FFFF, 0x0002_0001, 10], 8, "nzcvq");
    check(0xE101_43C2, "", [1, 0x0001_0000, 0x7FFF_FFFF], 0x8000_0000, "nzcvQ");
    // smulwt r1, r2, r3
    check(0xE121_03E2, "", [0x0001_0000, 0xFFFF_0000, 0], u32::MAX, "nzcvq");
    // smlaltb r1, r4, r3, r4 has rd high = r2 here: r2:r1 += top(r3) * bottom(r4)
    let mut machine = Machine::arm(&[0xE142_14A3]).with(&[0, u32::MAX, 0, 0x0002_0000, 3]);
    machine.steps(1);
    assert_eq!((machine.r(1), machine.r(2)), (5, 1));
}

#[test]
fn saturation_stops_at_the_bounds_and_sets_q() {
    const QADD: u32 = 0xE103_1052;
    const QDSUB: u32 = 0xE163_1052;
    check(QADD, "", [0x7FFF_FFFF, 1, 0], 0x7FFF_FFFF, "nzcvQ");
    check(QADD, "", [0x8000_0000, u32::MAX, 0], 0x8000_0000, "nzcvQ");
    check(QADD, "Q", [1, 2, 0], 3, "nzcvQ");
    check(QDSUB, "", [10, 2, 0], 6, "nzcvq");
    check(QDSUB, "", [0, 0x4000_0000, 0], 0x8000_0001, "nzcvQ");
    check(QDSUB, "", [u32::MAX, 0x8000_0000, 0], 0x7FFF_FFFF, "nzcvQ");
}

#[test]
fn leading_zeros_are_counted() {
    for (value, zeros) in [(0, 32), (1, 31), (u32::MAX, 0), (0x0080_0000, 8)] {
        check(0xE16F_1F12, "", [value, 0, 0], zeros, "nzcvq");
    }
}

#[test]
fn the_status_register_is_flags_and_user_mode() {
    assert_eq!(one(0xE10F_1000, "NCQ", [0; 5]).0, 0xA800_0010);
    let (_, flags) = one(0xE128_F001, "NZ", [0, 0x3800_00DF, 0, 0, 0]);
    assert_eq!(flags, "nzCVQ", "the mode and the interrupt bits cannot be written");
    assert_eq!(one(0xE328_F20F, "Q", [0; 5]).1, "NZCVq");
    assert_eq!(one(0xE121_F001, "N", [0, 0xFFFF_FFFF, 0, 0, 0]).1, "Nzcvq", "the control field is not ours");
}

#[test]
fn conditions_follow_the_flags() {
    type Holds = fn(bool, bool, bool, bool) -> bool;
    let conditions: [Holds; 15] = [
        |_, z, _, _| z,
        |_, z, _, _| !z,
        |_, _, c, _| c,
        |_, _, c, _| !c,
        |n, _, _, _| n,
        |n, _, _, _| !n,
        |_, _, _, v| v,
        |_, _, _, v| !v,
        |_, z, c, _| c && !z,
        |_, z, c, _| !c || z,
        |n, _, _, v| n == v,
        |n, _, _, v| n != v,
        |n, z, _, v| !z && n == v,
        |n, z, _, v| z || n != v,
        |_, _, _, _| true,
    ];
    for (condition, holds) in (0..).zip(conditions) {
        for bits in 0..16_u32 {
            // mov r1, #1 and a branch, each with the condition
            let (mov, branch) = (condition << 28 | 0x03A0_1001, condition << 28 | 0x0A00_0010);
            let mut machine = Machine::arm(&[mov, branch]);
            machine.context.status = Status::from_bits_truncate(bits << 28);
            machine.steps(2);
            let holds = holds(bits & 8 != 0, bits & 4 != 0, bits & 2 != 0, bits & 1 != 0);
            let expected = if holds { (1, 0x1_004C) } else { (0, 0x1_0008) };
            assert_eq!((machine.r(1), machine.r(15)), expected, "condition {condition}, flags {bits:04b}");
        }
    }
}

#[test]
fn thumb_data_processing_is_the_same() {
    // movs r1, #5; adds r1, r1, #1; lsls r1, r2, #31; lsrs r1, r2, #32; negs r1, r2; add r1, pc
    let mut machine = Machine::thumb(&[0x2105, 0x1C49, 0x07D1, 0x0811, 0x4251, 0x4479]).with(&[0, 0, 3]);
    machine.steps(2);
    assert_eq!((machine.r(1), flags(machine.context.status)), (6, "nzcvq".into()));
    machine.steps(1);
    assert_eq!((machine.r(1), flags(machine.context.status)), (0x8000_0000, "NzCvq".into()));
    machine.steps(1);
    assert_eq!((machine.r(1), flags(machine.context.status)), (0, "nZcvq".into()));
    machine.steps(1);
    assert_eq!((machine.r(1), flags(machine.context.status)), (0xFFFF_FFFD, "Nzcvq".into()));
    machine.steps(1);
    assert_eq!(machine.r(1), 0x1_000E - 3);
    assert!(machine.context.status.contains(Status::T));
}

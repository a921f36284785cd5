use super::*;
use crate::call::{ArgumentList, Convention, Output, ProcessState, Stream, ThreadState, Value};
use crate::memory::testing::{BASE, PAGE, TestMemory};
use crate::pause::Pause;

struct Silent;

impl Output for Silent {
    fn print(&mut self, _: Stream, _: &str) {}
}

/// Goes on until the call returns; the guest's comparison is a closure. Gives the result and how often it
/// was asked.
fn finish(
    memory: &mut TestMemory,
    mut step: Step,
    mut compare: impl FnMut(&mut TestMemory, u32, u32) -> i32,
) -> Result<(Value, u32), Stop> {
    let mut process = ProcessState::new(memory).unwrap();
    let mut asked = 0;
    loop {
        let pause = match step {
            Step::Return(answer) => return Ok((answer.value, asked)),
            Step::Pause(pause) => pause,
        };
        let Pause::Guest { address: COMPARE, arguments, then } = *pause else { panic!("{pause:?}") };
        asked += 1;
        let order = compare(memory, arguments[0], arguments[1]);
        let mut cx = Cx {
            memory,
            process: &mut process,
            thread: &mut ThreadState::default(),
            arguments: &mut ArgumentList::va_list(Convention::X86, BASE),
            output: &mut Silent,
            last_error: None,
        };
        // A copy goes on as the original would.
        step = then.copy().go_on(&mut cx, order as u32)?;
    }
}

const COMPARE: u32 = 0x1234;
const ARRAY: u32 = BASE + 64;

fn numbers(memory: &TestMemory, count: u32) -> Vec<u32> {
    (0..count).map(|place| memory.read_u32(ARRAY + 4 * place).unwrap()).collect()
}

fn by_value(memory: &mut TestMemory, one: u32, other: u32) -> i32 {
    let (one, other) = (memory.read_u32(one).unwrap(), memory.read_u32(other).unwrap());
    one.cmp(&other) as i32
}

/// Repeatable numbers with repetitions.
fn fill(memory: &mut TestMemory, count: u32, seed: u64) -> Vec<u32> {
    let mut state = seed;
    let values: Vec<u32> = (0..count)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as u32 % (count * 2)
        })
        .collect();
    for (place, value) in values.iter().enumerate() {
        memory.write_u32(ARRAY + 4 * place as u32, *value).unwrap();
    }
    values
}

#[test]
fn arrays_of_every_small_length_are_sorted() {
    for count in 2..200 {
        let mut memory = TestMemory::new(1);
        let mut expected = fill(&mut memory, count, u64::from(count));
        let step = sort(ARRAY, count, 4, COMPARE).unwrap();
        let (value, asked) = finish(&mut memory, step, by_value).unwrap();
        expected.sort_unstable();
        assert_eq!(numbers(&memory, count), expected);
        assert_eq!(value, Value::Nothing);
        assert!(asked <= 2 * count * (count.ilog2() + 1), "{asked} for {count}");
    }
}

#[test]
fn a_comparison_that_contradicts_itself_ends_and_loses_nothing() {
    let mut answers = 1_u32;
    for answer in [-1, 0, 1, i32::MIN, i32::MAX, 77] {
        let mut memory = TestMemory::new(1);
        let mut expected = fill(&mut memory, 150, 9);
        memory.write_u32(ARRAY - 4, 0xDEAD).unwrap();
        memory.write_u32(ARRAY + 600, 0xBEEF).unwrap();
        let step = sort(ARRAY, 150, 4, COMPARE).unwrap();
        let liar = |_: &mut TestMemory, one: u32, other: u32| {
            for address in [one, other] {
                assert!((ARRAY..ARRAY + 600).contains(&address) && (address - ARRAY).is_multiple_of(4));
            }
            answers = answers.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            if answer == 77 { answers as i32 } else { answer }
        };
        finish(&mut memory, step, liar).unwrap();
        let mut left = numbers(&memory, 150);
        left.sort_unstable();
        expected.sort_unstable();
        assert_eq!(left, expected);
        assert_eq!(memory.read_u32(ARRAY - 4), Ok(0xDEAD));
        assert_eq!(memory.read_u32(ARRAY + 600), Ok(0xBEEF));
    }
}

#[test]
fn wide_elements_move_whole() {
    let width = COPY_CHUNK as u32 + 10;
    let mut memory = TestMemory::new(4);
    for (place, value) in [3_u32, 1, 2].iter().enumerate() {
        let at = BASE + place as u32 * width;
        memory.write_u32(at, *value).unwrap();
        memory.write_u32(at + width - 4, 100 + value).unwrap();
    }
    let step = sort(BASE, 3, width, COMPARE).unwrap();
    finish(&mut memory, step, by_value).unwrap();
    for place in 0..3 {
        assert_eq!(memory.read_u32(BASE + place * width), Ok(place + 1));
        assert_eq!(memory.read_u32(BASE + (place + 1) * width - 4), Ok(101 + place));
    }
}

#[test]
fn nothing_to_sort_asks_nobody_and_a_bad_array_faults() {
    for (count, width) in [(0, 4), (1, 4), (1, u32::MAX), (u32::MAX, 0)] {
        assert!(matches!(sort(0, count, width, COMPARE), Ok(Step::Return(_))));
    }
    assert!(matches!(sort(BASE, u32::MAX, 4, COMPARE), Err(Stop::Fault(_))));
    let mut memory = TestMemory::new(1);
    let step = sort(BASE + PAGE - 8, 4, 4, COMPARE).unwrap();
    assert!(matches!(finish(&mut memory, step, |_, _, _| -1), Err(Stop::Fault(_))));
}

#[test]
fn a_search_finds_what_is_there() {
    let mut memory = TestMemory::new(1);
    (0..100).for_each(|place| memory.write_u32(ARRAY + 4 * place, place * 3).unwrap());
    let key = BASE;
    for wanted in 0..300 {
        memory.write_u32(key, wanted).unwrap();
        let step = search(key, ARRAY, 100, 4, COMPARE).unwrap();
        let (value, asked) = finish(&mut memory, step, by_value).unwrap();
        let expected = if wanted % 3 == 0 { ARRAY + 4 * (wanted / 3) } else { 0 };
        assert_eq!(value, Value::Word(expected));
        assert!(asked <= 7);
    }
    assert!(matches!(search(key, ARRAY, 0, 4, COMPARE), Ok(Step::Return(_))));
}

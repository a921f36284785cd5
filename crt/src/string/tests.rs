use super::*;
use crate::memory::Access;
use crate::memory::testing::{BASE, PAGE, TestMemory, unmapped};

const OTHER: u32 = BASE + 0x400;

/// Runs a test for narrow and for wide text.
macro_rules! both {
    ($($name:ident)*) => { $(
        #[test]
        fn $name() {
            checks::$name::<u8>();
            checks::$name::<u16>();
        }
    )* };
}

both! {
    lengths_and_ends_of_memory
    copies_and_appends
    comparisons
    searches
    spans_and_tokens
    changes_in_place
}

mod checks {
    use super::*;

    fn unit<U: Unit>(c: char) -> U {
        U::from_code(c as u16)
    }

    pub fn lengths_and_ends_of_memory<U: Unit>() {
        let mut memory = TestMemory::new(1);
        for size in [0, 1, 255, 256, 257, 1000] {
            memory.put::<U>(BASE, &"x".repeat(size));
            assert_eq!(length::<U>(&memory, BASE), Ok(size as u32));
            assert_eq!(bounded_length::<U>(&memory, BASE, 300), Ok(size.min(300) as u32));
            assert_eq!(read::<U>(&memory, BASE, 300).unwrap().len(), size.min(300));
        }
        let end = BASE + PAGE - 4 * U::SIZE;
        write_units(&mut memory, end, &[unit::<U>('x'); 4]).unwrap();
        let fault = unmapped(BASE + PAGE, Access::Read);
        assert_eq!(length::<U>(&memory, end), Err(fault));
        assert_eq!(bounded_length::<U>(&memory, end, 4), Ok(4), "a bounded walk stays within its bound");
        assert_eq!(length::<U>(&memory, 0), Err(unmapped(0, Access::Read)));
        assert_eq!(bounded_length::<U>(&memory, 0, 0), Ok(0));
    }

    pub fn copies_and_appends<U: Unit>() {
        let mut memory = TestMemory::new(1);
        memory.put::<U>(BASE, "hello");
        assert_eq!(copy::<U>(&mut memory, OTHER, BASE), Ok(OTHER));
        assert_eq!(append::<U>(&mut memory, OTHER, BASE), Ok(OTHER));
        assert_eq!(memory.text::<U>(OTHER), "hellohello");
        assert_eq!(append_bounded::<U>(&mut memory, OTHER, BASE, 2), Ok(OTHER));
        assert_eq!(memory.text::<U>(OTHER), "hellohellohe");
        copy_bounded::<U>(&mut memory, OTHER, BASE, 3).unwrap();
        assert_eq!(memory.text::<U>(OTHER), "hellohellohe", "no NUL after a full copy");
        copy_bounded::<U>(&mut memory, OTHER, BASE, 8).unwrap();
        assert_eq!(read::<U>(&memory, OTHER + 8 * U::SIZE, 9).unwrap().len(), 4);
        assert!(memory.bytes(OTHER + 5 * U::SIZE, 3 * U::SIZE as usize).iter().all(|&b| b == 0));
        copy::<U>(&mut memory, BASE + U::SIZE, BASE).unwrap();
        assert_eq!(memory.text::<U>(BASE), "hhello", "an overlapping copy ends");
        let fault = copy_bounded::<U>(&mut memory, OTHER, BASE, u32::MAX).unwrap_err();
        assert_eq!(fault.access, Access::Write);
    }

    pub fn comparisons<U: Unit>() {
        let mut memory = TestMemory::new(1);
        let cases = [
            ("", "", 0, 0),
            ("a", "", 1, 1),
            ("", "a", -1, -1),
            ("abc", "abd", -1, -1),
            ("ABC", "abc", -1, 0),
            ("a_", "aB", 1, -1),
            ("\u{FF}", "a", 1, 1),
        ];
        for (left, right, plain, folded) in cases {
            memory.put::<U>(BASE, left);
            memory.put::<U>(OTHER, right);
            assert_eq!(compare::<U>(&memory, BASE, OTHER), Ok(plain), "{left:?} {right:?}");
            assert_eq!(compare_folded::<U>(&memory, BASE, OTHER), Ok(folded), "{left:?} {right:?}");
            assert_eq!(compare_bounded::<U>(&memory, BASE, OTHER, 0), Ok(0));
        }
        memory.put::<U>(BASE, "ABCx");
        memory.put::<U>(OTHER, "abcy");
        assert_eq!(compare_folded_bounded::<U>(&memory, BASE, OTHER, 3), Ok(0));
        assert_eq!(compare_folded_bounded::<U>(&memory, BASE, OTHER, 4), Ok(-1));
        assert!(compare::<U>(&memory, BASE, 0).is_err());
    }

    pub fn searches<U: Unit>() {
        let mut memory = TestMemory::new(1);
        memory.put::<U>(BASE, "abracadabra");
        let at = |index| BASE + index * U::SIZE;
        assert_eq!(find(&memory, BASE, unit::<U>('c')), Ok(at(4)));
        assert_eq!(find(&memory, BASE, unit::<U>('x')), Ok(0));
        assert_eq!(find(&memory, BASE, U::NUL), Ok(at(11)));
        assert_eq!(find_last(&memory, BASE, unit::<U>('a')), Ok(at(10)));
        assert_eq!(find_last(&memory, BASE, unit::<U>('x')), Ok(0));
        assert_eq!(find_last(&memory, BASE, U::NUL), Ok(at(11)));
        for (pattern, index) in [("", 0), ("abra", 0), ("dab", 6), ("acad", 3), ("bra", 1), ("ra", 2)] {
            memory.put::<U>(OTHER, pattern);
            assert_eq!(find_string::<U>(&memory, BASE, OTHER), Ok(at(index)), "{pattern}");
        }
        memory.put::<U>(OTHER, "abrab");
        assert_eq!(find_string::<U>(&memory, BASE, OTHER), Ok(0));
        memory.put::<U>(BASE, "aabaabaaabaab");
        memory.put::<U>(OTHER, "aabaaab");
        assert_eq!(find_string::<U>(&memory, BASE, OTHER), Ok(at(3)), "a border is used, not forgotten");
    }

    pub fn spans_and_tokens<U: Unit>() {
        let mut memory = TestMemory::new(1);
        memory.put::<U>(BASE, "  one, two;three ");
        memory.put::<U>(OTHER, " ,;");
        assert_eq!(span::<U>(&memory, BASE, OTHER), Ok(2));
        assert_eq!(span_until::<U>(&memory, BASE + 2 * U::SIZE, OTHER), Ok(3));
        assert_eq!(find_any::<U>(&memory, BASE + 2 * U::SIZE, OTHER), Ok(BASE + 5 * U::SIZE));
        let mut rest = 0;
        assert_eq!(token::<U>(&mut memory, 0, OTHER, &mut rest), Ok(0), "nothing begun");
        let mut words = Vec::new();
        let mut word = token::<U>(&mut memory, BASE, OTHER, &mut rest).unwrap();
        while word != 0 {
            words.push(memory.text::<U>(word));
            word = token::<U>(&mut memory, 0, OTHER, &mut rest).unwrap();
        }
        assert_eq!(words, ["one", "two", "three"]);
        assert_eq!(token::<U>(&mut memory, 0, OTHER, &mut rest), Ok(0), "the end stays the end");
        memory.put::<U>(BASE, "abc");
        assert_eq!(find_any::<U>(&memory, BASE, OTHER), Ok(0));
    }

    pub fn changes_in_place<U: Unit>() {
        let mut memory = TestMemory::new(2);
        let long = "Mixed Case 123 ".repeat(40);
        memory.put::<U>(BASE + 1, &long);
        assert_eq!(lower::<U>(&mut memory, BASE + 1), Ok(BASE + 1));
        assert_eq!(memory.text::<U>(BASE + 1), long.to_lowercase());
        upper::<U>(&mut memory, BASE + 1).unwrap();
        assert_eq!(memory.text::<U>(BASE + 1), long.to_uppercase());
        reverse::<U>(&mut memory, BASE + 1).unwrap();
        assert_eq!(memory.text::<U>(BASE + 1), long.to_uppercase().chars().rev().collect::<String>());
        memory.put::<U>(BASE, "abcdef");
        fill_bounded(&mut memory, BASE, unit::<U>('-'), 2).unwrap();
        assert_eq!(memory.text::<U>(BASE), "--cdef");
        fill(&mut memory, BASE, unit::<U>('+')).unwrap();
        assert_eq!(memory.text::<U>(BASE), "++++++");
    }
}

#[test]
fn narrow_case_is_ascii_and_wide_case_is_unicode() {
    let mut memory = TestMemory::new(1);
    memory.put::<u8>(BASE, "\u{E9}a");
    memory.put::<u16>(OTHER, "\u{E9}a");
    upper::<u8>(&mut memory, BASE).unwrap();
    upper::<u16>(&mut memory, OTHER).unwrap();
    assert_eq!(memory.text::<u8>(BASE), "\u{E9}A");
    assert_eq!(memory.text::<u16>(OTHER), "\u{C9}A");
}

use super::*;
use crate::memory::testing::{BASE, TestMemory};

const FORMAT: u32 = BASE;
const TEXT: u32 = BASE + 0x400;
const STORED: u32 = BASE + 0x800;

/// Hands out addresses 32 bytes apart.
struct Places(u32);

impl Arguments for Places {
    fn next_u32(&mut self, _: &dyn GuestMemory) -> Result<u32, Fault> {
        self.0 += 1;
        Ok(STORED + (self.0 - 1) * 32)
    }

    fn next_u64(&mut self, _: &dyn GuestMemory) -> Result<u64, Fault> {
        panic!("scanning takes pointers")
    }

    fn next_f64(&mut self, _: &dyn GuestMemory) -> Result<f64, Fault> {
        panic!("scanning takes pointers")
    }
}

fn scan_both(text: &str, format: &str) -> (i32, TestMemory) {
    let mut memory = TestMemory::new(2);
    memory.put::<u16>(FORMAT, format);
    memory.put::<u16>(TEXT, text);
    let wide = scan_string::<u16>(&mut memory, TEXT, FORMAT, &mut Places(0)).unwrap();
    let mut memory = TestMemory::new(2);
    memory.put::<u8>(FORMAT, format);
    memory.put::<u8>(TEXT, text);
    let narrow = scan_string::<u8>(&mut memory, TEXT, FORMAT, &mut Places(0)).unwrap();
    assert_eq!(wide, narrow, "{text:?} by {format:?}");
    (narrow, memory)
}

fn word(memory: &TestMemory, place: u32) -> u32 {
    memory.read_u32(STORED + place * 32).unwrap()
}

#[test]
fn integers_of_every_radix() {
    let (count, memory) = scan_both(" 12 -7 0x1F 017 ff 4000000000", "%d %d %i%i %x%u");
    assert_eq!(count, 6);
    let words: Vec<u32> = (0..6).map(|place| word(&memory, place)).collect();
    assert_eq!(words, [12, -7_i32 as u32, 31, 15, 255, 4_000_000_000]);
    let (count, memory) = scan_both("123456", "%3d%*1d%hd");
    assert_eq!((count, word(&memory, 0), word(&memory, 1)), (2, 123, 56));
    let (count, memory) = scan_both("1099511627776", "%I64d");
    assert_eq!((count, memory.read_u64(STORED).unwrap()), (1, 1 << 40));
}

#[test]
fn counts_tell_where_it_went_wrong() {
    for (text, format, count) in [
        ("", "%d", -1),
        ("   ", "%d", -1),
        ("x", "%d", 0),
        ("1,x", "%d,%d", 1),
        ("1", "%d,%d", 1),
        ("1,", "%d,%d", 1),
        ("ab", "abc", -1),
        ("abx", "abc%d", 0),
        ("5%", "%d%%", 1),
        ("5 y", "%d%q", 1),
        ("-", "%d", 0),
        ("", "", 0),
    ] {
        assert_eq!(scan_both(text, format).0, count, "{text:?} by {format:?}");
    }
}

#[test]
fn text_is_stored_narrow_or_wide() {
    let mut memory = TestMemory::new(2);
    memory.put::<u16>(FORMAT, "%s %hs %S %2c");
    memory.put::<u16>(TEXT, " wide narrow other xyz");
    assert_eq!(scan_string::<u16>(&mut memory, TEXT, FORMAT, &mut Places(0)), Ok(4));
    assert_eq!(memory.text::<u16>(STORED), "wide");
    assert_eq!(memory.text::<u8>(STORED + 32), "narrow");
    assert_eq!(memory.text::<u8>(STORED + 64), "other");
    assert_eq!(memory.bytes(STORED + 96, 6), b"x\0y\0\0\0");
    memory.put::<u8>(FORMAT, "%ls%c");
    memory.put::<u8>(TEXT, "ab c");
    assert_eq!(scan_string::<u8>(&mut memory, TEXT, FORMAT, &mut Places(0)), Ok(2));
    assert_eq!(memory.text::<u16>(STORED), "ab");
    assert_eq!(memory.bytes(STORED + 32, 1), b" ");
}

#[test]
fn sets_have_ranges_and_may_be_negated() {
    let (count, memory) = scan_both("abc123]xyz;rest", "%[a-z]%[]0-9]%[^;];%3s");
    assert_eq!(count, 4);
    let texts: Vec<String> = (0..4).map(|place| memory.text::<u8>(STORED + place * 32)).collect();
    assert_eq!(texts, ["abc", "123]", "xyz", "res"]);
    assert_eq!(scan_both("x", "%[0-9]").0, 0);
    assert_eq!(scan_both("x", "%[").0, 0);
    assert_eq!(scan_both("x", "%[]").0, 0);
}

#[test]
fn floats_and_the_count_so_far() {
    let (count, memory) = scan_both("1.5 -2.5e2 .25x", "%f %lf %g%n");
    assert_eq!(count, 3);
    assert_eq!(f32::from_bits(word(&memory, 0)), 1.5);
    assert_eq!(f64::from_bits(memory.read_u64(STORED + 32).unwrap()), -250.0);
    assert_eq!(f32::from_bits(word(&memory, 2)), 0.25);
    assert_eq!(word(&memory, 3), 14);
    assert_eq!(scan_both("e5", "%f").0, 0);
}

#[test]
fn bad_memory_is_a_fault() {
    let mut memory = TestMemory::new(1);
    memory.put::<u8>(FORMAT, "%d");
    assert!(scan_string::<u8>(&mut memory, 0, FORMAT, &mut Places(0)).is_err());
    memory.put::<u8>(TEXT, "5");
    assert!(scan_string::<u8>(&mut memory, TEXT, FORMAT, &mut Places(1000)).is_err());
}

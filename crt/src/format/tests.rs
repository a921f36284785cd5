use super::*;
use crate::memory::Access;
use crate::memory::testing::{BASE, PAGE, TestMemory, unmapped};

const FORMAT: u32 = BASE;
const TEXT: u32 = BASE + 0x400;
const BUFFER: u32 = BASE + 0x800;

/// An argument as a test writes it.
#[derive(Clone, Copy, Debug)]
enum Arg {
    Word(u32),
    Long(u64),
    Double(f64),
}
use Arg::{Double, Long, Word};

struct List<'a>(&'a [Arg]);

impl List<'_> {
    fn take(&mut self) -> Arg {
        let (first, rest) = self.0.split_first().expect("no more arguments than the format has");
        self.0 = rest;
        *first
    }
}

impl Arguments for List<'_> {
    fn next_u32(&mut self, _: &dyn GuestMemory) -> Result<u32, Fault> {
        match self.take() {
            Word(value) => Ok(value),
            other => panic!("a word was asked for, there is {other:?}"),
        }
    }

    fn next_u64(&mut self, _: &dyn GuestMemory) -> Result<u64, Fault> {
        match self.take() {
            Long(value) => Ok(value),
            other => panic!("64 bits were asked for, there is {other:?}"),
        }
    }

    fn next_f64(&mut self, _: &dyn GuestMemory) -> Result<f64, Fault> {
        match self.take() {
            Double(value) => Ok(value),
            other => panic!("a double was asked for, there is {other:?}"),
        }
    }
}

fn narrow_in(memory: &mut TestMemory, format: &str, arguments: &[Arg]) -> String {
    memory.put::<u8>(FORMAT, format);
    let mut arguments = List(arguments);
    let units: Vec<u8> = text(memory, FORMAT, &mut arguments).unwrap();
    assert!(arguments.0.is_empty(), "{format}: arguments left over");
    units.iter().map(|&b| char::from(b)).collect()
}

fn narrow(format: &str, arguments: &[Arg]) -> String {
    narrow_in(&mut TestMemory::new(1), format, arguments)
}

fn wide_in(memory: &mut TestMemory, format: &str, arguments: &[Arg]) -> String {
    memory.put::<u16>(FORMAT, format);
    let units: Vec<u16> = text(memory, FORMAT, &mut List(arguments)).unwrap();
    String::from_utf16(&units).unwrap()
}

#[test]
fn the_table_of_known_results_holds() {
    let mut memory = TestMemory::new(1);
    let mut failures = Vec::new();
    let mut count = 0;
    for row in include_str!("table.tsv").lines().filter(|row| !row.starts_with("# ")) {
        let [format, kind, value, expected] = row.split('\t').collect::<Vec<_>>()[..] else {
            panic!("a row has four columns: {row}");
        };
        let argument = match kind {
            "d" => Word(value.parse::<i32>().unwrap() as u32),
            "q" => Long(value.parse::<i64>().unwrap() as u64),
            "f" => Double(f64::from_bits(u64::from_str_radix(value, 16).unwrap())),
            _ => Word(memory.put::<u8>(TEXT, value)),
        };
        let made = narrow_in(&mut memory, format, &[argument]);
        if made != expected {
            failures.push(format!("{format} of {value}: {made:?}, not {expected:?}"));
        }
        count += 1;
    }
    assert!(failures.is_empty(), "{} of {count}:\n{}", failures.len(), failures.join("\n"));
    assert!(count > 4000, "the table is there");
}

#[test]
fn what_the_run_time_printed_where_c99_differs() {
    for (format, value, expected) in [
        ("%e", 1.0, "1.000000e+000"),
        ("%e", 1e-300, "1.000000e-300"),
        ("%g", 1e6, "1e+006"),
        ("%g", 1e-5, "1e-005"),
        ("%G", 1e100, "1E+100"),
        ("%.0f", 0.5, "1"),
        ("%.0f", 2.5, "3"),
        ("%.1f", 0.25, "0.3"),
        ("%f", f64::INFINITY, "1.#INF00"),
        ("%f", f64::NEG_INFINITY, "-1.#INF00"),
        ("%.2f", f64::INFINITY, "1.#J"),
        ("%.0f", f64::INFINITY, "1"),
        ("%e", f64::INFINITY, "1.#INF00e+000"),
        ("%g", f64::INFINITY, "1.#INF"),
        ("%f", f64::from_bits(0xFFF8_0000_0000_0000), "-1.#IND00"),
        ("%f", f64::from_bits(0x7FF8_0000_0000_0000), "1.#QNAN0"),
        ("%.3f", f64::from_bits(0x7FF8_0000_0000_0000), "1.#QO"),
        ("%Lf", 1.5, "1.500000"),
        ("%lf", 1.5, "1.500000"),
        ("%010.1f|", -2.25, "-0000002.3|"),
    ] {
        assert_eq!(narrow(format, &[Double(value)]), expected, "{format}");
    }
    assert_eq!(narrow("%p", &[Word(0xBEEF)]), "0000BEEF");
    assert_eq!(narrow("%10p|%-10p|", &[Word(1), Word(2)]), "  00000001|00000002  |");
    assert_eq!(narrow("%#p", &[Word(0xAB)]), "0X000000AB");
    assert_eq!(narrow("%.3p", &[Word(0xAB)]), "000000AB");
}

#[test]
fn plain_text_percent_and_unknown_letters() {
    assert_eq!(narrow("plain", &[]), "plain");
    assert_eq!(narrow("100%% %-5%|", &[]), "100% %|");
    assert_eq!(narrow("%y%5k%", &[]), "yk");
    assert_eq!(narrow("a%-08.3", &[]), "a");
    assert_eq!(narrow("", &[]), "");
    assert_eq!(wide_in(&mut TestMemory::new(1), "%\u{4E00}x", &[]), "\u{4E00}x");
}

#[test]
fn sizes_take_what_they_say() {
    assert_eq!(
        narrow(
            "%I64x:%d %lld %I32u %Iu",
            &[Long(0x1122_3344_5566_7788), Word(2), Long(u64::MAX), Word(u32::MAX), Word(7)]
        ),
        "1122334455667788:2 -1 4294967295 7"
    );
    assert_eq!(
        narrow("%hd %hu %hX", &[Word(0x1_8000), Word(0x1_8000), Word(0xABCD_1234)]),
        "-32768 32768 1234"
    );
    assert_eq!(narrow("%wd", &[Word(5)]), "5");
}

#[test]
fn width_and_precision_may_be_arguments() {
    let minus = |value: i32| Word(value as u32);
    assert_eq!(narrow("%*d|%-*d|", &[Word(5), Word(42), Word(5), Word(42)]), "   42|42   |");
    assert_eq!(narrow("%*d|", &[minus(-5), Word(42)]), "42   |");
    assert_eq!(narrow("%.*f", &[Word(2), Double(3.1459)]), "3.15");
    assert_eq!(narrow("%.*f", &[minus(-1), Double(3.0)]), "3.000000");
    assert_eq!(narrow("%0*.*d", &[Word(6), Word(3), Word(7)]), "   007");
}

#[test]
fn text_is_narrow_or_wide_by_function_letter_and_size() {
    let mut memory = TestMemory::new(1);
    let (n, w) = (TEXT, TEXT + 0x100);
    memory.put::<u8>(n, "narrow\u{80}");
    memory.put::<u16>(w, "wide\u{20AC}\u{4E00}");
    let narrow_text = "narrow\u{80}";
    for (format, address, expected) in [
        ("%s", n, narrow_text),
        ("%hs", n, narrow_text),
        ("%hS", n, narrow_text),
        ("%S", w, "wide\u{80}?"),
        ("%ls", w, "wide\u{80}?"),
        ("%ws", w, "wide\u{80}?"),
    ] {
        assert_eq!(narrow_in(&mut memory, format, &[Word(address)]), expected, "narrow {format}");
    }
    let wide_text = "wide\u{20AC}\u{4E00}";
    for (format, address, expected) in [
        ("%s", w, wide_text),
        ("%ls", w, wide_text),
        ("%lS", w, wide_text),
        ("%S", n, "narrow\u{20AC}"),
        ("%hs", n, "narrow\u{20AC}"),
    ] {
        assert_eq!(wide_in(&mut memory, format, &[Word(address)]), expected, "wide {format}");
    }
    let euro = [Word(0x20AC), Word(0x80)];
    assert_eq!(wide_in(&mut memory, "%c%C", &euro), "\u{20AC}\u{20AC}");
    assert_eq!(wide_in(&mut memory, "%lc%hc", &euro), "\u{20AC}\u{20AC}");
    assert_eq!(
        narrow_in(&mut memory, "%C%c%3c|%-3c|", &[euro[0], euro[1], Word(65), Word(66)]),
        "\u{80}\u{80}  A|B  |"
    );
    assert_eq!(narrow_in(&mut memory, "a%cb", &[Word(0)]), "a\0b", "a NUL is a character here");
}

#[test]
fn null_strings_and_zero_filled_strings() {
    assert_eq!(narrow("%s %S", &[Word(0), Word(0)]), "(null) (null)");
    assert_eq!(narrow("%.3s|%8s|", &[Word(0), Word(0)]), "(nu|  (null)|");
    let mut memory = TestMemory::new(1);
    memory.put::<u8>(TEXT, "ab");
    assert_eq!(narrow_in(&mut memory, "%05s|%-05s|", &[Word(TEXT), Word(TEXT)]), "000ab|ab   |");
}

#[test]
fn a_precision_keeps_from_reading_on() {
    let mut memory = TestMemory::new(1);
    let end = BASE + PAGE - 3;
    memory.write(end, b"xyz").unwrap();
    assert_eq!(narrow_in(&mut memory, "%.3s", &[Word(end)]), "xyz");
    memory.put::<u8>(FORMAT, "%s");
    let fault = unmapped(BASE + PAGE, Access::Read);
    assert_eq!(text::<u8>(&mut memory, FORMAT, &mut List(&[Word(end)])), Err(FormatError::Fault(fault)));
    assert!(text::<u8>(&mut memory, 0, &mut List(&[])).is_err());
}

#[test]
fn the_count_so_far_is_stored() {
    let mut memory = TestMemory::new(1);
    memory.write(TEXT, &[0xFF; 16]).unwrap();
    assert_eq!(narrow_in(&mut memory, "ab%ncd%hn", &[Word(TEXT), Word(TEXT + 8)]), "abcd");
    assert_eq!(memory.bytes(TEXT, 5), [2, 0, 0, 0, 0xFF]);
    assert_eq!(memory.bytes(TEXT + 8, 3), [4, 0, 0xFF]);
    memory.put::<u8>(FORMAT, "%n");
    assert!(text::<u8>(&mut memory, FORMAT, &mut List(&[Word(0)])).is_err());
}

#[test]
fn wild_widths_are_an_error_and_cost_nothing() {
    let mut memory = TestMemory::new(1);
    for format in ["%2147483647d", "%.2147483647d", "%99999999999999d", "%-2147483647d", "%.1048577x"] {
        memory.put::<u8>(FORMAT, format);
        assert_eq!(
            text::<u8>(&mut memory, FORMAT, &mut List(&[Word(1)])),
            Err(FormatError::TooLong),
            "{format}"
        );
    }
    for format in ["%.2147483647f", "%.4000000000e", "%#.2147483647g"] {
        memory.put::<u8>(FORMAT, format);
        assert_eq!(text::<u8>(&mut memory, FORMAT, &mut List(&[Double(0.1)])), Err(FormatError::TooLong));
    }
    memory.put::<u8>(FORMAT, "%1048576d");
    assert_eq!(text::<u8>(&mut memory, FORMAT, &mut List(&[Word(1)])).unwrap().len(), OUTPUT_LIMIT);
    memory.put::<u8>(FORMAT, "%*d");
    let wild = [Word(i32::MIN as u32), Word(1)];
    assert_eq!(text::<u8>(&mut memory, FORMAT, &mut List(&wild)), Err(FormatError::TooLong));
    assert_eq!(print::bounded::<u8>(&mut memory, BUFFER, 4, FORMAT, &mut List(&wild)), Ok(-1));
    assert_eq!(memory.bytes(BUFFER, 5), b"1   \0");
}

#[test]
fn bounded_prints_cut_without_a_nul() {
    let mut memory = TestMemory::new(1);
    memory.put::<u16>(FORMAT, "%d-%d");
    let mut bounded = |count| {
        memory.write(BUFFER, &[b'#'; 32]).unwrap();
        let arguments = [Word(123), Word(456)];
        let length =
            print::bounded::<u16>(&mut memory, BUFFER, count, FORMAT, &mut List(&arguments)).unwrap();
        let units: Vec<u8> = memory.bytes(BUFFER, 20).chunks(2).map(|pair| pair[0]).collect();
        (length, String::from_utf8(units).unwrap())
    };
    assert_eq!(bounded(8), (7, "123-456\0##".into()));
    assert_eq!(bounded(7), (7, "123-456###".into()), "exactly full: no NUL");
    assert_eq!(bounded(6), (-1, "123-45####".into()), "cut: no NUL");
    assert_eq!(bounded(0), (-1, "##########".into()));
    assert_eq!(print::bounded::<u16>(&mut memory, 0, 0, FORMAT, &mut List(&[Word(1), Word(2)])), Ok(3));
}

#[test]
fn unbounded_and_terminated_prints() {
    let mut memory = TestMemory::new(1);
    memory.put::<u8>(FORMAT, "%s!");
    memory.put::<u8>(TEXT, "hello");
    let arguments = [Word(TEXT)];
    assert_eq!(print::unbounded::<u8>(&mut memory, BUFFER, FORMAT, &mut List(&arguments)), Ok(6));
    assert_eq!(memory.text::<u8>(BUFFER), "hello!");
    let cut = print::terminated::<u8>(&mut memory, BUFFER, 4, FORMAT, &mut List(&arguments)).unwrap();
    assert_eq!(cut, print::Terminated { length: 3, cut: true });
    assert_eq!(memory.text::<u8>(BUFFER), "hel");
    let fault = print::unbounded::<u8>(&mut memory, 0x10, FORMAT, &mut List(&arguments)).unwrap_err();
    assert_eq!(fault, FormatError::Fault(unmapped(0x10, Access::Write)));
}

#[test]
fn wsprintf_has_its_own_smaller_language() {
    let mut memory = TestMemory::new(4);
    let far = BASE + PAGE;
    let mut wsprintf = |format: &str, arguments: &[Arg]| {
        memory.put::<u16>(FORMAT, format);
        memory.put::<u16>(TEXT, "one");
        memory.put::<u8>(TEXT + 0x100, "two");
        let length = win32::wsprintf(&mut memory, far, FORMAT, &mut List(arguments)).unwrap();
        let text = memory.text::<u16>(far);
        assert_eq!(length as usize, text.chars().count());
        text
    };
    let arguments =
        [Word(-7i32 as u32), Word(TEXT), Word(0xBEEF), Word(u32::from(b'Z')), Word(4_000_000_000)];
    assert_eq!(wsprintf("%d,%s,%08x,%c,%u", &arguments), "-7,one,0000beef,Z,4000000000");
    assert_eq!(wsprintf("%S %hs %ls", &[Word(TEXT + 0x100), Word(TEXT + 0x100), Word(TEXT)]), "two two one");
    assert_eq!(wsprintf("%#x %#X %-5d| %.3d", &[Word(10), Word(10), Word(3), Word(3)]), "0xa 0XA 3    | 003");
    assert_eq!(wsprintf("%f %e %*d%%", &[]), "f e *d%", "no floats, no stars");
    assert_eq!(wsprintf("%s", &[Word(0)]), "(null)");
    assert_eq!(wsprintf("%I64d", &[Long(1 << 40)]), "1099511627776");
    assert_eq!(wsprintf("%2000d", &[Word(1)]).len(), win32::BUFFER_UNITS - 1);
}

#[test]
fn random_formats_never_panic_nor_exceed_the_capacity() {
    let alphabet = b"%%%%0123456789-+ #.*hlwIL64diouxXcCsSpneEfgGab";
    let mut state = 1_u64;
    let mut memory = TestMemory::new(1);
    memory.put::<u8>(TEXT, "text");
    struct Any(u64);
    impl Arguments for Any {
        fn next_u32(&mut self, _: &dyn GuestMemory) -> Result<u32, Fault> {
            self.0 += 1;
            Ok(if self.0.is_multiple_of(3) { TEXT } else { self.0 as u32 })
        }
        fn next_u64(&mut self, _: &dyn GuestMemory) -> Result<u64, Fault> {
            Ok(self.0 << 30)
        }
        fn next_f64(&mut self, _: &dyn GuestMemory) -> Result<f64, Fault> {
            Ok(f64::from_bits(self.0 << 52))
        }
    }
    for _ in 0..20_000 {
        let mut format = String::new();
        for _ in 0..12 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            format.push(char::from(alphabet[(state >> 33) as usize % alphabet.len()]));
        }
        memory.put::<u8>(FORMAT, &format);
        if let Ok(made) = super::format::<u8>(&mut memory, FORMAT, &mut Any(state >> 40), 50) {
            assert!(made.units.len() <= 50, "{format}");
        }
        memory.put::<u8>(TEXT, "text");
    }
}

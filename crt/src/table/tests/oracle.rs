//! A hundred thousand random calls, and what the host's C library makes of them: `oracle.c` beside this file is
//! compiled, reads the calls and writes their results. Every call is made narrow and wide.
//!
//! Where Microsoft's documents differ from C99 the calls keep off (a flag without a meaning, `%p`, hexadecimal
//! floats) or the reference does as the documents say (`long` of 32 bits, exponents of three digits). Doubles
//! that lie in the middle between two decimals are none of these calls: they are rounded differently, and a
//! table of its own has them.

use std::path::PathBuf;
use std::process::Command;

use super::*;

/// How many calls of each kind.
const CALLS: usize = 25_000;
const SEED: u64 = 0x00CE_2004_0229;

const FORMAT: u32 = OTHER;
const STORED: u32 = BUFFER + 0x200;

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn often(&mut self) -> bool {
        self.below(3) > 0
    }

    /// A number whose length is as random as its digits.
    fn number(&mut self) -> i64 {
        let bits = self.below(65) as u32;
        let value = self.next() >> (64 - bits.clamp(1, 64));
        self.one(&[value as i64, (value as i64).wrapping_neg(), 0, 1, -1, i64::from(i32::MIN)])
    }

    /// A double that no decimal is the middle of: its last bit is set and far behind the point.
    fn double(&mut self) -> f64 {
        let exponent = 1023 - 300 + self.below(302) as u64;
        let sign = self.next() & 1 << 63;
        f64::from_bits(sign | exponent << 52 | self.next() >> 12 | 1)
    }

    fn word(&mut self, letters: &[u8], longest: usize) -> String {
        let length = self.below(longest + 1);
        (0..length).map(|_| char::from(self.one(letters))).collect()
    }
}

/// A call: its line for the reference, and how the guest makes it.
struct RandomCall {
    line: String,
    make: Box<Make>,
}

type Make = dyn Fn(&mut Guest, Width) -> String;

/// Makes a call of one kind up.
type Kind = fn(&mut Chance) -> RandomCall;

/// Which of the two forms of a function.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Width {
    Narrow,
    Wide,
}

impl Width {
    fn put(self, guest: &mut Guest, address: u32, text: &str) {
        match self {
            Width::Narrow => guest.memory.put::<u8>(address, text),
            Width::Wide => guest.memory.put::<u16>(address, text),
        };
    }

    fn text(self, guest: &Guest, address: u32) -> String {
        match self {
            Width::Narrow => guest.memory.text::<u8>(address),
            Width::Wide => guest.memory.text::<u16>(address),
        }
    }

    /// The units at an address, their low bytes.
    fn units(self, guest: &Guest, address: u32, count: usize) -> Vec<u8> {
        match self {
            Width::Narrow => guest.memory.bytes(address, count),
            Width::Wide => guest.memory.bytes(address, 2 * count).chunks(2).map(|unit| unit[0]).collect(),
        }
    }

    fn place(self, from: u32, to: u32) -> u32 {
        match self {
            Width::Narrow => to - from,
            Width::Wide => (to - from) / 2,
        }
    }

    fn name<'a>(self, narrow: &'a str, wide: &'a str) -> &'a str {
        match self {
            Width::Narrow => narrow,
            Width::Wide => wide,
        }
    }
}

fn hex(text: &[u8]) -> String {
    text.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn print_integer(chance: &mut Chance) -> RandomCall {
    let conversion = chance.one(&['d', 'i', 'u', 'o', 'x', 'X']);
    let mut flags = chance.word(b"-0", 2);
    if matches!(conversion, 'd' | 'i') {
        flags += &chance.word(b"+ ", 2);
    }
    if matches!(conversion, 'o' | 'x' | 'X') {
        flags += &chance.word(b"#", 1);
    }
    let width = if chance.often() { chance.below(30).to_string() } else { String::new() };
    // A width that begins with a zero would be a flag.
    let width = width.trim_start_matches('0').to_owned();
    let precision = if chance.often() { String::new() } else { format!(".{}", chance.below(25)) };
    let value = chance.number();
    let long = chance.below(2) == 0;
    let short = !long && chance.below(4) == 0;
    let format = |size: &str| format!("<%{flags}{width}{precision}{size}{conversion}>");
    let host = format(if long {
        "ll"
    } else if short {
        "h"
    } else {
        ""
    });
    let ours = format(if long {
        "I64"
    } else if short {
        "h"
    } else {
        "l"
    });
    RandomCall {
        line: format!("printf\t{}\t{}\t{value}", if long { 'q' } else { 'd' }, hex(host.as_bytes())),
        make: Box::new(move |guest, width| {
            width.put(guest, FORMAT, &ours);
            let words = [BUFFER, FORMAT, value as u32, (value >> 32) as u32];
            printed(guest, width, &words)
        }),
    }
}

fn printed(guest: &mut Guest, width: Width, words: &[u32]) -> String {
    let length = guest.word(width.name("sprintf", "swprintf"), words);
    let text = width.text(guest, BUFFER);
    assert_eq!(length as usize, text.len());
    hex(text.as_bytes())
}

fn print_text(chance: &mut Chance) -> RandomCall {
    let flags = chance.word(b"-", 1);
    let width = if chance.often() { (1 + chance.below(30)).to_string() } else { String::new() };
    let precision = if chance.often() { String::new() } else { format!(".{}", chance.below(12)) };
    let format = format!("a%{flags}{width}{precision}s%%");
    let text = chance.word(b"ab %\\n~", 20);
    RandomCall {
        line: format!("printf\ts\t{}\t{}", hex(format.as_bytes()), hex(text.as_bytes())),
        make: Box::new(move |guest, width| {
            width.put(guest, FORMAT, &format);
            width.put(guest, TEXT, &text);
            printed(guest, width, &[BUFFER, FORMAT, TEXT])
        }),
    }
}

fn print_stars(chance: &mut Chance) -> RandomCall {
    let (width, precision) = (chance.below(40) as i32 - 20, chance.below(20) as i32 - 5);
    let value = chance.number() as i32;
    let format = chance.one(&["%*.*d|", "%+*.*d", "%0*.*x", "%#*.*o"]);
    RandomCall {
        line: format!("printf\t*\t{}\t{width}\t{precision}\t{value}", hex(format.as_bytes())),
        make: Box::new(move |guest, kind| {
            kind.put(guest, FORMAT, format);
            printed(guest, kind, &[BUFFER, FORMAT, width as u32, precision as u32, value as u32])
        }),
    }
}

fn print_double(chance: &mut Chance) -> RandomCall {
    let conversion = chance.one(&['e', 'E', 'f', 'g', 'G']);
    let precision = if chance.often() { String::new() } else { format!(".{}", chance.below(16)) };
    let flags = chance.word(b"+ #", 2);
    let (left, zero) = (chance.below(3) == 0, chance.below(3) == 0);
    let width = if chance.often() { 0 } else { 1 + chance.below(40) };
    let value = chance.double();
    let host = format!("%{flags}{precision}{conversion}");
    let (minus, filled) = (if left { "-" } else { "" }, if zero { "0" } else { "" });
    let shown = if width == 0 { String::new() } else { width.to_string() };
    let ours = format!("%{flags}{minus}{filled}{shown}{precision}{conversion}");
    let (left, zero) = (u8::from(left), u8::from(zero && !left));
    RandomCall {
        line: format!(
            "printf\tf\t{}\t{:016x}\t{left}\t{zero}\t{width}",
            hex(host.as_bytes()),
            value.to_bits()
        ),
        make: Box::new(move |guest, width| {
            width.put(guest, FORMAT, &ours);
            let bits = value.to_bits();
            printed(guest, width, &[BUFFER, FORMAT, bits as u32, (bits >> 32) as u32])
        }),
    }
}

const STRINGS: [(&str, &str, &str); 12] = [
    ("cmp", "strcmp", "wcscmp"),
    ("ncmp", "strncmp", "wcsncmp"),
    ("len", "strlen", "wcslen"),
    ("spn", "strspn", "wcsspn"),
    ("cspn", "strcspn", "wcscspn"),
    ("chr", "strchr", "wcschr"),
    ("rchr", "strrchr", "wcsrchr"),
    ("pbrk", "strpbrk", "wcspbrk"),
    ("str", "strstr", "wcsstr"),
    ("ncpy", "strncpy", "wcsncpy"),
    ("ncat", "strncat", "wcsncat"),
    ("tok", "strtok", "wcstok"),
];

fn string(chance: &mut Chance) -> RandomCall {
    let (kind, narrow, wide) = chance.one(&STRINGS);
    let letters = chance.one(&[&b"ab"[..], b"abc", b"abcdefgh"]);
    let (one, other) = (chance.word(letters, 24), chance.word(letters, 4));
    let count = match kind {
        "chr" | "rchr" => u32::from(chance.one(b"abcz\0")),
        _ => chance.below(20) as u32,
    };
    RandomCall {
        line: format!("str:{kind}\t{}\t{}\t{count}", hex(one.as_bytes()), hex(other.as_bytes())),
        make: Box::new(move |guest, width| {
            width.put(guest, TEXT, &one);
            width.put(guest, OTHER, &other);
            called_string(guest, width, kind, width.name(narrow, wide), count)
        }),
    }
}

fn called_string(guest: &mut Guest, width: Width, kind: &str, name: &str, count: u32) -> String {
    match kind {
        "cmp" => (guest.word(name, &[TEXT, OTHER]) as i32).signum().to_string(),
        "ncmp" => (guest.word(name, &[TEXT, OTHER, count]) as i32).signum().to_string(),
        "len" => guest.word(name, &[TEXT]).to_string(),
        "spn" | "cspn" => guest.word(name, &[TEXT, OTHER]).to_string(),
        "ncpy" => {
            guest.memory.write(BUFFER, &[b'#'; 96]).unwrap();
            if width == Width::Wide {
                (0..48).for_each(|place| guest.memory.write(BUFFER + 2 * place, b"#\0").unwrap());
            }
            assert_eq!(guest.word(name, &[BUFFER, TEXT, count]), BUFFER);
            hex(&width.units(guest, BUFFER, 48))
        }
        "ncat" => {
            guest.word(width.name("strcpy", "wcscpy"), &[BUFFER, TEXT]);
            assert_eq!(guest.word(name, &[BUFFER, OTHER, count]), BUFFER);
            hex(width.text(guest, BUFFER).as_bytes())
        }
        "tok" => {
            let mut made = String::new();
            let mut token = guest.word(name, &[TEXT, OTHER]);
            while token != 0 {
                made += &format!("{}|", hex(width.text(guest, token).as_bytes()));
                token = guest.word(name, &[0, OTHER]);
            }
            made
        }
        _ => {
            let second = if matches!(kind, "chr" | "rchr") { count } else { OTHER };
            match guest.word(name, &[TEXT, second]) {
                0 => "none".to_owned(),
                found => width.place(TEXT, found).to_string(),
            }
        }
    }
}

fn number(chance: &mut Chance) -> RandomCall {
    let (host, narrow, wide) = chance.one(&[
        ("strtol", "strtol", "wcstol"),
        ("strtoul", "strtoul", "wcstoul"),
        ("_strtoi64", "_strtoi64", "_wcstoi64"),
        ("_strtoui64", "_strtoui64", "_wcstoui64"),
        ("strtod", "strtod", "wcstod"),
    ]);
    let is_double = host == "strtod";
    let base = if is_double { 0 } else { chance.one(&[0, 2, 8, 10, 10, 16, 36]) };
    let mut text = chance.word(b" \t\n", 2) + &chance.word(b"+-", 1);
    if is_double {
        text += &format!(
            "{}{}{}",
            chance.word(b"0123456789", 25),
            chance.word(b".", 1),
            chance.word(b"0123456789", 25)
        );
        let exponent = chance.below(700) as i32 - 350;
        text += &[String::new(), format!("e{exponent}"), "e".to_owned(), "e+".to_owned()][chance.below(4)];
    } else {
        text += chance.one(&["", "", "0", "0x", "0X"]);
        let digits: &[u8] = chance.one(&[&b"01"[..], b"0123456789", b"0123456789abcdefABCDEF", b"0z9Z7g"]);
        text += &chance.word(digits, 24);
    }
    text += &chance.word(b" .q-", 2);
    RandomCall {
        line: format!("{host}\t{}\t{base}", hex(text.as_bytes())),
        make: Box::new(move |guest, width| {
            width.put(guest, TEXT, &text);
            let value = guest.call(width.name(narrow, wide), &[TEXT, STORED, base]).unwrap();
            let end = width.place(TEXT, guest.memory.read_u32(STORED).unwrap());
            match (value, host) {
                (Value::Word(word), "strtol") => format!("{} {end}", word as i32),
                (Value::Word(word), _) => format!("{word} {end}"),
                (Value::Long(long), "_strtoi64") => format!("{} {end}", long as i64),
                (Value::Long(long), _) => format!("{long} {end}"),
                (Value::Double(double), _) => format!("{:016x} {end}", double.to_bits()),
                (other, _) => panic!("{host} returned {other:?}"),
            }
        }),
    }
}

fn digits(chance: &mut Chance) -> RandomCall {
    let value = chance.number() as i32;
    let radix = 2 + chance.below(35) as u32;
    let (host, narrow, wide) =
        chance.one(&[("itoa", "_itoa", "_itow"), ("itoa", "_ltoa", "_ltow"), ("ultoa", "_ultoa", "_ultow")]);
    RandomCall {
        line: format!("digits\t{value}\t{radix}\t{host}"),
        make: Box::new(move |guest, width| {
            assert_eq!(guest.word(width.name(narrow, wide), &[value as u32, BUFFER, radix]), BUFFER);
            width.text(guest, BUFFER)
        }),
    }
}

fn scan(chance: &mut Chance) -> RandomCall {
    let (kind, format) = chance.one(&[
        ('d', "%d %d"),
        ('d', "%3d%2d"),
        ('d', "%x,%o"),
        ('d', " %u-%*d%n"),
        ('d', "%i%i"),
        ('s', "%s%d"),
        ('s', "%5[a-c1]%d"),
        ('s', "%[^,],%d"),
        ('s', "%3c%n"),
        ('f', "%f%d"),
        ('f', "%4f%n"),
        ('e', "%lf,%d"),
    ]);
    // No number has more than 64 bits: what becomes of it then is undefined.
    let piece = |chance: &mut Chance| match chance.below(6) {
        0 => chance.word(b" \t", 2),
        1 => chance.word(b",-", 1),
        2 => chance.word(b"abcd", 3),
        _ => chance.word(b"+-", 1) + &chance.word(b"1234567", 4),
    };
    let fraction = if matches!(kind, 'f' | 'e') {
        format!("{}.{}", chance.below(100), chance.below(1000))
    } else {
        String::new()
    };
    let text = format!("{}{fraction}{}{}{}", piece(chance), piece(chance), piece(chance), piece(chance));
    RandomCall {
        line: format!("scanf\t{kind}\t{}\t{}", hex(text.as_bytes()), hex(format.as_bytes())),
        make: Box::new(move |guest, width| {
            width.put(guest, TEXT, &text);
            width.put(guest, FORMAT, format);
            scanned(guest, width, kind)
        }),
    }
}

fn scanned(guest: &mut Guest, width: Width, kind: char) -> String {
    let (first, second, number, word) = (STORED, STORED + 4, STORED + 8, STORED + 16);
    guest.memory.write(first, &[0x5A; 8]).unwrap();
    guest.memory.write(number, &[0; 8]).unwrap();
    (0..40).for_each(|place| match width {
        Width::Narrow => guest.memory.write(word + place, b"#").unwrap(),
        Width::Wide => guest.memory.write(word + 2 * place, b"#\0").unwrap(),
    });
    let places = match kind {
        'd' => [first, second],
        's' => [word, first],
        _ => [number, first],
    };
    let name = width.name("sscanf", "swscanf");
    let count = guest.word(name, &[TEXT, FORMAT, places[0], places[1]]) as i32;
    let [one, two] = [first, second].map(|place| guest.memory.read_u32(place).unwrap() as i32);
    let bits = guest.memory.read_u64(number).unwrap();
    let (single, double) = if kind == 'f' { (bits as u32, 0) } else { (0, bits) };
    let text = hex(&width.units(guest, word, 40));
    format!("{count} {one} {two} {single:08x} {double:016x} {text}")
}

/// Compiles the reference and gives it the calls; one line of answer for each.
fn answers(lines: &[&str]) -> Vec<String> {
    let source = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/table/tests/oracle.c");
    let folder = std::env::temp_dir().join(format!("cerium-oracle-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let program = folder.join("oracle");
    let compiled = Command::new("cc").arg("-O1").arg("-w").arg("-o").arg(&program).arg(source).status();
    assert!(compiled.expect("a C compiler is among what building needs").success());
    let input = folder.join("calls");
    std::fs::write(&input, lines.join("\n") + "\n").unwrap();
    let output = Command::new(&program).stdin(std::fs::File::open(&input).unwrap()).output().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn random_calls_agree_with_the_hosts_c_library() {
    let mut chance = Chance(SEED);
    let kinds: [(Kind, usize); 8] = [
        (print_integer, CALLS),
        (print_text, CALLS / 5),
        (print_stars, CALLS / 5),
        (print_double, CALLS),
        (string, CALLS),
        (number, CALLS),
        (digits, CALLS / 5),
        (scan, CALLS / 2),
    ];
    let calls: Vec<RandomCall> = kinds
        .iter()
        .flat_map(|(make, count)| (0..*count).map(|_| make(&mut chance)).collect::<Vec<_>>())
        .collect();
    assert!(calls.len() >= 100_000);
    let lines: Vec<&str> = calls.iter().map(|call| call.line.as_str()).collect();
    let answers = answers(&lines);
    assert_eq!(answers.len(), calls.len());
    let mut guest = Guest::new();
    let mut differing = Vec::new();
    for (call, answer) in calls.iter().zip(&answers) {
        for width in [Width::Narrow, Width::Wide] {
            let made = (call.make)(&mut guest, width);
            if made != *answer {
                differing.push(format!("{width:?} {}\n  ours {made}\n  host {answer}", call.line));
            }
        }
    }
    let shown = differing.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
    assert!(differing.is_empty(), "{} calls differ (seed {SEED:#x}):\n{shown}", differing.len());
}

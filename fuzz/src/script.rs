//! A program made of bytes: a list of calls with their arguments, and a few instructions that make them.
//!
//! An argument is a word of memory plus a number, so it can be a constant, an address, or what an earlier
//! call returned. The program is a real image, built here: what it calls goes through its imports, the
//! processor's convention, the decoding of arguments and dispatch, as any guest's calls do.

use cerium_coredll::Row;
use cerium_coredll::catalogue::{self, Processor};

/// The fuzzer's bytes, one after the other; zeros when there are no more.
pub struct Bytes<'a>(std::slice::Iter<'a, u8>);

impl<'a> Bytes<'a> {
    /// Reads these.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes.iter())
    }

    /// Whether there are more.
    fn has_more(&self) -> bool {
        self.0.len() > 0
    }

    /// The next one.
    pub fn byte(&mut self) -> u8 {
        self.0.next().copied().unwrap_or(0)
    }

    /// The next two, as a number.
    pub fn half(&mut self) -> u16 {
        u16::from_le_bytes([self.byte(), self.byte()])
    }

    fn word(&mut self) -> u32 {
        u32::from_le_bytes([self.byte(), self.byte(), self.byte(), self.byte()])
    }
}

/// How many argument words each call is given; no function takes more.
const WORDS: usize = 12;
/// What an argument may be.
#[derive(Copy, Clone)]
pub struct Argument {
    /// The address of the word that it starts from.
    from: u32,
    /// What is added.
    plus: u32,
}

impl From<u32> for Argument {
    fn from(number: u32) -> Self {
        Argument { from: ZERO, plus: number }
    }
}

struct Record {
    /// The function's exported name.
    function: &'static str,
    /// Where its result goes.
    result: u32,
    arguments: [Argument; WORDS],
}

/// A program.
pub struct Script {
    processor: Processor,
    records: Vec<Record>,
    /// Bytes at [`NOISE`].
    noise: Vec<u8>,
}

const MAXIMUM_RECORDS: usize = 24;
/// A call as the program has it: its function, its result's place, and two words an argument.
const RECORD_SIZE: usize = 4 * (2 + 2 * WORDS);

const BASE: u32 = 0x1_0000;
const CODE: u32 = 0x1000;
const IMPORTS: u32 = 0x2000;
const DATA: u32 = 0x4000;
const END: u32 = 0x8000;

/// Within `DATA`: a word that is zero, and sixteen results.
const ZERO: u32 = BASE + DATA;
const RESULTS: u32 = ZERO + 0x10;
/// Texts, narrow and wide.
const TEXTS: u32 = ZERO + 0x100;
/// Bytes of the fuzzer's.
const NOISE: u32 = ZERO + 0x800;
/// A page that is free for everything.
const ROOM: u32 = ZERO + 0x1000;
/// The calls.
const RECORDS: u32 = ZERO + 0x2000;
/// A page without a zero, and nothing behind it.
const LAST: u32 = ZERO + 0x3000;

/// Numbers at which counts, sizes and handles turn.
const NUMBERS: [u32; 32] = [
    0,
    1,
    2,
    3,
    4,
    5,
    7,
    8,
    0x10,
    0x3F,
    0x40,
    0x41,
    0x42,
    0x43,
    0x7F,
    0x80,
    0xFF,
    0x100,
    259,
    260,
    0xFFF,
    0x1000,
    0x1001,
    0xFFFF,
    0x1_0000,
    0x10_0000,
    0x7FFF_FFFF,
    0x8000_0000,
    0x8000_0001,
    0xFFFF_0000,
    0xFFFF_FFFE,
    0xFFFF_FFFF,
];

/// Addresses: what a guest has, what it has not, and the edges between.
const ADDRESSES: [u32; 20] = [
    RESULTS,
    TEXTS,
    NOISE,
    NOISE,
    ROOM,
    ROOM,
    ROOM + 0x800,
    RECORDS,
    LAST,
    LAST + 0xFF8,
    LAST + 0xFFC,
    LAST + 0xFFF,
    BASE + END,
    BASE,
    BASE + CODE,
    BASE + IMPORTS,
    0xFFFF_C800,
    0x5800,
    0xF100_0000,
    0xFFFF_FFF0,
];

const TEXT_SIZE: u32 = 0x20;
/// Each at a multiple of `TEXT_SIZE` from `TEXTS`; narrow ones first.
const NARROW: [&str; 14] = [
    "",
    "a",
    "%s",
    "%d %u %x",
    "%n",
    "%*.*f",
    "%-099999d",
    "%ls%hs%S",
    "%lld%I64d",
    "%[a-z]",
    "0x7fffffffff",
    "1e999",
    "-1.5e-320",
    "%c%c%c%c",
];
const WIDE: [&str; 14] = [
    "",
    "a",
    "b",
    "A",
    "script",
    "\\script.exe",
    "%s%S",
    "%d %u %x",
    "%*.*e",
    "%n",
    "12345678901",
    "a\\b",
    "%.99999f",
    "nan",
];

impl Script {
    /// A page that a program may write to.
    pub const ROOM: u32 = ROOM;

    /// The address of a wide text, of those that every program has.
    pub fn wide(place: u32) -> u32 {
        TEXTS + TEXT_SIZE * (NARROW.len() as u32 + place)
    }

    /// A program that calls nothing yet.
    pub fn new(processor: Processor) -> Self {
        Script { processor, records: Vec::new(), noise: Vec::new() }
    }

    /// Adds a call; gives its result, which the next fifteen calls may use.
    pub fn call(&mut self, function: &'static str, given: &[Argument]) -> Argument {
        let result = RESULTS + 4 * (self.records.len() as u32 % 16);
        let mut arguments = [Argument::from(0); WORDS];
        arguments[..given.len()].copy_from_slice(given);
        self.records.push(Record { function, result, arguments });
        assert!(self.records.len() * RECORD_SIZE <= (LAST - RECORDS) as usize, "the calls have room");
        Argument { from: result, plus: 0 }
    }

    /// Takes a program from the fuzzer's bytes.
    pub fn read(bytes: &mut Bytes<'_>) -> Self {
        let processor = if bytes.byte().is_multiple_of(2) { Processor::Arm } else { Processor::X86 };
        let functions = functions(processor);
        let mut records = Vec::new();
        while records.len() < MAXIMUM_RECORDS && bytes.has_more() {
            let function = functions[usize::from(bytes.half()) % functions.len()];
            // The end of a program is an empty record.
            let control = bytes.byte();
            if control == 0xFF {
                break;
            }
            let result = RESULTS + 4 * u32::from(control % 16);
            // Most functions have few parameters; the rest keep what costs no bytes.
            let count = usize::from(control >> 4) % (WORDS + 1);
            let mut arguments = [Argument { from: ZERO, plus: 0 }; WORDS];
            let parameters = function.parameters.iter().copied().chain(std::iter::repeat(("", "")));
            for (argument, (name, kind)) in arguments.iter_mut().zip(parameters).take(count) {
                *argument = Argument::read(bytes, name, kind);
            }
            records.push(Record { function: function.export, result, arguments });
        }
        let size = usize::from(bytes.byte());
        let noise = (0..size).map(|_| bytes.byte()).collect();
        Script { processor, records, noise }
    }

    /// The program as the bytes of a file.
    pub fn image(&self) -> Vec<u8> {
        let imports = Imports::new(self.records.iter().map(|record| record.function));
        let code = match self.processor {
            Processor::Arm => arm_code(self.records.len() as u32),
            Processor::X86 => x86_code(self.records.len() as u32),
        };
        let machine: u16 = if self.processor == Processor::Arm { 0x1C0 } else { 0x14C };
        let mut file = headers(machine);
        file.resize(END as usize, 0);
        let mut put = |at: u32, bytes: &[u8]| {
            let at = (at - BASE) as usize;
            file[at..at + bytes.len()].copy_from_slice(bytes);
        };
        put(BASE + CODE, &code);
        put(BASE + IMPORTS, &imports.bytes);
        for (place, text) in (0..).zip(NARROW) {
            put(TEXTS + place * TEXT_SIZE, text.as_bytes());
        }
        for (place, text) in (NARROW.len() as u32..).zip(WIDE) {
            let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            put(TEXTS + place * TEXT_SIZE, &wide);
        }
        put(NOISE, &self.noise);
        put(LAST, &[b'A'; 0x1000]);
        put(RECORDS, &self.record_bytes(&imports));
        file
    }

    /// The same with these bytes as its resources, in a section of their own.
    pub fn image_with_resources(&self, resources: &[u8]) -> Vec<u8> {
        let mut file = self.image();
        let size = resources.len().next_multiple_of(PAGE).max(PAGE);
        file.extend(resources);
        file.resize(END as usize + size, 0);
        let mut put = |at: usize, word: u32| file[at..at + 4].copy_from_slice(&word.to_le_bytes());
        put(OPTIONAL + 56, END + size as u32);
        put(OPTIONAL + 112, END);
        put(OPTIONAL + 116, resources.len() as u32);
        put_section(&mut file, 3, (END, END + size as u32, 0x4000_0040));
        file[0x46] = 4;
        file
    }

    fn record_bytes(&self, imports: &Imports) -> Vec<u8> {
        let mut words = Vec::new();
        for (record, place) in self.records.iter().zip(&imports.places) {
            words.extend([*place, record.result]);
            words.extend(record.arguments.iter().flat_map(|argument| [argument.from, argument.plus]));
        }
        words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }
}

impl Argument {
    /// An argument for a parameter of this name and type, or for none.
    fn read(bytes: &mut Bytes<'_>, name: &str, of: &str) -> Self {
        let kind = bytes.byte();
        let choice = u32::from(kind >> 3);
        let constant = Argument::from;
        match kind % 8 {
            0 => constant(NUMBERS[choice as usize % NUMBERS.len()]),
            1 => constant(bytes.word()),
            2 => constant(u32::from(bytes.byte())),
            3 => Argument { from: RESULTS + 4 * (choice % 16), plus: 0 },
            4 => Argument::fitting(choice, name, of),
            // What was returned, a little changed.
            5 => Argument { from: RESULTS + 4 * (choice % 16), plus: u32::from(bytes.byte()) },
            6 => constant(ADDRESSES[choice as usize % ADDRESSES.len()].wrapping_add(bytes.byte().into())),
            _ => constant(TEXTS + TEXT_SIZE * (choice % (NARROW.len() + WIDE.len()) as u32)),
        }
    }
}

impl Argument {
    /// What a well-behaved program might pass, so that some get far.
    fn fitting(choice: u32, name: &str, of: &str) -> Self {
        let constant = Argument::from;
        let wide = Script::wide(choice % WIDE.len() as u32);
        let narrow = TEXTS + TEXT_SIZE * (choice % NARROW.len() as u32);
        let name = name.to_ascii_lowercase();
        let is_number =
            ["count", "size", "cb", "len", "flags"].iter().any(|part| name.contains(part)) || name.len() == 1;
        match of {
            "Handle" => Argument { from: RESULTS + 4 * (choice % 16), plus: 0 },
            "Text" => constant(wide),
            "Address" => constant(BASE + CODE),
            "Section" | "Handles" => constant(RESULTS),
            _ if of.starts_with("Out<") => constant(ROOM + 16 * choice),
            _ if of.contains('<') || of.contains("Buffer") || of == "Bytes" => constant(NOISE),
            _ if of != "u32" || is_number => constant(choice),
            _ if name.contains("format") || name.contains("src") => {
                constant(if choice.is_multiple_of(2) { narrow } else { wide })
            }
            _ => constant(ROOM + 64 * choice),
        }
    }
}

/// Every function that cerium has on a processor.
pub(crate) fn functions(processor: Processor) -> Vec<&'static Row> {
    let crt = cerium_crt::Function::all().iter().map(|function| function.row());
    let rows = cerium_coredll::TABLE.iter().chain(crt).chain(cerium_loader::table::TABLE);
    rows.filter(|row| catalogue::by_name(processor, row.export).is_some()).collect()
}

/// The import directory, tables and names, as they stand at `IMPORTS`.
struct Imports {
    bytes: Vec<u8>,
    /// Where each import's address is put, in order.
    places: Vec<u32>,
}

impl Imports {
    fn new(names: impl ExactSizeIterator<Item = &'static str>) -> Self {
        let count = names.len() as u32;
        let (module, table) = (IMPORTS + 40, IMPORTS + 60);
        let mut name_at = table + 4 * (count + 1);
        let mut texts = Vec::new();
        let mut words = Vec::new();
        for name in names {
            words.push(name_at);
            texts.extend([0, 0]);
            texts.extend(name.as_bytes());
            texts.push(0);
            name_at = IMPORTS + 60 + 4 * (count + 1) + texts.len() as u32;
        }
        words.push(0);
        let mut bytes: Vec<u8> = [table, 0, 0, module, table, 0, 0, 0, 0, 0]
            .iter()
            .flat_map(|word: &u32| word.to_le_bytes())
            .collect();
        bytes.extend(b"COREDLL.dll\0\0\0\0\0\0\0\0\0");
        bytes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
        bytes.extend(texts);
        assert!(bytes.len() <= (DATA - IMPORTS) as usize, "the imports have room");
        Imports { bytes, places: (0..count).map(|place| BASE + table + 4 * place).collect() }
    }
}

/// Makes the calls; their list and its length stand behind the code.
fn arm_code(count: u32) -> Vec<u8> {
    let code: [u32; 26] = [
        0xE92D_4FF0, // push {r4-r11, lr}
        0xE59F_4054, // ldr r4, =records
        0xE59F_5054, // ldr r5, =count
        0xE255_5001, // next: subs r5, r5, #1
        0x4A00_0011, // bmi end
        0xE494_A004, // ldr r10, [r4], #4: the import's place
        0xE494_9004, // ldr r9, [r4], #4: the result's place
        0xE24D_D030, // sub sp, sp, #48
        0xE3A0_6000, // mov r6, #0
        0xE494_7004, // argument: ldr r7, [r4], #4
        0xE494_8004, // ldr r8, [r4], #4
        0xE597_7000, // ldr r7, [r7]
        0xE087_7008, // add r7, r7, r8
        0xE78D_7106, // str r7, [sp, r6, lsl #2]
        0xE286_6001, // add r6, r6, #1
        0xE356_000C, // cmp r6, #12
        0x1AFF_FFF7, // bne argument
        0xE8BD_000F, // pop {r0-r3}
        0xE1A0_E00F, // mov lr, pc
        0xE59A_F000, // ldr pc, [r10]
        0xE28D_D020, // add sp, sp, #32
        0xE589_0000, // str r0, [r9]
        0xEAFF_FFEB, // b next
        0xE8BD_8FF0, // end: pop {r4-r11, pc}
        RECORDS,
        count,
    ];
    code.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// The same for x86. What a callee leaves on the stack is taken off: some of the helpers pop, most do not.
fn x86_code(count: u32) -> Vec<u8> {
    let mut code = vec![0xBE]; // mov esi, records
    code.extend(RECORDS.to_le_bytes());
    code.push(0xBF); // mov edi, count
    code.extend(count.to_le_bytes());
    code.extend([
        0x4F, // next: dec edi
        0x78, 0x2A, // js end
        0x8B, 0x1E, // mov ebx, [esi]: the import's place
        0x83, 0xC6, 0x08, // add esi, 8
        0x89, 0xE5, // mov ebp, esp
        0x83, 0xEC, 0x30, // sub esp, 48
        0x31, 0xC9, // xor ecx, ecx
        0x8B, 0x06, // argument: mov eax, [esi]
        0x8B, 0x00, // mov eax, [eax]
        0x03, 0x46, 0x04, // add eax, [esi + 4]
        0x89, 0x04, 0x8C, // mov [esp + 4 * ecx], eax
        0x83, 0xC6, 0x08, // add esi, 8
        0x41, // inc ecx
        0x83, 0xF9, 0x0C, // cmp ecx, 12
        0x75, 0xED, // jne argument
        0xFF, 0x13, // call [ebx]
        0x89, 0xEC, // mov esp, ebp
        0x8B, 0x4E, 0x9C, // mov ecx, [esi - 100]: the result's place
        0x89, 0x01, // mov [ecx], eax
        0xEB, 0xD3, // jmp next
        0x31, 0xC0, // end: xor eax, eax
        0xC3, // ret
    ]);
    code
}

/// Where the optional header stands in the file.
const OPTIONAL: usize = 0x58;
const PAGE: usize = 0x1000;

/// The headers of an image whose sections stand in the file as they do in memory.
fn headers(machine: u16) -> Vec<u8> {
    let mut bytes = vec![0; 0x200];
    let mut put = |at: usize, value: &[u8]| bytes[at..at + value.len()].copy_from_slice(value);
    put(0, b"MZ");
    put(60, &0x40u32.to_le_bytes());
    put(0x40, b"PE\0\0");
    let file: [(usize, u16); 4] = [(0x44, machine), (0x46, 3), (0x54, 0xE0), (0x56, 0x0103)];
    for (at, half) in file {
        put(at, &half.to_le_bytes());
    }
    let words: [(usize, u32); 11] = [
        (0, 0x10B),
        (16, CODE),
        (28, BASE),
        (48, 5),
        (56, END),
        (60, 0x200),
        (68, 9),
        (72, 0x1_0000),
        (92, 16),
        (104, IMPORTS),
        (108, 40),
    ];
    for (at, word) in words {
        put(OPTIONAL + at, &word.to_le_bytes());
    }
    let sections = [(CODE, IMPORTS, 0x6000_0020u32), (IMPORTS, DATA, 0x4000_0040), (DATA, END, 0xC000_0040)];
    for (place, section) in sections.into_iter().enumerate() {
        put_section(&mut bytes, place, section);
    }
    bytes
}

/// Describes a section that stands in the file as it does in memory: its start, its end, its characteristics.
fn put_section(file: &mut [u8], place: usize, (start, end, characteristics): (u32, u32, u32)) {
    let at = OPTIONAL + 0xE0 + 40 * place;
    for (field, word) in
        [(8, end - start), (12, start), (16, end - start), (20, start), (36, characteristics)]
    {
        file[at + field..at + field + 4].copy_from_slice(&word.to_le_bytes());
    }
}

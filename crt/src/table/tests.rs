use super::*;
use crate::arithmetic::Division;
use crate::call::{
    Answer, ArgumentList, Environment, Output, ProcessState, Stream, ThreadState, Value, X86Registers,
};
use crate::memory::testing::{BASE, PAGE, TestMemory};
use crate::memory::{Access, GuestMemory};

mod oracle;
mod streams;

/// A process with text and buffers in two pages.
struct Guest {
    memory: TestMemory,
    process: ProcessState,
    thread: ThreadState,
    printed: Printed,
    last_error: Option<u32>,
}

#[derive(Default)]
struct Printed(Vec<(Stream, String)>);

impl Output for Printed {
    fn print(&mut self, stream: Stream, text: &str) {
        self.0.push((stream, text.to_string()));
    }
}

const TEXT: u32 = BASE;
const OTHER: u32 = BASE + 0x400;
const BUFFER: u32 = BASE + 0x800;
const STACK: u32 = BASE + PAGE;

impl Guest {
    fn new() -> Self {
        let mut memory = TestMemory::new(2);
        let process = ProcessState::new(&mut memory).unwrap();
        let (thread, printed) = (ThreadState::default(), Printed::default());
        Self { memory, process, thread, printed, last_error: None }
    }

    fn call_list(&mut self, name: &str, mut arguments: ArgumentList) -> Result<Answer, Stop> {
        let function = Function::exported_as(name).unwrap();
        let mut cx = Cx {
            memory: &mut self.memory,
            process: &mut self.process,
            thread: &mut self.thread,
            arguments: &mut arguments,
            output: &mut self.printed,
            last_error: None,
        };
        let step = function.call(&mut cx);
        self.last_error = cx.last_error;
        match step? {
            Step::Return(answer) => Ok(answer),
            // Nobody is asked here; the functions that ask have tests of their own.
            Step::Pause(_) => Ok(Answer { value: Value::Nothing, pops: 0 }),
        }
    }

    /// Calls with words as x86 passes them.
    fn call(&mut self, name: &str, words: &[u32]) -> Result<Value, Stop> {
        for (i, word) in words.iter().enumerate() {
            self.memory.write_u32(STACK + 4 * i as u32, *word).unwrap();
        }
        self.call_list(name, ArgumentList::x86(STACK, X86Registers::default())).map(|answer| answer.value)
    }

    fn word(&mut self, name: &str, words: &[u32]) -> u32 {
        match self.call(name, words) {
            Ok(Value::Word(word)) => word,
            other => panic!("{name} returned {other:?}"),
        }
    }
}

#[test]
fn every_row_is_an_export_at_its_ordinals() {
    for row in Function::all().iter().map(|function| function.row()) {
        for (processor, ordinal) in [(Processor::X86, row.ordinals.x86), (Processor::Arm, row.ordinals.arm)] {
            let Some(ordinal) = ordinal else { continue };
            let names: Vec<_> = cerium_coredll::catalogue::exports()
                .iter()
                .filter(|export| export.ordinal == ordinal && export.is_on(processor))
                .map(|export| export.name)
                .collect();
            assert!(names.contains(&row.export), "{} at {ordinal}: {names:?}", row.export);
        }
    }
}

#[test]
fn no_two_rows_share_a_name_or_an_ordinal() {
    let rows: Vec<&Row> = Function::all().iter().map(|function| function.row()).collect();
    for (i, row) in rows.iter().enumerate() {
        for other in &rows[i + 1..] {
            assert_ne!(row.export, other.export);
            let clash = |a: Option<u16>, b| a.is_some() && a == b;
            assert!(!clash(row.ordinals.x86, other.ordinals.x86), "{} and {}", row.name, other.name);
            assert!(!clash(row.ordinals.arm, other.ordinals.arm), "{} and {}", row.name, other.name);
        }
        assert!(cerium_coredll::Function::exported_as(row.export).is_none(), "{} is coredll's", row.export);
        assert!(!row.summary.is_empty() && !row.page.is_empty());
    }
    assert_eq!(Function::at_ordinal(Processor::Arm, 2005), Function::exported_as("__rt_sdiv"));
    assert_eq!(Function::at_ordinal(Processor::X86, 2005), Function::exported_as("_allshl"));
    assert_ne!(Function::exported_as("_allshl"), None);
    assert_eq!(Function::at_ordinal(Processor::X86, 60000), None);
}

#[test]
fn no_function_panics_whatever_its_words() {
    let interesting =
        [0, 1, 2, 10, 16, TEXT, BUFFER, BASE + 2 * PAGE - 1, 0x7FFF_FFFF, 0x8000_0000, u32::MAX];
    let mut state = 7_u64;
    for &function in Function::all() {
        let mut guest = Guest::new();
        for _ in 0..300 {
            guest.memory.put::<u8>(TEXT, "%d %s %5.2f %n %S [a] 12 0x1F");
            guest.memory.put::<u16>(OTHER, "%d %s wide");
            let words: Vec<u32> = (0..10)
                .map(|_| {
                    state =
                        state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    interesting[(state >> 33) as usize % interesting.len()]
                })
                .collect();
            let _ = guest.call(function.row().export, &words);
            let list = ArgumentList::arm_v7([words[0], words[1], words[2], words[3]], STACK, [words[4]; 16]);
            let _ = guest.call_list(function.row().export, list);
        }
    }
}

#[test]
fn strings_and_faults() {
    let mut guest = Guest::new();
    guest.memory.put::<u16>(TEXT, "hello");
    assert_eq!(guest.word("wcslen", &[TEXT]), 5);
    assert_eq!(guest.word("wcscpy", &[BUFFER, TEXT]), BUFFER);
    assert_eq!(guest.word("_wcsicmp", &[BUFFER, TEXT]), 0);
    assert_eq!(guest.word("wcschr", &[TEXT, u32::from(b'l')]), TEXT + 4);
    let Err(Stop::Fault(fault)) = guest.call("wcslen", &[0]) else { panic!("a fault is due") };
    assert_eq!((fault.address, fault.access), (0, Access::Read));
}

#[test]
fn the_guests_hello_formats_as_each_processor_passes_it() {
    let mut guest = Guest::new();
    guest.memory.put::<u16>(TEXT, "%I64x:%d");
    // _snwprintf(buffer, 128, format, 0x1122334455667788, 2): the format is the third word, so the long
    // follows.
    let stack = |guest: &mut Guest, words: &[u32]| {
        for (i, word) in words.iter().enumerate() {
            guest.memory.write_u32(STACK + 4 * i as u32, *word).unwrap();
        }
    };
    let (low, high) = (0x5566_7788, 0x1122_3344);
    stack(&mut guest, &[BUFFER, 128, TEXT, low, high, 2]);
    let x86 = ArgumentList::x86(STACK, X86Registers::default());
    guest.call_list("_snwprintf", x86).unwrap();
    assert_eq!(guest.memory.text::<u16>(BUFFER), "1122334455667788:2");
    stack(&mut guest, &[high, 2]);
    guest.call_list("_snwprintf", ArgumentList::arm([BUFFER, 128, TEXT, low], STACK)).unwrap();
    assert_eq!(guest.memory.text::<u16>(BUFFER), "1122334455667788:2");
    stack(&mut guest, &[low, high, 2]);
    guest.call_list("_snwprintf", ArgumentList::arm_v7([BUFFER, 128, TEXT, 0], STACK, [0; 16])).unwrap();
    assert_eq!(guest.memory.text::<u16>(BUFFER), "1122334455667788:2");
}

#[test]
fn variable_floats_are_words_on_version_7() {
    let mut guest = Guest::new();
    guest.memory.put::<u8>(TEXT, "%.1f");
    let bits = 2.5_f64.to_bits();
    let words = [BUFFER, TEXT, bits as u32, (bits >> 32) as u32];
    guest.call_list("sprintf", ArgumentList::arm_v7(words, STACK, [0; 16])).unwrap();
    assert_eq!(guest.memory.text::<u8>(BUFFER), "2.5");
    let mut floats = [0; 16];
    let bits = 9_f64.to_bits();
    (floats[0], floats[1]) = (bits as u32, (bits >> 32) as u32);
    let answer = guest.call_list("sqrt", ArgumentList::arm_v7([0; 4], STACK, floats)).unwrap();
    assert_eq!(answer.value, Value::Double(3.0));
}

#[test]
fn text_is_put_out_on_its_stream() {
    let mut guest = Guest::new();
    guest.memory.put::<u16>(TEXT, "n=%d %s\r\n");
    guest.memory.put::<u16>(OTHER, "\u{E9}\u{20AC}");
    assert_eq!(guest.call("NKDbgPrintfW", &[TEXT, 42, OTHER]), Ok(Value::Nothing));
    assert_eq!(guest.word("wprintf", &[TEXT, 1, OTHER]), 8);
    guest.memory.put::<u8>(TEXT, "\u{80}!");
    assert_eq!(guest.word("puts", &[TEXT]), 0);
    let error = guest.word("_getstdfilex", &[2]);
    assert_eq!(guest.word("fputs", &[TEXT, error]), 0);
    assert_eq!(guest.word("fwrite", &[TEXT, 1, 2, error]), 2);
    assert_eq!(guest.word("fputs", &[TEXT, 0x1234]), u32::MAX);
    let expected = [
        (Stream::Debug, "n=42 \u{E9}\u{20AC}\r\n"),
        (Stream::Output, "n=1 \u{E9}\u{20AC}\r\n"),
        (Stream::Output, "\u{20AC}!\n"),
        (Stream::Error, "\u{20AC}!"),
        (Stream::Error, "\u{20AC}!"),
    ];
    assert!(guest.printed.0.iter().map(|(stream, text)| (*stream, text.as_str())).eq(expected));
}

#[test]
fn heaps_and_their_errors() {
    let mut guest = Guest::new();
    let block = guest.word("malloc", &[100]);
    assert_eq!(guest.word("_msize", &[block]), 100);
    assert_eq!(guest.word("LocalSize", &[block]), 100);
    assert_eq!(guest.word("LocalFree", &[block]), 0);
    assert_eq!(guest.word("LocalFree", &[block]), block);
    assert_eq!(guest.last_error, Some(6));
    assert_eq!(guest.word("LocalFree", &[0]), 0);
    let heap = guest.word("GetProcessHeap", &[]);
    assert_eq!(guest.word("HeapFree", &[heap, 0, block]), 0);
    assert_eq!(guest.last_error, Some(87));
    assert_eq!(guest.word("HeapAlloc", &[heap, 8, 0x7FFF_FFFF]), 0);
    assert_eq!(guest.last_error, Some(8));
    assert_eq!(guest.word("calloc", &[0x1_0000, 0x1_0000]), 0, "the product does not fit");
    let block = guest.word("LocalAlloc", &[0x40, 8]);
    assert_eq!(guest.memory.bytes(block, 8), [0; 8]);
    assert_ne!(guest.word("LocalReAlloc", &[block, 64, 0x42]), 0);
    let block = guest.word("realloc", &[0, 5]);
    assert_eq!(guest.word("realloc", &[block, 0]), 0);
    assert_eq!(guest.word("_msize", &[block]), u32::MAX);
    guest.memory.put::<u16>(TEXT, "copy");
    let copy = guest.word("_wcsdup", &[TEXT]);
    assert_eq!(guest.memory.text::<u16>(copy), "copy");
    assert_eq!(guest.call("??3@YAXPAX@Z", &[copy]), Ok(Value::Nothing));
}

#[test]
fn divisions_return_as_their_callers_expect() {
    let mut guest = Guest::new();
    let divided = guest.call_list("__rt_sdiv", ArgumentList::arm([3, -10_i32 as u32, 0, 0], STACK)).unwrap();
    let expected = Division { quotient: -3_i32 as u32, remainder: -1_i32 as u32 };
    assert_eq!(divided.value, Value::Division(expected));
    let divided = guest.call_list("__rt_sdiv", ArgumentList::arm([0, 1, 0, 0], STACK));
    assert_eq!(divided, Err(Stop::DivideByZero));
    [100, 0, 7, 0]
        .iter()
        .enumerate()
        .for_each(|(i, w)| guest.memory.write_u32(STACK + 4 * i as u32, *w).unwrap());
    let registers = X86Registers { edx_eax: 1 << 40, ecx: 0xFF04, st: [2.0, 3.0], ..X86Registers::default() };
    let list = ArgumentList::x86(STACK, registers);
    let divided = guest.call_list("_aulldvrm", list).unwrap();
    assert_eq!(divided, Answer { value: Value::LongDivision { quotient: 14, remainder: 2 }, pops: 16 });
    assert_eq!(guest.call_list("_allshl", list).unwrap().value, Value::Long(1 << 44));
    assert_eq!(guest.call_list("_CIpow", list).unwrap().value, Value::Double(9.0));
    assert_eq!(guest.call_list("_ftol", list).unwrap().value, Value::Long(2));
}

#[test]
fn tokens_and_random_numbers_are_the_threads() {
    let mut guest = Guest::new();
    guest.memory.put::<u8>(TEXT, "a b");
    guest.memory.put::<u8>(OTHER, " ");
    assert_eq!(guest.word("strtok", &[TEXT, OTHER]), TEXT);
    assert_eq!(guest.word("strtok", &[0, OTHER]), TEXT + 2);
    assert_eq!(guest.word("rand", &[]), 41);
    assert_eq!(guest.call("srand", &[0]), Ok(Value::Nothing));
    assert_eq!(guest.word("rand", &[]), 38);
}

#[test]
fn safe_strings_store_what_is_left() {
    let mut guest = Guest::new();
    guest.memory.put::<u16>(TEXT, "%d!");
    let at = BUFFER + 0x100;
    assert_eq!(guest.word("StringCbPrintfExW", &[BUFFER, 21, at, at + 4, 0, TEXT, 77]), 0);
    assert_eq!(guest.memory.text::<u16>(BUFFER), "77!");
    assert_eq!(guest.memory.read_u32(at), Ok(BUFFER + 6));
    assert_eq!(guest.memory.read_u32(at + 4), Ok(15));
    assert_eq!(guest.word("StringCchCopyW", &[BUFFER, 3, TEXT]), 0x8007_007A);
    assert_eq!(guest.word("StringCchLengthW", &[TEXT, 10, at]), 0);
    assert_eq!(guest.memory.read_u32(at), Ok(3));
}

#[test]
fn code_pages_convert_and_tell_lengths() {
    let mut guest = Guest::new();
    guest.memory.put::<u16>(TEXT, "a\u{20AC}\u{4E00}");
    let minus_one = u32::MAX;
    assert_eq!(guest.word("WideCharToMultiByte", &[0, 0, TEXT, minus_one, 0, 0, 0, 0]), 4);
    let used = BUFFER + 0x100;
    assert_eq!(guest.word("WideCharToMultiByte", &[0, 0, TEXT, minus_one, BUFFER, 9, 0, used]), 4);
    assert_eq!(guest.memory.bytes(BUFFER, 4), b"a\x80?\0");
    assert_eq!(guest.memory.read_u32(used), Ok(1));
    assert_eq!(guest.word("WideCharToMultiByte", &[65001, 0, TEXT, 3, BUFFER, 9, 0, 0]), 7);
    assert_eq!(guest.word("MultiByteToWideChar", &[65001, 0, BUFFER, 7, OTHER, 9]), 3);
    assert_eq!(guest.memory.text::<u16>(OTHER), "a\u{20AC}\u{4E00}");
    assert_eq!(guest.word("MultiByteToWideChar", &[65001, 0, BUFFER, 7, OTHER, 2]), 0);
    assert_eq!(guest.last_error, Some(122));
    assert_eq!(guest.word("MultiByteToWideChar", &[932, 0, BUFFER, 7, OTHER, 2]), 0);
    assert_eq!(guest.last_error, Some(87));
    assert_eq!(guest.word("CharUpperW", &[0xE9]), 0xC9);
}

#[test]
fn memory_is_tried_and_words_are_exchanged() {
    let mut guest = Guest::new();
    assert_eq!(guest.word("IsBadReadPtr", &[BASE, 2 * PAGE]), 0);
    assert_eq!(guest.word("IsBadReadPtr", &[BASE, 2 * PAGE + 1]), 1);
    assert_eq!(guest.word("IsBadWritePtr", &[0, 1]), 1);
    assert_eq!(guest.word("IsBadWritePtr", &[0, 0]), 0);
    assert_eq!(guest.word("IsBadReadPtr", &[u32::MAX, 2]), 1);
    guest.memory.write_u32(BUFFER, 5).unwrap();
    assert_eq!(guest.word("InterlockedIncrement", &[BUFFER]), 6);
    assert_eq!(guest.word("InterlockedCompareExchange", &[BUFFER, 9, 6]), 6);
    assert_eq!(guest.word("InterlockedExchange", &[BUFFER, 1]), 9);
    assert_eq!(guest.word("InterlockedExchangeAdd", &[BUFFER, 4]), 1);
    assert_eq!(guest.memory.read_u32(BUFFER), Ok(5));
}

#[test]
fn a_quotient_with_its_remainder_is_returned_as_each_processor_returns_structures() {
    let mut guest = Guest::new();
    let pair = 0xFFFF_FFFF_FFFF_FFFD_u64;
    assert_eq!(guest.call("div", &[-10_i32 as u32, 3]), Ok(Value::Long(pair)));
    let arm = ArgumentList::arm([BUFFER, -10_i32 as u32, 3, 0], STACK);
    assert_eq!(guest.call_list("ldiv", arm).unwrap().value, Value::Word(BUFFER));
    assert_eq!(guest.memory.read_u64(BUFFER), Ok(pair));
    assert_eq!(guest.call("div", &[1, 0]), Err(Stop::DivideByZero));
}

#[test]
fn the_coprocessor_is_told_and_asked() {
    let mut guest = Guest::new();
    let environment = Environment { control: 0x037F, status: 0x3801 | 0x80 };
    let mut list = ArgumentList::x86(STACK, X86Registers { environment, ..X86Registers::default() });
    guest.memory.write(STACK, &[0x300_u32.to_le_bytes(), 0x300_u32.to_le_bytes()].concat()).unwrap();
    let mut cx = Cx {
        memory: &mut guest.memory,
        process: &mut guest.process,
        thread: &mut guest.thread,
        arguments: &mut list,
        output: &mut guest.printed,
        last_error: None,
    };
    let word = |value| Answer { value: Value::Word(value), pops: 0 };
    let step = Function::exported_as("_controlfp").unwrap().call(&mut cx);
    assert!(matches!(step, Ok(Step::Return(answer)) if answer == word(0x8_031F)));
    let step = Function::exported_as("_clearfp").unwrap().call(&mut cx);
    assert!(matches!(step, Ok(Step::Return(answer)) if answer == word(0x10)));
    assert_eq!(list.changed_environment(), Some(Environment { control: 0x0F7F, status: 0x3800 }));
    let arm = ArgumentList::arm([0x300, 0x300, 0, 0], STACK);
    assert_eq!(guest.call_list("_controlfp", arm).unwrap().value, Value::Word(0x9_031F));
    let arm = ArgumentList::arm([0, 0, 0, 0], STACK);
    assert_eq!(guest.call_list("_controlfp", arm).unwrap().value, Value::Word(0x9_031F));
}

#[test]
fn room_on_the_stack_is_touched_and_aligned() {
    let mut guest = Guest::new();
    let room = |guest: &mut Guest, name, size: u32, stack| {
        let registers = X86Registers { edx_eax: u64::from(size), ..X86Registers::default() };
        guest.call_list(name, ArgumentList::x86(stack, registers)).map(|answer| answer.pops.wrapping_neg())
    };
    assert_eq!(room(&mut guest, "_chkstk", 100, STACK + 0x800), Ok(100));
    assert_eq!(room(&mut guest, "_alloca_probe_16", 101, STACK + 0x804), Ok(0x74));
    assert_eq!(room(&mut guest, "_alloca_probe_16", 0, STACK + 0x804), Ok(4));
    let Err(Stop::Fault(fault)) = room(&mut guest, "_chkstk", 2 * PAGE, STACK) else { panic!("overflow") };
    assert!((BASE - PAGE..BASE).contains(&fault.address));
}

#[test]
fn texts_that_are_read_have_buffers_of_known_size() {
    let mut guest = Guest::new();
    guest.memory.put::<u8>(TEXT, "7 hello world");
    guest.memory.put::<u8>(OTHER, "%d%s%[a-z ]");
    let at = BUFFER + 0x100;
    assert_eq!(guest.word("sscanf_s", &[TEXT, OTHER, at, BUFFER, 6, BUFFER + 16, 9]), 3);
    assert_eq!(guest.memory.text::<u8>(BUFFER), "hello");
    assert_eq!(guest.word("sscanf_s", &[TEXT, OTHER, at, BUFFER, 5]), 1);
    assert_eq!(guest.memory.text::<u8>(BUFFER), "");
}

#[test]
fn random_numbers_are_the_same_in_every_run() {
    let numbers = || {
        let mut guest = Guest::new();
        assert_eq!(guest.word("CeGenRandom", &[9, BUFFER]), 1);
        assert_eq!(guest.word("rand_s", &[BUFFER + 16]), 0);
        guest.memory.bytes(BUFFER, 20)
    };
    assert_eq!(numbers(), numbers());
    assert_ne!(numbers()[..4], numbers()[16..]);
}

#[test]
fn the_locale_is_told() {
    let mut guest = Guest::new();
    assert_eq!(guest.word("GetUserDefaultLCID", &[]), 0x409);
    assert_eq!(guest.word("GetLocaleInfoW", &[0x400, 0x1F, BUFFER, 20]), 9);
    assert_eq!(guest.memory.text::<u16>(BUFFER), "M/d/yyyy");
    assert_eq!(guest.word("GetLocaleInfoW", &[0x400, 0x1F, 0, 0]), 9);
    assert_eq!(guest.word("GetLocaleInfoW", &[0x400, 0x1F, BUFFER, 8]), 0);
    assert_eq!(guest.last_error, Some(122));
    assert_eq!(guest.word("GetLocaleInfoW", &[0x407, 0x1F, BUFFER, 8]), 0);
    assert_eq!(guest.last_error, Some(87));
    assert_eq!(guest.word("GetLocaleInfoW", &[0x409, 0x999, BUFFER, 8]), 0);
    assert_eq!(guest.last_error, Some(1004));
    assert_eq!(guest.word("GetLocaleInfoW", &[0x409, 0x2000_1004, BUFFER, 2]), 2);
    assert_eq!(guest.memory.read_u32(BUFFER), Ok(1252));
    assert_eq!(guest.word("IsValidLocale", &[0x409, 1]), 1);
    assert_eq!(guest.word("SetUserDefaultLCID", &[0x407]), 0);
}

#[test]
fn text_is_compared_and_mapped() {
    let mut guest = Guest::new();
    guest.memory.put::<u16>(TEXT, "Hello");
    guest.memory.put::<u16>(OTHER, "hello!");
    let minus_one = u32::MAX;
    assert_eq!(guest.word("CompareStringW", &[0x409, 1, TEXT, 5, OTHER, 5]), 2);
    assert_eq!(guest.word("CompareStringW", &[0x409, 0, TEXT, minus_one, OTHER, 5]), 3);
    assert_eq!(guest.word("CompareStringW", &[0x409, 0, TEXT, minus_one, OTHER, minus_one]), 1);
    assert_eq!(guest.word("CompareStringW", &[0x409, 8, TEXT, 5, OTHER, 5]), 0);
    assert_eq!(guest.last_error, Some(1004));
    assert_eq!(guest.word("lstrcmpiW", &[TEXT, OTHER]), u32::MAX);
    assert_eq!(guest.word("LCMapStringW", &[0x409, 0x200, TEXT, minus_one, BUFFER, 10]), 6);
    assert_eq!(guest.memory.text::<u16>(BUFFER), "HELLO");
    let size = guest.word("LCMapStringW", &[0x409, 0x400, TEXT, minus_one, 0, 0]);
    assert_eq!(guest.word("LCMapStringW", &[0x409, 0x400, TEXT, minus_one, BUFFER, 100]), size);
    assert_eq!(guest.word("strlen", &[BUFFER]), size - 1);
    assert_eq!(guest.word("GetStringTypeExW", &[0x409, 1, TEXT, 2, BUFFER]), 1);
    assert_eq!(guest.memory.read_u32(BUFFER), Ok(0x182_0101));
    guest.memory.put::<u16>(TEXT, "\u{B2}");
    assert_eq!(guest.word("FoldStringW", &[0x80, TEXT, minus_one, BUFFER, 10]), 2);
    assert_eq!(guest.memory.text::<u16>(BUFFER), "2");
    assert_eq!(guest.word("GetCPInfo", &[65001, BUFFER]), 1);
    assert_eq!(guest.memory.read_u32(BUFFER), Ok(4));
}

#[test]
fn dates_numbers_and_money_are_written() {
    let mut guest = Guest::new();
    let moment: Vec<u8> =
        [2004_u16, 2, 0, 29, 13, 5, 9, 0].iter().flat_map(|word| word.to_le_bytes()).collect();
    guest.memory.write(TEXT, &moment).unwrap();
    let written = |guest: &mut Guest, name: &str, words: &[u32]| {
        let length = guest.word(name, words);
        (length, if length > 0 { guest.memory.text::<u16>(BUFFER) } else { String::new() })
    };
    let made = written(&mut guest, "GetDateFormatW", &[0x409, 2, TEXT, 0, BUFFER, 60]);
    assert_eq!(made, (26, "Sunday, February 29, 2004".into()));
    let made = written(&mut guest, "GetTimeFormatW", &[0x409, 2, TEXT, 0, BUFFER, 60]);
    assert_eq!(made, (8, "1:05 PM".into()));
    assert_eq!(guest.word("GetDateFormatW", &[0x409, 3, TEXT, 0, BUFFER, 60]), 0);
    assert_eq!(guest.last_error, Some(1004));
    guest.memory.put::<u16>(OTHER, "-1234567.891");
    let made = written(&mut guest, "GetNumberFormatW", &[0x409, 0, OTHER, 0, BUFFER, 60]);
    assert_eq!(made.1, "-1,234,567.89");
    let made = written(&mut guest, "GetCurrencyFormatW", &[0x409, 0, OTHER, 0, BUFFER, 60]);
    assert_eq!(made.1, "($1,234,567.89)");
    guest.memory.put::<u16>(OTHER, "12a");
    assert_eq!(guest.word("GetNumberFormatW", &[0x409, 0, OTHER, 0, BUFFER, 60]), 0);
    assert_eq!(guest.last_error, Some(87));
}

#[test]
fn messages_have_inserts_and_lines() {
    let mut guest = Guest::new();
    guest.memory.put::<u16>(TEXT, "%2 of %1!04d!%n%%%0gone");
    guest.memory.put::<u16>(OTHER, "many");
    let array = BUFFER + 0x300;
    guest.memory.write(array, &[7_u32.to_le_bytes(), OTHER.to_le_bytes()].concat()).unwrap();
    assert_eq!(guest.word("FormatMessageW", &[0x2400, TEXT, 0, 0, BUFFER, 50, array]), 15);
    assert_eq!(guest.memory.text::<u16>(BUFFER), "many of 0007\r\n%");
    guest.memory.write_u32(array + 8, array).unwrap();
    assert_eq!(guest.word("FormatMessageW", &[0x500, TEXT, 0, 0, BUFFER, 0, array + 8]), 15);
    let block = guest.memory.read_u32(BUFFER).unwrap();
    assert_eq!(guest.memory.text::<u16>(block), "many of 0007\r\n%");
    assert_eq!(guest.word("LocalFree", &[block]), 0);
    assert_eq!(guest.word("FormatMessageW", &[0x1200, 0, 5, 0, BUFFER, 50, 0]), 19);
    assert_eq!(guest.memory.text::<u16>(BUFFER), "Access is denied.\r\n");
    assert_eq!(guest.word("FormatMessageW", &[0x1000, 0, 99_999, 0, BUFFER, 50, 0]), 0);
    assert_eq!(guest.last_error, Some(317));
    assert_eq!(guest.word("FormatMessageW", &[0x1200, 0, 5, 0, BUFFER, 19, 0]), 0);
    assert_eq!(guest.last_error, Some(122));
    assert_eq!(guest.word("FormatMessageW", &[0x600, TEXT, 0, 0, BUFFER, 50, 0]), 16);
    assert_eq!(guest.memory.text::<u16>(BUFFER), "%2 of %1!04d!\r\n%");
    guest.memory.put::<u16>(TEXT, "one two\r\nthree four%nfive");
    assert_ne!(guest.word("FormatMessageW", &[0x609, TEXT, 0, 0, BUFFER, 90, 0]), 0);
    assert_eq!(guest.memory.text::<u16>(BUFFER), "one two\r\nthree\r\nfour\r\nfive");
    assert_eq!(guest.word("FormatMessageW", &[0x400, TEXT, 0, 0, 0, 90, 0]), 0);
    assert_eq!(guest.last_error, Some(87));
}

//! Streams on a file of the test's own, which is read in as small pieces as the test likes.

use cerium_coredll::{Call, OutValue, Outs, Reply};

use super::*;
use crate::pause::Pause;

/// The one file there is; its handle is 9.
struct OneFile {
    bytes: Vec<u8>,
    place: usize,
    piece: usize,
    calls: Vec<&'static str>,
}

const HANDLE: u32 = 9;

impl OneFile {
    fn new(bytes: &[u8], piece: usize) -> Self {
        Self { bytes: bytes.to_vec(), place: 0, piece, calls: Vec::new() }
    }

    fn reply(&mut self, call: &Call) -> Reply {
        self.calls.push(call.function().row().name);
        let word = |number: u32| OutValue::Large(number.to_le_bytes().into());
        match call {
            Call::CreateFile { .. } => Reply::of(HANDLE),
            Call::CloseHandle { .. } => Reply::of(1),
            Call::ReadFile { lpBuffer, .. } => {
                let size = (lpBuffer.size as usize).min(self.piece).min(self.bytes.len() - self.place);
                let read: Box<[u8]> = self.bytes[self.place..][..size].into();
                self.place += size;
                Reply { value: 1, outs: Outs::Several(Box::new([OutValue::Large(read), word(size as u32)])) }
            }
            Call::SetFilePointer { lDistanceToMove, dwMoveMethod, .. } => {
                let from = [0, self.place, self.bytes.len()][*dwMoveMethod as usize];
                self.place = (from as i64 + i64::from(*lDistanceToMove)) as usize;
                Reply { value: self.place as u32, outs: Outs::One(word(0)) }
            }
            other => panic!("nobody makes this call: {other:?}"),
        }
    }
}

impl Guest {
    /// Calls, and answers what is asked of the kernel.
    fn with_file(&mut self, file: &mut OneFile, name: &str, words: &[u32]) -> u32 {
        for (i, word) in words.iter().enumerate() {
            self.memory.write_u32(STACK + 4 * i as u32, *word).unwrap();
        }
        let mut arguments = ArgumentList::x86(STACK, X86Registers::default());
        let mut cx = Cx {
            memory: &mut self.memory,
            process: &mut self.process,
            thread: &mut self.thread,
            arguments: &mut arguments,
            output: &mut self.printed,
            last_error: None,
        };
        let mut step = Function::exported_as(name).unwrap().call(&mut cx).unwrap();
        loop {
            match step {
                Step::Return(Answer { value: Value::Word(word), .. }) => return word,
                Step::Return(other) => panic!("{name} returned {other:?}"),
                Step::Pause(pause) => match *pause {
                    Pause::Kernel { call, then } => {
                        let reply = file.reply(&call);
                        step = then.go_on(&mut cx, reply).unwrap();
                    }
                    other => panic!("a stream asks the kernel only: {other:?}"),
                },
            }
        }
    }

    fn opened(&mut self, file: &mut OneFile, mode: &str) -> u32 {
        self.memory.put::<u8>(TEXT, "\\file");
        self.memory.put::<u8>(OTHER, mode);
        self.with_file(file, "fopen", &[TEXT, OTHER])
    }
}

#[test]
fn text_is_taken_in_however_it_is_read() {
    for piece in [1, 2, 3, 7, 100] {
        let mut file = OneFile::new(b"first line\r\n 12 0x1F,rest\r\nlast", piece);
        let mut guest = Guest::new();
        let stream = guest.opened(&mut file, "r");
        assert_eq!(guest.with_file(&mut file, "fgets", &[BUFFER, 6, stream]), BUFFER);
        assert_eq!(guest.memory.text::<u8>(BUFFER), "first");
        assert_eq!(guest.with_file(&mut file, "fgetws", &[BUFFER, 99, stream]), BUFFER);
        assert_eq!(guest.memory.text::<u16>(BUFFER), " line\n");
        guest.memory.put::<u8>(OTHER, "%d %i,%s");
        let (one, two, text) = (BUFFER, BUFFER + 4, BUFFER + 8);
        assert_eq!(guest.with_file(&mut file, "fscanf", &[stream, OTHER, one, two, text]), 3);
        assert_eq!(guest.memory.read_u32(one), Ok(12));
        assert_eq!(guest.memory.read_u32(two), Ok(31));
        assert_eq!(guest.memory.text::<u8>(text), "rest");
        assert_eq!(guest.with_file(&mut file, "ftell", &[stream]), 25);
        assert_eq!(guest.with_file(&mut file, "fgetc", &[stream]), 10);
        assert_eq!(guest.with_file(&mut file, "fread", &[BUFFER, 2, 9, stream]), 2);
        assert_eq!(guest.memory.bytes(BUFFER, 4), b"last");
        assert_eq!(guest.with_file(&mut file, "feof", &[stream]), 1);
        assert_eq!(guest.with_file(&mut file, "ungetc", &[u32::from(b'!'), stream]), u32::from(b'!'));
        assert_eq!(guest.with_file(&mut file, "feof", &[stream]), 0);
        assert_eq!(guest.with_file(&mut file, "fgetc", &[stream]), u32::from(b'!'));
        assert_eq!(guest.with_file(&mut file, "fgetc", &[stream]), u32::MAX);
        assert_eq!(guest.with_file(&mut file, "fscanf", &[stream, OTHER, one, two, text]), u32::MAX);
        assert_eq!(guest.with_file(&mut file, "fseek", &[stream, 1, 0]), 0);
        assert_eq!(guest.with_file(&mut file, "fgetc", &[stream]), u32::from(b'i'));
        assert_eq!(guest.with_file(&mut file, "fclose", &[stream]), 0);
        assert_eq!(guest.with_file(&mut file, "fgetc", &[stream]), u32::MAX);
        assert_eq!(file.calls.last(), Some(&"CloseHandle"));
    }
}

#[test]
fn the_end_is_told_once_a_read_has_met_it() {
    let mut file = OneFile::new(b"12\x1Abehind", 100);
    let mut guest = Guest::new();
    let stream = guest.opened(&mut file, "r");
    assert_eq!(guest.with_file(&mut file, "fgetc", &[stream]), u32::from(b'1'));
    assert_eq!(guest.with_file(&mut file, "feof", &[stream]), 0);
    guest.memory.put::<u8>(OTHER, "%d");
    assert_eq!(guest.with_file(&mut file, "fscanf", &[stream, OTHER, BUFFER]), 1);
    assert_eq!(guest.with_file(&mut file, "feof", &[stream]), 1, "the text's own end");
    assert_eq!(guest.with_file(&mut file, "fgetc", &[stream]), u32::MAX);
    let mut file = OneFile::new(b"x", 100);
    let stream = guest.opened(&mut file, "rb");
    guest.memory.put::<u8>(OTHER, "%c");
    assert_eq!(guest.with_file(&mut file, "fscanf", &[stream, OTHER, BUFFER]), 1);
    assert_eq!(guest.with_file(&mut file, "feof", &[stream]), 0, "nobody looked behind the character");
    assert_eq!(guest.with_file(&mut file, "fgetc", &[stream]), u32::MAX);
    assert_eq!(guest.with_file(&mut file, "feof", &[stream]), 1);
}

#[test]
fn standard_input_is_the_console_once_it_is_read() {
    let mut file = OneFile::new(b"a line\n7", 100);
    let mut guest = Guest::new();
    assert_eq!(guest.with_file(&mut file, "gets", &[BUFFER]), BUFFER);
    assert_eq!(guest.memory.text::<u8>(BUFFER), "a line");
    guest.memory.put::<u16>(OTHER, "%d");
    assert_eq!(guest.with_file(&mut file, "wscanf", &[OTHER, BUFFER]), 1);
    assert_eq!(guest.memory.read_u32(BUFFER), Ok(7));
    assert_eq!(guest.with_file(&mut file, "getwchar", &[]), 0xFFFF);
    assert_eq!(file.calls, ["CreateFile", "ReadFile", "ReadFile"]);
    let stdin = guest.with_file(&mut file, "_getstdfilex", &[0]);
    assert_eq!(guest.with_file(&mut file, "_fileno", &[stdin]), HANDLE);
}

#[test]
fn lines_that_do_not_fit_are_refused_when_asked() {
    let mut file = OneFile::new(b"four\nfive5\n", 2);
    let mut guest = Guest::new();
    assert_eq!(guest.with_file(&mut file, "gets_s", &[BUFFER, 5]), BUFFER);
    assert_eq!(guest.memory.text::<u8>(BUFFER), "four");
    assert_eq!(guest.with_file(&mut file, "gets_s", &[BUFFER, 5]), 0);
    assert_eq!(guest.memory.text::<u8>(BUFFER), "");
}

#[test]
fn modes_and_streams_that_are_none_are_refused() {
    let mut file = OneFile::new(b"", 1);
    let mut guest = Guest::new();
    assert_eq!(guest.opened(&mut file, "x"), 0);
    assert!(file.calls.is_empty());
    for name in ["fgetc", "fclose", "ftell", "_fileno"] {
        assert_eq!(guest.with_file(&mut file, name, &[0x1234]), u32::MAX, "{name}");
    }
    let stream = guest.opened(&mut file, "r");
    assert_eq!(guest.with_file(&mut file, "fputc", &[65, stream]), u32::MAX);
    assert_eq!(guest.with_file(&mut file, "ferror", &[stream]), 1);
    assert_eq!(guest.with_file(&mut file, "clearerr_s", &[stream]), 0);
    assert_eq!(guest.with_file(&mut file, "ferror", &[stream]), 0);
    assert_eq!(guest.with_file(&mut file, "_fcloseall", &[]), 1);
}

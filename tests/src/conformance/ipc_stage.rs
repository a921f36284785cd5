//! What the guests of the cases of several processes share, and what is read from a trace.

use cerium_coredll::{Bool, NULL, OUT, ProcessInformation, Text};
use cerium_guest::Ce;
use cerium_handle::Handle;

use super::stage::*;
use crate::Outcome;

/// DUPLICATE_CLOSE_SOURCE.
pub(crate) const CLOSE_SOURCE: u32 = 1;
/// DUPLICATE_SAME_ACCESS.
pub(crate) const SAME_ACCESS: u32 = 2;
/// CREATE_SUSPENDED.
pub(crate) const CREATE_SUSPENDED: u32 = 4;
/// STILL_ACTIVE.
pub(crate) const STILL_ACTIVE: u32 = 259;
/// (HANDLE)66.
pub(crate) const THIS_PROCESS: Handle = Handle::CURRENT_PROCESS;
/// (HANDLE)65.
pub(crate) const THIS_THREAD: Handle = Handle::CURRENT_THREAD;
/// A millisecond of computing.
pub(crate) const MS: u64 = 1_000_000;

/// A command line of these words.
pub(crate) fn saying(words: &[u32]) -> Text {
    let words: Vec<String> = words.iter().map(u32::to_string).collect();
    Text::from(words.join(" ").as_str())
}

/// The words that a process was given as its command line.
pub(crate) fn given<const N: usize>(ce: &Ce) -> [u32; N] {
    let words = ce.command_line().split(' ').map(|word| word.parse().expect("a word is a number"));
    words.collect::<Vec<u32>>().try_into().expect("as many words as were given")
}

/// What the cases of several processes do over and over.
pub(crate) trait Peers: Stage {
    /// Makes a process, with these flags.
    async fn create(&self, image: &str, flags: u32) -> ProcessInformation {
        let (created, child) =
            self.CreateProcess(image, NULL, NULL, NULL, NULL, flags, NULL, NULL, NULL, OUT).await;
        assert_eq!(created, TRUE, "CreateProcess({image})");
        child
    }

    /// Starts a process, waits for its end, and returns its exit code.
    async fn end_of(&self, image: &str) -> u32 {
        let child = self.create(image, 0).await;
        assert_eq!(self.wait(child.hProcess).await, OBJ0);
        self.process_code(child.hProcess).await
    }

    /// GetExitCodeProcess.
    async fn process_code(&self, process: Handle) -> u32 {
        let (known, code) = self.GetExitCodeProcess(process, OUT).await;
        assert_eq!(known, TRUE);
        code
    }

    /// GetExitCodeThread.
    async fn thread_code(&self, thread: Handle) -> u32 {
        let (known, code) = self.GetExitCodeThread(thread, OUT).await;
        assert_eq!(known, TRUE);
        code
    }

    /// OpenProcess, as its page says.
    async fn open_process(&self, id: u32) -> Handle {
        self.OpenProcess(0_u32, false, id).await
    }

    /// OpenThread, likewise.
    async fn open_thread(&self, id: u32) -> Handle {
        self.OpenThread(0_u32, false, id).await
    }

    /// DuplicateHandle out of this process into a process.
    async fn duplicate_into(&self, process: Handle, source: Handle) -> Handle {
        let (done, handle) =
            self.DuplicateHandle(THIS_PROCESS, source, process, OUT, 0_u32, false, SAME_ACCESS).await;
        assert_eq!(done, TRUE);
        handle
    }

    /// DuplicateHandle within this process.
    async fn duplicate(&self, source: Handle) -> Handle {
        self.duplicate_into(THIS_PROCESS, source).await
    }

    /// CreateThread.
    async fn thread_of(&self, body: impl AsyncFnOnce(Ce) -> u32 + 'static) -> Handle {
        let function = self.once(body);
        self.CreateThread(NULL, 0_u32, function, 0_u32, 0_u32, OUT).await.0
    }

    /// Tells a word to whoever hears it, in any process.
    async fn tell(&self, word: u32) {
        let event = self.named_event(false, "a word is told").await;
        assert_eq!(self.SetEventData(event, word).await, TRUE);
        assert_eq!(self.EventModify(event, 3_u32).await, TRUE);
    }

    /// Waits for a word that is told.
    async fn heard(&self) -> u32 {
        let event = self.named_event(false, "a word is told").await;
        assert_eq!(self.wait(event).await, OBJ0);
        self.GetEventData(event).await
    }

    /// What a call did, in ticks that it took.
    async fn timing<T>(&self, call: impl Future<Output = T>) -> (T, u32) {
        let before = self.GetTickCount().await;
        let result = call.await;
        (result, self.GetTickCount().await.wrapping_sub(before))
    }

    /// TerminateProcess.
    async fn end_process(&self, process: Handle) -> Bool {
        self.TerminateProcess(process, 0_u32).await
    }

    /// Runs for ever.
    async fn spin(&self);

    /// Computes so many milliseconds at a time, as often as this, and adds a word after each.
    async fn work(&self, log: &Log, word: &str, times: u32, milliseconds: u64);
}

impl Peers for Ce {
    async fn spin(&self) {
        loop {
            self.compute(MS).await;
        }
    }

    async fn work(&self, log: &Log, word: &str, times: u32, milliseconds: u64) {
        for _ in 0..times {
            self.compute(milliseconds * MS).await;
            log.add(word);
        }
    }
}

/// How many objects of a kind came and went before the last call of GetTickCount.
pub(crate) fn came_and_went(outcome: &Outcome, kind: &str) -> usize {
    let (before, _) = outcome.trace.rsplit_once("call GetTickCount").expect("it is called");
    let creation = format!(" create {kind}");
    let mut living = std::collections::BTreeSet::new();
    let mut gone = 0;
    for line in before.lines() {
        let Some((_, event)) = line.split_once(' ') else { continue };
        if let Some(object) = event.strip_suffix(&creation) {
            living.insert(object);
        } else if let Some(object) = event.strip_suffix(" destroy") {
            gone += usize::from(living.remove(object));
        }
    }
    gone
}

/// The priorities that threads were lent and came back to, in order (CEL_SYSTEM_INVERT, ee488594).
pub(crate) fn inversions(outcome: &Outcome) -> Vec<u8> {
    let lines = outcome.trace.lines().filter_map(|line| line.split_once(" priority "));
    lines.filter_map(|(_, priority)| priority.parse().ok()).collect()
}

/// The letters of a text in order with how often each stands there in a row.
pub(crate) fn rows(text: &str) -> Vec<(char, usize)> {
    let mut rows: Vec<(char, usize)> = Vec::new();
    for letter in text.chars() {
        match rows.last_mut() {
            Some((last, count)) if *last == letter => *count += 1,
            _ => rows.push((letter, 1)),
        }
    }
    rows
}

/// The first so many letters of [`rows`].
pub(crate) fn turns(text: &str, count: usize) -> String {
    rows(text).iter().take(count).map(|(letter, _)| letter).collect()
}

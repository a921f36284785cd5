//! What the database of the guest `filedb` says, looked at from outside.

use std::fs;
use std::path::Path;

/// As in tests/programs/src/filedb.c.
const ACCOUNTS: usize = 32;
/// How many processes change it.
pub const WORKERS: usize = 3;
const RECORDS: usize = ACCOUNTS + WORKERS + 1;
const TOTAL: u32 = 32_000;
const RECORD: usize = 32;
const JOURNAL: usize = 12 + 4 * RECORD + 4;

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

fn check_sum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| crc >> 1 ^ if crc & 1 != 0 { 0xEDB8_8320 } else { 0 })
    })
}

/// What the database says after its journal, if there is one, was written again: transactions by worker.
///
/// # Panics
///
/// A record is torn, or money or a transaction is lost.
#[must_use]
pub fn read_database(root: &Path) -> Option<[u32; WORKERS]> {
    let mut data = fs::read(root.join("db.dat")).ok()?;
    assert_eq!(data.len(), RECORDS * RECORD);
    if let Ok(journal) = fs::read(root.join("db.jnl")) {
        assert_eq!(journal.len(), JOURNAL, "a journal has its name when it is whole");
        assert_eq!(word(&journal, JOURNAL - 4), check_sum(&journal[..JOURNAL - 4]));
        for record in journal[12..JOURNAL - 4].chunks_exact(RECORD) {
            let at = word(record, 0) as usize * RECORD;
            data[at..at + RECORD].copy_from_slice(record);
        }
    }
    let mut values = Vec::new();
    for (number, record) in data.chunks_exact(RECORD).enumerate() {
        assert_eq!(word(record, RECORD - 4), check_sum(&record[..RECORD - 4]), "record {number} is torn");
        assert_eq!(word(record, 0), number as u32);
        values.push(word(record, 4));
    }
    assert_eq!(values[..ACCOUNTS].iter().sum::<u32>(), TOTAL, "money is neither made nor lost");
    let made = &values[ACCOUNTS..ACCOUNTS + WORKERS];
    assert_eq!(made.iter().sum::<u32>(), values[RECORDS - 1], "every transaction is counted");
    Some(made.try_into().unwrap())
}

/// The last transaction of each worker that it said was made.
///
/// # Panics
///
/// A line that begins like this is not filedb's.
#[must_use]
pub fn said_made(output: &str) -> [u32; WORKERS] {
    let mut made = [0; WORKERS];
    for line in output.lines() {
        if let Some((slot, count)) = line.strip_prefix("made ").and_then(|line| line.split_once(' ')) {
            made[slot.parse::<usize>().unwrap()] = count.trim().parse().unwrap();
        }
    }
    made
}

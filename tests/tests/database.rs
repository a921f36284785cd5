//! A database in a file that several processes change, killed at random points: no record is lost or torn.
#![allow(missing_docs, reason = "tests say what they test by their names")]

use std::fs;
use std::path::Path;

use cerium_files::FileSystem;
use cerium_guest::{Limits, Verdict};
use cerium_tests::Device;

const ROUNDS: u64 = 100;
/// As in tests/programs/src/filedb.c.
const ACCOUNTS: usize = 32;
const WORKERS: usize = 3;
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
fn read_database(root: &Path) -> Option<[u32; WORKERS]> {
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
fn said_made(output: &str) -> [u32; WORKERS] {
    let mut made = [0; WORKERS];
    for line in output.lines() {
        if let Some((slot, count)) = line.strip_prefix("made ").and_then(|line| line.split_once(' ')) {
            made[slot.parse::<usize>().unwrap()] = count.trim().parse().unwrap();
        }
    }
    made
}

fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

/// Processes killed by TerminateProcess, in the middle of whatever they do.
#[test]
fn workers_that_are_terminated_lose_nothing() {
    for folder in ["x86", "armv4i"] {
        let line = format!("{ROUNDS} 20061101");
        let device = Device::with_files(folder, "filedb.exe", &line, FileSystem::default()).audit(false);
        let outcome = device.run();
        assert_eq!(outcome.verdict, Verdict::Finished, "{folder}: {}", outcome.output);
        assert!(outcome.output.contains("filedb: ok"), "{folder}: {}", outcome.output);
        let killed = outcome.ended.iter().filter(|end| end.exit_code == 99).count();
        assert!(killed > ROUNDS as usize / 4, "{folder}: only {killed} were killed in time");
    }
}

/// The whole device stopped at a random step, with its files on the host, and started again on them.
#[test]
fn a_device_that_stops_anywhere_loses_nothing_that_was_flushed() {
    for (folder, seed) in [("x86", 1), ("armv4i", 2)] {
        let root = std::env::temp_dir().join(format!("cerium-database-{folder}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(&root).unwrap();
        let mut state = seed;
        let (mut known, mut stopped) = ([0; WORKERS], 0);
        for round in 0..ROUNDS {
            let files = FileSystem::default().with_root(&root, true).unwrap();
            let line = format!("2 {}", random(&mut state));
            let limits = Limits { steps: Some(1_000 + random(&mut state) % 400_000), ..Limits::default() };
            let device = Device::with_files(folder, "filedb.exe", &line, files).audit(false);
            let outcome = device.limits(limits).run();
            for end in &outcome.ended {
                assert!(matches!(end.exit_code, 0 | 99), "{folder} {round}: {}", outcome.output);
            }
            stopped += u32::from(outcome.verdict != Verdict::Finished);
            let said = said_made(&outcome.output);
            let Some(found) = read_database(&root) else {
                assert_eq!((said, known), ([0; WORKERS], [0; WORKERS]), "the database is gone");
                continue;
            };
            for slot in 0..WORKERS {
                let least = known[slot].max(said[slot]);
                // One more for each kill between making and saying it: two rounds and the stop.
                assert!(found[slot] >= least, "{folder} {round}: a transaction of worker {slot} is lost");
                assert!(
                    found[slot] <= least + 3,
                    "{folder} {round}: worker {slot} made {found:?}, said {said:?}"
                );
            }
            known = found;
        }
        assert!(stopped > 20 && known.iter().sum::<u32>() > 100, "{folder}: {stopped} {known:?}");
        fs::remove_dir_all(root).unwrap();
    }
}

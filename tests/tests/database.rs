//! A database in a file that several processes change, killed at random points: no record is lost or torn.
#![allow(missing_docs, reason = "tests say what they test by their names")]

use std::fs;

use cerium_files::FileSystem;
use cerium_guest::{Limits, Verdict};
use cerium_tests::Device;
use cerium_tests::database::{WORKERS, read_database, said_made};

const ROUNDS: u64 = 100;
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

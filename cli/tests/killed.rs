//! `cerium run --writable` killed by the host in the middle: what the guest had flushed is there afterwards.
#![allow(missing_docs, reason = "tests say what they test by their names")]

mod support;

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use cerium_tests::database::{WORKERS, read_database, said_made};
use support::{Folder, cerium, finish, programs};

/// `CERIUM_KILLS` says another number, for long runs by hand.
const KILLS: u64 = 12;

fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

/// Runs the database until it has said some transactions, and a little longer; then kills the command. Gives
/// what was said.
fn run_and_kill(guest: &Path, root: &Path, state: &mut u64) -> String {
    let seed = random(state).to_string();
    let mut command = cerium();
    command.arg("run").arg("--writable").arg("--root").arg(root).arg(guest).args(["1000", &seed]);
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the command was built");
    let mut output = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut said = String::new();
    for _ in 0..random(state) % 120 {
        assert!(output.read_line(&mut said).expect("text") > 0, "it ended by itself: {said}");
    }
    std::thread::sleep(Duration::from_micros(random(state) % 4000));
    child.kill().expect("it is running");
    output.read_to_string(&mut said).expect("text");
    let status = child.wait().expect("it was killed");
    assert_eq!(status.code(), None, "it ended by itself: {said}");
    // The last line may be cut.
    said.truncate(said.rfind('\n').map_or(0, |end| end + 1));
    said
}

#[test]
fn a_command_that_is_killed_loses_nothing_that_was_flushed() {
    let kills = std::env::var("CERIUM_KILLS").map_or(KILLS, |kills| kills.parse().expect("a number"));
    for (folder, seed) in [("x86", 11), ("armv4i", 12)] {
        println!("{folder}: {kills} kills, seed {seed}");
        let guest = programs().join("bin").join(folder).join("filedb.exe");
        let root = Folder::new(&format!("killed-{folder}"));
        let (mut state, mut known) = (seed, [0; WORKERS]);
        for kill in 0..kills {
            let said = said_made(&run_and_kill(&guest, &root.0, &mut state));
            let Some(found) = read_database(&root.0) else {
                assert_eq!((said, known), ([0; WORKERS], [0; WORKERS]), "the database is gone");
                continue;
            };
            for slot in 0..WORKERS {
                let least = known[slot].max(said[slot]);
                assert!(
                    found[slot] >= least,
                    "{folder} {kill}: {found:?}, but {said:?} was said, {known:?} known"
                );
            }
            known = found;
        }
        assert!(known.iter().sum::<u32>() > kills as u32, "{folder}: hardly anything was done: {known:?}");
        // And the guest itself finds all in order, and goes on.
        let mut command = cerium();
        command.arg("run").arg("--writable").arg("--root").arg(&root.0).arg(&guest).args(["2", "1"]);
        let last = finish(&mut command);
        assert_eq!(last.status, 0, "{}{}", last.stdout, last.stderr);
        assert!(last.stdout.contains("filedb: ok"), "{}", last.stdout);
        let found = read_database(&root.0).expect("it is there");
        assert!((0..WORKERS).all(|slot| found[slot] >= known[slot]), "{known:?} {found:?}");
    }
}

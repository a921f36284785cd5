//! The kernel's operations against their peers.

use std::path::Path;

use crate::operations::{OPERATIONS, Operation};
use crate::peers::PEERS;
use crate::rounds::{Contender, medians};
use crate::table::{Row, show};
use crate::{callgrind, progress};

/// Between which iteration counts instructions are counted.
const ITERATIONS: (u64, u64) = (2_000, 12_000);

/// Measures all, and shows it.
pub fn measure(rounds: u32, json: Option<&Path>) -> Result<(), String> {
    let counts = instruction_counts()?;
    let ours: Vec<Box<dyn Fn(u64)>> =
        OPERATIONS.iter().map(|operation| Box::new(|n| operation.run(n)) as Box<dyn Fn(u64)>).collect();
    let mut contenders = Vec::new();
    for (operation, run) in OPERATIONS.iter().zip(&ours) {
        contenders.push(Contender { name: operation.name, run });
    }
    for peer in PEERS {
        contenders.push(Contender { name: peer.name, run: &peer.program });
    }
    progress("timing");
    let times = medians(&contenders, rounds);
    let (ours, theirs) = times.split_at(OPERATIONS.len());
    let mut rows = Vec::new();
    for (place, operation) in OPERATIONS.iter().enumerate() {
        add_rows(&mut rows, operation, counts.as_ref().map(|counts| counts[place]), ours[place], theirs);
    }
    show(&rows, json)
}

/// Adds a row for each peer of an operation, or one without.
fn add_rows(rows: &mut Vec<Row>, operation: &Operation, instructions: Option<f64>, ns: f64, peers: &[f64]) {
    let row = Row {
        operation: operation.name.to_owned(),
        instructions,
        must: Some(f64::from(operation.must)),
        stretch: Some(f64::from(operation.stretch)),
        ns,
        ..Row::default()
    };
    let before = rows.len();
    for (peer, peer_ns) in PEERS.iter().zip(peers).filter(|(peer, _)| peer.operation == operation.name) {
        rows.push(Row {
            peer: Some(peer.name.to_owned()),
            peer_ns: Some(*peer_ns),
            ratio: Some(peer_ns / ns),
            must_ratio: peer.must,
            ..row.clone()
        });
    }
    if rows.len() == before {
        rows.push(row);
    }
}

/// The instructions of each operation; none where they cannot be counted.
fn instruction_counts() -> Result<Option<Vec<f64>>, String> {
    if !callgrind::is_present() {
        eprintln!("bench: {}", callgrind::MISSING);
        return Ok(None);
    }
    let counts = OPERATIONS.iter().map(|operation| callgrind::instructions(operation.name, ITERATIONS));
    counts.collect::<Result<_, _>>().map(Some)
}

//! Rows, and how they are shown.

use std::path::Path;

use serde::Serialize;

/// What was measured of one operation against one peer. What is not known is absent.
#[derive(Clone, Default, Serialize)]
pub struct Row {
    /// What was done.
    pub operation: String,
    /// Host instructions for each.
    pub instructions: Option<f64>,
    /// How many there may be.
    pub must: Option<f64>,
    /// How many would be better.
    pub stretch: Option<f64>,
    /// Nanoseconds for each.
    pub ns: f64,
    /// What it is held against.
    pub peer: Option<String>,
    /// Its nanoseconds.
    pub peer_ns: Option<f64>,
    /// How many times slower the peer is.
    pub ratio: Option<f64>,
    /// How many times slower it must be.
    pub must_ratio: Option<f64>,
}

#[derive(Serialize)]
struct Rows<'a> {
    rows: &'a [Row],
}

const HEADS: [&str; 9] =
    ["operation", "instructions", "must", "stretch", "ns", "peer", "peer ns", "ratio", "must ratio"];

/// Prints the rows for people, and writes them to a file if one is wanted.
pub fn show(rows: &[Row], json: Option<&Path>) -> Result<(), String> {
    print!("{}", format(rows));
    let Some(path) = json else { return Ok(()) };
    let text = serde_json::to_string_pretty(&Rows { rows }).expect("rows are plain values");
    std::fs::write(path, text + "\n").map_err(|error| format!("{}: {error}", path.display()))
}

fn format(rows: &[Row]) -> String {
    let lines: Vec<[String; 9]> = rows.iter().map(cells).collect();
    let mut widths = HEADS.map(str::len);
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = line(&HEADS.map(str::to_owned), &widths);
    for cells in &lines {
        text += &line(cells, &widths);
    }
    text
}

fn line(cells: &[String; 9], widths: &[usize; 9]) -> String {
    let mut text = String::new();
    for (place, (cell, width)) in cells.iter().zip(widths).enumerate() {
        // Words to the left, figures to the right.
        let is_word = HEADS[place] == "operation" || HEADS[place] == "peer";
        text += &if is_word { format!("{cell:<width$}  ") } else { format!("{cell:>width$}  ") };
    }
    text.trim_end().to_owned() + "\n"
}

fn cells(row: &Row) -> [String; 9] {
    let figure = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), short);
    [
        row.operation.clone(),
        figure(row.instructions),
        figure(row.must),
        figure(row.stretch),
        short(row.ns),
        row.peer.clone().unwrap_or_else(|| "-".to_owned()),
        figure(row.peer_ns),
        figure(row.ratio),
        figure(row.must_ratio),
    ]
}

/// As many digits as mean something.
fn short(value: f64) -> String {
    if value.abs() >= 100.0 || value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.1}") }
}

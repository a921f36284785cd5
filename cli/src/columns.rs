//! Text in columns, for people.

use std::fmt;

/// To which side a column's text goes.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// Lines of cells, each column as wide as its widest cell.
#[derive(Debug)]
pub struct Columns<const N: usize> {
    align: [Align; N],
    lines: Vec<[String; N]>,
}

impl<const N: usize> Columns<N> {
    /// Columns with their heads.
    pub fn new(heads: [(&str, Align); N]) -> Self {
        Self { align: heads.map(|(_, align)| align), lines: vec![heads.map(|(head, _)| head.to_owned())] }
    }

    /// Adds a line.
    pub fn line(&mut self, cells: [String; N]) {
        self.lines.push(cells);
    }
}

impl<const N: usize> fmt::Display for Columns<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |column: usize| self.lines.iter().map(|line| line[column].chars().count()).max();
        let widths: [usize; N] = std::array::from_fn(|column| width(column).unwrap_or(0));
        for line in &self.lines {
            let mut text = String::new();
            for ((cell, width), align) in line.iter().zip(widths).zip(self.align) {
                text.push_str(&match align {
                    Align::Left => format!("  {cell:<width$}"),
                    Align::Right => format!("  {cell:>width$}"),
                });
            }
            writeln!(f, "{}", text.trim_end())?;
        }
        Ok(())
    }
}

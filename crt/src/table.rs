//! The table of this crate: every function of COREDLL that only touches guest memory, a row each.
//!
//! A row: the documented name, the name it is exported by, its ordinal, what documents it, the parameters,
//! the result, the body. The rows are for executables alone: a guest in Rust or Lua has strings and numbers
//! of its own. Each family has a file; here they become one table.

mod compilers;
mod language;
mod memory;
mod numbers;
mod streams;
mod text;

use std::fmt;

use cerium_coredll::catalogue::Processor;
use cerium_coredll::{Ordinals, Row};

use crate::call::{Cx, Stop};
use crate::pause::Step;

const fn at(ordinal: u16) -> Ordinals {
    Ordinals::both(ordinal)
}

const fn arm(ordinal: u16) -> Ordinals {
    Ordinals::arm(ordinal)
}

const fn x86(ordinal: u16) -> Ordinals {
    Ordinals { x86: Some(ordinal), arm: None }
}

/// Exported by name only, by Compact 2013's MSVCRT.
const NONE: Ordinals = Ordinals { x86: None, arm: None };

/// What documents a function that is not C's: the article of its own name in the reference of Windows CE.
const OWN: &str = "by name";

/// A body that cannot fail.
fn done<T>(value: T) -> Result<T, Stop> {
    Ok(value)
}

fn settle<T, E: Into<Stop>>(result: Result<T, E>) -> Result<T, Stop> {
    result.map_err(Into::into)
}

/// A row, and what takes a call's arguments and runs the body.
#[derive(Copy, Clone)]
struct Entry {
    row: Row,
    run: fn(&mut Cx<'_>) -> Result<Step, Stop>,
}

const FAMILIES: [&[Entry]; 6] =
    [memory::ROWS, text::ROWS, streams::ROWS, language::ROWS, numbers::ROWS, compilers::ROWS];

/// How many functions there are.
const COUNT: usize = {
    let (mut count, mut family) = (0, 0);
    while family < FAMILIES.len() {
        count += FAMILIES[family].len();
        family += 1;
    }
    count
};

/// All families' rows.
static ENTRIES: [Entry; COUNT] = {
    let mut all = [FAMILIES[0][0]; COUNT];
    let (mut place, mut family) = (0, 0);
    while family < FAMILIES.len() {
        let mut line = 0;
        while line < FAMILIES[family].len() {
            all[place] = FAMILIES[family][line];
            place += 1;
            line += 1;
        }
        family += 1;
    }
    all
};

static FUNCTIONS: [Function; COUNT] = {
    let mut all = [Function(0); COUNT];
    let mut place = 0;
    while place < COUNT {
        all[place] = Function(place as u16);
        place += 1;
    }
    all
};

/// Which function of this crate: its place in the table.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Function(u16);

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.row().name)
    }
}

impl Function {
    /// Its place in the table.
    #[must_use]
    pub fn place(self) -> u16 {
        self.0
    }

    fn entry(self) -> &'static Entry {
        &ENTRIES[usize::from(self.0)]
    }

    /// What is known of it.
    #[must_use]
    pub fn row(self) -> &'static Row {
        &self.entry().row
    }

    /// Every function, in the order of the table.
    #[must_use]
    pub fn all() -> &'static [Function] {
        &FUNCTIONS
    }

    /// The function that is exported by this name.
    #[must_use]
    pub fn exported_as(name: &str) -> Option<Function> {
        FUNCTIONS.iter().copied().find(|function| function.row().export == name)
    }

    /// The function that a processor's COREDLL exports at this ordinal.
    #[must_use]
    pub fn at_ordinal(processor: Processor, ordinal: u16) -> Option<Function> {
        let is_there = |row: &Row| match processor {
            Processor::X86 => row.ordinals.x86 == Some(ordinal),
            Processor::Arm => row.ordinals.arm == Some(ordinal),
        };
        FUNCTIONS.iter().copied().find(|function| is_there(function.row()))
    }

    /// Takes the call's arguments and runs the body, as far as it comes by itself.
    ///
    /// # Errors
    ///
    /// What stops the guest instead of a return. Guest memory may have been written before it.
    pub fn call(self, cx: &mut Cx<'_>) -> Result<Step, Stop> {
        (self.entry().run)(cx)
    }
}

#[cfg(test)]
mod tests;

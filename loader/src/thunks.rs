//! The addresses behind which the host's functions are: one for each function, however often it is imported.

use std::collections::BTreeMap;

use crate::binding::Target;
use crate::layout::{thunk_address, thunk_index};

/// The functions of the host's that a process has been given the addresses of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Thunks {
    targets: Vec<Target>,
    places: BTreeMap<(u8, u32, &'static str), usize>,
}

impl Thunks {
    /// The address that stands for a function.
    pub(crate) fn address(&mut self, target: Target) -> u32 {
        let place = *self.places.entry(key(target)).or_insert(self.targets.len());
        if place == self.targets.len() {
            self.targets.push(target);
        }
        thunk_address(place)
    }

    /// The function that an address stands for.
    pub(crate) fn target(&self, address: u32) -> Option<Target> {
        thunk_index(address).and_then(|index| self.targets.get(index).copied())
    }
}

fn key(target: Target) -> (u8, u32, &'static str) {
    match target {
        Target::Kernel(function) => (0, function as u32, ""),
        Target::Crt(function) => (1, function.place().into(), ""),
        Target::Loader(function) => (2, function as u32, ""),
        Target::Lacking(export) => (3, u32::from(export.ordinal), export.name),
    }
}

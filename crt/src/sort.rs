//! `qsort` and `bsearch`: they ask the guest's comparison.
//!
//! The comparison may be of any kind: it may contradict itself, change the array, or never return. The sort
//! is a heap sort, because its work and the places it touches depend on the count of elements alone: it ends
//! after some `2 n log n` comparisons whatever they say, and never touches a byte outside the array.

use cerium_memory::FaultKind;

use crate::call::{Cx, Stop};
use crate::memory::{Access, COPY_CHUNK, Fault, GuestMemory};
use crate::pause::Step;

/// An array in guest memory, and what compares its elements.
#[derive(Copy, Clone, Debug)]
struct Elements {
    base: u32,
    width: u32,
    compare: u32,
}

impl Elements {
    /// An array that ends within the address space.
    fn new(base: u32, count: u32, width: u32, compare: u32) -> Result<Self, Fault> {
        let end = u64::from(base) + u64::from(count) * u64::from(width);
        if end > 1 << 32 {
            return Err(Fault { address: u32::MAX, access: Access::Read, kind: FaultKind::Unmapped });
        }
        Ok(Self { base, width, compare })
    }

    /// Where an element is that lies within the array.
    fn at(self, index: u32) -> u32 {
        self.base.wrapping_add(index.wrapping_mul(self.width))
    }

    fn swap(self, memory: &mut dyn GuestMemory, one: u32, other: u32) -> Result<(), Fault> {
        let (mut one, mut other, mut left) = (self.at(one), self.at(other), self.width as usize);
        let (mut first, mut second) = ([0; COPY_CHUNK], [0; COPY_CHUNK]);
        while left > 0 {
            let size = left.min(COPY_CHUNK);
            memory.read(one, &mut first[..size])?;
            memory.read(other, &mut second[..size])?;
            memory.write(one, &second[..size])?;
            memory.write(other, &first[..size])?;
            one = one.wrapping_add(size as u32);
            other = other.wrapping_add(size as u32);
            left -= size;
        }
        Ok(())
    }
}

/// A sort on its way. The elements from `start` on to `end` are a heap but for the one at `root`, which is
/// sinking; those behind `end` are sorted.
#[derive(Copy, Clone, Debug)]
struct Sort {
    elements: Elements,
    start: u32,
    end: u32,
    root: u32,
    /// The larger child of the root, as far as is known.
    child: u32,
}

/// `qsort`.
///
/// # Errors
///
/// A fault in the array.
pub(crate) fn sort(base: u32, count: u32, width: u32, compare: u32) -> Result<Step, Stop> {
    if count < 2 || width == 0 {
        return Ok(Step::done(()));
    }
    let elements = Elements::new(base, count, width, compare)?;
    let start = count / 2 - 1;
    Sort { elements, start, end: count, root: start, child: 0 }.sink()
}

impl Sort {
    /// Lets the element at the root sink one level.
    fn sink(mut self) -> Result<Step, Stop> {
        // No overflow: an element has a byte at least, so there are at most 2^32 - 1, and the root is one of
        // the lower half.
        self.child = 2 * self.root + 1;
        if self.child + 1 < self.end {
            let children = [self.elements.at(self.child), self.elements.at(self.child + 1)];
            return Ok(Step::ask_guest(self.elements.compare, &children, self, Sort::choose_child));
        }
        Ok(self.compare_with_child())
    }

    fn choose_child(mut self, _: &mut Cx<'_>, order: u32) -> Result<Step, Stop> {
        if (order as i32) < 0 {
            self.child += 1;
        }
        Ok(self.compare_with_child())
    }

    fn compare_with_child(self) -> Step {
        let pair = [self.elements.at(self.root), self.elements.at(self.child)];
        Step::ask_guest(self.elements.compare, &pair, self, Sort::settle)
    }

    fn settle(mut self, cx: &mut Cx<'_>, order: u32) -> Result<Step, Stop> {
        if (order as i32) < 0 {
            self.elements.swap(cx.memory, self.root, self.child)?;
            self.root = self.child;
            if self.root < self.end / 2 {
                return self.sink();
            }
        }
        self.next_root(cx.memory)
    }

    /// The root has sunk as far as it goes: takes the next one, first of the heap that is being made, then of
    /// the one that is being emptied.
    fn next_root(mut self, memory: &mut dyn GuestMemory) -> Result<Step, Stop> {
        if self.start > 0 {
            self.start -= 1;
            self.root = self.start;
            return self.sink();
        }
        self.end -= 1;
        self.elements.swap(memory, 0, self.end)?;
        self.root = 0;
        if self.end < 2 { Ok(Step::done(())) } else { self.sink() }
    }
}

/// A search on its way: the element is between `low` and `high`, if anywhere.
#[derive(Copy, Clone, Debug)]
struct Search {
    elements: Elements,
    key: u32,
    low: u32,
    high: u32,
}

/// `bsearch`: the address of an element that compares equal, or 0.
///
/// # Errors
///
/// A fault, if the array does not end within the address space.
pub(crate) fn search(key: u32, base: u32, count: u32, width: u32, compare: u32) -> Result<Step, Stop> {
    let elements = Elements::new(base, count, width, compare)?;
    Ok(Search { elements, key, low: 0, high: count }.look())
}

impl Search {
    fn middle(self) -> u32 {
        self.low + (self.high - self.low) / 2
    }

    fn look(self) -> Step {
        if self.low >= self.high {
            return Step::done(0_u32);
        }
        let pair = [self.key, self.elements.at(self.middle())];
        Step::ask_guest(self.elements.compare, &pair, self, Search::go_on)
    }

    fn go_on(mut self, _: &mut Cx<'_>, order: u32) -> Result<Step, Stop> {
        let middle = self.middle();
        match order as i32 {
            0 => return Ok(Step::done(self.elements.at(middle))),
            ..0 => self.high = middle,
            1.. => self.low = middle + 1,
        }
        Ok(self.look())
    }
}

#[cfg(test)]
mod tests;

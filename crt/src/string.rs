//! Strings: the `str…` and `wcs…` functions, each written once for both kinds of unit.
//!
//! Addresses are of the first unit; a function whose C counterpart returns a pointer returns an address, 0
//! for none. Comparisons give −1, 0 or 1. Strings that overlap where C says they must not are copied as if
//! they did not (through the length first), so that no call runs on into its own copy.

use std::cmp::Ordering;

use crate::block;
use crate::memory::{Fault, GuestMemory, Reader, write_unit, write_units};
use crate::unit::Unit;

/// `strlen`.
pub fn length<U: Unit>(memory: &dyn GuestMemory, string: u32) -> Result<u32, Fault> {
    bounded_length::<U>(memory, string, u32::MAX)
}

/// `strnlen`: the length, or `limit` if there is no NUL within so many units.
pub fn bounded_length<U: Unit>(memory: &dyn GuestMemory, string: u32, limit: u32) -> Result<u32, Fault> {
    let mut reader = Reader::<U>::new(memory, string);
    let mut length = 0_u32;
    while length < limit {
        let chunk = reader.take_chunk()?;
        if let Some(end) = chunk.iter().position(|&unit| unit == U::NUL) {
            return Ok(limit.min(length + end as u32));
        }
        // A string without an end in all of memory: the walk has come round to address 0, which is a fault.
        length = length.saturating_add(chunk.len() as u32);
    }
    Ok(limit)
}

/// Reads the string's units, without the NUL, at most `limit` of them.
pub fn read<U: Unit>(memory: &dyn GuestMemory, string: u32, limit: u32) -> Result<Vec<U>, Fault> {
    let mut reader = Reader::<U>::new(memory, string);
    let mut units = Vec::new();
    while units.len() < limit as usize {
        let chunk = reader.take_chunk()?;
        let room = chunk.len().min(limit as usize - units.len());
        if let Some(end) = chunk[..room].iter().position(|&unit| unit == U::NUL) {
            units.extend_from_slice(&chunk[..end]);
            break;
        }
        units.extend_from_slice(&chunk[..room]);
    }
    Ok(units)
}

/// Writes units and a NUL after them.
pub fn write<U: Unit>(memory: &mut dyn GuestMemory, string: u32, units: &[U]) -> Result<(), Fault> {
    write_units(memory, string, units)?;
    write_unit(memory, offset::<U>(string, units.len() as u32), U::NUL)
}

/// The address `units` units further on.
pub(crate) fn offset<U: Unit>(string: u32, units: u32) -> u32 {
    string.wrapping_add(units.wrapping_mul(U::SIZE))
}

/// `strcpy`: returns the destination.
pub fn copy<U: Unit>(memory: &mut dyn GuestMemory, destination: u32, source: u32) -> Result<u32, Fault> {
    let units = length::<U>(memory, source)? + 1;
    block::copy(memory, destination, source, units * U::SIZE)
}

/// `strncpy`: copies `count` units, NULs after the end of the source; no NUL if the source is as long as
/// `count`.
pub fn copy_bounded<U: Unit>(
    memory: &mut dyn GuestMemory,
    destination: u32,
    source: u32,
    count: u32,
) -> Result<u32, Fault> {
    let units = bounded_length::<U>(memory, source, count)?;
    block::copy(memory, destination, source, units * U::SIZE)?;
    // NUL units are zero bytes. A count beyond the address space ends in a fault like any other.
    let padding = u64::from(count - units) * u64::from(U::SIZE);
    block::set(memory, offset::<U>(destination, units), 0, padding.min(u64::from(u32::MAX)) as u32)?;
    Ok(destination)
}

/// `strcat`.
pub fn append<U: Unit>(memory: &mut dyn GuestMemory, destination: u32, source: u32) -> Result<u32, Fault> {
    let end = offset::<U>(destination, length::<U>(memory, destination)?);
    copy::<U>(memory, end, source)?;
    Ok(destination)
}

/// `strncat`: appends at most `count` units, and always a NUL.
pub fn append_bounded<U: Unit>(
    memory: &mut dyn GuestMemory,
    destination: u32,
    source: u32,
    count: u32,
) -> Result<u32, Fault> {
    let end = offset::<U>(destination, length::<U>(memory, destination)?);
    let units = bounded_length::<U>(memory, source, count)?;
    block::copy(memory, end, source, units * U::SIZE)?;
    write_unit(memory, offset::<U>(end, units), U::NUL)?;
    Ok(destination)
}

/// `strcmp`: by the units' numbers, unsigned.
pub fn compare<U: Unit>(memory: &dyn GuestMemory, left: u32, right: u32) -> Result<i32, Fault> {
    compare_by(memory, left, right, u32::MAX, |unit: U| unit)
}

/// `strncmp`: looks at `count` units at most.
pub fn compare_bounded<U: Unit>(
    memory: &dyn GuestMemory,
    left: u32,
    right: u32,
    count: u32,
) -> Result<i32, Fault> {
    compare_by(memory, left, right, count, |unit: U| unit)
}

/// `_stricmp`, `_wcsicmp`: compares what `tolower` makes of the units.
pub fn compare_folded<U: Unit>(memory: &dyn GuestMemory, left: u32, right: u32) -> Result<i32, Fault> {
    compare_by(memory, left, right, u32::MAX, U::lower)
}

/// `_strnicmp`, `_wcsnicmp`.
pub fn compare_folded_bounded<U: Unit>(
    memory: &dyn GuestMemory,
    left: u32,
    right: u32,
    count: u32,
) -> Result<i32, Fault> {
    compare_by(memory, left, right, count, U::lower)
}

fn compare_by<U: Unit>(
    memory: &dyn GuestMemory,
    left: u32,
    right: u32,
    count: u32,
    fold: impl Fn(U) -> U,
) -> Result<i32, Fault> {
    let mut left = Reader::<U>::new(memory, left);
    let mut right = Reader::<U>::new(memory, right);
    for _ in 0..count {
        let unit = left.take()?;
        match fold(unit).cmp(&fold(right.take()?)) {
            Ordering::Equal if unit == U::NUL => break,
            Ordering::Equal => {}
            unequal => return Ok(unequal as i32),
        }
    }
    Ok(0)
}

/// `strchr`: the first such unit; the NUL at the end counts.
pub fn find<U: Unit>(memory: &dyn GuestMemory, string: u32, unit: U) -> Result<u32, Fault> {
    let mut reader = Reader::<U>::new(memory, string);
    loop {
        let at = reader.address();
        match reader.take()? {
            found if found == unit => return Ok(at),
            end if end == U::NUL => return Ok(0),
            _ => {}
        }
    }
}

/// `strrchr`: the last such unit; the NUL at the end counts.
pub fn find_last<U: Unit>(memory: &dyn GuestMemory, string: u32, unit: U) -> Result<u32, Fault> {
    let mut reader = Reader::<U>::new(memory, string);
    let mut last = 0;
    loop {
        let at = reader.address();
        let found = reader.take()?;
        if found == unit {
            last = at;
        }
        if found == U::NUL {
            return Ok(last);
        }
    }
}

/// `strstr`: the first place where the whole of `pattern` stands; an empty one stands at the start.
///
/// Knuth, Morris and Pratt's way: no guest can make it take longer than the two lengths together.
pub fn find_string<U: Unit>(memory: &dyn GuestMemory, string: u32, pattern: u32) -> Result<u32, Fault> {
    let pattern: Vec<U> = read(memory, pattern, u32::MAX)?;
    if pattern.is_empty() {
        return Ok(string);
    }
    let borders = borders(&pattern);
    let mut reader = Reader::<U>::new(memory, string);
    let mut matched = 0;
    loop {
        let unit = reader.take()?;
        if unit == U::NUL {
            return Ok(0);
        }
        while matched > 0 && pattern[matched] != unit {
            matched = borders[matched - 1] as usize;
        }
        if pattern[matched] == unit {
            matched += 1;
        }
        if matched == pattern.len() {
            return Ok(reader.address().wrapping_sub(matched as u32 * U::SIZE));
        }
    }
}

/// For each prefix of the pattern, the length of the longest proper prefix that also ends it.
fn borders<U: Unit>(pattern: &[U]) -> Vec<u32> {
    let mut borders = vec![0; pattern.len()];
    let mut length = 0;
    for at in 1..pattern.len() {
        while length > 0 && pattern[at] != pattern[length] {
            length = borders[length - 1] as usize;
        }
        if pattern[at] == pattern[length] {
            length += 1;
        }
        borders[at] = length as u32;
    }
    borders
}

/// A set of units given as a string.
struct Set<U>(Vec<U>);

impl<U: Unit> Set<U> {
    fn read(memory: &dyn GuestMemory, string: u32) -> Result<Self, Fault> {
        let mut units: Vec<U> = read(memory, string, u32::MAX)?;
        units.sort_unstable();
        units.dedup();
        Ok(Self(units))
    }

    fn contains(&self, unit: U) -> bool {
        self.0.binary_search(&unit).is_ok()
    }
}

/// `strspn`: how many units at the start are all in `set`.
pub fn span<U: Unit>(memory: &dyn GuestMemory, string: u32, set: u32) -> Result<u32, Fault> {
    let set = Set::<U>::read(memory, set)?;
    span_while(memory, string, |unit| set.contains(unit))
}

/// `strcspn`: how many units at the start are all not in `set`.
pub fn span_until<U: Unit>(memory: &dyn GuestMemory, string: u32, set: u32) -> Result<u32, Fault> {
    let set = Set::<U>::read(memory, set)?;
    span_while(memory, string, |unit| !set.contains(unit))
}

fn span_while<U: Unit>(
    memory: &dyn GuestMemory,
    string: u32,
    belongs: impl Fn(U) -> bool,
) -> Result<u32, Fault> {
    let mut reader = Reader::<U>::new(memory, string);
    let mut length = 0;
    loop {
        let unit = reader.take()?;
        if unit == U::NUL || !belongs(unit) {
            return Ok(length);
        }
        length += 1;
    }
}

/// `strpbrk`: the first unit that is in `set`.
pub fn find_any<U: Unit>(memory: &dyn GuestMemory, string: u32, set: u32) -> Result<u32, Fault> {
    let at = offset::<U>(string, span_until::<U>(memory, string, set)?);
    let unit = Reader::<U>::new(memory, at).take()?;
    Ok(if unit == U::NUL { 0 } else { at })
}

/// `strtok`: the next token between delimiters, with a NUL put after it; 0 when there is none.
///
/// `rest` is where the function goes on when `string` is 0; the caller keeps it (for each thread, or in the
/// guest for `strtok_s`). It is 0 before the first call.
pub fn token<U: Unit>(
    memory: &mut dyn GuestMemory,
    string: u32,
    delimiters: u32,
    rest: &mut u32,
) -> Result<u32, Fault> {
    let string = if string == 0 { *rest } else { string };
    if string == 0 {
        return Ok(0);
    }
    let set = Set::<U>::read(memory, delimiters)?;
    let start = offset::<U>(string, span_while(memory, string, |unit| set.contains(unit))?);
    let size = span_while(memory, start, |unit| !set.contains(unit))?;
    let end = offset::<U>(start, size);
    if size == 0 {
        *rest = start;
        return Ok(0);
    }
    if Reader::<U>::new(memory, end).take()? == U::NUL {
        *rest = end;
    } else {
        write_unit(memory, end, U::NUL)?;
        *rest = offset::<U>(end, 1);
    }
    Ok(start)
}

/// `_strlwr`, `_wcslwr`, `CharLowerW`: in place; returns the string.
pub fn lower<U: Unit>(memory: &mut dyn GuestMemory, string: u32) -> Result<u32, Fault> {
    let size = length::<U>(memory, string)?;
    map(memory, string, size, U::lower)
}

/// `_strupr`, `_wcsupr`, `CharUpperW`.
pub fn upper<U: Unit>(memory: &mut dyn GuestMemory, string: u32) -> Result<u32, Fault> {
    let size = length::<U>(memory, string)?;
    map(memory, string, size, U::upper)
}

/// `_strset`: every unit becomes `unit`.
pub fn fill<U: Unit>(memory: &mut dyn GuestMemory, string: u32, unit: U) -> Result<u32, Fault> {
    fill_bounded(memory, string, unit, u32::MAX)
}

/// `_strnset`: the first `count` units become `unit`, no further than the NUL.
pub fn fill_bounded<U: Unit>(
    memory: &mut dyn GuestMemory,
    string: u32,
    unit: U,
    count: u32,
) -> Result<u32, Fault> {
    let size = bounded_length::<U>(memory, string, count)?;
    map(memory, string, size, |_| unit)
}

/// Replaces each of `count` units: `CharLowerBuffW` with [`Unit::lower`], and so on. Returns the string.
pub fn map<U: Unit>(
    memory: &mut dyn GuestMemory,
    string: u32,
    count: u32,
    each: impl Fn(U) -> U,
) -> Result<u32, Fault> {
    let mut done = 0;
    while done < count {
        let at = offset::<U>(string, done);
        let mut reader = Reader::<U>::new(memory, at);
        let chunk = reader.take_chunk()?;
        let room = chunk.len().min((count - done) as usize);
        let units: Vec<U> = chunk[..room].iter().map(|&unit| each(unit)).collect();
        write_units(memory, at, &units)?;
        done += room as u32;
    }
    Ok(string)
}

/// `_strrev`: turns the string round in place.
pub fn reverse<U: Unit>(memory: &mut dyn GuestMemory, string: u32) -> Result<u32, Fault> {
    let mut units: Vec<U> = read(memory, string, u32::MAX)?;
    units.reverse();
    write_units(memory, string, &units)?;
    Ok(string)
}

#[cfg(test)]
mod tests;

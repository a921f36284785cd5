//! Resources: trees of three levels (type, name, language) in a module's memory.
//!
//! A tree is read where it lies, entry by entry, and lies as headers do: every address is checked to be within
//! the module's resources before it is followed, there are exactly three levels, and the work is bounded by
//! the counts of a directory, which have 16 bits.

use cerium_kernel::Win32Error;
use cerium_memory::{AddressSpace, Fault};
use cerium_pe::DataDirectory;

use crate::calls::{Out, Use};
use crate::executable::Executable;
use crate::isa::Isa;
use crate::libraries::host_library;

/// Whether an offset leads to a directory, or a name is a text: its highest bit.
const HIGH: u32 = 0x8000_0000;

const RT_STRING: u32 = 6;
/// How many strings one resource of that type holds.
const STRINGS: u32 = 16;

/// The languages that are asked for, in this order: neutral, then English (United States); then whichever
/// comes first. Our choice.
const LANGUAGES: [u32; 2] = [0, 0x409];

/// What a type or a name is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Identifier {
    Number(u32),
    /// Its units, without case.
    Text(Vec<u16>),
}

/// The longest name of a resource that is looked for, in units. No compiler of resources makes one nearly
/// as long.
const MAXIMUM_NAME: u32 = 1024;

/// A unit without case.
fn folded(unit: u16) -> u16 {
    let upper = char::from_u32(unit.into()).map(|character| character.to_uppercase());
    match upper.map(|mut upper| (upper.next(), upper.next())) {
        Some((Some(only), None)) => u16::try_from(u32::from(only)).unwrap_or(unit),
        _ => unit,
    }
}

/// A module's resources.
struct Tree<'a> {
    memory: &'a AddressSpace,
    base: u32,
    size: u32,
    table: DataDirectory,
}

impl Tree<'_> {
    /// The word at an offset in the tree, if all of it is in the tree.
    fn word(&self, offset: u32) -> Option<u32> {
        let within = offset.checked_add(4)? <= self.table.size;
        let address = self.base.wrapping_add(self.table.rva).wrapping_add(offset);
        if within { self.memory.read_unaligned_u32(address).ok() } else { None }
    }

    fn half(&self, offset: u32) -> Option<u32> {
        let word = self.word(offset & !3)?;
        Some(if offset & 2 == 0 { word & 0xFFFF } else { word >> 16 })
    }

    /// The entries of a directory: name and target.
    fn entries(&self, directory: u32) -> impl Iterator<Item = (u32, u32)> {
        let count = self.half(directory.wrapping_add(12)).unwrap_or(0)
            + self.half(directory.wrapping_add(14)).unwrap_or(0);
        let first = directory.wrapping_add(16);
        (0..count).map_while(move |place| {
            let entry = first.checked_add(8 * place)?;
            Some((self.word(entry)?, self.word(entry.checked_add(4)?)?))
        })
    }

    fn is_named(&self, name: u32, wanted: &Identifier) -> bool {
        match wanted {
            Identifier::Number(number) => name == *number,
            Identifier::Text(text) => name & HIGH != 0 && self.is_text(name & !HIGH, text),
        }
    }

    /// Whether a name is this text: a count of units, and the units.
    fn is_text(&self, offset: u32, wanted: &[u16]) -> bool {
        let byte = |offset: u32| self.word(offset & !3).map(|word| word >> (8 * (offset & 3)) & 0xFF);
        let unit = |place: u32| {
            let offset = offset.checked_add(2 * place)?;
            Some((byte(offset)? | byte(offset.checked_add(1)?)? << 8) as u16)
        };
        unit(0) == u16::try_from(wanted.len()).ok()
            && wanted.iter().zip(1..).all(|(wanted, place)| unit(place).map(folded) == Some(*wanted))
    }

    /// The directory that an entry of this name leads to.
    fn directory(&self, within: u32, wanted: &Identifier) -> Option<u32> {
        let target = self.entries(within).find(|(name, _)| self.is_named(*name, wanted))?.1;
        (target & HIGH != 0).then_some(target & !HIGH)
    }

    /// The offset of the data entry of a resource.
    fn find(&self, of_type: &Identifier, name: &Identifier) -> Result<u32, Win32Error> {
        let names = self.directory(0, of_type).ok_or(Win32Error::RESOURCE_TYPE_NOT_FOUND)?;
        let languages = self.directory(names, name).ok_or(Win32Error::RESOURCE_NAME_NOT_FOUND)?;
        let found = |wanted: u32| self.entries(languages).find(|(language, _)| *language == wanted);
        let preferred = LANGUAGES.iter().find_map(|language| found(*language));
        let entry = preferred.or_else(|| self.entries(languages).next());
        let target = entry.ok_or(Win32Error::RESOURCE_LANG_NOT_FOUND)?.1;
        if target & HIGH != 0 || self.data(target).is_none() {
            return Err(Win32Error::RESOURCE_DATA_NOT_FOUND);
        }
        Ok(target)
    }

    /// Where the data behind an entry lie and how many bytes they are; they must lie in the module.
    fn data(&self, entry: u32) -> Option<(u32, u32)> {
        let (rva, size) = (self.word(entry)?, self.word(entry.checked_add(4)?)?);
        let within = rva.checked_add(size)? <= self.size;
        within.then(|| (self.base.wrapping_add(rva), size))
    }
}

impl<I: Isa> Executable<I> {
    /// A module's resources; NULL is the program.
    fn tree(&self, module: u32) -> Result<Tree<'_>, Win32Error> {
        let found = match module {
            0 => Some(self.modules.program()),
            // What COREDLL has is behind its functions.
            base if host_library(base).is_some() => return Err(Win32Error::RESOURCE_DATA_NOT_FOUND),
            base => self.modules.at(base),
        };
        let module = found.ok_or(Win32Error::MOD_NOT_FOUND)?;
        let table = module.resources.ok_or(Win32Error::RESOURCE_DATA_NOT_FOUND)?;
        Ok(Tree { memory: &self.memory, base: module.base, size: module.size, table })
    }

    /// A type or a name as a guest gives it: a number, or a text; `#12` is a number, too.
    fn identifier(&self, word: u32) -> Result<Identifier, Fault> {
        if word <= 0xFFFF {
            return Ok(Identifier::Number(word));
        }
        let units: Vec<u16> = cerium_crt::string::read(&self.memory, word, MAXIMUM_NAME)?;
        let text = String::from_utf16_lossy(&units);
        let number = text.strip_prefix('#').and_then(|digits| digits.parse::<u16>().ok());
        Ok(match number {
            Some(number) => Identifier::Number(number.into()),
            None => Identifier::Text(units.into_iter().map(folded).collect()),
        })
    }

    pub(crate) fn find_resource(
        &mut self,
        guest: u32,
        used: &mut Use<'_>,
        module: u32,
        name: u32,
        of_type: u32,
    ) -> Out {
        let (Ok(name), Ok(of_type)) = (self.identifier(name), self.identifier(of_type)) else {
            return self.fail(guest, used, Win32Error::INVALID_PARAMETER, 0);
        };
        let found = self.tree(module).and_then(|tree| {
            // The handle of a resource is where its entry is.
            tree.find(&of_type, &name).map(|entry| tree.base.wrapping_add(tree.table.rva).wrapping_add(entry))
        });
        match found {
            Ok(handle) => self.return_word(guest, handle),
            Err(error) => self.fail(guest, used, error, 0),
        }
    }

    /// The data behind a resource's handle.
    fn resource(&self, module: u32, handle: u32) -> Result<(u32, u32), Win32Error> {
        let tree = self.tree(module)?;
        let entry = handle.wrapping_sub(tree.base.wrapping_add(tree.table.rva));
        tree.data(entry).ok_or(Win32Error::INVALID_PARAMETER)
    }

    pub(crate) fn load_resource(&mut self, guest: u32, used: &mut Use<'_>, module: u32, handle: u32) -> Out {
        match self.resource(module, handle) {
            Ok((address, _)) => self.return_word(guest, address),
            Err(error) => self.fail(guest, used, error, 0),
        }
    }

    pub(crate) fn size_of_resource(
        &mut self,
        guest: u32,
        used: &mut Use<'_>,
        module: u32,
        handle: u32,
    ) -> Out {
        match self.resource(module, handle) {
            Ok((_, size)) => self.return_word(guest, size),
            Err(error) => self.fail(guest, used, error, 0),
        }
    }

    /// Where a string lies and how many units it has.
    fn string(&self, module: u32, id: u32) -> Result<(u32, u32), Win32Error> {
        let tree = self.tree(module)?;
        let bundle = Identifier::Number((id & 0xFFFF) / STRINGS + 1);
        let entry = tree.find(&Identifier::Number(RT_STRING), &bundle)?;
        let missing = Win32Error::RESOURCE_NAME_NOT_FOUND;
        let (mut at, size) = tree.data(entry).ok_or(missing)?;
        let end = u64::from(at) + u64::from(size);
        let mut half = [0; 2];
        for place in 0..=id % STRINGS {
            if u64::from(at) + 2 > end || self.memory.read_bytes(at, &mut half).is_err() {
                return Err(missing);
            }
            let length = u32::from(u16::from_le_bytes(half));
            let text = at.wrapping_add(2);
            if u64::from(text) + 2 * u64::from(length) > end {
                return Err(missing);
            }
            if place == id % STRINGS {
                return if length == 0 { Err(missing) } else { Ok((text, length)) };
            }
            at = text.wrapping_add(2 * length);
        }
        Err(missing)
    }

    pub(crate) fn load_string(
        &mut self,
        guest: u32,
        used: &mut Use<'_>,
        module: u32,
        id: u32,
        buffer: u32,
        room: u32,
    ) -> Out {
        let (address, length) = match self.string(module, id) {
            Ok(found) => found,
            Err(error) => return self.fail(guest, used, error, 0),
        };
        // ms886743: without a buffer it returns where the string is.
        if room == 0 {
            return self.return_word(guest, address);
        }
        let length = length.min(room - 1);
        let mut bytes = vec![0; 2 * length as usize + 2];
        let copied = self
            .memory
            .read_bytes(address, &mut bytes[..2 * length as usize])
            .and_then(|()| self.memory.write_bytes(buffer, &bytes));
        match copied {
            Ok(()) => self.return_word(guest, length),
            Err(_) => self.fail(guest, used, Win32Error::INVALID_PARAMETER, 0),
        }
    }
}

use object::LittleEndian as LE;
use object::pe::ImageImportDescriptor;

use crate::error::{PeError, Place};
use crate::header::DataDirectory;
use crate::mapped::Mapped;

const ORDINAL_FLAG: u32 = 0x8000_0000;

/// A module and what the image takes from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportModule {
    /// The module's file name as it stands in the image, such as `COREDLL.dll`.
    pub name: String,
    /// The functions, in the order of the import table.
    pub functions: Vec<Import>,
}

/// A function to be bound: its address belongs into a word of the image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Address of that word, relative to the image's base; the word lies in a section.
    pub iat_rva: u32,
    /// The function that is wanted.
    pub target: ImportTarget,
}

/// How a function is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportTarget {
    /// By number.
    Ordinal(u16),
    /// By name, with a guess where the name stands among the exports.
    Name {
        /// The guess; may be anything.
        hint: u16,
        /// The name.
        name: String,
    },
}

/// Reads the import table.
pub(crate) fn read(mapped: &mut Mapped<'_>, table: DataDirectory) -> Result<Vec<ImportModule>, PeError> {
    let mut modules = Vec::new();
    // Every import has its own word in the image; tables that lie over one another would make more of them.
    let mut functions_left = mapped.room_for(4);
    let descriptor_size = size_of::<ImageImportDescriptor>() as u32;
    for index in 0..mapped.room_for(descriptor_size as usize) as u32 {
        let rva = table.rva.saturating_add(index.saturating_mul(descriptor_size));
        let descriptor: ImageImportDescriptor = mapped.read(rva, "import directory")?;
        if descriptor.name.get(LE) == 0 {
            return Ok(modules);
        }
        let name = mapped.name(descriptor.name.get(LE), "name of an imported module")?;
        let functions = read_functions(mapped, &descriptor, &name, &mut functions_left)?;
        modules.push(ImportModule { name, functions });
    }
    let place = mapped.place(table.rva, "import directory");
    Err(PeError::damaged("import directory without an end", place, "expected an empty descriptor"))
}

fn read_functions(
    mapped: &mut Mapped<'_>,
    descriptor: &ImageImportDescriptor,
    module: &str,
    functions_left: &mut usize,
) -> Result<Vec<Import>, PeError> {
    let iat = descriptor.first_thunk.get(LE);
    // Without a look-up table the address table names the functions until they are bound.
    let lookup = match descriptor.original_first_thunk.get(LE) {
        0 => iat,
        rva => rva,
    };
    let field = format!("imports from {module}");
    let mut functions = Vec::new();
    for index in 0..=u32::MAX / 4 {
        let rva = lookup.checked_add(4 * index).ok_or_else(|| wrapped(lookup, &field))?;
        let thunk = u32::from_le_bytes(mapped.read::<[u8; 4]>(rva, &field)?);
        if thunk == 0 {
            break;
        }
        let iat_rva = iat.checked_add(4 * index).ok_or_else(|| wrapped(iat, &field))?;
        if !mapped.contains(iat_rva, 4) {
            let expected = "expected a word within a section for the function's address";
            return Err(PeError::damaged(
                "address outside the image",
                mapped.place(iat_rva, &field),
                expected,
            ));
        }
        let Some(left) = functions_left.checked_sub(1) else {
            let expected = "expected fewer imports than the file has words";
            return Err(PeError::damaged("import tables that overlap", mapped.place(rva, &field), expected));
        };
        *functions_left = left;
        functions.push(Import { iat_rva, target: read_target(mapped, thunk, rva, &field)? });
    }
    Ok(functions)
}

fn read_target(mapped: &mut Mapped<'_>, thunk: u32, at: u32, field: &str) -> Result<ImportTarget, PeError> {
    if thunk & ORDINAL_FLAG == 0 {
        let hint = u16::from_le_bytes(mapped.read::<[u8; 2]>(thunk, field)?);
        // The read above proved that two bytes lie in the image, which ends far below the top.
        let name = mapped.name(thunk + 2, field)?;
        return Ok(ImportTarget::Name { hint, name });
    }
    let Ok(ordinal) = u16::try_from(thunk & !ORDINAL_FLAG) else {
        let expected = "expected an ordinal of 16 bits";
        return Err(PeError::damaged(format!("import {thunk:#x}"), mapped.place(at, field), expected));
    };
    Ok(ImportTarget::Ordinal(ordinal))
}

fn wrapped(rva: u32, field: &str) -> PeError {
    PeError::damaged("table beyond the address space", Place::rva(rva, field), "expected it within a section")
}

use object::LittleEndian as LE;
use object::pe::ImageExportDirectory;

use crate::error::{PeError, Place};
use crate::header::DataDirectory;
use crate::mapped::Mapped;

/// What an image offers to others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exports {
    /// The module's own name for itself; empty if it gives none.
    pub module: String,
    /// The functions, by rising ordinal; numbers without a function are left out.
    pub functions: Vec<Export>,
    /// The names, in the order of the table; a function may have several or none.
    pub names: Vec<ExportName>,
}

/// A function or variable that is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Its number.
    pub ordinal: u16,
    /// Where it is.
    pub target: ExportTarget,
}

/// Where an export is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportTarget {
    /// In the image itself, at an address relative to its base.
    Rva(u32),
    /// In another module: `MODULE.function` or `MODULE.#ordinal`.
    Forward(String),
}

/// A name for an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportName {
    /// The name.
    pub name: String,
    /// The number of the export it stands for.
    pub ordinal: u16,
}

/// Reads the export table.
pub(crate) fn read(
    mapped: &mut Mapped<'_>,
    table: DataDirectory,
    image_size: u32,
) -> Result<Exports, PeError> {
    let directory: ImageExportDirectory = mapped.read(table.rva, "export directory")?;
    let base = directory.base.get(LE);
    let count = directory.number_of_functions.get(LE);
    // `base` is the first number, so `base + count - 1` the last.
    if u64::from(base) + u64::from(count) > 0x1_0000 {
        let what = format!("{count} exports from ordinal {base}");
        let place = mapped.place(table.rva, "export directory");
        return Err(PeError::damaged(what, place, "expected ordinals of 16 bits"));
    }
    let module = match directory.name.get(LE) {
        0 => String::new(),
        rva => mapped.name(rva, "the module's name in the export directory")?,
    };
    let functions = read_functions(mapped, &directory, table, image_size)?;
    let names = read_names(mapped, &directory)?;
    Ok(Exports { module, functions, names })
}

fn read_functions(
    mapped: &mut Mapped<'_>,
    directory: &ImageExportDirectory,
    table: DataDirectory,
    image_size: u32,
) -> Result<Vec<Export>, PeError> {
    let field = "AddressOfFunctions of the export directory";
    let base = directory.base.get(LE);
    let count = directory.number_of_functions.get(LE);
    if count == 0 {
        return Ok(Vec::new());
    }
    let start = directory.address_of_functions.get(LE);
    let words = mapped.slice(start, 4 * count, field)?;
    let mut functions = Vec::new();
    for (index, word) in (0..count).zip(words.chunks_exact(4)) {
        let rva = u32::from_le_bytes(word.try_into().expect("chunks of four bytes"));
        if rva == 0 {
            continue;
        }
        // An address within the export table itself is no function but the name of one elsewhere.
        let target = if rva >= table.rva && rva - table.rva < table.size {
            ExportTarget::Forward(mapped.name(rva, "forwarded export")?)
        } else if rva < image_size {
            ExportTarget::Rva(rva)
        } else {
            let expected = format!("expected an address within SizeOfImage, {image_size:#x}");
            return Err(PeError::damaged(
                format!("export {} at {rva:#x}", base + index),
                mapped.place(start + 4 * index, field),
                expected,
            ));
        };
        // read() checked that base + count fits 16 bits.
        functions.push(Export { ordinal: (base + index) as u16, target });
    }
    Ok(functions)
}

fn read_names(mapped: &mut Mapped<'_>, directory: &ImageExportDirectory) -> Result<Vec<ExportName>, PeError> {
    let count = directory.number_of_names.get(LE);
    if count == 0 {
        return Ok(Vec::new());
    }
    let (field, start) = ("AddressOfNames of the export directory", directory.address_of_names.get(LE));
    let too_many = || {
        let expected = "expected a table within the file";
        PeError::damaged(format!("{count} names of exports"), Place::rva(start, field), expected)
    };
    let words = mapped.slice(start, count.checked_mul(4).ok_or_else(too_many)?, field)?;
    let field = "AddressOfNameOrdinals of the export directory";
    let ordinals_start = directory.address_of_name_ordinals.get(LE);
    let ordinals = mapped.slice(ordinals_start, count * 2, field)?;
    let functions = directory.number_of_functions.get(LE);
    let mut names = Vec::new();
    for ((word, ordinal), at) in words.chunks_exact(4).zip(ordinals.chunks_exact(2)).zip(0..) {
        let rva = u32::from_le_bytes(word.try_into().expect("chunks of four bytes"));
        let index = u32::from(u16::from_le_bytes(ordinal.try_into().expect("chunks of two bytes")));
        if index >= functions {
            let expected = format!("expected less than {functions}, the number of exports");
            let place = mapped.place(ordinals_start + 2 * at, field);
            return Err(PeError::damaged(format!("a name for export {index}"), place, expected));
        }
        let name = mapped.name(rva, "name of an export")?;
        // read() checked that base + count fits 16 bits, and the index is below count.
        names.push(ExportName { name, ordinal: (directory.base.get(LE) + index) as u16 });
    }
    Ok(names)
}

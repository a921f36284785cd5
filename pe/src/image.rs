use object::LittleEndian as LE;

use crate::error::{PeError, Place};
use crate::export::{self, Exports};
use crate::header::{self, DataDirectory, Directory, Headers};
use crate::import::{self, ImportModule};
use crate::machine::Machine;
use crate::mapped::Mapped;
use crate::relocation::{self, Relocations};
use crate::section::Section;
use crate::{MAX_IMAGE_SIZE, PAGE_SIZE};

/// A program or a library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A program: its entry point begins a process.
    Exe,
    /// A library: its entry point is called as processes and threads come and go.
    Dll,
}

/// A CE executable, described.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// The processor it is for.
    pub machine: Machine,
    /// The CE version it was linked for, major and minor.
    pub subsystem_version: (u16, u16),
    /// Program or library.
    pub kind: Kind,
    /// The address it was linked for.
    pub image_base: u32,
    /// Bytes in memory, as the header says; at most [`MAX_IMAGE_SIZE`].
    pub size_of_image: u32,
    /// Bytes of the file that stand at the image's base.
    pub size_of_headers: u32,
    /// Address of the entry point relative to the base; on ARM an odd one is Thumb code. Zero: a library without one.
    pub entry_rva: u32,
    /// Address space for the first thread's stack; zero leaves it to the system.
    pub size_of_stack_reserve: u32,
    /// When it was linked, in seconds since 1970, or whatever the linker put there.
    pub timestamp: u32,
    /// The sections, in the order of the file; none overlaps another.
    pub sections: Vec<Section>,
    /// What it takes from other modules.
    pub imports: Vec<ImportModule>,
    /// What it offers to other modules.
    pub exports: Option<Exports>,
    /// What must be changed to move it.
    pub relocations: Relocations,
    directories: Vec<DataDirectory>,
}

impl Image {
    /// Reads the description of an image from the bytes of its file.
    ///
    /// # Errors
    ///
    /// Says what the file is if it is no CE image, or what in it cannot be.
    pub fn parse(bytes: &[u8]) -> Result<Image, PeError> {
        let headers = Headers::read(bytes)?;
        let characteristics = headers.file.characteristics.get(LE).0;
        let is_dll = characteristics & object::pe::IMAGE_FILE_DLL.0 != 0;
        headers.check_addresses(is_dll)?;

        let optional = headers.optional;
        let size_of_image = optional.size_of_image.get(LE);
        let size_of_headers = optional.size_of_headers.get(LE);
        let mut mapped = Mapped::new(bytes, size_of_headers, &headers.sections);
        let imports = match headers.directory(Directory::Import) {
            Some(table) => import::read(&mut mapped, table)?,
            None => Vec::new(),
        };
        let exports = match headers.directory(Directory::Export) {
            Some(table) => Some(export::read(&mut mapped, table, size_of_image)?),
            None => None,
        };
        let relocations = read_relocations(&headers, &mapped)?;
        let (machine, timestamp) = (headers.machine, headers.file.time_date_stamp.get(LE));
        let (sections, directories) = headers.into_parts();
        log::debug!("{machine} image, {} sections, imports from {} modules", sections.len(), imports.len());
        Ok(Image {
            machine,
            subsystem_version: (
                optional.major_subsystem_version.get(LE),
                optional.minor_subsystem_version.get(LE),
            ),
            kind: if is_dll { Kind::Dll } else { Kind::Exe },
            image_base: optional.image_base.get(LE),
            size_of_image,
            size_of_headers,
            entry_rva: optional.address_of_entry_point.get(LE),
            size_of_stack_reserve: optional.size_of_stack_reserve.get(LE),
            timestamp,
            sections,
            imports,
            exports,
            relocations,
            directories,
        })
    }

    /// Whether it is a library, which cannot be started as a program.
    #[must_use]
    pub fn is_dll(&self) -> bool {
        self.kind == Kind::Dll
    }

    /// Whether it holds managed code, which needs the .NET Compact Framework.
    #[must_use]
    pub fn is_managed(&self) -> bool {
        self.directory(Directory::Managed).is_some()
    }

    /// Whether it can be loaded elsewhere than at its base.
    #[must_use]
    pub fn is_relocatable(&self) -> bool {
        matches!(self.relocations, Relocations::Present(_))
    }

    /// Where a table lies, if the image has it. Resource and exception tables are known to lie within the image.
    #[must_use]
    pub fn directory(&self, directory: Directory) -> Option<DataDirectory> {
        header::entry(&self.directories, directory)
    }

    /// The section that holds an address relative to the image's base.
    #[must_use]
    pub fn section_at(&self, rva: u32) -> Option<&Section> {
        self.sections.iter().find(|section| section.contains(rva))
    }

    /// Bytes in memory in whole pages; the length of what [`Image::lay_out`] gives.
    #[must_use]
    pub fn mapped_size(&self) -> u32 {
        self.size_of_image.next_multiple_of(PAGE_SIZE)
    }

    /// Puts headers and sections where they go in memory, relative to the image's base, zeros between and after them.
    ///
    /// `bytes` is the file that was parsed.
    ///
    /// # Errors
    ///
    /// Fails if `bytes` is shorter than the file that was parsed.
    pub fn lay_out(&self, bytes: &[u8]) -> Result<Vec<u8>, PeError> {
        assert!(self.size_of_image <= MAX_IMAGE_SIZE, "parse keeps the limit");
        let mut image = vec![0; self.mapped_size() as usize];
        copy(&mut image, 0, bytes, 0, self.size_of_headers, "headers")?;
        for section in &self.sections {
            let Section { name, rva, file_offset, file_size, .. } = section;
            copy(&mut image, *rva, bytes, *file_offset, *file_size, name)?;
        }
        Ok(image)
    }

    /// Changes the addresses in a laid out image for a base that is `delta` above the one it was linked for;
    /// a lower one is given as a wrapped number.
    ///
    /// # Errors
    ///
    /// Fails if the image has no relocations and `delta` is not zero, if `image` is shorter than what
    /// `lay_out` gave, or
    /// if a place that should hold a `movw`/`movt` pair does not. Places before that one are changed then.
    pub fn relocate(&self, image: &mut [u8], delta: u32) -> Result<(), PeError> {
        if delta == 0 {
            return Ok(());
        }
        let Relocations::Present(relocations) = &self.relocations else {
            let what = "no relocations";
            let place = Place { offset: None, rva: None, field: "relocation table".to_string() };
            let expected = format!("the image can only be loaded at its base, {:#x}", self.image_base);
            return Err(PeError::damaged(what, place, expected));
        };
        relocations.iter().try_for_each(|relocation| relocation.apply(image, delta))
    }
}

fn copy(
    image: &mut [u8],
    rva: u32,
    bytes: &[u8],
    offset: u32,
    size: u32,
    field: &str,
) -> Result<(), PeError> {
    let range = |start: u32| start as usize..start as usize + size as usize;
    let Some(source) = bytes.get(range(offset)) else {
        let place = Place::file(u64::from(offset), field);
        return Err(PeError::cut_short(place, u64::from(size), bytes.len() as u64));
    };
    let Some(target) = image.get_mut(range(rva)) else {
        let expected = "expected a section within the image";
        return Err(PeError::damaged("section beyond the image", Place::rva(rva, field), expected));
    };
    target.copy_from_slice(source);
    Ok(())
}

fn read_relocations(headers: &Headers, mapped: &Mapped<'_>) -> Result<Relocations, PeError> {
    let stripped = headers.file.characteristics.get(LE).0 & object::pe::IMAGE_FILE_RELOCS_STRIPPED.0 != 0;
    let image_size = headers.optional.size_of_image.get(LE);
    match headers.directory(Directory::Relocation) {
        Some(table) if !stripped => {
            Ok(Relocations::Present(relocation::read(mapped, table, headers.machine, image_size)?))
        }
        // Without code there is nothing to relocate: a library of resources.
        None if !stripped && headers.optional.address_of_entry_point.get(LE) == 0 => {
            Ok(Relocations::Present(Vec::new()))
        }
        _ => Ok(Relocations::Stripped),
    }
}

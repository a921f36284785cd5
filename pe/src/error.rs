use std::fmt;

/// What made a file unfit, in a form to match on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The file has no bytes.
    Empty,
    /// The file is of another format: text, an archive, an ELF file, anything without `MZ`.
    NotExecutable,
    /// The file is a program for DOS or 16-bit Windows.
    DosProgram,
    /// The file is an image for 64-bit processors (PE32+).
    SixtyFourBit,
    /// The image is for a processor that cerium does not run.
    OtherMachine,
    /// The image is for another system than CE, such as desktop Windows.
    OtherSubsystem,
    /// The file ends before something that its headers announce.
    CutShort,
    /// A header or table holds a value that cannot be.
    Damaged,
    /// A value is larger than our limit for it.
    TooLarge,
    /// A relocation of a type that the machine does not have.
    UnknownRelocation,
}

/// Where in a file something stood: the offset, the address in the image, or both, and the name of the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Offset in the file.
    pub offset: Option<u64>,
    /// Address relative to the image's base.
    pub rva: Option<u32>,
    /// The field or table, by its published name where it has one.
    pub field: String,
}

impl Place {
    pub(crate) fn file(offset: u64, field: impl Into<String>) -> Place {
        Place { offset: Some(offset), rva: None, field: field.into() }
    }

    pub(crate) fn rva(rva: u32, field: impl Into<String>) -> Place {
        Place { offset: None, rva: Some(rva), field: field.into() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.offset, self.rva) {
            (Some(offset), Some(rva)) => write!(f, "file offset {offset:#x} ({}, rva {rva:#x})", self.field),
            (Some(offset), None) => write!(f, "file offset {offset:#x} ({})", self.field),
            (None, Some(rva)) => write!(f, "rva {rva:#x} ({})", self.field),
            (None, None) => f.write_str(&self.field),
        }
    }
}

/// A file that cannot be used: what is wrong, where it stands, and what was expected there.
///
/// Its text is `WHAT at WHERE: EXPECTED`, to be put after the file's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeError {
    kind: ErrorKind,
    what: String,
    place: Place,
    expected: String,
}

impl PeError {
    pub(crate) fn new(
        kind: ErrorKind,
        what: impl Into<String>,
        place: Place,
        expected: impl Into<String>,
    ) -> PeError {
        PeError { kind, what: what.into(), place, expected: expected.into() }
    }

    pub(crate) fn damaged(what: impl Into<String>, place: Place, expected: impl Into<String>) -> PeError {
        PeError::new(ErrorKind::Damaged, what, place, expected)
    }

    pub(crate) fn cut_short(place: Place, length: u64, file_size: u64) -> PeError {
        let expected = format!("expected {length} bytes here, the file ends at {file_size:#x}");
        PeError::new(ErrorKind::CutShort, "cut short", place, expected)
    }

    /// The kind of trouble.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What is wrong.
    #[must_use]
    pub fn what(&self) -> &str {
        &self.what
    }

    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// What was expected there.
    #[must_use]
    pub fn expected(&self) -> &str {
        &self.expected
    }
}

impl fmt::Display for PeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}: {}", self.what, self.place, self.expected)
    }
}

impl std::error::Error for PeError {}

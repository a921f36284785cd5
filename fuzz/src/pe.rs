//! The reader of images: parse, lay out, relocate.

use cerium_pe::{Image, Relocations};

/// Larger images are read but not laid out: that would only measure how fast zeros are.
const LAID_OUT: u32 = 4 << 20;

/// Reads the bytes as an image, and holds the reader to what it promises.
pub fn run(bytes: &[u8]) {
    let image = match Image::parse(bytes) {
        Ok(image) => image,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    for section in &image.sections {
        assert!(section.end() <= image.size_of_image);
        assert!(u64::from(section.file_offset) + u64::from(section.file_size) <= bytes.len() as u64);
    }
    let imports = image.imports.iter().flat_map(|module| &module.functions);
    for import in imports {
        assert!(u64::from(import.iat_rva) + 4 <= u64::from(image.size_of_image));
    }
    if image.size_of_image > LAID_OUT {
        return;
    }
    let laid_out = image.lay_out(bytes).expect("what was parsed is laid out");
    assert_eq!(laid_out.len(), image.mapped_size() as usize);
    for delta in [0u32, 0x5_0000, 0xFFFF_0000, 0x1234_5000] {
        let mut moved = laid_out.clone();
        let result = image.relocate(&mut moved, delta);
        match (&image.relocations, delta) {
            (_, 0) => assert!(result.is_ok() && moved == laid_out),
            (Relocations::Stripped, _) => assert!(result.is_err()),
            (Relocations::Present(_), _) => {
                if let Err(error) = result {
                    assert!(!error.to_string().is_empty());
                }
            }
        }
    }
}

//! The text of the registry: read, write, read again.

use cerium_files::registry::Registry;

/// Reads the bytes as a `.reg` file, and holds the reader and the writer to each other.
pub fn run(bytes: &[u8]) {
    let mut registry = Registry::default();
    // As bytes of UTF-8, and as units of UTF-16 behind a byte order mark.
    let wide: Vec<u8> = [0xFF, 0xFE].iter().chain(bytes).copied().collect();
    for bytes in [bytes, &wide] {
        if let Err(error) = registry.load_text(bytes) {
            assert!(error.line >= 1 && !error.reason.is_empty());
        }
    }
    let text = registry.to_text();
    let mut again = Registry::default();
    if let Err(error) = again.load_text(text.as_bytes()) {
        panic!("what was written cannot be read: {error}\n{text}");
    }
    assert_eq!(again.to_text(), text, "what was written is not what is read");
}

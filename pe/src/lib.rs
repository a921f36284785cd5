//! Reads CE executables: bytes in, description out.

//! The cerium command.
fn main() {}

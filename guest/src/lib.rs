//! The contract with running code, the machine that drives it, and guests written in Rust.

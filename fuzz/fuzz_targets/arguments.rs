//! See `cerium_fuzz::arguments`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| cerium_fuzz::arguments::run(bytes));

//! See `cerium_fuzz::library`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| cerium_fuzz::library::run(bytes));

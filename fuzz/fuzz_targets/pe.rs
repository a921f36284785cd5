//! See `cerium_fuzz::pe`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| cerium_fuzz::pe::run(bytes));

//! See `cerium_fuzz::resources`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| cerium_fuzz::resources::run(bytes));

//! See `cerium_fuzz::image`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| cerium_fuzz::image::run(bytes));

//! Random programs that the kernel and the model must agree on, and those that they once did not.
#![allow(missing_docs, reason = "tests say what they test by their names")]

use cerium_tests::model::{generate, parse};

#[test]
fn a_listing_reads_back_as_its_program() {
    for seed in 0..300 {
        let program = generate(seed);
        assert_eq!(parse(&program.to_string()), Ok(program));
    }
}

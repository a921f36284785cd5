//! Random programs that the kernel and the model must agree on, and those that they once did not.
#![allow(missing_docs, reason = "tests say what they test by their names")]

use std::path::Path;

use cerium_tests::model::{generate, parse, run};

#[test]
fn what_once_differed_is_the_same_now() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schedules");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder is in the tree")
        .map(|entry| entry.expect("it can be read").path())
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("a listing is text");
        let program = parse(&text).unwrap_or_else(|line| panic!("{}: {line}", path.display()));
        if let Err(difference) = run(&program) {
            panic!("{}\n{program}\n{difference}", path.display());
        }
    }
}

#[test]
fn a_listing_reads_back_as_its_program() {
    for seed in 0..300 {
        let program = generate(seed);
        assert_eq!(parse(&program.to_string()), Ok(program));
    }
}

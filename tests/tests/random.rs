//! Random programs that the kernel and the model must agree on, and those that they once did not.
#![allow(missing_docs, reason = "tests say what they test by their names")]

use std::path::Path;

use cerium_tests::model::{generate, parse, run, shrink};

/// How many calls the suite makes, a quarter in each test: they run side by side. `RANDOM_OPERATIONS` asks for
/// another number.
fn operations() -> u64 {
    let wanted = std::env::var("RANDOM_OPERATIONS").ok();
    wanted.map_or(1_000_000, |text| text.parse().expect("RANDOM_OPERATIONS is a number"))
}

fn agree(first_seed: u64) {
    let (mut calls, wanted) = (0, operations() / 4);
    for seed in first_seed.. {
        let program = generate(seed);
        match run(&program) {
            Ok(ran) => calls += ran.calls,
            Err(_) => {
                let (program, difference) = shrink(&program);
                panic!("# seed {seed}\n{program}\n{difference}");
            }
        }
        if calls >= wanted {
            return;
        }
    }
}

#[test]
fn the_kernel_does_what_the_model_does() {
    agree(1);
}

#[test]
fn the_kernel_does_what_the_model_does_for_other_seeds() {
    agree(1_000_000);
}

#[test]
fn the_kernel_does_what_the_model_does_for_more_seeds() {
    agree(2_000_000);
}

#[test]
fn the_kernel_does_what_the_model_does_for_the_last_seeds() {
    agree(3_000_000);
}

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

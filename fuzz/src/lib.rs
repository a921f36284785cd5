//! What the fuzz targets do with their bytes. A target passes as long as nothing panics, hangs or eats
//! memory: whatever a file or a guest says, the answer is a value.
//!
//! `pe` gives the bytes to the reader of images, `image` loads and runs them as a program, `arguments` makes
//! a program of them that calls the API with hostile arguments; `script` is that program. `scenario` has two
//! targets: `lua` takes the bytes as the text of a script, `lua_calls` makes a script of them that calls the API.
//! `registry` takes them for a `.reg` file, `library` for a library of a guest's, `resources` for the tree of a
//! program's resources.

pub mod arguments;
pub mod image;
pub mod library;
pub mod pe;
pub mod registry;
pub mod resources;
pub mod scenario;
mod script;

use cerium_guest::{Limits, Machine, Verdict};
use cerium_kernel::Strict;
use cerium_process::Instant;

/// Runs a machine for so many steps, and looks at it afterwards.
fn run_and_audit(machine: &mut Machine, steps: u64) -> Verdict {
    let limits = Limits { time: Some(Instant(60_000_000_000)), steps: Some(steps), interrupt: None };
    let verdict = machine.run(&mut Strict, &limits);
    machine.kernel().audit();
    if verdict == Verdict::Finished {
        assert_eq!(machine.kernel().object_count(), 0, "a run that ends leaves an empty object table");
    }
    // What people are told must not fail either.
    if let Verdict::Stalled(stall) = &verdict {
        assert!(!stall.to_string().is_empty());
    }
    verdict
}

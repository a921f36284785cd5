//! The exit statuses of `cerium run`, a contract with whoever calls it.

use cerium_guest::{ProcessEnd, Verdict};
use cerium_script::FailureKind;

/// A scenario's check failed, or it ended otherwise than expected.
pub const CHECK_FAILED: u8 = 1;
/// The largest exit code of a program that is passed on as it is.
pub const LARGEST_PASSED_ON: u32 = 117;
/// A watchdog or a program has reset the device.
pub const RESET: u8 = 118;
/// The first process ended with a code above [`LARGEST_PASSED_ON`].
pub const LARGE_EXIT_CODE: u8 = 119;
/// Nobody can ever run again.
pub const STALLED: u8 = 120;
/// The first process ended by an unhandled exception.
pub const EXCEPTION: u8 = 121;
/// A limit was reached.
pub const LIMIT: u8 = 122;
/// A function was called that cerium lacks.
pub const MISSING: u8 = 123;
/// A file cannot be used.
pub const BAD_FILE: u8 = 124;
/// Ctrl-C.
pub const INTERRUPTED: u8 = 130;
/// Wrong usage.
pub const USAGE: u8 = 2;

/// The status of a run.
pub fn of(verdict: &Verdict, first: Option<&ProcessEnd>) -> u8 {
    match verdict {
        Verdict::Finished => match first {
            Some(ProcessEnd { crash: Some(_), .. }) => EXCEPTION,
            Some(end) if end.exit_code <= LARGEST_PASSED_ON => end.exit_code as u8,
            Some(_) => LARGE_EXIT_CODE,
            None => unreachable!("a finished run has ended its first process"),
        },
        Verdict::Stalled(_) => STALLED,
        Verdict::Limit(_) => LIMIT,
        Verdict::Reset(_) => RESET,
        Verdict::Missing(_) => MISSING,
        Verdict::Failed(_) => CHECK_FAILED,
        Verdict::Interrupted => INTERRUPTED,
    }
}

/// The status of a scenario that has not passed.
pub fn of_failure(kind: FailureKind) -> u8 {
    match kind {
        FailureKind::Check => CHECK_FAILED,
        FailureKind::Stalled => STALLED,
        FailureKind::Exception => EXCEPTION,
        FailureKind::Limit => LIMIT,
        FailureKind::Reset => RESET,
        FailureKind::Missing => MISSING,
        FailureKind::Interrupted => INTERRUPTED,
    }
}

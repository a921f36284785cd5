//! What compilers of C++ ask for: arrays of objects made and taken apart, and functions that are none.

use crate::bodies::request;
use crate::call::{Cx, Stop, Stream};
use crate::pause::Step;

/// Objects one behind the other, and what is done with each.
#[derive(Debug, Clone, Copy)]
struct Objects {
    array: u32,
    size: u32,
    left: u32,
    function: u32,
}

/// The vector constructor iterator: makes objects from the first to the last.
pub(crate) fn construct(array: u32, size: u32, count: u32, constructor: u32) -> Result<Step, Stop> {
    let made =
        Objects { array, size, left: if (count as i32) < 0 { 0 } else { count }, function: constructor };
    Ok(made.make())
}

/// The vector destructor iterator: takes objects apart from the last to the first.
pub(crate) fn destroy(array: u32, size: u32, count: u32, destructor: u32) -> Result<Step, Stop> {
    let there =
        Objects { array, size, left: if (count as i32) < 0 { 0 } else { count }, function: destructor };
    Ok(there.take_apart())
}

impl Objects {
    fn make(self) -> Step {
        if self.left == 0 {
            return Step::done(());
        }
        let rest = Objects { array: self.array.wrapping_add(self.size), left: self.left - 1, ..self };
        Step::ask_guest(self.function, &[self.array], rest, |objects, _, _| Ok(objects.make()))
    }

    fn take_apart(self) -> Step {
        if self.left == 0 {
            return Step::done(());
        }
        let rest = Objects { left: self.left - 1, ..self };
        let last = self.array.wrapping_add(rest.left.wrapping_mul(self.size));
        Step::ask_guest(self.function, &[last], rest, |objects, _, _| Ok(objects.take_apart()))
    }
}

/// What a call of a function that is purely virtual comes to: the process ends, as by `abort`.
pub(crate) fn pure_call(cx: &mut Cx<'_>) -> Step {
    const ABORTED: u32 = 3;
    cx.output.print(Stream::Error, "runtime error R6025: pure virtual function call\n");
    request::terminate(ABORTED)
}

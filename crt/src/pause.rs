//! Functions that pause: they ask for a call of the guest's code or of the kernel, and go on with the result.
//!
//! A row's body runs on the host and cannot call anybody. One that needs somebody's answer returns a [`Step`]
//! that says whom to ask and how to go on: [`Step::ask_guest`] or [`Step::ask_kernel`], with a state (plain
//! data) and a function of that state and the result. Whoever runs the guest calls, and goes on with the
//! function as often as it asks again. A paused call is data that can be copied, one of the thread's own: the
//! guest's code that it called may call functions that pause in their turn.
//!
//! **Invariant.** Between asking and going on anything may have happened: the guest may have changed every
//! byte of its memory. A state holds addresses and counts and looks at memory anew. **Invariant.** A call may
//! never go on: the guest may leave it by `longjmp` or an exception. Nothing may depend on its end.

use std::fmt;

use cerium_coredll::{Call, Reply};

use crate::call::{Answer, Cx, Return, Stop};

/// How far a function has come.
#[derive(Debug)]
#[must_use]
pub enum Step {
    /// It returns.
    Return(Answer),
    /// It asks for something first.
    Pause(Box<Pause>),
}

/// What a function asks for, and how it goes on.
#[derive(Clone, Debug)]
pub enum Pause {
    /// The guest's function at an address is to be called; the result is its return register.
    Guest {
        /// Where; odd for Thumb.
        address: u32,
        /// Argument words, as C passes them.
        arguments: Vec<u32>,
        /// How it goes on.
        then: Box<dyn Continue<u32>>,
    },
    /// A function of the kernel is to be called. What its out-parameters receive is in the reply and goes
    /// nowhere else.
    Kernel {
        /// The call.
        call: Call,
        /// How it goes on.
        then: Box<dyn Continue<Reply>>,
    },
    /// Something is to be done with fibers, and the function returns what comes of it.
    Fiber(FiberCall),
}

/// What a fiber function asks whoever runs the guest for; it returns at once, with a word.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum FiberCall {
    /// ConvertThreadToFiber.
    Convert {
        /// What GetFiberData is to return.
        data: u32,
    },
    /// CreateFiber.
    Create {
        /// How much stack it wants; 0 for what the image says.
        stack: u32,
        /// Its function.
        start: u32,
        /// The function's parameter, and what GetFiberData is to return.
        data: u32,
    },
    /// DeleteFiber.
    Delete {
        /// Which.
        fiber: u32,
    },
    /// SwitchToFiber.
    Switch {
        /// To which.
        fiber: u32,
    },
    /// GetCurrentFiber.
    Current,
    /// GetFiberData.
    Data,
}

/// How a paused call goes on with a result: plain data that can be copied.
pub trait Continue<T>: fmt::Debug {
    /// Goes on.
    ///
    /// # Errors
    ///
    /// What stops the guest instead of a return.
    fn go_on(self: Box<Self>, cx: &mut Cx<'_>, result: T) -> Result<Step, Stop>;

    /// A copy.
    fn copy(&self) -> Box<dyn Continue<T>>;
}

impl<T> Clone for Box<dyn Continue<T>> {
    fn clone(&self) -> Self {
        (**self).copy()
    }
}

/// A state, and what goes on from it.
struct Then<S, T> {
    state: S,
    go_on: fn(S, &mut Cx<'_>, T) -> Result<Step, Stop>,
}

impl<S: fmt::Debug, T> fmt::Debug for Then<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not where the function is: that is the host's affair.
        self.state.fmt(f)
    }
}

impl<S: Clone + fmt::Debug + 'static, T: 'static> Continue<T> for Then<S, T> {
    fn go_on(self: Box<Self>, cx: &mut Cx<'_>, result: T) -> Result<Step, Stop> {
        (self.go_on)(self.state, cx, result)
    }

    fn copy(&self) -> Box<dyn Continue<T>> {
        Box::new(Then { state: self.state.clone(), go_on: self.go_on })
    }
}

impl Step {
    /// Returns this value.
    #[allow(private_bounds, reason = "what can be returned is this crate's affair")]
    pub fn done<T: Return>(value: T) -> Step {
        value.step()
    }

    /// Asks for something with fibers.
    pub(crate) fn fiber(call: FiberCall) -> Step {
        Step::Pause(Box::new(Pause::Fiber(call)))
    }

    /// Calls the guest's function at `address` with these words, then goes on with what it returns.
    pub fn ask_guest<S: Clone + fmt::Debug + 'static>(
        address: u32,
        arguments: &[u32],
        state: S,
        go_on: fn(S, &mut Cx<'_>, u32) -> Result<Step, Stop>,
    ) -> Step {
        let then = Box::new(Then { state, go_on });
        Step::Pause(Box::new(Pause::Guest { address, arguments: arguments.to_vec(), then }))
    }

    /// Calls a function of the kernel, which may block, then goes on with its reply.
    pub fn ask_kernel<S: Clone + fmt::Debug + 'static>(
        call: Call,
        state: S,
        go_on: fn(S, &mut Cx<'_>, Reply) -> Result<Step, Stop>,
    ) -> Step {
        Step::Pause(Box::new(Pause::Kernel { call, then: Box::new(Then { state, go_on }) }))
    }
}

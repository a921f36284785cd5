//! The macro that reads the table. It has no options and no logic: a row is a function, and everything that
//! a function is to somebody follows from its row.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::param::Param;
use crate::reply::Reply;
use crate::ret::Ret;
use crate::table::{Call, CeApi, Function};
use crate::values::{BadArgument, Values};
use crate::{Cx, Dispatched, Host};

/// Which ordinals a function is exported at.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Ordinals {
    /// On x86.
    pub x86: Option<u16>,
    /// On ARM.
    pub arm: Option<u16>,
}

impl Ordinals {
    /// The same ordinal on every processor, as all below 2000 are.
    pub const fn both(ordinal: u16) -> Self {
        Self { x86: Some(ordinal), arm: Some(ordinal) }
    }

    /// Exported on ARM only.
    pub const fn arm(ordinal: u16) -> Self {
        Self { x86: None, arm: Some(ordinal) }
    }
}

/// What is known of a function.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// Its documented name, without A or W.
    pub name: &'static str,
    /// The name that COREDLL exports it by.
    pub export: &'static str,
    /// The ordinals that COREDLL exports it at.
    pub ordinals: Ordinals,
    /// The page that documents it.
    pub page: &'static str,
    /// What of it is not done or not done so, if it is done in part only.
    pub partial: Option<&'static str>,
    /// Its parameters: name and type.
    pub parameters: &'static [(&'static str, &'static str)],
    /// What it does, in a sentence.
    pub summary: &'static str,
}

/// A row where it is known which: whoever calls it there pays for nothing that the others need. The types of
/// [`rows`](crate::rows) are the rows.
pub trait Known {
    /// Which function.
    const FUNCTION: Function;
    /// What it returns.
    type Returns: Ret;
    /// Its arguments, in order.
    type Arguments;

    /// Takes the arguments of a script's call.
    fn from_values(values: &mut impl Values) -> Result<Self::Arguments, BadArgument>;

    /// The call with these arguments, for whoever does not know the row.
    fn call(arguments: Self::Arguments) -> Call;

    /// Runs the body and settles what it came to. The arguments are taken out, unless the row needs the machine.
    fn perform(
        cx: Cx<'_>,
        host: Option<&mut dyn Host>,
        arguments: &mut Self::Arguments,
        reply: &mut Reply,
    ) -> Dispatched;

    /// The same for a call of this function.
    fn perform_call(
        cx: Cx<'_>,
        host: Option<&mut dyn Host>,
        call: &mut Call,
        reply: &mut Reply,
    ) -> Dispatched;
}

/// What is done with a row whose function becomes known only when it is called.
pub trait WithRow {
    /// What that gives.
    type Gives;
    /// Does it.
    fn with<K: Known>(self) -> Self::Gives;
}

/// A row's body in a function of its own: what one row needs of the stack, the others need not take.
#[inline(never)]
pub(crate) fn perform_call<K: Known>(
    cx: Cx<'_>,
    host: Option<&mut dyn Host>,
    call: &mut Call,
    reply: &mut Reply,
) -> Dispatched {
    K::perform_call(cx, host, call, reply)
}

/// Another call stands where a row expects its own: our bug.
#[cold]
#[inline(never)]
pub(crate) fn other_row(call: &Call) -> ! {
    panic!("{call} is another row's")
}

/// Writes a call's arguments, with commas between those that are shown.
#[derive(Default)]
pub(crate) struct Shown {
    any: bool,
}

impl Shown {
    pub(crate) fn add<P: Param>(
        &mut self,
        f: &mut fmt::Formatter<'_>,
        name: &str,
        argument: &P,
    ) -> fmt::Result {
        if !P::IS_SHOWN {
            return Ok(());
        }
        write!(f, "{}{name}=", if self.any { ", " } else { "" })?;
        self.any = true;
        argument.show(f)
    }

    pub(crate) fn end(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(")")
    }
}

/// A call on its way: made when it is first polled, done when its reply is there. Nearly always that is at
/// once, and then nothing of it lives on.
#[must_use = "a call is made when it is awaited"]
pub struct Calling<'a, C: ?Sized, K: Known> {
    ce: &'a C,
    /// None once it was made.
    arguments: Option<K::Arguments>,
}

impl<'a, C: ?Sized, K: Known> Calling<'a, C, K> {
    #[inline(always)]
    pub(crate) fn new(ce: &'a C, arguments: K::Arguments) -> Self {
        Self { ce, arguments: Some(arguments) }
    }
}

// It holds no reference to itself.
impl<C: ?Sized, K: Known> Unpin for Calling<'_, C, K> {}

impl<C: CeApi + ?Sized, K: Known> Future for Calling<'_, C, K> {
    type Output = K::Returns;

    #[inline(always)]
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<K::Returns> {
        match self.arguments.take() {
            Some(arguments) => self.ce.call::<K, _>(arguments, K::Returns::from_reply),
            None => self.ce.poll_reply(K::Returns::from_reply),
        }
    }
}

/// Runs the body of a row: one that needs the kernel alone, or one that says `where host`.
macro_rules! run {
    ($cx:ident, $host:ident, $reply:ident, $ret:ty, $body:path, ($($argument:ident),*)) => {{
        let outcome: Outcome<$ret> = $body(&mut $cx, $(Param::take($argument)),*);
        settle(&mut $cx, outcome, $reply)
    }};
    ($cx:ident, $host:ident, $reply:ident, $ret:ty, $body:path, ($($argument:ident),*), host) => {{
        let Some(host) = $host else { return Dispatched::NeedsHost };
        let mut with_host = HostCx { kernel: &mut *$cx.kernel, host, thread: $cx.thread };
        let outcome: Outcome<$ret> = $body(&mut with_host, $(Param::take($argument)),*);
        settle(&mut $cx, outcome, $reply)
    }};
}

/// Declares the functions of the kernel, a row each. A row whose body asks the machine for something says
/// `where host` behind it; all others are answered without the guest having to leave its turn.
macro_rules! ce_functions {
    ($(
        $(#[doc = $summary:literal])+
        $name:ident = $export:literal @ $ordinals:expr, [$page:literal $(, $partial:literal)?]
            ($($parameter:ident: $type:ty),* $(,)?) -> $ret:ty = $body:path $(where $host:ident)?;
    )*) => {
        /// Which function of the kernel.
        #[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[repr(u8)]
        pub enum Function {
            $($(#[doc = $summary])+ $name,)*
        }

        /// Every function of the kernel.
        pub const TABLE: &[Row] = &[$(Row {
            name: stringify!($name),
            export: $export,
            ordinals: $ordinals,
            page: $page,
            partial: [$(Some($partial),)? None][0],
            parameters: &[$((stringify!($parameter), stringify!($type))),*],
            summary: concat!($($summary),+),
        }),*];

        const FUNCTIONS: &[Function] = &[$(Function::$name),*];

        /// One call, its arguments owned: what a guest asks for.
        #[allow(non_snake_case, missing_docs, reason = "CE's parameter names")]
        #[derive(Clone, PartialEq, Eq, Hash, Debug)]
        #[repr(u8)] // The function's number stands in front, and need not be worked out.
        pub enum Call {
            $($(#[doc = $summary])+ $name { $($parameter: $type),* },)*
        }

        #[allow(non_snake_case, reason = "CE's parameter names")]
        impl Call {
            /// Which function is called.
            #[inline(always)]
            pub fn function(&self) -> Function {
                match self {
                    $(Call::$name { .. } => Function::$name,)*
                }
            }

            /// Takes the arguments of an executable's call.
            pub fn from_abi(function: Function, abi: &mut dyn Abi) -> Result<Call, StackFault> {
                let _ = &abi;
                Ok(match function {
                    $(Function::$name => Call::$name {
                        $($parameter: <$type as Param>::from_abi(abi)?),*
                    },)*
                })
            }

            /// Writes the call as the trace shows it: name and shown arguments.
            pub fn show(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    $(Call::$name { $($parameter),* } => {
                        f.write_str(concat!(stringify!($name), "("))?;
                        #[allow(unused_mut, reason = "a function without parameters shows none")]
                        let mut shown = Shown::default();
                        $(shown.add(f, stringify!($parameter), $parameter)?;)*
                        shown.end(f)
                    })*
                }
            }
        }

        /// Runs a call's body and settles what it came to.
        #[inline]
        pub(crate) fn perform(
            cx: Cx<'_>,
            host: Option<&mut dyn Host>,
            call: &mut Call,
            reply: &mut Reply,
        ) -> Dispatched {
            match call.function() {
                $(Function::$name => perform_call::<rows::$name>(cx, host, call, reply),)*
            }
        }

        /// The rows where it is known which: a type each.
        pub mod rows {
            use super::*;

            $(
                $(#[doc = $summary])+
                pub enum $name {}

                #[allow(non_snake_case, reason = "CE's parameter names")]
                impl Known for $name {
                    const FUNCTION: Function = Function::$name;
                    type Returns = $ret;
                    type Arguments = ($($type,)*);

                    #[inline(always)]
                    fn from_values(values: &mut impl Values) -> Result<Self::Arguments, BadArgument> {
                        let _ = &values;
                        Ok(($(<$type as Param>::from_values(values).map_err(|Wants(wants)| {
                            BadArgument { parameter: stringify!($parameter), wants }
                        })?,)*))
                    }

                    #[inline]
                    fn call(($($parameter,)*): Self::Arguments) -> Call {
                        Call::$name { $($parameter),* }
                    }

                    #[inline(always)]
                    fn perform(
                        mut cx: Cx<'_>,
                        host: Option<&mut dyn Host>,
                        ($($parameter,)*): &mut Self::Arguments,
                        reply: &mut Reply,
                    ) -> Dispatched {
                        let _ = &host;
                        run!(cx, host, reply, $ret, $body, ($($parameter),*) $(, $host)?)
                    }

                    #[inline(always)]
                    fn perform_call(
                        mut cx: Cx<'_>,
                        host: Option<&mut dyn Host>,
                        call: &mut Call,
                        reply: &mut Reply,
                    ) -> Dispatched {
                        let _ = &host;
                        let Call::$name { $($parameter),* } = call else { other_row(call) };
                        run!(cx, host, reply, $ret, $body, ($($parameter),*) $(, $host)?)
                    }
                }
            )*
        }

        impl Function {
            /// How many there are.
            pub const COUNT: usize = FUNCTIONS.len();

            /// What it returns when it fails.
            pub fn failure(self) -> u32 {
                match self {
                    $(Function::$name => <$ret as Ret>::FAILURE,)*
                }
            }

            /// Gives its reply to a script.
            #[inline]
            pub fn give(self, reply: &Reply, to: &mut impl Results) {
                match self {
                    $(Function::$name => <$ret as Ret>::give(reply, to),)*
                }
            }

            /// Its reply, once the wait that it blocked in is over.
            pub fn complete(self, completion: Completion) -> Completed {
                match self {
                    $(Function::$name => <$ret as Ret>::from_completion(completion),)*
                }
            }

            /// Whether it is one of those that return which object it was that they waited for.
            #[inline]
            pub fn returns_wait_status(self) -> bool {
                const DO: [bool; FUNCTIONS.len()] = [$(<$ret as Ret>::IS_WAIT_STATUS),*];
                DO[self as usize]
            }

            /// Does something with its row.
            #[inline(always)]
            pub fn with<W: WithRow>(self, what: W) -> W::Gives {
                match self {
                    $(Function::$name => what.with::<rows::$name>(),)*
                }
            }
        }

        /// The functions as a native guest calls them: by name, with CE's parameters, awaited.
        #[allow(non_snake_case, reason = "CE's names")]
        #[allow(clippy::too_many_arguments, reason = "CE's parameters")]
        pub trait CeApi {
            /// Makes a call, and reads its reply if it is there at once.
            fn call<K: Known, T>(
                &self,
                arguments: K::Arguments,
                read: impl FnOnce(&Reply) -> T,
            ) -> std::task::Poll<T>;

            /// The same, of a call of whichever function.
            fn call_any<T>(&self, call: &mut Call, read: impl FnOnce(&Reply) -> T) -> std::task::Poll<T>;

            /// Reads the reply to the call that was made last, once it is there.
            fn poll_reply<T>(&self, read: impl FnOnce(&Reply) -> T) -> std::task::Poll<T>;

            $(
                $(#[doc = $summary])+
                #[inline(always)]
                fn $name(&self, $($parameter: impl Into<$type>),*) -> Calling<'_, Self, rows::$name> {
                    Calling::new(self, ($($parameter.into(),)*))
                }
            )*
        }
    };
}

pub(crate) use {ce_functions, run};

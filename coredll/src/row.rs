//! The macro that reads the table. It has no options and no logic: a row is a function, and everything that
//! a function is to somebody follows from its row.

use std::fmt;

use crate::param::Param;

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
    /// Its parameters: name and type.
    pub parameters: &'static [(&'static str, &'static str)],
    /// What it does, in a sentence.
    pub summary: &'static str,
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

/// Runs the body of a row: one that needs the kernel alone, or one that says `where host`.
macro_rules! run {
    ($cx:ident, $host:ident, $reply:ident, $name:ident, $ret:ty, $body:path, ($($argument:ident),*)) => {{
        let outcome: Outcome<$ret> = $body(&mut $cx, $($argument),*);
        settle(&mut $cx, outcome, $reply)
    }};
    ($cx:ident, $host:ident, $reply:ident, $name:ident, $ret:ty, $body:path, ($($argument:ident),*), host) => {{
        let Some(host) = $host else {
            return Dispatched::NeedsHost(Box::new(Call::$name { $($argument),* }));
        };
        let mut with_host = HostCx { kernel: &mut *$cx.kernel, host, thread: $cx.thread };
        let outcome: Outcome<$ret> = $body(&mut with_host, $($argument),*);
        settle(&mut $cx, outcome, $reply)
    }};
}

/// Declares the functions of the kernel, a row each. A row whose body asks the machine for something says
/// `where host` behind it; all others are answered without the guest having to leave its turn.
macro_rules! ce_functions {
    ($(
        $(#[doc = $summary:literal])+
        $name:ident = $export:literal @ $ordinals:expr, [$page:literal]
            ($($parameter:ident: $type:ty),* $(,)?) -> $ret:ty = $body:path $(where $host:ident)?;
    )*) => {
        /// Which function of the kernel.
        #[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Function {
            $($(#[doc = $summary])+ $name,)*
        }

        /// Every function of the kernel.
        pub const TABLE: &[Row] = &[$(Row {
            name: stringify!($name),
            export: $export,
            ordinals: $ordinals,
            page: $page,
            parameters: &[$((stringify!($parameter), stringify!($type))),*],
            summary: concat!($($summary),+),
        }),*];

        const FUNCTIONS: &[Function] = &[$(Function::$name),*];

        /// One call, its arguments owned: what a guest asks for.
        #[allow(non_snake_case, missing_docs, reason = "CE's parameter names")]
        #[derive(Clone, PartialEq, Eq, Hash, Debug)]
        pub enum Call {
            $($(#[doc = $summary])+ $name { $($parameter: $type),* },)*
        }

        #[allow(non_snake_case, reason = "CE's parameter names")]
        impl Call {
            /// Which function is called.
            #[inline]
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

            /// Takes the arguments of a script's call.
            #[inline]
            pub fn from_values(
                function: Function,
                values: &mut impl Values,
            ) -> Result<Call, BadArgument> {
                let _ = &values;
                Ok(match function {
                    $(Function::$name => Call::$name {
                        $($parameter: <$type as Param>::from_values(values).map_err(|Wants(wants)| {
                            BadArgument { parameter: stringify!($parameter), wants }
                        })?),*
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
        #[allow(non_snake_case, reason = "CE's parameter names")]
        pub(crate) fn perform(
            mut cx: Cx<'_>,
            host: Option<&mut dyn Host>,
            call: Call,
            reply: &mut Reply,
        ) -> Dispatched {
            match call {
                $(Call::$name { $($parameter),* } => {
                    run!(cx, host, reply, $name, $ret, $body, ($($parameter),*) $(, $host)?)
                })*
            }
        }

        impl Function {
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
            #[inline]
            pub fn complete(self, completion: Completion) -> Completed {
                match self {
                    $(Function::$name => <$ret as Ret>::from_completion(completion),)*
                }
            }
        }

        /// The functions as a native guest calls them: by name, with CE's parameters, awaited.
        #[allow(non_snake_case, async_fn_in_trait, reason = "CE's names; guests are not shared among threads")]
        #[allow(clippy::too_many_arguments, reason = "CE's parameters")]
        pub trait CeApi {
            /// Makes a call, and reads its reply if it is there at once.
            fn call<T>(&self, call: Call, read: impl FnOnce(&Reply) -> T) -> std::task::Poll<T>;

            /// Reads the reply to the call that was made last, once it is there.
            fn poll_reply<T>(&self, read: impl FnOnce(&Reply) -> T) -> std::task::Poll<T>;

            $(
                $(#[doc = $summary])+
                async fn $name(&self, $($parameter: impl Into<$type>),*) -> $ret {
                    let call = Call::$name { $($parameter: $parameter.into()),* };
                    match self.call(call, Ret::from_reply) {
                        std::task::Poll::Ready(result) => result,
                        std::task::Poll::Pending => {
                            std::future::poll_fn(|_| self.poll_reply(Ret::from_reply)).await
                        }
                    }
                }
            )*
        }
    };
}

pub(crate) use {ce_functions, run};

//! The macro that reads the table. It has no options and no logic: a row is a function.

/// Declares the functions of a family, a row each.
///
/// The rows have the form of coredll's; a body is an expression of the parameters and of `cx`, a `Result`
/// whose error becomes a [`Stop`](crate::Stop). A body that must ask somebody gives a
/// [`Step`](crate::pause::Step) instead of its result. There are no calls as values here: these functions are for
/// executables alone, run at once, and are not traced.
macro_rules! crt_functions {
    ($(
        $(#[doc = $summary:literal])+
        $name:ident = $export:literal @ $ordinals:expr, [$page:expr $(, $partial:literal)?]
            ($($parameter:ident: $type:ty),* $(,)?) -> $ret:ty = |$cx:ident| $body:expr;
    )*) => {
        /// The rows of this family.
        pub(super) const ROWS: &[Entry] = &[$({
            #[allow(non_snake_case, reason = "CE's parameter names")]
            #[allow(clippy::unit_arg, reason = "a body may return nothing")]
            fn run_row(cx: &mut Cx<'_>) -> Result<Step, Stop> {
                $(let $parameter = <$type as Argument>::take(cx)?;)*
                let $cx = cx;
                let returned: $ret = settle($body)?;
                Ok(returned.step())
            }
            Entry {
                row: Row {
                    name: stringify!($name),
                    export: $export,
                    ordinals: $ordinals,
                    page: $page,
                    partial: [$(Some($partial),)? None][0],
                    parameters: &[$((stringify!($parameter), stringify!($type))),*],
                    summary: concat!($($summary),+),
                },
                run: run_row,
            }
        }),*];
    };
}

pub(crate) use crt_functions;

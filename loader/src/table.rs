//! The table of this crate: the functions of COREDLL that are about modules, resources and exceptions, a row
//! each, in the form of coredll's rows. Every parameter is a word; a body takes it from there.

use cerium_coredll::catalogue::Processor;
use cerium_coredll::{Ordinals, Row};

use crate::calls::{Out, Use};
use crate::crash::Exception;
use crate::executable::Executable;
use crate::isa::Isa;

const fn at(ordinal: u16) -> Ordinals {
    Ordinals::both(ordinal)
}

const fn arm(ordinal: u16) -> Ordinals {
    Ordinals::arm(ordinal)
}

const fn x86(ordinal: u16) -> Ordinals {
    Ordinals { x86: Some(ordinal), arm: None }
}

/// Declares the functions, a row each. A body is a method of the process, given the thread, what the turn
/// has, and the words of the parameters.
macro_rules! loader_functions {
    ($(
        $(#[doc = $summary:literal])+
        $name:ident = $export:literal @ $ordinals:expr, [$page:literal $(, $partial:literal)?]
            ($($parameter:ident: $type:ty),* $(,)?) = $body:ident;
    )*) => {
        /// Which function of this crate.
        #[allow(non_camel_case_types, reason = "the functions' own names")]
        #[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Function {
            $($(#[doc = $summary])+ $name,)*
        }

        /// Every function of this crate.
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

        #[allow(non_snake_case, reason = "CE's parameter names")]
        impl<I: Isa> Executable<I> {
            /// Takes the call's arguments and runs the body.
            pub(crate) fn loader_call(&mut self, guest: u32, function: Function, used: &mut Use<'_>) -> Out {
                match function {
                    $(Function::$name => {
                        #[allow(unused_mut, unused_variables, reason = "a function may have no parameters")]
                        let mut place = 0;
                        $(
                            let context = &self.threads[guest as usize].context;
                            let $parameter: $type = match I::argument(context, &self.memory, place) {
                                Ok(word) => word,
                                Err(fault) => return self.raise(guest, Exception::of_fault(fault)),
                            };
                            #[allow(unused_assignments, reason = "after the last one nobody asks")]
                            { place += 1; }
                        )*
                        self.$body(guest, used, $($parameter),*)
                    })*
                }
            }
        }
    };
}

loader_functions! {
    // Modules.

    /// Loads a library, or counts once more that it is wanted.
    LoadLibrary = "LoadLibraryW" @ at(528), ["ms886736"] (lpLibFileName: u32) = load_library;
    /// Loads a library, or only looks at it.
    LoadLibraryEx = "LoadLibraryExW" @ at(1241), ["ms886737"]
        (lpLibFileName: u32, hFile: u32, dwFlags: u32) = load_library_ex;
    /// Loads a library that stays in memory whole, as every library here does.
    LoadDriver = "LoadDriver" @ at(626), ["by name"] (lpszFileName: u32) = load_library;
    /// Would load a library into the kernel.
    LoadKernelLibrary = "LoadKernelLibrary" @ at(1671), ["by name", "always refused: the kernel runs no code of the guest's"]
        (lpszFileName: u32) = load_kernel_library;
    /// Gives a library back; with the last count it goes.
    FreeLibrary = "FreeLibrary" @ at(529), ["ms885634"] (hLibModule: u32) = free_library;
    /// Gives a library back and ends the thread.
    FreeLibraryAndExitThread = "FreeLibraryAndExitThread" @ at(1216), ["ms885635"]
        (hLibModule: u32, dwExitCode: u32) = free_library_and_exit_thread;
    /// Finds a function of a module, by its wide name or its ordinal.
    GetProcAddressW = "GetProcAddressW" @ at(530), ["ms885634"]
        (hModule: u32, lpProcName: u32) = proc_address_wide;
    /// Finds a function of a module, by its name or its ordinal.
    GetProcAddressA = "GetProcAddressA" @ at(1230), ["ms885634"]
        (hModule: u32, lpProcName: u32) = proc_address_narrow;
    /// Lets a library not be told of threads.
    DisableThreadLibraryCalls = "DisableThreadLibraryCalls" @ at(1232), ["ms885228"]
        (hLibModule: u32) = disable_thread_library_calls;

    // Resources.

    /// Finds a resource by type and name.
    FindResource = "FindResourceW" @ at(532), ["ms885593"]
        (hModule: u32, lpName: u32, lpType: u32) = find_resource;
    /// Returns the address of a resource that was found.
    LoadResource = "LoadResource" @ at(533), ["ms886742"] (hModule: u32, hResInfo: u32) = load_resource;
    /// Returns the size of a resource that was found.
    SizeofResource = "SizeofResource" @ at(534), ["ms887421"] (hModule: u32, hResInfo: u32) = size_of_resource;
    /// Copies a string of a module's resources, or returns where it is.
    LoadString = "LoadStringW" @ at(874), ["ms886743"]
        (hInstance: u32, uID: u32, lpBuffer: u32, nBufferMax: u32) = load_string;

    // Memory.

    /// Says how many pages the object store has, and how many programs have.
    GetSystemMemoryDivision = "GetSystemMemoryDivision" @ at(336), ["by name"]
        (lpdwStorePages: u32, lpdwRamPages: u32, lpdwPageSize: u32) = memory_division;
    /// Divides the memory otherwise.
    SetSystemMemoryDivision = "SetSystemMemoryDivision" @ at(337), ["by name", "the division is fixed: every other is out of range"]
        (dwStorePages: u32) = set_memory_division;

    // Exceptions.

    /// Raises an exception.
    RaiseException = "RaiseException" @ at(543), ["ms886760"]
        (dwExceptionCode: u32, dwExceptionFlags: u32, nNumberOfArguments: u32, lpArguments: u32)
        = raise_exception;
    /// Says whether an exception that the program does not know is anybody's.
    _XcptFilter = "_XcptFilter" @ at(1645), ["by name"]
        (xcptnum: u32, pxcptinfoptrs: u32) = xcpt_filter;
    /// Handles exceptions of functions with `__try`, by their scope tables.
    __C_specific_handler = "__C_specific_handler" @ arm(87), ["by name"]
        (ExceptionRecord: u32, EstablisherFrame: u32, ContextRecord: u32, DispatcherContext: u32) = handler;
    /// Handles exceptions of functions with `__try`, by their scope tables.
    _except_handler3 = "_except_handler3" @ x86(84), ["by name"]
        (ExceptionRecord: u32, EstablisherFrame: u32, ContextRecord: u32, DispatcherContext: u32) = handler;
    /// Handles exceptions of functions with `__try` whose frames have cookies, by their scope tables.
    _except_handler4_common = "_except_handler4_common" @ x86(87), ["by name"]
        (CookiePointer: u32, CookieCheckFunction: u32, ExceptionRecord: u32, EstablisherFrame: u32,
         ContextRecord: u32, DispatcherContext: u32) = handler_4;
    /// Leaves scopes of a frame with cookies.
    _local_unwind4 = "_local_unwind4" @ x86(2045), ["by name"]
        (CookiePointer: u32, EstablisherFrame: u32, TargetLevel: u32) = local_unwind_4;
    /// Leaves scopes of a frame.
    _local_unwind2 = "_local_unwind2" @ x86(85), ["by name"]
        (EstablisherFrame: u32, TargetLevel: u32) = local_unwind;
    /// Says whether a termination handler runs because its scope is left by an exception or a jump.
    __abnormal_termination = "__abnormal_termination" @ x86(86), ["by name"]
        () = abnormal_termination;
    /// Begins a function with `__try`.
    _SEH_prolog = "_SEH_prolog" @ x86(2037), ["by name"] () = seh_prolog;
    /// Ends a function with `__try`.
    _SEH_epilog = "_SEH_epilog" @ x86(2038), ["by name"] () = seh_epilog;
    /// Throws an object of C++.
    _CxxThrowException = "_CxxThrowException" @ x86(1551), ["by name", "on x86 only"]
        (pExceptionObject: u32, pThrowInfo: u32) = throw;
    /// Handles exceptions of functions with `try` or destructors, by their tables.
    __CxxFrameHandler = "__CxxFrameHandler" @ x86(1550), ["by name", "on x86 only"]
        (ExceptionRecord: u32, EstablisherFrame: u32, ContextRecord: u32, DispatcherContext: u32) = cxx_handler;
    /// Handles exceptions of functions with `try` or destructors, by their tables.
    __CxxFrameHandler3 = "__CxxFrameHandler3" @ x86(2512), ["by name", "on x86 only"]
        (ExceptionRecord: u32, EstablisherFrame: u32, ContextRecord: u32, DispatcherContext: u32) = cxx_handler;
    /// Begins a function with `try` or destructors.
    _EH_prolog = "_EH_prolog" @ x86(1620), ["by name"] () = cxx_prolog;
    /// Gives the thread another function for `terminate`, and returns the one that it had.
    set_terminate = "?set_terminate@std@@YAP6AXXZP6AXXZ@Z" @ at(1552), ["C++98 18.6.3"] (ph: u32) = set_terminate;
    /// Gives up: calls the function for that, and ends the process.
    terminate = "?terminate@std@@YAXXZ" @ at(1556), ["C++98 18.6.3"] () = terminate;
    /// Says whether an object is thrown and not yet caught.
    uncaught_exception = "?uncaught_exception@std@@YA_NXZ" @ at(1967), ["C++98 18.6.4", "on x86 only"]
        () = uncaught_exception;
    /// Gives the program a value that it guards its frames with.
    __security_gen_cookie = "__security_gen_cookie" @ at(1875), ["by name"] () = security_cookie;
    /// Gives the program a value that it guards its frames with.
    __security_gen_cookie2 = "__security_gen_cookie2" @ at(2696), ["by name"] () = security_cookie;
    /// Ends the process, a frame of which is not what it was.
    __report_gsfailure = "__report_gsfailure" @ at(1876), ["by name"] () = report_overrun;
    /// Keeps where it is called, for longjmp.
    setjmp = "setjmp" @ arm(2054), ["C99 7.13.1.1"] (env: u32) = set_jump;
    /// Keeps where it is called, for longjmp, and which scope that is in.
    _setjmp3 = "_setjmp3" @ x86(2000), ["C99 7.13.1.1"]
        (env: u32, count: u32) = set_jump_3;
    /// Goes back to where setjmp was called.
    longjmp = "longjmp" @ at(1036), ["C99 7.13.2.1"]
        (env: u32, value: u32) = long_jump;
}

impl Function {
    /// What is known of it.
    #[must_use]
    pub fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// Whether it is served on a processor.
    #[must_use]
    pub fn is_on(self, processor: Processor) -> bool {
        let Ordinals { x86, arm } = self.row().ordinals;
        match processor {
            Processor::X86 => x86.is_some(),
            Processor::Arm => arm.is_some(),
        }
    }

    /// The function that is exported by this name.
    #[must_use]
    pub fn exported_as(name: &str) -> Option<Function> {
        FUNCTIONS.iter().copied().find(|function| function.row().export == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cerium_coredll::catalogue::exports;

    #[test]
    fn every_row_is_an_export_at_its_ordinals_and_in_no_other_table() {
        for row in TABLE {
            for (processor, ordinal) in
                [(Processor::X86, row.ordinals.x86), (Processor::Arm, row.ordinals.arm)]
            {
                let Some(ordinal) = ordinal else { continue };
                let is_it = |export: &&cerium_coredll::catalogue::Export| {
                    export.ordinal == ordinal && export.is_on(processor) && export.name == row.export
                };
                assert!(exports().iter().any(|export| is_it(&export)), "{} at {ordinal}", row.export);
            }
            assert!(cerium_coredll::Function::exported_as(row.export).is_none(), "{}", row.export);
            assert!(cerium_crt::table::Function::exported_as(row.export).is_none(), "{}", row.export);
        }
    }
}

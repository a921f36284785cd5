//! Thread local storage (processes-threads.md §9). The kernel's values are the truth; programs that read
//! the array in their own memory are kept up to date.

use cerium_kernel::{Kernel, Win32Error};

use super::check;
use crate::{Address, Bool, Cx, Dword, HostCx, Outcome, TlsIndex};

const TLS_FUNCALLOC: u32 = 0;
const TLS_FUNCFREE: u32 = 1;

pub(crate) fn call(cx: &mut HostCx<'_>, func: u32, index: u32) -> Outcome<TlsIndex> {
    let process = cx.kernel.process_of(cx.thread);
    match func {
        TLS_FUNCALLOC => match cx.kernel.allocate_tls(process) {
            Some(index) => Outcome::Return(Dword(index)),
            None => Outcome::Fail(Win32Error::OUTOFMEMORY),
        },
        TLS_FUNCFREE => {
            // TlsFree is a BOOL: its failure is 0, not the index that there is not.
            if let Err(error) = cx.kernel.free_tls(process, index) {
                cx.kernel.set_last_error(cx.thread, error);
                return Outcome::Return(Dword(0));
            }
            let process = cx.kernel.process(process);
            for thread in process.threads.keys() {
                cx.host.tls_changed(process.program, cx.kernel.thread(*thread).guest, index, 0);
            }
            Outcome::Return(Dword(1))
        }
        _ => Outcome::Fail(Win32Error::INVALID_PARAMETER),
    }
}

pub(crate) fn get(cx: &mut Cx<'_>, index: u32) -> Outcome<u32> {
    check!(Kernel::check_tls_index(index));
    let value = cx.kernel.tls_value(cx.thread, index);

    // aa908823: only the last error tells a stored 0 from a failure.
    if value == 0 {
        cx.kernel.set_last_error(cx.thread, Win32Error::SUCCESS);
    }
    Outcome::Return(value)
}

pub(crate) fn set(cx: &mut HostCx<'_>, index: u32, value: Address) -> Outcome<Bool> {
    check!(Kernel::check_tls_index(index));

    cx.kernel.set_tls_value(cx.thread, index, value.0);
    let thread = cx.kernel.thread(cx.thread);
    let program = cx.kernel.process(thread.process).program;
    cx.host.tls_changed(program, thread.guest, index, value.0);
    Outcome::Return(Bool(true))
}

/* bad_trap - calls a kernel trap address that stands for no function that
 * programs use: method 99 of the Win32 calls (set 0).  The line before it must
 * come out; the call must be named by set and method. */
#include "ce.h"

int GuestMain(HINSTANCE inst, const WCHAR *cmdline)
{
    volatile THREADPROC trap = (THREADPROC)TRAP_ADDRESS(0, 99);

    (void)inst; (void)cmdline;
    NKDbgPrintfW(L"bad_trap: set 0 method 99\r\n");
    trap(NULL);
    NKDbgPrintfW(L"bad_trap: it came back\r\n");
    return 1;
}

/* missing_function - prints a line, then calls a function that COREDLL.dll has
 * but an emulator of the kernel has not: waveOutOpen.  Whether it is there must
 * not matter until it is called. */
#include "ce.h"

int GuestMain(HINSTANCE inst, const WCHAR *cmdline)
{
    UINT r;

    (void)inst; (void)cmdline;
    NKDbgPrintfW(L"missing_function: calling waveOutOpen\r\n");
    r = waveOutOpen(NULL, 0xffffffff, NULL, 0, 0, 0);
    NKDbgPrintfW(L"missing_function: it gave %u\r\n", r);
    return 0;
}

/* null_write - prints a line, then writes to address 0.  Must end by the
 * exception 0xC0000005, and the line must be out. */
#include "ce.h"

int GuestMain(HINSTANCE inst, const WCHAR *cmdline)
{
    volatile LONG *volatile nowhere = NULL;

    (void)inst; (void)cmdline;
    NKDbgPrintfW(L"null_write: writing\r\n");
    *nowhere = 1;
    NKDbgPrintfW(L"null_write: it came back\r\n");
    return 1;
}

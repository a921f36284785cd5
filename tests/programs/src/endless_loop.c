/* endless_loop - prints a line, then runs for ever without a call.  Only a
 * limit ends it. */
#include "ce.h"

static volatile DWORD counter;

int GuestMain(HINSTANCE inst, const WCHAR *cmdline)
{
    (void)inst; (void)cmdline;
    NKDbgPrintfW(L"endless_loop: looping\r\n");
    for (;;)
        counter++;
}

/* missing_dll - imports from a library that no device has.  Must not be started
 * at all. */
#include "ce.h"

void NoSuchFunction(void);

int GuestMain(HINSTANCE inst, const WCHAR *cmdline)
{
    (void)inst; (void)cmdline;
    NKDbgPrintfW(L"missing_dll: started\r\n");
    NoSuchFunction();
    return 1;
}

/* unknown_import - imports an ordinal that no COREDLL.dll exports.  Must not be
 * started at all. */
#include "ce.h"

void NoSuchOrdinal(void);

int GuestMain(HINSTANCE inst, const WCHAR *cmdline)
{
    (void)inst; (void)cmdline;
    NKDbgPrintfW(L"unknown_import: started\r\n");
    NoSuchOrdinal();
    return 1;
}

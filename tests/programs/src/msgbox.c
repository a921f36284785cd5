/* msgbox - message boxes: nobody is there to see them, so they are printed and
 * answered by their default button, or by that of cerium's --answer. */
#include "ce.h"
#include "libc.h"

int GuestMain(HINSTANCE inst, const WCHAR *cmdline)
{
    int save, retry, ok;

    (void)inst; (void)cmdline;
    save = MessageBoxW(NULL, L"Save it?", L"msgbox", 0x103);        /* Yes, No, Cancel; No */
    retry = MessageBoxW(NULL, L"It failed.", NULL, 0x5);            /* Retry, Cancel */
    ok = MessageBoxW(NULL, L"Done.", L"msgbox", 0);
    CHECK(1, MessageBoxW(NULL, L"", L"", 0xF) == 0 && GetLastError() == 87);
    printf("msgbox: %d %d %d\n", save, retry, ok);
    return 0;
}

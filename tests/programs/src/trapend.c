/* trapend - ends its process by calling a kernel trap address instead of an
 * imported function, as most real programs do: method 2 of the calls on a
 * process handle (set 2) is TerminateProcess.  A child ends so with 42, which
 * must arrive; then the program itself ends so with 0. */
#include "ce.h"

typedef BOOL (*terminate)(HANDLE process, DWORD code);

int GuestMain(HINSTANCE inst, const WCHAR *cmdline)
{
    volatile terminate trap = (terminate)TRAP_ADDRESS(2, 2);
    PROCESS_INFORMATION pi;
    WCHAR self[260];
    DWORD code = 0;

    (void)inst;
    if (cmdline && cmdline[0] == 'c') {
        trap(CURRENT_PROCESS, 42);
        return 51;                                /* not reached */
    }
    CHECK(1, GetModuleFileNameW(NULL, self, 260) > 0);
    CHECK(2, CreateProcessW(self, L"child", NULL, NULL, FALSE, 0, NULL, NULL, NULL, &pi));
    CHECK(3, WaitForSingleObject(pi.hProcess, 10000) == WAIT_OBJECT_0);
    CHECK(4, GetExitCodeProcess(pi.hProcess, &code));
    NKDbgPrintfW(L"trapend: child left with %u\r\n", (UINT)code);
    CHECK(5, code == 42);
    trap(CURRENT_PROCESS, 0);
    return 6;                                     /* not reached */
}

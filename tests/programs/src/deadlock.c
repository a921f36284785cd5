/* deadlock - two processes take two named mutexes in opposite order and wait for
 * each other for ever.  Whoever runs it can say so: nobody can ever run again,
 * "deadlock A" is owned by the one and "deadlock B" by the other. */
#include "ce.h"

static int child(HANDLE a, HANDLE b, HANDLE ready)
{
    CHECK(51, WaitForSingleObject(b, 0) == WAIT_OBJECT_0);
    CHECK(52, SetEvent(ready));
    CHECK(53, WaitForSingleObject(a, INFINITE) == WAIT_FAILED);   /* never comes back */
    return 54;
}

int GuestMain(HINSTANCE inst, const WCHAR *cmdline)
{
    PROCESS_INFORMATION pi;
    WCHAR self[260];
    HANDLE a, b, ready;

    (void)inst;
    CHECK(1, (a = CreateMutexW(NULL, FALSE, L"deadlock A")) != NULL);
    CHECK(2, (b = CreateMutexW(NULL, FALSE, L"deadlock B")) != NULL);
    CHECK(3, (ready = CreateEventW(NULL, FALSE, FALSE, L"deadlock ready")) != NULL);
    if (cmdline && cmdline[0] == 'c')
        return child(a, b, ready);
    CHECK(4, WaitForSingleObject(a, 0) == WAIT_OBJECT_0);
    CHECK(5, GetModuleFileNameW(NULL, self, 260) > 0);
    CHECK(6, CreateProcessW(self, L"child", NULL, NULL, FALSE, 0, NULL, NULL, NULL, &pi));
    CHECK(7, WaitForSingleObject(ready, 10000) == WAIT_OBJECT_0);
    NKDbgPrintfW(L"deadlock: each has one and wants the other\r\n");
    CHECK(8, WaitForSingleObject(b, INFINITE) == WAIT_FAILED);    /* never comes back */
    return 9;
}

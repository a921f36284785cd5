/* starter.dll - starts a thread from its entry point, and looks whether it runs
 * while the process is still being made. */
#include "ce.h"

static HANDLE ran;
static DWORD during = 0xdead;

HANDLE starter_ran(void) { return ran; }        /* signaled by the thread */
DWORD starter_during(void) { return during; }   /* what waiting for it came to in the entry point */

static DWORD thread(void *arg)
{
    (void)arg;
    return SetEvent(ran);
}

BOOL DllMain(HANDLE module, DWORD reason, void *reserved)
{
    (void)module;
    (void)reserved;
    if (reason == 1) {                          /* DLL_PROCESS_ATTACH */
        ran = CreateEventW(NULL, TRUE, FALSE, NULL);
        CloseHandle(CreateThread(NULL, 0, thread, NULL, 0, NULL));
        during = WaitForSingleObject(ran, 50);
    }
    return TRUE;
}

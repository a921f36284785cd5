/* last.dll - when its process ends it looks whether other threads still count, and sets an event that says so. */
#include "ce.h"

static volatile DWORD counter;
volatile DWORD *count_place(void) { return &counter; }
static HANDLE closed;
void close_at_end(HANDLE h) { closed = h; }

BOOL DllMain(HANDLE module, DWORD reason, void *reserved)
{
    DWORD before;
    (void)module;
    if (reason == 0 && reserved) {
        before = counter;
        if (closed)
            CloseHandle(closed);
        Sleep(50);
        SetEvent(CreateEventW(NULL, TRUE, FALSE, counter == before ? L"endings still" : L"endings moved"));
    }
    return TRUE;
}

/* endless_recursion - prints a line, then calls itself until the stack is used
 * up.  Must end by an exception (0xC00000FD or 0xC0000005), not by using up the
 * memory of whoever runs it. */
#include "ce.h"

static volatile DWORD limit = 0xffffffff;

__attribute__((noinline)) static DWORD deeper(DWORD depth, volatile DWORD *above)
{
    volatile DWORD frame[16];

    frame[depth & 15] = depth;
    if (depth == limit)
        return *above;
    /* The frame is used after the call, so that it cannot become a jump. */
    return deeper(depth + 1, frame) + frame[depth & 15];
}

int GuestMain(HINSTANCE inst, const WCHAR *cmdline)
{
    volatile DWORD start = 0;

    (void)inst; (void)cmdline;
    NKDbgPrintfW(L"endless_recursion: going down\r\n");
    NKDbgPrintfW(L"endless_recursion: it came back with %u\r\n", (UINT)deeper(0, &start));
    return 1;
}

/* endless_alloc - takes memory by LocalAlloc and writes to each page of it until
 * there is no more, says how much it was, and leaves with 0.  What is given out
 * must be whole and its own: each block holds its number until the end. */
#include "ce.h"

#define BLOCK 0x10000

struct block { struct block *before; DWORD number; };

int GuestMain(HINSTANCE inst, const WCHAR *cmdline)
{
    struct block *newest = NULL, *b;
    DWORD count = 0, offset, error;

    (void)inst; (void)cmdline;
    NKDbgPrintfW(L"endless_alloc: taking\r\n");
    for (;;) {
        SetLastError(0);
        if ((b = LocalAlloc(0, BLOCK)) == NULL)
            break;
        for (offset = 0; offset < BLOCK; offset += 4096)
            ((volatile BYTE *)b)[offset] = 0xCE;
        b->before = newest;
        b->number = ++count;
        newest = b;
    }
    error = GetLastError();
    NKDbgPrintfW(L"endless_alloc: %u KB, then error %u\r\n", (UINT)(count * (BLOCK / 1024)), (UINT)error);
    CHECK(1, count > 0);
    CHECK(2, error != ERROR_SUCCESS);
    for (b = newest; b; b = b->before, count--)
        CHECK(3, b->number == count);
    CHECK(4, count == 0);
    b = newest->before;
    CHECK(5, LocalFree(newest) == NULL);
    CHECK(6, LocalAlloc(0, BLOCK) != NULL);       /* what was given back can be had again */
    return 0;
}

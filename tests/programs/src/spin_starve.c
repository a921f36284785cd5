/* spin_starve - the scheduler's promise, kept to the letter: the most urgent
 * ready thread runs, and nobody else.  A thread at level 100 spins on
 * GetTickCount for 300 ms.  One at 251 must not get a single step in that time;
 * one at 50 that sleeps 10 ms at a time must wake on its tick all the same.
 * The first thread, at level 10, sees to it that they start together. */
#include "ce.h"

#define SPIN_MS 300
#define WAKES 20

static volatile DWORD steps, stop, spun_from, spun_to, steps_before, steps_after, wakes, late, early;

static DWORD low(void *unused)
{
    (void)unused;
    while (!stop)
        steps++;
    return 3;
}

static DWORD spinner(void *unused)
{
    (void)unused;
    steps_before = steps;
    spun_from = GetTickCount();
    while (GetTickCount() - spun_from < SPIN_MS)
        ;
    spun_to = GetTickCount();
    steps_after = steps;
    return 2;
}

/* Sleep(10) takes 10 whole milliseconds and what is left of the tick it began in. */
static DWORD waker(void *unused)
{
    (void)unused;
    while (wakes < WAKES) {
        DWORD from = GetTickCount(), took;
        Sleep(10);
        took = GetTickCount() - from;
        if (took < 10)
            early++;
        if (took > 11)
            late++;
        wakes++;
    }
    return 1;
}

static HANDLE at_level(THREADPROC what, int level)
{
    HANDLE h = CreateThread(NULL, 0, what, NULL, 0, NULL);
    return h && CeSetThreadPriority(h, level) && CeGetThreadPriority(h) == level ? h : NULL;
}

static DWORD end_of(HANDLE thread)
{
    DWORD code = 0;
    if (WaitForSingleObject(thread, 10000) != WAIT_OBJECT_0 || !GetExitCodeThread(thread, &code))
        return 0;
    return CloseHandle(thread) ? code : 0;
}

int GuestMain(HINSTANCE inst, const WCHAR *cmdline)
{
    HANDLE l, s, w;

    (void)inst; (void)cmdline;
    CHECK(1, CeGetThreadPriority(CURRENT_THREAD) == 251);
    CHECK(2, CeSetThreadPriority(CURRENT_THREAD, 10));
    CHECK(3, CeGetThreadPriority(CURRENT_THREAD) == 10);
    CHECK(4, (l = at_level(low, 251)) != NULL);
    CHECK(5, (s = at_level(spinner, 100)) != NULL);
    CHECK(6, (w = at_level(waker, 50)) != NULL);
    CHECK(7, steps == 0 && spun_from == 0 && wakes == 0);   /* all less urgent than we are */
    CHECK(8, end_of(s) == 2);
    NKDbgPrintfW(L"spin_starve: %u ms, %u steps below, %u wakes above\r\n",
                 (UINT)(spun_to - spun_from), (UINT)(steps_after - steps_before), (UINT)wakes);
    CHECK(9, spun_to - spun_from >= SPIN_MS && spun_to - spun_from <= SPIN_MS + 1);
    CHECK(10, steps_before == 0 && steps_after == 0 && steps == 0);
    CHECK(11, wakes == WAKES);
    CHECK(12, early == 0);
    CHECK(13, late == 0);
    CHECK(14, end_of(w) == 1);
    Sleep(20);                                    /* now it is the low one's turn */
    CHECK(15, steps > 0);
    stop = 1;
    CHECK(16, end_of(l) == 3);
    NKDbgPrintfW(L"spin_starve: ok\r\n");
    return 0;
}

/* Scheduling (ipc/SC): who has the processor, by instructions that run. */
#include "conform.h"

/* Who said what, in order. */
static char text[400];
static int length;
static void say(char who)
{
    if (length < (int)sizeof text)
        text[length++] = who;
}

/* Uses the processor for some milliseconds of its own, as often as that, and speaks after each. */
static void work(char who, int times, DWORD ms)
{
    while (times--) {
        volatile DWORD n;
        for (n = 0; n < ms * 12000; n++)
            ;
        say(who);
    }
}

/* Whether so many turns were these, however long. */
static BOOL turns_are(const char *turns)
{
    int i = 0;
    for (; *turns; turns++) {
        if (i >= length || text[i] != *turns)
            return FALSE;
        while (i < length && text[i] == *turns)
            i++;
    }
    return TRUE;
}

static HANDLE lock;
static void hold(char who, DWORD ms)
{
    wait(lock);
    if (ms)
        work(who, 1, ms);
    else
        say(who);
    ReleaseMutex(lock);
    ReleaseSemaphore(lock, 1, NULL);
}

/* L at 252 holds the lock, H at 250 comes for it, X at 251 computes. */
static struct task *invert(void)
{
    struct task *low;
    run_at(100);
    low = THREAD(252, hold, 'L', 20);
    Sleep(5);
    THREAD(250, hold, 'H', 0);
    THREAD(251, work, 'X', 1, 50);
    settle();
    return low;
}

static void sleep_and_say(char who, DWORD ms) { Sleep(ms); say(who); }

void cases(void)
{
    HANDLE h;
    INT64 frequency = 0, counter = 0;
    DWORD t;
    struct task *a, *b;
    int i;

    CASE("ipc/SC-001", "ee482789") {
        run_at(100);
        a = THREAD(251, work, 'B', 1, 10);
        b = THREAD(250, work, 'A', 20, 10);
        wait(a->thread);
        HOLDS(turns_are("AB"));
    }
    CASE("ipc/SC-002", "ee482789") { h = auto_event(); a = waiter(250, h); SetEvent(h); IS(a->result, OBJ0); }
    CASE("ipc/SC-003", "ee482789") {
        run_at(250);
        h = auto_event();
        a = waiter(251, h);
        SetEvent(h);
        work('A', 3, 100);
        IS(a->result, BLOCKED);
    }
    CASE("ipc/SC-005", "ee482789") {
        run_at(100);
        a = THREAD(251, work, 'A', 30, 10), b = THREAD(251, work, 'B', 30, 10);
        wait(a->thread), wait(b->thread);
        HOLDS(turns_are("ABAB"));
    }
    CASE("ipc/SC-006", "ee482789") {
        run_at(100);
        THREAD(251, work, 'A', 30, 10), THREAD(251, work, 'B', 30, 10);
        a = THREAD(251, work, 'C', 30, 10);
        wait(a->thread);
        HOLDS(turns_are("ABCABC"));
    }
    CASE("ipc/SC-008", "ee482789") {
        run_at(100);
        a = THREAD(251, work, 'A', 50, 10);
        HOLDS(CeSetThreadQuantum(a->thread, 0));
        b = THREAD(251, work, 'B', 1, 10);
        wait(b->thread);
        HOLDS(turns_are("AB"));
        IS(text[50], 'B');
    }
    CASE("ipc/SC-009", "ee482789") {
        run_at(100);
        a = THREAD(251, work, 'A', 50, 10);
        HOLDS(CeSetThreadQuantum(a->thread, 0));
        b = THREAD(251, work, 'B', 1, 10);
        THREAD(250, sleep_and_say, 'C', 50);
        wait(b->thread);
        HOLDS(turns_are("ACAB"));
    }
    CASE("ipc/SC-012", "OQ-22") {
        run_at(100);
        THREAD(250, sleep_and_say, 'C', 39);
        a = THREAD(251, work, 'A', 20, 10), b = THREAD(251, work, 'B', 20, 10);
        wait(a->thread), wait(b->thread);
        HOLDS(turns_are("ACAB"));
    }
    CASE("ipc/SC-015", "aa909009") { a = THREAD(251, say, 'A'); Sleep(0); IS(text[0], 'A'); }
    CASE("ipc/SC-016", "aa909009") { a = THREAD(252, say, 'A'); Sleep(0); IS(length, 0); }
    CASE("ipc/SC-017", "ee482803") {
        run_at(0);
        for (i = 0; i < 10; i++) { t = GetTickCount(); Sleep(1); IS(GetTickCount() - t, 2); }
    }
    CASE("ipc/SC-018", "aa450652") {
        static const DWORD times[5] = { 1, 2, 5, 99, 1000 };
        for (i = 0; i < 5; i++) { t = GetTickCount(); Sleep(times[i]); HOLDS(GetTickCount() - t >= times[i]); }
    }
    CASE("ipc/SC-019", "ee506411") {
        run_at(100);
        a = THREAD(251, sleep_and_say, 'B', 10), b = THREAD(250, sleep_and_say, 'A', 10);
        wait(a->thread), wait(b->thread);
        HOLDS(turns_are("AB"));
    }
    CASE("ipc/SC-020", "ee488350") { HOLDS(SetThreadPriority(CURRENT_THREAD, 3)); IS(CeGetThreadPriority(CURRENT_THREAD), 251); }
    CASE("ipc/SC-021", "ee488350") {
        for (i = 0; i < 8; i++) { HOLDS(SetThreadPriority(CURRENT_THREAD, i)); IS(CeGetThreadPriority(CURRENT_THREAD), 248 + i); }
    }
    CASE("ipc/SC-022", "ee488168") {
        for (i = 0; i < 8; i++) { HOLDS(CeSetThreadPriority(CURRENT_THREAD, 248 + i)); IS(GetThreadPriority(CURRENT_THREAD), i); }
    }
    CASE("ipc/SC-023", "bb202770") { run_at(100); IS(CeGetThreadPriority(CURRENT_THREAD), 100); IS(GetThreadPriority(CURRENT_THREAD), 0); }
    CASE("ipc/SC-024", "bb202731") {
        IS(CeSetThreadPriority(CURRENT_THREAD, 256), FALSE);
        IS(CeSetThreadPriority(CURRENT_THREAD, -1), FALSE);
        IS(CeGetThreadPriority(CURRENT_THREAD), 251);
    }
    CASE("ipc/SC-025", "ee488350") { IS(SetThreadPriority(CURRENT_THREAD, 8), 0); IS(GetThreadPriority(CURRENT_THREAD), 3); }
    CASE("ipc/SC-026", "bb202770") { h = closed_handle(); GIVES(CeGetThreadPriority(h), 0x7fffffff, ERROR_INVALID_HANDLE); }
    CASE("ipc/SC-027", "aa915083") { h = closed_handle(); IS(CeGetThreadQuantum(h), 0xffffffff); IS(CeSetThreadQuantum(h, 20), FALSE); }
    CASE("ipc/SC-028", "ee482778") { lock = free_mutex(); invert(); Sleep(300); HOLDS(turns_are("LHX")); }
    CASE("ipc/SC-030", "ee482778") { lock = semaphore(1, 1); invert(); Sleep(300); HOLDS(turns_are("XL")); }
    CASE("ipc/SC-031", "bb202770") { lock = free_mutex(); a = invert(); IS(CeGetThreadPriority(a->thread), 252); }
    CASE("ipc/SC-041", "CE wait-order") {
        h = auto_event();
        a = waiter(252, h), b = waiter(250, h);
        SetEvent(h);
        settle();
        IS(b->result, OBJ0);
        IS(a->result, BLOCKED);
    }
    CASE("ipc/SC-043", "ee482789") {
        run_at(250);
        a = THREAD(251, say, 'B');
        IS(length, 0);
        run_at(252);
        IS(text[0], 'B');
    }
    CASE("ipc/SC-044", "ee482789") {
        a = THREAD(252, say, 'B');
        HOLDS(CeSetThreadPriority(a->thread, 250));
        IS(text[0], 'B');
    }
    CASE("ipc/SC-047", "ee488620") {
        HOLDS(QueryPerformanceFrequency(&frequency));
        IS((DWORD)frequency, 1000);
        IS((DWORD)(frequency >> 32), 0);
        Sleep(20);
        HOLDS(QueryPerformanceCounter(&counter));
        IS((DWORD)counter, GetTickCount());
    }
    CASE("ipc/SC-048", "ee488013") { t = GetIdleTime(); Sleep(500); HOLDS(GetIdleTime() - t >= 490 && GetIdleTime() - t <= 502); }
    CASE("ipc/SC-049", "ee482769") { t = GetTickCount(); SleepTillTick(); IS(GetTickCount() - t, 1); }
}

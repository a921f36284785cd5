/* Critical sections (sync/CS): the 20 bytes in the program's memory. */
#include "conform.h"

static CRITICAL_SECTION cs;

static BOOL tries(void)
{
    BOOL entered = TryEnterCriticalSection(&cs);
    if (entered)
        LeaveCriticalSection(&cs);
    return entered;
}

static int order[3], passed;

static void pass(int who)
{
    EnterCriticalSection(&cs);
    order[passed++] = who;
    LeaveCriticalSection(&cs);
}

void cases(void)
{
    struct task *a, *b;
    HANDLE m;
    int i;

    InitializeCriticalSection(&cs);
    CASE("sync/CS-001", "winbase.h") {
        SIZE_T base = (SIZE_T)&cs;
        IS(sizeof cs, 20);
        IS((SIZE_T)&cs.OwnerThread - base, 4);
        IS((SIZE_T)&cs.hCrit - base, 8);
        IS((SIZE_T)&cs.needtrap - base, 12);
        IS((SIZE_T)&cs.dwContentions - base, 16);
        EnterCriticalSection(&cs);
        IS(((DWORD *)&cs)[0], 1);
        IS(((DWORD *)&cs)[1], thread_id());
    }
    CASE("sync/CS-002", "winbase.h") { IS(cs.LockCount, 0); IS(cs.OwnerThread, 0); HOLDS(cs.hCrit != NULL); }
    CASE("sync/CS-003", "EnterCriticalSection SDK5") {
        EnterCriticalSection(&cs);
        IS(cs.LockCount, 1);
        EnterCriticalSection(&cs);
        IS(cs.LockCount, 2);
    }
    CASE("sync/CS-004", "EnterCriticalSection SDK5") {
        EnterCriticalSection(&cs), EnterCriticalSection(&cs);
        LeaveCriticalSection(&cs);
        IS(OTHER(tries), FALSE);
        LeaveCriticalSection(&cs);
        HOLDS(OTHER(tries));
    }
    CASE("sync/CS-005", "bb202746") { EnterCriticalSection(&cs); HOLDS(TryEnterCriticalSection(&cs)); IS(cs.LockCount, 2); }
    CASE("sync/CS-006", "bb202746") {
        EnterCriticalSection(&cs);
        IS(OTHER(TryEnterCriticalSection, &cs), FALSE);
        IS(cs.LockCount, 1);
        IS(cs.OwnerThread, thread_id());
    }
    CASE("sync/CS-007", "bb202746") { HOLDS(TryEnterCriticalSection(&cs)); IS(cs.OwnerThread, thread_id()); }
    CASE("sync/CS-008", "EnterCriticalSection SDK5") {
        EnterCriticalSection(&cs);
        a = STAYER(251, EnterCriticalSection, &cs);
        settle();
        IS(a->result, BLOCKED);
        LeaveCriticalSection(&cs);
        IS(cs.OwnerThread, a->id);
        settle();
        HOLDS(a->result != BLOCKED);
    }
    CASE("sync/CS-009", "ee488915") {
        EnterCriticalSection(&cs);
        a = STAYER(251, EnterCriticalSection, &cs);
        settle();
        b = STAYER(100, EnterCriticalSection, &cs);
        settle();
        LeaveCriticalSection(&cs);
        settle();
        IS(cs.OwnerThread, b->id);
        IS(a->result, BLOCKED);
    }
    CASE("sync/CS-010", "ee488915") {
        EnterCriticalSection(&cs);
        for (i = 0; i < 3; i++) { THREAD(251, pass, i); settle(); }
        LeaveCriticalSection(&cs);
        settle();
        IS(passed, 3);
        for (i = 0; i < 3; i++) IS(order[i], i);
    }
    CASE("sync/CS-012", "ee482778") {
        EnterCriticalSection(&cs);
        THREAD(50, EnterCriticalSection, &cs);
        a = THREAD(100, GetTickCount);
        spin(2);
        IS(a->result, BLOCKED);
        LeaveCriticalSection(&cs);
        HOLDS(a->result != BLOCKED);
    }
    CASE("sync/CS-015", "SQ-21") {
        EnterCriticalSection(&cs);
        IS(cs.dwContentions, 0);
        THREAD(251, EnterCriticalSection, &cs);
        settle();
        IS(cs.dwContentions, 1);
        THREAD(251, EnterCriticalSection, &cs);
        settle();
        IS(cs.dwContentions, 2);
    }
    CASE("sync/CS-017", "SQ-21") {
        OTHER(EnterCriticalSection, &cs);
        a = STAYER(251, EnterCriticalSection, &cs);
        Sleep(10000);
        IS(a->result, BLOCKED);
    }
    CASE("sync/CS-018", "SQ-21") {
        EnterCriticalSection(&cs);
        OTHER(LeaveCriticalSection, &cs);
        IS(cs.LockCount, 1);
        IS(cs.OwnerThread, thread_id());
        IS(OTHER(tries), FALSE);
    }
    CASE("sync/CS-019", "SQ-21") { LeaveCriticalSection(&cs); IS(cs.LockCount, 0); IS(cs.OwnerThread, 0); HOLDS(OTHER(tries)); }
    CASE("sync/CS-020", "sync §9") {
        KEEPS((InitializeCriticalSection(&cs), 0), 0);
        KEEPS((EnterCriticalSection(&cs), 0), 0);
        KEEPS(TryEnterCriticalSection(&cs) != 0, 1);
        KEEPS((LeaveCriticalSection(&cs), 0), 0);
        KEEPS((LeaveCriticalSection(&cs), 0), 0);
        KEEPS((DeleteCriticalSection(&cs), 0), 0);
    }
    CASE("sync/CS-021", "sync §9") {
        m = CreateMutexW(NULL, TRUE, NULL);
        EnterCriticalSection(&cs);
        HOLDS(ReleaseMutex(m));
        IS(OTHER(tries), FALSE);
        IS(OTHER(poll, m), OBJ0);
        LeaveCriticalSection(&cs);
        HOLDS(OTHER(tries));
    }
    CASE("sync/CS-022", "SQ-21") { EnterCriticalSection(&cs); IS(cs.OwnerThread, thread_id()); }
}

/* Interlocked functions (sync/IL): what they do to memory. */
#include "conform.h"

#define COUNT 20000

/* Switched in the middle over and over: a quantum is a millisecond. */
static void count_up(volatile LONG *p)
{
    int i;
    CeSetThreadQuantum(CURRENT_THREAD, 1);
    for (i = 0; i < COUNT; i++)
        InterlockedIncrement(p);
}

void cases(void)
{
    volatile LONG x = 5;
    LONG *s;

    CASE("sync/IL-001", "SDK5") { IS(InterlockedIncrement(&x), 6); IS(x, 6); }
    CASE("sync/IL-002", "SDK5") { IS(InterlockedDecrement(&x), 4); IS(x, 4); }
    CASE("sync/IL-003", "sync §10") { x = 0x7fffffff; IS(InterlockedIncrement(&x), 0x80000000UL); IS(x, 0x80000000UL); }
    CASE("sync/IL-004", "SDK5") { x = 0; IS(InterlockedDecrement(&x), -1); IS(x, -1); }
    CASE("sync/IL-005", "SDK5") { IS(InterlockedExchange(&x, 9), 5); IS(x, 9); }
    CASE("sync/IL-006", "SDK5") { IS(InterlockedExchangeAdd(&x, 3), 5); IS(x, 8); }
    CASE("sync/IL-007", "SDK5") { IS(InterlockedExchangeAdd(&x, -6), 5); IS(x, -1); }
    CASE("sync/IL-008", "SDK5") { IS(InterlockedCompareExchange(&x, 9, 5), 5); IS(x, 9); }
    CASE("sync/IL-009", "SDK5") { IS(InterlockedCompareExchange(&x, 9, 4), 5); IS(x, 5); }
    CASE("sync/IL-010", "SDK5") { IS(InterlockedTestExchange(&x, 5, 9), 5); IS(x, 9); }
    CASE("sync/IL-011", "SDK5") { IS(InterlockedTestExchange(&x, 4, 9), 5); IS(x, 5); }
    CASE("sync/IL-012", "winbase.h") {      /* macros over the LONG forms */
        void *volatile p = &error;
        IS(InterlockedExchange((volatile LONG *)&p, (LONG)&other_error), &error);
        IS(p, &other_error);
        IS(InterlockedCompareExchange((volatile LONG *)&p, 0, (LONG)&other_error), &other_error);
        IS(p, 0);
    }
    CASE("sync/IL-013", "SDK5") {
        struct task *a, *b;
        x = 0;
        a = THREAD(251, count_up, &x);
        b = THREAD(251, count_up, &x);
        IS(wait(a->thread), OBJ0);
        IS(wait(b->thread), OBJ0);
        IS(x, 2 * COUNT);
    }
    CASE("sync/IL-014", "SDK5") {
        struct child *c = child();
        s = shared();
        IS(REMOTE(c, shared), s);
        REMOTE_BEGIN(c, count_up, s);
        count_up(s);
        remote_end(c);
        IS(*s, 2 * COUNT);
    }
    CASE("sync/IL-017", "InterlockedExchange SDK5") {
        static BYTE bytes[8];
        DWORD code;
        struct child *c = child();
        REMOTE_BEGIN(c, InterlockedExchange, bytes + 1, 7);
#if defined(__i386__)
        (void)code;
        IS(remote_end(c), 0);
        IS(REMOTE(c, InterlockedExchange, bytes + 1, 0), 7);
#else
        IS(wait(c->pi.hProcess), OBJ0);
        HOLDS(GetExitCodeProcess(c->pi.hProcess, &code));
        IS(code, 0x80000002);                   /* a misaligned access */
#endif
    }
    CASE("sync/IL-015", "sync §10") {
        KEEPS(InterlockedIncrement(&x), 6);
        KEEPS(InterlockedDecrement(&x), 5);
        KEEPS(InterlockedExchange(&x, 0), 5);
        KEEPS(InterlockedExchangeAdd(&x, 7), 0);
        KEEPS(InterlockedCompareExchange(&x, 1, 7), 7);
        KEEPS(InterlockedTestExchange(&x, 1, 2), 1);
    }
}

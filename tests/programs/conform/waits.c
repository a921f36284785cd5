/* Single and multiple waits (sync/WT). */
#include "conform.h"

static HANDLE many[66];

/* An array that its owner changes while another thread waits on it. */
static void wait_on_array(HANDLE h, HANDLE h2)
{
    many[0] = h, many[1] = h2;
}

static void watch(HANDLE event)
{
    Sleep(30);
    SetEvent(event);
}

void cases(void)
{
    HANDLE h, h2;
    DWORD t, code;
    struct task *a, *b;
    struct child *p2;
    int i;

    CASE("sync/WT-002", "ee488762") { h = auto_event(); a = THREAD(251, GetTickCount); IS(poll(h), TMO); IS(a->result, BLOCKED); }
    CASE("sync/WT-003", "ee482948") {
        h = auto_event();
        t = GetTickCount();
        IS(WaitForSingleObject(h, 50), TMO);
        t = GetTickCount() - t;
        HOLDS(t >= 50 && t <= 51);
    }
    CASE("sync/WT-004", "ee488762") {
        h = auto_event();
        THREAD(251, watch, h);
        t = GetTickCount();
        IS(WaitForSingleObject(h, 100), OBJ0);
        t = GetTickCount() - t;
        HOLDS(t >= 30 && t <= 31);
    }
    CASE("sync/WT-006", "aa450988") {
        h = auto_event();
        t = GetTickCount();
        IS(WaitForSingleObject(h, 0xfffffffe), TMO);
        t = GetTickCount() - t;
        HOLDS(t - 0x7fffffff <= 1);
    }
    CASE("sync/WT-010", "aa450988") GIVES(wait(NULL), FAIL, ERROR_INVALID_HANDLE);
    CASE("sync/WT-011", "aa450988") { h = closed_handle(); GIVES(wait(h), FAIL, ERROR_INVALID_HANDLE); }
    CASE("sync/WT-012", "aa450988") GIVES(wait(INVALID_HANDLE_VALUE), FAIL, ERROR_INVALID_HANDLE);
    CASE("sync/WT-013", "aa450988") GIVES(wait((HANDLE)0x12345678), FAIL, ERROR_INVALID_HANDLE);
    CASE("sync/WT-015", "bb202793") {
        p2 = child();
        for (i = 0; i < 8; i++) h = manual_event();
        SetEvent(h);
        IS(REMOTE(p2, wait, h), FAIL);
        IS(p2->error, ERROR_INVALID_HANDLE);
    }
    CASE("sync/WT-017", "ee482771") {
        a = THREAD(251, closed_handle);
        IS(wait(a->thread), OBJ0);
        HOLDS(GetExitCodeThread(a->thread, &code));
        IS(code, a->result);
    }
    CASE("sync/WT-021", "aa450927") {
        p2 = child();
        IS(poll(p2->pi.hProcess), TMO);
        HOLDS(TerminateProcess(p2->pi.hProcess, 0));
        IS(poll(p2->pi.hProcess), OBJ0);
        IS(poll(p2->pi.hThread), OBJ0);
    }
    CASE("sync/WT-023", "kfuncs.h") IS(poll((HANDLE)66), TMO);
    CASE("sync/WT-025", "SQ-12") { h = CreateEventW(NULL, TRUE, TRUE, NULL); KEEPS(wait(h), OBJ0); }
    CASE("sync/WT-027", "ee488762") {
        h = auto_event();
        a = STAYER(251, WaitForSingleObject, h, 100);
        Sleep(30);
        HOLDS(CloseHandle(h));
        Sleep(60);
        IS(a->result, BLOCKED);
        Sleep(20);
        IS(a->result, TMO);
        IS(a->error, KEPT);
    }
    CASE("sync/WT-030", "aa915354") {
        many[0] = auto_event(), many[1] = CreateEventW(NULL, FALSE, TRUE, NULL);
        IS(wait_any(2, many, INFINITE), OBJ0 + 1);
    }
    CASE("sync/WT-031", "aa915354") {
        many[0] = CreateEventW(NULL, FALSE, TRUE, NULL), many[1] = CreateEventW(NULL, FALSE, TRUE, NULL);
        IS(wait_any(2, many, INFINITE), OBJ0);
        IS(poll(many[1]), OBJ0);
    }
    CASE("sync/WT-033", "aa915354") {
        for (i = 0; i < 3; i++) many[i] = auto_event();
        a = STAYER(251, WaitForMultipleObjects, 3, many, FALSE, INFINITE);
        settle();
        SetEvent(many[2]);
        settle();
        IS(a->result, OBJ0 + 2);
    }
    CASE("sync/WT-035", "aa915354") {
        many[0] = auto_event(), many[1] = auto_event();
        t = GetTickCount();
        GIVES(WaitForMultipleObjects(2, many, TRUE, 100), FAIL, ERROR_INVALID_PARAMETER);
        IS(GetTickCount(), t);
    }
    CASE("sync/WT-036", "SQ-02") {
        many[0] = CreateEventW(NULL, FALSE, TRUE, NULL), many[1] = CreateEventW(NULL, FALSE, TRUE, NULL);
        GIVES(WaitForMultipleObjects(2, many, TRUE, INFINITE), FAIL, ERROR_INVALID_PARAMETER);
        IS(poll(many[0]), OBJ0);
        IS(poll(many[1]), OBJ0);
    }
    CASE("sync/WT-038", "SQ-03") { many[0] = auto_event(); GIVES(wait_any(0, many, 0), FAIL, ERROR_INVALID_PARAMETER); }
    CASE("sync/WT-039", "aa915354") {
        for (i = 0; i < 64; i++) many[i] = auto_event();
        SetEvent(many[63]);
        IS(wait_any(64, many, INFINITE), OBJ0 + 63);
    }
    CASE("sync/WT-040", "aa915354") {
        for (i = 0; i < 65; i++) many[i] = CreateEventW(NULL, TRUE, TRUE, NULL);
        GIVES(wait_any(65, many, INFINITE), FAIL, ERROR_INVALID_PARAMETER);
    }
    CASE("sync/WT-041", "SQ-03") {
        GIVES(wait_any(1, NULL, 0), FAIL, ERROR_INVALID_PARAMETER);
        GIVES(wait_any(2, (HANDLE *)0x20000000, 0), FAIL, ERROR_INVALID_PARAMETER);
    }
    CASE("sync/WT-042", "SQ-04") {
        many[0] = CreateEventW(NULL, FALSE, TRUE, NULL), many[1] = closed_handle();
        GIVES(wait_any(2, many, INFINITE), FAIL, ERROR_INVALID_HANDLE);
        IS(poll(many[0]), OBJ0);
    }
    CASE("sync/WT-044", "SQ-03") {
        many[0] = many[1] = CreateEventW(NULL, FALSE, TRUE, NULL);
        IS(wait_any(2, many, 0), OBJ0);
        IS(poll(many[0]), TMO);
    }
    CASE("sync/WT-045", "aa450987") {
        many[0] = auto_event(), many[1] = free_mutex(), many[2] = semaphore(1, 1), many[4] = CURRENT_PROCESS;
        many[3] = waiter(251, many[1])->thread;
        IS(wait_any(5, many, INFINITE), OBJ0 + 2);
        IS(poll(many[2]), TMO);
        IS(ReleaseMutex(many[1]), FALSE);
    }
    CASE("sync/WT-048", "aa915354") { many[0] = auto_event(), many[1] = auto_event(); IS(wait_any(2, many, 0), TMO); }
    CASE("sync/WT-049", "aa915354") {
        many[0] = auto_event(), many[1] = auto_event();
        t = GetTickCount();
        IS(wait_any(2, many, 30), TMO);
        HOLDS(GetTickCount() - t >= 30);
    }
    CASE("sync/WT-051", "sync §6") {
        h = auto_event(), h2 = auto_event();
        wait_on_array(h, h2);
        a = STAYER(251, WaitForMultipleObjects, 2, many, FALSE, INFINITE);
        settle();
        wait_on_array(CreateEventW(NULL, TRUE, TRUE, NULL), NULL);
        settle();
        IS(a->result, BLOCKED);
        SetEvent(h2);
        settle();
        IS(a->result, OBJ0 + 1);
    }
    CASE("sync/WT-053", "sync §2.3") {
        many[0] = auto_event(), many[1] = auto_event();
        a = STAYER(251, WaitForMultipleObjects, 2, many, FALSE, INFINITE);
        settle();
        SetEvent(many[0]);
        settle();
        IS(a->result, OBJ0);
        SetEvent(many[1]);
        settle();
        IS(poll(many[1]), OBJ0);
    }
    CASE("sync/WT-057", "ee482998") {
        many[0] = CreateEventW(NULL, TRUE, TRUE, NULL), many[1] = auto_event();
        HOLDS(InterruptInitialize(17, many[1], NULL, 0));
        GIVES(wait_any(2, many, INFINITE), FAIL, ERROR_INVALID_PARAMETER);
    }
    CASE("sync/WT-058", "ee488762") {
        h = auto_event();
        HOLDS(InterruptInitialize(17, h, NULL, 0));
        a = waiter(251, h);
        GIVES(wait(h), FAIL, ERROR_INVALID_PARAMETER);
        IS(a->result, BLOCKED);
    }
    CASE("sync/WT-060", "ms885155") {
        h = auto_event();
        a = waiter(200, h), b = waiter(210, h);
        HOLDS(CeSetThreadPriority(b->thread, 150));
        SetEvent(h);
        settle();
        IS(b->result, OBJ0);
        IS(a->result, BLOCKED);
    }
}

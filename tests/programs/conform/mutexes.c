/* Mutexes (sync/MX). */
#include "conform.h"

static void own_and_end(HANDLE h, int times)
{
    while (times--)
        wait(h);
}

void cases(void)
{
    HANDLE h, h2, pair[2];
    struct task *a, *b;
    struct child *p2;

    CASE("sync/MX-001", "aa914601") { h = free_mutex(); HOLDS(h != NULL); IS(poll(h), OBJ0); }
    CASE("sync/MX-002", "aa914601") { h = CreateMutexW(NULL, TRUE, NULL); IS(OTHER(poll, h), TMO); }
    CASE("sync/MX-003", "ee488152") { h = CreateMutexW(NULL, TRUE, NULL); HOLDS(ReleaseMutex(h)); IS(OTHER(poll, h), OBJ0); }
    CASE("sync/MX-005", "ee488152") {
        h = free_mutex();
        wait(h), wait(h), wait(h);
        HOLDS(ReleaseMutex(h));
        HOLDS(ReleaseMutex(h));
        IS(OTHER(poll, h), TMO);
        HOLDS(ReleaseMutex(h));
        IS(OTHER(poll, h), OBJ0);
    }
    CASE("sync/MX-007", "ee488152") {
        h = CreateMutexW(NULL, TRUE, NULL);
        ReleaseMutex(h);
        GIVES(ReleaseMutex(h), FALSE, ERROR_NOT_OWNER);
    }
    CASE("sync/MX-008", "ee488152") {
        h = CreateMutexW(NULL, TRUE, NULL);
        IS(OTHER(ReleaseMutex, h), FALSE);
        IS(other_error, ERROR_NOT_OWNER);
        HOLDS(ReleaseMutex(h));
    }
    CASE("sync/MX-009", "ee488152") { h = free_mutex(); GIVES(ReleaseMutex(h), FALSE, ERROR_NOT_OWNER); }
    CASE("sync/MX-010", "sync §1.3") { h = closed_handle(); GIVES(ReleaseMutex(h), FALSE, ERROR_INVALID_HANDLE); }
    CASE("sync/MX-011", "sync §1.3") { h = auto_event(); GIVES(ReleaseMutex(h), FALSE, ERROR_INVALID_HANDLE); }
    CASE("sync/MX-012", "ee488152") {
        h = CreateMutexW(NULL, TRUE, NULL);
        a = waiter(251, h);
        IS(a->result, BLOCKED);
        ReleaseMutex(h);
        settle();
        IS(a->result, OBJ0);
        IS(poll(h), TMO);
    }
    CASE("sync/MX-014", "SQ-13") {
        h = CreateMutexW(NULL, TRUE, NULL);
        a = waiter(251, h), b = waiter(100, h);
        ReleaseMutex(h);
        settle();
        IS(b->result, OBJ0);
        IS(a->result, BLOCKED);
    }
    CASE("sync/MX-017", "sync §3.2") {
        h = CreateMutexW(NULL, TRUE, L"M");
        h2 = CreateMutexW(NULL, FALSE, L"M");
        HOLDS(h2 != h);
        HOLDS(ReleaseMutex(h2));
        IS(OTHER(poll, h), OBJ0);
    }
    CASE("sync/MX-019", "aa914601") {
        CreateMutexW(NULL, FALSE, L"M");
        HOLDS(CreateMutexW(NULL, TRUE, L"M"));
        IS(error, ERROR_ALREADY_EXISTS);
        IS(OTHER(poll, CreateMutexW(NULL, FALSE, L"M")), OBJ0);
    }
    CASE("sync/MX-020", "aa914601") {
        h = CreateMutexW(NULL, FALSE, L"M");
        waiter(251, h);
        HOLDS((h2 = CreateMutexW(NULL, TRUE, L"M")));
        IS(error, ERROR_ALREADY_EXISTS);
        GIVES(ReleaseMutex(h2), FALSE, ERROR_NOT_OWNER);
    }
    CASE("sync/MX-022", "aa914601") {
        HOLDS((h = CreateMutexW(NULL, TRUE, L"M")));
        IS(error, 0);
        HOLDS(ReleaseMutex(h));
    }
    CASE("sync/MX-023", "SQ-01") { h = free_mutex(); OTHER(wait, h); IS(poll(h), OBJ0); HOLDS(ReleaseMutex(h)); }
    CASE_UNDER("sync/MX-024", "aa450577", "abandoned=report") {
        h = free_mutex();
        OTHER(wait, h);
        IS(poll(h), 0x80);
        HOLDS(ReleaseMutex(h));
    }
    CASE("sync/MX-026", "SQ-01") {
        h = free_mutex();
        OTHER(own_and_end, h, 5);
        IS(poll(h), OBJ0);
        HOLDS(ReleaseMutex(h));
        IS(OTHER(poll, h), OBJ0);
    }
    CASE_UNDER("sync/MX-025", "aa450577", "abandoned=report") {
        h = free_mutex();
        OTHER(wait, h);
        IS(poll(h), 0x80);
        HOLDS(ReleaseMutex(h));
        IS(OTHER(poll, h), OBJ0);
    }
    CASE("sync/MX-028", "SQ-01") {
        pair[0] = auto_event(), pair[1] = free_mutex();
        b = waiter(251, pair[1]);
        a = STAYER(251, WaitForMultipleObjects, 2, pair, FALSE, INFINITE);
        settle();
        TerminateThread(b->thread, 0);
        settle();
        IS(a->result, OBJ0 + 1);
    }
    CASE("sync/MX-029", "aa450577") {
        h = free_mutex();
        a = waiter(251, h);
        IS(poll(h), TMO);
        HOLDS(TerminateThread(a->thread, 0));
        IS(wait(h), OBJ0);
    }
    CASE("sync/MX-030", "aa450577") {
        h = CreateMutexW(NULL, FALSE, L"M");
        p2 = child();
        h2 = (HANDLE)REMOTE(p2, CreateMutexW, NULL, FALSE, L"M");
        IS(REMOTE(p2, wait, h2), OBJ0);
        a = waiter(251, h);
        IS(a->result, BLOCKED);
        HOLDS(TerminateProcess(p2->pi.hProcess, 0));
        settle();
        IS(a->result, OBJ0);
    }
    CASE("sync/MX-032", "sync §3.4") {
        h = CreateMutexW(NULL, TRUE, L"M"), h2 = CreateMutexW(NULL, FALSE, L"M");
        HOLDS(CloseHandle(h));
        IS(OTHER(poll, h2), TMO);
    }
    CASE("sync/MX-034", "ee482778") {
        h = CreateMutexW(NULL, TRUE, NULL);
        THREAD(50, wait, h);
        a = THREAD(100, GetTickCount);
        spin(5);
        IS(a->result, BLOCKED);
        ReleaseMutex(h);
        HOLDS(a->result != BLOCKED);
    }
    CASE("sync/MX-036", "ee488168") {
        h = CreateMutexW(NULL, TRUE, NULL);
        THREAD(50, wait, h);
        IS(CeGetThreadPriority(CURRENT_THREAD), 251);
        IS(GetThreadPriority(CURRENT_THREAD), 3);
    }
    CASE("sync/MX-038", "SQ-12") { h = CreateMutexW(NULL, TRUE, NULL); KEEPS(ReleaseMutex(h), TRUE); }
    CASE("sync/MX-040", "aa914601") IS(poll(CreateMutexW((void *)0x2000dead, FALSE, NULL)), OBJ0);
}

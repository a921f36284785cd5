/* Time (sync/TM). */
#include "conform.h"

static DWORD slept(DWORD ms)
{
    DWORD t = GetTickCount();
    Sleep(ms);
    return GetTickCount() - t;
}

void cases(void)
{
    HANDLE h;
    DWORD t;
    struct task *a;
    int i;

    CASE("sync/TM-001", "ee482948") { t = slept(1); HOLDS(t >= 1 && t <= 2); }
    CASE("sync/TM-002", "ee482803") {
        static const DWORD times[4] = { 1, 2, 10, 100 };
        for (i = 0; i < 4; i++) { t = slept(times[i]); HOLDS(t >= times[i] && t <= times[i] + 1); }
    }
    CASE("sync/TM-003", "aa909009") IS(slept(0), 0);
    CASE("sync/TM-004", "aa909009") { a = THREAD(251, poll, 0); Sleep(0); IS(a->result, FAIL); }
    CASE("sync/TM-005", "aa909009") { a = THREAD(252, poll, 0); Sleep(0); IS(a->result, BLOCKED); }
    CASE("sync/TM-006", "ee482803") { a = THREAD(252, poll, 0); Sleep(1); IS(a->result, FAIL); }
    CASE("sync/TM-007", "aa909009") {
        a = THREAD(251, slept, INFINITE);
        settle();
        IS(ResumeThread(a->thread), 1);
        IS(wait(a->thread), OBJ0);
    }
    CASE("sync/TM-008", "aa909009") {
        a = THREAD(251, slept, INFINITE);
        settle();
        IS(SuspendThread(a->thread), 1);
        IS(ResumeThread(a->thread), 2);
        settle();
        IS(a->result, BLOCKED);
        IS(ResumeThread(a->thread), 1);
        IS(wait(a->thread), OBJ0);
    }
    CASE("sync/TM-009", "SQ-20") HOLDS(slept(0x80000000) - 0x7fffffff <= 1);
    CASE("sync/TM-010", "sync §8.2") KEEPS((Sleep(1), 0), 0);
    CASE("sync/TM-011", "ee482948") {
        h = auto_event();
        t = GetTickCount();
        while (GetTickCount() == t)
            ;
        t = GetTickCount();
        IS(WaitForSingleObject(h, 1), TMO);
        IS(GetTickCount() - t, 2);
    }
    CASE("sync/TM-013", "ee482769") {
        a = THREAD(252, poll, 0);
        t = GetTickCount();
        SleepTillTick();
        IS(GetTickCount() - t, 1);
        IS(a->result, FAIL);
    }
    CASE("sync/TM-014", "ee482948") {
        a = THREAD(251, slept, 5);
        settle();
        run_at(100);
        spin(50);
        run_at(251);
        wait(a->thread);
        HOLDS(a->result >= 50);
    }
}

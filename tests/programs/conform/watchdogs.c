/* Watchdog timers (ipc/WD) and waits on them and others (ipc/WT). */
#include "conform.h"

/* 100 ms, then 50 until the action. */
static HANDLE watchdog(DWORD action) { return CreateWatchDogTimer(L"w", 100, 50, action, 0, 0); }

static void start_and_sleep(void)
{
    StartWatchDogTimer(OpenWatchDogTimer(L"w", 0), 0);
    Sleep(INFINITE);
}

static void refresh_often(HANDLE h, int times)
{
    while (times--) {
        Sleep(49);
        RefreshWatchDogTimer(h, 0);
    }
}

void cases(void)
{
    HANDLE h, h2 = NULL, all[4];
    DWORD t;
    struct child *p2;
    struct task *a;

    CASE("ipc/WD-001", "ee482966") { HOLDS((h = watchdog(WDOG_KILL_PROCESS))); IS(error, 0); IS(poll(h), TMO); }
    CASE("ipc/WD-002", "ee482776") {
        h = watchdog(WDOG_NO_DFLT_ACTION);
        HOLDS((h2 = watchdog(WDOG_NO_DFLT_ACTION)));
        IS(error, ERROR_ALREADY_EXISTS);
        HOLDS(h != h2);
    }
    CASE("ipc/WD-003", "ee482881") { h = watchdog(WDOG_NO_DFLT_ACTION); IS(WaitForSingleObject(h, 500), TMO); }
    CASE("ipc/WD-004", "ee482966") {
        h = watchdog(WDOG_NO_DFLT_ACTION);
        HOLDS(StartWatchDogTimer(h, 0));
        t = GetTickCount();
        IS(WaitForSingleObject(h, 500), OBJ0);
        t = GetTickCount() - t;
        HOLDS(t >= 100 && t <= 102);
    }
    CASE("ipc/WD-005", "ee482794") {
        h = watchdog(WDOG_NO_DFLT_ACTION);
        StartWatchDogTimer(h, 0);
        THREAD(250, refresh_often, h, 20);
        IS(WaitForSingleObject(h, 950), TMO);
    }
    CASE("ipc/WD-006", "ee482794") { h = watchdog(WDOG_NO_DFLT_ACTION); HOLDS(RefreshWatchDogTimer(h, 0)); }
    CASE("ipc/WD-007", "ee482847") {
        h = watchdog(WDOG_NO_DFLT_ACTION);
        StartWatchDogTimer(h, 0);
        HOLDS(StopWatchDogTimer(h, 0));
        IS(WaitForSingleObject(h, 500), TMO);
    }
    CASE("ipc/WD-008", "ee482881") {
        h = watchdog(WDOG_KILL_PROCESS);
        p2 = child();
        REMOTE_BEGIN(p2, start_and_sleep);
        t = GetTickCount();
        IS(WaitForSingleObject(p2->pi.hProcess, 500), OBJ0);
        t = GetTickCount() - t;
        HOLDS(t >= 145 && t <= 153);
    }
    CASE("ipc/WD-009", "ee482847") {
        h = watchdog(WDOG_KILL_PROCESS);
        p2 = child();
        REMOTE_BEGIN(p2, start_and_sleep);
        IS(wait(h), OBJ0);
        HOLDS(StopWatchDogTimer(h, 0));
        IS(WaitForSingleObject(p2->pi.hProcess, 500), TMO);
    }
    CASE("ipc/WD-013", "ee482817") { watchdog(WDOG_NO_DFLT_ACTION); HOLDS((h = OpenWatchDogTimer(L"w", 0)) != NULL); IS(poll(h), TMO); }
    CASE("ipc/WD-014", "ee482817") IS(OpenWatchDogTimer(L"w", 0), NULL);
    CASE("ipc/WD-015", "ee482881") {
        h = closed_handle();
        GIVES(StartWatchDogTimer(h, 0), FALSE, ERROR_INVALID_HANDLE);
        GIVES(StopWatchDogTimer(h, 0), FALSE, ERROR_INVALID_HANDLE);
        GIVES(RefreshWatchDogTimer(h, 0), FALSE, ERROR_INVALID_HANDLE);
    }
    CASE("ipc/WD-016", "inference") { h = auto_event(); GIVES(StartWatchDogTimer(h, 0), FALSE, ERROR_INVALID_HANDLE); }
    CASE("ipc/WD-017", "ee482966") {
        all[0] = auto_event(), all[1] = watchdog(WDOG_NO_DFLT_ACTION);
        StartWatchDogTimer(all[1], 0);
        IS(wait_any(2, all, 500), OBJ0 + 1);
    }
    CASE("ipc/WD-022", "ee488902") {
        h = watchdog(WDOG_NO_DFLT_ACTION);
        HOLDS(DuplicateHandle(CURRENT_PROCESS, h, CURRENT_PROCESS, &h2, 0, FALSE, DUPLICATE_SAME_ACCESS));
        StartWatchDogTimer(h2, 0);
        IS(WaitForSingleObject(h, 500), OBJ0);
    }
    CASE("ipc/WD-024", "OQ-47") IS(CreateWatchDogTimer(L"w", 100, 50, WDOG_NO_DFLT_ACTION, 0, 1), NULL);
    CASE("ipc/WD-025", "ee482966") {
        h = watchdog(WDOG_NO_DFLT_ACTION);
        StartWatchDogTimer(h, 0);
        Sleep(200);
        StartWatchDogTimer(h, 0);
        IS(poll(h), TMO);
        IS(WaitForSingleObject(h, 103), OBJ0);
    }
    CASE("ipc/WT-001", "aa915354") { h = CreateEventW(NULL, TRUE, TRUE, NULL); IS(WaitForMultipleObjects(1, &h, TRUE, 0), FAIL); }
    CASE("ipc/WT-002", "ee488762") { h = closed_handle(); GIVES(wait(h), FAIL, ERROR_INVALID_HANDLE); }
    CASE("ipc/WT-003", "ee488762") {
        h = auto_event();
        HOLDS(InterruptInitialize(17, h, NULL, 0));
        a = waiter(251, h);
        IS(wait(h), FAIL);
        IS(a->result, BLOCKED);
    }
    CASE("ipc/WT-004", "sync.md") {
        MSGQUEUEOPTIONS o = { 20, 0, 4, 16, FALSE };
        all[0] = auto_event(), all[1] = THREAD(251, GetTickCount)->thread;
        all[2] = CreateMsgQueue(NULL, &o), all[3] = watchdog(WDOG_NO_DFLT_ACTION);
        StartWatchDogTimer(all[3], 0);
        Sleep(200);
        IS(wait_any(4, all, 0), OBJ0 + 1);
        SetEvent(all[0]);
        IS(wait_any(4, all, 0), OBJ0);
        IS(wait_any(2, all + 2, 0), OBJ0);
    }
    CASE("ipc/WT-006", "ee482750") {
        h = CreateEventW(NULL, TRUE, FALSE, L"E");
        IS(IsNamedEventSignaled(L"E", 0), FALSE);
        SetEvent(h);
        HOLDS(IsNamedEventSignaled(L"E", 0));
        IS(IsNamedEventSignaled(L"nothing", 0), FALSE);
    }
}

/* Waits for messages (sync/MW). */
#include "conform.h"

static HANDLE many[64];

/* The macro of winuser.h: fWaitAll is dropped. */
#define MsgWaitForMultipleObjects(n, h, all, ms, mask) MsgWaitForMultipleObjectsEx((n), (h), (ms), (mask), 0)

static void post(DWORD id, DWORD after)
{
    Sleep(after);
    PostThreadMessageW(id, WM_APP, 1, 2);
}

void cases(void)
{
    HANDLE h;
    MSG msg;
    int i;

    CASE("sync/MW-001", "winuser.h") {
        h = auto_event();
        IS(MsgWaitForMultipleObjects(1, &h, TRUE, 5, QS_ALLINPUT), TMO);
        SetEvent(h);
        IS(MsgWaitForMultipleObjects(1, &h, TRUE, INFINITE, QS_ALLINPUT), OBJ0);
    }
    CASE("sync/MW-002", "ms931461") {
        h = CreateEventW(NULL, FALSE, TRUE, NULL);
        IS(MsgWaitForMultipleObjectsEx(1, &h, INFINITE, QS_ALLINPUT, 0), OBJ0);
        IS(poll(h), TMO);
    }
    CASE("sync/MW-003", "ms931461") {
        many[0] = auto_event(), many[1] = auto_event();
        THREAD(251, post, thread_id(), 10);
        IS(MsgWaitForMultipleObjectsEx(2, many, INFINITE, QS_ALLINPUT, 0), OBJ0 + 2);
        HOLDS(PeekMessageW(&msg, NULL, 0, 0, 1));
        IS(msg.message, WM_APP);
        IS(msg.wParam, 1);
        IS(msg.lParam, 2);
    }
    CASE("sync/MW-004", "ms931461") {
        h = auto_event();
        post(thread_id(), 0);
        HOLDS(PeekMessageW(&msg, NULL, 0, 0, 0));
        IS(MsgWaitForMultipleObjectsEx(1, &h, 20, QS_ALLINPUT, 0), TMO);
    }
    CASE("sync/MW-005", "ms931461") {
        h = auto_event();
        post(thread_id(), 0);
        HOLDS(PeekMessageW(&msg, NULL, 0, 0, 0));
        IS(MsgWaitForMultipleObjectsEx(1, &h, 20, QS_ALLINPUT, MWMO_INPUTAVAILABLE), OBJ0 + 1);
    }
    CASE("sync/MW-006", "ms931461") {
        h = auto_event();
        post(thread_id(), 0);
        IS(MsgWaitForMultipleObjectsEx(1, &h, 20, QS_KEY, 0), TMO);
    }
    CASE("sync/MW-008", "ms931461") {
        for (i = 0; i < 63; i++) many[i] = auto_event();
        post(thread_id(), 0);
        IS(MsgWaitForMultipleObjectsEx(63, many, INFINITE, QS_ALLINPUT, 0), OBJ0 + 63);
    }
    CASE("sync/MW-009", "ms931461") {
        for (i = 0; i < 64; i++) many[i] = CreateEventW(NULL, TRUE, TRUE, NULL);
        GIVES(MsgWaitForMultipleObjectsEx(64, many, INFINITE, QS_ALLINPUT, 0), FAIL, ERROR_INVALID_PARAMETER);
    }
    CASE("sync/MW-010", "SQ-19") {
        THREAD(251, post, thread_id(), 10);
        IS(MsgWaitForMultipleObjectsEx(0, NULL, INFINITE, QS_ALLINPUT, 0), OBJ0);
    }
    CASE("sync/MW-011", "sync §1.3") {
        many[0] = CreateEventW(NULL, FALSE, TRUE, NULL), many[1] = closed_handle();
        GIVES(MsgWaitForMultipleObjectsEx(2, many, INFINITE, QS_ALLINPUT, 0), FAIL, ERROR_INVALID_HANDLE);
        IS(poll(many[0]), OBJ0);
    }
    CASE("sync/MW-012", "ms931461") { h = auto_event(); IS(MsgWaitForMultipleObjectsEx(1, &h, 0, QS_ALLINPUT, 0), TMO); }
}

/* Handles (sync/HL, ipc/HD). */
#include "conform.h"

#define SELF CURRENT_PROCESS

static HANDLE handle;

static BOOL duplicate(HANDLE source, HANDLE *target)
{
    return DuplicateHandle(SELF, source, SELF, target, 0, FALSE, DUPLICATE_SAME_ACCESS);
}

void cases(void)
{
    HANDLE h, h2 = NULL, h3 = NULL, *there;
    struct task *a;
    struct child *p2, *p3;
    DWORD code;
    int i;

    CASE("sync/HL-001", "ee490442") { h = auto_event(); HOLDS(CloseHandle(h)); GIVES(CloseHandle(h), FALSE, ERROR_INVALID_HANDLE); }
    CASE("sync/HL-002", "ee488902") {
        h = auto_event();
        HOLDS(duplicate(h, &h2));
        HOLDS(h2 != h);
        SetEvent(h2);
        IS(poll(h), OBJ0);
    }
    CASE("sync/HL-003", "ee488902") {
        h = auto_event();
        p2 = child();
        for (i = 0; i < 8; i++) REMOTE(p2, auto_event);
        HOLDS(DuplicateHandle(SELF, h, p2->pi.hProcess, &h2, 0, FALSE, DUPLICATE_SAME_ACCESS));
        GIVES(SetEvent(h2), FALSE, ERROR_INVALID_HANDLE);
        HOLDS(REMOTE(p2, EventModify, h2, EVENT_SET));
        IS(poll(h), OBJ0);
    }
    CASE("sync/HL-004", "ee488902") {
        h = auto_event();
        GIVES(DuplicateHandle(SELF, h, SELF, &h2, 0, FALSE, 0), FALSE, ERROR_INVALID_PARAMETER);
        IS(h2, NULL);
    }
    CASE("sync/HL-005", "ee488902") {
        h = auto_event();
        IS(DuplicateHandle(SELF, h, closed_handle(), &h2, 0, FALSE, DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE), FALSE);
        IS(CloseHandle(h), FALSE);
    }
    CASE("sync/HL-006", "ee488902") {
        h = auto_event();
        GIVES(DuplicateHandle(SELF, h, SELF, NULL, 0, FALSE, DUPLICATE_SAME_ACCESS), FALSE, ERROR_INVALID_PARAMETER);
    }
    CASE("sync/HL-007", "sync §3.2") {
        h = CreateMutexW(NULL, TRUE, NULL);
        HOLDS(duplicate(h, &h2));
        HOLDS(ReleaseMutex(h2));
        IS(OTHER(poll, h), OBJ0);
    }
    CASE("sync/HL-008", "ee488008") {
        h = named_event(L"E");
        HOLDS(duplicate(h, &h2));
        HOLDS(CloseHandle(h));
        HOLDS(named_event(L"E"));
        IS(error, ERROR_ALREADY_EXISTS);
    }
    CASE("sync/HL-010", "ee488008") {
        static WCHAR name[280];
        IS(CreateEventW(NULL, FALSE, FALSE, fill(name, 270)), NULL);
        IS(CreateMutexW(NULL, FALSE, name), NULL);
        IS(CreateSemaphoreW(NULL, 0, 1, name), NULL);
        IS(CreateSemaphoreW(NULL, 0, 0, NULL), NULL);
    }
    CASE("ipc/HD-001", "ee482861") { h = named_event(L"E"); HOLDS((h2 = named_event(L"E")) != h); IS(error, ERROR_ALREADY_EXISTS); }
    CASE("ipc/HD-003", "ee490442") {
        h = named_event(L"E"), h2 = named_event(L"E");
        CloseHandle(h), CloseHandle(h2);
        HOLDS(named_event(L"E"));
        IS(error, 0);
    }
    CASE("ipc/HD-004", "ee482861") {
        p2 = child();
        for (i = 0; i < 8; i++) h = auto_event();
        IS(REMOTE(p2, CloseHandle, h), FALSE);
        IS(p2->error, ERROR_INVALID_HANDLE);
    }
    CASE("ipc/HD-006", "inference") { h = closed_handle(); GIVES(CloseHandle(h), FALSE, ERROR_INVALID_HANDLE); }
    CASE("ipc/HD-007", "inference") {
        GIVES(CloseHandle(NULL), FALSE, ERROR_INVALID_HANDLE);
        GIVES(CloseHandle(INVALID_HANDLE_VALUE), FALSE, ERROR_INVALID_HANDLE);
    }
    CASE("ipc/HD-008", "ee488762") {
        h = auto_event();
        a = STAYER(251, WaitForSingleObject, h, 50);
        settle();
        HOLDS(CloseHandle(h));
        Sleep(20);
        IS(a->result, BLOCKED);
        Sleep(40);
        IS(a->result, TMO);
    }
    CASE("ipc/HD-010", "inference") { h = auto_event(); GIVES(ReleaseMutex(h), FALSE, ERROR_INVALID_HANDLE); }
    CASE("ipc/HD-011", "OQ-1") IS(CloseHandle((HANDLE)process_id()), FALSE);
    CASE("ipc/HD-013", "ee488902") {
        there = shared();
        p2 = child();
        REMOTE(p2, shared);
        h = auto_event();
        HOLDS(DuplicateHandle(SELF, h, p2->pi.hProcess, there, 0, FALSE, DUPLICATE_SAME_ACCESS));
        HOLDS(REMOTE(p2, EventModify, *there, EVENT_SET));
        IS(poll(h), OBJ0);
    }
    CASE("ipc/HD-014", "ms885613") { CloseHandle(CURRENT_PROCESS); HOLDS(auto_event()); }
    CASE("ipc/HD-016", "ee488902") {
        h = auto_event();
        GIVES(DuplicateHandle(SELF, h, SELF, (HANDLE *)0x20000000, 0, FALSE, DUPLICATE_SAME_ACCESS), FALSE, ERROR_INVALID_PARAMETER);
        GIVES(DuplicateHandle(SELF, h, SELF, NULL, 0, FALSE, DUPLICATE_SAME_ACCESS), FALSE, ERROR_INVALID_PARAMETER);
    }
    CASE("ipc/HD-017", "ee488902") {
        h = auto_event();
        HOLDS(DuplicateHandle(SELF, h, SELF, &h2, 0, FALSE, DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE));
        HOLDS(SetEvent(h2));
        HOLDS(h2 == h || !SetEvent(h));
    }
    CASE("ipc/HD-018", "ee488902") {
        h = auto_event();
        IS(DuplicateHandle(SELF, h, NULL, &h2, 0, FALSE, DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE), FALSE);
        GIVES(SetEvent(h), FALSE, ERROR_INVALID_HANDLE);
    }
    CASE("ipc/HD-020", "ee488902") {
        HOLDS(duplicate(CURRENT_THREAD, &h2));
        HOLDS(h2 != CURRENT_THREAD);
        IS(GetThreadId(h2), thread_id());
    }
    CASE("ipc/HD-021", "ee490442") {
        p2 = child();
        HOLDS(duplicate(p2->pi.hProcess, &h2));
        HOLDS(CloseHandle(p2->pi.hProcess));
        IS(poll(h2), TMO);
        HOLDS(TerminateProcess(h2, 6));
        IS(wait(h2), OBJ0);
        HOLDS(GetExitCodeProcess(h2, &code));
        IS(code, 6);
    }
    CASE("ipc/HD-023", "ee482760") {
        for (i = 0; i < 8; i++) handle = auto_event();
        p2 = child();
        IS(REMOTE(p2, EventModify, handle, EVENT_SET), FALSE);
        IS(p2->error, ERROR_INVALID_HANDLE);
    }
    CASE("ipc/HD-024", "ee482861") {
        for (i = 0; i < 500; i++) {
            h = auto_event();
            HOLDS(h != h2 && h != NULL && h != CURRENT_THREAD && h != CURRENT_PROCESS && h != INVALID_HANDLE_VALUE);
            h2 = h;
        }
    }
    CASE("ipc/HD-026", "ee488902") {
        p2 = child(), p3 = child();
        h = (HANDLE)REMOTE(p2, named_event, L"E");
        HOLDS(DuplicateHandle(p2->pi.hProcess, h, p3->pi.hProcess, &h3, 0, FALSE, DUPLICATE_SAME_ACCESS));
        HOLDS(REMOTE(p3, EventModify, h3, EVENT_SET));
        IS(REMOTE(p2, poll, h), OBJ0);
    }
    CASE("ipc/HD-028", "inference") {
        h = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, NULL);
        GIVES(poll(h), FAIL, ERROR_INVALID_HANDLE);
    }
}

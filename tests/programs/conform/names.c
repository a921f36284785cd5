/* Names of objects (sync/NS). */
#include "conform.h"

static WCHAR name[280];

static HANDLE queue(const WCHAR *of)
{
    MSGQUEUEOPTIONS o = { 20, 0, 2, 4, TRUE };
    return CreateMsgQueue(of, &o);
}

/* Makes or opens one of each kind; each leaves this last error. */
static void make_all(const WCHAR *of, HANDLE *h, DWORD code)
{
    HOLDS((h[0] = CreateEventW(NULL, FALSE, FALSE, of)));
    IS(error, code);
    HOLDS((h[1] = CreateMutexW(NULL, FALSE, of)));
    IS(error, code);
    HOLDS((h[2] = CreateSemaphoreW(NULL, 1, 1, of)));
    IS(error, code);
    HOLDS((h[3] = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, of)));
    IS(error, code);
    HOLDS((h[4] = queue(of)));
    IS(error, code);
    HOLDS((h[5] = CreateWatchDogTimer(of, 1000, 0, 0, 0, 0)));
    IS(error, code);
}

/* An event, a mutex and a semaphore. */
static void make_three(const WCHAR *of, DWORD code)
{
    BOOL made = code != ERROR_INVALID_PARAMETER;
    IS(CreateEventW(NULL, FALSE, FALSE, of) != NULL, made);
    IS(error, code);
    IS(CreateMutexW(NULL, FALSE, of) != NULL, made);
    IS(error, code);
    IS(CreateSemaphoreW(NULL, 1, 1, of) != NULL, made);
    IS(error, code);
}

static void are_two(const WCHAR *a, const WCHAR *b)
{
    HANDLE h = CreateEventW(NULL, TRUE, TRUE, a), h2;
    HOLDS((h2 = CreateEventW(NULL, TRUE, FALSE, b)));
    IS(error, 0);
    IS(poll(h2), TMO);
    IS(poll(h), OBJ0);
}

void cases(void)
{
    HANDLE h, h2, first[6], second[6];
    struct child *p2;
    struct task *a;

    CASE("sync/NS-002", "aa909014") {
        make_all(L"X", first, 0);
        SetEvent(first[0]);
        IS(poll(first[1]), OBJ0);
        HOLDS(ReleaseMutex(first[1]));
        IS(poll(first[2]), OBJ0);
        IS(poll(first[0]), OBJ0);
    }
    CASE("sync/NS-003", "aa909014") {
        make_all(L"X", first, 0);
        make_all(L"X", second, ERROR_ALREADY_EXISTS);
        SetEvent(second[0]);
        IS(poll(first[0]), OBJ0);
        wait(second[1]);
        HOLDS(ReleaseMutex(first[1]));
        wait(second[2]);
        IS(poll(first[2]), TMO);
    }
    CASE("sync/NS-004", "SQ-08") { named_event(L"X"); HOLDS(CreateSemaphoreW(NULL, 1, 1, L"X")); IS(error, 0); }
    CASE("sync/NS-005", "aa909014") {
        h = named_event(L"");
        p2 = child();
        h2 = (HANDLE)REMOTE(p2, CreateEventW, NULL, FALSE, FALSE, L"");
        IS(p2->error, ERROR_ALREADY_EXISTS);
        REMOTE_BEGIN(p2, wait, h2);
        SetEvent(h);
        IS(remote_end(p2), OBJ0);
    }
    CASE("sync/NS-006", "ee488008") { h = auto_event(), h2 = auto_event(); SetEvent(h); IS(poll(h2), TMO); }
    CASE("sync/NS-007", "aa909014") are_two(L"name", L"Name");
    CASE("sync/NS-008", "[P] SQLite") {
        HOLDS(CreateMutexW(NULL, FALSE, L"_program files_data.db"));
        IS(error, 0);
        HOLDS(CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, L"_PROGRAM FILES_DATA.DB"));
        IS(error, 0);
    }
    CASE("sync/NS-009", "SQ-10") { make_three(fill(name, 259), 0); make_three(name, ERROR_ALREADY_EXISTS); }
    CASE("sync/NS-010", "SQ-10") { make_three(fill(name, 260), ERROR_INVALID_PARAMETER); make_three(name, ERROR_INVALID_PARAMETER); }
    CASE("sync/NS-012", "SQ-11") { make_three(L"a\\b", 0); make_three(L"a\\b", ERROR_ALREADY_EXISTS); }
    CASE_UNDER("sync/NS-013", "SQ-11", "backslash=refuse") make_three(L"a\\b", ERROR_INVALID_PARAMETER);
    CASE("sync/NS-014", "aa909014") { make_three(L"/:* \x00e9\x4e2d", 0); make_three(L"/:* \x00e9\x4e2d", ERROR_ALREADY_EXISTS); }
    CASE("sync/NS-015", "naming N4") are_two(L"\x00e9", L"e\x0301");
    CASE("sync/NS-016", "naming N6") are_two(L"X", L"Global\\X");
    CASE("sync/NS-017", "ee488008") {
        named_event(L"E");
        HOLDS((h = CreateEventW(NULL, TRUE, TRUE, L"E")));
        IS(error, ERROR_ALREADY_EXISTS);
        IS(poll(h), TMO);
        SetEvent(h);
        IS(poll(h), OBJ0);
        IS(poll(h), TMO);
    }
    CASE("sync/NS-020", "ee488008") {
        h = named_event(L"X"), h2 = named_event(L"X");
        CloseHandle(h), CloseHandle(h2);
        HOLDS((h = CreateEventW(NULL, TRUE, TRUE, L"X")));
        IS(error, 0);
        IS(poll(h), OBJ0);
        IS(poll(h), OBJ0);
    }
    CASE("sync/NS-022", "aa450927") {
        p2 = child();
        HOLDS(REMOTE(p2, CreateEventW, NULL, FALSE, FALSE, L"X"));
        h = named_event(L"X");
        CloseHandle(h);
        HOLDS(TerminateProcess(p2->pi.hProcess, 0));
        wait(p2->pi.hProcess);
        HOLDS(named_event(L"X"));
        IS(error, 0);
    }
    CASE("sync/NS-024", "SQ-12") { SetLastError(ERROR_ALREADY_EXISTS); named_event(L"X"); error = GetLastError(); IS(error, 0); }
    CASE("sync/NS-027", "CreateMsgQueue SDK5") { HOLDS(queue(L"X")); IS(error, 0); HOLDS(queue(L"X")); IS(error, ERROR_ALREADY_EXISTS); }
    CASE("sync/NS-029", "bb202793") { h = named_event(L"X"), h2 = named_event(L"X"); HOLDS(h != h2); SetEvent(h); IS(poll(h2), OBJ0); }
    CASE("sync/NS-032", "SQ-10") {
        GIVES(CreateEventW(NULL, FALSE, FALSE, (WCHAR *)0x2000dead), NULL, ERROR_INVALID_PARAMETER);
        GIVES(CreateMutexW(NULL, FALSE, (WCHAR *)0x20000000), NULL, ERROR_INVALID_PARAMETER);
    }
    CASE("sync/NS-033", "naming §3") {
        h = CreateEventW(NULL, FALSE, TRUE, fill(name, 5));
        fill(name, 4);
        HOLDS(OpenEventW(EVENT_ALL_ACCESS, FALSE, L"nnnnn") != NULL);
        IS(OpenEventW(EVENT_ALL_ACCESS, FALSE, name), NULL);
        a = waiter(251, h);
        IS(a->result, OBJ0);
    }
    CASE("sync/NS-034", "OpenMsgQueue SDK5") {
        MSGQUEUEOPTIONS o = { 20, 0, 2, 4, TRUE };
        queue(L"X");
        GIVES(OpenMsgQueue(CURRENT_PROCESS, (HANDLE)L"X", &o), NULL, ERROR_INVALID_HANDLE);
    }
}

/* Processes (ipc/PR). */
#include "conform.h"

static DWORD code_of(HANDLE process)
{
    DWORD code = 0xdead;
    HOLDS(GetExitCodeProcess(process, &code));
    return code;
}

/* A process that makes one call; its thread is still suspended if flags say so. */
static PROCESS_INFORMATION create(DWORD flags)
{
    PROCESS_INFORMATION pi;
    WCHAR self[260];
    self_path(self);
    HOLDS(CreateProcessW(self, L"child 99", NULL, NULL, FALSE, flags, NULL, NULL, NULL, &pi));
    return pi;
}

static void end_in_a_thread(DWORD code)
{
    THREAD(251, TerminateProcess, CURRENT_PROCESS, code);
    Sleep(INFINITE);
}

static void leave_a_spinner(DWORD code)
{
    THREAD(251, spin, INFINITE);
    ExitThread(code);
}

static DWORD *bad(void) { return (DWORD *)0x20000000; }

static DWORD touch(volatile DWORD *p) { return *p; }

/* Whether the page of the user data tells this thread's ids, over and over. */
static BOOL ids_are(DWORD thread)
{
    int i;
    CeSetThreadQuantum(CURRENT_THREAD, 1);
    for (i = 0; i < 20000; i++)
        if (thread_id() != thread || process_id() != GetProcessId(CURRENT_PROCESS))
            return FALSE;
    return TRUE;
}

static BOOL own_ids(void) { return ids_are(GetThreadId(CURRENT_THREAD)); }

void cases(void)
{
    PROCESS_INFORMATION pi = { 0, 0, 0, 0 };
    DWORD startup[17] = { 68 };         /* STARTUPINFO */
    WCHAR self[260];
    HANDLE h, h2;
    DWORD code;
    struct child *p2;
    struct task *a, *b;

    CASE("ipc/PR-001", "ee488927") {
        pi = create(0);
        HOLDS(pi.hProcess && pi.hThread && pi.dwProcessId && pi.dwThreadId);
        HOLDS(TerminateProcess(pi.hProcess, 0));
    }
    CASE("ipc/PR-002", "ee482760") IS(CreateProcessW(NULL, L"x", NULL, NULL, FALSE, 0, NULL, NULL, NULL, &pi), FALSE);
    CASE("ipc/PR-003", "ee488927") {       /* this program is in \Windows */
        HOLDS(CreateProcessW(L"processes", L"child 99", NULL, NULL, FALSE, 0, NULL, NULL, NULL, &pi));
        TerminateProcess(pi.hProcess, 0);
    }
    CASE("ipc/PR-004", "ee488927") GIVES(CreateProcessW(L"processes.", NULL, NULL, NULL, FALSE, 0, NULL, NULL, NULL, &pi), FALSE, ERROR_FILE_NOT_FOUND);
    CASE("ipc/PR-006", "OQ/inference") {
        GIVES(CreateProcessW(L"\\Program\\none.exe", NULL, NULL, NULL, FALSE, 0, NULL, NULL, NULL, &pi), FALSE, ERROR_FILE_NOT_FOUND);
        IS(pi.hProcess, NULL);
    }
    CASE("ipc/PR-007", "ms885182") {
        pi = create(CREATE_SUSPENDED);
        Sleep(500);
        IS(OpenEventW(EVENT_ALL_ACCESS, FALSE, L"conform 99 go"), NULL);
        IS(ResumeThread(pi.hThread), 1);
        settle();
        HOLDS(OpenEventW(EVENT_ALL_ACCESS, FALSE, L"conform 99 go") != NULL);
        HOLDS(TerminateProcess(pi.hProcess, 0));
    }
    CASE("ipc/PR-008", "ee488168") { pi = create(0); IS(CeGetThreadPriority(pi.hThread), 251); TerminateProcess(pi.hProcess, 0); }
    CASE("ipc/PR-009", "ms885182") {
        run_at(100);
        pi = create(INHERIT_CALLER_PRIORITY);
        IS(CeGetThreadPriority(pi.hThread), 100);
        TerminateProcess(pi.hProcess, 0);
    }
    CASE("ipc/PR-010", "OQ-5") {
        self_path(self);
        HOLDS(CreateProcessW(self, L"child 99", NULL, NULL, FALSE, 0, NULL, NULL, startup, &pi));
        TerminateProcess(pi.hProcess, 0);
    }
    CASE("ipc/PR-013", "ee482771") { p2 = child(); IS(poll(p2->pi.hProcess), TMO); }
    CASE("ipc/PR-014", "ee482771") {
        p2 = child();
        TerminateProcess(p2->pi.hProcess, 0);
        IS(wait(p2->pi.hProcess), OBJ0);
        IS(poll(p2->pi.hProcess), OBJ0);
        IS(poll(p2->pi.hProcess), OBJ0);
    }
    CASE("ipc/PR-016", "aa915088") { p2 = child(); HOLDS(GetExitCodeProcess(p2->pi.hProcess, &code)); IS(code, STILL_ACTIVE); }
    CASE("ipc/PR-018", "ee488596") {
        p2 = child();
        REMOTE_BEGIN(p2, end_in_a_thread, 9);
        IS(wait(p2->pi.hProcess), OBJ0);
        IS(code_of(p2->pi.hProcess), 9);
        IS(poll(p2->pi.hThread), OBJ0);
    }
    CASE("ipc/PR-020", "ee482850") {
        p2 = child();
        REMOTE_BEGIN(p2, leave_a_spinner, 5);
        IS(wait(p2->pi.hProcess), OBJ0);
        IS(code_of(p2->pi.hProcess), 5);
    }
    CASE("ipc/PR-022", "ee482850") {
        p2 = child();
        REMOTE(p2, begin, 251, FALSE, touch, bad());
        IS(wait(p2->pi.hProcess), OBJ0);
        IS(poll(p2->pi.hThread), OBJ0);
    }
    CASE("ipc/PR-023", "ee488418") {
        p2 = child();
        HOLDS((h = OpenProcess(0, FALSE, p2->pi.dwProcessId)) != NULL);
        IS(poll(h), TMO);
        TerminateProcess(h, 0);
        IS(wait(h), OBJ0);
    }
    CASE("ipc/PR-024", "ee488418") GIVES(OpenProcess(0, FALSE, 0x7ffffff0), NULL, ERROR_INVALID_PARAMETER);
    CASE("ipc/PR-025", "ee482861") {
        h = OpenProcess(0, FALSE, process_id());
        h2 = OpenProcess(0, FALSE, process_id());
        HOLDS(h && h2 && h != h2);
    }
    CASE("ipc/PR-026", "aa450927") {
        p2 = child();
        h = OpenProcess(0, FALSE, p2->pi.dwProcessId);
        TerminateProcess(p2->pi.hProcess, 7);
        CloseHandle(p2->pi.hThread), CloseHandle(p2->pi.hProcess);
        IS(wait(h), OBJ0);
        IS(code_of(h), 7);
    }
    CASE("ipc/PR-029", "aa450927") {
        p2 = child();
        HOLDS(TerminateProcess(p2->pi.hProcess, 3));
        IS(wait(p2->pi.hThread), OBJ0);
        HOLDS(GetExitCodeThread(p2->pi.hThread, &code));
        IS(code, 3);
    }
    CASE("ipc/PR-031", "aa450927") {
        p2 = child();
        REMOTE_BEGIN(p2, TerminateProcess, CURRENT_PROCESS, 4);
        IS(remote_end(p2), BLOCKED);
        IS(code_of(p2->pi.hProcess), 4);
    }
    CASE("ipc/PR-032", "OQ-13") {
        p2 = child();
        TerminateProcess(p2->pi.hProcess, 7);
        wait(p2->pi.hProcess);
        IS(TerminateProcess(p2->pi.hProcess, 8), FALSE);
        IS(code_of(p2->pi.hProcess), 7);
    }
    CASE("ipc/PR-033", "inference") { h = closed_handle(); GIVES(TerminateProcess(h, 0), FALSE, ERROR_INVALID_HANDLE); }
    CASE("ipc/PR-034", "kfuncs.h") { IS(code_of((HANDLE)66), STILL_ACTIVE); IS(GetProcessId((HANDLE)66), process_id()); }
    CASE("ipc/PR-035", "kfuncs.h") { p2 = child(); IS(REMOTE(p2, process_id), p2->pi.dwProcessId); HOLDS(process_id() != 66); }
    CASE("ipc/PR-036", "ee488443") IS(poll(CURRENT_PROCESS), TMO);
    CASE("ipc/PR-037", "aa450927") {
        p2 = child();
        HOLDS(REMOTE(p2, named_event, L"E"));
        TerminateProcess(p2->pi.hProcess, 0);
        wait(p2->pi.hProcess);
        HOLDS(named_event(L"E"));
        IS(error, 0);
    }
    CASE("ipc/PR-038", "ee490442") {
        h = named_event(L"E");
        p2 = child();
        HOLDS(REMOTE(p2, named_event, L"E"));
        TerminateProcess(p2->pi.hProcess, 0);
        wait(p2->pi.hProcess);
        HOLDS(SetEvent(h));
        IS(poll(h), OBJ0);
    }
    CASE("ipc/PR-042", "aa915088") {
        p2 = child();
        REMOTE_BEGIN(p2, touch, bad());
        IS(wait(p2->pi.hProcess), OBJ0);
        IS(code_of(p2->pi.hProcess), 0xc0000005);
    }
    CASE("ipc/PR-043", "kfuncs.h") {
        p2 = child();
        REMOTE_BEGIN(p2, own_ids);
        a = THREAD(251, own_ids), b = THREAD(251, own_ids);
        HOLDS(own_ids());
        wait(a->thread), wait(b->thread);
        HOLDS(a->result);
        HOLDS(b->result);
        HOLDS(remote_end(p2));
    }
}

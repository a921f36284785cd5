/* endings - the ends of a process and what its libraries learn of them: by its primary thread, by another one,
 * by an exception, from outside. Whoever ends it, no other thread runs while libraries are told. */
#include "ce.h"

/* GetCurrentProcessId of the headers: SH_CURPROC of the user data page. */
#if defined(__i386__)
#define OWN_PROCESS_ID (*(volatile DWORD *)(0x5800 + 12))
#else
#define OWN_PROCESS_ID (*(volatile DWORD *)(0xFFFFC800UL + 12))
#endif

static volatile DWORD *counter;
static HANDLE still, moved;

static DWORD count(void *arg)
{
    (void)arg;
    for (;;) {
        ++*counter;
        Sleep(1);
    }
}
static DWORD end(void *arg)
{
    Sleep(20);
    TerminateProcess(CURRENT_PROCESS, (DWORD)(SIZE_T)arg);
    return 1;
}

/* This process by a handle of its own, rather than by the pseudo handle. */
static HANDLE opened(void) { return OpenProcess(0, FALSE, OWN_PROCESS_ID); }
static HANDLE duplicated(void)
{
    HANDLE h = NULL;
    DuplicateHandle(CURRENT_PROCESS, CURRENT_PROCESS, CURRENT_PROCESS, &h, 0, FALSE, DUPLICATE_SAME_ACCESS);
    return h;
}

static int child(WCHAR how)
{
    HANDLE self;
    HMODULE h = LoadLibraryW(L"last.dll");
    volatile DWORD *(*place)(void) = h ? (volatile DWORD *(*)(void))GetProcAddressA(h, "count_place") : NULL;
    if (!place)
        return 2;
    counter = place();
    CreateThread(NULL, 0, count, NULL, 0, NULL);
    CreateThread(NULL, 0, count, NULL, 0, NULL);
    switch (how) {
    case 'p':
        Sleep(20);
        return 7;
    case 's':
        CreateThread(NULL, 0, end, (void *)8, 0, NULL);
        count(NULL);
    case 't':                           /* the primary thread's end is the process's */
        Sleep(20);
        ExitThread(9);
    case 'h':                           /* whoever it names itself by, it is the same */
        Sleep(20);
        self = opened();
        if (self != CURRENT_PROCESS)
            TerminateProcess(self, 10);
    case 'd':
        Sleep(20);
        TerminateProcess(duplicated(), 11);
    case 'c':                           /* a library that is told closes the handle */
        Sleep(20);
        self = opened();
        ((void (*)(HANDLE))GetProcAddressA(h, "close_at_end"))(self);
        TerminateProcess(self, 12);
    case 'e':
        Sleep(20);
        *(volatile DWORD *)0x30 = 1;
    }
    count(NULL);
    return 3;
}

/* Whether a child ends with a code, and what its library has said. */
static int ends(const WCHAR *how, DWORD code, int is_told)
{
    PROCESS_INFORMATION pi;
    DWORD got = 1;
    ResetEvent(still);
    if (!CreateProcessW(L"\\Program\\endings.exe", how, NULL, NULL, 0, 0, NULL, NULL, NULL, &pi))
        return 0;
    if (how[0] == 'o') {
        Sleep(30);
        TerminateProcess(pi.hProcess, 5);
    }
    if (WaitForSingleObject(pi.hProcess, 10000) != WAIT_OBJECT_0 || !GetExitCodeProcess(pi.hProcess, &got))
        return 0;
    CloseHandle(pi.hProcess);
    CloseHandle(pi.hThread);
    return got == code && (WaitForSingleObject(still, 0) == WAIT_OBJECT_0) == is_told
        && WaitForSingleObject(moved, 0) == WAIT_TIMEOUT;
}

int GuestMain(HINSTANCE inst, const WCHAR *cmdline)
{
    (void)inst;
    if (cmdline[0])
        return child(cmdline[0]);
    still = CreateEventW(NULL, TRUE, FALSE, L"endings still");
    moved = CreateEventW(NULL, TRUE, FALSE, L"endings moved");
    CHECK(1, ends(L"primary", 7, TRUE));
    CHECK(2, ends(L"secondary", 8, TRUE));
    CHECK(3, ends(L"thread", 9, TRUE));
    CHECK(4, ends(L"exception", 0xC0000005UL, FALSE));
    CHECK(5, ends(L"outside", 5, FALSE));
    CHECK(6, ends(L"handle", 10, TRUE));
    CHECK(7, ends(L"duplicate", 11, TRUE));
    CHECK(8, ends(L"closed", 12, TRUE));
    NKDbgPrintfW(L"endings: ok\r\n");
    return 0;
}

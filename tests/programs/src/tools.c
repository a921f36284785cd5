/* tools - what debuggers and task lists do: a thread's registers read and
 * changed, before its first instruction and while it waits; fibers; another
 * process's memory read and written, and blocks of its heap; snapshots of processes, threads, modules
 * and heap blocks by TOOLHELP.DLL. */
#include "ce.h"

BOOL   GetThreadContext(HANDLE h, void *context);
BOOL   SetThreadContext(HANDLE h, const void *context);
void  *ConvertThreadToFiber(void *data);
void  *CreateFiber(DWORD stack, void (*fn)(void *), void *data);
void   DeleteFiber(void *fiber);
void   SwitchToFiber(void *fiber);
void  *GetCurrentFiber(void);
void  *GetFiberData(void);
BOOL   ReadProcessMemory(HANDLE p, const void *at, void *buf, DWORD n, DWORD *got);
BOOL   WriteProcessMemory(HANDLE p, void *at, const void *buf, DWORD n, DWORD *put);
UINT   LocalSize(void *p);
void  *LocalAllocInProcess(UINT flags, UINT n, HANDLE process);
void  *LocalFreeInProcess(void *p, HANDLE process);
UINT   LocalSizeInProcess(void *p, HANDLE process);
HANDLE CreateToolhelp32Snapshot(DWORD flags, DWORD pid);
BOOL   CloseToolhelp32Snapshot(HANDLE s);
BOOL   Process32First(HANDLE s, void *e);
BOOL   Process32Next(HANDLE s, void *e);
BOOL   Thread32First(HANDLE s, void *e);
BOOL   Thread32Next(HANDLE s, void *e);
BOOL   Module32First(HANDLE s, void *e);
BOOL   Module32Next(HANDLE s, void *e);
BOOL   Heap32ListFirst(HANDLE s, void *e);
BOOL   Heap32First(HANDLE s, void *e, DWORD pid, DWORD heap);
BOOL   Heap32Next(HANDLE s, void *e);

/* Words of a CONTEXT: which flags, and where pc and sp stand. */
#if defined(__i386__)
#define CONTEXT_CONTROL 0x10001UL
#define CONTEXT_OTHER   0x40UL
#define CONTEXT_WORDS 51
#define PC 46
#define SP 49
#else
#define CONTEXT_CONTROL 0x41UL
#define CONTEXT_OTHER   0x10000UL
#define CONTEXT_WORDS 61
#define PC 16
#define SP 14
#endif

static DWORD context[CONTEXT_WORDS];
static volatile DWORD cell = 1111;
static DWORD *volatile given;
static HANDLE gate;

static DWORD wrong(void *p)
{
    (void)p;
    return 1;
}

static DWORD right(void *p)
{
    return (DWORD)(SIZE_T)p;
}

static DWORD waiter(void *p)
{
    (void)p;
    WaitForSingleObject(gate, INFINITE);
    return 2;
}

static void leave(void)
{
    ExitThread(55);
}

static int contexts(void)
{
    DWORD code = 0;
    HANDLE t = CreateThread(NULL, 0, wrong, (void *)77, CREATE_SUSPENDED, NULL);

    CHECK(1, t != NULL);
    context[0] = CONTEXT_CONTROL;
    context[2] = 0x1234;                            /* no part of CONTROL */
    CHECK(2, GetThreadContext(t, context));
    CHECK(3, context[0] == CONTEXT_CONTROL && context[2] == 0x1234);
    CHECK(4, (context[PC] & ~1UL) == ((DWORD)(SIZE_T)wrong & ~1UL));
    context[PC] = (DWORD)(SIZE_T)right;
    CHECK(5, SetThreadContext(t, context));
    CHECK(6, ResumeThread(t) == 1);
    CHECK(7, WaitForSingleObject(t, 1000) == WAIT_OBJECT_0);
    CHECK(8, GetExitCodeThread(t, &code) && code == 77);
    CHECK(9, !GetThreadContext(t, context) && GetLastError() == ERROR_INVALID_HANDLE);
    CHECK(10, CloseHandle(t));

    gate = CreateEventW(NULL, FALSE, FALSE, NULL);
    t = CreateThread(NULL, 0, waiter, NULL, 0, NULL);
    Sleep(5);
    CHECK(11, SuspendThread(t) == 0);
    CHECK(12, GetThreadContext(t, context));
    CHECK(13, context[PC] - (DWORD)(SIZE_T)GetModuleHandleW(NULL) < 0x30000);   /* behind the call */
    context[0] = CONTEXT_OTHER | 1;
    CHECK(14, !GetThreadContext(t, context) && GetLastError() == ERROR_INVALID_PARAMETER);
    CHECK(15, !SetThreadContext(t, context) && GetLastError() == ERROR_INVALID_PARAMETER);
    CHECK(16, !GetThreadContext(t, NULL) && GetLastError() == ERROR_INVALID_PARAMETER);
    CHECK(17, !GetThreadContext(gate, context) && GetLastError() == ERROR_INVALID_HANDLE);
    context[0] = CONTEXT_CONTROL;
    context[PC] = (DWORD)(SIZE_T)leave;
    CHECK(18, SetThreadContext(t, context));
    CHECK(19, ResumeThread(t) == 1);
    CHECK(20, WaitForSingleObject(t, 10) == WAIT_TIMEOUT);          /* it still waits */
    CHECK(21, SetEvent(gate));
    CHECK(22, WaitForSingleObject(t, 1000) == WAIT_OBJECT_0);
    CHECK(23, GetExitCodeThread(t, &code) && code == 55);
    CHECK(24, CloseHandle(t) && CloseHandle(gate));
    return 0;
}

static void *first, *second;
static char order[16];
static int steps;
static DWORD slot;

static void fiber(void *data)
{
    order[steps++] = data == (void *)7 && GetFiberData() == data ? 'a' : '?';
    order[steps++] = TlsGetValue(slot) == (void *)99 && GetCurrentFiber() == second ? 'b' : '?';
    SwitchToFiber(second);                          /* its own: nothing */
    SwitchToFiber(first);
    order[steps++] = 'd';
    SwitchToFiber(first);
    order[steps++] = '?';
}

static void ending(void *data)
{
    (void)data;
    ExitThread(66);
}

static DWORD in_fibers(void *p)
{
    (void)p;
    SetLastError(0);
    SwitchToFiber((void *)0x1234);                  /* no fiber yet: refused */
    CHECK(30, GetLastError() == ERROR_INVALID_PARAMETER);
    CHECK(31, GetCurrentFiber() == NULL);
    first = ConvertThreadToFiber((void *)5);
    CHECK(32, first != NULL && GetCurrentFiber() == first && GetFiberData() == (void *)5);
    CHECK(33, ConvertThreadToFiber((void *)6) == NULL);
    slot = TlsCall(0, 0);
    CHECK(34, TlsSetValue(slot, (void *)99));
    second = CreateFiber(0, fiber, (void *)7);
    CHECK(35, second != NULL && second != first);
    SwitchToFiber(second);
    order[steps++] = 'c';
    CHECK(36, GetCurrentFiber() == first);
    SwitchToFiber(second);
    order[steps++] = 'e';
    CHECK(37, strcmp(order, "abcde") == 0);
    DeleteFiber(second);
    SetLastError(0);
    SwitchToFiber(second);
    CHECK(38, GetLastError() == ERROR_INVALID_PARAMETER && GetCurrentFiber() == first);
    CHECK(39, CreateFiber(0, NULL, NULL) == NULL && GetLastError() == ERROR_INVALID_PARAMETER);
    SwitchToFiber(CreateFiber(0, ending, NULL));    /* its end is the thread's */
    return 40;
}

static int fibers(void)
{
    DWORD code = 0;
    HANDLE t = CreateThread(NULL, 0, in_fibers, NULL, 0, NULL);

    CHECK(41, WaitForSingleObject(t, 1000) == WAIT_OBJECT_0);
    CHECK(42, GetExitCodeThread(t, &code) && code == 66);
    CHECK(43, CloseHandle(t));
    return 0;
}

/* The child shows where its cell is; the parent reads and changes it. */
static int child(void)
{
    HANDLE e = CreateEventW(NULL, FALSE, FALSE, L"tools ready"), go = CreateEventW(NULL, FALSE, FALSE, L"tools go");

    cell = 2222;
    CHECK(50, SetEvent(e));
    CHECK(51, WaitForSingleObject(go, 1000) == WAIT_OBJECT_0);
    CHECK(52, cell == 3333);
    CHECK(53, LocalSize(given) == 20 && given[4] == 0);         /* a block of its own heap */
    CHECK(54, LocalFree(given) == NULL);
    return 77;
}

static int memory(void)
{
    PROCESS_INFORMATION pi;
    WCHAR self[260];
    HANDLE e = CreateEventW(NULL, FALSE, FALSE, L"tools ready"), go = CreateEventW(NULL, FALSE, FALSE, L"tools go");
    DWORD got = 0, value = 0, code = 0, info[3], *block, *other;

    CHECK(60, GetModuleFileNameW(NULL, self, 260) > 0);
    CHECK(61, CreateProcessW(self, L"child", NULL, NULL, FALSE, 0, NULL, NULL, NULL, &pi));
    CHECK(62, WaitForSingleObject(e, 1000) == WAIT_OBJECT_0);
    CHECK(63, ReadProcessMemory(pi.hProcess, (void *)&cell, &value, 4, &got) && got == 4);
    CHECK(64, value == 2222 && cell == 1111);       /* each has its own */
    value = 3333;
    CHECK(98, GetModuleInformation(pi.hProcess, GetModuleHandleW(NULL), info, 12) && info[0] == (DWORD)(SIZE_T)GetModuleHandleW(NULL));
    CHECK(99, info[1] >= 0x1000 && info[2] - info[0] < info[1]);
    CHECK(100, !GetModuleInformation(pi.hProcess, (HMODULE)0x1230000, info, 12) && GetLastError() == 126);
    CHECK(101, !GetModuleInformation(pi.hProcess, GetModuleHandleW(NULL), info, 11) && GetLastError() == ERROR_INSUFFICIENT_BUFFER);
    CHECK(102, !GetModuleInformation(pi.hThread, GetModuleHandleW(NULL), info, 12) && GetLastError() == ERROR_INVALID_HANDLE);
    CHECK(65, WriteProcessMemory(pi.hProcess, (void *)&cell, &value, 4, &got) && got == 4);
    CHECK(66, !ReadProcessMemory(pi.hProcess, (void *)0x20, &value, 4, &got));
    CHECK(67, GetLastError() == ERROR_INVALID_PARAMETER && value == 3333);
    CHECK(68, !WriteProcessMemory(pi.hProcess, (void *)0x20, &value, 4, NULL));
    CHECK(69, !ReadProcessMemory(pi.hThread, (void *)&cell, &value, 4, NULL) && GetLastError() == ERROR_INVALID_HANDLE);
    block = LocalAllocInProcess(0x40, 20, pi.hProcess);
    CHECK(103, block && LocalSizeInProcess(block, pi.hProcess) == 20);
    CHECK(104, LocalSizeInProcess(block, CURRENT_PROCESS) == 0 && GetLastError() == ERROR_INVALID_HANDLE);
    CHECK(105, WriteProcessMemory(pi.hProcess, (void *)&given, &block, 4, NULL));
    other = LocalAllocInProcess(0, 16, pi.hProcess);
    CHECK(106, other && other != block && LocalFreeInProcess(other, pi.hProcess) == NULL);
    CHECK(107, LocalFreeInProcess(other, pi.hProcess) == other && GetLastError() == ERROR_INVALID_HANDLE);
    CHECK(108, LocalFreeInProcess(NULL, pi.hProcess) == NULL);
    other = LocalAllocInProcess(0, 16, CURRENT_PROCESS);
    CHECK(109, other && (*other = 1) && LocalFree(other) == NULL);
    CHECK(70, SetEvent(go));
    CHECK(71, WaitForSingleObject(pi.hProcess, 1000) == WAIT_OBJECT_0);
    CHECK(72, GetExitCodeProcess(pi.hProcess, &code) && code == 77);
    CHECK(73, !ReadProcessMemory(pi.hProcess, (void *)&cell, &value, 4, NULL));
    CHECK(110, LocalAllocInProcess(0, 16, pi.hProcess) == NULL && GetLastError() == ERROR_INVALID_HANDLE);
    CHECK(74, CloseHandle(pi.hProcess) && CloseHandle(pi.hThread) && CloseHandle(e) && CloseHandle(go));
    return 0;
}

static DWORD entry[269];                            /* room for MODULEENTRY32 */

/* Whether a snapshot of this process shows a module of this name, at a place of its own and with a size. */
static int shows(const WCHAR *name)
{
    HANDLE s = CreateToolhelp32Snapshot(8, 0);
    int found = 0, more;
    entry[0] = 1076;
    for (more = Module32First(s, entry); more; more = Module32Next(s, entry)) {
        const WCHAR *module = (WCHAR *)(entry + 8), *wanted = name;
        while (*wanted && *module == *wanted)
            module++, wanted++;
        found += *module == *wanted && entry[5] && entry[6] && entry[7] == entry[5];
    }
    return CloseToolhelp32Snapshot(s) && found == 1;
}

static int snapshots(void)
{
    HMODULE library;
    HANDLE s = CreateToolhelp32Snapshot(15, 0);
    DWORD threads = 0, heap, pid, found = 0;
    char *block;

    CHECK(80, s != INVALID_HANDLE_VALUE);
    entry[0] = 564;
    CHECK(81, Process32First(s, entry));
    pid = entry[2];
    CHECK(82, entry[5] == 1 && ((WCHAR *)(entry + 9))[0] == 't');
    CHECK(83, !Process32Next(s, entry) && GetLastError() == 18);
    entry[0] = 36;
    CHECK(84, Thread32First(s, entry) && entry[3] == pid && entry[4] == 251);
    do threads++; while (Thread32Next(s, entry));
    CHECK(85, threads == 1);
    entry[0] = 1076;
    CHECK(86, Module32First(s, entry));
    CHECK(87, entry[5] == (DWORD)(SIZE_T)GetModuleHandleW(NULL) && entry[6] >= 0x1000);
    CHECK(88, CloseToolhelp32Snapshot(s));
    CHECK(95, shows(L"coredll.dll") && shows(L"toolhelp.dll") && !shows(L"second.dll") && !shows(L"first.dll"));
    library = LoadLibraryW(L"second.dll");              /* which imports from first.dll */
    CHECK(96, library != NULL && shows(L"second.dll") && shows(L"first.dll") && shows(L"tools.exe"));
    CHECK(97, FreeLibrary(library) && !shows(L"second.dll") && !shows(L"first.dll"));
    block = LocalAlloc(0, 321);
    s = CreateToolhelp32Snapshot(1, pid);
    entry[0] = 16;
    CHECK(89, Heap32ListFirst(s, entry) && entry[1] == pid && entry[3] == 1);
    heap = entry[2];
    entry[0] = 36;
    CHECK(90, Heap32First(s, entry, pid, heap));
    do found += entry[2] == (DWORD)(SIZE_T)block && entry[3] == 321; while (Heap32Next(s, entry));
    CHECK(91, found == 1);
    CHECK(92, !CloseHandle(s) && GetLastError() == ERROR_INVALID_HANDLE);
    CHECK(93, CloseToolhelp32Snapshot(s));
    CHECK(94, LocalFree(block) == NULL);
    return 0;
}

int GuestMain(HINSTANCE inst, const WCHAR *cmdline)
{
    int bad;

    (void)inst;
    if (cmdline && cmdline[0] == 'c')
        return child();
    if ((bad = contexts()) || (bad = fibers()) || (bad = memory()) || (bad = snapshots()))
        return bad;
    NKDbgPrintfW(L"tools: ok\r\n");
    return 0;
}

/* conform.c - see conform.h. */
#include "conform.h"

DWORD error, other_error;
static const WCHAR *wanted;
static int found, checks;
static struct task tasks[160];
static int task_count;
static struct child children[40];
static int child_count;

static BOOL same(const WCHAR *a, const WCHAR *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

BOOL is_wanted(const WCHAR *id, const WCHAR *page)
{
    if (!wanted[0])
        NKDbgPrintfW(L"%s %s\r\n", id, page);
    if (!same(id, wanted))
        return FALSE;
    found++;
    return TRUE;
}

DWORD poisoned(void)
{
    SetLastError(POISON);
    return 0;
}

void check(const char *file, int line, const char *what, DWORD seen, DWORD want, DWORD code, DWORD want_code)
{
    checks++;
    if (seen == want && (want_code == ANY || code == want_code))
        return;
    NKDbgPrintfW(L"%hs:%d: %hs gives %d (0x%x), last error %u", file, line, what, (int)seen, (UINT)seen, (UINT)code);
    NKDbgPrintfW(L"; expected %d (0x%x)", (int)want, (UINT)want);
    if (want_code != ANY)
        NKDbgPrintfW(L", last error %u", (UINT)want_code);
    NKDbgPrintfW(L"\r\n");
    TerminateProcess(CURRENT_PROCESS, checks);
}

/* ---- threads -------------------------------------------------------------- */
static DWORD make_call(void *p)
{
    struct task *t = p;
    DWORD *a = t->a, result;
    SetLastError(POISON);
    result = t->f(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9]);
    t->error = GetLastError();
    t->result = result;
    if (t->stays)
        Sleep(INFINITE);
    return result;
}

struct task *begin(int priority, BOOL stays, CALL f, DWORD a0, DWORD a1, DWORD a2, DWORD a3, DWORD a4, DWORD a5)
{
    struct task *t = &tasks[task_count++];
    t->f = f;
    t->a[0] = a0, t->a[1] = a1, t->a[2] = a2, t->a[3] = a3, t->a[4] = a4, t->a[5] = a5;
    t->stays = stays;
    t->result = BLOCKED;
    t->thread = CreateThread(NULL, 0, make_call, t, CREATE_SUSPENDED, &t->id);
    if (!t->thread || !CeSetThreadPriority(t->thread, priority))
        TerminateProcess(CURRENT_PROCESS, 202);
    ResumeThread(t->thread);
    return t;
}

DWORD other_(CALL f, DWORD a0, DWORD a1, DWORD a2, DWORD a3, DWORD a4, DWORD a5)
{
    struct task *t = begin(251, FALSE, f, a0, a1, a2, a3, a4, a5);
    WaitForSingleObject(t->thread, INFINITE);
    other_error = t->error;
    return t->result;
}

struct task *waiter(int priority, HANDLE h)
{
    struct task *t = STAYER(priority, WaitForSingleObject, h, INFINITE);
    settle();
    return t;
}

/* ---- a second process ----------------------------------------------------- */
void *shared(void)
{
    HANDLE map = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 8192, L"conform shared");
    return MapViewOfFile(map, FILE_MAP_WRITE, 0, 0, 0);
}

static void meet(struct child *c, int number)
{
    WCHAR name[32];
    HANDLE map;
    wsprintfW(name, L"conform %d", number);
    map = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, name);
    c->call = MapViewOfFile(map, FILE_MAP_WRITE, 0, 0, 0);
    wsprintfW(name, L"conform %d go", number);
    c->go = CreateEventW(NULL, FALSE, FALSE, name);
    wsprintfW(name, L"conform %d done", number);
    c->done = CreateEventW(NULL, FALSE, FALSE, name);
}

/* The second process: makes the calls that it is told to make. */
static int make_calls(int number)
{
    struct child c;
    meet(&c, number);
    for (;;) {
        volatile DWORD *a = c.call->a;
        DWORD result;
        WaitForSingleObject(c.go, INFINITE);
        SetLastError(POISON);
        result = c.call->f(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9]);
        c.call->error = GetLastError();
        c.call->result = result;
        SetEvent(c.done);
    }
}

struct child *child(void)
{
    struct child *c = &children[child_count];
    WCHAR self[260], cmd[16];
    meet(c, child_count);
    self_path(self);
    wsprintfW(cmd, L"child %d", child_count++);
    if (!CreateProcessW(self, cmd, NULL, NULL, FALSE, 0, NULL, NULL, NULL, &c->pi))
        TerminateProcess(CURRENT_PROCESS, 203);
    settle();
    return c;
}

void remote_begin_(struct child *c, CALL f, DWORD a0, DWORD a1, DWORD a2, DWORD a3, DWORD a4, DWORD a5,
                   DWORD a6, DWORD a7, DWORD a8, DWORD a9)
{
    volatile DWORD *a = c->call->a;
    c->call->f = f;
    a[0] = a0, a[1] = a1, a[2] = a2, a[3] = a3, a[4] = a4;
    a[5] = a5, a[6] = a6, a[7] = a7, a[8] = a8, a[9] = a9;
    c->call->result = BLOCKED;
    SetEvent(c->go);
    settle();
}

DWORD remote_end(struct child *c)
{
    HANDLE h[2];
    h[0] = c->done, h[1] = c->pi.hProcess;
    if (WaitForMultipleObjects(2, h, FALSE, INFINITE) != WAIT_OBJECT_0)
        return BLOCKED;
    c->error = c->call->error;
    return c->call->result;
}

DWORD remote_(struct child *c, CALL f, DWORD a0, DWORD a1, DWORD a2, DWORD a3, DWORD a4, DWORD a5,
              DWORD a6, DWORD a7, DWORD a8, DWORD a9)
{
    remote_begin_(c, f, a0, a1, a2, a3, a4, a5, a6, a7, a8, a9);
    return remote_end(c);
}

/* ---- what cases do over and over ------------------------------------------ */
HANDLE auto_event(void)   { return CreateEventW(NULL, FALSE, FALSE, NULL); }
HANDLE manual_event(void) { return CreateEventW(NULL, TRUE, FALSE, NULL); }
HANDLE named_event(const WCHAR *name) { return CreateEventW(NULL, FALSE, FALSE, name); }
HANDLE free_mutex(void)   { return CreateMutexW(NULL, FALSE, NULL); }
HANDLE semaphore(LONG count, LONG maximum) { return CreateSemaphoreW(NULL, count, maximum, NULL); }
DWORD poll(HANDLE h)      { return WaitForSingleObject(h, 0); }
DWORD wait(HANDLE h)      { return WaitForSingleObject(h, INFINITE); }
DWORD wait_any(DWORD n, const HANDLE *h, DWORD ms) { return WaitForMultipleObjects(n, h, FALSE, ms); }
void settle(void)         { Sleep(1); }
void run_at(int priority) { CeSetThreadPriority(CURRENT_THREAD, priority); }
void self_path(WCHAR *path) { GetModuleFileNameW(NULL, path, 260); }

HANDLE closed_handle(void)
{
    HANDLE h = auto_event();
    CloseHandle(h);
    return h;
}

void spin(DWORD ms)
{
    DWORD start = GetTickCount();
    while (GetTickCount() - start < ms)
        ;
}

WCHAR *fill(WCHAR *name, DWORD length)
{
    DWORD i;
    for (i = 0; i < length; i++)
        name[i] = 'n';
    name[i] = 0;
    return name;
}

/* PUserKData: the page that every process sees, with the ids of who runs. */
#if defined(__i386__)
#define USER_DATA 0x5800UL
#else
#define USER_DATA 0xffffc800UL
#endif
DWORD thread_id(void)  { return *(volatile DWORD *)(USER_DATA + 8); }
DWORD process_id(void) { return *(volatile DWORD *)(USER_DATA + 12); }

int GuestMain(HINSTANCE inst, const WCHAR *cmdline)
{
    int i;
    (void)inst;
    if (cmdline[0] == 'c' && cmdline[1] == 'h')
        return make_calls(cmdline[7] ? (cmdline[6] - '0') * 10 + cmdline[7] - '0' : cmdline[6] - '0');
    wanted = cmdline;
    cases();
    for (i = 0; i < child_count; i++)
        TerminateProcess(children[i].pi.hProcess, 0);
    if (wanted[0] && !found) {
        NKDbgPrintfW(L"there is no case %s\r\n", wanted);
        return 200;
    }
    if (found && !checks) {
        NKDbgPrintfW(L"%s checks nothing\r\n", wanted);
        return 201;
    }
    return 0;
}

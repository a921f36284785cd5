/* Threads (ipc/TH) and thread local storage (ipc/TL). */
#include "conform.h"

#define TlsAlloc() TlsCall(0, 0)
#define TlsFree(i) TlsCall(1, (i))

static DWORD same(void *p) { return (DWORD)p; }
static DWORD leave(void *p) { ExitThread((DWORD)p); return 0; }

/* Uses 2 KB of stack and more so many times. */
static DWORD depth;
static void descend(DWORD times)
{
    volatile BYTE part[2048];
    part[times % sizeof part] = 1;
    depth++;
    if (times > 1)
        descend(times - 1);
    part[depth % sizeof part] = 1;
}

static DWORD descend_in(void *p) { descend((DWORD)p); return depth; }

static DWORD count;
static void count_up(void)
{
    for (;;)
        ++*(volatile DWORD *)&count;
}

void  *ConvertThreadToFiber(void *data);
void  *CreateFiber(DWORD stack, void (*fn)(void *), void *data);
void   SwitchToFiber(void *fiber);
void  *GetCurrentFiber(void);
void  *GetFiberData(void);

static void *back, *value;
static DWORD slot;
static void read_slot(void *p)
{
    (void)p;
    value = TlsGetValue(slot);
    TlsSetValue(slot, (void *)6);
    SwitchToFiber(back);
}

static void leave_with(void *p) { ExitThread((DWORD)p); }
static DWORD end_in_a_fiber(void *p)
{
    ConvertThreadToFiber(NULL);
    SwitchToFiber(CreateFiber(0, leave_with, p));
    return 0;
}

static DWORD become_fiber(void *p) { return (DWORD)ConvertThreadToFiber(p); }

static DWORD start(THREADPROC f, void *arg, DWORD stack, DWORD flags)
{
    DWORD code = 0xdead;
    HANDLE h = CreateThread(NULL, stack, f, arg, flags, NULL);
    IS(wait(h), OBJ0);
    HOLDS(GetExitCodeThread(h, &code));
    return code;
}

static INT64 used(HANDLE h)
{
    FILETIME creation, exit, kernel, user;
    HOLDS(GetThreadTimes(h, &creation, &exit, &kernel, &user));
    return (INT64)kernel.low + user.low;
}

void cases(void)
{
    HANDLE h, pair[2];
    DWORD id = 0, code, t;
    struct task *a, *b;
    struct child *p2;
    FILETIME creation, exit, kernel, user;
    int i;

    CASE("ipc/TH-001", "ee488162") {
        HOLDS((h = CreateThread(NULL, 0, same, (void *)77, 0, &id)));
        HOLDS(id != 0);
        wait(h);
        HOLDS(GetExitCodeThread(h, &code));
        IS(code, 77);
    }
    CASE("ipc/TH-002", "ee488162") { GIVES(CreateThread(NULL, 0, NULL, NULL, 0, &id), NULL, ERROR_INVALID_PARAMETER); IS(id, 0); }
    CASE("ipc/TH-003", "ee488162") HOLDS(CreateThread(NULL, 0, same, NULL, 0, NULL) != NULL);
    CASE("ipc/TH-004", "ee488168") { run_at(150); h = CreateThread(NULL, 0, same, NULL, 0, NULL); IS(CeGetThreadPriority(h), 251); }
    CASE("ipc/TH-005", "aa909212") { h = CreateThread(NULL, 0, same, NULL, 0, NULL); IS(CeGetThreadQuantum(h), 100); }
    CASE("ipc/TH-006", "ee488162") {
        /* The image says 64 KB. */
        p2 = child();
        REMOTE_BEGIN(p2, start, descend_in, 400, 0x100000, 0);
        IS(wait(p2->pi.hProcess), OBJ0);
    }
    CASE("ipc/TH-007", "ee488162") IS(start(descend_in, (void *)400, 0x100000, STACK_SIZE_PARAM_IS_A_RESERVATION), 400);
    CASE("ipc/TH-008", "ee488162") {
        h = CreateThread(NULL, 0, same, NULL, CREATE_SUSPENDED, NULL);
        IS(WaitForSingleObject(h, 500), TMO);
        IS(ResumeThread(h), 1);
        IS(wait(h), OBJ0);
    }
    CASE("ipc/TH-009", "aa915065") { a = THREAD(251, Sleep, 10); HOLDS(GetExitCodeThread(a->thread, &code)); IS(code, STILL_ACTIVE); }
    CASE("ipc/TH-010", "aa915065") IS(start(same, (void *)42, 0, 0), 42);
    CASE("ipc/TH-011", "aa915065") IS(start(leave, (void *)43, 0, 0), 43);
    CASE("ipc/TH-012", "ee488176") {
        a = THREAD(252, count_up);
        settle();
        HOLDS(TerminateThread(a->thread, 44));
        IS(wait(a->thread), OBJ0);
        HOLDS(GetExitCodeThread(a->thread, &code));
        IS(code, 44);
    }
    CASE("ipc/TH-015", "ee488176") { p2 = child(); HOLDS(TerminateThread(p2->pi.hThread, 6)); IS(wait(p2->pi.hProcess), OBJ0); }
    CASE("ipc/TH-016", "ee488176") {
        h = free_mutex();
        a = waiter(251, h), b = waiter(251, h);
        IS(b->result, BLOCKED);
        TerminateThread(a->thread, 0);
        settle();
        IS(b->result, OBJ0);
    }
    CASE("ipc/TH-018", "ee488762") { a = waiter(251, auto_event()); HOLDS(TerminateThread(a->thread, 0)); IS(wait(a->thread), OBJ0); }
    CASE("ipc/TH-019", "ee488755") {
        a = THREAD(252, count_up);
        HOLDS((h = OpenThread(0, FALSE, a->id)) != NULL);
        settle();
        IS(SuspendThread(h), 0);
        t = count;
        Sleep(20);
        IS(count, t);
    }
    CASE("ipc/TH-020", "OQ-1") { a = waiter(251, auto_event()); GIVES(SuspendThread((HANDLE)a->id), 0xffffffff, ERROR_INVALID_HANDLE); }
    CASE("ipc/TH-022", "kfuncs.h") { IS(GetThreadId((HANDLE)65), thread_id()); IS(OTHER(GetThreadId, 65) == thread_id(), 0); }
    CASE("ipc/TH-023", "ms885613") {
        IS(CeGetThreadPriority(CURRENT_THREAD), 251);
        run_at(150);
        IS(CeGetThreadPriority(CURRENT_THREAD), 150);
    }
    CASE("ipc/TH-024", "ee488373") {
        a = THREAD(252, count_up);
        settle();
        IS(SuspendThread(a->thread), 0);
        IS(SuspendThread(a->thread), 1);
        t = count;
        IS(ResumeThread(a->thread), 2);
        Sleep(20);
        IS(count, t);
        IS(ResumeThread(a->thread), 1);
        Sleep(20);
        HOLDS(count != t);
    }
    CASE("ipc/TH-025", "ee488648") { a = THREAD(252, count_up); settle(); IS(ResumeThread(a->thread), 0); }
    CASE("ipc/TH-027", "ee488373") {
        h = CreateThread(NULL, 0, same, NULL, CREATE_SUSPENDED, NULL);
        for (i = 1; i < 127; i++) IS(SuspendThread(h), i);
        GIVES(SuspendThread(h), 0xffffffff, 156);
        IS(ResumeThread(h), 127);
    }
    CASE("ipc/TH-028", "ee488373") { h = closed_handle(); GIVES(SuspendThread(h), 0xffffffff, ERROR_INVALID_HANDLE); }
    CASE("ipc/TH-032", "ee488373") {
        a = THREAD(251, SuspendThread, CURRENT_THREAD);
        settle();
        IS(a->result, BLOCKED);
        IS(ResumeThread(a->thread), 1);
        settle();
        IS(a->result, 0);
    }
    CASE("ipc/TH-034", "ee488176") {
        h = CreateThread(NULL, 0, (THREADPROC)count_up, NULL, CREATE_SUSPENDED, NULL);
        HOLDS(TerminateThread(h, 1));
        IS(wait(h), OBJ0);
        IS(count, 0);
    }
    CASE("ipc/TH-035", "ee487997") {
        a = THREAD(251, spin, 200);
        wait(a->thread);
        HOLDS(used(a->thread) >= 1990000 && used(a->thread) <= 2010000);
    }
    CASE("ipc/TH-036", "Timing a Thread") {
        INT64 before = used(CURRENT_THREAD);
        Sleep(500);
        HOLDS(used(CURRENT_THREAD) - before <= 10000);
    }
    CASE("ipc/TH-037", "ee487997") {
        a = THREAD(251, Sleep, 10);
        wait(a->thread);
        HOLDS(GetThreadTimes(a->thread, &creation, &exit, &kernel, &user));
        HOLDS(creation.high || creation.low);
        HOLDS(exit.high > creation.high || (exit.high == creation.high && exit.low >= creation.low));
        GIVES(GetThreadTimes(a->thread, &creation, NULL, &kernel, &user), FALSE, ERROR_INVALID_PARAMETER);
    }
    CASE("ipc/TH-038", "ee482771") {
        pair[0] = THREAD(251, Sleep, 20)->thread, pair[1] = THREAD(251, Sleep, 10)->thread;
        IS(wait_any(2, pair, INFINITE), OBJ0 + 1);
    }
    CASE("ipc/TH-039", "OQ-10") { a = THREAD(251, Sleep, 0); wait(a->thread); IS(OpenThread(0, FALSE, a->id), NULL); }
    CASE("ipc/TL-001", "aa908741") HOLDS(TlsAlloc() < 64);
    CASE("ipc/TL-002", "aa450642") { for (i = 0; TlsAlloc() != 0xffffffff; i++) HOLDS(i < 64); HOLDS(i > 0); }
    CASE("ipc/TL-003", "aa908823") { i = TlsAlloc(); GIVES(TlsGetValue(i), NULL, 0); }
    CASE("ipc/TL-004", "aa908728") {
        i = TlsAlloc();
        HOLDS(TlsSetValue(i, (void *)5));
        IS(OTHER(TlsGetValue, i), 0);
        IS(TlsGetValue(i), 5);
    }
    CASE("ipc/TL-007", "aa908728") HOLDS(TlsSetValue(63, (void *)5));
    CASE("ipc/TL-008", "inference") IS(TlsSetValue(64, (void *)5), FALSE);
    CASE("ipc/TL-009", "inference") {
        i = TlsAlloc();
        TlsSetValue(i, (void *)5);
        HOLDS(TlsFree(i));
        IS(TlsAlloc(), i);
        IS(TlsGetValue(i), NULL);
    }
    CASE("ipc/TL-010", "aa908741") {
        i = TlsAlloc();
        TlsSetValue(i, (void *)5);
        p2 = child();
        IS(REMOTE(p2, TlsCall, 0, 0), i);
        IS(REMOTE(p2, TlsGetValue, i), 0);
    }
    CASE("ipc/TL-012", "ee488422") {
        void *self;
        HOLDS((self = ConvertThreadToFiber((void *)5)) != NULL);
        SwitchToFiber(self);
        IS(GetCurrentFiber(), self);
        IS(GetFiberData(), 5);
    }
    CASE("ipc/TL-013", "aa450541") {
        slot = TlsAlloc();
        TlsSetValue(slot, (void *)5);
        back = ConvertThreadToFiber(NULL);
        SwitchToFiber(CreateFiber(0, read_slot, NULL));
        IS(value, 5);
        IS(TlsGetValue(slot), 6);
    }
    CASE("ipc/TL-014", "aa450541") IS(start(end_in_a_fiber, (void *)43, 0, 0), 43);
    CASE("ipc/TL-015", "ee482776") HOLDS(start(become_fiber, NULL, 0x100000, STACK_SIZE_PARAM_IS_A_RESERVATION) != 0);
    CASE("ipc/TL-011", "kfuncs.h") { i = TlsCall(0, 0); HOLDS(TlsCall(1, i)); IS(TlsCall(1, i), 0); }
}

/* conform.h - what the conformance cases in C share: checks, threads that make
 * one call, a second process that makes calls, and the rest of the API.
 *
 * A file holds the cases of a family, each as short as its assertion:
 *
 *     CASE("sync/EV-009", "ee488785") {
 *         h = auto_event();
 *         ...
 *         IS(poll(h), TMO);
 *     }
 *
 * The command line says which one runs; without one all are listed.  A case
 * that holds leaves with 0.  One that does not says what was seen and leaves
 * with the number of the check; one without a check leaves with 201.
 */
#ifndef CONFORM_H
#define CONFORM_H
#include "ce.h"

/* ---- cases and checks ---------------------------------------------------- */
void cases(void);                           /* a family's */
BOOL is_wanted(const WCHAR *id, const WCHAR *page);
#define CASE(id, page) if (is_wanted(L"" id, L"" page))
/* The same under another answer to an open question; the runner sets it. */
#define CASE_UNDER(id, page, rule) CASE(id, page)

#define POISON 0x2000deadUL                 /* the last error before each call that is looked at */
#define KEPT   POISON
#define ANY    0xfffffffeUL
void check(const char *file, int line, const char *what, DWORD seen, DWORD wanted, DWORD error, DWORD wanted_error);
DWORD noted(DWORD value);                   /* its argument's last error goes to `error` */
DWORD poisoned(void);
extern DWORD error;                         /* the last error after the latest call of IS and others */
#define WORD_OF(x) ((DWORD)(SIZE_T)(x))
#define CHECKED(expr, want, code)                                              \
    do { DWORD seen_; poisoned(); seen_ = WORD_OF(expr); error = GetLastError(); \
         check(__FILE__, __LINE__, #expr, seen_, WORD_OF(want), error, (code)); } while (0)
#define IS(expr, want)          CHECKED(expr, want, ANY)     /* the value */
#define KEEPS(expr, want)       CHECKED(expr, want, KEPT)    /* the value, and the last error left alone */
#define GIVES(expr, want, code) CHECKED(expr, want, code)    /* the value and the last error */
#define HOLDS(cond)             CHECKED((cond) != 0, 1, ANY)

#define OBJ0 WAIT_OBJECT_0
#define TMO  WAIT_TIMEOUT
#define FAIL WAIT_FAILED

/* ---- calls made elsewhere ------------------------------------------------ */
typedef DWORD (*CALL)(DWORD, DWORD, DWORD, DWORD, DWORD, DWORD, DWORD, DWORD, DWORD, DWORD);
#define BLOCKED 0xb10cedUL                  /* result of a task whose call has not come back */

/* A thread that makes one call. */
struct task {
    HANDLE thread;
    DWORD id;
    CALL f;
    DWORD a[10];
    BOOL stays;                             /* it does not end when the call has come back */
    volatile DWORD result, error;
};
struct task *begin(int priority, BOOL stays, CALL f, DWORD a0, DWORD a1, DWORD a2, DWORD a3, DWORD a4, DWORD a5);
DWORD other_(CALL f, DWORD a0, DWORD a1, DWORD a2, DWORD a3, DWORD a4, DWORD a5);
#define ARG6(f, a, b, c, d, e, g, ...) \
    (CALL)(SIZE_T)(f), WORD_OF(a), WORD_OF(b), WORD_OF(c), WORD_OF(d), WORD_OF(e), WORD_OF(g)
#define ARG10(f, a, b, c, d, e, g, h, i, j, k, ...) \
    ARG6(f, a, b, c, d, e, g), WORD_OF(h), WORD_OF(i), WORD_OF(j), WORD_OF(k)
/* A thread at a priority that makes a call and ends. */
#define THREAD(priority, ...) begin(priority, FALSE, ARG6(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0))
/* One that keeps what it has. */
#define STAYER(priority, ...) begin(priority, TRUE, ARG6(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0))
/* What a call returns in another thread, which has ended; its last error is in other_error. */
#define OTHER(...) other_(ARG6(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0))
extern DWORD other_error;

/* A second process.  It is this executable again, so a function or a string has the same address there. */
struct child {
    PROCESS_INFORMATION pi;
    struct { volatile CALL f; volatile DWORD a[10], result, error; } *call;     /* in memory of both */
    HANDLE go, done;
    DWORD error;
};
struct child *child(void);
void remote_begin_(struct child *c, CALL f, DWORD a0, DWORD a1, DWORD a2, DWORD a3, DWORD a4, DWORD a5,
                   DWORD a6, DWORD a7, DWORD a8, DWORD a9);
DWORD remote_end(struct child *c);
DWORD remote_(struct child *c, CALL f, DWORD a0, DWORD a1, DWORD a2, DWORD a3, DWORD a4, DWORD a5,
              DWORD a6, DWORD a7, DWORD a8, DWORD a9);
/* What a call returns in the child; its last error is in c->error. */
#define REMOTE(c, ...) remote_(c, ARG10(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
/* A call in the child that is not waited for; remote_end returns its result. */
#define REMOTE_BEGIN(c, ...) remote_begin_(c, ARG10(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
/* Memory of 8192 bytes that every process sees at one address. */
void *shared(void);

/* ---- what cases do over and over ----------------------------------------- */
HANDLE auto_event(void);
HANDLE manual_event(void);
HANDLE named_event(const WCHAR *name);      /* auto-reset */
HANDLE free_mutex(void);
HANDLE semaphore(LONG count, LONG maximum);
HANDLE closed_handle(void);
DWORD poll(HANDLE h);                       /* WaitForSingleObject(h, 0) */
DWORD wait(HANDLE h);                       /* WaitForSingleObject(h, INFINITE) */
DWORD wait_any(DWORD n, const HANDLE *h, DWORD ms);
struct task *waiter(int priority, HANDLE h);  /* blocked on it, and stays afterwards */
void settle(void);                          /* until everybody else is blocked or has ended */
void run_at(int priority);
void spin(DWORD ms);                        /* uses the processor for so long */
void self_path(WCHAR *path);
WCHAR *fill(WCHAR *name, DWORD length);     /* a name of that many letters */
DWORD thread_id(void);                      /* GetCurrentThreadId and GetCurrentProcessId as the headers have them */
DWORD process_id(void);

/* ---- more of COREDLL ------------------------------------------------------ */
typedef struct { HANDLE hwnd; UINT message; DWORD wParam, lParam, time; LONG x, y; } MSG;
typedef struct { DWORD low, high; } FILETIME;
#define CREATE_SAME 2UL
#define DUPLICATE_CLOSE_SOURCE 1UL
#define STACK_SIZE_PARAM_IS_A_RESERVATION 0x10000UL
#define INHERIT_CALLER_PRIORITY 0x20000UL
#define QS_KEY 1UL
#define QS_ALLINPUT 0xffUL
#define MWMO_INPUTAVAILABLE 4UL
#define WM_APP 0x8000U
#define MSGQUEUE_NOPRECOMMIT 1UL
#define MSGQUEUE_ALLOW_BROKEN 2UL
#define MSGQUEUE_MSGALERT 1UL
#define WDOG_NO_DFLT_ACTION 0UL
#define WDOG_KILL_PROCESS 1UL
#define WDOG_RESET_DEVICE 2UL
#define FILE_MAP_ALL_ACCESS 0xf001fUL
BOOL   TryEnterCriticalSection(CRITICAL_SECTION *cs);
BOOL   IsNamedEventSignaled(const WCHAR *name, DWORD flags);
void   SleepTillTick(void);
DWORD  MsgWaitForMultipleObjectsEx(DWORD n, const HANDLE *h, DWORD ms, DWORD mask, DWORD flags);
BOOL   PostThreadMessageW(DWORD id, UINT message, DWORD wParam, DWORD lParam);
BOOL   GetMessageW(MSG *msg, HANDLE wnd, UINT first, UINT last);
BOOL   PeekMessageW(MSG *msg, HANDLE wnd, UINT first, UINT last, UINT remove);
BOOL   ReadMsgQueueEx(HANDLE q, void *buf, DWORD n, DWORD *got, DWORD ms, DWORD *flags, HANDLE *token);
HANDLE CreateWatchDogTimer(const WCHAR *name, DWORD period, DWORD wait, DWORD action, DWORD param, DWORD flags);
HANDLE OpenWatchDogTimer(const WCHAR *name, DWORD flags);
BOOL   StartWatchDogTimer(HANDLE h, DWORD flags);
BOOL   StopWatchDogTimer(HANDLE h, DWORD flags);
BOOL   RefreshWatchDogTimer(HANDLE h, DWORD flags);
BOOL   FlushViewOfFile(const void *p, DWORD n);
HANDLE OpenThread(DWORD access, BOOL inherit, DWORD id);
BOOL   GetThreadTimes(HANDLE h, FILETIME *creation, FILETIME *exit, FILETIME *kernel, FILETIME *user);
DWORD  GetThreadId(HANDLE h);
DWORD  GetProcessId(HANDLE h);
BOOL   CeSetThreadQuantum(HANDLE h, DWORD ms);
DWORD  CeGetThreadQuantum(HANDLE h);
BOOL   InterruptInitialize(DWORD id, HANDLE event, void *data, DWORD n);
void   InterruptDone(DWORD id);
DWORD  GetIdleTime(void);
BOOL   QueryPerformanceCounter(INT64 *count);
BOOL   QueryPerformanceFrequency(INT64 *frequency);
LONG   InterlockedIncrement(volatile LONG *p);
LONG   InterlockedDecrement(volatile LONG *p);
LONG   InterlockedExchange(volatile LONG *p, LONG v);
LONG   InterlockedExchangeAdd(volatile LONG *p, LONG n);
LONG   InterlockedCompareExchange(volatile LONG *p, LONG v, LONG comperand);
#if defined(__i386__)           /* a macro there; an export on ARM */
#define InterlockedTestExchange(p, old, new) InterlockedCompareExchange((p), (new), (old))
#else
LONG   InterlockedTestExchange(volatile LONG *p, LONG old, LONG new);
#endif

#endif

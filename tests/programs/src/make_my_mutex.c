/* make_my_mutex - the sample of the page "Interprocess Synchronization"
 * (aa909014, CE 5.0: aa450563): two processes create a mutex by the same name,
 * the first makes it, the second is told ERROR_ALREADY_EXISTS and gets a handle
 * to the same one.  Then what follows from that:
 *
 *  - a handle's value means something in one process only, and a second create
 *    gives a second value (Windows CE 6.0 and later);
 *  - bInitialOwner counts only for the one who makes it;
 *  - names are compared with case, the empty name is a name like any other, and
 *    each kind of object has names of its own;
 *  - what was taken N times must be released N times, by its owner, or else
 *    ReleaseMutex fails with ERROR_NOT_OWNER;
 *  - an owner that ends lets go at once, whatever the count; the next one is
 *    told WAIT_OBJECT_0 and owns it once;
 *  - the name goes with the last handle.
 *
 * The program starts itself as "h<handle>" (the second process of the sample),
 * "o" (ends while it owns the mutex), "k" (keeps the last handle for a while). */
#include "ce.h"

static const WCHAR name[] = L"MyMutex";

/* The page's function: makes or opens the mutex, and says whether it was there. */
static HANDLE MakeMyMutex(BOOL owner, const WCHAR *by, BOOL *existed)
{
    HANDLE h;
    SetLastError(0xdead);                         /* a new object must clear this */
    h = CreateMutexW(NULL, owner, by);
    *existed = GetLastError() == ERROR_ALREADY_EXISTS;
    return h;
}

static DWORD last;                                /* the last error after a refused release */

static BOOL refused(HANDLE m)
{
    SetLastError(0);
    if (ReleaseMutex(m))
        return FALSE;
    last = GetLastError();
    return last == ERROR_NOT_OWNER;
}

static BOOL no_handle(HANDLE h)
{
    SetLastError(0);
    return WaitForSingleObject(h, 0) == WAIT_FAILED && GetLastError() == ERROR_INVALID_HANDLE;
}

static BOOL hear(HANDLE event) { return WaitForSingleObject(event, 10000) == WAIT_OBJECT_0; }

/* Wakes the other process and waits until it has done its part. */
static BOOL tell(HANDLE event, HANDLE answer) { return SetEvent(event) && hear(answer); }

static int second(HANDLE foreign, HANDLE up, HANDLE down)
{
    HANDLE m, e, empty, lower;
    BOOL existed;

    CHECK(51, no_handle(foreign));                /* the first one's handle is nothing here */
    SetLastError(0);
    CHECK(52, !CloseHandle(foreign));
    CHECK(53, GetLastError() == ERROR_INVALID_HANDLE);
    m = MakeMyMutex(TRUE, name, &existed);        /* TRUE has no effect: it exists */
    CHECK(54, m != NULL);
    CHECK(55, existed);
    CHECK(56, refused(m));
    CHECK(57, WaitForSingleObject(m, 0) == WAIT_TIMEOUT);
    lower = MakeMyMutex(FALSE, L"mymutex", &existed);
    CHECK(58, lower != NULL);
    CHECK(59, !existed);                          /* another case, another mutex */
    CHECK(60, WaitForSingleObject(lower, 0) == WAIT_OBJECT_0);
    CHECK(61, ReleaseMutex(lower));
    empty = MakeMyMutex(FALSE, L"", &existed);
    CHECK(62, empty != NULL);
    CHECK(63, existed);                           /* the first one made it */
    CHECK(64, WaitForSingleObject(empty, 0) == WAIT_TIMEOUT);
    SetLastError(0xdead);
    e = CreateEventW(NULL, TRUE, TRUE, name);     /* an event of the same name is another object */
    CHECK(65, e != NULL);
    CHECK(66, GetLastError() == ERROR_SUCCESS);
    CHECK(67, WaitForSingleObject(e, 0) == WAIT_OBJECT_0);
    CHECK(68, tell(up, down));                    /* it releases two of three */
    CHECK(69, WaitForSingleObject(m, 0) == WAIT_TIMEOUT);
    CHECK(70, tell(up, down));                    /* and the third */
    CHECK(71, WaitForSingleObject(m, 0) == WAIT_OBJECT_0);
    CHECK(72, WaitForSingleObject(m, 0) == WAIT_OBJECT_0);
    CHECK(73, tell(up, down));                    /* it finds it taken */
    CHECK(74, ReleaseMutex(m));
    CHECK(75, ReleaseMutex(m));
    CHECK(76, refused(m));
    CHECK(77, CloseHandle(m));
    CHECK(78, no_handle(m));
    CHECK(79, CloseHandle(e) && CloseHandle(empty) && CloseHandle(lower));
    return 0;
}

static int owner_that_ends(HANDLE up)
{
    BOOL existed;
    int i;
    HANDLE m = MakeMyMutex(FALSE, name, &existed);
    CHECK(81, m != NULL && existed);
    for (i = 0; i < 3; i++)
        CHECK(82, WaitForSingleObject(m, 0) == WAIT_OBJECT_0);
    CHECK(83, SetEvent(up));
    Sleep(20);                                    /* the first process waits by now */
    return 0;                                     /* owned three times, never released */
}

static int keeper(HANDLE up, HANDLE down)
{
    BOOL existed;
    HANDLE m = MakeMyMutex(FALSE, name, &existed);
    CHECK(86, m != NULL && existed);
    CHECK(87, tell(up, down));
    return 0;                                     /* with the last handle goes the name */
}

static DWORD thread_that_ends(void *m)
{
    return WaitForSingleObject(m, 1000);          /* owned, never released */
}

static HANDLE start(const WCHAR *cmd)
{
    PROCESS_INFORMATION pi;
    WCHAR self[260];
    if (!GetModuleFileNameW(NULL, self, 260)
        || !CreateProcessW(self, cmd, NULL, NULL, FALSE, 0, NULL, NULL, NULL, &pi)
        || !CloseHandle(pi.hThread))
        return NULL;
    return pi.hProcess;
}

/* Waits for a child's end: its exit code, the number of its failed check. */
static DWORD end_of(HANDLE process)
{
    DWORD code = 99;
    if (WaitForSingleObject(process, 10000) != WAIT_OBJECT_0 || !GetExitCodeProcess(process, &code))
        return 99;
    return CloseHandle(process) ? code : 99;
}

static int sample(HANDLE up, HANDLE down)
{
    HANDLE m, again, far[20], empty, child;
    BOOL existed;
    WCHAR cmd[32];
    int i;

    m = MakeMyMutex(FALSE, name, &existed);
    CHECK(3, m != NULL);
    CHECK(4, !existed);
    CHECK(5, GetLastError() == ERROR_SUCCESS);
    CHECK(6, refused(m));                         /* free: nobody may release it */
    again = MakeMyMutex(TRUE, name, &existed);
    CHECK(7, again != NULL);
    CHECK(8, existed);
    CHECK(9, again != m);
    CHECK(10, refused(again));                    /* TRUE has no effect */
    CHECK(11, WaitForSingleObject(m, 0) == WAIT_OBJECT_0);
    CHECK(12, WaitForSingleObject(again, 0) == WAIT_OBJECT_0);  /* one mutex, two handles */
    CHECK(13, WaitForSingleObject(m, INFINITE) == WAIT_OBJECT_0);
    empty = MakeMyMutex(TRUE, L"", &existed);     /* here TRUE has an effect */
    CHECK(14, empty != NULL && !existed);
    /* The value of the last of these is far from any that a new process has. */
    for (i = 0; i < 20; i++)
        CHECK(15, (far[i] = MakeMyMutex(FALSE, name, &existed)) != NULL);
    wsprintfW(cmd, L"h%u", (UINT)(SIZE_T)far[19]);
    CHECK(16, (child = start(cmd)) != NULL);
    CHECK(17, hear(up));
    CHECK(18, ReleaseMutex(again));
    CHECK(19, ReleaseMutex(m));
    CHECK(20, tell(down, up));
    CHECK(21, ReleaseMutex(m));
    CHECK(22, refused(m));
    CHECK(23, tell(down, up));
    CHECK(24, WaitForSingleObject(m, 0) == WAIT_TIMEOUT);
    CHECK(25, refused(m));                        /* the other one owns it */
    CHECK(26, SetEvent(down));
    CHECK(27, end_of(child) == 0);
    CHECK(28, ReleaseMutex(empty));
    CHECK(29, CloseHandle(empty));
    for (i = 0; i < 20; i++)
        CHECK(30, CloseHandle(far[i]));
    CHECK(31, CloseHandle(again));
    CHECK(32, CloseHandle(m));
    NKDbgPrintfW(L"make_my_mutex: one mutex, two processes\r\n");
    return 0;
}

static int ends(HANDLE up, HANDLE down)
{
    HANDLE m, child, thread;
    BOOL existed;

    m = MakeMyMutex(FALSE, name, &existed);
    CHECK(33, m != NULL && !existed);             /* all handles were closed */
    CHECK(34, (child = start(L"o")) != NULL);
    CHECK(35, hear(up));
    CHECK(36, WaitForSingleObject(m, 0) == WAIT_TIMEOUT);
    CHECK(37, WaitForSingleObject(m, 10000) == WAIT_OBJECT_0);
    CHECK(38, ReleaseMutex(m));                   /* owned once, not three times */
    CHECK(39, refused(m));
    CHECK(40, end_of(child) == 0);
    thread = CreateThread(NULL, 0, thread_that_ends, m, 0, NULL);
    CHECK(41, thread != NULL && WaitForSingleObject(thread, 10000) == WAIT_OBJECT_0);
    CHECK(42, WaitForSingleObject(m, 0) == WAIT_OBJECT_0);
    CHECK(43, ReleaseMutex(m) && refused(m));
    CHECK(44, CloseHandle(thread));
    CHECK(45, (child = start(L"k")) != NULL);
    CHECK(46, hear(up));
    CHECK(47, CloseHandle(m));
    m = MakeMyMutex(FALSE, name, &existed);
    CHECK(48, m != NULL && existed);              /* the keeper has a handle */
    CHECK(49, CloseHandle(m) && SetEvent(down) && end_of(child) == 0);
    m = MakeMyMutex(TRUE, name, &existed);
    CHECK(50, m != NULL && !existed && ReleaseMutex(m) && CloseHandle(m));
    NKDbgPrintfW(L"make_my_mutex: ok\r\n");
    return 0;
}

int GuestMain(HINSTANCE inst, const WCHAR *cmdline)
{
    HANDLE up, down;
    DWORD value = 0;
    const WCHAR *p;
    int code;

    (void)inst;
    CHECK(1, (up = CreateEventW(NULL, FALSE, FALSE, L"make_my_mutex up")) != NULL);
    CHECK(2, (down = CreateEventW(NULL, FALSE, FALSE, L"make_my_mutex down")) != NULL);
    switch (cmdline ? cmdline[0] : 0) {
    case 'h':
        for (p = cmdline + 1; *p; p++)
            value = value * 10 + (*p - '0');
        return second((HANDLE)(SIZE_T)value, up, down);
    case 'o':
        return owner_that_ends(up);
    case 'k':
        return keeper(up, down);
    }
    code = sample(up, down);
    return code ? code : ends(up, down);
}

/* bad_arguments - NULL, unmapped and misaligned pointers, huge counts and handles
 * that are none, for every kernel function of def/coredll.def.  The failure
 * value and the last error must be the documented ones; where the pages leave
 * the code open, ERROR_INVALID_HANDLE and ERROR_INVALID_PARAMETER are expected as
 * other programs expect them.  Where even that is open, a call only must come
 * back.  Nothing may be done by a call that fails.
 *
 * Left out: functions that work on the program's own memory and fault there on
 * real devices too (critical sections, wsprintfW, printf).  One check number for
 * each function; the line says which call it was. */
#include "ce.h"

void  *LocalAllocInProcess(UINT flags, UINT n, HANDLE process);
void  *LocalFreeInProcess(void *p, HANDLE process);
UINT   LocalSizeInProcess(void *p, HANDLE process);
BOOL   SetCurrentUser(const WCHAR *name, const void *data, DWORD n, BOOL create);
BOOL   KernelLibIoControl(HANDLE library, DWORD code, void *in, DWORD nin, void *out, DWORD nout, DWORD *got);
HMODULE LoadKernelLibrary(const WCHAR *name);

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static HANDLE event, mutex, semaphore, mapping, reader, writer, process, thread;
static int where;                                 /* line of the call that went wrong */

/* Handles that are none: NULL, small and large numbers, INVALID_HANDLE_VALUE, and
 * one that was closed (filled in at the start). */
static HANDLE none[9] = {
    NULL, (HANDLE)1, (HANDLE)3, (HANDLE)0x12345678, (HANDLE)0x5A5A5A5A, (HANDLE)0x7FFFFFFC,
    (HANDLE)0x80000000, INVALID_HANDLE_VALUE,
};

/* Addresses where nothing is: the first page, in the middle, in the kernel's half,
 * and at the end, where a pointer that moves on wraps round. */
static void *const nowhere[] = {
    (void *)4, (void *)0x5A5A5A58, (void *)0x5A5A5A59, (void *)0x7FFEFFFC, (void *)0xC0000000, (void *)0xFFFFFFFC,
    (void *)0xFFFFFFFF,
};

static WCHAR long_name[400];

static BOOL is(DWORD error, int line)
{
    if (GetLastError() == error)
        return TRUE;
    where = line;
    return FALSE;
}

/* The call gives this value, and this last error. */
#define FAILS(n, call, value, error) do { SetLastError(0xBAD); where = __LINE__;               \
        if ((DWORD)(SIZE_T)(call) != (DWORD)(SIZE_T)(value) || !is(error, __LINE__)) {          \
            NKDbgPrintfW(L"FAIL check %d line %d error %u\r\n", (int)(n), where,               \
                         (UINT)GetLastError());                                                 \
            return (n); } } while (0)

/* The call fails for each handle that is none. */
#define NO_HANDLE(n, call, value) do { SIZE_T i_; for (i_ = 0; i_ < COUNT(none); i_++) {       \
        HANDLE h = none[i_]; FAILS(n, call, value, ERROR_INVALID_HANDLE); } } while (0)

/* The call fails for each address where nothing is. */
#define NOWHERE(n, call, value) do { SIZE_T i_; for (i_ = 0; i_ < COUNT(nowhere); i_++) {      \
        void *p = nowhere[i_]; FAILS(n, call, value, ERROR_INVALID_PARAMETER); } } while (0)

static int events(void)
{
    HANDLE h;

    NO_HANDLE(1, EventModify(h, EVENT_SET), FALSE);
    FAILS(1, EventModify(mutex, EVENT_SET), FALSE, ERROR_INVALID_HANDLE);
    FAILS(1, EventModify(CURRENT_PROCESS, EVENT_SET), FALSE, ERROR_INVALID_HANDLE);
    FAILS(1, EventModify(event, 0), FALSE, ERROR_INVALID_PARAMETER);
    FAILS(1, EventModify(event, 4), FALSE, ERROR_INVALID_PARAMETER);
    FAILS(1, EventModify(event, 0xffffffff), FALSE, ERROR_INVALID_PARAMETER);
    FAILS(1, WaitForSingleObject(event, 0), WAIT_TIMEOUT, 0xBAD);     /* still not set */
    NOWHERE(2, CreateEventW(NULL, FALSE, FALSE, p), NULL);
    FAILS(2, CreateEventW(NULL, FALSE, FALSE, long_name), NULL, ERROR_INVALID_PARAMETER);
    h = CreateEventW((void *)0x5A5A5A58, 7, FALSE, long_name + 140);  /* 259 characters; attributes are ignored */
    CHECK(2, h != NULL && CloseHandle(h));
    NOWHERE(3, OpenEventW(EVENT_ALL_ACCESS, FALSE, p), NULL);
    FAILS(3, OpenEventW(EVENT_ALL_ACCESS, FALSE, NULL), NULL, ERROR_INVALID_PARAMETER);
    FAILS(3, OpenEventW(EVENT_ALL_ACCESS, TRUE, L"none"), NULL, ERROR_INVALID_PARAMETER);
    FAILS(3, OpenEventW(EVENT_ALL_ACCESS, FALSE, L"none"), NULL, ERROR_FILE_NOT_FOUND);
    NO_HANDLE(4, SetEventData(h, 1), FALSE);
    FAILS(4, SetEventData(semaphore, 1), FALSE, ERROR_INVALID_HANDLE);
    NO_HANDLE(5, GetEventData(h), 0);
    FAILS(5, GetEventData(mapping), 0, ERROR_INVALID_HANDLE);
    return 0;
}

static int mutexes_and_semaphores(void)
{
    LONG before = 77;

    NOWHERE(6, CreateMutexW(NULL, TRUE, p), NULL);
    FAILS(6, CreateMutexW(NULL, TRUE, long_name), NULL, ERROR_INVALID_PARAMETER);
    NO_HANDLE(7, ReleaseMutex(h), FALSE);
    FAILS(7, ReleaseMutex(event), FALSE, ERROR_INVALID_HANDLE);
    FAILS(7, ReleaseMutex(CURRENT_THREAD), FALSE, ERROR_INVALID_HANDLE);
    FAILS(7, ReleaseMutex(mutex), FALSE, ERROR_NOT_OWNER);
    NOWHERE(8, CreateSemaphoreW(NULL, 0, 1, p), NULL);
    FAILS(8, CreateSemaphoreW(NULL, 0, 1, long_name), NULL, ERROR_INVALID_PARAMETER);
    FAILS(8, CreateSemaphoreW(NULL, -1, 1, NULL), NULL, ERROR_INVALID_PARAMETER);
    FAILS(8, CreateSemaphoreW(NULL, 0, 0, NULL), NULL, ERROR_INVALID_PARAMETER);
    FAILS(8, CreateSemaphoreW(NULL, 0, -1, NULL), NULL, ERROR_INVALID_PARAMETER);
    FAILS(8, CreateSemaphoreW(NULL, 2, 1, NULL), NULL, ERROR_INVALID_PARAMETER);
    FAILS(8, CreateSemaphoreW(NULL, 0, (LONG)0x80000000, NULL), NULL, ERROR_INVALID_PARAMETER);
    NO_HANDLE(9, ReleaseSemaphore(h, 1, NULL), FALSE);
    FAILS(9, ReleaseSemaphore(mutex, 1, NULL), FALSE, ERROR_INVALID_HANDLE);
    FAILS(9, ReleaseSemaphore(semaphore, 0, NULL), FALSE, ERROR_INVALID_PARAMETER);
    FAILS(9, ReleaseSemaphore(semaphore, -1, NULL), FALSE, ERROR_INVALID_PARAMETER);
    FAILS(9, ReleaseSemaphore(semaphore, 3, &before), FALSE, ERROR_TOO_MANY_POSTS);
    FAILS(9, ReleaseSemaphore(semaphore, 0x7fffffff, &before), FALSE, ERROR_TOO_MANY_POSTS);
    CHECK(9, before == 77);                       /* not written by a call that fails */
    NOWHERE(9, ReleaseSemaphore(semaphore, 1, p), FALSE);
    CHECK(9, ReleaseSemaphore(semaphore, 1, &before));
    CHECK(9, before == 0);                        /* none of those gave a unit */
    CHECK(9, WaitForSingleObject(semaphore, 0) == WAIT_OBJECT_0);
    return 0;
}

static int waits(void)
{
    HANDLE set[65];
    SIZE_T i;
    DWORD r;

    for (i = 0; i < COUNT(set); i++)
        set[i] = event;
    NO_HANDLE(10, WaitForSingleObject(h, 0), WAIT_FAILED);
    NO_HANDLE(10, WaitForSingleObject(h, INFINITE), WAIT_FAILED);
    FAILS(10, WaitForSingleObject(mapping, 0), WAIT_FAILED, ERROR_INVALID_HANDLE);
    CHECK(11, SetEvent(event));
    FAILS(11, WaitForMultipleObjects(0, set, FALSE, 0), WAIT_FAILED, ERROR_INVALID_PARAMETER);
    FAILS(11, WaitForMultipleObjects(65, set, FALSE, 0), WAIT_FAILED, ERROR_INVALID_PARAMETER);
    FAILS(11, WaitForMultipleObjects(0x40000001, set, FALSE, 0), WAIT_FAILED, ERROR_INVALID_PARAMETER);
    FAILS(11, WaitForMultipleObjects(0xffffffff, set, FALSE, 0), WAIT_FAILED, ERROR_INVALID_PARAMETER);
    FAILS(11, WaitForMultipleObjects(2, set, TRUE, 0), WAIT_FAILED, ERROR_INVALID_PARAMETER);
    FAILS(11, WaitForMultipleObjects(1, NULL, FALSE, 0), WAIT_FAILED, ERROR_INVALID_PARAMETER);
    NOWHERE(11, WaitForMultipleObjects(1, p, FALSE, 0), WAIT_FAILED);
    NOWHERE(11, WaitForMultipleObjects(64, p, FALSE, INFINITE), WAIT_FAILED);
    for (i = 0; i < COUNT(none); i++) {
        set[63] = none[i];
        FAILS(11, WaitForMultipleObjects(64, set, FALSE, 0), WAIT_FAILED, ERROR_INVALID_HANDLE);
    }
    set[63] = mapping;
    FAILS(11, WaitForMultipleObjects(64, set, FALSE, 0), WAIT_FAILED, ERROR_INVALID_HANDLE);
    CHECK(11, WaitForSingleObject(event, 0) == WAIT_OBJECT_0);        /* none of those took it */
    r = WaitForMultipleObjects(1, (HANDLE *)((BYTE *)set + 1), FALSE, 0);   /* must only come back */
    CHECK(11, r == WAIT_FAILED || r == WAIT_TIMEOUT || r == WAIT_OBJECT_0);
    NO_HANDLE(12, CloseHandle(h), FALSE);
    return 0;
}

static int queues(void)
{
    MSGQUEUEOPTIONS o = { sizeof o, 0, 4, 16, TRUE };
    MSGQUEUEINFO info = { sizeof info, 0, 0, 0, 0, 0, 0, 0 };
    BYTE buf[32] = { 0 };
    DWORD got, flags;

    FAILS(13, CreateMsgQueue(NULL, NULL), NULL, ERROR_INVALID_PARAMETER);
    NOWHERE(13, CreateMsgQueue(NULL, p), NULL);
    NOWHERE(13, CreateMsgQueue(p, &o), NULL);
    FAILS(13, CreateMsgQueue(long_name, &o), NULL, ERROR_INVALID_PARAMETER);
    o.dwSize = 0;
    FAILS(13, CreateMsgQueue(NULL, &o), NULL, ERROR_INVALID_PARAMETER);
    o.dwSize = sizeof o - 1;
    FAILS(13, CreateMsgQueue(NULL, &o), NULL, ERROR_INVALID_PARAMETER);
    o.dwSize = sizeof o;
    o.dwFlags = 4;
    FAILS(13, CreateMsgQueue(NULL, &o), NULL, ERROR_INVALID_PARAMETER);
    o.dwFlags = 0;
    o.cbMaxMessage = 0;
    FAILS(13, CreateMsgQueue(NULL, &o), NULL, ERROR_INVALID_PARAMETER);
    o.dwMaxMessages = o.cbMaxMessage = 0x7fffffff;
    CHECK(13, CreateMsgQueue(NULL, &o) == NULL);  /* no memory has room for that */
    o.dwMaxMessages = 4;
    o.cbMaxMessage = 16;
    NO_HANDLE(14, OpenMsgQueue(h, reader, &o), NULL);
    NO_HANDLE(14, OpenMsgQueue(CURRENT_PROCESS, h, &o), NULL);
    FAILS(14, OpenMsgQueue(CURRENT_PROCESS, event, &o), NULL, ERROR_INVALID_HANDLE);
    FAILS(14, OpenMsgQueue(CURRENT_PROCESS, reader, NULL), NULL, ERROR_INVALID_PARAMETER);
    NOWHERE(14, OpenMsgQueue(CURRENT_PROCESS, reader, p), NULL);
    NO_HANDLE(15, WriteMsgQueue(h, buf, 4, 0, 0), FALSE);
    FAILS(15, WriteMsgQueue(reader, buf, 4, 0, 0), FALSE, ERROR_INVALID_HANDLE);
    FAILS(15, WriteMsgQueue(writer, NULL, 4, 0, 0), FALSE, ERROR_INVALID_PARAMETER);
    FAILS(15, WriteMsgQueue(writer, buf, 0, 0, 0), FALSE, ERROR_INVALID_PARAMETER);
    FAILS(15, WriteMsgQueue(writer, buf, 17, 0, 0), FALSE, ERROR_INSUFFICIENT_BUFFER);
    FAILS(15, WriteMsgQueue(writer, buf, 0xffffffff, 0, 0), FALSE, ERROR_INSUFFICIENT_BUFFER);
    NOWHERE(15, WriteMsgQueue(writer, p, 8, 0, 0), FALSE);
    NO_HANDLE(16, ReadMsgQueue(h, buf, 16, &got, 0, &flags), FALSE);
    FAILS(16, ReadMsgQueue(writer, buf, 16, &got, 0, &flags), FALSE, ERROR_INVALID_HANDLE);
    FAILS(16, ReadMsgQueue(reader, NULL, 16, &got, 0, &flags), FALSE, ERROR_INVALID_PARAMETER);
    FAILS(16, ReadMsgQueue(reader, buf, 0, &got, 0, &flags), FALSE, ERROR_INVALID_PARAMETER);
    FAILS(16, ReadMsgQueue(reader, buf, 16, NULL, 0, &flags), FALSE, ERROR_INVALID_PARAMETER);
    FAILS(16, ReadMsgQueue(reader, buf, 16, &got, 0, &flags), FALSE, ERROR_TIMEOUT);
    CHECK(16, WriteMsgQueue(writer, buf, 4, 0, 0));
    NOWHERE(16, ReadMsgQueue(reader, p, 16, &got, 0, &flags), FALSE);
    NOWHERE(16, ReadMsgQueue(reader, buf, 16, p, 0, &flags), FALSE);
    NOWHERE(16, ReadMsgQueue(reader, buf, 16, &got, 0, p), FALSE);
    CHECK(16, ReadMsgQueue(reader, buf, 16, &got, 0, &flags) && got == 4);  /* none of those took it */
    NO_HANDLE(17, GetMsgQueueInfo(h, &info), FALSE);
    FAILS(17, GetMsgQueueInfo(event, &info), FALSE, ERROR_INVALID_HANDLE);
    FAILS(17, GetMsgQueueInfo(reader, NULL), FALSE, ERROR_INVALID_PARAMETER);
    NOWHERE(17, GetMsgQueueInfo(reader, p), FALSE);
    info.dwSize = sizeof info - 1;
    CHECK(17, !GetMsgQueueInfo(reader, &info));
    NO_HANDLE(18, CloseMsgQueue(h), FALSE);
    return 0;
}

static int mappings(void)
{
    DWORD on_the_stack = 0;
    BYTE *view;

    NOWHERE(19, CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, p), NULL);
    FAILS(19, CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, long_name), NULL,
          ERROR_INVALID_PARAMETER);
    FAILS(19, CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 0, NULL), NULL,
          ERROR_INVALID_PARAMETER);
    FAILS(19, CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, 0, 0, 4096, NULL), NULL, ERROR_INVALID_PARAMETER);
    FAILS(19, CreateFileMappingW((HANDLE)0x12345678, NULL, PAGE_READWRITE, 0, 4096, NULL), NULL,
          ERROR_INVALID_HANDLE);
    CHECK(19, CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0xffffffff, 0, NULL) == NULL);
    NO_HANDLE(20, MapViewOfFile(h, FILE_MAP_WRITE, 0, 0, 0), NULL);
    FAILS(20, MapViewOfFile(event, FILE_MAP_WRITE, 0, 0, 0), NULL, ERROR_INVALID_HANDLE);
    FAILS(20, MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 100, 0), NULL, ERROR_INVALID_PARAMETER);
    CHECK(20, MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0x10000, 0) == NULL);
    CHECK(20, MapViewOfFile(mapping, FILE_MAP_WRITE, 0xffffffff, 0, 0) == NULL);
    CHECK(20, MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 0x7fffffff) == NULL);
    view = MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 0);
    CHECK(20, view != NULL);
    NOWHERE(21, UnmapViewOfFile(p), FALSE);
    FAILS(21, UnmapViewOfFile(NULL), FALSE, ERROR_INVALID_PARAMETER);
    FAILS(21, UnmapViewOfFile(&on_the_stack), FALSE, ERROR_INVALID_PARAMETER);
    FAILS(21, UnmapViewOfFile(view + 4), FALSE, ERROR_INVALID_PARAMETER);
    CHECK(21, UnmapViewOfFile(view));
    FAILS(21, UnmapViewOfFile(view), FALSE, ERROR_INVALID_PARAMETER);
    return 0;
}

static DWORD ends(void *code) { return (DWORD)(SIZE_T)code; }

static int threads(void)
{
    BYTE room[8] = { 0 };
    DWORD code = 77;
    BOOL r;

    FAILS(22, CreateThread(NULL, 0, NULL, NULL, 0, NULL), NULL, ERROR_INVALID_PARAMETER);
    NOWHERE(22, CreateThread(NULL, 0, ends, NULL, 0, p), NULL);
    NO_HANDLE(23, GetExitCodeThread(h, &code), FALSE);
    FAILS(23, GetExitCodeThread(event, &code), FALSE, ERROR_INVALID_HANDLE);
    FAILS(23, GetExitCodeThread(process, &code), FALSE, ERROR_INVALID_HANDLE);
    FAILS(23, GetExitCodeThread(thread, NULL), FALSE, ERROR_INVALID_PARAMETER);
    NOWHERE(23, GetExitCodeThread(thread, p), FALSE);
    CHECK(23, code == 77);                        /* not written by a call that fails */
    r = GetExitCodeThread(thread, (DWORD *)(room + 1));                /* must only come back */
    CHECK(23, !r || room[1] == 5);
    NO_HANDLE(24, TerminateThread(h, 1), FALSE);
    FAILS(24, TerminateThread(process, 1), FALSE, ERROR_INVALID_HANDLE);
    NO_HANDLE(25, SuspendThread(h), 0xffffffff);
    FAILS(25, SuspendThread(mutex), 0xffffffff, ERROR_INVALID_HANDLE);
    NO_HANDLE(26, ResumeThread(h), 0xffffffff);
    FAILS(26, ResumeThread(CURRENT_PROCESS), 0xffffffff, ERROR_INVALID_HANDLE);
    NO_HANDLE(27, SetThreadPriority(h, 3), FALSE);
    FAILS(27, SetThreadPriority(CURRENT_THREAD, 8), FALSE, ERROR_INVALID_PARAMETER);
    FAILS(27, SetThreadPriority(CURRENT_THREAD, -1), FALSE, ERROR_INVALID_PARAMETER);
    NO_HANDLE(28, GetThreadPriority(h), THREAD_PRIORITY_ERROR_RETURN);
    NO_HANDLE(29, CeSetThreadPriority(h, 251), FALSE);
    FAILS(29, CeSetThreadPriority(CURRENT_THREAD, 256), FALSE, ERROR_INVALID_PARAMETER);
    FAILS(29, CeSetThreadPriority(CURRENT_THREAD, -1), FALSE, ERROR_INVALID_PARAMETER);
    CHECK(29, CeGetThreadPriority(CURRENT_THREAD) == 251);             /* none of those changed it */
    NO_HANDLE(30, CeGetThreadPriority(h), THREAD_PRIORITY_ERROR_RETURN);
    FAILS(31, TlsGetValue(64), 0, ERROR_INVALID_PARAMETER);
    FAILS(31, TlsGetValue(0xffffffff), 0, ERROR_INVALID_PARAMETER);
    FAILS(32, TlsSetValue(64, room), FALSE, ERROR_INVALID_PARAMETER);
    FAILS(32, TlsSetValue(0x40000001, room), FALSE, ERROR_INVALID_PARAMETER);
    CHECK(33, !TlsCall(1, 64));
    CHECK(33, !TlsCall(1, 0xffffffff));
    return 0;
}

static int processes(const WCHAR *self)
{
    PROCESS_INFORMATION pi;
    DWORD code = 77;
    HANDLE copy;

    FAILS(34, CreateProcessW(NULL, L"x", NULL, NULL, FALSE, 0, NULL, NULL, NULL, &pi), FALSE,
          ERROR_INVALID_PARAMETER);
    FAILS(34, CreateProcessW(L"\\nosuch.exe", L"x", NULL, NULL, FALSE, 0, NULL, NULL, NULL, &pi), FALSE,
          ERROR_FILE_NOT_FOUND);
    NOWHERE(34, CreateProcessW(p, L"x", NULL, NULL, FALSE, 0, NULL, NULL, NULL, &pi), FALSE);
    NOWHERE(34, CreateProcessW(self, p, NULL, NULL, FALSE, 0, NULL, NULL, NULL, &pi), FALSE);
    NOWHERE(34, CreateProcessW(self, L"must not start", NULL, NULL, FALSE, 0, NULL, NULL, NULL, p), FALSE);
    NO_HANDLE(35, GetExitCodeProcess(h, &code), FALSE);
    FAILS(35, GetExitCodeProcess(thread, &code), FALSE, ERROR_INVALID_HANDLE);
    FAILS(35, GetExitCodeProcess(process, NULL), FALSE, ERROR_INVALID_PARAMETER);
    NOWHERE(35, GetExitCodeProcess(process, p), FALSE);
    CHECK(35, code == 77);
    NO_HANDLE(36, TerminateProcess(h, 1), FALSE);
    FAILS(36, TerminateProcess(thread, 1), FALSE, ERROR_INVALID_HANDLE);
    FAILS(36, TerminateProcess(CURRENT_THREAD, 1), FALSE, ERROR_INVALID_HANDLE);
    FAILS(37, OpenProcess(0, FALSE, 0), NULL, ERROR_INVALID_PARAMETER);
    FAILS(37, OpenProcess(0, FALSE, 0x12345677), NULL, ERROR_INVALID_PARAMETER);
    NO_HANDLE(38, DuplicateHandle(CURRENT_PROCESS, h, CURRENT_PROCESS, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS), FALSE);
    NO_HANDLE(38, DuplicateHandle(h, event, CURRENT_PROCESS, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS), FALSE);
    NO_HANDLE(38, DuplicateHandle(CURRENT_PROCESS, event, h, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS), FALSE);
    FAILS(38, DuplicateHandle(CURRENT_PROCESS, event, CURRENT_PROCESS, &copy, 0, FALSE, 0), FALSE,
          ERROR_INVALID_PARAMETER);
    FAILS(38, DuplicateHandle(CURRENT_PROCESS, event, CURRENT_PROCESS, NULL, 0, FALSE, DUPLICATE_SAME_ACCESS), FALSE,
          ERROR_INVALID_PARAMETER);
    NOWHERE(38, DuplicateHandle(CURRENT_PROCESS, event, CURRENT_PROCESS, p, 0, FALSE, DUPLICATE_SAME_ACCESS), FALSE);
    return 0;
}

static int the_rest(void)
{
    SIZE_T i;

    CHECK(39, GetModuleFileNameW(NULL, NULL, 260) == 0);
    CHECK(39, GetModuleFileNameW((HMODULE)0x12345678, long_name, 260) == 0);
    for (i = 0; i < COUNT(nowhere); i++) {        /* these only must come back */
        CHECK(39, GetModuleFileNameW(NULL, nowhere[i], 260) == 0);
        CHECK(40, GetModuleHandleW(nowhere[i]) == NULL);
        OutputDebugStringW(nowhere[i]);
    }
    CHECK(40, GetModuleHandleW(L"nosuch.dll") == NULL);
    OutputDebugStringW(NULL);
    CHECK(41, LocalAlloc(0, 0xffffffff) == NULL);
    CHECK(41, LocalAlloc(0, 0xfffffff0) == NULL);
    CHECK(41, LocalAlloc(0, 0x7fffffff) == NULL);
    CHECK(42, LocalFree(NULL) == NULL);
    NO_HANDLE(43, LocalAllocInProcess(0, 16, h), NULL);
    FAILS(43, LocalAllocInProcess(0, 16, thread), NULL, ERROR_INVALID_HANDLE);
    FAILS(43, LocalAllocInProcess(0, 0xffffffff, CURRENT_PROCESS), NULL, 8);
    NO_HANDLE(44, LocalFreeInProcess(event, h), event);
    NO_HANDLE(44, LocalFreeInProcess(NULL, h), NULL);
    NO_HANDLE(45, LocalSizeInProcess(event, h), 0);
    for (i = 0; i < COUNT(nowhere); i++) {
        FAILS(44, LocalFreeInProcess(nowhere[i], CURRENT_PROCESS), nowhere[i], ERROR_INVALID_HANDLE);
        FAILS(45, LocalSizeInProcess(nowhere[i], CURRENT_PROCESS), 0, ERROR_INVALID_HANDLE);
    }
    for (i = 0; i < COUNT(none); i++)
        if (none[i] != (HANDLE)1)                 /* which is the OAL's */
            FAILS(46, KernelLibIoControl(none[i], 0x101003C, NULL, 0, NULL, 0, NULL), FALSE, ERROR_INVALID_HANDLE);
    NOWHERE(47, SetCurrentUser(p, NULL, 0, TRUE), FALSE);
    NOWHERE(47, SetCurrentUser(NULL, p, 4, FALSE), FALSE);
    FAILS(47, SetCurrentUser(long_name, NULL, 0, TRUE), FALSE, ERROR_INVALID_PARAMETER);
    NOWHERE(48, LoadKernelLibrary(p), NULL);
    FAILS(48, LoadKernelLibrary(NULL), NULL, ERROR_INVALID_PARAMETER);
    FAILS(48, LoadKernelLibrary(long_name), NULL, 126);
    return 0;
}

static int set_up(void)
{
    MSGQUEUEOPTIONS o = { sizeof o, 0, 4, 16, TRUE };
    SIZE_T i;

    for (i = 0; i + 1 < COUNT(long_name); i++)
        long_name[i] = 'n';
    CHECK(50, (event = CreateEventW(NULL, FALSE, FALSE, NULL)) != NULL);
    none[8] = CreateEventW(NULL, FALSE, FALSE, NULL);
    CHECK(51, (mutex = CreateMutexW(NULL, FALSE, NULL)) != NULL);
    CHECK(52, (semaphore = CreateSemaphoreW(NULL, 0, 2, NULL)) != NULL);
    mapping = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, NULL);
    CHECK(53, mapping != NULL);
    CHECK(54, (reader = CreateMsgQueue(NULL, &o)) != NULL);
    o.bReadAccess = FALSE;
    CHECK(55, (writer = OpenMsgQueue(CURRENT_PROCESS, reader, &o)) != NULL);
    thread = CreateThread(NULL, 0, ends, (void *)5, 0, NULL);
    CHECK(56, thread != NULL && WaitForSingleObject(thread, 1000) == WAIT_OBJECT_0);
    CHECK(57, none[8] != NULL && CloseHandle(none[8]));                /* the last, so that none takes its place */
    return 0;
}

int GuestMain(HINSTANCE inst, const WCHAR *cmdline)
{
    PROCESS_INFORMATION pi;
    WCHAR self[260];
    DWORD code = 0;
    int r;

    (void)inst;
    if (cmdline && cmdline[0] == 'c')
        return 6;
    if (cmdline && cmdline[0] == 'm')
        NKDbgPrintfW(L"bad_arguments: a process that must not be started\r\n");
    CHECK(58, GetModuleFileNameW(NULL, self, 260) > 0);
    CHECK(59, CreateProcessW(self, L"child", NULL, NULL, FALSE, 0, NULL, NULL, NULL, &pi));
    CHECK(60, CloseHandle(pi.hThread));
    process = pi.hProcess;
    if ((r = set_up()) || (r = events()) || (r = mutexes_and_semaphores()) || (r = waits()) || (r = queues())
        || (r = mappings()) || (r = threads()) || (r = processes(self)) || (r = the_rest()))
        return r;
    CHECK(61, WaitForSingleObject(process, 10000) == WAIT_OBJECT_0);
    CHECK(62, GetExitCodeProcess(process, &code) && code == 6);
    NKDbgPrintfW(L"bad_arguments: ok\r\n");
    return 0;
}

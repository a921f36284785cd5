/* runtime - what the run-time library asks of others in its middle: dates and
 * times of now, functions of the program's that are told one text after the
 * other, arrays of objects (ARM), a purely virtual call; the float environment;
 * the memory's division, LoadDriver; what is only for callers with privilege;
 * users, and daylight saving time. */
#include "ce.h"

int    GetDateFormatW(DWORD lcid, DWORD flags, const void *date, const WCHAR *picture, WCHAR *buf, int n);
int    GetTimeFormatW(DWORD lcid, DWORD flags, const void *time, const WCHAR *picture, WCHAR *buf, int n);
void   GetLocalTime(void *system_time);
BOOL   SetTimeZoneInformation(const void *zone);
DWORD  GetTimeZoneInformation(void *zone);
BOOL   EnumSystemLocalesW(void *proc, DWORD flags);
BOOL   EnumSystemCodePagesW(void *proc, DWORD flags);
BOOL   EnumDateFormatsW(void *proc, DWORD lcid, DWORD flags);
BOOL   EnumTimeFormatsW(void *proc, DWORD lcid, DWORD flags);
BOOL   EnumCalendarInfoW(void *proc, DWORD lcid, DWORD calendar, DWORD type);
BOOL   EnumUILanguagesW(void *proc, DWORD flags, LONG param);
void   _purecall(void);
UINT   _controlfp(UINT bits, UINT mask);
UINT   _statusfp(void);
UINT   _clearfp(void);
BOOL   GetSystemMemoryDivision(DWORD *store, DWORD *ram, DWORD *page);
DWORD  SetSystemMemoryDivision(DWORD store);
void   GlobalMemoryStatus(void *status);
BOOL   GetStoreInformation(void *store);
HMODULE LoadDriver(const WCHAR *name);
BOOL   SetCurrentUser(const WCHAR *name, const void *data, DWORD n, BOOL create);
BOOL   KernelLibIoControl(HANDLE library, DWORD code, void *in, DWORD nin, void *out, DWORD nout, DWORD *got);
HMODULE LoadKernelLibrary(const WCHAR *name);
HANDLE CreateAPISet(const char *name, WORD n, const void *functions, const void *signatures);
BOOL   RegisterAPISet(HANDLE set, DWORD id);
HANDLE CreateAPIHandle(HANDLE set, void *data);
void   SetDaylightTime(BOOL daylight);
#if defined(__arm__) && !defined(_WIN32)
void   vector_constructor(void *array, UINT size, int count, void *make, void *destroy);
void   vector_destructor(void *array, UINT size, int count, void *destroy);
#endif

static const WCHAR *self = L"\\Program\\runtime.exe";

static int digits(const WCHAR *text, int n)
{
    int value = 0;
    while (n--) {
        if (*text < '0' || *text > '9')
            return -1;
        value = value * 10 + (*text++ - '0');
    }
    return value;
}

/* Without a time: now, on the clock of the place. */
static int now(void)
{
    WORD t[8], before[8];
    DWORD zone[43];
    WCHAR date[32], time[32];
    GetLocalTime(t);
    CHECK(1, GetDateFormatW(0x409, 0, NULL, L"yyyyMMdd", date, 32) == 9);
    CHECK(2, digits(date, 4) == t[0] && digits(date + 4, 2) == t[1] && digits(date + 6, 2) == t[3]);
    CHECK(3, GetTimeFormatW(0x409, 0, NULL, L"HHmmss", time, 32) == 7);
    CHECK(4, digits(time, 2) == t[4] && digits(time + 2, 2) == t[5] && digits(time + 4, 2) == t[6]);
    /* Three hours and a quarter to the west, and a while later. */
    CHECK(5, GetTimeZoneInformation(zone) != 0xFFFFFFFF);
    for (int i = 0; i < 8; i++)
        before[i] = t[i];
    zone[0] += 195;
    CHECK(6, SetTimeZoneInformation(zone));
    Sleep(61000);
    CHECK(7, GetTimeFormatW(0x409, 0, NULL, L"HHmmss", time, 32) == 7);
    GetLocalTime(t);
    CHECK(8, digits(time, 2) == t[4] && digits(time + 2, 2) == t[5] && digits(time + 4, 2) == t[6]);
    CHECK(9, (t[4] * 60 + t[5] - before[4] * 60 - before[5] + 1440) % 1440 == 1440 - 194);
    /* A small buffer is told of, and 0 asks for the size. */
    CHECK(10, GetTimeFormatW(0x409, 0, NULL, L"HHmmss", time, 6) == 0 && GetLastError() == 122);
    CHECK(11, GetTimeFormatW(0x409, 0, NULL, L"HHmmss", NULL, 0) == 7);
    return 0;
}

static int told, stop_at, seen_parameter;
static WCHAR last[64];

static BOOL tell(const WCHAR *text)
{
    int i = 0;
    while ((last[i] = text[i]) && i < 62)
        i++;
    Sleep(1);                           /* others may run in the middle */
    return ++told != stop_at;
}

static BOOL tell_with(const WCHAR *text, LONG param)
{
    seen_parameter = (int)param;
    return tell(text);
}

static int same(const WCHAR *a, const WCHAR *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

static int enumerations(void)
{
    int all;
    CHECK(20, EnumSystemLocalesW(tell, 1) && told == 1 && same(last, L"00000409"));
    told = 0;
    CHECK(21, EnumSystemCodePagesW(tell, 2) && told >= 4);
    all = told;
    told = 0, stop_at = 2;
    CHECK(22, EnumSystemCodePagesW(tell, 2) && told == 2 && all > 2);
    told = 0, stop_at = 0;
    CHECK(23, EnumDateFormatsW(tell, 0x409, 1) && told >= 2 && last[0] != 0);
    told = 0;
    CHECK(24, EnumTimeFormatsW(tell, 0x409, 0) && told >= 2);
    told = 0;
    CHECK(25, EnumCalendarInfoW(tell, 0x409, 1, 7) && told == 1);
    told = 0;
    CHECK(26, EnumUILanguagesW(tell_with, 0, 4711) && told == 1 && seen_parameter == 4711);
    CHECK(27, same(last, L"0409"));
    told = 0;
    CHECK(28, !EnumSystemLocalesW(NULL, 1) && GetLastError() == ERROR_INVALID_PARAMETER);
    CHECK(29, !EnumSystemLocalesW(tell, 99) && GetLastError() == 1004);
    CHECK(30, !EnumDateFormatsW(tell, 0x40C, 1) && GetLastError() == ERROR_INVALID_PARAMETER && told == 0);
    return 0;
}

#if defined(__arm__) && !defined(_WIN32)
struct object { int number, made; };
static int made, ended;
static struct object *order[8];

static void make(struct object *o) { o->number = made++; o->made = 1; Sleep(1); }
static void destroy(struct object *o) { order[ended++] = o; o->made = 0; }

static int objects(void)
{
    struct object array[6];
    for (int i = 0; i < 6; i++)
        array[i].number = array[i].made = -1;
    vector_constructor(array, sizeof array[0], 5, make, destroy);
    CHECK(40, made == 5 && ended == 0 && array[0].number == 0 && array[4].number == 4);
    CHECK(41, array[5].number == -1);
    vector_destructor(array, sizeof array[0], 5, destroy);
    CHECK(42, ended == 5 && order[0] == &array[4] && order[4] == &array[0] && array[2].made == 0);
    vector_constructor(array, sizeof array[0], 0, make, destroy);
    vector_destructor(array, sizeof array[0], -1, destroy);
    CHECK(43, made == 5 && ended == 5);
    return 0;
}
#else
static int objects(void) { return 0; }
#endif

/* A purely virtual call ends the process, and no line behind it runs. */
static int pure(void)
{
    PROCESS_INFORMATION pi;
    DWORD code = 0;
    CHECK(50, CreateProcessW(self, L"pure", NULL, NULL, FALSE, 0, NULL, NULL, NULL, &pi));
    CHECK(51, WaitForSingleObject(pi.hProcess, 10000) == WAIT_OBJECT_0);
    CHECK(52, GetExitCodeProcess(pi.hProcess, &code) && code == 3);
    return 0;
}

/* The control word keeps what it is given, for each thread; rounding is bits 8 and 9. */
static DWORD other_control(void *arg)
{
    (void)arg;
    return _controlfp(0, 0) & 0x300;
}

static int floats(void)
{
    UINT control = _controlfp(0, 0);
    DWORD code = 1;
    HANDLE h;
    CHECK(60, (control & 0x300) == 0);
    CHECK(61, (_controlfp(0x200, 0x300) & 0x300) == 0x200);
    CHECK(62, (_controlfp(0x100, 0) & 0x300) == 0x200);
    CHECK(63, (_controlfp(0, 0) ^ 0x200) == control);
    h = CreateThread(NULL, 0, other_control, NULL, 0, NULL);
    CHECK(64, WaitForSingleObject(h, 10000) == WAIT_OBJECT_0 && GetExitCodeThread(h, &code) && code == 0);
    CHECK(65, CloseHandle(h) && (_controlfp(0, 0x300) & 0x300) == 0);
    _clearfp();
    CHECK(66, _statusfp() == 0);
    return 0;
}

static int division(void)
{
    DWORD store = 0, ram = 0, page = 0, status[8], information[2];
    status[0] = sizeof status;
    GlobalMemoryStatus(status);
    CHECK(70, GetSystemMemoryDivision(&store, &ram, &page) && page == 4096);
    CHECK(71, GetStoreInformation(information) && store == information[0] / page);
    CHECK(72, ram == status[2] / page && ram > 0 && store > 0);
    CHECK(73, SetSystemMemoryDivision(store) == 0);
    CHECK(74, SetSystemMemoryDivision(store + 1) == 3);
    CHECK(75, !GetSystemMemoryDivision(&store, NULL, &page) && GetLastError() == ERROR_INVALID_PARAMETER);
    CHECK(76, LoadDriver(L"nothing.dll") == NULL && GetLastError() == 126);
    CHECK(77, LoadDriver(L"coredll.dll") == LoadLibraryW(L"coredll"));
    return 0;
}

/* What is for callers with privilege is refused. */
static int privileges(void)
{
    CHECK(80, LoadKernelLibrary(L"nothing.dll") == NULL && GetLastError() == 126);
    CHECK(81, LoadKernelLibrary(L"coredll.dll") == NULL && GetLastError() == 5);
    CHECK(82, LoadKernelLibrary(self) == NULL && GetLastError() == 5);
    SetLastError(0);
    CHECK(83, CreateAPISet("MINE", 0, NULL, NULL) == NULL && GetLastError() == 5);
    SetLastError(0);
    CHECK(84, !RegisterAPISet(NULL, 0x80000000) && GetLastError() == 5);
    SetLastError(0);
    CHECK(85, CreateAPIHandle(NULL, &told) == NULL && GetLastError() == 5);
    CHECK(86, !KernelLibIoControl((HANDLE)1, 0x1010000, NULL, 0, NULL, 0, NULL) && GetLastError() == 50);
    return 0;
}

static int users(void)
{
    CHECK(90, !SetCurrentUser(L"anna", NULL, 0, FALSE) && GetLastError() == 2);
    CHECK(91, SetCurrentUser(L"Anna", "key", 3, TRUE) && SetCurrentUser(L"ANNA", NULL, 0, FALSE));
    CHECK(92, !SetCurrentUser(L"a\\b", NULL, 0, TRUE) && GetLastError() == ERROR_INVALID_PARAMETER);
    CHECK(93, SetCurrentUser(NULL, NULL, 0, FALSE));
    return 0;
}

static int daylight(void)
{
    WORD t[8];
    DWORD zone[43], minutes;
    CHECK(100, GetTimeZoneInformation(zone) == 0);
    zone[42] = (DWORD)-60;
    CHECK(101, SetTimeZoneInformation(zone));
    GetLocalTime(t);
    minutes = t[4] * 60 + t[5];
    SetDaylightTime(TRUE);
    CHECK(102, GetTimeZoneInformation(zone) == 2);
    GetLocalTime(t);
    CHECK(103, (t[4] * 60u + t[5] + 1440 - minutes) % 1440 - 60 <= 1);
    SetDaylightTime(FALSE);
    CHECK(104, GetTimeZoneInformation(zone) == 1);
    CHECK(105, SetTimeZoneInformation(zone) && GetTimeZoneInformation(zone) == 0);
    return 0;
}

int GuestMain(HINSTANCE inst, const WCHAR *cmdline)
{
    int bad;

    (void)inst;
    if (cmdline && cmdline[0] == 'p') {
        _purecall();
        return 4;
    }
    if ((bad = now()) || (bad = enumerations()) || (bad = objects()) || (bad = pure()) || (bad = floats())
        || (bad = division()) || (bad = privileges()) || (bad = users()) || (bad = daylight()))
        return bad;
    NKDbgPrintfW(L"runtime: ok\r\n");
    return 0;
}

/* libraries - DLLs: imports by ordinal through a cycle, what entry points are
 * told and in which order, LoadLibrary and its counts, GetProcAddress, a
 * forwarder, data of each process's own, libraries that are missing, broken or
 * do not want to be loaded, and resources. */
#include "ce.h"

static int at;                          /* how much of the record was looked at */

static int told(int what) { return recorded(at++) == what; }

static DWORD thread(void *arg)
{
    (void)arg;
    return (DWORD)twice_second();
}

static int run_thread(void)
{
    DWORD code = 0;
    HANDLE h = CreateThread(NULL, 0, thread, NULL, 0, NULL);
    int ok = WaitForSingleObject(h, 10000) == WAIT_OBJECT_0 && GetExitCodeThread(h, &code) && code == 42;
    return CloseHandle(h) && ok;
}

static int same(const WCHAR *a, const WCHAR *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

static int resources(HMODULE module)
{
    WCHAR text[16];
    HANDLE found;
    const char *data;
    CHECK(60, LoadStringW(module, 7, text, 16) == 5 && same(text, L"seven"));
    CHECK(61, LoadStringW(module, 100, text, 4) == 3 && same(text, L"one"));
    CHECK(62, *(const WCHAR *)(SIZE_T)LoadStringW(module, 8, NULL, 0) == 'e');
    CHECK(63, LoadStringW(module, 9, text, 16) == 0 && GetLastError() == 1814);
    CHECK(64, LoadStringW(module, 1000, text, 16) == 0 && GetLastError() == 1814);
    found = FindResourceW(module, L"named", (WCHAR *)300);
    CHECK(65, found != NULL && SizeofResource(module, found) == 10);
    data = LoadResource(module, found);
    CHECK(66, data != NULL && data[0] == 'n' && data[9] == 'a');
    found = FindResourceW(module, L"#42", (WCHAR *)10);
    CHECK(67, found != NULL && found == FindResourceW(module, (WCHAR *)42, L"#10"));
    CHECK(68, SizeofResource(module, found) == 9);
    CHECK(69, FindResourceW(module, (WCHAR *)43, (WCHAR *)10) == NULL && GetLastError() == 1814);
    CHECK(70, FindResourceW(module, (WCHAR *)42, (WCHAR *)11) == NULL && GetLastError() == 1813);
    CHECK(71, LoadResource(module, (HANDLE)0x1234) == NULL && GetLastError() == ERROR_INVALID_PARAMETER);
    return 0;
}

int GuestMain(HINSTANCE inst, const WCHAR *cmdline)
{
    HMODULE first, third, coredll;
    PROCESS_INFORMATION pi;
    WCHAR path[64];
    DWORD code = 0, info[3];
    int (*function)(void), bad;
    void (*sleep)(DWORD);

    CHECK(1, told(211) && told(111));           /* second before first, both with the process */
    CHECK(2, twice_second() == 42 && next_number() == 18);
    if (cmdline[0] == 'c')
        return next_number();                   /* data of its own: 19 */
    CHECK(3, run_thread());
    CHECK(4, told(220) && told(120) && told(130) && told(230));

    first = GetModuleHandleW(L"FIRST");
    CHECK(5, first != NULL && first == GetModuleHandleW(L"first.dll") && first != inst);
    CHECK(6, GetModuleFileNameW(first, path, 64) == 18 && same(path, L"\\Program\\first.dll"));
    function = (int (*)(void))GetProcAddressW(first, L"next_number");
    CHECK(7, function != NULL && function() == 19);
    CHECK(8, GetProcAddressA(first, "next_number") == (void *)function);
    CHECK(9, GetProcAddressW(first, (const WCHAR *)3) == (void *)function);
    CHECK(10, *(int *)GetProcAddressW(first, L"shared_number") == 19);
    function = (int (*)(void))GetProcAddressW(first, L"elsewhere");     /* second.second_value */
    CHECK(11, function != NULL && function() == 21);
    CHECK(12, GetProcAddressW(first, L"nowhere") == NULL && GetLastError() == 127);
    CHECK(13, GetProcAddressW((HMODULE)0x1230000, L"nowhere") == NULL && GetLastError() == 126);
    CHECK(14, GetModuleInformation(CURRENT_PROCESS, first, info, 12) && info[0] == (DWORD)(SIZE_T)first);

    third = LoadLibraryW(L"third");
    CHECK(20, third != NULL && told(310));
    CHECK(21, LoadLibraryW(L"\\Program\\THIRD.DLL") == third && told(-1));
    at--;
    function = (int (*)(void))GetProcAddressW(third, L"third_value");
    CHECK(22, function != NULL && function() == 54);
    CHECK(23, run_thread());                    /* third does not hear of threads */
    CHECK(24, told(220) && told(120) && told(130) && told(230));
    CHECK(25, FreeLibrary(third) && told(-1));
    at--;
    CHECK(26, FreeLibrary(third) && told(300) && GetModuleHandleW(L"third") == NULL);
    CHECK(27, !FreeLibrary(third) && GetLastError() == 126);
    CHECK(28, FreeLibrary(first) && twice_second() == 42);     /* the program needs it */

    CHECK(30, LoadLibraryW(L"missing") == NULL && GetLastError() == 126);
    CHECK(31, LoadLibraryW(L"broken") == NULL && GetLastError() == 127);
    CHECK(32, GetModuleHandleW(L"broken") == NULL);
    CHECK(33, LoadLibraryW(L"refuse") == NULL && GetLastError() == 1114);
    CHECK(34, told(310) && told(300) && GetModuleHandleW(L"refuse") == NULL);
    CHECK(35, LoadLibraryW(L"libraries.exe") == inst);
    CHECK(36, LoadLibraryW((const WCHAR *)4) == NULL && GetLastError() == ERROR_INVALID_PARAMETER);

    third = LoadLibraryExW(L"refuse", NULL, 2);         /* as data: nobody is asked */
    CHECK(40, third != NULL && told(-1));
    at--;
    bad = resources(third);
    CHECK(41, bad == 0 && FreeLibrary(third));
    bad = resources(inst);
    CHECK(42, bad == 0 && resources(NULL) == 0);

    coredll = LoadLibraryW(L"COREDLL.DLL");
    CHECK(50, coredll != NULL && coredll == GetModuleHandleW(L"coredll"));
    sleep = (void (*)(DWORD))GetProcAddressW(coredll, L"Sleep");
    CHECK(51, sleep != NULL && sleep == (void (*)(DWORD))GetProcAddressA(coredll, (const char *)496));
    sleep(1);
    CHECK(52, GetProcAddressW(coredll, L"NoSuchThing") == NULL && GetLastError() == 127);
    CHECK(53, FreeLibrary(coredll));

    CHECK(54, CreateProcessW(L"\\Program\\libraries.exe", L"child", NULL, NULL, 0, 0, NULL, NULL, NULL, &pi));
    CHECK(55, WaitForSingleObject(pi.hProcess, 10000) == WAIT_OBJECT_0);
    CHECK(56, GetExitCodeProcess(pi.hProcess, &code) && code == 19);
    NKDbgPrintfW(L"libraries: ok\r\n");
    return 0;
}

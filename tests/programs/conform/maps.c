/* Memory maps (ipc/MM): what is in memory. */
#include "conform.h"

static HANDLE map(const WCHAR *name) { return CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 8192, name); }
static volatile DWORD *view(HANDLE h) { return MapViewOfFile(h, FILE_MAP_WRITE, 0, 0, 0); }
static volatile DWORD *view_of(const WCHAR *name) { return view(map(name)); }
static DWORD get(volatile DWORD *p) { return *p; }
static void put(volatile DWORD *p, DWORD v) { *p = v; }

void cases(void)
{
    HANDLE h, h2;
    volatile DWORD *p, *q;
    struct child *p2;
    DWORD code;
    int i;

    CASE("ipc/MM-001", "ee490172") {
        HOLDS((h = map(L"m")));
        IS(error, 0);
        p = view(h);
        for (i = 0; i < 2048; i++) IS(p[i], 0);
    }
    CASE("ipc/MM-002", "ee490172") {
        h = map(L"m");
        HOLDS((h2 = map(L"m")));
        IS(error, ERROR_ALREADY_EXISTS);
        HOLDS(h2 != h);
        p = view(h), q = view(h2);
        p[1] = 7;
        IS(q[1], 7);
    }
    CASE("ipc/MM-004", "ee490172") {
        GIVES(CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 0, L"m"), NULL, ERROR_INVALID_PARAMETER);
    }
    CASE("ipc/MM-005", "7-Zip idiom") {
        map(L"m");
        HOLDS(CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READONLY, 0, 0, L"m"));
        IS(error, ERROR_ALREADY_EXISTS);
    }
    CASE("ipc/MM-006", "aa517331") IS(CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READONLY, 0, 8192, L"m"), NULL);
    CASE("ipc/MM-007", "ee490172") {
        p = view_of(L"m");
        p[1] = 7;
        p2 = child();
        q = (DWORD *)REMOTE(p2, view_of, L"m");
        IS(REMOTE(p2, get, q + 1), 7);
    }
    CASE("ipc/MM-008", "ee482776") { view_of(L"another"); p = view_of(L"m"); p2 = child(); IS(REMOTE(p2, view_of, L"m"), p); }
    CASE("ipc/MM-009", "ee482776") {
        p = view_of(L"m");
        p2 = child();
        REMOTE_BEGIN(p2, get, p);
        IS(wait(p2->pi.hProcess), OBJ0);
        HOLDS(GetExitCodeProcess(p2->pi.hProcess, &code));
        IS(code, 0xc0000005);
    }
    CASE("ipc/MM-011", "aa914405") {
        p2 = child();
        h = (HANDLE)REMOTE(p2, map, L"m");
        p = (DWORD *)REMOTE(p2, MapViewOfFile, h, FILE_MAP_READ, 0, 0, 0);
        IS(REMOTE(p2, get, p), 0);
        REMOTE_BEGIN(p2, put, p, 7);
        IS(wait(p2->pi.hProcess), OBJ0);
        HOLDS(GetExitCodeProcess(p2->pi.hProcess, &code));
        IS(code, 0xc0000005);
    }
    CASE("ipc/MM-012", "ms891386") {
        h = map(L"m");
        p = MapViewOfFile(h, FILE_MAP_ALL_ACCESS, 0, 0, 0);
        q = view(h);
        p[1] = 7;
        IS(q[1], 7);
    }
    CASE("ipc/MM-013", "aa914405") { h = map(L"m"); GIVES(MapViewOfFile(h, FILE_MAP_READ, 0, 0x1000, 4), NULL, ERROR_INVALID_PARAMETER); }
    CASE("ipc/MM-014", "inference") {
        h = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 0x12000, NULL);
        HOLDS(MapViewOfFile(h, FILE_MAP_READ, 0, 0x10000, 0x2000) != NULL);
        IS(MapViewOfFile(h, FILE_MAP_READ, 0, 0x10000, 0x2001), NULL);
        IS(MapViewOfFile(h, FILE_MAP_READ, 0, 0x20000, 0), NULL);
        IS(MapViewOfFile(h, FILE_MAP_READ, 1, 0, 4), NULL);
    }
    CASE("ipc/MM-015", "ee489549") { h = map(L"m"); p = view(h), q = view(h); q[2] = 7; IS(p[2], 7); }
    CASE("ipc/MM-016", "aa910673") { p = view_of(L"m"); IS(UnmapViewOfFile((void *)(p + 1)), FALSE); HOLDS(UnmapViewOfFile((void *)p)); }
    CASE("ipc/MM-017", "aa910673") { p = view_of(L"m"); HOLDS(UnmapViewOfFile((void *)p)); IS(UnmapViewOfFile((void *)p), FALSE); }
    CASE("ipc/MM-018", "ms892373") {
        h = map(L"m");
        p = view(h);
        HOLDS(CloseHandle(h));
        *p = 7;
        IS(*p, 7);
        HOLDS(map(L"m"));
        IS(error, ERROR_ALREADY_EXISTS);
    }
    CASE("ipc/MM-019", "inference") {
        h = map(L"m"), p = view(h);
        *p = 7;
        CloseHandle(h);
        UnmapViewOfFile((void *)p);
        HOLDS((h = map(L"m")));
        IS(error, 0);
        IS(*view(h), 0);
    }
    CASE("ipc/MM-020", "ms890303") { p = view_of(L"m"); IS(FlushViewOfFile((void *)p, 0), FALSE); }
    CASE("ipc/MM-021", "ms890303") { p = view_of(L"m"); HOLDS(FlushViewOfFile((void *)p, 4096)); }
    CASE("ipc/MM-022", "inference") {
        p = view_of(L"m");
        p2 = child();
        REMOTE(p2, view_of, L"m");
        REMOTE(p2, put, p, 7);
        TerminateProcess(p2->pi.hProcess, 0);
        wait(p2->pi.hProcess);
        IS(*p, 7);
    }
    CASE("ipc/MM-023", "inference") { h = closed_handle(); GIVES(view(h), NULL, ERROR_INVALID_HANDLE); }
    CASE("ipc/MM-025", "ee489549") { p = view_of(L"m"); IS(FlushViewOfFile((void *)(p + 1), 4096), FALSE); }
}

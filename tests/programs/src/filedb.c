/* filedb - a small database in a file that several processes change at once
 * and that stays whole whoever is killed when.
 *
 * db.dat has a record for each of ACCOUNTS accounts, whose balances add up to
 * TOTAL, one for each of WORKERS workers that counts its transactions, and one
 * that counts all of them.  A record has a check sum.  A transaction moves
 * money between two accounts.  What it will write is put into db.tmp, brought
 * to the disk, and the file renamed to db.jnl: from then on the transaction is
 * made, whatever happens.  Then the records are written, and the journal goes.
 * Whoever finds a journal writes it again.
 *
 * A named mutex lets one process change the file at a time, locks on it keep
 * readers away from what is being changed, and a named mapping tells all
 * processes the number of the last transaction.
 *
 *   filedb ROUNDS SEED    starts workers and kills some, ROUNDS times, then
 *                         looks whether everything is in order
 *   filedb w SLOT SEED N  is a worker: N transactions, or until it is killed
 */
#include "ce.h"

#define ACCOUNTS 32
#define WORKERS 3
#define COUNTER (ACCOUNTS + WORKERS)            /* the record that counts all */
#define RECORDS (ACCOUNTS + WORKERS + 1)
#define START 1000
#define TOTAL (ACCOUNTS * START)
#define MAGIC 0x4244u

struct record { DWORD number, value, version, filler[4], check; };
struct journal { DWORD magic, version, count; struct record records[4]; DWORD check; };
struct state { volatile DWORD busy, version, transactions; };

static HANDLE mutex, file;
static struct state *state;
static DWORD random;

static DWORD next_random(void)
{
    random = random * 1664525u + 1013904223u;
    return random >> 8;
}

static DWORD check_sum(const void *data, DWORD n)
{
    const BYTE *p = data;
    DWORD crc = 0xffffffffu;
    int i;
    while (n--) {
        crc ^= *p++;
        for (i = 0; i < 8; i++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
    return ~crc;
}

static void seal(struct record *r) { r->check = check_sum(r, sizeof *r - 4); }

static int read_record(DWORD number, struct record *r)
{
    DWORD got = 0;
    CHECK(30, SetFilePointer(file, (LONG)(number * sizeof *r), NULL, FILE_BEGIN) == number * sizeof *r);
    CHECK(31, ReadFile(file, r, sizeof *r, &got, NULL) && got == sizeof *r);
    CHECK(32, r->number == number);
    CHECK(33, r->check == check_sum(r, sizeof *r - 4));     /* not torn */
    return 0;
}

static int write_record(const struct record *r)
{
    DWORD put = 0;
    CHECK(34, SetFilePointer(file, (LONG)(r->number * sizeof *r), NULL, FILE_BEGIN) == r->number * sizeof *r);
    CHECK(35, WriteFile(file, r, sizeof *r, &put, NULL) && put == sizeof *r);
    return 0;
}

static int lock(DWORD first, DWORD count, BOOL exclusive)
{
    OVERLAPPED o = { 0 };
    o.Offset = first * sizeof(struct record);
    CHECK(36, LockFileEx(file, exclusive ? LOCKFILE_EXCLUSIVE_LOCK : 0, 0, count * sizeof(struct record), 0, &o));
    return 0;
}

static int unlock(DWORD first, DWORD count)
{
    OVERLAPPED o = { 0 };
    o.Offset = first * sizeof(struct record);
    CHECK(37, UnlockFileEx(file, 0, count * sizeof(struct record), 0, &o));
    return 0;
}

#define TRY(call) do { int code_ = (call); if (code_) return code_; } while (0)

static int apply(const struct journal *j)
{
    DWORD i;
    TRY(lock(0, RECORDS, TRUE));
    for (i = 0; i < j->count; i++)
        TRY(write_record(&j->records[i]));
    CHECK(38, FlushFileBuffers(file));
    TRY(unlock(0, RECORDS));
    CHECK(39, DeleteFileW(L"\\db.jnl"));
    return 0;
}

/* Ends what somebody began who was killed.  The mutex is ours. */
static int recover(void)
{
    struct journal j;
    struct record r;
    DWORD got = 0;
    HANDLE h = CreateFileW(L"\\db.jnl", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    if (h != INVALID_HANDLE_VALUE) {
        CHECK(40, ReadFile(h, &j, sizeof j, &got, NULL) && got == sizeof j);
        CHECK(41, CloseHandle(h));
        /* It got its name when all of it was there. */
        CHECK(42, j.magic == MAGIC && j.check == check_sum(&j, sizeof j - 4));
        TRY(apply(&j));
    } else {
        CHECK(43, GetLastError() == ERROR_FILE_NOT_FOUND);
    }
    TRY(read_record(COUNTER, &r));
    state->version = r.value;
    state->busy = 0;
    return 0;
}

/* Opens what all processes share; the first one to come makes the database. */
static int open_all(void)
{
    HANDLE map;
    DWORD i;
    struct record r = { 0 };

    mutex = CreateMutexW(NULL, FALSE, L"filedb_mutex");
    CHECK(50, mutex != NULL);
    CHECK(51, WaitForSingleObject(mutex, INFINITE) == WAIT_OBJECT_0);
    map = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, L"filedb_state");
    CHECK(52, map != NULL);
    state = MapViewOfFile(map, FILE_MAP_WRITE, 0, 0, 0);
    CHECK(53, state != NULL);
    file = CreateFileW(L"\\db.dat", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) {
        /* Made under another name, so that it is there whole or not at all. */
        CHECK(54, GetLastError() == ERROR_FILE_NOT_FOUND);
        file = CreateFileW(L"\\db.new", GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
        CHECK(55, file != INVALID_HANDLE_VALUE);
        for (i = 0; i < RECORDS; i++) {
            r.number = i;
            r.value = i < ACCOUNTS ? START : 0;
            seal(&r);
            TRY(write_record(&r));
        }
        CHECK(56, FlushFileBuffers(file));
        CHECK(57, CloseHandle(file));
        CHECK(58, MoveFileW(L"\\db.new", L"\\db.dat"));
        file = CreateFileW(L"\\db.dat", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
        CHECK(59, file != INVALID_HANDLE_VALUE);
    }
    TRY(recover());
    CHECK(60, ReleaseMutex(mutex));
    return 0;
}

/* Reads all of it while nobody writes. */
static int verify(DWORD *transactions)
{
    struct record r;
    DWORD i, sum = 0, made = 0;

    CHECK(61, WaitForSingleObject(mutex, INFINITE) == WAIT_OBJECT_0);
    if (state->busy)
        TRY(recover());
    CHECK(62, GetFileSize(file, NULL) == RECORDS * sizeof r);
    TRY(lock(0, RECORDS, FALSE));
    CHECK(63, ReleaseMutex(mutex));             /* the lock is enough from here on */
    for (i = 0; i < RECORDS; i++) {
        TRY(read_record(i, &r));
        if (i < ACCOUNTS)
            sum += r.value;
        else if (i < COUNTER)
            made += r.value;
    }
    TRY(unlock(0, RECORDS));
    CHECK(64, sum == TOTAL);
    CHECK(65, made == r.value);
    *transactions = made;
    return 0;
}

static int transaction(DWORD slot)
{
    struct journal j = { 0 };
    DWORD from = next_random() % ACCOUNTS, to = (from + 1 + next_random() % (ACCOUNTS - 1)) % ACCOUNTS;
    DWORD amount, put = 0, i;
    HANDLE h;

    CHECK(70, WaitForSingleObject(mutex, INFINITE) == WAIT_OBJECT_0);
    if (state->busy)                            /* whoever was here before was killed */
        TRY(recover());
    state->busy = 1;
    j.magic = MAGIC;
    j.count = 4;
    TRY(read_record(from, &j.records[0]));
    TRY(read_record(to, &j.records[1]));
    TRY(read_record(ACCOUNTS + slot, &j.records[2]));
    TRY(read_record(COUNTER, &j.records[3]));
    CHECK(71, j.records[3].value == state->version);
    amount = next_random() % 100;
    if (amount > j.records[0].value)
        amount = j.records[0].value;
    j.version = state->version + 1;
    j.records[0].value -= amount;
    j.records[1].value += amount;
    j.records[2].value += 1;
    j.records[3].value = j.version;
    for (i = 0; i < j.count; i++) {
        j.records[i].version = j.version;
        seal(&j.records[i]);
    }
    j.check = check_sum(&j, sizeof j - 4);

    h = CreateFileW(L"\\db.tmp", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    CHECK(72, h != INVALID_HANDLE_VALUE);
    /* In two pieces, so that one can be missing. */
    CHECK(73, WriteFile(h, &j, 40, &put, NULL) && put == 40);
    CHECK(74, WriteFile(h, (BYTE *)&j + 40, sizeof j - 40, &put, NULL) && put == sizeof j - 40);
    CHECK(75, FlushFileBuffers(h));
    CHECK(76, CloseHandle(h));
    CHECK(77, MoveFileW(L"\\db.tmp", L"\\db.jnl"));
    NKDbgPrintfW(L"made %u %u\r\n", (UINT)slot, (UINT)j.records[2].value);
    TRY(apply(&j));
    state->version = j.version;
    state->transactions++;
    state->busy = 0;
    CHECK(78, ReleaseMutex(mutex));
    return 0;
}

static DWORD number(const WCHAR **text)
{
    DWORD n = 0;
    while (**text == ' ' || **text == 'w')
        ++*text;
    while (**text >= '0' && **text <= '9')
        n = n * 10 + (DWORD)(*(*text)++ - '0');
    return n;
}

static int worker(const WCHAR *line)
{
    DWORD slot = number(&line), seen, i, count;
    random = number(&line);
    count = number(&line);
    TRY(open_all());
    for (i = 0; i < count; i++) {
        TRY(transaction(slot));
        if (next_random() % 4 == 0)
            TRY(verify(&seen));
        if (next_random() % 4 == 0)
            Sleep(next_random() % 3);
    }
    return 0;
}

static int start(const WCHAR *self, DWORD slot, DWORD count, HANDLE *process)
{
    PROCESS_INFORMATION pi;
    WCHAR line[40];
    wsprintfW(line, L"w %u %u %u", (UINT)slot, (UINT)next_random(), (UINT)count);
    CHECK(10, CreateProcessW(self, line, NULL, NULL, FALSE, 0, NULL, NULL, NULL, &pi));
    CHECK(11, CloseHandle(pi.hThread));
    *process = pi.hProcess;
    return 0;
}

int GuestMain(HINSTANCE inst, const WCHAR *cmdline)
{
    HANDLE workers[WORKERS];
    WCHAR self[260];
    DWORD rounds, round, slot, code, victim, killed = 0, before, after = 0;

    (void)inst;
    if (cmdline && cmdline[0] == 'w')
        return worker(cmdline);
    rounds = number(&cmdline);
    random = number(&cmdline);
    if (rounds == 0)
        rounds = 10;
    CHECK(1, GetModuleFileNameW(NULL, self, 260) > 0);
    TRY(open_all());
    TRY(verify(&before));
    for (round = 0; round < rounds; round++) {
        for (slot = 0; slot < WORKERS; slot++)
            TRY(start(self, slot, 8 + next_random() % 8, &workers[slot]));
        victim = next_random() % WORKERS;
        Sleep(next_random() % 16);
        TerminateProcess(workers[victim], 99);  /* it may have ended */
        for (slot = 0; slot < WORKERS; slot++) {
            CHECK(2, WaitForSingleObject(workers[slot], INFINITE) == WAIT_OBJECT_0);
            CHECK(3, GetExitCodeProcess(workers[slot], &code));
            CHECK(4, code == 0 || (slot == victim && code == 99));
            CHECK(5, CloseHandle(workers[slot]));
            killed += code == 99;
        }
        TRY(verify(&after));
    }
    NKDbgPrintfW(L"filedb: %u rounds, %u killed, %u transactions\r\n", (UINT)rounds, (UINT)killed, (UINT)(after - before));
    CHECK(6, after > before);
    NKDbgPrintfW(L"filedb: ok\r\n");
    return 0;
}

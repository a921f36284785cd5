/* cpp - exceptions of C++ (x86 only: for ARM their layouts are not public): what is caught by which clause,
 * what is destroyed when, rethrowing, throwing out of a catch, trying in one; beside structured exceptions.
 * Started with a word it throws what nobody catches. */
extern "C" {
#include "seh.h"
unsigned int strlen(const char *s);
DWORD catch_all_prolog(DWORD (*body)(void *), void *arg);       /* cpp_x86.S */
void mark(int c);
DWORD caught_all(void);
int GuestMain(HINSTANCE inst, const WCHAR *cmdline);
}
typedef void (*terminate_handler)();
namespace std {
terminate_handler set_terminate(terminate_handler);
void terminate();
bool uncaught_exception();
}
/* What this compiler calls where an exception must not get out. */
extern "C" void __std_terminate() { std::terminate(); }

extern "C" int _fltused = 0;            /* floating point is used */

static char trail[64];
static volatile int steps, failed, living;  /* for this compiler does not see that a catch destroys */
extern "C" void mark(int c)
{
    if (steps < 63)
        trail[steps++] = (char)c;
    trail[steps] = 0;
}
static void expect(const char *what, int line)
{
    if (strcmp(trail, what)) {
        printf("cpp: line %d: %s instead of %s\r\n", line, trail, what);
        failed = 1;
    }
    steps = 0;
    trail[0] = 0;
}
static void expect(int holds, int line)
{
    if (!holds) {
        printf("cpp: line %d\r\n", line);
        failed = 1;
    }
}
#define EXPECT(x) expect((x), __LINE__)

/* Says when it is made and goes. */
struct Noisy {
    char c;
    explicit Noisy(char c) : c(c) { mark(c); }
    ~Noisy() { mark(c - 'a' + 'A'); }
};
/* Counts how many there are. */
struct Counted {
    int value;
    explicit Counted(int value) : value(value) { living++; }
    Counted(const Counted &other) : value(other.value + 1) { living++; mark('+'); }
    ~Counted() { living--; mark('-'); }
};
struct First { int first; };
struct Second { int second; };
struct Both : First, Second { int both; };
struct Root { int root; };
struct Left : virtual Root { int left; };
struct Right : virtual Root { int right; };
struct Diamond : Left, Right { int diamond; };
struct Hidden : private First { };

__attribute__((noinline)) static void thrower(int what)
{
    static Both both;
    both.first = 1;
    both.second = 2;
    both.both = 3;
    Diamond diamond;
    switch (what) {
    case 0: return;
    case 1: throw 17;
    case 2: throw 'c';
    case 3: throw &both;
    case 4: throw both;
    case 5: throw Counted(5);
    case 6: throw static_cast<const char *>("constant");
    case 7:
        diamond.root = 7;
        diamond.left = 8;
        throw diamond;
    case 8: throw Hidden();
    case 9: throw 2.5;
    case 10: throw static_cast<const Both *>(&both);
    case 11: load_word(nullptr);
    }
}

__attribute__((noinline)) static int kinds(int what)
{
    try {
        thrower(what);
    } catch (char c) {
        return 100 + c;
    } catch (int i) {
        return 200 + i;
    } catch (const Second &s) {
        return 300 + s.second;
    } catch (Second *s) {
        return 400 + s->second;
    } catch (Root r) {
        return 500 + r.root;
    } catch (char *) {
        return 600;
    } catch (const char *s) {
        return 700 + (int)strlen(s);
    } catch (First) {
        return 800;
    } catch (const Second *s) {
        return 900 + s->second;
    } catch (...) {
        return 1000;
    }
    return 0;
}

static void catching()
{
    EXPECT(kinds(0) == 0);
    EXPECT(kinds(1) == 217);
    EXPECT(kinds(2) == 100 + 'c');
    EXPECT(kinds(3) == 402);
    EXPECT(kinds(4) == 302);
    EXPECT(kinds(6) == 708);
    EXPECT(kinds(7) == 507);
    EXPECT(kinds(8) == 1000);
    EXPECT(kinds(9) == 1000);
    EXPECT(kinds(10) == 902);
}

__attribute__((noinline)) static int by_value(int what)
{
    try {
        thrower(what);
    } catch (Counted c) {
        mark('v');
        return c.value;
    }
    return -1;
}
__attribute__((noinline)) static int by_reference(int what)
{
    try {
        thrower(what);
    } catch (Counted &c) {
        mark('r');
        return c.value;
    }
    return -1;
}
__attribute__((noinline)) static int not_mine(int what)
{
    Noisy outer('o');
    try {
        Noisy inner('i');
        thrower(what);
        mark('!');
    } catch (short) {
        mark('!');
    }
    return 3;
}

static void objects()
{
    EXPECT(by_value(5) == 6);
    EXPECT("+v--");
    EXPECT(living == 0);
    EXPECT(by_reference(5) == 5);
    EXPECT("r-");
    EXPECT(living == 0);
    try {
        not_mine(5);
        mark('!');
    } catch (Counted &c) {
        mark('0' + c.value);
        EXPECT(living == 1);
    }
    EXPECT("oiIO5-");
    EXPECT(living == 0);
}

static void again(int depth)
{
    Noisy n((char)('a' + depth));
    if (depth == 3)
        throw;
    again(depth + 1);
}
static void rethrows()
{
    try {
        try {
            thrower(5);
        } catch (Counted &c) {
            c.value = 9;
            again(0);
        }
        mark('!');
    } catch (Counted &c) {
        mark('0' + c.value);
    }
    EXPECT("abcdDCBA9-");
    EXPECT(living == 0);
    /* Caught again within the catch: it lives on. */
    try {
        thrower(5);
    } catch (Counted &c) {
        try {
            throw;
        } catch (Counted &same) {
            mark(&same == &c ? '=' : '!');
        }
        mark('0' + c.value);
        EXPECT(living == 1);
    }
    EXPECT("=5-");
    EXPECT(living == 0);
}

__attribute__((noinline)) static int out_of_catch(int what)
{
    int volatile kept = 7;
    try {
        Noisy a('a');
        try {
            Noisy b('b');
            thrower(5);
        } catch (Counted &) {
            Noisy c('c');
            thrower(what);
            mark('n');
        }
        mark('m');
    } catch (int i) {
        mark('i');
        kept += i;
    }
    mark('e');
    try {
        thrower(1);
    } catch (int i) {
        mark('j');
        kept += i;
    }
    return kept;
}

static void nesting()
{
    EXPECT(out_of_catch(0) == 24);
    EXPECT("abBcnC-mAej");
    EXPECT(living == 0);
    EXPECT(out_of_catch(1) == 41);
    EXPECT("abBcC-Aiej");
    EXPECT(living == 0);
    /* Out of it altogether: all that it had caught goes, too. */
    try {
        out_of_catch(2);
    } catch (char c) {
        mark(c);
    }
    EXPECT("abBcC-Ac");
    EXPECT(living == 0);
    for (int i = 0; i < 1000; i++) {
        EXPECT(out_of_catch(1) == 41);
        steps = 0;
    }
    trail[0] = 0;
}

__attribute__((noinline)) static int try_in_catch(int what)
{
    Noisy a('a');
    try {
        thrower(2);
    } catch (char) {
        try {
            Noisy b('b');
            thrower(what);
        } catch (int) {
            mark('1');
            try {
                thrower(5);
            } catch (...) {
                mark('2');
                try {
                    throw;
                } catch (Counted &) {
                    mark('3');
                }
                mark('4');
            }
            mark('5');
        }
        mark('6');
    }
    mark('7');
    return 8;
}

static void trying_in_catch()
{
    EXPECT(try_in_catch(1) == 8);
    EXPECT("abB1234-567A");
    EXPECT(living == 0);
    EXPECT(try_in_catch(0) == 8);
    EXPECT("abB67A");
    try {
        try_in_catch(9);
    } catch (double d) {
        mark(d == 2.5 ? 'd' : '!');
    }
    EXPECT("abBAd");
}

struct Asks { ~Asks() { mark(std::uncaught_exception() ? 'y' : 'n'); } };
static void asking()
{
    { Asks a; }
    try {
        Asks a;
        thrower(1);
    } catch (int) {
        Asks b;
    }
    EXPECT("nyn");
    EXPECT(!std::uncaught_exception());
}

/* Constructors that fail: what is there already is destroyed. */
struct Half {
    Noisy a, b;
    Half() : a('a'), b('b') { thrower(1); mark('!'); }
    ~Half() { mark('!'); }
};
static void constructing()
{
    try {
        Half h;
    } catch (int) {
        mark('i');
    }
    EXPECT("abBAi");
}

/* With structured exceptions. */
static EXCEPTION_RECORD seen;
static int take(EXCEPTION_POINTERS *p, void *) { seen = *p->ExceptionRecord; mark('f'); return 1; }
static int refuse(EXCEPTION_POINTERS *, void *) { mark('r'); return 0; }
static DWORD handled(DWORD, void *) { mark('h'); return 100; }
static void finally(int abnormal, void *) { mark(abnormal ? 'a' : 'n'); }
static DWORD throw_body(void *arg)
{
    Noisy n('t');
    thrower((int)(SIZE_T)arg);
    return 1;
}
static DWORD catch_body(void *arg)
{
    try {
        Noisy n('c');
        thrower((int)(SIZE_T)arg);
    } catch (...) {
        mark('!');
    }
    return 1;
}
static void structured()
{
    TRY t = { throw_body, (void *)1, take, handled, finally, refuse, handled };
    TRIES *const guarded[] = { guarded_eh3, guarded_prolog };
    for (int i = 0; i < 2; i++) {
        t.arg = (void *)1;
        EXPECT(guarded[i](&t) == 100);
        EXPECT("tfTh");
        EXPECT(seen.ExceptionCode == 0xE06D7363UL && seen.ExceptionFlags == 1 && seen.NumberParameters == 3);
        EXPECT(*(int *)seen.ExceptionInformation[1] == 17);
    }
    t.filter = refuse;
    try {
        nested_eh3(&t);
    } catch (int i) {
        mark(i == 17 ? 'i' : '!');
    }
    EXPECT("trrTai");
    /* What is no thrown object is not caught by a function that was compiled so (/EHs). */
    t.body = catch_body;
    t.arg = (void *)11;
    t.filter = take;
    EXPECT(guarded_eh3(&t) == 100 && seen.ExceptionCode == STATUS_ACCESS_VIOLATION);
    EXPECT("cfh");
    /* The tables of older compilers say nothing about that. */
    EXPECT(catch_all_prolog((DWORD (*)(void *))load_word, nullptr) == 55);
    EXPECT("D*");
    EXPECT(catch_all_prolog(throw_body, (void *)5) == 55);
    EXPECT("tTD*-");
    EXPECT(living == 0);
    EXPECT(catch_all_prolog(throw_body, (void *)0) == 1);
    EXPECT("tT");
    EXPECT(keeps_registers((DWORD (*)(void *))catch_all_prolog, (void *)0));
    steps = 0;
}
extern "C" DWORD caught_all(void) { mark('*'); return 55; }

static int compare(const void *, const void *)
{
    Noisy n('q');
    thrower(5);
    return 0;
}
static DWORD thread(void *)
{
    try {
        thrower(1);
    } catch (int) {
        mark('t');
    }
    return 4;
}
static void elsewhere()
{
    int n[2] = { 2, 1 };
    DWORD code = 0;
    try {
        qsort(n, 2, sizeof n[0], compare);
    } catch (Counted &) {
        mark('s');
    }
    EXPECT("qQs-");
    HANDLE h = CreateThread(nullptr, 0, thread, nullptr, 0, nullptr);
    EXPECT(WaitForSingleObject(h, 10000) == WAIT_OBJECT_0 && GetExitCodeThread(h, &code) && code == 4);
    CloseHandle(h);
    EXPECT("t");
}

static void last_words()
{
    printf("cpp: last words\r\n");
    TerminateProcess(CURRENT_PROCESS, 41);
}
static void few_words() { printf("cpp: few words\r\n"); }
static void must_not() noexcept { thrower(1); }
static void (*volatile does_not)() = must_not;

extern "C" int GuestMain(HINSTANCE, const WCHAR *cmdline)
{
    switch (cmdline[0]) {
    case 'u': thrower(4);                                       /* uncaught */
    case 'h': std::set_terminate(last_words); thrower(4);       /* handler */
    case 'b': std::set_terminate(few_words); thrower(4);        /* back from the handler */
    case 'n': try { does_not(); } catch (...) { }               /* noexcept */
              break;
    case 'r': throw;                                            /* rethrow of nothing */
    }
    EXPECT(std::set_terminate(last_words) == 0);
    EXPECT(std::set_terminate(0) == last_words);
    catching();
    objects();
    rethrows();
    nesting();
    trying_in_catch();
    asking();
    constructing();
    structured();
    elsewhere();
    if (!failed)
        printf("cpp: ok\r\n");
    return failed;
}

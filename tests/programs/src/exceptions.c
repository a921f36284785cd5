/* exceptions - structured exceptions, setjmp and longjmp: each rule is a function, tried with every way in
 * which a compiler writes __try. `exceptions.exe RULE` runs one; the words at the end of the list end their
 * process by an exception that nobody handles. */
#include "libc.h"
#include "seh.h"

void  *ConvertThreadToFiber(void *data);
void  *CreateFiber(DWORD stack, void (*fn)(void *), void *data);
void   DeleteFiber(void *fiber);
void   SwitchToFiber(void *fiber);

static const WAY ways[] = {
#if defined(__i386__)
    { L"eh3", guarded_eh3, ended_eh3, nested_eh3, left_eh3, jumped, "a" },
    { L"eh4", guarded_eh4, ended_eh4, nested_eh4, left_eh4, jumped, "a" },
    { L"prolog", guarded_prolog, ended_prolog, nested_prolog, left_prolog, jumped, "a" },
    { L"clang", guarded_clang, ended_clang, nested_clang, left_clang, jumped, "n" },
#else
    { L"arm", guarded_arm, ended_arm, nested_arm, left_arm, jumped_arm, "a" },
#if defined(__thumb__)
    { L"thumb", guarded_thumb, ended_thumb, nested_thumb, left_thumb, jumped_thumb, "a" },
#endif
#endif
};
#define WAYS (sizeof ways / sizeof ways[0])
static const WAY *way = ways;

/* What happened, a letter each. */
static char trail[64];
static int steps;
static void mark(char c)
{
    if (steps < 63)
        trail[steps++] = c;
    trail[steps] = 0;
}
static int happened(const char *what)
{
    int same = strcmp(trail, what) == 0;
    if (!same)
        printf("exceptions: %s instead of %s\r\n", trail, what);
    steps = 0;
    trail[0] = 0;
    return same;
}

/* What the last filter saw. */
static EXCEPTION_RECORD seen;
static DWORD seen_pc, seen_sp, seen_code;

static void look(EXCEPTION_POINTERS *p)
{
    seen = *p->ExceptionRecord;
    seen_pc = p->ContextRecord[PC];
    seen_sp = p->ContextRecord[SP];
}

static int take(EXCEPTION_POINTERS *p, void *arg)   { (void)arg; look(p); mark('f'); return EXCEPTION_EXECUTE_HANDLER; }
static int refuse(EXCEPTION_POINTERS *p, void *arg) { (void)arg; look(p); mark('r'); return EXCEPTION_CONTINUE_SEARCH; }
static int outer_take(EXCEPTION_POINTERS *p, void *arg) { (void)arg; look(p); mark('F'); return 2; }
static int go_on(EXCEPTION_POINTERS *p, void *arg)  { (void)arg; look(p); mark('c'); return EXCEPTION_CONTINUE_EXECUTION; }
static DWORD handled(DWORD code, void *arg)         { (void)arg; seen_code = code; mark('h'); return 100; }
static DWORD outer_handled(DWORD code, void *arg)   { (void)arg; seen_code = code; mark('H'); return 200; }
static void finally(int abnormal, void *arg)        { (void)arg; mark(abnormal ? 'a' : 'n'); }

/* A __try around body, whose filter takes everything. */
static DWORD try(DWORD (*body)(void *), void *arg)
{
    TRY t = { body, arg, take, handled, finally, outer_take, outer_handled };
    return way->guarded(&t);
}
static DWORD try_filter(DWORD (*body)(void *), void *arg, int (*filter)(EXCEPTION_POINTERS *, void *))
{
    TRY t = { body, arg, filter, handled, finally, outer_take, outer_handled };
    return way->guarded(&t);
}

/* Bodies. */
static DWORD value(void *arg)    { return (DWORD)(SIZE_T)arg; }
static DWORD read_at(void *arg)  { return load_word(arg); }
static DWORD write_at(void *arg) { store_word(arg, 5); return 1; }
static DWORD divide(void *arg)   { volatile int zero = 0; return (DWORD)(7 / zero + (int)(SIZE_T)arg); }
static DWORD stop_here(void *arg) { (void)arg; break_here(); return 33; }
static DWORD nothing_there(void *arg) { (void)arg; do_what_is_none(); return 34; }
static DWORD jump_to(void *arg)  { ((void (*)(void))(SIZE_T)arg)(); return 35; }
static DWORD raise_code(void *arg) { RaiseException((DWORD)(SIZE_T)arg, 0, 0, NULL); return 36; }
static DWORD raise_stop(void *arg) { RaiseException((DWORD)(SIZE_T)arg, 1, 0, NULL); return 37; }
static DWORD down(void *arg)
{
    volatile char room[200];
    room[0] = 1;
    return room[0] ? down(arg) + (DWORD)room[0] : 0;
}

/* ---- the rules ------------------------------------------------------------------------------------ */

static int no_exception(void)
{
    TRY t = { value, (void *)41, take, handled, finally, outer_take, outer_handled };
    CHECK(1, way->guarded(&t) == 41 && happened(""));
    CHECK(2, way->ended(&t) == 41 && happened("n"));
    CHECK(3, way->nested(&t) == 41 && happened("n"));
    /* Microsoft's compilers make return an abnormal end of a __try, clang a normal one. */
    CHECK(4, way->left(&t) == 41 && happened(way->on_return));
    CHECK(5, keeps_registers((DWORD (*)(void *))way->guarded, &t) && happened(""));
    CHECK(6, keeps_registers((DWORD (*)(void *))way->nested, &t) && happened("n"));
    CHECK(7, keeps_registers((DWORD (*)(void *))way->left, &t) && happened(way->on_return));
    return 0;
}

static const DWORD constant = 1;
static int access_violation(void)
{
    CHECK(1, try(read_at, NULL) == 100 && happened("fh"));
    CHECK(2, seen_code == STATUS_ACCESS_VIOLATION && seen.ExceptionCode == seen_code);
    CHECK(3, seen.ExceptionFlags == 0 && seen.ExceptionRecord == NULL && seen.NumberParameters == 2);
    CHECK(4, seen.ExceptionInformation[0] == 0 && seen.ExceptionInformation[1] == 0);
    CHECK(5, (DWORD)(SIZE_T)seen.ExceptionAddress == seen_pc);
    CHECK(6, seen_pc - (DWORD)(SIZE_T)load_word < 8);
    CHECK(7, try(write_at, (void *)0x10) == 100 && happened("fh"));
    CHECK(8, seen.ExceptionInformation[0] == 1 && seen.ExceptionInformation[1] == 0x10);
    CHECK(9, seen_pc - (DWORD)(SIZE_T)store_word < 12);
    CHECK(10, try(write_at, (void *)&constant) == 100 && happened("fh"));    /* not to be written */
    CHECK(11, seen_code == STATUS_ACCESS_VIOLATION && seen.ExceptionInformation[0] == 1);
    CHECK(12, try(jump_to, (void *)0x20) == 100 && happened("fh"));
    CHECK(13, seen_code == STATUS_ACCESS_VIOLATION && seen_pc == 0x20);
    /* In a function of the system's. */
    CHECK(14, try((DWORD (*)(void *))strlen, (void *)0x30) == 100 && happened("fh"));
    CHECK(15, seen_code == STATUS_ACCESS_VIOLATION && seen.ExceptionInformation[1] == 0x30);
    return 0;
}

static int other_faults(void)
{
    CHECK(1, try(divide, NULL) == 100 && happened("fh"));
    CHECK(2, seen_code == STATUS_INTEGER_DIVIDE_BY_ZERO && seen.NumberParameters == 0);
    CHECK(3, try(nothing_there, NULL) == 100 && happened("fh"));
    CHECK(4, seen_code == STATUS_ILLEGAL_INSTRUCTION && seen_pc == (DWORD)(SIZE_T)do_what_is_none);
    CHECK(5, try(stop_here, NULL) == 100 && happened("fh"));
    CHECK(6, seen_code == STATUS_BREAKPOINT && seen_pc == (DWORD)(SIZE_T)break_here);
#if !defined(__i386__)
    CHECK(7, try(read_at, (char *)&seen + 1) == 100 && happened("fh"));
    CHECK(8, seen_code == STATUS_DATATYPE_MISALIGNMENT);
#endif
    return 0;
}

#define STACK_SIZE_PARAM_IS_A_RESERVATION 0x10000UL

static DWORD deep_thread(void *arg)
{
    way = arg;
    if (try(down, NULL) != 100 || seen_code != STATUS_STACK_OVERFLOW)
        return 1;
    /* The thread goes on as before, with all of its stack. */
    return try(read_at, NULL) == 100 && seen_code == STATUS_ACCESS_VIOLATION ? 7 : 2;
}

static int stack_overflow(void)
{
    DWORD code = 0;
    HANDLE h = CreateThread(NULL, 0, deep_thread, (void *)way, 0, NULL);
    CHECK(1, WaitForSingleObject(h, 60000) == WAIT_OBJECT_0);
    CHECK(2, GetExitCodeThread(h, &code) && code == 7);
    CHECK(3, CloseHandle(h));
    CHECK(4, happened("fhfh"));
    return 0;
}

static DWORD raise_many(void *arg)
{
    DWORD words[20], i;
    for (i = 0; i < 20; i++)
        words[i] = 10 + i;
    RaiseException(0xE0001234UL, 0, (DWORD)(SIZE_T)arg, words);
    return 3;
}

static int raise_exception(void)
{
    CHECK(1, try(raise_many, (void *)3) == 100 && happened("fh") && seen_code == 0xE0001234UL);
    CHECK(2, seen.NumberParameters == 3 && seen.ExceptionInformation[0] == 10);
    CHECK(3, seen.ExceptionInformation[2] == 12 && seen.ExceptionFlags == 0);
    CHECK(4, try(raise_many, (void *)20) == 100 && happened("fh"));
    CHECK(5, seen.NumberParameters == 15 && seen.ExceptionInformation[14] == 24);
    CHECK(6, try(raise_stop, (void *)0xE0000001UL) == 100 && happened("fh"));
    CHECK(7, seen.ExceptionFlags == EXCEPTION_NONCONTINUABLE && seen.NumberParameters == 0);
    CHECK(8, try_filter(raise_code, (void *)0xE0000002UL, go_on) == 36 && happened("c"));
    return 0;
}

static DWORD cell;
static int repair(EXCEPTION_POINTERS *p, void *arg)
{
    (void)arg;
    mark('c');
    p->ContextRecord[RESULT] = (DWORD)(SIZE_T)&cell;
    return EXCEPTION_CONTINUE_EXECUTION;
}
static int step_over(EXCEPTION_POINTERS *p, void *arg)
{
    (void)arg;
    mark('c');
#if defined(__i386__)
    p->ContextRecord[PC] += 1;
#else
    p->ContextRecord[PC] += 4;
#endif
    return EXCEPTION_CONTINUE_EXECUTION;
}

static int filters(void)
{
    TRY t = { read_at, NULL, refuse, handled, finally, outer_take, outer_handled };
    CHECK(1, way->nested(&t) == 200 && happened("rFaH"));
    CHECK(2, seen_code == STATUS_ACCESS_VIOLATION);
    t.filter = take;
    CHECK(3, way->nested(&t) == 100 && happened("fhn"));
    cell = 77;
    CHECK(4, try_filter(read_at, NULL, repair) == 77 && happened("c"));
    CHECK(5, try_filter(stop_here, NULL, step_over) == 33 && happened("c"));
    t.filter = refuse;
    t.outer = repair;
    CHECK(6, way->nested(&t) == 77 && happened("rcn"));
    CHECK(7, keeps_registers((DWORD (*)(void *))way->nested, &t) && happened("rcn"));
    t.outer = outer_take;
    CHECK(8, keeps_registers((DWORD (*)(void *))way->nested, &t) && happened("rFaH"));
    CHECK(9, _XcptFilter(STATUS_ACCESS_VIOLATION, NULL) == EXCEPTION_CONTINUE_SEARCH);
    return 0;
}

static int stop_takes(EXCEPTION_POINTERS *p, void *arg)
{
    look(p);
    mark(seen.ExceptionCode == STATUS_NONCONTINUABLE ? 'N' : 'c');
    return seen.ExceptionCode == STATUS_NONCONTINUABLE ? 1 : go_on(p, arg);
}

static int noncontinuable(void)
{
    CHECK(1, try_filter(raise_stop, (void *)0xE0000003UL, stop_takes) == 100 && happened("ccNh"));
    CHECK(2, seen_code == STATUS_NONCONTINUABLE && seen.ExceptionFlags == EXCEPTION_NONCONTINUABLE);
    CHECK(3, seen.ExceptionRecord != NULL);
    return 0;
}

/* A try within a try of other functions. */
static DWORD inner_refuses(void *arg) { (void)arg; return try_filter(read_at, NULL, refuse) + 1; }
static DWORD inner_takes(void *arg)   { (void)arg; return try(read_at, NULL) + 1; }
static DWORD inner_ends(void *arg)
{
    TRY t = { read_at, NULL, take, handled, finally, outer_take, outer_handled };
    (void)arg;
    return way->ended(&t) + 1;
}

static int frames(void)
{
    TRY t = { inner_ends, NULL, refuse, handled, finally, outer_take, outer_handled };
    CHECK(1, try(inner_takes, NULL) == 101 && happened("fh"));
    CHECK(2, try(inner_refuses, NULL) == 100 && happened("rfh"));
    CHECK(3, try(inner_ends, NULL) == 100 && happened("fah"));
    CHECK(4, way->nested(&t) == 200 && happened("rFaaH"));
    CHECK(5, spoils_registers((DWORD (*)(void *))way->nested, &t) == 200 && happened("rFaaH"));
    CHECK(6, keeps_registers((DWORD (*)(void *))way->nested, &t) && happened("rFaaH"));
    return 0;
}

static DWORD spoil_and_read(void *arg) { return spoils_registers(read_at, arg); }

static int registers(void)
{
    TRY t = { spoil_and_read, NULL, take, handled, finally, outer_take, outer_handled };
    CHECK(1, keeps_registers((DWORD (*)(void *))way->guarded, &t) && happened("fh"));
    t.filter = refuse;
    CHECK(2, keeps_registers((DWORD (*)(void *))way->nested, &t) && happened("rFaH"));
    return 0;
}

/* Exceptions in filters, handlers and termination handlers. */
static int depth;
static int faulty_filter(EXCEPTION_POINTERS *p, void *arg)
{
    look(p);
    mark('x');
    if (p->ExceptionRecord->ExceptionCode == STATUS_ACCESS_VIOLATION && depth++ == 0)
        RaiseException(0xE0000010UL, 0, 0, arg);
    return EXCEPTION_CONTINUE_SEARCH;
}
static int caught_within(EXCEPTION_POINTERS *p, void *arg)
{
    DWORD code = p->ExceptionRecord->ExceptionCode, r;
    (void)arg;
    mark('(');
    r = try(raise_code, (void *)0xE0000011UL);
    mark(')');
    return r == 100 && p->ExceptionRecord->ExceptionCode == code;
}
static DWORD faulty_handler(DWORD code, void *arg) { (void)code; (void)arg; mark('y'); return load_word(NULL); }
static void faulty_finally(int abnormal, void *arg)
{
    (void)arg;
    mark(abnormal ? 'A' : 'N');
    RaiseException(0xE0000012UL, 0, 0, NULL);
}
static void trying_finally(int abnormal, void *arg)
{
    (void)arg;
    mark(abnormal ? '<' : '[');
    if (try(raise_code, (void *)0xE0000013UL) == 100)
        mark('>');
}
static DWORD through_faulty_finally(void *arg)
{
    TRY t = { read_at, NULL, take, handled, faulty_finally, outer_take, outer_handled };
    (void)arg;
    return way->ended(&t);
}
static DWORD through_normal_faulty_finally(void *arg)
{
    TRY t = { value, NULL, take, handled, faulty_finally, outer_take, outer_handled };
    (void)arg;
    return way->ended(&t);
}
static DWORD through_two(void *arg)
{
    TRY t = { through_faulty_finally, NULL, take, handled, finally, outer_take, outer_handled };
    (void)arg;
    return way->ended(&t);
}
static DWORD asks_nested(void *arg)
{
    TRY t = { read_at, NULL, refuse, handled, finally, faulty_filter, outer_handled };
    (void)arg;
    depth = 0;
    return way->nested(&t);
}
static int only_second(EXCEPTION_POINTERS *p, void *arg)
{
    (void)arg;
    look(p);
    mark(seen.ExceptionCode == 0xE0000012UL ? '2' : '1');
    return 1;
}

static int exceptions_in_handlers(void)
{
    TRY t = { read_at, NULL, caught_within, handled, finally, outer_take, outer_handled };
    CHECK(1, way->guarded(&t) == 100 && happened("(fh)h"));
    /* The second exception is in a filter of the first: the same scopes are asked again. */
    CHECK(2, try(asks_nested, NULL) == 100 && happened("rxrxfah") && seen_code == 0xE0000010UL);
    t.filter = take;
    t.handled = faulty_handler;
    CHECK(3, way->nested(&t) == 200 && happened("fyFaH") && seen_code == STATUS_ACCESS_VIOLATION);
    CHECK(4, seen_pc - (DWORD)(SIZE_T)load_word < 8);
    t.handled = handled;
    t.finally = trying_finally;
    t.filter = refuse;
    CHECK(5, way->nested(&t) == 200 && happened("rF<fh>H") && seen_code == STATUS_ACCESS_VIOLATION);
    t.body = value;
    CHECK(6, way->nested(&t) == 0 && happened("[fh>"));
    t.finally = faulty_finally;
    CHECK(7, way->nested(&t) == 200 && happened("NFH") && seen_code == 0xE0000012UL);
    return 0;
}

/* A second exception while frames are left for the first: its unwinding takes over, and what has run runs
 * no more. */
static int collided_unwinds(void)
{
    TRY t = { read_at, NULL, refuse, handled, faulty_finally, only_second, outer_handled };
    CHECK(1, way->nested(&t) == 200 && happened("r1A2H") && seen_code == 0xE0000012UL);
    CHECK(2, try_filter(through_faulty_finally, NULL, only_second) == 100 && happened("1A2h"));
    CHECK(3, try_filter(through_two, NULL, only_second) == 100 && happened("1A2ah"));
    CHECK(4, try_filter(through_normal_faulty_finally, NULL, only_second) == 100 && happened("N2h"));
    t.body = through_two;
    t.finally = finally;
    t.filter = refuse;
    CHECK(5, way->nested(&t) == 200 && happened("r1Ar2aaH"));
    CHECK(6, keeps_registers((DWORD (*)(void *))way->nested, &t) && happened("r1Ar2aaH"));
    return 0;
}

/* Functions of the system that call the program back. */
static int faulty_compare(const void *a, const void *b)
{
    (void)a; (void)b;
    mark('q');
    return (int)load_word(NULL);
}
static int trying_compare(const void *a, const void *b)
{
    try(read_at, NULL);
    return *(const int *)a - *(const int *)b;
}
static int spoiling_compare(const void *a, const void *b)
{
    (void)a; (void)b;
    return (int)spoils_registers(read_at, NULL);
}
static int repaired_compare(const void *a, const void *b)
{
    load_word(NULL);
    return *(const int *)a - *(const int *)b;
}
static DWORD sort_with(void *arg)
{
    int n[4] = { 3, 1, 2, 4 };
    qsort(n, 4, sizeof n[0], (int (*)(const void *, const void *))(SIZE_T)arg);
    return n[0] == 1 && n[1] == 2 && n[2] == 3 && n[3] == 4 ? 55 : 56;
}
static int nested_compare(const void *a, const void *b)
{
    (void)a; (void)b;
    return (int)sort_with((void *)(SIZE_T)faulty_compare);
}

static int callbacks(void)
{
    TRY t = { sort_with, (void *)(SIZE_T)spoiling_compare, refuse, handled, finally, outer_take, outer_handled };
    int i;
    CHECK(1, try(sort_with, (void *)(SIZE_T)faulty_compare) == 100 && happened("qfh"));
    CHECK(2, try(sort_with, (void *)(SIZE_T)trying_compare) == 55);
    steps = 0;
    CHECK(3, try_filter(sort_with, (void *)(SIZE_T)repaired_compare, repair) == 55);
    steps = 0;
    CHECK(4, keeps_registers((DWORD (*)(void *))way->nested, &t) && happened("rFaH"));
    for (i = 0; i < 2000; i++) {                /* nothing is left behind */
        CHECK(5, try(sort_with, (void *)(SIZE_T)nested_compare) == 100);
        steps = 0;
    }
    return 0;
}

static DWORD thread_body(void *arg) { way = arg; return try(read_at, NULL) + try(divide, NULL); }

static int threads(void)
{
    DWORD code = 0;
    HANDLE h = CreateThread(NULL, 0, thread_body, (void *)way, 0, NULL);
    CHECK(1, WaitForSingleObject(h, 10000) == WAIT_OBJECT_0 && GetExitCodeThread(h, &code));
    CHECK(2, code == 200 && CloseHandle(h) && happened("fhfh"));
    return 0;
}

static int env[16], env2[16];
static DWORD jump_in_fiber(void *arg) { longjmp(env2, (int)(SIZE_T)arg); return 0; }
static void *main_fiber;
static void fiber(void *arg)
{
    for (;;) {
        int got = setjmp(env2);
        if (got == 0) {
            TRY t = { jump_in_fiber, (void *)30, take, handled, finally, outer_take, outer_handled };
            way->ended(&t);
        }
        if (got == 30 && try(read_at, arg) == 100)
            mark('i');
        SwitchToFiber(main_fiber);
    }
}
static DWORD to_fiber(void *arg)
{
    SwitchToFiber(arg);
    return load_word(NULL);
}
static DWORD fiber_thread(void *arg)
{
    void *other;
    way = arg;
    main_fiber = ConvertThreadToFiber(NULL);
    other = CreateFiber(0, fiber, NULL);
    if (!main_fiber || !other || try(to_fiber, other) != 100 || !happened("afhifh"))
        return 1;
    if (try(to_fiber, other) != 100 || !happened("afhifh"))
        return 2;
    DeleteFiber(other);
    return 9;
}

static int fibers(void)
{
    DWORD code = 0;
    HANDLE h = CreateThread(NULL, 0, fiber_thread, (void *)way, 0, NULL);
    CHECK(1, WaitForSingleObject(h, 10000) == WAIT_OBJECT_0 && GetExitCodeThread(h, &code));
    CHECK(2, code == 9 && CloseHandle(h));
    return 0;
}

/* A library: its faults are handled here, faults here are handled there. */
static int libraries(void)
{
    HMODULE h = LoadLibraryW(L"faulty.dll");
    DWORD (*there)(DWORD (*)(void *), void *), (*guard)(DWORD (*)(void *), void *), (*attached)(void *);
    CHECK(1, h != NULL);
    there = GetProcAddressA(h, "call_there");
    guard = GetProcAddressA(h, "guard_there");
    attached = GetProcAddressA(h, "caught_at_attach");
    CHECK(2, there && guard && attached);
    CHECK(3, attached(NULL) == STATUS_ACCESS_VIOLATION);
    CHECK(4, guard(read_at, NULL) == STATUS_ACCESS_VIOLATION);
    CHECK(5, guard(value, (void *)3) == 3);
    CHECK(6, there(inner_takes, NULL) == 101 && happened("fh"));
    CHECK(7, try((DWORD (*)(void *))GetProcAddressA(h, "fault_there"), NULL) == 100 && happened("fh"));
    CHECK(8, FreeLibrary(h));
    return 0;
}

/* setjmp and longjmp. */
static DWORD jump(void *arg) { longjmp(env, (int)(SIZE_T)arg); return 0; }
static DWORD jump_twice(void *arg) { (void)arg; longjmp(env2, 21); return 0; }
static int jump_compare(const void *a, const void *b) { (void)a; (void)b; longjmp(env, 44); return 0; }

static DWORD jump_trying(void *arg)
{
    TRY t = { jump, arg, take, handled, trying_finally, outer_take, outer_handled };
    return way->ended(&t);
}
static DWORD jump_plainly(void *arg)
{
    int got = setjmp(env2);
    if (got == 0)
        longjmp(env2, (int)(SIZE_T)arg);
    return (DWORD)got;
}
static int jump_ended_compare(const void *a, const void *b)
{
    TRY t = { jump, (void *)44, take, handled, finally, outer_take, outer_handled };
    (void)a; (void)b;
    return (int)way->ended(&t);
}

static int jumps(void)
{
    volatile int count = 0;
    int got = setjmp(env);
    if (got == 0) {
        count++;
        jump((void *)17);
    }
    CHECK(1, got == 17 && count == 1);
    got = setjmp(env);
    if (got == 0)
        spoils_registers(jump, NULL);
    CHECK(2, got == 1);                                         /* 0 becomes 1 */
    got = setjmp(env);
    if (got == 0)
        jump((void *)-3);
    CHECK(3, got == -3);
    got = setjmp(env);
    if (got == 0)
        qsort(trail, 4, 1, jump_compare);
    CHECK(4, got == 44);
    count = 0;
    got = setjmp(env2);
    if (got < 0)
        count = 100;
    if (got == 0 || count++ < 5)
        jump_twice(NULL);
    CHECK(5, got == 21 && count == 6);
    /* Out of a __try: its scope is no more. */
    got = setjmp(env);
    if (got == 0)
        try(jump, (void *)5);
    CHECK(6, got == 5 && happened(""));
    CHECK(7, try(read_at, NULL) == 100 && happened("fh"));
    got = setjmp(env);
    if (got == 0) {
        TRY t = { jump, (void *)6, take, handled, finally, outer_take, outer_handled };
        way->ended(&t);
    }
    CHECK(8, got == 6 && happened("a"));
    got = setjmp(env);
    if (got == 0) {
        TRY t = { jump, (void *)7, take, handled, finally, outer_take, outer_handled };
        way->nested(&t);
    }
    CHECK(9, got == 7 && happened("a"));
    /* One frame after the other, and while a termination handler runs those further out are whole. */
    got = setjmp(env);
    if (got == 0) {
        TRY t = { jump_trying, (void *)8, take, handled, finally, outer_take, outer_handled };
        way->ended(&t);
    }
    CHECK(10, got == 8 && happened("<fh>a"));
    got = setjmp(env);
    if (got == 0) {
        TRY t = { sort_with, (void *)(SIZE_T)jump_ended_compare, take, handled, finally, outer_take, outer_handled };
        way->ended(&t);
    }
    CHECK(11, got == 44 && happened("aa"));                     /* through a function of the system's */
    CHECK(12, try(read_at, NULL) == 100 && happened("fh"));
    {                                                           /* not beyond its goal */
        TRY t = { jump_plainly, (void *)15, take, handled, finally, outer_take, outer_handled };
        CHECK(13, way->ended(&t) == 15 && happened("n"));
    }
    return 0;
}

static int jumping_filter(EXCEPTION_POINTERS *p, void *arg) { (void)p; (void)arg; mark('j'); longjmp(env, 9); }
static void jumping_finally(int abnormal, void *arg) { (void)arg; mark(abnormal ? 'J' : 'j'); longjmp(env, 10); }

static int jumps_out_of_handlers(void)
{
    TRY t = { read_at, NULL, jumping_filter, handled, finally, outer_take, outer_handled };
    int got = setjmp(env);
    if (got == 0)
        way->guarded(&t);
    CHECK(1, got == 9 && happened("j"));
    t.filter = refuse;
    t.finally = jumping_finally;
    got = setjmp(env);
    if (got == 0)
        way->nested(&t);
    CHECK(2, got == 10 && happened("rFJ"));
    CHECK(3, try(read_at, NULL) == 100 && happened("fh"));
    return 0;
}

/* To a frame with a __try of its own: its scopes that setjmp is in are not left. */
static DWORD jump_in_try(void *arg)
{
    TRY t = { jump, (void *)12, take, handled, finally, outer_take, outer_handled };
    (void)arg;
    mark('t');
    return way->ended(&t);
}
static DWORD jump_by_name(void *arg) { longjmp(arg, 13); return 0; }
static DWORD fault_then_jump(void *arg)
{
    TRY t = { read_at, NULL, jumping_filter, handled, finally, outer_take, outer_handled };
    (void)arg;
    return way->nested(&t);
}
static int jumps_with_scopes(void)
{
    TRY t = { jump_in_try, env, take, handled, finally, outer_take, outer_handled };
    /* The frame in between, then the inner scope of the frame itself; its outer one ends as it should. */
    CHECK(1, way->jumped(&t) == 12 && happened("taan"));
    CHECK(2, keeps_registers((DWORD (*)(void *))way->jumped, &t) && happened("taan"));
    t.body = jump_by_name;
    CHECK(3, way->jumped(&t) == 13 && happened("an"));
    /* Out of a filter: all between what had happened and the jump's goal is left. */
    t.body = fault_then_jump;
    CHECK(4, way->jumped(&t) == 9 && happened("jaan"));
    t.finally = trying_finally;
    t.body = jump_by_name;
    CHECK(5, way->jumped(&t) == 13 && happened("<fh>[fh>"));
    return 0;
}

/* From one stack to another: who is on the first may go on there, so nobody is told. */
static DWORD other_stack[1024];
static int jumps_between_stacks(void)
{
    int got = setjmp(env);
    if (got == 0)
        on_stack(other_stack + 1000, jump_trying, (void *)14);
    CHECK(1, got == 14 && happened(""));
    CHECK(2, try(read_at, NULL) == 100 && happened("fh"));
    return 0;
}

#if !defined(__i386__)
/* Where a frame cannot be walked through, nobody beyond it is told. */
static DWORD jump_unlisted(void *arg)
{
    TRY t = { jump, arg, take, handled, finally, outer_take, outer_handled };
    return unlisted((DWORD (*)(void *))way->ended, &t);
}
static int jumps_without_tables(void)
{
    int got = setjmp(env);
    if (got == 0)
        unlisted(jump, (void *)3);
    CHECK(1, got == 3);
    got = setjmp(env);
    if (got == 0) {
        TRY t = { jump_unlisted, (void *)4, take, handled, finally, outer_take, outer_handled };
        way->ended(&t);
    }
    CHECK(2, got == 4 && happened("a"));
    CHECK(3, try(read_at, NULL) == 100 && happened("fh"));
    return 0;
}
#endif

#if defined(__i386__)
/* A program's own registration. */
static DWORD *own_frame;
static int watching(EXCEPTION_RECORD *r, DWORD *frame, DWORD *context, void *dispatcher)
{
    (void)dispatcher; (void)context;
    if (frame != own_frame)
        mark('!');
    mark(r->ExceptionFlags & EXCEPTION_UNWINDING ? 'u' : 's');
    return 1;
}
static int repairing(EXCEPTION_RECORD *r, DWORD *frame, DWORD *context, void *dispatcher)
{
    (void)dispatcher; (void)frame; (void)r;
    mark('c');
    context[RESULT] = (DWORD)(SIZE_T)&cell;
    return 0;
}
static int refusing(EXCEPTION_RECORD *r, DWORD *frame, DWORD *context, void *dispatcher)
{
    (void)r; (void)frame; (void)context; (void)dispatcher;
    return 1;
}
static int senseless(EXCEPTION_RECORD *r, DWORD *frame, DWORD *context, void *dispatcher)
{
    (void)dispatcher; (void)frame; (void)context;
    if (r->ExceptionCode == STATUS_INVALID_DISPOSITION)
        return 1;
    mark('?');
    return 7;
}
static DWORD read_watched(void *arg)
{
    own_frame = first_frame();
    return load_word(arg);
}
static DWORD watched(void *arg)   { return with_handler(watching, read_watched, arg); }
static DWORD repaired(void *arg)  { return with_handler(repairing, read_at, arg); }
static DWORD misguided(void *arg) { return with_handler(senseless, read_at, arg); }
static DWORD jump_watched(void *arg) { own_frame = first_frame(); return jump(arg); }

static int own_registrations(void)
{
    DWORD *before = first_frame();
    int got;
    CHECK(1, try(watched, NULL) == 100 && happened("sfuh") && first_frame() == before);
    CHECK(2, repaired(NULL) == 77 && happened("c"));
    CHECK(3, try(misguided, NULL) == 100 && happened("?fh") && seen_code == STATUS_INVALID_DISPOSITION);
    CHECK(4, seen.ExceptionFlags == EXCEPTION_NONCONTINUABLE && first_frame() == before);
    got = setjmp(env);
    if (got == 0)
        with_handler(watching, jump_watched, (void *)13);
    CHECK(5, got == 13 && happened("u") && first_frame() == before);
    return 0;
}
#endif

/* A library's entry point: nothing gets out of it but its return, so that the loader goes on. */
static DWORD jump_within(void *arg)
{
    int got = setjmp(env);
    if (got == 0) {
        TRY t = { jump, arg, take, handled, finally, outer_take, outer_handled };
        way->ended(&t);
    }
    mark(got == 6 ? 'w' : '!');
    return 0;
}
static DWORD jump_refused(void *arg) { mark(try(jump, arg) == 100 ? 'o' : '!'); return 0; }
/* Loads the library, and gives it back with this to do. */
static int unload_doing(DWORD (*body)(void *), void *arg)
{
    HMODULE h = LoadLibraryW(L"faulty.dll");
    void (*at_detach)(DWORD (*)(void *), void *) = h ? (void (*)(DWORD (*)(void *), void *))GetProcAddressA(h, "at_detach") : NULL;
    if (!at_detach)
        return 0;
    at_detach(body, arg);
    return FreeLibrary(h);
}
static DWORD unload_in_thread(void *arg) { return (DWORD)unload_doing(value, arg); }

static int entry_points(void)
{
    DWORD code = 0;
    HANDLE thread;
    int got;
    CHECK(1, unload_doing(jump_within, (void *)6) && happened("aw"));
    got = setjmp(env);
    CHECK(2, got == 0);
    CHECK(3, unload_doing(jump_refused, (void *)8) && happened("fho"));
    CHECK(4, seen_code == STATUS_INVALID_UNWIND_TARGET && seen.ExceptionFlags == EXCEPTION_NONCONTINUABLE);
    thread = CreateThread(NULL, 0, unload_in_thread, NULL, 0, NULL);
    CHECK(5, WaitForSingleObject(thread, 10000) == WAIT_OBJECT_0 && GetExitCodeThread(thread, &code) && code == TRUE);
    CHECK(6, CloseHandle(thread));
    return 0;
}

/* What nobody handles ends its process, and no other. */
static int same(const WCHAR *a, const WCHAR *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

static DWORD child(const WCHAR *word)
{
    PROCESS_INFORMATION pi;
    WCHAR path[64];
    DWORD code = 1;
    if (!GetModuleFileNameW(NULL, path, 64) || !CreateProcessW(path, word, NULL, NULL, 0, 0, NULL, NULL, NULL, &pi))
        return 2;
    if (WaitForSingleObject(pi.hProcess, 60000) != WAIT_OBJECT_0 || !GetExitCodeProcess(pi.hProcess, &code))
        return 3;
    CloseHandle(pi.hProcess);
    CloseHandle(pi.hThread);
    return code;
}

static int unhandled(void)
{
    CHECK(1, child(L"die-reading") == STATUS_ACCESS_VIOLATION);
    CHECK(2, child(L"die-raising") == 0xE0000042UL);
    CHECK(3, child(L"die-refused") == STATUS_ACCESS_VIOLATION);
    CHECK(4, child(L"die-in-thread") == 0xE0000043UL);
    CHECK(5, child(L"die-in-dll") == STATUS_ACCESS_VIOLATION);
    CHECK(6, child(L"die-deep") == STATUS_STACK_OVERFLOW);
    CHECK(7, child(L"die-in-filters") == STATUS_STACK_OVERFLOW);
    CHECK(8, child(L"die-in-many-filters") == STATUS_ACCESS_VIOLATION);
    CHECK(9, child(L"die-in-large-frames") == STATUS_STACK_OVERFLOW);
    CHECK(10, child(L"die-at-detach") == STATUS_ACCESS_VIOLATION);
    CHECK(11, child(L"die-jumping") == STATUS_INVALID_UNWIND_TARGET);
    CHECK(12, child(L"die-resumed") == STATUS_INVALID_UNWIND_TARGET);
#if defined(__i386__)
    /* Cookies: of buffers, of the frame, and as the program finds. */
    CHECK(20, child(L"die-buffer-cookie") == STATUS_STACK_BUFFER_OVERRUN);
    CHECK(21, child(L"die-frame-cookie") == STATUS_STACK_BUFFER_OVERRUN);
    CHECK(23, child(L"die-gsfailure") == STATUS_STACK_BUFFER_OVERRUN);
    /* Registrations that cannot be: nobody there is asked. */
    CHECK(24, child(L"die-chain-circle") == STATUS_ACCESS_VIOLATION);
    CHECK(25, child(L"die-chain-down") == STATUS_ACCESS_VIOLATION);
    CHECK(26, child(L"die-chain-odd") == STATUS_ACCESS_VIOLATION);
    CHECK(27, child(L"die-chain-elsewhere") == STATUS_ACCESS_VIOLATION);
    CHECK(28, child(L"die-chain-nowhere") == STATUS_ACCESS_VIOLATION);
    CHECK(32, child(L"die-chain-below") == STATUS_ACCESS_VIOLATION);
    CHECK(33, child(L"die-chain-above") == STATUS_ACCESS_VIOLATION);
    CHECK(29, child(L"die-no-handler") == STATUS_STACK_OVERFLOW);
    CHECK(30, child(L"die-no-scopes") == STATUS_STACK_OVERFLOW);
    CHECK(31, child(L"die-scope-circle") == STATUS_ACCESS_VIOLATION);
#else
    CHECK(40, child(L"die-unlisted") == STATUS_ACCESS_VIOLATION);
    CHECK(41, child(L"die-no-handler") == STATUS_STACK_OVERFLOW);
    CHECK(42, child(L"die-no-scopes") == STATUS_STACK_OVERFLOW);
    CHECK(43, child(L"die-in-circle") == STATUS_ACCESS_VIOLATION);
#endif
    return 0;
}

static DWORD dies(void *arg) { return raise_code(arg); }
static DWORD unload_reading(void *arg) { return (DWORD)unload_doing(read_at, arg); }
static DWORD unload_jumping(void *arg) { return setjmp(env) ? 98 : (DWORD)unload_doing(jump, arg); }
/* Out of an entry point by a filter that changes the CONTEXT. */
static DWORD outside;
static void landed(void)
{
    Sleep(1);
    TerminateProcess(CURRENT_PROCESS, 97);
}
static int resume_outside(EXCEPTION_POINTERS *p, void *arg)
{
    DWORD to = (DWORD)(SIZE_T)landed;
    (void)arg;
#if !defined(__i386__)
    p->ContextRecord[PSR] = (p->ContextRecord[PSR] & ~0x20UL) | (to & 1) << 5;
    to &= ~1UL;
#endif
    p->ContextRecord[PC] = to;
    p->ContextRecord[SP] = outside;
    return EXCEPTION_CONTINUE_EXECUTION;
}
static DWORD read_and_resume(void *arg) { return try_filter(read_at, arg, resume_outside); }
static DWORD unload_resuming(void)
{
    volatile DWORD room[64];
    outside = (DWORD)(SIZE_T)&room[32] & ~7UL;
    room[0] = (DWORD)unload_doing(read_and_resume, NULL);
    return room[0];
}
static DWORD load_crashing(void *arg) { return LoadLibraryW(arg) != NULL; }
static int endless_filter(EXCEPTION_POINTERS *p, void *arg) { (void)p; (void)arg; return (int)load_word(NULL); }
static DWORD filter_thread(void *arg) { return try_filter(read_at, arg, endless_filter); }
#if defined(__i386__)
/* Spoils the frame of the __try around it, a word below or above its registration, then faults. */
static struct { int place; DWORD kept, bits; } spoilt;
static DWORD spoil(void *arg)
{
    DWORD *word = first_frame() + spoilt.place;
    *word = (*word & spoilt.kept) ^ spoilt.bits;
    return load_word(arg);
}
static int spoil_frame(const WAY *of, int place, DWORD kept, DWORD bits)
{
    spoilt.place = place;
    spoilt.kept = kept;
    spoilt.bits = bits;
    way = of;
    return (int)try(spoil, NULL);
}
static DWORD elsewhere[2] = { 0xFFFFFFFFUL, (DWORD)(SIZE_T)repairing };
static DWORD circle[3];                                 /* a scope that lies in itself */
static int read_with_frame(DWORD *frame)
{
    frame[0] = 0xFFFFFFFFUL;
    frame[1] = (DWORD)(SIZE_T)repairing;
    set_first_frame(frame);
    return load_word(NULL) == cell ? 96 : 95;
}
static DWORD lend_stack(void *place)
{
    DWORD room[16];
    *(DWORD *volatile *)place = room;
    Sleep(INFINITE);
    return room[0];
}
static int spoil_scopes(const WCHAR *word)
{
    DWORD room[8] = { 0 };
    if (same(word, L"die-buffer-cookie"))
        return spoil_frame(&ways[1], -9, ~0UL, 1);
    if (same(word, L"die-frame-cookie"))
        return spoil_frame(&ways[1], -8, ~0UL, 0x80000000UL);
    if (same(word, L"die-gsfailure"))
        __report_gsfailure();
    if (same(word, L"die-no-scopes"))
        return spoil_frame(&ways[0], 2, 0, 0x70000000UL);
    if (same(word, L"die-scope-circle"))
        return spoil_frame(&ways[0], 2, 0, (DWORD)(SIZE_T)circle);
    room[0] = 0xFFFFFFFFUL;
    room[1] = (DWORD)(SIZE_T)repairing;
    room[3] = (DWORD)(SIZE_T)refusing;
    if (same(word, L"die-chain-circle"))
        room[2] = (DWORD)(SIZE_T)&room[2];
    if (same(word, L"die-chain-down"))
        room[2] = (DWORD)(SIZE_T)&room[0];
    if (same(word, L"die-chain-odd")) {
        room[2] = (DWORD)(SIZE_T)&room[4] + 2;
        *(DWORD *)(void *)((char *)&room[5] + 2) = (DWORD)(SIZE_T)repairing;
    }
    if (same(word, L"die-chain-elsewhere"))
        room[2] = (DWORD)(SIZE_T)elsewhere;
    if (same(word, L"die-chain-nowhere"))
        room[2] = 0x70000000UL;
    if (same(word, L"die-no-handler")) {
        room[2] = 0xFFFFFFFFUL;
        room[3] = 0x70000000UL;
    }
    if (same(word, L"die-chain-below"))                         /* whoever was there has gone */
        return read_with_frame((DWORD *)(void *)((char *)room - 0x2000));
    if (same(word, L"die-chain-above")) {                       /* in the stack of another thread */
        DWORD *volatile lent = NULL;
        CreateThread(NULL, 0, lend_stack, (void *)&lent, 0, NULL);
        Sleep(1);
        return lent > room ? read_with_frame(lent) : 94;
    }
    set_first_frame(&room[2]);
    return load_word(NULL) == cell ? 96 : 95;
}
#endif
#if !defined(__i386__)
static DWORD read_unlisted(void *arg) { return unlisted(read_at, arg) + 1; }
#endif
static int die(const WCHAR *word)
{
    TRY t = { read_at, NULL, refuse, handled, finally, refuse, handled };
    if (same(word, L"die-reading"))
        read_at(NULL);
    if (same(word, L"die-raising"))
        dies((void *)0xE0000042UL);
    if (same(word, L"die-refused"))
        way->nested(&t);
    if (same(word, L"die-in-thread"))
        WaitForSingleObject(CreateThread(NULL, 0, dies, (void *)0xE0000043UL, 0, NULL), INFINITE);
    if (same(word, L"die-in-dll"))
        try(load_crashing, (void *)L"crashing.dll");
    if (same(word, L"die-at-detach"))
        try(unload_reading, NULL);
    if (same(word, L"die-jumping"))
        try(unload_jumping, (void *)5);
    if (same(word, L"die-resumed"))
        unload_resuming();
    if (same(word, L"die-deep"))
        down(NULL);
    if (same(word, L"die-in-large-frames"))
        eats_stack();
    if (same(word, L"die-in-filters"))
        try_filter(read_at, NULL, endless_filter);
    if (same(word, L"die-in-many-filters"))             /* with more stack than the system can use up */
        WaitForSingleObject(CreateThread(NULL, 0x100000, filter_thread, NULL, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL), INFINITE);
#if defined(__i386__)
    return spoil_scopes(word);
#else
    if (same(word, L"die-unlisted"))
        try(read_unlisted, NULL);
    if (same(word, L"die-no-handler"))
        return (int)no_handler(read_at, NULL);
    if (same(word, L"die-no-scopes"))
        return (int)no_scopes(read_at, NULL);
    if (same(word, L"die-in-circle"))
        in_circle();
    return 99;
#endif
}

static const struct { const WCHAR *name; int (*run)(void); } rules[] = {
    { L"no_exception", no_exception },
    { L"access_violation", access_violation },
    { L"other_faults", other_faults },
    { L"stack_overflow", stack_overflow },
    { L"raise_exception", raise_exception },
    { L"filters", filters },
    { L"noncontinuable", noncontinuable },
    { L"frames", frames },
    { L"registers", registers },
    { L"exceptions_in_handlers", exceptions_in_handlers },
    { L"collided_unwinds", collided_unwinds },
    { L"callbacks", callbacks },
    { L"threads", threads },
    { L"fibers", fibers },
    { L"libraries", libraries },
    { L"jumps", jumps },
    { L"jumps_out_of_handlers", jumps_out_of_handlers },
    { L"jumps_with_scopes", jumps_with_scopes },
    { L"jumps_between_stacks", jumps_between_stacks },
#if defined(__i386__)
    { L"own_registrations", own_registrations },
#else
    { L"jumps_without_tables", jumps_without_tables },
#endif
    { L"entry_points", entry_points },
    { L"unhandled", unhandled },
};
#define RULES (sizeof rules / sizeof rules[0])

int GuestMain(HINSTANCE inst, const WCHAR *cmdline)
{
    int failed = 0;
    SIZE_T i, w;
    (void)inst;
    if (cmdline[0] == 'd' && cmdline[1] == 'i')
        return die(cmdline);
    for (w = 0; w < WAYS; w++)
        for (i = 0; i < RULES; i++) {
            int number;
            if (cmdline[0] && !same(cmdline, rules[i].name))
                continue;
            way = &ways[w];
            steps = 0;
            trail[0] = 0;
            number = rules[i].run();
            if (number) {
                NKDbgPrintfW(L"exceptions: %s as %s: check %d, code %x\r\n", rules[i].name, way->name, number, seen_code);
                failed = (int)i + 1;
            }
        }
    if (!failed)
        NKDbgPrintfW(L"exceptions: ok\r\n");
    return failed;
}

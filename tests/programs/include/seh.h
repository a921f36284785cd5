/* seh.h - structured exceptions, as the guests use them: the published records, and functions with __try in
 * each way in which a compiler writes them. */
#ifndef GUEST_SEH_H
#define GUEST_SEH_H

#include "ce.h"

typedef struct EXCEPTION_RECORD {
    DWORD ExceptionCode;
    DWORD ExceptionFlags;
    struct EXCEPTION_RECORD *ExceptionRecord;
    void *ExceptionAddress;
    DWORD NumberParameters;
    DWORD ExceptionInformation[15];
} EXCEPTION_RECORD;

typedef struct {
    EXCEPTION_RECORD *ExceptionRecord;
    DWORD *ContextRecord;               /* by words */
} EXCEPTION_POINTERS;

#define EXCEPTION_EXECUTE_HANDLER      1
#define EXCEPTION_CONTINUE_SEARCH      0
#define EXCEPTION_CONTINUE_EXECUTION (-1)
#define EXCEPTION_NONCONTINUABLE       1UL
#define EXCEPTION_UNWINDING            2UL
#define STATUS_DATATYPE_MISALIGNMENT   0x80000002UL
#define STATUS_BREAKPOINT              0x80000003UL
#define STATUS_ACCESS_VIOLATION        0xC0000005UL
#define STATUS_ILLEGAL_INSTRUCTION     0xC000001DUL
#define STATUS_NONCONTINUABLE          0xC0000025UL
#define STATUS_INVALID_DISPOSITION     0xC0000026UL
#define STATUS_INVALID_UNWIND_TARGET   0xC0000029UL
#define STATUS_INTEGER_DIVIDE_BY_ZERO  0xC0000094UL
#define STATUS_STACK_OVERFLOW          0xC00000FDUL
#define STATUS_STACK_BUFFER_OVERRUN    0xC0000409UL

/* Words of a CONTEXT: pc, sp, and the register of a function's first argument or of its result. */
#if defined(__i386__)
#define PC 46
#define SP 49
#define RESULT 44
#else
#define PC 16
#define SP 14
#define PSR 17
#define RESULT 1
#endif

/* What a function with __try is to do. The assembly knows its layout. */
typedef struct {
    DWORD (*body)(void *arg);                                   /*  0 */
    void *arg;                                                  /*  4 */
    int (*filter)(EXCEPTION_POINTERS *p, void *arg);            /*  8 */
    DWORD (*handled)(DWORD code, void *arg);                    /* 12 */
    void (*finally)(int abnormal, void *arg);                   /* 16 */
    int (*outer)(EXCEPTION_POINTERS *p, void *arg);             /* 20 */
    DWORD (*outer_handled)(DWORD code, void *arg);              /* 24 */
} TRY;

typedef DWORD TRIES(const TRY *t);

/* Each way has four functions:
 *   guarded: __try { return body(); } __except (filter()) { return handled(); }
 *   ended:   __try { r = body(); } __finally { finally(); } return r;
 *   nested:  __try { __try { __try { r = body(); } __except (filter()) { r = handled(); } }
 *                    __finally { finally(); } } __except (outer()) { r = outer_handled(); } return r;
 *   left:    __try { return body(); } __finally { finally(); }
 *   jumped:  __try { r = setjmp(arg); if (!r) { __try { body(arg); } __finally { finally(); } } }
 *            __finally { finally(); } return r;
 */
typedef struct {
    const WCHAR *name;
    TRIES *guarded, *ended, *nested, *left, *jumped;
    const char *on_return;              /* what left's termination handler marks */
} WAY;

/* Leaves without a frame of their own: their addresses are known to the bit. */
DWORD load_word(const DWORD *p);
void  store_word(DWORD *p, DWORD value);
void  break_here(void);
void  do_what_is_none(void);
DWORD on_stack(void *top, DWORD (*body)(void *), void *arg);    /* calls a function on a stack of the program's */
void  eats_stack(void);                /* in steps that are larger than what is left below a stack */
/* Calls a function with callee-saved registers full of a pattern; whether it is there afterwards. */
int   keeps_registers(DWORD (*body)(void *), void *arg);
/* The same, but full of another pattern and with no care for what is there afterwards. */
DWORD spoils_registers(DWORD (*body)(void *), void *arg);

#if defined(__i386__)
TRIES guarded_eh3, ended_eh3, nested_eh3, left_eh3;             /* a frame as compilers write it */
TRIES guarded_eh4, ended_eh4, nested_eh4, left_eh4;             /* the same with cookies */
TRIES guarded_prolog, ended_prolog, nested_prolog, left_prolog; /* by _SEH_prolog and _SEH_epilog */
TRIES guarded_clang, ended_clang, nested_clang, left_clang;     /* by this compiler */
#define GUARDED guarded_eh3
/* A registration of a program's own at fs:0 around a function. */
typedef int HANDLER(EXCEPTION_RECORD *r, DWORD *frame, DWORD *context, void *dispatcher);
DWORD with_handler(HANDLER *handler, DWORD (*body)(void *), void *arg);
DWORD *first_frame(void);               /* what fs:0 holds */
void   set_first_frame(DWORD *frame);
void   __report_gsfailure(void);
/* With _setjmp3 as compilers write it in functions with __try. */
TRIES jumped;
int    _setjmp3(int *env, int count, ...) __attribute__((returns_twice));
#define setjmp(env) _setjmp3((env), 0)
#else
TRIES guarded_arm, ended_arm, nested_arm, left_arm, jumped_arm;
TRIES guarded_thumb, ended_thumb, nested_thumb, left_thumb, jumped_thumb;
/* Calls a function, and has no line in the function table, as functions of other compilers. */
DWORD unlisted(DWORD (*body)(void *), void *arg);
/* Call a function, and have a handler that is nowhere, or scopes that are nowhere. */
DWORD no_handler(DWORD (*body)(void *), void *arg);
DWORD no_scopes(DWORD (*body)(void *), void *arg);
void  in_circle(void);                 /* faults, and seems to have been called by itself */
#if defined(__thumb__)
#define GUARDED guarded_thumb
#else
#define GUARDED guarded_arm
#endif
int    setjmp(int *env) __attribute__((returns_twice));
#endif
void   longjmp(int *env, int value) __attribute__((noreturn));
int    _XcptFilter(DWORD code, EXCEPTION_POINTERS *p);

#endif

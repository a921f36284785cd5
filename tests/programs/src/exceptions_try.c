/* exceptions_try.c - functions with __try as this compiler writes them (x86 only: for ARM it cannot). */
#include "seh.h"

#if defined(__i386__)
unsigned long _exception_code(void);
void *_exception_info(void);
int   _abnormal_termination(void);

DWORD guarded_clang(const TRY *t)
{
    __try {
        return t->body(t->arg);
    } __except (t->filter(_exception_info(), t->arg)) {
        return t->handled(_exception_code(), t->arg);
    }
}

DWORD ended_clang(const TRY *t)
{
    DWORD r;
    __try {
        r = t->body(t->arg);
    } __finally {
        t->finally(_abnormal_termination(), t->arg);
    }
    return r;
}

DWORD nested_clang(const TRY *t)
{
    DWORD r;
    __try {
        __try {
            __try {
                r = t->body(t->arg);
            } __except (t->filter(_exception_info(), t->arg)) {
                r = t->handled(_exception_code(), t->arg);
            }
        } __finally {
            t->finally(_abnormal_termination(), t->arg);
        }
    } __except (t->outer(_exception_info(), t->arg)) {
        r = t->outer_handled(_exception_code(), t->arg);
    }
    return r;
}

DWORD left_clang(const TRY *t)
{
    __try {
        return t->body(t->arg);
    } __finally {
        t->finally(_abnormal_termination(), t->arg);
    }
}
#endif

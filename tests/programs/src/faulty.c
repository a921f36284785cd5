/* faulty.dll - faults, and handles faults. Built again with CRASHING: its entry point faults, and nobody in it
 * handles that. */
#include "seh.h"

static DWORD at_attach;

static int take(EXCEPTION_POINTERS *p, void *arg) { (void)p; (void)arg; return EXCEPTION_EXECUTE_HANDLER; }
static DWORD tell(DWORD code, void *arg) { (void)arg; return code; }
static DWORD read_at(void *arg) { return load_word(arg); }

DWORD call_there(DWORD (*body)(void *), void *arg) { return body(arg) + 0; }
DWORD fault_there(void *arg) { return read_at(arg) + 1; }
DWORD caught_at_attach(void *arg) { (void)arg; return at_attach; }
DWORD guard_there(DWORD (*body)(void *), void *arg)
{
    TRY t = { body, arg, take, tell, NULL, NULL, NULL };
    return GUARDED(&t);
}

/* What the entry point is to do when the library goes. */
static DWORD (*last_body)(void *);
static void *last_arg;
void at_detach(DWORD (*body)(void *), void *arg) { last_body = body; last_arg = arg; }

BOOL DllMain(HANDLE module, DWORD reason, void *reserved)
{
    (void)module; (void)reserved;
#ifdef CRASHING
    return (BOOL)load_word((void *)(SIZE_T)(reason - 1));
#else
    if (reason == 1)
        at_attach = guard_there(read_at, NULL);
    if (reason == 0 && last_body)
        last_body(last_arg);
    return TRUE;
#endif
}

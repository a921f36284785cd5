/* third.dll - is loaded by LoadLibrary only. Built again with other switches: REFUSE, does not want to be
 * loaded; BROKEN, imports what first.dll does not export. */
#include "ce.h"

#ifdef BROKEN
int third_value(void) { return no_such_function(); }
#else
int third_value(void) { return 33 + second_value(); }
#endif

BOOL DllMain(HANDLE module, DWORD reason, void *reserved)
{
    (void)module;
    record(300 + (int)reason * 10 + (reserved != NULL));
#ifdef REFUSE
    return FALSE;
#else
    if (reason == 1)
        return DisableThreadLibraryCalls(module);
    return TRUE;
#endif
}

/* second.dll - is imported by first.dll and imports from it. */
#include "ce.h"

int second_value(void) { return 21; }

BOOL DllMain(HANDLE module, DWORD reason, void *reserved)
{
    (void)module;
    record(200 + (int)reason * 10 + (reserved != NULL));
    return TRUE;
}

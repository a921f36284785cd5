/* first.dll - keeps a record of what entry points are told, and imports from
 * second.dll, which imports from it: a cycle. */
#include "ce.h"

int shared_number = 17;                 /* exported data */
static int record_of[64], records;

int record(int what)                    /* returns its place */
{
    if (records < 64)
        record_of[records] = what;
    return records++;
}

int recorded(int place) { return place < records ? record_of[place] : -1; }
int next_number(void) { return ++shared_number; }
int twice_second(void) { return 2 * second_value(); }

BOOL DllMain(HANDLE module, DWORD reason, void *reserved)
{
    (void)module;
    record(100 + (int)reason * 10 + (reserved != NULL));
    return TRUE;
}

/* Processes that have libraries (ipc/PR): starter.dll. */
#include "conform.h"

HANDLE starter_ran(void);
DWORD starter_during(void);

void cases(void)
{
    CASE("ipc/PR-041", "ms885182") {
        IS(starter_during(), TMO);
        IS(wait(starter_ran()), OBJ0);
    }
}

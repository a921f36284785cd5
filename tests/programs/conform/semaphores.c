/* Semaphores (sync/SM). */
#include "conform.h"

void cases(void)
{
    HANDLE h;
    LONG p = 77;
    struct task *a, *b, *c;

    CASE("sync/SM-001", "ms885184") { HOLDS((h = semaphore(0, 1))); IS(error, 0); IS(poll(h), TMO); }
    CASE("sync/SM-002", "ms885184") { h = semaphore(3, 5); IS(poll(h), OBJ0); IS(poll(h), OBJ0); IS(poll(h), OBJ0); IS(poll(h), TMO); }
    CASE("sync/SM-003", "ms886798") {
        h = semaphore(0, 5);
        HOLDS(ReleaseSemaphore(h, 2, &p));
        IS(p, 0);
        IS(poll(h), OBJ0);
        IS(poll(h), OBJ0);
        IS(poll(h), TMO);
    }
    CASE("sync/SM-004", "ms886798") { h = semaphore(1, 5); HOLDS(ReleaseSemaphore(h, 3, &p)); IS(p, 1); }
    CASE("sync/SM-005", "ms886798") {
        h = semaphore(4, 5);
        GIVES(ReleaseSemaphore(h, 2, &p), FALSE, ERROR_TOO_MANY_POSTS);
        HOLDS(ReleaseSemaphore(h, 1, &p));
        IS(p, 4);
    }
    CASE("sync/SM-006", "SQ-06") { h = semaphore(4, 5); IS(ReleaseSemaphore(h, 2, &p), FALSE); IS(p, 77); }
    CASE("sync/SM-007", "ms886798") { h = semaphore(4, 5); HOLDS(ReleaseSemaphore(h, 1, NULL)); IS(ReleaseSemaphore(h, 1, NULL), FALSE); }
    CASE("sync/SM-009", "ms886798") { h = semaphore(1, 5); GIVES(ReleaseSemaphore(h, 0, &p), FALSE, ERROR_INVALID_PARAMETER); IS(p, 77); }
    CASE("sync/SM-010", "ms886798") { h = semaphore(1, 5); GIVES(ReleaseSemaphore(h, -1, NULL), FALSE, ERROR_INVALID_PARAMETER); }
    CASE("sync/SM-011", "SQ-06") {
        h = semaphore(1, 0x7fffffff);
        GIVES(ReleaseSemaphore(h, 0x7fffffff, NULL), FALSE, ERROR_TOO_MANY_POSTS);
    }
    CASE("sync/SM-012", "ms885184") GIVES(CreateSemaphoreW(NULL, 0, 0, NULL), NULL, ERROR_INVALID_PARAMETER);
    CASE("sync/SM-013", "ms885184") GIVES(CreateSemaphoreW(NULL, -1, 5, NULL), NULL, ERROR_INVALID_PARAMETER);
    CASE("sync/SM-014", "ms885184") GIVES(CreateSemaphoreW(NULL, 6, 5, NULL), NULL, ERROR_INVALID_PARAMETER);
    CASE("sync/SM-015", "ms885184") GIVES(CreateSemaphoreW(NULL, 0, -1, NULL), NULL, ERROR_INVALID_PARAMETER);
    CASE("sync/SM-018", "ms886798") {
        h = semaphore(0, 5);
        a = waiter(251, h), b = waiter(251, h), c = waiter(251, h);
        HOLDS(ReleaseSemaphore(h, 2, &p));
        IS(p, 0);
        settle();
        IS((a->result == OBJ0) + (b->result == OBJ0) + (c->result == OBJ0), 2);
        IS(poll(h), TMO);
    }
    CASE("sync/SM-020", "SQ-06") {
        h = semaphore(0, 1);
        a = waiter(251, h);
        GIVES(ReleaseSemaphore(h, 2, NULL), FALSE, ERROR_TOO_MANY_POSTS);
        settle();
        IS(a->result, BLOCKED);
    }
    CASE("sync/SM-021", "SQ-13") {
        h = semaphore(0, 5);
        a = waiter(251, h), b = waiter(100, h);
        ReleaseSemaphore(h, 1, NULL);
        settle();
        IS(b->result, OBJ0);
        IS(a->result, BLOCKED);
    }
    CASE("sync/SM-023", "ms886798") { h = semaphore(1, 1); IS(wait(h), OBJ0); HOLDS(OTHER(ReleaseSemaphore, h, 1, NULL)); }
    CASE("sync/SM-025", "ms885184") {
        CreateSemaphoreW(NULL, 2, 9, L"S");
        HOLDS((h = CreateSemaphoreW(NULL, 0, 1, L"S")));
        IS(error, ERROR_ALREADY_EXISTS);
        IS(poll(h), OBJ0);
        IS(poll(h), OBJ0);
        IS(poll(h), TMO);
        HOLDS(ReleaseSemaphore(h, 9, NULL));
        IS(ReleaseSemaphore(h, 1, NULL), FALSE);
    }
    CASE("sync/SM-027", "sync §1.3") { h = closed_handle(); GIVES(ReleaseSemaphore(h, 1, &p), FALSE, ERROR_INVALID_HANDLE); IS(p, 77); }
    CASE("sync/SM-028", "sync §1.3") { h = free_mutex(); GIVES(ReleaseSemaphore(h, 1, NULL), FALSE, ERROR_INVALID_HANDLE); }
    CASE("sync/SM-030", "[P] cegcc gthr-win32") HOLDS(CreateSemaphoreW(NULL, 0, 65535, NULL) != NULL);
    CASE("sync/SM-032", "SQ-12") { h = semaphore(0, 1); KEEPS(ReleaseSemaphore(h, 1, NULL), TRUE); }
}

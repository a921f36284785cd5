/* Events (sync/EV) and OpenEvent (sync/OE). */
#include "conform.h"

/* How many of two or three waiters have been released, and none otherwise. */
static int released(struct task *a, struct task *b, struct task *c)
{
    return (a->result == OBJ0) + (b->result == OBJ0) + (c && c->result == OBJ0);
}

void cases(void)
{
    HANDLE h, h2, pair[2];
    struct task *a, *b, *c;
    struct child *p2;
    WCHAR name[8];
    int i;

    CASE("sync/EV-001", "ee488008") HOLDS(CreateEventW(NULL, FALSE, FALSE, NULL) != NULL);
    CASE("sync/EV-002", "SQ-12") { HOLDS(CreateEventW(NULL, FALSE, FALSE, NULL)); IS(error, 0); }
    CASE("sync/EV-003", "ee488008") IS(poll(CreateEventW(NULL, TRUE, TRUE, NULL)), OBJ0);
    CASE("sync/EV-004", "ee488008") { h = CreateEventW(NULL, TRUE, TRUE, NULL); for (i = 0; i < 3; i++) IS(poll(h), OBJ0); }
    CASE("sync/EV-005", "ee488008") { h = CreateEventW(NULL, FALSE, TRUE, NULL); IS(poll(h), OBJ0); IS(poll(h), TMO); }
    CASE("sync/EV-006", "ee488762") { h = auto_event(); KEEPS(poll(h), TMO); }
    CASE("sync/EV-007", "ee488008") { h = CreateEventW(NULL, 2, 5, NULL); IS(poll(h), OBJ0); IS(poll(h), OBJ0); }
    CASE("sync/EV-009", "ee488785") {
        h = auto_event();
        for (i = 0; i < 3; i++) HOLDS(SetEvent(h));
        IS(poll(h), OBJ0);
        IS(poll(h), TMO);
    }
    CASE("sync/EV-012", "ms886800") {
        h = manual_event();
        for (i = 0; i < 3; i++) SetEvent(h);
        HOLDS(ResetEvent(h));
        IS(poll(h), TMO);
    }
    CASE("sync/EV-016", "ee488785") {
        h = manual_event();
        a = waiter(251, h), b = waiter(251, h), c = waiter(251, h);
        IS(released(a, b, c), 0);
        SetEvent(h);
        settle();
        IS(released(a, b, c), 3);
        IS(poll(h), OBJ0);
    }
    CASE("sync/EV-017", "ee488785") {
        h = auto_event();
        a = waiter(251, h), b = waiter(251, h), c = waiter(251, h);
        SetEvent(h);
        settle();
        IS(released(a, b, c), 1);
        IS((a->result == BLOCKED) + (b->result == BLOCKED) + (c->result == BLOCKED), 2);
        IS(poll(h), TMO);
    }
    CASE("sync/EV-019", "bb202763") {
        h = manual_event();
        a = waiter(251, h), b = waiter(251, h);
        PulseEvent(h);
        settle();
        IS(released(a, b, NULL), 2);
        IS(poll(h), TMO);
    }
    CASE("sync/EV-020", "bb202763") {
        h = auto_event();
        a = waiter(251, h), b = waiter(251, h);
        PulseEvent(h);
        settle();
        IS(released(a, b, NULL), 1);
        IS(poll(h), TMO);
    }
    CASE("sync/EV-023", "bb202763") { h = manual_event(); PulseEvent(h); IS(OTHER(WaitForSingleObject, h, 10), TMO); }
    CASE("sync/EV-024", "bb202763") {
        pair[0] = auto_event(), pair[1] = manual_event();
        a = STAYER(251, WaitForMultipleObjects, 2, pair, FALSE, INFINITE);
        settle();
        PulseEvent(pair[1]);
        settle();
        IS(a->result, OBJ0 + 1);
    }
    CASE("sync/EV-025", "SQ-13") {
        h = auto_event();
        a = waiter(200, h), b = waiter(100, h);
        SetEvent(h);
        settle();
        IS(b->result, OBJ0);
        IS(a->result, BLOCKED);
    }
    CASE("sync/EV-028", "ee482789") { h = auto_event(); a = waiter(100, h); SetEvent(h); IS(a->result, OBJ0); }
    CASE("sync/EV-030", "ms886800") GIVES(SetEvent(NULL), FALSE, ERROR_INVALID_HANDLE);
    CASE("sync/EV-031", "ms886800") { h = closed_handle(); GIVES(ResetEvent(h), FALSE, ERROR_INVALID_HANDLE); }
    CASE("sync/EV-032", "sync §1.3") { h = closed_handle(); GIVES(PulseEvent(h), FALSE, ERROR_INVALID_HANDLE); }
    CASE("sync/EV-033", "SQ-15") {
        h = CreateMutexW(NULL, TRUE, NULL);
        GIVES(SetEvent(h), FALSE, ERROR_INVALID_HANDLE);
        IS(OTHER(poll, h), TMO);
    }
    CASE("sync/EV-034", "sync §1.3") GIVES(SetEvent(INVALID_HANDLE_VALUE), FALSE, ERROR_INVALID_HANDLE);
    CASE("sync/EV-035", "kfuncs.h") {
        h = manual_event();
        HOLDS(EventModify(h, 3));
        IS(poll(h), OBJ0);
        HOLDS(EventModify(h, 2));
        IS(poll(h), TMO);
        a = waiter(251, h);
        HOLDS(EventModify(h, 1));
        IS(poll(h), TMO);
        settle();
        IS(a->result, OBJ0);
    }
    CASE("sync/EV-036", "SQ-15") {
        h = manual_event();
        GIVES(EventModify(h, 0), FALSE, ERROR_INVALID_PARAMETER);
        GIVES(EventModify(h, 4), FALSE, ERROR_INVALID_PARAMETER);
        IS(poll(h), TMO);
    }
    CASE("sync/EV-037", "SQ-12") { h = auto_event(); KEEPS(SetEvent(h), TRUE); KEEPS(ResetEvent(h), TRUE); KEEPS(PulseEvent(h), TRUE); }
    CASE("sync/EV-038", "aa909014") {
        h = named_event(L"E");
        p2 = child();
        a = waiter(251, h);
        h2 = (HANDLE)REMOTE(p2, OpenEventW, EVENT_ALL_ACCESS, FALSE, L"E");
        IS(a->result, BLOCKED);
        HOLDS(REMOTE(p2, EventModify, h2, EVENT_SET));
        settle();
        IS(a->result, OBJ0);
    }
    CASE("sync/EV-039", "bb202793") {
        p2 = child();
        for (i = 0; i < 8; i++) h = auto_event();       /* a value that nobody has there */
        IS(REMOTE(p2, EventModify, h, EVENT_SET), FALSE);
        IS(p2->error, ERROR_INVALID_HANDLE);
        IS(poll(h), TMO);
    }
    CASE("sync/EV-040", "SQ-22") IS(poll(CreateEventW((void *)0x2000dead, FALSE, TRUE, NULL)), OBJ0);
    CASE("sync/EV-041", "sync §2.4") { h = auto_event(); GIVES(GetEventData(h), 0, 0); }
    CASE("sync/EV-042", "ee482792") { h = auto_event(); IS(SetEventData(h, 0x1234), TRUE); IS(GetEventData(h), 0x1234); }
    CASE("sync/EV-044", "sync §2.4") {
        h = auto_event();
        SetEventData(h, 7);
        SetEvent(h);
        IS(poll(h), OBJ0);
        ResetEvent(h);
        PulseEvent(h);
        IS(GetEventData(h), 7);
    }
    CASE("sync/EV-047", "ms885619") { h = auto_event(); SetEventData(h, 0); GIVES(GetEventData(h), 0, 0); }
    CASE("sync/EV-048", "ms885619") { h = closed_handle(); GIVES(GetEventData(h), 0, ERROR_INVALID_HANDLE); }
    CASE("sync/EV-049", "ee482792") { h = closed_handle(); GIVES(SetEventData(h, 1), FALSE, ERROR_INVALID_HANDLE); }
    CASE_UNDER("sync/EV-050", "SQ-16", "event-data=privileged") { h = auto_event(); GIVES(SetEventData(h, 1), FALSE, ERROR_ACCESS_DENIED); }
    CASE("sync/EV-053", "SQ-23") {
        h = auto_event();
        a = waiter(251, h);
        IS(SuspendThread(a->thread), 0);
        SetEvent(h);
        settle();
        IS(a->result, BLOCKED);
        IS(poll(h), TMO);
        IS(ResumeThread(a->thread), 1);
        settle();
        IS(a->result, OBJ0);
    }
    CASE("sync/OE-001", "ee488185") { named_event(L"E"); HOLDS(OpenEventW(EVENT_ALL_ACCESS, FALSE, L"E") != NULL); }
    CASE("sync/OE-004", "SQ-09") GIVES(OpenEventW(EVENT_ALL_ACCESS, FALSE, L"E"), NULL, ERROR_FILE_NOT_FOUND);
    CASE("sync/OE-005", "aa909014") {
        CreateMutexW(NULL, FALSE, L"E");
        GIVES(OpenEventW(EVENT_ALL_ACCESS, FALSE, L"E"), NULL, ERROR_FILE_NOT_FOUND);
    }
    CASE("sync/OE-006", "kfuncs.h") GIVES(OpenEventW(EVENT_ALL_ACCESS, FALSE, NULL), NULL, ERROR_INVALID_PARAMETER);
    CASE("sync/OE-008", "ee488185") { auto_event(); GIVES(OpenEventW(EVENT_ALL_ACCESS, FALSE, L""), NULL, ERROR_FILE_NOT_FOUND); }
    CASE("sync/OE-009", "ee488185") { named_event(L"E"); GIVES(OpenEventW(EVENT_ALL_ACCESS, TRUE, L"E"), NULL, ERROR_INVALID_PARAMETER); }
    CASE("sync/OE-010", "ee488185") { named_event(L"E"); GIVES(OpenEventW(2, FALSE, L"E"), NULL, ERROR_INVALID_PARAMETER); }
    CASE("sync/OE-012", "ee488185") {
        CloseHandle(named_event(L"E"));
        GIVES(OpenEventW(EVENT_ALL_ACCESS, FALSE, L"E"), NULL, ERROR_FILE_NOT_FOUND);
    }
    CASE("sync/OE-013", "ee488185") {
        h = named_event(L"E");
        p2 = child();
        h2 = (HANDLE)REMOTE(p2, OpenEventW, EVENT_ALL_ACCESS, FALSE, L"E");
        CloseHandle(h);
        h = OpenEventW(EVENT_ALL_ACCESS, FALSE, L"E");
        HOLDS(REMOTE(p2, EventModify, h2, EVENT_SET));
        IS(poll(h), OBJ0);
    }
    CASE("sync/OE-014", "bb202793") {
        h = CreateEventW(NULL, FALSE, FALSE, fill(name, 3));
        HOLDS(OpenEventW(EVENT_ALL_ACCESS, FALSE, name) != h);
    }
}

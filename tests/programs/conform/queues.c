/* Message queues (ipc/MQ). */
#include "conform.h"

#define ALLOW_BROKEN MSGQUEUE_ALLOW_BROKEN
static BYTE buffer[32];
static DWORD got, flags;
static WCHAR name[270];

/* An end of a queue, for messages of 16 bytes at most. */
static HANDLE end_of(const WCHAR *of, DWORD how, DWORD messages, BOOL reads)
{
    MSGQUEUEOPTIONS o;
    o.dwSize = 20, o.dwFlags = how, o.dwMaxMessages = messages, o.cbMaxMessage = 16, o.bReadAccess = reads;
    return CreateMsgQueue(of, &o);
}

static HANDLE from, to;
static void pair(DWORD how, DWORD messages)
{
    from = end_of(L"Q", how, messages, TRUE);
    to = end_of(L"Q", how, messages, FALSE);
}

static BOOL send(const char *message, DWORD n) { return WriteMsgQueue(to, message, n, 0, 0); }
static BOOL alert(const char *message, DWORD n) { return WriteMsgQueue(to, message, n, 0, MSGQUEUE_MSGALERT); }
static BOOL receive(DWORD ms) { got = flags = 0xdead; return ReadMsgQueue(from, buffer, 16, &got, ms, &flags); }
/* Receives one byte, and says which. */
static char next(void) { return receive(0) && got == 1 ? buffer[0] : 0; }

static MSGQUEUEINFO info;
static BOOL ask(HANDLE h, DWORD size) { info.dwSize = size; return GetMsgQueueInfo(h, &info); }

void cases(void)
{
    HANDLE h, h2, both[2];
    MSGQUEUEOPTIONS o = { 20, 0, 4, 16, TRUE };
    DWORD t;
    struct task *a, *b;
    struct child *p2;
    int i;

    CASE("ipc/MQ-001", "ee488163") { HOLDS(CreateMsgQueue(L"Q", &o)); IS(error, 0); }
    CASE("ipc/MQ-002", "ee488163") {
        h = CreateMsgQueue(L"Q", &o);
        HOLDS((h2 = CreateMsgQueue(L"Q", &o)));
        IS(error, ERROR_ALREADY_EXISTS);
        HOLDS(h != h2);
    }
    CASE("ipc/MQ-003", "ee488163") { o.dwFlags = 4; GIVES(CreateMsgQueue(L"Q", &o), NULL, ERROR_INVALID_PARAMETER); }
    CASE("ipc/MQ-004", "ee488163") { o.dwFlags = 3; HOLDS(CreateMsgQueue(L"Q", &o)); }
    CASE("ipc/MQ-005", "ee488171") { o.cbMaxMessage = 0; GIVES(CreateMsgQueue(L"Q", &o), NULL, ERROR_INVALID_PARAMETER); }
    CASE("ipc/MQ-006", "ee488163") {
        HOLDS(CreateMsgQueue(fill(name, 257), &o));
        GIVES(CreateMsgQueue(fill(name, 258), &o), NULL, ERROR_INVALID_PARAMETER);
    }
    CASE("ipc/MQ-008", "inference") {
        GIVES(CreateMsgQueue(L"Q", NULL), NULL, ERROR_INVALID_PARAMETER);
        GIVES(CreateMsgQueue(L"Q", (MSGQUEUEOPTIONS *)0x20000000), NULL, ERROR_INVALID_PARAMETER);
    }
    CASE("ipc/MQ-009", "OQ-31") { o.dwSize = 0; GIVES(CreateMsgQueue(L"Q", &o), NULL, ERROR_INVALID_PARAMETER); }
    CASE("ipc/MQ-010", "ee482776") { h = named_event(L"Q"); pair(0, 4); HOLDS(send("x", 1)); IS(poll(h), TMO); IS(next(), 'x'); }
    CASE("ipc/MQ-011", "ee488163") { pair(0, 4); end_of(L"Q", 0, 9, TRUE); HOLDS(ask(from, 28)); IS(info.dwMaxMessages, 4); }
    CASE("ipc/MQ-014", "ee488410") {
        pair(0, 4);
        HOLDS(send("abc", 3));
        HOLDS(receive(0));
        IS(got, 3);
        IS(flags, 0);
        HOLDS(buffer[0] == 'a' && buffer[1] == 'b' && buffer[2] == 'c' && buffer[3] == 0);
    }
    CASE("ipc/MQ-015", "ee482757") {
        pair(0, 4);
        send("1", 1), send("2", 1), send("3", 1);
        IS(next(), '1');
        IS(next(), '2');
        IS(next(), '3');
    }
    CASE("ipc/MQ-017", "wait order") {
        pair(0, 4);
        a = STAYER(252, receive, INFINITE);
        settle();
        b = STAYER(250, receive, INFINITE);
        settle();
        send("x", 1);
        settle();
        IS(b->result, TRUE);
        IS(a->result, BLOCKED);
    }
    CASE("ipc/MQ-018", "ee488410") { pair(0, 4); t = GetTickCount(); GIVES(receive(0), FALSE, ERROR_TIMEOUT); IS(GetTickCount(), t); }
    CASE("ipc/MQ-019", "ee488410") {
        pair(0, 4);
        t = GetTickCount();
        GIVES(receive(50), FALSE, ERROR_TIMEOUT);
        HOLDS(GetTickCount() - t >= 50);
    }
    CASE("ipc/MQ-021", "ee488786") { pair(0, 2); send("1", 1), send("2", 1); GIVES(send("3", 1), FALSE, ERROR_TIMEOUT); }
    CASE("ipc/MQ-022", "ee488786") {
        pair(0, 1);
        send("1", 1);
        a = STAYER(251, WriteMsgQueue, to, "2", 1, INFINITE, 0);
        settle();
        IS(a->result, BLOCKED);
        IS(next(), '1');
        settle();
        IS(a->result, TRUE);
        IS(next(), '2');
    }
    CASE("ipc/MQ-024", "ee488171") { pair(0, 0); for (i = 0; i < 1000; i++) HOLDS(send("x", 1)); }
    CASE("ipc/MQ-025", "aa450991") {
        pair(0, 4);
        GIVES(send("seventeen letters", 17), FALSE, ERROR_INSUFFICIENT_BUFFER);
        IS(receive(0), FALSE);
    }
    CASE("ipc/MQ-027", "ee488786") {
        pair(0, 4);
        GIVES(send("x", 0), FALSE, ERROR_INVALID_PARAMETER);
        GIVES(send(NULL, 1), FALSE, ERROR_INVALID_PARAMETER);
        GIVES(send((char *)0x20000000, 4), FALSE, ERROR_INVALID_PARAMETER);
        IS(receive(0), FALSE);
    }
    CASE("ipc/MQ-028", "ee488410") {
        pair(0, 4);
        send("x", 1);
        GIVES(ReadMsgQueue(from, NULL, 16, &got, 0, &flags), FALSE, ERROR_INVALID_PARAMETER);
        GIVES(ReadMsgQueue(from, buffer, 0, &got, 0, &flags), FALSE, ERROR_INVALID_PARAMETER);
        GIVES(ReadMsgQueue(from, buffer, 16, NULL, 0, &flags), FALSE, ERROR_INVALID_PARAMETER);
        GIVES(ReadMsgQueue(from, (void *)0x20000000, 16, &got, 0, &flags), FALSE, ERROR_INVALID_PARAMETER);
        IS(next(), 'x');
    }
    CASE("ipc/MQ-029", "ee488410") {
        pair(0, 4);
        send("0123456789", 10);
        buffer[4] = 0x55;
        GIVES(ReadMsgQueue(from, buffer, 4, &got, 0, &flags), FALSE, ERROR_INSUFFICIENT_BUFFER);
        HOLDS(buffer[0] == '0' && buffer[3] == '3' && buffer[4] == 0x55);
        GIVES(receive(0), FALSE, ERROR_TIMEOUT);
    }
    CASE("ipc/MQ-030", "OQ-34") { pair(0, 4); to = from; GIVES(send("x", 1), FALSE, ERROR_INVALID_HANDLE); }
    CASE("ipc/MQ-031", "OQ-34") { pair(0, 4); from = to; GIVES(receive(0), FALSE, ERROR_INVALID_HANDLE); }
    CASE("ipc/MQ-032", "ee488786") { to = end_of(L"Q", 0, 4, FALSE); GIVES(send("x", 1), FALSE, ERROR_PIPE_NOT_CONNECTED); }
    CASE("ipc/MQ-033", "ee488171") {
        to = end_of(L"Q", ALLOW_BROKEN, 4, FALSE);
        HOLDS(send("x", 1));
        from = end_of(L"Q", ALLOW_BROKEN, 4, TRUE);
        IS(next(), 'x');
    }
    CASE("ipc/MQ-034", "ee488410") { from = end_of(L"Q", 0, 4, TRUE); GIVES(receive(0), FALSE, ERROR_PIPE_NOT_CONNECTED); }
    CASE("ipc/MQ-035", "ee488171") { from = end_of(L"Q", ALLOW_BROKEN, 4, TRUE); GIVES(receive(0), FALSE, ERROR_TIMEOUT); }
    CASE("ipc/MQ-036", "ee488410") {
        pair(0, 4);
        a = STAYER(251, receive, INFINITE);
        settle();
        HOLDS(CloseMsgQueue(to));
        settle();
        IS(a->result, FALSE);
        IS(a->error, ERROR_PIPE_NOT_CONNECTED);
    }
    CASE("ipc/MQ-037", "ee488786") {
        pair(0, 1);
        send("1", 1);
        a = STAYER(251, WriteMsgQueue, to, "2", 1, INFINITE, 0);
        settle();
        HOLDS(CloseMsgQueue(from));
        settle();
        IS(a->result, FALSE);
        IS(a->error, ERROR_PIPE_NOT_CONNECTED);
    }
    CASE("ipc/MQ-040", "ee488410") {
        from = end_of(L"Q", 0, 4, TRUE);
        p2 = child();
        HOLDS(REMOTE(p2, end_of, L"Q", 0, 4, FALSE));
        a = STAYER(251, receive, INFINITE);
        settle();
        IS(a->result, BLOCKED);
        TerminateProcess(p2->pi.hProcess, 0);
        settle();
        IS(a->result, FALSE);
        IS(a->error, ERROR_PIPE_NOT_CONNECTED);
    }
    CASE("ipc/MQ-042", "ee488786") {
        pair(0, 4);
        send("1", 1), send("2", 1), alert("A", 1);
        IS(next(), 'A');
        IS(flags, MSGQUEUE_MSGALERT);
        IS(next(), '1');
        IS(flags, 0);
        IS(next(), '2');
    }
    CASE("ipc/MQ-047", "ee488163") {
        pair(0, 4);
        IS(poll(from), TMO);
        send("x", 1);
        IS(poll(from), OBJ0);
        IS(poll(from), OBJ0);
        IS(next(), 'x');
        IS(poll(from), TMO);
    }
    CASE("ipc/MQ-048", "ee488163") { pair(0, 1); IS(poll(to), OBJ0); send("x", 1); IS(poll(to), TMO); IS(next(), 'x'); IS(poll(to), OBJ0); }
    CASE("ipc/MQ-050", "ee488163") {
        pair(0, 4);
        both[0] = auto_event(), both[1] = from;
        send("x", 1);
        IS(wait_any(2, both, INFINITE), OBJ0 + 1);
        SetEvent(both[0]);
        IS(wait_any(2, both, INFINITE), OBJ0);
    }
    CASE("ipc/MQ-052", "ee487993") {
        pair(0, 4);
        end_of(L"Q", 0, 4, FALSE);
        for (i = 0; i < 4; i++) send("x", 1);
        next();
        HOLDS(ask(from, 28));
        IS(info.dwFlags, 0);
        IS(info.dwMaxMessages, 4);
        IS(info.cbMaxMessage, 16);
        IS(info.dwCurrentMessages, 3);
        IS(info.dwMaxQueueMessages, 4);
        IS(info.wNumReaders, 1);
        IS(info.wNumWriters, 2);
    }
    CASE("ipc/MQ-053", "OQ-42") { pair(0, 4); HOLDS(ask(from, 28)); IS(ask(from, 4), FALSE); }
    CASE("ipc/MQ-055", "ee488036") {
        static MSGQUEUEOPTIONS reads = { 20, 0, 0, 0, TRUE };
        pair(0, 4);
        p2 = child();
        h = (HANDLE)REMOTE(p2, OpenProcess, 0, FALSE, process_id());
        h2 = (HANDLE)REMOTE(p2, OpenMsgQueue, h, from, &reads);
        HOLDS(h2 != NULL);
        IS(p2->error, ERROR_ALREADY_EXISTS);
        send("x", 1);
        HOLDS(REMOTE(p2, ReadMsgQueue, h2, buffer, 16, &got, 0, &flags));
        IS(receive(0), FALSE);
    }
    CASE("ipc/MQ-058", "ee488036") {
        IS(OpenMsgQueue(CURRENT_PROCESS, closed_handle(), &o), NULL);
        pair(0, 4);
        IS(OpenMsgQueue(closed_handle(), from, &o), NULL);
    }
    CASE("ipc/MQ-059", "ee488163") {
        pair(0, 4);
        HOLDS(CloseMsgQueue(to));
        HOLDS(CloseHandle(from));
        GIVES(CloseMsgQueue(from), FALSE, ERROR_INVALID_HANDLE);
    }
    CASE("ipc/MQ-064", "ee488391") {
        pair(0, 4);
        send("x", 1);
        HOLDS(ReadMsgQueueEx(from, buffer, 16, &got, 0, &flags, NULL));
        IS(buffer[0], 'x');
        GIVES(ReadMsgQueueEx(from, buffer, 16, &got, 0, &flags, NULL), FALSE, ERROR_TIMEOUT);
    }
    CASE("ipc/MQ-065", "inference") { pair(0, 4); CloseHandle(from); GIVES(receive(0), FALSE, ERROR_INVALID_HANDLE); }
}

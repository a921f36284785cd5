-- Waits for messages (sync/MW). QS_ALLINPUT is 0xff, WM_APP 0x8000.

-- sync/MW-002 ms931461
local h = CreateEvent(nil, false, true, nil)
is(MsgWaitForMultipleObjectsEx({ h }, INFINITE, 0xff, 0), OBJ0)
is(poll(h), TMO)

-- sync/MW-003 ms931461
local a, b, me = auto_event(), auto_event(), GetCurrentThreadId()
thread(251, function() Sleep(10) PostThreadMessage(me, 0x8000, 0, 0) end)
is(MsgWaitForMultipleObjectsEx({ a, b }, INFINITE, 0xff, 0), OBJ0 + 2)

-- sync/MW-006 ms931461
local h = auto_event()
PostThreadMessage(GetCurrentThreadId(), 0x8000, 0, 0)
is(MsgWaitForMultipleObjectsEx({ h }, 20, 1, 0), TMO)

-- sync/MW-012 ms931461
is(MsgWaitForMultipleObjectsEx({ auto_event() }, 0, 0xff, 0), TMO)

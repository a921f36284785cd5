-- Single and multiple waits (sync/WT).

-- sync/WT-003 ee482948
local h = auto_event()
local t = GetTickCount()
is(WaitForSingleObject(h, 50), TMO)
t = GetTickCount() - t
check(t >= 50 and t <= 51, t)

-- sync/WT-013 aa450988
gives(function() return WaitForSingleObject(0x12345678, INFINITE) end, FAIL, ERROR_INVALID_HANDLE)

-- sync/WT-031 aa915354
local a, b = CreateEvent(nil, false, true, nil), CreateEvent(nil, false, true, nil)
is(WaitForMultipleObjects({ a, b }, false, INFINITE), OBJ0)
is(poll(b), OBJ0)

-- sync/WT-036 SQ-02
local a, b = CreateEvent(nil, false, true, nil), CreateEvent(nil, false, true, nil)
gives(function() return WaitForMultipleObjects({ a, b }, true, INFINITE) end, FAIL, ERROR_INVALID_PARAMETER)
is(poll(a), OBJ0)
is(poll(b), OBJ0)

-- sync/WT-040 aa915354
local many = {}
for place = 1, 65 do many[place] = CreateEvent(nil, true, true, nil) end
gives(function() return WaitForMultipleObjects(many, false, INFINITE) end, FAIL, ERROR_INVALID_PARAMETER)
many[65] = nil
is(WaitForMultipleObjects(many, false, INFINITE), OBJ0)

-- sync/WT-042 SQ-04
local a, bad = CreateEvent(nil, false, true, nil), auto_event()
CloseHandle(bad)
gives(function() return WaitForMultipleObjects({ a, bad }, false, INFINITE) end, FAIL, ERROR_INVALID_HANDLE)
is(poll(a), OBJ0)

-- sync/WT-060 ms885155
local h = auto_event()
local a, b = waiter(200, h), waiter(210, h)
check(CeSetThreadPriority(b.thread, 150))
SetEvent(h)
Sleep(1)
is(a.result, nil)
is(b.result, OBJ0)

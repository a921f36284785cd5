-- Events (sync/EV) and OpenEvent (sync/OE).

-- sync/EV-005 ee488008
local h = CreateEvent(nil, false, true, nil)
is(poll(h), OBJ0)
is(poll(h), TMO)

-- sync/EV-009 ee488785
local h = auto_event()
for _ = 1, 3 do SetEvent(h) end
is(poll(h), OBJ0)
is(poll(h), TMO)

-- sync/EV-016 ee488785
local h = manual_event()
local a, b, c = waiter(251, h), waiter(251, h), waiter(251, h)
is(a.result, nil)
SetEvent(h)
Sleep(1)
for _, task in ipairs { a, b, c } do is(task.result, OBJ0) end
is(poll(h), OBJ0)

-- sync/EV-020 bb202763
local h = auto_event()
local a, b = waiter(251, h), waiter(251, h)
PulseEvent(h)
Sleep(1)
check((a.result == OBJ0) ~= (b.result == OBJ0), "exactly one is released")
is(poll(h), TMO)

-- sync/EV-025 SQ-13
local h = auto_event()
local a, b = waiter(200, h), waiter(100, h)
SetEvent(h)
Sleep(1)
is(b.result, OBJ0)
is(a.result, nil)

-- sync/EV-031 ms886800
local h = auto_event()
CloseHandle(h)
gives(function() return ResetEvent(h) end, false, ERROR_INVALID_HANDLE)

-- sync/EV-037 SQ-12
local h = auto_event()
gives(function() return SetEvent(h) end, true)
gives(function() return ResetEvent(h) end, true)
gives(function() return PulseEvent(h) end, true)

-- sync/EV-038 aa909014
process("P1", function()
  local h = CreateEvent(nil, false, false, "E")
  start "P2"
  is(wait(h), OBJ0)
end)
image("P2", function()
  local h = OpenEvent(EVENT_ALL_ACCESS, false, "E")
  Sleep(10)
  check(SetEvent(h))
end)

-- sync/EV-042 ee482792
local h = auto_event()
check(SetEventData(h, 0x1234))
is(GetEventData(h), 0x1234)

-- sync/EV-050 SQ-16 event-data=privileged
local h = auto_event()
gives(function() return SetEventData(h, 1) end, false, 5)

-- sync/OE-004 SQ-09
gives(function() return OpenEvent(EVENT_ALL_ACCESS, false, "E") end, nil, ERROR_FILE_NOT_FOUND)

-- sync/OE-005 aa909014
CreateMutex(nil, false, "E")
gives(function() return OpenEvent(EVENT_ALL_ACCESS, false, "E") end, nil, ERROR_FILE_NOT_FOUND)

-- sync/OE-011 ee488185
CreateEvent(nil, true, false, "Ev")
is(OpenEvent(EVENT_ALL_ACCESS, false, "EV"), nil)

-- sync/OE-014 bb202793
local h = CreateEvent(nil, true, false, "E")
local other = OpenEvent(EVENT_ALL_ACCESS, false, "E")
check(other and other ~= h, "a handle of its own")

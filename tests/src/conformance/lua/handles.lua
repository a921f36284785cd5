-- Handles (sync/HL, ipc/HD).

-- sync/HL-001 ee490442
local h = auto_event()
check(CloseHandle(h))
gives(function() return CloseHandle(h) end, false, ERROR_INVALID_HANDLE)

-- sync/HL-002 ee488902
local h = auto_event()
local ok, second = DuplicateHandle(66, h, 66, 0, false, DUPLICATE_SAME_ACCESS)
check(ok and second ~= h)
SetEvent(second)
is(poll(h), OBJ0)

-- sync/HL-004 ee488902
local h = auto_event()
gives(function() return (DuplicateHandle(66, h, 66, 0, false, 0)) end, false, ERROR_INVALID_PARAMETER)

-- sync/HL-007 sync §3.2
local h = CreateMutex(nil, true, nil)
local _, second = DuplicateHandle(66, h, 66, 0, false, DUPLICATE_SAME_ACCESS)
check(ReleaseMutex(second))
is(other(function() return poll(h) end), OBJ0)

-- ipc/HD-001 ee482861
local h = CreateEvent(nil, false, false, "E")
local second = CreateEvent(nil, false, false, "E")
is(GetLastError(), ERROR_ALREADY_EXISTS)
check(second ~= h)

-- ipc/HD-008 ee488762
local h = auto_event()
local task = thread(251, function() return WaitForSingleObject(h, 50) end)
Sleep(1)
check(CloseHandle(h))
Sleep(20)
is(task.result, nil)
Sleep(40)
is(task.result, TMO)

-- ipc/HD-013 ee488902
process("P1", function()
  local child = start "P2"
  local h = auto_event()
  local ok, there = DuplicateHandle(66, h, child, 0, false, DUPLICATE_SAME_ACCESS)
  check(ok)
  local told = CreateEvent(nil, false, false, "told")
  SetEventData(told, there)
  SetEvent(told)
  is(WaitForSingleObject(h, 100), OBJ0)
end)
image("P2", function()
  local told = CreateEvent(nil, false, false, "told")
  wait(told)
  check(SetEvent(GetEventData(told)))
end)

-- ipc/HD-024 ee482861
local seen = { [0] = true, [65] = true, [66] = true, [0xffffffff] = true }
for _ = 1, 1000 do
  local h = auto_event()
  check(h and not seen[h])
  seen[h] = true
end

-- Watchdog timers (ipc/WD; 0: no action, 1: the process is ended) and waits on them and others (ipc/WT).

-- ipc/WD-004 ee482966
local h = CreateWatchDogTimer("w", 100, 50, 0, 0, 0)
check(StartWatchDogTimer(h, 0))
local t = GetTickCount()
is(WaitForSingleObject(h, 500), OBJ0)
t = GetTickCount() - t
check(t >= 100 and t <= 102, t)

-- ipc/WD-005 ee482794
local h = CreateWatchDogTimer("w", 100, 50, 0, 0, 0)
StartWatchDogTimer(h, 0)
for _ = 1, 20 do
  is(WaitForSingleObject(h, 49), TMO)
  check(RefreshWatchDogTimer(h, 0))
end

-- ipc/WD-008 ee482881
process("P1", function()
  local h = CreateWatchDogTimer("w", 100, 50, 1, 0, 0)
  local child = start "P2"
  is(WaitForSingleObject(child, 140), TMO)
  is(WaitForSingleObject(child, 20), OBJ0)
end)
image("P2", function()
  StartWatchDogTimer(OpenWatchDogTimer("w", 0), 0)
  Sleep(INFINITE)
end)
expect(0)

-- ipc/WD-014 ee482817
is(OpenWatchDogTimer("w", 0), nil)

-- ipc/WT-001 aa915354
is(WaitForMultipleObjects({ CreateEvent(nil, true, true, nil) }, true, 0), FAIL)

-- ipc/WT-003 ee488762
local h = auto_event()
check(InterruptInitialize(17, h))
local first = waiter(251, h)
is(wait(h), FAIL)
is(first.result, nil)

-- ipc/WT-006 ee482750
local h = CreateEvent(nil, true, false, "E")
is(IsNamedEventSignaled("E", 0), false)
SetEvent(h)
is(IsNamedEventSignaled("E", 0), true)
is(IsNamedEventSignaled("nothing", 0), false)

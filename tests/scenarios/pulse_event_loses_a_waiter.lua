-- PulseEvent frees those who wait at that moment and nobody else (ee488785). A thread that is just between two
-- waits misses it: why the page advises against it.
expect "stall"
process("main", function()
  local event = CreateEvent(nil, true, false, nil)
  CeSetThreadPriority(GetCurrentThread(), 100)
  local waiting = CreateThread(nil, 0, function() return WaitForSingleObject(event, INFINITE) end)
  local late = CreateThread(nil, 0, function()
    compute(10) -- busy when the pulse comes
    note "late comes to wait"
    WaitForSingleObject(event, INFINITE)
  end)
  Sleep(5)
  check(PulseEvent(event))
  check(WaitForSingleObject(waiting, 100) == WAIT_OBJECT_0, "it was waiting")
  check(WaitForSingleObject(late, 100) == WAIT_TIMEOUT, "it has missed the pulse")
  WaitForSingleObject(late, INFINITE)
end)

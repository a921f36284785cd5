-- A time-out and a signal at the same time: the signal that comes before the deadline wins, the one after it
-- loses, and a signaled object beats a time-out of 0.
process("main", function()
  local event = CreateEvent(nil, false, false, nil)
  local function wait(ms) return CreateThread(nil, 0, function() return WaitForSingleObject(event, ms) end) end
  local function result(h)
    WaitForSingleObject(h, INFINITE)
    local _, code = GetExitCodeThread(h)
    return code
  end
  local early = wait(10)
  Sleep(5)
  SetEvent(event)
  check(result(early) == WAIT_OBJECT_0)
  local late = wait(10)
  Sleep(20)
  SetEvent(event)
  check(result(late) == WAIT_TIMEOUT)
  check(WaitForSingleObject(event, 0) == WAIT_OBJECT_0, "that set was nobody's")
end)

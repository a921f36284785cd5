-- PulseEvent on an auto-reset event frees one waiter; with none it leaves nothing behind, not even an older set.
process("main", function()
  local event = CreateEvent(nil, false, true, nil)
  check(PulseEvent(event))
  check(WaitForSingleObject(event, 0) == WAIT_TIMEOUT, "the set is lost too")
  local freed = 0
  local function wait() WaitForSingleObject(event, INFINITE); freed = freed + 1 end
  local a, b = CreateThread(nil, 0, wait), CreateThread(nil, 0, wait)
  Sleep(1)
  PulseEvent(event)
  Sleep(1)
  check(freed == 1)
  SetEvent(event)
  check(WaitForSingleObject(a, 100) == WAIT_OBJECT_0 and WaitForSingleObject(b, 100) == WAIT_OBJECT_0)
end)

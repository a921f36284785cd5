-- Suspensions count; a suspended thread whose wait ends does not run before it is resumed.
process("main", function()
  local event, ran = CreateEvent(nil, false, false, nil), false
  local thread = CreateThread(nil, 0, function()
    WaitForSingleObject(event, INFINITE)
    ran = true
  end)
  Sleep(1)
  check(SuspendThread(thread) == 0)
  check(SuspendThread(thread) == 1)
  SetEvent(event)
  Sleep(5)
  check(not ran, "it has the event and still cannot run")
  check(ResumeThread(thread) == 2)
  Sleep(5)
  check(not ran)
  check(ResumeThread(thread) == 1)
  check(WaitForSingleObject(thread, 100) == WAIT_OBJECT_0 and ran)
end)

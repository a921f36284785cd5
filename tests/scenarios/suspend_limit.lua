-- A thread can be suspended 127 times (MAXIMUM_SUSPEND_COUNT), and no more.
process("main", function()
  local thread = CreateThread(nil, 0, function() end, nil, CREATE_SUSPENDED)
  for count = 1, 126 do check(SuspendThread(thread) == count) end
  check(SuspendThread(thread) == 0xFFFFFFFF)
  check(GetLastError() == ERROR_SIGNAL_REFUSED)
  check(TerminateThread(thread, 0))
end)

-- Nobody can set an event whose only handle was closed: who waits on it waits for ever.
expect "stall"
process("main", function()
  local event = CreateEvent(nil, false, false, nil)
  local waiter = CreateThread(nil, 0, function() WaitForSingleObject(event, INFINITE) end)
  Sleep(1)
  CloseHandle(event)
  WaitForSingleObject(waiter, INFINITE)
end)

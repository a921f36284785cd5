-- A manual-reset event stays signaled until somebody resets it: everybody passes.
process("main", function()
  local gate = CreateEvent(nil, true, false, nil)
  local threads = {}
  for i = 1, 4 do threads[i] = CreateThread(nil, 0, function() return WaitForSingleObject(gate, 1000) end) end
  Sleep(1)
  SetEvent(gate)
  for i = 1, 4 do
    check(WaitForSingleObject(threads[i], 100) == WAIT_OBJECT_0)
    local _, code = GetExitCodeThread(threads[i])
    check(code == WAIT_OBJECT_0)
  end
  check(WaitForSingleObject(gate, 0) == WAIT_OBJECT_0)
  ResetEvent(gate)
  check(WaitForSingleObject(gate, 0) == WAIT_TIMEOUT)
end)

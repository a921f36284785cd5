-- Processes (ipc/PR).

-- ipc/PR-007 ms885182
process("P1", function()
  local h = CreateEvent(nil, false, false, "E")
  local ok, _, primary = CreateProcess("P2", nil, CREATE_SUSPENDED)
  check(ok)
  is(WaitForSingleObject(h, 500), TMO)
  is(ResumeThread(primary), 1)
  is(wait(h), OBJ0)
end)
image("P2", function() check(SetEvent(OpenEvent(EVENT_ALL_ACCESS, false, "E"))) end)

-- ipc/PR-014 ee482771
process("P1", function()
  local child = start "P2"
  is(poll(child), OBJ0)
  is(poll(child), OBJ0)
end)
image("P2", function() end)

-- ipc/PR-024 ee488418
gives(function() return OpenProcess(0, false, 0x7ffffff0) end, nil, ERROR_INVALID_PARAMETER)

-- ipc/PR-030 ee482776
process("P1", function()
  local child = start "P2"
  check(TerminateProcess(child, 0))
  is(wait(child), OBJ0)
end)
image("P2", function() Sleep(INFINITE) end)

-- ipc/PR-036 ee488443
is(poll(GetCurrentProcess()), TMO)

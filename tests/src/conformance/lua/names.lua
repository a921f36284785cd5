-- Names of objects (sync/NS).

-- sync/NS-001 aa909014
CreateEvent(nil, false, false, "X")
check(CreateMutex(nil, false, "X"))
is(GetLastError(), 0)

-- sync/NS-005 aa909014
process("P1", function()
  local h = CreateEvent(nil, false, false, "")
  local child = start "P2"
  SetEvent(h)
  is(wait(child), OBJ0)
end)
image("P2", function()
  local h = CreateEvent(nil, false, false, "")
  is(GetLastError(), ERROR_ALREADY_EXISTS)
  is(WaitForSingleObject(h, 100), OBJ0)
end)

-- sync/NS-007 aa909014
local h = CreateEvent(nil, true, true, "name")
local other = CreateEvent(nil, true, false, "Name")
is(GetLastError(), 0)
is(poll(other), TMO)
is(poll(h), OBJ0)

-- sync/NS-010 SQ-10
gives(function() return CreateEvent(nil, false, false, ("n"):rep(260)) end, nil, ERROR_INVALID_PARAMETER)
check(CreateEvent(nil, false, false, ("n"):rep(259)))

-- sync/NS-013 SQ-11 backslash=refuse
gives(function() return CreateMutex(nil, false, "a\\b") end, nil, ERROR_INVALID_PARAMETER)

-- sync/NS-022 aa450927
process("P1", function()
  local child = start "P2"
  check(TerminateProcess(child, 0))
  wait(child)
  CreateEvent(nil, false, false, "X")
  is(GetLastError(), 0)
end)
image("P2", function()
  CreateEvent(nil, false, false, "X")
  Sleep(INFINITE)
end)

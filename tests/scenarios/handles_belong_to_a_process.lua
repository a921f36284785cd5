-- A handle's value means something in its own process only (CE 6: ee490442). DuplicateHandle carries one over.
process("owner", function()
  CreateEvent(nil, false, false, nil) -- so that the next handle is not everybody's first
  local event = CreateEvent(nil, false, false, nil)
  local ok, _, _, pid = CreateProcess("guest", tostring(event))
  check(ok)
  local target = check(OpenProcess(0, false, pid))
  local ok, copy = DuplicateHandle(GetCurrentProcess(), event, target, 0, false, DUPLICATE_SAME_ACCESS)
  check(ok and copy)
  local queue = CreateMsgQueue("mail", { dwMaxMessages = 1, cbMaxMessage = 16, bReadAccess = false })
  Sleep(1) -- a queue without a reader refuses messages
  check(WriteMsgQueue(queue, tostring(copy), 1000, 0))
  check(WaitForSingleObject(event, 1000) == WAIT_OBJECT_0, "the guest has set our event")
end)

image("guest", function(foreign)
  check(not SetEvent(tonumber(foreign)), "a number from elsewhere is no handle")
  check(GetLastError() == ERROR_INVALID_HANDLE)
  local queue = CreateMsgQueue("mail", { dwMaxMessages = 1, cbMaxMessage = 16, bReadAccess = true })
  local ok, text = ReadMsgQueue(queue, 16, 1000)
  check(ok and SetEvent(tonumber(text)), "what was duplicated for us is one")
end)

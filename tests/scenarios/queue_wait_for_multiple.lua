-- A queue handle can be waited on: a reader's while there is a message. A wait takes none (ipc-objects.md 1.5).
process("main", function()
  local stop = CreateEvent(nil, true, false, nil)
  local reader = CreateMsgQueue("work", { dwMaxMessages = 4, cbMaxMessage = 16, bReadAccess = true })
  local writer = CreateMsgQueue("work", { dwMaxMessages = 4, cbMaxMessage = 16, bReadAccess = false })
  local worker = CreateThread(nil, 0, function()
    local done = 0
    while WaitForMultipleObjects({ stop, reader }, false, INFINITE) == WAIT_OBJECT_0 + 1 do
      check(ReadMsgQueue(reader, 16, 0))
      done = done + 1
    end
    return done
  end)
  for i = 1, 3 do WriteMsgQueue(writer, "job " .. i, 0, 0); Sleep(1) end
  SetEvent(stop)
  WaitForSingleObject(worker, INFINITE)
  local _, done = GetExitCodeThread(worker)
  check(done == 3)
end)

-- Producer and consumer in two processes, over a message queue (ee488163): the queue is the room.
local COUNT = 10
process("producer", function()
  local queue = CreateMsgQueue("goods", { dwMaxMessages = 3, cbMaxMessage = 8, bReadAccess = false })
  -- A queue without a reader refuses messages.
  check(WaitForSingleObject(CreateEvent(nil, true, false, "consumer is there"), 1000) == WAIT_OBJECT_0)
  for i = 1, COUNT do check(WriteMsgQueue(queue, string.pack("<I4", i), INFINITE, 0)) end
  check(CloseMsgQueue(queue))
end)

process("consumer", function()
  local queue = CreateMsgQueue("goods", { dwMaxMessages = 3, cbMaxMessage = 8, bReadAccess = true })
  SetEvent(CreateEvent(nil, true, false, "consumer is there"))
  for i = 1, COUNT do
    local ok, message, flags = ReadMsgQueue(queue, 8, 1000)
    check(ok and flags == 0 and string.unpack("<I4", message) == i, "in order, none lost")
  end
  local ok, message = ReadMsgQueue(queue, 8, 1000)
  check(not ok and message == nil and GetLastError() == ERROR_PIPE_NOT_CONNECTED, "the writer has gone")
end)

-- Message queues (ipc/MQ).

-- ipc/MQ-014 ee488410
local from = CreateMsgQueue("Q", { dwMaxMessages = 4, cbMaxMessage = 16, bReadAccess = true })
local to = CreateMsgQueue("Q", { dwMaxMessages = 4, cbMaxMessage = 16, bReadAccess = false })
check(WriteMsgQueue(to, "abc", 0, 0))
local ok, message, flags = ReadMsgQueue(from, 16, 0)
check(ok)
is(message, "abc")
is(flags, 0)

-- ipc/MQ-021 ee488786
local from = CreateMsgQueue("Q", { dwMaxMessages = 2, cbMaxMessage = 16, bReadAccess = true })
local to = CreateMsgQueue("Q", { dwMaxMessages = 2, cbMaxMessage = 16, bReadAccess = false })
check(WriteMsgQueue(to, "1", 0, 0) and WriteMsgQueue(to, "2", 0, 0))
gives(function() return WriteMsgQueue(to, "3", 0, 0) end, false, ERROR_TIMEOUT)

-- ipc/MQ-032 ee488786
local to = CreateMsgQueue("Q", { dwMaxMessages = 4, cbMaxMessage = 16, bReadAccess = false })
gives(function() return WriteMsgQueue(to, "x", 0, 0) end, false, ERROR_PIPE_NOT_CONNECTED)

-- ipc/MQ-042 ee488786
local from = CreateMsgQueue("Q", { dwMaxMessages = 4, cbMaxMessage = 16, bReadAccess = true })
local to = CreateMsgQueue("Q", { dwMaxMessages = 4, cbMaxMessage = 16, bReadAccess = false })
WriteMsgQueue(to, "1", 0, 0)
WriteMsgQueue(to, "2", 0, 0)
check(WriteMsgQueue(to, "A", 0, MSGQUEUE_MSGALERT))
for _, wanted in ipairs { "A", "1", "2" } do
  local ok, message, flags = ReadMsgQueue(from, 16, 0)
  check(ok)
  is(message, wanted)
  is(flags, wanted == "A" and MSGQUEUE_MSGALERT or 0)
end

-- ipc/MQ-048 ee488163
local from = CreateMsgQueue("Q", { dwMaxMessages = 1, cbMaxMessage = 16, bReadAccess = true })
local to = CreateMsgQueue("Q", { dwMaxMessages = 1, cbMaxMessage = 16, bReadAccess = false })
is(poll(to), OBJ0)
WriteMsgQueue(to, "x", 0, 0)
is(poll(to), TMO)
ReadMsgQueue(from, 16, 0)
is(poll(to), OBJ0)

-- A message with MSGQUEUE_MSGALERT is read before all others (ee482757), and the flags say so.
process("main", function()
  local options = { dwMaxMessages = 4, cbMaxMessage = 16, bReadAccess = true }
  local reader = CreateMsgQueue("alerts", options)
  options.bReadAccess = false
  local writer = CreateMsgQueue("alerts", options)
  check(WriteMsgQueue(writer, "first", 0, 0))
  check(WriteMsgQueue(writer, "fire", 0, MSGQUEUE_MSGALERT))
  local ok, message, flags = ReadMsgQueue(reader, 16, 0)
  check(ok and message == "fire" and flags == MSGQUEUE_MSGALERT)
  ok, message, flags = ReadMsgQueue(reader, 16, 0)
  check(ok and message == "first" and flags == 0)
end)

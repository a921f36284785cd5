-- Each type of object has a name space of its own (aa909014): one name serves an event, a mutex, a semaphore,
-- a message queue and a memory map at once, and none is told that it exists.
process("namer", function()
  local kinds = {
    function() return CreateEvent(nil, false, false, "shared") end,
    function() return CreateMutex(nil, false, "shared") end,
    function() return CreateSemaphore(nil, 0, 1, "shared") end,
    function() return CreateMsgQueue("shared", { dwMaxMessages = 1, cbMaxMessage = 4, bReadAccess = true }) end,
    function() return CreateFileMapping(INVALID_HANDLE_VALUE, nil, PAGE_READWRITE, 0, 4096, "shared") end,
  }
  for _, create in ipairs(kinds) do
    check(create())
    check(GetLastError() == ERROR_SUCCESS, "a new object clears the last error")
    check(create())
    check(GetLastError() == ERROR_ALREADY_EXISTS)
  end
end)

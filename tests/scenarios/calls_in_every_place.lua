-- Calls of CE wherever Lua has calls: answered at once or after a wait, their results come where they are wanted,
-- and as many. Meanwhile the stack of the thread grows and moves, under whatever instruction it does.
process("caller", function()
  local event = CreateEvent(nil, false, false, nil)
  local semaphore = CreateSemaphore(nil, 0, 100, nil)

  -- None, one, more than there are, all; after a wait too.
  SetEvent(event)
  local status, nothing = WaitForSingleObject(event, INFINITE)
  check(status == WAIT_OBJECT_0 and nothing == nil)
  local done, previous, more = ReleaseSemaphore(semaphore, 3)
  check(done and previous == 0 and more == nil)
  local all = { ReleaseSemaphore(semaphore, 2) }
  check(#all == 2 and all[2] == 3)
  check((ReleaseSemaphore(semaphore, 1)) == true)
  check(select("#", ReleaseSemaphore(semaphore, 1)) == 2)
  local middle = { ReleaseSemaphore(semaphore, 1), ReleaseSemaphore(semaphore, 1) }
  check(#middle == 3 and middle[1] == true and middle[3] == 8)

  -- What is not plain: text in, text out, a record out; wrong arguments, and too many.
  local named = CreateEvent(nil, true, false, "named")
  check(named and OpenEvent(EVENT_ALL_ACCESS, false, "named"))
  local queue = CreateMsgQueue("queue", { dwFlags = 0, dwMaxMessages = 4, cbMaxMessage = 16, bReadAccess = false })
  local reader = CreateMsgQueue("queue", { dwFlags = 0, dwMaxMessages = 4, cbMaxMessage = 16, bReadAccess = true })
  check(WriteMsgQueue(queue, "text", 0, 0))
  local read, text = ReadMsgQueue(reader, 16, 0)
  check(read and text == "text")
  check(not pcall(function() SetEvent("no handle") end))
  check(not pcall(function() SetEvent(event, 7) end))
  check(SetEvent(event, nil) and WaitForSingleObject(event, 0.0) == WAIT_OBJECT_0)
  check(not SetEvent(nil) and GetLastError() == ERROR_INVALID_HANDLE)

  -- Behind a tail call, in a protected one, in an iterator, in a metamethod.
  local function tail(handle) return WaitForSingleObject(handle, 5) end
  check(tail(event) == WAIT_TIMEOUT)
  check(select(2, pcall(WaitForSingleObject, event, 5)) == WAIT_TIMEOUT)
  local rounds = 0
  for waited in WaitForSingleObject, event, 1 do
    rounds = rounds + 1
    check(waited == WAIT_TIMEOUT)
    if rounds == 2 then break end
  end
  local waits = setmetatable({}, { __index = function(_, handle) return WaitForSingleObject(handle, 1) end })
  check(waits[event] == WAIT_TIMEOUT)

  -- The stack moves: in calls, in metamethods, in variable arguments, in concatenation.
  local deep = setmetatable({}, {
    __add = function(_, depth) return depth == 0 and 0 or 1 + (getmetatable(_).value + (depth - 1)) end,
    __concat = function(a, depth) return depth == 0 and "" or "x" .. (getmetatable(a).value .. (depth - 1)) end,
    __lt = function(a, depth) return depth.depth == 0 or a < { depth = depth.depth - 1 } end,
    __index = function(a, depth) return depth == 0 and event or a[depth - 1] end,
  })
  getmetatable(deep).value = deep
  local function down(depth, ...)
    if depth == 0 then return SetEvent(event), WaitForSingleObject(event, INFINITE), ... end
    local first, second = down(depth - 1, depth, ...)
    check(SetEvent(event) == first and WaitForSingleObject(event, INFINITE) == second)
    return first, second, ...
  end
  local thread = CreateThread(nil, 0, function()
    local kept = { 1, 2, 3 }
    local sum = deep + 150
    check(sum == 150 and kept[3] == 3)
    local text = deep .. 120
    check(#text == 120 and kept[2] == 2)
    local less = deep < { depth = 110 }
    check(less and kept[1] == 1)
    check(SetEvent(deep[130]) and WaitForSingleObject(event, INFINITE) == WAIT_OBJECT_0)
    local first, second = down(140)
    check(first == true and second == WAIT_OBJECT_0)
    return 7
  end, nil, 0)
  check(WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0)
  local got, code = GetExitCodeThread(thread)
  check(got and code == 7)
end)

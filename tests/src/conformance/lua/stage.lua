-- What the cases in Lua share. No comment may end a line: all of it is put on one.
TMO, OBJ0, FAIL, POISON = WAIT_TIMEOUT, WAIT_OBJECT_0, WAIT_FAILED, 0x2000dead
CHECKS = 0
local check_once = check
function check(...)
  CHECKS = CHECKS + 1
  return check_once(...)
end
function checked()
  check_once(CHECKS > 0, "it checks nothing")
end
function is(seen, wanted)
  check(seen == wanted, "seen " .. tostring(seen) .. ", expected " .. tostring(wanted))
end
function poll(h) return (WaitForSingleObject(h, 0)) end
function wait(h) return (WaitForSingleObject(h, INFINITE)) end
function gives(call, wanted, code)
  SetLastError(POISON)
  local seen = call()
  local last = GetLastError()
  is(seen, wanted)
  is(last, code or POISON)
end
function auto_event() return CreateEvent(nil, false, false, nil) end
function manual_event() return CreateEvent(nil, true, false, nil) end
function thread(priority, body)
  local task = {}
  local h, id = CreateThread(nil, 0, function() task.result = body() end, nil, CREATE_SUSPENDED)
  task.thread, task.id = h, id
  CeSetThreadPriority(h, priority)
  ResumeThread(h)
  return task
end
function waiter(priority, h)
  local task = {}
  local other = thread(priority, function() task.result = wait(h) Sleep(INFINITE) end)
  task.thread, task.id = other.thread, other.id
  Sleep(1)
  return task
end
function other(body)
  local task = thread(251, body)
  wait(task.thread)
  return task.result
end
function start(image, line)
  local ok, process, primary, id, thread = CreateProcess(image, line)
  check(ok, "CreateProcess " .. image)
  Sleep(1)
  return process, primary, id, thread
end

-- A thread gets the parameter that it was given, whatever it is; threads of a process share its variables.
process("main", function()
  local box = { n = 0 }
  local thread, id = CreateThread(nil, 0, function(given)
    check(given == box and GetCurrentThreadId() ~= 0)
    given.n = given.n + 1
    return GetCurrentThreadId()
  end, box, 0)
  check(WaitForSingleObject(thread, 100) == WAIT_OBJECT_0)
  local _, code = GetExitCodeThread(thread)
  check(code == id and box.n == 1)
  check(CreateThread(nil, 0, 12345) == nil and GetLastError() == ERROR_INVALID_PARAMETER, "no function, no thread")
end)

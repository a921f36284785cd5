-- A thread that ends lets go of its mutexes, and the next one has it like any other (SQ-01: WAIT_OBJECT_0).
process("main", function()
  local mutex = CreateMutex(nil, false, nil)
  local thread = CreateThread(nil, 0, function()
    WaitForSingleObject(mutex, INFINITE)
    WaitForSingleObject(mutex, INFINITE) -- twice: it does not help
  end)
  check(WaitForSingleObject(thread, 100) == WAIT_OBJECT_0)
  check(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0)
  check(ReleaseMutex(mutex), "owned once, released once")
  check(not ReleaseMutex(mutex))
  check(GetLastError() == ERROR_NOT_OWNER)
end)

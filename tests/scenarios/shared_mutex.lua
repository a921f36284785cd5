-- Two processes share a mutex by name: the sample of the page Interprocess Synchronization (aa909014).
-- The first call makes the mutex; the second opens it, and the last error says so.
process("database", function()
  local hMutex = CreateMutex(nil, false, "MutexToProtectDatabase")
  check(hMutex, "CreateMutex failed")
  check(WaitForSingleObject(hMutex, INFINITE) == WAIT_OBJECT_0)
  Sleep(10)
  check(ReleaseMutex(hMutex))
end)

process("client", function()
  local hMutex = CreateMutex(nil, false, "MutexToProtectDatabase")
  check(GetLastError() == ERROR_ALREADY_EXISTS)
  local t = GetTickCount()
  WaitForSingleObject(hMutex, INFINITE)
  check(GetTickCount() - t >= 10)
  ReleaseMutex(hMutex)
end)

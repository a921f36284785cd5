-- A semaphore never holds more than its maximum; too many at once change nothing (SQ-06).
process("main", function()
  local semaphore = CreateSemaphore(nil, 1, 3, nil)
  local ok, previous = ReleaseSemaphore(semaphore, 2)
  check(ok and previous == 1)
  ok, previous = ReleaseSemaphore(semaphore, 1)
  check(not ok and previous == nil and GetLastError() == ERROR_TOO_MANY_POSTS)
  for _ = 1, 3 do check(WaitForSingleObject(semaphore, 0) == WAIT_OBJECT_0) end
  check(WaitForSingleObject(semaphore, 0) == WAIT_TIMEOUT)
  check(CreateSemaphore(nil, 4, 3, nil) == nil and GetLastError() == ERROR_INVALID_PARAMETER)
end)

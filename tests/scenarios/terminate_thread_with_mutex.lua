-- TerminateThread on the owner of a mutex: the mutex passes on, but what it protected is half done.
process("main", function()
  local mutex, left, right = CreateMutex(nil, false, nil), 100, 0
  local mover = CreateThread(nil, 0, function()
    WaitForSingleObject(mutex, INFINITE)
    left = left - 10
    Sleep(10)
    right = right + 10
    ReleaseMutex(mutex)
  end)
  Sleep(5)
  check(TerminateThread(mover, 7))
  local _, code = GetExitCodeThread(mover)
  check(code == 7)
  check(WaitForSingleObject(mutex, 100) == WAIT_OBJECT_0)
  check(left + right == 90, "ten are lost")
end)

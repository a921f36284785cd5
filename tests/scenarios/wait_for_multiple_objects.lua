-- CE waits for any object, never for all (aa915354); the lowest index wins, and only that object is taken.
process("main", function()
  local a, b = CreateEvent(nil, false, true, nil), CreateEvent(nil, false, true, nil)
  check(WaitForMultipleObjects({ a, b }, true, 0) == WAIT_FAILED)
  check(GetLastError() == ERROR_INVALID_PARAMETER)
  check(WaitForMultipleObjects({ a, b }, false, 0) == WAIT_OBJECT_0)
  check(WaitForMultipleObjects({ a, b }, false, 0) == WAIT_OBJECT_0 + 1)
  check(WaitForMultipleObjects({ a, b }, false, 0) == WAIT_TIMEOUT)
  local many = {}
  for i = 1, 65 do many[i] = a end
  check(WaitForMultipleObjects(many, false, 0) == WAIT_FAILED, "64 is the limit")
end)

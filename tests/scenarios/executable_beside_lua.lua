-- A Lua harness around a real executable: it starts the program, waits for it, reads its exit code, and sees
-- that it has left nothing behind.
process("harness", function()
  local ok, program = CreateProcess("sample", "")
  check(ok, "the executable starts")
  check(WaitForSingleObject(program, 10000) == WAIT_OBJECT_0)
  local _, code = GetExitCodeProcess(program)
  check(code == 0, "the program checks itself")
  CreateMutex(nil, false, "MyMutex")
  check(GetLastError() == ERROR_SUCCESS, "its mutex went with it")
end)
image("sample", exe "../programs/bin/armv4i/make_my_mutex.exe")

-- A Lua harness around a real Windows CE executable: it starts the program, takes its mutex while the program
-- works, looks at the memory map that they share, and reads its exit code.
process("harness", function()
  local ok, program = CreateProcess("counter", "")
  check(ok, "the executable starts")
  Sleep(1)
  local mutex = CreateMutex(nil, false, "guest_mutex")
  check(GetLastError() == ERROR_ALREADY_EXISTS, "the program has made it")
  local map = CreateFileMapping(INVALID_HANDLE_VALUE, nil, PAGE_READWRITE, 0, 4096, "guest_map")
  local view = MapViewOfFile(map, FILE_MAP_READ, 0, 0, 0)
  for _ = 1, 2 do
    WaitForSingleObject(mutex, INFINITE)
    print("counted so far: " .. view:u32(0))
    ReleaseMutex(mutex)
    Sleep(1)
  end
  WaitForSingleObject(program, INFINITE)
  local _, code = GetExitCodeProcess(program)
  print("exit code " .. code)
end, { priority = 100 })

image("counter", exe "../tests/programs/bin/armv4i/two_process_mutex.exe")
expect(0)

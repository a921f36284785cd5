-- One device: the executable makes a mutex and a memory map by name and counts in the map, itself and a second
-- process of its own. A Lua process opens both by name. While it owns the mutex nobody counts.
process("program", exe "../programs/bin/armv4i/two_process_mutex.exe")

process("watcher", function()
  Sleep(1)
  local mutex = CreateMutex(nil, false, "guest_mutex")
  check(GetLastError() == ERROR_ALREADY_EXISTS)
  local map = CreateFileMapping(INVALID_HANDLE_VALUE, nil, PAGE_READWRITE, 0, 4096, "guest_map")
  check(GetLastError() == ERROR_ALREADY_EXISTS)
  local view = MapViewOfFile(map, FILE_MAP_READ, 0, 0, 0)
  local seen = {}
  for i = 1, 3 do
    check(WaitForSingleObject(mutex, 1000) == WAIT_OBJECT_0)
    seen[i] = view:u32(0)
    Sleep(2)
    check(view:u32(0) == seen[i], "the mutex is ours")
    ReleaseMutex(mutex)
    Sleep(0)
  end
  check(seen[3] > seen[1], "it counts in between")
end)
expect(0) -- the program's; its second process ends with 77

-- Writing through a view for reading is an access violation: an unhandled exception ends the process.
expect "fault"
process("main", function()
  local map = CreateFileMapping(INVALID_HANDLE_VALUE, nil, PAGE_READWRITE, 0, 4096, nil)
  local view = MapViewOfFile(map, FILE_MAP_READ, 0, 0, 0)
  check(view:u32(0) == 0)
  view:u32(0, 1)
end)

-- Memory maps (ipc/MM).

-- ipc/MM-002 ee490172
local first = CreateFileMapping(INVALID_HANDLE_VALUE, nil, PAGE_READWRITE, 0, 8192, "m")
local second = CreateFileMapping(INVALID_HANDLE_VALUE, nil, PAGE_READWRITE, 0, 8192, "m")
is(GetLastError(), ERROR_ALREADY_EXISTS)
check(first ~= second)
local a, b = MapViewOfFile(first, FILE_MAP_WRITE, 0, 0, 0), MapViewOfFile(second, FILE_MAP_WRITE, 0, 0, 0)
a:u32(4, 7)
is(b:u32(4), 7)

-- ipc/MM-007 ee490172
local function view()
  local map = CreateFileMapping(INVALID_HANDLE_VALUE, nil, PAGE_READWRITE, 0, 8192, "m")
  return MapViewOfFile(map, FILE_MAP_WRITE, 0, 0, 0)
end
process("P1", function()
  view():u32(4, 7)
  is(wait(start "P2"), OBJ0)
end)
image("P2", function() is(view():u32(4), 7) end)

-- ipc/MM-013 aa914405
local map = CreateFileMapping(INVALID_HANDLE_VALUE, nil, PAGE_READWRITE, 0, 8192, "m")
gives(function() return MapViewOfFile(map, FILE_MAP_READ, 0, 0x1000, 4) end, nil, ERROR_INVALID_PARAMETER)

-- ipc/MM-019 inference
local map = CreateFileMapping(INVALID_HANDLE_VALUE, nil, PAGE_READWRITE, 0, 8192, "m")
local view = MapViewOfFile(map, FILE_MAP_WRITE, 0, 0, 0)
view:u32(0, 7)
CloseHandle(map)
check(UnmapViewOfFile(view))
map = CreateFileMapping(INVALID_HANDLE_VALUE, nil, PAGE_READWRITE, 0, 8192, "m")
is(GetLastError(), 0)
is(MapViewOfFile(map, FILE_MAP_WRITE, 0, 0, 0):u32(0), 0)

-- Interlocked functions (sync/IL), on the words of a view.

-- sync/IL-001 SDK5
local view = MapViewOfFile(CreateFileMapping(INVALID_HANDLE_VALUE, nil, PAGE_READWRITE, 0, 64, nil), FILE_MAP_WRITE, 0, 0, 0)
view:u32(0, 5)
is(InterlockedIncrement(view, 0), 6)
is(view:u32(0), 6)

-- sync/IL-009 SDK5
local view = MapViewOfFile(CreateFileMapping(INVALID_HANDLE_VALUE, nil, PAGE_READWRITE, 0, 64, nil), FILE_MAP_WRITE, 0, 0, 0)
view:u32(0, 5)
is(InterlockedCompareExchange(view, 0, 9, 4), 5)
is(view:u32(0), 5)

-- sync/IL-010 SDK5
local view = MapViewOfFile(CreateFileMapping(INVALID_HANDLE_VALUE, nil, PAGE_READWRITE, 0, 64, nil), FILE_MAP_WRITE, 0, 0, 0)
view:u32(0, 5)
is(InterlockedTestExchange(view, 0, 5, 9), 5)
is(view:u32(0), 9)

-- sync/IL-014 SDK5
local function view()
  local map = CreateFileMapping(INVALID_HANDLE_VALUE, nil, PAGE_READWRITE, 0, 64, "m")
  return MapViewOfFile(map, FILE_MAP_WRITE, 0, 0, 0)
end
local function count(view)
  CeSetThreadQuantum(GetCurrentThread(), 1)
  for _ = 1, 2000 do InterlockedIncrement(view, 0) end
end
process("P1", function()
  local view = view()
  local child = start "P2"
  count(view)
  wait(child)
  is(view:u32(0), 4000)
end)
image("P2", function() count(view()) end)

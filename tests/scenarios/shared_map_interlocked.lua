-- Two processes count in one memory map. What is counted with InterlockedIncrement is never lost, although the
-- quantum is 1 ms and cuts them anywhere; what is read, added to and written is.
local COUNT = 400
local function counter()
  CeSetThreadQuantum(GetCurrentThread(), 1)
  Sleep(1) -- it counts from the next quantum on
  local map = CreateFileMapping(INVALID_HANDLE_VALUE, nil, PAGE_READWRITE, 0, 64, "counters")
  local view = MapViewOfFile(map, FILE_MAP_WRITE, 0, 0, 0)
  for _ = 1, COUNT do
    InterlockedIncrement(view, 0)
    local n = view:u32(4)
    compute(0.01)
    view:u32(4, n + 1)
  end
  InterlockedIncrement(view, 8)
  while view:u32(8) < 2 do Sleep(1) end
  check(view:u32(0) == 2 * COUNT, "none is lost")
  check(view:u32(4) < 2 * COUNT, "some are")
  UnmapViewOfFile(view)
  CloseHandle(map)
end
process("one", counter)
process("two", counter)

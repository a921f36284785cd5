-- Many readers or one writer, from a mutex, a count and an event: no reader sees half of what is written.
process("main", function()
  local lock, free = CreateMutex(nil, false, nil), CreateEvent(nil, true, true, nil)
  local readers, a, b = 0, 0, 0
  local function read()
    for _ = 1, 5 do
      WaitForSingleObject(lock, INFINITE)
      readers = readers + 1
      ResetEvent(free)
      ReleaseMutex(lock)
      local first = a
      compute(1)
      check(b == first, "both halves are of one writing")
      WaitForSingleObject(lock, INFINITE)
      readers = readers - 1
      if readers == 0 then SetEvent(free) end
      ReleaseMutex(lock)
      Sleep(1)
    end
  end
  local function write()
    for _ = 1, 4 do
      WaitForSingleObject(lock, INFINITE)
      while readers > 0 do
        ReleaseMutex(lock)
        WaitForSingleObject(free, INFINITE)
        WaitForSingleObject(lock, INFINITE)
      end
      a = a + 1
      compute(2)
      b = b + 1
      ReleaseMutex(lock)
      Sleep(2)
    end
  end
  local all = { (CreateThread(nil, 0, read)), (CreateThread(nil, 0, read)), (CreateThread(nil, 0, write)) }
  for _, h in ipairs(all) do check(WaitForSingleObject(h, 10000) == WAIT_OBJECT_0) end
  check(a == 4 and b == 4)
end)

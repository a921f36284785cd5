-- Producer and consumer with two counting semaphores: room and goods. Neither runs ahead of the other.
local ROOM, GOODS = 3, 12
process("main", function()
  local room, filled = CreateSemaphore(nil, ROOM, ROOM, nil), CreateSemaphore(nil, 0, ROOM, nil)
  local store, most = {}, 0
  local producer = CreateThread(nil, 0, function()
    for i = 1, GOODS do
      WaitForSingleObject(room, INFINITE)
      store[#store + 1] = i
      most = math.max(most, #store)
      check(ReleaseSemaphore(filled, 1))
    end
  end)
  local sum = 0
  for _ = 1, GOODS do
    check(WaitForSingleObject(filled, 1000) == WAIT_OBJECT_0)
    sum = sum + table.remove(store, 1)
    local ok, previous = ReleaseSemaphore(room, 1)
    check(ok and previous < ROOM)
  end
  check(sum == GOODS * (GOODS + 1) // 2)
  check(most == ROOM, "the producer filled the room")
  check(WaitForSingleObject(producer, 1000) == WAIT_OBJECT_0)
end)

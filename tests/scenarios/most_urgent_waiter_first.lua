-- The most urgent waiter is freed first, whenever it came.
process("main", function()
  local event = CreateEvent(nil, false, false, nil)
  local order = {}
  for _, priority in ipairs { 250, 100, 200 } do
    local h = CreateThread(nil, 0, function(me)
      WaitForSingleObject(event, INFINITE)
      order[#order + 1] = me
    end, priority, CREATE_SUSPENDED)
    CeSetThreadPriority(h, priority)
    ResumeThread(h)
    Sleep(1)
  end
  for _ = 1, 3 do SetEvent(event); Sleep(1) end
  check(table.concat(order, " ") == "100 200 250", table.concat(order, " "))
end)

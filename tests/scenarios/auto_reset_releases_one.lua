-- SetEvent on an auto-reset event frees exactly one waiter, in the order of arrival among equals (SQ-13).
process("main", function()
  local event = CreateEvent(nil, false, false, nil)
  local order = {}
  local threads = {}
  for i = 1, 3 do
    threads[i] = CreateThread(nil, 0, function(me)
      WaitForSingleObject(event, INFINITE)
      order[#order + 1] = me
    end, i)
  end
  Sleep(1)
  for i = 1, 3 do
    SetEvent(event)
    Sleep(1)
    check(#order == i, "one set, one thread")
  end
  check(table.concat(order) == "123")
end)

-- A device driver's thread waits for its interrupt while an application computes. The interrupts come from
-- outside, at their times.
process("driver", function()
  local interrupt = CreateEvent(nil, false, false, "SYSINTR")
  for i = 1, 3 do
    check(WaitForSingleObject(interrupt, 1000) == WAIT_OBJECT_0)
    print("interrupt " .. i .. " at tick " .. GetTickCount())
  end
end, { priority = 20 })

process("application", function()
  compute(50)
  print("application done at tick " .. GetTickCount())
end)

for i = 1, 3 do
  at(i * 10, function() SetEvent(OpenEvent(EVENT_ALL_ACCESS, false, "SYSINTR")) end)
end

-- An interrupt, seen from outside: at its time it runs above everybody, opens the driver's event by name and
-- sets it. The driver's thread, urgent itself, runs before the thread that was computing goes on.
process("driver", function()
  local interrupt = CreateEvent(nil, false, false, "SYSINTR")
  local served = 0
  for _ = 1, 3 do
    check(WaitForSingleObject(interrupt, 1000) == WAIT_OBJECT_0)
    served = served + 1
    note("interrupt " .. served .. " served at tick " .. GetTickCount())
  end
end, { priority = 20 })

process("application", function() compute(50) end)

for i = 1, 3 do
  at(i * 10, function() check(SetEvent(OpenEvent(EVENT_ALL_ACCESS, false, "SYSINTR"))) end)
end

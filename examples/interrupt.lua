-- A device driver's thread waits for its interrupt while an application computes. The interrupts come from
-- outside, at their times; one that comes while the last is being served waits for InterruptDone.
local SYSINTR = 17

process("driver", function()
  local interrupt = CreateEvent(nil, false, false, nil)
  check(InterruptInitialize(SYSINTR, interrupt, nil, 0))
  for i = 1, 3 do
    check(WaitForSingleObject(interrupt, 1000) == WAIT_OBJECT_0)
    print("interrupt " .. i .. " at tick " .. GetTickCount())
    InterruptDone(SYSINTR)
  end
  InterruptDisable(SYSINTR)
end, { priority = 20 })

process("application", function()
  compute(50)
  print("application done at tick " .. GetTickCount())
end)

for i = 1, 3 do
  at(i * 10, function() check(SetInterruptEvent(SYSINTR)) end)
end

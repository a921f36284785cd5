-- Time (sync/TM).

-- sync/TM-002 ee482803
for _, ms in ipairs { 1, 2, 10, 100 } do
  local t = GetTickCount()
  Sleep(ms)
  t = GetTickCount() - t
  check(t >= ms and t <= ms + 1, t)
end

-- sync/TM-004 aa909009
local equal = thread(251, function() return 1 end)
Sleep(0)
is(equal.result, 1)

-- sync/TM-005 aa909009
local lower = thread(252, function() return 1 end)
Sleep(0)
is(lower.result, nil)

-- sync/TM-008 aa909009
local sleeper = thread(251, function() Sleep(INFINITE) return 1 end)
Sleep(1)
is(SuspendThread(sleeper.thread), 1)
is(ResumeThread(sleeper.thread), 2)
Sleep(1)
is(sleeper.result, nil)
is(ResumeThread(sleeper.thread), 1)
Sleep(1)
is(sleeper.result, 1)

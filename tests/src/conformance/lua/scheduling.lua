-- Scheduling (ipc/SC).

-- ipc/SC-001 ee482789
CeSetThreadPriority(GetCurrentThread(), 100)
local order = {}
local low = thread(251, function() compute(10) order[#order + 1] = "B" end)
thread(250, function() compute(300) order[#order + 1] = "A" end)
wait(low.thread)
is(table.concat(order), "AB")

-- ipc/SC-005 ee482789
CeSetThreadPriority(GetCurrentThread(), 100)
local order = {}
local function spinner(word)
  return function()
    for _ = 1, 30 do
      compute(10)
      if order[#order] ~= word then order[#order + 1] = word end
    end
  end
end
local a, b = thread(251, spinner "A"), thread(251, spinner "B")
wait(a.thread)
wait(b.thread)
is(table.concat(order):sub(1, 4), "ABAB")

-- ipc/SC-008 ee482789
CeSetThreadPriority(GetCurrentThread(), 100)
local done = false
local a = thread(251, function() compute(1000) done = true end)
check(CeSetThreadQuantum(a.thread, 0))
local b = thread(251, function() return done end)
wait(b.thread)
is(b.result, true)

-- ipc/SC-021 ee488350
for value = 0, 7 do
  check(SetThreadPriority(GetCurrentThread(), value))
  is(CeGetThreadPriority(GetCurrentThread()), 248 + value)
end

-- ipc/SC-024 bb202731
is(CeSetThreadPriority(GetCurrentThread(), 256), false)
is(CeSetThreadPriority(GetCurrentThread(), -1), false)
is(CeGetThreadPriority(GetCurrentThread()), 251)

-- ipc/SC-028 ee482778
CeSetThreadPriority(GetCurrentThread(), 100)
local order, h = {}, CreateMutex(nil, false, nil)
thread(252, function() wait(h) compute(20) order[#order + 1] = "L" ReleaseMutex(h) end)
Sleep(5)
thread(250, function() wait(h) order[#order + 1] = "H" end)
local x = thread(251, function() compute(50) order[#order + 1] = "X" end)
wait(x.thread)
is(table.concat(order), "LHX")

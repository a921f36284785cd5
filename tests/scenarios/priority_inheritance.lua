-- Three threads and a mutex. The owner, the least urgent, inherits the priority of the one that waits for it
-- (ee482778), so the middle one cannot keep both waiting.
process("main", function()
  local mutex = CreateMutex(nil, false, nil)
  local order = {}
  local function thread(priority, body)
    local h = CreateThread(nil, 0, body, nil, CREATE_SUSPENDED)
    CeSetThreadPriority(h, priority)
    ResumeThread(h)
    return h
  end
  CeSetThreadPriority(GetCurrentThread(), 10)
  local low = thread(200, function()
    WaitForSingleObject(mutex, INFINITE)
    compute(10)
    order[#order + 1] = "low lets go"
    ReleaseMutex(mutex)
    order[#order + 1] = "low goes on"
  end)
  Sleep(2)
  local high = thread(100, function()
    WaitForSingleObject(mutex, INFINITE)
    order[#order + 1] = "high has it"
    ReleaseMutex(mutex)
  end)
  local middle = thread(150, function()
    compute(50)
    order[#order + 1] = "middle is done"
  end)
  for _, h in ipairs { low, high, middle } do WaitForSingleObject(h, INFINITE) end
  check(table.concat(order, ", ") == "low lets go, high has it, middle is done, low goes on", table.concat(order, ", "))
end)

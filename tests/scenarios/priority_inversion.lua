-- The same with a semaphore, which has no owner and lends nothing: the middle thread runs first although it is
-- less urgent than the one that waits. This is priority inversion.
process("main", function()
  local semaphore = CreateSemaphore(nil, 1, 1, nil)
  local order = {}
  local function thread(priority, body)
    local h = CreateThread(nil, 0, body, nil, CREATE_SUSPENDED)
    CeSetThreadPriority(h, priority)
    ResumeThread(h)
    return h
  end
  CeSetThreadPriority(GetCurrentThread(), 10)
  local low = thread(200, function()
    WaitForSingleObject(semaphore, INFINITE)
    compute(10)
    order[#order + 1] = "low lets go"
    ReleaseSemaphore(semaphore, 1)
  end)
  Sleep(2)
  local high = thread(100, function()
    WaitForSingleObject(semaphore, INFINITE)
    order[#order + 1] = "high has it"
  end)
  local middle = thread(150, function()
    compute(50)
    order[#order + 1] = "middle is done"
  end)
  for _, h in ipairs { low, high, middle } do WaitForSingleObject(h, INFINITE) end
  check(table.concat(order, ", ") == "middle is done, low lets go, high has it", table.concat(order, ", "))
end)

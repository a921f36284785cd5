-- A critical section lends its waiter's priority to its owner as a mutex does (ee482778).
process("main", function()
  local cs = InitializeCriticalSection()
  local order = {}
  CeSetThreadPriority(GetCurrentThread(), 100)
  local low = CreateThread(nil, 0, function()
    EnterCriticalSection(cs)
    compute(5)
    order[#order + 1] = "low"
    LeaveCriticalSection(cs)
  end)
  Sleep(2)
  local middle = CreateThread(nil, 0, function() compute(20); order[#order + 1] = "middle" end)
  CeSetThreadPriority(middle, 150)
  EnterCriticalSection(cs)
  order[#order + 1] = "main"
  LeaveCriticalSection(cs)
  WaitForSingleObject(middle, INFINITE)
  WaitForSingleObject(low, INFINITE)
  check(table.concat(order, " ") == "low main middle", table.concat(order, " "))
  DeleteCriticalSection(cs)
end)

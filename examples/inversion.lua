-- Priority inversion, and what CE does about it: the owner of a mutex inherits the priority of whoever waits.
-- A semaphore has no owner, so the same three threads come out in another order.
local function contest(lock, unlock)
  local order, threads = {}, {}
  local function thread(name, priority, body)
    local h = CreateThread(nil, 0, function() body() order[#order + 1] = name end, nil, CREATE_SUSPENDED)
    CeSetThreadPriority(h, priority)
    ResumeThread(h)
    threads[#threads + 1] = h
  end
  thread("low", 200, function() lock() compute(10) unlock() end)
  Sleep(2)
  thread("high", 100, function() lock() unlock() end)
  thread("middle", 150, function() compute(50) end)
  for _, h in ipairs(threads) do WaitForSingleObject(h, INFINITE) end
  return table.concat(order, ", ")
end

process("main", function()
  CeSetThreadPriority(GetCurrentThread(), 10)
  local mutex, semaphore = CreateMutex(nil, false, nil), CreateSemaphore(nil, 1, 1, nil)
  print("mutex:     " .. contest(
    function() WaitForSingleObject(mutex, INFINITE) end, function() ReleaseMutex(mutex) end))
  print("semaphore: " .. contest(
    function() WaitForSingleObject(semaphore, INFINITE) end, function() ReleaseSemaphore(semaphore, 1) end))
end)

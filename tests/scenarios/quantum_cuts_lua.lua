-- A loop that calls nothing is cut at the end of its quantum: the other thread of its level gets its turn.
process("main", function()
  local stop = false
  local spinner = CreateThread(nil, 0, function()
    local n = 0
    while not stop do n = n + 1 end
    return n > 0 and 1 or 2
  end)
  CeSetThreadQuantum(spinner, 10)
  Sleep(0) -- the spinner runs for its quantum
  stop = true
  WaitForSingleObject(spinner, INFINITE)
  local _, code = GetExitCodeThread(spinner)
  check(code == 1)
end)

-- A quantum of 0 means: until it blocks. Its equals wait (aa909212).
process("main", function()
  local order = {}
  local function work(me)
    for _ = 1, 4 do compute(60) end
    order[#order + 1] = me
  end
  local a = CreateThread(nil, 0, work, "a", CREATE_SUSPENDED)
  local b = CreateThread(nil, 0, work, "b")
  check(CeSetThreadQuantum(a, 0))
  ResumeThread(a)
  WaitForSingleObject(a, INFINITE)
  WaitForSingleObject(b, INFINITE)
  check(table.concat(order) == "ab", table.concat(order))
end)

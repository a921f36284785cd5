-- Threads of one level take turns of a quantum (100 ms unless it is changed, aa909212); Lua is cut anywhere.
process("main", function()
  local turns = {}
  local function spin(me)
    for _ = 1, 5 do
      turns[#turns + 1] = me
      compute(50)
    end
  end
  local a, b = CreateThread(nil, 0, spin, "a"), CreateThread(nil, 0, spin, "b")
  WaitForSingleObject(a, INFINITE)
  WaitForSingleObject(b, INFINITE)
  check(table.concat(turns):find("aab?b", 1) == 1, table.concat(turns))
  check(CeGetThreadQuantum(GetCurrentThread()) == 100)
end)

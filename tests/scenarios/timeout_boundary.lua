-- A wait of n ends in the tick after n whole ones have passed (SQ-20), as a Sleep does.
process("main", function()
  local never = CreateEvent(nil, false, false, nil)
  for _, ms in ipairs { 1, 5, 20 } do
    local t = GetTickCount()
    check(WaitForSingleObject(never, ms) == WAIT_TIMEOUT)
    check(GetTickCount() - t == ms + 1, "waited " .. GetTickCount() - t)
  end
end)

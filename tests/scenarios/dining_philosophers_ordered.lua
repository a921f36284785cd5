-- The same with the forks in order: the last philosopher takes the right one first, and all eat.
process("table", function()
  local forks, seats, meals = {}, {}, 0
  for i = 1, 5 do forks[i] = CreateMutex(nil, false, nil) end
  for i = 1, 5 do
    seats[i] = CreateThread(nil, 0, function(me)
      local left, right = me, me % 5 + 1
      for _, fork in ipairs { math.min(left, right), math.max(left, right) } do
        WaitForSingleObject(forks[fork], INFINITE)
        Sleep(1)
      end
      meals = meals + 1
      ReleaseMutex(forks[left])
      ReleaseMutex(forks[right])
    end, i)
  end
  for i = 1, 5 do check(WaitForSingleObject(seats[i], 1000) == WAIT_OBJECT_0) end
  check(meals == 5)
end)

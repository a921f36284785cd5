-- Five philosophers take the left fork, think a little, and reach for the right one. Nobody ever eats: the run
-- stalls, and the verdict names who owns what in a circle.
expect "stall"
process("table", function()
  local forks, seats = {}, {}
  for i = 1, 5 do forks[i] = CreateMutex(nil, false, "fork " .. i) end
  for i = 1, 5 do
    seats[i] = CreateThread(nil, 0, function(me)
      WaitForSingleObject(forks[me], INFINITE)
      Sleep(1)
      WaitForSingleObject(forks[me % 5 + 1], INFINITE)
      error "nobody gets here"
    end, i)
  end
  WaitForSingleObject(seats[1], INFINITE)
end)

-- Two processes, two mutexes, taken in opposite order with a pause between: the classic deadlock.
expect "stall"
local function take(first, second)
  return function()
    local a, b = CreateMutex(nil, false, first), CreateMutex(nil, false, second)
    WaitForSingleObject(a, INFINITE)
    Sleep(1)
    WaitForSingleObject(b, INFINITE)
  end
end
process("left", take("A", "B"))
process("right", take("B", "A"))

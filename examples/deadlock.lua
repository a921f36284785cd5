-- Two processes take the same two mutexes in opposite order. With a pause between, each has one and wants the
-- other. The scenario expects that; take `expect` away to see the verdict.
expect "stall"

local function take(first, second)
  return function()
    local a, b = CreateMutex(nil, false, first), CreateMutex(nil, false, second)
    WaitForSingleObject(a, INFINITE)
    Sleep(1)
    WaitForSingleObject(b, INFINITE)
    print "nobody gets here"
  end
end

process("left", take("A", "B"))
process("right", take("B", "A"))
